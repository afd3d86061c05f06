//! Submitting a plan to Slurm, its state, and submitting what is missing.
//!
//! `submitted.json` in the folder of a plan lists the jobs that were submitted. It says only what may still be in
//! the queue: which shards are done is read from the shards.

use super::error::ClusterError;
use super::estimate::{PlanLimits, duration, estimates};
use super::plan::{ShardPlan, ShardState};
use super::script::{MERGE_SCRIPT, SHARDS_SCRIPT, ScriptContext, merge_script, shards_script};
use super::slurm::{self, QueuedTask, ShardArray, SlurmOptions, arrays};
use crate::error::Error;
use crate::printable::shell_path;
use crate::results::error::Action;
use crate::results::{MANIFEST_NAME, Manifest, OutputError, read_document, write_document};
use crate::sweep::shard::list;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt::{self, Display};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The record of what was submitted, in the folder of a plan.
const RECORD: &str = "submitted.json";
/// Folder of the logs.
const LOGS: &str = "logs";

/// A job that was submitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct SubmittedJob {
    /// Its number.
    job: String,
    /// Its indices, if it is an array of shards; the merge has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    array: Option<String>,
    /// What is added to an index.
    #[serde(default)]
    offset: u64,
}

/// What is submitted, or would be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SubmissionOutline {
    /// Title of the scenario.
    pub(crate) title: String,
    /// Folder of the plan.
    pub(crate) folder: PathBuf,
    /// Number of shards.
    pub(crate) shards: u64,
    /// Names and texts of the scripts.
    pub(crate) scripts: Vec<(String, String)>,
    /// The commands that submit them, in the folder of the plan. `MERGE` waits for the jobs before it.
    pub(crate) commands: Vec<String>,
    /// What is worth knowing, a sentence each.
    pub(crate) notes: Vec<String>,
    files: Vec<(&'static str, Vec<u8>)>,
    arrays: Vec<ShardArray>,
}

/// Jobs that were submitted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Submission {
    /// Arrays of shards: number of the job, and shards in it.
    pub(crate) arrays: Vec<(String, u64)>,
    /// Number of the job that merges.
    pub(crate) merge: Option<String>,
    /// Shards that are not done and were in the queue already.
    pub(crate) queued: u64,
    /// What is worth knowing, a sentence each.
    pub(crate) notes: Vec<String>,
}

/// Which shards of a plan are done, and what of it is in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlanStatus {
    /// Title of the scenario.
    pub(crate) title: String,
    /// Folder of the plan.
    pub(crate) folder: PathBuf,
    /// Number of shards.
    pub(crate) shards: u64,
    /// Shards that are not there.
    pub(crate) missing: Vec<u64>,
    /// Shards that cannot be used, with the reasons.
    pub(crate) damaged: Vec<(u64, String)>,
    /// Shards that are not done, and are in the queue or run.
    pub(crate) queued: BTreeSet<u64>,
    /// Shards of these that run.
    pub(crate) running: u64,
    /// Whether the merge is in the queue or runs.
    pub(crate) merge_queued: bool,
    /// Whether the results are merged.
    pub(crate) merged: bool,
    /// Why the queue is not known, if it is not.
    pub(crate) queue_error: Option<String>,
}

