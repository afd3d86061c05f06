//! The JSON Schema of scenario files, for editors that check while one types.
//!
//! It comes from the catalogue, so that it says what the reader says, as far as a schema can: rules
//! that join several keys' values (a season's order, correlations that contradict each other) are
//! the reader's alone.

use super::catalogue::{KeySpec, Kind, TableSpec, sections};
use super::distribution::{HEAVY, STEEP};
use super::draws::{PARTNERS, address, every_place, place_of, slope_keys};
use super::event_keys::{EventKind, KIND, KINDS};
use super::shape::{FAMILIES, ShapeFamily, ShapeRange};
use crate::childhood::UPBRINGING;
use crate::model::parameter_spec::ParameterSpec;
use serde_json::{Map, Value, json};

/// The JSON Schema (draft 2020-12) of a scenario file.
pub fn schema() -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for section in sections() {
        if section.name.is_empty() {
            for field in &section.fields {
                properties.insert(field.key.to_owned(), of_field(field));
                if matches!(field.kind, Kind::Text { needed: true }) {
                    required.push(json!(field.key));
                }
            }
        } else {
            properties.insert(section.name.to_owned(), of_section(&section));
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pairbond scenario",
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": properties,
        "$defs": definitions(),
    })
}

fn of_section(section: &TableSpec) -> Value {
    let mut table = match section.name {
        "correlations" => correlations(),
        "sweep" => super::sweep::schema::sweep(),
        "measurement" => super::measurement::schema::measurement(section),
        "condition" => super::claims::schema::conditions(&[
            "run",
            "traits",
            "start",
            "childhood",
            "couple",
            "correlations",
            "mechanisms",
            "parameters",
            "event",
            "regimes",
        ]),
        "claim" => super::claims::schema::claims(),
        "event" => json!({ "type": "array", "items": { "oneOf": events(section) } }),
        "traits" | "start" | "childhood" => {
            let mut both = closed(section, &[]);
            for partner in PARTNERS {
                let mut own = closed(section, &[]);
                own["description"] = json!(format!("The same keys for partner {partner} alone"));
                both["properties"][partner] = own;
            }
            both
        }
        _ => closed(section, &[]),
    };
    table["description"] = json!(section.meaning);
    table
}

/// A table of exactly these keys.
pub(crate) fn closed(section: &TableSpec, required: &[&str]) -> Value {
    let properties: Map<String, Value> = section
        .fields
        .iter()
        .map(|field| (field.key.to_owned(), of_field(field)))
        .collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": properties,
    })
}

fn of_field(field: &KeySpec) -> Value {
    let mut value = of_kind(&field.kind);
    let unit = if matches!(field.unit, "" | "1") {
        String::new()
    } else {
        format!(" [{}]", field.unit)
    };
    value["description"] = json!(format!("{}{unit}", field.meaning));
    if let Some(default) = json_default(field) {
        value["default"] = default;
    }
    value
}

fn json_default(field: &KeySpec) -> Option<Value> {
    match field.kind {
        Kind::Number { .. } | Kind::OneOf(_) => field.default.parse::<f64>().ok().map(Value::from),
        _ if field.default.is_empty() => None,
        // Words, switches, whole numbers and lists of words read the same in JSON and in TOML.
        _ => serde_json::from_str(&field.default).ok(),
    }
}

fn number(low: f64, high: f64) -> Value {
    json!({ "type": "number", "minimum": low, "maximum": high })
}

pub(crate) fn of_kind(kind: &Kind) -> Value {
    let whole = |low: i64, high: i64| json!({ "type": "integer", "minimum": low, "maximum": high });
    match kind {
        Kind::Text { needed: true } => json!({ "type": "string", "pattern": "\\S" }),
        Kind::Text { needed: false } => json!({ "type": "string" }),
        Kind::Whole { low, high } => whole(*low, *high),
        Kind::Number { low, high } => number(*low, *high),
        Kind::OneOf(values) => json!({ "enum": values }),
        Kind::Switch => json!({ "type": "boolean" }),
        Kind::Word(words) => json!({ "enum": words }),
        Kind::Words(words) => json!({
            "type": "array", "minItems": 1, "uniqueItems": true, "items": { "enum": words }
        }),
        Kind::Wholes { low, high } => json!({
            "type": "array", "uniqueItems": true, "items": whole(*low, *high)
        }),
        Kind::WordOrWhole { words, low, high } => {
            json!({ "anyOf": [{ "enum": words }, whole(*low, *high)] })
        }
        Kind::Own(_) => json!({}),
        Kind::Draw(line) => json!({ "$ref": format!("#/$defs/{}", drawn_name(line)) }),
    }
}

