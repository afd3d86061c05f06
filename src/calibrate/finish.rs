//! The end of a calibration: its state becomes a folder of results.

use super::from_document::overrides;
use super::tables::{
    adjusted_schema, answer, correlations_schema, generations_schema, parameters_schema,
    particles_table, posterior_schema, predictive_schema, prior_values,
};
use super::{
    CalibrateReport, CalibrateRequest, IgnoredCalibrationProgress, Published, Simulated, Stage,
    calibrate, document_of, pictures, published,
};
use crate::calibrate::abc::{
    AbcSampler, Marginal, Particle, Predictive, adjusted, correlations, marginals, predictive,
};
use crate::calibrate::document::CalibrationDocument;
use crate::calibrate::error::AbcEnding;
use crate::calibrate::identification::Identification;
use crate::error::Error;
use crate::options::{Execution, SaveOptions};
use crate::results::provenance;
use crate::results::provenance::Source;
use crate::results::{Folder, Manifest, Origin, ResultsKind};
use crate::runner::Control;
use crate::table::{Schema, Table, Value};
use crate::use_case::{NamedFile, UseCase};
use std::path::Path;
use std::sync::Arc;

/// What results are made from.
pub(crate) struct AbcResults<'a> {
    pub(crate) document: &'a CalibrationDocument,
    pub(crate) targets: &'a [Published],
    pub(crate) calibration: &'a AbcSampler,
    pub(crate) ending: AbcEnding,
}

/// What was found, beside the particles.
struct PosteriorSummary {
    marginals: Vec<Marginal>,
    predictive: Vec<Predictive>,
    /// The regression-adjusted particles; none where there are too few for the regression.
    adjusted: Vec<Particle>,
}

impl AbcResults<'_> {
    pub(crate) fn write(&self, request: &CalibrateRequest) -> Result<CalibrateReport, Error> {
        let found = self.found()?;
        let tables = self.tables(&found)?;
        let mut folder = begin(self.document, request, &tables)?;
        if request.save.charts {
            for (name, bytes) in pictures::draw(&tables)? {
                folder.write(&name, &bytes)?;
            }
        }
        let manifest = folder.commit(Manifest::new(origin(self.document, request)))?;
        Ok(self.report(request, &found, manifest.files.len() + 1))
    }

    fn found(&self) -> Result<PosteriorSummary, Error> {
        let (problem, state) = (self.calibration.problem(), self.calibration.state());
        if state.population.is_empty() {
            return Err(Error::NoPosterior {
                ending: self.ending,
                simulations: state.simulations,
                missing: state.missing,
            });
        }
        Ok(PosteriorSummary {
            marginals: marginals(problem, &state.population)?,
            predictive: predictive(problem, &state.population),
            adjusted: adjusted(problem, self.calibration.settings().scaling, state)
                .unwrap_or_default(),
        })
    }

    fn tables(&self, found: &PosteriorSummary) -> Result<Vec<Table>, Error> {
        let population = &self.calibration.state().population;
        let schema = posterior_schema(self.document, self.targets);
        let mut tables = vec![
            particles_table(schema, population),
            self.parameters(found)?,
            self.correlations(),
            self.predictive(found),
            self.generations(),
        ];
        if !found.adjusted.is_empty() {
            let schema = adjusted_schema(self.document, self.targets);
            tables.push(particles_table(schema, &found.adjusted));
        }
        Ok(tables)
    }

    fn parameters(&self, found: &PosteriorSummary) -> Result<Table, Error> {
        let moved = match &found.adjusted[..] {
            [] => Vec::new(),
            particles => marginals(self.calibration.problem(), particles)?,
        };
        let nearest = self
            .calibration
            .state()
            .population
            .iter()
            .min_by(|one, other| one.distance.total_cmp(&other.distance));
        let mut table = Table::new(parameters_schema());
        for (number, parameter) in self.document.parameters.iter().enumerate() {
            let own = &found.marginals[number];
            let moved = moved.get(number);
            let real = |of: fn(&Marginal) -> f64| Value::Float(moved.map_or(f64::NAN, of));
            let found = [
                Value::Float(own.mean),
                Value::Float(own.sd),
                Value::Float(own.median),
                Value::Float(own.interval.low),
                Value::Float(own.interval.high),
                Value::Float(nearest.map_or(f64::NAN, |particle| particle.values[number])),
                Value::Float(own.contraction),
                Value::Categorical(place(own.identification)),
                real(|it| it.mean),
                real(|it| it.sd),
                real(|it| it.interval.low),
                real(|it| it.interval.high),
            ];
            table
                .rows
                .push(prior_values(parameter).into_iter().chain(found));
        }
        Ok(table)
    }

    fn correlations(&self) -> Table {
        let found = correlations(&self.calibration.state().population);
        let mut table = Table::new(correlations_schema());
        for (one, row) in self.document.parameters.iter().zip(&found) {
            for (other, correlation) in self.document.parameters.iter().zip(row) {
                if one.key != other.key {
                    table.rows.push([
                        Value::Str(one.name.clone()),
                        Value::Str(other.name.clone()),
                        Value::Float(*correlation),
                    ]);
                }
            }
        }
        table
    }

    fn predictive(&self, found: &PosteriorSummary) -> Table {
        let scales = &self.calibration.state().scales;
        let mut table = Table::new(predictive_schema());
        for ((published, own), scale) in self.targets.iter().zip(&found.predictive).zip(scales) {
            let target = &published.target;
            let (low, high) = target
                .interval
                .map_or((f64::NAN, f64::NAN), |it| (it.low, it.high));
            table.rows.push([
                Value::Str(published.id.clone()),
                Value::Str(published.statistic.clone()),
                Value::Float(target.value),
                Value::Float(target.error.unwrap_or(f64::NAN)),
                Value::Float(low),
                Value::Float(high),
                Value::Float(scale.unwrap_or(f64::NAN)),
                Value::Float(own.mean),
                Value::Float(own.sd),
                Value::Float(own.interval.low),
                Value::Float(own.interval.high),
                answer(Some(own.holds)),
                answer(own.agrees),
            ]);
        }
        table
    }

    fn generations(&self) -> Table {
        let mut table = Table::new(generations_schema());
        for generation in &self.calibration.state().history {
            table.rows.push([
                Value::Int(i64::from(generation.number) + 1),
                Value::Float(generation.tolerance.unwrap_or(f64::NAN)),
                Value::Int(generation.proposals as i64),
                Value::Int(generation.accepted as i64),
                Value::Float(generation.acceptance()),
                Value::Int(generation.missing as i64),
                Value::Float(generation.effective_size),
                Value::Float(generation.median_distance),
                Value::Int(generation.simulations as i64),
            ]);
        }
        table
    }

    fn report(
        &self,
        request: &CalibrateRequest,
        found: &PosteriorSummary,
        files: usize,
    ) -> CalibrateReport {
        let state = self.calibration.state();
        let names = self.document.parameters.iter().zip(&found.marginals);
        let met = found.predictive.iter().filter(|it| it.holds).count();
        CalibrateReport {
            folder: request.out.clone(),
            ending: self.ending,
            generations: state.generation(),
            simulations: state.simulations,
            effective_size: state.history.last().map_or(0.0, |it| it.effective_size),
            verdicts: names
                .map(|(parameter, own)| (parameter.name.clone(), own.identification.to_string()))
                .collect(),
            met: (met, found.predictive.len()),
            files,
        }
    }
}

