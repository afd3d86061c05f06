use super::*;
use crate::results::job::{JobOutcome, RunResult};
use crate::simulation::measure::Sums;
use crate::table::{Batch, Values};
use proptest::prelude::*;

fn spec() -> JobSpec {
    JobSpec {
        version: "0".into(),
        scenario_file: "s.toml".into(),
        scenario_text: "title = 'x'".into(),
        overrides: Vec::new(),
        first: 5,
        end: 25,
        replaces: false,
    }
}

fn result(job: u64) -> JobResult {
    let sums = Sums {
        n: job,
        sum: 0.1 * job as f64,
        squares: f64::NAN,
    };
    let outcome = if job % 4 == 3 {
        JobOutcome::Failed(format!("job {job} could not be done"))
    } else if job % 4 == 2 {
        JobOutcome::Statistics(vec![f64::NAN, -0.0, job as f64])
    } else {
        let runs = (0..3).map(|r| RunResult {
            replicate: r,
            couples: 7,
            ended: 2,
            sums: vec![sums; 2],
        });
        let columns = vec![
            Values::Float(vec![f64::NAN, -0.0]),
            Values::Int(vec![i64::MIN, 3]),
            Values::Categorical(vec![1, 255]),
            Values::Str(vec![String::new(), "ä".into()]),
        ];
        JobOutcome::Runs {
            runs: runs.collect(),
            couples: Batch { columns },
        }
    };
    JobResult { job, outcome }
}

/// NaN is not equal to itself; its text is.
fn text(results: &[JobResult]) -> String {
    format!("{results:?}")
}

fn written(folder: &Path, jobs: std::ops::Range<u64>) -> PathBuf {
    let mut journal = Journal::begin(folder, &spec(), false).expect("a new journal");
    for job in jobs {
        journal.append(&result(job)).expect("a writable journal");
    }
    journal.path().to_owned()
}

fn read(path: &Path) -> Result<Vec<JobResult>, OutputError> {
    let mut reader = JournalReader::open(path, 5)?;
    let mut results = Vec::new();
    while let Some(result) = reader.next()? {
        results.push(result);
    }
    Ok(results)
}

#[test]
fn what_was_written_is_read_back() {
    let home = tempfile::tempdir().expect("a folder");
    let path = written(&home.path().join("u"), 5..17);
    let expected: Vec<JobResult> = (5..17).map(result).collect();
    assert_eq!(
        text(&read(&path).expect("a sound journal")),
        text(&expected)
    );
}

#[test]
fn a_journal_cut_anywhere_resumes_with_all_complete_records() {
    let home = tempfile::tempdir().expect("a folder");
    let path = written(&home.path().join("u"), 5..9);
    let bytes = fs::read(&path).expect("bytes");
    let mut ends = vec![0];
    for job in 5..9 {
        ends.push(ends[ends.len() - 1] + HEAD + encode(&result(job)).len());
    }
    for cut in 0..=bytes.len() {
        fs::write(&path, &bytes[..cut]).expect("a writable file");
        let mut journal = Journal::resume(&home.path().join("u"), &spec()).expect("a torn journal");
        let whole = ends.iter().filter(|end| **end <= cut).count() as u64 - 1;
        assert_eq!(journal.next(), 5 + whole, "cut at {cut}");
        for job in journal.next()..9 {
            journal.append(&result(job)).expect("a writable journal");
        }
        drop(journal);
        assert!(fs::read(&path).expect("bytes") == bytes, "cut at {cut}");
    }
}

#[test]
fn zeros_at_the_end_are_cut_off() {
    let home = tempfile::tempdir().expect("a folder");
    let path = written(&home.path().join("u"), 5..9);
    let mut bytes = fs::read(&path).expect("bytes");
    bytes.extend([0; 5000]);
    fs::write(&path, bytes).expect("a writable file");
    let journal = Journal::resume(&home.path().join("u"), &spec()).expect("a torn journal");
    assert_eq!(journal.next(), 9);
}

#[test]
fn an_unfinished_sweep_is_neither_overwritten_nor_resumed_twice() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("u");
    assert!(Journal::job_spec(&folder).is_err());
    let journal = Journal::begin(&folder, &spec(), false).expect("a new journal");
    let journal_error = |error: OutputError| match error {
        OutputError::Journal { error, .. } => error,
        other => panic!("{other}"),
    };
    let again = Journal::begin(&folder, &spec(), false).expect_err("somebody is at work");
    assert_eq!(journal_error(again), JournalError::Busy);
    let busy = Journal::resume(&folder, &spec()).expect_err("somebody is at work");
    assert_eq!(journal_error(busy), JournalError::Busy);
    let forced = Journal::begin(&folder, &spec(), true).expect_err("somebody is at work");
    assert_eq!(journal_error(forced), JournalError::Busy);
    drop(journal);
    assert_eq!(Journal::job_spec(&folder).expect("a spec"), spec());
    let again = Journal::begin(&folder, &spec(), false).expect_err("it is there");
    assert_eq!(journal_error(again), JournalError::Unfinished);
    Journal::begin(&folder, &spec(), true).expect("begun anew");
}

proptest! {
    #[test]
    fn damage_is_found_anywhere(position in 0.0..1.0_f64, flip in 1..=255_u8) {
        let home = tempfile::tempdir().expect("a folder");
        let path = written(&home.path().join("u"), 5..9);
        let mut bytes = fs::read(&path).expect("bytes");
        let at = ((bytes.len() as f64 * position) as usize).min(bytes.len() - 1);
        bytes[at] ^= flip;
        fs::write(&path, &bytes).expect("a writable file");
        prop_assert!(read(&path).is_err());
        prop_assert!(Journal::resume(&home.path().join("u"), &spec()).is_err());
        prop_assert!(fs::read(&path).expect("bytes") == bytes, "nothing is changed");
    }
}
