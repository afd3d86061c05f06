//! Columns of a table as a chart needs them, or an error that names what is missing.

use super::ChartError;
use crate::table::{MISSING, Table};
use std::borrow::Cow;

/// Numbers beyond this cannot be drawn.
const LARGEST: f64 = 1e300;

/// A mean with its 95% interval; an end that is not known is NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct IntervalEstimate {
    pub(crate) mean: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl IntervalEstimate {
    /// How far the interval reaches to its wider side; NaN where it is not known.
    pub(crate) fn half_width(self) -> f64 {
        let (below, above) = (self.mean - self.low, self.high - self.mean);
        if below.is_nan() || above.is_nan() {
            f64::NAN
        } else {
            below.max(above)
        }
    }
    /// Whether the interval is known and lies on one side of zero.
    pub(crate) fn excludes_zero(self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

/// A table that has rows.
pub(crate) struct ColumnReader<'a> {
    table: &'a Table,
}

impl<'a> ColumnReader<'a> {
    /// Takes a table unless it is empty.
    pub(crate) fn new(table: &'a Table) -> Result<ColumnReader<'a>, ChartError> {
        if table.rows.rows() == 0 {
            return Err(ChartError::NoRows {
                table: table.schema.table,
            });
        }
        Ok(ColumnReader { table })
    }
    /// Number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.table.rows.rows()
    }
    /// A column of floats or integers as floats; missing ones are NaN.
    pub(crate) fn numbers(&self, column: &str) -> Result<Cow<'a, [f64]>, ChartError> {
        if let Ok(values) = self.table.floats(column) {
            return Ok(Cow::Borrowed(values));
        }
        let integers = self
            .table
            .ints(column)
            .map_err(|_| self.lacks(column, "numbers"))?;
        let float = |value: &i64| {
            if *value == MISSING {
                f64::NAN
            } else {
                *value as f64
            }
        };
        Ok(Cow::Owned(integers.iter().map(float).collect()))
    }
    /// A column of integers.
    pub(crate) fn ints(&self, column: &str) -> Result<&'a [i64], ChartError> {
        self.table
            .ints(column)
            .map_err(|_| self.lacks(column, "integers"))
    }
    /// A column of categories or texts.
    pub(crate) fn categories(&self, column: &str) -> Result<Vec<&'a str>, ChartError> {
        (0..self.rows())
            .map(|row| {
                self.table
                    .category(column, row)
                    .ok_or_else(|| self.lacks(column, "texts"))
            })
            .collect()
    }
    /// Whether there is a column of a name.
    pub(crate) fn has(&self, column: &str) -> bool {
        self.table.schema.position(column).is_some()
    }
    /// A column of numbers of which differences and sums can be drawn: those beyond ±10³⁰⁰ are missing.
    pub(crate) fn drawable(&self, column: &str) -> Result<Vec<f64>, ChartError> {
        let moderate = |value: &f64| {
            if value.abs() <= LARGEST {
                *value
            } else {
                f64::NAN
            }
        };
        Ok(self.numbers(column)?.iter().map(moderate).collect())
    }
    /// Means with the ends of their intervals, from three columns of numbers that can be drawn.
    pub(crate) fn estimates(
        &self,
        [mean, low, high]: [&str; 3],
    ) -> Result<Vec<IntervalEstimate>, ChartError> {
        let (mean, low, high) = (
            self.drawable(mean)?,
            self.drawable(low)?,
            self.drawable(high)?,
        );
        let estimate = |row: usize| IntervalEstimate {
            mean: mean[row],
            low: low[row],
            high: high[row],
        };
        Ok((0..self.rows()).map(estimate).collect())
    }
    /// The same, all missing where the table has no such column.
    pub(crate) fn drawable_if_any(&self, column: &str) -> Vec<f64> {
        self.drawable(column)
            .unwrap_or_else(|_| vec![f64::NAN; self.rows()])
    }
    /// A column of texts, all empty where the table has none of that name.
    pub(crate) fn categories_if_any(&self, column: &str) -> Vec<&'a str> {
        self.categories(column)
            .unwrap_or_else(|_| vec![""; self.rows()])
    }
    /// A column's unit; empty for pure numbers and where there is no such column.
    pub(crate) fn unit(&self, column: &str) -> &'a str {
        let position = self.table.schema.position(column);
        match position.map_or("", |i| self.table.schema.columns[i].unit.as_str()) {
            "1" => "",
            unit => unit,
        }
    }
    /// The error that the table has nothing of what is wanted.
    pub(crate) fn nothing(&self, wanted: impl Into<String>) -> ChartError {
        ChartError::NothingToDraw {
            table: self.table.schema.table,
            wanted: wanted.into(),
        }
    }
    fn lacks(&self, column: &str, kind: &'static str) -> ChartError {
        ChartError::NoColumn {
            table: self.table.schema.table,
            column: column.to_owned(),
            kind,
        }
    }
}
