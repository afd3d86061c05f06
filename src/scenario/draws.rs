//! Traits, starting states, upbringings and what belongs to the couple: numbers and distributions.

use super::catalogue::{Kind, TableSpec, section};
use super::childhood;
use super::distribution::One;
use super::reader::{Part, Reader};
use super::shape::Shape;
use super::tree::Table;
use crate::math::distribution::Distribution;
use crate::model::types::TRAITS;
use crate::simulation::defaults::{
    CENTRES, default_draw, from_childhood, upbringing_variables, variables,
};
use crate::simulation::{Draw, InitialVariable, Slope};

/// How one number of a couple is drawn, as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Drawn {
    pub(crate) place: InitialVariable,
    pub(crate) shape: Shape,
    /// Trait that moves the location, by its position, and by how much.
    pub(crate) slopes: Vec<(usize, f64)>,
    /// Whether the scenario says it; else it is the usual one.
    pub(crate) given: bool,
}

/// The traits that others may lean on: those that the usual slopes have centres for.
pub(crate) fn slope_keys() -> Vec<&'static str> {
    TRAITS[..CENTRES.len()]
        .iter()
        .map(|line| line.key)
        .collect()
}

/// The usual draw of a number.
pub(crate) fn usual_draw(place: InitialVariable) -> Drawn {
    let (family, slopes) = default_draw(place);
    let slopes = slopes.iter().map(|slope| (slope.on, slope.by)).collect();
    Drawn {
        place,
        shape: Shape::from_family(&family),
        slopes,
        given: false,
    }
}

impl Drawn {
    /// The draw of the simulation; the numbers have been checked.
    pub(crate) fn draw(&self) -> Option<(InitialVariable, Draw)> {
        let distribution = Distribution::new(self.shape.family()).ok()?;
        let slope = |&(on, by): &(usize, f64)| Slope {
            on,
            by,
            centre: CENTRES[on],
        };
        let slopes = self.slopes.iter().map(slope).collect();
        Some((
            self.place,
            Draw {
                distribution,
                slopes,
            },
        ))
    }
}

/// The table, role and key under which a number stands in the scenario.
pub(crate) fn address(place: InitialVariable) -> (&'static str, Option<usize>, &'static str) {
    let key = place.description().key;
    match place {
        InitialVariable::Trait(person, _) => ("traits", Some(person), key),
        InitialVariable::Start(person, _) => ("start", Some(person), key),
        InitialVariable::Upbringing(person, _) => (childhood::NAME, Some(person), key),
        InitialVariable::Contact | InitialVariable::Investment => ("couple", None, key),
    }
}

/// Every number that a couple may have, with childhoods and without.
pub(crate) fn every_place() -> impl Iterator<Item = InitialVariable> {
    let childhoods = (0..PARTNERS.len()).flat_map(upbringing_variables);
    variables().into_iter().chain(childhoods)
}

/// The first place of a table's key: for persons that of partner A.
pub(crate) fn place_of(table: &str, key: &str) -> Option<InitialVariable> {
    every_place().find(|place| {
        let (own, _, name) = address(*place);
        (own, name) == (table, key)
    })
}

/// The scenario's words for partners 0 and 1.
pub(crate) const PARTNERS: [&str; 2] = ["a", "b"];

/// Reads every number of a couple, in the order in which they are drawn.
pub(crate) fn read(reader: &mut Reader, root: &Table) -> Vec<Drawn> {
    let persons =
        ["traits", "start", childhood::NAME].map(|name| Tables::open(reader, root, section(name)));
    let reared = childhood::reared(root);
    childhood::check(reader, root, reared);
    let couple = reader.part(root, section("couple"));
    let couple_draws = draws_of(reader, &couple, &|key| {
        every_place().find(|place| address(*place) == ("couple", None, key))
    });
    let mut drawn = persons
        .iter()
        .flat_map(|tables| tables.read(reader))
        .collect::<Vec<_>>();
    drawn.extend(couple_draws);
    let given = |place: InitialVariable| drawn.iter().find(|drawn| drawn.place == place).cloned();
    let comes = |place: &InitialVariable| {
        from_childhood(*place) && address(*place).1.is_some_and(|who| reared[who])
    };
    let drawn = variables().into_iter().filter(|place| !comes(place));
    let brought_up = (0..PARTNERS.len()).filter(|person| reared[*person]);
    drawn
        .chain(brought_up.flat_map(upbringing_variables))
        .map(|place| given(place).unwrap_or_else(|| usual_draw(place)))
        .collect()
}

/// A table for both partners with its two tables for one.
struct Tables<'t> {
    both: Part<'t>,
    own: [Part<'t>; 2],
}

impl<'t> Tables<'t> {
    fn open(reader: &mut Reader, root: &'t Table, section: &'static TableSpec) -> Tables<'t> {
        let name = section.name;
        let table = root.node(name).and_then(|node| reader.as_table(node, name));
        let both = reader.part_of(table, name, section, &PARTNERS);
        let own = PARTNERS.map(|partner| {
            let full = match name {
                "traits" => ["traits.a", "traits.b"],
                "start" => ["start.a", "start.b"],
                _ => ["childhood.a", "childhood.b"],
            };
            let full = full[usize::from(partner == PARTNERS[1])];
            let node = table.and_then(|table| table.node(partner));
            let table = node.and_then(|node| reader.as_table(node, full));
            reader.part_of(table, full, section, &[])
        });
        Tables { both, own }
    }

    /// What is said of each partner; what is said of one goes before what is said of both.
    fn read(&self, reader: &mut Reader) -> Vec<Drawn> {
        let name = self.both.name;
        let place = |person: usize| {
            move |key: &str| {
                every_place().find(|place| address(*place) == (name, Some(person), key))
            }
        };
        let shared = draws_of(reader, &self.both, &place(0));
        let mut all = Vec::new();
        for (person, part) in self.own.iter().enumerate() {
            all.extend(draws_of(reader, part, &place(person)));
            for drawn in &shared {
                let key = drawn.place.description().key;
                if let Some(place) = place(person)(key) {
                    all.push(Drawn {
                        place,
                        ..drawn.clone()
                    });
                }
            }
        }
        all
    }
}

fn draws_of(
    reader: &mut Reader,
    part: &Part<'_>,
    place: &dyn Fn(&str) -> Option<InitialVariable>,
) -> Vec<Drawn> {
    let mut all = Vec::new();
    for field in &part.section.fields {
        let Kind::Draw(line) = field.kind else {
            continue;
        };
        if let (Some(node), Some(place)) = (part.node(field.key), place(field.key)) {
            let one = One {
                place,
                line,
                name: format!("{}.{}", part.name, field.key),
            };
            all.extend(one.read(reader, node));
        }
    }
    all
}
