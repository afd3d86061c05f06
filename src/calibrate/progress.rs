//! CalibrationProgress reports of a calibration.

use crate::calibrate::abc::{AbcState, Generation};
use std::fmt;
use std::time::Duration;

/// An observer of the progress of a calibration.
pub(crate) trait CalibrationObserver: Sync {
    /// Called after each simulation.
    fn on_progress(&self, progress: &CalibrationProgress);
}

/// The progress of a calibration.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CalibrationProgress {
    /// Number of the current generation, from 1.
    pub(crate) generation: u32,
    /// Particles so far, and particles needed.
    pub(crate) particles: (u64, u64),
    /// The generation that ended with this simulation, if any.
    pub(crate) ended: Option<Generation>,
    /// Simulations so far.
    pub(crate) simulations: u64,
    /// Wall-clock time of a simulation, on all threads together; `None` before the first is done.
    pub(crate) pace: Option<Duration>,
    /// Estimated time until the end of the current generation.
    pub(crate) left: Option<Duration>,
}

/// Accepted proposals from which the rate of acceptance is estimated.
const ENOUGH_ACCEPTED: usize = 10;

impl CalibrationProgress {
    /// The progress after `done` simulations in `elapsed` time.
    pub(crate) fn of(
        state: &AbcState,
        wanted: usize,
        ended: Option<Generation>,
        (done, elapsed): (u32, Duration),
    ) -> CalibrationProgress {
        let accepted = state.accepted.len();
        let rate = if accepted >= ENOUGH_ACCEPTED {
            Some(accepted as f64 / state.proposals as f64)
        } else {
            state.history.last().map(Generation::acceptance)
        };
        let pace = (done > 0).then(|| elapsed / done.max(1));
        let left = rate.zip(pace).and_then(|(rate, pace)| {
            let proposals = (wanted - accepted) as f64 / rate;
            Duration::try_from_secs_f64(pace.as_secs_f64() * proposals).ok()
        });
        CalibrationProgress {
            generation: state.generation() + 1,
            particles: (accepted as u64, wanted as u64),
            ended,
            simulations: state.simulations,
            pace,
            left: left.filter(|_| state.ending.is_none()),
        }
    }
}

impl fmt::Display for CalibrationProgress {
    /// The generation that just ended, in one line; empty if none did.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(ended) = &self.ended else {
            return Ok(());
        };
        let number = ended.number + 1;
        match ended.tolerance {
            None => write!(f, "generation {number}: from the prior, ")?,
            Some(tolerance) => write!(f, "generation {number}: tolerance {tolerance:.3}, ")?,
        }
        write!(
            f,
            "{} of {} proposals accepted ({:.1} %), {:.0} effective particles, {} simulations so far",
            ended.accepted,
            ended.proposals,
            100.0 * ended.acceptance(),
            ended.effective_size,
            ended.simulations
        )?;
        match self.left {
            Some(left) => write!(f, "; the next takes {} or more", words(left)),
            None => Ok(()),
        }
    }
}

/// A duration with its unit, to about two digits.
fn words(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    let (value, unit) = match seconds {
        s if s < 100.0 => (s, "s"),
        s if s < 6_000.0 => (s / 60.0, "min"),
        s => (s / 3_600.0, "h"),
    };
    if value < 9.5 {
        format!("{value:.1} {unit}")
    } else {
        format!("{value:.0} {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generation_is_reported_in_one_line() {
        let ended = Generation {
            number: 2,
            tolerance: Some(1.25),
            proposals: 400,
            missing: 0,
            accepted: 100,
            effective_size: 71.6,
            median_distance: 1.0,
            simulations: 700,
        };
        let state = AbcState {
            history: vec![ended.clone(); 3],
            simulations: 700,
            ..AbcState::default()
        };
        let progress =
            CalibrationProgress::of(&state, 100, Some(ended), (350, Duration::from_secs(700)));
        assert_eq!(
            progress.to_string(),
            "generation 3: tolerance 1.250, 100 of 400 proposals accepted (25.0 %), 72 effective \
             particles, 700 simulations so far; the next takes 13 min or more"
        );
        assert_eq!(progress.left, Some(Duration::from_secs(800)));
        let within = CalibrationProgress::of(&state, 100, None, (0, Duration::ZERO));
        assert_eq!((within.to_string().as_str(), within.left), ("", None));
    }

    #[test]
    fn durations_have_units() {
        let printed = [7.25, 75.0, 600.0, 7_200.0].map(|s| words(Duration::from_secs_f64(s)));
        assert_eq!(printed, ["7.2 s", "75 s", "10 min", "2.0 h"]);
    }
}
