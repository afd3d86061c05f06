//! What source files may contain, and how they are named.

use super::parsed::{FoundName, ParsedFile, source_files};
use super::tree::{files, read, root, rust_files, top_files};
use std::fs;

/// Files that may contain `unsafe`; the reason is in the attribute that allows it.
const MAY_BE_UNSAFE: &[&str] = &[
    // Calls functions compiled for the processor's own instructions, after detecting them.
    "src/simd/backend.rs",
    // Asks the system what the program inherits, before `main` too.
    "src/cli/inherited.rs",
    // One instruction per operation.
    "src/simd/avx2.rs",
    "src/simd/avx512.rs",
    "src/simd/neon.rs",
];
/// Where transcendental functions of the platform may be called.
const MAY_BE_TRANSCENDENTAL: &[&str] = &[
    "src/math/functions/",
    "src/chart/",
    "src/run/charts/",
    "src/sweep/charts/",
    "src/validate/charts/",
    "src/calibrate/charts/",
    "src/claims/charts.rs",
];
/// Hidden parts of the library, for the program and for benchmarks.
const HIDDEN: &[&str] = &["src/bench/", "src/cli/", "src/internals.rs"];
/// The most public items and methods.
const MOST_PUBLIC: usize = 250;
/// Where the program prints.
const MAY_PRINT: &[&str] = &["src/cli/", "src/main.rs"];

fn listed(file: &str, list: &[&str]) -> bool {
    list.iter()
        .any(|entry| file == *entry || (entry.ends_with('/') && file.starts_with(entry)))
}

fn none(errors: Vec<String>) {
    assert!(errors.is_empty(), "\n{}", errors.join("\n"));
}

/// Places outside the listed files, and outside tests unless `tests_too`, where one of the names stands.
fn places(
    names: &[&str],
    list: &[&str],
    tests_too: bool,
    found_in: impl Fn(&ParsedFile) -> &[FoundName],
) -> Vec<String> {
    let mut errors = Vec::new();
    for file in source_files() {
        if listed(&file.name, list) || (file.is_test && !tests_too) {
            continue;
        }
        for found in found_in(&file) {
            if names.contains(&found.name.as_str()) && (tests_too || !found.is_test) {
                errors.push(format!("{}:{}: {}", file.name, found.line, found.name));
            }
        }
    }
    errors
}

#[test]
fn only_the_command_line_prints() {
    let macros = [
        "println",
        "print",
        "eprintln",
        "eprint",
        "dbg",
        "todo",
        "unimplemented",
    ];
    none(places(&macros, MAY_PRINT, false, |file| &file.macros));
}

/// Fields, variants and methods of traits come with their types. The lint `unreachable_pub` makes everything
/// that is `pub` a part of the API.
#[test]
fn the_public_api_is_small() {
    let mut public = Vec::new();
    for file in source_files() {
        if file.is_test || listed(&file.name, HIDDEN) {
            continue;
        }
        let found = file.public.iter().filter(|found| !found.is_test);
        public.extend(found.map(|it| format!("{}:{}: {}", file.name, it.line, it.name)));
    }
    let count = public.len();
    println!("{count} public items, at most {MOST_PUBLIC}");
    assert!(
        count <= MOST_PUBLIC,
        "{count} public items\n{}",
        public.join("\n")
    );
}

#[test]
fn only_listed_files_are_unsafe() {
    for file in rust_files("src") {
        let allows = read(&file).contains("unsafe_code");
        assert_eq!(allows, listed(&file, MAY_BE_UNSAFE), "{file}: unsafe code");
    }
}

#[test]
fn nothing_is_ordered_by_hashes() {
    none(places(
        &["HashMap", "HashSet", "RandomState"],
        &[],
        true,
        |file| &file.identifiers,
    ));
}

#[test]
fn transcendental_functions_come_from_one_place() {
    let names = [
        "exp", "exp2", "exp_m1", "ln", "ln_1p", "log", "log2", "log10", "powf", "powi", "sin",
        "cos", "tan", "sin_cos", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh",
        "acosh", "atanh", "cbrt", "hypot",
    ];
    let mut errors = places(&names, MAY_BE_TRANSCENDENTAL, false, |file| &file.calls);
    for file in source_files() {
        if file.is_test || listed(&file.name, MAY_BE_TRANSCENDENTAL) {
            continue;
        }
        for path in file.paths.iter().filter(|path| !path.is_test) {
            if let [kind, name] = &path.segments[..]
                && ["f64", "f32"].contains(&kind.as_str())
                && names.contains(&name.as_str())
            {
                errors.push(format!("{}:{}: {kind}::{name}", file.name, path.line));
            }
        }
    }
    none(errors);
}

#[test]
fn files_are_named_after_what_they_hold() {
    let vague = [
        "util", "utils", "helper", "helpers", "prelude", "common", "misc",
    ];
    let folders = ["src", "tests", "examples", "benches"];
    let all = folders.iter().flat_map(|folder| rust_files(folder));
    none(
        all.filter(|file| {
            let mut parts = file.trim_end_matches(".rs").split('/');
            parts.any(|part| vague.contains(&part))
        })
        .collect(),
    );
}

#[test]
fn a_module_in_a_folder_is_its_mod_file() {
    for file in rust_files("src") {
        let folder = file.trim_end_matches(".rs");
        assert!(
            !root().join(folder).is_dir(),
            "{file}: move it to {folder}/mod.rs"
        );
        assert!(!read(&file).contains("#[path"), "{file}: `#[path]`");
    }
}

#[test]
fn nothing_names_what_lies_outside_the_project() {
    let outside = [concat!("..", "/shared"), concat!("/wo", "rk/")];
    let folders = [
        ".ci",
        ".github",
        "benches",
        "docs",
        "examples",
        "licenses",
        "scenarios",
        "src",
        "tests",
        "validation",
    ];
    let mut names = top_files();
    names.extend(folders.iter().flat_map(|folder| files(folder)));
    assert!(names.iter().any(|name| name == "Cargo.toml"));
    let mut errors = Vec::new();
    for name in names {
        let bytes = fs::read(root().join(&name)).expect("a readable file");
        let text = String::from_utf8_lossy(&bytes);
        for path in outside.iter().filter(|path| text.contains(*path)) {
            errors.push(format!("{name}: {path}"));
        }
    }
    none(errors);
}
