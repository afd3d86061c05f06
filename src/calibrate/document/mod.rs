//! Calibration documents: which keys are calibrated, their priors, the targets and the settings.
//!
//! A document is TOML like a scenario and is read by the same reader: all errors are reported at once,
//! each with its code, its position and the nearest known name. It refers to published statistics by
//! name.

mod schema;
#[cfg(test)]
mod tests;

use crate::calibrate::abc::{AbcSettings, PerturbationKernel, Scaling};
use crate::calibrate::document::schema::tables;
use crate::calibrate::least_squares::SearchSettings;
use crate::calibrate::problem::Prior;
use crate::scenario::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::scenario::document::{Attachments, Document, Load, text_of};
use crate::scenario::dotted_keys::{Override, SettableKey};
use crate::scenario::nearest::nearest;
use crate::scenario::parsed::Scenario;
use crate::scenario::prior::{plain_name, read_prior};
use crate::scenario::rate_ceilings::{RateExcess, excesses};
use crate::scenario::reader::{OpenTable, ScenarioReader, wrong_type};
use crate::scenario::syntax::read_toml;
use crate::scenario::tree::{TomlNode, TomlTable, TomlValue};
use crate::scenario::value::Accepts;
use crate::validate::population::NamedPopulation;
use crate::validate::target_table::{TargetReader, TargetTableError, path_from};
use crate::validate::targets::Estimator;
use crate::validate::{LaboratoryKey, Target, TargetTable};
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;

/// Fewest couples of a cohort of the program's studies; populations that a table names may be smaller.
const FEWEST_COUPLES_OF_STUDIES: u64 = 100;

/// Quantiles of a prior between which rates are compared with their ceilings.
const NEARLY_ALL: [f64; 2] = [0.001, 0.999];

/// A valid calibration document.
#[derive(Clone, Debug)]
pub(crate) struct CalibrationDocument {
    file_name: String,
    title: String,
    text: String,
    overrides: Vec<Override>,
    /// Names of the targets, in the order in which they are known.
    pub(crate) targets: Vec<String>,
    /// The table of targets that the document names; without one they are the program's.
    pub(crate) table: Option<TargetTable>,
    /// The texts of that table and of its populations, by their paths from the document's folder on.
    attachments: Vec<(String, String)>,
    /// Couples of each simulated cohort at its start.
    pub(crate) couples: u64,
    /// How particles are drawn, and when it ends.
    pub(crate) sampler: AbcSettings,
    /// Couples of each simulated cohort at its start, in a search.
    pub(crate) search_couples: u64,
    /// How a search proceeds, and when it ends.
    pub(crate) search: SearchSettings,
    /// The parameters, in the document's order.
    pub(crate) parameters: Vec<CalibratedKey>,
    /// What is allowed, and probably not meant.
    pub(crate) warnings: Diagnostics,
}

/// A key that is calibrated.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CalibratedKey {
    /// The dotted key, as for `--set`.
    pub(crate) key: String,
    /// A plain name for tables and charts, in snake_case.
    pub(crate) name: String,
    /// Its prior, within the key's range.
    pub(crate) prior: Prior,
    /// Where a search starts, within the bounds of the prior; by default at its median.
    pub(crate) start: Option<f64>,
    /// Its default in a scenario, if that is a single number.
    pub(crate) default: Option<f64>,
}

/// The names that a document may use.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct KnownNames<'a> {
    /// The published statistics.
    pub(crate) targets: &'a [KnownTarget<'a>],
    /// Parameters of the simulated studies, which a document may calibrate besides the keys of a
    /// scenario.
    pub(crate) keys: &'a [LaboratoryKey],
}

/// A published statistic, as a document may name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KnownTarget<'a> {
    /// Its name, such as `C01`, or `C06 mean` of a target in parts, which `C06` names together.
    pub(crate) id: &'a str,
    /// Its tier, such as `C`: `tier C` names all targets of it.
    pub(crate) tier: &'a str,
}

