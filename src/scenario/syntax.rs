//! Text to tree, with every syntax fault: a line that is no TOML is taken out and the rest read.

use super::code::FaultCode;
use super::notice::Fault;
use super::source::Span;
use super::tree::{self, Entry, Table};
use toml::de::DeTable;

/// So many lines are taken out before the rest is given up.
const MOST_FAULTS: usize = 20;

/// What could be read of a text.
pub(super) struct Document {
    /// The tree, without the lines that are no TOML.
    pub(super) root: Table,
    /// Lines that are no TOML, and keys given twice.
    pub(super) faults: Vec<Fault>,
    /// Whether lines had to be taken out, so that what seems to be missing may stand in them.
    pub(super) broken: bool,
}

/// Reads the file's text, source 0.
pub(super) fn document(text: &str) -> Document {
    let mut kept = text.to_owned();
    let mut faults = Vec::new();
    let mut repeated = Vec::new();
    let mut root = Table::new(Span::new(0, 0, 0));
    for attempt in 0..=MOST_FAULTS {
        let (parsed, mut errors) = DeTable::parse_recoverable(&kept);
        errors.sort_by_key(|error| error.span().map_or(0, |span| span.start));
        repeated = errors
            .iter()
            .filter(|error| error.message() == "duplicate key")
            .cloned()
            .collect();
        let first = errors
            .iter()
            .find(|error| error.message() != "duplicate key");
        let Some(error) = first else {
            root = tree::table(parsed.get_ref(), root.at, 0);
            break;
        };
        let span = error.span().unwrap_or(0..0);
        if attempt < MOST_FAULTS {
            faults.push(syntax_fault(text, error.message(), span.clone()));
            let lines = lines_to_take_out(&kept, span);
            kept.replace_range(lines.clone(), &blank(&kept[lines]));
        } else {
            repeated.clear();
        }
    }
    let broken = !faults.is_empty();
    faults.extend(
        repeated
            .iter()
            .filter_map(|error| error.span())
            .map(|span| twice(&root, text, span)),
    );
    Document {
        root,
        faults,
        broken,
    }
}

/// The line of an error; where it opens a table, all lines of that table, which would otherwise
/// seem to belong to the table before.
fn lines_to_take_out(text: &str, span: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let at = span.start.min(text.len());
    // An error at the very end belongs to the last line that says something.
    let at = if text[at..].trim().is_empty() {
        text[..at].trim_end().len()
    } else {
        at
    };
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let mut end = text[at..]
        .find('\n')
        .map_or(text.len(), |length| at + length);
    if text[start..end].trim_start().starts_with('[') {
        end = text[end..]
            .find("\n[")
            .map_or(text.len(), |length| end + length);
    }
    start..end
}

fn blank(lines: &str) -> String {
    lines
        .bytes()
        .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
        .collect()
}

fn syntax_fault(text: &str, message: &str, span: std::ops::Range<usize>) -> Fault {
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[span.start..]
        .find('\n')
        .map_or(text.len(), |length| span.start + length);
    let line = text[start..end].trim();
    let (what, expected) = message.split_once(", expected ").unwrap_or((message, ""));
    let label = if expected.is_empty() {
        String::new()
    } else {
        format!("expected {expected}")
    };
    let (what, label) = match what {
        "string values must be quoted" => (
            "a value must be a number, true, false, or text in quotes",
            "none of these".to_owned(),
        ),
        what => (what, label),
    };
    let place = Span::new(0, span.start, span.end);
    Fault::new(FaultCode::Syntax, place, what)
        .label(label)
        .maybe_hint(advice(line))
}

