//! Findings of a sweep: contrasts, and what the design at hand has the indices for.
//!
//! A point that failed, or a run whose measure has no value, takes its row out of what is computed. The
//! rows that are left are a selection by their own outcome, so that no finding from them is resolved;
//! every table has the rows requested and used, and [`FindingsLog`] has what was left out and why.

use super::aggregate::{Aggregated, bounds_of, bounds_of_difference};
use super::tables::{
    contrasts_schema, effects_schema, interactions_schema, morris_schema, noise_schema,
    omitted_schema, regression_schema, sobol_schema,
};
use crate::design::{Design, Grid, Groups, Morris, OneAtATime, Saltelli, level_coordinate};
use crate::results::OutputError;
use crate::scenario::SweepMeasure;
use crate::scenario::SweepPoints;
use crate::stats::contrast::PairedContrast;
use crate::stats::interval::{CONFIDENCE, Interval};
use crate::stats::sensitivity::ensemble::{ReplicateJackknife, of_model};
use crate::stats::sensitivity::variance_based::VarianceIndices;
use crate::stats::sensitivity::{
    Estimate, Resolution, SensitivityError, SensitivitySettings, elementary_effects, interactions,
    main_effects, noise_share, partial_rank_correlations, standardised_regression,
    variance_indices,
};
use crate::sweep::plan::{SweepPlan, short};
use crate::table::{Table, Value};
use std::fmt::Display;

/// Rows that were requested of a finding and those that it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct RowsUsed {
    requested: u64,
    used: u64,
    /// What a row is, in the plural.
    unit: &'static str,
}

impl RowsUsed {
    fn is_complete(self) -> bool {
        self.used >= self.requested
    }

    /// The verdict as it was judged, unless rows are missing: then nothing is resolved.
    fn verdict(self, judged: impl Display) -> Value {
        text(if self.is_complete() {
            judged.to_string()
        } else {
            format!(
                "not resolved: {} of {} {}",
                self.used, self.requested, self.unit
            )
        })
    }

    fn cells(self) -> [Value; 2] {
        [self.requested, self.used].map(|rows| Value::Int(rows as i64))
    }
}

/// A finding that is left out.
struct Omission {
    table: &'static str,
    /// The measure; none where the table is left out for all measures.
    measure: Option<String>,
    reason: String,
}

/// What is missing from the findings: those that are left out, and those that rest on a part of their rows.
#[derive(Default)]
pub(crate) struct FindingsLog {
    omitted: Vec<Omission>,
    incomplete: Vec<(&'static str, String, RowsUsed)>,
}

impl FindingsLog {
    fn omit(&mut self, table: &'static str, measure: Option<&str>, reason: impl Into<String>) {
        self.omitted.push(Omission {
            table,
            measure: measure.map(str::to_owned),
            reason: reason.into(),
        });
    }

    fn used(&mut self, table: &'static str, measure: &str, rows: RowsUsed) {
        if !rows.is_complete() {
            self.incomplete.push((table, measure.to_owned(), rows));
        }
    }

    /// The table `omitted`, without rows where nothing is left out.
    fn table(&self) -> Table {
        let mut table = Table::new(omitted_schema());
        for omission in &self.omitted {
            table.rows.push([
                text(omission.table),
                text(omission.measure.clone().unwrap_or_default()),
                text(omission.reason.clone()),
            ]);
        }
        table
    }

    /// One sentence for each reason, with the measures that it holds for, and for each finding that is
    /// incomplete.
    pub(crate) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let mut grouped: Vec<(&Omission, Vec<&str>)> = Vec::new();
        for omission in &self.omitted {
            let same = grouped.iter_mut().find(|(first, _)| {
                first.table == omission.table && first.reason == omission.reason
            });
            let measure = omission.measure.as_deref();
            match same {
                Some((_, measures)) => measures.extend(measure),
                None => grouped.push((omission, measure.into_iter().collect())),
            }
        }
        for (omission, measures) in grouped {
            let of = if measures.is_empty() {
                String::new()
            } else {
                format!(" of {}", measures.join(", "))
            };
            notes.push(format!(
                "`{}`{of} left out: {}",
                omission.table, omission.reason
            ));
        }
        notes.extend(self.incomplete.iter().map(|(table, measure, rows)| {
            let RowsUsed {
                requested,
                used,
                unit,
            } = rows;
            format!("`{table}` of {measure} rests on {used} of {requested} {unit}: not resolved")
        }));
        notes
    }
}

