//! What the terminal and the report of a recovery analysis say: which quantities a study tells, which pairs it does not
//! tell apart, which rivals it does, and what to add to the design.

use super::layout::{KindReport, data_table};
use super::numbers::{count, counted, listed, percent, share, significant};
use super::reader::{ResultsReader, numbers, text, with_intervals};
use crate::error::Error;
use crate::scenario::Scenario;
use crate::scenario::recover::{ALONE, RecoverSpec};
use crate::stats::interval::Interval;
use crate::table::{ColumnError, Table};
use maud::html;

/// Rows of a table that are read, at most.
const MOST_READ: usize = 200_000;
/// Rows that the page shows, at most.
const MOST_ROWS: usize = 200;

/// The tables that sentences are made from.
pub(crate) struct RecoverTables<'t> {
    designs: Option<&'t Table>,
    recovery: Option<&'t Table>,
    pairs: Option<&'t Table>,
    regions: Option<&'t Table>,
    rivals: Option<&'t Table>,
}

impl<'t> RecoverTables<'t> {
    /// Those of all tables that sentences are made from.
    pub(crate) fn of(tables: &'t [Table]) -> RecoverTables<'t> {
        let named = |name: &str| tables.iter().find(|table| table.schema.table == name);
        RecoverTables {
            designs: named("designs"),
            recovery: named("recovery"),
            pairs: named("pairs"),
            regions: named("regions"),
            rivals: named("rivals"),
        }
    }
}

/// A number with its interval.
type WithInterval = (f64, Interval);

/// A row of `designs`.
struct DesignRow {
    settings: String,
    person_occasions: f64,
    data_sets: u64,
    empty: u64,
    recruited: WithInterval,
    answered: WithInterval,
    summaries: [u64; 2],
}

fn design_rows(table: &Table) -> Result<Vec<DesignRow>, ColumnError> {
    let plain = |name: &str| numbers(table, name);
    let (costs, sets, empty) = (
        plain("person_occasions")?,
        plain("data_sets")?,
        plain("empty")?,
    );
    let (used, left_out) = (plain("summaries")?, plain("summaries_left_out")?);
    let (recruited, answered) = (
        with_intervals(table, "recruited")?,
        with_intervals(table, "answered")?,
    );
    let row = |row: usize| DesignRow {
        settings: text(table, "settings", row).to_owned(),
        person_occasions: costs[row],
        data_sets: sets[row] as u64,
        empty: empty[row] as u64,
        recruited: recruited[row],
        answered: answered[row],
        summaries: [used[row] as u64, left_out[row] as u64],
    };
    Ok((0..costs.len()).map(row).collect())
}

/// A row of `recovery`.
struct RecoveryRow {
    explanation: String,
    design: usize,
    quantity: String,
    /// Share of the variance of the true values that is not error of the reference.
    truth_reliability: f64,
    /// Data sets in which the true value could not be estimated.
    unknown: u64,
    tests: u64,
    contraction: WithInterval,
    bias: WithInterval,
    coverage_50: WithInterval,
    coverage_90: WithInterval,
    ranks: String,
    verdict: String,
}

fn recovery_rows(table: &Table) -> Result<Vec<RecoveryRow>, ColumnError> {
    let (design, tests) = (numbers(table, "design")?, numbers(table, "tests")?);
    let reliability = numbers(table, "truth_reliability")?;
    let unknown = numbers(table, "unknown")?;
    let of = |name: &str| with_intervals(table, name);
    let (contraction, bias) = (of("contraction")?, of("bias")?);
    let (half, most) = (of("coverage_50")?, of("coverage_90")?);
    let row = |row: usize| RecoveryRow {
        explanation: text(table, "explanation", row).to_owned(),
        design: design[row] as usize - 1,
        quantity: text(table, "quantity", row).to_owned(),
        truth_reliability: reliability[row],
        unknown: unknown[row] as u64,
        tests: tests[row] as u64,
        contraction: contraction[row],
        bias: bias[row],
        coverage_50: half[row],
        coverage_90: most[row],
        ranks: text(table, "ranks", row).to_owned(),
        verdict: text(table, "verdict", row).to_owned(),
    };
    Ok((0..design.len()).map(row).collect())
}

/// Reliability of true values from which their error is not worth a word.
const RELIABLE_TRUTH: f64 = 0.9;

/// A row of `pairs`, or of `rivals`, whose number is the accuracy.
struct PairRow {
    explanation: String,
    design: usize,
    one: String,
    other: String,
    correlation: f64,
    /// Contraction of the best and the worst combination, or the accuracy.
    best: WithInterval,
    worst: WithInterval,
    data_sets: u64,
    verdict: String,
}

fn pair_rows(table: &Table) -> Result<Vec<PairRow>, ColumnError> {
    let (design, tests) = (numbers(table, "design")?, numbers(table, "tests")?);
    let correlation = numbers(table, "correlation")?;
    let (best, worst) = (
        with_intervals(table, "best")?,
        with_intervals(table, "worst")?,
    );
    let row = |row: usize| PairRow {
        explanation: text(table, "explanation", row).to_owned(),
        design: design[row] as usize - 1,
        one: text(table, "one", row).to_owned(),
        other: text(table, "other", row).to_owned(),
        correlation: correlation[row],
        best: best[row],
        worst: worst[row],
        data_sets: tests[row] as u64,
        verdict: text(table, "verdict", row).to_owned(),
    };
    Ok((0..design.len()).map(row).collect())
}

fn rival_rows(table: &Table) -> Result<Vec<PairRow>, ColumnError> {
    let (design, sets) = (numbers(table, "design")?, numbers(table, "data_sets")?);
    let accuracy = with_intervals(table, "accuracy")?;
    let row = |row: usize| PairRow {
        explanation: String::new(),
        design: design[row] as usize - 1,
        one: text(table, "one", row).to_owned(),
        other: text(table, "other", row).to_owned(),
        correlation: f64::NAN,
        best: accuracy[row],
        worst: (f64::NAN, Interval::UNDEFINED),
        data_sets: sets[row] as u64,
        verdict: text(table, "verdict", row).to_owned(),
    };
    Ok((0..design.len()).map(row).collect())
}

/// The designs that are compared, from the smallest to the largest.
struct ComparedDesigns {
    rows: Vec<DesignRow>,
    order: Vec<usize>,
}

impl ComparedDesigns {
    fn new(rows: Vec<DesignRow>) -> ComparedDesigns {
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by(|one, other| {
            let cost = |place: usize| rows[place].person_occasions;
            cost(*one).total_cmp(&cost(*other)).then(one.cmp(other))
        });
        ComparedDesigns { rows, order }
    }

