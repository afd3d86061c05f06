//! Reads a calibration document.

use super::keys::{PRIORS, PriorKind, section, sections};
use super::{CalibratedKey, CalibrationDocument, KnownNames, KnownTarget};
use crate::calibrate::abc::{AbcSettings, PerturbationKernel, Scaling};
use crate::calibrate::least_squares::SearchSettings;
use crate::calibrate::prior::Prior;
use crate::scenario::address::{Address, Takes};
use crate::scenario::code::FaultCode as Code;
use crate::scenario::notice::{Fault, Faults};
use crate::scenario::reader::{Part, Reader, listed};
use crate::scenario::source::{Source, Span};
use crate::scenario::suggest::nearest;
use crate::scenario::text::unreadable;
use crate::scenario::tree::{Node, Table, Value};
use crate::scenario::{Override, Scenario, syntax};
use crate::validate::LaboratoryKey;

/// A scenario with all defaults: its keys are those that can be calibrated.
const PLAIN: &str = "title = \"defaults\"\n";

pub(crate) fn read(
    file_name: &str,
    text: &str,
    overrides: &[Override],
    known: &KnownNames<'_>,
) -> Result<CalibrationDocument, Faults> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut sources = vec![Source {
        name: file_name.to_owned(),
        text: text.to_owned(),
    }];
    sources.extend(overrides.iter().map(Override::source));
    if let Some(fault) = unreadable(text) {
        return Err(Faults::new(sources, vec![fault]));
    }
    let mut document = syntax::document(text);
    let mut reader = Reader {
        sections: sections(),
        ..Reader::new(document.broken)
    };
    reader.faults.append(&mut document.faults);
    for (index, change) in overrides.iter().enumerate() {
        if let Err(fault) = change.apply(&mut document.root, index + 1) {
            reader.fault(*fault);
        }
    }
    let root = &document.root;
    let top = reader.part_of(
        Some(root),
        "",
        section(""),
        &["studies", "sampler", "search", "parameter"],
    );
    if top.node("title").is_none() {
        reader.missing(&top, "title", Span::new(0, 0, 0));
    }
    let title = reader.text(&top, "title").unwrap_or_default();
    let targets = targets(&mut reader, &top, known.targets);
    let studies = reader.part(root, section("studies"));
    let couples = reader.whole_or_default(&studies, "couples") as u64;
    let sampler = sampler(&mut reader, root);
    let (search_couples, search) = search(&mut reader, root);
    let parameters =
        CalibratableKeys::new(file_name, known.keys)?.parameters(&mut reader, root, &top);
    limits(&mut reader, root, &sampler, parameters.len());
    if !reader.faults.is_empty() {
        return Err(Faults::new(sources, reader.faults));
    }
    Ok(CalibrationDocument {
        file_name: file_name.to_owned(),
        text: text.to_owned(),
        overrides: overrides.to_vec(),
        title,
        targets,
        couples,
        sampler,
        search_couples,
        search,
        parameters,
    })
}

fn sampler(reader: &mut Reader, root: &Table) -> AbcSettings {
    let part = reader.part(root, section("sampler"));
    let number = |reader: &mut Reader, key: &str| number_or_default(reader, &part, key);
    AbcSettings {
        seed: reader.whole_or_default(&part, "seed") as u64,
        particles: reader.whole_or_default(&part, "particles") as usize,
        quantile: number(reader, "quantile"),
        kernel: match reader.word(&part, "kernel") {
            Some("global") => PerturbationKernel::Global,
            _ => PerturbationKernel::Local,
        },
        scaling: match reader.word(&part, "scaling") {
            Some("predictive") => Scaling::Predictive,
            Some("intervals") => Scaling::Intervals,
            _ => Scaling::Published,
        },
        generations: reader.whole_or_default(&part, "generations") as u32,
        simulations: reader.whole_or_default(&part, "simulations") as u64,
        tolerance: number(reader, "tolerance"),
        acceptance: number(reader, "acceptance"),
    }
}

/// Couples of each cohort in a search, and its settings.
fn search(reader: &mut Reader, root: &Table) -> (u64, SearchSettings) {
    let part = reader.part(root, section("search"));
    let number = |reader: &mut Reader, key: &str| number_or_default(reader, &part, key);
    let seed = reader.whole_or_default(&part, "seed") as u64;
    let couples = reader.whole_or_default(&part, "couples") as u64;
    let settings = SearchSettings {
        seed,
        iterations: reader.whole_or_default(&part, "iterations") as u32,
        simulations: reader.whole_or_default(&part, "simulations") as u64,
        difference: number(reader, "difference"),
        prior_weight: number(reader, "prior_weight"),
        huber: number(reader, "huber"),
        checks: reader.whole_or_default(&part, "checks") as u32,
        step: number(reader, "step"),
        gain: number(reader, "gain"),
    };
    (couples, settings)
}

