//! The tables of claims: what was found, and the replicates that it was found in.

use super::report::{ClaimsReport, bound};
use crate::analysis::verdict::Verdict;
use crate::foundation::table::{Cell, Column, Header, Table};
use crate::scenario::ClaimRule;

/// The header of `claims`: a row an effect that is judged.
pub(super) fn claims_header() -> Header {
    let real = |name: &str, meaning: &str| Column::real(name, "as observed", meaning);
    let columns = vec![
        Column::text("claim", "Name of the claim"),
        Column::whole(
            "part",
            "",
            "Number of the effect within the claim, from 1; an order has one for each pair of neighbours",
        ),
        Column::text("statement", "What is claimed"),
        Column::text(
            "observed",
            "What is observed of each replicate and condition",
        ),
        Column::text("contrast", "The effect: a weighted sum over conditions"),
        real("against", "Number that was taken from the effect"),
        Column::word(
            "rule",
            ClaimRule::WORDS,
            "Where the effect is claimed to lie",
        ),
        real("smallest", "Smallest effect of interest"),
        Column::text("bound", "What the effect is held against, in few signs"),
        real(
            "effect",
            "Mean effect over replicates; missing where nobody was there to be observed",
        ),
        real("standard_error", "Its standard error over replicates"),
        real(
            "ci_low",
            "Lower end of its interval, which holds with those of all looks and claims together with 95 %",
        ),
        real("ci_high", "Upper end of this interval"),
        Column::whole("runs", "replicates", "Replicates that the claim took"),
        Column::word(
            "part_verdict",
            Verdict::WORDS,
            "Verdict on this effect alone",
        ),
        Column::word("verdict", Verdict::WORDS, "Verdict on the claim"),
        Column::word(
            "expect",
            Verdict::WORDS,
            "Verdict that the scenario expects",
        ),
        Column::text(
            "overturned_by",
            "Mechanisms each of whose removal must overturn that verdict",
        ),
        Column::text("without", "Mechanisms that were taken out"),
    ];
    Header {
        table: "claims",
        row: "an effect of a claim",
        columns,
    }
}

/// Makes `claims`.
pub(super) fn claims(report: &ClaimsReport) -> Table {
    let mut table = Table::new(claims_header());
    for finding in &report.findings {
        let claim = &finding.claim;
        let expect = Verdict::WORDS.iter().position(|word| *word == claim.expect);
        for (part, judged) in finding.judged.iter().enumerate() {
            table.rows.push([
                Cell::Text(claim.name.clone()),
                Cell::Whole(part as i64 + 1),
                Cell::Text(claim.statement.clone()),
                Cell::Text(claim.observed.to_string()),
                Cell::Text(finding.told[part].clone()),
                Cell::Real(claim.against),
                Cell::Word(claim.rule as u8),
                Cell::Real(claim.smallest),
                Cell::Text(bound(claim)),
                Cell::Real(judged.effect),
                Cell::Real(judged.standard_error),
                Cell::Real(judged.interval.low),
                Cell::Real(judged.interval.high),
                Cell::Whole(i64::from(finding.runs)),
                Cell::Word(judged.verdict as u8),
                Cell::Word(finding.verdict as u8),
                Cell::Word(expect.unwrap_or_default() as u8),
                Cell::Text(claim.overturned_by.join(" ")),
                Cell::Text(report.without.join(" ")),
            ]);
        }
    }
    table
}

/// The header of `runs`: a row a replicate's effect.
pub(super) fn runs_header() -> Header {
    let columns = vec![
        Column::text("claim", "Name of the claim"),
        Column::whole("part", "", "Number of the effect within the claim, from 1"),
        Column::whole("replicate", "", "Number of the replicate, from 1"),
        Column::real(
            "effect",
            "as observed",
            "The effect in this replicate; missing where nobody was there to be observed",
        ),
    ];
    Header {
        table: "runs",
        row: "an effect in a replicate",
        columns,
    }
}

/// Makes `runs`.
pub(super) fn runs(report: &ClaimsReport) -> Table {
    let mut table = Table::new(runs_header());
    for finding in &report.findings {
        for (part, values) in finding.values.iter().enumerate() {
            for (replicate, effect) in values.iter().enumerate() {
                table.rows.push([
                    Cell::Text(finding.claim.name.clone()),
                    Cell::Whole(part as i64 + 1),
                    Cell::Whole(replicate as i64 + 1),
                    Cell::Real(*effect),
                ]);
            }
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::EXPECTED;

    #[test]
    fn a_scenario_expects_the_verdicts_that_there_are() {
        assert_eq!(EXPECTED, Verdict::WORDS);
    }
}
