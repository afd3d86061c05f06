//! The published numbers that the model is compared with (`validation/targets.csv`), and the estimators
//! that they name.

use crate::stats::interval::Interval;
use crate::validate::dissolution::SeparationRecord;
use crate::validate::error::TargetError;
use crate::validate::experiments::ReplicateValues;
use crate::validate::laboratory::CohortCache;
use crate::validate::samples::{Diaries, SurveySample};
use crate::validate::{cross_section, daily, dissolution, experiments, families};

/// The table that is part of the program.
pub(crate) const SHIPPED: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/validation/targets.csv"
));

/// What a target is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tier {
    /// Parameters are fitted to it.
    Calibration,
    /// Nothing is fitted to it: a number.
    Validation,
    /// Nothing is fitted to it: a sign or an order.
    Pattern,
}

impl Tier {
    /// Words of tables, in the order of the tiers.
    pub(crate) const WORDS: &'static [&'static str] = &["calibration", "validation", "pattern"];
    /// All of them.
    pub(crate) const ALL: [Tier; 3] = [Tier::Calibration, Tier::Validation, Tier::Pattern];

    /// Its word.
    pub(crate) fn word(self) -> &'static str {
        Tier::WORDS[self as usize]
    }

    /// Its letter, as in the table of targets and on the command line.
    pub(crate) fn letter(self) -> &'static str {
        ["C", "V", "P"][self as usize]
    }

    fn read(text: &str) -> Option<Tier> {
        let mut all = Tier::ALL.into_iter();
        all.find(|tier| tier.letter() == text)
    }
}

/// How far a target influenced the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exposure {
    /// A parameter was set by it.
    Fitted,
    /// The model or the simulated study was changed after its verdict was known, with a view to it.
    Seen,
    /// No choice was based on it.
    Blind,
}

impl Exposure {
    /// Words of tables, in their order.
    pub(crate) const WORDS: &'static [&'static str] = &["fitted", "seen", "blind"];
    const ALL: [Exposure; 3] = [Exposure::Fitted, Exposure::Seen, Exposure::Blind];

    /// Its word.
    pub(crate) fn word(self) -> &'static str {
        Exposure::WORDS[self as usize]
    }

    fn read(text: &str) -> Option<Exposure> {
        let mut all = Exposure::ALL.into_iter();
        all.find(|exposure| exposure.word() == text)
    }
}

/// One published number.
#[derive(Clone)]
pub(crate) struct Target {
    /// Name of the target; its parts share it. Its letter is the tier that it began in, which need not be
    /// the one that it is of.
    pub id: String,
    /// Which part of it; empty where there is one.
    pub part: String,
    /// What it is for.
    pub tier: Tier,
    /// How far it influenced the model.
    pub exposure: Exposure,
    /// Its subject, in a word.
    pub area: String,
    /// The statistic in words.
    pub statistic: String,
    /// What computes it.
    pub(crate) estimator: Estimator,
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

impl Target {
    /// The target's name with its part.
    pub(crate) fn name(&self) -> String {
        if self.part.is_empty() {
            self.id.clone()
        } else {
            format!("{} {}", self.id, self.part)
        }
    }
}

/// The targets of the program, or those with the requested names or tiers.
///
/// # Errors
/// `TargetError::Row` if the table is damaged or a parameter was set by a target that should be independent,
/// `TargetError::Unknown` for a name that no target has.
pub(crate) fn shipped(requested: &[String]) -> Result<Vec<Target>, TargetError> {
    named(read(SHIPPED)?, requested)
}

/// The targets of the table in a results folder, or those with the requested names or tiers.
///
/// The table of an earlier version is not checked for independence.
///
/// # Errors
/// `TargetError::Row` for the first line that is no target, `TargetError::Unknown` for a name that no
/// target has.
pub(crate) fn chosen(text: &str, requested: &[String]) -> Result<Vec<Target>, TargetError> {
    let rows = rows(text)?;
    named(
        rows.into_iter().map(|(_, target)| target).collect(),
        requested,
    )
}

fn named(all: Vec<Target>, requested: &[String]) -> Result<Vec<Target>, TargetError> {
    if requested.is_empty() {
        return Ok(all);
    }
    let meant = |target: &Target, word: &str| {
        target.id.eq_ignore_ascii_case(word)
            || Tier::read(&word.to_ascii_uppercase()) == Some(target.tier)
    };
    for word in requested {
        if !all.iter().any(|target| meant(target, word)) {
            let requested = word.clone();
            return Err(TargetError::Unknown { requested });
        }
    }
    let wanted = |target: &Target| requested.iter().any(|word| meant(target, word));
    Ok(all.into_iter().filter(wanted).collect())
}

/// Reads a table of targets and checks that only calibration targets set parameters.
///
/// # Errors
/// `TargetError::Row` for the first line that is no target, and for one of another tier than C by which
/// something was set.
fn read(text: &str) -> Result<Vec<Target>, TargetError> {
    let rows = rows(text)?;
    for (line, target) in &rows {
        if target.exposure == Exposure::Fitted && target.tier != Tier::Calibration {
            return Err(TargetError::Row {
                line: *line,
                column: Some("standing"),
                reason: format!(
                    "{} is of tier {}, to which nothing is fitted: write `seen` or `blind`, or make it one of tier C",
                    target.name(),
                    target.tier.letter(),
                ),
            });
        }
    }
    Ok(rows.into_iter().map(|(_, target)| target).collect())
}

/// The rows of a table, each with its line.
fn rows(text: &str) -> Result<Vec<(u64, Target)>, TargetError> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut targets = Vec::new();
    for (row, record) in reader.records().enumerate() {
        let line = row as u64 + 2;
        let row_error = |column, reason| TargetError::Row {
            line,
            column,
            reason,
        };
        let record = record.map_err(|error| row_error(None, error.to_string()))?;
        let target = target(&record).map_err(|(column, reason)| row_error(Some(column), reason))?;
        targets.push((line, target));
    }
    Ok(targets)
}

