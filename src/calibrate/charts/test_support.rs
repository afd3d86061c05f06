//! Calibrations to draw: as many parameters, particles and targets as wanted.

use crate::math::functions::normal_quantile;
use crate::rng::{Key, StreamKind};
use crate::table::{Field, Schema, Table, Value};
use rand::Rng;

const NAMES: [&str; 12] = [
    "conflict_rate",
    "trust_rate",
    "traits_responsiveness_log_odds",
    "intimacy_rate",
    "mood_gain",
    "expectation_weight",
    "hurt_half_life",
    "break_up_rate",
    "stress_rate",
    "loss_aversion",
    "couple_contact_log_sd",
    "couple_contact_median",
];

fn column(names: &[&str], kind: fn(String) -> Field) -> Vec<Field> {
    names.iter().map(|name| kind((*name).to_owned())).collect()
}

fn real(name: String) -> Field {
    Field::float(name, "", "a number")
}

fn text(name: String) -> Field {
    Field::str(name, "a text")
}

/// The tables `posterior` and `parameters` of `count` parameters; the third goes with the first.
pub(crate) fn posterior(count: usize, particles: usize) -> (Table, Table) {
    let names = &NAMES[..count];
    let mut columns = column(&["weight"], real);
    columns.extend(column(names, real));
    let mut posterior = Table::new(Schema {
        table: "posterior",
        row: "a particle",
        columns,
    });
    let mut rng = Key::new(5, 0, 0, StreamKind::Study).stream(0, 0);
    let mut uniform = || (f64::from(rng.next_u32()) + 0.5) / 4_294_967_296.0;
    for _ in 0..particles {
        let first = normal_quantile(uniform());
        let mut row = vec![Value::Float(uniform() / particles as f64)];
        for k in 0..count {
            let own = normal_quantile(uniform());
            row.push(Value::Float(match k % 3 {
                // Log-uniform and identified, flat, and normal beside the first.
                0 => 10.0_f64.powf(-1.0 + 0.1 * first),
                1 => uniform(),
                _ => 3.0 + 0.3 * (0.8 * first - 0.6 * own),
            }));
        }
        posterior.rows.push(row);
    }
    let mut columns = column(&["parameter", "prior", "verdict"], text);
    let numbers = [
        "prior_from",
        "prior_to",
        "prior_mean",
        "prior_sd",
        "low",
        "median",
        "high",
        "default",
        "contraction",
    ];
    columns.extend(column(&numbers, real));
    let mut parameters = Table::new(Schema {
        table: "parameters",
        row: "a parameter",
        columns,
    });
    let none = f64::NAN;
    for (k, name) in names.iter().enumerate() {
        let (prior, verdict, numbers) = match k % 3 {
            0 => (
                "log-uniform",
                "identified",
                [0.01, 1.0, none, none, 0.064, 0.1, 0.157, 0.12, 0.17],
            ),
            1 => (
                "uniform",
                "not identified",
                [0.0, 1.0, none, none, 0.03, 0.5, 0.97, none, 0.99],
            ),
            _ => (
                "truncated normal",
                "weakly identified",
                [-50.0, 50.0, 3.2, 0.5, 2.4, 3.0, 3.6, 3.2, 0.6],
            ),
        };
        let words = [*name, prior, verdict].map(|word| Value::Str(word.to_owned()));
        let numbers = numbers.map(Value::Float);
        parameters.rows.push(words.into_iter().chain(numbers));
    }
    (posterior, parameters)
}

/// The table `predictive` of `count` targets: some met, some missed, one far away, one without a unit.
pub(crate) fn predictive(count: usize) -> Table {
    let mut columns = column(&["target", "statistic", "within"], text);
    let numbers = [
        "published",
        "error",
        "published_low",
        "published_high",
        "unit",
        "mean",
        "low",
        "high",
    ];
    columns.extend(column(&numbers, real));
    let mut table = Table::new(Schema {
        table: "predictive",
        row: "a target",
        columns,
    });
    let statistics = [
        "correlation of own trust and own intimacy, same questionnaire (observed scores)",
        "partner correlation of trust",
        "mean trust, percent of scale maximum",
        "yearly break-up rate, married couples",
    ];
    let none = f64::NAN;
    for k in 0..count {
        let (within, numbers) = match k % 6 {
            0 => ("yes", [0.75, 0.04, none, none, 0.04, 0.73, 0.66, 0.79]),
            1 => ("yes", [0.70, none, 0.62, 0.79, 0.08, 0.66, 0.58, 0.74]),
            2 => ("no", [78.4, 1.4, none, none, 1.4, 74.1, 71.9, 76.0]),
            3 => ("no", [0.015, none, none, none, 0.002, 0.06, 0.05, 0.07]),
            4 => ("yes", [-0.34, 0.05, none, none, 0.05, -0.36, -0.41, -0.3]),
            _ => ("no", [0.26, none, none, none, none, 0.3, 0.3, 0.3]),
        };
        let id = format!("C{:02}", k + 1);
        let words =
            [id.as_str(), statistics[k % 4], within].map(|word| Value::Str(word.to_owned()));
        table
            .rows
            .push(words.into_iter().chain(numbers.map(Value::Float)));
    }
    table
}

/// The tables `search` and `fit` of so many iterations and targets: some met, one far away, one without a
/// number.
pub(crate) fn search(iterations: usize, count: usize) -> (Table, Table) {
    let whole = Field::int("iteration", "", "a number");
    let mut columns = vec![whole];
    columns.extend(column(&["before", "after"], real));
    columns.extend(column(&["accepted"], text));
    let mut course = Table::new(Schema {
        table: "search",
        row: "an iteration",
        columns,
    });
    for k in 0..iterations {
        let before = 60.0 / (k + 1) as f64 + 8.0;
        let taken = k % 4 != 3;
        course.rows.push([
            Value::Int(k as i64 + 1),
            Value::Float(before),
            Value::Float(if taken { 0.8 * before } else { before }),
            Value::Str(if taken { "yes" } else { "no" }.to_owned()),
        ]);
    }
    let mut columns = column(&["target", "statistic", "within"], text);
    let numbers = [
        "published",
        "published_low",
        "published_high",
        "start",
        "found",
    ];
    columns.extend(column(&numbers, real));
    let mut fit = Table::new(Schema {
        table: "fit",
        row: "a target",
        columns,
    });
    for k in 0..count {
        let (within, numbers) = match k % 4 {
            0 => ("yes", [0.75, 0.7, 0.8, 0.5, 0.73]),
            1 => ("no", [78.4, 77.0, 79.8, 60.0, 70.0]),
            2 => ("yes", [-0.34, -0.4, -0.3, -0.36, -0.36]),
            _ => ("no", [0.015, 0.01, 0.02, f64::NAN, f64::NAN]),
        };
        let words = [
            format!("C{:02}", k + 1),
            "mean trust, percent of scale maximum".to_owned(),
        ];
        let words = words.into_iter().chain([within.to_owned()]).map(Value::Str);
        fit.rows.push(words.chain(numbers.map(Value::Float)));
    }
    (course, fit)
}
