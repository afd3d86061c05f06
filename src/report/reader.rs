//! The tables of a results folder, as its manifest describes them.

use crate::error::Error;
use crate::results::manifest::ColumnRecord;
use crate::results::{Manifest, file_hash};
use crate::stats::interval::Interval;
use crate::table::{ColumnError, Field, Format, Kind, MISSING, Schema, Table};
use std::path::Path;

/// Reads tables of a folder whose manifest lists them.
pub(crate) struct ResultsReader<'a> {
    folder: &'a Path,
    manifest: &'a Manifest,
    /// Whether tables are compared with their hashes first.
    check: bool,
}

impl<'a> ResultsReader<'a> {
    /// The tables of a folder that is being written.
    pub(crate) fn new(folder: &'a Path, manifest: &'a Manifest) -> ResultsReader<'a> {
        ResultsReader {
            folder,
            manifest,
            check: false,
        }
    }

    /// The tables of a folder that was written before, which must be those that were written.
    pub(crate) fn checked(folder: &'a Path, manifest: &'a Manifest) -> ResultsReader<'a> {
        ResultsReader {
            check: true,
            ..ResultsReader::new(folder, manifest)
        }
    }

    /// The manifest.
    pub(crate) fn manifest(&self) -> &'a Manifest {
        self.manifest
    }

    /// How many rows a table has; `None` if the folder does not have it.
    pub(crate) fn rows(&self, table: &str) -> Option<u64> {
        let name = self.file_name(table);
        self.manifest.file(&name).and_then(|file| file.rows)
    }

    /// The first rows of a table, at most `most`; `None` if the folder does not have it.
    ///
    /// # Errors
    /// [`Error::AlteredTable`], and those of reading.
    pub(crate) fn read(&self, table: &'static str, most: usize) -> Result<Option<Table>, Error> {
        let mut all: Option<Table> = None;
        self.visit(table, |rows| {
            match &mut all {
                Some(all) => all.rows.append(rows.rows.clone()),
                none => *none = Some(rows.clone()),
            }
            Ok(all.as_ref().is_some_and(|all| all.rows.rows() < most))
        })?;
        if let Some(all) = &mut all {
            all.rows.truncate(most);
        }
        Ok(all)
    }

    /// Calls `take` with a table's rows, some thousands at a time, while it returns true.
    ///
    /// # Errors
    /// Those of [`read`](ResultsReader::read), and of `take`.
    pub(crate) fn visit(
        &self,
        table: &'static str,
        take: impl FnMut(&Table) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        self.visit_as(table, table, take)
    }

    /// Does what [`visit`](ResultsReader::visit) does; rows have the schema of the table under another name.
    ///
    /// # Errors
    /// Those of [`visit`](ResultsReader::visit).
    pub(crate) fn visit_as(
        &self,
        table: &str,
        name: &'static str,
        mut take: impl FnMut(&Table) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        let Some(schema) = self.schema_as(table, name) else {
            return Ok(());
        };
        let name = self.file_name(table);
        let path = self.folder.join(&name);
        if self.check && file_hash(&path)? != self.manifest.file(&name).map(|it| it.blake3.clone())
        {
            let folder = self.folder.to_owned();
            return Err(Error::AlteredTable { path, folder });
        }
        let mut reader = self.manifest_format(&name).reader(&path, &schema)?;
        let mut part = Table::new(schema);
        while let Some(rows) = reader.next()? {
            part.rows = rows;
            if !take(&part)? {
                break;
            }
        }
        Ok(())
    }

    /// The schema of a table, under another name; texts of categories are read as texts.
    pub(crate) fn schema_as(&self, table: &str, name: &'static str) -> Option<Schema> {
        let record = self.manifest.tables.iter().find(|it| it.name == table)?;
        let field = |column: &ColumnRecord| {
            let kind = match column.kind.as_str() {
                "float" => Kind::Float,
                "integer" => Kind::Int,
                _ => Kind::Str,
            };
            let mut field = Field::str(column.name.as_str(), "");
            field.kind = kind;
            field.unit.clone_from(&column.unit);
            field
        };
        Some(Schema {
            table: name,
            row: "a row",
            columns: record.columns.iter().map(field).collect(),
        })
    }

    fn file_name(&self, table: &str) -> String {
        let own = format!("{table}.{}", self.manifest.table_format.extension());
        if self.manifest.file(&own).is_some() {
            return own;
        }
        // The codebook and the tables of validations are always CSV.
        format!("{table}.csv")
    }

    fn manifest_format(&self, name: &str) -> Format {
        if name.ends_with(".csv") {
            Format::Csv
        } else {
            self.manifest.table_format
        }
    }
}

/// A column of floats or integers as floats; missing ones are NaN.
///
/// # Errors
/// [`ColumnError`] if there is no such column of numbers.
pub(crate) fn numbers(table: &Table, column: &str) -> Result<Vec<f64>, ColumnError> {
    if let Ok(values) = table.floats(column) {
        return Ok(values.to_vec());
    }
    let float = |value: &i64| match *value {
        MISSING => f64::NAN,
        value => value as f64,
    };
    Ok(table.ints(column)?.iter().map(float).collect())
}

/// A column of numbers with the ends of their intervals, which are in columns with `_low` and `_high` after its name.
///
/// # Errors
/// [`ColumnError`] if there are no such columns of numbers.
pub(crate) fn with_intervals(
    table: &Table,
    column: &str,
) -> Result<Vec<(f64, Interval)>, ColumnError> {
    let value = numbers(table, column)?;
    let low = numbers(table, &format!("{column}_low"))?;
    let high = numbers(table, &format!("{column}_high"))?;
    let row = |row: usize| {
        let interval = Interval {
            low: low[row],
            high: high[row],
        };
        (value[row], interval)
    };
    Ok((0..value.len()).map(row).collect())
}

/// A text of a table; empty where it is missing, or the table has no such column.
pub(crate) fn text<'t>(table: &'t Table, column: &str, row: usize) -> &'t str {
    table.category(column, row).unwrap_or_default()
}
