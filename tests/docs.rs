//! Compares the version with the files that name it.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// The project's directory, from the environment so that a built test can be run on another tree.
fn root() -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
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
