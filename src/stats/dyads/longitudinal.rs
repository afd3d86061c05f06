//! The longitudinal actor–partner interdependence model of two partners on many occasions.
//!
//! The output of partner p of couple i on occasion t is y = xᵀβₚ + νᵢₚ + εᵢₜₚ. The intercepts of the two
//! partners (νᵢA, νᵢB) have the covariance G. Residuals of the two partners on one occasion are correlated by
//! ρ, or those of one partner on two occasions by φ to the power of the occasions between them. It is R's
//! `nlme::lme` with `random = ~ -1 + a + b | couple`, `weights = varIdent(form = ~ 1 | role)` and
//! `correlation = corCompSymm(form = ~ 1 | couple/occasion)` or `corAR1(form = ~ occasion | couple/role)`; of
//! exchangeable partners with `pdCompSymm(~ role - 1)` and no weights.
//!
//! Cross products are sufficient. W is the covariance of residuals in units of σ²; then V⁻¹ is
//! W⁻¹ − W⁻¹Z (I + G ZᵀW⁻¹Z)⁻¹ G ZᵀW⁻¹ with matrices of two rows for each couple, in which G may be singular.
//! For any ρ and ratio of standard deviations, W⁻¹-weighted products are sums of five matrices; for any φ they
//! are sums of three for each partner and each gap between occasions. Couples with the same numbers of
//! occasions have the same weights, so that of a balanced design only sums over couples are needed.

use super::PersonDay;
use super::linear_model::{Coefficient, Method, Products, maximise};
use super::quasi_newton::climb_smooth;
use crate::math::functions::{exp, ln};
use crate::math::linalg::SymmetricMatrix;
use crate::stats::dyads::whole_power;
use std::collections::BTreeMap;
use std::ops::Range;

/// Whether the two partners of a couple are of different kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartnerKinds {
    /// Partner A and partner B have coefficients and standard deviations of their own.
    Distinguishable,
    /// They share them, and which comes first has no meaning.
    Exchangeable,
}

/// What is assumed of the residuals of a couple.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OccasionResiduals {
    /// Those of the two partners on one occasion are correlated; occasions are independent.
    SameOccasion,
    /// Those of one partner are correlated by φ to the power of the occasions between them; partners are
    /// independent.
    Autoregressive,
}

/// The model of rows in the long format; the order of rows has no meaning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LongitudinalApim<'a> {
    /// Whose occasion each row is; persons are 0 and 1.
    pub(crate) places: &'a [PersonDay],
    /// The output in each row; NaN where it is missing.
    pub(crate) output: &'a [f64],
    /// The predictors, each with a value in each row; an intercept is always there.
    pub(crate) predictors: &'a [&'a [f64]],
    /// Whether partners are of different kinds.
    pub(crate) partners: PartnerKinds,
    /// What is assumed of residuals.
    pub(crate) residuals: OccasionResiduals,
    /// Which likelihood is at its most.
    pub(crate) method: Method,
}

/// A fitted model.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LongitudinalFit {
    /// Of partner A the intercept and the predictors in their order, then those of partner B; of exchangeable
    /// partners once. Degrees of freedom are those of `nlme`: of a predictor that varies within couples rows less
    /// couples less such predictors, where the two partners' intercepts count as one.
    pub(crate) coefficients: Vec<Coefficient>,
    /// Standard deviations of the partners' intercepts.
    pub(crate) intercept_sds: [f64; 2],
    /// Their correlation (−1 to 1); NaN where one of them does not vary.
    pub(crate) intercept_correlation: f64,
    /// Standard deviations of the partners' residuals.
    pub(crate) residual_sds: [f64; 2],
    /// Correlation of residuals on one occasion (−1 to 1); 0 with autoregressive ones.
    pub(crate) residual_correlation: f64,
    /// Correlation of a partner's residuals on neighbouring occasions (−1 to 1); 0 with independent ones.
    pub(crate) phi: f64,
    /// Log-likelihood at its most, restricted or full, by the method.
    pub(crate) log_likelihood: f64,
    /// Rows with all values.
    pub(crate) rows: usize,
    /// Couples with a row.
    pub(crate) couples: usize,
}

impl LongitudinalApim<'_> {
    /// Fits the model.
    ///
    /// Rows that miss a value are left out. None where columns have unlike lengths, where there is a third
    /// person or a row twice, where predictors determine each other, where there are no two couples, no partner
    /// with two rows or, as far as it matters, no occasion that both answered, where nothing is left to
    /// explain, and where the search finds no top.
    pub(crate) fn fit(&self) -> Option<LongitudinalFit> {
        let sums = CoupleSums::new(self)?;
        let at = self.most_likely(&sums)?;
        let fit = sums.products(&at)?.centred_fit(self.method)?;
        let width = sums.width - 1;
        let mut coefficients = Vec::new();
        for (set, centres) in sums.centres.iter().enumerate() {
            let first = set * width;
            for column in 0..width {
                let mut found = fit.coefficient(first + column);
                if column == 0 {
                    let mut weights = vec![0.0; sums.columns()];
                    weights[first] = 1.0;
                    for other in 1..width {
                        weights[first + other] = -centres[other];
                    }
                    found = fit.combination(&weights);
                    found.value += centres[width];
                }
                found.dof = sums.dof[first + column];
                coefficients.push(found);
            }
        }
        let [aa, ab, bb] = at.intercepts;
        let sd = |variance: f64| fit.sigma * variance.max(0.0).sqrt();
        Some(LongitudinalFit {
            coefficients,
            intercept_sds: [sd(aa), sd(bb)],
            intercept_correlation: if aa > 0.0 && bb > 0.0 {
                (ab / (aa.sqrt() * bb.sqrt())).clamp(-1.0, 1.0)
            } else {
                f64::NAN
            },
            residual_sds: [fit.sigma, fit.sigma * at.ratio],
            residual_correlation: at.rho,
            phi: at.phi,
            log_likelihood: fit.log_likelihood,
            rows: sums.rows,
            couples: sums.couples,
        })
    }

    /// The covariances that make the likelihood largest.
    fn most_likely(&self, sums: &CoupleSums) -> Option<CovarianceRatios> {
        let height = |at: &[f64]| match sums.products(&self.ratios(at)) {
            Some(products) => products.log_likelihood(self.method),
            None => f64::NEG_INFINITY,
        };
        let found = match climb_smooth(&sums.starts(self), height) {
            Some(top) => top,
            None => maximise(&sums.starts(self), height)?,
        };
        Some(self.ratios(&found))
    }

    /// The search is over all of the real line: signs of the intercepts' factor have no meaning.
    fn ratios(&self, at: &[f64]) -> CovarianceRatios {
        let correlation = |x: f64| x / (1.0 + x * x).sqrt();
        let last = at[at.len() - 1];
        let (intercepts, ratio) = match self.partners {
            PartnerKinds::Distinguishable => {
                let [own, shared, other] = [at[0], at[1], at[2]];
                let of_b = shared * shared + other * other;
                ([own * own, own * shared, of_b], exp(at[3]))
            }
            // Half the variances of the partners' sum and difference.
            PartnerKinds::Exchangeable => {
                let [sum, difference] = [at[0] * at[0], at[1] * at[1]];
                let (same, crossed) = (0.5 * (sum + difference), 0.5 * (sum - difference));
                ([same, crossed, same], 1.0)
            }
        };
        let within = self.residuals == OccasionResiduals::SameOccasion;
        CovarianceRatios {
            intercepts,
            ratio,
            rho: if within { correlation(last) } else { 0.0 },
            phi: if within { 0.0 } else { correlation(last) },
        }
    }
}

