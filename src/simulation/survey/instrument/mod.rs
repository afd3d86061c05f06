//! Instruments: how a questionnaire or diary observes a state, with errors.
//!
//! No published number is compared with a latent state. A [`Scale`] has items with errors, answered in
//! steps within a range, which gives unreliability and ceiling effects. A person's response style is the
//! same in all scales. A [`Report`] misses some events and invents others, and a whole day may be
//! missed ([`Attendance`]).

#[cfg(test)]
pub(crate) mod tests;

use crate::math::functions::normal_quantile;
use crate::rng::Key;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// How a state becomes a score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
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
    pub fn item_error(&self, variance: f64) -> f64 {
        let noise = (1.0 - self.reliability) / self.reliability;
        (variance.max(0.0) * noise * f64::from(self.items)).sqrt()
    }

    /// Scores a state of 0 to 1 as a share of the scale's length [0–1].
    ///
    /// `style` is the person's standard normal number, `item_error` that of [`Scale::item_error`].
    pub fn score(&self, state: f64, style: f64, item_error: f64, rng: &mut ChaCha8Rng) -> f64 {
        let felt = state + self.style * style;
        let items = (0..self.items).map(|_| self.answer(felt + item_error * normal(rng)));
        items.sum::<f64>() / f64::from(self.items)
    }

    fn answer(&self, felt: f64) -> f64 {
        let bounded = felt.clamp(0.0, 1.0);
        if self.points < 2 {
            return bounded;
        }
        let steps = f64::from(self.points - 1);
        (bounded * steps).round() / steps
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
