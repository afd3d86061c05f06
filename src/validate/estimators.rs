//! The estimators that a target can name, with the populations that they are computed on.

use super::cohorts::CohortCache;
use super::dissolution;
use super::dissolution::SeparationRecord;
use super::experiments;
use super::experiments::ReplicateValues;
use super::samples::{Diaries, SurveySample};
use super::{cross_section, daily, families};

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
