//! Rows of tables in memory, column by column, and the traits of their writers and readers.

use super::error::{ContentError, TableError};
use super::schema::{Kind, Schema};
use std::io;
use std::path::Path;

/// The values of one column in a batch.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// For [`Kind::Float`].
    Float(Vec<f64>),
    /// For [`Kind::Int`].
    Int(Vec<i64>),
    /// For [`Kind::Categorical`]: positions in the column's categories.
    Categorical(Vec<u8>),
    /// For [`Kind::Str`].
    Str(Vec<String>),
}

impl Values {
    /// An empty column of the given kind.
    pub(crate) fn empty(kind: Kind) -> Values {
        match kind {
            Kind::Float => Values::Float(Vec::new()),
            Kind::Int => Values::Int(Vec::new()),
            Kind::Categorical(_) => Values::Categorical(Vec::new()),
            Kind::Str => Values::Str(Vec::new()),
        }
    }
    /// Number of values.
    pub(crate) fn len(&self) -> usize {
        match self {
            Values::Float(v) => v.len(),
            Values::Int(v) => v.len(),
            Values::Categorical(v) => v.len(),
            Values::Str(v) => v.len(),
        }
    }
    /// Keeps the first `count` values.
    pub(crate) fn truncate(&mut self, count: usize) {
        match self {
            Values::Float(v) => v.truncate(count),
            Values::Int(v) => v.truncate(count),
            Values::Categorical(v) => v.truncate(count),
            Values::Str(v) => v.truncate(count),
        }
    }
    /// Takes the values from position `at` on.
    pub(crate) fn split_off(&mut self, at: usize) -> Values {
        match self {
            Values::Float(v) => Values::Float(v.split_off(at)),
            Values::Int(v) => Values::Int(v.split_off(at)),
            Values::Categorical(v) => Values::Categorical(v.split_off(at)),
            Values::Str(v) => Values::Str(v.split_off(at)),
        }
    }
    /// Copies the first `count` values.
    pub(crate) fn first(&self, count: usize) -> Values {
        let count = count.min(self.len());
        match self {
            Values::Float(v) => Values::Float(v[..count].to_vec()),
            Values::Int(v) => Values::Int(v[..count].to_vec()),
            Values::Categorical(v) => Values::Categorical(v[..count].to_vec()),
            Values::Str(v) => Values::Str(v[..count].to_vec()),
        }
    }
    /// Copies the values at some positions, in their order.
    pub(crate) fn select(&self, positions: &[usize]) -> Values {
        let positions = positions.iter();
        match self {
            Values::Float(v) => Values::Float(positions.map(|at| v[*at]).collect()),
            Values::Int(v) => Values::Int(positions.map(|at| v[*at]).collect()),
            Values::Categorical(v) => Values::Categorical(positions.map(|at| v[*at]).collect()),
            Values::Str(v) => Values::Str(positions.map(|at| v[*at].clone()).collect()),
        }
    }
    /// Moves all values of `other`, which is of the same kind, to the end of these.
    pub(crate) fn append(&mut self, other: &mut Values) {
        match (self, other) {
            (Values::Float(a), Values::Float(b)) => a.append(b),
            (Values::Int(a), Values::Int(b)) => a.append(b),
            (Values::Categorical(a), Values::Categorical(b)) => a.append(b),
            (Values::Str(a), Values::Str(b)) => a.append(b),
            _ => debug_assert!(false, "columns of different kinds are never joined"),
        }
    }
}

/// Some rows of a table, column by column; without columns if rows are not kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// One entry for each column of the schema, all of the same length.
    pub columns: Vec<Values>,
}

/// One value of a row. Its kind must be that of the column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number.
    Float(f64),
    /// An integer.
    Int(i64),
    /// A position in the column's categories.
    Categorical(u8),
    /// Text.
    Str(String),
}

