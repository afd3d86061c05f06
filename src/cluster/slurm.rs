//! What Slurm is asked for, and its programs: `sbatch` submits, `squeue` lists what is submitted, `scontrol` describes the cluster.
//! They are started without a shell.

use super::error::ClusterError;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output};

/// Tasks of an array where the cluster does not say: Slurm's own default.
const DEFAULT_ARRAY_SIZE: u64 = 1001;

/// Most characters of a list of tasks, so that one command line has space for it.
const MOST_LIST: usize = 2000;

/// Most characters that are shown of what a program printed.
const MOST_SHOWN: usize = 2000;

/// Options of `sbatch` that the program sets itself.
const OWN_OPTIONS: [&str; 12] = [
    "--array",
    "-a",
    "--dependency",
    "-d",
    "--chdir",
    "-D",
    "--parsable",
    "--wrap",
    "--wait",
    "-W",
    "--test-only",
    "--help",
];

/// What Slurm is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SlurmOptions {
    /// Limit of a shard's time, as `sbatch --time` takes it; estimated if it is not given.
    pub(crate) time: Option<String>,
    /// Memory of a shard, as `sbatch --mem` takes it; estimated if it is not given.
    pub(crate) memory: Option<String>,
    /// Cores, and threads, of a shard; 0 is 1.
    pub(crate) cpus: u16,
    /// Limit of the merge's time; estimated if it is not given.
    pub(crate) merge_time: Option<String>,
    /// Memory of the merge; estimated if it is not given.
    pub(crate) merge_memory: Option<String>,
    /// Partition of all jobs.
    pub(crate) partition: Option<String>,
    /// Account that all jobs are charged to.
    pub(crate) account: Option<String>,
    /// Lines of the scripts before the program is started, such as `module load …`.
    pub(crate) setup: Vec<String>,
    /// Further arguments of `sbatch` for all jobs.
    pub(crate) sbatch_args: Vec<String>,
}

impl SlurmOptions {
    /// Checks how the values are written.
    ///
    /// # Errors
    /// [`ClusterError::Option`].
    pub(crate) fn check(&self) -> Result<(), ClusterError> {
        type Check = fn(&'static str, &str) -> Result<(), ClusterError>;
        let given: [(&'static str, &Option<String>, Check); 6] = [
            ("--time", &self.time, check_time),
            ("--merge-time", &self.merge_time, check_time),
            ("--mem", &self.memory, check_memory),
            ("--merge-mem", &self.merge_memory, check_memory),
            ("--partition", &self.partition, check_line),
            ("--account", &self.account, check_line),
        ];
        for (option, value, check) in given {
            value
                .as_ref()
                .map_or(Ok(()), |value| check(option, value))?;
        }
        self.sbatch_args
            .iter()
            .try_for_each(|argument| check_argument(argument))
    }

    /// Arguments of `sbatch` for all jobs.
    pub(crate) fn common_arguments(&self) -> impl Iterator<Item = String> {
        let named = [
            ("--partition", &self.partition),
            ("--account", &self.account),
        ];
        let given =
            |(name, value): (&str, &Option<String>)| Some(format!("{name}={}", value.as_ref()?));
        let named = named.into_iter().filter_map(given);
        named.chain(self.sbatch_args.iter().cloned())
    }
}

/// The tasks of one array: shard `offset + index` for each index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ShardArray {
    /// What is added to an index.
    pub(crate) offset: u64,
    /// The indices, as `sbatch --array` takes them.
    pub(crate) indices: String,
    /// Number of indices.
    pub(crate) count: u64,
}

/// A task in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct QueuedTask {
    /// Number of the job, or of its array.
    pub(crate) job: String,
    /// Index in the array; none of a job without one.
    pub(crate) index: Option<u64>,
    /// Whether it has started.
    pub(crate) runs: bool,
}

/// The largest index of an array here, and a note if the cluster does not say it.
///
/// # Errors
/// [`ClusterError::NoArrays`].
pub(crate) fn largest_index() -> Result<(u64, Option<String>), ClusterError> {
    let assumed = |why: String| {
        let largest = DEFAULT_ARRAY_SIZE - 1;
        let note = format!("arrays are assumed to have at most {largest} tasks, as {why}");
        Ok((largest, Some(note)))
    };
    let answer = match run(
        "scontrol",
        &["show".into(), "config".into()],
        Path::new("."),
    ) {
        Ok(answer) => answer,
        Err(error) => {
            let error = error.to_string();
            return assumed(error.lines().next().unwrap_or_default().to_owned());
        }
    };
    let size = answer.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "MaxArraySize").then(|| value.trim().parse::<u64>().ok())?
    });
    match size {
        Some(size) if size < 2 => Err(ClusterError::NoArrays { size }),
        Some(size) => Ok((size - 1, None)),
        None => assumed("`scontrol show config` does not say `MaxArraySize`".to_owned()),
    }
}

