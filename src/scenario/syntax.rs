//! TOML text to a tree, with every syntax error in plain words and advice for common slips.
//!
//! The TOML parser stops at a broken line. The line is taken out and the rest is read, so that all
//! errors are reported at once.

use super::diagnostic::{Code, Diagnostic, Span};
use super::tree::{self, TomlEntry, TomlTable};
use crate::printable::is_unprintable;
use std::ops::Range;
use toml::de::DeTable;

/// The most broken lines that are taken out before the rest is given up.
const MOST_ERRORS: usize = 20;
/// How many lines before an error are searched for a bracket that was left open.
const FAR_BEFORE: usize = 200;

/// The most repeated keys for which the first place is searched.
const MOST_REPEATED: usize = 100;

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
pub(crate) fn read_toml(text: &str) -> Toml {
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
        // The parser has no place for a key of too many parts.
        let span = error.span().or_else(|| deep_key(&kept)).unwrap_or(0..0);
        if attempt < MOST_ERRORS {
            let (at, bracket) = origin(&kept, &span);
            errors.push(match bracket {
                Some(bracket) => unclosed(bracket, at),
                None => syntax_error(text, error.message(), span),
            });
            let lines = lines_to_take_out(&kept, at);
            kept.replace_range(lines.clone(), &blank(&kept[lines]));
        } else {
            repeated.clear();
        }
    }
    let broken = !errors.is_empty();
    let repeated = repeated.iter().filter_map(|error| error.span());
    errors.extend(repeated.enumerate().map(|(number, span)| {
        let error = twice(text, &span);
        if number >= MOST_REPEATED {
            return error;
        }
        match first_given(&root, text, &span) {
            Some(first) => error.other(first, "first given here"),
            None => error,
        }
    }));
    Toml {
        root,
        errors,
        broken,
    }
}

/// Most parts of a key that the parser reads.
const MOST_PARTS: usize = 80;

/// The first key of more than [`MOST_PARTS`] parts, outside comments and texts.
fn deep_key(text: &str) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let (mut at, mut start, mut end, mut dots) = (0, None, 0, 0);
    while at < bytes.len() {
        let next = match bytes[at] {
            b'#' => text[at..].find('\n').map_or(bytes.len(), |line| at + line),
            b'"' | b'\'' => end_of_quotes(text, at),
            _ => at + 1,
        };
        match bytes[at] {
            b' ' | b'\t' => {}
            b'.' => dots += 1,
            b'=' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'\r' | b'\n' => {
                if let Some(start) = start.filter(|_| dots >= MOST_PARTS) {
                    return Some(start..end);
                }
                (start, dots) = (None, 0);
            }
            _ => {
                start = start.or(Some(at));
                end = next;
            }
        }
        at = next;
    }
    start.filter(|_| dots >= MOST_PARTS).map(|start| start..end)
}