impl SubmissionOutline {
    /// What a sweep on Slurm will submit, estimated by a probe where the time is not given. Nothing is written.
    ///
    /// # Errors
    /// [`Error::NoSweep`]; [`Error::Cluster`] if an option cannot be used, if there are more shards than jobs,
    /// or a plan is there, or this cluster has no arrays.
    pub(crate) fn new(
        plan: &ShardPlan,
        options: &SlurmOptions,
        program: &Path,
    ) -> Result<SubmissionOutline, Error> {
        let scenario_file = plan.scenario().file_name();
        let scenario_file = Path::new(scenario_file).file_name().unwrap_or_default();
        let context = ScriptContext {
            scenario_file: &scenario_file.to_string_lossy(),
            program,
            shards: plan.shards(),
            options,
        };
        let refuse = |error| plan.error(error);
        options.check().map_err(refuse)?;
        let (largest, note) = slurm::largest_index().map_err(refuse)?;
        let PlanLimits {
            shards,
            merge,
            shard_seconds,
        } = estimates(plan, options)?;
        let files = vec![
            (SHARDS_SCRIPT, shards_script(&context, &shards)),
            (MERGE_SCRIPT, merge_script(&context, &merge)),
        ];
        let shown = |(name, bytes): &(&str, Vec<u8>)| {
            (
                (*name).to_owned(),
                String::from_utf8_lossy(bytes).into_owned(),
            )
        };
        let all: Vec<u64> = (1..=plan.shards()).collect();
        let arrays = arrays(&all, largest);
        let mut notes: Vec<String> = note.into_iter().collect();
        if let Some(seconds) = shard_seconds {
            notes.push(format!(
                "a shard takes up to {} on cores like those of this machine; --time is {}, --mem {}",
                duration(seconds),
                shards.time.value,
                shards.memory.value
            ));
            notes.extend(advice(seconds, plan.shards()));
        }
        Ok(SubmissionOutline {
            title: plan.title().to_owned(),
            folder: plan.folder().to_owned(),
            shards: plan.shards(),
            scripts: files.iter().map(shown).collect(),
            commands: commands(&arrays),
            notes,
            files,
            arrays,
        })
    }

    /// Writes the plan and submits it. If nothing could be submitted, no plan is left.
    ///
    /// # Errors
    /// [`Error::Cluster`] if `sbatch` cannot be started or refuses; [`Error::Output`].
    pub(crate) fn submit(self, plan: &ShardPlan) -> Result<Submission, Error> {
        plan.write(&self.files)?;
        let mut record = Vec::new();
        let mut submission = Submission {
            notes: self.notes,
            ..Submission::default()
        };
        let submitted = submit_arrays(plan, &self.arrays, &[], &mut record, &mut submission)
            .and_then(|()| submit_merge(plan, &[], &[], &mut record, &mut submission));
        match submitted {
            Ok(()) => Ok(submission),
            Err(error) if record.is_empty() => {
                discard(plan);
                Err(error)
            }
            Err(error) => Err(partly(plan, error, &submission)),
        }
    }
}

/// Whether other numbers of shards are better.
fn advice(seconds: f64, shards: u64) -> Option<String> {
    if seconds < 60.0 && shards > 1 {
        let all = shards as f64 * seconds;
        let fewer = (all / 600.0).ceil();
        return Some(match fewer > 1.0 {
            true => format!(
                "starting a task may take longer than such a shard: about {fewer:.0} shards would take ten minutes each"
            ),
            false => format!(
                "all shards together take about {}, for which `pairbond sweep` needs no cluster",
                duration(all)
            ),
        });
    }
    (seconds > 86_400.0).then(|| {
        let more = (shards as f64 * seconds / 3600.0).ceil();
        format!(
            "what a shard has done is lost when its node stops: about {more:.0} shards would take an hour each"
        )
    })
}

/// Commands that submit a plan, as a user would write them.
fn commands(arrays: &[ShardArray]) -> Vec<String> {
    let of_array = |array: &ShardArray| {
        format!(
            "sbatch --parsable --array={} {SHARDS_SCRIPT} {}",
            array.indices, array.offset
        )
    };
    let mut commands: Vec<String> = arrays.iter().map(of_array).collect();
    let jobs: Vec<String> = (1..=arrays.len()).map(|it| format!("JOB{it}")).collect();
    commands.push(format!(
        "sbatch --parsable --dependency=afterok:{} --kill-on-invalid-dep=yes {MERGE_SCRIPT}",
        jobs.join(":")
    ));
    commands
}

/// Submits arrays of shards, and records each at once.
fn submit_arrays(
    plan: &ShardPlan,
    arrays: &[ShardArray],
    more: &[OsString],
    record: &mut Vec<SubmittedJob>,
    submission: &mut Submission,
) -> Result<(), Error> {
    create_folders(plan)?;
    for array in arrays {
        let mut arguments: Vec<OsString> = vec![format!("--array={}", array.indices).into()];
        arguments.extend_from_slice(more);
        arguments.extend([SHARDS_SCRIPT.into(), array.offset.to_string().into()]);
        let job = slurm::submit(plan.folder(), &arguments).map_err(|error| plan.error(error))?;
        submission.arrays.push((job.clone(), array.count));
        record.push(SubmittedJob {
            job,
            array: Some(array.indices.clone()),
            offset: array.offset,
        });
        write_record(plan, record)?;
    }
    Ok(())
}

