//! The tables of a validation: published and simulated numbers, and those lost without each mechanism.

use super::compare::Ablation;
use super::compare::{Reproduction, TargetComparison};
use super::targets::{Exposure, Tier};
use crate::table::{Field, Schema, Table, Value};

/// The schema of `targets`: a row for each published number.
pub(crate) fn targets_schema() -> Schema {
    let own = |name: &str, meaning: &str| Field::float(name, "as published", meaning);
    let columns = vec![
        Field::str("target", "Name of the target"),
        Field::str("part", "Part of it, where it has several"),
        Field::categorical(
            "tier",
            Tier::WORDS,
            "Whether parameters are fitted to it (calibration), or nothing is: a number (validation), a sign or an order (pattern)",
        ),
        Field::categorical(
            "standing",
            Exposure::WORDS,
            "Whether something was set by it (fitted), the model or the study was changed with its verdict in view (seen), or nothing was chosen by it (blind)",
        ),
        Field::str("area", "What it is about"),
        Field::str("statistic", "The statistic"),
        own(
            "published",
            "Published value; missing where only a sign or an order is known",
        ),
        own(
            "published_low",
            "Lower end of its 95 % interval; missing where it has none",
        ),
        own(
            "published_high",
            "Upper end of it; missing where it has none",
        ),
        own("simulated", "Mean over simulated studies"),
        own("ci_low", "Lower end of its 95 % interval"),
        own("ci_high", "Upper end of it"),
        own(
            "study_sd",
            "Standard deviation over simulated studies of the published size",
        ),
        Field::int("studies", "", "Simulated studies, or parts of one"),
        Field::int("couples", "couples", "Couples of a study"),
        Field::categorical(
            "verdict",
            Reproduction::WORDS,
            "Whether the simulated interval lies within the published one, overlaps an end, or lies outside",
        ),
        Field::str("design", "Design of the published study"),
        Field::str("source", "Where it was published"),
        Field::str("how_known", "How the published number is known"),
    ];
    Schema {
        table: "targets",
        row: "a published number",
        columns,
    }
}

fn finite(value: f64) -> Value {
    Value::Float(if value.is_finite() { value } else { f64::NAN })
}

/// The table `targets`.
pub(crate) fn targets(comparisons: &[TargetComparison]) -> Table {
    let mut table = Table::new(targets_schema());
    for one in comparisons {
        let (target, finding) = (&one.target, &one.finding);
        table.rows.push([
            Value::Str(target.id.clone()),
            Value::Str(target.part.clone()),
            Value::Categorical(target.tier as u8),
            Value::Categorical(target.exposure as u8),
            Value::Str(target.area.clone()),
            Value::Str(target.statistic.clone()),
            finite(target.value),
            finite(target.interval.low),
            finite(target.interval.high),
            Value::Float(finding.value),
            Value::Float(finding.interval.low),
            Value::Float(finding.interval.high),
            Value::Float(finding.spread),
            Value::Int(finding.studies as i64),
            Value::Int(target.couples as i64),
            Value::Categorical(one.verdict as u8),
            Value::Str(target.design.clone()),
            Value::Str(target.source.clone()),
            Value::Str(target.how_known.clone()),
        ]);
    }
    table
}

/// The schema of `ablation`: a row for each mechanism and published number.
pub(crate) fn ablation_schema() -> Schema {
    let own = |name: &str, meaning: &str| Field::float(name, "as published", meaning);
    let columns = vec![
        Field::str("mechanism", "Mechanism that is off"),
        Field::str("target", "Name of the target"),
        Field::str("part", "Part of it, where it has several"),
        Field::categorical("tier", Tier::WORDS, "What the target is for"),
        Field::str("area", "What it is about"),
        Field::str("statistic", "The statistic"),
        own("with", "Simulated value with all mechanisms on"),
        own("without", "Simulated value without the mechanism"),
        own(
            "ci_low",
            "Lower end of the 95 % interval without the mechanism",
        ),
        own("ci_high", "Upper end of it"),
        Field::categorical(
            "verdict_with",
            Reproduction::WORDS,
            "Reproduction with all mechanisms on",
        ),
        Field::categorical(
            "verdict_without",
            Reproduction::WORDS,
            "Reproduction without the mechanism",
        ),
        Field::float(
            "shift",
            "standard errors",
            "Distance of the two values in standard errors of their difference, as if they were independent",
        ),
        Field::int(
            "carried",
            "",
            "1 where the number is reproduced with the mechanism and not without it",
        )
        .within(0.0, 1.0),
    ];
    Schema {
        table: "ablation",
        row: "a mechanism and a published number",
        columns,
    }
}

/// The table `ablation`.
pub(crate) fn ablation(full: &[TargetComparison], ablations: &[Ablation]) -> Table {
    let mut table = Table::new(ablation_schema());
    for ablation in ablations {
        for (with, without) in full.iter().zip(&ablation.comparisons) {
            table.rows.push([
                Value::Str(ablation.mechanism.to_owned()),
                Value::Str(with.target.id.clone()),
                Value::Str(with.target.part.clone()),
                Value::Categorical(with.target.tier as u8),
                Value::Str(with.target.area.clone()),
                Value::Str(with.target.statistic.clone()),
                Value::Float(with.finding.value),
                Value::Float(without.finding.value),
                Value::Float(without.finding.interval.low),
                Value::Float(without.finding.interval.high),
                Value::Categorical(with.verdict as u8),
                Value::Categorical(without.verdict as u8),
                Value::Float(with.finding.distance(&without.finding)),
                Value::Int(i64::from(with.is_lost(without))),
            ]);
        }
    }
    table
}
