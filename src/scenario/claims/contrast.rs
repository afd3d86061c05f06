//! Reading contrasts: tables of conditions and weights become effects.

use super::conditions::ConditionSpec;
use super::schema::LARGEST;
use super::{ClaimRule, Contrast};
use crate::scenario::code::Code;
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::reader::{OpenTable, ScenarioReader, listed, wrong_type};
use crate::scenario::suggest::nearest;
use crate::scenario::tree::TomlNode;

/// Reads the effects of a claim, and the members of its order.
pub(crate) fn read(
    reader: &mut ScenarioReader,
    part: &OpenTable<'_>,
    rule: Option<ClaimRule>,
    conditions: &[ConditionSpec<'_>],
) -> Option<(Vec<Contrast>, Vec<Contrast>)> {
    match rule? {
        ClaimRule::Order => order(reader, part.node("order")?, conditions),
        _ => {
            let effect = effect(reader, part.node("contrast")?, "contrast", conditions)?;
            Some((vec![effect], Vec::new()))
        }
    }
}

fn effect(
    reader: &mut ScenarioReader,
    node: &TomlNode,
    key: &str,
    conditions: &[ConditionSpec<'_>],
) -> Option<Contrast> {
    let Some(table) = node.table() else {
        let message = format!("`{key}` takes tables of conditions with their weights");
        let hint = "write for example `{ calm = 1, stressed = -1 }`";
        reader.report(wrong_type(node, message).hint(hint));
        return None;
    };
    let before = reader.errors.len();
    if table.entries.is_empty() {
        let error = Diagnostic::new(
            Code::BadContrast,
            node.at,
            "a contrast must name a condition",
        );
        reader.report(
            error
                .label("empty")
                .hint("write for example `{ calm = 1 }`"),
        );
    }
    let mut weights = Vec::new();
    for entry in &table.entries {
        let place = conditions.iter().position(|given| given.name == entry.key);
        if place.is_none() {
            reader.report(unknown(&entry.key, entry.key_at, conditions));
        }
        let weight = reader.number_in(&entry.node, &entry.key, -LARGEST, LARGEST);
        if weight == Some(0.0) {
            let message = format!("a weight of 0 takes `{}` out", entry.key.escape_debug());
            let error =
                Diagnostic::new(Code::BadContrast, entry.node.at, message).label("no weight");
            reader.report(error.hint("take the condition out, or give it a weight"));
        }
        weights.extend(place.zip(weight));
    }
    weights.sort_by_key(|(place, _)| *place);
    // What is added stands before what is taken away.
    weights.sort_by_key(|(_, weight)| *weight < 0.0);
    (reader.errors.len() == before).then_some(Contrast { weights })
}

fn unknown(
    name: &str,
    at: crate::scenario::source::Span,
    conditions: &[ConditionSpec<'_>],
) -> Diagnostic {
    let names: Vec<&str> = conditions.iter().map(|given| given.name).collect();
    let message = format!("there is no condition `{}`", name.escape_debug());
    let hint = match nearest(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => "write `[condition.NAME]` for each condition".to_owned(),
        None => format!("the conditions are {}", listed(&names)),
    };
    Diagnostic::new(Code::UnknownWord, at, message)
        .label("unknown condition")
        .hint(hint)
}

fn order(
    reader: &mut ScenarioReader,
    node: &TomlNode,
    conditions: &[ConditionSpec<'_>],
) -> Option<(Vec<Contrast>, Vec<Contrast>)> {
    let Some(list) = node.list() else {
        let hint =
            "write for example `order = [{ open = 1, usual = -1 }, { patient = 1, usual = -1 }]`";
        reader.report(wrong_type(node, "`order` takes a list of tables").hint(hint));
        return None;
    };
    if list.len() < 2 {
        let error = Diagnostic::new(
            Code::BadContrast,
            node.at,
            "an order needs two effects or more",
        );
        reader.report(
            error
                .label("too few")
                .hint("of one effect say a `contrast`"),
        );
    }
    let read = list
        .iter()
        .map(|item| effect(reader, item, "order", conditions));
    let read: Vec<Option<Contrast>> = read.collect();
    let members = read.into_iter().collect::<Option<Vec<Contrast>>>()?;
    let mut effects = Vec::new();
    for (index, pair) in members.windows(2).enumerate() {
        let apart = difference(&pair[0], &pair[1]);
        if apart.weights.is_empty() {
            let at = list[index + 1].at;
            let error = Diagnostic::new(Code::BadContrast, at, "this effect is the one before it");
            reader.report(
                error
                    .label("the same again")
                    .other(list[index].at, "first here"),
            );
        }
        effects.push(apart);
    }
    (members.len() > 1).then_some((effects, members))
}

/// One effect less another.
fn difference(one: &Contrast, other: &Contrast) -> Contrast {
    let mut weights = one.weights.clone();
    for (condition, weight) in &other.weights {
        match weights.iter_mut().find(|(place, _)| place == condition) {
            Some((_, sum)) => *sum -= weight,
            None => weights.push((*condition, -weight)),
        }
    }
    weights.retain(|(_, weight)| *weight != 0.0);
    Contrast { weights }
}
