//! The pictures of a sweep, drawn again from its tables.

use super::headers;
use super::pictures;
use super::tables::{points_header, summaries_header};
use crate::foundation::table::{Header, Table};
use crate::output::{Manifest, read_table};
use crate::plan::SweepPlan;
use crate::study::error::StudyError;
use std::path::Path;

/// Draws the pictures of a sweep's folder again; gives the files' names and bytes.
pub(in crate::study) fn redraw(
    results: &Path,
    manifest: &Manifest,
    plan: &SweepPlan,
) -> Result<Vec<(String, Vec<u8>)>, StudyError> {
    let file = |header: &Header| format!("{}.{}", header.table, manifest.table_format.extension());
    let read = |header: Header| read_table(&results.join(file(&header)), &header);
    let found: Vec<Table> = headers::headers()
        .into_iter()
        .filter(|header| manifest.file(&file(header)).is_some())
        .map(read)
        .collect::<Result<_, _>>()?;
    pictures::draw(
        plan,
        &read(points_header(plan))?,
        &read(summaries_header())?,
        &found,
    )
}
