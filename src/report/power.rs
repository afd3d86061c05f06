//! What the terminal and the report of a power analysis say: the power of each effect, the smallest designs, and a
//! paragraph for the preregistration.

use super::layout::{KindReport, data_table};
use super::numbers::{NONE, count, counted, listed, percent, plain, share, significant};
use super::reader::{ResultsReader, numbers, text, with_intervals};
use crate::error::Error;
use crate::scenario::Scenario;
use crate::scenario::power_spec::{
    AnalysisKind, DesignQuantity, DesignValues, GivenEffects, PowerSpec, QUANTITY_COUNT,
    StudyMeasures,
};
use crate::simulation::survey::design::STUDY_SCALES;
use crate::stats::interval::Interval;
use crate::table::{ColumnError, Table};
use maud::html;

/// Rows of a table that are read, at most.
const MOST_READ: usize = 100_000;
/// Rows that the page shows, at most.
const MOST_ROWS: usize = 200;
/// Sentences on effects, at most.
const MOST_SENTENCES: usize = 12;

/// The tables that sentences are made from.
pub(crate) struct PowerTables<'t> {
    pub(crate) power: &'t Table,
    pub(crate) frontier: Option<&'t Table>,
}

/// A row of `power`.
struct EffectRow {
    number: f64,
    design: DesignValues,
    effect: String,
    truth: f64,
    reference: Option<ReferenceRow>,
    replicates: u64,
    failed: u64,
    bias: (f64, Interval),
    power: (f64, Interval),
    coverage: (f64, Interval),
    sign_error: (f64, Interval),
    size_error: (f64, Interval),
    width: f64,
}

/// What a row of `power` says of simulated couples.
struct ReferenceRow {
    /// Around the truth.
    interval: Interval,
    replicates: u64,
    couples: u64,
    failed: u64,
    recruited: f64,
    short: u64,
    answered: f64,
    /// Couples of a panel that are analysed, and of these the break-ups, on average; NaN of other analyses.
    analysed: f64,
    ended: f64,
}

impl EffectRow {
    /// Whether the truth is 0, or cannot be told from it.
    fn is_none(&self) -> bool {
        match &self.reference {
            Some(reference) => reference.interval.contains(0.0),
            None => self.truth == 0.0,
        }
    }
}

/// A row of `frontier`.
struct FrontierRow {
    design: DesignValues,
    effect: String,
    target: f64,
    searched: String,
    status: String,
    interval: Interval,
    below: f64,
    above: f64,
    /// Data sets with fewer couples than their design has.
    short: u64,
}

fn columns<const N: usize>(table: &Table, names: [&str; N]) -> Result<Vec<[f64; N]>, ColumnError> {
    let mut all = Vec::with_capacity(N);
    for name in names {
        all.push(numbers(table, name)?);
    }
    let row = |row: usize| std::array::from_fn(|column| all[column][row]);
    Ok((0..table.rows.rows()).map(row).collect())
}

fn designs_of(
    table: &Table,
    quantities: &[DesignQuantity],
) -> Result<Vec<DesignValues>, ColumnError> {
    let mut designs = vec![[0.0; QUANTITY_COUNT]; table.rows.rows()];
    for quantity in quantities {
        let column = numbers(table, quantity.key())?;
        for (design, value) in designs.iter_mut().zip(column) {
            design[*quantity as usize] = value;
        }
    }
    Ok(designs)
}

fn reference_rows(power: &PowerSpec, table: &Table) -> Result<Vec<ReferenceRow>, ColumnError> {
    let names = [
        "truth_low",
        "truth_high",
        "truth_replicates",
        "truth_couples",
        "truth_failed",
        "recruited",
        "short",
        "answered",
    ];
    let row = |[
        low,
        high,
        replicates,
        couples,
        failed,
        recruited,
        short,
        answered,
    ]: [f64; 8]| {
        ReferenceRow {
            interval: Interval { low, high },
            replicates: replicates as u64,
            couples: couples as u64,
            failed: failed as u64,
            recruited,
            short: short as u64,
            answered,
            analysed: f64::NAN,
            ended: f64::NAN,
        }
    };
    let mut rows: Vec<ReferenceRow> = columns(table, names)?.into_iter().map(row).collect();
    if power.analysis.is_of_panel() {
        for (row, count) in rows.iter_mut().zip(numbers(table, "analysed")?) {
            row.analysed = count;
        }
    }
    if power.analysis == AnalysisKind::BreakUp {
        for (row, count) in rows.iter_mut().zip(numbers(table, "break_ups")?) {
            row.ended = count;
        }
    }
    Ok(rows)
}

