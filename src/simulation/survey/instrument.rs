//! Instruments: how a questionnaire or diary observes a state, with errors, and how reliable its scores
//! are.
//!
//! No published number is compared with a latent state. A [`Scale`] has items with errors, answered in
//! steps within a range, which gives unreliability and ceiling effects. A person's response style is the
//! same in all scales. A [`Report`] misses some events and invents others, and a whole day may be
//! missed ([`Attendance`]).

use crate::math::functions::normal_quantile;
use crate::rng::Key;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// How a state becomes a score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    /// Items whose mean is the score.
    pub items: u32,
    /// Steps of an item, such as 7 for answers from 1 to 7; 0 for continuous answers.
    pub points: u32,
    /// Wanted reliability: the share of the scores' variance that is not error (0–1].
    pub reliability: f64,
    /// Standard deviation of response style [share of the scale's length].
    pub style: f64,
}

impl Scale {
    /// The standard deviation of one item's error that gives the wanted reliability if states have
    /// this variance.
    pub(crate) fn item_error(&self, variance: f64) -> f64 {
        let noise = (1.0 - self.reliability) / self.reliability;
        (variance.max(0.0) * noise * f64::from(self.items)).sqrt()
    }

    /// Answers each item about a state of 0 to 1: in steps above the lowest answer, from 0 to
    /// [`Scale::steps`].
    ///
    /// `style` is the person's standard normal number, `item_error` that of [`Scale::item_error`].
    pub(crate) fn answers(
        &self,
        state: f64,
        style: f64,
        item_error: f64,
        rng: &mut ChaCha8Rng,
    ) -> impl Iterator<Item = f64> {
        let felt = state + self.style * style;
        (0..self.items).map(move |_| self.answer(felt + item_error * normal(rng)))
    }

    /// Scores a state of 0 to 1 as a share of the scale's length [0–1].
    ///
    /// The answers are summed in whole steps and divided once, so that equal sums are equal scores.
    pub(crate) fn score(
        &self,
        state: f64,
        style: f64,
        item_error: f64,
        rng: &mut ChaCha8Rng,
    ) -> f64 {
        let sum: f64 = self.answers(state, style, item_error, rng).sum();
        sum / (f64::from(self.items) * self.steps())
    }

    /// The highest answer to an item; 1 for answers without steps, which are any share of it.
    pub(crate) fn steps(&self) -> f64 {
        if self.points < 2 {
            1.0
        } else {
            f64::from(self.points - 1)
        }
    }

    fn answer(&self, felt: f64) -> f64 {
        let bounded = felt.clamp(0.0, 1.0);
        if self.points < 2 {
            return bounded;
        }
        (bounded * self.steps()).round()
    }
}

/// How an event becomes a report of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Report {
    /// Probability that an event is reported [0–1].
    pub(crate) hit: f64,
    /// Probability that an event is reported that did not happen [0–1].
    pub(crate) false_alarm: f64,
}

impl Report {
    /// Whether the event is reported, 1 or 0.
    pub(crate) fn report(&self, happened: bool, rng: &mut ChaCha8Rng) -> f64 {
        let probability = if happened { self.hit } else { self.false_alarm };
        f64::from(u8::from(uniform(rng) < probability))
    }
}

/// How often a person misses a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Attendance {
    /// Probability that a day is missed, independent between persons and days [0–1].
    pub(crate) missed: f64,
}

impl Attendance {
    /// Whether the day is filled in.
    pub(crate) fn attends(&self, rng: &mut ChaCha8Rng) -> bool {
        uniform(rng) >= self.missed
    }
}

/// Blocks of keystream reserved for one questionnaire of one person.
const BLOCKS: u64 = 8;

/// The errors of one person's answers, each with its own address in the keystream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Respondent<'a> {
    /// The ensemble's keystream of [`StreamKind::Measurement`](crate::rng::StreamKind).
    pub(crate) key: &'a Key,
    /// The couple.
    pub(crate) couple: u64,
    /// Partner 0 or 1.
    pub(crate) person: u64,
}

impl Respondent<'_> {
    /// The person's response style: a standard normal number that all scales share.
    pub(crate) fn style(&self) -> f64 {
        normal(&mut self.rng(0, 0))
    }

    /// The generator of one instrument's errors on one day; instruments are numbered from 1.
    pub(crate) fn rng(&self, instrument: u64, day: u64) -> ChaCha8Rng {
        let address = (instrument << 24 | day) * 2 + self.person;
        self.key.stream(self.couple, address * BLOCKS)
    }
}

