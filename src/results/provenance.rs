//! Where results come from, for the manifest.

use crate::results::Origin;
use crate::scenario::Scenario;
use crate::table::Format;
use std::path::Path;

/// What a command was given besides its scenario, as far as it changes which files are written.
pub(crate) struct CommandInfo<'a> {
    /// Kind of the results, as in the manifest.
    pub(crate) kind: String,
    /// Name of the command.
    pub(crate) command: &'a str,
    /// The overrides with which the scenario was read, as `KEY=VALUE`.
    pub(crate) overrides: &'a [String],
    /// Format of the tables.
    pub(crate) format: Format,
    /// Whether charts are drawn.
    pub(crate) charts: bool,
}

/// The file that results come from.
pub(crate) struct InputFile<'a> {
    /// Its name, possibly with folders.
    pub(crate) file_name: &'a str,
    /// Its text.
    pub(crate) text: &'a str,
    /// Seed of all randomness.
    pub(crate) seed: u64,
    /// Flags of the command that select what is done with it.
    pub(crate) flags: &'a [&'a str],
}

impl<'a> From<&'a Scenario> for InputFile<'a> {
    fn from(scenario: &'a Scenario) -> InputFile<'a> {
        InputFile {
            file_name: scenario.file_name(),
            text: scenario.text(),
            seed: scenario.config().seed,
            flags: &[],
        }
    }
}

/// The name of a file, without its folder.
pub(crate) fn plain_name(file_name: &str) -> String {
    let path = Path::new(file_name);
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// Where results come from, for the manifest.
///
/// The command is one that gives the same bytes: without threads, folder and the like.
pub(crate) fn origin<'a>(source: impl Into<InputFile<'a>>, info: CommandInfo<'_>) -> Origin {
    let source = source.into();
    let file = plain_name(source.file_name);
    let mut command = vec!["pairbond".to_owned(), info.command.to_owned(), file.clone()];
    command.extend(source.flags.iter().map(|flag| (*flag).to_owned()));
    for value in info.overrides {
        command.extend(["--set".to_owned(), value.clone()]);
    }
    if info.format != Format::Csv {
        command.extend(["--format".to_owned(), info.format.extension().to_owned()]);
    }
    if !info.charts {
        command.push("--no-charts".to_owned());
    }
    Origin {
        kind: info.kind,
        command,
        scenario_file: file,
        scenario_text: source.text.to_owned(),
        overrides: info.overrides.to_vec(),
        seed: source.seed,
        table_format: info.format,
    }
}
