use super::*;
use crate::math::functions::ln;
use crate::math::linalg::{Cholesky, SymmetricMatrix};
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
        let kept = |values: &[f64]| -> Vec<f64> { rows.iter().map(|row| values[*row]).collect() };
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
                    shared += square(fit.person_sd) + square(fit.residual_sd) * fit.phi.powi(gap);
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
    assert!((fit.couple_share() - 0.32).abs() < 0.05 && (fit.person_share() - 0.5).abs() < 0.05);
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
