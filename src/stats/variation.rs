//! Variation of repeated measures between and within persons: standard deviations, the intraclass correlation, and
//! the correlation of one day with the next.
//!
//! Variances are those of the one-way analysis of variance with unequal numbers of days (Searle, Casella &
//! McCulloch 1992). Intervals are by the jackknife that leaves out a group of couples at a time (Kott 2001), so that
//! neither days of a person nor partners are taken as independent, and only sums are kept.

use super::interval::{Interval, student_quantile, upper_tail};

/// Groups of couples of the jackknife.
const GROUPS: usize = 40;

/// Sums over some persons.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct PersonSums {
    persons: f64,
    values: f64,
    squared_counts: f64,
    sum: f64,
    /// Squares of persons' means, each as often as the person has values.
    squared_means: f64,
    /// Squares about persons' means.
    within: f64,
    pairs: f64,
    /// Products of two days in a row, and the squares of the first and of the second, about persons' means.
    lagged: [f64; 3],
}

impl PersonSums {
    /// Adds other sums, or takes them away with a sign of −1.
    fn add(&mut self, other: &PersonSums, sign: f64) {
        self.persons += sign * other.persons;
        self.values += sign * other.values;
        self.squared_counts += sign * other.squared_counts;
        self.sum += sign * other.sum;
        self.squared_means += sign * other.squared_means;
        self.within += sign * other.within;
        self.pairs += sign * other.pairs;
        for (own, more) in self.lagged.iter_mut().zip(other.lagged) {
            *own += sign * more;
        }
    }

    fn mean(&self) -> f64 {
        self.sum / self.values
    }

    /// Variances between and within persons.
    fn variances(&self) -> [f64; 2] {
        let between_dof = self.persons - 1.0;
        let within = self.within / (self.values - self.persons);
        let between = (self.squared_means - self.sum * self.mean()).max(0.0) / between_dof;
        let days = (self.values - self.squared_counts / self.values) / between_dof;
        [((between - within) / days).max(0.0), within]
    }

    /// The share of variance between persons, which is not below 0.
    fn intraclass(&self) -> f64 {
        let [between, within] = self.variances();
        between / (between + within)
    }

    fn autocorrelation(&self) -> f64 {
        let [products, first, second] = self.lagged;
        products / (first * second).sqrt()
    }
}

/// An estimate with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct VariationEstimate {
    pub(crate) value: f64,
    pub(crate) interval: Interval,
}

/// How a measure varies between and within persons; NaN where it does not vary or has too few days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MeasureVariation {
    /// Persons with a value.
    pub(crate) persons: u64,
    /// Values of all persons.
    pub(crate) values: u64,
    /// Mean of all values.
    pub(crate) mean: f64,
    /// Standard deviation of persons' expected values.
    pub(crate) sd_between: f64,
    /// Standard deviation of a person's values about the person's mean.
    pub(crate) sd_within: f64,
    /// Share of variance between persons.
    pub(crate) intraclass: VariationEstimate,
    /// Two days in a row on which both values are known.
    pub(crate) pairs: u64,
    /// Correlation of a day with the day before, about persons' own means, which lower it (Nickell 1981).
    pub(crate) autocorrelation: VariationEstimate,
}

/// Sums over persons, from which [`MeasureVariation`] follows. They do not grow with persons.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct VariationSums(Vec<PersonSums>);

impl Default for VariationSums {
    fn default() -> VariationSums {
        VariationSums(vec![PersonSums::default(); GROUPS])
    }
}

impl VariationSums {
    /// Adds a person of a couple: values of days in a row, NaN where missing.
    pub(crate) fn push(&mut self, couple: u64, days: &[f64]) {
        let known = || days.iter().copied().filter(|value| value.is_finite());
        let count = known().count() as f64;
        if count == 0.0 {
            return;
        }
        let sum: f64 = known().sum();
        let mean = sum / count;
        let mut own = PersonSums {
            persons: 1.0,
            values: count,
            squared_counts: count * count,
            sum,
            squared_means: sum * mean,
            within: known().map(|value| (value - mean) * (value - mean)).sum(),
            ..PersonSums::default()
        };
        for pair in days.windows(2) {
            let [before, after] = [pair[0] - mean, pair[1] - mean];
            if before.is_finite() && after.is_finite() {
                own.pairs += 1.0;
                own.lagged[0] += before * after;
                own.lagged[1] += before * before;
                own.lagged[2] += after * after;
            }
        }
        self.0[(couple % GROUPS as u64) as usize].add(&own, 1.0);
    }

