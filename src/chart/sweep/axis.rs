//! An axis of a sweep: the levels that the points have on it, and where each point lies among them.

use crate::chart::error::ChartError;
use crate::chart::read::Reader;
use crate::chart::ticks::{log10, number};

/// One axis of a sweep, as a chart names and scales it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AxisInfo {
    /// Name of its column in the table `points`.
    pub name: String,
    /// What is written on paper, with a unit where there is one.
    pub label: String,
    /// Whether equal ratios take equal room; an axis with a level that is not positive stays linear.
    pub log: bool,
}

impl AxisInfo {
    /// A linear axis.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> AxisInfo {
        AxisInfo {
            name: name.into(),
            label: label.into(),
            log: false,
        }
    }
    /// The same axis on a logarithmic scale.
    pub fn logarithmic(self) -> AxisInfo {
        AxisInfo { log: true, ..self }
    }
}

/// The different values of an axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Levels {
    /// Rising numbers.
    Numbers(Vec<f64>),
    /// Categories in the order in which the points first have them.
    Words(Vec<String>),
}

/// An axis as a table of points has it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    /// What is written on paper.
    pub(super) label: String,
    /// Whether equal ratios take equal room.
    pub(super) log: bool,
    /// The different values.
    pub(super) levels: Levels,
    /// For each row of the table, which level it has; `None` where its value is missing.
    pub(super) of_row: Vec<Option<usize>>,
}

impl Axis {
    /// Reads an axis from the table `points`.
    pub(super) fn read(points: &Reader<'_>, info: &AxisInfo) -> Result<Axis, ChartError> {
        let (levels, of_row) = match points.numbers(&info.name) {
            Ok(values) => numbers(&values),
            Err(absent) => words(&points.words(&info.name).map_err(|_| absent)?),
        };
        let positive = |levels: &Levels| match levels {
            Levels::Numbers(values) => values.iter().all(|value| *value > 0.0),
            Levels::Words(_) => false,
        };
        Ok(Axis {
            label: info.label.clone(),
            log: info.log && positive(&levels),
            levels,
            of_row,
        })
    }
    /// How many levels there are.
    pub(super) fn count(&self) -> usize {
        match &self.levels {
            Levels::Numbers(values) => values.len(),
            Levels::Words(words) => words.len(),
        }
    }
    /// Whether the levels are numbers, so that there is something between them.
    pub(super) fn is_measured(&self) -> bool {
        matches!(self.levels, Levels::Numbers(_))
    }
    /// Where the levels lie on the axis: at their values, the values' logarithms, or one apart.
    pub(super) fn coordinates(&self) -> Vec<f64> {
        match &self.levels {
            Levels::Numbers(values) if self.log => values.iter().map(|v| log10(*v)).collect(),
            Levels::Numbers(values) => values.clone(),
            Levels::Words(words) => (0..words.len()).map(|i| i as f64).collect(),
        }
    }
    /// The levels in words, as precise as their neighbours ask for.
    pub(super) fn names(&self) -> Vec<String> {
        match &self.levels {
            Levels::Words(words) => words.clone(),
            Levels::Numbers(values) => (0..values.len())
                .map(|i| {
                    let gaps = [i.checked_sub(1), Some(i + 1).filter(|j| *j < values.len())];
                    let gaps = gaps.into_iter().flatten();
                    let gap = gaps.map(|j| (values[i] - values[j]).abs());
                    plain(values[i], gap.fold(f64::INFINITY, f64::min))
                })
                .collect(),
        }
    }
    /// "label = level", for the heading of a panel that shows one level.
    pub(super) fn heading(&self, level: usize) -> String {
        format!("{} = {}", self.label, self.names()[level])
    }
    /// The rows of the points that have a level.
    pub(super) fn rows_at(&self, level: usize) -> Vec<usize> {
        (0..self.of_row.len())
            .filter(|row| self.of_row[*row] == Some(level))
            .collect()
    }
}

fn numbers(values: &[f64]) -> (Levels, Vec<Option<usize>>) {
    let known = |value: &f64| value.is_finite();
    // Adding zero turns minus zero into zero, which is the same level.
    let mut levels: Vec<f64> = values
        .iter()
        .copied()
        .filter(known)
        .map(|v| v + 0.0)
        .collect();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    let of_row = values
        .iter()
        .map(|value| {
            let found = levels.binary_search_by(|level| level.total_cmp(&(value + 0.0)));
            found.ok().filter(|_| value.is_finite())
        })
        .collect();
    (Levels::Numbers(levels), of_row)
}

fn words(values: &[&str]) -> (Levels, Vec<Option<usize>>) {
    let mut levels: Vec<String> = Vec::new();
    let mut of_row = Vec::new();
    for value in values {
        let level = levels.iter().position(|level| level == value);
        of_row.push(level.or_else(|| {
            (!value.is_empty()).then(|| {
                levels.push((*value).to_owned());
                levels.len() - 1
            })
        }));
    }
    (Levels::Words(levels), of_row)
}

/// Decimals from which a number is written with a power of ten.
const DECIMALS: usize = 5;

/// Writes a number with the fewest decimals that part it from a neighbour at the given distance.
pub(super) fn plain(value: f64, gap: f64) -> String {
    let gap = if gap.is_finite() && gap > 0.0 {
        gap
    } else {
        0.05 * value.abs()
    };
    let near = |decimals: &usize| {
        let text = format!("{value:.decimals$}");
        let read: f64 = text.parse().unwrap_or(f64::NAN);
        (read - value).abs() <= 0.02 * gap
    };
    let step = |decimals: usize| format!("1e-{decimals}").parse().unwrap_or(1.0);
    match (0..=DECIMALS).find(near) {
        Some(decimals) => number(value, step(decimals)),
        None => number(value, gap.min(value.abs() / 10.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_written_as_precisely_as_they_need() {
        assert_eq!(plain(0.1 + 0.2, 0.1), "0.3");
        assert_eq!(plain(1.0 / 3.0, 1.0 / 3.0), "0.33");
        assert_eq!(plain(0.25, f64::INFINITY), "0.25");
        assert_eq!(plain(0.0, f64::INFINITY), "0");
        assert_eq!(plain(40.0, 20.0), "40");
        assert_eq!(plain(-2.5, 0.5), "−2.5");
        assert_eq!(plain(2e-7, 1e-7), "2.0×10⁻⁷");
    }

    #[test]
    fn rows_know_their_levels() {
        let (levels, rows) = numbers(&[0.2, -0.0, f64::NAN, 0.0, 0.2, f64::INFINITY]);
        assert_eq!(levels, Levels::Numbers(vec![0.0, 0.2]));
        assert_eq!(rows, [Some(1), Some(0), None, Some(0), Some(1), None]);
        let (levels, rows) = words(&["warm", "", "cold", "warm"]);
        assert_eq!(levels, Levels::Words(vec!["warm".into(), "cold".into()]));
        assert_eq!(rows, [Some(0), None, Some(1), Some(0)]);
    }
}