impl Batch {
    /// A batch without rows.
    pub(crate) fn empty(schema: &Schema) -> Batch {
        Batch {
            columns: schema
                .columns
                .iter()
                .map(|c| Values::empty(c.kind))
                .collect(),
        }
    }
    /// Whether these are the columns of the schema, equally long.
    pub(crate) fn fits(&self, schema: &Schema) -> bool {
        let of_kind = |kind: Kind, values: &Values| {
            matches!(
                (kind, values),
                (Kind::Float, Values::Float(_))
                    | (Kind::Int, Values::Int(_))
                    | (Kind::Categorical(_), Values::Categorical(_))
                    | (Kind::Str, Values::Str(_))
            )
        };
        let length = self.rows();
        schema.columns.len() == self.columns.len()
            && schema
                .columns
                .iter()
                .zip(&self.columns)
                .all(|(column, values)| of_kind(column.kind, values) && values.len() == length)
    }
    /// Reserves memory for more rows.
    pub(crate) fn reserve(&mut self, rows: usize) {
        for column in &mut self.columns {
            match column {
                Values::Float(v) => v.reserve_exact(rows),
                Values::Int(v) => v.reserve_exact(rows),
                Values::Categorical(v) => v.reserve_exact(rows),
                Values::Str(v) => v.reserve_exact(rows),
            }
        }
    }
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, Values::len)
    }
    /// Adds one row, with values in the order of the schema.
    pub(crate) fn push(&mut self, row: impl IntoIterator<Item = Value>) {
        let mut values = row.into_iter();
        for column in &mut self.columns {
            match (column, values.next()) {
                (Values::Float(v), Some(Value::Float(x))) => v.push(x),
                (Values::Int(v), Some(Value::Int(x))) => v.push(x),
                (Values::Categorical(v), Some(Value::Categorical(x))) => v.push(x),
                (Values::Str(v), Some(Value::Str(x))) => v.push(x),
                (_, value) => debug_assert!(false, "row does not fit its schema: {value:?}"),
            }
        }
        debug_assert!(values.next().is_none(), "row is longer than its schema");
    }
    /// Starts to add rows column by column, in the order of the schema.
    pub(crate) fn fill(&mut self) -> Fill<'_> {
        Fill {
            columns: self.columns.iter_mut(),
        }
    }
    /// The rows whose positions fulfil a condition.
    pub(crate) fn filtered(&self, keep: impl Fn(usize) -> bool) -> Batch {
        let rows: Vec<usize> = (0..self.rows()).filter(|row| keep(*row)).collect();
        let columns = self.columns.iter().map(|column| match column {
            Values::Float(v) => Values::Float(rows.iter().map(|row| v[*row]).collect()),
            Values::Int(v) => Values::Int(rows.iter().map(|row| v[*row]).collect()),
            Values::Categorical(v) => Values::Categorical(rows.iter().map(|row| v[*row]).collect()),
            Values::Str(v) => Values::Str(rows.iter().map(|row| v[*row].clone()).collect()),
        });
        Batch {
            columns: columns.collect(),
        }
    }
    /// Keeps the first `count` rows.
    pub(crate) fn truncate(&mut self, count: usize) {
        for column in &mut self.columns {
            column.truncate(count);
        }
    }
    /// Takes the rows from position `at` on, which is at most the number of rows.
    pub(crate) fn split_off(&mut self, at: usize) -> Batch {
        let columns = self.columns.iter_mut();
        Batch {
            columns: columns.map(|column| column.split_off(at)).collect(),
        }
    }
    /// Removes the first `count` rows, or all if there are fewer.
    pub(crate) fn without_first(mut self, count: usize) -> Batch {
        let count = count.min(self.rows());
        if count > 0 {
            for column in &mut self.columns {
                match column {
                    Values::Float(v) => drop(v.drain(..count)),
                    Values::Int(v) => drop(v.drain(..count)),
                    Values::Categorical(v) => drop(v.drain(..count)),
                    Values::Str(v) => drop(v.drain(..count)),
                }
            }
        }
        self
    }
    /// Moves all rows of `other` to the end of these.
    pub(crate) fn append(&mut self, mut other: Batch) {
        for (ours, theirs) in self.columns.iter_mut().zip(&mut other.columns) {
            ours.append(theirs);
        }
    }
}

/// Adds rows column by column. Every column must get the same number of values, of its kind.
#[derive(Debug)]
pub(crate) struct Fill<'a> {
    columns: std::slice::IterMut<'a, Values>,
}

impl Fill<'_> {
    /// Writes a column of numbers: the first `count` of those in parts of one length.
    #[inline(always)]
    pub(crate) fn floats<'n, const N: usize>(
        &mut self,
        parts: impl IntoIterator<Item = &'n [f64; N]>,
        count: usize,
    ) {
        match self.columns.next() {
            Some(Values::Float(column)) => {
                let end = column.len() + count;
                for part in parts {
                    // A part of known length is copied without a call.
                    if column.len() + N <= end {
                        column.extend_from_slice(part);
                    } else {
                        let left = end - column.len();
                        column.extend_from_slice(&part[..left]);
                    }
                }
            }
            column => debug_assert!(false, "numbers do not fit this column: {column:?}"),
        }
    }
    /// Writes a column of integers.
    #[inline(always)]
    pub(crate) fn ints(&mut self, numbers: impl Iterator<Item = i64>) {
        match self.columns.next() {
            Some(Values::Int(column)) => column.extend(numbers),
            column => debug_assert!(false, "integers do not fit this column: {column:?}"),
        }
    }
    /// Writes a column of categories, by their positions.
    #[inline(always)]
    pub(crate) fn categories(&mut self, positions: impl Iterator<Item = u8>) {
        match self.columns.next() {
            Some(Values::Categorical(column)) => column.extend(positions),
            column => debug_assert!(false, "categories do not fit this column: {column:?}"),
        }
    }
    /// Ends the rows.
    pub(crate) fn end(mut self) {
        debug_assert!(self.columns.next().is_none(), "columns are missing");
    }
}

