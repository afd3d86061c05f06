//! Diagnostics: what is wrong or odd in a scenario, where, and what to do about it.
//!
//! Each has a stable [`Code`], a [`Span`] of one of the texts that were read, and often a hint, such as
//! the nearest known word. They are drawn by `annotate-snippets` in the manner of rustc.

use crate::printable::{cut, is_unprintable, visible};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::fmt;

macro_rules! codes {
    ($($code:ident $tag:literal $text:literal;)*) => {
        /// What a diagnostic is about: `E…` makes a scenario invalid, `W…` is a warning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Code { $(#[doc = concat!($tag, ": ", $text, ".")] $code,)* }

        impl Code {
            /// Every code, errors first, in the order of their tags.
            pub(crate) const ALL: &'static [Code] = &[$(Code::$code,)*];
            /// The tag that is printed, such as `E007`.
            pub(crate) fn tag(self) -> &'static str {
                match self { $(Code::$code => $tag,)* }
            }
            /// What it means, in one line without a full stop.
            pub(crate) fn explanation(self) -> &'static str {
                match self { $(Code::$code => $text,)* }
            }
        }
    };
}

codes! {
    NotText "E001" "the file is not text in UTF-8";
    NulByte "E002" "the file holds a NUL byte, so that it is no text";
    TooLarge "E003" "the file is larger than any scenario";
    Empty "E004" "the file holds nothing, or nothing but comments";
    Syntax "E005" "the text is not TOML";
    DuplicateKey "E006" "a key or table is given twice";
    UnknownKey "E007" "there is no such key or table";
    MisplacedKey "E008" "the key exists, but in another table";
    MissingKey "E009" "a key that must be given is missing";
    WrongType "E010" "the value is of another kind than the key needs";
    NotFinite "E011" "the number is NaN or infinite";
    OutOfRange "E012" "the number lies outside its range";
    NotInteger "E013" "a whole number is needed";
    TooBig "E014" "the number is too large to be held";
    UnknownWord "E015" "the word is none of those allowed";
    EmptyText "E016" "the text must not be empty";
    EmptyList "E017" "the list must not be empty";
    Repeated "E018" "a list names something twice";
    Conflict "E019" "two keys exclude each other";
    NotADistribution "E020" "the numbers do not make a distribution of this family";
    BadSlope "E021" "the number cannot lean on this trait";
    BadPeriod "E022" "the event does not end after its beginning";
    KeyNotForKind "E023" "an event of this kind has no such key";
    BadPair "E024" "the name of a correlation does not name two numbers";
    RepeatedPair "E025" "a pair of numbers is correlated twice";
    CorrelatedConstant "E026" "a number that does not vary cannot be correlated";
    ImpossibleCorrelations "E027" "the correlations cannot all hold together";
    TooManyCouples "E028" "couples times replicates is more than a run can number";
    BeyondTheRun "E029" "recording reaches beyond the last day";
    BadOverride "E030" "the override is not of the form KEY=VALUE";
    NothingToSet "E031" "an override or a calibration sets something that does not exist";
    KeyNotForDesign "E032" "the key does nothing in a sweep of this design, or in a prior of this kind";
    NoAxis "E033" "a sweep cannot vary this key";
    BadAxisName "E034" "the name of an axis is taken, or is not in snake_case";
    BadRange "E035" "the range of an axis or prior is no range on its scale";
    NotAPowerOfTwo "E036" "the design needs a power of two";
    ImpossibleDesign "E037" "the design cannot be made of these axes";
    TooManyPoints "E038" "the sweep has more points than can be numbered";
    NoTable "E039" "the table of points cannot be read";
    BadTable "E040" "a table of points or targets holds something that cannot be used";
    BadStopping "E041" "the rule that stops a point's runs cannot do so";
    NoConditionKey "E042" "a condition cannot set this key";
    KeyNotForClaim "E043" "the key does nothing in a claim of this kind";
    BadContrast "E044" "the contrast compares nothing";
    BadClaimName "E045" "the name of a condition or claim is taken, or is not in snake_case";
    UnprintableText "E046" "the text holds a character that charts and terminals cannot show";
    LongText "E047" "the text has too many characters: 500 are enough, or 20,000 for a description";
    LongName "E048" "the name has more than 100 characters";
    BadFormula "E049" "a formula or constraint of a sweep cannot be computed";
    NoPointLeft "E050" "the constraints of a sweep leave out its points";
    BadAbout "E051" "an author has no name or no valid ORCID iD, or a date is no day of the calendar";

    EventAfterEnd "W001" "an event lies after the last day and never happens";
    TraitWithoutMechanism "W002" "a trait is given whose mechanism is off";
    ParameterWithoutMechanism "W003" "a parameter is given whose mechanism is off";
    FewCouples "W004" "there are too few couples for quantiles and intervals to be trusted";
    MostlyClipped "W005" "most of a distribution lies outside the number's range and is moved to its ends";
    EventWithoutEffect "W006" "an event changes nothing";
    ManyDayRows "W007" "the day table will be very large";
    IdleCondition "W008" "a condition is never simulated, because no claim names it";
    NoEventsOnDay0 "W009" "a claim leaves out day 0, before which there are no events";
    LargeSeed "W010" "the seed is above 2^53, where programs that store numbers as doubles round it";
    AboveCeiling "W011" "a rate is above what the steps of a day can hold, and does nothing more";
    MuchMemory "W012" "the run will take much memory";
    RefusedPoints "W013" "values of a sweep's axes are refused together, so that points fail";
    IdleComparison "W014" "days are given on which nothing is compared, because there are no conditions";
    IdleStudyAxis "W015" "a sweep's axis changes the study of the couples, which a sweep does not look at";
}

