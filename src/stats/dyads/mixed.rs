//! Linear mixed models of days within persons, and of persons within couples.
//!
//! Persons, and where requested couples, have random intercepts; residuals of a person's days are
//! independent, or correlated by φ to the power of the days between them, as R's `nlme::lme` with
//! `random = ~ 1 | couple / person` and `correlation = corAR1(form = ~ day | couple / person)`. The
//! likelihood is profiled down to the ratios of the intercepts' standard deviations to that of the
//! residuals, and φ; no matrix is larger than the number of predictors (Pinheiro & Bates 2000,
//! chapters 2 and 5).

use super::linear_model::{Coefficient, CompleteRows, Method, Products, maximise};
use super::{Diary, PersonDay, person_days, values_at, whole_power};
use crate::math::functions::ln;
use crate::math::linalg::SymmetricMatrix;
use std::ops::Range;

/// A loss of likelihood that is rounding.
const NO_LOSS: f64 = 1e-9;

/// What has a random intercept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RandomIntercepts {
    /// Persons, whose couples are not looked at.
    Persons,
    /// Persons and the couples that they belong to.
    PersonsInCouples,
}

/// What is assumed of the residuals of a person's days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DayResiduals {
    /// They are independent.
    Independent,
    /// Their correlation is φ to the power of the number of days between them.
    Autoregressive,
}

/// A mixed model of rows in the long format; the order of rows has no meaning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MixedModel<'a> {
    /// Whose day each row is.
    pub(crate) places: &'a [PersonDay],
    /// The output in each row; NaN where it is missing.
    pub(crate) output: &'a [f64],
    /// The predictors, each with a value in each row; an intercept is always there.
    pub(crate) predictors: &'a [&'a [f64]],
    /// What has a random intercept.
    pub(crate) levels: RandomIntercepts,
    /// What is assumed of a person's days.
    pub(crate) days: DayResiduals,
    /// Which likelihood is at its most.
    pub(crate) method: Method,
}

/// A fitted mixed model.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MixedFit {
    /// The intercept, then the predictors in their order. Degrees of freedom count rows within
    /// persons, persons within couples, or couples, by where a predictor varies (Pinheiro & Bates
    /// 2000, section 2.4.2).
    pub(crate) coefficients: Vec<Coefficient>,
    /// Standard deviation of couples' intercepts; 0 where they have none.
    pub(crate) couple_sd: f64,
    /// Standard deviation of persons' intercepts, within couples where these have intercepts.
    pub(crate) person_sd: f64,
    /// Standard deviation of residuals.
    pub(crate) residual_sd: f64,
    /// Correlation of residuals of neighbouring days (−1 to 1); 0 where they are independent.
    pub(crate) phi: f64,
    /// Log-likelihood at its most, restricted or full, by the method.
    pub(crate) log_likelihood: f64,
    /// Rows with all values.
    pub(crate) rows: usize,
    /// Persons with a row.
    pub(crate) persons: usize,
    /// Couples with a row.
    pub(crate) couples: usize,
}

impl MixedFit {
    fn variance(&self) -> f64 {
        let square = |x: f64| x * x;
        square(self.couple_sd) + square(self.person_sd) + square(self.residual_sd)
    }

    /// Share of the variance that lies between persons [0–1]: the intraclass correlation of days.
    pub(crate) fn person_share(&self) -> f64 {
        1.0 - self.residual_sd * self.residual_sd / self.variance()
    }

    /// Share of the variance that lies between couples [0–1]: the correlation of partners' days.
    pub(crate) fn couple_share(&self) -> f64 {
        self.couple_sd * self.couple_sd / self.variance()
    }
}

