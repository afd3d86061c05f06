//! The results of a validation in a folder: tables, charts, and a manifest by which it can be repeated;
//! and the verdicts of an earlier table.

use crate::chart::figure_list::{DrawnCharts, FailedChart};
use crate::chart::options::ChartOptions;
use crate::chart::{FigureHeading, count};
use crate::error::{Error, TargetError};
use crate::options::{Execution, SaveOptions};
use crate::results::provenance::{
    attachment_name, command_words, left_out, plain_name, write_attachments,
};
use crate::results::{Folder, Leftover, Manifest, Origin, ResultsKind, read_document};
use crate::runner::CancelToken;
use crate::scenario::Override;
use crate::table::plain_file::read_text_bytes;
use crate::table::{Field, Format, MISSING, Schema, Table, Value};
use crate::use_case::{UseCase, commit, read_tables};
use crate::validate::compare::{Ablation, Reproduction, TargetComparison};
use crate::validate::target_table::TargetTable;
use crate::validate::targets::{Exposure, Tier};
use crate::validate::{Laboratory, ValidateRequest, ValidationReport, charts, validate_by};
use std::path::{Path, PathBuf};

/// The headers of a validation's tables.
pub(crate) fn schemas(ablation: bool) -> Vec<Schema> {
    let mut schemas = vec![targets_schema()];
    if ablation {
        schemas.push(ablation_schema());
    }
    schemas
}

/// Writes tables, the table's populations, charts and manifest. Returns what could not be removed
/// afterwards, and the charts that could not be drawn.
///
/// # Errors
/// [`Error::Output`], and [`Error::Cancelled`] while charts are drawn.
pub(crate) fn write_results(
    table: &TargetTable,
    request: &ValidateRequest,
    report: &ValidationReport,
    mut folder: Folder,
    cancel: &CancelToken,
) -> Result<(Option<Leftover>, Vec<FailedChart>), Error> {
    let mut made = vec![targets_table(&report.comparisons)];
    if request.ablation {
        made.push(ablation_table(&report.comparisons, &report.ablations));
    }
    folder.write_tables(Format::Csv, &made.iter().collect::<Vec<_>>())?;
    let populations = table.populations.iter();
    write_attachments(&mut folder, populations.map(|own| (&own.name, &own.text)))?;
    let mut drawn = DrawnCharts::default();
    if let Some(options) = &request.save.charts {
        let heading = heading(request);
        drawn = charts::draw(&made, &heading, options, cancel);
        cancel.check()?;
    }
    let manifest = Manifest::new(origin(table, request));
    let (committed, failed) = commit(folder, drawn, manifest, None, &request.save)?;
    Ok((committed.leftover, failed))
}

/// A validation whose results were written before.
pub(crate) struct Validation {
    /// The folder of the results, which keeps the populations of the table.
    results: PathBuf,
    /// The manifest, which keeps the table of published numbers.
    manifest: Manifest,
    request: ValidateRequest,
}

impl Validation {
    /// The validation that a manifest describes.
    ///
    /// # Errors
    /// [`Error::Stale`] if this version does not accept the overrides.
    pub(crate) fn of(results: &Path, manifest: &Manifest) -> Result<Validation, Error> {
        let ResultsKind::Validation {
            couples,
            ablation,
            targets,
            own_table,
        } = &manifest.kind
        else {
            unreachable!("only results of a validation are reopened as one");
        };
        let overrides = manifest.overrides.iter();
        let overrides = overrides
            .map(|text| Override::parse(text))
            .collect::<Result<Vec<_>, _>>();
        let lab = Laboratory::new(*couples, manifest.seed);
        let lab = overrides
            .and_then(|overrides| lab.with(overrides))
            .map_err(|diagnostics| Error::Stale {
                version: manifest.version.clone(),
                diagnostics: Box::new(diagnostics),
            })?;
        Ok(Validation {
            results: results.to_owned(),
            manifest: manifest.clone(),
            request: ValidateRequest {
                table: own_table.then(|| PathBuf::from(&manifest.scenario.file)),
                targets: targets.clone(),
                lab,
                overrides: manifest.overrides.clone(),
                ablation: *ablation,
                out: None,
                save: SaveOptions::default(),
                against: None,
            },
        })
    }
}

