//! The tables of a recovery analysis.

use super::reference::DesignTally;
use super::rivals::{RivalConfusion, RivalVerdict};
use super::verdicts::{
    DesignRecovery, PairVerdict, QuantityRecovery, RankVerdict, RecoveryVerdict,
};
use crate::scenario::recover::RecoverSpec;
use crate::simulation::survey::design::{ParticipatingPartners, StudyDesign};
use crate::stats::summary::ValueWithInterval;
use crate::table::{Field, Schema, Table, Value};

/// What was found of all designs and explanations.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecoveryResults {
    pub(crate) tallies: Vec<DesignTally>,
    /// By explanation, and then by design.
    pub(crate) recoveries: Vec<Vec<DesignRecovery>>,
    /// By explanation, and then by effect: the share of the variance of what was estimated as the truth that is not error.
    pub(crate) reliability: Vec<Vec<f64>>,
    /// By design; none without rivals.
    pub(crate) confusions: Vec<RivalConfusion>,
}

fn with_interval(name: &str, unit: &str, meaning: &str) -> [Field; 3] {
    [
        Field::float(name, unit, meaning),
        Field::float(
            format!("{name}_low"),
            unit,
            format!("Lower end of the 95 % interval: {meaning}"),
        ),
        Field::float(
            format!("{name}_high"),
            unit,
            format!("Upper end of the 95 % interval: {meaning}"),
        ),
    ]
}

fn number(place: usize) -> Value {
    Value::Int(place as i64 + 1)
}

fn explanation_column() -> Field {
    Field::str(
        "explanation",
        "The rival that the couples are simulated by; `scenario` without rivals",
    )
}

fn design_column() -> Field {
    Field::int("design", "", "Number of the design, as in `designs`")
}

fn quantity_column(name: &str, meaning: &str) -> Field {
    Field::str(name, meaning)
}

const CONTRACTION: &str = "One less the mean variance of the posterior over the prior's: 0 where data tell nothing, 1 where \
                           they tell all; of logarithms where the prior is log-uniform";

/// Occasions on which a person in the study is asked: waves and prompts.
pub(crate) fn occasions(study: &StudyDesign) -> [u64; 2] {
    let prompts = match study.has_diary() {
        true => u64::from(study.bursts) * u64::from(study.burst_days) * u64::from(study.prompts),
        false => 0,
    };
    [study.wave_count() as u64, prompts]
}

/// Occasions of all persons.
pub(crate) fn person_occasions(study: &StudyDesign) -> u64 {
    let persons = match study.participants {
        ParticipatingPartners::Both => 2,
        _ => 1,
    };
    let [waves, prompts] = occasions(study);
    u64::from(study.couples) * persons * (waves + prompts)
}

/// The header of `designs`: a row a design.
pub(crate) fn designs_schema() -> Schema {
    let mut columns = vec![
        Field::int("design", "", "Number of the design, from 1"),
        Field::str(
            "settings",
            "The keys of [study] that vary, with their values",
        ),
        Field::int("couples", "couples", "Couples that the study wants"),
        Field::int("waves", "waves", "Waves of the questionnaire"),
        Field::int("prompts", "prompts", "Prompts of the diary for each person"),
        Field::int(
            "person_occasions",
            "occasions",
            "Waves and prompts of all persons: what the study costs",
        ),
        Field::int(
            "data_sets",
            "data sets",
            "Simulated data sets, of all explanations",
        ),
        Field::int(
            "empty",
            "data sets",
            "Those of them that found no couple, which are left out",
        ),
    ];
    columns.extend(with_interval(
        "recruited",
        "couples",
        "Mean number of couples that were recruited",
    ));
    columns.extend(with_interval(
        "answered",
        "1",
        "Mean share of occasions that were answered by persons in the study",
    ));
    columns.extend([
        Field::int("summaries", "", "Summaries of a data set that are used"),
        Field::int(
            "summaries_left_out",
            "",
            "Summaries that are left out, as they do not vary or most data sets do not have them",
        ),
    ]);
    Schema {
        table: "designs",
        row: "a design",
        columns,
    }
}