/// The arrays that do some shards, which are in ascending order: indices are from 1 to `largest`.
pub(crate) fn arrays(shards: &[u64], largest: u64) -> Vec<ShardArray> {
    let mut arrays: Vec<ShardArray> = Vec::new();
    let offset = |shard: u64| (shard - 1) / largest * largest;
    for range in shards.chunk_by(|one, next| one + 1 == *next && offset(*one) == offset(*next)) {
        let (first, last) = (range[0], range[range.len() - 1]);
        let offset = offset(first);
        let text = match last - first {
            0 => format!("{}", first - offset),
            _ => format!("{}-{}", first - offset, last - offset),
        };
        let count = range.len() as u64;
        match arrays.last_mut() {
            Some(array) if array.offset == offset && array.indices.len() < MOST_LIST => {
                array.indices.push(',');
                array.indices.push_str(&text);
                array.count += count;
            }
            _ => arrays.push(ShardArray {
                offset,
                indices: text,
                count,
            }),
        }
    }
    arrays
}

/// Submits a job from a folder, and returns its number.
///
/// # Errors
/// [`ClusterError::NotStarted`], [`ClusterError::Refused`], [`ClusterError::Answer`].
pub(crate) fn submit(folder: &Path, arguments: &[OsString]) -> Result<String, ClusterError> {
    let mut all: Vec<OsString> = vec!["--parsable".into()];
    all.extend_from_slice(arguments);
    let answer = run("sbatch", &all, folder)?;
    // `NUMBER` or `NUMBER;CLUSTER`; a wrapper of the site may print lines before it.
    let last = answer.lines().rfind(|line| !line.trim().is_empty());
    let number = last.and_then(|line| line.trim().split(';').next());
    match number {
        Some(number) if !number.is_empty() && number.bytes().all(|it| it.is_ascii_digit()) => {
            Ok(number.to_owned())
        }
        _ => Err(ClusterError::Answer {
            program: "sbatch",
            expected: "the number of a job",
            text: shown(&answer),
        }),
    }
}

/// The user's tasks in the queue.
///
/// # Errors
/// [`ClusterError::NotStarted`], [`ClusterError::Refused`].
pub(crate) fn queue() -> Result<Vec<QueuedTask>, ClusterError> {
    let arguments = ["--me", "--noheader", "--array", "--format=%F|%K|%T"];
    let answer = run("squeue", &arguments.map(OsString::from), Path::new("."))?;
    let task = |line: &str| {
        let mut cells = line.trim().split('|').map(str::trim);
        let (job, index, state) = (cells.next()?, cells.next()?, cells.next()?);
        Some(QueuedTask {
            job: job.to_owned(),
            index: index.parse().ok(),
            runs: matches!(
                state,
                "RUNNING" | "COMPLETING" | "CONFIGURING" | "SUSPENDED"
            ),
        })
    };
    Ok(answer.lines().filter_map(task).collect())
}

/// Runs a program and returns what it printed.
fn run(
    program: &'static str,
    arguments: &[OsString],
    folder: &Path,
) -> Result<String, ClusterError> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(std::process::Stdio::null())
        .output()
        .map_err(|source| ClusterError::NotStarted { program, source })?;
    let Output {
        status,
        stdout,
        stderr,
    } = output;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if status.success() {
        return Ok(text(&stdout));
    }
    let said = match text(&stderr) {
        said if said.trim().is_empty() => text(&stdout),
        said => said,
    };
    Err(ClusterError::Refused {
        program,
        code: status.code(),
        stderr: shown(&said),
    })
}

fn shown(text: &str) -> String {
    let text = text.trim();
    match text {
        "" => "it printed nothing".to_owned(),
        text => text.chars().take(MOST_SHOWN).collect(),
    }
}

/// Refuses a value that would not stay on its line.
fn check_line(option: &'static str, value: &str) -> Result<(), ClusterError> {
    if !value.is_empty() && !value.chars().any(char::is_control) {
        return Ok(());
    }
    Err(ClusterError::Option {
        option,
        value: value.to_owned(),
        expected: "it takes one line of text",
    })
}

/// Refuses an argument of `sbatch` that the program sets itself, or that is none.
fn check_argument(argument: &str) -> Result<(), ClusterError> {
    check_line("--sbatch-arg", argument)?;
    let refuse = |expected| {
        Err(ClusterError::Option {
            option: "--sbatch-arg",
            value: argument.to_owned(),
            expected,
        })
    };
    let name = argument.split('=').next().unwrap_or(argument);
    let is_short = |own: &str| own.len() == 2 && argument.starts_with(own);
    if !argument.starts_with('-') {
        return refuse("it takes one argument of `sbatch`, such as --sbatch-arg=--qos=low");
    }
    if OWN_OPTIONS.contains(&name) || OWN_OPTIONS.iter().any(|own| is_short(own)) {
        return refuse("`sweep submit` sets this option itself");
    }
    Ok(())
}

