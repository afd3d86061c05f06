//! The scenario as typed values: all that a file says, and the defaults of what it leaves out.

use super::diagnostic::Span;
use super::distribution::DistributionSpec;
use super::power_spec::PowerSpec;
use super::tree::{toml_inline, toml_number};
use crate::math::correlation::GaussianCopula;
use crate::math::distribution::Distribution;
use crate::model::parameters::{MECHANISMS, PARAMETERS};
use crate::model::types::{STATES, TRAITS};
use crate::model::{IntimacyTarget, Mechanisms, Parameters};
use crate::simulation::defaults::{
    CENTRES, DEFAULT_CORRELATIONS, DefaultCorrelation, default_draw, from_childhood,
    upbringing_variables, variables as initial_variables,
};
use crate::simulation::survey::design::StudyDesign;
use crate::simulation::{
    Change, Cuts, Draw, InitialDistribution, InitialVariable, IntervalChange, Observable,
    PointEvent, PointEventKind, Record, Schedule, SimulationConfig, Size, Slope, Survey, Who,
};

/// So many recorded days are enough for a smooth curve.
const RECORDED_DAYS: u32 = 400;
/// So many days with quantiles are enough for a band.
const QUANTILE_DAYS: u32 = 60;
/// Days between the ends of an arrow of mean flow, where the run is that long.
const FLOW_DAYS: u32 = 30;

/// Who made the results of a scenario, and how others may use them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct About {
    pub(crate) authors: Vec<Author>,
    /// SPDX identifier.
    pub(crate) license: Option<&'static str>,
    /// Date of publication, as `2026-05-31`.
    pub(crate) date: Option<String>,
}

/// A person.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Author {
    pub(crate) name: String,
    /// The identifier of orcid.org, without the address.
    pub(crate) orcid: Option<String>,
}

/// All that a scenario says, with its defaults.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ScenarioSpec {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) about: About,
    pub(crate) seed: u64,
    pub(crate) size: Size,
    pub(crate) variables: Vec<Variable>,
    pub(crate) correlations: Correlations,
    pub(crate) parameters: Parameters,
    pub(crate) mechanisms: Mechanisms,
    pub(crate) intimacy_target: IntimacyTarget,
    pub(crate) events: Vec<EventSpec>,
    pub(crate) cuts: Cuts,
    pub(crate) record: Record,
    /// A study with given effects.
    pub(crate) power: Option<PowerSpec>,
    /// Whether it has conditions, which may take default correlations away.
    pub(crate) has_conditions: bool,
}

impl Default for ScenarioSpec {
    fn default() -> ScenarioSpec {
        let size = Size {
            couples: 1000,
            days: 365,
            steps_per_day: 1,
            moments: 2,
            replicates: 1,
        };
        ScenarioSpec {
            title: String::new(),
            description: String::new(),
            about: About::default(),
            seed: 1,
            variables: Vec::new(),
            correlations: Correlations::default(),
            parameters: Parameters::default(),
            mechanisms: Mechanisms::default(),
            intimacy_target: IntimacyTarget::default(),
            events: Vec::new(),
            cuts: Cuts {
                trust: 0.5,
                intimacy: 0.5,
            },
            record: default_record(size.days),
            power: None,
            has_conditions: false,
            size,
        }
    }
}

/// What a run of `days` records by default.
pub(crate) fn default_record(days: u32) -> Record {
    Record {
        every: days.div_ceil(RECORDED_DAYS).max(1),
        quantiles_every: days.div_ceil(QUANTILE_DAYS).max(1),
        observables: Observable::defaults(),
        sample_couples: 4,
        couples: true,
        phase_flow_days: FLOW_DAYS.min(days),
        ..Record::nothing(days)
    }
}

impl ScenarioSpec {
    /// What is measured; the default measurement where there was none.
    pub(crate) fn survey(&mut self) -> &mut Survey {
        let days = self.size.days;
        let survey = &mut self.record.survey;
        survey.get_or_insert_with(|| Survey::default_for(days))
    }

    /// The study; the default one where there was none.
    pub(crate) fn study(&mut self) -> &mut StudyDesign {
        self.record.study.get_or_insert_with(StudyDesign::default)
    }

    /// What a run depends on, of a spec that was read without an error.
    pub(crate) fn config(&self) -> SimulationConfig {
        let draws = self.variables.iter().filter_map(Variable::draw).collect();
        let mut schedule = Schedule::default();
        for event in &self.events {
            match event.scheduled {
                ScheduledEvent::PointEvent(blow) => schedule.point_events.push(blow),
                ScheduledEvent::IntervalChange(season) => schedule.interval_changes.push(season),
            }
        }
        SimulationConfig {
            seed: self.seed,
            point: 0,
            size: self.size,
            origin: InitialDistribution::new(draws, self.correlations.matrix.clone()),
            parameters: self.parameters,
            mechanisms: self.mechanisms,
            intimacy_target: self.intimacy_target,
            schedule,
            cuts: self.cuts,
            record: self.record.clone(),
        }
    }

