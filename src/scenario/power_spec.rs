//! What a `[power]` says: a study of partners' effects on each other, with the effects given as numbers or with
//! those that simulated couples have.

use crate::simulation::survey::design::{CONFLICT_SCALE, StudyDesign};

/// A study whose power is measured.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PowerSpec {
    /// Data sets of each design.
    pub(crate) replicates: u32,
    /// Level of significance (0 to 1).
    pub(crate) alpha: f64,
    /// Power that the study is to have (0 to 1).
    pub(crate) target: f64,
    /// Which model is fitted.
    pub(crate) analysis: AnalysisKind,
    pub(crate) are_exchangeable: bool,
    pub(crate) are_autoregressive: bool,
    pub(crate) has_lagged_outcome: bool,
    /// Whether predictors are centred at the person's mean.
    pub(crate) is_centred: bool,
    pub(crate) is_restricted: bool,
    /// Whether the reliability of the design is that of outcome and predictor.
    pub(crate) error_in: [bool; 2],
    /// The design; of quantities that do not belong to it 0.
    pub(crate) design: DesignValues,
    /// The values of each quantity that varies; none of one that does not.
    pub(crate) vary: [Vec<f64>; QUANTITY_COUNT],
    pub(crate) source: EffectSource,
    pub(crate) search: Option<DesignSearch>,
}

/// Which model is fitted to a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnalysisKind {
    /// The longitudinal actor–partner interdependence model of a diary.
    Diary,
    /// Proportional hazards of a break-up since entry, by what the partners said at the first wave.
    BreakUp,
    /// Lines over the waves, whose levels and slopes follow from what both partners said at the first wave.
    Growth,
}

impl AnalysisKind {
    pub(crate) const ALL: [AnalysisKind; 3] = [
        AnalysisKind::Diary,
        AnalysisKind::BreakUp,
        AnalysisKind::Growth,
    ];
    /// The words of scenarios, in the order of the variants.
    pub(crate) const WORDS: [&str; 3] = ["diary", "break_up", "growth"];

    /// Whether the waves of a panel are analysed.
    pub(crate) fn is_of_panel(self) -> bool {
        self != AnalysisKind::Diary
    }
}

/// Where effects come from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum EffectSource {
    /// The scenario gives them.
    Given(GivenEffects),
    /// Simulated couples have them, and the scenario's study looks at these.
    Study(StudyMeasures),
}

/// What of a study is analysed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StudyMeasures {
    /// Scale of the predictor, by its position.
    pub(crate) predictor: usize,
    /// Scale of the outcome, by its position; none of break-ups.
    pub(crate) outcome: Option<usize>,
    /// Couples of the data sets that the reference is estimated from, in all.
    pub(crate) reference_couples: u64,
}

impl StudyMeasures {
    /// The analysed scales, by their positions.
    pub(crate) fn scales(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.predictor).chain(self.outcome)
    }
}

/// Effects and variances that are given, of partner A and partner B.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GivenEffects {
    pub(crate) intercept: [f64; 2],
    /// Effect of the own predictor.
    pub(crate) actor: [f64; 2],
    /// Effect of the partner's predictor.
    pub(crate) partner: [f64; 2],
    /// Effect of the own outcome one occasion before.
    pub(crate) lag: [f64; 2],
    pub(crate) intercept_sd: [f64; 2],
    pub(crate) intercept_correlation: f64,
    pub(crate) residual_sd: [f64; 2],
    pub(crate) residual_correlation: f64,
    /// Correlation of a person's residuals on neighbouring occasions.
    pub(crate) autocorrelation: f64,
    pub(crate) predictor_mean: [f64; 2],
    pub(crate) predictor_sd: [f64; 2],
    pub(crate) predictor_correlation: f64,
}

/// The smallest value of one quantity that reaches the target, for each combination of the others' values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DesignSearch {
    /// Name of the effect, one of [`PowerSpec::effect_names`].
    pub(crate) effect: &'static str,
    pub(crate) quantity: DesignQuantity,
    /// Range of the search.
    pub(crate) from: f64,
    pub(crate) to: f64,
}

/// What a study can have more or less of. The first, `Compliance` and `Reliability` belong to both sources of
/// effects, `Occasions` to given effects, and the others to a study of simulated couples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DesignQuantity {
    Couples,
    Occasions,
    BurstDays,
    Bursts,
    Prompts,
    Compliance,
    Reliability,
    OddsDay,
    OddsLowAnswer,
    OddsConflict,
    DropOutDaily,
    ConflictReported,
    UnresponsiveAsConflict,
    ConflictFalseAlarm,
    Waves,
    WaveInterval,
    FollowUp,
    WaveCompliance,
    DropOut,
}

