//! The tables of claims: what was found, and the replicates that it was found in.

use super::report::{ClaimsReport, bound};
use crate::scenario::ClaimRule;
use crate::stats::sequential_test::Verdict;
use crate::table::{Field, Schema, Table, Value};

/// The header of `claims`: a row an effect that is judged.
pub(crate) fn claims_schema() -> Schema {
    let real = |name: &str, meaning: &str| Field::float(name, "as observed", meaning);
    let columns = vec![
        Field::str("claim", "Name of the claim"),
        Field::int(
            "part",
            "",
            "Number of the effect within the claim, from 1; an order has one for each pair of neighbours",
        ),
        Field::str("statement", "What is claimed"),
        Field::str(
            "observed",
            "What is observed of each replicate and condition",
        ),
        Field::str("contrast", "The effect: a weighted sum over conditions"),
        real("against", "Number that was taken from the effect"),
        Field::categorical(
            "rule",
            ClaimRule::WORDS,
            "Where the effect is claimed to lie",
        ),
        real("smallest", "Smallest effect of interest"),
        Field::str("bound", "What the effect is held against, in few signs"),
        real(
            "effect",
            "Mean effect over replicates; missing if no couple was left to observe",
        ),
        real("standard_error", "Its standard error over replicates"),
        real(
            "ci_low",
            "Lower end of its interval, which holds with those of all looks and claims together with 95 %",
        ),
        real("ci_high", "Upper end of this interval"),
        Field::int("runs", "replicates", "Replicates that the claim took"),
        Field::categorical(
            "part_verdict",
            Verdict::WORDS,
            "Verdict on this effect alone",
        ),
        Field::categorical("verdict", Verdict::WORDS, "Verdict on the claim"),
        Field::categorical(
            "expect",
            Verdict::WORDS,
            "Verdict that the scenario expects",
        ),
        Field::str(
            "requires",
            "Mechanisms each of whose removal must overturn that verdict",
        ),
        Field::str("without", "Mechanisms that were taken out"),
    ];
    Schema {
        table: "claims",
        row: "an effect of a claim",
        columns,
    }
}

/// Makes `claims`.
pub(crate) fn claims(report: &ClaimsReport) -> Table {
    let mut table = Table::new(claims_schema());
    for finding in &report.findings {
        let claim = &finding.claim;
        let expect = Verdict::WORDS.iter().position(|word| *word == claim.expect);
        for (part, judged) in finding.judged.iter().enumerate() {
            table.rows.push([
                Value::Str(claim.name.clone()),
                Value::Int(part as i64 + 1),
                Value::Str(claim.statement.clone()),
                Value::Str(claim.observed.to_string()),
                Value::Str(finding.contrasts[part].clone()),
                Value::Float(claim.null),
                Value::Categorical(claim.rule as u8),
                Value::Float(claim.sesoi),
                Value::Str(bound(claim)),
                Value::Float(judged.effect),
                Value::Float(judged.standard_error),
                Value::Float(judged.interval.low),
                Value::Float(judged.interval.high),
                Value::Int(i64::from(finding.runs)),
                Value::Categorical(judged.verdict as u8),
                Value::Categorical(finding.verdict as u8),
                Value::Categorical(expect.unwrap_or_default() as u8),
                Value::Str(claim.requires.join(" ")),
                Value::Str(report.without.join(" ")),
            ]);
        }
    }
    table
}

/// The header of `runs`: a row a replicate's effect.
pub(crate) fn runs_schema() -> Schema {
    let columns = vec![
        Field::str("claim", "Name of the claim"),
        Field::int("part", "", "Number of the effect within the claim, from 1"),
        Field::int("replicate", "", "Number of the replicate, from 1"),
        Field::float(
            "effect",
            "as observed",
            "The effect in this replicate; missing if no couple was left to observe",
        ),
    ];
    Schema {
        table: "runs",
        row: "an effect in a replicate",
        columns,
    }
}

/// Makes `runs`.
pub(crate) fn runs(report: &ClaimsReport) -> Table {
    let mut table = Table::new(runs_schema());
    for finding in &report.findings {
        for (part, values) in finding.values.iter().enumerate() {
            for (replicate, effect) in values.iter().enumerate() {
                table.rows.push([
                    Value::Str(finding.claim.name.clone()),
                    Value::Int(part as i64 + 1),
                    Value::Int(replicate as i64 + 1),
                    Value::Float(*effect),
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
