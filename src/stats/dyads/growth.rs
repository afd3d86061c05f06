//! Growth of both partners: the output as a line over time for each person, whose level and slope follow from
//! predictors of the person.
//!
//! The output of partner p of couple i at time t is y = xᵀβₚ + νᵢₚ + ωᵢₚ t + εᵢₜₚ; x has an intercept, the time, the
//! predictors, and their products with the time. The levels ν of the two partners are correlated, the slopes ω and
//! residuals ε independent (Kashy & Donnellan 2012). It is R's `nlme::lme` with
//! `random = pdBlocked(list(pdSymm(~ 0 + a + b), pdDiag(~ 0 + a_time + b_time)))` and
//! `weights = varIdent(form = ~ 1 | role)`. Exchangeable partners share β and variances: couples and the persons in
//! them have independent levels and slopes, `random = list(couple = pdDiag(~ time), person = pdDiag(~ time))`.
//!
//! With σ² the variance of A's residuals, the covariance of a couple's rows is σ²(R + Z L Lᵀ Zᵀ), and its inverse
//! R⁻¹ − R⁻¹Z L (I + LᵀZᵀR⁻¹Z L)⁻¹ Lᵀ ZᵀR⁻¹ with a matrix of four rows. Couples who answered at the same times share
//! that, so that of these only sums of products of their rows are needed; σ² and β are profiled.

use super::PersonDay;
use super::linear_model::{Coefficient, Method, Products, maximise};
use super::longitudinal::PartnerKinds;
use super::quasi_newton::climb_smooth;
use crate::math::functions::{exp, ln};
use crate::math::linalg::{Cholesky, SymmetricMatrix};
use std::collections::BTreeMap;

/// Level and slope of partner A, then of partner B.
const RANDOM: usize = 4;
/// Pairs of these.
const PAIRS: usize = RANDOM * (RANDOM + 1) / 2;
/// Rows of a person from which on a line can be told from error.
const LEAST_ROWS: usize = 3;

/// The model of rows in the long format; the order of rows has no meaning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GrowthModel<'a> {
    /// Whose occasion each row is; persons are 0 and 1.
    pub(crate) places: &'a [PersonDay],
    /// The time of each row, in any unit from any day.
    pub(crate) times: &'a [f64],
    /// The output in each row; NaN where it is missing.
    pub(crate) output: &'a [f64],
    /// Predictors of level and slope, each with a value in each row.
    pub(crate) predictors: &'a [&'a [f64]],
    /// Whether partners are of different kinds.
    pub(crate) partners: PartnerKinds,
    /// Which likelihood is at its most.
    pub(crate) method: Method,
}

/// A fitted model of growth.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GrowthFit {
    /// Of partner A the intercept, the slope, the effects of the predictors on the level and those on the slope, then
    /// those of partner B; of exchangeable partners once. Degrees of freedom are those of `nlme`.
    pub(crate) coefficients: Vec<Coefficient>,
    /// Standard deviations of the partners' levels at time 0.
    pub(crate) level_sds: [f64; 2],
    /// Standard deviations of their slopes.
    pub(crate) slope_sds: [f64; 2],
    /// Standard deviations of their residuals.
    pub(crate) residual_sds: [f64; 2],
    /// Log-likelihood at its most, restricted or full, by the method.
    pub(crate) log_likelihood: f64,
    /// Rows with all values.
    pub(crate) rows: usize,
}

