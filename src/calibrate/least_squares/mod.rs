//! A search for values of parameters whose statistics are near published ones.
//!
//! Damped least squares (Levenberg 1944; Marquardt 1963) for a function that is known by simulation
//! alone. Residuals are departures from the published values in half-widths of their intervals, with a
//! loss that grows linearly for what is out of reach (Huber 1964); a normal prior adds a residual of its
//! own, so that what targets do not tell stays where it was. Parameters move in widths of their priors
//! and within their bounds.
//!
//! Simulations are noisy, but a function of values and seed. So slopes are differences between
//! simulations of one seed (common random numbers), and a step is taken only where it lowers the loss on
//! that seed; each iteration has a seed of its own, so that no seed's luck is learnt. Differences are
//! one-sided, up and down by turns: both sides would cost twice as much, and what curvature adds to the
//! one it takes from the other in the next iteration.
//!
//! Seeds that the search has not seen choose between the last place, the mean of the later ones and the
//! start, and others say what the choice is worth. Whoever simulates gets a batch of [`Trial`]s and hands their
//! statistics back in its order; so what is found is a function of the [`SearchProblem`] and of the
//! simulations, whatever the threads.

pub mod course;
pub mod found;
pub mod ground;
pub mod loss;
pub mod problem;
pub mod step;
#[cfg(test)]
pub(crate) mod tests;

pub use course::{Iteration, SearchEnding, Trial, search};
pub use found::{Bound, Choice, Found, FoundParameter, Look};
pub use problem::{SearchProblem, SearchSettings};
