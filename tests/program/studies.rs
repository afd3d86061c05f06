//! `pairbond study`: data sets as a study would have them.

use crate::test_support::{CsvTable, Sandbox, same_files};

const STUDY: &str = "\
title = \"A study\"
description = \"What can 30 couples tell?\"
[run]
seed = 5
couples = 200
days = 160
[study]
couples = 30
enter_from = 10
enter_until = 40
waves = 3
wave_interval = 40
burst_days = 7
diary = [\"daily_satisfaction\", \"daily_conflict\"]
";

const TABLES: [&str; 13] = [
    "codebook",
    "panel_wide",
    "participants",
    "participation",
    "prompts_dyad",
    "prompts_long",
    "prompts_pairwise",
    "recruitment",
    "scales",
    "truth",
    "waves_dyad",
    "waves_long",
    "waves_pairwise",
];

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("study.toml", STUDY);
    sandbox
}

fn study(sandbox: &Sandbox, out: &str, more: &[&str]) {
    let mut words = vec!["study", "study.toml", "-o", out];
    words.extend(more);
    sandbox.pairbond(&words).code(0);
}

#[test]
fn a_folder_has_layouts_truth_codebook_report_and_scripts_and_is_verified() {
    let sandbox = sandbox();
    let outcome = sandbox
        .pairbond(&["study", "study.toml", "-o", "out"])
        .code(0);
    assert!(
        outcome
            .stdout
            .starts_with("A study\n1 data set: 30 of 30 couples recruited, of "),
        "{}",
        outcome.stdout
    );
    assert!(outcome.stdout.contains("Open out/report.html first; "));
    let files = sandbox.files("out");
    assert!(files.contains_key("participation.svg"));
    for table in TABLES {
        assert!(files.contains_key(&format!("{table}.csv")), "{table}");
    }
    for script in [
        "apim",
        "cox",
        "growth",
        "lapim_glmmtmb",
        "lapim_nlme",
        "riclpm",
        "rsa",
    ] {
        assert!(files.contains_key(&format!("{script}.R")), "{script}");
    }
    let page = sandbox.read("out/report.html");
    for part in [
        "Of the waves while they were in the study",
        "Broke up",
        "Screening",
        "lapim_nlme.R",
    ] {
        assert!(page.contains(part), "{part}");
    }
    sandbox.pairbond(&["verify", "out"]).code(0);
    // The report is made again from the tables.
    sandbox
        .pairbond(&["report", "out", "-o", "again.html"])
        .code(0);
    assert!(sandbox.read("again.html") == page);
    let mut long = sandbox.read("out/waves_long.csv");
    long.push('\n');
    sandbox.write("out/waves_long.csv", long);
    sandbox.pairbond(&["verify", "out"]).code(1);
}

#[test]
fn every_number_of_threads_gives_the_same_bytes() {
    let sandbox = sandbox();
    let more = |threads: &'static str| ["--threads", threads, "--replicates", "5"];
    study(&sandbox, "one", &more("1"));
    study(&sandbox, "three", &more("3"));
    same_files(&sandbox.files("one"), &sandbox.files("three"));
}

