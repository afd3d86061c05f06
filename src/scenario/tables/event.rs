//! `[[event]]`: what is to happen on given days.

use crate::model::parameters::{MECHANISMS, PARAMETERS, ParameterSpec};
use crate::model::types::{STATES, TRAITS};
use crate::scenario::diagnostic::{Code, Diagnostic};
use crate::scenario::docs::{code, codes, keys_table, table_head, table_row};
use crate::scenario::json_schema::closed;
use crate::scenario::reader::{OpenTable, ScenarioReader, listed};
use crate::scenario::schema::{KeySpec, MOST_DAYS, TableForm, TableSpec, TemplateForm, Variant};
use crate::scenario::spec::{EventSpec, ScenarioSpec, ScheduledEvent};
use crate::scenario::tree::{TomlTable, toml_line, toml_number, toml_text};
use crate::simulation::{Change, IntervalChange, PointEvent, PointEventKind, Who};
use serde_json::{Value, json};

/// Every kind of event, by the word of its `kind`.
const KINDS: &[Variant] = &[
    Variant {
        word: "betrayal",
        doc: "The partner named by `of` is betrayed by the other",
        needs: &["day", "of"],
        takes: &["deception"],
    },
    Variant {
        word: "stress",
        doc: "A stressful event covers a share of the way to full stress",
        needs: &["day", "size"],
        takes: &["partner"],
    },
    Variant {
        word: "state",
        doc: "A state is multiplied, shifted or set once",
        needs: &["day", "state"],
        takes: &["partner", "factor", "add", "set"],
    },
    Variant {
        word: "trait",
        doc: "A trait is multiplied, shifted or set for a time",
        needs: &["from", "trait"],
        takes: &["until", "for", "partner", "factor", "add", "set"],
    },
    Variant {
        word: "parameter",
        doc: "A parameter is multiplied, shifted or set for a time",
        needs: &["from", "parameter"],
        takes: &["until", "for", "factor", "add", "set"],
    },
    Variant {
        word: "mechanism",
        doc: "A mechanism is switched for a time",
        needs: &["from", "mechanism", "on"],
        takes: &["until", "for"],
    },
];

/// The words for the partners that an event concerns.
const WHO: [(&str, Who); 3] = [("a", Who::A), ("b", Who::B), ("both", Who::Both)];

/// Largest shift or setting that the form of an event allows; its number's own range is narrower.
const FAR: f64 = 1e6;

pub(crate) fn table() -> TableSpec {
    let keys_of = |table: &'static [ParameterSpec]| table.iter().map(|line| line.key);
    let day = |key, last, unit, doc| KeySpec::integer(key, 1, last, doc).unit(unit);
    let partners = || WHO.map(|(word, _)| word);
    let keys = vec![
        KeySpec::word(
            "kind",
            KINDS.iter().map(|kind| kind.word),
            "What kind of event it is",
        ),
        KeySpec::text("label", "Its name in charts"),
        day(
            "day",
            MOST_DAYS,
            "day",
            "Day at whose end it happens; the run's first day is 1",
        ),
        day("from", MOST_DAYS, "day", "First day on which it holds"),
        day(
            "until",
            MOST_DAYS + 1,
            "day",
            "First day on which it no longer holds; without it and `for` it holds to the end",
        ),
        day(
            "for",
            MOST_DAYS,
            "days",
            "Days for which it holds, instead of `until`",
        ),
        KeySpec::word("partner", partners(), "Whom it concerns").default("\"both\""),
        KeySpec::word("of", partners(), "Who is betrayed"),
        KeySpec::switch(
            "deception",
            "Whether the betrayal comes with deception, which leaves a scar",
        )
        .default("false"),
        KeySpec::number("size", 0.0, 1.0, "Share of the way to full stress").unit("1"),
        KeySpec::key_of("state", keys_of(STATES), "Which state"),
        KeySpec::key_of("trait", keys_of(TRAITS), "Which trait"),
        KeySpec::key_of("parameter", keys_of(PARAMETERS), "Which parameter"),
        KeySpec::key_of(
            "mechanism",
            MECHANISMS.iter().map(|own| own.key),
            "Which mechanism",
        ),
        KeySpec::switch("on", "Whether it is on during that time"),
        KeySpec::number(
            "factor",
            0.0,
            FAR,
            "What the number is multiplied by; it is then held to its range",
        )
        .default("1.0")
        .unit("1"),
        KeySpec::number("add", -FAR, FAR, "What is then added").default("0.0"),
        KeySpec::number(
            "set",
            -FAR,
            FAR,
            "The number's new value, instead of `factor` and `add`",
        ),
    ];
    let doc = "What is to happen on given days; write one [[event]] for each";
    TableSpec {
        form: TableForm::List("an event"),
        shown: TemplateForm::Described,
        examples: EXAMPLES,
        write: Some(write),
        json: Some(json),
        page: Some(page),
        ..TableSpec::new("event", doc, keys)
    }
}

