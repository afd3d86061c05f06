//! Texts that a scenario is read from: its file, and each `--set` as a text of its own.

/// A text with the name that faults print before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// File name, or `--set KEY=VALUE`.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// A stretch of one source's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Position of the source in the list that the span was made for; the file is 0.
    pub source: usize,
    /// First byte.
    pub start: usize,
    /// First byte after it.
    pub end: usize,
}

impl Span {
    /// Marks the bytes from `start` to `end` of a source.
    pub fn new(source: usize, start: usize, end: usize) -> Span {
        Span {
            source,
            start,
            end: end.max(start),
        }
    }
}

/// Line and column of a byte, both from 1; columns count characters.
pub fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    let before = &text[..byte];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (
        before.matches('\n').count() + 1,
        text[start..byte].chars().count() + 1,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        assert_eq!(line_and_column("äb\ncd", 0), (1, 1));
        assert_eq!(line_and_column("äb\ncd", 2), (1, 2));
        assert_eq!(line_and_column("äb\ncd", 1), (1, 1));
        assert_eq!(line_and_column("äb\ncd", 5), (2, 2));
        assert_eq!(line_and_column("äb\ncd", 99), (2, 3));
    }
}
