//! Standing: what of a partner holds throughout a step, worked out once for all its episodes.
//!
//! Traits never change within a step, and attachment, hurt and scars change at its end. What the
//! equations of an episode make of these alone is computed at the step's beginning; each mechanism
//! says its own part.

use super::partner::Partner;
use super::rules::Rules;
use super::{contact, disclosure, intimacy, perception, repair, response, trust};
use crate::foundation::lane::Lane;

/// What of a partner holds throughout a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing<L> {
    /// What hurt leaves [0–1] (Eqs 3, 4 and 19).
    pub(super) unhurt: L,
    /// Rate of bids in a moment that avoidance leaves, for a contact rate of 1 (Eq. 8).
    pub(super) approach: L,
    /// What anxiety adds to it for one who is wholly unsafe (Eq. 8).
    pub(super) seeking: L,
    /// Openness as far as avoidance leaves it (Eq. 12).
    pub(super) frankness: L,
    /// What anxiety dares without safety (Eq. 12).
    pub(super) hyperactivation: L,
    /// What own responsiveness gives (Eq. 14).
    pub(super) own_base: L,
    /// Slackening of one who is wholly complacent (Eq. 13).
    pub(super) slackening: L,
    /// Load of a conflict (Eq. 13).
    pub(super) contention: L,
    /// What is misunderstood where all is at stake (Eq. 16).
    pub(super) misreading: L,
    /// SD of responses (Eq. 16).
    pub(super) spread: L,
    /// Whether everybody of the lane is there for every bid (Eq. 16).
    pub(super) there: bool,
    /// Weight of expectation in perception (Eq. 17).
    pub(super) expectation: L,
    /// Weight of the response itself (Eq. 17).
    pub(super) accuracy: L,
    /// Bias of one who is wholly unsafe where all is at stake (Eq. 17).
    pub(super) bias: L,
    /// Probability of a repair, without complacency and to one unhurt (Eq. 19).
    pub(super) reaching: L,
    /// Added weight of losses for one who is wholly unsafe (Eq. 22).
    pub(super) loss: L,
    /// Rate at which intimacy moves (Eq. 26).
    pub(super) opening: L,
}

impl<L: Lane> Standing<L> {
    #[inline(always)]
    pub(super) fn of(partner: &Partner<L>, rules: &Rules) -> Standing<L> {
        let expectation = perception::expectation(&partner.state, rules);
        Standing {
            unhurt: partner.state.hurt.rest(),
            approach: contact::approach(&partner.state, rules),
            seeking: contact::seeking(&partner.state, rules),
            frankness: disclosure::frankness(partner, rules),
            hyperactivation: disclosure::hyperactivation(&partner.state, rules),
            own_base: response::own_base(&partner.traits, rules),
            slackening: response::slackening(&partner.traits, rules),
            contention: response::contention(&partner.traits, rules),
            misreading: response::misreading(&partner.traits),
            spread: response::spread(&partner.traits, rules),
            there: response::there(&partner.traits, rules),
            expectation,
            accuracy: expectation.rest(),
            bias: perception::bias(&partner.state, rules),
            reaching: repair::reaching(&partner.state, rules),
            loss: trust::loss(&partner.traits, rules),
            opening: intimacy::opening(&partner.state, rules),
        }
    }
}
