//! The measurement in the JSON Schema.

use super::keys;
use crate::scenario::catalogue::TableSpec;
use crate::scenario::schema::{closed, of_kind};
use serde_json::{Value, json};

/// `[measurement]`.
pub(crate) fn measurement(section: &TableSpec) -> Value {
    let mut table = closed(section, &[]);
    let properties = &mut table["properties"];
    properties["points"]["not"] = json!({ "const": 1 });
    for (own, (key, _)) in keys::tables().iter().zip(keys::TABLES) {
        let scales = closed(own, &[]);
        let all = of_kind(&own.fields[0].kind);
        properties[key]["anyOf"] = json!([all, scales]);
    }
    table
}