fn effect_rows(power: &PowerSpec, table: &Table) -> Result<Vec<EffectRow>, ColumnError> {
    let designs = designs_of(table, &power.quantities())?;
    let numbers = numbers(table, "design")?;
    let plain = columns(table, ["truth", "replicates", "failed", "width"])?;
    let mut references = match power.study() {
        Some(_) => reference_rows(power, table)?,
        None => Vec::new(),
    }
    .into_iter();
    let of = |name: &str| with_intervals(table, name);
    let (bias, power, coverage) = (of("bias")?, of("power")?, of("coverage")?);
    let (sign, size) = (of("type_s")?, of("type_m")?);
    let row = |row: usize| EffectRow {
        number: numbers[row],
        design: designs[row],
        effect: text(table, "effect", row).to_owned(),
        truth: plain[row][0],
        reference: references.next(),
        replicates: plain[row][1] as u64,
        failed: plain[row][2] as u64,
        bias: bias[row],
        power: power[row],
        coverage: coverage[row],
        sign_error: sign[row],
        size_error: size[row],
        width: plain[row][3],
    };
    Ok((0..designs.len()).map(row).collect())
}

fn frontier_rows(power: &PowerSpec, table: &Table) -> Result<Vec<FrontierRow>, ColumnError> {
    let designs = designs_of(table, &power.quantities())?;
    let names = [
        "target",
        "smallest_low",
        "smallest_high",
        "known_below",
        "known_above",
    ];
    let plain = columns(table, names)?;
    let short = match power.study() {
        Some(_) => numbers(table, "short")?,
        None => vec![0.0; plain.len()],
    };
    let row = |row: usize| {
        let [target, low, high, below, above] = plain[row];
        FrontierRow {
            design: designs[row],
            effect: text(table, "effect", row).to_owned(),
            target,
            searched: text(table, "searched", row).to_owned(),
            status: text(table, "status", row).to_owned(),
            interval: Interval { low, high },
            below,
            above,
            short: short[row] as u64,
        }
    };
    Ok((0..designs.len()).map(row).collect())
}

/// An effect in words.
fn effect_name(effect: &str) -> String {
    let (kind, side) = match effect.rsplit_once('_') {
        Some((kind, "a")) => (kind, " of partner A"),
        Some((kind, "b")) => (kind, " of partner B"),
        _ => (effect, ""),
    };
    let name = match kind {
        "actor" => "actor effect",
        "partner" => {
            return match side {
                " of partner A" => "partner effect on partner A".to_owned(),
                " of partner B" => "partner effect on partner B".to_owned(),
                _ => "partner effect".to_owned(),
            };
        }
        "lag" => "lagged effect",
        "actor_level" => "actor effect on the level",
        "partner_level" => "partner effect on the level",
        "actor_slope" => "actor effect on the slope",
        "partner_slope" => "partner effect on the slope",
        "score" => {
            return match side {
                " of partner A" => "effect of partner A's score on break-ups".to_owned(),
                " of partner B" => "effect of partner B's score on break-ups".to_owned(),
                _ => "effect of the couple's mean score on break-ups".to_owned(),
            };
        }
        other => other,
    };
    format!("{name}{side}")
}

fn quantity(of: DesignQuantity, value: f64) -> String {
    let whole = value as u64;
    match of {
        DesignQuantity::Couples => counted(whole, "couple", "couples"),
        DesignQuantity::Occasions => counted(whole, "occasion", "occasions"),
        DesignQuantity::BurstDays => counted(whole, "day", "days"),
        DesignQuantity::Bursts => counted(whole, "burst", "bursts"),
        DesignQuantity::Prompts => format!("{} a day", counted(whole, "prompt", "prompts")),
        DesignQuantity::Waves => counted(whole, "wave", "waves"),
        DesignQuantity::WaveInterval => {
            format!("{} from wave to wave", counted(whole, "day", "days"))
        }
        DesignQuantity::FollowUp => format!("{} of follow-up", counted(whole, "day", "days")),
        _ => format!("{} {}", quantity_title(of).to_lowercase(), plain(value)),
    }
}

/// A design in words; `without` is a quantity that is left out.
fn design_text(
    quantities: &[DesignQuantity],
    design: &DesignValues,
    without: Option<DesignQuantity>,
) -> String {
    let is_full = |own: DesignQuantity| {
        let is_share = matches!(
            own,
            DesignQuantity::Compliance | DesignQuantity::Reliability
        );
        is_share && quantities.contains(&DesignQuantity::Occasions) && design[own as usize] >= 1.0
    };
    let is_said = |own: &&DesignQuantity| {
        Some(**own) != without && !is_full(**own) && design[**own as usize].is_finite()
    };
    let parts: Vec<String> = quantities
        .iter()
        .filter(is_said)
        .map(|own| quantity(*own, design[*own as usize]))
        .collect();
    listed(&parts)
}

