//! Findings of a sweep: contrasts, and what the design at hand has the indices for.

use super::aggregate::Aggregated;
use super::tables::{
    contrasts_schema, effects_schema, morris_schema, noise_schema, regression_schema, sobol_schema,
};
use crate::design::{Design, Grid, Groups, Morris, OneAtATime, Saltelli};
use crate::results::OutputError;
use crate::scenario::SweepPoints;
use crate::stats::contrast::PairedContrast;
use crate::stats::interval::CONFIDENCE;
use crate::stats::sensitivity::{
    Estimate, SensitivitySettings, elementary_effects, main_effects, noise_share,
    partial_rank_correlations, standardised_regression, variance_indices,
};
use crate::sweep::plan::SweepPlan;
use crate::table::{Table, Value};

/// Makes every table of findings that the design and the number of runs allow, but for contrasts.
pub(crate) fn findings(plan: &SweepPlan, found: &Aggregated) -> Vec<Table> {
    let settings = SensitivitySettings {
        seed: plan.scenario().config().seed,
        ..SensitivitySettings::default()
    };
    let mut tables = vec![noise(plan, found, &settings)];
    match &plan.sweep().points {
        SweepPoints::Designed(Design::Saltelli(design)) => {
            tables.push(sobol(plan, found, design, &settings));
        }
        SweepPoints::Designed(Design::Morris(design)) => {
            tables.push(morris(plan, found, design, &settings));
        }
        SweepPoints::Designed(Design::Grid(design)) => {
            tables.push(grid_effects(plan, found, design, &settings));
        }
        SweepPoints::Designed(Design::OneAtATime(design)) => {
            tables.push(departures(plan, found, design));
        }
        _ => {}
    }
    tables.push(regression(plan, found, &settings));
    tables.retain(|table| table.rows.rows() > 0);
    tables
}

fn text(value: impl Into<String>) -> Value {
    Value::Str(value.into())
}

fn measured<'a>(
    plan: &'a SweepPlan,
    found: &'a Aggregated,
) -> impl Iterator<Item = (String, usize, &'a [f64])> {
    plan.sweep()
        .measures
        .iter()
        .zip(&found.points)
        .enumerate()
        .map(|(position, (measure, values))| (measure.to_string(), position, values.as_slice()))
}

fn three(estimate: &Estimate) -> [Value; 3] {
    [estimate.value, estimate.low, estimate.high].map(Value::Float)
}

/// The name of a group that has one, else those of its axes.
fn group_name(plan: &SweepPlan, groups: &Groups, group: usize) -> String {
    let mut given = groups
        .members(group)
        .filter_map(|axis| plan.sweep().axes[axis].group.as_ref());
    if let Some(name) = given.next() {
        return name.clone();
    }
    let names: Vec<&str> = groups
        .members(group)
        .map(|axis| plan.sweep().axes[axis].name.as_str())
        .collect();
    names.join(" + ")
}

/// Rows of contrasts that are made at a time.
const BATCH: usize = 4096;

/// Each point against the reference point, paired by replicate: some rows at a time, since there may
/// be as many as points and measures.
pub(crate) fn contrasts(
    plan: &SweepPlan,
    found: &Aggregated,
    mut take: impl FnMut(Table) -> Result<(), OutputError>,
) -> Result<(), OutputError> {
    let reference = plan.sweep().reference as usize;
    if reference >= found.ends.len() {
        return Ok(());
    }
    let base = plan.sweep().settings(plan.sweep().reference);
    let mut table = Table::new(contrasts_schema());
    for (name, position, _) in measured(plan, found) {
        let against = found.runs_of(position, reference);
        for point in (0..found.ends.len()).filter(|point| *point != reference) {
            let mut contrast = PairedContrast::default();
            for (first, second) in against.iter().zip(found.runs_of(position, point)) {
                if first.is_finite() && second.is_finite() {
                    contrast.push(*first, *second);
                }
            }
            let difference = contrast.difference(CONFIDENCE);
            if difference.count < 2 {
                continue;
            }
            let verdict = if difference.resolved() {
                "resolved"
            } else {
                "not resolved"
            };
            table.rows.push([
                text(name.clone()),
                Value::Int(point as i64 + 1),
                Value::Int(reference as i64 + 1),
                text(label(plan, &base, point as u64)),
                Value::Int(difference.count as i64),
                Value::Float(difference.mean),
                Value::Float(difference.standard_error),
                Value::Float(difference.interval.low),
                Value::Float(difference.interval.high),
                Value::Float(difference.variance_reduction),
                text(verdict),
            ]);
            if table.rows.rows() >= BATCH {
                take(std::mem::replace(
                    &mut table,
                    Table::new(contrasts_schema()),
                ))?;
            }
        }
    }
    if table.rows.rows() > 0 {
        take(table)?;
    }
    Ok(())
}

