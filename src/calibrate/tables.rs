//! The tables of a calibration.

use super::Published;
use crate::calibrate::abc::Particle;
use crate::calibrate::document::{CalibratedKey, CalibrationDocument};
use crate::calibrate::prior::Prior;
use crate::table::NO_CATEGORY;
use crate::table::{Field, Schema, Table, Value};

/// Words for whether the targets identify a parameter.
pub(crate) const VERDICTS: &[&str] = &[
    "identified",
    "weakly identified",
    "not identified",
    "undecided",
];
/// Words for an answer.
pub(crate) const YES_NO: &[&str] = &["yes", "no"];

pub(crate) fn answer(yes: Option<bool>) -> Value {
    Value::Categorical(yes.map_or(NO_CATEGORY, |yes| u8::from(!yes)))
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
pub(crate) fn column_of(target: &Published) -> String {
    let id = target.id.to_lowercase().replace(' ', "_");
    format!("simulated_{id}")
}

/// The schema of `posterior`.
pub(crate) fn posterior_schema(document: &CalibrationDocument, targets: &[Published]) -> Schema {
    particles_schema("posterior", "a particle", document, targets)
}

/// The schema of `adjusted`.
pub(crate) fn adjusted_schema(document: &CalibrationDocument, targets: &[Published]) -> Schema {
    let row = "a particle moved along the regression on the statistics";
    particles_schema("adjusted", row, document, targets)
}

/// The rows of a table of particles.
pub(crate) fn particles_table(schema: Schema, particles: &[Particle]) -> Table {
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

/// The first columns of a row of a parameter: its prior.
pub(crate) fn prior_columns() -> Vec<Field> {
    let real = |name: &str, meaning: &str| Field::float(name, "", meaning);
    vec![
        Field::str("parameter", "Plain name of the parameter"),
        Field::str("key", "Its key, as for --set"),
        Field::str("prior", "Kind of the prior"),
        real("prior_from", "Lowest value of the prior"),
        real("prior_to", "Highest value of the prior"),
        real(
            "prior_mean",
            "Mean of a normal prior before truncation; missing for others",
        ),
        real(
            "prior_sd",
            "Standard deviation of a normal prior before truncation; missing for others",
        ),
        real("default", "Default value in a scenario"),
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

/// The schema of `parameters`.
pub(crate) fn parameters_schema() -> Schema {
    let real = |name: &str, meaning: &str| Field::float(name, "", meaning);
    let mut columns = prior_columns();
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
        Field::categorical(
            "verdict",
            VERDICTS,
            "Whether the targets identify the parameter: identified up to a contraction of 0.5, \
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
    Schema {
        table: "parameters",
        row: "a parameter",
        columns,
    }
}

/// The schema of `correlations`.
pub(crate) fn correlations_schema() -> Schema {
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
pub(crate) fn predictive_schema() -> Schema {
    let real = |name: &str, meaning: &str| Field::float(name, "", meaning);
    Schema {
        table: "predictive",
        row: "a target",
        columns: vec![
            Field::str("target", "Name of the target"),
            Field::str("statistic", "What it is"),
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
        ],
    }
}

/// The schema of `generations`.
pub(crate) fn generations_schema() -> Schema {
    let real = |name: &str, meaning: &str| Field::float(name, "", meaning);
    let whole = |name: &str, meaning: &str| Field::int(name, "", meaning);
    Schema {
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
            whole("missing", "Proposals with a statistic that is not a number"),
            real("effective_size", "Effective number of particles"),
            real("median_distance", "Weighted median of the distances"),
            whole("simulations", "Simulations in all generations so far"),
        ],
    }
}