/// Draws a standard normal number.
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    normal_quantile(uniform(rng))
}

/// Draws a uniform number strictly between 0 and 1.
fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    (f64::from(rng.next_u32()) + 0.5) * (1.0 / 4_294_967_296.0)
}

/// Sums over the answers to one scale.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct ReliabilityStats {
    /// Answers.
    pub n: u64,
    /// Sum of the scores, in the scale's points, and of their squares.
    pub scores: [f64; 2],
    /// Sum of the states, as shares of the scale's length, and of their squares.
    pub states: [f64; 2],
    /// Sum of the products of score and state.
    pub products: f64,
}

impl ReliabilityStats {
    /// Adds an answer; a missing one is ignored.
    pub(crate) fn add(&mut self, score: f64, state: f64) {
        if !score.is_finite() {
            return;
        }
        self.n += 1;
        self.scores[0] += score;
        self.scores[1] += score * score;
        self.states[0] += state;
        self.states[1] += state * state;
        self.products += score * state;
    }

    /// Adds the sums of later answers.
    pub(crate) fn join(&mut self, later: &ReliabilityStats) {
        self.n += later.n;
        for (to, from) in [
            (&mut self.scores, &later.scores),
            (&mut self.states, &later.states),
        ] {
            to[0] += from[0];
            to[1] += from[1];
        }
        self.products += later.products;
    }

    /// Mean score; NaN without an answer.
    pub(crate) fn mean(&self) -> f64 {
        self.scores[0] / self.n as f64
    }

    /// Standard deviation of the scores; NaN of fewer than two answers.
    pub(crate) fn sd(&self) -> f64 {
        self.variance(self.scores).sqrt()
    }

    /// Standard deviation of the states behind them; NaN of fewer than two answers.
    pub(crate) fn state_sd(&self) -> f64 {
        self.variance(self.states).sqrt()
    }

    /// Share of the scores' variance that the states explain: the squared correlation of both.
    /// NaN if either does not vary.
    pub(crate) fn reliability(&self) -> f64 {
        let n = self.n as f64;
        let joint = (self.products - self.scores[0] * self.states[0] / n) / (n - 1.0);
        let product = self.variance(self.scores) * self.variance(self.states);
        if product > 0.0 {
            joint * joint / product
        } else {
            f64::NAN
        }
    }

    fn variance(&self, [sum, squares]: [f64; 2]) -> f64 {
        if self.n < 2 {
            return f64::NAN;
        }
        let n = self.n as f64;
        ((squares - sum * sum / n) / (n - 1.0)).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::normal_quantile;
    use crate::rng::{Key, StreamKind};

    const PERSONS: u64 = 20_000;

    fn respondent(key: &Key, number: u64) -> Respondent<'_> {
        Respondent {
            key,
            couple: number / 2,
            person: number % 2,
        }
    }

    fn key() -> Key {
        Key::new(7, 0, 0, StreamKind::Measurement)
    }

    /// States that are spread normally about one half, by their place.
    fn state(number: u64) -> f64 {
        0.5 + 0.1 * normal_quantile((number as f64 + 0.5) / PERSONS as f64)
    }

    fn scale(points: u32, reliability: f64, style: f64) -> Scale {
        Scale {
            items: 3,
            points,
            reliability,
            style,
        }
    }

    fn scores(scale: &Scale, instrument: u64) -> Vec<f64> {
        let key = key();
        let error = scale.item_error(0.01);
        (0..PERSONS)
            .map(|number| {
                let respondent = respondent(&key, number);
                let rng = &mut respondent.rng(instrument, 0);
                scale.score(state(number), respondent.style(), error, rng)
            })
            .collect()
    }

    fn correlation(x: &[f64], y: &[f64]) -> f64 {
        let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
        let (mx, my) = (mean(x), mean(y));
        let product = |a: &[f64], ma: f64, b: &[f64], mb: f64| -> f64 {
            a.iter().zip(b).map(|(a, b)| (a - ma) * (b - mb)).sum()
        };
        product(x, mx, y, my) / (product(x, mx, x, mx) * product(y, my, y, my)).sqrt()
    }

