//! The sweep that a scenario asks for: axes, a design over them, and what is measured.

pub(crate) mod axis_reader;
pub(crate) mod constraints;
pub(crate) mod formula;
pub(crate) mod measure;
pub(crate) mod point_config;
pub(crate) mod point_warnings;
pub(crate) mod points;
pub(crate) mod read;
pub(crate) mod schema;
#[cfg(test)]
mod tests;

use crate::design::{Design, category, level_coordinate};
use crate::math::functions::{exp, ln};
use crate::scenario::value::Setting;
use formula::{Constraint, Formula};
pub(crate) use measure::SweepMeasure;
use std::sync::Arc;

/// The values along an axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum AxisValues {
    /// All numbers from `low` to `high`.
    Range {
        /// Value at coordinate 0.
        low: f64,
        /// Value at coordinate 1.
        high: f64,
        /// Whether equal steps are equal ratios.
        log: bool,
        /// Whether values are rounded to whole numbers, each equally likely.
        integer: bool,
    },
    /// Given values, each with an equal part of the axis.
    Levels(Vec<Setting>),
}

/// One axis of a sweep.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ScenarioAxis {
    /// Name in tables and charts, in snake_case; made from the key unless the scenario gives one.
    pub name: String,
    /// Dotted key that the axis sets, as for `--set`; empty where it sets none and formulas use it.
    pub key: String,
    /// Its values.
    pub values: AxisValues,
    /// The group whose axes move together, where it belongs to one.
    pub group: Option<String>,
}

impl ScenarioAxis {
    /// The key, or the name where the axis sets no key.
    pub(crate) fn key_or_name(&self) -> &str {
        match self.key.as_str() {
            "" => &self.name,
            key => key,
        }
    }

    /// The value at a coordinate [0–1].
    pub(crate) fn at(&self, coordinate: f64) -> Setting {
        match &self.values {
            AxisValues::Levels(levels) => levels[category(coordinate, levels.len())].clone(),
            AxisValues::Range {
                low,
                high,
                log: _,
                integer: true,
            } => {
                let count = (high - low) as usize + 1;
                Setting::Integer(*low as i64 + category(coordinate, count) as i64)
            }
            AxisValues::Range {
                low,
                high,
                log,
                integer: false,
            } => {
                // The ends are given back as they were written.
                Setting::Number(if coordinate <= 0.0 {
                    *low
                } else if coordinate >= 1.0 {
                    *high
                } else if *log {
                    without_noise(exp(ln(*low) + coordinate * (ln(*high) - ln(*low))))
                } else {
                    without_noise(low + coordinate * (high - low))
                })
            }
        }
    }

    /// Whether its values are integers.
    pub(crate) fn is_integer(&self) -> bool {
        match &self.values {
            AxisValues::Range { integer, .. } => *integer,
            AxisValues::Levels(levels) => levels
                .iter()
                .all(|level| matches!(level, Setting::Integer(_))),
        }
    }

    /// Whether its values are numbers.
    pub(crate) fn is_numeric(&self) -> bool {
        match &self.values {
            AxisValues::Range { .. } => true,
            AxisValues::Levels(levels) => levels.iter().all(|level| level.number().is_some()),
        }
    }
}

/// An axis whose value follows from those of others.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DerivedAxis {
    /// Name in tables, in snake_case.
    pub name: String,
    /// Dotted key that it sets.
    pub key: String,
    /// The text of its formula.
    pub text: String,
    /// Its value from the values of axes and of derived axes before it.
    formula: Formula,
    /// Whether its key takes integers, to the nearest of which the value is rounded.
    pub is_integer: bool,
}

impl DerivedAxis {
    /// Its value; a number that is not finite where the formula has none.
    fn at(&self, values: &[f64]) -> Setting {
        let value = self.formula.value(values);
        match self.is_integer && value.abs() < MOST_INTEGER {
            true => Setting::Integer(value.round() as i64),
            false => Setting::Number(value),
        }
    }
}

/// Integers below this are exact as numbers.
const MOST_INTEGER: f64 = (1_u64 << 53) as f64;

