//! Schemas: the columns of a table, with names, units, ranges and meanings.

/// The kind of a column's values. Each kind has a missing value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Numbers of double precision; NaN is missing.
    Float,
    /// Integers; [`MISSING`] is missing.
    Int,
    /// Categories from a fixed list, stored as positions in it; [`NO_CATEGORY`] is missing.
    Categorical(&'static [&'static str]),
    /// Text; the empty string is missing.
    Str,
}

/// The missing integer.
pub const MISSING: i64 = i64::MIN;
/// The missing category. Every position beyond a column's categories is written as missing.
pub const NO_CATEGORY: u8 = u8::MAX;

impl Kind {
    /// The names of all kinds, in the order of `Kind::index`.
    pub(crate) const NAMES: &'static [&'static str] =
        &["float", "integer", "categorical", "string"];

    /// Position of its name in [`Kind::NAMES`].
    pub(crate) fn index(self) -> usize {
        match self {
            Kind::Float => 0,
            Kind::Int => 1,
            Kind::Categorical(_) => 2,
            Kind::Str => 3,
        }
    }

    /// The name in manifest and codebook.
    pub(crate) fn name(self) -> &'static str {
        Kind::NAMES[self.index()]
    }
}

/// Description of a column, as in the codebook.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Snake-case name.
    pub name: String,
    /// Kind of the values.
    pub kind: Kind,
    /// Unit; `1` for pure numbers, empty if there is none.
    pub unit: String,
    /// Lowest and highest possible value, if there are limits.
    pub range: Option<(f64, f64)>,
    /// What the column holds, in one sentence without a full stop.
    pub meaning: String,
}

impl Field {
    /// A column of numbers.
    pub(crate) fn float(name: impl Into<String>, unit: &str, meaning: impl Into<String>) -> Field {
        Field::of(name, Kind::Float, unit, meaning)
    }
    /// A column of integers.
    pub(crate) fn int(name: impl Into<String>, unit: &str, meaning: impl Into<String>) -> Field {
        Field::of(name, Kind::Int, unit, meaning)
    }
    /// A column of categories from a fixed list.
    pub(crate) fn categorical(
        name: impl Into<String>,
        categories: &'static [&'static str],
        meaning: impl Into<String>,
    ) -> Field {
        Field::of(name, Kind::Categorical(categories), "", meaning)
    }
    /// A column of text.
    pub(crate) fn str(name: impl Into<String>, meaning: impl Into<String>) -> Field {
        Field::of(name, Kind::Str, "", meaning)
    }
    /// Sets the lowest and highest possible value.
    pub(crate) fn within(mut self, low: f64, high: f64) -> Field {
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
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Bytes of a row in memory, without the letters of its texts.
    pub(crate) fn row_bytes(&self) -> u64 {
        let bytes = |column: &Field| match column.kind {
            Kind::Float => size_of::<f64>(),
            Kind::Int => size_of::<i64>(),
            Kind::Categorical(_) => size_of::<u8>(),
            Kind::Str => size_of::<String>(),
        };
        self.columns.iter().map(|column| bytes(column) as u64).sum()
    }
}
