//! Statistics of panels on break-ups, computed from the days on which simulated couples separated.

use crate::stats::summary::correlation;

/// Days of a year.
pub(crate) const YEAR: f64 = 365.25;
/// Day of the wedding in the married population.
const WEDDING_DAY: f64 = 1096.0;
/// Days from a separation to the divorce at the least: the time for reconsideration of the register's country.
const RECONSIDERATION: f64 = 0.5 * YEAR;

/// Persons of the panel by their years together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DurationGroup {
    /// The middle of the group (years).
    years: f64,
    /// The wave nearest to it (years), for what is asked in waves.
    pub(crate) wave: f64,
    /// How many persons the panel had.
    pub(crate) persons: f64,
}

/// The panel's unmarried couples: together for up to three months, for four to twelve months, for one to
/// two years, two to three, four to seven, seven to twelve, and longer (N69).
pub(crate) const UNMARRIED_DURATIONS: [DurationGroup; 7] = [
    group(0.12, 0.25, 67.0),
    group(0.67, 0.75, 103.0),
    group(1.5, 1.5, 104.0),
    group(2.5, 2.5, 78.0),
    group(5.5, 5.5, 161.0),
    group(9.5, 9.5, 121.0),
    group(17.0, 17.0, 227.0),
];

/// The panel's persons who were together for two to five years, five to ten, ten to twenty, and longer (N06):
/// nearly all of them were married. A cohort is followed for twenty-four years, of which its latest stand for
/// those beyond.
pub(crate) const MARRIED_DURATIONS: [DurationGroup; 4] = [
    group(4.0, 4.0, 90.0),
    group(7.5, 7.5, 190.0),
    group(15.0, 15.0, 306.0),
    group(20.8, 19.0, 797.0),
];

const fn group(years: f64, wave: f64, persons: f64) -> DurationGroup {
    DurationGroup {
        years,
        wave,
        persons,
    }
}

/// Years between the waves of the panel of 2017 and 2020.
const THREE_YEARS: f64 = 3.2;
/// Day on which the cohabiting population moves in together.
const MOVING_IN: f64 = 365.0;

/// Couples of a cohort: the days on which they separated, NaN if they did not, and their insecurity at
/// the start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SeparationRecord<'a> {
    /// Days of break-ups.
    pub(crate) ends: &'a [f64],
    /// Mean attachment insecurity of both partners at the start, as they report it.
    pub(crate) insecurity: &'a [f64],
}

impl SeparationRecord<'_> {
    fn intact(&self, day: f64) -> usize {
        let lasting = self.ends.iter();
        lasting.filter(|end| end.is_nan() || **end > day).count()
    }

    /// Share of the couples intact on a day who separate within some years.
    fn within(&self, from: f64, years: f64) -> f64 {
        let (before, after) = (self.intact(from), self.intact(from + years * YEAR));
        (before - after) as f64 / before as f64
    }

    /// Share of the couples intact on a day who separate within a year.
    fn year(&self, from: f64) -> f64 {
        self.within(from, 1.0)
    }

    /// Share who separate within some years, in a sample that has the panel's persons of some groups; groups
    /// of which no couple is left are left out.
    fn with_durations(&self, groups: &[DurationGroup], years: f64) -> f64 {
        let rates = groups
            .iter()
            .map(|group| (self.within(group.years * YEAR, years), group.persons));
        let known = rates.filter(|(rate, _)| rate.is_finite());
        let sums = known.fold([0.0, 0.0], |[rates, persons], (rate, of)| {
            [rates + rate * of, persons + of]
        });
        sums[0] / sums[1]
    }
}

