//! The configurations of a sweep: the scenario with the axes' values at one point; and a warning where
//! values that each axis may have are refused together.

use super::axis_reader::default_name;
use super::{AxisValues, ScenarioAxis, Sweep, SweepPoints};
use crate::design::Design;
use crate::scenario::diagnostic::{Code, Diagnostic, Diagnostics, SourceText};
use crate::scenario::dotted_keys::{KeyPath, Override, with_event_number};
use crate::scenario::parsed::Scenario;
use crate::scenario::reader::ScenarioReader;
use crate::scenario::tables;
use crate::scenario::tree::TomlNode;
use crate::scenario::value::Setting;
use crate::simulation::SimulationConfig;

impl Scenario {
    /// The configuration at a point of the sweep, by its number from 0; without a sweep it is the
    /// scenario's own.
    ///
    /// The axes' values are set one after the other as by `--set`, and only the tables that depend on
    /// them are read again.
    ///
    /// # Errors
    /// The errors that the point's values make together.
    ///
    /// # Panics
    /// May panic for a number that is not below `Sweep::count`.
    pub(crate) fn config_at(&self, point: u64) -> Result<SimulationConfig, Diagnostics> {
        let Some(parsed) = &self.sweep else {
            return Ok(self.config().clone());
        };
        let name = format!("point {} of the sweep", point + 1);
        self.config_with(&parsed.paths, &parsed.sweep.settings(point), &name)
    }

    /// The configuration with values of the axes; `name` is what diagnostics call these values.
    fn config_with(
        &self,
        paths: &[Option<KeyPath>],
        settings: &[Setting],
        name: &str,
    ) -> Result<SimulationConfig, Diagnostics> {
        let mut reader = ScenarioReader::new(tables::all(), false);
        let (mut root, mut spec) = (self.tree.clone(), self.spec.clone());
        let first = 1 + self.overrides.len();
        let own = paths.iter().zip(settings);
        let own = own.filter_map(|(path, setting)| Some((path.as_ref()?, setting)));
        let assignments: Vec<(&KeyPath, &Setting)> = own.collect();
        if let Some(error) = self.without_value(settings) {
            reader.report(error);
            let mut sources = vec![SourceText::new(&self.file_name, &self.text)];
            sources.extend(self.overrides.iter().map(Override::source));
            return Err(Diagnostics::new(sources, reader.errors));
        }
        for (index, (path, setting)) in assignments.iter().enumerate() {
            let at = path.value_span(first + index, &setting.to_string());
            let value = setting.value();
            if let Err(error) = path.set(&mut root, first + index, TomlNode { value, at }) {
                reader.report(*error);
            }
        }
        let changed: Vec<&str> = assignments
            .iter()
            .map(|(path, _)| path.names()[0])
            .collect();
        tables::read_again(&mut reader, &root, &changed, &mut spec);
        if reader.errors.is_empty() {
            return Ok(spec.config());
        }
        let mut sources = vec![SourceText::new(&self.file_name, &self.text)];
        sources.extend(self.overrides.iter().map(Override::source));
        sources.extend(
            assignments.iter().map(|(path, setting)| {
                SourceText::new(name, &path.assignment(&setting.to_string()))
            }),
        );
        Err(Diagnostics::new(sources, reader.errors))
    }