/// The byte after a text in quotes, which begins at `at`; the end of its line where it is not closed.
fn end_of_quotes(text: &str, at: usize) -> usize {
    let quote = &text[at..at + 1];
    let three = quote.repeat(3);
    let (quotes, several_lines) = match text[at..].starts_with(&three) {
        true => (three.as_str(), true),
        false => (quote, false),
    };
    let mut place = at + quotes.len();
    while let Some(rest) = text.get(place..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(quotes) {
            return place + quotes.len();
        }
        if rest.starts_with('\n') && !several_lines {
            return place;
        }
        let escaped = quote == "\"" && rest.starts_with('\\');
        let taken = rest.chars().take(if escaped { 2 } else { 1 });
        place += taken.map(char::len_utf8).sum::<usize>();
    }
    text.len()
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

fn twice(text: &str, span: &Range<usize>) -> Diagnostic {
    let key = text[span.clone()].trim_matches(['"', '\'']);
    let place = Span::new(0, span.start, span.end);
    Diagnostic::new(Code::DuplicateKey, place, format!("`{key}` is given twice"))
        .label("given again here")
        .hint("keep one of the two")
}

/// Where a key was given before it is given again.
fn first_given(root: &TomlTable, text: &str, span: &Range<usize>) -> Option<Span> {
    let place = Span::new(0, span.start, span.end);
    let key = text[span.clone()].trim_matches(['"', '\'']);
    let mut before: Option<&TomlEntry> = None;
    root.visit(&mut |entry| {
        let earlier = entry.key == key && entry.key_at.start < place.start;
        if earlier && before.is_none_or(|other| other.key_at < entry.key_at) {
            before = Some(entry);
        }
    });
    let at = before.map(|entry| entry.key_at);
    at.or_else(|| same_header(text, place))
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

/// A bracket that is never closed; `at` is the end of its line.
fn unclosed(bracket: char, at: usize) -> Diagnostic {
    let closing = if bracket == '{' { '}' } else { ']' };
    let message = format!("a `{bracket}` is not closed");
    Diagnostic::new(Code::Syntax, Span::new(0, at, at), message)
        .label(format!("expected `{closing}`"))
        .hint(format!("write `{closing}` where the value ends"))
}

/// The error of a line, from the parser's message and place.
fn syntax_error(text: &str, message: &str, span: Range<usize>) -> Diagnostic {
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[span.start..]
        .find('\n')
        .map_or(text.len(), |length| span.start + length);
    let line = text[start..end].trim();
    let (what, expected) = message.split_once(", expected ").unwrap_or((message, ""));
    let (what, label) = plain_words(what, expected, line);
    Diagnostic::new(Code::Syntax, Span::new(0, span.start, span.end), what)
        .label(label)
        .maybe_hint(advice(line))
}

/// The parser's message in a researcher's words, and the label.
fn plain_words(what: &str, expected: &str, line: &str) -> (String, String) {
    let no_value = line
        .split_once('=')
        .is_some_and(|(_, value)| value.trim().is_empty());
    let said = |what: &str, label: &str| (what.to_owned(), label.to_owned());
    match what {
        "key with no value" => said("a key without a value", "expected `=` and a value"),
        "string values must be quoted" if no_value => said("a key without a value", "no value"),
        "string values must be quoted" | "invalid boolean" => said(
            "a value must be a number, true, false, or text in quotes",
            "none of these",
        ),
        "invalid mantissa" => said(
            "a number needs digits before and after its point",
            "no digit",
        ),
        "unexpected leading zero" => said("a number must not begin with 0", "a 0 too many"),
        "unexpected key or value" => said("something follows the value", "expected the line's end"),
        "invalid unquoted key" => said(
            "a key is made of letters, digits, `_` and `-`",
            "cannot stand in a key",
        ),
        "invalid basic string" | "invalid literal string" => said(
            "the text in quotes is not closed, or holds a sign that it cannot hold",
            &expected_label(expected),
        ),
        "unclosed table" => said(
            "the name of a table is not closed",
            &expected_label(expected),
        ),
        "unclosed inline table" => said("a `{` is not closed", &expected_label(expected)),
        "recursion limit" => said(
            "a key has too many parts",
            &format!("more than {MOST_PARTS} parts"),
        ),
        "cannot recurse further; max recursion depth met" => {
            said("lists and tables are nested too deeply", "too deep")
        }
        "unclosed array" => said("a `[` is not closed", &expected_label(expected)),
        _ if what.starts_with("cannot extend value") => said(
            "a key that has a value cannot have keys of its own",
            "has a value already",
        ),
        _ => (what.to_owned(), expected_label(expected)),
    }
}

fn expected_label(expected: &str) -> String {
    match expected {
        "" | "nothing" => String::new(),
        expected => format!("expected {expected}"),
    }
}

/// Longest line of which a piece of advice holds a copy (bytes).
const LONGEST_COPY: usize = 200;

/// A line without the remark at its end: what follows a `#` outside quotes.
fn before_remark(line: &str) -> &str {
    let mut quote = None;
    for (at, character) in line.char_indices() {
        match (character, quote) {
            ('#', None) => return line[..at].trim_end(),
            ('"' | '\'', None) => quote = Some(character),
            (_, Some(open)) if open == character => quote = None,
            _ => {}
        }
    }
    line
}

/// A value in quotes as word processors write them, with straight quotes.
fn straight_quotes(value: &str) -> Option<String> {
    let typographic = ['“', '”', '„', '‟', '‘', '’', '‚', '«', '»', '″'];
    let inner = value.strip_prefix(typographic)?;
    let inner = inner.trim_end_matches(typographic).trim_end_matches('"');
    (!inner.contains(['"', '\\'])).then(|| format!("\"{inner}\""))
}

/// What the commonest typos of people who know other notations come from.
fn advice(line: &str) -> Option<String> {
    // A line that is a remark, very long or cannot be printed is not copied into a piece of advice.
    if line.starts_with('#') || line.len() > LONGEST_COPY || line.contains(is_unprintable) {
        return None;
    }
    let line = before_remark(line);
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
    if let Some(straight) = straight_quotes(value) {
        return Some(format!(
            "these quotes are typographic: write `{key} = {straight}` with straight ones"
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
    let number = format!(
        "{sign}{digits}{}",
        if digits.ends_with('.') { "0" } else { "" }
    );
    (number != value).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_broken_line_is_found_and_the_rest_is_read() {
        let text = "a = 1\nb = 30%\nc = 2\nd\n[t\nx = 1\n[u]\ny = 2\n";
        let toml = read_toml(text);
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
    fn a_key_of_too_many_parts_is_reported_where_it_stands() {
        let deep = vec!["a"; 20_000].join(" . ");
        let texts = [
            format!("b = 1\n# {deep} = 1\n{deep} = 1\nc = 2\n"),
            format!("b = \"\"\"\n{deep} = 1\"\"\"\nd = {{ {deep} = 1 }}\n"),
            format!("b = '{deep}' \n[{deep}]\nc = 2\n"),
            format!("b = \"x\\\"{deep}\"\n{deep}"),
        ];
        for text in texts {
            let toml = read_toml(&text);
            let error = &toml.errors[0];
            assert_eq!(Some(error.place.start), text.rfind(&deep));
            assert_eq!(error.place.end - error.place.start, deep.len());
            assert_eq!(error.message, "a key has too many parts");
            assert_eq!(toml.errors.len(), 1);
            assert_eq!(toml.root.entries[0].key, "b");
        }
    }

    #[test]
    fn a_text_that_never_becomes_toml_is_given_up() {
        let toml = read_toml(&"= \n".repeat(50));
        assert_eq!(toml.errors.len(), MOST_ERRORS);
        assert!(toml.root.entries.is_empty());
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
        for (line, right) in [
            ("seed: 4 # a note = rings", "`seed = 4`"),
            ("seed # a note: rings", "`seed = VALUE`"),
        ] {
            let advice = advice(line).expect("a known slip");
            assert!(
                advice.contains(right) && !advice.contains("note"),
                "{advice}"
            );
        }
    }

    #[test]
    fn no_advice_makes_a_key_of_a_remark_or_copies_what_controls_a_terminal() {
        let long = "x".repeat(1000);
        for line in ["# a note: rings", "#a = b", "a\u{1b}]0;x\u{7}", &long] {
            assert_eq!(advice(line), None, "{line}");
        }
    }
}