/// Number of the quantities.
pub(crate) const QUANTITY_COUNT: usize = 19;

/// The value of each quantity in a design, by [`DesignQuantity`].
pub(crate) type DesignValues = [f64; QUANTITY_COUNT];

impl DesignQuantity {
    pub(crate) const ALL: [DesignQuantity; QUANTITY_COUNT] = [
        DesignQuantity::Couples,
        DesignQuantity::Occasions,
        DesignQuantity::BurstDays,
        DesignQuantity::Bursts,
        DesignQuantity::Prompts,
        DesignQuantity::Compliance,
        DesignQuantity::Reliability,
        DesignQuantity::OddsDay,
        DesignQuantity::OddsLowAnswer,
        DesignQuantity::OddsConflict,
        DesignQuantity::DropOutDaily,
        DesignQuantity::ConflictReported,
        DesignQuantity::UnresponsiveAsConflict,
        DesignQuantity::ConflictFalseAlarm,
        DesignQuantity::Waves,
        DesignQuantity::WaveInterval,
        DesignQuantity::FollowUp,
        DesignQuantity::WaveCompliance,
        DesignQuantity::DropOut,
    ];

    /// Those of a study with given effects.
    pub(crate) const OF_GIVEN: [DesignQuantity; 4] = [
        DesignQuantity::Couples,
        DesignQuantity::Occasions,
        DesignQuantity::Compliance,
        DesignQuantity::Reliability,
    ];

    /// The keys, in the order of the variants.
    pub(crate) const KEYS: [&str; QUANTITY_COUNT] = [
        "couples",
        "occasions",
        "burst_days",
        "bursts",
        "prompts",
        "compliance",
        "reliability",
        "odds_day",
        "odds_low_answer",
        "odds_conflict",
        "drop_out_daily",
        "conflict_reported",
        "unresponsive_as_conflict",
        "conflict_false_alarm",
        "waves",
        "wave_interval",
        "follow_up",
        "wave_compliance",
        "drop_out",
    ];

