//! Tables to try charts on: a small world of correlated couples, and what can be odd about it.

use crate::rng::{Key, StreamKind};
use crate::table::{Field, Schema, Table, Value};
use rand::Rng;

/// Size and nature of a small world.
#[derive(Clone, Copy)]
pub(crate) struct World {
    pub(crate) couples: usize,
    pub(crate) days: usize,
    /// Days between recorded days.
    pub(crate) every: usize,
    /// Chance of parting on a day.
    pub(crate) hazard: f64,
}

/// The world that most specimens come from.
pub(crate) const USUAL: World = World {
    couples: 300,
    days: 400,
    every: 4,
    hazard: 0.0008,
};

/// A couple's days: trust, intimacy and stress of each partner, until the day of parting.
pub(crate) struct Life {
    days: Vec<[[f64; 3]; 2]>,
    pub(crate) end: Option<usize>,
}

struct Dice(rand_chacha::ChaCha8Rng);

impl Dice {
    fn uniform(&mut self) -> f64 {
        (f64::from(self.0.next_u32()) + 0.5) / 4_294_967_296.0
    }
    fn noise(&mut self) -> f64 {
        (0..4).map(|_| self.uniform() - 0.5).sum::<f64>() * 1.73
    }
}

pub(crate) fn live(world: World) -> Vec<Life> {
    let key = Key::new(7, 0, 0, StreamKind::Study);
    (0..world.couples)
        .map(|i| life(world, Dice(key.stream(i as u64, 0))))
        .collect()
}

fn life(world: World, mut dice: Dice) -> Life {
    let shared = 0.16 * dice.noise();
    let level: [f64; 2] = std::array::from_fn(|_| 0.62 + shared + 0.08 * dice.noise());
    let mut now: [[f64; 3]; 2] =
        level.map(|level| [level - 0.15, level - 0.25 + 0.1 * dice.noise(), 0.2]);
    let mut days = Vec::new();
    let mut end = None;
    for day in 0..=world.days {
        for (person, level) in now.iter_mut().zip(level) {
            let target = [level + 0.05, level - 0.08, 0.25];
            for (k, value) in person.iter_mut().enumerate() {
                let noise = if k == 2 { 0.06 } else { 0.012 } * dice.noise();
                let drop = if day == 120 && k < 2 { 0.12 } else { 0.0 };
                *value = (*value + 0.02 * (target[k] - *value) + noise - drop).clamp(0.0, 1.0);
            }
        }
        days.push(now);
        if dice.uniform() < world.hazard * (3.0 - 3.0 * now[0][0]) {
            end = Some(day);
            break;
        }
    }
    Life { days, end }
}

const ROLES: &[&str] = &["a", "b", "couple"];
const LEVELS: [&str; 9] = [
    "trust",
    "intimacy",
    "stress",
    "uncertainty",
    "felt_security",
    "satisfaction",
    "autonomy",
    "commitment",
    "wellbeing",
];
const SHARES: [&str; 6] = [
    "secure_balance",
    "complacency",
    "codependency",
    "disengagement",
    "together",
    "ended",
];

pub(crate) fn trajectory_schema() -> Schema {
    let mut columns = vec![
        Field::float("day", "d", "day"),
        Field::categorical("role", ROLES, "whose"),
        Field::str("observable", "what"),
        Field::int("n", "1", "couples"),
    ];
    for name in [
        "mean", "sd", "ci_low", "ci_high", "q05", "q25", "q50", "q75", "q95",
    ] {
        columns.push(Field::float(name, "1", name));
    }
    Schema {
        table: "trajectory",
        row: "a day, role and observable",
        columns,
    }
}