    /// Whether each partner has a childhood.
    pub(crate) fn with_childhood(&self) -> [bool; 2] {
        with_childhood(&self.variables)
    }
}

/// How one number of a couple is distributed over couples.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Variable {
    pub(crate) place: InitialVariable,
    pub(crate) distribution: DistributionSpec,
    /// Trait that moves the location, by its position, and by how much.
    pub(crate) slopes: Vec<(usize, f64)>,
    /// Whether the scenario says it; else it is the default.
    pub(crate) given: bool,
}

impl Variable {
    /// The default of a number.
    pub(crate) fn default_of(place: InitialVariable) -> Variable {
        let (family, slopes) = default_draw(place);
        Variable {
            place,
            distribution: DistributionSpec::from_family(&family),
            slopes: slopes.iter().map(|slope| (slope.on, slope.by)).collect(),
            given: false,
        }
    }

    /// Whether another number is distributed in the same way.
    pub(crate) fn is_like(&self, other: &Variable) -> bool {
        self.distribution == other.distribution && self.slopes == other.slopes
    }

    /// The draw of the simulation; the numbers have been checked.
    fn draw(&self) -> Option<(InitialVariable, Draw)> {
        let distribution = Distribution::new(self.distribution.family()).ok()?;
        let slope = |&(on, by): &(usize, f64)| Slope {
            on,
            by,
            centre: CENTRES[on],
        };
        let slopes = self.slopes.iter().map(slope).collect();
        Some((
            self.place,
            Draw {
                distribution,
                slopes,
            },
        ))
    }

    /// The number, or the inline table of its distribution.
    pub(crate) fn to_toml(&self) -> String {
        if let Some(value) = self.distribution.constant_value() {
            return toml_number(value);
        }
        let mut entries = self.distribution.entries();
        let slope = |(on, by): &(usize, f64)| (TRAITS[*on].key.to_owned(), toml_number(*by));
        if !self.slopes.is_empty() {
            entries.push((
                "slopes".to_owned(),
                toml_inline(self.slopes.iter().map(slope)),
            ));
        }
        toml_inline(entries)
    }
}

/// The scenario's words for partners 0 and 1.
pub(crate) const PARTNERS: [&str; 2] = ["a", "b"];
/// The table of what partners were brought up with.
pub(crate) const CHILDHOOD: &str = "childhood";

/// The table, partner and key under which a number stands in the scenario.
pub(crate) fn key_of(place: InitialVariable) -> (&'static str, Option<usize>, &'static str) {
    let key = place.description().key;
    match place {
        InitialVariable::Trait(person, _) => ("traits", Some(person), key),
        InitialVariable::Start(person, _) => ("initial", Some(person), key),
        InitialVariable::Upbringing(person, _) => (CHILDHOOD, Some(person), key),
        InitialVariable::Contact => ("couple", None, key),
    }
}

/// Every number that a couple may have, with childhoods and without.
pub(crate) fn every_place() -> impl Iterator<Item = InitialVariable> {
    let childhoods = (0..PARTNERS.len()).flat_map(upbringing_variables);
    initial_variables().into_iter().chain(childhoods)
}

/// The first place of a table's key: for persons that of partner A.
pub(crate) fn place_of(table: &str, key: &str) -> Option<InitialVariable> {
    every_place().find(|place| {
        let (own, _, name) = key_of(*place);
        (own, name) == (table, key)
    })
}

/// The traits that others may depend on: those that the default slopes have centres for.
pub(crate) fn slope_keys() -> Vec<&'static str> {
    TRAITS[..CENTRES.len()]
        .iter()
        .map(|line| line.key)
        .collect()
}

/// A number's name in messages, such as `a.trust`.
pub(crate) fn name_of(place: InitialVariable) -> String {
    match key_of(place) {
        (_, Some(person), key) => format!("{}.{key}", PARTNERS[person]),
        (_, None, key) => key.to_owned(),
    }
}

/// Whether each partner has a childhood, from what is drawn.
pub(crate) fn with_childhood(variables: &[Variable]) -> [bool; 2] {
    [0, 1].map(|person| {
        let own = |variable: &Variable| {
            matches!(variable.place, InitialVariable::Upbringing(whose, _) if whose == person)
        };
        variables.iter().any(own)
    })
}

/// Whether a key of `[traits]` can be given where these partners have a childhood.
pub(crate) fn can_be_given(table: &str, key: &str, childhood: [bool; 2]) -> bool {
    let clashes = |person: usize| {
        childhood[person]
            && initial_variables().into_iter().any(|place| {
                from_childhood(place) && key_of(place) == ("traits", Some(person), key)
            })
    };
    match table {
        "traits" => !clashes(0) && !clashes(1),
        "traits.a" => !clashes(0),
        "traits.b" => !clashes(1),
        _ => true,
    }
}

