//! Tables: what came out, in columns that know their names, units and meanings.
//!
//! Rows reach files, charts and findings as [`Batch`]es through a [`Sink`]; the runner knows no
//! format, and a format knows no runner. Header and values come from one list, the [`Header`].

/// The kind of a column's values; each kind has a way to say "missing".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Double-precision numbers; NaN is missing.
    Real,
    /// Whole numbers; [`MISSING`] is missing.
    Whole,
    /// Words from a fixed list, held as indices into it.
    Word(&'static [&'static str]),
    /// Free text; the empty text is missing.
    Text,
}

/// The whole number that stands for a missing one.
pub const MISSING: i64 = i64::MIN;

/// One column's description, as the codebook prints it.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
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

impl Column {
    /// Describes a column of real numbers.
    pub fn real(name: impl Into<String>, unit: &str, meaning: impl Into<String>) -> Column {
        Column::of(name, Kind::Real, unit, meaning)
    }
    /// Describes a column of whole numbers.
    pub fn whole(name: impl Into<String>, unit: &str, meaning: impl Into<String>) -> Column {
        Column::of(name, Kind::Whole, unit, meaning)
    }
    /// Describes a column of words from a fixed list.
    pub fn word(
        name: impl Into<String>,
        words: &'static [&'static str],
        meaning: impl Into<String>,
    ) -> Column {
        Column::of(name, Kind::Word(words), "", meaning)
    }
    /// Describes a column of free text.
    pub fn text(name: impl Into<String>, meaning: impl Into<String>) -> Column {
        Column::of(name, Kind::Text, "", meaning)
    }
    /// States the lowest and highest possible value.
    pub fn within(mut self, low: f64, high: f64) -> Column {
        self.range = Some((low, high));
        self
    }
    fn of(name: impl Into<String>, kind: Kind, unit: &str, meaning: impl Into<String>) -> Column {
        Column {
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
pub struct Header {
    /// File stem of the table, such as `trajectory`.
    pub table: &'static str,
    /// What one row is, such as "a recorded day, role and observable".
    pub row: &'static str,
    /// The columns in their order.
    pub columns: Vec<Column>,
}

impl Header {
    /// Finds a column's position.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

/// The values of one column in a batch.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// For [`Kind::Real`].
    Real(Vec<f64>),
    /// For [`Kind::Whole`].
    Whole(Vec<i64>),
    /// For [`Kind::Word`]: indices into the column's words.
    Word(Vec<u8>),
    /// For [`Kind::Text`].
    Text(Vec<String>),
}

impl Values {
    /// An empty column of the given kind.
    pub fn empty(kind: Kind) -> Values {
        match kind {
            Kind::Real => Values::Real(Vec::new()),
            Kind::Whole => Values::Whole(Vec::new()),
            Kind::Word(_) => Values::Word(Vec::new()),
            Kind::Text => Values::Text(Vec::new()),
        }
    }
    /// Number of values.
    pub fn len(&self) -> usize {
        match self {
            Values::Real(v) => v.len(),
            Values::Whole(v) => v.len(),
            Values::Word(v) => v.len(),
            Values::Text(v) => v.len(),
        }
    }
    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Keeps the first `count` values.
    pub fn truncate(&mut self, count: usize) {
        match self {
            Values::Real(v) => v.truncate(count),
            Values::Whole(v) => v.truncate(count),
            Values::Word(v) => v.truncate(count),
            Values::Text(v) => v.truncate(count),
        }
    }
    /// Moves all values of `other`, which is of the same kind, to the end of these.
    pub fn append(&mut self, other: &mut Values) {
        match (self, other) {
            (Values::Real(a), Values::Real(b)) => a.append(b),
            (Values::Whole(a), Values::Whole(b)) => a.append(b),
            (Values::Word(a), Values::Word(b)) => a.append(b),
            (Values::Text(a), Values::Text(b)) => a.append(b),
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
pub enum Cell {
    /// A real number.
    Real(f64),
    /// A whole number.
    Whole(i64),
    /// An index into the column's words.
    Word(u8),
    /// Free text.
    Text(String),
}

impl Batch {
    /// A batch without rows.
    pub fn empty(header: &Header) -> Batch {
        Batch {
            columns: header
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
                Values::Real(v) => v.reserve_exact(rows),
                Values::Whole(v) => v.reserve_exact(rows),
                Values::Word(v) => v.reserve_exact(rows),
                Values::Text(v) => v.reserve_exact(rows),
            }
        }
    }
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, Values::len)
    }
    /// Adds one row, its cells in the header's order.
    pub fn push(&mut self, row: impl IntoIterator<Item = Cell>) {
        let mut cells = row.into_iter();
        for column in &mut self.columns {
            match (column, cells.next()) {
                (Values::Real(v), Some(Cell::Real(x))) => v.push(x),
                (Values::Whole(v), Some(Cell::Whole(x))) => v.push(x),
                (Values::Word(v), Some(Cell::Word(x))) => v.push(x),
                (Values::Text(v), Some(Cell::Text(x))) => v.push(x),
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
                    Values::Real(v) => drop(v.drain(..count)),
                    Values::Whole(v) => drop(v.drain(..count)),
                    Values::Word(v) => drop(v.drain(..count)),
                    Values::Text(v) => drop(v.drain(..count)),
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
    pub fn reals<'n, const N: usize>(
        &mut self,
        parts: impl IntoIterator<Item = &'n [f64; N]>,
        count: usize,
    ) {
        match self.columns.next() {
            Some(Values::Real(column)) => {
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
    pub fn wholes(&mut self, numbers: impl Iterator<Item = i64>) {
        match self.columns.next() {
            Some(Values::Whole(column)) => column.extend(numbers),
            column => debug_assert!(false, "no whole numbers fit here: {column:?}"),
        }
    }
    /// Writes a column of words, by their places in the column's list.
    #[inline(always)]
    pub fn words(&mut self, words: impl Iterator<Item = u8>) {
        match self.columns.next() {
            Some(Values::Word(column)) => column.extend(words),
            column => debug_assert!(false, "no words fit here: {column:?}"),
        }
    }
    /// Ends the rows.
    pub fn end(mut self) {
        debug_assert!(self.columns.next().is_none(), "columns are missing");
    }
}

/// A whole table in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Name and columns.
    pub header: Header,
    /// All rows.
    pub rows: Batch,
}

impl Table {
    /// A table without rows.
    pub fn new(header: Header) -> Table {
        let rows = Batch::empty(&header);
        Table { header, rows }
    }
    /// The real numbers of a column, or `None` where there is no such column of reals.
    pub fn reals(&self, name: &str) -> Option<&[f64]> {
        match &self.rows.columns[self.header.position(name)?] {
            Values::Real(values) => Some(values),
            _ => None,
        }
    }
    /// The whole numbers of a column, or `None` where there is no such column of whole numbers.
    pub fn wholes(&self, name: &str) -> Option<&[i64]> {
        match &self.rows.columns[self.header.position(name)?] {
            Values::Whole(values) => Some(values),
            _ => None,
        }
    }
    /// A text or word column's value in one row.
    pub fn word(&self, name: &str, row: usize) -> Option<&str> {
        let position = self.header.position(name)?;
        match (
            &self.rows.columns[position],
            self.header.columns[position].kind,
        ) {
            (Values::Word(codes), Kind::Word(words)) => codes
                .get(row)
                .and_then(|code| words.get(usize::from(*code)).copied()),
            (Values::Text(texts), _) => texts.get(row).map(String::as_str),
            _ => None,
        }
    }
}

/// Where rows go; it knows a format, and nothing of who makes the rows.
pub trait Sink {
    /// What can go wrong in this format.
    type Error;
    /// Takes rows of one of the tables that the sink was made for.
    fn accept(&mut self, table: &Header, rows: &Batch) -> Result<(), Self::Error>;
}
