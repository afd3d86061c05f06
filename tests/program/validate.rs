//! `validate`: published numbers held against the model, from words to files.

use crate::test_support::{Sandbox, same_files};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Studies as small as the command allows, of what one population's diary tells.
const DIARY: &[&str] = &["validate", "C10", "C14", "--couples", "400"];

fn words<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [DIARY, more].concat()
}

/// Rows of a table, each by its columns' names.
fn rows(table: &str) -> Vec<Vec<(String, String)>> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let names = reader.headers().expect("a head").clone();
    let records = reader.records().map(|record| record.expect("a row"));
    records
        .map(|record| {
            let cells = names.iter().zip(record.iter());
            cells.map(|(n, c)| (n.to_owned(), c.to_owned())).collect()
        })
        .collect()
}

fn cell<'a>(row: &'a [(String, String)], column: &str) -> &'a str {
    let found = row.iter().find(|(name, _)| name == column);
    &found.unwrap_or_else(|| panic!("no column {column}")).1
}

#[test]
fn all_targets_leave_tables_charts_and_a_complete_codebook() {
    let sandbox = Sandbox::new();
    let outcome = sandbox
        .pairbond(&["validate", "--couples", "200", "-o", "out"])
        .code(0);
    assert_eq!(outcome.stderr, "");
    let files = sandbox.files("out");
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    let expected = [
        "codebook.csv",
        "manifest.json",
        "report.html",
        "targets.csv",
        "targets.png",
        "targets.svg",
    ];
    assert_eq!(names, expected);
    let targets = sandbox.read("out/targets.csv");
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("validation/targets.csv");
    let published = rows(&fs::read_to_string(table).expect("the published numbers"));
    let found = rows(&targets);
    assert_eq!(found.len(), published.len());
    for (row, target) in found.iter().zip(&published) {
        assert_eq!(cell(row, "target"), cell(target, "id"));
        let name = format!("{} {}", cell(target, "id"), cell(target, "part"));
        assert!(outcome.stdout.contains(name.trim_end()), "{name}");
    }
    let book = sandbox.read("out/codebook.csv");
    let head = targets.lines().next().expect("a head");
    for column in head.split(',') {
        assert!(book.contains(&format!("targets,{column},")), "{column}");
    }
    assert_eq!(book.lines().count(), 1 + head.split(',').count());
}

#[test]
fn results_are_the_same_for_any_number_of_threads_and_verified() {
    let sandbox = Sandbox::new();
    for (out, threads) in [("one", "1"), ("two", "2")] {
        sandbox
            .pairbond(&words(&["-o", out, "--threads", threads]))
            .code(0);
    }
    same_files(&sandbox.files("one"), &sandbox.files("two"));
    let outcome = sandbox.pairbond(&["verify", "one"]).code(0);
    assert!(outcome.stdout.contains("a new run gives the same bytes"));
    let table = sandbox.read("one/targets.csv");
    let first = rows(&table);
    let old = cell(&first[0], "simulated").to_owned();
    sandbox.write("one/targets.csv", table.replacen(&old, "0.125", 1));
    let outcome = sandbox.pairbond(&["verify", "one"]).code(1);
    assert!(
        outcome.stderr.contains("targets, row 1"),
        "{}",
        outcome.stderr
    );
    assert!(outcome.stderr.contains("simulated"), "{}", outcome.stderr);
}

#[test]
fn an_ablation_has_a_table_and_a_chart_and_is_verified() {
    let sandbox = Sandbox::new();
    let small = ["--couples", "200", "--ablation", "--seed", "3"];
    let words = [&["validate", "C10", "C14", "-o", "out"][..], &small].concat();
    let outcome = sandbox.pairbond(&words).code(0);
    assert!(
        outcome.stdout.contains("what each mechanism carries"),
        "{}",
        outcome.stdout
    );
    let rows = rows(&sandbox.read("out/ablation.csv"));
    let mechanisms: BTreeSet<&str> = rows.iter().map(|row| cell(row, "mechanism")).collect();
    assert!(mechanisms.contains("mood") && mechanisms.len() > 20);
    assert_eq!(rows.len(), 2 * mechanisms.len());
    let chart = sandbox.read("out/ablation.svg");
    assert!(chart.contains("Published numbers and simulated ones"));
    assert!(chart.contains("n = 200 couples per cohort"));
    sandbox.pairbond(&["verify", "out"]).code(0);
    let outcome = sandbox.pairbond(&["plot", "out", "-o", "charts"]).code(0);
    assert_eq!(outcome.stdout, "4 charts in charts\n");
    for name in ["targets.svg", "targets.png", "ablation.svg", "ablation.png"] {
        let picture = |folder: &str| fs::read(sandbox.path(folder).join(name)).expect("a picture");
        assert!(picture("out") == picture("charts"), "{name} differs");
    }
}