/// Reads a number, or takes the default.
fn number_or_default(reader: &mut Reader, part: &Part<'_>, key: &str) -> f64 {
    let default = part.field(key).default.parse().unwrap_or_default();
    reader.number(part, key).unwrap_or(default)
}

/// Checks the keys of the sampler that depend on others.
fn limits(reader: &mut Reader, root: &Table, sampler: &AbcSettings, parameters: usize) {
    let place = |key: &str| {
        let table = root.node("sampler").and_then(Node::table);
        let node = table.and_then(|table| table.node(key));
        node.map_or(Span::new(0, 0, 0), |node| node.at)
    };
    if sampler.particles < parameters + 2 {
        let message = format!(
            "`particles` must be {} or more for {parameters} parameters",
            parameters + 2
        );
        reader.fault(Fault::new(Code::OutOfRange, place("particles"), message).label("too few"));
    }
    if sampler.simulations < sampler.particles as u64 {
        let message = format!(
            "`simulations` must be {} or more: the first generation needs one for each particle",
            sampler.particles
        );
        reader.fault(Fault::new(Code::OutOfRange, place("simulations"), message).label("too few"));
    }
}

/// The keys that can be calibrated.
struct CalibratableKeys<'a> {
    addresses: Vec<Address>,
    effective: String,
    /// Parameters of the simulated studies.
    laboratory: &'a [LaboratoryKey],
}

impl CalibratableKeys<'_> {
    fn new<'a>(
        file_name: &str,
        laboratory: &'a [LaboratoryKey],
    ) -> Result<CalibratableKeys<'a>, Faults> {
        let plain = Scenario::read_text(file_name, PLAIN, &[])?;
        Ok(CalibratableKeys {
            addresses: plain.addresses(),
            effective: plain.effective_toml(),
            laboratory,
        })
    }

    fn parameters(&self, reader: &mut Reader, root: &Table, top: &Part<'_>) -> Vec<CalibratedKey> {
        let Some(node) = root.node("parameter") else {
            if !reader.broken && !top.excuses("parameter") {
                let at = Span::new(0, 0, 0);
                let fault = Fault::new(Code::MissingKey, at, "there is no parameter to calibrate");
                let hint = "write `[[parameter]]` for each key that is to be found";
                reader.fault(fault.label("here").hint(hint));
            }
            return Vec::new();
        };
        let Value::List(list) = &node.value else {
            let message = "`parameter` must be a list of tables";
            let fault = Fault::new(Code::WrongType, node.at, message)
                .label(format!("this is {}", node.value.kind()))
                .hint("write `[[parameter]]` with two brackets, once for each key");
            reader.fault(fault);
            return Vec::new();
        };
        let mut found: Vec<(CalibratedKey, Span)> = Vec::new();
        for item in list {
            let Some(table) = reader.as_table(item, "parameter") else {
                continue;
            };
            let part = reader.part_of(Some(table), "parameter", section("parameter"), &[]);
            let Some((parameter, at)) = self.parameter(reader, &part, table) else {
                continue;
            };
            match found.iter().find(|(it, _)| it.key == parameter.key) {
                Some((_, first)) => {
                    let message = format!("`{}` is calibrated twice", parameter.key);
                    let fault = Fault::new(Code::Repeated, at, message).label("again here");
                    let fault = fault.other(*first, "first here");
                    reader.fault(fault.hint("keep one of the two"));
                }
                None => found.push((parameter, at)),
            }
        }
        found.into_iter().map(|(parameter, _)| parameter).collect()
    }

    fn parameter(
        &self,
        reader: &mut Reader,
        part: &Part<'_>,
        table: &Table,
    ) -> Option<(CalibratedKey, Span)> {
        for needed in ["key", "prior"] {
            if part.node(needed).is_none() {
                reader.missing(part, needed, table.at);
            }
        }
        let key = reader.text(part, "key");
        let word = reader.word(part, "prior");
        let at = part.node("key").map_or(table.at, |node| node.at);
        let range = key.as_ref().and_then(|key| self.range(reader, key, at));
        let kind = PRIORS.iter().find(|kind| Some(kind.word) == word)?;
        let prior = prior(reader, part, table, kind, range);
        let key = key?;
        let prior = prior.filter(|_| range.is_some())?;
        let (low, high) = prior.bounds();
        let start = match part.node("start") {
            Some(node) => Some(reader.number_in(node, "start", low, high)?),
            None => None,
        };
        let name = plain(&key);
        let other = self.laboratory.iter().find(|other| other.key == key);
        let default = match other {
            Some(other) => Some(other.default),
            None => number_at(&self.effective, &key),
        };
        Some((
            CalibratedKey {
                key,
                name,
                prior,
                start,
                default,
            },
            at,
        ))
    }

    /// The range of a key; reports an error if it has none.
    fn range(&self, reader: &mut Reader, key: &str, at: Span) -> Option<(f64, f64)> {
        if let Some(other) = self.laboratory.iter().find(|other| other.key == key) {
            return Some((other.low, other.high));
        }
        let first = key.split('.').next().unwrap_or(key);
        let address = self.addresses.iter().find(|address| address.key == key);
        let message = match address.map(|address| &address.takes) {
            Some(_) if matches!(first, "run" | "record" | "regimes" | "sweep") => {
                format!("`{key}` is no property of couples, so that targets say nothing of it")
            }
            Some(Takes::Number { low, high }) => return Some((*low, *high)),
            Some(_) => format!("`{key}` is not a number that can be moved by small steps"),
            None => format!("there is nothing to set at `{}`", key.escape_debug()),
        };
        let numbers = self.addresses.iter().filter(|address| {
            matches!(address.takes, Takes::Number { .. }) && !address.key.starts_with("regimes.")
        });
        let numbers = numbers.map(|address| address.key.as_str());
        let others = self.laboratory.iter().map(|other| other.key);
        let near = nearest(key, numbers.chain(others));
        let hint = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "keys are dotted, as for --set, such as `parameters.conflict_rate`".to_owned(),
        };
        let fault = Fault::new(Code::NoAddress, at, message).label("cannot be calibrated");
        reader.fault(fault.hint(hint));
        None
    }
}

