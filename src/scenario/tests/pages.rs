//! The template, the reference page, and the scenarios that are shipped.

use super::{compare, files, full_template, full_template_with_childhood, project};
use crate::scenario::{Accepts, Code, Override, Scenario, reference, template};
use crate::simulation::{SCALE_COUNT, SCALES, Survey};

#[test]
fn the_template_is_the_default_scenario() {
    let template = Scenario::read_text("template", &template(), &[]).expect("a valid template");
    let bare = Scenario::read_text("bare", "title = \"x\"\n", &[]).expect("a valid scenario");
    assert_eq!(template.config(), bare.config());
    assert!(template.warnings().is_empty(), "{}", template.warnings());
}

#[test]
fn every_key_of_the_template_can_be_switched_on() {
    let full = Scenario::read_text("full", &full_template(), &[]).expect("a valid scenario");
    assert!(full.warnings().is_empty(), "{}", full.warnings());
    assert_eq!(full.marks().len(), 6);
    assert_eq!(full.marks()[0].label, "the betrayal");
    assert_eq!(full.marks()[3].label, "responsiveness of B × 0.9 +0.05");
    assert_eq!(
        (full.marks()[3].day, full.marks()[3].until),
        (100, Some(160))
    );
    let text = full_template_with_childhood();
    let full = Scenario::read_text("full", &text, &[]).expect("a valid scenario");
    assert!(full.warnings().is_empty(), "{}", full.warnings());
    assert_eq!(full.config().origin.has_childhood(), [true; 2]);
}

#[test]
fn the_template_gives_the_defaults() {
    let without_examples: String = full_template()
        .split("\n\n")
        .map(|block| {
            let end = ["# The same keys under", "# Examples"]
                .iter()
                .filter_map(|mark| block.find(mark))
                .min();
            format!("{}\n\n", &block[..end.unwrap_or(block.len())])
        })
        .filter(|block| {
            !block.starts_with("[[event]]")
                && !block.starts_with("[[sweep.axis]]")
                && !block.starts_with("[[claim]]")
                // The table alone switches its measurement on.
                && !block.contains("[measurement]")
        })
        .collect();
    let all = Scenario::read_text("defaults", &without_examples, &[]).expect("a valid scenario");
    let bare = Scenario::read_text("bare", "title = \"x\"\n", &[]).expect("a valid scenario");
    assert_eq!(all.config(), bare.config());
}

#[test]
fn the_measurement_in_the_template_is_the_default_one() {
    let full = Scenario::read_text("full", &full_template(), &[]).expect("a valid scenario");
    let text = "title = \"x\"\n[measurement]\n";
    let bare = Scenario::read_text("bare", text, &[]).expect("a valid scenario");
    let expected = Survey::default_for(365);
    for scenario in [full, bare] {
        assert_eq!(scenario.config().record.survey.as_ref(), Some(&expected));
    }
    let nothing = Scenario::read_text("none", "title = \"x\"\n", &[]).expect("a valid scenario");
    assert_eq!(nothing.config().record.survey, None);
}

#[test]
fn every_key_of_a_measurement_is_read_and_comes_back_from_the_effective_scenario() {
    let text = "title = \"x\"\n[run]\ndays = 100\n[measurement]\nwaves = [80, 7]\n\
        diary_from = 20\ndiary_days = 30\npoints = 9\nstyle = 0.1\nmissing = 0.2\n\
        conflict_reported = 0.6\nunresponsive_as_conflict = 0.3\nconflict_false_alarm = 0.01\n\
        items = { anxiety = 6 }\nreliability = 0.7\nsd = { daily_stress = 0.2 }\n";
    let sets: Vec<Override> = ["measurement.sd.trust=0.08", "measurement.diary_days=31"]
        .iter()
        .map(|set| Override::parse(set).expect("an override"))
        .collect();
    let scenario = Scenario::read_text("all", text, &sets).expect("a valid scenario");
    let mut expected = Survey {
        waves: vec![7, 80],
        diary_from: 20,
        diary_days: 31,
        points: 9,
        style: 0.1,
        missing: 0.2,
        conflict_reported: 0.6,
        unresponsive_as_conflict: 0.3,
        conflict_false_alarm: 0.01,
        reliability: [0.7; SCALE_COUNT],
        ..Survey::default_for(100)
    };
    let at = |key: &str| SCALES.iter().position(|scale| scale.key == key).expect(key);
    expected.items[at("anxiety")] = 6;
    expected.sd[at("daily_stress")] = 0.2;
    expected.sd[at("trust")] = 0.08;
    assert_eq!(scenario.config().record.survey, Some(expected));
    let again = Scenario::read_text("again", &scenario.effective_toml(), &[]).expect("valid");
    assert_eq!(again.config(), scenario.config());
    assert_eq!(again.effective_toml(), scenario.effective_toml());
}

