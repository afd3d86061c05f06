//! Warnings of a scenario with a sweep.
//!
//! What is odd in a scenario may follow from values that an axis replaces: a rate is above what one length of
//! a step can hold and not above what another can. So the points are looked at as well as the scenario's own
//! values, and a warning says at which of the points it holds.

use super::read::ParsedSweep;
use super::{AxisValues, Sweep, SweepPoints};
use crate::scenario::diagnostic::{Code, Diagnostic, Span};
use crate::scenario::lints::{self, Lint};
use crate::scenario::reader::ScenarioReader;
use crate::scenario::spec::ScenarioSpec;
use crate::scenario::tables;
use crate::scenario::tree::{TomlNode, TomlTable};
use crate::scenario::value::Setting;

/// Each point is checked if there are at most so many, with at most [`MOST_SETTINGS`] different settings.
const MOST_POINTS: u64 = 4096;
const MOST_SETTINGS: usize = 64;
/// Else each corner of the design is checked if there are at most so many, and else so many of the first points.
const MOST_CORNERS: usize = 256;
/// At most so many values are listed.
const MOST_VALUES: usize = 5;

/// Adds the warnings of a scenario and of its sweep.
pub(crate) fn check(
    reader: &mut ScenarioReader,
    root: &TomlTable,
    spec: &ScenarioSpec,
    parsed: &ParsedSweep,
) {
    let depends = |warning: &Diagnostic| warning.code == Code::MostlyClipped;
    let (read, others) = std::mem::take(&mut reader.warnings)
        .into_iter()
        .partition::<Vec<_>, _>(depends);
    reader.warnings = others;
    let mut own: Vec<Lint> = read.into_iter().map(Lint::of).collect();
    own.extend(lints::lints(root, spec));
    let looked_at = Settings::of(&parsed.sweep);
    let points: Vec<Point<'_>> = looked_at
        .settings
        .iter()
        .filter_map(|(settings, count)| {
            Some(Point {
                lints: lints_at(reader, root, spec, parsed, settings)?,
                settings,
                count: *count,
            })
        })
        .collect();
    let mut groups: Vec<Group<'_>> = Vec::new();
    for lint in own {
        let group = group_of(&mut groups, &lint.warning);
        group.own = Some(lint);
    }
    for point in &points {
        for lint in &point.lints {
            group_of(&mut groups, &lint.warning)
                .points
                .push((lint, point));
        }
    }
    for axis in &parsed.value_places {
        join_own(&mut groups, *axis);
    }
    let total = points.iter().map(|point| point.count).sum();
    let unit = match points.len() < looked_at.settings.len() {
        true => format!("{} that are not refused", looked_at.unit),
        false => looked_at.unit.to_owned(),
    };
    let found = groups
        .into_iter()
        .filter_map(|group| group.warning(&parsed.sweep, &points, (total, &unit)));
    reader.warnings.extend(found);
    reader.warnings.extend(study_axes(parsed));
}

/// Warns of axes that change the study: a sweep looks at the couples without it, and finds no difference.
fn study_axes(parsed: &ParsedSweep) -> impl Iterator<Item = Diagnostic> {
    let sweep = &parsed.sweep;
    let keys = sweep.axes.iter().map(|axis| axis.key.as_str());
    let keys = keys.chain(sweep.derived.iter().map(|axis| axis.key.as_str()));
    let of_study = keys
        .zip(&parsed.places)
        .filter(|(key, _)| key.starts_with("study."));
    of_study.map(|(key, at)| {
        let message = format!(
            "the axis `{key}` has no effect: a sweep looks at the couples without their study"
        );
        let warning = Diagnostic::new(Code::IdleStudyAxis, *at, message).label("has no effect");
        warning.hint("compare designs of a study with `pairbond power` and a [power]")
    })
}

/// Points with the same settings, and what is odd in them.
struct Point<'s> {
    settings: &'s [Setting],
    count: u64,
    lints: Vec<Lint>,
}

/// What is odd with some settings of the axes; `None` where they are refused, so that the point fails.
fn lints_at(
    reader: &ScenarioReader,
    root: &TomlTable,
    spec: &ScenarioSpec,
    parsed: &ParsedSweep,
    settings: &[Setting],
) -> Option<Vec<Lint>> {
    let mut root = root.clone();
    for ((path, at), setting) in parsed.paths.iter().zip(&parsed.value_places).zip(settings) {
        let Some(path) = path else { continue };
        let node = TomlNode {
            value: setting.value(),
            at: *at,
        };
        path.set(&mut root, 0, node).ok()?;
    }
    let mut own = ScenarioReader::new(reader.tables, false);
    let mut read = tables::read(&mut own, &root);
    read.has_conditions = spec.has_conditions;
    if !own.errors.is_empty() {
        return None;
    }
    let mut all: Vec<Lint> = own.warnings.into_iter().map(Lint::of).collect();
    all.extend(lints::lints(&root, &read));
    Some(all)
}

