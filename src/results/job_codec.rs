//! The body of a journal's record: a job's outcome as bytes, little-endian, reals bit for bit.

use crate::simulation::measure::Sums;
use crate::sweep::jobs::{JobOutcome, JobResult, RunResult};
use crate::table::{Batch, Values};

const DONE: u8 = 1;
const FAILED: u8 = 0;

/// Writes an outcome down.
pub(crate) fn encode(result: &JobResult) -> Vec<u8> {
    let mut bytes = Vec::new();
    match &result.outcome {
        JobOutcome::Failed(reason) => {
            bytes.push(FAILED);
            text(&mut bytes, reason);
        }
        JobOutcome::Done { runs, couples } => {
            bytes.push(DONE);
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
        Values::Float(list) => list
            .iter()
            .for_each(|x| bytes.extend(x.to_bits().to_le_bytes())),
        Values::Int(list) => list.iter().for_each(|x| bytes.extend(x.to_le_bytes())),
        Values::Categorical(list) => bytes.extend(list),
        Values::Str(list) => list.iter().for_each(|x| text(bytes, x)),
    }
}

/// Reads an outcome; `None` where the bytes are none.
pub(crate) fn decode(bytes: &[u8]) -> Option<JobOutcome> {
    let mut cursor = Cursor { bytes };
    let outcome = match cursor.byte()? {
        FAILED => JobOutcome::Failed(cursor.text()?),
        DONE => {
            let runs = (0..cursor.count()?)
                .map(|_| cursor.run())
                .collect::<Option<_>>()?;
            let columns = (0..cursor.count()?)
                .map(|_| cursor.values())
                .collect::<Option<_>>()?;
            JobOutcome::Done {
                runs,
                couples: Batch { columns },
            }
        }
        _ => return None,
    };
    cursor.bytes.is_empty().then_some(outcome)
}

struct Cursor<'a> {
    bytes: &'a [u8],
}

impl Cursor<'_> {
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
    fn whole(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }
    fn real(&mut self) -> Option<f64> {
        self.whole().map(f64::from_bits)
    }
    /// A count of things of at least one byte each, of which there cannot be more than bytes.
    fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.whole()?).ok()?;
        (count <= self.bytes.len()).then_some(count)
    }
    fn text(&mut self) -> Option<String> {
        let count = self.count()?;
        String::from_utf8(self.take(count)?.to_vec()).ok()
    }
    fn run(&mut self) -> Option<RunResult> {
        let replicate = u32::from_le_bytes(self.array()?);
        let (couples, ended) = (self.whole()?, self.whole()?);
        let sums = (0..self.count()?)
            .map(|_| {
                Some(Sums {
                    n: self.whole()?,
                    sum: self.real()?,
                    squares: self.real()?,
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
            0 => Values::Float((0..count).map(|_| self.real()).collect::<Option<_>>()?),
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
