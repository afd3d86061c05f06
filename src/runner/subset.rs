//! Jobs spread over a plan: all of a range in order, or a part of it that reaches everywhere.

use std::ops::Range;

/// Numbered jobs of a plan, each at most once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spread {
    of: Range<u64>,
    count: u64,
    step: u64,
}

impl From<Range<u64>> for Spread {
    /// All jobs of a range, in their order.
    fn from(of: Range<u64>) -> Spread {
        let count = of.end.saturating_sub(of.start);
        Spread { of, count, step: 1 }
    }
}

impl Spread {
    /// So many jobs of a range, at most all of them, spread over it.
    ///
    /// A longer spread over the same range begins with the jobs of a shorter one. The step is near
    /// the golden section of the range, so that jobs do not fall on one level of a grid's axis.
    pub fn over(of: Range<u64>, count: u64) -> Spread {
        let length = of.end.saturating_sub(of.start);
        let golden = (length as f64 * 0.618_033_988_749_895) as u64;
        let step = (golden.max(1)..).find(|step| greatest_common_divisor(*step, length) == 1);
        Spread {
            of,
            count: count.min(length),
            step: step.unwrap_or(1),
        }
    }

    /// How many jobs these are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The number of the job at a position below [`count`](Spread::count).
    pub fn job(&self, position: u64) -> u64 {
        let length = self.of.end - self.of.start;
        let place = u128::from(position) * u128::from(self.step) % u128::from(length);
        self.of.start + place as u64
    }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jobs(spread: &Spread) -> Vec<u64> {
        (0..spread.count())
            .map(|position| spread.job(position))
            .collect()
    }

    #[test]
    fn a_range_is_all_its_jobs_in_order() {
        assert_eq!(jobs(&Spread::from(3..7)), [3, 4, 5, 6]);
        assert_eq!(jobs(&Spread::from(5..5)), [0; 0]);
    }

    #[test]
    fn spread_jobs_are_different_jobs_of_the_range() {
        for (length, count) in [(1, 9), (2, 2), (64, 20), (400, 399), (1000, 1000)] {
            let spread = Spread::over(10..10 + length, count);
            let mut found = jobs(&spread);
            assert_eq!(found.len() as u64, count.min(length));
            found.sort_unstable();
            found.dedup();
            assert_eq!(found.len() as u64, count.min(length));
            assert!(found.iter().all(|job| (10..10 + length).contains(job)));
        }
        assert_eq!(Spread::over(4..4, 3).count(), 0);
    }

    #[test]
    fn spread_jobs_leave_no_part_of_the_range_out() {
        let found = jobs(&Spread::over(0..400, 40));
        for tenth in 0..10 {
            let there = found.iter().filter(|job| **job / 40 == tenth).count();
            assert!((3..=5).contains(&there), "{tenth}: {there}");
        }
        let columns: std::collections::BTreeSet<u64> = found.iter().map(|job| job % 20).collect();
        assert!(columns.len() > 15, "{columns:?}");
    }
}
