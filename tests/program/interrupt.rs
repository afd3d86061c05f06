//! Runs and sweeps that are interrupted or killed, or run out of space, leave nothing that looks complete;
//! a sweep resumes to the bytes of one that was not disturbed.

use crate::test_support::{Outcome, Sandbox, interrupted, names, same_files, send};
use pairbond::internals::journal_jobs;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Longest wait for a run or sweep to begin writing.
const TIMEOUT: Duration = Duration::from_secs(120);

fn start(sandbox: &Sandbox, words: &[&str]) -> Child {
    sandbox
        .command(words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

const LONG_RUN: [&str; 10] = [
    "run",
    "small.toml",
    "-o",
    "out",
    "--threads",
    "1",
    "--set",
    "run.couples=500000000",
    "--set",
    "record.every=40",
];

/// A run of hours that has started to write its tables.
fn long_run(sandbox: &Sandbox, more: &[&str]) -> Child {
    let child = start(sandbox, &[&LONG_RUN[..], more].concat());
    wait_for_rows(sandbox, &child);
    child
}

/// The same of a program that was started with ignored signals, as `nohup` starts it.
fn long_run_ignoring(sandbox: &Sandbox, signals: &str) -> Child {
    let line = format!("trap '' {signals}; exec \"$0\" \"$@\"");
    let child = Command::new("sh")
        .args(["-c", &line, crate::test_support::PROGRAM])
        .args(LONG_RUN)
        .current_dir(sandbox.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a shell");
    wait_for_rows(sandbox, &child);
    child
}

fn wait_for_rows(sandbox: &Sandbox, child: &Child) {
    let table = staging(sandbox, child).join("couples.csv");
    let started = || fs::metadata(&table).is_ok_and(|found| found.len() > 0);
    wait("the first rows", started);
}

fn staging(sandbox: &Sandbox, child: &Child) -> PathBuf {
    sandbox.path(&format!(".out.partial-{}", child.id()))
}

fn wait(what: &str, happened: impl Fn() -> bool) {
    let begin = Instant::now();
    while !happened() {
        assert!(begin.elapsed() < TIMEOUT, "waited in vain for {what}");
        sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_run_that_is_interrupted_ends_with_130_and_leaves_nothing() {
    for name in ["INT", "TERM", "HUP"] {
        let sandbox = Sandbox::new();
        let child = long_run(&sandbox, &[]);
        let outcome = interrupted(child, name);
        assert_eq!(outcome.stdout, "");
        assert_eq!(outcome.stderr, "interrupted; no files were written\n");
        assert_eq!(sandbox.entries(), [""; 0]);
    }
}

#[test]
fn a_signal_that_is_ignored_at_the_start_stays_ignored() {
    for (ignored, other) in [("HUP", "INT"), ("INT", "TERM"), ("TERM", "HUP")] {
        let sandbox = Sandbox::new();
        let mut child = long_run_ignoring(&sandbox, ignored);
        send(&child, &[ignored]);
        sleep(Duration::from_millis(700));
        let ended = child.try_wait().expect("a child");
        assert_eq!(ended, None, "{ignored}");
        interrupted(child, other);
        assert_eq!(sandbox.entries(), [""; 0]);
    }
}

#[test]
fn a_signal_that_is_sent_twice_at_once_is_one_request() {
    let sandbox = Sandbox::new();
    let child = long_run(&sandbox, &[]);
    send(&child, &["TERM", "TERM"]);
    let outcome = Outcome::of(child.wait_with_output().expect("it ends")).code(130);
    assert_eq!(outcome.stderr, "interrupted; no files were written\n");
    assert_eq!(sandbox.entries(), [""; 0]);
}

#[test]
fn a_second_signal_ends_a_program_that_is_blocked() {
    for second in ["INT", "TERM"] {
        let sandbox = Sandbox::new();
        // Nobody reads from the pipe, which is full.
        let (reader, mut writer) = std::io::pipe().expect("a pipe");
        writer.write_all(&[b'x'; 65_536]).expect("space");
        let mut child = sandbox
            .command(&["run", "small.toml", "--no-charts", "-o", "out"])
            .stdout(writer)
            .spawn()
            .expect("the program starts");
        let manifest = sandbox.path("out/manifest.json");
        wait("the results", || manifest.exists());
        send(&child, &["INT"]);
        sleep(Duration::from_millis(700));
        assert_eq!(child.try_wait().expect("a child"), None);
        send(&child, &[second]);
        assert_eq!(child.wait().expect("it ends").code(), Some(130));
        drop(reader);
    }
}

#[test]
fn claims_that_are_interrupted_end_with_130_and_leave_nothing_of_theirs() {
    let sandbox = Sandbox::new();
    let claim = "title = \"x\"\n[condition.usual]\n[[claim]]\nname = \"a\"\nstatement = \"a\"\n\
        observable = \"trust\"\ncontrast = { usual = 1 }\nrule = \"greater\"\nsesoi = 0.1\n\
        expect = \"supported\"\n";
    sandbox.write("claims.toml", claim);
    let set = ["--set", "run.couples=500000000", "--threads", "1"];
    let words = [&["claims", "claims.toml", "-o", "out"][..], &set].concat();
    let child = start(&sandbox, &words);
    let started = sandbox.path(&format!("out/.claims.partial-{}", child.id()));
    wait("the folder", || started.exists());
    let outcome = interrupted(child, "INT");
    assert_eq!(outcome.stderr, "interrupted; no files were written\n");
    assert_eq!(names(&sandbox.path("out")), [""; 0]);
}

#[test]
fn a_validation_that_is_interrupted_ends_with_130_and_leaves_nothing() {
    // Some are stopped in a cohort, some in an ablation.
    for more in [
        &["--couples", "10000000"][..],
        &["--ablation", "--couples", "3000"],
    ] {
        let sandbox = Sandbox::new();
        let words = [&["validate", "-o", "out", "--threads", "1"][..], more].concat();
        let child = start(&sandbox, &words);
        wait("the folder", || staging(&sandbox, &child).exists());
        sleep(Duration::from_millis(1500));
        let outcome = interrupted(child, "INT");
        assert_eq!(outcome.stdout, "");
        assert_eq!(outcome.stderr, "interrupted; no files were written\n");
        assert_eq!(sandbox.entries(), [""; 0]);
    }
}

#[test]
fn an_interrupted_replacement_leaves_the_older_folder() {
    let sandbox = Sandbox::new();
    sandbox.run("out", &[]).code(0);
    let old = sandbox.files("out");
    let child = long_run(&sandbox, &["--force"]);
    interrupted(child, "INT");
    assert_eq!(sandbox.entries(), ["out"]);
    assert!(sandbox.files("out") == old);
}

#[test]
fn a_killed_run_leaves_no_folder_and_the_next_one_sweeps_what_it_left() {
    let sandbox = Sandbox::new();
    let mut child = long_run(&sandbox, &[]);
    child.kill().expect("it lives");
    child.wait().expect("it ends");
    assert!(!sandbox.path("out").exists());
    let rest = staging(&sandbox, &child);
    assert!(!names(&rest).contains(&"manifest.json".to_owned()));
    let left = rest
        .file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    for verb in ["verify", "plot"] {
        sandbox.pairbond(&[verb, &left]).code(2);
    }
    sandbox.run("out", &[]).code(0);
    assert_eq!(sandbox.entries(), ["out"]);
    sandbox.pairbond(&["verify", "out"]).code(0);
}

#[test]
fn a_run_beside_another_of_the_same_name_does_not_sweep_the_living() {
    let sandbox = Sandbox::new();
    let child = long_run(&sandbox, &[]);
    sandbox.run("out", &[]).code(0);
    assert!(staging(&sandbox, &child).join("couples.csv").exists());
    interrupted(child, "INT");
    assert_eq!(sandbox.entries(), ["out"]);
}

/// Many jobs of some hundredths of a second.
const MANY_JOBS: &str = r#"
title = "A sweep to be stopped"
[run]
seed = 4
couples = 150
days = 100
replicates = 2
[sweep]
design = "sobol"
points = 128
measures = ["mean trust", "share intact"]
[[sweep.axis]]
key = "traits.consistency"
name = "consistency"
range = [0.0, 1.0]
"#;

/// Sound jobs in a journal.
fn jobs(sandbox: &Sandbox, journal: &str) -> u64 {
    journal_jobs(&sandbox.path(journal)).expect("a journal, at most torn at its end")
}

#[test]
fn an_interrupted_sweep_ends_with_130_says_how_far_and_resumes_to_the_same_bytes() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", MANY_JOBS);
    let sweep = ["sweep", "s.toml", "--no-charts", "--threads", "1", "-o"];
    sandbox.pairbond(&[&sweep[..], &["whole"]].concat()).code(0);
    let whole = sandbox.files("whole");
    for name in ["INT", "TERM"] {
        let child = start(&sandbox, &[&sweep[..], &["out"]].concat());
        let journal = sandbox.path("out.unfinished/jobs.journal");
        wait("a job", || {
            fs::metadata(&journal).is_ok_and(|found| found.len() > 0)
        });
        let outcome = interrupted(child, name);
        let done = jobs(&sandbox, "out.unfinished/jobs.journal");
        let expected = format!(
            "interrupted after {done} of 128 jobs, kept in out.unfinished: \
             run the same command with --resume to continue\n"
        );
        assert_eq!(outcome.stderr, expected);
        assert_eq!(sandbox.entries(), ["out.unfinished", "s.toml", "whole"]);
        sandbox
            .pairbond(&[&sweep[..], &["out", "--resume"]].concat())
            .code(0);
        same_files(&whole, &sandbox.files("out"));
        fs::remove_dir_all(sandbox.path("out")).expect("ours");
        assert_eq!(sandbox.entries(), ["s.toml", "whole"]);
    }
}

/// Runs a sweep without charts while no file may grow beyond so many blocks of 512 bytes.
fn cramped(sandbox: &Sandbox, blocks: u32, more: &str) -> Outcome {
    let line = format!(
        "ulimit -f {blocks}
         exec \"$PAIRBOND\" sweep s.toml --no-charts -q -o out {more}"
    );
    sandbox.shell(Command::new("sh").args(["-c", &line]))
}

#[test]
fn a_sweep_without_space_for_its_journal_or_tables_keeps_its_jobs_and_resumes_with_space() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", MANY_JOBS.replace("days = 100", "days = 2"));
    sandbox
        .pairbond(&["sweep", "s.toml", "--no-charts", "-o", "whole"])
        .code(0);
    let whole = sandbox.files("whole");
    let hint = "finished jobs are kept in out.unfinished: run the same command with --resume to continue\n";
    // 128 jobs take about 25 KB of journal.
    let outcome = cramped(&sandbox, 8, "").code(1);
    let expected = "error: could not write out.unfinished/jobs.journal: file too large\n";
    assert_eq!(outcome.stderr, format!("{expected}{hint}"));
    assert_eq!(sandbox.entries(), ["out.unfinished", "s.toml", "whole"]);
    let done = jobs(&sandbox, "out.unfinished/jobs.journal");
    assert!((10..128).contains(&done), "{done}");
    // Again without space nothing is lost.
    cramped(&sandbox, 8, "--resume").code(1);
    assert_eq!(jobs(&sandbox, "out.unfinished/jobs.journal"), done);
    sandbox
        .pairbond(&["sweep", "s.toml", "--no-charts", "-o", "out", "--resume"])
        .code(0);
    same_files(&whole, &sandbox.files("out"));
    fs::remove_dir_all(sandbox.path("out")).expect("ours");
    // Room for all jobs, but not for the table of couples' rows.
    let couples = MANY_JOBS
        .replace("days = 100", "days = 2")
        .replace("[sweep]", "[sweep]\ncouples = true")
        .replace("points = 128", "points = 4");
    sandbox.write("s.toml", couples);
    fs::remove_dir_all(sandbox.path("whole")).expect("ours");
    sandbox
        .pairbond(&["sweep", "s.toml", "--no-charts", "-o", "whole"])
        .code(0);
    let whole = sandbox.files("whole");
    sandbox
        .pairbond(&["sweep", "s.toml", "--shard", "1/2", "-o", "half"])
        .code(0);
    let half = fs::metadata(sandbox.path("half/jobs.journal")).expect("a journal");
    fs::remove_dir_all(sandbox.path("half")).expect("ours");
    let (journal, table) = (2 * half.len(), whole["couples.csv"].len() as u64);
    assert!(5 * journal < 4 * table, "{journal} {table}");
    let outcome = cramped(&sandbox, ((journal + table) / 1024) as u32, "").code(1);
    let expected = "error: could not write out/couples.csv: file too large\n";
    assert_eq!(outcome.stderr, format!("{expected}{hint}"));
    assert_eq!(sandbox.entries(), ["out.unfinished", "s.toml", "whole"]);
    assert_eq!(jobs(&sandbox, "out.unfinished/jobs.journal"), 4);
    sandbox
        .pairbond(&["sweep", "s.toml", "--no-charts", "-o", "out", "--resume"])
        .code(0);
    same_files(&whole, &sandbox.files("out"));
}

/// Jobs, charts of several kinds and a table of couples, in a few tenths of a second.
const FEW_JOBS: &str = r#"
title = "A sweep to be killed"
[run]
seed = 11
couples = 300
days = 120
replicates = 2
[sweep]
design = "grid"
measures = ["mean trust"]
couples = true
[[sweep.axis]]
key = "traits.consistency"
name = "consistency"
range = [0.0, 1.0]
steps = 6
[[sweep.axis]]
key = "mechanisms.repair"
name = "repair"
values = [true, false]
"#;
const FEW: u64 = 12;

/// Moments at which the sweep is killed.
const MOMENTS: u64 = 200;
/// Kills of these that come before the sweep is done, at least.
const IN_TIME: u64 = 150;
/// Kills of one sweep before it is let finish.
const OF_ONE: u64 = 4;
/// Every so many sweeps are killed for the first time in this first part of their time.
const EARLY: u64 = 2;
const START: f64 = 0.04;

/// Fractions [0–1) of a duration, always the same ones (splitmix64).
struct Fractions(u64);

impl Fractions {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((word ^ word >> 31) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// The latest moment of a kill (s): about how long a sweep takes here, which other work on the
/// machine changes all the time.
struct Reach(f64);

impl Reach {
    fn learn(&mut self, in_time: bool) {
        self.0 *= if in_time { 1.01 } else { 0.85 };
    }
}

/// What a kill left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Left {
    /// Nothing was started.
    Nothing,
    /// Some of the jobs, perhaps none.
    Jobs,
    /// All jobs, but no results.
    AllJobs,
    /// The results.
    Results,
}

fn left(sandbox: &Sandbox) -> Left {
    if sandbox.path("out").exists() {
        return Left::Results;
    }
    if !sandbox.path("out.unfinished/job.json").exists() {
        return Left::Nothing;
    }
    if jobs(sandbox, "out.unfinished/jobs.journal") == FEW {
        Left::AllJobs
    } else {
        Left::Jobs
    }
}

/// Starts the sweep, or goes on with it, and kills it after a time; whether that was before its end.
fn killed_after(sandbox: &Sandbox, seconds: f64, resume: bool) -> bool {
    let mut words = vec!["sweep", "s.toml", "-o", "out"];
    words.extend(resume.then_some("--resume"));
    let mut child = sandbox
        .command(&words)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    sleep(Duration::from_secs_f64(seconds));
    child.kill().expect("it is ours");
    match child.wait().expect("it ends").code() {
        None => true,
        code => {
            assert_eq!(code, Some(0), "resumed: {resume}");
            false
        }
    }
}

/// Holds the results to those of a sweep that nobody disturbed, and clears the sandbox.
fn hold(sandbox: &Sandbox, whole: &BTreeMap<String, Vec<u8>>) {
    same_files(whole, &sandbox.files("out"));
    fs::remove_dir_all(sandbox.path("out")).expect("ours");
    assert_eq!(sandbox.entries(), ["s.toml", "whole"]);
}

#[test]
fn a_sweep_killed_at_any_moment_resumes_to_the_same_bytes() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", FEW_JOBS);
    let begin = Instant::now();
    sandbox
        .pairbond(&["sweep", "s.toml", "-o", "whole"])
        .code(0);
    let whole = sandbox.files("whole");
    let took = begin.elapsed().as_secs_f64();
    let (mut anew, mut again) = (Reach(took), Reach(0.7 * took));
    let mut fractions = Fractions(2026);
    let mut found: BTreeMap<Left, u64> = BTreeMap::new();
    let (mut sweeps, mut of_one, mut resume) = (0, 0, false);
    for _ in 0..MOMENTS {
        let mut fraction = fractions.next();
        if of_one == 0 {
            sweeps += 1;
            if sweeps % EARLY == 0 {
                fraction *= START;
            }
        }
        let reach = if resume { &mut again } else { &mut anew };
        let in_time = killed_after(&sandbox, reach.0 * fraction, resume);
        if fraction > START {
            reach.learn(in_time);
        }
        of_one += 1;
        if in_time {
            let left = left(&sandbox);
            *found.entry(left).or_default() += 1;
            resume = left != Left::Nothing;
            if of_one < OF_ONE && left != Left::Results {
                continue;
            }
            let mut last = vec!["sweep", "s.toml", "-o", "out"];
            last.extend(resume.then_some("--resume"));
            sandbox.pairbond(&last).code(0);
        }
        hold(&sandbox, &whole);
        (of_one, resume) = (0, false);
    }
    println!("what {MOMENTS} kills left: {found:?}");
    let in_time: u64 = found.values().sum();
    assert!(in_time >= IN_TIME, "{found:?}");
    for stage in [Left::Jobs, Left::AllJobs] {
        assert!(found.contains_key(&stage), "{found:?}");
    }
}

/// Folders as a kill can leave them within moments too short to be met by chance.
#[test]
fn what_a_kill_leaves_in_its_rarest_moments_is_gone_on_with() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", FEW_JOBS);
    let sweep = |more: &[&str]| {
        let mut words = vec!["sweep", "s.toml", "-o", "out"];
        words.extend(more);
        sandbox.pairbond(&words)
    };
    sandbox
        .pairbond(&["sweep", "s.toml", "-o", "whole"])
        .code(0);
    let whole = sandbox.files("whole");
    let unfinished = |names: &[(&str, &str)]| {
        fs::create_dir(sandbox.path("out.unfinished")).expect("writable");
        for (name, text) in names {
            sandbox.write(&format!("out.unfinished/{name}"), text);
        }
    };
    // Before the question was complete: nothing was started, and a message says so.
    let started: [&[(&str, &str)]; 3] = [
        &[],
        &[("jobs.journal", "")],
        &[("jobs.journal", ""), ("job.json.partial", "{\"vers")],
    ];
    for names in started {
        for more in [&[][..], &["--force"]] {
            unfinished(names);
            let outcome = sweep(&["--resume"]).code(2);
            assert!(
                outcome.stderr.contains("without `--resume`"),
                "{}",
                outcome.stderr
            );
            sweep(more).code(0);
            hold(&sandbox, &whole);
        }
    }
    // Between the results and the end of the journal.
    sweep(&[]).code(0);
    sandbox
        .pairbond(&["sweep", "s.toml", "-o", "half", "--shard", "1/2"])
        .code(0);
    let question = question(&sandbox);
    let journal = fs::read(sandbox.path("half/jobs.journal")).expect("a journal");
    fs::remove_dir_all(sandbox.path("half")).expect("ours");
    let ended: [&[(&str, &str)]; 2] = [&[("job.json", &question)], &[]];
    for names in ended {
        unfinished(names);
        let outcome = sweep(&["--resume"]).code(0);
        assert_eq!(
            outcome.stdout,
            "nothing to resume: the results are in out\n"
        );
    }
    unfinished(&[("job.json", &question)]);
    fs::write(sandbox.path("out.unfinished/jobs.journal"), &journal).expect("writable");
    sweep(&["--resume", "--quiet"]).code(0);
    let outcome = sweep(&["--resume"]).code(0);
    assert_eq!(
        outcome.stdout,
        "nothing to resume: the results are in out\n"
    );
    // Results of another question are no such results.
    let outcome = sweep(&["--resume", "--seed", "12"]).code(2);
    assert!(outcome.stderr.contains("already exists") || outcome.stderr.contains("no unfinished"));
    let outcome = sweep(&["--resume", "--no-charts"]).code(2);
    assert!(
        outcome.stderr.contains("no unfinished"),
        "{}",
        outcome.stderr
    );
    hold(&sandbox, &whole);
    // A folder of somebody else's is left alone.
    unfinished(&[("thesis.txt", "years of work")]);
    for more in [&[][..], &["--force"]] {
        let outcome = sweep(more).code(2);
        assert!(outcome.stderr.contains("thesis.txt"), "{}", outcome.stderr);
    }
    assert_eq!(sandbox.read("out.unfinished/thesis.txt"), "years of work");
}

/// What the whole sweep is asked, as its journal keeps it.
fn question(sandbox: &Sandbox) -> String {
    serde_json::json!({
        "version": env!("CARGO_PKG_VERSION"),
        "scenario_file": "s.toml",
        "scenario_text": sandbox.read("s.toml"),
        "overrides": [],
        "first": 0,
        "end": FEW,
    })
    .to_string()
}

#[test]
fn a_killed_replacement_leaves_the_older_results_and_resumes_to_the_new_ones() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", FEW_JOBS);
    sandbox
        .pairbond(&["sweep", "s.toml", "-o", "whole"])
        .code(0);
    let whole = sandbox.files("whole");
    let old = ["sweep", "s.toml", "-o", "out", "--seed", "12"];
    sandbox.pairbond(&old).code(0);
    let before = sandbox.files("out");
    let question = question(&sandbox).replace("\"end\":", "\"replaces\":true,\"end\":");
    fs::create_dir(sandbox.path("out.unfinished")).expect("writable");
    sandbox.write("out.unfinished/job.json", question);
    sandbox.write("out.unfinished/jobs.journal", "");
    let outcome = sandbox.pairbond(&["sweep", "s.toml", "-o", "out"]).code(2);
    assert!(
        outcome.stderr.contains("already exists"),
        "{}",
        outcome.stderr
    );
    same_files(&before, &sandbox.files("out"));
    sandbox
        .pairbond(&["sweep", "s.toml", "-o", "out", "--resume"])
        .code(0);
    hold(&sandbox, &whole);
}

/// Runs a shell's line in a mount namespace of its own, so that what it mounts is gone when it ends;
/// `None` where this user may not mount.
fn mounting(sandbox: &Sandbox, line: &str) -> Option<Outcome> {
    let allowed = |how: &&str| {
        let trial = "mount -t tmpfs none space && mount -o remount,ro space";
        let tried = Command::new("unshare")
            .args([how, "sh", "-c", trial])
            .current_dir(sandbox.path(""))
            .output();
        tried.is_ok_and(|output| output.status.success())
    };
    fs::create_dir_all(sandbox.path("space")).expect("writable");
    let how = ["-m", "-rm"].into_iter().find(|how| allowed(how))?;
    Some(sandbox.shell(Command::new("unshare").args([how, "sh", "-c", line])))
}

#[test]
fn a_full_disk_is_reported_and_nothing_half_written_stays() {
    let sandbox = Sandbox::new();
    for (format, table) in [("csv", "couples.csv"), ("parquet", "couples.parquet")] {
        let line = format!(
            "mount -t tmpfs -o size=1m none space
             \"$PAIRBOND\" run small.toml --set run.couples=20000 --set run.days=3 \
                --format {format} --quiet -o space/out
             code=$?; ls -A space; exit $code"
        );
        // Elsewhere the next test stands for this one.
        let Some(outcome) = mounting(&sandbox, &line) else {
            return;
        };
        let expected =
            format!("error: could not write space/out/{table}: no space left on device\n");
        assert_eq!(
            outcome,
            Outcome {
                code: Some(1),
                stdout: String::new(),
                stderr: expected
            }
        );
    }
}

#[test]
fn charts_without_space_cost_neither_the_tables_nor_the_charts_that_fit() {
    let sandbox = Sandbox::new();
    let few = ["run.couples=30", "record.every=10"];
    assert!(FEW_JOBS.contains("couples = true\n"));
    sandbox.write("s.toml", FEW_JOBS.replace("couples = true\n", ""));
    for (line, large, fits) in [
        (
            &["run", "small.toml", "--set", few[0], "--set", few[1]][..],
            "trajectories",
            "survival",
        ),
        (
            &["sweep", "s.toml", "--set", "run.couples=40", "--quiet"],
            "contrasts_mean_trust",
            "lines",
        ),
    ] {
        sandbox.pairbond(&[line, &["-o", "whole"]].concat()).code(0);
        let whole = sandbox.files("whole");
        let size = |name: &str| whole[name].len();
        let tables = whole.keys().filter(|name| name.ends_with(".csv"));
        let most = tables.map(|name| size(name)).max().expect("tables");
        let picture = format!("{large}.png");
        let space = size(&picture) - 1000;
        assert!(
            most < space && size(&format!("{fits}.png")) < space,
            "{most}, {space}"
        );
        let limited = format!(
            "ulimit -f {}; exec \"$PAIRBOND\" {} -q -o out",
            space / 512,
            line.join(" ").replace(" --quiet", "")
        );
        let outcome = sandbox
            .shell(Command::new("sh").args(["-c", &limited]))
            .code(1);
        for part in [
            format!(
                "error: the chart `{large}` is missing: could not write out/{picture}: file too large\n"
            ),
            "all other files of the results are in place; `pairbond plot out` draws the charts\n"
                .to_owned(),
        ] {
            assert!(outcome.stderr.contains(&part), "{}", outcome.stderr);
        }
        let files = sandbox.files("out");
        for (name, bytes) in &whole {
            let is_of_chart = is_chart_or_report(name);
            // The report shows the charts that there are.
            let differs = ["manifest.json", "report.html"].contains(&name.as_str());
            match files.get(name) {
                Some(kept) => assert!(kept == bytes || differs, "{name}"),
                None => assert!(is_of_chart, "{name} is missing"),
            }
        }
        assert!(files.contains_key(&format!("{fits}.png")));
        for extension in ["svg", "png"] {
            assert!(!files.contains_key(&format!("{large}.{extension}")));
        }
        // As the message says.
        sandbox.pairbond(&["plot", "out", "-q"]).code(0);
        assert!(sandbox.files("out-charts")[&picture] == whole[&picture]);
        for name in ["whole", "out", "out-charts"] {
            fs::remove_dir_all(sandbox.path(name)).expect("ours");
        }
        assert_eq!(sandbox.entries(), ["s.toml"]);
    }
}

/// Whether a file is one without which results are complete.
fn is_chart_or_report(name: &str) -> bool {
    name.ends_with(".svg") || name.ends_with(".png") || name == "report.html"
}

#[test]
fn a_limit_on_the_size_of_files_is_reported_and_nothing_half_written_stays() {
    let sandbox = Sandbox::new();
    let line = "ulimit -f 1000
        exec \"$PAIRBOND\" run small.toml --set run.couples=20000 --set run.days=3 -q -o out";
    let outcome = sandbox.shell(Command::new("sh").args(["-c", line])).code(1);
    assert_eq!(
        outcome.stderr,
        "error: could not write out/couples.csv: file too large\n"
    );
    assert_eq!(sandbox.entries(), [""; 0]);
}

#[test]
fn a_disk_without_space_for_the_charts_keeps_the_tables() {
    const PAGE: u64 = 4096;
    let sandbox = Sandbox::new();
    let few = "--set run.couples=30 --set record.every=10";
    let words = format!("run small.toml {few} -q -o whole");
    sandbox
        .pairbond(&words.split(' ').collect::<Vec<_>>())
        .code(0);
    let whole = sandbox.files("whole");
    let is_chart = is_chart_or_report;
    let pages = |bytes: &Vec<u8>| (bytes.len() as u64).div_ceil(PAGE);
    let tables = whole.iter().filter(|(name, _)| !is_chart(name));
    let needed: u64 = tables.map(|(_, bytes)| pages(bytes)).sum();
    let all: u64 = whole.values().map(pages).sum();
    assert!(all > needed + 60);
    // Room for no chart, for a part of the first, and for some of them.
    for space in [needed, needed + 3, needed + 60] {
        let line = format!(
            "mount -t tmpfs -o size={} none space; \"$PAIRBOND\" run small.toml {few} -q -o space/out
             code=$?; cp -r space/out kept; exit $code",
            space * PAGE
        );
        let Some(outcome) = mounting(&sandbox, &line) else {
            return;
        };
        let outcome = outcome.code(1);
        for part in [
            "is missing: could not write space/out/",
            "no space left on device",
        ] {
            assert!(outcome.stderr.contains(part), "{}", outcome.stderr);
        }
        let kept = sandbox.files("kept");
        let missing = |name: &&String| !kept.contains_key(*name);
        let missing: Vec<&String> = whole.keys().filter(missing).collect();
        assert!(
            !missing.is_empty() && missing.iter().all(|name| is_chart(name)),
            "{missing:?}"
        );
        for name in missing {
            let stem = name.rsplit_once('.').expect("an extension").0;
            let named = match stem {
                "report" => "error: report.html is missing: ".to_owned(),
                stem => format!("error: the chart `{stem}` is missing: "),
            };
            assert!(
                outcome.stderr.contains(&named),
                "{stem}: {}",
                outcome.stderr
            );
        }
        // What is there is what the manifest lists.
        sandbox.pairbond(&["plot", "kept", "-q"]).code(0);
        let manifest: serde_json::Value =
            serde_json::from_slice(&kept["manifest.json"]).expect("JSON");
        let listed = manifest["files"].as_array().expect("a list");
        assert_eq!(listed.len() + 1, kept.len());
        for name in ["kept", "kept-charts"] {
            fs::remove_dir_all(sandbox.path(name)).expect("ours");
        }
    }
}

#[test]
fn a_folder_that_may_not_be_written_to_is_reported() {
    let sandbox = Sandbox::new();
    let line = "mount -t tmpfs none space; mount -o remount,ro space
        exec \"$PAIRBOND\" run small.toml -o space/out";
    if let Some(outcome) = mounting(&sandbox, line) {
        let expected = "error: could not create space/out: the file system is read-only\n";
        assert_eq!(
            outcome,
            Outcome {
                code: Some(2),
                stdout: String::new(),
                stderr: expected.to_owned()
            }
        );
    }
    let line = "mkdir shut; chmod 555 shut; \"$PAIRBOND\" run small.toml -q -o shut/out
        code=$?; chmod 755 shut; exit $code";
    let outcome = sandbox.shell(Command::new("sh").args(["-c", line]));
    // Only the mightiest user may write there all the same.
    let expected = "error: could not create shut/out: permission denied\n";
    assert!(
        outcome.code == Some(0) || outcome.stderr == expected,
        "{outcome:?}"
    );
}
