//! Axes under reading: `[[sweep.axis]]` tables become keys with their values.

use super::ground::Ground;
use super::keys::{DESIGNS, DesignKind};
use super::{Axis, AxisValues, Setting};
use crate::design::level_coordinate;
use crate::scenario::address::Takes;
use crate::scenario::catalogue::section;
use crate::scenario::code::FaultCode as Code;
use crate::scenario::notice::Fault;
use crate::scenario::path::Path;
use crate::scenario::reader::{Part, Reader, listed};
use crate::scenario::source::Span;
use crate::scenario::tree::{Node, Table, Value};
use crate::scenario::value;
use crate::scenario::value::Wrong;

/// One axis as written.
pub(crate) struct Given {
    /// Where its key stands.
    pub(crate) at: Span,
    pub(crate) path: Path,
    pub(crate) name: Option<String>,
    pub(crate) name_at: Span,
    pub(crate) group: Option<String>,
    /// Its values, and where they stand; none in a table design.
    pub(crate) values: Option<(AxisValues, Span)>,
    /// Number of levels, where it has levels.
    pub(crate) levels: u32,
    pub(crate) baseline: Option<Setting>,
}

/// Reads every axis of the sweep.
pub(crate) fn read(
    reader: &mut Reader,
    sweep: &Part<'_>,
    kind: Option<&DesignKind>,
    ground: &Ground<'_>,
) -> Vec<Given> {
    let of_table = kind.is_some_and(|kind| kind.word == "table");
    let Some(node) = sweep.node("axis") else {
        if !of_table && !reader.broken && !sweep.excuses("axis") {
            let at = sweep.table.map_or(Span::new(0, 0, 0), |table| table.at);
            let fault = Fault::new(Code::MissingKey, at, "the sweep has no axis").label("here");
            reader.fault(fault.hint("write `[[sweep.axis]]` for each key that is to be varied"));
        }
        return Vec::new();
    };
    let Value::List(list) = &node.value else {
        let fault = Fault::new(
            Code::WrongType,
            node.at,
            "`sweep.axis` must be a list of tables",
        )
        .label(format!("this is {}", node.value.kind()))
        .hint("write `[[sweep.axis]]` with two brackets, once for each axis");
        reader.fault(fault);
        return Vec::new();
    };
    if list.is_empty() && !of_table {
        reader.fault(Fault::new(Code::EmptyList, node.at, "the sweep has no axis").label("empty"));
    }
    let mut axes: Vec<Given> = Vec::new();
    for item in list {
        let Some(table) = reader.as_table(item, "sweep.axis") else {
            continue;
        };
        let part = reader.part_of(Some(table), "sweep.axis", section("sweep.axis"), &[]);
        let form = Form {
            part: &part,
            table,
            kind,
        };
        if let Some(given) = form.read(reader, ground) {
            match axes
                .iter()
                .find(|other| other.path.key() == given.path.key())
            {
                Some(other) => {
                    let message = format!("two axes set `{}`", given.path.key());
                    let fault = Fault::new(Code::Repeated, given.at, message).label("again here");
                    reader.fault(
                        fault
                            .other(other.at, "first here")
                            .hint("keep one of the two"),
                    );
                }
                None => axes.push(given),
            }
        }
    }
    axes
}

/// One axis's table under reading.
struct Form<'p, 't> {
    part: &'p Part<'t>,
    table: &'t Table,
    kind: Option<&'p DesignKind>,
}

impl Form<'_, '_> {
    fn read(&self, reader: &mut Reader, ground: &Ground<'_>) -> Option<Given> {
        self.check_keys(reader);
        if self.part.node("key").is_none() {
            reader.missing(self.part, "key", self.table.at);
        }
        let key = reader.text(self.part, "key");
        let name = reader.text(self.part, "name");
        let group = reader.text(self.part, "group");
        let at = self.part.node("key").map_or(self.table.at, |node| node.at);
        let name_at = self.part.node("name").map_or(at, |node| node.at);
        let path = key.map(|key| Path::new(&key, key.len()))?;
        let takes = match ground.resolve(&path, at) {
            Ok(takes) => takes,
            Err(fault) => {
                fault.into_iter().for_each(|fault| reader.fault(*fault));
                return None;
            }
        };
        let values = self.values(reader, &path.key(), &takes);
        let levels = self.levels(reader, values.as_ref());
        let baseline = self.part.node("baseline").and_then(|node| {
            let read = setting(&takes, node);
            read.map_err(|wrong| reader.fault(wrong.fault(node.at, &path.key())))
                .ok()
        });
        Some(Given {
            at,
            path,
            name,
            name_at,
            group,
            values,
            levels,
            baseline,
        })
    }

    fn check_keys(&self, reader: &mut Reader) {
        let Some(kind) = self.kind else { return };
        for field in &self.part.section.fields {
            let key = field.key;
            if let Some(entry) = self.table.entry(key).filter(|_| !kind.uses_of_axis(key)) {
                reader.fault(not_for(kind, key, entry.key_at, |other| {
                    other.uses_of_axis(key)
                }));
            }
        }
        for key in kind.axis_needs {
            if self.part.node(key).is_none() {
                reader.missing(self.part, key, self.table.at);
            }
        }
    }

