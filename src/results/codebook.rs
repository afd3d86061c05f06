//! The codebook: what every column of every table holds, as a table itself.

use super::manifest::kind_name;
use crate::table::{Field, Kind, Schema, Table, Value};

const KINDS: &[&str] = &["real", "whole", "word", "text"];

/// Describes every column of the given tables, one row a column, in their order.
///
/// A column's words are joined by `|`; lowest and highest value are missing where there are none.
pub fn codebook(schemas: &[Schema]) -> Table {
    let mut table = Table::new(Schema {
        table: "codebook",
        row: "a column of a table",
        columns: vec![
            Field::str("table", "Table that the column belongs to"),
            Field::str("column", "Name of the column"),
            Field::categorical("kind", KINDS, "Kind of the values"),
            Field::str("unit", "Unit of the values, 1 for pure numbers"),
            Field::float("low", "", "Lowest possible value, in the column's unit"),
            Field::float("high", "", "Highest possible value, in the column's unit"),
            Field::str("words", "Words that the column may hold, joined by |"),
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
    let kind = KINDS
        .iter()
        .position(|kind| *kind == kind_name(column.kind));
    let kind = kind.expect("every kind is in the list") as u8;
    let (low, high) = column.range.unwrap_or((f64::NAN, f64::NAN));
    let words = match column.kind {
        Kind::Categorical(words) => words.join("|"),
        _ => String::new(),
    };
    [
        Value::Str(table.into()),
        Value::Str(column.name.clone()),
        Value::Categorical(kind),
        Value::Str(column.unit.clone()),
        Value::Float(low),
        Value::Float(high),
        Value::Str(words),
        Value::Str(column.meaning.clone()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codebook_has_one_row_for_each_column_and_can_describe_itself() {
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
        assert_eq!(book.category("kind", 1), Some("word"));
        assert_eq!(book.category("words", 1), Some("she|he"));
        assert_eq!(book.category("unit", 2), Some("days"));
        assert_eq!(book.floats("low").expect("a column")[0], -1.0);
        assert!(book.floats("high").expect("a column")[1].is_nan());
        let kinds: Vec<_> = (0..4).map(|row| book.category("kind", row)).collect();
        assert_eq!(kinds, ["real", "word", "whole", "text"].map(Some));
    }
}