impl MixedModel<'_> {
    /// Fits the model.
    ///
    /// Rows that miss a value are left out. None where columns have unlike lengths, where predictors
    /// determine each other, where a person has two rows of one day and days are correlated, where
    /// no person has two rows or, with couples, no couple two persons, and where nothing is left to
    /// explain.
    pub(crate) fn fit(&self) -> Option<MixedFit> {
        let grouped = Grouped::new(self)?;
        let nested = self.levels == RandomIntercepts::PersonsInCouples;
        let known = grouped.persons() > 1 && grouped.rows() > grouped.persons();
        if !known || (nested && grouped.persons() == grouped.couples()) {
            return None;
        }
        let ratios = self.most_likely(&grouped)?;
        let fit = grouped
            .products(ratios)?
            .fit(self.method, grouped.centres())?;
        let coefficient = |(k, dof): (usize, f64)| Coefficient {
            dof,
            ..fit.coefficient(k)
        };
        let dof = degrees_of_freedom(&grouped, nested);
        Some(MixedFit {
            coefficients: dof.into_iter().enumerate().map(coefficient).collect(),
            couple_sd: fit.sigma * ratios.couple,
            person_sd: fit.sigma * ratios.person,
            residual_sd: fit.sigma,
            phi: ratios.phi,
            log_likelihood: fit.log_likelihood,
            rows: grouped.rows(),
            persons: grouped.persons(),
            couples: grouped.couples(),
        })
    }

    /// The ratios of standard deviations, and φ, that make the likelihood maximise.
    fn most_likely(&self, grouped: &Grouped) -> Option<Ratios> {
        let height = |ratios: Ratios| match grouped.products(ratios) {
            Some(products) => products.log_likelihood(self.method),
            None => f64::NEG_INFINITY,
        };
        let found = maximise(&self.starts(), |at| height(self.ratios(at)))?;
        // A ratio that is as likely 0 is 0, which the search comes near.
        let simpler = |most: Ratios, without: Ratios| {
            if height(without) >= height(most) - NO_LOSS {
                without
            } else {
                most
            }
        };
        let found = self.ratios(&found);
        let found = simpler(
            found,
            Ratios {
                person: 0.0,
                ..found
            },
        );
        Some(simpler(
            found,
            Ratios {
                couple: 0.0,
                ..found
            },
        ))
    }

    /// The search is over all of the real line: a ratio's sign has no meaning.
    fn ratios(&self, at: &[f64]) -> Ratios {
        let mut left = at.iter();
        let mut next = |is_included: bool| {
            if is_included {
                left.next().copied().unwrap_or(0.0)
            } else {
                0.0
            }
        };
        let person = next(true);
        let couple = next(self.levels == RandomIntercepts::PersonsInCouples);
        let phi = next(self.days == DayResiduals::Autoregressive);
        Ratios {
            person: person.abs(),
            couple: couple.abs(),
            phi: phi / (1.0 + phi * phi).sqrt(),
        }
    }

    fn starts(&self) -> Vec<Vec<f64>> {
        const RATIOS: [f64; 3] = [0.2, 0.7, 2.0];
        let mut starts: Vec<Vec<f64>> = RATIOS.iter().map(|ratio| vec![*ratio]).collect();
        if self.levels == RandomIntercepts::PersonsInCouples {
            starts = with_each(&starts, &RATIOS);
        }
        if self.days == DayResiduals::Autoregressive {
            starts = with_each(&starts, &[-0.3, 0.0, 0.3, 0.8]);
        }
        starts
    }
}

/// Every beginning with every next number.
fn with_each(beginnings: &[Vec<f64>], next: &[f64]) -> Vec<Vec<f64>> {
    let mut longer = Vec::new();
    for beginning in beginnings {
        for number in next {
            let mut one = beginning.clone();
            one.push(*number);
            longer.push(one);
        }
    }
    longer
}

/// How much of the variance of a daily variable lies between persons, by restricted likelihood.
///
/// None as of [`MixedModel::fit`].
pub(crate) fn person_variance(variable: &[Diary]) -> Option<MixedFit> {
    let places = person_days(variable);
    let model = MixedModel {
        places: &places,
        output: &values_at(variable, &places),
        predictors: &[],
        levels: RandomIntercepts::Persons,
        days: DayResiduals::Independent,
        method: Method::Restricted,
    };
    model.fit()
}

