//! What commands print, exit codes of errors, and interruption by the user.

use super::{DONE, FAILED, INTERRUPTED, INVALID};
use crate::error::Error;
use crate::runner::CancelToken;
use crate::scenario::{Diagnostics, Scenario, Style};
use crate::validate::error::TargetError;
use std::io::{IsTerminal, Write};
use std::path::Path;

/// Prints to standard output; a closed pipe is no error.
pub(crate) fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Prints a line to standard error; a closed pipe is no error.
pub(crate) fn eprint(text: &str) {
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "{text}");
}

/// Prints an error and returns its exit code.
pub(crate) fn report_error(error: &Error) -> u8 {
    match error {
        Error::Scenario(diagnostics) => show_diagnostics(diagnostics),
        Error::Stale { diagnostics, .. } => {
            eprint(&format!("error: {error}"));
            show_diagnostics(diagnostics)
        }
        Error::Cancelled | Error::Interrupted { .. } => {
            eprint(&error.to_string());
            INTERRUPTED
        }
        Error::Unreadable { .. }
        | Error::NoSweep
        | Error::NoClaims
        | Error::NoMechanism { .. }
        | Error::SameFolder { .. }
        | Error::Shard(_)
        | Error::Target(TargetError::Unknown { .. }) => {
            eprint(&format!("error: {error}"));
            INVALID
        }
        _ => {
            eprint(&format!("error: {error}"));
            FAILED
        }
    }
}

/// Succeeds if the work that was to be resumed is finished already, and prints so.
pub(crate) fn already_finished(error: Error, quiet: bool) -> Result<u8, Error> {
    if !matches!(error, Error::AlreadyFinished { .. }) {
        return Err(error);
    }
    if !quiet {
        print(&format!("{error}\n"));
    }
    Ok(DONE)
}

fn show_diagnostics(diagnostics: &Diagnostics) -> u8 {
    eprint(diagnostics.render(style()).trim_end());
    INVALID
}

/// Prints the warnings of a scenario.
pub(crate) fn show_warnings(scenario: &Scenario) {
    if !scenario.warnings().is_empty() {
        eprint(scenario.warnings().render(style()).trim_end());
    }
}

fn style() -> Style {
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if std::io::stderr().is_terminal() && !plain {
        Style::Coloured
    } else {
        Style::Plain
    }
}

/// A token that Ctrl-C and a request to terminate cancel.
pub(crate) fn cancel_on_interrupt() -> CancelToken {
    let token = CancelToken::default();
    let cancel = token.clone();
    if let Err(error) = ctrlc::set_handler(move || cancel.cancel()) {
        eprint(&format!(
            "warning: Ctrl-C will end this without cleaning up: {error}"
        ));
    }
    token
}

/// Makes the parent of the default folder of results.
pub(crate) fn create_parent(folder: &Path) -> Result<(), Error> {
    let parent = folder.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent).map_err(|source| Error::Folder {
        path: parent.to_owned(),
        source,
    })
}

/// A number with commas between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}
