//! The scenarios that come with the program.

use crate::scenario::nearest;
use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::ffi::OsStr;

macro_rules! examples {
    ($($name:literal,)*) => {
        /// Names and texts of the scenarios that come with the program.
        pub(crate) const EXAMPLES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../scenarios/", $name, ".toml"))),)*];
    };
}

examples! {
    "a_partner_rewrites_the_model",
    "anxiety_and_partners_responsiveness",
    "anxious_avoidant",
    "betrayal_and_repair",
    "betrayal_with_deception",
    "claims/both_high_are_most_satisfied",
    "claims/both_high_are_most_stable",
    "claims/childhood_predicts",
    "claims/dependence_and_independence",
    "claims/disclosure_that_is_met",
    "claims/effort_patience_understanding",
    "claims/feeling_safe",
    "claims/imbalance",
    "claims/intimacy_without_trust",
    "claims/secure_bonds",
    "claims/time_is_slow",
    "claims/trust_is_built",
    "claims/trust_without_intimacy",
    "claims/trust_withstands",
    "claims/what_helps_in_what_order",
    "claims/what_lasts",
    "consistent",
    "diary_study",
    "each_mechanism_off",
    "earned_security",
    "effort_and_patience",
    "inconsistent",
    "intimacy_without_trust",
    "long_marriage",
    "new_couples_diary",
    "one_partners_effort",
    "open_communication_taught",
    "prototype_or_revisionist",
    "responsiveness_and_consistency",
    "secure_balance",
    "stress_and_security",
    "stress_with_responsive_partner",
    "stress_without_responsive_partner",
    "studies/buffering_or_none",
    "studies/diary_of_100_couples",
    "studies/effects_of_a_diary",
    "studies/growth_of_a_panel",
    "studies/laboratory_and_diary",
    "studies/mutual_growth_or_fixed_traits",
    "studies/newlyweds_panel",
    "studies/partner_effect_of_conflict",
    "studies/power_of_a_diary",
    "studies/power_of_a_panel",
    "studies/projection_or_accuracy",
    "studies/prototype_or_revisionist_attachment",
    "studies/what_a_diary_tells",
    "three_childhoods",
    "training_one_or_both",
    "trust_without_intimacy",
    "what_parts_couples",
    "what_parts_couples_screened",
    "what_traits_decide",
    "where_regimes_arise",
}

/// The text of a scenario that comes with the program.
pub(crate) fn example(name: &str) -> Option<&'static str> {
    let named = EXAMPLES.iter().find(|(other, _)| *other == name);
    named.map(|(_, text)| *text)
}

/// Reads the name of a scenario that comes with the program; `.toml` and `scenarios/` may be part of it.
#[derive(Clone, Debug)]
pub(crate) struct ExampleParser;

impl TypedValueParser for ExampleParser {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        let text = value.to_string_lossy();
        let name = text
            .trim_start_matches("scenarios/")
            .trim_end_matches(".toml");
        if example(name).is_some() {
            return Ok(name.to_owned());
        }
        let mut error = clap::Error::new(ErrorKind::InvalidValue).with_cmd(command);
        let mut insert = |kind, text: String| {
            error.insert(kind, ContextValue::String(text));
        };
        insert(ContextKind::InvalidValue, text.clone().into_owned());
        if let Some(argument) = argument {
            insert(ContextKind::InvalidArg, argument.to_string());
        }
        let hint = match nearest(name, EXAMPLES.iter().map(|(name, _)| *name)) {
            Some(near) => format!("a scenario of a similar name exists: '{near}'"),
            None => "'pairbond examples' lists the scenarios".to_owned(),
        };
        let hint = ContextValue::StyledStrs(vec![hint.into()]);
        error.insert(ContextKind::Suggested, hint);
        Err(error)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let names = EXAMPLES.iter().map(|(name, _)| PossibleValue::new(*name));
        Some(Box::new(names))
    }
}

/// The title of a scenario.
pub(crate) fn title(text: &str) -> &str {
    let quoted = text
        .lines()
        .find_map(|line| line.strip_prefix("title = \""));
    quoted
        .and_then(|title| title.strip_suffix('"'))
        .unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    #[test]
    fn every_shipped_scenario_is_listed_with_its_title() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let mut files = Vec::new();
        for (below, prefix) in [("", ""), ("claims", "claims/"), ("studies", "studies/")] {
            for entry in fs::read_dir(folder.join(below)).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path
                    .extension()
                    .is_some_and(|extension| extension == "toml")
                {
                    let stem = path.file_stem().expect("a name").to_string_lossy();
                    files.push(format!("{prefix}{stem}"));
                }
            }
        }
        files.sort();
        let names: Vec<&str> = EXAMPLES.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, files);
        for (name, text) in EXAMPLES {
            assert!(!title(text).is_empty(), "{name}");
        }
    }
}
