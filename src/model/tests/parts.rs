//! The parameters, traits and states of each mechanism, which are idle while it is off.

use crate::model::parameter_spec::ParameterSpec;
use crate::model::parameters::MECHANISMS;
use crate::model::parameters::PARAMETERS;
use crate::model::types::{CONTACT, INVESTMENT, STATES, TRAITS};

/// The parts of one mechanism.
pub(crate) struct MechanismParts {
    pub(crate) switch: &'static str,
    /// Parameters that have no effect without it.
    pub(crate) parameters: Vec<&'static str>,
    /// Traits that have no effect without it.
    pub(crate) traits: Vec<&'static str>,
    /// States that do not move without it.
    pub(crate) still: Vec<&'static str>,
}

/// Parts that are idle only within a step: (mechanism, parameters, traits, states).
///
/// A scenario can use these without the mechanism: through dated betrayals, and through the states
/// with which its couples start.
const IN_A_STEP: [(&str, &[&str], &[&str], &[&str]); 6] = [
    (
        "betrayal",
        &[
            "betrayal_trust",
            "betrayal_uncertainty",
            "betrayal_hurt",
            "betrayal_mood",
            "hurt_half_life",
            "scar",
        ],
        &[],
        &["hurt", "scar"],
    ),
    ("mood", &["report_mood"], &[], &[]),
    ("investment", &["commitment_investment"], &[], &[]),
    ("alternatives", &["derogation"], &[], &[]),
    ("attachment", &[], &["anxiety", "avoidance"], &[]),
    ("prototype", &[], &["anxiety", "avoidance"], &[]),
];

/// The parts of every mechanism, in the order of the mechanisms.
pub(crate) fn parts() -> Vec<MechanismParts> {
    let part = |switch: &'static str| {
        let named = |line: &&ParameterSpec| line.mechanisms.contains(&switch);
        let keys = |lines: &mut dyn Iterator<Item = &'static ParameterSpec>| -> Vec<&'static str> {
            lines.filter(named).map(|line| line.key).collect()
        };
        let mut part = MechanismParts {
            switch,
            parameters: keys(&mut PARAMETERS.iter()),
            traits: keys(&mut TRAITS.iter().chain([&CONTACT])),
            still: keys(&mut STATES.iter().chain([&INVESTMENT])),
        };
        for (_, parameters, traits, still) in IN_A_STEP.iter().filter(|more| more.0 == switch) {
            part.parameters.extend(*parameters);
            part.traits.extend(*traits);
            part.still.extend(*still);
        }
        part
    };
    MECHANISMS
        .iter()
        .map(|mechanism| part(mechanism.key))
        .collect()
}
