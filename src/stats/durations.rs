//! How many relationships of a given age end in a year.
//!
//! Two views of the same ends: events per year lived, with Garwood's exact interval, and the chance
//! of those who begin a span of ages to end within it, where those lost from view during it count
//! half (the actuarial estimate), with the interval of Clopper & Pearson (1934).

use super::chi_squared::poisson_interval;
use super::interval::{Interval, upper_tail};
use crate::math::beta::beta_quantile;

/// A stretch of a relationship that was in view; days are ages of the relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    /// Age at which it came into view: 0 where it was seen from its beginning (days).
    pub from: u32,
    /// Age at which it ended or was last seen (days); not below `from`.
    pub until: u32,
    /// Whether it ended then.
    pub ended: bool,
}

/// What happened to relationships of a span of ages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DurationRate {
    /// Where the span begins (days); ends on this day belong to the span before, but for the first.
    pub from: u32,
    /// Where it ends (days), included.
    pub until: u32,
    /// Years lived in view within the span.
    pub years: f64,
    /// Ends within it.
    pub ended: u64,
    /// Ends per year lived; NaN of none lived.
    pub rate: f64,
    /// Its exact interval.
    pub rate_interval: Interval,
    /// Relationships in view at the beginning of the span.
    pub at_risk: u64,
    /// Those of them lost from view before its end.
    pub lost: u64,
    /// The chance of those at risk to end within it [0–1]; NaN of nobody.
    pub rng: f64,
    /// Its interval.
    pub chance_interval: Interval,
}

/// Counts ends and years lived between neighbouring edges of age, in days and ascending.
///
/// `year` is the length of a year in days. Fewer than two edges give nothing, and so does a year that
/// is not above 0.
pub fn rates_by_duration(
    spells: &[Spell],
    edges: &[u32],
    year: f64,
    confidence: f64,
) -> Vec<DurationRate> {
    if !(year > 0.0 && year.is_finite()) {
        return Vec::new();
    }
    let span = |(number, pair): (usize, &[u32])| {
        let counts = Counts::new(spells, [pair[0], pair[1]], number == 0);
        counts.rate([pair[0], pair[1]], year, confidence)
    };
    edges.windows(2).enumerate().map(span).collect()
}

#[derive(Default)]
struct Counts {
    days: u64,
    ended: u64,
    at_risk: u64,
    ended_of_those: u64,
    lost: u64,
}

impl Counts {
    fn new(spells: &[Spell], [from, until]: [u32; 2], first: bool) -> Counts {
        let mut counts = Counts::default();
        for spell in spells {
            let over = spell.until < from || (spell.until == from && !first);
            if over || spell.from > until {
                continue;
            }
            let (begin, end) = (spell.from.max(from), spell.until.min(until));
            counts.days += u64::from(end.saturating_sub(begin));
            let ended = spell.ended && spell.until <= until;
            counts.ended += u64::from(ended);
            if spell.from <= from {
                counts.at_risk += 1;
                counts.ended_of_those += u64::from(ended);
                counts.lost += u64::from(!spell.ended && spell.until < until);
            }
        }
        counts
    }

    fn rate(&self, [from, until]: [u32; 2], year: f64, confidence: f64) -> DurationRate {
        let years = self.days as f64 / year;
        let count = poisson_interval(self.ended, confidence);
        let (ended, trials) = (
            self.ended_of_those as f64,
            self.at_risk as f64 - 0.5 * self.lost as f64,
        );
        let known = years > 0.0;
        DurationRate {
            from,
            until,
            years,
            ended: self.ended,
            rate: if known {
                self.ended as f64 / years
            } else {
                f64::NAN
            },
            rate_interval: if known {
                Interval {
                    low: count.low / years,
                    high: count.high / years,
                }
            } else {
                Interval::UNDEFINED
            },
            at_risk: self.at_risk,
            lost: self.lost,
            rng: ended / trials,
            chance_interval: clopper_pearson(ended, trials, confidence),
        }
    }
}

