//! Shards: the parts of the jobs of a sweep or an analysis that are done apart and merged.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::str::FromStr;

/// A part of the jobs of a sweep or an analysis: the `number`-th of `of` nearly equal ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which part, from 1.
    pub number: u64,
    /// Number of parts.
    pub of: u64,
}

/// A text that names no shard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no shard: write i/n with i from 1 to n, such as 2/8")]
pub struct ShardError {
    text: String,
}

/// Why shards cannot be merged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// No folder was named.
    #[error("no shards were given")]
    NoShards,
    /// No folder was named for the results.
    #[error(
        "it is no plan of `sweep submit`, so that `-o DIR` must name the folder of the results"
    )]
    NoOutput,
    /// The folder holds other results.
    #[error("holds results of `{kind}`, not of a shard")]
    NotAShard {
        /// The kind of its results.
        kind: &'static str,
    },
    /// The folder holds a shard of other work.
    #[error("holds a shard of `pairbond {found}`, not of `pairbond {wanted}`")]
    OtherWork {
        /// The command of the work that it is a part of.
        found: &'static str,
        /// That of the first folder.
        wanted: &'static str,
    },
    /// A file of the shard changed after it was written.
    #[error("{file}")]
    Damaged {
        /// The file and its state.
        file: String,
    },
    /// Scenario, overrides or version differ from those of another shard.
    #[error("differs from {} in scenario, overrides or version", .from.display())]
    OtherScenario {
        /// Folder of the shard that it was compared with.
        from: PathBuf,
    },
    /// Another version made the shards.
    #[error("version {version} made it, and this is version {}: run the shards again, or merge them with that version", env!("CARGO_PKG_VERSION"))]
    OtherVersion {
        /// That version.
        version: String,
    },
    /// The shards belong to sweeps with different numbers of shards.
    #[error("is one of {found} shards, the first folder one of {of}")]
    OtherCount {
        /// Shards of the first folder's sweep.
        of: u64,
        /// Shards of this folder's sweep.
        found: u64,
    },
    /// The shard was given twice.
    #[error("shard {shard} is given twice")]
    Repeated {
        /// The shard.
        shard: Shard,
    },
    /// Shards are missing.
    #[error("not merged: missing shards {}", list(.numbers, *.of))]
    Missing {
        /// Their numbers.
        numbers: Vec<u64>,
        /// Number of shards of the sweep.
        of: u64,
    },
    /// A job of the shard is not one of this work.
    #[error("has a job of {found} numbers, and {expected} are expected")]
    OtherNumbers {
        /// Numbers that a job has.
        expected: usize,
        /// Numbers that it has in the journal.
        found: usize,
    },
    /// The shard has too few jobs.
    #[error("has {found} jobs, {expected} expected")]
    Incomplete {
        /// Jobs that it should have.
        expected: u64,
        /// Jobs that it has.
        found: u64,
    },
}

/// Most ranges of shards that are listed.
const MOST_RANGES: usize = 20;

/// Numbers of shards in ascending order, those that follow one another as a range.
pub(crate) fn list(numbers: &[u64], of: u64) -> String {
    let ranges = numbers.chunk_by(|one, next| one + 1 == *next);
    let shown = ranges.clone().take(MOST_RANGES);
    let mut list: Vec<String> = shown
        .map(|range| match range {
            [number] => format!("{number}/{of}"),
            range => format!("{}-{}/{of}", range[0], range[range.len() - 1]),
        })
        .collect();
    let more: usize = ranges.skip(MOST_RANGES).map(<[u64]>::len).sum();
    if more > 0 {
        list.push(format!("and {more} more"));
    }
    list.join(", ")
}

impl FromStr for Shard {
    type Err = ShardError;
    fn from_str(text: &str) -> Result<Shard, ShardError> {
        let parts = text.split_once('/').and_then(|(number, of)| {
            Shard::new(number.trim().parse().ok()?, of.trim().parse().ok()?)
        });
        parts.ok_or_else(|| ShardError {
            text: text.to_owned(),
        })
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl Shard {
    /// The `number`-th of `of` parts; `None` if there is no such part.
    pub(crate) fn new(number: u64, of: u64) -> Option<Shard> {
        (1..=of).contains(&number).then_some(Shard { number, of })
    }

    /// All jobs.
    pub const ALL: Shard = Shard { number: 1, of: 1 };

    /// The jobs of this part, of `jobs` in all. The parts do not overlap and cover all jobs.
    pub(crate) fn range(self, jobs: u64) -> Range<u64> {
        let cut = |k: u64| (u128::from(jobs) * u128::from(k) / u128::from(self.of)) as u64;
        cut(self.number - 1)..cut(self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_cover_each_job_once() {
        for (jobs, of) in [(10, 3), (3, 7), (0, 2), (1 << 60, 1000), (401, 4)] {
            let mut next = 0;
            for number in 1..=of {
                let range = Shard { number, of }.range(jobs);
                assert_eq!(range.start, next);
                next = range.end;
            }
            assert_eq!(next, jobs);
        }
    }

    #[test]
    fn missing_shards_are_listed_as_ranges_and_not_without_end() {
        assert_eq!(list(&[2], 2), "2/2");
        assert_eq!(list(&[1, 2, 3, 7], 9), "1-3/9, 7/9");
        let odd: Vec<u64> = (0..100).map(|it| 2 * it + 1).collect();
        assert!(list(&odd, 200).ends_with("39/200, and 80 more"));
    }

    #[test]
    fn shards_are_written_i_of_n_from_1() {
        assert_eq!("2/8".parse(), Ok(Shard { number: 2, of: 8 }));
        for text in ["0/3", "4/3", "1", "a/2", "1/0", "-1/2", "1/2/3"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
