//! The results of a search: its report, its tables, and what was found as files of keys and values.

use super::minimizer::{Bound, Evaluation, Solution};
use super::{ReportedParameter, SearchReport};
use crate::calibrate::document::CalibrationDocument;
use crate::calibrate::problem::Identification;
use crate::calibrate::results;
use crate::calibrate::results::{
    YES_NO, answer, prior_columns, prior_values, target_columns, target_values, unitless, verdict,
};
use crate::calibrate::{CalibrationOutput, Published, Stage};
use crate::chart::figure_list::FailedChart;
use crate::error::Error;
use crate::results::folder::Committed;
use crate::results::provenance::plain_name;
use crate::runner::CancelToken;
use crate::table::{Field, Schema, Table, Value};
use crate::validate::laboratory::laboratory_keys;
use std::fmt::Write;

/// What results are made from.
pub(crate) struct SearchResults<'a> {
    pub(crate) document: &'a CalibrationDocument,
    pub(crate) targets: &'a [Published],
    pub(crate) found: &'a Solution,
}

impl SearchResults<'_> {
    pub(crate) fn write(
        &self,
        output: &CalibrationOutput,
        cancel: &CancelToken,
    ) -> Result<SearchReport, Error> {
        let tables = [self.iterations(), self.fit(), self.parameters()];
        let texts = self.values();
        let written = results::write(
            self.document,
            Stage::Search,
            output,
            &tables,
            &texts,
            None,
            cancel,
        )?;
        Ok(self.report(output, written))
    }

    fn iterations(&self) -> Table {
        let mut table = Table::new(search_schema(self.document));
        for iteration in &self.found.iterations {
            let head = [
                Value::Int(i64::from(iteration.number)),
                Value::Float(iteration.before),
                Value::Float(iteration.after),
                Value::Float(iteration.damping),
                answer(Some(iteration.accepted)),
                Value::Float(iteration.gain_ratio),
                Value::Float(iteration.longest),
                Value::Int(iteration.simulations as i64),
            ];
            let values = iteration.values.iter().map(|value| Value::Float(*value));
            table.rows.push(head.into_iter().chain(values));
        }
        table
    }

    fn fit(&self) -> Table {
        let mut table = Table::new(fit_schema());
        for (number, published) in self.targets.iter().enumerate() {
            let target = &published.target;
            let [id, statistic, value, low, high] = target_values(published);
            let start = self.found.start.statistic(number);
            let found = self.found.found.statistic(number);
            table.rows.push([
                id,
                statistic,
                value,
                low,
                high,
                Value::Float(start.0),
                Value::Float(start.1),
                Value::Float(found.0),
                Value::Float(found.1),
                answer(target.agrees(start.0)),
                answer(target.agrees(found.0)),
            ]);
        }
        table
    }

    fn parameters(&self) -> Table {
        let mut table = Table::new(found_schema());
        for (number, parameter) in self.document.parameters.iter().enumerate() {
            let own = &self.found.parameters[number];
            let found = [
                Value::Float(self.found.start.values[number]),
                Value::Float(self.found.found.values[number]),
                Value::Float(own.error),
                Value::Float(own.contraction),
                verdict(own.identification),
                Value::Categorical(match own.at_bound {
                    None => 0,
                    Some(Bound::Low) => 1,
                    Some(Bound::High) => 2,
                }),
            ];
            table
                .rows
                .push(prior_values(parameter).into_iter().chain(found));
        }
        table
    }

    /// What was found as lines of keys and values: those that a scenario takes in one file,
    /// those of the laboratory, where there are any, in another.
    fn values(&self) -> Vec<(&'static str, String)> {
        let values = self.document.parameters.iter();
        let values = values.zip(&self.found.found.values);
        let (own, others): (Vec<_>, Vec<_>) = values
            .partition(|(parameter, _)| laboratory_keys().iter().any(|it| it.key == parameter.key));
        let files = [("found.toml", others), ("found_laboratory.toml", own)];
        let written = files.into_iter().filter(|(_, lines)| !lines.is_empty());
        written
            .map(|(file, lines)| {
                let from = plain_name(self.document.file_name());
                let mut text =
                    format!("# Found by a search of {from}. To be put in place: --set @{file}\n");
                for (parameter, value) in lines {
                    let _ = writeln!(text, "{} = {value:?}", parameter.key);
                }
                (file, text)
            })
            .collect()
    }

    fn report(
        &self,
        output: &CalibrationOutput,
        (committed, failed_charts): (Committed, Vec<FailedChart>),
    ) -> SearchReport {
        let met = |evaluation: &Evaluation| {
            let agrees = |(number, it): (usize, &Published)| {
                it.target.agrees(evaluation.statistic(number).0) == Some(true)
            };
            let targets = self.targets.iter().enumerate();
            targets.filter(|it| agrees(*it)).count()
        };
        let parameters = self.document.parameters.iter().enumerate();
        SearchReport {
            folder: output.folder.clone(),
            ending: self.found.ending,
            choice: self.found.choice,
            iterations: self.found.iterations.len(),
            simulations: self.found.simulations,
            losses: (self.found.start.loss(), self.found.found.loss()),
            parameters: parameters
                .map(|(number, parameter)| ReportedParameter {
                    name: parameter.name.clone(),
                    start: self.found.start.values[number],
                    found: self.found.found.values[number],
                    error: self.found.parameters[number].error,
                    verdict: self.found.parameters[number].identification.to_string(),
                    at_bound: self.found.parameters[number].at_bound.is_some(),
                })
                .collect(),
            met: (
                met(&self.found.start),
                met(&self.found.found),
                self.targets.len(),
            ),
            files: committed.manifest.files.len() + 1,
            leftover: committed.leftover,
            failed_charts,
        }
    }
}

