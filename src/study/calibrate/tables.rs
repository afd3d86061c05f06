//! The tables of a calibration.

use super::Published;
use crate::analysis::calibration::Particle;
use crate::foundation::table::{Cell, Column, Header, Table};
use crate::output::NO_WORD;
use crate::scenario::{CalibratedKey, CalibrationDocument, WrittenPrior};

/// Whether a parameter is told by the targets, as words of a table.
pub(super) const VERDICTS: &[&str] = &[
    "identified",
    "weakly identified",
    "not identified",
    "undecided",
];
/// An answer, as words of a table.
pub(super) const YES_NO: &[&str] = &["yes", "no"];

pub(super) fn answer(yes: Option<bool>) -> Cell {
    Cell::Word(yes.map_or(NO_WORD, |yes| u8::from(!yes)))
}

/// A particle's table: `posterior`, or `adjusted`.
fn particles_header(
    table: &'static str,
    row: &'static str,
    document: &CalibrationDocument,
    targets: &[Published],
) -> Header {
    let mut columns = vec![
        Column::whole("particle", "", "Number of the particle, from 1"),
        Column::real("weight", "1", "Its weight; all weights sum to 1").within(0.0, 1.0),
        Column::real(
            "distance",
            "1",
            "Root mean square distance of its statistics from the targets, in their units",
        ),
    ];
    for parameter in &document.parameters {
        let meaning = format!("Value of {}", parameter.key);
        columns.push(Column::real(parameter.name.clone(), "", meaning));
    }
    for target in targets {
        let meaning = format!("Simulated: {}", target.statistic);
        columns.push(Column::real(column_of(target), "", meaning));
    }
    Header {
        table,
        row,
        columns,
    }
}

/// The column of a target in a table of particles.
pub(super) fn column_of(target: &Published) -> String {
    let id = target.id.to_lowercase().replace(' ', "_");
    format!("simulated_{id}")
}

/// The header of `posterior`.
pub(super) fn posterior_header(document: &CalibrationDocument, targets: &[Published]) -> Header {
    particles_header("posterior", "a particle", document, targets)
}

/// The header of `adjusted`.
pub(super) fn adjusted_header(document: &CalibrationDocument, targets: &[Published]) -> Header {
    let row = "a particle moved along the regression on the statistics";
    particles_header("adjusted", row, document, targets)
}

/// The rows of a table of particles.
pub(super) fn particles_table(header: Header, particles: &[Particle]) -> Table {
    let mut table = Table::new(header);
    for (number, particle) in particles.iter().enumerate() {
        let head = [
            Cell::Whole(number as i64 + 1),
            Cell::Real(particle.weight),
            Cell::Real(particle.distance),
        ];
        let values = particle.values.iter().chain(&particle.statistics);
        table.rows.push(
            head.into_iter()
                .chain(values.map(|value| Cell::Real(*value))),
        );
    }
    table
}

/// The columns with which a row of a parameter begins: what was held of it before.
pub(super) fn held_before_columns() -> Vec<Column> {
    let real = |name: &str, meaning: &str| Column::real(name, "", meaning);
    vec![
        Column::text("parameter", "Plain name of the parameter"),
        Column::text("key", "Its key, as for --set"),
        Column::text("prior", "Kind of the prior"),
        real("prior_from", "Lowest value of the prior"),
        real("prior_to", "Highest value of the prior"),
        real(
            "prior_mean",
            "Mean of a normal prior before it is cut; missing for others",
        ),
        real(
            "prior_sd",
            "Standard deviation of a normal prior before it is cut; missing for others",
        ),
        real("default", "Value of a scenario that does not say it"),
    ]
}

/// The cells of these columns.
pub(super) fn held_before(parameter: &CalibratedKey) -> [Cell; 8] {
    let (from, to) = parameter.prior.bounds();
    let (kind, mean, sd) = match parameter.prior {
        WrittenPrior::Uniform { .. } => ("uniform", f64::NAN, f64::NAN),
        WrittenPrior::LogUniform { .. } => ("log-uniform", f64::NAN, f64::NAN),
        WrittenPrior::Normal { mean, sd, .. } => ("truncated normal", mean, sd),
    };
    [
        Cell::Text(parameter.name.clone()),
        Cell::Text(parameter.key.clone()),
        Cell::Text(kind.to_owned()),
        Cell::Real(from),
        Cell::Real(to),
        Cell::Real(mean),
        Cell::Real(sd),
        Cell::Real(parameter.default.unwrap_or(f64::NAN)),
    ]
}