    fn are_several(&self) -> bool {
        self.rows.len() > 1
    }

    fn smallest(&self) -> usize {
        self.order.first().copied().unwrap_or(0)
    }

    fn largest(&self) -> usize {
        self.order.last().copied().unwrap_or(0)
    }

    /// The smallest design of which something holds.
    fn first(&self, holds: impl Fn(usize) -> bool) -> Option<usize> {
        self.order.iter().copied().find(|design| holds(*design))
    }

    fn name(&self, design: usize) -> String {
        format!("design {} ({})", design + 1, self.rows[design].settings)
    }
}

fn words(verdict: &str) -> &'static str {
    match verdict {
        "identified" => "IDENTIFIED",
        "weak" => "WEAK",
        "not_identified" => "NOT_IDENTIFIED",
        "equifinal" => "EQUIFINAL",
        "apart" => "TOLD APART",
        "partly" => "PARTLY TOLD APART",
        "not_apart" => "NOT TOLD APART",
        _ => "UNDECIDED",
    }
}

/// What was found, a sentence each.
pub(crate) fn sentences(
    recover: &RecoverSpec,
    tables: &RecoverTables<'_>,
) -> Result<Vec<String>, ColumnError> {
    let mut found = Vec::new();
    let Some(designs) = tables.designs else {
        return Ok(found);
    };
    let designs = ComparedDesigns::new(design_rows(designs)?);
    if let Some(rivals) = tables.rivals {
        rival_sentences(&designs, &rival_rows(rivals)?, &mut found);
    }
    if let Some(recovery) = tables.recovery {
        let rows = recovery_rows(recovery)?;
        let regions = match tables.regions {
            Some(regions) => region_rows(regions)?,
            None => Vec::new(),
        };
        for explanation in &recover.explanations {
            for (name, _) in recover.recovered(explanation) {
                let own: Vec<&RecoveryRow> = rows
                    .iter()
                    .filter(|row| row.explanation == explanation.name && row.quantity == name)
                    .collect();
                found.extend(quantity_sentence(&designs, &own, &regions));
            }
        }
        if let Some(pairs) = tables.pairs {
            equifinal_sentences(&designs, &pair_rows(pairs)?, &mut found);
        }
        found.extend(rank_warning(&rows));
    }
    let empty: u64 = designs.rows.iter().map(|row| row.empty).sum();
    if empty > 0 {
        let all: u64 = designs.rows.iter().map(|row| row.data_sets).sum();
        found.push(format!(
            "{} of {} found no couple to recruit and are left out",
            count(empty),
            counted(all, "data set", "data sets")
        ));
    }
    Ok(found)
}

