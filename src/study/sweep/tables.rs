//! The tables of a sweep's points and runs.

use crate::foundation::table::{Cell, Column, Header};
use crate::plan::SweepPlan;
use crate::scenario::{Axis, Setting};

/// Whether a point was run, as words of a table.
const STATUS: &[&str] = &["done", "failed"];

/// Whether a point's mean is known as well as was asked, as words of a table.
const YES_NO: &[&str] = &["yes", "no"];

/// The name of an axis' column: a plain name that no other column of its table has.
pub(super) fn axis_columns(plan: &SweepPlan) -> Vec<Column> {
    let column = |axis: &Axis| {
        let meaning = format!("Value of {}", axis.key);
        if axis.is_numeric() {
            Column::real(axis.name.clone(), "", meaning)
        } else {
            Column::text(axis.name.clone(), meaning)
        }
    };
    plan.sweep().axes.iter().map(column).collect()
}

/// The cells of a point's values.
pub(super) fn axis_cells(plan: &SweepPlan, settings: &[Setting]) -> Vec<Cell> {
    plan.sweep()
        .axes
        .iter()
        .zip(settings)
        .map(|(axis, setting)| match setting.number() {
            Some(value) if axis.is_numeric() => Cell::Real(value),
            _ => Cell::Text(setting.to_string()),
        })
        .collect()
}

/// The header of `points`: the design.
pub(super) fn points_header(plan: &SweepPlan) -> Header {
    let mut columns = vec![
        Column::whole("point", "", "Number of the point in the design, from 1"),
        Column::word("status", STATUS, "Whether the point's runs were done"),
        Column::whole("runs", "runs", "Runs of the point that were done"),
    ];
    if plan.sweep().until.is_some() {
        columns.push(Column::word(
            "precise",
            YES_NO,
            "Whether the runs give the precision that `until` asks for; if not, there were `max` of them",
        ));
    }
    columns.extend(axis_columns(plan));
    columns.push(Column::text("reason", "Why runs of the point failed"));
    Header {
        table: "points",
        row: "a point of the design",
        columns,
    }
}

/// The header of `runs`: a row a run, or a row for the runs of a job that failed.
pub(super) fn runs_header(plan: &SweepPlan) -> Header {
    let mut columns = vec![
        Column::whole("point", "", "Number of the point in the design, from 1"),
        Column::whole(
            "replicate",
            "",
            "Number of the replicate, from 1; missing where the point's runs failed",
        ),
        Column::whole(
            "seed",
            "",
            "Master seed; with point and replicate it addresses every draw of the run",
        ),
    ];
    columns.extend(axis_columns(plan));
    columns.extend([
        Column::word("status", STATUS, "Whether the run was done"),
        Column::whole("couples", "couples", "Couples that lived"),
        Column::whole("ended", "couples", "Couples that broke up"),
    ]);
    for measure in &plan.sweep().measures {
        columns.push(Column::real(
            measure.column(),
            "as observable",
            measure.meaning(),
        ));
    }
    columns.push(Column::text("reason", "Why the run failed"));
    Header {
        table: "runs",
        row: "a run",
        columns,
    }
}

/// The header of `summaries`: a row a point and measure.
pub(super) fn summaries_header() -> Header {
    let real = |name: &str, meaning: &str| Column::real(name, "", meaning);
    let columns = vec![
        Column::whole("point", "", "Number of the point in the design, from 1"),
        Column::text(
            "observable",
            "The measure, as in `measures` of the scenario",
        ),
        Column::whole("runs", "runs", "Runs of the point"),
        Column::whole("couples", "couples", "Couples counted, over all runs"),
        real("mean", "The measure over all couples of all runs"),
        real(
            "sd",
            "Standard deviation over couples; missing for a measure that is one itself",
        ),
        real(
            "mcse",
            "Monte Carlo standard error of the mean: over couples, or over runs for a standard deviation",
        ),
        real("ci_low", "Lower end of the 95 % interval of the mean"),
        real("ci_high", "Upper end of the 95 % interval of the mean"),
        real("run_sd", "Standard deviation over runs; missing of one run"),
        real(
            "q05",
            "Quantile at 0.05 over runs, interpolated; missing of one run",
        ),
        real("q25", "Quantile at 0.25 over runs"),
        real("q50", "Quantile at 0.5 over runs"),
        real("q75", "Quantile at 0.75 over runs"),
        real("q95", "Quantile at 0.95 over runs"),
    ];
    Header {
        table: "summaries",
        row: "a point and measure",
        columns,
    }
}

/// The header of `couples` of a sweep: the point before what a run's table has.
pub(super) fn couples_header(plan: &SweepPlan) -> Header {
    let world = plan.scenario().world();
    let mut header = crate::simulation::couples_header(&world.origin);
    header.columns.insert(
        0,
        Column::whole("point", "", "Number of the point in the design, from 1"),
    );
    header
}

/// The headers of all tables that a sweep can have.
pub(in crate::study) fn headers(plan: &SweepPlan) -> Vec<Header> {
    let mut headers = vec![
        points_header(plan),
        runs_header(plan),
        summaries_header(),
        couples_header(plan),
    ];
    headers.extend(super::headers::headers());
    headers
}
