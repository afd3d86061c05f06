//! What many data sets of one design say: power, bias, coverage, and errors of sign and size.

use super::data::{PowerDesign, StudyData, simulate};
use crate::runner::{Cancelled, Control, par_map_ordered};
use crate::scenario::power_spec::PowerSpec;
use crate::stats::dyads::{
    LongitudinalApim, LongitudinalFit, Method, OccasionResiduals, PartnerKinds,
};
use crate::stats::interval::{CONFIDENCE, Interval, student_quantile, wilson};
use crate::stats::summary::RunningMoments;

/// Jobs that may lie between the first that is not collected and the last that has begun.
const WINDOW: u64 = 256;

/// An effect as one data set gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct EstimatedEffect {
    pub(crate) estimate: f64,
    /// Half the width of its interval, of the confidence that the level of significance leaves.
    pub(crate) reach: f64,
}

/// Analyses one data set; none where the model cannot be fitted.
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

/// The effects of one data set, by [`PowerSpec::effect_names`].
fn effects_of(power: &PowerSpec, data: &StudyData) -> Option<Vec<EstimatedEffect>> {
    let fit = analyse(power, data)?;
    let mut known: Option<(f64, f64)> = None;
    let mut effects = Vec::with_capacity(fit.coefficients.len());
    for found in &fit.coefficients {
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
    pub(crate) truth: f64,
    estimates: RunningMoments,
    widths: RunningMoments,
    significant: u64,
    covered: u64,
    /// Significant estimates of the wrong sign.
    wrong: u64,
    /// Sizes of significant estimates in units of the truth's.
    exaggeration: RunningMoments,
}

/// A number with its Monte Carlo interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MonteCarlo {
    pub(crate) value: f64,
    pub(crate) interval: Interval,
}

impl MonteCarlo {
    fn share(hits: u64, all: u64) -> MonteCarlo {
        MonteCarlo {
            value: hits as f64 / all as f64,
            interval: wilson(hits, all, CONFIDENCE),
        }
    }

    fn mean(moments: &RunningMoments, less: f64) -> MonteCarlo {
        let interval = moments.interval(CONFIDENCE);
        MonteCarlo {
            value: moments.mean() - less,
            interval: Interval {
                low: interval.low - less,
                high: interval.high - less,
            },
        }
    }

    const UNDEFINED: MonteCarlo = MonteCarlo {
        value: f64::NAN,
        interval: Interval::UNDEFINED,
    };
}

impl EffectTally {
    pub(crate) fn new(truth: f64) -> EffectTally {
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
        self.covered += u64::from((estimate - self.truth).abs() <= reach);
        if estimate.abs() > reach {
            self.significant += 1;
            if self.truth != 0.0 {
                self.wrong += u64::from(estimate * self.truth < 0.0);
                self.exaggeration.push((estimate / self.truth).abs());
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

    pub(crate) fn bias(&self) -> MonteCarlo {
        MonteCarlo::mean(&self.estimates, self.truth)
    }

    /// Share of data sets in which it is significant.
    pub(crate) fn power(&self) -> MonteCarlo {
        MonteCarlo::share(self.significant, self.count())
    }

    pub(crate) fn coverage(&self) -> MonteCarlo {
        MonteCarlo::share(self.covered, self.count())
    }

    /// Share of significant estimates that have the wrong sign; undefined of an effect of 0.
    pub(crate) fn sign_error(&self) -> MonteCarlo {
        match self.truth == 0.0 || self.significant == 0 {
            true => MonteCarlo::UNDEFINED,
            false => MonteCarlo::share(self.wrong, self.significant),
        }
    }

    /// Mean size of significant estimates in units of the truth's; undefined of an effect of 0.
    pub(crate) fn size_error(&self) -> MonteCarlo {
        match self.exaggeration.count() {
            0 => MonteCarlo::UNDEFINED,
            _ => MonteCarlo::mean(&self.exaggeration, 0.0),
        }
    }
}

/// What was found of one design.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DesignResult {
    pub(crate) design: [f64; 4],
    /// Data sets to which the model could not be fitted.
    pub(crate) failed: u64,
    /// By [`PowerSpec::effect_names`].
    pub(crate) effects: Vec<EffectTally>,
}

/// Couple-occasions of a data set.
pub(crate) fn size_of_design(design: &[f64; 4]) -> u64 {
    let PowerDesign {
        couples, occasions, ..
    } = PowerDesign::new(design);
    couples.saturating_mul(u64::from(occasions))
}

/// Simulates and analyses the data sets of some designs, each with the number of its random stream.
pub(crate) fn measure(
    power: &PowerSpec,
    seed: u64,
    designs: &[([f64; 4], u64)],
    control: &Control,
) -> Result<Vec<DesignResult>, Cancelled> {
    let replicates = u64::from(power.replicates);
    let truths = power.truths();
    let none = |(design, _): &([f64; 4], u64)| DesignResult {
        design: *design,
        failed: 0,
        effects: truths
            .iter()
            .map(|truth| EffectTally::new(*truth))
            .collect(),
    };
    let mut results: Vec<DesignResult> = designs.iter().map(none).collect();
    let mut job = 0;
    let work = |job: u64| {
        control.cancel.check()?;
        let (design, stream) = designs[(job / replicates) as usize];
        let replicate = (job % replicates) as u32;
        let data = simulate(power, seed, (stream, replicate), PowerDesign::new(&design));
        let found = effects_of(power, &data);
        let size = size_of_design(&design);
        control.progress.add(size, size);
        Ok(found)
    };
    let collect = |found: Option<Vec<EstimatedEffect>>| {
        let result = &mut results[(job / replicates) as usize];
        job += 1;
        match found {
            None => result.failed += 1,
            Some(effects) => {
                for (tally, effect) in result.effects.iter_mut().zip(effects) {
                    tally.push(effect);
                }
            }
        }
        Ok::<(), Cancelled>(())
    };
    par_map_ordered(0..replicates * designs.len() as u64, WINDOW, work, collect)?;
    Ok(results)
}
