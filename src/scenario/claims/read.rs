//! The claims under reading: `[condition.NAME]` and `[[claim]]` become worlds and effects of them.

use super::conditions;
use super::conditions::{Given, check_name};
use super::{Claim, ClaimRule, Claims, Effect, contrast, observed, write};
use crate::model::parameters::MECHANISMS;
use crate::scenario::catalogue::{Kind, section};
use crate::scenario::code::{FaultCode as Code, WarningCode};
use crate::scenario::notice::{Fault, Warning};
use crate::scenario::reader::{Part, Reader};
use crate::scenario::sheet::Sheet;
use crate::scenario::source::Span;
use crate::scenario::tree::{Table, Value};
use crate::scenario::value;

/// Claims that were read.
#[derive(Clone, Debug)]
pub(crate) struct Claimed {
    pub(crate) claims: Claims,
    /// Conditions and claims as effective TOML.
    pub(crate) toml: String,
}

/// A claim as it was written.
pub(crate) struct Written {
    pub(crate) claim: Claim,
    /// The effects that an order names; the claim has their differences.
    pub(crate) members: Vec<Effect>,
    name_at: Span,
}

/// Reads conditions and claims, if the scenario has any.
pub(crate) fn read(reader: &mut Reader, root: &Table, sheet: &Sheet) -> Option<Claimed> {
    if root.node("condition").is_none() && root.node("claim").is_none() {
        return None;
    }
    let sound = reader.faults.is_empty() && !reader.broken;
    let given = conditions::given(reader, root);
    let written = claims(reader, root, &given, sheet.size.days);
    // What is wrong in the scenario itself would be told again of each condition.
    let conditions = sound.then(|| conditions::worlds(reader, root, &given));
    let conditions = conditions.flatten()?;
    idle(reader, &given, &written);
    let toml = write::toml(&given, &written);
    let claims = written.into_iter().map(|written| written.claim).collect();
    Some(Claimed {
        claims: Claims { conditions, claims },
        toml,
    })
}

