//! Events under reading: `[[event]]` tables become blows and seasons of the simulation.

use super::catalogue::section;
use super::code::FaultCode as Code;
use super::event_keys::{EventKind, KINDS};
use super::notice::Fault;
use super::reader::{Part, Reader, listed};
use super::source::Span;
use super::tree::{Table, Value};
use crate::model::parameter_spec::ParameterSpec;
use crate::model::parameters::MECHANISMS;
use crate::model::parameters::PARAMETERS;
use crate::model::types::{STATES, TRAITS};
use crate::simulation::{Change, IntervalChange, PointEvent, PointEventKind, Who};

/// What an event becomes in the simulation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Dated {
    PointEvent(PointEvent),
    IntervalChange(IntervalChange),
}

/// One event, as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Event {
    pub(crate) dated: Dated,
    pub(crate) label: Option<String>,
    /// The keys that were given, in the order of the catalogue.
    pub(crate) given: Vec<&'static str>,
    /// Where its day stands, for warnings.
    pub(crate) at: Span,
}

/// Reads all events.
pub(crate) fn read(reader: &mut Reader, root: &Table) -> Vec<Event> {
    let Some(node) = root.node("event") else {
        return Vec::new();
    };
    let Value::List(list) = &node.value else {
        let fault = Fault::new(Code::WrongType, node.at, "`event` must be a list of tables")
            .label(format!("this is {}", node.value.kind()))
            .hint("write `[[event]]` with two brackets, once for each event");
        reader.fault(fault);
        return Vec::new();
    };
    let mut events = Vec::new();
    for item in list {
        if let Some(table) = reader.as_table(item, "event") {
            let part = reader.part_of(Some(table), "event", section("event"), &[]);
            events.extend(Form { part: &part, table }.read(reader));
        }
    }
    events
}

/// One event's table under reading.
struct Form<'p, 't> {
    part: &'p Part<'t>,
    table: &'t Table,
}

impl Form<'_, '_> {
    fn read(&self, reader: &mut Reader) -> Option<Event> {
        let before = reader.faults.len();
        if self.part.node("kind").is_none() {
            reader.missing(self.part, "kind", self.table.at);
        }
        let label = reader.text(self.part, "label");
        let word = reader.word(self.part, "kind")?;
        let kind = KINDS.iter().find(|kind| kind.word == word)?;
        self.check_keys(reader, kind);
        let dated = self.dated(reader, kind);
        let sound = reader.faults.len() == before;
        let first = self.part.node("day").or(self.part.node("from"));
        let at = first.map_or(self.table.at, |node| node.at);
        let fields = self.part.section.fields.iter().map(|field| field.key);
        let given = fields.filter(|key| self.part.node(key).is_some()).collect();
        dated.filter(|_| sound).map(|dated| Event {
            dated,
            label,
            given,
            at,
        })
    }

    fn check_keys(&self, reader: &mut Reader, kind: &EventKind) {
        let fits = |key: &str| {
            ["kind", "label"].contains(&key)
                || kind.needs.contains(&key)
                || kind.takes.contains(&key)
        };
        for field in &self.part.section.fields {
            if let Some(entry) = self.table.entry(field.key).filter(|_| !fits(field.key)) {
                let mut keys = kind.needs.to_vec();
                keys.extend(kind.takes);
                let message = format!("a {} event has no `{}`", kind.word, field.key);
                reader.fault(
                    Fault::new(Code::KeyNotForKind, entry.key_at, message)
                        .label("not for this kind")
                        .hint(format!("its keys are {}", listed(&keys))),
                );
            }
        }
        for key in kind.needs {
            if self.part.node(key).is_none() {
                reader.missing(self.part, key, self.table.at);
            }
        }
    }

    fn dated(&self, reader: &mut Reader, kind: &EventKind) -> Option<Dated> {
        if kind.needs.contains(&"from") {
            let change = self.change(reader, kind.word);
            let (from, until) = self.period(reader)?;
            return change.map(|change| {
                Dated::IntervalChange(IntervalChange {
                    from,
                    until,
                    change,
                })
            });
        }
        let day = reader.whole(self.part, "day").map(|day| day as u32);
        let (who, kind) = match kind.word {
            "betrayal" => {
                let deception = reader.switch(self.part, "deception").unwrap_or(false);
                (
                    self.who(reader, "of"),
                    Some(PointEventKind::Betrayal { deception }),
                )
            }
            "stress" => {
                let size = reader.number(self.part, "size");
                (
                    self.who(reader, "partner"),
                    size.map(|size| PointEventKind::Stress { size }),
                )
            }
            _ => {
                let state = self.target(reader, "state", STATES);
                let moved = self.moved(reader, state.map(|index| &STATES[index]));
                let kind = state.zip(moved);
                let kind =
                    kind.map(|(index, (factor, add))| PointEventKind::State { index, factor, add });
                (self.who(reader, "partner"), kind)
            }
        };
        Some(Dated::PointEvent(PointEvent {
            day: day?,
            who,
            kind: kind?,
        }))
    }

    fn change(&self, reader: &mut Reader, word: &str) -> Option<Change> {
        match word {
            "trait" => {
                let who = self.who(reader, "partner");
                let index = self.target(reader, "trait", TRAITS);
                let moved = self.moved(reader, index.map(|index| &TRAITS[index]));
                index
                    .zip(moved)
                    .map(|(index, (factor, add))| Change::Trait {
                        who,
                        index,
                        factor,
                        add,
                    })
            }
            "parameter" => {
                let index = self.target(reader, "parameter", PARAMETERS);
                let moved = self.moved(reader, index.map(|index| &PARAMETERS[index]));
                index
                    .zip(moved)
                    .map(|(index, (factor, add))| Change::Parameter { index, factor, add })
            }
            _ => {
                let key = reader.word(self.part, "mechanism");
                let on = reader.switch(self.part, "on");
                let index = MECHANISMS.iter().position(|switch| Some(switch.key) == key);
                index
                    .zip(on)
                    .map(|(index, on)| Change::Mechanism { index, on })
            }
        }
    }

