//! A sweep that is killed at any moment, and again while it is resumed, gives in the end the bytes
//! of one that nobody disturbed.

use crate::test_support::{Sandbox, same_files};
use pairbond::internals::JournalReader;
use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Jobs, charts of several kinds and a table of couples, in a few tenths of a second.
const SWEEP: &str = r#"
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
const JOBS: u64 = 12;

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
    /// Nothing was begun.
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
    let journal = sandbox.path("out.unfinished/jobs.journal");
    let mut reader = JournalReader::open(&journal, 0).expect("a journal beside its question");
    let mut jobs = 0;
    while reader.next().expect("at most its end is torn").is_some() {
        jobs += 1;
    }
    if jobs == JOBS {
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
    sandbox.write("s.toml", SWEEP);
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
    sandbox.write("s.toml", SWEEP);
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
    // Before the question was whole: nothing was begun, and one is told so.
    let begun: [&[(&str, &str)]; 3] = [
        &[],
        &[("jobs.journal", "")],
        &[("jobs.journal", ""), ("job.json.partial", "{\"vers")],
    ];
    for names in begun {
        for more in [&[][..], &["--force"]] {
            unfinished(names);
            let outcome = sweep(&["--resume"]).code(1);
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
    let outcome = sweep(&["--resume", "--seed", "12"]).code(1);
    assert!(outcome.stderr.contains("already exists") || outcome.stderr.contains("no unfinished"));
    let outcome = sweep(&["--resume", "--no-charts"]).code(1);
    assert!(
        outcome.stderr.contains("no unfinished"),
        "{}",
        outcome.stderr
    );
    hold(&sandbox, &whole);
    // A folder of somebody else's is left alone.
    unfinished(&[("thesis.txt", "years of work")]);
    for more in [&[][..], &["--force"]] {
        let outcome = sweep(more).code(1);
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
        "end": JOBS,
    })
    .to_string()
}

#[test]
fn a_killed_replacement_leaves_the_older_results_and_resumes_to_the_new_ones() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", SWEEP);
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
    let outcome = sandbox.pairbond(&["sweep", "s.toml", "-o", "out"]).code(1);
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
