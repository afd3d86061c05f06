//! Small multiples of a sweep: one panel for each level of an axis.

use super::axis::{Axis, AxisInfo};
use crate::chart::error::ChartError;
use crate::chart::read::Reader;

/// Panels that one figure holds at most.
pub(crate) const MOST_PANELS: usize = 12;

/// The panels of a figure by the rows of points that each shows.
pub(crate) struct Facets {
    axis: Option<Axis>,
    /// Rows of the table `points`, panel by panel.
    pub(crate) rows: Vec<Vec<usize>>,
}

impl Facets {
    /// One panel for each level of an axis, or without one a single panel for all points.
    pub(crate) fn read(reader: &Reader<'_>, info: Option<&AxisInfo>) -> Result<Facets, ChartError> {
        let Some(info) = info else {
            return Ok(Facets {
                axis: None,
                rows: vec![(0..reader.rows()).collect()],
            });
        };
        let axis = Axis::read(reader, info)?;
        if axis.count() == 0 {
            return Err(reader.nothing(format!("level of the axis `{}`", axis.label)));
        }
        if axis.count() > MOST_PANELS {
            return Err(ChartError::BadArgument {
                name: "number of panels",
                must: "at most 12",
                value: axis.count() as f64,
            });
        }
        Ok(Facets {
            rows: (0..axis.count()).map(|level| axis.rows_at(level)).collect(),
            axis: Some(axis),
        })
    }
    /// Number of panels.
    pub(crate) fn count(&self) -> usize {
        self.rows.len()
    }
    /// "label = level" of a panel in at most `width` (mm); empty where one panel shows all.
    pub(crate) fn heading(&self, panel: usize, width: f64) -> String {
        let axis = self.axis.as_ref();
        axis.map_or(String::new(), |axis| axis.heading(panel, width))
    }
    /// Whether panels belong to levels, so that they have headings.
    pub(crate) fn has_headings(&self) -> bool {
        self.axis.is_some()
    }
}

/// Says that values are means over points that differ on other axes, where they are.
pub(crate) fn pooled(counts: impl Iterator<Item = usize>) -> Option<String> {
    let most = counts.max().filter(|most| *most > 1)?;
    Some(format!(
        "means over up to {most} points that differ on other axes"
    ))
}
