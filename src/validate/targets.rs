//! The published numbers that the model is compared with, and the estimators of the program's studies.

use crate::stats::interval::Interval;
use crate::validate::dissolution::SeparationRecord;
use crate::validate::experiments::ReplicateValues;
use crate::validate::laboratory::CohortCache;
use crate::validate::population::PopulationMeasure;
use crate::validate::samples::{Diaries, SurveySample};
use crate::validate::{cross_section, daily, dissolution, experiments, families, longitudinal};
use std::sync::Arc;

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

    /// What a text means.
    pub(crate) fn read(text: &str) -> Option<Tier> {
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

    /// What a text means.
    pub(crate) fn read(text: &str) -> Option<Exposure> {
        let mut all = Exposure::ALL.into_iter();
        all.find(|exposure| exposure.word() == text)
    }
}

/// One published number.
#[derive(Clone, Debug)]
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
    /// Name of its measure.
    pub(crate) measure: String,
    /// What computes it.
    pub(crate) estimator: Estimator,
    /// The published value; NaN where only a sign or an order is known.
    pub value: f64,
    /// Its 95 % interval; infinite where it has no end.
    pub interval: Interval,
    /// Size of the effect of which a sign is published, in the unit of the statistic: a tenth of it is hardly
    /// more than the sign.
    pub size: Option<f64>,
    /// Couples of a study, where that is known.
    pub couples: Option<u64>,
    /// The design.
    pub design: String,
    /// Where it was published.
    pub source: String,
    /// How it is known.
    pub how_known: String,
}

impl Target {
    /// Whether parameters can be fitted to it: it has a value and both ends of an interval.
    pub(crate) fn can_be_fitted(&self) -> bool {
        let ends = [self.value, self.interval.low, self.interval.high];
        ends.iter().all(|end| end.is_finite())
    }

    /// The target's name with its part.
    pub(crate) fn name(&self) -> String {
        if self.part.is_empty() {
            self.id.clone()
        } else {
            format!("{} {}", self.id, self.part)
        }
    }
}

