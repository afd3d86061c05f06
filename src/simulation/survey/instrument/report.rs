//! A report: whether a person says that something happened.

use super::respondent::uniform;
use rand_chacha::ChaCha8Rng;

/// How what happened becomes a report of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Report {
    /// Probability that what happened is reported [0–1].
    pub hit: f64,
    /// Probability that what did not happen is reported [0–1].
    pub false_alarm: f64,
}

impl Report {
    /// Whether it is reported, 1 or 0.
    pub fn report(&self, happened: bool, rng: &mut ChaCha8Rng) -> f64 {
        let probability = if happened { self.hit } else { self.false_alarm };
        f64::from(u8::from(uniform(rng) < probability))
    }
}
