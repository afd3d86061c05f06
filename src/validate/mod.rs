//! Validation: published numbers held against simulated studies of the same design and size.
//!
//! The targets are in `validation/targets.csv`, the populations in the same folder. Only what a
//! questionnaire or a diary would have shown is compared, never a state.

pub(crate) mod charts;
pub(crate) mod cohort_days;
pub(crate) mod cohort_waves;
pub(crate) mod compare;
pub(crate) mod cross_section;
pub(crate) mod daily;
pub(crate) mod dissolution;
pub(crate) mod experiments;
pub(crate) mod families;
pub(crate) mod laboratory;
pub(crate) mod longitudinal;
#[cfg(test)]
mod page_tests;
pub(crate) mod panel_study;
pub(crate) mod population;
pub(crate) mod results;
pub(crate) mod samples;
pub(crate) mod target_table;
pub(crate) mod targets;

use crate::chart::figure_list::FailedChart;
use crate::error::Error;
use crate::model::parameters::MECHANISMS;
use crate::options::{Execution, SaveOptions};
use crate::results::{Folder, Leftover, ResultsKind, refuse_inputs};
use crate::stats::interval::Interval;
use crate::validate::compare::{Ablation, Reproduction, TargetComparison, blind_tally, tally};
use crate::validate::results::{read_verdicts, verdict_differences, write_results};
use crate::validate::targets::Tier;
#[cfg(test)]
pub(crate) use compare::SimulatedFinding;
pub(crate) use compare::{ablate, compare};
pub(crate) use laboratory::{Laboratory, LaboratoryKey, POPULATIONS};
pub(crate) use results::{Validation, schemas};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
#[cfg(test)]
pub(crate) use target_table::shipped;
pub(crate) use target_table::{TargetTable, measures};
pub(crate) use targets::Target;

/// Couples of each cohort unless another number is given.
pub(crate) const DEFAULT_COUPLES: u64 = 20_000;
/// Seed unless another is given.
pub(crate) const DEFAULT_SEED: u64 = 1;

/// A validation.
#[derive(Clone, Debug)]
pub(crate) struct ValidateRequest {
    /// The table of targets; the program's if `None`.
    pub(crate) table: Option<PathBuf>,
    /// Names or tiers of the targets; all where there are none.
    pub(crate) targets: Vec<String>,
    /// The laboratory.
    pub(crate) lab: Laboratory,
    /// The laboratory's overrides as they were given, for the manifest.
    pub(crate) overrides: Vec<String>,
    /// Whether the studies are repeated without each mechanism.
    pub(crate) ablation: bool,
    /// Folder of the results, if they are written.
    pub(crate) out: Option<PathBuf>,
    /// How they are written.
    pub(crate) save: SaveOptions,
    /// An earlier table `targets.csv` whose verdicts are to be the same.
    pub(crate) against: Option<PathBuf>,
}

impl ValidateRequest {
    /// The kind of its results.
    fn kind(&self) -> ResultsKind {
        ResultsKind::Validation {
            couples: self.lab.couples,
            ablation: self.ablation,
            targets: self.targets.clone(),
            own_table: self.table.is_some(),
        }
    }
}

/// Repeats the published studies and writes the results where a folder is given.
///
/// # Errors
/// [`Error::Target`] for a target that does not exist or an earlier table that is invalid,
/// [`Error::Scenario`] for a table of targets that is invalid and for overrides that no population takes,
/// [`Error::Unreadable`], [`Error::Threads`], [`Error::Output`].
pub(crate) fn validate(
    request: &ValidateRequest,
    execution: Execution<'_>,
) -> Result<ValidationReport, Error> {
    let table = match &request.table {
        Some(file) => TargetTable::from_file(file)?,
        None => TargetTable::shipped(),
    };
    if let Some(out) = &request.out {
        refuse_inputs(out, request.against.iter().chain(&request.table))?;
        refuse_inputs(out, table.population_files())?;
    }
    validate_by(&table, request, execution)
}

