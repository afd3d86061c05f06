//! `report.html`: what was asked, run and found, as one page that needs no network, no script and no other file.
//!
//! The page is made from the tables, the charts and the manifest of a folder, so that it has the same bytes
//! when it is made with the results and when it is made again. Each kind of results says its findings in its
//! own file; what all have in common is here.

pub(crate) mod bundle;
pub(crate) mod calibration;
pub(crate) mod captions;
pub(crate) mod claims;
pub(crate) mod findings;
pub(crate) mod inline_svg;
pub(crate) mod layout;
pub(crate) mod methods;
pub(crate) mod numbers;
pub(crate) mod odd;
pub(crate) mod power;
pub(crate) mod reader;
pub(crate) mod recover;
pub(crate) mod run;
pub(crate) mod setup;
pub(crate) mod study;
pub(crate) mod summary;
pub(crate) mod sweep;
#[cfg(test)]
mod tests;
pub(crate) mod validation;

use self::captions::{CAPTIONS, caption_of};
use self::inline_svg::{InlineSvg, inline_svg};
use self::layout::{KindReport, bullets, data_table, definitions, section};
use self::numbers::count;
use self::reader::ResultsReader;
use crate::error::Error;
use crate::label::{capitalised, readable};
use crate::printable;
use crate::results::{FileRecord, Manifest, ResultsKind};
use crate::scenario::Scenario;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Name of the file.
pub(crate) const REPORT_NAME: &str = "report.html";
/// Largest page (bytes).
pub(crate) const MOST_BYTES: usize = 1_000_000;

/// Points of a chart on the page: as many as are drawn where there is space, or else a part of them.
const MOST_POINTS: [usize; 2] = [2000, 400];
/// What is said before the names of charts that have no space.
const OMITTED: &str =
    "Too large for this page, which has at most 1 MB, and therefore only in the folder: ";
/// Charts of a smaller width (mm) are shown in full on a narrow screen.
const NARROW: f64 = 120.0;

const STYLE: &str = include_str!("style.css");
/// Nothing is loaded and nothing runs, whatever a text or a chart may hold.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Whether a kind of results has a report: those that are complete in themselves.
pub(crate) fn has_report(kind: &ResultsKind) -> bool {
    !matches!(
        kind,
        ResultsKind::Shard { .. } | ResultsKind::Plan { .. } | ResultsKind::Plot
    )
}

/// The page of a folder's results. `charts` are names and bytes of the folder's files of charts.
///
/// # Errors
/// Those of [`ResultsReader::read`].
pub(crate) fn page(
    reader: &ResultsReader<'_>,
    scenario: Option<&Scenario>,
    charts: &[(String, Vec<u8>)],
) -> Result<String, Error> {
    let manifest = reader.manifest();
    let report = kind_report(reader, scenario)?;
    // What the file says of couples does not enter results that are without the model.
    let scenario = scenario.filter(|_| !report.is_without_model);
    let without = assemble(&report, scenario, manifest, &html! {}).len();
    let charts = figures(charts, MOST_BYTES.saturating_sub(without));
    let page = assemble(&report, scenario, manifest, &charts);
    // What can control a reader's program, or cannot stand in a page, is replaced here for all texts.
    Ok(printable::replaced(&page).into_owned())
}

/// What the results of a folder say, by their kind.
fn kind_report(
    reader: &ResultsReader<'_>,
    scenario: Option<&Scenario>,
) -> Result<KindReport, Error> {
    Ok(match (&reader.manifest().kind, scenario) {
        (ResultsKind::Run, Some(scenario)) => run::run_report(reader, scenario)?,
        (ResultsKind::Sweep, Some(scenario)) => sweep::sweep_report(reader, scenario)?,
        (ResultsKind::Claims { .. }, Some(scenario)) => claims::claims_report(reader, scenario)?,
        (ResultsKind::Study { .. }, Some(scenario)) => study::study_report(reader, scenario)?,
        (ResultsKind::Power, Some(scenario)) => power::power_report(reader, scenario)?,
        (ResultsKind::Recover, Some(scenario)) => recover::recover_report(reader, scenario)?,
        (ResultsKind::Validation { .. }, _) => validation::validation_report(reader)?,
        (ResultsKind::Calibration | ResultsKind::Search, _) => {
            calibration::calibration_report(reader)?
        }
        _ => KindReport::default(),
    })
}

