//! How files may look.

use super::source::Source;
use super::tree::{files, read, root, rust_files, top_files};
use std::fs;

/// Files that may hold `unsafe`, each with the reason in a comment of its own.
const MAY_BE_UNSAFE: &[&str] = &[
    // Enters functions for the processor's own instructions, after asking for them.
    "src/simd/backend.rs",
    // One instruction an operation.
    "src/simd/x86/avx2.rs",
    "src/simd/x86/avx512.rs",
];
/// Files that may use hash maps or sets of the standard library: they never iterate over them.
const MAY_HASH: &[&str] = &[];
/// Where transcendental functions of the platform may be called.
const MAY_BE_TRANSCENDENTAL: &[&str] = &["src/math/functions/mod.rs", "src/chart/"];
/// Where the program speaks and may stop.
const MAY_SPEAK: &[&str] = &["src/cli/", "src/cli.rs", "src/main.rs"];

const MOST_LINES: usize = 500;
const USUAL_LINES: usize = 200;

fn sources() -> Vec<(String, Source)> {
    rust_files("src")
        .into_iter()
        .map(|file| (file.clone(), Source::new(read(&file))))
        .collect()
}

fn listed(file: &str, list: &[&str]) -> bool {
    list.iter()
        .any(|entry| file == *entry || (entry.ends_with('/') && file.starts_with(entry)))
}

/// Whether a whole file is compiled for tests only, by its name.
fn is_test_file(file: &str) -> bool {
    file.ends_with("/tests.rs") || file.ends_with("_tests.rs") || file.contains("/tests/")
}

fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Places outside the listed files at which one of the words stands.
fn places(words: &[&str], list: &[&str], tests_too: bool) -> Vec<String> {
    let mut faults = Vec::new();
    for (file, source) in sources() {
        if listed(&file, list) || (!tests_too && is_test_file(&file)) {
            continue;
        }
        for word in words {
            for at in source.words(word) {
                if tests_too || !source.is_test(at) {
                    faults.push(format!("{file}:{}: {word}", source.line(at)));
                }
            }
        }
    }
    faults
}

#[test]
fn no_file_is_long_and_most_are_short() {
    let mut sizes = Vec::new();
    let mut faults = Vec::new();
    for directory in ["src", "tests", "examples", "benches"] {
        for file in rust_files(directory) {
            let lines = read(&file).lines().count();
            if lines > MOST_LINES {
                faults.push(format!("{file}: {lines} lines"));
            }
            sizes.push(lines);
        }
    }
    sizes.sort_unstable();
    let median = sizes[sizes.len() / 2];
    println!(
        "{} files, median {median} lines, longest {:?}",
        sizes.len(),
        sizes.last()
    );
    none(faults);
    assert!(median <= USUAL_LINES, "the median file has {median} lines");
}

#[test]
fn the_library_neither_prints_nor_gives_up() {
    let words = [
        "unwrap()",
        "dbg!",
        "todo!",
        "unimplemented!",
        "println!",
        "print!",
        "eprintln!",
        "eprint!",
    ];
    none(places(&words, MAY_SPEAK, true));
}

#[test]
fn only_listed_files_are_unsafe() {
    none(places(&["unsafe"], MAY_BE_UNSAFE, true));
    for file in MAY_BE_UNSAFE {
        let source = Source::new(read(file));
        assert!(
            !source.words("unsafe").is_empty(),
            "{file} need not be listed"
        );
    }
}

#[test]
fn nothing_is_ordered_by_hashes() {
    none(places(
        &["HashMap", "HashSet", "RandomState"],
        MAY_HASH,
        true,
    ));
}

#[test]
fn transcendental_functions_come_from_one_place() {
    let names = [
        "exp", "exp2", "exp_m1", "ln", "ln_1p", "log", "log2", "log10", "powf", "powi", "sin",
        "cos", "tan", "sin_cos", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh",
        "acosh", "atanh", "cbrt", "hypot",
    ];
    // Fused for lanes alone, where that is how an operation is defined.
    none(places(&["mul_add"], &["src/simd/vector.rs"], true));
    let mut faults = Vec::new();
    for (file, source) in sources() {
        if listed(&file, MAY_BE_TRANSCENDENTAL) || is_test_file(&file) {
            continue;
        }
        for name in names {
            for at in source.words(name) {
                let method = source.code[..at].ends_with('.')
                    && source.code[at..].starts_with(&format!("{name}("));
                let function =
                    source.code[..at].ends_with("f64::") || source.code[..at].ends_with("f32::");
                if (method || function) && !source.is_test(at) {
                    faults.push(format!("{file}:{}: {name}", source.line(at)));
                }
            }
        }
    }
    none(faults);
}

#[test]
fn files_are_named_after_what_they_hold() {
    let idle = [
        "util", "utils", "helper", "helpers", "prelude", "common", "misc",
    ];
    let mut faults = Vec::new();
    for directory in ["src", "tests", "examples", "benches"] {
        for file in rust_files(directory) {
            let parts = file.trim_end_matches(".rs").split('/');
            if parts.into_iter().any(|part| idle.contains(&part)) {
                faults.push(file);
            }
        }
    }
    none(faults);
}

#[test]
fn nothing_names_what_lies_outside_the_project() {
    let outside = [concat!("..", "/shared"), concat!("/wo", "rk/")];
    let directories = [
        ".ci",
        ".github",
        "assets",
        "benches",
        "docs",
        "examples",
        "scenarios",
        "src",
        "tests",
        "validation",
    ];
    let mut names = top_files();
    names.extend(directories.iter().flat_map(|directory| files(directory)));
    assert!(names.iter().any(|name| name == "Cargo.toml"));
    let mut faults = Vec::new();
    for name in names {
        let bytes = fs::read(root().join(&name)).expect("a readable file");
        let text = String::from_utf8_lossy(&bytes);
        for path in outside.iter().filter(|path| text.contains(*path)) {
            faults.push(format!("{name}: {path}"));
        }
    }
    none(faults);
}