/// Reads the numbers of a prior within the key's range.
fn prior(
    reader: &mut Reader,
    part: &Part<'_>,
    table: &Table,
    kind: &PriorKind,
    range: Option<(f64, f64)>,
) -> Option<Prior> {
    for field in &part.section.fields {
        if let Some(entry) = table.entry(field.key).filter(|_| !kind.uses(field.key)) {
            let users: Vec<&str> = PRIORS
                .iter()
                .filter(|other| other.uses(field.key))
                .map(|other| other.word)
                .collect();
            let message = format!("a {} prior has no `{}`", kind.word, field.key);
            let fault = Fault::new(Code::KeyNotForDesign, entry.key_at, message);
            let hint = format!("`{}` is a key of {}", field.key, listed(&users));
            reader.fault(fault.label("does nothing").hint(hint));
        }
    }
    for key in kind.needs {
        if part.node(key).is_none() {
            reader.missing(part, key, table.at);
        }
    }
    let (least, most) = range.unwrap_or((f64::MIN, f64::MAX));
    let mut bound = |key: &str, default: f64| match part.node(key) {
        Some(node) if kind.uses(key) => reader.number_in(node, key, least, most),
        _ => Some(default),
    };
    let (low, high) = (bound("low", least), bound("high", most));
    let (mean, sd) = (reader.number(part, "mean"), reader.number(part, "sd"));
    let (low, high) = (low?, high?);
    let at = |key: &str| part.node(key).map_or(table.at, |node| node.at);
    let rises = low < high;
    if !rises {
        let message = format!("`low` is {low} and `high` {high}: the prior leaves no room");
        reader.fault(Fault::new(Code::BadRange, at("high"), message).label("not above `low`"));
        return None;
    }
    match kind.word {
        "uniform" if kind.needs.iter().all(|key| part.node(key).is_some()) => {
            Some(Prior::Uniform { low, high })
        }
        "log_uniform" if kind.needs.iter().all(|key| part.node(key).is_some()) => {
            if low > 0.0 {
                return Some(Prior::LogUniform { low, high });
            }
            let message = "a log_uniform prior must begin above 0";
            reader.fault(Fault::new(Code::BadRange, at("low"), message).label("not above 0"));
            None
        }
        "normal" | "truncated_normal" => Some(Prior::TruncatedNormal {
            mean: mean?,
            sd: sd?,
            low,
            high,
        }),
        _ => None,
    }
}

