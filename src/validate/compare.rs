//! Compares published numbers with simulated studies.

use crate::model::parameters::MECHANISMS;
use crate::scenario::{Diagnostics, Override};
use crate::stats::interval::{CONFIDENCE, Interval};
use crate::stats::summary::RunningMoments;
use crate::validate::cohort_waves::{jackknife, left_out};
use crate::validate::dissolution::SeparationRecord;
use crate::validate::experiments::cross_section;
use crate::validate::laboratory::{COHABITING, CohortCache, DATING, Laboratory};
use crate::validate::panel_study::PanelStudy;
use crate::validate::population::{
    NamedPopulation, PopulationMeasure, StudyMeasure, measured_in_studies,
};
use crate::validate::samples::{Diaries, Subsample, SurveySample};
use crate::validate::targets::{Estimator, Exposure, Target, Tier};
use std::sync::Arc;

/// Parts of a sample that is too small for more studies, or whose size does not matter.
const PARTS: usize = 10;
/// Share of a published size below which an effect is hardly more than its sign.
const LEAST_SHARE: f64 = 0.1;
/// Most studies of a population: the most replicates of a scenario.
const MOST_STUDIES: u64 = 1_000_000;

/// Whether a published number is reproduced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reproduction {
    /// The simulated interval lies within the published one.
    Reproduced,
    /// The sign is the published one, and the effect is smaller than a tenth of the published size.
    SignOnly,
    /// It overlaps an end of it.
    Undecided,
    /// It lies outside of it.
    NotReproduced,
}

impl Reproduction {
    /// Words of tables, in the order of the variants.
    pub(crate) const WORDS: &'static [&'static str] =
        &["reproduced", "sign_only", "undecided", "not_reproduced"];
    /// How many there are.
    pub(crate) const COUNT: usize = Reproduction::WORDS.len();

    /// Its word.
    pub(crate) fn word(self) -> &'static str {
        Reproduction::WORDS[self as usize]
    }

    /// Compares a finding with what a target says.
    fn on(target: &Target, finding: &SimulatedFinding) -> Reproduction {
        let verdict = Reproduction::of(finding.interval, target.interval);
        let least = target.size.map_or(0.0, |size| LEAST_SHARE * size);
        if verdict == Reproduction::Reproduced && finding.value.abs() < least {
            Reproduction::SignOnly
        } else {
            verdict
        }
    }

    /// Compares a simulated interval with a published one.
    pub(crate) fn of(simulated: Interval, published: Interval) -> Reproduction {
        let within = simulated.low >= published.low && simulated.high <= published.high;
        let outside = simulated.high < published.low || simulated.low > published.high;
        if within {
            Reproduction::Reproduced
        } else if outside || simulated.low.is_nan() {
            Reproduction::NotReproduced
        } else {
            Reproduction::Undecided
        }
    }
}

/// The value of a target's statistic in simulated studies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SimulatedFinding {
    /// Mean over studies.
    pub(crate) value: f64,
    /// Its 95 % interval.
    pub(crate) interval: Interval,
    /// Standard deviation over studies of the published size.
    pub(crate) spread: f64,
    /// Studies, or parts of one.
    pub(crate) studies: usize,
}

impl SimulatedFinding {
    fn of(values: &[f64]) -> SimulatedFinding {
        let moments: RunningMoments = values.iter().copied().filter(|x| x.is_finite()).collect();
        let missing = values.len() as u64 != moments.count();
        // As where no couple separates: how rarely one would is not known from that.
        let is_constant = moments.sd() == 0.0;
        SimulatedFinding {
            value: if missing { f64::NAN } else { moments.mean() },
            interval: if missing || is_constant {
                Interval::UNDEFINED
            } else {
                moments.interval(CONFIDENCE)
            },
            spread: moments.sd(),
            studies: values.len(),
        }
    }
}

impl SimulatedFinding {
    /// The distance to another finding in standard errors of the difference, as if they were
    /// independent; NaN where neither has an error.
    pub(crate) fn distance(&self, other: &SimulatedFinding) -> f64 {
        let error = |finding: &SimulatedFinding| finding.spread / (finding.studies as f64).sqrt();
        let (one, two) = (error(self), error(other));
        (other.value - self.value) / (one * one + two * two).sqrt()
    }
}

/// A target and the simulated value.
#[derive(Clone)]
pub(crate) struct TargetComparison {
    /// The target.
    pub(crate) target: Target,
    /// The simulated value.
    pub(crate) finding: SimulatedFinding,
    /// The verdict.
    pub(crate) verdict: Reproduction,
}

