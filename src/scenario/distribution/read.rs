//! Reading one number of a couple: a value, or a distribution with its numbers and slopes.

use crate::model::parameter_spec::ParameterSpec;
use crate::scenario::code::Code;
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::distribution::spec::{
    DistributionSpec, FAMILIES, FamilyNumber, FamilySpec, NumberRange,
};
use crate::scenario::reader::{ListWords, ScenarioReader, listed};
use crate::scenario::source::Span;
use crate::scenario::spec::{Variable, slope_keys};
use crate::scenario::suggest::nearest;
use crate::scenario::tree::{TomlNode, TomlTable};
use crate::scenario::value;
use crate::simulation::InitialVariable;

/// Largest slope, up or down.
pub(crate) const STEEP: f64 = 100.0;
/// Largest weight of a choice.
pub(crate) const HEAVY: f64 = 1e9;

/// One number, being read.
pub(crate) struct VariableReader {
    pub(crate) place: InitialVariable,
    pub(crate) line: &'static ParameterSpec,
    /// Table and key, as messages name it.
    pub(crate) name: String,
}

impl VariableReader {
    /// Reads what stands at `node`; `None` where nothing can be made of it.
    pub(crate) fn read(&self, reader: &mut ScenarioReader, node: &TomlNode) -> Option<Variable> {
        let Some(table) = node.table() else {
            let value = reader.number_in(node, self.line.key, self.line.low, self.line.high)?;
            return Some(self.variable(DistributionSpec::constant(value), Vec::new()));
        };
        let before = reader.errors.len();
        let family = self.family(reader, table)?;
        let mut known = vec!["dist", "slopes"];
        known.extend(family.keys.iter().map(|key| key.key));
        if family.keys.is_empty() {
            known.extend(["values", "weights"]);
        }
        let excused = reader.check_keys(table, &self.name, &known);
        let form = FamilyReader {
            variable: self,
            table,
            family,
            excused,
        };
        let distribution = form.read(reader);
        let slopes = self.slopes(reader, table);
        if reader.errors.len() == before && self.check(reader, table, &distribution) {
            self.warn_if_clipped(reader, node, &distribution);
        }
        Some(self.variable(distribution, slopes))
    }

    fn variable(&self, distribution: DistributionSpec, slopes: Vec<(usize, f64)>) -> Variable {
        Variable {
            place: self.place,
            distribution,
            slopes,
            given: true,
        }
    }

    fn family(
        &self,
        reader: &mut ScenarioReader,
        table: &TomlTable,
    ) -> Option<&'static FamilySpec> {
        let words: Vec<&'static str> = FAMILIES.iter().map(|family| family.word).collect();
        match table.node("dist") {
            Some(node) => {
                let word = reader.accept(node, "dist", value::word(node, &words))?;
                FamilySpec::named(word)
            }
            None => {
                let error = self.no_family(table, &words);
                reader.report(error);
                None
            }
        }
    }

    fn no_family(&self, table: &TomlTable, words: &[&str]) -> Diagnostic {
        let mut entries = table.entries.iter();
        if let Some(typo) = entries.find(|entry| nearest(&entry.key, ["dist"]).is_some()) {
            let message = format!("there is no key `{}` in a distribution", typo.key);
            return Diagnostic::new(Code::UnknownKey, typo.key_at, message)
                .label("unknown key")
                .hint("did you mean `dist`?");
        }
        let (key, low, high) = (self.line.key, self.line.low, self.line.high);
        let message = format!("the distribution of `{key}` has no `dist`");
        let example = format!("{key} = {{ dist = \"uniform\", low = {low}, high = {high} }}");
        Diagnostic::new(Code::MissingKey, table.at, message)
            .label("which family?")
            .hint(format!(
                "write for example `{example}`; the families are {}",
                listed(words)
            ))
    }

    fn slopes(&self, reader: &mut ScenarioReader, table: &TomlTable) -> Vec<(usize, f64)> {
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
            if !self.may_depend_on(on) {
                reader.report(self.bad_slope(key, entry.key_at));
            } else if let Some(by) = reader.number_in(&entry.node, key, -STEEP, STEEP) {
                all.push((on, by));
            }
        }
        all
    }

    /// Whether the number is drawn after the trait at this position.
    fn may_depend_on(&self, on: usize) -> bool {
        match self.place {
            InitialVariable::Trait(_, index) => on < index,
            InitialVariable::Start(..) => true,
            InitialVariable::Upbringing(..)
            | InitialVariable::Contact
            | InitialVariable::Investment => false,
        }
    }

    fn bad_slope(&self, key: &str, at: Span) -> Diagnostic {
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
        Diagnostic::new(Code::BadSlope, at, message)
            .label("not drawn before it")
            .hint(hint)
    }
}

