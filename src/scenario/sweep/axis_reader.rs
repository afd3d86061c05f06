//! Reading `[[sweep.axis]]`: keys that can be varied, with their values and names.

use super::schema::{DESIGNS, DesignKind, reserved};
use super::{AxisValues, PointLabels, ScenarioAxis};
use crate::design::level_coordinate;
use crate::scenario::diagnostic::{Code, Diagnostic, Span};
use crate::scenario::dotted_keys::{KeyPath, SettableKey, with_event_number};
use crate::scenario::nearest::nearest;
use crate::scenario::reader::{ListWords, OpenTable, ScenarioReader, listed, wrong_type};
use crate::scenario::spec::{
    CHILDHOOD, PARTNERS, ScenarioSpec, Variable, can_be_given, with_childhood,
};
use crate::scenario::tables;
use crate::scenario::tables::correlations;
use crate::scenario::tree::TomlNode;
use crate::scenario::value::{self, Accepts, Setting, is_snake_case, name_no_longer};

/// One axis as written.
pub(crate) struct AxisSpec {
    /// Where its key stands.
    pub(crate) at: Span,
    /// Its key; none where it is only for formulas.
    pub(crate) path: Option<KeyPath>,
    /// What its key accepts.
    pub(crate) accepts: Accepts,
    pub(crate) name: Option<String>,
    pub(crate) name_at: Span,
    pub(crate) group: Option<String>,
    /// Its values, and where they stand; none in a table design.
    pub(crate) values: Option<(AxisValues, Span)>,
    /// Number of levels, where it has levels.
    pub(crate) levels: u32,
    pub(crate) baseline: Option<Setting>,
    /// The formula of a derived axis, and where it stands.
    pub(crate) formula: Option<(String, Span)>,
}

/// What an axis without a key accepts: any number that a formula may need.
pub(crate) const ANY_NUMBER: Accepts = Accepts::Number {
    low: -1e9,
    high: 1e9,
};

impl AxisSpec {
    /// Its dotted key; its name where it has none.
    pub(crate) fn key(&self) -> String {
        match &self.path {
            Some(path) => path.key(),
            None => self.name.clone().unwrap_or_default(),
        }
    }

    /// The setting at one of its levels, by its number from 0.
    pub(crate) fn level(&self, level: u32) -> Option<Setting> {
        let (values, _) = self.values.as_ref()?;
        let axis = ScenarioAxis {
            name: String::new(),
            key: String::new(),
            values: values.clone(),
            group: None,
        };
        Some(axis.at(level_coordinate(level, self.levels)))
    }
}

/// Reads every axis of the sweep.
pub(crate) fn read(
    reader: &mut ScenarioReader,
    sweep: &OpenTable<'_>,
    kind: Option<&DesignKind>,
    keys: &SweepableKeys<'_>,
) -> Vec<AxisSpec> {
    let of_table = kind.is_some_and(|kind| kind.word == "table");
    let node = sweep.node("axis");
    if !of_table && node.is_none() && !reader.broken && !sweep.excuses("axis") {
        let error = Diagnostic::new(Code::MissingKey, sweep.at, "the sweep has no axis");
        let hint = "write `[[sweep.axis]]` for each key that is to be varied";
        reader.report(error.label("here").hint(hint));
    }
    if let Some(node) = node.filter(|node| !of_table && node.list().is_some_and(<[_]>::is_empty)) {
        let error = Diagnostic::new(Code::EmptyList, node.at, "the sweep has no axis");
        reader.report(error.label("empty"));
    }
    let mut axes: Vec<AxisSpec> = Vec::new();
    for table in reader.open_list(node, "sweep.axis") {
        if reader.has_many_errors() {
            break;
        }
        let axis = AxisReader {
            table: &table,
            kind,
        };
        let Some(axis) = axis.read(reader, keys) else {
            continue;
        };
        match axes
            .iter()
            .find(|other| axis.path.is_some() && keys.of_axis(other) == keys.of_axis(&axis))
        {
            Some(other) => {
                let message = format!("two axes set `{}`", axis.key());
                let error = Diagnostic::new(Code::Repeated, axis.at, message).label("again here");
                reader.report(
                    error
                        .other(other.at, "first here")
                        .hint("keep one of the two"),
                );
            }
            None => axes.push(axis),
        }
    }
    axes
}

/// The table of one axis, being read.
struct AxisReader<'p, 't> {
    table: &'p OpenTable<'t>,
    kind: Option<&'p DesignKind>,
}

