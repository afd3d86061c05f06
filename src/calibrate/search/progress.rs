//! CalibrationProgress reports of a search.

use crate::calibrate::least_squares::Iteration;
use std::fmt;

/// An observer of the progress of a search.
pub(crate) trait SearchObserver: Sync {
    /// Called after each simulation and each iteration, from several threads.
    fn on_progress(&self, news: &SearchProgress<'_>);
}

/// The progress of a search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum SearchProgress<'a> {
    /// A simulation was done.
    Simulated {
        /// Simulations of the current batch that are done.
        done: u64,
        /// Simulations of the current batch.
        of: u64,
        /// Simulations so far.
        simulations: u64,
    },
    /// An iteration was done.
    Iterated(&'a Iteration),
}

impl fmt::Display for SearchProgress<'_> {
    /// An iteration in one line; empty for a simulation.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SearchProgress::Iterated(iteration) = self else {
            return Ok(());
        };
        write!(f, "iteration {}: ", iteration.number)?;
        if iteration.accepted {
            write!(
                f,
                "loss {:.3} became {:.3}, longest move {:.3}, damping {:.2e}",
                iteration.before, iteration.after, iteration.longest, iteration.damping
            )?;
        } else {
            write!(
                f,
                "loss {:.3}, and no step of those tried lowers it",
                iteration.before
            )?;
        }
        write!(f, "; {} simulations so far", iteration.simulations)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_iteration_is_reported_in_one_line() {
        let mut iteration = Iteration {
            number: 3,
            before: 12.25,
            after: 8.5,
            damping: 0.125,
            accepted: true,
            gain_ratio: 0.5,
            longest: 0.25,
            simulations: 70,
            values: Vec::new(),
        };
        assert_eq!(
            SearchProgress::Iterated(&iteration).to_string(),
            "iteration 3: loss 12.250 became 8.500, longest move 0.250, damping 1.25e-1; 70 \
             simulations so far"
        );
        iteration.accepted = false;
        assert_eq!(
            SearchProgress::Iterated(&iteration).to_string(),
            "iteration 3: loss 12.250, and no step of those tried lowers it; 70 simulations so far"
        );
        let quiet = SearchProgress::Simulated {
            done: 1,
            of: 2,
            simulations: 3,
        };
        assert_eq!(quiet.to_string(), "");
    }
}