/// Makes `designs`.
pub(crate) fn designs_table(recover: &RecoverSpec, results: &RecoveryResults) -> Table {
    let mut table = Table::new(designs_schema());
    for (place, design) in recover.designs.iter().enumerate() {
        let study = &design.study;
        let [waves, prompts] = occasions(study);
        let own = || results.recoveries.iter().map(|all| &all[place]);
        let tally = &results.tallies[place];
        let int = |value: u64| Value::Int(value as i64);
        let summaries = own().next().map_or([0; 2], |own| own.summaries);
        let mut row = vec![
            number(place),
            Value::Str(design.name()),
            int(study.couples.into()),
            int(waves),
            int(prompts),
            int(person_occasions(study)),
            int(own().map(|own| own.data_sets + own.empty).sum()),
            int(own().map(|own| own.empty).sum()),
        ];
        row.extend(ValueWithInterval::mean(&tally.recruited).cells());
        row.extend(ValueWithInterval::mean(&tally.answered).cells());
        row.extend(summaries.map(|count| int(count as u64)));
        table.rows.push(row);
    }
    table
}

/// The columns of how well a quantity is recovered.
fn recovery_columns() -> Vec<Field> {
    let mut columns = vec![Field::int(
        "tests",
        "data sets",
        "Data sets of which it was inferred",
    )];
    columns.extend(with_interval("contraction", "1", CONTRACTION));
    columns.extend(with_interval(
        "bias",
        "as the quantity",
        "Mean of the posterior's mean less the truth",
    ));
    columns.push(Field::float(
        "rmse",
        "as the quantity",
        "Root of the mean square of the posterior's mean less the truth",
    ));
    for (name, meaning) in [
        ("coverage_50", "Share of 50 % intervals that hold the truth"),
        ("coverage_90", "Share of 90 % intervals that hold the truth"),
    ] {
        columns.extend(with_interval(name, "1", meaning).map(|column| column.within(0.0, 1.0)));
    }
    columns.extend([
        Field::float(
            "rank_p",
            "1",
            "Probability of ranks of the truth in its posterior that are at least as uneven, if they are uniform \
             (chi-squared of nine classes; Talts et al. 2018)",
        )
        .within(0.0, 1.0),
        Field::categorical(
            "ranks",
            RankVerdict::WORDS,
            "Whether ranks are uniform, so that intervals can be trusted, at a level of 1 % over the quantities of a design",
        ),
        Field::categorical(
            "verdict",
            RecoveryVerdict::WORDS,
            "identified: the interval of the contraction lies at 0.75 or above; weak: less, but the contraction is at least \
             0.2775 and its interval above 0; else not identified",
        ),
    ]);
    columns
}

fn recovery_values(recovery: &QuantityRecovery) -> Vec<Value> {
    let mut row = vec![Value::Int(recovery.tests as i64)];
    row.extend(recovery.contraction.cells());
    row.extend(recovery.bias.cells());
    row.push(Value::Float(recovery.rmse));
    row.extend(recovery.coverage_50.cells());
    row.extend(recovery.coverage_90.cells());
    row.extend([
        Value::Float(recovery.rank_p),
        Value::Categorical(recovery.ranks as u8),
        Value::Categorical(recovery.verdict as u8),
    ]);
    row
}

/// The header of `recovery`: a row a quantity of an explanation in a design.
pub(crate) fn recovery_schema() -> Schema {
    let mut columns = vec![
        explanation_column(),
        design_column(),
        quantity_column("quantity", "Name of the quantity"),
        quantity_column(
            "key",
            "Its key; of an effect which one it is, of which scale and on which",
        ),
        Field::float(
            "truth_reliability",
            "1",
            "Share of the variance of the true values over simulations that is not error of the reference which they are \
             estimated from: 1 of a number of the model. The contraction of an effect cannot exceed it",
        )
        .within(0.0, 1.0),
        Field::int(
            "unknown",
            "data sets",
            "Data sets in which the true effect could not be estimated: they are left out for it; 0 of a number of the model",
        ),
    ];
    columns.extend(recovery_columns());
    Schema {
        table: "recovery",
        row: "a quantity of an explanation in a design",
        columns,
    }
}

/// Calls `visit` with each explanation and design: their names and places.
fn each_design(
    recover: &RecoverSpec,
    results: &RecoveryResults,
    mut visit: impl FnMut(usize, usize, &DesignRecovery),
) {
    for explanation in 0..recover.explanations.len() {
        for design in 0..recover.designs.len() {
            visit(
                explanation,
                design,
                &results.recoveries[explanation][design],
            );
        }
    }
}

