//! The keys of conditions and claims.

use super::{ClaimRule, EXPECTED, TOGETHER};
use crate::model::parameters::MECHANISMS;
use crate::scenario::catalogue::{KeySpec, Kind, MOST_DAYS, TableSpec};
use crate::simulation::{OBSERVABLES, Role};

/// Keys of which a claim gives exactly one: what is observed.
pub(crate) const OBSERVED: [&str; 3] = ["observable", "correlation", "slope"];

/// Largest weight, number to compare with, and effect.
pub(crate) const LARGEST: f64 = 1e6;

/// `[condition.NAME]`, whose keys are those of the scenario.
pub(crate) fn conditions() -> TableSpec {
    TableSpec {
        name: "condition",
        meaning: "Ways in which couples live otherwise, for claims to compare: each [condition.NAME] \
                  puts values in place of the file's, as `--set` does",
        fields: Vec::new(),
    }
}

/// `[[claim]]`.
pub(crate) fn claims() -> TableSpec {
    let text = |key, meaning: &'static str| {
        KeySpec::new(key, Kind::Text { needed: true }, "", "", meaning)
    };
    let own =
        |key, kind, meaning: &'static str| KeySpec::new(key, Kind::Own(kind), "", "", meaning);
    let word = |key, words: Vec<&'static str>, default: &'static str, meaning: &'static str| {
        KeySpec::new(key, Kind::Word(words), default, "", meaning)
    };
    let number = |key, low, default: &'static str, meaning: &'static str| {
        let kind = Kind::Number { low, high: LARGEST };
        KeySpec::new(key, kind, default, "as observed", meaning)
    };
    let day = |key, meaning: &'static str| {
        let kind = Kind::Whole {
            low: 0,
            high: MOST_DAYS,
        };
        KeySpec::new(key, kind, "", "days", meaning)
    };
    let mechanisms = MECHANISMS.iter().map(|switch| switch.key).collect();
    TableSpec {
        name: "claim",
        meaning: "What is claimed of couples, and what would refute it; write one [[claim]] for each",
        fields: vec![
            text("name", "Its name in tables and charts, in snake_case"),
            text("statement", "What is claimed, as a sentence"),
            word(
                "observable",
                observables(),
                "",
                "What is observed: the mean over couples together, or the share of couples together",
            ),
            word(
                "role",
                Role::WORDS.to_vec(),
                "\"couple\"",
                "Of whom it is observed: partner A, partner B, or the couple's mean",
            ),
            day("day", "Day on which it is observed; by default the last"),
            day(
                "from",
                "First of the days over which it is averaged, in place of one `day`",
            ),
            day("to", "Last of these days; by default the last of the run"),
            own(
                "correlation",
                "a list of two columns of the couples' table in quotes",
                "What is observed, instead of an observable: the correlation of two columns over couples",
            ),
            own(
                "slope",
                "a list of two columns of the couples' table in quotes",
                "What is observed, instead: the slope of the first column on the second over couples",
            ),
            own(
                "contrast",
                "a table of conditions with their weights, such as `{ calm = 1, stressed = -1 }`",
                "The effect: a weighted sum over conditions",
            ),
            own(
                "order",
                "a list of such tables",
                "In place of `contrast`: effects, the largest first",
            ),
            number(
                "against",
                -LARGEST,
                "0.0",
                "Number that is taken from the effect",
            ),
            word(
                "rule",
                ClaimRule::WORDS.to_vec(),
                "",
                "Whether the effect is above the smallest one of interest, below its negative, nearer to \
                 zero than it, or each effect of an order that much above the next",
            ),
            number("smallest", 0.0, "", "Smallest effect of interest, above 0"),
            word(
                "expect",
                EXPECTED.to_vec(),
                "",
                "The verdict that is expected",
            ),
            KeySpec::new(
                "requires",
                Kind::Words(mechanisms),
                "",
                "",
                "Mechanisms each of whose removal must overturn that verdict",
            ),
        ],
    }
}

/// The words that `observable` takes.
pub(crate) fn observables() -> Vec<&'static str> {
    let mut words: Vec<&'static str> = OBSERVABLES.iter().map(|(_, info)| info.key).collect();
    words.push(TOGETHER);
    words
}
