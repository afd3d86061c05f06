//! Holds the figures in pages and in comments of scenarios to the program.
//!
//! `scenarios.toml` and `pages.toml` here list them by page: the commands that give them, and for each figure
//! a phrase of the page, with `{}` in its place, and the statistic (`statistic.rs`). The page has the number of
//! decimals, and whether the interval is given. In a phrase, `#` stands for any other figure, and other numbers
//! for the figure's conditions. `given` lists phrases with numbers that the program does not give, with the
//! reason. A number that is in neither list fails a test.
//!
//! Output of commands in the guide is compared as a whole (`transcript.rs`).
//!
//! `PAIRBOND_BLESS=1 .ci/run figures` writes the program's figures into the pages, and lists the sentences in
//! which one moved: they have to be read again.

mod page;
mod statistic;
mod table;
mod transcript;

use page::Page;
use statistic::Statistic;
use std::collections::{BTreeMap, BTreeSet};
use std::{env, fs};
use table::{Source, project};

/// The figures of a page.
struct Figures {
    path: String,
    /// Commands by their names in statistics.
    commands: BTreeMap<String, String>,
    /// Statistics by phrases.
    figures: BTreeMap<String, Statistic>,
    /// Phrases with numbers that are no figures, with the reason.
    given: BTreeMap<String, String>,
}

fn table(values: &toml::Table, name: &str) -> BTreeMap<String, String> {
    let table = values.get(name).and_then(toml::Value::as_table);
    let text = |value: &toml::Value| value.as_str().expect("a text").to_owned();
    let entries = table.into_iter().flatten();
    entries
        .map(|(key, value)| (key.clone(), text(value)))
        .collect()
}

fn pages() -> Vec<Figures> {
    let mut pages = Vec::new();
    for list in ["scenarios.toml", "pages.toml"] {
        let text = fs::read_to_string(project("tests/figures").join(list)).expect("a list");
        let list: toml::Table = text.parse().unwrap_or_else(|e| panic!("{list}: {e}"));
        for (path, own) in &list {
            let own = own.as_table().expect("a table of a page");
            let mut commands = table(own, "commands");
            if path.ends_with(".toml") {
                commands
                    .entry(String::new())
                    .or_insert(format!("run {path}"));
                commands
                    .entry("sweep".to_owned())
                    .or_insert(format!("sweep {path}"));
                commands.entry("file".to_owned()).or_insert(path.clone());
            }
            commands
                .entry("published".to_owned())
                .or_insert("docs/validation.md".to_owned());
            let figures = table(own, "figures").into_iter();
            pages.push(Figures {
                path: path.clone(),
                commands,
                figures: figures
                    .map(|(phrase, it)| (phrase, Statistic::parse(&it)))
                    .collect(),
                given: table(own, "given"),
            });
        }
    }
    pages
}

impl Figures {
    fn command(&self, name: &str) -> &str {
        let found = self.commands.get(name);
        found.unwrap_or_else(|| panic!("{}: no command `{name}`", self.path))
    }

    fn page(&self) -> Page {
        Page::read(&project(&self.path))
    }
}

#[test]
#[ignore = "simulates all scenarios in full length: stage `figures` of .ci/run"]
fn pages_and_scenarios_have_the_figures_that_the_program_gives() {
    let bless = env::var_os("PAIRBOND_BLESS").is_some();
    let mut sources: BTreeMap<String, Source> = BTreeMap::new();
    let mut errors = Vec::new();
    // Changes by page and sentence.
    let mut moved: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for own in pages() {
        let page = own.page();
        let mut renewed = Vec::new();
        for (phrase, statistic) in &own.figures {
            for term in &statistic.terms {
                let command = own.command(&term.source);
                if !sources.contains_key(command) {
                    sources.insert(command.to_owned(), Source::of(command));
                }
            }
            let figure = page.find(phrase).and_then(|place| {
                let found = statistic.value(|name| &sources[own.command(name)])?;
                let new = page::written(&page.text()[place.clone()], found.value, found.interval)?;
                Ok((place, new))
            });
            let (place, new) = match figure {
                Ok(figure) => figure,
                Err(error) => {
                    errors.push(format!("{}: `{phrase}`: {error}", own.path));
                    continue;
                }
            };
            let old = &page.text()[place.clone()];
            if old != new {
                let sentence = format!("{}: {}", own.path, page.sentence(&place));
                moved
                    .entry(sentence)
                    .or_default()
                    .push(format!("{old} is now {new}"));
                renewed.push((place, new));
            }
        }
        if bless && !renewed.is_empty() {
            fs::write(project(&own.path), page.renewed(renewed)).expect("a writable page");
        }
    }
    let list = moved
        .iter()
        .map(|(sentence, changes)| format!("{sentence}\n    {}\n", changes.join("; ")));
    let list: String = list.collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    assert!(
        bless || moved.is_empty(),
        "figures moved; `PAIRBOND_BLESS=1 .ci/run figures` writes them anew:\n{list}"
    );
    if !moved.is_empty() {
        println!("Read again whether these sentences still hold:\n{list}");
    }
}

