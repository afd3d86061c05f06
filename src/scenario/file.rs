//! Scenario files on disk.

use crate::error::Error;
use crate::scenario::{Override, Scenario, largest, refuse_size, template};
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

/// Reads and checks a scenario file.
///
/// A file that is too large is refused before it is read.
///
/// # Errors
/// [`Error::Unreadable`] where the file cannot be read, [`Error::Scenario`] where its text
/// has errors.
pub fn read_scenario(file: &Path, overrides: &[Override]) -> Result<Scenario, Error> {
    let bytes = bytes_of(file)?;
    let beside = file.parent().unwrap_or(Path::new(""));
    let name = file.display().to_string();
    Scenario::read_with(&name, &bytes, overrides, &|table| {
        std::fs::read_to_string(beside.join(table))
    })
    .map_err(|errors| Error::Scenario(Box::new(errors)))
}

impl Scenario {
    /// Reads and checks a scenario file, and the table of points that it may name.
    ///
    /// # Errors
    /// As [`read_scenario`].
    pub fn from_file(file: impl AsRef<Path>) -> Result<Scenario, Error> {
        read_scenario(file.as_ref(), &[])
    }
}

/// Reads a file of values to be put in place: a `KEY=VALUE` in each line that is not blank and no remark.
///
/// # Errors
/// [`Error::Unreadable`] where it cannot be read or is no text.
pub fn read_values(file: &Path) -> Result<Vec<String>, Error> {
    let text = String::from_utf8(bytes_of(file)?).map_err(|error| Error::Unreadable {
        path: file.to_owned(),
        source: std::io::Error::new(std::io::ErrorKind::InvalidData, error),
    })?;
    let lines = text.lines().map(str::trim);
    let values = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(values.map(str::to_owned).collect())
}

/// Reads a file that is no larger than a scenario may be.
pub(crate) fn bytes_of(file: &Path) -> Result<Vec<u8>, Error> {
    let unreadable = |source| Error::Unreadable {
        path: file.to_owned(),
        source,
    };
    let open = File::open(file).map_err(unreadable)?;
    let size = open.metadata().map_err(unreadable)?.len();
    refuse_size(&file.display().to_string(), size)
        .map_err(|errors| Error::Scenario(Box::new(errors)))?;
    // What has no size of its own, such as a pipe, is cut one byte above the limit.
    let mut bytes = Vec::new();
    open.take(largest() + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    Ok(bytes)
}

/// Writes a new scenario that holds every key with its default and meaning.
///
/// # Errors
/// [`Error::Unwritable`] where the file exists or cannot be written.
pub fn new_scenario(file: &Path) -> Result<(), Error> {
    let unwritable = |source| Error::Unwritable {
        path: file.to_owned(),
        source,
    };
    let mut new = File::create_new(file).map_err(unwritable)?;
    new.write_all(template().as_bytes())
        .and_then(|()| new.sync_all())
        .map_err(|source| {
            // Half a template is of no use; that it cannot be removed is reported by the first error.
            let _ = std::fs::remove_file(file);
            unwritable(source)
        })
}