/// Covariances in units of the variance of partner A's residuals.
#[derive(Clone, Copy, Debug, PartialEq)]
struct CovarianceRatios {
    /// G: the variance of A's intercepts, the covariance, and the variance of B's.
    intercepts: [f64; 3],
    /// Standard deviation of B's residuals.
    ratio: f64,
    rho: f64,
    phi: f64,
}

/// The lower triangle of a matrix of all columns and the output, row after row.
type LowerTriangle = Vec<f64>;

/// What a sum of rows of a couple, or of products of rows of all couples, is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowKind {
    /// Occasions that both answered.
    Both,
    /// Occasions that one alone answered.
    Alone,
    /// The first occasion.
    First,
    /// The later rows of a gap, by its number.
    Now(usize),
    /// The rows before those of a gap.
    Before(usize),
    /// Products of each with the other.
    Across(usize),
}

/// One of the matrices that weighted products are made of.
struct ProductTerm {
    kind: RowKind,
    /// Whose rows it has; both partners' where their products are taken across.
    persons: [usize; 2],
    sum: LowerTriangle,
}

/// Couples with the same numbers of occasions of each kind.
struct CoupleClass {
    /// Rows by the number of a part.
    counts: Vec<u32>,
    /// The parts that it has rows of.
    parts: Vec<usize>,
    couples: usize,
    sums: ClassSums,
}

enum ClassSums {
    /// Products of each pair of parts, the second not before the first, summed over couples.
    Together(Vec<LowerTriangle>),
    /// The sums of rows of each couple, part after part.
    Single(Vec<f64>),
}

/// All that the likelihood needs of the rows.
struct CoupleSums {
    /// Intercept, predictors and output of a person.
    width: usize,
    residuals: OccasionResiduals,
    rows: usize,
    couples: usize,
    /// The distances between neighbouring occasions of a person; none where occasions are independent.
    gaps: Vec<u32>,
    terms: Vec<ProductTerm>,
    classes: Vec<CoupleClass>,
    /// Of each set of coefficients the centres of its columns and of the output.
    centres: Vec<Vec<f64>>,
    dof: Vec<f64>,
    /// Occasions that both answered, where these matter.
    both: f64,
    /// Rows of partner B.
    rows_of_b: f64,
    /// Rows that follow others, by the number of the gap.
    followers: Vec<u32>,
    /// Standard deviations within persons and of persons' means beyond those, and the correlation of means.
    spread: Spread,
}

struct Spread {
    within: [f64; 2],
    between: [f64; 2],
    correlation: f64,
}

/// Complete rows in the order of couple, person and occasion.
struct SortedRows {
    width: usize,
    places: Vec<PersonDay>,
    values: Vec<f64>,
}

impl SortedRows {
    fn new(model: &LongitudinalApim) -> Option<SortedRows> {
        let count = model.places.len();
        let fits = |column: &[f64]| column.len() == count;
        if !fits(model.output) || !model.predictors.iter().all(|column| fits(column)) {
            return None;
        }
        let width = model.predictors.len() + 2;
        let mut rows = SortedRows {
            width,
            places: Vec::with_capacity(count),
            values: Vec::with_capacity(count * width),
        };
        if model.places.is_sorted() {
            (0..count).for_each(|row| rows.push(model, row));
        } else {
            let mut order: Vec<usize> = (0..count).collect();
            order.sort_by_key(|row| model.places[*row]);
            order.into_iter().for_each(|row| rows.push(model, row));
        }
        let twice = rows.places.windows(2).any(|pair| pair[0] == pair[1]);
        let third = rows.places.iter().any(|place| place.person > 1);
        (!twice && !third).then_some(rows)
    }

