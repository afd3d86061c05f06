//! Published numbers that the model is held against (`validation/targets.csv`).

use super::measures::{Measure, measure};
use crate::analysis::interval::Interval;
use std::error::Error;
use std::fmt;

/// The table that comes with the program.
pub(super) const SHIPPED: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/validation/targets.csv"
));

/// What a target is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Parameters are fitted to it.
    Calibration,
    /// Nothing is fitted to it: a number.
    Validation,
    /// Nothing is fitted to it: a sign or an order.
    Pattern,
}

impl Tier {
    /// Words of tables, in the order of the tiers.
    pub const WORDS: &'static [&'static str] = &["calibration", "validation", "pattern"];
    /// All of them.
    pub const ALL: [Tier; 3] = [Tier::Calibration, Tier::Validation, Tier::Pattern];

    /// Its word.
    pub fn word(self) -> &'static str {
        Tier::WORDS[self as usize]
    }

    fn read(text: &str) -> Option<Tier> {
        match text {
            "C" => Some(Tier::Calibration),
            "V" => Some(Tier::Validation),
            "P" => Some(Tier::Pattern),
            _ => None,
        }
    }
}

/// How far a target is from what was chosen in making the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Something was set by it.
    Fitted,
    /// The model, or how the study is repeated, was changed when its verdict had been seen, with it in view.
    Seen,
    /// Nothing was chosen by it.
    Blind,
}

impl Standing {
    /// Words of tables, in their order.
    pub const WORDS: &'static [&'static str] = &["fitted", "seen", "blind"];
    const ALL: [Standing; 3] = [Standing::Fitted, Standing::Seen, Standing::Blind];

    /// Its word.
    pub fn word(self) -> &'static str {
        Standing::WORDS[self as usize]
    }

    fn read(text: &str) -> Option<Standing> {
        let mut all = Standing::ALL.into_iter();
        all.find(|standing| standing.word() == text)
    }
}

/// One published number.
#[derive(Clone)]
pub struct Target {
    /// Name of the target; its parts share it.
    pub id: String,
    /// Which part of it; empty where there is one.
    pub part: String,
    /// What it is for.
    pub tier: Tier,
    /// How far it is from what was chosen.
    pub standing: Standing,
    /// What it is about, in a word.
    pub area: String,
    /// The statistic in words.
    pub statistic: String,
    /// Name of what computes it.
    pub measure: String,
    pub(super) how: Measure,
    /// The published value; NaN where only a sign or an order is known.
    pub value: f64,
    /// Its 95 % interval; infinite where it has no end.
    pub interval: Interval,
    /// Couples of a study.
    pub couples: u64,
    /// The design.
    pub design: String,
    /// Where it was published.
    pub source: String,
    /// How it is known.
    pub how_known: String,
}

/// Why a table of targets cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetFault {
    /// A line is not a row of the table.
    Row {
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        reason: String,
    },
    /// No target has this name.
    Unknown {
        /// What was asked for.
        asked: String,
    },
}

impl fmt::Display for TargetFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TargetFault::Row { line, reason } => write!(f, "targets.csv:{line}: {reason}"),
            TargetFault::Unknown { asked } => write!(
                f,
                "there is no target `{asked}`: name one of `validation/targets.csv`, such as C01, or a tier, C, V or P"
            ),
        }
    }
}

impl Error for TargetFault {}

impl Target {
    /// The target's name with its part.
    pub fn name(&self) -> String {
        if self.part.is_empty() {
            self.id.clone()
        } else {
            format!("{} {}", self.id, self.part)
        }
    }
}

/// The targets that come with the program, or those of them that are asked for, by names or tiers.
///
/// # Errors
/// [`TargetFault::Unknown`] for a name that no target has.
pub fn shipped(asked: &[String]) -> Result<Vec<Target>, TargetFault> {
    chosen(SHIPPED, asked)
}

/// The targets of a table, or those of them that are asked for.
///
/// # Errors
/// Those of [`read`], and [`TargetFault::Unknown`] for a name that no target has.
pub(super) fn chosen(text: &str, asked: &[String]) -> Result<Vec<Target>, TargetFault> {
    let all = read(text)?;
    if asked.is_empty() {
        return Ok(all);
    }
    let meant = |target: &Target, word: &str| {
        target.id.eq_ignore_ascii_case(word)
            || Tier::read(&word.to_ascii_uppercase()) == Some(target.tier)
    };
    for word in asked {
        if !all.iter().any(|target| meant(target, word)) {
            let asked = word.clone();
            return Err(TargetFault::Unknown { asked });
        }
    }
    let wanted = |target: &Target| asked.iter().any(|word| meant(target, word));
    Ok(all.into_iter().filter(wanted).collect())
}

