//! Tables: what came out, in columns that know their names, units and meanings.
//!
//! Rows reach files, charts and findings as [`Batch`]es through a [`Sink`]; the runner knows no
//! format, and a format knows no runner. Schema and values come from one list, the [`Schema`].

/// The kind of a column's values; each kind has a way to say "missing".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Double-precision numbers; NaN is missing.
    Float,
    /// Whole numbers; [`MISSING`] is missing.
    Int,
    /// Words from a fixed list, held as indices into it.
    Categorical(&'static [&'static str]),
    /// Free text; the empty text is missing.
    Str,
}

/// The whole number that stands for a missing one.
pub const MISSING: i64 = i64::MIN;

/// One column's description, as the codebook prints it.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Snake-case name.
    pub name: String,
    /// Kind of the values.
    pub kind: Kind,
    /// Unit, `1` for pure numbers, empty where a unit makes no sense.
    pub unit: String,
    /// Lowest and highest value possible, where there are any.
    pub range: Option<(f64, f64)>,
    /// What the column holds, in one sentence without a full stop.
    pub meaning: String,
}

impl Field {
    /// Describes a column of real numbers.
    pub fn float(name: impl Into<String>, unit: &str, meaning: impl Into<String>) -> Field {
        Field::of(name, Kind::Float, unit, meaning)
    }
    /// Describes a column of whole numbers.
    pub fn int(name: impl Into<String>, unit: &str, meaning: impl Into<String>) -> Field {
        Field::of(name, Kind::Int, unit, meaning)
    }
    /// Describes a column of words from a fixed list.
    pub fn categorical(
        name: impl Into<String>,
        words: &'static [&'static str],
        meaning: impl Into<String>,
    ) -> Field {
        Field::of(name, Kind::Categorical(words), "", meaning)
    }
    /// Describes a column of free text.
    pub fn str(name: impl Into<String>, meaning: impl Into<String>) -> Field {
        Field::of(name, Kind::Str, "", meaning)
    }
    /// States the lowest and highest possible value.
    pub fn within(mut self, low: f64, high: f64) -> Field {
        self.range = Some((low, high));
        self
    }
    fn of(name: impl Into<String>, kind: Kind, unit: &str, meaning: impl Into<String>) -> Field {
        Field {
            name: name.into(),
            kind,
            unit: unit.into(),
            range: None,
            meaning: meaning.into(),
        }
    }
}

/// A table's name and columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    /// File stem of the table, such as `trajectory`.
    pub table: &'static str,
    /// What one row is, such as "a recorded day, role and observable".
    pub row: &'static str,
    /// The columns in their order.
    pub columns: Vec<Field>,
}

impl Schema {
    /// Finds a column's position.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

/// The values of one column in a batch.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// For [`Kind::Float`].
    Float(Vec<f64>),
    /// For [`Kind::Int`].
    Int(Vec<i64>),
    /// For [`Kind::Categorical`]: indices into the column's words.
    Categorical(Vec<u8>),
    /// For [`Kind::Str`].
    Str(Vec<String>),
}

impl Values {
    /// An empty column of the given kind.
    pub fn empty(kind: Kind) -> Values {
        match kind {
            Kind::Float => Values::Float(Vec::new()),
            Kind::Int => Values::Int(Vec::new()),
            Kind::Categorical(_) => Values::Categorical(Vec::new()),
            Kind::Str => Values::Str(Vec::new()),
        }
    }
    /// Number of values.
    pub fn len(&self) -> usize {
        match self {
            Values::Float(v) => v.len(),
            Values::Int(v) => v.len(),
            Values::Categorical(v) => v.len(),
            Values::Str(v) => v.len(),
        }
    }
    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Keeps the first `count` values.
    pub fn truncate(&mut self, count: usize) {
        match self {
            Values::Float(v) => v.truncate(count),
            Values::Int(v) => v.truncate(count),
            Values::Categorical(v) => v.truncate(count),
            Values::Str(v) => v.truncate(count),
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
    /// Moves all values of `other`, which is of the same kind, to the end of these.
    pub fn append(&mut self, other: &mut Values) {
        match (self, other) {
            (Values::Float(a), Values::Float(b)) => a.append(b),
            (Values::Int(a), Values::Int(b)) => a.append(b),
            (Values::Categorical(a), Values::Categorical(b)) => a.append(b),
            (Values::Str(a), Values::Str(b)) => a.append(b),
            _ => debug_assert!(false, "columns of different kinds are never joined"),
        }
    }
}

/// Some rows of a table, column by column; without columns where rows are not kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// One entry for each column of the header, all of the same length.
    pub columns: Vec<Values>,
}

/// One value of a row under construction; its kind must be that of the column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A real number.
    Float(f64),
    /// A whole number.
    Int(i64),
    /// An index into the column's words.
    Categorical(u8),
    /// Free text.
    Str(String),
}

