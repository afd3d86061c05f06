//! The picture of a search, drawn from its tables alone.

use crate::calibrate::charts::search::search_course;
use crate::chart::Width;
use crate::error::Error;
use crate::run::pictures::files;
use crate::table::Table;

/// Draws it; gives the files' names and bytes.
pub(crate) fn draw(course: &Table, fit: &Table) -> Result<Vec<(String, Vec<u8>)>, Error> {
    files(
        "search",
        &(Box::new(|| search_course(course, fit, Width::Page)) as _),
    )
}
