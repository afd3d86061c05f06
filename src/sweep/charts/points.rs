//! Points of a sweep and what was found at them: the tables `points` and `summaries` joined.

use super::axis::Axis;
use crate::chart::error::ChartError;
use crate::chart::read::Reader;
use std::collections::BTreeMap;

/// A mean with its 95% interval; an end that is not known is NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Estimate {
    pub(crate) mean: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Estimate {
    /// How far the interval reaches to its wider side; NaN where it is not known.
    pub(crate) fn reach(self) -> f64 {
        let (below, above) = (self.mean - self.low, self.high - self.mean);
        if below.is_nan() || above.is_nan() {
            f64::NAN
        } else {
            below.max(above)
        }
    }
    /// The mean of several estimates, with the mean of their intervals.
    ///
    /// Points share their random numbers, so their errors may go together: the interval is that of errors
    /// that all do, the widest possible.
    pub(crate) fn average(all: &[Estimate]) -> Option<Estimate> {
        let count = all.len() as f64;
        let mean = |part: fn(&Estimate) -> f64| all.iter().map(part).sum::<f64>() / count;
        (!all.is_empty()).then(|| Estimate {
            mean: mean(|e| e.mean),
            low: mean(|e| e.low),
            high: mean(|e| e.high),
        })
    }
}

/// The points of a sweep, by row of their table.
pub(crate) struct Points {
    number: Vec<Option<i64>>,
    failed: Vec<bool>,
}

impl Points {
    /// Reads numbers and, where there is such a column, the status.
    pub(crate) fn read(reader: &Reader<'_>) -> Result<Points, ChartError> {
        let number = reader.drawable("point")?;
        let status = reader.categories_if_any("status");
        Ok(Points {
            number: number.iter().map(|n| whole(*n)).collect(),
            failed: status.iter().map(|status| *status == "failed").collect(),
        })
    }
    /// Number of points.
    pub(crate) fn count(&self) -> usize {
        self.number.len()
    }
    /// What was found at the point of a row, unless it failed.
    pub(crate) fn estimate(&self, row: usize, found: &Found) -> Option<Estimate> {
        let number = self.number[row].filter(|_| !self.failed[row])?;
        found.of.get(&number).copied()
    }
    /// The mean over the points of some rows that have the given levels; how many these are comes with it.
    pub(crate) fn at(
        &self,
        rows: &[usize],
        levels: &[(&Axis, usize)],
        found: &Found,
    ) -> (Option<Estimate>, usize) {
        let here = |row: &&usize| {
            let mut levels = levels.iter();
            levels.all(|(axis, level)| axis.of_row[**row] == Some(*level))
        };
        let rows = rows.iter().filter(here);
        let known: Vec<Estimate> = rows.filter_map(|row| self.estimate(*row, found)).collect();
        (Estimate::average(&known), known.len())
    }
}

/// What was found of one observable, by point.
pub(crate) struct Found {
    of: BTreeMap<i64, Estimate>,
    /// The observable with its unit, for an axis's title.
    pub(crate) title: String,
}

impl Found {
    /// Reads an observable's rows of the table `summaries` that have a finite mean.
    ///
    /// # Errors
    /// [`ChartError::NothingToDraw`] where there are none.
    pub(crate) fn read(summaries: &Reader<'_>, observable: &str) -> Result<Found, ChartError> {
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
            if let (Some(number), true) = (whole(point[row]), mean[row].is_finite()) {
                let (mean, low, high) = (mean[row], low[row], high[row]);
                of.insert(number, Estimate { mean, low, high });
                unit = units[row];
            }
        }
        if of.is_empty() {
            return Err(summaries.nothing(format!("finite mean of `{observable}`")));
        }
        let mut units = [unit, summaries.unit("mean")].into_iter();
        let title = match units.find(|unit| !matches!(*unit, "" | "1")) {
            Some(unit) => format!("{} ({unit})", capital(observable)),
            None => capital(observable),
        };
        Ok(Found { of, title })
    }
}

/// A name as words: underscores as spaces, and an `a` or `b` at either end as the partner that it means.
pub(crate) fn spaced(name: &str) -> String {
    let words = name.replace('_', " ");
    let partner = |letter: &str| letter.to_uppercase();
    if let Some((letter @ ("a" | "b"), rest)) = words.split_once(' ') {
        return format!("{rest}, partner {}", partner(letter));
    }
    match words.rsplit_once(' ') {
        Some((rest, letter @ ("a" | "b"))) if rest.ends_with(" of") => {
            format!("{rest} {}", partner(letter))
        }
        Some((rest, letter @ ("a" | "b"))) => format!("{rest}, partner {}", partner(letter)),
        _ => words,
    }
}

/// The same as words, the first letter a capital.
pub(crate) fn capital(name: &str) -> String {
    let spaced = spaced(name);
    let mut letters = spaced.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

fn whole(number: f64) -> Option<i64> {
    number.is_finite().then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_is_as_uncertain_as_its_parts() {
        let estimate = |mean: f64| Estimate {
            mean,
            low: mean - 1.0,
            high: mean + 2.0,
        };
        let mean = Estimate::average(&[estimate(1.0), estimate(3.0)]).expect("two");
        assert_eq!(mean, estimate(2.0));
        assert_eq!(mean.reach(), 2.0);
        assert_eq!(Estimate::average(&[]), None);
    }

    #[test]
    fn observables_are_written_as_words() {
        assert_eq!(capital("mean secure_balance"), "Mean secure balance");
        assert_eq!(capital("mean trust a"), "Mean trust, partner A");
        assert_eq!(spaced("responsiveness_of_b"), "responsiveness of B");
        assert_eq!(spaced("a_openness"), "openness, partner A");
        assert_eq!(spaced("a"), "a");
        assert_eq!(capital(""), "");
    }
}