    fn push(&mut self, model: &LongitudinalApim, row: usize) {
        let before = self.values.len();
        self.values.push(1.0);
        self.values
            .extend(model.predictors.iter().map(|column| column[row]));
        self.values.push(model.output[row]);
        if self.values[before..].iter().all(|x| x.is_finite()) {
            self.places.push(model.places[row]);
        } else {
            self.values.truncate(before);
        }
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.width..(row + 1) * self.width]
    }

    fn output(&self, row: usize) -> f64 {
        self.values[(row + 1) * self.width - 1]
    }

    /// The rows of the two partners of each couple.
    fn couples(&self) -> Vec<[Range<usize>; 2]> {
        let mut couples = Vec::new();
        let mut start = 0;
        for couple in self.places.chunk_by(|a, b| a.couple == b.couple) {
            let end = start + couple.len();
            let of_a = couple.iter().take_while(|place| place.person == 0).count();
            couples.push([start..start + of_a, start + of_a..end]);
            start = end;
        }
        couples
    }

    /// Takes the means off predictors and output, of each partner or of all.
    fn centre(&mut self, kinds: PartnerKinds) -> Vec<Vec<f64>> {
        let sets = match kinds {
            PartnerKinds::Distinguishable => 2,
            PartnerKinds::Exchangeable => 1,
        };
        let mut centres = vec![vec![0.0; self.width]; sets];
        let mut counts = vec![0.0; sets];
        for (row, place) in self.places.iter().enumerate() {
            let set = place.person.min(sets - 1);
            counts[set] += 1.0;
            for (sum, x) in centres[set].iter_mut().zip(self.row(row)) {
                *sum += x;
            }
        }
        for (set, count) in centres.iter_mut().zip(counts) {
            set.iter_mut().for_each(|sum| *sum /= count);
            set[0] = 0.0;
        }
        for (row, place) in self.places.iter().enumerate() {
            let own = &centres[place.person.min(sets - 1)];
            let values = &mut self.values[row * self.width..(row + 1) * self.width];
            for (x, centre) in values.iter_mut().zip(own) {
                *x -= centre;
            }
        }
        centres
    }

    /// The degrees of freedom of each column: of rows within couples, or of couples.
    fn dof(&self, couples: &[[Range<usize>; 2]], kinds: PartnerKinds) -> Vec<f64> {
        let columns = self.width - 1;
        let value = |row: usize, persons: &[usize], column: usize| match persons
            .contains(&self.places[row].person)
        {
            true => self.row(row)[column],
            false => 0.0,
        };
        let of_column = |persons: &[usize], column: usize| {
            couples.iter().any(|couple| {
                let all = couple[0].start..couple[1].end;
                let first = value(all.start, persons, column);
                let mut others = all.map(|row| value(row, persons, column));
                others.any(|x| (x - first).abs() > SAME * first.abs().max(x.abs()))
            })
        };
        let sets: &[&[usize]] = match kinds {
            PartnerKinds::Distinguishable => &[&[0], &[1]],
            PartnerKinds::Exchangeable => &[&[0, 1]],
        };
        let within: Vec<bool> = sets
            .iter()
            .flat_map(|persons| (0..columns).map(|column| of_column(persons, column)))
            .collect();
        let inside = within.iter().filter(|varies| **varies).count();
        let (rows, couples) = (self.places.len() as f64, couples.len() as f64);
        // `nlme` counts a column for the intercept, which that of both partners together is.
        let implied = f64::from(u8::from(kinds == PartnerKinds::Distinguishable));
        let inner = rows - couples - inside as f64 + implied;
        let outer = couples - (within.len() - inside) as f64;
        let of = |(column, varies): (usize, &bool)| {
            // All rows inform an intercept of all.
            let is_common = column == 0 && kinds == PartnerKinds::Exchangeable;
            if *varies || is_common { inner } else { outer }
        };
        within.iter().enumerate().map(of).collect()
    }
}

/// Share of a value that is rounding.
const SAME: f64 = 1e-9;

impl CoupleSums {
    fn new(model: &LongitudinalApim) -> Option<CoupleSums> {
        let mut rows = SortedRows::new(model)?;
        let couples = rows.couples();
        if couples.len() < 2 {
            return None;
        }
        let dof = rows.dof(&couples, model.partners);
        let centres = rows.centre(model.partners);
        let mut sums = CoupleSums {
            width: rows.width,
            residuals: model.residuals,
            rows: rows.places.len(),
            couples: couples.len(),
            gaps: Vec::new(),
            terms: Vec::new(),
            classes: Vec::new(),
            centres,
            dof,
            both: 0.0,
            rows_of_b: rows.places.iter().filter(|place| place.person == 1).count() as f64,
            followers: Vec::new(),
            spread: spread(&rows, &couples),
        };
        let persons = couples.iter().flatten().filter(|rows| !rows.is_empty());
        if sums.rows <= persons.count() {
            return None;
        }
        match model.residuals {
            OccasionResiduals::SameOccasion => sums.add_same_occasion(&rows, &couples)?,
            OccasionResiduals::Autoregressive => sums.add_autoregressive(&rows, &couples),
        }
        Some(sums)
    }

    /// Columns of the model.
    fn columns(&self) -> usize {
        self.centres.len() * (self.width - 1)
    }

    /// Entries of a triangle of columns and output.
    fn entries(&self) -> usize {
        let size = self.columns() + 1;
        size * (size + 1) / 2
    }

    /// The column of the model that a person's column is.
    fn column(&self, person: usize, own: usize) -> usize {
        let width = self.width - 1;
        if own == width {
            self.columns()
        } else {
            own + width * person.min(self.centres.len() - 1)
        }
    }

    /// Adds x yᵀ + y xᵀ, or of one vector alone x xᵀ, of persons' rows.
    fn spread_products(
        &self,
        persons: [usize; 2],
        is_square: bool,
        products: &[f64],
    ) -> LowerTriangle {
        let mut sum = vec![0.0; self.entries()];
        let size = self.columns() + 1;
        let mut full = vec![0.0; size * size];
        for one in 0..self.width {
            for other in 0..self.width {
                let (row, column) = (self.column(persons[0], one), self.column(persons[1], other));
                let product = products[one * self.width + other];
                full[row * size + column] += product;
                if !is_square {
                    full[column * size + row] += product;
                }
            }
        }
        let mut at = 0;
        for row in 0..size {
            for column in 0..=row {
                sum[at] = full[row * size + column];
                at += 1;
            }
        }
        sum
    }

    fn term(&mut self, kind: RowKind, persons: [usize; 2], products: &[f64]) {
        let is_square = persons[0] == persons[1] && !matches!(kind, RowKind::Across(_));
        let sum = self.spread_products(persons, is_square, products);
        self.terms.push(ProductTerm { kind, persons, sum });
    }

    /// None where no occasion was answered by both.
    fn add_same_occasion(
        &mut self,
        rows: &SortedRows,
        couples: &[[Range<usize>; 2]],
    ) -> Option<()> {
        let width = self.width;
        let none = || vec![0.0; width * width];
        let (mut squares, mut alone, mut across) = ([none(), none()], [none(), none()], none());
        let mut classes = ClassBuilder::new(4, width);
        for [of_a, of_b] in couples {
            let (mut a, mut b) = (of_a.start, of_b.start);
            let mut counts = [0_u32; 4];
            classes.clear();
            while a < of_a.end || b < of_b.end {
                let day = |row: usize, end: usize| match row < end {
                    true => u64::from(rows.places[row].day),
                    false => u64::MAX,
                };
                let (at_a, at_b) = (day(a, of_a.end), day(b, of_b.end));
                let (has_a, has_b) = (at_a <= at_b, at_b <= at_a);
                let both = has_a && has_b;
                if both {
                    self.both += 1.0;
                    add_product(&mut across, rows.row(a), rows.row(b));
                }
                for (person, has, row) in [(0, has_a, a), (1, has_b, b)] {
                    if has {
                        let part = person + 2 * usize::from(!both);
                        counts[part] += 1;
                        classes.add(part, rows.row(row));
                        let sum = if both { &mut squares } else { &mut alone };
                        add_product(&mut sum[person], rows.row(row), rows.row(row));
                    }
                }
                a += usize::from(has_a);
                b += usize::from(has_b);
            }
            classes.close(&counts);
        }
        if self.both == 0.0 {
            return None;
        }
        for person in 0..2 {
            self.term(RowKind::Both, [person; 2], &squares[person]);
            self.term(RowKind::Alone, [person; 2], &alone[person]);
        }
        self.term(RowKind::Both, [0, 1], &across);
        self.close_classes(classes);
        Some(())
    }

