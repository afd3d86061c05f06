//! What a sweep came to, in sentences: for each measure the axis that matters most, the largest contrast, and of a
//! grid the largest interaction.

use crate::label::{capitalised, possessive, settings};
use crate::stats::interval::Interval;
use crate::table::{Table, Values};
use std::borrow::Cow;

/// The regime of balance that leads at a point of a sweep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LeadingRegime {
    /// Its position among the shares.
    pub(crate) regime: usize,
    /// Its share.
    pub(crate) share: f64,
    /// Whether its interval lies above that of the second.
    pub(crate) clear: bool,
}

/// The regime with the largest share, of those that are known.
pub(crate) fn leading_regime(shares: &[Option<(f64, Interval)>]) -> Option<LeadingRegime> {
    let mut known: Vec<(usize, f64, Interval)> = shares
        .iter()
        .enumerate()
        .filter_map(|(regime, share)| share.map(|(mean, around)| (regime, mean, around)))
        .collect();
    known.sort_by(|one, other| other.1.total_cmp(&one.1));
    let (regime, share, around) = *known.first()?;
    let clear = known
        .get(1)
        .is_none_or(|(_, _, second)| around.low > second.high);
    Some(LeadingRegime {
        regime,
        share,
        clear,
    })
}

/// A name of an axis, or names with values such as `event_1_factor 0.5, repair off`, with titles for names.
pub(crate) fn titled(text: &str, titles: &[(String, String)]) -> String {
    let title = |part: &str| {
        let (name, value) = part.split_at(part.find(' ').unwrap_or(part.len()));
        match titles.iter().find(|(own, _)| own == name) {
            Some((_, title)) => format!("{title}{value}"),
            None => part.to_owned(),
        }
    };
    text.split(", ").map(title).collect::<Vec<_>>().join(", ")
}

/// A table in which axes have the titles that stand next to their names, where it names axes.
pub(crate) fn with_titles<'t>(table: &'t Table, titles: &[(String, String)]) -> Cow<'t, Table> {
    let names = ["axis", "axis_2", "label"];
    let places = table.schema.columns.iter().enumerate();
    let places: Vec<usize> = places
        .filter(|(_, field)| names.contains(&field.name.as_str()))
        .map(|(place, _)| place)
        .collect();
    if titles.is_empty() || places.is_empty() {
        return Cow::Borrowed(table);
    }
    let mut own = table.clone();
    for place in places {
        if let Values::Str(texts) = &mut own.rows.columns[place] {
            for text in texts {
                *text = titled(text, titles);
            }
        }
    }
    Cow::Owned(own)
}

/// The main findings on one measure.
pub(crate) struct MeasureFindings {
    /// Its name, with a capital.
    pub(crate) measure: String,
    /// What was found, each with a small letter and without a full stop.
    pub(crate) sentences: Vec<String>,
}

impl MeasureFindings {
    /// The findings, each after the name of the measure.
    pub(crate) fn named(self) -> impl Iterator<Item = String> {
        let MeasureFindings { measure, sentences } = self;
        sentences
            .into_iter()
            .map(move |sentence| format!("{measure}: {sentence}"))
    }
}

/// The main findings of a sweep from its tables of findings, for each measure that has any. `contrasts` holds the
/// largest ones; `reference` says which values the reference point has, or is empty.
pub(crate) fn main_findings(
    measures: &[String],
    tables: &[Table],
    contrasts: &LargestContrasts,
    reference: &str,
) -> Vec<MeasureFindings> {
    let of_measure = |measure: &String| {
        let ranked = KINDS.iter().find_map(|kind| {
            let table = tables.iter().find(|it| it.schema.table == kind.table)?;
            kind.largest(table, measure)
        });
        let contrast = contrasts.of(measure).map(|it| it.sentence(reference));
        let interaction = largest_interaction(tables, measure);
        let sentences: Vec<String> = ranked
            .into_iter()
            .chain(contrast)
            .chain(interaction)
            .collect();
        (!sentences.is_empty()).then(|| MeasureFindings {
            measure: capitalised(measure),
            sentences,
        })
    };
    measures.iter().filter_map(of_measure).collect()
}

