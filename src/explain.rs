//! Explanations of the names that users meet: keys, codes, columns, charts, mechanisms, observables and
//! measures, targets, and terms.
//!
//! The texts are those of the descriptions that the program reads scenarios and writes tables by, of the
//! captions in reports, and of docs/glossary.md.

use crate::error::Error;
use crate::label::label;
use crate::model::parameters::MECHANISMS;
use crate::report::captions::CAPTIONS;
use crate::run::conditions::RunConditions;
use crate::scenario::{Scenario, explained_codes, explained_keys, nearest};
use crate::simulation::survey::design::{CONFLICT_SCALE, STUDY_SCALES, StudyScaleInfo};
use crate::simulation::{Measure, OBSERVABLES};
use crate::table::{Field, Kind, Schema};
use crate::{calibrate, claims, power, recover, run, study, sweep, validate};
use std::collections::BTreeSet;

const GLOSSARY: &str = include_str!("../docs/glossary.md");

/// What a name stands for, in one of its meanings.
struct Entry {
    /// All names that it goes by, the full one first.
    names: Vec<String>,
    text: String,
}

/// Says what a key, error code, column, chart, mechanism, observable, measure, target or term means: each
/// meaning that the name has, with type, unit, range, default and source as far as it has them.
///
/// ```
/// let text = pairbond::explain("run.couples")?;
/// assert!(text.contains("a whole number from 1"));
/// # Ok::<(), pairbond::Error>(())
/// ```
///
/// # Errors
/// [`Error::NoExplanation`] with the nearest names, if there is nothing of this name.
pub fn explain(name: &str) -> Result<String, Error> {
    explain_from(&entries(), name)
}

fn explain_from(entries: &[Entry], name: &str) -> Result<String, Error> {
    let wanted = plain(name);
    let is_named = |entry: &&Entry| entry.names.iter().any(|own| plain(own) == wanted);
    let mut found: Vec<&str> = Vec::new();
    // Tables of runs and sweeps have columns in common.
    for entry in entries.iter().filter(is_named) {
        if !found.contains(&entry.text.as_str()) {
            found.push(&entry.text);
        }
    }
    if !found.is_empty() {
        return Ok(found.join("\n\n") + "\n");
    }
    Err(Error::NoExplanation {
        name: name.to_owned(),
        near: near(&wanted, entries),
    })
}

/// What can be explained, as `pairbond explain` lists it.
pub(crate) fn overview() -> String {
    let list = |names: Vec<&str>| fold(&names.join(", "));
    let glossary = terms();
    format!(
        "pairbond explain NAME says what a name means:\n\
         \n  keys         run.days, traits.anxiety, event.kind, sweep.design; a table such as traits lists its keys\n  \
         codes        E012, W004\n  \
         columns      couples.trust_end_a, trajectory.mean\n  \
         charts       {}\n  \
         mechanisms   {}\n  \
         observables  {}\n  \
         measures     mean trust, sd trust, share intact\n  \
         targets      C09, V07\n  \
         terms        {}\n",
        list(CAPTIONS.iter().map(|own| own.chart).collect()),
        list(MECHANISMS.iter().map(|own| own.key).collect()),
        list(OBSERVABLES.iter().map(|(_, info)| info.key).collect()),
        list(glossary.iter().map(|(term, _)| term.as_str()).collect()),
    )
}

/// A list in lines that fit a screen, all but the first behind the kinds of [`overview`].
fn fold(list: &str) -> String {
    const WIDTH: usize = 84;
    let (mut text, mut length) = (String::new(), 0);
    for word in list.split(' ') {
        if length > 0 && length + word.len() > WIDTH {
            text.push_str("\n               ");
            length = 0;
        } else if length > 0 {
            text.push(' ');
        }
        text.push_str(word);
        length += word.len() + 1;
    }
    text
}

/// A text in indented lines that fit a screen.
fn paragraph(text: &str) -> String {
    const WIDTH: usize = 96;
    let mut lines = vec![String::from(" ")];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is a line");
        if line.chars().count() + word.chars().count() > WIDTH {
            lines.push(format!("  {word}"));
        } else {
            line.push(' ');
            line.push_str(word);
        }
    }
    lines.join("\n")
}

