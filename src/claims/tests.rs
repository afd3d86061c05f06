//! The claims of `scenarios/claims`, as they are read, and results whose chart cannot be drawn.

use super::ClaimResult;
use crate::scenario::{Claims, Scenario};
use crate::stats::interval::Interval;
use crate::stats::sequential_test::Verdict;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/claims")
}

fn files() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).expect("the folder of claims");
    let files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|own| own == "toml"))
        .collect();
    assert!(files.len() >= 12, "only {} files of claims", files.len());
    files
}

fn read(file: &Path, values: &[&str]) -> Scenario {
    Scenario::from_file_with(file, values)
        .unwrap_or_else(|error| panic!("{}: {error:?}", file.display()))
}

#[test]
fn a_written_out_scenario_claims_the_same() {
    for file in files() {
        let scenario = read(&file, &[]);
        let again = Scenario::read_text("again", &scenario.effective_toml(), &[]);
        let again = again.expect("a valid scenario");
        // What is given in one file is a default in the other; what is simulated and claimed is the same.
        let said = |scenario: &Scenario| {
            let all = scenario.claims_spec().cloned().expect("claims");
            let conditions = all.conditions.into_iter();
            let configs: Vec<_> = conditions.map(|it| (it.name, it.config)).collect();
            (configs, all.claims)
        };
        assert!(said(&scenario) == said(&again), "{}", file.display());
    }
}

#[test]
fn conditions_and_claims_can_be_set_from_outside() {
    let file = folder().join("trust_is_built.toml");
    let sets = [
        "claim.1.sesoi=0.5",
        "condition.responsive.traits.responsiveness=0.4",
        "condition.responsive.mechanisms.repair=false",
        "run.couples=30",
    ];
    let (plain, set) = (read(&file, &[]), read(&file, &sets));
    let both = [&plain, &set].map(|scenario| scenario.claims_spec().expect("claims"));
    let [before, after] = both;
    assert_eq!((before.claims[0].sesoi, after.claims[0].sesoi), (0.05, 0.5));
    let config = |claims: &Claims| claims.conditions[0].config.clone();
    assert!(config(before).mechanisms.repair && !config(after).mechanisms.repair);
    assert!(config(before).origin != config(after).origin);
    assert_eq!(
        before.conditions[1].config.origin,
        after.conditions[1].config.origin
    );
    assert!(
        after
            .conditions
            .iter()
            .all(|one| one.config.size.couples == 30)
    );
}

#[test]
fn a_chart_that_cannot_be_drawn_does_not_cost_the_tables() {
    let text = "title = 'x'\n[run]\ncouples = 20\ndays = 3\n[condition.calm]\n[[claim]]\nname = 'a'\n\
        statement = 'a'\nobservable = 'trust'\ncontrast = { calm = 1 }\nrule = 'greater'\n\
        sesoi = 0.1\nexpect = 'supported'\n";
    let scenario = Scenario::read_text("s.toml", text, &[]).unwrap_or_else(|it| panic!("{it}"));
    let mut run = scenario
        .claims()
        .and_then(super::ClaimsRunner::run)
        .expect("a test");
    for column in &mut run.tables[0].schema.columns {
        column.name = format!("other_{}", column.name);
    }
    let home = tempfile::tempdir().expect("a folder");
    let out = home.path().join("out");
    let error = run.save(&out).expect_err("no chart");
    let text = error.to_string();
    assert!(
        text.starts_with("the chart `claims` is missing: "),
        "{text}"
    );
    assert!(text.contains("all other files are in"), "{text}");
    for name in ["claims.csv", "runs.csv", "manifest.json"] {
        assert!(out.join(name).is_file(), "{name}");
    }
}

/// The verdicts, replicates and intervals of a scenario's claims.
fn verdicts(text: &str, max_runs: u32) -> Vec<(Verdict, u32, Interval)> {
    let scenario = Scenario::read_text("text", text, &[]).expect("a valid scenario");
    let run = scenario.claims().expect("claims").max_runs(max_runs).run();
    let run = run.expect("verdicts");
    let of = |one: &ClaimResult| (one.verdict, one.runs, one.judged[0].interval);
    run.report().findings.iter().map(of).collect()
}

/// A claim on the mean hurt of a day, which is 0 in most replicates of thirty couples.
fn hurt(seed: u64) -> String {
    format!(
        "title = \"x\"\n[run]\nseed = {seed}\ncouples = 30\ndays = 30\n[condition.default]\n[[claim]]\n\
         name = \"hurt\"\nstatement = \"x\"\nobservable = \"hurt\"\ncontrast = {{ default = 1 }}\n\
         null = 0.0008\nrule = \"less\"\nsesoi = 0.0001\nexpect = \"refuted\"\n"
    )
}

#[test]
fn replicates_without_a_rare_event_do_not_support_that_there_are_none() {
    // The truth is .0014. The first 16 replicates are all 0 in one seed of eight.
    for seed in 1..=40 {
        let found = verdicts(&hurt(seed), 16);
        assert_ne!(found[0].0, Verdict::Supported, "{seed}: {found:?}");
    }
}

