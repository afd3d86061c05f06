//! Observables: what can be recorded of a couple, with names and ranges in one list.

use crate::model::derived::{daily_closeness, daily_satisfaction, felt_security, satisfaction};
use crate::model::{Couple, Rules, Tally};
use crate::simd::vector::Vector;

/// Whose value is recorded: partner A, partner B, or the couple.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Partner A.
    A,
    /// Partner B.
    B,
    /// The couple: the mean of both partners, or a value of the couple itself.
    Couple,
}

impl Role {
    /// The roles in the order of tables.
    pub(crate) const ALL: [Role; 3] = [Role::A, Role::B, Role::Couple];
    /// Their names in tables.
    pub(crate) const WORDS: &'static [&'static str] = &["a", "b", "couple"];
}

/// Description of an observable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ObservableInfo {
    /// Name in tables and scenarios.
    pub key: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// Lowest possible value.
    pub low: f64,
    /// Highest possible value. Counts of events can be higher; they fall into the histogram's last bin.
    pub high: f64,
    /// Whether it is of the couple only.
    pub of_couple: bool,
    /// Whether it is recorded by default.
    pub default: bool,
    /// What it is.
    pub meaning: &'static str,
}

/// Thresholds of the balance regimes. The model never reads them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cuts {
    /// Trust from which it counts as high [0–1].
    pub trust: f64,
    /// Intimacy from which it counts as high [0–1].
    pub intimacy: f64,
}

macro_rules! observables {
    ($of_couple:literal, $kind:ident, $variant:ident, $list:ident, $enum_doc:literal:
     $($name:ident $key:literal, $unit:literal, $low:literal..$high:literal, $default:literal, $meaning:literal;)*) => {
        #[doc = $enum_doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum $kind { $(#[doc = $meaning] $name,)* }

        const $list: &[(Observable, ObservableInfo)] = &[
            $((Observable::$variant($kind::$name), ObservableInfo {
                key: $key, unit: $unit, low: $low as f64, high: $high as f64,
                of_couple: $of_couple, default: $default, meaning: $meaning,
            }),)*
        ];

        impl From<$kind> for Observable {
            fn from(observable: $kind) -> Observable {
                Observable::$variant(observable)
            }
        }
    };
}

observables! {
    false, PersonObservable, Person, OF_PERSONS, "What can be recorded of each partner.":
    Trust "trust", "1", 0..1, true, "Trust: the responsiveness expected of the partner";
    Uncertainty "uncertainty", "1", 0..1, true, "Uncertainty of trust: recent surprise about the partner";
    FeltSecurity "felt_security", "1", 0..1, true, "Felt security: trust that is certain and unhurt";
    Intimacy "intimacy", "1", 0..1, true, "Intimacy: felt closeness";
    Mood "mood", "1", -1..1, false, "Mood toward the relationship";
    Hurt "hurt", "1", 0..1, false, "Hurt not yet repaired";
    Scar "scar", "1", 0..1, false, "Scar of deception";
    Stress "stress", "1", 0..1, true, "Stress";
    Autonomy "autonomy", "1", 0..1, true, "Autonomy";
    Anxiety "anxiety", "1", 0..1, true, "Attachment anxiety now";
    Avoidance "avoidance", "1", 0..1, true, "Attachment avoidance now";
    Commitment "commitment", "1", 0..1, true, "Commitment";
    Alternatives "alternatives", "1", 0..1, false, "Alternatives: quality of the best one";
    Wellbeing "wellbeing", "1", 0..1, true, "Well-being";
    Investment "investment", "1", 0..1, false, "Investment: what the partner has put into the relationship";
    Habit "habit", "1", -1..1, false, "Habit of responsiveness toward this partner, above or below the trait";
    Strain "strain", "1", 0..1, false, "Strain of life events, which lasts";
    Accustomed "accustomed", "1", 0..1, false, "Accustomed closeness: that which the partner is used to";
    Deliberation "deliberation", "1", 0..1, false, "Deliberation about leaving: how far the partner is in it";
    Satisfaction "satisfaction", "1", 0..1, true, "Satisfaction with the relationship";
    DailySatisfaction "daily_satisfaction", "1", 0..1, false, "Daily satisfaction: what is reported of the day";
    DailyCloseness "daily_closeness", "1", 0..1, false, "Daily closeness: what is reported of the day";
    Bids "bids", "per day", 0..16, false, "Bids per day that the partner makes";
    Responsive "responsive", "per day", 0..16, false, "Responsive episodes per day: those felt to be responsive";
    Unresponsive "unresponsive", "per day", 0..16, false, "Unresponsive episodes per day: those felt to be unresponsive";
    Disclosure "disclosure", "1", 0..1, false, "Deepest disclosure of the day, 0 without any";
    Hurtful "hurtful", "1", 0..1, false, "Most hurtful act of the other in a conflict of the day, 0 without any";
    Fights "fights", "per day", 0..16, false, "Fights per day: conflicts in which the other's act counts as a fight";
}

