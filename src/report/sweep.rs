//! What the report of a sweep says: what was varied, the axis that matters most for each measure, the largest
//! contrasts and interactions, the values of every point where there are few, and which points failed.

use super::findings::REGIMES;
use super::layout::{KindReport, data_table};
use super::numbers::{NONE, count, counted, listed, percent, plain, significant, with_minus_signs};
use super::reader::{ResultsReader, numbers, text};
use super::run::done;
use crate::design::Design;
use crate::error::Error;
use crate::label::{label_in_sentence, possessive, with_capital};
use crate::scenario::{AxisValues, Scenario, ScenarioAxis, Setting, Sweep, SweepPoints};
use crate::stats::interval::Interval;
use crate::sweep::summary::{LargestContrasts, leading_regime, main_findings, with_titles};
use crate::table::Table;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Points whose values the page shows, at most.
const MOST_POINTS: usize = 60;
/// Values of a point that a sentence has, at most.
const MOST_SETTINGS: usize = 8;
/// Measures next to each other in a table, at most.
const MOST_MEASURES: usize = 6;
/// Rows of a table of findings that are read and shown, at most.
const MOST_ROWS: usize = 120;
const MOST_READ: usize = 100_000;
/// Reasons of failed points that are shown, at most.
const MOST_REASONS: usize = 5;

/// A table of findings as the page shows it.
struct Ranking {
    table: &'static str,
    caption: &'static str,
    /// Columns of texts with their headings.
    texts: &'static [(&'static str, &'static str)],
    /// Columns of an estimate and of the ends of its interval, with its heading.
    estimates: &'static [([&'static str; 3], &'static str)],
}

const RANKINGS: [Ranking; 5] = [
    Ranking {
        table: "sobol",
        caption: "Sobol' indices: shares of a measure's variance over the space",
        texts: &[("index", "Index"), ("axis", "Axis"), ("axis_2", "With")],
        estimates: &[(["value", "ci_low", "ci_high"], "Share of variance")],
    },
    Ranking {
        table: "morris",
        caption: "Morris's screening: mean absolute effect of an axis over its range",
        texts: &[("axis", "Axis")],
        estimates: &[(["mu_star", "mu_star_low", "mu_star_high"], "mu*")],
    },
    Ranking {
        table: "effects",
        caption: "Means at the levels of each axis, and differences from its first level or from the baseline",
        texts: &[("axis", "Axis"), ("level", "Level")],
        estimates: &[
            (["mean", "ci_low", "ci_high"], "Mean"),
            (
                ["difference", "difference_low", "difference_high"],
                "Difference",
            ),
        ],
    },
    Ranking {
        table: "interactions",
        caption: "Interactions: by how much the difference between a level of an axis and its first level changes from \
                  the first level of another axis to one of its levels",
        texts: &[
            ("axis", "Axis"),
            ("level", "Level"),
            ("axis_2", "With"),
            ("level_2", "Its level"),
        ],
        estimates: &[(
            ["difference", "ci_low", "ci_high"],
            "Change of the difference",
        )],
    },
    Ranking {
        table: "regression",
        caption: "Standardised regression coefficients (SRC) and partial rank correlations (PRCC); opposite signs mean \
                  that the relation is not monotone, or that axes interact",
        texts: &[("axis", "Axis")],
        estimates: &[
            (["src", "src_low", "src_high"], "SRC"),
            (["prcc", "prcc_low", "prcc_high"], "PRCC"),
        ],
    },
];

