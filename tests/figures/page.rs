//! The text of a page or of a scenario's comments, with the places of its figures.

use std::fs;
use std::ops::Range;
use std::path::Path;

/// A text in which any white space, and the mark of a comment, is one blank.
pub(crate) struct Page {
    raw: String,
    text: String,
    /// The place in `raw` of each byte of `text`, and the end of `raw`.
    places: Vec<usize>,
}

/// What a figure is for [`Page::find`].
#[derive(Clone, Copy, PartialEq)]
enum Part<'a> {
    Literal(&'a str),
    /// `{}`: the figure that is meant.
    Figure,
    /// `#`: any other figure.
    Other,
}

impl Page {
    /// Reads a Markdown page whole, and of a TOML file its comments.
    pub(crate) fn read(path: &Path) -> Page {
        let raw = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let comments = path.extension().is_some_and(|it| it == "toml");
        let mut page = Page {
            raw: String::new(),
            text: String::new(),
            places: Vec::new(),
        };
        let mut at = 0;
        for line in raw.split_inclusive('\n') {
            let words = match (comments, line.strip_prefix('#')) {
                (true, Some(words)) => words,
                (true, None) => "",
                (false, _) => line,
            };
            page.push(words, at + line.len() - words.len());
            page.push("\n", at + line.len());
            at += line.len();
        }
        page.places.push(at);
        page.raw = raw;
        page
    }

    fn push(&mut self, words: &str, at: usize) {
        for (offset, letter) in words.char_indices() {
            let letter = if letter.is_whitespace() { ' ' } else { letter };
            if letter == ' ' && (self.text.is_empty() || self.text.ends_with(' ')) {
                continue;
            }
            self.text.push(letter);
            for byte in 0..letter.len_utf8() {
                self.places.push(at + offset + byte);
            }
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Where the figure of a phrase stands.
    ///
    /// # Errors
    ///
    /// If the phrase is not in the text exactly once.
    pub(crate) fn find(&self, phrase: &str) -> Result<Range<usize>, String> {
        let places = self.parts(phrase)?.into_iter();
        let mut figures = places.filter(|(part, _)| *part == Part::Figure);
        let figure = figures.next().map(|(_, place)| place);
        figure.ok_or_else(|| format!("`{phrase}` has no {{}}"))
    }

    /// What a phrase says of its figure: the figure, and the words around it without other figures.
    ///
    /// # Errors
    ///
    /// If the phrase is not in the text exactly once.
    pub(crate) fn known(&self, phrase: &str) -> Result<Vec<Range<usize>>, String> {
        let parts = self.parts(phrase)?.into_iter();
        Ok(parts
            .filter(|(part, _)| *part != Part::Other)
            .map(|(_, place)| place)
            .collect())
    }

    fn parts<'a>(&self, phrase: &'a str) -> Result<Vec<(Part<'a>, Range<usize>)>, String> {
        let parts = parts(phrase);
        let starts = self.text.char_indices().map(|(at, _)| at);
        let mut found = starts.filter_map(|at| matched(&self.text, at, &parts));
        match (found.next(), found.next()) {
            (Some(places), None) => Ok(parts.into_iter().zip(places).collect()),
            (None, _) => Err(format!("the page has no phrase `{phrase}`")),
            (Some(_), Some(_)) => Err(format!("the page has `{phrase}` more than once")),
        }
    }

    /// The sentence around a place.
    pub(crate) fn sentence(&self, place: &Range<usize>) -> &str {
        let from = self.text[..place.start].rfind(". ").map_or(0, |at| at + 2);
        let to = self.text[place.end..]
            .find(". ")
            .map(|at| place.end + at + 1);
        &self.text[from..to.unwrap_or(self.text.len())]
    }

    /// The text with other figures in some places, in a file's form. Line breaks are kept.
    pub(crate) fn renewed(&self, mut figures: Vec<(Range<usize>, String)>) -> String {
        figures.sort_by_key(|(place, _)| place.start);
        let mut raw = self.raw.clone();
        for (place, figure) in figures.iter().rev() {
            let mut pieces = Vec::new();
            let mut from = place.start;
            let words = self.text[place.clone()].split(' ');
            for (old, new) in words.zip(figure.split(' ')) {
                let last = from + old.len() - 1;
                pieces.push((self.places[from]..self.places[last] + 1, new));
                from += old.len() + 1;
            }
            for (piece, new) in pieces.into_iter().rev() {
                raw.replace_range(piece, new);
            }
        }
        raw
    }

    /// Numbers that only the program or a person can know, with their places: none in a name, a setting, code,
    /// a year, or a reference to an equation.
    pub(crate) fn numbers(&self) -> Vec<Range<usize>> {
        let mut numbers = Vec::new();
        let mut at = 0;
        let mut code = false;
        let generated = self.generated();
        while let Some(letter) = self.text[at..].chars().next() {
            code ^= letter == '`';
            let end = starts_number(&self.text, at)
                .then(|| number(&self.text, at))
                .flatten();
            if let Some(end) = end
                && !code
                && !generated.iter().any(|it| it.contains(&at))
                && self.counts(&(at..end))
            {
                numbers.push(at..end);
            }
            at = end.unwrap_or(at + letter.len_utf8());
        }
        numbers
    }

    /// What other tests write: from `<!-- NAME -->` to `<!-- end -->`.
    fn generated(&self) -> Vec<Range<usize>> {
        let ends = self.text.match_indices("<!-- end -->");
        let begin = |end: usize| self.text[..end].rfind("<!-- ").expect("a begin");
        ends.map(|(end, _)| begin(end)..end).collect()
    }

    fn counts(&self, place: &Range<usize>) -> bool {
        let number = &self.text[place.clone()];
        let (before, after) = (&self.text[..place.start], &self.text[place.end..]);
        let is_name = after.starts_with(|it: char| it.is_alphanumeric() || "_/".contains(it));
        let is_year = number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
        let is_equation = ["Eq. (", "), (", ") and ("]
            .iter()
            .any(|it| before.ends_with(it));
        let is_setting = before.ends_with(['=', '/']);
        !(is_name || is_year || is_equation || is_setting)
    }

    /// Where a phrase stands, everywhere.
    pub(crate) fn all(&self, phrase: &str) -> Vec<Range<usize>> {
        let found = self.text.match_indices(phrase);
        found.map(|(at, _)| at..at + phrase.len()).collect()
    }
}

fn parts(phrase: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = phrase;
    while let Some(at) = rest.find(['{', '#']) {
        let (before, after) = rest.split_at(at);
        if !before.is_empty() {
            parts.push(Part::Literal(before));
        }
        if let Some(after) = after.strip_prefix("{}") {
            parts.push(Part::Figure);
            rest = after;
        } else {
            parts.push(Part::Other);
            rest = &after[1..];
        }
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(rest));
    }
    parts
}

