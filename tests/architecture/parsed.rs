//! The parsed source files: paths, type names and identifiers, with test code told apart.

use super::tree::{read, rust_files};
use proc_macro2::{Span, TokenStream, TokenTree};
use std::collections::BTreeMap;
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItem, Item, UseTree, Visibility};

/// A path as written, with the module that it is written in.
pub(super) struct FoundPath {
    pub(super) line: usize,
    /// Modules from the crate root down to the place.
    pub(super) module: Vec<String>,
    pub(super) segments: Vec<String>,
    pub(super) is_test: bool,
}

/// A name where it is defined or used.
pub(super) struct FoundName {
    pub(super) line: usize,
    pub(super) name: String,
    pub(super) is_test: bool,
}

/// One source file.
#[derive(Default)]
pub(super) struct ParsedFile {
    pub(super) name: String,
    pub(super) module: Vec<String>,
    /// Whether the whole file is compiled for tests only.
    pub(super) is_test: bool,
    pub(super) paths: Vec<FoundPath>,
    /// Names that `pub use` gives to paths.
    pub(super) reexports: BTreeMap<String, Vec<String>>,
    pub(super) types: Vec<FoundName>,
    pub(super) identifiers: Vec<FoundName>,
    pub(super) macros: Vec<FoundName>,
    /// Names of methods that are called.
    pub(super) calls: Vec<FoundName>,
    /// Items and methods that are `pub`, those in the body of a macro once.
    pub(super) public: Vec<FoundName>,
}

/// The module of a file under `src`.
pub(super) fn module_of(file: &str) -> Vec<String> {
    let path = file.trim_start_matches("src/").trim_end_matches(".rs");
    let parts = path.split('/').map(str::to_owned);
    parts
        .filter(|part| part != "mod" && part != "lib")
        .collect()
}

/// Every file under `src`, parsed. A module declared under `#[cfg(test)]` makes its files test files.
pub(super) fn source_files() -> Vec<ParsedFile> {
    let mut files: Vec<ParsedFile> = rust_files("src").iter().map(|file| parse(file)).collect();
    let test_modules: Vec<Vec<String>> = files
        .iter()
        .flat_map(|file| &file.types)
        .filter(|found| found.is_test && found.name.starts_with("mod "))
        .map(|found| found.name[4..].split("::").map(str::to_owned).collect())
        .collect();
    for file in &mut files {
        file.is_test = test_modules
            .iter()
            .any(|module| file.module.starts_with(module));
        file.types.retain(|found| !found.name.starts_with("mod "));
    }
    files
}

/// Parses one file.
pub(super) fn parse(name: &str) -> ParsedFile {
    let text = read(name);
    parse_text(name, &text)
}

