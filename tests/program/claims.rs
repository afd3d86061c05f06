//! Claims at the program: verdicts and exit codes, what is left behind, and what is refused.

use crate::desk::{Desk, names, same_files};

const CLAIMS: &str = "\
title = \"Being answered\"
[run]
seed = 3
couples = 30
days = 40
[mechanisms]
dissolution = false
[condition.answered]
traits.responsiveness = 0.9
[condition.unanswered]
traits.responsiveness = 0.3
[[claim]]
name = \"answers_build_trust\"
statement = \"Being answered builds trust\"
observable = \"trust\"
contrast = { answered = 1, unanswered = -1 }
rule = \"greater\"
sesoi = 0.05
expect = \"supported\"
requires = [\"trust\"]
[[claim]]
name = \"answers_cost_trust\"
statement = \"Being answered costs trust\"
observable = \"trust\"
from = 20
to = 40
contrast = { answered = 1, unanswered = -1 }
rule = \"less\"
sesoi = 0.05
expect = \"refuted\"
";

/// A desk with the file of claims.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("claims.toml", CLAIMS);
    desk
}

#[test]
fn verdicts_as_expected_are_told_line_by_line_and_leave_nothing() {
    let desk = desk();
    let said = desk.pairbond(&["claims", "claims.toml"]).code(0);
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(lines[0], "claims.toml");
    assert!(lines[1].starts_with("supported  +0."), "{}", said.out);
    assert!(lines[1].contains("> 0.05") && lines[1].contains("16 runs"));
    assert!(lines[1].ends_with("Being answered builds trust"));
    assert!(lines[2].starts_with("refuted    +0.") && lines[2].contains("< -0.05"));
    assert_eq!((lines.len(), said.err.as_str()), (3, ""));
    let quiet = desk.pairbond(&["claims", "claims.toml", "-q"]).code(0);
    assert_eq!((quiet.out.as_str(), quiet.err.as_str()), ("", ""));
    assert_eq!(desk.left(), ["claims.toml"]);
}

#[test]
fn a_verdict_that_is_not_expected_gives_1_and_is_named() {
    let desk = desk();
    desk.write(
        "claims.toml",
        CLAIMS.replace("\"refuted\"", "\"undecided\""),
    );
    let said = desk.pairbond(&["claims", "claims.toml", "-q"]).code(1);
    assert_eq!(
        said.err,
        "claims.toml: `answers_cost_trust` is refuted, and was expected to be undecided\n"
    );
}

#[test]
fn without_its_mechanism_a_claim_must_fall() {
    let desk = desk();
    let without = ["claims", "claims.toml", "--ablate"];
    let said = desk.pairbond(&[&without[..], &["trust"]].concat()).code(0);
    // Nothing is expected of the other claim.
    assert!(said.out.contains("refuted    +0.000"), "{}", said.out);
    desk.write("claims.toml", CLAIMS.replace("[\"trust\"]", "[\"stress\"]"));
    let said = desk.pairbond(&[&without[..], &["stress"]].concat()).code(1);
    assert_eq!(
        said.err,
        "claims.toml: `answers_build_trust` is supported still, without stress, which must overturn it\n"
    );
    let said = desk
        .pairbond(&[&without[..], &["bufering"]].concat())
        .code(2);
    assert!(said.err.contains("'buffering'"), "{}", said.err);
}