/// A name without what surrounds it, and in one spelling: `--set Traits.A.Openness=1` is `traits.openness`.
fn plain(name: &str) -> String {
    let name = name.trim().trim_start_matches("--set ").trim();
    let name = name.split('=').next().unwrap_or(name);
    let name = name.trim_matches(|c: char| "[]`'\"".contains(c) || c.is_whitespace());
    let name = name.to_lowercase().replace(['-', ' '], "_");
    let parts: Vec<&str> = name.split('.').collect();
    match parts[..] {
        [
            table @ ("traits" | "initial" | "childhood"),
            "a" | "b",
            ref rest @ ..,
        ] => [&[table], rest].concat().join("."),
        ["event" | "claim", _, key] => format!("{}.{key}", parts[0]),
        ["sweep", "axis", _, key] => format!("sweep.axis.{key}"),
        _ => name,
    }
}

/// Names that are near one that does not exist: the nearest, and those that contain it.
fn near(wanted: &str, entries: &[Entry]) -> Vec<String> {
    const MOST: usize = 6;
    let names: BTreeSet<String> = entries
        .iter()
        .flat_map(|entry| entry.names.iter().map(|name| plain(name)))
        .collect();
    let nearest = nearest(wanted, names.iter().map(String::as_str));
    let contain = names
        .iter()
        .filter(|name| wanted.len() > 2 && name.contains(wanted))
        .map(String::as_str);
    let mut found: Vec<String> = Vec::new();
    for name in nearest.into_iter().chain(contain) {
        if found.len() < MOST && !found.iter().any(|own| own == name) {
            found.push(name.to_owned());
        }
    }
    found
}

fn entries() -> Vec<Entry> {
    let mut all: Vec<Entry> = explained_keys()
        .into_iter()
        .chain(explained_codes())
        .map(|(names, text)| Entry { names, text })
        .collect();
    all.extend(MECHANISMS.iter().map(|own| Entry {
        names: vec![own.key.to_owned()],
        text: format!(
            "{}, a mechanism of the model (mechanisms.{})\n  {}\n  while it is off, {}",
            own.key, own.key, own.meaning, own.absence
        ),
    }));
    all.extend(OBSERVABLES.iter().map(|(_, info)| {
        let whose = match info.of_couple {
            true => "the couple",
            false => "each partner, and the couple as their mean",
        };
        Entry {
            names: vec![info.key.to_owned()],
            text: format!(
                "{} ({}), an observable of {whose}\n  {}\n  range    {} to {}, unit {}\n  recorded {}",
                info.key,
                label(info.key),
                info.meaning,
                info.low,
                info.high,
                info.unit,
                if info.default {
                    "by default"
                } else {
                    "if record.observables names it"
                },
            ),
        }
    }));
    all.extend(STUDY_SCALES.iter().enumerate().map(study_scale));
    all.extend(Measure::all().iter().map(measure));
    all.extend(CAPTIONS.iter().map(|caption| Entry {
        names: vec![caption.chart.to_owned()],
        text: format!(
            "{}, a chart: {}\n{}",
            caption.chart,
            caption.heading,
            paragraph(caption.reading)
        ),
    }));
    for schema in schemas() {
        all.push(Entry {
            names: vec![schema.table.to_owned(), format!("{}.csv", schema.table)],
            text: table(&schema),
        });
        all.extend(schema.columns.iter().map(|field| column(&schema, field)));
    }
    all.extend(targets());
    all.extend(terms().into_iter().map(|(term, text)| Entry {
        text: format!("{term}, a term\n  {text}"),
        names: vec![term],
    }));
    all
}

fn measure(measure: &Measure) -> Entry {
    let name = measure.to_string();
    Entry {
        text: format!(
            "{name}, a measure of sweeps and targets\n  {}\n  column   {} of `runs`",
            what_is_measured(&name),
            measure.column()
        ),
        names: vec![name],
    }
}

