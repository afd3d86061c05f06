//! Upbringing: what is given of a childhood before it is simulated, of the caregiver and of the
//! child.

use crate::model::parameters::{ParameterSpec, Provenance};

macro_rules! upbringing {
    ($($key:ident: $symbol:literal, $unit:literal, $low:literal..$high:literal, $default:literal, $provenance:ident, $source:literal, $meaning:literal, mechanisms: [$($mechanism:ident),*];)*) => {
        /// The upbringing of a child: drawn once, constant throughout childhood.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub(crate) struct Upbringing {
            $(#[doc = concat!($meaning, " [", $low, "–", $high, "; ", $unit, "].")] pub $key: f64,)*
        }

        /// Descriptions of the numbers, in the order of the fields.
        pub(crate) const UPBRINGING: &[ParameterSpec] = &[
            $(ParameterSpec { key: stringify!($key), symbol: $symbol, unit: $unit, low: $low as f64, high: $high as f64, default: $default, meaning: $meaning, source: $source, provenance: Provenance::$provenance, mechanisms: &[$(stringify!($mechanism)),*] },)*
        ];

        impl Default for Upbringing {
            fn default() -> Upbringing {
                Upbringing { $($key: $default,)* }
            }
        }

        impl Upbringing {
            /// The numbers in the order of the descriptions.
            pub(crate) fn fields(&self) -> [f64; UPBRINGING.len()] {
                [$(self.$key,)*]
            }
            /// The numbers in the order of the descriptions, to be changed.
            pub(crate) fn fields_mut(&mut self) -> [&mut f64; UPBRINGING.len()] {
                [$(&mut self.$key,)*]
            }
        }
    };
}

upbringing! {
    sensitivity: "r_c", "1", 0..1, 0.96, Starting, "Ainsworth et al. 1978", "Sensitivity of the caregiver: how well needs are answered when nothing stands in the way", mechanisms: [];
    consistency: "c_c", "1", 0..1, 0.5, Starting, "Ainsworth et al. 1978", "Consistency of the caregiver: at 1 answers do not vary, at 0 twice as much as at one half", mechanisms: [noise];
    availability: "α_c", "1", 0..1, 1.0, Neutral, "seed essay", "Availability of the caregiver: probability of being there for a need at all", mechanisms: [availability];
    stress: "s_c", "1", 0..1, 0.1, Starting, "Karney & Bradbury 1995", "Stress of the caregiver: the load that they live under throughout", mechanisms: [];
    duration_years: "Y", "years", 0.25..18, 5.0, Starting, "Opie et al. 2021", "Years that childhood lasts", mechanisms: [];
    need_rate: "λ_n", "per day", 0..3, 2.0, Starting, "model convention", "Rate of needs of a child who is neither anxious nor avoidant; at most three are possible", mechanisms: [];
    need_stakes: "q_n", "1", 0..1, 0.5, Starting, "Petters 2006", "Least stakes of a need: how much the answer matters", mechanisms: [];
    temperament_anxiety: "ι_a", "1", -1..1, 0.292, Starting, "model convention", "Temperament: the anxiety that would be there without any uncertainty or self-doubt", mechanisms: [];
    temperament_avoidance: "ι_v", "1", -1..1, 0.295, Starting, "model convention", "Temperament: the avoidance that would be there were every need met", mechanisms: [];
    yearly_shock_sd: "σ_u", "1", 0..1, 0.18, Starting, "Opie et al. 2021", "Standard deviation of what a year adds to anxiety and to avoidance besides care", mechanisms: [];
    deactivation: "θ_v", "1", 0..2, 0.17, Starting, "Mikulincer & Shaver 2007", "Deactivation: the avoidance that comes of certainty that no need will be met", mechanisms: [];
    hope: "χ_h", "1", 0..10, 2.0, Starting, "Mikulincer & Shaver 2007", "Hope: how much uncertainty keeps a child from giving up on closeness", mechanisms: [];
    vigilance: "θ_Q", "1", 0..2, 0.72, Starting, "Mikulincer & Shaver 2007", "Vigilance: the anxiety that comes of full uncertainty", mechanisms: [];
    self_doubt: "θ_g", "1", 0..2, 0.25, Starting, "Bowlby 1973", "Self-doubt: the anxiety that comes of a model of oneself without any worth", mechanisms: [];
    formation: "τ_f", "days", 1..10000, 365.0, Starting, "Fraley 2002", "Time constant in which anxiety and avoidance form", mechanisms: [];
}

impl Upbringing {
    /// Days of this childhood, at least one; a year has 365.
    pub(crate) fn days(&self) -> u32 {
        ((self.duration_years * DAYS_IN_YEAR).round() as u32).max(1)
    }
}

/// Days in a year of childhood.
pub(crate) const DAYS_IN_YEAR: f64 = 365.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_lies_in_its_range_and_every_line_has_its_field() {
        let mut upbringing = Upbringing::default();
        let places = upbringing.fields_mut();
        for (index, (line, place)) in UPBRINGING.iter().zip(places).enumerate() {
            assert!(line.allows(line.default), "{}", line.key);
            assert_eq!(*place, line.default);
            assert!(!line.meaning.ends_with('.'), "{}", line.key);
            *place = index as f64;
        }
        let fields = upbringing.fields();
        assert!(
            fields
                .iter()
                .enumerate()
                .all(|(index, x)| *x == index as f64)
        );
    }

    #[test]
    fn childhood_lasts_an_integer_number_of_days_at_least_one() {
        let of = |years: f64| {
            let upbringing = Upbringing {
                duration_years: years,
                ..Upbringing::default()
            };
            upbringing.days()
        };
        assert_eq!([0.25, 1.0, 5.0, 18.0].map(of), [91, 365, 1825, 6570]);
        assert_eq!(of(0.0), 1);
    }
}
