//! A respondent's voice: the errors of one person's answers, each at an address of its own.

use crate::math::functions::normal_quantile;
use crate::rng::Key;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Blocks of keystream set apart for one questionnaire of one person.
const BLOCKS: u64 = 8;

/// Whose answers are meant, in an ensemble.
#[derive(Clone, Copy, Debug)]
pub struct Voice<'a> {
    /// The ensemble's keystream of [`StreamKind::Measurement`](crate::rng::StreamKind).
    pub key: &'a Key,
    /// The couple.
    pub couple: u64,
    /// Partner 0 or 1.
    pub person: u64,
}

impl Voice<'_> {
    /// The person's response style: a standard normal number that all scales share.
    pub fn style(&self) -> f64 {
        normal(&mut self.open(0, 0))
    }

    /// Opens the errors of one instrument on one day; instruments are numbered from 1.
    pub fn open(&self, instrument: u64, day: u64) -> ChaCha8Rng {
        let place = (instrument << 24 | day) * 2 + self.person;
        self.key.stream(self.couple, place * BLOCKS)
    }
}

/// Draws a standard normal number.
pub(crate) fn normal(rng: &mut ChaCha8Rng) -> f64 {
    normal_quantile(uniform(rng))
}

/// Draws a uniform number strictly between 0 and 1.
pub(crate) fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    (f64::from(rng.next_u32()) + 0.5) * (1.0 / 4_294_967_296.0)
}
