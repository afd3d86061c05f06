//! Tables of small real runs, ways to make them odd, and what every figure has to keep.
//!
//! The tables lie in `tests/charts`, whose README says how the program made them.

use super::column_reader::ColumnReader;
use super::figure::{Figure, Width};
use crate::table::{Field, Kind, MISSING, Schema, Table, Value, Values};
use std::path::PathBuf;

/// Both printed widths.
pub(crate) const WIDTHS: [Width; 2] = [Width::Column, Width::Page];

/// How the program writes a missing value.
const MISSING_TEXT: &str = "NA";

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/charts")
}

/// Reads a table of a folder of `tests/charts`.
pub(crate) fn fixture(of: &str, table: &'static str) -> Table {
    let path = folder().join(of).join(format!("{table}.csv"));
    let mut reader =
        csv::Reader::from_path(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let names: Vec<String> = reader
        .headers()
        .expect("a header")
        .iter()
        .map(str::to_owned)
        .collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    let cells = |column: usize| rows.iter().map(move |row| &row[column]);
    let columns = (0..names.len()).map(|column| column_of(cells(column)));
    let (fields, values): (Vec<_>, Vec<_>) = names
        .iter()
        .zip(columns)
        .map(|(name, values)| {
            let field = match &values {
                Values::Int(_) => Field::int(name.as_str(), "", "an integer"),
                Values::Float(_) => Field::float(name.as_str(), "", "a number"),
                _ => Field::str(name.as_str(), "a text"),
            };
            (field, values)
        })
        .unzip();
    let mut made = Table::new(Schema {
        table,
        row: "a row",
        columns: fields,
    });
    made.rows.columns = values;
    made
}

/// The values of a column of the narrowest kind that holds all of its cells.
fn column_of<'a>(cells: impl Iterator<Item = &'a str> + Clone) -> Values {
    let known = |cell: &&str| *cell != MISSING_TEXT;
    if cells
        .clone()
        .filter(known)
        .all(|cell| cell.parse::<i64>().is_ok())
    {
        let integer = |cell: &str| cell.parse().unwrap_or(MISSING);
        return Values::Int(cells.map(integer).collect());
    }
    if cells
        .clone()
        .filter(known)
        .all(|cell| cell.parse::<f64>().is_ok())
    {
        let float = |cell: &str| cell.parse().unwrap_or(f64::NAN);
        return Values::Float(cells.map(float).collect());
    }
    let text = |cell: &str| if cell == MISSING_TEXT { "" } else { cell }.to_owned();
    Values::Str(cells.map(text).collect())
}

/// One value of a table.
pub(crate) fn value(table: &Table, column: usize, row: usize) -> Value {
    match &table.rows.columns[column] {
        Values::Float(values) => Value::Float(values[row]),
        Values::Int(values) => Value::Int(values[row]),
        Values::Categorical(values) => Value::Categorical(values[row]),
        Values::Str(values) => Value::Str(values[row].clone()),
    }
}

/// A row with the named values; other numbers are missing, but for whole ones, which are 1.
pub(crate) fn row(schema: &Schema, numbers: &[(&str, f64)], texts: &[(&str, &str)]) -> Vec<Value> {
    let number = |field: &Field| {
        let own = numbers.iter().find(|(name, _)| *name == field.name);
        own.map_or(f64::NAN, |(_, value)| *value)
    };
    let text = |field: &Field| {
        let own = texts.iter().find(|(name, _)| *name == field.name);
        own.map_or("", |(_, text)| *text)
    };
    let value = |field: &Field| match field.kind {
        Kind::Int if number(field).is_finite() => Value::Int(number(field) as i64),
        Kind::Int => Value::Int(1),
        Kind::Str => Value::Str(text(field).to_owned()),
        Kind::Categorical(categories) => {
            let place = categories.iter().position(|word| *word == text(field));
            Value::Categorical(place.unwrap_or_default() as u8)
        }
        _ => Value::Float(number(field)),
    };
    schema.columns.iter().map(value).collect()
}

/// The rows with some indices, in their order; an index may occur several times.
pub(crate) fn rows(table: &Table, wanted: impl IntoIterator<Item = usize>) -> Table {
    let mut made = Table::new(table.schema.clone());
    for row in wanted {
        let columns = 0..table.schema.columns.len();
        made.rows
            .push(columns.map(|column| value(table, column, row)));
    }
    made
}

/// The first rows.
pub(crate) fn first(table: &Table, count: usize) -> Table {
    rows(table, 0..count.min(table.rows.rows()))
}

/// The table with a column replaced by numbers that are computed from the row and the old number.
pub(crate) fn with_numbers(
    mut table: Table,
    column: &str,
    number: impl Fn(usize, f64) -> f64,
) -> Table {
    let position = table
        .schema
        .position(column)
        .expect("a column of the table");
    let old = numbers(&table, column);
    let new: Vec<f64> = old
        .iter()
        .enumerate()
        .map(|(row, old)| number(row, *old))
        .collect();
    let stays_integer = matches!(table.rows.columns[position], Values::Int(_))
        && new.iter().all(|value| value.fract() == 0.0);
    table.rows.columns[position] = if stays_integer {
        Values::Int(new.iter().map(|value| *value as i64).collect())
    } else {
        table.schema.columns[position] = Field::float(column, "", "a number");
        Values::Float(new)
    };
    table
}

/// A column of numbers; missing ones are NaN.
pub(crate) fn numbers(table: &Table, column: &str) -> Vec<f64> {
    let Ok(reader) = ColumnReader::new(table) else {
        return Vec::new();
    };
    reader
        .numbers(column)
        .expect("a column of numbers")
        .into_owned()
}

