//! Ranks, from 1; equal values share the mean of their ranks.

/// Ranks values; NaN, which has no rank, must have been dropped before.
pub fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    for tied in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let shared = first as f64 + 0.5 * (tied.len() as f64 + 1.0);
        tied.iter().for_each(|place| ranks[*place] = shared);
        first += tied.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_their_mean_rank() {
        assert_eq!(
            ranks(&[3.0, 1.0, 3.0, -2.0, 3.0]),
            [4.0, 2.0, 4.0, 1.0, 4.0]
        );
        assert_eq!(ranks(&[0.0, -0.0]), [1.5, 1.5]);
        assert!(ranks(&[]).is_empty());
    }
}