const EXAMPLES: &str = "\
# Examples, one for each kind:
#[[event]]
#kind = \"betrayal\"
#day = 200
#of = \"a\"
#deception = false
#label = \"the betrayal\"

#[[event]]
#kind = \"stress\"
#day = 100
#partner = \"both\"
#size = 0.8

#[[event]]
#kind = \"state\"
#day = 50
#partner = \"b\"
#state = \"trust\"
#add = -0.2

#[[event]]
#kind = \"trait\"
#from = 100
#for = 60
#partner = \"b\"
#trait = \"responsiveness\"
#factor = 0.9
#add = 0.05

#[[event]]
#kind = \"parameter\"
#from = 120
#until = 150
#parameter = \"stress_event_rate\"
#set = 0.3

#[[event]]
#kind = \"mechanism\"
#from = 300
#mechanism = \"repair\"
#on = false
";

pub(crate) fn read(reader: &mut ScenarioReader, root: &TomlTable, spec: &mut ScenarioSpec) {
    let tables = reader.open_list(root.node("event"), "event");
    spec.events = tables
        .iter()
        .filter_map(|table| event(reader, table))
        .collect();
}

fn event(reader: &mut ScenarioReader, table: &OpenTable<'_>) -> Option<EventSpec> {
    let before = reader.errors.len();
    reader.need(table, &["kind"]);
    let label = reader.text(table, "label");
    let word = reader.word(table, "kind")?;
    let kind = KINDS.iter().find(|kind| kind.word == word)?;
    check_keys(reader, table, kind);
    let scheduled = scheduled(reader, table, kind);
    let sound = reader.errors.len() == before;
    let first = if kind.needs.contains(&"day") {
        "day"
    } else {
        "from"
    };
    let at = table.at(first);
    let keys = table.spec.keys.iter().map(|key| key.key);
    let given = keys.filter(|key| table.node(key).is_some()).collect();
    let scheduled = scheduled.filter(|_| sound)?;
    Some(EventSpec {
        scheduled,
        label,
        given,
        at,
    })
}

fn check_keys(reader: &mut ScenarioReader, table: &OpenTable<'_>, kind: &Variant) {
    for key in &table.spec.keys {
        let fits = ["kind", "label"].contains(&key.key) || kind.uses(key.key);
        if let Some(entry) = table.entry(key.key).filter(|_| !fits) {
            let message = format!("a {} event has no `{}`", kind.word, key.key);
            let keys = [kind.needs, kind.takes].concat();
            let error = Diagnostic::new(Code::KeyNotForKind, entry.key_at, message);
            let hint = format!("its keys are {}", listed(&keys));
            reader.report(error.label("not for this kind").hint(hint));
        }
    }
    reader.need(table, kind.needs);
}

fn scheduled(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    kind: &Variant,
) -> Option<ScheduledEvent> {
    if kind.needs.contains(&"from") {
        let change = change(reader, table, kind.word);
        let (from, until) = period(reader, table)?;
        return change.map(|change| {
            ScheduledEvent::IntervalChange(IntervalChange {
                from,
                until,
                change,
            })
        });
    }
    let day = reader.integer(table, "day").map(|day| day as u32);
    let (who, kind) = match kind.word {
        "betrayal" => {
            let deception = reader.switch(table, "deception").unwrap_or(false);
            (
                who(reader, table, "of"),
                Some(PointEventKind::Betrayal { deception }),
            )
        }
        "stress" => {
            let size = reader.number(table, "size");
            (
                who(reader, table, "partner"),
                size.map(|size| PointEventKind::Stress { size }),
            )
        }
        _ => {
            let state = position(reader, table, "state", STATES);
            let moved = moved(reader, table, state.map(|index| &STATES[index]));
            let kind = state.zip(moved);
            let kind =
                kind.map(|(index, (factor, add))| PointEventKind::State { index, factor, add });
            (who(reader, table, "partner"), kind)
        }
    };
    let (day, kind) = day.zip(kind)?;
    Some(ScheduledEvent::PointEvent(PointEvent { day, who, kind }))
}

