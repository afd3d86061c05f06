//! Charts drawn again from the tables of a results folder.

use crate::chart::options::ChartOptions;
use crate::error::Error;
use crate::reopen::reopen;
use crate::results::{Folder, Leftover, Manifest, Origin, ResultsKind, refuse_inputs};
use crate::scenario::nearest::nearest;
use crate::table::Schema;
use crate::use_case::read_unaltered;
use clap::ValueEnum;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What drawing charts again came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlotReport {
    /// File names of the charts.
    pub charts: Vec<String>,
    /// What the charts leave out, a sentence each.
    pub notes: Vec<String>,
    /// What could not be removed after the charts were in place.
    pub leftover: Option<Leftover>,
}

/// Draws the charts of a results folder into another folder. The results are only read.
///
/// # Errors
/// [`Error::NotInResults`] for an observable or measure that the results do not have, with the nearest name;
/// [`Error::NoSuchCharts`] for options that do not suit the kind of results; [`Error::NoChartFormat`] for a format that
/// this build lacks; [`Error::Output`] if results cannot be read or charts written, [`Error::Stale`] if this version does
/// not accept the scenario, [`Error::Charts`] if the folder lacks some.
pub fn plot(
    results: impl AsRef<Path>,
    out: impl AsRef<Path>,
    options: &ChartOptions,
    replace: bool,
) -> Result<PlotReport, Error> {
    let results = results.as_ref();
    refuse_inputs(out.as_ref(), [results])?;
    let manifest = Manifest::read(results)?;
    let use_case = reopen(results, &manifest)?;
    check(results, &manifest, &use_case.schemas()?, options)?;
    let path = out.as_ref().to_owned();
    let mut folder = Folder::create(out, &ResultsKind::Plot, replace)?;
    let drawn = use_case.replot(results, &manifest, options)?;
    let notes = drawn.notes;
    let charts = drawn.files.iter().map(|(name, _)| name.clone()).collect();
    for (name, bytes) in &drawn.files {
        folder.write(name, bytes)?;
    }
    let origin = Origin {
        kind: ResultsKind::Plot,
        command: command(options),
        scenario_file: manifest.scenario.file,
        scenario_text: manifest.scenario.text,
        overrides: manifest.overrides,
        seed: manifest.seed,
        table_format: manifest.table_format,
        charts: options.clone(),
    };
    let leftover = folder.commit(Manifest::new(origin))?.leftover;
    Error::charts(path, drawn.failed)?;
    Ok(PlotReport {
        charts,
        notes,
        leftover,
    })
}

/// Refuses options that ask for what the results do not have.
fn check(
    results: &Path,
    manifest: &Manifest,
    schemas: &[Schema],
    options: &ChartOptions,
) -> Result<(), Error> {
    if let Some(format) = options.formats.iter().find_map(|it| it.lacks()) {
        return Err(Error::NoChartFormat { format });
    }
    let is_run = matches!(manifest.kind, ResultsKind::Run);
    let is_sweep = matches!(manifest.kind, ResultsKind::Sweep);
    for (is_given, suits, what) in [
        (
            !options.observables.is_empty(),
            is_run,
            "observables over time",
        ),
        (options.days.is_some(), is_run, "days"),
        (options.persons, is_run, "single persons"),
        (!options.measures.is_empty(), is_sweep, "measures"),
    ] {
        if is_given && !suits {
            let kind = manifest.kind.name();
            return Err(Error::NoSuchCharts { kind, what });
        }
    }
    let named = [
        ("trajectory", "observable", &options.observables),
        ("summaries", "measure", &options.measures),
    ];
    for (table, what, names) in named {
        let Some(schema) = schemas.iter().find(|it| it.table == table) else {
            continue;
        };
        if names.is_empty() {
            continue;
        }
        let table = read_unaltered(results, manifest, schema, usize::MAX)?;
        let rows = 0..table.rows.rows();
        let known: BTreeSet<&str> = rows
            .filter_map(|row| table.category("observable", row))
            .collect();
        if let Some(name) = names.iter().find(|name| !known.contains(name.as_str())) {
            return Err(Error::NotInResults {
                what,
                name: name.clone(),
                nearest: nearest(name, known.iter().copied()).map(str::to_owned),
            });
        }
    }
    Ok(())
}

