//! The headers of the tables of findings.

use crate::table::{Field, Schema};

pub(crate) fn contrasts_schema() -> Schema {
    Schema {
        table: "contrasts",
        row: "a point against the reference point, by measure",
        columns: vec![
            observable_column(),
            Field::int("point", "", "Number of the point in the design, from 1"),
            Field::int("reference", "", "Number of the reference point"),
            Field::str(
                "label",
                "The point's values where they differ from the reference's",
            ),
            Field::int("pairs", "runs", "Replicates that both points have"),
            number(
                "difference",
                "Mean difference, point less reference, over replicates",
            ),
            number("se", "Its standard error"),
            number(
                "ci_low",
                "Lower end of its 95 % interval (Student's t over pairs)",
            ),
            number("ci_high", "Upper end of its 95 % interval"),
            number(
                "variance_reduction",
                "Variance of the difference had the points not shared random numbers, over that which it had",
            ),
            Field::str("verdict", "`resolved` where the interval excludes 0"),
        ],
    }
}

pub(crate) fn noise_schema() -> Schema {
    Schema {
        table: "noise",
        row: "a measure",
        columns: vec![
            observable_column(),
            number("within", "Variance of runs around their point's mean"),
            number("between", "Variance of points' means that is not random"),
            number(
                "share_of_runs",
                "Share of the variance of single runs that is random",
            ),
            number("ci_low", "Lower end of its 95 % interval"),
            number("ci_high", "Upper end of its 95 % interval"),
            number(
                "share_of_means",
                "Share of the variance of points' means that is random",
            ),
            Field::str("verdict", "Whether the share is resolved"),
        ],
    }
}

pub(crate) fn sobol_schema() -> Schema {
    Schema {
        table: "sobol",
        row: "a Sobol' index of a measure",
        columns: vec![
            observable_column(),
            Field::str("index", "`first`, `total` or `second` order"),
            Field::str("axis", "Axis, or group of axes"),
            Field::str("axis_2", "Second axis of a second-order index"),
            number(
                "value",
                "The index (Saltelli et al. 2010; total by Jansen 1999)",
            ),
            number("ci_low", "Lower end of its 95 % bootstrap interval"),
            number("ci_high", "Upper end of its 95 % bootstrap interval"),
            Field::str(
                "verdict",
                "Whether the index is resolved to ± 0.05 at this size",
            ),
        ],
    }
}

pub(crate) fn morris_schema() -> Schema {
    Schema {
        table: "morris",
        row: "elementary effects of an axis on a measure",
        columns: vec![
            observable_column(),
            Field::str("axis", "Axis, or group of axes"),
            number("mu", "Mean elementary effect over the axis' whole range"),
            number(
                "mu_star",
                "Mean absolute elementary effect (Campolongo et al. 2007)",
            ),
            number("mu_star_low", "Lower end of its 95 % bootstrap interval"),
            number("mu_star_high", "Upper end of its 95 % bootstrap interval"),
            number("sigma", "Standard deviation of the elementary effects"),
            Field::str("verdict", "Whether mu_star is resolved"),
        ],
    }
}

pub(crate) fn regression_schema() -> Schema {
    Schema {
        table: "regression",
        row: "an axis and measure",
        columns: vec![
            observable_column(),
            Field::str("axis", "Axis"),
            number("src", "Standardised regression coefficient"),
            number("src_low", "Lower end of its 95 % interval"),
            number("src_high", "Upper end of its 95 % interval"),
            number("prcc", "Partial rank correlation coefficient"),
            number("prcc_low", "Lower end of its 95 % interval"),
            number("prcc_high", "Upper end of its 95 % interval"),
            number(
                "r_squared",
                "Share of the measure's variance that the linear model explains",
            ),
            Field::str(
                "verdict",
                "Whether the regression coefficient is resolved to ± 0.05",
            ),
        ],
    }
}

/// The headers of all tables of findings that there are.
pub(crate) fn schemas() -> Vec<Schema> {
    vec![
        contrasts_schema(),
        noise_schema(),
        sobol_schema(),
        morris_schema(),
        effects_schema(),
        regression_schema(),
    ]
}

pub(crate) fn effects_schema() -> Schema {
    Schema {
        table: "effects",
        row: "a level of an axis: over all points of a grid, or alone away from the baseline",
        columns: vec![
            observable_column(),
            Field::str(
                "axis",
                "Axis; `baseline` for the baseline, or the mean over the grid",
            ),
            Field::str("level", "Value of the axis"),
            number("mean", "Mean of the measure"),
            number("ci_low", "Lower end of its 95 % interval"),
            number("ci_high", "Upper end of its 95 % interval"),
        ],
    }
}

fn observable_column() -> Field {
    Field::str(
        "observable",
        "The measure, as in `measures` of the scenario",
    )
}

fn number(name: &str, meaning: &str) -> Field {
    Field::float(name, "1", meaning)
}