/// Whether an effect is one that the analysis is made for.
fn is_main(power: &PowerSpec, effect: &str) -> bool {
    match power.analysis {
        AnalysisKind::Diary => effect.starts_with("partner"),
        AnalysisKind::BreakUp => true,
        AnalysisKind::Growth => effect.starts_with("partner_slope"),
    }
}

/// What was found, a sentence each.
pub(crate) fn sentences(
    power: &PowerSpec,
    tables: &PowerTables<'_>,
) -> Result<Vec<String>, ColumnError> {
    let mut found = Vec::new();
    if let Some(frontier) = tables.frontier {
        let rows = frontier_rows(power, frontier)?;
        found.extend(rows.iter().map(|row| frontier_sentence(power, row)));
    }
    let rows = effect_rows(power, tables.power)?;
    let own = |row: &&EffectRow| !row.effect.starts_with("intercept");
    let searched = power.search.as_ref().map(|search| search.effect);
    // Of many designs those of the effect that is searched for, or the weakest and the strongest.
    let designs = power.designs().len();
    let shown: Vec<&EffectRow> = if designs == 1 {
        rows.iter().filter(own).collect()
    } else {
        let names = power.effect_names();
        let wanted = searched.or(names.iter().copied().find(|name| is_main(power, name)));
        rows.iter()
            .filter(|row| Some(row.effect.as_str()) == wanted)
            .collect()
    };
    for row in shown.iter().take(MOST_SENTENCES) {
        found.push(effect_sentence(power, row));
    }
    if shown.len() > MOST_SENTENCES {
        found.push(format!(
            "{} of {} designs are listed here; the table power has all",
            MOST_SENTENCES,
            count(shown.len() as u64)
        ));
    }
    found.extend(warnings(power, &rows));
    Ok(found)
}

fn frontier_sentence(power: &PowerSpec, row: &FrontierRow) -> String {
    let found = search_sentence(power, row);
    match row.short {
        0 => found,
        short => format!(
            "{found}; in the search {} fewer couples than intended, since the run has no more",
            match short {
                1 => "1 data set has".to_owned(),
                more => format!("{} data sets have", count(more)),
            }
        ),
    }
}

fn search_sentence(power: &PowerSpec, row: &FrontierRow) -> String {
    let place = DesignQuantity::named(&row.searched).unwrap_or(DesignQuantity::Couples);
    let others = design_text(&power.quantities(), &row.design, Some(place));
    let with = format!("With {others}");
    let goal = format!(
        "{} power for the {}",
        percent(row.target),
        effect_name(&row.effect)
    );
    let value = row.design[place as usize];
    let interval = || {
        let (low, high) = (row.interval.low, row.interval.high);
        if place.is_count() {
            format!(
                "95% Monte Carlo interval {} to {}",
                count(low.ceil().max(0.0) as u64),
                count(high.ceil().max(0.0) as u64)
            )
        } else {
            format!(
                "95% Monte Carlo interval {} to {}",
                plain_share(low),
                plain_share(high)
            )
        }
    };
    match row.status.as_str() {
        "found" => format!(
            "{with}, {} suffice for {goal} ({}; {} are known to be too few and {} to be enough)",
            quantity(place, value),
            interval(),
            short(place, row.below),
            short(place, row.above)
        ),
        "at_most" => format!(
            "{with}, {} suffice for {goal}: the lowest value of the search, so that fewer may do",
            quantity(place, value)
        ),
        "not_reached" => format!("{with}, no value of the search gives {goal}"),
        _ if value.is_finite() && row.interval.low.is_finite() => format!(
            "{with}, about {} may suffice for {goal} ({}): unresolved, since the simulated data sets do not tell on \
             which side of the target the ends of the search lie",
            quantity(place, value),
            interval()
        ),
        _ => format!("{with}, what suffices for {goal} is unresolved"),
    }
}

fn plain_share(value: f64) -> String {
    format!("{value:.2}")
}

fn short(place: DesignQuantity, value: f64) -> String {
    if place.is_count() {
        count(value as u64)
    } else {
        plain_share(value)
    }
}