/// Makes every table of findings that the design and the number of runs allow, but for contrasts; the
/// last one holds what is left out, that of the log included.
pub(crate) fn findings(plan: &SweepPlan, found: &Aggregated, log: &mut FindingsLog) -> Vec<Table> {
    let settings = SensitivitySettings {
        seed: plan.scenario().config().seed,
        ..SensitivitySettings::default()
    };
    let mut tables = vec![noise(plan, found, &settings, log)];
    match &plan.sweep().points {
        SweepPoints::Designed(Design::Saltelli(design)) => {
            tables.push(sobol(plan, found, design, &settings, log));
        }
        SweepPoints::Designed(Design::Morris(design)) => {
            tables.push(morris(plan, found, design, &settings, log));
        }
        SweepPoints::Designed(Design::Grid(_)) if !plan.sweep().is_full_grid() => {
            for table in ["effects", "interactions"] {
                log.omit(table, None, NOT_CROSSED);
            }
        }
        SweepPoints::Designed(Design::Grid(design)) => {
            tables.push(grid_effects(plan, found, design, &settings, log));
            tables.push(grid_interactions(plan, found, design, &settings, log));
        }
        SweepPoints::Designed(Design::OneAtATime(design)) => {
            tables.push(departures(plan, found, design, log));
        }
        _ => {}
    }
    tables.push(regression(plan, found, &settings, log));
    tables.push(log.table());
    tables.retain(|table| table.rows.rows() > 0);
    tables
}

/// Why a grid has no means over the levels of its axes.
const NOT_CROSSED: &str =
    "constraints leave out points, so that levels of different axes do not all meet";

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

/// Runs that were requested at a point: `replicates`, or as many more as a stopping rule took.
fn runs_requested(plan: &SweepPlan, found: &Aggregated, point: usize) -> u64 {
    let replicates = u64::from(plan.scenario().config().size.replicates);
    (found.runs_of(0, point).len() as u64).max(replicates)
}

/// The runs of some points that were requested for, and those in which the measure has a value.
fn runs_used(
    plan: &SweepPlan,
    found: &Aggregated,
    measure: usize,
    points: impl Iterator<Item = usize>,
) -> RowsUsed {
    let none = RowsUsed {
        requested: 0,
        used: 0,
        unit: "runs",
    };
    points.fold(none, |rows, point| {
        let runs = found.runs_of(measure, point);
        let known = runs.iter().filter(|value| value.is_finite()).count();
        RowsUsed {
            requested: rows.requested + runs_requested(plan, found, point),
            used: rows.used + known as u64,
            ..rows
        }
    })
}

/// Why an analysis was not made, in the words of the sweep.
fn reason(
    error: &SensitivityError,
    requested: u64,
    unit: &str,
    axis_name: impl Fn(usize) -> String,
) -> String {
    match error {
        SensitivityError::TooFewRows { usable, needed } => {
            format!("{usable} of {requested} {unit} can be used, and {needed} are needed")
        }
        SensitivityError::ConstantAxis { axis, usable } if (*usable as u64) < requested => format!(
            "the axis {} does not vary over the {usable} of {requested} {unit} that can be used",
            axis_name(*axis)
        ),
        SensitivityError::ConstantAxis { axis, .. } => {
            format!("the axis {} does not vary", axis_name(*axis))
        }
        SensitivityError::Collinear { axis, usable } if (*usable as u64) < requested => format!(
            "other axes determine the axis {} over the {usable} of {requested} {unit} that can be used",
            axis_name(*axis)
        ),
        SensitivityError::Collinear { axis, .. } => {
            format!("other axes determine the axis {}", axis_name(*axis))
        }
        other => other.to_string(),
    }
}

fn three(estimate: &Estimate) -> [Value; 3] {
    [estimate.value, estimate.low, estimate.high].map(Value::Float)
}

/// What variance shares, sizes and correlations lie between.
const SHARE: Interval = Interval {
    low: 0.0,
    high: 1.0,
};
const SIZE: Interval = Interval {
    low: 0.0,
    high: f64::INFINITY,
};
const CORRELATION: Interval = Interval {
    low: -1.0,
    high: 1.0,
};

