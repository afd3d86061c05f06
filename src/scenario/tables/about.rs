//! `[about]`: who made the results of a scenario and how others may use them, as a bundle states it.

use crate::scenario::diagnostic::{Code, Diagnostic};
use crate::scenario::docs::keys_table;
use crate::scenario::json_schema::closed;
use crate::scenario::nearest::nearest;
use crate::scenario::reader::{ListWords, ScenarioReader};
use crate::scenario::schema::{KeySpec, TableSpec, TemplateForm};
use crate::scenario::spec::{About, Author, ScenarioSpec};
use crate::scenario::tree::{TomlNode, TomlTable, toml_line, toml_text, toml_texts};
use crate::scenario::value;
use serde_json::{Value, json};

/// Licences that researchers give to data and code, by their SPDX identifiers, with their names.
pub(crate) const LICENCES: &[(&str, &str)] = &[
    ("CC0-1.0", "Creative Commons Zero v1.0 Universal"),
    (
        "CC-BY-4.0",
        "Creative Commons Attribution 4.0 International",
    ),
    (
        "CC-BY-SA-4.0",
        "Creative Commons Attribution Share Alike 4.0 International",
    ),
    (
        "CC-BY-NC-4.0",
        "Creative Commons Attribution Non Commercial 4.0 International",
    ),
    (
        "CC-BY-NC-SA-4.0",
        "Creative Commons Attribution Non Commercial Share Alike 4.0 International",
    ),
    (
        "CC-BY-ND-4.0",
        "Creative Commons Attribution No Derivatives 4.0 International",
    ),
    (
        "CC-BY-NC-ND-4.0",
        "Creative Commons Attribution Non Commercial No Derivatives 4.0 International",
    ),
    ("ODC-By-1.0", "Open Data Commons Attribution License v1.0"),
    ("ODbL-1.0", "Open Data Commons Open Database License v1.0"),
    (
        "PDDL-1.0",
        "Open Data Commons Public Domain Dedication & License 1.0",
    ),
    ("MIT", "MIT License"),
    ("Apache-2.0", "Apache License 2.0"),
];

/// Most characters of an author.
const MOST_AUTHOR: usize = 200;

/// Reads an author: `Name` or `Name (0000-0002-1825-0097)`.
fn parse_author(text: &str) -> Result<Author, &'static str> {
    let text = text.trim();
    let parts = text
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once('('));
    let (name, orcid) = match parts {
        Some((name, orcid)) if orcid.contains(|c: char| c.is_ascii_digit()) => {
            (name.trim(), Some(orcid))
        }
        _ => (text, None),
    };
    if name.is_empty() {
        return Err("has no name");
    }
    if orcid.is_some_and(|orcid| !is_orcid(orcid)) {
        return Err("has no valid ORCID iD in the brackets");
    }
    Ok(Author {
        name: name.to_owned(),
        orcid: orcid.map(str::to_owned),
    })
}

fn author_text(author: &Author) -> String {
    match &author.orcid {
        Some(orcid) => format!("{} ({orcid})", author.name),
        None => author.name.clone(),
    }
}

/// Whether a text is an ORCID iD: four groups of four digits, the last of which checks the others (ISO 7064,
/// MOD 11-2).
fn is_orcid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let digits: Vec<char> = groups.concat().chars().collect();
    let Some((check, digits)) = digits.split_last() else {
        return false;
    };
    if groups.len() != 4 || groups.iter().any(|group| group.len() != 4) {
        return false;
    }
    let sum = digits
        .iter()
        .try_fold(0, |sum, digit| Some((sum + digit.to_digit(10)?) * 2));
    let expected = sum.map(|sum| match (12 - sum % 11) % 11 {
        10 => 'X',
        digit => char::from_digit(digit, 10).unwrap_or('X'),
    });
    expected == Some(*check)
}

/// Whether a text is a date of the Gregorian calendar, as `2026-05-31`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else {
        return false;
    };
    let number = |part: &str, width: usize| {
        let digits = part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<u32>().ok()).flatten()
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

const AUTHOR: &str = "\"Zoë Ångström (0000-0002-1825-0097)\"";

pub(crate) fn table() -> TableSpec {
    let keys = vec![
        KeySpec::special(
            "authors",
            "a list of texts",
            "Authors of the results, each as \"NAME\" or \"NAME (ORCID iD)\"",
        ),
        KeySpec::word(
            "license",
            LICENCES.iter().map(|(id, _)| *id),
            "Licence of the results, by its SPDX identifier",
        ),
        KeySpec::special(
            "date",
            "a date in quotes, as \"2026-05-31\"",
            "Day on which the results are published",
        ),
    ];
    TableSpec {
        shown: TemplateForm::Described,
        settable: false,
        examples: EXAMPLES,
        prose: PROSE,
        write: Some(write),
        json: Some(json),
        page: Some(|table| table.prose.to_owned() + &keys_table(table)),
        ..TableSpec::new(
            "about",
            "Who made the results and how others may use them, for `--bundle`",
            keys,
        )
    }
}