/// What numbers of one range and one choice of slopes share.
fn drawn_name(line: &ParameterSpec) -> String {
    format!(
        "drawn_{}_to_{}_with_{}_slopes",
        line.low,
        line.high,
        slopes_allowed(line)
    )
}

/// A number or a distribution, once for each range and choice of slopes.
fn definitions() -> Value {
    let mut all = Map::new();
    for place in every_place() {
        let line = place.description();
        all.entry(drawn_name(line)).or_insert_with(|| {
            let mut choices = vec![number(line.low, line.high)];
            choices.extend(FAMILIES.iter().map(|family| distribution(family, line)));
            json!({ "anyOf": choices })
        });
    }
    Value::from(all)
}

fn distribution(family: &ShapeFamily, line: &ParameterSpec) -> Value {
    let own = || number(line.low, line.high);
    let mut properties = Map::new();
    let mut required = vec![json!("dist")];
    properties.insert("dist".to_owned(), json!({ "const": family.word }));
    for key in family.keys {
        let mut value = match key.range {
            ShapeRange::Fixed(low, high) => number(low, high),
            _ => own(),
        };
        value["description"] = json!(key.meaning);
        properties.insert(key.key.to_owned(), value);
        let has_default = matches!(
            key.range,
            ShapeRange::LowOfNumber | ShapeRange::HighOfNumber
        );
        if !has_default && !family.either.contains(&key.key) {
            required.push(json!(key.key));
        }
    }
    if family.keys.is_empty() {
        let weights = json!({ "type": "array", "minItems": 1, "items": number(0.0, HEAVY) });
        properties.insert(
            "values".to_owned(),
            json!({ "type": "array", "minItems": 1, "items": own() }),
        );
        properties.insert("weights".to_owned(), weights);
        required.push(json!("values"));
    }
    properties.insert("slopes".to_owned(), slopes(line));
    let mut table = json!({
        "type": "object",
        "description": family.meaning,
        "additionalProperties": false,
        "required": required,
        "properties": properties,
    });
    if !family.either.is_empty() {
        let either = family.either.iter().map(|key| json!({ "required": [key] }));
        table["oneOf"] = either.collect();
    }
    table
}

/// How many of the slopes' traits are drawn before a number.
fn slopes_allowed(line: &ParameterSpec) -> usize {
    let of_couple = place_of("couple", line.key).is_some();
    let keys = slope_keys();
    let before = keys
        .iter()
        .position(|key| *key == line.key)
        .unwrap_or(keys.len());
    if of_couple || UPBRINGING.contains(line) {
        0
    } else {
        before
    }
}

fn slopes(line: &ParameterSpec) -> Value {
    let keys = slope_keys();
    let allowed = keys[..slopes_allowed(line)].iter();
    let properties: Map<String, Value> = allowed
        .map(|key| ((*key).to_owned(), number(-STEEP, STEEP)))
        .collect();
    json!({
        "type": "object",
        "description": "How far the location moves with a unit of the person's own attachment",
        "additionalProperties": false,
        "properties": properties,
    })
}

fn correlations() -> Value {
    let mut of_partner: Vec<String> = Vec::new();
    let mut of_couple: Vec<String> = Vec::new();
    for place in every_place() {
        let (table, person, key) = address(place);
        let names = if person.is_some() {
            &mut of_partner
        } else {
            &mut of_couple
        };
        let name = format!("(?:{table}\\.)?{key}");
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let (own, shared) = (of_partner.join("|"), of_couple.join("|"));
    let with_roles = format!("(?:[ab]\\.(?:{own})|{shared})");
    let without = format!("(?:{own}|{shared})");
    let pairs = format!("{with_roles} *~ *{with_roles}|{without} *~ *{without}");
    json!({
        "type": "object",
        "propertyNames": { "pattern": format!("^(?:partners\\.(?:{own})|{pairs})$") },
        "additionalProperties": number(-1.0, 1.0),
    })
}

fn events(section: &TableSpec) -> Vec<Value> {
    KINDS.iter().map(|kind| event(section, kind)).collect()
}

fn event(section: &TableSpec, kind: &EventKind) -> Value {
    let fits = |field: &&KeySpec| {
        field.key == "label" || kind.needs.contains(&field.key) || kind.takes.contains(&field.key)
    };
    let fields = section.fields.iter().filter(fits).cloned().collect();
    let mut required = vec![KIND];
    required.extend(kind.needs);
    let own = TableSpec {
        name: section.name,
        meaning: kind.meaning,
        fields,
    };
    let mut table = closed(&own, &required);
    table["properties"][KIND] = json!({ "const": kind.word });
    table["description"] = json!(kind.meaning);
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
        table["allOf"] = Value::from(rules);
    }
    table
}
