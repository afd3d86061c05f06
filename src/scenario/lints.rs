//! Warnings: what is allowed in a scenario, and probably not meant.

use super::diagnostic::{Code, Diagnostic, Span};
use super::rate_ceilings;
use super::spec::{CHILDHOOD, EventSpec, PARTNERS, ScenarioSpec, ScheduledEvent};
use super::tree::TomlTable;
use crate::childhood::UPBRINGING;
use crate::model::parameters::{MECHANISMS, PARAMETERS, ParameterSpec};
use crate::model::types::TRAITS;
use crate::simulation::{Change, DayRows, MemoryForecast, PointEventKind};

/// The number of couples below which quantiles and intervals are rough.
const FEW_COUPLES: u64 = 30;
/// The largest integer up to which doubles hold every integer.
const LARGEST_EXACT: u64 = 1 << 53;
/// The memory of a run from which on there is a warning (bytes).
const MUCH_MEMORY: u64 = 1_000_000_000;
/// The number of rows from which on the day table is called large.
const MANY_ROWS: u64 = 100_000_000;

/// What is odd in a scenario without errors.
#[derive(Clone, Debug)]
pub(crate) struct Lint {
    pub(crate) warning: Diagnostic,
    /// How bad it is among warnings of the same thing with other values; 0 where these are alike.
    pub(crate) severity: f64,
}

impl Lint {
    pub(crate) fn of(warning: Diagnostic) -> Lint {
        Lint {
            warning,
            severity: 0.0,
        }
    }
}

/// All that is odd in a scenario without errors, for its own values.
pub(crate) fn lints(root: &TomlTable, spec: &ScenarioSpec) -> Vec<Lint> {
    let mut warnings = Vec::new();
    sizes(&mut warnings, root, spec);
    memory(&mut warnings, root, spec);
    idle(&mut warnings, root, spec);
    warnings.extend(idle_comparison(root, spec));
    for event in &spec.events {
        warnings.extend(late(event, spec));
        warnings.extend(effectless(event, spec));
        warnings.extend(idle_event(event, spec));
    }
    let rates = rate_ceilings::warnings(root, spec).into_iter();
    let rates = rates.map(|(warning, severity)| Lint { warning, severity });
    rates.chain(warnings.into_iter().map(Lint::of)).collect()
}

/// Warns of a seed that programs such as R and JavaScript, which read numbers as doubles, would round.
pub(crate) fn large_seed(warnings: &mut Vec<Diagnostic>, at: Span, seed: u64) {
    if seed <= LARGEST_EXACT {
        return;
    }
    let message =
        format!("the seed {seed} is above 2^53, so that R and readers of JSON may round it");
    let hint = format!("take a seed up to {LARGEST_EXACT}, or read the manifest's seed as text");
    let warning = Diagnostic::new(Code::LargeSeed, at, message);
    warnings.push(warning.label("above 2^53").hint(hint));
}

/// Warns of a run that takes much memory, at what takes most of it.
fn memory(warnings: &mut Vec<Diagnostic>, root: &TomlTable, spec: &ScenarioSpec) {
    let config = spec.config();
    let one = MemoryForecast::new(&config, 1);
    if one.total() <= MUCH_MEMORY {
        return;
    }
    let two = MemoryForecast::new(&config, 2);
    let (keys, hint): (&[(&str, &str)], &str) = if one.outcomes >= one.quantiles {
        let keys = &[
            ("record", "days"),
            ("record", "sample_couples"),
            ("measurement", "keep_items"),
            ("run", "days"),
        ];
        (
            keys,
            "keep or sample the days of fewer couples, or keep them from a later day with [record] `days_from`",
        )
    } else {
        let keys = &[
            ("record", "quantiles_every"),
            ("record", "every"),
            ("record", "observables"),
            ("run", "days"),
        ];
        (
            keys,
            "record quantiles of fewer days with [record] `quantiles_every`, or fewer observables",
        )
    };
    let nodes = keys
        .iter()
        .filter_map(|(table, key)| root.table(table)?.node(key));
    let Some(node) = nodes.into_iter().next() else {
        return;
    };
    let gigabytes = |bytes: u64| format!("{:.1} GB", bytes as f64 / 1e9);
    let message = format!(
        "the run will take about {} of memory on one thread and {} on two, less if couples separate",
        gigabytes(one.total()),
        gigabytes(two.total())
    );
    let warning = Diagnostic::new(Code::MuchMemory, node.at, message);
    warnings.push(warning.label("takes most of it").hint(hint));
}

/// Warns of days on which nothing is compared.
fn idle_comparison(root: &TomlTable, spec: &ScenarioSpec) -> Option<Diagnostic> {
    let node = root.table("record")?.node("compare_days")?;
    if spec.has_conditions || spec.record.compare_days.is_empty() {
        return None;
    }
    let message = "`compare_days` has no effect, because the scenario has no conditions";
    let warning = Diagnostic::new(Code::IdleComparison, node.at, message).label("has no effect");
    Some(warning.hint("write two or more [condition.NAME], or take it out"))
}