const EXAMPLES: &str = "\
# Example:
#[about]
#authors = [\"Zoë Ångström (0000-0002-1825-0097)\", \"Bo Li\"]
#license = \"CC-BY-4.0\"
#date = \"2026-05-31\"
";

const PROSE: &str = "\
`--bundle` writes these keys to `ro-crate-metadata.json` and `dataset_description.json`, from which repositories
fill their forms, and the authors to `preregistration.md`. The simulation does not depend on them. What is left
out is said to be not stated: without `license`, others may not use the results. An ORCID iD (<https://orcid.org>)
is checked by its last digit.

";

pub(crate) fn read(reader: &mut ScenarioReader, root: &TomlTable, spec: &mut ScenarioSpec) {
    spec.about = About::default();
    if root.node("about").is_none() {
        return;
    }
    let table = reader.open(root, "about");
    let words = ListWords {
        takes: "a list of texts",
        example: "write for example `authors = [\"Zoë Ångström\"]`",
        if_empty: Some("take the line out if nobody is to be named"),
    };
    let authors = table
        .node("authors")
        .and_then(|node| reader.list(node, "authors", &words, author));
    if let Some(authors) = authors {
        spec.about.authors = reader.distinct(authors, |author| toml_text(&author_text(author)));
    }
    if let Some(node) = table.node("license") {
        spec.about.license = licence(reader, node);
    }
    if let Some(node) = table.node("date")
        && let Some(date) = reader.accept(node, "date", value::text(node, true, MOST_AUTHOR))
    {
        if is_date(&date) {
            spec.about.date = Some(date);
        } else {
            let message = "`date` is not a day of the calendar";
            let error = Diagnostic::new(Code::BadAbout, node.at, message).label("not a date");
            reader.report(error.hint("write it as year, month and day: `date = \"2026-05-31\"`"));
        }
    }
}

/// Most licences that a hint names.
const MOST_NEAR: usize = 3;

/// Reads a licence; of another text the hint has the identifiers that are nearest.
fn licence(reader: &mut ScenarioReader, node: &TomlNode) -> Option<&'static str> {
    let text = reader.accept(node, "license", value::text(node, true, MOST_AUTHOR))?;
    if let Some((id, _)) = LICENCES.iter().find(|(id, _)| *id == text) {
        return Some(id);
    }
    let near: Vec<String> = near_licences(&text).into_iter().map(toml_text).collect();
    let hint = match near.as_slice() {
        [] => "write an SPDX identifier such as \"CC-BY-4.0\", \"CC0-1.0\", \"MIT\" or \"Apache-2.0\"; \
               `pairbond explain license` has all that are known here"
            .to_owned(),
        [one] => format!("did you mean {one}?"),
        several => format!("did you mean one of {}?", several.join(", ")),
    };
    let message = format!("`license` cannot be {}", toml_text(&text));
    let error = Diagnostic::new(Code::UnknownWord, node.at, message);
    reader.report(
        error
            .label("no SPDX identifier of a licence that is known here")
            .hint(hint),
    );
    None
}

/// The identifiers of the licences that are most like a text: those with its letters and digits, else those that it
/// begins or whose name it is a part of, else those that are spelt like it.
fn near_licences(text: &str) -> Vec<&'static str> {
    let plain = |text: &str| -> String {
        let kept = text.chars().filter(char::is_ascii_alphanumeric);
        kept.map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let wrong = plain(text);
    let those = |is_near: &dyn Fn(&str, &str) -> bool| -> Vec<&'static str> {
        let near = LICENCES
            .iter()
            .filter(|(id, name)| is_near(&plain(id), &plain(name)));
        near.map(|(id, _)| *id).take(MOST_NEAR).collect()
    };
    // An identifier without its version, where the text begins with it.
    let family = |id: &str| -> usize {
        let family = id.trim_end_matches(|letter: char| letter.is_ascii_digit());
        if wrong.starts_with(family) {
            family.len()
        } else {
            0
        }
    };
    let longest = LICENCES.iter().map(|(id, _)| family(&plain(id))).max();
    let near = [
        those(&|id, name| id == wrong || name == wrong),
        those(&|id, _| wrong.len() > 1 && id.starts_with(&wrong)),
        those(&|_, name| wrong.len() > 3 && name.contains(&wrong)),
        those(&|id, _| family(id) > 0 && Some(family(id)) == longest),
        nearest(text, LICENCES.iter().map(|(id, _)| *id))
            .into_iter()
            .collect(),
    ];
    near.into_iter()
        .find(|near| !near.is_empty())
        .unwrap_or_default()
}

fn author(reader: &mut ScenarioReader, node: &TomlNode) -> Option<Author> {
    let text = reader.accept(node, "authors", value::text(node, true, MOST_AUTHOR))?;
    match parse_author(&text) {
        Ok(author) => Some(author),
        Err(why) => {
            let message = format!("an author of `authors` {why}");
            let error = Diagnostic::new(Code::BadAbout, node.at, message).label(why);
            reader.report(error.hint(format!("write a name, or a name and an ORCID iD: {AUTHOR}")));
            None
        }
    }
}