/// The sentence about the largest interaction of two axes on a measure, where its interval is known. One that is
/// resolved is larger than one that is not.
fn largest_interaction(tables: &[Table], measure: &str) -> Option<String> {
    let table = tables.iter().find(|it| it.schema.table == "interactions")?;
    let difference = table.floats("difference").ok()?;
    let (low, high) = (table.floats("ci_low").ok()?, table.floats("ci_high").ok()?);
    let is_open = |row: &usize| low[*row] <= 0.0 && high[*row] >= 0.0;
    let is_one = |row: &usize| {
        table.category("observable", *row) == Some(measure) && (high[*row] - low[*row]).is_finite()
    };
    let row = (0..difference.len()).filter(is_one).max_by(|one, other| {
        let rank = |row: &usize| (!is_open(row), difference[*row].abs());
        let ((own, size), (its, other_size)) = (rank(one), rank(other));
        own.cmp(&its)
            .then(size.total_cmp(&other_size))
            .then(other.cmp(one))
    })?;
    let [axis, level, axis_2, level_2] =
        ["axis", "level", "axis_2", "level_2"].map(|column| table.category(column, row));
    let effects = tables.iter().find(|it| it.schema.table == "effects")?;
    let first = |axis| switch_word(first_level(effects, measure, axis).unwrap_or_default());
    let (axis, axis_2) = (axis?, axis_2?);
    let interval = Interval {
        low: low[row],
        high: high[row],
    };
    let n = table.ints("used").ok().map(|used| (used[row], "runs"));
    let head = match is_open(&row) {
        true => "no interaction is resolved; the largest is that",
        false => "largest interaction:",
    };
    Some(format!(
        "{head} the difference that {} makes ({} against {}) changes by {} from {} {} to {}{}",
        possessive(axis),
        switch_word(level?),
        first(axis),
        estimate(difference[row], interval, true),
        possessive(axis_2),
        first(axis_2),
        switch_word(level_2?),
        with_n(n, table.category("verdict", row))
    ))
}

/// The first level of an axis of a grid, against which its effects are.
fn first_level<'t>(effects: &'t Table, measure: &str, axis: &str) -> Option<&'t str> {
    let row = (0..effects.rows.rows()).find(|row| {
        effects.category("observable", *row) == Some(measure)
            && effects.category("axis", *row) == Some(axis)
            && effects.category("verdict", *row) == Some("reference level")
    })?;
    effects.category("level", row)
}

/// How a table of findings ranks axes.
struct RankedBy {
    table: &'static str,
    value: &'static str,
    low: &'static str,
    high: &'static str,
    /// A column and the category in it that rows must have.
    only: Option<(&'static str, &'static str)>,
    /// What it estimates.
    estimate: &'static str,
}

/// The tables by which axes can be ranked, the most general first.
const KINDS: [RankedBy; 4] = [
    RankedBy {
        table: "sobol",
        value: "value",
        low: "ci_low",
        high: "ci_high",
        only: Some(("index", "total")),
        estimate: "total share of variance",
    },
    RankedBy {
        table: "morris",
        value: "mu_star",
        low: "mu_star_low",
        high: "mu_star_high",
        only: None,
        estimate: "mean absolute effect over its range",
    },
    RankedBy {
        table: "effects",
        value: "difference",
        low: "difference_low",
        high: "difference_high",
        only: None,
        estimate: "difference",
    },
    RankedBy {
        table: "regression",
        value: "src",
        low: "src_low",
        high: "src_high",
        only: None,
        estimate: "standardised coefficient",
    },
];