/// The words before a sentence on one of several explanations.
fn if_true(explanation: &str) -> String {
    match explanation == ALONE {
        true => String::new(),
        false => format!("if {explanation} is true, "),
    }
}

fn capital(sentence: String) -> String {
    // Names of quantities keep their letters.
    match sentence.strip_prefix("if ") {
        Some(rest) => format!("If {rest}"),
        None => sentence,
    }
}

fn quantity_sentence(
    designs: &ComparedDesigns,
    rows: &[&RecoveryRow],
    regions: &[RegionRow],
) -> Option<String> {
    let of = |design: usize| rows.iter().find(|row| row.design == design);
    let best = designs
        .first(|design| of(design).is_some_and(|row| row.verdict == "identified"))
        .unwrap_or(designs.largest());
    let row = of(best)?;
    let (contraction, around) = row.contraction;
    let mut sentence = format!(
        "{}{}: {}",
        if_true(&row.explanation),
        row.quantity,
        words(&row.verdict)
    );
    if designs.are_several() {
        sentence.push_str(&format!(" in {}", designs.name(best)));
    }
    sentence.push_str(&format!(
        ": contraction {} (n = {} data sets); its 90\u{a0}% intervals hold the truth in {}",
        significant(contraction, around),
        count(row.tests),
        share(row.coverage_90.0, row.coverage_90.1)
    ));
    if row.unknown > 0 {
        sentence.push_str(&format!(
            "; it is judged without {} in which it could not be estimated even from complete answers",
            counted(row.unknown, "data set", "data sets")
        ));
    }
    if row.truth_reliability < RELIABLE_TRUTH {
        sentence.push_str(&format!(
            "; {} of the variance of what is taken for its truth is error of the reference, which more \
             `reference_couples` would lower, and the contraction cannot exceed {}",
            percent(1.0 - row.truth_reliability),
            significant(row.truth_reliability, Interval::UNDEFINED)
        ));
    }
    let smallest = of(designs.smallest())?;
    if designs.are_several() && best != designs.smallest() && row.verdict == "identified" {
        sentence.push_str(&format!(
            "; that is the smallest design in which it is, and in the smallest of all it is {}",
            words(&smallest.verdict)
        ));
    } else if designs.are_several() && row.verdict != "identified" {
        sentence.push_str(&format!(
            "; none of the {} designs compared identifies it",
            count(designs.rows.len() as u64)
        ));
    }
    let own: Vec<&RegionRow> = regions
        .iter()
        .filter(|region| {
            region.explanation == row.explanation
                && region.quantity == row.quantity
                && region.design == best
        })
        .collect();
    let differs = own.iter().any(|region| region.verdict != row.verdict);
    if differs {
        let part = |region: &&RegionRow| {
            let ends = Interval {
                low: region.from,
                high: region.to,
            };
            format!(
                "{} from {}",
                words(&region.verdict),
                super::numbers::between(Interval {
                    low: rounded(ends.low),
                    high: rounded(ends.high)
                })
            )
        };
        let parts: Vec<String> = own.iter().map(part).collect();
        sentence.push_str(&format!(
            "; by thirds of the prior it is {}",
            listed(&parts)
        ));
    }
    Some(capital(sentence))
}

