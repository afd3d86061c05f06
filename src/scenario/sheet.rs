//! The sheet: all that a scenario says and leaves to its defaults, read and checked.

use super::catalogue;
use super::catalogue::{MOST_LIVES, USUAL_FLOW_DAYS, USUAL_RECORDED_DAYS};
use super::code::FaultCode as Code;
use super::draws;
use super::draws::Drawn;
use super::event;
use super::event::{Dated, Event};
use super::measurement;
use super::notice::Fault;
use super::pairs;
use super::pairs::Pairs;
use super::reader::{Part, Reader};
use super::tree::{Table, Value};
use super::value;
use crate::model::parameters::MECHANISMS;
use crate::model::parameters::PARAMETERS;
use crate::model::{IntimacyTarget, Mechanisms, Parameters};
use crate::simulation::{
    Cuts, DayRows, InitialDistribution, Observable, Record, Schedule, SimulationConfig, Size,
};

/// All that a scenario says, with its defaults.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sheet {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) seed: u64,
    pub(crate) size: Size,
    pub(crate) draws: Vec<Drawn>,
    pub(crate) pairs: Pairs,
    pub(crate) parameters: Parameters,
    pub(crate) mechanisms: Mechanisms,
    pub(crate) intimacy_target: IntimacyTarget,
    pub(crate) events: Vec<Event>,
    pub(crate) cuts: Cuts,
    pub(crate) record: Record,
}

/// Reads everything; where the reader has faults afterwards, defaults stand in their place.
pub(crate) fn read(reader: &mut Reader, root: &Table) -> Sheet {
    let tables: Vec<&'static str> = reader
        .sections
        .iter()
        .map(|section| section.name)
        .filter(|name| !name.is_empty() && !name.contains('.'))
        .collect();
    let top = reader.part_of(Some(root), "", catalogue::section(""), &tables);
    let title = reader.text(&top, "title");
    if top.node("title").is_none() {
        reader.missing(&top, "title", root.at);
    }
    let description = reader.text(&top, "description");
    let (seed, size) = run(reader, root);
    let draws = draws::read(reader, root);
    let pairs = pairs::read(reader, root, &draws);
    let (mechanisms, intimacy_target) = mechanisms(reader, root);
    let parameters = parameters(reader, root);
    let events = event::read(reader, root);
    let record = record(reader, root, &size);
    let cuts = cuts(reader, root);
    Sheet {
        title: title.unwrap_or_default(),
        description: description.unwrap_or_default(),
        seed,
        size,
        draws,
        pairs,
        parameters,
        mechanisms,
        intimacy_target,
        events,
        cuts,
        record,
    }
}

fn run(reader: &mut Reader, root: &Table) -> (u64, Size) {
    let run = reader.part(root, catalogue::section("run"));
    let whole = |reader: &mut Reader, key: &str| reader.whole_or_default(&run, key);
    let (couples, replicates) = (whole(reader, "couples"), whole(reader, "replicates"));
    if couples.saturating_mul(replicates) > MOST_LIVES {
        let message =
            format!("{couples} couples times {replicates} replicates is more than {MOST_LIVES}");
        if let Some(node) = run.node("replicates").or(run.node("couples")) {
            let fault = Fault::new(Code::TooManyCouples, node.at, message).label("too many");
            reader.fault(fault.hint("take fewer couples or fewer replicates"));
        }
    }
    let step = reader.number(&run, "step_days").unwrap_or(1.0);
    let size = Size {
        couples: couples as u64,
        days: whole(reader, "days") as u32,
        steps_per_day: (1.0 / step) as u32,
        moments: whole(reader, "moments") as u32,
        replicates: replicates as u32,
    };
    (whole(reader, "seed") as u64, size)
}

fn mechanisms(reader: &mut Reader, root: &Table) -> (Mechanisms, IntimacyTarget) {
    let part = reader.part(root, catalogue::section("mechanisms"));
    let mut mechanisms = Mechanisms::default();
    for switch in MECHANISMS {
        if let (Some(on), Some(place)) = (
            reader.switch(&part, switch.key),
            mechanisms.get_mut(switch.key),
        ) {
            *place = on;
        }
    }
    let word = reader.word(&part, "intimacy_target");
    (
        mechanisms,
        word.and_then(IntimacyTarget::from_word).unwrap_or_default(),
    )
}

fn parameters(reader: &mut Reader, root: &Table) -> Parameters {
    let part = reader.part(root, catalogue::section("parameters"));
    let mut parameters = Parameters::default();
    for line in PARAMETERS {
        if let (Some(value), Some(place)) =
            (reader.number(&part, line.key), parameters.get_mut(line.key))
        {
            *place = value;
        }
    }
    parameters
}

