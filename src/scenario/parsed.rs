//! The scenario itself: its text, and what the text says.

use super::claims::{Claims, Condition};
use super::diagnostic::Diagnostics;
use super::document::{Attachments, Document, Load, text_of};
use super::dotted_keys::{Override, SettableKey, settable_keys};
use super::recover::RecoverSpec;
use super::spec::{EventSpec, ScenarioSpec};
use super::sweep::{Sweep, Until};
use super::tree::{TomlTable, toml_document};
use super::{lints, tables};
use crate::scenario::claims::read::{self as claims, ParsedClaims};
use crate::scenario::sweep::point_warnings;
use crate::scenario::sweep::read::{self as sweep, ParsedSweep};
use crate::simulation::SimulationConfig;

/// Tables that say what is done with the couples.
const NOT_OF_COUPLES: [&str; 5] = ["sweep", "condition", "claim", "recover", "rival"];

/// A valid scenario.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub(crate) file_name: String,
    pub(crate) text: String,
    pub(crate) overrides: Vec<Override>,
    attachments: Vec<(String, String)>,
    /// The tree with the overrides, without sweep, conditions and claims.
    pub(crate) tree: TomlTable,
    pub(crate) spec: ScenarioSpec,
    config: SimulationConfig,
    marks: Vec<EventMark>,
    warnings: Diagnostics,
    pub(crate) sweep: Option<ParsedSweep>,
    pub(crate) claims: Option<ParsedClaims>,
    pub(crate) recover: Option<RecoverSpec>,
}

impl PartialEq for Scenario {
    /// Whether both were read from the same texts: all else follows from these.
    fn eq(&self, other: &Scenario) -> bool {
        let texts = |it: &Scenario| {
            (
                it.file_name.clone(),
                it.text.clone(),
                it.overrides.clone(),
                it.attachments.clone(),
            )
        };
        texts(self) == texts(other)
    }
}

/// A scheduled event, as charts mark it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EventMark {
    /// The day, or the first day.
    pub day: u32,
    /// The first day after it, for what lasts and ends.
    pub until: Option<u32>,
    /// Whether it lasts longer than its day.
    pub lasts: bool,
    /// Its name.
    pub label: String,
    /// What happens, in a few words.
    pub what: String,
}

impl EventMark {
    fn of(event: &EventSpec) -> EventMark {
        let label = event.label.clone();
        let what = event.scheduled.summary();
        EventMark {
            day: event.scheduled.first_day(),
            until: event.scheduled.end(),
            lasts: matches!(
                event.scheduled,
                crate::scenario::spec::ScheduledEvent::IntervalChange(_)
            ),
            label: label.unwrap_or_else(|| what.clone()),
            what,
        }
    }
}

impl Scenario {
    /// Reads a scenario from its text; `file_name` is what diagnostics call it, overrides apply in
    /// their order.
    ///
    /// # Errors
    /// Every error of text and overrides in one pass, in the order of their places; also where a sweep
    /// names a table of points, which the text alone does not hold.
    pub(crate) fn read_text(
        file_name: &str,
        text: &str,
        overrides: &[Override],
    ) -> Result<Scenario, Diagnostics> {
        Scenario::read(file_name, text, overrides, None)
    }

    #[cfg(test)]
    /// Reads a scenario from a file's bytes.
    ///
    /// # Errors
    /// As [`Scenario::read_text`]; also where the bytes are too many, or no UTF-8.
    pub(crate) fn read_bytes(
        file_name: &str,
        bytes: &[u8],
        overrides: &[Override],
    ) -> Result<Scenario, Diagnostics> {
        Scenario::read(file_name, text_of(file_name, bytes)?, overrides, None)
    }

    /// Reads a scenario from a file's bytes, and what it names besides through `attachments`, which
    /// takes a name as written (a path from the scenario's folder on) and gives the bytes of its text.
    ///
    /// # Errors
    /// As [`Scenario::read_bytes`]; also where an attachment cannot be read, and every error in it.
    pub(crate) fn read_with(
        file_name: &str,
        bytes: &[u8],
        overrides: &[Override],
        attachments: Load<'_>,
    ) -> Result<Scenario, Diagnostics> {
        Scenario::read(
            file_name,
            text_of(file_name, bytes)?,
            overrides,
            Some(attachments),
        )
    }

