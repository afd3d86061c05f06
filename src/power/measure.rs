//! What many data sets of one design say: power, bias, coverage, and errors of sign and size.
//!
//! Effects of simulated couples are not numbers of the scenario. Their truth is a reference: the mean estimate of the
//! same model in data sets of their own in which all answer always and scales have no errors.

use super::data::{PowerDesign, StudyData, simulate};
use super::panel_data::{break_ups, growth_rows};
use super::study_data::{SampleCounts, complete_study, rows_of};
use crate::runner::{Cancelled, Control, par_map_ordered};
use crate::scenario::power_spec::{
    AnalysisKind, DesignQuantity, DesignValues, EffectSource, PowerSpec, StudyMeasures,
};
use crate::simulation::SimulationConfig;
use crate::simulation::survey::design::StudyDesign;
use crate::stats::dyads::{
    Coefficient, LongitudinalApim, LongitudinalFit, Method, OccasionResiduals, PartnerKinds,
};
use crate::stats::interval::{CONFIDENCE, Interval, normal_reach, student_quantile};
use crate::stats::summary::{RunningMoments, ValueWithInterval};
use crate::study::sample::{PreparedStudy, StudyReplicate};

/// Jobs that may lie between the first that is not collected and the last that has begun.
const WINDOW: u64 = 256;
/// Designs that share a simulation, at most: the answers of all of them are in memory at once.
const MOST_SHARING: usize = 16;
/// Number of the first data set of a reference: above those of all others.
pub(crate) const FIRST_OF_REFERENCE: u32 = 1_000_000;
/// Fewest data sets of a reference.
const LEAST_REFERENCE_SETS: u64 = 20;

/// The power analysis of a scenario.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PowerTask<'p> {
    pub(crate) power: &'p PowerSpec,
    /// Seed and couples.
    pub(crate) config: &'p SimulationConfig,
}

/// A true effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TrueEffect {
    /// NaN where it is not known.
    pub(crate) value: f64,
    /// Its Monte Carlo standard error; 0 where it is given.
    pub(crate) error: f64,
}

impl TrueEffect {
    pub(crate) const UNKNOWN: TrueEffect = TrueEffect {
        value: f64::NAN,
        error: 0.0,
    };

    pub(crate) fn given(value: f64) -> TrueEffect {
        TrueEffect { value, error: 0.0 }
    }

    /// Its 95 % Monte Carlo interval; undefined where it is given.
    pub(crate) fn interval(self) -> Interval {
        match self.error > 0.0 {
            true => Interval::around(self.value, normal_reach(CONFIDENCE) * self.error),
            false => Interval::UNDEFINED,
        }
    }

    /// Whether it is known to differ from 0.
    fn has_sign(self) -> bool {
        self.value.abs() > normal_reach(CONFIDENCE) * self.error
    }
}

/// A design that is to be measured.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlannedDesign {
    pub(crate) design: DesignValues,
    /// Number of its random stream: 0 where designs share their random numbers.
    pub(crate) stream: u64,
    /// By [`PowerSpec::effect_names`].
    pub(crate) truths: Vec<TrueEffect>,
}

/// An effect as one data set gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct EstimatedEffect {
    pub(crate) estimate: f64,
    /// Half the width of its interval, of the confidence that the level of significance leaves.
    pub(crate) reach: f64,
}

/// Analyses the rows of a diary; none where the model cannot be fitted.
pub(crate) fn analyse(power: &PowerSpec, data: &StudyData) -> Option<LongitudinalFit> {
    let [own, other, before] = &data.predictors;
    let all: [&[f64]; 3] = [own, other, before];
    let count = if power.has_lagged_outcome { 3 } else { 2 };
    let model = LongitudinalApim {
        places: &data.places,
        output: &data.outcome,
        predictors: &all[..count],
        partners: match power.are_exchangeable {
            true => PartnerKinds::Exchangeable,
            false => PartnerKinds::Distinguishable,
        },
        residuals: match power.are_autoregressive {
            true => OccasionResiduals::Autoregressive,
            false => OccasionResiduals::SameOccasion,
        },
        method: match power.is_restricted {
            true => Method::Restricted,
            false => Method::Full,
        },
    };
    model.fit()
}

