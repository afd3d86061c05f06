//! What charts are headed with.

use crate::test_support::Sandbox;

/// The texts of a chart, a line each.
fn texts(sandbox: &Sandbox, chart: &str) -> Vec<String> {
    sandbox.read(chart).lines().map(str::to_owned).collect()
}

#[test]
fn every_chart_of_a_run_says_whose_it_is_and_of_how_many_couples() {
    let sandbox = Sandbox::new();
    let overrides = ["--set", "run.couples=30", "--set", "run.days=10"];
    let run = |more: &[&str]| {
        let words = [&["run", "small.toml", "-q"][..], &overrides, more].concat();
        sandbox.pairbond(&words).code(0);
    };
    run(&["-o", "with"]);
    run(&["-o", "without", "--no-title"]);
    let names = sandbox.files("with").into_keys();
    let charts: Vec<String> = names.filter(|name| name.ends_with(".svg")).collect();
    assert!(charts.len() >= 5, "{charts:?}");
    for chart in charts {
        let heading = |folder: &str| {
            let texts = texts(&sandbox, &format!("{folder}/{chart}"));
            let has = |text: &str| texts.iter().any(|line| line == text);
            (
                has("A few couples"),
                has("n = 30 couples for up to 10 days"),
            )
        };
        assert_eq!(heading("with"), (true, true), "{chart}");
        assert_eq!(heading("without"), (false, false), "{chart}");
    }
    let manifest = sandbox.read("without/manifest.json");
    assert!(manifest.contains("\"--no-title\""), "{manifest}");
    sandbox.pairbond(&["verify", "without"]).code(0);
    sandbox
        .pairbond(&["plot", "with", "-o", "drawn", "--no-title", "-q"])
        .code(0);
    let (without, drawn) = (sandbox.files("without"), sandbox.files("drawn"));
    assert_eq!(without["survival.svg"], drawn["survival.svg"]);
}

#[test]
fn every_chart_of_a_sweep_says_whose_it_is_and_of_how_many_couples() {
    let sandbox = Sandbox::new();
    let text = "title = \"Rates of trust\"
        [run]
        couples = 20
        days = 5
        replicates = 2
        [sweep]
        design = \"grid\"
        [[sweep.axis]]
        key = \"parameters.trust_rate\"
        values = [0.02, 0.05, 0.09]";
    sandbox.write("rates.toml", text);
    sandbox
        .pairbond(&["sweep", "rates.toml", "-o", "out", "-q"])
        .code(0);
    let names = sandbox.files("out").into_keys();
    let charts: Vec<String> = names.filter(|name| name.ends_with(".svg")).collect();
    assert!(!charts.is_empty());
    let size = "3 points, 2 runs of each: 20 couples for up to 5 days";
    for chart in charts {
        let texts = texts(&sandbox, &format!("out/{chart}"));
        for wanted in ["Rates of trust", size] {
            assert!(texts.iter().any(|line| line == wanted), "{chart}: {wanted}");
        }
    }
}

#[test]
fn a_title_of_any_characters_and_length_is_drawn() {
    let sandbox = Sandbox::new();
    let title = format!("<b>&amp;</b> \u{5e73} \u{627} {}", "very ".repeat(80));
    let text = format!("title = \"{title}\"\n[run]\ncouples = 10\ndays = 5\n");
    sandbox.write("odd.toml", text);
    sandbox
        .pairbond(&["run", "odd.toml", "-o", "out", "-q"])
        .code(0);
    let texts = texts(&sandbox, "out/survival.svg");
    let begins = "&lt;b&gt;&amp;amp;&lt;/b&gt; \u{5e73} \u{627} very";
    assert!(texts.iter().any(|line| line.starts_with(begins)));
    let shortened = texts.iter().filter(|line| line.ends_with('…'));
    assert_eq!(shortened.count(), 1);
}

#[test]
fn chosen_observables_days_width_and_formats_are_drawn() {
    let sandbox = Sandbox::new();
    let run = ["run", "small.toml", "-q", "-o", "out", "--no-charts"];
    let small = ["--set", "run.couples=30"];
    sandbox.pairbond(&[&run[..], &small].concat()).code(0);
    let plot = |more: &[&str]| sandbox.pairbond(&[&["plot", "out", "--force"][..], more].concat());
    let options = ["--observables", "conflict, trust", "--days", "5:20"];
    let form = ["--width", "column", "--format", "svg"];
    plot(&[&options[..], &form].concat()).code(0);
    let charts = sandbox.files("out-charts").into_keys();
    assert!(charts.into_iter().all(|name| !name.ends_with(".png")));
    let chart = sandbox.read("out-charts/trajectories.svg");
    assert!(chart.contains("width=\"85mm\""), "{chart}");
    let place = |text: &str| chart.find(&format!("\n{text}\n"));
    assert!(place("Share of days with conflict") < place("Trust"));
    assert!(place("Trust").is_some() && place("Intimacy").is_none());
    assert!(place("20").is_some() && place("30").is_none());
    let manifest = sandbox.read("out-charts/manifest.json");
    assert!(manifest.contains("\"--days\"") && manifest.contains("\"5:20\""));
    for (options, said) in [
        (["--observables", "conflct"], "did you mean `conflict`?"),
        (["--observables", "bids"], "no observable `bids`"),
        (["--measures", "mean trust"], "no charts of measures"),
        (["--days", "20:5"], "the first before the last"),
        (["--width", "poster"], "possible values: column, page"),
    ] {
        let outcome = plot(&options).code(2);
        assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
    }
    plot(&["--persons"]).code(0);
    sandbox.pairbond(&["verify", "out"]).code(0);
}

#[test]
fn chosen_measures_of_a_sweep_are_drawn() {
    let sandbox = Sandbox::new();
    let text = "title = \"Rates of trust\"
        [run]
        couples = 10
        days = 5
        [sweep]
        design = \"grid\"
        measures = [\"mean trust\", \"sd trust\", \"mean stress\"]
        [[sweep.axis]]
        key = \"parameters.trust_rate\"
        values = [0.02, 0.05]";
    sandbox.write("rates.toml", text);
    let sweep = ["sweep", "rates.toml", "-o", "out", "--no-charts", "-q"];
    sandbox.pairbond(&sweep).code(0);
    let plot = |measure: &str| sandbox.pairbond(&["plot", "out", "--force", "--measures", measure]);
    plot("sd trust").code(0);
    let chart = sandbox.read("out-charts/lines.svg");
    assert!(chart.contains("Standard deviation of trust") && !chart.contains("Mean trust"));
    let outcome = plot("sd trus").code(2);
    assert!(
        outcome.stderr.contains("did you mean `sd trust`?"),
        "{}",
        outcome.stderr
    );
}
