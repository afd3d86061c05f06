//! The reference: docs/scenario.md, made from the catalogue.

use super::catalogue::{KeySpec, Kind, TableSpec, sections};
use super::claims::pages as claim_pages;
use super::code::{Code, FaultCode, WarningCode};
use super::draws::{place_of, usual_draw};
use super::event_keys::KINDS;
use super::measurement;
use super::shape::{FAMILIES, ShapeFamily, ShapeRange};
use super::sweep::pages;
use super::value::{expected, quoted, span_of};

const HEAD: &str = "\
# Scenario files

A scenario is a text in [TOML](https://toml.io). Every key but `title` has a default. Reading is
strict: an unknown key, a value outside its range or a contradiction is a fault, all faults are shown
at once, and nothing runs before they are gone. `pairbond new` prints a template, `pairbond check`
checks files, `pairbond schema` prints a JSON Schema for editors.

This page is made from the tables that the program itself reads (`PAIRBOND_BLESS=1 cargo test --test
scenario` writes it).

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

What is said of one partner goes before what is said of both: `traits.openness` moves only the
partners for whom nothing of their own is given.

";

const DISTRIBUTIONS: &str = "\
## Distributions

Where a trait or a starting state is drawn, its value is a number, or a table such as
`{ dist = \"truncated_normal\", mean = 0.4, sd = 0.1 }`. What falls outside the number's range is
moved to its ends.

`slopes = { anxiety = -0.3, avoidance = -0.8 }` lets the location lean on the person's own attachment
anxiety and avoidance: it moves by so much for each unit of the trait above or below the usual median.
The location is the mean of a normal (before it is cut), the log-odds of the median of `logit_normal`,
the logarithm of the median of `log_normal`; in the other families the value itself is moved. A
distribution that is given has no slopes unless it names them; a usual one keeps its own.

";

const CORRELATIONS: &str = "\
A name joins two traits or starting states. `\"anxiety~avoidance\"` holds within each partner,
`\"partners.openness\"` joins the same number of both partners, `\"a.responsiveness~b.anxiety\"` joins a
pair by roles. A starting state that is named like a trait is written `start.NAME`. The correlation
is that of the normal scores behind the numbers (a Gaussian copula), from -1 to 1. Numbers that do
not vary cannot be correlated. `\"anxiety~avoidance\"` is 0.3 and `\"partners.mate_value\"` is 0.5 unless
something else is said; 0 takes them away.

";

/// The text of docs/scenario.md.
pub fn reference() -> String {
    let mut text = HEAD.to_owned();
    for section in sections() {
        text.push_str(&format!(
            "## {}\n\n{}.\n\n",
            title(section.name),
            section.meaning
        ));
        match section.name {
            "correlations" => text.push_str(CORRELATIONS),
            "event" => events(&mut text, &section),
            "sweep" => pages::reference(&mut text, &keys),
            "measurement" => measurement::pages::reference(&mut text, &section, &keys),
            "condition" => text.push_str(claim_pages::CONDITIONS),
            "claim" => {
                text.push_str(claim_pages::CLAIMS);
                keys(&mut text, &section);
            }
            "traits" | "start" | "childhood" | "couple" => draws(&mut text, &section),
            "parameters" => parameters(&mut text, &section),
            _ => keys(&mut text, &section),
        }
        if section.name == "couple" {
            text.push_str(DISTRIBUTIONS);
            families(&mut text);
        }
    }
    codes::<FaultCode>(&mut text, "Faults");
    codes::<WarningCode>(&mut text, "Warnings");
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn title(name: &str) -> String {
    match name {
        "" => "Top level".to_owned(),
        "event" => "`[[event]]`".to_owned(),
        "claim" => "`[[claim]]`".to_owned(),
        "condition" => "`[condition.NAME]`".to_owned(),
        "traits" | "start" | "childhood" => format!("`[{name}]`, `[{name}.a]`, `[{name}.b]`"),
        name => format!("`[{name}]`"),
    }
}

fn head(text: &mut String, columns: &[&str]) {
    row(text, columns);
    row(text, &vec!["---"; columns.len()]);
}

fn row<T: AsRef<str>>(text: &mut String, cells: &[T]) {
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| cell.as_ref().replace('|', "\\|"))
        .collect();
    text.push_str(&format!("| {} |\n", cells.join(" | ")));
}

fn code(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("`{text}`")
    }
}

