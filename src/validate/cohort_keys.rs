//! The numbers of a laboratory that no scenario has, under keys of their own.

use super::cohorts::Lab;
use crate::scenario::{Diagnostics, KnownKey, Override};
use std::sync::LazyLock;

/// The table that the keys seem to stand in.
const TABLE: &str = "laboratory";

/// One number of a laboratory.
struct LabKey {
    key: &'static str,
    place: fn(&mut Lab) -> &mut f64,
}

/// Every number; all are shares and probabilities.
const KEYS: &[LabKey] = &[
    LabKey {
        key: "laboratory.style",
        place: |lab| &mut lab.instruments.style,
    },
    LabKey {
        key: "laboratory.conflict_reported",
        place: |lab| &mut lab.instruments.conflict_reported,
    },
    LabKey {
        key: "laboratory.unresponsive_as_conflict",
        place: |lab| &mut lab.instruments.unresponsive_as_conflict,
    },
    LabKey {
        key: "laboratory.conflict_false_alarm",
        place: |lab| &mut lab.instruments.conflict_false_alarm,
    },
    LabKey {
        key: "laboratory.wedding",
        place: |lab| &mut lab.wedding,
    },
];

/// The laboratory's keys, with ranges and the values of a laboratory of which nothing else is said.
pub fn lab_keys() -> &'static [KnownKey] {
    static KNOWN: LazyLock<Vec<KnownKey>> = LazyLock::new(|| {
        let mut usual = Lab::new(1, 0);
        let known = KEYS.iter().map(|line| KnownKey {
            key: line.key,
            low: 0.0,
            high: 1.0,
            default: *(line.place)(&mut usual),
        });
        known.collect()
    });
    &KNOWN
}

impl Lab {
    /// Puts overrides in place: those of the laboratory's own keys, and those of all scenarios, which
    /// show when one is read whether their keys lead anywhere.
    ///
    /// # Errors
    /// [`Diagnostics`] for a key that a laboratory does not have, and for a value out of its range.
    pub fn with(mut self, overrides: Vec<Override>) -> Result<Lab, Diagnostics> {
        for change in overrides {
            match KnownKey::read(lab_keys(), TABLE, &change)? {
                Some((index, number)) => *(KEYS[index].place)(&mut self) = number,
                None => self.overrides.push(change),
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(texts: &[&str]) -> Result<Lab, Diagnostics> {
        let read = |text: &&str| Override::parse(text).expect("an override");
        Lab::new(200, 1).with(texts.iter().map(read).collect())
    }

    #[test]
    fn numbers_of_the_laboratory_are_its_own_and_others_go_to_scenarios() {
        let lab = with(&[
            "laboratory.wedding=0.3",
            "parameters.conflict_rate=0.2",
            "laboratory.conflict_false_alarm=0.01",
        ]);
        let lab = lab.expect("keys");
        assert_eq!(
            (lab.wedding, lab.instruments.conflict_false_alarm),
            (0.3, 0.01)
        );
        assert_eq!(lab.instruments.style, Lab::new(200, 1).instruments.style);
        let left: Vec<&str> = lab.overrides.iter().map(Override::text).collect();
        assert_eq!(left, ["parameters.conflict_rate=0.2"]);
        assert!(with(&["laboratory.weding=0.3"]).is_err());
        assert!(with(&["laboratory.style=1.5"]).is_err());
    }

    #[test]
    fn every_key_leads_to_a_number_of_its_own_and_its_default_is_in_range() {
        let mut lab = Lab::new(200, 1);
        for (number, (line, known)) in KEYS.iter().zip(lab_keys()).enumerate() {
            assert!(
                (known.low..=known.high).contains(&known.default),
                "{}",
                known.key
            );
            *(line.place)(&mut lab) = 0.01 * number as f64;
        }
        for (number, line) in KEYS.iter().enumerate() {
            assert_eq!(
                *(line.place)(&mut lab),
                0.01 * number as f64,
                "{}",
                line.key
            );
        }
    }
}