/// Repeats the studies of the requested targets of a table.
fn validate_by(
    table: &TargetTable,
    request: &ValidateRequest,
    mut execution: Execution<'_>,
) -> Result<ValidationReport, Error> {
    let targets = table.named(&request.targets)?;
    let folder = match &request.out {
        Some(out) => Some(Folder::create(out, &request.kind(), request.save.replace)?),
        None => None,
    };
    let kept = request.against.as_deref().map(read_verdicts).transpose()?;
    let (held, ablations) = execution.run(0, |control| {
        let lab = &Laboratory {
            control: Arc::new(control.clone()),
            ..request.lab.clone()
        };
        let repetitions = match request.ablation {
            true => 1 + MECHANISMS.len(),
            false => 1,
        };
        let comparisons = repetitions * targets.len();
        control.progress.set_parts(0, comparisons as u64);
        let held = compare(lab, &targets)?;
        let ablations = match request.ablation {
            true => ablate(lab, &targets)?,
            false => Vec::new(),
        };
        control.cancel.check()?;
        Ok((held, ablations))
    })?;
    let differences = kept.map_or(Vec::new(), |kept| verdict_differences(&kept, &held));
    let mut report = ValidationReport {
        comparisons: held,
        ablations,
        differences,
        leftover: None,
        failed_charts: Vec::new(),
    };
    if let Some(folder) = folder {
        (report.leftover, report.failed_charts) =
            write_results(table, request, &report, folder, &execution.cancel)?;
    }
    Ok(report)
}

/// The result of a validation.
#[derive(Clone)]
pub(crate) struct ValidationReport {
    /// The targets with all mechanisms on.
    pub(crate) comparisons: Vec<TargetComparison>,
    /// The targets without each mechanism, if requested.
    pub(crate) ablations: Vec<Ablation>,
    /// Differences from the verdicts of an earlier table.
    pub(crate) differences: Vec<String>,
    /// What could not be removed after the results were in place.
    pub(crate) leftover: Option<Leftover>,
    /// Charts that could not be drawn or written; the results are without them.
    pub(crate) failed_charts: Vec<FailedChart>,
}

/// The published numbers that are part of the program.
pub(crate) fn published_targets() -> Vec<Target> {
    TargetTable::shipped().targets
}

/// Numbers as the table prints them: three digits after the point, one if they are large.
fn number(value: f64) -> String {
    if value.is_nan() {
        "–".to_owned()
    } else if value.abs() >= 9.9995 {
        format!("{value:.1}")
    } else {
        format!("{value:.3}")
    }
}

/// An interval; as an inequality if it has only one end.
fn interval(interval: Interval) -> String {
    let Interval { low, high } = interval;
    if high == f64::INFINITY {
        format!("> {}", number(low))
    } else if low == f64::NEG_INFINITY {
        format!("< {}", number(high))
    } else {
        format!("[{}, {}]", number(low), number(high))
    }
}

/// Whether the simulated studies have a value with an interval: without a single event they have none.
fn is_estimable(one: &TargetComparison) -> bool {
    !one.finding.interval.low.is_nan()
}

fn mark(one: &TargetComparison) -> &'static str {
    match one.verdict {
        _ if !is_estimable(one) => "not estimable",
        Reproduction::Reproduced => "reproduced",
        Reproduction::SignOnly => "sign only",
        Reproduction::Undecided => "undecided",
        Reproduction::NotReproduced => "NOT reproduced",
    }
}

/// Writes a row for each target, in columns with a header.
fn write_comparisons(f: &mut fmt::Formatter<'_>, those: &[&TargetComparison]) -> fmt::Result {
    let with_interval = |value: f64, ends: Interval| match value.is_nan() {
        true if ends.low.is_nan() => "–".to_owned(),
        true => interval(ends),
        false => format!("{} {}", number(value), interval(ends)),
    };
    let header = ["target", "published", "simulated", "verdict", "statistic"].map(str::to_owned);
    let mut rows = vec![header];
    rows.extend(those.iter().map(|one| {
        [
            one.target.name(),
            with_interval(one.target.value, one.target.interval),
            with_interval(one.finding.value, one.finding.interval),
            mark(one).to_owned(),
            one.target.statistic.clone(),
        ]
    }));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths = [0, 1, 2, 3].map(|column| width(column).unwrap_or(0));
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            line.push_str(&format!("  {cell:width$}"));
        }
        writeln!(f, "{line}  {}", row[4])?;
    }
    Ok(())
}