fn effect_sentence(power: &PowerSpec, row: &EffectRow) -> String {
    let name = effect_name(&row.effect);
    let (found, around) = row.power;
    let what = match (&row.reference, row.is_none()) {
        (None, true) => format!("the {name} of 0 is significant in"),
        (None, false) => format!("the {name} of {} has a power of", plain(row.truth)),
        (Some(reference), true) => format!(
            "the {name}, whose reference of {} cannot be told from 0, is significant in",
            significant(row.truth, reference.interval)
        ),
        (Some(reference), false) => format!(
            "the {name} of {} has a power of",
            significant(row.truth, reference.interval)
        ),
    };
    let mut sentence = format!(
        "With {}, {what} {} (n = {} data sets)",
        design_text(&power.quantities(), &row.design, None),
        share(found, around),
        count(row.replicates)
    );
    let (size, around) = row.size_error;
    if size.is_finite() {
        sentence.push_str(&format!(
            "; where it is significant it is estimated {} times its size",
            significant(size, around)
        ));
    }
    let (sign, around) = row.sign_error;
    if sign > 0.005 {
        sentence.push_str(&format!(", with the wrong sign in {}", share(sign, around)));
    }
    sentence
}

/// What must be known of the estimates: failures, bias and coverage.
fn warnings(power: &PowerSpec, rows: &[EffectRow]) -> Vec<String> {
    let mut found = Vec::new();
    let failed = rows.iter().map(|row| row.failed).max().unwrap_or_default();
    if failed > 0 {
        found.push(format!(
            "The model could not be fitted to up to {} of a design, which are left out of its numbers{}",
            counted(failed, "data set", "data sets"),
            match power.analysis {
                AnalysisKind::Diary | AnalysisKind::Growth => "",
                AnalysisKind::BreakUp => {
                    ": they have no break-up, or scores that tell without fail who breaks up first"
                }
            }
        ));
    }
    let biased: Vec<String> = rows
        .iter()
        .filter(|row| {
            let (bias, around) = row.bias;
            bias.abs() > 0.05 * row.truth.abs() && !around.contains(0.0) && !row.is_none()
        })
        .map(|row| effect_name(&row.effect))
        .collect();
    found.extend(sample_warnings(power, rows));
    let reliability = DesignQuantity::Reliability as usize;
    let has_error = rows.iter().any(|row| row.design[reliability] < 1.0);
    let why = match (has_error, power.has_lagged_outcome) {
        _ if power.study().is_some() => {
            ", which is the mean estimate from complete answers without error"
        }
        (true, false) => ", since the analysis does not know of the errors of measurement",
        (false, true) => ", as those with a lagged outcome are over few occasions",
        (true, true) => {
            ", since the analysis does not know of the errors of measurement, and the outcome is lagged"
        }
        (false, false) => "",
    };
    let mut names = biased.clone();
    names.sort();
    names.dedup();
    if !names.is_empty() {
        found.push(format!(
            "Estimates of the {} are biased by more than 5\u{a0}% of the truth in {}{why}",
            listed(&names),
            counted(
                biased.len() as u64,
                "row of the table power",
                "rows of the table power"
            )
        ));
    }
    found
}

