//! The journal of a sweep, a calibration or an analysis of a study: the outcome of every finished job, in order.
//!
//! Results are a pure function of the journal, so that work which was interrupted and resumed, or done in
//! shards, gives the same bytes. Each record is written at once, with checksums of its head and its body.
//! This distinguishes a record that a killed process left incomplete at the end from damage, which is
//! always an error.

use super::error::{Action, JournalError, Leftover, OutputError};
use super::job::{JobResult, decode, encode};
use super::staging::sync_folder;
use crate::table::plain_file::{open_plain, read_plain};
use serde::{Deserialize, Serialize};
use std::fs;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Name of the journal's file in the folder of an unfinished sweep, and in that of a shard.
pub(crate) const JOURNAL_NAME: &str = "jobs.journal";
const JOB_SPEC_NAME: &str = "job.json";
/// Largest spec that is read (bytes).
const MOST_SPEC_BYTES: u64 = 64 << 20;
/// The spec while it is written.
const DRAFT_NAME: &str = "job.json.partial";
const MAGIC: [u8; 4] = *b"PBJ2";
/// Magic, job, length, check of these, check of the body.
const HEAD: usize = 4 + 8 + 4 + 4 + 8;

/// What unfinished work is to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct JobSpec {
    /// The command that does it; empty in a spec of an earlier version.
    #[serde(default)]
    pub command: String,
    /// Version of the program.
    pub version: String,
    /// Name of the scenario's file, without its folder.
    pub scenario_file: String,
    /// The scenario's text.
    pub scenario_text: String,
    /// Overrides of the scenario's values, each as `key=value`.
    pub overrides: Vec<String>,
    /// First job.
    pub first: u64,
    /// One past the last job.
    pub end: u64,
    /// Whether older results may be replaced at the end.
    #[serde(default)]
    pub replaces: bool,
}

/// The open journal of a sweep under way.
#[derive(Debug)]
pub(crate) struct Journal {
    folder: PathBuf,
    path: PathBuf,
    file: File,
    next: u64,
    /// Jobs that were written since the device was waited for.
    unsynced: u32,
}

/// Jobs between two waits for the device.
const SYNC_EVERY: u32 = 256;