impl AxisReader<'_, '_> {
    fn read(&self, reader: &mut ScenarioReader, keys: &SweepableKeys<'_>) -> Option<AxisSpec> {
        let table = self.table;
        self.check_keys(reader);
        let of_table = self.kind.is_some_and(|kind| kind.word == "table");
        let formula = self.formula(reader);
        // An axis without a key is for formulas, which need its name.
        if of_table || table.node("formula").is_some() || table.node("name").is_none() {
            reader.need(table, &["key"]);
        }
        let key = reader.text(table, "key");
        let name = reader.text(table, "name");
        let group = reader.text(table, "group");
        let at = table.at("key");
        let name_at = table.node("name").map_or(at, |node| node.at);
        if key.is_none() && (table.node("key").is_some() || table.excuses("key")) {
            return None;
        }
        let path = key.map(|key| KeyPath::new(&key, key.len()));
        if path.is_none() && name.is_none() {
            return None;
        }
        let accepts = match path.as_ref().map(|path| keys.resolve(path, at)) {
            None => ANY_NUMBER,
            Some(Ok(accepts)) => accepts,
            Some(Err(error)) => {
                error.into_iter().for_each(|error| reader.report(*error));
                return None;
            }
        };
        let shown = match (&path, &name) {
            (Some(path), _) => path.key(),
            (None, name) => name.clone().unwrap_or_default(),
        };
        let is_derived = table.node("formula").is_some();
        if let (Some((_, at)), Accepts::Switch | Accepts::Choice(_)) = (&formula, &accepts) {
            let message = format!("`{shown}` takes {}", accepts.expected());
            let error = Diagnostic::new(Code::WrongType, *at, message).label("gives a number");
            reader.report(error.hint("list its `values` instead of a `formula`"));
        }
        let values = match is_derived {
            true => None,
            false => self.values(reader, &shown, &accepts),
        };
        let levels = match is_derived {
            true => 0,
            false => self.levels(reader, values.as_ref()),
        };
        let baseline = match table.node("baseline") {
            _ if is_derived => None,
            Some(node) => reader.accept(node, &shown, accepts.read(node)),
            None if self.kind.is_some_and(|kind| kind.uses_of_axis("baseline")) => {
                self.value_of_scenario(reader, keys, path.as_ref(), &accepts, &shown)
            }
            None => None,
        };
        Some(AxisSpec {
            at: if table.node("key").is_some() {
                at
            } else {
                name_at
            },
            path,
            accepts,
            name,
            name_at,
            group,
            values,
            levels,
            baseline,
            formula,
        })
    }

    /// The formula of a derived axis, which has nothing else that gives values.
    fn formula(&self, reader: &mut ScenarioReader) -> Option<(String, Span)> {
        let table = self.table;
        let entry = table.entry("formula")?;
        for other in [
            "range", "values", "scale", "integer", "steps", "baseline", "group",
        ] {
            if let Some(other_entry) = table.entry(other) {
                let message = format!("`formula` and `{other}` exclude each other");
                let error = Diagnostic::new(Code::Conflict, other_entry.key_at, message)
                    .label("not of a derived axis")
                    .other(entry.key_at, "the value follows from other axes");
                reader.report(error.hint("keep one of the two"));
            }
        }
        let text = reader.text(table, "formula")?;
        Some((text, entry.node.at))
    }

    fn check_keys(&self, reader: &mut ScenarioReader) {
        let Some(kind) = self.kind else { return };
        for key in &self.table.spec.keys {
            let key = key.key;
            if let Some(entry) = self.table.entry(key).filter(|_| !kind.uses_of_axis(key)) {
                reader.report(not_for(kind, key, entry.key_at, |other| {
                    other.uses_of_axis(key)
                }));
            }
        }
        reader.need(self.table, kind.axis_needs);
    }

    /// The value that the scenario has at the axis' key.
    fn value_of_scenario(
        &self,
        reader: &mut ScenarioReader,
        keys: &SweepableKeys<'_>,
        path: Option<&KeyPath>,
        accepts: &Accepts,
        shown: &str,
    ) -> Option<Setting> {
        let value = path.and_then(|path| keys.value_of_scenario(path, accepts));
        if value.is_none() && keys.sure && !self.table.excuses("baseline") {
            let message = format!("the scenario has no single value of `{shown}`");
            let error = Diagnostic::new(Code::MissingKey, self.table.at, message);
            let hint =
                "add the `baseline` from which the other axes depart, a value that the key takes";
            reader.report(error.label("`baseline` is missing").hint(hint));
        }
        value
    }

