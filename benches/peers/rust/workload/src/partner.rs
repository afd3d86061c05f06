//! A partner: state, traits, and what a day's disclosure does to the state.

/// One of the two of a couple; all numbers in [0–1].
#[derive(Clone, Copy)]
pub struct Partner {
    /// Trust in the other, state.
    pub trust: f64,
    /// Felt intimacy, state.
    pub intimacy: f64,
    /// How likely an answer to a disclosure is, trait.
    pub responsiveness: f64,
    /// How much is disclosed, trait.
    pub openness: f64,
    /// Attachment anxiety, trait.
    pub anxiety: f64,
    /// Attachment avoidance, trait.
    pub avoidance: f64,
}

/// The mean traits of one cell of the sweep.
#[derive(Clone, Copy)]
pub struct Means {
    /// Mean responsiveness.
    pub responsiveness: f64,
    /// Mean anxiety.
    pub anxiety: f64,
}

impl Partner {
    /// Draws a partner by six uniforms, in a sweep with two traits close to the cell's means.
    pub fn drawn(mut uniform: impl FnMut() -> f64, means: Option<Means>) -> Partner {
        let mut partner = Partner {
            trust: uniform(),
            intimacy: uniform(),
            responsiveness: uniform(),
            openness: uniform(),
            anxiety: uniform(),
            avoidance: uniform(),
        };
        if let Some(means) = means {
            let near = |mean: f64, u: f64| (mean + 0.2 * (u - 0.5)).clamp(0.0, 1.0);
            partner.responsiveness = near(means.responsiveness, partner.responsiveness);
            partner.anxiety = near(means.anxiety, partner.anxiety);
        }
        partner
    }

    /// Gives trust and intimacy after a disclosure to the other, by two uniforms: whether the other
    /// responds, and how well.
    #[inline]
    pub fn after_disclosing(&self, other: &Partner, u1: f64, u2: f64) -> (f64, f64) {
        let (t, m) = (self.trust, self.intimacy);
        let depth =
            self.openness * (1.0 - 0.7 * self.avoidance) * (0.25 + 0.75 * t) * (0.5 + 0.5 * m);
        let rng =
            other.responsiveness * (0.4 + 0.6 * other.intimacy) * (1.0 - 0.3 * other.avoidance);
        let quality = if u1 < rng {
            1.0 - 0.5 * self.anxiety * (1.0 - t) * u2
        } else {
            0.3 * u2 * (1.0 - self.anxiety)
        };
        let trust = if quality >= 0.5 {
            t + 0.02 * quality * (1.0 - t)
        } else {
            t - 0.06 * (1.0 - quality) * t
        };
        let intimacy = m + 0.03 * depth * quality * (1.0 - m)
            - 0.004 * m
            - 0.015 * depth * (1.0 - quality) * m;
        (trust, intimacy)
    }
}
