//! What inferring known quantities back says: how much narrower posteriors are than priors, whether intervals cover,
//! whether ranks are uniform, which pairs of quantities cannot be told apart, and the verdicts.

use super::inference::{FOLDS, LocalPosterior, StandardSummaries, out_of_fold, posterior_of};
use super::scale::QuantityScale;
use crate::calibrate::abc::weighted::weighted_mean;
use crate::math::functions::{exp, normal_cdf};
use crate::runner::{Cancelled, Control};
use crate::stats::interval::Interval;
use crate::stats::summary::{RunningMoments, ValueWithInterval};

/// Contraction from which a quantity is identified: the posterior is half as wide as the prior.
pub(crate) const IDENTIFIED: f64 = 0.75;
/// Contraction below which it is not: the posterior is more than 0.85 times as wide.
pub(crate) const NOT_IDENTIFIED: f64 = 1.0 - 0.85 * 0.85;
/// Correlation in the posterior from which a pair is correlated.
pub(crate) const CORRELATED: f64 = 0.6;
/// Classes of ranks; their number makes the tail of the chi-squared distribution a sum.
pub(crate) const RANK_CLASSES: usize = 9;
/// Level of the test of ranks, over all of a design.
pub(crate) const RANK_LEVEL: f64 = 0.01;
/// Parts of the prior.
pub(crate) const PARTS: usize = 3;

/// What a study says of a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RecoveryVerdict {
    /// The whole interval of the contraction lies at [`IDENTIFIED`] or above.
    Identified,
    /// Less, but the contraction is at least [`NOT_IDENTIFIED`] and its interval lies above 0.
    Weak,
    NotIdentified,
    /// There are too few data sets.
    Undecided,
}

impl RecoveryVerdict {
    /// Words of tables, in the order of the variants.
    pub(crate) const WORDS: &'static [&'static str] =
        &["identified", "weak", "not_identified", "undecided"];

    pub(crate) fn of(contraction: ValueWithInterval) -> RecoveryVerdict {
        let ValueWithInterval { value, interval } = contraction;
        if !(value.is_finite() && interval.low.is_finite()) {
            return RecoveryVerdict::Undecided;
        }
        if interval.low >= IDENTIFIED {
            RecoveryVerdict::Identified
        } else if value >= NOT_IDENTIFIED && interval.low > 0.0 {
            RecoveryVerdict::Weak
        } else {
            RecoveryVerdict::NotIdentified
        }
    }
}

/// What a study says of two quantities together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PairVerdict {
    /// Neither is identified by itself, one combination of them is, and the other one is not.
    Equifinal,
    /// Their posterior is correlated, but they are not equifinal.
    Correlated,
    Separate,
    /// There are too few data sets.
    Undecided,
}

impl PairVerdict {
    /// Words of tables, in the order of the variants.
    pub(crate) const WORDS: &'static [&'static str] =
        &["equifinal", "correlated", "separate", "undecided"];
}

/// Whether ranks are uniform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RankVerdict {
    Uniform,
    NotUniform,
    Undecided,
}

impl RankVerdict {
    /// Words of tables, in the order of the variants.
    pub(crate) const WORDS: &'static [&'static str] = &["uniform", "not_uniform", "undecided"];
}

/// One less a mean.
fn rest_of(moments: &RunningMoments) -> ValueWithInterval {
    let ValueWithInterval { value, interval } = ValueWithInterval::mean(moments);
    ValueWithInterval {
        value: 1.0 - value,
        interval: Interval {
            low: 1.0 - interval.high,
            high: 1.0 - interval.low,
        },
    }
}

/// What was inferred of one quantity of one data set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct QuantityEstimate {
    /// Number of the simulation, from 0.
    pub(crate) simulation: usize,
    /// Place of the truth in the prior (0 to 1).
    pub(crate) place: f64,
    /// In the quantity's unit.
    pub(crate) truth: f64,
    pub(crate) mean: f64,
    pub(crate) ends: [f64; 4],
    /// Variance of the posterior over that of the prior, of the logarithm where the prior is log-uniform.
    pub(crate) relative_variance: f64,
    /// Share of the posterior below the truth.
    pub(crate) rank: f64,
}

impl QuantityEstimate {
    fn is_covered(&self, low: usize, high: usize) -> bool {
        (self.ends[low]..=self.ends[high]).contains(&self.truth)
    }
}