/// The columns in their order.
const COLUMNS: [&str; 14] = [
    "id",
    "part",
    "tier",
    "area",
    "statistic",
    "measure",
    "value",
    "low",
    "high",
    "couples",
    "design",
    "source",
    "how_known",
    "standing",
];

/// A column and what is wrong in it.
type CellError = (&'static str, String);

fn target(record: &csv::StringRecord) -> Result<Target, CellError> {
    let cell = |column: &str| {
        let at = COLUMNS.iter().position(|own| *own == column);
        at.and_then(|at| record.get(at)).unwrap_or("").trim()
    };
    let words = |column: &str| cell(column).to_owned();
    let number = |column: &'static str, absent: f64| match cell(column) {
        "" => Ok(absent),
        text => text
            .parse::<f64>()
            .map_err(|_| (column, format!("`{text}` is no number"))),
    };
    let wrong = |column: &'static str, what: &str| (column, format!("`{}` {what}", cell(column)));
    let tier = Tier::read(cell("tier")).ok_or_else(|| wrong("tier", "is none of C, V and P"))?;
    let exposure = Exposure::read(cell("standing"))
        .ok_or_else(|| wrong("standing", "is none of fitted, seen and blind"))?;
    let estimator = estimator(cell("measure")).ok_or_else(|| wrong("measure", "is no measure"))?;
    let value = number("value", f64::NAN)?;
    let interval = Interval {
        low: number("low", f64::NEG_INFINITY)?,
        high: number("high", f64::INFINITY)?,
    };
    let between = value.is_nan() || interval.contains(value);
    // NaN is in no order, and is refused.
    let ordered = interval.low.partial_cmp(&interval.high) == Some(std::cmp::Ordering::Less);
    if !ordered || !between {
        let reason = "the interval holds no value, or not the published one";
        return Err(("low", reason.to_owned()));
    }
    let couples = cell("couples")
        .parse()
        .map_err(|_| wrong("couples", "is no number of couples"))?;
    Ok(Target {
        id: words("id"),
        part: words("part"),
        tier,
        exposure,
        area: words("area"),
        statistic: words("statistic"),
        estimator,
        value,
        interval,
        couples,
        design: words("design"),
        source: words("source"),
        how_known: words("how_known"),
    })
}

