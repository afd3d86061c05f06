//! Oddities: what is allowed in a scenario, and probably not meant.

use super::childhood;
use super::code::WarningCode as Code;
use super::draws::PARTNERS;
use super::event::{Dated, Event};
use super::notice::Warning;
use super::reader::Reader;
use super::sheet::Sheet;
use super::source::Span;
use super::tree::{Node, Table};
use crate::childhood::UPBRINGING;
use crate::model::parameters::MECHANISMS;
use crate::model::parameters::PARAMETERS;
use crate::model::types::TRAITS;
use crate::simulation::{Change, DayRows, PointEventKind};

/// Below so many couples quantiles and intervals are rough.
const FEW_COUPLES: u64 = 30;
/// From so many rows on the day table is called large.
const MANY_ROWS: u64 = 100_000_000;

/// Notes what is odd in a scenario without faults.
pub(crate) fn note(reader: &mut Reader, root: &Table, sheet: &Sheet) {
    let mut found = Vec::new();
    sizes(&mut found, root, sheet);
    idle(&mut found, root, sheet);
    for event in &sheet.events {
        found.extend(late(event, sheet));
        found.extend(effectless(event, sheet));
        found.extend(idle_event(event, sheet));
    }
    reader.warnings.append(&mut found);
}

fn sizes(found: &mut Vec<Warning>, root: &Table, sheet: &Sheet) {
    let couples = sheet.size.couples;
    if let Some(node) = inner(root, "run", "couples").filter(|_| couples < FEW_COUPLES) {
        let message =
            format!("{couples} couples are too few for quantiles and intervals to be trusted");
        let hint = format!("take {FEW_COUPLES} couples or more where you want to read them");
        found.push(
            Warning::new(Code::FewCouples, node.at, message)
                .label("few")
                .hint(hint),
        );
    }
    let kept = match sheet.record.days {
        DayRows::None => 0,
        DayRows::First(count) => count.min(couples),
        DayRows::All => couples,
    };
    diary_rows(found, root, sheet);
    let persons = 2 * kept * u64::from(sheet.size.replicates);
    let days = (sheet.size.days + 1).saturating_sub(sheet.record.days_from);
    let rows = persons.saturating_mul(u64::from(days));
    if let Some(node) = inner(root, "record", "days").filter(|_| rows > MANY_ROWS) {
        let message = format!("the day table will have about {rows} rows");
        let hint = "write a number of couples instead, such as `days = 100`";
        found.push(
            Warning::new(Code::ManyDayRows, node.at, message)
                .label("very many")
                .hint(hint),
        );
    }
}

fn diary_rows(found: &mut Vec<Warning>, root: &Table, sheet: &Sheet) {
    let Some(work) = &sheet.record.survey else {
        return;
    };
    let persons = 2 * sheet.size.couples * u64::from(sheet.size.replicates);
    let rows = persons.saturating_mul(u64::from(work.diary_days));
    let entry = root.entry("measurement").filter(|_| rows > MANY_ROWS);
    if let Some(entry) = entry {
        let message = format!("the diary will have about {rows} rows");
        let hint = "take fewer couples, or fewer days with [measurement] `diary_days`";
        found.push(
            Warning::new(Code::ManyDayRows, entry.key_at, message)
                .label("very many")
                .hint(hint),
        );
    }
}

/// Whether a mechanism never works, from the first day to the last.
fn never(sheet: &Sheet, mechanism: &str) -> bool {
    let switched_on = |event: &Event| match event.dated {
        Dated::IntervalChange(season) => match season.change {
            Change::Mechanism { index, on } => on && MECHANISMS[index].key == mechanism,
            _ => false,
        },
        Dated::PointEvent(_) => false,
    };
    // Children have needs, whether or not partners make bids.
    let in_childhood = mechanism == "contact" && childhood::reared_by(&sheet.draws) != [false; 2];
    sheet.mechanisms.get(mechanism) == Some(false)
        && !in_childhood
        && !sheet.events.iter().any(switched_on)
}

