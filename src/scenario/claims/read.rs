//! Reading `[condition.NAME]` and `[[claim]]`, and writing them back as TOML.

use super::conditions::{self, ConditionKey, ConditionSpec, check_name};
use super::schema::REQUIRED;
use super::{
    Claim, ClaimRule, Claims, Contrast, Observed, ObservedDays, TOGETHER, contrast, observed,
};
use crate::model::parameters::MECHANISMS;
use crate::scenario::code::Code;
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::reader::{ListWords, OpenTable, ScenarioReader};
use crate::scenario::source::Span;
use crate::scenario::spec::ScenarioSpec;
use crate::scenario::to_toml::{
    line, toml_inline, toml_key, toml_list, toml_number, toml_text, toml_texts, toml_value,
};
use crate::scenario::tree::TomlTable;
use crate::simulation::Role;

/// Claims that were read.
#[derive(Clone, Debug)]
pub(crate) struct ParsedClaims {
    pub(crate) claims: Claims,
    /// Conditions and claims as effective TOML.
    pub(crate) toml: String,
}

/// A claim as it was written.
struct ParsedClaim {
    claim: Claim,
    /// The effects that an order names; the claim has their differences.
    members: Vec<Contrast>,
    name_at: Span,
}

/// Reads conditions and claims, if the scenario has any.
pub(crate) fn read(
    reader: &mut ScenarioReader,
    root: &TomlTable,
    spec: &ScenarioSpec,
) -> Option<ParsedClaims> {
    if root.node("condition").is_none() && root.node("claim").is_none() {
        return None;
    }
    let sound = reader.errors.is_empty() && !reader.broken;
    let given = conditions::read(reader, root);
    let parsed = claims(reader, root, &given, spec.size.days);
    // What is wrong in the scenario itself would be said again of each condition.
    let configs = sound.then(|| conditions::configs(reader, root, &given));
    let conditions = configs.flatten()?;
    warn_of_idle(reader, &given, &parsed);
    let toml = to_toml(&given, &parsed);
    let claims = parsed.into_iter().map(|parsed| parsed.claim).collect();
    let claims = Claims { conditions, claims };
    Some(ParsedClaims { claims, toml })
}

