//! Statistics of panels on break-ups, computed from the days on which simulated couples separated.

use crate::stats::summary::correlation;

/// Days of a year.
const YEAR: f64 = 365.25;
/// Day of the wedding in the married population.
const WEDDING_DAY: f64 = 1096.0;
/// Days between the dates at which a cross-section samples a cohort.
const SAMPLING: f64 = 30.0;

/// A part of a cohort: the days on which couples separated, NaN if they did not, and their
/// insecurity at the start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SeparationRecord<'a> {
    /// Days of break-ups.
    pub(crate) ends: &'a [f64],
    /// Mean attachment insecurity of both partners at the start.
    pub(crate) insecurity: &'a [f64],
    /// Days that the cohort was followed.
    pub(crate) length: f64,
}

impl SeparationRecord<'_> {
    fn intact(&self, day: f64) -> usize {
        let lasting = self.ends.iter();
        lasting.filter(|end| end.is_nan() || **end > day).count()
    }

    /// Share of the couples intact on a day who separate within a year.
    fn year(&self, from: f64) -> f64 {
        let (before, after) = (self.intact(from), self.intact(from + YEAR));
        (before - after) as f64 / before as f64
    }

    /// The same in a cross-section: cohorts begin at a constant rate, and all their intact couples are
    /// followed for a year.
    fn cross_section(&self, from: f64) -> f64 {
        let (mut sampled, mut separated) = (0, 0);
        let mut day = from;
        while day + YEAR <= self.length {
            let (before, after) = (self.intact(day), self.intact(day + YEAR));
            sampled += before;
            separated += before - after;
            day += SAMPLING;
        }
        f64::from(separated as u32) / f64::from(sampled as u32)
    }
}

/// Yearly break-up rate of unmarried couples sampled at any time of their relationship.
pub(crate) fn unmarried_rate(cohort: &SeparationRecord<'_>) -> f64 {
    cohort.cross_section(0.0)
}

/// Share of unmarried couples who separate in their first year.
pub(crate) fn unmarried_first_year(cohort: &SeparationRecord<'_>) -> f64 {
    cohort.year(0.0)
}

/// Share of unmarried couples who separate in their sixth year, after five years together.
pub(crate) fn unmarried_at_five(cohort: &SeparationRecord<'_>) -> f64 {
    cohort.year(5.0 * YEAR)
}

/// Share of unmarried couples who separate within a year, after twenty-three years together.
pub(crate) fn unmarried_at_twenty_three(cohort: &SeparationRecord<'_>) -> f64 {
    cohort.year(22.9 * YEAR)
}

/// Yearly break-up rate of married couples sampled at any time after the wedding.
pub(crate) fn married_rate(cohort: &SeparationRecord<'_>) -> f64 {
    cohort.cross_section(WEDDING_DAY)
}

/// Share of married couples who separate within a year, after five years together.
pub(crate) fn married_at_five(cohort: &SeparationRecord<'_>) -> f64 {
    cohort.year(5.0 * YEAR)
}

/// Share of married couples who separate within a year, after twenty years together.
pub(crate) fn married_at_twenty(cohort: &SeparationRecord<'_>) -> f64 {
    cohort.year(20.0 * YEAR)
}

/// Correlation over couples of insecurity at the start with a break-up within four years.
pub(crate) fn insecure_part(cohort: &SeparationRecord<'_>) -> f64 {
    let couples = cohort.ends.iter().zip(cohort.insecurity);
    let rows = couples.map(|(end, insecurity)| {
        let separated = f64::from(u8::from(*end <= 4.0 * YEAR));
        (*insecurity, separated)
    });
    let (insecurity, separated): (Vec<f64>, Vec<f64>) = rows.unzip();
    correlation(&insecurity, &separated)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::ln;

    const TOGETHER: f64 = f64::NAN;

    fn cohort<'a>(ends: &'a [f64], insecurity: &'a [f64]) -> SeparationRecord<'a> {
        SeparationRecord {
            ends,
            insecurity,
            length: 24.0 * YEAR,
        }
    }

    fn years(years: &[f64]) -> Vec<f64> {
        years.iter().map(|year| year * YEAR).collect()
    }

    #[test]
    fn the_yearly_share_is_of_couples_intact_at_its_beginning() {
        let ends = years(&[0.5, 1.5, 5.5, 5.9, 7.0, 20.5, TOGETHER, TOGETHER]);
        let cohort = cohort(&ends, &[]);
        assert_eq!(unmarried_first_year(&cohort), 1.0 / 8.0);
        assert_eq!(unmarried_at_five(&cohort), 2.0 / 6.0);
        assert_eq!(unmarried_at_twenty_three(&cohort), 0.0);
        assert_eq!(married_at_five(&cohort), 2.0 / 6.0);
        assert_eq!(married_at_twenty(&cohort), 1.0 / 3.0);
    }

    #[test]
    fn a_constant_risk_is_the_rate_of_a_cross_section() {
        let (risk, couples) = (0.2, 4_000);
        let share = |couple: i32| (f64::from(couple) + 0.5) / f64::from(couples);
        let end = |couple| YEAR * ln(1.0 - share(couple)) / ln(1.0 - risk);
        let ends: Vec<f64> = (0..couples).map(end).collect();
        let found = unmarried_rate(&cohort(&ends, &[]));
        assert!((found - risk).abs() < 2e-3, "{found}");
        let none = [TOGETHER; 5];
        assert_eq!(unmarried_rate(&cohort(&none, &[])), 0.0);
    }

    #[test]
    fn break_ups_before_the_wedding_do_not_count_as_married() {
        let ends = years(&[0.1, 1.0, 2.9, TOGETHER, TOGETHER]);
        assert_eq!(married_rate(&cohort(&ends, &[])), 0.0);
        let after = years(&[3.1, TOGETHER, TOGETHER, TOGETHER, TOGETHER]);
        assert!(married_rate(&cohort(&after, &[])) > 0.0);
    }

    #[test]
    fn a_rate_without_couples_is_undefined() {
        let gone = years(&[0.1, 0.2]);
        assert!(unmarried_at_five(&cohort(&gone, &[])).is_nan());
    }

    #[test]
    fn insecurity_correlates_with_separation_within_four_years() {
        let ends = years(&[1.0, 2.0, 4.1, TOGETHER]);
        // Separations are 1, 1, 0, 0.
        let found = insecure_part(&cohort(&ends, &[0.9, 0.9, 0.1, 0.1]));
        assert!((found - 1.0).abs() < 1e-12, "{found}");
        let found = insecure_part(&cohort(&ends, &[0.1, 0.1, 0.9, 0.9]));
        assert!((found + 1.0).abs() < 1e-12, "{found}");
        let found = insecure_part(&cohort(&ends, &[0.9, 0.1, 0.9, 0.1]));
        assert!(found.abs() < 1e-12, "{found}");
    }
}
