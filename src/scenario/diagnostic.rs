//! Diagnostics: what is wrong or odd in a scenario, where, and what to do about it.
//!
//! They are drawn by `annotate-snippets` in the manner of rustc.

use super::code::Code;
use super::source::{SourceText, Span};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::fmt;

/// One error or warning of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// What kind of thing it is.
    pub code: Code,
    /// What is so, in one sentence without a full stop.
    pub message: String,
    /// Where.
    pub place: Span,
    /// What is written next to the underlined text.
    pub label: String,
    /// Other places that matter, each with its own label.
    pub others: Vec<(Span, String)>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// A diagnostic without label and hint.
    pub fn new(code: Code, place: Span, message: impl Into<String>) -> Diagnostic {
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
    pub fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = label.into();
        self
    }
    /// Points to another place that matters.
    pub fn other(mut self, place: Span, label: impl Into<String>) -> Diagnostic {
        self.others.push((place, label.into()));
        self
    }
    /// Sets what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hint = Some(hint.into());
        self
    }
    /// Sets what to do about it, where that is known.
    pub fn maybe_hint(mut self, hint: Option<String>) -> Diagnostic {
        self.hint = hint;
        self
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
pub enum Style {
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
    /// The texts that the diagnostics point into; the file is the first.
    pub fn sources(&self) -> &[SourceText] {
        &self.sources
    }
    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
    /// The diagnostics as text: file, line, column, the line underlined, what to do.
    pub fn render(&self, style: Style) -> String {
        render(&self.sources, &self.list, style)
    }
}

/// So many diagnostics are printed; the rest is counted.
const MOST: usize = 100;
/// Longest stretch of a line that is shown (bytes).
const WIDEST: usize = 2_000;

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
        .primary_title(diagnostic.message.as_str())
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
        Some(hint) => group.element(Level::HELP.message(hint.as_str())),
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
    let primary = AnnotationKind::Primary.span(window.inside(place));
    let primary = if label.is_empty() {
        primary
    } else {
        primary.label(label)
    };
    let context = others().map(|(other, label)| {
        AnnotationKind::Context
            .span(window.inside(*other))
            .label(label.as_str())
    });
    Snippet::source(&source.text[window.start..window.end])
        .path(source.name.as_str())
        .line_start(window.line)
        .annotation(primary)
        .annotations(context.collect::<Vec<_>>())
}

/// The whole lines that some places lie on, cut where a line is longer than anyone reads.
struct Window {
    start: usize,
    end: usize,
    line: usize,
}

impl Window {
    fn around(text: &str, first: usize, last: usize) -> Window {
        let (first, last) = (floor(text, first), floor(text, last.max(first)));
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
