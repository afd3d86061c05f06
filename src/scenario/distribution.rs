//! One number of a couple under reading: a value, or a distribution with its numbers and slopes.

use super::code::FaultCode as Code;
use super::draws::{Drawn, slope_keys};
use super::notice::Fault;
use super::reader::{Reader, listed};
use super::shape::{FAMILIES, Shape, ShapeFamily, ShapeKey, ShapeRange};
use super::source::Span;
use super::suggest::nearest;
use super::tree::{Node, Table, Value};
use super::value;
use crate::model::parameter_spec::ParameterSpec;
use crate::simulation::InitialVariable;

/// Largest slope, up or down.
pub(crate) const STEEP: f64 = 100.0;
/// Largest weight of a choice.
pub(crate) const HEAVY: f64 = 1e9;

/// One number under reading.
pub(crate) struct One {
    pub(crate) place: InitialVariable,
    pub(crate) line: &'static ParameterSpec,
    /// Table and key, as faults call it.
    pub(crate) name: String,
}

impl One {
    /// Reads what stands at `node`; `None` where nothing can be made of it.
    pub(crate) fn read(&self, reader: &mut Reader, node: &Node) -> Option<Drawn> {
        let Value::Table(table) = &node.value else {
            let value = reader.number_in(node, self.line.key, self.line.low, self.line.high)?;
            return Some(self.drawn(Shape::constant(value), Vec::new()));
        };
        let before = reader.faults.len();
        let family = self.family(reader, table)?;
        let mut known = vec!["dist", "slopes"];
        known.extend(family.keys.iter().map(|key| key.key));
        if family.keys.is_empty() {
            known.extend(["values", "weights"]);
        }
        let excused = reader.check_keys(table, &self.name, &known);
        let form = Form {
            one: self,
            table,
            family,
            excused,
        };
        let shape = form.shape(reader);
        let slopes = self.slopes(reader, table);
        if reader.faults.len() == before && self.check(reader, table, &shape) {
            self.warn_if_clipped(reader, node, &shape);
        }
        Some(self.drawn(shape, slopes))
    }

    fn drawn(&self, shape: Shape, slopes: Vec<(usize, f64)>) -> Drawn {
        Drawn {
            place: self.place,
            shape,
            slopes,
            given: true,
        }
    }

    fn family(&self, reader: &mut Reader, table: &Table) -> Option<&'static ShapeFamily> {
        let words: Vec<&'static str> = FAMILIES.iter().map(|family| family.word).collect();
        match table.node("dist") {
            Some(node) => {
                let word = value::word(node, &words);
                let word = word
                    .map_err(|wrong| reader.fault(wrong.fault(node.at, "dist")))
                    .ok()?;
                ShapeFamily::named(word)
            }
            None => {
                let fault = self.no_family(table, &words);
                reader.fault(fault);
                None
            }
        }
    }

    fn no_family(&self, table: &Table, words: &[&str]) -> Fault {
        let mut entries = table.entries.iter();
        if let Some(slip) = entries.find(|entry| nearest(&entry.key, ["dist"]).is_some()) {
            let message = format!("there is no key `{}` in a distribution", slip.key);
            return Fault::new(Code::UnknownKey, slip.key_at, message)
                .label("unknown key")
                .hint("did you mean `dist`?");
        }
        let (key, low, high) = (self.line.key, self.line.low, self.line.high);
        let message = format!("the distribution of `{key}` has no `dist`");
        let example = format!("{key} = {{ dist = \"uniform\", low = {low}, high = {high} }}");
        Fault::new(Code::MissingKey, table.at, message)
            .label("which family?")
            .hint(format!(
                "write for example `{example}`; the families are {}",
                listed(words)
            ))
    }

    fn slopes(&self, reader: &mut Reader, table: &Table) -> Vec<(usize, f64)> {
        let keys = slope_keys();
        let node = table.node("slopes");
        let slopes = node.and_then(|node| reader.as_table(node, "slopes"));
        let Some(slopes) = slopes else {
            return Vec::new();
        };
        reader.check_keys(slopes, &format!("{}.slopes", self.name), &keys);
        let mut all = Vec::new();
        for (on, key) in keys.iter().enumerate() {
            let Some(entry) = slopes.entry(key) else {
                continue;
            };
            if !self.may_lean_on(on) {
                reader.fault(self.bad_slope(key, entry.key_at));
            } else if let Some(by) = reader.number_in(&entry.node, key, -STEEP, STEEP) {
                all.push((on, by));
            }
        }
        all
    }

    /// Whether the number is drawn after the trait at this position.
    fn may_lean_on(&self, on: usize) -> bool {
        match self.place {
            InitialVariable::Trait(_, index) => on < index,
            InitialVariable::Start(..) => true,
            InitialVariable::Upbringing(..)
            | InitialVariable::Contact
            | InitialVariable::Investment => false,
        }
    }

    fn bad_slope(&self, key: &str, at: Span) -> Fault {
        let message = format!("`{}` cannot lean on {key}", self.line.key);
        let hint = match self.place {
            InitialVariable::Trait(..) => {
                "a trait can lean on those that are drawn before it: first anxiety, then \
                 avoidance, then all others; use [correlations] instead"
            }
            InitialVariable::Upbringing(..) => {
                "childhood comes before the person's own attachment; use [correlations] instead"
            }
            _ => {
                "what belongs to the couple has no attachment of its own; use [correlations] \
                 instead"
            }
        };
        Fault::new(Code::BadSlope, at, message)
            .label("not drawn before it")
            .hint(hint)
    }
}