/// The places of the parts if they stand at a place of a text.
fn matched(text: &str, start: usize, parts: &[Part]) -> Option<Vec<Range<usize>>> {
    let mut at = start;
    let mut places = Vec::new();
    for part in parts {
        let from = at;
        at = match part {
            Part::Literal(words) => literal(text, at, words)?,
            Part::Figure | Part::Other if starts_number(text, at) => figure(text, at)?,
            Part::Figure | Part::Other => return None,
        };
        places.push(from..at);
    }
    Some(places)
}

/// Whether what stands before a place is no part of a number or a word.
fn starts_number(text: &str, at: usize) -> bool {
    let mut before = text[..at].chars().rev();
    match (before.next(), before.next()) {
        (Some(','), Some(digit)) => !digit.is_ascii_digit(),
        (Some(it), _) => !it.is_alphanumeric() && !"._+-−".contains(it),
        (None, _) => true,
    }
}

/// The end of a number and of its interval.
fn figure(text: &str, at: usize) -> Option<usize> {
    let end = number(text, at)?;
    let interval = || {
        let low = number(text, literal(text, end, " [")?)?;
        let high = number(text, literal(text, low, ", ")?)?;
        literal(text, high, "]")
    };
    Some(interval().unwrap_or(end))
}

fn literal(text: &str, at: usize, words: &str) -> Option<usize> {
    text[at..].starts_with(words).then(|| at + words.len())
}

