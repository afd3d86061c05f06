//! Every vector computes and draws, bit for bit, what the scalar definition does.

#[cfg(target_arch = "aarch64")]
use super::neon::Neon;
#[cfg(target_arch = "x86_64")]
use super::{avx2::Avx2, avx512::Avx512};
use crate::rng::{Key, StreamKind, VectorRng};
#[cfg(target_arch = "x86_64")]
use crate::simd::backend::Backend;
use crate::simd::test_support::ArrayVector;
use crate::simd::vector::Vector;
use proptest::prelude::*;

type Eight = [f64; 8];

fn eight() -> impl Strategy<Value = Eight> {
    prop::array::uniform8(prop_oneof![
        any::<f64>(),
        0.0..1.0_f64,
        Just(0.0),
        Just(-0.0)
    ])
}

fn vector<L: Vector>(values: &Eight) -> L {
    let mut vector = L::splat(0.0);
    for (index, value) in values.iter().enumerate() {
        vector.replace(index, *value);
    }
    vector
}

/// Computes the operations of the trait on a vector, as eight numbers each.
fn operations<L: Vector>(a: &Eight, b: &Eight) -> Vec<Eight> {
    let (x, y) = (vector::<L>(a), vector::<L>(b));
    let masks = [
        x.lt(y),
        x.ge(y),
        x.lt(y) | y.lt(x),
        !(x.ge(y) & y.ge(x)),
        L::mask(true),
    ];
    let mut results = vec![
        x + y,
        x - y,
        x * y,
        -x,
        x + 0.3,
        x - 0.3,
        x * 0.3,
        x.min(y),
        x.max(y),
        x.clamp01(),
        x.clamp_signed(),
        x.abs(),
        x.div(y),
        x.mul_add(y, x),
        y.mul_sub(x, y),
        x.sub_mul(y, y),
        x.mul_add_scalar(0.3, y),
        x.one_minus_scaled(0.3),
        x.reduced_by(y),
        x.lerp(y, 0.3),
        x.one_minus(),
        x.max_zero(),
        x.min_scalar(0.4),
        x.sqrt(),
        x.clear_low_word(),
    ];
    let positive = x.abs().max(L::splat(f64::MIN_POSITIVE));
    let (exponent, rest) = positive.min(L::splat(f64::MAX)).frexp();
    results.extend([exponent, rest, exponent.exp2_int()]);
    for mask in masks {
        results.extend([x.select(mask, y), x.masked(mask)]);
    }
    results.into_iter().map(|vector| stored(&vector)).collect()
}

/// The numbers of a vector, which are the same whether read at once or one by one.
fn stored<L: Vector>(vector: &L) -> Eight {
    let mut values = [f64::NAN; 8];
    vector.store(&mut values);
    for (k, value) in values.iter().enumerate().take(L::LANES) {
        assert_eq!(value.to_bits(), vector.extract(k).to_bits());
        assert_eq!(value.to_bits(), L::load(&values).extract(k).to_bits());
    }
    values
}

fn scalar(a: &Eight, b: &Eight) -> Vec<Eight> {
    let columns: Vec<Vec<f64>> = (0..8)
        .map(|k| {
            operations::<f64>(&[a[k]; 8], &[b[k]; 8])
                .iter()
                .map(|row| row[0])
                .collect()
        })
        .collect();
    (0..columns[0].len())
        .map(|row| std::array::from_fn(|k| columns[k][row]))
        .collect()
}

/// The sum over eight couples, by a vector that may hold fewer.
fn reduce_sum<L: Vector>(values: &Eight) -> f64 {
    let vectors: Vec<L> = values
        .chunks(L::LANES)
        .map(|values| {
            let mut vector = L::splat(0.0);
            for (index, value) in values.iter().enumerate() {
                vector.replace(index, *value);
            }
            vector
        })
        .collect();
    L::reduce_sum(&vectors)
}