    fn add_autoregressive(&mut self, rows: &SortedRows, couples: &[[Range<usize>; 2]]) {
        let width = self.width;
        let gap = |row: usize| rows.places[row].day - rows.places[row - 1].day;
        let mut gaps: Vec<u32> = couples
            .iter()
            .flatten()
            .flat_map(|rows| rows.clone().skip(1).map(gap))
            .collect();
        gaps.sort_unstable();
        gaps.dedup();
        self.gaps = gaps;
        let parts = 1 + 2 * self.gaps.len();
        let none = || vec![vec![0.0; width * width]; 1 + 3 * self.gaps.len()];
        let mut products = [none(), none()];
        let mut followers = vec![0; self.gaps.len()];
        let mut classes = ClassBuilder::new(2 * parts, width);
        for couple in couples {
            let mut counts = vec![0_u32; 2 * parts];
            classes.clear();
            for (person, own) in couple.iter().enumerate() {
                let first_part = person * parts;
                for row in own.clone() {
                    let now = rows.row(row);
                    if row == own.start {
                        counts[first_part] += 1;
                        classes.add(first_part, now);
                        add_product(&mut products[person][0], now, now);
                        continue;
                    }
                    let before = rows.row(row - 1);
                    let number = self.gaps.partition_point(|other| *other < gap(row));
                    let part = first_part + 1 + 2 * number;
                    followers[number] += 1;
                    counts[part] += 1;
                    counts[part + 1] += 1;
                    classes.add(part, now);
                    classes.add(part + 1, before);
                    let sums = &mut products[person][1 + 3 * number..];
                    add_product(&mut sums[0], now, now);
                    add_product(&mut sums[1], now, before);
                    add_product(&mut sums[2], before, before);
                }
            }
            classes.close(&counts);
        }
        self.followers = followers;
        for (person, products) in products.iter().enumerate() {
            self.term(RowKind::First, [person; 2], &products[0]);
            for (number, sums) in products[1..].chunks(3).enumerate() {
                self.term(RowKind::Now(number), [person; 2], &sums[0]);
                self.term(RowKind::Across(number), [person; 2], &sums[1]);
                self.term(RowKind::Before(number), [person; 2], &sums[2]);
            }
        }
        self.close_classes(classes);
    }

    fn close_classes(&mut self, built: ClassBuilder) {
        let width = self.width;
        for (counts, stacked) in built.classes {
            let all = counts.len() * width;
            let parts: Vec<usize> = (0..counts.len()).filter(|part| counts[*part] > 0).collect();
            let couples = stacked.len() / all;
            let pairs = parts.len() * (parts.len() + 1) / 2;
            let sums = if 2 * couples > pairs + 2 {
                let mut pairs = Vec::new();
                for (place, one) in parts.iter().enumerate() {
                    for other in &parts[place..] {
                        let mut products = vec![0.0; width * width];
                        for couple in stacked.chunks(all) {
                            let of = |part: usize| &couple[part * width..(part + 1) * width];
                            add_product(&mut products, of(*one), of(*other));
                        }
                        let persons = [one, other].map(|part| self.person(*part));
                        let is_square = one == other;
                        pairs.push(self.spread_products(persons, is_square, &products));
                    }
                }
                ClassSums::Together(pairs)
            } else {
                let mut singles = Vec::new();
                for couple in stacked.chunks(all) {
                    for part in &parts {
                        singles.extend(&couple[part * width..(part + 1) * width]);
                    }
                }
                ClassSums::Single(singles)
            };
            self.classes.push(CoupleClass {
                counts,
                parts,
                couples,
                sums,
            });
        }
    }

    /// Whose rows a part of a couple has.
    fn person(&self, part: usize) -> usize {
        match self.residuals {
            OccasionResiduals::SameOccasion => part % 2,
            OccasionResiduals::Autoregressive => part / (1 + 2 * self.gaps.len()),
        }
    }

    /// Cross products weighted by the inverse of V; none where W is not positive.
    fn products(&self, at: &CovarianceRatios) -> Option<Products> {
        let weights = Weights::new(at, &self.gaps)?;
        let mut matrix = vec![0.0; self.entries()];
        for term in &self.terms {
            let weight = weights.of_term(term);
            for (sum, x) in matrix.iter_mut().zip(&term.sum) {
                *sum += weight * x;
            }
        }
        let mut log_determinant = 2.0 * self.rows_of_b * ln(at.ratio);
        if self.both > 0.0 {
            log_determinant += self.both * ln(1.0 - at.rho * at.rho);
        }
        for (count, left) in self.followers.iter().zip(&weights.left) {
            log_determinant += f64::from(*count) * ln(*left);
        }
        let size = self.columns() + 1;
        let mut scratch = ClassScratch {
            loads: Vec::new(),
            sums: [vec![0.0; size], vec![0.0; size]],
        };
        for class in &self.classes {
            let determinant = self.add_class(class, &weights, at, &mut matrix, &mut scratch);
            log_determinant += class.couples as f64 * ln(determinant);
        }
        let entry = |row: usize, column: usize| matrix[row * (row + 1) / 2 + column];
        Some(Products {
            matrix: SymmetricMatrix::from_fn(size, entry),
            log_determinant,
            rows: self.rows,
        })
    }

