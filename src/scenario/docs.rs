//! The two documents that are written from the descriptions of the tables: the template of
//! `pairbond new`, and the reference page docs/scenario.md.
//!
//! The template shows every key with its default, unit, range and meaning. Its remarks begin with
//! `# `; a key or table that is switched off begins with `#` and no space, so that removing that sign
//! switches it on.

use super::diagnostic::Code;
use super::distribution::{FAMILIES, FamilyNumber, FamilySpec, NumberRange};
use super::schema::{KeySpec, TableForm, TableSpec, TemplateForm, ValueKind};
use super::spec::{Variable, place_of};
use super::value::{Accepts, integers, quoted, span_of};

const TEMPLATE_HEAD: &str = "\
# A pairbond scenario: one question to couples, as a text.
#
# Lines that begin with `#` and a space are remarks. Lines that begin with `#` and no space are keys
# with their defaults, or examples where it says so: take the `#` away and change the value.
# `pairbond check FILE` shows every error, and `pairbond explain KEY` describes a key.

";

/// The commented scenario of `pairbond new --full`; as it stands, it is the default scenario.
pub(crate) fn template(tables: &[TableSpec]) -> String {
    let mut text = TEMPLATE_HEAD.to_owned();
    for table in tables {
        text.push_str(&head(table));
        for key in &table.keys {
            if table.shown == TemplateForm::Described || matches!(key.kind, ValueKind::Special(_)) {
                text.push_str(&remark(key, &format!("{}: ", key.key)));
            } else {
                text.push_str(&(remark(key, "") + &assignment(table, key)));
            }
        }
        for inner in &table.inner {
            text.push_str(&inner_table(table, inner));
        }
        text.push_str(table.examples);
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// A table inside another: described as that is, or switched off.
fn inner_table(table: &TableSpec, inner: &TableSpec) -> String {
    if table.shown == TemplateForm::Described && inner.doc.is_empty() {
        // A key of the table says what its keys are.
        return String::new();
    }
    if table.shown == TemplateForm::Described {
        let name = inner.name.rsplit('.').next().unwrap_or(inner.name);
        let described = |key: &KeySpec| remark(key, &format!("{name}.{}: ", key.key));
        return inner.keys.iter().map(described).collect();
    }
    let keys = inner.keys.iter().map(|key| assignment(inner, key));
    format!("#[{}]\n", inner.name) + &keys.collect::<String>()
}

fn head(table: &TableSpec) -> String {
    match (table.form, table.shown) {
        (TableForm::Top, _) => String::new(),
        (TableForm::Named, _) => fold(table.doc),
        (_, TemplateForm::Active) => format!("# {}\n[{}]\n", table.doc, table.name),
        (_, TemplateForm::Optional) => fold(table.doc) + &format!("#[{}]\n", table.name),
        (_, TemplateForm::Described) => format!("# {}. Their keys:\n", table.doc),
    }
}

/// Meaning, unit and range, folded to lines that fit a screen.
fn remark(key: &KeySpec, name: &str) -> String {
    let unit = if matches!(key.unit, "" | "1") {
        String::new()
    } else {
        format!(" [{}]", key.unit)
    };
    let range = match &key.kind {
        ValueKind::Text { .. } | ValueKind::One(Accepts::Switch) => String::new(),
        ValueKind::Variable(line) => span_of(line.low, line.high),
        ValueKind::One(Accepts::Integer { low, high }) => integers(*low, *high),
        ValueKind::One(Accepts::Number { low, high }) => span_of(*low, *high),
        ValueKind::Words(words) => format!("any of {}", words.join(", ")),
        _ if key.names_keys => "a key of its table".to_owned(),
        kind => kind.expected(),
    };
    let range = if range.is_empty() {
        range
    } else {
        format!("; {range}")
    };
    fold(&format!("{name}{}{unit}{range}", key.doc))
}

fn fold(remark: &str) -> String {
    const WIDTH: usize = 98;
    let mut text = String::new();
    let mut line = String::from("#");
    for word in remark.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            text.push_str(&line);
            text.push('\n');
            line = String::from("#  ");
        }
        line.push(' ');
        line.push_str(word);
    }
    text + &line + "\n"
}

/// The key with its default; where that follows from other keys, with an example.
fn assignment(table: &TableSpec, key: &KeySpec) -> String {
    let value = match key.kind {
        ValueKind::Variable(_) => default_variable(table, key),
        _ if key.default.is_empty() => key.example.to_owned(),
        _ => key.default.to_string(),
    };
    let off = if key.active { "" } else { "#" };
    format!("{off}{} = {value}\n", key.key)
}

