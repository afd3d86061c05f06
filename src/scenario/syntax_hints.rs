//! What is commonly wrong in a line that is no TOML, in plain words.

use super::code::Code;
use super::diagnostic::Diagnostic;
use super::source::Span;
use std::ops::Range;

/// A bracket that is never closed; `at` is the end of its line.
pub(crate) fn unclosed(bracket: char, at: usize) -> Diagnostic {
    let closing = if bracket == '{' { '}' } else { ']' };
    let message = format!("a `{bracket}` is not closed");
    Diagnostic::new(Code::Syntax, Span::new(0, at, at), message)
        .label(format!("expected `{closing}`"))
        .hint(format!("write `{closing}` where the value ends"))
}

/// The error of a line, from the parser's message and place.
pub(crate) fn diagnostic(text: &str, message: &str, span: Range<usize>) -> Diagnostic {
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[span.start..]
        .find('\n')
        .map_or(text.len(), |length| span.start + length);
    let line = text[start..end].trim();
    let (what, expected) = message.split_once(", expected ").unwrap_or((message, ""));
    let (what, label) = plain(what, expected, line);
    Diagnostic::new(Code::Syntax, Span::new(0, span.start, span.end), what)
        .label(label)
        .maybe_hint(advice(line))
}

/// The parser's message in a researcher's words, and the label.
fn plain(what: &str, expected: &str, line: &str) -> (String, String) {
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
            &label(expected),
        ),
        "unclosed table" => said("the name of a table is not closed", &label(expected)),
        "unclosed inline table" => said("a `{` is not closed", &label(expected)),
        "unclosed array" => said("a `[` is not closed", &label(expected)),
        _ if what.starts_with("cannot extend value") => said(
            "a key that has a value cannot have keys of its own",
            "has a value already",
        ),
        _ => (what.to_owned(), label(expected)),
    }
}

fn label(expected: &str) -> String {
    match expected {
        "" | "nothing" => String::new(),
        expected => format!("expected {expected}"),
    }
}

/// What the commonest typos of people who know other notations come from.
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
    let number = format!(
        "{sign}{digits}{}",
        if digits.ends_with('.') { "0" } else { "" }
    );
    (number != value).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::advice;

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