    fn uses(&self, key: &str) -> bool {
        self.kind.is_none_or(|kind| kind.uses_of_axis(key))
    }

    fn values(
        &self,
        reader: &mut ScenarioReader,
        key: &str,
        accepts: &Accepts,
    ) -> Option<(AxisValues, Span)> {
        if !self.uses("values") {
            return None;
        }
        match (self.table.entry("range"), self.table.entry("values")) {
            (Some(range), Some(values)) => {
                let message = "`range` and `values` exclude each other";
                let error = Diagnostic::new(Code::Conflict, values.key_at, message);
                let error = error
                    .label("gives levels")
                    .other(range.key_at, "gives a range");
                reader.report(error.hint("keep one of the two"));
                None
            }
            (Some(range), None) => {
                let (low, high, log, integer) = self.range(reader, key, accepts, &range.node)?;
                Some((
                    AxisValues::Range {
                        low,
                        high,
                        log,
                        integer,
                    },
                    range.node.at,
                ))
            }
            (None, Some(values)) => {
                for idle in ["scale", "integer", "steps"] {
                    if let Some(entry) = self.table.entry(idle).filter(|_| self.uses(idle)) {
                        let message =
                            format!("`{idle}` says something of a range, and there is none");
                        let error = Diagnostic::new(Code::Conflict, entry.key_at, message);
                        let error = error.label("does nothing");
                        let error = error.other(values.key_at, "the levels are given here");
                        reader.report(
                            error.hint("take it out, or give a `range` instead of `values`"),
                        );
                    }
                }
                let levels = self.list(reader, key, accepts, &values.node)?;
                Some((AxisValues::Levels(levels), values.node.at))
            }
            (None, None) => {
                let excused = self.table.excuses("range") || self.table.excuses("values");
                if !excused && !reader.broken {
                    let message = format!("the axis of `{key}` has neither `range` nor `values`");
                    let error = Diagnostic::new(Code::MissingKey, self.table.at, message);
                    reader.report(error.label("here").hint(example(accepts)));
                }
                None
            }
        }
    }

    /// Lowest and highest value, and whether the scale is logarithmic and of integers.
    fn range(
        &self,
        reader: &mut ScenarioReader,
        key: &str,
        accepts: &Accepts,
        node: &TomlNode,
    ) -> Option<(f64, f64, bool, bool)> {
        let log = reader.word(self.table, "scale") == Some("log");
        let requested = reader.switch(self.table, "integer");
        let refuse =
            |reader: &mut ScenarioReader, code, at, message: String, label: &str, hint: &str| {
                reader.report(Diagnostic::new(code, at, message).label(label).hint(hint));
                None
            };
        let bad_range =
            |reader: &mut ScenarioReader, at, message: String, label: &str, hint: &str| {
                refuse(reader, Code::BadRange, at, message, label, hint)
            };
        let Some(list) = node.list() else {
            let error = wrong_type(node, "`range` takes a list of two numbers");
            reader.report(error.hint(example(accepts)));
            return None;
        };
        let (integer, low, high) = match *accepts {
            Accepts::Integer { low, high } => (true, low as f64, high as f64),
            Accepts::Number { low, high } => (requested == Some(true), low, high),
            _ => {
                let message = format!("`{key}` takes no range");
                return bad_range(reader, node.at, message, "no range", &example(accepts));
            }
        };
        if let (true, Some(false), Some(at)) = (integer, requested, self.table.node("integer")) {
            let message = format!("`{key}` takes whole numbers only");
            return refuse(
                reader,
                Code::NotInteger,
                at.at,
                message,
                "not so",
                "take it out",
            );
        }
        let [first, second] = list else {
            let message = format!("`range` takes two numbers, not {}", list.len());
            return bad_range(
                reader,
                node.at,
                message,
                "lowest and highest",
                &example(accepts),
            );
        };
        let mut end = |node: &TomlNode| {
            let read = if integer {
                value::integer(node, low.ceil() as i64, high.floor() as i64).map(|end| end as f64)
            } else {
                value::number(node, low, high)
            };
            reader.accept(node, key, read)
        };
        let (low, high) = end(first).zip(end(second))?;
        if low >= high {
            let message = format!("the range from {low} to {high} does not rise");
            let hint = if low > high {
                format!("write [{high}, {low}]")
            } else {
                "write `values` for a single value".to_owned()
            };
            return bad_range(reader, node.at, message, "the lower one comes first", &hint);
        }
        if log && integer {
            let message =
                "whole numbers of a range are all as likely, so that it has no logarithmic scale"
                    .to_owned();
            let at = self.table.node("scale").map_or(node.at, |node| node.at);
            let hint = "list them instead, such as `values = [1, 10, 100]`";
            return refuse(
                reader,
                Code::Conflict,
                at,
                message,
                "not with whole numbers",
                hint,
            );
        }
        if log && low <= 0.0 {
            let message = format!("a logarithmic scale cannot begin at {low}");
            let hint = "begin above 0, or take the linear scale";
            return bad_range(reader, first.at, message, "must be above 0", hint);
        }
        Some((low, high, log, integer))
    }