/// The table of a distribution, being read.
struct FamilyReader<'f> {
    variable: &'f VariableReader,
    table: &'f TomlTable,
    family: &'static FamilySpec,
    /// Keys that were probably meant by unknown ones.
    excused: Vec<&'static str>,
}

impl FamilyReader<'_> {
    fn read(&self, reader: &mut ScenarioReader) -> DistributionSpec {
        let mut distribution = DistributionSpec::of(self.family.word, &[]);
        for key in self.family.keys {
            distribution
                .numbers
                .extend(self.number(reader, key).map(|value| (key.key, value)));
        }
        if self.family.keys.is_empty() {
            self.choice(reader, &mut distribution);
        }
        if !self.family.either.is_empty() {
            self.check_either(reader);
        }
        distribution
    }

    fn number(&self, reader: &mut ScenarioReader, key: &FamilyNumber) -> Option<f64> {
        let line = self.variable.line;
        let (low, high) = match key.range {
            NumberRange::Fixed(low, high) => (low, high),
            _ => (line.low, line.high),
        };
        if let Some(node) = self.table.node(key.key) {
            return reader.number_in(node, key.key, low, high);
        }
        match key.range {
            NumberRange::LowOfNumber => return Some(low),
            NumberRange::HighOfNumber => return Some(high),
            _ if self.family.either.contains(&key.key) => {}
            _ => self.missing(
                reader,
                key.key,
                &format!("`{}` is the {}", key.key, key.meaning),
            ),
        }
        None
    }

    fn missing(&self, reader: &mut ScenarioReader, key: &str, hint: &str) {
        if self.excused.contains(&key) || reader.broken {
            return;
        }
        let (word, name) = (self.family.word, self.variable.line.key);
        let message = format!("the {word} distribution of `{name}` has no `{key}`");
        reader.report(
            Diagnostic::new(Code::MissingKey, self.table.at, message)
                .label("here")
                .hint(hint),
        );
    }

    fn check_either(&self, reader: &mut ScenarioReader) {
        let keys = self.family.either;
        let given: Vec<_> = keys
            .iter()
            .filter_map(|key| self.table.entry(key))
            .collect();
        match given[..] {
            [first, second] => {
                let message = format!("`{}` and `{}` say the same thing", first.key, second.key);
                let error = Diagnostic::new(Code::Conflict, second.key_at, message)
                    .label("and here")
                    .other(first.key_at, "said here")
                    .hint("keep one of the two");
                reader.report(error);
            }
            [] if !self.excused.iter().any(|key| keys.contains(key)) => {
                self.missing(reader, keys[0], &format!("give `{}`", keys.join("` or `")));
            }
            _ => {}
        }
    }

    fn choice(&self, reader: &mut ScenarioReader, distribution: &mut DistributionSpec) {
        let (low, high) = (self.variable.line.low, self.variable.line.high);
        match self.table.node("values") {
            Some(node) => distribution.values = numbers(reader, node, "values", low, high),
            None => {
                let hint = "`values` lists what is chosen from, such as `values = [0.2, 0.8]`";
                self.missing(reader, "values", hint);
            }
        }
        if let Some(node) = self.table.node("weights") {
            distribution.weights = numbers(reader, node, "weights", 0.0, HEAVY);
        }
    }
}

fn numbers(
    reader: &mut ScenarioReader,
    node: &TomlNode,
    key: &str,
    low: f64,
    high: f64,
) -> Vec<f64> {
    let words = ListWords {
        takes: "a list of numbers",
        example: &format!("write `{key} = [0.2, 0.8]`"),
        if_empty: Some(""),
    };
    let found = reader.list(node, key, &words, |reader, item| {
        reader.number_in(item, key, low, high)
    });
    found
        .unwrap_or_default()
        .into_iter()
        .map(|(number, _)| number)
        .collect()
}
