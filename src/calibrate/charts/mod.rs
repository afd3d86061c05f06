//! Charts of calibrations: the posterior of each parameter and of each pair, the posterior predictions of the
//! targets, and the course of a search.

mod marginals;
mod pairs;
mod parameter_axis;
mod predictive;
mod search;

use crate::chart::figure_list::{DrawnCharts, FigureSpec, draw_tables, shows};
use crate::chart::options::ChartOptions;
use crate::chart::{FigureHeading, Width};
use crate::error::Error;
use crate::results::Manifest;
use crate::runner::CancelToken;
use crate::table::{Schema, Table};
use crate::use_case::read_tables;
use marginals::posterior_marginals;
use pairs::posterior_pairs;
use predictive::posterior_predictive;
use search::search_course;
use std::path::Path;

/// All figures of calibrations: of those that sample a posterior and of those that search for the best values.
pub(crate) const FIGURES: &[FigureSpec<()>] = &[
    FigureSpec {
        name: "posterior",
        tables: &["posterior", "parameters"],
        width: Width::Page,
        draw: |tables, (), width| {
            let (posterior, parameters) = (tables.get("posterior")?, tables.get("parameters")?);
            posterior_marginals(posterior, parameters, width)
        },
    },
    FigureSpec {
        name: "pairs",
        tables: &["posterior", "parameters"],
        width: Width::Page,
        draw: |tables, (), width| {
            let (posterior, parameters) = (tables.get("posterior")?, tables.get("parameters")?);
            posterior_pairs(posterior, parameters, width)
        },
    },
    FigureSpec {
        name: "predictive",
        tables: &["predictive"],
        width: Width::Page,
        draw: |tables, (), width| posterior_predictive(tables.get("predictive")?, width),
    },
    FigureSpec {
        name: "search",
        tables: &["search", "fit"],
        width: Width::Page,
        draw: |tables, (), width| search_course(tables.get("search")?, tables.get("fit")?, width),
    },
];

/// Draws the figures of some tables.
pub(crate) fn draw(
    tables: &[Table],
    heading: &FigureHeading,
    options: &ChartOptions,
    cancel: &CancelToken,
) -> DrawnCharts {
    draw_tables(FIGURES, &(), tables, heading, options, &|| {
        cancel.is_cancelled()
    })
}