/// Warns of conditions that no claim looks at.
fn warn_of_idle(reader: &mut ScenarioReader, given: &[ConditionSpec<'_>], parsed: &[ParsedClaim]) {
    for (place, condition) in given.iter().enumerate() {
        let looks = |effect: &Contrast| effect.weights.iter().any(|(own, _)| *own == place);
        if parsed
            .iter()
            .any(|parsed| parsed.claim.effects.iter().any(looks))
        {
            continue;
        }
        let message = format!("no claim looks at the condition `{}`", condition.name);
        let warning = Diagnostic::new(Code::IdleCondition, condition.at, message);
        let hint = "take it out, or name it in the `contrast` of a [[claim]]";
        reader
            .warnings
            .push(warning.label("never simulated").hint(hint));
    }
}

fn claims(
    reader: &mut ScenarioReader,
    root: &TomlTable,
    conditions: &[ConditionSpec<'_>],
    last: u32,
) -> Vec<ParsedClaim> {
    let mut all: Vec<ParsedClaim> = Vec::new();
    for table in reader.open_list(root.node("claim"), "claim") {
        let Some(parsed) = claim(reader, &table, conditions, last) else {
            continue;
        };
        let twin = all
            .iter()
            .find(|other| other.claim.name == parsed.claim.name);
        if let Some(twin) = twin {
            let message = format!("two claims have the name `{}`", parsed.claim.name);
            let error = Diagnostic::new(Code::BadClaimName, parsed.name_at, message);
            let error = error.label("again here").other(twin.name_at, "first here");
            reader.report(error.hint("give each claim a name of its own"));
        }
        all.push(parsed);
    }
    all
}

fn claim(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    conditions: &[ConditionSpec<'_>],
    last: u32,
) -> Option<ParsedClaim> {
    let rule = reader.word(table, "rule").and_then(ClaimRule::named);
    check_keys(reader, table, rule);
    let name = reader.text(table, "name");
    let name_at = table.at("name");
    if let Some(name) = &name {
        check_name(reader, name, name_at, "a claim");
    }
    let statement = reader.text(table, "statement");
    let observed = observed::read(reader, table, last);
    let effects = contrast::read(reader, table, rule, conditions);
    let sesoi = sesoi(reader, table);
    let null = reader.number(table, "null").unwrap_or(0.0);
    let expect = reader.word(table, "expect");
    let words = ListWords {
        takes: "a list of mechanisms in quotes",
        example: "write for example `requires = [\"buffering\"]`",
        if_empty: Some("take the line out where no mechanism is meant"),
    };
    let required = reader.words(table, "requires", &words).unwrap_or_default();
    let key = |word| {
        MECHANISMS
            .iter()
            .find(|own| own.key == word)
            .map(|own| own.key)
    };
    let (effects, members) = effects?;
    let claim = Claim {
        name: name?,
        statement: statement?,
        observed: observed?,
        rule: rule?,
        effects,
        sesoi: sesoi?,
        null,
        expect: expect?,
        requires: required.into_iter().filter_map(key).collect(),
    };
    Some(ParsedClaim {
        claim,
        members,
        name_at,
    })
}

fn check_keys(reader: &mut ScenarioReader, table: &OpenTable<'_>, rule: Option<ClaimRule>) {
    reader.need(table, &REQUIRED);
    let Some(rule) = rule else { return };
    let order = rule == ClaimRule::Order;
    reader.need(table, if order { &["order"] } else { &["contrast"] });
    let idle: &[&str] = if order {
        &["contrast", "null"]
    } else {
        &["order"]
    };
    for key in idle {
        if let Some(entry) = table.entry(key) {
            let message = format!("a claim of the rule \"{}\" has no `{key}`", rule.word());
            let error = Diagnostic::new(Code::KeyNotForClaim, entry.key_at, message);
            let hint = if order {
                "an order compares the effects in `order` with each other"
            } else {
                "write `rule = \"order\"`, or a `contrast` in its place"
            };
            reader.report(error.label("does nothing here").hint(hint));
        }
    }
}

fn sesoi(reader: &mut ScenarioReader, table: &OpenTable<'_>) -> Option<f64> {
    let sesoi = reader.number(table, "sesoi")?;
    if sesoi > 0.0 {
        return Some(sesoi);
    }
    let message = "an effect of 0 is of no interest";
    let error = Diagnostic::new(Code::OutOfRange, table.at("sesoi"), message).label("not above 0");
    reader.report(error.hint("write the smallest effect that would matter"));
    None
}

/// Every condition as it was written, and every key of every claim.
fn to_toml(conditions: &[ConditionSpec<'_>], claims: &[ParsedClaim]) -> String {
    let mut text = String::new();
    for condition in conditions {
        text.push_str(&format!("\n[condition.{}]\n", toml_key(condition.name)));
        for ConditionKey { parts, node } in &condition.settings {
            let key: Vec<String> = parts.iter().map(|(part, _)| toml_key(part)).collect();
            line(&mut text, &key.join("."), &toml_value(&node.value));
        }
    }
    for parsed in claims {
        claim_to_toml(&mut text, parsed, conditions);
    }
    text
}

fn claim_to_toml(text: &mut String, parsed: &ParsedClaim, conditions: &[ConditionSpec<'_>]) {
    let claim = &parsed.claim;
    text.push_str("\n[[claim]]\n");
    line(text, "name", &toml_text(&claim.name));
    line(text, "statement", &toml_text(&claim.statement));
    observed_to_toml(text, &claim.observed);
    let effect = |effect: &Contrast| {
        toml_inline(
            effect
                .weights
                .iter()
                .map(|(place, weight)| (toml_key(conditions[*place].name), toml_number(*weight))),
        )
    };
    if claim.rule == ClaimRule::Order {
        line(text, "order", &toml_list(parsed.members.iter().map(effect)));
    } else {
        for single in &claim.effects {
            line(text, "contrast", &effect(single));
        }
        line(text, "null", &toml_number(claim.null));
    }
    line(text, "rule", &toml_text(claim.rule.word()));
    line(text, "sesoi", &toml_number(claim.sesoi));
    line(text, "expect", &toml_text(claim.expect));
    if !claim.requires.is_empty() {
        line(
            text,
            "requires",
            &toml_texts(claim.requires.iter().copied()),
        );
    }
}

fn observed_to_toml(text: &mut String, observed: &Observed) {
    let pair = |one: &str, other: &str| format!("[{}, {}]", toml_text(one), toml_text(other));
    match observed {
        Observed::Mean(observable, role, span) => {
            line(text, "observable", &toml_text(observable.info().key));
            line(text, "role", &toml_text(Role::WORDS[*role as usize]));
            days(text, *span);
        }
        Observed::Together(span) => {
            line(text, "observable", &toml_text(TOGETHER));
            days(text, *span);
        }
        Observed::Correlation(one, other) => line(text, "correlation", &pair(one, other)),
        Observed::Slope(of, on) => line(text, "slope", &pair(of, on)),
    }
}

fn days(text: &mut String, ObservedDays { from, to }: ObservedDays) {
    if from == to {
        line(text, "day", &from.to_string());
    } else {
        line(text, "from", &from.to_string());
        line(text, "to", &to.to_string());
    }
}
