//! The tables of a validation: published beside simulated, and what each mechanism carries.

use super::ablation::Ablation;
use super::findings::{Held, Verdict};
use super::targets::{Standing, Tier};
use crate::foundation::table::{Cell, Column, Header, Table};

/// The header of `targets`: a row a published number.
pub(super) fn targets_header() -> Header {
    let own = |name: &str, meaning: &str| Column::real(name, "as published", meaning);
    let columns = vec![
        Column::text("target", "Name of the target"),
        Column::text("part", "Part of it, where it has several"),
        Column::word(
            "tier",
            Tier::WORDS,
            "Whether parameters are fitted to it (calibration), or nothing is: a number (validation), a sign or an order (pattern)",
        ),
        Column::word(
            "standing",
            Standing::WORDS,
            "Whether something was set by it (fitted), the model or the study was changed with its verdict in view (seen), or nothing was chosen by it (blind)",
        ),
        Column::text("area", "What it is about"),
        Column::text("statistic", "The statistic"),
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
        Column::whole("studies", "", "Simulated studies, or parts of one"),
        Column::whole("couples", "couples", "Couples of a study"),
        Column::word(
            "verdict",
            Verdict::WORDS,
            "Whether the simulated interval lies within the published one, overlaps an end, or lies outside",
        ),
        Column::text("design", "Design of the published study"),
        Column::text("source", "Where it was published"),
        Column::text("how_known", "How the published number is known"),
    ];
    Header {
        table: "targets",
        row: "a published number",
        columns,
    }
}

fn finite(value: f64) -> Cell {
    Cell::Real(if value.is_finite() { value } else { f64::NAN })
}

/// Makes `targets`.
pub(super) fn targets(held: &[Held]) -> Table {
    let mut table = Table::new(targets_header());
    for one in held {
        let (target, finding) = (&one.target, &one.finding);
        table.rows.push([
            Cell::Text(target.id.clone()),
            Cell::Text(target.part.clone()),
            Cell::Word(target.tier as u8),
            Cell::Word(target.standing as u8),
            Cell::Text(target.area.clone()),
            Cell::Text(target.statistic.clone()),
            finite(target.value),
            finite(target.interval.low),
            finite(target.interval.high),
            Cell::Real(finding.value),
            Cell::Real(finding.interval.low),
            Cell::Real(finding.interval.high),
            Cell::Real(finding.spread),
            Cell::Whole(finding.studies as i64),
            Cell::Whole(target.couples as i64),
            Cell::Word(one.verdict as u8),
            Cell::Text(target.design.clone()),
            Cell::Text(target.source.clone()),
            Cell::Text(target.how_known.clone()),
        ]);
    }
    table
}

/// The header of `ablation`: a row a mechanism and a published number.
pub(super) fn ablation_header() -> Header {
    let own = |name: &str, meaning: &str| Column::real(name, "as published", meaning);
    let columns = vec![
        Column::text("mechanism", "Mechanism that is off"),
        Column::text("target", "Name of the target"),
        Column::text("part", "Part of it, where it has several"),
        Column::word("tier", Tier::WORDS, "What the target is for"),
        Column::text("area", "What it is about"),
        Column::text("statistic", "The statistic"),
        own("with", "Simulated value with all mechanisms on"),
        own("without", "Simulated value without the mechanism"),
        own(
            "ci_low",
            "Lower end of the 95 % interval without the mechanism",
        ),
        own("ci_high", "Upper end of it"),
        Column::word(
            "verdict_with",
            Verdict::WORDS,
            "Verdict with all mechanisms on",
        ),
        Column::word(
            "verdict_without",
            Verdict::WORDS,
            "Verdict without the mechanism",
        ),
        Column::real(
            "shift",
            "standard errors",
            "Distance of the two values in standard errors of their difference, as if they were independent",
        ),
        Column::whole(
            "carried",
            "",
            "1 where the number is reproduced with the mechanism and not without it",
        )
        .within(0.0, 1.0),
    ];
    Header {
        table: "ablation",
        row: "a mechanism and a published number",
        columns,
    }
}

/// Makes `ablation`.
pub(super) fn ablation(full: &[Held], ablations: &[Ablation]) -> Table {
    let mut table = Table::new(ablation_header());
    for ablation in ablations {
        for (with, without) in full.iter().zip(&ablation.held) {
            table.rows.push([
                Cell::Text(ablation.mechanism.to_owned()),
                Cell::Text(with.target.id.clone()),
                Cell::Text(with.target.part.clone()),
                Cell::Word(with.target.tier as u8),
                Cell::Text(with.target.area.clone()),
                Cell::Text(with.target.statistic.clone()),
                Cell::Real(with.finding.value),
                Cell::Real(without.finding.value),
                Cell::Real(without.finding.interval.low),
                Cell::Real(without.finding.interval.high),
                Cell::Word(with.verdict as u8),
                Cell::Word(without.verdict as u8),
                Cell::Real(with.finding.distance(&without.finding)),
                Cell::Whole(i64::from(with.is_lost(without))),
            ]);
        }
    }
    table
}