#[test]
fn eight_couples_are_added_pair_by_pair() {
    let huge = 1e16;
    assert_eq!(
        reduce_sum::<f64>(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]),
        36.0
    );
    assert_eq!(
        reduce_sum::<f64>(&[huge, 1.0, 0.0, 0.0, -huge, 1.0, 0.0, 0.0]),
        2.0
    );
}

fn draws<L: VectorRng>(key: &Key, couple: u64, counter: u64) -> Vec<Eight> {
    let couples: Vec<u64> = (couple..).take(L::LANES).collect();
    let mut source = L::streams(key, &couples);
    let mut words = vec![L::ZERO; 48];
    L::fill(&mut source, counter, &mut words);
    let mut results = Vec::new();
    for &word in &words {
        for vector in [
            L::uniform::<0, 32>(word),
            L::uniform::<32, 32>(word),
            L::uniform::<0, 16>(word),
            L::uniform::<48, 16>(word),
            L::uniform::<22, 10>(word),
            L::uniform::<12, 52>(word),
            L::uniform::<8, 8>(L::shr::<16>(word)),
            L::triangular_noise::<0>(word),
            L::triangular_noise::<16>(word),
            L::triangular_noise::<48>(word),
        ] {
            results.push(std::array::from_fn(|k| vector.extract(k)));
        }
    }
    results
}

fn scalar_draws(key: &Key, couple: u64, counter: u64) -> Vec<Eight> {
    let columns: Vec<Vec<Eight>> = (0..8)
        .map(|k| draws::<f64>(key, couple + k, counter))
        .collect();
    (0..columns[0].len())
        .map(|row| std::array::from_fn(|k| columns[k][row][0]))
        .collect()
}

fn same(ours: &[Eight], definition: &[Eight]) -> bool {
    ours.len() == definition.len()
        && ours
            .iter()
            .flatten()
            .zip(definition.iter().flatten())
            .all(|(a, b)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan())
}

/// Compares a vector with the definition, where this processor has its instructions.
macro_rules! compare {
    ($test:ident($($argument:expr),*)) => {
        $test::<ArrayVector>($($argument),*)?;
        #[cfg(target_arch = "x86_64")]
        {
            if Backend::available().contains(&Backend::Avx2) {
                $test::<Avx2>($($argument),*)?;
            }
            if Backend::available().contains(&Backend::Avx512) {
                $test::<Avx512>($($argument),*)?;
            }
        }
        #[cfg(target_arch = "aarch64")]
        $test::<Neon>($($argument),*)?;
    };
}

fn computes_the_same<L: Vector>(a: &Eight, b: &Eight) -> Result<(), TestCaseError> {
    prop_assert!(same(&operations::<L>(a, b), &scalar(a, b)));
    prop_assert_eq!(reduce_sum::<L>(a).to_bits(), reduce_sum::<f64>(a).to_bits());
    Ok(())
}

fn draws_the_same<L: VectorRng>(key: &Key, couple: u64, counter: u64) -> Result<(), TestCaseError> {
    let definition = scalar_draws(key, couple, counter);
    prop_assert!(same(&draws::<L>(key, couple, counter), &definition));
    Ok(())
}

proptest! {
    #[test]
    fn every_vector_computes_what_the_scalar_computes(a in eight(), b in eight()) {
        compare!(computes_the_same(&a, &b));
    }

    #[test]
    fn every_vector_draws_what_the_scalar_draws(seed: u64, couple in 0..u64::MAX - 8, counter in 0..1_u64 << 58) {
        compare!(draws_the_same(&Key::new(seed, 0, 0, StreamKind::Life), couple, counter));
    }

    #[test]
    fn every_vector_stores_integer_parts(parts in prop::array::uniform8(0.0..65_536.0_f64)) {
        compare!(stores_integer_parts(&parts));
    }
}

fn stores_integer_parts<L: Vector>(parts: &Eight) -> Result<(), TestCaseError> {
    let mut stored = [0; 8];
    for (vector, to) in parts.chunks(L::LANES).zip(stored.chunks_mut(L::LANES)) {
        L::load(vector).store_u16(to);
    }
    prop_assert_eq!(stored, parts.map(|part| part as u16));
    Ok(())
}