/// Draws the figures from a folder of results that has these tables.
pub(crate) fn replot(
    results: &Path,
    manifest: &Manifest,
    schemas: Vec<Schema>,
    heading: &FigureHeading,
    options: &ChartOptions,
) -> Result<DrawnCharts, Error> {
    let shown = schemas.into_iter();
    let shown = shown.filter(|schema| shows(FIGURES, schema.table));
    let tables = read_tables(results, manifest, shown)?;
    Ok(draw(&tables, heading, options, &CancelToken::default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::figure_list::TableSet;
    use crate::chart::test_support::{
        SHIFTS, WIDTHS, assert_finite, assert_golden, assert_sound, empty, extreme, first, fixture,
        has_text, rows, with_numbers, with_texts,
    };
    use crate::chart::{ChartError, Figure};
    use crate::table::{Field, Values};

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
                let drawn = (figure.draw)(&tables, &(), figure.width).expect(figure.name);
                assert_sound(figure.name, &drawn);
                assert_golden(&format!("calibrate-{}", figure.name), &drawn);
            }
        }
    }

    fn posterior() -> (Table, Table) {
        (
            fixture("calibration", "posterior"),
            fixture("calibration", "parameters"),
        )
    }

    /// The first so many parameters with their particles.
    fn first_parameters(count: usize) -> (Table, Table) {
        let (particles, parameters) = posterior();
        (particles, first(&parameters, count))
    }

    /// Twenty parameters: the real ones over and over under other names.
    fn many_parameters() -> (Table, Table) {
        let (mut particles, parameters) = posterior();
        let count = parameters.rows.rows();
        let name = |row: usize, name: &str| {
            if row < count {
                name.to_owned()
            } else {
                format!("{name}_{row}")
            }
        };
        let many = rows(&parameters, (0..20).map(|row| row % count));
        let many = with_texts(many, "parameter", name);
        for row in count..20 {
            let old = parameters
                .category("parameter", row % count)
                .expect("a name");
            let values = particles.floats(old).expect("a column").to_vec();
            particles
                .schema
                .columns
                .push(Field::float(name(row, old), "", "a number"));
            particles.rows.columns.push(Values::Float(values));
        }
        (particles, many)
    }

    fn predictive() -> Table {
        fixture("calibration", "predictive")
    }

    fn search() -> (Table, Table) {
        (fixture("search", "search"), fixture("search", "fit"))
    }

    fn repeated(table: &Table, count: usize) -> Table {
        let all = table.rows.rows();
        rows(table, (0..count).map(|row| row % all))
    }

    fn figures(width: Width) -> Vec<(String, Figure)> {
        let mut all = Vec::new();
        let sets = [
            first_parameters(1),
            first_parameters(2),
            posterior(),
            many_parameters(),
        ];
        for (particles, parameters) in sets {
            let count = parameters.rows.rows();
            let figure = posterior_marginals(&particles, &parameters, width).expect("marginals");
            all.push((format!("marginals {count} {width:?}"), figure));
            let figure = posterior_pairs(&particles, &parameters, width).expect("pairs");
            all.push((format!("pairs {count} {width:?}"), figure));
        }
        let (course, fit) = search();
        for (iterations, targets) in [(1, 1), (3, 6), (40, 60)] {
            let figure = search_course(
                &repeated(&course, iterations),
                &repeated(&fit, targets),
                width,
            );
            all.push((
                format!("search {targets} {width:?}"),
                figure.expect("a search"),
            ));
        }
        for count in [1, 6, 60] {
            let figure = posterior_predictive(&repeated(&predictive(), count), width);
            all.push((
                format!("predictive {count} {width:?}"),
                figure.expect("targets"),
            ));
        }
        all
    }

    #[test]
    fn figures_of_calibrations_of_any_size_are_sound() {
        for width in WIDTHS {
            for (name, figure) in figures(width) {
                assert_eq!(figure.width(), width.millimetres(), "{name}");
                assert_finite(&name, &figure);
                // Columns of numbers need a page.
                if width == Width::Page {
                    assert!(assert_sound(&name, &figure) > 3, "{name}");
                }
            }
        }
    }

    #[test]
    fn the_same_calibration_gives_the_same_bytes() {
        for ((name, one), (_, other)) in figures(Width::Page).into_iter().zip(figures(Width::Page))
        {
            assert_eq!(one.svg(), other.svg(), "{name}");
        }
    }

    #[test]
    fn extreme_numbers_are_drawn_or_refused() {
        let ((particles, parameters), (course, fit)) = (posterior(), search());
        for shift in 0..SHIFTS {
            let wild = |table: &Table| extreme(table.clone(), shift);
            let figures = [
                posterior_marginals(&wild(&particles), &parameters, Width::Page),
                posterior_marginals(&particles, &wild(&parameters), Width::Page),
                posterior_pairs(&wild(&particles), &parameters, Width::Page),
                posterior_predictive(&wild(&predictive()), Width::Page),
                search_course(&wild(&course), &fit, Width::Page),
                search_course(&course, &wild(&fit), Width::Page),
            ];
            for figure in figures.into_iter().flatten() {
                assert_finite("a calibration", &figure);
            }
        }
    }

    #[test]
    fn names_verdicts_and_defaults_are_written() {
        let (particles, parameters) = posterior();
        let name = parameters
            .category("parameter", 0)
            .expect("a name")
            .replace('_', " ");
        let verdict = parameters.category("verdict", 0).expect("a verdict");
        let marginals =
            posterior_marginals(&particles, &parameters, Width::Page).expect("marginals");
        for text in [&name[..12], verdict, "default"] {
            assert!(marginals.svg().contains(text), "{text}");
        }
        let pairs = posterior_pairs(&particles, &parameters, Width::Page).expect("pairs");
        assert!(pairs.svg().contains(&format!("1: {name} (")));
    }

    #[test]
    fn targets_outside_of_the_simulated_interval_are_distinguished() {
        let drawn = |within: &str| {
            let table = with_texts(predictive(), "within", |_, _| within.to_owned());
            posterior_predictive(&table, Width::Page).expect("targets")
        };
        assert!(!drawn("yes").svg().contains("they do not"));
        assert!(drawn("no").svg().contains("they do not"));
    }

    #[test]
    fn a_search_shows_what_was_met_and_steps_that_failed() {
        let (course, fit) = search();
        let drawn = |accepted: &str, within: &str| {
            let course = with_texts(course.clone(), "accepted", |_, _| accepted.to_owned());
            let fit = with_texts(fit.clone(), "within", |_, _| within.to_owned());
            search_course(&course, &fit, Width::Page).expect("a search")
        };
        let (met, missed) = (drawn("yes", "yes"), drawn("no", "no"));
        assert!(!met.svg().contains("outside of it") && !met.svg().contains("no step"));
        assert!(missed.svg().contains("outside of it") && missed.svg().contains("no step"));
        let unknown = with_numbers(fit.clone(), "found", |row, found| {
            if row == 0 { f64::NAN } else { found }
        });
        let figure = search_course(&course, &unknown, Width::Page).expect("a search");
        assert!(has_text(&figure, "–"));
        let nothing = with_numbers(fit.clone(), "found", |_, _| f64::NAN);
        let refused = search_course(&course, &nothing, Width::Page);
        assert!(matches!(refused, Err(ChartError::NothingToDraw { .. })));
    }

    #[test]
    fn tables_that_cannot_be_drawn_are_refused() {
        let (particles, parameters) = posterior();
        let refused = posterior_marginals(&particles, &empty(&parameters), Width::Page);
        let named = matches!(
            refused,
            Err(ChartError::NoRows {
                table: "parameters"
            })
        );
        assert!(named);
        let (_, other) = many_parameters();
        let refused = posterior_pairs(&particles, &other, Width::Page);
        assert!(matches!(refused, Err(ChartError::NoColumn { .. })));
        let weightless = with_numbers(particles, "weight", |_, _| 0.0);
        let refused = posterior_marginals(&weightless, &parameters, Width::Page);
        assert!(matches!(refused, Err(ChartError::NothingToDraw { .. })));
        let unitless = with_numbers(predictive(), "unit", |_, _| f64::NAN);
        let refused = posterior_predictive(&unitless, Width::Page);
        assert!(matches!(refused, Err(ChartError::NothingToDraw { .. })));
    }

    #[cfg(feature = "png")]
    #[test]
    fn figures_become_pixels() {
        let (name, figure) = figures(Width::Page).swap_remove(0);
        let png = figure.png(110.0).expect(&name);
        assert_eq!(png[..4], *b"\x89PNG");
    }
}
