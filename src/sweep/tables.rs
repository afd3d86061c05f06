//! The tables of a sweep: points, runs, summaries, couples, and findings.

use super::plan::SweepPlan;
use crate::scenario::{DerivedAxis, PointLabels, ScenarioAxis, Setting};
use crate::table::{Field, MISSING, Schema, Value};

/// Whether a point was run, as words of a table.
const STATUS: &[&str] = &["done", "failed"];

/// Whether a point's mean is known as well as was requested, as words of a table.
const YES_NO: &[&str] = &["yes", "no"];

/// The columns of the axes. The reader of scenarios refuses names that another column has.
fn axis_columns(plan: &SweepPlan) -> Vec<Field> {
    let column = |axis: &ScenarioAxis| {
        let meaning = match axis.key.as_str() {
            "" => "Value that formulas of other axes use".to_owned(),
            key => format!("Value of {key}"),
        };
        if axis.is_integer() {
            Field::int(axis.name.clone(), "", meaning)
        } else if axis.is_numeric() {
            Field::float(axis.name.clone(), "", meaning)
        } else {
            Field::str(axis.name.clone(), meaning)
        }
    };
    let derived = |axis: &DerivedAxis| {
        let meaning = format!("Value of {}: {}", axis.key, axis.text);
        match axis.is_integer {
            true => Field::int(axis.name.clone(), "", meaning),
            false => Field::float(axis.name.clone(), "", meaning),
        }
    };
    let sweep = plan.sweep();
    let labels = sweep.labels.iter().map(|labels| {
        let meaning = "Text of the point in the table of points";
        Field::str(labels.name.clone(), meaning)
    });
    let axes = sweep.axes.iter().map(column);
    let derived = sweep.derived.iter().map(derived);
    axes.chain(derived).chain(labels).collect()
}

/// The cells of a point's values.
pub(crate) fn axis_cells(plan: &SweepPlan, point: u64, settings: &[Setting]) -> Vec<Value> {
    let sweep = plan.sweep();
    let number = sweep.design_point(point) as usize;
    let text = |labels: &PointLabels| Value::Str(labels.texts[number].clone());
    let derived = sweep.derived.iter().zip(&settings[sweep.axes.len()..]);
    let derived = derived.map(|(axis, setting)| match setting {
        Setting::Integer(value) => Value::Int(*value),
        // It has no finite value, or one that no integer has.
        _ if axis.is_integer => Value::Int(MISSING),
        setting => Value::Float(setting.number().unwrap_or(f64::NAN)),
    });
    sweep
        .axes
        .iter()
        .zip(settings)
        .map(|(axis, setting)| match (setting, setting.number()) {
            (Setting::Integer(value), _) if axis.is_integer() => Value::Int(*value),
            (_, Some(value)) if axis.is_numeric() => Value::Float(value),
            _ => Value::Str(setting.to_string()),
        })
        .chain(derived)
        .chain(sweep.labels.iter().map(text))
        .collect()
}

/// The header of `points`: the design.
pub(crate) fn points_schema(plan: &SweepPlan) -> Schema {
    let mut columns = vec![
        Field::int("point", "", "Number of the point in the design, from 1"),
        Field::categorical("status", STATUS, "Whether the point's runs were done"),
        Field::int("runs", "runs", "Runs of the point that were done"),
    ];
    if plan.sweep().until.is_some() {
        columns.push(Field::categorical(
            "precise",
            YES_NO,
            "Whether the runs give the precision that `until` asks for; if not, there were `max` of them",
        ));
    }
    columns.extend(axis_columns(plan));
    columns.push(Field::str("reason", "Why runs of the point failed"));
    Schema {
        table: "points",
        row: "a point of the design",
        columns,
    }
}

/// The header of `runs`: a row a run, or a row for the runs of a job that failed.
pub(crate) fn runs_schema(plan: &SweepPlan) -> Schema {
    let mut columns = vec![
        Field::int("point", "", "Number of the point in the design, from 1"),
        Field::int(
            "replicate",
            "",
            "Number of the replicate, from 1; missing where the point's runs failed",
        ),
        Field::int(
            "seed",
            "",
            "Master seed; with point and replicate it addresses every draw of the run",
        ),
    ];
    columns.extend(axis_columns(plan));
    columns.extend([
        Field::categorical("status", STATUS, "Whether the run was done"),
        Field::int("couples", "couples", "Couples that were simulated"),
        Field::int("ended", "couples", "Couples that separated"),
    ]);
    if plan.measure_of_together().is_some() {
        columns.push(Field::int(
            "n",
            "couples",
            "Couples still together on the last day, with those that break up as it ends: means and standard \
             deviations are over them, but for those `over all` couples",
        ));
    }
    for measure in &plan.sweep().measures {
        columns.push(Field::float(
            measure.column(),
            "as observable",
            measure.meaning(),
        ));
    }
    columns.push(Field::str("reason", "Why the run failed"));
    Schema {
        table: "runs",
        row: "a run",
        columns,
    }
}

