//! Equations, references and versions: what is cited exists, and what exists is cited.

use super::{read, root, rust_files, specification};
use pairbond::childhood::UPBRINGING;
use pairbond::model::parameters::TABLE;
use pairbond::model::partner::{CONTACT, INVESTMENT, STATES, TRAITS};
use std::collections::BTreeSet;

/// The numbers that a text cites, as in "Eq. 7", "Eqs 8 and 10" or "Eqs 17–19, 21".
fn cited(text: &str) -> BTreeSet<u32> {
    let mut numbers = BTreeSet::new();
    for (at, opening) in text.match_indices("Eq") {
        let mut rest = &text[at + opening.len()..];
        rest = rest.strip_prefix('s').unwrap_or(rest);
        rest = rest.strip_prefix('.').unwrap_or(rest);
        let Some(mut rest) = rest.strip_prefix(' ') else {
            continue;
        };
        let mut range_from: Option<u32> = None;
        loop {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let Ok(number) = rest[..digits].parse::<u32>() else {
                break;
            };
            numbers.extend(range_from.unwrap_or(number)..=number);
            rest = &rest[digits..];
            let joint = [" and ", ", ", "–"]
                .into_iter()
                .find(|joint| rest.starts_with(joint));
            let Some(joint) = joint else { break };
            range_from = (joint == "–").then_some(number);
            rest = &rest[joint.len()..];
        }
    }
    numbers
}

/// The numbers of the equations, in the order in which they are defined.
fn defined(text: &str) -> Vec<u32> {
    text.match_indices(r"\tag{")
        .map(|(at, tag)| {
            let rest = &text[at + tag.len()..];
            let end = rest.find('}').expect("a closed tag");
            rest[..end].parse().expect("a tag is a number")
        })
        .collect()
}

#[test]
fn citations_are_found_in_all_their_forms() {
    let text = "(Eq. 7; X 1990) (Eqs 8 and 10) (Eqs 17–19, 21) Equal 5";
    assert_eq!(cited(text), BTreeSet::from([7, 8, 10, 17, 18, 19, 21]));
}

#[test]
fn equations_are_numbered_from_1_without_gap_each_once() {
    let numbers = defined(&specification());
    assert_eq!(numbers, (1..=numbers.len() as u32).collect::<Vec<_>>());
}

#[test]
fn the_model_cites_exactly_the_equations_that_are_defined() {
    let mut all = BTreeSet::new();
    for room in ["src/model", "src/population"] {
        for file in rust_files(&root().join(room)) {
            all.extend(cited(&read(&file)));
        }
    }
    assert_eq!(all, BTreeSet::from_iter(defined(&specification())));
}

#[test]
fn no_other_room_cites_an_equation_that_is_not_there() {
    let numbers = BTreeSet::from_iter(defined(&specification()));
    for file in rust_files(&root().join("src")) {
        let unknown: Vec<u32> = cited(&read(&file)).difference(&numbers).copied().collect();
        assert!(
            unknown.is_empty(),
            "{} cites equations {unknown:?}",
            file.display()
        );
    }
}

#[test]
fn every_source_of_a_number_is_in_the_list_of_references() {
    let text = specification();
    let couple = [CONTACT, INVESTMENT];
    let model = TABLE.iter().chain(TRAITS).chain(STATES).chain(&couple);
    for line in model.chain(UPBRINGING) {
        let found = match line.source {
            "model convention" | "seed essay" => text.contains(&format!("\"{}\"", line.source)),
            source => text.contains(&format!("\n- **{source}.** ")),
        };
        assert!(found, "{}: {}", line.key, line.source);
    }
}

#[test]
fn references_stand_in_the_order_of_the_alphabet_and_say_how_they_are_known() {
    let text = specification();
    let (_, list) = text
        .split_once("## References")
        .expect("a list of references");
    let entries: Vec<&str> = list.split("\n- **").skip(1).collect();
    let letters = |entry: &&str| -> Vec<String> {
        entry
            .split_whitespace()
            .map(|word| word.to_lowercase().replace([',', '&'], ""))
            .filter(|word| !word.is_empty())
            .collect()
    };
    assert!(entries.len() > 30 && entries.is_sorted_by_key(letters));
    for entry in entries {
        let known = ["seen", "Seen", "Memory", "memory", "computed", "Read"];
        assert!(known.iter().any(|word| entry.contains(word)), "{entry}");
    }
}

#[test]
fn the_citation_file_names_the_crates_version() {
    let text = read(&root().join("CITATION.cff"));
    assert!(text.starts_with("cff-version: 1.2.0\n"));
    assert!(text.contains(&format!("\nversion: {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn the_changelog_has_a_heading_results_for_every_version() {
    let text = read(&root().join("CHANGELOG.md"));
    let versions: Vec<&str> = text.split("\n## ").skip(1).collect();
    assert!(versions[0].starts_with(concat!("[", env!("CARGO_PKG_VERSION"), "]")));
    for version in versions {
        assert!(
            version.contains("\n### Results\n"),
            "{}",
            version.lines().next().unwrap_or("")
        );
    }
}