    /// Its key, which is also its column and, of a study of simulated couples, the key in `[study]`.
    pub(crate) fn key(self) -> &'static str {
        DesignQuantity::KEYS[self as usize]
    }

    pub(crate) fn named(key: &str) -> Option<DesignQuantity> {
        DesignQuantity::ALL.into_iter().find(|own| own.key() == key)
    }

    pub(crate) fn is_count(self) -> bool {
        matches!(
            self,
            DesignQuantity::Couples
                | DesignQuantity::Occasions
                | DesignQuantity::BurstDays
                | DesignQuantity::Bursts
                | DesignQuantity::Prompts
                | DesignQuantity::Waves
                | DesignQuantity::WaveInterval
                | DesignQuantity::FollowUp
        )
    }

    /// Whether it belongs to a study with given effects.
    pub(crate) fn is_of_given(self) -> bool {
        DesignQuantity::OF_GIVEN.contains(&self)
    }

    /// Whether it moves what is analysed of a study of simulated couples.
    pub(crate) fn is_of(self, analysis: AnalysisKind) -> bool {
        match self {
            DesignQuantity::Couples | DesignQuantity::Reliability => true,
            DesignQuantity::Occasions => false,
            DesignQuantity::Waves
            | DesignQuantity::WaveInterval
            | DesignQuantity::WaveCompliance
            | DesignQuantity::DropOut => analysis.is_of_panel(),
            DesignQuantity::FollowUp => analysis == AnalysisKind::BreakUp,
            _ => analysis == AnalysisKind::Diary,
        }
    }

    /// Whether more of it is more power, in steps of one or of a hundredth.
    pub(crate) fn is_searchable(self) -> bool {
        matches!(
            self,
            DesignQuantity::Couples
                | DesignQuantity::Occasions
                | DesignQuantity::BurstDays
                | DesignQuantity::Bursts
                | DesignQuantity::Compliance
                | DesignQuantity::Reliability
                | DesignQuantity::Waves
                | DesignQuantity::FollowUp
                | DesignQuantity::WaveCompliance
        )
    }

    pub(crate) fn bounds(self) -> (f64, f64) {
        match self {
            DesignQuantity::Couples => (3.0, MOST_COUPLES as f64),
            DesignQuantity::Occasions | DesignQuantity::BurstDays => (2.0, MOST_OCCASIONS as f64),
            DesignQuantity::Bursts | DesignQuantity::Waves => (1.0, 1_000.0),
            DesignQuantity::WaveInterval => (1.0, MOST_DAYS as f64),
            DesignQuantity::FollowUp => (0.0, MOST_DAYS as f64),
            DesignQuantity::Prompts => (1.0, 4.0),
            DesignQuantity::Compliance
            | DesignQuantity::Reliability
            | DesignQuantity::WaveCompliance => (LEAST_SHARE, 1.0),
            DesignQuantity::OddsDay
            | DesignQuantity::OddsLowAnswer
            | DesignQuantity::OddsConflict => (0.01, 100.0),
            DesignQuantity::DropOutDaily
            | DesignQuantity::ConflictReported
            | DesignQuantity::UnresponsiveAsConflict
            | DesignQuantity::ConflictFalseAlarm
            | DesignQuantity::DropOut => (0.0, 1.0),
        }
    }

    /// Its smallest steps in a search: one, or a hundredth of a share.
    pub(crate) fn step(self) -> f64 {
        if self.is_count() { 1.0 } else { 0.01 }
    }

    pub(crate) fn doc(self) -> &'static str {
        match self {
            DesignQuantity::Couples => "Couples of the study",
            DesignQuantity::Occasions => {
                "Occasions on which both partners are asked, such as days of a diary"
            }
            DesignQuantity::BurstDays => "Days of a burst of the diary",
            DesignQuantity::Bursts => "Bursts of the diary",
            DesignQuantity::Prompts => "Prompts on a day of the diary",
            DesignQuantity::Compliance => {
                "Probability that a person answers on an occasion, whatever happens there"
            }
            DesignQuantity::Reliability => {
                "Share of the variance within persons that is not error of measurement; of simulated couples the \
                 `reliability` of the analysed scales"
            }
            DesignQuantity::OddsDay => {
                "Odds ratio of missing a prompt, for each day of the burst after the first"
            }
            DesignQuantity::OddsLowAnswer => {
                "Odds ratio of missing a prompt after a low last answer to the first scale of the diary"
            }
            DesignQuantity::OddsConflict => "Odds ratio of missing a prompt after a conflict",
            DesignQuantity::DropOutDaily => {
                "Probability that a person stops for good before a day of the diary"
            }
            DesignQuantity::ConflictReported => {
                "Probability that a conflict that did not hurt is reported"
            }
            DesignQuantity::UnresponsiveAsConflict => {
                "Probability that unresponsive episodes are reported as conflict"
            }
            DesignQuantity::ConflictFalseAlarm => {
                "Probability that conflict is reported without any"
            }
            DesignQuantity::Waves => "Waves of the panel",
            DesignQuantity::WaveInterval => "Days from wave to wave",
            DesignQuantity::FollowUp => {
                "Days after the last occasion in which break-ups are still learnt of"
            }
            DesignQuantity::WaveCompliance => {
                "Probability that a person who is in the study answers a wave"
            }
            DesignQuantity::DropOut => "Probability that a person stops for good before a wave",
        }
    }

    /// Its value in a study of simulated couples; 0 of one that such a study does not have, and of the reliability:
    /// each scale has its own.
    pub(crate) fn of_study(self, study: &StudyDesign) -> f64 {
        match self {
            DesignQuantity::Couples => study.couples.into(),
            DesignQuantity::Occasions | DesignQuantity::Reliability => 0.0,
            DesignQuantity::BurstDays => study.burst_days.into(),
            DesignQuantity::Bursts => study.bursts.into(),
            DesignQuantity::Prompts => study.prompts.into(),
            DesignQuantity::Compliance => study.compliance,
            DesignQuantity::OddsDay => study.odds_day,
            DesignQuantity::OddsLowAnswer => study.odds_low_answer,
            DesignQuantity::OddsConflict => study.odds_conflict,
            DesignQuantity::DropOutDaily => study.drop_out_daily,
            DesignQuantity::ConflictReported => study.conflict_reported,
            DesignQuantity::UnresponsiveAsConflict => study.unresponsive_as_conflict,
            DesignQuantity::ConflictFalseAlarm => study.conflict_false_alarm,
            DesignQuantity::Waves => study.wave_count() as f64,
            DesignQuantity::WaveInterval => study.wave_interval.into(),
            DesignQuantity::FollowUp => study.follow_up.into(),
            DesignQuantity::WaveCompliance => study.wave_compliance,
            DesignQuantity::DropOut => study.drop_out,
        }
    }
}