/// Makes `recovery`.
pub(crate) fn recovery_table(recover: &RecoverSpec, results: &RecoveryResults) -> Table {
    let mut table = Table::new(recovery_schema());
    each_design(recover, results, |explanation, design, found| {
        let own = &recover.explanations[explanation];
        let known = std::iter::repeat_n(1.0, own.quantities.len());
        let reliability = known.chain(results.reliability[explanation].iter().copied());
        let known = reliability.zip(&found.unknown);
        let recovered = recover.recovered(own).into_iter().zip(known);
        for (((name, key), (reliability, unknown)), recovery) in recovered.zip(&found.quantities) {
            let mut row = vec![
                Value::Str(own.name.clone()),
                number(design),
                Value::Str(name),
                Value::Str(key),
                Value::Float(reliability),
                Value::Int(*unknown as i64),
            ];
            row.extend(recovery_values(recovery));
            table.rows.push(row);
        }
    });
    table
}

/// The header of `regions`: a row a third of the prior of a quantity.
pub(crate) fn regions_schema() -> Schema {
    let mut columns = vec![
        explanation_column(),
        design_column(),
        quantity_column("quantity", "Name of the quantity"),
        Field::int(
            "part",
            "",
            "Third of the prior in which the truth lies, from 1",
        ),
        Field::float("from", "as the quantity", "Lowest truth"),
        Field::float("to", "as the quantity", "Highest truth"),
    ];
    // Ranks are not uniform where the truth is known to lie in a part of the prior.
    columns.extend(
        recovery_columns()
            .into_iter()
            .filter(|column| !["rank_p", "ranks"].contains(&&*column.name)),
    );
    Schema {
        table: "regions",
        row: "a third of the prior of a quantity, of an explanation in a design",
        columns,
    }
}

/// Makes `regions`.
pub(crate) fn regions_table(recover: &RecoverSpec, results: &RecoveryResults) -> Table {
    let mut table = Table::new(regions_schema());
    each_design(recover, results, |explanation, design, found| {
        let own = &recover.explanations[explanation];
        let recovered = recover.recovered(own);
        for region in &found.regions {
            let mut row = vec![
                Value::Str(own.name.clone()),
                number(design),
                Value::Str(recovered[region.quantity].0.clone()),
                number(region.part),
            ];
            row.extend(region.ends.map(Value::Float));
            let mut values = recovery_values(&region.recovery);
            let verdict = values.pop();
            values.truncate(values.len() - 2);
            row.extend(values);
            row.extend(verdict);
            table.rows.push(row);
        }
    });
    table
}

/// The header of `pairs`: a row a pair of quantities.
pub(crate) fn pairs_schema() -> Schema {
    let mut columns = vec![
        explanation_column(),
        design_column(),
        quantity_column("one", "A quantity"),
        quantity_column("other", "Another one"),
        Field::int(
            "tests",
            "data sets",
            "Data sets of which they were inferred",
        ),
    ];
    columns.extend(with_interval(
        "correlation",
        "1",
        "Mean correlation of the two in the posterior, as normal scores of their places in the priors",
    ));
    columns.extend(with_interval(
        "best",
        "1",
        "Contraction of the combination of the two scores that is known best",
    ));
    columns.extend(with_interval(
        "worst",
        "1",
        "Contraction of the combination across it, which is known worst",
    ));
    columns.push(Field::categorical(
        "verdict",
        PairVerdict::WORDS,
        "equifinal: neither is identified, the best combination is (interval at 0.75 or above), the worst is not (below \
         0.2775) and the correlation is at least 0.6 in size; correlated: only that; else separate",
    ));
    Schema {
        table: "pairs",
        row: "a pair of quantities of an explanation in a design",
        columns,
    }
}

/// Makes `pairs`.
pub(crate) fn pairs_table(recover: &RecoverSpec, results: &RecoveryResults) -> Table {
    let mut table = Table::new(pairs_schema());
    each_design(recover, results, |explanation, design, found| {
        let own = &recover.explanations[explanation];
        let recovered = recover.recovered(own);
        for pair in &found.pairs {
            let mut row = vec![Value::Str(own.name.clone()), number(design)];
            let names = [pair.one, pair.other].map(|place| recovered[place].0.clone());
            row.extend(names.map(Value::Str));
            row.push(Value::Int(pair.tests as i64));
            row.extend(pair.correlation.cells());
            row.extend(pair.best.cells());
            row.extend(pair.worst.cells());
            row.push(Value::Categorical(pair.verdict as u8));
            table.rows.push(row);
        }
    });
    table
}