fn assemble(
    report: &KindReport,
    scenario: Option<&Scenario>,
    manifest: &Manifest,
    charts: &Markup,
) -> String {
    let mut sections: Vec<(&str, &str, Markup)> = vec![
        ("findings", "Findings", bullets(&report.findings)),
        ("charts", "Charts", charts.clone()),
        (
            "numbers",
            "Main numbers",
            html! { @for table in &report.numbers { (table) } },
        ),
    ];
    if !report.attrition.is_empty() {
        let parts = &report.attrition;
        sections.push((
            "attrition",
            "Who is in the numbers",
            html! { @for part in parts { (part) } },
        ));
    }
    if let Some(scenario) = scenario {
        let settings = setup::settings(scenario, &manifest.overrides);
        sections.push(("settings", "What differs from the defaults", settings));
    }
    sections.extend([
        ("limits", "Limits", methods::limits(report, scenario)),
        (
            "methods",
            "For the methods section of a paper",
            methods::methods(report, scenario, manifest),
        ),
        ("repeat", "How to repeat this", repeat(manifest)),
        ("cite", "How to cite the program", methods::cite(manifest)),
    ]);
    if let Some(scenario) = scenario {
        sections.push((
            "odd",
            "The model in this scenario (ODD)",
            odd::odd(scenario),
        ));
    }
    sections.push(("files", "Files of this folder", files(manifest)));
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content={ "pairbond " (manifest.version) };
                title { (report.title) " – pairbond" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#findings" { "To the findings" }
                header {
                    p.kind { (report.kind) " · pairbond " (manifest.version) }
                    h1 { (report.title) }
                    @if !report.question.is_empty() { p.question { (report.question) } }
                    (definitions(report.done.iter().map(|(name, value)| (*name, value.as_str()))))
                    (setup::comment(&manifest.scenario.file, &manifest.scenario.text).unwrap_or_default())
                }
                nav aria-label="Contents" {
                    ul {
                        @for (id, heading, _) in &sections {
                            li { a href={ "#" (id) } { (heading) } }
                        }
                    }
                }
                main {
                    @for (id, heading, content) in &sections { (section(id, heading, content)) }
                }
                footer {
                    p {
                        "Written by pairbond " (manifest.version) " from the tables of this folder. The page needs no \
                         network and runs no script."
                    }
                }
            }
        }
    };
    page.into_string()
}

fn repeat(manifest: &Manifest) -> Markup {
    html! {
        (methods::repeat(manifest))
        (setup::file_text(&manifest.scenario.file, &manifest.scenario.text))
    }
}