    fn uses(&self, key: &str) -> bool {
        self.kind.is_none_or(|kind| kind.uses_of_axis(key))
    }

    fn values(&self, reader: &mut Reader, key: &str, takes: &Takes) -> Option<(AxisValues, Span)> {
        if !self.uses("values") {
            return None;
        }
        match (self.table.entry("range"), self.table.entry("values")) {
            (Some(range), Some(values)) => {
                let message = "`range` and `values` exclude each other";
                let fault = Fault::new(Code::Conflict, values.key_at, message)
                    .label("gives levels")
                    .other(range.key_at, "gives a range");
                reader.fault(fault.hint("keep one of the two"));
                None
            }
            (Some(range), None) => self
                .range(reader, key, takes, &range.node)
                .map(|values| (values, range.node.at)),
            (None, Some(values)) => {
                for idle in ["scale", "whole", "steps"]
                    .iter()
                    .filter(|key| self.uses(key))
                {
                    if let Some(entry) = self.table.entry(idle) {
                        let message =
                            format!("`{idle}` says something of a range, and there is none");
                        let fault = Fault::new(Code::Conflict, entry.key_at, message)
                            .label("does nothing")
                            .other(values.key_at, "the levels are given here");
                        reader.fault(
                            fault.hint("take it out, or give a `range` instead of `values`"),
                        );
                    }
                }
                self.list(reader, key, takes, &values.node)
                    .map(|levels| (AxisValues::Levels(levels), values.node.at))
            }
            (None, None) => {
                let excused = self.part.excuses("range") || self.part.excuses("values");
                if !excused && !reader.broken {
                    let message = format!("the axis of `{key}` has neither `range` nor `values`");
                    let fault = Fault::new(Code::MissingKey, self.table.at, message).label("here");
                    reader.fault(fault.hint(example(takes)));
                }
                None
            }
        }
    }

    fn range(
        &self,
        reader: &mut Reader,
        key: &str,
        takes: &Takes,
        node: &Node,
    ) -> Option<AxisValues> {
        let log = reader.word(self.part, "scale") == Some("log");
        let asked = reader.switch(self.part, "whole");
        let refuse = |reader: &mut Reader, code, at, message: String, label: &str, hint: String| {
            reader.fault(Fault::new(code, at, message).label(label).hint(hint));
            None
        };
        let Value::List(list) = &node.value else {
            let (message, label) = (
                "`range` takes a list of two numbers",
                format!("this is {}", node.value.kind()),
            );
            return refuse(
                reader,
                Code::WrongType,
                node.at,
                message.to_owned(),
                &label,
                example(takes),
            );
        };
        let (whole, low, high) = match *takes {
            Takes::Whole { low, high } => (true, low as f64, high as f64),
            Takes::Number { low, high } => (asked == Some(true), low, high),
            _ => {
                let message = format!("`{key}` takes no range");
                return refuse(
                    reader,
                    Code::BadRange,
                    node.at,
                    message,
                    "no range",
                    example(takes),
                );
            }
        };
        if let (true, Some(false), Some(at)) = (whole, asked, self.part.node("whole")) {
            let message = format!("`{key}` takes whole numbers only");
            return refuse(
                reader,
                Code::NotWhole,
                at.at,
                message,
                "not so",
                "take it out".to_owned(),
            );
        }
        let [first, second] = &list[..] else {
            let message = format!("`range` takes two numbers, not {}", list.len());
            return refuse(
                reader,
                Code::BadRange,
                node.at,
                message,
                "lowest and highest",
                example(takes),
            );
        };
        let mut end = |node: &Node| {
            let read = if whole {
                value::whole(node, low.ceil() as i64, high.floor() as i64).map(|end| end as f64)
            } else {
                value::number(node, low, high)
            };
            read.map_err(|wrong| reader.fault(wrong.fault(node.at, key)))
                .ok()
        };
        let (low, high) = end(first).zip(end(second))?;
        if low >= high {
            let message = format!("the range from {low} to {high} does not rise");
            let hint = if low > high {
                format!("write [{high}, {low}]")
            } else {
                "write `values` for a single value".to_owned()
            };
            return refuse(
                reader,
                Code::BadRange,
                node.at,
                message,
                "the lower one comes first",
                hint,
            );
        }
        if log && whole {
            let message =
                "whole numbers of a range are all as likely, so that it has no logarithmic scale";
            let at = self.part.node("scale").map_or(node.at, |node| node.at);
            let hint = "list them instead, such as `values = [1, 10, 100]`";
            return refuse(
                reader,
                Code::Conflict,
                at,
                message.to_owned(),
                "not with whole numbers",
                hint.to_owned(),
            );
        }
        if log && low <= 0.0 {
            let message = format!("a logarithmic scale cannot begin at {low}");
            let hint = "begin above 0, or take the linear scale";
            return refuse(
                reader,
                Code::BadRange,
                first.at,
                message,
                "must be above 0",
                hint.to_owned(),
            );
        }
        Some(AxisValues::Range {
            low,
            high,
            log,
            whole,
        })
    }

