//! Rust source as the checks see it: without comments and literals, with its tests marked.

use std::ops::Range;

/// A file's text, prepared.
pub(super) struct Source {
    /// As it is.
    pub(super) text: String,
    /// With comments and literals blanked, byte for byte.
    pub(super) code: String,
    /// Where items under `#[cfg(test)]` stand in both.
    pub(super) tests: Vec<Range<usize>>,
}

impl Source {
    pub(super) fn new(text: String) -> Source {
        let code = blanked(&text);
        let tests = test_items(&code);
        Source { text, code, tests }
    }

    /// Positions at which a word stands in the code.
    pub(super) fn words(&self, word: &str) -> Vec<usize> {
        let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        self.code
            .match_indices(word)
            .filter(|(at, _)| {
                let before = self.code[..*at].chars().next_back();
                let after = self.code[at + word.len()..].chars().next();
                let ends_in_word = word.ends_with(|c: char| c.is_alphanumeric() || c == '_');
                !(part(before) || ends_in_word && part(after))
            })
            .map(|(at, _)| at)
            .collect()
    }

    /// The line number of a position.
    pub(super) fn line(&self, at: usize) -> usize {
        self.code[..at].matches('\n').count() + 1
    }

    /// Whether a position lies in a test.
    pub(super) fn is_test(&self, at: usize) -> bool {
        self.tests.iter().any(|range| range.contains(&at))
    }
}

/// Replaces comments, texts and characters by spaces; lines and positions stay.
fn blanked(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = skipped(bytes, at);
        if end == at {
            at += 1;
            continue;
        }
        for byte in &mut code[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end;
    }
    String::from_utf8(code).expect("whole characters are blanked")
}

/// The end of the comment or literal that starts at a position, or that position.
fn skipped(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let end_of =
        |found: Option<usize>, length: usize| found.map_or(bytes.len(), |n| at + n + length);
    if rest.starts_with(b"//") {
        return end_of(find(rest, b"\n"), 0);
    }
    if rest.starts_with(b"/*") {
        return end_of(find(&rest[2..], b"*/"), 4);
    }
    let in_word = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    if rest[0] == b'r' && !(in_word && bytes[at - 1] != b'b') {
        let hashes = rest[1..].iter().take_while(|byte| **byte == b'#').count();
        if rest.get(1 + hashes) == Some(&b'"') {
            let close = [&b"\""[..], &b"#".repeat(hashes)].concat();
            let inside = 2 + hashes;
            return end_of(find(&rest[inside..], &close), inside + close.len());
        }
    }
    match rest[0] {
        b'"' => at + quoted(rest, b'"'),
        b'\'' => {
            let width = std::str::from_utf8(&rest[1..(rest.len()).min(8)])
                .or_else(|error| std::str::from_utf8(&rest[1..1 + error.valid_up_to()]))
                .ok()
                .and_then(|text| text.chars().next())
                .map_or(1, char::len_utf8);
            let is_character = rest.get(1) == Some(&b'\\') || rest.get(1 + width) == Some(&b'\'');
            if is_character {
                at + quoted(rest, b'\'')
            } else {
                at
            }
        }
        _ => at,
    }
}

/// Length of a quoted literal with its quotes.
fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

/// Where the items under `#[cfg(test)]` stand.
fn test_items(code: &str) -> Vec<Range<usize>> {
    const MARK: &str = "#[cfg(test)]";
    let mut items = Vec::new();
    for (start, _) in code.match_indices(MARK) {
        let body = start + MARK.len();
        let Some(open) = code[body..].find(['{', ';']).map(|n| body + n) else {
            continue;
        };
        let end = if code.as_bytes()[open] == b';' {
            open
        } else {
            closing(code, open)
        };
        items.push(start..end);
    }
    items
}

/// The end of the braces that open at a position.
fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code[open..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return open + at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

#[test]
fn comments_and_literals_are_blanked_and_code_is_kept() {
    let text = "let a = \"un\\\"safe\"; // unsafe\nlet b = r#\"x\"unsafe\"#; /* unsafe */ 'a' '\\'' fn f<'x>(é: &'x str) 'é'";
    let source = Source::new(text.to_owned());
    assert_eq!(source.code.len(), text.len());
    assert!(source.words("unsafe").is_empty());
    assert!(source.code.contains("fn f<'x>(é: &'x str)") && !source.code.contains("'é'"));
    assert_eq!(source.line(source.words("let")[1]), 2);
}

#[test]
fn tests_are_told_from_what_they_test() {
    let text =
        "fn a() { x.exp() }\n#[cfg(test)]\nmod tests { fn b() { x.ln() } }\nfn c() { x.sin() }";
    let source = Source::new(text.to_owned());
    let in_test = ["exp", "ln", "sin"].map(|word| source.is_test(source.words(word)[0]));
    assert_eq!(in_test, [false, true, false]);
}
