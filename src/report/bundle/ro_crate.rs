//! `ro-crate-metadata.json`: the folder as an RO-Crate 1.1 (<https://w3id.org/ro/crate/1.1>) with the profile
//! Process Run Crate 0.5 (<https://w3id.org/ro/wfrun/process/0.5>).

use super::preregistration::PREREGISTRATION_NAME;
use super::psych_ds::{DESCRIPTION_NAME, KEYWORDS, data_file_name, license_url, orcid_url};
use super::{BundleSource, is_of_bundle};
use crate::printable::shell_command;
use crate::report::REPORT_NAME;
use crate::report::captions::caption_of;
use crate::report::methods::citation;
use crate::results::manifest::DATA_FOLDER;
use crate::results::{FileRecord, JOURNAL_NAME, MANIFEST_NAME, Manifest, OutputError};
use crate::scenario::tables::about::LICENCES;
use serde_json::{Value, json};

/// Name of the file.
pub(crate) const CRATE_NAME: &str = "ro-crate-metadata.json";

const CRATE: &str = "https://w3id.org/ro/crate/1.1";
const PROCESS: &str = "https://w3id.org/ro/wfrun/process/0.5";
const PROGRAM: &str = "#pairbond";
const ACTION: &str = "#run";
const NO_LICENSE: &str = "#license-not-stated";

/// RO-Crate asks for a date of publication. Where the scenario states none, this day stands in its place, before
/// which no version wrote bundles: nothing that a bundle describes was published earlier.
const NOT_BEFORE: &str = "2026-11-29";

/// The metadata. `hash` gives the SHA-256 hash of a file of the folder.
///
/// # Errors
/// Those of `hash`.
pub(crate) fn metadata(
    source: &BundleSource<'_>,
    hash: impl Fn(&str) -> Result<String, OutputError>,
) -> Result<Value, OutputError> {
    let manifest = source.manifest;
    let mut files = Vec::new();
    for file in &manifest.files {
        files.push(file_entity(source, file, &hash(&file.name)?));
    }
    let in_root = names(manifest, |name| !is_data(name));
    let mut graph = vec![
        json!({
            "@id": CRATE_NAME,
            "@type": "CreativeWork",
            "about": { "@id": "./" },
            "conformsTo": { "@id": CRATE },
        }),
        root(source, &in_root),
        action(source),
        program(&manifest.version),
        license(source),
        json!({
            "@id": PROCESS,
            "@type": "CreativeWork",
            "name": "Process Run Crate",
            "version": "0.5",
        }),
    ];
    let authors = source.about.authors.iter().enumerate();
    graph.extend(authors.map(|(place, author)| {
        json!({ "@id": author_id(source, place), "@type": "Person", "name": author.name })
    }));
    graph.extend(settings(manifest).map(|(id, name, value)| {
        json!({ "@id": id, "@type": "PropertyValue", "name": name, "value": value })
    }));
    graph.push(data_folder(manifest));
    graph.extend(files);
    graph.push(json!({
        "@id": MANIFEST_NAME,
        "@type": "File",
        "name": MANIFEST_NAME,
        "description": "What was asked, by which version, and the BLAKE3 hash of every file; `pairbond verify` reads it",
        "encodingFormat": "application/json",
    }));
    graph.extend(
        source
            .columns
            .iter()
            .filter(|it| it.table != "codebook")
            .map(|column| {
                let mut property = column.property(&column.described());
                property["@id"] = json!(column_id(&column.table, &column.name));
                property
            }),
    );
    Ok(json!({
        // The context of version 1.1 is of a schema.org that had no `sha256` yet.
        "@context": ["https://w3id.org/ro/crate/1.1/context", { "sha256": "http://schema.org/sha256" }],
        "@graph": graph,
    }))
}

fn reference(id: &str) -> Value {
    json!({ "@id": id })
}

