//! The sweep as effective TOML: every key that does something in its design.

use super::axis::Given;
use super::designs::Wishes;
use super::{AxisValues, Setting, Sweep};
use crate::scenario::catalogue::toml_number;
use crate::scenario::effective::{line, quoted};

/// The design's own keys.
pub(crate) fn head(wishes: &Wishes, table: Option<&str>) -> String {
    let mut text = "\n[sweep]\n".to_owned();
    line(&mut text, "design", &quoted(wishes.kind.word));
    let selection = if wishes.spread { "spread" } else { "plain" };
    let all = [
        ("table", quoted(table.unwrap_or_default())),
        ("points", wishes.points.to_string()),
        ("seed", wishes.seed.to_string()),
        ("scramble", wishes.scramble.to_string()),
        ("placement", quoted(wishes.placement)),
        ("second_order", wishes.second_order.to_string()),
        ("levels", wishes.levels.to_string()),
        ("selection", quoted(selection)),
    ];
    for (key, value) in all.iter().filter(|(key, _)| wishes.kind.uses(key)) {
        line(&mut text, key, value);
    }
    text
}

/// The keys that every design takes.
pub(crate) fn tail(sweep: &Sweep) -> String {
    let mut text = String::new();
    line(
        &mut text,
        "common_random_numbers",
        &sweep.common_random_numbers.to_string(),
    );
    let measures: Vec<String> = sweep
        .measures
        .iter()
        .map(|measure| quoted(&measure.to_string()))
        .collect();
    line(&mut text, "measures", &format!("[{}]", measures.join(", ")));
    line(&mut text, "couples", &sweep.couples.to_string());
    line(&mut text, "reference", &(sweep.reference + 1).to_string());
    if let Some(until) = sweep.until {
        let value = format!(
            "{{ half_width = {}, of = {}, confidence = {}, max = {} }}",
            toml_number(until.half_width),
            quoted(&until.of.to_string()),
            toml_number(until.confidence),
            until.max
        );
        line(&mut text, "until", &value);
    }
    text
}

/// The axes as they were given.
pub(crate) fn axes(axes: &[Given], names: &[String], wishes: &Wishes) -> String {
    let mut text = String::new();
    for (axis, name) in axes.iter().zip(names) {
        text.push_str("\n[[sweep.axis]]\n");
        line(&mut text, "key", &quoted(&axis.path.key()));
        line(&mut text, "name", &quoted(name));
        match axis
            .values
            .as_ref()
            .filter(|_| wishes.kind.uses_of_axis("values"))
        {
            Some((
                AxisValues::Range {
                    low,
                    high,
                    log,
                    whole,
                },
                _,
            )) => {
                let number = |value: f64| {
                    if *whole {
                        format!("{value}")
                    } else {
                        toml_number(value)
                    }
                };
                line(
                    &mut text,
                    "range",
                    &format!("[{}, {}]", number(*low), number(*high)),
                );
                line(
                    &mut text,
                    "scale",
                    if *log { "\"log\"" } else { "\"linear\"" },
                );
                line(&mut text, "whole", &whole.to_string());
                if axis.levels > 0 {
                    line(&mut text, "steps", &axis.levels.to_string());
                }
            }
            Some((AxisValues::Levels(levels), _)) => {
                let levels: Vec<String> = levels.iter().map(value).collect();
                line(&mut text, "values", &format!("[{}]", levels.join(", ")));
            }
            None => {}
        }
        if let Some(group) = &axis.group {
            line(&mut text, "group", &quoted(group));
        }
        if let Some(baseline) = &axis.baseline {
            line(&mut text, "baseline", &value(baseline));
        }
    }
    text
}

fn value(setting: &Setting) -> String {
    match setting {
        Setting::Number(value) => toml_number(*value),
        Setting::Whole(value) => value.to_string(),
        Setting::Switch(on) => on.to_string(),
        Setting::Word(word) => quoted(word),
    }
}