observables! {
    true, CoupleObservable, Couple, OF_COUPLES, "What can be recorded of a couple only.":
    Conflict "conflict", "share of days", 0..1, true, "Share of days with conflict: whether the couple had a conflict on the day";
    SecureBalance "secure_balance", "share of couples", 0..1, true, "Secure balance: whether trust and intimacy are both high";
    Complacency "complacency", "share of couples", 0..1, true, "Complacency: whether trust is high and intimacy low";
    Codependency "codependency", "share of couples", 0..1, true, "Co-dependency: whether intimacy is high and trust low";
    Disengagement "disengagement", "share of couples", 0..1, true, "Disengagement: whether trust and intimacy are both low";
}

/// What can be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Observable {
    /// Of each partner, and of the couple as the mean of both.
    Person(PersonObservable),
    /// Of the couple only.
    Couple(CoupleObservable),
}

/// Every observable with its description, in the order of tables.
pub(crate) const OBSERVABLES: &[(Observable, ObservableInfo)] = &{
    let mut all = [OF_PERSONS[0]; OF_PERSONS.len() + OF_COUPLES.len()];
    let mut index = 0;
    while index < all.len() {
        all[index] = if index < OF_PERSONS.len() {
            OF_PERSONS[index]
        } else {
            OF_COUPLES[index - OF_PERSONS.len()]
        };
        index += 1;
    }
    all
};

/// Names of the balance regimes in tables, in the order of [`regime`].
pub(crate) const REGIMES: &[&str] = &[
    "disengagement",
    "complacency",
    "codependency",
    "secure_balance",
];

/// The balance regime of a couple, as a position in [`REGIMES`].
pub(crate) fn regime(trust: f64, intimacy: f64, cuts: &Cuts) -> u8 {
    u8::from(trust >= cuts.trust) + 2 * u8::from(intimacy >= cuts.intimacy)
}

impl Observable {
    /// Position in [`OBSERVABLES`].
    pub(crate) fn index(self) -> usize {
        match self {
            Observable::Person(observable) => observable as usize,
            Observable::Couple(observable) => OF_PERSONS.len() + observable as usize,
        }
    }

    /// The description.
    pub(crate) fn info(self) -> &'static ObservableInfo {
        &OBSERVABLES[self.index()].1
    }

    /// The observable with a name.
    pub(crate) fn named(key: &str) -> Option<Observable> {
        OBSERVABLES
            .iter()
            .find_map(|(observable, info)| (info.key == key).then_some(*observable))
    }

    /// The observables that are recorded by default.
    pub(crate) fn defaults() -> Vec<Observable> {
        OBSERVABLES
            .iter()
            .filter_map(|(observable, info)| info.default.then_some(*observable))
            .collect()
    }

    /// Whether it is made of a day's events, so that it has no value on day 0, before any day.
    pub(crate) fn is_of_events(self) -> bool {
        self.is_tallied() || self == Observable::Couple(CoupleObservable::Conflict)
    }

    /// Whether it counts events: its quantiles are counts too.
    pub(crate) fn is_count(self) -> bool {
        match self {
            Observable::Person(
                PersonObservable::Bids
                | PersonObservable::Responsive
                | PersonObservable::Unresponsive
                | PersonObservable::Fights,
            ) => true,
            Observable::Person(_) | Observable::Couple(_) => false,
        }
    }

    /// Whether it is read from the tally of a day's events other than conflicts.
    pub(crate) fn is_tallied(self) -> bool {
        match self {
            Observable::Person(observable) => observable.is_tallied(),
            Observable::Couple(_) => false,
        }
    }
}

impl PersonObservable {
    fn is_tallied(self) -> bool {
        match self {
            PersonObservable::Bids
            | PersonObservable::Responsive
            | PersonObservable::Unresponsive
            | PersonObservable::Disclosure
            | PersonObservable::Hurtful
            | PersonObservable::Fights => true,
            PersonObservable::Trust
            | PersonObservable::Uncertainty
            | PersonObservable::FeltSecurity
            | PersonObservable::Intimacy
            | PersonObservable::Mood
            | PersonObservable::Hurt
            | PersonObservable::Scar
            | PersonObservable::Stress
            | PersonObservable::Autonomy
            | PersonObservable::Anxiety
            | PersonObservable::Avoidance
            | PersonObservable::Commitment
            | PersonObservable::Alternatives
            | PersonObservable::Wellbeing
            | PersonObservable::Investment
            | PersonObservable::Habit
            | PersonObservable::Strain
            | PersonObservable::Accustomed
            | PersonObservable::Deliberation
            | PersonObservable::Satisfaction
            | PersonObservable::DailySatisfaction
            | PersonObservable::DailyCloseness => false,
        }
    }