impl Code {
    /// Whether it makes a scenario invalid; else it is a warning.
    pub(crate) fn is_error(self) -> bool {
        self.tag().starts_with('E')
    }
}

/// A text with the name that errors print before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SourceText {
    /// File name, or `--set KEY=VALUE`.
    pub name: String,
    /// The whole text, or a line of it.
    pub text: String,
    /// The number of its first line in the file.
    pub first_line: usize,
}

impl SourceText {
    pub(crate) fn new(name: &str, text: &str) -> SourceText {
        SourceText::line(name, 1, text)
    }

    /// A line of a file, by its number.
    pub(crate) fn line(name: &str, number: usize, text: &str) -> SourceText {
        SourceText {
            name: name.to_owned(),
            text: text.to_owned(),
            first_line: number,
        }
    }
}

/// A stretch of one source's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    /// Position of the source in the list that the span was made for; the file is 0.
    pub source: usize,
    /// First byte.
    pub start: usize,
    /// First byte after it.
    pub end: usize,
}

impl Span {
    /// Marks the bytes from `start` to `end` of a source.
    pub(crate) fn new(source: usize, start: usize, end: usize) -> Span {
        Span {
            source,
            start,
            end: end.max(start),
        }
    }
}

/// One error or warning of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// What kind of thing it is.
    pub(crate) code: Code,
    /// What is so, in one sentence without a full stop.
    pub(crate) message: String,
    /// Where.
    pub(crate) place: Span,
    /// What is written next to the underlined text.
    pub(crate) label: String,
    /// Other places that matter, each with its own label.
    pub(crate) others: Vec<(Span, String)>,
    /// What to do about it.
    pub(crate) hint: Option<String>,
}

