//! `pairbond power` and `pairbond recover` that are interrupted and resumed, or done in shards and merged: the bytes are
//! those of an analysis that was done at once.

use crate::test_support::{Sandbox, interrupted, names, same_files};
use pairbond::internals::journal_jobs;
use std::fs;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

const POWER: &str = "\
title = \"Conflict and satisfaction\"
[run]
seed = 3
couples = 60
days = 12
[study]
couples = 40
waves = 0
burst_days = 8
diary = [\"daily_satisfaction\", \"daily_conflict\"]
[power]
replicates = 40
predictor = \"daily_conflict\"
outcome = \"daily_satisfaction\"
reference_couples = 800
[power.vary]
couples = [10, 40]
[power.search]
effect = \"actor_a\"
quantity = \"burst_days\"
from = 2
to = 8
";

const RECOVER: &str = "\
title = \"What a diary tells\"
[run]
seed = 3
couples = 64
days = 40
[study]
couples = 40
enter_from = 20
waves = 0
burst_days = 6
diary = [\"daily_satisfaction\", \"daily_conflict\"]
[recover]
simulations = 120
tests = 40
[[recover.quantity]]
key = \"parameters.conflict_rate\"
prior = \"log_uniform\"
low = 0.02
high = 2.0
[[recover.effect]]
effect = \"actor_a\"
predictor = \"daily_conflict\"
outcome = \"daily_satisfaction\"
reference_couples = 100
[[rival]]
name = \"as_it_is\"
[[rival]]
name = \"calm\"
set = { parameters.mood_gain = 0.0 }
";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("power.toml", POWER);
    sandbox.write("recover.toml", RECOVER);
    sandbox
}

/// Both commands with their files.
const ANALYSES: [[&str; 2]; 2] = [["power", "power.toml"], ["recover", "recover.toml"]];

fn with<'w>(words: [&'w str; 2], more: &[&'w str]) -> Vec<&'w str> {
    [&words[..], more].concat()
}

/// Interrupts an analysis after its first job; returns what it said and how many jobs are in its journal.
fn interrupt(sandbox: &Sandbox, words: [&str; 2]) -> (String, u64) {
    let child = sandbox
        .command(&with(words, &["-o", "out", "--threads", "1"]))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let (journal, begin) = (sandbox.path("out.unfinished/jobs.journal"), Instant::now());
    while !fs::metadata(&journal).is_ok_and(|found| found.len() > 0) {
        assert!(begin.elapsed() < Duration::from_secs(120), "no job is done");
        sleep(Duration::from_millis(2));
    }
    let outcome = interrupted(child, "INT");
    (outcome.stderr, journal_jobs(&journal).expect("a journal"))
}

#[test]
fn an_analysis_that_is_interrupted_resumes_to_the_same_bytes() {
    for words in ANALYSES {
        let sandbox = sandbox();
        sandbox.pairbond(&with(words, &["-o", "whole"])).code(0);
        let whole = sandbox.files("whole");
        let (said, done) = interrupt(&sandbox, words);
        let jobs = if words[0] == "power" { 62 } else { 240 };
        let expected = format!(
            "interrupted after {done} of {jobs} jobs, kept in out.unfinished: run the same command with --resume to \
             continue\n"
        );
        assert_eq!(said, expected);
        assert!(!sandbox.path("out").exists());
        // Another question is another analysis.
        let other = sandbox.pairbond(&with(words, &["-o", "out", "--resume", "--seed", "4"]));
        let expected = "overrides: none became run.seed=4";
        assert!(other.code(2).stderr.contains(expected));
        // Without --resume nothing of it is lost.
        let again = sandbox.pairbond(&with(words, &["-o", "out"])).code(2);
        assert!(again.stderr.contains("--resume"), "{}", again.stderr);
        sandbox
            .pairbond(&with(words, &["-o", "out", "--resume"]))
            .code(0);
        same_files(&whole, &sandbox.files("out"));
        assert!(!sandbox.path("out.unfinished").exists());
    }
}

#[test]
fn an_analysis_is_not_resumed_by_another_command() {
    let sandbox = sandbox();
    let recover = &RECOVER[RECOVER.find("[recover]").expect("a table")..];
    sandbox.write("both.toml", format!("{POWER}{recover}"));
    interrupt(&sandbox, ["power", "both.toml"]);
    let words = ["recover", "both.toml", "-o", "out", "--resume"];
    let refused = sandbox.pairbond(&words).code(2);
    let expected = "`pairbond power` became `pairbond recover`";
    assert!(refused.stderr.contains(expected), "{}", refused.stderr);
    sandbox
        .pairbond(&["power", "both.toml", "-o", "out", "--resume"])
        .code(0);
}

#[test]
fn shards_of_an_analysis_are_merged_to_the_same_bytes() {
    for words in ANALYSES {
        let sandbox = sandbox();
        sandbox.pairbond(&with(words, &["-o", "whole"])).code(0);
        for (shard, out) in [("2/3", "two"), ("1/3", "one"), ("3/3", "three")] {
            let outcome = sandbox
                .pairbond(&with(words, &["--shard", shard, "-o", out]))
                .code(0);
            assert!(outcome.stdout.contains("done, for `pairbond merge`"));
            let found = names(&sandbox.path(out));
            assert!(found.contains(&"jobs.journal".to_owned()), "{found:?}");
        }
        sandbox.pairbond(&["verify", "two"]).code(0);
        let plot = sandbox.pairbond(&["plot", "two", "-o", "drawn"]).code(2);
        assert!(plot.stderr.contains("pairbond merge"), "{}", plot.stderr);
        let few = sandbox
            .pairbond(&["merge", "one", "three", "-o", "out"])
            .code(2);
        assert!(few.stderr.contains("missing shards 2/3"), "{}", few.stderr);
        sandbox
            .pairbond(&["merge", "three", "one", "two", "-o", "out"])
            .code(0);
        same_files(&sandbox.files("whole"), &sandbox.files("out"));
        sandbox.pairbond(&["verify", "out"]).code(0);
    }
}

#[test]
fn shards_of_other_work_are_refused() {
    let sandbox = sandbox();
    for [command, file] in ANALYSES {
        let words = [command, file, "--shard", "1/2", "-o", command];
        sandbox.pairbond(&words).code(0);
    }
    let mixed = sandbox
        .pairbond(&["merge", "power", "recover", "-o", "out"])
        .code(2);
    let expected = "holds a shard of `pairbond recover`, not of `pairbond power`";
    assert!(mixed.stderr.contains(expected), "{}", mixed.stderr);
    let both = sandbox.pairbond(&["power", "power.toml", "--shard", "3/2", "-o", "out"]);
    assert!(both.code(2).stderr.contains("`3/2` is no shard"));
    assert!(!sandbox.path("out").exists());
}
