//! Compares docs/model.md, the specification, with this implementation.
//!
//! `PAIRBOND_BLESS=1 cargo test --lib model::tests::specification` renews the tables of docs/model.md.

mod childhood;
mod citations;
mod symbols;
mod tables;
mod transcript;

use std::path::{Path, PathBuf};
use std::{env, fs};

/// The project's directory, from the environment so that a built test can run on another tree.
fn root() -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn specification() -> String {
    read(&root().join("docs/model.md"))
}

/// Every Rust file under a directory, in the order of names.
fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable entry").path())
        .collect();
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}
