//! What `verify` and `plot` need to know of results of any kind.

use crate::error::Error;
use crate::options::{Execution, SaveOptions};
use crate::results::Manifest;
use crate::table::Schema;
use std::path::Path;

/// Name and bytes of a file.
pub(crate) type NamedFile = (String, Vec<u8>);

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
    fn replot(&self, results: &Path, manifest: &Manifest) -> Result<Vec<NamedFile>, Error>;
}
