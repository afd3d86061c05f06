//! What `verify` and `plot` need to know of results of any kind.

use crate::chart::figure_list::{DrawnCharts, FailedChart};
use crate::error::Error;
use crate::options::{Execution, SaveOptions};
use crate::results::{Folder, Manifest, OutputError};
use crate::table::Schema;
use std::path::Path;

/// The work that led to a folder of results.
pub(crate) trait UseCase {
    /// The schemas of the tables that its results can have.
    fn schemas(&self) -> Result<Vec<Schema>, Error>;

    /// Does the work again and writes its results to a new folder.
    fn rerun(
        &self,
        folder: &Path,
        options: &SaveOptions,
        execution: Execution<'_>,
    ) -> Result<(), Error>;

    /// Draws the charts of its results from their tables.
    fn replot(&self, results: &Path, manifest: &Manifest) -> Result<DrawnCharts, Error>;
}

/// Writes the charts that could be drawn to a folder, and returns the others. Those are no reason not to
/// commit the folder's tables.
///
/// # Errors
/// [`OutputError`] if a file cannot be written.
pub(crate) fn write_charts(
    folder: &mut Folder,
    charts: DrawnCharts,
) -> Result<Vec<FailedChart>, OutputError> {
    for (name, bytes) in charts.files {
        folder.write(&name, &bytes)?;
    }
    Ok(charts.failed)
}
