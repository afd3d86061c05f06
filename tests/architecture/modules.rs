//! The table of modules in ARCHITECTURE.md, compared with the folders and files of `src`.

use super::tree::{files, read};
use std::collections::BTreeMap;

/// One row of the table.
pub(super) struct ModuleRow {
    pub(super) layer: u32,
    pub(super) may_import: Vec<String>,
}

/// The rows by name. A row names a top-level module (`stats`) or one file (`sweep/spec.rs`).
pub(super) fn rows() -> BTreeMap<String, ModuleRow> {
    let text = read("ARCHITECTURE.md");
    let mut rows: BTreeMap<String, ModuleRow> = BTreeMap::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [layer, name, _, imports] = cells[..] else {
            continue;
        };
        let Ok(layer) = layer.parse() else { continue };
        let may_import = match imports {
            "–" => Vec::new(),
            "all above" => rows.keys().cloned().collect(),
            names => names
                .split(", ")
                .map(|name| name.trim_matches('`').to_owned())
                .collect(),
        };
        let name = name.trim_matches('`').to_owned();
        let row = ModuleRow { layer, may_import };
        assert!(rows.insert(name, row).is_none(), "listed twice: {line}");
    }
    rows
}

/// The row that a file under `src` belongs to: its own, or that of its top-level module; none for the
/// roots of the library and the program.
pub(super) fn row_of(file: &str, rows: &BTreeMap<String, ModuleRow>) -> Option<String> {
    let path = file.strip_prefix("src/")?;
    if path == "lib.rs" || path == "main.rs" {
        return None;
    }
    if rows.contains_key(path) {
        return Some(path.to_owned());
    }
    let top = path.split('/').next()?;
    Some(top.strip_suffix(".rs").unwrap_or(top).to_owned())
}

#[test]
fn the_table_of_modules_is_read() {
    let rows = rows();
    assert!(rows.len() >= 20, "{} rows", rows.len());
    assert!(rows["table"].may_import.is_empty());
    assert!(rows["cli"].may_import.len() > 5);
}

#[test]
fn modules_import_from_lower_layers_only() {
    let rows = rows();
    for (name, row) in &rows {
        for below in &row.may_import {
            let layer = rows
                .get(below)
                .unwrap_or_else(|| panic!("{name}: no module {below}"))
                .layer;
            assert!(
                layer < row.layer,
                "{name} in layer {} may import {below}",
                row.layer
            );
        }
    }
}

#[test]
fn every_module_is_in_the_table_and_the_table_has_no_other() {
    let rows = rows();
    let mut seen = Vec::new();
    for file in files("src") {
        if let Some(row) = row_of(&file, &rows) {
            assert!(
                rows.contains_key(&row),
                "{file}: ARCHITECTURE.md has no module `{row}`"
            );
            seen.push(row);
        }
    }
    for name in rows.keys() {
        assert!(
            seen.contains(name),
            "ARCHITECTURE.md lists `{name}`, which does not exist"
        );
    }
}

#[test]
fn every_test_that_the_architecture_names_exists() {
    let text = read("ARCHITECTURE.md");
    let mut named = 0;
    for check in text.split('`').skip(1).step_by(2) {
        let Some((file, test)) = check
            .split_once("::")
            .filter(|(file, _)| file.ends_with(".rs"))
        else {
            continue;
        };
        assert!(
            read(file).contains(&format!("fn {test}(")),
            "ARCHITECTURE.md: {check}"
        );
        named += 1;
    }
    assert!(named > 10, "{named} tests are named");
}

#[test]
fn every_file_that_the_guides_name_exists() {
    let root = super::tree::root();
    for page in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = read(page);
        for name in text.split('`').skip(1).step_by(2) {
            let is_path = [
                "src/",
                "tests/",
                "docs/",
                "benches/",
                "scenarios/",
                "validation/",
            ]
            .iter()
            .any(|folder| name.starts_with(folder));
            let path = name.split("::").next().unwrap_or(name);
            if is_path && !path.contains(['*', '<', 'N', ' ']) {
                assert!(root.join(path).exists(), "{page}: {name}");
            }
        }
    }
}