impl fmt::Display for ValidationReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for tier in Tier::ALL {
            let those: Vec<&TargetComparison> = self
                .comparisons
                .iter()
                .filter(|h| h.target.tier == tier)
                .collect();
            if those.is_empty() {
                continue;
            }
            // A target of several numbers is as good as its worst one.
            let [reproduced, sign_only, undecided, not] = tally(&self.comparisons, tier);
            let mut ids: Vec<&str> = those.iter().map(|one| one.target.id.as_str()).collect();
            ids.dedup();
            let is_missing = |id: &&&str| {
                let mut own = those.iter().filter(|one| one.target.id == **id);
                own.any(|one| !is_estimable(one))
            };
            let missing = ids.iter().filter(is_missing).count();
            let numbers = those
                .iter()
                .filter(|one| is_estimable(one) && one.verdict == Reproduction::Reproduced)
                .count();
            write!(
                f,
                "{}: {reproduced} of {} targets reproduced",
                tier.word(),
                ids.len()
            )?;
            if sign_only > 0 {
                write!(f, ", {sign_only} by sign only")?;
            }
            write!(f, ", {undecided} undecided, {} not", not - missing)?;
            if missing > 0 {
                write!(f, ", {missing} not estimable with so few couples")?;
            }
            if those.len() > ids.len() {
                write!(f, " ({numbers} of their {} numbers)", those.len())?;
            }
            let counts = blind_tally(&self.comparisons, tier);
            match counts.iter().sum::<usize>() {
                0 => writeln!(f)?,
                blind => writeln!(f, "; of {blind} blind ones {}", counts[0])?,
            }
            write_comparisons(f, &those)?;
        }
        self.carried(f)
    }
}

