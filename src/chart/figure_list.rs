//! Lists of figures: which a use case draws from which tables, what stands over them, and the files that they become.
//!
//! A use case has one list, from which its run, `pairbond plot` and the tests draw. A new figure of an existing
//! table is a file with its chart and a line in the list.

use super::ChartError;
use super::canvas::Canvas;
use super::figure::{Figure, MARGIN, Width};
use super::options::{ChartFormat, ChartOptions};
use super::style::{GREY, HEADING, NOTE, TextStyle};
use crate::table::Table;
use rayon::prelude::*;
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};

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
    /// Its width unless another one is requested.
    pub(crate) width: Width,
    /// Draws it; one that has nothing to show is left out.
    pub(crate) draw: fn(&TableSet<'_>, &Context, Width) -> Result<Figure, ChartError>,
}

/// A chart that could not be drawn, or not be written; or the report, named `report`, or the `bundle`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} is missing: {reason}", FailedChart::shown(.name))]
#[non_exhaustive]
pub struct FailedChart {
    /// Name of its files, without their extension.
    pub name: String,
    /// The reason.
    pub reason: String,
}

impl FailedChart {
    /// The name of the bundle.
    pub(crate) const BUNDLE: &str = "bundle";

    fn shown(name: &str) -> String {
        match name {
            "report" => "report.html".to_owned(),
            FailedChart::BUNDLE => "the bundle".to_owned(),
            name => format!("the chart `{name}`"),
        }
    }

    fn new(name: &str, error: &ChartError) -> FailedChart {
        let mut reason = error.to_string();
        let mut source = error.source();
        while let Some(inner) = source {
            reason.push_str(&format!(": {inner}"));
            source = inner.source();
        }
        FailedChart {
            name: name.to_owned(),
            reason,
        }
    }
}

/// What became of the figures of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DrawnCharts {
    /// Names and bytes of the files.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// Those that could not be drawn.
    pub(crate) failed: Vec<FailedChart>,
    /// What the charts leave out, a sentence each.
    pub(crate) notes: Vec<String>,
}

impl DrawnCharts {
    /// Adds the charts of another list.
    pub(crate) fn append(&mut self, mut other: DrawnCharts) {
        self.files.append(&mut other.files);
        self.failed.append(&mut other.failed);
        self.notes.append(&mut other.notes);
    }
}

/// Whether some figure of a list shows a table.
pub(crate) fn shows<Context>(figures: &[FigureSpec<Context>], table: &str) -> bool {
    figures.iter().any(|figure| figure.tables.contains(&table))
}

/// What stands over every chart of a folder of results: whose it is, and of how much.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FigureHeading {
    /// Title of the scenario.
    pub(crate) title: String,
    /// How much was simulated, such as "n = 5000 couples for up to 730 days".
    pub(crate) size: String,
}

/// Lines that a title takes at most; a longer one is shortened.
const MOST_TITLE_LINES: usize = 2;
/// Lines that a size takes at most.
const MOST_SIZE_LINES: usize = 2;
/// From the heading to the chart (mm).
const UNDER_HEADING: f64 = 1.2;
const SIZE: TextStyle = NOTE.tinted(GREY);

impl FigureHeading {
    /// The lines of the heading in a picture of a width (mm), each with its style.
    fn lines(&self, width: f64) -> Vec<(String, TextStyle)> {
        let space = width - 2.0 * MARGIN;
        let mut lines = Vec::new();
        for (text, style, most) in [
            (&self.title, HEADING, MOST_TITLE_LINES),
            (&self.size, SIZE, MOST_SIZE_LINES),
        ] {
            let fitted = style.wrap_within(text, space, most);
            lines.extend(fitted.into_iter().map(|line| (line, style)));
        }
        lines
    }
    /// The figure under this heading. A title that is too long is wrapped, and shortened after two lines.
    ///
    /// # Errors
    /// [`ChartError::Drawing`] where the drawing library refuses a shape.
    pub(crate) fn over(&self, figure: Figure) -> Result<Figure, ChartError> {
        let lines = self.lines(figure.width());
        if lines.is_empty() {
            return Ok(figure);
        }
        let height: f64 = lines.iter().map(|(_, style)| style.line()).sum();
        let space = MARGIN / 2.0 + height + UNDER_HEADING;
        let mut canvas = Canvas::below_space(&figure, space);
        let mut top = MARGIN / 2.0;
        for (line, style) in lines {
            canvas.text((MARGIN, top + style.line() / 2.0), &line, style);
            top += style.line();
        }
        let title = self.title.trim();
        let described = match title.is_empty() {
            true => figure.description().to_owned(),
            false => format!("{title}: {}", figure.description()),
        };
        canvas.finish(&described)
    }
}