/// A point's values where they differ from others.
fn label(plan: &SweepPlan, base: &[crate::scenario::Setting], point: u64) -> String {
    let parts: Vec<String> = plan
        .sweep()
        .axes
        .iter()
        .zip(plan.sweep().settings(point))
        .zip(base)
        .filter(|((_, setting), other)| setting != *other)
        .map(|((axis, setting), _)| match setting.number() {
            Some(value) => format!("{} {}", axis.name, short(value)),
            None => match setting {
                crate::scenario::Setting::Switch(on) => {
                    format!("{} {}", axis.name, if on { "on" } else { "off" })
                }
                choice => format!("{} {choice}", axis.name),
            },
        })
        .collect();
    if parts.is_empty() {
        "same values".to_owned()
    } else {
        parts.join(", ")
    }
}

/// A number to four significant digits.
fn short(value: f64) -> String {
    let text = format!("{value:.4e}");
    text.parse::<f64>()
        .map_or(text, |rounded| rounded.to_string())
}

/// How much of the variation of runs is random.
fn noise(plan: &SweepPlan, found: &Aggregated, settings: &SensitivitySettings) -> Table {
    let mut table = Table::new(noise_schema());
    for (name, position, _) in measured(plan, found) {
        let runs: Vec<&[f64]> = (0..found.ends.len())
            .map(|point| found.runs_of(position, point))
            .collect();
        if runs.iter().filter(|runs| runs.len() > 1).count() < 2 {
            continue;
        }
        if let Ok(share) = noise_share(&runs, settings) {
            let mut row = vec![
                text(name),
                Value::Float(share.within),
                Value::Float(share.between),
            ];
            row.extend(three(&share.of_runs));
            row.extend([
                Value::Float(share.of_means),
                text(share.of_runs.verdict.to_string()),
            ]);
            table.rows.push(row);
        }
    }
    table
}

fn sobol(
    plan: &SweepPlan,
    found: &Aggregated,
    design: &Saltelli,
    settings: &SensitivitySettings,
) -> Table {
    let mut table = Table::new(sobol_schema());
    let groups = design.groups();
    for (name, _, values) in measured(plan, found) {
        let whole = design.complete_prefix(values.len() as u64) as usize;
        let Ok(indices) =
            variance_indices(&values[..whole], groups.count(), design.order(), settings)
        else {
            continue;
        };
        let mut push = |index: &str, first: usize, second: Option<usize>, found: &Estimate| {
            let mut row = vec![
                text(name.clone()),
                text(index),
                text(group_name(plan, groups, first)),
                text(second.map_or(String::new(), |group| group_name(plan, groups, group))),
            ];
            row.extend(three(found));
            row.push(text(found.verdict.to_string()));
            table.rows.push(row);
        };
        for (group, estimate) in indices.first.iter().enumerate() {
            push("first", group, None, estimate);
        }
        for (group, estimate) in indices.total.iter().enumerate() {
            push("total", group, None, estimate);
        }
        for pair in &indices.second {
            push("second", pair.groups.0, Some(pair.groups.1), &pair.estimate);
        }
    }
    table
}

fn morris(
    plan: &SweepPlan,
    found: &Aggregated,
    design: &Morris,
    settings: &SensitivitySettings,
) -> Table {
    let mut table = Table::new(morris_schema());
    for (name, _, values) in measured(plan, found) {
        let Ok(effects) = elementary_effects(design, values, settings) else {
            continue;
        };
        for (group, effect) in effects.groups.iter().enumerate() {
            let mut row = vec![
                text(name.clone()),
                text(group_name(plan, design.groups(), group)),
                Value::Float(effect.mu),
            ];
            row.extend(three(&effect.mu_star));
            row.extend([
                Value::Float(effect.sigma.unwrap_or(f64::NAN)),
                text(effect.mu_star.verdict.to_string()),
            ]);
            table.rows.push(row);
        }
    }
    table
}