#[test]
fn what_the_scenario_holds_at_zero_is_decided_at_the_first_look() {
    let claim = |name: &str, observable: &str, contrast: &str| {
        format!(
            "[[claim]]\nname = \"{name}\"\nstatement = \"x\"\nobservable = \"{observable}\"\n\
             contrast = {contrast}\nrule = \"equivalent\"\nsesoi = 0.0001\nexpect = \"supported\"\n"
        )
    };
    let text = "title = \"x\"\n[run]\ncouples = 20\ndays = 10\n[mechanisms]\nconflict = false\n\
                [condition.one]\n[condition.same]\n[condition.other]\nparameters.betrayal_rate = 0.0001\n"
        .to_owned()
        + &claim("none", "conflict", "{ one = 1 }")
        + &claim("equal", "trust", "{ one = 1, same = -1 }")
        + &claim("rare", "hurt", "{ one = 1 }");
    let found = verdicts(&text, 32);
    let nothing = Interval::around(0.0, 0.0);
    assert_eq!(found[0], (Verdict::Supported, 16, nothing));
    assert_eq!(found[1], (Verdict::Supported, 16, nothing));
    // Hurt can happen: that it has not is no proof.
    assert_eq!((found[2].0, found[2].1), (Verdict::Undecided, 32));
}

#[test]
fn the_interval_of_an_effect_holds_no_impossible_value() {
    let text = "title = 'x'\n[run]\ncouples = 2\ndays = 120\n[parameters]\noutside_rate = 0.001\n\
                [condition.usual]\n[condition.calm]\nmechanisms.dissolution = false\n[[claim]]\n\
                name = 'a'\nstatement = 'a'\nobservable = 'share intact'\n\
                contrast = { usual = 1, calm = -1 }\nrule = 'less'\nsesoi = 0.9\nexpect = 'supported'\n";
    let scenario = Scenario::read_text("s.toml", text, &[]).unwrap_or_else(|it| panic!("{it}"));
    let claims = scenario.claims().map(|claims| claims.max_runs(16));
    let run = claims.and_then(super::ClaimsRunner::run);
    let report = run.expect("a test").report().clone();
    let judged = report.findings[0].judged[0];
    assert!(
        judged.effect > -1.0 && judged.interval.low == -1.0,
        "{judged:?}"
    );
}

#[test]
fn possible_effects_are_those_without_the_null_value() {
    // Nothing hurts in these runs: the interval reaches from no hurt at all upwards.
    let text = "title = 'x'\n[run]\nseed = 15\ncouples = 30\ndays = 30\n[condition.usual]\n[[claim]]\n\
                name = 'a'\nstatement = 'a'\nobservable = 'hurt'\ncontrast = { usual = 1 }\nnull = 0.3\n\
                rule = 'greater'\nsesoi = 0.1\nexpect = 'refuted'\n";
    let scenario = Scenario::read_text("s.toml", text, &[]).unwrap_or_else(|it| panic!("{it}"));
    let claims = scenario.claims().map(|claims| claims.max_runs(16));
    let run = claims.and_then(super::ClaimsRunner::run);
    let report = run.expect("a test").report().clone();
    let judged = report.findings[0].judged[0];
    let Interval { low, high } = judged.interval;
    assert!(
        low >= -0.3 && low <= judged.effect && judged.effect <= high,
        "{judged:?}"
    );
    assert!(high < 0.0, "{judged:?}");
}

#[test]
fn claims_say_how_many_couples_they_are_over_and_warn_where_many_have_separated() {
    let claim = |over: &str, rate: f64| {
        let text = format!(
            "title = 'x'\n[run]\ncouples = 40\ndays = 60\n[parameters]\noutside_rate = {rate}\ndeliberation_commitment = 0\n[condition.usual]\n\
             [condition.calm]\nmechanisms.dissolution = false\n[[claim]]\nname = 'a'\nstatement = 'a'\n\
             observable = 'trust'\nover = '{over}'\ncontrast = {{ usual = 1, calm = -1 }}\nrule = 'greater'\n\
             sesoi = 0.1\nexpect = 'supported'\n"
        );
        let scenario =
            Scenario::read_text("s.toml", &text, &[]).unwrap_or_else(|it| panic!("{it}"));
        let run = scenario.claims().and_then(super::ClaimsRunner::run);
        run.expect("a test").report().clone()
    };
    let warning = "more than a fifth have separated: a (`over = \"all\"` counts all couples)";
    let [few, many, all] = [("together", 0.0), ("together", 0.02), ("all", 0.02)]
        .map(|(over, rate)| claim(over, rate));
    assert_eq!(
        (few.findings[0].counted, few.findings[0].separated),
        (40.0, 0.0)
    );
    assert_eq!(few.findings[0].judged[0].effect, 0.0, "no couple separates");
    assert!(!few.to_string().contains("separated"));
    let found = &many.findings[0];
    assert!((found.separated - (1.0 - found.counted / 40.0)).abs() < 1e-12);
    assert!(
        found.separated > 0.2 && many.to_string().contains(warning),
        "{many}"
    );
    assert!(
        many.to_string()
            .contains(&format!("n {:>4.0}", found.counted))
    );
    assert_eq!(
        (all.findings[0].counted, all.findings[0].separated),
        (40.0, 0.0)
    );
    assert!(!all.to_string().contains("separated"));
    let effects = [&many, &all].map(|report| report.findings[0].judged[0].effect);
    assert!((effects[0] - effects[1]).abs() > 1e-3, "{effects:?}");
}