/// Submits the merge after the submitted arrays, and after others that are still in the queue.
fn submit_merge(
    plan: &ShardPlan,
    still_queued: &[String],
    more: &[OsString],
    record: &mut Vec<SubmittedJob>,
    submission: &mut Submission,
) -> Result<(), Error> {
    create_folders(plan)?;
    let mut conditions = Vec::new();
    if !submission.arrays.is_empty() {
        let jobs: Vec<&str> = submission
            .arrays
            .iter()
            .map(|(job, _)| job.as_str())
            .collect();
        conditions.push(format!("afterok:{}", jobs.join(":")));
    }
    // Some of their tasks have failed already, so that not all can be well.
    if !still_queued.is_empty() {
        conditions.push(format!("afterany:{}", still_queued.join(":")));
    }
    let mut arguments: Vec<OsString> = Vec::new();
    if !conditions.is_empty() {
        arguments.push(format!("--dependency={}", conditions.join(",")).into());
        arguments.push("--kill-on-invalid-dep=yes".into());
    }
    arguments.extend_from_slice(more);
    arguments.push(MERGE_SCRIPT.into());
    let job = slurm::submit(plan.folder(), &arguments).map_err(|error| plan.error(error))?;
    submission.merge = Some(job.clone());
    record.push(SubmittedJob {
        job,
        array: None,
        offset: 0,
    });
    write_record(plan, record)
}

/// An error after which something is in the queue.
fn partly(plan: &ShardPlan, error: Error, submission: &Submission) -> Error {
    match error {
        Error::Cluster { source, .. } => plan.error(ClusterError::Partly {
            submitted: submission.to_string(),
            source: Box::new(source),
        }),
        error => error,
    }
}

/// Makes the folders that jobs write to: Slurm does not make that of the logs.
fn create_folders(plan: &ShardPlan) -> Result<(), Error> {
    let folder = plan.folder().join(LOGS);
    fs::create_dir_all(&folder).map_err(OutputError::io(Action::Create, &folder))?;
    Ok(())
}

/// Removes a plan of which nothing was submitted: the files that it was written with.
fn discard(plan: &ShardPlan) {
    let Ok(manifest) = Manifest::read(plan.folder()) else {
        return;
    };
    let _ = fs::remove_dir(plan.folder().join(LOGS));
    for file in &manifest.files {
        let _ = fs::remove_file(plan.folder().join(&file.name));
    }
    let _ = fs::remove_file(plan.folder().join(MANIFEST_NAME));
    // Does nothing unless it is empty.
    let _ = fs::remove_dir(plan.folder());
}

fn write_record(plan: &ShardPlan, record: &[SubmittedJob]) -> Result<(), Error> {
    let mut text =
        serde_json::to_string_pretty(record).map_err(|error| record_error(plan, error))?;
    text.push('\n');
    Ok(write_document(
        &plan.folder().join(RECORD),
        text.as_bytes(),
        true,
    )?)
}

fn read_record(plan: &ShardPlan) -> Result<Vec<SubmittedJob>, Error> {
    let text = match read_document(&plan.folder().join(RECORD)) {
        Err(OutputError::Io { source, .. }) if source.kind() == ErrorKind::NotFound => {
            return Ok(Vec::new());
        }
        text => text?,
    };
    serde_json::from_slice(&text).map_err(|error| record_error(plan, error))
}

fn record_error(plan: &ShardPlan, error: serde_json::Error) -> Error {
    let reason = error.to_string();
    plan.error(ClusterError::Record { reason })
}

/// What of the jobs of a plan is in the queue.
#[derive(Default)]
struct PlanQueue {
    /// Shards, and whether they run.
    shards: BTreeMap<u64, bool>,
    /// Numbers of the arrays that have tasks in the queue.
    arrays: BTreeSet<String>,
    has_merge: bool,
}