impl GrowthModel<'_> {
    /// Fits the model.
    ///
    /// Rows that miss a value are left out. None where columns have unlike lengths, where there is a third person or a
    /// row twice, where there are no two couples or no partner of a kind with three rows, where predictors determine
    /// each other, where nothing is left to explain, and where the search finds no top.
    pub(crate) fn fit(&self) -> Option<GrowthFit> {
        let sums = GrowthSums::new(self)?;
        let height = |at: &[f64]| match sums.products(&self.covariance(at)) {
            Some(products) => products.log_likelihood(self.method),
            None => f64::NEG_INFINITY,
        };
        let starts = self.starts();
        let found = match climb_smooth(&starts, height) {
            Some(top) => top,
            None => maximise(&starts, height)?,
        };
        let at = self.covariance(&found);
        let fit = sums.products(&at)?.centred_fit(self.method)?;
        let mut coefficients: Vec<Coefficient> = (0..sums.columns)
            .map(|column| Coefficient {
                dof: sums.dof[column],
                ..fit.coefficient(column)
            })
            .collect();
        let of_set = sums.columns / sums.centres.len();
        for (set, centre) in sums.centres.iter().enumerate() {
            coefficients[set * of_set].value += centre;
        }
        let sd = |random: usize, unit: f64| {
            let squares = at.factor[random].iter().map(|x| x * x).sum::<f64>();
            fit.sigma * squares.sqrt() / unit
        };
        Some(GrowthFit {
            coefficients,
            level_sds: [sd(0, 1.0), sd(2, 1.0)],
            slope_sds: [sd(1, sums.unit), sd(3, sums.unit)],
            residual_sds: [fit.sigma, fit.sigma * at.ratio],
            log_likelihood: fit.log_likelihood,
            rows: sums.rows,
        })
    }
}

impl GrowthModel<'_> {
    /// The covariance of numbers that are searched over all of the real line; their signs have no meaning.
    fn covariance(&self, at: &[f64]) -> GrowthCovariance {
        let mut factor = [[0.0; RANDOM]; RANDOM];
        match self.partners {
            PartnerKinds::Distinguishable => {
                factor[0][0] = at[0];
                factor[2][0] = at[1];
                factor[2][2] = at[2];
                factor[1][1] = at[3];
                factor[3][3] = at[4];
            }
            // What the couple has in common, and what each partner has alone.
            PartnerKinds::Exchangeable => {
                for (of_a, of_b, couple, person) in [(0, 2, at[0], at[1]), (1, 3, at[2], at[3])] {
                    let sum = (couple * couple + 0.5 * person * person).sqrt();
                    let difference = std::f64::consts::FRAC_1_SQRT_2 * person.abs();
                    factor[of_a][of_a] = sum;
                    factor[of_b][of_a] = sum;
                    factor[of_a][of_b] = difference;
                    factor[of_b][of_b] = -difference;
                }
            }
        }
        GrowthCovariance {
            factor,
            ratio: match self.partners {
                PartnerKinds::Distinguishable => exp(at[5]),
                PartnerKinds::Exchangeable => 1.0,
            },
        }
    }

    fn starts(&self) -> Vec<Vec<f64>> {
        let mut starts = Vec::new();
        for level in [0.5, 1.5] {
            for slope in [0.1, 0.4, 1.5] {
                match self.partners {
                    PartnerKinds::Distinguishable => {
                        for ratio in [-0.5, 0.0, 0.5] {
                            starts.push(vec![level, 0.3 * level, level, slope, slope, ratio]);
                        }
                    }
                    PartnerKinds::Exchangeable => {
                        for shared in [0.3, 1.0] {
                            starts.push(vec![shared * level, level, shared * slope, slope]);
                        }
                    }
                }
            }
        }
        starts
    }
}

/// Covariances in units of the variance of partner A's residuals, with times in units of the longest.
#[derive(Clone, Copy, Debug, PartialEq)]
struct GrowthCovariance {
    /// L: the covariance of levels and slopes is L Lᵀ.
    factor: [[f64; RANDOM]; RANDOM],
    /// Standard deviation of B's residuals.
    ratio: f64,
}

/// A row with all values.
struct GrowthRow {
    place: PersonDay,
    /// Time in units of the longest.
    time: f64,
    /// All columns, and the output.
    values: Vec<f64>,
}

/// Couples who answered at the same times.
struct TimeClass {
    couples: f64,
    /// Of each partner the number of rows, the sum of their times and of the times' squares.
    times: [[f64; 3]; 2],
    /// Products of each pair of sums of rows, the second not before the first, summed over couples: the lower
    /// triangle of a matrix of all columns and the output.
    products: Vec<Vec<f64>>,
}