fn takes(field: &KeySpec) -> String {
    match &field.kind {
        Kind::Words(words) => format!("a list of {}", quoted(words)),
        Kind::Word(words) if words.len() > 6 && field.key != "design" => {
            "a key of its table, in quotes".to_owned()
        }
        Kind::Number { low, high } => span_of(*low, *high),
        kind => expected(kind),
    }
}

fn keys(text: &mut String, section: &TableSpec) {
    head(text, &["key", "takes", "unit", "default", "meaning"]);
    for field in &section.fields {
        let key = code(field.key);
        row(
            text,
            &[
                &key,
                &takes(field),
                field.unit,
                &code(&field.default),
                &field.meaning,
            ],
        );
    }
    text.push('\n');
}

fn parameters(text: &mut String, section: &TableSpec) {
    head(
        text,
        &[
            "key", "symbol", "range", "unit", "default", "meaning", "source",
        ],
    );
    for field in &section.fields {
        let Some(line) = field.line else { continue };
        let source = format!("{} ({})", line.source, line.provenance.label());
        let range = span_of(line.low, line.high);
        let cells = [
            &code(field.key),
            line.symbol,
            &range,
            field.unit,
            &code(&field.default),
        ];
        row(text, &[&cells[..], &[&field.meaning, &source]].concat());
    }
    text.push('\n');
}

fn draws(text: &mut String, section: &TableSpec) {
    head(
        text,
        &["key", "symbol", "range", "usual", "meaning", "source"],
    );
    for field in &section.fields {
        let Some(line) = field.line else { continue };
        let source = format!("{} ({})", line.source, line.provenance.label());
        let mut range = span_of(line.low, line.high);
        if line.unit != "1" {
            range = format!("{range} {}", line.unit);
        }
        let usual = code(&usual(section, field));
        row(
            text,
            &[
                &code(field.key),
                line.symbol,
                &range,
                &usual,
                &field.meaning,
                &source,
            ],
        );
    }
    text.push('\n');
}

fn usual(section: &TableSpec, field: &KeySpec) -> String {
    let place = place_of(section.name, field.key);
    place.map_or_else(String::new, |place| usual_draw(place).to_toml())
}

fn families(text: &mut String) {
    head(text, &["`dist`", "keys", "meaning"]);
    for family in FAMILIES {
        row(
            text,
            &[
                code(family.word),
                family_keys(family),
                family.meaning.to_owned(),
            ],
        );
    }
    text.push('\n');
}

fn family_keys(family: &ShapeFamily) -> String {
    if family.keys.is_empty() {
        return "`values` (a list of numbers of the number's range), `weights` (one for each, not \
                all 0; alike where left out)"
            .to_owned();
    }
    let key = |key: &super::shape::ShapeKey| {
        let range = match key.range {
            ShapeRange::Fixed(low, high) => span_of(low, high),
            ShapeRange::OfNumber => "in the number's range".to_owned(),
            ShapeRange::LowOfNumber => "by default the number's lowest".to_owned(),
            ShapeRange::HighOfNumber => "by default the number's highest".to_owned(),
        };
        format!("`{}` ({}; {range})", key.key, key.meaning)
    };
    family.keys.iter().map(key).collect::<Vec<_>>().join(", ")
}

fn events(text: &mut String, section: &TableSpec) {
    head(
        text,
        &["`kind`", "must be given", "may be given", "what happens"],
    );
    let list = |keys: &[&str]| {
        keys.iter()
            .map(|key| code(key))
            .collect::<Vec<_>>()
            .join(", ")
    };
    for kind in KINDS {
        let cells = [
            code(kind.word),
            list(kind.needs),
            list(kind.takes),
            kind.meaning.to_owned(),
        ];
        row(text, &cells);
    }
    text.push_str(
        "\nWhat happens on a `day` happens at its end, before it is recorded. What holds `from` a \
         day holds until\nthe run's end, `until` another day (the first on which it no longer \
         holds), or `for` so many days.\nSeveral events may hold at once: each changes what those \
         above it in the file left.\n\n",
    );
    keys(text, section);
}

fn codes<C: Code>(text: &mut String, title: &str) {
    text.push_str(&format!("## {title}\n\n"));
    head(text, &["code", "meaning"]);
    for code in C::ALL {
        row(text, &[code.tag(), code.explanation()]);
    }
    text.push('\n');
}