/// The default of a number that may vary, as TOML.
fn default_variable(table: &TableSpec, key: &KeySpec) -> String {
    let place = place_of(table.name, key.key);
    place.map_or_else(String::new, |place| Variable::default_of(place).to_toml())
}

const SHORT_TEMPLATE: &str = "\
# A pairbond scenario: a question about couples. Keys that are left out keep their defaults.
# Lines that begin with `#` and no space are switched off: remove the `#` and change the value.
#   pairbond check FILE               shows every error
#   pairbond run FILE                 simulates the couples; results are in results/NAME
#   pairbond explain traits.anxiety   says what a key, column, chart or term means
# `pairbond new --full` writes every key, `pairbond examples` lists scenarios to begin with.

title = \"My scenario\"

[run]
couples = 1000     # more couples give narrower intervals
days = 365
seed = 1           # another seed gives other couples

# Who the partners are: numbers or distributions, of both or of one. For all traits: explain traits
[traits]
#consistency = 0.5
[traits.a]
#anxiety = { dist = \"truncated_normal\", mean = 0.7, sd = 0.1 }

# What happens to them; write [[event]] again for more events. For all kinds: explain event.kind
#[[event]]
#kind = \"trait\"
#partner = \"b\"
#trait = \"responsiveness\"
#factor = 0.5
#from = 100
#for = 60
#label = \"B turns away\"
";

/// The short commented scenario of `pairbond new`: what one needs first.
pub(crate) fn short_template() -> String {
    SHORT_TEMPLATE.to_owned()
}

/// Every key with all names that it goes by and its description, and every table with its keys.
pub(crate) fn explained(tables: &[TableSpec]) -> Vec<(Vec<String>, String)> {
    let mut all = Vec::new();
    for table in tables {
        explain_table(table, &mut all);
    }
    all
}

fn explain_table(table: &TableSpec, all: &mut Vec<(Vec<String>, String)>) {
    let keys: Vec<&str> = table.keys.iter().map(|key| key.key).collect();
    if !table.name.is_empty() {
        let inner = table
            .inner
            .iter()
            .map(|inner| format!("\n  [{}]", inner.name));
        let text = format!(
            "{}, a table of scenarios\n  {}\n  keys     {}{}",
            title(table).replace('`', ""),
            table.doc,
            fold_list(&keys),
            inner.collect::<String>()
        );
        all.push((vec![table.name.to_owned()], text));
    }
    for key in &table.keys {
        let path = match table.name {
            "" => key.key.to_owned(),
            name => format!("{name}.{}", key.key),
        };
        let mut names = vec![path.clone(), key.key.to_owned()];
        names.dedup();
        all.push((names, explain_key(table, key, &path)));
    }
    for inner in &table.inner {
        explain_table(inner, all);
    }
}

fn explain_key(table: &TableSpec, key: &KeySpec, path: &str) -> String {
    let mut text = format!(
        "{path}, a key of scenarios ({})\n  {}\n",
        table.home(),
        key.doc
    );
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            text.push_str(&format!("  {name:8} {value}\n"));
        }
    };
    line("takes", &takes(key));
    line("unit", if key.unit == "1" { "" } else { key.unit });
    match key.kind {
        ValueKind::Variable(_) => line("default", &default_variable(table, key)),
        _ => line("default", &key.default),
    }
    if let Some(spec) = key.parameter {
        line(
            "source",
            &format!("{} ({})", spec.source, spec.provenance.label()),
        );
        line("symbol", &format!("{} in docs/model.md", spec.symbol));
        line("needs", &mechanisms(spec.mechanisms));
    }
    if table.settable && table.form != TableForm::Named {
        let path = match table.form {
            TableForm::List(_) => path.replacen('.', ".1.", 1),
            _ => path.to_owned(),
        };
        line("set", &format!("--set {path}=VALUE"));
    }
    text.truncate(text.trim_end().len());
    text
}

/// The mechanisms without which a number does nothing.
fn mechanisms(keys: &[&str]) -> String {
    let names: Vec<String> = keys.iter().map(|key| format!("mechanisms.{key}")).collect();
    names.join(", ")
}