    /// The variation over all persons, with intervals of a confidence.
    pub(crate) fn variation(&self, confidence: f64) -> MeasureVariation {
        let mut all = PersonSums::default();
        for group in &self.0 {
            all.add(group, 1.0);
        }
        let [between, within] = all.variances();
        MeasureVariation {
            persons: all.persons as u64,
            values: all.values as u64,
            mean: all.mean(),
            sd_between: between.sqrt(),
            sd_within: within.sqrt(),
            intraclass: self.estimate(&all, PersonSums::intraclass, 0.0, confidence),
            pairs: all.pairs as u64,
            autocorrelation: self.estimate(&all, PersonSums::autocorrelation, -1.0, confidence),
        }
    }

    /// An estimate with its interval, which is cut to what is possible: from `least` to 1.
    fn estimate(
        &self,
        all: &PersonSums,
        of: fn(&PersonSums) -> f64,
        least: f64,
        confidence: f64,
    ) -> VariationEstimate {
        let value = of(all);
        let groups = self.0.iter().filter(|group| group.persons > 0.0);
        let (mut count, mut squares) = (0.0, 0.0);
        for group in groups {
            let mut others = *all;
            others.add(group, -1.0);
            let deviation = of(&others) - value;
            count += 1.0;
            squares += deviation * deviation;
        }
        let error = (squares * (count - 1.0) / count).sqrt();
        let reach = student_quantile(upper_tail(confidence), count - 1.0) * error;
        let interval = match reach.is_finite() {
            true => Interval::around(value, reach).cut_to(Interval {
                low: least,
                high: 1.0,
            }),
            false => Interval::UNDEFINED,
        };
        VariationEstimate { value, interval }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::interval::CONFIDENCE;
    use crate::stats::test_support::{covered, normals};

    #[test]
    fn a_small_table_has_the_numbers_of_its_analysis_of_variance() {
        let mut sums = VariationSums::default();
        sums.push(0, &[1.0, 2.0, 3.0]);
        sums.push(1, &[4.0, f64::NAN, 6.0]);
        sums.push(2, &[f64::NAN; 3]);
        let found = sums.variation(CONFIDENCE);
        // By hand: means 2 and 5, squares within 2 + 2 and between 10.8, 2.4 days a person.
        assert_eq!((found.persons, found.values, found.pairs), (2, 5, 2));
        assert!((found.mean - 3.2).abs() < 1e-12);
        let within = 4.0 / 3.0;
        let between = (10.8 - within) / 2.4;
        assert!((found.sd_within * found.sd_within - within).abs() < 1e-12);
        assert!((found.sd_between * found.sd_between - between).abs() < 1e-12);
        let expected = between / (between + within);
        assert!((found.intraclass.value - expected).abs() < 1e-12);
        // About the mean of 2, the days −1, 0 and 1 make two products of 0.
        assert_eq!(found.autocorrelation.value, 0.0);
    }

    #[test]
    fn what_does_not_vary_has_no_correlation() {
        let mut sums = VariationSums::default();
        sums.push(0, &[2.0, 2.0]);
        sums.push(1, &[2.0, 2.0]);
        let found = sums.variation(CONFIDENCE);
        assert_eq!((found.sd_between, found.sd_within), (0.0, 0.0));
        assert!(found.intraclass.value.is_nan() && found.autocorrelation.value.is_nan());
        let empty = VariationSums::default().variation(CONFIDENCE);
        assert!(empty.mean.is_nan() && empty.intraclass.interval.low.is_nan());
    }

    /// A study of 60 couples: unit variance within persons, of whose deviations a share is carried over from day to
    /// day, and two thirds of all variance between persons, of which half is shared by partners.
    fn study(number: u64, carried: f64, length: usize) -> MeasureVariation {
        let mut draws = normals(number);
        let mut draw = move || draws.next().expect("endless");
        let mut sums = VariationSums::default();
        for couple in 0..60 {
            let shared = draw();
            for _ in 0..2 {
                let level = shared + draw();
                let mut state = draw();
                let days: Vec<f64> = (0..length)
                    .map(|_| {
                        state = carried * state + (1.0 - carried * carried).sqrt() * draw();
                        level + state
                    })
                    .collect();
                sums.push(couple, &days);
            }
        }
        sums.variation(CONFIDENCE)
    }

    #[test]
    fn intervals_cover_the_share_between_persons_of_dependent_partners() {
        let rate = covered(2.0 / 3.0, |number| {
            study(number, 0.0, 6).intraclass.interval
        });
        assert!((0.91..=0.98).contains(&rate), "{rate}");
    }

    #[test]
    fn autocorrelation_is_that_of_the_days_but_for_the_bias_of_own_means() {
        // Means of 60 days take away about (1 + r) / 59 (Nickell 1981).
        let found: f64 = (0..20)
            .map(|number| study(number, 0.5, 60).autocorrelation.value)
            .sum::<f64>()
            / 20.0;
        assert!((found - (0.5 - 1.5 / 59.0)).abs() < 0.007, "{found}");
    }
}