fn write(spec: &ScenarioSpec, _: &TableSpec) -> String {
    let about = &spec.about;
    if *about == About::default() {
        return String::new();
    }
    let mut text = "\n[about]\n".to_owned();
    if !about.authors.is_empty() {
        let authors: Vec<String> = about.authors.iter().map(author_text).collect();
        let authors = toml_texts(authors.iter().map(String::as_str));
        toml_line(&mut text, "authors", &authors);
    }
    for (key, value) in [("license", about.license), ("date", about.date.as_deref())] {
        if let Some(value) = value {
            toml_line(&mut text, key, &toml_text(value));
        }
    }
    text
}

fn json(table: &TableSpec) -> Value {
    let mut schema = closed(table, &[]);
    schema["properties"]["authors"] = json!({
        "description": table.key("authors").doc,
        "type": "array", "minItems": 1, "uniqueItems": true,
        "items": { "type": "string", "pattern": "\\S", "maxLength": MOST_AUTHOR },
    });
    schema["properties"]["date"] = json!({
        "description": table.key("date").doc,
        "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$",
    });
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    fn about(text: &str) -> Result<About, String> {
        let text = format!("title = 'T'\n[about]\n{text}");
        let scenario = Scenario::read_text("s.toml", &text, &[]);
        let scenario = scenario.map_err(|errors| errors.to_string())?;
        let again = Scenario::parse(&scenario.effective_toml()).expect("the effective scenario");
        assert_eq!(again.spec.about, scenario.spec.about);
        Ok(scenario.spec.about.clone())
    }

    #[test]
    fn authors_have_a_name_and_may_have_an_orcid_id() {
        let found = about(
            "authors = ['Zoë Ångström (0000-0002-1825-0097)', 'Bo Li (Lund)']\nlicense = 'CC0-1.0'\n\
             date = '2024-02-29'",
        );
        let authors = [
            ("Zoë Ångström", Some("0000-0002-1825-0097")),
            ("Bo Li (Lund)", None),
        ];
        let authors = authors.map(|(name, orcid)| Author {
            name: name.to_owned(),
            orcid: orcid.map(str::to_owned),
        });
        let expected = About {
            authors: authors.to_vec(),
            license: Some("CC0-1.0"),
            date: Some("2024-02-29".to_owned()),
        };
        assert_eq!(found, Ok(expected));
        assert!(is_orcid("0000-0002-9079-593X"), "an X checks, too");
    }

    #[test]
    fn what_is_no_author_licence_or_date_is_refused_with_its_place() {
        for (text, expected) in [
            (
                "authors = ['Zoë (0000-0002-1825-0098)']",
                "has no valid ORCID iD",
            ),
            (
                "authors = ['Zoë (0000-0002-1825-00970)']",
                "has no valid ORCID iD",
            ),
            ("authors = ['(0000-0002-1825-0097)']", "has no name"),
            ("authors = ['Zoë', 'Zoë']", "is listed twice"),
            ("authors = 'Zoë'", "takes a list of texts"),
            ("authors = [3]", "takes text in quotes"),
            ("authors = []", "must not be empty"),
            (
                "license = 'CC-BY'",
                "did you mean one of \"CC-BY-4.0\", \"CC-BY-SA-4.0\", \"CC-BY-NC-4.0\"?",
            ),
            ("license = 'cc by 4.0'", "did you mean \"CC-BY-4.0\"?"),
            ("license = 'CC0'", "did you mean \"CC0-1.0\"?"),
            (
                "license = 'Apache License 2.0'",
                "did you mean \"Apache-2.0\"?",
            ),
            ("license = 'apache'", "did you mean \"Apache-2.0\"?"),
            ("license = 'MIT-License'", "did you mean \"MIT\"?"),
            ("license = 'CC-BY-3.0'", "did you mean \"CC-BY-4.0\"?"),
            ("license = 'public domain'", "did you mean \"PDDL-1.0\"?"),
            ("license = 'all mine'", "write an SPDX identifier such as"),
            ("license = 4", "takes text in quotes"),
            ("date = '2026-02-29'", "is not a day of the calendar"),
            ("date = '2026-2-9'", "is not a day of the calendar"),
            ("date = 2026", "text in quotes"),
            ("licence = 'MIT'", "did you mean `license`?"),
        ] {
            let error = about(text).expect_err(text);
            assert!(
                error.contains(expected) && error.contains("s.toml:3:"),
                "{error}"
            );
        }
    }

    #[test]
    fn the_simulation_does_not_depend_on_who_made_it() {
        let plain = Scenario::parse("title = 'T'").expect("a scenario");
        let named = Scenario::parse("title = 'T'\n[about]\nauthors = ['Zoë']").expect("a scenario");
        assert_eq!(plain.config(), named.config());
        assert!(plain.changes() == named.changes() && !plain.effective_toml().contains("[about]"));
    }
}