/// Warns of conditions that no claim looks at.
fn idle(reader: &mut Reader, given: &[Given<'_>], written: &[Written]) {
    for (place, condition) in given.iter().enumerate() {
        let looks = |effect: &Effect| effect.weights.iter().any(|(own, _)| *own == place);
        let mut claims = written.iter();
        if claims.any(|written| written.claim.effects.iter().any(looks)) {
            continue;
        }
        let message = format!("no claim looks at the condition `{}`", condition.name);
        let warning = Warning::new(WarningCode::IdleCondition, condition.at, message);
        let hint = "take it out, or name it in the `contrast` of a [[claim]]";
        reader
            .warnings
            .push(warning.label("never lived").hint(hint));
    }
}

fn claims(reader: &mut Reader, root: &Table, conditions: &[Given<'_>], last: u32) -> Vec<Written> {
    let Some(node) = root.node("claim") else {
        return Vec::new();
    };
    let Value::List(list) = &node.value else {
        let fault = Fault::new(Code::WrongType, node.at, "`claim` must be a list of tables")
            .label(format!("this is {}", node.value.kind()))
            .hint("write `[[claim]]` with two brackets, once for each claim");
        reader.fault(fault);
        return Vec::new();
    };
    let mut read: Vec<Written> = Vec::new();
    for item in list {
        let Some(table) = reader.as_table(item, "claim") else {
            continue;
        };
        let part = reader.part_of(Some(table), "claim", section("claim"), &[]);
        let form = Form {
            part: &part,
            table,
            conditions,
            last,
        };
        let Some(written) = form.read(reader) else {
            continue;
        };
        let twin = read
            .iter()
            .find(|other| other.claim.name == written.claim.name);
        if let Some(twin) = twin {
            let message = format!("two claims have the name `{}`", written.claim.name);
            let fault = Fault::new(Code::BadClaimName, written.name_at, message);
            let fault = fault.label("again here").other(twin.name_at, "first here");
            reader.fault(fault.hint("give each claim a name of its own"));
        }
        read.push(written);
    }
    read
}

/// One claim's table under reading.
struct Form<'p, 't> {
    part: &'p Part<'t>,
    table: &'t Table,
    conditions: &'p [Given<'p>],
    last: u32,
}

impl Form<'_, '_> {
    fn read(&self, reader: &mut Reader) -> Option<Written> {
        let rule = reader.word(self.part, "rule").and_then(ClaimRule::named);
        self.check_keys(reader, rule);
        let name = reader.text(self.part, "name");
        let name_at = self.part.node("name").map_or(self.table.at, |node| node.at);
        if let Some(name) = &name {
            check_name(reader, name, name_at, "a claim");
        }
        let statement = reader.text(self.part, "statement");
        let observed = observed::read(reader, self.part, self.table, self.last);
        let effects = contrast::read(reader, self.part, rule, self.conditions);
        let smallest = self.smallest(reader);
        let against = reader.number(self.part, "against").unwrap_or(0.0);
        let expect = reader.word(self.part, "expect");
        let requires = self.mechanisms(reader);
        let (effects, members) = effects?;
        let claim = Claim {
            name: name?,
            statement: statement?,
            observed: observed?,
            rule: rule?,
            effects,
            smallest: smallest?,
            against,
            expect: expect?,
            requires,
        };
        Some(Written {
            claim,
            members,
            name_at,
        })
    }

    fn check_keys(&self, reader: &mut Reader, rule: Option<ClaimRule>) {
        for key in ["name", "statement", "rule", "smallest", "expect"] {
            self.need(reader, key);
        }
        let Some(rule) = rule else { return };
        let order = rule == ClaimRule::Order;
        self.need(reader, if order { "order" } else { "contrast" });
        let idle: &[&str] = if order {
            &["contrast", "against"]
        } else {
            &["order"]
        };
        for key in idle {
            if let Some(entry) = self.table.entry(key) {
                let message = format!("a claim of the rule \"{}\" has no `{key}`", rule.word());
                let fault = Fault::new(Code::KeyNotForClaim, entry.key_at, message);
                let hint = if order {
                    "an order compares the effects in `order` with each other"
                } else {
                    "write `rule = \"order\"`, or a `contrast` in its place"
                };
                reader.fault(fault.label("does nothing here").hint(hint));
            }
        }
    }

    fn need(&self, reader: &mut Reader, key: &str) {
        if self.part.node(key).is_none() {
            reader.missing(self.part, key, self.table.at);
        }
    }

    fn smallest(&self, reader: &mut Reader) -> Option<f64> {
        let smallest = reader.number(self.part, "smallest")?;
        if smallest > 0.0 {
            return Some(smallest);
        }
        let at = self.part.node("smallest").map_or(self.table.at, |n| n.at);
        let message = "an effect of 0 is of no interest";
        let fault = Fault::new(Code::OutOfRange, at, message).label("not above 0");
        reader.fault(fault.hint("write the smallest effect that would matter"));
        None
    }

    fn mechanisms(&self, reader: &mut Reader) -> Vec<&'static str> {
        let Some(node) = self.part.node("requires") else {
            return Vec::new();
        };
        let Kind::Words(words) = self.part.field("requires").kind.clone() else {
            return Vec::new();
        };
        let Value::List(list) = &node.value else {
            let message = "`requires` takes a list of mechanisms in quotes";
            let fault = Fault::new(Code::WrongType, node.at, message)
                .label(format!("this is {}", node.value.kind()));
            reader.fault(fault.hint("write for example `requires = [\"buffering\"]`"));
            return Vec::new();
        };
        if list.is_empty() {
            let fault = Fault::new(Code::EmptyList, node.at, "`requires` must not be empty");
            reader.fault(
                fault
                    .label("empty")
                    .hint("take the line out where no mechanism is meant"),
            );
        }
        let mut seen: Vec<(&'static str, Span)> = Vec::new();
        for item in list {
            let word = match value::word(item, &words) {
                Ok(word) => word,
                Err(wrong) => {
                    reader.fault(wrong.fault(item.at, "requires"));
                    continue;
                }
            };
            let key = MECHANISMS.iter().find(|switch| switch.key == word);
            match seen.iter().find(|(other, _)| *other == word) {
                Some((_, first)) => {
                    let message = format!("\"{word}\" is listed twice");
                    let fault = Fault::new(Code::Repeated, item.at, message);
                    reader.fault(fault.label("again here").other(*first, "first here"));
                }
                None => seen.extend(key.map(|switch| (switch.key, item.at))),
            }
        }
        seen.into_iter().map(|(key, _)| key).collect()
    }
}