/// What the figures of a list have in common.
pub(crate) struct Drawing<'a> {
    /// The tables that they show.
    pub(crate) tables: &'a TableSet<'a>,
    /// What stands over each of them, unless the options leave it out.
    pub(crate) heading: &'a FigureHeading,
    /// How they are drawn.
    pub(crate) options: &'a ChartOptions,
    /// No figure is begun after this has returned true; the caller must check for this.
    pub(crate) cancelled: &'a (dyn Fn() -> bool + Sync),
}

/// Draws figures of these tables without a suffix, as [`render`] does.
pub(crate) fn draw_tables<'t, Context: Sync>(
    figures: &[FigureSpec<Context>],
    context: &Context,
    tables: impl IntoIterator<Item = &'t Table>,
    heading: &FigureHeading,
    options: &ChartOptions,
    cancelled: &(dyn Fn() -> bool + Sync),
) -> DrawnCharts {
    let drawing = Drawing {
        tables: &TableSet::new(tables),
        heading,
        options,
        cancelled,
    };
    render(figures, "", context, &drawing)
}

/// Draws a list of figures and gives the files' names and bytes, in the order of the list.
///
/// A figure without anything to show, or with more than fits into one picture, is left out: the tables hold
/// it all the same. One that cannot be drawn does not keep the others from being drawn, even if a drawing
/// function panics. `suffix` follows the figures' names.
pub(crate) fn render<Context: Sync>(
    figures: &[FigureSpec<Context>],
    suffix: &str,
    context: &Context,
    drawing: &Drawing<'_>,
) -> DrawnCharts {
    let drawn: Vec<DrawnCharts> = figures
        .par_iter()
        .map(|spec| {
            let mut drawn = DrawnCharts::default();
            if (drawing.cancelled)() {
                return drawn;
            }
            let name = format!("{}{suffix}", spec.name);
            // Nothing that a panic leaves half changed is used again.
            let draw = AssertUnwindSafe(|| {
                let width = drawing.options.width.map_or(spec.width, Width::from);
                let mut figure = (spec.draw)(drawing.tables, context, width)?;
                if drawing.options.titles {
                    figure = drawing.heading.over(figure)?;
                }
                files(&name, &figure, drawing.options)
            });
            match catch_unwind(draw) {
                Ok(Ok(files)) => drawn.files = files,
                Ok(Err(
                    ChartError::NoRows { .. }
                    | ChartError::NotRequested
                    | ChartError::NothingToDraw { .. }
                    | ChartError::BadArgument { .. },
                )) => {}
                Ok(Err(error)) => drawn.failed.push(FailedChart::new(&name, &error)),
                Err(_) => drawn.failed.push(FailedChart {
                    name,
                    reason: "the drawing function panicked".to_owned(),
                }),
            }
            drawn
        })
        .collect();
    let mut all = DrawnCharts::default();
    drawn.into_iter().for_each(|one| all.append(one));
    all
}