/// The studies of a sample: as many as fit, of the published size.
fn studies(couples: usize, each: Option<u64>) -> Vec<Subsample> {
    let part = couples / PARTS;
    let size = each.map_or(part, |each| part.min(each as usize)).max(1);
    let step = couples / size;
    let part = |first| Subsample {
        first,
        step,
        count: size,
    };
    (0..step).map(part).collect()
}

/// Samples that several targets share, each simulated on first use.
struct SharedSamples<'a> {
    cohorts: CohortCache<'a>,
    survey: Option<SurveySample>,
    diaries: Option<Diaries>,
    /// All targets, of which those of one population are measured in the same studies.
    targets: &'a [Target],
    populations: Vec<MeasuredPopulation>,
}

/// A population in studies of one size: its measures, and the values of each.
struct MeasuredPopulation {
    population: Arc<NamedPopulation>,
    size: u64,
    measures: Vec<StudyMeasure>,
    values: Vec<Vec<f64>>,
}

/// A statistic of the break-ups of a cohort, by jackknife; insecurity is empty where it was not asked.
fn of_separations(
    cohort: &SeparationRecord<'_>,
    value: fn(&SeparationRecord<'_>) -> f64,
) -> Vec<f64> {
    jackknife(|group| {
        let out = left_out(cohort.ends.len(), group);
        let kept = |all: &[f64]| match all.is_empty() {
            true => Vec::new(),
            false => [&all[..out.start], &all[out.end..]].concat(),
        };
        value(&SeparationRecord {
            ends: &kept(cohort.ends),
            insecurity: &kept(cohort.insecurity),
        })
    })
}

/// The same of a panel, whose persons are asked on the first day, without the couples who left it together.
fn of_panel(panel: &PanelStudy, value: fn(&SeparationRecord<'_>) -> f64) -> Vec<f64> {
    let cohort = &panel.cohort;
    let of_stayed = |column: &[f64]| -> Vec<f64> {
        let couples = column.iter().zip(&cohort.left);
        couples
            .filter(|(_, left)| !**left)
            .map(|(own, _)| *own)
            .collect()
    };
    let record = SeparationRecord {
        ends: &of_stayed(&cohort.ends),
        insecurity: &of_stayed(&panel.insecurity()),
    };
    of_separations(&record, value)
}

impl SharedSamples<'_> {
    fn values(&mut self, target: &Target) -> Result<Vec<f64>, Diagnostics> {
        let cohorts = &self.cohorts;
        let laboratory = cohorts.laboratory;
        Ok(match &target.estimator {
            Estimator::SurveySample(value) => {
                if self.survey.is_none() {
                    self.survey = Some(cross_section(cohorts)?);
                }
                let Some(survey) = &self.survey else {
                    return Ok(Vec::new());
                };
                let parts = studies(survey.trust.len(), target.couples);
                parts
                    .into_iter()
                    .map(|part| value(&survey.part(part)))
                    .collect()
            }
            Estimator::Diary(value) => {
                if self.diaries.is_none() {
                    let cohort = laboratory.simulate(DATING, &[])?;
                    self.diaries = Some(Diaries::of(
                        &cohort,
                        &laboratory.instruments,
                        laboratory.seed,
                    ));
                }
                let Some(diaries) = &self.diaries else {
                    return Ok(Vec::new());
                };
                let parts = studies(diaries.trust.len(), target.couples);
                parts
                    .into_iter()
                    .map(|part| value(&diaries.part(part)))
                    .collect()
            }
            Estimator::Unmarried(value) => of_panel(cohorts.unmarried()?, *value),
            Estimator::Cohabiting(value) => {
                let cohort = cohorts.days(COHABITING, &laboratory.moving_in())?;
                let cohort = SeparationRecord {
                    ends: &cohort.ends,
                    insecurity: &[],
                };
                of_separations(&cohort, *value)
            }
            Estimator::Married(value) => of_panel(cohorts.married()?, *value),
            Estimator::Panel(values) => values(cohorts)?,
            Estimator::Experiment(values) => values(cohorts)?,
            Estimator::Population(measure) => self.population_values(measure, target.couples)?,
        })
    }

    /// The values of a population's measure, one for each study of `couples` couples.
    fn population_values(
        &mut self,
        measure: &PopulationMeasure,
        couples: Option<u64>,
    ) -> Result<Vec<f64>, Diagnostics> {
        let laboratory = self.cohorts.laboratory;
        let study_size = |couples: Option<u64>| {
            let most = laboratory.couples / laboratory.least_studies;
            couples.map_or(most, |couples| couples.min(most)).max(1)
        };
        let size = study_size(couples);
        let population = &measure.population;
        let known = |own: &MeasuredPopulation| own.population == *population && own.size == size;
        let found = match self.populations.iter().position(known) {
            Some(found) => found,
            None => {
                let same = |target: &Target| match &target.estimator {
                    Estimator::Population(other)
                        if other.population == *population
                            && study_size(target.couples) == size =>
                    {
                        Some(other.measured.clone())
                    }
                    _ => None,
                };
                let measures: Vec<StudyMeasure> = self.targets.iter().filter_map(same).collect();
                let studies = (laboratory.couples / size).clamp(1, MOST_STUDIES);
                let scenario = population.scenario(laboratory, size, studies)?;
                let values = measured_in_studies(&scenario, &measures, &laboratory.control);
                self.populations.push(MeasuredPopulation {
                    population: Arc::clone(population),
                    size,
                    measures,
                    values,
                });
                self.populations.len() - 1
            }
        };
        let found = &self.populations[found];
        let place = found
            .measures
            .iter()
            .position(|own| *own == measure.measured);
        Ok(place.map_or(Vec::new(), |place| found.values[place].clone()))
    }
}

/// Repeats the studies of targets and compares them with the published numbers; if cancelled, of some
/// targets only.
///
/// # Errors
/// [`Diagnostics`] of the laboratory's overrides.
pub(crate) fn compare(
    laboratory: &Laboratory,
    targets: &[Target],
) -> Result<Vec<TargetComparison>, Diagnostics> {
    let mut shared = SharedSamples {
        cohorts: CohortCache::new(laboratory),
        survey: None,
        diaries: None,
        targets,
        populations: Vec::new(),
    };
    let mut comparisons = Vec::with_capacity(targets.len());
    for target in targets {
        if laboratory.control.cancel.is_cancelled() {
            break;
        }
        let finding = SimulatedFinding::of(&shared.values(target)?);
        let verdict = Reproduction::on(target, &finding);
        comparisons.push(TargetComparison {
            target: target.clone(),
            finding,
            verdict,
        });
        laboratory.control.progress.finish_part();
    }
    Ok(comparisons)
}

/// How many targets of a tier have each verdict, in the order of the verdicts; a target of several parts is
/// as good as its worst.
pub(crate) fn tally(comparisons: &[TargetComparison], tier: Tier) -> [usize; Reproduction::COUNT] {
    count(comparisons.iter().filter(|one| one.target.tier == tier))
}

/// The same for the blind targets of a tier.
pub(crate) fn blind_tally(
    comparisons: &[TargetComparison],
    tier: Tier,
) -> [usize; Reproduction::COUNT] {
    let blind =
        |one: &&TargetComparison| one.target.tier == tier && one.target.exposure == Exposure::Blind;
    count(comparisons.iter().filter(blind))
}

fn count<'a>(
    comparisons: impl Iterator<Item = &'a TargetComparison>,
) -> [usize; Reproduction::COUNT] {
    let mut worst: Vec<(&str, Reproduction)> = Vec::new();
    for one in comparisons {
        match worst.iter_mut().find(|(id, _)| *id == one.target.id) {
            Some((_, verdict)) => *verdict = (*verdict).max(one.verdict),
            None => worst.push((&one.target.id, one.verdict)),
        }
    }
    let mut counts = [0; Reproduction::COUNT];
    for (_, verdict) in worst {
        counts[verdict as usize] += 1;
    }
    counts
}

