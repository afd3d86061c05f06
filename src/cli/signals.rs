//! Interruption by the user or the system.
//!
//! The first signal cancels the work, which ends at the next job or chart and removes what it has written.
//! A second one ends the program at once, so that nothing that blocks, such as reading from a pipe, keeps
//! it; what is left behind is removed by the next command of the same name. A signal that is ignored when
//! the program starts stays ignored: `nohup` must outlive its terminal.

use super::terminal::eprint;
use crate::runner::CancelToken;

/// A token that SIGINT, SIGTERM and SIGHUP cancel.
pub(crate) fn cancel_on_interrupt() -> CancelToken {
    let token = CancelToken::default();
    if let Err(error) = watch(token.clone()) {
        eprint(&format!(
            "warning: Ctrl-C will end this without cleaning up: {error}"
        ));
    }
    token
}

#[cfg(unix)]
fn watch(cancel: CancelToken) -> std::io::Result<()> {
    use super::INTERRUPTED;
    use super::inherited::is_ignored;
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::exit;
    use std::time::{Duration, Instant};

    /// Signals that follow one another so closely are one request: `timeout` sends its signal twice.
    const ONE_REQUEST: Duration = Duration::from_millis(100);

    let signals = [SIGINT, SIGTERM, SIGHUP].into_iter();
    let mut signals = Signals::new(signals.filter(|signal| !is_ignored(*signal)))?;
    std::thread::Builder::new().spawn(move || {
        let mut first: Option<Instant> = None;
        for signal in &mut signals {
            cancel.cancel();
            match first {
                None => first = Some(Instant::now()),
                // A closing terminal can send SIGHUP several times.
                Some(first) if signal != SIGHUP && first.elapsed() > ONE_REQUEST => {
                    exit(INTERRUPTED.into());
                }
                Some(_) => {}
            }
        }
    })?;
    Ok(())
}

#[cfg(not(unix))]
fn watch(cancel: CancelToken) -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(move || {
        if cancel.is_cancelled() {
            std::process::exit(super::INTERRUPTED.into());
        }
        cancel.cancel();
    })
}
