//! The template: a scenario with every key, its default, unit, range and meaning.
//!
//! Remarks begin with `# `; a key or table that is switched off begins with `#` and no space, so
//! that taking that sign away switches it on.

use super::catalogue::{KeySpec, Kind, TableSpec, sections};
use super::claims;
use super::draws::{place_of, usual_draw};
use super::measurement;
use super::sweep;
use super::value::{expected, span_of};

/// Keys that the template gives; all others stand there switched off, with their defaults.
const ACTIVE: &[&str] = &[
    ".title",
    ".description",
    "run.seed",
    "run.couples",
    "run.days",
];

const HEAD: &str = "\
# A pairbond scenario: one question to couples, as a text.
#
# Lines that begin with `#` and a space are remarks. Lines that begin with `#` and no space are keys
# with their defaults, or examples where it says so: take the `#` away and change the value.
# `pairbond check FILE` shows every fault; docs/scenario.md describes every key.

";

const PERSONS: &str = "\
# The same keys under [traits.a] or [traits.b] say it of one partner alone. Examples, one for each
# family of distributions:
#[traits.a]
#anxiety = { dist = \"beta\", mean = 0.6, sd = 0.15 }
#avoidance = { dist = \"uniform\", low = 0.1, high = 0.5 }
#responsiveness = { dist = \"logit_normal\", median = 0.9, logit_sd = 1.5, slopes = { anxiety = -0.3, avoidance = -0.8 } }
#openness = { dist = \"log_normal\", median = 1.0, log_sd = 0.25 }
#consistency = { dist = \"truncated_normal\", mean = 0.5, sd = 0.1, low = 0.2, high = 0.8 }
#understanding = { dist = \"choice\", values = [0.7, 1.0], weights = [1.0, 3.0] }
#effort = { dist = \"normal\", mean = 0.5, sd = 0.1 }
#[traits.b]
#patience = 0.3
";

const STARTS: &str = "\
# Examples for one partner:
#[start.a]
#trust = 0.6
#[start.b]
#trust = { dist = \"uniform\", low = 0.4, high = 0.9 }
";

const CHILDHOODS: &str = "\
# Examples: B alone was brought up so, by a caregiver who was not always there.
#[childhood.b]
#sensitivity = { dist = \"beta\", mean = 0.6, sd = 0.15 }
#availability = 0.7
";

const PAIRS: &str = "\
# Examples: two numbers of each partner, one number of both partners, and a pair by roles.
# \"anxiety~avoidance\" is 0.3 and \"partners.mate_value\" 0.5 unless something else is said.
#\"anxiety~avoidance\" = 0.3
#\"partners.openness\" = 0.4
#\"a.responsiveness~b.anxiety\" = -0.2
";

const EVENTS: &str = "\
# Examples, one for each kind:
#[[event]]
#kind = \"betrayal\"
#day = 200
#of = \"a\"
#deception = false
#label = \"the betrayal\"

#[[event]]
#kind = \"stress\"
#day = 100
#partner = \"both\"
#size = 0.8

#[[event]]
#kind = \"state\"
#day = 50
#partner = \"b\"
#state = \"trust\"
#add = -0.2

#[[event]]
#kind = \"trait\"
#from = 100
#for = 60
#partner = \"b\"
#trait = \"responsiveness\"
#factor = 0.9
#add = 0.05

#[[event]]
#kind = \"parameter\"
#from = 120
#until = 150
#parameter = \"stress_event_rate\"
#set = 0.3

#[[event]]
#kind = \"mechanism\"
#from = 300
#mechanism = \"repair\"
#on = false
";

