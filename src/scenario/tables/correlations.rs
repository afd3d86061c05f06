//! Correlations: reading `[correlations]`, whose keys are names of pairs, and whether all of them can
//! hold together.

use crate::math::correlation::{CorrelationError, GaussianCopula};
use crate::scenario::diagnostic::{Code, Diagnostic, Span};
use crate::scenario::nearest::nearest;
use crate::scenario::reader::ScenarioReader;
use crate::scenario::schema::TableSpec;
use crate::scenario::spec::{
    CHILDHOOD, CorrelatedPair, Correlations, PARTNERS, ScenarioSpec, Variable, can_be_given,
    default_pair, every_place, key_of, name_of, with_childhood,
};
use crate::scenario::tree::{TomlEntry, TomlTable, toml_line, toml_number, toml_text};
use crate::simulation::defaults::DEFAULT_CORRELATIONS;
use serde_json::{Value, json};

/// What is wrong with a name, and what to do about it.
type NameProblem = (String, String);

/// `[correlations]`.
pub(crate) fn table() -> TableSpec {
    let doc = "What goes together: correlations of the normal scores behind traits and starts";
    TableSpec {
        settable: false,
        prose: PROSE,
        examples: "\
# Examples: two numbers of each partner, one number of both partners, and a pair by roles.
# \"anxiety~avoidance\" is 0.3 and \"partners.mate_value\" 0.5 unless something else is said.
#\"anxiety~avoidance\" = 0.3
#\"partners.openness\" = 0.4
#\"a.responsiveness~b.anxiety\" = -0.2
",
        write: Some(write),
        json: Some(json),
        page: Some(|_| PROSE.to_owned()),
        ..TableSpec::new("correlations", doc, Vec::new())
    }
}

const PROSE: &str = "\
A name joins two traits or starting states. `\"anxiety~avoidance\"` holds within each partner,
`\"partners.openness\"` joins the same number of both partners, `\"a.responsiveness~b.anxiety\"` joins a
pair by roles. A starting state that is named like a trait is written `initial.NAME`. The correlation
is that of the normal scores behind the numbers (a Gaussian copula), from -1 to 1. Numbers that do
not vary cannot be correlated. `\"anxiety~avoidance\"` is 0.3 and `\"partners.mate_value\"` is 0.5 unless
something else is said; 0 takes them away.

";

/// The correlations that were given, and the defaults unless conditions may take one of them away.
fn write(spec: &ScenarioSpec, _: &TableSpec) -> String {
    let mut text = "\n[correlations]\n".to_owned();
    let defaults = spec.correlations.defaults(&spec.variables);
    let defaults = defaults.iter().filter(|_| !spec.has_conditions);
    for (name, value) in spec.correlations.names.iter().chain(defaults) {
        toml_line(&mut text, &toml_text(name), &toml_number(*value));
    }
    text
}

