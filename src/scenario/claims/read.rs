//! Reading `[condition.NAME]` and `[[claim]]`, the configuration of each condition, and writing both back
//! as TOML.

use super::schema::{LARGEST, OBSERVED, REQUIRED, numeric_columns};
use super::{Claim, ClaimRule, Claims, Condition, Contrast, Observed, ObservedDays, TOGETHER};
use crate::model::parameters::MECHANISMS;
use crate::scenario::diagnostic::{Code, Diagnostic, Span};
use crate::scenario::dotted_keys::set_value;
use crate::scenario::nearest::nearest;
use crate::scenario::rate_ceilings::excesses;
use crate::scenario::reader::{ListWords, OpenTable, ScenarioReader, listed, wrong_type};
use crate::scenario::spec::ScenarioSpec;
use crate::scenario::tables;
use crate::scenario::tree::{
    TomlEntry, TomlNode, TomlTable, TomlValue, toml_inline, toml_key, toml_line, toml_list,
    toml_number, toml_text, toml_texts, toml_value,
};
use crate::scenario::value::{is_snake_case, name_no_longer};
use crate::simulation::{Observable, Over, Role};

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
    let given = read_conditions(reader, root);
    let parsed = claims(reader, root, &given, spec.size.days);
    // What is wrong in the scenario itself would be said again of each condition.
    let configs = sound.then(|| condition_configs(reader, root, &given));
    let conditions = configs.flatten()?;
    warn_of_ceilings(reader, spec, &given, &conditions);
    warn_of_idle(reader, &given, &parsed);
    let toml = to_toml(&given, &parsed);
    let claims = parsed.into_iter().map(|parsed| parsed.claim).collect();
    let claims = Claims { conditions, claims };
    Some(ParsedClaims { claims, toml })
}

/// Warns of conditions that set a rate above its ceiling.
fn warn_of_ceilings(
    reader: &mut ScenarioReader,
    spec: &ScenarioSpec,
    given: &[ConditionSpec<'_>],
    conditions: &[Condition],
) {
    let of_scenario = excesses(&spec.config());
    for (given, condition) in given.iter().zip(conditions) {
        let own = excesses(&condition.config).into_iter();
        for excess in own.filter(|excess| !of_scenario.contains(excess)) {
            let sets = |key: &&ConditionKey<'_>| {
                let names: Vec<&str> = key.parts.iter().map(|part| part.0).collect();
                let of_kind = |(table, own): &(&str, &str)| names.starts_with(&[table, own]);
                names[0] == "event" || excess.kind.keys().iter().any(of_kind)
            };
            let key = given.settings.iter().find(sets);
            let at = key.map_or(given.at, |key| key.node.at);
            reader.warnings.push(excess.warning(at));
        }
    }
}

/// Warns of conditions that no claim looks at.
fn warn_of_idle(reader: &mut ScenarioReader, given: &[ConditionSpec<'_>], parsed: &[ParsedClaim]) {
    if parsed.is_empty() {
        return;
    }
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
    let observed = read_observed(reader, table, last);
    let effects = read_effects(reader, table, rule, conditions);
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
            toml_line(&mut text, &key.join("."), &toml_value(&node.value));
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
    toml_line(text, "name", &toml_text(&claim.name));
    toml_line(text, "statement", &toml_text(&claim.statement));
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
        toml_line(text, "order", &toml_list(parsed.members.iter().map(effect)));
    } else {
        for single in &claim.effects {
            toml_line(text, "contrast", &effect(single));
        }
        toml_line(text, "null", &toml_number(claim.null));
    }
    toml_line(text, "rule", &toml_text(claim.rule.word()));
    toml_line(text, "sesoi", &toml_number(claim.sesoi));
    toml_line(text, "expect", &toml_text(claim.expect));
    if !claim.requires.is_empty() {
        toml_line(
            text,
            "requires",
            &toml_texts(claim.requires.iter().copied()),
        );
    }
}

fn observed_to_toml(text: &mut String, observed: &Observed) {
    let pair = |one: &str, other: &str| format!("[{}, {}]", toml_text(one), toml_text(other));
    match observed {
        Observed::Mean(observable, role, over, span) => {
            toml_line(text, "observable", &toml_text(observable.info().key));
            toml_line(text, "role", &toml_text(Role::WORDS[*role as usize]));
            toml_line(text, "over", &toml_text(Over::WORDS[*over as usize]));
            days_to_toml(text, *span);
        }
        Observed::Together(span) => {
            toml_line(text, "observable", &toml_text(TOGETHER));
            days_to_toml(text, *span);
        }
        Observed::Correlation(one, other) => toml_line(text, "correlation", &pair(one, other)),
        Observed::Slope(of, on) => toml_line(text, "slope", &pair(of, on)),
    }
}

