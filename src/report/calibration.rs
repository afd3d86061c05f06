//! What the report of a calibration says: the values that were found, what the published numbers do not identify,
//! and which numbers the model misses all the same.

use super::layout::{KindReport, data_table};
use super::numbers::{count, counted, interval, listed, plain, significant};
use super::reader::{ResultsReader, numbers, text};
use crate::error::Error;
use crate::results::ResultsKind;
use crate::scenario::document::title_of;
use crate::stats::interval::Interval;
use crate::table::Table;
use maud::{Markup, html};

/// Rows that are read, at most.
const MOST_READ: usize = 10_000;
/// Missed numbers that the findings say in words, at most; of more they have the names.
const MOST_MISSED: usize = 5;
/// The verdict on a parameter that the targets determine.
const IDENTIFIED: &str = "identified";

/// What the report of a calibration says, by sampling or by search.
///
/// # Errors
/// Those of [`ResultsReader::read`].
pub(crate) fn calibration_report(reader: &ResultsReader<'_>) -> Result<KindReport, Error> {
    let manifest = reader.manifest();
    let is_search = manifest.kind == ResultsKind::Search;
    let mut report = KindReport {
        kind: if is_search {
            "Calibration by a search"
        } else {
            "Calibration by approximate Bayesian computation"
        },
        title: title_of(&manifest.scenario.text, &manifest.overrides)
            .unwrap_or_else(|| format!("Calibration {}", manifest.scenario.file)),
        question:
            "Which values of the parameters make simulated studies agree with published ones?"
                .to_owned(),
        done: vec![("Seed", manifest.seed.to_string())],
        ..KindReport::default()
    };
    let (parameters, fit) = if is_search {
        (
            reader.read("found", MOST_READ)?,
            reader.read("fit", MOST_READ)?,
        )
    } else {
        (
            reader.read("parameters", MOST_READ)?,
            reader.read("predictive", MOST_READ)?,
        )
    };
    if let Some(parameters) = &parameters {
        report
            .done
            .insert(0, ("Parameters", count(parameters.rows.rows() as u64)));
        report.findings.extend(identified(parameters));
        let table = if is_search {
            found_table(parameters)?
        } else {
            posterior_table(parameters)?
        };
        report.numbers.push(table);
    }
    if let Some(fit) = &fit {
        report
            .done
            .insert(1, ("Published numbers", count(fit.rows.rows() as u64)));
        report.findings.extend(agreement(fit, is_search));
        report.numbers.push(fit_table(fit, is_search)?);
    }
    if is_search {
        report.findings.extend(losses(reader)?);
        report.methods.push(
            "Parameters were fitted to published numbers by damped least squares with priors (see docs/calibration.md). \
             Standard errors come from the slopes of the simulated statistics at the solution, the published errors and \
             the priors."
                .to_owned(),
        );
        report.limits.push(
            "A search finds one solution. Others may agree as well, and the errors hold near this one only."
                .to_owned(),
        );
    } else {
        if let Some(rows) = reader.rows("posterior") {
            report.done.push(("Particles", count(rows)));
        }
        report.methods.push(
            "Parameters were calibrated to published numbers by population Monte Carlo approximate Bayesian computation \
             (see docs/calibration.md). Posterior intervals hold 95% of the weighted particles."
                .to_owned(),
        );
        report.limits.push(
            "The posterior is approximate: it accepts parameters whose simulated numbers are near the published ones, and \
             widens with the distance that was still accepted."
                .to_owned(),
        );
    }
    report.limits.push(
        "Agreement with numbers that parameters were fitted to is no test of the model: pairbond validate compares it \
         with others."
            .to_owned(),
    );
    Ok(report)
}

/// Which parameters the published numbers determine.
fn identified(table: &Table) -> Vec<Markup> {
    let mut by_verdict: Vec<(String, Vec<String>)> = Vec::new();
    for row in 0..table.rows.rows() {
        let verdict = text(table, "verdict", row);
        let key = text(table, "key", row).to_owned();
        match by_verdict.iter_mut().find(|(word, _)| word == verdict) {
            Some((_, keys)) => keys.push(key),
            None => by_verdict.push((verdict.to_owned(), vec![key])),
        }
    }
    by_verdict.sort_by_key(|(word, _)| word != IDENTIFIED);
    let all = table.rows.rows() as u64;
    by_verdict
        .iter()
        .map(|(word, keys)| {
            let word = if word.is_empty() { "without a verdict" } else { word };
            html! {
                strong { (count(keys.len() as u64)) " of " (counted(all, "parameter", "parameters")) ": " (word) }
                " (" (listed(keys)) ")."
                @if word != IDENTIFIED {
                    " Their values follow their priors in part or wholly; do not read them as findings."
                }
            }
        })
        .collect()
}

fn posterior_table(table: &Table) -> Result<Markup, Error> {
    let [from, to, default, mean, low, high, nearest] = [
        "prior_from",
        "prior_to",
        "default",
        "mean",
        "low",
        "high",
        "nearest",
    ]
    .map(|column| numbers(table, column));
    let (from, to, default) = (from?, to?, default?);
    let (mean, low, high, nearest) = (mean?, low?, high?, nearest?);
    let rows: Vec<Vec<String>> = (0..mean.len())
        .map(|row| {
            let around = Interval {
                low: low[row],
                high: high[row],
            };
            vec![
                text(table, "key", row).to_owned(),
                prior(table, row, from[row], to[row]),
                plain_or_none(default[row]),
                significant(mean[row], around),
                significant(nearest[row], Interval::UNDEFINED),
                text(table, "verdict", row).to_owned(),
            ]
        })
        .collect();
    let head = [
        "Parameter",
        "Prior",
        "Default",
        "Posterior mean",
        "Nearest particle",
        "Verdict",
    ];
    Ok(data_table(
        "Parameters with 95% posterior intervals",
        &head,
        &rows,
    ))
}

