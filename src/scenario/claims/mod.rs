//! Claims: statements about couples that an experiment can refute, with the conditions that it compares.
//!
//! A condition is the scenario with other values of some keys; all conditions share their random
//! numbers. A claim says of a weighted sum over conditions where it lies against the smallest effect
//! of interest.

pub(crate) mod read;
pub(crate) mod schema;

use crate::scenario::spec::ScenarioSpec;
use crate::simulation::{Observable, Over, Role, SimulationConfig};
use std::fmt;

/// Default of the most replicates of a condition.
pub(crate) const DEFAULT_MAX_RUNS: u32 = 256;

/// All that a scenario claims.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Claims {
    /// The conditions in the order of the file.
    pub conditions: Vec<Condition>,
    /// The claims in the order of the file.
    pub claims: Vec<Claim>,
}

/// A variant of the scenario.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    /// Name, in snake_case.
    pub name: String,
    /// The scenario's typed values with those of the condition.
    pub spec: ScenarioSpec,
    /// All that a run of it depends on.
    pub config: SimulationConfig,
}

/// One claim.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Claim {
    /// Name in tables and charts, in snake_case.
    pub name: String,
    /// What is claimed, as a sentence.
    pub statement: String,
    /// What is observed in each condition.
    pub observed: Observed,
    /// Where the effect is claimed to lie.
    pub rule: ClaimRule,
    /// The effects that are judged: one, or of an order one for each neighbouring pair.
    pub effects: Vec<Contrast>,
    /// The smallest effect of interest, above 0, in the unit of what is observed.
    pub sesoi: f64,
    /// The number that the effect is compared with.
    pub null: f64,
    /// The word of the verdict that the file expects, one of [`EXPECTED`].
    pub expect: &'static str,
    /// Keys of the mechanisms each of whose removal must overturn the verdict.
    pub requires: Vec<&'static str>,
}

/// The words of the verdicts that a claim may expect.
pub(crate) const EXPECTED: [&str; 3] = ["supported", "refuted", "undecided"];

/// Where an effect is claimed to lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClaimRule {
    /// Above the smallest effect of interest.
    Greater,
    /// Below its negative.
    Less,
    /// Nearer to zero than it.
    Equivalent,
    /// Each of several effects above the next by more than it.
    Order,
}

impl ClaimRule {
    /// The scenario's words.
    pub(crate) const WORDS: &'static [&'static str] = &["greater", "less", "equivalent", "order"];

    /// The rule of a word.
    pub(crate) fn named(word: &str) -> Option<ClaimRule> {
        use ClaimRule::{Equivalent, Greater, Less, Order};
        let rules = [Greater, Less, Equivalent, Order];
        rules.into_iter().find(|rule| rule.word() == word)
    }

    /// The rule's word.
    pub(crate) fn word(self) -> &'static str {
        ClaimRule::WORDS[self as usize]
    }
}

/// A weighted sum over conditions.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Contrast {
    /// Positions among the conditions with their weights, none of which is 0.
    pub weights: Vec<(usize, f64)>,
}

/// What is observed of a condition's couples.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Observed {
    /// Mean of an observable over couples, averaged over the days from one to another.
    Mean(Observable, Role, Over, ObservedDays),
    /// Share of all couples still together after a day, averaged over such days.
    Together(ObservedDays),
    /// Correlation over couples between two columns of the couples' table.
    Correlation(String, String),
    /// Slope over couples of the first column of the couples' table on the second.
    Slope(String, String),
}

/// ObservedDays from the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ObservedDays {
    /// First day; 0 is the start.
    pub from: u32,
    /// Last day.
    pub to: u32,
}

impl fmt::Display for ObservedDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from == self.to {
            write!(f, "day {}", self.from)
        } else {
            write!(f, "days {} to {}", self.from, self.to)
        }
    }
}

impl fmt::Display for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Observed::Mean(observable, role, over, days) => {
                let who = match role {
                    Role::A => " a",
                    Role::B => " b",
                    Role::Couple => "",
                };
                let couples = match over {
                    Over::Together => STILL_TOGETHER,
                    Over::All => "all couples, last value",
                };
                write!(f, "{}{who} over {couples}, {days}", observable.info().key)
            }
            Observed::Together(days) => write!(f, "{TOGETHER}, {days}"),
            Observed::Correlation(one, other) => write!(f, "correlation of {one} with {other}"),
            Observed::Slope(of, on) => write!(f, "slope of {of} on {on}"),
        }
    }
}

/// The couples that a mean is over unless a claim says something else.
pub(crate) const STILL_TOGETHER: &str = "couples still together";
/// The word for the share of intact couples.
const TOGETHER: &str = "share intact";

impl Claims {
    /// An effect in words, such as `high − low`; weights other than 1 stand before the condition.
    pub(crate) fn describe(&self, effect: &Contrast) -> String {
        let mut text = String::new();
        for (index, (condition, weight)) in effect.weights.iter().enumerate() {
            let sign = match (index, *weight < 0.0) {
                (0, false) => "",
                (0, true) => "−",
                (_, false) => " + ",
                (_, true) => " − ",
            };
            text.push_str(sign);
            if weight.abs() != 1.0 {
                text.push_str(&format!("{} × ", weight.abs()));
            }
            text.push_str(&self.conditions[*condition].name);
        }
        text
    }
}