impl CalibrationDocument {
    /// What reports and charts are headed with.
    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    /// The file's name, as given.
    pub(crate) fn file_name(&self) -> &str {
        &self.file_name
    }

    /// The text, as given.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The texts that the document names, by their paths from its folder on.
    pub(crate) fn attachments(&self) -> &[(String, String)] {
        &self.attachments
    }

    /// The files that it was read from: its own, and what it names.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let named = self.attachments.iter();
        let named = named.map(|(name, _)| path_from(&self.file_name, name));
        std::iter::once(PathBuf::from(&self.file_name))
            .chain(named)
            .collect()
    }

    /// The overrides, in their order.
    pub(crate) fn overrides(&self) -> &[Override] {
        &self.overrides
    }
}

impl CalibrationDocument {
    /// Reads a document; `file_name` is its name in messages. Overrides are applied in their order and
    /// reach every key, as in `sampler.particles=200` and `parameter.1.low=0.1`. `load` reads the texts
    /// that the document names, by their paths from its folder on.
    ///
    /// # Errors
    /// All errors of the text, the overrides and the table of targets, in the order of their positions;
    /// or those of a population of that table.
    pub(crate) fn parse(
        file_name: &str,
        text: &str,
        overrides: &[Override],
        known: &KnownNames<'_>,
        load: Option<Load<'_>>,
    ) -> Result<CalibrationDocument, Diagnostics> {
        read(file_name, text, overrides, known, load)
    }

    /// Reads a document from a file's bytes.
    ///
    /// # Errors
    /// As [`CalibrationDocument::parse`]; also for bytes that are not text, and for too many.
    pub(crate) fn read_bytes(
        file_name: &str,
        bytes: &[u8],
        overrides: &[Override],
        known: &KnownNames<'_>,
        load: Option<Load<'_>>,
    ) -> Result<CalibrationDocument, Diagnostics> {
        let text = text_of(file_name, bytes)?;
        CalibrationDocument::parse(file_name, text, overrides, known, load)
    }
}

fn read(
    file_name: &str,
    text: &str,
    overrides: &[Override],
    known: &KnownNames<'_>,
    load: Option<Load<'_>>,
) -> Result<CalibrationDocument, Diagnostics> {
    let document = Document::open(file_name, text, overrides, tables())?;
    let Document {
        text,
        root,
        sources,
        mut reader,
    } = document;
    let top = reader.open_top(&root);
    let start = Span::new(0, 0, 0);
    for key in ["title", "targets"] {
        if top.node(key).is_none() {
            reader.missing_at(&top, key, start);
        }
    }
    let title = reader.text(&top, "title").unwrap_or_default();
    let mut attached = Attachments::new(sources, load);
    let (targets, table) = targets(&mut reader, &top, known.targets, &mut attached)?;
    let studies = reader.open(&root, "studies");
    let couples = reader.integer_or_default(&studies, "couples") as u64;
    let sampler = sampler(&mut reader, &root);
    let (search_couples, search) = search(&mut reader, &root);
    let parameters = CalibratableKeys::new(known.keys).parameters(&mut reader, &root, &top);
    limits(&mut reader, &root, &sampler, parameters.len());
    let named = |target: &&Target| targets.contains(&target.name());
    let is_named_population =
        |target: &Target| matches!(target.estimator, Estimator::Population(_));
    let populations_alone = table
        .as_ref()
        .is_some_and(|table| table.targets.iter().filter(named).all(is_named_population));
    if !populations_alone {
        enough_couples(&mut reader, &root, couples, search_couples);
    }
    if !reader.errors.is_empty() {
        return Err(Diagnostics::new(attached.sources, reader.errors));
    }
    let mut attachments = attached.texts();
    if let Some(table) = &table {
        let text =
            |own: &Arc<NamedPopulation>| (name_from(&table.file_name, &own.name), own.text.clone());
        attachments.extend(table.populations.iter().map(text));
    }
    Ok(CalibrationDocument {
        title,
        file_name: file_name.to_owned(),
        text,
        overrides: overrides.to_vec(),
        targets,
        table,
        attachments,
        couples,
        sampler,
        search_couples,
        search,
        parameters,
        warnings: Diagnostics::new(attached.sources, reader.warnings),
    })
}

