//! Calibrations, as their user meets them.

use crate::test_support::{Sandbox, same_files};
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

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("quarrels.toml", DOCUMENT);
    sandbox
}

#[test]
fn a_calibration_says_its_course_and_can_be_verified_and_drawn_again() {
    let sandbox = sandbox();
    let words = ["calibrate", "quarrels.toml", "-o", "found"];
    let outcome = sandbox.pairbond(&words).code(0);
    assert_eq!(outcome.stderr.lines().count(), 3, "{}", outcome.stderr);
    assert!(
        outcome
            .stderr
            .starts_with("generation 1: from the prior, 12 of 12 proposals accepted")
    );
    assert!(
        outcome.stdout.starts_with("conflict_rate  "),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome
            .stdout
            .contains("all generations were done: 3 generations"),
        "{}",
        outcome.stdout
    );
    for file in [
        "posterior.svg",
        "pairs.svg",
        "predictive.svg",
        "codebook.csv",
    ] {
        assert!(sandbox.path("found").join(file).exists(), "{file}");
    }
    let outcome = sandbox.pairbond(&["verify", "found"]).code(0);
    assert!(
        outcome.stdout.contains("a new run gives the same bytes"),
        "{}",
        outcome.stdout
    );
    let chart = sandbox.read("found/predictive.svg");
    assert!(chart.contains("How often couples quarrel") && chart.contains("Calibration, n = "));
    sandbox.pairbond(&["plot", "found", "-o", "drawn"]).code(0);
    for name in ["posterior.svg", "predictive.svg"] {
        assert_eq!(
            sandbox.files("drawn")[name],
            sandbox.files("found")[name],
            "{name}"
        );
    }
    let outcome = sandbox.pairbond(&words).code(2);
    assert!(
        outcome.stderr.contains("already exists"),
        "{}",
        outcome.stderr
    );
    let quiet = [
        &words[..],
        &["--force", "--quiet", "--no-charts", "--generations", "1"],
    ]
    .concat();
    let outcome = sandbox.pairbond(&quiet).code(0);
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("", ""));
}

#[test]
fn errors_of_a_document_have_their_place_and_the_right_word() {
    let sandbox = sandbox();
    sandbox.write(
        "faulty.toml",
        DOCUMENT.replace("conflict_rate", "conflict_raet"),
    );
    let outcome = sandbox
        .pairbond(&["calibrate", "faulty.toml", "-o", "found"])
        .code(2);
    assert!(
        outcome.stderr.contains("faulty.toml:12:7"),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome
            .stderr
            .contains("did you mean `parameters.conflict_rate`?"),
        "{}",
        outcome.stderr
    );
    let words = [
        "calibrate",
        "quarrels.toml",
        "-o",
        "found",
        "--particles",
        "2",
    ];
    let outcome = sandbox.pairbond(&words).code(2);
    assert!(
        outcome.stderr.contains("--set sampler.particles=2:1:19"),
        "{}",
        outcome.stderr
    );
    assert!(!sandbox.path("found").exists() && !sandbox.path("found.unfinished").exists());
}

#[cfg(unix)]
#[test]
fn a_killed_calibration_is_resumed_to_the_same_bytes() {
    let sandbox = sandbox();
    let words = |out: &'static str| ["calibrate", "quarrels.toml", "--no-charts", "-o", out];
    let one = [&words("whole")[..], &["--threads", "1"]].concat();
    sandbox.pairbond(&one).code(0);
    let journal = sandbox.path("cut.unfinished").join("jobs.journal");
    let mut child = sandbox
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
    if !sandbox.path("cut").exists() {
        let again = sandbox.pairbond(&words("cut")).code(2);
        assert!(
            again.stderr.contains("`--resume` finishes it"),
            "{}",
            again.stderr
        );
        let resume = [&words("cut")[..], &["--resume", "--threads", "2"]].concat();
        sandbox.pairbond(&resume).code(0);
    }
    same_files(&sandbox.files("whole"), &sandbox.files("cut"));
    assert!(!sandbox.path("cut.unfinished").exists());
}

