//! Psych-DS: `dataset_description.json`, and the names of the tables in the folder `data`.
//!
//! Psych-DS (<https://psychds-docs.readthedocs.io>) takes CSV tables below `data` whose names are pairs of a
//! keyword and a value, and end with `_data`; the description has to name each of their columns, and no other.

use super::{BundleSource, DescribedColumn};
use crate::report::methods::program_reference;
use crate::results::manifest::DATA_FOLDER;
use crate::scenario::spec::Author;
use serde_json::{Map, Value, json};

/// Name of the description.
pub(crate) const DESCRIPTION_NAME: &str = "dataset_description.json";

/// Keywords of repositories.
pub(crate) const KEYWORDS: [&str; 5] = [
    "agent-based model",
    "simulation",
    "close relationships",
    "attachment",
    "couples",
];

/// The file of a table in the folder of data: `data/description-groupTrajectory_data.csv`. `description` is the
/// official keyword for what a file holds; a value has letters and digits only.
pub(crate) fn data_file_name(table: &str) -> String {
    let mut value = String::new();
    for (place, word) in table.split('_').enumerate() {
        let mut letters = word.chars().filter(char::is_ascii_alphanumeric);
        match letters.next() {
            Some(first) if place > 0 => value.push(first.to_ascii_uppercase()),
            first => value.extend(first),
        }
        value.extend(letters);
    }
    format!("{DATA_FOLDER}/description-{value}_data.csv")
}

/// The description.
pub(crate) fn description(source: &BundleSource<'_>) -> Value {
    let about = &source.about;
    let mut all = Map::new();
    let mut add = |key: &str, value: Value| {
        all.insert(key.to_owned(), value);
    };
    add("@context", json!("https://schema.org/"));
    add("@type", json!("Dataset"));
    add("name", json!(source.title));
    add("description", json!(source.description));
    if !about.authors.is_empty() {
        let authors: Vec<Value> = about.authors.iter().map(person).collect();
        add("author", Value::from(authors));
    }
    if let Some(license) = about.license {
        add("license", json!(license_url(license)));
    }
    if let Some(date) = &about.date {
        add("datePublished", json!(date));
    }
    add("keywords", json!(KEYWORDS));
    let method =
        "Simulation of couples by an agent-based model; these are no observations of real couples";
    add("measurementTechnique", json!(method));
    add(
        "citation",
        json!(program_reference(&source.manifest.version)),
    );
    add("variableMeasured", Value::from(variables(source)));
    Value::from(all)
}

/// The address of a licence.
pub(crate) fn license_url(identifier: &str) -> String {
    format!("https://spdx.org/licenses/{identifier}")
}

/// The address of an ORCID iD.
pub(crate) fn orcid_url(orcid: &str) -> String {
    format!("https://orcid.org/{orcid}")
}

fn person(author: &Author) -> Value {
    let mut person = json!({ "@type": "Person", "name": author.name });
    if let Some(orcid) = &author.orcid {
        person["identifier"] = json!(orcid_url(orcid));
    }
    person
}

/// Each name of a column once: tables have columns of the same name, whose meanings may differ.
fn variables(source: &BundleSource<'_>) -> Vec<Value> {
    let mut named: Vec<(&str, Vec<&DescribedColumn>)> = Vec::new();
    for column in &source.columns {
        if !source.tables().any(|table| table == column.table) {
            continue;
        }
        match named.iter_mut().find(|(name, _)| *name == column.name) {
            Some((_, same)) => same.push(column),
            None => named.push((&column.name, vec![column])),
        }
    }
    named.iter().map(|(_, same)| variable(same)).collect()
}

/// The columns of one name, as one variable.
fn variable(columns: &[&DescribedColumn]) -> Value {
    let first = columns[0];
    let mut described: Vec<(String, Vec<&str>)> = Vec::new();
    for column in columns {
        let text = column.described();
        match described.iter_mut().find(|(own, _)| *own == text) {
            Some((_, tables)) => tables.push(&column.table),
            None => described.push((text, vec![&column.table])),
        }
    }
    let description = match &described[..] {
        [(text, _)] => text.clone(),
        several => {
            let texts = several
                .iter()
                .map(|(text, tables)| format!("In {}: {text}", tables.join(", ")));
            texts.collect::<Vec<_>>().join(" ")
        }
    };
    let mut variable = first.property(&description);
    let same = |of: fn(&DescribedColumn) -> Option<f64>| {
        columns.iter().all(|column| of(column) == of(first))
    };
    if let Some(members) = variable.as_object_mut() {
        if columns.iter().any(|column| column.unit != first.unit) {
            members.shift_remove("unitText");
        }
        if !same(|column| column.low) {
            members.shift_remove("minValue");
        }
        if !same(|column| column.high) {
            members.shift_remove("maxValue");
        }
    }
    variable
}

impl DescribedColumn {
    /// What it holds, as a sentence, with its categories.
    pub(crate) fn described(&self) -> String {
        let end = if self.meaning.ends_with(['.', '?', '!']) {
            ""
        } else {
            "."
        };
        let mut text = format!("{}{end}", self.meaning);
        if !self.categories.is_empty() {
            let categories: Vec<&str> = self.categories.split('|').collect();
            text.push_str(&format!(" One of: {}.", categories.join(", ")));
        }
        text
    }

    /// It as a `PropertyValue` of schema.org.
    pub(crate) fn property(&self, description: &str) -> Value {
        let mut property = json!({
            "@type": "PropertyValue",
            "name": self.name,
            "description": description,
        });
        match self.unit.as_str() {
            "" => {}
            "1" => property["unitText"] = json!("pure number"),
            unit => property["unitText"] = json!(unit),
        }
        for (key, limit) in [("minValue", self.low), ("maxValue", self.high)] {
            if let Some(limit) = limit {
                property[key] = json!(limit);
            }
        }
        property
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_data_files_are_a_keyword_with_letters_and_digits() {
        assert_eq!(
            data_file_name("couples"),
            "data/description-couples_data.csv"
        );
        assert_eq!(
            data_file_name("group_trajectory"),
            "data/description-groupTrajectory_data.csv"
        );
    }

    fn column(table: &str, unit: &str, high: Option<f64>, meaning: &str) -> DescribedColumn {
        DescribedColumn {
            table: table.to_owned(),
            name: "mean".to_owned(),
            kind: "float".to_owned(),
            unit: unit.to_owned(),
            low: Some(0.0),
            high,
            categories: String::new(),
            meaning: meaning.to_owned(),
        }
    }

    #[test]
    fn columns_of_one_name_are_one_variable_with_what_they_share() {
        let (one, other) = (
            column("a", "1", Some(1.0), "M"),
            column("b", "days", None, "N"),
        );
        let third = column("c", "1", Some(1.0), "M");
        assert_eq!(
            variable(&[&one, &third]),
            json!({
                "@type": "PropertyValue", "name": "mean", "description": "M.",
                "unitText": "pure number", "minValue": 0.0, "maxValue": 1.0,
            })
        );
        assert_eq!(
            variable(&[&one, &other, &third]),
            json!({
                "@type": "PropertyValue", "name": "mean", "description": "In a, c: M. In b: N.",
                "minValue": 0.0,
            })
        );
    }
}