/// How a statistic is computed.
#[derive(Clone, Copy)]
pub(crate) enum Estimator {
    /// From questionnaires of a cross-section of couples.
    SurveySample(fn(&SurveySample) -> f64),
    /// From diaries of dating couples.
    Diary(fn(&Diaries) -> f64),
    /// From the break-ups of a cohort that does not marry.
    Unmarried(fn(&SeparationRecord<'_>) -> f64),
    /// From the break-ups of a cohort that marries.
    Married(fn(&SeparationRecord<'_>) -> f64),
    /// From its own experiment.
    Experiment(fn(&CohortCache<'_>) -> ReplicateValues),
}

macro_rules! estimators {
    ($($kind:ident { $($name:literal => $function:path,)* })*) => {
        /// The estimators by name.
        pub(crate) const ESTIMATORS: &[(&str, Estimator)] = &[
            $($(($name, Estimator::$kind($function)),)*)*
        ];
    };
}

estimators! {
    SurveySample {
        "trust_with_intimacy" => cross_section::trust_with_intimacy,
        "partners_trust" => cross_section::partners_trust,
        "partners_intimacy" => cross_section::partners_intimacy,
        "partners_satisfaction" => cross_section::partners_satisfaction,
        "partners_commitment" => cross_section::partners_commitment,
        "mean_trust" => cross_section::mean_trust,
        "sd_trust" => cross_section::sd_trust,
        "mean_intimacy" => cross_section::mean_intimacy,
        "sd_intimacy" => cross_section::sd_intimacy,
        "sd_difference" => cross_section::sd_difference,
        "partners_avoidance" => cross_section::partners_avoidance,
        "anxiety_with_avoidance" => cross_section::anxiety_with_avoidance,
        "own_anxiety" => cross_section::own_anxiety,
        "own_avoidance" => cross_section::own_avoidance,
        "partners_anxiety_with_satisfaction" => cross_section::partners_anxiety_with_satisfaction,
        "partners_avoidance_with_satisfaction" => cross_section::partners_avoidance_with_satisfaction,
        "effect_of_intimacy" => cross_section::effect_of_intimacy,
        "effect_of_trust" => cross_section::effect_of_trust,
        "effect_of_partners_intimacy" => cross_section::effect_of_partners_intimacy,
        "effect_of_partners_trust" => cross_section::effect_of_partners_trust,
        "incongruence" => cross_section::incongruence,
        "interaction" => cross_section::interaction,
        "satisfaction_with_commitment" => cross_section::satisfaction_with_commitment,
        "alternatives_with_commitment" => cross_section::alternatives_with_commitment,
        "investment_with_commitment" => cross_section::investment_with_commitment,
    }
    Diary {
        "intraclass" => daily::intraclass,
        "autocorrelation" => daily::autocorrelation,
        "same_day" => daily::same_day,
        "means" => daily::means,
        "own_conflict" => daily::own_conflict,
        "partners_conflict" => daily::partners_conflict,
        "conflict_days" => daily::conflict_days,
        "mean_with_spread" => daily::mean_with_spread,
        "next_day" => daily::next_day,
        "own_avoidance_daily" => daily::own_avoidance,
        "projection_over_accuracy" => daily::projection_over_accuracy,
        "insecure_bias" => daily::insecure_bias,
        "insecure_tracking" => daily::insecure_tracking,
        "trust_with_spread" => daily::trust_with_spread,
        "trust_softens_conflict" => daily::trust_softens_conflict,
        "own_disclosure" => daily::own_disclosure,
        "partners_disclosure" => daily::partners_disclosure,
        "perceived_responsiveness" => daily::perceived_responsiveness,
        "stress" => daily::stress,
        "support_softens_stress" => daily::support_softens_stress,
        "stress_next_day" => daily::stress_next_day,
        "own_stress_on_conflict" => daily::own_stress_on_conflict,
        "partners_stress_on_conflict" => daily::partners_stress_on_conflict,
        "avoidance_and_closeness" => daily::avoidance_and_closeness,
        "avoidance_and_support" => daily::avoidance_and_support,
        "anxiety_and_conflict" => daily::anxiety_and_conflict,
    }
    Unmarried {
        "unmarried_rate" => dissolution::unmarried_rate,
        "unmarried_first_year" => dissolution::unmarried_first_year,
        "unmarried_at_five" => dissolution::unmarried_at_five,
        "unmarried_at_twenty_three" => dissolution::unmarried_at_twenty_three,
        "insecure_part" => dissolution::insecure_part,
    }
    Married {
        "married_rate" => dissolution::married_rate,
        "married_at_five" => dissolution::married_at_five,
        "married_at_twenty" => dissolution::married_at_twenty,
    }
    Experiment {
        "early_security" => families::early_security,
        "transmission" => families::transmission,
        "sensitivity" => families::sensitivity,
        "satisfaction_falls" => experiments::satisfaction_falls,
        "satisfaction_rises" => experiments::satisfaction_rises,
        "newlyweds_insecurity" => experiments::newlyweds_insecurity,
        "early_trust" => experiments::early_trust,
        "certainty_grows" => experiments::certainty_grows,
        "trust_comes_back" => experiments::trust_comes_back,
        "deception_stays" => experiments::deception_stays,
        "threat_raises_trust" => experiments::threat_raises_trust,
        "threat_raises_high_trust" => experiments::threat_raises_high_trust,
        "responsive_to_unresponsive" => experiments::responsive_to_unresponsive,
        "state_falls" => experiments::state_falls,
        "state_falls_more" => experiments::state_falls_more,
        "dependence_frees" => experiments::dependence_frees,
        "attachment_returns" => experiments::attachment_returns,
    }
}

/// The estimator of a name.
pub(crate) fn estimator(name: &str) -> Option<Estimator> {
    ESTIMATORS
        .iter()
        .find_map(|(own, measure)| (*own == name).then_some(*measure))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_calibrated_is_fitted_and_nothing_else_is() {
        for target in shipped(&[]).expect("the shipped table") {
            let fitted = target.exposure == Exposure::Fitted;
            assert_eq!(fitted, target.tier == Tier::Calibration, "{}", target.id);
        }
    }

    #[test]
    fn a_target_of_another_tier_that_set_something_is_refused_with_its_place() {
        for (tier, letter) in [(Tier::Validation, 'V'), (Tier::Pattern, 'P')] {
            let independent = |line: &&str| line.contains(&format!(",{letter},"));
            let line = SHIPPED.lines().find(independent).expect("one of the tier");
            let (rest, _) = line.rsplit_once(',').expect("a last column");
            let head = SHIPPED.lines().next().expect("a head");
            let with = |exposure: &str| format!("{head}\n{line}\n{rest},{exposure}\n");
            for exposure in ["seen", "blind"] {
                let found = read(&with(exposure)).expect("a sound table");
                assert_eq!(found.last().map(|it| it.tier), Some(tier));
            }
            let error = read(&with("fitted")).map(|found| found.len());
            let error = error.expect_err("nothing is fitted to it");
            let message = error.to_string();
            let place = "targets.csv:3: column `standing`: ";
            let tier =
                format!("is of tier {letter}, to which nothing is fitted: write `seen` or `blind`");
            assert!(
                message.starts_with(place) && message.contains(&tier),
                "{message}"
            );
            // Results of an earlier version keep the exposures that it used.
            assert_eq!(chosen(&with("fitted"), &[]).map(|it| it.len()), Ok(2));
        }
    }

    #[test]
    fn columns_stand_in_the_order_of_the_table() {
        let head = SHIPPED.lines().next().expect("a head");
        assert_eq!(head.split(',').collect::<Vec<_>>(), COLUMNS);
    }

    #[test]
    fn every_estimator_is_named_by_a_target() {
        let mut reader = csv::Reader::from_reader(SHIPPED.as_bytes());
        let place = COLUMNS.iter().position(|column| *column == "measure");
        let place = place.expect("a column of estimators");
        let named: Vec<String> = reader
            .records()
            .map(|record| record.expect("a row")[place].to_owned())
            .collect();
        for (name, _) in ESTIMATORS {
            assert!(named.iter().any(|own| own == name), "{name}");
        }
    }

    #[test]
    fn targets_are_selected_by_name_or_tier() {
        let names = |requested: &[&str]| -> Vec<String> {
            let requested: Vec<String> = requested.iter().map(|word| (*word).to_owned()).collect();
            let found = shipped(&requested).expect("names of targets");
            found.iter().map(Target::name).collect()
        };
        assert_eq!(names(&["c06"]), ["C06 mean", "C06 sd"]);
        assert!(names(&["p"]).iter().all(|name| name.starts_with('P')));
        // A name's letter is where the target began, and a tier is what it is now.
        for moved in ["V11", "V13"] {
            let within = |tier: &str| names(&[tier]).iter().any(|name| name == moved);
            assert_eq!([within("C"), within("V")], [true, false], "{moved}");
            assert_eq!(names(&[moved]), [moved]);
        }
        let refused = shipped(&["C99".to_owned()]).map(|found| found.len());
        assert!(matches!(refused, Err(TargetError::Unknown { .. })));
    }

    #[test]
    fn a_row_that_is_no_target_is_refused_with_its_line() {
        let row = |change: &dyn Fn(&str) -> String| {
            let mut lines = SHIPPED.lines();
            let (head, first) = (lines.next().expect("a head"), lines.next().expect("a row"));
            read(&format!("{head}\n{first}\n{}\n", change(first))).map(|found| found.len())
        };
        assert_eq!(row(&str::to_owned), Ok(2));
        for (old, new, place) in [
            (",C,", ",D,", "tier"),
            ("0.67", "0.97", "low"),
            ("0.67", "much", "low"),
            ("trust_with", "trusty", "measure"),
            ("118", "", "couples"),
            (",fitted", ",fit", "standing"),
        ] {
            let Err(TargetError::Row { line, column, .. }) = row(&|first| first.replace(old, new))
            else {
                panic!("{old}");
            };
            assert_eq!((line, column), (3, Some(place)), "{old}");
        }
    }

    #[test]
    fn mutated_targets_are_read_or_refused() {
        let sound: String = SHIPPED
            .lines()
            .take(4)
            .map(|line| format!("{line}\n"))
            .collect();
        crate::table::test_support::mutations(sound.as_bytes(), |bytes| {
            let _ = chosen(&String::from_utf8_lossy(bytes), &[]);
        });
    }
}
