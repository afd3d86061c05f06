//! Calibrations, as their user meets them.

use crate::desk::{Desk, same_files};
#[cfg(unix)]
use std::process::Stdio;

const DOCUMENT: &str = "\
title = \"How often couples quarrel\"
targets = [\"C14\"]

[studies]
couples = 100

[sampler]
particles = 12
generations = 3

[[parameter]]
key = \"parameters.conflict_rate\"
prior = \"log_uniform\"
low = 0.03
high = 0.6
";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("quarrels.toml", DOCUMENT);
    desk
}

#[test]
fn a_calibration_says_its_course_and_can_be_verified_and_drawn_again() {
    let desk = desk();
    let words = ["calibrate", "quarrels.toml", "-o", "found"];
    let said = desk.pairbond(&words).code(0);
    assert_eq!(said.err.lines().count(), 3, "{}", said.err);
    assert!(
        said.err
            .starts_with("generation 1: from the prior, 12 of 12 proposals accepted")
    );
    assert!(said.out.starts_with("conflict_rate  "), "{}", said.out);
    assert!(
        said.out
            .contains("all generations were done: 3 generations"),
        "{}",
        said.out
    );
    for file in [
        "posterior.svg",
        "pairs.svg",
        "predictive.svg",
        "codebook.csv",
    ] {
        assert!(desk.path("found").join(file).exists(), "{file}");
    }
    let said = desk.pairbond(&["verify", "found"]).code(0);
    assert!(
        said.out.contains("a new run gives the same bytes"),
        "{}",
        said.out
    );
    desk.pairbond(&["plot", "found", "-o", "drawn"]).code(0);
    for name in ["posterior.svg", "predictive.svg"] {
        assert_eq!(
            desk.files("drawn")[name],
            desk.files("found")[name],
            "{name}"
        );
    }
    let said = desk.pairbond(&words).code(1);
    assert!(said.err.contains("already exists"), "{}", said.err);
    let quiet = [
        &words[..],
        &["--force", "--quiet", "--no-charts", "--generations", "1"],
    ]
    .concat();
    let said = desk.pairbond(&quiet).code(0);
    assert_eq!((said.out.as_str(), said.err.as_str()), ("", ""));
}

#[test]
fn faults_of_a_document_have_their_place_and_the_right_word() {
    let desk = desk();
    desk.write(
        "faulty.toml",
        DOCUMENT.replace("conflict_rate", "conflict_raet"),
    );
    let said = desk
        .pairbond(&["calibrate", "faulty.toml", "-o", "found"])
        .code(2);
    assert!(said.err.contains("faulty.toml:12:7"), "{}", said.err);
    assert!(
        said.err
            .contains("did you mean `parameters.conflict_rate`?"),
        "{}",
        said.err
    );
    let words = [
        "calibrate",
        "quarrels.toml",
        "-o",
        "found",
        "--particles",
        "2",
    ];
    let said = desk.pairbond(&words).code(2);
    assert!(
        said.err.contains("--set sampler.particles=2:1:19"),
        "{}",
        said.err
    );
    assert!(!desk.path("found").exists() && !desk.path("found.unfinished").exists());
}

#[cfg(unix)]
#[test]
fn a_killed_calibration_is_resumed_to_the_same_bytes() {
    let desk = desk();
    let words = |out: &'static str| ["calibrate", "quarrels.toml", "--no-charts", "-o", out];
    let one = [&words("whole")[..], &["--threads", "1"]].concat();
    desk.pairbond(&one).code(0);
    let journal = desk.path("cut.unfinished").join("jobs.journal");
    let mut child = desk
        .command(&words("cut"))
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let begin = std::time::Instant::now();
    while !std::fs::metadata(&journal).is_ok_and(|found| found.len() > 300) {
        assert!(begin.elapsed().as_secs() < 120, "waited in vain");
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    if !desk.path("cut").exists() {
        let again = desk.pairbond(&words("cut")).code(1);
        assert!(
            again.err.contains("`--resume` finishes it"),
            "{}",
            again.err
        );
        let resume = [&words("cut")[..], &["--resume", "--threads", "2"]].concat();
        desk.pairbond(&resume).code(0);
    }
    same_files(&desk.files("whole"), &desk.files("cut"));
    assert!(!desk.path("cut.unfinished").exists());
}