impl PlanQueue {
    fn of(record: &[SubmittedJob], queue: &[QueuedTask]) -> PlanQueue {
        let mut found = PlanQueue::default();
        for task in queue {
            let Some(job) = record.iter().find(|job| job.job == task.job) else {
                continue;
            };
            match (&job.array, task.index) {
                (Some(_), Some(index)) => {
                    let runs = found.shards.entry(job.offset + index).or_default();
                    *runs |= task.runs;
                    found.arrays.insert(job.job.clone());
                }
                (None, _) => found.has_merge = true,
                _ => {}
            }
        }
        found
    }
}

impl PlanStatus {
    /// Looks at every shard of a plan, and at the queue if something was submitted.
    ///
    /// # Errors
    /// [`Error::Cluster`] if the record of jobs cannot be read; [`Error::Output`].
    pub(crate) fn of(plan: &ShardPlan) -> Result<PlanStatus, Error> {
        let record = read_record(plan)?;
        // What leaves the queue between the two is seen as done.
        let (queue, queue_error) = match record.is_empty() {
            true => (Vec::new(), None),
            false => match slurm::queue() {
                Ok(queue) => (queue, None),
                Err(error) => (Vec::new(), Some(error.to_string())),
            },
        };
        let queue = PlanQueue::of(&record, &queue);
        PlanStatus::with_queue(plan, &queue, queue_error)
    }

    fn with_queue(
        plan: &ShardPlan,
        queue: &PlanQueue,
        queue_error: Option<String>,
    ) -> Result<PlanStatus, Error> {
        let (mut missing, mut damaged) = (Vec::new(), Vec::new());
        let (mut queued, mut running) = (BTreeSet::new(), 0);
        for number in 1..=plan.shards() {
            match plan.state(number)? {
                ShardState::Done => continue,
                ShardState::Missing => missing.push(number),
                ShardState::Damaged(reason) => damaged.push((number, reason)),
            }
            if let Some(runs) = queue.shards.get(&number) {
                queued.insert(number);
                running += u64::from(*runs);
            }
        }
        Ok(PlanStatus {
            title: plan.title().to_owned(),
            folder: plan.folder().to_owned(),
            shards: plan.shards(),
            missing,
            damaged,
            queued,
            running,
            merge_queued: queue.has_merge,
            merged: plan.is_merged(),
            queue_error,
        })
    }

    /// Shards that are done.
    pub(crate) fn done(&self) -> u64 {
        self.shards - (self.missing.len() + self.damaged.len()) as u64
    }

    /// Shards that are not done, in their order.
    fn undone(&self) -> Vec<u64> {
        let damaged = self.damaged.iter().map(|(number, _)| *number);
        let mut all: Vec<u64> = self.missing.iter().copied().chain(damaged).collect();
        all.sort_unstable();
        all
    }
}

/// Submits the shards of a plan that are neither done nor in the queue, and the merge after them.
///
/// Time, memory, partition, account and arguments in `options` replace those of the scripts.
///
/// # Errors
/// [`Error::Cluster`] if the plan has no scripts, an option cannot be used, or `sbatch` refuses;
/// [`Error::Output`].
pub(crate) fn resubmit(plan: &ShardPlan, options: &SlurmOptions) -> Result<Submission, Error> {
    let refuse = |error| plan.error(error);
    options.check().map_err(refuse)?;
    if !plan.folder().join(SHARDS_SCRIPT).exists() {
        return Err(refuse(ClusterError::NoScripts));
    }
    let [for_shards, for_merge] = replaced_options(options);
    let mut record = read_record(plan)?;
    let mut submission = Submission::default();
    let queue = match slurm::queue() {
        Ok(queue) => PlanQueue::of(&record, &queue),
        // Shards that are done twice cost time and change nothing.
        Err(error) => {
            submission.notes.push(format!(
                "the queue could not be read, so that shards in it may be submitted once more: {error}"
            ));
            PlanQueue::default()
        }
    };
    let status = PlanStatus::with_queue(plan, &queue, None)?;
    submission.queued = status.queued.len() as u64;
    let wanted = |number: &u64| !status.queued.contains(number);
    let shards: Vec<u64> = status.undone().into_iter().filter(wanted).collect();
    let needs_merge = !status.merged && (!shards.is_empty() || !status.merge_queued);
    if shards.is_empty() && !needs_merge {
        return Ok(submission);
    }
    let (largest, note) = slurm::largest_index().map_err(refuse)?;
    submission.notes.extend(note);
    let arrays = arrays(&shards, largest);
    let still_queued: Vec<String> = match submission.queued {
        0 => Vec::new(),
        _ => queue.arrays.into_iter().collect(),
    };
    let before = record.len();
    let submitted = submit_arrays(plan, &arrays, &for_shards, &mut record, &mut submission)
        .and_then(|()| {
            submit_merge(
                plan,
                &still_queued,
                &for_merge,
                &mut record,
                &mut submission,
            )
        });
    match submitted {
        Ok(()) => Ok(submission),
        Err(error) if record.len() == before => Err(error),
        Err(error) => Err(partly(plan, error, &submission)),
    }
}

