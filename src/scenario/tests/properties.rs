//! What holds for every text: no panic, errors inside their texts, and effective scenarios that
//! come back to the same configuration.

use super::{full_template, full_template_with_childhood};
use crate::scenario::{Accepts, Diagnostics, Override, Scenario, SettableKey, Style};
use proptest::prelude::*;

fn sound(errors: &Diagnostics) {
    assert!(!errors.is_empty());
    for error in errors.list() {
        let text = &errors.sources()[error.place.source].text;
        assert!(error.place.start <= error.place.end && error.place.start <= text.len() + 1);
        assert!(
            !error.message.is_empty() && !error.message.ends_with('.'),
            "{}",
            error.message
        );
    }
    assert!(errors.render(Style::Plain).contains("error["));
}

fn check(bytes: &[u8]) {
    match Scenario::read_bytes("any", bytes, &[]) {
        Err(errors) => sound(&errors),
        Ok(scenario) => round_trip(&scenario),
    }
}

fn round_trip(scenario: &Scenario) {
    let text = scenario.effective_toml();
    let again =
        Scenario::read_text("effective", &text, &[]).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(again.config(), scenario.config(), "{text}");
    assert_eq!(
        (again.title(), again.description()),
        (scenario.title(), scenario.description())
    );
    assert_eq!(again.marks(), scenario.marks());
    assert_eq!(
        format!("{:?}", again.sweep_spec()),
        format!("{:?}", scenario.sweep_spec())
    );
    assert_eq!(again.effective_toml(), text);
}

/// A value that an address takes, by a number from 0 to 1.
fn value(address: &SettableKey, share: f64) -> String {
    let pick = |count: usize| ((share * count as f64) as usize).min(count - 1);
    match &address.accepts {
        Accepts::Number { low, high } => format!("{:?}", low + share * share * (high - low)),
        Accepts::Integer { low, high } => {
            let reach = (high - low).min(500) as f64;
            (low + (share * reach) as i64).to_string()
        }
        Accepts::OneOf(values) => format!("{:?}", values[pick(values.len())]),
        Accepts::Switch => (share < 0.5).to_string(),
        Accepts::Choice(words) => words[pick(words.len())].to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        check(&bytes);
    }

    #[test]
    fn any_text_of_toml_signs_is_answered(text in "[a-e\\[\\]{}=\"'.,#~0-9 \n\t\\\\é+-]{0,200}") {
        check(text.as_bytes());
    }

    #[test]
    fn a_damaged_template_is_answered(
        cuts in prop::collection::vec(
            (any::<prop::sample::Index>(), 0_usize..40, "[a-c0-9=\\[\\]{}\"\n.,#é-]{0,6}"),
            1..6,
        ),
        childhood in any::<bool>(),
    ) {
        let mut text = if childhood { full_template_with_childhood() } else { full_template() };
        for (at, length, insert) in cuts {
            let before = |at: usize| (0..=at.min(text.len())).rev();
            let floor = |at: usize| before(at).find(|at| text.is_char_boundary(*at));
            let start = floor(at.index(text.len())).unwrap_or(0);
            let end = floor(start + length).unwrap_or(start).max(start);
            text.replace_range(start..end, &insert);
        }
        check(text.as_bytes());
    }

    #[test]
    fn any_override_is_answered(text in "[a-z.\"~\\[\\]0-9= ]{0,40}") {
        match Override::parse(&text) {
            Err(errors) => sound(&errors),
            Ok(set) => {
                if let Err(errors) = Scenario::read_text("sets", "title = \"x\"\n", &[set]) {
                    sound(&errors);
                }
            }
        }
    }

    #[test]
    fn effective_scenarios_come_back_to_the_same_world(
        sets in prop::collection::vec((any::<prop::sample::Index>(), 0.0..1.0_f64), 1..8),
        full in 0..3_u32,
        title in "[^\u{0}]{0,12}x",
    ) {
        let text = match full {
            0 => "title = \"t\"\n".to_owned(),
            1 => full_template(),
            _ => full_template_with_childhood(),
        };
        let base = Scenario::read_text("base", &text, &[]).expect("a valid scenario");
        let settable_keys = base.settable_keys();
        // TOML wants DEL escaped, and JSON does not.
        let quoted = serde_json::Value::from(title.as_str()).to_string();
        let quoted = quoted.replace('\u{7f}', "\\u007F");
        let title_set = Override::parse(&format!("title={quoted}")).expect("an override");
        let mut kept = vec![title_set];
        // A set that contradicts those before it is left out.
        for (at, share) in sets {
            let address = &settable_keys[at.index(settable_keys.len())];
            let set = Override::parse(&format!("{}={}", address.key, value(address, share)));
            let mut with = kept.clone();
            with.push(set.expect("an override"));
            if Scenario::read_text("sets", &text, &with).is_ok() {
                kept = with;
            }
        }
        let scenario = Scenario::read_text("sets", &text, &kept).expect("a valid scenario");
        prop_assert_eq!(scenario.title(), &title);
        round_trip(&scenario);
    }
}