/// The commented scenario of `pairbond new`: as it stands, it is the default world.
pub fn template() -> String {
    let mut text = HEAD.to_owned();
    for section in sections() {
        text.push_str(&head(&section));
        for field in &section.fields {
            let named = matches!(section.name, "event" | "sweep" | "claim");
            if named || matches!(field.kind, Kind::Own(_)) {
                text.push_str(&remark(field, &format!("{}: ", field.key)));
            } else {
                text.push_str(&remark(field, ""));
                text.push_str(&key(section.name, field));
            }
        }
        if section.name == "measurement" {
            scales(&mut text);
        }
        if section.name == "sweep" {
            for inner in [sweep::keys::axis(), sweep::keys::until()] {
                let of = inner.name.trim_start_matches("sweep.");
                for field in &inner.fields {
                    text.push_str(&remark(field, &format!("{of}.{}: ", field.key)));
                }
            }
        }
        text.push_str(examples(section.name));
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// The tables of scales, switched off as the measurement is.
fn scales(text: &mut String) {
    for table in measurement::keys::tables() {
        text.push_str(&format!("#[{}]\n", table.name));
        for field in &table.fields {
            text.push_str(&key(table.name, field));
        }
    }
}

fn examples(section: &str) -> &'static str {
    match section {
        "traits" => PERSONS,
        "start" => STARTS,
        "childhood" => CHILDHOODS,
        "correlations" => PAIRS,
        "event" => EVENTS,
        "sweep" => sweep::pages::EXAMPLE,
        "condition" => claims::pages::CONDITION_EXAMPLE,
        "claim" => claims::pages::CLAIM_EXAMPLE,
        _ => "",
    }
}

fn head(section: &TableSpec) -> String {
    match section.name {
        "" => String::new(),
        "childhood" => fold(section.meaning) + "#[childhood]\n",
        "event" | "sweep" | "claim" => format!("# {}. Their keys:\n", section.meaning),
        "condition" => fold(section.meaning),
        "measurement" => format!(
            "# {}; nothing is measured without this table\n#[measurement]\n",
            section.meaning
        ),
        name => format!("# {}\n[{name}]\n", section.meaning),
    }
}

/// Meaning, unit and range, folded to lines that fit a screen.
fn remark(field: &KeySpec, name: &str) -> String {
    let unit = if matches!(field.unit, "" | "1") {
        String::new()
    } else {
        format!(" [{}]", field.unit)
    };
    let range = match &field.kind {
        Kind::Text { .. } => String::new(),
        Kind::Draw(line) => span_of(line.low, line.high),
        Kind::Whole { low, high } => span_of(*low as f64, *high as f64),
        Kind::Number { low, high } => span_of(*low, *high),
        Kind::Switch => String::new(),
        Kind::Words(words) => format!("any of {}", words.join(", ")),
        Kind::Word(words) if words.len() > 6 && field.key != "design" => {
            "a key of its table".to_owned()
        }
        kind => expected(kind),
    };
    let range = if range.is_empty() {
        range
    } else {
        format!("; {range}")
    };
    fold(&format!("{name}{}{unit}{range}", field.meaning))
}

fn fold(remark: &str) -> String {
    const LANES: usize = 98;
    let mut text = String::new();
    let mut line = String::from("#");
    for word in remark.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > LANES {
            text.push_str(&line);
            text.push('\n');
            line = String::from("#  ");
        }
        line.push(' ');
        line.push_str(word);
    }
    text + &line + "\n"
}

fn key(section: &str, field: &KeySpec) -> String {
    let name = format!("{section}.{}", field.key);
    let off = if ACTIVE.contains(&name.as_str()) {
        ""
    } else {
        "#"
    };
    format!("{off}{} = {}\n", field.key, default(section, field))
}

/// The default as TOML; where it follows from other keys, what it is in the template.
fn default(section: &str, field: &KeySpec) -> String {
    match (&field.kind, field.key) {
        (Kind::Draw(_), key) => {
            place_of(section, key).map_or_else(String::new, |place| usual_draw(place).to_toml())
        }
        (_, "title") => "\"A couple\"".to_owned(),
        (_, "description") => "\"What happens to couples of the usual kind\"".to_owned(),
        (_, "every") => "1".to_owned(),
        (_, "phase_flow_days") => "30".to_owned(),
        (_, "waves") => "[365]".to_owned(),
        (_, "diary_from") => "352".to_owned(),
        (_, "diary_days") => "14".to_owned(),
        _ => field.default.to_string(),
    }
}
