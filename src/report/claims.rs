//! What the report of claims says: each claim with its verdict, its effect and interval, and over whom it is.

use super::layout::{KindReport, data_table};
use super::numbers::{count, counted, listed, percent, plain, signed};
use super::reader::{ResultsReader, numbers, text};
use super::run::done;
use crate::error::Error;
use crate::label::readable;
use crate::label::with_capital;
use crate::printable::shell_command;
use crate::results::ResultsKind;
use crate::scenario::Scenario;
use crate::stats::interval::Interval;
use maud::{Markup, html};

/// Rows of `claims` that are read, at most.
const MOST_READ: usize = 10_000;
/// Share of separated couples from which on a mean says so.
const MANY: f64 = 0.2;

/// What the report of claims says.
///
/// # Errors
/// Those of [`ResultsReader::read`].
pub(crate) fn claims_report(
    reader: &ResultsReader<'_>,
    scenario: &Scenario,
) -> Result<KindReport, Error> {
    let mut report = KindReport {
        kind: "Claims tested on replicates",
        title: scenario.title().to_owned(),
        question: scenario.description().to_owned(),
        done: done(scenario),
        each: " in each replicate of each condition",
        ..KindReport::default()
    };
    let Some(table) = reader.read("claims", MOST_READ)? else {
        return Ok(report);
    };
    let rows = table.rows.rows();
    let [effect, low, high, runs, n, separated, against] = [
        "effect",
        "ci_low",
        "ci_high",
        "runs",
        "n",
        "separated",
        "against",
    ]
    .map(|column| numbers(&table, column));
    let (effect, low, high) = (effect?, low?, high?);
    let (runs, n, separated, against) = (runs?, n?, separated?, against?);
    let cell = |column: &str, row| text(&table, column, row);
    let audit = reader.read("audit", MOST_READ)?;
    let audited = |name: &str| {
        let audit = audit.as_ref()?;
        let row = (0..audit.rows.rows()).find(|row| text(audit, "claim", *row) == name)?;
        let [verdict, reason] = ["audit", "reason"].map(|column| text(audit, column, row));
        Some(format!(
            "{verdict}: {}",
            reason.replace('-', "−").replace("−−set", "--set")
        ))
    };
    let mut counts: Vec<(String, u64)> = Vec::new();
    let mut parts = Vec::new();
    let mut first = 0;
    let command = shell_command(&reader.manifest().command);
    while first < rows {
        let name = cell("claim", first);
        let next = (first..rows).find(|row| cell("claim", *row) != name);
        let own = first..next.unwrap_or(rows);
        let verdict = cell("verdict", first);
        match counts.iter_mut().find(|(word, _)| word == verdict) {
            Some((_, count)) => *count += 1,
            None => counts.push((verdict.to_owned(), 1)),
        }
        let expected = cell("expect", first);
        report.findings.push(html! {
            strong { (with_capital(verdict)) } ": " (cell("statement", first)) "."
            @for row in own.clone() {
                " " @if own.len() > 1 { "Part " (row - first + 1) ": effect " } @else { "Effect " }
                (effect_text(effect[row], low[row], high[row]))
                ", needed " (cell("bound", row).replace('-', "−"))
                @if against[row] != 0.0 { ", after " (plain(against[row])) " is taken off" }
                @if own.len() > 1 { " (" (cell("part_verdict", row)) ")" }
                ". It is " code { (cell("contrast", row)) } " of " (cell("observed", row)) "."
            }
            " " (counted(runs[first].max(0.0) as u64, "replicate", "replicates")) " of each condition"
            @if n[first].is_finite() { ", n = " (count(n[first].max(0.0) as u64)) " couples in each" }
            "."
            @if separated[first] > MANY {
                " Of that condition's couples " (percent(separated[first])) " had separated and are left out."
            }
            @if expected != verdict && !expected.is_empty() { " The file expected: " (expected) "." }
            @if !cell("requires", first).is_empty() {
                " The file says that the verdict depends on: " (cell("requires", first).replace('_', " "))
                " (test it with " code.short { "--ablate" } ")."
            }
            @if let Some(audited) = audited(name) { " Audit: " (audited) "." }
        });
        for row in own.clone() {
            parts.push(vec![
                name.to_owned(),
                effect_text(effect[row], low[row], high[row]),
                cell("bound", row).replace('-', "−"),
                count(runs[row].max(0.0) as u64),
                cell("part_verdict", row).to_owned(),
            ]);
        }
        first = own.end;
    }
    let of_each: Vec<String> = counts
        .iter()
        .map(|(word, number)| format!("{} {word}", count(*number)))
        .collect();
    let number: u64 = counts.iter().map(|(_, number)| number).sum();
    let without = match &reader.manifest().kind {
        ResultsKind::Claims { ablate, .. } if !ablate.is_empty() => {
            let off: Vec<String> = ablate.iter().map(|key| readable(key)).collect();
            format!(" These mechanisms were taken out: {}.", listed(&off))
        }
        _ => String::new(),
    };
    let lead = format!(
        "{}: {}.{without}",
        counted(number, "claim", "claims"),
        listed(&of_each)
    );
    report.findings.insert(0, html! { (lead) });
    report
        .findings
        .push(html! { "The command that repeats these tests: " code { (command) } });
    let head = [
        "Claim",
        "Effect with interval",
        "Needs",
        "Replicates",
        "Verdict",
    ];
    let caption = "Effects of the claims; the intervals hold together, over all claims and all looks at the data, with \
                   95%";
    report.numbers.push(data_table(caption, &head, &parts));
    report.numbers.extend(conditions_table(scenario));
    report.attrition.push(html! {
        p {
            @if separated.iter().any(|share| *share > 0.0) {
                "Where an effect is of couples still together, those who had separated are left out: up to "
                (percent(separated.iter().copied().fold(0.0, f64::max)))
                " of the condition with the fewest. Such an effect may differ from that on all couples; "
                code { "over = \"all\"" } " counts them with their values at separation."
            } @else {
                "No couple is left out of any effect."
            }
        }
    });
    report.limits.push(
        "A supported claim holds in the model with these settings. It is not evidence that it holds for real couples, \
         and an undecided one has not been refuted."
            .to_owned(),
    );
    if audit.is_some() {
        report.methods.push(
            "We audited each claim: it was tested again with half the step, other moments, twice the couples, other seeds \
             and swapped partners. A claim is robust if all verdicts agree and no effect is known to change by more than \
             half the smallest effect of interest. All intervals, also those of the variations, hold together (95%)."
                .to_owned(),
        );
    }
    report.methods.push(format!(
        "We tested {} against the smallest effects of interest that the scenario file states. Conditions shared their \
         random numbers. Replicates were added in looks until every claim was decided or the maximum was reached; the \
         confidence intervals are simultaneous over claims and looks (95%). A claim is supported if the whole interval \
         lies in the claimed range, refuted if none of it does, and undecided otherwise.",
        counted(number, "claim", "claims")
    ));
    Ok(report)
}

fn effect_text(effect: f64, low: f64, high: f64) -> String {
    if low.is_nan() {
        return "not known".to_owned();
    }
    signed(effect, Interval { low, high })
}

fn conditions_table(scenario: &Scenario) -> Option<Markup> {
    let claims = scenario.claims.as_ref()?;
    let conditions = &claims.claims.conditions;
    // The file's own lines say what each condition changes.
    Some(html! {
        p {
            "The " (counted(conditions.len() as u64, "condition is ", "conditions are "))
            (listed(&conditions.iter().map(|it| it.name.clone()).collect::<Vec<_>>()))
            "; the file below says what each changes."
        }
    })
}
