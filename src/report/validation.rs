//! What the report of a validation says: how many published numbers of each tier are reproduced, and which are not.

use super::layout::{KindReport, data_table};
use super::numbers::{NONE, count, counted, percent, significant};
use super::reader::{ResultsReader, numbers, text};
use crate::error::Error;
use crate::results::ResultsKind;
use crate::stats::interval::Interval;
use crate::table::Table;
use maud::html;

/// The tiers, with what they are.
const TIERS: [(&str, &str); 3] = [
    ("calibration", "numbers to which parameters were fitted"),
    ("validation", "numbers to which nothing was fitted"),
    ("pattern", "signs and orders to which nothing was fitted"),
];
/// The verdicts in their order.
const VERDICTS: [&str; 4] = ["reproduced", "sign_only", "undecided", "not_reproduced"];
/// Rows that are read, at most.
const MOST_READ: usize = 10_000;
/// Numbers that the page lists, at most.
const MOST_ROWS: usize = 250;

/// What the report of a validation says.
///
/// # Errors
/// Those of [`ResultsReader::read`].
pub(crate) fn validation_report(reader: &ResultsReader<'_>) -> Result<KindReport, Error> {
    let manifest = reader.manifest();
    let mut report = KindReport {
        kind: "Validation against published numbers",
        title: "Which published numbers the model reproduces".to_owned(),
        question: "Published studies of couples are repeated on simulated couples, and their numbers compared."
            .to_owned(),
        ..KindReport::default()
    };
    if let ResultsKind::Validation { couples, .. } = &manifest.kind {
        report.done.push(("Couples of a cohort", count(*couples)));
    }
    report.done.push(("Seed", manifest.seed.to_string()));
    let Some(table) = reader.read("targets", MOST_READ)? else {
        return Ok(report);
    };
    let simulated = numbers(&table, "simulated")?;
    // Without a single event there is a value and no interval.
    let known: Vec<f64> = numbers(&table, "ci_low")?;
    let rows = table.rows.rows();
    report
        .done
        .insert(0, ("Published numbers", count(rows as u64)));
    let is = |row: usize, tier: &str| text(&table, "tier", row) == tier;
    let computed = |row: usize| known[row].is_finite();
    let mut by_tier = Vec::new();
    for (tier, what) in TIERS {
        let own: Vec<usize> = (0..rows).filter(|row| is(*row, tier)).collect();
        if own.is_empty() {
            continue;
        }
        let with = |verdict: &str| {
            let has = |row: &&usize| computed(**row) && text(&table, "verdict", **row) == verdict;
            own.iter().filter(has).count() as u64
        };
        let missing = own.iter().filter(|row| !computed(**row)).count() as u64;
        let reproduced = with("reproduced");
        report.findings.push(html! {
            strong { "Reproduced: " (count(reproduced)) " of " (count(own.len() as u64)) " " (what) }
            " (" (percent(reproduced as f64 / own.len() as f64)) "); "
            (is_or_are(with("not_reproduced"))) " not, "
            (is_or_are(with("undecided"))) " undecided"
            @if with("sign_only") > 0 { ", of " (count(with("sign_only"))) " only the sign is" }
            @if missing > 0 { ", and " (count(missing)) " could not be estimated" }
            "."
        });
        let mut cells = vec![format!("{tier}: {what}"), count(own.len() as u64)];
        cells.extend(VERDICTS.iter().map(|verdict| count(with(verdict))));
        cells.push(count(missing));
        by_tier.push(cells);
    }
    report.findings.push(html! {
        "A number is reproduced if the whole 95% interval of the simulated value lies in the published 95% interval, not \
         reproduced if none of it does, and undecided otherwise. More simulated couples make the simulated interval \
         narrower and leave the published one as it is."
    });
    let head = [
        "Tier",
        "Numbers",
        "Reproduced",
        "Sign only",
        "Undecided",
        "Not reproduced",
        "Not estimable",
    ];
    report
        .numbers
        .push(data_table("Verdicts by tier", &head, &by_tier));
    report.numbers.push(targets_table(&table, &simulated)?);
    if let Some(ablation) = reader.read("ablation", MOST_READ * 40)? {
        report.findings.extend(ablated(&ablation));
    }
    report.attrition.push(html! {
        p {
            "Each study has its own couples, drawn and measured by the design that the table states; couples who separate \
             or do not answer are left out as they were in the published study."
        }
    });
    report.limits.push(
        "Numbers of the first tier were used to set parameters: that they are reproduced is no test. Numbers and \
         patterns of the other tiers are."
            .to_owned(),
    );
    report.methods.push(format!(
        "The defaults of the model were compared with {} from published studies of couples. Each study was repeated on \
         simulated couples with its sample size and instruments; the simulated value is the mean over such studies.",
        counted(rows as u64, "number", "numbers")
    ));
    Ok(report)
}

