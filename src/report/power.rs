//! What the terminal and the report of a power analysis say: the power of each effect, the smallest designs, and a
//! paragraph for the preregistration.

use super::layout::{KindReport, data_table};
use super::numbers::{NONE, count, counted, listed, percent, plain, share, significant};
use super::reader::{ResultsReader, numbers, text};
use crate::error::Error;
use crate::scenario::Scenario;
use crate::scenario::power_spec::{DesignQuantity, PowerSpec};
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
    design: [f64; 4],
    effect: String,
    truth: f64,
    replicates: u64,
    failed: u64,
    bias: (f64, Interval),
    power: (f64, Interval),
    coverage: (f64, Interval),
    sign_error: (f64, Interval),
    size_error: (f64, Interval),
    width: f64,
}

/// A row of `frontier`.
struct FrontierRow {
    design: [f64; 4],
    effect: String,
    target: f64,
    searched: String,
    status: String,
    interval: Interval,
    below: f64,
    above: f64,
}

fn columns<const N: usize>(table: &Table, names: [&str; N]) -> Result<Vec<[f64; N]>, ColumnError> {
    let mut all = Vec::with_capacity(N);
    for name in names {
        all.push(numbers(table, name)?);
    }
    let row = |row: usize| std::array::from_fn(|column| all[column][row]);
    Ok((0..table.rows.rows()).map(row).collect())
}

const DESIGN: [&str; 4] = ["couples", "occasions", "compliance", "reliability"];

fn effect_rows(table: &Table) -> Result<Vec<EffectRow>, ColumnError> {
    let designs = columns(table, DESIGN)?;
    let plain = columns(table, ["truth", "replicates", "failed", "width"])?;
    let of = |name: &str| {
        let names = [
            name.to_owned(),
            format!("{name}_low"),
            format!("{name}_high"),
        ];
        columns(table, [&names[0], &names[1], &names[2]])
    };
    let (bias, power, coverage) = (of("bias")?, of("power")?, of("coverage")?);
    let (sign, size) = (of("type_s")?, of("type_m")?);
    let with = |[value, low, high]: [f64; 3]| (value, Interval { low, high });
    let row = |row: usize| EffectRow {
        design: designs[row],
        effect: text(table, "effect", row).to_owned(),
        truth: plain[row][0],
        replicates: plain[row][1] as u64,
        failed: plain[row][2] as u64,
        bias: with(bias[row]),
        power: with(power[row]),
        coverage: with(coverage[row]),
        sign_error: with(sign[row]),
        size_error: with(size[row]),
        width: plain[row][3],
    };
    Ok((0..designs.len()).map(row).collect())
}

fn frontier_rows(table: &Table) -> Result<Vec<FrontierRow>, ColumnError> {
    let designs = columns(table, DESIGN)?;
    let names = [
        "target",
        "smallest_low",
        "smallest_high",
        "known_below",
        "known_above",
    ];
    let plain = columns(table, names)?;
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
        other => other,
    };
    format!("{name}{side}")
}

fn quantity(place: usize, value: f64) -> String {
    match place {
        0 => counted(value as u64, "couple", "couples"),
        1 => counted(value as u64, "occasion", "occasions"),
        2 => format!("compliance {}", plain(value)),
        _ => format!("reliability {}", plain(value)),
    }
}

/// A design in words; `without` is a quantity that is left out.
fn design_text(design: &[f64; 4], without: Option<usize>) -> String {
    let is_said = |place: &usize| {
        Some(*place) != without
            && (*place < 2 || design[*place] < 1.0)
            && design[*place].is_finite()
    };
    let parts: Vec<String> = (0..4)
        .filter(is_said)
        .map(|place| quantity(place, design[place]))
        .collect();
    listed(&parts)
}

/// What was found, a sentence each.
pub(crate) fn sentences(
    power: &PowerSpec,
    tables: &PowerTables<'_>,
) -> Result<Vec<String>, ColumnError> {
    let mut found = Vec::new();
    if let Some(frontier) = tables.frontier {
        found.extend(frontier_rows(frontier)?.iter().map(frontier_sentence));
    }
    let rows = effect_rows(tables.power)?;
    let own = |row: &&EffectRow| !row.effect.starts_with("intercept");
    let searched = power.search.as_ref().map(|search| search.effect);
    // Of many designs those of the effect that is searched for, or the weakest and the strongest.
    let designs = power.designs().len();
    let shown: Vec<&EffectRow> = if designs == 1 {
        rows.iter().filter(own).collect()
    } else {
        let names = power.effect_names();
        let wanted = searched.or(names
            .iter()
            .copied()
            .find(|name| name.starts_with("partner")));
        rows.iter()
            .filter(|row| Some(row.effect.as_str()) == wanted)
            .collect()
    };
    for row in shown.iter().take(MOST_SENTENCES) {
        found.push(effect_sentence(row));
    }
    if shown.len() > MOST_SENTENCES {
        found.push(format!(
            "{} of {} designs are listed here; the table `power` has all",
            MOST_SENTENCES,
            count(shown.len() as u64)
        ));
    }
    found.extend(warnings(power, &rows));
    Ok(found)
}

