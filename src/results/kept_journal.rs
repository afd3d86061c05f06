//! The journal among the files of results.

use super::hashing_writer::RecordedFile;
use super::{Folder, JOURNAL_NAME, JobOutcome, JobResult, JournalReader, OutputError, record};
use std::path::Path;

/// A journal that is written to a folder of results.
pub(crate) struct KeptJournal {
    file: RecordedFile,
    /// Records that wait to be written.
    waiting: Vec<u8>,
    /// Bytes of all records.
    bytes: u64,
}

impl KeptJournal {
    /// Starts it.
    ///
    /// # Errors
    /// [`OutputError::Io`].
    pub(crate) fn create(folder: &mut Folder) -> Result<KeptJournal, OutputError> {
        Ok(KeptJournal {
            file: folder.create_file(JOURNAL_NAME)?,
            waiting: Vec::new(),
            bytes: 0,
        })
    }

    /// Appends a job; returns the first byte of its record.
    ///
    /// # Errors
    /// [`OutputError::Io`].
    pub(crate) fn take(&mut self, result: &JobResult) -> Result<u64, OutputError> {
        let (at, record) = (self.bytes, record(result));
        self.bytes += record.len() as u64;
        self.waiting.extend(record);
        if self.waiting.len() >= 1 << 20 {
            self.file.write_bytes(&self.waiting)?;
            self.waiting.clear();
        }
        Ok(at)
    }

    /// Writes the rest.
    ///
    /// # Errors
    /// [`OutputError::Io`].
    pub(crate) fn finish(mut self, folder: &mut Folder) -> Result<(), OutputError> {
        self.file.write_bytes(&self.waiting)?;
        folder.finish(self.file)
    }

    /// Copies a journal whose first job is given to a folder; returns how many of its jobs failed.
    ///
    /// # Errors
    /// Those of the journal; [`OutputError::Io`].
    pub(crate) fn copy(
        folder: &mut Folder,
        journal: &Path,
        first: u64,
    ) -> Result<u64, OutputError> {
        let mut reader = JournalReader::open(journal, first)?;
        let mut kept = KeptJournal::create(folder)?;
        let mut failed = 0;
        while let Some(result) = reader.next()? {
            failed += u64::from(matches!(result.outcome, JobOutcome::Failed(_)));
            kept.take(&result)?;
        }
        kept.finish(folder)?;
        Ok(failed)
    }
}
