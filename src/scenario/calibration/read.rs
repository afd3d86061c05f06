//! A calibration document under reading.

use super::keys::{PRIORS, PriorKind, section, sections};
use super::{CalibratedKey, CalibrationDocument, Known, KnownKey, Sampler, Search, WrittenPrior};
use super::{names, number_at};
use crate::scenario::address::{Address, Takes};
use crate::scenario::code::FaultCode as Code;
use crate::scenario::notice::{Fault, Faults};
use crate::scenario::reader::{Part, Reader, listed};
use crate::scenario::source::{Source, Span};
use crate::scenario::suggest::nearest;
use crate::scenario::text::unreadable;
use crate::scenario::tree::{Node, Table, Value};
use crate::scenario::{Override, Scenario, syntax};

/// A scenario that says nothing: its keys are those that can be calibrated.
const PLAIN: &str = "title = \"defaults\"\n";

pub(crate) fn read(
    file_name: &str,
    text: &str,
    overrides: &[Override],
    known: &Known<'_>,
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
    let targets = names::targets(&mut reader, &top, known.targets);
    let studies = reader.part(root, section("studies"));
    let couples = reader.whole_or_default(&studies, "couples") as u64;
    let sampler = sampler(&mut reader, root);
    let search = search(&mut reader, root);
    let parameters = Ground::new(file_name, known.keys)?.parameters(&mut reader, root, &top);
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
        search,
        parameters,
    })
}

fn sampler(reader: &mut Reader, root: &Table) -> Sampler {
    let part = reader.part(root, section("sampler"));
    let number = |reader: &mut Reader, key: &str| number_or_default(reader, &part, key);
    Sampler {
        seed: reader.whole_or_default(&part, "seed") as u64,
        particles: reader.whole_or_default(&part, "particles") as usize,
        quantile: number(reader, "quantile"),
        kernel: reader.word(&part, "kernel").unwrap_or("local"),
        scaling: reader.word(&part, "scaling").unwrap_or("published"),
        generations: reader.whole_or_default(&part, "generations") as u32,
        simulations: reader.whole_or_default(&part, "simulations") as u64,
        tolerance: number(reader, "tolerance"),
        acceptance: number(reader, "acceptance"),
    }
}

fn search(reader: &mut Reader, root: &Table) -> Search {
    let part = reader.part(root, section("search"));
    let number = |reader: &mut Reader, key: &str| number_or_default(reader, &part, key);
    Search {
        seed: reader.whole_or_default(&part, "seed") as u64,
        couples: reader.whole_or_default(&part, "couples") as u64,
        iterations: reader.whole_or_default(&part, "iterations") as u32,
        simulations: reader.whole_or_default(&part, "simulations") as u64,
        difference: number(reader, "difference"),
        prior_weight: number(reader, "prior_weight"),
        huber: number(reader, "huber"),
        checks: reader.whole_or_default(&part, "checks") as u32,
        step: number(reader, "step"),
        gain: number(reader, "gain"),
    }
}

/// Reads a number, or takes the catalogue's default.
fn number_or_default(reader: &mut Reader, part: &Part<'_>, key: &str) -> f64 {
    let default = part.field(key).default.parse().unwrap_or_default();
    reader.number(part, key).unwrap_or(default)
}

/// What one key of the sampler asks of others.
fn limits(reader: &mut Reader, root: &Table, sampler: &Sampler, parameters: usize) {
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

/// What can be calibrated.
struct Ground<'a> {
    addresses: Vec<Address>,
    effective: String,
    /// Keys beside those of a scenario.
    others: &'a [KnownKey],
}

impl Ground<'_> {
    fn new<'a>(file_name: &str, others: &'a [KnownKey]) -> Result<Ground<'a>, Faults> {
        let plain = Scenario::read_text(file_name, PLAIN, &[])?;
        Ok(Ground {
            addresses: plain.addresses(),
            effective: plain.effective_toml(),
            others,
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
        let other = self.others.iter().find(|other| other.key == key);
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

    /// The range of a key; notes why it has none.
    fn range(&self, reader: &mut Reader, key: &str, at: Span) -> Option<(f64, f64)> {
        if let Some(other) = self.others.iter().find(|other| other.key == key) {
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
        let others = self.others.iter().map(|other| other.key);
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
) -> Option<WrittenPrior> {
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
            Some(WrittenPrior::Uniform { low, high })
        }
        "log_uniform" if kind.needs.iter().all(|key| part.node(key).is_some()) => {
            if low > 0.0 {
                return Some(WrittenPrior::LogUniform { low, high });
            }
            let message = "a log_uniform prior must begin above 0";
            reader.fault(Fault::new(Code::BadRange, at("low"), message).label("not above 0"));
            None
        }
        "normal" | "truncated_normal" => Some(WrittenPrior::Normal {
            mean: mean?,
            sd: sd?,
            low,
            high,
        }),
        _ => None,
    }
}

/// A key as a plain name: that of a parameter of the model by itself, any other with its table.
fn plain(key: &str) -> String {
    let letters = key.strip_prefix("parameters.").unwrap_or(key).chars();
    letters
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect()
}