    fn list(
        &self,
        reader: &mut ScenarioReader,
        key: &str,
        accepts: &Accepts,
        node: &TomlNode,
    ) -> Option<Vec<Setting>> {
        let before = reader.errors.len();
        let words = ListWords {
            takes: "a list",
            example: &example(accepts),
            if_empty: Some(""),
        };
        let found = reader.list(node, "values", &words, |reader, item| {
            reader.accept(item, key, accepts.read(item))
        })?;
        let may_repeat = self.kind.is_none_or(|kind| kind.word == "list");
        let levels = if may_repeat {
            found.into_iter().map(|(value, _)| value).collect()
        } else {
            reader.distinct(found, Setting::to_string)
        };
        (reader.errors.len() == before).then_some(levels)
    }

    /// Number of levels of an axis that has levels, 0 where it needs none.
    fn levels(&self, reader: &mut ScenarioReader, values: Option<&(AxisValues, Span)>) -> u32 {
        let table = self.table;
        let steps = reader
            .integer(table, "steps")
            .map_or(0, |steps| steps as u32);
        let (low, high, integer, at) = match values {
            Some((AxisValues::Levels(levels), _)) => return levels.len() as u32,
            Some((
                AxisValues::Range {
                    low, high, integer, ..
                },
                at,
            )) if self.uses("steps") => (low, high, *integer, *at),
            _ => return 0,
        };
        if let Some(kind) = self.kind
            && table.node("steps").is_none()
            && !table.excuses("steps")
        {
            let message = format!(
                "a {} design needs the number of levels along a range",
                kind.word
            );
            let error = Diagnostic::new(Code::MissingKey, at, message).label("how many levels?");
            reader.report(error.hint("add for example `steps = 5`, or list the `values`"));
        }
        let count = high - low + 1.0;
        if integer && f64::from(steps) > count {
            let message = format!("there are only {count} whole numbers from {low} to {high}");
            let error = Diagnostic::new(Code::BadRange, table.at("steps"), message);
            let hint = format!("write {count} or less");
            reader.report(error.label("more than there are").hint(hint));
        }
        steps
    }
}

/// An error for a key that does nothing in a design.
pub(crate) fn not_for(
    kind: &DesignKind,
    key: &str,
    at: Span,
    uses: impl Fn(&DesignKind) -> bool,
) -> Diagnostic {
    let others = DESIGNS.iter().filter(|other| uses(other));
    let others: Vec<&str> = others.map(|other| other.word).collect();
    let message = format!("`{key}` is only for {}", listed(&others));
    Diagnostic::new(Code::KeyNotForDesign, at, message)
        .label(format!("does nothing in a {} design", kind.word))
        .hint("take it out, or choose another `design`")
}

/// How values of a key are written.
fn example(accepts: &Accepts) -> String {
    match accepts {
        Accepts::Number { low, high } => format!("write for example `range = [{low}, {high}]`"),
        Accepts::Integer { low, .. } => {
            format!("write for example `values = [{}, {}]`", low + 1, low + 2)
        }
        Accepts::OneOf(values) => format!("write `values` with some of {values:?}"),
        Accepts::Switch => "write `values = [true, false]`".to_owned(),
        Accepts::Choice(words) => format!("write `values` with some of {}", value::quoted(words)),
    }
}

/// The keys that an axis can vary.
pub(crate) struct SweepableKeys<'s> {
    pub(crate) keys: Vec<SettableKey>,
    /// The labels of the events.
    pub(crate) labels: Vec<Option<String>>,
    pub(crate) variables: &'s [Variable],
    /// The scenario.
    pub(crate) spec: &'s ScenarioSpec,
    /// Whether the rest of the scenario is sound, so that a key that is not found does not exist.
    pub(crate) sure: bool,
}