/// Three digits.
fn rounded(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}

/// A row of `regions`.
struct RegionRow {
    explanation: String,
    design: usize,
    quantity: String,
    from: f64,
    to: f64,
    verdict: String,
}

fn region_rows(table: &Table) -> Result<Vec<RegionRow>, ColumnError> {
    let design = numbers(table, "design")?;
    let (from, to) = (numbers(table, "from")?, numbers(table, "to")?);
    let row = |row: usize| RegionRow {
        explanation: text(table, "explanation", row).to_owned(),
        design: design[row] as usize - 1,
        quantity: text(table, "quantity", row).to_owned(),
        from: from[row],
        to: to[row],
        verdict: text(table, "verdict", row).to_owned(),
    };
    Ok((0..design.len()).map(row).collect())
}

/// Of each pair that is equifinal in some design: what is known of it, and which design tells the two apart.
fn equifinal_sentences(designs: &ComparedDesigns, rows: &[PairRow], found: &mut Vec<String>) {
    let mut seen: Vec<(&str, &str, &str)> = Vec::new();
    let key = |row: &PairRow| (row.explanation.clone(), row.one.clone(), row.other.clone());
    for row in rows.iter().filter(|row| row.verdict == "equifinal") {
        let own = (&row.explanation[..], &row.one[..], &row.other[..]);
        if seen.contains(&own) {
            continue;
        }
        seen.push(own);
        let (sum, difference) = match row.correlation < 0.0 {
            true => ("sum", "difference"),
            false => ("difference", "sum"),
        };
        let mut sentence = format!(
            "{}{} and {} are EQUIFINAL",
            if_true(&row.explanation),
            row.one,
            row.other
        );
        if designs.are_several() {
            sentence.push_str(&format!(" in {}", designs.name(row.design)));
        }
        sentence.push_str(&format!(
            ": their {sum}, each as a normal score of its place in the prior, is known (contraction {}) and their \
             {difference} is not ({}; n = {} data sets)",
            significant(row.best.0, row.best.1),
            significant(row.worst.0, row.worst.1),
            count(row.data_sets)
        ));
        let is_other = |design: usize| {
            rows.iter().any(|other| {
                key(other) == key(row) && other.design == design && other.verdict != "equifinal"
            })
        };
        match designs.first(is_other) {
            Some(design) => sentence.push_str(&format!(
                "; they are not in {}, the smallest of those",
                designs.name(design)
            )),
            None if designs.are_several() => sentence.push_str(&format!(
                "; so they are in all of the {} designs compared",
                count(designs.rows.len() as u64)
            )),
            None => {}
        }
        found.push(capital(sentence));
    }
}

fn rival_sentences(designs: &ComparedDesigns, rows: &[PairRow], found: &mut Vec<String>) {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for row in rows {
        if seen.contains(&(&row.one[..], &row.other[..])) {
            continue;
        }
        seen.push((&row.one, &row.other));
        let of = |design: usize| {
            rows.iter().find(|other| {
                other.one == row.one && other.other == row.other && other.design == design
            })
        };
        let apart = designs.first(|design| of(design).is_some_and(|row| row.verdict == "apart"));
        let shown = apart.unwrap_or(designs.largest());
        let Some(best) = of(shown) else { continue };
        let mut sentence = format!("{} and {}: {}", row.one, row.other, words(&best.verdict));
        if designs.are_several() {
            sentence.push_str(&format!(" in {}", designs.name(shown)));
        }
        sentence.push_str(&format!(
            ": {} of {} are assigned to their own of the two, against 50\u{a0}% by chance",
            share(best.best.0, best.best.1),
            counted(best.data_sets, "data set", "data sets")
        ));
        match apart {
            Some(design) if designs.are_several() && design != designs.smallest() => {
                let first = of(designs.smallest());
                sentence.push_str(&format!(
                    "; that is the smallest design that tells them apart, and in the smallest of all they are {}",
                    first.map_or("UNDECIDED", |row| words(&row.verdict))
                ));
            }
            None if designs.are_several() => sentence.push_str(&format!(
                "; none of the {} designs compared tells them apart",
                count(designs.rows.len() as u64)
            )),
            _ => {}
        }
        found.push(sentence);
    }
}

