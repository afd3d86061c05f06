//! Every equation and reference that is cited exists, and every one that exists is cited.

use super::{read, root, rust_files, specification};
use crate::childhood::UPBRINGING;
use crate::model::parameters::PARAMETERS;
use crate::model::types::{CONTACT, INVESTMENT, STATES, TRAITS};
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

/// A source text with its comments joined to one line, so that no citation is broken.
fn unwrapped(text: &str) -> String {
    let lines = text.lines().map(str::trim_start);
    let lines = lines.map(|line| line.trim_start_matches(['/', '!']).trim_start());
    lines.collect::<Vec<_>>().join(" ")
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
    let broken = "    /// As in (Eq.\n    /// 12; X 1990).\n";
    assert_eq!(cited(&unwrapped(broken)), BTreeSet::from([12]));
}

#[test]
fn equations_are_numbered_from_1_without_gap_each_once() {
    let numbers = defined(&specification());
    assert_eq!(numbers, (1..=numbers.len() as u32).collect::<Vec<_>>());
}

#[test]
fn the_model_cites_exactly_the_equations_that_are_defined() {
    let mut all = BTreeSet::new();
    for folder in ["src/model", "src/childhood"] {
        for file in rust_files(&root().join(folder)) {
            if !file.components().any(|part| part.as_os_str() == "tests") {
                all.extend(cited(&unwrapped(&read(&file))));
            }
        }
    }
    assert_eq!(all, BTreeSet::from_iter(defined(&specification())));
}

#[test]
fn every_equation_cited_anywhere_is_defined() {
    let numbers = BTreeSet::from_iter(defined(&specification()));
    for file in rust_files(&root().join("src")) {
        if file.ends_with("tests/specification/citations.rs") {
            continue;
        }
        let unknown: Vec<u32> = cited(&unwrapped(&read(&file)))
            .difference(&numbers)
            .copied()
            .collect();
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
    let model = PARAMETERS.iter().chain(TRAITS).chain(STATES).chain(&couple);
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