/// A column that a table does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the table `{table}` has {} `{column}`{}",
    if *.exists { "a column" } else { "no column" },
    if *.exists { format!(", which does not hold {expected}") } else { String::new() },
)]
pub struct ColumnError {
    table: &'static str,
    column: String,
    expected: &'static str,
    exists: bool,
}

/// A table in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Name and columns.
    pub schema: Schema,
    /// All rows.
    pub rows: Batch,
}

impl Table {
    /// A table without rows.
    pub(crate) fn new(schema: Schema) -> Table {
        let rows = Batch::empty(&schema);
        Table { schema, rows }
    }
    /// The values of a column of numbers.
    ///
    /// # Errors
    /// [`ColumnError`] if there is no such column, or it holds other values.
    pub fn floats(&self, name: &str) -> Result<&[f64], ColumnError> {
        match self.column(name) {
            Some(Values::Float(values)) => Ok(values),
            other => Err(self.column_error(name, "real numbers", other.is_some())),
        }
    }
    /// The values of a column of integers.
    ///
    /// # Errors
    /// [`ColumnError`] if there is no such column, or it holds other values.
    pub fn ints(&self, name: &str) -> Result<&[i64], ColumnError> {
        match self.column(name) {
            Some(Values::Int(values)) => Ok(values),
            other => Err(self.column_error(name, "integers", other.is_some())),
        }
    }
    fn column(&self, name: &str) -> Option<&Values> {
        self.rows.columns.get(self.schema.position(name)?)
    }
    fn column_error(&self, column: &str, expected: &'static str, exists: bool) -> ColumnError {
        ColumnError {
            table: self.schema.table,
            column: column.to_owned(),
            expected,
            exists,
        }
    }
    /// The value of a column of categories or text in one row.
    pub fn category(&self, name: &str, row: usize) -> Option<&str> {
        let position = self.schema.position(name)?;
        match (
            &self.rows.columns[position],
            self.schema.columns[position].kind,
        ) {
            (Values::Categorical(positions), Kind::Categorical(categories)) => positions
                .get(row)
                .and_then(|position| categories.get(usize::from(*position)).copied()),
            (Values::Str(texts), _) => texts.get(row).map(String::as_str),
            _ => None,
        }
    }
}

/// Takes rows in some format.
pub(crate) trait Sink {
    /// Why rows could not be taken.
    type Error;
    /// Takes rows of one of its tables.
    ///
    /// # Errors
    /// If the rows do not fit or cannot be written.
    fn accept(&mut self, table: &Schema, rows: &Batch) -> Result<(), Self::Error>;
}

/// Writes one table to `W`.
pub(crate) trait TableWriter<W>: Send {
    /// Writes rows that fit the table's schema. How rows are split into batches changes no byte.
    fn write(&mut self, rows: &Batch) -> io::Result<()>;
    /// Writes the rest, and returns `W` with the number of rows.
    fn finish(self: Box<Self>) -> io::Result<(W, u64)>;
}

/// Reads one table.
pub(crate) trait TableReader {
    /// The next rows, at least one; `None` after the last.
    fn next(&mut self) -> Result<Option<Batch>, TableError>;
}

/// What a column holds, for messages.
pub(crate) fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Float => "a number",
        Kind::Int => "an integer",
        Kind::Categorical(_) => "one of its categories",
        Kind::Str => "text",
    }
}

/// Compares the names of columns with those of the schema.
pub(crate) fn check_names(
    path: &Path,
    schema: &Schema,
    found: Vec<String>,
) -> Result<(), TableError> {
    let expected: Vec<String> = schema
        .columns
        .iter()
        .map(|column| column.name.clone())
        .collect();
    if expected == found {
        return Ok(());
    }
    let error = ContentError::Columns { expected, found };
    Err(TableError::content(path, None, error))
}

/// The position of a category in its list.
pub(crate) fn category_position(categories: &[&str], text: &str) -> Option<u8> {
    let position = categories.iter().position(|category| *category == text)?;
    u8::try_from(position).ok()
}
