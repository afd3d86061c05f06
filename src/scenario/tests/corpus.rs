//! Bad files and the texts that they must give.
//!
//! Lines that begin with `#:` direct the test: `set KEY=VALUE`, `schema cannot say` (the error lies
//! beyond a JSON Schema), `pad to N bytes`, `table LINE` (a line of the attachment `points.csv`),
//! `without attachments`.

use super::{compare, files};
use crate::scenario::{Code, Diagnostics, Override, Scenario, Style};
use std::io::ErrorKind;
use std::path::Path;

/// What a file gives: its errors, or the scenario with its warnings.
pub(crate) fn read(path: &Path) -> Result<Scenario, Diagnostics> {
    let mut bytes = std::fs::read(path).expect("a readable file");
    for directive in directives(&bytes) {
        if let Some(size) = directive
            .strip_prefix("pad to ")
            .and_then(|rest| rest.strip_suffix(" bytes"))
        {
            bytes.resize(size.parse().expect("a number of bytes"), b'\n');
        }
    }
    let overrides = directives(&bytes)
        .iter()
        .filter_map(|directive| directive.strip_prefix("set "))
        .map(Override::parse)
        .collect::<Result<Vec<_>, _>>()?;
    let name = path.file_name().expect("a file").to_string_lossy();
    let directives = directives(&bytes);
    if directives
        .iter()
        .any(|directive| directive == "without attachments")
    {
        return Scenario::read_bytes(&name, &bytes, &overrides);
    }
    Scenario::read_with(&name, &bytes, &overrides, &|name| {
        let lines = directives
            .iter()
            .filter_map(|directive| directive.strip_prefix("table "));
        let table: String = lines.map(|line| format!("{line}\n")).collect();
        if name == "points.csv" {
            Ok(table)
        } else {
            Err(ErrorKind::NotFound.into())
        }
    })
}

pub(crate) fn directives(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    text.lines()
        .map_while(|line| line.strip_prefix("#: "))
        .map(str::to_owned)
        .collect()
}

/// Whether a file of the corpus is valid, and only gives warnings.
pub(crate) fn only_warns(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with("warn_"))
}

fn rendered(path: &Path) -> String {
    match read(path) {
        Ok(scenario) => {
            assert!(only_warns(path), "{} has no error", path.display());
            scenario.warnings().render(Style::Plain)
        }
        Err(errors) => {
            assert!(
                !only_warns(path),
                "{} has errors:\n{errors}",
                path.display()
            );
            errors.render(Style::Plain)
        }
    }
}

#[test]
fn every_bad_file_gives_its_text() {
    let files = files("tests/faults", "toml");
    assert!(files.len() >= 75, "{} files", files.len());
    for path in files {
        compare(&path.with_extension("txt"), &rendered(&path));
    }
}

#[test]
fn every_code_has_a_file_in_the_corpus() {
    let texts: String = files("tests/faults", "toml")
        .iter()
        .map(|path| rendered(path))
        .collect();
    for code in Code::ALL {
        let level = if code.is_error() { "error" } else { "warning" };
        let tag = code.tag();
        assert!(texts.contains(&format!("{level}[{tag}]")), "{tag}");
    }
}

#[test]
fn colours_change_no_word() {
    for path in files("tests/faults", "toml") {
        let Err(errors) = read(&path) else { continue };
        let coloured = errors.render(Style::Coloured);
        assert!(coloured.contains('\u{1b}'));
        let mut plain = String::new();
        let mut parts = coloured.split('\u{1b}');
        plain.push_str(parts.next().unwrap_or_default());
        parts.for_each(|part| plain.push_str(part.split_once('m').map_or("", |(_, rest)| rest)));
        let trimmed = |text: &str| {
            text.lines()
                .map(|line| line.trim_end().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            trimmed(&plain),
            trimmed(&errors.render(Style::Plain)),
            "{}",
            path.display()
        );
    }
}

#[test]
fn errors_come_in_the_order_of_their_places() {
    for path in files("tests/faults", "toml") {
        let Err(errors) = read(&path) else { continue };
        let places: Vec<_> = errors.list().iter().map(|error| error.place).collect();
        assert!(places.is_sorted(), "{}", path.display());
    }
}

#[test]
fn a_file_that_begins_with_a_byte_order_mark_is_read() {
    let scenario = Scenario::read_bytes("bom", b"\xef\xbb\xbftitle = \"x\"\n", &[]);
    assert_eq!(scenario.expect("a valid scenario").title(), "x");
}

#[test]
fn windows_line_ends_are_read() {
    let text = "title = \"x\"\r\n[run]\r\nseed = 3\r\n";
    assert_eq!(
        Scenario::read_text("crlf", text, &[])
            .expect("a valid scenario")
            .config()
            .seed,
        3
    );
}

#[test]
fn minus_zero_is_zero() {
    let of = |zero: &str| {
        let text = format!(
            "title = \"x\"\n[traits]\npatience = {zero}\n[parameters]\ndeception = {zero}\n"
        );
        format!(
            "{:?}",
            Scenario::read_text("zero", &text, &[])
                .expect("a valid scenario")
                .config()
        )
    };
    assert_eq!(of("-0.0"), of("0.0"));
}
