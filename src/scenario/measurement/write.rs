//! The measurement as TOML.

use super::keys::full_name;
use crate::scenario::catalogue::toml_number;
use crate::scenario::effective::line;
use crate::simulation::{SCALES, Survey};

/// Writes every key of a measurement; reading it gives the same.
pub(crate) fn write(text: &mut String, work: &Survey) {
    text.push_str("\n[measurement]\n");
    let waves: Vec<String> = work.waves.iter().map(u32::to_string).collect();
    line(text, "waves", &format!("[{}]", waves.join(", ")));
    line(text, "diary_from", &work.diary_from.to_string());
    line(text, "diary_days", &work.diary_days.to_string());
    line(text, "points", &work.points.to_string());
    for (key, value) in [
        ("style", work.style),
        ("missing", work.missing),
        ("conflict_reported", work.conflict_reported),
        ("unresponsive_as_conflict", work.unresponsive_as_conflict),
        ("conflict_false_alarm", work.conflict_false_alarm),
    ] {
        line(text, key, &toml_number(value));
    }
    let items = work.items.map(|items| items.to_string());
    let numbers = |values: [f64; SCALES.len()]| values.map(toml_number);
    for (table, values) in [
        ("items", items),
        ("reliability", numbers(work.reliability)),
        ("sd", numbers(work.sd)),
    ] {
        text.push_str(&format!("\n[{}]\n", full_name(table)));
        for (scale, value) in SCALES.iter().zip(&values) {
            line(text, scale.key, value);
        }
    }
}