impl Journal {
    /// Starts a journal.
    ///
    /// The journal comes first, empty and locked, then the spec, complete or not at all. In a folder
    /// without a spec, as a killed process may leave it, no work was started.
    ///
    /// # Errors
    /// [`JournalError::Unfinished`] if there is unfinished work that may not be replaced,
    /// [`JournalError::Busy`] if another process is writing it, [`JournalError::Foreign`];
    /// [`OutputError::Io`].
    pub(crate) fn begin(
        folder: &Path,
        spec: &JobSpec,
        force: bool,
    ) -> Result<Journal, OutputError> {
        let path = folder.join(JOURNAL_NAME);
        match fs::create_dir(folder) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => only_ours(folder)?,
            made => made.map_err(OutputError::io(Action::Create, folder))?,
        }
        let file = open_own(&path)?;
        lock(&file, folder)?;
        let write = OutputError::io(Action::Write, &path);
        let started = folder.join(JOB_SPEC_NAME).exists()
            || file.metadata().map_or(true, |found| found.len() > 0);
        if started && !force {
            return Err(OutputError::journal(folder, JournalError::Unfinished));
        }
        file.set_len(0).map_err(write)?;
        write_spec(folder, spec)?;
        Ok(Journal {
            folder: folder.to_owned(),
            path,
            file,
            next: spec.first,
            unsynced: 0,
        })
    }

    /// What unfinished work is to do.
    ///
    /// # Errors
    /// [`JournalError::NotFound`], [`JournalError::JobSpec`]; [`OutputError::Io`].
    pub(crate) fn job_spec(folder: &Path) -> Result<JobSpec, OutputError> {
        let path = folder.join(JOB_SPEC_NAME);
        let text = match read_plain(&path, MOST_SPEC_BYTES) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let kept = fs::metadata(folder.join(JOURNAL_NAME));
                return Err(if kept.is_ok_and(|journal| journal.len() > 0) {
                    let why = "no such file".to_owned();
                    OutputError::journal(&path, JournalError::JobSpec(why))
                } else {
                    OutputError::journal(folder, JournalError::NotFound)
                });
            }
            text => text.map_err(OutputError::io(Action::Read, &path))?,
        };
        serde_json::from_slice(&text)
            .map_err(|error| OutputError::journal(&path, JournalError::JobSpec(error.to_string())))
    }

    /// Opens the journal of unfinished work to continue it.
    ///
    /// A record that was being written when its process was killed is cut off.
    ///
    /// # Errors
    /// [`JournalError::Busy`], [`JournalError::Damaged`], [`JournalError::OutOfOrder`];
    /// [`OutputError::Io`].
    pub(crate) fn resume(folder: &Path, spec: &JobSpec) -> Result<Journal, OutputError> {
        let path = folder.join(JOURNAL_NAME);
        let mut file = open_own(&path)?;
        lock(&file, folder)?;
        let mut reader = JournalReader::open(&path, spec.first)?;
        while reader.next()?.is_some() {}
        let (next, sound) = (reader.expected, reader.sound_bytes);
        if next > spec.end {
            let problem = JournalError::TooLong {
                jobs: spec.end - spec.first.min(spec.end),
            };
            return Err(OutputError::journal(&path, problem));
        }
        file.set_len(sound)
            .and_then(|()| file.seek(SeekFrom::End(0)))
            .map_err(OutputError::io(Action::Write, &path))?;
        Ok(Journal {
            folder: folder.to_owned(),
            path,
            file,
            next,
            unsynced: 0,
        })
    }

    /// The next job.
    pub(crate) fn next(&self) -> u64 {
        self.next
    }

    /// The journal's file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Appends a job, which must be the next. Every so often it waits for the device.
    ///
    /// # Errors
    /// [`OutputError::Io`]; what was written before is not lost by it.
    pub(crate) fn append(&mut self, result: &JobResult) -> Result<(), OutputError> {
        debug_assert_eq!(result.job, self.next);
        self.file
            .write_all(&record(result))
            .map_err(OutputError::io(Action::Write, &self.path))?;
        self.next += 1;
        self.unsynced += 1;
        if self.unsynced >= SYNC_EVERY {
            self.unsynced = 0;
            self.sync()?;
        }
        Ok(())
    }

    /// Waits until the device holds all that was written.
    ///
    /// # Errors
    /// [`OutputError::Io`].
    pub(crate) fn sync(&self) -> Result<(), OutputError> {
        self.file
            .sync_data()
            .map_err(OutputError::io(Action::Write, &self.path))
    }

    /// Removes the folder of work that is finished; returns what could not be removed.
    pub(crate) fn remove(self) -> Option<Leftover> {
        let error = remove(&self.folder).err()?;
        Some(Leftover::new(&self.folder, &error))
    }

    /// Removes what a process that was killed left of a sweep whose results are in place.
    ///
    /// # Errors
    /// [`JournalError::Busy`], [`JournalError::Foreign`]; [`OutputError::Io`].
    pub(crate) fn clear(folder: &Path) -> Result<(), OutputError> {
        if fs::symlink_metadata(folder).is_err() {
            return Ok(());
        }
        only_ours(folder)?;
        let path = folder.join(JOURNAL_NAME);
        match open_plain(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            file => lock(&file.map_err(OutputError::io(Action::Read, &path))?, folder)?,
        }
        remove(folder)
    }
}

/// The bytes of a job in a journal.
pub(crate) fn record(result: &JobResult) -> Vec<u8> {
    let body = encode(result);
    let mut record = Vec::with_capacity(HEAD + body.len());
    record.extend(MAGIC);
    record.extend(result.job.to_le_bytes());
    record.extend((body.len() as u32).to_le_bytes());
    let head = check(&record);
    record.extend(&head[..4]);
    record.extend(check(&body));
    record.extend(&body);
    record
}

/// The job of a record that [`record`] made.
pub(crate) fn recorded_job(record: &[u8]) -> Option<JobResult> {
    let job = record.get(4..12)?.try_into().ok()?;
    Some(JobResult {
        job: u64::from_le_bytes(job),
        outcome: decode(record.get(HEAD..)?)?,
    })
}

