//! The mechanisms of the model and their parameters: the one place where each is described. A
//! [`ParameterSpec`] describes a number of the model: a parameter, trait or state.
//!
//! Scenario keys (`mechanisms.KEY`, `parameters.KEY`), defaults, the reference page, the JSON Schema
//! and the sweep axes are made from [`MECHANISMS`] and [`PARAMETERS`]; the structs [`Mechanisms`] and
//! [`Parameters`] are made from the same lines.

use Provenance::{Calibrated, Convention, Neutral, Starting};

/// How the default of a number is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// Set by calibration against the published targets.
    Calibrated,
    /// A starting value: of the prototype of the model, which agreed with observed statistics, or
    /// set by hand where no target determines it.
    Starting,
    /// A convention of measurement, of scale or of the step.
    Convention,
    /// Chosen such that the default changes nothing.
    Neutral,
}

impl Provenance {
    /// The label on the reference page.
    pub fn label(self) -> &'static str {
        match self {
            Provenance::Calibrated => "calibrated",
            Provenance::Starting => "starting value",
            Provenance::Convention => "convention",
            Provenance::Neutral => "neutral",
        }
    }
}

/// A number of the model with its bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParameterSpec {
    /// Key in the scenario file.
    pub key: &'static str,
    /// Symbol in the equations.
    pub symbol: &'static str,
    /// Unit, `1` for a pure number.
    pub unit: &'static str,
    /// Lowest value allowed.
    pub low: f64,
    /// Highest value allowed.
    pub high: f64,
    /// Value if the scenario does not set it.
    pub default: f64,
    /// Its meaning, in one sentence without a full stop.
    pub meaning: &'static str,
    /// Author and year of the source, or another basis.
    pub source: &'static str,
    /// How the default is known.
    pub provenance: Provenance,
    /// Keys of the mechanisms that it belongs to. While any of them is off, a parameter or a trait
    /// has no effect, and only dated events move a state.
    pub mechanisms: &'static [&'static str],
}

