//! The tables of a search.

use crate::calibrate::document::CalibrationDocument;
use crate::calibrate::tables::{VERDICTS, YES_NO, prior_columns};
use crate::table::{Field, Schema};

/// Words for the position of a parameter in its prior.
pub(crate) const PLACES: &[&str] = &["inside", "lowest", "highest"];

/// The schema of `search`.
pub(crate) fn search_schema(document: &CalibrationDocument) -> Schema {
    let real = |name: &str, meaning: &str| Field::float(name, "", meaning);
    let mut columns = vec![
        Field::int("iteration", "", "Number of the iteration, from 1"),
        real("before", "Loss at its beginning, on its own seed"),
        real("after", "Loss at its end, on the same seed"),
        real(
            "damping",
            "Damping of the step that was taken, or the strongest that was tried",
        ),
        Field::categorical("accepted", YES_NO, "Whether a step was taken"),
        real(
            "gain_ratio",
            "Reduction of the loss over that predicted by the slopes; missing if no step was taken",
        ),
        real(
            "longest",
            "Longest move of a parameter, in widths of its prior",
        ),
        Field::int("simulations", "", "Simulations so far"),
    ];
    for parameter in &document.parameters {
        let meaning = format!("Value of {} at its end", parameter.key);
        columns.push(Field::float(parameter.name.clone(), "", meaning));
    }
    Schema {
        table: "search",
        row: "an iteration",
        columns,
    }
}

/// The schema of `fit`.
pub(crate) fn fit_schema() -> Schema {
    let real = |name: &str, meaning: &str| Field::float(name, "", meaning);
    Schema {
        table: "fit",
        row: "a target",
        columns: vec![
            Field::str("target", "Name of the target"),
            Field::str("statistic", "What it is"),
            real("published", "Published value"),
            real("published_low", "Lower end of its published interval"),
            real("published_high", "Upper end of its published interval"),
            real(
                "start",
                "Simulated at the start: mean over the seeds of the evaluation",
            ),
            real("start_sd", "Standard deviation over these seeds"),
            real(
                "found",
                "Simulated at the solution: mean over the same seeds",
            ),
            real("found_sd", "Standard deviation over the seeds"),
            Field::categorical(
                "start_within",
                YES_NO,
                "Whether the start's mean lies in the published interval",
            ),
            Field::categorical(
                "within",
                YES_NO,
                "Whether the mean at the solution lies in the published interval",
            ),
        ],
    }
}

/// The schema of `found`.
pub(crate) fn found_schema() -> Schema {
    let real = |name: &str, meaning: &str| Field::float(name, "", meaning);
    let mut columns = prior_columns();
    columns.extend([
        real("start", "Where the search started"),
        real("found", "Value at the solution"),
        real(
            "error",
            "Standard error from the slopes of the statistics, the published errors and the prior",
        ),
        real(
            "contraction",
            "That error over the prior's standard deviation, of logarithms where the prior is \
                 log-uniform: 1 if the targets carry no information",
        ),
        Field::categorical(
            "verdict",
            VERDICTS,
            "Whether the targets identify the parameter",
        ),
        Field::categorical("place", PLACES, "Whether it lies at a bound of its prior"),
    ]);
    Schema {
        table: "found",
        row: "a parameter",
        columns,
    }
}
