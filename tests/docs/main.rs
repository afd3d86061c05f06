//! Compares docs/validation.md with what is published and found, and the version with the files
//! that name it.
//!
//! `PAIRBOND_BLESS=1 cargo test --test docs` renews the table of populations of docs/validation.md;
//! `.ci/run renew-validation` renews the others.

mod release;
mod validation;

use std::path::{Path, PathBuf};
use std::{env, fs};

/// The project's directory, from the environment so that a built test can be run on another tree.
fn root() -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