impl SweepableKeys<'_> {
    /// The key of an axis, in which events have their numbers.
    pub(crate) fn of_axis(&self, axis: &AxisSpec) -> Option<String> {
        axis.path.as_ref().map(|path| self.numbered(path))
    }

    /// A key in which events have their numbers.
    pub(crate) fn numbered(&self, path: &KeyPath) -> String {
        with_event_number(path, &self.labels)
    }

    /// The value that the scenario has at a key, if it is a single one.
    fn value_of_scenario(&self, path: &KeyPath, accepts: &Accepts) -> Option<Setting> {
        let text = tables::to_toml(self.spec);
        let root: toml::Value = toml::from_str::<toml::Table>(&text).ok()?.into();
        let numbered = self.numbered(path);
        let names: Vec<&str> = numbered.split('.').collect();
        let step = |value: &toml::Value, name: &&str| match value {
            toml::Value::Array(list) => list
                .get(name.parse::<usize>().ok()?.checked_sub(1)?)
                .cloned(),
            value => value.get(*name).cloned(),
        };
        let value_at = |names: &[&str]| {
            names
                .iter()
                .try_fold(root.clone(), |value, name| step(&value, name))
        };
        // What both partners share is written once.
        let shared = || match names[..] {
            [table, person, ref rest @ ..] if PARTNERS.contains(&person) => {
                value_at(&[&[table], rest].concat())
            }
            _ => None,
        };
        match (value_at(&names).or_else(shared)?, accepts) {
            (toml::Value::Integer(value), Accepts::Integer { .. }) => Some(Setting::Integer(value)),
            (toml::Value::Integer(value), _) => Some(Setting::Number(value as f64)),
            (toml::Value::Float(value), _) => Some(Setting::Number(value)),
            (toml::Value::Boolean(on), _) => Some(Setting::Switch(on)),
            (toml::Value::String(word), _) => Some(Setting::Word(word)),
            _ => None,
        }
    }

    /// What the key of an axis accepts.
    ///
    /// # Errors
    /// Why no axis can have this key; `None` where other errors may be the reason.
    pub(crate) fn resolve(
        &self,
        path: &KeyPath,
        at: Span,
    ) -> Result<Accepts, Option<Box<Diagnostic>>> {
        let key = self.numbered(path);
        if let Some((why, hint)) = refused(&key) {
            let message = format!("a sweep cannot have `{key}` as an axis: {why}");
            let error = Diagnostic::new(Code::NoAxis, at, message).label("no axis");
            return Err(Some(Box::new(error.hint(hint))));
        }
        if let Some(known) = self.keys.iter().find(|known| known.key == key) {
            return Ok(known.accepts.clone());
        }
        if let ["correlations", name] = path.names()[..]
            && correlations::is_name(name, self.variables)
        {
            let (low, high) = (-1.0, 1.0);
            return Ok(Accepts::Number { low, high });
        }
        if !self.sure {
            return Err(None);
        }
        let written = path.key();
        let shown = written.escape_debug();
        let message = format!("there is nothing to set at `{shown}` in this scenario");
        let near = nearest(&key, self.keys.iter().map(|known| known.key.as_str()));
        let hint = match (self.of_childhood(&key), near) {
            _ if key.starts_with("event.0.") => {
                "events are numbered from 1: write `event.1` for the first".to_owned()
            }
            (Some(why), _) => why.to_owned(),
            (None, Some(near)) => format!("did you mean `{near}`?"),
            (None, None) => {
                let example = self.example(&path.names());
                format!("keys are dotted, as for --set, such as `{example}`")
            }
        };
        let error = Diagnostic::new(Code::NoAxis, at, message).label("no such setting");
        Err(Some(Box::new(error.hint(hint))))
    }

    /// Why a key that childhood gives or takes is none here.
    fn of_childhood(&self, key: &str) -> Option<&'static str> {
        let childhood = with_childhood(self.variables);
        let (table, own) = key.rsplit_once('.')?;
        if !can_be_given(table, own, childhood) {
            return Some(
                "it comes from childhood: sweep over what it comes from, such as sensitivity",
            );
        }
        let of_childhood = key.split('.').next() == Some(CHILDHOOD);
        (of_childhood && childhood == [false; 2]).then_some(
            "neither partner has a childhood here: add the table [childhood], which may be empty",
        )
    }

    /// A key in which the same name stands, or any.
    pub(super) fn example(&self, names: &[&str]) -> &str {
        let last = names.last().copied().unwrap_or_default();
        let has = |known: &&SettableKey| known.key.split('.').any(|part| part == last);
        let found = self.keys.iter().find(has);
        found.map_or("parameters.trust_rate", |known| known.key.as_str())
    }
}

