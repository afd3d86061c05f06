//! Sweeps as a researcher meets them: run, killed, resumed, cut into shards, merged.

use crate::test_support::Sandbox;
use std::fs;
use std::path::Path;

const SWEEP: &str = r#"
title = "A small sweep"
[run]
seed = 3
couples = 30
days = 40
replicates = 3
[sweep]
design = "grid"
measures = ["mean trust", "share intact", "sd intimacy"]
[[sweep.axis]]
key = "traits.consistency"
name = "consistency"
range = [0.0, 1.0]
steps = 3
[[sweep.axis]]
key = "mechanisms.repair"
name = "repair"
values = [true, false]
"#;

/// Every file of a folder but the manifest, which names the command.
fn bytes(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .expect("a folder of results")
        .map(|entry| entry.expect("a readable entry").path())
        .map(|path| {
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, fs::read(&path).expect("a readable file"))
        })
        .collect();
    files.sort();
    files
}

#[test]
fn a_sweep_gives_the_same_bytes_for_any_threads_and_shards() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", SWEEP);
    sandbox
        .pairbond(&["sweep", "s.toml", "-o", "whole"])
        .code(0);
    sandbox
        .pairbond(&["sweep", "s.toml", "-o", "one", "--threads", "1"])
        .code(0);
    for number in 1..=3 {
        let (shard, out) = (format!("{number}/3"), format!("part{number}"));
        sandbox
            .pairbond(&["sweep", "s.toml", "--shard", &shard, "-o", &out])
            .code(0);
    }
    sandbox
        .pairbond(&["merge", "part3", "part1", "part2", "-o", "merged"])
        .code(0);
    let whole = bytes(&sandbox.path("whole"));
    assert!(whole.iter().any(|(name, _)| name == "summaries.csv"));
    assert!(whole == bytes(&sandbox.path("one")), "one thread");
    assert!(whole == bytes(&sandbox.path("merged")), "three shards");
    sandbox.pairbond(&["verify", "whole"]).code(0);
    assert!(!sandbox.path("whole.unfinished").exists());
}

#[test]
fn shards_that_are_missing_or_of_another_scenario_are_refused_by_name() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", SWEEP);
    sandbox
        .pairbond(&["sweep", "s.toml", "--shard", "1/2", "-o", "a"])
        .code(0);
    let outcome = sandbox.pairbond(&["merge", "a", "-o", "m"]);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(format!("{outcome:?}").contains("2/2"), "{outcome:?}");
    let other = [
        "sweep", "s.toml", "--shard", "2/2", "-o", "b", "--seed", "4",
    ];
    sandbox.pairbond(&other).code(0);
    let outcome = sandbox.pairbond(&["merge", "a", "b", "-o", "m"]);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(
        format!("{outcome:?}").contains("differs from a in scenario"),
        "{outcome:?}"
    );
    assert!(!sandbox.path("m").exists());
}

#[test]
fn a_journal_cut_anywhere_resumes_to_the_same_bytes_and_a_changed_scenario_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", SWEEP);
    sandbox
        .pairbond(&["sweep", "s.toml", "-o", "whole", "--no-charts"])
        .code(0);
    let whole = bytes(&sandbox.path("whole"));
    sandbox
        .pairbond(&["sweep", "s.toml", "--shard", "1/2", "-o", "half"])
        .code(0);
    let journal = fs::read(sandbox.path("half/jobs.journal")).expect("a journal");
    for cut in [0, 1, journal.len() / 3, journal.len() - 1, journal.len()] {
        let out = format!("cut{cut}");
        let folder = sandbox.path(&format!("{out}.unfinished"));
        fs::create_dir(&folder).expect("writable");
        fs::write(folder.join("jobs.journal"), &journal[..cut]).expect("writable");
        let text = serde_text(SWEEP);
        fs::write(folder.join("job.json"), text).expect("writable");
        let resume = ["sweep", "s.toml", "-o", &out, "--no-charts", "--resume"];
        sandbox.pairbond(&resume).code(0);
        assert!(whole == bytes(&sandbox.path(&out)), "cut at {cut}");
    }
    let folder = sandbox.path("changed.unfinished");
    fs::create_dir(&folder).expect("writable");
    fs::write(folder.join("jobs.journal"), &journal).expect("writable");
    fs::write(
        folder.join("job.json"),
        serde_text(&SWEEP.replace("40", "41")),
    )
    .expect("ok");
    let outcome = sandbox.pairbond(&["sweep", "s.toml", "-o", "changed", "--resume"]);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(format!("{outcome:?}").contains("days = 41"), "{outcome:?}");
    let outcome = sandbox.pairbond(&["sweep", "s.toml", "-o", "changed"]);
    assert!(format!("{outcome:?}").contains("--resume"), "{outcome:?}");
}

/// What an unfinished sweep of this scenario was asked: six points, one job each.
fn serde_text(scenario: &str) -> String {
    serde_json::json!({
        "version": env!("CARGO_PKG_VERSION"),
        "scenario_file": "s.toml",
        "scenario_text": scenario,
        "overrides": [],
        "first": 0,
        "end": 6,
    })
    .to_string()
}

#[test]
fn a_table_of_points_travels_with_the_results() {
    let sandbox = Sandbox::new();
    let table = "[sweep]\ndesign = \"table\"\ntable = \"points.csv\"\n";
    let text = SWEEP.split("[sweep]").next().expect("a head").to_owned();
    sandbox.write("t.toml", format!("{text}{table}"));
    sandbox.write(
        "points.csv",
        "traits.consistency,parameters.loss_weight\n0.2,1.5\n0.9,3\n",
    );
    let outcome = sandbox.pairbond(&["sweep", "t.toml", "-o", "out"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    fs::remove_file(sandbox.path("points.csv")).expect("there");
    sandbox.pairbond(&["verify", "out"]).code(0);
}

#[test]
fn a_dry_run_counts_and_writes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", SWEEP);
    let outcome = sandbox.pairbond(&["sweep", "s.toml", "--dry-run"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let text = format!("{outcome:?}");
    assert!(
        text.contains("runs         18") && text.contains("couple-days  21600"),
        "{text}"
    );
    assert!(!sandbox.path("results").exists());
}
