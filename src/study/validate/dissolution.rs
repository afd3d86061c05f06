//! What panels of couples report of break-ups, computed from when simulated couples parted.

use crate::analysis::dyads::own_correlation;

/// Days of a year.
const YEAR: f64 = 365.25;
/// Day of the wedding in the married population.
const WEDDING: f64 = 1096.0;
/// Days between the moments at which a cross-section meets a cohort.
const MEETING: f64 = 30.0;

/// A part of a cohort: the days on which couples parted, NaN where they did not, and their
/// insecurity at the start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cohort<'a> {
    /// Days of break-ups.
    pub(super) ends: &'a [f64],
    /// Mean attachment insecurity of both partners at the start.
    pub(super) insecurity: &'a [f64],
    /// Days that the cohort was followed.
    pub(super) length: f64,
}

impl Cohort<'_> {
    fn together(&self, day: f64) -> usize {
        let lasting = self.ends.iter();
        lasting.filter(|end| end.is_nan() || **end > day).count()
    }

    /// Share of the couples together on a day who part within a year of it.
    fn year(&self, from: f64) -> f64 {
        let (before, after) = (self.together(from), self.together(from + YEAR));
        (before - after) as f64 / before as f64
    }

    /// The same of couples who are met at any time: cohorts begin at a constant rate, and all their
    /// couples are followed for a year.
    fn cross_section(&self, from: f64) -> f64 {
        let (mut met, mut parted) = (0, 0);
        let mut day = from;
        while day + YEAR <= self.length {
            let (before, after) = (self.together(day), self.together(day + YEAR));
            met += before;
            parted += before - after;
            day += MEETING;
        }
        f64::from(parted as u32) / f64::from(met as u32)
    }
}

/// Yearly break-up rate of unmarried couples met at any time of their relationship.
pub(super) fn unmarried_rate(cohort: &Cohort<'_>) -> f64 {
    cohort.cross_section(0.0)
}

/// Share of unmarried couples who part in their first year.
pub(super) fn unmarried_first_year(cohort: &Cohort<'_>) -> f64 {
    cohort.year(0.0)
}

/// Share of unmarried couples who part in their sixth year, together for five.
pub(super) fn unmarried_at_five(cohort: &Cohort<'_>) -> f64 {
    cohort.year(5.0 * YEAR)
}

/// Share of unmarried couples who part within a year, together for twenty-three.
pub(super) fn unmarried_at_twenty_three(cohort: &Cohort<'_>) -> f64 {
    cohort.year(22.9 * YEAR)
}

/// Yearly break-up rate of married couples met at any time after the wedding.
pub(super) fn married_rate(cohort: &Cohort<'_>) -> f64 {
    cohort.cross_section(WEDDING)
}

/// Share of married couples who part within a year, together for five.
pub(super) fn married_at_five(cohort: &Cohort<'_>) -> f64 {
    cohort.year(5.0 * YEAR)
}

/// Share of married couples who part within a year, together for twenty.
pub(super) fn married_at_twenty(cohort: &Cohort<'_>) -> f64 {
    cohort.year(20.0 * YEAR)
}

/// Correlation over couples of insecurity at the start with a break-up within four years.
pub(super) fn insecure_part(cohort: &Cohort<'_>) -> f64 {
    let couples = cohort.ends.iter().zip(cohort.insecurity);
    let rows = couples.map(|(end, insecurity)| {
        let parted = f64::from(u8::from(*end <= 4.0 * YEAR));
        (*insecurity, parted)
    });
    let (insecurity, parted): (Vec<f64>, Vec<f64>) = rows.unzip();
    // A couple is one row here: it stands in the place of a dyad whose partner is missing.
    let alone =
        |values: Vec<f64>| -> Vec<[f64; 2]> { values.into_iter().map(|x| [x, f64::NAN]).collect() };
    own_correlation(&alone(insecurity), &alone(parted)).value
}
