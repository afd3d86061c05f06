//! Parameters of the simulated studies, which no scenario has, under keys of their own.

use super::cohorts::Laboratory;
use crate::scenario::diagnostic::{Code, Diagnostic, Diagnostics, Span, nearest};
use crate::scenario::{Override, value};
use std::sync::LazyLock;

/// The table of the keys.
const TABLE: &str = "laboratory";

/// A parameter of the simulated studies that takes a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LaboratoryKey {
    /// The dotted key.
    pub(crate) key: &'static str,
    /// Lowest value.
    pub(crate) low: f64,
    /// Highest value.
    pub(crate) high: f64,
    /// Default value.
    pub(crate) default: f64,
}

impl LaboratoryKey {
    /// The index of the key that an override sets and its value; `None` for an override of another
    /// table than the laboratory's.
    ///
    /// # Errors
    /// [`Code::NothingToSet`](Code::NothingToSet) for an unknown key of the table; an error of the
    /// value.
    fn read(change: &Override) -> Result<Option<(usize, f64)>, Diagnostics> {
        let (keys, key) = (laboratory_keys(), change.key());
        if key.split('.').next() != Some(TABLE) {
            return Ok(None);
        }
        let refuse = |error: Diagnostic| Diagnostics::new(vec![change.source()], vec![error]);
        let Some(index) = keys.iter().position(|known| known.key == key) else {
            let message = format!("there is nothing to set at `{}`", key.escape_debug());
            let at = Span::new(0, 0, key.len());
            let error = Diagnostic::new(Code::NothingToSet, at, message).label("unknown");
            let near = nearest(&key, keys.iter().map(|known| known.key));
            return Err(refuse(match near {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error,
            }));
        };
        let node = change.value(0).map_err(|error| refuse(*error))?;
        let (low, high) = (keys[index].low, keys[index].high);
        let number = value::number(&node, low, high);
        let number = number.map_err(|wrong| refuse(wrong.at(node.at, &key)))?;
        Ok(Some((index, number)))
    }
}

/// Where a parameter is stored.
struct Setter {
    key: &'static str,
    field: fn(&mut Laboratory) -> &mut f64,
}

/// Every parameter; all are shares and probabilities.
const SETTERS: &[Setter] = &[
    Setter {
        key: "laboratory.style",
        field: |laboratory| &mut laboratory.instruments.style,
    },
    Setter {
        key: "laboratory.conflict_reported",
        field: |laboratory| &mut laboratory.instruments.conflict_reported,
    },
    Setter {
        key: "laboratory.unresponsive_as_conflict",
        field: |laboratory| &mut laboratory.instruments.unresponsive_as_conflict,
    },
    Setter {
        key: "laboratory.conflict_false_alarm",
        field: |laboratory| &mut laboratory.instruments.conflict_false_alarm,
    },
    Setter {
        key: "laboratory.wedding",
        field: |laboratory| &mut laboratory.wedding_factor,
    },
];

/// The keys, with ranges and defaults.
pub(crate) fn laboratory_keys() -> &'static [LaboratoryKey] {
    static KNOWN: LazyLock<Vec<LaboratoryKey>> = LazyLock::new(|| {
        let mut defaults = Laboratory::new(1, 0);
        let known = SETTERS.iter().map(|setter| LaboratoryKey {
            key: setter.key,
            low: 0.0,
            high: 1.0,
            default: *(setter.field)(&mut defaults),
        });
        known.collect()
    });
    &KNOWN
}

impl Laboratory {
    /// Applies overrides: those of the laboratory's keys at once, all others when a population's
    /// scenario is read, which also checks their keys.
    ///
    /// # Errors
    /// [`Diagnostics`] for an unknown key of the laboratory, and for a value out of its range.
    pub(crate) fn with(mut self, overrides: Vec<Override>) -> Result<Laboratory, Diagnostics> {
        for change in overrides {
            match LaboratoryKey::read(&change)? {
                Some((index, number)) => *(SETTERS[index].field)(&mut self) = number,
                None => self.overrides.push(change),
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Style;

    fn read(text: &str) -> Result<Option<(usize, f64)>, String> {
        let change = Override::parse(text).expect("an override");
        LaboratoryKey::read(&change).map_err(|diagnostics| diagnostics.render(Style::Plain))
    }

    #[test]
    fn only_keys_of_the_table_are_read() {
        assert_eq!(read("laboratory.style=0.2"), Ok(Some((0, 0.2))));
        assert_eq!(read("laboratory.style = 1"), Ok(Some((0, 1.0))));
        assert_eq!(read("parameters.style=0.2"), Ok(None));
    }

    #[test]
    fn errors_have_positions() {
        let message = read("laboratory.stile=0.2").expect_err("an unknown key");
        assert!(
            message.contains("did you mean `laboratory.style`?"),
            "{message}"
        );
        let message = read("laboratory.style=2").expect_err("out of range");
        assert!(message.contains("must lie between 0 and 1"), "{message}");
        assert!(
            message.contains("--set laboratory.style=2:1:18"),
            "{message}"
        );
        assert!(read("laboratory.style=much").is_err());
    }

    fn with(texts: &[&str]) -> Result<Laboratory, Diagnostics> {
        let read = |text: &&str| Override::parse(text).expect("an override");
        Laboratory::new(200, 1).with(texts.iter().map(read).collect())
    }

    #[test]
    fn keys_of_the_laboratory_are_applied_and_others_are_left_to_scenarios() {
        let laboratory = with(&[
            "laboratory.wedding=0.3",
            "parameters.conflict_rate=0.2",
            "laboratory.conflict_false_alarm=0.01",
        ]);
        let laboratory = laboratory.expect("keys");
        assert_eq!(
            (
                laboratory.wedding_factor,
                laboratory.instruments.conflict_false_alarm
            ),
            (0.3, 0.01)
        );
        assert_eq!(
            laboratory.instruments.style,
            Laboratory::new(200, 1).instruments.style
        );
        let left: Vec<&str> = laboratory.overrides.iter().map(Override::text).collect();
        assert_eq!(left, ["parameters.conflict_rate=0.2"]);
        assert!(with(&["laboratory.weding=0.3"]).is_err());
        assert!(with(&["laboratory.style=1.5"]).is_err());
    }

    #[test]
    fn every_key_has_its_own_field_and_a_default_in_range() {
        let mut laboratory = Laboratory::new(200, 1);
        for (number, (setter, known)) in SETTERS.iter().zip(laboratory_keys()).enumerate() {
            assert!(
                (known.low..=known.high).contains(&known.default),
                "{}",
                known.key
            );
            *(setter.field)(&mut laboratory) = 0.01 * number as f64;
        }
        for (number, setter) in SETTERS.iter().enumerate() {
            assert_eq!(
                *(setter.field)(&mut laboratory),
                0.01 * number as f64,
                "{}",
                setter.key
            );
        }
    }
}