/// Analyses a data set of a study, in the points of the scales of another design: the estimates by
/// [`PowerSpec::effect_names`], where the model can be fitted, and who was in it.
pub(crate) fn analyse_study(
    power: &PowerSpec,
    measures: &StudyMeasures,
    study: &PreparedStudy,
    data: &StudyReplicate,
    points: &StudyDesign,
) -> (Option<Vec<Coefficient>>, SampleCounts) {
    let mut counts = SampleCounts::of(power.analysis, data);
    let found = match power.analysis {
        AnalysisKind::Diary => {
            let rows = rows_of(power, measures, study, data, points);
            analyse(power, &rows).map(|fit| fit.coefficients)
        }
        AnalysisKind::BreakUp => {
            let rows = break_ups(power, measures, study, data, points);
            (counts.analysed, counts.ended) = rows.counts();
            rows.fit().map(|fit| fit.coefficients)
        }
        AnalysisKind::Growth => {
            let rows = growth_rows(power, measures, study, data, points);
            counts.analysed = rows.couples;
            rows.fit(power).map(|fit| fit.coefficients)
        }
    };
    (found, counts)
}

/// The effects of the rows of a diary, by [`PowerSpec::effect_names`].
fn effects_of(power: &PowerSpec, data: &StudyData) -> Option<Vec<EstimatedEffect>> {
    effects_from(power, &analyse(power, data)?.coefficients)
}

/// Effects with the intervals of the level of significance; none where one of them is not known.
fn effects_from(power: &PowerSpec, coefficients: &[Coefficient]) -> Option<Vec<EstimatedEffect>> {
    let mut known: Option<(f64, f64)> = None;
    let mut effects = Vec::with_capacity(coefficients.len());
    for found in coefficients {
        let quantile = match known {
            Some((dof, quantile)) if dof == found.dof => quantile,
            _ => student_quantile(1.0 - 0.5 * power.alpha, found.dof),
        };
        known = Some((found.dof, quantile));
        effects.push(EstimatedEffect {
            estimate: found.value,
            reach: quantile * found.standard_error,
        });
    }
    let is_known =
        |effect: &EstimatedEffect| effect.estimate.is_finite() && effect.reach.is_finite();
    effects.iter().all(is_known).then_some(effects)
}

/// What the data sets of a design say of one effect.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EffectTally {
    pub(crate) truth: TrueEffect,
    estimates: RunningMoments,
    widths: RunningMoments,
    significant: u64,
    covered: u64,
    /// Significant estimates of the wrong sign.
    wrong: u64,
    /// Sizes of significant estimates in units of the truth's.
    exaggeration: RunningMoments,
}

/// The mean of an estimate, less a number with its own error.
fn mean_less(moments: &RunningMoments, less: TrueEffect) -> ValueWithInterval {
    let own = moments.interval(CONFIDENCE).half_width();
    let other = normal_reach(CONFIDENCE) * less.error;
    let value = moments.mean() - less.value;
    ValueWithInterval {
        value,
        interval: Interval::around(value, (own * own + other * other).sqrt()),
    }
}

impl EffectTally {
    pub(crate) fn new(truth: TrueEffect) -> EffectTally {
        EffectTally {
            truth,
            estimates: RunningMoments::default(),
            widths: RunningMoments::default(),
            significant: 0,
            covered: 0,
            wrong: 0,
            exaggeration: RunningMoments::default(),
        }
    }

