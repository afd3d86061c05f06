//! The keys of `[measurement]`, and of its tables of scales.

use crate::scenario::catalogue::{KeySpec, Kind, MOST_DAYS, TableSpec, toml_number};
use crate::simulation::{SCALES, ScaleInfo, Survey};

/// Most items of a scale: as many as have errors of their own.
const MOST_ITEMS: i64 = 100;
/// Most steps of an item: those of a slider.
const MOST_POINTS: i64 = 101;
/// Lowest reliability: below, scores say next to nothing.
const LEAST_RELIABLE: f64 = 0.05;

/// The tables of scales, each with what it says of a scale.
pub(crate) const TABLES: [(&str, &str); 3] = [
    ("items", "Items whose mean is the score"),
    (
        "reliability",
        "Share of the scores' variance that is not error, where states have the standard deviation `sd`",
    ),
    (
        "sd",
        "Standard deviation of the states at which the scale has its reliability, as a share of its length",
    ),
];

/// The name of a table of scales in full.
pub(crate) fn full_name(table: &str) -> &'static str {
    match table {
        "items" => "measurement.items",
        "reliability" => "measurement.reliability",
        _ => "measurement.sd",
    }
}

/// What one scale's entry takes.
fn kind(table: &str) -> Kind {
    match table {
        "items" => Kind::Whole {
            low: 1,
            high: MOST_ITEMS,
        },
        "reliability" => Kind::Number {
            low: LEAST_RELIABLE,
            high: 1.0,
        },
        _ => Kind::Number {
            low: 0.005,
            high: 0.5,
        },
    }
}

/// The default of one scale's entry.
pub(crate) fn default(table: &str, scale: &ScaleInfo) -> String {
    match table {
        "items" => scale.items.to_string(),
        "reliability" => toml_number(scale.reliability),
        _ => toml_number(scale.sd),
    }
}

/// `[measurement]`.
pub(crate) fn section() -> TableSpec {
    let usual = Survey::default_for(365);
    let share = |key, default: f64, meaning| {
        let kind = Kind::Number {
            low: 0.0,
            high: 1.0,
        };
        KeySpec::new(key, kind, toml_number(default), "1", meaning)
    };
    let whole = |key, low, high, default: &'static str, unit, meaning| {
        KeySpec::new(key, Kind::Whole { low, high }, default, unit, meaning)
    };
    let mut fields = vec![
        KeySpec::new(
            "waves",
            Kind::Wholes {
                low: 1,
                high: MOST_DAYS,
            },
            "",
            "days",
            "Days on which the questionnaire is given; by default the last day, and [] for none",
        ),
        whole(
            "diary_from",
            1,
            MOST_DAYS,
            "",
            "days",
            "First day of the diary; by default such that it ends with the run",
        ),
        whole(
            "diary_days",
            0,
            MOST_DAYS,
            "",
            "days",
            "Days of the diary, 0 for none; by default 14, or as many as the run has",
        ),
        whole(
            "points",
            0,
            MOST_POINTS,
            "7",
            "",
            "Steps of an item: scores go from 1 to this; 0 for answers without steps from 1 to 7",
        ),
    ];
    let style = Kind::Number {
        low: 0.0,
        high: 0.5,
    };
    fields.push(KeySpec::new(
        "style",
        style,
        toml_number(usual.style),
        "1",
        "Standard deviation of response style, which a person has in all scales, as a share of their \
         length",
    ));
    fields.extend([
        share(
            "missing",
            usual.missing,
            "Probability that a person misses a day of the diary",
        ),
        share(
            "conflict_reported",
            usual.conflict_reported,
            "Probability that a day's conflict is reported",
        ),
        share(
            "unresponsive_as_conflict",
            usual.unresponsive_as_conflict,
            "Probability that unresponsive episodes of a day are reported as conflict",
        ),
        share(
            "conflict_false_alarm",
            usual.conflict_false_alarm,
            "Probability that conflict is reported of a day without any",
        ),
    ]);
    let own = |(key, meaning)| {
        let kind = match key {
            "items" => "a whole number for all scales, or a table of scales",
            _ => "a number for all scales, or a table of scales",
        };
        KeySpec::new(key, Kind::Own(kind), "", "", meaning)
    };
    fields.extend(TABLES.map(own));
    TableSpec {
        name: "measurement",
        meaning: "What a study asks couples, and sees through scales with errors",
        fields,
    }
}

/// The tables of scales.
pub(crate) fn tables() -> [TableSpec; 3] {
    TABLES.map(|(table, meaning)| {
        let field = |scale: &ScaleInfo| {
            KeySpec::new(
                scale.key,
                kind(table),
                default(table, scale),
                "",
                scale.meaning,
            )
        };
        TableSpec {
            name: full_name(table),
            meaning,
            fields: SCALES.iter().map(field).collect(),
        }
    })
}