/// Reads a table of targets.
///
/// # Errors
/// [`TargetFault::Row`] for the first line that is no target.
pub(super) fn read(text: &str) -> Result<Vec<Target>, TargetFault> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut targets = Vec::new();
    for (row, record) in reader.records().enumerate() {
        let line = row as u64 + 2;
        let fault = |reason: String| TargetFault::Row { line, reason };
        let record = record.map_err(|error| fault(error.to_string()))?;
        targets.push(target(&record).map_err(fault)?);
    }
    Ok(targets)
}

fn target(record: &csv::StringRecord) -> Result<Target, String> {
    let cell = |at: usize| record.get(at).unwrap_or("").trim();
    let number = |at: usize, absent: f64| match cell(at) {
        "" => Ok(absent),
        text => text
            .parse::<f64>()
            .map_err(|_| format!("`{text}` is no number")),
    };
    let tier = Tier::read(cell(2)).ok_or_else(|| format!("`{}` is no tier", cell(2)))?;
    let standing =
        Standing::read(cell(13)).ok_or_else(|| format!("`{}` is no standing", cell(13)))?;
    let how = measure(cell(5)).ok_or_else(|| format!("there is no measure `{}`", cell(5)))?;
    let value = number(6, f64::NAN)?;
    let interval = Interval {
        low: number(7, f64::NEG_INFINITY)?,
        high: number(8, f64::INFINITY)?,
    };
    let between = value.is_nan() || interval.contains(value);
    // NaN is in no order, and is refused.
    let ordered = interval.low.partial_cmp(&interval.high) == Some(std::cmp::Ordering::Less);
    if !ordered || !between {
        return Err("the interval holds no value, or not the published one".to_owned());
    }
    let couples = cell(9);
    let couples = couples
        .parse()
        .map_err(|_| format!("`{couples}` is no number of couples"))?;
    Ok(Target {
        id: cell(0).to_owned(),
        part: cell(1).to_owned(),
        tier,
        standing,
        area: cell(3).to_owned(),
        statistic: cell(4).to_owned(),
        measure: cell(5).to_owned(),
        how,
        value,
        interval,
        couples,
        design: cell(10).to_owned(),
        source: cell(11).to_owned(),
        how_known: cell(12).to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::validate::measures::MEASURES;

    #[test]
    fn all_that_is_calibrated_is_fitted_and_patterns_are_not() {
        let targets = shipped(&[]).expect("the shipped table");
        for target in targets {
            let fitted = target.standing == Standing::Fitted;
            match target.tier {
                Tier::Calibration => assert!(fitted, "{}", target.id),
                Tier::Pattern => assert!(!fitted, "{}", target.id),
                Tier::Validation => {}
            }
        }
    }

    #[test]
    fn every_measure_is_named_by_a_target() {
        let targets = shipped(&[]).expect("the shipped table");
        for (name, _) in MEASURES {
            assert!(targets.iter().any(|t| t.measure == *name), "{name}");
        }
    }

    #[test]
    fn targets_are_asked_for_by_name_or_tier() {
        let names = |asked: &[&str]| -> Vec<String> {
            let asked: Vec<String> = asked.iter().map(|word| (*word).to_owned()).collect();
            let found = shipped(&asked).expect("names of targets");
            found.iter().map(Target::name).collect()
        };
        assert_eq!(names(&["c06"]), ["C06 mean", "C06 sd"]);
        assert!(names(&["P"]).iter().all(|name| name.starts_with('P')));
        let refused = shipped(&["C99".to_owned()]).map(|found| found.len());
        assert!(matches!(refused, Err(TargetFault::Unknown { .. })));
    }

    #[test]
    fn a_row_that_is_no_target_is_refused_with_its_line() {
        let row = |change: &dyn Fn(&str) -> String| {
            let mut lines = SHIPPED.lines();
            let (head, first) = (lines.next().expect("a head"), lines.next().expect("a row"));
            read(&format!("{head}\n{first}\n{}\n", change(first))).map(|found| found.len())
        };
        assert_eq!(row(&str::to_owned), Ok(2));
        for (old, new) in [
            (",C,", ",D,"),
            ("0.67", "0.97"),
            ("trust_with", "trusty"),
            ("118", ""),
            (",fitted", ",fit"),
        ] {
            let found = row(&|first| first.replace(old, new));
            assert!(
                matches!(found, Err(TargetFault::Row { line: 3, .. })),
                "{old}: {found:?}"
            );
        }
    }
}
