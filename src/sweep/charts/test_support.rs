//! Sweeps to try charts on: smooth answers over small designs, and what can be odd about them.

use crate::table::{Field, Schema, Table, Value};

/// An axis with its values.
#[derive(Clone)]
pub(crate) enum Values {
    Reals(Vec<f64>),
    Words(Vec<&'static str>),
}

impl Values {
    pub(crate) fn even(count: usize) -> Values {
        let last = (count.max(2) - 1) as f64;
        Values::Reals((0..count).map(|i| i as f64 / last).collect())
    }
    fn count(&self) -> usize {
        match self {
            Values::Reals(values) => values.len(),
            Values::Words(words) => words.len(),
        }
    }
    fn cell(&self, level: usize) -> Value {
        match self {
            Values::Reals(values) => Value::Float(values[level]),
            Values::Words(words) => Value::Str(words[level].to_owned()),
        }
    }
}

/// The two tables of a sweep.
#[derive(Clone)]
pub(crate) struct Sweep {
    pub(crate) points: Table,
    pub(crate) summaries: Table,
}

/// What becomes of a point.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Fate {
    Done,
    Failed,
    /// Its summaries are not numbers.
    NoNumber,
    /// It has a mean, and no interval.
    NoInterval,
}

/// An even but irregular number in 0–1 for each place (Weyl's sequence).
pub(crate) fn weyl(place: usize) -> f64 {
    (place as f64 * 0.618_033_988_749_895 + 0.37).fract()
}

