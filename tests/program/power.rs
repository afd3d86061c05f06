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
        sandbox.refuses("power", POWER, change, said);
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

const STUDY_POWER: &str = "\
title = \"A diary of conflict\"
[run]
seed = 3
couples = 70
days = 49
[study]
couples = 40
enter_from = 30
enter_until = 36
waves = 0
burst_days = 6
diary = [\"daily_satisfaction\", \"daily_conflict\"]
drop_out = 0.0
[power]
predictor = \"daily_conflict\"
outcome = \"daily_satisfaction\"
replicates = 12
reference_couples = 600
[power.vary]
couples = [20, 70]
compliance = [0.7, 1.0]
[power.search]
effect = \"actor_a\"
quantity = \"burst_days\"
from = 4
to = 12
";

#[test]
fn the_power_of_a_study_of_simulated_couples_is_measured_and_reproduced() {
    let sandbox = Sandbox::new();
    sandbox.write("study.toml", STUDY_POWER);
    let run = |out: &str, more: &[&str]| {
        let words = ["power", "study.toml", "-o", out];
        sandbox.pairbond(&[&words[..], more].concat())
    };
    let outcome = run("one", &["--threads", "1"]).code(0);
    let said = &outcome.stdout;
    for text in [
        "A diary of conflict\n4 designs, 12 simulated data sets each\n",
        "In 2 designs the couples of the run did not suffice for all data sets",
        "References are mean estimates from complete answers without error, of 20 data sets",
        "of all prompts are answered",
        "data sets have fewer couples than intended, since the run has no more",
    ] {
        assert!(said.contains(text), "{text}: {said}");
    }
    run("three", &["--threads", "3", "-q"]).code(0);
    same_files(&sandbox.files("one"), &sandbox.files("three"));
    let table = sandbox.read("one/power.csv");
    assert!(
        table.starts_with(
            "design,couples,burst_days,compliance,effect,truth,truth_low,truth_high,truth_replicates,truth_couples,\
             truth_failed,replicates,failed,recruited,short,answered,mean,bias,"
        ),
        "{table}"
    );
    assert_eq!(table.lines().count(), 1 + 4 * 6);
    let report = sandbox.read("one/report.html");
    for text in [
        "Power of a study of simulated couples",
        "Reference",
        "as a diary of simulated couples would have them, in which daily_satisfaction was predicted by the own and the \
         partner's daily_conflict",
        "Grimm et al., 2020",
    ] {
        assert!(report.contains(text), "{text}");
    }
    sandbox.pairbond(&["verify", "one"]).code(0);
    sandbox.pairbond(&["plot", "one", "-o", "drawn"]).code(0);
    let (kept, drawn) = (sandbox.files("one"), sandbox.files("drawn"));
    assert_eq!(kept["power.svg"], drawn["power.svg"]);
    assert_eq!(kept["frontier.svg"], drawn["frontier.svg"]);
    sandbox
        .pairbond(&["report", "one", "-o", "again.html"])
        .code(0);
    assert_eq!(sandbox.read("again.html"), report);
    let outcome = sandbox
        .pairbond(&["power", "study.toml", "--dry-run"])
        .code(0);
    // 12 data sets of (20 + 70) couples with either compliance and 6 occasions.
    let expected = "4 designs, 12 data sets each: 12,960 couple-occasions\n4 searches: ";
    assert!(outcome.stdout.starts_with(expected), "{}", outcome.stdout);
    assert!(outcome.stdout.contains(" couple-days are simulated\n"));
}

#[test]
fn designs_that_a_study_cannot_have_are_refused_with_their_places() {
    let sandbox = Sandbox::new();
    let refused = |change: (&str, &str), said: &[&str]| {
        sandbox.refuses("power", STUDY_POWER, change, said);
    };
    refused(
        ("couples = [20, 70]", "couples = [20, 90]"),
        &[
            "wrong.toml:20:11",
            "a design recruits 90 couples, but [run] has only 70",
        ],
    );
    refused(
        ("to = 12", "to = 20"),
        &[
            "wrong.toml:26:6",
            "a design ends on day 56",
            "set [run] `days` to 56",
        ],
    );
    refused(
        ("couples = [20, 70]", "prompts = [1, 2]"),
        &[
            "wrong.toml:20:11",
            "too few steps for 2 `prompts`",
            "`step_days` to 0.5",
        ],
    );
    refused(
        ("couples = [20, 70]", "occasions = [5, 9]"),
        &[
            "wrong.toml:20:1",
            "`occasions` is of given effects",
            "write `burst_days`",
        ],
    );
    refused(
        ("couples = [20, 70]", "burst_dayz = [5, 9]"),
        &["did you mean `burst_days`?"],
    );
    refused(
        (
            "outcome = \"daily_satisfaction\"",
            "outcome = \"daily_stress\"",
        ),
        &["the diary of the [study] does not have `daily_stress`"],
    );
    refused(
        (
            "outcome = \"daily_satisfaction\"",
            "outcome = \"daily_conflict\"",
        ),
        &["the outcome cannot be its own predictor"],
    );
    refused(
        ("predictor = \"daily_conflict\"\n", ""),
        &["`predictor` is missing"],
    );
    refused(
        ("replicates = 12", "couples = 12"),
        &["`couples` is that of the [study]"],
    );
    refused(
        ("replicates = 12", "error_in = \"outcome\""),
        &["`error_in` does nothing where no `reliability` varies"],
    );
    refused(
        (
            "couples = [20, 70]\n",
            "reliability = [0.5, 0.9]\n[power.search]\neffect = \"actor_a\"\nquantity = \"odds_day\"\n#",
        ),
        &["odds_day"],
    );
    refused(
        ("waves = 0", "waves = 0\nparticipants = \"a\""),
        &["partner effects need the answers of both partners"],
    );
    refused(
        ("waves = 0", "waves = 0\ndistinguishable = false"),
        &["partners without roles cannot be told apart"],
    );
    let study = STUDY_POWER.split("[study]").next().expect("a part");
    let power = STUDY_POWER.split("[power]").nth(1).expect("a part");
    sandbox.write("wrong.toml", format!("{study}[power]{power}"));
    let outcome = sandbox.pairbond(&["power", "wrong.toml"]).code(2);
    let said = "`effects` is missing under [power], and there is no [study]";
    assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
}

#[test]
fn a_sweep_over_the_study_is_warned_of() {
    let sandbox = Sandbox::new();
    let sweep = "title = 'x'\n[run]\ncouples = 40\ndays = 30\n[study]\ncouples = 20\nburst_days = 5\n[sweep]\ndesign = 'grid'\n\
                 [[sweep.axis]]\nkey = 'study.burst_days'\nvalues = [5, 7]\n";
    sandbox.write("sweep.toml", sweep);
    let outcome = sandbox
        .pairbond(&["sweep", "sweep.toml", "-o", "out", "--no-charts"])
        .code(0);
    for text in [
        "warning[W015]",
        "sweep.toml:11:7",
        "the axis `study.burst_days` has no effect",
        "`pairbond power`",
    ] {
        assert!(outcome.stderr.contains(text), "{text}: {}", outcome.stderr);
    }
    sandbox.write("sweep.toml", sweep.replace("study.burst_days", "run.days"));
    let outcome = sandbox.pairbond(&["check", "sweep.toml"]).code(0);
    assert!(!outcome.stderr.contains("W015"), "{}", outcome.stderr);
}

const PANEL_POWER: &str = "\
title = \"Commitment and break-ups\"
[run]
seed = 5
couples = 60
days = 130
[study]
couples = 40
enter_from = 30
enter_until = 36
waves = 2
wave_interval = 30
questionnaire = [\"prqc_trust\", \"ims_commitment\"]
burst_days = 0
follow_up = 60
[power]
analysis = \"break_up\"
predictor = \"ims_commitment\"
replicates = 20
reference_couples = 600
[power.vary]
couples = [20, 50]
wave_compliance = [0.7, 1.0]
[power.search]
effect = \"score_a\"
quantity = \"follow_up\"
from = 20
to = 60
";

#[test]
fn the_power_to_see_break_ups_of_a_panel_is_measured_and_reproduced() {
    let sandbox = Sandbox::new();
    sandbox.write("panel.toml", PANEL_POWER);
    let run = |out: &str, more: &[&str]| {
        let words = ["power", "panel.toml", "-o", out];
        sandbox.pairbond(&[&words[..], more].concat())
    };
    let outcome = run("one", &["--threads", "1"]).code(0);
    let said = &outcome.stdout;
    for text in [
        "Commitment and break-ups\n4 designs, 20 simulated data sets each\n",
        "effect of partner A's score on break-ups",
        "2 waves, 60 days of follow-up and compliance of waves 0.7",
        "of all persons answer the first wave",
        "couples without the scores of the first wave are left out",
    ] {
        assert!(said.contains(text), "{text}: {said}");
    }
    run("three", &["--threads", "3", "-q"]).code(0);
    same_files(&sandbox.files("one"), &sandbox.files("three"));
    let table = sandbox.read("one/power.csv");
    assert!(
        table.starts_with(
            "design,couples,waves,follow_up,wave_compliance,effect,truth,truth_low,truth_high,truth_replicates,\
             truth_couples,truth_failed,replicates,failed,recruited,short,answered,analysed,break_ups,mean,bias,"
        ),
        "{table}"
    );
    assert_eq!(table.lines().count(), 1 + 4 * 2);
    assert!(table.contains(",score_b,"), "{table}");
    let report = sandbox.read("one/report.html");
    for text in [
        "the hazard of a break-up was predicted by the scores of both partners of ims_commitment at the first wave",
        "fitted a Cox regression of the time from entry to the break-up",
        "A couple of a data set counts if both partners answered the first wave",
        "Wald tests were two-sided",
    ] {
        assert!(report.contains(text), "{text}");
    }
    assert!(!report.contains("prompts") && !report.contains("random intercepts"));
    assert!(
        sandbox
            .read("one/power.svg")
            .contains("Effect of partner B&apos;s score on break-ups")
    );
    sandbox.pairbond(&["verify", "one"]).code(0);
    sandbox.pairbond(&["plot", "one", "-o", "drawn"]).code(0);
    let (kept, drawn) = (sandbox.files("one"), sandbox.files("drawn"));
    assert_eq!(kept["power.svg"], drawn["power.svg"]);
    sandbox
        .pairbond(&["report", "one", "-o", "again.html"])
        .code(0);
    assert_eq!(sandbox.read("again.html"), report);
    let outcome = sandbox
        .pairbond(&["power", "panel.toml", "--dry-run"])
        .code(0);
    // 20 data sets of (20 + 50) couples with either compliance and 2 waves.
    let expected = "4 designs, 20 data sets each: 5,600 couple-occasions\n4 searches: ";
    assert!(outcome.stdout.starts_with(expected), "{}", outcome.stdout);

    let shared = ["partners = \"exchangeable\"\nreplicates", "\"score\""];
    let text = PANEL_POWER
        .replace("replicates", shared[0])
        .replace("\"score_a\"", shared[1]);
    sandbox.write("panel.toml", text);
    run("shared", &["-q", "--no-charts"]).code(0);
    let table = sandbox.read("shared/power.csv");
    assert_eq!(table.lines().count(), 1 + 4);
    assert!(table.contains(",score,"), "{table}");
    sandbox.pairbond(&["verify", "shared"]).code(0);
}

#[test]
fn panels_that_cannot_be_analysed_are_refused_with_their_places() {
    let sandbox = Sandbox::new();
    let refused = |change: (&str, &str), said: &[&str]| {
        sandbox.refuses("power", PANEL_POWER, change, said);
    };
    refused(
        ("\"break_up\"", "\"brake_up\""),
        &["wrong.toml:16:12", "did you mean \"break_up\"?"],
    );
    let of_diary = |key: &str| format!("`{key}` is of the model of a diary");
    for (line, key) in [
        ("residuals = \"autoregressive\"", "residuals"),
        ("lagged_outcome = true", "lagged_outcome"),
        ("centre = false", "centre"),
    ] {
        refused(
            ("replicates = 20", line),
            &["wrong.toml:18:1", &of_diary(key)],
        );
    }
    refused(
        ("replicates = 20", "method = \"ml\""),
        &["`method` does nothing in a Cox regression"],
    );
    refused(
        ("replicates = 20", "error_in = \"predictor\""),
        &["only the predictor has a reliability"],
    );
    refused(
        ("replicates = 20", "outcome = \"prqc_trust\""),
        &["`outcome` has no place where the break-up is the outcome"],
    );
    refused(
        ("predictor = \"ims_commitment\"\n", ""),
        &["`predictor` is missing"],
    );
    refused(
        ("predictor = \"ims_commitment\"", "predictor = \"ras\""),
        &[
            "wrong.toml:17:13",
            "the questionnaire of the [study] does not have `ras`",
            "write one of `prqc_trust` and `ims_commitment`",
        ],
    );
    refused(
        ("waves = 2", "waves = 0"),
        &["the study has no waves", "set `waves` under [study]"],
    );
    refused(
        ("[power]", "[mechanisms]\ndissolution = false\n[power]"),
        &["no couple breaks up, since the mechanism `dissolution` is off"],
    );
    refused(
        ("couples = [20, 50]", "burst_days = [5, 9]"),
        &["wrong.toml:21:1", "`burst_days` is of the diary"],
    );
    refused(
        ("couples = [20, 50]", "occasions = [5, 9]"),
        &["`occasions` is of given effects", "`wave_interval`"],
    );
    refused(
        ("couples = [20, 50]", "follow_up = [20, 90]"),
        &["wrong.toml:21:13", "a design ends on day 156"],
    );
    refused(
        ("\"score_a\"", "\"score\""),
        &["no effect of distinguishable partners on break-ups is called `score`"],
    );
    refused(
        ("\"score_a\"", "\"actor_a\""),
        &["is called `actor_a`", "`score_a` and `score_b`"],
    );
    refused(
        ("burst_days = 0", "burst_days = 0\nparticipants = \"b\""),
        &["the scores of both partners are analysed, and one is not asked"],
    );
    let said = |text: &str| {
        sandbox.write("wrong.toml", text);
        sandbox.pairbond(&["power", "wrong.toml"]).code(2).stderr
    };
    let listed = PANEL_POWER
        .replace("waves = 2\nwave_interval = 30", "wave_days = [0, 30]")
        .replace("couples = [20, 50]", "waves = [1, 2]");
    let text = "`waves` does nothing where `wave_days` under [study] lists the waves";
    assert!(said(&listed).contains(text), "{}", said(&listed));
    let short = PANEL_POWER
        .replace("waves = 2", "waves = 1")
        .replace("couples = [20, 50]", "follow_up = [0, 30]")
        .replace("quantity = \"follow_up\"\n", "");
    let text = "a design follows no couple beyond its day of entry";
    assert!(said(&short).contains(text), "{}", said(&short));
    let diary = STUDY_POWER.replace("compliance = [0.7, 1.0]", "waves = [1, 2]");
    let text = "`waves` is of the waves, and the diary is analysed";
    assert!(said(&diary).contains(text), "{}", said(&diary));
    let given = POWER.replace("replicates = 60", "analysis = \"break_up\"");
    let text = "given effects are those of a diary";
    assert!(said(&given).contains(text), "{}", said(&given));
}

const GROWTH_POWER: &str = "\
title = \"Trust and change of satisfaction\"
[run]
seed = 5
couples = 60
days = 150
[study]
couples = 40
enter_from = 30
waves = 3
wave_interval = 30
questionnaire = [\"prqc_trust\", \"prqc_satisfaction\"]
burst_days = 0
[power]
analysis = \"growth\"
predictor = \"prqc_trust\"
outcome = \"prqc_satisfaction\"
method = \"ml\"
replicates = 12
reference_couples = 600
[power.vary]
waves = [3, 4]
drop_out = [0.0, 0.2]
[power.search]
effect = \"actor_level_a\"
from = 10
to = 30
";

#[test]
fn the_power_to_see_growth_over_a_panel_is_measured_and_reproduced() {
    let sandbox = Sandbox::new();
    sandbox.write("growth.toml", GROWTH_POWER);
    let run = |out: &str, more: &[&str]| {
        let words = ["power", "growth.toml", "-o", out];
        sandbox.pairbond(&[&words[..], more].concat())
    };
    let outcome = run("one", &["--threads", "1"]).code(0);
    let said = &outcome.stdout;
    for text in [
        "4 designs, 12 simulated data sets each\n",
        "actor effect on the level of partner A",
        "40 couples, 4 waves and drop-out 0.2",
        "of all waves are answered",
        "analysed couples; couples without the scores of the first wave are left out",
    ] {
        assert!(said.contains(text), "{text}: {said}");
    }
    run("three", &["--threads", "3", "-q"]).code(0);
    same_files(&sandbox.files("one"), &sandbox.files("three"));
    let table = sandbox.read("one/power.csv");
    assert!(
        table.starts_with(
            "design,couples,waves,drop_out,effect,truth,truth_low,truth_high,truth_replicates,truth_couples,truth_failed,\
             replicates,failed,recruited,short,answered,analysed,mean,bias,"
        ),
        "{table}"
    );
    assert_eq!(table.lines().count(), 1 + 4 * 12);
    let report = sandbox.read("one/report.html");
    for text in [
        "level and slope of prqc_satisfaction over the waves were predicted by the own and the partner's prqc_trust",
        "fitted a growth model of distinguishable partners to each by full maximum likelihood",
        "Kashy &amp; Donnellan, 2012",
        "with all waves that a partner answered",
    ] {
        assert!(report.contains(text), "{text}");
    }
    let chart = sandbox.read("one/power.svg");
    assert!(chart.contains("Partner effect on the slope of partner B"));
    sandbox.pairbond(&["verify", "one"]).code(0);

    let text = GROWTH_POWER
        .replace("method", "partners = \"exchangeable\"\nmethod")
        .replace("actor_level_a", "partner_slope");
    sandbox.write("growth.toml", text);
    run("shared", &["-q", "--no-charts"]).code(0);
    let table = sandbox.read("shared/power.csv");
    assert_eq!(table.lines().count(), 1 + 4 * 6);
    assert!(table.contains(",partner_slope,"), "{table}");
    sandbox.pairbond(&["verify", "shared"]).code(0);
}

#[test]
fn growth_that_cannot_be_analysed_is_refused_with_its_place() {
    let sandbox = Sandbox::new();
    let refused = |change: (&str, &str), said: &[&str]| {
        sandbox.refuses("power", GROWTH_POWER, change, said);
    };
    refused(
        ("outcome = \"prqc_satisfaction\"\n", ""),
        &["`outcome` is missing"],
    );
    refused(
        (
            "outcome = \"prqc_satisfaction\"",
            "outcome = \"prqc_trust\"",
        ),
        &["the outcome cannot be its own predictor", "questionnaire"],
    );
    refused(
        ("outcome = \"prqc_satisfaction\"", "outcome = \"ras\""),
        &["the questionnaire of the [study] does not have `ras`"],
    );
    refused(
        ("waves = [3, 4]", "waves = [2, 4]"),
        &["wrong.toml:21:9", "with 3 waves or more"],
    );
    refused(
        ("waves = [3, 4]", "follow_up = [30, 60]"),
        &["`follow_up` does nothing for growth"],
    );
    refused(
        ("waves = [3, 4]", "prompts = [1, 2]"),
        &["`prompts` is of the diary, and growth over the waves is analysed"],
    );
    refused(
        ("replicates = 12", "centre = false"),
        &["`centre` is of the model of a diary"],
    );
    refused(
        ("\"actor_level_a\"", "\"actor_a\""),
        &["on growth is called `actor_a`", "`partner_slope_b`"],
    );
    refused(
        ("replicates = 12", "error_in = \"outcome\""),
        &["`error_in` does nothing where no `reliability` varies"],
    );
}
