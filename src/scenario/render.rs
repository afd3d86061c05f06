//! Notices as text, drawn by `annotate-snippets` in the manner of rustc.

use super::code::Code;
use super::notice::{Notice, Style};
use super::source::{Source, Span};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// So many notices are printed; the rest is counted.
const MOST: usize = 100;
/// Longest stretch of a line that is shown (bytes).
const WIDEST: usize = 2_000;

/// Draws notices one after the other, a blank line between them.
pub(crate) fn render<C: Code>(sources: &[Source], list: &[Notice<C>], style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let mut text = String::new();
    for notice in list.iter().take(MOST) {
        text.push_str(&renderer.render(&[group(sources, notice)]));
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

fn group<'a, C: Code>(sources: &'a [Source], notice: &'a Notice<C>) -> Group<'a> {
    let level = if C::IS_FAULT {
        Level::ERROR
    } else {
        Level::WARNING
    };
    let title = level
        .primary_title(notice.message.as_str())
        .id(notice.code.tag());
    let mut group = title.element(snippet(
        sources,
        notice.place,
        &notice.label,
        &notice.others,
    ));
    for (place, label) in &notice.others {
        if place.source != notice.place.source {
            group = group.element(snippet(sources, *place, label, &[]));
        }
    }
    match &notice.hint {
        Some(hint) => group.element(Level::HELP.message(hint.as_str())),
        None => group,
    }
}

fn snippet<'a>(
    sources: &'a [Source],
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
