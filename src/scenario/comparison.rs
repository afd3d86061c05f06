//! One scenario of several: each becomes a condition, so that a run simulates them with common random numbers.
//!
//! The text holds the first scenario, and for each other one a condition with the keys whose values differ. What a condition cannot set has to be equal. The configurations of the conditions are
//! compared with those of the scenarios, so that a difference that the text does not express is an error.

use super::claims::read::leaves;
use super::parsed::Scenario;
use super::tree::{TomlNode, toml_key, toml_line, toml_text, toml_value};
use super::value::is_snake_case;

/// Why scenarios cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ComparisonError {
    /// There is nothing to compare.
    #[error("a comparison needs two or more")]
    TooFew,
    /// A name cannot name a condition.
    #[error(
        "`{name}` cannot name a condition: write NAME=PATH, with small letters, digits and `_` in NAME"
    )]
    Name {
        /// The name.
        name: String,
    },
    /// Two have the same name.
    #[error("two of them are named `{name}`: write NAME=PATH for one of them")]
    SameName {
        /// The name.
        name: String,
    },
    /// A value that all conditions share differs.
    #[error(
        "`{key}` is {first} in `{one}` and {second} in `{other}`: couples can only be compared if it is equal"
    )]
    Shared {
        /// The key.
        key: String,
        /// The first scenario.
        one: String,
        /// Its value.
        first: String,
        /// Another scenario.
        other: String,
        /// Its value.
        second: String,
    },
    /// The differences on a day are asked for that the scenarios do not have.
    #[error("`--day {day}`: the runs have {days} days: write {days} or less")]
    Day {
        /// The day.
        day: u32,
        /// The last day.
        days: u32,
    },
    /// A scenario is not the first one with other values.
    #[error(
        "`{other}` is not `{one}` with other values of some keys{reason}; write both as conditions of one scenario"
    )]
    NotACondition {
        /// The first scenario.
        one: String,
        /// The scenario.
        other: String,
        /// What a condition cannot say, after a colon, where it is known.
        reason: String,
    },
}

/// Keys of `[run]` and `[record]` that all conditions share.
fn is_shared(key: &str) -> bool {
    let of_run = ["run.seed", "run.couples", "run.days", "run.replicates"];
    of_run.contains(&key) || key.starts_with("record.")
}

/// Makes a scenario with a condition for each of some named scenarios; the first is the reference.
///
/// # Errors
/// [`ComparisonError`].
pub(crate) fn comparison(named: &[(String, Scenario)]) -> Result<Scenario, ComparisonError> {
    let [(first, base), others @ ..] = named else {
        return Err(ComparisonError::TooFew);
    };
    if others.is_empty() {
        return Err(ComparisonError::TooFew);
    }
    for (place, (name, _)) in named.iter().enumerate() {
        if !is_snake_case(name) {
            return Err(ComparisonError::Name { name: name.clone() });
        }
        if named[..place].iter().any(|(other, _)| other == name) {
            return Err(ComparisonError::SameName { name: name.clone() });
        }
    }
    let mut text = given_text(base, &title(named));
    let base = CompleteScenario::of(base);
    text.push_str(&format!("\n[condition.{first}]\n"));
    for (name, scenario) in others {
        let other = CompleteScenario::of(scenario);
        text.push_str(&format!("\n[condition.{name}]\n"));
        for (parts, value) in other.differences(&base, [first, name])? {
            let parts: Vec<String> = parts.iter().map(|part| toml_key(part)).collect();
            toml_line(&mut text, &parts.join("."), &value);
        }
    }
    let not_a_condition = |other: &String, reason: String| ComparisonError::NotACondition {
        one: first.clone(),
        other: other.clone(),
        reason,
    };
    let scenario = Scenario::read_text("comparison.toml", &text, &[]).map_err(|errors| {
        let reason = errors.list().first();
        let reason = reason.map(|error| format!(": {}", error.message()));
        not_a_condition(&others[0].0, reason.unwrap_or_default())
    })?;
    for ((name, own), (_, condition)) in named.iter().zip(scenario.conditions()) {
        if own.config() != condition.config() {
            return Err(not_a_condition(name, String::new()));
        }
    }
    Ok(scenario)
}

/// What a scenario says as TOML, with another title. Its defaults are left out: default correlations hold only
/// where nothing else is said, and conditions may take them away.
fn given_text(scenario: &Scenario, title: &str) -> String {
    let mut found = Vec::new();
    leaves(&scenario.tree, &[], &mut found);
    let mut text = String::new();
    toml_line(&mut text, "title", &toml_text(title));
    for key in found {
        let parts: Vec<String> = key.parts.iter().map(|(part, _)| toml_key(part)).collect();
        if parts[0] != "title" {
            toml_line(&mut text, &parts.join("."), &toml_value(&key.node.value));
        }
    }
    text
}

/// The titles of scenarios, each once.
fn title(named: &[(String, Scenario)]) -> String {
    let mut titles: Vec<&str> = Vec::new();
    for (_, scenario) in named {
        if !titles.contains(&scenario.title()) {
            titles.push(scenario.title());
        }
    }
    titles.join(" / ")
}

/// A scenario with every key: the parts of each key, and its value.
struct CompleteScenario {
    values: Vec<(Vec<String>, TomlNode)>,
}

