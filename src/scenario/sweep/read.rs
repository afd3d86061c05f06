//! The sweep under reading: `[sweep]` becomes axes, a design, and what is measured.

use super::axis;
use super::axis::{Given, not_for};
use super::designs::Wishes;
use super::ground::Ground;
use super::keys::DesignKind;
use super::names::name_all;
use super::table;
use super::{Axis, AxisValues, Points, Setting, Sweep, wanted, write};
use crate::scenario::catalogue::section;
use crate::scenario::code::FaultCode as Code;
use crate::scenario::notice::Fault;
use crate::scenario::path::Path;
use crate::scenario::reader::{Part, Reader};
use crate::scenario::sheet::Sheet;
use crate::scenario::source::{Attached, Span};
use crate::scenario::tree::Table;

/// A sweep that was read, with what its worlds are made from.
#[derive(Clone, Debug)]
pub(crate) struct Swept {
    pub(crate) sweep: Sweep,
    /// The axes' keys.
    pub(crate) paths: Vec<Path>,
    /// The sweep as effective TOML.
    pub(crate) toml: String,
}

/// Reads the sweep, if the scenario asks for one.
pub(crate) fn read(
    reader: &mut Reader,
    root: &Table,
    sheet: &Sheet,
    attached: &mut Attached<'_>,
) -> Option<Swept> {
    let sure = reader.faults.is_empty() && !reader.broken;
    let node = root.node("sweep")?;
    let table = reader.as_table(node, "sweep")?;
    let before = reader.faults.len();
    let part = reader.part_of(Some(table), "sweep", section("sweep"), &[]);
    let kind = design_kind(reader, &part, node.at);
    let ground = Ground {
        addresses: sheet.addresses(),
        draws: &sheet.draws,
        sure,
    };
    let mut axes = axis::read(reader, &part, kind, &ground);
    let wishes = wishes(reader, &part, kind, sheet.seed);
    let mut rows = None;
    let file = reader.text(&part, "table");
    if let (Some(name), Some(true)) = (&file, kind.map(|kind| kind.word == "table")) {
        let at = part.node("table").map_or(node.at, |node| node.at);
        if let Some((columns, points)) = tabled(reader, (name, at), &axes, &ground, attached) {
            axes = columns;
            rows = Some(points);
        }
    }
    let sound = sure && reader.faults.len() == before;
    let names = name_all(reader, &axes);
    let mut sweep = wanted::read(reader, &part, sheet.size.replicates);
    let wishes = wishes?;
    if !sound {
        wishes.check_alone(reader);
        return None;
    }
    let mut toml = write::head(&wishes, file.as_deref());
    let axes_toml = write::axes(&axes, &names, &wishes);
    sweep.points = match rows {
        Some(rows) => Points::Table(rows),
        None => Points::Designed(wishes.design(reader, &mut axes)?),
    };
    check_reference(reader, &part, &sweep);
    toml.push_str(&write::tail(&sweep));
    toml.push_str(&axes_toml);
    let axis = |(given, name): (&Given, String)| Axis {
        name,
        key: given.path.key(),
        values: given
            .values
            .as_ref()
            .map_or(AxisValues::Levels(Vec::new()), |(values, _)| values.clone()),
        group: given.group.clone(),
    };
    sweep.axes = axes.iter().zip(names).map(axis).collect();
    let paths = axes.into_iter().map(|given| given.path).collect();
    (reader.faults.len() == before).then_some(Swept { sweep, paths, toml })
}