#[test]
fn participation_counts_the_answers_of_all_data_sets_and_is_drawn_again() {
    let sandbox = sandbox();
    let study_with_losses = STUDY.replace(
        "burst_days = 7",
        "burst_days = 7\ncompliance = 0.7\ndrop_out = 0.2",
    );
    sandbox.write("study.toml", study_with_losses);
    study(&sandbox, "out", &["--replicates", "3"]);
    let table = sandbox.table("out/participation.csv");
    for column in ["missed", "dropped_out"] {
        assert!(table.numbers(column).iter().sum::<f64>() > 0.0, "{column}");
    }
    for (kind, long, number) in [
        ("wave", "waves_long", "wave"),
        ("prompt", "prompts_long", "occasion"),
    ] {
        let rows = sandbox.table(&format!("out/{long}.csv"));
        let (of, is_answered) = (rows.numbers(number), rows.numbers("answered"));
        let mut occasions: Vec<f64> = of.clone();
        occasions.sort_by(f64::total_cmp);
        occasions.dedup();
        let answers = |occasion: &f64| {
            let own = of
                .iter()
                .zip(&is_answered)
                .filter(|(own, _)| *own == occasion);
            own.map(|(_, answered)| answered).sum::<f64>()
        };
        let expected: Vec<f64> = occasions.iter().map(answers).collect();
        let own = |name: &str| -> Vec<f64> {
            let cells = table
                .column("occasion_kind")
                .iter()
                .zip(table.numbers(name));
            cells
                .filter(|(own, _)| *own == kind)
                .map(|(_, number)| number)
                .collect()
        };
        assert_eq!(own("answered"), expected, "{kind}");
        let lost: f64 = own("missed")
            .iter()
            .chain(&own("dropped_out"))
            .chain(&own("separated"))
            .sum();
        assert_eq!(
            own("persons").iter().sum::<f64>(),
            expected.iter().sum::<f64>() + lost
        );
        for (share, (answered, persons)) in own("answering")
            .iter()
            .zip(expected.iter().zip(own("persons")))
        {
            // All couples have two members.
            assert!(
                (share - answered / persons).abs() < 1e-12,
                "{share} {answered} {persons}"
            );
        }
        let inside = |low: f64, mean: f64, high: f64| low <= mean && mean <= high;
        let ends = own("answering_low").into_iter().zip(own("answering_high"));
        assert!(
            ends.zip(own("answering"))
                .all(|((low, high), mean)| inside(low, mean, high))
        );
    }
    sandbox.pairbond(&["plot", "out", "-o", "drawn"]).code(0);
    assert!(sandbox.read("drawn/participation.svg") == sandbox.read("out/participation.svg"));
}

/// The lines of a table whose first cell is at most this.
fn of_first(sandbox: &Sandbox, table: &str, replicates: u32) -> Vec<String> {
    let text = sandbox.read(table);
    let is_own = |line: &&str| {
        let number = line
            .split(',')
            .next()
            .and_then(|cell| cell.parse::<u32>().ok());
        number.is_none_or(|number| number <= replicates)
    };
    text.lines().filter(is_own).map(str::to_owned).collect()
}

#[test]
fn a_data_set_is_the_same_whatever_their_number() {
    let sandbox = sandbox();
    study(&sandbox, "two", &["--replicates", "2"]);
    study(&sandbox, "four", &["--replicates", "4"]);
    let of_all = ["codebook", "participation"];
    for table in TABLES.into_iter().filter(|table| !of_all.contains(table)) {
        let name = |out: &str| format!("{out}/{table}.csv");
        let few = of_first(&sandbox, &name("two"), 2);
        let many = of_first(&sandbox, &name("four"), 2);
        assert!(few == many, "{table}");
        assert!(of_first(&sandbox, &name("four"), 4).len() > many.len());
    }
}

#[test]
fn results_are_replaced_only_by_force_and_only_if_they_are_of_a_study() {
    let sandbox = sandbox();
    study(&sandbox, "out", &[]);
    let before = sandbox.files("out");
    let refused = sandbox
        .pairbond(&["study", "study.toml", "-o", "out", "--seed", "9"])
        .code(2);
    assert!(refused.stderr.contains("--force"), "{}", refused.stderr);
    same_files(&before, &sandbox.files("out"));
    sandbox
        .pairbond(&["run", "study.toml", "-o", "out", "--force", "--no-charts"])
        .code(2);
    same_files(&before, &sandbox.files("out"));
    study(&sandbox, "out", &["--seed", "9", "--force"]);
    assert!(sandbox.files("out")["truth.csv"] != before["truth.csv"]);
}

