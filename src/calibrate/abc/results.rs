//! The results of a calibration by sampling: its report, and its tables.

use super::CalibrateReport;
use super::posterior::{Marginal, Predictive, adjusted, correlations, marginals, predictive};
use super::sampler::{AbcSampler, Particle};
use crate::calibrate::document::CalibrationDocument;
use crate::calibrate::error::AbcEnding;
use crate::calibrate::problem::Identification;
use crate::calibrate::results;
use crate::calibrate::results::{
    YES_NO, answer, prior_columns, prior_values, target_columns, target_values, unitless, verdict,
};
use crate::calibrate::{CalibrationOutput, Published, Stage};
use crate::chart::figure_list::FailedChart;
use crate::error::Error;
use crate::results::folder::Committed;
use crate::runner::CancelToken;
use crate::table::{Field, Schema, Table, Value};
use std::path::Path;

/// What results are made from.
pub(crate) struct AbcResults<'a> {
    pub(crate) document: &'a CalibrationDocument,
    pub(crate) targets: &'a [Published],
    pub(crate) calibration: &'a AbcSampler,
    pub(crate) ending: AbcEnding,
    /// The journal of its simulations.
    pub(crate) journal: &'a Path,
}

/// What was found, besides the particles.
struct PosteriorSummary {
    marginals: Vec<Marginal>,
    predictive: Vec<Predictive>,
    /// The regression-adjusted particles; none where there are too few for the regression.
    adjusted: Vec<Particle>,
}

