//! The template, the reference page, and the scenarios that are shipped.

use crate::{compare, files, full_template, full_template_with_childhood, project};
use pairbond::scenario::{FaultCode, Override, Scenario, Takes, reference, template};

#[test]
fn the_template_is_the_default_world() {
    let template = Scenario::parse("template", &template(), &[]).expect("a valid template");
    let bare = Scenario::parse("bare", "title = \"x\"\n", &[]).expect("a valid scenario");
    assert_eq!(template.world(), bare.world());
    assert!(template.warnings().is_empty(), "{}", template.warnings());
}

#[test]
fn every_key_of_the_template_can_be_switched_on() {
    let full = Scenario::parse("full", &full_template(), &[]).expect("a valid scenario");
    assert!(full.warnings().is_empty(), "{}", full.warnings());
    assert_eq!(full.marks().len(), 6);
    assert_eq!(full.marks()[0].label, "the betrayal");
    assert_eq!(full.marks()[3].label, "responsiveness of B × 0.9 +0.05");
    assert_eq!(
        (full.marks()[3].day, full.marks()[3].until),
        (100, Some(160))
    );
    let text = full_template_with_childhood();
    let full = Scenario::parse("full", &text, &[]).expect("a valid scenario");
    assert!(full.warnings().is_empty(), "{}", full.warnings());
    assert_eq!(full.world().origin.reared(), [true; 2]);
}

#[test]
fn the_defaults_in_the_template_are_the_defaults() {
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
        })
        .collect();
    let all = Scenario::parse("defaults", &without_examples, &[]).expect("a valid scenario");
    let bare = Scenario::parse("bare", "title = \"x\"\n", &[]).expect("a valid scenario");
    assert_eq!(all.world(), bare.world());
}

#[test]
fn the_reference_page_is_that_of_the_program() {
    compare(&project("docs/scenario.md"), &reference());
}

#[test]
fn shipped_scenarios_have_no_faults() {
    let claims = files("scenarios/claims", "toml");
    assert!(claims.len() >= 12);
    for path in files("scenarios", "toml").into_iter().chain(claims) {
        let bytes = std::fs::read(&path).expect("a readable file");
        let read = Scenario::read_bytes(&path.display().to_string(), &bytes, &[]);
        assert!(read.is_ok(), "{}", read.expect_err("faults"));
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
    let full = Scenario::parse("full", text, &[]).expect("a valid scenario");
    let addresses = full.addresses();
    assert!(addresses.len() > 250, "{}", addresses.len());
    for address in addresses {
        let value = match address.takes {
            Takes::Number { low, high } => format!("{:?}", low + 0.25 * (high - low)),
            Takes::Whole { low, .. } => format!("{}", low + 1),
            Takes::OneOf(values) => format!("{:?}", values[0]),
            Takes::Switch => "false".to_owned(),
            Takes::Choice(words) => words[0].to_owned(),
        };
        let set = Override::parse(&format!("{}={value}", address.key)).expect("an override");
        if let Err(faults) = Scenario::parse("full", text, &[set]) {
            let lost = [
                FaultCode::UnknownKey,
                FaultCode::MisplacedKey,
                FaultCode::NoAddress,
                FaultCode::WrongType,
            ];
            let found = faults.list().iter().any(|fault| lost.contains(&fault.code));
            assert!(!found, "{}\n{faults}", address.key);
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
        Scenario::parse("sets", "title = \"x\"\n", &sets)
            .expect("a valid scenario")
            .effective_toml()
    };
    assert!(read(&["traits.a.responsiveness.logit_sd=1"]).contains(
        "[traits.a]\nresponsiveness = { dist = \"logit_normal\", log_odds = 3.2, logit_sd = 1.0, \
         slopes = { anxiety = -0.3, avoidance = -0.8 } }\n"
    ));
    assert!(read(&["couple.contact.log_sd=0.1"]).contains("log_sd = 0.1 }"));
    assert!(read(&["mechanisms.intimacy_target=least"]).contains("intimacy_target = \"least\""));
    let pair = read(&["correlations.partners.openness=0.4"]);
    assert!(pair.contains("\"partners.openness\" = 0.4"));
    assert_eq!(pair, read(&["correlations.\"partners.openness\"=0.4"]));
    assert!(read(&["run.seed=1", "run.seed=5"]).contains("seed = 5\n"));
}