/// Main effects of a grid: means over all points at a level.
fn grid_effects(
    plan: &SweepPlan,
    found: &Aggregated,
    design: &Grid,
    settings: &SensitivitySettings,
) -> Table {
    let mut table = Table::new(effects_schema());
    let counts = design.levels();
    for (name, _, values) in measured(plan, found) {
        let levels: Vec<Vec<u32>> = (0..counts.len())
            .map(|axis| {
                (0..values.len() as u64)
                    .map(|point| design.level(point, axis))
                    .collect()
            })
            .collect();
        let Ok(effects) = main_effects(&levels, counts, values, settings) else {
            continue;
        };
        let unknown = || Value::Float(f64::NAN);
        table.rows.push([
            text(name.clone()),
            text("baseline"),
            text(""),
            Value::Float(effects.mean),
            unknown(),
            unknown(),
        ]);
        for (axis, effect) in plan.sweep().axes.iter().zip(&effects.axes) {
            for (level, mean) in effect.levels.iter().enumerate() {
                let place =
                    crate::design::level_coordinate(level as u32, effect.levels.len() as u32);
                let setting = axis.at(place);
                let shown = setting.number().map_or(setting.to_string(), short);
                let mut row = vec![text(name.clone()), text(axis.name.clone()), text(shown)];
                row.extend(three(&mean.mean));
                table.rows.push(row);
            }
        }
    }
    table
}

/// One axis at a time: the means as they are in `summaries`.
fn departures(plan: &SweepPlan, found: &Aggregated, design: &OneAtATime) -> Table {
    let mut table = Table::new(effects_schema());
    let summaries = &found.summary_table;
    let (Ok(points), Ok(means), Ok(lows), Ok(highs)) = (
        summaries.ints("point"),
        summaries.floats("mean"),
        summaries.floats("ci_low"),
        summaries.floats("ci_high"),
    ) else {
        return table;
    };
    for (row, point) in points.iter().enumerate() {
        let point = *point as u64 - 1;
        let (axis, level) = match design.departure(point) {
            None => ("baseline".to_owned(), String::new()),
            Some((axis, _)) => {
                let setting = &plan.sweep().settings(point)[axis];
                let shown = setting.number().map_or(setting.to_string(), short);
                (plan.sweep().axes[axis].name.clone(), shown)
            }
        };
        let name = summaries
            .category("observable", row)
            .unwrap_or_default()
            .to_owned();
        table.rows.push([
            text(name),
            text(axis),
            text(level),
            Value::Float(means[row]),
            Value::Float(lows[row]),
            Value::Float(highs[row]),
        ]);
    }
    table
}

/// Standardised regression and partial rank correlations over the axes that are numbers.
fn regression(plan: &SweepPlan, found: &Aggregated, settings: &SensitivitySettings) -> Table {
    let mut table = Table::new(regression_schema());
    let axes: Vec<usize> = (0..plan.sweep().axes.len())
        .filter(|axis| plan.sweep().axes[*axis].is_numeric())
        .collect();
    let count = found.points.first().map_or(0, Vec::len);
    if axes.is_empty() || count < axes.len() + 3 {
        return table;
    }
    let mut columns = vec![Vec::with_capacity(count); axes.len()];
    for point in 0..count as u64 {
        let settings = plan.sweep().settings(point);
        for (column, axis) in columns.iter_mut().zip(&axes) {
            column.push(settings[*axis].number().unwrap_or(f64::NAN));
        }
    }
    for (name, _, values) in measured(plan, found) {
        let (Ok(linear), Ok(ranks)) = (
            standardised_regression(&columns, values, settings),
            partial_rank_correlations(&columns, values, settings),
        ) else {
            continue;
        };
        for (position, axis) in axes.iter().enumerate() {
            let mut row = vec![
                text(name.clone()),
                text(plan.sweep().axes[*axis].name.clone()),
            ];
            row.extend(three(&linear.coefficients[position]));
            row.extend(three(&ranks.correlations[position]));
            row.extend([
                Value::Float(linear.r_squared),
                text(linear.coefficients[position].verdict.to_string()),
            ]);
            table.rows.push(row);
        }
    }
    table
}
