//! Lists of figures: which a use case draws from which tables, and the files that they become.
//!
//! A use case has one list, from which its run, `pairbond plot` and the tests draw. A new figure of an existing
//! table is a file with its chart and a line in the list.

use super::ChartError;
use super::figure::Figure;
use crate::table::Table;
use rayon::prelude::*;

/// Resolution of PNG pictures [dots per inch].
const DPI: f64 = 300.0;

/// The tables that figures are drawn from, by name.
pub(crate) struct TableSet<'a>(Vec<&'a Table>);

impl<'a> TableSet<'a> {
    /// Takes tables of different names.
    pub(crate) fn new(tables: impl IntoIterator<Item = &'a Table>) -> TableSet<'a> {
        TableSet(tables.into_iter().collect())
    }
    /// A table; one that is absent counts as empty.
    ///
    /// # Errors
    /// [`ChartError::NoRows`].
    pub(crate) fn get(&self, name: &'static str) -> Result<&'a Table, ChartError> {
        self.find(name).ok_or(ChartError::NoRows { table: name })
    }
    /// A table, where it is there.
    pub(crate) fn find(&self, name: &str) -> Option<&'a Table> {
        self.0.iter().copied().find(|it| it.schema.table == name)
    }
}

/// A figure of a use case, which draws it in a context such as its scenario.
pub(crate) struct FigureSpec<Context> {
    /// Stem of the files' names.
    pub(crate) name: &'static str,
    /// Names of the tables that it shows.
    pub(crate) tables: &'static [&'static str],
    /// Draws it; one that has nothing to show is left out.
    pub(crate) draw: fn(&TableSet<'_>, &Context) -> Result<Figure, ChartError>,
}

/// A figure could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("could not draw the chart `{name}`: {source}")]
pub(crate) struct FigureError {
    /// Stem of its files' names.
    pub(crate) name: String,
    /// The reason.
    pub(crate) source: ChartError,
}

/// Whether some figure of a list shows a table.
pub(crate) fn shows<Context>(figures: &[FigureSpec<Context>], table: &str) -> bool {
    figures.iter().any(|figure| figure.tables.contains(&table))
}

/// Draws a list of figures and gives the files' names and bytes, in the order of the list.
///
/// A figure without anything to show, or with more than fits into one picture, is left out: the tables hold
/// it all the same. `suffix` follows the figures' names.
pub(crate) fn render<Context: Sync>(
    figures: &[FigureSpec<Context>],
    suffix: &str,
    tables: &TableSet<'_>,
    context: &Context,
) -> Result<Vec<(String, Vec<u8>)>, FigureError> {
    let files: Vec<Vec<(String, Vec<u8>)>> = figures
        .par_iter()
        .map(|spec| {
            let name = format!("{}{suffix}", spec.name);
            match (spec.draw)(tables, context) {
                Err(
                    ChartError::NoRows { .. }
                    | ChartError::NothingToDraw { .. }
                    | ChartError::BadArgument { .. },
                ) => Ok(Vec::new()),
                figure => figure
                    .and_then(|figure| files(&name, &figure))
                    .map_err(|source| FigureError { name, source }),
            }
        })
        .collect::<Result<_, _>>()?;
    Ok(files.into_iter().flatten().collect())
}

/// The files of one figure.
fn files(name: &str, figure: &Figure) -> Result<Vec<(String, Vec<u8>)>, ChartError> {
    let mut files = vec![(format!("{name}.svg"), figure.svg().as_bytes().to_vec())];
    if cfg!(feature = "png") {
        files.push((format!("{name}.png"), figure.png(DPI)?));
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::canvas::Canvas;
    use crate::table::Schema;

    const FIGURES: &[FigureSpec<f64>] = &[
        FigureSpec {
            name: "blank",
            tables: &["levels"],
            draw: |tables, width| {
                tables.get("levels")?;
                Canvas::new(*width, 10.0).finish("nothing")
            },
        },
        FigureSpec {
            name: "absent",
            tables: &["other"],
            draw: |tables, width| {
                tables.get("other")?;
                Canvas::new(*width, 10.0).finish("nothing")
            },
        },
    ];

    fn table() -> Table {
        Table::new(Schema {
            table: "levels",
            row: "a level",
            columns: Vec::new(),
        })
    }

    #[test]
    fn figures_of_absent_tables_are_left_out() {
        let table = table();
        let files = render(FIGURES, "_one", &TableSet::new([&table]), &20.0).expect("files");
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        let expected: &[&str] = if cfg!(feature = "png") {
            &["blank_one.svg", "blank_one.png"]
        } else {
            &["blank_one.svg"]
        };
        assert_eq!(names, expected);
        assert!(shows(FIGURES, "other") && !shows(FIGURES, "points"));
    }

    #[test]
    fn a_figure_that_cannot_be_drawn_is_named() {
        let table = table();
        let failed = render(FIGURES, "", &TableSet::new([&table]), &f64::NAN);
        let error = failed.expect_err("a width that is not a number");
        assert!(error.to_string().contains("`blank`"), "{error}");
    }
}
