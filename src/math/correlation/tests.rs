use super::*;
use proptest::prelude::*;

fn correlation(dimension: usize, pairs: &[(usize, usize, f64)]) -> GaussianCopula {
    GaussianCopula::new(dimension, pairs).expect("a possible matrix")
}

/// The correlation of two variables, from the factor.
fn product(correlation: &GaussianCopula, one: usize, other: usize) -> f64 {
    let row = |k: usize| {
        let end = correlation.starts.get(k + 1);
        let end = end.map_or(correlation.weights.len(), |end| *end);
        let mut full = vec![0.0; correlation.dimension];
        for (column, weight) in &correlation.weights[correlation.starts[k]..end] {
            full[*column] = *weight;
        }
        full
    };
    row(one).iter().zip(row(other)).map(|(a, b)| a * b).sum()
}

#[test]
fn the_factor_gives_the_matrix_back() {
    let pairs = [
        (0, 1, 0.5),
        (2, 0, -0.3),
        (1, 2, 0.2),
        (3, 1, 0.6),
        (2, 3, 0.1),
    ];
    let correlation = correlation(4, &pairs);
    for (one, other, value) in pairs {
        assert!((product(&correlation, one, other) - value).abs() < 1e-15);
    }
    assert!((product(&correlation, 0, 3)).abs() < 1e-15);
    assert!((0..4).all(|k| (product(&correlation, k, k) - 1.0).abs() < 1e-15));
}

#[test]
fn correlated_scores_keep_their_values() {
    let mut scores = [0.4, -1.1, 2.0];
    correlation(3, &[(0, 1, 0.5), (0, 2, -0.3), (1, 2, 0.2)]).correlate(&mut scores);
    assert_eq!(scores, FIRST_VALUES);
}

const FIRST_VALUES: [f64; 3] = [0.4, -0.7526279441628825, 1.1636378122994175];

#[test]
fn perfect_correlations_copy_and_mirror() {
    let mut scores = [0.7, 9.0, -9.0, 0.5];
    let pairs = [
        (0, 1, 1.0),
        (0, 2, -1.0),
        (1, 2, -1.0),
        (0, 3, 0.6),
        (1, 3, 0.6),
        (2, 3, -0.6),
    ];
    correlation(4, &pairs).correlate(&mut scores);
    assert_eq!(scores[..3], [0.7, 0.7, -0.7]);
    assert!((scores[3] - (0.6 * 0.7 + 0.8 * 0.5)).abs() < 1e-15);
}

#[test]
fn without_pairs_scores_pass_through() {
    let mut scores = [0.1, -2.0, 5.0];
    GaussianCopula::none(3).correlate(&mut scores);
    assert_eq!(scores, [0.1, -2.0, 5.0]);
    assert_eq!(GaussianCopula::none(3), correlation(3, &[]));
}

#[test]
fn a_contradictory_pair_is_reported_with_its_possible_interval() {
    let error = GaussianCopula::new(3, &[(0, 1, 0.9), (0, 2, 0.9), (1, 2, 0.1)])
        .expect_err("these contradict each other");
    let CorrelationError::Impossible {
        first,
        second,
        value,
        low,
        high,
    } = error
    else {
        panic!("the pair should be impossible: {error}");
    };
    assert_eq!((first, second, value), (1, 2, 0.1));
    assert!((low - 0.62).abs() < 1e-12 && (high - 1.0).abs() < 1e-12);
    for (r, possible) in [(low - 1e-6, false), (low + 1e-6, true), (high - 1e-6, true)] {
        let again = GaussianCopula::new(3, &[(0, 1, 0.9), (0, 2, 0.9), (1, 2, r)]);
        assert_eq!(again.is_ok(), possible, "{r}");
    }
}

#[test]
fn a_copy_cannot_go_its_own_way() {
    let error = GaussianCopula::new(3, &[(0, 1, 1.0), (0, 2, 0.5), (1, 2, 0.4)]);
    let (low, high) = (0.5, 0.5);
    let expected = CorrelationError::Impossible {
        first: 1,
        second: 2,
        value: 0.4,
        low,
        high,
    };
    assert_eq!(error, Err(expected));
}

#[test]
fn invalid_pairs_are_refused() {
    let of = |pairs: &[(usize, usize, f64)]| GaussianCopula::new(2, pairs);
    assert_eq!(
        of(&[(1, 1, 1.0)]),
        Err(CorrelationError::NoPair {
            first: 1,
            second: 1,
            dimension: 2
        })
    );
    assert_eq!(
        of(&[(0, 2, 0.1)]),
        Err(CorrelationError::NoPair {
            first: 0,
            second: 2,
            dimension: 2
        })
    );
    assert_eq!(
        of(&[(0, 1, 0.1), (1, 0, 0.1)]),
        Err(CorrelationError::Repeated {
            first: 0,
            second: 1
        })
    );
    assert_eq!(
        of(&[(1, 0, 1.5)]),
        Err(CorrelationError::Outside {
            first: 0,
            second: 1,
            value: 1.5
        })
    );
    assert!(matches!(
        of(&[(0, 1, f64::NAN)]),
        Err(CorrelationError::Outside { .. })
    ));
}

proptest! {
    #[test]
    fn matrices_made_from_loadings_are_accepted(
        loadings in prop::collection::vec(prop::array::uniform3(-1.0_f64..1.0), 2..6)
    ) {
        let unit = |l: &[f64; 3]| {
            let length = (l[0] * l[0] + l[1] * l[1] + l[2] * l[2]).sqrt().max(1e-3);
            l.map(|x| x / length)
        };
        let dot = |a: [f64; 3], b: [f64; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
        let mut pairs = Vec::new();
        for (second, b) in loadings.iter().enumerate() {
            for (first, a) in loadings[..second].iter().enumerate() {
                pairs.push((first, second, 0.999 * dot(unit(a), unit(b))));
            }
        }
        let correlation = GaussianCopula::new(loadings.len(), &pairs);
        prop_assert!(correlation.is_ok(), "{correlation:?}");
        if let Ok(correlation) = correlation {
            for (first, second, value) in pairs {
                prop_assert!((product(&correlation, first, second) - value).abs() < 1e-9);
            }
        }
    }
}