/// Arguments of `sbatch` that replace what the scripts of shards and merge say.
fn replaced_options(options: &SlurmOptions) -> [Vec<OsString>; 2] {
    let with = |time: &Option<String>, memory: &Option<String>, cpus: u16| {
        let mut all: Vec<String> = options.common_arguments().collect();
        all.extend(time.iter().map(|time| format!("--time={time}")));
        all.extend(memory.iter().map(|memory| format!("--mem={memory}")));
        all.extend((cpus > 0).then(|| format!("--cpus-per-task={cpus}")));
        all.into_iter().map(OsString::from).collect()
    };
    [
        with(&options.time, &options.memory, options.cpus),
        with(&options.merge_time, &options.merge_memory, 0),
    ]
}

impl Display for Submission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        for (job, count) in &self.arrays {
            let unit = if *count == 1 { "shard" } else { "shards" };
            parts.push(format!("{count} {unit} as job {job}"));
        }
        parts.extend(
            self.merge
                .iter()
                .map(|job| format!("the merge as job {job}")),
        );
        match parts.is_empty() {
            true => f.write_str("nothing"),
            false => f.write_str(&parts.join(", ")),
        }
    }
}

/// Damaged shards that are shown with their reasons.
const MOST_REASONS: usize = 5;

impl Display for PlanStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.title)?;
        writeln!(f, "{} of {} shards are done", self.done(), self.shards)?;
        if !self.missing.is_empty() {
            let numbers = list(&self.missing, self.shards);
            writeln!(f, "  missing: {numbers}")?;
        }
        for (number, reason) in self.damaged.iter().take(MOST_REASONS) {
            writeln!(f, "  damaged: {number}/{}: {reason}", self.shards)?;
        }
        if let Some(more) = self
            .damaged
            .len()
            .checked_sub(MOST_REASONS)
            .filter(|it| *it > 0)
        {
            writeln!(f, "  damaged: {more} more")?;
        }
        let queued = self.queued.len() as u64;
        if queued > 0 {
            let waiting = queued - self.running;
            writeln!(
                f,
                "  of these {} run and {waiting} wait in the queue",
                self.running
            )?;
        }
        if let Some(error) = &self.queue_error {
            writeln!(f, "  the queue could not be read: {error}")?;
        }
        let folder = shell_path(&self.folder);
        let results = self.folder.join("results");
        match (self.merged, self.merge_queued) {
            (true, _) => writeln!(f, "the results are in {}", results.display())?,
            (false, true) => writeln!(f, "the merge waits in the queue or runs")?,
            (false, false) if self.done() == self.shards => {
                writeln!(f, "not merged: `pairbond merge {folder}` merges the shards")?;
            }
            (false, false) => writeln!(f, "not merged")?,
        }
        let undone = self.shards - self.done();
        if undone > queued && !self.merged {
            let left = match undone - queued {
                1 => "1 shard is".to_owned(),
                left => format!("{left} shards are"),
            };
            writeln!(
                f,
                "{left} neither done nor in the queue: `pairbond sweep resubmit {folder} --missing` submits what is left"
            )?;
        }
        Ok(())
    }
}
