//! Finished sweeps that are enlarged: what was run is not run again, and the results are those of a sweep
//! that was asked for all at once.

use crate::test_support::{Outcome, Sandbox, same_files};
use std::fs;

/// Sixteen Sobol' points with two replicates.
const SOBOL: &str = "\
title = \"grow\"
[run]
couples = 40
days = 10
replicates = 2
[sweep]
design = \"sobol\"
points = 16
measures = [\"mean trust\"]
[[sweep.axis]]
key = \"traits.openness\"
range = [0.5, 1.5]
";

const MORE_POINTS: &[&str] = &["--set", "sweep.points=32"];
const MORE_REPLICATES: &[&str] = &["--set", "run.replicates=4"];

/// A sweep of `s.toml`, which must have this exit code.
fn sweep(sandbox: &Sandbox, out: &str, more: &[&str], code: i32) -> Outcome {
    let words = [&["sweep", "s.toml", "-o", out][..], more].concat();
    sandbox.pairbond(&words).code(code)
}

/// A sandbox with this scenario, and its results in `old`.
fn finished(scenario: &str, more: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", scenario);
    sweep(&sandbox, "old", &[&["-q", "--no-charts"], more].concat(), 0);
    sandbox
}

/// Asserts that a sweep takes so many runs from `old` and simulates so many, and has the bytes of one that
/// simulates all.
fn assert_enlarged(sandbox: &Sandbox, more: &[&str], taken: u64, simulated: u64) {
    let reuse = [more, &["--reuse", "old"]].concat();
    let outcome = sweep(sandbox, "enlarged", &reuse, 0);
    let expected = format!("  {taken} runs taken from old\n  {simulated} runs simulated\n");
    assert!(
        outcome.stdout.contains(&expected),
        "{more:?}: {}",
        outcome.stdout
    );
    sweep(sandbox, "at_once", more, 0);
    same_files(&sandbox.files("at_once"), &sandbox.files("enlarged"));
    for folder in ["at_once", "enlarged"] {
        fs::remove_dir_all(sandbox.path(folder)).expect("ours");
    }
}

/// Asserts that nothing can be reused for this reason, and that nothing is written.
fn assert_refused(sandbox: &Sandbox, more: &[&str], folder: &str, reason: &str) {
    let before = sandbox.entries();
    for dry_run in [&["--dry-run"][..], &[]] {
        let words = [more, dry_run, &["--reuse", folder]].concat();
        let outcome = sweep(sandbox, "out", &words, 2);
        assert!(outcome.stdout.is_empty(), "{outcome:?}");
        assert!(outcome.stderr.contains(reason), "{}", outcome.stderr);
        assert_eq!(sandbox.entries(), before);
    }
}

#[test]
fn more_points_and_more_replicates_simulate_only_what_is_new() {
    let sandbox = finished(SOBOL, &[]);
    let both = [MORE_POINTS, MORE_REPLICATES].concat();
    assert_enlarged(&sandbox, MORE_POINTS, 32, 32);
    assert_enlarged(&sandbox, MORE_REPLICATES, 32, 32);
    assert_enlarged(&sandbox, &both, 32, 96);
    assert_enlarged(&sandbox, &[&both[..], &["--threads", "1"]].concat(), 32, 96);
    assert_enlarged(
        &sandbox,
        &[&both[..], &["--format", "parquet"]].concat(),
        32,
        96,
    );
    // Fewer are taken too, and all of them.
    assert_enlarged(&sandbox, &["--set", "run.replicates=1"], 16, 0);
    assert_enlarged(&sandbox, &[], 32, 0);
    let dry_run = [&both[..], &["--dry-run", "--reuse", "old"]].concat();
    let outcome = sweep(&sandbox, "out", &dry_run, 0);
    let lines = "runs         128, of which 32 are reused and 96 are simulated\n\
                 couple-days  38400\n";
    assert!(outcome.stdout.contains(lines), "{}", outcome.stdout);
    // The outcomes of both are in the results of the second.
    let reuse = [&both[..], &["--reuse", "old"]].concat();
    sweep(&sandbox, "new", &reuse, 0);
    let outcome = sweep(
        &sandbox,
        "again",
        &[&both[..], &["--reuse", "new"]].concat(),
        0,
    );
    assert!(
        outcome
            .stdout
            .contains("128 runs taken from new\n  0 runs simulated")
    );
    sandbox.pairbond(&["verify", "new"]).code(0);
}

#[test]
fn designs_reuse_the_points_that_they_keep_when_they_grow() {
    let axis = |more: &str| {
        format!(
            "[[sweep.axis]]\nkey = \"traits.consistency\"\nname = \"x\"\nrange = [0.1, 0.9]\n{more}"
        )
    };
    let values = |list: &str| {
        format!(
            "[[sweep.axis]]\nkey = \"parameters.trust_rate\"\nname = \"y\"\nvalues = [{list}]\n"
        )
    };
    let points = |count: u32, more: &str| {
        format!(
            "points = {count}\n{more}{}{}",
            axis(""),
            values("0.02, 0.1")
        )
    };
    let one = |steps: u32| axis(&format!("steps = {steps}\nbaseline = 0.1\n"));
    let cases = [
        (
            "grid",
            axis("steps = 3\n") + &values("0.02, 0.1"),
            axis("steps = 5\n") + &values("0.02, 0.05, 0.1"),
            6,
            9,
        ),
        (
            "list",
            axis("steps = 2\n") + &values("0.02, 0.1"),
            axis("steps = 3\n") + &values("0.02, 0.05, 0.1"),
            2,
            1,
        ),
        ("one-at-a-time", one(3), one(5), 3, 2),
        ("sobol", points(8, ""), points(16, ""), 8, 8),
        ("halton", points(5, ""), points(7, ""), 5, 2),
        ("saltelli", points(4, ""), points(8, ""), 16, 16),
        (
            "saltelli",
            points(4, ""),
            // With two axes the hybrids of B are those of A.
            points(4, "second_order = true\n"),
            24,
            0,
        ),
        (
            "saltelli",
            points(8, "scrambles = 4\n"),
            points(16, "scrambles = 4\n"),
            32,
            32,
        ),
        (
            "morris",
            points(3, "levels = 100\n"),
            points(5, "levels = 100\n"),
            9,
            6,
        ),
    ];
    let scenario = |own_draws: bool, design: &str, rest: &str| {
        let common = if own_draws {
            "common_random_numbers = false\n"
        } else {
            ""
        };
        format!(
            "title = \"t\"\n[run]\ncouples = 10\ndays = 2\n[sweep]\ndesign = \"{design}\"\n{common}\
             measures = [\"mean trust\"]\n{rest}"
        )
    };
    for (design, before, after, taken, simulated) in cases {
        for own_draws in [false, true] {
            let sandbox = finished(&scenario(own_draws, design, &before), &[]);
            sandbox.write("s.toml", scenario(own_draws, design, &after));
            assert_enlarged(&sandbox, &["--no-charts"], taken, simulated);
        }
    }
    // The points of a larger Latin hypercube are others.
    let latin = |count| scenario(false, "latin-hypercube", &points(count, ""));
    let sandbox = finished(&latin(8), &[]);
    sandbox.write("s.toml", latin(16));
    assert_refused(&sandbox, &[], "old", "sweep.points: 8 there, 16 here");
}

#[test]
fn a_table_of_points_with_more_rows_in_another_order_simulates_the_new_ones() {
    let head = SOBOL.split("[sweep]").next().expect("a head");
    let text = format!("{head}[sweep]\ndesign = \"table\"\ntable = \"points.csv\"\n");
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", &text);
    sandbox.write("points.csv", "traits.openness\n0.5\n0.75\n");
    sweep(&sandbox, "old", &["-q", "--no-charts"], 0);
    sandbox.write("points.csv", "traits.openness\n0.6\n0.7\n");
    assert_refused(
        &sandbox,
        &[],
        "old",
        "no key differs, but the points have other values",
    );
    sandbox.write("points.csv", "traits.openness\n0.75\n1.25\n0.5\n");
    assert_enlarged(&sandbox, &[], 4, 2);
    // An axis with the value that the scenario had is no other configuration.
    let rate = ["--set", "parameters.trust_rate=0.05"];
    sweep(
        &sandbox,
        "old",
        &[&["-q", "--force", "--no-charts"], &rate[..]].concat(),
        0,
    );
    sandbox.write(
        "points.csv",
        "traits.openness,parameters.trust_rate\n1,0.05\n0.75,0.05\n",
    );
    assert_enlarged(&sandbox, &[], 2, 2);
}

#[test]
fn a_stricter_stopping_rule_simulates_the_missing_tail() {
    let scenario = |half_width: f64| {
        let until =
            format!("until = {{ half_width = {half_width}, of = \"mean trust\", max = 400 }}\n");
        let few = SOBOL.replace("couples = 40", "couples = 3");
        few.replace("measures", &format!("{until}measures"))
    };
    let runs = |sandbox: &Sandbox, folder: &str| {
        let table = sandbox.table(&format!("{folder}/points.csv"));
        table.numbers("runs")
    };
    let sandbox = finished(&scenario(0.02), &[]);
    let before = runs(&sandbox, "old");
    sandbox.write("s.toml", scenario(0.01));
    sweep(&sandbox, "strict", &["-q"], 0);
    let after = runs(&sandbox, "strict");
    assert!(before.iter().zip(&after).all(|(one, other)| one <= other));
    let (taken, all): (f64, f64) = (before.iter().sum(), after.iter().sum());
    assert!(taken > 32.0 && all > taken, "{taken} {all}");
    assert_enlarged(&sandbox, &[], taken as u64, (all - taken) as u64);
    // A laxer rule, and a fixed number, take the first of the known runs.
    fs::rename(sandbox.path("old"), sandbox.path("first")).expect("ours");
    fs::rename(sandbox.path("strict"), sandbox.path("old")).expect("ours");
    sandbox.write("s.toml", scenario(0.02));
    assert_enlarged(&sandbox, &[], taken as u64, 0);
    sandbox.write("s.toml", SOBOL.replace("couples = 40", "couples = 3"));
    assert_enlarged(&sandbox, &[], 32, 0);
}

#[test]
fn jobs_that_hold_a_part_of_a_points_replicates_are_reused() {
    let two = SOBOL.replace("points = 16", "points = 2");
    let sandbox = finished(&two, &["--set", "run.replicates=70"]);
    assert_enlarged(&sandbox, &["--set", "run.replicates=150"], 140, 160);
    assert_enlarged(&sandbox, &["--set", "run.replicates=66"], 132, 0);
}

#[test]
fn rows_of_couples_and_measures_are_taken_as_far_as_they_are_requested() {
    let text = SOBOL
        .replace("points = 16", "points = 4\ncouples = true")
        .replace(
            "[\"mean trust\"]",
            "[\"sd trust\", \"mean trust\", \"share intact\"]",
        );
    let sandbox = finished(&text, &["--set", "run.replicates=3"]);
    assert_enlarged(
        &sandbox,
        &["--set", "run.replicates=5", "--set", "sweep.points=8"],
        12,
        28,
    );
    let fewer = "sweep.measures=[\"share intact\", \"sd trust\"]";
    assert_enlarged(&sandbox, &["--set", fewer], 8, 0);
    assert_enlarged(
        &sandbox,
        &["--set", fewer, "--set", "sweep.couples=false"],
        8,
        0,
    );
    let other = ["--set", "sweep.measures=[\"mean trust\", \"mean stress\"]"];
    assert_refused(
        &sandbox,
        &other,
        "old",
        "it does not measure `mean stress`, which",
    );
    sweep(
        &sandbox,
        "without",
        &["-q", "--set", "sweep.couples=false"],
        0,
    );
    assert_refused(
        &sandbox,
        &[],
        "without",
        "does not have the rows of its couples",
    );
}

#[test]
fn shards_reuse_and_are_reused_and_merge_to_the_same_bytes() {
    let sandbox = finished(SOBOL, &[]);
    let both = [MORE_POINTS, MORE_REPLICATES].concat();
    sweep(&sandbox, "at_once", &both, 0);
    for (shard, out) in [("1/2", "a"), ("2/2", "b")] {
        let words = [&both[..], &["--shard", shard, "--reuse", "old"]].concat();
        let outcome = sweep(&sandbox, out, &words, 0);
        // All old points are in the first half.
        let (taken, simulated) = if out == "a" { (32, 32) } else { (0, 64) };
        let expected = format!("{taken} runs taken from old\n  {simulated} runs simulated\n");
        assert!(outcome.stdout.contains(&expected), "{}", outcome.stdout);
    }
    sandbox
        .pairbond(&["merge", "b", "a", "-o", "merged"])
        .code(0);
    same_files(&sandbox.files("at_once"), &sandbox.files("merged"));
    assert!(sandbox.files("merged").contains_key("jobs.journal"));
    let outcome = sweep(
        &sandbox,
        "again",
        &[&both[..], &["--reuse", "b", "--reuse", "a"]].concat(),
        0,
    );
    let expected = "64 runs taken from b\n  64 runs taken from a\n  0 runs simulated\n";
    assert!(outcome.stdout.contains(expected), "{}", outcome.stdout);
    same_files(&sandbox.files("at_once"), &sandbox.files("again"));
}

#[test]
fn an_interrupted_reuse_resumes_to_the_same_bytes() {
    let sandbox = finished(SOBOL, &[]);
    let both = [MORE_POINTS, MORE_REPLICATES].concat();
    sweep(&sandbox, "at_once", &both, 0);
    let shard = [&both[..], &["-q", "--shard", "1/4", "--reuse", "old"]].concat();
    sweep(&sandbox, "quarter", &shard, 0);
    let question = serde_json::json!({
        "version": env!("CARGO_PKG_VERSION"),
        "scenario_file": "s.toml",
        "scenario_text": SOBOL,
        "overrides": ["sweep.points=32", "run.replicates=4"],
        "first": 0,
        "end": 32,
    });
    for (more, counts) in [
        (
            &["--reuse", "old"][..],
            "  18 runs taken from old\n  82 runs simulated\n",
        ),
        (&[], ""),
    ] {
        fs::create_dir(sandbox.path("out.unfinished")).expect("writable");
        sandbox.write("out.unfinished/job.json", question.to_string());
        let journal = fs::read(sandbox.path("quarter/jobs.journal")).expect("a journal");
        sandbox.write("out.unfinished/jobs.journal", &journal[..journal.len() - 7]);
        if more.is_empty() {
            sandbox.write("out.unfinished/jobs.journal", &journal);
        }
        let words = [&both[..], more, &["--resume"]].concat();
        let outcome = sweep(&sandbox, "out", &words, 0);
        assert!(outcome.stdout.contains(counts), "{}", outcome.stdout);
        same_files(&sandbox.files("at_once"), &sandbox.files("out"));
        fs::remove_dir_all(sandbox.path("out")).expect("ours");
    }
}

/// The manifest of `folder` with a text replaced.
fn change_manifest(sandbox: &Sandbox, folder: &str, from: &str, to: &str) {
    let name = format!("{folder}/manifest.json");
    let text = sandbox.read(&name);
    assert!(text.contains(from), "{text}");
    sandbox.write(&name, text.replace(from, to));
}

#[test]
fn folders_that_cannot_be_reused_are_refused_with_what_differs() {
    let sandbox = finished(SOBOL, &[]);
    let copy = |name: &str| {
        fs::create_dir(sandbox.path(name)).expect("writable");
        for (file, bytes) in sandbox.files("old") {
            sandbox.write(&format!("{name}/{file}"), bytes);
        }
    };
    let refused =
        |folder: &str, reason: &str| assert_refused(&sandbox, MORE_POINTS, folder, reason);
    for (folder, file) in [("table", "runs.csv"), ("journal", "jobs.journal")] {
        copy(folder);
        let name = format!("{folder}/{file}");
        let mut bytes = fs::read(sandbox.path(&name)).expect("a file");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        sandbox.write(&name, bytes);
        refused(
            folder,
            &format!("cannot reuse {folder}: {file} is changed since it was written"),
        );
        fs::remove_file(sandbox.path(&name)).expect("ours");
        refused(folder, &format!("{file} is missing"));
    }
    copy("version");
    change_manifest(&sandbox, "version", env!("CARGO_PKG_VERSION"), "0.0.9");
    refused("version", "version 0.0.9 made it, and this is version");
    copy("formerly");
    change_manifest(
        &sandbox,
        "formerly",
        "\"jobs.journal\"",
        "\"other.journal\"",
    );
    refused(
        "formerly",
        "it has no `jobs.journal` with the outcomes of its runs",
    );
    // A manifest that says of another scenario that these are its results.
    copy("days");
    change_manifest(&sandbox, "days", "days = 10", "days = 20");
    refused("days", "manifest.json is not that of its scenario");
    sandbox.run("run", &[]).code(0);
    refused("run", "it holds results of `run`, not of a sweep");
    refused("nowhere", "nowhere: there is no such folder");
    fs::create_dir(sandbox.path("begun.unfinished")).expect("writable");
    sandbox.write(
        "begun.unfinished/job.json",
        "{\"version\":\"\",\"scenario_file\":\"\",\"scenario_text\":\"\",\"overrides\":[],\
         \"first\":0,\"end\":1}",
    );
    refused("begun", "cannot reuse begun: it is not finished");
    refused("begun.unfinished", "it is not finished");
    // Which keys keep them from having a run in common.
    let apart = |sets: &[&str], reason: &str| {
        let sets: Vec<&str> = sets.iter().flat_map(|set| ["--set", *set]).collect();
        assert_refused(&sandbox, &sets, "old", reason);
    };
    let none = "cannot reuse old: none of its 32 runs is one of this sweep\n  ";
    apart(
        &["run.days=11"],
        &format!("{none}run.days: 10 there, 11 here\n"),
    );
    apart(
        &["run.seed=2", "sweep.seed=1", "run.replicates=3"],
        &format!("{none}run.seed: 1 there, 2 here\n"),
    );
    apart(
        &["sweep.axis.1.range=[0.5, 1.4]", "mechanisms.repair=false"],
        &format!(
            "{none}mechanisms.repair: true there, false here\n  \
             sweep.axis.1.range: [0.5,1.5] there, [0.5,1.4] here\n"
        ),
    );
    let many = ["--set", "sweep.points=33554432"];
    assert_refused(&sandbox, &many, "old", "more than 16777216 points");
    // One folder that is of no use is refused next to one that is.
    sweep(&sandbox, "other", &["-q", "--set", "run.days=11"], 0);
    assert_refused(
        &sandbox,
        &["--reuse", "old"],
        "other",
        "cannot reuse other: none of",
    );
    // Results do not replace what they are made from.
    let outcome = sweep(&sandbox, "old", &["--force", "--reuse", "old"], 2);
    assert!(
        outcome.stderr.contains("which this command reads"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn outcomes_that_are_not_those_of_the_scenario_are_found_out() {
    let sandbox = finished(SOBOL, &[]);
    sweep(
        &sandbox,
        "other",
        &["-q", "--no-charts", "--seed", "2", "--set", "sweep.seed=1"],
        0,
    );
    // The journal of other runs, with its hash in the manifest.
    let hash = |folder: &str| {
        let manifest: serde_json::Value =
            serde_json::from_str(&sandbox.read(&format!("{folder}/manifest.json"))).expect("JSON");
        let files = manifest["files"].as_array().expect("files").iter();
        let journal = files
            .into_iter()
            .find(|file| file["name"] == "jobs.journal");
        journal.expect("a journal")["blake3"]
            .as_str()
            .expect("a hash")
            .to_owned()
    };
    change_manifest(&sandbox, "old", &hash("old"), &hash("other"));
    let journal = fs::read(sandbox.path("other/jobs.journal")).expect("a journal");
    sandbox.write("old/jobs.journal", journal);
    let reason = "cannot reuse old: replicate 1 of point 1 of this sweep, simulated again";
    assert_refused(&sandbox, MORE_POINTS, "old", reason);
}

#[test]
fn points_that_failed_fail_again() {
    let text = SOBOL
        .replace("traits.openness\"", "traits.openness.low\"")
        .replace(
            "[sweep]",
            "[traits]\nopenness = { dist = \"uniform\", low = 0.2, high = 1.0 }\n[sweep]",
        );
    let sandbox = finished(&text, &[]);
    let failed = sandbox.table("old/points.csv");
    let failed = failed
        .column("status")
        .iter()
        .filter(|status| *status == "failed");
    assert_eq!(failed.count(), 8);
    assert_enlarged(&sandbox, MORE_POINTS, 16, 16);
}