pub(crate) fn points_table(axes: &[(&'static str, Values)]) -> Table {
    let mut columns = vec![
        Field::int("point", "", "point"),
        Field::categorical("status", &["done", "failed"], "what became of it"),
    ];
    for (name, values) in axes {
        columns.push(match values {
            Values::Reals(_) => Field::float(*name, "1", *name),
            Values::Words(_) => Field::str(*name, *name),
        });
    }
    Table::new(Schema {
        table: "points",
        row: "a point",
        columns,
    })
}

pub(crate) fn summaries_table() -> Table {
    let mut columns = vec![
        Field::int("point", "", "point"),
        Field::str("observable", "what"),
        Field::int("runs", "", "runs"),
    ];
    columns.extend(["mean", "sd", "ci_low", "ci_high"].map(|n| Field::float(n, "1", n)));
    Table::new(Schema {
        table: "summaries",
        row: "a point and observable",
        columns,
    })
}

/// The full grid over some axes.
pub(crate) fn grid(axes: &[(&'static str, Values)], fate: impl Fn(usize) -> Fate) -> Sweep {
    let counts: Vec<usize> = axes.iter().map(|(_, values)| values.count()).collect();
    let total: usize = counts.iter().product();
    let levels = |mut rest: usize| -> Vec<usize> {
        let mut of = Vec::new();
        for count in &counts {
            of.push(rest % count);
            rest /= count;
        }
        of
    };
    let mut sweep = Sweep {
        points: points_table(axes),
        summaries: summaries_table(),
    };
    for place in 0..total {
        let levels = levels(place);
        let cells = axes
            .iter()
            .zip(&levels)
            .map(|((_, v), level)| v.cell(*level));
        let status = Value::Categorical(u8::from(fate(place) == Fate::Failed));
        let first = [Value::Int(place as i64 + 1), status];
        sweep.points.rows.push(first.into_iter().chain(cells));
        let share = |k: usize| match counts.get(k) {
            Some(count) if *count > 1 => levels[k] as f64 / (count - 1) as f64,
            _ => 0.5,
        };
        summarise(
            &mut sweep.summaries,
            place,
            [0, 1, 2].map(share),
            fate(place),
        );
    }
    sweep
}

fn summarise(table: &mut Table, place: usize, [u, v, w]: [f64; 3], fate: Fate) {
    if fate == Fate::Failed {
        return;
    }
    let noise = 0.02 * (weyl(place) - 0.5);
    let trust = 0.35 + 0.45 * u * (1.2 - 0.6 * v) - 0.15 * (v - 0.4) * (v - 0.4) + 0.1 * w + noise;
    let forces = [
        0.1 + 2.0 * u * v,
        0.1 + 1.5 * u * (1.0 - v),
        0.1 + 1.2 * (1.0 - u) * v,
        0.15 + 1.4 * (1.0 - u) * (1.0 - v) + 0.3 * w,
    ];
    let sum: f64 = forces.iter().sum();
    let mut rows = vec![
        ("mean trust", trust, 0.004 + 0.06 * u * v),
        (
            "share intact",
            0.9 - 0.5 * (1.0 - u) * (1.0 - v) + noise,
            0.03,
        ),
        (
            "mean days_to_break_up",
            400.0 + 3000.0 * u * (1.0 + w),
            90.0,
        ),
    ];
    let regimes = [
        "mean secure_balance",
        "mean complacency",
        "mean codependency",
        "mean disengagement",
    ];
    let shares = regimes.into_iter().zip(forces);
    rows.extend(shares.map(|(name, force)| (name, force / sum, 0.03)));
    for (observable, mean, half) in rows {
        let (mean, half) = match fate {
            Fate::NoNumber => (f64::NAN, f64::NAN),
            Fate::NoInterval => (mean, f64::NAN),
            _ => (mean, half),
        };
        let reals = [mean, 4.0 * half, mean - half, mean + half].map(Value::Float);
        let first = [
            Value::Int(place as i64 + 1),
            Value::Str(observable.to_owned()),
            Value::Int(20),
        ];
        table.rows.push(first.into_iter().chain(reals));
    }
}

/// A space-filling design over some axes, each on its range.
pub(crate) fn filling(count: usize, axes: &[(&'static str, f64, f64)]) -> Table {
    let none: Vec<(&'static str, Values)> = axes
        .iter()
        .map(|(name, _, _)| (*name, Values::Reals(Vec::new())))
        .collect();
    let mut table = points_table(&none);
    for point in 0..count {
        let at = |k: usize| (0.5 + point as f64 * (0.569_840_290_998 + 0.103 * k as f64)).fract();
        let first = [Value::Int(point as i64 + 1), Value::Categorical(0)];
        let cells = axes
            .iter()
            .enumerate()
            .map(|(k, (_, low, high))| Value::Float(low + (high - low) * at(k)));
        table.rows.push(first.into_iter().chain(cells));
    }
    table
}

/// Names of axes, as a scenario's paths may be.
pub(crate) const NAMES: [&str; 12] = [
    "responsiveness",
    "consistency",
    "attachment anxiety of the first partner at the beginning",
    "attachment avoidance of the second partner at the beginning",
    "stress.rate",
    "stress.spillover_from_work_into_the_couple's_evenings",
    "repair effort",
    "patience",
    "conflict.escalation",
    "theta",
    "parameters.trust.rate_of_growth_after_a_responsive_episode",
    "security",
];
pub(crate) const OPEN_VERDICT: &str = "not resolved at this N, try 2^12";

/// A table of texts and reals.
pub(crate) fn findings(
    table: &'static str,
    texts: &[&'static str],
    reals: &[&'static str],
    rows: &[(Vec<String>, Vec<f64>)],
) -> Table {
    let mut columns: Vec<Field> = texts.iter().map(|name| Field::str(*name, *name)).collect();
    columns.extend(reals.iter().map(|name| Field::float(*name, "1", *name)));
    let mut made = Table::new(Schema {
        table,
        row: "a finding",
        columns,
    });
    for (texts, reals) in rows {
        let texts = texts.iter().cloned().map(Value::Str);
        made.rows
            .push(texts.chain(reals.iter().copied().map(Value::Float)));
    }
    made
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

pub(crate) fn sobol(axes: usize, second: bool, worth: f64) -> Table {
    let observable = "share intact";
    let mut rows = Vec::new();
    for (k, name) in NAMES.iter().enumerate().take(axes) {
        let total = worth * 0.6 / (1.0 + 1.7 * k as f64);
        for (index, value) in [("first", 0.7 * total), ("total", total)] {
            let half = 0.03 + 0.02 * weyl(k);
            let verdict = if value < 0.05 {
                OPEN_VERDICT
            } else {
                "resolved"
            };
            rows.push((
                owned(&[observable, index, name, "", verdict]),
                vec![value, value - half, value + half],
            ));
        }
    }
    for (a, b) in (0..axes).flat_map(|a| (a + 1..axes).map(move |b| (a, b))) {
        if second {
            let value = worth * 0.12 / (1 + a + b) as f64 - 0.004;
            let verdict = if value < 0.02 {
                OPEN_VERDICT
            } else {
                "resolved"
            };
            rows.push((
                owned(&[observable, "second", NAMES[b], NAMES[a], verdict]),
                vec![value, value - 0.03, value + 0.03],
            ));
        }
    }
    let texts = ["observable", "index", "axis", "axis_2", "verdict"];
    findings("sobol", &texts, &["value", "ci_low", "ci_high"], &rows)
}

pub(crate) fn morris(axes: usize, worth: f64) -> Table {
    let mut rows = Vec::new();
    for (k, name) in NAMES.iter().enumerate().take(axes) {
        let size = worth * (0.5 / (1.0 + 0.8 * k as f64));
        let sigma = size * (0.05 + 1.3 * weyl(k));
        let verdict = if k % 4 == 3 { OPEN_VERDICT } else { "resolved" };
        rows.push((
            owned(&["mean trust", name, verdict]),
            vec![-0.8 * size, size, 0.8 * size, 1.15 * size, sigma],
        ));
    }
    let reals = ["mu", "mu_star", "mu_star_low", "mu_star_high", "sigma"];
    findings("morris", &["observable", "axis", "verdict"], &reals, &rows)
}

pub(crate) fn effects(axes: usize, baseline: bool) -> Table {
    let mut rows = Vec::new();
    if baseline {
        rows.push((
            owned(&["mean trust", "baseline", ""]),
            vec![0.55, 0.53, 0.57],
        ));
    }
    for (k, name) in NAMES.iter().enumerate().take(axes) {
        let levels: &[&str] = match k % 3 {
            0 => &["0.1", "0.5", "0.9"],
            1 => &["off", "on"],
            _ => &["10", "2"],
        };
        for (l, level) in levels.iter().enumerate() {
            let side = l as f64 / (levels.len() - 1) as f64 - 0.5;
            let mean = 0.55 + 0.3 * side / (1.0 + k as f64) + 0.01 * weyl(k);
            rows.push((
                owned(&["mean trust", name, level]),
                vec![mean, mean - 0.015, mean + 0.015],
            ));
        }
    }
    let texts = ["observable", "axis", "level"];
    findings("effects", &texts, &["mean", "ci_low", "ci_high"], &rows)
}

pub(crate) fn regression(axes: usize) -> Table {
    let mut rows = Vec::new();
    for (k, name) in NAMES.iter().enumerate().take(axes) {
        let sign = if k % 2 == 0 { 1.0 } else { -1.0 };
        let src = sign * 0.7 / (1.0 + k as f64);
        let prcc = (1.2 * src).clamp(-1.0, 1.0);
        rows.push((
            owned(&["mean trust", name]),
            vec![src, src - 0.08, src + 0.08, prcc, prcc - 0.06, prcc + 0.06],
        ));
    }
    let reals = [
        "src",
        "src_low",
        "src_high",
        "prcc",
        "prcc_low",
        "prcc_high",
    ];
    findings("regression", &["observable", "axis"], &reals, &rows)
}

pub(crate) fn contrasts(count: usize) -> Table {
    let mut rows = Vec::new();
    for k in 0..count {
        let difference = 0.2 * (weyl(k) - 0.4);
        let verdict = if difference.abs() > 0.03 {
            "resolved"
        } else {
            "not resolved"
        };
        let observable = ["mean trust", "share intact"][k % 2];
        let label = format!("{} against {}", NAMES[k % 12], NAMES[(k + 5) % 12]);
        rows.push((
            owned(&[observable, &label, verdict]),
            vec![difference, difference - 0.03, difference + 0.03],
        ));
    }
    let texts = ["observable", "label", "verdict"];
    findings(
        "contrasts",
        &texts,
        &["difference", "ci_low", "ci_high"],
        &rows,
    )
}