/// The points of a design that satisfy the constraints, where others do not.
#[derive(Clone, Debug)]
pub(crate) struct KeptPoints {
    /// Their numbers in the design, from 0, ascending.
    numbers: Arc<[u64]>,
    /// Positions among them in the order in which they are worked on, where that is another.
    order: Option<Arc<[u64]>>,
    /// Points of the design.
    candidates: u64,
}

/// The number of at most ten digits that a value is but for rounding errors, such as 0.3 for
/// 0.30000000000000004, or the value itself.
fn without_noise(value: f64) -> f64 {
    match format!("{value:.9e}").parse::<f64>() {
        Ok(short) if (short - value).abs() <= 64.0 * f64::EPSILON * value.abs() => short,
        _ => value,
    }
}

/// Where a sweep's points come from.
#[derive(Clone, Debug)]
pub(crate) enum SweepPoints {
    /// A design over the axes.
    Designed(Design),
    /// A table of points, a value for each axis in each.
    Table(Vec<Vec<Setting>>),
}

/// When a point has been run often enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Until {
    /// Half-width that the interval of the measure's mean over runs must reach.
    pub half_width: f64,
    /// The measure.
    pub of: SweepMeasure,
    /// Confidence of the interval (0–1).
    pub confidence: f64,
    /// Most replicates of a point.
    pub max: u32,
}

/// A column of a table of points that names them.
#[derive(Clone, Debug)]
pub(crate) struct PointLabels {
    /// Name of the column.
    pub name: String,
    /// The text of each point.
    pub texts: Vec<String>,
}

/// The sweep that a scenario asks for.
#[derive(Clone, Debug)]
pub(crate) struct Sweep {
    /// The axes of the design in their order.
    pub axes: Vec<ScenarioAxis>,
    /// Axes whose values follow from those, each after those that its formula names.
    pub derived: Vec<DerivedAxis>,
    /// What points must satisfy.
    pub constraints: Vec<Constraint>,
    /// The points.
    pub points: SweepPoints,
    /// Those that satisfy the constraints; none where all do.
    pub kept: Option<KeptPoints>,
    /// Names of the points, from columns of their table that set no key.
    pub labels: Vec<PointLabels>,
    /// Whether points share their random numbers.
    pub common_random_numbers: bool,
    /// What is measured of each run.
    pub measures: Vec<SweepMeasure>,
    /// Sequential stopping of each point, if it is requested.
    pub until: Option<Until>,
    /// Whether the row of each couple is kept.
    pub couples: bool,
    /// Number of the point, from 0, that contrasts are taken against.
    pub reference: u64,
}

impl Sweep {
    /// Number of points.
    pub(crate) fn count(&self) -> u64 {
        match &self.kept {
            Some(kept) => kept.numbers.len() as u64,
            None => self.candidates(),
        }
    }

    /// Number of points of the design, with those that do not satisfy the constraints.
    pub(crate) fn candidates(&self) -> u64 {
        match (&self.kept, &self.points) {
            (Some(kept), _) => kept.candidates,
            (None, SweepPoints::Designed(design)) => design.points(),
            (None, SweepPoints::Table(rows)) => rows.len() as u64,
        }
    }

    /// The number in the design of a point, both from 0.
    pub(crate) fn design_point(&self, point: u64) -> u64 {
        match &self.kept {
            Some(kept) => kept.numbers[point as usize],
            None => point,
        }
    }

    /// The point that is worked on at a position, both from 0.
    pub(crate) fn spread(&self, position: u64) -> u64 {
        match (&self.kept, &self.points) {
            (Some(kept), _) => kept
                .order
                .as_ref()
                .map_or(position, |order| order[position as usize]),
            (None, SweepPoints::Designed(design)) => design.spread(position),
            (None, SweepPoints::Table(_)) => position,
        }
    }

    /// Whether points are worked on in another order than that of their numbers.
    pub(crate) fn is_spread(&self) -> bool {
        matches!(&self.points, SweepPoints::Designed(Design::Grid(_)))
    }