    pub(crate) fn push(&mut self, effect: EstimatedEffect) {
        let EstimatedEffect { estimate, reach } = effect;
        self.estimates.push(estimate);
        self.widths.push(2.0 * reach);
        self.covered += u64::from((estimate - self.truth.value).abs() <= reach);
        if estimate.abs() > reach {
            self.significant += 1;
            if self.truth.has_sign() {
                self.wrong += u64::from(estimate * self.truth.value < 0.0);
                self.exaggeration.push((estimate / self.truth.value).abs());
            }
        }
    }

    /// Data sets that could be analysed.
    pub(crate) fn count(&self) -> u64 {
        self.estimates.count()
    }

    pub(crate) fn significant(&self) -> u64 {
        self.significant
    }

    pub(crate) fn mean(&self) -> f64 {
        self.estimates.mean()
    }

    pub(crate) fn sd(&self) -> f64 {
        self.estimates.sd()
    }

    pub(crate) fn width(&self) -> f64 {
        self.widths.mean()
    }

    pub(crate) fn bias(&self) -> ValueWithInterval {
        mean_less(&self.estimates, self.truth)
    }

    /// Share of data sets in which it is significant.
    pub(crate) fn power(&self) -> ValueWithInterval {
        ValueWithInterval::share(self.significant, self.count())
    }

    pub(crate) fn coverage(&self) -> ValueWithInterval {
        match self.truth.value.is_nan() {
            true => ValueWithInterval::UNDEFINED,
            false => ValueWithInterval::share(self.covered, self.count()),
        }
    }

    /// Share of significant estimates that have the wrong sign; undefined of an effect that is not known to differ
    /// from 0.
    pub(crate) fn sign_error(&self) -> ValueWithInterval {
        match !self.truth.has_sign() || self.significant == 0 {
            true => ValueWithInterval::UNDEFINED,
            false => ValueWithInterval::share(self.wrong, self.significant),
        }
    }

    /// Mean size of significant estimates in units of the truth's; undefined of an effect that is not known to differ
    /// from 0.
    pub(crate) fn size_error(&self) -> ValueWithInterval {
        if self.exaggeration.count() == 0 {
            return ValueWithInterval::UNDEFINED;
        }
        // The truth in the denominator has an error, too.
        let mean = self.exaggeration.mean();
        let less = TrueEffect {
            value: 0.0,
            error: mean * (self.truth.error / self.truth.value).abs(),
        };
        mean_less(&self.exaggeration, less)
    }
}

/// Who was in the data sets of a study of simulated couples.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SampleTally {
    recruited: RunningMoments,
    /// Data sets with fewer couples than the design has.
    pub(crate) short: u64,
    occasions: u64,
    answered: u64,
    analysed: RunningMoments,
    ended: RunningMoments,
}

impl SampleTally {
    fn push(&mut self, counts: SampleCounts) {
        self.recruited.push(counts.recruited as f64);
        self.short += u64::from(counts.recruited < counts.wanted);
        self.occasions += counts.occasions;
        self.answered += counts.answered;
        self.analysed.push(counts.analysed as f64);
        self.ended.push(counts.ended as f64);
    }

    /// Mean of the recruited couples.
    pub(crate) fn recruited(&self) -> f64 {
        self.recruited.mean()
    }

    /// Share of the analysed occasions of all recruited persons that were answered.
    pub(crate) fn answered(&self) -> f64 {
        self.answered as f64 / self.occasions as f64
    }

    /// Mean of the couples of a panel that are analysed.
    pub(crate) fn analysed(&self) -> f64 {
        self.analysed.mean()
    }

    /// Mean of the break-ups among them.
    pub(crate) fn ended(&self) -> f64 {
        self.ended.mean()
    }
}

/// What was found of one design.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DesignResult {
    pub(crate) design: DesignValues,
    /// Data sets to which the model could not be fitted.
    pub(crate) failed: u64,
    /// By [`PowerSpec::effect_names`].
    pub(crate) effects: Vec<EffectTally>,
    /// Of a study of simulated couples.
    pub(crate) sample: SampleTally,
}