/// A correlation of two variables, by their positions.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CorrelatedPair {
    pub(crate) one: usize,
    pub(crate) other: usize,
    pub(crate) value: f64,
    /// Position of the key that says it in [`Correlations::names`]; none for a default correlation.
    pub(crate) name: Option<usize>,
}

/// All correlations: the names that were given, and what they and the defaults come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Correlations {
    /// Names and values as given, in the order of the text.
    pub(crate) names: Vec<(String, f64)>,
    pub(crate) pairs: Vec<CorrelatedPair>,
    pub(crate) matrix: Option<GaussianCopula>,
}

impl Correlations {
    /// The names and values of the default correlations that hold because nothing else is said.
    pub(crate) fn defaults(&self, variables: &[Variable]) -> Vec<(String, f64)> {
        let defaults = self.pairs.iter().filter(|pair| pair.name.is_none());
        let ends = |pair: &CorrelatedPair| {
            [pair.one, pair.other].map(|index| name_of(variables[index].place))
        };
        defaults
            .map(|pair| (ends(pair).join("~"), pair.value))
            .collect()
    }
}

/// The default correlation that a pair holds by.
pub(crate) fn default_pair(
    variables: &[Variable],
    pair: &CorrelatedPair,
) -> Option<DefaultCorrelation> {
    let ends = (variables[pair.one].place, variables[pair.other].place);
    DEFAULT_CORRELATIONS
        .into_iter()
        .find(|default| (default.one, default.other) == ends)
}

/// What an event becomes in the simulation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ScheduledEvent {
    PointEvent(PointEvent),
    IntervalChange(IntervalChange),
}

/// One event, as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EventSpec {
    pub(crate) scheduled: ScheduledEvent,
    pub(crate) label: Option<String>,
    /// The keys that were given, in the order of the schema.
    pub(crate) given: Vec<&'static str>,
    /// Where its day stands, for warnings.
    pub(crate) at: Span,
}

impl ScheduledEvent {
    /// Its day, or its first day.
    pub(crate) fn first_day(&self) -> u32 {
        match self {
            ScheduledEvent::PointEvent(blow) => blow.day,
            ScheduledEvent::IntervalChange(season) => season.from,
        }
    }

    /// The first day after it, for what lasts and ends.
    pub(crate) fn end(&self) -> Option<u32> {
        match self {
            ScheduledEvent::IntervalChange(season) if season.until != u32::MAX => {
                Some(season.until)
            }
            _ => None,
        }
    }

    /// Whether it switches the mechanism at this position of the table, and how.
    pub(crate) fn switches(&self, place: usize) -> Option<bool> {
        match self {
            ScheduledEvent::IntervalChange(season) => match season.change {
                Change::Mechanism { index, on } if index == place => Some(on),
                _ => None,
            },
            ScheduledEvent::PointEvent(_) => None,
        }
    }

    /// What happens, in a few words.
    pub(crate) fn summary(&self) -> String {
        let moved = |key: &str, who: Who, factor, add| {
            format!("{key} of {} {}", partner(who), change(factor, add))
        };
        match self {
            ScheduledEvent::PointEvent(PointEvent { who, kind, .. }) => match *kind {
                PointEventKind::Betrayal { deception: true } => {
                    format!("betrayal and deception of {}", partner(*who))
                }
                PointEventKind::Betrayal { deception: false } => {
                    format!("betrayal of {}", partner(*who))
                }
                PointEventKind::Stress { .. } => format!("stress of {}", partner(*who)),
                PointEventKind::State { index, factor, add } => {
                    moved(STATES[index].key, *who, factor, add)
                }
            },
            ScheduledEvent::IntervalChange(season) => match season.change {
                Change::Trait {
                    who,
                    index,
                    factor,
                    add,
                } => moved(TRAITS[index].key, who, factor, add),
                Change::Parameter { index, factor, add } => {
                    format!("{} {}", PARAMETERS[index].key, change(factor, add))
                }
                Change::Mechanism { index, on } => {
                    format!(
                        "{} {}",
                        MECHANISMS[index].key,
                        if on { "on" } else { "off" }
                    )
                }
            },
        }
    }
}

fn partner(who: Who) -> &'static str {
    match who {
        Who::A => "A",
        Who::B => "B",
        Who::Both => "both",
    }
}

fn change(factor: f64, add: f64) -> String {
    match (factor, add) {
        (0.0, add) => format!("= {add}"),
        (1.0, add) => format!("{add:+}"),
        (factor, 0.0) => format!("× {factor}"),
        (factor, add) => format!("× {factor} {add:+}"),
    }
}