/// Whom a study of simulated couples could not recruit, and what its reference rests on.
fn sample_warnings(power: &PowerSpec, rows: &[EffectRow]) -> Vec<String> {
    let mut found = Vec::new();
    let mut firsts = rows
        .chunk_by(|one, next| one.number == next.number)
        .map(|own| &own[0]);
    let all: Vec<(&EffectRow, &ReferenceRow)> = firsts
        .by_ref()
        .filter_map(|row| Some((row, row.reference.as_ref()?)))
        .collect();
    let fewest = all
        .iter()
        .filter(|(_, own)| own.short > 0)
        .min_by(|one, other| {
            let share = |(row, own): &(&EffectRow, &ReferenceRow)| {
                own.recruited / row.design[DesignQuantity::Couples as usize]
            };
            share(one).total_cmp(&share(other))
        });
    if let Some((row, own)) = fewest {
        let short = all.iter().filter(|(_, own)| own.short > 0).count() as u64;
        found.push(format!(
            "In {} the couples of the run did not suffice for all data sets: with {}, {} have fewer couples, and all have {} \
             on average; more `couples` of [run] can be recruited",
            counted(short, "design", "designs"),
            design_text(&power.quantities(), &row.design, None),
            counted(own.short, "data set", "data sets"),
            plain((10.0 * own.recruited).round() / 10.0)
        ));
    }
    if let Some((_, own)) = all.iter().min_by_key(|(_, own)| own.couples) {
        let failed = all
            .iter()
            .map(|(_, own)| own.failed)
            .max()
            .unwrap_or_default();
        let failed = match failed {
            0 => String::new(),
            more => format!(
                "; {} could not be fitted",
                counted(more, "data set", "data sets")
            ),
        };
        found.push(format!(
            "References are mean estimates from complete answers without error, of {} with {} or more{failed}",
            counted(own.replicates, "data set", "data sets"),
            counted(own.couples, "couple", "couples")
        ));
    }
    let answered = all.iter().map(|(_, own)| own.answered);
    let (low, high) = answered.fold((1.0_f64, 0.0_f64), |(low, high), share| {
        (low.min(share), high.max(share))
    });
    if low <= high {
        let ends = [percent(low), percent(high)];
        let range = if ends[0] == ends[1] {
            ends[0].clone()
        } else {
            ends.join(" to ")
        };
        found.push(match power.analysis {
            AnalysisKind::Diary => format!(
                "{range} of all prompts are answered, break-ups and drop-out counted as missing"
            ),
            AnalysisKind::BreakUp => {
                format!("{range} of all persons answer the first wave")
            }
            AnalysisKind::Growth => format!(
                "{range} of all waves are answered, break-ups and drop-out counted as missing"
            ),
        });
    }
    if power.analysis.is_of_panel() {
        let counts = |of: fn(&ReferenceRow) -> f64| {
            let all = all.iter().map(|(_, own)| of(own));
            let (low, high) = all.fold((f64::INFINITY, 0.0_f64), |(low, high), count| {
                (low.min(count), high.max(count))
            });
            let ends = [low, high].map(|count| plain((10.0 * count).round() / 10.0));
            match ends[0] == ends[1] {
                true => ends[0].clone(),
                false => ends.join(" to "),
            }
        };
        let ended = match power.analysis {
            AnalysisKind::BreakUp => format!(" with {} break-ups", counts(|own| own.ended)),
            _ => String::new(),
        };
        found.push(format!(
            "Data sets of a design have on average {} analysed couples{ended}; couples without the scores of the first wave \
             are left out",
            counts(|own| own.analysed)
        ));
    }
    found
}

/// What the report of a power analysis says.
///
/// # Errors
/// Those of [`ResultsReader::read`].
pub(crate) fn power_report(
    reader: &ResultsReader<'_>,
    scenario: &Scenario,
) -> Result<KindReport, Error> {
    let is_given = scenario
        .spec
        .power
        .as_ref()
        .is_none_or(|power| power.given().is_some());
    let mut report = KindReport {
        kind: match is_given {
            true => "Power of a study with given effects",
            false => "Power of a study of simulated couples",
        },
        title: scenario.title().to_owned(),
        question: scenario.description().to_owned(),
        is_without_model: is_given,
        each: if is_given {
            ""
        } else {
            " for each data set, of whom the study recruited its own"
        },
        ..KindReport::default()
    };
    let Some(power) = &scenario.spec.power else {
        return Ok(report);
    };
    let designs = power.designs();
    report.done = vec![
        ("Designs", count(designs.len() as u64)),
        ("Data sets of each design", count(power.replicates.into())),
        ("Level of significance", plain(power.alpha)),
        ("Target power", percent(power.target)),
        ("Seed", scenario.config().seed.to_string()),
    ];
    let Some(table) = reader.read("power", MOST_READ)? else {
        return Ok(report);
    };
    let frontier = reader.read("frontier", MOST_READ)?;
    let tables = PowerTables {
        power: &table,
        frontier: frontier.as_ref(),
    };
    for sentence in sentences(power, &tables)? {
        report.findings.push(html! { (sentence) "." });
    }
    let rows = effect_rows(power, &table)?;
    let quantities = power.quantities();
    let shown = rows
        .iter()
        .filter(|row| !row.effect.starts_with("intercept"));
    let cells = |row: &EffectRow| {
        let number = |(value, around): (f64, Interval)| match value.is_finite() {
            true => significant(value, around),
            false => NONE.to_owned(),
        };
        let shares = |(value, around): (f64, Interval)| share(value, around);
        vec![
            design_text(&quantities, &row.design, None),
            effect_name(&row.effect),
            match &row.reference {
                None => plain(row.truth),
                Some(own) => significant(row.truth, own.interval),
            },
            shares(row.power),
            number(row.bias),
            shares(row.coverage),
            shares(row.sign_error),
            number(row.size_error),
            significant(row.width, Interval::UNDEFINED),
            count(row.replicates),
        ]
    };
    let all: Vec<Vec<String>> = shown.map(cells).collect();
    let head = [
        "Design",
        "Effect",
        if is_given { "Truth" } else { "Reference" },
        "Power",
        "Bias",
        "Coverage",
        "Wrong sign",
        "Exaggeration",
        "Interval width",
        "Data sets",
    ];
    let caption = "Each effect in each design, with 95% Monte Carlo intervals. Wrong sign and exaggeration are of \
                   significant estimates (Gelman & Carlin 2014).";
    report
        .numbers
        .push(data_table(caption, &head, &all[..all.len().min(MOST_ROWS)]));
    if all.len() > MOST_ROWS {
        report.numbers.push(html! {
            p { "The first " (count(MOST_ROWS as u64)) " of " (count(all.len() as u64)) " rows; " code { "power" } " has all." }
        });
    }
    let failed: u64 = designs_failed(&rows);
    report.attrition.push(html! {
        p {
            "Of " (counted(designs.len() as u64 * u64::from(power.replicates), "data set", "data sets")) ", "
            (count(failed)) " could not be analysed and " @if failed == 1 { "is" } @else { "are" } " left out. "
            @match (power.analysis, power.are_exchangeable) {
                (AnalysisKind::BreakUp, true) => {
                    "A couple of a data set counts if one of its members answered the first wave; who stops is censored."
                }
                (AnalysisKind::BreakUp, false) => {
                    "A couple of a data set counts if both partners answered the first wave; who stops is censored."
                }
                (AnalysisKind::Growth, _) => {
                    "A couple of a data set counts if both partners answered the first wave, with all waves that a partner \
                     answered."
                }
                (AnalysisKind::Diary, _) => {
                    "Rows of a data set are complete: an occasion counts for a partner if both answered"
                    @if power.has_lagged_outcome { " and the partner had answered on the occasion before" }
                    "."
                }
            }
        }
    });
    report.limits.extend(limits_of(power));
    report
        .methods
        .push(methods_paragraph(power, &rows, frontier.as_ref())?);
    Ok(report)
}

