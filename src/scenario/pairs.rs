//! Correlations: names of pairs, and whether all of them can hold together.

use super::code::FaultCode as Code;
use super::draws::{Drawn, PARTNERS, address};
use super::notice::Fault;
use super::pair_names::expand;
use super::reader::Reader;
use super::source::Span;
use super::tree::{Entry, Table};
use crate::math::correlation::{CorrelationError, GaussianCopula};
use crate::simulation::InitialVariable;
use crate::simulation::defaults::{DEFAULT_CORRELATIONS, DefaultCorrelation};

/// A correlation of two numbers, as positions in the list of draws.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pair {
    pub(crate) one: usize,
    pub(crate) other: usize,
    pub(crate) value: f64,
    /// Position of the key that says it in [`Pairs::names`]; none for a usual correlation.
    name: Option<usize>,
}

/// All correlations: the names that were given, and what they and the usual ones come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Pairs {
    /// Names and values as given, in the order of the text.
    pub(crate) names: Vec<(String, f64)>,
    pub(crate) all: Vec<Pair>,
    pub(crate) matrix: Option<GaussianCopula>,
}

impl Pairs {
    /// The names and values of the usual correlations that hold because nothing else is said.
    pub(crate) fn usual(&self, draws: &[Drawn]) -> Vec<(String, f64)> {
        let usual = self.all.iter().filter(|pair| pair.name.is_none());
        let ends = |pair: &Pair| [pair.one, pair.other].map(|index| name_of(draws[index].place));
        usual
            .map(|pair| (ends(pair).join("~"), pair.value))
            .collect()
    }
}

/// Reads `[correlations]`.
pub(crate) fn read(reader: &mut Reader, root: &Table, draws: &[Drawn]) -> Pairs {
    let mut pairs = Pairs::default();
    let mut places: Vec<Span> = Vec::new();
    let node = root.node("correlations");
    let table = node.and_then(|node| reader.as_table(node, "correlations"));
    for entry in table.iter().flat_map(|table| &table.entries) {
        if entry.node.table().is_some() {
            let message = "the name of a correlation has a point in it, and is not in quotes";
            let hint = "write for example `\"partners.openness\" = 0.4`";
            reader.fault(
                Fault::new(Code::BadPair, entry.key_at, message)
                    .label("no name")
                    .hint(hint),
            );
            continue;
        }
        let name = format!("\"{}\"", entry.key.escape_debug());
        let value = reader.number_in(&entry.node, &name, -1.0, 1.0);
        match expand(&entry.key, draws) {
            Ok(found) => {
                if let Some(value) = value {
                    join(reader, &mut pairs, &mut places, entry, value, &found, draws);
                }
            }
            Err((message, hint)) => reader.fault(
                Fault::new(Code::BadPair, entry.key_at, message)
                    .label("no pair")
                    .hint(hint),
            ),
        }
    }
    add_usual(&mut pairs, draws);
    let triples: Vec<(usize, usize, f64)> = pairs
        .all
        .iter()
        .filter(|pair| pair.value != 0.0)
        .map(|p| (p.one, p.other, p.value))
        .collect();
    if !triples.is_empty() {
        match GaussianCopula::new(draws.len(), &triples) {
            Ok(matrix) => pairs.matrix = Some(matrix),
            Err(fault) => impossible(reader, &fault, &pairs, &places, draws),
        }
    }
    pairs
}

/// A number's name in messages, such as `a.trust`.
pub(crate) fn name_of(place: InitialVariable) -> String {
    match address(place) {
        (_, Some(person), key) => format!("{}.{key}", PARTNERS[person]),
        (_, None, key) => key.to_owned(),
    }
}