/// The schemas of all tables.
pub(crate) fn schemas(document: &CalibrationDocument) -> Vec<Schema> {
    vec![search_schema(document), fit_schema(), found_schema()]
}

/// The schemas of the tables whose columns no document names.
pub(crate) fn fixed_schemas() -> Vec<Schema> {
    vec![fit_schema(), found_schema()]
}

/// Words for the position of a parameter in its prior.
const PLACES: &[&str] = &["inside", "lowest", "highest"];

/// The schema of `search`.
pub(crate) fn search_schema(document: &CalibrationDocument) -> Schema {
    let mut columns = vec![
        Field::int("iteration", "", "Number of the iteration, from 1"),
        unitless("before", "Loss at its beginning, on its own seed"),
        unitless("after", "Loss at its end, on the same seed"),
        unitless(
            "damping",
            "Damping of the step that was taken, or the strongest that was tried",
        ),
        Field::categorical("accepted", YES_NO, "Whether a step was taken"),
        unitless(
            "gain_ratio",
            "Reduction of the loss over that predicted by the slopes; missing if no step was taken",
        ),
        unitless(
            "longest",
            "Longest move of a parameter, in widths of its prior",
        ),
        Field::int("simulations", "", "Simulations so far"),
    ];
    for parameter in &document.parameters {
        let meaning = format!("Value of {} at its end", parameter.key);
        columns.push(Field::float(parameter.name.clone(), "", meaning));
    }
    Schema {
        table: "search",
        row: "an iteration",
        columns,
    }
}

/// The schema of `fit`.
pub(crate) fn fit_schema() -> Schema {
    let mut columns = target_columns();
    columns.extend([
        unitless(
            "start",
            "Simulated at the start: mean over the seeds of the evaluation",
        ),
        unitless("start_sd", "Standard deviation over these seeds"),
        unitless(
            "found",
            "Simulated at the solution: mean over the same seeds",
        ),
        unitless("found_sd", "Standard deviation over the seeds"),
        Field::categorical(
            "start_within",
            YES_NO,
            "Whether the start's mean lies in the published interval",
        ),
        Field::categorical(
            "within",
            YES_NO,
            "Whether the mean at the solution lies in the published interval",
        ),
    ]);
    Schema {
        table: "fit",
        row: "a target",
        columns,
    }
}

/// The schema of `found`.
fn found_schema() -> Schema {
    let mut columns = prior_columns();
    columns.extend([
        unitless("start", "Where the search started"),
        unitless("found", "Value at the solution"),
        unitless(
            "error",
            "Standard error from the slopes of the statistics, the published errors and the prior",
        ),
        unitless(
            "contraction",
            "That error over the prior's standard deviation, of logarithms where the prior is \
                 log-uniform: 1 if the targets carry no information",
        ),
        Field::categorical(
            "verdict",
            Identification::WORDS,
            "Whether the targets identify the parameter",
        ),
        Field::categorical("place", PLACES, "Whether it lies at a bound of its prior"),
    ]);
    Schema {
        table: "found",
        row: "a parameter",
        columns,
    }
}
