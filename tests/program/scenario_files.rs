//! Scenario files: written by `new`, described by `schema`, checked, and refused with exit code 2 and a
//! text that helps.

use crate::test_support::Sandbox;
use std::fs;

const FAULTY: &str = "title = \"Two errors\"\n[run]\ncouples = 0\ndayz = 10\n";

#[test]
fn errors_of_a_scenario_come_at_once_with_code_and_place() {
    let sandbox = Sandbox::new();
    sandbox.write("faulty.toml", FAULTY);
    let outcome = sandbox.pairbond(&["check", "faulty.toml"]).code(2);
    assert_eq!(outcome.stdout, "");
    for part in [
        "E012",
        "faulty.toml:3:11",
        "E007",
        "faulty.toml:4:1",
        "days",
    ] {
        assert!(
            outcome.stderr.contains(part),
            "no {part} in {}",
            outcome.stderr
        );
    }
    assert_eq!(
        sandbox.pairbond(&["run", "faulty.toml"]).code(2).stderr,
        outcome.stderr
    );
    assert_eq!(sandbox.entries(), ["faulty.toml"]);
}

#[test]
fn an_error_of_an_override_points_into_the_words_typed() {
    let sandbox = Sandbox::new();
    let outcome = sandbox.run("out", &["--set", "run.couples=-3"]).code(2);
    assert!(
        outcome.stderr.contains("--set run.couples=-3"),
        "{}",
        outcome.stderr
    );
    let outcome = sandbox.run("out", &["--set", "run.couples"]).code(2);
    assert!(outcome.stderr.contains("run.couples"), "{}", outcome.stderr);
    assert_eq!(sandbox.entries(), [""; 0]);
}

#[test]
fn several_files_are_all_checked_and_one_error_is_enough() {
    let sandbox = Sandbox::new();
    sandbox.write("faulty.toml", FAULTY);
    sandbox.write("second.toml", "title = \"Good\"\n");
    let outcome = sandbox
        .pairbond(&["check", "small.toml", "faulty.toml", "second.toml"])
        .code(2);
    assert_eq!(outcome.stdout.lines().count(), 2);
    assert!(
        outcome
            .stdout
            .starts_with("small.toml: 150 couples, 40 days"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome
            .stdout
            .contains("second.toml: 1000 couples, 365 days"),
        "{}",
        outcome.stdout
    );
    assert!(outcome.stderr.contains("faulty.toml:3:11"));
    let outcome = sandbox
        .pairbond(&["check", "small.toml", "second.toml", "--quiet"])
        .code(0);
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("", ""));
}

#[test]
fn what_is_no_text_is_refused() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("folder")).expect("writable");
    sandbox.write(
        "picture.png",
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13],
    );
    sandbox.write("nul.toml", "title = \"a\0b\"\n");
    sandbox.write("empty.toml", "");
    sandbox.write("large.toml", "# a comment\n".repeat(5 * 1024 * 1024 / 12));
    let cases = [
        ("absent.toml", "no such file"),
        ("folder", "it is a folder"),
        ("picture.png", "E001"),
        ("nul.toml", "E002"),
        ("large.toml", "E003"),
        ("empty.toml", "E004"),
    ];
    for (file, why) in cases {
        let outcome = sandbox.pairbond(&["check", file]).code(2);
        assert!(
            outcome.stderr.contains(file) && outcome.stderr.contains(why),
            "{file}: {}",
            outcome.stderr
        );
        assert!(outcome.stderr.len() < 2_000, "{file} is reported at length");
        assert_eq!(
            sandbox.pairbond(&["run", file, "-o", "out"]).code(2).stderr,
            outcome.stderr
        );
    }
    assert!(!sandbox.path("out").exists());
}

#[cfg(unix)]
#[test]
fn an_endless_file_is_refused_without_reading_it_to_its_end() {
    let outcome = Sandbox::new().pairbond(&["check", "/dev/zero"]).code(2);
    assert!(outcome.stderr.contains("E003"), "{}", outcome.stderr);
}

#[test]
fn words_that_mean_nothing_are_refused() {
    let sandbox = Sandbox::new();
    let cases: [&[&str]; 7] = [
        &["run", "small.toml", "--thread", "2"],
        &["run", "small.toml", "--threads", "0"],
        &["run", "small.toml", "--seed", "-1"],
        &["run", "small.toml", "--format", "xlsx"],
        &["run"],
        &["check"],
        &["rum", "small.toml"],
    ];
    for words in cases {
        let outcome = sandbox.pairbond(words).code(2);
        assert!(
            outcome.stderr.contains("--help") && outcome.stdout.is_empty(),
            "{words:?}: {outcome:?}"
        );
    }
    let outcome = sandbox.pairbond(&["run", "small.toml", "--thread", "2"]);
    assert!(outcome.stderr.contains("--threads"), "{}", outcome.stderr);
    assert_eq!(sandbox.entries(), [""; 0]);
}

#[test]
fn help_and_version_are_no_errors() {
    let sandbox = Sandbox::new();
    let version = sandbox.pairbond(&["--version"]).code(0);
    assert_eq!(
        version.stdout,
        format!("pairbond {}\n", env!("CARGO_PKG_VERSION"))
    );
    for verb in ["new", "run", "claims", "check", "plot", "verify", "schema"] {
        let help = sandbox.pairbond(&["--help"]).code(0);
        assert!(help.stdout.contains(verb));
        assert!(
            sandbox
                .pairbond(&[verb, "--help"])
                .code(0)
                .stdout
                .contains("Usage")
        );
    }
    sandbox.pairbond(&[]).code(2);
}