impl AbcResults<'_> {
    pub(crate) fn write(
        &self,
        output: &CalibrationOutput,
        cancel: &CancelToken,
    ) -> Result<CalibrateReport, Error> {
        let found = self.found()?;
        let tables = self.tables(&found)?;
        let written = results::write(
            self.document,
            Stage::Posterior,
            output,
            &tables,
            &[],
            Some(self.journal),
            cancel,
        )?;
        Ok(self.report(output, &found, written))
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
                verdict(own.identification),
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
            let [id, statistic, value, low, high] = target_values(published);
            table.rows.push([
                id,
                statistic,
                value,
                Value::Float(published.target.error.unwrap_or(f64::NAN)),
                low,
                high,
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
        output: &CalibrationOutput,
        found: &PosteriorSummary,
        (committed, failed_charts): (Committed, Vec<FailedChart>),
    ) -> CalibrateReport {
        let state = self.calibration.state();
        let names = self.document.parameters.iter().zip(&found.marginals);
        let met = found.predictive.iter().filter(|it| it.holds).count();
        CalibrateReport {
            folder: output.folder.clone(),
            ending: self.ending,
            generations: state.generation(),
            simulations: state.simulations,
            reused: 0,
            effective_size: state.history.last().map_or(0.0, |it| it.effective_size),
            verdicts: names
                .map(|(parameter, own)| (parameter.name.clone(), own.identification.to_string()))
                .collect(),
            met: (met, found.predictive.len()),
            files: committed.manifest.files.len() + 1,
            leftover: committed.leftover,
            failed_charts,
        }
    }
}

/// The schemas of all tables.
pub(crate) fn schemas(document: &CalibrationDocument, targets: &[Published]) -> Vec<Schema> {
    vec![
        posterior_schema(document, targets),
        adjusted_schema(document, targets),
        parameters_schema(),
        correlations_schema(),
        predictive_schema(),
        generations_schema(),
    ]
}

/// The schemas of the tables whose columns no document names.
pub(crate) fn fixed_schemas() -> Vec<Schema> {
    vec![
        parameters_schema(),
        correlations_schema(),
        predictive_schema(),
        generations_schema(),
    ]
}

/// The schema of a table of particles: `posterior` or `adjusted`.
fn particles_schema(
    table: &'static str,
    row: &'static str,
    document: &CalibrationDocument,
    targets: &[Published],
) -> Schema {
    let mut columns = vec![
        Field::int("particle", "", "Number of the particle, from 1"),
        Field::float("weight", "1", "Its weight; all weights sum to 1").within(0.0, 1.0),
        Field::float(
            "distance",
            "1",
            "Root mean square distance of its statistics from the targets, in their units",
        ),
    ];
    for parameter in &document.parameters {
        let meaning = format!("Value of {}", parameter.key);
        columns.push(Field::float(parameter.name.clone(), "", meaning));
    }
    for target in targets {
        let meaning = format!("Simulated: {}", target.statistic);
        columns.push(Field::float(column_of(target), "", meaning));
    }
    Schema {
        table,
        row,
        columns,
    }
}

/// The column of a target in a table of particles.
fn column_of(target: &Published) -> String {
    let id = target.id.to_lowercase().replace(' ', "_");
    format!("simulated_{id}")
}

/// The schema of `posterior`.
pub(crate) fn posterior_schema(document: &CalibrationDocument, targets: &[Published]) -> Schema {
    particles_schema("posterior", "a particle", document, targets)
}

/// The schema of `adjusted`.
fn adjusted_schema(document: &CalibrationDocument, targets: &[Published]) -> Schema {
    let row = "a particle moved along the regression on the statistics";
    particles_schema("adjusted", row, document, targets)
}

/// The rows of a table of particles.
fn particles_table(schema: Schema, particles: &[Particle]) -> Table {
    let mut table = Table::new(schema);
    for (number, particle) in particles.iter().enumerate() {
        let head = [
            Value::Int(number as i64 + 1),
            Value::Float(particle.weight),
            Value::Float(particle.distance),
        ];
        let values = particle.values.iter().chain(&particle.statistics);
        table.rows.push(
            head.into_iter()
                .chain(values.map(|value| Value::Float(*value))),
        );
    }
    table
}

/// The schema of `parameters`.
pub(crate) fn parameters_schema() -> Schema {
    let mut columns = prior_columns();
    columns.extend([
        unitless("mean", "Weighted mean of the posterior"),
        unitless("sd", "Weighted standard deviation of the posterior"),
        unitless("median", "Weighted median of the posterior"),
        unitless("low", "Value below which 2.5 % of the posterior lies"),
        unitless("high", "Value above which 2.5 % of the posterior lies"),
        unitless(
            "nearest",
            "Value of the particle that is nearest to the targets",
        ),
        unitless(
            "contraction",
            "Standard deviation of the posterior over that of the prior, of the logarithm where \
                 the prior is log-uniform",
        ),
        Field::categorical(
            "verdict",
            Identification::WORDS,
            "Whether the targets identify the parameter: identified up to a contraction of 0.5, \
                 weakly up to 0.85; undecided with fewer than 30 effective particles",
        ),
        unitless("adjusted_mean", "Mean after regression adjustment"),
        unitless(
            "adjusted_sd",
            "Standard deviation after regression adjustment",
        ),
        unitless(
            "adjusted_low",
            "Value below which 2.5 % of the adjusted posterior lies",
        ),
        unitless(
            "adjusted_high",
            "Value above which 2.5 % of the adjusted posterior lies",
        ),
    ]);
    Schema {
        table: "parameters",
        row: "a parameter",
        columns,
    }
}

/// The schema of `correlations`.
fn correlations_schema() -> Schema {
    Schema {
        table: "correlations",
        row: "a pair of parameters",
        columns: vec![
            Field::str("one", "Plain name of the first parameter"),
            Field::str("other", "Plain name of the second parameter"),
            Field::float(
                "correlation",
                "1",
                "Weighted correlation in the posterior, of logarithms where a prior is log-uniform",
            )
            .within(-1.0, 1.0),
        ],
    }
}

/// The schema of `predictive`.
fn predictive_schema() -> Schema {
    let mut columns = target_columns();
    columns.insert(3, unitless("error", "Its standard error"));
    columns.extend([
        unitless(
            "unit",
            "Unit of its distance: the published error, or the spread under the prior; missing \
                 for a statistic that does not vary",
        ),
        unitless("mean", "Weighted mean of the simulated statistic"),
        unitless(
            "sd",
            "Weighted standard deviation of the simulated statistic",
        ),
        unitless("low", "Value below which 2.5 % of the simulated ones lie"),
        unitless("high", "Value above which 2.5 % of the simulated ones lie"),
        Field::categorical(
            "within",
            YES_NO,
            "Whether the published value lies between these",
        ),
        Field::categorical(
            "agrees",
            YES_NO,
            "Whether the simulated mean lies in the published interval, or within two published \
                 errors; missing where neither is known",
        ),
    ]);
    Schema {
        table: "predictive",
        row: "a target",
        columns,
    }
}

/// The schema of `generations`.
fn generations_schema() -> Schema {
    Schema {
        table: "generations",
        row: "a generation",
        columns: vec![
            Field::int(
                "generation",
                "",
                "Number of the generation, from 1, which is drawn from the prior",
            ),
            unitless(
                "tolerance",
                "Largest distance that was accepted; missing in the first",
            ),
            Field::int(
                "proposals",
                "",
                "Proposals up to the last that was accepted",
            ),
            Field::int("accepted", "", "Proposals accepted: the particles"),
            unitless("acceptance", "Share of proposals accepted"),
            Field::int(
                "missing",
                "",
                "Proposals with a statistic that is not a number",
            ),
            unitless("effective_size", "Effective number of particles"),
            unitless("median_distance", "Weighted median of the distances"),
            Field::int("simulations", "", "Simulations in all generations so far"),
        ],
    }
}
