//! The data of the model: couples, partners with their traits and states, and episodes.
//!
//! The lines of `TRAITS` and `STATES` are the one place where a trait or a state is described.

use super::parameters::{ParameterSpec, Provenance};
use crate::simd::vector::Vector;
use Provenance::Starting;

macro_rules! person_numbers {
    ($(#[$doc:meta])* $name:ident, $table:ident; $($key:ident: $symbol:literal, $low:literal..$high:literal, $default:literal, $provenance:ident, $source:literal, $meaning:literal, mechanisms: [$($mechanism:ident),*];)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $name<L> {
            $(#[doc = concat!($meaning, " [", $low, "–", $high, "].")] pub $key: L,)*
        }

        /// Descriptions of the numbers, in the order of the fields.
        pub(crate) const $table: &[ParameterSpec] = &[
            $(ParameterSpec { key: stringify!($key), symbol: $symbol, unit: "1", low: $low as f64, high: $high as f64, default: $default, meaning: $meaning, source: $source, provenance: Provenance::$provenance, mechanisms: &[$(stringify!($mechanism)),*] },)*
        ];

        /// The defaults, for every couple of the vector.
        impl<L: Vector> Default for $name<L> {
            #[inline(always)]
            fn default() -> Self {
                $name { $($key: L::splat($default),)* }
            }
        }

        impl<L: Vector> $name<L> {
            /// The numbers in the order of the descriptions.
            #[inline(always)]
            pub(crate) fn fields(&self) -> [&L; $table.len()] {
                [$(&self.$key,)*]
            }
            /// The numbers in the order of the descriptions, to be changed.
            #[inline(always)]
            pub(crate) fn fields_mut(&mut self) -> [&mut L; $table.len()] {
                [$(&mut self.$key,)*]
            }
        }
    };
}

person_numbers! {
    /// The traits of a partner: drawn once, changed only by interventions.
    Traits, TRAITS;
    anxiety: "a_0", 0..1, 0.38, Starting, "Cameron, Finnegan & Morry 2012", "Attachment anxiety, prototype", mechanisms: [];
    avoidance: "v_0", 0..1, 0.33, Starting, "Cameron, Finnegan & Morry 2012", "Attachment avoidance, prototype", mechanisms: [];
    responsiveness: "r", 0..1, 0.96, Calibrated, "Reis & Shaver 1988", "Responsiveness: how well this partner answers when nothing stands in the way", mechanisms: [];
    openness: "o", 0..2.5, 1.0, Calibrated, "Laurenceau et al. 1998", "Openness of communication: multiplies the depth of disclosure", mechanisms: [disclosure];
    availability: "α", 0..1, 1.0, Neutral, "seed essay", "Emotional availability: probability of being there for a bid at all", mechanisms: [contact, availability];
    consistency: "c", 0..1, 0.5, Starting, "Rempel, Holmes & Zanna 1985", "Consistency: at 1 responses do not vary, at 0 twice as much as at one half", mechanisms: [noise];
    understanding: "υ", 0..1, 1.0, Neutral, "seed essay", "Understanding: below 1 a response misses what was needed, the more the higher the stakes", mechanisms: [understanding];
    effort: "f", 0..1, 0.5, Starting, "seed essay", "Effort: at 1 it does not fall with complacency, at 0 it falls twice as much as at one half", mechanisms: [complacency];
    patience: "n", 0..1, 0.377, Calibrated, "seed essay", "Patience: at 1 no act in a conflict is hurtful and losses weigh as gains", mechanisms: [];
    mate_value: "m_v", 0..1, 0.5, Starting, "Rusbult 1983", "Mate value: a rank among others; it raises the quality of possible other partners", mechanisms: [alternatives];
    set_point: "W_0", -0.5..0.5, 0.0, Starting, "Diener, Lucas & Scollon 2006", "Set point: what well-being is above or below that of others, whatever happens", mechanisms: [wellbeing];
    irritability: "Λ", 0..20, 1.0, Calibrated, "Karney & Bradbury 1995", "Irritability: how readily this partner starts a conflict, as a multiple", mechanisms: [conflict];
}

person_numbers! {
    /// The state of a partner today.
    State, STATES;
    trust: "T", 0..1, 0.78, Starting, "Rempel, Holmes & Zanna 1985", "Trust: the responsiveness expected of the partner", mechanisms: [];
    uncertainty: "Q", 0..1, 0.35, Starting, "Pearce & Hall 1980", "Uncertainty of trust: recent absolute surprise (predictability is 1 − Q)", mechanisms: [];
    intimacy: "I", 0..1, 0.3, Starting, "Reis & Shaver 1988", "Intimacy: felt closeness", mechanisms: [intimacy];
    mood: "M", -1..1, 0.0, Starting, "Campbell et al. 2010", "Mood toward the relationship today", mechanisms: [mood];
    hurt: "H", 0..1, 0.0, Starting, "Schweitzer, Hershey & Bradlow 2006", "Hurt: injury not yet repaired", mechanisms: [hurt];
    scar: "B", 0..1, 0.0, Starting, "Schweitzer, Hershey & Bradlow 2006", "Scar that deception leaves", mechanisms: [scar];
    stress: "s", 0..1, 0.2, Starting, "Karney & Bradbury 1995", "Stress: load from outside", mechanisms: [];
    autonomy: "g", 0..1, 0.7, Starting, "Feeney 2007", "Autonomy: growth, exploration, self-efficacy", mechanisms: [autonomy];
    anxiety: "a", 0..1, 0.38, Starting, "Fraley 2002", "Attachment anxiety now", mechanisms: [attachment];
    avoidance: "v", 0..1, 0.33, Starting, "Fraley 2002", "Attachment avoidance now", mechanisms: [attachment];
    commitment: "C", 0..1, 0.452, Calibrated, "Rusbult 1983", "Commitment", mechanisms: [commitment];
    alternatives: "A", 0..1, 0.0, Starting, "Rusbult 1983", "Quality of the best alternative to the relationship", mechanisms: [alternatives];
    wellbeing: "W", 0..1, 0.65, Starting, "model convention", "Well-being", mechanisms: [wellbeing];
    investment: "V", 0..1, 0.0, Starting, "Rusbult 1983", "Investment: what this partner has put into the relationship", mechanisms: [investment];
    habit: "R", -1..1, 0.0, Starting, "Wieselquist et al. 1999", "Habit: responsiveness toward this partner, above or below the trait", mechanisms: [habit];
    strain: "X", 0..1, 0.66, Starting, "Karney & Bradbury 1995", "Strain: load of life events outside, which lasts", mechanisms: [strain];
    accustomed: "Z", 0..1, 0.0, Starting, "Aron & Aron 1986", "Accustomed closeness: the intimacy that this partner is used to", mechanisms: [accustoming];
    deliberation: "D", 0..1, 0.0, Starting, "Rollie & Duck 2006", "Deliberation: how far this partner is in thinking about leaving", mechanisms: [deliberation];
}

/// One partner of each couple of a vector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Partner<L> {
    /// The traits.
    pub traits: Traits<L>,
    /// The state.
    pub state: State<L>,
    /// Moments of the current bid slot that passed without a bid; after a bid, minus the moments
    /// that remain of it (Eq. 8).
    pub(crate) slot: L,
}

