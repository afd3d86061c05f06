//! Addresses: the dotted keys of everything in a scenario that can be set from outside.

use super::catalogue::{KeySpec, Kind, TableSpec, sections};
use super::childhood;
use super::distribution::STEEP;
use super::draws::{Drawn, PARTNERS, address};
use super::event_keys;
use super::shape::ShapeRange;
use super::sheet::Sheet;
use crate::model::types::TRAITS;

/// What may be set at an address.
#[derive(Clone, Debug, PartialEq)]
pub enum Takes {
    /// A number of a range.
    Number {
        /// Lowest value.
        low: f64,
        /// Highest value.
        high: f64,
    },
    /// A whole number of a range.
    Whole {
        /// Lowest value.
        low: i64,
        /// Highest value.
        high: i64,
    },
    /// One of some numbers.
    OneOf(&'static [f64]),
    /// True or false.
    Switch,
    /// One of some words.
    Choice(Vec<&'static str>),
}

/// A key with what it takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Address {
    /// The dotted key, as in `--set KEY=VALUE`.
    pub key: String,
    /// What it takes; other keys of the scenario may narrow it.
    pub takes: Takes,
}

impl Sheet {
    /// Every number, switch and choice that can be set and that a world depends on, in the order of
    /// the catalogue; the measurement's are left out, as it changes nothing in what is lived.
    pub(crate) fn addresses(&self) -> Vec<Address> {
        let reared = childhood::reared_by(&self.draws);
        let mut all = Vec::new();
        for section in sections() {
            match section.name {
                "" | "sweep" | "condition" | "claim" | "measurement" => {}
                "traits" | "start" => {
                    plain(&mut all, &section, section.name);
                    for partner in PARTNERS {
                        plain(&mut all, &section, &format!("{}.{partner}", section.name));
                    }
                }
                // Whether a partner has a childhood is for the file to say: one of its numbers
                // alone does not give them one.
                childhood::NAME => {
                    if reared == [true; 2] {
                        plain(&mut all, &section, section.name);
                    }
                    for (partner, _) in PARTNERS.iter().zip(reared).filter(|(_, own)| *own) {
                        plain(&mut all, &section, &format!("{}.{partner}", section.name));
                    }
                }
                "event" => self.events(&mut all, &section),
                name => plain(&mut all, &section, name),
            }
        }
        all.retain(|address| {
            let (table, key) = address.key.rsplit_once('.').unwrap_or_default();
            childhood::allows(table, key, reared)
        });
        for (index, drawn) in self.draws.iter().enumerate() {
            self.distribution(&mut all, index, drawn);
        }
        let usual = self.pairs.usual(&self.draws);
        for (name, _) in self.pairs.names.iter().chain(&usual) {
            let takes = Takes::Number {
                low: -1.0,
                high: 1.0,
            };
            all.push(Address {
                key: format!("correlations.{name}"),
                takes,
            });
        }
        all
    }

    fn events(&self, all: &mut Vec<Address>, section: &TableSpec) {
        for (index, event) in self.events.iter().enumerate() {
            let fields = section
                .fields
                .iter()
                .filter(|field| field.key != event_keys::KIND && event.given.contains(&field.key));
            all.extend(fields.filter_map(|field| of(field, &format!("event.{index}"))));
        }
    }

    /// The numbers of a distribution, for both partners where they share it.
    fn distribution(&self, all: &mut Vec<Address>, index: usize, drawn: &Drawn) {
        let (table, person, key) = address(drawn.place);
        let line = drawn.place.description();
        let twin = self.draws.iter().enumerate().find(|(other, twin)| {
            let (name, _, own) = address(twin.place);
            *other != index && (name, own) == (table, key)
        });
        let shared =
            twin.is_none_or(|(_, twin)| twin.shape == drawn.shape && twin.slopes == drawn.slopes);
        let mut prefixes: Vec<String> = Vec::new();
        if shared && person != Some(1) {
            prefixes.push(format!("{table}.{key}"));
        }
        prefixes.extend(person.map(|person| format!("{table}.{}.{key}", PARTNERS[person])));
        let family = drawn.shape.family;
        let either = family.map_or(&[][..], |family| family.either);
        let own = drawn.shape.numbers.iter().map(|(number, _)| *number);
        let mut numbers: Vec<&str> = own.filter(|number| !number.is_empty()).collect();
        // A number that can be said in two ways can be set in both.
        if either.iter().any(|key| numbers.contains(key)) {
            numbers.extend(
                either
                    .iter()
                    .filter(|key| drawn.shape.number(key).is_none()),
            );
        }
        for prefix in prefixes {
            for number in &numbers {
                let keys = family.map_or(&[][..], |family| family.keys);
                let range = keys
                    .iter()
                    .find(|key| key.key == *number)
                    .map(|key| key.range);
                let (low, high) = match range {
                    Some(ShapeRange::Fixed(low, high)) => (low, high),
                    _ => (line.low, line.high),
                };
                let takes = Takes::Number { low, high };
                all.push(Address {
                    key: format!("{prefix}.{number}"),
                    takes,
                });
            }
            for (on, _) in &drawn.slopes {
                let key = format!("{prefix}.slopes.{}", TRAITS[*on].key);
                all.push(Address {
                    key,
                    takes: Takes::Number {
                        low: -STEEP,
                        high: STEEP,
                    },
                });
            }
        }
    }
}

fn plain(all: &mut Vec<Address>, section: &TableSpec, prefix: &str) {
    all.extend(section.fields.iter().filter_map(|field| of(field, prefix)));
}

fn of(field: &KeySpec, prefix: &str) -> Option<Address> {
    let takes = match &field.kind {
        Kind::Whole { low, high } | Kind::WordOrWhole { low, high, .. } => Takes::Whole {
            low: *low,
            high: *high,
        },
        Kind::Number { low, high } => Takes::Number {
            low: *low,
            high: *high,
        },
        Kind::Draw(line) => Takes::Number {
            low: line.low,
            high: line.high,
        },
        Kind::OneOf(values) => Takes::OneOf(values),
        Kind::Switch => Takes::Switch,
        Kind::Word(words) => Takes::Choice(words.clone()),
        Kind::Text { .. } | Kind::Words(_) | Kind::Wholes { .. } | Kind::Own(_) => return None,
    };
    Some(Address {
        key: format!("{prefix}.{}", field.key),
        takes,
    })
}