fn change(reader: &mut ScenarioReader, table: &OpenTable<'_>, kind: &str) -> Option<Change> {
    match kind {
        "trait" => {
            let who = who(reader, table, "partner");
            let index = position(reader, table, "trait", TRAITS);
            let moved = moved(reader, table, index.map(|index| &TRAITS[index]));
            let (index, (factor, add)) = index.zip(moved)?;
            Some(Change::Trait {
                who,
                index,
                factor,
                add,
            })
        }
        "parameter" => {
            let index = position(reader, table, "parameter", PARAMETERS);
            let moved = moved(reader, table, index.map(|index| &PARAMETERS[index]));
            let (index, (factor, add)) = index.zip(moved)?;
            Some(Change::Parameter { index, factor, add })
        }
        _ => {
            let key = reader.word(table, "mechanism");
            let on = reader.switch(table, "on");
            let index = MECHANISMS.iter().position(|switch| Some(switch.key) == key);
            let (index, on) = index.zip(on)?;
            Some(Change::Mechanism { index, on })
        }
    }
}

fn who(reader: &mut ScenarioReader, table: &OpenTable<'_>, key: &str) -> Who {
    let word = reader.word(table, key);
    let known = WHO.iter().find(|(own, _)| Some(*own) == word);
    known.map_or(Who::Both, |(_, who)| *who)
}

fn position(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    key: &str,
    lines: &[ParameterSpec],
) -> Option<usize> {
    let word = reader.word(table, key)?;
    lines.iter().position(|line| line.key == word)
}

/// Factor and shift of the change of a number.
fn moved(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    line: Option<&ParameterSpec>,
) -> Option<(f64, f64)> {
    let given = |key: &str| table.entry(key);
    if let (Some(set), Some(other)) = (given("set"), given("factor").or(given("add"))) {
        let message = format!("`set` and `{}` exclude each other", other.key);
        let error = Diagnostic::new(Code::Conflict, set.key_at, message).label("sets the value");
        let error = error.other(other.key_at, "changes the value");
        reader.report(error.hint("keep `set`, or `factor` and `add`"));
    }
    let keys = ["set", "factor", "add"];
    if keys.iter().all(|key| given(key).is_none()) {
        if !keys.iter().any(|key| table.excuses(key)) && !reader.broken {
            let message = "the event does not say how the number changes";
            let error = Diagnostic::new(Code::MissingKey, table.at, message).label("here");
            reader.report(error.hint("give `add`, `factor`, or `set`"));
        }
        return None;
    }
    let line = line?;
    let reach = line.high - line.low;
    if let Some(entry) = given("set") {
        let value = reader.number_in(&entry.node, "set", line.low, line.high)?;
        return Some((0.0, value));
    }
    let factor = given("factor").map_or(Some(1.0), |_| reader.number(table, "factor"));
    let add = given("add").map_or(Some(0.0), |entry| {
        reader.number_in(&entry.node, "add", -reach, reach)
    });
    factor.zip(add)
}

/// First day, and first day after.
fn period(reader: &mut ScenarioReader, table: &OpenTable<'_>) -> Option<(u32, u32)> {
    let from = reader.integer(table, "from");
    let until = reader.integer(table, "until");
    let length = reader.integer(table, "for");
    if let (Some(until), Some(length)) = (table.entry("until"), table.entry("for")) {
        let message = "`until` and `for` exclude each other";
        let error = Diagnostic::new(Code::Conflict, length.key_at, message).label("says how long");
        let error = error.other(until.key_at, "says until when");
        reader.report(error.hint("keep one of the two"));
    }
    let from = from?;
    if let Some(until) = until.filter(|until| *until <= from) {
        let message = format!("the event ends on day {until}, not after its first day {from}");
        let error = Diagnostic::new(Code::BadPeriod, table.at("until"), message).label("too early");
        reader.report(error.hint(
            "`until` is the first day on which the event no longer holds; `for` gives its length",
        ));
    }
    let end = until.or(length.map(|length| from + length));
    Some((from as u32, end.map_or(u32::MAX, |day| day as u32)))
}

fn write(spec: &ScenarioSpec, _: &TableSpec) -> String {
    spec.events.iter().map(event_to_toml).collect()
}

