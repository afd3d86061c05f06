//! Journals that are damaged, and questions that changed: refused with what is wrong, and nothing
//! is lost.

use crate::test_support::{Outcome, Sandbox};
use std::fs;

const SWEEP: &str = r#"
title = "A sweep to be damaged"
[run]
seed = 3
couples = 30
days = 10
[sweep]
design = "table"
table = "points.csv"
measures = ["mean trust", "share intact"]
"#;
const POINTS: &str = "traits.consistency,mechanisms.repair\n\
                      0.1,true\n0.2,true\n0.3,false\n0.4,false\n0.5,true\n0.6,false\n";

/// A sandbox with an unfinished sweep of six jobs, all of them written down; and its journal.
fn unfinished() -> (Sandbox, Vec<u8>) {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", SWEEP);
    sandbox.write("points.csv", POINTS);
    // Shards' journals, one after the other, are that of the whole.
    let mut journal = Vec::new();
    for number in ["1/2", "2/2"] {
        sandbox
            .pairbond(&["sweep", "s.toml", "--shard", number, "-o", "half"])
            .code(0);
        journal.extend(fs::read(sandbox.path("half/jobs.journal")).expect("a journal"));
        fs::remove_dir_all(sandbox.path("half")).expect("ours");
    }
    fs::create_dir(sandbox.path("out.unfinished")).expect("writable");
    sandbox.write("out.unfinished/jobs.journal", &journal);
    ask(&sandbox, |_| ());
    (sandbox, journal)
}

/// Writes down what the unfinished sweep was asked, changed in some way.
fn ask(sandbox: &Sandbox, change: impl FnOnce(&mut serde_json::Value)) {
    let mut question = serde_json::json!({
        "version": env!("CARGO_PKG_VERSION"),
        "scenario_file": "s.toml",
        "scenario_text": format!("{SWEEP}\n{POINTS}"),
        "overrides": [],
        "first": 0,
        "end": 6,
    });
    change(&mut question);
    sandbox.write("out.unfinished/job.json", question.to_string());
}

fn resume(sandbox: &Sandbox, more: &[&str]) -> Outcome {
    let mut words = vec!["sweep", "s.toml", "-o", "out", "--no-charts", "--resume"];
    words.extend(more);
    sandbox.pairbond(&words)
}

#[test]
fn a_flipped_byte_in_a_journal_is_reported_with_file_and_byte_and_nothing_is_changed() {
    let (sandbox, sound) = unfinished();
    let record = sound.len() / 6;
    for place in [3 * record + 2, 3 * record + 10, 4 * record - 1] {
        let mut journal = sound.clone();
        journal[place] ^= 0x10;
        sandbox.write("out.unfinished/jobs.journal", &journal);
        let outcome = resume(&sandbox, &[]).code(1);
        let told = format!(
            "error: out.unfinished/jobs.journal: damaged at byte {}, after 3 sound jobs; \
             nothing was changed.",
            3 * record
        );
        assert!(outcome.stderr.starts_with(&told), "{}", outcome.stderr);
        let kept = fs::read(sandbox.path("out.unfinished/jobs.journal")).expect("still there");
        assert!(kept == journal);
        assert!(!sandbox.path("out").exists());
    }
    // As the message says: cut there, it goes on.
    let cut = &sound[..3 * record];
    sandbox.write("out.unfinished/jobs.journal", cut);
    resume(&sandbox, &[]).code(0);
    sandbox
        .pairbond(&["sweep", "s.toml", "--no-charts", "-o", "whole"])
        .code(0);
    assert!(sandbox.files("out") == sandbox.files("whole"));
}

#[test]
fn a_flipped_byte_in_a_shard_is_reported_at_merge_and_nothing_is_changed() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", SWEEP);
    sandbox.write("points.csv", POINTS);
    for (number, out) in [("1/2", "a"), ("2/2", "b")] {
        sandbox
            .pairbond(&["sweep", "s.toml", "--shard", number, "-o", out])
            .code(0);
    }
    let mut journal = fs::read(sandbox.path("b/jobs.journal")).expect("a journal");
    let middle = journal.len() / 2;
    journal[middle] ^= 1;
    sandbox.write("b/jobs.journal", &journal);
    let outcome = sandbox.pairbond(&["merge", "a", "b", "-o", "m"]).code(1);
    assert_eq!(
        outcome.stderr,
        "error: b: jobs.journal is changed since it was written\n"
    );
    let kept = fs::read(sandbox.path("b/jobs.journal")).expect("still there");
    assert!(kept == journal);
    assert_eq!(sandbox.entries(), ["a", "b", "points.csv", "s.toml"]);
    // So it is by `verify`, which lives the shard again.
    sandbox.pairbond(&["verify", "a"]).code(0);
    let outcome = sandbox.pairbond(&["verify", "b"]).code(1);
    assert!(
        outcome.stderr.contains("jobs.journal: changed"),
        "{}",
        outcome.stderr
    );
    let outcome = sandbox.pairbond(&["plot", "a"]).code(1);
    assert!(
        outcome.stderr.contains("pairbond merge"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn whatever_was_changed_since_a_sweep_was_begun_is_named_and_refused() {
    let (sandbox, journal) = unfinished();
    let refused = |what: &str, more: &[&str]| {
        let outcome = resume(&sandbox, more).code(1);
        assert!(
            outcome.stderr.contains(what),
            "no {what} in {}",
            outcome.stderr
        );
        assert!(outcome.stderr.contains("the scenario changed"));
        let kept = fs::read(sandbox.path("out.unfinished/jobs.journal")).expect("still there");
        assert!(kept == journal);
        assert!(!sandbox.path("out").exists());
    };
    sandbox.write("s.toml", SWEEP.replace("days = 10", "days = 11"));
    refused("- days = 10", &[]);
    refused("+ days = 11", &[]);
    sandbox.write("s.toml", SWEEP);
    sandbox.write("points.csv", POINTS.replace("0.4,false", "0.45,false"));
    refused("- 0.4,false", &[]);
    refused("+ 0.45,false", &[]);
    sandbox.write("points.csv", POINTS);
    refused("none became run.couples=31", &["--set", "run.couples=31"]);
    refused("none became run.seed=9", &["--seed", "9"]);
    refused("jobs 1 to 6 became 1 to 3", &["--shard", "1/2"]);
    ask(&sandbox, |question| question["version"] = "0.0.9".into());
    refused("version 0.0.9 became", &[]);
    ask(&sandbox, |question| {
        question["overrides"] = vec!["run.days=5"].into();
    });
    refused("run.days=5 became none", &[]);
    sandbox.write("out.unfinished/job.json", "{\"version\"");
    let outcome = resume(&sandbox, &[]).code(1);
    assert!(outcome.stderr.contains("job.json"), "{}", outcome.stderr);
    ask(&sandbox, |_| ());
    resume(&sandbox, &[]).code(0);
}