/// An estimate with its interval, cut to the values that are possible. The estimate itself may lie outside
/// them by its error.
fn three_within(estimate: &Estimate, possible: Interval) -> [Value; 3] {
    let Estimate { low, high, .. } = *estimate;
    let Interval { low, high } = Interval { low, high }.cut_to(possible);
    [estimate.value, low, high].map(Value::Float)
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
    log: &mut FindingsLog,
    mut take: impl FnMut(Table) -> Result<(), OutputError>,
) -> Result<(), OutputError> {
    let reference = plan.sweep().reference as usize;
    let points = found.ends.len();
    if reference >= points || points < 2 {
        log.omit("contrasts", None, "there is no other point to compare");
        return Ok(());
    }
    if runs_requested(plan, found, reference) < 2 {
        log.omit("contrasts", None, ONE_RUN);
        return Ok(());
    }
    let base = plan.sweep().settings(plan.sweep().reference);
    let mut table = Table::new(contrasts_schema());
    for (name, position, _) in measured(plan, found) {
        let against = found.runs_of(position, reference);
        if !against.iter().any(|value| value.is_finite()) {
            let why = format!("it has no value at the reference point {}", reference + 1);
            log.omit("contrasts", Some(&name), why);
            continue;
        }
        let possible = bounds_of_difference(&plan.sweep().measures[position]);
        let mut all = RowsUsed {
            requested: 0,
            used: 0,
            unit: "pairs",
        };
        for point in (0..points).filter(|point| *point != reference) {
            let mut contrast = PairedContrast::default();
            for (first, second) in against.iter().zip(found.runs_of(position, point)) {
                if first.is_finite() && second.is_finite() {
                    contrast.push(*first, *second);
                }
            }
            let difference = contrast.difference(CONFIDENCE);
            let interval = difference.interval.cut_to(possible);
            let [own, other] = [reference, point].map(|point| runs_requested(plan, found, point));
            let rows = RowsUsed {
                requested: own.min(other),
                used: difference.count,
                unit: "pairs",
            };
            all.requested += rows.requested;
            all.used += rows.used;
            let judged = if difference.resolved() {
                "resolved"
            } else if difference.count > 1 && difference.standard_error.is_nan() {
                "all differences are equal"
            } else {
                "not resolved"
            };
            table.rows.push([
                text(name.clone()),
                Value::Int(point as i64 + 1),
                Value::Int(reference as i64 + 1),
                text(label(plan, &base, point as u64)),
                Value::Int(rows.requested as i64),
                Value::Int(difference.count as i64),
                Value::Float(difference.mean),
                Value::Float(difference.standard_error),
                Value::Float(interval.low),
                Value::Float(interval.high),
                Value::Float(difference.variance_reduction),
                rows.verdict(judged),
            ]);
            if table.rows.rows() >= BATCH {
                take(std::mem::replace(
                    &mut table,
                    Table::new(contrasts_schema()),
                ))?;
            }
        }
        log.used("contrasts", &name, all);
    }
    if table.rows.rows() > 0 {
        take(table)?;
    }
    Ok(())
}

/// Why there is neither noise nor an interval of a difference.
const ONE_RUN: &str = "each point has one run; ask for more with [run] `replicates`";

/// A point's values where they differ from others.
fn label(plan: &SweepPlan, base: &[crate::scenario::Setting], point: u64) -> String {
    let own = plan.sweep().settings(point);
    let text = plan.settings_text(point, |axis| base.get(axis) != own.get(axis));
    if text.is_empty() {
        "same values".to_owned()
    } else {
        text
    }
}

/// How much of the variation of runs is random.
fn noise(
    plan: &SweepPlan,
    found: &Aggregated,
    settings: &SensitivitySettings,
    log: &mut FindingsLog,
) -> Table {
    let mut table = Table::new(noise_schema());
    let points = found.ends.len();
    if (0..points).all(|point| runs_requested(plan, found, point) < 2) {
        log.omit("noise", None, ONE_RUN);
        return table;
    }
    for (name, position, _) in measured(plan, found) {
        let runs: Vec<&[f64]> = (0..points)
            .map(|point| found.runs_of(position, point))
            .collect();
        let mut rows = runs_used(plan, found, position, 0..points);
        let repeated = runs.iter().filter(|runs| runs.len() > 1).count();
        let share = if repeated < 2 {
            Err(SensitivityError::TooFewRows {
                usable: repeated,
                needed: 2,
            })
        } else {
            noise_share(&runs, plan.sweep().common_random_numbers, settings)
        };
        let share = match share {
            Ok(share) => share,
            Err(error) => {
                let why = reason(&error, points as u64, "points with two runs", |_| {
                    String::new()
                });
                log.omit("noise", Some(&name), why);
                continue;
            }
        };
        let given: usize = runs.iter().map(|runs| runs.len()).sum();
        rows.used = (given - share.dropped) as u64;
        log.used("noise", &name, rows);
        let mut row = vec![text(name)];
        row.extend(rows.cells());
        row.extend([share.within, share.shared, share.between].map(Value::Float));
        row.extend(three(&share.of_runs));
        row.extend([
            Value::Float(share.of_means),
            rows.verdict(share.of_runs.verdict),
        ]);
        table.rows.push(row);
    }
    table
}

