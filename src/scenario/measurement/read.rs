//! Reading `[measurement]`.

use super::keys::full_name;
use crate::scenario::catalogue;
use crate::scenario::catalogue::Kind;
use crate::scenario::code::FaultCode as Code;
use crate::scenario::notice::Fault;
use crate::scenario::reader::{Part, Reader};
use crate::scenario::source::Span;
use crate::scenario::tree::{Node, Table, Value};
use crate::scenario::value;
use crate::simulation::{SCALE_COUNT, SCALES, Size, Survey};

/// Reads the measurement of a scenario; `None` where it has none.
pub(crate) fn read(reader: &mut Reader, root: &Table, size: &Size) -> Option<Survey> {
    root.node("measurement")?;
    let part = reader.part(root, catalogue::section("measurement"));
    let mut work = Survey::default_for(size.days);
    waves(reader, &part, &mut work, size.days);
    diary(reader, &part, &mut work, size.days);
    nothing_asked(reader, &part, &work);
    points(reader, &part, &mut work);
    for (key, place) in [
        ("style", &mut work.style),
        ("missing", &mut work.missing),
        ("conflict_reported", &mut work.conflict_reported),
        (
            "unresponsive_as_conflict",
            &mut work.unresponsive_as_conflict,
        ),
        ("conflict_false_alarm", &mut work.conflict_false_alarm),
    ] {
        if let Some(value) = reader.number(&part, key) {
            *place = value;
        }
    }
    let items = by_scale(reader, &part, "items");
    for (place, found) in work.items.iter_mut().zip(items) {
        *place = found.map_or(*place, |items| items as u32);
    }
    for (key, places) in [("reliability", &mut work.reliability), ("sd", &mut work.sd)] {
        let found = by_scale(reader, &part, key);
        for (place, found) in places.iter_mut().zip(found) {
            *place = found.unwrap_or(*place);
        }
    }
    Some(work)
}

fn waves(reader: &mut Reader, part: &Part<'_>, work: &mut Survey, days: u32) {
    let Some(node) = part.node("waves") else {
        return;
    };
    let Kind::Wholes { low, high } = part.field("waves").kind else {
        return;
    };
    let Value::List(list) = &node.value else {
        let fault = Fault::new(Code::WrongType, node.at, "`waves` takes a list of days")
            .label(format!("this is {}", node.value.kind()));
        reader.fault(fault.hint("write for example `waves = [30, 60]`"));
        return;
    };
    let mut seen: Vec<(u32, Span)> = Vec::new();
    for item in list {
        let day = match value::whole(item, low, high) {
            Ok(day) => day,
            Err(wrong) => {
                reader.fault(wrong.fault(item.at, "waves"));
                continue;
            }
        };
        if day > i64::from(days) {
            let message = format!("a wave is on day {day}, but the run has only {days} days");
            reader.fault(beyond(item.at, message, days));
            continue;
        }
        let day = day as u32;
        match seen.iter().find(|(other, _)| *other == day) {
            Some((_, first)) => {
                let message = format!("day {day} is listed twice");
                let fault = Fault::new(Code::Repeated, item.at, message).label("again here");
                reader.fault(fault.other(*first, "first here"));
            }
            None => seen.push((day, item.at)),
        }
    }
    work.waves = seen.into_iter().map(|(day, _)| day).collect();
    work.waves.sort_unstable();
}

fn diary(reader: &mut Reader, part: &Part<'_>, work: &mut Survey, days: u32) {
    let from = reader
        .whole(part, "diary_from")
        .map(|day| (day as u32, part.node("diary_from")));
    let count = reader
        .whole(part, "diary_days")
        .map(|count| (count as u32, part.node("diary_days")));
    if let Some((day, Some(node))) = from.filter(|(day, _)| *day > days) {
        let message = format!("`diary_from` is day {day}, but the run has only {days} days");
        reader.fault(beyond(node.at, message, days));
        return;
    }
    work.diary_from = match (from, count) {
        (Some((day, _)), _) => day,
        (None, Some((0, _))) => 1,
        (None, Some((count, _))) => (days + 1).saturating_sub(count).max(1),
        (None, None) => work.diary_from,
    };
    let left = days + 1 - work.diary_from;
    work.diary_days = match count {
        Some((count, Some(node))) if count > left => {
            let message = format!(
                "a diary of {count} days from day {} on reaches beyond the last day, {days}",
                work.diary_from
            );
            reader.fault(beyond(node.at, message, left));
            left
        }
        Some((count, _)) => count,
        None => left.min(Survey::DEFAULT_DIARY_DAYS),
    };
}

fn beyond(at: Span, message: String, most: u32) -> Fault {
    Fault::new(Code::BeyondTheRun, at, message)
        .label("beyond the run")
        .hint(format!("write {most} or less, or set [run] `days` higher"))
}

/// A measurement without waves and without a diary is a slip.
fn nothing_asked(reader: &mut Reader, part: &Part<'_>, work: &Survey) {
    let is_empty_list = |node: &&Node| matches!(&node.value, Value::List(list) if list.is_empty());
    let Some(node) = part.node("waves").filter(is_empty_list) else {
        return;
    };
    if work.diary_days == 0 {
        let message = "`waves` must not be empty where there is no diary either";
        let fault = Fault::new(Code::EmptyList, node.at, message).label("empty");
        reader.fault(fault.hint("list a day, or take [measurement] out to measure nothing"));
    }
}

fn points(reader: &mut Reader, part: &Part<'_>, work: &mut Survey) {
    let Some(points) = reader.whole(part, "points") else {
        return;
    };
    if let Some(node) = part.node("points").filter(|_| points == 1) {
        let message = "`points` cannot be 1: an item of one step tells nothing";
        let fault = Fault::new(Code::OutOfRange, node.at, message).label("one step");
        reader.fault(fault.hint("write 2 or more, or 0 for answers without steps"));
        return;
    }
    work.points = points as u32;
}

/// What one of the tables of scales says of each scale: a number of all, or a table.
fn by_scale(reader: &mut Reader, part: &Part<'_>, key: &'static str) -> [Option<f64>; SCALE_COUNT] {
    let Some(node) = part.node(key) else {
        return [None; SCALE_COUNT];
    };
    let section = catalogue::section(full_name(key));
    let Some(table) = node.table() else {
        let hint = format!(
            "write a number for all scales, or a table such as `{key} = {{ trust = {} }}`",
            section.fields[0].default
        );
        let number = number(node, &section.fields[0].kind).map_err(|wrong| {
            reader.fault(wrong.or_hint(hint).fault(node.at, key));
        });
        return [number.ok(); SCALE_COUNT];
    };
    let inner = reader.part_of(Some(table), section.name, section, &[]);
    SCALES.map(|scale| {
        let node = inner.node(scale.key)?;
        number(node, &inner.field(scale.key).kind)
            .map_err(|wrong| reader.fault(wrong.fault(node.at, scale.key)))
            .ok()
    })
}

fn number(node: &Node, kind: &Kind) -> Result<f64, value::Wrong> {
    match kind {
        Kind::Whole { low, high } => value::whole(node, *low, *high).map(|whole| whole as f64),
        Kind::Number { low, high } => value::number(node, *low, *high),
        _ => Ok(f64::NAN),
    }
}