fn level(day: [[f64; 3]; 2], who: usize, what: usize) -> f64 {
    let [trust, intimacy, stress] = day[who];
    match what {
        0 => trust,
        1 => intimacy,
        2 => stress,
        3 => 0.6 * (1.0 - trust),
        4 => trust * (0.4 + 0.6 * trust),
        5 => 0.5 * (trust + intimacy) - 0.1 * stress,
        6 => 0.7 - 0.2 * intimacy,
        7 => 0.3 + 0.6 * intimacy,
        _ => 4.0 * (trust - stress) - 1.0,
    }
}

pub(crate) fn trajectory(world: World) -> Table {
    let lives = live(world);
    let mut table = Table::new(trajectory_schema());
    for day in (0..=world.days).step_by(world.every) {
        let present: Vec<[[f64; 3]; 2]> = lives
            .iter()
            .filter_map(|life| life.days.get(day).copied())
            .collect();
        for (what, name) in LEVELS.iter().enumerate() {
            for who in 0..2 {
                let values = present.iter().map(|day| level(*day, who, what)).collect();
                push_summary(&mut table, day, who, name, values);
            }
        }
        for (which, name) in SHARES.iter().enumerate() {
            let values = match which {
                0..=3 => present
                    .iter()
                    .map(|day| f64::from(regime(*day) == which))
                    .collect(),
                _ => lives
                    .iter()
                    .map(|l| f64::from((l.days.len() > day) == (which == 4)))
                    .collect(),
            };
            push_summary(&mut table, day, 2, name, values);
        }
    }
    table
}

fn regime(day: [[f64; 3]; 2]) -> usize {
    let mean = |k: usize| 0.5 * (day[0][k] + day[1][k]);
    match (mean(0) >= 0.6, mean(1) >= 0.55) {
        (true, true) => 0,
        (true, false) => 1,
        (false, true) => 2,
        (false, false) => 3,
    }
}

fn push_summary(table: &mut Table, day: usize, who: usize, name: &str, mut values: Vec<f64>) {
    values.sort_by(f64::total_cmp);
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
    let half = 1.96 * (variance / n).sqrt();
    let quantile = |p: f64| {
        values
            .get((p * (n - 1.0)).round() as usize)
            .copied()
            .unwrap_or(f64::NAN)
    };
    let quantiles = [0.05, 0.25, 0.5, 0.75, 0.95].map(quantile);
    let reals = [mean, variance.sqrt(), mean - half, mean + half]
        .into_iter()
        .chain(quantiles);
    let first = [
        Value::Float(day as f64),
        Value::Categorical(who as u8),
        Value::Str(name.to_owned()),
        Value::Int(values.len() as i64),
    ];
    table
        .rows
        .push(first.into_iter().chain(reals.map(Value::Float)));
}

pub(crate) fn couples(world: World) -> Table {
    let names = [
        "trust_end_a",
        "trust_end_b",
        "intimacy_end_a",
        "intimacy_end_b",
        "end_day",
    ];
    let columns = names.map(|name| Field::float(name, "1", name)).to_vec();
    let mut table = Table::new(Schema {
        table: "couples",
        row: "a couple",
        columns,
    });
    for life in live(world) {
        let [a, b] = life.days[life.days.len() - 1];
        let end = life.end.map_or(f64::NAN, |day| day as f64);
        table
            .rows
            .push([a[0], b[0], a[1], b[1], end].map(Value::Float));
    }
    table
}

pub(crate) fn flow_table() -> Table {
    let mut columns: Vec<Field> = ["trust", "intimacy"]
        .map(|name| Field::float(name, "1", name))
        .to_vec();
    columns.push(Field::int("n", "1", "couple-days"));
    columns.extend(["d_trust", "d_intimacy"].map(|name| Field::float(name, "1", name)));
    Table::new(Schema {
        table: "phase_flow",
        row: "a cell",
        columns,
    })
}

