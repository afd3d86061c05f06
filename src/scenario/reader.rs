//! The reader: takes tables apart by the catalogue, and notes every fault on the way.

use super::catalogue::{KeySpec, Kind, TableSpec, every_section};
use super::code::FaultCode as Code;
use super::notice::{Fault, Warning};
use super::source::Span;
use super::tree::{Node, Table};
use super::value;
use super::value::Wrong;

/// What has been found so far, and what there is to find.
pub(crate) struct Reader {
    pub(crate) faults: Vec<Fault>,
    pub(crate) warnings: Vec<Warning>,
    /// Every section, to tell where a misplaced key belongs.
    pub(crate) sections: &'static [TableSpec],
    /// Lines of the text could not be read: nothing is called missing.
    pub(crate) broken: bool,
}

/// A table under reading: what it may hold and what it holds.
pub(crate) struct Part<'t> {
    pub(crate) section: &'static TableSpec,
    /// Name of the table in full: another than the section's where one partner has it.
    pub(crate) name: &'static str,
    pub(crate) table: Option<&'t Table>,
    /// Keys that were probably meant by unknown ones, and are therefore not missing.
    excused: Vec<&'static str>,
}

impl<'t> Part<'t> {
    pub(crate) fn node(&self, key: &str) -> Option<&'t Node> {
        self.table.and_then(|table| table.node(key))
    }
    pub(crate) fn field(&self, key: &str) -> &KeySpec {
        self.section
            .fields
            .iter()
            .find(|field| field.key == key)
            .expect("a key of the catalogue")
    }
    pub(crate) fn excuses(&self, key: &str) -> bool {
        self.excused.contains(&key)
    }
}

impl Reader {
    pub(crate) fn new(broken: bool) -> Reader {
        Reader {
            faults: Vec::new(),
            warnings: Vec::new(),
            sections: every_section(),
            broken,
        }
    }

    pub(crate) fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Opens the table of a section under its name in `root`.
    pub(crate) fn part<'t>(&mut self, root: &'t Table, section: &'static TableSpec) -> Part<'t> {
        let table = root
            .node(section.name)
            .and_then(|node| self.as_table(node, section.name));
        self.part_of(table, section.name, section, &[])
    }

    /// Takes a table as that of a section, under its name in full; `besides` are keys that others read.
    pub(crate) fn part_of<'t>(
        &mut self,
        table: Option<&'t Table>,
        name: &'static str,
        section: &'static TableSpec,
        besides: &[&'static str],
    ) -> Part<'t> {
        let mut known: Vec<&'static str> = section.fields.iter().map(|field| field.key).collect();
        known.extend(besides);
        let excused = table.map_or_else(Vec::new, |table| self.check_keys(table, name, &known));
        Part {
            section,
            name,
            table,
            excused,
        }
    }

    pub(crate) fn as_table<'t>(&mut self, node: &'t Node, name: &str) -> Option<&'t Table> {
        if node.table().is_none() {
            let found = node.value.kind();
            let fault = Fault::new(
                Code::WrongType,
                node.at,
                format!("`{name}` must be a table"),
            )
            .label(format!("this is {found}"))
            .hint(format!(
                "write `[{name}]` on a line of its own and its keys below it"
            ));
            self.fault(fault);
        }
        node.table()
    }

    /// Notes that a key is missing, unless something else stands for it.
    pub(crate) fn missing(&mut self, part: &Part<'_>, key: &str, at: Span) {
        if self.broken || part.excuses(key) {
            return;
        }
        let field = part.field(key);
        let what = value::expected(&field.kind);
        let message = format!("`{key}` is missing {}", under(part.name));
        let fault = Fault::new(Code::MissingKey, at, message)
            .label("here")
            .hint(format!(
                "`{key}` must be given: {}; it takes {what}",
                lower(&field.meaning)
            ));
        self.fault(fault);
    }

    fn checked<T>(&mut self, node: &Node, key: &str, result: Result<T, Wrong>) -> Option<T> {
        result
            .map_err(|wrong| self.fault(wrong.fault(node.at, key)))
            .ok()
    }

    /// Reads a number; `None` where it is absent or faulty.
    pub(crate) fn number(&mut self, part: &Part<'_>, key: &str) -> Option<f64> {
        let kind = part.field(key).kind.clone();
        let node = part.node(key)?;
        match kind {
            Kind::Number { low, high } => self.number_in(node, key, low, high),
            Kind::OneOf(values) => self.checked(node, key, value::one_of(node, values)),
            _ => None,
        }
    }

    /// Reads a number of a given range.
    pub(crate) fn number_in(&mut self, node: &Node, key: &str, low: f64, high: f64) -> Option<f64> {
        self.checked(node, key, value::number(node, low, high))
    }

    /// Reads a whole number; `None` where it is absent or faulty.
    pub(crate) fn whole(&mut self, part: &Part<'_>, key: &str) -> Option<i64> {
        let Kind::Whole { low, high } = part.field(key).kind else {
            return None;
        };
        let node = part.node(key)?;
        self.checked(node, key, value::whole(node, low, high))
    }

    /// Reads a whole number, or takes the catalogue's default.
    pub(crate) fn whole_or_default(&mut self, part: &Part<'_>, key: &str) -> i64 {
        let default = part.field(key).default.parse().unwrap_or(0);
        self.whole(part, key).unwrap_or(default)
    }

    /// Reads true or false.
    pub(crate) fn switch(&mut self, part: &Part<'_>, key: &str) -> Option<bool> {
        let node = part.node(key)?;
        self.checked(node, key, value::switch(node))
    }

    /// Reads a text.
    pub(crate) fn text(&mut self, part: &Part<'_>, key: &str) -> Option<String> {
        let Kind::Text { needed } = part.field(key).kind else {
            return None;
        };
        let node = part.node(key)?;
        self.checked(node, key, value::text(node, needed))
    }

    /// Reads one of the key's words.
    pub(crate) fn word(&mut self, part: &Part<'_>, key: &str) -> Option<&'static str> {
        let Kind::Word(words) = part.field(key).kind.clone() else {
            return None;
        };
        let node = part.node(key)?;
        self.checked(node, key, value::word(node, &words))
    }
}

/// Where a key stands, in words.
pub(crate) fn under(name: &str) -> String {
    match name {
        "" => "at the top level".to_owned(),
        "event" => "in an event".to_owned(),
        "parameter" => "in a parameter".to_owned(),
        "sweep.axis" => "in an axis".to_owned(),
        "sweep.until" => "in `until`".to_owned(),
        "claim" => "in a claim".to_owned(),
        name => format!("under [{name}]"),
    }
}

/// Words in a row, as code.
pub(crate) fn listed(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

/// A meaning inside a sentence.
fn lower(meaning: &str) -> String {
    let mut letters = meaning.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}
