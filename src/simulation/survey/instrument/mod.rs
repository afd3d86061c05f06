//! Questionnaires and diaries: what a researcher sees of a state, through scales with errors.
//!
//! No published number is compared with a latent state. A [`Scale`] has items with errors of their
//! own, answered in steps and no higher than the highest: so come unreliability and ceilings. A
//! person's response style is the same in all scales. What happened is reported by a [`Report`],
//! which misses some of it, and a day may be missed as a whole ([`Attendance`]).

pub mod attendance;
pub mod report;
pub mod respondent;
pub mod scale;
#[cfg(test)]
pub(crate) mod tests;

pub use attendance::Attendance;
pub use report::Report;
pub use respondent::Voice;
pub use scale::Scale;