fn rank_warning(rows: &[RecoveryRow]) -> Option<String> {
    let bad: Vec<String> = rows
        .iter()
        .filter(|row| row.ranks == "not_uniform")
        .map(|row| format!("{} in design {}", row.quantity, row.design + 1))
        .collect();
    (!bad.is_empty()).then(|| {
        format!(
            "Ranks of the truth are not uniform for {}: intervals and contractions of these are not to be trusted; more \
             `simulations` or narrower priors help",
            listed(&bad)
        )
    })
}

/// What the report of a recovery analysis says.
///
/// # Errors
/// Those of [`ResultsReader::read`].
pub(crate) fn recover_report(
    reader: &ResultsReader<'_>,
    scenario: &Scenario,
) -> Result<KindReport, Error> {
    let mut report = KindReport {
        kind: "Recovery of numbers and explanations by a study",
        title: scenario.title().to_owned(),
        question: scenario.description().to_owned(),
        each: " in each data set",
        ..KindReport::default()
    };
    let Some(recover) = &scenario.recover else {
        return Ok(report);
    };
    report.done = vec![
        ("Designs", count(recover.designs.len() as u64)),
        ("Explanations", count(recover.explanations.len() as u64)),
        (
            "Simulated data sets of each explanation",
            count(recover.simulations.into()),
        ),
        (
            "Data sets inferred back, at most",
            count(recover.tests.into()),
        ),
        ("Seed", scenario.config().seed.to_string()),
    ];
    let mut tables = Vec::new();
    for name in ["designs", "recovery", "pairs", "regions", "rivals"] {
        tables.extend(reader.read(name, MOST_READ)?);
    }
    let tables = RecoverTables::of(&tables);
    for sentence in sentences(recover, &tables)? {
        report.findings.push(html! { (sentence) "." });
    }
    if let Some(table) = tables.designs {
        let rows = design_rows(table)?;
        report.numbers.push(designs_table(&rows));
        report.attrition.push(html! {
            p {
                "A data set is what one study of the design has: on average "
                (listed(&rows.iter().map(|row| significant(row.recruited.0, row.recruited.1)).collect::<Vec<_>>()))
                " couples were recruited by the designs in their order (with 95\u{a0}% intervals over data sets). Data sets \
                 without couples are left out. A number that a data set does not have counts as the mean of the others."
            }
        });
    }
    if let Some(table) = tables.recovery {
        report.numbers.push(recovery_table(&recovery_rows(table)?));
    }
    if let Some(table) = tables.rivals {
        report.numbers.push(rivals_table(&rival_rows(table)?));
    }
    report.limits.extend([
        "What can be recovered is said for couples that follow the model, for these priors and for the summaries that the \
         program makes of a data set; an analysis that uses more of the data may recover more. Other numbers of the model \
         are held at the scenario's values: where they are uncertain, too, less is recovered."
            .to_owned(),
        "Contraction and coverage are averages over the priors; the table `regions` has them by thirds of each prior."
            .to_owned(),
    ]);
    report.methods.push(methods_paragraph(recover));
    Ok(report)
}

fn designs_table(rows: &[DesignRow]) -> maud::Markup {
    let cells = |(place, row): (usize, &DesignRow)| {
        vec![
            (place + 1).to_string(),
            row.settings.clone(),
            count(row.person_occasions as u64),
            significant(row.recruited.0, row.recruited.1),
            share(row.answered.0, row.answered.1),
            count(row.data_sets),
            format!(
                "{} ({} left out)",
                count(row.summaries[0]),
                row.summaries[1]
            ),
        ]
    };
    let all: Vec<Vec<String>> = rows.iter().enumerate().map(cells).collect();
    let head = [
        "Design",
        "Settings",
        "Occasions of all persons",
        "Couples recruited",
        "Answered",
        "Data sets",
        "Summaries",
    ];
    let caption =
        "The designs that are compared, with means over data sets and their 95% intervals.";
    data_table(caption, &head, &all)
}