/// Standard deviations of intercepts over that of residuals, and the correlation of days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ratios {
    pub(crate) person: f64,
    pub(crate) couple: f64,
    pub(crate) phi: f64,
}

/// Complete rows in the order of couple, person and day.
pub(crate) struct Grouped {
    rows: CompleteRows,
    days: Vec<u32>,
    /// The rows of each person.
    persons: Vec<Range<usize>>,
    /// The persons of each couple.
    couples: Vec<Range<usize>>,
    are_independent: bool,
    /// What holds whatever the ratios, where days are independent.
    independent: Option<Means>,
}

/// Persons' weighted means, and the products of distances from them.
struct Means {
    within: SymmetricMatrix,
    log_determinant: f64,
    /// For each person the mean and its weight.
    means: Vec<(Vec<f64>, f64)>,
}

impl Grouped {
    /// Sorts the complete rows; none where columns have unlike lengths.
    pub(crate) fn new(model: &MixedModel) -> Option<Grouped> {
        let count = model.places.len();
        let fits = |column: &[f64]| column.len() == count;
        if !fits(model.output) || !model.predictors.iter().all(|column| fits(column)) {
            return None;
        }
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by_key(|row| model.places[*row]);
        let mut rows = CompleteRows::with_predictors(model.predictors.len());
        let mut kept = Vec::new();
        for row in order {
            let predictors = model.predictors.iter().map(|column| column[row]);
            if rows.push(predictors, model.output[row]) {
                kept.push(model.places[row]);
            }
        }
        if kept.is_empty() {
            return None;
        }
        rows.centre();
        let persons = ranges(kept.chunk_by(|a, b| (a.couple, a.person) == (b.couple, b.person)));
        let firsts: Vec<usize> = persons
            .iter()
            .map(|person| kept[person.start].couple)
            .collect();
        let mut grouped = Grouped {
            rows,
            days: kept.iter().map(|place| place.day).collect(),
            persons,
            couples: ranges(firsts.chunk_by(|a, b| a == b)),
            are_independent: model.days == DayResiduals::Independent,
            independent: None,
        };
        if grouped.are_independent {
            grouped.independent = Some(grouped.means(0.0)?);
        }
        Some(grouped)
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn persons(&self) -> usize {
        self.persons.len()
    }

    pub(crate) fn couples(&self) -> usize {
        self.couples.len()
    }

    pub(crate) fn columns(&self) -> usize {
        self.rows.columns()
    }

    pub(crate) fn centres(&self) -> &[f64] {
        self.rows.centres()
    }

    /// The values of a column by person, or by couple.
    pub(crate) fn by_group(&self, column: usize, levels: RandomIntercepts) -> Vec<Vec<f64>> {
        let groups: Vec<Range<usize>> = match levels {
            RandomIntercepts::Persons => self.persons.clone(),
            RandomIntercepts::PersonsInCouples => {
                let rows = |couple: &Range<usize>| {
                    self.persons[couple.start].start..self.persons[couple.end - 1].end
                };
                self.couples.iter().map(rows).collect()
            }
        };
        let values = |rows: Range<usize>| rows.map(|row| self.rows.row(row)[column]).collect();
        groups.into_iter().map(values).collect()
    }

    /// Cross products weighted by the inverse of W; none where W is not positive.
    pub(crate) fn products(&self, ratios: Ratios) -> Option<Products> {
        let made;
        let means = match &self.independent {
            Some(means) => means,
            None => {
                made = self.means(ratios.phi)?;
                &made
            }
        };
        let mut products = Products {
            matrix: means.within.clone(),
            log_determinant: means.log_determinant,
            rows: self.rows.len(),
        };
        let (person, couple) = (ratios.person * ratios.person, ratios.couple * ratios.couple);
        for persons in &self.couples {
            let mut both = WeightedMean::none(self.columns() + 1);
            for (mean, weight) in &means.means[persons.clone()] {
                let shrunk = 1.0 + person * weight;
                products.log_determinant += ln(shrunk);
                both.push(mean, weight / shrunk);
            }
            let shrunk = 1.0 + couple * both.weight;
            products.log_determinant += ln(shrunk);
            for (mean, weight) in &means.means[persons.clone()] {
                let apart: Vec<f64> = mean.iter().zip(&both.mean).map(|(x, m)| x - m).collect();
                products
                    .matrix
                    .add_square(&apart, weight / (1.0 + person * weight));
            }
            products.matrix.add_square(&both.mean, both.weight / shrunk);
        }
        Some(products)
    }

    /// Persons' means where the correlation of neighbouring days is φ.
    fn means(&self, phi: f64) -> Option<Means> {
        let width = self.columns() + 1;
        let mut found = Means {
            within: SymmetricMatrix::zero(width),
            log_determinant: 0.0,
            means: Vec::with_capacity(self.persons.len()),
        };
        for person in &self.persons {
            let steps = self.steps(person, phi)?;
            let mut mean = WeightedMean::none(width);
            for step in &steps {
                found.log_determinant += ln(step.variance);
                // The weight may be 0, where a day says nothing of the level.
                let one = step.of(1.0, 1.0);
                mean.weight += one * one;
                for column in 0..width {
                    mean.mean[column] +=
                        one * step.of(self.at(step.row, column), self.before(step, column));
                }
            }
            mean.mean.iter_mut().for_each(|sum| *sum /= mean.weight);
            let mut apart = vec![0.0; width];
            for step in &steps {
                for (column, x) in apart.iter_mut().enumerate() {
                    let centre = mean.mean[column];
                    let (now, before) = (self.at(step.row, column), self.before(step, column));
                    *x = step.of(now - centre, before - centre);
                }
                found.within.add_square(&apart, 1.0);
            }
            found.means.push((mean.mean, mean.weight));
        }
        Some(found)
    }

    fn at(&self, row: usize, column: usize) -> f64 {
        self.rows.row(row)[column]
    }

    /// The value of the row before, which the first of a person's steps does not look at.
    fn before(&self, step: &Innovation, column: usize) -> f64 {
        self.at(step.row.saturating_sub(1), column)
    }

    /// What turns a person's days into independent ones; none where φ or a gap of 0 days leaves no
    /// variance.
    fn steps(&self, person: &Range<usize>, phi: f64) -> Option<Vec<Innovation>> {
        let mut steps = Vec::with_capacity(person.len());
        for row in person.clone() {
            let recalled = if row == person.start || self.are_independent {
                0.0
            } else {
                whole_power(phi, self.days[row] - self.days[row - 1])
            };
            let variance = 1.0 - recalled * recalled;
            if variance.is_nan() || variance <= 1e-12 {
                return None;
            }
            steps.push(Innovation {
                row,
                recalled,
                variance,
            });
        }
        Some(steps)
    }
}

/// A day, less what the day before tells of it, in units of what is left.
struct Innovation {
    row: usize,
    recalled: f64,
    variance: f64,
}

impl Innovation {
    fn of(&self, now: f64, before: f64) -> f64 {
        (now - self.recalled * before) / self.variance.sqrt()
    }
}

/// A mean that grows by weighted values.
struct WeightedMean {
    mean: Vec<f64>,
    weight: f64,
}

impl WeightedMean {
    fn none(width: usize) -> WeightedMean {
        WeightedMean {
            mean: vec![0.0; width],
            weight: 0.0,
        }
    }

