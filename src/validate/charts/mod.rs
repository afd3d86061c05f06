//! Charts of a validation: published numbers next to simulated ones, and what each mechanism contributes.

pub mod ablation;
pub mod listing;
pub mod published;
pub mod targets;
#[cfg(test)]
mod tests;

pub use ablation::ablation;
pub use targets::targets;

use crate::chart::figure_list::{FigureSpec, TableSet, render};
use crate::error::Error;
use crate::table::Table;

/// All figures of a validation.
pub(crate) const FIGURES: &[FigureSpec<()>] = &[
    FigureSpec {
        name: "targets",
        tables: &["targets"],
        draw: |tables, ()| targets(tables.get("targets")?),
    },
    FigureSpec {
        name: "ablation",
        tables: &["ablation"],
        draw: |tables, ()| ablation(tables.get("ablation")?),
    },
];

/// Draws all figures; gives the files' names and bytes.
pub(crate) fn draw(tables: &[Table]) -> Result<Vec<(String, Vec<u8>)>, Error> {
    Ok(render(FIGURES, "", &TableSet::new(tables), &())?)
}
