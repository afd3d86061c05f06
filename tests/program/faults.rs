//! What is wrong with a scenario or with the words typed: exit code 2, and a text that helps.

use crate::desk::Desk;
use std::fs;

const FAULTY: &str = "title = \"Two faults\"\n[run]\ncouples = 0\ndayz = 10\n";

#[test]
fn faults_of_a_scenario_come_at_once_with_code_and_place() {
    let desk = Desk::new();
    desk.write("faulty.toml", FAULTY);
    let fault = desk.pairbond(&["check", "faulty.toml"]).code(2);
    assert_eq!(fault.out, "");
    for told in [
        "E012",
        "faulty.toml:3:11",
        "E007",
        "faulty.toml:4:1",
        "days",
    ] {
        assert!(fault.err.contains(told), "no {told} in {}", fault.err);
    }
    assert_eq!(
        desk.pairbond(&["run", "faulty.toml"]).code(2).err,
        fault.err
    );
    assert_eq!(desk.left(), ["faulty.toml"]);
}

#[test]
fn a_fault_of_an_override_points_into_the_words_typed() {
    let desk = Desk::new();
    let said = desk.run("out", &["--set", "run.couples=-3"]).code(2);
    assert!(said.err.contains("--set run.couples=-3"), "{}", said.err);
    let said = desk.run("out", &["--set", "run.couples"]).code(2);
    assert!(said.err.contains("run.couples"), "{}", said.err);
    assert_eq!(desk.left(), [""; 0]);
}

#[test]
fn several_files_are_all_checked_and_one_fault_is_enough() {
    let desk = Desk::new();
    desk.write("faulty.toml", FAULTY);
    desk.write("second.toml", "title = \"Good\"\n");
    let said = desk
        .pairbond(&["check", "small.toml", "faulty.toml", "second.toml"])
        .code(2);
    assert_eq!(said.out.lines().count(), 2);
    assert!(
        said.out.starts_with("small.toml: 150 couples, 40 days"),
        "{}",
        said.out
    );
    assert!(
        said.out.contains("second.toml: 1000 couples, 365 days"),
        "{}",
        said.out
    );
    assert!(said.err.contains("faulty.toml:3:11"));
    let said = desk
        .pairbond(&["check", "small.toml", "second.toml", "--quiet"])
        .code(0);
    assert_eq!((said.out.as_str(), said.err.as_str()), ("", ""));
}

#[test]
fn what_is_no_text_is_refused() {
    let desk = Desk::new();
    fs::create_dir(desk.path("folder")).expect("writable");
    desk.write(
        "picture.png",
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13],
    );
    desk.write("nul.toml", "title = \"a\0b\"\n");
    desk.write("empty.toml", "");
    desk.write("large.toml", "# a comment\n".repeat(5 * 1024 * 1024 / 12));
    let cases = [
        ("absent.toml", "No such file"),
        ("folder", "directory"),
        ("picture.png", "E001"),
        ("nul.toml", "E002"),
        ("large.toml", "E003"),
        ("empty.toml", "E004"),
    ];
    for (file, why) in cases {
        let said = desk.pairbond(&["check", file]).code(2);
        assert!(
            said.err.contains(file) && said.err.contains(why),
            "{file}: {}",
            said.err
        );
        assert!(said.err.len() < 2_000, "{file} is told at length");
        assert_eq!(
            desk.pairbond(&["run", file, "-o", "out"]).code(2).err,
            said.err
        );
    }
    assert!(!desk.path("out").exists());
}

#[cfg(unix)]
#[test]
fn an_endless_file_is_refused_without_reading_it_to_its_end() {
    let said = Desk::new().pairbond(&["check", "/dev/zero"]).code(2);
    assert!(said.err.contains("E003"), "{}", said.err);
}

#[test]
fn words_that_mean_nothing_are_refused() {
    let desk = Desk::new();
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
        let said = desk.pairbond(words).code(2);
        assert!(
            said.err.contains("--help") && said.out.is_empty(),
            "{words:?}: {said:?}"
        );
    }
    let said = desk.pairbond(&["run", "small.toml", "--thread", "2"]);
    assert!(said.err.contains("--threads"), "{}", said.err);
    assert_eq!(desk.left(), [""; 0]);
}

#[test]
fn help_and_version_are_no_faults() {
    let desk = Desk::new();
    let version = desk.pairbond(&["--version"]).code(0);
    assert_eq!(
        version.out,
        format!("pairbond {}\n", env!("CARGO_PKG_VERSION"))
    );
    for verb in ["new", "run", "claims", "check", "plot", "verify", "schema"] {
        let help = desk.pairbond(&["--help"]).code(0);
        assert!(help.out.contains(verb));
        assert!(
            desk.pairbond(&[verb, "--help"])
                .code(0)
                .out
                .contains("Usage")
        );
    }
    desk.pairbond(&[]).code(2);
}