/// One thing that is odd, with the scenario's own values or at some points.
struct Group<'p> {
    code: Code,
    place: Span,
    subject: String,
    own: Option<Lint>,
    points: Vec<(&'p Lint, &'p Point<'p>)>,
}

/// The group of a warning, which may be new. Warnings of one thing differ in their numbers alone.
fn group_of<'g, 'p>(groups: &'g mut Vec<Group<'p>>, warning: &Diagnostic) -> &'g mut Group<'p> {
    let is_of_number = |c: char| c.is_ascii_digit() || c == '.';
    let subject = warning.message.replace(is_of_number, "");
    let same = |group: &Group<'_>| {
        (group.code, group.place, &group.subject) == (warning.code, warning.place, &subject)
    };
    let position = groups.iter().position(same).unwrap_or_else(|| {
        groups.push(Group {
            code: warning.code,
            place: warning.place,
            subject: subject.clone(),
            own: None,
            points: Vec::new(),
        });
        groups.len() - 1
    });
    &mut groups[position]
}

/// Joins what is odd with the scenario's own value to what is odd with values of the axis that replaces it.
fn join_own(groups: &mut [Group<'_>], axis: Span) {
    for of_axis in 0..groups.len() {
        let other = &groups[of_axis];
        let is_replaced = |group: &Group<'_>| {
            group.own.is_some()
                && group.points.is_empty()
                && (group.code, &group.subject) == (other.code, &other.subject)
        };
        if other.place == axis
            && let Some(replaced) = groups.iter().position(is_replaced)
        {
            groups[of_axis].own = groups[replaced].own.take();
        }
    }
}

impl Group<'_> {
    /// Whether it says that something does nothing: a sweep may hold a control without it.
    fn is_of_no_effect(&self) -> bool {
        matches!(
            self.code,
            Code::TraitWithoutMechanism
                | Code::ParameterWithoutMechanism
                | Code::EventWithoutEffect
        )
    }

    /// The warning, with the points at which it holds; none where something has no effect at some of the
    /// points only.
    fn warning(
        self,
        sweep: &Sweep,
        points: &[Point<'_>],
        (total, unit): (u64, &str),
    ) -> Option<Diagnostic> {
        let count: u64 = self.points.iter().map(|(_, point)| point.count).sum();
        if self.is_of_no_effect() && count < total {
            return None;
        }
        let of_scenario = self.own.is_some();
        let Some((worst, example)) = self
            .points
            .iter()
            .rev()
            .max_by(|(one, _), (other, _)| one.severity.total_cmp(&other.severity))
        else {
            let mut own = self.own?.warning;
            if total > 0 {
                own.message.push_str(&format!(
                    "; this holds for the scenario's own values, and at none of the {total} {unit}"
                ));
            }
            return Some(own);
        };
        let mut warning = worst.warning.clone();
        let same = |lint: &Lint| lint.warning.message == warning.message;
        let all_same = self.points.iter().all(|(lint, _)| same(lint));
        if count == total && all_same && self.own.as_ref().is_none_or(same) {
            return Some(warning);
        }
        let held = self.points.iter().map(|(_, point)| point.settings);
        let values = held_values(sweep, points, &held.collect::<Vec<_>>());
        let at = match count == total {
            true => format!("at all {total} {unit}"),
            false => format!("at {count} of {total} {unit}"),
        };
        let own = match of_scenario {
            true => "with the scenario's own values, and ",
            false => "",
        };
        let such_as = match all_same {
            true => String::new(),
            false => format!(
                ", such as with {}",
                self.example(sweep, example.settings, &warning.message)
                    .join(" and ")
            ),
        };
        let values = match values.is_empty() {
            true => String::new(),
            false => format!(" ({})", values.join(", ")),
        };
        warning.message = format!("{own}{at}{values}{such_as}: {}", warning.message);
        Some(warning)
    }

    /// The values of a point on which the numbers of the warning depend.
    fn example(&self, sweep: &Sweep, settings: &[Setting], message: &str) -> Vec<String> {
        let varies = |axis: &usize| {
            let mut held = self.points.iter().map(|(_, point)| &point.settings[*axis]);
            held.any(|setting| *setting != settings[*axis])
        };
        // Whether a point that differs in this axis alone has another warning.
        let matters = |axis: &usize| {
            let alone = |other: &[Setting]| {
                let differs = |own: usize| settings[own] != other[own];
                (0..sweep.axes.len()).all(|own| differs(own) == (own == *axis))
            };
            let mut others = self.points.iter();
            others.any(|(lint, point)| alone(point.settings) && lint.warning.message != message)
        };
        let varied: Vec<usize> = (0..sweep.axes.len()).filter(varies).collect();
        let mattering: Vec<usize> = varied.iter().copied().filter(matters).collect();
        let shown = if mattering.is_empty() {
            varied
        } else {
            mattering
        };
        let assignment = |axis: usize| {
            let key = sweep.axes[axis].key_or_name();
            format!("`{key}` = {}", settings[axis])
        };
        shown
            .into_iter()
            .take(MOST_VALUES)
            .map(assignment)
            .collect()
    }
}

