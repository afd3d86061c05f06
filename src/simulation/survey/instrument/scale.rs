//! A scale: items with errors, answered in steps.

use super::respondent::normal;
use rand_chacha::ChaCha8Rng;

/// How a state becomes a score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Items whose mean is the score.
    pub items: u32,
    /// Steps of an item, such as 7 for answers from 1 to 7; 0 for answers without steps.
    pub points: u32,
    /// Reliability wanted: the share of the scores' variance that is not error (0–1].
    pub reliability: f64,
    /// Standard deviation of response style, in units of the scale's length.
    pub style: f64,
}

impl Scale {
    /// The standard deviation of one item's error that gives the wanted reliability where states
    /// have this variance.
    pub fn item_error(&self, variance: f64) -> f64 {
        let noise = (1.0 - self.reliability) / self.reliability;
        (variance.max(0.0) * noise * f64::from(self.items)).sqrt()
    }

    /// Scores a state of 0 to 1, as a share of the scale's length [0–1].
    ///
    /// `style` is the person's, a standard normal number; `item_error` is that of
    /// [`Scale::item_error`].
    pub fn score(&self, state: f64, style: f64, item_error: f64, rng: &mut ChaCha8Rng) -> f64 {
        let felt = state + self.style * style;
        let items = (0..self.items).map(|_| self.answer(felt + item_error * normal(rng)));
        items.sum::<f64>() / f64::from(self.items)
    }

    fn answer(&self, felt: f64) -> f64 {
        let held = felt.clamp(0.0, 1.0);
        if self.points < 2 {
            return held;
        }
        let steps = f64::from(self.points - 1);
        (held * steps).round() / steps
    }
}