/// The header of `parameters`.
pub(super) fn parameters_header() -> Header {
    let real = |name: &str, meaning: &str| Column::real(name, "", meaning);
    let mut columns = held_before_columns();
    columns.extend([
        real("mean", "Weighted mean of the posterior"),
        real("sd", "Weighted standard deviation of the posterior"),
        real("median", "Weighted median of the posterior"),
        real("low", "Value below which 2.5 % of the posterior lies"),
        real("high", "Value above which 2.5 % of the posterior lies"),
        real(
            "nearest",
            "Value of the particle that is nearest to the targets",
        ),
        real(
            "contraction",
            "Standard deviation of the posterior over that of the prior, of the logarithm where \
                 the prior is log-uniform",
        ),
        Column::word(
            "verdict",
            VERDICTS,
            "Whether the targets tell the parameter: identified up to a contraction of 0.5, \
                 weakly up to 0.85; undecided with fewer than 30 effective particles",
        ),
        real("adjusted_mean", "Mean after regression adjustment"),
        real(
            "adjusted_sd",
            "Standard deviation after regression adjustment",
        ),
        real(
            "adjusted_low",
            "Value below which 2.5 % of the adjusted posterior lies",
        ),
        real(
            "adjusted_high",
            "Value above which 2.5 % of the adjusted posterior lies",
        ),
    ]);
    Header {
        table: "parameters",
        row: "a parameter",
        columns,
    }
}

/// The header of `correlations`.
pub(super) fn correlations_header() -> Header {
    Header {
        table: "correlations",
        row: "a pair of parameters",
        columns: vec![
            Column::text("one", "Plain name of the first parameter"),
            Column::text("other", "Plain name of the second parameter"),
            Column::real(
                "correlation",
                "1",
                "Weighted correlation in the posterior, of logarithms where a prior is log-uniform",
            )
            .within(-1.0, 1.0),
        ],
    }
}

/// The header of `predictive`.
pub(super) fn predictive_header() -> Header {
    let real = |name: &str, meaning: &str| Column::real(name, "", meaning);
    Header {
        table: "predictive",
        row: "a target",
        columns: vec![
            Column::text("target", "Name of the target"),
            Column::text("statistic", "What it is"),
            real("published", "Published value"),
            real("error", "Its standard error"),
            real("published_low", "Lower end of its published interval"),
            real("published_high", "Upper end of its published interval"),
            real(
                "unit",
                "Unit of its distance: the published error, or the spread under the prior; missing \
                 for a statistic that does not vary",
            ),
            real("mean", "Weighted mean of the simulated statistic"),
            real(
                "sd",
                "Weighted standard deviation of the simulated statistic",
            ),
            real("low", "Value below which 2.5 % of the simulated ones lie"),
            real("high", "Value above which 2.5 % of the simulated ones lie"),
            Column::word(
                "within",
                YES_NO,
                "Whether the published value lies between these",
            ),
            Column::word(
                "agrees",
                YES_NO,
                "Whether the simulated mean lies in the published interval, or within two published \
                 errors; missing where neither is known",
            ),
        ],
    }
}

/// The header of `generations`.
pub(super) fn generations_header() -> Header {
    let real = |name: &str, meaning: &str| Column::real(name, "", meaning);
    let whole = |name: &str, meaning: &str| Column::whole(name, "", meaning);
    Header {
        table: "generations",
        row: "a generation",
        columns: vec![
            whole(
                "generation",
                "Number of the generation, from 1, which is drawn from the prior",
            ),
            real(
                "tolerance",
                "Largest distance that was accepted; missing in the first",
            ),
            whole("proposals", "Proposals up to the last that was accepted"),
            whole("accepted", "Proposals accepted: the particles"),
            real("acceptance", "Share of proposals accepted"),
            whole("missing", "Proposals with a statistic that is no number"),
            real("effective_size", "Effective number of particles"),
            real("median_distance", "Weighted median of the distances"),
            whole("simulations", "Simulations in all generations so far"),
        ],
    }
}
