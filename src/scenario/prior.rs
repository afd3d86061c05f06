//! Priors of numbers, as calibrations and recovery analyses state them.

use crate::scenario::diagnostic::{Code, Diagnostic};
use crate::scenario::reader::{OpenTable, ScenarioReader, listed};
use crate::scenario::schema::{KeySpec, Variant};
use crate::scenario::tree::toml_number;

/// The prior of one parameter; parameters are independent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Prior {
    /// Uniform between the bounds.
    Uniform {
        /// Lowest value.
        low: f64,
        /// Highest value.
        high: f64,
    },
    /// Uniform in the logarithm between the bounds.
    LogUniform {
        /// Lowest value, above 0.
        low: f64,
        /// Highest value.
        high: f64,
    },
    /// A normal distribution truncated to the bounds.
    TruncatedNormal {
        /// Mean of the parent normal.
        mean: f64,
        /// Standard deviation of the parent normal, above 0.
        sd: f64,
        /// Lowest value.
        low: f64,
        /// Highest value.
        high: f64,
    },
}

impl Prior {
    /// Lowest and highest value.
    pub(crate) fn bounds(&self) -> (f64, f64) {
        match *self {
            Prior::Uniform { low, high }
            | Prior::LogUniform { low, high }
            | Prior::TruncatedNormal { low, high, .. } => (low, high),
        }
    }

    /// Its keys with their values as TOML.
    pub(crate) fn to_toml(self) -> Vec<(&'static str, String)> {
        let word = |word: &str| ("prior", format!("\"{word}\""));
        let number = |key, value| (key, toml_number(value));
        let (low, high) = self.bounds();
        let mut lines = match self {
            Prior::Uniform { .. } => vec![word("uniform")],
            Prior::LogUniform { .. } => vec![word("log_uniform")],
            Prior::TruncatedNormal { mean, sd, .. } => vec![
                word("truncated_normal"),
                number("mean", mean),
                number("sd", sd),
            ],
        };
        lines.extend([number("low", low), number("high", high)]);
        lines
    }
}

/// Every kind of prior.
const PRIORS: &[Variant] = &[
    kind("uniform", &["low", "high"], &["start"]),
    kind("log_uniform", &["low", "high"], &["start"]),
    kind("normal", &["mean", "sd"], &["start"]),
    kind(
        "truncated_normal",
        &["mean", "sd"],
        &["low", "high", "start"],
    ),
];

const fn kind(
    word: &'static str,
    needs: &'static [&'static str],
    takes: &'static [&'static str],
) -> Variant {
    let doc = "";
    Variant {
        word,
        doc,
        needs,
        takes,
    }
}

/// Largest number of a prior.
pub(crate) const FAR: f64 = 1e6;
const LEAST_SD: f64 = 1e-9;

/// The keys that state a prior.
pub(crate) fn prior_keys() -> Vec<KeySpec> {
    let far = |key, doc| KeySpec::number(key, -FAR, FAR, doc);
    vec![
        KeySpec::word(
            "prior",
            PRIORS.iter().map(|kind| kind.word),
            "What is held of the value before the targets are looked at",
        ),
        far("low", "Lowest value"),
        far("high", "Highest value"),
        far("mean", "Mean of a normal before it is cut"),
        KeySpec::number(
            "sd",
            LEAST_SD,
            FAR,
            "Standard deviation of a normal before it is cut",
        ),
    ]
}

/// Reads `prior` and its numbers within the range of the key that has it.
pub(crate) fn read_prior(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    range: Option<(f64, f64)>,
) -> Option<Prior> {
    let word = reader.word(table, "prior");
    let kind = PRIORS.iter().find(|kind| Some(kind.word) == word)?;
    for key in &table.spec.keys {
        let key = key.key;
        let is_number = PRIORS.iter().any(|kind| kind.uses(key));
        let idle = is_number && !kind.uses(key);
        if let Some(entry) = table.entry(key).filter(|_| idle) {
            let users = PRIORS.iter().filter(|other| other.uses(key));
            let users: Vec<&str> = users.map(|other| other.word).collect();
            let message = format!("a {} prior has no `{key}`", kind.word);
            let error = Diagnostic::new(Code::KeyNotForDesign, entry.key_at, message);
            let hint = format!("`{key}` is a key of {}", listed(&users));
            reader.report(error.label("does nothing").hint(hint));
        }
    }
    reader.need(table, kind.needs);
    let (least, most) = range.unwrap_or((f64::MIN, f64::MAX));
    let mut bound = |key: &str, default: f64| match table.node(key) {
        Some(node) if kind.uses(key) => reader.number_in(node, key, least, most),
        _ => Some(default),
    };
    let (low, high) = (bound("low", least), bound("high", most));
    let (mean, sd) = (reader.number(table, "mean"), reader.number(table, "sd"));
    let (low, high) = (low?, high?);
    let rises = low < high;
    if !rises {
        let message = format!("`low` is {low} and `high` {high}: no value lies between them");
        reader.report(
            Diagnostic::new(Code::BadRange, table.at("high"), message).label("not above `low`"),
        );
        return None;
    }
    match kind.word {
        "uniform" if kind.needs.iter().all(|key| table.node(key).is_some()) => {
            Some(Prior::Uniform { low, high })
        }
        "log_uniform" if kind.needs.iter().all(|key| table.node(key).is_some()) => {
            if low > 0.0 {
                return Some(Prior::LogUniform { low, high });
            }
            let message = "a log_uniform prior must begin above 0";
            reader.report(
                Diagnostic::new(Code::BadRange, table.at("low"), message).label("not above 0"),
            );
            None
        }
        "normal" | "truncated_normal" => Some(Prior::TruncatedNormal {
            mean: mean?,
            sd: sd?,
            low,
            high,
        }),
        _ => None,
    }
}

/// A key as a plain name: that of a parameter of the model by itself, any other with its table.
pub(crate) fn plain_name(key: &str) -> String {
    let letters = key.strip_prefix("parameters.").unwrap_or(key).chars();
    letters
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect()
}
