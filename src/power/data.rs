//! Data sets of a study with given effects: couples, occasions and answers, exactly as the analysed model says.
//!
//! A random number has its address by replicate, couple, occasion and use. Designs that differ in couples,
//! occasions, compliance or reliability therefore share what they have in common: a smaller study is a part of
//! a larger one.

use crate::rng::{Key, PAIR_WORDS, StreamKind, VectorRng, normal_score, unit};
use crate::scenario::power_spec::{DesignQuantity, DesignValues, GivenEffects, PowerSpec};
use crate::stats::dyads::PersonDay;

/// Random words of a couple, and of one of its occasions.
const WORDS: usize = PAIR_WORDS;
/// Uses of the words of an occasion; each has one for either partner.
const PREDICTOR: usize = 0;
const RESIDUAL: usize = 2;
const OUTCOME_ERROR: usize = 4;
const PREDICTOR_ERROR: usize = 6;
const ANSWER: usize = 8;
/// Uses of the words of a couple; a past has outcomes or residuals.
const INTERCEPT: usize = 0;
const START: usize = 2;

/// The complete rows of one data set, in the order of couple, person and occasion.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct StudyData {
    pub(crate) places: Vec<PersonDay>,
    pub(crate) outcome: Vec<f64>,
    /// The own predictor, the partner's, and, where it is one, the own outcome one occasion before.
    pub(crate) predictors: [Vec<f64>; 3],
}

/// One of the designs: how many couples and occasions, and how good the measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PowerDesign {
    pub(crate) couples: u64,
    pub(crate) occasions: u32,
    pub(crate) compliance: f64,
    pub(crate) reliability: f64,
}

impl PowerDesign {
    pub(crate) fn new(values: &DesignValues) -> PowerDesign {
        let of = |quantity: DesignQuantity| values[quantity as usize];
        PowerDesign {
            couples: of(DesignQuantity::Couples) as u64,
            occasions: of(DesignQuantity::Occasions) as u32,
            compliance: of(DesignQuantity::Compliance),
            reliability: of(DesignQuantity::Reliability),
        }
    }
}

/// What is the same for all couples of a data set.
struct StudyConstants<'p> {
    power: &'p PowerSpec,
    effects: &'p GivenEffects,
    design: PowerDesign,
    /// Standard deviations of errors of measurement of the outcomes and of the predictors.
    outcome_error: [f64; 2],
    predictor_error: [f64; 2],
    /// Standard deviations and correlation of the outcome's distance from its level before the first occasion.
    start_sd: [f64; 2],
    start_correlation: f64,
}

/// Simulates one data set. `stream` is 0 where designs share their random numbers, and another number gives
/// numbers of its own.
pub(crate) fn simulate(
    (power, effects): (&PowerSpec, &GivenEffects),
    seed: u64,
    (stream, replicate): (u64, u32),
    design: PowerDesign,
) -> StudyData {
    let key = Key::new(seed, stream, replicate, StreamKind::Effects);
    let constants = StudyConstants::new((power, effects), design);
    let mut data = StudyData::default();
    let mut couple = CoupleDiary::default();
    for number in 0..design.couples {
        couple.simulate(&constants, &key, number);
        couple.report(&constants, number as usize, &mut data);
    }
    data
}

impl StudyConstants<'_> {
    fn new<'p>(
        (power, effects): (&'p PowerSpec, &'p GivenEffects),
        design: PowerDesign,
    ) -> StudyConstants<'p> {
        let (variances, shared) = within_covariance(effects);
        let stationary =
            |person: usize, other: usize| 1.0 / (1.0 - effects.lag[person] * effects.lag[other]);
        let outcome = of_both(|person| variances[person] * stationary(person, person));
        let odds = (1.0 - design.reliability) / design.reliability;
        let error = |variance: f64, has_error: bool| {
            if has_error {
                (variance * odds).sqrt()
            } else {
                0.0
            }
        };
        let start_sd = outcome.map(f64::sqrt);
        StudyConstants {
            power,
            effects,
            design,
            outcome_error: outcome.map(|variance| error(variance, power.error_in[0])),
            predictor_error: effects
                .predictor_sd
                .map(|sd| error(sd * sd, power.error_in[1])),
            start_sd,
            start_correlation: shared * stationary(0, 1) / (start_sd[0] * start_sd[1]),
        }
    }
}

/// The variances within persons of what an occasion adds to the outcomes of the partners, and their covariance.
fn within_covariance(effects: &GivenEffects) -> ([f64; 2], f64) {
    let sd = effects.predictor_sd;
    let across = effects.predictor_correlation * sd[0] * sd[1];
    // The weights of A's and B's predictor in the outcome of each.
    let weights = [
        [effects.actor[0], effects.partner[0]],
        [effects.partner[1], effects.actor[1]],
    ];
    let product = |one: [f64; 2], other: [f64; 2]| {
        one[0] * other[0] * sd[0] * sd[0]
            + one[1] * other[1] * sd[1] * sd[1]
            + (one[0] * other[1] + one[1] * other[0]) * across
    };
    let left = effects.residual_sd;
    let variance =
        |person: usize| product(weights[person], weights[person]) + left[person] * left[person];
    let shared = product(weights[0], weights[1]) + effects.residual_correlation * left[0] * left[1];
    ([variance(0), variance(1)], shared)
}

/// What partner A and partner B have of something. `[0, 1].map` is a call for each couple and occasion, since
/// generic functions of the standard library are not inlined here.
#[inline(always)]
fn of_both<T>(of: impl Fn(usize) -> T) -> [T; 2] {
    [of(0), of(1)]
}