/// The values of axes at some points, but for axes that have all their values there.
fn held_values(sweep: &Sweep, points: &[Point<'_>], held: &[&[Setting]]) -> Vec<String> {
    let distinct = |axis: usize, settings: &mut dyn Iterator<Item = &[Setting]>| {
        let mut found: Vec<Setting> = Vec::new();
        for settings in settings {
            if !found.contains(&settings[axis]) {
                found.push(settings[axis].clone());
            }
        }
        found
    };
    let mut parts = Vec::new();
    for (axis, described) in sweep.axes.iter().enumerate() {
        let own = distinct(axis, &mut held.iter().copied());
        let all = distinct(axis, &mut points.iter().map(|point| point.settings));
        if own.len() == all.len() {
            continue;
        }
        let numbers: Option<Vec<f64>> = own.iter().map(Setting::number).collect();
        let values = match numbers {
            Some(numbers) if numbers.len() > MOST_VALUES => {
                let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
                let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                format!("from {low} to {high}")
            }
            _ => {
                let shown = own.iter().take(MOST_VALUES).map(Setting::to_string);
                let more = match own.len() > MOST_VALUES {
                    true => " and others",
                    false => "",
                };
                format!("= {}{more}", shown.collect::<Vec<_>>().join(" or "))
            }
        };
        parts.push(format!("`{}` {values}", described.key_or_name()));
    }
    parts
}

/// Settings of all axes with the number of points that have them, and what is counted.
struct Settings {
    settings: Vec<(Vec<Setting>, u64)>,
    unit: &'static str,
}

impl Settings {
    fn of(sweep: &Sweep) -> Settings {
        Settings::of_points(sweep)
            .or_else(|| Settings::of_corners(sweep))
            .unwrap_or_else(|| {
                let first = 0..sweep.count().min(MOST_CORNERS as u64);
                Settings {
                    settings: first.map(|point| (sweep.settings(point), 1)).collect(),
                    unit: "first points",
                }
            })
    }

    fn of_points(sweep: &Sweep) -> Option<Settings> {
        if sweep.count() > MOST_POINTS {
            return None;
        }
        let mut settings: Vec<(Vec<Setting>, u64)> = Vec::new();
        for point in 0..sweep.count() {
            let own = sweep.settings(point);
            match settings.iter().position(|(known, _)| *known == own) {
                Some(known) => settings[known].1 += 1,
                None if settings.len() == MOST_SETTINGS => return None,
                None => settings.push((own, 1)),
            }
        }
        let unit = "points";
        Some(Settings { settings, unit })
    }

    fn of_corners(sweep: &Sweep) -> Option<Settings> {
        let mut corners = vec![(Vec::new(), 1)];
        for axis in 0..sweep.axes.len() {
            let ends = ends(sweep, axis);
            if corners.len() * ends.len() > MOST_CORNERS {
                return None;
            }
            let longer = |(corner, count): &(Vec<Setting>, u64)| {
                let with =
                    |end: &Setting| ([&corner[..], std::slice::from_ref(end)].concat(), *count);
                ends.iter().map(with).collect::<Vec<_>>()
            };
            corners = corners.iter().flat_map(longer).collect();
        }
        let mut settings = Vec::new();
        for (own, count) in corners {
            let own = sweep.with_derived(own);
            if sweep.satisfies(&own) {
                settings.push((own, count));
            }
        }
        Some(Settings {
            settings,
            unit: "corners of the design",
        })
    }
}

/// The lowest and highest setting of an axis, or all of its words.
fn ends(sweep: &Sweep, axis: usize) -> Vec<Setting> {
    let settings: Vec<Setting> = match (&sweep.points, &sweep.axes[axis].values) {
        (SweepPoints::Table(rows), _) => rows.iter().map(|row| row[axis].clone()).collect(),
        (_, AxisValues::Levels(levels)) => levels.clone(),
        (_, AxisValues::Range { .. }) => [0.0, 1.0].map(|end| sweep.axes[axis].at(end)).to_vec(),
    };
    let number = |setting: &Setting| setting.number();
    let numbers = || settings.iter().filter(|setting| number(setting).is_some());
    let by_number = |one: &&Setting, other: &&Setting| {
        let [one, other] = [one, other].map(|setting| number(setting).unwrap_or(f64::NAN));
        one.total_cmp(&other)
    };
    match (numbers().min_by(by_number), numbers().max_by(by_number)) {
        (Some(low), Some(high)) if numbers().count() == settings.len() => {
            vec![low.clone(), high.clone()]
        }
        _ => {
            let mut all: Vec<Setting> = Vec::new();
            for setting in settings {
                if !all.contains(&setting) {
                    all.push(setting);
                }
            }
            all.truncate(MOST_SETTINGS);
            all
        }
    }
}
