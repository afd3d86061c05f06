//! A bar on a terminal's standard error while couples live, and a line for each generation of a
//! calibration and for each iteration of a search.

use super::commands::complain;
use crate::calibrate::search::{SearchNews, SearchWatch};
use crate::calibrate::{Progress, Watch};
use crate::runner::Control;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::Duration;

const BEAT: Duration = Duration::from_millis(100);

/// Does the work while a bar shows how far it is.
pub(crate) fn watched<T: Send>(
    couple_days: u64,
    quiet: bool,
    control: &Control,
    work: impl FnOnce() -> T + Send,
) -> T {
    if quiet || !std::io::stderr().is_terminal() {
        return work();
    }
    let bar = ProgressBar::with_draw_target(Some(couple_days), ProgressDrawTarget::stderr());
    let looks = "{bar:32} {percent:>3} %  {human_pos} of {human_len} couple-days  {eta} left";
    if let Ok(style) = ProgressStyle::with_template(looks) {
        bar.set_style(style);
    }
    let value = std::thread::scope(|scope| {
        let work = scope.spawn(work);
        while !work.is_finished() {
            bar.set_position(control.progress.couple_days());
            std::thread::sleep(BEAT);
        }
        work.join()
    });
    bar.finish_and_clear();
    match value {
        Ok(value) => value,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// The course of a calibration: a line for each generation or iteration, and on a terminal a bar for what is
/// under way.
pub(crate) struct Course {
    bar: Option<ProgressBar>,
    quiet: bool,
}

impl Course {
    /// Of generations of particles.
    pub(crate) fn of_calibration(quiet: bool) -> Course {
        Course::new(quiet, "{bar:32} {pos} of {len} particles  {msg}")
    }

    /// Of iterations; the bar is for the simulations that are done beside each other.
    pub(crate) fn of_search(quiet: bool) -> Course {
        Course::new(quiet, "{bar:32} {pos} of {len} simulations  {msg}")
    }

    fn new(quiet: bool, looks: &str) -> Course {
        let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(5));
            if let Ok(style) = ProgressStyle::with_template(looks) {
                bar.set_style(style);
            }
            bar
        });
        Course { bar, quiet }
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Watch for Course {
    fn told(&self, progress: &Progress) {
        let line = progress.to_string();
        match &self.bar {
            None if self.quiet || line.is_empty() => {}
            None => complain(&line),
            Some(bar) => {
                if !line.is_empty() {
                    bar.suspend(|| complain(&line));
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

impl SearchWatch for Course {
    fn told(&self, news: &SearchNews<'_>) {
        let line = news.to_string();
        match (&self.bar, news) {
            (None, SearchNews::Iterated(_)) if !self.quiet => complain(&line),
            (None, _) => {}
            (Some(bar), SearchNews::Iterated(_)) => bar.suspend(|| complain(&line)),
            (
                Some(bar),
                SearchNews::Simulated {
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
