//! The pictures of a sweep, drawn again from its tables.

use super::headers;
use super::pictures;
use super::tables::{points_header, summaries_header};
use crate::foundation::table::{Header, Table};
use crate::output::{FileRecord, Manifest};
use crate::plan::SweepPlan;
use crate::study::error::StudyError;
use std::path::Path;

/// Whether a table is there, and not so long that no picture shows it.
fn is_drawn(plan: &SweepPlan, header: &Header, file: Option<&FileRecord>) -> bool {
    let most = match header.table {
        "contrasts" => pictures::most_contrasts(plan) as u64,
        _ => u64::MAX,
    };
    file.is_some_and(|file| file.rows.is_none_or(|rows| rows <= most))
}

/// Draws the pictures of a sweep's folder again; gives the files' names and bytes.
pub(in crate::study) fn redraw(
    results: &Path,
    manifest: &Manifest,
    plan: &SweepPlan,
) -> Result<Vec<(String, Vec<u8>)>, StudyError> {
    let read = |header: Header| manifest.read_table(results, &header);
    let found: Vec<Table> = headers::headers()
        .into_iter()
        .filter(|header| is_drawn(plan, header, manifest.file(&manifest.file_of(header))))
        .map(read)
        .collect::<Result<_, _>>()?;
    let summaries = if pictures::shows_summaries(plan) {
        read(summaries_header())?
    } else {
        Table::new(summaries_header())
    };
    pictures::draw(plan, &read(points_header(plan))?, &summaries, &found)
}
