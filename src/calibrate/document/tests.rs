use super::*;
use crate::calibrate::abc::PerturbationKernel;
use crate::scenario::Diagnostics;
use crate::scenario::Style;

const KNOWN: [KnownTarget<'static>; 6] = [
    KnownTarget {
        id: "C01",
        tier: "C",
    },
    KnownTarget {
        id: "C02",
        tier: "C",
    },
    KnownTarget {
        id: "V01",
        tier: "V",
    },
    KnownTarget {
        id: "C03",
        tier: "C",
    },
    KnownTarget {
        id: "P06 mean",
        tier: "P",
    },
    KnownTarget {
        id: "P06 sd",
        tier: "P",
    },
];

const KEYS: [LaboratoryKey; 1] = [LaboratoryKey {
    key: "laboratory.style",
    low: 0.0,
    high: 1.0,
    default: 0.05,
}];

const ALL: KnownNames<'static> = KnownNames {
    targets: &KNOWN,
    keys: &KEYS,
};

const WHOLE: &str = r#"
title = "Conflict and openness"
targets = ["tier C"]

[sampler]
seed = 7
particles = 100

[[parameter]]
key = "parameters.conflict_rate"
prior = "log_uniform"
low = 0.05
high = 0.5

[[parameter]]
key = "traits.responsiveness.log_odds"
prior = "normal"
mean = 3.2
sd = 0.5
"#;

fn read(text: &str) -> Result<CalibrationDocument, Diagnostics> {
    CalibrationDocument::parse("calibration.toml", text, &[], &ALL, None)
}

fn message(text: &str) -> String {
    read(text).expect_err("errors").render(Style::Plain)
}

#[test]
fn a_document_has_keys_priors_targets_and_limits() {
    let document = read(WHOLE).expect("a valid document");
    assert_eq!(document.targets, ["C01", "C02", "C03"]);
    assert_eq!((document.couples, document.sampler.seed), (1000, 7));
    assert_eq!(
        (document.sampler.particles, document.sampler.generations),
        (100, 30)
    );
    assert_eq!(
        (document.sampler.quantile, document.sampler.kernel),
        (0.5, PerturbationKernel::Local)
    );
    let [first, second] = &document.parameters[..] else {
        panic!("two parameters")
    };
    assert_eq!(first.name, "conflict_rate");
    let (low, high) = (0.05, 0.5);
    assert_eq!(first.prior, Prior::LogUniform { low, high });
    let conflict = crate::model::parameters::PARAMETERS
        .iter()
        .find(|line| line.key == "conflict_rate")
        .expect("a parameter of the model");
    assert_eq!(first.default, Some(conflict.default));
    assert_eq!(second.name, "traits_responsiveness_log_odds");
    assert!(matches!(
        second.prior,
        Prior::TruncatedNormal { low, high, .. } if low < high && low.is_finite()
    ));
    assert!(second.default.is_some());
}

#[test]
fn overrides_reach_every_key() {
    let overrides = ["sampler.particles=50", "parameter.1.high=0.2"]
        .map(|text| Override::parse(text).expect("an override"));
    let document = CalibrationDocument::parse("calibration.toml", WHOLE, &overrides, &ALL, None)
        .expect("a valid document");
    assert_eq!(document.sampler.particles, 50);
    let (low, high) = (0.05, 0.2);
    assert_eq!(
        document.parameters[0].prior,
        Prior::LogUniform { low, high }
    );
    let wrong = [Override::parse("sampler.particels=50").expect("an override")];
    let errors = CalibrationDocument::parse("calibration.toml", WHOLE, &wrong, &ALL, None);
    let errors = errors.expect_err("an unknown key").render(Style::Plain);
    assert!(
        errors.contains("--set sampler.particels=50:1:9"),
        "{errors}"
    );
    assert!(errors.contains("did you mean `particles`?"), "{errors}");
}

#[test]
fn targets_are_named_singly_by_tier_or_all() {
    let named = |targets: &str| {
        let text = WHOLE.replace("[\"tier C\"]", targets);
        read(&text).expect("a valid document").targets
    };
    assert_eq!(
        named("\"all\""),
        ["C01", "C02", "V01", "C03", "P06 mean", "P06 sd"]
    );
    assert_eq!(named("[\"P06\"]"), ["P06 mean", "P06 sd"]);
    assert_eq!(named("\"P06 sd\""), ["P06 sd"]);
    assert_eq!(named("[\"V01\", \"C02\"]"), ["C02", "V01"]);
    assert_eq!(named("[\"tier V\", \"C01\"]"), ["C01", "V01"]);
}

