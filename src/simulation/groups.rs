//! Groups of couples: attachment styles, and the groups by which a run splits its tables.
//!
//! A style is a region of the plane of anxiety and avoidance (Bartholomew & Horowitz 1991; Brennan, Clark &
//! Shaver 1998), cut at the middle of both scales. The dimensions hold more than the regions do
//! (Fraley & Waller 1998): couples close to a cut are alike on both sides of it.

use super::gather_scatter::CoupleTile;
use super::observable::Role;
use crate::model::types::{CONTACT, STATES, TRAITS};
use std::sync::LazyLock;

/// Anxiety and avoidance count as high from the middle of their scales on.
pub(crate) const STYLE_CUT: f64 = 0.5;

/// Names of the attachment styles, in the order of [`style`].
pub(crate) const STYLES: &[&str] = &["secure", "preoccupied", "dismissing", "fearful"];

/// The attachment style of a person, as a position in [`STYLES`].
pub(crate) fn style(anxiety: f64, avoidance: f64) -> u8 {
    u8::from(anxiety >= STYLE_CUT) + 2 * u8::from(avoidance >= STYLE_CUT)
}

/// Groups of couples by the styles of both partners (Senchak & Leonard 1992).
const PAIRINGS: &[&str] = &["both secure", "one secure", "neither secure"];

/// Most groups by quantiles.
pub(crate) const MOST_QUANTILES: u32 = 10;

/// Fewer couples than this in a group give wide intervals, which the program says.
pub(crate) const SMALL_GROUP: u64 = 30;

/// Couples from whose initial values cuts are taken, at most: those of a larger run cost time and would move
/// the cuts by less than half a percent of the couples.
pub(crate) const CUT_COUPLES: u64 = 16_384;

/// What couples are grouped by.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GroupVariable {
    /// The word of a scenario.
    pub(crate) key: String,
    /// What it is, in words.
    pub(crate) meaning: String,
    kind: GroupKind,
}

#[derive(Clone, Debug, PartialEq)]
enum GroupKind {
    /// The style of one partner.
    Style(usize),
    /// Whether both partners are secure, one or neither.
    Pairing,
    /// The mean of two of a couple's numbers at the start, by their positions: both the same for one number.
    Number([usize; 2]),
}

/// Everything that couples can be grouped by: styles, traits and initial states.
pub(crate) static GROUP_VARIABLES: LazyLock<Vec<GroupVariable>> = LazyLock::new(|| {
    let variable =
        |key: String, meaning: String, kind: GroupKind| GroupVariable { key, meaning, kind };
    let mut all = vec![
        variable(
            "style_a".to_owned(),
            "Attachment style of partner A".to_owned(),
            GroupKind::Style(0),
        ),
        variable(
            "style_b".to_owned(),
            "Attachment style of partner B".to_owned(),
            GroupKind::Style(1),
        ),
        variable(
            "style".to_owned(),
            "Attachment styles of both partners".to_owned(),
            GroupKind::Pairing,
        ),
        variable(
            CONTACT.key.to_owned(),
            CONTACT.meaning.to_owned(),
            GroupKind::Number([CoupleTile::CONTACT; 2]),
        ),
    ];
    let traits = TRAITS.iter().enumerate().map(|(index, line)| {
        let places = [0, 1].map(|person| CoupleTile::traits(person).start + index);
        (line, places, "")
    });
    // Anxiety and avoidance start at their prototypes, which are traits.
    let is_trait = |key: &str| TRAITS.iter().any(|line| line.key == key);
    let states = STATES
        .iter()
        .enumerate()
        .filter(|(_, line)| !is_trait(line.key));
    let states = states.map(|(index, line)| {
        let places = [0, 1].map(|person| CoupleTile::states(person).start + index);
        (line, places, ", at the start")
    });
    for (line, [a, b], when) in traits.chain(states) {
        for role in Role::ALL {
            let (suffix, who, places) = match role {
                Role::A => ("_a", "partner A", [a, a]),
                Role::B => ("_b", "partner B", [b, b]),
                Role::Couple => ("", "mean of both partners", [a, b]),
            };
            all.push(variable(
                format!("{}{suffix}", line.key),
                format!("{}{when}, {who}", line.meaning),
                GroupKind::Number(places),
            ));
        }
    }
    all
});

impl GroupVariable {
    /// The variable of a word.
    pub(crate) fn named(key: &str) -> Option<&'static GroupVariable> {
        GROUP_VARIABLES.iter().find(|variable| variable.key == key)
    }

    /// Whether it is a number, whose groups are quantiles.
    pub(crate) fn is_number(&self) -> bool {
        matches!(self.kind, GroupKind::Number(_))
    }

    /// The number of one couple of a group of slots; NaN of what is no number.
    pub(crate) fn number(&self, couples: &CoupleTile, slot: usize) -> f64 {
        match self.kind {
            GroupKind::Number([a, b]) => 0.5 * (couples.number(a)[slot] + couples.number(b)[slot]),
            GroupKind::Style(_) | GroupKind::Pairing => f64::NAN,
        }
    }
}