fn event_to_toml(event: &EventSpec) -> String {
    let mut text = "\n[[event]]\n".to_owned();
    let mut add = |key: &str, value: &str| toml_line(&mut text, key, value);
    let word = |who: Who| {
        let known = WHO.iter().find(|(_, own)| *own == who);
        toml_text(known.map_or("both", |(word, _)| word))
    };
    let moved = |add: &mut dyn FnMut(&str, &str), factor: f64, shift: f64| {
        if event.given.contains(&"set") {
            add("set", &toml_number(shift));
        } else {
            add("factor", &toml_number(factor));
            add("add", &toml_number(shift));
        }
    };
    match event.scheduled {
        ScheduledEvent::PointEvent(PointEvent { day, who, kind }) => {
            let (name, partner) = match kind {
                PointEventKind::Betrayal { .. } => ("betrayal", "of"),
                PointEventKind::Stress { .. } => ("stress", "partner"),
                PointEventKind::State { .. } => ("state", "partner"),
            };
            add("kind", &toml_text(name));
            add("day", &day.to_string());
            add(partner, &word(who));
            match kind {
                PointEventKind::Betrayal { deception } => add("deception", &deception.to_string()),
                PointEventKind::Stress { size } => add("size", &toml_number(size)),
                PointEventKind::State {
                    index,
                    factor,
                    add: shift,
                } => {
                    add("state", &toml_text(STATES[index].key));
                    moved(&mut add, factor, shift);
                }
            }
        }
        ScheduledEvent::IntervalChange(IntervalChange {
            from,
            until,
            change,
        }) => {
            let kind = match change {
                Change::Trait { .. } => "trait",
                Change::Parameter { .. } => "parameter",
                Change::Mechanism { .. } => "mechanism",
            };
            add("kind", &toml_text(kind));
            add("from", &from.to_string());
            if until != u32::MAX {
                add("until", &until.to_string());
            }
            match change {
                Change::Trait {
                    who,
                    index,
                    factor,
                    add: shift,
                } => {
                    add("partner", &word(who));
                    add("trait", &toml_text(TRAITS[index].key));
                    moved(&mut add, factor, shift);
                }
                Change::Parameter {
                    index,
                    factor,
                    add: shift,
                } => {
                    add("parameter", &toml_text(PARAMETERS[index].key));
                    moved(&mut add, factor, shift);
                }
                Change::Mechanism { index, on } => {
                    add("mechanism", &toml_text(MECHANISMS[index].key));
                    add("on", &on.to_string());
                }
            }
        }
    }
    if let Some(label) = &event.label {
        add("label", &toml_text(label));
    }
    text
}

/// One form for each kind.
fn json(table: &TableSpec) -> Value {
    let forms: Vec<Value> = KINDS.iter().map(|kind| form(table, kind)).collect();
    json!({ "type": "array", "items": { "oneOf": forms } })
}

fn form(table: &TableSpec, kind: &Variant) -> Value {
    let own = table.only(|key| key == "label" || kind.uses(key));
    let mut schema = closed(&own, &[&["kind"], kind.needs].concat());
    schema["properties"]["kind"] = json!({ "const": kind.word });
    schema["description"] = json!(kind.doc);
    let mut rules = Vec::new();
    let together = |one: &str, other: &str| json!({ "not": { "required": [one, other] } });
    if kind.takes.contains(&"set") {
        rules.push(json!({ "anyOf": [
            { "required": ["set"] }, { "required": ["factor"] }, { "required": ["add"] }
        ] }));
        rules.extend([together("set", "factor"), together("set", "add")]);
    }
    if kind.takes.contains(&"for") {
        rules.push(together("until", "for"));
    }
    if !rules.is_empty() {
        schema["allOf"] = Value::from(rules);
    }
    schema
}

fn page(table: &TableSpec) -> String {
    let mut text = table_head(&["`kind`", "must be given", "may be given", "what happens"]);
    for kind in KINDS {
        let (needs, takes) = (codes(kind.needs), codes(kind.takes));
        text.push_str(&table_row(&[&code(kind.word), &needs, &takes, kind.doc]));
    }
    text.push_str(
        "\nWhat happens on a `day` happens at its end, before it is recorded. What holds `from` a \
         day holds until\nthe run's end, `until` another day (the first on which it no longer \
         holds), or `for` so many days.\nSeveral events may hold at once: each changes what those \
         above it in the file left.\n\nA run with events has the table `event_changes`: what changed \
         within the couples still together, from the day before\nan event to its last day, and to 90 \
         days after that or to the end of the run.\n\n",
    );
    text + &keys_table(table)
}