/// A name as a part of an address.
fn encoded(name: &str) -> String {
    let mut text = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

fn is_data(name: &str) -> bool {
    name.contains('/')
}

fn column_id(table: &str, column: &str) -> String {
    format!("#{}/{}", encoded(table), encoded(column))
}

fn author_id(source: &BundleSource<'_>, place: usize) -> String {
    match &source.about.authors[place].orcid {
        Some(orcid) => orcid_url(orcid),
        None => format!("#author-{}", place + 1),
    }
}

fn license_id(source: &BundleSource<'_>) -> String {
    source
        .about
        .license
        .map_or_else(|| NO_LICENSE.to_owned(), license_url)
}

fn root(source: &BundleSource<'_>, files: &[Value]) -> Value {
    let mut parts = files.to_vec();
    parts.push(reference(MANIFEST_NAME));
    parts.push(reference(&format!("{DATA_FOLDER}/")));
    let mut description = source.description.clone();
    if source.about.date.is_none() {
        description.push_str(&format!(
            " (The date of publication is not stated; {NOT_BEFORE} is a day before which it cannot be.)"
        ));
    }
    let mut root = json!({
        "@id": "./",
        "@type": "Dataset",
        "name": source.title,
        "description": description,
        "datePublished": source.about.date.as_deref().unwrap_or(NOT_BEFORE),
        "license": reference(&license_id(source)),
        "keywords": KEYWORDS,
        "conformsTo": reference(PROCESS),
        "mentions": reference(ACTION),
        "hasPart": parts,
    });
    let authors = 0..source.about.authors.len();
    let authors: Vec<Value> = authors
        .map(|place| reference(&author_id(source, place)))
        .collect();
    if !authors.is_empty() {
        root["author"] = Value::from(authors);
    }
    root
}

fn names(manifest: &Manifest, keep: impl Fn(&str) -> bool) -> Vec<Value> {
    let files = manifest.files.iter().filter(|file| keep(&file.name));
    files.map(|file| reference(&encoded(&file.name))).collect()
}

/// What led to the results: program, files and settings that it read, and what it wrote.
fn action(source: &BundleSource<'_>) -> Value {
    let manifest = source.manifest;
    let mut read = names(manifest, is_input);
    read.extend(settings(manifest).map(|(id, _, _)| reference(&id)));
    let written = names(manifest, |name| !is_input(name) && !is_of_bundle(name));
    let mut action = json!({
        "@id": ACTION,
        "@type": "CreateAction",
        "name": format!("pairbond {}", manifest.kind.name()),
        "description": format!("The command {}", shell_command(&manifest.command)),
        "instrument": reference(PROGRAM),
        "object": read,
        "result": written,
        "actionStatus": "http://schema.org/CompletedActionStatus",
    });
    if !source.about.authors.is_empty() {
        action["agent"] = reference(&author_id(source, 0));
    }
    action
}

/// Whether a file of results is a copy of what was read.
fn is_input(name: &str) -> bool {
    ["scenario.toml", "calibration.toml"].contains(&name) || name.starts_with("attached_")
}

/// Seed and overrides: identifier, name and value.
fn settings(manifest: &Manifest) -> impl Iterator<Item = (String, String, String)> + '_ {
    let seed = (
        "#seed".to_owned(),
        "seed".to_owned(),
        manifest.seed.to_string(),
    );
    let overrides = manifest.overrides.iter().enumerate();
    let overrides = overrides.map(|(place, text)| {
        let (key, value) = text.split_once('=').unwrap_or((text, ""));
        let id = format!("#set-{}", place + 1);
        (id, key.trim().to_owned(), value.trim().to_owned())
    });
    std::iter::once(seed).chain(overrides)
}

fn program(version: &str) -> Value {
    json!({
        "@id": PROGRAM,
        "@type": "SoftwareApplication",
        "name": "pairbond",
        "description": citation("title"),
        "softwareVersion": version,
        "license": "MIT OR Apache-2.0",
    })
}

