//! Where results come from, as their manifest records it.

use crate::error::Error;
use crate::options::SaveOptions;
use crate::results::{Folder, JobSpec, Manifest, Origin, OutputError, ResultsKind};
use crate::scenario::{Diagnostics, Override, Scenario};
use crate::table::Format;
use crate::table::plain_file::read_text_bytes;
use std::ops::Range;
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

/// Writes texts that results come from to their folder, by the paths that name them.
///
/// # Errors
/// Those of [`Folder::write`].
pub(crate) fn write_attachments<'a>(
    folder: &mut Folder,
    attachments: impl IntoIterator<Item = (&'a String, &'a String)>,
) -> Result<(), OutputError> {
    for (name, text) in attachments {
        folder.write(&attachment_name(name), text.as_bytes())?;
    }
    Ok(())
}

/// A text and those that it names: what the answers to it depend on.
pub(crate) fn with_attachments(text: &str, attachments: &[(String, String)]) -> String {
    let mut whole = text.to_owned();
    for (_, attached) in attachments {
        whole.push('\n');
        whole.push_str(attached);
    }
    whole
}

/// What a command is to do with the jobs of a scenario, for its journal.
pub(crate) fn job_spec(
    scenario: &Scenario,
    command: &str,
    jobs: &Range<u64>,
    replaces: bool,
) -> JobSpec {
    JobSpec {
        command: command.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        scenario_file: plain_name(scenario.file_name()),
        scenario_text: with_attachments(scenario.text(), scenario.attachments()),
        overrides: override_texts(scenario.overrides()),
        first: jobs.start,
        end: jobs.end,
        replaces,
    }
}

/// Whether a folder has the finished results of this origin and these attachments.
pub(crate) fn is_finished(folder: &Path, origin: Origin, attachments: &[(String, String)]) -> bool {
    let Ok(there) = Manifest::read(folder) else {
        return false;
    };
    let attached = attachments.iter().all(|(name, text)| {
        let hash = blake3::hash(text.as_bytes()).to_hex();
        let file = there.file(&attachment_name(name));
        file.is_some_and(|file| file.blake3 == hash.as_str())
    });
    attached
        && Manifest {
            tables: Vec::new(),
            files: Vec::new(),
            ..there
        } == Manifest::new(origin)
}

/// The options with which the command of a manifest saves its results: what [`origin`] says of them.
pub(crate) fn save_options(manifest: &Manifest) -> SaveOptions {
    let has = |option: &str| manifest.command.iter().any(|word| word == option);
    SaveOptions::default()
        .format(manifest.table_format)
        .chart_options(manifest.charts.clone())
        .charts(!has(NO_CHARTS))
        .report(!has(NO_REPORT))
        .bundle(has(BUNDLE))
}

/// The error of a document in a manifest that this version does not accept.
pub(crate) fn stale(manifest: &Manifest, diagnostics: Diagnostics) -> Error {
    Error::Stale {
        version: manifest.version.clone(),
        diagnostics: Box::new(diagnostics),
    }
}

/// The overrides of a manifest.
///
/// # Errors
/// [`Error::Stale`] if this version does not accept one.
pub(crate) fn overrides_of(manifest: &Manifest) -> Result<Vec<Override>, Error> {
    let overrides = manifest.overrides.iter().map(|text| Override::parse(text));
    let overrides: Result<_, _> = overrides.collect();
    overrides.map_err(|diagnostics| stale(manifest, diagnostics))
}

/// The scenario of a results folder; a table of points that it names is read from that folder.
///
/// # Errors
/// [`Error::Stale`] if this version does not accept it.
pub(crate) fn scenario_of(results: &Path, manifest: &Manifest) -> Result<Scenario, Error> {
    let overrides = overrides_of(manifest)?;
    let record = &manifest.scenario;
    Scenario::read_with(&record.file, record.text.as_bytes(), &overrides, &|table| {
        read_text_bytes(&results.join(attachment_name(table)))
    })
    .map_err(|diagnostics| stale(manifest, diagnostics))
}

/// The option of a command without charts.
const NO_CHARTS: &str = "--no-charts";
/// The option of a command whose charts have no titles.
const NO_TITLE: &str = "--no-title";

/// The option of a command without a report.
const NO_REPORT: &str = "--no-report";

/// The option of a command with a bundle.
const BUNDLE: &str = "--bundle";

/// The words of a command before all others.
pub(crate) fn command_words(command: &str, options: &SaveOptions) -> Vec<String> {
    let mut words = vec!["pairbond".to_owned(), command.to_owned()];
    words.extend(options.bundle.then(|| BUNDLE.to_owned()));
    words
}

/// The same command with a bundle.
pub(crate) fn with_bundle(mut command: Vec<String>) -> Vec<String> {
    if command.iter().all(|word| word != BUNDLE) {
        command.insert(command.len().min(2), BUNDLE.to_owned());
    }
    command
}

/// The options of a command that say which files besides tables it does not write, and what is not on charts.
pub(crate) fn left_out(options: &SaveOptions) -> impl Iterator<Item = String> {
    let charts = match &options.charts {
        None => Some(NO_CHARTS),
        Some(charts) => (!charts.titles).then_some(NO_TITLE),
    };
    let report = (!options.report).then_some(NO_REPORT);
    charts.into_iter().chain(report).map(str::to_owned)
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
    let mut words = command_words(command, options);
    words.push(file.clone());
    words.extend(source.flags.iter().map(|flag| (*flag).to_owned()));
    for value in &source.overrides {
        words.extend(["--set".to_owned(), value.clone()]);
    }
    if options.format != Format::Csv {
        words.extend(["--format".to_owned(), options.format.extension().to_owned()]);
    }
    words.extend(left_out(options));
    Origin {
        kind,
        command: words,
        scenario_file: file,
        scenario_text: source.text.to_owned(),
        overrides: source.overrides,
        seed: source.seed,
        table_format: options.format,
        charts: options.charts.clone().unwrap_or_default(),
    }
}
