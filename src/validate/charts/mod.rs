//! Charts of a validation: published numbers next to simulated ones, and what each mechanism contributes.

mod ablation;
mod listing;
mod published;
mod targets;
#[cfg(test)]
mod tests;

pub(crate) use ablation::ablation;
pub(crate) use targets::targets;

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