const MOST_COUPLES: i64 = 100_000;
const MOST_OCCASIONS: i64 = 10_000;
const MOST_DAYS: i64 = 36_525;
/// Lowest compliance and reliability: below, there is next to nothing to analyse.
pub(crate) const LEAST_SHARE: f64 = 0.05;
/// The effects of scores on break-ups: of partner A's, of partner B's, and of the couple's mean.
pub(crate) const SCORE_EFFECTS: [&str; 3] = ["score_a", "score_b", "score"];
/// What growth has for each partner, in the order of the estimates: the key of both, of partner A and of partner B.
pub(crate) const GROWTH_EFFECTS: [[&str; 3]; 6] = [
    ["intercept", "intercept_a", "intercept_b"],
    ["slope", "slope_a", "slope_b"],
    ["actor_level", "actor_level_a", "actor_level_b"],
    ["partner_level", "partner_level_a", "partner_level_b"],
    ["actor_slope", "actor_slope_a", "actor_slope_b"],
    ["partner_slope", "partner_slope_a", "partner_slope_b"],
];
/// What both partners have of their own: the key of both, of partner A and of partner B.
pub(crate) const OWN_KEYS: [[&str; 3]; 8] = [
    ["intercept", "intercept_a", "intercept_b"],
    ["actor", "actor_a", "actor_b"],
    ["partner", "partner_a", "partner_b"],
    ["lag", "lag_a", "lag_b"],
    ["intercept_sd", "intercept_sd_a", "intercept_sd_b"],
    ["residual_sd", "residual_sd_a", "residual_sd_b"],
    ["predictor_mean", "predictor_mean_a", "predictor_mean_b"],
    ["predictor_sd", "predictor_sd_a", "predictor_sd_b"],
];