    /// What readers call axes of the sweep that change an event and have no name of their own, by the names in
    /// tables: `event 1 (training): factor` for `event_1_factor`.
    pub(crate) fn axis_titles(&self) -> Vec<(String, String)> {
        let Some(parsed) = &self.sweep else {
            return Vec::new();
        };
        let labels: Vec<Option<String>> =
            self.spec.events.iter().map(|it| it.label.clone()).collect();
        let title = |(path, name): (&KeyPath, &String)| {
            let numbered = with_event_number(path, &labels);
            let ["event", number, key] = numbered.split('.').collect::<Vec<_>>()[..] else {
                return None;
            };
            let mark = self
                .marks()
                .get(number.parse::<usize>().ok()?.checked_sub(1)?)?;
            let is_default = *name == default_name(&path.key());
            let title = format!("event {number} ({}): {key}", mark.label);
            is_default.then(|| (name.clone(), title))
        };
        let sweep = &parsed.sweep;
        let own = sweep.axes.iter().map(|axis| &axis.name);
        let names = own.chain(sweep.derived.iter().map(|axis| &axis.name));
        let paths = parsed.paths.iter().zip(names);
        let paths = paths.filter_map(|(path, name)| Some((path.as_ref()?, name)));
        paths.filter_map(title).collect()
    }

    /// The error of a derived axis whose formula has no finite value with these settings.
    fn without_value(&self, settings: &[Setting]) -> Option<Diagnostic> {
        let parsed = self.sweep.as_ref()?;
        let sweep = &parsed.sweep;
        let is_finite = |setting: &Setting| setting.number().is_some_and(f64::is_finite);
        let first = sweep.axes.len();
        let mut derived = sweep.derived.iter().zip(settings.get(first..)?);
        let place = derived.position(|(_, setting)| !is_finite(setting))?;
        let axis = &sweep.derived[place];
        let message = format!("`{}` = {} has no finite value", axis.name, axis.text);
        let at = parsed.value_places[first + place];
        let error = Diagnostic::new(Code::NotFinite, at, message);
        Some(error.label("divides by zero, or is too large"))
    }

    /// Warns where points will fail: where corners of the design's space are refused although each axis'
    /// values are allowed, or, in a design that has no such corners, where some of its points are.
    pub(crate) fn refused_points(&self) -> Option<Diagnostic> {
        let parsed = self.sweep.as_ref()?;
        let sweep = &parsed.sweep;
        let why = |settings: &[Setting]| {
            let settings = sweep.with_derived(settings.to_vec());
            let refused = self
                .config_with(&parsed.paths, &settings, "these values")
                .err()?;
            refused.list().first().map(|error| error.message.clone())
        };
        let (candidates, things) = candidates(sweep);
        let reasons: Vec<Option<String>> = candidates.iter().map(|own| why(own)).collect();
        let (allowed, refused): (Vec<_>, Vec<_>) = candidates
            .iter()
            .zip(&reasons)
            .partition(|(_, why)| why.is_none());
        // The example is what is farthest from all that is allowed, and not a value at the edge.
        let away = |settings: &[Setting]| {
            let apart =
                |other: &[Setting]| settings.iter().zip(other).filter(|(a, b)| a != b).count();
            allowed
                .iter()
                .map(|(other, _)| apart(other))
                .min()
                .unwrap_or(0)
        };
        let (example, message) = refused.iter().rev().max_by_key(|(own, _)| away(own))?;
        let message = message.as_deref().unwrap_or_default();
        let matters = |axis: &usize| {
            let end = |settings: &[Setting], end: Setting| {
                let mut other = settings.to_vec();
                other[*axis] = end;
                why(&other).is_none()
            };
            let ends = || ends(&sweep.axes[*axis]).into_iter().flatten();
            refused
                .iter()
                .any(|(own, _)| ends().any(|value| end(own, value)))
        };
        let involved: Vec<usize> = match allowed.is_empty() {
            true => Vec::new(),
            false => (0..sweep.axes.len()).filter(matters).collect(),
        };
        let values: Vec<String> = involved
            .iter()
            .map(|axis| format!("{} = {}", sweep.axes[*axis].key_or_name(), example[*axis]))
            .collect();
        let with = match values.is_empty() {
            true => String::new(),
            false => format!(", such as {}", values.join(" with ")),
        };
        let text = format!(
            "{} of {} {things} are refused{with}: {message}",
            refused.len(),
            candidates.len()
        );
        let place = |axis: usize| parsed.places[axis];
        let first = involved.first().copied().unwrap_or(0);
        let mut warning = Diagnostic::new(Code::RefusedPoints, place(first), text)
            .label("points with such values fail")
            .hint(
                "points that fail are missing from all findings, which are then not resolved: \
                 choose values that can be had together, derive one axis from another by a \
                 `formula`, or leave points out by `constraints` where the design allows it",
            );
        for axis in involved.iter().skip(1) {
            warning = warning.other(place(*axis), "together with this");
        }
        Some(warning)
    }
}