fn days_to_toml(text: &mut String, ObservedDays { from, to }: ObservedDays) {
    if from == to {
        toml_line(text, "day", &from.to_string());
    } else {
        toml_line(text, "from", &from.to_string());
        toml_line(text, "to", &to.to_string());
    }
}

/// A condition as it was written.
struct ConditionSpec<'t> {
    name: &'t str,
    at: Span,
    /// The keys that it sets, part by part.
    settings: Vec<ConditionKey<'t>>,
}

/// One key of a condition with its value.
pub(crate) struct ConditionKey<'t> {
    pub(crate) parts: Vec<(&'t str, Span)>,
    pub(crate) node: &'t TomlNode,
}

/// Reads all conditions' names and keys.
fn read_conditions<'t>(reader: &mut ScenarioReader, root: &'t TomlTable) -> Vec<ConditionSpec<'t>> {
    let Some(node) = root.node("condition") else {
        return Vec::new();
    };
    let Some(all) = node.table() else {
        let error = wrong_type(node, "`condition` must be a table of tables");
        reader.report(error.hint("write `[condition.NAME]` once for each condition"));
        return Vec::new();
    };
    let mut conditions = Vec::new();
    for entry in &all.entries {
        check_name(reader, &entry.key, entry.key_at, "a condition");
        let Some(table) = reader.as_table(&entry.node, &format!("condition.{}", entry.key)) else {
            continue;
        };
        let mut settings = Vec::new();
        leaves(table, &[], &mut settings);
        conditions.push(ConditionSpec {
            name: &entry.key,
            at: entry.key_at,
            settings,
        });
    }
    conditions
}

/// Reports a name that is not in snake_case.
fn check_name(reader: &mut ScenarioReader, name: &str, at: Span, what: &str) {
    if let Err(error) = name_no_longer(name, at, what) {
        reader.report(error);
        return;
    }
    if is_snake_case(name) {
        return;
    }
    let message = format!("\"{}\" is no name of {what}", name.escape_debug());
    let error = Diagnostic::new(Code::BadClaimName, at, message).label("not in snake_case");
    reader.report(error.hint("write it with small letters, digits and `_`, a letter first"));
}