    /// Its value for one partner.
    #[inline(always)]
    pub(crate) fn value<L: Vector>(
        self,
        couple: &Couple<L>,
        tally: &Tally<L>,
        rules: &Rules,
        person: usize,
    ) -> L {
        let state = &couple.partners[person].state;
        let happened = &tally.persons[person];
        match self {
            PersonObservable::Trust => state.trust,
            PersonObservable::Uncertainty => state.uncertainty,
            PersonObservable::FeltSecurity => felt_security(state, rules),
            PersonObservable::Intimacy => state.intimacy,
            PersonObservable::Mood => state.mood,
            PersonObservable::Hurt => state.hurt,
            PersonObservable::Scar => state.scar,
            PersonObservable::Stress => state.stress,
            PersonObservable::Autonomy => state.autonomy,
            PersonObservable::Anxiety => state.anxiety,
            PersonObservable::Avoidance => state.avoidance,
            PersonObservable::Commitment => state.commitment,
            PersonObservable::Alternatives => state.alternatives,
            PersonObservable::Wellbeing => state.wellbeing,
            PersonObservable::Investment => state.investment,
            PersonObservable::Habit => state.habit,
            PersonObservable::Strain => state.strain,
            PersonObservable::Accustomed => state.accustomed,
            PersonObservable::Deliberation => state.deliberation,
            PersonObservable::Satisfaction => satisfaction(state, rules),
            PersonObservable::DailySatisfaction => daily_satisfaction(state, rules),
            PersonObservable::DailyCloseness => daily_closeness(state, rules),
            PersonObservable::Bids => happened.bids,
            PersonObservable::Responsive => happened.responsive,
            PersonObservable::Unresponsive => happened.unresponsive,
            PersonObservable::Disclosure => happened.depth,
            PersonObservable::Hurtful => happened.hurtful,
            PersonObservable::Fights => happened.fights,
        }
    }
}

impl CoupleObservable {
    /// Its value.
    #[inline(always)]
    pub(crate) fn value<L: Vector>(self, couple: &Couple<L>, tally: &Tally<L>, cuts: &Cuts) -> L {
        let [a, b] = [&couple.partners[0].state, &couple.partners[1].state];
        let high = |x: L, y: L, cut: f64| ((x + y) * 0.5).ge(L::splat(cut));
        let trusting = high(a.trust, b.trust, cuts.trust);
        let close = high(a.intimacy, b.intimacy, cuts.intimacy);
        let one = L::splat(1.0);
        match self {
            CoupleObservable::Conflict => tally.conflicts.min_scalar(1.0),
            CoupleObservable::SecureBalance => one.masked(trusting & close),
            CoupleObservable::Complacency => one.masked(trusting & !close),
            CoupleObservable::Codependency => one.masked(close & !trusting),
            CoupleObservable::Disengagement => one.masked(!close & !trusting),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_observable_is_found_by_name_with_its_own_description() {
        for (index, (observable, info)) in OBSERVABLES.iter().enumerate() {
            assert_eq!(observable.index(), index);
            assert_eq!(Observable::named(info.key), Some(*observable));
        }
    }

    #[test]
    fn counts_and_shares_of_events_are_of_events_and_states_are_not() {
        let of_events: Vec<&str> = OBSERVABLES
            .iter()
            .filter(|(observable, _)| observable.is_of_events())
            .map(|(_, info)| info.key)
            .collect();
        assert_eq!(
            of_events,
            [
                "bids",
                "responsive",
                "unresponsive",
                "disclosure",
                "hurtful",
                "fights",
                "conflict"
            ]
        );
    }

    #[test]
    fn regime_uses_the_cuts_of_the_scenario() {
        let cuts = Cuts {
            trust: 0.5,
            intimacy: 0.4,
        };
        let names = [(0.6, 0.5), (0.6, 0.3), (0.4, 0.5), (0.4, 0.3)]
            .map(|(t, i)| REGIMES[usize::from(regime(t, i, &cuts))]);
        assert_eq!(
            names,
            [
                "secure_balance",
                "complacency",
                "codependency",
                "disengagement"
            ]
        );
    }
}
