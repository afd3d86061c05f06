//! Messages on standard error for other programs: with `--message-format json`, each is an object of JSON
//! on its own line.
//!
//! The key `kind` says what an object is: a `diagnostic` of a scenario with its place, a `message` (all
//! other text, such as errors and notes), or `progress`. Keys may be added; none is removed or changes its
//! meaning without a new major version.

use crate::error::Error;
use crate::options::ProgressReport;
use crate::runner::WorkStage;
use crate::scenario::Diagnostics;
use crate::scenario::diagnostic::{Diagnostic, TextPlace};
use clap::ValueEnum;
use serde_json::{Value, json};
use std::sync::OnceLock;

/// How messages are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    /// Text for people
    Text,
    /// An object of JSON a line, for other programs
    Json,
}

static FORMAT: OnceLock<MessageFormat> = OnceLock::new();

/// Sets how messages are printed.
pub(crate) fn set_message_format(format: MessageFormat) {
    // It is set once, before anything is printed.
    let _ = FORMAT.set(format);
}

/// Whether messages are objects of JSON.
pub(crate) fn are_json() -> bool {
    FORMAT.get() == Some(&MessageFormat::Json)
}

/// Most diagnostics that are printed, as in text.
const MOST: usize = 100;

/// A text that is not a diagnostic. Its level is what it begins with, as in `warning: …`.
pub(crate) fn text_message(text: &str) -> Value {
    let known = ["error", "warning", "note"];
    let (level, text) = match text.split_once(": ") {
        Some((level, rest)) if known.contains(&level) => (Some(level), rest),
        _ => (None, text),
    };
    json!({ "kind": "message", "level": level, "message": text })
}

/// An error that is not of a scenario, with the folder whose work can be resumed.
pub(crate) fn error_message(error: &Error, help: Option<&str>) -> Value {
    let resume = match error {
        Error::Interrupted { journal, .. } | Error::Resumable { journal, .. } => {
            Some(journal.display().to_string())
        }
        _ => None,
    };
    json!({
        "kind": "message",
        "level": "error",
        "message": error.to_string(),
        "help": help,
        "resume": resume,
    })
}

/// Diagnostics in the order of their places, and how many are left out.
pub(crate) fn diagnostics_messages(diagnostics: &Diagnostics) -> Vec<Value> {
    let list = diagnostics.list();
    let shown = list.iter().take(MOST);
    let mut messages: Vec<Value> = shown.map(|it| diagnostic(diagnostics, it)).collect();
    if list.len() > MOST {
        messages.push(text_message(&format!("and {} more", list.len() - MOST)));
    }
    messages
}

fn diagnostic(diagnostics: &Diagnostics, it: &Diagnostic) -> Value {
    let mut message = json!({
        "kind": "diagnostic",
        "level": if it.is_error() { "error" } else { "warning" },
        "code": it.code(),
        "message": it.message(),
    });
    if let Some(place) = diagnostics.place(it) {
        put_place(&mut message, &place);
    }
    message["label"] = json!(it.note());
    message["help"] = json!(it.help());
    let others = diagnostics.other_places(it).into_iter();
    let others = others.map(|(place, label)| {
        let mut other = json!({});
        put_place(&mut other, &place);
        other["label"] = json!(label);
        other
    });
    message["others"] = others.collect();
    message["rendered"] = json!(diagnostics.text_of(it).trim_end());
    message
}

fn put_place(message: &mut Value, place: &TextPlace) {
    message["file"] = json!(place.source);
    message["line"] = json!(place.line);
    message["column"] = json!(place.column);
    message["end_line"] = json!(place.end_line);
    message["end_column"] = json!(place.end_column);
}

/// How far a work is; `parts` is what its parts are called.
pub(crate) fn progress_message(report: ProgressReport, parts: &str) -> Value {
    let stage = match report.stage {
        WorkStage::Simulating => "simulating",
        WorkStage::Finishing => "finishing",
    };
    let parts = report
        .parts
        .map(|(done, total)| json!({ "name": parts, "done": done, "total": total }));
    json!({
        "kind": "progress",
        "stage": stage,
        "couple_days": report.couple_days,
        "total": report.total,
        "parts": parts,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_of_a_text_is_what_it_begins_with() {
        let level = |text: &str| text_message(text)["level"].clone();
        assert_eq!(level("warning: a: b"), json!("warning"));
        assert_eq!(level("mine.toml: a claim is refuted"), Value::Null);
        assert_eq!(text_message("note: a: b")["message"], json!("a: b"));
    }

    #[test]
    fn what_can_be_resumed_is_said() {
        let interrupted = Error::Interrupted {
            journal: "out".into(),
            done: 3,
            jobs: Some(9),
        };
        assert_eq!(error_message(&interrupted, None)["resume"], json!("out"));
        assert_eq!(
            error_message(&Error::NoSweep, Some("tip"))["resume"],
            Value::Null
        );
    }
}