impl ParameterSpec {
    /// Whether a value is within the bounds; NaN is not.
    pub(crate) fn allows(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// A mechanism of the model, which can be switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MechanismSpec {
    /// Key under `[mechanisms]` in the scenario file.
    pub key: &'static str,
    /// What the mechanism does.
    pub meaning: &'static str,
    /// What holds while it is off.
    pub absence: &'static str,
}

macro_rules! mechanisms {
    ($($key:ident: $meaning:literal, $absence:literal;)*) => {
        /// Which mechanisms are on; all are by default.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Mechanisms {
            $(#[doc = concat!("Whether ", $meaning, "; without: ", $absence, ".")] pub $key: bool,)*
        }

        /// Description of every mechanism, in the order of the reference page.
        pub const MECHANISMS: &[MechanismSpec] = &[
            $(MechanismSpec { key: stringify!($key), meaning: $meaning, absence: $absence },)*
        ];

        impl Default for Mechanisms {
            fn default() -> Self {
                Mechanisms { $($key: true,)* }
            }
        }

        impl Mechanisms {
            /// Every mechanism off.
            pub fn none() -> Self {
                Mechanisms { $($key: false,)* }
            }
            /// Whether a mechanism is on, by its key.
            pub fn get(&self, key: &str) -> Option<bool> {
                match key { $(stringify!($key) => Some(self.$key),)* _ => None }
            }
            /// The switch of a mechanism by its key, for writing.
            pub fn get_mut(&mut self, key: &str) -> Option<&mut bool> {
                match key { $(stringify!($key) => Some(&mut self.$key),)* _ => None }
            }
        }
    };
}

mechanisms! {
    contact: "partners turn to each other with bids", "there are no bids";
    conflict: "conflicts arise", "there are no conflicts";
    disclosure: "partners disclose", "every depth is 0, so that nothing can be met";
    availability: "a bid may find the other absent", "the other is always there";
    noise: "responses and hurtful acts vary", "a response is exactly what willingness makes it, and an act what hostility makes it";
    understanding: "a response may miss what was needed", "every response hits the need";
    complacency: "being safe but not close lowers bids, effort and repair", "complacency is 0 everywhere";
    mood: "surprises move a mood that colours responses", "the mood stays 0";
    projection: "expectation and projection shape what is perceived", "the response itself is perceived, before bias";
    bias: "insecure partners who feel unsafe perceive less", "there is no such bias";
    hostility: "partners in a conflict hurt each other", "a conflict is two episodes of high stakes";
    reciprocation: "hurtful acts are answered in kind", "each act is the first one";
    repair: "an unresponsive episode may be repaired", "there are no repairs";
    trust: "trust learns from episodes", "trust moves only by betrayal";
    uncertainty: "uncertainty follows recent surprise and rises without news", "uncertainty moves only by betrayal";
    habit: "being answered well or badly is returned in time", "responsiveness is the trait";
    asymmetry: "losses weigh more than gains", "they weigh the same";
    intimacy: "disclosure that is met builds intimacy, which fades unrenewed", "intimacy does not move";
    accustoming: "closeness above what one is used to adds to satisfaction", "what one is used to does not matter";
    buffering: "felt security takes harm from stress, conflict and loss", "it takes none";
    stress: "stressful events happen and fade", "stress moves only by dated events and relief";
    strain: "life events strain partners for months, who then are under stress and less satisfied", "there is no strain";
    sharing: "part of the stressful and of the life events happen to both partners", "all events are a partner's own";
    relief: "responsive episodes relieve stress", "they do not";
    betrayal: "betrayals happen by chance", "only dated betrayals happen";
    hurt: "a betrayal leaves hurt that heals slowly", "there is no hurt";
    scar: "deception leaves a scar", "there is no scar";
    autonomy: "felt security increases autonomy, closeness without felt security reduces it", "autonomy does not move";
    attachment: "experience revises attachment slowly", "attachment does not move";
    prototype: "attachment is drawn back to its prototype", "experience alone moves it, the revisionist model";
    investment: "partners invest what they disclose and what is met", "investment does not move";
    alternatives: "partners meet possible others", "the best alternative does not move";
    commitment: "commitment follows satisfaction, investment and alternatives", "commitment does not move";
    deliberation: "partners of low commitment think about leaving, withdraw, judge the relationship anew, and may leave", "they do not, and reasons outside the bond end relationships at once";
    outside: "reasons outside the bond make partners think about leaving", "only missing commitment does";
    dissolution: "partners may leave", "no partner leaves";
    wellbeing: "well-being follows satisfaction, autonomy, ease and a level of one's own", "well-being does not move";
}

macro_rules! parameters {
    ($($key:ident: $symbol:literal, $unit:literal, $low:literal..$high:literal, $default:expr, $provenance:ident, $source:literal, $meaning:literal, mechanisms: [$($mechanism:ident),*];)*) => {
        /// The model's parameters, by the keys of [`PARAMETERS`].
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct Parameters {
            $(#[doc = concat!($meaning, " [", $low, "–", $high, "; ", $unit, "], ", $source, ".")] pub $key: f64,)*
        }

        /// Description of every parameter, in the order of the reference page.
        pub const PARAMETERS: &[ParameterSpec] = &[
            $(ParameterSpec { key: stringify!($key), symbol: $symbol, unit: $unit, low: $low as f64, high: $high as f64, default: $default, meaning: $meaning, source: $source, provenance: $provenance, mechanisms: &[$(stringify!($mechanism)),*] },)*
        ];

        impl Default for Parameters {
            fn default() -> Self {
                Parameters { $($key: $default,)* }
            }
        }

        impl Parameters {
            /// The value of a parameter by its key.
            pub fn get(&self, key: &str) -> Option<f64> {
                match key { $(stringify!($key) => Some(self.$key),)* _ => None }
            }
            /// A parameter by its key, for writing; the caller keeps the value in range.
            pub fn get_mut(&mut self, key: &str) -> Option<&mut f64> {
                match key { $(stringify!($key) => Some(&mut self.$key),)* _ => None }
            }
        }
    };
}

parameters! {
    bid_rate: "λ_b", "per day", 0..50, 2.8, Calibrated, "Reis & Shaver 1988", "Rate of a partner's bids, the occasions on which one turns to the other", mechanisms: [contact];
    bid_limit: "λ_m", "per day", 0..96, 2.0, Starting, "model convention", "Highest rate of a partner's bids, however much contact there is; a moment holds one at most", mechanisms: [contact];
    bid_floor: "β_0", "1", 0..1, 0.4, Starting, "model convention", "Share of the bids that remains in complete complacency", mechanisms: [contact, complacency];
    bid_avoidance: "β_v", "1", 0..1, 0.1, Starting, "Li & Chan 2012", "Share of the bids that full avoidance takes away", mechanisms: [contact];
    bid_anxiety: "β_a", "1", 0..10, 0.5, Starting, "Li & Chan 2012", "Extra share of bids of a fully anxious partner who feels unsafe", mechanisms: [contact];
    bid_stakes: "q_b", "1", 0..1, 0.15, Starting, "Petters 2006", "Least stakes of a bid: how much the answer matters", mechanisms: [contact];
    bid_stakes_spread: "q_u", "1", 0..1, 0.5, Starting, "Petters 2006", "Width of the random part of a bid's stakes, a product of two uniform numbers", mechanisms: [contact];
    bid_stakes_stress: "q_s", "1", 0..1, 0.35, Starting, "Simpson & Rholes 2017", "Part of a bid's stakes that full stress adds: need", mechanisms: [contact];
    conflict_rate: "λ_c", "per day", 0..20, 0.203, Calibrated, "Campbell et al. 2005", "Rate of conflicts of an unstressed couple that feels entirely safe, with an irritability of 1", mechanisms: [conflict];
    conflict_limit: "λ_l", "per day", 0..96, 2.0, Starting, "model convention", "Highest rate of a couple's conflicts, however irritable it is; a moment holds one at most", mechanisms: [conflict];
    conflict_stress: "χ_s", "1", 0..20, 1.28, Calibrated, "Karney & Bradbury 1995", "How much each partner's stress multiplies conflict", mechanisms: [conflict];
    conflict_anxiety: "χ_a", "1", 0..20, 0.6, Calibrated, "Campbell et al. 2005", "How much a couple's anxiety, as far as it is not safe, multiplies conflict", mechanisms: [conflict];
    conflict_stakes: "q_c", "1", 0..1, 0.4, Calibrated, "Shallcross & Simpson 2012", "Least stakes of a conflict", mechanisms: [conflict];
    conflict_stakes_spread: "q_cu", "1", 0..1, 0.5, Starting, "Shallcross & Simpson 2012", "Width of the random part of a conflict's stakes", mechanisms: [conflict];
    disclosure_avoidance: "ν_d", "1", 0..1, 0.669, Calibrated, "Laurenceau et al. 2005", "Share of disclosure that full avoidance takes away", mechanisms: [disclosure];
    disclosure_safety: "ω", "1", 0..1, 0.395, Calibrated, "Murray, Holmes & Collins 2006", "Weight of felt security against intimacy in what a partner dares to disclose", mechanisms: [disclosure];
    hyperactivation: "η", "1", 0..1, 0.3, Starting, "Simpson & Rholes 2017", "How far full anxiety stands in for missing security in disclosure: disclosing without being safe", mechanisms: [disclosure];
    disclosure_noise: "σ_d", "1", 0..1, 0.25, Starting, "model convention", "Relative standard deviation of an occasion's depth of disclosure", mechanisms: [disclosure];
    care_weight: "w", "1", 0..1, 0.128, Calibrated, "Reis & Shaver 1988", "Weight of care for this partner against the responder's own responsiveness", mechanisms: [];
    response_mood: "ξ", "1", 0..1, 0.393, Calibrated, "Campbell et al. 2010", "How strongly the responder's mood toward the relationship colours a response", mechanisms: [mood];
    response_stress: "κ_s", "1", 0..1, 0.342, Calibrated, "Karney & Bradbury 1995", "Share of willingness that the responder's full stress takes away", mechanisms: [];
    response_noise: "σ_r", "1", 0..1, 0.107, Calibrated, "Rempel, Holmes & Zanna 1985", "Standard deviation of responses around willingness at middling consistency", mechanisms: [noise];
    buffering: "κ_b", "1", 0..1, 0.762, Calibrated, "Simpson & Overall 2014", "Share of the harm of stress, conflict and loss that full felt security takes away", mechanisms: [buffering];
    complacency_effort: "κ_e", "1", 0..0.5, 0.1, Calibrated, "model convention", "Share of willingness that full complacency takes away at middling effort", mechanisms: [complacency];
    withdrawal: "κ_D", "1", 0..1, 0.108, Calibrated, "Rollie & Duck 2006", "Share of willingness and of disclosure that full deliberation withdraws", mechanisms: [deliberation];
    hostility: "θ_0", "1", 0..1, 0.228, Calibrated, "Gottman et al. 1999", "How hurtful the first act of an impatient partner is in a conflict, who feels entirely unsafe", mechanisms: [conflict, hostility];
    hostility_stress: "θ_s", "1", 0..10, 0.5, Starting, "Neff & Karney 2007", "How much full stress multiplies it", mechanisms: [conflict, hostility];
    hostility_mood: "θ_M", "1", 0..2, 0.5, Starting, "Campbell et al. 2010", "How much a good mood toward the relationship lowers it", mechanisms: [conflict, hostility, mood];
    hostility_tone: "σ_h", "1", 0..1, 0.329, Calibrated, "Gottman et al. 1999", "Standard deviation of it: what is less kind is more hurtful", mechanisms: [conflict, hostility, noise];
    answer_in_kind: "ϖ", "1", 0..1, 0.48, Calibrated, "Gottman et al. 1999", "Share of the other's hurtful act that an impatient partner returns in the second turn", mechanisms: [conflict, hostility, reciprocation];
    hostility_felt: "ι", "1", 0..1, 0.154, Calibrated, "Gottman et al. 1999", "How much less responsive the most hurtful act is perceived", mechanisms: [conflict, hostility];
    expectation: "b_0", "1", 0..1, 0.945, Calibrated, "Kenny & Acitelli 2001", "Weight of expectation against the response itself in what a secure partner perceives", mechanisms: [projection];
    expectation_anxiety: "b_a", "1", 0..1, 0.5, Starting, "Overall, Fletcher & Kenny 2012", "Share of that weight that full anxiety takes away: closer tracking", mechanisms: [projection];
    expectation_trust: "b_T", "1", 0..1, 0.2, Starting, "Lemay, Clark & Feeney 2007", "Share of trust in the expectation; the rest is projection of one's own responsiveness", mechanisms: [projection];
    insecure_bias: "ζ", "1", 0..2, 0.801, Calibrated, "Overall, Fletcher & Kenny 2012", "How much less a fully anxious, unsafe partner perceives when everything is at stake", mechanisms: [bias];
    avoidant_bias: "ζ_v", "1", 0..2, 0.747, Calibrated, "Overall, Fletcher & Kenny 2012", "How much less a fully avoidant, unsafe partner perceives when everything is at stake", mechanisms: [bias];
    repair_threshold: "p_r", "1", 0..1, 0.5, Starting, "Gottman et al. 1999", "Perceived responsiveness below which a repair may be tried", mechanisms: [repair];
    repair_probability: "π_r", "probability", 0..1, 0.501, Calibrated, "Gottman et al. 1999", "Probability of a repair by an unavoidant partner who is not complacent toward one who is not hurt", mechanisms: [repair];
    repair_avoidance: "π_v", "1", 0..1, 0.5, Starting, "Li & Chan 2012", "Share of repairs that the responder's full avoidance takes away", mechanisms: [repair];
    repair_target: "p_R", "1", 0..1, 0.7, Starting, "Gottman et al. 1999", "Perceived responsiveness toward which a repair moves the episode", mechanisms: [repair];
    repair_strength: "φ", "1", 0..1, 0.5, Starting, "Gottman et al. 1999", "Share of the way to that target that a repair covers", mechanisms: [repair];
    trust_rate: "k_0", "1", 0..1, 0.053, Calibrated, "Rescorla & Wagner 1972", "Learning rate of a certain partner's trust at full stakes", mechanisms: [trust];
    trust_rate_uncertain: "k_Q", "1", 0..1, 0.06, Starting, "Pearce & Hall 1980", "What full uncertainty adds to the learning rate of trust", mechanisms: [trust];
    uncertainty_rate: "h", "1", 0..1, 0.012, Calibrated, "Pearce & Hall 1980", "Learning rate of uncertainty at full stakes", mechanisms: [uncertainty];
    uncertainty_half_life: "h_Q", "days", 1..1000000000, 1000.0, Starting, "model convention", "Time in which half of the certainty is lost without news", mechanisms: [uncertainty];
    habit_rate: "k_R", "1", 0..1, 0.00405, Calibrated, "Wieselquist et al. 1999", "Learning rate of the habit of responding at full stakes", mechanisms: [habit];
    grace: "ϑ", "1", 0..1, 0.249, Calibrated, "Clark & Mills 1993", "How far an answer may fall short and still be returned in full", mechanisms: [habit];
    habit_half_life: "h_R", "days", 1..1000000000, 702.0, Calibrated, "model convention", "Half-life of the habit: return of responsiveness to the trait", mechanisms: [habit];
    loss_weight: "λ", "1", 1..10, 1.53, Calibrated, "Slovic 1993", "How much more a disappointment weighs than a gain, for an impatient partner who feels unsafe", mechanisms: [asymmetry];
    felt_security_discount: "z", "1", 0..1, 1.0, Starting, "Murray, Holmes & Collins 2006", "How much uncertainty lowers felt security", mechanisms: [];
    intimacy_rate: "γ", "1", 0..5, 0.0518, Calibrated, "Reis & Shaver 1988", "Learning rate of intimacy at full stakes and depth", mechanisms: [intimacy, disclosure];
    intimacy_avoidance: "ν_I", "1", 0..1, 0.25, Calibrated, "Li & Chan 2012", "Share of that rate that full avoidance takes away", mechanisms: [intimacy, disclosure];
    listener_share: "γ_l", "1", 0..1, 0.5, Starting, "Laurenceau et al. 1998", "Learning rate of the listener's intimacy as a share of the discloser's", mechanisms: [intimacy, disclosure];
    intimacy_half_life: "h_I", "days", 1..1000000, 316.0, Calibrated, "model convention", "Half-life of intimacy that nothing renews", mechanisms: [intimacy];
    mood_gain: "μ", "1", 0..20, 4.86, Calibrated, "Campbell et al. 2005", "How strongly a surprise moves the mood toward the relationship", mechanisms: [mood];
    mood_half_life: "h_M", "days", 0.05..10000, 0.516, Calibrated, "Campbell et al. 2005", "Half-life of that mood", mechanisms: [mood];
    relief: "ϱ", "1", 0..1, 0.15, Starting, "Feeney & Collins 2015", "Share of stress that a fully responsive answer takes away when everything is at stake", mechanisms: [relief];
    stress_half_life: "h_s", "days", 0.05..10000, 3.0, Starting, "Karney & Bradbury 1995", "Half-life of stress", mechanisms: [stress];
    stress_event_rate: "λ_s", "per day", 0..20, 0.1, Starting, "Karney & Bradbury 1995", "Rate of stressful events from outside", mechanisms: [stress];
    stress_event_size: "u_s", "1", 0..1, 0.5, Starting, "Karney & Bradbury 1995", "Largest share of the way to full stress that one event covers", mechanisms: [stress];
    stress_shared: "φ_s", "1", 0..1, 0.28, Calibrated, "Neff & Karney 2007", "Share of stressful events that happen to both partners", mechanisms: [stress, sharing];
    strain_stress: "ς", "1", 0..1, 0.4, Starting, "Karney & Bradbury 1995", "Stress to which full strain amounts every day", mechanisms: [stress, strain];
    life_event_rate: "λ_X", "per year", 0..12, 1.87, Calibrated, "Karney & Bradbury 1995", "Rate of life events of a partner, own and shared", mechanisms: [strain];
    life_event_size: "u_X", "1", 0..1, 0.7, Starting, "Karney & Bradbury 1995", "Largest share of the way to full strain that a life event covers", mechanisms: [strain];
    life_events_shared: "φ_X", "1", 0..1, 0.4, Starting, "model convention", "Share of life events that happen to both partners", mechanisms: [strain, sharing];
    strain_half_life: "h_X", "days", 1..1000000, 732.0, Calibrated, "Karney & Bradbury 1995", "Half-life of strain", mechanisms: [strain];
    betrayal_rate: "λ_B", "per day", 0..1, 5.5e-5, Starting, "Lewicki & Bunker 1996", "Rate of betrayals by a committed partner", mechanisms: [betrayal];
    betrayal_commitment: "θ_B", "1", 0..1, 0.6, Starting, "Rusbult 1983", "Commitment below which betrayal becomes likelier", mechanisms: [betrayal];
    betrayal_uncommitted: "χ_B", "1", 0..100, 4.0, Starting, "Rusbult 1983", "How steeply missing commitment multiplies betrayal", mechanisms: [betrayal];
    betrayal_trust: "b_t", "1", 0..1, 0.35, Starting, "Schweitzer, Hershey & Bradlow 2006", "Share of trust that a betrayal takes at once", mechanisms: [];
    betrayal_uncertainty: "b_Q", "1", 0..1, 0.4, Starting, "Schweitzer, Hershey & Bradlow 2006", "Share of the way to full uncertainty that a betrayal covers", mechanisms: [];
    betrayal_hurt: "b_H", "1", 0..1, 0.6, Starting, "Schweitzer, Hershey & Bradlow 2006", "Share of the way to full hurt that a betrayal covers", mechanisms: [hurt];
    betrayal_mood: "b_M", "1", 0..1, 0.8, Starting, "model convention", "How low the mood toward the relationship falls on a betrayal", mechanisms: [mood];
    deception: "π_D", "probability", 0..1, 0.0, Neutral, "Schweitzer, Hershey & Bradlow 2006", "Probability that a betrayal that no date was set for comes with deception", mechanisms: [betrayal, scar];
    scar: "b_B", "1", 0..1, 0.3, Starting, "Schweitzer, Hershey & Bradlow 2006", "Share of the way to a full scar that a deception covers", mechanisms: [scar];
    hurt_half_life: "h_H", "days", 1..1000000, 200.0, Starting, "model convention", "Half-life of hurt", mechanisms: [hurt];
    autonomy_time: "τ_g", "days", 1..100000, 60.0, Starting, "Feeney 2007", "Time constant of autonomy", mechanisms: [autonomy];
    autonomy_base: "g_0", "1", 0..1, 0.35, Starting, "Feeney 2007", "Autonomy of a partner who is neither safe nor close", mechanisms: [autonomy];
    closeness_cost: "c_I", "1", 0..1, 0.4, Starting, "Feeney 2007", "Share of autonomy that full closeness without any safety costs", mechanisms: [autonomy];
    closeness_anxiety: "c_a", "1", 0..1, 0.6, Starting, "Simpson & Rholes 2017", "What full anxiety adds to that share", mechanisms: [autonomy];
    revision_rate: "ε", "per day", 0..1, 1.0 / 1500.0, Starting, "Fraley 2002", "Rate at which experience revises attachment", mechanisms: [attachment];
    prototype_rate: "ψ", "per day", 0..1, 1.0 / 400.0, Starting, "Fraley 2002", "Rate at which attachment returns to its prototype; 0 is the revisionist model", mechanisms: [attachment, prototype];
    prototype_weight: "w_p", "1", 0..1, 1.0, Neutral, "Fraley 2002", "Share of that rate that works: from 0, the revisionist model, to 1, the prototype model", mechanisms: [attachment, prototype];
    life_event_attachment: "σ_a", "1", 0..1, 0.18, Calibrated, "Fraley et al. 2011", "Standard deviation of what a life event moves attachment by in the middle of its scale", mechanisms: [attachment, strain];
    satisfaction_intimacy: "f_I", "1", 0..1, 0.6, Starting, "Sakaluk et al. 2021", "Weight of intimacy in satisfaction", mechanisms: [];
    satisfaction_trust: "f_T", "1", 0..1, 0.4, Starting, "Sakaluk et al. 2021", "Weight of unhurt trust in satisfaction", mechanisms: [];
    satisfaction_gain: "f_Z", "1", 0..1, 0.36, Calibrated, "Aron & Aron 1986", "Weight in satisfaction of closeness above what one is used to", mechanisms: [accustoming];
    satisfaction_strain: "f_X", "1", 0..1, 0.0964, Calibrated, "Neff & Karney 2004", "Share of satisfaction that full strain takes away", mechanisms: [strain];
    satisfaction_deliberation: "f_D", "1", 0..1, 0.261, Calibrated, "Rollie & Duck 2006", "Share of satisfaction that full deliberation takes away", mechanisms: [deliberation];
    accustoming_time: "τ_Z", "days", 1..1000000, 5400.0, Calibrated, "Aron & Aron 1986", "Time constant in which one gets used to closeness", mechanisms: [accustoming];
    report_mood: "f_M", "1", 0..2, 1.39, Calibrated, "Campbell et al. 2005", "Weight of today's mood in the day's reported satisfaction and closeness", mechanisms: [];
    commitment_time: "τ_C", "days", 1..100000, 41.1, Calibrated, "Rusbult 1983", "Time constant of commitment", mechanisms: [commitment];
    commitment_satisfaction: "c_F", "1", 0..1, 0.642, Calibrated, "Le & Agnew 2003", "Weight of satisfaction in commitment", mechanisms: [commitment];
    commitment_investment: "c_V", "1", 0..1, 0.15, Calibrated, "Le & Agnew 2003", "Weight of investment in commitment", mechanisms: [commitment];
    commitment_alternatives: "c_A", "1", 0..1, 0.354, Calibrated, "Le & Agnew 2003", "Weight of poor alternatives in commitment", mechanisms: [commitment];
    derogation: "κ_A", "1", 0..1, 0.935, Calibrated, "Rusbult 1983", "Share by which full commitment makes alternatives look worse", mechanisms: [commitment];
    investment_rate: "k_V", "1", 0..1, 0.00339, Calibrated, "Rusbult 1983", "Share of what is missing of full investment that a full disclosure at full stakes adds", mechanisms: [investment, disclosure];
    investment_half_life: "h_V", "days", 1..1000000, 1840.0, Calibrated, "Rusbult 1983", "Half-life of investment that nothing renews", mechanisms: [investment, disclosure];
    alternative_interval: "τ_A", "days", 0.1..1000000, 45.0, Starting, "Rusbult 1983", "Mean time between meetings with a possible other partner", mechanisms: [alternatives];
    alternative_half_life: "h_A", "days", 1..1000000, 1370.0, Calibrated, "Rusbult 1983", "Half-life of the best alternative", mechanisms: [alternatives];
    alternative_base: "A_0", "1", 0..1, 0.0, Starting, "model convention", "Quality of the best possible alternative of a partner without mate value", mechanisms: [alternatives];
    deliberation_commitment: "θ_D", "1", 0..1, 0.582, Calibrated, "Rollie & Duck 2006", "Commitment below which a partner thinks about leaving", mechanisms: [deliberation];
    deliberation_width: "w_D", "1", 0.001..1, 0.39, Calibrated, "model convention", "How far below it deliberation becomes complete", mechanisms: [deliberation];
    deliberation_time: "τ_D", "days", 1..100000, 58.2, Calibrated, "Rollie & Duck 2006", "Time constant of deliberation", mechanisms: [deliberation];
    leaving_rate: "λ_D", "per day", 0..1, 0.0138, Calibrated, "Rosenfeld 2014", "Rate at which a partner leaves whose mind is made up", mechanisms: [dissolution, deliberation];
    outside_rate: "λ_o", "per day", 0..1, 0.0043, Calibrated, "Rosenfeld 2014", "Rate at which reasons outside the bond make a partner without any investment think about leaving", mechanisms: [dissolution, outside];
    wellbeing_time: "τ_W", "days", 1..100000, 30.0, Starting, "model convention", "Time constant of well-being", mechanisms: [wellbeing];
    wellbeing_base: "w_0", "1", -1..1, 0.3425, Starting, "model convention", "Well-being without any of what follows", mechanisms: [wellbeing];
    wellbeing_satisfaction: "w_F", "1", 0..1, 0.22, Starting, "model convention", "Weight of satisfaction in well-being", mechanisms: [wellbeing];
    wellbeing_autonomy: "w_g", "1", 0..1, 0.105, Starting, "model convention", "Weight of autonomy in well-being", mechanisms: [wellbeing];
    wellbeing_ease: "w_s", "1", 0..1, 0.15, Starting, "model convention", "Weight of freedom from stress in well-being", mechanisms: [wellbeing];
    wellbeing_strain: "w_X", "1", 0..1, 0.2, Starting, "model convention", "How much full strain lowers well-being", mechanisms: [wellbeing, strain];
    responsive_from: "p_+", "1", 0..1, 0.5, Convention, "Gottman & Levenson 1992", "Perceived responsiveness from which an episode counts as responsive; a count, it moves nothing", mechanisms: [];
    fight_from: "Θ_f", "1", 0..1, 0.308, Convention, "Gottman & Levenson 1992", "Hurtful act from which a conflict counts as a fight; a count, it moves nothing", mechanisms: [];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::childhood::UPBRINGING;
    use crate::model::types::{CONTACT, STATES, TRAITS};

    #[test]
    fn every_default_lies_in_its_range_and_every_key_leads_to_its_field() {
        let mut parameters = Parameters::default();
        for (index, line) in PARAMETERS.iter().enumerate() {
            assert!(line.allows(line.default), "{}", line.key);
            assert_eq!(parameters.get(line.key), Some(line.default));
            *parameters.get_mut(line.key).expect("a key of the table") = index as f64;
            assert_eq!(parameters.get(line.key), Some(index as f64));
            assert!(!line.meaning.ends_with('.'), "{}", line.key);
        }
        assert_eq!(parameters.get("bid_rat"), None);
    }

    #[test]
    fn every_switch_leads_to_its_field() {
        let mut mechanisms = Mechanisms::default();
        for switch in MECHANISMS {
            *mechanisms.get_mut(switch.key).expect("a key of the table") = false;
            assert_eq!(mechanisms.get(switch.key), Some(false));
        }
        assert_eq!(mechanisms, Mechanisms::none());
    }

    #[test]
    fn every_line_names_mechanisms_that_exist() {
        let lines = PARAMETERS.iter().chain(TRAITS).chain(STATES);
        for line in lines.chain([&CONTACT]).chain(UPBRINGING) {
            for key in line.mechanisms {
                assert!(Mechanisms::default().get(key).is_some(), "{}", line.key);
            }
        }
    }

    #[test]
    fn keys_and_symbols_are_unique() {
        for (index, line) in PARAMETERS.iter().enumerate() {
            for other in &PARAMETERS[..index] {
                assert!(
                    line.key != other.key && line.symbol != other.symbol,
                    "{}",
                    line.key
                );
            }
        }
    }
}
