//! The JSON Schema of scenario files, for editors that check while one types.
//!
//! It follows from the descriptions of the tables, so that it says what the reader says, as far as a
//! schema can: rules that join several keys' values (an event's period, correlations that contradict
//! each other) are the reader's alone.

use super::distribution::{FAMILIES, FamilySpec, HEAVY, NumberRange, STEEP};
use super::schema::{KeySpec, TableForm, TableSpec, ValueKind};
use super::spec::{PARTNERS, every_place, place_of, slope_keys};
use super::value::Accepts;
use crate::childhood::UPBRINGING;
use crate::model::parameters::ParameterSpec;
use serde_json::{Map, Value, json};

/// The JSON Schema (draft 2020-12) of files with these tables.
pub(crate) fn json_schema(tables: &[TableSpec]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for table in tables {
        if table.form == TableForm::Top {
            for key in &table.keys {
                properties.insert(key.key.to_owned(), of_key(key));
                required.extend(key.is_required_text().then(|| json!(key.key)));
            }
        } else {
            properties.insert(table.name.to_owned(), of_table(table));
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

fn of_table(table: &TableSpec) -> Value {
    let mut schema = table
        .json
        .map_or_else(|| closed(table, &[]), |own| own(table));
    if table.form == TableForm::PerPartner {
        for partner in PARTNERS {
            let mut own = closed(table, &[]);
            own["description"] = json!(format!("The same keys for partner {partner} alone"));
            schema["properties"][partner] = own;
        }
    }
    schema["description"] = json!(table.doc);
    schema
}

/// A table of exactly these keys.
pub(crate) fn closed(table: &TableSpec, required: &[&str]) -> Value {
    let properties: Map<String, Value> = table
        .keys
        .iter()
        .map(|key| (key.key.to_owned(), of_key(key)))
        .collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": properties,
    })
}

/// Adds to what a schema says of one key.
pub(crate) fn refine(value: &mut Value, more: Value) {
    if let (Some(value), Value::Object(more)) = (value.as_object_mut(), more) {
        value.extend(more);
    }
}

fn of_key(key: &KeySpec) -> Value {
    let mut value = of_kind(&key.kind);
    let unit = if matches!(key.unit, "" | "1") {
        String::new()
    } else {
        format!(" [{}]", key.unit)
    };
    value["description"] = json!(format!("{}{unit}", key.doc));
    if let Some(default) = json_default(key) {
        value["default"] = default;
    }
    value
}

fn json_default(key: &KeySpec) -> Option<Value> {
    match key.kind {
        ValueKind::One(Accepts::Number { .. } | Accepts::OneOf(_)) => {
            key.default.parse::<f64>().ok().map(Value::from)
        }
        _ if key.default.is_empty() => None,
        // Words, switches, integers and lists of words read the same in JSON and in TOML.
        _ => serde_json::from_str(&key.default).ok(),
    }
}

fn number(low: f64, high: f64) -> Value {
    json!({ "type": "number", "minimum": low, "maximum": high })
}

fn integer(low: i64, high: i64) -> Value {
    json!({ "type": "integer", "minimum": low, "maximum": high })
}

pub(crate) fn of_kind(kind: &ValueKind) -> Value {
    match kind {
        ValueKind::Text {
            required: true,
            most,
        } => {
            json!({ "type": "string", "pattern": "\\S", "maxLength": most })
        }
        ValueKind::Text {
            required: false,
            most,
        } => json!({ "type": "string", "maxLength": most }),
        ValueKind::One(Accepts::Integer { low, high }) => integer(*low, *high),
        ValueKind::One(Accepts::Number { low, high }) => number(*low, *high),
        ValueKind::One(Accepts::OneOf(values)) => json!({ "enum": values }),
        ValueKind::One(Accepts::Switch) => json!({ "type": "boolean" }),
        ValueKind::One(Accepts::Choice(words)) => json!({ "enum": words }),
        ValueKind::Words(words) => json!({
            "type": "array", "minItems": 1, "uniqueItems": true, "items": { "enum": words }
        }),
        ValueKind::Integers { low, high } => json!({
            "type": "array", "uniqueItems": true, "items": integer(*low, *high)
        }),
        ValueKind::WordOrInteger { words, low, high } => {
            json!({ "anyOf": [{ "enum": words }, integer(*low, *high)] })
        }
        ValueKind::Special(_) => json!({}),
        ValueKind::Variable(line) => {
            json!({ "$ref": format!("#/$defs/{}", definition_name(line)) })
        }
    }
}

/// What numbers of one range and one choice of slopes share.
fn definition_name(line: &ParameterSpec) -> String {
    let slopes = slopes_allowed(line);
    format!("drawn_{}_to_{}_with_{slopes}_slopes", line.low, line.high)
}

/// A number or a distribution, once for each range and choice of slopes.
fn definitions() -> Value {
    let mut all = Map::new();
    for place in every_place() {
        let line = place.description();
        all.entry(definition_name(line)).or_insert_with(|| {
            let mut choices = vec![number(line.low, line.high)];
            choices.extend(FAMILIES.iter().map(|family| distribution(family, line)));
            json!({ "anyOf": choices })
        });
    }
    Value::from(all)
}

fn distribution(family: &FamilySpec, line: &ParameterSpec) -> Value {
    let own = || number(line.low, line.high);
    let mut properties = Map::new();
    let mut required = vec![json!("dist")];
    properties.insert("dist".to_owned(), json!({ "const": family.word }));
    for key in family.keys {
        let mut value = match key.range {
            NumberRange::Fixed(low, high) => number(low, high),
            _ => own(),
        };
        value["description"] = json!(key.meaning);
        properties.insert(key.key.to_owned(), value);
        let has_default = matches!(
            key.range,
            NumberRange::LowOfNumber | NumberRange::HighOfNumber
        );
        if !has_default && !family.either.contains(&key.key) {
            required.push(json!(key.key));
        }
    }
    if family.keys.is_empty() {
        let list = |items: Value| json!({ "type": "array", "minItems": 1, "items": items });
        properties.insert("values".to_owned(), list(own()));
        properties.insert("weights".to_owned(), list(number(0.0, HEAVY)));
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
    let keys = slope_keys();
    let before = keys
        .iter()
        .position(|key| *key == line.key)
        .unwrap_or(keys.len());
    if place_of("couple", line.key).is_some() || UPBRINGING.contains(line) {
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