/// Couple-occasions of a data set.
pub(crate) fn size_of_design(power: &PowerSpec, design: &DesignValues) -> u64 {
    let of = |quantity: DesignQuantity| design[quantity as usize] as u64;
    let occasions = match power.given() {
        Some(_) => of(DesignQuantity::Occasions),
        None if power.analysis.is_of_panel() => of(DesignQuantity::Waves),
        None => {
            let days = of(DesignQuantity::BurstDays).saturating_mul(of(DesignQuantity::Bursts));
            days.saturating_mul(of(DesignQuantity::Prompts))
        }
    };
    of(DesignQuantity::Couples).saturating_mul(occasions)
}

/// Designs whose data sets are made together.
struct DesignGroup {
    /// Their positions among the planned ones.
    members: Vec<usize>,
    /// Their studies, which look at the same couples; none with given effects.
    studies: Vec<PreparedStudy>,
}

/// How the couples of a study answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AnswerKind {
    /// As the design says.
    AsDesigned,
    /// Always, and without errors.
    Complete,
}

/// What one job found of one design: the effects, where the model could be fitted, and who was in the data set.
pub(crate) type DataSetResult = (Option<Vec<EstimatedEffect>>, SampleCounts);

impl PowerTask<'_> {
    /// The groups in which data sets of designs are made. In a study they share the couples, where they have as many
    /// prompts a day.
    fn groups(&self, designs: &[(DesignValues, u64)], answers: AnswerKind) -> Vec<DesignGroup> {
        if self.power.given().is_some() {
            let alone = |member: usize| DesignGroup {
                members: vec![member],
                studies: Vec::new(),
            };
            return (0..designs.len()).map(alone).collect();
        }
        let mut all: Vec<(f64, u64, Vec<usize>)> = Vec::new();
        for (place, (design, stream)) in designs.iter().enumerate() {
            let prompts = design[DesignQuantity::Prompts as usize];
            let own = all
                .iter_mut()
                .find(|own| (own.0, own.1) == (prompts, *stream) && own.2.len() < MOST_SHARING);
            match own {
                Some(group) => group.2.push(place),
                None => all.push((prompts, *stream, vec![place])),
            }
        }
        let group = |(_, stream, members): (f64, u64, Vec<usize>)| {
            let mut config = self.config.clone();
            config.point = stream;
            let base = self.base();
            let study = |member: &usize| {
                let study = self.power.study_of(&base, &designs[*member].0);
                match (answers, self.power.study()) {
                    (AnswerKind::Complete, Some(measures)) => complete_study(measures, &study),
                    _ => study,
                }
            };
            DesignGroup {
                studies: PreparedStudy::sharing(&config, members.iter().map(study).collect()),
                members,
            }
        };
        all.into_iter().map(group).collect()
    }

    /// The study of the scenario.
    fn base(&self) -> StudyDesign {
        self.config.record.study.clone().unwrap_or_default()
    }

    /// Makes and analyses the data sets of one number of a group.
    fn job(
        &self,
        group: &DesignGroup,
        designs: &[(DesignValues, u64)],
        replicate: u32,
        control: &Control,
    ) -> Result<Vec<DataSetResult>, Cancelled> {
        control.cancel.check()?;
        match &self.power.source {
            EffectSource::Given(effects) => {
                let one = |member: &usize| {
                    let (design, stream) = designs[*member];
                    let address = (stream, replicate);
                    let design_of = PowerDesign::new(&design);
                    let given = (self.power, effects);
                    let data = simulate(given, self.config.seed, address, design_of);
                    let found = effects_of(self.power, &data);
                    let size = size_of_design(self.power, &design);
                    control.progress.add(size, size);
                    (found, SampleCounts::default())
                };
                Ok(group.members.iter().map(one).collect())
            }
            EffectSource::Study(measures) => {
                let sets = PreparedStudy::replicates(&group.studies, replicate, control)?;
                let points = self.base();
                let one = |(study, data)| {
                    let (found, counts) =
                        analyse_study(self.power, measures, study, &data, &points);
                    let effects = found.and_then(|found| effects_from(self.power, &found));
                    (effects, counts)
                };
                Ok(group.studies.iter().zip(sets).map(one).collect())
            }
        }
    }
}

