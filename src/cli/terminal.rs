//! What commands print, the progress that they show, and exit codes of errors.

use super::inherited::has_no_stdout;
use super::{DONE, FAILED, INTERRUPTED, INVALID};
use crate::calibrate::{CalibrationObserver, CalibrationProgress, SearchObserver, SearchProgress};
use crate::chart::figure_list::FailedChart;
use crate::error::Error;
use crate::options::ProgressReport;
use crate::printable::{cut, is_unprintable, visible};
use crate::scenario::{Diagnostics, Style};
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, StdoutLock, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Prints to standard output, with the numbers of characters that cannot be printed in place of them.
///
/// # Errors
/// [`Error::Stdout`] where the text could not be written. A reader that has gone is no error.
pub(crate) fn print(text: &str) -> Result<(), Error> {
    write_stdout(|out| out.write_all(visible(text).as_bytes()))
}

fn write_stdout(write: impl FnOnce(&mut StdoutLock<'_>) -> io::Result<()>) -> Result<(), Error> {
    if has_no_stdout() {
        let source = io::Error::other("it is closed");
        return Err(Error::Stdout { source });
    }
    let mut out = io::stdout().lock();
    match write(&mut out).and_then(|()| out.flush()) {
        Err(source) if source.kind() != ErrorKind::BrokenPipe => Err(Error::Stdout { source }),
        _ => Ok(()),
    }
}

/// Most characters of a line on standard error.
const LONGEST_LINE: usize = 5_000;

/// Prints lines to standard error, with the numbers of characters that cannot be printed in place of them.
/// What cannot be written is lost: there is nowhere else to say so.
pub(crate) fn eprint(text: &str) {
    let lines = text.lines().map(|line| cut(line, LONGEST_LINE));
    let lines: Vec<Cow<'_, str>> = lines.collect();
    eprint_as_it_is(&visible(&lines.join("\n")));
}

/// Prints lines that hold no text from outside, or only what was made visible, and may be coloured.
fn eprint_as_it_is(text: &str) {
    let mut out = io::stderr().lock();
    let _ = writeln!(out, "{text}");
}

/// Prints why the command line is refused, or the help or version that it asks for; returns the exit code.
pub(crate) fn refuse(refusal: &clap::Error) -> u8 {
    if !refusal.use_stderr() {
        let printed = write_stdout(|_| refusal.print());
        return printed.map_or_else(|error| report_error(&error), |()| DONE);
    }
    let hostile = |argument: std::ffi::OsString| {
        let argument = argument.to_string_lossy();
        argument.contains(is_unprintable) || argument.len() > LONGEST_LINE
    };
    if std::env::args_os().any(hostile) {
        eprint(refusal.render().to_string().trim_end());
    } else {
        // As in `eprint`.
        let _ = refusal.print();
    }
    INVALID
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
        _ => {
            eprint(&format!("error: {error}"));
            if error.is_refusal() { INVALID } else { FAILED }
        }
    }
}

/// Prints what could not be removed after results were in place: no failure, as the results are there.
pub(crate) fn show_leftover(leftover: Option<impl Display>) {
    if let Some(leftover) = leftover {
        eprint(&format!("warning: {leftover}"));
    }
}

/// Prints which charts of a folder of results are missing, and returns the exit code.
pub(crate) fn report_charts(failed: &[FailedChart], folder: &Path) -> u8 {
    if failed.is_empty() {
        return DONE;
    }
    for chart in failed {
        eprint(&format!("error: {chart}"));
    }
    eprint(&format!(
        "all other files of the results are in place; `pairbond plot {}` draws the charts",
        folder.display()
    ));
    FAILED
}

/// Prints that the work that was to be resumed is finished already, and returns the exit code that it had.
pub(crate) fn already_finished(error: Error, quiet: bool) -> Result<u8, Error> {
    let Error::AlreadyFinished { all_failed, .. } = &error else {
        return Err(error);
    };
    if !quiet {
        print(&format!("{error}\n"))?;
    }
    Ok(if *all_failed { FAILED } else { DONE })
}

fn show_diagnostics(diagnostics: &Diagnostics) -> u8 {
    eprint_as_it_is(diagnostics.render(style()).trim_end());
    INVALID
}