/// What a power analysis does not show.
fn limits_of(power: &PowerSpec) -> Vec<String> {
    let mut limits = match power.study() {
        None => vec![
            "Power is that of the effects and variances that the scenario file states. Whether these are the true ones is \
             not tested here; a range of them says more than one."
                .to_owned(),
            "Data sets follow the analysed model exactly but for errors of measurement: occasions are missing completely \
             at random, answers have no steps or ceilings, and all couples have the same effects. Real studies have less \
             power."
                .to_owned(),
        ],
        Some(_) => vec![
            "Power is that of the effects that the simulated couples have. Where real couples have smaller ones, a study \
             of them has less power."
                .to_owned(),
            match power.analysis {
                AnalysisKind::Diary => {
                    "The reference is what the analysed model finds in complete answers without error, and not the size of \
                     a cause: outcome and predictor of one occasion are asked together, so that either may have moved the \
                     other, and both a third."
                }
                AnalysisKind::Growth => {
                    "The reference is what the analysed model finds in complete answers without error, and not the size of \
                     a cause: what moves the scores of the first wave may move later answers by other ways. Couples who \
                     break up have fewer waves, in the reference, too, and courses of the model need not be lines."
                }
                AnalysisKind::BreakUp => {
                    "The reference is what the analysed model finds in complete answers without error, and not the size of \
                     a cause: what moves the scores of the first wave may move break-ups by other ways. Hazards of the model \
                     of couples need not be proportional; then the reference is a mean over the days that are followed."
                }
            }
            .to_owned(),
        ],
    };
    limits.push(
        "Monte Carlo intervals cover the finite number of simulated data sets only.".to_owned(),
    );
    limits
}

fn designs_failed(rows: &[EffectRow]) -> u64 {
    let mut sum = 0;
    for one in rows.chunk_by(|one, next| one.number == next.number) {
        sum += one[0].failed;
    }
    sum
}