fn sampler(reader: &mut ScenarioReader, root: &TomlTable) -> AbcSettings {
    let table = reader.open(root, "sampler");
    let number = |reader: &mut ScenarioReader, key: &str| reader.number_or_default(&table, key);
    AbcSettings {
        seed: reader.integer_or_default(&table, "seed") as u64,
        particles: reader.integer_or_default(&table, "particles") as usize,
        quantile: number(reader, "quantile"),
        kernel: match reader.word(&table, "kernel") {
            Some("global") => PerturbationKernel::Global,
            _ => PerturbationKernel::Local,
        },
        scaling: match reader.word(&table, "scaling") {
            Some("predictive") => Scaling::Predictive,
            Some("intervals") => Scaling::Intervals,
            _ => Scaling::Published,
        },
        generations: reader.integer_or_default(&table, "generations") as u32,
        simulations: reader.integer_or_default(&table, "simulations") as u64,
        tolerance: number(reader, "tolerance"),
        acceptance: number(reader, "acceptance"),
    }
}

/// Couples of each cohort in a search, and its settings.
fn search(reader: &mut ScenarioReader, root: &TomlTable) -> (u64, SearchSettings) {
    let table = reader.open(root, "search");
    let number = |reader: &mut ScenarioReader, key: &str| reader.number_or_default(&table, key);
    let seed = reader.integer_or_default(&table, "seed") as u64;
    let couples = reader.integer_or_default(&table, "couples") as u64;
    let settings = SearchSettings {
        seed,
        iterations: reader.integer_or_default(&table, "iterations") as u32,
        simulations: reader.integer_or_default(&table, "simulations") as u64,
        difference: number(reader, "difference"),
        prior_weight: number(reader, "prior_weight"),
        huber: number(reader, "huber"),
        checks: reader.integer_or_default(&table, "checks") as u32,
        step: number(reader, "step"),
        gain: number(reader, "gain"),
    };
    (couples, settings)
}

/// Checks the keys of the sampler that depend on others.
fn limits(reader: &mut ScenarioReader, root: &TomlTable, sampler: &AbcSettings, parameters: usize) {
    let place = |key: &str| {
        let node = root.table("sampler").and_then(|table| table.node(key));
        node.map_or(Span::new(0, 0, 0), |node| node.at)
    };
    if sampler.particles < parameters + 2 {
        let message = format!(
            "`particles` must be {} or more for {parameters} parameters",
            parameters + 2
        );
        reader.report(
            Diagnostic::new(Code::OutOfRange, place("particles"), message).label("too few"),
        );
    }
    if sampler.simulations < sampler.particles as u64 {
        let message = format!(
            "`simulations` must be {} or more: the first generation needs one for each particle",
            sampler.particles
        );
        reader.report(
            Diagnostic::new(Code::OutOfRange, place("simulations"), message).label("too few"),
        );
    }
}

/// Checks that the program's studies have couples enough for all their statistics.
fn enough_couples(reader: &mut ScenarioReader, root: &TomlTable, studies: u64, search: u64) {
    for (name, couples) in [("studies", studies), ("search", search)] {
        let node = root.table(name).and_then(|table| table.node("couples"));
        if let Some(node) = node.filter(|_| couples < FEWEST_COUPLES_OF_STUDIES) {
            let message = format!(
                "`couples` must be {FEWEST_COUPLES_OF_STUDIES} or more for the program's studies"
            );
            reader.report(Diagnostic::new(Code::OutOfRange, node.at, message).label("too few"));
        }
    }
}