/// Gathers the values below a table; a distribution is one value.
pub(crate) fn leaves<'t>(
    table: &'t TomlTable,
    before: &[(&'t str, Span)],
    found: &mut Vec<ConditionKey<'t>>,
) {
    for TomlEntry { key, key_at, node } in &table.entries {
        let parts = [before, &[(key.as_str(), *key_at)]].concat();
        match node.table() {
            Some(inner) if inner.node("dist").is_none() => leaves(inner, &parts, found),
            _ => found.push(ConditionKey { parts, node }),
        }
    }
}

/// Makes each condition's configuration; `None` where one of them has an error.
fn condition_configs(
    reader: &mut ScenarioReader,
    root: &TomlTable,
    given: &[ConditionSpec<'_>],
) -> Option<Vec<Condition>> {
    let before = reader.errors.len();
    let mut plain = root.clone();
    plain
        .entries
        .retain(|entry| !["condition", "claim", "sweep"].contains(&entry.key.as_str()));
    let mut conditions = Vec::new();
    for condition in given {
        if reader.has_many_errors() {
            return None;
        }
        let mut root = plain.clone();
        for ConditionKey { parts, node } in &condition.settings {
            if let Some((why, hint)) = refused(parts) {
                let message = format!(
                    "a condition cannot set `{}`: {why}",
                    dotted(parts).escape_debug()
                );
                let error =
                    Diagnostic::new(Code::NoConditionKey, parts[0].1, message).label("not here");
                reader.report(error.hint(hint));
            } else if let Err(error) = set_value(&mut root, parts, (*node).clone()) {
                reader.report(*error);
            }
        }
        let mut own = ScenarioReader::new(reader.tables, false);
        let spec = tables::read(&mut own, &root);
        if own.errors.is_empty() {
            conditions.push(Condition {
                name: condition.name.to_owned(),
                config: spec.config(),
                spec,
            });
        }
        reader.errors.append(&mut own.errors);
    }
    (reader.errors.len() == before).then_some(conditions)
}

/// A setting's dotted key.
fn dotted(parts: &[(&str, Span)]) -> String {
    let names: Vec<&str> = parts.iter().map(|part| part.0).collect();
    names.join(".")
}

/// Why a condition does not set a key, and what to do instead.
fn refused(parts: &[(&str, Span)]) -> Option<(&'static str, &'static str)> {
    let second = parts.get(1).map(|part| part.0);
    match (parts[0].0, second) {
        ("run", Some("seed" | "replicates")) => Some((
            "all conditions share their random numbers, and as many replicates are run as the claims need",
            "set the seed under [run]; `--max-runs` bounds the replicates",
        )),
        ("run", Some("couples" | "days")) => Some((
            "all conditions simulate the same couples for the same time",
            "set it under [run]",
        )),
        ("record", _) => Some((
            "what is recorded does not change the simulation",
            "say in a [[claim]] what is observed",
        )),
        ("title" | "description" | "about", _) => Some((
            "it names the scenario as a whole",
            "set it at the top of the file",
        )),
        ("sweep" | "condition" | "claim", _) => Some((
            "the simulation does not depend on it",
            "set keys of [traits], [initial], [couple], [mechanisms], [parameters] or [[event]]",
        )),
        _ => None,
    }
}

/// Reads the effects of a claim, and the members of its order.
fn read_effects(
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
            reader.report(unknown_condition(&entry.key, entry.key_at, conditions));
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

fn unknown_condition(name: &str, at: Span, conditions: &[ConditionSpec<'_>]) -> Diagnostic {
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

/// Reads what is observed, on the days of a run of so many.
fn read_observed(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    last: u32,
) -> Option<Observed> {
    let given: Vec<&str> = OBSERVED
        .into_iter()
        .filter(|key| table.node(key).is_some())
        .collect();
    match given[..] {
        [] => {
            if !reader.broken && !OBSERVED.iter().any(|key| table.excuses(key)) {
                let message = "the claim does not say what is observed";
                let error = Diagnostic::new(Code::MissingKey, table.at, message).label("here");
                reader.report(error.hint(format!("give one of {}", listed(&OBSERVED))));
            }
            None
        }
        [_, second, ..] => {
            let at = |key: &str| table.entry(key).map_or(table.at, |entry| entry.key_at);
            let message = format!("a claim has one of {}", listed(&OBSERVED));
            let error = Diagnostic::new(Code::Conflict, at(second), message).label("and this");
            reader.report(
                error
                    .other(at(given[0]), "this")
                    .hint("make two claims of it"),
            );
            None
        }
        ["observable"] => observable(reader, table, last),
        [key] => {
            for other in ["role", "over", "day", "from", "to"] {
                if let Some(entry) = table.entry(other) {
                    let message = format!("a claim on a {key} has no `{other}`");
                    reader.report(needless(entry.key_at, message).hint(
                        "columns of the couples' table say whose they are, and are of the start or the end",
                    ));
                }
            }
            let [one, other] = couple_columns(reader, table.node(key)?, key)?;
            Some(if key == "slope" {
                Observed::Slope(one, other)
            } else {
                Observed::Correlation(one, other)
            })
        }
    }
}

fn needless(at: Span, message: String) -> Diagnostic {
    Diagnostic::new(Code::KeyNotForClaim, at, message).label("does nothing here")
}

fn observable(reader: &mut ScenarioReader, table: &OpenTable<'_>, last: u32) -> Option<Observed> {
    let word = reader.word(table, "observable");
    let observable = word.and_then(Observable::named);
    let days = observed_days(reader, table, last);
    let days = match observable {
        Some(observable) if observable.is_of_events() => {
            days.and_then(|days| without_day_0(reader, table, days, observable))
        }
        _ => days,
    };
    let role = reader.word(table, "role");
    let shared = word == Some(TOGETHER) || observable.is_some_and(|own| own.info().of_couple);
    if let (true, Some("a" | "b"), Some(word), Some(entry)) =
        (shared, role, word, table.entry("role"))
    {
        let message = format!("\"{word}\" belongs to the couple, not to one partner");
        reader.report(needless(entry.key_at, message).hint("take `role` out"));
    }
    let over = match reader.word(table, "over") {
        Some("all") => Over::All,
        _ => Over::Together,
    };
    if let (Some(TOGETHER), Some(entry)) = (word, table.entry("over")) {
        let message = format!("\"{TOGETHER}\" is a share of all couples");
        reader.report(needless(entry.key_at, message).hint("take `over` out"));
    }
    let role = match role {
        Some("a") => Role::A,
        Some("b") => Role::B,
        _ => Role::Couple,
    };
    match (observable, word) {
        (Some(observable), _) => Some(Observed::Mean(observable, role, over, days?)),
        (None, Some(_)) => Some(Observed::Together(days?)),
        (None, None) => None,
    }
}

/// Leaves day 0 out of the days on which events are observed: no day came before it.
fn without_day_0(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    days: ObservedDays,
    observable: Observable,
) -> Option<ObservedDays> {
    if days.from > 0 {
        return Some(days);
    }
    let key = observable.info().key;
    let given = ["day", "from", "to"]
        .into_iter()
        .find(|key| table.node(key).is_some());
    let at = table.at(given.unwrap_or("observable"));
    if days.to == 0 {
        let message =
            format!("\"{key}\" is made of a day's events, and day 0 is before the first day");
        let error = Diagnostic::new(Code::OutOfRange, at, message).label("no day has passed");
        reader.report(error.hint("write 1 or more"));
        return None;
    }
    if given == Some("from") {
        let message = format!("day 0 is left out, because \"{key}\" is made of a day's events");
        let warning = Diagnostic::new(Code::NoEventsOnDay0, at, message);
        let warning = warning.label("before the first day");
        reader.warnings.push(warning.hint("write `from = 1`"));
    }
    Some(ObservedDays { from: 1, ..days })
}

fn observed_days(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    last: u32,
) -> Option<ObservedDays> {
    let mut read = |key: &str| {
        let day = reader.integer(table, key)?;
        if day <= i64::from(last) {
            return Some(day as u32);
        }
        let at = table.at(key);
        let message = format!("`{key}` is day {day}, but the run has only {last} days");
        let error = Diagnostic::new(Code::BeyondTheRun, at, message).label("after the run");
        reader.report(error.hint(format!("write {last} or less")));
        None
    };
    let (day, from, to) = (read("day"), read("from"), read("to"));
    let entry = |key: &str| table.entry(key).map(|entry| entry.key_at);
    let window = entry("from").or(entry("to"));
    if let (Some(day), Some(other)) = (entry("day"), window) {
        let message = "a claim observes one day, or the days from one to another";
        let error = Diagnostic::new(Code::Conflict, other, message).label("and this");
        reader.report(error.other(day, "this").hint("take one of them out"));
    }
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        let at = table.at("to");
        let message = format!("the days end on day {to}, before they begin on day {from}");
        reader.report(Diagnostic::new(Code::BadPeriod, at, message).label("too early"));
        return None;
    }
    Some(match (day, window) {
        (Some(day), _) => ObservedDays { from: day, to: day },
        (None, Some(_)) => ObservedDays {
            from: from.unwrap_or(0),
            to: to.unwrap_or(last),
        },
        (None, None) => ObservedDays {
            from: last,
            to: last,
        },
    })
}

fn couple_columns(reader: &mut ScenarioReader, node: &TomlNode, key: &str) -> Option<[String; 2]> {
    let list = match &node.value {
        TomlValue::List(list) if list.len() == 2 => list,
        other => {
            let message = format!("`{key}` takes a list of two columns of the couples' table");
            let label = match other {
                TomlValue::List(list) => format!("this lists {}", list.len()),
                other => format!("this is {}", other.kind()),
            };
            let hint = format!("write for example `{key} = [\"trust_end_a\", \"anxiety_a\"]`");
            let error = Diagnostic::new(Code::WrongType, node.at, message).label(label);
            reader.report(error.hint(hint));
            return None;
        }
    };
    let known = numeric_columns();
    let mut names = Vec::new();
    for item in list {
        match &item.value {
            TomlValue::Text(name) if known.contains(name) => names.push(name.clone()),
            TomlValue::Text(name) => {
                let message = format!(
                    "the couples' table has no column of numbers \"{}\"",
                    name.escape_debug()
                );
                let hint = match nearest(name, known.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean \"{near}\"?"),
                    None => "columns are traits such as \"anxiety_a\", and states such as \"trust_start_a\" \
                             and \"trust_end_b\""
                        .to_owned(),
                };
                let error =
                    Diagnostic::new(Code::UnknownWord, item.at, message).label("unknown column");
                reader.report(error.hint(hint));
            }
            other => {
                let message = format!("`{key}` takes names of columns in quotes");
                let label = format!("this is {}", other.kind());
                reader.report(Diagnostic::new(Code::WrongType, item.at, message).label(label));
            }
        }
    }
    let [one, other]: [String; 2] = names.try_into().ok()?;
    if one == other {
        let message = format!("\"{one}\" goes with itself");
        let error = Diagnostic::new(Code::Repeated, list[1].at, message).label("the same again");
        reader.report(error.other(list[0].at, "first here"));
        return None;
    }
    Some([one, other])
}