/// The attachment style of one partner of a couple in a group of slots, at the start.
pub(crate) fn style_of(couples: &CoupleTile, slot: usize, person: usize) -> u8 {
    let traits = CoupleTile::traits(person).start;
    let [anxiety, avoidance] = [0, 1].map(|index| couples.number(traits + index)[slot]);
    style(anxiety, avoidance)
}

/// The groups that a scenario asks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Grouping {
    /// What couples are grouped by.
    pub(crate) by: &'static GroupVariable,
    /// Number of groups where they are quantiles of a number.
    pub(crate) quantiles: u32,
    /// Lowest value of each group but the first, rising; empty until they are taken from the couples'
    /// initial values.
    pub(crate) cuts: Vec<f64>,
}

impl Grouping {
    /// Number of groups.
    pub(crate) fn count(&self) -> usize {
        match self.by.kind {
            GroupKind::Style(_) => STYLES.len(),
            GroupKind::Pairing => PAIRINGS.len(),
            GroupKind::Number(_) => self.quantiles as usize,
        }
    }

    /// The group of one couple of a group of slots, from 0.
    pub(crate) fn group_of(&self, couples: &CoupleTile, slot: usize) -> u8 {
        match self.by.kind {
            GroupKind::Style(person) => style_of(couples, slot, person),
            GroupKind::Pairing => {
                let insecure = |person| style_of(couples, slot, person) > 0;
                u8::from(insecure(0)) + u8::from(insecure(1))
            }
            GroupKind::Number(_) => {
                let value = self.by.number(couples, slot);
                self.cuts.iter().filter(|cut| value >= **cut).count() as u8
            }
        }
    }

    /// Sets the cuts to quantiles of some couples' values: as many of them below each cut as are due.
    pub(crate) fn set_cuts(&mut self, mut values: Vec<f64>) {
        values.sort_by(f64::total_cmp);
        let groups = self.quantiles as usize;
        let cut = |group: usize| values.get(values.len() * group / groups).copied();
        self.cuts = (1..groups).filter_map(cut).collect();
    }

    /// The lowest value of a group and the lowest above it; NaN where there is no bound.
    pub(crate) fn bounds(&self, group: usize) -> [f64; 2] {
        let cut = |index: Option<usize>| index.and_then(|it| self.cuts.get(it)).copied();
        [cut(group.checked_sub(1)), cut(Some(group))].map(|cut| cut.unwrap_or(f64::NAN))
    }

    /// The name of a group.
    pub(crate) fn label(&self, group: usize) -> String {
        match self.by.kind {
            GroupKind::Style(_) => STYLES[group].to_owned(),
            GroupKind::Pairing => PAIRINGS[group].to_owned(),
            GroupKind::Number(_) => {
                let [low, high] = self.bounds(group);
                match (low.is_finite(), high.is_finite()) {
                    (true, true) => format!("{low:.3} to {high:.3}"),
                    (false, true) => format!("below {high:.3}"),
                    (true, false) => format!("{low:.3} or more"),
                    (false, false) => "all".to_owned(),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_are_the_quadrants_of_anxiety_and_avoidance() {
        let styles = [(0.2, 0.2), (0.5, 0.2), (0.2, 0.5), (0.8, 0.9)]
            .map(|(anxiety, avoidance)| STYLES[usize::from(style(anxiety, avoidance))]);
        assert_eq!(styles, ["secure", "preoccupied", "dismissing", "fearful"]);
    }

    #[test]
    fn every_variable_has_its_own_word() {
        let keys: std::collections::BTreeSet<&str> = GROUP_VARIABLES
            .iter()
            .map(|variable| variable.key.as_str())
            .collect();
        assert_eq!(keys.len(), GROUP_VARIABLES.len());
        for key in [
            "style",
            "anxiety_a",
            "trust_b",
            "responsiveness",
            "contact_rate",
        ] {
            assert!(GroupVariable::named(key).is_some(), "{key}");
        }
        assert_eq!(GroupVariable::named("satisfaction_a"), None);
    }

    #[test]
    fn cuts_divide_different_values_into_equal_groups() {
        let mut grouping = Grouping {
            by: GroupVariable::named("anxiety_a").expect("a variable"),
            quantiles: 3,
            cuts: Vec::new(),
        };
        grouping.set_cuts((0..9).rev().map(f64::from).collect());
        assert_eq!(grouping.cuts, [3.0, 6.0]);
        assert_eq!(grouping.label(0), "below 3.000");
        assert_eq!(grouping.label(1), "3.000 to 6.000");
        assert_eq!(grouping.label(2), "6.000 or more");
        let mut couples = CoupleTile::zeros(1);
        let group = |couples: &mut CoupleTile, anxiety: f64| {
            let mut couple = crate::model::Couple::<f64>::default();
            couple.partners[0].traits.anxiety = anxiety;
            couples.store_one(0, &couple, 0);
            grouping.group_of(couples, 0)
        };
        let groups = [0.0, 2.0, 3.0, 5.9, 6.0, 8.0].map(|value| group(&mut couples[0], value));
        assert_eq!(groups, [0, 0, 1, 1, 2, 2]);
    }
}
