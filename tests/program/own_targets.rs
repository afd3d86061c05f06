//! Tables of targets of one's own: the examples of docs/validation.md and docs/calibration.md, and what
//! is refused.

use crate::test_support::{Sandbox, same_files};
use std::fs;
use std::path::Path;

/// What stands below a heading of a page, up to the next one of its level.
fn section(page: &str, heading: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(page);
    let text = fs::read_to_string(path).expect("a page");
    let (_, rest) = text
        .split_once(&format!("\n## {heading}\n"))
        .expect(heading);
    rest.split("\n## ").next().unwrap_or(rest).to_owned()
}

/// The one block of a section that is marked with a word.
fn block(section: &str, mark: &str) -> String {
    let mut blocks = section.split("```").skip(1).step_by(2);
    let block = blocks.find_map(|block| block.strip_prefix(mark)?.strip_prefix('\n'));
    block
        .unwrap_or_else(|| panic!("no block {mark}"))
        .to_owned()
}

/// The commands of a section, without `pairbond`.
fn commands(section: &str) -> Vec<Vec<String>> {
    let words = |line: &str| {
        let words = line.strip_prefix("pairbond ").expect("a command");
        words.split_whitespace().map(str::to_owned).collect()
    };
    block(section, "sh").lines().map(words).collect()
}

/// A sandbox with the table and the scenario of the page.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let page = section("validation.md", "Targets of your own");
    sandbox.write("my_targets.csv", block(&page, "csv"));
    sandbox.write("semester.toml", block(&page, "toml"));
    sandbox
}

#[test]
fn the_example_of_the_validation_page_is_compared_and_verified() {
    let sandbox = sandbox();
    let outcome = sandbox.pairbond(&["check", "semester.toml"]).code(0);
    assert_eq!(outcome.stderr, "");
    fs::create_dir(sandbox.path("results")).expect("writable");
    let page = section("validation.md", "Targets of your own");
    let [validate, list] = &commands(&page)[..] else {
        panic!("two commands")
    };
    let words: Vec<&str> = validate.iter().map(String::as_str).collect();
    let outcome = sandbox
        .pairbond(&[&words[..], &["--couples", "400"]].concat())
        .code(0);
    for target in ["T1 mean", "T1 sd", "T2", "T3", "T4", "T5"] {
        assert!(
            outcome.stdout.contains(&format!("\n  {target} ")),
            "{}",
            outcome.stdout
        );
    }
    let found = sandbox.read("results/my_targets/targets.csv");
    assert!(!found.contains(",NA,NA,NA,0,"), "a value of each: {found}");
    // The results are verified without the files that they came from.
    fs::remove_file(sandbox.path("semester.toml")).expect("removable");
    fs::remove_file(sandbox.path("my_targets.csv")).expect("removable");
    sandbox.pairbond(&["verify", "results/my_targets"]).code(0);
    let words: Vec<&str> = list.iter().map(String::as_str).collect();
    let outcome = sandbox.pairbond(&words).code(0);
    for line in ["conflict_days", "mean waves.SCALE"] {
        assert!(outcome.stdout.contains(line), "{}", outcome.stdout);
    }
}

/// What makes the calibrations of the page small enough for a test.
const SMALLER: &[&str] = &[
    "--set=sampler.particles=8",
    "--set=sampler.generations=2",
    "--set=studies.couples=40",
    "--set=search.couples=80",
    "--set=search.iterations=1",
    "--set=search.checks=1",
];

#[test]
fn the_examples_of_the_calibration_page_are_calibrated_and_verified() {
    let sandbox = sandbox();
    let page = section("calibration.md", "Targets of your own");
    sandbox.write("my_calibration.toml", block(&page, "toml"));
    fs::create_dir(sandbox.path("results")).expect("writable");
    for words in commands(&page) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        sandbox.pairbond(&[&words[..], SMALLER].concat()).code(0);
    }
    let fit = sandbox.read("results/my_search/fit.csv");
    // A sign alone is not fitted to.
    assert!(fit.contains("\nT4,") && !fit.contains("\nT5,"), "{fit}");
    let search = &sandbox.files("results/my_search");
    assert!(search.contains_key("attached_my_targets.csv"));
    assert!(search.contains_key("attached_semester.toml"));
    fs::remove_file(sandbox.path("semester.toml")).expect("removable");
    fs::remove_file(sandbox.path("my_targets.csv")).expect("removable");
    sandbox.pairbond(&["verify", "results/my_search"]).code(0);
}

