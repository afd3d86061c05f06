//! Which file imports which, in code that is not test code.

use super::modules::{row_of, rows};
use super::parsed::{FoundPath, ParsedFile, module_of, parse, source_files};
use super::tree::read;
use std::collections::{BTreeMap, BTreeSet};

/// The modules of the crate by path.
struct Crate {
    files: Vec<ParsedFile>,
    by_module: BTreeMap<Vec<String>, usize>,
}

impl Crate {
    fn read() -> Crate {
        let files = source_files();
        let modules = files
            .iter()
            .enumerate()
            .filter(|(_, file)| file.name != "src/main.rs");
        let by_module = modules
            .map(|(at, file)| (file.module.clone(), at))
            .collect();
        Crate { files, by_module }
    }

    /// A path from the crate root, or none for a path that leaves the crate.
    fn from_root(&self, path: &FoundPath) -> Option<Vec<String>> {
        let (first, rest) = path.segments.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([&path.module[..], rest].concat()),
            "super" => {
                let ups = path
                    .segments
                    .iter()
                    .take_while(|name| *name == "super")
                    .count();
                let above = path.module.len().checked_sub(ups)?;
                Some([&path.module[..above], &path.segments[ups..]].concat())
            }
            _ => {
                let child = [&path.module[..], std::slice::from_ref(first)].concat();
                let is_child = self.by_module.contains_key(&child);
                is_child.then(|| [&path.module[..], &path.segments[..]].concat())
            }
        }
    }

    /// The file in which the item of a path is defined, following re-exports.
    fn file_of(&self, mut path: Vec<String>) -> Option<usize> {
        for _ in 0..8 {
            let length = (0..=path.len())
                .rev()
                .find(|n| self.by_module.contains_key(&path[..*n]))?;
            let at = self.by_module[&path[..length]];
            let file = &self.files[at];
            let target = path
                .get(length)
                .and_then(|name| file.reexports.get(name))
                .and_then(|to| {
                    let found = FoundPath {
                        line: 0,
                        module: file.module.clone(),
                        segments: to.clone(),
                        is_test: false,
                    };
                    self.from_root(&found)
                });
            match target {
                Some(target) if target != path => {
                    path = [target, path[length + 1..].to_vec()].concat();
                }
                _ => return Some(at),
            }
        }
        None
    }

    /// Imports of one file: line, and the file imported.
    fn imports(&self, file: &ParsedFile) -> Vec<(usize, usize)> {
        let mut imports = Vec::new();
        for path in file.paths.iter().filter(|path| !path.is_test) {
            if let Some(to) = self.from_root(path).and_then(|path| self.file_of(path))
                && self.files[to].name != file.name
            {
                imports.push((path.line, to));
            }
        }
        imports
    }
}

#[test]
fn modules_import_only_what_the_table_allows() {
    let (source, rows) = (Crate::read(), rows());
    let mut errors = BTreeSet::new();
    for file in source.files.iter().filter(|file| !file.is_test) {
        let Some(from) = row_of(&file.name, &rows) else {
            continue;
        };
        for (line, to) in source.imports(file) {
            let Some(to) = row_of(&source.files[to].name, &rows) else {
                continue;
            };
            if to != from && !rows[&from].may_import.contains(&to) {
                errors.insert(format!("{}:{line}: `{from}` imports `{to}`", file.name));
            }
        }
    }
    let errors: Vec<String> = errors.into_iter().collect();
    assert!(errors.is_empty(), "\n{}", errors.join("\n"));
}

