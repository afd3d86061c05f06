//! One number of a couple under reading: a value, or a distribution with its numbers and slopes.

use super::code::{FaultCode as Code, WarningCode};
use super::draws::{Drawn, slope_keys};
use super::notice::{Fault, Warning};
use super::reader::{Reader, listed};
use super::shape::{FAMILIES, Shape, ShapeFamily, ShapeKey, ShapeRange};
use super::suggest::nearest;
use super::tree::{Node, Table, Value};
use super::value;
use crate::foundation::distribution::{Distribution, DistributionFault};
use crate::foundation::parameter::Description;
use crate::simulation::Place;

/// One number under reading.
pub(super) struct One {
    pub(super) place: Place,
    pub(super) line: &'static Description,
    /// Table and key, as faults call it.
    pub(super) name: String,
}

impl One {
    /// Reads what stands at `node`; `None` where nothing can be made of it.
    pub(super) fn read(&self, reader: &mut Reader, node: &Node) -> Option<Drawn> {
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