fn json(_: &TableSpec) -> Value {
    let mut of_partner: Vec<String> = Vec::new();
    let mut of_couple: Vec<String> = Vec::new();
    for place in every_place() {
        let (table, person, key) = key_of(place);
        let names = if person.is_some() {
            &mut of_partner
        } else {
            &mut of_couple
        };
        let name = format!("(?:{table}\\.)?{key}");
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let (own, shared) = (of_partner.join("|"), of_couple.join("|"));
    let with_roles = format!("(?:[ab]\\.(?:{own})|{shared})");
    let without = format!("(?:{own}|{shared})");
    let pairs = format!("{with_roles} *~ *{with_roles}|{without} *~ *{without}");
    json!({
        "type": "object",
        "propertyNames": { "pattern": format!("^(?:partners\\.(?:{own})|{pairs})$") },
        "additionalProperties": { "type": "number", "minimum": -1.0, "maximum": 1.0 },
    })
}

/// Reads `[correlations]`.
pub(crate) fn read(reader: &mut ScenarioReader, root: &TomlTable, spec: &mut ScenarioSpec) {
    let variables = &spec.variables;
    let mut pairs = Correlations::default();
    let mut places: Vec<Span> = Vec::new();
    let node = root.node("correlations");
    let table = node.and_then(|node| reader.as_table(node, "correlations"));
    for entry in table.iter().flat_map(|table| &table.entries) {
        if entry.node.table().is_some() {
            let message = "the name of a correlation has a point in it, and is not in quotes";
            let hint = "write for example `\"partners.openness\" = 0.4`";
            reader.report(
                Diagnostic::new(Code::BadPair, entry.key_at, message)
                    .label("no name")
                    .hint(hint),
            );
            continue;
        }
        let name = format!("\"{}\"", entry.key.escape_debug());
        let value = reader.number_in(&entry.node, &name, -1.0, 1.0);
        match expand(&entry.key, variables) {
            Ok(found) => {
                if let Some(value) = value {
                    add_pairs(
                        reader,
                        &mut pairs,
                        &mut places,
                        entry,
                        value,
                        &found,
                        variables,
                    );
                }
            }
            Err((message, hint)) => reader.report(
                Diagnostic::new(Code::BadPair, entry.key_at, message)
                    .label("no pair")
                    .hint(hint),
            ),
        }
    }
    add_defaults(&mut pairs, variables);
    let triples: Vec<(usize, usize, f64)> = pairs
        .pairs
        .iter()
        .filter(|pair| pair.value != 0.0)
        .map(|p| (p.one, p.other, p.value))
        .collect();
    if !triples.is_empty() {
        match GaussianCopula::new(variables.len(), &triples) {
            Ok(matrix) => pairs.matrix = Some(matrix),
            Err(error) => impossible(reader, &error, &pairs, &places, variables),
        }
    }
    spec.correlations = pairs;
}

fn add_pairs(
    reader: &mut ScenarioReader,
    pairs: &mut Correlations,
    places: &mut Vec<Span>,
    entry: &TomlEntry,
    value: f64,
    found: &[(usize, usize)],
    variables: &[Variable],
) {
    let name = pairs.names.len();
    pairs.names.push((entry.key.clone(), value));
    places.push(entry.key_at);
    let still = found.iter().flat_map(|(one, other)| [*one, *other]);
    if let Some(constant) = still
        .into_iter()
        .find(|index| variables[*index].distribution.is_constant())
    {
        let (table, person, key) = key_of(variables[constant].place);
        let which = name_of(variables[constant].place);
        let why = match variables[constant].given {
            true => format!("`{key}` is a single number under [{table}]"),
            false => format!("`{key}` is a single number unless [{table}] says otherwise"),
        };
        let other = if found.len() > 1 && person.is_some() {
            "; to correlate one partner's numbers alone write both roles, as in \
             \"b.trust~b.openness\""
        } else {
            ""
        };
        let message = format!(
            "`{which}` is the same in every couple, so that nothing can go together with it"
        );
        reader.report(
            Diagnostic::new(Code::CorrelatedConstant, entry.key_at, message)
                .label("names a constant")
                .hint(format!(
                    "{why}: give it a distribution, or take this line out{other}"
                )),
        );
        return;
    }
    for &(one, other) in found {
        let (one, other) = (one.min(other), one.max(other));
        if let Some(earlier) = pairs
            .pairs
            .iter()
            .find(|pair| (pair.one, pair.other) == (one, other))
        {
            let names = [one, other].map(|index| name_of(variables[index].place));
            let message = format!("`{}` and `{}` are correlated twice", names[0], names[1]);
            let first = earlier.name.map_or(entry.key_at, |name| places[name]);
            reader.report(
                Diagnostic::new(Code::RepeatedPair, entry.key_at, message)
                    .label("again here")
                    .other(first, "first here")
                    .hint("keep one of the two"),
            );
            return;
        }
        pairs.pairs.push(CorrelatedPair {
            one,
            other,
            value,
            name: Some(name),
        });
    }
}

/// Adds the default correlations of numbers that both vary, where nothing else is said of them.
fn add_defaults(pairs: &mut Correlations, variables: &[Variable]) {
    for default in DEFAULT_CORRELATIONS {
        let find = |place| variables.iter().position(|drawn| drawn.place == place);
        let (Some(one), Some(other)) = (find(default.one), find(default.other)) else {
            continue;
        };
        let said = pairs
            .pairs
            .iter()
            .any(|pair| (pair.one, pair.other) == (one, other));
        let still = variables[one].distribution.is_constant()
            || variables[other].distribution.is_constant();
        if !said && !still {
            pairs.pairs.push(CorrelatedPair {
                one,
                other,
                value: default.value,
                name: None,
            });
        }
    }
}

fn impossible(
    reader: &mut ScenarioReader,
    error: &CorrelationError,
    pairs: &Correlations,
    places: &[Span],
    variables: &[Variable],
) {
    let CorrelationError::Impossible {
        first,
        second,
        value,
        low,
        high,
    } = *error
    else {
        return;
    };
    let names = [first, second].map(|index| name_of(variables[index].place));
    let involved = |pair: &&CorrelatedPair| {
        [pair.one, pair.other]
            .iter()
            .any(|end| [first, second].contains(end))
    };
    let own = pairs
        .pairs
        .iter()
        .find(|pair| (pair.one, pair.other) == (first, second));
    let mut said: Vec<usize> = pairs
        .pairs
        .iter()
        .filter(involved)
        .filter_map(|pair| pair.name)
        .collect();
    said.dedup();
    let main = own.and_then(|pair| pair.name).or(said.last().copied());
    let Some(main) = main else { return };
    let message = format!(
        "the correlation of `{}` and `{}` is {value}{}, but the others allow only {low:.3} to \
         {high:.3}",
        names[0],
        names[1],
        if own.is_some() {
            ""
        } else {
            ", as none is given"
        }
    );
    let label = if own.is_some() {
        "impossible together with the others"
    } else {
        "impossible with the others, and none is given for the pair"
    };
    let bring = match own {
        Some(_) => "bring it".to_owned(),
        None => format!("give \"{}~{}\" a value", names[0], names[1]),
    };
    let mut default: Vec<String> = pairs
        .pairs
        .iter()
        .filter(|pair| pair.name.is_none() && involved(pair))
        .filter_map(|pair| default_pair(variables, pair))
        .map(|default| {
            format!(
                "; {} correlate {} unless said",
                default.meaning, default.value
            )
        })
        .collect();
    default.dedup();
    let default = default.concat();
    let hint = format!(
        "{bring} between {low:.3} and {high:.3}, or weaken the correlations that `{}` or `{}` \
         have with others{default}",
        names[0], names[1]
    );
    let mut error = Diagnostic::new(Code::ImpossibleCorrelations, places[main], message)
        .label(label)
        .hint(hint);
    for name in said.into_iter().filter(|name| *name != main) {
        error = error.other(places[name], "also given");
    }
    reader.report(error);
}

/// One side of a pair's name.
#[derive(Clone, Copy, Debug, PartialEq)]
struct PairEnd {
    role: Option<usize>,
    table: &'static str,
    key: &'static str,
}

/// Whether a name joins two numbers.
pub(crate) fn is_name(name: &str, variables: &[Variable]) -> bool {
    expand(name, variables).is_ok()
}

/// The pairs of variables that a name stands for.
fn expand(name: &str, variables: &[Variable]) -> Result<Vec<(usize, usize)>, NameProblem> {
    let find = |side: PairEnd, person: usize| {
        variables.iter().position(|drawn| {
            let (table, own, key) = key_of(drawn.place);
            (table, key) == (side.table, side.key) && own.is_none_or(|own| own == person)
        })
    };
    let ends = |one: (PairEnd, usize), other: (PairEnd, usize)| {
        find(one.0, one.1).zip(find(other.0, other.1))
    };
    if let Some(rest) = name.strip_prefix("partners.") {
        let side = side(rest, name)?;
        if side.role.is_some() || side.table == "couple" {
            return Err(no_pair(name));
        }
        let pair = ends((side, 0), (side, 1)).ok_or_else(|| not_drawn(side, side, variables))?;
        return Ok(vec![pair]);
    }
    let (one, other) = name.split_once('~').ok_or_else(|| no_pair(name))?;
    let (one, other) = (side(one, name)?, side(other, name)?);
    let shared = |side: PairEnd| side.table == "couple";
    let roles: Vec<(usize, usize)> = match (one.role, other.role) {
        (Some(a), Some(b)) => vec![(a, b)],
        (Some(a), None) if shared(other) => vec![(a, a)],
        (None, Some(b)) if shared(one) => vec![(b, b)],
        (None, None) if shared(one) && shared(other) => vec![(0, 0)],
        (None, None) => vec![(0, 0), (1, 1)],
        _ => {
            let message =
                format!("\"{name}\" gives one of its two numbers a role and the other none");
            return Err((
                message,
                "write both with `a.` or `b.`, or neither".to_owned(),
            ));
        }
    };
    let pairs = roles
        .into_iter()
        .map(|(a, b)| ends((one, a), (other, b)).ok_or_else(|| not_drawn(one, other, variables)))
        .collect::<Result<Vec<_>, NameProblem>>()?;
    if pairs.iter().any(|(one, other)| one == other) {
        let message = format!("\"{name}\" correlates a number with itself");
        let hint = format!(
            "write \"partners.{}\" for the same number of both partners",
            one.key
        );
        return Err((message, hint));
    }
    Ok(pairs)
}

/// Why one of two numbers is not drawn: it comes from a childhood, or belongs to a childhood that
/// neither partner has.
fn not_drawn(one: PairEnd, other: PairEnd, variables: &[Variable]) -> NameProblem {
    let of_childhood = |side: &&PairEnd| side.table == CHILDHOOD;
    let childhood = with_childhood(variables);
    if let Some(side) = [one, other].iter().find(of_childhood)
        && childhood != [true; 2]
    {
        let message = format!(
            "`{}` is not drawn for a partner without a childhood",
            side.key
        );
        let hint = "add the table [childhood], or name the partner who has one, as in \
                    \"a.sensitivity~a.openness\"";
        return (message, hint.to_owned());
    }
    let comes = |side: &&PairEnd| !can_be_given(side.table, side.key, childhood);
    let key = [one, other]
        .iter()
        .find(comes)
        .map_or(one.key, |side| side.key);
    let message = format!("`{key}` comes from childhood, and is not drawn");
    let hint = "correlate what it comes from, such as `sensitivity`, or take out [childhood]";
    (message, hint.to_owned())
}

fn no_pair(name: &str) -> NameProblem {
    let message = format!("\"{}\" does not name two numbers", name.escape_debug());
    let hint = "write \"anxiety~avoidance\" (within each partner), \"partners.openness\" (the same \
                number of both) or \"a.responsiveness~b.anxiety\"";
    (message, hint.to_owned())
}

fn side(text: &str, name: &str) -> Result<PairEnd, NameProblem> {
    let mut rest = text.trim();
    let role = PARTNERS.iter().position(|partner| {
        rest.strip_prefix(partner)
            .is_some_and(|after| after.starts_with('.'))
    });
    if role.is_some() {
        rest = rest.split_once('.').map_or("", |(_, after)| after);
    }
    let known: Vec<(&'static str, &'static str)> = every_place()
        .map(key_of)
        .map(|(table, _, key)| (table, key))
        .collect();
    let named = known.iter().find(|(table, key)| {
        rest == *key
            || rest
                .split_once('.')
                .is_some_and(|(before, after)| before == *table && after == *key)
    });
    match named {
        Some((table, key)) if role.is_none() || *table != "couple" => {
            Ok(PairEnd { role, table, key })
        }
        Some((_, key)) => {
            let message = format!("`{key}` in \"{name}\" belongs to the couple, not to a partner");
            Err((message, format!("write `{key}` without a role")))
        }
        None if rest.is_empty() => Err(no_pair(name)),
        None => {
            let message = format!(
                "\"{}\" names no trait or starting state in \"{}\"",
                rest.escape_debug(),
                name.escape_debug()
            );
            let near = nearest(rest, known.iter().map(|(_, key)| *key));
            Err((
                message,
                near.map_or_else(|| no_pair(name).1, |near| format!("did you mean `{near}`?")),
            ))
        }
    }
}
