//! `pairbond examples`

use super::DONE;
use super::terminal::print;
use crate::error::Error;
use clap::builder::PossibleValuesParser;

#[derive(Debug, clap::Args)]
pub(crate) struct ExamplesArgs {
    /// The scenario to print; without one, the names and titles of all
    #[arg(value_parser = PossibleValuesParser::new(EXAMPLES.iter().map(|(name, _)| *name)), hide_possible_values = true)]
    name: Option<String>,
}

macro_rules! examples {
    ($($name:literal,)*) => {
        /// Names and texts of the scenarios that come with the program.
        const EXAMPLES: &[(&str, &str)] =
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
    "three_childhoods",
    "trust_without_intimacy",
    "what_parts_couples",
    "what_parts_couples_screened",
    "what_traits_decide",
    "where_regimes_arise",
}

/// Prints a scenario that comes with the program, or which there are.
pub(crate) fn examples(args: &ExamplesArgs) -> Result<u8, Error> {
    let named = |name: &String| EXAMPLES.iter().find(|(other, _)| other == name);
    match args.name.as_ref().and_then(named) {
        Some((_, text)) => print(text)?,
        None => print(&list())?,
    }
    Ok(DONE)
}

/// A line with the name and the title of each scenario.
fn list() -> String {
    let width = EXAMPLES
        .iter()
        .map(|(name, _)| name.len())
        .max()
        .unwrap_or(0);
    let line = |(name, text): &(&str, &str)| format!("{name:width$}  {}\n", title(text));
    EXAMPLES.iter().map(line).collect()
}

/// The title of a scenario.
fn title(text: &str) -> &str {
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
        for (below, prefix) in [("", ""), ("claims", "claims/")] {
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