/// Opens a journal to write to it, and makes it if there is none.
///
/// Nothing is written through a link: the file that it leads to is not a journal of this folder. Hard
/// links are refused too, as they share their bytes with another name.
fn open_own(path: &Path) -> Result<File, OutputError> {
    let refuse = || Err(OutputError::journal(path, JournalError::Link));
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits() as i32);
    }
    if fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
        return refuse();
    }
    let io = |error| OutputError::io(Action::Create, path)(error);
    let file = options.open(path).map_err(io)?;
    let found = file.metadata().map_err(io)?;
    #[cfg(unix)]
    if std::os::unix::fs::MetadataExt::nlink(&found) > 1 {
        return refuse();
    }
    if found.is_file() { Ok(file) } else { refuse() }
}

/// Takes the lock of the process that writes; a file system without locks has none.
fn lock(file: &File, folder: &Path) -> Result<(), OutputError> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(OutputError::journal(folder, JournalError::Busy)),
        Err(TryLockError::Error(_)) | Ok(()) => Ok(()),
    }
}

/// Refuses a folder that holds anything but what a journal's does.
fn only_ours(folder: &Path) -> Result<(), OutputError> {
    let ours = [JOURNAL_NAME, JOB_SPEC_NAME, DRAFT_NAME];
    let entries = fs::read_dir(folder).map_err(OutputError::io(Action::Read, folder))?;
    let foreign = entries
        .flatten()
        .find(|entry| ours.iter().all(|name| entry.file_name() != *name));
    match foreign {
        None => Ok(()),
        Some(entry) => {
            let name = entry.file_name().to_string_lossy().into_owned();
            Err(OutputError::journal(folder, JournalError::Foreign { name }))
        }
    }
}

/// Writes a spec, which is complete or absent.
fn write_spec(folder: &Path, spec: &JobSpec) -> Result<(), OutputError> {
    let (draft, requested) = (folder.join(DRAFT_NAME), folder.join(JOB_SPEC_NAME));
    let text = serde_json::to_vec_pretty(spec)
        .map_err(|error| OutputError::io(Action::Write, &requested)(error.into()))?;
    // The rest of a killed process, or a link through which nothing is to be written.
    if fs::symlink_metadata(&draft).is_ok() {
        fs::remove_file(&draft).map_err(OutputError::io(Action::Write, &draft))?;
    }
    File::create_new(&draft)
        .and_then(|mut file| file.write_all(&text).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&draft, &requested))
        .and_then(|()| sync_folder(folder))
        .map_err(OutputError::io(Action::Write, &requested))
}

/// Removes a journal's folder, the journal first, so that what is left at any moment is like a new one.
fn remove(folder: &Path) -> Result<(), OutputError> {
    for name in [JOURNAL_NAME, JOB_SPEC_NAME, DRAFT_NAME] {
        match fs::remove_file(folder.join(name)) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            removed => removed.map_err(OutputError::io(Action::Remove, folder))?,
        }
    }
    fs::remove_dir(folder).map_err(OutputError::io(Action::Remove, folder))
}

fn check(bytes: &[u8]) -> [u8; 8] {
    let mut check = [0; 8];
    check.copy_from_slice(&blake3::hash(bytes).as_bytes()[..8]);
    check
}

/// Reads a journal's jobs in order, holding one at a time.
#[derive(Debug)]
pub(crate) struct JournalReader {
    path: PathBuf,
    file: BufReader<File>,
    first: u64,
    expected: u64,
    /// Bytes of sound records so far.
    sound_bytes: u64,
    /// Bytes of the file when it was opened.
    size: u64,
}

impl JournalReader {
    /// Opens a journal whose first job is given.
    ///
    /// # Errors
    /// [`OutputError::Io`].
    pub(crate) fn open(path: &Path, first: u64) -> Result<JournalReader, OutputError> {
        let file = open_plain(path).map_err(OutputError::io(Action::Read, path))?;
        let size = file
            .metadata()
            .map_err(OutputError::io(Action::Read, path))?
            .len();
        Ok(JournalReader {
            path: path.to_owned(),
            size,
            file: BufReader::with_capacity(1 << 16, file),
            first,
            expected: first,
            sound_bytes: 0,
        })
    }

