//! Measurements: what is measured, written, compared and refused. Nothing here depends on how fast
//! the machine is.

use crate::test_support::{Outcome, Sandbox};
use serde_json::Value;

const SWEEP: &str = r#"
title = "A small sweep"
[run]
seed = 3
couples = 30
days = 40
replicates = 3
[sweep]
design = "grid"
measures = ["mean trust", "share intact"]
[[sweep.axis]]
key = "traits.consistency"
name = "consistency"
range = [0.0, 1.0]
steps = 3
"#;

/// Every number that stands in a measurement under a name of its own and is above 0.
const POSITIVE: &[&str] = &[
    "ns_cpu_per_couple_day",
    "couple_days_per_cpu_second",
    "couple_days_per_second",
    "efficiency",
    "cores",
    "measured_couple_days",
];

/// A sandbox with a sweep, and a folder of its own for what is temporary.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", SWEEP);
    std::fs::create_dir(sandbox.path("temporary")).expect("writable");
    sandbox
}

/// The words that measure a scenario for so many seconds and rounds, on so many threads.
fn sized<'w>(file: &'w str, [seconds, rounds, threads]: [&'w str; 3]) -> [&'w str; 7] {
    let (time, turns, pool) = ("--seconds", "--rounds", "--threads");
    [file, time, seconds, turns, rounds, pool, threads]
}

fn bench(sandbox: &Sandbox, words: &[&str]) -> Outcome {
    let mut command = sandbox.command(&["bench"]);
    command.args(words).env("TMPDIR", sandbox.path("temporary"));
    Outcome::of(command.output().expect("the program starts"))
}

fn measurement(sandbox: &Sandbox, name: &str) -> Value {
    serde_json::from_str(&sandbox.read(name)).expect("JSON")
}

/// Bytes of all files of a folder.
fn size(sandbox: &Sandbox, folder: &str) -> u64 {
    let files = sandbox.files(folder);
    files.values().map(|bytes| bytes.len() as u64).sum()
}

fn left(sandbox: &Sandbox) -> Vec<String> {
    let mut left = sandbox.entries();
    left.extend(crate::test_support::names(&sandbox.path("temporary")));
    left
}

#[test]
fn a_sweep_is_measured_and_leaves_nothing_but_the_json() {
    let sandbox = sandbox();
    let words = sized("s.toml", ["20", "3", "2"]);
    let outcome = bench(&sandbox, &[&words[..], &["--json", "m.json"]].concat()).code(0);
    assert!(
        outcome.stdout.contains("all 3 jobs (9 runs, "),
        "{outcome:?}"
    );
    assert!(outcome.stdout.contains("peak memory"), "{outcome:?}");
    assert_eq!(outcome.stderr, "");
    assert_eq!(left(&sandbox), ["m.json", "s.toml", "temporary"]);
    let found = measurement(&sandbox, "m.json");
    for key in POSITIVE {
        assert!(
            found[key].as_f64().is_some_and(|value| value > 0.0),
            "{key}: {found:#}"
        );
    }
    assert_eq!(found["command"], "sweep");
    assert_eq!(
        [&found["points"], &found["runs"], &found["measured_jobs"]],
        [3, 9, 3]
    );
    let threads = found["threads"].as_array().expect("a list");
    let counts: Vec<_> = threads.iter().map(|by| by["threads"].as_u64()).collect();
    assert_eq!(counts, [Some(1), Some(2)]);
    for by in threads {
        let [low, high] = ["least", "most"].map(|end| by["efficiency"][end].as_f64());
        assert!(low > Some(0.0) && low <= high, "{by:#}");
    }
    assert_eq!(threads[0]["efficiency"]["most"], 1.0);
    // At most as many as without break-ups.
    let simulated = found["measured_couple_days"].as_u64().expect("a number");
    assert!((1..=9 * 30 * 40).contains(&simulated), "{simulated}");
    if cfg!(target_os = "linux") {
        assert!(
            found["peak_rss_bytes"].as_u64() > Some(1 << 20),
            "{found:#}"
        );
    }
    sandbox.pairbond(&["sweep", "s.toml", "-o", "out"]).code(0);
    assert_eq!(found["output_bytes"].as_u64(), Some(size(&sandbox, "out")));
    assert_eq!(
        found["output_files"].as_u64(),
        Some(sandbox.files("out").len() as u64)
    );
}

