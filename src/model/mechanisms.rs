//! The switches: each mechanism of the model can be taken away, and then is exactly absent.

/// One mechanism's switch, as a person reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MechanismSpec {
    /// Key under `[mechanisms]` in the scenario file.
    pub key: &'static str,
    /// What the mechanism does.
    pub meaning: &'static str,
    /// What its absence means.
    pub absence: &'static str,
}

macro_rules! mechanisms {
    ($($key:ident: $meaning:literal, $absence:literal;)*) => {
        /// Which mechanisms are on; all are by default.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Mechanisms {
            $(#[doc = concat!("Whether ", $meaning, "; without: ", $absence, ".")] pub $key: bool,)*
        }

        /// Every switch's description, in the order of the reference page.
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
            /// The switch of a mechanism by its key, to be changed.
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
    noise: "responses vary around willingness", "a response is exactly what willingness makes it";
    understanding: "a response may miss what was needed", "every response hits the need";
    complacency: "being safe but not close lowers bids, effort and repair", "complacency is 0 everywhere";
    mood: "surprises move a mood that colours responses", "the mood stays 0";
    projection: "expectation and projection shape what is perceived", "the response itself is perceived, before bias";
    bias: "insecure partners who feel unsafe perceive less", "there is no such bias";
    repair: "an unresponsive episode may be repaired", "there are no repairs";
    trust: "trust learns from episodes", "trust moves only by betrayal";
    uncertainty: "uncertainty follows recent surprise", "uncertainty moves only by betrayal";
    asymmetry: "losses weigh more than gains", "they weigh the same";
    intimacy: "disclosure that is met builds intimacy, which fades unrenewed", "intimacy does not move";
    buffering: "felt security takes harm from stress, conflict and loss", "it takes none";
    stress: "stressful events happen and fade", "stress moves only by dated events and relief";
    relief: "responsive episodes relieve stress", "they do not";
    betrayal: "betrayals happen by chance", "only dated betrayals happen";
    hurt: "a betrayal leaves hurt that heals slowly", "there is no hurt";
    scar: "deception leaves a scar", "there is no scar";
    autonomy: "felt_security frees and closeness without safety binds", "autonomy does not move";
    attachment: "experience revises attachment slowly", "attachment does not move";
    prototype: "attachment is drawn back to its prototype", "experience alone moves it, the revisionist model";
    investment: "couples build up investment", "investment does not move";
    alternatives: "partners meet possible others", "the best alternative does not move";
    commitment: "commitment follows satisfaction, investment and alternatives", "commitment does not move";
    dissolution: "uncommitted partners may leave", "nobody leaves";
    wellbeing: "well-being follows satisfaction, autonomy and ease", "well-being does not move";
}

/// What a disclosure that is met moves the partners' intimacy toward.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IntimacyTarget {
    /// The mean of depth and perceived (for the listener, given) response.
    #[default]
    Mean,
    /// The lesser of the two: depth counts only as far as it is met.
    Least,
    /// The perceived (given) response alone.
    Response,
}

impl IntimacyTarget {
    /// The scenario's words for the choices.
    pub const WORDS: [&'static str; 3] = ["mean", "least", "response"];

    /// The choice of a word.
    pub fn from_word(word: &str) -> Option<IntimacyTarget> {
        let choices = [
            IntimacyTarget::Mean,
            IntimacyTarget::Least,
            IntimacyTarget::Response,
        ];
        Self::WORDS
            .iter()
            .zip(choices)
            .find_map(|(name, choice)| (*name == word).then_some(choice))
    }
    /// The word of a choice.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn words_and_choices_of_the_intimacy_target_match() {
        for word in IntimacyTarget::WORDS {
            assert_eq!(
                IntimacyTarget::from_word(word).map(IntimacyTarget::word),
                Some(word)
            );
        }
        assert_eq!(IntimacyTarget::from_word("max"), None);
    }
}
