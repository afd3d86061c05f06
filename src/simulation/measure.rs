//! Measures: the numbers that one run of an ensemble is summed up in.

use super::BLOCK_COUPLES;
use super::observable::{OBSERVABLES, Observable, Role};
use super::recorded::{Line, Moments, Recorded};
use std::fmt;

/// One number of a run, taken on its last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// Mean of an observable over the couples of the day: intact when it ends, or breaking up as it ends.
    Mean(Observable, Role),
    /// Standard deviation of an observable over the same couples.
    Sd(Observable, Role),
    /// Share of all couples that are intact after the day.
    Together,
}

/// The count, sum and sum of squares that a measure of one or more runs follows from.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sums {
    /// Couples counted.
    pub n: u64,
    /// Sum over them.
    pub sum: f64,
    /// Sum of squares over them.
    pub squares: f64,
}

impl Sums {
    /// Adds the couples of another run.
    pub(crate) fn join(&mut self, next: &Sums) {
        self.n += next.n;
        self.sum += next.sum;
        self.squares += next.squares;
    }
    /// Mean over the couples; NaN of none.
    ///
    /// The mean of equal values is that value: where their sum is rounded, the shortest decimal that the
    /// rounding leaves possible.
    pub(crate) fn mean(&self) -> f64 {
        if self.n == 0 {
            return f64::NAN;
        }
        let mean = self.sum / self.n as f64;
        if self.n > 1 && self.scatter() == 0.0 {
            shortest_within(mean, mean.abs() * self.rounding())
        } else {
            mean
        }
    }
    /// Standard deviation over the couples; NaN of fewer than two.
    pub(crate) fn sd(&self) -> f64 {
        if self.n > 1 {
            (self.scatter() / (self.n - 1) as f64).sqrt()
        } else {
            f64::NAN
        }
    }
    /// Sum of squares about the mean; 0 where no more is left of it than the rounding of the sums.
    fn scatter(&self) -> f64 {
        let scatter = self.squares - self.sum * (self.sum / self.n as f64);
        if scatter > 2.0 * self.squares * self.rounding() {
            scatter
        } else {
            0.0
        }
    }
    /// Relative rounding error of a sum over the couples: blocks are added up one after the other.
    fn rounding(&self) -> f64 {
        f64::EPSILON * (8.0 + self.n as f64 / BLOCK_COUPLES as f64)
    }
}

/// The number with the fewest decimal digits that is no further from a number than some error.
fn shortest_within(number: f64, error: f64) -> f64 {
    let candidates = (0..16).filter_map(|digits| format!("{number:.digits$e}").parse().ok());
    let mut near = candidates.filter(|candidate: &f64| (candidate - number).abs() <= error);
    near.next().unwrap_or(number)
}

impl Measure {
    /// The measure of a name such as `mean trust`, `mean trust a`, `sd intimacy`, `share intact`.
    pub(crate) fn named(name: &str) -> Option<Measure> {
        Measure::all()
            .into_iter()
            .find(|measure| measure.to_string() == name)
    }

    /// Every measure, in the order of the reference page.
    pub(crate) fn all() -> Vec<Measure> {
        let mut all = vec![Measure::Together];
        for (observable, info) in OBSERVABLES {
            let roles: &[Role] = if info.of_couple {
                &[Role::Couple]
            } else {
                &[Role::Couple, Role::A, Role::B]
            };
            for role in roles {
                all.extend([
                    Measure::Mean(*observable, *role),
                    Measure::Sd(*observable, *role),
                ]);
            }
        }
        all
    }

    /// The measures of a sweep by default.
    pub(crate) fn defaults() -> Vec<Measure> {
        let mut defaults = vec![Measure::Together];
        let info = |observable: &Observable| observable.info();
        defaults.extend(
            Observable::defaults()
                .into_iter()
                .filter(|observable| info(observable).key != "conflict")
                .map(|observable| Measure::Mean(observable, Role::Couple)),
        );
        defaults
    }

    /// The name as a column of a table.
    pub(crate) fn column(&self) -> String {
        self.to_string().replace(' ', "_")
    }

    /// What is observed, where something is.
    pub(crate) fn observable(&self) -> Option<Observable> {
        match self {
            Measure::Mean(observable, _) | Measure::Sd(observable, _) => Some(*observable),
            Measure::Together => None,
        }
    }

    /// The measure's value from the sums that belong to it.
    pub(crate) fn value(&self, sums: &Sums) -> f64 {
        match self {
            Measure::Mean(..) | Measure::Together => sums.mean(),
            Measure::Sd(..) => sums.sd(),
        }
    }

