//! Reading what a claim observes.

use super::{Observed, ObservedDays, TOGETHER};
use crate::scenario::code::Code;
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::reader::{OpenTable, ScenarioReader, listed};
use crate::scenario::source::Span;
use crate::scenario::suggest::nearest;
use crate::scenario::tree::{TomlNode, TomlValue};
use crate::simulation::{Observable, Role, couples_schema};
use crate::table::Kind;

/// Keys of which a claim gives exactly one: what is observed.
pub(crate) const OBSERVED: [&str; 3] = ["observable", "correlation", "slope"];

/// Reads what is observed, on the days of a run of so many.
pub(crate) fn read(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    last: u32,
) -> Option<Observed> {
    let given: Vec<&str> = OBSERVED
        .into_iter()
        .filter(|key| table.node(key).is_some())
        .collect();
    match given[..] {
        [] => {
            if !reader.broken && !OBSERVED.iter().any(|key| table.excuses(key)) {
                let message = "the claim does not say what is observed";
                let error = Diagnostic::new(Code::MissingKey, table.at, message).label("here");
                reader.report(error.hint(format!("give one of {}", listed(&OBSERVED))));
            }
            None
        }
        [_, second, ..] => {
            let at = |key: &str| table.entry(key).map_or(table.at, |entry| entry.key_at);
            let message = format!("a claim has one of {}", listed(&OBSERVED));
            let error = Diagnostic::new(Code::Conflict, at(second), message).label("and this");
            reader.report(
                error
                    .other(at(given[0]), "this")
                    .hint("make two claims of it"),
            );
            None
        }
        ["observable"] => observable(reader, table, last),
        [key] => {
            for other in ["role", "day", "from", "to"] {
                if let Some(entry) = table.entry(other) {
                    let message = format!("a claim on a {key} has no `{other}`");
                    reader.report(needless(entry.key_at, message).hint(
                        "columns of the couples' table say whose they are, and are of the start or the end",
                    ));
                }
            }
            let [one, other] = columns(reader, table.node(key)?, key)?;
            Some(if key == "slope" {
                Observed::Slope(one, other)
            } else {
                Observed::Correlation(one, other)
            })
        }
    }
}

fn needless(at: Span, message: String) -> Diagnostic {
    Diagnostic::new(Code::KeyNotForClaim, at, message).label("does nothing here")
}

fn observable(reader: &mut ScenarioReader, table: &OpenTable<'_>, last: u32) -> Option<Observed> {
    let word = reader.word(table, "observable");
    let days = days(reader, table, last);
    let role = reader.word(table, "role");
    let observable = word.and_then(Observable::named);
    let shared = word == Some(TOGETHER) || observable.is_some_and(|own| own.info().of_couple);
    if let (true, Some("a" | "b"), Some(word), Some(entry)) =
        (shared, role, word, table.entry("role"))
    {
        let message = format!("\"{word}\" belongs to the couple, not to one partner");
        reader.report(needless(entry.key_at, message).hint("take `role` out"));
    }
    let role = match role {
        Some("a") => Role::A,
        Some("b") => Role::B,
        _ => Role::Couple,
    };
    match (observable, word) {
        (Some(observable), _) => Some(Observed::Mean(observable, role, days?)),
        (None, Some(_)) => Some(Observed::Together(days?)),
        (None, None) => None,
    }
}

fn days(reader: &mut ScenarioReader, table: &OpenTable<'_>, last: u32) -> Option<ObservedDays> {
    let mut read = |key: &str| {
        let day = reader.integer(table, key)?;
        if day <= i64::from(last) {
            return Some(day as u32);
        }
        let at = table.at(key);
        let message = format!("`{key}` is day {day}, but the run has only {last} days");
        let error = Diagnostic::new(Code::BeyondTheRun, at, message).label("after the run");
        reader.report(error.hint(format!("write {last} or less")));
        None
    };
    let (day, from, to) = (read("day"), read("from"), read("to"));
    let entry = |key: &str| table.entry(key).map(|entry| entry.key_at);
    let window = entry("from").or(entry("to"));
    if let (Some(day), Some(other)) = (entry("day"), window) {
        let message = "a claim observes one day, or the days from one to another";
        let error = Diagnostic::new(Code::Conflict, other, message).label("and this");
        reader.report(error.other(day, "this").hint("take one of them out"));
    }
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        let at = table.at("to");
        let message = format!("the days end on day {to}, before they begin on day {from}");
        reader.report(Diagnostic::new(Code::BadPeriod, at, message).label("too early"));
        return None;
    }
    Some(match (day, window) {
        (Some(day), _) => ObservedDays { from: day, to: day },
        (None, Some(_)) => ObservedDays {
            from: from.unwrap_or(0),
            to: to.unwrap_or(last),
        },
        (None, None) => ObservedDays {
            from: last,
            to: last,
        },
    })
}

/// The couples' table's columns of numbers.
pub(crate) fn numeric_columns() -> Vec<String> {
    let columns = couples_schema([true; 2]).columns.into_iter();
    let numbers = columns.filter(|column| column.kind == Kind::Float && column.name != "end_day");
    numbers.map(|column| column.name).collect()
}

fn columns(reader: &mut ScenarioReader, node: &TomlNode, key: &str) -> Option<[String; 2]> {
    let list = match &node.value {
        TomlValue::List(list) if list.len() == 2 => list,
        other => {
            let message = format!("`{key}` takes a list of two columns of the couples' table");
            let label = match other {
                TomlValue::List(list) => format!("this lists {}", list.len()),
                other => format!("this is {}", other.kind()),
            };
            let hint = format!("write for example `{key} = [\"trust_end_a\", \"anxiety_a\"]`");
            let error = Diagnostic::new(Code::WrongType, node.at, message).label(label);
            reader.report(error.hint(hint));
            return None;
        }
    };
    let known = numeric_columns();
    let mut names = Vec::new();
    for item in list {
        match &item.value {
            TomlValue::Text(name) if known.contains(name) => names.push(name.clone()),
            TomlValue::Text(name) => {
                let message = format!(
                    "the couples' table has no column of numbers \"{}\"",
                    name.escape_debug()
                );
                let hint = match nearest(name, known.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean \"{near}\"?"),
                    None => "columns are traits such as \"anxiety_a\", and states such as \"trust_start_a\" \
                             and \"trust_end_b\""
                        .to_owned(),
                };
                let error =
                    Diagnostic::new(Code::UnknownWord, item.at, message).label("unknown column");
                reader.report(error.hint(hint));
            }
            other => {
                let message = format!("`{key}` takes names of columns in quotes");
                let label = format!("this is {}", other.kind());
                reader.report(Diagnostic::new(Code::WrongType, item.at, message).label(label));
            }
        }
    }
    let [one, other]: [String; 2] = names.try_into().ok()?;
    if one == other {
        let message = format!("\"{one}\" goes with itself");
        let error = Diagnostic::new(Code::Repeated, list[1].at, message).label("the same again");
        reader.report(error.other(list[0].at, "first here"));
        return None;
    }
    Some([one, other])
}