const DOCUMENT: &str = "\
title = \"Own targets\"
targets = [\"data/my_targets.csv\", \"T4\"]

[studies]
couples = 40

[sampler]
particles = 8
generations = 2

[[parameter]]
key = \"parameters.outside_rate\"
prior = \"uniform\"
low = 0.0005
high = 0.01
";

/// A calibration to one target of a table in another folder.
fn calibration() -> Sandbox {
    let sandbox = sandbox();
    fs::create_dir(sandbox.path("data")).expect("writable");
    for file in ["my_targets.csv", "semester.toml"] {
        let text = sandbox.read(file);
        sandbox.write(&format!("data/{file}"), text);
    }
    sandbox.write("document.toml", DOCUMENT);
    sandbox
}

#[test]
fn a_calibration_is_bound_to_the_texts_of_its_table_and_populations() {
    let sandbox = calibration();
    let words = ["calibrate", "document.toml", "--no-charts", "-o", "out"];
    sandbox
        .pairbond(&[&words[..], &["--threads", "1"]].concat())
        .code(0);
    let fit = sandbox.read("out/predictive.csv");
    assert_eq!(fit.lines().count(), 2, "{fit}");
    sandbox.pairbond(&["verify", "out"]).code(0);
    // What is finished is not made again, unless a text has changed.
    let resume = [&words[..], &["--resume"]].concat();
    let outcome = sandbox.pairbond(&resume).code(0);
    assert!(outcome.stdout.contains("nothing to resume"), "{outcome:?}");
    let population = sandbox.read("data/semester.toml");
    for (file, changed) in [
        (
            "data/semester.toml",
            population.replace("days = 100", "days = 101"),
        ),
        (
            "data/my_targets.csv",
            sandbox.read("data/my_targets.csv").replace("0.76", "0.75"),
        ),
    ] {
        let sound = sandbox.read(file);
        sandbox.write(file, changed);
        let outcome = sandbox.pairbond(&resume).code(2);
        assert!(
            !outcome.stdout.contains("nothing to resume"),
            "{file}: {outcome:?}"
        );
        sandbox.write(file, sound);
    }
    let two = [
        "calibrate",
        "document.toml",
        "--no-charts",
        "-o",
        "two",
        "--threads",
        "2",
    ];
    sandbox.pairbond(&two).code(0);
    same_files(&sandbox.files("out"), &sandbox.files("two"));
}

#[test]
fn errors_of_a_table_have_their_place_and_what_was_expected() {
    let sandbox = calibration();
    let table = sandbox.read("data/my_targets.csv");
    sandbox.write(
        "data/my_targets.csv",
        table.replace("share intact", "share intct"),
    );
    for words in [
        &["validate", "--targets", "data/my_targets.csv"][..],
        &["calibrate", "document.toml", "-o", "out"],
    ] {
        let outcome = sandbox.pairbond(words).code(2);
        assert!(
            outcome.stderr.contains("data/my_targets.csv:6:5"),
            "{}",
            outcome.stderr
        );
        assert!(
            outcome.stderr.contains("did you mean `share intact`?"),
            "{}",
            outcome.stderr
        );
    }
    let population = sandbox.read("data/semester.toml");
    sandbox.write("data/my_targets.csv", table);
    sandbox.write(
        "data/semester.toml",
        population.replace("[run]\ndays", "[run]\ndayz"),
    );
    let outcome = sandbox
        .pairbond(&["calibrate", "document.toml", "-o", "out"])
        .code(2);
    assert!(
        outcome.stderr.contains("semester.toml:4:1"),
        "{}",
        outcome.stderr
    );
    for (targets, expected) in [
        ("\"data/absent.csv\"", "cannot be read"),
        (
            "[\"data/my_targets.csv\", \"T5\"]",
            "has no value or no interval",
        ),
        (
            "[\"data/my_targets.csv\", \"T9\"]",
            "there is no target \"T9\"",
        ),
        (
            "[\"data/my_targets.csv\", \"b.csv\"]",
            "two tables of targets",
        ),
    ] {
        sandbox.write("data/semester.toml", population.clone());
        let named = "[\"data/my_targets.csv\", \"T4\"]";
        sandbox.write("document.toml", DOCUMENT.replace(named, targets));
        let outcome = sandbox
            .pairbond(&["calibrate", "document.toml", "-o", "out"])
            .code(2);
        assert!(
            outcome.stderr.contains("document.toml:2:"),
            "{}",
            outcome.stderr
        );
        assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
    }
    let outcome = sandbox
        .pairbond(&["validate", "--targets", "absent.csv"])
        .code(2);
    assert!(outcome.stderr.contains("absent.csv"), "{}", outcome.stderr);
    let outcome = sandbox
        .pairbond(&["validate", "--targets", "data/my_targets.csv", "T44"])
        .code(2);
    assert!(outcome.stderr.contains("such as T4"), "{}", outcome.stderr);
}

#[cfg(unix)]
#[test]
fn devices_and_pipes_are_no_tables() {
    let sandbox = sandbox();
    let outcome = sandbox
        .pairbond(&["validate", "--targets", "/dev/zero"])
        .code(2);
    assert!(
        outcome.stderr.contains("not a plain file"),
        "{}",
        outcome.stderr
    );
    let table = sandbox.read("my_targets.csv");
    sandbox.write(
        "my_targets.csv",
        table.replace("semester.toml", "/dev/zero"),
    );
    let outcome = sandbox
        .pairbond(&["validate", "--targets", "my_targets.csv"])
        .code(2);
    assert!(
        outcome.stderr.contains("not a plain file"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn results_do_not_replace_what_they_come_from() {
    let sandbox = calibration();
    for words in [
        &["validate", "--targets", "data/my_targets.csv", "-o", "data"][..],
        &["calibrate", "document.toml", "-o", "data", "--force"],
    ] {
        let outcome = sandbox.pairbond(words);
        assert_ne!(outcome.code, Some(0), "{outcome:?}");
        assert!(
            outcome.stderr.contains("my_targets.csv") || outcome.stderr.contains("semester.toml"),
            "{outcome:?}"
        );
    }
    assert!(sandbox.path("data/semester.toml").exists());
}