/// The targets without one mechanism.
#[derive(Clone)]
pub(crate) struct Ablation {
    /// Key of the mechanism that is off.
    pub(crate) mechanism: &'static str,
    /// The targets, in their order.
    pub(crate) comparisons: Vec<TargetComparison>,
}

impl TargetComparison {
    /// Whether a number that is reproduced here is not reproduced there.
    pub(crate) fn is_lost(&self, there: &TargetComparison) -> bool {
        self.verdict == Reproduction::Reproduced && there.verdict == Reproduction::NotReproduced
    }
}

impl Ablation {
    /// Names of the targets that are reproduced with the mechanism and not without it.
    pub(crate) fn carries(&self, full: &[TargetComparison]) -> Vec<String> {
        let both = full.iter().zip(&self.comparisons);
        let lost = both.filter(|(with, without)| with.is_lost(without));
        lost.map(|(with, _)| with.target.name()).collect()
    }
}

/// Simulates all studies without each mechanism in turn; none of them if it is cancelled.
///
/// # Errors
/// [`Diagnostics`] of the laboratory's overrides.
pub(crate) fn ablate(
    laboratory: &Laboratory,
    targets: &[Target],
) -> Result<Vec<Ablation>, Diagnostics> {
    let mut ablations = Vec::with_capacity(MECHANISMS.len());
    for switch in MECHANISMS {
        if laboratory.control.cancel.is_cancelled() {
            return Ok(Vec::new());
        }
        let mut without = laboratory.clone();
        let off = Override::parse(&format!("mechanisms.{}=false", switch.key))?;
        without.overrides.push(off);
        ablations.push(Ablation {
            mechanism: switch.key,
            comparisons: compare(&without, targets)?,
        });
    }
    Ok(ablations)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::target_table::shipped;

    fn interval(low: f64, high: f64) -> Interval {
        Interval { low, high }
    }

    fn finding(value: f64, spread: f64, studies: usize) -> SimulatedFinding {
        SimulatedFinding {
            value,
            interval: Interval::around(value, 0.01),
            spread,
            studies,
        }
    }

    #[test]
    fn a_verdict_tells_within_over_an_end_and_outside() {
        let published = interval(0.2, 0.6);
        for (simulated, verdict) in [
            (interval(0.3, 0.5), Reproduction::Reproduced),
            (interval(0.2, 0.6), Reproduction::Reproduced),
            (interval(0.1, 0.3), Reproduction::Undecided),
            (interval(0.5, 0.7), Reproduction::Undecided),
            (interval(0.0, 0.9), Reproduction::Undecided),
            (interval(0.0, 0.2), Reproduction::Undecided),
            (interval(0.0, 0.19), Reproduction::NotReproduced),
            (interval(0.61, 0.9), Reproduction::NotReproduced),
        ] {
            assert_eq!(
                Reproduction::of(simulated, published),
                verdict,
                "{simulated:?}"
            );
        }
    }

    #[test]
    fn an_interval_without_an_end_is_met_by_all_on_its_side() {
        let above = interval(0.0, f64::INFINITY);
        assert_eq!(
            Reproduction::of(interval(1.0, 1e9), above),
            Reproduction::Reproduced
        );
        assert_eq!(
            Reproduction::of(interval(-0.1, 0.1), above),
            Reproduction::Undecided
        );
        assert_eq!(
            Reproduction::of(interval(-0.2, -0.1), above),
            Reproduction::NotReproduced
        );
        let below = interval(f64::NEG_INFINITY, 0.0);
        assert_eq!(
            Reproduction::of(interval(-9.0, -0.1), below),
            Reproduction::Reproduced
        );
        assert_eq!(
            Reproduction::of(interval(0.1, 0.2), below),
            Reproduction::NotReproduced
        );
    }

    #[test]
    fn an_effect_below_a_tenth_of_the_published_size_is_its_sign_only() {
        let targets = shipped(&["P16".to_owned()]).expect("a target");
        let target = Target {
            size: Some(0.2),
            ..targets[0].clone()
        };
        let verdict = |value: f64| {
            let found = SimulatedFinding {
                interval: Interval::around(value, 0.001),
                ..finding(value, 0.01, 10)
            };
            Reproduction::on(&target, &found)
        };
        assert_eq!(verdict(-0.021), Reproduction::Reproduced);
        assert_eq!(verdict(-0.019), Reproduction::SignOnly);
        assert_eq!(verdict(-0.0005), Reproduction::Undecided);
        assert_eq!(verdict(0.019), Reproduction::NotReproduced);
        let without = Target {
            size: None,
            ..target.clone()
        };
        let found = finding(-0.019, 0.01, 10);
        assert_eq!(Reproduction::on(&without, &found), Reproduction::Reproduced);
    }

    #[test]
    fn what_could_not_be_computed_is_not_reproduced() {
        for published in [
            interval(0.2, 0.6),
            interval(0.0, f64::INFINITY),
            interval(f64::NEG_INFINITY, 0.0),
        ] {
            let verdict = Reproduction::of(Interval::UNDEFINED, published);
            assert_eq!(verdict, Reproduction::NotReproduced);
        }
        for values in [&[][..], &[0.5, f64::NAN], &[f64::INFINITY, 0.1]] {
            let found = SimulatedFinding::of(values);
            assert!(found.interval.low.is_nan(), "{found:?}");
            assert_eq!(found.studies, values.len());
        }
    }

    #[test]
    fn a_finding_is_the_mean_over_studies_with_its_error() {
        let found = SimulatedFinding::of(&[1.0, 2.0, 3.0, 4.0]);
        assert_eq!(found.value, 2.5);
        assert!((found.spread - 1.290_994_448_735_805_6).abs() < 1e-12);
        // Student's t with three degrees of freedom.
        let half = 3.182_446_305_284_263 * found.spread / 2.0;
        assert!((found.interval.high - 2.5 - half).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn findings_lie_apart_in_standard_errors_of_their_difference() {
        let (one, two) = (finding(0.1, 0.3, 9), finding(0.6, 0.4, 16));
        let expected = 0.5 / (0.01_f64 + 0.01).sqrt();
        assert!((one.distance(&two) - expected).abs() < 1e-12);
        assert_eq!(one.distance(&two), -two.distance(&one));
        assert!(
            finding(0.1, 0.0, 9)
                .distance(&finding(0.1, 0.0, 9))
                .is_nan()
        );
    }

    #[test]
    fn a_target_of_several_parts_counts_by_its_worst() {
        let targets = shipped(&[]).expect("the shipped table");
        let parts: Vec<_> = targets.into_iter().filter(|t| t.id == "V16").collect();
        assert!(parts.len() > 2);
        let compare = |verdicts: &dyn Fn(usize) -> Reproduction| -> Vec<TargetComparison> {
            let comparisons = parts
                .iter()
                .enumerate()
                .map(|(part, target)| TargetComparison {
                    target: target.clone(),
                    finding: finding(0.1, 0.1, 2),
                    verdict: verdicts(part),
                });
            comparisons.collect()
        };
        let (best, open, worst) = (
            Reproduction::Reproduced,
            Reproduction::Undecided,
            Reproduction::NotReproduced,
        );
        assert_eq!(tally(&compare(&|_| best), Tier::Validation), [1, 0, 0, 0]);
        let one_open = compare(&|part| if part == 1 { open } else { best });
        assert_eq!(tally(&one_open, Tier::Validation), [0, 0, 1, 0]);
        let one_missed = compare(&|part| [worst, open, best][part.min(2)]);
        assert_eq!(tally(&one_missed, Tier::Validation), [0, 0, 0, 1]);
        assert_eq!(tally(&one_missed, Tier::Pattern), [0, 0, 0, 0]);
    }

    #[test]
    fn every_couple_is_in_one_study_at_most_and_few_are_in_none() {
        for (couples, each) in [(200, 118), (4_000, 118), (4_001, 103), (7, 1_000), (1, 5)] {
            let parts = studies(couples, Some(each));
            let all: Vec<usize> = (0..couples).collect();
            let mut seen = vec![0; couples];
            for part in &parts {
                let members = part.of(&all);
                assert_eq!(members.len(), part.count, "{couples} in {each}");
                for couple in members {
                    seen[couple] += 1;
                }
            }
            assert!(seen.iter().all(|times| *times <= 1));
            let unseen = seen.iter().filter(|times| **times == 0).count();
            let size = parts.first().map_or(0, |part| part.count);
            assert!(unseen < size.max(1), "{unseen} of {couples} in {each}");
            assert!(parts.len() >= PARTS.min(couples), "{} studies", parts.len());
        }
    }

    #[test]
    fn studies_take_couples_of_all_cohorts() {
        let couples = 8_000;
        for part in studies(couples, Some(118)) {
            // Four cohorts of equal size, one after the other.
            let mut of_cohort = [0; 4];
            for couple in part.of(&(0..couples).collect::<Vec<_>>()) {
                of_cohort[couple * 4 / couples] += 1;
            }
            let (least, most) = (of_cohort.iter().min(), of_cohort.iter().max());
            assert!(most <= least.map(|n| n + 2).as_ref(), "{of_cohort:?}");
        }
    }

    #[test]
    fn a_laboratory_that_is_stopped_finds_nothing_and_does_not_fail() {
        let laboratory = Laboratory::new(200, 1);
        laboratory.control.cancel.cancel();
        let targets = shipped(&[]).expect("the shipped table");
        let comparisons = compare(&laboratory, &targets).expect("no overrides");
        assert!(comparisons.is_empty());
    }
}