/// Axes of which all corners are tried.
const MOST_CROSSED: usize = 8;
/// Points, or corners of pairs of axes, that are tried at most.
const MOST_TRIED: usize = 512;

/// The lowest and the highest value of an axis, or its first and last one; none where it has no value.
fn ends(axis: &ScenarioAxis) -> Option<[Setting; 2]> {
    if let AxisValues::Levels(levels) = &axis.values
        && levels.iter().all(|level| level.number().is_some())
    {
        let by_number = |a: &&Setting, b: &&Setting| {
            let [a, b] = [a, b].map(|level| level.number().unwrap_or(f64::NAN));
            a.total_cmp(&b)
        };
        let lowest = levels.iter().min_by(by_number)?;
        let highest = levels.iter().max_by(by_number)?;
        return Some([lowest.clone(), highest.clone()]);
    }
    match &axis.values {
        AxisValues::Levels(levels) if levels.is_empty() => None,
        _ => Some([axis.at(0.0), axis.at(1.0)]),
    }
}

/// The values of the axes to try, and what they are.
fn candidates(sweep: &Sweep) -> (Vec<Vec<Setting>>, String) {
    // Constraints may leave out corners.
    let visits_corners = sweep.constraints.is_empty()
        && !matches!(
            &sweep.points,
            SweepPoints::Table(_) | SweepPoints::Designed(Design::List(_) | Design::OneAtATime(_))
        );
    let ends: Option<Vec<[Setting; 2]>> = sweep.axes.iter().map(ends).collect();
    let Some(ends) = ends.filter(|_| visits_corners) else {
        let count = sweep.count().min(MOST_TRIED as u64);
        let own = |position: u64| {
            let mut settings = sweep.settings(sweep.spread(position));
            settings.truncate(sweep.axes.len());
            settings
        };
        let points = (0..count).map(own).collect();
        let first = if count < sweep.count() {
            "the first "
        } else {
            ""
        };
        return (points, format!("{first}points"));
    };
    let axes = ends.len();
    if axes <= MOST_CROSSED {
        let corner = |number: usize| -> Vec<Setting> {
            let chosen = ends.iter().enumerate();
            chosen
                .map(|(axis, ends)| ends[number >> axis & 1].clone())
                .collect()
        };
        let corners = (0..1_usize << axes).map(corner).collect();
        return (corners, "corners of the design".to_owned());
    }
    // Values that depend on each other stand in one table: an end or mean of one distribution.
    let table = |axis: usize| {
        sweep.axes[axis]
            .key
            .rsplit_once('.')
            .map(|(table, _)| table)
    };
    let base: Vec<Setting> = ends.iter().map(|[low, _]| low.clone()).collect();
    let pairs = (0..axes).flat_map(|a| (a + 1..axes).map(move |b| (a, b)));
    let pairs = pairs.filter(|(a, b)| {
        table(*a) == table(*b) && table(*a).is_some_and(|table| table != "parameters")
    });
    let corners = pairs.flat_map(|(a, b)| {
        let (base, ends) = (&base, &ends);
        (0..4_usize).map(move |corner| {
            let mut settings = base.clone();
            settings[a] = ends[a][corner & 1].clone();
            settings[b] = ends[b][corner >> 1].clone();
            settings
        })
    });
    let corners = corners.take(MOST_TRIED).collect();
    (corners, "corners of pairs of axes".to_owned())
}