/// A measure's name in words.
fn what_is_measured(name: &str) -> String {
    let (name, over) = match name.strip_suffix(" over all") {
        Some(name) => (
            name,
            "over all couples on the last day; those that separated count with the value of their break-up",
        ),
        None => (name, "over the couples still together on the last day"),
    };
    match name.split_once(' ') {
        Some(("mean", what)) => format!("Mean of {what} {over}"),
        Some(("sd", what)) => format!("Standard deviation of {what} {over}"),
        _ => "Share of the couples that are still together after the last day".to_owned(),
    }
}

fn table(schema: &Schema) -> String {
    let columns: Vec<&str> = schema.columns.iter().map(|own| own.name.as_str()).collect();
    format!(
        "{}, a table of results\n  A row is {}\n  columns      {}",
        schema.table,
        schema.row,
        fold(&columns.join(", "))
    )
}

fn column(schema: &Schema, field: &Field) -> Entry {
    let full = format!("{}.{}", schema.table, field.name);
    let mut text = format!("{full}, a column of results\n  {}", field.meaning);
    if let Kind::Categorical(categories) = field.kind {
        text.push_str(&format!("\n  one of   {}", categories.join(", ")));
    }
    if field.unit == "as observable" {
        text.push_str("\n  unit     that of what it measures");
    } else if !matches!(field.unit.as_str(), "" | "1") {
        text.push_str(&format!("\n  unit     {}", field.unit));
    }
    if let Some((low, high)) = field.range {
        text.push_str(&format!("\n  range    {low} to {high}"));
    }
    Entry {
        names: vec![full, field.name.clone()],
        text,
    }
}

/// The headers of all tables of results; tables of the same columns once.
fn schemas() -> Vec<Schema> {
    let everything = "title = 'x'\n[childhood]\n[record]\ndays = 'all'\nsample_couples = 1\n\
                      [measurement]\nwaves = [1, 2]\ndiary_days = 2\nkeep_items = true\n[condition.one]\n[condition.two]\n\
                      [sweep]\ndesign = 'grid'\n[[sweep.axis]]\nkey = 'run.days'\nvalues = [1, 2]\n";
    let scenario = Scenario::parse(everything).expect("the scenario is valid, as a test shows");
    let mut all = run::schemas(&RunConditions::of(&scenario));
    all.extend(sweep::explained_schemas(&scenario));
    all.extend([claims::claims_schema(), claims::runs_schema()]);
    all.extend(power::explained_schemas());
    all.extend(recover::all_schemas());
    all.extend(validate::schemas(true));
    all.extend(calibrate::explained_schemas());
    all.extend(study::explained_schemas());
    all
}

fn study_scale((index, scale): (usize, &StudyScaleInfo)) -> Entry {
    let facts = match index {
        CONFLICT_SCALE => String::new(),
        _ => format!(
            "\n  items    {} of {} steps\n  reliability {:?} where states have the standard deviation {:?}",
            scale.items, scale.steps, scale.reliability, scale.sd
        ),
    };
    Entry {
        names: vec![scale.key.to_owned()],
        text: format!(
            "{}, a scale of studies\n  {}{facts}\n  source   {}",
            scale.key, scale.meaning, scale.source
        ),
    }
}

fn targets() -> Vec<Entry> {
    let published = validate::published_targets();
    let entry = |target: &validate::Target| {
        let value = match target.value.is_nan() {
            true => "only a sign or an order is known".to_owned(),
            false => format!(
                "{} [{}, {}]",
                target.value, target.interval.low, target.interval.high
            ),
        };
        Entry {
            names: vec![target.id.clone(), target.name()],
            text: format!(
                "{}, a published number ({})\n  {}\n  value    {value}\n  design   {}\n  source   {}\n  \
                 known    {}\n  used as  {}",
                target.name(),
                target.tier.word(),
                target.statistic,
                target.design,
                target.source,
                target.how_known,
                target.exposure.word()
            ),
        }
    };
    published.iter().map(entry).collect()
}