pub(crate) fn flow() -> Table {
    let mut table = flow_table();
    for (i, j) in (0..10).flat_map(|i| (0..10).map(move |j| (i, j))) {
        let (trust, intimacy) = (0.05 + 0.1 * f64::from(i), 0.05 + 0.1 * f64::from(j));
        let n = (60.0 - 220.0 * (trust - intimacy - 0.1).abs()) as i64;
        let pull = [
            0.09 * (0.7 - trust) + 0.05 * (intimacy - 0.5),
            0.08 * (0.6 - intimacy),
        ];
        let cells = [Value::Float(trust), Value::Float(intimacy), Value::Int(n)];
        table
            .rows
            .push(cells.into_iter().chain(pull.map(Value::Float)));
    }
    table
}

pub(crate) fn survival_table() -> Table {
    let mut columns: Vec<Field> = ["day", "at_risk", "ended"]
        .map(|name| Field::int(name, "1", name))
        .to_vec();
    columns.extend(["survival", "ci_low", "ci_high"].map(|name| Field::float(name, "1", name)));
    Table::new(Schema {
        table: "survival",
        row: "a day",
        columns,
    })
}

pub(crate) fn survival(world: World) -> Table {
    let lives = live(world);
    let mut table = survival_table();
    let (mut left, mut share, mut variance) = (lives.len() as i64, 1.0, 0.0);
    for day in 0..=world.days {
        let ended = lives.iter().filter(|life| life.end == Some(day)).count() as i64;
        let risk = left as f64;
        if left > 0 {
            share *= 1.0 - ended as f64 / risk;
            variance += ended as f64 / (risk * (risk - ended as f64)).max(1.0);
        }
        let half = 1.96 * share * f64::sqrt(variance);
        let wholes = [day as i64, left, ended].map(Value::Int);
        let band = [
            share,
            f64::max(share - half, 0.0),
            f64::min(share + half, 1.0),
        ];
        table
            .rows
            .push(wholes.into_iter().chain(band.map(Value::Float)));
        left -= ended;
    }
    table
}

pub(crate) fn sample_couples_table() -> Table {
    let mut columns = vec![
        Field::int("couple_id", "", "couple"),
        Field::categorical("role", &["a", "b"], "partner"),
    ];
    columns
        .extend(["day", "trust", "intimacy", "stress"].map(|name| Field::float(name, "1", name)));
    let counts = [
        "conflict",
        "betrayal",
        "stress_event",
        "responsive",
        "unresponsive",
    ];
    columns.extend(counts.map(|name| Field::int(name, "1", name)));
    Table::new(Schema {
        table: "sample_couples",
        row: "a person-day",
        columns,
    })
}

pub(crate) fn sample_couples(world: World) -> (Table, Vec<(i64, Option<f64>)>) {
    let mut table = sample_couples_table();
    let mut ends = Vec::new();
    let mut dice = Dice(Key::new(8, 0, 0, StreamKind::Study).stream(0, 0));
    for (id, life) in live(world).iter().enumerate() {
        ends.push((id as i64, life.end.map(|day| day as f64)));
        for (day, pair) in life.days.iter().enumerate() {
            let conflict = i64::from(dice.uniform() < 0.06);
            for (role, [trust, intimacy, stress]) in pair.iter().enumerate() {
                let first = [Value::Int(id as i64), Value::Categorical(role as u8)];
                let reals = [day as f64, *trust, *intimacy, *stress].map(Value::Float);
                let betrayal = i64::from(day == 120 && role == 0);
                let strained = i64::from(dice.uniform() < 0.03);
                let wholes = [conflict, betrayal, strained, 3, 1].map(Value::Int);
                table
                    .rows
                    .push(first.into_iter().chain(reals).chain(wholes));
            }
        }
    }
    (table, ends)
}

/// The same table with every real number but the days missing.
pub(crate) fn without_numbers(mut table: Table) -> Table {
    use crate::table::Values;
    for (column, values) in table.schema.columns.iter().zip(&mut table.rows.columns) {
        if let (Values::Float(values), true) = (values, column.name != "day") {
            values.fill(f64::NAN);
        }
    }
    table
}