#[test]
fn every_error_has_its_position_and_the_nearest_name() {
    let text = r#"
title = "Faulty"
targets = ["C1", "tier c", "C02", "C02"]

[sampler]
particels = 100
quantile = 1.5

[[parameter]]
key = "parameters.conflict_rat"
prior = "log_uniform"
low = 0.0
high = 0.5

[[parameter]]
key = "parameters.trust_rate"
prior = "unifrom"
low = 0.1
high = 0.2

[[parameter]]
key = "traits.openness.median"
prior = "uniform"
mean = 1.0
low = 2.0
high = 1.0
"#;
    let message = message(text);
    for expected in [
        "error[E015]: there is no target \"C1\"",
        "--> calibration.toml:3:12",
        "did you mean \"C01\"?",
        "did you mean \"tier C\"?",
        "`targets` names \"C02\" twice",
        "error[E007]: there is no key `particels` under [sampler]",
        "--> calibration.toml:6:1",
        "did you mean `particles`?",
        "`quantile` must lie between 0.01 and 0.99",
        "error[E031]: there is nothing to set at `parameters.conflict_rat`",
        "--> calibration.toml:10:7",
        "did you mean `parameters.conflict_rate`?",
        "error[E035]: a log_uniform prior must begin above 0",
        "`prior` cannot be \"unifrom\"",
        "did you mean \"uniform\"?",
        "error[E032]: a uniform prior has no `mean`",
        "`mean` is a key of `normal` and `truncated_normal`",
        "error[E035]: `low` is 2 and `high` 1: no value lies between them",
        "--> calibration.toml:26:8",
    ] {
        assert!(message.contains(expected), "{expected} in\n{message}");
    }
}

#[test]
fn missing_keys_are_reported() {
    let report = message("description = \"nothing\"\n");
    assert!(report.contains("there is no key `description`"), "{report}");
    assert!(report.contains("`title` is missing"), "{report}");
    assert!(report.contains("`targets` is missing"), "{report}");
    assert!(
        report.contains("there is no parameter to calibrate"),
        "{report}"
    );
    let bare = message(&WHOLE.replace("high = 0.5\n", "").replace("sd = 0.5\n", ""));
    assert!(bare.contains("`high` is missing in a parameter"), "{bare}");
    assert!(bare.contains("`sd` is missing in a parameter"), "{bare}");
}

#[test]
fn only_properties_of_couples_can_be_calibrated() {
    for (key, why) in [
        ("run.couples", "is no property of couples"),
        ("regimes.trust_cut", "is no property of couples"),
        ("mechanisms.repair", "is not a number"),
    ] {
        let message = message(&WHOLE.replace("parameters.conflict_rate", key));
        assert!(message.contains(why), "{message}");
    }
    let twice = WHOLE.replace("traits.responsiveness.log_odds", "parameters.conflict_rate");
    let report = message(&twice);
    assert!(report.contains("is calibrated twice"), "{report}");
    let few = message(&WHOLE.replace("particles = 100", "particles = 3"));
    assert!(
        few.contains("`particles` must be 4 or more for 2 parameters"),
        "{few}"
    );
    let outside = message(&WHOLE.replace("high = 0.5", "high = 1e5"));
    assert!(outside.contains("`high` must lie between"), "{outside}");
}

#[test]
fn the_page_lists_every_key_with_its_default() {
    let page = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/calibration.md"));
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with('|')).collect();
    for section in schema::tables() {
        // The rows of a table follow its name.
        let names = |row: &&str| row.contains(&format!("[{}]", section.name));
        let first = rows.iter().position(names).unwrap_or(0);
        for field in &section.keys {
            let key = format!("`{}`", field.key);
            let row = rows[first..].iter().find(|row| row.contains(&key));
            let row = row.unwrap_or_else(|| panic!("{} is not on the page", field.key));
            assert!(row.contains(&*field.default), "{}: {row}", field.key);
        }
    }
}

#[test]
fn a_search_has_its_own_table_and_starts_within_the_priors() {
    let text = WHOLE.replace(
        "[sampler]",
        "[search]\ncouples = 300\nhuber = 3\n\n[sampler]",
    );
    let text = text.replace("high = 0.5\n", "high = 0.5\nstart = 0.3\n");
    let document = read(&text).expect("a valid document");
    assert_eq!((document.couples, document.search_couples), (1000, 300));
    assert_eq!((document.search.huber, document.search.checks), (3.0, 4));
    let starts: Vec<Option<f64>> = document.parameters.iter().map(|it| it.start).collect();
    assert_eq!(starts, [Some(0.3), None]);
    let faulty = text.replace(
        "huber = 3",
        "hubert = 3\nprior_weight = -1\ndifference = 0.7",
    );
    let message = message(&faulty.replace("start = 0.3", "start = 0.6"));
    for expected in [
        "did you mean `huber`?",
        "`prior_weight` must lie between 0 and 1000",
        "`difference` must lie between 0.000001 and 0.5",
        "`start` must lie between 0.05 and 0.5",
    ] {
        assert!(message.contains(expected), "{expected} in\n{message}");
    }
}

