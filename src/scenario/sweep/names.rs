//! Names of axes, as tables and charts show them.

use super::axis::Given;
use crate::scenario::code::FaultCode as Code;
use crate::scenario::notice::Fault;
use crate::scenario::reader::Reader;

/// Names every axis: as it says itself, else by the last parts of its key, as few as tell it apart.
pub(crate) fn name_all(reader: &mut Reader, axes: &[Given]) -> Vec<String> {
    let short: Vec<String> = axes.iter().map(|axis| joined(axis, 1)).collect();
    let alone = |name: &String| {
        let said = axes
            .iter()
            .filter(|axis| axis.name.as_ref() == Some(name))
            .count();
        said + short.iter().filter(|other| *other == name).count() == 1
    };
    let mut names: Vec<String> = Vec::new();
    for (axis, short) in axes.iter().zip(&short) {
        let name = match &axis.name {
            Some(name) => name.clone(),
            None if alone(short) => short.clone(),
            None => joined(axis, 0),
        };
        if !is_snake_case(&name) {
            let message = format!("\"{}\" is no name of an axis", name.escape_debug());
            let fault =
                Fault::new(Code::BadAxisName, axis.name_at, message).label("not in snake_case");
            reader.fault(fault.hint("write it with small letters, digits and `_`, a letter first"));
        } else if let Some(other) = names.iter().position(|other| *other == name) {
            let message = format!("two axes have the name `{name}`");
            let fault = Fault::new(Code::BadAxisName, axis.name_at, message)
                .label("again here")
                .other(axes[other].name_at, "first here");
            reader.fault(fault.hint("give each axis a `name` of its own"));
        }
        names.push(name);
    }
    names
}

/// The parts of an axis's key from one on, as one word; events keep their table.
fn joined(axis: &Given, from: usize) -> String {
    let parts = axis.path.names();
    let from = if parts[0] == "event" {
        0
    } else {
        from.min(parts.len() - 1)
    };
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    parts[from..].join("_").chars().map(plain).collect()
}

fn is_snake_case(name: &str) -> bool {
    let part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(part)
}