fn idle(found: &mut Vec<Warning>, root: &Table, sheet: &Sheet) {
    let warn = |code: Code, what: &str, key: &str, at: Span, mechanism: &str| {
        let message = format!("the {what} `{key}` has no effect, because `{mechanism}` is off");
        let hint = format!("switch `{mechanism}` on under [mechanisms], or take this line out");
        Warning::new(code, at, message)
            .label("has no effect")
            .hint(hint)
    };
    for line in PARAMETERS {
        let idle = line.mechanisms.iter().find(|key| never(sheet, key));
        let entry = table(root, "parameters").and_then(|table| table.entry(line.key));
        if let (Some(mechanism), Some(entry)) = (idle, entry) {
            let code = Code::ParameterWithoutMechanism;
            found.push(warn(code, "parameter", line.key, entry.key_at, mechanism));
        }
    }
    let traits = table(root, "traits");
    let own = PARTNERS
        .iter()
        .map(|partner| traits.and_then(|traits| table(traits, partner)));
    for traits in std::iter::once(traits).chain(own).flatten() {
        for line in TRAITS {
            let idle = line.mechanisms.iter().find(|key| never(sheet, key));
            if let (Some(mechanism), Some(entry)) = (idle, traits.entry(line.key)) {
                let code = Code::TraitWithoutMechanism;
                found.push(warn(code, "trait", line.key, entry.key_at, mechanism));
            }
        }
    }
    let childhood = table(root, childhood::NAME);
    let own = PARTNERS
        .iter()
        .map(|partner| childhood.and_then(|childhood| table(childhood, partner)));
    for given in std::iter::once(childhood).chain(own).flatten() {
        for line in UPBRINGING {
            let off = |mechanism: &&&str| sheet.mechanisms.get(mechanism) == Some(false);
            let idle = line.mechanisms.iter().find(off);
            if let (Some(mechanism), Some(entry)) = (idle, given.entry(line.key)) {
                let code = Code::TraitWithoutMechanism;
                found.push(warn(code, "trait", line.key, entry.key_at, mechanism));
            }
        }
    }
}

fn late(event: &Event, sheet: &Sheet) -> Option<Warning> {
    let day = event.dated.first_day();
    let days = sheet.size.days;
    (day > days).then(|| {
        let message = format!("this event lies after the last day, {days}, and never happens");
        Warning::new(Code::EventAfterEnd, event.at, message)
            .label("after the last day")
            .hint("choose an earlier day, or set [run] `days` higher")
    })
}

fn effectless(event: &Event, sheet: &Sheet) -> Option<Warning> {
    let nothing = match event.dated {
        Dated::PointEvent(blow) => match blow.kind {
            PointEventKind::Stress { size } => size == 0.0,
            PointEventKind::State { factor, add, .. } => (factor, add) == (1.0, 0.0),
            PointEventKind::Betrayal { .. } => false,
        },
        Dated::IntervalChange(season) => match season.change {
            Change::Trait { factor, add, .. } | Change::Parameter { factor, add, .. } => {
                (factor, add) == (1.0, 0.0)
            }
            Change::Mechanism { index, on } => {
                let key = MECHANISMS[index].key;
                let others = sheet
                    .events
                    .iter()
                    .filter(|other| other.dated.switches(index))
                    .count();
                others == 1 && sheet.mechanisms.get(key) == Some(on)
            }
        },
    };
    nothing.then(|| {
        let message = format!("this event changes nothing: {}", event.dated.words());
        Warning::new(Code::EventWithoutEffect, event.at, message)
            .label("the event of this day")
            .hint("change it, or take it out")
    })
}

fn idle_event(event: &Event, sheet: &Sheet) -> Option<Warning> {
    let Dated::IntervalChange(season) = event.dated else {
        return None;
    };
    let (code, line) = match season.change {
        Change::Trait { index, .. } => (Code::TraitWithoutMechanism, &TRAITS[index]),
        Change::Parameter { index, .. } => (Code::ParameterWithoutMechanism, &PARAMETERS[index]),
        Change::Mechanism { .. } => return None,
    };
    let key = line.key;
    let mechanism = line.mechanisms.iter().find(|key| never(sheet, key))?;
    let message =
        format!("this event changes `{key}`, which has no effect, because `{mechanism}` is off");
    let hint = format!("switch `{mechanism}` on under [mechanisms], or by an event");
    Some(
        Warning::new(code, event.at, message)
            .label("the event of this day")
            .hint(hint),
    )
}

fn table<'t>(root: &'t Table, name: &str) -> Option<&'t Table> {
    root.node(name).and_then(Node::table)
}

fn inner<'t>(root: &'t Table, name: &str, key: &str) -> Option<&'t Node> {
    table(root, name).and_then(|table| table.node(key))
}