#[test]
fn keys_of_the_laboratory_are_found_by_name() {
    let with = |key: &str, high: &str| {
        let text = WHOLE.replace("parameters.conflict_rate", key);
        read(&text.replace("high = 0.5", &format!("high = {high}")))
    };
    let document = with("laboratory.style", "0.5").expect("a valid document");
    let style = &document.parameters[0];
    assert_eq!(
        (style.name.as_str(), style.default),
        ("laboratory_style", Some(0.05))
    );
    let message = |key: &str, high: &str| with(key, high).expect_err("errors").render(Style::Plain);
    let near = message("laboratory.stile", "0.5");
    assert!(near.contains("did you mean `laboratory.style`?"), "{near}");
    let outside = message("laboratory.style", "1.5");
    assert!(
        outside.contains("`high` must lie between 0 and 1"),
        "{outside}"
    );
}

#[test]
fn mutated_documents_are_read_or_refused() {
    crate::table::test_support::mutations(WHOLE.as_bytes(), |bytes| {
        let _ = CalibrationDocument::read_bytes("calibration.toml", bytes, &[], &ALL, None);
    });
}

#[test]
fn few_couples_are_enough_for_populations_and_not_for_studies_of_the_program() {
    let load = |name: &str| match name {
        "own.csv" => Ok("id,measure,population,value,error\n\
                         T,mean trust,p.toml,0.5,0.1\nU,conflict_days,,0.3,0.1\n"
            .into()),
        "latin1.csv" => Ok(b"id,measure,value,error\nT,caf\xe9,0.5,0.1\n".into()),
        "p.toml" => Ok("title = \"p\"\n[run]\ndays = 9\n".into()),
        _ => Err(std::io::ErrorKind::NotFound.into()),
    };
    let read = |targets: &str| {
        let text = WHOLE.replace("[\"tier C\"]", targets) + "\n[studies]\ncouples = 40\n";
        CalibrationDocument::parse("calibration.toml", &text, &[], &ALL, Some(&load))
    };
    let document = read("[\"own.csv\", \"T\"]").expect("a population alone");
    assert_eq!(
        (document.couples, &document.targets[..]),
        (40, &["T".to_owned()][..])
    );
    let names: Vec<&str> = document
        .attachments()
        .iter()
        .map(|(name, _)| &**name)
        .collect();
    assert_eq!(names, ["own.csv", "p.toml"]);
    for targets in ["\"own.csv\"", "[\"own.csv\", \"U\"]", "[\"tier C\"]"] {
        let errors = read(targets)
            .expect_err("a study of the program")
            .to_string();
        assert!(errors.contains("must be 100 or more"), "{errors}");
    }
    let errors = read("\"latin1.csv\"").expect_err("no UTF-8").to_string();
    assert!(
        errors.contains("--> latin1.csv:2:6") && errors.contains("named here"),
        "{errors}"
    );
}

#[test]
fn a_prior_that_reaches_above_the_ceiling_of_a_rate_gives_a_warning() {
    let with = |key: &str, prior: &str| {
        let text = format!(
            "title = \"t\"\ntargets = \"all\"\n[[parameter]]\nkey = \"{key}\"\nprior = {prior}\n"
        );
        read(&text).expect("a sound document").warnings.to_string()
    };
    let found = with(
        "parameters.conflict_rate",
        "\"uniform\"\nlow = 0.1\nhigh = 5",
    );
    assert!(
        found.contains("warning[W011]: conflicts are asked for"),
        "{found}"
    );
    assert!(found.contains("calibration.toml:7:8"), "{found}");
    let found = with(
        "parameters.alternative_interval",
        "\"uniform\"\nlow = 0.25\nhigh = 90",
    );
    assert!(found.contains("possible partners") && found.contains("calibration.toml:6:7"));
    for prior in [
        "\"uniform\"\nlow = 0.1\nhigh = 2",
        "\"normal\"\nmean = 0.1\nsd = 0.02",
    ] {
        assert_eq!(with("parameters.conflict_rate", prior), "");
    }
    assert_eq!(
        with("laboratory.style", "\"uniform\"\nlow = 0\nhigh = 1"),
        ""
    );
}