impl ValidationReport {
    fn carried(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, ablation) in self.ablations.iter().enumerate() {
            if number == 0 {
                writeln!(
                    f,
                    "what each mechanism carries (reproduced with it, not without)"
                )?;
            }
            let carried = ablation.carries(&self.comparisons);
            let words = if carried.is_empty() {
                "nothing".to_owned()
            } else {
                carried.join(", ")
            };
            writeln!(f, "  {:24} {words}", ablation.mechanism)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Override;

    #[test]
    fn numbers_and_intervals_are_printed_with_few_digits() {
        assert_eq!(number(0.6789), "0.679");
        assert_eq!(number(78.41), "78.4");
        let above = |low| Interval {
            low,
            high: f64::INFINITY,
        };
        assert_eq!(interval(above(0.0)), "> 0.000");
        assert_eq!(
            interval(Interval {
                low: -0.1,
                high: 0.25
            }),
            "[-0.100, 0.250]"
        );
    }

    #[test]
    fn rows_have_columns_and_what_has_no_value_is_not_estimable() {
        let targets = shipped(&["C14".to_owned(), "C15".to_owned()]).expect("targets");
        let lab = Laboratory::new(400, 5);
        let mut comparisons = compare(&lab, &targets).expect("no error");
        comparisons[1].finding.value = f64::NAN;
        comparisons[1].finding.interval = Interval::UNDEFINED;
        comparisons[1].verdict = Reproduction::NotReproduced;
        let report = ValidationReport {
            comparisons,
            ablations: Vec::new(),
            differences: Vec::new(),
            leftover: None,
            failed_charts: Vec::new(),
        };
        let text = report.to_string();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].contains("0 not, 1 not estimable"), "{text}");
        let place = |line: &str, word: &str| {
            let at = line.find(word).expect("a column");
            line[..at].chars().count()
        };
        let statistic = place(lines[1], "statistic");
        assert_eq!(place(lines[2], "share of person-days"), statistic, "{text}");
        assert_eq!(place(lines[3], "yearly break-up rate"), statistic, "{text}");
        assert_eq!(place(lines[3], "not estimable"), place(lines[1], "verdict"));
    }

    /// The finding for one part of a target, from few couples and without some mechanisms.
    fn found(id: &str, part: &str, off: &[&str]) -> SimulatedFinding {
        let mut lab = Laboratory::new(1_500, 5);
        for key in off {
            let value = Override::parse(&format!("mechanisms.{key}=false"));
            lab.overrides.push(value.expect("a switch"));
        }
        let mut targets = shipped(&[id.to_owned()]).expect("a target");
        targets.retain(|target| target.part == part);
        assert_eq!(targets.len(), 1, "{id} {part}");
        compare(&lab, &targets).expect("no error").remove(0).finding
    }

    #[test]
    fn without_conflicts_and_bids_only_false_alarms_are_reported() {
        let false_alarms = Laboratory::new(1_500, 5).instruments.conflict_false_alarm;
        let with = found("C14", "", &[]);
        let without = found("C14", "", &["conflict", "contact"]);
        assert!(with.value > 2.0 * false_alarms, "{with:?}");
        assert!((without.value - false_alarms).abs() < 0.01, "{without:?}");
        let some = found("C14", "", &["conflict"]);
        assert!(some.value < with.value - 0.01, "{some:?}");
    }

    #[test]
    fn without_episodes_their_statistics_are_undefined() {
        for (id, part) in [("P07", "responsiveness"), ("P02", "bias")] {
            assert!(found(id, part, &[]).value.is_finite(), "{id}");
            assert!(
                found(id, part, &["contact", "conflict"]).value.is_nan(),
                "{id}"
            );
        }
    }

    #[test]
    fn without_dissolution_no_couple_separates() {
        for (id, part) in [("C16", ""), ("V16", "first year")] {
            assert!(found(id, part, &[]).value > 0.01, "{id} {part}");
            let without = found(id, part, &["dissolution"]);
            assert_eq!((without.value, without.spread), (0.0, 0.0), "{id} {part}");
        }
        assert!(found("P14", "", &["dissolution"]).value.is_nan());
    }

    #[test]
    fn without_their_mechanisms_attachment_and_autonomy_do_not_change() {
        // What is left are the errors of answers.
        let without = found("P16", "", &["attachment"]);
        assert!(without.interval.contains(0.0), "{without:?}");
        assert_ne!(found("P16", "", &[]).value, without.value);
        let (with, without) = (found("P10", "", &[]), found("P10", "", &["autonomy"]));
        assert_ne!(with.value, without.value);
        let trait_kept = found("P12", "trait", &["attachment"]);
        assert_eq!(
            trait_kept.value,
            found("P12", "state", &["attachment"]).value
        );
    }

    #[test]
    fn every_target_about_change_is_measured_by_instruments() {
        let targets = [
            "V15", "P04", "P05", "P06", "P10", "P11", "P12", "P14", "P16", "N01", "N28",
        ];
        let targets = shipped(&targets.map(str::to_owned)).expect("targets");
        let [plain, styled] = [0.0, 0.2].map(|style| {
            let mut lab = Laboratory::new(400, 5);
            lab.instruments.style = style;
            compare(&lab, &targets).expect("no error")
        });
        for (plain, styled) in plain.iter().zip(&styled) {
            // A state has no response style.
            assert_ne!(
                plain.finding.value,
                styled.finding.value,
                "{}",
                plain.target.name()
            );
            assert!(plain.finding.value.is_finite(), "{}", plain.target.name());
        }
    }

    #[test]
    fn without_the_trust_mechanism_a_passed_test_changes_no_trust() {
        let without = found("P04", "threat", &["trust"]);
        assert!(without.value.abs() < 1e-9, "{without:?}");
        assert!(found("P04", "threat", &[]).value.abs() > 1e-6);
    }

    #[test]
    fn without_a_scar_deception_has_a_smaller_effect() {
        let (with, without) = (
            found("P05", "deception", &[]),
            found("P05", "deception", &["scar"]),
        );
        assert!(with.value > without.value, "{with:?} {without:?}");
    }

    #[test]
    fn without_the_investment_mechanism_answers_share_only_a_style() {
        let (with, without) = (
            found("V14", "investment", &[]),
            found("V14", "investment", &["investment"]),
        );
        assert!(with.value > 0.3, "{with:?}");
        assert!(without.value < 0.5 * with.value, "{without:?}");
    }

    #[test]
    fn without_mood_days_differ() {
        let (with, without) = (found("C10", "", &[]), found("C10", "", &["mood"]));
        assert_ne!(with.value, without.value);
    }
}
