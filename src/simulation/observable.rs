//! Observables: what of a couple can be recorded, named and bounded in one list.

use super::config::Cuts;
use crate::model::derived::{daily_satisfaction, felt_security, satisfaction};
use crate::model::observer::Tally;
use crate::model::{Couple, Rules};
use crate::simd::vector::Vector;

/// The three rows of an observable: partner A, partner B, and the couple's mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Partner A.
    A,
    /// Partner B.
    B,
    /// The couple: the mean of both partners, or what belongs to the couple alone.
    Couple,
}

impl Role {
    /// The roles in the order of tables.
    pub const ALL: [Role; 3] = [Role::A, Role::B, Role::Couple];
    /// Their words in tables.
    pub const WORDS: &'static [&'static str] = &["a", "b", "couple"];
}

/// One observable's description.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ObservableInfo {
    /// Name in tables and scenarios.
    pub key: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// Lowest possible value.
    pub low: f64,
    /// Highest possible value; a step's moments can raise counts above it only in the histogram's last bin.
    pub high: f64,
    /// Whether it belongs to the couple alone.
    pub of_couple: bool,
    /// Whether it is recorded where the scenario says nothing.
    pub usual: bool,
    /// What it is.
    pub meaning: &'static str,
}

macro_rules! observables {
    ($($name:ident $key:literal, $unit:literal, $low:literal..$high:literal, $of_couple:literal, $usual:literal, $meaning:literal;)*) => {
        /// What of a couple can be recorded.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Observable { $(#[doc = $meaning] $name,)* }

        /// Every observable with its description, in the order of tables.
        pub const OBSERVABLES: &[(Observable, ObservableInfo)] = &[
            $((Observable::$name, ObservableInfo { key: $key, unit: $unit, low: $low as f64, high: $high as f64, of_couple: $of_couple, usual: $usual, meaning: $meaning }),)*
        ];
    };
}

observables! {
    Trust "trust", "1", 0..1, false, true, "Trust: the responsiveness expected of the partner";
    Uncertainty "uncertainty", "1", 0..1, false, true, "Uncertainty of trust";
    Safety "felt_security", "1", 0..1, false, true, "Felt security: trust that is certain and unhurt";
    Intimacy "intimacy", "1", 0..1, false, true, "Intimacy: felt closeness";
    Mood "mood", "1", -1..1, false, false, "Mood toward the relationship";
    Hurt "hurt", "1", 0..1, false, false, "Hurt not yet repaired";
    Scar "scar", "1", 0..1, false, false, "Scar of deception";
    Stress "stress", "1", 0..1, false, true, "Stress";
    Autonomy "autonomy", "1", 0..1, false, true, "Autonomy";
    Anxiety "anxiety", "1", 0..1, false, true, "Attachment anxiety now";
    Avoidance "avoidance", "1", 0..1, false, true, "Attachment avoidance now";
    Commitment "commitment", "1", 0..1, false, true, "Commitment";
    Alternatives "alternatives", "1", 0..1, false, false, "Quality of the best alternative";
    Wellbeing "wellbeing", "1", 0..1, false, true, "Well-being";
    Satisfaction "satisfaction", "1", 0..1, false, true, "Satisfaction with the relationship";
    DailySatisfaction "daily_satisfaction", "1", 0..1, false, false, "The day's reported satisfaction";
    Bids "bids", "per day", 0..16, false, false, "Bids made on the day";
    Responsive "responsive", "per day", 0..16, false, false, "Episodes of the day felt to be responsive";
    Unresponsive "unresponsive", "per day", 0..16, false, false, "Episodes of the day felt to be unresponsive";
    Disclosure "disclosure", "1", 0..1, false, false, "Deepest disclosure of the day, 0 without any";
    Investment "investment", "1", 0..1, true, false, "What the couple has built up together";
    Conflict "conflict", "share of days", 0..1, true, true, "Whether the couple had a conflict on the day";
    SecureBalance "secure_balance", "share of couples", 0..1, true, true, "Whether trust and intimacy are both high";
    Complacency "complacency", "share of couples", 0..1, true, true, "Whether trust is high and intimacy low";
    Codependency "codependency", "share of couples", 0..1, true, true, "Whether intimacy is high and trust low";
    Disengagement "disengagement", "share of couples", 0..1, true, true, "Whether trust and intimacy are both low";
}

