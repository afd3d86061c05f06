//! An axis of a sweep: the levels that the points have on it, and where each point lies among them.

use super::points::capital;
use crate::chart::error::ChartError;
use crate::chart::read::Reader;
use crate::chart::text_style::{HEADING, NOTE};
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
    /// Categories in the order in which they stand; others follow in that of the points.
    pub order: Vec<String>,
}

impl AxisInfo {
    /// A linear axis.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> AxisInfo {
        AxisInfo {
            name: name.into(),
            label: label.into(),
            log: false,
            order: Vec::new(),
        }
    }
    /// A linear axis that is written as its name, as words, with its unit where there is one.
    pub fn named(name: &str, unit: &str) -> AxisInfo {
        let label = match unit {
            "" | "1" => capital(name),
            unit => format!("{} ({unit})", capital(name)),
        };
        AxisInfo::new(name, label)
    }
    /// The same axis on a logarithmic scale.
    pub fn logarithmic(self) -> AxisInfo {
        AxisInfo { log: true, ..self }
    }
}

/// The different values of an axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Levels {
    /// Rising numbers.
    Numbers(Vec<f64>),
    /// Categories in their given order, others in that in which the points first have them.
    Words(Vec<String>),
}

/// An axis as a table of points has it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Axis {
    /// What is written on paper.
    pub(crate) label: String,
    /// Whether equal ratios take equal room.
    pub(crate) log: bool,
    /// The different values.
    pub(crate) levels: Levels,
    /// For each row of the table, which level it has; `None` where its value is missing.
    pub(crate) of_row: Vec<Option<usize>>,
}

