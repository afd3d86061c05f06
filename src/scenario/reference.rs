//! The reference page docs/scenario.md, from the descriptions of the tables.

use super::code::Code;
use super::distribution::spec::{FAMILIES, FamilyNumber, FamilySpec, NumberRange};
use super::schema::{KeySpec, TableForm, TableSpec, ValueKind};
use super::template::default_variable;
use super::value::{Accepts, quoted, span_of};

const HEAD: &str = "\
# Scenario files

A scenario is a text in [TOML](https://toml.io). Every key but `title` has a default. Reading is
strict: an unknown key, a value outside its range or a contradiction is an error. All errors are shown
at once, and nothing runs before they are gone. `pairbond new` prints a template, `pairbond check`
checks files, `pairbond schema` prints a JSON Schema for editors.

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
| `event.0.day=100` | a key of the first event; events are numbered from 0 |

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

/// The text of the page.
pub(crate) fn reference(tables: &[TableSpec]) -> String {
    let mut text = HEAD.to_owned();
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

/// A table inside another, under a heading of its own.
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