/// Data sets of designs, of which one job makes those of one number for the designs of one group.
pub(crate) struct DataSets<'p> {
    task: PowerTask<'p>,
    designs: Vec<(DesignValues, u64)>,
    groups: Vec<DesignGroup>,
    /// Number of the first data set, and data sets of each design.
    first: u32,
    count: u64,
}

impl<'p> DataSets<'p> {
    /// Those of designs, each with the number of its random stream.
    pub(crate) fn of_designs(
        task: PowerTask<'p>,
        designs: Vec<(DesignValues, u64)>,
    ) -> DataSets<'p> {
        DataSets {
            task,
            groups: task.groups(&designs, AnswerKind::AsDesigned),
            designs,
            first: 0,
            count: task.power.replicates.into(),
        }
    }

    /// Those that references of designs are estimated from, by [`reference_designs`].
    pub(crate) fn of_references(
        task: PowerTask<'p>,
        measures: &StudyMeasures,
        designs: &[DesignValues],
    ) -> DataSets<'p> {
        let (designs, count) = reference_designs(task.power, measures, designs);
        let designs: Vec<(DesignValues, u64)> = designs.into_iter().map(|own| (own, 0)).collect();
        DataSets {
            task,
            groups: task.groups(&designs, AnswerKind::Complete),
            designs,
            first: FIRST_OF_REFERENCE,
            count,
        }
    }

    /// For each group how many jobs it has, and the couple-days or couple-occasions of each.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (u64, u64)> {
        let cost = |group: &DesignGroup| match group.studies.first() {
            Some(study) => study.couple_days(),
            None => {
                let own = group.members.iter();
                own.map(|member| size_of_design(self.task.power, &self.designs[*member].0))
                    .fold(0, u64::saturating_add)
            }
        };
        self.groups
            .iter()
            .map(move |group| (self.count, cost(group)))
    }

    pub(crate) fn jobs(&self) -> u64 {
        self.count * self.groups.len() as u64
    }

    /// The positions of the designs of a job.
    pub(crate) fn members(&self, job: u64) -> &[usize] {
        &self.groups[(job / self.count) as usize].members
    }

    /// Makes and analyses the data sets of a job; the results are in the order of [`members`](DataSets::members).
    pub(crate) fn job(&self, job: u64, control: &Control) -> Result<Vec<DataSetResult>, Cancelled> {
        let group = &self.groups[(job / self.count) as usize];
        let number = self.first + (job % self.count) as u32;
        self.task.job(group, &self.designs, number, control)
    }
}

/// What is known of planned designs before any data set.
pub(crate) fn empty_results(planned: &[PlannedDesign]) -> Vec<DesignResult> {
    let none = |planned: &PlannedDesign| DesignResult {
        design: planned.design,
        failed: 0,
        effects: planned
            .truths
            .iter()
            .map(|truth| EffectTally::new(*truth))
            .collect(),
        sample: SampleTally::default(),
    };
    planned.iter().map(none).collect()
}

impl DesignResult {
    /// Counts a data set.
    pub(crate) fn push(&mut self, (effects, counts): DataSetResult) {
        self.sample.push(counts);
        let Some(effects) = effects else {
            self.failed += 1;
            return;
        };
        for (tally, effect) in self.effects.iter_mut().zip(effects) {
            tally.push(effect);
        }
    }
}