/// Why a key is no axis, and what to do instead.
fn refused(key: &str) -> Option<(&'static str, &'static str)> {
    match (key, key.split('.').next().unwrap_or(key)) {
        ("run.seed", _) => Some((
            "other seeds are other runs of the same point, not other points",
            "set [run] `replicates`: each replicate has random numbers of its own",
        )),
        ("run.replicates", _) => Some((
            "every point is run equally often, or until it is known well enough",
            "set [run] `replicates`, or [sweep] `until`",
        )),
        (_, "record") => Some((
            "what is recorded does not change the simulation",
            "choose what a sweep records by [sweep] `measures` and `couples`",
        )),
        (_, "measurement") => Some((
            "how couples are asked does not change the simulation",
            "choose a key that the simulation depends on",
        )),
        (_, "about") => Some((
            "it says who made the results",
            "choose a key that the simulation depends on",
        )),
        (_, "sweep") => Some((
            "it is the sweep's own",
            "choose a key of the scenario that is swept",
        )),
        _ => None,
    }
}

/// Names every axis: as it says itself, else by its key without the table, or by all parts of the key where
/// that is the name of another axis or column, such as that of labels of the points.
pub(crate) fn name_all(
    reader: &mut ScenarioReader,
    axes: &[AxisSpec],
    labels: &[PointLabels],
) -> Vec<String> {
    let short: Vec<String> = axes.iter().map(|axis| joined(axis, 1)).collect();
    let alone = |name: &String| {
        let given = axes.iter().filter(|axis| axis.name.as_ref() == Some(name));
        given.count() + short.iter().filter(|other| *other == name).count() == 1
    };
    let taken = |name: &str| {
        let label = labels.iter().any(|label| label.name == name);
        reserved(name)
            .or_else(|| label.then(|| "a column of labels in the table of points".to_owned()))
    };
    let mut names: Vec<String> = Vec::new();
    for (axis, short) in axes.iter().zip(&short) {
        let name = match &axis.name {
            Some(name) => name.clone(),
            None if alone(short) && taken(short).is_none() => short.clone(),
            None => joined(axis, 0),
        };
        if let Err(error) = name_no_longer(&name, axis.name_at, "an axis") {
            reader.report(error);
        } else if !is_snake_case(&name) {
            let message = format!("\"{}\" is no name of an axis", name.escape_debug());
            let error = Diagnostic::new(Code::BadAxisName, axis.name_at, message);
            let hint = "write it with small letters, digits and `_`, a letter first";
            reader.report(error.label("not in snake_case").hint(hint));
        } else if let Some(what) = taken(&name) {
            let message = format!("an axis cannot have the name `{name}`: it is {what}");
            let error = Diagnostic::new(Code::BadAxisName, axis.name_at, message);
            let hint = format!("take another `name`, such as `{}`", joined(axis, 0));
            reader.report(error.label("taken").hint(hint));
        } else if let Some(other) = names.iter().position(|other| *other == name) {
            let message = format!("two axes have the name `{name}`");
            let error = Diagnostic::new(Code::BadAxisName, axis.name_at, message);
            let error = error
                .label("again here")
                .other(axes[other].name_at, "first here");
            reader.report(error.hint("give each axis a `name` of its own"));
        }
        names.push(name);
    }
    for axis in axes {
        let Some(group) = &axis.group else { continue };
        let same = names.iter().position(|name| name == group);
        if let Some(other) = same.filter(|other| axes[*other].group.as_ref() != Some(group)) {
            let message = format!("the group `{group}` has the name of an axis that is not in it");
            let error = Diagnostic::new(Code::BadAxisName, axis.at, message);
            let error = error
                .label("in the group")
                .other(axes[other].name_at, "the axis");
            reader.report(error.hint("give the group another name"));
        }
    }
    names
}

/// The parts of an axis's key from one on, as one word; events keep their table.
fn joined(axis: &AxisSpec, from: usize) -> String {
    let Some(path) = &axis.path else {
        return axis.name.clone().unwrap_or_default();
    };
    let parts = path.names();
    let from = if parts[0] == "event" {
        0
    } else {
        from.min(parts.len() - 1)
    };
    default_name(&parts[from..].join("."))
}

/// A key, or a part of it, as one word.
pub(crate) fn default_name(key: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    key.to_ascii_lowercase().chars().map(plain).collect()
}