/// Prints the warnings of a scenario or document.
pub(crate) fn show_warnings(warnings: &Diagnostics) {
    if !warnings.is_empty() {
        eprint_as_it_is(warnings.render(style()).trim_end());
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

/// The folder of results: the given one, or the default one, whose parent is then made.
pub(crate) fn results_folder(
    given: Option<&Path>,
    default: impl FnOnce() -> PathBuf,
) -> Result<PathBuf, Error> {
    if let Some(folder) = given {
        return Ok(folder.to_owned());
    }
    let folder = default();
    create_parent(&folder)?;
    Ok(folder)
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

/// Shows progress, unless it is to be quiet.
pub(crate) struct ProgressDisplay {
    bar: Option<ProgressBar>,
    quiet: bool,
}

impl ProgressDisplay {
    /// A function that shows couple-days; `None` if nothing is to be shown. Without a terminal it prints
    /// lines for a log.
    pub(crate) fn couple_days(quiet: bool) -> Option<Box<dyn FnMut(ProgressReport)>> {
        if quiet {
            return None;
        }
        let template =
            "{bar:32} {percent:>3} %  {human_pos} of {human_len} couple-days  {eta} left";
        let Some(bar) = ProgressDisplay::new(quiet, template).bar else {
            let mut log = ProgressLog::new(Instant::now());
            return Some(Box::new(move |report| {
                if let Some(line) = log.line(Instant::now(), report) {
                    eprint(&line);
                }
            }));
        };
        let bar = bar.with_finish(ProgressFinish::AndClear);
        Some(Box::new(move |report| {
            bar.set_length(report.total);
            bar.set_position(report.couple_days);
        }))
    }

    /// Shows generations of particles.
    pub(crate) fn particles(quiet: bool) -> ProgressDisplay {
        ProgressDisplay::new(quiet, "{bar:32} {pos} of {len} particles  {msg}")
    }

    /// Shows iterations; the bar is for the simulations of one.
    pub(crate) fn simulations(quiet: bool) -> ProgressDisplay {
        ProgressDisplay::new(quiet, "{bar:32} {pos} of {len} simulations  {msg}")
    }

    fn new(quiet: bool, template: &str) -> ProgressDisplay {
        let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(5));
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar
        });
        ProgressDisplay { bar, quiet }
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Time between two lines of a log.
const LOG_INTERVAL: Duration = Duration::from_secs(60);

/// Progress as lines of a log: one at the start, then at most one a minute.
struct ProgressLog {
    start: Instant,
    last: Option<Instant>,
}

impl ProgressLog {
    fn new(start: Instant) -> ProgressLog {
        ProgressLog { start, last: None }
    }

    /// The next line, if it is time for one.
    fn line(&mut self, now: Instant, report: ProgressReport) -> Option<String> {
        let total = grouped(report.total);
        let Some(last) = self.last else {
            self.last = Some(now);
            return Some(format!("up to {total} couple-days; progress once a minute"));
        };
        if now.duration_since(last) < LOG_INTERVAL {
            return None;
        }
        self.last = Some(now);
        let share = report.couple_days as f64 / report.total.max(1) as f64;
        let passed = now.duration_since(self.start);
        let left = passed.as_secs_f64() * (1.0 / share - 1.0);
        let left = Duration::try_from_secs_f64(left).map_or(String::new(), |left| {
            format!(", about {} left", HumanDuration(left))
        });
        Some(format!(
            "{:.0} % of {total} couple-days{left}",
            100.0 * share
        ))
    }
}

impl CalibrationObserver for ProgressDisplay {
    fn on_progress(&self, progress: &CalibrationProgress) {
        let line = progress.to_string();
        match &self.bar {
            None if self.quiet || line.is_empty() => {}
            None => eprint(&line),
            Some(bar) => {
                if !line.is_empty() {
                    bar.suspend(|| eprint(&line));
                }
                bar.set_length(progress.particles.1);
                bar.set_position(progress.particles.0);
                let left = progress.left.map_or(String::new(), |left| {
                    format!(", {} left", HumanDuration(left))
                });
                bar.set_message(format!(
                    "generation {}, {} simulations{left}",
                    progress.generation, progress.simulations
                ));
            }
        }
    }
}

impl SearchObserver for ProgressDisplay {
    fn on_progress(&self, progress: &SearchProgress<'_>) {
        let line = progress.to_string();
        match (&self.bar, progress) {
            (None, SearchProgress::Iterated(_)) if !self.quiet => eprint(&line),
            (None, _) => {}
            (Some(bar), SearchProgress::Iterated(_)) => bar.suspend(|| eprint(&line)),
            (
                Some(bar),
                SearchProgress::Simulated {
                    done,
                    of,
                    simulations,
                },
            ) => {
                bar.set_length(*of);
                bar.set_position(*done);
                bar.set_message(format!("{simulations} in all"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
    }

    #[test]
    fn a_log_has_a_line_at_the_start_and_one_a_minute() {
        let start = Instant::now();
        let mut log = ProgressLog::new(start);
        let report = |couple_days| ProgressReport {
            couple_days,
            total: 40_000,
        };
        let mut line = |seconds, done| log.line(start + Duration::from_secs(seconds), report(done));
        let first = line(0, 0).expect("a line");
        assert_eq!(first, "up to 40,000 couple-days; progress once a minute");
        assert_eq!((line(1, 400), line(59, 9_000)), (None, None));
        let next = line(60, 10_000).expect("a line");
        assert_eq!(next, "25 % of 40,000 couple-days, about 3 minutes left");
        assert_eq!(line(100, 15_000), None);
        let none = line(130, 0).expect("a line");
        assert_eq!(none, "0 % of 40,000 couple-days");
    }
}