fn parse_text(name: &str, text: &str) -> ParsedFile {
    let syntax = syn::parse_file(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let module = module_of(name);
    let mut walker = Walker {
        file: ParsedFile {
            name: name.to_owned(),
            module: module.clone(),
            ..ParsedFile::default()
        },
        module,
        tests: 0,
    };
    walker.visit_file(&syntax);
    walker.file
}

struct Walker {
    file: ParsedFile,
    module: Vec<String>,
    /// How many enclosing items are compiled for tests only.
    tests: usize,
}

impl Walker {
    fn path(&mut self, span: Span, segments: Vec<String>) {
        self.file.paths.push(FoundPath {
            line: span.start().line,
            module: self.module.clone(),
            segments,
            is_test: self.tests > 0,
        });
    }

    fn use_tree(&mut self, tree: &UseTree, before: &[String], is_public: bool) {
        let with = |name: String| [before, &[name]].concat();
        match tree {
            UseTree::Path(path) => {
                self.use_tree(&path.tree, &with(path.ident.to_string()), is_public);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.use_tree(tree, before, is_public);
                }
            }
            UseTree::Name(name) => self.used(
                name.ident.span(),
                with(name.ident.to_string()),
                None,
                is_public,
            ),
            UseTree::Rename(name) => {
                let alias = Some(name.rename.to_string());
                self.used(
                    name.ident.span(),
                    with(name.ident.to_string()),
                    alias,
                    is_public,
                );
            }
            UseTree::Glob(glob) => {
                self.used(glob.star_token.spans[0], before.to_vec(), None, false)
            }
        }
    }

    fn used(
        &mut self,
        span: Span,
        mut segments: Vec<String>,
        alias: Option<String>,
        is_public: bool,
    ) {
        if segments.last().is_some_and(|last| last == "self") {
            segments.pop();
        }
        if is_public && self.module == self.file.module {
            let name = alias.or(segments.last().cloned()).unwrap_or_default();
            self.file.reexports.insert(name, segments.clone());
        }
        self.path(span, segments);
    }

    /// Paths in the tokens of a macro call, which the parser leaves alone.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let colons = |at: usize| {
            let is_colon = |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(p)) if p.as_char() == ':');
            is_colon(tokens.get(at)) && is_colon(tokens.get(at + 1))
        };
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(ident) => {
                    self.identifier(ident);
                    if ident == "pub"
                        && let Some(name) = item_name(&tokens[at + 1..])
                    {
                        self.public(name);
                    }
                    let starts = ["crate", "super"].iter().any(|root| ident == root)
                        && !(at >= 2 && colons(at - 2));
                    if !starts {
                        continue;
                    }
                    let mut segments = vec![ident.to_string()];
                    let mut next = at + 1;
                    while colons(next) {
                        let Some(TokenTree::Ident(name)) = tokens.get(next + 2) else {
                            break;
                        };
                        segments.push(name.to_string());
                        next += 3;
                    }
                    self.path(ident.span(), segments);
                }
                _ => {}
            }
        }
    }

    fn public(&mut self, ident: &proc_macro2::Ident) {
        self.file.public.push(FoundName {
            line: ident.span().start().line,
            name: ident.to_string(),
            is_test: self.tests > 0,
        });
    }

    fn identifier(&mut self, ident: &proc_macro2::Ident) {
        self.file.identifiers.push(FoundName {
            line: ident.span().start().line,
            name: ident.to_string(),
            is_test: self.tests > 0,
        });
    }
}

/// The name of the item whose tokens follow `pub`; none for fields and for `pub(crate)`.
fn item_name(tokens: &[TokenTree]) -> Option<&proc_macro2::Ident> {
    let kinds = [
        "const", "enum", "fn", "static", "struct", "trait", "type", "unsafe",
    ];
    let mut is_item = false;
    for token in tokens {
        let TokenTree::Ident(ident) = token else {
            return None;
        };
        if !kinds.iter().any(|kind| ident == kind) {
            return is_item.then_some(ident);
        }
        is_item = true;
    }
    None
}

fn is_test_only(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let is_test = attribute.path().is_ident("test");
        let is_cfg_test = attribute.path().is_ident("cfg")
            && attribute
                .meta
                .require_list()
                .is_ok_and(|list| list.tokens.to_string() == "test");
        is_test || is_cfg_test
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(it) => &it.attrs,
        Item::Enum(it) => &it.attrs,
        Item::Fn(it) => &it.attrs,
        Item::Impl(it) => &it.attrs,
        Item::Macro(it) => &it.attrs,
        Item::Mod(it) => &it.attrs,
        Item::Static(it) => &it.attrs,
        Item::Struct(it) => &it.attrs,
        Item::Trait(it) => &it.attrs,
        Item::Type(it) => &it.attrs,
        Item::Use(it) => &it.attrs,
        _ => &[],
    }
}