/// The balance regimes' words in tables, in the order of [`regime`].
pub const REGIMES: &[&str] = &[
    "disengagement",
    "complacency",
    "codependency",
    "secure_balance",
];

/// The balance regime of a couple, as a position in [`REGIMES`]; for the eye only.
pub fn regime(trust: f64, intimacy: f64, cuts: &Cuts) -> u8 {
    u8::from(trust >= cuts.trust) + 2 * u8::from(intimacy >= cuts.intimacy)
}

impl Observable {
    /// The description.
    pub fn info(self) -> &'static ObservableInfo {
        &OBSERVABLES[self as usize].1
    }

    /// The observable of a name.
    pub fn named(key: &str) -> Option<Observable> {
        OBSERVABLES
            .iter()
            .find_map(|(observable, info)| (info.key == key).then_some(*observable))
    }

    /// Those recorded where the scenario says nothing.
    pub fn usual() -> Vec<Observable> {
        OBSERVABLES
            .iter()
            .filter_map(|(o, info)| info.usual.then_some(*o))
            .collect()
    }

    /// Whether it is read off what happened to the partners on a day, beside conflicts.
    pub(crate) fn is_tallied(self) -> bool {
        matches!(
            self,
            Observable::Bids
                | Observable::Responsive
                | Observable::Unresponsive
                | Observable::Disclosure
        )
    }

    /// Reads the observable of one partner.
    #[inline(always)]
    pub(crate) fn of_person<L: Vector>(
        self,
        couple: &Couple<L>,
        tally: &Tally<L>,
        rules: &Rules,
        person: usize,
    ) -> L {
        let state = &couple.partners[person].state;
        let happened = &tally.persons[person];
        match self {
            Observable::Trust => state.trust,
            Observable::Uncertainty => state.uncertainty,
            Observable::Safety => felt_security(state, rules),
            Observable::Intimacy => state.intimacy,
            Observable::Mood => state.mood,
            Observable::Hurt => state.hurt,
            Observable::Scar => state.scar,
            Observable::Stress => state.stress,
            Observable::Autonomy => state.autonomy,
            Observable::Anxiety => state.anxiety,
            Observable::Avoidance => state.avoidance,
            Observable::Commitment => state.commitment,
            Observable::Alternatives => state.alternatives,
            Observable::Wellbeing => state.wellbeing,
            Observable::Satisfaction => satisfaction(state, rules),
            Observable::DailySatisfaction => daily_satisfaction(state, rules),
            Observable::Bids => happened.bids,
            Observable::Responsive => happened.responsive,
            Observable::Unresponsive => happened.unresponsive,
            Observable::Disclosure => happened.depth,
            _ => L::splat(0.0),
        }
    }

    /// Reads an observable that belongs to the couple alone.
    #[inline(always)]
    pub(crate) fn of_couple<L: Vector>(
        self,
        couple: &Couple<L>,
        tally: &Tally<L>,
        cuts: &Cuts,
    ) -> L {
        let [a, b] = [&couple.partners[0].state, &couple.partners[1].state];
        let high = |x: L, y: L, cut: f64| ((x + y) * 0.5).ge(L::splat(cut));
        let trusting = high(a.trust, b.trust, cuts.trust);
        let close = high(a.intimacy, b.intimacy, cuts.intimacy);
        let one = L::splat(1.0);
        match self {
            Observable::Investment => couple.investment,
            Observable::Conflict => tally.conflicts.min_scalar(1.0),
            Observable::SecureBalance => one.masked(trusting & close),
            Observable::Complacency => one.masked(trusting & !close),
            Observable::Codependency => one.masked(close & !trusting),
            Observable::Disengagement => one.masked(!close & !trusting),
            _ => L::splat(0.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_observable_stands_at_its_own_place() {
        for (index, (observable, info)) in OBSERVABLES.iter().enumerate() {
            assert_eq!(*observable as usize, index);
            assert_eq!(Observable::named(info.key), Some(*observable));
        }
    }

    #[test]
    fn regimes_are_cut_where_the_scenario_says() {
        let cuts = Cuts {
            trust: 0.5,
            intimacy: 0.4,
        };
        let words = [(0.6, 0.5), (0.6, 0.3), (0.4, 0.5), (0.4, 0.3)]
            .map(|(t, i)| REGIMES[usize::from(regime(t, i, &cuts))]);
        assert_eq!(
            words,
            [
                "secure_balance",
                "complacency",
                "codependency",
                "disengagement"
            ]
        );
    }
}
