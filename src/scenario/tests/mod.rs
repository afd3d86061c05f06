//! The whole reader: the corpus of bad files, the schema, the template, the reference, and
//! texts that nobody meant.

mod corpus;
mod mistypes;
mod pages;
mod properties;
mod schema;
mod sweep;

use std::path::{Path, PathBuf};

/// A path inside the project.
fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files of a folder with this ending, in the order of their names.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(project(folder)) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|own| own == ending))
        .collect();
    files.sort();
    files
}

/// Compares a text with a file, or writes the file where `PAIRBOND_BLESS` is set.
fn compare(path: &Path, text: &str) {
    if std::env::var_os("PAIRBOND_BLESS").is_some() {
        std::fs::write(path, text).expect("a writable file");
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        expected == text,
        "{} differs; PAIRBOND_BLESS=1 writes it anew. It should now be:\n{text}",
        path.display()
    );
}

/// The template with everything switched on but childhood, which excludes some of the traits.
fn full_template() -> String {
    switched_on(|table, _| !table.starts_with("childhood"))
}

/// The template with everything switched on but what childhood excludes.
fn full_template_with_childhood() -> String {
    switched_on(|table, line| {
        let own = ["anxiety =", "avoidance ="]
            .iter()
            .any(|key| line.starts_with(key));
        let pair = table == "correlations" && line.contains("anxiety");
        !(table.starts_with("traits") && own || pair)
    })
}

/// The lines of the template, switched on, that are to be kept: by their table and themselves.
fn switched_on(keep: impl Fn(&str, &str) -> bool) -> String {
    let on = |line: &str| match line.strip_prefix('#') {
        Some(rest) if !rest.is_empty() && !rest.starts_with(' ') => rest.to_owned(),
        _ => line.to_owned(),
    };
    let mut table = String::new();
    let mut text = String::new();
    for line in crate::scenario::template().lines().map(on) {
        if line.starts_with('[') {
            table = line.trim_matches(['[', ']']).to_owned();
        }
        if line.starts_with('#') || line.is_empty() || keep(&table, &line) {
            text += &(line + "\n");
        }
    }
    text
}