/// Makes and analyses the data sets of some designs.
pub(crate) fn measure(
    task: PowerTask<'_>,
    planned: &[PlannedDesign],
    control: &Control,
) -> Result<Vec<DesignResult>, Cancelled> {
    let mut results = empty_results(planned);
    let designs = planned.iter().map(|own| (own.design, own.stream));
    let sets = DataSets::of_designs(task, designs.collect());
    let mut job = 0;
    let collect = |found: Vec<DataSetResult>| {
        for (member, own) in sets.members(job).iter().zip(found) {
            results[*member].push(own);
        }
        job += 1;
        Ok::<(), Cancelled>(())
    };
    par_map_ordered(
        0..sets.jobs(),
        WINDOW,
        |job| sets.job(job, control),
        collect,
    )?;
    Ok(results)
}

/// The reference of the effects of designs with the same occasions.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EffectReference {
    /// By [`OCCASIONS`].
    occasions: [f64; OCCASIONS.len()],
    effects: Vec<RunningMoments>,
    /// Couples of the data sets.
    pub(crate) couples: u64,
    /// Data sets to which the model could not be fitted.
    pub(crate) failed: u64,
}

/// The quantities that say when occasions are, and how long couples are followed.
const OCCASIONS: [DesignQuantity; 6] = [
    DesignQuantity::BurstDays,
    DesignQuantity::Bursts,
    DesignQuantity::Prompts,
    DesignQuantity::Waves,
    DesignQuantity::WaveInterval,
    DesignQuantity::FollowUp,
];

fn occasions_of(design: &DesignValues) -> [f64; OCCASIONS.len()] {
    OCCASIONS.map(|quantity| design[quantity as usize])
}

impl EffectReference {
    /// The references of designs before any data set, by [`reference_designs`].
    pub(crate) fn empty(
        power: &PowerSpec,
        measures: &StudyMeasures,
        designs: &[DesignValues],
    ) -> Vec<EffectReference> {
        let (designs, _) = reference_designs(power, measures, designs);
        let empty = |design: &DesignValues| EffectReference {
            occasions: occasions_of(design),
            effects: vec![RunningMoments::default(); power.effect_names().len()],
            couples: 0,
            failed: 0,
        };
        designs.iter().map(empty).collect()
    }

    /// Counts a data set.
    pub(crate) fn push(&mut self, (effects, counts): DataSetResult) {
        let Some(effects) = effects else {
            self.failed += 1;
            return;
        };
        self.couples += counts.recruited;
        for (moments, effect) in self.effects.iter_mut().zip(effects) {
            moments.push(effect.estimate);
        }
    }

    /// Whether it is that of a design.
    pub(crate) fn is_of(&self, design: &DesignValues) -> bool {
        self.occasions == occasions_of(design)
    }

    pub(crate) fn truths(&self) -> Vec<TrueEffect> {
        let truth = |moments: &RunningMoments| TrueEffect {
            value: moments.mean(),
            error: moments.standard_error(),
        };
        self.effects.iter().map(truth).collect()
    }

    /// Data sets to which the model was fitted.
    pub(crate) fn count(&self) -> u64 {
        self.effects.first().map_or(0, RunningMoments::count)
    }
}

/// The designs whose data sets references are estimated from, one for each set of occasions, and the number of these
/// data sets: as many couples as the largest design has, and everything else as in the scenario's study.
pub(crate) fn reference_designs(
    power: &PowerSpec,
    measures: &StudyMeasures,
    designs: &[DesignValues],
) -> (Vec<DesignValues>, u64) {
    let couples = DesignQuantity::Couples as usize;
    let most = designs
        .iter()
        .map(|design| design[couples])
        .fold(1.0, f64::max);
    let mut all: Vec<DesignValues> = Vec::new();
    for design in designs {
        if !all
            .iter()
            .any(|own| occasions_of(own) == occasions_of(design))
        {
            let mut own = power.design;
            own[couples] = most;
            for quantity in OCCASIONS {
                own[quantity as usize] = design[quantity as usize];
            }
            all.push(own);
        }
    }
    let sets = measures.reference_couples.div_ceil(most as u64);
    (all, sets.max(LEAST_REFERENCE_SETS))
}
