//! The codebook: a table that describes every column of every table.

use crate::table::{Field, Kind, Schema, Table, Value};

/// Describes every column of the given tables in their order, one row per column.
///
/// Categories are joined by `|`; lowest and highest value are missing if there are no limits.
pub(crate) fn codebook(schemas: &[Schema]) -> Table {
    let mut table = Table::new(Schema {
        table: "codebook",
        row: "a column of a table",
        columns: vec![
            Field::str("table", "Table that the column belongs to"),
            Field::str("column", "Name of the column"),
            Field::categorical("kind", Kind::NAMES, "Kind of the values"),
            Field::str("unit", "Unit of the values, 1 for pure numbers"),
            Field::float("low", "", "Lowest possible value, in the column's unit"),
            Field::float("high", "", "Highest possible value, in the column's unit"),
            Field::str(
                "categories",
                "Categories that the column may hold, joined by |",
            ),
            Field::str("meaning", "What the column holds"),
        ],
    });
    for schema in schemas {
        for column in &schema.columns {
            table.rows.push(row(schema.table, column));
        }
    }
    table
}

fn row(table: &str, column: &Field) -> [Value; 8] {
    let (low, high) = column.range.unwrap_or((f64::NAN, f64::NAN));
    let categories = match column.kind {
        Kind::Categorical(categories) => categories.join("|"),
        _ => String::new(),
    };
    [
        Value::Str(table.into()),
        Value::Str(column.name.clone()),
        Value::Categorical(column.kind.index() as u8),
        Value::Str(column.unit.clone()),
        Value::Float(low),
        Value::Float(high),
        Value::Str(categories),
        Value::Str(column.meaning.clone()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codebook_has_one_row_per_column_and_describes_itself() {
        let columns = vec![
            Field::float("trust", "1", "Trust in the partner").within(-1.0, 1.0),
            Field::categorical("role", &["she", "he"], "Who"),
            Field::int("day", "days", "Day of the run"),
        ];
        let daily = Schema {
            table: "daily",
            row: "a day",
            columns,
        };
        let own = codebook(&[]).schema;
        let book = codebook(&[daily, own]);
        assert_eq!(book.rows.rows(), 3 + 8);
        assert_eq!(book.category("table", 3), Some("codebook"));
        assert_eq!(book.category("kind", 1), Some("categorical"));
        assert_eq!(book.category("categories", 1), Some("she|he"));
        assert_eq!(book.category("unit", 2), Some("days"));
        assert_eq!(book.floats("low").expect("a column")[0], -1.0);
        assert!(book.floats("high").expect("a column")[1].is_nan());
        let kinds: Vec<_> = (0..4).map(|row| book.category("kind", row)).collect();
        assert_eq!(
            kinds,
            ["float", "categorical", "integer", "string"].map(Some)
        );
    }
}
