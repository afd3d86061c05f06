//! Names: a type name stands for one thing, and identifiers use standard words.

use super::parsed::{parse, source_files};
use super::tree::rust_files;
use std::collections::BTreeMap;

#[test]
fn type_names_are_unique_in_the_crate() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in source_files().iter().filter(|file| !file.is_test) {
        for found in file.types.iter().filter(|found| !found.is_test) {
            let place = format!("{}:{}", file.name, found.line);
            places.entry(found.name.clone()).or_default().push(place);
        }
    }
    let twice: Vec<String> = places
        .iter()
        .filter(|(_, places)| places.len() > 1)
        .map(|(name, places)| format!("{name}: {}", places.join(", ")))
        .collect();
    assert!(twice.is_empty(), "\n{}", twice.join("\n"));
}

/// Private words of earlier versions and what stands in their place. They may not be a part of an
/// identifier (parts are separated by `_` or capitals).
const BANNED: &[(&str, &str)] = &[
    ("lived", "simulated"),
    ("lives", "simulates, lifetimes"),
    ("usual", "default"),
    ("fault", "error, diagnostic"),
    ("faults", "errors, diagnostics"),
    ("notice", "diagnostic"),
    ("chance", "rng"),
    ("realm", "stream kind"),
    ("momentum", "mood"),
    ("stories", "sample couples"),
    ("witness", "observer"),
    ("standing", "constants, exposure"),
    ("desk", "scratch, workspace"),
    ("octet", "block"),
    ("seats", "slots"),
    ("fieldwork", "survey"),
    ("harvest", "aggregate"),
    ("parted", "separated"),
    ("parting", "separation"),
    ("nobody", "none"),
    ("whoever", "any"),
    ("told", "reported"),
    ("asked", "requested"),
    ("redraw", "replot"),
    ("oddities", "lints"),
    ("slips", "syntax hints"),
    ("stray", "unknown key"),
    ("sheet", "spec"),
    ("specimens", "test support"),
    ("lettering", "text style"),
    ("ink", "style"),
    ("complain", "report"),
    ("room", "space"),
    ("world", "configuration"),
    ("begun", "started"),
    ("somebody", "any"),
    ("upheaval", "yearly shock"),
    ("abreast", "interleaved"),
    ("gallery", "test support"),
];

/// The parts of an identifier in lower case: `LivedDays` and `lived_days` both have `lived` and `days`.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut before_is_lower = false;
    for c in name.chars() {
        let starts_part = c == '_' || (c.is_uppercase() && before_is_lower);
        if starts_part {
            parts.push(String::new());
        }
        before_is_lower = c.is_lowercase() || c.is_ascii_digit();
        if c != '_'
            && let Some(part) = parts.last_mut()
        {
            part.extend(c.to_lowercase());
        }
    }
    parts
}

#[test]
fn identifiers_use_standard_words() {
    let mut errors = Vec::new();
    let others = ["benches", "examples", "tests"].map(rust_files).concat();
    let others = others.iter().map(|name| parse(name));
    for file in source_files().into_iter().chain(others) {
        for found in &file.identifiers {
            for part in parts(&found.name) {
                if let Some((word, instead)) = BANNED.iter().find(|(word, _)| *word == part) {
                    let (name, line) = (&found.name, found.line);
                    errors.push(format!(
                        "{}:{line}: `{name}` has `{word}`: use {instead}",
                        file.name
                    ));
                }
            }
        }
    }
    errors.dedup();
    assert!(errors.is_empty(), "\n{}", errors.join("\n"));
}

#[test]
fn identifiers_are_split_into_parts() {
    assert_eq!(parts("LivedDays"), ["lived", "days"]);
    assert_eq!(parts("couples_lived_2"), ["couples", "lived", "2"]);
    assert_eq!(parts("MOST_STORIES"), ["most", "stories"]);
}