/// The interval of a proportion that covers it at least as often as it says; trials may be halves.
fn clopper_pearson(successes: f64, trials: f64, confidence: f64) -> Interval {
    let tail = upper_tail(confidence);
    if !(trials > 0.0 && successes <= trials) || tail.is_nan() {
        return Interval::UNDEFINED;
    }
    let failures = trials - successes;
    Interval {
        low: if successes > 0.0 {
            beta_quantile(1.0 - tail, successes, failures + 1.0)
        } else {
            0.0
        },
        high: if failures > 0.0 {
            beta_quantile(tail, successes + 1.0, failures)
        } else {
            1.0
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::{exp, ln};
    use crate::stats::interval::CONFIDENCE;
    use crate::stats::test_support::{covered, uniforms};

    /// Relationships that end at 0.2 a year of 100 days, seen for up to 250 days.
    fn study(number: u64, count: usize) -> Vec<Spell> {
        let mut draws = uniforms(number);
        let mut draw = || draws.next().expect("draws never end");
        let mut spell = || {
            let (end, seen) = ((-500.0 * ln(draw())).ceil() as u32, 250);
            Spell {
                from: 0,
                until: end.min(seen),
                ended: end <= seen,
            }
        };
        (0..count).map(|_| spell()).collect()
    }

    #[test]
    fn intervals_cover_rate_and_chance_at_least_as_often_as_they_say() {
        let second =
            |number| rates_by_duration(&study(number, 150), &[0, 100, 200], 100.0, CONFIDENCE)[1];
        let rate = covered(0.2, |number| second(number).rate_interval);
        let rng = covered(1.0 - exp(-0.2), |number| second(number).chance_interval);
        assert!((0.94..=0.985).contains(&rate), "{rate}");
        assert!((0.94..=0.985).contains(&rng), "{rng}");
    }

    #[test]
    fn days_and_ends_are_shared_out_by_age() {
        let spell = |from, until, ended| Spell { from, until, ended };
        let spells = [
            spell(0, 0, true),
            spell(0, 10, true),
            spell(0, 15, false),
            spell(5, 30, true),
            spell(12, 20, false),
        ];
        let found = rates_by_duration(&spells, &[0, 10, 20], 10.0, CONFIDENCE);
        // Ten and ten days, and five of the spell that came into view on day 5.
        assert_eq!(
            (
                found[0].years,
                found[0].ended,
                found[0].at_risk,
                found[0].lost
            ),
            (2.5, 2, 3, 0)
        );
        assert!((found[0].rng - 2.0 / 3.0).abs() < 1e-15 && found[0].rate == 0.8);
        // Five, ten and eight days.
        assert_eq!(
            (
                found[1].years,
                found[1].ended,
                found[1].at_risk,
                found[1].lost
            ),
            (2.3, 0, 2, 1)
        );
        assert_eq!((found[1].rng, found[1].chance_interval.low), (0.0, 0.0));
        assert_eq!(found[1].rate_interval.low, 0.0);
        let all = rates_by_duration(&spells, &[0, 1_000], 10.0, CONFIDENCE)[0];
        assert_eq!((all.ended, all.years), (3, 5.8));
    }

    #[test]
    fn nobody_has_no_rate_and_no_chance() {
        let found = rates_by_duration(&[], &[0, 365], 365.0, CONFIDENCE)[0];
        assert!(found.rate.is_nan() && found.rng.is_nan());
        assert!(found.rate_interval.high.is_nan() && found.chance_interval.high.is_nan());
        assert!(rates_by_duration(&[], &[365], 365.0, CONFIDENCE).is_empty());
        assert!(rates_by_duration(&[], &[0, 365], f64::NAN, CONFIDENCE).is_empty());
        let all = [Spell {
            from: 0,
            until: 5,
            ended: true,
        }; 4];
        let found = rates_by_duration(&all, &[0, 10], 10.0, CONFIDENCE)[0];
        assert_eq!((found.rng, found.chance_interval.high), (1.0, 1.0));
    }
}
