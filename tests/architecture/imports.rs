//! Who imports whom: every path in `src` that leaves its room, in code, tests and links of comments.

use super::rooms::{room_of, rooms};
use super::source::Source;
use super::tree::{read, rust_files};

/// The names that follow `crate::` at each place where it stands, with the place.
fn from_the_root(text: &str, path: &str) -> Vec<(usize, String)> {
    let mut names = Vec::new();
    for (at, _) in text.match_indices(path) {
        let before = text[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        names.extend(
            heads(&text[at + path.len()..])
                .into_iter()
                .map(|name| (at, name)),
        );
    }
    names
}

/// The first names of a path's rest: one, or one for each entry of a group in braces.
fn heads(rest: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let Some(group) = rest.strip_prefix('{') else {
        return vec![name(rest)];
    };
    let mut depth = 0_usize;
    let mut heads = vec![name(group)];
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => heads.push(name(&group[at + 1..])),
            _ => {}
        }
    }
    heads.retain(|head| !head.is_empty());
    heads
}

/// How many modules lie between a file's own module and the root, the file's own included.
fn depth(file: &str) -> usize {
    let path = file
        .strip_prefix("src/")
        .unwrap_or(file)
        .trim_end_matches(".rs");
    path.split('/')
        .filter(|part| !matches!(*part, "mod" | "lib"))
        .count()
}

/// The names that chains of `super::` reach at the root, with their places.
fn from_above(source: &Source, file: &str) -> Vec<(usize, String)> {
    let code = &source.code;
    let mut names = Vec::new();
    for at in source.words("super::") {
        if code[..at].ends_with("super::") || code[..at].ends_with("(in ") {
            continue;
        }
        let mut rest = &code[at..];
        let mut ups = 0;
        while let Some(after) = rest.strip_prefix("super::") {
            (rest, ups) = (after, ups + 1);
        }
        if ups >= depth(file) + inline_modules(code, at) {
            names.extend(heads(rest).into_iter().map(|name| (at, name)));
        }
    }
    names
}

/// How many modules written within the file are open at a position.
fn inline_modules(code: &str, at: usize) -> usize {
    let mut open = Vec::new();
    for (start, c) in code[..at].char_indices() {
        match c {
            '{' => {
                let head = code[..start].rsplit([';', '{', '}']).next().unwrap_or("");
                open.push(head.split_whitespace().any(|word| word == "mod"));
            }
            '}' => {
                open.pop();
            }
            _ => {}
        }
    }
    open.into_iter().filter(|is_module| *is_module).count()
}

#[test]
fn paths_are_found_in_all_their_forms() {
    let text = "use crate::model::{Rules, step};\nuse crate::{plan::Job, design};\n[`L`](crate::chart::L) $crate::x";
    let found: Vec<String> = from_the_root(text, "crate::")
        .into_iter()
        .map(|(_, n)| n)
        .collect();
    assert_eq!(found, ["model", "plan", "design", "chart"]);

    let text = "use super::a; use super::super::model::X; mod tests { use super::super::b; use super::super::super::plan; }";
    let source = Source::new(text.to_owned());
    let found: Vec<String> = from_above(&source, "src/design/grid.rs")
        .into_iter()
        .map(|(_, n)| n)
        .collect();
    assert_eq!(found, ["model", "plan"]);
}

#[test]
fn rooms_import_only_what_the_table_allows() {
    let rooms = rooms();
    let mut faults = Vec::new();
    for file in rust_files("src") {
        let Some(room) = room_of(&file) else { continue };
        let source = Source::new(read(&file));
        let mut paths = from_the_root(&source.text, "crate::");
        paths.extend(
            from_above(&source, &file)
                .into_iter()
                .filter(|(_, name)| rooms.contains_key(name)),
        );
        for (at, name) in paths {
            let allowed = name == room || rooms[room].may_import.contains(&name);
            if !allowed {
                faults.push(format!(
                    "{file}:{}: `{room}` imports `{name}`",
                    source.line(at)
                ));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_program_enters_by_the_command_line_alone() {
    let main = read("src/main.rs");
    for (_, name) in from_the_root(&main, "pairbond::") {
        assert_eq!(name, "cli");
    }
    assert!(main.lines().count() <= 20, "main.rs is a dozen lines");
}
