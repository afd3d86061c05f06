//! Columns of a table, as a chart asks for them: there or a clear error.

use super::error::ChartError;
use crate::foundation::table::{MISSING, Table};
use std::borrow::Cow;

/// A table that has rows.
pub(super) struct Reader<'a> {
    table: &'a Table,
}

impl<'a> Reader<'a> {
    /// Takes a table unless it is empty.
    pub(super) fn new(table: &'a Table) -> Result<Reader<'a>, ChartError> {
        if table.rows.rows() == 0 {
            return Err(ChartError::NoRows {
                table: table.header.table,
            });
        }
        Ok(Reader { table })
    }
    /// Number of rows.
    pub(super) fn rows(&self) -> usize {
        self.table.rows.rows()
    }
    /// A column of real or whole numbers as reals; missing ones are NaN.
    pub(super) fn numbers(&self, column: &'static str) -> Result<Cow<'a, [f64]>, ChartError> {
        if let Some(values) = self.table.reals(column) {
            return Ok(Cow::Borrowed(values));
        }
        let wholes = self
            .table
            .wholes(column)
            .ok_or(self.lacks(column, "numbers"))?;
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
    pub(super) fn wholes(&self, column: &'static str) -> Result<&'a [i64], ChartError> {
        self.table
            .wholes(column)
            .ok_or(self.lacks(column, "whole numbers"))
    }
    /// A column of words or texts.
    pub(super) fn words(&self, column: &'static str) -> Result<Vec<&'a str>, ChartError> {
        (0..self.rows())
            .map(|row| {
                self.table
                    .word(column, row)
                    .ok_or(self.lacks(column, "words"))
            })
            .collect()
    }
    /// Says that nothing of what was wanted is in the table.
    pub(super) fn nothing(&self, wanted: &'static str) -> ChartError {
        ChartError::NothingToDraw {
            table: self.table.header.table,
            wanted,
        }
    }
    fn lacks(&self, column: &'static str, kind: &'static str) -> ChartError {
        ChartError::NoColumn {
            table: self.table.header.table,
            column,
            kind,
        }
    }
}
