//! Attendance: whether a day's questionnaire is filled in at all.

use super::respondent::uniform;
use rand_chacha::ChaCha8Rng;

/// How often a person misses a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attendance {
    /// Probability that a day is missed, by each person and day alike [0–1].
    pub missed: f64,
}

impl Attendance {
    /// Whether the day is filled in.
    pub fn attends(&self, rng: &mut ChaCha8Rng) -> bool {
        uniform(rng) >= self.missed
    }
}