impl RankedBy {
    /// The sentence about the row of a measure that is largest in size.
    fn largest(&self, table: &Table, measure: &str) -> Option<String> {
        let values = table.floats(self.value).ok()?;
        let (low, high) = (table.floats(self.low).ok()?, table.floats(self.high).ok()?);
        let is_one = |row: &usize| {
            table.category("observable", *row) == Some(measure)
                && values[*row].is_finite()
                && self
                    .only
                    .is_none_or(|(column, word)| table.category(column, *row) == Some(word))
        };
        let size = |row: &usize| values[*row].abs();
        // An effect that is not resolved is not larger than one that is.
        let is_open = |row: &usize| low[*row] <= 0.0 && high[*row] >= 0.0;
        let rank = |row: &usize| (!is_open(row), size(row));
        let largest = (0..values.len()).filter(is_one).max_by(|one, other| {
            let ((own, size), (its, other_size)) = (rank(one), rank(other));
            own.cmp(&its)
                .then(size.total_cmp(&other_size))
                .then(other.cmp(one))
        })?;
        let own_axis = table.category("axis", largest)?;
        let axis = &possessive(own_axis);
        let level = switch_word(table.category("level", largest).unwrap_or_default());
        // Of a grid the row of the axis' first level; one at a time there is none.
        let reference = first_level(table, measure, own_axis).map_or("the baseline", switch_word);
        let interval = Interval {
            low: low[largest],
            high: high[largest],
        };
        if values[largest] == 0.0 && interval.low.is_nan() {
            return Some("it is the same at all points".to_owned());
        }
        let signed = matches!(self.table, "effects" | "regression");
        let verdict = table.category("verdict", largest);
        let n = ["used", "runs"].iter().find_map(|column| {
            let position = table.schema.position(column)?;
            let unit = table.schema.columns[position].unit.as_ref();
            Some((table.ints(column).ok()?[largest], unit))
        });
        if is_open(&largest) {
            let at = if level.is_empty() { "" } else { " at " };
            return Some(format!(
                "no effect of an axis is resolved; the largest is that of {axis}{at}{level}, {}{}",
                estimate(values[largest], interval, signed),
                with_n(n, verdict)
            ));
        }
        let between = match level {
            "" => String::new(),
            level => format!(" between {level} and {reference}"),
        };
        let finding = match is_resolved(verdict) {
            true => format!("{axis} matters most, with a {}", self.estimate),
            false => format!("{axis} has the largest {}", self.estimate),
        };
        Some(format!(
            "{finding} of {}{between}{}",
            estimate(values[largest], interval, signed),
            with_n(n, verdict)
        ))
    }
}

/// The text of a level for readers: a switch is on or off.
pub(crate) fn switch_word(level: &str) -> &str {
    match level {
        "true" => "on",
        "false" => "off",
        other => other,
    }
}

/// Whether a finding is resolved; without a verdict it is taken to be.
fn is_resolved(verdict: Option<&str>) -> bool {
    matches!(verdict, Some("resolved") | None)
}

/// What an estimate rests on, and that it is not resolved where it is not.
fn with_n(n: Option<(i64, &str)>, verdict: Option<&str>) -> String {
    let n = n.map(|(n, unit)| format!("n = {n} {unit}"));
    match (n, verdict.filter(|_| !is_resolved(verdict))) {
        (None, None) => String::new(),
        (Some(n), None) => format!(" ({n})"),
        // This verdict has the number.
        (_, Some(verdict)) if verdict.contains(" n = ") => format!(" ({verdict})"),
        (Some(n), Some("not resolved")) => format!(" (not resolved with {n})"),
        (Some(n), Some(verdict)) => format!(" ({n}; {verdict})"),
        (None, Some(verdict)) => format!(" ({verdict})"),
    }
}

/// The largest contrast of each measure, kept while contrasts are made some rows at a time. A contrast that
/// is resolved is larger than one that is not.
#[derive(Clone, Debug, Default)]
pub(crate) struct LargestContrasts(Vec<LargestContrast>);

#[derive(Clone, Debug)]
struct LargestContrast {
    measure: String,
    difference: f64,
    interval: Interval,
    point: i64,
    reference: i64,
    pairs: i64,
    label: String,
    verdict: String,
}

impl LargestContrasts {
    /// Those of rows of the table `contrasts`.
    pub(crate) fn of_table(table: &Table) -> LargestContrasts {
        let mut largest = LargestContrasts::default();
        largest.take(table);
        largest
    }