/// The keys that can be calibrated.
struct CalibratableKeys<'a> {
    settable_keys: Vec<SettableKey>,
    effective: String,
    /// Parameters of the simulated studies.
    laboratory: &'a [LaboratoryKey],
}

impl CalibratableKeys<'_> {
    fn new(laboratory: &[LaboratoryKey]) -> CalibratableKeys<'_> {
        let plain = Scenario::default();
        CalibratableKeys {
            settable_keys: plain.settable_keys(),
            effective: plain.effective_toml(),
            laboratory,
        }
    }

    fn parameters(
        &self,
        reader: &mut ScenarioReader,
        root: &TomlTable,
        top: &OpenTable<'_>,
    ) -> Vec<CalibratedKey> {
        let node = root.node("parameter");
        if node.is_none() && !reader.broken && !top.excuses("parameter") {
            let at = Span::new(0, 0, 0);
            let error = Diagnostic::new(Code::MissingKey, at, "there is no parameter to calibrate");
            let hint = "write `[[parameter]]` for each key that is to be found";
            reader.report(error.label("here").hint(hint));
        }
        let mut found: Vec<(CalibratedKey, Span)> = Vec::new();
        for table in reader.open_list(node, "parameter") {
            let Some((parameter, at)) = self.parameter(reader, &table) else {
                continue;
            };
            match found.iter().find(|(it, _)| it.key == parameter.key) {
                Some((_, first)) => {
                    let message = format!("`{}` is calibrated twice", parameter.key);
                    let error = Diagnostic::new(Code::Repeated, at, message).label("again here");
                    let error = error.other(*first, "first here");
                    reader.report(error.hint("keep one of the two"));
                }
                None => found.push((parameter, at)),
            }
        }
        found.into_iter().map(|(parameter, _)| parameter).collect()
    }

    fn parameter(
        &self,
        reader: &mut ScenarioReader,
        table: &OpenTable<'_>,
    ) -> Option<(CalibratedKey, Span)> {
        reader.need(table, &["key", "prior"]);
        let key = reader.text(table, "key");
        let at = table.at("key");
        let range = key.as_ref().and_then(|key| self.range(reader, key, at));
        let prior = read_prior(reader, table, range);
        let key = key?;
        let prior = prior.filter(|_| range.is_some())?;
        let (low, high) = prior.bounds();
        let start = match table.node("start") {
            Some(node) => Some(reader.number_in(node, "start", low, high)?),
            None => None,
        };
        for p in NEARLY_ALL {
            let rates = excesses_at(&key, prior.quantile(p)).into_iter();
            let end = if p < 0.5 { "low" } else { "high" };
            let warning = |excess: RateExcess| excess.warning(table.at(end));
            reader.warnings.extend(rates.map(warning));
        }
        let name = plain_name(&key);
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

    /// The range of a key; notes why it has none.
    fn range(&self, reader: &mut ScenarioReader, key: &str, at: Span) -> Option<(f64, f64)> {
        if let Some(other) = self.laboratory.iter().find(|other| other.key == key) {
            return Some((other.low, other.high));
        }
        let first = key.split('.').next().unwrap_or(key);
        let address = self.settable_keys.iter().find(|known| known.key == key);
        let message = match address.map(|address| &address.accepts) {
            Some(_) if matches!(first, "run" | "record" | "regimes" | "study" | "sweep") => {
                format!("`{key}` is no property of couples, so that targets say nothing of it")
            }
            Some(Accepts::Number { low, high }) => return Some((*low, *high)),
            Some(_) => format!("`{key}` is not a number that can be moved by small steps"),
            None => format!("there is nothing to set at `{}`", key.escape_debug()),
        };
        let numbers = self.settable_keys.iter().filter(|address| {
            matches!(address.accepts, Accepts::Number { .. })
                && !["regimes.", "study."]
                    .iter()
                    .any(|own| address.key.starts_with(own))
        });
        let numbers = numbers.map(|known| known.key.as_str());
        let others = self.laboratory.iter().map(|other| other.key);
        let near = nearest(key, numbers.chain(others));
        let hint = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "keys are dotted, as for --set, such as `parameters.conflict_rate`".to_owned(),
        };
        let error = Diagnostic::new(Code::NothingToSet, at, message).label("cannot be calibrated");
        reader.report(error.hint(hint));
        None
    }
}

