//! What commands print, the progress that they show, and exit codes of errors.

use super::inherited::has_no_stdout;
use super::messages::{
    are_json, diagnostics_messages, error_message, progress_message, text_message,
};
use super::shipped::example;
use super::{DONE, FAILED, INTERRUPTED, INVALID};
use crate::calibrate::{CalibrationObserver, CalibrationProgress, SearchObserver, SearchProgress};
use crate::chart::figure_list::FailedChart;
use crate::error::Error;
use crate::options::ProgressReport;
use crate::printable::{cut, is_unprintable, shell_path, visible};
use crate::report::numbers::{count, counted};
use crate::results::{ManifestError, OutputError};
use crate::runner::WorkStage;
use crate::scenario::{Diagnostics, Style, nearest};
use crate::study::analysis::StudyAnalysis;
use crate::study::jobs::SavedShard;
use clap::ColorChoice;
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, StdoutLock, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
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
    if are_json() {
        return eprint_as_it_is(&text_message(text).to_string());
    }
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
    if are_json() {
        eprint(refusal.render().to_string().trim_end());
        return INVALID;
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
            if are_json() {
                eprint_as_it_is(&error_message(error, None).to_string());
            } else {
                eprint(&error.to_string());
            }
            INTERRUPTED
        }
        _ => {
            let tip = missing_file(error).and_then(|path| tip_for_missing(&path));
            if are_json() {
                eprint_as_it_is(&error_message(error, tip.as_deref()).to_string());
            } else {
                eprint(&format!("error: {error}"));
                if let Some(tip) = tip {
                    eprint(&format!("  tip: {tip}"));
                }
            }
            if error.is_refusal() { INVALID } else { FAILED }
        }
    }
}

/// The file or folder that does not exist, where that is the error.
fn missing_file(error: &Error) -> Option<PathBuf> {
    match error {
        Error::Unreadable { path, source } if source.kind() == ErrorKind::NotFound => {
            Some(path.clone())
        }
        Error::Output(OutputError::Manifest {
            path,
            error: ManifestError::NoFolder,
        }) => Some(path.clone()),
        _ => None,
    }
}

