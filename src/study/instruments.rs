//! The table of instruments: what each scale of a study's fieldwork was meant to be, and what it came to.

use crate::foundation::table::{Cell, Column, Header, Table};
use crate::simulation::{Account, Fieldwork, Occasion, SCALES};

/// Where a scale is answered, as words of a table.
const OCCASIONS: &[&str] = &["waves", "diary"];

/// The header of `instruments`: a row a scale.
pub fn instruments_header() -> Header {
    let columns = vec![
        Column::text("scale", "The scale: the column of its scores"),
        Column::word("asked_in", OCCASIONS, "Table of its scores"),
        Column::whole("items", "", "Items whose mean is a score"),
        Column::whole(
            "points",
            "",
            "Steps of an item; 0 for answers without steps",
        ),
        Column::real(
            "reliability",
            "1",
            "Reliability that was asked for, where states have the standard deviation sd",
        )
        .within(0.0, 1.0),
        Column::real(
            "sd",
            "points",
            "Standard deviation of states at which the scale has that reliability",
        ),
        Column::real(
            "error_sd",
            "points",
            "Standard deviation of a score's error, before it is answered in steps",
        ),
        Column::whole("n", "answers", "Answers, over all persons and days"),
        Column::real("score_mean", "points", "Mean score"),
        Column::real("score_sd", "points", "Standard deviation of the scores"),
        Column::real(
            "state_sd",
            "points",
            "Standard deviation of the states behind them",
        ),
        Column::real(
            "reliability_found",
            "1",
            "Squared correlation of scores and states in this sample; missing where either does not \
             vary",
        )
        .within(0.0, 1.0),
    ];
    Header {
        table: "instruments",
        row: "a scale",
        columns,
    }
}

/// Makes `instruments` from the scales' accounts.
pub(super) fn instruments(work: &Fieldwork, accounts: &[Account]) -> Table {
    let mut table = Table::new(instruments_header());
    let length = work.top() - 1.0;
    for (index, (scale, account)) in SCALES.iter().zip(accounts).enumerate() {
        let asked = match scale.occasion {
            Occasion::Wave => !work.waves.is_empty(),
            Occasion::Diary => work.diary_days > 0,
        };
        if !asked {
            continue;
        }
        let error = work.item_error(index) / f64::from(work.items[index]).sqrt();
        table.rows.push([
            Cell::Text(scale.key.to_owned()),
            Cell::Word(u8::from(scale.occasion == Occasion::Diary)),
            Cell::Whole(i64::from(work.items[index])),
            Cell::Whole(i64::from(work.points)),
            Cell::Real(work.reliability[index]),
            Cell::Real(work.sd[index] * length),
            Cell::Real(error * length),
            Cell::Whole(account.n as i64),
            Cell::Real(account.mean()),
            Cell::Real(account.sd()),
            Cell::Real(account.state_sd() * length),
            Cell::Real(account.reliability()),
        ]);
    }
    table
}