/// Two standard normal scores with a correlation, from the words of the two partners.
fn pair(words: &[u64; WORDS], first: usize, correlation: f64) -> [f64; 2] {
    let [one, other] = of_both(|person| normal_score(words[first + person]));
    if correlation == 0.0 {
        return [one, other];
    }
    let rest = (1.0 - correlation * correlation).max(0.0).sqrt();
    [one, correlation * one + rest * other]
}

/// What happens to a couple, and what it reports, occasion by occasion.
#[derive(Default)]
struct CoupleDiary {
    predictor: Vec<[f64; 2]>,
    residual: Vec<[f64; 2]>,
    /// As it is reported, with errors; NaN where the person does not answer.
    outcome: Vec<[f64; 2]>,
    reported: Vec<[f64; 2]>,
}

impl CoupleDiary {
    fn simulate(&mut self, constants: &StudyConstants<'_>, key: &Key, number: u64) {
        let StudyConstants {
            power,
            effects,
            design,
            ..
        } = constants;
        let mut stream = key.stream(number, 0);
        let mut words = [0; WORDS];
        let mut next = |pair: u64| {
            <f64 as VectorRng>::fill(&mut stream, pair, &mut words);
            words
        };
        let own = next(0);
        let level = pair(&own, INTERCEPT, effects.intercept_correlation);
        let start = pair(&own, START, constants.start_correlation);
        self.predictor.clear();
        self.residual.clear();
        self.outcome.clear();
        self.reported.clear();
        let phi = effects.autocorrelation;
        let fresh = (1.0 - phi * phi).sqrt();
        // Residuals without a past are those of a long one.
        let mut left = [normal_score(own[START]), normal_score(own[START + 1])];
        let mut errors = Vec::with_capacity(design.occasions as usize);
        for occasion in 0..design.occasions {
            let words = next(u64::from(occasion) + 1);
            let x = pair(&words, PREDICTOR, effects.predictor_correlation);
            self.predictor.push(of_both(|person| {
                effects.predictor_mean[person] + effects.predictor_sd[person] * x[person]
            }));
            let noise = pair(&words, RESIDUAL, effects.residual_correlation);
            left = of_both(|person| match phi == 0.0 {
                true => noise[person],
                false => phi * left[person] + fresh * noise[person],
            });
            self.residual
                .push(of_both(|person| effects.residual_sd[person] * left[person]));
            let score = |sd: f64, word: u64| {
                if sd == 0.0 {
                    0.0
                } else {
                    sd * normal_score(word)
                }
            };
            errors.push(of_both(|person| {
                let answers = unit(words[ANSWER + person]) < design.compliance;
                answers.then(|| {
                    [
                        score(
                            constants.outcome_error[person],
                            words[OUTCOME_ERROR + person],
                        ),
                        score(
                            constants.predictor_error[person],
                            words[PREDICTOR_ERROR + person],
                        ),
                    ]
                })
            }));
        }
        let centre = match power.is_centred {
            true => means(&self.predictor),
            false => [0.0; 2],
        };
        let levels = of_both(|person| {
            effects.intercept[person] + effects.intercept_sd[person] * level[person]
        });
        let mut before = of_both(|person| {
            let mean = match power.is_centred {
                true => 0.0,
                false => {
                    effects.actor[person] * effects.predictor_mean[person]
                        + effects.partner[person] * effects.predictor_mean[1 - person]
                }
            };
            (levels[person] + mean) / (1.0 - effects.lag[person])
                + constants.start_sd[person] * start[person]
        });
        for (occasion, errors) in errors.into_iter().enumerate() {
            let x = of_both(|person| self.predictor[occasion][person] - centre[person]);
            let y = of_both(|person| {
                levels[person]
                    + effects.actor[person] * x[person]
                    + effects.partner[person] * x[1 - person]
                    + effects.lag[person] * before[person]
                    + self.residual[occasion][person]
            });
            before = y;
            let with = |value: [f64; 2], which: usize| {
                of_both(|person| {
                    errors[person].map_or(f64::NAN, |errors| value[person] + errors[which])
                })
            };
            self.outcome.push(with(y, 0));
            self.reported.push(with(self.predictor[occasion], 1));
        }
    }

    /// Adds the rows of the couple that miss nothing.
    fn report(&self, constants: &StudyConstants<'_>, couple: usize, data: &mut StudyData) {
        let power = constants.power;
        let centre = match power.is_centred {
            true => means(&self.reported),
            false => [0.0; 2],
        };
        for person in 0..2 {
            for (occasion, (y, x)) in self.outcome.iter().zip(&self.reported).enumerate() {
                let own = x[person] - centre[person];
                let other = x[1 - person] - centre[1 - person];
                let before = match (power.has_lagged_outcome, occasion.checked_sub(1)) {
                    (false, _) => 0.0,
                    (true, Some(before)) => self.outcome[before][person],
                    (true, None) => f64::NAN,
                };
                if (y[person] + own + other + before).is_nan() {
                    continue;
                }
                data.places.push(PersonDay {
                    couple,
                    person,
                    day: occasion as u32,
                });
                data.outcome.push(y[person]);
                data.predictors[0].push(own);
                data.predictors[1].push(other);
                if power.has_lagged_outcome {
                    data.predictors[2].push(before);
                }
            }
        }
    }
}

/// The means of the two partners' known values.
pub(crate) fn means(values: &[[f64; 2]]) -> [f64; 2] {
    of_both(|person| {
        let known = values
            .iter()
            .map(|pair| pair[person])
            .filter(|x| x.is_finite());
        let (sum, count) = known.fold((0.0, 0.0), |(sum, count), x| (sum + x, count + 1.0));
        sum / count
    })
}
