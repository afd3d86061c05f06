//! Charts of a validation: published numbers next to simulated ones, and what each mechanism contributes.

mod ablation;
mod listing;
mod targets;

use crate::chart::figure_list::{DrawnCharts, FigureSpec, draw_tables};
use crate::chart::options::ChartOptions;
use crate::chart::{FigureHeading, Width};
use crate::runner::CancelToken;
use crate::table::Table;
pub(crate) use ablation::ablation;
pub(crate) use targets::targets;

/// All figures of a validation.
pub(crate) const FIGURES: &[FigureSpec<()>] = &[
    FigureSpec {
        name: "targets",
        tables: &["targets"],
        width: Width::Page,
        draw: |tables, (), _| targets(tables.get("targets")?),
    },
    FigureSpec {
        name: "ablation",
        tables: &["ablation"],
        width: Width::Page,
        draw: |tables, (), _| ablation(tables.get("ablation")?),
    },
];

/// Draws all figures.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::figure_list::TableSet;
    use crate::chart::test_support::{
        SHIFTS, assert_finite, assert_golden, assert_sound, empty, extreme, first, fixture, rows,
        with_numbers, with_texts,
    };
    use crate::chart::{ChartError, Figure};

    const BLUE: &str = "#0072B2";
    const VERMILLION: &str = "#D55E00";

    fn real_targets() -> Table {
        fixture("validation", "targets")
    }

    fn real_ablation() -> Table {
        fixture("validation", "ablation")
    }

    fn forest(table: &Table) -> Figure {
        targets(table).expect("a forest plot")
    }

    fn matrix(table: &Table) -> Figure {
        ablation(table).expect("a matrix")
    }

    /// How many texts of a picture are exactly this.
    fn texts(figure: &Figure, text: &str) -> usize {
        figure.svg().lines().filter(|line| *line == text).count()
    }

    /// The first published number with a value within an interval and another verdict.
    fn single(simulated: f64, verdict: &str) -> Table {
        let table = with_texts(first(&real_targets(), 1), "verdict", |_, _| {
            verdict.to_owned()
        });
        let numbers = [
            ("published", 0.75),
            ("published_low", 0.67),
            ("published_high", 0.81),
            ("simulated", simulated),
            ("ci_low", simulated - 0.01),
            ("ci_high", simulated + 0.01),
        ];
        numbers.into_iter().fold(table, |table, (column, number)| {
            with_numbers(table, column, |_, _| number)
        })
    }

    #[test]
    fn figures_of_validations_are_sound() {
        for (name, figure) in [
            ("targets", forest(&real_targets())),
            ("ablation", matrix(&real_ablation())),
        ] {
            assert_eq!(figure.width(), Width::Page.millimetres(), "{name}");
            assert!(assert_sound(name, &figure) > 20, "{name}");
        }
    }

    #[test]
    fn figures_of_validations_are_as_in_the_golden_files() {
        let tables = [real_targets(), real_ablation()];
        let tables = TableSet::new(&tables);
        for figure in FIGURES {
            let drawn = (figure.draw)(&tables, &(), figure.width).expect(figure.name);
            assert_golden(&format!("validate-{}", figure.name), &drawn);
        }
    }

    #[test]
    fn each_verdict_has_its_mark_and_its_text() {
        let pictures = ["reproduced", "undecided", "not_reproduced"].map(|verdict| {
            let figure = forest(&single(0.7, verdict));
            figure.svg().to_owned()
        });
        let texts = ["reproduced: the", "undecided", "not reproduced"];
        for (picture, text) in pictures.iter().zip(texts) {
            assert!(picture.contains(text), "{text}");
        }
        assert!(pictures[0].contains(BLUE) && !pictures[0].contains(VERMILLION));
        assert!(pictures[2].contains(VERMILLION) && !pictures[2].contains(BLUE));
        assert!(!pictures[1].contains(VERMILLION) && !pictures[1].contains(BLUE));
    }

    #[test]
    fn published_and_simulated_numbers_are_next_to_the_plot() {
        let figure = forest(&single(0.7, "reproduced"));
        assert!(texts(&figure, "0.75 [0.67, 0.81]") == 1 && texts(&figure, "0.700") == 1);
        let gone = forest(&single(f64::NAN, "undecided"));
        assert_eq!(texts(&gone, "no value"), 1);
        let real = forest(&real_targets());
        for text in ["[3, 8]", "&gt; 0", "&lt; 0"] {
            assert!(real.svg().contains(text), "{text}");
        }
    }

    #[test]
    fn a_value_beyond_the_axis_has_an_arrow_and_its_distance() {
        // From 0.67 to 0.81 the half-width is 0.07 and the middle 0.74.
        let figure = |value| forest(&single(value, "not_reproduced"));
        let (far, near) = (figure(0.74 - 12.0 * 0.07), figure(0.74 - 2.0 * 0.07));
        assert!(far.svg().contains("−12") && far.svg().contains("beyond the axis"));
        assert!(!near.svg().contains("beyond the axis"));
    }

    #[test]
    fn tiers_and_areas_are_headings_and_targets_count_by_their_worst_part() {
        let table = real_targets();
        let figure = forest(&table);
        for text in ["Calibration", "Validation", "Patterns"] {
            assert_eq!(texts(&figure, text), 1, "{text}");
        }
        // C06 and C07 have two parts each: one missed part is a missed target.
        let tally = |missed: &'static [&'static str]| {
            let verdict = |row: usize, _: &str| {
                let parts =
                    ["target", "part"].map(|column| table.category(column, row).unwrap_or(""));
                let missed = missed.contains(&format!("{} {}", parts[0], parts[1]).as_str());
                if missed {
                    "not_reproduced"
                } else {
                    "reproduced"
                }
                .to_owned()
            };
            let figure = forest(&with_texts(table.clone(), "verdict", verdict));
            let line = figure
                .svg()
                .lines()
                .find(|line| line.contains("are fitted to these"));
            line.map(str::to_owned).expect("a tally")
        };
        let count = |line: &str| -> usize {
            let (_, counts) = line.split_once(": ").expect("counts");
            counts
                .split(' ')
                .next()
                .and_then(|n| n.parse().ok())
                .expect("a count")
        };
        let all = count(&tally(&[]));
        assert_eq!(count(&tally(&["C06 mean"])), all - 1);
        assert_eq!(count(&tally(&["C06 mean", "C06 sd"])), all - 1);
        assert_eq!(count(&tally(&["C06 mean", "C07 sd"])), all - 2);
    }

    #[test]
    fn all_numbers_fit_on_a_page_and_more_are_counted() {
        let table = real_targets();
        let page = forest(&table);
        assert!(page.height() < 262.0, "{} mm", page.height());
        assert!(!page.svg().contains("numbers shown"));
        let count = table.rows.rows();
        let many = rows(&table, (0..200).map(|row| row * count / 200));
        assert!(
            forest(&many)
                .svg()
                .contains("first 160 of 200 numbers shown")
        );
    }

    /// The ablation of one mechanism, with the same change of all numbers.
    fn changed(verdicts: [&str; 2], without: f64, shift: f64) -> Figure {
        let real = real_ablation();
        let mechanism = real
            .category("mechanism", 0)
            .expect("a mechanism")
            .to_owned();
        let count = real.rows.rows();
        let mine = (0..count).filter(|row| real.category("mechanism", *row) == Some(&mechanism));
        let table = rows(&real, mine.take(3));
        let table = with_texts(table, "verdict_with", |_, _| verdicts[0].to_owned());
        let table = with_texts(table, "verdict_without", |_, _| verdicts[1].to_owned());
        let table = with_numbers(table, "without", |_, _| without);
        matrix(&with_numbers(table, "shift", |_, _| shift))
    }

    #[test]
    fn lost_gained_and_moved_numbers_are_distinguished() {
        let (good, bad, open) = ("reproduced", "not_reproduced", "undecided");
        let (lost, gained) = (
            changed([good, bad], 0.5, 1.0),
            changed([bad, good], 0.5, 1.0),
        );
        assert!(lost.svg().contains(VERMILLION) && !lost.svg().contains(BLUE));
        assert!(gained.svg().contains(BLUE) && !gained.svg().contains(VERMILLION));
        let (larger, same) = (changed([open; 2], 0.5, 3.1), changed([open; 2], 0.5, 2.9));
        let numbers = texts(&larger, "+");
        assert!(numbers > 0 && texts(&same, "+") == 0);
        assert_eq!(texts(&changed([open; 2], 0.5, -4.0), "−"), numbers);
        assert_eq!(texts(&changed([open; 2], f64::NAN, f64::NAN), "×"), numbers);
        let gone = changed([good, bad], f64::NAN, f64::NAN);
        assert_eq!(texts(&gone, "×"), 0);
        assert!(gone.svg().contains(VERMILLION) && gone.svg().contains("hollow"));
        assert!(!lost.svg().contains("hollow"));
    }

    #[test]
    fn a_mechanism_without_lost_numbers_is_marked() {
        let (good, bad) = ("reproduced", "not_reproduced");
        let idle = "without which no number is lost";
        assert!(!changed([good, bad], 0.5, 1.0).svg().contains(idle));
        let none = changed([good, good], 0.5, 1.0);
        assert!(none.svg().contains(idle) && texts(&none, "0") == 1);
    }

    #[test]
    fn a_matrix_of_all_mechanisms_and_numbers_fits_on_a_page() {
        let real = real_ablation();
        let mechanisms: std::collections::BTreeSet<&str> = (0..real.rows.rows())
            .filter_map(|row| real.category("mechanism", row))
            .collect();
        assert!(mechanisms.len() > 20);
        // As many numbers as there are targets, each without every mechanism.
        let each = real.rows.rows() / mechanisms.len();
        let count = real_targets().rows.rows();
        let many = rows(
            &real,
            (0..mechanisms.len() * count).map(|row| row / count * each),
        );
        let part = |row: usize, _: &str| format!("part {}", row % count);
        let figure = matrix(&with_texts(many, "part", part));
        assert_eq!(figure.width(), Width::Page.millimetres());
        assert!(figure.height() < 255.0, "{} mm", figure.height());
    }

    #[test]
    fn tables_that_cannot_be_drawn_are_refused() {
        let none = targets(&empty(&real_targets()));
        assert!(matches!(none, Err(ChartError::NoRows { table: "targets" })));
        let none = ablation(&empty(&real_ablation()));
        assert!(matches!(
            none,
            Err(ChartError::NoRows { table: "ablation" })
        ));
        let wrong = targets(&real_ablation());
        assert!(matches!(wrong, Err(ChartError::NoColumn { .. })));
    }

    #[test]
    fn extreme_numbers_are_drawn() {
        for shift in 0..SHIFTS {
            assert_finite("targets", &forest(&extreme(real_targets(), shift)));
            assert_finite("ablation", &matrix(&extreme(real_ablation(), shift)));
        }
    }

    #[test]
    fn the_same_table_gives_the_same_bytes() {
        let drawn = || [forest(&real_targets()), matrix(&real_ablation())];
        assert_eq!(drawn(), drawn());
    }
}
