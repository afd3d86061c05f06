//! Work that is not finished: its journal beside the folder of its results, by which it is resumed.

use crate::error::Error;
use crate::results::{Folder, Journal, JournalFault, OutputError, Question};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What is wished for with results and with work that was begun.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish<'a> {
    /// Folder of the results.
    pub(crate) out: &'a Path,
    /// Whether older results, or unfinished work, may be replaced.
    pub(crate) force: bool,
    /// Whether unfinished work is gone on with.
    pub(crate) resume: bool,
}

/// The folder of the journal of work that is not finished: `NAME.unfinished`.
pub fn unfinished_folder(out: &Path) -> PathBuf {
    let mut name: OsString = out.file_name().unwrap_or("results".as_ref()).to_owned();
    name.push(".unfinished");
    out.with_file_name(name)
}

/// Opens the journal to be written to, and says whether older results may be replaced at the end;
/// `None` where the results that are to be resumed are in place, as of a process that was killed
/// between putting them there and removing its journal.
pub(crate) fn open(
    wish: Wish<'_>,
    question: &Question,
    is_done: impl Fn() -> bool,
) -> Result<Option<(Journal, bool)>, Error> {
    let folder = &unfinished_folder(wish.out);
    // Refuses a taken target before any work is done; the folder itself is made at the end.
    let free = |force| Folder::create(wish.out, force).map(drop);
    if !wish.resume {
        free(wish.force)?;
        let journal = Journal::begin(folder, question, wish.force)?;
        return Ok(Some((journal, wish.force)));
    }
    let begun = Journal::question(folder);
    let nothing = matches!(
        &begun,
        Err(OutputError::Journal {
            fault: JournalFault::Nothing,
            ..
        })
    );
    let replaces = begun.as_ref().is_ok_and(|begun| begun.replaces);
    if let Ok(begun) = &begun {
        unchanged(begun, question)?;
    }
    if (begun.is_ok() || nothing) && !replaces && is_done() {
        Journal::clear(folder)?;
        return Ok(None);
    }
    let begun = begun?;
    free(replaces)?;
    Ok(Some((Journal::resume(folder, &begun)?, replaces)))
}

/// Refuses to go on with another question than the one begun, and says what changed.
fn unchanged(begun: &Question, asked: &Question) -> Result<(), Error> {
    let mut changes = Vec::new();
    if begun.version != asked.version {
        changes.push(format!(
            "version {} became {}",
            begun.version, asked.version
        ));
    }
    changes.extend(changed_lines(&begun.scenario_text, &asked.scenario_text));
    if begun.overrides != asked.overrides {
        let list = |values: &[String]| {
            if values.is_empty() {
                "none".to_owned()
            } else {
                values.join(" ")
            }
        };
        changes.push(format!(
            "overrides: {} became {}",
            list(&begun.overrides),
            list(&asked.overrides)
        ));
    }
    if (begun.first, begun.end) != (asked.first, asked.end) {
        changes.push(format!(
            "jobs {} to {} became {} to {}",
            begun.first + 1,
            begun.end,
            asked.first + 1,
            asked.end
        ));
    }
    if changes.is_empty() {
        Ok(())
    } else {
        Err(Error::Changed { changes })
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
