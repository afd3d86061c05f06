//! Characters that can be printed, what is shown in place of the others, and words as a shell takes them.
//!
//! A control character in a scenario, a file name or a table can make a terminal do what its author
//! wants, and some cannot stand in an SVG file at all. Texts of a scenario must not hold any; what the
//! program prints shows their numbers, and charts show U+FFFD.

use std::borrow::Cow;
use std::fmt::Write;
use std::path::Path;

/// Whether a character controls a terminal, reorders a line, or is none: C0 except line feed and tab,
/// DEL, C1, line and paragraph separators, explicit directions of text, byte order marks, and
/// noncharacters.
pub(crate) fn is_unprintable(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => true,
        '\u{fdd0}'..='\u{fdef}' => true,
        other => u32::from(other) & 0xfffe == 0xfffe,
    }
}

/// The text with the number in place of each character that cannot be printed, such as `\u{1b}`.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    substituted(text, |out, character| {
        // Writing to a text cannot fail.
        let _ = write!(out, "{}", character.escape_unicode());
    })
}

/// The text with U+FFFD in place of each character that cannot be printed.
pub(crate) fn replaced(text: &str) -> Cow<'_, str> {
    substituted(text, |out, _| out.push(char::REPLACEMENT_CHARACTER))
}

/// A word of a command as a shell takes it.
pub(crate) fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:@%+~".contains(c);
    if !word.is_empty() && word.chars().all(plain) && !word.starts_with('~') {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// A command that can be copied into a shell.
pub(crate) fn shell_command(words: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let words = words.into_iter().map(|word| shell_word(word.as_ref()));
    words.collect::<Vec<_>>().join(" ")
}

/// A path as a word of a command that can be copied: a shell takes it, and no command takes it for an option.
pub(crate) fn shell_path(path: &Path) -> String {
    let shown = path.display().to_string();
    match shown.starts_with('-') {
        true => shell_word(&format!("./{shown}")),
        false => shell_word(&shown),
    }
}

fn substituted(text: &str, write: impl Fn(&mut String, char)) -> Cow<'_, str> {
    if !text.contains(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unprintable(character) {
            write(&mut out, character);
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

/// The text, cut after `most` characters, with an ellipsis.
pub(crate) fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_controls_a_terminal_is_shown_as_its_number() {
        assert_eq!(visible("a\u{1b}[31mb\u{7}"), r"a\u{1b}[31mb\u{7}");
        assert_eq!(
            visible("\r\u{7f}\u{85}\u{202e}\u{2069}\u{feff}\u{fffe}\u{1ffff}"),
            r"\u{d}\u{7f}\u{85}\u{202e}\u{2069}\u{feff}\u{fffe}\u{1ffff}"
        );
        assert_eq!(replaced("a\u{1}\u{fffe}b"), "a\u{fffd}\u{fffd}b");
    }

    #[test]
    fn words_of_a_command_are_quoted_for_a_shell() {
        assert_eq!(shell_word("run.couples=20"), "run.couples=20");
        assert_eq!(shell_word("a b"), "'a b'");
        assert_eq!(shell_word("it's $HOME"), "'it'\\''s $HOME'");
        assert_eq!(shell_word(""), "''");
        assert_eq!(shell_word("~a"), "'~a'");
        assert_eq!(shell_command(["run", "a b", "-x"]), "run 'a b' -x");
        assert_eq!(shell_path(Path::new("results/mine")), "results/mine");
        assert_eq!(shell_path(Path::new("my results")), "'my results'");
        assert_eq!(shell_path(Path::new("-x/é")), "'./-x/é'");
    }

    #[test]
    fn letters_lines_and_tabs_stay() {
        for text in ["", "one\n\ttwo", "é – “x” 我 \u{200f}שלום\u{1f600}\u{fffd}"] {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(cut("éééé", 2), "éé…");
        assert_eq!(cut("éé", 2), "éé");
    }
}