/// What the commonest slips of people who know other notations come from.
fn advice(line: &str) -> Option<String> {
    let (key, value) = match line.split_once('=') {
        Some((key, value)) => (key.trim(), value.split('#').next().unwrap_or("").trim()),
        None => {
            let colon = line
                .split_once(':')
                .map(|(key, value)| (key.trim(), value.trim()));
            let key_alone = !line.starts_with('[') && !line.is_empty();
            return match colon {
                Some((key, value)) => Some(format!("write `{key} = {value}`")),
                None if line.starts_with('[') => Some("close the table's name with `]`".to_owned()),
                None if key_alone => {
                    Some(format!("write `{line} = VALUE`, or `#` before a remark"))
                }
                None => None,
            };
        }
    };
    let is_number = |text: &str| !text.is_empty() && text.parse::<f64>().is_ok();
    if value.is_empty() {
        return Some(format!(
            "write a value after `{key} =`, or take the line out"
        ));
    }
    if let Some(percent) = value
        .strip_suffix('%')
        .and_then(|text| text.trim().parse::<f64>().ok())
    {
        let share = percent / 100.0;
        return Some(format!(
            "probabilities are written from 0 to 1: write `{key} = {share}`"
        ));
    }
    if value.contains(',') && is_number(&value.replace(',', ".")) {
        return Some(format!(
            "decimals have a point: write `{key} = {}`",
            value.replace(',', ".")
        ));
    }
    if let Some(number) = padded(value) {
        return Some(format!("write `{key} = {number}`"));
    }
    match value.to_lowercase().as_str() {
        "true" | "yes" | "on" => Some(format!("write `{key} = true`")),
        "false" | "no" | "off" => Some(format!("write `{key} = false`")),
        word if word
            .chars()
            .all(|c| c.is_alphanumeric() || "_- ".contains(c))
            && !is_number(word) =>
        {
            Some(format!(
                "text stands in quotes: write `{key} = \"{value}\"`"
            ))
        }
        _ => None,
    }
}

/// A number with the zeros that TOML wants, or without those that it does not.
fn padded(value: &str) -> Option<String> {
    let (sign, digits) = match value.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", value.strip_prefix('+').unwrap_or(value)),
    };
    if digits.parse::<f64>().is_err() {
        return None;
    }
    let digits = match digits.trim_start_matches('0') {
        "" => "0".to_owned(),
        rest if rest.starts_with('.') => format!("0{rest}"),
        rest => rest.to_owned(),
    };
    Some(format!(
        "{sign}{digits}{}",
        if digits.ends_with('.') { "0" } else { "" }
    ))
}

fn twice(root: &Table, text: &str, span: std::ops::Range<usize>) -> Fault {
    let place = Span::new(0, span.start, span.end);
    let key = text[span].trim_matches(['"', '\'']).to_owned();
    let mut before: Option<&Entry> = None;
    root.visit(&mut |entry| {
        let earlier = entry.key == key && entry.key_at.start < place.start;
        if earlier && before.is_none_or(|other| other.key_at < entry.key_at) {
            before = Some(entry);
        }
    });
    let fault = Fault::new(
        FaultCode::DuplicateKey,
        place,
        format!("`{key}` is given twice"),
    )
    .label("given again here")
    .hint("keep one of the two");
    match before {
        Some(entry) => fault.other(entry.key_at, "first given here"),
        None => fault,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_broken_line_is_found_and_the_rest_is_read() {
        let text = "a = 1\nb = 30%\nc = 2\nd\n[t\nx = 1\n[u]\ny = 2\n";
        let document = document(text);
        assert_eq!(document.faults.len(), 3);
        assert!(document.broken);
        let keys: Vec<_> = document
            .root
            .entries
            .iter()
            .map(|entry| entry.key.as_str())
            .collect();
        assert_eq!(keys, ["a", "c", "u"]);
    }

    #[test]
    fn a_text_that_never_becomes_toml_is_given_up() {
        let document = document(&"= \n".repeat(50));
        assert_eq!(document.faults.len(), MOST_FAULTS);
        assert!(document.root.entries.is_empty());
    }

    #[test]
    fn advice_shows_the_line_as_it_should_be() {
        for (line, right) in [
            ("days = 0,5", "`days = 0.5`"),
            ("trust = 30%", "`trust = 0.3`"),
            ("trust = .5", "`trust = 0.5`"),
            ("trust = 5.", "`trust = 5.0`"),
            ("seed = 007", "`seed = 7`"),
            ("noise = True", "`noise = true`"),
            ("noise = off", "`noise = false`"),
            ("title = Hello there", "`title = \"Hello there\"`"),
            ("seed: 4", "`seed = 4`"),
        ] {
            let advice = advice(line).expect("a known slip");
            assert!(advice.contains(right), "{advice}");
        }
    }
}