fn sizes(warnings: &mut Vec<Diagnostic>, root: &TomlTable, spec: &ScenarioSpec) {
    let node = |table: &str, key: &str| root.table(table).and_then(|table| table.node(key));
    if let Some(node) = node("run", "seed") {
        large_seed(warnings, node.at, spec.seed);
    }
    let couples = spec.size.couples;
    // Tables are over the couples of all replicates.
    let all = couples.saturating_mul(u64::from(spec.size.replicates));
    if let Some(node) = node("run", "couples").filter(|_| all < FEW_COUPLES) {
        let message =
            format!("{couples} couples are too few for quantiles and intervals to be trusted");
        let warning = Diagnostic::new(Code::FewCouples, node.at, message).label("few");
        let hint = format!("take {FEW_COUPLES} couples or more where you want to read them");
        warnings.push(warning.hint(hint));
    }
    let many = |at, message| Diagnostic::new(Code::ManyDayRows, at, message).label("very many");
    let persons = 2 * u64::from(spec.size.replicates);
    if let Some(work) = &spec.record.survey {
        let rows = (persons * couples).saturating_mul(u64::from(work.diary_days));
        let entry = root.entry("measurement").filter(|_| rows > MANY_ROWS);
        if let Some(entry) = entry {
            let warning = many(
                entry.key_at,
                format!("the diary will have about {rows} rows"),
            );
            let hint = "take fewer couples, or fewer days with [measurement] `diary_days`";
            warnings.push(warning.hint(hint));
        }
    }
    let kept = match spec.record.days {
        DayRows::None => 0,
        DayRows::First(count) => count.min(couples),
        DayRows::All => couples,
    };
    let days = (spec.size.days + 1).saturating_sub(spec.record.days_from);
    let rows = (persons * kept).saturating_mul(u64::from(days));
    if let Some(node) = node("record", "days").filter(|_| rows > MANY_ROWS) {
        let warning = many(
            node.at,
            format!("the day table will have about {rows} rows"),
        );
        warnings.push(warning.hint("write a number of couples instead, such as `days = 100`"));
    }
}

/// Whether a mechanism is off from the first day to the last.
fn always_off(spec: &ScenarioSpec, mechanism: &str) -> bool {
    let place = MECHANISMS.iter().position(|switch| switch.key == mechanism);
    let switched_on = |event: &EventSpec| {
        place.is_some_and(|place| event.scheduled.switches(place) == Some(true))
    };
    // Children have needs, whether or not partners make bids.
    let in_childhood = mechanism == "contact" && spec.with_childhood() != [false; 2];
    spec.mechanisms.get(mechanism) == Some(false)
        && !in_childhood
        && !spec.events.iter().any(switched_on)
}

/// Warns of numbers that are given and have no effect, because a mechanism is off.
fn idle(warnings: &mut Vec<Diagnostic>, root: &TomlTable, spec: &ScenarioSpec) {
    let off = |mechanism: &&str| always_off(spec, mechanism);
    let off_at_first = |mechanism: &&str| spec.mechanisms.get(mechanism) == Some(false);
    let (parameter, of_trait) = (Code::ParameterWithoutMechanism, Code::TraitWithoutMechanism);
    let parameters = root.table("parameters");
    idle_keys(
        warnings,
        parameters,
        PARAMETERS,
        (parameter, "parameter"),
        &off,
    );
    for traits in with_partners(root, "traits") {
        idle_keys(warnings, Some(traits), TRAITS, (of_trait, "trait"), &off);
    }
    for upbringing in with_partners(root, CHILDHOOD) {
        idle_keys(
            warnings,
            Some(upbringing),
            UPBRINGING,
            (of_trait, "trait"),
            &off_at_first,
        );
    }
}

/// A table for both partners and its tables for one.
fn with_partners<'t>(root: &'t TomlTable, name: &str) -> impl Iterator<Item = &'t TomlTable> {
    let both = root.table(name);
    let own = PARTNERS.map(|partner| both.and_then(|table| table.table(partner)));
    [both].into_iter().chain(own).flatten()
}

fn idle_keys(
    warnings: &mut Vec<Diagnostic>,
    table: Option<&TomlTable>,
    lines: &[ParameterSpec],
    (code, what): (Code, &str),
    off: &dyn Fn(&&str) -> bool,
) {
    for line in lines {
        let mechanism = line.mechanisms.iter().find(|mechanism| off(mechanism));
        let entry = table.and_then(|table| table.entry(line.key));
        if let (Some(mechanism), Some(entry)) = (mechanism, entry) {
            let key = line.key;
            let message = format!("the {what} `{key}` has no effect, because `{mechanism}` is off");
            let hint = format!("switch `{mechanism}` on under [mechanisms], or take this line out");
            let warning = Diagnostic::new(code, entry.key_at, message);
            warnings.push(warning.label("has no effect").hint(hint));
        }
    }
}

fn late(event: &EventSpec, spec: &ScenarioSpec) -> Option<Diagnostic> {
    let days = spec.size.days;
    (event.scheduled.first_day() > days).then(|| {
        let message = format!("this event lies after the last day, {days}, and never happens");
        Diagnostic::new(Code::EventAfterEnd, event.at, message)
            .label("after the last day")
            .hint("choose an earlier day, or set [run] `days` higher")
    })
}