impl Diagnostic {
    /// Its stable code, such as `E007`, which [`explain()`](crate::explain()) describes.
    pub fn code(&self) -> &'static str {
        self.code.tag()
    }

    /// Whether it makes a scenario invalid; else it is a warning.
    pub(crate) fn is_error(&self) -> bool {
        self.code.is_error()
    }

    /// What is so, in one sentence without a full stop.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What is written next to the text that it points to, where there is more to say.
    pub(crate) fn note(&self) -> Option<&str> {
        (!self.label.is_empty()).then_some(self.label.as_str())
    }

    /// What to do about it, where that is known.
    pub fn help(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// A diagnostic without label and hint.
    pub(crate) fn new(code: Code, place: Span, message: impl Into<String>) -> Diagnostic {
        let (message, label) = (message.into(), String::new());
        let (others, hint) = (Vec::new(), None);
        Diagnostic {
            code,
            message,
            place,
            label,
            others,
            hint,
        }
    }
    /// Sets what is written next to the underlined text.
    pub(crate) fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = label.into();
        self
    }
    /// Points to another place that matters.
    pub(crate) fn other(mut self, place: Span, label: impl Into<String>) -> Diagnostic {
        self.others.push((place, label.into()));
        self
    }
    /// Sets what to do about it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hint = Some(hint.into());
        self
    }
    /// Sets what to do about it, where that is known.
    pub(crate) fn maybe_hint(mut self, hint: Option<String>) -> Diagnostic {
        self.hint = hint;
        self
    }
}

/// A stretch of text by lines and columns, which are counted from 1. A column is a character.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TextPlace {
    /// Name of the text: a file, or `--set KEY=VALUE`.
    pub source: String,
    /// Line of the first character.
    pub line: usize,
    /// Column of the first character.
    pub column: usize,
    /// Line of the first character after it.
    pub end_line: usize,
    /// Column of the first character after it.
    pub end_column: usize,
}

impl SourceText {
    /// The line and column of a byte.
    fn line_and_column(&self, byte: usize) -> (usize, usize) {
        let before = &self.text[..floor(&self.text, byte)];
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = self.first_line + before.matches('\n').count();
        (line, before[start..].chars().count() + 1)
    }
}

/// All diagnostics of one reading, in the order of their places, with the texts that they point into.
///
/// As an error it holds every error of a scenario, and is never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostics {
    sources: Vec<SourceText>,
    list: Vec<Diagnostic>,
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Style::Plain))
    }
}

impl std::error::Error for Diagnostics {}

/// How diagnostics are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Plain text.
    Plain,
    /// With the terminal's colours.
    Coloured,
}

impl Diagnostics {
    pub(crate) fn new(sources: Vec<SourceText>, mut list: Vec<Diagnostic>) -> Diagnostics {
        list.sort_by_key(|diagnostic| diagnostic.place);
        Diagnostics { sources, list }
    }
    /// The diagnostics in the order of their places.
    pub fn list(&self) -> &[Diagnostic] {
        &self.list
    }
    #[cfg(test)]
    /// The texts that the diagnostics point into; the file is the first.
    pub(crate) fn sources(&self) -> &[SourceText] {
        &self.sources
    }
    #[cfg(feature = "explore")]
    /// The name of the text that one of them points into: a file, or `--set KEY=VALUE`.
    pub(crate) fn source_name(&self, diagnostic: &Diagnostic) -> Option<&str> {
        let source = self.sources.get(diagnostic.place.source);
        source.map(|source| source.name.as_str())
    }
    /// Where one of them points to.
    pub fn place(&self, diagnostic: &Diagnostic) -> Option<TextPlace> {
        self.place_of(diagnostic.place)
    }
    /// Other places that matter for one of them, each with what is to be said of it.
    pub(crate) fn other_places(&self, diagnostic: &Diagnostic) -> Vec<(TextPlace, String)> {
        let others = diagnostic.others.iter();
        let place = |(span, label): &(Span, String)| Some((self.place_of(*span)?, label.clone()));
        others.filter_map(place).collect()
    }
    fn place_of(&self, span: Span) -> Option<TextPlace> {
        let source = self.sources.get(span.source)?;
        let (line, column) = source.line_and_column(span.start);
        let (end_line, end_column) = source.line_and_column(span.end);
        Some(TextPlace {
            source: source.name.clone(),
            line,
            column,
            end_line,
            end_column,
        })
    }
    /// One of them as text, as [`Display`](fmt::Display) shows all.
    pub(crate) fn text_of(&self, diagnostic: &Diagnostic) -> String {
        render(
            &self.sources,
            std::slice::from_ref(diagnostic),
            Style::Plain,
        )
    }
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }
    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
    /// The diagnostics as text: file, line, column, the line underlined, what to do.
    pub(crate) fn render(&self, style: Style) -> String {
        render(&self.sources, &self.list, style)
    }
}