    /// Takes the next rows of the table `contrasts`.
    pub(crate) fn take(&mut self, table: &Table) {
        let (Ok(difference), Ok(low), Ok(high), Ok(point), Ok(reference)) = (
            table.floats("difference"),
            table.floats("ci_low"),
            table.floats("ci_high"),
            table.ints("point"),
            table.ints("reference"),
        ) else {
            return;
        };
        let text = |column: &str, row| table.category(column, row).unwrap_or_default().to_owned();
        // A difference of nothing is not worth a sentence.
        let differs = |row: &usize| difference[*row].is_finite() && difference[*row] != 0.0;
        for row in (0..difference.len()).filter(differs) {
            let measure = text("observable", row);
            let rank = |verdict: &str, difference: f64| (verdict == "resolved", difference.abs());
            let own = rank(&text("verdict", row), difference[row]);
            let kept = self.0.iter_mut().find(|it| it.measure == measure);
            if let Some(kept) = &kept
                && rank(&kept.verdict, kept.difference) >= own
            {
                continue;
            }
            let contrast = LargestContrast {
                measure,
                difference: difference[row],
                interval: Interval {
                    low: low[row],
                    high: high[row],
                },
                point: point[row],
                reference: reference[row],
                pairs: table.ints("pairs").map_or(0, |pairs| pairs[row]),
                label: text("label", row),
                verdict: text("verdict", row),
            };
            match kept {
                Some(kept) => *kept = contrast,
                None => self.0.push(contrast),
            }
        }
    }

    fn of(&self, measure: &str) -> Option<&LargestContrast> {
        self.0.iter().find(|it| it.measure == measure)
    }
}

impl LargestContrast {
    fn sentence(&self, reference: &str) -> String {
        let values = match reference {
            "" => String::new(),
            values => format!(" ({})", first_settings(values)),
        };
        format!(
            "largest contrast with point {}{values} at point {} ({}): {}{}",
            self.reference,
            self.point,
            first_settings(&self.label),
            estimate(self.difference, self.interval, true),
            with_n(Some((self.pairs, "pairs of runs")), Some(&self.verdict))
        )
    }
}

/// Settings that a sentence has at most.
const MOST_SETTINGS: usize = 5;

/// The first settings of a label, and how many more there are.
fn first_settings(label: &str) -> String {
    let all: Vec<&str> = label.split(", ").collect();
    if all.len() <= MOST_SETTINGS {
        return settings(label);
    }
    format!(
        "{}, and {} other values that differ",
        settings(&all[..MOST_SETTINGS].join(", ")),
        all.len() - MOST_SETTINGS
    )
}