/// Pages in which every number is a figure, or given: of scenarios all numbers, of other pages those with a
/// decimal point or a percent sign.
fn guarded() -> Vec<String> {
    let folder = fs::read_dir(project("scenarios")).expect("scenarios");
    let names = folder.map(|entry| entry.expect("a file").file_name());
    let mut pages: Vec<String> = names
        .filter_map(|name| name.to_str().map(str::to_owned))
        .filter(|name| name.ends_with(".toml") || name.ends_with(".md"))
        .map(|name| format!("scenarios/{name}"))
        .collect();
    let others = [
        "README.md",
        "docs/README.md",
        "docs/analysis.md",
        "docs/charts.md",
        "docs/cheat-sheet.md",
        "docs/claims.md",
        "docs/development.md",
        "docs/faq.md",
        "docs/gallery.md",
        "docs/glossary.md",
        "docs/how-to.md",
        "docs/tutorial.md",
        "docs/validation.md",
    ];
    pages.extend(others.map(str::to_owned));
    pages.sort();
    pages
}

#[test]
fn every_number_is_a_figure_that_is_checked_or_is_given_with_a_reason() {
    let lists: BTreeMap<String, Figures> = pages()
        .into_iter()
        .map(|it| (it.path.clone(), it))
        .collect();
    let mut errors = Vec::new();
    for path in guarded() {
        let page = Page::read(&project(&path));
        let mut known = Vec::new();
        if let Some(own) = lists.get(&path) {
            for phrase in own.figures.keys() {
                match page.known(phrase) {
                    Ok(places) => known.extend(places),
                    Err(error) => errors.push(format!("{path}: {error}")),
                }
            }
            for phrase in own.given.keys() {
                let places = page.all(phrase);
                if places.is_empty() {
                    errors.push(format!("{path}: the page does not have `{phrase}`"));
                }
                known.extend(places);
            }
        }
        for number in page.numbers() {
            let text = page.text();
            let is_level =
                text[number.clone()].contains('.') || text[number.end..].starts_with(" %");
            let is_wanted = is_level || path.ends_with(".toml");
            if is_wanted
                && !known
                    .iter()
                    .any(|it| it.start <= number.start && number.end <= it.end)
            {
                let before = page.text()[..number.start].char_indices().rev().nth(30);
                let after = page.text()[number.end..].char_indices().nth(20);
                let from = before.map_or(0, |(at, _)| at);
                let to = after.map_or(page.text().len(), |(at, _)| number.end + at);
                errors.push(format!("{path}: …{}…", &page.text()[from..to]));
            }
        }
    }
    assert!(
        errors.is_empty(),
        "numbers without a statistic or a reason in tests/figures:\n{}",
        errors.join("\n")
    );
}

#[test]
fn a_page_states_the_settings_of_the_commands_that_give_its_figures() {
    let mut errors = BTreeSet::new();
    for own in pages() {
        let page = own.page();
        for statistic in own.figures.values() {
            for term in &statistic.terms {
                let command = own.command(&term.source);
                for setting in command.split_whitespace().filter(|it| it.contains('=')) {
                    if !page.text().contains(setting) {
                        errors.insert(format!("{}: {setting}", own.path));
                    }
                }
            }
        }
    }
    assert!(errors.is_empty(), "{}", Vec::from_iter(errors).join("\n"));
}
