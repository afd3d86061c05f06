//! Forest plots of differences about a line at zero: of points of a sweep from the reference point, and of effects
//! of an axis between the levels of another. What is not resolved is pale and hollow.

use super::notes::{couples_note, is_resolved, rows_note, unresolved};
use crate::chart::{
    BLACK, BLUE, Canvas, ChartError, ColumnReader, Dash, FOREST_HEADING, FOREST_RIGHT, Figure,
    ForestPlot, GREY, IntervalEstimate, Legend, LegendHandle, MARGIN, MOST_FOREST_ROWS, NameWidth,
    Stroke, UNRESOLVED, Width, range_over, shortest,
};
use crate::label::{capitalised, possessive, settings};
use crate::sweep::summary::switch_word;
use crate::table::Table;

const ROW: f64 = 4.4;
const CLEAR: Stroke = Stroke::solid(BLUE, 1.0);
const ZERO: Stroke = Stroke::solid(GREY, 0.6).dashed(Dash::Short);
const DOT: f64 = 0.85;

/// Draws the differences of an observable between points of a sweep, from the table `contrasts`.
///
/// Reads `observable`, `label`, `difference`, `ci_low`, `ci_high` and, where there is one, `verdict`. The largest
/// increase is on top, about a line at zero; `reference` says what the differences are from. A difference whose verdict
/// is not `resolved`, or without a verdict one whose interval contains zero, is hollow. At most twenty-four rows are
/// drawn.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where the observable has no
/// finite difference.
pub(crate) fn contrasts(
    table: &Table,
    observable: &str,
    reference: &str,
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let (mut rows, known) = read_contrasts(&reader, observable)?;
    rows.sort_by(|a, b| b.difference.mean.total_cmp(&a.difference.mean));
    let reference = match reference {
        "" => String::new(),
        reference => format!("reference: {}", settings(reference)),
    };
    let forest = ContrastForest {
        rows,
        known,
        nouns: ("difference", "contrasts"),
        reference,
        counted: ("pairs", "pairs of runs"),
        axis_title: "Difference from the reference point",
    };
    let description = format!("Differences of {observable} between points");
    forest.draw(&reader, observable, &description, width)
}

/// The first differences of an observable, and how many are known.
fn read_contrasts<'a>(
    reader: &ColumnReader<'a>,
    wanted: &str,
) -> Result<(Vec<ContrastRow<'a>>, usize), ChartError> {
    let (observable, label) = (
        reader.categories("observable")?,
        reader.categories("label")?,
    );
    let verdict = reader.categories_if_any("verdict");
    let difference = reader.estimates(["difference", "ci_low", "ci_high"])?;
    let mine = (0..reader.rows()).filter(|row| observable[*row] == wanted);
    let known: Vec<usize> = mine
        .filter(|row| difference[*row].mean.is_finite())
        .collect();
    if known.is_empty() {
        return Err(reader.nothing(format!("finite difference of `{wanted}`")));
    }
    let shown = known.iter().take(MOST_FOREST_ROWS);
    let shown = shown.map(|row| ContrastRow {
        name: settings(label[*row]),
        difference: difference[*row],
        verdict: verdict[*row],
    });
    Ok((shown.collect(), known.len()))
}

/// Draws the interactions of the axes of a grid for an observable, from the table `interactions`.
///
/// Reads `axis`, `level`, `axis_2`, `level_2`, `difference`, `ci_low`, `ci_high` and `verdict`. Each row is a level of
/// an axis and one of another, against their first levels, which `reference` names. What is resolved stands first,
/// the largest on top; what is not is pale and hollow. At most twenty-four rows are drawn.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where the observable has no
/// finite interaction.
pub(crate) fn interactions(
    table: &Table,
    observable: &str,
    reference: &str,
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let (rows, known) = read_interactions(&reader, observable)?;
    let reference = match reference {
        "" => String::new(),
        reference => format!("first levels: {reference}"),
    };
    let forest = ContrastForest {
        rows,
        known,
        nouns: ("interaction", "interactions"),
        reference,
        counted: ("used", "runs"),
        axis_title: "Change of one axis's effect by the other's level",
    };
    let description = format!("Interactions of axes on {observable}");
    forest.draw(&reader, observable, &description, width)
}