/// All that the likelihood needs of the rows.
struct GrowthSums {
    /// Columns of both partners.
    columns: usize,
    rows: usize,
    rows_of_b: f64,
    /// The longest time.
    unit: f64,
    /// Products of the rows of partner A, and of partner B.
    of_persons: [Vec<f64>; 2],
    classes: Vec<TimeClass>,
    /// What was taken off the output of each set of coefficients.
    centres: Vec<f64>,
    dof: Vec<f64>,
}

/// Adds the products of two rows, as a symmetric matrix, to a lower triangle.
fn add_products(sum: &mut [f64], one: &[f64], other: &[f64], weight: f64) {
    let mut cell = 0;
    for (row, (x, y)) in one.iter().zip(other).enumerate() {
        for (z, w) in one[..=row].iter().zip(&other[..=row]) {
            sum[cell] += weight * (x * w + y * z);
            cell += 1;
        }
    }
}

impl GrowthSums {
    fn new(model: &GrowthModel) -> Option<GrowthSums> {
        let sets = match model.partners {
            PartnerKinds::Distinguishable => 2,
            PartnerKinds::Exchangeable => 1,
        };
        let (mut rows, unit) = complete_rows(model, sets)?;
        let of_set = 2 + 2 * model.predictors.len();
        let columns = sets * of_set;
        let width = columns + 1;
        // Without its mean the output keeps its digits.
        let mut centres = vec![0.0; sets];
        for (set, centre) in centres.iter_mut().enumerate() {
            let own = rows
                .iter()
                .filter(|row| row.place.person.min(sets - 1) == set);
            let (sum, count) = own.fold((0.0, 0.0), |(sum, count), row| {
                (sum + row.values[columns], count + 1.0)
            });
            *centre = sum / count;
        }
        for row in &mut rows {
            row.values[columns] -= centres[row.place.person.min(sets - 1)];
        }
        let triangle = width * (width + 1) / 2;
        let mut sums = GrowthSums {
            columns,
            rows: rows.len(),
            rows_of_b: rows.iter().filter(|row| row.place.person == 1).count() as f64,
            unit,
            of_persons: [vec![0.0; triangle], vec![0.0; triangle]],
            classes: Vec::new(),
            centres,
            dof: degrees_of_freedom(&rows, columns, model.partners),
        };
        let mut known: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
        for couple in rows.chunk_by(|one, next| one.place.couple == next.place.couple) {
            let mut times = [[0.0; 3]; 2];
            let mut totals = vec![vec![0.0; width]; RANDOM];
            for row in couple {
                let person = row.place.person;
                let own = &mut times[person];
                own[0] += 1.0;
                own[1] += row.time;
                own[2] += row.time * row.time;
                add_products(&mut sums.of_persons[person], &row.values, &row.values, 0.5);
                for (column, value) in row.values.iter().enumerate() {
                    totals[2 * person][column] += value;
                    totals[2 * person + 1][column] += row.time * value;
                }
            }
            let key: Vec<u64> = times.iter().flatten().map(|x| x.to_bits()).collect();
            let place = *known.entry(key).or_insert(sums.classes.len());
            if place == sums.classes.len() {
                sums.classes.push(TimeClass {
                    couples: 0.0,
                    times,
                    products: vec![vec![0.0; triangle]; PAIRS],
                });
            }
            let class = &mut sums.classes[place];
            class.couples += 1.0;
            let mut pair = 0;
            for first in 0..RANDOM {
                for second in first..RANDOM {
                    let weight = if first == second { 0.5 } else { 1.0 };
                    let sum = &mut class.products[pair];
                    add_products(sum, &totals[first], &totals[second], weight);
                    pair += 1;
                }
            }
        }
        Some(sums)
    }