/// Sentences for the preregistration or the methods section.
fn methods_paragraph(
    power: &PowerSpec,
    rows: &[EffectRow],
    frontier: Option<&Table>,
) -> Result<String, ColumnError> {
    let source = match (power.given(), power.study()) {
        (Some(effects), _) => given_text(power, effects),
        (None, Some(measures)) => study_text(power, measures),
        (None, None) => String::new(),
    };
    let partners = match power.are_exchangeable {
        true => "exchangeable",
        false => "distinguishable",
    };
    let likelihood = match power.is_restricted {
        true => "restricted",
        false => "full",
    };
    let (from, fitted) = match power.given() {
        Some(_) => (
            format!(
                "from a longitudinal actor–partner interdependence model of {partners} partners with {source}"
            ),
            "the same model".to_owned(),
        ),
        None => (
            source,
            format!("a longitudinal actor–partner interdependence model of {partners} partners"),
        ),
    };
    let opening = format!(
        "Sample size was planned by simulation. We simulated {} data sets for each design {from}",
        count(power.replicates.into())
    );
    let level = plain(power.alpha);
    let mut text = match power.analysis {
        AnalysisKind::Diary => format!(
            "{opening}, and fitted {fitted} to each \
             by {likelihood} maximum likelihood, with random intercepts of both partners and {} (as nlme's lme does; see \
             Lafit, Sels, Adolf, Loeys & Ceulemans, 2022). Predictors were {}. Tests were two-sided with a level of \
             significance of {level}.",
            match power.are_autoregressive {
                true => "first-order autoregressive residuals within persons",
                false => "residuals that are correlated between partners on one occasion",
            },
            match power.is_centred {
                true => "centred at the person's mean",
                false => "not centred",
            },
        ),
        AnalysisKind::Growth => format!(
            "{opening}, and fitted a growth model of {partners} partners to each by {likelihood} maximum likelihood, with \
             {} (as nlme's lme does; see Kashy & Donnellan, 2012). Predictors were centred at their mean, and time was in \
             years since entry. Tests were two-sided with a level of significance of {level}.",
            match power.are_exchangeable {
                true =>
                    "independent random intercepts and slopes of couples and of the persons in them",
                false => {
                    "correlated random intercepts and independent random slopes of both partners, and residual variances \
                     by role"
                }
            },
        ),
        AnalysisKind::BreakUp => format!(
            "{opening}, and fitted a Cox regression of the time from entry to the break-up to each (Cox, 1972; ties as \
             in Efron, 1977, as survival's coxph does). Couples of whom no more was known were censored. Wald tests were \
             two-sided with a level of significance of {level}.",
        ),
    };
    let frontier = frontier.map(|table| frontier_rows(power, table));
    let frontier = frontier.transpose()?.unwrap_or_default();
    for row in &frontier {
        text.push_str(&format!(" {}.", frontier_sentence(power, row)));
    }
    if frontier.is_empty() {
        let shown = rows.iter().filter(|row| is_main(power, &row.effect));
        for row in shown.take(6) {
            text.push_str(&format!(" {}.", effect_sentence(power, row)));
        }
    }
    Ok(text)
}

/// The effects and variances that are given, in words.
fn given_text(power: &PowerSpec, effects: &GivenEffects) -> String {
    let pair = |name: &str, [a, b]: [f64; 2]| match a == b {
        true => format!("{name} {}", plain(a)),
        false => format!(
            "{name} {} (partner A) and {} (partner B)",
            plain(a),
            plain(b)
        ),
    };
    let mut given = vec![
        pair("actor effects of", effects.actor),
        pair("partner effects of", effects.partner),
    ];
    if power.has_lagged_outcome {
        given.push(pair("effects of the lagged outcome of", effects.lag));
    }
    given.extend([
        pair("standard deviations of intercepts of", effects.intercept_sd),
        pair("of residuals of", effects.residual_sd),
        pair("of predictors of", effects.predictor_sd),
    ]);
    let residuals = match power.are_autoregressive {
        true => format!(
            "an autocorrelation of residuals of {}",
            plain(effects.autocorrelation)
        ),
        false => format!(
            "a correlation of partners' residuals of {}",
            plain(effects.residual_correlation)
        ),
    };
    given.push(format!(
        "correlations between partners of {} (intercepts) and {} (predictors), and {residuals}",
        plain(effects.intercept_correlation),
        plain(effects.predictor_correlation)
    ));
    listed(&given)
}

/// The study of simulated couples, in words.
fn study_text(power: &PowerSpec, measures: &StudyMeasures) -> String {
    let name = |scale: usize| STUDY_SCALES[scale].key;
    let Some(outcome) = measures.outcome else {
        return format!(
            "as a panel of simulated couples would have them, in which the hazard of a break-up was predicted by {} of {} at \
             the first wave, with the scale's errors, missing answers and drop-out",
            match power.are_exchangeable {
                true => "the couple's mean",
                false => "the scores of both partners",
            },
            name(measures.predictor)
        );
    };
    if power.analysis == AnalysisKind::Growth {
        return format!(
            "as a panel of simulated couples would have them, in which level and slope of {} over the waves were predicted by \
             the own and the partner's {} at the first wave, with the scales' errors, missing answers, drop-out and break-ups",
            name(outcome),
            name(measures.predictor)
        );
    }
    let before = match power.has_lagged_outcome {
        true => ", the person's outcome on the occasion before,",
        false => "",
    };
    format!(
        "as a diary of simulated couples would have them, in which {} was predicted by the own and the partner's {}{before} on \
         the same occasion, with the scales' errors, missing answers and break-ups",
        name(outcome),
        name(measures.predictor)
    )
}