fn license(source: &BundleSource<'_>) -> Value {
    let id = license_id(source);
    let known = source.about.license.and_then(|own| {
        let found = LICENCES.iter().find(|(identifier, _)| *identifier == own);
        found.map(|(identifier, name)| (*name, format!("SPDX identifier {identifier}")))
    });
    let (name, description) = known.unwrap_or((
        "Licence not stated",
        "The authors have not stated under which licence these files may be used: ask them before you use the files"
            .to_owned(),
    ));
    json!({ "@id": id, "@type": "CreativeWork", "name": name, "description": description })
}

fn data_folder(manifest: &Manifest) -> Value {
    json!({
        "@id": format!("{DATA_FOLDER}/"),
        "@type": "Dataset",
        "name": "Tables as Psych-DS asks for them",
        "description": "The tables of the folder above as CSV, under the names that Psych-DS asks for",
        "hasPart": names(manifest, is_data),
    })
}

fn file_entity(source: &BundleSource<'_>, file: &FileRecord, hash: &str) -> Value {
    let manifest = source.manifest;
    let name = file.name.as_str();
    let mut entity = json!({
        "@id": encoded(name),
        "@type": "File",
        "name": name,
        "description": description(manifest, file),
        "encodingFormat": media_type(name),
        "contentSize": file.bytes.to_string(),
        "sha256": hash,
    });
    let (stem, _) = name.rsplit_once('.').unwrap_or((name, ""));
    let is_table = |table: &str| match is_data(name) {
        true => data_file_name(table) == name,
        false => file.rows.is_some() && stem == table,
    };
    if let Some(table) = source.tables().find(|table| is_table(table)) {
        let columns = source.columns.iter().filter(|column| column.table == table);
        let columns: Vec<Value> = columns
            .map(|column| reference(&column_id(table, &column.name)))
            .collect();
        entity["variableMeasured"] = Value::from(columns);
        if is_data(name) {
            let extension = manifest.table_format.extension();
            let own = format!("{table}.{extension}");
            let from = manifest.file(&own).map_or(format!("{table}.csv"), |_| own);
            entity["isBasedOn"] = reference(&encoded(&from));
        }
    }
    entity
}

/// What a file holds, as a sentence.
fn description(manifest: &Manifest, file: &FileRecord) -> String {
    let name = file.name.as_str();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    if let Some(text) = known_file(name) {
        return text.to_owned();
    }
    let table = manifest.tables.iter().find(|table| match is_data(name) {
        true => data_file_name(&table.name) == name,
        false => file.rows.is_some() && table.name == stem,
    });
    if let Some(table) = table {
        return format!("The table {}: a row is {}", table.name, table.row);
    }
    match extension {
        "svg" | "png" | "pdf" => match caption_of(stem) {
            Some(caption) => format!("Chart: {}", caption.heading),
            None => "Chart".to_owned(),
        },
        _ => format!("Results of pairbond {}", manifest.kind.name()),
    }
}

/// What a file of one name holds.
fn known_file(name: &str) -> Option<&'static str> {
    Some(match name {
        "codebook.csv" => "Every column of every table: unit, range, meaning",
        "scenario.toml" => "The scenario that was simulated",
        "calibration.toml" => "The calibration document: keys, priors and targets",
        REPORT_NAME => "The report: findings, charts, methods, limits; read it first",
        DESCRIPTION_NAME => "Description of the dataset for Psych-DS",
        PREREGISTRATION_NAME => "The plan of the study under the headings of ADEMP",
        JOURNAL_NAME => "The journal of all runs, from which `--reuse` takes them",
        _ if is_input(name) => "A file that the scenario names",
        _ => return None,
    })
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "csv" => "text/csv",
        "html" => "text/html",
        "json" => "application/json",
        "md" => "text/markdown",
        "parquet" => "application/vnd.apache.parquet",
        "pdf" => "application/pdf",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "toml" => "application/toml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_encoded_as_parts_of_an_address() {
        assert_eq!(encoded("attached_ä b#1.csv"), "attached_%C3%A4%20b%231.csv");
        assert_eq!(encoded("data/a_b-c~1.csv"), "data/a_b-c~1.csv");
    }
}