#[test]
fn results_are_the_same_for_any_threads_and_verify_and_are_drawn_again() {
    let desk = desk();
    let claims = |out: &str, more: &[&str]| {
        let words = ["claims", "claims.toml", "-q", "-o", out];
        desk.pairbond(&[&words[..], more].concat())
    };
    claims("one", &["--threads", "1"]).code(0);
    claims("three", &["--threads", "3"]).code(0);
    same_files(&desk.files("one/claims"), &desk.files("three/claims"));
    let found = names(&desk.path("one/claims"));
    for name in ["claims.csv", "runs.csv", "codebook.csv", "claims.svg"] {
        assert!(found.contains(&name.to_owned()), "{found:?}");
    }
    let rows = desk.read("one/claims/runs.csv").lines().count();
    assert_eq!(rows, 1 + 2 * 16);
    let table = desk.read("one/claims/claims.csv");
    assert!(table.starts_with("claim,part,statement,observed,contrast,"));
    assert!(table.contains("answers_build_trust,1,Being answered builds trust,"));
    desk.pairbond(&["verify", "one/claims"]).code(0);
    desk.pairbond(&["plot", "one/claims", "-o", "drawn"])
        .code(0);
    let (kept, drawn) = (desk.files("one/claims"), desk.files("drawn"));
    assert_eq!(kept["claims.svg"], drawn["claims.svg"]);

    let old = desk.files("one/claims");
    let said = claims("one", &["--seed", "4"]).code(1);
    assert!(said.err.contains("--force"), "{}", said.err);
    same_files(&old, &desk.files("one/claims"));
    claims("one", &["--seed", "4", "--force"]).code(0);
    assert!(desk.files("one/claims")["runs.csv"] != old["runs.csv"]);

    claims("parquet", &["--format", "parquet", "--ablate", "trust"]).code(0);
    desk.pairbond(&["verify", "parquet/claims"]).code(0);
    assert!(desk.path("parquet/claims/claims.parquet").exists());
}

#[test]
fn damage_is_told_by_verify() {
    let desk = desk();
    let words = ["claims", "claims.toml", "-q", "-o", "out", "--no-charts"];
    desk.pairbond(&words).code(0);
    let table = desk.read("out/claims/claims.csv");
    desk.write(
        "out/claims/claims.csv",
        table.replace(",supported,", ",refuted,"),
    );
    let said = desk.pairbond(&["verify", "out/claims"]).code(1);
    assert!(
        said.err.contains("claims.csv") && said.err.contains("verdict"),
        "{}",
        said.err
    );
}

#[test]
fn a_claim_that_its_replicates_cannot_decide_stays_undecided() {
    let desk = desk();
    // An effect as large as the smallest of interest is on neither side of it.
    let near = CLAIMS.replace(
        "sesoi = 0.05\nexpect = \"supported\"",
        "sesoi = 0.1\nexpect = \"undecided\"",
    );
    desk.write("claims.toml", &near);
    let said = desk.pairbond(&["claims", "claims.toml", "--max-runs", "16"]);
    let effect: f64 = said.out[said.out.find('+').expect("an effect")..]
        .split_whitespace()
        .next()
        .and_then(|word| word.parse().ok())
        .expect("a number");
    desk.write(
        "claims.toml",
        near.replace("sesoi = 0.1\n", &format!("sesoi = {effect}\n")),
    );
    let words = ["claims", "claims.toml", "--max-runs", "40"];
    let said = desk.pairbond(&words).code(0);
    assert!(
        said.out.contains("undecided") && said.out.contains("  40 runs"),
        "{}",
        said.out
    );
}

#[test]
fn what_claims_nothing_or_has_faults_is_refused_before_anything_lives() {
    let desk = desk();
    let said = desk.pairbond(&["claims", "small.toml"]).code(2);
    assert!(said.err.contains("no `[[claim]]`"), "{}", said.err);
    desk.write("faulty.toml", CLAIMS.replace("answered = 1", "answerd = 1"));
    let words = ["claims", "claims.toml", "faulty.toml", "-o", "out"];
    let said = desk.pairbond(&words).code(2);
    assert!(said.err.contains("faulty.toml:16:14"), "{}", said.err);
    assert!(said.err.contains("did you mean `answered`?"));
    assert_eq!(said.out, "");
    std::fs::create_dir(desk.path("other")).expect("writable");
    desk.write("other/claims.toml", CLAIMS);
    let twins = ["claims", "claims.toml", "other/claims.toml", "-o", "out"];
    let said = desk.pairbond(&twins).code(2);
    assert!(said.err.contains("out/claims"), "{}", said.err);
    assert!(!desk.path("out").exists());
    let few = ["claims", "claims.toml", "--max-runs", "3"];
    desk.pairbond(&few).code(2);
}