/// A measure's runs, point by point.
fn runs_by_point(found: &Aggregated, measure: usize) -> Vec<&[f64]> {
    (0..found.ends.len())
        .map(|point| found.runs_of(measure, point))
        .collect()
}

/// Settings for indices whose intervals are not looked at.
fn without_intervals(settings: &SensitivitySettings) -> SensitivitySettings {
    SensitivitySettings {
        resamples: 2,
        ..*settings
    }
}

fn sobol(
    plan: &SweepPlan,
    found: &Aggregated,
    design: &Saltelli,
    settings: &SensitivitySettings,
    log: &mut FindingsLog,
) -> Table {
    let mut table = Table::new(sobol_schema());
    let groups = design.groups();
    let mut rows = RowsUsed {
        requested: design.rows(),
        used: 0,
        unit: "base rows",
    };
    for (name, position, values) in measured(plan, found) {
        let whole = design.complete_prefix(values.len() as u64) as usize;
        let analysed = |values: &[f64], scrambles, settings: &SensitivitySettings| {
            let (count, order) = (groups.count(), design.order());
            variance_indices(&values[..whole], count, order, scrambles, settings)
        };
        let indices = match analysed(values, design.scrambles() as usize, settings) {
            Ok(indices) => indices,
            Err(error) => {
                let axis = |group| group_name(plan, groups, group);
                log.omit(
                    "sobol",
                    Some(&name),
                    reason(&error, rows.requested, rows.unit, axis),
                );
                continue;
            }
        };
        rows.used = indices.rows;
        log.used("sobol", &name, rows);
        let all = |indices: &VarianceIndices| -> Vec<f64> {
            let second = indices.second.iter().map(|pair| &pair.estimate);
            let single = indices.first.iter().chain(&indices.total);
            single.chain(second).map(|one| one.value).collect()
        };
        let ensemble = ReplicateJackknife::of(&runs_by_point(found, position), |outputs| {
            let indices = analysed(outputs, 1, &without_intervals(settings));
            Some(all(&indices.ok()?))
        });
        let mut number = 0;
        let mut push = |index: &str, first: usize, second: Option<usize>, found: &Estimate| {
            let limits = (settings.upper_tail(), settings.tolerance);
            let (estimate, verdict) = of_model(found, ensemble.as_ref(), number, limits);
            number += 1;
            let mut row = vec![
                text(name.clone()),
                text(index),
                text(group_name(plan, groups, first)),
                text(second.map_or(String::new(), |group| group_name(plan, groups, group))),
            ];
            row.extend(rows.cells());
            row.extend(three_within(&estimate, SHARE));
            row.push(rows.verdict(verdict));
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
    log: &mut FindingsLog,
) -> Table {
    let mut table = Table::new(morris_schema());
    let mut rows = RowsUsed {
        requested: design.points() / design.length(),
        used: 0,
        unit: "trajectories",
    };
    for (name, position, values) in measured(plan, found) {
        let effects = match elementary_effects(design, values, settings) {
            Ok(effects) => effects,
            Err(error) => {
                let axis = |group| group_name(plan, design.groups(), group);
                log.omit(
                    "morris",
                    Some(&name),
                    reason(&error, rows.requested, rows.unit, axis),
                );
                continue;
            }
        };
        rows.used = effects.trajectories;
        log.used("morris", &name, rows);
        let ensemble = ReplicateJackknife::of(&runs_by_point(found, position), |outputs| {
            let effects = elementary_effects(design, outputs, &without_intervals(settings)).ok()?;
            Some(effects.groups.iter().map(|one| one.mu_star.value).collect())
        });
        let largest = effects.groups.iter().map(|one| one.mu_star.value);
        let tolerance = settings.tolerance * largest.fold(0.0, f64::max);
        let limits = (settings.upper_tail(), tolerance);
        for (group, effect) in effects.groups.iter().enumerate() {
            let mut row = vec![
                text(name.clone()),
                text(group_name(plan, design.groups(), group)),
            ];
            row.extend(rows.cells());
            let (size, verdict) = of_model(&effect.mu_star, ensemble.as_ref(), group, limits);
            row.push(Value::Float(effect.mu));
            row.extend(three_within(&size, SIZE));
            row.extend([
                Value::Float(effect.sigma.unwrap_or(f64::NAN)),
                rows.verdict(verdict),
            ]);
            table.rows.push(row);
        }
    }
    table
}

/// Main effects of a grid: means over all points at a level, and their differences from the first level.
fn grid_effects(
    plan: &SweepPlan,
    found: &Aggregated,
    design: &Grid,
    settings: &SensitivitySettings,
    log: &mut FindingsLog,
) -> Table {
    let mut table = Table::new(effects_schema());
    let counts = design.levels();
    let points = found.ends.len();
    for (name, position, values) in measured(plan, found) {
        let levels: Vec<Vec<u32>> = (0..counts.len())
            .map(|axis| {
                (0..values.len() as u64)
                    .map(|point| design.level(point, axis))
                    .collect()
            })
            .collect();
        let all = runs_used(plan, found, position, 0..points);
        let runs: Vec<&[f64]> = (0..points)
            .map(|point| found.runs_of(position, point))
            .collect();
        let common = plan.sweep().common_random_numbers;
        let effects = match main_effects(&levels, counts, &runs, common, settings) {
            Ok(effects) => effects,
            Err(error) => {
                let axis = |axis: usize| plan.sweep().axes[axis].name.clone();
                let why = reason(&error, points as u64, "points", axis);
                log.omit("effects", Some(&name), why);
                continue;
            }
        };
        log.used("effects", &name, all);
        let measure = &plan.sweep().measures[position];
        let mut row = vec![text(name.clone()), text("baseline"), text("")];
        row.extend(all.cells());
        row.extend(effect_cells(measure, effects.mean, effects.interval, None));
        row.push(text(""));
        table.rows.push(row);
        for ((axis, effect), of_point) in plan.sweep().axes.iter().zip(&effects.axes).zip(&levels) {
            let rows_at = |level: usize| {
                let own = (0..points).filter(|point| of_point[*point] == level as u32);
                runs_used(plan, found, position, own)
            };
            for (level, mean) in effect.levels.iter().enumerate() {
                let place =
                    crate::design::level_coordinate(level as u32, effect.levels.len() as u32);
                let setting = axis.at(place);
                let shown = setting.number().map_or(setting.to_string(), short);
                let rows = rows_at(level);
                let (change, reach) = (mean.difference, mean.difference_interval);
                let difference = (level > 0).then_some((change, reach));
                let mut row = vec![text(name.clone()), text(axis.name.clone()), text(shown)];
                row.extend(rows.cells());
                row.extend(effect_cells(measure, mean.mean, mean.interval, difference));
                row.push(match level {
                    0 => text("reference level"),
                    _ if effects.constant => both(rows, rows_at(0)).verdict(Resolution::Constant),
                    _ => both(rows, rows_at(0)).verdict(difference_verdict(plan, reach)),
                });
                table.rows.push(row);
            }
        }
    }
    table
}

/// Rows of interactions of one measure at most: those of ten thousand combinations of levels are of no use to a reader.
const MOST_INTERACTIONS: u64 = 10_000;

/// Interactions of a grid: how far the difference of a level from an axis's first one depends on another axis.
fn grid_interactions(
    plan: &SweepPlan,
    found: &Aggregated,
    design: &Grid,
    settings: &SensitivitySettings,
    log: &mut FindingsLog,
) -> Table {
    let mut table = Table::new(interactions_schema());
    let counts = design.levels();
    if counts.len() < 2 {
        return table;
    }
    let others = |axis: usize| counts[axis + 1..].iter().map(|count| u64::from(count - 1));
    let rows = |axis: usize| u64::from(counts[axis] - 1).saturating_mul(others(axis).sum());
    let rows: u64 = (0..counts.len()).map(rows).fold(0, u64::saturating_add);
    if rows > MOST_INTERACTIONS {
        let why = format!("there are {rows} pairs of levels, more than {MOST_INTERACTIONS}");
        log.omit("interactions", None, why);
        return table;
    }
    let points = found.ends.len();
    let levels: Vec<Vec<u32>> = (0..counts.len())
        .map(|axis| {
            (0..points as u64)
                .map(|point| design.level(point, axis))
                .collect()
        })
        .collect();
    for (name, position, _) in measured(plan, found) {
        let runs = runs_by_point(found, position);
        let common = plan.sweep().common_random_numbers;
        let interactions = match interactions(&levels, counts, &runs, common, settings) {
            Ok(interactions) => interactions,
            Err(error) => {
                let axis = |axis: usize| plan.sweep().axes[axis].name.clone();
                let why = reason(&error, points as u64, "points", axis);
                log.omit("interactions", Some(&name), why);
                continue;
            }
        };
        let all = runs_used(plan, found, position, 0..points);
        log.used("interactions", &name, all);
        let possible = bounds_of_difference(&plan.sweep().measures[position]);
        let possible = Interval {
            low: 2.0 * possible.low,
            high: 2.0 * possible.high,
        };
        for own in interactions {
            let [first, second] = own.axes;
            let among = |point: &usize| {
                let is_of = |axis: usize, level: u32| [0, level].contains(&levels[axis][*point]);
                is_of(first, own.levels[0]) && is_of(second, own.levels[1])
            };
            let rows = runs_used(plan, found, position, (0..points).filter(among));
            let mut row = vec![text(name.clone())];
            for (position, level) in own.axes.into_iter().zip(own.levels) {
                let axis = &plan.sweep().axes[position];
                let setting = axis.at(level_coordinate(level, counts[position]));
                let shown = setting.number().map_or(setting.to_string(), short);
                row.extend([text(axis.name.clone()), text(shown)]);
            }
            row.extend(rows.cells());
            let interval = own.interval.cut_to(possible);
            row.extend([own.difference, interval.low, interval.high].map(Value::Float));
            row.push(rows.verdict(difference_verdict(plan, own.interval)));
            table.rows.push(row);
        }
    }
    table
}

/// A mean, its interval, and the difference from another mean with its interval, both intervals cut to the
/// values that are possible.
fn effect_cells(
    measure: &SweepMeasure,
    mean: f64,
    interval: Interval,
    difference: Option<(f64, Interval)>,
) -> [Value; 6] {
    let interval = interval.cut_to(bounds_of(measure));
    let (change, reach) = difference.unwrap_or((f64::NAN, Interval::UNDEFINED));
    let reach = reach.cut_to(bounds_of_difference(measure));
    let cells = [
        mean,
        interval.low,
        interval.high,
        change,
        reach.low,
        reach.high,
    ];
    cells.map(Value::Float)
}

/// The rows of two means that are compared.
fn both(one: RowsUsed, other: RowsUsed) -> RowsUsed {
    RowsUsed {
        requested: one.requested + other.requested,
        used: one.used + other.used,
        unit: one.unit,
    }
}

/// Whether a difference is known to be one, from its interval.
fn difference_verdict(plan: &SweepPlan, interval: Interval) -> &'static str {
    let replicates = plan.scenario().config().size.replicates;
    if interval.low > 0.0 || interval.high < 0.0 {
        "resolved"
    } else if interval.low.is_finite() {
        "not resolved"
    } else if replicates < 2 && plan.sweep().until.is_none() {
        "not resolved: one run a point"
    } else {
        "not resolved: no run differs"
    }
}

/// One axis at a time: the means as they are in `summaries`, and their differences from the baseline,
/// paired by replicate.
fn departures(
    plan: &SweepPlan,
    found: &Aggregated,
    design: &OneAtATime,
    log: &mut FindingsLog,
) -> Table {
    let mut table = Table::new(effects_schema());
    let measures = plan.sweep().measures.len();
    let summaries = &found.summary_table;
    let (Ok(points), Ok(means), Ok(lows), Ok(highs)) = (
        summaries.ints("point"),
        summaries.floats("mean"),
        summaries.floats("ci_low"),
        summaries.floats("ci_high"),
    ) else {
        return table;
    };
    let departure = |point: u64| design.departure(plan.sweep().design_point(point));
    let is_base = |point: &u64| departure(*point).is_none();
    let base = (0..plan.sweep().count()).find(is_base).unwrap_or(0);
    for (row, point) in points.iter().enumerate() {
        let point = *point as u64 - 1;
        let (axis, level) = match departure(point) {
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
        // `summaries` has the measures of a point in their order.
        let own = std::iter::once(point as usize);
        let rows = runs_used(plan, found, row % measures, own);
        let mut cells = vec![text(name), text(axis), text(level)];
        cells.extend(rows.cells());
        let (low, high) = (lows[row], highs[row]);
        let difference = (point != base).then(|| {
            let measure = row % measures;
            let mut contrast = PairedContrast::default();
            let baseline = found.runs_of(measure, base as usize);
            for (first, second) in baseline.iter().zip(found.runs_of(measure, point as usize)) {
                if first.is_finite() && second.is_finite() {
                    contrast.push(*first, *second);
                }
            }
            let found = contrast.difference(CONFIDENCE);
            let interval = match found.standard_error > 0.0 {
                true => found.interval,
                false => Interval::UNDEFINED,
            };
            (found.mean, interval)
        });
        let measure = &plan.sweep().measures[row % measures];
        let interval = Interval { low, high };
        cells.extend(effect_cells(measure, means[row], interval, difference));
        cells.push(match difference {
            None => text(""),
            Some((_, interval)) => {
                let own = runs_used(plan, found, row % measures, std::iter::once(base as usize));
                both(rows, own).verdict(difference_verdict(plan, interval))
            }
        });
        table.rows.push(cells);
    }
    for (name, position, _) in measured(plan, found) {
        let all = runs_used(plan, found, position, 0..found.ends.len());
        log.used("effects", &name, all);
    }
    table
}

/// Standardised regression and partial rank correlations over the axes that are numbers.
fn regression(
    plan: &SweepPlan,
    found: &Aggregated,
    settings: &SensitivitySettings,
    log: &mut FindingsLog,
) -> Table {
    let mut table = Table::new(regression_schema());
    let axes: Vec<usize> = (0..plan.sweep().axes.len())
        .filter(|axis| plan.sweep().axes[*axis].is_numeric())
        .collect();
    if axes.is_empty() {
        log.omit("regression", None, "no axis has numbers");
        return table;
    }
    let count = found.ends.len();
    if count < axes.len() + 3 {
        let needed = axes.len() + 3;
        let why = format!("there are {count} points, and {needed} are needed");
        log.omit("regression", None, why);
        return table;
    }
    let mut columns = vec![Vec::with_capacity(count); axes.len()];
    for point in 0..count as u64 {
        let settings = plan.sweep().settings(point);
        for (column, axis) in columns.iter_mut().zip(&axes) {
            column.push(settings[*axis].number().unwrap_or(f64::NAN));
        }
    }
    for (name, position, values) in measured(plan, found) {
        let both = standardised_regression(&columns, values, settings).and_then(|linear| {
            partial_rank_correlations(&columns, values, settings).map(|ranks| (linear, ranks))
        });
        let (linear, ranks) = match both {
            Ok(both) => both,
            Err(error) => {
                let axis = |axis: usize| plan.sweep().axes[axes[axis]].name.clone();
                let why = reason(&error, count as u64, "points", axis);
                log.omit("regression", Some(&name), why);
                continue;
            }
        };
        let rows = RowsUsed {
            requested: count as u64,
            used: linear.rows,
            unit: "points",
        };
        log.used("regression", &name, rows);
        let ensemble = ReplicateJackknife::of(&runs_by_point(found, position), |outputs| {
            let settings = without_intervals(settings);
            let linear = standardised_regression(&columns, outputs, &settings).ok()?;
            let ranks = partial_rank_correlations(&columns, outputs, &settings).ok()?;
            let both = linear.coefficients.iter().chain(&ranks.correlations);
            Some(both.map(|one| one.value).collect())
        });
        let limits = (settings.upper_tail(), settings.tolerance);
        for (position, axis) in axes.iter().enumerate() {
            let mut row = vec![
                text(name.clone()),
                text(plan.sweep().axes[*axis].name.clone()),
            ];
            row.extend(rows.cells());
            let of = |estimate, number| of_model(estimate, ensemble.as_ref(), number, limits);
            let (coefficient, verdict) = of(&linear.coefficients[position], position);
            let (rank, _) = of(&ranks.correlations[position], axes.len() + position);
            row.extend(three(&coefficient));
            row.extend(three_within(&rank, CORRELATION));
            row.extend([Value::Float(linear.r_squared), rows.verdict(verdict)]);
            table.rows.push(row);
        }
    }
    table
}