/// So many diagnostics are printed; the rest is counted.
const MOST: usize = 100;
/// Longest stretch of a line that is shown (bytes).
const WIDEST: usize = 2_000;
/// Farthest apart that two places are shown in one piece of text (bytes).
const FARTHEST: usize = 200_000;
/// Most characters of a message, a label, a hint or a name.
const LONGEST: usize = 1_000;

/// A text as it is shown: bounded, and without characters that control a terminal.
fn shown(text: &str) -> String {
    visible(&cut(text, LONGEST)).into_owned()
}

/// Draws diagnostics one after the other, a blank line between them.
fn render(sources: &[SourceText], list: &[Diagnostic], style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let mut text = String::new();
    for diagnostic in list.iter().take(MOST) {
        text.push_str(&renderer.render(&[group(sources, diagnostic)]));
        text.push_str("\n\n");
    }
    if list.len() > MOST {
        text.push_str(&format!("and {} more\n\n", list.len() - MOST));
    }
    text.truncate(text.trim_end().len());
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn group<'a>(sources: &'a [SourceText], diagnostic: &'a Diagnostic) -> Group<'a> {
    let level = if diagnostic.code.is_error() {
        Level::ERROR
    } else {
        Level::WARNING
    };
    let title = level
        .primary_title(shown(&diagnostic.message))
        .id(diagnostic.code.tag());
    let mut group = title.element(snippet(
        sources,
        diagnostic.place,
        &diagnostic.label,
        &diagnostic.others,
    ));
    for (place, label) in &diagnostic.others {
        if place.source != diagnostic.place.source {
            group = group.element(snippet(sources, *place, label, &[]));
        }
    }
    match &diagnostic.hint {
        Some(hint) => group.element(Level::HELP.message(shown(hint))),
        None => group,
    }
}

fn snippet<'a>(
    sources: &'a [SourceText],
    place: Span,
    label: &'a str,
    others: &'a [(Span, String)],
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let source = &sources[place.source];
    let others = || {
        others
            .iter()
            .filter(|(other, _)| other.source == place.source)
    };
    let first = others()
        .map(|(other, _)| other.start)
        .fold(place.start, usize::min);
    let last = others()
        .map(|(other, _)| other.end)
        .fold(place.end, usize::max);
    let window = Window::around(&source.text, first, last);
    let quoted = Quoted::new(&source.text[window.start..window.end]);
    let primary = AnnotationKind::Primary.span(quoted.range(window.inside(place)));
    let primary = if label.is_empty() {
        primary
    } else {
        primary.label(shown(label))
    };
    let context = others().map(|(other, label)| {
        AnnotationKind::Context
            .span(quoted.range(window.inside(*other)))
            .label(shown(label))
    });
    let context = context.collect::<Vec<_>>();
    Snippet::source(quoted.text)
        .path(shown(&source.name))
        .line_start(window.line + source.first_line - 1)
        .annotation(primary)
        .annotations(context)
}

/// Quoted lines, with a picture in place of each character that cannot be printed, so that columns stay.
struct Quoted {
    text: String,
    /// Where each character that was replaced ends, and by how many bytes what follows has moved.
    shifts: Vec<(usize, isize)>,
}