    /// Folder of the journal.
    pub(crate) fn folder(&self) -> PathBuf {
        self.path.parent().unwrap_or(&self.path).to_owned()
    }

    /// First byte of the next record.
    pub(crate) fn position(&self) -> u64 {
        self.sound_bytes
    }

    /// Goes to the record of a job, whose first byte is `position`.
    ///
    /// # Errors
    /// [`OutputError::Io`].
    pub(crate) fn seek(&mut self, position: u64, job: u64) -> Result<(), OutputError> {
        let read = OutputError::io(Action::Read, &self.path);
        // Seeking empties the buffer, which is a loss where records are read one after the other.
        let there = self.file.stream_position();
        if !there.as_ref().is_ok_and(|there| *there == position) {
            self.file.seek(SeekFrom::Start(position)).map_err(read)?;
        }
        (self.sound_bytes, self.expected) = (position, job);
        Ok(())
    }

    /// The next job; `None` after the last complete record.
    ///
    /// # Errors
    /// [`JournalError::Damaged`], [`JournalError::OutOfOrder`]; [`OutputError::Io`].
    pub(crate) fn next(&mut self) -> Result<Option<JobResult>, OutputError> {
        let mut head = [0; HEAD];
        if self.fill(&mut head)? < HEAD {
            return Ok(None);
        }
        let word = |range: std::ops::Range<usize>| {
            head[range]
                .iter()
                .rev()
                .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte))
        };
        if head[..4] != MAGIC || head[16..20] != check(&head[..16])[..4] {
            return if head.iter().all(|byte| *byte == 0) && self.rest_is_zero()? {
                Ok(None)
            } else {
                Err(self.damaged())
            };
        }
        let (job, length) = (word(4..12), word(12..16) as usize);
        // A length that is not true does not decide how much memory is taken.
        if self.sound_bytes + (HEAD + length) as u64 > self.size {
            return Ok(None);
        }
        let mut body = vec![0; length];
        if self.fill(&mut body)? < length {
            return Ok(None);
        }
        if head[20..] != check(&body) {
            return Err(self.damaged());
        }
        if job != self.expected {
            let problem = JournalError::OutOfOrder {
                expected: self.expected,
                found: job,
            };
            return Err(OutputError::journal(&self.path, problem));
        }
        let outcome = decode(&body).ok_or_else(|| self.damaged())?;
        self.expected += 1;
        self.sound_bytes += (HEAD + length) as u64;
        Ok(Some(JobResult { job, outcome }))
    }

    fn damaged(&self) -> OutputError {
        let problem = JournalError::Damaged {
            at: self.sound_bytes,
            sound: self.expected - self.first,
        };
        OutputError::journal(&self.path, problem)
    }

    /// Reads as many bytes as there are, and says how many.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<usize, OutputError> {
        let mut done = 0;
        while done < bytes.len() {
            match self.file.read(&mut bytes[done..]) {
                Ok(0) => break,
                Ok(count) => done += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(OutputError::io(Action::Read, &self.path)(error)),
            }
        }
        Ok(done)
    }

    /// Whether only zeros follow: what some file systems leave at the end after a loss of power.
    fn rest_is_zero(&mut self) -> Result<bool, OutputError> {
        let mut bytes = [0; 4096];
        loop {
            match self.fill(&mut bytes)? {
                0 => return Ok(true),
                count if bytes[..count].iter().any(|byte| *byte != 0) => return Ok(false),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::job::{JobOutcome, RunResult};
    use crate::simulation::measure::Sums;
    use crate::table::{Batch, Values};
    use proptest::prelude::*;

    fn spec() -> JobSpec {
        JobSpec {
            command: "sweep".into(),
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
            let mut journal =
                Journal::resume(&home.path().join("u"), &spec()).expect("a torn journal");
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

    #[test]
    fn mutated_journals_are_read_or_refused() {
        let home = tempfile::tempdir().expect("a folder");
        let path = written(&home.path().join("u"), 5..9);
        let sound = fs::read(&path).expect("bytes");
        crate::table::test_support::mutations(&sound, |bytes| {
            fs::write(&path, bytes).expect("a writable file");
            if let Ok(results) = read(&path) {
                assert!(results.len() <= 4);
            }
        });
        // Records whose checks are right.
        for job in 5..9 {
            crate::table::test_support::mutations(&encode(&result(job)), |bytes| {
                let _ = decode(bytes);
            });
        }
        let sound = serde_json::to_vec(&spec()).expect("JSON");
        let path = home.path().join("u").join(JOB_SPEC_NAME);
        crate::table::test_support::mutations(&sound, |bytes| {
            fs::write(&path, bytes).expect("a writable file");
            let _ = Journal::job_spec(&home.path().join("u"));
        });
    }

    #[test]
    fn a_false_length_takes_no_memory() {
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().join("jobs.journal");
        let mut record = MAGIC.to_vec();
        record.extend(5_u64.to_le_bytes());
        record.extend(u32::MAX.to_le_bytes());
        let head = check(&record);
        record.extend(&head[..4]);
        record.extend([0; 8]);
        fs::write(&path, &record).expect("a writable file");
        assert_eq!(read(&path).expect("a torn journal").len(), 0);
    }

    #[test]
    fn a_journal_with_more_jobs_than_the_work_is_refused() {
        let home = tempfile::tempdir().expect("a folder");
        written(&home.path().join("u"), 5..9);
        let short = JobSpec { end: 8, ..spec() };
        let refused = Journal::resume(&home.path().join("u"), &short).expect_err("too long");
        assert!(
            refused.to_string().contains("more than the 3 jobs"),
            "{refused}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link() {
        let home = tempfile::tempdir().expect("a folder");
        let victim = home.path().join("thesis.tex");
        fs::write(&victim, "mine").expect("writable");
        let hard = |from: &Path, to: &Path| fs::hard_link(from, to);
        let soft = |from: &Path, to: &Path| std::os::unix::fs::symlink(from, to);
        let kinds: [&dyn Fn(&Path, &Path) -> std::io::Result<()>; 2] = [&hard, &soft];
        for (number, link) in kinds.iter().enumerate() {
            let folder = home.path().join(number.to_string());
            fs::create_dir(&folder).expect("writable");
            link(&victim, &folder.join(JOURNAL_NAME)).expect("writable");
            for force in [false, true] {
                let refused = Journal::begin(&folder, &spec(), force).expect_err("a link");
                assert!(refused.to_string().contains("is a link"), "{refused}");
            }
            let refused = Journal::resume(&folder, &spec()).expect_err("a link");
            assert!(refused.to_string().contains("is a link"), "{refused}");
            fs::remove_file(folder.join(JOURNAL_NAME)).expect("there");
            // The draft of the spec is made anew.
            link(&victim, &folder.join(DRAFT_NAME)).expect("writable");
            Journal::begin(&folder, &spec(), true).expect("a new journal");
            assert_eq!(fs::read_to_string(&victim).expect("kept"), "mine");
        }
    }

    #[test]
    fn a_record_is_found_again_by_its_first_byte() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("s.unfinished");
        let mut journal = Journal::begin(&folder, &spec(), false).expect("a journal");
        for job in 5..12 {
            journal.append(&result(job)).expect("writable");
        }
        let mut reader = JournalReader::open(journal.path(), 5).expect("a journal");
        let mut places = Vec::new();
        loop {
            let place = reader.position();
            let Some(found) = reader.next().expect("sound") else {
                break;
            };
            places.push((place, found.job));
        }
        assert_eq!(places.len(), 7);
        for at in [3, 4, 0, 6, 6, 1] {
            let (place, job) = places[at];
            reader.seek(place, job).expect("readable");
            let found = reader.next().expect("sound").expect("a job");
            assert_eq!(text(&[found]), text(&[result(job)]));
        }
        // Of another job, or not at the start of a record.
        reader.seek(places[2].0, 3).expect("readable");
        assert!(reader.next().is_err());
        reader.seek(places[2].0 + 1, 7).expect("readable");
        assert!(reader.next().is_err());
    }
}