/// Words in lines that fit a screen, all but the first behind the names of an explanation.
fn fold_list(words: &[&str]) -> String {
    const WIDTH: usize = 84;
    let mut lines = vec![String::new()];
    for (place, word) in words.iter().enumerate() {
        let comma = if place + 1 < words.len() { ", " } else { "" };
        let line = lines.last_mut().expect("there is a line");
        if line.len() + word.len() > WIDTH {
            lines.push(format!("{word}{comma}"));
        } else {
            line.push_str(&format!("{word}{comma}"));
        }
    }
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    lines.join("\n           ")
}

/// Every error code and warning, with its description.
pub(crate) fn explained_codes() -> Vec<(Vec<String>, String)> {
    let text = |code: &Code| {
        let kind = match code.is_error() {
            true => "an error of scenarios",
            false => "a warning of scenarios",
        };
        let (tag, explanation) = (code.tag(), code.explanation());
        (
            vec![tag.to_owned()],
            format!("{tag}, {kind}\n  {explanation}"),
        )
    };
    Code::ALL.iter().map(text).collect()
}

const REFERENCE_HEAD: &str = "\
# Scenario files

A scenario is a text in [TOML](https://toml.io). Every key but `title` has a default. Reading is
strict: an unknown key, a value outside its range or a contradiction is an error. All errors are shown
at once, and nothing runs before they are gone. `pairbond new` writes a short commented scenario (`--full`:
with every key), `pairbond explain KEY` describes a key as this page does, `pairbond check` checks files,
and `pairbond schema` prints a JSON Schema for editors.

This page is generated from the descriptions that the reader uses (`PAIRBOND_BLESS=1 cargo test --lib
scenario::` writes it).

## Keys from outside

`--set KEY=VALUE` puts a value in place of the file's. The key is the dotted name:

| example | what it sets |
| --- | --- |
| `run.couples=200` | a key of a table |
| `traits.openness=1.2` | a trait of both partners, as a number |
| `traits.a.openness.median=1.2` | one number of the distribution that holds for partner A |
| `mechanisms.conflict=false` | a switch |
| `mechanisms.intimacy_target=least` | a choice; words need no quotes |
| `correlations.anxiety~avoidance=0.5` | a correlation |
| `event.1.day=100` | a key of the first event; events are numbered from 1, as in charts |
| `event.training.factor=1.5` | a key of the event with the label `training`; a label such as `B turns away` is written `b_turns_away` |

Keys of one partner override those of both: `traits.openness` sets only the partners without a value
of their own.

";

const DISTRIBUTIONS: &str = "\
## Distributions

Where a trait or a starting state is drawn, its value is a number, or a table such as
`{ dist = \"truncated_normal\", mean = 0.4, sd = 0.1 }`. What falls outside the number's range is
moved to its ends.

`slopes = { anxiety = -0.3, avoidance = -0.8 }` lets the location depend on the person's own attachment
anxiety and avoidance: it moves by so much for each unit of the trait above or below the default median.
The location is the mean of a normal (before it is cut), the log-odds of the median of `logit_normal`,
the logarithm of the median of `log_normal`; in the other families the value itself is moved. A
distribution that is given has no slopes unless it names them; a default one keeps its own.

";

/// The text of docs/scenario.md.
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "a test writes the reference page and compares it")
)]
pub(crate) fn reference(tables: &[TableSpec]) -> String {
    let mut text = REFERENCE_HEAD.to_owned();
    for table in tables {
        text.push_str(&format!("## {}\n\n{}.\n\n", title(table), table.doc));
        let page = table.page.map(|page| page(table));
        text.push_str(&page.unwrap_or_else(|| table.prose.to_owned() + &keys_table(table)));
    }
    text.push_str(&codes_table("Errors", true));
    text.push_str(&codes_table("Warnings", false));
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn title(table: &TableSpec) -> String {
    let name = table.name;
    match table.form {
        TableForm::Top => "Top level".to_owned(),
        TableForm::List(_) => format!("`[[{name}]]`"),
        TableForm::Named => format!("`[{name}.NAME]`"),
        TableForm::PerPartner => format!("`[{name}]`, `[{name}.a]`, `[{name}.b]`"),
        TableForm::Inline(own) => format!("`{own}`"),
        TableForm::Single => format!("`[{name}]`"),
    }
}

/// A table inside another, under its own heading.
pub(crate) fn inner_page(table: &TableSpec) -> String {
    let (title, doc, prose) = (title(table), table.doc, table.prose);
    format!("### {title}\n\n{doc}.\n\n{prose}{}", keys_table(table))
}

/// The head of a Markdown table.
pub(crate) fn table_head(columns: &[&str]) -> String {
    table_row(columns) + &table_row(&vec!["---"; columns.len()])
}

/// A row of a Markdown table.
pub(crate) fn table_row(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    format!("| {} |\n", cells.join(" | "))
}

/// A text as code.
pub(crate) fn code(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("`{text}`")
    }
}

