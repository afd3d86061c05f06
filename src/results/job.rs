//! Outcomes of jobs, and their bytes in a journal (little-endian, floats bit for bit).

use crate::simulation::measure::Sums;
use crate::table::{Batch, Values};

/// The result of one run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RunResult {
    /// The replicate, from 0.
    pub replicate: u32,
    /// Couples that were simulated.
    pub couples: u64,
    /// Couples that separated.
    pub ended: u64,
    /// Sums of each measure, in the sweep's order.
    pub sums: Vec<Sums>,
}

/// The outcome of one job.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum JobOutcome {
    /// Runs of a point of a sweep.
    Runs {
        /// The runs, in the order of replicates.
        runs: Vec<RunResult>,
        /// Rows of the couples of all runs; no columns if they are not kept.
        couples: Batch,
    },
    /// Numbers that one job of a calibration or of an analysis of a study gave.
    Statistics(Vec<f64>),
    /// The job failed, for this reason.
    Failed(String),
}

/// A job's number with its outcome.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct JobResult {
    /// Number of the job.
    pub job: u64,
    /// The outcome.
    pub outcome: JobOutcome,
}

const FAILED: u8 = 0;
const RUNS: u8 = 1;
const STATISTICS: u8 = 2;

/// The bytes of an outcome.
pub(crate) fn encode(result: &JobResult) -> Vec<u8> {
    let mut bytes = Vec::new();
    match &result.outcome {
        JobOutcome::Failed(reason) => {
            bytes.push(FAILED);
            text(&mut bytes, reason);
        }
        JobOutcome::Statistics(statistics) => {
            bytes.push(STATISTICS);
            count(&mut bytes, statistics.len());
            floats(&mut bytes, statistics);
        }
        JobOutcome::Runs { runs, couples } => {
            bytes.push(RUNS);
            count(&mut bytes, runs.len());
            for run in runs {
                bytes.extend(run.replicate.to_le_bytes());
                bytes.extend(run.couples.to_le_bytes());
                bytes.extend(run.ended.to_le_bytes());
                count(&mut bytes, run.sums.len());
                for sums in &run.sums {
                    bytes.extend(sums.n.to_le_bytes());
                    bytes.extend(sums.sum.to_bits().to_le_bytes());
                    bytes.extend(sums.squares.to_bits().to_le_bytes());
                }
            }
            count(&mut bytes, couples.columns.len());
            for column in &couples.columns {
                values(&mut bytes, column);
            }
        }
    }
    bytes
}

fn count(bytes: &mut Vec<u8>, count: usize) {
    bytes.extend((count as u64).to_le_bytes());
}

fn floats(bytes: &mut Vec<u8>, list: &[f64]) {
    bytes.extend(list.iter().flat_map(|x| x.to_bits().to_le_bytes()));
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    count(bytes, text.len());
    bytes.extend(text.as_bytes());
}

fn values(bytes: &mut Vec<u8>, column: &Values) {
    let kind = match column {
        Values::Float(_) => 0,
        Values::Int(_) => 1,
        Values::Categorical(_) => 2,
        Values::Str(_) => 3,
    };
    bytes.push(kind);
    count(bytes, column.len());
    match column {
        Values::Float(list) => floats(bytes, list),
        Values::Int(list) => list.iter().for_each(|x| bytes.extend(x.to_le_bytes())),
        Values::Categorical(list) => bytes.extend(list),
        Values::Str(list) => list.iter().for_each(|x| text(bytes, x)),
    }
}

/// Reads an outcome; `None` if the bytes are not one.
pub(crate) fn decode(bytes: &[u8]) -> Option<JobOutcome> {
    let mut cursor = ByteReader { bytes };
    let outcome = match cursor.byte()? {
        FAILED => JobOutcome::Failed(cursor.text()?),
        STATISTICS => {
            let count = cursor.count()?;
            JobOutcome::Statistics(cursor.floats(count)?)
        }
        RUNS => {
            let runs = (0..cursor.count()?)
                .map(|_| cursor.run())
                .collect::<Option<_>>()?;
            let columns = (0..cursor.count()?)
                .map(|_| cursor.values())
                .collect::<Option<_>>()?;
            JobOutcome::Runs {
                runs,
                couples: Batch { columns },
            }
        }
        _ => return None,
    };
    cursor.bytes.is_empty().then_some(outcome)
}

struct ByteReader<'a> {
    bytes: &'a [u8],
}

impl ByteReader<'_> {
    fn take(&mut self, count: usize) -> Option<&[u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(taken)
    }
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }
    fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }
    fn integer(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }
    fn float(&mut self) -> Option<f64> {
        self.integer().map(f64::from_bits)
    }
    /// A count of items of at least one byte each, so at most the number of bytes left.
    fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.integer()?).ok()?;
        (count <= self.bytes.len()).then_some(count)
    }
    fn floats(&mut self, count: usize) -> Option<Vec<f64>> {
        (0..count).map(|_| self.float()).collect()
    }
    fn text(&mut self) -> Option<String> {
        let count = self.count()?;
        String::from_utf8(self.take(count)?.to_vec()).ok()
    }
    fn run(&mut self) -> Option<RunResult> {
        let replicate = u32::from_le_bytes(self.array()?);
        let (couples, ended) = (self.integer()?, self.integer()?);
        let sums = (0..self.count()?)
            .map(|_| {
                Some(Sums {
                    n: self.integer()?,
                    sum: self.float()?,
                    squares: self.float()?,
                })
            })
            .collect::<Option<_>>()?;
        Some(RunResult {
            replicate,
            couples,
            ended,
            sums,
        })
    }
    fn values(&mut self) -> Option<Values> {
        let kind = self.byte()?;
        let count = self.count()?;
        Some(match kind {
            0 => Values::Float(self.floats(count)?),
            1 => Values::Int(
                (0..count)
                    .map(|_| self.array().map(i64::from_le_bytes))
                    .collect::<Option<_>>()?,
            ),
            2 => Values::Categorical(self.take(count)?.to_vec()),
            3 => Values::Str((0..count).map(|_| self.text()).collect::<Option<_>>()?),
            _ => return None,
        })
    }
}