    /// Whether it is a grid with all combinations of the axes' levels.
    pub(crate) fn is_full_grid(&self) -> bool {
        self.is_spread() && self.kept.is_none()
    }

    /// The position of a key among the settings of a point.
    pub(crate) fn position_of_key(&self, key: &str) -> Option<usize> {
        let keys = self.axes.iter().map(|axis| &axis.key);
        let mut keys = keys.chain(self.derived.iter().map(|axis| &axis.key));
        keys.position(|own| own == key)
    }

    /// The values of an axis that points of a design with levels have.
    pub(crate) fn values_of(&self, axis: usize) -> Vec<Setting> {
        match (&self.points, self.axes.get(axis).map(|axis| &axis.values)) {
            (_, Some(AxisValues::Levels(levels))) => levels.clone(),
            (SweepPoints::Designed(Design::Grid(grid)), Some(_)) => {
                let count = grid.levels()[axis];
                let level = |level| self.axes[axis].at(level_coordinate(level, count));
                (0..count).map(level).collect()
            }
            _ => {
                let mut found: Vec<Setting> = Vec::new();
                for point in 0..self.count() {
                    let own = self.settings(point).swap_remove(axis);
                    if !found.contains(&own) {
                        found.push(own);
                    }
                }
                found
            }
        }
    }

    /// The first point with some values of axes, by their positions.
    pub(crate) fn first_point_with(&self, wanted: &[(usize, Setting)]) -> Option<u64> {
        let is_of_axes = wanted.iter().all(|(axis, _)| *axis < self.axes.len());
        if let SweepPoints::Designed(Design::Grid(grid)) = &self.points
            && self.is_full_grid()
            && is_of_axes
        {
            let level = |axis: usize| {
                let own = wanted.iter().find(|(other, _)| *other == axis);
                own.map_or(Some(0), |(_, value)| {
                    let place = self.values_of(axis).iter().position(|it| it == value);
                    place.map(|place| place as u32)
                })
            };
            let levels: Option<Vec<u32>> = (0..grid.dimensions()).map(level).collect();
            return levels.map(|levels| grid.point_at(levels.into_iter()));
        }
        (0..self.count()).find(|point| {
            let settings = self.settings(*point);
            wanted.iter().all(|(axis, value)| settings[*axis] == *value)
        })
    }

    /// The values of the axes and then of the derived axes at a point, by its number from 0.
    pub(crate) fn settings(&self, point: u64) -> Vec<Setting> {
        self.with_derived(self.own_settings(self.design_point(point)))
    }

    /// The values of the design's axes at a point of the design.
    fn own_settings(&self, number: u64) -> Vec<Setting> {
        match &self.points {
            SweepPoints::Table(rows) => rows[number as usize].clone(),
            SweepPoints::Designed(design) => {
                let mut coordinates = vec![0.0; design.dimensions()];
                design.point(number, &mut coordinates);
                self.axes
                    .iter()
                    .zip(&coordinates)
                    .map(|(axis, x)| axis.at(*x))
                    .collect()
            }
        }
    }

    /// The values of the axes, and those that follow from them.
    pub(crate) fn with_derived(&self, mut settings: Vec<Setting>) -> Vec<Setting> {
        if self.derived.is_empty() {
            return settings;
        }
        let mut values = numbers(&settings);
        for axis in &self.derived {
            let setting = axis.at(&values);
            values.push(setting.number().unwrap_or(f64::NAN));
            settings.push(setting);
        }
        settings
    }

    /// Whether values of all axes satisfy the constraints.
    pub(crate) fn satisfies(&self, settings: &[Setting]) -> bool {
        let values = numbers(settings);
        let mut constraints = self.constraints.iter();
        constraints.all(|constraint| constraint.holds(&values) == Some(true))
    }
}

/// The numbers among values; NaN for words and switches.
fn numbers(settings: &[Setting]) -> Vec<f64> {
    let number = |setting: &Setting| setting.number().unwrap_or(f64::NAN);
    settings.iter().map(number).collect()
}
