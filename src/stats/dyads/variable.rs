//! A variable that both partners of each dyad have, and its common transformations.

use crate::stats::summary::Moments;

/// The values of the two partners of a dyad; NaN where one is missing.
///
/// Partners are indistinguishable: which of them comes first has no meaning.
pub type Pair = [f64; 2];

/// Shifts and scales a variable to mean 0 and standard deviation 1 over all persons who have it.
///
/// All is NaN where fewer than two persons have it or where it does not vary.
pub fn standardised(variable: &[Pair]) -> Vec<Pair> {
    let known = variable.iter().flatten().copied().filter(|x| x.is_finite());
    let moments: Moments = known.collect();
    let (mean, sd) = (moments.mean(), moments.sd());
    let sd = if sd > 0.0 { sd } else { f64::NAN };
    let one = |x: f64| (x - mean) / sd;
    variable
        .iter()
        .map(|pair| [one(pair[0]), one(pair[1])])
        .collect()
}

/// Shifts a variable so that `centre` becomes 0.
pub fn centred(variable: &[Pair], centre: f64) -> Vec<Pair> {
    let shifted = |pair: &Pair| [pair[0] - centre, pair[1] - centre];
    variable.iter().map(shifted).collect()
}

/// The mean over all persons who have the variable; NaN of nobody.
pub fn grand_mean(variable: &[Pair]) -> f64 {
    let known = variable.iter().flatten().copied().filter(|x| x.is_finite());
    known.collect::<Moments>().mean()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standardising_goes_over_all_persons_who_have_the_variable() {
        let found = standardised(&[[1.0, 2.0], [f64::NAN, 3.0]]);
        assert_eq!((found[0], found[1][1]), ([-1.0, 0.0], 1.0));
        assert!(found[1][0].is_nan());
        assert!(standardised(&[[2.0, 2.0]])[0][0].is_nan());
        let shifted = centred(&[[1.0, 4.0]], 2.0);
        assert_eq!(
            (shifted[0], grand_mean(&[[1.0, f64::NAN], [5.0, 0.0]])),
            ([-1.0, 2.0], 2.0)
        );
    }
}