impl<'ast> Visit<'ast> for Walker {
    fn visit_item(&mut self, item: &'ast Item) {
        let is_test = is_test_only(attributes(item));
        self.tests += usize::from(is_test);
        let defined = match item {
            Item::Struct(it) => Some(&it.ident),
            Item::Enum(it) => Some(&it.ident),
            Item::Union(it) => Some(&it.ident),
            Item::Trait(it) => Some(&it.ident),
            Item::Type(it) => Some(&it.ident),
            _ => None,
        };
        if let Some(ident) = defined {
            self.file.types.push(FoundName {
                line: ident.span().start().line,
                name: ident.to_string(),
                is_test: self.tests > 0,
            });
        }
        let visible = match item {
            Item::Const(it) => Some((&it.vis, &it.ident)),
            Item::Enum(it) => Some((&it.vis, &it.ident)),
            Item::Fn(it) => Some((&it.vis, &it.sig.ident)),
            Item::Static(it) => Some((&it.vis, &it.ident)),
            Item::Struct(it) => Some((&it.vis, &it.ident)),
            Item::Trait(it) => Some((&it.vis, &it.ident)),
            Item::Type(it) => Some((&it.vis, &it.ident)),
            _ => None,
        };
        if let Some((Visibility::Public(_), ident)) = visible {
            self.public(ident);
        }
        visit::visit_item(self, item);
        self.tests -= usize::from(is_test);
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let visible = match item {
            ImplItem::Const(it) => Some((&it.vis, &it.ident)),
            ImplItem::Fn(it) => Some((&it.vis, &it.sig.ident)),
            ImplItem::Type(it) => Some((&it.vis, &it.ident)),
            _ => None,
        };
        if let Some((Visibility::Public(_), ident)) = visible {
            self.public(ident);
        }
        visit::visit_impl_item(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(item.ident.to_string());
        if item.content.is_none() {
            self.file.types.push(FoundName {
                line: item.ident.span().start().line,
                name: format!("mod {}", self.module.join("::")),
                is_test: self.tests > 0,
            });
        }
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let is_public = !matches!(item.vis, Visibility::Inherited);
        self.use_tree(&item.tree, &[], is_public);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        if let Some(first) = path.segments.first() {
            self.path(first.ident.span(), segments);
        }
        visit::visit_path(self, path);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.file.calls.push(FoundName {
            line: call.method.span().start().line,
            name: call.method.to_string(),
            is_test: self.tests > 0,
        });
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        if let Some(last) = call.path.segments.last() {
            self.file.macros.push(FoundName {
                line: last.ident.span().start().line,
                name: last.ident.to_string(),
                is_test: self.tests > 0,
            });
        }
        visit::visit_macro(self, call);
        self.tokens(call.tokens.clone());
    }

    fn visit_ident(&mut self, ident: &'ast proc_macro2::Ident) {
        self.identifier(ident);
    }
}

#[test]
fn public_items_and_methods_are_found() {
    let text = "pub struct A { pub field: u8 }\npub(crate) fn f() {}\npub const fn g() {}\n\
        impl A { pub fn h(&self) {} fn i() {} pub const C: u8 = 0; }\n\
        macro_rules! m { () => { pub fn j() {} pub(crate) fn k() {} pub enum $E { pub x: u8 } } }\n\
        #[cfg(test)] mod tests { pub fn t() {} }";
    let file = parse_text("src/a.rs", text);
    let public: Vec<&str> = file
        .public
        .iter()
        .filter(|found| !found.is_test)
        .map(|found| found.name.as_str())
        .collect();
    assert_eq!(public, ["A", "g", "h", "C", "j"]);
}

#[test]
fn paths_types_and_tests_are_found() {
    let text = "pub use child::{A, B as C};\nuse crate::{x::Y, z};\nstruct S;\n\
        fn f() { vec![crate::w::V::new(), super::u::T] }\n\
        #[cfg(test)] mod tests { enum E {} use super::*; fn g() { crate::t::f() } }\n\
        #[cfg(test)]\nmod test_support;";
    let file = parse_text("src/a/b.rs", text);
    let paths: Vec<(String, bool)> = file
        .paths
        .iter()
        .map(|path| (path.segments.join("::"), path.is_test))
        .collect();
    for (path, is_test) in [
        ("crate::x::Y", false),
        ("crate::z", false),
        ("crate::w::V::new", false),
        ("super::u::T", false),
        ("crate::t::f", true),
    ] {
        assert!(
            paths.contains(&(path.to_owned(), is_test)),
            "{path}: {paths:?}"
        );
    }
    assert_eq!(file.reexports["C"], ["child", "B"]);
    let types: Vec<(&str, bool)> = file
        .types
        .iter()
        .map(|found| (found.name.as_str(), found.is_test))
        .collect();
    assert_eq!(
        types,
        [("S", false), ("E", true), ("mod a::b::test_support", true)]
    );
    assert_eq!(file.module, ["a", "b"]);
}