/// How a statistic is computed.
#[derive(Clone, Debug)]
pub(crate) enum Estimator {
    /// From questionnaires of a cross-section of couples.
    SurveySample(fn(&SurveySample) -> f64),
    /// From diaries of dating couples.
    Diary(fn(&Diaries) -> f64),
    /// From the break-ups of a cohort that does not marry.
    Unmarried(fn(&SeparationRecord<'_>) -> f64),
    /// From the break-ups of a cohort that moves in together and does not marry.
    Cohabiting(fn(&SeparationRecord<'_>) -> f64),
    /// From the break-ups of a cohort that marries.
    Married(fn(&SeparationRecord<'_>) -> f64),
    /// From the answers of the same persons in the waves of these cohorts.
    Panel(fn(&CohortCache<'_>) -> ReplicateValues),
    /// From its own experiment.
    Experiment(fn(&CohortCache<'_>) -> ReplicateValues),
    /// From a scenario that the table of targets names.
    Population(Arc<PopulationMeasure>),
}

impl Estimator {
    /// The study that it is computed from.
    pub(crate) fn study(&self) -> &'static str {
        match self {
            Estimator::SurveySample(_) => "cross-section (`survey`)",
            Estimator::Diary(_) => "diary (`dating`)",
            Estimator::Unmarried(_) => "break-ups (`unmarried`)",
            Estimator::Cohabiting(_) => "break-ups (`cohabiting`)",
            Estimator::Married(_) => "break-ups (`married`)",
            Estimator::Panel(_) => "panel (`unmarried`, `married`)",
            Estimator::Experiment(_) => "an experiment or families",
            Estimator::Population(_) => "a population",
        }
    }
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
        "wellbeing_with_satisfaction" => cross_section::wellbeing_with_satisfaction,
        "partners_wellbeing" => cross_section::partners_wellbeing,
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
        "conflict_intraclass" => daily::conflict_intraclass,
        "conflict_autocorrelation" => daily::conflict_autocorrelation,
        "conflict_agreement" => daily::conflict_agreement,
        "differences_of_opinion" => daily::differences_of_opinion,
        "stress_same_day" => daily::stress_same_day,
        "disclosure_reciprocity" => daily::disclosure_reciprocity,
        "partners_share_of_responsiveness" => daily::partners_share_of_responsiveness,
    }
    Unmarried {
        "unmarried_rate" => dissolution::unmarried_rate,
        "unmarried_first_year" => dissolution::unmarried_first_year,
        "unmarried_at_five" => dissolution::unmarried_at_five,
        "unmarried_at_twenty_three" => dissolution::unmarried_at_twenty_three,
        "unmarried_to_three_months" => dissolution::unmarried_to_three_months,
        "unmarried_to_one_year" => dissolution::unmarried_to_one_year,
        "unmarried_to_two_years" => dissolution::unmarried_to_two_years,
        "unmarried_to_three_years" => dissolution::unmarried_to_three_years,
        "unmarried_to_seven_years" => dissolution::unmarried_to_seven_years,
        "unmarried_to_twelve_years" => dissolution::unmarried_to_twelve_years,
        "unmarried_beyond_twelve_years" => dissolution::unmarried_beyond_twelve_years,
        "apart_three_years" => dissolution::apart_three_years,
        "insecure_part" => dissolution::insecure_part,
    }
    Cohabiting {
        "cohabiting_three_years" => dissolution::cohabiting_three_years,
        "cohabitation_five_years" => dissolution::cohabitation_five_years,
        "cohabitation_ten_years" => dissolution::cohabitation_ten_years,
    }
    Married {
        "married_rate" => dissolution::married_rate,
        "married_at_five" => dissolution::married_at_five,
        "married_at_twenty" => dissolution::married_at_twenty,
        "married_three_years" => dissolution::married_three_years,
        "marriage_five_years" => dissolution::marriage_five_years,
        "marriage_ten_years" => dissolution::marriage_ten_years,
        "divorce_rises" => dissolution::divorce_rises,
        "divorce_falls" => dissolution::divorce_falls,
    }
    Panel {
        "satisfaction_falls" => longitudinal::satisfaction_falls,
        "satisfaction_falls_first" => longitudinal::satisfaction_falls_first,
        "satisfaction_rises" => longitudinal::satisfaction_rises,
        "newlyweds_insecurity" => longitudinal::newlyweds_insecurity,
        "attachment_after_one" => longitudinal::attachment_after_one,
        "attachment_after_four" => longitudinal::attachment_after_four,
        "satisfaction_stability" => longitudinal::satisfaction_stability,
        "quality_after_short" => longitudinal::quality_after_short,
        "quality_after_middle" => longitudinal::quality_after_middle,
        "quality_after_long" => longitudinal::quality_after_long,
        "quality_decay" => longitudinal::quality_decay,
        "quality_at_no_lag" => longitudinal::quality_at_no_lag,
        "retest_to_two" => longitudinal::retest_to_two,
        "retest_to_five" => longitudinal::retest_to_five,
        "retest_to_ten" => longitudinal::retest_to_ten,
        "retest_to_twenty" => longitudinal::retest_to_twenty,
        "retest_beyond_twenty" => longitudinal::retest_beyond_twenty,
        "change_spread_short" => longitudinal::change_spread_short,
        "change_spread_middle" => longitudinal::change_spread_middle,
        "change_spread_long" => longitudinal::change_spread_long,
        "change_of_quality" => longitudinal::change_of_quality,
        "decline_half_year" => longitudinal::decline_half_year,
        "decline_year" => longitudinal::decline_year,
        "decline_two_years" => longitudinal::decline_two_years,
        "decline_three_years" => longitudinal::decline_three_years,
        "decline_five_years" => longitudinal::decline_five_years,
        "unmarried_decline_first" => longitudinal::unmarried_decline_first,
        "unmarried_decline_second" => longitudinal::unmarried_decline_second,
        "unmarried_gap_year" => longitudinal::unmarried_gap_year,
        "unmarried_gap_three" => longitudinal::unmarried_gap_three,
        "married_gap_year" => longitudinal::married_gap_year,
        "married_gap_three" => longitudinal::married_gap_three,
        "excellent_separate" => longitudinal::excellent_separate,
        "good_separate" => longitudinal::good_separate,
        "fair_separate" => longitudinal::fair_separate,
        "poor_separate" => longitudinal::poor_separate,
        "unmarried_good_before" => longitudinal::unmarried_good_before,
        "married_good_before" => longitudinal::married_good_before,
        "onset_of_decline" => longitudinal::onset_of_decline,
        "clock_of_decline" => longitudinal::clock_of_decline,
        "no_fight" => longitudinal::no_fight,
        "one_fight" => longitudinal::one_fight,
        "two_fights" => longitudinal::two_fights,
        "three_fights" => longitudinal::three_fights,
        "fights_by_years" => longitudinal::fights_by_years,
        "fight_given_any" => longitudinal::fight_given_any,
        "fight_given_none" => longitudinal::fight_given_none,
        "fights_to_quality" => longitudinal::fights_to_quality,
        "quality_to_fights" => longitudinal::quality_to_fights,
        "quality_to_quality" => longitudinal::quality_to_quality,
        "fights_to_fights" => longitudinal::fights_to_fights,
    }
    Experiment {
        "early_security" => families::early_security,
        "transmission" => families::transmission,
        "sensitivity" => families::sensitivity,
        "security_over_childhood" => families::security_over_childhood,
        "sensitivity_with_anxiety" => families::sensitivity_with_anxiety,
        "sensitivity_with_avoidance" => families::sensitivity_with_avoidance,
        "early_trust" => experiments::early_trust,
        "certainty_grows" => experiments::certainty_grows,
        "trust_comes_back" => experiments::trust_comes_back,
        "deception_stays" => experiments::deception_stays,
        "threat_raises_trust" => experiments::threat_raises_trust,
        "threat_raises_high_trust" => experiments::threat_raises_high_trust,
        "responsive_to_unresponsive" => experiments::responsive_to_unresponsive,
        "positive_with_own" => experiments::positive_with_own,
        "positive_with_partners" => experiments::positive_with_partners,
        "negative_with_own" => experiments::negative_with_own,
        "negative_with_partners" => experiments::negative_with_partners,
        "negative_of_staying" => experiments::negative_of_staying,
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
        .find_map(|(own, measure)| (*own == name).then(|| measure.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::target_table::shipped;

    #[test]
    fn all_that_is_calibrated_is_fitted_and_nothing_else_is() {
        for target in shipped(&[]).expect("the shipped table") {
            let fitted = target.exposure == Exposure::Fitted;
            assert_eq!(fitted, target.tier == Tier::Calibration, "{}", target.id);
        }
    }

    #[test]
    fn every_estimator_is_named_by_a_target() {
        let targets = shipped(&[]).expect("the shipped table");
        for (name, _) in ESTIMATORS {
            assert!(targets.iter().any(|own| own.measure == *name), "{name}");
        }
    }
}
