//! The codebook: what every column of every table holds, as a table itself.

use super::manifest::kind_name;
use crate::foundation::table::{Cell, Column, Header, Kind, Table};

const KINDS: &[&str] = &["real", "whole", "word", "text"];

/// Describes every column of the given tables, one row a column, in their order.
///
/// A column's words are joined by `|`; lowest and highest value are missing where there are none.
pub fn codebook(headers: &[Header]) -> Table {
    let mut table = Table::new(Header {
        table: "codebook",
        row: "a column of a table",
        columns: vec![
            Column::text("table", "Table that the column belongs to"),
            Column::text("column", "Name of the column"),
            Column::word("kind", KINDS, "Kind of the values"),
            Column::text("unit", "Unit of the values, 1 for pure numbers"),
            Column::real("low", "", "Lowest possible value, in the column's unit"),
            Column::real("high", "", "Highest possible value, in the column's unit"),
            Column::text("words", "Words that the column may hold, joined by |"),
            Column::text("meaning", "What the column holds"),
        ],
    });
    for header in headers {
        for column in &header.columns {
            table.rows.push(row(header.table, column));
        }
    }
    table
}

fn row(table: &str, column: &Column) -> [Cell; 8] {
    let kind = KINDS
        .iter()
        .position(|kind| *kind == kind_name(column.kind));
    let kind = kind.expect("every kind is in the list") as u8;
    let (low, high) = column.range.unwrap_or((f64::NAN, f64::NAN));
    let words = match column.kind {
        Kind::Word(words) => words.join("|"),
        _ => String::new(),
    };
    [
        Cell::Text(table.into()),
        Cell::Text(column.name.clone()),
        Cell::Word(kind),
        Cell::Text(column.unit.clone()),
        Cell::Real(low),
        Cell::Real(high),
        Cell::Text(words),
        Cell::Text(column.meaning.clone()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codebook_has_one_row_for_each_column_and_can_describe_itself() {
        let columns = vec![
            Column::real("trust", "1", "Trust in the partner").within(-1.0, 1.0),
            Column::word("role", &["she", "he"], "Who"),
            Column::whole("day", "days", "Day of the run"),
        ];
        let daily = Header {
            table: "daily",
            row: "a day",
            columns,
        };
        let own = codebook(&[]).header;
        let book = codebook(&[daily, own]);
        assert_eq!(book.rows.rows(), 3 + 8);
        assert_eq!(book.word("table", 3), Some("codebook"));
        assert_eq!(book.word("kind", 1), Some("word"));
        assert_eq!(book.word("words", 1), Some("she|he"));
        assert_eq!(book.word("unit", 2), Some("days"));
        assert_eq!(book.reals("low").expect("a column")[0], -1.0);
        assert!(book.reals("high").expect("a column")[1].is_nan());
        let kinds: Vec<_> = (0..4).map(|row| book.word("kind", row)).collect();
        assert_eq!(kinds, ["real", "word", "whole", "text"].map(Some));
    }
}