/// How well one quantity is recovered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct QuantityRecovery {
    pub(crate) tests: u64,
    pub(crate) contraction: ValueWithInterval,
    pub(crate) bias: ValueWithInterval,
    pub(crate) rmse: f64,
    pub(crate) coverage_50: ValueWithInterval,
    pub(crate) coverage_90: ValueWithInterval,
    pub(crate) rank_p: f64,
    pub(crate) ranks: RankVerdict,
    pub(crate) verdict: RecoveryVerdict,
}

impl QuantityRecovery {
    /// Sums up estimates; `comparisons` tests of ranks are made together.
    pub(crate) fn of<'e>(
        estimates: impl Iterator<Item = &'e QuantityEstimate>,
        comparisons: usize,
    ) -> QuantityRecovery {
        let (mut variances, mut errors) = (RunningMoments::default(), RunningMoments::default());
        let (mut squares, mut covered) = (0.0, [0_u64; 2]);
        let mut classes = [0_u64; RANK_CLASSES];
        for estimate in estimates {
            variances.push(estimate.relative_variance);
            let error = estimate.mean - estimate.truth;
            errors.push(error);
            squares += error * error;
            covered[0] += u64::from(estimate.is_covered(1, 2));
            covered[1] += u64::from(estimate.is_covered(0, 3));
            let class = (estimate.rank * RANK_CLASSES as f64) as usize;
            classes[class.min(RANK_CLASSES - 1)] += 1;
        }
        let tests = variances.count();
        let contraction = rest_of(&variances);
        let rank_p = uniform_p(&classes);
        let ranks = if !rank_p.is_finite() {
            RankVerdict::Undecided
        } else if rank_p * comparisons as f64 >= RANK_LEVEL {
            RankVerdict::Uniform
        } else {
            RankVerdict::NotUniform
        };
        QuantityRecovery {
            tests,
            contraction,
            bias: ValueWithInterval::mean(&errors),
            rmse: (squares / tests as f64).sqrt(),
            coverage_50: ValueWithInterval::share(covered[0], tests),
            coverage_90: ValueWithInterval::share(covered[1], tests),
            rank_p,
            ranks,
            verdict: RecoveryVerdict::of(contraction),
        }
    }
}

/// Fewest counts that are expected in a class.
const LEAST_EXPECTED: f64 = 3.0;

/// The probability of counts at least as uneven, if ranks are uniform (chi-squared); NaN of too few.
fn uniform_p(classes: &[u64; RANK_CLASSES]) -> f64 {
    let all: u64 = classes.iter().sum();
    let expected = all as f64 / RANK_CLASSES as f64;
    if expected < LEAST_EXPECTED {
        return f64::NAN;
    }
    let away = |count: &u64| {
        let away = *count as f64 - expected;
        away * away / expected
    };
    let half = 0.5 * classes.iter().map(away).sum::<f64>();
    // Of 2k degrees of freedom the tail is that of a Poisson distribution below k.
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 1..(RANK_CLASSES - 1) / 2 {
        term *= half / k as f64;
        sum += term;
    }
    exp(-half) * sum
}

/// How two quantities are known together, in standard deviations of their priors.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PairRecovery {
    /// Positions of the quantities.
    pub(crate) one: usize,
    pub(crate) other: usize,
    pub(crate) tests: u64,
    /// Mean correlation in the posterior.
    pub(crate) correlation: ValueWithInterval,
    /// Contraction of the combination that is known best, and of the one across it.
    pub(crate) best: ValueWithInterval,
    pub(crate) worst: ValueWithInterval,
    pub(crate) verdict: PairVerdict,
}

/// Sums of a pair over data sets.
#[derive(Clone, Debug, Default)]
struct PairSums {
    correlation: RunningMoments,
    /// Smallest and largest variance of a combination.
    least: RunningMoments,
    most: RunningMoments,
}

impl PairSums {
    fn push(&mut self, posterior: &LocalPosterior, one: usize, other: usize) {
        let a = posterior.covariance(one, one);
        let b = posterior.covariance(other, other);
        let both = posterior.covariance(one, other);
        let correlation = both / (a * b).sqrt();
        if !correlation.is_finite() {
            return;
        }
        self.correlation.push(correlation);
        let (middle, half) = (0.5 * (a + b), 0.5 * (a - b));
        let reach = (half * half + both * both).sqrt();
        self.least.push(middle - reach);
        self.most.push(middle + reach);
    }

