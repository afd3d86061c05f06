//! Notices: what is wrong or odd in a scenario, with its place and what to do about it.

use super::code::{Code, FaultCode, WarningCode};
use super::render;
use super::source::{Source, Span};
use std::error::Error;
use std::fmt;

/// One thing that a reader of scenarios has to say.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice<C> {
    /// What kind of thing it is.
    pub code: C,
    /// What is so, in one sentence without a full stop.
    pub message: String,
    /// Where.
    pub place: Span,
    /// What is written beside the underlined text.
    pub label: String,
    /// Other places that matter, each with its own label.
    pub others: Vec<(Span, String)>,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Something that makes a scenario invalid.
pub type Fault = Notice<FaultCode>;
/// Something that is allowed, and probably not meant.
pub type Warning = Notice<WarningCode>;

impl<C> Notice<C> {
    /// Says something of a place.
    pub fn new(code: C, place: Span, message: impl Into<String>) -> Notice<C> {
        let (message, label) = (message.into(), String::new());
        Notice {
            code,
            message,
            place,
            label,
            others: Vec::new(),
            hint: None,
        }
    }
    /// Writes beside the underlined text.
    pub fn label(mut self, label: impl Into<String>) -> Notice<C> {
        self.label = label.into();
        self
    }
    /// Points to another place that matters.
    pub fn other(mut self, place: Span, label: impl Into<String>) -> Notice<C> {
        self.others.push((place, label.into()));
        self
    }
    /// Says what to do.
    pub fn hint(mut self, hint: impl Into<String>) -> Notice<C> {
        self.hint = Some(hint.into());
        self
    }
    /// Says what to do, where that is known.
    pub fn maybe_hint(mut self, hint: Option<String>) -> Notice<C> {
        self.hint = hint;
        self
    }
}

/// All notices of one reading, in the order of their places, with the texts that they point into.
#[derive(Clone, Debug, PartialEq)]
pub struct Notices<C> {
    sources: Vec<Source>,
    list: Vec<Notice<C>>,
}

/// Every fault of a scenario; never empty where a function returns it as an error.
pub type Faults = Notices<FaultCode>;
/// Every warning of a scenario.
pub type Warnings = Notices<WarningCode>;

/// How notices are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Plain text.
    Plain,
    /// With the terminal's colours.
    Coloured,
}

impl<C: Code> Notices<C> {
    pub(crate) fn new(sources: Vec<Source>, mut list: Vec<Notice<C>>) -> Notices<C> {
        list.sort_by_key(|notice| notice.place);
        Notices { sources, list }
    }
    /// The notices in the order of their places.
    pub fn list(&self) -> &[Notice<C>] {
        &self.list
    }
    /// The texts that the notices point into; the file is the first.
    pub fn sources(&self) -> &[Source] {
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
    /// The notices as a person reads them: file, line, column, the line underlined, what to do.
    pub fn render(&self, style: Style) -> String {
        render::render(&self.sources, &self.list, style)
    }
}

impl<C: Code> fmt::Display for Notices<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Style::Plain))
    }
}

impl Error for Faults {}