#[test]
fn a_scenario_without_a_sweep_is_measured_as_a_run() {
    let sandbox = sandbox();
    let words = sized("small.toml", ["20", "1", "1"]);
    bench(
        &sandbox,
        &[&words[..], &["--json", "m.json", "--quiet"]].concat(),
    )
    .code(0);
    let found = measurement(&sandbox, "m.json");
    assert_eq!(found["command"], "run");
    assert_eq!(
        [&found["points"], &found["runs"], &found["jobs"]],
        [1, 1, 3]
    );
    assert_eq!(found["efficiency"], 1.0);
    sandbox
        .pairbond(&["run", "small.toml", "-o", "out"])
        .code(0);
    assert_eq!(found["output_bytes"].as_u64(), Some(size(&sandbox, "out")));
}

#[test]
fn a_sweep_of_hours_is_measured_in_part() {
    let sandbox = sandbox();
    let words = sized("s.toml", ["1", "2", "1"]);
    let large = [
        "--set",
        "run.couples=100",
        "--set",
        "run.days=3000",
        "--set",
        "run.replicates=64",
    ];
    let many = SWEEP.replace("steps = 3", "steps = 100000");
    sandbox.write("s.toml", many);
    let outcome = bench(
        &sandbox,
        &[&words[..], &large, &["--json", "m.json"]].concat(),
    )
    .code(0);
    assert!(
        outcome.stdout.contains("spread over the design"),
        "{outcome:?}"
    );
    assert!(
        outcome.stdout.contains("whole output  not measured"),
        "{outcome:?}"
    );
    let found = measurement(&sandbox, "m.json");
    assert!(found["measured_jobs"].as_u64() < Some(1000), "{found:#}");
    assert_eq!(found["output_bytes"], Value::Null);
    assert_eq!(found["jobs"], 100_000);
}

#[test]
fn measurements_are_compared_and_what_differs_is_reported() {
    let sandbox = sandbox();
    let words = sized("s.toml", ["5", "2", "1"]);
    bench(
        &sandbox,
        &[&words[..], &["--json", "old.json", "-q"]].concat(),
    )
    .code(0);
    let again = ["--compare", "old.json", "--json", "new.json"];
    let outcome = bench(&sandbox, &[&words[..], &again].concat()).code(0);
    assert!(
        outcome.stdout.contains("ns of CPU a couple-day, threads 1"),
        "{outcome:?}"
    );
    assert!(!outcome.stdout.contains("differs"), "{outcome:?}");
    let output = outcome
        .stdout
        .lines()
        .find(|line| line.starts_with("whole output  ") && line.ends_with("same"));
    assert!(output.is_some(), "{outcome:?}");

    let mut other = measurement(&sandbox, "old.json");
    other["engine"] = "abacus".into();
    other["cores"] = 4096.into();
    other["threads"][0]["ns_cpu_per_couple_day"] =
        serde_json::json!({ "least": 1e9, "median": 2e9, "most": 3e9 });
    sandbox.write("other.json", other.to_string());
    let outcome = bench(
        &sandbox,
        &[&words[..], &["--seed", "4", "--compare", "other.json"]].concat(),
    );
    let outcome = outcome.code(0).stdout;
    for note in [
        "compare two machines",
        "compare two engines",
        "compare two tasks",
    ] {
        assert!(outcome.contains(note), "{outcome}");
    }
    let faster = outcome
        .lines()
        .find(|line| line.starts_with("ns of CPU") && line.ends_with("faster"));
    assert!(faster.is_some(), "{outcome}");
}