fn recovery_table(rows: &[RecoveryRow]) -> maud::Markup {
    let cells = |row: &RecoveryRow| {
        let name = match row.explanation == ALONE {
            true => row.quantity.clone(),
            false => format!("{} ({})", row.quantity, row.explanation),
        };
        vec![
            name,
            (row.design + 1).to_string(),
            words(&row.verdict).to_owned(),
            significant(row.contraction.0, row.contraction.1),
            significant(row.bias.0, row.bias.1),
            share(row.coverage_50.0, row.coverage_50.1),
            share(row.coverage_90.0, row.coverage_90.1),
            row.ranks.replace('_', " "),
            count(row.tests),
        ]
    };
    let all: Vec<Vec<String>> = rows.iter().take(MOST_ROWS).map(cells).collect();
    let head = [
        "Quantity",
        "Design",
        "Verdict",
        "Contraction",
        "Bias",
        "Coverage of 50% intervals",
        "Coverage of 90% intervals",
        "Ranks",
        "Data sets",
    ];
    let caption = "Each quantity in each design, with 95% intervals over the data sets inferred back. Identified: the \
                   interval of the contraction lies at 0.75 or above; weak: the contraction is at least 0.2775.";
    data_table(caption, &head, &all)
}

fn rivals_table(rows: &[PairRow]) -> maud::Markup {
    let cells = |row: &PairRow| {
        vec![
            format!("{} and {}", row.one, row.other),
            (row.design + 1).to_string(),
            words(&row.verdict).to_owned(),
            share(row.best.0, row.best.1),
            count(row.data_sets),
        ]
    };
    let all: Vec<Vec<String>> = rows.iter().take(MOST_ROWS).map(cells).collect();
    let head = [
        "Rivals",
        "Design",
        "Verdict",
        "Assigned rightly",
        "Data sets",
    ];
    let caption = "Each pair of rivals in each design: the share of data sets that are assigned to their own of the two, \
                   with its 95% interval. Told apart: the interval lies at 80% or above.";
    data_table(caption, &head, &all)
}

fn methods_paragraph(recover: &RecoverSpec) -> String {
    let mut text = format!(
        "What the study could tell was examined by simulation: {} data sets{} were simulated",
        count(recover.simulations.into()),
        match recover.has_rivals {
            true => " of each rival explanation",
            false => "",
        }
    );
    let quantities: usize = recover
        .explanations
        .iter()
        .map(|own| own.quantities.len())
        .max()
        .unwrap_or(0);
    if quantities > 0 {
        text.push_str(&format!(
            " with {} drawn from their priors; up to {} of them were inferred back from the others by approximate Bayesian \
             computation with semi-automatic summaries (Fearnhead & Prangle 2012) and regression adjustment (Beaumont, \
             Zhang & Balding 2002), and calibration was checked by ranks (Talts et al. 2018)",
            counted(quantities as u64, "number", "numbers"),
            count(recover.tests.into())
        ));
    }
    if !recover.effects.is_empty() {
        let effects = recover.effects.len() as u64;
        let couples = recover.effects.iter().filter_map(|own| own.power.study());
        let couples = couples.map(|own| own.reference_couples).min();
        text.push_str(&format!(
            "; the truth of {}, which the quantities move, was estimated in each simulation from complete answers without \
             error of {} couples of their own",
            counted(effects, "effect", "effects"),
            count(couples.unwrap_or(0))
        ));
    }
    if recover.has_rivals {
        text.push_str(
            "; data sets were assigned to rivals by discriminants of the same summaries, fitted without them",
        );
    }
    text.push_str(&format!(
        ". A quantity was called identified where its posterior variance is at most {} of the prior's.",
        percent(0.25)
    ));
    text
}
