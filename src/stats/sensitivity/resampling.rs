//! Resamples that have addresses: the rows of resample b are a function of the seed, the analysis
//! and b.

use crate::rng::{Key, StreamKind};
use rand::Rng;

/// The rows of each resample, drawn with replacement from `rows` rows.
pub(crate) fn resamples(
    rows: usize,
    count: u32,
    seed: u64,
    purpose: &[u8; 8],
) -> impl Iterator<Item = Vec<usize>> {
    let key = Key::new(seed, u64::from_le_bytes(*purpose), 0, StreamKind::Study);
    (0..u64::from(count)).map(move |number| {
        let mut rng = key.stream(number, 0);
        let below = |word: u64| ((u128::from(word) * rows as u128) >> 64) as usize;
        (0..rows).map(|_| below(rng.next_u64())).collect()
    })
}

/// The mean; NaN of nothing.
pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The sum of squared deviations from the mean.
pub(crate) fn squares(values: &[f64]) -> f64 {
    let centre = mean(values);
    values.iter().map(|x| (x - centre) * (x - centre)).sum()
}

/// The standard deviation with n − 1 degrees of freedom; NaN of a single value.
pub(crate) fn deviation(values: &[f64]) -> f64 {
    (squares(values) / (values.len() as f64 - 1.0)).sqrt()
}

/// Whether values differ by no more than their rounding.
pub(crate) fn is_constant(values: &[f64]) -> bool {
    let (low, high) = values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
            (low.min(*x), high.max(*x))
        });
    high - low <= 8.0 * f64::EPSILON * high.abs().max(low.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resamples_have_addresses() {
        let few: Vec<_> = resamples(50, 3, 9, b"testing ").collect();
        let many: Vec<_> = resamples(50, 10, 9, b"testing ").collect();
        assert_eq!(few, many[..3]);
        assert_ne!(many[0], many[1]);
        assert_ne!(few, resamples(50, 3, 10, b"testing ").collect::<Vec<_>>());
        assert_ne!(few, resamples(50, 3, 9, b"another ").collect::<Vec<_>>());
        assert_eq!(few[0][..4], FIRST);
    }

    const FIRST: [usize; 4] = [48, 17, 10, 16];

    #[test]
    fn all_rows_are_drawn_about_equally_often() {
        let mut counts = [0_i32; 7];
        resamples(7, 2000, 1, b"testing ")
            .flatten()
            .for_each(|row| counts[row] += 1);
        assert!(counts.iter().all(|n| (n - 2000).abs() < 180), "{counts:?}");
    }

    #[test]
    fn rounding_is_no_variation() {
        assert!(is_constant(&[0.1 + 0.2, 0.3]));
        assert!(is_constant(&[0.0, 0.0]));
        assert!(!is_constant(&[1e9, 1e9 + 1e-3]));
    }
}