/// A verdict's place among the words of a table.
pub(crate) fn place(identification: Identification) -> u8 {
    match identification {
        Identification::Identified => 0,
        Identification::Weakly => 1,
        Identification::Not => 2,
        Identification::Undecided => 3,
    }
}

/// Whether the results that are asked for are in place.
pub(crate) fn is_done(document: &CalibrationDocument, request: &CalibrateRequest) -> bool {
    let Ok(there) = Manifest::read(&request.out) else {
        return false;
    };
    Manifest {
        tables: Vec::new(),
        files: Vec::new(),
        ..there
    } == Manifest::new(origin(document, request))
}

/// The origin of a calibration in its manifest.
fn origin(document: &CalibrationDocument, request: &CalibrateRequest) -> Origin {
    let seed = document.sampler.seed;
    origin_of(document, request, ResultsKind::Calibration, (&[], seed))
}

/// The origin of results of some kind in their manifest, by the command's flags and the seed.
pub(crate) fn origin_of(
    document: &CalibrationDocument,
    request: &CalibrateRequest,
    kind: ResultsKind,
    (flags, seed): (&[&str], u64),
) -> Origin {
    let source = Source {
        file_name: document.file_name(),
        text: document.text(),
        overrides: overrides(document),
        seed,
        flags,
    };
    provenance::origin(source, kind, "calibrate", &request.save)
}

/// Begins the folder of results with their tables and the document.
pub(crate) fn begin(
    document: &CalibrationDocument,
    request: &CalibrateRequest,
    tables: &[Table],
) -> Result<Folder, Error> {
    let mut folder = Folder::create(&request.out, request.save.replace)?;
    folder.write_tables(request.save.format, &tables.iter().collect::<Vec<_>>())?;
    folder.write("calibration.toml", document.text().as_bytes())?;
    Ok(folder)
}

/// A calibration whose results were written before.
pub(crate) struct Posterior {
    document: CalibrationDocument,
}

impl Posterior {
    /// The calibration that a manifest describes.
    ///
    /// # Errors
    /// Those of [`document_of`].
    pub(crate) fn of(manifest: &Manifest) -> Result<Posterior, Error> {
        let document = document_of(manifest)?;
        Ok(Posterior { document })
    }
}

impl UseCase for Posterior {
    fn schemas(&self) -> Result<Vec<Schema>, Error> {
        let document = &self.document;
        let targets = super::from_document::targets(document, &published()?);
        Ok(vec![
            posterior_schema(document, &targets),
            adjusted_schema(document, &targets),
            parameters_schema(),
            correlations_schema(),
            predictive_schema(),
            generations_schema(),
        ])
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
        let studies = Simulated::new(&self.document, Stage::Posterior, Arc::new(control.clone()))?;
        let (published, threads) = (published()?, execution.threads);
        let document = &self.document;
        calibrate(
            document,
            &published,
            &studies,
            &request,
            threads,
            &control,
            &IgnoredCalibrationProgress,
        )
        .map(drop)
    }

    fn replot(&self, results: &Path, manifest: &Manifest) -> Result<Vec<NamedFile>, Error> {
        pictures::replot(results, manifest, self.schemas()?)
    }
}