/// The largest interactions of an observable, resolved ones first, and how many are known.
fn read_interactions<'a>(
    reader: &ColumnReader<'a>,
    wanted: &str,
) -> Result<(Vec<ContrastRow<'a>>, usize), ChartError> {
    let observable = reader.categories("observable")?;
    let axes = [reader.categories("axis")?, reader.categories("axis_2")?];
    let levels = [levels(reader, "level")?, levels(reader, "level_2")?];
    let verdict = reader.categories_if_any("verdict");
    let difference = reader.estimates(["difference", "ci_low", "ci_high"])?;
    let is_mine = |row: &usize| observable[*row] == wanted && difference[*row].mean.is_finite();
    let mut rows: Vec<ContrastRow<'a>> = (0..reader.rows())
        .filter(is_mine)
        .map(|row| {
            let [one, other] =
                [0, 1].map(|side| format!("{} {}", possessive(axes[side][row]), levels[side][row]));
            ContrastRow {
                name: format!("{one} × {other}"),
                difference: difference[row],
                verdict: verdict[row],
            }
        })
        .collect();
    if rows.is_empty() {
        return Err(reader.nothing(format!("finite interaction for `{wanted}`")));
    }
    let known = rows.len();
    let rank = |row: &ContrastRow<'_>| (row.is_clear(), row.difference.mean.abs());
    rows.sort_by(|one, other| {
        let ((clear, size), (its, other_size)) = (rank(one), rank(other));
        its.cmp(&clear).then(other_size.total_cmp(&size))
    });
    rows.truncate(MOST_FOREST_ROWS);
    Ok((rows, known))
}

/// The levels of an axis as texts.
fn levels(reader: &ColumnReader<'_>, column: &str) -> Result<Vec<String>, ChartError> {
    match reader.categories(column) {
        Ok(texts) => Ok(texts
            .into_iter()
            .map(|it| switch_word(it).to_owned())
            .collect()),
        // A column of numbers, where a table is read without its description.
        Err(absent) => {
            let numbers = reader.drawable(column).map_err(|_| absent)?;
            Ok(numbers
                .iter()
                .map(|level| shortest(*level, f64::NAN))
                .collect())
        }
    }
}

/// One difference.
struct ContrastRow<'a> {
    name: String,
    difference: IntervalEstimate,
    verdict: &'a str,
}

impl ContrastRow<'_> {
    /// Whether the difference is clear by its verdict, or without one by its interval.
    fn is_clear(&self) -> bool {
        match self.verdict {
            "" => self.difference.excludes_zero(),
            verdict => is_resolved(verdict),
        }
    }
}

/// What a chart of differences shows, and what it says of them.
struct ContrastForest<'a> {
    /// From the top down.
    rows: Vec<ContrastRow<'a>>,
    /// How many are known, with those that are not shown.
    known: usize,
    /// A row, and the rows.
    nouns: (&'static str, &'static str),
    /// What the differences are from; may be empty.
    reference: String,
    /// The column that counts what a difference is of, and what that is.
    counted: (&'static str, &'static str),
    axis_title: &'static str,
}