    /// The sums of one run's last recorded day that belong to the measure.
    ///
    /// `lasting` couples of all `couples` were intact after it. Couples that broke up on it count in its
    /// means and not in the share intact.
    pub(crate) fn sums(
        &self,
        recorded: &Recorded,
        moments: &Moments,
        lasting: u64,
        couples: u64,
    ) -> Sums {
        self.sums_on(recorded.days.len() - 1, recorded, moments, lasting, couples)
    }

    /// The same of any recorded day, by its position; `lasting` couples were intact after it.
    pub(crate) fn sums_on(
        &self,
        slot: usize,
        recorded: &Recorded,
        moments: &Moments,
        lasting: u64,
        couples: u64,
    ) -> Sums {
        let together = moments.intact[slot];
        match self {
            Measure::Together => {
                let sum = lasting as f64;
                Sums {
                    n: couples,
                    sum,
                    squares: sum,
                }
            }
            Measure::Mean(observable, role) | Measure::Sd(observable, role) => {
                let wanted = Line {
                    observable: *observable,
                    role: *role,
                };
                let lines = recorded.lines.len();
                match recorded.lines.iter().position(|line| *line == wanted) {
                    Some(line) => {
                        let [sum, squares] = moments.sums[slot * lines + line];
                        Sums {
                            n: together,
                            sum,
                            squares,
                        }
                    }
                    None => Sums::default(),
                }
            }
        }
    }

    /// What the number is, in words.
    pub(crate) fn meaning(&self) -> String {
        let of = |observable: &Observable| observable.info().meaning;
        let who = |role: &Role| match role {
            Role::A => ", partner A",
            Role::B => ", partner B",
            Role::Couple => "",
        };
        match self {
            Measure::Mean(o, role) => {
                format!(
                    "Mean over couples of the last day, with those that break up as it ends: {}{}",
                    of(o),
                    who(role)
                )
            }
            Measure::Sd(o, role) => format!(
                "Standard deviation over couples of the last day, with those that break up as it ends: {}{}",
                of(o),
                who(role)
            ),
            Measure::Together => {
                "Share of all couples that are intact after the last day, without those that break up on it"
                    .to_owned()
            }
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = |role: &Role| match role {
            Role::A => " a",
            Role::B => " b",
            Role::Couple => "",
        };
        match self {
            Measure::Mean(o, role) => write!(f, "mean {}{}", o.info().key, who(role)),
            Measure::Sd(o, role) => write!(f, "sd {}{}", o.info().key, who(role)),
            Measure::Together => f.write_str("share intact"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_is_found_by_its_name() {
        for measure in Measure::all() {
            assert_eq!(Measure::named(&measure.to_string()), Some(measure));
        }
        assert_eq!(Measure::named("mean trst"), None);
    }

    #[test]
    fn equal_values_have_themselves_as_mean_and_no_spread() {
        for value in [0.42, 0.1, 0.35, 0.65, 1.0 / 3.0, 1.0, 0.0, -0.7, 3e-5] {
            for n in [2, 20, 1_000, 30_000] {
                let mut sums = Sums::default();
                let mut left: u64 = n;
                while left > 0 {
                    let block = left.min(BLOCK_COUPLES);
                    let values = (0..block).map(|_| value);
                    sums.join(&Sums {
                        n: block,
                        sum: values.clone().sum(),
                        squares: values.map(|value| value * value).sum(),
                    });
                    left -= block;
                }
                assert_eq!(sums.sd(), 0.0, "{value} of {n}");
                let error = (sums.mean() - value).abs();
                assert!(error <= sums.rounding() * value.abs(), "{value} of {n}");
                if value != 1.0 / 3.0 {
                    assert_eq!(sums.mean(), value, "of {n}");
                }
            }
        }
    }

    #[test]
    fn a_small_spread_is_a_spread() {
        let mut sums = Sums::default();
        for value in [0.5, 0.500_001] {
            let one = Sums {
                n: 1,
                sum: value,
                squares: value * value,
            };
            sums.join(&one);
        }
        assert!((sums.sd() / (1e-6 / 2.0_f64.sqrt()) - 1.0).abs() < 1e-3);
    }

    #[test]
    fn sums_of_runs_join_to_the_sums_of_all_couples() {
        let mut sums = Sums {
            n: 2,
            sum: 3.0,
            squares: 5.0,
        };
        sums.join(&Sums {
            n: 1,
            sum: 3.0,
            squares: 9.0,
        });
        assert_eq!((sums.mean(), sums.sd()), (2.0, 1.0));
        assert!(Sums::default().mean().is_nan());
    }
}
