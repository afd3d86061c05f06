//! The headers of the tables of findings.

use crate::foundation::table::{Column, Header};

pub(super) fn contrasts_header() -> Header {
    Header {
        table: "contrasts",
        row: "a point against the reference point, by measure",
        columns: vec![
            observable_column(),
            Column::whole("point", "", "Number of the point in the design, from 1"),
            Column::whole("reference", "", "Number of the reference point"),
            Column::text(
                "label",
                "The point's values where they differ from the reference's",
            ),
            Column::whole("pairs", "runs", "Replicates that both points have"),
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
            Column::text("verdict", "`resolved` where the interval excludes 0"),
        ],
    }
}

pub(super) fn noise_header() -> Header {
    Header {
        table: "noise",
        row: "a measure",
        columns: vec![
            observable_column(),
            number("within", "Variance of runs around their point's mean"),
            number("between", "Variance of points' means that is not chance"),
            number(
                "share_of_runs",
                "Share of the variance of single runs that is chance",
            ),
            number("ci_low", "Lower end of its 95 % interval"),
            number("ci_high", "Upper end of its 95 % interval"),
            number(
                "share_of_means",
                "Share of the variance of points' means that is chance",
            ),
            Column::text("verdict", "Whether the share is resolved"),
        ],
    }
}

pub(super) fn sobol_header() -> Header {
    Header {
        table: "sobol",
        row: "a Sobol' index of a measure",
        columns: vec![
            observable_column(),
            Column::text("index", "`first`, `total` or `second` order"),
            Column::text("axis", "Axis, or group of axes"),
            Column::text("axis_2", "Second axis of a second-order index"),
            number(
                "value",
                "The index (Saltelli et al. 2010; total by Jansen 1999)",
            ),
            number("ci_low", "Lower end of its 95 % bootstrap interval"),
            number("ci_high", "Upper end of its 95 % bootstrap interval"),
            Column::text(
                "verdict",
                "Whether the index is resolved to ± 0.05 at this size",
            ),
        ],
    }
}

pub(super) fn morris_header() -> Header {
    Header {
        table: "morris",
        row: "elementary effects of an axis on a measure",
        columns: vec![
            observable_column(),
            Column::text("axis", "Axis, or group of axes"),
            number("mu", "Mean elementary effect over the axis' whole range"),
            number(
                "mu_star",
                "Mean absolute elementary effect (Campolongo et al. 2007)",
            ),
            number("mu_star_low", "Lower end of its 95 % bootstrap interval"),
            number("mu_star_high", "Upper end of its 95 % bootstrap interval"),
            number("sigma", "Standard deviation of the elementary effects"),
            Column::text("verdict", "Whether mu_star is resolved"),
        ],
    }
}

pub(super) fn regression_header() -> Header {
    Header {
        table: "regression",
        row: "an axis and measure",
        columns: vec![
            observable_column(),
            Column::text("axis", "Axis"),
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
            Column::text(
                "verdict",
                "Whether the regression coefficient is resolved to ± 0.05",
            ),
        ],
    }
}

/// The headers of all tables of findings that there are.
pub(super) fn headers() -> Vec<Header> {
    vec![
        contrasts_header(),
        noise_header(),
        sobol_header(),
        morris_header(),
        effects_header(),
        regression_header(),
    ]
}

pub(super) fn effects_header() -> Header {
    Header {
        table: "effects",
        row: "a level of an axis: over all points of a grid, or alone away from the baseline",
        columns: vec![
            observable_column(),
            Column::text(
                "axis",
                "Axis; `baseline` for the baseline, or the mean over the grid",
            ),
            Column::text("level", "Value of the axis"),
            number("mean", "Mean of the measure"),
            number("ci_low", "Lower end of its 95 % interval"),
            number("ci_high", "Upper end of its 95 % interval"),
        ],
    }
}

fn observable_column() -> Column {
    Column::text(
        "observable",
        "The measure, as in `measures` of the scenario",
    )
}

fn number(name: &str, meaning: &str) -> Column {
    Column::real(name, "1", meaning)
}
