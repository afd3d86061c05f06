//! The table of instruments: what each scale of a study's survey was meant to be, and what it came to.

use crate::simulation::{Occasion, ReliabilityStats, SCALES, Survey};
use crate::table::{Field, Schema, Table, Value};

/// Where a scale is answered, as words of a table.
const OCCASIONS: &[&str] = &["waves", "diary"];

/// The header of `instruments`: a row a scale.
pub(crate) fn instruments_schema() -> Schema {
    let columns = vec![
        Field::str("scale", "The scale: the column of its scores"),
        Field::categorical("asked_in", OCCASIONS, "Table of its scores"),
        Field::int("items", "", "Items whose mean is a score"),
        Field::int(
            "points",
            "",
            "Steps of an item; 0 for answers without steps",
        ),
        Field::float(
            "reliability",
            "1",
            "Reliability that was asked for, where states have the standard deviation sd",
        )
        .within(0.0, 1.0),
        Field::float(
            "sd",
            "points",
            "Standard deviation of states at which the scale has that reliability",
        ),
        Field::float(
            "error_sd",
            "points",
            "Standard deviation of a score's error, before it is answered in steps",
        ),
        Field::int("n", "answers", "Answers, over all persons and days"),
        Field::float("score_mean", "points", "Mean score"),
        Field::float("score_sd", "points", "Standard deviation of the scores"),
        Field::float(
            "state_sd",
            "points",
            "Standard deviation of the states behind them",
        ),
        Field::float(
            "reliability_found",
            "1",
            "Squared correlation of scores and states in this sample; missing where either does not \
             vary",
        )
        .within(0.0, 1.0),
    ];
    Schema {
        table: "instruments",
        row: "a scale",
        columns,
    }
}

/// Makes `instruments` from the scales' accounts.
pub(crate) fn instruments(work: &Survey, accounts: &[ReliabilityStats]) -> Table {
    let mut table = Table::new(instruments_schema());
    let length = work.top() - 1.0;
    for (index, (scale, account)) in SCALES.iter().zip(accounts).enumerate() {
        let requested = match scale.occasion {
            Occasion::Wave => !work.waves.is_empty(),
            Occasion::Diary => work.diary_days > 0,
        };
        if !requested {
            continue;
        }
        let error = work.item_error(index) / f64::from(work.items[index]).sqrt();
        table.rows.push([
            Value::Str(scale.key.to_owned()),
            Value::Categorical(u8::from(scale.occasion == Occasion::Diary)),
            Value::Int(i64::from(work.items[index])),
            Value::Int(i64::from(work.points)),
            Value::Float(work.reliability[index]),
            Value::Float(work.sd[index] * length),
            Value::Float(error * length),
            Value::Int(account.n as i64),
            Value::Float(account.mean()),
            Value::Float(account.sd()),
            Value::Float(account.state_sd() * length),
            Value::Float(account.reliability()),
        ]);
    }
    table
}
