//! Arguments that several commands have.

use crate::chart::options::ChartOptions;
use crate::cli::hints::whole_number;
use crate::cli::terminal::{eprint, show_warnings};
use crate::error::Error;
use crate::options::{SaveOptions, most_threads};
use crate::results::refuse_inputs;
use crate::scenario::file::{read_overrides, read_scenario};
use crate::scenario::{Override, Scenario};
use crate::sweep::Shard;
use crate::table::Format;
use clap::Args;
use std::path::Path;
use std::sync::Once;

/// Overrides of the values in a file.
#[derive(Debug, Args)]
pub(crate) struct SetArgs {
    /// Override a value, such as run.couples=200, or those of a file by @FILE; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

impl SetArgs {
    /// The overrides, those of files included.
    pub(crate) fn overrides(&self) -> Result<Vec<Override>, Error> {
        let mut overrides = Vec::with_capacity(self.set.len());
        for text in &self.set {
            match text.strip_prefix('@') {
                Some(file) => overrides.extend(read_overrides(Path::new(file))?),
                None => overrides.push(Override::parse(text)?),
            }
        }
        Ok(overrides)
    }

    /// Refuses an output that is, holds or lies in a file of overrides.
    pub(crate) fn refuse_output(&self, out: &Path) -> Result<(), Error> {
        let files = self.set.iter().filter_map(|text| text.strip_prefix('@'));
        Ok(refuse_inputs(out, files)?)
    }
}

/// Overrides of a scenario's values.
#[derive(Debug, Args)]
pub(crate) struct OverrideArgs {
    /// Seed: the same as --set run.seed=N
    #[arg(long, value_name = "N", value_parser = whole_number)]
    seed: Option<u64>,
    #[command(flatten)]
    pub(crate) set: SetArgs,
}

impl OverrideArgs {
    /// The overrides, those of files included.
    pub(crate) fn overrides(&self) -> Result<Vec<Override>, Error> {
        let mut overrides = self.set.overrides()?;
        if let Some(seed) = self.seed {
            overrides.push(Override::parse(&format!("run.seed={seed}"))?);
        }
        Ok(overrides)
    }

    /// Reads and checks a scenario file.
    pub(crate) fn read_scenario(&self, file: &Path) -> Result<Scenario, Error> {
        read_scenario(file, &self.overrides()?)
    }

    /// Reads and checks a scenario file, and shows its warnings.
    pub(crate) fn load_scenario(&self, file: &Path, quiet: bool) -> Result<Scenario, Error> {
        load_with(file, &self.overrides()?, quiet)
    }
}

/// Reads and checks a scenario file with overrides, and shows its warnings.
pub(crate) fn load_with(
    file: &Path,
    overrides: &[Override],
    quiet: bool,
) -> Result<Scenario, Error> {
    let scenario = read_scenario(file, overrides)?;
    if !quiet {
        show_warnings(scenario.warnings());
    }
    Ok(scenario)
}

/// Number of threads.
#[derive(Debug, Args)]
pub(crate) struct ThreadArgs {
    /// Threads; results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
}

impl ThreadArgs {
    pub(crate) fn count(&self) -> Option<usize> {
        self.threads.map(bounded_threads)
    }
}

/// A number of threads that can be started; warns once where it is lower than the requested one.
pub(crate) fn bounded_threads(requested: u16) -> usize {
    static WARNING: Once = Once::new();
    let most = most_threads();
    if usize::from(requested) > most {
        WARNING.call_once(|| {
            eprint(&format!(
                "warning: {most} threads are started, the most on this machine, and not {requested}"
            ));
        });
    }
    usize::from(requested).min(most)
}

/// Which files besides tables a folder of results has.
#[derive(Debug, Args)]
pub(crate) struct ContentArgs {
    /// Draw no charts; `plot` draws them later
    #[arg(long)]
    no_charts: bool,
    /// Write no report.html; `report` writes it later
    #[arg(long)]
    no_report: bool,
    /// Add what repositories ask for: RO-Crate metadata, a Psych-DS description with the tables in `data`, and
    /// the preregistration of the scenario
    #[arg(long)]
    bundle: bool,
    /// Leave out the title and the number of couples over each chart, as journals do
    #[arg(long, conflicts_with = "no_charts")]
    no_title: bool,
}

impl ContentArgs {
    pub(crate) fn options(&self) -> SaveOptions {
        SaveOptions::default()
            .chart_options(ChartOptions::default().titles(!self.no_title))
            .charts(!self.no_charts)
            .report(!self.no_report)
            .bundle(self.bundle)
    }
}

/// How a folder of results is written.
#[derive(Debug, Args)]
pub(crate) struct FolderArgs {
    /// Replace older results, or unfinished work; other files in the folder are kept
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    content: ContentArgs,
}

impl FolderArgs {
    pub(crate) fn options(&self) -> SaveOptions {
        self.content.options().replace(self.force)
    }
}

/// How tables and a folder of results are written.
#[derive(Debug, Args)]
pub(crate) struct SaveArgs {
    /// Format of the tables
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    #[command(flatten)]
    folder: FolderArgs,
}

impl SaveArgs {
    pub(crate) fn options(&self) -> SaveOptions {
        self.folder.options().format(self.format)
    }
}

/// Which jobs of an analysis are done.
#[derive(Debug, Args)]
pub(crate) struct JobArgs {
    /// Continue work that was interrupted
    #[arg(long, conflicts_with = "force")]
    pub(crate) resume: bool,
    /// Do one of n parts of the work, for `merge`: i/n with i from 1 to n
    #[arg(long, value_name = "i/n", conflicts_with = "bundle")]
    shard: Option<String>,
}

impl JobArgs {
    /// The part of the work.
    pub(crate) fn shard(&self) -> Result<Shard, Error> {
        match &self.shard {
            Some(text) => Ok(text.parse()?),
            None => Ok(Shard::ALL),
        }
    }
}

/// What is printed.
#[derive(Debug, Args)]
pub(crate) struct QuietArgs {
    /// Print only errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
}