fn cuts(reader: &mut Reader, root: &Table) -> Cuts {
    let part = reader.part(root, catalogue::section("regimes"));
    let mut cut = |key: &str| {
        let default = part.field(key).default.parse().unwrap_or(0.5);
        reader.number(&part, key).unwrap_or(default)
    };
    Cuts {
        trust: cut("trust_cut"),
        intimacy: cut("intimacy_cut"),
    }
}

fn record(reader: &mut Reader, root: &Table, size: &Size) -> Record {
    let part = reader.part(root, catalogue::section("record"));
    let within = |reader: &mut Reader, key: &str, usual: u32| match reader.whole(&part, key) {
        Some(days) if days > i64::from(size.days) => {
            if let Some(node) = part.node(key) {
                let message = format!("`{key}` is {days} days, but the run has only {}", size.days);
                let fault =
                    Fault::new(Code::BeyondTheRun, node.at, message).label("longer than the run");
                reader.fault(fault.hint(format!("write {} or less, or leave it out", size.days)));
            }
            usual
        }
        Some(days) => days as u32,
        None => usual,
    };
    Record {
        every: within(reader, "every", usual_interval(size.days)),
        observables: observables(reader, &part),
        days: day_rows(reader, &part),
        days_from: within(reader, "days_from", 1),
        sample_couples: reader.whole_or_default(&part, "sample_couples") as u64,
        couples: true,
        phase_flow_days: within(reader, "phase_flow_days", USUAL_FLOW_DAYS.min(size.days)),
        survey: measurement::read(reader, root, size),
    }
}

/// The fewest days between recorded days that record at most [`USUAL_RECORDED_DAYS`].
fn usual_interval(days: u32) -> u32 {
    days.div_ceil(USUAL_RECORDED_DAYS).max(1)
}

fn day_rows(reader: &mut Reader, part: &Part<'_>) -> DayRows {
    let Some(node) = part.node("days") else {
        return DayRows::None;
    };
    let catalogue::Kind::WordOrWhole { words, low, high } = part.field("days").kind else {
        return DayRows::None;
    };
    let rows = if let Value::Text(_) = node.value {
        let hint = format!("write {}", value::expected(&part.field("days").kind));
        value::word(node, words)
            .map(|word| {
                if word == "all" {
                    DayRows::All
                } else {
                    DayRows::None
                }
            })
            .map_err(|wrong| wrong.or_hint(hint))
    } else {
        value::whole(node, low, high).map(|count| DayRows::First(count as u64))
    };
    rows.unwrap_or_else(|wrong| {
        reader.fault(wrong.fault(node.at, "days"));
        DayRows::None
    })
}

fn observables(reader: &mut Reader, part: &Part<'_>) -> Vec<Observable> {
    let catalogue::Kind::Words(words) = part.field("observables").kind.clone() else {
        return Observable::defaults();
    };
    let Some(node) = part.node("observables") else {
        return Observable::defaults();
    };
    let Value::List(list) = &node.value else {
        let fault = Fault::new(
            Code::WrongType,
            node.at,
            "`observables` takes a list of words in quotes",
        )
        .label(format!("this is {}", node.value.kind()))
        .hint("write for example `observables = [\"trust\", \"intimacy\"]`");
        reader.fault(fault);
        return Observable::defaults();
    };
    if list.is_empty() {
        let fault =
            Fault::new(Code::EmptyList, node.at, "`observables` must not be empty").label("empty");
        reader.fault(fault.hint("take the line out to record the usual ones"));
    }
    let mut seen: Vec<(Observable, super::source::Span)> = Vec::new();
    for item in list {
        match value::word(item, &words) {
            Err(wrong) => reader.fault(wrong.fault(item.at, "observables")),
            Ok(word) => {
                let Some(observable) = Observable::named(word) else {
                    continue;
                };
                match seen.iter().find(|(other, _)| *other == observable) {
                    Some((_, first)) => {
                        let fault = Fault::new(
                            Code::Repeated,
                            item.at,
                            format!("\"{word}\" is listed twice"),
                        );
                        reader.fault(fault.label("again here").other(*first, "first here"));
                    }
                    None => seen.push((observable, item.at)),
                }
            }
        }
    }
    seen.into_iter().map(|(observable, _)| observable).collect()
}

impl Sheet {
    /// The world of a sheet that was read without a fault.
    pub(crate) fn config(&self) -> SimulationConfig {
        let draws = self.draws.iter().filter_map(Drawn::draw).collect();
        let mut schedule = Schedule::default();
        for event in &self.events {
            match event.dated {
                Dated::PointEvent(blow) => schedule.point_events.push(blow),
                Dated::IntervalChange(season) => schedule.interval_changes.push(season),
            }
        }
        SimulationConfig {
            seed: self.seed,
            point: 0,
            size: self.size,
            origin: InitialDistribution::new(draws, self.pairs.matrix.clone()),
            parameters: self.parameters,
            mechanisms: self.mechanisms,
            intimacy_target: self.intimacy_target,
            schedule,
            cuts: self.cuts,
            record: self.record.clone(),
        }
    }
}