impl Axis {
    /// Reads an axis from the table `points`.
    pub(crate) fn read(points: &Reader<'_>, info: &AxisInfo) -> Result<Axis, ChartError> {
        let (levels, of_row) = match points.drawable(&info.name) {
            Ok(values) => numbers(&values),
            Err(absent) => words(
                &points.categories(&info.name).map_err(|_| absent)?,
                &info.order,
            ),
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
    pub(crate) fn count(&self) -> usize {
        match &self.levels {
            Levels::Numbers(values) => values.len(),
            Levels::Words(words) => words.len(),
        }
    }
    /// Whether the levels are numbers, so that there is something between them.
    pub(crate) fn is_measured(&self) -> bool {
        matches!(self.levels, Levels::Numbers(_))
    }
    /// Where the levels lie on the axis: at their values, the values' logarithms, or one apart.
    pub(crate) fn coordinates(&self) -> Vec<f64> {
        match &self.levels {
            Levels::Numbers(values) if self.log => values.iter().map(|v| log10(*v)).collect(),
            Levels::Numbers(values) => values.clone(),
            Levels::Words(words) => (0..words.len()).map(|i| i as f64).collect(),
        }
    }
    /// The levels in words, as precise as their neighbours ask for.
    pub(crate) fn names(&self) -> Vec<String> {
        match &self.levels {
            Levels::Words(words) => words.clone(),
            Levels::Numbers(values) => numbers_in_words(values, self.log),
        }
    }
    /// The levels in words that are no wider than `room` (mm); numbers for categories where one is.
    pub(crate) fn short_names(&self, room: f64) -> Vec<String> {
        if self.is_cut(room) {
            (1..=self.count())
                .map(|number| number.to_string())
                .collect()
        } else {
            self.names()
        }
    }
    /// What the numbers of categories stand for, where the names are wider than `room` (mm).
    pub(crate) fn legend(&self, room: f64) -> Option<String> {
        let named = self.names().into_iter().enumerate();
        let named: Vec<String> = named.map(|(k, name)| format!("{} {name}", k + 1)).collect();
        self.is_cut(room)
            .then(|| format!("{}: {}", self.label, named.join(", ")))
    }
    fn is_cut(&self, room: f64) -> bool {
        let wide = |name: &String| NOTE.width(name) > room;
        !self.is_measured() && self.names().iter().any(wide)
    }
    /// "label = level" in at most `width` (mm), for the heading of a panel that shows one level.
    pub(crate) fn heading(&self, level: usize, width: f64) -> String {
        let level = format!(" = {}", self.names()[level]);
        let room = width - HEADING.width(&level);
        HEADING.shorten(&(HEADING.shorten(&self.label, room) + &level), width)
    }
    /// The rows of the points that have a level.
    pub(crate) fn rows_at(&self, level: usize) -> Vec<usize> {
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

fn words(values: &[&str], order: &[String]) -> (Levels, Vec<Option<usize>>) {
    let known = order.iter().filter(|word| values.contains(&word.as_str()));
    let mut levels: Vec<String> = known.cloned().collect();
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

/// Decimals that a number has at most.
const DECIMALS: usize = 5;
/// Numbers from which on one is written with a power of ten.
const LARGE: f64 = 1e7;
/// Ratio of the widest to the narrowest gap up to which levels all have the same decimals.
const EVEN: f64 = 20.0;

fn numbers_in_words(values: &[f64], log: bool) -> Vec<String> {
    let gaps: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let narrowest = gaps.iter().copied().fold(f64::INFINITY, f64::min);
    let widest = gaps.iter().copied().fold(0.0, f64::max);
    if !log && widest <= EVEN * narrowest {
        let decimals = values.iter().map(|value| decimals(*value, narrowest));
        if let Some(most) = decimals.max_by_key(|d| d.unwrap_or(usize::MAX)).flatten() {
            return values
                .iter()
                .map(|value| number(*value, power(most)))
                .collect();
        }
    }
    let gap = |i: usize| {
        let below = i.checked_sub(1).map_or(f64::INFINITY, |k| gaps[k]);
        below.min(gaps.get(i).copied().unwrap_or(f64::INFINITY))
    };
    let each = values.iter().enumerate();
    each.map(|(i, value)| plain(*value, gap(i))).collect()
}

/// How far a written number may lie from the true one, where its neighbours lie `gap` away.
fn slack(value: f64, gap: f64) -> f64 {
    if gap.is_finite() && gap > 0.0 {
        0.025 * gap
    } else {
        0.001 * value.abs()
    }
}

/// The fewest decimals that write a number closely enough; `None` where powers of ten do better.
fn decimals(value: f64, gap: f64) -> Option<usize> {
    let near = |decimals: &usize| {
        let read: f64 = format!("{value:.decimals$}").parse().unwrap_or(f64::NAN);
        (read - value).abs() <= slack(value, gap)
    };
    (0..=DECIMALS).find(near).filter(|_| value.abs() < LARGE)
}

/// Writes a number with the fewest digits that part it from a neighbour at the given distance.
pub(crate) fn plain(value: f64, gap: f64) -> String {
    if let Some(decimals) = decimals(value, gap) {
        return number(value, power(decimals));
    }
    let near = |digits: &usize| {
        let read: f64 = format!("{value:.digits$e}").parse().unwrap_or(f64::NAN);
        (read - value).abs() <= slack(value, gap)
    };
    let digits = (0..6).find(near).unwrap_or(6);
    number(value, value.abs() * power(digits))
}

/// Ten to the power of −`decimals`.
fn power(decimals: usize) -> f64 {
    format!("1e-{decimals}").parse().unwrap_or(1.0)
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
        assert_eq!(plain(2e-7, 1e-7), "2e−7");
    }

    #[test]
    fn levels_of_one_step_have_the_same_decimals() {
        assert_eq!(
            numbers_in_words(&[0.0, 0.25, 0.5], false),
            ["0.00", "0.25", "0.50"]
        );
        let uneven = [0.01, 0.1, 2.0, 1e9];
        assert_eq!(
            numbers_in_words(&uneven, false),
            ["0.01", "0.1", "2", "1×10⁹"]
        );
    }

    #[test]
    fn categories_too_long_for_their_room_are_numbered() {
        let axis = Axis {
            label: "Kind".to_owned(),
            log: false,
            levels: Levels::Words(vec!["warm".to_owned(), "now and then".to_owned()]),
            of_row: Vec::new(),
        };
        assert_eq!(axis.short_names(40.0), ["warm", "now and then"]);
        assert_eq!(axis.short_names(8.0), ["1", "2"]);
        assert_eq!(axis.legend(40.0), None);
        assert_eq!(
            axis.legend(8.0).as_deref(),
            Some("Kind: 1 warm, 2 now and then")
        );
        assert!(axis.heading(1, 25.0).ends_with("= now and then"));
    }

    #[test]
    fn names_become_words_with_their_unit() {
        let label = |name, unit| AxisInfo::named(name, unit).label;
        assert_eq!(
            label("stress_event_rate", "per day"),
            "Stress event rate (per day)"
        );
        assert_eq!(label("anxiety_of_a", "1"), "Anxiety of A");
    }

    #[test]
    fn rows_know_their_levels() {
        let (levels, rows) = numbers(&[0.2, -0.0, f64::NAN, 0.0, 0.2, f64::INFINITY]);
        assert_eq!(levels, Levels::Numbers(vec![0.0, 0.2]));
        assert_eq!(rows, [Some(1), Some(0), None, Some(0), Some(1), None]);
        let (levels, rows) = words(&["warm", "", "cold", "warm"], &[]);
        assert_eq!(levels, Levels::Words(vec!["warm".into(), "cold".into()]));
        assert_eq!(rows, [Some(0), None, Some(1), Some(0)]);
        let order = ["icy", "cold"].map(str::to_owned);
        let (levels, rows) = words(&["warm", "cold"], &order);
        assert_eq!(levels, Levels::Words(vec!["cold".into(), "warm".into()]));
        assert_eq!(rows, [Some(1), Some(0)]);
    }
}