/// The terms of the glossary with their explanations: the rows of its table.
fn terms() -> Vec<(String, String)> {
    let rows = GLOSSARY.lines().filter_map(|line| line.strip_prefix("| "));
    let cells = rows.filter_map(|row| row.trim_end().strip_suffix(" |")?.split_once(" | "));
    cells
        .filter(|(term, _)| !term.starts_with("---"))
        .skip(1)
        .map(|(term, text)| (term.to_owned(), text.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(name: &str) -> String {
        explain(name).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn every_kind_of_name_is_explained() {
        for (name, parts) in [
            (
                "run.days",
                &["a whole number from 1", "--set run.days=VALUE"][..],
            ),
            (
                "traits.a.consistency",
                &[
                    "traits.consistency",
                    "from 0 to 1",
                    "default",
                    "source",
                    "mechanisms.noise",
                ],
            ),
            ("--set event.1.factor=2", &["event.factor, a key"]),
            ("[traits]", &["anxiety", "openness", "a table of scenarios"]),
            (
                "e012",
                &["E012, an error of scenarios", "outside its range"],
            ),
            ("W004", &["a warning of scenarios"]),
            ("couples.trust_end_a", &["a column of results"]),
            (
                "survival",
                &[
                    "survival, a chart",
                    "survival, a table of results",
                    "survival.survival, a column",
                ],
            ),
            (
                "buffering",
                &["a mechanism of the model", "while it is off"],
            ),
            (
                "trust",
                &["an observable of each partner", "range    0 to 1"],
            ),
            ("mean trust over all", &["a measure of sweeps", "break-up"]),
            ("C09", &["a published number (calibration)", "Campbell"]),
            (
                "ras",
                &["a scale of studies", "7 of 5 steps", "Hendrick 1988"],
            ),
            (
                "participants.ended_by",
                &["a column of results", "dropped_out"],
            ),
            ("study", &["compliance", "a table of scenarios"]),
            ("dyadic long format", &["a term", "multilevel"]),
            ("felt-security", &["a term", "an observable"]),
        ] {
            let text = explained(name);
            for part in parts {
                assert!(text.contains(part), "{name}: {part}: {text}");
            }
        }
    }

    #[test]
    fn what_does_not_exist_is_answered_with_near_names() {
        for (name, near) in [
            ("consistancy", "consistency"),
            ("run.dayz", "run.days"),
            ("satisf", "satisfaction"),
        ] {
            let Err(error) = explain(name) else {
                panic!("{name} is explained")
            };
            let said = error.to_string();
            assert!(said.contains(name), "{said}");
            assert!(said.contains(near), "{said}");
        }
    }

    /// What a use case draws is explained.
    #[test]
    fn every_chart_is_explained() {
        let drawn = run::charts::FIGURES
            .iter()
            .map(|own| own.name)
            .chain(sweep::charts::chart_names());
        for name in drawn {
            assert!(CAPTIONS.iter().any(|own| own.chart == name), "{name}");
        }
    }

    #[test]
    fn nothing_is_explained_twice_in_the_same_words() {
        let text = explained("time");
        assert_eq!(
            text.matches("couples.time, a column of results").count(),
            1,
            "{text}"
        );
        let entries = entries();
        for table in schemas() {
            for field in &table.columns {
                let name = format!("{}.{}", table.table, field.name);
                let text = explain_from(&entries, &name).unwrap_or_else(|error| panic!("{error}"));
                let parts: Vec<&str> = text.trim_end().split("\n\n").collect();
                let distinct: BTreeSet<&&str> = parts.iter().collect();
                assert_eq!(distinct.len(), parts.len(), "{text}");
            }
        }
    }

    #[test]
    fn every_row_of_the_glossary_is_a_term() {
        let rows = GLOSSARY
            .lines()
            .filter(|line| line.starts_with("| "))
            .count();
        assert_eq!(terms().len(), rows - 2);
        assert!(terms().iter().any(|(term, _)| term == "wave"));
    }

    #[test]
    fn the_overview_fits_a_screen() {
        for line in overview().lines() {
            assert!(line.chars().count() <= 108, "{line}");
        }
    }
}