fn effectless(event: &EventSpec, spec: &ScenarioSpec) -> Option<Diagnostic> {
    let nothing = match event.scheduled {
        ScheduledEvent::PointEvent(blow) => match blow.kind {
            PointEventKind::Stress { size } => size == 0.0,
            PointEventKind::State { factor, add, .. } => (factor, add) == (1.0, 0.0),
            PointEventKind::Betrayal { .. } => false,
        },
        ScheduledEvent::IntervalChange(season) => match season.change {
            Change::Trait { factor, add, .. } | Change::Parameter { factor, add, .. } => {
                (factor, add) == (1.0, 0.0)
            }
            Change::Mechanism { index, on } => {
                let switches = |other: &&EventSpec| other.scheduled.switches(index).is_some();
                let alone = spec.events.iter().filter(switches).count() == 1;
                alone && spec.mechanisms.get(MECHANISMS[index].key) == Some(on)
            }
        },
    };
    nothing.then(|| {
        let message = format!("this event changes nothing: {}", event.scheduled.summary());
        Diagnostic::new(Code::EventWithoutEffect, event.at, message)
            .label("the event of this day")
            .hint("change it, or take it out")
    })
}

fn idle_event(event: &EventSpec, spec: &ScenarioSpec) -> Option<Diagnostic> {
    let ScheduledEvent::IntervalChange(season) = event.scheduled else {
        return None;
    };
    let (code, line) = match season.change {
        Change::Trait { index, .. } => (Code::TraitWithoutMechanism, &TRAITS[index]),
        Change::Parameter { index, .. } => (Code::ParameterWithoutMechanism, &PARAMETERS[index]),
        Change::Mechanism { .. } => return None,
    };
    let key = line.key;
    let mechanism = line
        .mechanisms
        .iter()
        .find(|mechanism| always_off(spec, mechanism))?;
    let message =
        format!("this event changes `{key}`, which has no effect, because `{mechanism}` is off");
    let hint = format!("switch `{mechanism}` on under [mechanisms], or by an event");
    let warning = Diagnostic::new(code, event.at, message);
    Some(warning.label("the event of this day").hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Override, Scenario};
    use crate::simd::backend::Backend;
    use crate::simulation::{Block, Moments, OBSERVABLES, PreparedRun, run_block};

    /// Lively couples in whom everything moves.
    const LIVELY: &str = "title = \"t\"\n[run]\ncouples = 48\ndays = 60\n\
        [parameters]\nbetrayal_rate = 0.01\noutside_rate = 0.02\nleaving_rate = 0.9\n\
        betrayal_commitment = 0.9\ndeception = 0.5\ncommitment_investment = 0.2\n\
        [initial]\nstress = 0.4\nhurt = 0.2\n\
        [traits]\neffort = 0.3\nconsistency = 0.4\nunderstanding = 0.7\navailability = 0.8\n\
        patience = 0.3\n";

    fn simulated(sets: &[String]) -> Moments {
        let read = |set: &String| Override::parse(set).expect("an override");
        let overrides: Vec<Override> = sets.iter().map(read).collect();
        let scenario = Scenario::read_text("lively", LIVELY, &overrides).expect("a valid scenario");
        let mut config = scenario.config().clone();
        config.record.observables = OBSERVABLES
            .iter()
            .map(|(observable, _)| *observable)
            .collect();
        let block = Block {
            replicate: 0,
            index: 0,
        };
        run_block(&PreparedRun::new(config), block, Backend::best(), None).moments
    }

    fn idle_only_without(table: &str, lines: &[ParameterSpec]) {
        for line in lines {
            let (low, high) = (
                0.5 * (line.default + line.low),
                0.9 * line.default + 0.1 * line.high,
            );
            let set = |value: f64| format!("{table}.{}={value:?}", line.key);
            for mechanism in line.mechanisms {
                let off = format!("mechanisms.{mechanism}=false");
                let with = |value: f64| simulated(&[off.clone(), set(value)]);
                assert!(
                    with(low) == with(high),
                    "{} works without {mechanism}",
                    line.key
                );
            }
            if !line.mechanisms.is_empty() {
                assert!(
                    simulated(&[set(low)]) != simulated(&[set(high)]),
                    "{} does nothing at all",
                    line.key
                );
            }
        }
    }

    #[test]
    fn parameters_have_no_effect_where_their_mechanism_is_off_and_only_there() {
        idle_only_without("parameters", PARAMETERS);
    }

    #[test]
    fn traits_have_no_effect_where_their_mechanism_is_off_and_only_there() {
        idle_only_without("traits", TRAITS);
    }

    #[test]
    fn mechanisms_of_numbers_are_those_of_the_switches() {
        let lines = PARAMETERS.iter().chain(TRAITS).chain(UPBRINGING);
        for mechanism in lines.flat_map(|line| line.mechanisms) {
            assert!(
                MECHANISMS.iter().any(|switch| switch.key == *mechanism),
                "{mechanism}"
            );
        }
    }
}
