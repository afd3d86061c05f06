//! What belongs to each mechanism: parameters, traits and states that are silent without it.

use pairbond::model::parameters::TABLE;

/// One mechanism's parts, which its switch takes away together.
pub(crate) struct Part {
    pub(crate) switch: &'static str,
    /// Traits that say nothing without it.
    pub(crate) traits: &'static [&'static str],
    /// States that do not move without it.
    pub(crate) still: &'static [&'static str],
}

/// Parameters that only dated betrayals use where betrayals do not happen by chance; there are none
/// in these tests.
const OF_DATED_BETRAYALS: [&str; 5] = [
    "betrayal_trust",
    "betrayal_uncertainty",
    "betrayal_hurt",
    "betrayal_mood",
    "scar",
];

impl Part {
    /// Parameters that say nothing without it, by their own lines.
    pub(crate) fn parameters(&self) -> Vec<&'static str> {
        let own = TABLE.iter().filter(|line| line.mechanisms.contains(&self.switch));
        let dated = OF_DATED_BETRAYALS.iter().filter(|_| self.switch == "betrayal");
        own.map(|line| line.key).chain(dated.copied()).collect()
    }
}

const fn part(
    switch: &'static str,
    traits: &'static [&'static str],
    still: &'static [&'static str],
) -> Part {
    Part {
        switch,
        traits,
        still,
    }
}

/// Every mechanism, in the order of the switches.
pub(crate) const PARTS: &[Part] = &[
    part("contact", &["availability", "contact_rate"], &[]),
    part("conflict", &[], &[]),
    part("disclosure", &["openness"], &[]),
    part("availability", &["availability"], &[]),
    part("noise", &["consistency"], &[]),
    part("understanding", &["understanding"], &[]),
    part("complacency", &["effort"], &[]),
    part("mood", &[], &["mood"]),
    part("projection", &[], &[]),
    part("bias", &[], &[]),
    part("repair", &[], &[]),
    part("trust", &[], &[]),
    part("uncertainty", &[], &[]),
    part("asymmetry", &[], &[]),
    part("intimacy", &[], &["intimacy"]),
    part("buffering", &[], &[]),
    part("stress", &[], &[]),
    part("relief", &[], &[]),
    part("betrayal", &[], &["hurt", "scar"]),
    part("hurt", &[], &["hurt"]),
    part("scar", &[], &["scar"]),
    part("autonomy", &[], &["autonomy"]),
    part("attachment", &["anxiety", "avoidance"], &["anxiety", "avoidance"]),
    part("prototype", &["anxiety", "avoidance"], &[]),
    part("investment", &[], &["investment"]),
    part("alternatives", &["mate_value"], &["alternatives"]),
    part("commitment", &[], &["commitment"]),
    part("dissolution", &[], &[]),
    part("wellbeing", &[], &["wellbeing"]),
];