#[test]
fn more_generations_reuse_what_was_simulated_and_give_the_same_bytes() {
    let sandbox = sandbox();
    let calibrate = |out: &str, more: &[&str]| {
        let words = ["calibrate", "quarrels.toml", "--no-charts", "-o", out];
        sandbox.pairbond(&[&words[..], more].concat())
    };
    calibrate("old", &["--generations", "2"]).code(0);
    calibrate("at_once", &[]).code(0);
    let outcome = calibrate("enlarged", &["--reuse", "old"]).code(0);
    same_files(&sandbox.files("at_once"), &sandbox.files("enlarged"));
    let simulations = |folder: &str| {
        let generations = sandbox.table(&format!("{folder}/generations.csv"));
        *generations
            .numbers("simulations")
            .last()
            .expect("a generation")
    };
    let (before, all) = (simulations("old"), simulations("at_once"));
    let said = format!(
        "{before} simulations taken from old, {} done\n",
        all - before
    );
    assert!(
        before < all && outcome.stdout.starts_with(&said),
        "{}",
        outcome.stdout
    );
    sandbox.pairbond(&["verify", "enlarged"]).code(0);
    // Fewer generations take a part, and other threads change nothing.
    let fewer = ["--generations", "1", "--reuse", "at_once", "--threads", "1"];
    let outcome = calibrate("fewer", &fewer).code(0);
    assert!(
        outcome
            .stdout
            .starts_with("12 simulations taken from at_once, 0 done")
    );
    // What proposes other values, or studies them otherwise, has nothing in common.
    for (set, differs) in [
        ("sampler.seed=9", "sampler.seed: 0 there, 9 here"),
        (
            "studies.couples=150",
            "studies.couples: 100 there, 150 here",
        ),
        (
            "parameter.1.low=0.02",
            "the prior of parameters.conflict_rate",
        ),
        ("targets=[\"C13\"]", "targets: C14 there, C13 here"),
    ] {
        let refused = calibrate("other", &["--reuse", "old", "--set", set]);
        let expected = format!(
            "cannot reuse old: none of its simulations is one of this calibration\n  {differs}"
        );
        assert!(
            refused.stderr.contains(&expected),
            "{set}: {}",
            refused.stderr
        );
        refused.code(2);
    }
    let mut journal = sandbox.files("old")["jobs.journal"].clone();
    journal[100] ^= 1;
    sandbox.write("old/jobs.journal", journal);
    let refused = calibrate("damaged", &["--reuse", "old"]).code(2);
    assert!(
        refused.stderr.contains("jobs.journal is changed"),
        "{}",
        refused.stderr
    );
    let refused = calibrate("absent", &["--reuse", "nothing"]).code(2);
    assert!(refused.stderr.contains("nothing"), "{}", refused.stderr);
    assert!(!sandbox.path("damaged").exists() && !sandbox.path("absent.unfinished").exists());
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
    let sandbox = Sandbox::new();
    sandbox.write("search.toml", SEARCH);
    let words = ["calibrate", "search.toml", "--search", "-o", "found"];
    let outcome = sandbox.pairbond(&words).code(0);
    assert!(
        outcome.stderr.starts_with("iteration 1: loss "),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome.stdout.starts_with("conflict_rate "),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome
            .stdout
            .contains(" of 2 targets within their intervals"),
        "{}",
        outcome.stdout
    );
    let files = sandbox.files("found");
    for file in [
        "search.csv",
        "fit.csv",
        "found.csv",
        "search.svg",
        "codebook.csv",
    ] {
        assert!(files.contains_key(file), "{file}");
    }
    let outcome = sandbox
        .pairbond(&["verify", "found", "--threads", "1"])
        .code(0);
    assert!(
        outcome.stdout.contains("a new run gives the same bytes"),
        "{}",
        outcome.stdout
    );
    sandbox.pairbond(&["plot", "found", "-o", "drawn"]).code(0);
    assert_eq!(sandbox.files("drawn")["search.svg"], files["search.svg"]);
    sandbox.write(
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
    sandbox.pairbond(&run).code(0);
    let manifest =
        String::from_utf8(sandbox.files("mine")["manifest.json"].clone()).expect("a text");
    assert!(
        manifest.contains("parameters.conflict_rate = 0."),
        "{manifest}"
    );
    let validate = |file: &'static str| ["validate", "C14", "--couples", "200", "--set", file];
    sandbox
        .pairbond(&validate("@found/found_laboratory.toml"))
        .code(0);
    let outcome = sandbox.pairbond(&validate("laboratory.stile=0.1")).code(2);
    assert!(
        outcome.stderr.contains("did you mean `laboratory.style`?"),
        "{}",
        outcome.stderr
    );
    let outcome = sandbox.pairbond(&validate("@nowhere.toml")).code(2);
    assert!(
        outcome.stderr.contains("nowhere.toml"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn words_of_the_other_way_are_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("search.toml", SEARCH);
    let outcome = sandbox
        .pairbond(&["calibrate", "search.toml", "--search", "--resume"])
        .code(2);
    assert!(outcome.stderr.contains("--resume"), "{}", outcome.stderr);
    sandbox
        .pairbond(&["calibrate", "search.toml", "--iterations", "3"])
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
    let outcome = sandbox.pairbond(&few).code(2);
    assert!(
        outcome.stderr.contains("10 simulations are too few"),
        "{}",
        outcome.stderr
    );
    assert!(!sandbox.path("found").exists());
}