impl PowerSpec {
    /// The names of the estimated effects in the order of the estimates.
    pub(crate) fn effect_names(&self) -> Vec<&'static str> {
        let sides: &[usize] = if self.are_exchangeable { &[0] } else { &[1, 2] };
        match self.analysis {
            AnalysisKind::Diary => {}
            AnalysisKind::BreakUp => {
                let own = if self.are_exchangeable { 2..3 } else { 0..2 };
                return SCORE_EFFECTS[own].to_vec();
            }
            AnalysisKind::Growth => {
                let of_side = |side: &usize| GROWTH_EFFECTS.map(|keys| keys[*side]);
                return sides.iter().flat_map(of_side).collect();
            }
        }
        let kinds = if self.has_lagged_outcome { 4 } else { 3 };
        let of_side = |side: usize| OWN_KEYS[..kinds].iter().map(move |keys| keys[side]);
        sides.iter().copied().flat_map(of_side).collect()
    }

    /// The effects, where they are given.
    pub(crate) fn given(&self) -> Option<&GivenEffects> {
        match &self.source {
            EffectSource::Given(effects) => Some(effects),
            EffectSource::Study(_) => None,
        }
    }

    /// What is analysed of a study of simulated couples, where effects are not given.
    pub(crate) fn study(&self) -> Option<&StudyMeasures> {
        match &self.source {
            EffectSource::Given(_) => None,
            EffectSource::Study(measures) => Some(measures),
        }
    }

    /// The quantities that tables have: the four of given effects; of a study of simulated couples couples, days or
    /// waves, and what varies or is searched for.
    pub(crate) fn quantities(&self) -> Vec<DesignQuantity> {
        if self.given().is_some() {
            return DesignQuantity::OF_GIVEN.to_vec();
        }
        let always: &[DesignQuantity] = match self.analysis {
            AnalysisKind::Diary => &[DesignQuantity::Couples, DesignQuantity::BurstDays],
            AnalysisKind::BreakUp => &[
                DesignQuantity::Couples,
                DesignQuantity::Waves,
                DesignQuantity::FollowUp,
            ],
            AnalysisKind::Growth => &[DesignQuantity::Couples, DesignQuantity::Waves],
        };
        let is_shown = |own: &DesignQuantity| always.contains(own) || self.changes(*own);
        DesignQuantity::ALL.into_iter().filter(is_shown).collect()
    }

    /// Whether designs differ in a quantity, or it is searched for.
    pub(crate) fn changes(&self, quantity: DesignQuantity) -> bool {
        let is_searched = |search: &DesignSearch| search.quantity == quantity;
        !self.vary[quantity as usize].is_empty() || self.search.as_ref().is_some_and(is_searched)
    }

    /// The scales whose reliability the design sets, by their positions.
    pub(crate) fn reliable_scales(&self) -> Vec<usize> {
        let Some(measures) = self.study() else {
            return Vec::new();
        };
        let scales = [measures.outcome, Some(measures.predictor)];
        let own = scales.into_iter().zip(self.error_in);
        let own = own.filter_map(|(scale, has_error)| scale.filter(|_| has_error));
        // A report of conflict has rates of its own.
        own.filter(|scale| *scale != CONFLICT_SCALE).collect()
    }

    /// The study of a design: that of the scenario with the values of the design, and only with the scales that are
    /// analysed or decide about what is missing. What is left out changes no answer to them.
    pub(crate) fn study_of(&self, base: &StudyDesign, design: &DesignValues) -> StudyDesign {
        let mut study = base.clone();
        let count = |quantity: DesignQuantity| design[quantity as usize] as u32;
        let share = |quantity: DesignQuantity| design[quantity as usize];
        study.couples = count(DesignQuantity::Couples);
        study.burst_days = count(DesignQuantity::BurstDays);
        study.bursts = count(DesignQuantity::Bursts);
        study.prompts = count(DesignQuantity::Prompts);
        study.compliance = share(DesignQuantity::Compliance);
        study.odds_day = share(DesignQuantity::OddsDay);
        study.odds_low_answer = share(DesignQuantity::OddsLowAnswer);
        study.odds_conflict = share(DesignQuantity::OddsConflict);
        study.drop_out_daily = share(DesignQuantity::DropOutDaily);
        study.conflict_reported = share(DesignQuantity::ConflictReported);
        study.unresponsive_as_conflict = share(DesignQuantity::UnresponsiveAsConflict);
        study.conflict_false_alarm = share(DesignQuantity::ConflictFalseAlarm);
        let reliability = share(DesignQuantity::Reliability);
        if reliability > 0.0 {
            for scale in self.reliable_scales() {
                study.scales.reliability[scale] = reliability;
            }
        }
        study.wave_compliance = share(DesignQuantity::WaveCompliance);
        study.drop_out = share(DesignQuantity::DropOut);
        if study.wave_days.is_empty() {
            study.waves = count(DesignQuantity::Waves);
            study.wave_interval = count(DesignQuantity::WaveInterval);
        }
        let analysed: Vec<usize> = self
            .study()
            .map_or_else(Vec::new, |own| own.scales().collect());
        // What a prompt misses may depend on the answers to the first scale of the diary.
        let first = study.diary.first().copied();
        let is_of_diary = self.analysis == AnalysisKind::Diary;
        study
            .diary
            .retain(|scale| Some(*scale) == first || (is_of_diary && analysed.contains(scale)));
        if is_of_diary {
            study.follow_up = 0;
            study.questionnaire.clear();
        } else {
            study.follow_up = match self.analysis {
                AnalysisKind::BreakUp => count(DesignQuantity::FollowUp),
                _ => 0,
            };
            study.questionnaire.retain(|scale| analysed.contains(scale));
        }
        study
    }

    /// The true values of the estimated effects, where they are given.
    pub(crate) fn truths(&self) -> Option<Vec<f64>> {
        let effects = self.given()?;
        let all = [
            effects.intercept,
            effects.actor,
            effects.partner,
            effects.lag,
        ];
        let kinds = if self.has_lagged_outcome { 4 } else { 3 };
        let persons = if self.are_exchangeable { 1 } else { 2 };
        let of = |person: usize| all[..kinds].iter().map(move |pair| pair[person]);
        Some((0..persons).flat_map(of).collect())
    }

    /// All designs: the quantities in the order of [`DesignQuantity::ALL`], of which the last varies fastest.
    pub(crate) fn designs(&self) -> Vec<DesignValues> {
        let mut designs = vec![self.design];
        for (place, values) in self.vary.iter().enumerate() {
            if values.is_empty() {
                continue;
            }
            let with = |design: &DesignValues| {
                values
                    .iter()
                    .map(|value| {
                        let mut design = *design;
                        design[place] = *value;
                        design
                    })
                    .collect::<Vec<_>>()
            };
            designs = designs.iter().flat_map(with).collect();
        }
        designs
    }

    /// The designs of a search, in which one quantity is open.
    pub(crate) fn designs_without(&self, searched: DesignQuantity) -> Vec<DesignValues> {
        let mut fixed = self.clone();
        fixed.vary[searched as usize].clear();
        fixed.designs()
    }
}