/// The header of `estimates`: a row a quantity of a data set.
pub(crate) fn estimates_schema() -> Schema {
    let unit = "as the quantity";
    Schema {
        table: "estimates",
        row: "a quantity inferred from a data set",
        columns: vec![
            explanation_column(),
            design_column(),
            quantity_column("quantity", "Name of the quantity"),
            Field::int("simulation", "", "Number of the simulation, from 1"),
            Field::float(
                "truth",
                unit,
                "The value that couples were simulated with, or the effect that the reference estimates",
            ),
            Field::float("mean", unit, "Mean of the posterior"),
            Field::float("q05", unit, "Lower end of the 90 % interval"),
            Field::float("q25", unit, "Lower end of the 50 % interval"),
            Field::float("q75", unit, "Upper end of the 50 % interval"),
            Field::float("q95", unit, "Upper end of the 90 % interval"),
            Field::float(
                "relative_variance",
                "1",
                "Variance of the posterior over that of the prior",
            ),
            Field::float("rank", "1", "Share of the posterior below the truth").within(0.0, 1.0),
        ],
    }
}

/// Makes `estimates`.
pub(crate) fn estimates_table(recover: &RecoverSpec, results: &RecoveryResults) -> Table {
    let mut table = Table::new(estimates_schema());
    each_design(recover, results, |explanation, design, found| {
        let own = &recover.explanations[explanation];
        for ((name, _), estimates) in recover.recovered(own).iter().zip(&found.estimates) {
            for estimate in estimates {
                let mut row = vec![
                    Value::Str(own.name.clone()),
                    number(design),
                    Value::Str(name.clone()),
                    number(estimate.simulation),
                    Value::Float(estimate.truth),
                    Value::Float(estimate.mean),
                ];
                row.extend(estimate.ends.map(Value::Float));
                row.push(Value::Float(estimate.relative_variance));
                row.push(Value::Float(estimate.rank));
                table.rows.push(row);
            }
        }
    });
    table
}

/// The header of `confusion`: a row a true rival and the rival that is chosen.
pub(crate) fn confusion_schema() -> Schema {
    let mut columns = vec![
        design_column(),
        Field::str("truth", "The rival that couples are simulated by"),
        Field::str("chosen", "The rival that data sets are assigned to"),
        Field::int("data_sets", "data sets", "Data sets of the true rival"),
        Field::int(
            "assigned",
            "data sets",
            "Those that are assigned to the chosen one",
        ),
    ];
    let share = "Share of the true rival's data sets that are assigned to the chosen one";
    columns.extend(with_interval("share", "1", share).map(|column| column.within(0.0, 1.0)));
    Schema {
        table: "confusion",
        row: "a true rival and a chosen one in a design",
        columns,
    }
}

/// Makes `confusion`.
pub(crate) fn confusion_table(recover: &RecoverSpec, results: &RecoveryResults) -> Table {
    let mut table = Table::new(confusion_schema());
    let name = |place: usize| Value::Str(recover.explanations[place].name.clone());
    for (design, confusion) in results.confusions.iter().enumerate() {
        for (truth, counts) in confusion.counts.iter().enumerate() {
            let all: u64 = counts.iter().sum();
            for (chosen, count) in counts.iter().enumerate() {
                let mut row = vec![
                    number(design),
                    name(truth),
                    name(chosen),
                    Value::Int(all as i64),
                    Value::Int(*count as i64),
                ];
                row.extend(ValueWithInterval::share(*count, all).cells());
                table.rows.push(row);
            }
        }
    }
    table
}

/// The header of `rivals`: a row a pair of rivals.
pub(crate) fn rivals_schema() -> Schema {
    let mut columns = vec![
        design_column(),
        Field::str("one", "A rival"),
        Field::str("other", "Another one"),
        Field::int("data_sets", "data sets", "Data sets of the two"),
    ];
    let meaning = "Share of data sets that are assigned to their own of the two; 0.5 by chance";
    columns.extend(with_interval("accuracy", "1", meaning).map(|column| column.within(0.0, 1.0)));
    columns.push(Field::categorical(
        "verdict",
        RivalVerdict::WORDS,
        "apart: the interval lies at 0.8 or above; partly: above 0.5; else not apart",
    ));
    Schema {
        table: "rivals",
        row: "a pair of rivals in a design",
        columns,
    }
}

/// Makes `rivals`.
pub(crate) fn rivals_table(recover: &RecoverSpec, results: &RecoveryResults) -> Table {
    let mut table = Table::new(rivals_schema());
    let name = |place: usize| Value::Str(recover.explanations[place].name.clone());
    for (design, confusion) in results.confusions.iter().enumerate() {
        for pair in &confusion.pairs {
            let mut row = vec![
                number(design),
                name(pair.one),
                name(pair.other),
                Value::Int(pair.data_sets as i64),
            ];
            row.extend(pair.accuracy.cells());
            row.push(Value::Categorical(pair.verdict as u8));
            table.rows.push(row);
        }
    }
    table
}