/// The files of one figure.
fn files(
    name: &str,
    figure: &Figure,
    options: &ChartOptions,
) -> Result<Vec<(String, Vec<u8>)>, ChartError> {
    let mut files = Vec::new();
    if options.has(ChartFormat::Svg) {
        files.push((format!("{name}.svg"), figure.svg().as_bytes().to_vec()));
    }
    if cfg!(feature = "png") && options.has(ChartFormat::Png) {
        files.push((format!("{name}.png"), figure.png(DPI)?));
    }
    if options.has(ChartFormat::Pdf) {
        files.push((format!("{name}.pdf"), figure.pdf()?));
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Schema;

    const FIGURES: &[FigureSpec<f64>] = &[
        FigureSpec {
            name: "blank",
            tables: &["levels"],
            width: Width::Column,
            draw: |tables, width, _| {
                tables.get("levels")?;
                assert!(!width.is_sign_negative() || width.is_nan(), "a width");
                Canvas::new(*width, 10.0).finish("nothing")
            },
        },
        FigureSpec {
            name: "fixed",
            tables: &["levels"],
            width: Width::Page,
            draw: |_, _, _| Canvas::new(20.0, 10.0).finish("nothing"),
        },
        FigureSpec {
            name: "absent",
            tables: &["other"],
            width: Width::Page,
            draw: |tables, width, _| {
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

    fn rendered(suffix: &str, width: f64, options: &ChartOptions, cancelled: bool) -> DrawnCharts {
        let table = table();
        let drawing = Drawing {
            tables: &TableSet::new([&table]),
            heading: &FigureHeading {
                title: "A & B".to_owned(),
                size: "n = 7".to_owned(),
            },
            options,
            cancelled: &|| cancelled,
        };
        render(FIGURES, suffix, &width, &drawing)
    }

    fn drawn(width: f64) -> DrawnCharts {
        rendered("_one", width, &ChartOptions::default(), false)
    }

    fn names(drawn: &DrawnCharts) -> Vec<&str> {
        let svg = |(name, _): &'_ (String, Vec<u8>)| name.ends_with(".svg");
        let svg = drawn.files.iter().filter(|file| svg(file));
        svg.map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn figures_of_absent_tables_are_left_out() {
        let drawn = drawn(20.0);
        assert_eq!(names(&drawn), ["blank_one.svg", "fixed_one.svg"]);
        let per_figure = if cfg!(feature = "png") { 2 } else { 1 };
        assert_eq!(drawn.files.len(), 2 * per_figure);
        assert_eq!(drawn.failed, []);
        assert!(shows(FIGURES, "other") && !shows(FIGURES, "points"));
    }

    #[test]
    fn a_figure_that_cannot_be_drawn_is_named_and_the_others_are_drawn() {
        for (width, reason) in [(f64::NAN, "a shape lies at NaN mm"), (-1.0, "panicked")] {
            let drawn = drawn(width);
            assert_eq!(names(&drawn), ["fixed_one.svg"]);
            let [failed] = &drawn.failed[..] else {
                panic!("{:?}", drawn.failed);
            };
            assert_eq!(failed.name, "blank_one");
            assert!(failed.to_string().contains(reason), "{failed}");
        }
    }

    #[test]
    fn no_figure_is_drawn_after_a_cancellation() {
        let drawn = rendered("", 20.0, &ChartOptions::default(), true);
        assert_eq!(drawn, DrawnCharts::default());
    }

    #[test]
    fn every_figure_has_the_heading_unless_the_options_leave_it_out() {
        let svgs = |options: &ChartOptions| -> Vec<String> {
            let files = rendered("", 20.0, options, false).files.into_iter();
            let svgs = files.filter(|(name, _)| name.ends_with(".svg"));
            svgs.map(|(_, bytes)| String::from_utf8(bytes).expect("text"))
                .collect()
        };
        let with = svgs(&ChartOptions::default());
        let without = svgs(&ChartOptions::default().titles(false));
        assert_eq!((with.len(), without.len()), (2, 2));
        for (with, without) in with.iter().zip(&without) {
            assert!(with.contains(">\nA &amp; B\n<") && with.contains(">\nn = 7\n<"));
            assert!(!without.contains("n = 7"), "{without}");
            assert!(with.contains("height=\"1") && without.contains("height=\"10mm\""));
        }
    }

    #[test]
    fn a_text_that_svg_cannot_hold_is_drawn_all_the_same() {
        let mut canvas = Canvas::new(40.0, 10.0);
        canvas.text((2.0, 5.0), "a\u{1}b\u{fffe}", crate::chart::LABEL);
        let figure = canvas.finish("\u{1b}").expect("a figure");
        assert!(
            figure.svg().contains("a\u{fffd}b\u{fffd}"),
            "{}",
            figure.svg()
        );
        assert!(files("text", &figure, &ChartOptions::default()).is_ok());
    }
}