fn found_table(table: &Table) -> Result<Markup, Error> {
    let [from, to, default, start, found, error] = [
        "prior_from",
        "prior_to",
        "default",
        "start",
        "found",
        "error",
    ]
    .map(|column| numbers(table, column));
    let (from, to, default) = (from?, to?, default?);
    let (start, found, error) = (start?, found?, error?);
    let rows: Vec<Vec<String>> = (0..found.len())
        .map(|row| {
            let place = match text(table, "place", row) {
                "" | "inside" => String::new(),
                place => format!(" ({place} of its prior)"),
            };
            let around = Interval::around(found[row], 1.96 * error[row]);
            vec![
                text(table, "key", row).to_owned(),
                prior(table, row, from[row], to[row]),
                plain_or_none(default[row]),
                significant(start[row], Interval::UNDEFINED),
                format!("{}{place}", significant(found[row], around)),
                text(table, "verdict", row).to_owned(),
            ]
        })
        .collect();
    let head = ["Parameter", "Prior", "Default", "Start", "Found", "Verdict"];
    let caption = "Parameters with intervals of 1.96 standard errors to either side";
    Ok(data_table(caption, &head, &rows))
}

fn prior(table: &Table, row: usize, from: f64, to: f64) -> String {
    let around = Interval {
        low: from,
        high: to,
    };
    format!("{} {}", text(table, "prior", row), interval(around))
}

fn plain_or_none(value: f64) -> String {
    if value.is_nan() {
        super::numbers::NONE.to_owned()
    } else {
        plain(value)
    }
}

/// The column that says whether a number agrees, in the table of either method.
fn agrees(is_search: bool) -> &'static str {
    if is_search { "within" } else { "agrees" }
}

fn agreement(table: &Table, is_search: bool) -> Vec<Markup> {
    let rows = table.rows.rows();
    let missed = (0..rows).filter(|row| text(table, agrees(is_search), *row) == "no");
    let missed: Vec<usize> = missed.collect();
    let is_long = missed.len() > MOST_MISSED;
    let name = |row: &usize| {
        let (target, statistic) = (text(table, "target", *row), text(table, "statistic", *row));
        match is_long {
            true => target.to_owned(),
            false => format!("{target} ({statistic})"),
        }
    };
    let names: Vec<String> = missed.iter().map(name).collect();
    let met = (0..rows)
        .filter(|row| text(table, agrees(is_search), *row) == "yes")
        .count();
    vec![html! {
        strong { (count(met as u64)) " of " (counted(rows as u64, "published number", "published numbers")) @if met == 1 { " is met" } @else { " are met" } }
        " with the values that were found."
        @if is_long {
            " " (count(names.len() as u64)) " are missed: " (listed(&names))
            ". What they are stands in the table of published numbers."
        } @else if !names.is_empty() {
            " Missed: " (names.join("; ")) "."
        }
    }]
}

fn fit_table(table: &Table, is_search: bool) -> Result<Markup, Error> {
    let columns = if is_search {
        [
            "published",
            "published_low",
            "published_high",
            "found",
            "",
            "",
        ]
    } else {
        [
            "published",
            "published_low",
            "published_high",
            "mean",
            "low",
            "high",
        ]
    };
    let missing = vec![f64::NAN; table.rows.rows()];
    let [published, low, high, mean, mean_low, mean_high] = columns.map(|column| match column {
        "" => Ok(missing.clone()),
        column => numbers(table, column),
    });
    let (published, low, high) = (published?, low?, high?);
    let (mean, mean_low, mean_high) = (mean?, mean_low?, mean_high?);
    let rows: Vec<Vec<String>> = (0..mean.len())
        .map(|row| {
            let of_study = Interval {
                low: low[row],
                high: high[row],
            };
            let found = Interval {
                low: mean_low[row],
                high: mean_high[row],
            };
            vec![
                text(table, "target", row).to_owned(),
                text(table, "statistic", row).to_owned(),
                significant(published[row], of_study),
                significant(mean[row], found),
                text(table, agrees(is_search), row).to_owned(),
            ]
        })
        .collect();
    let caption = if is_search {
        "Published numbers with 95% intervals, and their simulated means at the solution"
    } else {
        "Published numbers with 95% intervals, and their posterior predictions with 95% intervals"
    };
    let head = ["Target", "Statistic", "Published", "Simulated", "Met"];
    Ok(data_table(caption, &head, &rows))
}

/// The course of a search.
fn losses(reader: &ResultsReader<'_>) -> Result<Option<Markup>, Error> {
    let Some(table) = reader.read("search", MOST_READ)? else {
        return Ok(None);
    };
    let (before, after) = (numbers(&table, "before")?, numbers(&table, "after")?);
    let steps = before.len() as u64;
    Ok(before.first().zip(after.last()).map(|(first, last)| {
        html! {
            "The search took " (counted(steps, "iteration", "iterations")) "; its loss went from "
            (significant(*first, Interval::UNDEFINED)) " to " (significant(*last, Interval::UNDEFINED))
            " (each on the iteration's own seed)."
        }
    }))
}