/// The table with a column replaced by texts that are computed from the row and the old text.
pub(crate) fn with_texts(
    mut table: Table,
    column: &str,
    text: impl Fn(usize, &str) -> String,
) -> Table {
    let position = table
        .schema
        .position(column)
        .expect("a column of the table");
    let count = table.rows.rows();
    let old = |row: usize| table.category(column, row).unwrap_or("");
    let new: Vec<String> = (0..count).map(|row| text(row, old(row))).collect();
    table.schema.columns[position] = Field::str(column, "a text");
    table.rows.columns[position] = Values::Str(new);
    table
}

/// The table with every floating-point number but the days missing.
pub(crate) fn without_numbers(mut table: Table) -> Table {
    for (column, values) in table.schema.columns.iter().zip(&mut table.rows.columns) {
        if let (Values::Float(values), true) = (values, column.name != "day") {
            values.fill(f64::NAN);
        }
    }
    table
}

/// The table with its floating-point numbers replaced in turn by numbers at the limits.
pub(crate) fn extreme(mut table: Table, shift: usize) -> Table {
    let limits = [
        f64::MAX,
        1.0,
        f64::MIN,
        f64::INFINITY,
        f64::MIN_POSITIVE,
        f64::NAN,
        -1e18,
    ];
    for (column, values) in table.rows.columns.iter_mut().enumerate() {
        if let Values::Float(values) = values {
            for (row, value) in values.iter_mut().enumerate() {
                *value = limits[(shift + row * (column + 1)) % limits.len()];
            }
        }
    }
    table
}

/// Shifts after which [`extreme`] repeats.
pub(crate) const SHIFTS: usize = 7;

/// The table without rows.
pub(crate) fn empty(table: &Table) -> Table {
    Table::new(table.schema.clone())
}

/// Fails unless a figure has a moderate size, finite numbers only, and texts that neither overlap nor leave
/// the picture; gives the number of texts.
pub(crate) fn assert_sound(name: &str, figure: &Figure) -> usize {
    let svg = figure.svg();
    assert!(
        figure.height() < 400.0,
        "{name}: {} mm high",
        figure.height()
    );
    assert!(svg.len() < 4_000_000, "{name}: {} bytes", svg.len());
    assert_finite(name, figure);
    texts_apart(name, figure)
}

/// Fails where a number of a figure is not finite.
pub(crate) fn assert_finite(name: &str, figure: &Figure) {
    let odd = |line: &&str| line.contains("NaN") || line.contains("inf\"");
    assert_eq!(figure.svg().lines().find(odd), None, "{name}");
}

#[cfg(not(feature = "png"))]
fn texts_apart(_: &str, figure: &Figure) -> usize {
    figure.svg().matches("<text").count()
}

#[cfg(feature = "png")]
fn texts_apart(name: &str, figure: &Figure) -> usize {
    let tree = super::raster::parse(figure.svg()).expect(name);
    let boxes = text_boxes(&tree);
    let size = tree.size();
    for (i, (text, area)) in boxes.iter().enumerate() {
        assert!(
            area.left() >= 0.0
                && area.top() >= 0.0
                && area.right() <= size.width()
                && area.bottom() <= size.height(),
            "{name}: `{text}` leaves the picture: {area:?}"
        );
        for (other, other_area) in &boxes[..i] {
            let apart = area.right() <= other_area.left()
                || other_area.right() <= area.left()
                || area.bottom() <= other_area.top()
                || other_area.bottom() <= area.top();
            assert!(apart, "{name}: `{text}` overlaps `{other}`");
        }
    }
    boxes.len()
}

/// The texts of a picture and the rectangles around their letters.
#[cfg(feature = "png")]
pub(crate) fn text_boxes(tree: &resvg::usvg::Tree) -> Vec<(String, resvg::usvg::Rect)> {
    use resvg::usvg::{Group, Node, Rect};
    fn collect(group: &Group, boxes: &mut Vec<(String, Rect)>) {
        for node in group.children() {
            match node {
                Node::Group(inner) => collect(inner, boxes),
                Node::Text(text) => {
                    let words = text.chunks().iter().map(|chunk| chunk.text()).collect();
                    let area = text
                        .flattened()
                        .bounding_box()
                        .transform(text.abs_transform());
                    boxes.push((words, area.expect("a finite box")));
                }
                _ => {}
            }
        }
    }
    let mut boxes = Vec::new();
    collect(tree.root(), &mut boxes);
    boxes
}

/// Compares a figure with `tests/charts/golden/NAME.svg`, or writes that file where `PAIRBOND_BLESS` is set.
pub(crate) fn assert_golden(name: &str, figure: &Figure) {
    let path = folder().join("golden").join(format!("{name}.svg"));
    if std::env::var_os("PAIRBOND_BLESS").is_some() {
        std::fs::create_dir_all(folder().join("golden")).expect("a folder for golden files");
        std::fs::write(&path, figure.svg()).expect("a written golden file");
        return;
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    // Git may have written the file with the platform's line ends.
    let same = golden.replace("\r\n", "\n") == figure.svg();
    assert!(
        same,
        "{} differs; PAIRBOND_BLESS=1 writes it anew, to be looked at in a browser",
        path.display()
    );
}

/// Whether a line of a picture's text is exactly this text.
pub(crate) fn has_text(figure: &Figure, text: &str) -> bool {
    figure.svg().lines().any(|line| line == text)
}