/// The command that draws these charts, without folders.
fn command(options: &ChartOptions) -> Vec<String> {
    let mut words = vec!["pairbond".to_owned(), "plot".to_owned()];
    let mut list = |option: &str, values: String| {
        if !values.is_empty() {
            words.extend([option.to_owned(), values]);
        }
    };
    list("--observables", options.observables.join(","));
    list("--measures", options.measures.join(","));
    let days = options.days;
    let days = days.map(|(first, last)| format!("{first}:{last}"));
    list("--days", days.unwrap_or_default());
    let value = |value: Option<clap::builder::PossibleValue>| {
        value.map(|it| it.get_name().to_owned()).unwrap_or_default()
    };
    list(
        "--width",
        value(options.width.and_then(|it| it.to_possible_value())),
    );
    let formats: Vec<String> = options
        .formats
        .iter()
        .map(|it| value(it.to_possible_value()))
        .collect();
    list("--format", formats.join(","));
    if options.persons {
        words.push("--persons".to_owned());
    }
    if !options.titles {
        words.push("--no-title".to_owned());
    }
    words
}

/// The folder of charts drawn again if none is named: `RESULTS-charts`.
pub(crate) fn default_folder(results: &Path) -> PathBuf {
    let mut name = results.file_name().unwrap_or("results".as_ref()).to_owned();
    name.push("-charts");
    results.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::options::ChartFormat;
    use crate::options::SaveOptions;
    use crate::scenario::Scenario;
    use crate::table::Format;

    const DIARY: &str = "title = 'A diary'
        [run]
        couples = 70
        days = 20
        [parameters]
        outside_rate = 0.01
        [record]
        every = 10
        [measurement]
        diary_days = 6
        waves = [10, 20]
        [condition.plain]
        [condition.taught]
        traits.responsiveness.median = 0.9";

    #[test]
    fn charts_of_a_survey_are_drawn_again_from_the_tables_of_each_format() {
        let scenario = Scenario::parse(DIARY).unwrap_or_else(|error| panic!("{error}"));
        let home = tempfile::tempdir().expect("a folder");
        for format in Format::ALL {
            let [results, drawn] = ["results", "drawn"].map(|name| home.path().join(name));
            let vectors = ChartOptions::default().formats([ChartFormat::Svg]);
            let options = SaveOptions::default().format(format).replace(true);
            let options = options.chart_options(vectors.clone());
            if format == Format::Parquet && cfg!(not(feature = "parquet")) {
                continue;
            }
            let saved = scenario.runner().save_with(&results, &options);
            saved.expect("results");
            plot(&results, &drawn, &vectors, true).expect("charts");
            for chart in ["diary", "diary_variation", "waves"] {
                for condition in ["plain", "taught"] {
                    let name = format!("{chart}_{condition}.svg");
                    let [one, other] =
                        [&results, &drawn].map(|folder| std::fs::read(folder.join(&name)));
                    assert!(one.expect(&name) == other.expect(&name), "{name}");
                }
            }
        }
    }

    #[test]
    fn a_format_is_drawn_or_said_to_be_missing() {
        let scenario = Scenario::parse("title = 'x'\n[run]\ncouples = 5\ndays = 3");
        let home = tempfile::tempdir().expect("a folder");
        let [results, drawn] = ["results", "drawn"].map(|name| home.path().join(name));
        let saved = scenario.expect("a scenario").runner().save(&results);
        assert!(saved.is_ok_and(|saved| saved.failed_charts.is_empty()));
        let options = ChartOptions::default().formats([ChartFormat::Pdf]);
        let outcome = plot(&results, &drawn, &options, false);
        if cfg!(feature = "pdf") {
            let charts = outcome.expect("charts").charts;
            assert!(charts.contains(&"survival.pdf".to_owned()), "{charts:?}");
            assert!(charts.iter().all(|name| name.ends_with(".pdf")));
            let page = std::fs::read(drawn.join("survival.pdf")).expect("a file");
            assert!(page.starts_with(b"%PDF-"));
        } else {
            let said = outcome.expect_err("no pages").to_string();
            let expected = "this pairbond was built without charts in pdf (cargo feature `pdf`)";
            assert_eq!(said, expected);
            assert!(!drawn.exists());
        }
    }
}
