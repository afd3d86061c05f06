//! The figures of calibrations.

use crate::calibrate::charts::{
    posterior_marginals, posterior_pairs, posterior_predictive, search_course,
};
use crate::chart::Width;
use crate::chart::figure_list::{FigureSpec, TableSet, render, shows};
use crate::error::Error;
use crate::results::Manifest;
use crate::table::{Schema, Table};
use std::path::Path;

/// All figures of calibrations: of those that sample a posterior and of those that search for the best values.
pub(crate) const FIGURES: &[FigureSpec<()>] = &[
    FigureSpec {
        name: "posterior",
        tables: &["posterior", "parameters"],
        draw: |tables, ()| {
            let (posterior, parameters) = (tables.get("posterior")?, tables.get("parameters")?);
            posterior_marginals(posterior, parameters, Width::Page)
        },
    },
    FigureSpec {
        name: "pairs",
        tables: &["posterior", "parameters"],
        draw: |tables, ()| {
            let (posterior, parameters) = (tables.get("posterior")?, tables.get("parameters")?);
            posterior_pairs(posterior, parameters, Width::Page)
        },
    },
    FigureSpec {
        name: "predictive",
        tables: &["predictive"],
        draw: |tables, ()| posterior_predictive(tables.get("predictive")?, Width::Page),
    },
    FigureSpec {
        name: "search",
        tables: &["search", "fit"],
        draw: |tables, ()| search_course(tables.get("search")?, tables.get("fit")?, Width::Page),
    },
];

/// Draws the figures of some tables; gives the files' names and bytes.
pub(crate) fn draw(tables: &[Table]) -> Result<Vec<(String, Vec<u8>)>, Error> {
    Ok(render(FIGURES, "", &TableSet::new(tables), &())?)
}

/// Draws the figures from a folder of results that has these tables; gives the files' names and bytes.
pub(crate) fn replot(
    results: &Path,
    manifest: &Manifest,
    schemas: Vec<Schema>,
) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let tables: Vec<Table> = schemas
        .into_iter()
        .filter(|schema| shows(FIGURES, schema.table))
        .map(|schema| manifest.read_table(results, &schema))
        .collect::<Result<_, _>>()?;
    draw(&tables)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::test_support::{assert_golden, assert_sound, fixture};

    #[test]
    fn figures_of_calibrations_are_as_in_the_golden_files() {
        for (folder, names) in [
            (
                "calibration",
                ["posterior", "parameters", "predictive"].as_slice(),
            ),
            ("search", &["search", "fit"]),
        ] {
            let tables: Vec<Table> = names.iter().map(|table| fixture(folder, table)).collect();
            let tables = TableSet::new(&tables);
            let mine = FIGURES
                .iter()
                .filter(|figure| names.contains(&figure.tables[0]));
            for figure in mine {
                let drawn = (figure.draw)(&tables, &()).expect(figure.name);
                assert_sound(figure.name, &drawn);
                assert_golden(&format!("calibrate-{}", figure.name), &drawn);
            }
        }
    }
}
