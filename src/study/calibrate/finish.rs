//! The end of a calibration: its state becomes a folder of results.

use super::problem::overrides;
use super::tables::{
    adjusted_header, answer, correlations_header, generations_header, held_before,
    parameters_header, particles_table, posterior_header, predictive_header,
};
use super::{CalibrateReport, CalibrateRequest, KIND, Published, pictures, published};
use crate::analysis::calibration::{
    Calibration, Ending, Identification, Marginal, Particle, Predictive, adjusted, correlations,
    marginals, predictive,
};
use crate::foundation::table::{Cell, Header, Table};
use crate::output::{Folder, Manifest, Origin};
use crate::scenario::CalibrationDocument;
use crate::study::error::StudyError;
use crate::study::provenance::{self, Asked, Source};
use std::path::Path;

/// What results are made from.
pub(super) struct Results<'a> {
    pub(super) document: &'a CalibrationDocument,
    pub(super) targets: &'a [Published],
    pub(super) calibration: &'a Calibration,
    pub(super) ending: Ending,
}

/// What was found, beside the particles.
struct Found {
    marginals: Vec<Marginal>,
    predictive: Vec<Predictive>,
    /// The regression-adjusted particles; none where there are too few for the regression.
    adjusted: Vec<Particle>,
}

impl Results<'_> {
    pub(super) fn write(&self, request: &CalibrateRequest) -> Result<CalibrateReport, StudyError> {
        let found = self.found()?;
        let tables = self.tables(&found)?;
        let mut folder = begin(self.document, request, &tables)?;
        if request.charts {
            for (name, bytes) in pictures::draw(&tables[0], &tables[1], &tables[3])? {
                folder.write(&name, &bytes)?;
            }
        }
        let manifest = folder.commit(Manifest::new(origin(self.document, request)))?;
        Ok(self.report(request, &found, manifest.files.len() + 1))
    }

    fn found(&self) -> Result<Found, StudyError> {
        let (problem, state) = (self.calibration.problem(), self.calibration.state());
        if state.population.is_empty() {
            return Err(StudyError::NoPosterior {
                ending: self.ending,
                simulations: state.simulations,
                missing: state.missing,
            });
        }
        Ok(Found {
            marginals: marginals(problem, &state.population)?,
            predictive: predictive(problem, &state.population),
            adjusted: adjusted(problem, state).unwrap_or_default(),
        })
    }

    fn tables(&self, found: &Found) -> Result<Vec<Table>, StudyError> {
        let population = &self.calibration.state().population;
        let header = posterior_header(self.document, self.targets);
        let mut tables = vec![
            particles_table(header, population),
            self.parameters(found)?,
            self.correlations(),
            self.predictive(found),
            self.generations(),
        ];
        if !found.adjusted.is_empty() {
            let header = adjusted_header(self.document, self.targets);
            tables.push(particles_table(header, &found.adjusted));
        }
        Ok(tables)
    }

    fn parameters(&self, found: &Found) -> Result<Table, StudyError> {
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
        let mut table = Table::new(parameters_header());
        for (number, parameter) in self.document.parameters.iter().enumerate() {
            let own = &found.marginals[number];
            let moved = moved.get(number);
            let real = |of: fn(&Marginal) -> f64| Cell::Real(moved.map_or(f64::NAN, of));
            let found = [
                Cell::Real(own.mean),
                Cell::Real(own.sd),
                Cell::Real(own.median),
                Cell::Real(own.interval.low),
                Cell::Real(own.interval.high),
                Cell::Real(nearest.map_or(f64::NAN, |particle| particle.values[number])),
                Cell::Real(own.contraction),
                Cell::Word(place(own.identification)),
                real(|it| it.mean),
                real(|it| it.sd),
                real(|it| it.interval.low),
                real(|it| it.interval.high),
            ];
            table
                .rows
                .push(held_before(parameter).into_iter().chain(found));
        }
        Ok(table)
    }

    fn correlations(&self) -> Table {
        let found = correlations(&self.calibration.state().population);
        let mut table = Table::new(correlations_header());
        for (one, row) in self.document.parameters.iter().zip(&found) {
            for (other, correlation) in self.document.parameters.iter().zip(row) {
                if one.key != other.key {
                    table.rows.push([
                        Cell::Text(one.name.clone()),
                        Cell::Text(other.name.clone()),
                        Cell::Real(*correlation),
                    ]);
                }
            }
        }
        table
    }

    fn predictive(&self, found: &Found) -> Table {
        let scales = &self.calibration.state().scales;
        let mut table = Table::new(predictive_header());
        for ((published, own), scale) in self.targets.iter().zip(&found.predictive).zip(scales) {
            let target = &published.target;
            let (low, high) = target
                .interval
                .map_or((f64::NAN, f64::NAN), |it| (it.low, it.high));
            table.rows.push([
                Cell::Text(published.id.clone()),
                Cell::Text(published.statistic.clone()),
                Cell::Real(target.value),
                Cell::Real(target.error.unwrap_or(f64::NAN)),
                Cell::Real(low),
                Cell::Real(high),
                Cell::Real(scale.unwrap_or(f64::NAN)),
                Cell::Real(own.mean),
                Cell::Real(own.sd),
                Cell::Real(own.interval.low),
                Cell::Real(own.interval.high),
                answer(Some(own.holds)),
                answer(own.agrees),
            ]);
        }
        table
    }

    fn generations(&self) -> Table {
        let mut table = Table::new(generations_header());
        for generation in &self.calibration.state().history {
            table.rows.push([
                Cell::Whole(i64::from(generation.number) + 1),
                Cell::Real(generation.tolerance.unwrap_or(f64::NAN)),
                Cell::Whole(generation.proposals as i64),
                Cell::Whole(generation.accepted as i64),
                Cell::Real(generation.acceptance()),
                Cell::Whole(generation.missing as i64),
                Cell::Real(generation.effective_size),
                Cell::Real(generation.median_distance),
                Cell::Whole(generation.simulations as i64),
            ]);
        }
        table
    }

    fn report(&self, request: &CalibrateRequest, found: &Found, files: usize) -> CalibrateReport {
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
pub(super) fn place(identification: Identification) -> u8 {
    match identification {
        Identification::Identified => 0,
        Identification::Weakly => 1,
        Identification::Not => 2,
        Identification::Undecided => 3,
    }
}

/// Whether the results that are asked for are in place.
pub(super) fn is_done(document: &CalibrationDocument, request: &CalibrateRequest) -> bool {
    let Ok(there) = Manifest::read(&request.out) else {
        return false;
    };
    Manifest {
        tables: Vec::new(),
        files: Vec::new(),
        ..there
    } == Manifest::new(origin(document, request))
}

/// The manifest's account of where a calibration comes from.
fn origin(document: &CalibrationDocument, request: &CalibrateRequest) -> Origin {
    let seed = document.sampler.seed;
    origin_of(document, request, (KIND, &[], seed))
}

/// The manifest's account of where results of some kind come from, by the command's flags and the seed.
pub(super) fn origin_of(
    document: &CalibrationDocument,
    request: &CalibrateRequest,
    (kind, flags, seed): (&str, &[&str], u64),
) -> Origin {
    let source = Source {
        file_name: document.file_name(),
        text: document.text(),
        seed,
        flags,
    };
    let asked = Asked {
        kind: kind.to_owned(),
        word: "calibrate",
        overrides: &overrides(document),
        format: request.format,
        charts: request.charts,
    };
    provenance::origin(source, asked)
}

/// Begins the folder of results with their tables and the document.
pub(super) fn begin(
    document: &CalibrationDocument,
    request: &CalibrateRequest,
    tables: &[Table],
) -> Result<Folder, StudyError> {
    let mut folder = Folder::create(&request.out, request.force)?;
    folder.lay(request.format, &tables.iter().collect::<Vec<_>>())?;
    folder.write("calibration.toml", document.text().as_bytes())?;
    Ok(folder)
}

/// The headers of all tables that a calibration can have.
pub(in crate::study) fn headers(document: &CalibrationDocument) -> Result<Vec<Header>, StudyError> {
    let targets = super::problem::targets(document, &published()?);
    Ok(vec![
        posterior_header(document, &targets),
        adjusted_header(document, &targets),
        parameters_header(),
        correlations_header(),
        predictive_header(),
        generations_header(),
    ])
}

/// Draws the pictures of a folder of results again; gives the files' names and bytes.
pub(in crate::study) fn redraw(
    results: &Path,
    manifest: &Manifest,
    document: &CalibrationDocument,
) -> Result<Vec<(String, Vec<u8>)>, StudyError> {
    let targets = super::problem::targets(document, &published()?);
    let read = |header: Header| manifest.read_table(results, &header);
    pictures::draw(
        &read(posterior_header(document, &targets))?,
        &read(parameters_header())?,
        &read(predictive_header())?,
    )
}
