//! Whether two groups of relationships end at the same rate.

use super::survival::{Exit, Exits};
use crate::math::functions::normal_cdf;
use std::collections::BTreeSet;

/// The log-rank test of two groups (Mantel 1966).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogRank {
    /// Lives of the first and of the second group that ended.
    pub observed: [u64; 2],
    /// As many as would be expected of either group if one rate held for both.
    pub expected: [f64; 2],
    /// The statistic, chi-squared with one degree of freedom; NaN where nothing can be compared.
    pub chi_squared: f64,
    /// Probability of at least such a statistic under one rate [0–1].
    pub p_value: f64,
}

/// Compares two groups over all days on which a life of either ended.
pub fn log_rank(first: &Exits, second: &Exits) -> LogRank {
    let days: BTreeSet<u32> = first
        .iter()
        .chain(second.iter())
        .map(|(day, _)| day)
        .collect();
    let mut at_risk = [first.total(), second.total()];
    let (mut observed, mut expected, mut variance) = ([0; 2], [0.0; 2], 0.0);
    for day in days {
        let exits = [first.on(day), second.on(day)];
        let ended = (exits[0].ended + exits[1].ended) as f64;
        let risk = at_risk.map(|lives| lives as f64);
        let all = risk[0] + risk[1];
        if ended > 0.0 {
            for group in 0..2 {
                observed[group] += exits[group].ended;
                expected[group] += ended * risk[group] / all;
            }
        }
        if all > 1.0 {
            // The hypergeometric variance of the first group's share.
            variance += ended * (risk[0] / all) * (risk[1] / all) * (all - ended) / (all - 1.0);
        }
        let gone = |exit: Exit| exit.ended + exit.censored;
        at_risk = [at_risk[0] - gone(exits[0]), at_risk[1] - gone(exits[1])];
    }
    let excess = observed[0] as f64 - expected[0];
    let chi_squared = if variance > 0.0 {
        excess * excess / variance
    } else {
        f64::NAN
    };
    LogRank {
        observed,
        expected,
        chi_squared,
        p_value: 2.0 * normal_cdf(-chi_squared.sqrt()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::ln;
    use crate::stats::test_support::{lifetimes, numbers, uniforms};

    #[test]
    fn the_test_agrees_with_lifelines() {
        let [first, second] = lifetimes();
        let line = include_str!("../../tests/oracles/log_rank.csv")
            .lines()
            .nth(1);
        let expected = numbers(line.expect("a line under the header"));
        let found = log_rank(&first, &second);
        assert!(
            (found.chi_squared / expected[0] - 1.0).abs() < 1e-12,
            "{found:?}"
        );
        assert!(
            (found.p_value / expected[1] - 1.0).abs() < 1e-10,
            "{found:?}"
        );
        let turned = log_rank(&second, &first);
        assert!((turned.chi_squared / found.chi_squared - 1.0).abs() < 1e-12);
        let (seen, due) = (
            found.observed.iter().sum::<u64>(),
            found.expected.iter().sum::<f64>(),
        );
        assert!((seen as f64 - due).abs() < 1e-12);
    }

    #[test]
    fn without_two_groups_or_any_end_there_is_nothing_to_compare() {
        let [first, _] = lifetimes();
        assert!(log_rank(&first, &Exits::default()).p_value.is_nan());
        let seen: Exits = [(5, false), (9, false)].into_iter().collect();
        assert!(log_rank(&seen, &seen).chi_squared.is_nan());
    }

    #[test]
    fn groups_of_one_rate_differ_as_often_as_the_level_says() {
        let rejected = (0..2_000)
            .filter(|study| {
                let mut days = uniforms(*study).map(|u| -50.0 * ln(u));
                let mut group = |size| -> Exits {
                    let lives = days.by_ref().take(size);
                    lives
                        .map(|day| (day.min(80.0).ceil() as u32, day <= 80.0))
                        .collect()
                };
                let (first, second) = (group(60), group(40));
                log_rank(&first, &second).p_value < 0.05
            })
            .count();
        assert!((60..=140).contains(&rejected), "{rejected} of 2000");
    }
}
