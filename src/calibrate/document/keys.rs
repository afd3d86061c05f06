//! The keys of a calibration document.

use crate::scenario::catalogue::{KeySpec, Kind, TableSpec};
use std::sync::LazyLock;

/// One kind of prior.
pub(crate) struct PriorKind {
    pub(crate) word: &'static str,
    /// Keys that must be given.
    pub(crate) needs: &'static [&'static str],
    /// Keys that may be given; by default they are the ends of the key's range.
    pub(crate) takes: &'static [&'static str],
}

/// Every prior.
pub(crate) const PRIORS: &[PriorKind] = &[
    PriorKind {
        word: "uniform",
        needs: &["low", "high"],
        takes: &[],
    },
    PriorKind {
        word: "log_uniform",
        needs: &["low", "high"],
        takes: &[],
    },
    PriorKind {
        word: "normal",
        needs: &["mean", "sd"],
        takes: &[],
    },
    PriorKind {
        word: "truncated_normal",
        needs: &["mean", "sd"],
        takes: &["low", "high"],
    },
];

impl PriorKind {
    /// Whether the prior uses a key of the parameter.
    pub(crate) fn uses(&self, key: &str) -> bool {
        matches!(key, "key" | "prior" | "start")
            || self.needs.contains(&key)
            || self.takes.contains(&key)
    }
}

const LEAST_COUPLES: i64 = 100;
const MOST_COUPLES: i64 = 100_000_000;
const FAR: f64 = 1e6;
const LEAST_SD: f64 = 1e-9;

fn top() -> TableSpec {
    TableSpec {
        name: "",
        meaning: "What the calibration is",
        fields: vec![
            KeySpec::new(
                "title",
                Kind::Text { needed: true },
                "",
                "",
                "What charts are headed with",
            ),
            KeySpec::new(
                "targets",
                Kind::Own("a list of targets and tiers in quotes, or \"all\""),
                "",
                "",
                "The published statistics to be met",
            ),
        ],
    }
}

fn sampler() -> TableSpec {
    let whole = |low, high| Kind::Whole { low, high };
    let number = |low, high| Kind::Number { low, high };
    let field = |key, kind, default: &'static str, meaning: &'static str| {
        KeySpec::new(key, kind, default, "", meaning)
    };
    TableSpec {
        name: "sampler",
        meaning: "How particles are drawn, and when it is enough",
        fields: vec![
            field(
                "seed",
                whole(0, i64::MAX),
                "0",
                "Seed of proposals and simulations",
            ),
            field(
                "particles",
                whole(3, 1_000_000),
                "500",
                "Particles of a generation",
            ),
            field(
                "quantile",
                number(0.01, 0.99),
                "0.5",
                "Share of a generation that would do for the next one's tolerance",
            ),
            field(
                "kernel",
                Kind::Word(vec!["local", "global"]),
                "\"local\"",
                "How particles are perturbed: each by the way to those near enough, or all by twice \
                 their covariance",
            ),
            field(
                "scaling",
                Kind::Word(vec!["published", "predictive", "intervals"]),
                "\"published\"",
                "How distances are counted: from published values in their standard errors or in the \
                 spread under the prior, or from the ends of published intervals",
            ),
            field("generations", whole(1, 10_000), "30", "Generations at most"),
            field(
                "simulations",
                whole(3, 1_000_000_000_000),
                "100000",
                "Simulations at most",
            ),
            field(
                "tolerance",
                number(0.0, FAR),
                "0.0",
                "Distance from the targets that is near enough",
            ),
            field(
                "acceptance",
                number(0.0, 0.99),
                "0.02",
                "Share of accepted proposals below which a generation is the last one",
            ),
        ],
    }
}

fn search() -> TableSpec {
    let whole = |low, high| Kind::Whole { low, high };
    let number = |low, high| Kind::Number { low, high };
    let field = |key, kind, default: &'static str, meaning: &'static str| {
        KeySpec::new(key, kind, default, "", meaning)
    };
    TableSpec {
        name: "search",
        meaning: "How a search (`--search`) goes, and when it is enough",
        fields: vec![
            field("seed", whole(0, i64::MAX), "0", "Seed of simulations"),
            field(
                "couples",
                whole(LEAST_COUPLES, MOST_COUPLES),
                "1000",
                "Couples of each cohort at its start, in a search",
            ),
            field("iterations", whole(1, 10_000), "20", "Iterations at most"),
            field(
                "simulations",
                whole(3, 1_000_000_000_000),
                "5000",
                "Simulations at most",
            ),
            field(
                "difference",
                number(1e-6, 0.5),
                "0.1",
                "How far a parameter is moved to see what it does, in widths of its prior",
            ),
            field(
                "prior_weight",
                number(0.0, 1_000.0),
                "0.5",
                "Weight of a standard deviation from a normal prior's mean against half an interval \
                 from a target",
            ),
            field(
                "huber",
                number(0.01, FAR),
                "2.5",
                "Half-widths from which the loss of a target grows linearly",
            ),
            field(
                "checks",
                whole(1, 1_000),
                "4",
                "Seeds by which what was found is looked at",
            ),
            field(
                "step",
                number(0.0, 1.0),
                "0.002",
                "Longest move of a parameter, in widths of its prior, that ends the search",
            ),
            field(
                "gain",
                number(0.0, 0.99),
                "0.01",
                "Share of the loss by which an iteration must lower it; two that do not end the search",
            ),
        ],
    }
}

fn parameter() -> TableSpec {
    let far = || Kind::Number {
        low: -FAR,
        high: FAR,
    };
    let positive = Kind::Number {
        low: LEAST_SD,
        high: FAR,
    };
    let words = PRIORS.iter().map(|kind| kind.word).collect();
    TableSpec {
        name: "parameter",
        meaning: "A key whose value is to be found",
        fields: vec![
            KeySpec::new(
                "key",
                Kind::Text { needed: true },
                "",
                "",
                "The key, dotted as for --set",
            ),
            KeySpec::new(
                "prior",
                Kind::Word(words),
                "",
                "",
                "What is held of the value before the targets are looked at",
            ),
            KeySpec::new("low", far(), "", "", "Lowest value"),
            KeySpec::new("high", far(), "", "", "Highest value"),
            KeySpec::new("mean", far(), "", "", "Mean of a normal before it is cut"),
            KeySpec::new(
                "sd",
                positive,
                "",
                "",
                "Standard deviation of a normal before it is cut",
            ),
            KeySpec::new("start", far(), "", "", "Where a search starts"),
        ],
    }
}

fn studies() -> TableSpec {
    TableSpec {
        name: "studies",
        meaning: "How published studies are simulated",
        fields: vec![KeySpec::new(
            "couples",
            Kind::Whole {
                low: LEAST_COUPLES,
                high: MOST_COUPLES,
            },
            "1000",
            "couples",
            "Couples of each cohort at its start",
        )],
    }
}

/// Every table of a document, the top level first.
pub(crate) fn sections() -> &'static [TableSpec] {
    static EVERY: LazyLock<Vec<TableSpec>> =
        LazyLock::new(|| vec![top(), studies(), sampler(), search(), parameter()]);
    &EVERY
}

/// The table of a name.
pub(crate) fn section(name: &str) -> &'static TableSpec {
    sections()
        .iter()
        .find(|section| section.name == name)
        .expect("a table of the document")
}
