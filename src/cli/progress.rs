//! Progress on standard error: a bar on a terminal, and a line for each generation of a calibration
//! and for each iteration of a search.

use super::terminal::eprint;
use crate::calibrate::{CalibrationObserver, CalibrationProgress, SearchObserver, SearchProgress};
use crate::options::ProgressReport;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use std::io::IsTerminal;

/// Shows progress, unless it is to be quiet.
pub(crate) struct ProgressDisplay {
    bar: Option<ProgressBar>,
    quiet: bool,
}

impl ProgressDisplay {
    /// A function that shows couple-days; `None` if nothing is to be shown.
    pub(crate) fn couple_days(quiet: bool) -> Option<impl FnMut(ProgressReport)> {
        let template =
            "{bar:32} {percent:>3} %  {human_pos} of {human_len} couple-days  {eta} left";
        let bar = ProgressDisplay::new(quiet, template).bar?;
        let bar = bar.with_finish(ProgressFinish::AndClear);
        Some(move |report: ProgressReport| {
            bar.set_length(report.total);
            bar.set_position(report.couple_days);
        })
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
                    format!(", {} left", indicatif::HumanDuration(left))
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