impl CompleteScenario {
    fn of(scenario: &Scenario) -> CompleteScenario {
        let mut alone = scenario.clone();
        (alone.sweep, alone.claims) = (None, None);
        let complete = Scenario::read_text("complete.toml", &alone.effective_toml(), &[]);
        // The complete text of a valid scenario is valid; without it there is nothing to compare with.
        let tree = complete.map_or_else(|_| scenario.tree.clone(), |it| it.tree);
        let mut found = Vec::new();
        leaves(&tree, &[], &mut found);
        let values = found.into_iter().map(|key| {
            let parts = key.parts.iter().map(|(part, _)| (*part).to_owned());
            (parts.collect(), key.node.clone())
        });
        CompleteScenario {
            values: values.collect(),
        }
    }

    fn value(&self, parts: &[String]) -> Option<String> {
        let found = self.values.iter().find(|(own, _)| own == parts);
        found.map(|(_, node)| toml_value(&node.value))
    }

    /// The value of a key, which may stand for both partners or for one of them.
    fn value_for(&self, parts: &[String]) -> Option<String> {
        let both = match parts {
            [table, partner, key @ ..] if partner == "a" || partner == "b" => {
                Some([std::slice::from_ref(table), key].concat())
            }
            _ => None,
        };
        self.value(parts)
            .or_else(|| both.and_then(|parts| self.value(&parts)))
    }

    /// The keys whose values differ from those of another scenario, with their values here.
    fn differences(
        &self,
        base: &CompleteScenario,
        [one, other]: [&String; 2],
    ) -> Result<Vec<(Vec<String>, String)>, ComparisonError> {
        let mut found = Vec::new();
        for (parts, node) in &self.values {
            let value = toml_value(&node.value);
            let before = base.value_for(parts);
            if before.as_ref() == Some(&value)
                || matches!(parts[0].as_str(), "title" | "description" | "about")
            {
                continue;
            }
            let key = parts.join(".");
            if is_shared(&key) {
                return Err(ComparisonError::Shared {
                    key,
                    one: one.clone(),
                    first: before.unwrap_or_else(|| "not given".to_owned()),
                    other: other.clone(),
                    second: value,
                });
            }
            // The base may have it for each partner.
            let split = |partner: &str| {
                let mut parts = parts.clone();
                parts.insert(1, partner.to_owned());
                parts
            };
            if parts.len() > 1 && base.value(&split("a")).is_some() {
                found.push((split("a"), value.clone()));
                found.push((split("b"), value));
            } else {
                found.push((parts.clone(), value));
            }
        }
        // Lists that only the base has.
        for (parts, _) in &base.values {
            if parts[0] == "event" && self.value(parts).is_none() {
                found.push((parts.clone(), "[]".to_owned()));
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario(text: &str) -> Scenario {
        Scenario::parse(text).unwrap_or_else(|error| panic!("{error}"))
    }

    fn named(texts: &[(&str, &str)]) -> Vec<(String, Scenario)> {
        let scenarios = texts.iter();
        scenarios
            .map(|(name, text)| ((*name).to_owned(), scenario(text)))
            .collect()
    }

    #[test]
    fn scenarios_become_conditions_with_the_same_configurations() {
        let plain = "title = 'Plain'\n[run]\ncouples = 50\ndays = 30\n";
        let event = "title = 'Taught'\n[run]\ncouples = 50\ndays = 30\n[[event]]\nkind = 'trait'\n\
                     trait = 'openness'\nfrom = 9\nadd = 0.1\nlabel = 'training'\n";
        let partner = "title = 'Plain'\n[run]\ncouples = 50\ndays = 30\n[traits.a]\nanxiety = 0.9\n\
                       [mechanisms]\nrepair = false\n";
        let all = [("plain", plain), ("taught", event), ("anxious", partner)];
        // Whichever is the reference.
        for turn in 0..3 {
            let mut all = named(&all);
            all.rotate_left(turn);
            let compared = comparison(&all).unwrap_or_else(|error| panic!("{turn}: {error}"));
            assert_eq!(compared.conditions().len(), 3);
            for ((name, own), (found, condition)) in all.iter().zip(compared.conditions()) {
                assert_eq!((name, own.config()), (&found, condition.config()));
            }
        }
        assert_eq!(title(&named(&all)), "Plain / Taught");
    }

    #[test]
    fn what_conditions_share_must_be_equal() {
        let of = |other: &str| {
            let all = named(&[("one", "title = 'T'\n"), ("two", other)]);
            comparison(&all).expect_err("not comparable").to_string()
        };
        let seed = of("title = 'T'\n[run]\nseed = 9\n");
        assert!(
            seed.starts_with("`run.seed` is 1 in `one` and 9 in `two`"),
            "{seed}"
        );
        let days = of("title = 'T'\n[run]\ndays = 9\n");
        assert!(days.contains("`run.days` is 365"), "{days}");
        let record = of("title = 'T'\n[record]\nobservables = ['trust']\n");
        assert!(record.contains("`record.observables`"), "{record}");
        // A condition cannot take a childhood away.
        let childhood = "title = 'T'\n[childhood]\nsensitivity = 0.8\n";
        let all = named(&[("one", childhood), ("two", "title = 'T'\n")]);
        let error = comparison(&all).map(|_| ()).expect_err("not comparable");
        assert!(
            error.to_string().contains("write both as conditions"),
            "{error}"
        );
        let all = named(&[("one", "title = 'T'\n"), ("one", "title = 'T'\n")]);
        assert!(matches!(
            comparison(&all),
            Err(ComparisonError::SameName { .. })
        ));
        assert!(matches!(
            comparison(&all[..1]),
            Err(ComparisonError::TooFew)
        ));
    }
}
