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

const SEARCH: &str = "\
title = \"How often couples quarrel, and say so\"
targets = [\"C14\", \"C13\"]

[search]
couples = 100
iterations = 2
checks = 2

[[parameter]]
key = \"parameters.conflict_rate\"
prior = \"log_uniform\"
low = 0.03
high = 0.6

[[parameter]]
key = \"laboratory.conflict_reported\"
prior = \"truncated_normal\"
mean = 0.9
sd = 0.1
";

#[test]
fn a_search_says_its_course_and_its_values_can_be_put_in_place() {
    let desk = Desk::new();
    desk.write("search.toml", SEARCH);
    let words = ["calibrate", "search.toml", "--search", "-o", "found"];
    let said = desk.pairbond(&words).code(0);
    assert!(said.err.starts_with("iteration 1: loss "), "{}", said.err);
    assert!(said.out.starts_with("conflict_rate "), "{}", said.out);
    assert!(
        said.out.contains(" of 2 targets within their intervals"),
        "{}",
        said.out
    );
    let files = desk.files("found");
    for file in [
        "search.csv",
        "fit.csv",
        "found.csv",
        "search.svg",
        "codebook.csv",
    ] {
        assert!(files.contains_key(file), "{file}");
    }
    let said = desk
        .pairbond(&["verify", "found", "--threads", "1"])
        .code(0);
    assert!(
        said.out.contains("a new run gives the same bytes"),
        "{}",
        said.out
    );
    desk.pairbond(&["plot", "found", "-o", "drawn"]).code(0);
    assert_eq!(desk.files("drawn")["search.svg"], files["search.svg"]);
    desk.write(
        "mine.toml",
        "title = \"mine\"\n[run]\ncouples = 20\ndays = 20\n",
    );
    let run = [
        "run",
        "mine.toml",
        "-o",
        "mine",
        "--no-charts",
        "--set",
        "@found/found.toml",
    ];
    desk.pairbond(&run).code(0);
    let manifest = String::from_utf8(desk.files("mine")["manifest.json"].clone()).expect("a text");
    assert!(
        manifest.contains("parameters.conflict_rate = 0."),
        "{manifest}"
    );
    let validate = |file: &'static str| ["validate", "C14", "--couples", "200", "--set", file];
    desk.pairbond(&validate("@found/found_laboratory.toml"))
        .code(0);
    let said = desk.pairbond(&validate("laboratory.stile=0.1")).code(2);
    assert!(
        said.err.contains("did you mean `laboratory.style`?"),
        "{}",
        said.err
    );
    let said = desk.pairbond(&validate("@nowhere.toml")).code(1);
    assert!(said.err.contains("nowhere.toml"), "{}", said.err);
}

#[test]
fn words_of_the_other_way_are_refused() {
    let desk = Desk::new();
    desk.write("search.toml", SEARCH);
    let said = desk
        .pairbond(&["calibrate", "search.toml", "--search", "--resume"])
        .code(2);
    assert!(said.err.contains("--resume"), "{}", said.err);
    desk.pairbond(&["calibrate", "search.toml", "--iterations", "3"])
        .code(2);
    let few = [
        "calibrate",
        "search.toml",
        "--search",
        "-o",
        "found",
        "--simulations",
        "10",
    ];
    let said = desk.pairbond(&few).code(1);
    assert!(
        said.err.contains("10 simulations are too few"),
        "{}",
        said.err
    );
    assert!(!desk.path("found").exists());
}
