//! The parameter table: the one place where a parameter of the model is described.
//!
//! Scenario keys (`parameters.KEY`), defaults, the reference page, the JSON Schema and the sweep
//! axes are made from [`TABLE`]; the struct [`Parameters`] is made from the same lines.

use crate::model::parameter_spec::{Knowledge, ParameterSpec};
use Knowledge::{Calibrated, Convention, Neutral, Starting};

macro_rules! parameters {
    ($($key:ident: $symbol:literal, $unit:literal, $low:literal..$high:literal, $default:expr, $known:ident, $source:literal, $meaning:literal $(, [$($mechanism:ident)*])?;)*) => {
        /// The model's parameters, by the keys of [`TABLE`].
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct Parameters {
            $(#[doc = concat!($meaning, " [", $low, "–", $high, "; ", $unit, "], ", $source, ".")] pub $key: f64,)*
        }

        /// Every parameter's description, in the order of the reference page.
        pub const TABLE: &[ParameterSpec] = &[
            $(ParameterSpec { key: stringify!($key), symbol: $symbol, unit: $unit, low: $low as f64, high: $high as f64, default: $default, meaning: $meaning, source: $source, known: $known, mechanisms: &[$($(stringify!($mechanism)),*)?] },)*
        ];

        impl Default for Parameters {
            fn default() -> Self {
                Parameters { $($key: $default,)* }
            }
        }

        impl Parameters {
            /// The value of a parameter by its key.
            pub fn value(&self, key: &str) -> Option<f64> {
                match key { $(stringify!($key) => Some(self.$key),)* _ => None }
            }
            /// The place of a parameter by its key; the caller keeps the value in range.
            pub fn place(&mut self, key: &str) -> Option<&mut f64> {
                match key { $(stringify!($key) => Some(&mut self.$key),)* _ => None }
            }
        }
    };
}

parameters! {
    bid_rate: "λ_b", "per day", 0..50, 2.8, Calibrated, "Reis & Shaver 1988", "Rate of a partner's bids, the occasions on which one turns to the other", [contact];
    bid_limit: "λ_m", "per day", 0..96, 2.0, Starting, "model convention", "Highest rate of a partner's bids, however much contact there is; a moment holds one at most", [contact];
    bid_floor: "β_0", "1", 0..1, 0.4, Starting, "model convention", "Share of the bids that remains in complete complacency", [contact complacency];
    bid_avoidance: "β_v", "1", 0..1, 0.1, Starting, "Li & Chan 2012", "Share of the bids that full avoidance takes away", [contact];
    bid_anxiety: "β_a", "1", 0..10, 0.5, Starting, "Li & Chan 2012", "Extra share of bids of a fully anxious partner who feels unsafe", [contact];
    bid_stakes: "q_b", "1", 0..1, 0.15, Starting, "Petters 2006", "Least stakes of a bid: how much the answer matters", [contact];
    bid_stakes_spread: "q_u", "1", 0..1, 0.5, Starting, "Petters 2006", "Width of the random part of a bid's stakes, a product of two uniform numbers", [contact];
    bid_stakes_stress: "q_s", "1", 0..1, 0.35, Starting, "Simpson & Rholes 2017", "Part of a bid's stakes that full stress adds: need", [contact];
    conflict_rate: "λ_c", "per day", 0..20, 0.096, Calibrated, "Campbell et al. 2005", "Rate of conflicts of an unstressed couple that feels entirely safe", [conflict];
    conflict_stress: "χ_s", "1", 0..20, 2.0, Starting, "Karney & Bradbury 1995", "How much each partner's stress multiplies conflict", [conflict];
    conflict_unsafety: "χ_S", "1", 0..20, 0.5, Starting, "Li & Chan 2012", "How much a couple's lack of felt security multiplies conflict", [conflict];
    conflict_anxiety: "χ_a", "1", 0..20, 4.0, Starting, "Campbell et al. 2005", "How much a couple's anxiety, as far as it is not safe, multiplies conflict", [conflict];
    conflict_stakes: "q_c", "1", 0..1, 0.4, Calibrated, "Shallcross & Simpson 2012", "Least stakes of a conflict", [conflict];
    conflict_stakes_spread: "q_cu", "1", 0..1, 0.5, Starting, "Shallcross & Simpson 2012", "Width of the random part of a conflict's stakes", [conflict];
    disclosure_avoidance: "ν_d", "1", 0..1, 0.6, Calibrated, "Laurenceau et al. 2005", "Share of disclosure that full avoidance takes away", [disclosure];
    disclosure_safety: "ω", "1", 0..1, 0.42, Calibrated, "Murray, Holmes & Collins 2006", "Weight of felt security against intimacy in what a partner dares to disclose", [disclosure];
    hyperactivation: "η", "1", 0..1, 0.3, Starting, "Simpson & Rholes 2017", "How far full anxiety stands in for missing security in disclosure: disclosing without being safe", [disclosure];
    disclosure_noise: "σ_d", "1", 0..1, 0.25, Starting, "model convention", "Relative standard deviation of an occasion's depth of disclosure", [disclosure];
    care_weight: "w", "1", 0..1, 0.2, Starting, "Reis & Shaver 1988", "Weight of care for this partner against the responder's own responsiveness";
    response_mood: "ξ", "1", 0..1, 0.2, Starting, "Campbell et al. 2010", "How strongly the responder's mood toward the relationship colours a response", [mood];
    response_stress: "κ_s", "1", 0..1, 0.2, Starting, "Karney & Bradbury 1995", "Share of willingness that the responder's full stress takes away";
    response_conflict: "κ_c", "1", 0..1, 0.54, Calibrated, "Gottman et al. 1999", "Share of willingness that conflict takes away from an impatient responder", [conflict];
    response_noise: "σ_r", "1", 0..1, 0.2, Starting, "Rempel, Holmes & Zanna 1985", "Standard deviation of responses around willingness at middling consistency", [noise];
    buffering: "κ_b", "1", 0..1, 0.7, Starting, "Simpson & Overall 2014", "Share of the harm of stress, conflict and loss that full felt security takes away", [buffering];
    complacency_effort: "κ_e", "1", 0..0.5, 0.2, Starting, "model convention", "Share of willingness that full complacency takes away at middling effort", [complacency];
    expectation: "b_0", "1", 0..1, 0.85, Calibrated, "Kenny & Acitelli 2001", "Weight of expectation against the response itself in what a secure partner perceives", [projection];
    expectation_anxiety: "b_a", "1", 0..1, 0.5, Starting, "Overall, Fletcher & Kenny 2012", "Share of that weight that full anxiety takes away: closer tracking", [projection];
    expectation_trust: "b_T", "1", 0..1, 0.2, Starting, "Lemay, Clark & Feeney 2007", "Share of trust in the expectation; the rest is projection of one's own responsiveness", [projection];
    insecure_bias: "ζ", "1", 0..2, 0.74, Calibrated, "Overall, Fletcher & Kenny 2012", "How much less a fully anxious, unsafe partner perceives when everything is at stake", [bias];
    avoidant_bias: "ζ_v", "1", 0..2, 0.82, Calibrated, "Overall, Fletcher & Kenny 2012", "How much less a fully avoidant, unsafe partner perceives when everything is at stake", [bias];
    repair_threshold: "p_r", "1", 0..1, 0.5, Starting, "Gottman et al. 1999", "Perceived responsiveness below which a repair may be tried", [repair];
    repair_probability: "π_r", "probability", 0..1, 0.5, Starting, "Gottman et al. 1999", "Probability of a repair by an unavoidant partner who is not complacent toward one who is not hurt", [repair];
    repair_avoidance: "π_v", "1", 0..1, 0.5, Starting, "Li & Chan 2012", "Share of repairs that the responder's full avoidance takes away", [repair];
    repair_target: "p_R", "1", 0..1, 0.7, Starting, "Gottman et al. 1999", "Perceived responsiveness toward which a repair moves the episode", [repair];
    repair_strength: "φ", "1", 0..1, 0.5, Starting, "Gottman et al. 1999", "Share of the way to that target that a repair covers", [repair];
    trust_rate: "k_0", "1", 0..1, 0.042, Calibrated, "Rescorla & Wagner 1972", "Learning rate of a certain partner's trust at full stakes", [trust];
    trust_rate_uncertain: "k_Q", "1", 0..1, 0.06, Starting, "Pearce & Hall 1980", "What full uncertainty adds to the learning rate of trust", [trust];
    uncertainty_rate: "h", "1", 0..1, 0.03, Starting, "Pearce & Hall 1980", "Learning rate of uncertainty at full stakes", [uncertainty];
    loss_weight: "λ", "1", 1..10, 2.0, Starting, "Slovic 1993", "How much more a disappointment weighs than a gain, for an impatient partner who feels unsafe", [asymmetry];
    felt_security_discount: "z", "1", 0..1, 1.0, Starting, "Murray, Holmes & Collins 2006", "How much uncertainty lowers felt security";
    intimacy_rate: "γ", "1", 0..5, 0.87, Calibrated, "Reis & Shaver 1988", "Learning rate of intimacy at full stakes and depth", [intimacy disclosure];
    intimacy_avoidance: "ν_I", "1", 0..1, 0.25, Calibrated, "Li & Chan 2012", "Share of that rate that full avoidance takes away", [intimacy disclosure];
    listener_share: "γ_l", "1", 0..1, 0.5, Starting, "Laurenceau et al. 1998", "Learning rate of the listener's intimacy as a share of the discloser's", [intimacy disclosure];
    intimacy_half_life: "h_I", "days", 1..1000000, 600.0, Calibrated, "model convention", "Half-life of intimacy that nothing renews", [intimacy];
    mood_gain: "μ", "1", 0..20, 4.6, Calibrated, "Campbell et al. 2005", "How strongly a surprise moves the mood toward the relationship", [mood];
    mood_half_life: "h_M", "days", 0.05..10000, 0.6, Calibrated, "Campbell et al. 2005", "Half-life of that mood", [mood];
    relief: "ϱ", "1", 0..1, 0.15, Starting, "Feeney & Collins 2015", "Share of stress that a fully responsive answer takes away when everything is at stake", [relief];
    stress_half_life: "h_s", "days", 0.05..10000, 3.0, Starting, "Karney & Bradbury 1995", "Half-life of stress", [stress];
    stress_event_rate: "λ_s", "per day", 0..20, 0.1, Starting, "Karney & Bradbury 1995", "Rate of stressful events from outside", [stress];
    stress_event_size: "u_s", "1", 0..1, 0.5, Starting, "Karney & Bradbury 1995", "Largest share of the way to full stress that one event covers", [stress];
    betrayal_rate: "λ_B", "per day", 0..1, 5.5e-5, Starting, "Lewicki & Bunker 1996", "Rate of betrayals by a committed partner", [betrayal];
    betrayal_commitment: "θ_B", "1", 0..1, 0.6, Starting, "Rusbult 1983", "Commitment below which betrayal becomes likelier", [betrayal];
    betrayal_uncommitted: "χ_B", "1", 0..100, 4.0, Starting, "Rusbult 1983", "How steeply missing commitment multiplies betrayal", [betrayal];
    betrayal_trust: "b_t", "1", 0..1, 0.35, Starting, "Schweitzer, Hershey & Bradlow 2006", "Share of trust that a betrayal takes at once";
    betrayal_uncertainty: "b_Q", "1", 0..1, 0.4, Starting, "Schweitzer, Hershey & Bradlow 2006", "Share of the way to full uncertainty that a betrayal covers";
    betrayal_hurt: "b_H", "1", 0..1, 0.6, Starting, "Schweitzer, Hershey & Bradlow 2006", "Share of the way to full hurt that a betrayal covers", [hurt];
    betrayal_mood: "b_M", "1", 0..1, 0.8, Starting, "model convention", "How low the mood toward the relationship falls on a betrayal", [mood];
    deception: "π_D", "probability", 0..1, 0.0, Neutral, "Schweitzer, Hershey & Bradlow 2006", "Probability that a betrayal that no date was set for comes with deception", [betrayal scar];
    scar: "b_B", "1", 0..1, 0.3, Starting, "Schweitzer, Hershey & Bradlow 2006", "Share of the way to a full scar that a deception covers", [scar];
    hurt_half_life: "h_H", "days", 1..1000000, 365.0, Starting, "model convention", "Half-life of hurt", [hurt];
    autonomy_time: "τ_g", "days", 1..100000, 60.0, Starting, "Feeney 2007", "Time constant of autonomy", [autonomy];
    autonomy_base: "g_0", "1", 0..1, 0.35, Starting, "Feeney 2007", "Autonomy of a partner who is neither safe nor close", [autonomy];
    closeness_cost: "c_I", "1", 0..1, 0.4, Starting, "Feeney 2007", "Share of autonomy that full closeness without any safety costs", [autonomy];
    closeness_anxiety: "c_a", "1", 0..1, 0.6, Starting, "Simpson & Rholes 2017", "What full anxiety adds to that share", [autonomy];
    revision_rate: "ε", "per day", 0..1, 1.0 / 1500.0, Starting, "Fraley 2002", "Rate at which experience revises attachment", [attachment];
    prototype_rate: "ψ", "per day", 0..1, 1.0 / 400.0, Starting, "Fraley 2002", "Rate at which attachment returns to its prototype; 0 is the revisionist model", [attachment prototype];
    prototype_weight: "w_p", "1", 0..1, 1.0, Neutral, "Fraley 2002", "Share of that rate that works: from 0, the revisionist model, to 1, the prototype model", [attachment prototype];
    satisfaction_intimacy: "f_I", "1", 0..1, 0.6, Starting, "Sakaluk et al. 2021", "Weight of intimacy in satisfaction";
    satisfaction_trust: "f_T", "1", 0..1, 0.4, Starting, "Sakaluk et al. 2021", "Weight of unhurt trust in satisfaction";
    report_mood: "f_M", "1", 0..2, 1.1, Calibrated, "Campbell et al. 2005", "Weight of today's mood in the day's reported satisfaction", [mood];
    commitment_time: "τ_C", "days", 1..100000, 60.0, Starting, "Rusbult 1983", "Time constant of commitment", [commitment];
    commitment_satisfaction: "c_F", "1", 0..1, 0.54, Calibrated, "Le & Agnew 2003", "Weight of satisfaction in commitment", [commitment];
    commitment_investment: "c_V", "1", 0..1, 0.15, Starting, "Le & Agnew 2003", "Weight of investment in commitment", [commitment];
    commitment_alternatives: "c_A", "1", 0..1, 0.35, Starting, "Le & Agnew 2003", "Weight of poor alternatives in commitment", [commitment];
    derogation: "κ_A", "1", 0..1, 0.5, Starting, "Rusbult 1983", "Share by which full commitment makes alternatives look worse", [commitment];
    investment_half_life: "h_V", "days", 1..1000000, 800.0, Starting, "Rusbult 1983", "Time in which half of what a couple can build up together is built", [investment];
    alternative_interval: "τ_A", "days", 0.1..1000000, 45.0, Starting, "Rusbult 1983", "Mean time between meetings with a possible other partner", [alternatives];
    alternative_half_life: "h_A", "days", 1..1000000, 1500.0, Starting, "Rusbult 1983", "Half-life of the best alternative", [alternatives];
    alternative_base: "A_0", "1", 0..1, 0.0, Starting, "model convention", "Quality of the best possible alternative of a partner without mate value", [alternatives];
    breakup_rate: "λ_x", "per day", 0..1, 0.006, Calibrated, "Rosenfeld 2014", "Rate at which an entirely uncommitted partner ends the relationship", [dissolution];
    breakup_commitment: "θ_x", "1", 0.01..1, 1.0, Starting, "Rosenfeld 2014", "Commitment above which nobody leaves", [dissolution];
    wellbeing_time: "τ_W", "days", 1..100000, 30.0, Starting, "model convention", "Time constant of well-being", [wellbeing];
    wellbeing_satisfaction: "w_F", "1", 0..1, 0.35, Starting, "model convention", "Weight of satisfaction in well-being", [wellbeing];
    wellbeing_autonomy: "w_g", "1", 0..1, 0.35, Starting, "model convention", "Weight of autonomy in well-being", [wellbeing];
    wellbeing_ease: "w_s", "1", 0..1, 0.3, Starting, "model convention", "Weight of freedom from stress in well-being", [wellbeing];
    responsive_from: "p_+", "1", 0..1, 0.5, Convention, "Gottman & Levenson 1992", "Perceived responsiveness from which an episode counts as responsive; a count, it moves nothing";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_lies_in_its_range_and_every_key_leads_to_its_field() {
        let mut parameters = Parameters::default();
        for (index, line) in TABLE.iter().enumerate() {
            assert!(line.allows(line.default), "{}", line.key);
            assert_eq!(parameters.value(line.key), Some(line.default));
            *parameters.place(line.key).expect("a key of the table") = index as f64;
            assert_eq!(parameters.value(line.key), Some(index as f64));
            assert!(!line.meaning.ends_with('.'), "{}", line.key);
        }
        assert_eq!(parameters.value("bid_rat"), None);
    }

    #[test]
    fn keys_and_symbols_are_unique() {
        for (index, line) in TABLE.iter().enumerate() {
            for other in &TABLE[..index] {
                assert!(
                    line.key != other.key && line.symbol != other.symbol,
                    "{}",
                    line.key
                );
            }
        }
    }
}
