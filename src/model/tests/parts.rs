//! What belongs to each mechanism: the parameters, traits and states that are idle without it.

use crate::model::parameter_spec::ParameterSpec;
use crate::model::parameters::MECHANISMS;
use crate::model::parameters::PARAMETERS;
use crate::model::types::{CONTACT, INVESTMENT, STATES, TRAITS};

/// One mechanism's parts, which its switch takes away together.
pub(crate) struct Part {
    pub(crate) switch: &'static str,
    /// Parameters that have no effect without it.
    pub(crate) parameters: Vec<&'static str>,
    /// Traits that have no effect without it.
    pub(crate) traits: Vec<&'static str>,
    /// States that do not move without it.
    pub(crate) still: Vec<&'static str>,
}

/// What is idle in a step besides: (mechanism, parameters, traits, states).
///
/// A scenario can use these without the mechanism: by dated betrayals, by the mood and the
/// attachment that its couples start with.
const IN_A_STEP: [(&str, &[&str], &[&str], &[&str]); 4] = [
    (
        "betrayal",
        &[
            "betrayal_trust",
            "betrayal_uncertainty",
            "betrayal_hurt",
            "betrayal_mood",
            "scar",
        ],
        &[],
        &["hurt", "scar"],
    ),
    ("mood", &["report_mood"], &[], &[]),
    ("attachment", &[], &["anxiety", "avoidance"], &[]),
    ("prototype", &[], &["anxiety", "avoidance"], &[]),
];

/// Every mechanism's parts, in the order of the mechanisms.
pub(crate) fn parts() -> Vec<Part> {
    let part = |switch: &'static str| {
        let named = |line: &&ParameterSpec| line.mechanisms.contains(&switch);
        let keys = |lines: &mut dyn Iterator<Item = &'static ParameterSpec>| -> Vec<&'static str> {
            lines.filter(named).map(|line| line.key).collect()
        };
        let mut part = Part {
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