#[test]
fn a_verdict_that_differs_from_an_earlier_one_fails_and_is_named() {
    let sandbox = Sandbox::new();
    sandbox
        .pairbond(&words(&["-o", "out", "--no-charts"]))
        .code(0);
    let table = sandbox.read("out/targets.csv");
    let outcome = sandbox
        .pairbond(&words(&["--against", "out/targets.csv"]))
        .code(0);
    assert_eq!(outcome.stderr, "");
    let first = rows(&table);
    let (verdict, id) = (cell(&first[0], "verdict"), cell(&first[0], "target"));
    let other = if verdict == "undecided" {
        "reproduced"
    } else {
        "undecided"
    };
    let changed = table.replacen(&format!(",{verdict},"), &format!(",{other},"), 1);
    assert_ne!(changed, table);
    sandbox.write("earlier.csv", changed);
    let outcome = sandbox
        .pairbond(&words(&["--against", "earlier.csv"]))
        .code(1);
    let part = format!("{id}: {verdict} here, {other} in the earlier table");
    assert!(outcome.stderr.contains(&part), "{}", outcome.stderr);
    assert_eq!(outcome.stderr.lines().count(), 1, "{}", outcome.stderr);
    // A target that the earlier table lacks is named as well, and one that is not asked for is not.
    let short: Vec<&str> = table.lines().take(2).collect();
    sandbox.write("short.csv", short.join("\n") + "\n");
    let outcome = sandbox
        .pairbond(&words(&["--against", "short.csv"]))
        .code(1);
    assert!(
        outcome.stderr.contains("C14: not in the earlier table"),
        "{}",
        outcome.stderr
    );
    let few = [
        "validate",
        "C14",
        "--couples",
        "400",
        "--against",
        "out/targets.csv",
    ];
    sandbox.pairbond(&few).code(0);
}

#[test]
fn a_table_that_is_none_and_a_missing_one_are_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("other.csv", "target,part\nC10,\n");
    let outcome = sandbox
        .pairbond(&words(&["--against", "other.csv"]))
        .code(2);
    for part in ["other.csv", "no column `verdict`"] {
        assert!(outcome.stderr.contains(part), "{}", outcome.stderr);
    }
    let outcome = sandbox
        .pairbond(&words(&["--against", "absent.csv"]))
        .code(2);
    assert!(outcome.stderr.contains("absent.csv"), "{}", outcome.stderr);
}

#[test]
fn an_unknown_target_is_refused_with_what_there_is() {
    let sandbox = Sandbox::new();
    let outcome = sandbox
        .pairbond(&["validate", "C14", "C99", "-o", "out"])
        .code(2);
    for part in ["`C99`", "validation/targets.csv", "C, V or P"] {
        assert!(
            outcome.stderr.contains(part),
            "no {part} in {}",
            outcome.stderr
        );
    }
    assert_eq!(outcome.stdout, "");
    assert_eq!(sandbox.entries(), [""; 0]);
}

#[test]
fn an_unknown_key_is_an_error_with_the_nearest_word() {
    let sandbox = Sandbox::new();
    let outcome = sandbox
        .pairbond(&words(&["--set", "mechanisms.moood=false", "-o", "out"]))
        .code(2);
    for part in ["E007", "moood", "did you mean `mood`"] {
        assert!(
            outcome.stderr.contains(part),
            "no {part} in {}",
            outcome.stderr
        );
    }
    let outcome = sandbox.pairbond(&words(&["--set", "mood"])).code(2);
    assert!(outcome.stderr.contains("mood"), "{}", outcome.stderr);
    assert_eq!(sandbox.entries(), [""; 0]);
}

#[test]
fn without_a_mechanism_daily_statistics_are_others() {
    let sandbox = Sandbox::new();
    sandbox
        .pairbond(&words(&["-o", "with", "--no-charts"]))
        .code(0);
    let off = ["--set", "mechanisms.mood=false"];
    let more = [&["-o", "without", "--no-charts"][..], &off].concat();
    sandbox.pairbond(&words(&more)).code(0);
    let simulated = |out: &str| -> Vec<String> {
        let rows = rows(&sandbox.read(&format!("{out}/targets.csv")));
        rows.iter()
            .map(|row| cell(row, "simulated").to_owned())
            .collect()
    };
    let (with, without) = (simulated("with"), simulated("without"));
    for (one, other) in with.iter().zip(&without) {
        assert_ne!(one, other);
    }
    assert!(
        sandbox
            .read("without/manifest.json")
            .contains("mechanisms.mood=false")
    );
    sandbox.pairbond(&["verify", "without"]).code(0);
}

#[test]
fn an_older_folder_is_replaced_on_request_alone() {
    let sandbox = Sandbox::new();
    sandbox.pairbond(&words(&["-o", "out", "--quiet"])).code(0);
    let old = sandbox.files("out");
    let outcome = sandbox
        .pairbond(&words(&["-o", "out", "--seed", "2"]))
        .code(2);
    assert!(outcome.stderr.contains("--force"), "{}", outcome.stderr);
    same_files(&old, &sandbox.files("out"));
    let outcome = sandbox
        .pairbond(&words(&["-o", "out", "--seed", "2", "--force", "--quiet"]))
        .code(0);
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("", ""));
    assert!(old != sandbox.files("out"));
}

/// Files of `validation` that are scenarios: they say what is run.
fn scenarios() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("validation");
    let entries = fs::read_dir(folder).expect("the folder of populations");
    let paths = entries.map(|entry| entry.expect("a readable entry").path());
    let scenarios = paths.filter(|path| {
        path.extension()
            .is_some_and(|extension| extension == "toml")
            && fs::read_to_string(path).is_ok_and(|text| text.contains("\n[run]\n"))
    });
    scenarios
        .map(|path| {
            path.file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect()
}

#[test]
fn every_population_checks_without_a_warning_but_of_saturated_rates() {
    let named = scenarios();
    assert!(!named.is_empty());
    let sandbox = Sandbox::new();
    for name in named {
        let file = format!("{}/validation/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        let outcome = sandbox.pairbond(&["check", &file]).code(0);
        // Some studies ask for a conflict in every moment, by a rate above the ceiling.
        let mut warnings = outcome
            .stderr
            .lines()
            .filter(|line| line.starts_with("warning") || line.starts_with("error"));
        let saturated = |line: &str| line.starts_with("warning[W011]: conflicts are asked for");
        assert!(warnings.all(saturated), "{name}: {}", outcome.stderr);
    }
}