/// A number with its interval, to three significant digits of the number.
fn estimate(value: f64, interval: Interval, signed: bool) -> String {
    let scientific = format!("{value:e}");
    let exponent = scientific
        .split_once('e')
        .and_then(|(_, it)| it.parse().ok());
    let decimals = (2 - exponent.unwrap_or(0_i32)).clamp(0, 6) as usize;
    let write = |number: f64| match signed {
        true => format!("{number:+.decimals$}"),
        false => format!("{number:.decimals$}"),
    };
    if interval.low.is_nan() {
        return format!("{} (no interval)", write(value));
    }
    format!(
        "{} [{}, {}]",
        write(value),
        write(interval.low),
        write(interval.high)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::sweep::SweepRun;

    fn run(sweep: &str, replicates: u32) -> SweepRun {
        let (sweep, steps) = match sweep.split_once("\nsteps = ") {
            Some((sweep, count)) => (sweep.to_owned(), format!("steps = {count}\n")),
            None => (sweep.to_owned(), String::new()),
        };
        let text = format!(
            "title = 'x'\n[run]\ncouples = 30\ndays = 20\nreplicates = {replicates}\n[sweep]\n{sweep}\n\
             [[sweep.axis]]\nkey = 'traits.a.responsiveness'\nrange = [0.1, 0.9]\n{steps}\
             [[sweep.axis]]\nkey = 'traits.b.openness'\nrange = [0.45, 0.5]\n{steps}"
        );
        let scenario = Scenario::parse(&text).expect("a sound scenario");
        scenario.sweep().and_then(|it| it.run()).expect("a sweep")
    }

    fn findings(run: &SweepRun) -> Vec<String> {
        let contrasts = run.table("contrasts").map(LargestContrasts::of_table);
        let measures = vec!["mean trust b".to_owned()];
        main_findings(
            &measures,
            run.tables(),
            &contrasts.unwrap_or_default(),
            "x 1",
        )
        .into_iter()
        .flat_map(MeasureFindings::named)
        .collect()
    }

    #[test]
    fn the_axis_that_matters_most_is_named_with_its_interval() {
        for (sweep, table, said) in [
            (
                "design = 'grid'\nmeasures = ['mean trust b']\nsteps = 2",
                "effects",
                "matters most, with a difference of +",
            ),
            (
                "design = 'morris'\npoints = 6\nmeasures = ['mean trust b']",
                "morris",
                "mean absolute effect",
            ),
            (
                "design = 'saltelli'\npoints = 16\nmeasures = ['mean trust b']",
                "sobol",
                "total share of variance",
            ),
            (
                "design = 'latin-hypercube'\npoints = 12\nmeasures = ['mean trust b']",
                "regression",
                "standardised coefficient",
            ),
        ] {
            let run = run(sweep, 4);
            let found = findings(&run);
            assert!(run.table(table).is_ok(), "{table}");
            let start = "Mean trust, partner B: A's responsiveness ";
            assert!(
                found[0].starts_with(start) && found[0].contains(said),
                "{found:?}"
            );
            assert!(
                found[0].contains('[') && found[0].contains("n = "),
                "{found:?}"
            );
            assert!(
                found[1].contains("largest contrast with point 1 (x 1) at point"),
                "{found:?}"
            );
        }
    }

    #[test]
    fn the_largest_interaction_of_a_grid_is_that_of_the_table() {
        let run = run("design = 'grid'\nmeasures = ['mean trust b']\nsteps = 2", 6);
        let table = run.table("interactions").expect("interactions");
        let [difference, low, high] = ["difference", "ci_low", "ci_high"]
            .map(|column| table.floats(column).expect("a column")[0]);
        let found = findings(&run);
        let expected = format!(
            "the difference that A's responsiveness makes (0.9 against 0.1) changes by {} from B's openness 0.45 to 0.5 (",
            estimate(difference, Interval { low, high }, true)
        );
        assert!(found[2].contains(&expected), "{found:?} {expected}");
        let is_open = low <= 0.0 && high >= 0.0;
        assert_eq!(
            found[2].contains("no interaction is resolved"),
            is_open,
            "{found:?}"
        );
        // Without an effect of one axis on that of the other, no interaction is said to be resolved.
        let mut open = table.clone();
        for (column, value) in [("difference", 0.1), ("ci_low", -0.1), ("ci_high", 0.3)] {
            let place = open.schema.position(column).expect("a column");
            open.rows.columns[place] = Values::Float(vec![value; open.rows.rows()]);
        }
        let tables = [open, run.table("effects").expect("effects").clone()];
        let said = largest_interaction(&tables, "mean trust b").expect("a sentence");
        assert!(
            said.starts_with("no interaction is resolved; the largest is that the difference"),
            "{said}"
        );
    }

    #[test]
    fn the_largest_contrast_is_that_of_the_table() {
        let run = run("design = 'grid'\nmeasures = ['mean trust b']\nsteps = 4", 6);
        let table = run.table("contrasts").expect("contrasts");
        let resolved = (0..table.rows.rows())
            .filter(|row| table.category("verdict", *row) == Some("resolved"));
        let differences = table.floats("difference").expect("a column");
        let largest = resolved.max_by(|one, other| {
            differences[*one]
                .abs()
                .total_cmp(&differences[*other].abs())
        });
        let point = table.ints("point").expect("a column")[largest.expect("one is resolved")];
        let found = findings(&run);
        assert!(
            found[1].contains(&format!("at point {point} (")),
            "{found:?}"
        );
        assert!(!found[1].contains("not resolved"), "{found:?}");
    }

    #[test]
    fn an_estimate_without_an_interval_says_so() {
        let found = findings(&run(
            "design = 'grid'\nmeasures = ['mean trust b']\nsteps = 2",
            1,
        ));
        assert_eq!(found.len(), 1, "one run a point has no contrasts");
        assert!(found[0].contains("(no interval)"), "{found:?}");
        assert!(found[0].contains("one run a point"), "{found:?}");
    }
}