impl UseCase for Validation {
    fn schemas(&self) -> Result<Vec<Schema>, Error> {
        Ok(schemas(self.request.ablation))
    }

    fn rerun(
        &self,
        folder: &Path,
        options: &SaveOptions,
        execution: Execution<'_>,
    ) -> Result<(), Error> {
        let request = ValidateRequest {
            out: Some(folder.to_owned()),
            save: options.clone(),
            ..self.request.clone()
        };
        let record = &self.manifest.scenario;
        let load = |name: &str| read_text_bytes(&self.results.join(attachment_name(name)));
        let table = TargetTable::parse(&record.file, &record.text, false, Some(&load));
        let table = table.map_err(|diagnostics| Error::Stale {
            version: self.manifest.version.clone(),
            diagnostics: Box::new(diagnostics),
        })?;
        validate_by(&table, &request, execution).map(drop)
    }

    fn replot(
        &self,
        results: &Path,
        manifest: &Manifest,
        options: &ChartOptions,
    ) -> Result<DrawnCharts, Error> {
        let tables = read_tables(results, manifest, self.schemas()?)?;
        let heading = heading(&self.request);
        let cancel = CancelToken::default();
        Ok(charts::draw(&tables, &heading, options, &cancel))
    }
}

/// What stands over the charts.
fn heading(request: &ValidateRequest) -> FigureHeading {
    let title = match &request.table {
        Some(file) => format!("Targets of {}", plain_name(&file.to_string_lossy())),
        None => "Published numbers and simulated ones".to_owned(),
    };
    let changed = match request.overrides.is_empty() {
        true => String::new(),
        false => format!("; {}", request.overrides.join(", ")),
    };
    FigureHeading {
        title,
        size: format!(
            "n = {} couples per cohort{changed}",
            count(request.lab.couples as i64)
        ),
    }
}

/// Where results come from, for the manifest; the command is one that leads to the same bytes.
fn origin(table: &TargetTable, request: &ValidateRequest) -> Origin {
    let mut command = command_words("validate", &request.save);
    let file = plain_name(&table.file_name);
    if request.table.is_some() {
        command.extend(["--targets".to_owned(), file.clone()]);
    }
    command.extend(request.targets.iter().cloned());
    command.extend(["--couples".to_owned(), request.lab.couples.to_string()]);
    command.extend(["--seed".to_owned(), request.lab.seed.to_string()]);
    for value in &request.overrides {
        command.extend(["--set".to_owned(), value.clone()]);
    }
    if request.ablation {
        command.push("--ablation".to_owned());
    }
    command.extend(left_out(&request.save));
    Origin {
        kind: request.kind(),
        command,
        scenario_file: file,
        scenario_text: table.text.clone(),
        overrides: request.overrides.clone(),
        seed: request.lab.seed,
        table_format: Format::Csv,
        charts: request.save.charts.clone().unwrap_or_default(),
    }
}

