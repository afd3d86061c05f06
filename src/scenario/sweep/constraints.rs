//! Reading formulas of derived axes and constraints, and choosing the points that satisfy the constraints.

use super::axis_reader::AxisSpec;
use super::formula::{Constraint, Formula, FormulaError};
use super::schema::DesignKind;
use super::{AxisValues, DerivedAxis, KeptPoints, Sweep, SweepPoints, numbers};
use crate::design::Design;
use crate::scenario::diagnostic::{Code, Diagnostic, Span};
use crate::scenario::nearest::nearest;
use crate::scenario::reader::{ListWords, OpenTable, ScenarioReader, listed};
use crate::scenario::tree::{TomlNode, TomlValue};
use crate::scenario::value::{self, Accepts, Setting};
use std::ops::Range;

/// Most points of a design that constraints are tried at: some seconds.
const MOST_TRIED: u64 = 1 << 22;
/// Most values that a message shows.
const MOST_VALUES: usize = 5;

/// The axes of a sweep as the file has them, with their names.
pub(crate) struct NamedAxes<'a> {
    pub(crate) axes: &'a [AxisSpec],
    pub(crate) names: &'a [String],
}

impl NamedAxes<'_> {
    /// The place of the axis with a name or key.
    fn find(&self, written: &str, at: Range<usize>) -> Result<usize, FormulaError> {
        let is_own = |(axis, name): (&AxisSpec, &String)| {
            name == written || axis.path.is_some() && axis.key() == written
        };
        let Some(place) = self.axes.iter().zip(self.names).position(is_own) else {
            let message = format!("the sweep has no axis `{}`", written.escape_debug());
            let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
            let hint = match nearest(written, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its axes are {}", listed(&names)),
            };
            return Err(FormulaError::new(at, message, "no axis").hint(hint));
        };
        let has_words = match &self.axes[place].values {
            Some((AxisValues::Levels(levels), _)) => {
                levels.iter().any(|level| level.number().is_none())
            }
            _ => false,
        };
        if has_words {
            let message = format!("`{written}` has values that are no numbers");
            let error = FormulaError::new(at, message, "words or switches");
            return Err(error.hint("formulas and constraints compute with numbers"));
        }
        Ok(place)
    }
}

/// Where some bytes of a text stand that is the value of a key.
fn place_of(value_at: Span, text: &str, at: &Range<usize>) -> Span {
    // A text with escapes, or in three quotes, is longer in the file than it is.
    let quote = match (value_at.end - value_at.start).checked_sub(text.len()) {
        Some(0) => 0,
        Some(2) => 1,
        _ => return value_at,
    };
    let start = value_at.start + quote;
    Span::new(value_at.source, start + at.start, start + at.end)
}

fn diagnostic(error: FormulaError, value_at: Span, text: &str) -> Diagnostic {
    let at = place_of(value_at, text, &error.at);
    Diagnostic::new(Code::BadFormula, at, error.message)
        .label(error.label)
        .maybe_hint(error.hint)
}

/// Reads the formulas of derived axes, which name axes by their places in the file; in an order in which each
/// follows those that it names. `None` where something is wrong.
pub(crate) fn formulas(
    reader: &mut ScenarioReader,
    named: &NamedAxes<'_>,
) -> Option<Vec<(usize, Formula)>> {
    let before = reader.errors.len();
    let mut found: Vec<(usize, Formula)> = Vec::new();
    for (place, axis) in named.axes.iter().enumerate() {
        let Some((text, at)) = &axis.formula else {
            continue;
        };
        match Formula::parse(text, &|name, at| named.find(name, at)) {
            Ok(formula) if formula.axes().is_empty() => {
                let message = format!("the formula of `{}` names no axis", named.names[place]);
                let error = Diagnostic::new(Code::BadFormula, *at, message).label("a number");
                reader
                    .report(error.hint("set the key in its table, or list the number in `values`"));
            }
            Ok(formula) => found.push((place, formula)),
            Err(error) => reader.report(diagnostic(error, *at, text)),
        }
    }
    let are_sound = reader.errors.len() == before;
    let used = |place: usize| {
        found
            .iter()
            .any(|(_, formula)| formula.axes().contains(&place))
    };
    for (place, axis) in named.axes.iter().enumerate() {
        // What is wrong in a formula may have hidden that it uses the axis.
        if axis.path.is_none() && !used(place) && are_sound {
            let message = format!(
                "the axis `{}` sets nothing: it has no `key`, and no formula names it",
                named.names[place]
            );
            let error = Diagnostic::new(Code::MissingKey, axis.at, message).label("no `key`");
            let hint = "add the `key` that it sets, or name it in the `formula` of another axis";
            reader.report(error.hint(hint));
        }
    }
    let mut ordered: Vec<(usize, Formula)> = Vec::new();
    let is_free = |place: usize| named.axes[place].formula.is_none();
    while !found.is_empty() {
        let is_ready = |(_, formula): &(usize, Formula)| {
            let is_known =
                |place: &usize| is_free(*place) || ordered.iter().any(|(other, _)| other == place);
            formula.axes().iter().all(is_known)
        };
        match found.iter().position(is_ready) {
            Some(next) => ordered.push(found.remove(next)),
            // What could not be read may be what others wait for.
            None if !are_sound => return None,
            None => {
                reader.report(cycle(named, &found));
                return None;
            }
        }
    }
    (reader.errors.len() == before).then_some(ordered)
}

