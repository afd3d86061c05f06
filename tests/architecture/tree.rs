//! The files of the project.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// The project's directory, from the environment so that a built test can be run on another tree.
pub(super) fn root() -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from)
}

/// The text of a file named from the project's directory.
pub(super) fn read(name: &str) -> String {
    let path = root().join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names, from the project's directory, of all files under one of its directories, in order.
pub(super) fn files(directory: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root().join(directory)) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable entry").path())
        .collect();
    paths.sort();
    let name = |path: &Path| {
        let file = path
            .file_name()
            .expect("an entry has a name")
            .to_string_lossy();
        if directory.is_empty() {
            file.into_owned()
        } else {
            format!("{directory}/{file}")
        }
    };
    let mut names = Vec::new();
    for path in paths {
        if path.is_dir() {
            names.extend(files(&name(&path)));
        } else {
            names.push(name(&path));
        }
    }
    names
}

/// The Rust files under a directory.
pub(super) fn rust_files(directory: &str) -> Vec<String> {
    files(directory)
        .into_iter()
        .filter(|name| name.ends_with(".rs"))
        .collect()
}

/// The files at the top of the project.
pub(super) fn top_files() -> Vec<String> {
    let entries = fs::read_dir(root()).expect("the project's directory");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("a readable entry"))
        .filter(|entry| entry.path().is_file() && entry.file_name() != ".git")
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
