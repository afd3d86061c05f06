//! `pairbond recover` at the program: tables, charts, report, what is printed, and what is refused.

use crate::test_support::{Sandbox, names, same_files};

const RECOVER: &str = "\
title = \"What a diary tells\"
[run]
seed = 3
couples = 64
days = 40
[study]
couples = 40
enter_from = 20
waves = 0
burst_days = 6
diary = [\"daily_satisfaction\", \"daily_conflict\"]
[recover]
simulations = 120
tests = 60
[[recover.quantity]]
key = \"parameters.conflict_rate\"
prior = \"log_uniform\"
low = 0.02
high = 2.0
[[recover.quantity]]
key = \"parameters.scar\"
name = \"does_nothing\"
prior = \"uniform\"
low = 0.0
high = 1.0
[recover.vary]
couples = [10, 40]
burst_days = [6]
";

const RIVALS: &str = "\
title = \"Quarrels or none\"
[run]
couples = 64
days = 30
[study]
couples = 20
enter_from = 10
waves = 0
burst_days = 5
diary = [\"daily_satisfaction\", \"daily_conflict\"]
[recover]
simulations = 100
[[rival]]
name = \"quarrels\"
[[rival.quantity]]
key = \"parameters.conflict_rate\"
prior = \"uniform\"
low = 2.0
high = 4.0
[[rival]]
name = \"none\"
set = { mechanisms.conflict = false }
[[rival]]
name = \"elsewhere\"
scenario = \"other.toml\"
";

const OTHER: &str = "\
title = \"No conflict either\"
[mechanisms]
conflict = false
";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("recover.toml", RECOVER);
    sandbox.write("rivals.toml", RIVALS);
    sandbox.write("other.toml", OTHER);
    sandbox
}

/// The fields of a row that begins with these.
fn row(table: &str, first: &[&str]) -> Vec<String> {
    let rows = table
        .lines()
        .map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let mut own = rows.filter(|row| first.iter().zip(row).all(|(one, other)| one == other));
    own.next()
        .unwrap_or_else(|| panic!("no row {first:?} in {table}"))
}

#[test]
fn a_recovery_has_tables_charts_and_a_report_and_is_reproduced() {
    let sandbox = sandbox();
    let run = |out: &str, more: &[&str]| {
        let words = ["recover", "recover.toml", "-o", out];
        sandbox.pairbond(&[&words[..], more].concat())
    };
    let outcome = run("one", &["--threads", "1"]).code(0);
    let said = &outcome.stdout;
    assert!(
        said.starts_with(
            "What a diary tells\n2 designs, 1 explanation, 120 simulated data sets each\n"
        ),
        "{said}"
    );
    for text in [
        "conflict_rate: ",
        "does_nothing: NOT_IDENTIFIED in design 2 (couples = 40, burst_days = 6)",
        "none of the 2 designs compared identifies it",
        "Open one/report.html first",
    ] {
        assert!(said.contains(text), "{text}: {said}");
    }
    run("three", &["--threads", "3", "-q"]).code(0);
    same_files(&sandbox.files("one"), &sandbox.files("three"));
    let found = names(&sandbox.path("one"));
    for name in [
        "designs.csv",
        "recovery.csv",
        "pairs.csv",
        "regions.csv",
        "estimates.csv",
        "codebook.csv",
        "contraction.svg",
        "recovered.svg",
        "report.html",
    ] {
        assert!(found.contains(&name.to_owned()), "{found:?}");
    }
    assert!(!found.contains(&"confusion.csv".to_owned()), "{found:?}");
    let recovery = sandbox.read("one/recovery.csv");
    assert_eq!(recovery.lines().count(), 1 + 2 * 2);
    // The rate of conflict is known from reports of conflict, and better by more couples.
    let contraction = |design: &str, quantity: &str| -> f64 {
        let row = row(&recovery, &["scenario", design, quantity]);
        row[7].parse().expect("a number")
    };
    assert!(contraction("2", "conflict_rate") > 0.6, "{recovery}");
    assert!(contraction("2", "conflict_rate") > contraction("1", "conflict_rate"));
    assert!(contraction("2", "does_nothing") < 0.2, "{recovery}");
    assert_eq!(sandbox.read("one/pairs.csv").lines().count(), 1 + 2);
    assert_eq!(
        sandbox.read("one/regions.csv").lines().count(),
        1 + 2 * 2 * 3
    );
    assert_eq!(
        sandbox.read("one/estimates.csv").lines().count(),
        1 + 2 * 2 * 60
    );
    let report = sandbox.read("one/report.html");
    for text in [
        "How much a study tells of each quantity",
        "NOT_IDENTIFIED",
        "Talts et al. 2018",
    ] {
        assert!(report.contains(text), "{text}");
    }
    sandbox.pairbond(&["verify", "one"]).code(0);
    sandbox.pairbond(&["plot", "one", "-o", "drawn"]).code(0);
    let (kept, drawn) = (sandbox.files("one"), sandbox.files("drawn"));
    assert_eq!(kept["contraction.svg"], drawn["contraction.svg"]);
    assert_eq!(kept["recovered.svg"], drawn["recovered.svg"]);
    sandbox
        .pairbond(&["report", "one", "-o", "again.html"])
        .code(0);
    assert_eq!(sandbox.read("again.html"), report);
    let outcome = run("one", &[]).code(2);
    assert!(outcome.stderr.contains("--force"), "{}", outcome.stderr);

    // A design has the same numbers whatever it is compared with.
    run(
        "alone",
        &[
            "-q",
            "--no-charts",
            "--format",
            "csv",
            "--set",
            "recover.vary.couples=[40]",
        ],
    )
    .code(0);
    let alone = sandbox.read("alone/recovery.csv");
    for quantity in ["conflict_rate", "does_nothing"] {
        let one = row(&recovery, &["scenario", "2", quantity]);
        let other = row(&alone, &["scenario", "1", quantity]);
        assert_eq!(one[2..], other[2..]);
    }
}

#[test]
fn rivals_are_distinguished_where_they_differ_and_only_there() {
    let sandbox = sandbox();
    let outcome = sandbox
        .pairbond(&["recover", "rivals.toml", "-o", "out"])
        .code(0);
    let said = &outcome.stdout;
    for text in [
        "quarrels and none: TOLD APART: ",
        "quarrels and elsewhere: TOLD APART: ",
        "none and elsewhere: NOT TOLD APART: ",
        "against 50\u{a0}% by chance",
    ] {
        assert!(said.contains(text), "{text}: {said}");
    }
    let found = names(&sandbox.path("out"));
    for name in [
        "confusion.csv",
        "rivals.csv",
        "confusion.svg",
        "recovery.csv",
        "attached_other.toml",
    ] {
        assert!(found.contains(&name.to_owned()), "{found:?}");
    }
    let confusion = sandbox.read("out/confusion.csv");
    assert_eq!(confusion.lines().count(), 1 + 9);
    sandbox.pairbond(&["verify", "out"]).code(0);
}

#[test]
fn its_size_is_shown_without_running_it() {
    let sandbox = sandbox();
    let outcome = sandbox
        .pairbond(&["recover", "recover.toml", "--dry-run"])
        .code(0);
    // Couples are simulated until the last occasion, on day 26.
    let expected = "2 designs, 1 explanation, 120 data sets each: at most 199,680 couple-days\n";
    assert_eq!(outcome.stdout, expected);
    assert!(!sandbox.path("results").exists());
}

#[test]
fn wrong_numbers_are_refused_with_their_places() {
    let sandbox = sandbox();
    let refused = |text: &str, change: (&str, &str), said: &[&str]| {
        sandbox.refuses("recover", text, change, said);
    };
    refused(
        RECOVER,
        ("parameters.conflict_rate", "parameters.conflict_rat"),
        &[
            "wrong.toml:16:7",
            "did you mean `parameters.conflict_rate`?",
        ],
    );
    refused(
        RECOVER,
        ("parameters.conflict_rate", "run.couples"),
        &["`run.couples` is no number of the couples"],
    );
    refused(
        RECOVER,
        ("low = 0.02", "low = 3.0"),
        &["no value lies between"],
    );
    refused(
        RECOVER,
        ("couples = [10, 40]", "couples = [10, 4.5]"),
        &["wrong.toml:27:16"],
    );
    refused(
        RECOVER,
        ("couples = [10, 40]", "cuples = [10, 40]"),
        &["wrong.toml:27:1", "did you mean `couples`?"],
    );
    refused(
        RECOVER,
        ("couples = [10, 40]", "couples = 40"),
        &["`couples` takes a list of values of `study.couples`"],
    );
    refused(
        RECOVER,
        ("burst_days = [6]", "burst_days = [6, 60]"),
        &[
            "the study ends on day 80",
            "(in the design with couples = 10, burst_days = 60)",
        ],
    );
    refused(
        RECOVER,
        ("name = \"does_nothing\"", "name = \"conflict_rate\""),
        &["`conflict_rate` is a quantity twice"],
    );
    refused(
        RIVALS,
        ("name = \"none\"", "name = \"quarrels\""),
        &["two rivals have the name `quarrels`"],
    );
    refused(
        RIVALS,
        ("mechanisms.conflict", "study.couples"),
        &["a rival cannot set `study`"],
    );
    refused(
        RIVALS,
        ("mechanisms.conflict = false", "mechanisms.conflct = false"),
        &["did you mean `conflict`?"],
    );
    refused(
        RIVALS,
        ("\"other.toml\"", "\"absent.toml\""),
        &["the scenario \"absent.toml\" cannot be read"],
    );
    refused(
        RIVALS,
        (
            "scenario = \"other.toml\"",
            "scenario = \"wrong.toml\"\nset = {}",
        ),
        &["either `set` or `scenario`"],
    );
    let (one, _) = RIVALS
        .split_once("[[rival]]\nname = \"none\"")
        .expect("two rivals");
    refused(one, ("quarrels", "quarrels"), &["one rival alone"]);
    let (nothing, _) = RECOVER
        .split_once("[[recover.quantity]]")
        .expect("a quantity");
    refused(
        nothing,
        ("tests = 60", "tests = 60"),
        &["has nothing to recover"],
    );
    refused(
        RECOVER,
        (
            "[study]\ncouples = 40\nenter_from = 20\nwaves = 0\nburst_days = 6\ndiary = [\"daily_satisfaction\", \"daily_conflict\"]\n",
            "",
        ),
        &["needs a [study]"],
    );
}