/// A distribution's table under reading.
struct Form<'f> {
    one: &'f One,
    table: &'f Table,
    family: &'static ShapeFamily,
    /// Keys that were probably meant by unknown ones.
    excused: Vec<&'static str>,
}

impl Form<'_> {
    fn shape(&self, reader: &mut Reader) -> Shape {
        let mut shape = Shape::of(self.family.word, &[]);
        for key in self.family.keys {
            shape
                .numbers
                .extend(self.number(reader, key).map(|value| (key.key, value)));
        }
        if self.family.keys.is_empty() {
            self.choice(reader, &mut shape);
        }
        if !self.family.either.is_empty() {
            self.check_either(reader);
        }
        shape
    }

    fn number(&self, reader: &mut Reader, key: &ShapeKey) -> Option<f64> {
        let line = self.one.line;
        let (low, high) = match key.range {
            ShapeRange::Fixed(low, high) => (low, high),
            _ => (line.low, line.high),
        };
        if let Some(node) = self.table.node(key.key) {
            return reader.number_in(node, key.key, low, high);
        }
        match key.range {
            ShapeRange::LowOfNumber => return Some(low),
            ShapeRange::HighOfNumber => return Some(high),
            _ if self.family.either.contains(&key.key) => {}
            _ => self.missing(
                reader,
                key.key,
                &format!("`{}` is the {}", key.key, key.meaning),
            ),
        }
        None
    }

    fn missing(&self, reader: &mut Reader, key: &str, hint: &str) {
        if self.excused.contains(&key) || reader.broken {
            return;
        }
        let (word, name) = (self.family.word, self.one.line.key);
        let message = format!("the {word} distribution of `{name}` has no `{key}`");
        reader.fault(
            Fault::new(Code::MissingKey, self.table.at, message)
                .label("here")
                .hint(hint),
        );
    }

    fn check_either(&self, reader: &mut Reader) {
        let keys = self.family.either;
        let given: Vec<_> = keys
            .iter()
            .filter_map(|key| self.table.entry(key))
            .collect();
        match given[..] {
            [first, second] => {
                let message = format!("`{}` and `{}` say the same thing", first.key, second.key);
                let fault = Fault::new(Code::Conflict, second.key_at, message)
                    .label("and here")
                    .other(first.key_at, "said here")
                    .hint("keep one of the two");
                reader.fault(fault);
            }
            [] if !self.excused.iter().any(|key| keys.contains(key)) => {
                self.missing(reader, keys[0], &format!("give `{}`", keys.join("` or `")));
            }
            _ => {}
        }
    }

    fn choice(&self, reader: &mut Reader, shape: &mut Shape) {
        let (low, high) = (self.one.line.low, self.one.line.high);
        match self.table.node("values") {
            Some(node) => shape.values = numbers(reader, node, "values", low, high),
            None => {
                let hint = "`values` lists what is chosen from, such as `values = [0.2, 0.8]`";
                self.missing(reader, "values", hint);
            }
        }
        if let Some(node) = self.table.node("weights") {
            shape.weights = numbers(reader, node, "weights", 0.0, HEAVY);
        }
    }
}

fn numbers(reader: &mut Reader, node: &Node, key: &str, low: f64, high: f64) -> Vec<f64> {
    let Value::List(list) = &node.value else {
        let fault = Fault::new(
            Code::WrongType,
            node.at,
            format!("`{key}` takes a list of numbers"),
        )
        .label(format!("this is {}", node.value.kind()))
        .hint(format!("write `{key} = [0.2, 0.8]`"));
        reader.fault(fault);
        return Vec::new();
    };
    if list.is_empty() {
        reader.fault(
            Fault::new(
                Code::EmptyList,
                node.at,
                format!("`{key}` must not be empty"),
            )
            .label("empty"),
        );
    }
    list.iter()
        .filter_map(|item| reader.number_in(item, key, low, high))
        .collect()
}
