//! Columns of a table, as a chart asks for them: there or a clear error.

use super::error::ChartError;
use crate::table::{MISSING, Table};
use std::borrow::Cow;

/// Numbers beyond this are as good as infinite on paper.
const LARGEST: f64 = 1e300;

/// A table that has rows.
pub(crate) struct Reader<'a> {
    table: &'a Table,
}

impl<'a> Reader<'a> {
    /// Takes a table unless it is empty.
    pub(crate) fn new(table: &'a Table) -> Result<Reader<'a>, ChartError> {
        if table.rows.rows() == 0 {
            return Err(ChartError::NoRows {
                table: table.schema.table,
            });
        }
        Ok(Reader { table })
    }
    /// Number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.table.rows.rows()
    }
    /// A column of real or whole numbers as reals; missing ones are NaN.
    pub(crate) fn numbers(&self, column: &str) -> Result<Cow<'a, [f64]>, ChartError> {
        if let Ok(values) = self.table.floats(column) {
            return Ok(Cow::Borrowed(values));
        }
        let wholes = self
            .table
            .ints(column)
            .map_err(|_| self.lacks(column, "numbers"))?;
        let real = |value: &i64| {
            if *value == MISSING {
                f64::NAN
            } else {
                *value as f64
            }
        };
        Ok(Cow::Owned(wholes.iter().map(real).collect()))
    }
    /// A column of whole numbers.
    pub(crate) fn ints(&self, column: &str) -> Result<&'a [i64], ChartError> {
        self.table
            .ints(column)
            .map_err(|_| self.lacks(column, "whole numbers"))
    }
    /// A column of words or texts.
    pub(crate) fn categories(&self, column: &str) -> Result<Vec<&'a str>, ChartError> {
        (0..self.rows())
            .map(|row| {
                self.table
                    .category(column, row)
                    .ok_or_else(|| self.lacks(column, "words"))
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
    /// The same, all missing where the table has no such column.
    pub(crate) fn drawable_if_any(&self, column: &str) -> Vec<f64> {
        self.drawable(column)
            .unwrap_or_else(|_| vec![f64::NAN; self.rows()])
    }
    /// A column of words, all empty where the table has none of that name.
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
    /// Says that nothing of what was wanted is in the table.
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
