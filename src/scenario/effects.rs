//! Which parameters and traits work through one mechanism alone, and are idle where it is off.

/// A mechanism's key with the keys of what works through it alone.
type Share = (&'static str, &'static [&'static str]);

/// Parameters that move nothing while the mechanism is off.
pub(crate) const PARAMETERS_OF: &[Share] = &[
    (
        "contact",
        &[
            "bid_rate",
            "bid_limit",
            "bid_floor",
            "bid_avoidance",
            "bid_anxiety",
            "bid_stakes",
            "bid_stakes_spread",
            "bid_stakes_stress",
        ],
    ),
    (
        "conflict",
        &[
            "conflict_rate",
            "conflict_stress",
            "conflict_unsafety",
            "conflict_anxiety",
            "conflict_stakes",
            "conflict_stakes_spread",
            "response_conflict",
        ],
    ),
    (
        "disclosure",
        &[
            "disclosure_avoidance",
            "disclosure_safety",
            "hyperactivation",
            "disclosure_noise",
        ],
    ),
    ("mood", &["mood_gain", "mood_half_life", "betrayal_mood"]),
    ("noise", &["response_noise"]),
    ("buffering", &["buffering"]),
    ("complacency", &["complacency_effort"]),
    (
        "projection",
        &["expectation", "expectation_anxiety", "expectation_trust"],
    ),
    ("bias", &["insecure_bias", "avoidant_bias"]),
    (
        "repair",
        &[
            "repair_threshold",
            "repair_probability",
            "repair_avoidance",
            "repair_target",
            "repair_strength",
        ],
    ),
    ("trust", &["trust_rate", "trust_rate_uncertain"]),
    ("uncertainty", &["uncertainty_rate"]),
    ("asymmetry", &["loss_weight"]),
    (
        "intimacy",
        &[
            "intimacy_rate",
            "intimacy_avoidance",
            "listener_share",
            "intimacy_half_life",
        ],
    ),
    ("relief", &["relief"]),
    (
        "stress",
        &["stress_half_life", "stress_event_rate", "stress_event_size"],
    ),
    (
        "betrayal",
        &[
            "betrayal_rate",
            "betrayal_commitment",
            "betrayal_uncommitted",
            "deception",
        ],
    ),
    ("hurt", &["betrayal_hurt", "hurt_half_life"]),
    ("scar", &["scar"]),
    (
        "autonomy",
        &[
            "autonomy_time",
            "autonomy_base",
            "closeness_cost",
            "closeness_anxiety",
        ],
    ),
    (
        "attachment",
        &["revision_rate", "prototype_rate", "prototype_weight"],
    ),
    ("prototype", &["prototype_rate", "prototype_weight"]),
    ("investment", &["investment_half_life"]),
    (
        "alternatives",
        &[
            "alternative_interval",
            "alternative_half_life",
            "alternative_base",
        ],
    ),
    (
        "commitment",
        &[
            "commitment_time",
            "commitment_satisfaction",
            "commitment_investment",
            "commitment_alternatives",
            "derogation",
        ],
    ),
    ("dissolution", &["breakup_rate", "breakup_commitment"]),
    (
        "wellbeing",
        &[
            "wellbeing_time",
            "wellbeing_satisfaction",
            "wellbeing_autonomy",
            "wellbeing_ease",
        ],
    ),
];

/// Traits that move nothing while the mechanism is off.
pub(crate) const TRAITS_OF: &[Share] = &[
    ("disclosure", &["openness"]),
    ("availability", &["availability"]),
    ("noise", &["consistency"]),
    ("understanding", &["understanding"]),
    ("complacency", &["effort"]),
    ("alternatives", &["mate_value"]),
];

/// What of an upbringing moves nothing while the mechanism is off, seasons aside.
pub(crate) const UPBRINGING_OF: &[Share] = &[
    ("availability", &["availability"]),
    ("noise", &["consistency"]),
];

/// The mechanisms without any of which a parameter or trait moves nothing.
pub(crate) fn mechanisms_of(shares: &[Share], key: &str) -> impl Iterator<Item = &'static str> {
    shares
        .iter()
        .filter_map(move |(mechanism, keys)| keys.contains(&key).then_some(*mechanism))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::mechanisms::SWITCHES;
    use crate::model::parameters::TABLE;
    use crate::model::partner::TRAITS;
    use crate::scenario::{Override, Scenario};
    use crate::simd::backend::Backend;
    use crate::simulation::{Block, Moments, OBSERVABLES, PreparedRun, run_block};

    /// Lively couples in whom everything moves.
    const LIVELY: &str = "title = \"t\"\n[run]\ncouples = 48\ndays = 60\n\
        [parameters]\nbetrayal_rate = 0.01\nbreakup_rate = 0.02\nbreakup_commitment = 0.9\n\
        betrayal_commitment = 0.9\ndeception = 0.5\ncommitment_investment = 0.2\n\
        [start]\nstress = 0.4\nhurt = 0.2\n\
        [traits]\neffort = 0.3\nconsistency = 0.4\nunderstanding = 0.7\navailability = 0.8\n\
        patience = 0.3\n";

    fn lived(sets: &[String]) -> Moments {
        let read = |set: &String| Override::parse(set).expect("an override");
        let overrides: Vec<Override> = sets.iter().map(read).collect();
        let scenario = Scenario::read_text("lively", LIVELY, &overrides).expect("a valid scenario");
        let mut config = scenario.config().clone();
        config.record.observables = OBSERVABLES
            .iter()
            .map(|(observable, _)| *observable)
            .collect();
        let block = Block {
            replicate: 0,
            index: 0,
        };
        run_block(&PreparedRun::new(config), block, Backend::best(), None).moments
    }

    fn idle_only_without(table: &str, shares: &[Share]) {
        for (mechanism, keys) in shares {
            let off = format!("mechanisms.{mechanism}=false");
            for key in *keys {
                let lines = TABLE.iter().filter(|_| table == "parameters");
                let traits = TRAITS.iter().filter(|_| table == "traits");
                let line = lines
                    .chain(traits)
                    .find(|line| line.key == *key)
                    .expect("a key");
                let set = |value: f64| format!("{table}.{key}={value:?}");
                let (one, other) = (
                    0.5 * (line.default + line.low),
                    0.9 * line.default + 0.1 * line.high,
                );
                let with = |value: f64| lived(&[off.clone(), set(value)]);
                assert!(with(one) == with(other), "{key} works without {mechanism}");
                assert!(
                    lived(&[set(one)]) != lived(&[set(other)]),
                    "{key} does nothing at all"
                );
            }
        }
    }

    #[test]
    fn parameters_idle_where_their_mechanism_is_off_and_only_there() {
        idle_only_without("parameters", PARAMETERS_OF);
    }

    #[test]
    fn traits_idle_where_their_mechanism_is_off_and_only_there() {
        idle_only_without("traits", TRAITS_OF);
    }

    #[test]
    fn mechanisms_are_those_of_the_switches() {
        for (mechanism, _) in PARAMETERS_OF.iter().chain(TRAITS_OF) {
            assert!(
                SWITCHES.iter().any(|switch| switch.key == *mechanism),
                "{mechanism}"
            );
        }
    }
}
