//! Points of a sweep and what was found at them: the tables `points` and `summaries` joined, and the panels
//! that the points are divided into.

use super::axis::{AxisInfo, SweepAxis};
use crate::chart::{ChartError, ColumnReader, IntervalEstimate, capitalised};
use std::collections::BTreeMap;

/// The points of a sweep, by row of their table.
pub(crate) struct DesignPoints {
    number: Vec<Option<i64>>,
    failed: Vec<bool>,
}

impl DesignPoints {
    /// Reads numbers and, where there is such a column, the status.
    pub(crate) fn read(reader: &ColumnReader<'_>) -> Result<DesignPoints, ChartError> {
        let number = reader.drawable("point")?;
        let status = reader.categories_if_any("status");
        Ok(DesignPoints {
            number: number.iter().map(|n| integer(*n)).collect(),
            failed: status.iter().map(|status| *status == "failed").collect(),
        })
    }
    /// Number of points.
    pub(crate) fn count(&self) -> usize {
        self.number.len()
    }
    /// What was found at the point of a row, unless it failed.
    pub(crate) fn estimate(&self, row: usize, found: &PointEstimates) -> Option<IntervalEstimate> {
        let number = self.number[row].filter(|_| !self.failed[row])?;
        found.of.get(&number).copied()
    }
    /// The mean over the points of some rows that have the given levels; how many these are comes with it.
    pub(crate) fn at(
        &self,
        rows: &[usize],
        levels: &[(&SweepAxis, usize)],
        found: &PointEstimates,
    ) -> (Option<IntervalEstimate>, usize) {
        let here = |row: &&usize| {
            let mut levels = levels.iter();
            levels.all(|(axis, level)| axis.of_row[**row] == Some(*level))
        };
        let rows = rows.iter().filter(here);
        let known: Vec<IntervalEstimate> =
            rows.filter_map(|row| self.estimate(*row, found)).collect();
        (average(&known), known.len())
    }
}

/// What was found of one observable, by point.
pub(crate) struct PointEstimates {
    of: BTreeMap<i64, IntervalEstimate>,
    /// The observable with its unit, for an axis's title.
    pub(crate) title: String,
}

impl PointEstimates {
    /// Reads an observable's rows of the table `summaries` that have a finite mean.
    ///
    /// # Errors
    /// [`ChartError::NothingToDraw`] where there are none.
    pub(crate) fn read(
        summaries: &ColumnReader<'_>,
        observable: &str,
    ) -> Result<PointEstimates, ChartError> {
        let point = summaries.drawable("point")?;
        let observables = summaries.categories("observable")?;
        let mean = summaries.drawable("mean")?;
        let (low, high) = (
            summaries.drawable("ci_low")?,
            summaries.drawable("ci_high")?,
        );
        let units = summaries.categories_if_any("unit");
        let (mut of, mut unit) = (BTreeMap::new(), "");
        for row in (0..summaries.rows()).filter(|row| observables[*row] == observable) {
            if let (Some(number), true) = (integer(point[row]), mean[row].is_finite()) {
                let (mean, low, high) = (mean[row], low[row], high[row]);
                of.insert(number, IntervalEstimate { mean, low, high });
                unit = units[row];
            }
        }
        if of.is_empty() {
            return Err(summaries.nothing(format!("finite mean of `{observable}`")));
        }
        let mut units = [unit, summaries.unit("mean")].into_iter();
        let title = match units.find(|unit| !matches!(*unit, "" | "1")) {
            Some(unit) => format!("{} ({unit})", capitalised(observable)),
            None => capitalised(observable),
        };
        Ok(PointEstimates { of, title })
    }
}

/// The mean of several estimates, with the mean of their intervals.
///
/// Points share their random numbers, so their errors may be correlated: the interval is that of fully
/// correlated errors, the widest possible.
fn average(all: &[IntervalEstimate]) -> Option<IntervalEstimate> {
    let count = all.len() as f64;
    let mean = |part: fn(&IntervalEstimate) -> f64| all.iter().map(part).sum::<f64>() / count;
    (!all.is_empty()).then(|| IntervalEstimate {
        mean: mean(|e| e.mean),
        low: mean(|e| e.low),
        high: mean(|e| e.high),
    })
}

fn integer(number: f64) -> Option<i64> {
    number.is_finite().then_some(number as i64)
}

/// Panels that one figure holds at most.
pub(crate) const MOST_PANELS: usize = 12;

/// The panels of a figure by the rows of points that each shows.
pub(crate) struct Facets {
    axis: Option<SweepAxis>,
    /// Rows of the table `points`, panel by panel.
    pub(crate) rows: Vec<Vec<usize>>,
}

impl Facets {
    /// One panel for each level of an axis, or without one a single panel for all points.
    pub(crate) fn read(
        reader: &ColumnReader<'_>,
        info: Option<&AxisInfo>,
    ) -> Result<Facets, ChartError> {
        let Some(info) = info else {
            return Ok(Facets {
                axis: None,
                rows: vec![(0..reader.rows()).collect()],
            });
        };
        let axis = SweepAxis::read(reader, info)?;
        if axis.count() == 0 {
            return Err(reader.nothing(format!("level of the axis `{}`", axis.label)));
        }
        if axis.count() > MOST_PANELS {
            return Err(ChartError::BadArgument {
                name: "number of panels",
                must: "at most 12",
                value: axis.count() as f64,
            });
        }
        Ok(Facets {
            rows: (0..axis.count()).map(|level| axis.rows_at(level)).collect(),
            axis: Some(axis),
        })
    }
    /// Number of panels.
    pub(crate) fn count(&self) -> usize {
        self.rows.len()
    }
    /// "label = level" of a panel in at most `width` (mm); empty where one panel shows all.
    pub(crate) fn heading(&self, panel: usize, width: f64) -> String {
        let axis = self.axis.as_ref();
        axis.map_or(String::new(), |axis| axis.heading(panel, width))
    }
    /// Whether panels belong to levels, so that they have headings.
    pub(crate) fn has_headings(&self) -> bool {
        self.axis.is_some()
    }
}

/// Says that values are means over points that differ on other axes, where they are.
pub(crate) fn pooled(counts: impl Iterator<Item = usize>) -> Option<String> {
    let most = counts.max().filter(|most| *most > 1)?;
    Some(format!(
        "means over up to {most} points that differ on other axes"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_is_as_uncertain_as_its_parts() {
        let estimate = |mean: f64| IntervalEstimate {
            mean,
            low: mean - 1.0,
            high: mean + 2.0,
        };
        let mean = average(&[estimate(1.0), estimate(3.0)]).expect("two");
        assert_eq!(mean, estimate(2.0));
        assert_eq!(mean.half_width(), 2.0);
        assert_eq!(average(&[]), None);
    }
}