/// The name of a quantity on an axis.
pub(crate) fn quantity_title(quantity: DesignQuantity) -> &'static str {
    match quantity {
        DesignQuantity::Couples => "Couples",
        DesignQuantity::Occasions => "Occasions",
        DesignQuantity::BurstDays => "Days of a burst",
        DesignQuantity::Bursts => "Bursts",
        DesignQuantity::Prompts => "Prompts a day",
        DesignQuantity::Compliance => "Compliance",
        DesignQuantity::Reliability => "Reliability",
        DesignQuantity::OddsDay => "Odds ratio a day",
        DesignQuantity::OddsLowAnswer => "Odds ratio after low answers",
        DesignQuantity::OddsConflict => "Odds ratio after conflict",
        DesignQuantity::DropOutDaily => "Daily drop-out",
        DesignQuantity::ConflictReported => "Reported conflicts",
        DesignQuantity::UnresponsiveAsConflict => "Unresponsiveness as conflict",
        DesignQuantity::ConflictFalseAlarm => "False alarms of conflict",
        DesignQuantity::Waves => "Waves",
        DesignQuantity::WaveInterval => "Days from wave to wave",
        DesignQuantity::FollowUp => "Days of follow-up",
        DesignQuantity::WaveCompliance => "Compliance of waves",
        DesignQuantity::DropOut => "Drop-out",
    }
}

/// The name of an effect as a heading.
pub(crate) fn effect_title(effect: &str) -> String {
    let name = effect_name(effect);
    crate::label::with_capital(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn design(values: [f64; 4]) -> DesignValues {
        let mut design = [0.0; QUANTITY_COUNT];
        for (quantity, value) in DesignQuantity::OF_GIVEN.into_iter().zip(values) {
            design[quantity as usize] = value;
        }
        design
    }

    fn frontier_row(status: &str, couples: f64) -> FrontierRow {
        FrontierRow {
            design: design([couples, 7.0, 0.9, 1.0]),
            effect: "partner_a".to_owned(),
            target: 0.8,
            searched: "couples".to_owned(),
            status: status.to_owned(),
            interval: Interval {
                low: 138.7,
                high: 186.2,
            },
            below: 142.0,
            above: 400.0,
            short: 0,
        }
    }

    #[test]
    fn each_way_in_which_a_search_ends_has_its_sentence() {
        let text = "title = 'x'\n[power]\n[power.effects]\nactor = 1\npartner = 1\nintercept_sd = 1\nresidual_sd = 1\n";
        let scenario = Scenario::parse(text).expect("a scenario");
        let power = scenario.spec.power.as_ref().expect("a [power]");
        let said =
            |status: &str, couples: f64| frontier_sentence(power, &frontier_row(status, couples));
        let with = "With 7 occasions and compliance 0.9, ";
        let goal = "80.0\u{a0}% power for the partner effect on partner A";
        let interval = "95% Monte Carlo interval 139 to 187";
        assert_eq!(
            said("found", 162.0),
            format!(
                "{with}162 couples suffice for {goal} ({interval}; 142 are known to be too few and 400 to be enough)"
            )
        );
        assert!(said("at_most", 20.0).starts_with(&format!(
            "{with}20 couples suffice for {goal}: the lowest value"
        )));
        assert_eq!(
            said("not_reached", f64::NAN),
            format!("{with}no value of the search gives {goal}")
        );
        let few = FrontierRow {
            short: 7,
            ..frontier_row("not_reached", f64::NAN)
        };
        let few = frontier_sentence(power, &few);
        assert!(few.ends_with("; in the search 7 data sets have fewer couples than intended, since the run has no more"));
        let open = said("unresolved", 162.0);
        assert!(
            open.contains("about 162 couples may suffice") && open.contains("unresolved"),
            "{open}"
        );
        assert!(said("unresolved", f64::NAN).ends_with("is unresolved"));
    }

    #[test]
    fn effects_have_names_that_say_whose_they_are() {
        for (effect, name) in [
            ("actor_a", "actor effect of partner A"),
            ("partner_b", "partner effect on partner B"),
            ("partner", "partner effect"),
            ("lag_b", "lagged effect of partner B"),
            ("intercept", "intercept"),
        ] {
            assert_eq!(effect_name(effect), name);
        }
        assert_eq!(effect_title("actor"), "Actor effect");
        assert_eq!(
            design_text(
                &DesignQuantity::OF_GIVEN,
                &design([30.0, 7.0, 1.0, 0.8]),
                None
            ),
            "30 couples, 7 occasions and reliability 0.8"
        );
    }
}
