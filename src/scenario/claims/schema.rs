//! Conditions and claims in the JSON Schema.

use super::keys;
use super::keys::{LARGEST, OBSERVED};
use super::observed::numeric_columns;
use crate::scenario::schema::closed;
use serde_json::{Value, json};

const NAME: &str = "^[a-z][a-z0-9_]*$";

/// `[condition]`.
///
/// What a condition sets may be one number of a distribution, or a key of an event by its number, so that
/// the tables inside are looser than those of the scenario itself.
pub(crate) fn conditions(tables: &[&str]) -> Value {
    let inner: serde_json::Map<String, Value> = tables
        .iter()
        .map(|name| ((*name).to_owned(), json!({ "type": ["object", "array"] })))
        .collect();
    json!({
        "type": "object",
        "propertyNames": { "pattern": NAME },
        "additionalProperties": {
            "type": "object", "additionalProperties": false, "properties": inner
        },
    })
}

/// `[[claim]]`: one form for an effect, and one for an order of effects.
pub(crate) fn claims() -> Value {
    let forms = [form("contrast"), form("order")];
    json!({ "type": "array", "items": { "oneOf": forms } })
}

fn form(of: &str) -> Value {
    let order = of == "order";
    let mut section = keys::claims();
    section.fields.retain(|field| {
        field.key == of
            || !["contrast", "order", "against"].contains(&field.key)
            || (field.key == "against" && !order)
    });
    let mut table = closed(
        &section,
        &["name", "statement", "rule", "smallest", "expect", of],
    );
    let weights = json!({
        "type": "object",
        "minProperties": 1,
        "propertyNames": { "pattern": NAME },
        "additionalProperties": {
            "type": "number", "minimum": -LARGEST, "maximum": LARGEST, "not": { "const": 0 }
        },
    });
    let columns = json!({
        "type": "array", "minItems": 2, "maxItems": 2, "uniqueItems": true,
        "items": { "enum": numeric_columns() },
    });
    let properties = &mut table["properties"];
    properties["name"]["pattern"] = json!(NAME);
    properties["smallest"]["exclusiveMinimum"] = json!(0);
    for key in ["correlation", "slope"] {
        merge(&mut properties[key], &columns);
    }
    if order {
        properties["rule"] = json!({ "const": "order" });
        let list = json!({ "type": "array", "minItems": 2, "items": weights });
        merge(&mut properties["order"], &list);
    } else {
        properties["rule"] = json!({ "enum": ["greater", "less", "equivalent"] });
        merge(&mut properties["contrast"], &weights);
    }
    let one: Vec<Value> = OBSERVED
        .iter()
        .map(|key| json!({ "required": [key] }))
        .collect();
    table["oneOf"] = json!(one);
    let with_observable = json!(["observable"]);
    table["dependentRequired"] = json!({
        "role": with_observable, "day": with_observable, "from": with_observable, "to": with_observable
    });
    let both = |one: &str, other: &str| json!({ "not": { "required": [one, other] } });
    table["allOf"] = json!([both("day", "from"), both("day", "to")]);
    table
}

/// Adds to what a schema says of one key.
fn merge(value: &mut Value, more: &Value) {
    if let (Some(value), Some(more)) = (value.as_object_mut(), more.as_object()) {
        value.extend(more.clone());
    }
}
