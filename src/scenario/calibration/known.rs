//! What a calibration document may name that no scenario knows.

use crate::scenario::code::Code;
use crate::scenario::diagnostic::{Diagnostic, Diagnostics};
use crate::scenario::overrides::Override;
use crate::scenario::source::Span;
use crate::scenario::suggest::nearest;
use crate::scenario::value;

/// What a document may name beside the keys of a scenario.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// The published statistics.
    pub targets: &'a [KnownTarget<'a>],
    /// Keys beside those of a scenario, such as those of the instruments of the studies.
    pub keys: &'a [KnownKey],
}

/// A published statistic, as a document may name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownTarget<'a> {
    /// Its name, such as `C01`, or `C06 mean` of a target in parts, which `C06` names together.
    pub id: &'a str,
    /// The tier that it belongs to, such as `C`: `tier C` names all of it.
    pub tier: &'a str,
}

/// A key that no scenario has and that takes a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KnownKey {
    /// The dotted key.
    pub key: &'static str,
    /// Lowest value.
    pub low: f64,
    /// Highest value.
    pub high: f64,
    /// Value where nothing is said.
    pub default: f64,
}

impl KnownKey {
    /// The number that an override puts in the place of one of some keys, all of which begin with
    /// `table` and a point, with the key's index; `None` for an override of another table.
    ///
    /// # Errors
    /// [`Code::NothingToSet`](Code::NothingToSet) for a key of that table that there is not; what is
    /// wrong with the value.
    pub fn read(
        keys: &[KnownKey],
        table: &str,
        change: &Override,
    ) -> Result<Option<(usize, f64)>, Diagnostics> {
        let key = change.key();
        if key.split('.').next() != Some(table) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Style;

    const KEYS: [KnownKey; 1] = [KnownKey {
        key: "laboratory.style",
        low: 0.0,
        high: 1.0,
        default: 0.1,
    }];

    fn read(text: &str) -> Result<Option<(usize, f64)>, String> {
        let change = Override::parse(text).expect("an override");
        KnownKey::read(&KEYS, "laboratory", &change).map_err(|errors| errors.render(Style::Plain))
    }

    #[test]
    fn a_key_of_the_table_is_read_and_another_left_alone() {
        assert_eq!(read("laboratory.style=0.2"), Ok(Some((0, 0.2))));
        assert_eq!(read("laboratory.style = 1"), Ok(Some((0, 1.0))));
        assert_eq!(read("parameters.style=0.2"), Ok(None));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let told = read("laboratory.stile=0.2").expect_err("an unknown key");
        assert!(told.contains("did you mean `laboratory.style`?"), "{told}");
        let told = read("laboratory.style=2").expect_err("out of range");
        assert!(told.contains("must lie between 0 and 1"), "{told}");
        assert!(told.contains("--set laboratory.style=2:1:18"), "{told}");
        assert!(read("laboratory.style=much").is_err());
    }
}
