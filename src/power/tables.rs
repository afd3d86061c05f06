//! The tables of a power analysis.

use super::measure::{DesignResult, EffectReference};
use super::search::{SearchResult, SearchStatus};
use crate::scenario::power_spec::{
    AnalysisKind, DesignQuantity, DesignSearch, DesignValues, PowerSpec,
};
use crate::table::{Field, Schema, Table, Value};

/// The tables of a power analysis.
pub(crate) fn schemas(power: &PowerSpec) -> Vec<Schema> {
    let mut all = vec![power_schema(power)];
    if power.search.is_some() {
        all.extend([frontier_schema(power), searched_schema(power)]);
    }
    all
}

/// The columns of a design.
fn design_columns(power: &PowerSpec, missing: &str) -> Vec<Field> {
    let column = |quantity: DesignQuantity| {
        let key = quantity.key();
        let meaning = format!("{}{missing}", quantity.doc());
        let unit = if quantity.is_count() { key } else { "1" };
        let column = Field::float(key, unit, meaning);
        match quantity.bounds() {
            (_, 1.0) => column.within(0.0, 1.0),
            _ => column,
        }
    };
    power.quantities().into_iter().map(column).collect()
}

/// The values of a design in the order of its columns.
fn design_values(power: &PowerSpec, design: &DesignValues) -> Vec<Value> {
    let value = |quantity: DesignQuantity| {
        let value = design[quantity as usize];
        // Scales with reliabilities of their own have none in common.
        let is_unknown = quantity == DesignQuantity::Reliability && value == 0.0;
        Value::Float(if is_unknown { f64::NAN } else { value })
    };
    power.quantities().into_iter().map(value).collect()
}

/// A number with the ends of its Monte Carlo interval.
fn with_interval(name: &str, unit: &str, meaning: &str) -> [Field; 3] {
    [
        Field::float(name, unit, meaning),
        Field::float(
            format!("{name}_low"),
            unit,
            "Lower end of its 95 % Monte Carlo interval",
        ),
        Field::float(format!("{name}_high"), unit, "Upper end of this interval"),
    ]
}

/// The unit of effects.
fn unit(power: &PowerSpec) -> &'static str {
    match power.analysis {
        AnalysisKind::Diary => "outcome per predictor",
        AnalysisKind::BreakUp => "log hazard per point",
        AnalysisKind::Growth => "outcome per predictor, for slopes a year",
    }
}

/// The columns of the reference that is the truth of simulated couples.
fn reference_columns(power: &PowerSpec) -> Vec<Field> {
    let unit = unit(power);
    let meaning = match power.analysis.is_of_panel() {
        false => {
            "The reference: the mean estimate of the same model on the same occasions in data sets of their own, in which all \
             answer always and the analysed scales have no errors"
        }
        true => {
            "The reference: the mean estimate of the same model with the same waves and follow-up in data sets of their own, \
             in which all answer always, none drops out and the analysed scales have no errors"
        }
    };
    vec![
        Field::float("truth", unit, meaning),
        Field::float(
            "truth_low",
            unit,
            "Lower end of its 95 % Monte Carlo interval",
        ),
        Field::float("truth_high", unit, "Upper end of this interval"),
        Field::int(
            "truth_replicates",
            "data sets",
            "Data sets of the reference to which the model was fitted",
        ),
        Field::int("truth_couples", "couples", "Couples of these data sets"),
        Field::int(
            "truth_failed",
            "data sets",
            "Data sets of the reference to which it could not be fitted",
        ),
    ]
}

fn short_column() -> Field {
    Field::int(
        "short",
        "data sets",
        "Data sets with fewer couples than the design has, since no more could be recruited",
    )
}

/// The columns of who was in the data sets of simulated couples.
fn sample_columns(power: &PowerSpec) -> Vec<Field> {
    let answered = match power.analysis {
        AnalysisKind::Diary => {
            "Share of the prompts of all recruited persons that were answered; break-ups and drop-out count as missing"
        }
        AnalysisKind::BreakUp => "Share of recruited persons who answered the first wave",
        AnalysisKind::Growth => {
            "Share of the waves of all recruited persons that were answered; break-ups and drop-out count as missing"
        }
    };
    let mut columns = vec![
        Field::float("recruited", "couples", "Mean of the recruited couples"),
        short_column(),
        Field::float("answered", "1", answered).within(0.0, 1.0),
    ];
    if power.analysis.is_of_panel() {
        let meaning = match power.analysis {
            AnalysisKind::Growth => {
                "Mean of the couples that are analysed: both partners answered the first wave"
            }
            _ => {
                "Mean of the couples that are analysed: with all scores of the first wave, and followed at all"
            }
        };
        columns.push(Field::float("analysed", "couples", meaning));
    }
    if power.analysis == AnalysisKind::BreakUp {
        let meaning = "Mean of the break-ups among these";
        columns.push(Field::float("break_ups", "couples", meaning));
    }
    columns
}

