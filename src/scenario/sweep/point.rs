//! The worlds of a sweep: the scenario with the axes' values at one point.

use super::{Setting, Sweep};
use crate::scenario::Scenario;
use crate::scenario::notice::Faults;
use crate::scenario::overrides::Override;
use crate::scenario::reader::Reader;
use crate::scenario::sheet;
use crate::scenario::source::Source;
use crate::scenario::tree::{Node, Value};
use crate::simulation::SimulationConfig;

impl Scenario {
    /// The sweep that the scenario asks for, if it does.
    pub fn sweep_spec(&self) -> Option<&Sweep> {
        self.swept.as_ref().map(|swept| &swept.sweep)
    }

    /// The world at a point of the sweep, by its number from 0; without a sweep it is the
    /// scenario's own.
    ///
    /// The axes' values are set one after the other as by `--set`.
    ///
    /// # Errors
    /// The faults that the point's values make together.
    ///
    /// # Panics
    /// May panic for a number that is not below [`Sweep::count`].
    pub fn world_at(&self, point: u64) -> Result<SimulationConfig, Faults> {
        let Some(swept) = &self.swept else {
            return Ok(self.config().clone());
        };
        let settings = swept.sweep.settings(point);
        let mut reader = Reader::new(false);
        let mut root = self.tree.clone();
        let first = 1 + self.overrides.len();
        for (index, (path, setting)) in swept.paths.iter().zip(&settings).enumerate() {
            let at = path.value_span(first + index, &setting.to_string());
            let node = Node {
                value: setting.value(),
                at,
            };
            if let Err(fault) = path.set(&mut root, first + index, node) {
                reader.fault(*fault);
            }
        }
        let sheet = sheet::read(&mut reader, &root);
        if reader.faults.is_empty() {
            return Ok(sheet.config());
        }
        let mut sources = vec![Source {
            name: self.file_name.clone(),
            text: self.text.clone(),
        }];
        sources.extend(self.overrides.iter().map(Override::source));
        sources.extend(
            swept
                .paths
                .iter()
                .zip(&settings)
                .map(|(path, setting)| Source {
                    name: format!("point {} of the sweep", point + 1),
                    text: path.assignment(&setting.to_string()),
                }),
        );
        Err(Faults::new(sources, reader.faults))
    }
}

impl Setting {
    fn value(&self) -> Value {
        match self {
            Setting::Number(value) => Value::Number(*value),
            Setting::Whole(value) => Value::Whole(*value),
            Setting::Switch(on) => Value::Switch(*on),
            Setting::Word(word) => Value::Text(word.clone()),
        }
    }
}
