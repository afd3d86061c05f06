//! Traits, starting states and what belongs to the couple: numbers and distributions.

use super::catalogue::{Kind, Section, couple, start, traits};
use super::code::{FaultCode as Code, WarningCode};
use super::notice::{Fault, Warning};
use super::reader::{Part, Reader, listed};
use super::shape::{FAMILIES, Shape, ShapeFamily, ShapeKey, ShapeRange};
use super::suggest::nearest;
use super::tree::{Node, Table, Value};
use super::value;
use crate::foundation::distribution::{Distribution, DistributionFault};
use crate::foundation::parameter::Description;
use crate::model::partner::TRAITS;
use crate::simulation::usual::{CENTRES, places, usual};
use crate::simulation::{Draw, Place, Slope};

/// How one number of a couple is drawn, as written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Drawn {
    pub(super) place: Place,
    pub(super) shape: Shape,
    /// Trait that moves the location, by its position, and by how much.
    pub(super) slopes: Vec<(usize, f64)>,
    /// Whether the scenario says it; else it is the usual one.
    pub(super) given: bool,
}

/// The traits that others may lean on: those that the usual slopes have centres for.
pub(super) fn slope_keys() -> Vec<&'static str> {
    TRAITS[..CENTRES.len()]
        .iter()
        .map(|line| line.key)
        .collect()
}

