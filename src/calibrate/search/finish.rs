//! The end of a search: what was found becomes a folder of results.

use super::tables::{fit_schema, found_schema, search_schema};
use super::{IgnoredSearchProgress, ReportedParameter, SearchReport, search};
use crate::calibrate::document::CalibrationDocument;
use crate::calibrate::finish::{begin, origin_of, place};
use crate::calibrate::least_squares::{Bound, Evaluation, Solution};
use crate::calibrate::pictures;
use crate::calibrate::tables::{answer, prior_values};
use crate::calibrate::{CalibrateRequest, Published, Simulated, Stage, document_of, published};
use crate::error::Error;
use crate::options::{Execution, SaveOptions};
use crate::results::provenance::plain_name;
use crate::results::{Manifest, ResultsKind};
use crate::runner::Control;
use crate::table::{Schema, Table, Value};
use crate::use_case::{NamedFile, UseCase};
use crate::validate::laboratory::laboratory_keys;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

/// What results are made from.
pub(crate) struct SearchResults<'a> {
    pub(crate) document: &'a CalibrationDocument,
    pub(crate) targets: &'a [Published],
    pub(crate) found: &'a Solution,
}

impl SearchResults<'_> {
    pub(crate) fn write(&self, request: &CalibrateRequest) -> Result<SearchReport, Error> {
        let tables = [self.iterations(), self.fit(), self.parameters()];
        let mut folder = begin(self.document, request, &tables)?;
        for (file, text) in self.values() {
            folder.write(file, text.as_bytes())?;
        }
        if request.save.charts {
            for (name, bytes) in pictures::draw(&tables)? {
                folder.write(&name, &bytes)?;
            }
        }
        let seed = self.document.search.seed;
        let flags: (&[&str], u64) = (&["--search"], seed);
        let origin = origin_of(self.document, request, ResultsKind::Search, flags);
        let manifest = folder.commit(Manifest::new(origin))?;
        Ok(self.report(request, manifest.files.len() + 1))
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
            let (low, high) = target
                .interval
                .map_or((f64::NAN, f64::NAN), |it| (it.low, it.high));
            let start = self.found.start.statistic(number);
            let found = self.found.found.statistic(number);
            table.rows.push([
                Value::Str(published.id.clone()),
                Value::Str(published.statistic.clone()),
                Value::Float(target.value),
                Value::Float(low),
                Value::Float(high),
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
                Value::Categorical(place(own.identification)),
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

    /// What was found as lines of keys and values: those that a scenario takes in a file of their own,
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

    fn report(&self, request: &CalibrateRequest, files: usize) -> SearchReport {
        let met = |evaluation: &Evaluation| {
            let agrees = |(number, it): (usize, &Published)| {
                it.target.agrees(evaluation.statistic(number).0) == Some(true)
            };
            let targets = self.targets.iter().enumerate();
            targets.filter(|it| agrees(*it)).count()
        };
        let parameters = self.document.parameters.iter().enumerate();
        SearchReport {
            folder: request.out.clone(),
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
            files,
        }
    }
}

/// A search whose results were written before.
pub(crate) struct Search {
    document: CalibrationDocument,
}

impl Search {
    /// The search that a manifest describes.
    ///
    /// # Errors
    /// Those of [`document_of`].
    pub(crate) fn of(manifest: &Manifest) -> Result<Search, Error> {
        let document = document_of(manifest)?;
        Ok(Search { document })
    }
}

impl UseCase for Search {
    fn schemas(&self) -> Result<Vec<Schema>, Error> {
        let search = search_schema(&self.document);
        Ok(vec![search, fit_schema(), found_schema()])
    }

    fn rerun(
        &self,
        folder: &Path,
        options: &SaveOptions,
        execution: Execution<'_>,
    ) -> Result<(), Error> {
        let control = Control {
            cancel: execution.cancel,
            ..Control::default()
        };
        let request = CalibrateRequest {
            out: folder.to_owned(),
            save: *options,
            resume: false,
        };
        let studies = Simulated::new(&self.document, Stage::Search, Arc::new(control.clone()))?;
        let (published, threads) = (published()?, execution.threads);
        let document = &self.document;
        search(
            document,
            &published,
            &studies,
            &request,
            threads,
            &control,
            &IgnoredSearchProgress,
        )
        .map(drop)
    }

    fn replot(&self, results: &Path, manifest: &Manifest) -> Result<Vec<NamedFile>, Error> {
        pictures::replot(results, manifest, self.schemas()?)
    }
}
