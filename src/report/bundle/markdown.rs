//! Markdown (CommonMark with tables) in which texts of a scenario are shown as they are, whatever signs they hold.

/// Characters that can begin markup within a line.
const MARKUP: &str = "\\`*_[]<>|~&$";
/// Characters that are markup where they begin a line.
const LINE_MARKUP: &str = "#-+=:";

/// A text in one line, its markup escaped.
pub(crate) fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !shown.is_empty() {
            shown.push(' ');
        }
        for letter in word.chars() {
            if MARKUP.contains(letter) {
                shown.push('\\');
            }
            shown.push(letter);
        }
    }
    shown
}

/// A text of several lines as a quotation.
pub(crate) fn quotation(text: &str) -> String {
    let mut shown = String::new();
    for line in text.trim().lines() {
        let line = escaped(line);
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        // `1.` and `1)` begin a list.
        let is_item = digits > 0 && line[digits..].starts_with(['.', ')']);
        let line = match line.chars().next() {
            None => String::new(),
            Some(first) if LINE_MARKUP.contains(first) => format!("\\{line}"),
            Some(_) if is_item => format!("{}\\{}", &line[..digits], &line[digits..]),
            Some(_) => line,
        };
        shown.push_str(format!("> {line}").trim_end());
        shown.push('\n');
    }
    shown
}

/// A text as code within a line.
pub(crate) fn code(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let ticks = "`".repeat(longest_run(&text) + 1);
    let space = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{ticks}{space}{text}{space}{ticks}")
}

/// Lines of code.
pub(crate) fn fenced(language: &str, text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("{fence}{language}\n{text}{end}{fence}\n")
}

/// A table. Cells are Markdown in one line; only their column separators are escaped here.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: &mut dyn Iterator<Item = String>| {
        let cells: Vec<String> = cells.collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut text = line(&mut head.iter().map(|cell| (*cell).to_owned()));
    text.push_str(&line(&mut head.iter().map(|_| "---".to_owned())));
    for row in rows {
        text.push_str(&line(&mut row.iter().map(|cell| separators_escaped(cell))));
    }
    text
}

/// A cell without a bare `|`, which separates cells even in code.
fn separators_escaped(cell: &str) -> String {
    let mut shown = String::with_capacity(cell.len());
    let mut before = ' ';
    for letter in cell.chars() {
        if letter == '|' && before != '\\' {
            shown.push('\\');
        }
        shown.push(letter);
        before = letter;
    }
    shown
}

/// The longest row of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`')
        .map(str::len)
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_text_is_shown_and_not_interpreted() {
        assert_eq!(
            escaped("a *b* <img src=x>\n[c](d) | `e` \\ R&amp;B_2"),
            "a \\*b\\* \\<img src=x\\> \\[c\\](d) \\| \\`e\\` \\\\ R\\&amp;B\\_2"
        );
        assert_eq!(
            quotation("# One\n\n1. two\n- three\n> four"),
            "> \\# One\n>\n> 1\\. two\n> \\- three\n> \\> four\n"
        );
    }

    #[test]
    fn code_ends_where_the_text_ends() {
        assert_eq!(code("trust = 0.5"), "`trust = 0.5`");
        assert_eq!(code("a `b`"), "`` a `b` ``");
        assert_eq!(fenced("toml", "x = '```'"), "````toml\nx = '```'\n````\n");
    }

    #[test]
    fn a_cell_does_not_end_at_a_separator_in_it() {
        let cells = vec![code("a|b"), escaped("c|d")];
        assert_eq!(
            table(&["One", "Two"], &[cells]),
            "| One | Two |\n| --- | --- |\n| `a\\|b` | c\\|d |\n"
        );
    }
}
