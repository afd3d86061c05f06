//! Unfinished work: its journal is next to the folder of its results, and resumes it.

use crate::results::{Folder, JobSpec, Journal, JournalError, OutputError};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What to do with existing results and unfinished work.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ResumeOptions<'a> {
    /// Folder of the results.
    pub(crate) out: &'a Path,
    /// Whether older results, or unfinished work, may be replaced.
    pub(crate) force: bool,
    /// Whether unfinished work is resumed.
    pub(crate) resume: bool,
}

/// The folder of the journal of work that is not finished: `NAME.unfinished`.
pub fn unfinished_folder(out: &Path) -> PathBuf {
    let mut name: OsString = out.file_name().unwrap_or("results".as_ref()).to_owned();
    name.push(".unfinished");
    out.with_file_name(name)
}

/// Opens the journal, and says whether older results may be replaced at the end.
///
/// Returns `None` if the results to be resumed are complete: their process was killed after it put them
/// in place and before it removed the journal.
pub(crate) fn open(
    options: ResumeOptions<'_>,
    spec: &JobSpec,
    is_done: impl Fn() -> bool,
) -> Result<Option<(Journal, bool)>, OutputError> {
    let folder = &unfinished_folder(options.out);
    // Refuses a taken target before any work is done; the folder itself is made at the end.
    let free = |force| Folder::create(options.out, force).map(drop);
    if !options.resume {
        free(options.force)?;
        let journal = Journal::begin(folder, spec, options.force)?;
        return Ok(Some((journal, options.force)));
    }
    let started = Journal::job_spec(folder);
    let not_found = matches!(
        &started,
        Err(OutputError::Journal {
            error: JournalError::NotFound,
            ..
        })
    );
    let replaces = started.as_ref().is_ok_and(|started| started.replaces);
    if let Ok(started) = &started {
        check_unchanged(started, spec)?;
    }
    if (started.is_ok() || not_found) && !replaces && is_done() {
        Journal::clear(folder)?;
        return Ok(None);
    }
    let started = started?;
    free(replaces)?;
    Ok(Some((Journal::resume(folder, &started)?, replaces)))
}

/// Fails if the work changed since it started, and says how.
fn check_unchanged(started: &JobSpec, wanted: &JobSpec) -> Result<(), OutputError> {
    let mut changes = Vec::new();
    if started.version != wanted.version {
        changes.push(format!(
            "version {} became {}",
            started.version, wanted.version
        ));
    }
    changes.extend(changed_lines(&started.scenario_text, &wanted.scenario_text));
    if started.overrides != wanted.overrides {
        let list = |values: &[String]| {
            if values.is_empty() {
                "none".to_owned()
            } else {
                values.join(" ")
            }
        };
        changes.push(format!(
            "overrides: {} became {}",
            list(&started.overrides),
            list(&wanted.overrides)
        ));
    }
    if (started.first, started.end) != (wanted.first, wanted.end) {
        changes.push(format!(
            "jobs {} to {} became {} to {}",
            started.first + 1,
            started.end,
            wanted.first + 1,
            wanted.end
        ));
    }
    if changes.is_empty() {
        Ok(())
    } else {
        Err(OutputError::Changed { changes })
    }
}

/// The lines in which two texts differ, at most ten of them.
fn changed_lines(before: &str, after: &str) -> Vec<String> {
    let gone = |from: &str, to: &str, sign: char| -> Vec<String> {
        let kept: std::collections::BTreeSet<&str> = to.lines().map(str::trim).collect();
        from.lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#') && !kept.contains(line))
            .map(|line| format!("{sign} {line}"))
            .collect()
    };
    let mut lines = gone(before, after, '-');
    lines.extend(gone(after, before, '+'));
    if lines.is_empty() && before != after {
        lines.push("the order of lines, comments or blank lines".to_owned());
    }
    lines.truncate(10);
    lines
}