/// The schema of `targets`: a row for each published number.
fn targets_schema() -> Schema {
    let own = |name: &str, meaning: &str| Field::float(name, "as published", meaning);
    let columns = vec![
        Field::str("target", "Name of the target"),
        Field::str("part", "Part of it, where it has several"),
        Field::categorical(
            "tier",
            Tier::WORDS,
            "Whether parameters are fitted to it (calibration), or nothing is: a number (validation), a sign or an order (pattern)",
        ),
        Field::categorical(
            "standing",
            Exposure::WORDS,
            "Whether something was set by it (fitted), the model or the study was changed with its verdict in view (seen), or nothing was chosen by it (blind)",
        ),
        Field::str("area", "What it is about"),
        Field::str("statistic", "The statistic"),
        own(
            "published",
            "Published value; missing where only a sign or an order is known",
        ),
        own(
            "published_low",
            "Lower end of its 95 % interval; missing where it has none",
        ),
        own(
            "published_high",
            "Upper end of it; missing where it has none",
        ),
        own(
            "size",
            "Size of the effect where a sign is published; missing where none is compared",
        ),
        own("simulated", "Mean over simulated studies"),
        own("ci_low", "Lower end of its 95 % interval"),
        own("ci_high", "Upper end of it"),
        own(
            "study_sd",
            "Standard deviation over simulated studies of the published size",
        ),
        Field::int("studies", "", "Simulated studies, or parts of one"),
        Field::int(
            "couples",
            "couples",
            "Couples of a study; missing where the simulated couples are divided into ten",
        ),
        Field::categorical(
            "verdict",
            Reproduction::WORDS,
            "Whether the simulated interval lies within the published one, overlaps an end, or lies outside; sign_only: within, but the effect is smaller than a tenth of the published size",
        ),
        Field::str("design", "Design of the published study"),
        Field::str("source", "Where it was published"),
        Field::str("how_known", "How the published number is known"),
    ];
    Schema {
        table: "targets",
        row: "a published number",
        columns,
    }
}

fn finite(value: f64) -> Value {
    Value::Float(if value.is_finite() { value } else { f64::NAN })
}

/// The table `targets`.
fn targets_table(comparisons: &[TargetComparison]) -> Table {
    let mut table = Table::new(targets_schema());
    for one in comparisons {
        let (target, finding) = (&one.target, &one.finding);
        table.rows.push([
            Value::Str(target.id.clone()),
            Value::Str(target.part.clone()),
            Value::Categorical(target.tier as u8),
            Value::Categorical(target.exposure as u8),
            Value::Str(target.area.clone()),
            Value::Str(target.statistic.clone()),
            finite(target.value),
            finite(target.interval.low),
            finite(target.interval.high),
            Value::Float(target.size.unwrap_or(f64::NAN)),
            Value::Float(finding.value),
            Value::Float(finding.interval.low),
            Value::Float(finding.interval.high),
            Value::Float(finding.spread),
            Value::Int(finding.studies as i64),
            Value::Int(target.couples.map_or(MISSING, |couples| couples as i64)),
            Value::Categorical(one.verdict as u8),
            Value::Str(target.design.clone()),
            Value::Str(target.source.clone()),
            Value::Str(target.how_known.clone()),
        ]);
    }
    table
}

/// The schema of `ablation`: a row for each mechanism and published number.
fn ablation_schema() -> Schema {
    let own = |name: &str, meaning: &str| Field::float(name, "as published", meaning);
    let columns = vec![
        Field::str("mechanism", "Mechanism that is off"),
        Field::str("target", "Name of the target"),
        Field::str("part", "Part of it, where it has several"),
        Field::categorical("tier", Tier::WORDS, "What the target is for"),
        Field::str("area", "What it is about"),
        Field::str("statistic", "The statistic"),
        own("with", "Simulated value with all mechanisms on"),
        own("without", "Simulated value without the mechanism"),
        own(
            "ci_low",
            "Lower end of the 95 % interval without the mechanism",
        ),
        own("ci_high", "Upper end of it"),
        Field::categorical(
            "verdict_with",
            Reproduction::WORDS,
            "Reproduction with all mechanisms on",
        ),
        Field::categorical(
            "verdict_without",
            Reproduction::WORDS,
            "Reproduction without the mechanism",
        ),
        Field::float(
            "shift",
            "standard errors",
            "Distance of the two values in standard errors of their difference, as if they were independent",
        ),
        Field::int(
            "carried",
            "",
            "1 where the number is reproduced with the mechanism and not without it",
        )
        .within(0.0, 1.0),
    ];
    Schema {
        table: "ablation",
        row: "a mechanism and a published number",
        columns,
    }
}