    fn push(&mut self, value: &[f64], weight: f64) {
        self.weight += weight;
        let share = weight / self.weight;
        for (mean, x) in self.mean.iter_mut().zip(value) {
            *mean += share * (x - *mean);
        }
    }
}

/// The ranges of neighbouring parts.
fn ranges<'a, T: 'a>(parts: impl Iterator<Item = &'a [T]>) -> Vec<Range<usize>> {
    let mut start = 0;
    let next = |part: &[T]| {
        let range = start..start + part.len();
        start = range.end;
        range
    };
    parts.map(next).collect()
}

/// Share of a column's largest distance from its mean that is rounding.
const SAME: f64 = 1e-9;

/// The degrees of freedom of the intercept and of each predictor: of a level's groups, less those of
/// the level above and less the predictors that vary at it.
fn degrees_of_freedom(grouped: &Grouped, nested: bool) -> Vec<f64> {
    let mut sizes = vec![1];
    if nested {
        sizes.push(grouped.couples());
    }
    sizes.push(grouped.persons());
    sizes.push(grouped.rows());
    let inmost = sizes.len() - 2;
    let level = |column: usize| {
        if !is_same_within(&grouped.by_group(column, RandomIntercepts::Persons)) {
            inmost
        } else if nested
            && !is_same_within(&grouped.by_group(column, RandomIntercepts::PersonsInCouples))
        {
            inmost - 1
        } else {
            0
        }
    };
    let levels: Vec<usize> = (1..grouped.columns()).map(level).collect();
    let freedom = |level: usize| {
        let here = levels.iter().filter(|other| **other == level).count();
        sizes[level + 1] as f64 - sizes[level] as f64 - here as f64
    };
    // All rows inform the intercept.
    let intercept = freedom(inmost);
    let mut found = vec![intercept];
    found.extend(levels.iter().map(|level| freedom(*level)));
    found
}

/// Whether a column is the same within each group, but for rounding.
fn is_same_within(groups: &[Vec<f64>]) -> bool {
    let largest = groups
        .iter()
        .flatten()
        .fold(0.0_f64, |most, x| most.max(x.abs()));
    let same = |group: &Vec<f64>| {
        let first = group.first().copied().unwrap_or(0.0);
        group.iter().all(|x| (x - first).abs() <= SAME * largest)
    };
    groups.iter().all(same)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::linalg::Cholesky;
    use crate::stats::dyads::person_intraclass;
    use crate::stats::interval::CONFIDENCE;
    use crate::stats::test_support::normals;

    const TAU: f64 = std::f64::consts::TAU;

    /// Rows of an output 2 + 0.5 x − 0.3 u: x differs by day, u by couple.
    struct Study {
        places: Vec<PersonDay>,
        y: Vec<f64>,
        x: Vec<f64>,
        u: Vec<f64>,
    }

    fn study(number: u64, couples: usize, days: u32, phi: f64) -> Study {
        let mut draws = normals(number);
        let mut draw = || draws.next().expect("draws never end");
        let mut study = Study {
            places: Vec::new(),
            y: Vec::new(),
            x: Vec::new(),
            u: Vec::new(),
        };
        for couple in 0..couples {
            let (level, u) = (0.8 * draw(), draw());
            for person in 0..2 {
                let level = level + 0.6 * draw();
                let mut left = draw();
                for day in 0..days {
                    let x = draw();
                    study.places.push(PersonDay {
                        couple,
                        person,
                        day,
                    });
                    study.y.push(2.0 + 0.5 * x - 0.3 * u + level + left);
                    study.x.push(x);
                    study.u.push(u);
                    left = phi * left + (1.0 - phi * phi).sqrt() * draw();
                }
            }
        }
        study
    }

    impl Study {
        fn fit(&self, levels: RandomIntercepts, days: DayResiduals) -> Option<MixedFit> {
            let model = MixedModel {
                places: &self.places,
                output: &self.y,
                predictors: &[&self.x, &self.u],
                levels,
                days,
                method: Method::Restricted,
            };
            model.fit()
        }

        /// Keeps some of the rows.
        fn thinned(mut self, keep: impl Fn(usize) -> bool) -> Study {
            let rows: Vec<usize> = (0..self.y.len()).filter(|row| keep(*row)).collect();
            let kept =
                |values: &[f64]| -> Vec<f64> { rows.iter().map(|row| values[*row]).collect() };
            (self.y, self.x, self.u) = (kept(&self.y), kept(&self.x), kept(&self.u));
            self.places = rows.iter().map(|row| self.places[*row]).collect();
            self
        }
    }

    /// The restricted log-likelihood from the whole covariance matrix of all rows.
    fn whole_likelihood(study: &Study, fit: &MixedFit) -> f64 {
        let rows = study.y.len();
        let square = |x: f64| x * x;
        let mut bordered = SymmetricMatrix::zero(rows + 4);
        for (row, one) in study.places.iter().enumerate() {
            for (column, other) in study.places[..=row].iter().enumerate() {
                let mut shared = 0.0;
                if one.couple == other.couple {
                    shared += square(fit.couple_sd);
                    if one.person == other.person {
                        let gap = i32::try_from(one.day.abs_diff(other.day)).expect("a short gap");
                        shared +=
                            square(fit.person_sd) + square(fit.residual_sd) * fit.phi.powi(gap);
                    }
                }
                bordered.set(row, column, shared);
            }
            let columns = [1.0, study.x[row], study.u[row], study.y[row]];
            for (k, value) in columns.into_iter().enumerate() {
                bordered.set(rows + k, row, value);
            }
        }
        let factor = Cholesky::new(&bordered, rows).expect("a covariance");
        let mut left = SymmetricMatrix::zero(4);
        for row in 0..4 {
            for column in 0..=row {
                left.set(row, column, -factor.left(rows + row, rows + column));
            }
        }
        let last = Cholesky::new(&left, 3).expect("independent columns");
        let dof = rows as f64 - 3.0;
        -0.5 * (dof * ln(TAU) + factor.log_determinant() + last.log_determinant() + last.left(3, 3))
    }

    #[test]
    fn the_likelihood_is_that_of_the_whole_covariance_matrix() {
        for phi in [0.4, -0.4] {
            let study = study(1, 12, 6, phi).thinned(|row| row % 7 != 3 && row % 11 != 5);
            for levels in [
                RandomIntercepts::Persons,
                RandomIntercepts::PersonsInCouples,
            ] {
                for days in [DayResiduals::Independent, DayResiduals::Autoregressive] {
                    holds_at_its_top(&study, &study.fit(levels, days).expect("a model"));
                }
            }
        }
    }

    /// The likelihood is that of the whole covariance matrix, which falls to all sides of the estimates.
    fn holds_at_its_top(study: &Study, fit: &MixedFit) {
        let whole = whole_likelihood(study, fit);
        assert!((fit.log_likelihood - whole).abs() < 1e-8, "{fit:?} {whole}");
        for change in [0.98, 1.02] {
            let mut other = fit.clone();
            other.person_sd = change * fit.person_sd;
            other.residual_sd = fit.residual_sd / change;
            assert!(whole_likelihood(study, &other) < whole);
            other = fit.clone();
            (other.couple_sd, other.phi) = (change * fit.couple_sd, fit.phi / change);
            assert!(whole_likelihood(study, &other) <= whole);
        }
    }

    #[test]
    fn parts_of_the_variance_are_found() {
        let fit = study(2, 400, 10, 0.5).fit(
            RandomIntercepts::PersonsInCouples,
            DayResiduals::Autoregressive,
        );
        let fit = fit.expect("a model");
        let found = [fit.couple_sd, fit.person_sd, fit.residual_sd, fit.phi];
        for (found, truth) in found.iter().zip([0.8, 0.6, 1.0, 0.5]) {
            assert!((found - truth).abs() < 0.07, "{fit:?}");
        }
        assert!(
            (fit.couple_share() - 0.32).abs() < 0.05 && (fit.person_share() - 0.5).abs() < 0.05
        );
        assert_eq!((fit.rows, fit.persons, fit.couples), (8_000, 800, 400));
    }

    #[test]
    fn intervals_cover_effects_within_and_between_as_often_as_they_say() {
        let mut hits = [0, 0];
        for seed in 0..1_000 {
            let fit = study(seed, 12, 4, 0.0).fit(
                RandomIntercepts::PersonsInCouples,
                DayResiduals::Independent,
            );
            let fit = fit.expect("a model");
            for (number, truth) in [0.5, -0.3].into_iter().enumerate() {
                let interval = fit.coefficients[number + 1].interval(CONFIDENCE);
                hits[number] += u32::from(interval.contains(truth));
            }
        }
        // Three standard errors around 950.
        assert!(
            hits.iter().all(|hits| (929..=971).contains(hits)),
            "{hits:?}"
        );
    }

    #[test]
    fn with_equal_days_the_share_between_persons_is_that_of_analysis_of_variance() {
        let mut draws = normals(3);
        let mut draw = || draws.next().expect("draws never end");
        let mut days = || -> Vec<f64> {
            let level = draw();
            (0..6).map(|_| level + draw()).collect()
        };
        let diary: Vec<Diary> = (0..30).map(|_| [days(), days()]).collect();
        let found = person_variance(&diary).expect("a model");
        let expected = person_intraclass(&diary).value;
        assert!(
            (found.person_share() - expected).abs() < 1e-6,
            "{found:?} {expected}"
        );
    }

    #[test]
    fn persons_who_differ_by_less_than_noise_have_no_variance() {
        let days = |sign: f64| vec![sign, -sign, sign, -sign];
        let diary: Vec<Diary> = (0..10).map(|_| [days(1.0), days(-1.0)]).collect();
        let found = person_variance(&diary).expect("a model");
        assert_eq!((found.person_sd, found.person_share()), (0.0, 0.0));
    }

    #[test]
    fn the_order_of_rows_has_no_meaning() {
        let study = study(4, 10, 5, 0.3);
        let found = study.fit(
            RandomIntercepts::PersonsInCouples,
            DayResiduals::Autoregressive,
        );
        let turned = Study {
            places: study.places.iter().rev().copied().collect(),
            y: study.y.iter().rev().copied().collect(),
            x: study.x.iter().rev().copied().collect(),
            u: study.u.iter().rev().copied().collect(),
        };
        assert_eq!(
            found,
            turned.fit(
                RandomIntercepts::PersonsInCouples,
                DayResiduals::Autoregressive
            )
        );
        assert!(found.is_some());
    }

    #[test]
    fn what_cannot_be_estimated_is_none() {
        let persons = RandomIntercepts::Persons;
        let one_day = study(5, 10, 1, 0.0);
        assert_eq!(
            one_day.fit(persons, DayResiduals::Independent),
            None,
            "one row a person"
        );
        let alone = study(6, 10, 4, 0.0).thinned(|row| (row / 4) % 2 == 0);
        assert!(alone.fit(persons, DayResiduals::Independent).is_some());
        assert_eq!(
            alone.fit(
                RandomIntercepts::PersonsInCouples,
                DayResiduals::Independent
            ),
            None,
            "one person a couple"
        );
        let mut twice = study(7, 10, 4, 0.0);
        twice.places[1].day = 0;
        assert!(twice.fit(persons, DayResiduals::Independent).is_some());
        assert_eq!(
            twice.fit(persons, DayResiduals::Autoregressive),
            None,
            "two rows of a day"
        );
        let mut same = study(8, 10, 4, 0.0);
        same.u.clone_from(&same.x);
        assert_eq!(
            same.fit(persons, DayResiduals::Independent),
            None,
            "a predictor twice"
        );
        same.u.pop();
        assert_eq!(
            same.fit(persons, DayResiduals::Independent),
            None,
            "unlike lengths"
        );
        assert_eq!(person_variance(&[]), None, "no persons");
    }

    #[test]
    fn whole_powers_are_products() {
        assert_eq!(whole_power(0.5, 0), 1.0);
        assert_eq!(whole_power(-0.5, 3), -0.125);
        assert_eq!(whole_power(3.0, 10), 59_049.0);
    }

    #[test]
    fn neighbours_have_neighbouring_ranges() {
        let found = ranges([1, 1, 2, 3, 3, 3].chunk_by(|a, b| a == b));
        assert_eq!(found, [0..2, 2..3, 3..6]);
    }
}