/// The plain name of a key: without its table for a parameter of the model.
fn plain(key: &str) -> String {
    let letters = key.strip_prefix("parameters.").unwrap_or(key).chars();
    letters
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect()
}

/// The number at a dotted key of an effective scenario; `None` if there is no single one.
fn number_at(effective: &str, key: &str) -> Option<f64> {
    let root = syntax::document(effective).root;
    let mut table: &Table = &root;
    let mut parts = key.split('.').peekable();
    while let Some(part) = parts.next() {
        let node: &Node = table.node(part)?;
        if parts.peek().is_none() {
            return match node.value {
                Value::Number(value) => Some(value),
                Value::Whole(value) => Some(value as f64),
                _ => None,
            };
        }
        table = node.table()?;
    }
    None
}

/// The targets that the document names, in the order in which they are known.
fn targets(reader: &mut Reader, part: &Part<'_>, known: &[KnownTarget<'_>]) -> Vec<String> {
    let Some(node) = part.node("targets") else {
        let at = Span::new(0, 0, 0);
        reader.missing(part, "targets", at);
        return Vec::new();
    };
    let words = words(reader, node);
    let mut named = vec![false; known.len()];
    for (word, node) in &words {
        let before = named.clone();
        let meant: Vec<usize> = (0..known.len())
            .filter(|place| means(word, &known[*place]))
            .collect();
        if meant.is_empty() {
            reader.fault(unknown(word, node, known));
        } else if meant.iter().all(|place| before[*place]) {
            let message = format!("`targets` names \"{word}\" twice");
            let fault = Fault::new(Code::Repeated, node.at, message).label("again here");
            reader.fault(fault.hint("keep one of the two"));
        }
        meant.into_iter().for_each(|place| named[place] = true);
    }
    let chosen = known.iter().zip(named).filter(|(_, named)| *named);
    chosen.map(|(target, _)| target.id.to_owned()).collect()
}

fn means(word: &str, target: &KnownTarget<'_>) -> bool {
    let whole = target.id.split_once(' ').map(|(whole, _)| whole);
    word == "all"
        || word == target.id
        || Some(word) == whole
        || word.strip_prefix("tier ") == Some(target.tier)
}

/// The words of a text or of a list of texts.
fn words<'t>(reader: &mut Reader, node: &'t Node) -> Vec<(&'t str, &'t Node)> {
    let wrong = |node: &Node| {
        Fault::new(
            Code::WrongType,
            node.at,
            "`targets` takes a list of targets and tiers in quotes, or \"all\"",
        )
        .label(format!("this is {}", node.value.kind()))
        .hint("write for example `targets = [\"tier C\", \"V01\"]`")
    };
    match &node.value {
        Value::Text(word) => vec![(word.as_str(), node)],
        Value::List(list) if list.is_empty() => {
            let fault = Fault::new(Code::EmptyList, node.at, "`targets` must not be empty");
            reader.fault(fault.label("empty").hint("write \"all\" for every target"));
            Vec::new()
        }
        Value::List(list) => {
            let mut words = Vec::new();
            for item in list {
                match &item.value {
                    Value::Text(word) => words.push((word.as_str(), item)),
                    _ => reader.fault(wrong(item)),
                }
            }
            words
        }
        _ => {
            reader.fault(wrong(node));
            Vec::new()
        }
    }
}

fn unknown(word: &str, node: &Node, known: &[KnownTarget<'_>]) -> Fault {
    let mut tiers: Vec<String> = known.iter().map(|it| format!("tier {}", it.tier)).collect();
    tiers.sort();
    tiers.dedup();
    let names = known.iter().map(|target| target.id);
    let names = names.chain(tiers.iter().map(String::as_str)).chain(["all"]);
    // Names are compared without capitals and spaces.
    let plain: Vec<(String, &str)> = names
        .map(|name| (name.to_lowercase().replace(' ', "_"), name))
        .collect();
    let near = nearest(word, plain.iter().map(|(plain, _)| plain.as_str()))
        .and_then(|near| plain.iter().find(|(plain, _)| plain == near));
    let hint = match near {
        Some((_, near)) => format!("did you mean \"{near}\"?"),
        None => format!(
            "targets are named as \"{}\", tiers as \"{}\"",
            known.first().map_or("C01", |it| it.id),
            tiers.first().map_or("tier C", String::as_str)
        ),
    };
    let message = format!("there is no target \"{}\"", word.escape_debug());
    Fault::new(Code::UnknownWord, node.at, message)
        .label("unknown target")
        .hint(hint)
}