#[test]
fn no_files_import_each_other_in_a_cycle() {
    let source = Crate::read();
    let edges: Vec<BTreeSet<usize>> = source
        .files
        .iter()
        .map(|file| match file.is_test || file.name == "src/main.rs" {
            true => BTreeSet::new(),
            false => source.imports(file).into_iter().map(|(_, to)| to).collect(),
        })
        .map(|mut edges: BTreeSet<usize>| {
            // Re-exports in a parent and declarations of children are no imports.
            edges.retain(|to| !source.files[*to].is_test);
            edges
        })
        .collect();
    let edges: Vec<BTreeSet<usize>> = edges
        .iter()
        .enumerate()
        .map(|(at, to)| {
            to.iter()
                .copied()
                .filter(|to| !is_reexport(&source, at, *to))
                .collect()
        })
        .collect();
    let cycles: Vec<String> = components(&edges)
        .into_iter()
        .filter(|group| group.len() > 1)
        .map(|group| {
            group
                .iter()
                .map(|at| source.files[*at].name.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        })
        .collect();
    assert!(cycles.is_empty(), "\n{}", cycles.join("\n"));
}

/// Whether a file only re-exports from another one below it.
fn is_reexport(source: &Crate, at: usize, to: usize) -> bool {
    let (file, target) = (&source.files[at], &source.files[to]);
    let is_child =
        target.module.starts_with(&file.module) && target.module.len() > file.module.len();
    let public: BTreeSet<&Vec<String>> = file.reexports.values().collect();
    is_child
        && file.paths.iter().filter(|path| !path.is_test).all(|path| {
            public.contains(&path.segments)
                || source.from_root(path).and_then(|path| source.file_of(path)) != Some(to)
        })
}

/// Strongly connected groups (Tarjan 1972).
fn components(edges: &[BTreeSet<usize>]) -> Vec<Vec<usize>> {
    struct Search<'a> {
        edges: &'a [BTreeSet<usize>],
        order: Vec<Option<usize>>,
        low: Vec<usize>,
        stack: Vec<usize>,
        next: usize,
        groups: Vec<Vec<usize>>,
    }
    fn visit(search: &mut Search<'_>, at: usize) {
        search.order[at] = Some(search.next);
        search.low[at] = search.next;
        search.next += 1;
        search.stack.push(at);
        let edges = search.edges;
        for to in &edges[at] {
            match search.order[*to] {
                None => {
                    visit(search, *to);
                    search.low[at] = search.low[at].min(search.low[*to]);
                }
                Some(order) if search.stack.contains(to) => {
                    search.low[at] = search.low[at].min(order);
                }
                Some(_) => {}
            }
        }
        if Some(search.low[at]) == search.order[at] {
            let from = search
                .stack
                .iter()
                .position(|other| *other == at)
                .unwrap_or(0);
            let mut group = search.stack.split_off(from);
            group.sort_unstable();
            search.groups.push(group);
        }
    }
    let mut search = Search {
        edges,
        order: vec![None; edges.len()],
        low: vec![0; edges.len()],
        stack: Vec::new(),
        next: 0,
        groups: Vec::new(),
    };
    for at in 0..edges.len() {
        if search.order[at].is_none() {
            visit(&mut search, at);
        }
    }
    search.groups
}

#[test]
fn cycles_are_found() {
    let edges = [vec![1], vec![2], vec![1], vec![0]].map(BTreeSet::from_iter);
    let groups = components(&edges);
    assert!(groups.contains(&vec![1, 2]));
    assert_eq!(groups.iter().filter(|group| group.len() > 1).count(), 1);
}

#[test]
fn modules_are_named_after_their_files() {
    assert_eq!(module_of("src/lib.rs"), Vec::<String>::new());
    assert_eq!(module_of("src/rng.rs"), ["rng"]);
    assert_eq!(
        module_of("src/stats/survival/mod.rs"),
        ["stats", "survival"]
    );
}

#[test]
fn the_program_is_the_command_line_alone() {
    let main = parse("src/main.rs");
    for path in main
        .paths
        .iter()
        .filter(|path| path.segments[0] == "pairbond")
    {
        assert_eq!(path.segments[1], "cli");
    }
    assert!(
        read("src/main.rs").lines().count() <= 20,
        "main.rs is longer than a dozen lines"
    );
}
