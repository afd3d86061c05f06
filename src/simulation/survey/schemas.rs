//! The headers of survey's tables.

use super::Survey;
use super::scales::{OF_WAVES, SCALES, ScaleInfo};
use crate::simulation::rows::persons_day;
use crate::table::{Field, Schema};

/// What the diary's pairwise table holds of each of its variables: an ending, and its meaning.
const VIEWS: [(&str, &str); 8] = [
    ("a", "the person's own (actor)"),
    ("p", "the partner's"),
    ("a_cm", "the person's own, mean of the person's days"),
    ("p_cm", "the partner's, mean of the partner's days"),
    ("a_cwc", "the person's own, less the person's mean"),
    ("p_cwc", "the partner's, less the partner's mean"),
    ("a_lag1", "the person's own, on the day before"),
    ("p_lag1", "the partner's, on the day before"),
];

const CONFLICT_KEY: &str = "daily_conflict";
const CONFLICT_MEANING: &str = "Whether conflict is reported of the day, 1 or 0";

fn score(name: String, meaning: String, top: f64) -> Field {
    Field::float(name, "points", meaning).within(1.0, top)
}

/// The header of `diary`: a row a person and day of the diary.
pub fn diary_schema(work: &Survey) -> Schema {
    let mut columns = persons_day();
    columns.push(
        Field::int(
            "answered",
            "",
            "1 where the day was filled in, 0 where it was missed",
        )
        .within(0.0, 1.0),
    );
    for scale in &SCALES[OF_WAVES..] {
        columns.push(score(
            scale.key.to_owned(),
            scale.meaning.to_owned(),
            work.top(),
        ));
    }
    columns.push(Field::int(CONFLICT_KEY, "", CONFLICT_MEANING).within(0.0, 1.0));
    Schema {
        table: "diary",
        row: "a person's day",
        columns,
    }
}

/// The header of `diary_pairwise`: the same rows as `diary`, with both partners in each.
pub fn pairwise_schema(work: &Survey) -> Schema {
    let mut columns = persons_day();
    let (top, length) = (work.top(), work.top() - 1.0);
    for ScaleInfo { key, meaning, .. } in &SCALES[OF_WAVES..] {
        for (view, words) in VIEWS {
            let column = Field::float(
                format!("{key}_{view}"),
                "points",
                format!("{meaning}: {words}"),
            );
            columns.push(if view.ends_with("cwc") {
                column.within(-length, length)
            } else {
                column.within(1.0, top)
            });
        }
    }
    for (view, words) in VIEWS {
        let low = if view.ends_with("cwc") { -1.0 } else { 0.0 };
        let meaning = format!("{CONFLICT_MEANING}: {words}");
        columns.push(Field::float(format!("{CONFLICT_KEY}_{view}"), "1", meaning).within(low, 1.0));
    }
    Schema {
        table: "diary_pairwise",
        row: "a person's day",
        columns,
    }
}

/// The header of `waves`: a row a person and wave of the questionnaire.
pub fn waves_schema(work: &Survey) -> Schema {
    let mut columns = persons_day();
    columns.push(Field::int("wave", "", "Number of the wave, from 1"));
    for scale in &SCALES[..OF_WAVES] {
        columns.push(score(
            scale.key.to_owned(),
            scale.meaning.to_owned(),
            work.top(),
        ));
    }
    Schema {
        table: "waves",
        row: "a person and wave",
        columns,
    }
}