/// The header of `power`: a row an effect of a design.
pub(crate) fn power_schema(power: &PowerSpec) -> Schema {
    let unit = unit(power);
    let mut columns = vec![Field::int("design", "", "Number of the design, from 1")];
    columns.extend(design_columns(power, ""));
    columns.push(Field::str("effect", "Name of the effect"));
    columns.extend(match power.study() {
        None => vec![Field::float(
            "truth",
            unit,
            "The effect that data sets are simulated with",
        )],
        Some(_) => reference_columns(power),
    });
    columns.extend([
        Field::int(
            "replicates",
            "data sets",
            "Data sets to which the model was fitted",
        ),
        Field::int(
            "failed",
            "data sets",
            "Data sets to which it could not be fitted, which no other column counts",
        ),
    ]);
    if power.study().is_some() {
        columns.extend(sample_columns(power));
    }
    columns.push(Field::float("mean", unit, "Mean of the estimates"));
    columns.extend(with_interval(
        "bias",
        unit,
        "Mean of the estimates less the truth",
    ));
    columns.push(Field::float(
        "sd",
        unit,
        "Standard deviation of the estimates over data sets",
    ));
    let shares = [
        (
            "power",
            "Share of data sets in which the effect is significant; of a truth of 0 the rate of false positives",
        ),
        (
            "coverage",
            "Share of data sets whose interval holds the truth",
        ),
        (
            "type_s",
            "Share of significant estimates that have the wrong sign (Gelman & Carlin 2014); missing of a truth of 0",
        ),
    ];
    for (name, meaning) in shares {
        columns.extend(with_interval(name, "1", meaning).map(|column| column.within(0.0, 1.0)));
    }
    columns.extend(with_interval(
        "type_m",
        "1",
        "Mean size of significant estimates in units of the truth's (Gelman & Carlin 2014); missing of a truth of 0",
    ));
    columns.push(Field::float(
        "width",
        unit,
        "Mean width of the estimates' intervals, of the confidence 1 less the level of significance",
    ));
    Schema {
        table: "power",
        row: "an effect of a design",
        columns,
    }
}

/// Makes `power`.
pub(crate) fn power_table(
    power: &PowerSpec,
    results: &[DesignResult],
    references: &[EffectReference],
) -> Table {
    let mut table = Table::new(power_schema(power));
    let names = power.effect_names();
    for (number, result) in results.iter().enumerate() {
        let reference = references.iter().find(|own| own.is_of(&result.design));
        for (name, tally) in names.iter().zip(&result.effects) {
            let mut row = vec![Value::Int(number as i64 + 1)];
            row.extend(design_values(power, &result.design));
            row.extend([
                Value::Str((*name).to_owned()),
                Value::Float(tally.truth.value),
            ]);
            if let Some(reference) = reference {
                let interval = tally.truth.interval();
                row.extend([interval.low, interval.high].map(Value::Float));
                let counts = [reference.count(), reference.couples, reference.failed];
                row.extend(counts.map(|count| Value::Int(count as i64)));
            }
            row.extend([tally.count(), result.failed].map(|count| Value::Int(count as i64)));
            if reference.is_some() {
                row.extend([
                    Value::Float(result.sample.recruited()),
                    Value::Int(result.sample.short as i64),
                    Value::Float(result.sample.answered()),
                ]);
                if power.analysis.is_of_panel() {
                    row.push(Value::Float(result.sample.analysed()));
                }
                if power.analysis == AnalysisKind::BreakUp {
                    row.push(Value::Float(result.sample.ended()));
                }
            }
            row.push(Value::Float(tally.mean()));
            row.extend(tally.bias().cells());
            row.push(Value::Float(tally.sd()));
            row.extend(tally.power().cells());
            row.extend(tally.coverage().cells());
            row.extend(tally.sign_error().cells());
            row.extend(tally.size_error().cells());
            row.push(Value::Float(tally.width()));
            table.rows.push(row);
        }
    }
    table
}