/// The usual draw of a number.
pub(super) fn usual_draw(place: Place) -> Drawn {
    let (family, slopes) = usual(place);
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
    pub(super) fn draw(&self) -> Option<(Place, Draw)> {
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
pub(super) fn address(place: Place) -> (&'static str, Option<usize>, &'static str) {
    let key = place.description().key;
    match place {
        Place::Trait(person, _) => ("traits", Some(person), key),
        Place::Start(person, _) => ("start", Some(person), key),
        Place::Contact | Place::Investment => ("couple", None, key),
    }
}

/// The scenario's words for partners 0 and 1.
pub(super) const PARTNERS: [&str; 2] = ["a", "b"];

/// Reads every number of a couple, in the order in which they are drawn.
pub(super) fn read(reader: &mut Reader, root: &Table) -> Vec<Drawn> {
    let persons = [traits(), start()].map(|section| Tables::open(reader, root, section));
    let couple = reader.part(root, couple());
    let couple_draws = draws_of(reader, &couple, &|key| {
        places()
            .into_iter()
            .find(|place| address(*place) == ("couple", None, key))
    });
    let mut drawn = persons
        .iter()
        .flat_map(|tables| tables.read(reader))
        .collect::<Vec<_>>();
    drawn.extend(couple_draws);
    let given = |place: Place| drawn.iter().find(|drawn| drawn.place == place).cloned();
    places()
        .into_iter()
        .map(|place| given(place).unwrap_or_else(|| usual_draw(place)))
        .collect()
}

/// A table for both partners with its two tables for one.
struct Tables<'t> {
    both: Part<'t>,
    own: [Part<'t>; 2],
}

impl<'t> Tables<'t> {
    fn open(reader: &mut Reader, root: &'t Table, section: Section) -> Tables<'t> {
        let name = section.name;
        let table = root.node(name).and_then(|node| reader.as_table(node, name));
        let both = reader.part_of(table, section.clone(), &PARTNERS);
        let own = PARTNERS.map(|partner| {
            let full = if name == "traits" {
                ["traits.a", "traits.b"]
            } else {
                ["start.a", "start.b"]
            };
            let full = full[usize::from(partner == PARTNERS[1])];
            let node = table.and_then(|table| table.node(partner));
            let table = node.and_then(|node| reader.as_table(node, full));
            reader.part_of(
                table,
                Section {
                    name: full,
                    ..section.clone()
                },
                &[],
            )
        });
        Tables { both, own }
    }

    /// What is said of each partner; what is said of one goes before what is said of both.
    fn read(&self, reader: &mut Reader) -> Vec<Drawn> {
        let name = self.both.section.name;
        let place = |person: usize| {
            move |key: &str| {
                places()
                    .into_iter()
                    .find(|place| address(*place) == (name, Some(person), key))
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
    place: &dyn Fn(&str) -> Option<Place>,
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
                name: format!("{}.{}", part.section.name, field.key),
            };
            all.extend(one.read(reader, node));
        }
    }
    all
}

/// One number under reading.
struct One {
    place: Place,
    line: &'static Description,
    /// Table and key, as faults call it.
    name: String,
}

impl One {
    fn read(&self, reader: &mut Reader, node: &Node) -> Option<Drawn> {
        let Value::Table(table) = &node.value else {
            let wrong = value::number(node, self.line.low, self.line.high);
            let value = wrong
                .map_err(|wrong| reader.fault(wrong.fault(node.at, self.line.key)))
                .ok()?;
            return Some(self.drawn(Shape::constant(value), Vec::new()));
        };
        let before = reader.faults.len();
        let family = self.family(reader, table, node)?;
        let mut known = vec!["dist", "slopes"];
        known.extend(family.keys.iter().map(|key| key.key));
        if family.word == "choice" {
            known.extend(["values", "weights"]);
        }
        let excused = reader.check_keys(table, &self.name, &known);
        let mut shape = Shape::of(family.word, &[]);
        for key in family.keys {
            self.number(reader, table, family, key, &excused, &mut shape);
        }
        if family.word == "choice" {
            self.choice(reader, table, &excused, &mut shape);
        }
        self.check_either(reader, table, family, &excused);
        let slopes = self.slopes(reader, table);
        let sound = reader.faults.len() == before;
        if sound && self.check(reader, table, &shape) {
            self.warn_if_clipped(reader, node, &shape);
        }
        Some(self.drawn(shape, slopes))
    }

    fn drawn(&self, shape: Shape, slopes: Vec<(usize, f64)>) -> Drawn {
        Drawn {
            place: self.place,
            shape,
            slopes,
            given: true,
        }
    }

    fn family(
        &self,
        reader: &mut Reader,
        table: &Table,
        node: &Node,
    ) -> Option<&'static ShapeFamily> {
        let words: Vec<&'static str> = FAMILIES.iter().map(|family| family.word).collect();
        let Some(dist) = table.node("dist") else {
            let known: Vec<&str> = std::iter::once("dist").collect();
            let slip = table
                .entries
                .iter()
                .find(|entry| nearest(&entry.key, known.clone()).is_some());
            let fault = match slip {
                Some(entry) => {
                    Fault::new(Code::UnknownKey, entry.key_at, format!("there is no key `{}` in a distribution", entry.key))
                        .label("unknown key")
                        .hint("did you mean `dist`?")
                }
                None => Fault::new(Code::MissingKey, node.at, format!("the distribution of `{}` has no `dist`", self.line.key))
                    .label("which family?")
                    .hint(format!("write for example `{} = {{ dist = \"uniform\", low = {}, high = {} }}`; the families are {}", self.line.key, self.line.low, self.line.high, listed(&words))),
            };
            reader.fault(fault);
            return None;
        };
        let word = value::word(dist, &words)
            .map_err(|wrong| reader.fault(wrong.fault(dist.at, "dist")))
            .ok()?;
        ShapeFamily::named(word)
    }

    /// The range of a family's number, for this number of a couple.
    fn range(&self, key: &ShapeKey) -> (f64, f64) {
        match key.range {
            ShapeRange::Fixed(low, high) => (low, high),
            _ => (self.line.low, self.line.high),
        }
    }

    fn number(
        &self,
        reader: &mut Reader,
        table: &Table,
        family: &ShapeFamily,
        key: &ShapeKey,
        excused: &[&str],
        shape: &mut Shape,
    ) {
        let (low, high) = self.range(key);
        if let Some(node) = table.node(key.key) {
            if let Some(value) = reader.number_in(node, key.key, low, high) {
                shape.numbers.push((key.key, value));
            }
            return;
        }
        match key.range {
            ShapeRange::LowOfNumber => shape.numbers.push((key.key, low)),
            ShapeRange::HighOfNumber => shape.numbers.push((key.key, high)),
            _ if family.either.contains(&key.key)
                || excused.contains(&key.key)
                || reader.broken => {}
            _ => {
                let at = table.at;
                let message = format!(
                    "the {} distribution of `{}` has no `{}`",
                    family.word, self.line.key, key.key
                );
                reader.fault(
                    Fault::new(Code::MissingKey, at, message)
                        .label("here")
                        .hint(format!("`{}` is the {}", key.key, key.meaning)),
                );
            }
        }
    }

    fn check_either(
        &self,
        reader: &mut Reader,
        table: &Table,
        family: &ShapeFamily,
        excused: &[&str],
    ) {
        let given: Vec<_> = family
            .either
            .iter()
            .filter_map(|key| table.entry(key))
            .collect();
        match given[..] {
            [first, second] => {
                let message = format!("`{}` and `{}` say the same thing", first.key, second.key);
                reader.fault(
                    Fault::new(Code::Conflict, second.key_at, message)
                        .label("and here")
                        .other(first.key_at, "said here")
                        .hint("keep one of the two"),
                );
            }
            [] if !family.either.is_empty()
                && !excused.iter().any(|key| family.either.contains(key))
                && !reader.broken =>
            {
                let message = format!(
                    "the {} distribution of `{}` has no `{}`",
                    family.word, self.line.key, family.either[0]
                );
                reader.fault(
                    Fault::new(Code::MissingKey, table.at, message)
                        .label("here")
                        .hint(format!(
                            "give {}",
                            family
                                .either
                                .iter()
                                .map(|key| format!("`{key}`"))
                                .collect::<Vec<_>>()
                                .join(" or ")
                        )),
                );
            }
            _ => {}
        }
    }

    fn choice(&self, reader: &mut Reader, table: &Table, excused: &[&str], shape: &mut Shape) {
        let (low, high) = (self.line.low, self.line.high);
        match table.node("values") {
            Some(node) => shape.values = numbers(reader, node, "values", low, high),
            None if excused.contains(&"values") || reader.broken => {}
            None => {
                let message = format!("the choice of `{}` has no `values`", self.line.key);
                reader.fault(
                    Fault::new(Code::MissingKey, table.at, message)
                        .label("here")
                        .hint("`values` lists what is chosen from, such as `values = [0.2, 0.8]`"),
                );
            }
        }
        if let Some(node) = table.node("weights") {
            shape.weights = numbers(reader, node, "weights", 0.0, 1e9);
        }
    }

    fn slopes(&self, reader: &mut Reader, table: &Table) -> Vec<(usize, f64)> {
        let keys = slope_keys();
        let Some(node) = table.node("slopes") else {
            return Vec::new();
        };
        let Some(slopes) = reader.as_table(node, "slopes") else {
            return Vec::new();
        };
        reader.check_keys(slopes, &format!("{}.slopes", self.name), &keys);
        let mut all = Vec::new();
        for (on, key) in keys.iter().enumerate() {
            let Some(entry) = slopes.entry(key) else {
                continue;
            };
            let allowed = match self.place {
                Place::Trait(_, index) => on < index,
                Place::Start(..) => true,
                Place::Contact | Place::Investment => false,
            };
            if !allowed {
                let message = format!("`{}` cannot lean on {key}", self.line.key);
                let hint = match self.place {
                    Place::Trait(..) => {
                        "a trait can lean on those that are drawn before it: first anxiety, then avoidance, then all others; use [correlations] instead"
                    }
                    _ => {
                        "what belongs to the couple has no attachment of its own; use [correlations] instead"
                    }
                };
                reader.fault(
                    Fault::new(Code::BadSlope, entry.key_at, message)
                        .label("not drawn before it")
                        .hint(hint),
                );
            } else if let Some(by) = reader.number_in(&entry.node, key, -100.0, 100.0) {
                all.push((on, by));
            }
        }
        all
    }

    /// Notes why the numbers are no distribution; says whether they are one.
    fn check(&self, reader: &mut Reader, table: &Table, shape: &Shape) -> bool {
        let Err(fault) = Distribution::new(shape.family()) else {
            return true;
        };
        let (key, hint) = match &fault {
            DistributionFault::NotFinite { .. } => ("median", None),
            DistributionFault::NegativeSpread { .. } => ("sd", None),
            DistributionFault::MeanOutside { .. } => ("mean", None),
            DistributionFault::SpreadTooLarge { limit, .. } if *limit > 0.0 => (
                "sd",
                Some(format!(
                    "a beta variable with this mean varies less than {limit:.4}"
                )),
            ),
            DistributionFault::SpreadTooLarge { .. } => (
                "mean",
                Some(
                    "a beta variable with a mean of 0 or 1 cannot vary: write the number alone"
                        .to_owned(),
                ),
            ),
            DistributionFault::EmptyRange { .. } => (
                "low",
                Some(
                    "write the lower number as `low`; for a single value write the number alone"
                        .to_owned(),
                ),
            ),
            DistributionFault::WeightCount { .. } => {
                ("weights", Some("give one weight for each value".to_owned()))
            }
            DistributionFault::NegativeWeight { .. } => ("weights", None),
            DistributionFault::NoWeight => (
                "weights",
                Some("at least one weight must be above 0".to_owned()),
            ),
        };
        let at = table.node(key).map_or(table.at, |node| node.at);
        let message = format!(
            "this is no {} distribution: {fault}",
            shape.family.map_or("", |family| family.word)
        );
        reader.fault(
            Fault::new(Code::NotADistribution, at, message)
                .label("here")
                .maybe_hint(hint),
        );
        false
    }

    fn warn_if_clipped(&self, reader: &mut Reader, node: &Node, shape: &Shape) {
        let Ok(distribution) = Distribution::new(shape.family()) else {
            return;
        };
        const POINTS: u32 = 200;
        let outside = (0..POINTS).filter(|point| {
            let p = (f64::from(*point) + 0.5) / f64::from(POINTS);
            !self.line.allows(distribution.quantile(p))
        });
        let share = outside.count() as f64 / f64::from(POINTS);
        if share > 0.5 {
            let message = format!(
                "{:.0} % of this distribution lies outside the range of `{}`",
                100.0 * share,
                self.line.key
            );
            let ends = format!(
                "values are moved to {} and {}",
                self.line.low, self.line.high
            );
            let warning = Warning::new(WarningCode::MostlyClipped, node.at, message).label(ends);
            reader
                .warnings
                .push(warning.hint("use a truncated normal, or another mean"));
        }
    }
}

fn numbers(reader: &mut Reader, node: &Node, key: &str, low: f64, high: f64) -> Vec<f64> {
    let Value::List(list) = &node.value else {
        let fault = Fault::new(
            Code::WrongType,
            node.at,
            format!("`{key}` takes a list of numbers"),
        )
        .label(format!("this is {}", node.value.kind()))
        .hint(format!("write `{key} = [0.2, 0.8]`"));
        reader.fault(fault);
        return Vec::new();
    };
    if list.is_empty() {
        reader.fault(
            Fault::new(
                Code::EmptyList,
                node.at,
                format!("`{key}` must not be empty"),
            )
            .label("empty"),
        );
    }
    list.iter()
        .filter_map(|item| reader.number_in(item, key, low, high))
        .collect()
}