impl ContrastForest<'_> {
    /// Draws the differences of an observable, with the description of the figure.
    ///
    /// # Errors
    /// [`ChartError`] where the figure cannot be made.
    fn draw(
        self,
        reader: &ColumnReader<'_>,
        observable: &str,
        description: &str,
        width: Width,
    ) -> Result<Figure, ChartError> {
        let names: Vec<String> = self.rows.iter().map(|row| row.name.clone()).collect();
        let x = range_over(self.rows.iter().map(|row| row.difference), 0.0);
        let width = width.millimetres();
        let (left, right) = (MARGIN, width - FOREST_RIGHT);
        let space = NameWidth::wrapped(right - left);
        let top = MARGIN / 2.0 + FOREST_HEADING;
        let plot = ForestPlot::new(&names, space, (left, top, right), ROW, x);
        let mut legend = self.legend();
        let counted = rows_note(reader, &[observable], self.counted);
        let reference = Some(self.reference.clone()).filter(|it| !it.is_empty());
        let notes = [reference, counted, couples_note(&[observable])];
        for note in notes.into_iter().flatten() {
            legend.note(note);
        }
        let legend = legend.below(width, plot.axes.legend_top());
        let mut canvas = legend.canvas();
        plot.heading(&mut canvas, MARGIN, &capitalised(observable));
        self.draw_rows(&mut canvas, &plot);
        legend.finish(canvas, description)
    }

    fn draw_rows(&self, canvas: &mut Canvas, plot: &ForestPlot) {
        plot.axes.vline(canvas, 0.0, ZERO);
        for (k, row) in self.rows.iter().enumerate() {
            let y = plot.middle(k);
            let stroke = if row.is_clear() { CLEAR } else { UNRESOLVED };
            plot.interval(canvas, y, row.difference, stroke);
            let at = (plot.x(row.difference.mean), y);
            if row.is_clear() {
                canvas.disc(at, DOT, CLEAR.colour);
            } else {
                canvas.hollow_disc(at, DOT, UNRESOLVED);
            }
        }
        plot.finish(canvas, self.axis_title);
    }

    /// What dots and rings mean.
    fn legend(&self) -> Legend {
        let (row, rows) = self.nouns;
        let mut legend = Legend::new();
        if self.rows.iter().any(ContrastRow::is_clear) {
            legend.add(
                LegendHandle::Disc(CLEAR.colour, DOT),
                format!("{row} with its 95% interval"),
            );
        }
        if self.rows.iter().any(|row| !row.is_clear()) {
            let note = unresolved(self.rows.iter().map(|row| row.verdict), "replicates");
            let note = note.unwrap_or("hollow: the interval contains 0 or is not known".to_owned());
            legend.add(LegendHandle::Ring(Stroke::solid(BLACK, 0.6), DOT), note);
        }
        legend.note_first(MOST_FOREST_ROWS, self.known, rows);
        legend
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::test_support::fixture;

    #[test]
    fn each_key_of_a_label_has_its_own_partner() {
        let label = "a_anxiety 0.7, b_avoidance 0.5, mechanisms.repair false";
        let text = "A's anxiety 0.7, B's avoidance 0.5, mechanisms.repair false";
        assert_eq!(settings(label), text);
        assert_eq!(
            settings("sensitivity_of_care 0.6"),
            "sensitivity of care 0.6"
        );
    }

    #[test]
    fn resolved_interactions_stand_first_and_the_largest_on_top() {
        let table = fixture("grid", "interactions");
        let reader = ColumnReader::new(&table).expect("rows");
        let (rows, known) = read_interactions(&reader, "mean trust").expect("interactions");
        assert_eq!((rows.len(), known), (20, 20));
        let clear = rows.iter().take_while(|row| row.is_clear()).count();
        assert!(0 < clear && clear < rows.len());
        assert!(rows[clear..].iter().all(|row| !row.is_clear()));
        for part in [&rows[..clear], &rows[clear..]] {
            let sizes: Vec<f64> = part.iter().map(|row| row.difference.mean.abs()).collect();
            assert!(sizes.is_sorted_by(|one, next| one >= next), "{sizes:?}");
        }
        let name = &rows[0].name;
        assert!(name.starts_with("responsiveness ") && name.contains(" × stress rate "));
        assert!(read_interactions(&reader, "mean anger").is_err());
    }
}