/// What the report of a sweep says.
///
/// # Errors
/// Those of [`ResultsReader::read`].
pub(crate) fn sweep_report(
    reader: &ResultsReader<'_>,
    scenario: &Scenario,
) -> Result<KindReport, Error> {
    let mut report = KindReport {
        kind: "Sweep over values of a scenario",
        title: scenario.title().to_owned(),
        question: scenario.description().to_owned(),
        each: " at each point",
        ..KindReport::default()
    };
    let Some(sweep) = scenario.sweep_spec() else {
        return Ok(report);
    };
    let measures: Vec<String> = sweep.measures.iter().map(ToString::to_string).collect();
    report.done.push(("Points", count(sweep.count())));
    report.done.push(("Design", design_name(sweep).to_owned()));
    report.done.extend(done(scenario));
    let titles = scenario.axis_titles();
    let mut tables = Vec::new();
    for ranking in &RANKINGS {
        let read = reader.read(ranking.table, MOST_READ)?;
        tables.extend(read.map(|table| with_titles(&table, &titles).into_owned()));
    }
    let mut contrasts = LargestContrasts::default();
    reader.visit("contrasts", |rows| {
        contrasts.take(&with_titles(rows, &titles));
        Ok(true)
    })?;
    report.findings.extend(leading_regimes(reader)?);
    let found = main_findings(&measures, &tables, &contrasts, "");
    let of_measure = found.iter().map(|found| {
        html! {
            strong { (found.measure) } ":"
            @for sentence in &found.sentences { " " (with_capital(&with_minus_signs(sentence))) "." }
        }
    });
    report.findings.extend(of_measure);
    if reader.rows("contrasts").is_some() {
        report.findings.extend(reference(reader, sweep)?);
    }
    if report.findings.is_empty() {
        report.findings.push(html! {
            "This design gives no ranking of its axes and no contrasts. The values of its points are in "
            code { "summaries" } "."
        });
    }
    report.numbers.push(axes_table(sweep));
    for ranking in &RANKINGS {
        let table = tables.iter().find(|it| it.schema.table == ranking.table);
        if let Some(table) = table {
            report.numbers.push(ranking_table(ranking, table, sweep)?);
        }
    }
    report
        .numbers
        .extend(points_table(reader, sweep, &measures)?);
    report.attrition = attrition(reader, scenario)?;
    report.limits.push(
        "A sweep shows what holds over the values that were varied. Outside them, and for other values of what was not \
         varied, it says nothing."
            .to_owned(),
    );
    if tables.iter().any(has_imprecise_index) {
        report.limits.push(
            "A coefficient or an index that is not resolved has an interval wider than 0.05 to a side. Its size is \
             uncertain; its sign is known where the interval does not include 0. More points or replicates resolve it."
                .to_owned(),
        );
    }
    if sweep.measures.len() > 1 {
        report.limits.push(
            "Intervals are those of single comparisons. Among many points and measures some exclude 0 by chance."
                .to_owned(),
        );
    }
    let axes: Vec<String> = sweep
        .axes
        .iter()
        .map(|axis| format!("{} ({})", axis.key_or_name(), axis_values(&axis.values)))
        .chain(
            sweep
                .derived
                .iter()
                .map(|axis| format!("{} ({})", axis.key, axis.text)),
        )
        .collect();
    report.methods.push(format!(
        "We varied {} in {} ({}). {} Outcomes were {}.",
        listed(&axes),
        counted(sweep.count(), "design point", "design points"),
        design_name(sweep),
        if sweep.common_random_numbers {
            "All points shared their random numbers, so that differences between them are paired by replicate."
        } else {
            "Each point had random numbers of its own."
        },
        listed(&measures)
    ));
    if !sweep.constraints.is_empty() {
        let all: Vec<String> = sweep.constraints.iter().map(ToString::to_string).collect();
        report.methods.push(format!(
            "Of {} points of the design we took the {} that satisfy {}.",
            count(sweep.candidates()),
            count(sweep.count()),
            listed(&all)
        ));
    }
    Ok(report)
}

/// At how many points each regime of balance is the most frequent one, where a sweep measures their shares.
fn leading_regimes(reader: &ResultsReader<'_>) -> Result<Option<Markup>, Error> {
    let measures = REGIMES.map(|regime| format!("mean {regime}"));
    let mut shares: BTreeMap<u64, [Option<(f64, Interval)>; REGIMES.len()]> = BTreeMap::new();
    reader.visit("summaries", |rows| {
        let of = numbers(rows, "point")?;
        let [mean, low, high] = ["mean", "ci_low", "ci_high"].map(|name| numbers(rows, name));
        let (mean, low, high) = (mean?, low?, high?);
        for row in 0..of.len() {
            let name = text(rows, "observable", row);
            let regime = measures.iter().position(|measure| measure == name);
            if let Some(regime) = regime.filter(|_| mean[row].is_finite()) {
                let interval = Interval {
                    low: low[row],
                    high: high[row],
                };
                shares.entry(of[row] as u64).or_default()[regime] = Some((mean[row], interval));
            }
        }
        Ok(shares.len() <= MOST_READ)
    })?;
    let mut points = [0_u64; REGIMES.len()];
    let mut unresolved = 0;
    for known in shares.values() {
        // A share alone leads nothing.
        if known.iter().flatten().count() < 2 {
            return Ok(None);
        }
        if let Some(lead) = leading_regime(known) {
            points[lead.regime] += 1;
            unresolved += u64::from(!lead.clear);
        }
    }
    if shares.is_empty() || shares.len() > MOST_READ {
        return Ok(None);
    }
    let mut order: Vec<usize> = (0..REGIMES.len()).collect();
    order.sort_by_key(|regime| std::cmp::Reverse(points[*regime]));
    let counts: Vec<String> = order
        .into_iter()
        .map(|regime| {
            format!(
                "{} at {}",
                label_in_sentence(REGIMES[regime]),
                count(points[regime])
            )
        })
        .collect();
    Ok(Some(html! {
        strong { "The most frequent regime of the couples still together on the last day" }
        ", of " (counted(shares.len() as u64, "point", "points")) ": " (listed(&counts)) "."
        @if unresolved > 0 {
            " At " (count(unresolved)) " of them the intervals of the first two overlap, or are not known: which one leads \
             there is not resolved."
        }
    }))
}

