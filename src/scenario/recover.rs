//! What a `[recover]` says: quantities with their priors, the designs that are compared, and rival explanations.

use super::diagnostic::{Diagnostics, SourceText};
use super::dotted_keys::KeyPath;
use super::power_spec::PowerSpec;
use super::prior::Prior;
use super::reader::ScenarioReader;
use super::spec::ScenarioSpec;
use super::tables;
use super::tree::{TomlNode, TomlTable};
use super::value::Setting;
use crate::simulation::SimulationConfig;
use crate::simulation::survey::design::{STUDY_SCALES, StudyDesign};

/// The name of the explanation where there are no rivals.
pub(crate) const ALONE: &str = "scenario";

/// A recovery analysis, of a scenario that was read without an error.
#[derive(Clone, Debug)]
pub(crate) struct RecoverSpec {
    /// Simulated data sets of each explanation.
    pub(crate) simulations: u32,
    /// Those of them that are inferred back, at most.
    pub(crate) tests: u32,
    /// The designs that are compared, at least one.
    pub(crate) designs: Vec<ComparedDesign>,
    /// The rival explanations; the scenario alone where there are none.
    pub(crate) explanations: Vec<Explanation>,
    /// Whether the explanations are rivals.
    pub(crate) has_rivals: bool,
    /// The effects that couples have by their quantities, and that are recovered as these are.
    pub(crate) effects: Vec<DerivedEffect>,
    /// All that was read as effective TOML.
    pub(crate) toml: String,
}

/// An effect that a study estimates. The model does not have it as a number: it follows from the quantities.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DerivedEffect {
    pub(crate) name: String,
    /// The analysis that has it, of the scenario's study.
    pub(crate) power: PowerSpec,
    /// Its position among the estimates of the analysis.
    pub(crate) effect: usize,
}

impl DerivedEffect {
    /// What it is, in words.
    pub(crate) fn meaning(&self) -> String {
        let effect = self.power.effect_names()[self.effect];
        let key = |scale: usize| STUDY_SCALES[scale].key;
        let Some(measures) = self.power.study() else {
            return effect.to_owned();
        };
        let predictor = key(measures.predictor);
        match measures.outcome {
            Some(outcome) => format!("{effect} of {predictor} on {}", key(outcome)),
            None => format!("{effect} of {predictor} on break-ups"),
        }
    }
}

/// One of the designs that are compared.
#[derive(Clone, Debug)]
pub(crate) struct ComparedDesign {
    /// The keys of `[study]` that vary, with their values as TOML.
    pub(crate) settings: Vec<(String, String)>,
    pub(crate) study: StudyDesign,
}

impl ComparedDesign {
    /// The settings in words.
    pub(crate) fn name(&self) -> String {
        if self.settings.is_empty() {
            return "the study of the scenario".to_owned();
        }
        let setting = |(key, value): &(String, String)| format!("{key} = {value}");
        let all: Vec<String> = self.settings.iter().map(setting).collect();
        all.join(", ")
    }
}

/// The couples of one explanation, and what of them is drawn.
#[derive(Clone, Debug)]
pub(crate) struct Explanation {
    /// Its name; [`ALONE`] where there are no rivals.
    pub(crate) name: String,
    pub(crate) quantities: Vec<PriorQuantity>,
    pub(crate) root: TomlTable,
    pub(crate) spec: ScenarioSpec,
    /// The texts that places of its tree point into.
    pub(crate) sources: Vec<SourceText>,
}

/// A number that is drawn from its prior and inferred back.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PriorQuantity {
    pub(crate) name: String,
    /// Dotted key.
    pub(crate) key: String,
    pub(crate) path: KeyPath,
    pub(crate) prior: Prior,
}

impl RecoverSpec {
    /// Name of everything that is recovered of an explanation, and its key or meaning: its quantities, and then effects.
    pub(crate) fn recovered(&self, explanation: &Explanation) -> Vec<(String, String)> {
        let quantities = explanation.quantities.iter();
        let own = quantities.map(|own| (own.name.clone(), own.key.clone()));
        let effects = self.effects.iter();
        own.chain(effects.map(|own| (own.name.clone(), own.meaning())))
            .collect()
    }
}

impl Explanation {
    /// The configuration with values of the quantities, in their order. The tables that depend on them are read again.
    ///
    /// # Errors
    /// The errors that the values make together.
    pub(crate) fn config(&self, values: &[f64]) -> Result<SimulationConfig, Diagnostics> {
        let mut reader = ScenarioReader::new(tables::all(), false);
        let (mut root, mut spec) = (self.root.clone(), self.spec.clone());
        let first = self.sources.len();
        let mut assignments = Vec::new();
        for (number, (quantity, value)) in (first..).zip(self.quantities.iter().zip(values)) {
            let setting = Setting::Number(*value);
            let text = setting.to_string();
            let at = quantity.path.value_span(number, &text);
            let value = setting.value();
            if let Err(error) = quantity.path.set(&mut root, number, TomlNode { value, at }) {
                reader.report(*error);
            }
            assignments.push(quantity.path.assignment(&text));
        }
        let changed: Vec<&str> = self
            .quantities
            .iter()
            .map(|quantity| quantity.path.names()[0])
            .collect();
        tables::read_again(&mut reader, &root, &changed, &mut spec);
        if reader.errors.is_empty() {
            return Ok(spec.config());
        }
        let mut sources = self.sources.clone();
        let own = assignments.iter();
        sources.extend(own.map(|text| SourceText::new("a value from a prior", text)));
        Err(Diagnostics::new(sources, reader.errors))
    }
}