#[test]
fn the_design_can_be_set() {
    let sandbox = sandbox();
    let set = [
        "study.couples=12",
        "study.prompts=1",
        "study.participants=a",
        "study.waves=1",
    ];
    let more: Vec<&str> = set.iter().flat_map(|own| ["--set", own]).collect();
    study(&sandbox, "out", &more);
    let people = sandbox.table("out/participants.csv");
    assert_eq!(people.column("couple").len(), 12);
    assert!(
        people
            .column("prompts_asked_2")
            .iter()
            .all(|own| own == "0")
    );
    assert!(!sandbox.path("out/waves_pairwise.csv").exists());
    assert!(!sandbox.path("out/apim.R").exists());
    sandbox.pairbond(&["verify", "out"]).code(0);
}

fn share(table: &CsvTable, column: &str) -> f64 {
    let values = table.numbers(column);
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn compliance_is_that_of_the_scenario() {
    let sandbox = sandbox();
    let set = [
        "study.couples=100",
        "study.compliance=0.6",
        "study.drop_out=0",
        "run.couples=400",
    ];
    let mut more: Vec<&str> = set.iter().flat_map(|own| ["--set", own]).collect();
    more.extend(["--set", "mechanisms.dissolution=false"]);
    study(&sandbox, "out", &more);
    let found = share(&sandbox.table("out/prompts_long.csv"), "answered");
    assert!(
        (found - 0.6).abs() < 4.5 * (0.24_f64 / 1400.0).sqrt(),
        "{found}"
    );
}

#[test]
#[cfg(feature = "parquet")]
fn parquet_has_the_same_tables() {
    let sandbox = sandbox();
    study(&sandbox, "out", &["--format", "parquet"]);
    for table in TABLES.into_iter().filter(|table| *table != "codebook") {
        assert!(
            sandbox.path(&format!("out/{table}.parquet")).exists(),
            "{table}"
        );
    }
    assert!(sandbox.path("out/report.html").exists());
    sandbox.pairbond(&["verify", "out"]).code(0);
}

#[test]
fn a_scenario_without_a_study_is_refused() {
    let sandbox = sandbox();
    let outcome = sandbox
        .pairbond(&["study", "small.toml", "-o", "out"])
        .code(2);
    assert_eq!(
        outcome.stderr,
        "error: the scenario has no `[study]`: `pairbond run` simulates it\n"
    );
    assert!(!sandbox.path("out").exists());
}

#[test]
fn a_run_does_not_depend_on_the_study() {
    let sandbox = sandbox();
    let (without, _) = STUDY.split_once("[study]").expect("a study");
    sandbox.write("bare.toml", without);
    for name in ["study", "bare"] {
        let file = format!("{name}.toml");
        sandbox
            .pairbond(&["run", &file, "-o", name, "--no-charts", "--no-report"])
            .code(0);
    }
    let (mut with, mut without) = (sandbox.files("study"), sandbox.files("bare"));
    for files in [&mut with, &mut without] {
        files.remove("manifest.json");
        files.remove("scenario.toml");
    }
    same_files(&with, &without);
}

#[test]
fn keys_of_the_study_are_axes_and_are_explained() {
    let sandbox = sandbox();
    let axes = "[sweep]\ndesign = \"grid\"\n[[sweep.axis]]\nkey = \"study.couples\"\nvalues = [20, 40]\n\
                [[sweep.axis]]\nkey = \"study.reliability\"\nvalues = [0.7, 0.9]\n\
                [[sweep.axis]]\nkey = \"study.steps.prqc_trust\"\nvalues = [5, 7]\n";
    sandbox.write("axes.toml", format!("{STUDY}{axes}"));
    sandbox.pairbond(&["check", "axes.toml"]).code(0);
    let reported = sandbox
        .pairbond(&["explain", "study.compliance"])
        .code(0)
        .stdout;
    assert!(
        reported.contains("--set study.compliance=VALUE"),
        "{reported}"
    );
}
