//! Journals that are damaged, and questions that changed: refused with what is wrong, and nothing
//! is lost.

use crate::desk::{Desk, Said};
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

/// A desk with an unfinished sweep of six jobs, all of them written down; and its journal.
fn unfinished() -> (Desk, Vec<u8>) {
    let desk = Desk::new();
    desk.write("s.toml", SWEEP);
    desk.write("points.csv", POINTS);
    // Shards' journals, one after the other, are that of the whole.
    let mut journal = Vec::new();
    for number in ["1/2", "2/2"] {
        desk.pairbond(&["sweep", "s.toml", "--shard", number, "-o", "half"])
            .code(0);
        journal.extend(fs::read(desk.path("half/jobs.journal")).expect("a journal"));
        fs::remove_dir_all(desk.path("half")).expect("ours");
    }
    fs::create_dir(desk.path("out.unfinished")).expect("writable");
    desk.write("out.unfinished/jobs.journal", &journal);
    ask(&desk, |_| ());
    (desk, journal)
}

/// Writes down what the unfinished sweep was asked, changed in some way.
fn ask(desk: &Desk, change: impl FnOnce(&mut serde_json::Value)) {
    let mut question = serde_json::json!({
        "version": env!("CARGO_PKG_VERSION"),
        "scenario_file": "s.toml",
        "scenario_text": format!("{SWEEP}\n{POINTS}"),
        "overrides": [],
        "first": 0,
        "end": 6,
    });
    change(&mut question);
    desk.write("out.unfinished/question.json", question.to_string());
}

fn resume(desk: &Desk, more: &[&str]) -> Said {
    let mut words = vec!["sweep", "s.toml", "-o", "out", "--no-charts", "--resume"];
    words.extend(more);
    desk.pairbond(&words)
}

#[test]
fn a_flipped_byte_in_a_journal_is_told_with_file_and_byte_and_nothing_is_changed() {
    let (desk, sound) = unfinished();
    let record = sound.len() / 6;
    for place in [3 * record + 2, 3 * record + 10, 4 * record - 1] {
        let mut journal = sound.clone();
        journal[place] ^= 0x10;
        desk.write("out.unfinished/jobs.journal", &journal);
        let said = resume(&desk, &[]).code(1);
        let told = format!(
            "error: out.unfinished/jobs.journal: damaged at byte {}, after 3 sound jobs; \
             nothing was changed.",
            3 * record
        );
        assert!(said.err.starts_with(&told), "{}", said.err);
        let kept = fs::read(desk.path("out.unfinished/jobs.journal")).expect("still there");
        assert!(kept == journal);
        assert!(!desk.path("out").exists());
    }
    // As the message says: cut there, it goes on.
    let cut = &sound[..3 * record];
    desk.write("out.unfinished/jobs.journal", cut);
    resume(&desk, &[]).code(0);
    desk.pairbond(&["sweep", "s.toml", "--no-charts", "-o", "whole"])
        .code(0);
    assert!(desk.files("out") == desk.files("whole"));
}

#[test]
fn a_flipped_byte_in_a_shard_is_told_at_merge_and_nothing_is_changed() {
    let desk = Desk::new();
    desk.write("s.toml", SWEEP);
    desk.write("points.csv", POINTS);
    for (number, out) in [("1/2", "a"), ("2/2", "b")] {
        desk.pairbond(&["sweep", "s.toml", "--shard", number, "-o", out])
            .code(0);
    }
    let mut journal = fs::read(desk.path("b/jobs.journal")).expect("a journal");
    let middle = journal.len() / 2;
    journal[middle] ^= 1;
    desk.write("b/jobs.journal", &journal);
    let said = desk.pairbond(&["merge", "a", "b", "-o", "m"]).code(1);
    assert_eq!(
        said.err,
        "error: b: jobs.journal is changed since it was written\n"
    );
    let kept = fs::read(desk.path("b/jobs.journal")).expect("still there");
    assert!(kept == journal);
    assert_eq!(desk.left(), ["a", "b", "points.csv", "s.toml"]);
    // So it is by `verify`, which lives the shard again.
    desk.pairbond(&["verify", "a"]).code(0);
    let said = desk.pairbond(&["verify", "b"]).code(1);
    assert!(said.err.contains("jobs.journal: changed"), "{}", said.err);
    let said = desk.pairbond(&["plot", "a"]).code(1);
    assert!(said.err.contains("pairbond merge"), "{}", said.err);
}

#[test]
fn whatever_was_changed_since_a_sweep_was_begun_is_named_and_refused() {
    let (desk, journal) = unfinished();
    let refused = |what: &str, more: &[&str]| {
        let said = resume(&desk, more).code(1);
        assert!(said.err.contains(what), "no {what} in {}", said.err);
        assert!(said.err.contains("the scenario changed"));
        let kept = fs::read(desk.path("out.unfinished/jobs.journal")).expect("still there");
        assert!(kept == journal);
        assert!(!desk.path("out").exists());
    };
    desk.write("s.toml", SWEEP.replace("days = 10", "days = 11"));
    refused("- days = 10", &[]);
    refused("+ days = 11", &[]);
    desk.write("s.toml", SWEEP);
    desk.write("points.csv", POINTS.replace("0.4,false", "0.45,false"));
    refused("- 0.4,false", &[]);
    refused("+ 0.45,false", &[]);
    desk.write("points.csv", POINTS);
    refused("none became run.couples=31", &["--set", "run.couples=31"]);
    refused("none became run.seed=9", &["--seed", "9"]);
    refused("jobs 1 to 6 became 1 to 3", &["--shard", "1/2"]);
    ask(&desk, |question| question["version"] = "0.0.9".into());
    refused("version 0.0.9 became", &[]);
    ask(&desk, |question| {
        question["overrides"] = vec!["run.days=5"].into();
    });
    refused("run.days=5 became none", &[]);
    desk.write("out.unfinished/question.json", "{\"version\"");
    let said = resume(&desk, &[]).code(1);
    assert!(said.err.contains("question.json"), "{}", said.err);
    ask(&desk, |_| ());
    resume(&desk, &[]).code(0);
}