#[test]
fn a_diary_of_which_one_end_is_named_keeps_inside_the_run() {
    let days = |keys: &str| {
        let text = format!("title = \"x\"\n[run]\ndays = 40\n[measurement]\n{keys}\n");
        let scenario = Scenario::read_text("diary", &text, &[]).expect("a valid scenario");
        let work = scenario.config().record.survey.clone().expect("survey");
        (work.diary_from, work.diary_days)
    };
    assert_eq!(days(""), (27, 14));
    assert_eq!(days("diary_days = 40"), (1, 40));
    assert_eq!(days("diary_from = 35"), (35, 6));
    assert_eq!(days("diary_days = 0"), (1, 0));
}

#[test]
fn the_reference_page_is_that_of_the_program() {
    compare(&project("docs/scenario.md"), &reference());
}

#[test]
fn shipped_scenarios_have_no_errors() {
    let claims = files("scenarios/claims", "toml");
    assert!(claims.len() >= 12);
    for path in files("scenarios", "toml").into_iter().chain(claims) {
        let bytes = std::fs::read(&path).expect("a readable file");
        let read = Scenario::read_bytes(&path.display().to_string(), &bytes, &[]);
        assert!(read.is_ok(), "{}", read.expect_err("errors"));
    }
}

#[test]
fn every_address_can_be_set() {
    for text in [full_template(), full_template_with_childhood()] {
        can_be_set(&text);
    }
}

/// Sets every address of a text.
fn can_be_set(text: &str) {
    let full = Scenario::read_text("full", text, &[]).expect("a valid scenario");
    let settable_keys = full.settable_keys();
    assert!(settable_keys.len() > 250, "{}", settable_keys.len());
    for address in settable_keys {
        let value = match address.accepts {
            Accepts::Number { low, high } => format!("{:?}", low + 0.25 * (high - low)),
            Accepts::Integer { low, .. } => format!("{}", low + 1),
            Accepts::OneOf(values) => format!("{:?}", values[0]),
            Accepts::Switch => "false".to_owned(),
            Accepts::Choice(words) => words[0].to_owned(),
        };
        let set = Override::parse(&format!("{}={value}", address.key)).expect("an override");
        if let Err(errors) = Scenario::read_text("full", text, &[set]) {
            let lost = [
                Code::UnknownKey,
                Code::MisplacedKey,
                Code::NothingToSet,
                Code::WrongType,
            ];
            let found = errors.list().iter().any(|error| lost.contains(&error.code));
            assert!(!found, "{}\n{errors}", address.key);
        }
    }
}

#[test]
fn overrides_reach_distributions_that_the_file_leaves_alone() {
    let read = |sets: &[&str]| {
        let sets: Vec<_> = sets
            .iter()
            .map(|set| Override::parse(set).expect("an override"))
            .collect();
        Scenario::read_text("sets", "title = \"x\"\n", &sets)
            .expect("a valid scenario")
            .effective_toml()
    };
    assert!(read(&["traits.a.responsiveness.logit_sd=1"]).contains(
        "[traits.a]\nresponsiveness = { dist = \"logit_normal\", log_odds = 3.9, logit_sd = 1.0, \
         slopes = { anxiety = -1.9, avoidance = -2.5 } }\n"
    ));
    assert!(read(&["couple.contact_rate.log_sd=0.1"]).contains("log_sd = 0.1 }"));
    assert!(read(&["mechanisms.intimacy_target=least"]).contains("intimacy_target = \"least\""));
    let pair = read(&["correlations.partners.openness=0.4"]);
    assert!(pair.contains("\"partners.openness\" = 0.4"));
    assert_eq!(pair, read(&["correlations.\"partners.openness\"=0.4"]));
    assert!(read(&["run.seed=1", "run.seed=5"]).contains("seed = 5\n"));
}