/// The header of `summaries`: a row a point and measure.
pub(crate) fn summaries_schema(plan: &SweepPlan) -> Schema {
    let real = |name: &str, meaning: &str| Field::float(name, "", meaning);
    let point = "Number of the point in the design, from 1";
    let mut columns = vec![Field::int("point", "", point)];
    columns.extend(axis_columns(plan));
    columns.extend([
        Field::str(
            "observable",
            "The measure, as in `measures` of the scenario",
        ),
        Field::int("runs", "runs", "Runs of the point"),
        Field::int(
            "couples",
            "couples",
            "Couples that the measure is over, in all runs: those still together on the last day, or for \
             `share intact` and measures `over all` all couples",
        ),
        real("mean", "The measure over these couples"),
        real(
            "sd",
            "Standard deviation over couples; missing for a measure that is one itself",
        ),
        real(
            "mcse",
            "Monte Carlo standard error of the mean: over couples, or over runs for a standard deviation",
        ),
        real("ci_low", "Lower end of the 95 % interval of the mean"),
        real("ci_high", BOUNDED_HIGH),
        real("run_sd", "Standard deviation over runs; missing of one run"),
        real(
            "q05",
            "Quantile at 0.05 over runs, interpolated; missing of one run",
        ),
        real("q25", "Quantile at 0.25 over runs"),
        real("q50", "Quantile at 0.5 over runs"),
        real("q75", "Quantile at 0.75 over runs"),
        real("q95", "Quantile at 0.95 over runs"),
    ]);
    Schema {
        table: "summaries",
        row: "a point and measure",
        columns,
    }
}

/// The header of `couples` of a sweep: the point before what a run's table has.
pub(crate) fn couples_schema(plan: &SweepPlan) -> Schema {
    let config = plan.scenario().config();
    let mut schema = crate::simulation::couples_schema(config.origin.has_childhood());
    schema.columns.insert(
        0,
        Field::int("point", "", "Number of the point in the design, from 1"),
    );
    schema
}

/// The headers of all tables that a sweep can have.
pub(crate) fn schemas(plan: &SweepPlan) -> Vec<Schema> {
    let mut schemas = vec![
        points_schema(plan),
        runs_schema(plan),
        summaries_schema(plan),
        couples_schema(plan),
    ];
    schemas.extend(findings_schemas());
    schemas
}

/// The upper end of an interval of a number that is bounded.
const BOUNDED_HIGH: &str =
    "Upper end of this 95 % interval, which is cut to the values that are possible";

/// What the intervals of indices hold for.
const INTERVAL_OF_SOBOL: &str = "Lower end of its 95 % interval: Student's t over independent scrambles, or with one scramble a bootstrap over base rows as if they were random, which is too wide for Sobol' points; with 4 replicates or more, widened by the error and bias that their draws leave (jackknife), otherwise for these draws only; missing where no run differs";
const INTERVAL_OF_MORRIS: &str = "Lower end of its 95 % interval: Student's t with a bootstrapped standard error over trajectories; with 4 replicates or more, widened by the error and bias that their draws leave (jackknife), otherwise for these draws only; missing where no run differs";
const INTERVAL_OF_REGRESSION: &str = "Lower end of its 95 % interval (Student's t); with 4 replicates or more, widened by the error and bias that their draws leave (jackknife), otherwise for these draws only; missing where the output is constant";

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
            Field::int(
                "requested",
                "runs",
                "Replicates that were requested of both points",
            ),
            Field::int(
                "pairs",
                "runs",
                "Replicates in which the measure has a value at both points",
            ),
            number(
                "difference",
                "Mean difference, point less reference, over replicates",
            ),
            number(
                "se",
                "Its standard error; missing while all differences are equal, since then their spread is not known",
            ),
            number(
                "ci_low",
                "Lower end of its 95 % interval (Student's t over pairs; of rare events it holds the truth in 93 to 100 %, where there is one)",
            ),
            number("ci_high", BOUNDED_HIGH),
            number(
                "variance_reduction",
                "Variance of the difference had the points not shared random numbers, over that which it had",
            ),
            Field::str(
                "verdict",
                "`resolved` where the interval excludes 0, never where pairs are missing; `all differences are equal` where there is no interval",
            ),
        ],
    }
}

