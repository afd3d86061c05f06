//! What a `[power]` says: a study of partners' effects on each other, with the effects given as numbers.

/// A study with given effects.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PowerSpec {
    /// Data sets of each design.
    pub(crate) replicates: u32,
    /// Level of significance (0 to 1).
    pub(crate) alpha: f64,
    /// Power that the study is to have (0 to 1).
    pub(crate) target: f64,
    pub(crate) are_exchangeable: bool,
    pub(crate) are_autoregressive: bool,
    pub(crate) has_lagged_outcome: bool,
    /// Whether predictors are centred at the person's mean.
    pub(crate) is_centred: bool,
    pub(crate) is_restricted: bool,
    /// Whether outcome and predictor are measured with error.
    pub(crate) error_in: [bool; 2],
    /// The design, by [`DesignQuantity`].
    pub(crate) design: [f64; 4],
    /// The values of each quantity that varies; none of one that does not.
    pub(crate) vary: [Vec<f64>; 4],
    pub(crate) effects: GivenEffects,
    pub(crate) search: Option<DesignSearch>,
}

/// What data sets are simulated from, of partner A and partner B.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GivenEffects {
    pub(crate) intercept: [f64; 2],
    /// Effect of the own predictor.
    pub(crate) actor: [f64; 2],
    /// Effect of the partner's predictor.
    pub(crate) partner: [f64; 2],
    /// Effect of the own outcome one occasion before.
    pub(crate) lag: [f64; 2],
    pub(crate) intercept_sd: [f64; 2],
    pub(crate) intercept_correlation: f64,
    pub(crate) residual_sd: [f64; 2],
    pub(crate) residual_correlation: f64,
    /// Correlation of a person's residuals on neighbouring occasions.
    pub(crate) autocorrelation: f64,
    pub(crate) predictor_mean: [f64; 2],
    pub(crate) predictor_sd: [f64; 2],
    pub(crate) predictor_correlation: f64,
}

/// The smallest value of one quantity that reaches the target, for each combination of the others' values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DesignSearch {
    /// Name of the effect, one of [`PowerSpec::effect_names`].
    pub(crate) effect: &'static str,
    pub(crate) quantity: DesignQuantity,
    /// Range of the search.
    pub(crate) from: f64,
    pub(crate) to: f64,
}

/// What a study can have more or less of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DesignQuantity {
    Couples,
    Occasions,
    Compliance,
    Reliability,
}

impl DesignQuantity {
    pub(crate) const ALL: [DesignQuantity; 4] = [
        DesignQuantity::Couples,
        DesignQuantity::Occasions,
        DesignQuantity::Compliance,
        DesignQuantity::Reliability,
    ];

    /// Its key, which is also its column.
    pub(crate) fn key(self) -> &'static str {
        ["couples", "occasions", "compliance", "reliability"][self as usize]
    }

    pub(crate) fn named(key: &str) -> Option<DesignQuantity> {
        DesignQuantity::ALL.into_iter().find(|own| own.key() == key)
    }

    pub(crate) fn is_count(self) -> bool {
        matches!(self, DesignQuantity::Couples | DesignQuantity::Occasions)
    }

    pub(crate) fn bounds(self) -> (f64, f64) {
        match self {
            DesignQuantity::Couples => (3.0, MOST_COUPLES as f64),
            DesignQuantity::Occasions => (2.0, MOST_OCCASIONS as f64),
            DesignQuantity::Compliance | DesignQuantity::Reliability => (LEAST_SHARE, 1.0),
        }
    }

    /// Its smallest steps in a search: one, or a hundredth of a share.
    pub(crate) fn step(self) -> f64 {
        if self.is_count() { 1.0 } else { 0.01 }
    }

    pub(crate) fn doc(self) -> &'static str {
        match self {
            DesignQuantity::Couples => "Couples of the study",
            DesignQuantity::Occasions => {
                "Occasions on which both partners are asked, such as days of a diary"
            }
            DesignQuantity::Compliance => {
                "Probability that a person answers on an occasion, whatever happens there"
            }
            DesignQuantity::Reliability => {
                "Share of the variance within persons that is not error of measurement"
            }
        }
    }
}

const MOST_COUPLES: i64 = 100_000;
const MOST_OCCASIONS: i64 = 10_000;
/// Lowest compliance and reliability: below, there is next to nothing to analyse.
pub(crate) const LEAST_SHARE: f64 = 0.05;
/// What both partners have of their own: the key of both, of partner A and of partner B.
pub(crate) const OWN_KEYS: [[&str; 3]; 8] = [
    ["intercept", "intercept_a", "intercept_b"],
    ["actor", "actor_a", "actor_b"],
    ["partner", "partner_a", "partner_b"],
    ["lag", "lag_a", "lag_b"],
    ["intercept_sd", "intercept_sd_a", "intercept_sd_b"],
    ["residual_sd", "residual_sd_a", "residual_sd_b"],
    ["predictor_mean", "predictor_mean_a", "predictor_mean_b"],
    ["predictor_sd", "predictor_sd_a", "predictor_sd_b"],
];

impl PowerSpec {
    /// The names of the estimated effects in the order of the estimates.
    pub(crate) fn effect_names(&self) -> Vec<&'static str> {
        let kinds = if self.has_lagged_outcome { 4 } else { 3 };
        let sides: &[usize] = if self.are_exchangeable { &[0] } else { &[1, 2] };
        let of_side = |side: usize| OWN_KEYS[..kinds].iter().map(move |keys| keys[side]);
        sides.iter().copied().flat_map(of_side).collect()
    }

    /// The true values of the estimated effects.
    pub(crate) fn truths(&self) -> Vec<f64> {
        let all = [
            self.effects.intercept,
            self.effects.actor,
            self.effects.partner,
            self.effects.lag,
        ];
        let kinds = if self.has_lagged_outcome { 4 } else { 3 };
        let persons = if self.are_exchangeable { 1 } else { 2 };
        let of = |person: usize| all[..kinds].iter().map(move |pair| pair[person]);
        (0..persons).flat_map(of).collect()
    }

    /// All designs: the quantities in the order of [`DesignQuantity::ALL`], of which the last varies fastest.
    pub(crate) fn designs(&self) -> Vec<[f64; 4]> {
        let mut designs = vec![self.design];
        for (place, values) in self.vary.iter().enumerate() {
            if values.is_empty() {
                continue;
            }
            let with = |design: &[f64; 4]| {
                values
                    .iter()
                    .map(|value| {
                        let mut design = *design;
                        design[place] = *value;
                        design
                    })
                    .collect::<Vec<_>>()
            };
            designs = designs.iter().flat_map(with).collect();
        }
        designs
    }

    /// The designs of a search, in which one quantity is open.
    pub(crate) fn designs_without(&self, searched: DesignQuantity) -> Vec<[f64; 4]> {
        let mut fixed = self.clone();
        fixed.vary[searched as usize].clear();
        fixed.designs()
    }
}