/// The design's name, and whether all keys do something in it.
fn design_kind(reader: &mut Reader, part: &Part<'_>, at: Span) -> Option<&'static DesignKind> {
    if part.node("design").is_none() {
        reader.missing(part, "design", at);
    }
    let kind = DesignKind::named(reader.word(part, "design")?)?;
    let table = part.table?;
    for field in &part.section.fields {
        let key = field.key;
        if let Some(entry) = table.entry(key).filter(|_| !kind.uses(key)) {
            reader.fault(not_for(kind, key, entry.key_at, |other| other.uses(key)));
        }
    }
    for key in kind.needs {
        if part.node(key).is_none() {
            reader.missing(part, key, at);
        }
    }
    Some(kind)
}

fn wishes(
    reader: &mut Reader,
    part: &Part<'_>,
    kind: Option<&'static DesignKind>,
    seed: u64,
) -> Option<Wishes> {
    let at = part.node("design").map(|node| node.at);
    let place = |key: &str| part.node(key).map(|node| node.at).or(at);
    let (points_at, levels_at) = (place("points"), place("levels"));
    let points = reader.whole(part, "points").unwrap_or(1) as u64;
    let seed = reader.whole(part, "seed").map_or(seed, |seed| seed as u64);
    let scramble = reader.switch(part, "scramble").unwrap_or(true);
    let placement = reader.word(part, "placement").unwrap_or("jittered");
    let second_order = reader.switch(part, "second_order").unwrap_or(false);
    let levels = reader.whole_or_default(part, "levels") as u32;
    let spread = reader.word(part, "selection") != Some("plain");
    Some(Wishes {
        kind: kind?,
        at: at?,
        points,
        points_at: points_at?,
        seed,
        scramble,
        placement,
        second_order,
        levels,
        levels_at: levels_at?,
        spread,
    })
}

/// The axes and rows of a table of points; `axes` are those that name its columns.
fn tabled(
    reader: &mut Reader,
    (name, at): (&str, Span),
    axes: &[Given],
    ground: &Ground<'_>,
    attached: &mut Attached<'_>,
) -> Option<(Vec<Given>, Vec<Vec<Setting>>)> {
    let source = match attached.fetch(name) {
        Ok(source) => source,
        Err((message, hint)) => {
            reader.fault(
                Fault::new(Code::NoTable, at, message)
                    .label("this table")
                    .hint(hint),
            );
            return None;
        }
    };
    let table = match table::read(attached.text(source), source, ground) {
        Ok(table) => table,
        Err(faults) => {
            faults.into_iter().for_each(|fault| reader.fault(fault));
            return None;
        }
    };
    for axis in axes {
        let key = axis.path.key();
        if !table.columns.iter().any(|column| column.path.key() == key) {
            let message = format!("the table of points has no column `{key}`");
            let fault = Fault::new(Code::BadTable, axis.at, message).label("not in the table");
            reader.fault(
                fault.hint("a table's columns are its axes: add the column, or take this axis out"),
            );
        }
    }
    let columns = table
        .columns
        .into_iter()
        .enumerate()
        .map(|(index, column)| {
            let named = axes
                .iter()
                .find(|axis| axis.path.key() == column.path.key());
            Given {
                at: column.at,
                name: named.and_then(|axis| axis.name.clone()),
                name_at: named.map_or(column.at, |axis| axis.name_at),
                group: None,
                values: Some((AxisValues::Levels(distinct(&table.rows, index)), column.at)),
                levels: 0,
                baseline: None,
                path: column.path,
            }
        });
    Some((columns.collect(), table.rows))
}

/// The different values of a column, numbers in their order, others as they come.
fn distinct(rows: &[Vec<Setting>], column: usize) -> Vec<Setting> {
    let mut all: Vec<&Setting> = rows.iter().map(|row| &row[column]).collect();
    if all.iter().all(|value| value.number().is_some()) {
        let number = |setting: &Setting| setting.number().unwrap_or(f64::NAN);
        all.sort_by(|one, other| number(one).total_cmp(&number(other)));
        all.dedup();
        return all.into_iter().cloned().collect();
    }
    // Words and switches are few.
    let mut found: Vec<Setting> = Vec::new();
    for value in all {
        if !found.contains(value) {
            found.push(value.clone());
        }
    }
    found
}

fn check_reference(reader: &mut Reader, part: &Part<'_>, sweep: &Sweep) {
    let count = sweep.count();
    if let Some(node) = part.node("reference").filter(|_| sweep.reference >= count) {
        let message = format!(
            "the sweep has {count} points, and no point {}",
            sweep.reference + 1
        );
        let fault = Fault::new(Code::OutOfRange, node.at, message).label("beyond the last point");
        reader.fault(fault.hint(format!("write a number from 1 to {count}")));
    }
}
