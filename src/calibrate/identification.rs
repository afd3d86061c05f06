//! Whether targets identify a parameter: by how much they narrow its prior.

use std::fmt;

/// Largest contraction at which a parameter is identified.
pub(crate) const IDENTIFIED: f64 = 0.5;
/// Largest contraction at which a parameter is weakly identified.
pub(crate) const WEAKLY_IDENTIFIED: f64 = 0.85;
/// Fewest effective particles for a verdict: with these, a standard deviation is known to about an
/// eighth.
pub(crate) const LEAST_EFFECTIVE: f64 = 30.0;

/// Whether the targets identify a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identification {
    /// The posterior is at most [`IDENTIFIED`] times as wide as the prior.
    Identified,
    /// The posterior is at most [`WEAKLY_IDENTIFIED`] times as wide as the prior.
    Weakly,
    /// The posterior is about as wide as the prior, or wider. Two distant modes look like this too; the
    /// chart tells them apart.
    Not,
    /// There are fewer than [`LEAST_EFFECTIVE`] effective particles.
    Undecided,
}

impl Identification {
    /// The verdict on a contraction, estimated from a number of effective particles; NaN identifies
    /// nothing.
    pub(crate) fn of(contraction: f64, effective: f64) -> Identification {
        if effective.is_nan() || effective < LEAST_EFFECTIVE {
            Identification::Undecided
        } else if contraction <= IDENTIFIED {
            Identification::Identified
        } else if contraction <= WEAKLY_IDENTIFIED {
            Identification::Weakly
        } else {
            Identification::Not
        }
    }
}

impl fmt::Display for Identification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Identification::Identified => "identified",
            Identification::Weakly => "weakly identified",
            Identification::Not => "not identified",
            Identification::Undecided => "undecided",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_width_is_judged_only_where_particles_are_enough() {
        let words = |contraction, effective| Identification::of(contraction, effective).to_string();
        assert_eq!(words(0.5, 30.0), "identified");
        assert_eq!(words(0.51, 500.0), "weakly identified");
        assert_eq!(words(0.86, 500.0), "not identified");
        assert_eq!(words(f64::NAN, 500.0), "not identified");
        assert_eq!(words(0.01, 2.0), "undecided");
        assert_eq!(words(0.01, f64::NAN), "undecided");
    }
}
