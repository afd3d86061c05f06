//! Conditions and claims as effective TOML.

use super::conditions::{Given, Setting};
use super::read::Written;
use super::{ClaimRule, Days, Effect, Observed, TOGETHER};
use crate::scenario::catalogue::toml_number;
use crate::scenario::effective::{line, quoted};
use crate::scenario::tree::{Table, Value};
use crate::simulation::Role;

/// Every condition as it was written, and every key of every claim.
pub(crate) fn toml(conditions: &[Given<'_>], claims: &[Written]) -> String {
    let mut text = String::new();
    for condition in conditions {
        text.push_str(&format!("\n[condition.{}]\n", bare(condition.name)));
        for Setting { parts, node } in &condition.settings {
            let key: Vec<String> = parts.iter().map(|(part, _)| bare(part)).collect();
            line(&mut text, &key.join("."), &value(&node.value));
        }
    }
    for written in claims {
        claim(&mut text, written, conditions);
    }
    text
}

fn claim(text: &mut String, written: &Written, conditions: &[Given<'_>]) {
    let claim = &written.claim;
    text.push_str("\n[[claim]]\n");
    line(text, "name", &quoted(&claim.name));
    line(text, "statement", &quoted(&claim.statement));
    observed(text, &claim.observed);
    let effect = |effect: &Effect| {
        let weights = effect.weights.iter().map(|(place, weight)| {
            format!(
                "{} = {}",
                bare(conditions[*place].name),
                toml_number(*weight)
            )
        });
        format!("{{ {} }}", weights.collect::<Vec<_>>().join(", "))
    };
    if claim.rule == ClaimRule::Order {
        let members: Vec<String> = written.members.iter().map(effect).collect();
        line(text, "order", &format!("[{}]", members.join(", ")));
    } else {
        for single in &claim.effects {
            line(text, "contrast", &effect(single));
        }
        line(text, "against", &toml_number(claim.against));
    }
    line(text, "rule", &quoted(claim.rule.word()));
    line(text, "smallest", &toml_number(claim.smallest));
    line(text, "expect", &quoted(claim.expect));
    if !claim.requires.is_empty() {
        let keys: Vec<String> = claim.requires.iter().map(|key| quoted(key)).collect();
        line(text, "requires", &format!("[{}]", keys.join(", ")));
    }
}

fn observed(text: &mut String, observed: &Observed) {
    let pair = |one: &str, other: &str| format!("[{}, {}]", quoted(one), quoted(other));
    match observed {
        Observed::Mean(observable, role, span) => {
            line(text, "observable", &quoted(observable.info().key));
            line(text, "role", &quoted(Role::WORDS[*role as usize]));
            days(text, *span);
        }
        Observed::Together(span) => {
            line(text, "observable", &quoted(TOGETHER));
            days(text, *span);
        }
        Observed::Correlation(one, other) => line(text, "correlation", &pair(one, other)),
        Observed::Slope(of, on) => line(text, "slope", &pair(of, on)),
    }
}

fn days(text: &mut String, Days { from, to }: Days) {
    if from == to {
        line(text, "day", &from.to_string());
    } else {
        line(text, "from", &from.to_string());
        line(text, "to", &to.to_string());
    }
}

/// A key as TOML writes it.
fn bare(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !key.is_empty() && key.chars().all(plain) {
        key.to_owned()
    } else {
        quoted(key)
    }
}

fn value(of: &Value) -> String {
    match of {
        Value::Text(text) => quoted(text),
        Value::Whole(whole) => whole.to_string(),
        Value::Number(number) => toml_number(*number),
        Value::Switch(on) => on.to_string(),
        Value::List(list) => {
            let items: Vec<String> = list.iter().map(|node| value(&node.value)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Table(table) => inline(table),
        // A condition that was read without a fault holds neither.
        Value::Huge(digits) => digits.clone(),
        Value::Date => quoted(""),
    }
}

fn inline(table: &Table) -> String {
    let entries: Vec<String> = table
        .entries
        .iter()
        .map(|entry| format!("{} = {}", bare(&entry.key), value(&entry.node.value)))
        .collect();
    format!("{{ {} }}", entries.join(", "))
}
