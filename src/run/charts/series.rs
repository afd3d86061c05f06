//! The `trajectory` table as series: one observable of one role over the days.

use crate::chart::{ChartError, ColumnReader, range_of};
use std::collections::BTreeMap;

/// One observable of one role, by rising day.
pub(crate) struct TrajectorySeries {
    /// Days.
    pub(crate) day: Vec<f64>,
    /// Couples behind each value.
    pub(crate) n: Vec<f64>,
    /// Mean over couples.
    pub(crate) mean: Vec<f64>,
    /// Lower and upper end of the mean's 95% interval.
    pub(crate) interval: [Vec<f64>; 2],
    /// Quantiles over couples: 5%, 25%, 75% and 95%.
    pub(crate) quantiles: [Vec<f64>; 4],
}

impl TrajectorySeries {
    /// Whether any mean is there.
    pub(crate) fn has_mean(&self) -> bool {
        self.mean.iter().any(|mean| mean.is_finite())
    }
    /// Whether any interval is there.
    pub(crate) fn has_interval(&self) -> bool {
        self.interval[0].iter().any(|low| low.is_finite())
    }
    /// Lowest and highest level: of the means and of the couples' quantiles.
    ///
    /// An interval may reach beyond what is possible, so it has no say in whether levels do.
    pub(crate) fn levels(&self) -> Option<(f64, f64)> {
        range_of(self.quantiles.iter().chain([&self.mean]).flatten().copied())
    }
    /// Lowest and highest value of all its lines and bands.
    pub(crate) fn range(&self) -> Option<(f64, f64)> {
        let bands = self.interval.iter().chain(&self.quantiles);
        range_of(bands.chain([&self.mean]).flatten().copied())
    }
}

/// Sorts the table's rows by role and observable; rows without a finite day are left out.
pub(crate) fn series<'a>(
    reader: &ColumnReader<'a>,
) -> Result<BTreeMap<(&'a str, &'a str), TrajectorySeries>, ChartError> {
    let day = reader.numbers("day")?;
    let (roles, observables) = (reader.categories("role")?, reader.categories("observable")?);
    let mut rows: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for row in (0..reader.rows()).filter(|row| day[*row].is_finite()) {
        rows.entry((roles[row], observables[row]))
            .or_default()
            .push(row);
    }
    let names = ["n", "mean", "ci_low", "ci_high", "q05", "q25", "q75", "q95"];
    let mut columns = Vec::new();
    for name in names {
        columns.push(reader.numbers(name)?);
    }
    let of = |mut rows: Vec<usize>| {
        rows.sort_by(|a, b| day[*a].total_cmp(&day[*b]));
        let pick = |c: usize| -> Vec<f64> { rows.iter().map(|row| columns[c][*row]).collect() };
        TrajectorySeries {
            day: rows.iter().map(|row| day[*row]).collect(),
            n: pick(0),
            mean: pick(1),
            interval: [pick(2), pick(3)],
            quantiles: [pick(4), pick(5), pick(6), pick(7)],
        }
    };
    Ok(rows
        .into_iter()
        .map(|(name, rows)| (name, of(rows)))
        .collect())
}