/// Texts as code, separated by commas.
pub(crate) fn codes(texts: &[&str]) -> String {
    texts
        .iter()
        .map(|text| code(text))
        .collect::<Vec<_>>()
        .join(", ")
}

fn takes(key: &KeySpec) -> String {
    match &key.kind {
        ValueKind::Words(words) => format!("a list of {}", quoted(words)),
        _ if key.names_keys => "a key of its table, in quotes".to_owned(),
        ValueKind::One(Accepts::Number { low, high }) => span_of(*low, *high),
        kind => kind.expected(),
    }
}

/// The keys of a table, with what their kinds have to say.
pub(crate) fn keys_table(table: &TableSpec) -> String {
    let of_model = table.keys.first().filter(|key| key.parameter.is_some());
    match of_model.map(|key| &key.kind) {
        Some(ValueKind::Variable(_)) => variables_table(table),
        Some(_) => parameters_table(table),
        None => plain_table(table),
    }
}

fn plain_table(table: &TableSpec) -> String {
    let mut text = table_head(&["key", "takes", "unit", "default", "meaning"]);
    for key in &table.keys {
        let (name, default) = (code(key.key), code(&key.default));
        text.push_str(&table_row(&[
            &name,
            &takes(key),
            key.unit,
            &default,
            &key.doc,
        ]));
    }
    text + "\n"
}

fn parameters_table(table: &TableSpec) -> String {
    let mut text = table_head(&[
        "key", "symbol", "range", "unit", "default", "meaning", "source",
    ]);
    for key in &table.keys {
        let Some(line) = key.parameter else { continue };
        let source = format!("{} ({})", line.source, line.provenance.label());
        let (name, default) = (code(key.key), code(&key.default));
        let range = span_of(line.low, line.high);
        let cells = [
            &name,
            line.symbol,
            &range,
            key.unit,
            &default,
            &key.doc,
            &source,
        ];
        text.push_str(&table_row(&cells));
    }
    text + "\n"
}

fn variables_table(table: &TableSpec) -> String {
    let mut text = table_head(&["key", "symbol", "range", "default", "meaning", "source"]);
    for key in &table.keys {
        let Some(line) = key.parameter else { continue };
        let source = format!("{} ({})", line.source, line.provenance.label());
        let mut range = span_of(line.low, line.high);
        if line.unit != "1" {
            range = format!("{range} {}", line.unit);
        }
        let (name, default) = (code(key.key), code(&default_variable(table, key)));
        text.push_str(&table_row(&[
            &name,
            line.symbol,
            &range,
            &default,
            &key.doc,
            &source,
        ]));
    }
    text + "\n"
}

/// The variables of the couple, and what distributions all tables of variables take.
pub(crate) fn distributions_page(table: &TableSpec) -> String {
    let mut text = keys_table(table) + DISTRIBUTIONS + &table_head(&["`dist`", "keys", "meaning"]);
    for family in FAMILIES {
        text.push_str(&table_row(&[
            &code(family.word),
            &family_keys(family),
            family.meaning,
        ]));
    }
    text + "\n"
}

fn family_keys(family: &FamilySpec) -> String {
    if family.keys.is_empty() {
        return "`values` (a list of numbers of the number's range), `weights` (one for each, not \
                all 0; alike where left out)"
            .to_owned();
    }
    let key = |key: &FamilyNumber| {
        let range = match key.range {
            NumberRange::Fixed(low, high) => span_of(low, high),
            NumberRange::OfNumber => "in the number's range".to_owned(),
            NumberRange::LowOfNumber => "by default the number's lowest".to_owned(),
            NumberRange::HighOfNumber => "by default the number's highest".to_owned(),
        };
        format!("`{}` ({}; {range})", key.key, key.meaning)
    };
    family.keys.iter().map(key).collect::<Vec<_>>().join(", ")
}

fn codes_table(title: &str, errors: bool) -> String {
    let mut text = format!("## {title}\n\n") + &table_head(&["code", "meaning"]);
    for code in Code::ALL.iter().filter(|code| code.is_error() == errors) {
        text.push_str(&table_row(&[code.tag(), code.explanation()]));
    }
    text + "\n"
}