    fn who(&self, reader: &mut Reader, key: &str) -> Who {
        match reader.word(self.part, key) {
            Some("a") => Who::A,
            Some("b") => Who::B,
            _ => Who::Both,
        }
    }

    fn target(&self, reader: &mut Reader, key: &str, table: &[ParameterSpec]) -> Option<usize> {
        let word = reader.word(self.part, key)?;
        table.iter().position(|line| line.key == word)
    }

    /// Factor and shift of the change of a number.
    fn moved(&self, reader: &mut Reader, line: Option<&ParameterSpec>) -> Option<(f64, f64)> {
        let given = |key: &str| self.table.entry(key);
        if let (Some(set), Some(other)) = (given("set"), given("factor").or(given("add"))) {
            let message = format!("`set` and `{}` exclude each other", other.key);
            reader.fault(
                Fault::new(Code::Conflict, set.key_at, message)
                    .label("sets the value")
                    .other(other.key_at, "changes the value")
                    .hint("keep `set`, or `factor` and `add`"),
            );
        }
        if given("set").or(given("factor")).or(given("add")).is_none() {
            if !["set", "factor", "add"]
                .iter()
                .any(|key| self.part.excuses(key))
                && !reader.broken
            {
                let message = "the event does not say how the number changes";
                reader.fault(
                    Fault::new(Code::MissingKey, self.table.at, message)
                        .label("here")
                        .hint("give `add`, `factor`, or `set`"),
                );
            }
            return None;
        }
        let line = line?;
        let reach = line.high - line.low;
        if let Some(entry) = given("set") {
            return reader
                .number_in(&entry.node, "set", line.low, line.high)
                .map(|value| (0.0, value));
        }
        let factor = given("factor").map_or(Some(1.0), |_| reader.number(self.part, "factor"));
        let add = given("add").map_or(Some(0.0), |entry| {
            reader.number_in(&entry.node, "add", -reach, reach)
        });
        factor.zip(add)
    }

    /// First day, and first day after.
    fn period(&self, reader: &mut Reader) -> Option<(u32, u32)> {
        let from = reader.whole(self.part, "from");
        let until = reader.whole(self.part, "until");
        let length = reader.whole(self.part, "for");
        if let (Some(until), Some(length)) = (self.table.entry("until"), self.table.entry("for")) {
            let fault = Fault::new(
                Code::Conflict,
                length.key_at,
                "`until` and `for` exclude each other",
            )
            .label("says how long")
            .other(until.key_at, "says until when")
            .hint("keep one of the two");
            reader.fault(fault);
        }
        let from = from?;
        let early = until.filter(|until| *until <= from);
        if let (Some(until), Some(node)) = (early, self.part.node("until")) {
            let message = format!("the event ends on day {until}, not after its first day {from}");
            let fault = Fault::new(Code::BadPeriod, node.at, message)
                .label("too early")
                .hint(
                    "`until` is the first day on which the event no longer holds; `for` gives its \
                 length",
                );
            reader.fault(fault);
        }
        let end = until
            .or(length.map(|length| from + length))
            .map_or(u32::MAX, |day| day as u32);
        Some((from as u32, end))
    }
}

impl Dated {
    /// Its day, or its first day.
    pub(crate) fn first_day(&self) -> u32 {
        match self {
            Dated::PointEvent(blow) => blow.day,
            Dated::IntervalChange(season) => season.from,
        }
    }

    /// Whether it switches the mechanism at this position of the table.
    pub(crate) fn switches(&self, place: usize) -> bool {
        match self {
            Dated::IntervalChange(season) => {
                matches!(season.change, Change::Mechanism { index, .. } if index == place)
            }
            Dated::PointEvent(_) => false,
        }
    }

    /// What happens, in a few words.
    pub(crate) fn words(&self) -> String {
        match self {
            Dated::PointEvent(PointEvent { who, kind, .. }) => match kind {
                PointEventKind::Betrayal { deception: true } => {
                    format!("betrayal and deception of {}", partner(*who))
                }
                PointEventKind::Betrayal { deception: false } => {
                    format!("betrayal of {}", partner(*who))
                }
                PointEventKind::Stress { .. } => format!("stress of {}", partner(*who)),
                PointEventKind::State { index, factor, add } => {
                    format!(
                        "{} of {} {}",
                        STATES[*index].key,
                        partner(*who),
                        moved(*factor, *add)
                    )
                }
            },
            Dated::IntervalChange(season) => match season.change {
                Change::Trait {
                    who,
                    index,
                    factor,
                    add,
                } => {
                    format!(
                        "{} of {} {}",
                        TRAITS[index].key,
                        partner(who),
                        moved(factor, add)
                    )
                }
                Change::Parameter { index, factor, add } => {
                    format!("{} {}", PARAMETERS[index].key, moved(factor, add))
                }
                Change::Mechanism { index, on } => {
                    format!(
                        "{} {}",
                        MECHANISMS[index].key,
                        if on { "on" } else { "off" }
                    )
                }
            },
        }
    }
}

fn partner(who: Who) -> &'static str {
    match who {
        Who::A => "A",
        Who::B => "B",
        Who::Both => "both",
    }
}

fn moved(factor: f64, add: f64) -> String {
    match (factor, add) {
        (0.0, add) => format!("= {add}"),
        (1.0, add) => format!("{add:+}"),
        (factor, 0.0) => format!("× {factor}"),
        (factor, add) => format!("× {factor} {add:+}"),
    }
}