/// The error of formulas of which each waits for another.
fn cycle(named: &NamedAxes<'_>, waiting: &[(usize, Formula)]) -> Diagnostic {
    let next = |place: usize| {
        let own = waiting.iter().find(|(other, _)| *other == place);
        let names = own.map_or(Vec::new(), |(_, formula)| formula.axes());
        let is_waiting = |name: &usize| waiting.iter().any(|(other, _)| other == name);
        names.into_iter().find(is_waiting)
    };
    let mut path = vec![waiting[0].0];
    while let Some(place) = path.last().copied().and_then(next) {
        let known = path.iter().position(|other| *other == place);
        path.push(place);
        if let Some(first) = known {
            path.drain(..first);
            break;
        }
    }
    let names: Vec<String> = path
        .iter()
        .map(|place| format!("`{}`", named.names[*place]))
        .collect();
    let message = format!("formulas depend on each other: {}", names.join(" from "));
    let place = |place: usize| {
        let formula = named.axes[place].formula.as_ref();
        formula.map_or(named.axes[place].at, |(_, at)| *at)
    };
    let mut error = Diagnostic::new(Code::BadFormula, place(path[0]), message).label("in a circle");
    let others = path.len().saturating_sub(1);
    for other in path.iter().take(others).skip(1) {
        error = error.other(place(*other), "and this");
    }
    error.hint("give one of these axes a `range` or `values` instead of a `formula`")
}

/// Reads `constraints`, which name axes by their places in the file.
pub(crate) fn constraints(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    kind: &DesignKind,
    named: &NamedAxes<'_>,
) -> Vec<(Constraint, Span)> {
    let Some(entry) = table.entry("constraints") else {
        return Vec::new();
    };
    if let Some(why) = kind.refuses_constraints() {
        let message = format!("a {} design cannot have constraints: {why}", kind.word);
        let error = Diagnostic::new(Code::ImpossibleDesign, entry.key_at, message)
            .label("leaves out points");
        reader.report(error.other(table.at("design"), "needs all of them").hint(
            "make one axis derived, such as `high` with `formula = \"low + width\"`, or take \
             another design",
        ));
        return Vec::new();
    }
    let words = ListWords {
        takes: "a list of constraints in quotes",
        example: "write for example `constraints = [\"low < high\"]`",
        if_empty: None,
    };
    let read = |reader: &mut ScenarioReader, item: &TomlNode| {
        let text = reader.accept(item, "constraints", value::text(item, true, 500))?;
        match Constraint::parse(&text, &|name, at| named.find(name, at)) {
            Ok(constraint) => Some((constraint, item.at)),
            Err(error) => {
                reader.report(diagnostic(error, item.at, &text));
                None
            }
        }
    };
    // One constraint needs no list.
    if let TomlValue::Text(_) = entry.node.value {
        return read(reader, &entry.node).into_iter().collect();
    }
    let found = reader.list(&entry.node, "constraints", &words, read);
    let found = found.unwrap_or_default().into_iter();
    found.map(|(constraint, _)| constraint).collect()
}

/// The derived axis of a formula that names axes by their positions among the settings of a point.
pub(crate) fn derived_axis(axis: &AxisSpec, name: &str, formula: Formula) -> DerivedAxis {
    DerivedAxis {
        name: name.to_owned(),
        key: axis.key(),
        text: axis
            .formula
            .as_ref()
            .map_or("", |(text, _)| text.trim())
            .to_owned(),
        formula,
        is_integer: matches!(axis.accepts, Accepts::Integer { .. }),
    }
}