/// Yearly break-up rate of unmarried couples with the years together of the panel's.
pub(crate) fn unmarried_rate(cohort: &SeparationRecord<'_>) -> f64 {
    cohort.with_durations(&UNMARRIED_DURATIONS, 1.0)
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

fn unmarried_group(cohort: &SeparationRecord<'_>, group: usize) -> f64 {
    cohort.year(UNMARRIED_DURATIONS[group].years * YEAR)
}

/// Share of unmarried couples of up to three months who separate within a year.
pub(crate) fn unmarried_to_three_months(cohort: &SeparationRecord<'_>) -> f64 {
    unmarried_group(cohort, 0)
}

/// The same of four to twelve months.
pub(crate) fn unmarried_to_one_year(cohort: &SeparationRecord<'_>) -> f64 {
    unmarried_group(cohort, 1)
}

/// The same of one to two years.
pub(crate) fn unmarried_to_two_years(cohort: &SeparationRecord<'_>) -> f64 {
    unmarried_group(cohort, 2)
}

/// The same of two to three years.
pub(crate) fn unmarried_to_three_years(cohort: &SeparationRecord<'_>) -> f64 {
    unmarried_group(cohort, 3)
}

/// The same of four to seven years.
pub(crate) fn unmarried_to_seven_years(cohort: &SeparationRecord<'_>) -> f64 {
    unmarried_group(cohort, 4)
}

/// The same of seven to twelve years.
pub(crate) fn unmarried_to_twelve_years(cohort: &SeparationRecord<'_>) -> f64 {
    unmarried_group(cohort, 5)
}

/// The same of more than twelve years.
pub(crate) fn unmarried_beyond_twelve_years(cohort: &SeparationRecord<'_>) -> f64 {
    unmarried_group(cohort, 6)
}

/// Share of unmarried couples who do not live together yet, of up to seven years, who separate within 3.2
/// years.
pub(crate) fn apart_three_years(cohort: &SeparationRecord<'_>) -> f64 {
    cohort.with_durations(&UNMARRIED_DURATIONS[..5], THREE_YEARS)
}

/// Share of couples who live together, with the years together of the panel's unmarried of one year and more,
/// who separate within 3.2 years.
pub(crate) fn cohabiting_three_years(cohort: &SeparationRecord<'_>) -> f64 {
    cohort.with_durations(&UNMARRIED_DURATIONS[2..], THREE_YEARS)
}

/// Share of unmarried couples who separate within five years of moving in.
pub(crate) fn cohabitation_five_years(cohort: &SeparationRecord<'_>) -> f64 {
    cohort.within(MOVING_IN, 5.0)
}

/// Share of unmarried couples who separate within ten years of moving in.
pub(crate) fn cohabitation_ten_years(cohort: &SeparationRecord<'_>) -> f64 {
    cohort.within(MOVING_IN, 10.0)
}

/// Share of married couples, with the years together of the panel's persons, who separate within 3.2 years.
pub(crate) fn married_three_years(cohort: &SeparationRecord<'_>) -> f64 {
    cohort.with_durations(&MARRIED_DURATIONS, THREE_YEARS)
}

/// Share of marriages that end within five years.
pub(crate) fn marriage_five_years(cohort: &SeparationRecord<'_>) -> f64 {
    cohort.within(WEDDING_DAY, 5.0)
}

/// Share of marriages that end within ten years.
pub(crate) fn marriage_ten_years(cohort: &SeparationRecord<'_>) -> f64 {
    cohort.within(WEDDING_DAY, 10.0)
}

/// Mean share of marriages that are divorced in one of some years after the wedding, of those not divorced
/// before. A divorce comes some time after the separation.
fn marriage_hazard(cohort: &SeparationRecord<'_>, years: std::ops::Range<i32>) -> f64 {
    let shares = years.map(|year| {
        let day = |years: i32| WEDDING_DAY + f64::from(years) * YEAR - RECONSIDERATION;
        let from = day(year).max(WEDDING_DAY);
        cohort.within(from, (day(year + 1) - from) / YEAR)
    });
    let known: Vec<f64> = shares.filter(|share| share.is_finite()).collect();
    known.iter().sum::<f64>() / known.len() as f64
}

/// Yearly share of marriages that end in the fourth to sixth year, less that in the first year.
pub(crate) fn divorce_rises(cohort: &SeparationRecord<'_>) -> f64 {
    marriage_hazard(cohort, 3..6) - marriage_hazard(cohort, 0..1)
}

/// Yearly share of marriages that end in the sixteenth to eighteenth year, less that in the fourth to
/// sixth.
pub(crate) fn divorce_falls(cohort: &SeparationRecord<'_>) -> f64 {
    marriage_hazard(cohort, 15..18) - marriage_hazard(cohort, 3..6)
}

/// Yearly break-up rate of married couples with the years together of the panel's persons.
pub(crate) fn married_rate(cohort: &SeparationRecord<'_>) -> f64 {
    cohort.with_durations(&MARRIED_DURATIONS, 1.0)
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
        SeparationRecord { ends, insecurity }
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

    /// Ends of couples with a constant risk a year.
    fn constant(risk: f64, couples: i32) -> Vec<f64> {
        let share = |couple: i32| (f64::from(couple) + 0.5) / f64::from(couples);
        let end = |couple| YEAR * ln(1.0 - share(couple)) / ln(1.0 - risk);
        (0..couples).map(end).collect()
    }

    #[test]
    fn a_constant_risk_is_the_rate_of_every_sample() {
        let ends = constant(0.2, 40_000);
        let cohort = cohort(&ends, &[]);
        assert!((unmarried_rate(&cohort) - 0.2).abs() < 3e-3);
        assert!((married_rate(&cohort) - 0.2).abs() < 1e-2);
        for group in 0..6 {
            let found = unmarried_group(&cohort, group);
            assert!((found - 0.2).abs() < 5e-3, "{group}: {found}");
        }
        let over = |years: f64| 1.0 - (years * ln(0.8)).exp();
        assert!((apart_three_years(&cohort) - over(3.2)).abs() < 3e-3);
        assert!((cohabiting_three_years(&cohort) - over(3.2)).abs() < 6e-3);
        assert!((married_three_years(&cohort) - over(3.2)).abs() < 2e-2);
        assert!((cohabitation_five_years(&cohort) - over(5.0)).abs() < 2e-3);
        assert!((marriage_ten_years(&cohort) - over(10.0)).abs() < 2e-3);
        // A divorce comes half a year after a separation, so the first year has half of one.
        let half = over(1.0) - over(0.5);
        assert!((divorce_rises(&cohort) - half).abs() < 5e-3);
        let none = [TOGETHER; 5];
        assert_eq!(
            unmarried_rate(&super::SeparationRecord {
                ends: &none,
                ..cohort
            }),
            0.0
        );
    }

    #[test]
    fn a_sample_has_the_durations_of_the_panel() {
        // One couple of each group leaves within the year, one stays for it.
        let ends = years(&[0.5, 1.2, 2.0, 3.0, 6.0, 10.0, 17.5, 24.0]);
        let cohort = cohort(&ends, &[]);
        let weights = [67.0, 103.0, 104.0, 78.0, 161.0, 121.0, 227.0];
        let at_risk = [8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0];
        let leaving = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
        let sum: f64 = (0..7).map(|k| weights[k] * leaving[k] / at_risk[k]).sum();
        let found = unmarried_rate(&cohort);
        assert!((found - sum / 861.0).abs() < 1e-12, "{found}");
        // A group without couples has no rate.
        let short = super::SeparationRecord {
            ends: &ends[..1],
            ..cohort
        };
        assert_eq!(unmarried_rate(&short), 1.0);
        assert!(unmarried_to_one_year(&short).is_nan());
    }

    #[test]
    fn married_couples_have_the_durations_of_the_panel() {
        // One couple of each group leaves within the year, one stays for it.
        let ends = years(&[4.5, 8.0, 15.5, 21.0, TOGETHER]);
        let weights = MARRIED_DURATIONS.map(|group| group.persons);
        let rates = [5.0, 4.0, 3.0, 2.0].map(|at_risk| 1.0 / at_risk);
        let sum: f64 = weights.iter().zip(rates).map(|(w, rate)| w * rate).sum();
        let found = married_rate(&cohort(&ends, &[]));
        assert!((found - sum / 1383.0).abs() < 1e-12, "{found}");
    }

    #[test]
    fn the_hazard_of_divorce_rises_and_falls() {
        // Of 100 marriages 1 is divorced in the first year, 5 in each of the fourth to sixth, 1 in the sixteenth:
        // separations of half a year before.
        let mut ends = vec![TOGETHER; 83];
        ends.extend(years(&[3.2]));
        for year in [5.9, 7.0, 8.0] {
            ends.extend(years(&[year; 5]));
        }
        ends.extend(years(&[18.0]));
        let cohort = cohort(&ends, &[]);
        let peak = (5.0 / 99.0 + 5.0 / 94.0 + 5.0 / 89.0) / 3.0;
        assert!((divorce_rises(&cohort) - (peak - 0.01)).abs() < 1e-12);
        let late = 1.0 / 84.0 / 3.0;
        assert!((divorce_falls(&cohort) - (late - peak)).abs() < 1e-12);
        assert_eq!(marriage_five_years(&cohort), 16.0 / 100.0);
    }

    #[test]
    fn break_ups_before_the_wedding_do_not_count_as_married() {
        let ends = years(&[0.1, 1.0, 2.9, TOGETHER, TOGETHER]);
        assert_eq!(marriage_five_years(&cohort(&ends, &[])), 0.0);
        assert_eq!(married_rate(&cohort(&ends, &[])), 0.0);
        let after = years(&[3.1, TOGETHER, TOGETHER, TOGETHER, TOGETHER]);
        assert_eq!(marriage_five_years(&cohort(&after, &[])), 0.2);
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