impl Batch {
    /// A batch without rows.
    pub fn empty(schema: &Schema) -> Batch {
        Batch {
            columns: schema
                .columns
                .iter()
                .map(|c| Values::empty(c.kind))
                .collect(),
        }
    }
    /// Makes room for so many more rows.
    pub fn reserve(&mut self, rows: usize) {
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
    /// Adds one row, its cells in the header's order.
    pub fn push(&mut self, row: impl IntoIterator<Item = Value>) {
        let mut cells = row.into_iter();
        for column in &mut self.columns {
            match (column, cells.next()) {
                (Values::Float(v), Some(Value::Float(x))) => v.push(x),
                (Values::Int(v), Some(Value::Int(x))) => v.push(x),
                (Values::Categorical(v), Some(Value::Categorical(x))) => v.push(x),
                (Values::Str(v), Some(Value::Str(x))) => v.push(x),
                (_, cell) => debug_assert!(false, "row does not fit its header: {cell:?}"),
            }
        }
        debug_assert!(cells.next().is_none(), "row is longer than its header");
    }
    /// Begins some rows, whose columns are then written in the header's order.
    pub fn fill(&mut self) -> Fill<'_> {
        Fill {
            columns: self.columns.iter_mut(),
        }
    }
    /// Keeps the first `count` rows.
    pub fn truncate(&mut self, count: usize) {
        for column in &mut self.columns {
            column.truncate(count);
        }
    }
    /// Leaves the first `count` rows out, all of them where there are fewer.
    pub fn without_first(mut self, count: usize) -> Batch {
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
    pub fn append(&mut self, mut other: Batch) {
        for (ours, theirs) in self.columns.iter_mut().zip(&mut other.columns) {
            ours.append(theirs);
        }
    }
}

/// Rows that are written column by column, as many in each; what is written must be of the column's
/// kind.
#[derive(Debug)]
pub struct Fill<'a> {
    columns: std::slice::IterMut<'a, Values>,
}

impl Fill<'_> {
    /// Writes a column of real numbers: the first `count` of those that lie in parts of one length.
    #[inline(always)]
    pub fn floats<'n, const N: usize>(
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
            column => debug_assert!(false, "no real numbers fit here: {column:?}"),
        }
    }
    /// Writes a column of whole numbers.
    #[inline(always)]
    pub fn ints(&mut self, numbers: impl Iterator<Item = i64>) {
        match self.columns.next() {
            Some(Values::Int(column)) => column.extend(numbers),
            column => debug_assert!(false, "no whole numbers fit here: {column:?}"),
        }
    }
    /// Writes a column of words, by their places in the column's list.
    #[inline(always)]
    pub fn categories(&mut self, words: impl Iterator<Item = u8>) {
        match self.columns.next() {
            Some(Values::Categorical(column)) => column.extend(words),
            column => debug_assert!(false, "no words fit here: {column:?}"),
        }
    }
    /// Ends the rows.
    pub fn end(mut self) {
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

/// A whole table in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Name and columns.
    pub schema: Schema,
    /// All rows.
    pub rows: Batch,
}

impl Table {
    /// A table without rows.
    pub fn new(schema: Schema) -> Table {
        let rows = Batch::empty(&schema);
        Table { schema, rows }
    }
    /// The values of a column of real numbers.
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
    /// A text or word column's value in one row.
    pub fn category(&self, name: &str, row: usize) -> Option<&str> {
        let position = self.schema.position(name)?;
        match (
            &self.rows.columns[position],
            self.schema.columns[position].kind,
        ) {
            (Values::Categorical(codes), Kind::Categorical(words)) => codes
                .get(row)
                .and_then(|code| words.get(usize::from(*code)).copied()),
            (Values::Str(texts), _) => texts.get(row).map(String::as_str),
            _ => None,
        }
    }
}

/// Where rows go; it knows a format, and nothing of who makes the rows.
pub trait Sink {
    /// What can go wrong in this format.
    type Error;
    /// Takes rows of one of the tables that the sink was made for.
    fn accept(&mut self, table: &Schema, rows: &Batch) -> Result<(), Self::Error>;
}
