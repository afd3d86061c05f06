//! Claims at the program: verdicts and exit codes, what is left behind, and what is refused.

use crate::test_support::{Sandbox, names, same_files};

pub(crate) const CLAIMS: &str = "\
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

/// A sandbox with the file of claims.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("claims.toml", CLAIMS);
    sandbox
}

#[test]
fn verdicts_as_expected_are_reported_line_by_line_and_leave_nothing() {
    let sandbox = sandbox();
    let outcome = sandbox.pairbond(&["claims", "claims.toml"]).code(0);
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    let title = CLAIMS
        .lines()
        .find_map(|line| line.strip_prefix("title = "));
    assert_eq!(Some(lines[0]), title.map(|it| it.trim_matches('"')));
    let size = "at most 256 replicates per condition, each of ";
    assert!(lines[1].starts_with(size), "{}", outcome.stdout);
    assert!(
        lines[2].starts_with("verdict    effect, interval"),
        "{}",
        outcome.stdout
    );
    assert!(lines[3].starts_with("supported  +0."), "{}", outcome.stdout);
    assert!(lines[3].contains("> 0.05") && lines[3].contains("16 runs"));
    assert!(lines[3].ends_with("Being answered builds trust"));
    // The header stands over its columns.
    let at = |line: &str, word: &str| line.find(word).unwrap_or_else(|| panic!("{line}: {word}"));
    assert_eq!(at(lines[2], "claim"), at(lines[2], "claimed"));
    assert_eq!(lines[2].rfind("claim"), lines[3].find("Being answered"));
    assert_eq!(at(lines[2], "claimed"), at(lines[3], "> 0.05"));
    assert!(lines[4].starts_with("refuted    +0.") && lines[4].contains("< -0.05"));
    assert_eq!((lines.len(), outcome.stderr.as_str()), (5, ""));
    let outcome = sandbox
        .pairbond(&["claims", "claims.toml", "./claims.toml"])
        .code(0);
    assert!(
        outcome.stdout.starts_with("claims.toml\n"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stdout.contains("\n./claims.toml\n"),
        "{}",
        outcome.stdout
    );
    let quiet = sandbox.pairbond(&["claims", "claims.toml", "-q"]).code(0);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    assert_eq!(sandbox.entries(), ["claims.toml"]);
}

#[test]
fn a_verdict_that_is_not_expected_gives_1_and_is_named() {
    let sandbox = sandbox();
    sandbox.write(
        "claims.toml",
        CLAIMS.replace("\"refuted\"", "\"undecided\""),
    );
    let outcome = sandbox.pairbond(&["claims", "claims.toml", "-q"]).code(1);
    assert_eq!(
        outcome.stderr,
        "claims.toml: `answers_cost_trust` is refuted, and was expected to be undecided\n"
    );
}

#[test]
fn without_its_mechanism_a_claim_must_fall() {
    let sandbox = sandbox();
    let without = ["claims", "claims.toml", "--ablate"];
    let outcome = sandbox
        .pairbond(&[&without[..], &["trust", "--max-runs", "512"]].concat())
        .code(0);
    // All replicates are equal, and enough of them to decide. Nothing is expected of the other claim.
    let said = outcome.stdout;
    assert!(
        said.contains("refuted    +0.000") && !said.contains("\nsupported"),
        "{said}"
    );
    let requires = "`answers_build_trust` requires trust: without trust it must no longer be supported, and is \
                 refuted, as required\n";
    assert!(said.contains(requires), "{said}");
    let other =
        "`answers_cost_trust` requires no mechanism: any verdict is accepted without trust\n";
    assert!(said.contains(other), "{said}");
    sandbox.write("claims.toml", CLAIMS.replace("[\"trust\"]", "[\"stress\"]"));
    let outcome = sandbox
        .pairbond(&[&without[..], &["stress"]].concat())
        .code(1);
    assert_eq!(
        outcome.stderr,
        "claims.toml: `answers_build_trust` is supported still, without stress, which must overturn it\n"
    );
    let requires = "`answers_build_trust` requires stress: without stress it must no longer be supported, but it is \
                 still\n";
    assert!(outcome.stdout.contains(requires), "{}", outcome.stdout);
    let outcome = sandbox
        .pairbond(&[&without[..], &["bufering"]].concat())
        .code(2);
    assert!(outcome.stderr.contains("'buffering'"), "{}", outcome.stderr);
}

#[test]
fn results_are_the_same_for_any_threads_and_verify_and_are_drawn_again() {
    let sandbox = sandbox();
    let claims = |out: &str, more: &[&str]| {
        let words = ["claims", "claims.toml", "-q", "-o", out];
        sandbox.pairbond(&[&words[..], more].concat())
    };
    claims("one", &["--threads", "1"]).code(0);
    claims("three", &["--threads", "3"]).code(0);
    same_files(&sandbox.files("one/claims"), &sandbox.files("three/claims"));
    let found = names(&sandbox.path("one/claims"));
    for name in [
        "claims.csv",
        "runs.csv",
        "codebook.csv",
        "claims.svg",
        "report.html",
    ] {
        assert!(found.contains(&name.to_owned()), "{found:?}");
    }
    let rows = sandbox.read("one/claims/runs.csv").lines().count();
    assert_eq!(rows, 1 + 2 * 16);
    let table = sandbox.read("one/claims/claims.csv");
    assert!(table.starts_with("claim,part,statement,observed,contrast,"));
    assert!(table.contains("answers_build_trust,1,Being answered builds trust,"));
    sandbox.pairbond(&["verify", "one/claims"]).code(0);
    sandbox
        .pairbond(&["plot", "one/claims", "-o", "drawn"])
        .code(0);
    let (kept, drawn) = (sandbox.files("one/claims"), sandbox.files("drawn"));
    assert_eq!(kept["claims.svg"], drawn["claims.svg"]);
    let chart = sandbox.read("one/claims/claims.svg");
    for heading in [
        "Being answered",
        "at most 256 replicates per condition, each of",
    ] {
        assert!(chart.contains(heading), "{chart}");
    }

    let old = sandbox.files("one/claims");
    let outcome = claims("one", &["--seed", "4"]).code(2);
    assert!(outcome.stderr.contains("--force"), "{}", outcome.stderr);
    same_files(&old, &sandbox.files("one/claims"));
    claims("one", &["--seed", "4", "--force"]).code(0);
    assert!(sandbox.files("one/claims")["runs.csv"] != old["runs.csv"]);

    claims("parquet", &["--format", "parquet", "--ablate", "trust"]).code(0);
    sandbox.pairbond(&["verify", "parquet/claims"]).code(0);
    assert!(sandbox.path("parquet/claims/claims.parquet").exists());
}

#[test]
fn damage_is_reported_by_verify() {
    let sandbox = sandbox();
    let words = ["claims", "claims.toml", "-q", "-o", "out", "--no-charts"];
    sandbox.pairbond(&words).code(0);
    let table = sandbox.read("out/claims/claims.csv");
    sandbox.write(
        "out/claims/claims.csv",
        table.replace(",supported,", ",refuted,"),
    );
    let outcome = sandbox.pairbond(&["verify", "out/claims"]).code(1);
    assert!(
        outcome.stderr.contains("claims.csv") && outcome.stderr.contains("verdict"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_claim_that_its_replicates_cannot_decide_stays_undecided() {
    let sandbox = sandbox();
    // An effect as large as the smallest of interest is on neither side of it.
    let near = CLAIMS.replace(
        "sesoi = 0.05\nexpect = \"supported\"",
        "sesoi = 0.1\nexpect = \"undecided\"",
    );
    sandbox.write("claims.toml", &near);
    let outcome = sandbox.pairbond(&["claims", "claims.toml", "--max-runs", "16"]);
    let effect: f64 = outcome.stdout[outcome.stdout.find('+').expect("an effect")..]
        .split_whitespace()
        .next()
        .and_then(|word| word.parse().ok())
        .expect("a number");
    sandbox.write(
        "claims.toml",
        near.replace("sesoi = 0.1\n", &format!("sesoi = {effect}\n")),
    );
    let words = ["claims", "claims.toml", "--max-runs", "40"];
    let outcome = sandbox.pairbond(&words).code(0);
    assert!(
        outcome.stdout.contains("undecided") && outcome.stdout.contains("  40 runs"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn what_claims_nothing_or_has_errors_is_refused_before_anything_is_simulated() {
    let sandbox = sandbox();
    let outcome = sandbox.pairbond(&["claims", "small.toml"]).code(2);
    assert!(
        outcome.stderr.contains("no `[[claim]]`"),
        "{}",
        outcome.stderr
    );
    sandbox.write("faulty.toml", CLAIMS.replace("answered = 1", "answerd = 1"));
    let words = ["claims", "claims.toml", "faulty.toml", "-o", "out"];
    let outcome = sandbox.pairbond(&words).code(2);
    assert!(
        outcome.stderr.contains("faulty.toml:16:14"),
        "{}",
        outcome.stderr
    );
    assert!(outcome.stderr.contains("did you mean `answered`?"));
    assert_eq!(outcome.stdout, "");
    std::fs::create_dir(sandbox.path("other")).expect("writable");
    sandbox.write("other/claims.toml", CLAIMS);
    let twins = ["claims", "claims.toml", "other/claims.toml", "-o", "out"];
    let outcome = sandbox.pairbond(&twins).code(2);
    assert!(outcome.stderr.contains("out/claims"), "{}", outcome.stderr);
    assert!(!sandbox.path("out").exists());
    let few = ["claims", "claims.toml", "--max-runs", "3"];
    sandbox.pairbond(&few).code(2);
}

#[test]
fn an_audit_tests_each_claim_under_variations() {
    let sandbox = sandbox();
    let words = ["claims", "claims.toml", "--audit", "-o", "out"];
    let outcome = sandbox.pairbond(&words).code(0);
    let text = &outcome.stdout;
    assert!(
        text.contains("audit: each claim again with half the step, other moments"),
        "{text}"
    );
    assert!(
        text.contains("ROBUST        answers_build_trust  supported in all;"),
        "{text}"
    );
    let rows = std::fs::read_to_string(sandbox.path("out/claims/audit.csv")).expect("a table");
    assert_eq!(rows.lines().count(), 1 + 2 * 7);
    let report = std::fs::read_to_string(sandbox.path("out/claims/report.html")).expect("a report");
    assert!(report.contains("Audit: ROBUST: supported in all"));
    sandbox.pairbond(&["verify", "out/claims"]).code(0);

    // At one moment a day no partner can make more than one bid.
    let artefact = "title = \"x\"\n[run]\ncouples = 400\ndays = 10\nmoments = 1\n[couple]\ncontact_rate = 0.45\n\
        [condition.default]\n[[claim]]\nname = \"few_bids\"\nstatement = \"x\"\nobservable = \"bids\"\nrole = \"a\"\n\
        contrast = { default = 1 }\nnull = 1.07\nrule = \"less\"\nsesoi = 0.01\nexpect = \"supported\"\n";
    sandbox.write("few.toml", artefact);
    let found = sandbox
        .pairbond(&["claims", "few.toml", "--audit", "--max-runs", "64"])
        .code(1);
    assert!(
        found
            .stdout
            .contains("FRAGILE       few_bids  supported, and refuted with"),
        "{}",
        found.stdout
    );
}
