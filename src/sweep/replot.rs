//! The pictures of a sweep, drawn again from its tables.

use super::pictures;
use super::schemas;
use super::tables::{points_schema, summaries_schema};
use crate::error::Error;
use crate::results::{FileRecord, Manifest};
use crate::sweep::plan::SweepPlan;
use crate::table::{Schema, Table};
use std::path::Path;

/// Whether a table is there, and not so long that no picture shows it.
fn is_drawn(plan: &SweepPlan, schema: &Schema, file: Option<&FileRecord>) -> bool {
    let most = match schema.table {
        "contrasts" => pictures::most_contrasts(plan) as u64,
        _ => u64::MAX,
    };
    file.is_some_and(|file| file.rows.is_none_or(|rows| rows <= most))
}

/// Draws the pictures of a sweep's folder again; gives the files' names and bytes.
pub(crate) fn redraw(
    results: &Path,
    manifest: &Manifest,
    plan: &SweepPlan,
) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let read = |schema: Schema| manifest.read_table(results, &schema);
    let found: Vec<Table> = schemas::schemas()
        .into_iter()
        .filter(|schema| is_drawn(plan, schema, manifest.file(&manifest.file_of(schema))))
        .map(read)
        .collect::<Result<_, _>>()?;
    let summaries = if pictures::shows_summaries(plan) {
        read(summaries_schema())?
    } else {
        Table::new(summaries_schema())
    };
    pictures::draw(plan, &read(points_schema(plan))?, &summaries, &found)
}
