//! Degrees of freedom of a mixed model's coefficients: Pinheiro & Bates (2000), section 2.4.2.

use super::Levels;
use super::groups::Grouped;

/// Share of a column's largest distance from its mean that is rounding.
const SAME: f64 = 1e-9;

/// The degrees of freedom of the intercept and of each predictor: of a level's groups, less those of
/// the level above and less the predictors that vary at it.
pub(crate) fn degrees_of_freedom(grouped: &Grouped, nested: bool) -> Vec<f64> {
    let mut sizes = vec![1];
    if nested {
        sizes.push(grouped.couples());
    }
    sizes.push(grouped.persons());
    sizes.push(grouped.rows());
    let inmost = sizes.len() - 2;
    let level = |column: usize| {
        if !is_same_within(&grouped.by_group(column, Levels::Persons)) {
            inmost
        } else if nested && !is_same_within(&grouped.by_group(column, Levels::PersonsInCouples)) {
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
    // The intercept is told by all rows.
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