/// The header of `frontier`: a row a search.
pub(crate) fn frontier_schema(power: &PowerSpec) -> Schema {
    let mut columns = vec![
        Field::int("search", "", "Number of the search, from 1"),
        Field::str("effect", "Effect whose power is to reach the target"),
        Field::float("target", "1", "Power that is to be reached").within(0.0, 1.0),
        Field::categorical(
            "searched",
            &DesignQuantity::KEYS,
            "Of what the smallest value is searched for",
        ),
    ];
    columns.extend(design_columns(
        power,
        "; of the searched quantity the smallest value that reaches the target, missing where none is known",
    ));
    columns.extend([
        Field::categorical(
            "status",
            SearchStatus::WORDS,
            "How the search came out: found; the lowest value of the range suffices; the highest does not; the Monte \
             Carlo intervals do not say",
        ),
        Field::float(
            "smallest_low",
            "as searched",
            "Lower end of the 95 % Monte Carlo interval of where the power is the target",
        ),
        Field::float("smallest_high", "as searched", "Upper end of this interval"),
        Field::float(
            "known_below",
            "as searched",
            "Largest measured value whose power, with its interval, lies below the target",
        ),
        Field::float(
            "known_above",
            "as searched",
            "Smallest measured value whose power, with its interval, reaches it",
        ),
        Field::int("measured", "", "Values that were measured"),
        Field::int(
            "replicates",
            "data sets",
            "Data sets of all measured values to which the model was fitted",
        ),
        Field::int("failed", "data sets", "Data sets to which it could not be fitted"),
    ]);
    if power.study().is_some() {
        columns.push(short_column());
    }
    Schema {
        table: "frontier",
        row: "a search for the smallest design",
        columns,
    }
}

/// Makes `frontier`.
pub(crate) fn frontier_table(
    power: &PowerSpec,
    wanted: &DesignSearch,
    results: &[SearchResult],
) -> Table {
    let mut table = Table::new(frontier_schema(power));
    for (number, result) in results.iter().enumerate() {
        let mut design = result.design;
        design[wanted.quantity as usize] = result.smallest;
        let mut row = vec![
            Value::Int(number as i64 + 1),
            Value::Str(wanted.effect.to_owned()),
            Value::Float(power.target),
            Value::Categorical(wanted.quantity as u8),
        ];
        row.extend(design_values(power, &design));
        let sum = |count: fn(&super::search::SearchPoint) -> u64| {
            Value::Int(result.points.iter().map(count).sum::<u64>() as i64)
        };
        row.extend([
            Value::Categorical(result.status as u8),
            Value::Float(result.interval.low),
            Value::Float(result.interval.high),
            Value::Float(result.bracket[0]),
            Value::Float(result.bracket[1]),
            Value::Int(result.points.len() as i64),
            sum(|point| point.count),
            sum(|point| point.failed),
        ]);
        if power.study().is_some() {
            row.push(sum(|point| point.short));
        }
        table.rows.push(row);
    }
    table
}

/// The header of `searched`: a row a measured value.
pub(crate) fn searched_schema(power: &PowerSpec) -> Schema {
    let mut columns = vec![Field::int("search", "", "Number of the search, from 1")];
    columns.extend(design_columns(power, ""));
    columns.extend([
        Field::int(
            "replicates",
            "data sets",
            "Data sets to which the model was fitted",
        ),
        Field::int(
            "failed",
            "data sets",
            "Data sets to which it could not be fitted",
        ),
    ]);
    if power.study().is_some() {
        columns.push(short_column());
    }
    let power = "Share of data sets in which the effect is significant";
    columns.extend(with_interval("power", "1", power).map(|column| column.within(0.0, 1.0)));
    Schema {
        table: "searched",
        row: "a measured value of a search",
        columns,
    }
}

/// Makes `searched`.
pub(crate) fn searched_table(
    power: &PowerSpec,
    wanted: &DesignSearch,
    results: &[SearchResult],
) -> Table {
    let mut table = Table::new(searched_schema(power));
    for (number, result) in results.iter().enumerate() {
        for point in &result.points {
            let mut design = result.design;
            design[wanted.quantity as usize] = point.value;
            let mut row = vec![Value::Int(number as i64 + 1)];
            row.extend(design_values(power, &design));
            row.push(Value::Int(point.count as i64));
            row.push(Value::Int(point.failed as i64));
            if power.study().is_some() {
                row.push(Value::Int(point.short as i64));
            }
            row.extend(point.power.cells());
            table.rows.push(row);
        }
    }
    table
}