/// Rates of the default scenario that are above their ceilings with a value of a key.
fn excesses_at(key: &str, value: f64) -> Vec<RateExcess> {
    let change = Override::parse(&format!("{key}={value:?}"));
    let scenario =
        change.and_then(|change| Scenario::read_text("", "title = \"default\"", &[change]));
    scenario.map_or(Vec::new(), |scenario| excesses(scenario.config()))
}

/// The number at a dotted key of an effective scenario; `None` if there is no single one.
fn number_at(effective: &str, key: &str) -> Option<f64> {
    let root = read_toml(effective).root;
    let mut table: &TomlTable = &root;
    let mut parts = key.split('.').peekable();
    while let Some(part) = parts.next() {
        let node: &TomlNode = table.node(part)?;
        if parts.peek().is_none() {
            return match node.value {
                TomlValue::Float(value) => Some(value),
                TomlValue::Integer(value) => Some(value as f64),
                _ => None,
            };
        }
        table = node.table()?;
    }
    None
}

/// The targets that the document names, in the order in which they are known, and the table of targets
/// if it names one.
///
/// # Errors
/// Those of a population of the table; all others are reported to the reader.
fn targets(
    reader: &mut ScenarioReader,
    top: &OpenTable<'_>,
    known: &[KnownTarget<'_>],
    attached: &mut Attachments<'_>,
) -> Result<(Vec<String>, Option<TargetTable>), Diagnostics> {
    let Some(node) = top.node("targets") else {
        return Ok((Vec::new(), None));
    };
    let words = words(reader, node);
    let is_file = |(word, _): &&(&str, &TomlNode)| word.to_ascii_lowercase().ends_with(".csv");
    let (files, words): (Vec<_>, Vec<_>) = words.iter().partition(is_file);
    let Some((name, file)) = files.first() else {
        return Ok((named_targets(reader, &words, known), None));
    };
    if let Some((_, other)) = files.get(1) {
        let message = "`targets` names two tables of targets";
        let error = Diagnostic::new(Code::Conflict, other.at, message).label("and this");
        reader.report(
            error
                .other(file.at, "this")
                .hint("put all rows into one table"),
        );
    }
    let Some(table) = target_table(reader, (*name, file.at), attached)? else {
        return Ok((Vec::new(), None));
    };
    let (fitted, others): (Vec<&Target>, Vec<&Target>) = table
        .targets
        .iter()
        .partition(|target| target.can_be_fitted());
    let names: Vec<String> = fitted.iter().map(|target| target.name()).collect();
    let tiers = fitted.iter().map(|target| target.tier.letter());
    let known: Vec<KnownTarget<'_>> = names
        .iter()
        .zip(tiers)
        .map(|(id, tier)| KnownTarget { id, tier })
        .collect();
    let needs = "parameters are fitted to numbers that have a `value` and both ends of an interval";
    if known.is_empty() {
        let message = format!("no target of \"{}\" can be fitted to", name.escape_debug());
        let error = Diagnostic::new(Code::BadTable, file.at, message).label("this table");
        reader.report(error.hint(needs));
    }
    for (word, node) in &words {
        if others.iter().any(|target| target.name() == *word) {
            let message = format!("\"{}\" cannot be fitted to", word.escape_debug());
            let error = Diagnostic::new(Code::UnknownWord, node.at, message);
            reader.report(error.label("has no value or no interval").hint(needs));
            return Ok((Vec::new(), None));
        }
    }
    let all = [("all", *file)];
    let words = if words.is_empty() { &all[..] } else { &words };
    let targets = match known.is_empty() {
        true => Vec::new(),
        false => named_targets(reader, words, &known),
    };
    Ok((targets, Some(table)))
}

/// Reads the table of targets of a name.
fn target_table(
    reader: &mut ScenarioReader,
    (name, at): (&str, Span),
    attached: &mut Attachments<'_>,
) -> Result<Option<TargetTable>, Diagnostics> {
    let source = match attached.load(name, at) {
        Ok(source) => source,
        Err(error) => {
            reader.report(*error);
            return Ok(None);
        }
    };
    let load = attached.load;
    let load = |own: &str| match load {
        Some(load) => load(&name_from(name, own)),
        None => Err(ErrorKind::NotFound.into()),
    };
    let text = attached.text(source);
    match TargetReader::new(text, source, true, Some(&load)).read() {
        Ok((targets, populations)) => Ok(Some(TargetTable {
            file_name: name.to_owned(),
            text: text.to_owned(),
            targets,
            populations,
        })),
        Err(TargetTableError::Table(errors)) => {
            errors.into_iter().for_each(|error| reader.report(error));
            Ok(None)
        }
        Err(TargetTableError::Population(errors)) => Err(errors),
    }
}

/// The path of a file that a table names, from where the table's own path begins.
fn name_from(table: &str, name: &str) -> String {
    path_from(table, name).to_string_lossy().into_owned()
}

/// The names of the known targets that some words mean, in the order in which they are known.
fn named_targets(
    reader: &mut ScenarioReader,
    words: &[(&str, &TomlNode)],
    known: &[KnownTarget<'_>],
) -> Vec<String> {
    let mut named = vec![false; known.len()];
    for (word, node) in words {
        let before = named.clone();
        let meant: Vec<usize> = (0..known.len())
            .filter(|place| means(word, &known[*place]))
            .collect();
        if meant.is_empty() {
            reader.report(unknown(word, node, known));
        } else if meant.iter().all(|place| before[*place]) {
            let message = format!("`targets` names \"{word}\" twice");
            let error = Diagnostic::new(Code::Repeated, node.at, message).label("again here");
            reader.report(error.hint("keep one of the two"));
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
fn words<'t>(reader: &mut ScenarioReader, node: &'t TomlNode) -> Vec<(&'t str, &'t TomlNode)> {
    let wrong = |node: &TomlNode| {
        let message =
            "`targets` takes a list of targets and tiers in quotes, \"all\", or a table of targets";
        let hint =
            "write for example `targets = [\"tier C\", \"V01\"]` or `targets = \"mine.csv\"`";
        wrong_type(node, message).hint(hint)
    };
    match &node.value {
        TomlValue::Text(word) => vec![(word.as_str(), node)],
        TomlValue::List(list) if list.is_empty() => {
            let error = Diagnostic::new(Code::EmptyList, node.at, "`targets` must not be empty");
            reader.report(error.label("empty").hint("write \"all\" for every target"));
            Vec::new()
        }
        TomlValue::List(list) => {
            let mut words = Vec::new();
            for item in list {
                match &item.value {
                    TomlValue::Text(word) => words.push((word.as_str(), item)),
                    _ => reader.report(wrong(item)),
                }
            }
            words
        }
        _ => {
            reader.report(wrong(node));
            Vec::new()
        }
    }
}

fn unknown(word: &str, node: &TomlNode, known: &[KnownTarget<'_>]) -> Diagnostic {
    let mut tiers: Vec<String> = known.iter().map(|it| format!("tier {}", it.tier)).collect();
    tiers.sort();
    tiers.dedup();
    let names = known.iter().map(|target| target.id);
    let names = names.chain(tiers.iter().map(String::as_str)).chain(["all"]);
    // The nearest word is looked for without capitals and spaces.
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
    Diagnostic::new(Code::UnknownWord, node.at, message)
        .label("unknown target")
        .hint(hint)
}