    fn read(
        file_name: &str,
        text: &str,
        overrides: &[Override],
        load: Option<Load<'_>>,
    ) -> Result<Scenario, Diagnostics> {
        let document = Document::open(file_name, text, overrides, tables::all())?;
        let Document {
            text,
            root: mut tree,
            sources,
            mut reader,
        } = document;
        let mut spec = tables::read(&mut reader, &tree);
        let mut attached = Attachments::new(sources, load);
        let sweep = sweep::read(&mut reader, &tree, &spec, &mut attached);
        let claims = claims::read(&mut reader, &tree, &spec);
        spec.has_conditions = claims.is_some();
        let recover = tables::recover::read(&mut reader, &tree, &spec, &mut attached);
        if !reader.errors.is_empty() {
            return Err(Diagnostics::new(attached.sources, reader.errors));
        }
        tree.entries
            .retain(|entry| !NOT_OF_COUPLES.contains(&entry.key.as_str()));
        match &sweep {
            Some(sweep) => point_warnings::check(&mut reader, &tree, &spec, sweep),
            None => {
                let own = lints::lints(&tree, &spec).into_iter();
                reader.warnings.extend(own.map(|lint| lint.warning));
            }
        }
        let mut scenario = Scenario {
            file_name: file_name.to_owned(),
            text,
            overrides: overrides.to_vec(),
            attachments: attached.texts(),
            tree,
            config: spec.config(),
            marks: spec.events.iter().map(EventMark::of).collect(),
            spec,
            warnings: Diagnostics::new(Vec::new(), Vec::new()),
            sweep,
            claims,
            recover,
        };
        reader.warnings.extend(scenario.refused_points());
        scenario.warnings = Diagnostics::new(attached.sources, reader.warnings);
        Ok(scenario)
    }

    /// The file's name, as given.
    pub(crate) fn file_name(&self) -> &str {
        &self.file_name
    }
    /// The text, as given.
    pub fn text(&self) -> &str {
        &self.text
    }
    /// The texts that the scenario names, with their names as written.
    pub(crate) fn attachments(&self) -> &[(String, String)] {
        &self.attachments
    }
    /// What was set from outside the text, in its order.
    pub(crate) fn overrides(&self) -> &[Override] {
        &self.overrides
    }
    /// What charts and reports are headed with.
    pub fn title(&self) -> &str {
        &self.spec.title
    }
    /// What the scenario asks; empty where nothing is said.
    pub fn description(&self) -> &str {
        &self.spec.description
    }
    /// All that a run depends on.
    pub(crate) fn config(&self) -> &SimulationConfig {
        &self.config
    }
    /// Scheduled events in the scenario's order.
    pub(crate) fn marks(&self) -> &[EventMark] {
        &self.marks
    }
    /// What the scenario claims, if it does.
    pub(crate) fn claims_spec(&self) -> Option<&Claims> {
        self.claims.as_ref().map(|parsed| &parsed.claims)
    }
    /// The conditions with their names, in the order of the file: the scenario under the values of each.
    pub(crate) fn conditions(&self) -> Vec<(String, Scenario)> {
        let conditions = self.claims_spec().map_or(&[][..], |all| &all.conditions);
        let scenario = |condition: &Condition| Scenario {
            config: condition.config.clone(),
            marks: condition.spec.events.iter().map(EventMark::of).collect(),
            spec: condition.spec.clone(),
            sweep: None,
            claims: None,
            recover: None,
            ..self.clone()
        };
        let named = conditions.iter().map(|it| (it.name.clone(), scenario(it)));
        named.collect()
    }
    /// The sweep that the scenario asks for, if it does.
    pub(crate) fn sweep_spec(&self) -> Option<&Sweep> {
        self.sweep.as_ref().map(|parsed| &parsed.sweep)
    }
    /// When each point of its sweep has been run often enough, if it says so.
    pub(crate) fn stopping_rule(&self) -> Option<&Until> {
        self.sweep_spec()?.until.as_ref()
    }
    /// What is allowed, and probably not meant.
    pub fn warnings(&self) -> &Diagnostics {
        &self.warnings
    }

    /// Of each event that ends, and that the run does not go beyond, that what follows it is not simulated: a sentence
    /// each.
    pub(crate) fn notes(&self) -> Vec<String> {
        let days = self.config.size.days;
        let note = |(place, mark): (usize, &EventMark)| {
            let end = mark.until.filter(|end| *end > days && mark.day <= days)?;
            let last = end - 1;
            Some(format!(
                "event {} ({}) lasts until day {last}, and the run has {days} days: what follows it is not simulated",
                place + 1,
                mark.label
            ))
        };
        self.marks.iter().enumerate().filter_map(note).collect()
    }

    /// The complete scenario as TOML: what it sets, and every default. Reading it (with the same
    /// attachments) gives the same configuration, sweep and claims.
    pub fn effective_toml(&self) -> String {
        let text = tables::to_toml(&self.spec);
        let sweep = self.sweep.as_ref().map_or("", |sweep| sweep.toml.as_str());
        let claims = self
            .claims
            .as_ref()
            .map_or("", |claims| claims.toml.as_str());
        let recover = self
            .recover
            .as_ref()
            .map_or("", |recover| recover.toml.as_str());
        text + sweep + claims + recover
    }

    /// The keys that the text gives, with the values that were set, as TOML: the scenario without its
    /// sweep, conditions and claims, and without comments. Reading it gives the same configuration.
    pub fn given_toml(&self) -> String {
        toml_document(&self.tree)
    }

    /// Every number, switch and choice of this scenario that `--set` can reach, but for those of
    /// measurement, sweep, conditions and claims.
    pub(crate) fn settable_keys(&self) -> Vec<SettableKey> {
        settable_keys(tables::all(), &self.spec)
    }
}