/// Whether an index or a coefficient of a table is too imprecise for its verdict.
fn has_imprecise_index(table: &Table) -> bool {
    let of_indices = ["sobol", "regression"].contains(&table.schema.table);
    let is_imprecise = |row| text(table, "verdict", row).starts_with("not resolved with n");
    of_indices && (0..table.rows.rows()).any(is_imprecise)
}

/// The point that contrasts are taken against.
fn reference(reader: &ResultsReader<'_>, sweep: &Sweep) -> Result<Option<Markup>, Error> {
    let id = sweep.reference as f64 + 1.0;
    let mut values = None;
    reader.visit("points", |rows| {
        let place = numbers(rows, "point")?.iter().position(|it| *it == id);
        values = place.map(|place| point_values(rows, sweep, place));
        Ok(values.is_none())
    })?;
    Ok(values.map(|values| {
        let axes = sweep.axes.iter().zip(values);
        let mut texts: Vec<String> = axes
            .map(|(axis, value)| format!("{} {value}", possessive(&axis.name)))
            .collect();
        if texts.len() > MOST_SETTINGS {
            let more = texts.len() - MOST_SETTINGS;
            texts.truncate(MOST_SETTINGS);
            texts.push(format!("{more} other values, which points has"));
        }
        html! { "Contrasts are differences from point " (plain(id)) ", which has " (listed(&texts)) "." }
    }))
}

/// The values of a point on the axes.
fn point_values(points: &Table, sweep: &Sweep, place: usize) -> Vec<String> {
    let value = |axis: &ScenarioAxis| match numbers(points, &axis.name) {
        Ok(values) => plain(rounded(values[place])),
        Err(_) => text(points, &axis.name, place).to_owned(),
    };
    sweep.axes.iter().map(value).collect()
}

/// A number with at most six digits, as a point's value between others has many that say nothing.
fn rounded(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

/// The design in words.
pub(crate) fn design_name(sweep: &Sweep) -> &'static str {
    match &sweep.points {
        SweepPoints::Table(_) => "table of points",
        SweepPoints::Designed(design) => match design {
            Design::Grid(_) if sweep.is_full_grid() => "full grid",
            Design::Grid(_) => "grid with points left out",
            Design::List(_) => "list of points",
            Design::OneAtATime(_) => "one axis at a time from a baseline",
            Design::LatinHypercube(_) => "Latin hypercube",
            Design::Sobol(_) => "Sobol' points",
            Design::Halton(_) => "Halton points",
            Design::Saltelli(_) => "Saltelli's design for Sobol' indices",
            Design::Morris(_) => "Morris's trajectories",
        },
    }
}

/// The values of an axis in words.
pub(crate) fn axis_values(values: &AxisValues) -> String {
    match values {
        AxisValues::Range { low, high, log, .. } => {
            let scale = if *log { ", in equal ratios" } else { "" };
            format!("{} to {}{scale}", plain(*low), plain(*high))
        }
        AxisValues::Levels(levels) => {
            let shown: Vec<String> = levels.iter().take(12).map(Setting::to_string).collect();
            let more = if levels.len() > 12 { ", …" } else { "" };
            format!("{}{more}", shown.join(", "))
        }
    }
}

fn axes_table(sweep: &Sweep) -> Markup {
    let rows: Vec<Vec<String>> = sweep
        .axes
        .iter()
        .map(|axis| {
            vec![
                axis.name.clone(),
                axis.key.clone(),
                axis_values(&axis.values),
            ]
        })
        .chain(sweep.derived.iter().map(|axis| {
            vec![
                axis.name.clone(),
                axis.key.clone(),
                format!("= {}", axis.text),
            ]
        }))
        .collect();
    data_table("What was varied", &["Axis", "Key", "Values"], &rows)
}

fn ranking_table(ranking: &Ranking, table: &Table, sweep: &Sweep) -> Result<Markup, Error> {
    let is_grid = matches!(sweep.points, SweepPoints::Designed(Design::Grid(_)));
    let rows = table.rows.rows();
    let mut columns = Vec::new();
    for (names, _) in ranking.estimates {
        let [value, low, high] = names.map(|name| numbers(table, name));
        columns.push((value?, low?, high?));
    }
    let mut head = vec!["Measure"];
    head.extend(ranking.texts.iter().map(|(_, heading)| *heading));
    head.extend(ranking.estimates.iter().map(|(_, heading)| *heading));
    head.push("Verdict");
    let shown: Vec<Vec<String>> = (0..rows.min(MOST_ROWS))
        .map(|row| {
            let mut cells = vec![text(table, "observable", row).to_owned()];
            let texts = ranking.texts.iter().map(|(name, _)| text(table, name, row));
            cells.extend(texts.map(|text| match text {
                // The mean over all points of a grid.
                "baseline" if is_grid => "all points".to_owned(),
                text => text.to_owned(),
            }));
            cells.extend(columns.iter().map(|(value, low, high)| {
                let interval = Interval {
                    low: low[row],
                    high: high[row],
                };
                significant(value[row], interval)
            }));
            cells.push(text(table, "verdict", row).to_owned());
            cells
        })
        .collect();
    let more = if rows > MOST_ROWS {
        format!(
            "; the first {MOST_ROWS} of {} rows of {}",
            count(rows as u64),
            ranking.table
        )
    } else {
        String::new()
    };
    let caption = format!("{}, with 95% intervals{more}", ranking.caption);
    Ok(data_table(&caption, &head, &shown))
}