fn join(
    reader: &mut Reader,
    pairs: &mut Pairs,
    places: &mut Vec<Span>,
    entry: &Entry,
    value: f64,
    found: &[(usize, usize)],
    draws: &[Drawn],
) {
    let name = pairs.names.len();
    pairs.names.push((entry.key.clone(), value));
    places.push(entry.key_at);
    let still = found.iter().flat_map(|(one, other)| [*one, *other]);
    if let Some(constant) = still
        .into_iter()
        .find(|index| draws[*index].shape.is_constant())
    {
        let (table, person, key) = address(draws[constant].place);
        let which = name_of(draws[constant].place);
        let why = match draws[constant].given {
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
        reader.fault(
            Fault::new(Code::CorrelatedConstant, entry.key_at, message)
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
            .all
            .iter()
            .find(|pair| (pair.one, pair.other) == (one, other))
        {
            let names = [one, other].map(|index| name_of(draws[index].place));
            let message = format!("`{}` and `{}` are correlated twice", names[0], names[1]);
            let first = earlier.name.map_or(entry.key_at, |name| places[name]);
            reader.fault(
                Fault::new(Code::RepeatedPair, entry.key_at, message)
                    .label("again here")
                    .other(first, "first here")
                    .hint("keep one of the two"),
            );
            return;
        }
        pairs.all.push(Pair {
            one,
            other,
            value,
            name: Some(name),
        });
    }
}

/// Adds the usual correlations of numbers that both vary, where nothing else is said of them.
fn add_usual(pairs: &mut Pairs, draws: &[Drawn]) {
    for usual in DEFAULT_CORRELATIONS {
        let find = |place| draws.iter().position(|drawn| drawn.place == place);
        let (Some(one), Some(other)) = (find(usual.one), find(usual.other)) else {
            continue;
        };
        let said = pairs
            .all
            .iter()
            .any(|pair| (pair.one, pair.other) == (one, other));
        let still = draws[one].shape.is_constant() || draws[other].shape.is_constant();
        if !said && !still {
            pairs.all.push(Pair {
                one,
                other,
                value: usual.value,
                name: None,
            });
        }
    }
}

/// The usual correlation that a pair holds by.
fn usual_pair(draws: &[Drawn], pair: &Pair) -> Option<DefaultCorrelation> {
    let ends = (draws[pair.one].place, draws[pair.other].place);
    DEFAULT_CORRELATIONS
        .into_iter()
        .find(|usual| (usual.one, usual.other) == ends)
}

fn impossible(
    reader: &mut Reader,
    fault: &CorrelationError,
    pairs: &Pairs,
    places: &[Span],
    draws: &[Drawn],
) {
    let CorrelationError::Impossible {
        first,
        second,
        value,
        low,
        high,
    } = *fault
    else {
        return;
    };
    let names = [first, second].map(|index| name_of(draws[index].place));
    let involved = |pair: &&Pair| {
        [pair.one, pair.other]
            .iter()
            .any(|end| [first, second].contains(end))
    };
    let own = pairs
        .all
        .iter()
        .find(|pair| (pair.one, pair.other) == (first, second));
    let mut said: Vec<usize> = pairs
        .all
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
        "impossible beside the others"
    } else {
        "impossible with the others, and none is given for the pair"
    };
    let bring = match own {
        Some(_) => "bring it".to_owned(),
        None => format!("give \"{}~{}\" a value", names[0], names[1]),
    };
    let mut usual: Vec<String> = pairs
        .all
        .iter()
        .filter(|pair| pair.name.is_none() && involved(pair))
        .filter_map(|pair| usual_pair(draws, pair))
        .map(|usual| format!("; {} correlate {} unless said", usual.meaning, usual.value))
        .collect();
    usual.dedup();
    let usual = usual.concat();
    let hint = format!(
        "{bring} between {low:.3} and {high:.3}, or weaken the correlations that `{}` or `{}` \
         have with others{usual}",
        names[0], names[1]
    );
    let mut notice = Fault::new(Code::ImpossibleCorrelations, places[main], message)
        .label(label)
        .hint(hint);
    for name in said.into_iter().filter(|name| *name != main) {
        notice = notice.other(places[name], "also given");
    }
    reader.fault(notice);
}
