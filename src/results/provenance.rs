//! Where results come from, as their manifest records it.

use crate::error::Error;
use crate::options::SaveOptions;
use crate::results::{Manifest, Origin, ResultsKind};
use crate::scenario::{Override, Scenario};
use crate::table::Format;
use crate::table::plain_file::read_plain_text;
use std::path::Path;

/// A file that results come from.
pub(crate) struct Source<'a> {
    /// Its name, with or without folders.
    pub(crate) file_name: &'a str,
    /// Its text.
    pub(crate) text: &'a str,
    /// Values that replace those of the text, each as `key=value`.
    pub(crate) overrides: Vec<String>,
    /// Seed of all randomness.
    pub(crate) seed: u64,
    /// Flags of the command that belong to the file.
    pub(crate) flags: &'a [&'a str],
}

impl<'a> From<&'a Scenario> for Source<'a> {
    fn from(scenario: &'a Scenario) -> Source<'a> {
        Source {
            file_name: scenario.file_name(),
            text: scenario.text(),
            overrides: override_texts(scenario.overrides()),
            seed: scenario.config().seed,
            flags: &[],
        }
    }
}

/// Overrides as they are given to `--set`.
pub(crate) fn override_texts(overrides: &[Override]) -> Vec<String> {
    overrides.iter().map(|it| it.text().to_owned()).collect()
}

/// The name of a file, without its folder.
pub(crate) fn plain_name(file_name: &str) -> String {
    let path = Path::new(file_name);
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// The name under which a results folder keeps a table that a scenario names by a path.
pub(crate) fn attachment_name(table: &str) -> String {
    let name = Path::new(table).file_name().unwrap_or_default();
    format!("attached_{}", name.to_string_lossy())
}

/// The scenario of a results folder; a table of points that it names is read from that folder.
///
/// # Errors
/// [`Error::Stale`] if this version does not accept it.
pub(crate) fn scenario_of(results: &Path, manifest: &Manifest) -> Result<Scenario, Error> {
    let stale = |diagnostics| Error::Stale {
        version: manifest.version.clone(),
        diagnostics: Box::new(diagnostics),
    };
    let overrides = manifest
        .overrides
        .iter()
        .map(|text| Override::parse(text))
        .collect::<Result<Vec<_>, _>>()
        .map_err(stale)?;
    let record = &manifest.scenario;
    Scenario::read_with(&record.file, record.text.as_bytes(), &overrides, &|table| {
        read_plain_text(&results.join(attachment_name(table)))
    })
    .map_err(stale)
}

/// The origin of results in their manifest.
///
/// The command is one that leads to the same bytes: without threads, folder and the like.
pub(crate) fn origin<'a>(
    source: impl Into<Source<'a>>,
    kind: ResultsKind,
    command: &str,
    options: &SaveOptions,
) -> Origin {
    let source = source.into();
    let file = plain_name(source.file_name);
    let mut words = vec!["pairbond".to_owned(), command.to_owned(), file.clone()];
    words.extend(source.flags.iter().map(|flag| (*flag).to_owned()));
    for value in &source.overrides {
        words.extend(["--set".to_owned(), value.clone()]);
    }
    if options.format != Format::Csv {
        words.extend(["--format".to_owned(), options.format.extension().to_owned()]);
    }
    if !options.charts {
        words.push("--no-charts".to_owned());
    }
    Origin {
        kind,
        command: words,
        scenario_file: file,
        scenario_text: source.text.to_owned(),
        overrides: source.overrides,
        seed: source.seed,
        table_format: options.format,
    }
}