impl Quoted {
    fn new(lines: &str) -> Quoted {
        let mut quoted = Quoted {
            text: String::with_capacity(lines.len()),
            shifts: Vec::new(),
        };
        for (start, character) in lines.char_indices() {
            // A carriage return at the end of a line is no part of what is drawn.
            let end = start + character.len_utf8();
            let ends_line = character == '\r' && lines[end..].starts_with('\n');
            if is_unprintable(character) && !ends_line {
                quoted.text.push(picture(character));
                let shift = quoted.text.len() as isize - end as isize;
                quoted.shifts.push((end, shift));
            } else {
                quoted.text.push(character);
            }
        }
        quoted
    }

    /// Where a range of bytes of the lines is in the text.
    fn range(&self, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let at = |byte: usize| {
            let before = self.shifts.partition_point(|(end, _)| *end <= byte);
            let shift = before.checked_sub(1).map_or(0, |last| self.shifts[last].1);
            byte.saturating_add_signed(shift)
        };
        at(range.start)..at(range.end)
    }
}

/// Unicode's picture of a control character, such as `␛`, and U+FFFD for all else.
fn picture(character: char) -> char {
    let number = match character {
        '\0'..='\u{1f}' => 0x2400 + u32::from(character),
        '\u{7f}' => 0x2421,
        _ => 0xfffd,
    };
    char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The whole lines that some places lie on, cut where a line is longer than anyone reads.
struct Window {
    start: usize,
    end: usize,
    line: usize,
}

impl Window {
    fn around(text: &str, first: usize, last: usize) -> Window {
        let first = floor(text, first);
        let last = floor(text, last.clamp(first, first.saturating_add(FARTHEST)));
        let start = text[..first].rfind('\n').map_or(0, |at| at + 1);
        let end = text[last..].find('\n').map_or(text.len(), |at| last + at);
        let line = text[..start].matches('\n').count() + 1;
        Window {
            start,
            end: end.min(floor(text, last.saturating_add(WIDEST))),
            line,
        }
    }

    fn inside(&self, place: Span) -> std::ops::Range<usize> {
        let held = |byte: usize| byte.clamp(self.start, self.end) - self.start;
        held(place.start)..held(place.end)
    }
}

/// The nearest place before `byte` where a character starts.
fn floor(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_unique_and_in_order() {
        for (letter, errors) in [('E', true), ('W', false)] {
            let codes = Code::ALL.iter().filter(|code| code.is_error() == errors);
            for (index, code) in codes.enumerate() {
                assert_eq!(code.tag(), format!("{letter}{:03}", index + 1));
                assert!(!code.explanation().ends_with('.'));
            }
        }
    }

    #[test]
    fn quoted_lines_keep_their_columns() {
        let lines = "a\u{1b}b\u{85}c\u{202e}d\r\n\te";
        let quoted = Quoted::new(lines);
        assert_eq!(quoted.text, "a␛b\u{fffd}c\u{fffd}d\r\n\te");
        for letter in ["a", "b", "c", "d", "e"] {
            let at = lines.find(letter).expect("a letter");
            let range = quoted.range(at..at + 1);
            assert_eq!(&quoted.text[range], letter);
        }
        let at = lines.find('\u{85}').expect("a control character");
        assert_eq!(&quoted.text[quoted.range(at..at + 2)], "\u{fffd}");
    }

    #[test]
    fn what_is_printed_is_bounded_and_controls_no_terminal() {
        let long = "x\u{1b}".repeat(1_000_000);
        let source = SourceText::new("na\u{7}me", &format!("a = '{long}'"));
        let place = Span::new(0, 4, 4 + long.len());
        let error = Diagnostic::new(Code::LongText, place, long.as_str());
        let error = error.label(long.as_str()).hint(long.as_str());
        for style in [Style::Plain, Style::Coloured] {
            let errors = Diagnostics::new(vec![source.clone()], vec![error.clone()]);
            let text = errors.render(style);
            assert!(text.len() < 50_000, "{}", text.len());
            assert!(text.contains("na\\u{7}me") && !text.contains('\u{7}'));
            assert!(style == Style::Coloured || !text.contains('\u{1b}'));
        }
    }
}
