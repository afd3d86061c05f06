//! A subset of numbered jobs: a range in order, or jobs spread evenly over a range.

use std::ops::Range;

/// Numbered jobs, each at most once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JobSubset {
    range: Range<u64>,
    count: u64,
    step: u64,
}

impl From<Range<u64>> for JobSubset {
    /// All jobs of a range, in their order.
    fn from(range: Range<u64>) -> JobSubset {
        let count = range.end.saturating_sub(range.start);
        JobSubset {
            range,
            count,
            step: 1,
        }
    }
}

impl JobSubset {
    /// `count` jobs spread evenly over a range, or all of them if there are fewer.
    ///
    /// A larger subset of the same range starts with the jobs of a smaller one. The step is near the
    /// golden section of the range, so that the jobs do not fall on one level of a grid's axis.
    pub(crate) fn spread(range: Range<u64>, count: u64) -> JobSubset {
        let length = range.end.saturating_sub(range.start);
        let golden = (length as f64 * 0.618_033_988_749_895) as u64;
        let step = (golden.max(1)..).find(|step| greatest_common_divisor(*step, length) == 1);
        JobSubset {
            range,
            count: count.min(length),
            step: step.unwrap_or(1),
        }
    }

    /// How many jobs these are.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// The number of the job at a position below [`count`](JobSubset::count).
    pub(crate) fn job(&self, position: u64) -> u64 {
        let length = self.range.end - self.range.start;
        let offset = u128::from(position) * u128::from(self.step) % u128::from(length);
        self.range.start + offset as u64
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

    fn jobs(subset: &JobSubset) -> Vec<u64> {
        (0..subset.count())
            .map(|position| subset.job(position))
            .collect()
    }

    #[test]
    fn a_range_has_all_its_jobs_in_order() {
        assert_eq!(jobs(&JobSubset::from(3..7)), [3, 4, 5, 6]);
        assert_eq!(jobs(&JobSubset::from(5..5)), [0; 0]);
    }

    #[test]
    fn spread_jobs_are_distinct_and_in_the_range() {
        for (length, count) in [(1, 9), (2, 2), (64, 20), (400, 399), (1000, 1000)] {
            let subset = JobSubset::spread(10..10 + length, count);
            let mut found = jobs(&subset);
            assert_eq!(found.len() as u64, count.min(length));
            found.sort_unstable();
            found.dedup();
            assert_eq!(found.len() as u64, count.min(length));
            assert!(found.iter().all(|job| (10..10 + length).contains(job)));
        }
        assert_eq!(JobSubset::spread(4..4, 3).count(), 0);
    }

    #[test]
    fn spread_jobs_cover_the_range_evenly() {
        let found = jobs(&JobSubset::spread(0..400, 40));
        for tenth in 0..10 {
            let hits = found.iter().filter(|job| **job / 40 == tenth).count();
            assert!((3..=5).contains(&hits), "{tenth}: {hits}");
        }
        let columns: std::collections::BTreeSet<u64> = found.iter().map(|job| job % 20).collect();
        assert!(columns.len() > 15, "{columns:?}");
    }
}
