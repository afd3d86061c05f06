//! Sweeps on clusters: plans of shards, and what is submitted to programs that stand in for those of Slurm.
//! `tests/slurm` has a real cluster.

use crate::test_support::{Outcome, PROGRAM, Sandbox, names, same_files};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const SWEEP: &str = r#"
title = "A sweep in shards"
[run]
seed = 3
couples = 20
days = 20
[traits]
openness = { dist = "uniform", low = 0.2, high = 0.5 }
[sweep]
design = "table"
table = "points.csv"
measures = ["mean trust", "share intact"]
"#;

/// Seven points, of which one cannot be run.
const POINTS: &str = "\
traits.openness.low,traits.effort
0.2,0.1
0.2,0.2
0.2,0.3
0.6,0.4
0.2,0.5
0.2,0.6
0.2,0.7
";

/// Writes down how it was called, and prints a number; refuses the call whose number is in `refuse`. With a
/// file `run` it does the tasks of the script at once.
const SBATCH: &str = r#"#!/bin/bash
fakes=${0%/*}
printf '%s\n' "$*" >>"$fakes/calls"
count=$(wc -l <"$fakes/calls")
if [[ $(cat "$fakes/refuse" 2>/dev/null) == "$count" ]]; then
    echo "sbatch: error: invalid partition specified: nowhere" >&2
    exit 1
fi
indices=none
while [[ $1 == -* ]]; do
    [[ $1 == --array=* ]] && indices=${1#--array=}
    shift
done
if [[ -e $fakes/run ]]; then
    for range in ${indices//,/ }; do
        for index in $(seq "${range%-*}" "${range#*-}" 2>/dev/null || echo none); do
            SLURM_ARRAY_TASK_ID=$index bash "$@" >>"$fakes/log" 2>&1 || exit 1
        done
    done
fi
echo "a line of the site"
echo "$((100 + count));cluster"
"#;

/// Prints the file `queue`.
const SQUEUE: &str = "#!/bin/bash\ncat \"${0%/*}/queue\"\n";

const SCONTROL: &str = "#!/bin/bash\n[[ \"$*\" == 'show config' ]] && cat \"${0%/*}/config\"\n";

/// A sandbox with a sweep, and with programs in place of those of Slurm.
struct Cluster {
    sandbox: Sandbox,
}

impl Cluster {
    fn new() -> Cluster {
        let sandbox = Sandbox::new();
        sandbox.write("s.toml", SWEEP);
        sandbox.write("points.csv", POINTS);
        fs::create_dir(sandbox.path("fakes")).expect("writable");
        for (name, text) in [
            ("sbatch", SBATCH),
            ("squeue", SQUEUE),
            ("scontrol", SCONTROL),
        ] {
            let path = format!("fakes/{name}");
            sandbox.write(&path, text);
            let mode = fs::Permissions::from_mode(0o755);
            fs::set_permissions(sandbox.path(&path), mode).expect("ours");
        }
        sandbox.write("fakes/calls", "");
        sandbox.write("fakes/queue", "");
        sandbox.write(
            "fakes/config",
            "Something = 1\nMaxArraySize            = 1001\n",
        );
        Cluster { sandbox }
    }

    /// Whether `sbatch` does what is submitted to it.
    fn runs(self) -> Cluster {
        self.sandbox.write("fakes/run", "");
        self
    }

    fn pairbond(&self, words: &[&str]) -> Outcome {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut all = vec![self.sandbox.path("fakes")];
        all.extend(std::env::split_paths(&path));
        let path = std::env::join_paths(all).expect("a path");
        let output = self.sandbox.command(words).env("PATH", path).output();
        Outcome::of(output.expect("the program starts"))
    }

    fn submit(&self, out: &str, more: &[&str]) -> Outcome {
        let mut words = vec!["sweep", "submit", "s.toml", "--engine", "slurm", "-o", out];
        words.extend(more);
        if !more.contains(&"--time") {
            words.extend(["--time", "10"]);
        }
        self.pairbond(&words)
    }

    /// How `sbatch` was called.
    fn calls(&self) -> Vec<String> {
        let text = self.sandbox.read("fakes/calls");
        text.lines().map(str::to_owned).collect()
    }

    /// Asserts that results have the bytes of the sweep that is not split.
    fn same_as_at_once(&self, results: &str) {
        if !self.sandbox.path("at_once").exists() {
            let words = ["sweep", "s.toml", "-o", "at_once", "-q"];
            self.sandbox.pairbond(&words).code(0);
        }
        same_files(&self.sandbox.files("at_once"), &self.sandbox.files(results));
    }
}

#[test]
fn a_sweep_on_slurm_has_the_bytes_of_one_machine_whatever_its_folder_is_called() {
    let cluster = Cluster::new().runs();
    let out = "it's \"the\" plan of $HOME, ü #1 \\";
    let setup = "export OF_SETUP='two words'";
    let outcome = cluster
        .submit(out, &["--shards", "3", "--setup", setup])
        .code(0);
    assert!(
        outcome
            .stdout
            .contains("3 shards as job 101, the merge as job 102"),
        "{outcome:?}"
    );
    cluster.same_as_at_once(&format!("{out}/results"));
    let status = cluster.pairbond(&["sweep", "status", out]).code(0);
    assert!(
        status.stdout.contains("3 of 3 shards are done"),
        "{status:?}"
    );
    assert!(!cluster.sandbox.path(&format!("{out}/attempts")).exists());
    let script = cluster.sandbox.read(&format!("{out}/shards.sh"));
    assert!(script.contains(setup), "{script}");
    // What is there is neither done nor submitted again.
    let again = cluster.pairbond(&["sweep", "task", out, "1-3"]).code(0);
    assert_eq!(again.stdout.matches("was done before").count(), 3);
    let again = cluster
        .pairbond(&["sweep", "resubmit", out, "--missing"])
        .code(0);
    assert_eq!(again.stdout, "submitted: nothing\n");
    let again = cluster.pairbond(&["merge", out]).code(0);
    assert!(again.stdout.contains("merged before"), "{again:?}");
    let again = cluster.submit(out, &["--shards", "3"]).code(2);
    assert!(again.stderr.contains("holds a plan already"), "{again:?}");
    assert_eq!(cluster.calls().len(), 2);
}

/// Commands that the program proposes can be copied to a shell, whatever the folder is called.
#[test]
fn proposed_commands_can_be_copied() {
    let cluster = Cluster::new();
    let sandbox = &cluster.sandbox;
    let folder = "-it's \"my\" $HOME, ü #1";
    let plan = format!("{folder}/plan");
    fs::create_dir(sandbox.path(folder)).expect("writable");
    let out = format!("--out={plan}");
    // The command in backticks, as it is done by a shell that finds the program by its name.
    let copied = |said: &str, begin: &str, code: i32| {
        let from = said
            .find(begin)
            .unwrap_or_else(|| panic!("{begin}: {said}"));
        let line = said[from..].split(['`', '\n']).next().expect("a text");
        let line = line
            .split("    (")
            .next()
            .expect("a text")
            .replace(" N", " 1-2");
        let path = Path::new(PROGRAM).parent().expect("a folder").to_owned();
        let rest = std::env::var_os("PATH").unwrap_or_default();
        let all = [path, sandbox.path("fakes")].into_iter();
        let path = std::env::join_paths(all.chain(std::env::split_paths(&rest))).expect("a path");
        let mut shell = Command::new("sh");
        sandbox
            .shell(shell.args(["-c", &line]).env("PATH", path))
            .code(code)
    };
    let submit = [
        "sweep", "submit", "s.toml", "--shards", "2", &out, "--time", "5", "--engine",
    ];
    let submitted = cluster
        .pairbond(&[&submit[..], &["slurm"]].concat())
        .code(0);
    let status = copied(&submitted.stdout, "pairbond sweep status", 1);
    copied(&status.stdout, "pairbond sweep resubmit", 0);
    fs::remove_dir_all(sandbox.path(&plan)).expect("ours");
    let submit = &submit[..submit.len() - 3];
    let planned = cluster
        .pairbond(&[submit, &["--engine", "manual"]].concat())
        .code(0);
    copied(&planned.stdout, "pairbond sweep task", 0);
    let status = cluster.pairbond(&["sweep", "status", "--", &plan]).code(1);
    copied(&status.stdout, "pairbond merge", 0);
    copied(&planned.stdout, "pairbond merge", 0);
    cluster.same_as_at_once(&format!("{plan}/results"));
    let file = format!("{folder}/new.toml");
    let made = cluster.pairbond(&["new", "--", &file]).code(0);
    copied(&made.stdout, "pairbond schema", 0);
    assert!(sandbox.path(folder).join("pairbond.schema.json").is_file());
    sandbox.write(&file, SWEEP.replace("points.csv", "../points.csv"));
    copied(&made.stdout, "pairbond run", 0);
    let run = cluster.pairbond(&["run", "--force", "--", &file]).code(0);
    fs::remove_dir_all(sandbox.path("results/new")).expect("ours");
    copied(&run.stderr, "pairbond sweep", 0);
}

#[test]
fn a_plan_keeps_what_the_scenario_was_and_the_options_of_its_results() {
    let cluster = Cluster::new();
    let words = [
        "sweep",
        "submit",
        "s.toml",
        "--engine",
        "manual",
        "--shards",
        "2",
        "-o",
        "plan",
        "--set",
        "run.days=9",
        "--format",
        "parquet",
        "--no-charts",
        "--bundle",
    ];
    cluster.pairbond(&words).code(0);
    assert!(cluster.calls().is_empty());
    let once = [
        "sweep",
        "s.toml",
        "-o",
        "at_once",
        "-q",
        "--set",
        "run.days=9",
        "--format",
        "parquet",
        "--no-charts",
        "--bundle",
    ];
    cluster.pairbond(&once).code(0);
    cluster.sandbox.write("s.toml", "title = 3");
    cluster.sandbox.write("points.csv", "");
    for number in ["2", "1"] {
        cluster.pairbond(&["sweep", "task", "plan", number]).code(0);
    }
    cluster.pairbond(&["merge", "plan"]).code(0);
    cluster.same_as_at_once("plan/results");
    let bundled = cluster.sandbox.files("plan/results");
    assert!(bundled.contains_key("ro-crate-metadata.json"));
    // Another place and other options of the results.
    let words = ["merge", "plan", "-o", "other", "--no-report"];
    cluster.pairbond(&words).code(0);
    assert!(cluster.sandbox.files("other").contains_key("summaries.csv"));
    let words = ["sweep", "resubmit", "plan", "--missing"];
    let refused = cluster.pairbond(&words).code(2);
    assert!(refused.stderr.contains("--engine manual"), "{refused:?}");
}

#[test]
fn no_array_is_larger_than_the_cluster_allows() {
    let cluster = Cluster::new();
    cluster.sandbox.write("fakes/config", "MaxArraySize = 4\n");
    cluster.submit("plan", &["--shards", "7"]).code(0);
    assert_eq!(
        cluster.calls(),
        [
            "--parsable --array=1-3 shards.sh 0",
            "--parsable --array=1-3 shards.sh 3",
            "--parsable --array=1 shards.sh 6",
            "--parsable --dependency=afterok:101:102:103 --kill-on-invalid-dep=yes merge.sh",
        ]
    );
    cluster.sandbox.write("fakes/config", "MaxArraySize = 0\n");
    let refused = cluster.submit("other", &["--shards", "7"]).code(2);
    assert!(refused.stderr.contains("no arrays of jobs"), "{refused:?}");
    assert!(!cluster.sandbox.path("other").exists());
    cluster.sandbox.write("fakes/config", "");
    let assumed = cluster.submit("other", &["--shards", "7"]).code(0);
    assert!(assumed.stderr.contains("at most 1000 tasks"), "{assumed:?}");
}

#[test]
fn what_cannot_be_submitted_is_said_and_leaves_nothing() {
    let cluster = Cluster::new();
    let sweep = ["sweep", "submit", "s.toml", "--shards", "2", "-o", "plan"];
    let refused = cluster.pairbond(&sweep).code(2);
    let both = ["--engine slurm", "--engine manual"];
    assert!(
        both.iter().all(|it| refused.stderr.contains(it)),
        "{refused:?}"
    );
    let refused = cluster
        .pairbond(&[&sweep[..], &["--engine", "pbs"]].concat())
        .code(2);
    assert!(refused.stderr.contains("slurm, manual"), "{refused:?}");
    let refused = cluster.submit("plan", &["--shards", "8"]).code(2);
    assert!(refused.stderr.contains("7 jobs"), "{refused:?}");
    for (option, value) in [
        ("--time", "2h"),
        ("--mem", "2GB"),
        ("--merge-time", "soon"),
        ("--partition", "a\nb"),
        ("--sbatch-arg", "--array=1-3"),
        ("--sbatch-arg", "low"),
    ] {
        let refused = cluster
            .submit("plan", &["--shards", "2", option, value])
            .code(2);
        let said = format!("`{option} {}", value.split('\n').next().unwrap_or_default());
        assert!(refused.stderr.contains(&said), "{refused:?}");
    }
    assert!(cluster.calls().is_empty());
    cluster.sandbox.write("fakes/refuse", "1");
    let refused = cluster
        .submit("plan", &["--shards", "2", "--partition", "nowhere"])
        .code(2);
    let said =
        "`sbatch` refused (exit code 1): sbatch: error: invalid partition specified: nowhere";
    assert!(refused.stderr.contains(said), "{refused:?}");
    fs::remove_file(cluster.sandbox.path("fakes/sbatch")).expect("there");
    let path = cluster.sandbox.path("fakes");
    let words = [&sweep[..], &["--engine", "slurm", "--time", "5"]].concat();
    let output = cluster.sandbox.command(&words).env("PATH", path).output();
    let refused = Outcome::of(output.expect("the program starts")).code(2);
    assert!(
        refused.stderr.contains("could not start `sbatch`"),
        "{refused:?}"
    );
    assert_eq!(cluster.sandbox.entries(), ["fakes", "points.csv", "s.toml"]);
}

#[test]
fn arrays_that_were_accepted_go_on_if_a_later_one_is_refused() {
    let cluster = Cluster::new();
    cluster.sandbox.write("fakes/config", "MaxArraySize = 4\n");
    cluster.sandbox.write("fakes/refuse", "2");
    let partly = cluster.submit("plan", &["--shards", "7"]).code(1);
    let said = ["nowhere", "3 shards as job 101", "resubmit --missing"];
    assert!(
        said.iter().all(|it| partly.stderr.contains(it)),
        "{partly:?}"
    );
    // Two of the three are in the queue, the third failed.
    cluster.sandbox.write(
        "fakes/queue",
        "101|2|RUNNING\n101|3|PENDING\n999|1|RUNNING\n",
    );
    let status = cluster.pairbond(&["sweep", "status", "plan"]).code(1);
    for line in [
        "0 of 7 shards are done",
        "missing: 1-7/7",
        "of these 1 run and 1 wait in the queue",
        "5 shards are neither done nor in the queue",
    ] {
        assert!(status.stdout.contains(line), "{status:?}");
    }
    let more = [
        "--missing",
        "--time",
        "1-0",
        "--mem",
        "2G",
        "--merge-mem",
        "3G",
        "--sbatch-arg=--qos=low",
    ];
    let words = [&["sweep", "resubmit", "plan"][..], &more].concat();
    let outcome = cluster.pairbond(&words).code(0);
    assert!(
        outcome.stdout.contains("2 shards are in the queue already"),
        "{outcome:?}"
    );
    assert_eq!(
        cluster.calls()[2..],
        [
            "--parsable --array=1 --qos=low --time=1-0 --mem=2G shards.sh 0",
            "--parsable --array=1-3 --qos=low --time=1-0 --mem=2G shards.sh 3",
            "--parsable --array=1 --qos=low --time=1-0 --mem=2G shards.sh 6",
            "--parsable --dependency=afterok:103:104:105,afterany:101 --kill-on-invalid-dep=yes --qos=low --mem=3G merge.sh",
        ]
    );
}

#[test]
fn a_shard_that_is_not_as_it_was_written_is_done_again() {
    let cluster = Cluster::new();
    cluster.submit("plan", &["--shards", "4"]).code(0);
    cluster.pairbond(&["sweep", "task", "plan", "1-4"]).code(0);
    let path = |name: &str| cluster.sandbox.path(name);
    let journal = fs::read(path("plan/shards/1/jobs.journal")).expect("a journal");
    cluster
        .sandbox
        .write("plan/shards/1/jobs.journal", &journal[..journal.len() / 2]);
    fs::remove_file(path("plan/shards/2/manifest.json")).expect("there");
    // A shard of another number.
    fs::remove_dir_all(path("plan/shards/3")).expect("there");
    fs::rename(path("plan/shards/4"), path("plan/shards/3")).expect("there");
    let sound = fs::read(path("plan/shards/3/jobs.journal")).expect("a journal");
    let status = cluster.pairbond(&["sweep", "status", "plan"]).code(1);
    for line in [
        "0 of 4 shards are done",
        "missing: 4/4",
        "damaged: 1/4: jobs.journal is changed",
        "damaged: 2/4: there is no manifest",
        "damaged: 3/4: it is of another",
    ] {
        assert!(status.stdout.contains(line), "{line}: {status:?}");
    }
    cluster.pairbond(&["merge", "plan"]).code(2);
    assert!(!path("plan/results").exists());
    let words = ["sweep", "resubmit", "plan", "--missing"];
    cluster.pairbond(&words).code(0);
    assert_eq!(cluster.calls()[2], "--parsable --array=1-4 shards.sh 0");
    cluster.pairbond(&["sweep", "task", "plan", "1-4"]).code(0);
    assert_eq!(names(&path("plan/attempts")), [""; 0]);
    assert!(fs::read(path("plan/shards/4/jobs.journal")).expect("a journal") == sound);
    cluster.pairbond(&["merge", "plan"]).code(0);
    cluster.same_as_at_once("plan/results");
    // Results that are damaged are no results.
    cluster.sandbox.write("plan/results/points.csv", "");
    let status = cluster.pairbond(&["sweep", "status", "plan"]).code(1);
    assert!(status.stdout.contains("not merged"), "{status:?}");
    cluster.pairbond(&["merge", "plan"]).code(2);
    cluster.pairbond(&["merge", "plan", "--force"]).code(0);
    cluster.same_as_at_once("plan/results");
}

#[test]
fn several_processes_may_do_the_same_shard_at_a_time() {
    let cluster = Cluster::new();
    cluster.submit("plan", &["--shards", "2"]).code(0);
    let start = || {
        let mut command = cluster
            .sandbox
            .command(&["sweep", "task", "plan", "1-2", "-q"]);
        command
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts")
    };
    let children: Vec<_> = (0..4).map(|_| start()).collect();
    for child in children {
        Outcome::of(child.wait_with_output().expect("it ends")).code(0);
    }
    assert_eq!(names(&cluster.sandbox.path("plan/attempts")), [""; 0]);
    assert_eq!(names(&cluster.sandbox.path("plan/shards")), ["1", "2"]);
    cluster.pairbond(&["merge", "plan"]).code(0);
    cluster.same_as_at_once("plan/results");
}

#[test]
fn a_killed_task_leaves_no_shard_and_is_done_again() {
    let cluster = Cluster::new();
    let longer = ["--set", "run.days=3000", "--set", "run.couples=3000"];
    let words = [&["--shards", "2"][..], &longer].concat();
    cluster.submit("plan", &words).code(0);
    let mut task = cluster
        .sandbox
        .command(&["sweep", "task", "plan", "1", "-q"]);
    let mut child = task.spawn().expect("the program starts");
    let attempts = cluster.sandbox.path("plan/attempts");
    let end = Instant::now() + Duration::from_secs(120);
    while !attempts.exists() || names(&attempts).is_empty() {
        assert!(Instant::now() < end && child.try_wait().expect("a child").is_none());
        thread::sleep(Duration::from_millis(2));
    }
    child.kill().expect("a child");
    child.wait().expect("a child");
    assert!(!cluster.sandbox.path("plan/shards/1").exists());
    let status = cluster.pairbond(&["sweep", "status", "plan"]).code(1);
    assert!(status.stdout.contains("missing: 1-2/2"), "{status:?}");
    assert_eq!(names(&attempts).len(), 1, "what it left disturbs nothing");
}

#[test]
fn a_merge_waits_for_shards_that_are_seen_late() {
    let cluster = Cluster::new();
    cluster.submit("plan", &["--shards", "2"]).code(0);
    cluster.pairbond(&["sweep", "task", "plan", "1-2"]).code(0);
    let [plan, aside] = ["plan/shards", "aside"].map(|name| cluster.sandbox.path(name));
    fs::rename(plan.join("2"), &aside).expect("there");
    let mut merge = cluster
        .sandbox
        .command(&["merge", "plan", "--wait", "100", "-q"]);
    let mut child = merge
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // Half of the shard first, as a slow file system may show it.
    fs::create_dir(plan.join("2")).expect("writable");
    copy("manifest.json", &aside, &plan.join("2"));
    thread::sleep(Duration::from_millis(2500));
    assert!(child.try_wait().expect("a child").is_none());
    for name in names(&aside) {
        copy(&name, &aside, &plan.join("2"));
    }
    Outcome::of(child.wait_with_output().expect("it ends")).code(0);
    cluster.same_as_at_once("plan/results");
}

fn copy(name: &str, from: &Path, to: &Path) {
    fs::copy(from.join(name), to.join(name)).expect("a readable file");
}

#[test]
fn shards_of_another_version_are_not_merged() {
    let cluster = Cluster::new();
    cluster.submit("plan", &["--shards", "2"]).code(0);
    cluster.pairbond(&["sweep", "task", "plan", "1-2"]).code(0);
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let other = |file: &str| {
        let text = cluster.sandbox.read(file);
        assert!(text.contains(&version));
        cluster
            .sandbox
            .write(file, text.replacen(&version, "\"version\": \"0.0.9\"", 1));
    };
    other("plan/shards/1/manifest.json");
    other("plan/shards/2/manifest.json");
    let words = ["merge", "plan/shards/1", "plan/shards/2", "-o", "merged"];
    let refused = cluster.pairbond(&words).code(2);
    assert!(
        refused.stderr.contains("version 0.0.9 made it"),
        "{refused:?}"
    );
    let status = cluster.pairbond(&["sweep", "status", "plan"]).code(1);
    assert!(status.stdout.contains("0 of 2"), "{status:?}");
    other("plan/manifest.json");
    for words in [
        &["sweep", "status", "plan"][..],
        &["sweep", "task", "plan", "1"],
    ] {
        let refused = cluster.pairbond(words).code(2);
        assert!(
            refused.stderr.contains("version 0.0.9 made this plan"),
            "{refused:?}"
        );
    }
}

#[test]
fn shards_with_other_tables_of_points_are_not_merged() {
    let cluster = Cluster::new();
    for (number, table) in [
        ("1/2", POINTS.to_owned()),
        ("2/2", POINTS.replace("0.7", "0.8")),
    ] {
        cluster.sandbox.write("points.csv", table);
        let out = &number[..1];
        let words = ["sweep", "s.toml", "--shard", number, "-o", out, "-q"];
        cluster.pairbond(&words).code(0);
    }
    let refused = cluster
        .pairbond(&["merge", "1", "2", "-o", "merged"])
        .code(2);
    assert!(refused.stderr.contains("differs from 1"), "{refused:?}");
}

#[test]
fn a_dry_run_shows_scripts_with_estimates_and_writes_nothing() {
    let cluster = Cluster::new();
    let words = [
        "sweep",
        "submit",
        "s.toml",
        "--engine",
        "slurm",
        "--shards",
        "3",
        "--dry-run",
        "--partition",
        "main",
    ];
    let shown = cluster.pairbond(&words).code(0).stdout;
    for line in [
        "==> shards.sh <==",
        "#SBATCH --partition=main",
        "#SBATCH --time=00:0",
        "# by a probe of ",
        "#SBATCH --mem=256M",
        "==> merge.sh <==",
        "sbatch --parsable --array=1-3 shards.sh 0",
        "needs no cluster",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
    assert!(cluster.calls().is_empty());
    assert!(!cluster.sandbox.path("results").exists());
}

#[test]
fn a_scenario_may_be_called_as_a_command_is() {
    let cluster = Cluster::new();
    cluster.sandbox.write("submit", SWEEP);
    cluster
        .pairbond(&["sweep", "./submit", "-o", "out", "-q"])
        .code(0);
    cluster.same_as_at_once_but_for_the_name("out");
    let refused = cluster.pairbond(&["sweep", "submit"]).code(2);
    assert!(refused.stderr.contains("--shards"), "{refused:?}");
    let refused = cluster.pairbond(&["sweep", "statsu", "plan"]).code(2);
    assert!(
        refused.stderr.contains("'pairbond sweep status'"),
        "{refused:?}"
    );
    let two = cluster.pairbond(&["sweep", "s.toml", "more.toml"]).code(2);
    let said = "unexpected argument 'more.toml' found";
    assert!(two.stderr.contains(said), "{two:?}");
    let both = ["sweep", "--dry-run", "submit", "s.toml"];
    let both = cluster.pairbond(&both).code(2);
    assert!(both.stderr.contains("'pairbond sweep submit'"), "{both:?}");
}

impl Cluster {
    fn same_as_at_once_but_for_the_name(&self, results: &str) {
        let words = ["sweep", "s.toml", "-o", "at_once", "-q"];
        self.sandbox.pairbond(&words).code(0);
        let points = |folder: &str| self.sandbox.read(&format!("{folder}/points.csv"));
        assert_eq!(points("at_once"), points(results));
    }
}

#[test]
fn a_plan_is_not_taken_for_results() {
    let cluster = Cluster::new();
    cluster.submit("plan", &["--shards", "2"]).code(0);
    for words in [
        &["verify", "plan"][..],
        &["plot", "plan"],
        &["report", "plan"],
    ] {
        let refused = cluster.pairbond(words).code(2);
        assert!(refused.stderr.contains("plan/results"), "{refused:?}");
    }
    cluster
        .sandbox
        .pairbond(&["sweep", "s.toml", "-o", "out", "-q"])
        .code(0);
    let refused = cluster.pairbond(&["sweep", "task", "out", "1"]).code(2);
    assert!(
        refused.stderr.contains("results of `sweep`, not a plan"),
        "{refused:?}"
    );
    for shards in ["0", "3", "2-1", "one", "1-3"] {
        let refused = cluster.pairbond(&["sweep", "task", "plan", shards]).code(2);
        assert!(
            refused.stderr.contains("a number from 1 to 2"),
            "{refused:?}"
        );
    }
}

/// The program is started without a shell.
#[test]
fn nothing_in_a_name_is_run() {
    let cluster = Cluster::new().runs();
    let folder = cluster.sandbox.path("$(touch hacked); `touch hacked`");
    fs::create_dir(&folder).expect("writable");
    let program = folder.join("pairbond's");
    fs::copy(PROGRAM, &program).expect("a program");
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", cluster.sandbox.path("fakes").display());
    let output = Command::new(&program)
        .args([
            "sweep", "submit", "s.toml", "--engine", "slurm", "--shards", "2", "--time", "5",
        ])
        .args(["-o", "$(touch hacked)/plan"])
        .env("PATH", path)
        .current_dir(cluster.sandbox.path(""))
        .output();
    Outcome::of(output.expect("the program starts")).code(0);
    cluster.same_as_at_once("$(touch hacked)/plan/results");
    assert!(!cluster.sandbox.entries().contains(&"hacked".to_owned()));
}
