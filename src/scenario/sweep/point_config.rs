//! The configurations of a sweep: the scenario with the axes' values at one point.

use crate::scenario::diagnostic::{Diagnostics, SourceText};
use crate::scenario::dotted_keys::Override;
use crate::scenario::parsed::Scenario;
use crate::scenario::reader::ScenarioReader;
use crate::scenario::tables;
use crate::scenario::tree::TomlNode;
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
        let settings = parsed.sweep.settings(point);
        let mut reader = ScenarioReader::new(tables::all(), false);
        let (mut root, mut spec) = (self.tree.clone(), self.spec.clone());
        let first = 1 + self.overrides.len();
        for (index, (path, setting)) in parsed.paths.iter().zip(&settings).enumerate() {
            let at = path.value_span(first + index, &setting.to_string());
            let value = setting.value();
            if let Err(error) = path.set(&mut root, first + index, TomlNode { value, at }) {
                reader.report(*error);
            }
        }
        let changed: Vec<&str> = parsed.paths.iter().map(|path| path.names()[0]).collect();
        tables::read_again(&mut reader, &root, &changed, &mut spec);
        if reader.errors.is_empty() {
            return Ok(spec.config());
        }
        let mut sources = vec![SourceText::new(&self.file_name, &self.text)];
        sources.extend(self.overrides.iter().map(Override::source));
        let name = format!("point {} of the sweep", point + 1);
        let assignments = parsed.paths.iter().zip(&settings);
        sources.extend(
            assignments.map(|(path, setting)| {
                SourceText::new(&name, &path.assignment(&setting.to_string()))
            }),
        );
        Err(Diagnostics::new(sources, reader.errors))
    }
}