fn frontier_sentence(row: &FrontierRow) -> String {
    let place = DESIGN
        .iter()
        .position(|name| *name == row.searched)
        .unwrap_or_default();
    let others = design_text(&row.design, Some(place));
    let with = format!("With {others}");
    let goal = format!(
        "{} power for the {}",
        percent(row.target),
        effect_name(&row.effect)
    );
    let value = row.design[place];
    let interval = || {
        let (low, high) = (row.interval.low, row.interval.high);
        if place < 2 {
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

fn short(place: usize, value: f64) -> String {
    if place < 2 {
        count(value as u64)
    } else {
        plain_share(value)
    }
}

fn effect_sentence(row: &EffectRow) -> String {
    let name = effect_name(&row.effect);
    let (power, around) = row.power;
    let what = match row.truth == 0.0 {
        true => format!("the {name} of 0 is significant in"),
        false => format!("the {name} of {} has a power of", plain(row.truth)),
    };
    let mut sentence = format!(
        "With {}, {what} {} (n = {} data sets)",
        design_text(&row.design, None),
        share(power, around),
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
            "The model could not be fitted to up to {} of a design, which are left out of its numbers",
            counted(failed, "data set", "data sets")
        ));
    }
    let biased: Vec<String> = rows
        .iter()
        .filter(|row| {
            let (bias, around) = row.bias;
            bias.abs() > 0.05 * row.truth.abs() && !around.contains(0.0) && row.truth != 0.0
        })
        .map(|row| effect_name(&row.effect))
        .collect();
    let has_error = rows.iter().any(|row| row.design[3] < 1.0);
    let why = match (has_error, power.has_lagged_outcome) {
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
            counted(biased.len() as u64, "row of `power`", "rows of `power`")
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
    let mut report = KindReport {
        kind: "Power of a study with given effects",
        title: scenario.title().to_owned(),
        question: scenario.description().to_owned(),
        is_without_model: true,
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
    let rows = effect_rows(&table)?;
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
            design_text(&row.design, None),
            effect_name(&row.effect),
            plain(row.truth),
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
        "Truth",
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
            "Rows of a data set are complete: an occasion counts for a partner if both answered"
            @if power.has_lagged_outcome { " and the partner had answered on the occasion before" }
            "."
        }
    });
    report.limits.extend([
        "Power is that of the effects and variances that the scenario file states. Whether these are the true ones is not \
         tested here; a range of them says more than one."
            .to_owned(),
        "Data sets follow the analysed model exactly but for errors of measurement: occasions are missing completely at \
         random, answers have no steps or ceilings, and all couples have the same effects. Real studies have less power."
            .to_owned(),
        "Monte Carlo intervals cover the finite number of simulated data sets only.".to_owned(),
    ]);
    report
        .methods
        .push(methods_paragraph(power, &rows, frontier.as_ref())?);
    Ok(report)
}

fn designs_failed(rows: &[EffectRow]) -> u64 {
    let mut sum = 0;
    for one in rows.chunk_by(|one, next| one.design == next.design) {
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
    let effects = &power.effects;
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
    let partners = match power.are_exchangeable {
        true => "exchangeable",
        false => "distinguishable",
    };
    let likelihood = match power.is_restricted {
        true => "restricted",
        false => "full",
    };
    let mut text = format!(
        "Sample size was planned by simulation. We simulated {} data sets for each design from a longitudinal \
         actor–partner interdependence model of {partners} partners with {}, and fitted the same model to each by {likelihood} \
         maximum likelihood, with random intercepts of both partners and {} (as nlme's lme does; see Lafit, Sels, Adolf, \
         Loeys & Ceulemans, 2022). Predictors were {}. Tests were two-sided with a level of significance of {}.",
        count(power.replicates.into()),
        listed(&given),
        match power.are_autoregressive {
            true => "first-order autoregressive residuals within persons",
            false => "residuals that are correlated between partners on one occasion",
        },
        match power.is_centred {
            true => "centred at the person's mean",
            false => "not centred",
        },
        plain(power.alpha),
    );
    let frontier = frontier.map(frontier_rows).transpose()?.unwrap_or_default();
    for row in &frontier {
        text.push_str(&format!(" {}.", frontier_sentence(row)));
    }
    if frontier.is_empty() {
        let shown = rows.iter().filter(|row| row.effect.starts_with("partner"));
        for row in shown.take(6) {
            text.push_str(&format!(" {}.", effect_sentence(row)));
        }
    }
    Ok(text)
}

/// The name of a quantity on an axis.
pub(crate) fn quantity_title(quantity: DesignQuantity) -> &'static str {
    match quantity {
        DesignQuantity::Couples => "Couples",
        DesignQuantity::Occasions => "Occasions",
        DesignQuantity::Compliance => "Compliance",
        DesignQuantity::Reliability => "Reliability",
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

    fn frontier_row(status: &str, couples: f64) -> FrontierRow {
        FrontierRow {
            design: [couples, 7.0, 0.9, 1.0],
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
        }
    }

    #[test]
    fn each_way_in_which_a_search_ends_has_its_sentence() {
        let said = |status: &str, couples: f64| frontier_sentence(&frontier_row(status, couples));
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
            design_text(&[30.0, 7.0, 1.0, 0.8], None),
            "30 couples, 7 occasions and reliability 0.8"
        );
    }
}