    fn list(
        &self,
        reader: &mut Reader,
        key: &str,
        takes: &Takes,
        node: &Node,
    ) -> Option<Vec<Setting>> {
        let Value::List(list) = &node.value else {
            let fault = Fault::new(Code::WrongType, node.at, "`values` takes a list")
                .label(format!("this is {}", node.value.kind()));
            reader.fault(fault.hint(example(takes)));
            return None;
        };
        if list.is_empty() {
            reader.fault(
                Fault::new(Code::EmptyList, node.at, "`values` must not be empty").label("empty"),
            );
            return None;
        }
        let may_repeat = self.kind.is_none_or(|kind| kind.word == "list");
        let before = reader.faults.len();
        let mut seen: Vec<(Setting, Span)> = Vec::new();
        for item in list {
            match setting(takes, item) {
                Err(wrong) => reader.fault(wrong.fault(item.at, key)),
                Ok(value) => {
                    let first = seen
                        .iter()
                        .find(|(other, _)| *other == value && !may_repeat);
                    if let Some((_, first)) = first {
                        let fault =
                            Fault::new(Code::Repeated, item.at, format!("{value} is listed twice"));
                        reader.fault(fault.label("again here").other(*first, "first here"));
                    }
                    seen.push((value, item.at));
                }
            }
        }
        (reader.faults.len() == before).then(|| seen.into_iter().map(|(value, _)| value).collect())
    }

    /// Number of levels of an axis that has levels, 0 where it needs none.
    fn levels(&self, reader: &mut Reader, values: Option<&(AxisValues, Span)>) -> u32 {
        let steps = reader
            .whole(self.part, "steps")
            .map_or(0, |steps| steps as u32);
        match values {
            Some((AxisValues::Levels(levels), _)) => levels.len() as u32,
            Some((
                AxisValues::Range {
                    low, high, whole, ..
                },
                at,
            )) if self.uses("steps") => {
                if self.part.node("steps").is_none()
                    && self.kind.is_some()
                    && !self.part.excuses("steps")
                {
                    let word = self.kind.map_or("", |kind| kind.word);
                    let message =
                        format!("a {word} design needs the number of levels along a range");
                    let fault =
                        Fault::new(Code::MissingKey, *at, message).label("how many levels?");
                    reader.fault(fault.hint("add for example `steps = 5`, or list the `values`"));
                }
                let count = high - low + 1.0;
                if let Some(node) = self
                    .part
                    .node("steps")
                    .filter(|_| *whole && f64::from(steps) > count)
                {
                    let message =
                        format!("there are only {count} whole numbers from {low} to {high}");
                    let fault =
                        Fault::new(Code::BadRange, node.at, message).label("more than there are");
                    reader.fault(fault.hint(format!("write {count} or less")));
                }
                steps
            }
            _ => 0,
        }
    }
}

impl Given {
    /// The setting at one of its levels, by its number from 0.
    pub(crate) fn level(&self, level: u32) -> Option<Setting> {
        let (values, _) = self.values.as_ref()?;
        let axis = Axis {
            name: String::new(),
            key: String::new(),
            values: values.clone(),
            group: None,
        };
        Some(axis.at(level_coordinate(level, self.levels)))
    }
}

/// Says that a key does nothing in a design.
pub(crate) fn not_for(
    kind: &DesignKind,
    key: &str,
    at: Span,
    uses: impl Fn(&DesignKind) -> bool,
) -> Fault {
    let others: Vec<&str> = DESIGNS
        .iter()
        .filter(|other| uses(other))
        .map(|other| other.word)
        .collect();
    Fault::new(
        Code::KeyNotForDesign,
        at,
        format!("`{key}` is only for {}", listed(&others)),
    )
    .label(format!("does nothing in a {} design", kind.word))
    .hint("take it out, or choose another `design`")
}

/// Reads one value that an address takes.
pub(crate) fn setting(takes: &Takes, node: &Node) -> Result<Setting, Wrong> {
    match takes {
        Takes::Number { low, high } => value::number(node, *low, *high).map(Setting::Number),
        Takes::Whole { low, high } => value::whole(node, *low, *high).map(Setting::Whole),
        Takes::OneOf(values) => value::one_of(node, values).map(Setting::Number),
        Takes::Switch => value::switch(node).map(Setting::Switch),
        Takes::Choice(words) => value::word(node, words).map(|word| Setting::Word(word.to_owned())),
    }
}

/// How values of an address are written.
fn example(takes: &Takes) -> String {
    match takes {
        Takes::Number { low, high } => format!("write for example `range = [{low}, {high}]`"),
        Takes::Whole { low, .. } => {
            format!("write for example `values = [{}, {}]`", low + 1, low + 2)
        }
        Takes::OneOf(values) => format!("write `values` with some of {values:?}"),
        Takes::Switch => "write `values = [true, false]`".to_owned(),
        Takes::Choice(words) => format!("write `values` with some of {}", value::quoted(words)),
    }
}