/// Leaves out the points that do not satisfy the constraints of a sweep, which stand at these places.
pub(crate) fn keep_points(reader: &mut ScenarioReader, sweep: &mut Sweep, places: &[Span]) {
    let Some(first_place) = places.first().copied() else {
        return;
    };
    let candidates = sweep.candidates();
    if candidates > MOST_TRIED {
        let message = format!(
            "constraints are tried at each point of the design, of which there are {candidates}"
        );
        let error = Diagnostic::new(Code::TooManyPoints, first_place, message);
        let hint = format!("take a design of {MOST_TRIED} points or fewer, or a derived axis");
        reader.report(error.label("too many points").hint(hint));
        return;
    }
    let mut kept: Vec<u64> = Vec::new();
    let mut excluded = vec![0_u64; places.len()];
    for number in 0..candidates {
        let settings = sweep.settings(number);
        let values = numbers(&settings);
        // A later constraint may have no value where an earlier one fails, such as a quotient at zero.
        let mut broken = None;
        for (position, constraint) in sweep.constraints.iter().enumerate() {
            match constraint.holds(&values) {
                Some(true) => {}
                Some(false) => {
                    broken = Some(position);
                    break;
                }
                None => {
                    let error = without_value(sweep, position, &settings, places[position]);
                    reader.report(error);
                    return;
                }
            }
        }
        match broken {
            Some(position) => excluded[position] += 1,
            None => kept.push(number),
        }
    }
    if kept.is_empty() {
        reader.report(none_left(&excluded, places, &sweep.constraints));
        return;
    }
    if let SweepPoints::Designed(Design::OneAtATime(design)) = &sweep.points {
        let is_base = |number: &u64| design.departure(*number).is_none();
        if !kept.iter().any(is_base) {
            let message = "the baseline does not satisfy the constraints";
            let place = excluded.iter().position(|count| *count > 0).unwrap_or(0);
            let error = Diagnostic::new(Code::NoPointLeft, places[place], message);
            let hint = "all other points are compared with it: give the axes another `baseline`";
            reader.report(error.label("leaves it out").hint(hint));
            return;
        }
    }
    if kept.len() as u64 == candidates {
        return;
    }
    let order = match &sweep.points {
        SweepPoints::Designed(design @ Design::Grid(_)) => {
            let place = |position| kept.binary_search(&design.spread(position)).ok();
            let order = (0..candidates).filter_map(place).map(|place| place as u64);
            Some(order.collect())
        }
        _ => None,
    };
    sweep.kept = Some(KeptPoints {
        numbers: kept.into(),
        order,
        candidates,
    });
}

/// The error of a constraint of which a side has no finite value at a point.
fn without_value(sweep: &Sweep, position: usize, settings: &[Setting], at: Span) -> Diagnostic {
    let constraint = &sweep.constraints[position];
    let names: Vec<&String> = sweep.axes.iter().map(|axis| &axis.name).collect();
    let derived = sweep.derived.iter().map(|axis| &axis.name);
    let names: Vec<&String> = names.into_iter().chain(derived).collect();
    let axes = constraint.axes();
    let shown = axes.iter().take(MOST_VALUES);
    let values: Vec<String> = shown
        .map(|axis| format!("{} = {}", names[*axis], settings[*axis]))
        .collect();
    let message = format!(
        "the constraint has no finite value where {}",
        values.join(" and ")
    );
    Diagnostic::new(Code::BadFormula, at, message)
        .label("divides by zero, or is too large")
        .hint("put a constraint before it that leaves such points out, such as \"width > 0\"")
}

/// The error of constraints that no point satisfies.
fn none_left(excluded: &[u64], places: &[Span], constraints: &[Constraint]) -> Diagnostic {
    let all: u64 = excluded.iter().sum();
    let acting: Vec<usize> = (0..excluded.len())
        .filter(|position| excluded[*position] > 0)
        .collect();
    let label = |position: usize| format!("leaves out {} of {all} points", excluded[position]);
    let first = acting[0];
    let message = match acting.len() {
        1 => format!("no point of the sweep satisfies `{}`", constraints[first]),
        _ => "no point of the sweep satisfies all constraints".to_owned(),
    };
    let mut error = Diagnostic::new(Code::NoPointLeft, places[first], message).label(label(first));
    for position in acting.iter().skip(1) {
        error = error.other(places[*position], label(*position));
    }
    error.hint("change the constraints, or the ranges and values of the axes that they name")
}