#[test]
fn what_is_no_measurement_is_refused_by_file_and_key() {
    let sandbox = sandbox();
    let words = sized("s.toml", ["1", "1", "1"]);
    bench(
        &sandbox,
        &[&words[..], &["--json", "m.json", "-q"]].concat(),
    )
    .code(0);
    let mut faulty = measurement(&sandbox, "m.json");
    faulty["threads"][0]["efficiency"]["least"] = (-1).into();
    sandbox.write("faulty.json", faulty.to_string());
    sandbox.write("foreign.json", "{\"name\": \"something else\"}");
    for (file, outcome) in [
        (
            "faulty.json",
            "error: faulty.json: the key `threads[0].efficiency` does not",
        ),
        (
            "foreign.json",
            "error: foreign.json: is no measurement of `pairbond bench`: its key `program`",
        ),
        (
            "s.toml",
            "error: s.toml: is no measurement of `pairbond bench`: not JSON",
        ),
        ("absent.json", "error: could not read absent.json"),
    ] {
        let refused = bench(&sandbox, &[&words[..], &["--compare", file]].concat()).code(2);
        assert!(refused.stderr.starts_with(outcome), "{refused:?}");
        assert_eq!(refused.stdout, "");
    }
}

#[test]
fn a_file_is_replaced_by_force_and_only_where_it_is_a_measurement() {
    let sandbox = sandbox();
    let words = sized("s.toml", ["1", "1", "1"]);
    let words = [&words[..], &["-q", "--json"]].concat();
    bench(&sandbox, &[&words[..], &["m.json"]].concat()).code(0);
    let kept = sandbox.read("m.json");
    let refused = bench(&sandbox, &[&words[..], &["m.json"]].concat()).code(2);
    assert_eq!(
        refused.stderr,
        "error: m.json already exists (--force replaces it)\n"
    );
    assert_eq!(sandbox.read("m.json"), kept);
    bench(&sandbox, &[&words[..], &["m.json", "--force"]].concat()).code(0);
    let refused = bench(&sandbox, &[&words[..], &["s.toml", "--force"]].concat()).code(2);
    assert!(
        refused
            .stderr
            .contains("it is s.toml, which this command reads"),
        "{refused:?}"
    );
    assert_eq!(sandbox.read("s.toml"), SWEEP);
    let refused = bench(&sandbox, &[&words[..], &["m.json/m.json"]].concat()).code(2);
    assert!(
        refused.stderr.contains("m.json is not a folder"),
        "{refused:?}"
    );
    assert_eq!(left(&sandbox), ["m.json", "s.toml", "temporary"]);
}

#[test]
fn bad_words_and_faulty_scenarios_end_with_2() {
    let sandbox = sandbox();
    sandbox.write("faulty.toml", "title = 3\n");
    for words in [
        &["s.toml", "--seconds", "0"][..],
        &["s.toml", "--rounds", "0"],
        &["s.toml", "--threads", "0"],
        &["s.toml", "--quiet"],
        &["s.toml", "--force"],
        &["s.toml", "--set", "run.couples=none"],
        &["faulty.toml"],
        &["absent.toml"],
        &[],
    ] {
        let outcome = bench(&sandbox, words).code(2);
        assert_ne!(outcome.stderr, "", "{words:?}");
    }
}

#[test]
fn where_every_point_fails_nothing_is_measured() {
    let sandbox = sandbox();
    let axis = "[[sweep.axis]]\nkey = \"run.days\"\nvalues = [10, 20]\n";
    let record = "[record]\nevery = 35\n";
    let head = SWEEP.split("[[sweep.axis]]").next().expect("a head");
    sandbox.write("s.toml", format!("{head}{axis}{record}"));
    let words = sized("s.toml", ["1", "1", "1"]);
    let outcome = bench(&sandbox, &words).code(1);
    assert!(
        outcome.stderr.contains("nothing was measured"),
        "{outcome:?}"
    );
}

#[cfg(unix)]
#[test]
fn an_interrupted_measurement_ends_with_130_and_leaves_nothing() {
    use std::process::Stdio;
    let sandbox = sandbox();
    let large = "run.couples=1000000000";
    let mut command = sandbox.command(&["bench", "small.toml", "--set", large, "--json", "m.json"]);
    command
        .env("TMPDIR", sandbox.path("temporary"))
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    // The folder is made once the program listens.
    while crate::test_support::names(&sandbox.path("temporary")).is_empty() {
        assert_eq!(child.try_wait().expect("a child"), None);
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let outcome = crate::test_support::interrupted(child, "INT");
    assert_eq!(outcome.stderr, "interrupted; no files were written\n");
    assert_eq!(left(&sandbox), ["s.toml", "temporary"]);
}