    /// Takes from the products what the intercepts of a class of couples explain, and returns the determinant of
    /// I + G ZᵀW⁻¹Z.
    fn add_class(
        &self,
        class: &CoupleClass,
        weights: &Weights,
        at: &CovarianceRatios,
        matrix: &mut [f64],
        scratch: &mut ClassScratch,
    ) -> f64 {
        // ZᵀW⁻¹Z, from what each part weighs in ZᵀW⁻¹.
        let mut of_ones = [[0.0; 2]; 2];
        scratch.loads.clear();
        for part in &class.parts {
            let load = self.load(weights, *part);
            let count = f64::from(class.counts[*part]);
            for (own, weight) in of_ones.iter_mut().zip(load) {
                own[self.person(*part)] += weight * count;
            }
            scratch.loads.push(load);
        }
        let (determinant, kernel) = intercept_kernel(at.intercepts, of_ones);
        let [aa, ab, bb] = kernel;
        match &class.sums {
            ClassSums::Together(pairs) => {
                let mut pairs = pairs.iter();
                for (place, one) in scratch.loads.iter().enumerate() {
                    for other in &scratch.loads[place..] {
                        let Some(products) = pairs.next() else { break };
                        let weight = aa * one[0] * other[0]
                            + ab * (one[0] * other[1] + one[1] * other[0])
                            + bb * one[1] * other[1];
                        for (sum, x) in matrix.iter_mut().zip(products) {
                            *sum -= weight * x;
                        }
                    }
                }
            }
            ClassSums::Single(singles) => {
                for couple in singles.chunks(class.parts.len() * self.width) {
                    let [of_a, of_b] = &mut scratch.sums;
                    of_a.fill(0.0);
                    of_b.fill(0.0);
                    let parts = class.parts.iter().zip(&scratch.loads);
                    for ((part, load), own) in parts.zip(couple.chunks(self.width)) {
                        let person = self.person(*part);
                        for (column, x) in own.iter().enumerate() {
                            let column = self.column(person, column);
                            of_a[column] += load[0] * x;
                            of_b[column] += load[1] * x;
                        }
                    }
                    let mut entries = matrix.iter_mut();
                    for (row, (a, b)) in of_a.iter().zip(&*of_b).enumerate() {
                        let (left, right) = (aa * a + ab * b, ab * a + bb * b);
                        let columns = of_a[..=row].iter().zip(&of_b[..=row]);
                        for ((a, b), sum) in columns.zip(&mut entries) {
                            *sum -= left * a + right * b;
                        }
                    }
                }
            }
        }
        determinant
    }

    /// What a part of a couple weighs in the two rows of ZᵀW⁻¹.
    fn load(&self, weights: &Weights, part: usize) -> [f64; 2] {
        let person = self.person(part);
        let own = |weight: f64| match person {
            0 => [weight, 0.0],
            _ => [0.0, weight],
        };
        match (self.residuals, part) {
            (OccasionResiduals::SameOccasion, 0) => [weights.both[0], weights.both[1]],
            (OccasionResiduals::SameOccasion, 1) => [weights.both[1], weights.both[2]],
            (OccasionResiduals::SameOccasion, _) => own(weights.alone[person]),
            (OccasionResiduals::Autoregressive, part) => {
                let place = part - person * (1 + 2 * self.gaps.len());
                if place == 0 {
                    return own(weights.alone[person]);
                }
                let recalled = weights.recalled[(place - 1) / 2];
                let weight = weights.alone[person] / (1.0 + recalled);
                own(if place % 2 == 1 {
                    weight
                } else {
                    -recalled * weight
                })
            }
        }
    }

    /// Where the search may start: what means and distances from them say, with several correlations.
    fn starts(&self, model: &LongitudinalApim) -> Vec<Vec<f64>> {
        let Spread {
            within,
            between,
            correlation,
        } = &self.spread;
        let left = (1.0 - correlation * correlation).sqrt();
        let begin = match model.partners {
            PartnerKinds::Distinguishable => {
                let [own, other] = between.map(|sd| sd / within[0]);
                vec![
                    own,
                    correlation * other,
                    left * other,
                    ln(within[1] / within[0]),
                ]
            }
            PartnerKinds::Exchangeable => {
                let ratio = (between[0] + between[1]) / (within[0] + within[1]);
                vec![
                    ratio * (1.0 + correlation).sqrt(),
                    ratio * (1.0 - correlation).sqrt(),
                ]
            }
        };
        let last: &[f64] = match model.residuals {
            OccasionResiduals::SameOccasion => &[0.0, 0.35, -0.35],
            OccasionResiduals::Autoregressive => &[0.0, 0.35, -0.35, 0.9],
        };
        let start = |x: &f64| [&begin[..], &[*x]].concat();
        last.iter().map(start).collect()
    }
}

/// I + G T and the symmetric matrix (I + G T)⁻¹ G as its upper triangle, of which G may be singular.
fn intercept_kernel([aa, ab, bb]: [f64; 3], t: [[f64; 2]; 2]) -> (f64, [f64; 3]) {
    let (p, q) = (
        1.0 + aa * t[0][0] + ab * t[1][0],
        aa * t[0][1] + ab * t[1][1],
    );
    let (r, s) = (
        ab * t[0][0] + bb * t[1][0],
        1.0 + ab * t[0][1] + bb * t[1][1],
    );
    let determinant = p * s - q * r;
    let kernel = [s * aa - q * ab, s * ab - q * bb, p * bb - r * ab];
    (determinant, kernel.map(|entry| entry / determinant))
}

/// Space for the weights and the weighted sums of a couple.
struct ClassScratch {
    loads: Vec<[f64; 2]>,
    sums: [LowerTriangle; 2],
}

/// Entries of W⁻¹.
struct Weights {
    /// Of an occasion that both answered: A's, the one across, and B's.
    both: [f64; 3],
    /// Of a row that has no other at its side or before it.
    alone: [f64; 2],
    /// By the number of a gap φ to the power of the gap.
    recalled: Vec<f64>,
    /// What that leaves of the variance.
    left: Vec<f64>,
}

impl Weights {
    fn new(at: &CovarianceRatios, gaps: &[u32]) -> Option<Weights> {
        let free = 1.0 - at.rho * at.rho;
        let recalled: Vec<f64> = gaps.iter().map(|gap| whole_power(at.phi, *gap)).collect();
        let left: Vec<f64> = recalled.iter().map(|own| 1.0 - own * own).collect();
        let is_positive = |x: &f64| *x > LEAST_LEFT;
        if !(is_positive(&free) && left.iter().all(is_positive)) {
            return None;
        }
        let other = 1.0 / at.ratio;
        Some(Weights {
            both: [1.0 / free, -at.rho * other / free, other * other / free],
            alone: [1.0, other * other],
            recalled,
            left,
        })
    }