/// Checks a limit of time as Slurm writes it.
///
/// # Errors
/// [`ClusterError::Option`].
fn check_time(option: &'static str, value: &str) -> Result<(), ClusterError> {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let (days, rest) = match value.split_once('-') {
        Some((days, rest)) => (Some(days), rest),
        None => (None, value),
    };
    let parts: Vec<&str> = rest.split(':').collect();
    let positive = value.bytes().any(|it| (b'1'..=b'9').contains(&it));
    let sound = days.is_none_or(number) && parts.len() <= 3 && parts.iter().all(|it| number(it));
    let unlimited = ["UNLIMITED", "INFINITE"].contains(&value.to_uppercase().as_str());
    if (sound && positive) || unlimited {
        return Ok(());
    }
    Err(ClusterError::Option {
        option,
        value: value.to_owned(),
        expected: "a time is written MINUTES, HOURS:MINUTES:SECONDS, DAYS-HOURS or DAYS-HOURS:MINUTES:SECONDS, such as 02:30:00",
    })
}

/// Checks an amount of memory as Slurm writes it.
///
/// # Errors
/// [`ClusterError::Option`].
fn check_memory(option: &'static str, value: &str) -> Result<(), ClusterError> {
    let digits = value.trim_end_matches(|unit: char| "KMGTkmgt".contains(unit));
    let unit = value.len() - digits.len();
    let sound = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit()) && unit <= 1;
    if sound {
        return Ok(());
    }
    Err(ClusterError::Option {
        option,
        value: value.to_owned(),
        expected: "memory is written as a whole number with K, M, G or T, such as 500M or 2G",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(shards: &[u64], largest: u64) -> Vec<(u64, String, u64)> {
        let arrays = arrays(shards, largest);
        let parts = arrays.into_iter();
        parts.map(|it| (it.offset, it.indices, it.count)).collect()
    }

    #[test]
    fn consecutive_shards_are_one_range() {
        let all: Vec<u64> = (1..=100).collect();
        assert_eq!(list(&all, 1000), [(0, "1-100".to_owned(), 100)]);
        assert_eq!(list(&[2, 3, 7], 1000), [(0, "2-3,7".to_owned(), 3)]);
        assert_eq!(list(&[], 1000), []);
    }

    #[test]
    fn no_index_is_above_the_largest() {
        let all: Vec<u64> = (1..=12).collect();
        assert_eq!(
            list(&all, 5),
            [
                (0, "1-5".to_owned(), 5),
                (5, "1-5".to_owned(), 5),
                (10, "1-2".to_owned(), 2)
            ]
        );
        assert_eq!(list(&[5, 6], 5), [(0, "5".into(), 1), (5, "1".into(), 1)]);
    }

    #[test]
    fn a_long_list_is_several_arrays_with_every_shard_once() {
        let odd: Vec<u64> = (0..5000).map(|it| 2 * it + 1).collect();
        let arrays = arrays(&odd, 1_000_000);
        assert!(arrays.len() > 1);
        let mut found = Vec::new();
        for array in &arrays {
            assert!(array.indices.len() < MOST_LIST + 20);
            let own = array.indices.split(',').map(|it| it.parse::<u64>());
            let before = found.len();
            found.extend(own.map(|it| it.expect("a number") + array.offset));
            assert_eq!((found.len() - before) as u64, array.count);
        }
        assert_eq!(found, odd);
    }

    #[test]
    fn times_and_memory_are_written_as_slurm_writes_them() {
        for time in [
            "5",
            "30:00",
            "2:30:00",
            "1-12",
            "2-00:30",
            "1-00:00:00",
            "unlimited",
        ] {
            assert!(check_time("--time", time).is_ok(), "{time}");
        }
        for time in ["", "0", "0:00", "2h", "1:2:3:4", "-5", "1-", "ten"] {
            assert!(check_time("--time", time).is_err(), "{time}");
        }
        for memory in ["500M", "2G", "1024", "0", "8t"] {
            assert!(check_memory("--mem", memory).is_ok(), "{memory}");
        }
        for memory in ["", "M", "2GB", "1.5G", "-1", "two"] {
            assert!(check_memory("--mem", memory).is_err(), "{memory}");
        }
    }

    #[test]
    fn options_that_the_program_sets_are_refused() {
        for argument in [
            "--array=1-3",
            "-a1-3",
            "--wrap=ls",
            "-d",
            "low",
            "",
            "--qos=a\nb",
        ] {
            assert!(check_argument(argument).is_err(), "{argument:?}");
        }
        for argument in ["--qos=low", "-C", "--no-requeue", "--gres=gpu:1"] {
            assert!(check_argument(argument).is_ok(), "{argument}");
        }
    }
}