/// The end of a number: `-.5`, `1,234`, `12.30`.
fn number(text: &str, at: usize) -> Option<usize> {
    let digits = |from: usize| {
        let rest = &text[from..];
        from + rest.len()
            - rest
                .trim_start_matches(|it: char| it.is_ascii_digit())
                .len()
    };
    let sign = text[at..].chars().next().filter(|it| "+-−".contains(*it));
    let begin = at + sign.map_or(0, char::len_utf8);
    let mut end = digits(begin);
    while let Some(from) = literal(text, end, ",")
        && end > begin
        && digits(from) == from + 3
    {
        end = from + 3;
    }
    if let Some(from) = literal(text, end, ".")
        && digits(from) > from
    {
        end = digits(from);
    }
    (end > begin).then_some(end)
}

/// A value, and its interval where the page has one, in the form of the figure that stands there.
///
/// # Errors
///
/// If the page has an interval and the value none.
pub(crate) fn written(old: &str, value: f64, interval: Option<[f64; 2]>) -> Result<String, String> {
    let Some((mean, ends)) = old.split_once(" [") else {
        return Ok(like(old, value));
    };
    let [low, high] = interval.ok_or("the page has an interval, and the program none")?;
    let (from, to) = ends.split_once(", ").expect("two ends");
    let to = to.trim_end_matches(']');
    Ok(format!(
        "{} [{}, {}]",
        like(mean, value),
        like(from, low),
        like(to, high)
    ))
}

/// As many decimals as a number has, with its sign, its 0 before the point and its thousands.
fn like(old: &str, value: f64) -> String {
    let digits = old
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    let mut text = format!("{:.digits$}", value.abs());
    let negative = value < 0.0 && text.contains(|it| ('1'..='9').contains(&it));
    let bare = old.trim_start_matches(['+', '-', '−']);
    if !bare.starts_with("0.") && text.starts_with("0.") {
        text.remove(0);
    }
    if bare.contains(',') || (digits == 0 && value >= 1000.0) {
        for place in (1..text.len())
            .rev()
            .filter(|at| (text.len() - at) % 3 == 0)
            .collect::<Vec<_>>()
        {
            text.insert(place, ',');
        }
    }
    let sign = match (negative, old.starts_with('+'), old.starts_with('−')) {
        (true, _, true) => "−",
        (true, ..) => "-",
        (false, true, _) => "+",
        (false, false, _) => "",
    };
    format!("{sign}{text}")
}

#[test]
fn a_figure_is_written_as_the_page_writes_it() {
    let cases = [
        (".450", 0.1239, None, ".124"),
        ("0.45", 0.1239, None, "0.12"),
        ("-.4", 0.26, None, ".3"),
        (
            "+.088 [.086, .090]",
            0.0914,
            Some([0.09, 1.02]),
            "+.091 [.090, 1.020]",
        ),
        ("−.34", -0.281, None, "−.28"),
        (".002", -0.0001, None, ".000"),
        ("46.2", 47.44, None, "47.4"),
        ("1,056", 2100.4, None, "2,100"),
        ("944", 1000.0, None, "1,000"),
        ("1,056", 12.0, None, "12"),
    ];
    for (old, value, interval, new) in cases {
        assert_eq!(written(old, value, interval).as_deref(), Ok(new));
    }
    assert!(written(".5 [.4, .6]", 0.5, None).is_err());
}

#[test]
fn a_phrase_is_found_over_line_breaks_and_its_figure_renewed_in_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("page.toml");
    let text = "# Trust falls by .045 [.044,\n#    .047] and .1, autonomy by .2.\nkey = 0.5\n";
    fs::write(&path, text).expect("a file");
    let page = Page::read(&path);
    let trust = page.find("falls by {} and").expect("a place");
    assert_eq!(&page.text()[trust.clone()], ".045 [.044, .047]");
    let autonomy = page.find("and #, autonomy by {}.").expect("a place");
    let new = vec![
        (autonomy, "-.25".to_owned()),
        (trust, ".1 [.0, .2]".to_owned()),
    ];
    let expected = "# Trust falls by .1 [.0,\n#    .2] and .1, autonomy by -.25.\nkey = 0.5\n";
    assert_eq!(page.renewed(new), expected);
    assert!(page.find("by {}").is_err(), "twice");
    assert!(page.find("mood by {}").is_err(), "nowhere");
}