    fn of_term(&self, term: &ProductTerm) -> f64 {
        let [one, other] = term.persons;
        match term.kind {
            RowKind::Both => self.both[one + other],
            RowKind::Alone | RowKind::First => self.alone[one],
            RowKind::Now(gap) => self.alone[one] / self.left[gap],
            RowKind::Across(gap) => -self.alone[one] * self.recalled[gap] / self.left[gap],
            RowKind::Before(gap) => {
                self.alone[one] * self.recalled[gap] * self.recalled[gap] / self.left[gap]
            }
        }
    }
}

/// Share of the variance that a correlation must leave.
const LEAST_LEFT: f64 = 1e-12;

/// Gathers the sums of rows of couples, by their numbers of rows.
struct ClassBuilder {
    width: usize,
    current: Vec<f64>,
    /// Of each set of numbers the sums of its couples, one after the other.
    classes: BTreeMap<Vec<u32>, Vec<f64>>,
}

impl ClassBuilder {
    fn new(parts: usize, width: usize) -> ClassBuilder {
        ClassBuilder {
            width,
            current: vec![0.0; parts * width],
            classes: BTreeMap::new(),
        }
    }

    fn clear(&mut self) {
        self.current.fill(0.0);
    }

    fn add(&mut self, part: usize, row: &[f64]) {
        let sums = &mut self.current[part * self.width..];
        for (sum, x) in sums.iter_mut().zip(row) {
            *sum += x;
        }
    }

    fn close(&mut self, counts: &[u32]) {
        let sums = self.classes.entry(counts.to_vec()).or_default();
        sums.extend_from_slice(&self.current);
    }
}

/// Adds x yᵀ to a full matrix.
fn add_product(sum: &mut [f64], x: &[f64], y: &[f64]) {
    let mut at = 0;
    for one in x {
        for other in y {
            sum[at] += one * other;
            at += 1;
        }
    }
}

/// What persons' means and the distances from them say of the output.
fn spread(rows: &SortedRows, couples: &[[Range<usize>; 2]]) -> Spread {
    let mut squares = [0.0; 2];
    let mut freedom = [0.0; 2];
    let mut means = [Vec::new(), Vec::new()];
    for couple in couples {
        let known = couple.iter().all(|rows| !rows.is_empty());
        for (person, own) in couple.iter().enumerate() {
            let count = own.len() as f64;
            let mean = own.clone().map(|row| rows.output(row)).sum::<f64>() / count;
            for row in own.clone() {
                let apart = rows.output(row) - mean;
                squares[person] += apart * apart;
            }
            freedom[person] += (count - 1.0).max(0.0);
            if known {
                means[person].push(mean);
            }
        }
    }
    let all = (squares[0] + squares[1]) / (freedom[0] + freedom[1]);
    let within = [0, 1].map(|person| {
        let variance = squares[person] / freedom[person];
        if variance > 0.0 {
            variance
        } else {
            all.max(f64::MIN_POSITIVE)
        }
        .sqrt()
    });
    let moments = [0, 1].map(|person: usize| {
        means[person]
            .iter()
            .copied()
            .collect::<crate::stats::summary::RunningMoments>()
    });
    let between = [0, 1].map(|person| {
        let floor = LEAST_BETWEEN * within[person];
        let sd = moments[person].sd();
        if sd > floor { sd } else { floor }
    });
    let product = means[0].iter().zip(&means[1]);
    let product: f64 = product
        .map(|(a, b)| (a - moments[0].mean()) * (b - moments[1].mean()))
        .sum();
    let scale = (means[0].len() as f64 - 1.0) * between[0] * between[1];
    let correlation = product / scale;
    Spread {
        within,
        between,
        correlation: if correlation.is_finite() {
            correlation.clamp(-0.9, 0.9)
        } else {
            0.0
        },
    }
}

