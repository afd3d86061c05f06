//! The JSON Schema, held against what the reader says.

use super::corpus::{directives, only_warns};
use super::{files, full_template, full_template_with_childhood};
use crate::scenario::{json_schema, template};
use serde_json::Value;

/// A TOML text as JSON; NaN and infinity become null.
fn json(text: &str) -> Option<Value> {
    let table: toml::Table = toml::from_str(text).ok()?;
    Some(Value::Object(
        table
            .into_iter()
            .map(|(key, value)| (key, of(value)))
            .collect(),
    ))
}

fn of(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::from(text),
        toml::Value::Integer(whole) => Value::from(whole),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(on) => Value::from(on),
        toml::Value::Datetime(date) => Value::from(date.to_string()),
        toml::Value::Array(list) => list.into_iter().map(of).collect(),
        toml::Value::Table(table) => Value::Object(
            table
                .into_iter()
                .map(|(key, value)| (key, of(value)))
                .collect(),
        ),
    }
}

fn validator() -> jsonschema::Validator {
    jsonschema::draft202012::meta::validate(&json_schema()).expect("a schema of its draft");
    jsonschema::validator_for(&json_schema()).expect("a schema")
}

#[test]
fn the_schema_accepts_what_the_reader_accepts() {
    let validator = validator();
    let mut texts = vec![template(), full_template(), full_template_with_childhood()];
    let good = files("scenarios", "toml");
    let warned = files("tests/faults", "toml")
        .into_iter()
        .filter(|path| only_warns(path));
    texts.extend(
        good.into_iter()
            .chain(files("scenarios/claims", "toml"))
            .chain(warned)
            .map(|path| std::fs::read_to_string(path).expect("a readable file")),
    );
    let full = crate::scenario::Scenario::read_text("full", &full_template(), &[]);
    texts.push(full.expect("a valid scenario").effective_toml());
    for text in texts {
        let value = json(&text).expect("TOML");
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:?}\n{text}");
    }
}

#[test]
fn the_schema_rejects_what_it_can_and_the_corpus_says_what_it_cannot() {
    let validator = validator();
    for path in files("tests/faults", "toml") {
        let bytes = std::fs::read(&path).expect("a readable file");
        if only_warns(&path) {
            continue;
        }
        let cannot = directives(&bytes)
            .iter()
            .any(|directive| directive == "schema cannot say");
        let value = std::str::from_utf8(&bytes).ok().and_then(json);
        let accepted = value.is_none_or(|value| validator.is_valid(&value));
        assert_eq!(accepted, cannot || bytes.contains(&0), "{}", path.display());
    }
}