    fn finished(&self, (one, other): (usize, usize), own: [RecoveryVerdict; 2]) -> PairRecovery {
        let correlation = ValueWithInterval::mean(&self.correlation);
        let (best, worst) = (rest_of(&self.least), rest_of(&self.most));
        let is_strong = correlation.value.abs() >= CORRELATED;
        let verdict = if !correlation.interval.low.is_finite() {
            PairVerdict::Undecided
        } else if is_strong
            && own.iter().all(|own| *own != RecoveryVerdict::Identified)
            && best.interval.low >= IDENTIFIED
            && worst.value < NOT_IDENTIFIED
        {
            PairVerdict::Equifinal
        } else if is_strong {
            PairVerdict::Correlated
        } else {
            PairVerdict::Separate
        };
        PairRecovery {
            one,
            other,
            tests: self.correlation.count(),
            correlation,
            best,
            worst,
            verdict,
        }
    }
}

/// A quantity in a part of its prior.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RegionRecovery {
    pub(crate) quantity: usize,
    /// Number of the part, from 0.
    pub(crate) part: usize,
    /// Ends of the part, in the quantity's unit.
    pub(crate) ends: [f64; 2],
    pub(crate) recovery: QuantityRecovery,
}

/// How well one design recovers the quantities of one explanation.
#[derive(Clone, Debug, Default)]
pub(crate) struct DesignRecovery {
    /// Data sets that are used, and those without couples.
    pub(crate) data_sets: u64,
    pub(crate) empty: u64,
    /// Summaries that are used and left out.
    pub(crate) summaries: [usize; 2],
    /// By quantity or effect: data sets in which it is not known.
    pub(crate) unknown: Vec<u64>,
    /// By quantity or effect, and then by test.
    pub(crate) estimates: Vec<Vec<QuantityEstimate>>,
    pub(crate) quantities: Vec<QuantityRecovery>,
    pub(crate) pairs: Vec<PairRecovery>,
    pub(crate) regions: Vec<RegionRecovery>,
}

/// One reference table: the data sets of one explanation as one design sees them.
pub(crate) struct ReferenceTable<'t> {
    /// Those of quantities, and then of effects.
    pub(crate) scales: &'t [QuantityScale],
    /// How many of them are quantities.
    pub(crate) quantities: usize,
    /// Scores by simulation and then by scale; NaN of an effect that is not known.
    pub(crate) scores: &'t [Vec<f64>],
    /// By simulation and then by summary; all NaN where the study had no couples.
    pub(crate) summaries: &'t [Vec<f64>],
}

/// What was inferred of some scales together.
struct JointInference {
    /// Summaries that are used and left out.
    summaries: [usize; 2],
    /// By scale, and then by test.
    estimates: Vec<Vec<QuantityEstimate>>,
    pairs: Vec<((usize, usize), PairSums)>,
}

/// The data sets that can be used: those of which anything is known.
pub(crate) fn usable_rows(summaries: &[Vec<f64>]) -> Vec<usize> {
    let is_known = |row: &usize| summaries[*row].iter().any(|value| value.is_finite());
    (0..summaries.len()).filter(is_known).collect()
}