/// The table `ablation`.
fn ablation_table(full: &[TargetComparison], ablations: &[Ablation]) -> Table {
    let mut table = Table::new(ablation_schema());
    for ablation in ablations {
        for (with, without) in full.iter().zip(&ablation.comparisons) {
            table.rows.push([
                Value::Str(ablation.mechanism.to_owned()),
                Value::Str(with.target.id.clone()),
                Value::Str(with.target.part.clone()),
                Value::Categorical(with.target.tier as u8),
                Value::Str(with.target.area.clone()),
                Value::Str(with.target.statistic.clone()),
                Value::Float(with.finding.value),
                Value::Float(without.finding.value),
                Value::Float(without.finding.interval.low),
                Value::Float(without.finding.interval.high),
                Value::Categorical(with.verdict as u8),
                Value::Categorical(without.verdict as u8),
                Value::Float(with.finding.distance(&without.finding)),
                Value::Int(i64::from(with.is_lost(without))),
            ]);
        }
    }
    table
}

/// A missing value in a table as text.
const NA: &str = "NA";

/// A target's name, its part, and the verdict on it.
type BaselineVerdicts = Vec<[String; 3]>;

/// Reads the verdicts of a table `targets.csv`.
///
/// # Errors
/// [`Error::Output`] if it cannot be read, [`Error::Target`] if it is not such a table.
pub(crate) fn read_verdicts(path: &Path) -> Result<BaselineVerdicts, Error> {
    verdicts_of(path, &read_document(path)?)
}

/// The verdicts in the bytes of a table.
fn verdicts_of(path: &Path, bytes: &[u8]) -> Result<BaselineVerdicts, Error> {
    let mut reader = csv::Reader::from_reader(bytes);
    let row_error = |line, reason: String| {
        let file = path.display().to_string();
        Error::from(TargetError::Row { file, line, reason })
    };
    let names = reader
        .headers()
        .map_err(|error| row_error(1, error.to_string()))?
        .clone();
    let place = |name: &str| {
        let found = names.iter().position(|own| own == name);
        found.ok_or_else(|| row_error(1, format!("there is no column `{name}`")))
    };
    let places = [place("target")?, place("part")?, place("verdict")?];
    let mut kept = Vec::new();
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(|error| row_error(row as u64 + 2, error.to_string()))?;
        // The part is missing for a target without parts.
        let cell = |at: usize| record.get(at).filter(|cell| *cell != NA);
        kept.push(places.map(|at| cell(at).unwrap_or("").to_owned()));
    }
    Ok(kept)
}

/// One line for each target whose verdict changed, or that is new.
pub(crate) fn verdict_differences(
    baseline: &BaselineVerdicts,
    comparisons: &[TargetComparison],
) -> Vec<String> {
    let difference = |one: &TargetComparison| {
        let target = &one.target;
        let old = baseline
            .iter()
            .find(|[id, part, _]| *id == target.id && *part == target.part);
        match old {
            Some([_, _, verdict]) if verdict == one.verdict.word() => None,
            Some([_, _, verdict]) => Some(format!(
                "{}: {} here, {verdict} in the earlier table",
                target.name(),
                one.verdict.word()
            )),
            None => Some(format!("{}: not in the earlier table", target.name())),
        }
    };
    comparisons.iter().filter_map(difference).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mutated_verdicts_are_read_or_refused() {
        let sound = "target,part,tier,verdict\nC01,,C,reproduced\nC06,mean,C,\"undecided\"\n";
        let path = Path::new("targets.csv");
        let read = verdicts_of(path, sound.as_bytes()).expect("a sound table");
        assert_eq!(read[0], ["C01", "", "reproduced"]);
        crate::table::test_support::mutations(sound.as_bytes(), |bytes| {
            if let Err(error) = verdicts_of(path, bytes) {
                assert!(error.to_string().contains("targets.csv"), "{error}");
            }
        });
    }
}
