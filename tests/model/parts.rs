//! What belongs to each mechanism: parameters, traits and states that are silent without it.

/// One mechanism's parts, which its switch takes away together.
pub(crate) struct Part {
    pub(crate) switch: &'static str,
    /// Parameters that say nothing without it.
    pub(crate) parameters: &'static [&'static str],
    /// Traits that say nothing without it.
    pub(crate) traits: &'static [&'static str],
    /// States that do not move without it.
    pub(crate) still: &'static [&'static str],
}

const fn part(
    switch: &'static str,
    parameters: &'static [&'static str],
    traits: &'static [&'static str],
    still: &'static [&'static str],
) -> Part {
    Part {
        switch,
        parameters,
        traits,
        still,
    }
}

/// Every mechanism, in the order of the switches.
pub(crate) const PARTS: &[Part] = &[
    part(
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
        &["availability", "contact"],
        &[],
    ),
    part(
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
        &[],
        &[],
    ),
    part(
        "disclosure",
        &[
            "disclosure_avoidance",
            "disclosure_safety",
            "disclosure_noise",
            "hyperactivation",
            "intimacy_rate",
            "intimacy_avoidance",
            "listener_share",
        ],
        &["openness"],
        &[],
    ),
    part("availability", &[], &["availability"], &[]),
    part("noise", &["response_noise"], &["consistency"], &[]),
    part("understanding", &[], &["understanding"], &[]),
    part(
        "complacency",
        &["bid_floor", "complacency_effort"],
        &["effort"],
        &[],
    ),
    part(
        "mood",
        &[
            "mood_gain",
            "mood_half_life",
            "betrayal_mood",
            "response_mood",
            "report_mood",
        ],
        &[],
        &["mood"],
    ),
    part(
        "projection",
        &["expectation", "expectation_anxiety", "expectation_trust"],
        &[],
        &[],
    ),
    part("bias", &["insecure_bias", "avoidant_bias"], &[], &[]),
    part(
        "repair",
        &[
            "repair_threshold",
            "repair_probability",
            "repair_avoidance",
            "repair_target",
            "repair_strength",
        ],
        &[],
        &[],
    ),
    part("trust", &["trust_rate", "trust_rate_uncertain"], &[], &[]),
    part("uncertainty", &["uncertainty_rate"], &[], &[]),
    part("asymmetry", &["loss_weight"], &[], &[]),
    part(
        "intimacy",
        &[
            "intimacy_rate",
            "intimacy_avoidance",
            "intimacy_half_life",
            "listener_share",
        ],
        &[],
        &["intimacy"],
    ),
    part("buffering", &["buffering"], &[], &[]),
    part(
        "stress",
        &["stress_half_life", "stress_event_rate", "stress_event_size"],
        &[],
        &[],
    ),
    part("relief", &["relief"], &[], &[]),
    part(
        "betrayal",
        &[
            "betrayal_rate",
            "betrayal_commitment",
            "betrayal_uncommitted",
            "betrayal_trust",
            "betrayal_uncertainty",
            "betrayal_hurt",
            "betrayal_mood",
            "deception",
            "scar",
        ],
        &[],
        &["hurt", "scar"],
    ),
    part("hurt", &["betrayal_hurt", "hurt_half_life"], &[], &["hurt"]),
    part("scar", &["scar", "deception"], &[], &["scar"]),
    part(
        "autonomy",
        &[
            "autonomy_time",
            "autonomy_base",
            "closeness_cost",
            "closeness_anxiety",
        ],
        &[],
        &["autonomy"],
    ),
    part(
        "attachment",
        &["revision_rate", "prototype_rate", "prototype_weight"],
        &["anxiety", "avoidance"],
        &["anxiety", "avoidance"],
    ),
    part(
        "prototype",
        &["prototype_rate", "prototype_weight"],
        &["anxiety", "avoidance"],
        &[],
    ),
    part(
        "investment",
        &["investment_half_life"],
        &[],
        &["investment"],
    ),
    part(
        "alternatives",
        &[
            "alternative_interval",
            "alternative_half_life",
            "alternative_base",
        ],
        &["mate_value"],
        &["alternatives"],
    ),
    part(
        "commitment",
        &[
            "commitment_time",
            "commitment_satisfaction",
            "commitment_investment",
            "commitment_alternatives",
            "derogation",
        ],
        &[],
        &["commitment"],
    ),
    part(
        "dissolution",
        &["breakup_rate", "breakup_commitment"],
        &[],
        &[],
    ),
    part(
        "wellbeing",
        &[
            "wellbeing_time",
            "wellbeing_satisfaction",
            "wellbeing_autonomy",
            "wellbeing_ease",
        ],
        &[],
        &["wellbeing"],
    ),
];
