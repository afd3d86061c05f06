//! From text to tree, with every syntax error: a line that is no TOML is taken out, and the rest read.

use super::code::Code;
use super::diagnostic::Diagnostic;
use super::source::Span;
use super::syntax_hints;
use super::tree::{self, TomlEntry, TomlTable};
use std::ops::Range;
use toml::de::DeTable;

/// So many lines are taken out before the rest is given up.
const MOST_ERRORS: usize = 20;
/// So many lines before an error are searched for a bracket that was left open.
const FAR_BEFORE: usize = 200;

/// What could be read of a text.
pub(crate) struct Toml {
    /// The tree, without the lines that are no TOML.
    pub(crate) root: TomlTable,
    /// Lines that are no TOML, and keys given twice.
    pub(crate) errors: Vec<Diagnostic>,
    /// Whether lines had to be taken out, so that what seems to be missing may stand in them.
    pub(crate) broken: bool,
}

/// Reads the file's text, source 0.
pub(crate) fn read(text: &str) -> Toml {
    let mut kept = text.to_owned();
    let mut errors = Vec::new();
    let mut repeated = Vec::new();
    let mut root = TomlTable::new(Span::new(0, 0, 0));
    for attempt in 0..=MOST_ERRORS {
        let (parsed, mut found) = DeTable::parse_recoverable(&kept);
        found.sort_by_key(|error| error.span().map_or(0, |span| span.start));
        let (twice, others): (Vec<_>, Vec<_>) = found
            .into_iter()
            .partition(|error| error.message() == "duplicate key");
        repeated = twice;
        let Some(error) = others.first() else {
            root = tree::table(parsed.get_ref(), root.at, 0);
            break;
        };
        let span = error.span().unwrap_or(0..0);
        if attempt < MOST_ERRORS {
            let (at, bracket) = origin(&kept, &span);
            errors.push(match bracket {
                Some(bracket) => syntax_hints::unclosed(bracket, at),
                None => syntax_hints::diagnostic(text, error.message(), span),
            });
            let lines = lines_to_take_out(&kept, at);
            kept.replace_range(lines.clone(), &blank(&kept[lines]));
        } else {
            repeated.clear();
        }
    }
    let broken = !errors.is_empty();
    let repeated = repeated.iter().filter_map(|error| error.span());
    errors.extend(repeated.map(|span| twice(&root, text, span)));
    Toml {
        root,
        errors,
        broken,
    }
}

/// The line of an error; where it opens a table, all lines of that table, which would otherwise
/// seem to belong to the table before.
fn lines_to_take_out(text: &str, at: usize) -> Range<usize> {
    let (start, mut end) = line_of(text, at);
    if text[start..end].trim_start().starts_with('[') {
        end = text[end..]
            .find("\n[")
            .map_or(text.len(), |length| end + length);
    }
    start..end
}

/// Where the line of a byte starts and ends.
fn line_of(text: &str, at: usize) -> (usize, usize) {
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    (
        start,
        text[at..]
            .find('\n')
            .map_or(text.len(), |length| at + length),
    )
}

/// Where an error comes from: an error at the end of the text belongs to the last line that says
/// something, and an error in a header to a bracket that was left open before it.
fn origin(text: &str, span: &Range<usize>) -> (usize, Option<char>) {
    let at = span.start.min(text.len());
    let at = if text[at..].trim().is_empty() {
        text[..at].trim_end().len()
    } else {
        at
    };
    let (start, end) = line_of(text, at);
    let is_header = text[start..end].trim_start().starts_with('[');
    let is_last = text[end..].trim().is_empty();
    if !is_header && !is_last {
        return (at, None);
    }
    let before = if is_header { start } else { end };
    match open_bracket(&text[..before]) {
        Some((line_end, bracket)) => (line_end, Some(bracket)),
        None => (at, None),
    }
}

/// The last line before which a bracket of a value was left open: its end and the bracket.
fn open_bracket(text: &str) -> Option<(usize, char)> {
    let mut end = text.len();
    for line in text.split('\n').rev().take(FAR_BEFORE) {
        let value = line
            .split_once('=')
            .map(|(_, value)| value.split('#').next().unwrap_or(""));
        let count = |value: &str, sign: char| value.matches(sign).count();
        let open = value.and_then(|value| {
            let left_open = |pair: &(char, char)| count(value, pair.0) > count(value, pair.1);
            [('{', '}'), ('[', ']')].into_iter().find(left_open)
        });
        if let Some((bracket, _)) = open {
            return Some((end - (line.len() - line.trim_end().len()), bracket));
        }
        if line.trim_start().starts_with('[') {
            return None;
        }
        end = end.saturating_sub(line.len() + 1);
    }
    None
}

fn blank(lines: &str) -> String {
    lines
        .bytes()
        .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
        .collect()
}

fn twice(root: &TomlTable, text: &str, span: Range<usize>) -> Diagnostic {
    let place = Span::new(0, span.start, span.end);
    let key = text[span].trim_matches(['"', '\'']).to_owned();
    let mut before: Option<&TomlEntry> = None;
    root.visit(&mut |entry| {
        let earlier = entry.key == key && entry.key_at.start < place.start;
        if earlier && before.is_none_or(|other| other.key_at < entry.key_at) {
            before = Some(entry);
        }
    });
    let error = Diagnostic::new(Code::DuplicateKey, place, format!("`{key}` is given twice"))
        .label("given again here")
        .hint("keep one of the two");
    match before
        .map(|entry| entry.key_at)
        .or_else(|| same_header(text, place))
    {
        Some(first) => error.other(first, "first given here"),
        None => error,
    }
}

/// The line before that opens the same table.
fn same_header(text: &str, place: Span) -> Option<Span> {
    let (start, end) = line_of(text, place.start);
    let header = text[start..end].trim();
    let mut at = 0;
    for line in text[..start].split_inclusive('\n') {
        if line.trim() == header {
            return Some(Span::new(0, at, at + line.trim_end().len()));
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_broken_line_is_found_and_the_rest_is_read() {
        let text = "a = 1\nb = 30%\nc = 2\nd\n[t\nx = 1\n[u]\ny = 2\n";
        let toml = read(text);
        assert_eq!(toml.errors.len(), 3);
        assert!(toml.broken);
        let keys: Vec<_> = toml
            .root
            .entries
            .iter()
            .map(|entry| entry.key.as_str())
            .collect();
        assert_eq!(keys, ["a", "c", "u"]);
    }

    #[test]
    fn a_text_that_never_becomes_toml_is_given_up() {
        let toml = read(&"= \n".repeat(50));
        assert_eq!(toml.errors.len(), MOST_ERRORS);
        assert!(toml.root.entries.is_empty());
    }
}