pub(crate) fn noise_schema() -> Schema {
    Schema {
        table: "noise",
        row: "a measure",
        columns: vec![
            observable_column(),
            requested("runs"),
            used(
                "runs",
                "Runs with a value; where points share random numbers, of the replicates that all of these points have",
            ),
            number("within", "Variance of runs around their point's mean"),
            number(
                "shared",
                "Part of it that all points of a replicate have in common, since they share random numbers",
            ),
            number("between", "Variance of points' means that is not random"),
            number(
                "share_of_runs",
                "Share of the variance of single runs that is random",
            ),
            number(
                "ci_low",
                "Lower end of its 95 % interval (over points and replicates, where points share random numbers; then it holds the truth in 87 to 95 % with fewer than 10 replicates); missing where no replicates differ",
            ),
            number("ci_high", "Upper end of its 95 % interval"),
            number(
                "share_of_means",
                "Share of the variance of points' means that is random; what all points have in common does not count",
            ),
            Field::str(
                "verdict",
                "Whether the share is resolved; never where runs are missing",
            ),
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
            requested("base rows"),
            used(
                "base rows",
                "Base rows with a value at each of their points",
            ),
            number(
                "value",
                "The index (Saltelli et al. 2010; total by Jansen 1999)",
            ),
            number("ci_low", INTERVAL_OF_SOBOL),
            number("ci_high", BOUNDED_HIGH),
            Field::str(
                "verdict",
                "Whether the index of the model is resolved to ± 0.05: not with fewer than 4 replicates, and not where base rows are missing",
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
            requested("trajectories"),
            used(
                "trajectories",
                "Trajectories with a value at each of their points",
            ),
            number(
                "mu",
                "Mean elementary effect: the difference a move makes over its distance, in units of the axis' range (1 between words)",
            ),
            number(
                "mu_star",
                "Mean absolute elementary effect (Campolongo et al. 2007)",
            ),
            number("mu_star_low", INTERVAL_OF_MORRIS),
            number("mu_star_high", BOUNDED_HIGH),
            number("sigma", "Standard deviation of the elementary effects"),
            Field::str(
                "verdict",
                "Whether mu_star of the model is resolved to ± 0.05 of the largest one: not with fewer than 4 replicates, not where trajectories are missing, and not of optimized ones, which bias it",
            ),
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
            requested("points"),
            used("points", "Points at which the measure has a value"),
            number("src", "Standardised regression coefficient"),
            number("src_low", INTERVAL_OF_REGRESSION),
            number("src_high", "Upper end of its 95 % interval"),
            number("prcc", "Partial rank correlation coefficient"),
            number("prcc_low", "Lower end of its 95 % interval"),
            number("prcc_high", BOUNDED_HIGH),
            number(
                "r_squared",
                "Share of the measure's variance that the linear model explains",
            ),
            Field::str(
                "verdict",
                "Whether the coefficient of the model is resolved to ± 0.05: not with fewer than 4 replicates, and not where points are missing",
            ),
        ],
    }
}

/// The headers of all tables of findings that there are.
pub(crate) fn findings_schemas() -> Vec<Schema> {
    vec![
        contrasts_schema(),
        noise_schema(),
        sobol_schema(),
        morris_schema(),
        effects_schema(),
        interactions_schema(),
        regression_schema(),
        omitted_schema(),
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
            requested("runs"),
            used(
                "runs",
                "Runs at this level in which the measure has a value",
            ),
            number(
                "mean",
                "Mean of the measure; of a grid, the mean over points of their means over runs",
            ),
            number(
                "ci_low",
                "Lower end of its 95 % interval: of a grid over runs (Student's t), one at a time over couples as in `summaries`",
            ),
            number("ci_high", BOUNDED_HIGH),
            number(
                "difference",
                "The mean less that at the axis' first level, or less the baseline's",
            ),
            number(
                "difference_low",
                "Lower end of its 95 % interval over runs (Student's t), paired by replicate where points share random numbers",
            ),
            number("difference_high", BOUNDED_HIGH),
            Field::str(
                "verdict",
                "`resolved` where the interval of the difference excludes 0; never where runs are missing",
            ),
        ],
    }
}

pub(crate) fn interactions_schema() -> Schema {
    Schema {
        table: "interactions",
        row: "a level of an axis and one of another, over all points of a grid",
        columns: vec![
            observable_column(),
            Field::str("axis", "Axis"),
            Field::str("level", "Value of the axis, not its first one"),
            Field::str("axis_2", "Another axis"),
            Field::str("level_2", "Value of the other axis, not its first one"),
            requested("runs"),
            used(
                "runs",
                "Runs in which the measure has a value, at these levels and the first ones",
            ),
            number(
                "difference",
                "By how much the difference between the level of the axis and its first level is larger at the \
                 level of the other axis than at that one's first level; means over the remaining axes",
            ),
            number(
                "ci_low",
                "Lower end of its 95 % interval over runs (Student's t), paired by replicate where points share \
                 random numbers; missing where no run differs",
            ),
            number("ci_high", BOUNDED_HIGH),
            Field::str(
                "verdict",
                "`resolved` where the interval excludes 0; never where runs are missing",
            ),
        ],
    }
}

/// The header of `omitted`: the findings that a sweep of this design could have and this one lacks.
pub(crate) fn omitted_schema() -> Schema {
    Schema {
        table: "omitted",
        row: "a finding that is left out",
        columns: vec![
            Field::str("table", "Table that lacks it"),
            Field::str(
                "observable",
                "The measure; missing where the table is left out for all measures",
            ),
            Field::str("reason", "Why it is left out"),
        ],
    }
}

fn requested(unit: &str) -> Field {
    let meaning = match unit {
        "runs" => "Runs that were requested".to_owned(),
        unit => format!("Number of {unit} that the design has"),
    };
    Field::int("requested", unit, meaning)
}

fn used(unit: &str, meaning: &str) -> Field {
    Field::int("used", unit, meaning)
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
