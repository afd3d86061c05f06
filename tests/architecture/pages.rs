//! Pages: the guide lists every page, and links lead to files and headings that exist.

use super::tree::{files, read, root, top_files};
use std::collections::BTreeSet;

/// Links `[…](…)` of a page outside of code, and addresses of its pictures.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        fenced ^= line.trim_start().starts_with("```");
        if fenced {
            continue;
        }
        // Of the parts between backticks every second one is code.
        let words: Vec<&str> = line.split('`').step_by(2).collect();
        let words = words.join("");
        for (begin, end) in [("](", ')'), ("src=\"", '"')] {
            for part in words.split(begin).skip(1) {
                let address = part.split(end).next().unwrap_or_default();
                found.push(address.to_owned());
            }
        }
    }
    found
}

/// The addresses of a page's headings, as GitHub and mdBook form them.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut fenced = false;
    let mut found = BTreeSet::new();
    for line in text.lines() {
        fenced ^= line.starts_with("```");
        if fenced || !line.starts_with('#') {
            continue;
        }
        let letters = line.trim_start_matches('#').trim().to_lowercase();
        let kept = letters.chars().filter_map(|letter| match letter {
            ' ' => Some('-'),
            _ if letter.is_alphanumeric() || "-_".contains(letter) => Some(letter),
            _ => None,
        });
        found.insert(kept.collect());
    }
    found
}

/// A path without `.` and `..`.
fn resolved(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

fn pages() -> Vec<String> {
    let folders = [
        "docs",
        "scenarios",
        "validation",
        "tests",
        "benches",
        "python",
        "examples",
    ];
    let mut pages = top_files();
    pages.extend(folders.iter().flat_map(|folder| files(folder)));
    pages.retain(|file| file.ends_with(".md"));
    pages
}

#[test]
fn links_of_pages_lead_to_files_and_headings() {
    let mut errors = Vec::new();
    for page in pages() {
        let text = read(&page);
        let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in links(&text) {
            if link.contains(':') {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = match path {
                "" => page.clone(),
                _ => resolved(folder, path),
            };
            if !root().join(&target).exists() {
                errors.push(format!("{page}: no file for `{link}`"));
            } else if !anchor.is_empty() && !anchors(&read(&target)).contains(anchor) {
                errors.push(format!("{page}: {target} has no heading for `{link}`"));
            }
        }
    }
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

#[test]
fn the_guide_lists_every_page_of_docs() {
    let summary = read("docs/SUMMARY.md");
    let listed: Vec<String> = links(&summary)
        .into_iter()
        .map(|link| format!("docs/{link}"))
        .collect();
    for page in &listed {
        let times = listed.iter().filter(|other| *other == page).count();
        assert_eq!(times, 1, "docs/SUMMARY.md lists {page}");
    }
    let mut pages = files("docs");
    pages.retain(|file| file.ends_with(".md") && file != "docs/SUMMARY.md");
    let listed: BTreeSet<String> = listed.into_iter().collect();
    let pages: BTreeSet<String> = pages.into_iter().collect();
    let missing: Vec<&String> = pages.difference(&listed).collect();
    assert!(
        missing.is_empty(),
        "docs/SUMMARY.md has no line for {missing:?}"
    );
    let gone: Vec<&String> = listed.difference(&pages).collect();
    assert!(gone.is_empty(), "docs/SUMMARY.md has lines for {gone:?}");
}

#[test]
fn links_and_headings_are_read_from_markdown() {
    let text = "# `[run]`, a table\n[a](b.md#c) `[no](x)` ![d](e.png)\n```\n[no](y)\n# no\n```\n";
    assert_eq!(links(text), ["b.md#c", "e.png"]);
    assert_eq!(
        anchors(text).into_iter().collect::<Vec<_>>(),
        ["run-a-table"]
    );
    assert_eq!(resolved("docs/decisions", "../model.md"), "docs/model.md");
}
