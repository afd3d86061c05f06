//! The tables and keys of a calibration document.

use crate::scenario::prior::{FAR, prior_keys};
use crate::scenario::schema::{KeySpec, TableForm, TableSpec};
use std::sync::LazyLock;

const FEWEST_COUPLES: i64 = 20;
const MOST_COUPLES: i64 = 100_000_000;
const MOST_SIMULATIONS: i64 = 1_000_000_000_000;

/// Every table of a document, the top level first.
pub(crate) fn tables() -> &'static [TableSpec] {
    static ALL: LazyLock<Vec<TableSpec>> =
        LazyLock::new(|| vec![top(), studies(), sampler(), search(), parameter()]);
    &ALL
}

fn top() -> TableSpec {
    let keys = vec![
        KeySpec::text("title", "What is calibrated, in a line"),
        KeySpec::special(
            "targets",
            "a list of targets and tiers in quotes, \"all\", or a table of targets, \"FILE.csv\"",
            "The published statistics to be met",
        ),
    ];
    TableSpec {
        form: TableForm::Top,
        ..TableSpec::new("", "What the calibration is", keys)
    }
}

fn studies() -> TableSpec {
    let doc = "Couples of each cohort at its start";
    let couples = KeySpec::integer("couples", FEWEST_COUPLES, MOST_COUPLES, doc);
    let keys = vec![couples.default("1000").unit("couples")];
    TableSpec::new("studies", "How published studies are simulated", keys)
}

fn sampler() -> TableSpec {
    let keys =
        vec![
        KeySpec::integer("seed", 0, i64::MAX, "Seed of proposals and simulations").default("0"),
        KeySpec::integer("particles", 3, 1_000_000, "Particles of a generation").default("500"),
        KeySpec::number(
            "quantile",
            0.01,
            0.99,
            "Share of a generation that would do for the next one's tolerance",
        )
        .default("0.5"),
        KeySpec::word(
            "kernel",
            ["local", "global"],
            "How particles are perturbed: each by the way to those near enough, or all by twice \
             their covariance",
        )
        .default("\"local\""),
        KeySpec::word(
            "scaling",
            ["published", "predictive", "intervals"],
            "How distances are counted: from published values in their standard errors or in the \
             spread under the prior, or from the ends of published intervals",
        )
        .default("\"published\""),
        KeySpec::integer("generations", 1, 10_000, "Generations at most").default("30"),
        KeySpec::integer("simulations", 3, MOST_SIMULATIONS, "Simulations at most")
            .default("100000"),
        KeySpec::number("tolerance", 0.0, FAR, "Distance from the targets that is near enough")
            .default("0.0"),
        KeySpec::number(
            "acceptance",
            0.0,
            0.99,
            "Share of accepted proposals below which a generation is the last one",
        )
        .default("0.02"),
    ];
    TableSpec::new(
        "sampler",
        "How particles are drawn, and when it is enough",
        keys,
    )
}

fn search() -> TableSpec {
    let keys = vec![
        KeySpec::integer("seed", 0, i64::MAX, "Seed of simulations").default("0"),
        KeySpec::integer(
            "couples",
            FEWEST_COUPLES,
            MOST_COUPLES,
            "Couples of each cohort at its start, in a search",
        )
        .default("1000"),
        KeySpec::integer("iterations", 1, 10_000, "Iterations at most").default("20"),
        KeySpec::integer("simulations", 3, MOST_SIMULATIONS, "Simulations at most").default("5000"),
        KeySpec::number(
            "difference",
            1e-6,
            0.5,
            "How far a parameter is moved to see what it does, in widths of its prior",
        )
        .default("0.1"),
        KeySpec::number(
            "prior_weight",
            0.0,
            1_000.0,
            "Weight of a standard deviation from a normal prior's mean against half an interval from \
             a target",
        )
        .default("0.5"),
        KeySpec::number(
            "huber",
            0.01,
            FAR,
            "Half-widths from which the loss of a target grows linearly",
        )
        .default("2.5"),
        KeySpec::integer("checks", 1, 1_000, "Seeds by which what was found is looked at")
            .default("4"),
        KeySpec::number(
            "step",
            0.0,
            1.0,
            "Longest move of a parameter, in widths of its prior, that ends the search",
        )
        .default("0.002"),
        KeySpec::number(
            "gain",
            0.0,
            0.99,
            "Share of the loss by which an iteration must lower it; two that do not end the search",
        )
        .default("0.01"),
    ];
    let doc = "How a search (`--search`) goes, and when it is enough";
    TableSpec::new("search", doc, keys)
}

fn parameter() -> TableSpec {
    let mut keys = vec![KeySpec::text("key", "The key, dotted as for --set")];
    keys.extend(prior_keys());
    keys.push(KeySpec::number("start", -FAR, FAR, "Where a search starts"));
    TableSpec {
        form: TableForm::List("a parameter"),
        ..TableSpec::new("parameter", "A key whose value is to be found", keys)
    }
}
