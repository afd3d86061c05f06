//! What a sweep measures, keeps, and when a point has been run often enough.

use super::{Points, Sweep, Until};
use crate::scenario::catalogue::section;
use crate::scenario::code::FaultCode as Code;
use crate::scenario::notice::Fault;
use crate::scenario::reader::{Part, Reader};
use crate::scenario::source::Span;
use crate::scenario::suggest::nearest;
use crate::scenario::tree::{Node, Value};
use crate::simulation::Measure;

/// Reads all that needs neither axes nor points.
pub(crate) fn read(reader: &mut Reader, part: &Part<'_>, replicates: u32) -> Sweep {
    let measures = measures(reader, part);
    Sweep {
        axes: Vec::new(),
        points: Points::Table(Vec::new()),
        common_random_numbers: reader.switch(part, "common_random_numbers").unwrap_or(true),
        until: until(reader, part, &measures, replicates),
        measures,
        couples: reader.switch(part, "couples").unwrap_or(false),
        reference: reader
            .whole(part, "reference")
            .map_or(0, |number| number as u64 - 1),
    }
}

fn measures(reader: &mut Reader, part: &Part<'_>) -> Vec<Measure> {
    let Some(node) = part.node("measures") else {
        return Measure::defaults();
    };
    let Value::List(list) = &node.value else {
        let fault = Fault::new(
            Code::WrongType,
            node.at,
            "`measures` takes a list of names in quotes",
        )
        .label(format!("this is {}", node.value.kind()));
        reader.fault(
            fault.hint("write for example `measures = [\"mean trust\", \"share together\"]`"),
        );
        return Measure::defaults();
    };
    if list.is_empty() {
        let fault =
            Fault::new(Code::EmptyList, node.at, "`measures` must not be empty").label("empty");
        reader.fault(fault.hint("take the line out to measure the usual ones"));
    }
    let mut seen: Vec<(Measure, Span)> = Vec::new();
    for item in list {
        let Some(found) = measure(reader, item, "measures") else {
            continue;
        };
        match seen.iter().find(|(other, _)| *other == found) {
            Some((_, first)) => {
                let fault = Fault::new(
                    Code::Repeated,
                    item.at,
                    format!("\"{found}\" is listed twice"),
                );
                reader.fault(fault.label("again here").other(*first, "first here"));
            }
            None => seen.push((found, item.at)),
        }
    }
    seen.into_iter().map(|(measure, _)| measure).collect()
}

fn measure(reader: &mut Reader, node: &Node, key: &str) -> Option<Measure> {
    let Value::Text(text) = &node.value else {
        let fault = Fault::new(
            Code::WrongType,
            node.at,
            format!("`{key}` takes names of measures in quotes"),
        );
        reader.fault(fault.label(format!("this is {}", node.value.kind())));
        return None;
    };
    let found = Measure::named(text);
    if found.is_none() {
        let all = Measure::all();
        let columns: Vec<String> = all.iter().map(Measure::column).collect();
        let near = nearest(text, columns.iter().map(String::as_str));
        let near = near.and_then(|near| columns.iter().position(|column| column == near));
        let hint = match near {
            Some(near) => format!("did you mean \"{}\"?", all[near]),
            None => "measures are \"share together\", and \"mean\" or \"sd\" with an observable, such as \"mean trust\" or \"mean trust a\"".to_owned(),
        };
        let message = format!("there is no measure \"{}\"", text.escape_debug());
        reader.fault(
            Fault::new(Code::UnknownWord, node.at, message)
                .label("unknown measure")
                .hint(hint),
        );
    }
    found
}

fn until(
    reader: &mut Reader,
    part: &Part<'_>,
    measures: &[Measure],
    replicates: u32,
) -> Option<Until> {
    let node = part.node("until")?;
    let Some(table) = node.table() else {
        let fault = Fault::new(Code::WrongType, node.at, "`until` must be a table")
            .label(format!("this is {}", node.value.kind()));
        reader.fault(fault.hint(
            "write for example `until = { half_width = 0.01, of = \"mean trust\", max = 10000 }`",
        ));
        return None;
    };
    let part = reader.part_of(Some(table), "sweep.until", section("sweep.until"), &[]);
    for key in ["half_width", "of", "max"] {
        if part.node(key).is_none() {
            reader.missing(&part, key, node.at);
        }
    }
    let half_width = reader.number(&part, "half_width");
    let confidence = reader.number(&part, "confidence").unwrap_or(0.95);
    let max = reader.whole(&part, "max").map(|max| max as u32);
    let of = part.node("of").and_then(|node| measure(reader, node, "of"));
    let mut refuse = |key: &str, message: String, label: &str, hint: String| {
        let at = part.node(key).map_or(node.at, |node| node.at);
        reader.fault(
            Fault::new(Code::BadStopping, at, message)
                .label(label)
                .hint(hint),
        );
    };
    if half_width == Some(0.0) {
        let message = "no number of runs makes an interval of half-width 0".to_owned();
        refuse(
            "half_width",
            message,
            "never reached",
            "write a number above 0".to_owned(),
        );
    }
    if let Some(max) = max.filter(|max| *max < replicates) {
        let message = format!(
            "a point is run {replicates} times before anything stops it, but at most {max} times"
        );
        refuse(
            "max",
            message,
            "below [run] `replicates`",
            format!("write {replicates} or more, or take fewer `replicates`"),
        );
    }
    if let Some(of) = of.filter(|of| !measures.contains(of)) {
        let message = format!("\"{of}\" is not among the sweep's measures");
        refuse(
            "of",
            message,
            "not measured",
            "add it to `measures`".to_owned(),
        );
    }
    Some(Until {
        half_width: half_width?,
        of: of?,
        confidence,
        max: max?,
    })
}