impl ReferenceTable<'_> {
    /// Infers quantities and effects of the first `tests` data sets from all others. An effect is inferred together with the
    /// quantities, of the data sets in which it is known: what is said of quantities does not depend on effects.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub(crate) fn recover(
        &self,
        tests: usize,
        control: &Control,
    ) -> Result<DesignRecovery, Cancelled> {
        let rows = usable_rows(self.summaries);
        let infer = |more: &[usize]| {
            let is_known =
                |row: &&usize| more.iter().all(|own| self.scores[**row][*own].is_finite());
            let known: Vec<usize> = rows.iter().filter(is_known).copied().collect();
            let all: Vec<usize> = (0..self.quantities).chain(more.iter().copied()).collect();
            let found = self.infer(&known, &all, tests, control)?;
            Ok::<_, Cancelled>((rows.len() - known.len(), found))
        };
        let (_, of_quantities) = infer(&[])?;
        let mut found = DesignRecovery {
            data_sets: rows.len() as u64,
            empty: (self.summaries.len() - rows.len()) as u64,
            summaries: of_quantities.summaries,
            estimates: of_quantities.estimates,
            unknown: vec![0; self.quantities],
            ..DesignRecovery::default()
        };
        let mut pairs = of_quantities.pairs;
        for effect in self.quantities..self.scales.len() {
            let (unknown, mut own) = infer(&[effect])?;
            found.unknown.push(unknown as u64);
            found.estimates.extend(own.estimates.pop());
            own.pairs.retain(|((_, other), _)| *other == effect);
            pairs.append(&mut own.pairs);
            for earlier in self.quantities..effect {
                let (_, mut both) = infer(&[earlier, effect])?;
                both.pairs.retain(|(pair, _)| *pair == (earlier, effect));
                pairs.append(&mut both.pairs);
            }
        }
        pairs.sort_by_key(|(pair, _)| *pair);
        let count = self.scales.len();
        let all = found.estimates.iter();
        found.quantities = all
            .map(|own| QuantityRecovery::of(own.iter(), count))
            .collect();
        found.pairs = pairs
            .iter()
            .map(|((one, other), sums)| {
                let own = [*one, *other].map(|place| found.quantities[place].verdict);
                sums.finished((*one, *other), own)
            })
            .collect();
        found.regions = self.regions(&found.estimates);
        Ok(found)
    }

    /// Infers some scales of the first `tests` of some data sets from the others of these.
    fn infer(
        &self,
        rows: &[usize],
        columns: &[usize],
        tests: usize,
        control: &Control,
    ) -> Result<JointInference, Cancelled> {
        let own: Vec<&[f64]> = rows.iter().map(|row| &self.summaries[*row][..]).collect();
        let summaries = StandardSummaries::new(&own);
        let folds: Vec<usize> = (0..rows.len()).map(|row| row % FOLDS).collect();
        let scores: Vec<Vec<f64>> = columns
            .iter()
            .map(|column| rows.iter().map(|row| self.scores[*row][*column]).collect())
            .collect();
        let predictions = match rows.len() < 10 {
            true => scores.clone(),
            false => out_of_fold(&summaries, &folds, &scores),
        };
        let variance = |column: &usize| self.scales[*column].variance();
        let prior_variances: Vec<f64> = columns.iter().map(variance).collect();
        let count = columns.len();
        let mut found = JointInference {
            summaries: [summaries.used(), summaries.left_out],
            estimates: vec![Vec::new(); count],
            pairs: (0..count)
                .flat_map(|one| (one + 1..count).map(move |other| (one, other)))
                .map(|pair| (pair, PairSums::default()))
                .collect(),
        };
        for row in 0..rows.len().min(tests) {
            control.cancel.check()?;
            let Some(posterior) = posterior_of(row, &folds, &scores, &predictions) else {
                break;
            };
            for (place, column) in columns.iter().enumerate() {
                let estimate = self.estimate(
                    (rows[row], *column, place),
                    scores[place][row],
                    prior_variances[place],
                    &posterior,
                );
                found.estimates[place].push(estimate);
            }
            for ((one, other), sums) in &mut found.pairs {
                sums.push(&posterior, *one, *other);
            }
        }
        for (pair, _) in &mut found.pairs {
            *pair = (columns[pair.0], columns[pair.1]);
        }
        Ok(found)
    }

    fn estimate(
        &self,
        (simulation, quantity, place): (usize, usize, usize),
        score: f64,
        prior_variance: f64,
        posterior: &LocalPosterior,
    ) -> QuantityEstimate {
        let scale = &self.scales[quantity];
        let scores = posterior.scores[place].iter();
        let coordinates: Vec<f64> = scores
            .map(|score| scale.coordinate(normal_cdf(*score)))
            .collect();
        let values: Vec<f64> = coordinates.iter().map(|own| scale.value(*own)).collect();
        let middle = weighted_mean(&coordinates, &posterior.weights);
        let squares: Vec<f64> = coordinates
            .iter()
            .map(|own| (own - middle) * (own - middle))
            .collect();
        let variance = weighted_mean(&squares, &posterior.weights);
        QuantityEstimate {
            simulation,
            place: normal_cdf(score),
            truth: scale.value_at(normal_cdf(score)),
            mean: weighted_mean(&values, &posterior.weights),
            ends: posterior.ends(place).map(|at| scale.value_at(at)),
            relative_variance: variance / prior_variance,
            rank: posterior.share_below(place, score),
        }
    }

    fn regions(&self, estimates: &[Vec<QuantityEstimate>]) -> Vec<RegionRecovery> {
        let mut regions = Vec::new();
        for (quantity, own) in estimates.iter().enumerate() {
            let scale = &self.scales[quantity];
            for part in 0..PARTS {
                let [low, high] = [part, part + 1].map(|end| end as f64 / PARTS as f64);
                let inside = own
                    .iter()
                    .filter(|estimate| estimate.place >= low && estimate.place < high);
                regions.push(RegionRecovery {
                    quantity,
                    part,
                    ends: [low, high].map(|place| scale.value_at(place)),
                    recovery: QuantityRecovery::of(inside, estimates.len() * PARTS),
                });
            }
        }
        regions
    }
}