/// The charts in the order of their captions, as far as they have space.
fn figures(charts: &[(String, Vec<u8>)], space: usize) -> Markup {
    let mut drawn: Vec<(&str, &str)> = charts
        .iter()
        .filter_map(|(file, bytes)| {
            let name = file.strip_suffix(".svg")?;
            Some((name, std::str::from_utf8(bytes).ok()?))
        })
        .collect();
    let place = |name: &str| {
        let caption = caption_of(name).map(|caption| caption.chart);
        let own = CAPTIONS.iter().position(|it| Some(it.chart) == caption);
        own.unwrap_or(CAPTIONS.len())
    };
    let names: Vec<String> = drawn.iter().map(|(name, _)| (*name).to_owned()).collect();
    // Charts of one condition or one measure follow those that compare all; last are those that another chart has, too.
    let order = |name: &str| {
        let whole = caption_of(name).filter(|caption| caption.chart != name);
        let is_shown_by =
            |caption: &captions::Caption| names.iter().any(|own| own == caption.chart);
        (whole.is_some(), whole.is_some_and(is_shown_by), place(name))
    };
    drawn.sort_by(|(one, _), (other, _)| order(one).cmp(&order(other)).then(one.cmp(other)));
    if drawn.is_empty() {
        return html! { p { "No charts were drawn with these results; " code { "pairbond plot FOLDER" } " draws them." } };
    }
    // The paragraph that names charts without space needs some, too.
    let named = |name: &str| name.len() + ", <code>.svg</code>".len();
    let names: usize = drawn.iter().map(|(name, _)| named(name)).sum();
    let mut space = space.saturating_sub(OMITTED.len() + "<p>.</p>".len() + names);
    let (mut shown, mut omitted) = (Vec::new(), Vec::new());
    let mut explained: Vec<&str> = Vec::new();
    for (name, svg) in drawn {
        let (heading, reading) = match caption_of(name) {
            Some(caption) => (heading(caption, name), caption.reading),
            None => (capitalised(name), ""),
        };
        let is_explained = explained.contains(&reading);
        let draw = |chart: InlineSvg| {
            let [points, all] = chart.points.map(|points| count(points as u64));
            html! {
                figure id={ "chart-" (name) } {
                    h3 { (heading) }
                    @if is_narrow(&chart.svg) { div.card.narrow { (PreEscaped(&chart.svg)) } }
                    @else { div.card tabindex="0" { (PreEscaped(&chart.svg)) } }
                    figcaption { @if is_explained { "Read as the chart of this kind above." } @else { (reading) } @if points != all { " This page shows " (points) " of its " (all) " points; the file has all." } " Files: " code { (name) ".svg" } @if cfg!(feature = "png") { ", " code { (name) ".png" } } "." }
                }
            }
        };
        let mut versions = MOST_POINTS.into_iter().filter_map(|most| {
            let chart = inline_svg(name, svg, reading, most)?;
            Some(draw(chart))
        });
        let figure = versions.find(|figure| figure.0.len() <= space);
        match figure {
            Some(figure) => {
                space -= figure.0.len();
                explained.push(reading);
                shown.push(figure);
            }
            None => omitted.push(format!("{name}.svg")),
        }
    }
    html! {
        @for figure in &shown { (figure) }
        @if !omitted.is_empty() {
            p {
                (OMITTED)
                @for (place, file) in omitted.iter().enumerate() {
                    @if place > 0 { ", " }
                    code { (file) }
                }
                "."
            }
        }
    }
}

/// Whether a chart has the width of a journal's column, so that a narrow screen can show it as it is.
fn is_narrow(svg: &str) -> bool {
    let width = svg
        .split_once("width=\"")
        .and_then(|(_, rest)| rest.split_once("mm\""));
    let width = width.and_then(|(width, _)| width.parse::<f64>().ok());
    width.is_some_and(|width| width < NARROW)
}

/// The heading of a chart; that of one measure names it.
fn heading(caption: &captions::Caption, name: &str) -> String {
    let measure = name.strip_prefix(caption.chart).unwrap_or_default();
    match measure.trim_start_matches('_') {
        "" => caption.heading.to_owned(),
        measure => format!("{}: {}", caption.heading, readable(measure)),
    }
}

fn files(manifest: &Manifest) -> Markup {
    let meaning = |file: &FileRecord| {
        let stem = file.name.rsplit_once('.').map_or("", |(stem, _)| stem);
        let table = manifest.tables.iter().find(|table| table.name == stem);
        if let Some(table) = table.filter(|_| file.rows.is_some()) {
            return format!("A row is {}", table.row);
        }
        match file.name.as_str() {
            "scenario.toml" => "The scenario".to_owned(),
            "codebook.csv" => "Every column of every table: unit, range, meaning".to_owned(),
            name if name.ends_with(".svg") || name.ends_with(".png") => "Chart".to_owned(),
            _ => String::new(),
        }
    };
    let others = manifest
        .files
        .iter()
        .filter(|file| file.name != REPORT_NAME);
    let rows: Vec<Vec<String>> = others
        .map(|file| {
            let rows = file.rows.map_or_else(String::new, count);
            vec![file.name.clone(), rows, meaning(file)]
        })
        .collect();
    html! {
        p {
            code { "manifest.json" } " lists all files with their hashes, and " code { "codebook.csv" }
            " describes every column."
        }
        (layout::details("The files", &data_table("Files", &["File", "Rows", "Contents"], &rows)))
    }
}
