//! What analyses of planned studies have in common, such as of their power: findings, tables, and the folder that they
//! are written to.

use crate::chart::figure_list::{DrawnCharts, FailedChart};
use crate::chart::options::ChartOptions;
use crate::error::Error;
use crate::options::SaveOptions;
use crate::results::provenance::origin;
use crate::results::{Folder, Leftover, Manifest, ResultsKind};
use crate::run::write_scenario;
use crate::runner::CancelToken;
use crate::scenario::Scenario;
use crate::table::Table;
use crate::use_case::commit;

/// A finished analysis.
#[derive(Clone, Debug)]
pub(crate) struct StudyAnalysis<Size> {
    pub(crate) title: String,
    pub(crate) size: Size,
    pub(crate) findings: Vec<String>,
    pub(crate) tables: Vec<Table>,
    /// What could not be removed after the results were in place.
    pub(crate) leftover: Option<Leftover>,
    /// Charts that could not be drawn or written.
    pub(crate) failed_charts: Vec<FailedChart>,
    /// Files of the folder that was written.
    pub(crate) files: usize,
}

impl<Size> StudyAnalysis<Size> {
    /// An analysis that has not been written.
    pub(crate) fn new(
        scenario: &Scenario,
        size: Size,
        tables: Vec<Table>,
        findings: Vec<String>,
    ) -> StudyAnalysis<Size> {
        StudyAnalysis {
            title: scenario.title().to_owned(),
            size,
            findings,
            tables,
            leftover: None,
            failed_charts: Vec::new(),
            files: 0,
        }
    }

    /// Writes tables, scenario, charts and report to a folder, and puts it in place.
    ///
    /// # Errors
    /// [`Error::Cancelled`] and [`Error::Output`].
    pub(crate) fn write(
        &mut self,
        mut folder: Folder,
        (scenario, kind): (&Scenario, ResultsKind),
        options: &SaveOptions,
        draw: impl FnOnce(&[Table], &ChartOptions) -> DrawnCharts,
        cancel: &CancelToken,
    ) -> Result<(), Error> {
        folder.write_tables(options.format, &self.tables.iter().collect::<Vec<_>>())?;
        write_scenario(&mut folder, scenario)?;
        let drawn = match &options.charts {
            Some(options) => draw(&self.tables, options),
            None => DrawnCharts::default(),
        };
        let command = kind.name();
        let manifest = Manifest::new(origin(scenario, kind, command, options));
        cancel.check()?;
        let (committed, failed) = commit(folder, drawn, manifest, Some(scenario), options)?;
        self.files = committed.manifest.files.len() + 1;
        self.leftover = committed.leftover;
        self.failed_charts = failed;
        Ok(())
    }
}