/// The couples of a vector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Couple<L> {
    /// Partners A and B; the model treats them alike.
    pub partners: [Partner<L>; 2],
    /// Contact rate k, the couple's own multiple of the bid rate [0–20], trait.
    pub contact: L,
}

/// Description of the couple's contact rate.
pub(crate) const CONTACT: ParameterSpec = ParameterSpec {
    key: "contact_rate",
    symbol: "k",
    unit: "1",
    low: 0.0,
    high: 20.0,
    default: 1.0,
    meaning: "Contact rate: the couple's own multiple of the rates of bids and of conflicts",
    source: "model convention",
    provenance: Starting,
    mechanisms: &[],
};

/// Numbers of a couple: both partners' traits and states, contact, and both partners' bid slots.
pub(crate) const NUMBERS: usize = 2 * (TRAITS.len() + STATES.len()) + 3;

impl<L: Vector> Couple<L> {
    /// Every number: traits and state of each partner, then contact and the bid slots.
    #[inline(always)]
    pub(crate) fn numbers(&self) -> impl Iterator<Item = &L> {
        let [a, b] = &self.partners;
        let own = [a, b].map(|partner| {
            let traits = partner.traits.fields().into_iter();
            traits.chain(partner.state.fields())
        });
        let [own_a, own_b] = own;
        own_a.chain(own_b).chain([&self.contact, &a.slot, &b.slot])
    }

    /// Every number in the same order, to be changed.
    #[inline(always)]
    pub(crate) fn numbers_mut(&mut self) -> impl Iterator<Item = &mut L> {
        let [a, b] = &mut self.partners;
        let (traits_a, traits_b) = (a.traits.fields_mut(), b.traits.fields_mut());
        let (state_a, state_b) = (a.state.fields_mut(), b.state.fields_mut());
        let own_a = traits_a.into_iter().chain(state_a);
        let own_b = traits_b.into_iter().chain(state_b);
        own_a
            .chain(own_b)
            .chain([&mut self.contact, &mut a.slot, &mut b.slot])
    }
}

/// Two default partners at the start of a relationship.
impl<L: Vector> Default for Couple<L> {
    #[inline(always)]
    fn default() -> Couple<L> {
        let partner = Partner {
            traits: Traits::default(),
            state: State::default(),
            slot: L::splat(0.0),
        };
        Couple {
            partners: [partner; 2],
            contact: L::splat(CONTACT.default),
        }
    }
}

/// The kinds of episode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EpisodeKind {
    /// A partner turned to the other.
    Bid,
    /// A partner voiced their side of a conflict.
    Conflict,
}

/// One episode of each couple of a vector.
#[derive(Clone, Copy)]
pub struct Episode<L: Vector> {
    /// Where it took place; elsewhere the numbers below have no meaning.
    pub happens: L::Mask,
    /// Stakes q [0–1]: how much the answer mattered.
    pub stakes: L,
    /// Depth d [0–1] of the disclosure.
    pub depth: L,
    /// Response ρ [0–1] as given.
    pub response: L,
    /// Perceived responsiveness p [0–1] after a possible repair.
    pub perceived: L,
    /// How far it fell short of trust [0–1]: max(0, T − p).
    pub shortfall: L,
    /// How hurtful the responder's act was [0–1]; 0 except in a conflict.
    pub hurtful: L,
    /// Where the episode was repaired.
    pub repaired: L::Mask,
}
