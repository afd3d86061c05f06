//! Validations to try charts on: published numbers of all kinds, and what simulated studies found.

use crate::table::{Field, Schema, Table, Value};

pub(crate) const TIERS: &[&str] = &["calibration", "validation", "pattern"];
pub(crate) const VERDICTS: &[&str] = &["reproduced", "undecided", "not_reproduced"];
const GONE: f64 = f64::NAN;

/// A published number and its finding, as a row of a table holds them.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) id: &'static str,
    pub(crate) part: &'static str,
    pub(crate) tier: u8,
    pub(crate) area: &'static str,
    pub(crate) statistic: &'static str,
    /// Value and the ends of its interval.
    pub(crate) published: [f64; 3],
    /// Value, the ends of its interval, and the standard deviation over studies.
    pub(crate) simulated: [f64; 4],
    pub(crate) verdict: u8,
}

/// A number whose interval lies around a value.
pub(crate) fn around(value: f64, half: f64) -> [f64; 4] {
    [value, value - half, value + half, 10.0 * half]
}

/// A row with an interval, in the first tier.
pub(crate) fn row(id: &'static str, simulated: [f64; 4], verdict: u8) -> Row {
    Row {
        id,
        part: "",
        tier: 0,
        area: "plane",
        statistic: "correlation of own trust and own intimacy",
        published: [0.75, 0.67, 0.81],
        simulated,
        verdict,
    }
}

/// One row of each kind.
pub(crate) fn kinds() -> Vec<Row> {
    let usual = |id| row(id, around(0.7, 0.01), 0);
    vec![
        usual("C01"),
        row("C02", around(0.66, 0.03), 1),
        row("C03", around(0.40, 0.02), 2),
        row("C04", around(3.0, 0.02), 2),
        row("C05", [GONE; 4], 2),
        row("C06", [0.75, GONE, GONE, GONE], 1),
        Row {
            part: "mean",
            area: "diary",
            statistic: "mean trust, percent of scale maximum, of those who answered all of a long questionnaire",
            published: [78.4, 75.0, 81.8],
            simulated: around(71.0, 0.4),
            verdict: 2,
            ..usual("C07")
        },
        Row {
            part: "sd",
            area: "plane",
            statistic: "standard deviation of trust",
            published: [21.0, 18.5, 23.5],
            simulated: around(20.0, 0.4),
            ..usual("C07")
        },
        Row {
            tier: 1,
            area: "dissolution",
            statistic: "share of couples who part within a year",
            published: [GONE, 0.03, GONE],
            simulated: around(0.04, 0.002),
            ..usual("V16")
        },
        Row {
            tier: 1,
            area: "dissolution",
            statistic: "the same of old couples",
            published: [GONE, GONE, 0.01],
            simulated: around(-0.2, 0.002),
            ..usual("V17")
        },
        Row {
            tier: 2,
            area: "trust",
            statistic: "what a deception leaves of the loss after two years",
            published: [GONE, 0.0, GONE],
            simulated: around(0.003, 0.001),
            ..usual("P05")
        },
        Row {
            tier: 2,
            area: "trust",
            statistic: "trust with the standard deviation of daily satisfaction",
            published: [GONE, GONE, 0.0],
            simulated: around(0.2, 0.01),
            verdict: 2,
            ..usual("P03")
        },
        Row {
            tier: 2,
            area: "ratio",
            statistic: "responsive to unresponsive episodes in lasting couples",
            published: [GONE, 3.0, 8.0],
            simulated: around(8.0, 0.3),
            verdict: 1,
            ..usual("P15")
        },
    ]
}

/// As many rows as are asked for, of all kinds.
pub(crate) fn many(count: usize) -> Vec<Row> {
    let parts = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    let kinds = kinds();
    let mut rows: Vec<Row> = (0..count)
        .map(|place| Row {
            part: parts[place / kinds.len() % parts.len()],
            ..kinds[place % kinds.len()].clone()
        })
        .collect();
    rows.sort_by_key(|row| row.tier);
    rows
}

fn real(name: &str) -> Field {
    Field::float(name, "1", "a number")
}

fn text(name: &str) -> Field {
    Field::str(name, "a text")
}

/// The table `targets` of some rows.
pub(crate) fn targets(rows: &[Row]) -> Table {
    let mut columns = vec![
        text("target"),
        text("part"),
        Field::categorical("tier", TIERS, "the tier"),
        text("area"),
        text("statistic"),
    ];
    let numbers = [
        "published",
        "published_low",
        "published_high",
        "simulated",
        "ci_low",
        "ci_high",
        "study_sd",
    ];
    columns.extend(numbers.map(real));
    columns.push(Field::categorical("verdict", VERDICTS, "the verdict"));
    let mut table = Table::new(Schema {
        table: "targets",
        row: "a published number",
        columns,
    });
    for row in rows {
        let words = [
            Value::Str(row.id.to_owned()),
            Value::Str(row.part.to_owned()),
            Value::Categorical(row.tier),
            Value::Str(row.area.to_owned()),
            Value::Str(row.statistic.to_owned()),
        ];
        let numbers = row.published.iter().chain(&row.simulated);
        let numbers = numbers.map(|value| Value::Float(*value));
        table.rows.push(
            words
                .into_iter()
                .chain(numbers)
                .chain([Value::Categorical(row.verdict)]),
        );
    }
    table
}

/// What a mechanism's absence does to a number.
pub(crate) struct Without {
    pub(crate) value: f64,
    pub(crate) verdict: u8,
    pub(crate) shift: f64,
}

/// The table `ablation` of some mechanisms and rows.
pub(crate) fn ablation(
    mechanisms: &[&str],
    rows: &[Row],
    without: impl Fn(usize, usize) -> Without,
) -> Table {
    let mut columns = vec![
        text("mechanism"),
        text("target"),
        text("part"),
        Field::categorical("tier", TIERS, "the tier"),
        text("area"),
        text("statistic"),
    ];
    columns.extend(["with", "without", "shift"].map(real));
    columns.push(Field::categorical("verdict_with", VERDICTS, "the verdict"));
    columns.push(Field::categorical(
        "verdict_without",
        VERDICTS,
        "the verdict",
    ));
    let mut table = Table::new(Schema {
        table: "ablation",
        row: "a mechanism and a published number",
        columns,
    });
    for (number, mechanism) in mechanisms.iter().enumerate() {
        for (place, row) in rows.iter().enumerate() {
            let without = without(number, place);
            table.rows.push([
                Value::Str((*mechanism).to_owned()),
                Value::Str(row.id.to_owned()),
                Value::Str(row.part.to_owned()),
                Value::Categorical(row.tier),
                Value::Str(row.area.to_owned()),
                Value::Str(row.statistic.to_owned()),
                Value::Float(row.simulated[0]),
                Value::Float(without.value),
                Value::Float(without.shift),
                Value::Categorical(row.verdict),
                Value::Categorical(without.verdict),
            ]);
        }
    }
    table
}
