//! The picture of a search, drawn from its tables alone.

use crate::chart::{Width, search_course};
use crate::foundation::table::Table;
use crate::study::error::StudyError;
use crate::study::pictures::files;

/// Draws it; gives the files' names and bytes.
pub(super) fn draw(course: &Table, fit: &Table) -> Result<Vec<(String, Vec<u8>)>, StudyError> {
    files(
        "search",
        &(Box::new(|| search_course(course, fit, Width::Page)) as _),
    )
}