/// A count with its verb.
fn is_or_are(number: u64) -> String {
    format!(
        "{} {}",
        count(number),
        if number == 1 { "is" } else { "are" }
    )
}

fn targets_table(table: &Table, simulated: &[f64]) -> Result<maud::Markup, Error> {
    let [published, low, high, sim_low, sim_high, studies] = [
        "published",
        "published_low",
        "published_high",
        "ci_low",
        "ci_high",
        "studies",
    ]
    .map(|column| numbers(table, column));
    let (published, low, high) = (published?, low?, high?);
    let (sim_low, sim_high, studies) = (sim_low?, sim_high?, studies?);
    let cell = |column: &str, row| text(table, column, row);
    let shown: Vec<Vec<String>> = (0..simulated.len().min(MOST_ROWS))
        .map(|row| {
            let of_study = Interval {
                low: low[row],
                high: high[row],
            };
            let found = Interval {
                low: sim_low[row],
                high: sim_high[row],
            };
            let target = match cell("part", row) {
                "" => cell("target", row).to_owned(),
                part => format!("{} {part}", cell("target", row)),
            };
            let there = match (
                published[row].is_finite(),
                low[row].is_finite(),
                high[row].is_finite(),
            ) {
                (false, true, false) => format!("above {}", super::numbers::plain(low[row])),
                (false, false, true) => format!("below {}", super::numbers::plain(high[row])),
                (false, true, true) => super::numbers::between(of_study),
                (false, false, false) => NONE.to_owned(),
                _ => significant(published[row], of_study),
            };
            let (here, verdict) = if sim_low[row].is_finite() {
                (
                    format!(
                        "{} ({} studies)",
                        significant(simulated[row], found),
                        count(studies[row].max(0.0) as u64)
                    ),
                    cell("verdict", row).replace('_', " "),
                )
            } else {
                (NONE.to_owned(), "not estimable".to_owned())
            };
            vec![
                target,
                cell("statistic", row).to_owned(),
                there,
                here,
                verdict,
                cell("source", row).to_owned(),
            ]
        })
        .collect();
    let more = if simulated.len() > MOST_ROWS {
        format!(
            "; the first {MOST_ROWS} of {}",
            count(simulated.len() as u64)
        )
    } else {
        String::new()
    };
    let caption = format!("Published and simulated numbers with 95% intervals{more}");
    let head = [
        "Target",
        "Statistic",
        "Published",
        "Simulated",
        "Verdict",
        "Source",
    ];
    Ok(data_table(&caption, &head, &shown))
}

/// How many numbers each mechanism carries.
fn ablated(table: &Table) -> Option<maud::Markup> {
    let mut lost: Vec<(String, u64)> = Vec::new();
    for row in 0..table.rows.rows() {
        let was = text(table, "verdict_with", row) == "reproduced";
        let is = text(table, "verdict_without", row) == "reproduced";
        let mechanism = text(table, "mechanism", row);
        match lost.iter_mut().find(|(name, _)| name == mechanism) {
            Some((_, count)) => *count += u64::from(was && !is),
            None => lost.push((mechanism.to_owned(), u64::from(was && !is))),
        }
    }
    lost.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let shown: Vec<String> = lost
        .iter()
        .take(5)
        .filter(|(_, count)| *count > 0)
        .map(|(name, number)| format!("{} ({})", name.replace('_', " "), count(*number)))
        .collect();
    (!shown.is_empty()).then(|| {
        html! {
            "Without one mechanism at a time, most reproduced numbers are lost without "
            (super::numbers::listed(&shown)) "; the chart has all of them."
        }
    })
}
