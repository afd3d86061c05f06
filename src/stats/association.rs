//! How two columns go together: correlation and slope, pair by pair where both are known.

/// Pearson's correlation; NaN of fewer than two pairs, and where either column does not vary.
pub(crate) fn correlation(one: &[f64], other: &[f64]) -> f64 {
    let scatter = Scatter::of(one, other);
    scatter.products / (scatter.first * scatter.second).sqrt()
}

/// The slope of the least-squares line of `of` on `on`; NaN of fewer than two pairs, and where `on`
/// does not vary.
pub(crate) fn slope(of: &[f64], on: &[f64]) -> f64 {
    let scatter = Scatter::of(of, on);
    if scatter.second > 0.0 {
        scatter.products / scatter.second
    } else {
        f64::NAN
    }
}

/// Sums of squares and products about the means.
struct Scatter {
    first: f64,
    second: f64,
    products: f64,
}

impl Scatter {
    fn of(one: &[f64], other: &[f64]) -> Scatter {
        let pairs = || {
            let pairs = one.iter().copied().zip(other.iter().copied());
            pairs.filter(|(x, y)| x.is_finite() && y.is_finite())
        };
        let count = pairs().count() as f64;
        let (mean_x, mean_y) = pairs().fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y));
        let (mean_x, mean_y) = (mean_x / count, mean_y / count);
        let mut scatter = Scatter {
            first: 0.0,
            second: 0.0,
            products: 0.0,
        };
        for (x, y) in pairs() {
            let (x, y) = (x - mean_x, y - mean_y);
            scatter.first += x * x;
            scatter.second += y * y;
            scatter.products += x * y;
        }
        scatter
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::test_support::normals;

    #[test]
    fn known_pairs_have_known_correlation_and_slope() {
        let (x, y) = ([1.0, 2.0, 3.0, 4.0], [2.0, 1.0, 4.0, 5.0]);
        // Sums about the means: 5, 10 and 6.
        assert!((correlation(&x, &y) - 6.0 / 50.0_f64.sqrt()).abs() < 1e-15);
        assert!((slope(&y, &x) - 1.2).abs() < 1e-15);
        assert!((slope(&x, &y) - 0.6).abs() < 1e-15);
    }

    #[test]
    fn a_pair_with_a_missing_number_is_left_out() {
        let (x, y) = ([1.0, 2.0, f64::NAN, 3.0], [3.0, 5.0, 100.0, 7.0]);
        assert!((correlation(&x, &y) - 1.0).abs() < 1e-15);
        assert_eq!(slope(&y, &x), 2.0);
    }

    #[test]
    fn what_does_not_vary_goes_with_nothing() {
        let (still, moving) = ([2.0; 3], [1.0, 2.0, 4.0]);
        assert!(correlation(&still, &moving).is_nan() && slope(&moving, &still).is_nan());
        assert_eq!(slope(&still, &moving), 0.0);
        assert!(correlation(&[1.0], &[2.0]).is_nan() && correlation(&[], &[]).is_nan());
    }

    #[test]
    fn a_far_mean_does_not_swallow_a_correlation() {
        let near: Vec<f64> = normals(1).take(500).collect();
        let noise: Vec<f64> = normals(2).take(500).collect();
        let sum: Vec<f64> = near.iter().zip(&noise).map(|(x, e)| x + e).collect();
        let far: Vec<f64> = near.iter().map(|x| 1e8 + x).collect();
        assert!((correlation(&near, &sum) - 0.5_f64.sqrt()).abs() < 0.08);
        assert!((correlation(&far, &sum) - correlation(&near, &sum)).abs() < 1e-6);
    }
}
