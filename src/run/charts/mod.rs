//! Charts of a run.

mod attachment;
mod attachment_persons;
mod conditions;
mod events;
mod groups;
mod panels;
mod partners;
mod phase_plane;
mod regime_shares;
mod sample_couples;
mod survey;
mod survival;
#[cfg(test)]
mod tests;
mod trajectories;

pub(crate) use attachment::attachment;
pub(crate) use attachment_persons::attachment_persons;
pub(crate) use conditions::{condition_differences, condition_means, condition_survival};
pub(crate) use events::EventMarker;
pub(crate) use groups::{group_survival, group_trajectories};
pub(crate) use partners::partners;
pub(crate) use phase_plane::{PhasePlaneOptions, phase_plane};
pub(crate) use regime_shares::regime_shares;
pub(crate) use sample_couples::sample_couples;
pub(crate) use survey::{diary, diary_variation, waves};
pub(crate) use survival::survival;
pub(crate) use trajectories::{MANY_SEPARATED, trajectories};