/// The measures of each point, where the points are few.
fn points_table(
    reader: &ResultsReader<'_>,
    sweep: &Sweep,
    measures: &[String],
) -> Result<Option<Markup>, Error> {
    if sweep.count() > MOST_POINTS as u64 {
        return Ok(None);
    }
    let points = reader.read("points", MOST_POINTS)?;
    let summaries = reader.read("summaries", MOST_POINTS * measures.len().max(1))?;
    let (Some(points), Some(summaries)) = (points, summaries) else {
        return Ok(None);
    };
    let shown = &measures[..measures.len().min(MOST_MEASURES)];
    let ids = numbers(&points, "point")?;
    let of = numbers(&summaries, "point")?;
    let [mean, low, high, couples] =
        ["mean", "ci_low", "ci_high", "couples"].map(|column| numbers(&summaries, column));
    let (mean, low, high, couples) = (mean?, low?, high?, couples?);
    let mut head = vec!["Point"];
    head.extend(sweep.axes.iter().map(|axis| axis.name.as_str()));
    head.extend(shown.iter().map(String::as_str));
    let rows: Vec<Vec<String>> = ids
        .iter()
        .enumerate()
        .map(|(place, id)| {
            let mut cells = vec![plain(*id)];
            cells.extend(point_values(&points, sweep, place));
            cells.extend(shown.iter().map(|measure| {
                let own = |row: &usize| {
                    of[*row] == *id && text(&summaries, "observable", *row) == measure
                };
                let row = (0..of.len()).find(own);
                row.map_or_else(
                    || NONE.to_owned(),
                    |row| {
                        let interval = Interval {
                            low: low[row],
                            high: high[row],
                        };
                        let n = count(couples[row].max(0.0) as u64);
                        format!("{} (n = {n})", significant(mean[row], interval))
                    },
                )
            }));
            cells
        })
        .collect();
    let caption = "Measures of each point with 95% intervals; n is the number of couples that a measure is over, in \
                   all replicates";
    Ok(Some(data_table(caption, &head, &rows)))
}

/// Failed points, and over how many of a point's couples measures are.
fn attrition(reader: &ResultsReader<'_>, scenario: &Scenario) -> Result<Vec<Markup>, Error> {
    let mut failed = 0_u64;
    let mut reasons: Vec<String> = Vec::new();
    reader.visit("points", |rows| {
        for row in (0..rows.rows.rows()).filter(|row| text(rows, "status", *row) == "failed") {
            failed += 1;
            let reason = text(rows, "reason", row);
            if reasons.len() < MOST_REASONS && !reasons.iter().any(|it| it == reason) {
                reasons.push(reason.to_owned());
            }
        }
        Ok(true)
    })?;
    let couples_of_run = scenario.config().size.couples as f64;
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    reader.visit("summaries", |rows| {
        let (runs, couples) = (numbers(rows, "runs")?, numbers(rows, "couples")?);
        for row in 0..runs.len() {
            let name = text(rows, "observable", row);
            let of_all = name.contains("over all") || name.starts_with("share intact");
            let share = couples[row] / (runs[row] * couples_of_run);
            if !of_all && share.is_finite() {
                (least, most) = (least.min(share), most.max(share));
            }
        }
        Ok(true)
    })?;
    let mut parts = Vec::new();
    parts.push(html! {
        p {
            @if failed == 0 { "No point failed." } @else {
                strong { (counted(failed, "point", "points")) " failed" }
                " and is left out of every comparison: " (reasons.join("; ")) "."
            }
        }
    });
    if least < 1.0 {
        parts.push(html! {
            p {
                "Measures of states are over the couples still together on the last day, which were between "
                (percent(least)) " and " (percent(most)) " of a point's couples. Points with other break-up rates \
                 therefore compare different couples; measures " code { "over all" } " count the others with their \
                 values at separation."
            }
        });
    } else if least.is_finite() {
        parts.push(html! { p { "Every measure is over all couples of its point." } });
    }
    Ok(parts)
}
