//! A number that was measured several times: its median, with the least and the most.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Median, least and most of a number over rounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct MedianRange {
    /// The median.
    pub(crate) median: f64,
    /// The least.
    pub(crate) least: f64,
    /// The most.
    pub(crate) most: f64,
}

impl MedianRange {
    /// Sums up what was measured; `None` of nothing.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Option<MedianRange> {
        let mut sorted: Vec<f64> = values.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        let (least, most) = (*sorted.first()?, *sorted.last()?);
        let middle = sorted.len() / 2;
        let median = if sorted.len() % 2 == 1 {
            sorted[middle]
        } else {
            0.5 * (sorted[middle - 1] + sorted[middle])
        };
        Some(MedianRange {
            median,
            least,
            most,
        })
    }

    /// The reading in another unit, of which one has so many of this.
    pub(crate) fn per(self, unit: f64) -> MedianRange {
        MedianRange {
            median: self.median / unit,
            least: self.least / unit,
            most: self.most / unit,
        }
    }

    /// Whether both have values in common, so that which is larger is not resolved.
    pub(crate) fn overlaps(&self, other: &MedianRange) -> bool {
        !(self.most < other.least || other.most < self.least)
    }

    /// Whether these can be the numbers of something measured.
    pub(crate) fn is_sound(&self) -> bool {
        self.least > 0.0 && self.least <= self.median && self.median <= self.most
    }
}

impl fmt::Display for MedianRange {
    /// As `median [least–most]`, each to three digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [median, least, most] = [self.median, self.least, self.most].map(three_digits);
        write!(f, "{median} [{least}–{most}]")
    }
}

/// A number to three significant digits, or whole where that shows more.
pub(crate) fn three_digits(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    format!("{value:.decimals$}")
}

/// Rows as columns of equal width, the first flush left and the others flush right.
pub(crate) fn columns(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let cell = |row: &Vec<String>, column: usize| row.get(column).cloned().unwrap_or_default();
    let width = |column| {
        let widths = rows.iter().map(|row| cell(row, column).chars().count());
        widths.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = format!("{:<width$}", cell(row, 0), width = widths[0]);
        for column in 1..count {
            let width = widths[column];
            line.push_str(&format!("  {:>width$}", cell(row, column)));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(values: &[f64]) -> MedianRange {
        MedianRange::of(values.iter().copied()).expect("some values")
    }

    #[test]
    fn a_reading_is_median_least_and_most() {
        let odd = reading(&[3.0, 1.0, 2.0]);
        assert_eq!((odd.median, odd.least, odd.most), (2.0, 1.0, 3.0));
        assert_eq!(reading(&[4.0, 1.0, 2.0, 3.0]).median, 2.5);
        assert_eq!(MedianRange::of([]), None);
        assert_eq!(odd.to_string(), "2.00 [1.00–3.00]");
    }

    #[test]
    fn ranges_that_touch_overlap() {
        let [low, middle, high] = [[1.0, 2.0], [2.0, 3.0], [2.5, 4.0]].map(|ends| reading(&ends));
        assert!(low.overlaps(&middle) && middle.overlaps(&low) && middle.overlaps(&high));
        assert!(!low.overlaps(&high) && !high.overlaps(&low));
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a", "long"], ["wide", "–"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(columns(&rows), "a     long\nwide     –\n");
    }
}
