//! Reliability of a scale: how its scores relate to the states behind them.

/// Sums over the answers to one scale.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ReliabilityStats {
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
    pub fn join(&mut self, later: &ReliabilityStats) {
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
    pub fn mean(&self) -> f64 {
        self.scores[0] / self.n as f64
    }

    /// Standard deviation of the scores; NaN of fewer than two answers.
    pub fn sd(&self) -> f64 {
        self.variance(self.scores).sqrt()
    }

    /// Standard deviation of the states behind them; NaN of fewer than two answers.
    pub fn state_sd(&self) -> f64 {
        self.variance(self.states).sqrt()
    }

    /// Share of the scores' variance that the states explain: the squared correlation of both.
    /// NaN if either does not vary.
    pub fn reliability(&self) -> f64 {
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