/// What may be meant by the name of a file or folder that does not exist: one of a similar name in its folder, or
/// a scenario that comes with the program.
fn tip_for_missing(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
    let shown = |name: &str| path.with_file_name(name).display().to_string();
    let with_ending = format!("{name}.toml");
    if names.contains(&with_ending) {
        return Some(format!("did you mean {}?", shown(&with_ending)));
    }
    if let Some(near) = nearest(name, names.iter().map(String::as_str)) {
        return Some(format!("did you mean {}?", shown(near)));
    }
    let stem = name.trim_end_matches(".toml");
    example(stem).map(|_| {
        format!("`pairbond new {stem}.toml --from {stem}` writes the scenario of this name that comes with the program")
    })
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
    let all_are = |name: &str| failed.iter().all(|it| it.name == name);
    let (command, option, does) = if all_are("report") {
        ("report", "", "writes the report")
    } else if all_are(FailedChart::BUNDLE) {
        ("report", " --bundle", "writes a folder with the bundle")
    } else {
        ("plot", "", "draws the charts")
    };
    eprint(&format!(
        "all other files of the results are in place; `pairbond {command} {}{option}` {does}",
        shell_path(folder)
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
    print_diagnostics(diagnostics);
    INVALID
}

fn print_diagnostics(diagnostics: &Diagnostics) {
    if are_json() {
        for message in diagnostics_messages(diagnostics) {
            eprint_as_it_is(&message.to_string());
        }
    } else {
        eprint_as_it_is(diagnostics.render(style()).trim_end());
    }
}

/// Prints the warnings of a scenario or document.
pub(crate) fn show_warnings(warnings: &Diagnostics) {
    if !warnings.is_empty() {
        print_diagnostics(warnings);
    }
}

/// Whether messages are coloured, if `--color` says so.
static COLOUR: OnceLock<ColorChoice> = OnceLock::new();

/// Sets whether messages are coloured.
pub(crate) fn set_colour(choice: ColorChoice) {
    // It is set once, before anything is printed.
    let _ = COLOUR.set(choice);
}

fn style() -> Style {
    let no_colour = || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let coloured = match COLOUR.get() {
        Some(ColorChoice::Always) => true,
        Some(ColorChoice::Never) => false,
        _ => std::io::stderr().is_terminal() && !no_colour(),
    };
    if coloured {
        Style::Coloured
    } else {
        Style::Plain
    }
}

/// The folder of results: the given one, or the default one.
pub(crate) fn results_folder(given: Option<&Path>, default: impl FnOnce() -> PathBuf) -> PathBuf {
    given.map_or_else(default, Path::to_owned)
}

/// Which file of results to open first: the report, or else the first of the charts that there is.
pub(crate) fn what_to_open(folder: &Path, files: usize, charts: &[&str]) -> String {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.collect();
    names.sort();
    let has = |start: &str, end: &str| {
        let is = |name: &&String| name.starts_with(start) && name.ends_with(end);
        names.iter().find(is)
    };
    let chart = || {
        let named = |chart: &&str| has(chart, ".png").or_else(|| has(chart, ".svg"));
        charts.iter().find_map(named)
    };
    let shown = folder.display();
    let files = format!("{files} files in {shown}; codebook.csv describes the columns\n");
    match has("report.html", "").or_else(chart) {
        Some(name) => format!("Open {} first; {files}", folder.join(name).display()),
        None => files,
    }
}

/// Prints what an analysis of a planned study found, and returns the exit code. `size` says how large it was.
pub(crate) fn report_analysis<Size>(
    found: &StudyAnalysis<Size>,
    size: &str,
    (folder, charts): (&Path, &[&str]),
    quiet: bool,
) -> Result<u8, Error> {
    show_leftover(found.leftover.as_ref());
    let code = report_charts(&found.failed_charts, folder);
    if !quiet {
        let mut text = format!("{}\n{size}\n", found.title);
        for finding in &found.findings {
            text.push_str(&format!("  {finding}\n"));
        }
        print(&(text + &what_to_open(folder, found.files, charts)))?;
    }
    Ok(code)
}

/// Prints that a part of an analysis is done, and returns the exit code.
pub(crate) fn report_shard(shard: &SavedShard, folder: &Path, quiet: bool) -> Result<u8, Error> {
    show_leftover(shard.leftover.as_ref());
    if !quiet {
        let jobs = counted(shard.jobs, "job", "jobs");
        let files = what_to_open(folder, shard.files, &[]);
        print(&format!(
            "{}\n{jobs} done, for `pairbond merge`\n{files}",
            shard.title
        ))?;
    }
    Ok(DONE)
}

/// Shows progress, unless it is to be quiet.
pub(crate) struct ProgressDisplay {
    bar: Option<ProgressBar>,
    quiet: bool,
}

/// What work with couple-days is called while it is shown.
#[derive(Clone, Copy)]
pub(crate) struct ProgressTexts {
    /// Parts of work whose couple-days a stopping rule decides.
    pub(crate) parts: &'static str,
    /// Whether the parts take about equally long, so that a remaining time can be told.
    pub(crate) even: bool,
    /// What follows the simulation.
    pub(crate) finishing: &'static str,
}

impl ProgressTexts {
    /// Those of a sweep and its shards.
    pub(crate) const SWEEP: ProgressTexts = ProgressTexts {
        parts: "points",
        even: true,
        finishing: "computing findings and drawing charts",
    };
}

impl ProgressDisplay {
    /// A function that shows progress; `None` if nothing is to be shown. Without a terminal it prints
    /// lines for a log, and for another program an object whenever something has changed.
    pub(crate) fn work(
        quiet: bool,
        texts: ProgressTexts,
    ) -> Option<Box<dyn FnMut(ProgressReport)>> {
        if quiet {
            return None;
        }
        if are_json() {
            let mut last = None;
            return Some(Box::new(move |report| {
                if last.replace(report) != Some(report) {
                    eprint_as_it_is(&progress_message(report, texts.parts).to_string());
                }
            }));
        }
        let template =
            "{bar:32} {percent:>3} %  {human_pos} of {human_len} couple-days  {eta} left";
        let Some(bar) = ProgressDisplay::new(quiet, template).bar else {
            let mut log = ProgressLog::new(Instant::now(), texts);
            return Some(Box::new(move |report| {
                if let Some(line) = log.line(Instant::now(), report) {
                    eprint(&line);
                }
            }));
        };
        let bar = bar.with_finish(ProgressFinish::AndClear);
        let mut shown = None;
        Some(Box::new(move |report| {
            let kind = (report.stage, report.parts.is_some());
            if shown.replace(kind) != Some(kind)
                && let Some(style) = bar_style(report, texts)
            {
                bar.set_style(style);
            }
            let (done, all) = report.parts.unwrap_or((report.couple_days, report.total));
            bar.set_length(all);
            bar.set_position(done);
            bar.tick();
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
        let bar = (!quiet && !are_json() && std::io::stderr().is_terminal()).then(|| {
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

/// The style of a bar, where it is another than at the start.
fn bar_style(report: ProgressReport, texts: ProgressTexts) -> Option<ProgressStyle> {
    let template = match (report.stage, report.parts) {
        (WorkStage::Finishing, _) => format!("{{spinner}} {} …", texts.finishing),
        (WorkStage::Simulating, None) => return None,
        (WorkStage::Simulating, Some(_)) => {
            let left = if texts.even { "  {eta} left" } else { "" };
            format!("{{bar:32}} {{pos}} of {{len}} {}{left}", texts.parts)
        }
    };
    ProgressStyle::with_template(&template).ok()
}

/// Time between two lines of a log.
const LOG_INTERVAL: Duration = Duration::from_secs(60);

/// Progress as lines of a log: one at the start, then at most one a minute.
struct ProgressLog {
    start: Instant,
    last: Option<Instant>,
    texts: ProgressTexts,
}

impl ProgressLog {
    fn new(start: Instant, texts: ProgressTexts) -> ProgressLog {
        let last = None;
        ProgressLog { start, last, texts }
    }

    /// The next line, if it is time for one.
    fn line(&mut self, now: Instant, report: ProgressReport) -> Option<String> {
        let total = count(report.total);
        if report.total == 0 && report.parts.is_none() {
            // How much there is to do is not known yet.
            return None;
        }
        let Some(last) = self.last else {
            self.last = Some(now);
            let what = match report.parts {
                Some((done, all)) if report.total == 0 => {
                    format!("{done} of {} {}", count(all), self.texts.parts)
                }
                _ => format!("up to {total} couple-days"),
            };
            return Some(format!("progress: {what}; a line a minute follows"));
        };
        if now.duration_since(last) < LOG_INTERVAL {
            return None;
        }
        self.last = Some(now);
        let texts = self.texts;
        if report.stage == WorkStage::Finishing {
            return Some(format!("progress: {}", texts.finishing));
        }
        let (share, what, even) = match report.parts {
            Some((done, all)) => {
                let what = format!("{} of {} {}", count(done), count(all), texts.parts);
                (done as f64 / all.max(1) as f64, what, texts.even)
            }
            None => {
                let share = report.couple_days as f64 / report.total.max(1) as f64;
                let what = format!("{:.0} % of {total} couple-days", 100.0 * share);
                (share, what, true)
            }
        };
        let passed = now.duration_since(self.start).as_secs_f64();
        let left = Duration::try_from_secs_f64(passed * (1.0 / share - 1.0));
        let left = match left {
            Ok(left) if even => format!(", about {} left", HumanDuration(left)),
            _ => String::new(),
        };
        Some(format!("progress: {what}{left}"))
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
    fn a_log_has_a_line_at_the_start_and_one_a_minute() {
        let start = Instant::now();
        let texts = ProgressTexts {
            parts: "points",
            even: true,
            finishing: "drawing charts",
        };
        let mut log = ProgressLog::new(start, texts);
        let report = |couple_days| ProgressReport {
            couple_days,
            total: 40_000,
            parts: None,
            stage: WorkStage::Simulating,
        };
        let mut line = |seconds, report| log.line(start + Duration::from_secs(seconds), report);
        let first = line(0, report(0)).expect("a line");
        let expected = "progress: up to 40,000 couple-days; a line a minute follows";
        assert_eq!(first, expected);
        let early = (line(1, report(400)), line(59, report(9_000)));
        assert_eq!(early, (None, None));
        let next = line(60, report(10_000)).expect("a line");
        let expected = "progress: 25 % of 40,000 couple-days, about 3 minutes left";
        assert_eq!(next, expected);
        assert_eq!(line(100, report(15_000)), None);
        let none = line(130, report(0)).expect("a line");
        assert_eq!(none, "progress: 0 % of 40,000 couple-days");
        let parts = ProgressReport {
            parts: Some((3, 4)),
            ..report(900)
        };
        let points = line(240, parts).expect("a line");
        assert_eq!(points, "progress: 3 of 4 points, about 80 seconds left");
        let finishing = ProgressReport {
            stage: WorkStage::Finishing,
            ..parts
        };
        let last = line(300, finishing).expect("a line");
        assert_eq!(last, "progress: drawing charts");
        let mut log = ProgressLog::new(start, texts);
        let unknown = ProgressReport {
            total: 0,
            ..report(0)
        };
        assert_eq!(log.line(start, unknown), None);
        let known = ProgressReport {
            parts: Some((0, 4)),
            ..unknown
        };
        let first = log.line(start, known).expect("a line");
        assert_eq!(first, "progress: 0 of 4 points; a line a minute follows");
    }
}