    #[test]
    fn two_forms_of_a_scale_correlate_by_its_reliability() {
        for reliability in [0.6, 0.85, 0.95] {
            let scale = scale(0, reliability, 0.0);
            let found = correlation(&scores(&scale, 1), &scores(&scale, 2));
            assert!((found - reliability).abs() < 0.01, "{reliability}: {found}");
        }
        assert_eq!(scale(7, 1.0, 0.0).item_error(0.01), 0.0);
    }

    #[test]
    fn a_style_is_shared_by_all_scales() {
        let states: Vec<f64> = (0..PERSONS).map(state).collect();
        let rest = |style| -> Vec<Vec<f64>> {
            let scale = scale(0, 0.9, style);
            [1, 2]
                .map(|instrument| {
                    let scores = scores(&scale, instrument);
                    scores.iter().zip(&states).map(|(y, x)| y - x).collect()
                })
                .into()
        };
        let shared = |style| {
            let both = rest(style);
            correlation(&both[0], &both[1])
        };
        assert!(shared(0.0).abs() < 0.02);
        // Of a variance of .04² + .01/9 of error, .04² is shared.
        let expected = 0.0016 / (0.0016 + 0.01 / 9.0);
        assert!((shared(0.04) - expected).abs() < 0.02, "{}", shared(0.04));
    }

    #[test]
    fn scores_are_on_steps_and_below_a_ceiling() {
        let scale = scale(7, 0.8, 0.04);
        let key = key();
        let error = scale.item_error(0.01);
        let steps = 18.0;
        let mut highest = 0;
        for number in 0..2_000_u64 {
            let rng = &mut respondent(&key, number).rng(1, 3);
            let score = scale.score(0.95, 0.0, error, rng);
            assert!((0.0..=1.0).contains(&score));
            assert!((score * steps - (score * steps).round()).abs() < 1e-9);
            highest += u32::from(score == 1.0);
        }
        assert!((400..1_900).contains(&highest), "{highest}");
    }

    #[test]
    fn a_missing_state_has_a_missing_score() {
        let rng = &mut respondent(&key(), 0).rng(1, 0);
        assert!(scale(7, 0.9, 0.0).score(f64::NAN, 0.0, 0.1, rng).is_nan());
    }

    #[test]
    fn reports_and_attendance_have_their_probabilities() {
        let key = key();
        let report = Report {
            hit: 0.7,
            false_alarm: 0.1,
        };
        let attendance = Attendance { missed: 0.2 };
        let (mut hits, mut alarms, mut days) = (0.0, 0.0, 0);
        for number in 0..PERSONS {
            let respondent = respondent(&key, number);
            hits += report.report(true, &mut respondent.rng(1, 0));
            alarms += report.report(false, &mut respondent.rng(2, 0));
            days += u32::from(attendance.attends(&mut respondent.rng(3, 0)));
        }
        let share = |count: f64| count / PERSONS as f64;
        assert!((share(hits) - 0.7).abs() < 0.015);
        assert!((share(alarms) - 0.1).abs() < 0.01);
        assert!((share(f64::from(days)) - 0.8).abs() < 0.012);
    }

    #[test]
    fn errors_have_addresses_and_keep_their_values() {
        let key = key();
        let scale = scale(7, 0.85, 0.04);
        let ask = |couple, person, instrument, day| {
            let respondent = Respondent {
                key: &key,
                couple,
                person,
            };
            scale.score(
                0.6,
                respondent.style(),
                0.2,
                &mut respondent.rng(instrument, day),
            )
        };
        assert_eq!(ask(3, 1, 2, 5), ask(3, 1, 2, 5));
        let others = [
            ask(4, 1, 2, 5),
            ask(3, 0, 2, 5),
            ask(3, 1, 3, 5),
            ask(3, 1, 2, 6),
        ];
        assert!(others.iter().any(|other| *other != ask(3, 1, 2, 5)));
        let first: Vec<f64> = (0..4).map(|day| ask(0, 0, 1, day)).collect();
        assert_eq!(first, FIRST, "{first:?}");
    }

    /// The first scores of one person.
    const FIRST: [f64; 4] = [
        0.5555555555555556,
        0.6666666666666666,
        0.5,
        0.7222222222222222,
    ];
}
