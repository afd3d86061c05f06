//! Paired repetitions: every variant runs once in each round, so that what disturbs the machine for a
//! while disturbs them alike, and ratios are taken within rounds.

use std::time::Duration;

/// One way of doing the work, which gives how many units of it were done.
pub(crate) struct Variant<'a> {
    name: String,
    work: Box<dyn FnMut() -> u64 + 'a>,
}

impl<'a> Variant<'a> {
    /// Names a way of doing the work.
    pub(crate) fn new(name: impl Into<String>, work: impl FnMut() -> u64 + 'a) -> Variant<'a> {
        Variant {
            name: name.into(),
            work: Box::new(work),
        }
    }
}

/// Median and extremes of some numbers.
struct Spread {
    median: f64,
    least: f64,
    most: f64,
}

impl Spread {
    fn of(mut numbers: Vec<f64>) -> Spread {
        numbers.sort_by(f64::total_cmp);
        let (low, high) = (numbers[(numbers.len() - 1) / 2], numbers[numbers.len() / 2]);
        let most = numbers[numbers.len() - 1];
        Spread {
            median: (low + high) * 0.5,
            least: numbers[0],
            most,
        }
    }
}

/// Runs all variants in turn, round by round, and prints a table.
///
/// Each row has nanoseconds for a unit of work, their difference from the first variant's, and their
/// ratio to it: medians, with least and most in brackets.
pub(crate) fn compare(
    title: &str,
    unit: &str,
    rounds: usize,
    clock: fn() -> Duration,
    mut variants: Vec<Variant<'_>>,
) {
    let mut series = vec![Vec::with_capacity(rounds); variants.len()];
    for round in 0..=rounds {
        for (variant, taken) in variants.iter_mut().zip(&mut series) {
            let start = clock();
            let units = (variant.work)();
            let each = (clock() - start).as_nanos() as f64 / units as f64;
            // The first round warms up.
            if round > 0 {
                taken.push(each);
            }
        }
    }
    println!("\n{title}; {rounds} rounds\n");
    println!("| | ns/{unit} | difference | ratio |");
    println!("| --- | ---: | ---: | ---: |");
    let first = &series[0];
    let paired = |taken: &[f64], f: fn(f64, f64) -> f64| {
        Spread::of(
            taken
                .iter()
                .zip(first)
                .map(|(x, base)| f(*x, *base))
                .collect(),
        )
    };
    for (variant, taken) in variants.iter().zip(&series) {
        let spread = Spread::of(taken.clone());
        let difference = paired(taken, |x, base| x - base);
        let ratio = paired(taken, |x, base| x / base);
        println!(
            "| {} | {:.1} [{:.1}–{:.1}] | {:+.1} [{:+.1}–{:+.1}] | {:.3} [{:.3}–{:.3}] |",
            variant.name,
            spread.median,
            spread.least,
            spread.most,
            difference.median,
            difference.least,
            difference.most,
            ratio.median,
            ratio.least,
            ratio.most,
        );
    }
}
