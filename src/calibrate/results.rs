//! What the results of both methods have in common: the folder and its origin, and the columns of
//! parameters and targets.

use super::{CalibrationOutput, Published, Stage, charts, heading};
use crate::calibrate::document::{CalibratedKey, CalibrationDocument};
use crate::calibrate::problem::{Identification, Prior};
use crate::chart::figure_list::{DrawnCharts, FailedChart};
use crate::error::Error;
use crate::options::SaveOptions;
use crate::results::folder::Committed;
use crate::results::provenance;
use crate::results::provenance::{Source, override_texts, write_attachments};
use crate::results::{Folder, JOURNAL_NAME, JournalReader, Manifest, Origin, OutputError, record};
use crate::runner::CancelToken;
use crate::table::{Field, NO_CATEGORY, Table, Value};
use crate::use_case::commit;
use std::path::Path;

/// Writes a folder of results: tables, the document, further texts by their names, the journal of its simulations
/// if it has one, and charts. Returns
/// the charts that could not be drawn, too.
pub(crate) fn write(
    document: &CalibrationDocument,
    stage: Stage,
    output: &CalibrationOutput,
    tables: &[Table],
    texts: &[(&str, String)],
    journal: Option<&Path>,
    cancel: &CancelToken,
) -> Result<(Committed, Vec<FailedChart>), Error> {
    let mut folder = Folder::create(&output.folder, &stage.kind(), output.options.replace)?;
    folder.write_tables(output.options.format, &tables.iter().collect::<Vec<_>>())?;
    folder.write("calibration.toml", document.text().as_bytes())?;
    let attachments = document.attachments().iter();
    write_attachments(&mut folder, attachments.map(|(name, text)| (name, text)))?;
    for (name, text) in texts {
        folder.write(name, text.as_bytes())?;
    }
    if let Some(journal) = journal {
        keep_journal(&mut folder, journal)?;
    }
    let mut drawn = DrawnCharts::default();
    if let Some(options) = &output.options.charts {
        drawn = charts::draw(tables, &heading(document, stage), options, cancel);
        cancel.check()?;
    }
    let manifest = Manifest::new(origin(document, stage, &output.options));
    Ok(commit(folder, drawn, manifest, None, &output.options)?)
}

/// Copies the journal of the simulations to the results, so that a larger calibration can reuse them.
fn keep_journal(folder: &mut Folder, journal: &Path) -> Result<(), OutputError> {
    let mut reader = JournalReader::open(journal, 0)?;
    let mut file = folder.create_file(JOURNAL_NAME)?;
    while let Some(result) = reader.next()? {
        file.write_bytes(&record(&result))?;
    }
    folder.finish(file)
}

/// The origin of results in their manifest.
pub(crate) fn origin(
    document: &CalibrationDocument,
    stage: Stage,
    options: &SaveOptions,
) -> Origin {
    let (flags, seed): (&[&str], _) = match stage {
        Stage::Posterior => (&[], document.sampler.seed),
        Stage::Search => (&["--search"], document.search.seed),
    };
    let source = Source {
        file_name: document.file_name(),
        text: document.text(),
        overrides: override_texts(document.overrides()),
        seed,
        flags,
    };
    provenance::origin(source, stage.kind(), "calibrate", options)
}

/// Words for an answer.
pub(crate) const YES_NO: &[&str] = &["yes", "no"];

pub(crate) fn answer(yes: Option<bool>) -> Value {
    Value::Categorical(yes.map_or(NO_CATEGORY, |yes| u8::from(!yes)))
}

/// A verdict as one of [`Identification::WORDS`].
pub(crate) fn verdict(identification: Identification) -> Value {
    Value::Categorical(identification as u8)
}

/// A column of numbers without a unit.
pub(crate) fn unitless(name: &str, meaning: &str) -> Field {
    Field::float(name, "", meaning)
}

/// The first columns of a row of a parameter: its prior.
pub(crate) fn prior_columns() -> Vec<Field> {
    vec![
        Field::str("parameter", "Plain name of the parameter"),
        Field::str("key", "Its key, as for --set"),
        Field::str("prior", "Kind of the prior"),
        unitless("prior_from", "Lowest value of the prior"),
        unitless("prior_to", "Highest value of the prior"),
        unitless(
            "prior_mean",
            "Mean of a normal prior before truncation; missing for others",
        ),
        unitless(
            "prior_sd",
            "Standard deviation of a normal prior before truncation; missing for others",
        ),
        unitless("default", "Default value in a scenario"),
    ]
}

/// The values of these columns.
pub(crate) fn prior_values(parameter: &CalibratedKey) -> [Value; 8] {
    let (from, to) = parameter.prior.bounds();
    let (kind, mean, sd) = match parameter.prior {
        Prior::Uniform { .. } => ("uniform", f64::NAN, f64::NAN),
        Prior::LogUniform { .. } => ("log-uniform", f64::NAN, f64::NAN),
        Prior::TruncatedNormal { mean, sd, .. } => ("truncated normal", mean, sd),
    };
    [
        Value::Str(parameter.name.clone()),
        Value::Str(parameter.key.clone()),
        Value::Str(kind.to_owned()),
        Value::Float(from),
        Value::Float(to),
        Value::Float(mean),
        Value::Float(sd),
        Value::Float(parameter.default.unwrap_or(f64::NAN)),
    ]
}

/// The first columns of a row of a target: what was published.
pub(crate) fn target_columns() -> Vec<Field> {
    vec![
        Field::str("target", "Name of the target"),
        Field::str("statistic", "What it is"),
        unitless("published", "Published value"),
        unitless("published_low", "Lower end of its published interval"),
        unitless("published_high", "Upper end of its published interval"),
    ]
}

/// The values of these columns.
pub(crate) fn target_values(published: &Published) -> [Value; 5] {
    let target = &published.target;
    let (low, high) = target
        .interval
        .map_or((f64::NAN, f64::NAN), |it| (it.low, it.high));
    [
        Value::Str(published.id.clone()),
        Value::Str(published.statistic.clone()),
        Value::Float(target.value),
        Value::Float(low),
        Value::Float(high),
    ]
}
