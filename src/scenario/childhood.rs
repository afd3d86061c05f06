//! Childhood: which partners have one, and what then cannot be given besides.

use super::code::FaultCode as Code;
use super::draws::{Drawn, PARTNERS, address};
use super::notice::Fault;
use super::reader::Reader;
use super::tree::{Entry, Node, Table};
use crate::simulation::InitialVariable;
use crate::simulation::defaults::{from_childhood, variables};

/// The name of the table.
pub(crate) const NAME: &str = "childhood";

/// Whether each partner has a childhood: both where the table has keys of its own or none at all,
/// else those whose tables stand inside it.
pub(crate) fn reared(root: &Table) -> [bool; 2] {
    let Some(table) = root.node(NAME).and_then(Node::table) else {
        return [false; 2];
    };
    let of_one = |entry: &Entry| PARTNERS.contains(&entry.key.as_str());
    let both = table.entries.is_empty() || !table.entries.iter().all(of_one);
    PARTNERS.map(|partner| both || table.entry(partner).is_some())
}

/// Whether each partner has a childhood, from what is drawn.
pub(crate) fn reared_by(draws: &[Drawn]) -> [bool; 2] {
    [0, 1].map(|person| {
        let own =
            |drawn: &Drawn| matches!(drawn.place, InitialVariable::Upbringing(whose, _) if whose == person);
        draws.iter().any(own)
    })
}

/// Notes traits that are given to partners in whom they come from childhood.
pub(crate) fn check(reader: &mut Reader, root: &Table, reared: [bool; 2]) {
    let Some(childhood) = root.entry(NAME) else {
        return;
    };
    let traits = root.node("traits").and_then(Node::table);
    let keys = variables()
        .into_iter()
        .filter(|place| from_childhood(*place));
    let own = |person: usize| traits.and_then(|table| table.node(PARTNERS[person]));
    for place in keys {
        let (_, Some(person), key) = address(place) else {
            continue;
        };
        // What is said of both is one fault, though it is said of each.
        let shared = traits.filter(|_| person == 0 && reared != [false; 2]);
        let alone = own(person).and_then(Node::table).filter(|_| reared[person]);
        for entry in [shared, alone]
            .into_iter()
            .flatten()
            .filter_map(|table| table.entry(key))
        {
            let fault = Fault::new(
                Code::Conflict,
                entry.key_at,
                format!("`{key}` is given, and comes from childhood as well"),
            );
            reader.fault(
                fault
                    .label("and here")
                    .other(childhood.key_at, "comes from here")
                    .hint(hint(key, reared)),
            );
        }
    }
}

fn hint(key: &str, reared: [bool; 2]) -> String {
    match reared.iter().position(|reared| !reared) {
        None => format!("take out `{key}`, or the table [childhood]"),
        Some(other) => {
            let (without, with) = (PARTNERS[other], PARTNERS[1 - other]);
            format!(
                "partner {with} has a childhood and partner {without} has none: give `{key}` under \
                 [traits.{without}] alone"
            )
        }
    }
}

/// Whether a key of `[traits]` can be given, where these partners have a childhood.
pub(crate) fn allows(name: &str, key: &str, reared: [bool; 2]) -> bool {
    let clashes = |person: usize| {
        reared[person]
            && variables().into_iter().any(|place| {
                from_childhood(place) && address(place) == ("traits", Some(person), key)
            })
    };
    match name {
        "traits" => !clashes(0) && !clashes(1),
        "traits.a" => !clashes(0),
        "traits.b" => !clashes(1),
        _ => true,
    }
}