/// Least standard deviation of intercepts with which a search starts, in that of residuals.
const LEAST_BETWEEN: f64 = 0.1;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::linalg::Cholesky;
    use crate::stats::interval::CONFIDENCE;
    use crate::stats::test_support::normals;

    const TAU: f64 = std::f64::consts::TAU;
    const PARTNERS: [PartnerKinds; 2] = [PartnerKinds::Distinguishable, PartnerKinds::Exchangeable];
    const RESIDUALS: [OccasionResiduals; 2] = [
        OccasionResiduals::SameOccasion,
        OccasionResiduals::Autoregressive,
    ];
    const METHODS: [Method; 2] = [Method::Restricted, Method::Full];

    /// Rows of an output with actor and partner effects of a predictor that differs by occasion.
    #[derive(Clone)]
    struct Diaries {
        places: Vec<PersonDay>,
        y: Vec<f64>,
        actor: Vec<f64>,
        partner: Vec<f64>,
    }

    #[derive(Clone, Copy)]
    struct Truth {
        /// Intercept, actor and partner effect of each partner.
        effects: [[f64; 3]; 2],
        intercepts: [f64; 2],
        shared: f64,
        residuals: [f64; 2],
        rho: f64,
        phi: f64,
    }

    const TRUTH: Truth = Truth {
        effects: [[50.0, 0.5, -0.2], [47.0, 0.3, 0.15]],
        intercepts: [1.0, 0.7],
        shared: 0.4,
        residuals: [1.0, 1.6],
        rho: 0.3,
        phi: 0.0,
    };

    fn diaries(number: u64, couples: usize, days: u32, truth: Truth) -> Diaries {
        let mut draws = normals(number);
        let mut draw = || draws.next().expect("draws never end");
        let mut found = Diaries {
            places: Vec::new(),
            y: Vec::new(),
            actor: Vec::new(),
            partner: Vec::new(),
        };
        let mut pair = |r: f64| {
            let first = draw();
            [first, r * first + (1.0 - r * r).sqrt() * draw()]
        };
        for couple in 0..couples {
            let level = pair(truth.shared);
            let mut left = pair(truth.rho);
            for day in 0..days {
                let x = pair(0.2).map(|x| 3.0 + x);
                for person in 0..2 {
                    let [intercept, actor, partner] = truth.effects[person];
                    found.places.push(PersonDay {
                        couple,
                        person,
                        day,
                    });
                    found.actor.push(x[person]);
                    found.partner.push(x[1 - person]);
                    found.y.push(
                        intercept
                            + actor * x[person]
                            + partner * x[1 - person]
                            + truth.intercepts[person] * level[person]
                            + truth.residuals[person] * left[person],
                    );
                }
                let fresh = pair(truth.rho);
                for person in 0..2 {
                    let share = (1.0 - truth.phi * truth.phi).sqrt();
                    left[person] = truth.phi * left[person] + share * fresh[person];
                }
            }
        }
        found
    }

    impl Diaries {
        fn fit(
            &self,
            partners: PartnerKinds,
            residuals: OccasionResiduals,
            method: Method,
        ) -> Option<LongitudinalFit> {
            let model = LongitudinalApim {
                places: &self.places,
                output: &self.y,
                predictors: &[&self.actor, &self.partner],
                partners,
                residuals,
                method,
            };
            model.fit()
        }

        /// Keeps some of the rows.
        fn thinned(mut self, keep: impl Fn(usize) -> bool) -> Diaries {
            let rows: Vec<usize> = (0..self.y.len()).filter(|row| keep(*row)).collect();
            let kept =
                |values: &[f64]| -> Vec<f64> { rows.iter().map(|row| values[*row]).collect() };
            self.y = kept(&self.y);
            self.actor = kept(&self.actor);
            self.partner = kept(&self.partner);
            self.places = rows.iter().map(|row| self.places[*row]).collect();
            self
        }
    }

    /// The log-likelihood from the covariance matrix of all rows.
    fn dense_likelihood(
        data: &Diaries,
        fit: &LongitudinalFit,
        partners: PartnerKinds,
        method: Method,
    ) -> f64 {
        let rows = data.y.len();
        let sets = if partners == PartnerKinds::Distinguishable {
            2
        } else {
            1
        };
        let columns = 3 * sets;
        let mut bordered = SymmetricMatrix::zero(rows + columns + 1);
        for (row, one) in data.places.iter().enumerate() {
            for (column, other) in data.places[..=row].iter().enumerate() {
                if one.couple != other.couple {
                    continue;
                }
                let (p, q) = (one.person, other.person);
                let level = fit.intercept_sds[p] * fit.intercept_sds[q];
                let left = fit.residual_sds[p] * fit.residual_sds[q];
                let mut shared = if p == q {
                    let gap = i32::try_from(one.day.abs_diff(other.day)).expect("a short gap");
                    let recalled = if gap == 0 { 1.0 } else { fit.phi.powi(gap) };
                    level + left * recalled
                } else {
                    level * fit.intercept_correlation
                };
                if p != q && one.day == other.day {
                    shared += left * fit.residual_correlation;
                }
                bordered.set(row, column, shared);
            }
            let first = rows + 3 * one.person.min(sets - 1);
            for (k, value) in [1.0, data.actor[row], data.partner[row]]
                .into_iter()
                .enumerate()
            {
                bordered.set(first + k, row, value);
            }
            // Far from 0 the squares of the output would have no digits for what is left of it.
            bordered.set(rows + columns, row, data.y[row] - 50.0);
        }
        let factor = Cholesky::new(&bordered, rows).expect("a covariance");
        let mut left = SymmetricMatrix::zero(columns + 1);
        for row in 0..=columns {
            for column in 0..=row {
                left.set(row, column, -factor.left(rows + row, rows + column));
            }
        }
        let last = Cholesky::new(&left, columns).expect("independent columns");
        let (dof, counted) = match method {
            Method::Restricted => (rows - columns, last.log_determinant()),
            Method::Full => (rows, 0.0),
        };
        -0.5 * (dof as f64 * ln(TAU)
            + factor.log_determinant()
            + counted
            + last.left(columns, columns))
    }

    /// The likelihood is that of the dense covariance matrix, which falls to all sides of the estimates.
    fn holds_at_its_top(
        data: &Diaries,
        partners: PartnerKinds,
        residuals: OccasionResiduals,
        method: Method,
    ) {
        let fit = data.fit(partners, residuals, method).expect("a model");
        let dense = |fit: &LongitudinalFit| dense_likelihood(data, fit, partners, method);
        let top = dense(&fit);
        assert!((fit.log_likelihood - top).abs() < 1e-6, "{fit:?} {top}");
        let exchangeable = partners == PartnerKinds::Exchangeable;
        for change in [0.97, 1.03] {
            for person in 0..2 {
                let mut other = fit.clone();
                other.intercept_sds[person] *= change;
                if exchangeable {
                    other.intercept_sds = [other.intercept_sds[person]; 2];
                }
                assert!(dense(&other) < top, "{residuals:?} {method:?} {fit:?}");
                other = fit.clone();
                other.residual_sds[person] *= change;
                if exchangeable {
                    other.residual_sds = [other.residual_sds[person]; 2];
                }
                assert!(dense(&other) < top);
            }
            let mut other = fit.clone();
            other.intercept_correlation += change - 1.0;
            if other.intercept_correlation.abs() < 1.0 {
                // Where the top is at an end of the range, it is so to one side only.
                assert!(dense(&other) < top, "{residuals:?} {method:?} {fit:?}");
            }
            other = fit.clone();
            match residuals {
                OccasionResiduals::SameOccasion => other.residual_correlation += change - 1.0,
                OccasionResiduals::Autoregressive => other.phi += change - 1.0,
            }
            assert!(dense(&other) < top, "{other:?}");
        }
    }

    #[test]
    fn the_likelihood_is_that_of_the_dense_covariance_matrix_and_at_its_top() {
        for (number, phi) in [(1, 0.45), (2, -0.4)] {
            let truth = Truth { phi, ..TRUTH };
            let complete = diaries(number, 14, 6, truth);
            let gaps = complete
                .clone()
                .thinned(|row| row % 7 != 3 && row % 11 != 5 && !(60..66).contains(&row));
            for partners in PARTNERS {
                for residuals in RESIDUALS {
                    for method in METHODS {
                        holds_at_its_top(&complete, partners, residuals, method);
                        holds_at_its_top(&gaps, partners, residuals, method);
                    }
                }
            }
        }
    }

    #[test]
    fn effects_and_covariances_are_found() {
        let fit = diaries(3, 500, 20, TRUTH).fit(
            PartnerKinds::Distinguishable,
            OccasionResiduals::SameOccasion,
            Method::Restricted,
        );
        let fit = fit.expect("a model");
        for (found, truth) in fit.coefficients.iter().zip(TRUTH.effects.as_flattened()) {
            assert!(
                (found.value - truth).abs() < 4.5 * found.standard_error,
                "{fit:?}"
            );
        }
        let found = [
            fit.intercept_sds[0],
            fit.intercept_sds[1],
            fit.intercept_correlation,
            fit.residual_sds[0],
            fit.residual_sds[1],
            fit.residual_correlation,
        ];
        for (found, truth) in found.iter().zip([1.0, 0.7, 0.4, 1.0, 1.6, 0.3]) {
            assert!((found - truth).abs() < 0.13, "{fit:?}");
        }
        assert_eq!((fit.rows, fit.couples, fit.phi), (20_000, 500, 0.0));
        // Rows less couples less the six columns, all of which vary within couples, but for one.
        assert_eq!(fit.coefficients[1].dof, 20_000.0 - 500.0 - 5.0);

        let truth = Truth {
            rho: 0.0,
            phi: 0.5,
            ..TRUTH
        };
        let fit = diaries(4, 500, 20, truth).fit(
            PartnerKinds::Distinguishable,
            OccasionResiduals::Autoregressive,
            Method::Full,
        );
        let fit = fit.expect("a model");
        assert!(
            (fit.phi - 0.5).abs() < 0.03 && fit.residual_correlation == 0.0,
            "{fit:?}"
        );
        assert!((fit.residual_sds[1] - 1.6).abs() < 0.1, "{fit:?}");
    }

    #[test]
    fn intervals_cover_as_often_as_they_say() {
        for residuals in RESIDUALS {
            let phi = match residuals {
                OccasionResiduals::SameOccasion => 0.0,
                OccasionResiduals::Autoregressive => 0.4,
            };
            let rho = TRUTH.rho * f64::from(u8::from(phi == 0.0));
            let truth = Truth { rho, phi, ..TRUTH };
            let mut hits = [0; 2];
            for number in 0..300 {
                let data = diaries(1_000 + number, 25, 6, truth);
                let fit = data.fit(PartnerKinds::Distinguishable, residuals, Method::Restricted);
                let fit = fit.expect("a model");
                for (hit, (column, effect)) in hits.iter_mut().zip([(1, 0.5), (5, 0.15)]) {
                    let interval = fit.coefficients[column].interval(CONFIDENCE);
                    *hit += u32::from(interval.contains(effect));
                }
            }
            // Three standard errors around 285.
            assert!(
                hits.iter().all(|hits| (274..=296).contains(hits)),
                "{hits:?}"
            );
        }
    }

    #[test]
    fn neither_the_order_of_rows_nor_that_of_exchangeable_partners_matters() {
        let data = diaries(5, 12, 5, TRUTH).thinned(|row| row % 9 != 4);
        for residuals in RESIDUALS {
            let found = data.fit(PartnerKinds::Exchangeable, residuals, Method::Restricted);
            let mut turned = data.clone();
            turned.places.reverse();
            turned.y.reverse();
            turned.actor.reverse();
            turned.partner.reverse();
            let again = turned.fit(PartnerKinds::Exchangeable, residuals, Method::Restricted);
            assert!(found.is_some());
            assert_eq!(found, again);
            for place in &mut turned.places {
                place.person = 1 - place.person;
            }
            let swapped = turned.fit(PartnerKinds::Exchangeable, residuals, Method::Restricted);
            let (found, swapped) = (found.expect("a model"), swapped.expect("a model"));
            for (one, other) in found.coefficients.iter().zip(&swapped.coefficients) {
                assert!((one.value - other.value).abs() < 1e-6 * one.standard_error);
            }
        }
    }

    #[test]
    fn intercepts_that_do_not_vary_have_no_variance() {
        // Partners' means are all the same, which is less than chance gives.
        let mut data = diaries(6, 20, 4, TRUTH);
        for place in 0..data.y.len() / 2 {
            let sign = if (place % 4) < 2 { 1.0 } else { -1.0 };
            for person in 0..2 {
                data.y[2 * place + person] =
                    5.0 + sign * [1.0, 0.8][person] * f64::from(place as u32 % 3 + 1);
            }
        }
        let fit = data.fit(
            PartnerKinds::Exchangeable,
            OccasionResiduals::SameOccasion,
            Method::Restricted,
        );
        let fit = fit.expect("a model");
        assert!(fit.intercept_sds[0] < 0.35 * fit.residual_sds[0], "{fit:?}");
    }

    #[test]
    fn what_cannot_be_estimated_is_none() {
        let both = PartnerKinds::Distinguishable;
        let same = OccasionResiduals::SameOccasion;
        let fit = |data: &Diaries| data.fit(both, same, Method::Restricted);
        assert!(fit(&diaries(7, 10, 4, TRUTH)).is_some());
        assert_eq!(fit(&diaries(7, 1, 40, TRUTH)), None, "one couple");
        assert_eq!(fit(&diaries(7, 20, 1, TRUTH)), None, "one row a person");
        let alone = diaries(7, 10, 4, TRUTH).thinned(|row| row % 2 == 0);
        assert_eq!(fit(&alone), None, "one partner");
        let apart = diaries(7, 10, 6, TRUTH).thinned(|row| row % 2 == (row / 2) % 2);
        assert_eq!(fit(&apart), None, "never both");
        let days = OccasionResiduals::Autoregressive;
        assert!(apart.fit(both, days, Method::Restricted).is_some());
        let mut twice = diaries(7, 10, 4, TRUTH);
        twice.places[2].day = 0;
        assert_eq!(fit(&twice), None, "two rows of an occasion");
        let mut third = diaries(7, 10, 4, TRUTH);
        third.places[1].person = 2;
        assert_eq!(fit(&third), None, "a third person");
        let mut same_twice = diaries(7, 10, 4, TRUTH);
        same_twice.partner.clone_from(&same_twice.actor);
        assert_eq!(fit(&same_twice), None, "a predictor twice");
        same_twice.partner.pop();
        assert_eq!(fit(&same_twice), None, "unlike lengths");
        let mut exact = diaries(7, 10, 4, TRUTH);
        exact.y.clone_from(&exact.actor);
        assert_eq!(fit(&exact), None, "nothing left to explain");
    }
}