    /// Products of all columns and the output, weighted by the inverse of the covariance; none where that is not
    /// positive.
    fn products(&self, at: &GrowthCovariance) -> Option<Products> {
        let weights = [1.0, 1.0 / (at.ratio * at.ratio)];
        let mut log_determinant = 2.0 * self.rows_of_b * ln(at.ratio);
        let [of_a, of_b] = &self.of_persons;
        let both = of_a.iter().zip(of_b);
        let mut sum: Vec<f64> = both.map(|(a, b)| weights[0] * a + weights[1] * b).collect();
        for class in &self.classes {
            let inner = class.inner(at, weights);
            let root = Cholesky::new(&inner, RANDOM)?;
            log_determinant += class.couples * root.log_determinant();
            let middle = class.middle(at, weights, &root.inverse());
            let pairs = class.products.iter().zip(middle);
            for (products, weight) in pairs.filter(|(_, weight)| *weight != 0.0) {
                let cells = sum.iter_mut().zip(products);
                cells.for_each(|(sum, x)| *sum -= weight * x);
            }
        }
        let cell = |row: usize, column: usize| {
            let (row, column) = (row.max(column), row.min(column));
            sum[row * (row + 1) / 2 + column]
        };
        Some(Products {
            matrix: SymmetricMatrix::from_fn(self.columns + 1, cell),
            log_determinant,
            rows: self.rows,
        })
    }
}

impl TimeClass {
    /// An entry of ZᵀR⁻¹Z.
    fn weight(&self, one: usize, other: usize, weights: [f64; 2]) -> f64 {
        match one / 2 == other / 2 {
            true => weights[one / 2] * self.times[one / 2][one % 2 + other % 2],
            false => 0.0,
        }
    }

    /// I + LᵀZᵀR⁻¹Z L.
    fn inner(&self, at: &GrowthCovariance, weights: [f64; 2]) -> SymmetricMatrix {
        SymmetricMatrix::from_fn(RANDOM, |row, column| {
            let mut sum = if row == column { 1.0 } else { 0.0 };
            for one in 0..RANDOM {
                for other in 0..RANDOM {
                    let ends = at.factor[one][row] * at.factor[other][column];
                    if ends != 0.0 {
                        sum += ends * self.weight(one, other, weights);
                    }
                }
            }
            sum
        })
    }

    /// L (I + LᵀZᵀR⁻¹Z L)⁻¹ Lᵀ with the weights of residuals on both sides, by pairs.
    fn middle(
        &self,
        at: &GrowthCovariance,
        weights: [f64; 2],
        inverse: &SymmetricMatrix,
    ) -> [f64; PAIRS] {
        let mut half = [[0.0; RANDOM]; RANDOM];
        for (row, own) in half.iter_mut().enumerate() {
            for (column, sum) in own.iter_mut().enumerate() {
                for k in 0..RANDOM {
                    *sum += at.factor[row][k] * inverse.at(k, column);
                }
            }
        }
        let mut found = [0.0; PAIRS];
        let mut pair = 0;
        for first in 0..RANDOM {
            for second in first..RANDOM {
                for k in 0..RANDOM {
                    found[pair] += half[first][k] * at.factor[second][k];
                }
                found[pair] *= weights[first / 2] * weights[second / 2];
                pair += 1;
            }
        }
        found
    }
}

/// The complete rows in the order of couple, person and occasion, and the longest time.
fn complete_rows(model: &GrowthModel, sets: usize) -> Option<(Vec<GrowthRow>, f64)> {
    let count = model.places.len();
    let fits = |column: &[f64]| column.len() == count;
    let are_alike = fits(model.output) && fits(model.times);
    if !are_alike || !model.predictors.iter().all(|column| fits(column)) {
        return None;
    }
    let unit = model
        .times
        .iter()
        .fold(0.0_f64, |most, time| most.max(time.abs()));
    let of_set = 2 + 2 * model.predictors.len();
    let mut rows = Vec::with_capacity(count);
    for (row, place) in model.places.iter().enumerate() {
        let time = model.times[row];
        let mut values = vec![0.0; sets * of_set + 1];
        let own = &mut values[place.person.min(sets - 1) * of_set..];
        own[0] = 1.0;
        own[1] = time;
        for (number, predictor) in model.predictors.iter().enumerate() {
            own[2 + number] = predictor[row];
            own[2 + model.predictors.len() + number] = time * predictor[row];
        }
        values[sets * of_set] = model.output[row];
        if values.iter().all(|x| x.is_finite()) {
            rows.push(GrowthRow {
                place: *place,
                time: time / unit,
                values,
            });
        }
    }
    rows.sort_by_key(|row| row.place);
    let twice = rows.windows(2).any(|pair| pair[0].place == pair[1].place);
    let third = rows.iter().any(|row| row.place.person > 1);
    let couples = rows.chunk_by(|one, next| one.place.couple == next.place.couple);
    let persons = rows.chunk_by(|one, next| {
        (one.place.couple, one.place.person) == (next.place.couple, next.place.person)
    });
    let long: Vec<usize> = persons
        .filter(|person| person.len() >= LEAST_ROWS)
        .map(|person| person[0].place.person.min(sets - 1))
        .collect();
    let are_long = (0..sets).all(|set| long.contains(&set));
    let is_known = unit > 0.0 && !twice && !third && couples.count() > 1 && are_long;
    is_known.then_some((rows, unit))
}

