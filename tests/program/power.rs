//! `pairbond power` at the program: tables, charts, report, what is printed, and what is refused.

use crate::test_support::{Sandbox, names, same_files};

const POWER: &str = "\
title = \"A partner effect\"
[run]
seed = 3
[power]
replicates = 60
compliance = 0.9
reliability = 0.9
[power.vary]
couples = [12, 40]
occasions = [4, 6]
[power.effects]
actor = 0.4
partner_a = 0.3
partner_b = 0.0
intercept_sd = 0.8
residual_sd = 1.0
residual_correlation = 0.2
[power.search]
effect = \"partner_a\"
from = 8
to = 120
";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("power.toml", POWER);
    sandbox
}

#[test]
fn a_power_analysis_has_tables_charts_and_a_report_and_is_reproduced() {
    let sandbox = sandbox();
    let run = |out: &str, more: &[&str]| {
        let words = ["power", "power.toml", "-o", out];
        sandbox.pairbond(&[&words[..], more].concat())
    };
    let outcome = run("one", &["--threads", "1"]).code(0);
    let said = &outcome.stdout;
    assert!(
        said.starts_with("A partner effect\n4 designs, 60 simulated data sets each\n"),
        "{said}"
    );
    assert!(
        said.contains("suffice for 80.0\u{a0}% power for the partner effect on partner A"),
        "{said}"
    );
    assert!(said.contains("Open one/report.html first"), "{said}");
    run("three", &["--threads", "3", "-q"]).code(0);
    same_files(&sandbox.files("one"), &sandbox.files("three"));
    let found = names(&sandbox.path("one"));
    for name in [
        "power.csv",
        "frontier.csv",
        "searched.csv",
        "codebook.csv",
        "power.svg",
        "frontier.svg",
        "report.html",
    ] {
        assert!(found.contains(&name.to_owned()), "{found:?}");
    }
    // Four designs with six effects.
    let table = sandbox.read("one/power.csv");
    assert_eq!(table.lines().count(), 1 + 4 * 6);
    assert!(table.starts_with(
        "design,couples,occasions,compliance,reliability,effect,truth,replicates,failed,mean,bias,"
    ));
    assert!(table.contains("\n1,12,4,0.9,0.9,intercept_a,0,"), "{table}");
    assert_eq!(sandbox.read("one/frontier.csv").lines().count(), 1 + 2);
    let report = sandbox.read("one/report.html");
    for text in [
        "Sample size was planned by simulation",
        "partner effects of 0.3 (partner A) and 0 (partner B)",
        "Exaggeration",
    ] {
        assert!(report.contains(text), "{text}");
    }
    assert!(
        !report.contains("attachment in couples whose model"),
        "the model of couples does not enter"
    );
    sandbox.pairbond(&["verify", "one"]).code(0);
    sandbox.pairbond(&["plot", "one", "-o", "drawn"]).code(0);
    let (kept, drawn) = (sandbox.files("one"), sandbox.files("drawn"));
    assert_eq!(kept["power.svg"], drawn["power.svg"]);
    assert_eq!(kept["frontier.svg"], drawn["frontier.svg"]);
    sandbox
        .pairbond(&["report", "one", "-o", "again.html"])
        .code(0);
    assert_eq!(sandbox.read("again.html"), report);

    let outcome = run("one", &["--replicates", "20"]).code(2);
    assert!(outcome.stderr.contains("--force"), "{}", outcome.stderr);
    run(
        "few",
        &[
            "--replicates",
            "20",
            "--format",
            "parquet",
            "-q",
            "--set",
            "power.vary.couples=[10]",
        ],
    )
    .code(0);
    sandbox.pairbond(&["verify", "few"]).code(0);
    assert!(sandbox.path("few/power.parquet").exists());
}

#[test]
fn a_design_has_the_same_numbers_whatever_is_compared_with_it() {
    let sandbox = sandbox();
    let words = ["power", "power.toml", "-q", "--no-charts", "-o"];
    sandbox.pairbond(&[&words[..], &["all"]].concat()).code(0);
    let one = [
        "one",
        "--set",
        "power.vary.couples=[40]",
        "--set",
        "power.vary.occasions=[6]",
    ];
    sandbox.pairbond(&[&words[..], &one].concat()).code(0);
    let rows = |folder: &str, design: &str| -> Vec<String> {
        let text = sandbox.read(&format!("{folder}/power.csv"));
        let own = text.lines().filter_map(|line| line.strip_prefix(design));
        own.map(str::to_owned).collect()
    };
    let (all, alone) = (rows("all", "4,"), rows("one", "1,"));
    assert_eq!(all.len(), 6);
    assert_eq!(all, alone);
}

#[test]
fn its_size_is_shown_without_running_it() {
    let sandbox = sandbox();
    let outcome = sandbox
        .pairbond(&["power", "power.toml", "--dry-run"])
        .code(0);
    // 60 data sets of (12 + 40) couples times (4 + 6) occasions, and searches of at most 12 values.
    let expected = "4 designs, 60 data sets each: 31,200 couple-occasions\n2 searches: at most 864,000 couple-occasions\n";
    assert_eq!(outcome.stdout, expected);
    assert_eq!(sandbox.entries(), ["power.toml"]);
}

#[test]
fn wrong_numbers_are_refused_with_their_places() {
    let sandbox = sandbox();
    let refused = |change: (&str, &str), said: &[&str]| {
        sandbox.write("wrong.toml", POWER.replace(change.0, change.1));
        let outcome = sandbox
            .pairbond(&["power", "wrong.toml", "-o", "out"])
            .code(2);
        for text in said {
            assert!(outcome.stderr.contains(text), "{text}: {}", outcome.stderr);
        }
        assert!(!sandbox.path("out").exists());
    };
    refused(
        ("actor = 0.4", "actr = 0.4"),
        &["wrong.toml:12:1", "did you mean `actor`?"],
    );
    refused(("partner_b = 0.0\n", ""), &["`partner_b` is missing"]);
    refused(("residual_sd = 1.0", "residual_sd = 0.0"), &["residual_sd"]);
    refused(("[12, 40]", "[12, 2.5]"), &["wrong.toml:9:16"]);
    refused(
        ("compliance = 0.9", "couples = 30"),
        &["`couples` has a value here and a list in [power.vary]"],
    );
    refused(
        ("\"partner_a\"", "\"partner\""),
        &["no effect of distinguishable partners is called `partner`"],
    );
    refused(("from = 8", "from = 130"), &["`from` must be below `to`"]);
    refused(
        ("replicates = 60", "partners = \"exchangeable\""),
        &["`partner_a` is of one partner"],
    );
    refused(
        (
            "replicates = 60",
            "lagged_outcome = true\nresiduals = \"autoregressive\"",
        ),
        &["the same thing twice"],
    );
    refused(
        ("actor = 0.4", "actor = 0.4\nlag = 0.2"),
        &["does nothing without `lagged_outcome`"],
    );
    let outcome = sandbox.pairbond(&["power", "small.toml"]).code(2);
    assert!(
        outcome.stderr.contains("no `[power]`"),
        "{}",
        outcome.stderr
    );
}
