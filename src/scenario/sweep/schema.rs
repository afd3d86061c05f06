//! The sweep in the JSON Schema: one form for each design.

use super::keys;
use super::keys::{DESIGNS, DesignKind, MOST_POINTS};
use crate::scenario::catalogue::{KeySpec, TableSpec};
use crate::scenario::schema::closed;
use crate::simulation::Measure;
use serde_json::{Value, json};

/// `[sweep]`.
pub(crate) fn sweep() -> Value {
    let forms: Vec<Value> = DESIGNS.iter().map(form).collect();
    json!({ "type": "object", "oneOf": forms })
}

fn form(kind: &DesignKind) -> Value {
    let mut required = vec!["design"];
    required.extend(kind.needs);
    if kind.word != "table" {
        required.push("axis");
    }
    let mut table = closed(&only(keys::section(), |key| kind.uses(key)), &required);
    table["description"] = json!(format!("Points: {}", kind.meaning));
    let properties = &mut table["properties"];
    properties["design"] = json!({ "const": kind.word });
    refine(
        &mut properties["measures"],
        json!({
            "type": "array", "minItems": 1, "uniqueItems": true, "items": { "enum": measures() }
        }),
    );
    refine(&mut properties["until"], until());
    let fewest = usize::from(kind.word != "table");
    refine(
        &mut properties["axis"],
        json!({ "type": "array", "minItems": fewest, "items": axis(kind) }),
    );
    if matches!(kind.word, "sobol" | "saltelli") {
        let powers: Vec<u64> = (0..=MOST_POINTS.ilog2()).map(|power| 1 << power).collect();
        refine(&mut properties["points"], json!({ "enum": powers }));
    }
    if kind.uses("levels") {
        refine(&mut properties["levels"], json!({ "multipleOf": 2 }));
    }
    table
}

fn axis(kind: &DesignKind) -> Value {
    let mut required = vec!["key"];
    required.extend(kind.axis_needs);
    let mut table = closed(&only(keys::axis(), |key| kind.uses_of_axis(key)), &required);
    let properties = &mut table["properties"];
    refine(
        &mut properties["key"],
        json!({
            "not": { "pattern": "^(?:record|measurement|sweep)\\.|^run\\.(?:seed|replicates)$" }
        }),
    );
    refine(
        &mut properties["name"],
        json!({ "pattern": "^[a-z][a-z0-9_]*$" }),
    );
    let value = json!({ "type": ["number", "boolean", "string"] });
    if kind.uses_of_axis("baseline") {
        refine(&mut properties["baseline"], value.clone());
    }
    if kind.uses_of_axis("values") {
        let unique = kind.word != "list";
        refine(
            &mut properties["values"],
            json!({
                "type": "array", "minItems": 1, "uniqueItems": unique, "items": value
            }),
        );
        refine(
            &mut properties["range"],
            json!({
                "type": "array", "minItems": 2, "maxItems": 2, "items": { "type": "number" }
            }),
        );
        let range = if kind.uses_of_axis("steps") {
            vec!["range", "steps"]
        } else {
            vec!["range"]
        };
        table["oneOf"] = json!([{ "required": range }, { "required": ["values"] }]);
        table["dependentRequired"] =
            json!({ "scale": ["range"], "whole": ["range"], "steps": ["range"] });
    }
    table
}

fn until() -> Value {
    let mut table = closed(&keys::until(), &["half_width", "of", "max"]);
    refine(
        &mut table["properties"]["half_width"],
        json!({ "exclusiveMinimum": 0 }),
    );
    refine(
        &mut table["properties"]["of"],
        json!({ "enum": measures() }),
    );
    table
}

fn measures() -> Vec<String> {
    Measure::all().iter().map(ToString::to_string).collect()
}

/// The section with some of its keys.
fn only(section: TableSpec, uses: impl Fn(&str) -> bool) -> TableSpec {
    let fields: Vec<KeySpec> = section
        .fields
        .into_iter()
        .filter(|field| uses(field.key))
        .collect();
    TableSpec { fields, ..section }
}

/// Adds to what a schema says of one key.
fn refine(value: &mut Value, more: Value) {
    if let (Some(value), Value::Object(more)) = (value.as_object_mut(), more) {
        value.extend(more);
    }
}
