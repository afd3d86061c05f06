//! A bar on a terminal's standard error while couples live; nothing elsewhere.

use crate::study::Control;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::Duration;

const BEAT: Duration = Duration::from_millis(100);

/// Does the work while a bar shows how far it is.
pub(super) fn watched<T: Send>(
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
            bar.set_position(control.couple_days());
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
