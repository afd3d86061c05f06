//! StepConstants: what of a partner holds throughout a step, worked out once for all its episodes.
//!
//! Traits never change within a step, and attachment, hurt and scars change at its end. What the
//! equations of an episode make of these alone is computed at the step's beginning; each mechanism
//! says its own part.

use super::partner::Partner;
use super::rules::Rules;
use super::{bids, disclosure, intimacy, perception, repair, response, trust};
use crate::simd::vector::Vector;

/// What of a partner holds throughout a step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StepConstants<L> {
    /// What hurt leaves [0–1] (Eqs 3, 4 and 19).
    pub(crate) unhurt: L,
    /// Rate of bids in a moment that avoidance leaves, for a contact rate of 1 (Eq. 8).
    pub(crate) approach: L,
    /// What anxiety adds to it for one who is wholly unsafe (Eq. 8).
    pub(crate) seeking: L,
    /// Openness as far as avoidance leaves it (Eq. 12).
    pub(crate) frankness: L,
    /// What anxiety dares without safety (Eq. 12).
    pub(crate) hyperactivation: L,
    /// What own responsiveness gives (Eq. 14).
    pub(crate) own_base: L,
    /// Slackening of one who is wholly complacent (Eq. 13).
    pub(crate) slackening: L,
    /// Load of a conflict (Eq. 13).
    pub(crate) contention: L,
    /// What is misunderstood where all is at stake (Eq. 16).
    pub(crate) misreading: L,
    /// SD of responses (Eq. 16).
    pub(crate) spread: L,
    /// Whether everybody of the lane is there for every bid (Eq. 16).
    pub(crate) there: bool,
    /// Weight of expectation in perception (Eq. 17).
    pub(crate) expectation: L,
    /// Weight of the response itself (Eq. 17).
    pub(crate) accuracy: L,
    /// Bias of one who is wholly unsafe where all is at stake (Eq. 17).
    pub(crate) bias: L,
    /// Probability of a repair, without complacency and to one unhurt (Eq. 19).
    pub(crate) reaching: L,
    /// Added weight of losses for one who is wholly unsafe (Eq. 22).
    pub(crate) loss: L,
    /// Rate at which intimacy moves (Eq. 26).
    pub(crate) opening: L,
}

impl<L: Vector> StepConstants<L> {
    #[inline(always)]
    pub(crate) fn of(partner: &Partner<L>, rules: &Rules) -> StepConstants<L> {
        let expectation = perception::expectation(&partner.state, rules);
        StepConstants {
            unhurt: partner.state.hurt.one_minus(),
            approach: bids::approach(&partner.state, rules),
            seeking: bids::seeking(&partner.state, rules),
            frankness: disclosure::frankness(partner, rules),
            hyperactivation: disclosure::hyperactivation(&partner.state, rules),
            own_base: response::own_base(&partner.traits, rules),
            slackening: response::slackening(&partner.traits, rules),
            contention: response::contention(&partner.traits, rules),
            misreading: response::misreading(&partner.traits),
            spread: response::spread(&partner.traits, rules),
            there: response::there(&partner.traits, rules),
            expectation,
            accuracy: expectation.one_minus(),
            bias: perception::bias(&partner.state, rules),
            reaching: repair::reaching(&partner.state, rules),
            loss: trust::loss(&partner.traits, rules),
            opening: intimacy::opening(&partner.state, rules),
        }
    }
}
