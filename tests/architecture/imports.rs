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
    fn rooted(&self, path: &FoundPath) -> Option<Vec<String>> {
        let (first, rest) = path.segments.split_first()?;
        if rest.is_empty() && first == "crate" {
            // The visibility `pub(crate)`.
            return None;
        }
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
                    self.rooted(&found)
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

    /// Whether one file is the module that another one lies in, directly or further up.
    fn is_parent(&self, parent: usize, child: usize) -> bool {
        let (parent, child) = (&self.files[parent].module, &self.files[child].module);
        child.len() > parent.len() && child.starts_with(parent)
    }

    /// Imports of one file: line, and the file imported.
    fn imports(&self, file: &ParsedFile) -> Vec<(usize, usize)> {
        let mut imports = Vec::new();
        for path in file.paths.iter().filter(|path| !path.is_test) {
            if let Some(to) = self.rooted(path).and_then(|path| self.file_of(path))
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
        .map(|file| {
            match file.is_test || ["src/main.rs", "src/lib.rs"].contains(&file.name.as_str()) {
                true => BTreeSet::new(),
                false => source.imports(file).into_iter().map(|(_, to)| to).collect(),
            }
        })
        .collect();
    // A parent may use and re-export its children, which use what the parent holds for all of them.
    let edges: Vec<BTreeSet<usize>> = edges
        .iter()
        .enumerate()
        .map(|(from, to)| {
            to.iter()
                .copied()
                .filter(|to| !source.is_parent(from, *to))
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