/// Share of a value that is rounding.
const SAME: f64 = 1e-9;

/// The degrees of freedom of each column: groups of the level at which it varies, less those of the level above and
/// less the columns that vary there (Pinheiro & Bates 2000, section 2.4.2). Exchangeable partners have a level of
/// persons; of distinguishable ones the intercepts count as one.
fn degrees_of_freedom(rows: &[GrowthRow], columns: usize, partners: PartnerKinds) -> Vec<f64> {
    let couples: Vec<&[GrowthRow]> = rows
        .chunk_by(|one, next| one.place.couple == next.place.couple)
        .collect();
    let persons: Vec<&[GrowthRow]> = rows
        .chunk_by(|one, next| {
            (one.place.couple, one.place.person) == (next.place.couple, next.place.person)
        })
        .collect();
    let varies = |groups: &[&[GrowthRow]], column: usize| {
        groups.iter().any(|group| {
            let first = group[0].values[column];
            let mut others = group.iter().map(|row| row.values[column]);
            others.any(|x| (x - first).abs() > SAME * first.abs().max(x.abs()))
        })
    };
    let are_distinguishable = partners == PartnerKinds::Distinguishable;
    let levels = match are_distinguishable {
        true => vec![couples],
        false => vec![couples, persons],
    };
    let mut sizes = vec![1.0];
    sizes.extend(levels.iter().map(|groups| groups.len() as f64));
    sizes.push(rows.len() as f64);
    // The innermost level within whose groups a column varies; 0 is between couples.
    let level = |column: usize| {
        let within = |own: &usize| varies(&levels[*own - 1], column);
        (1..=levels.len()).rev().find(within).unwrap_or(0)
    };
    let all: Vec<usize> = (0..columns).map(level).collect();
    let is_common = |column: usize| column == 0 && !are_distinguishable;
    let freedom = |level: usize| {
        let here = (0..columns).filter(|column| all[*column] == level && !is_common(*column));
        let implied = f64::from(u8::from(are_distinguishable && level == levels.len()));
        sizes[level + 1] - sizes[level] - here.count() as f64 + implied
    };
    let of = |column: usize| match is_common(column) {
        // All rows inform an intercept of all.
        true => freedom(levels.len()),
        false => freedom(all[column]),
    };
    (0..columns).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::test_support::MinimalStandard;

    const COUPLES: usize = 30;
    const WAVES: u32 = 4;

    /// Columns of rows: places, times, output, and the own predictor.
    type Columns = (Vec<PersonDay>, Vec<f64>, Vec<f64>, Vec<f64>);

    /// Lines with a slope of 0.5 + 0.3 x a unit of time.
    fn lines() -> Columns {
        let mut draws = MinimalStandard::warmed(77);
        let (mut places, mut times, mut output, mut own) = (vec![], vec![], vec![], vec![]);
        for couple in 0..COUPLES {
            let (x, level) = (draws.pair(0.2), draws.pair(0.5));
            for person in 0..2 {
                for day in 0..WAVES {
                    places.push(PersonDay {
                        couple,
                        person,
                        day,
                    });
                    let time = f64::from(day);
                    let slope = 0.5 + 0.3 * x[person];
                    times.push(time);
                    output.push(100.0 + level[person] + slope * time + 0.2 * draws.normal());
                    own.push(x[person]);
                }
            }
        }
        (places, times, output, own)
    }

    fn fit((places, times, output, own): &Columns, partners: PartnerKinds) -> Option<GrowthFit> {
        let model = GrowthModel {
            places,
            times,
            output,
            predictors: &[own],
            partners,
            method: Method::Restricted,
        };
        model.fit()
    }

    const KINDS: [PartnerKinds; 2] = [PartnerKinds::Distinguishable, PartnerKinds::Exchangeable];

    #[test]
    fn lines_have_their_slopes_levels_and_spreads() {
        for kinds in KINDS {
            let found = fit(&lines(), kinds).expect("a model");
            let truths = [100.0, 0.5, 0.0, 0.3].repeat(found.coefficients.len() / 4);
            for (found, truth) in found.coefficients.iter().zip(truths) {
                let apart = (found.value - truth).abs();
                assert!(apart < 4.0 * found.standard_error, "{found:?} {truth}");
            }
            for person in 0..2 {
                assert!((found.level_sds[person] - 1.0).abs() < 0.35, "{found:?}");
                assert!((found.residual_sds[person] - 0.2).abs() < 0.04, "{found:?}");
                assert!(found.slope_sds[person] < 0.08, "{found:?}");
            }
            assert_eq!(found.rows, 2 * COUPLES * WAVES as usize);
        }
    }

    #[test]
    fn the_unit_of_time_and_the_order_of_rows_have_no_meaning() {
        for kinds in KINDS {
            let rows = lines();
            let found = fit(&rows, kinds).expect("a model");
            let mut turned = rows.clone();
            turned.0.reverse();
            turned.1 = rows.1.iter().rev().map(|time| 365.0 * time).collect();
            turned.2.reverse();
            turned.3.reverse();
            let other = fit(&turned, kinds).expect("a model");
            for (place, one) in found.coefficients.iter().enumerate() {
                let unit = if place % 2 == 1 { 365.0 } else { 1.0 };
                let two = other.coefficients[place];
                let apart = (one.value - unit * two.value).abs();
                assert!(apart < 1e-4 * one.standard_error, "{place} {one:?} {two:?}");
                assert_eq!(one.dof, two.dof);
            }
        }
    }

    #[test]
    fn what_cannot_be_estimated_is_none_and_rows_with_a_gap_are_left_out() {
        for kinds in KINDS {
            let rows = lines();
            let part = |keep: &dyn Fn(&PersonDay) -> bool| -> Columns {
                let kept: Vec<usize> = (0..rows.0.len())
                    .filter(|row| keep(&rows.0[*row]))
                    .collect();
                let of = |column: &[f64]| kept.iter().map(|row| column[*row]).collect();
                let places = kept.iter().map(|row| rows.0[*row]).collect();
                (places, of(&rows.1), of(&rows.2), of(&rows.3))
            };
            assert_eq!(fit(&part(&|place| place.day < 2), kinds), None);
            assert_eq!(fit(&part(&|place| place.couple == 0), kinds), None);
            assert_eq!(fit(&part(&|_| false), kinds), None);
            let mut wrong = rows.clone();
            wrong.0[0].person = 2;
            assert_eq!(fit(&wrong, kinds), None);
            let mut twice = rows.clone();
            twice.0[1] = twice.0[0];
            assert_eq!(fit(&twice, kinds), None);
            let mut short = rows.clone();
            short.2.pop();
            assert_eq!(fit(&short, kinds), None);
            let mut same = rows.clone();
            same.3.fill(1.0);
            assert_eq!(fit(&same, kinds), None);
            let mut gaps = rows.clone();
            gaps.2[5] = f64::NAN;
            gaps.3[9] = f64::NAN;
            let found = fit(&gaps, kinds).expect("a model");
            assert_eq!(found.rows, rows.0.len() - 2);
            // No partner B has a line.
            let found = fit(&part(&|place| place.person == 0), kinds);
            assert_eq!(found.is_none(), kinds == PartnerKinds::Distinguishable);
        }
    }
}
