//! A matrix of mechanisms and published numbers: what is lost, gained or moved without each mechanism.

use super::listing::{MOST_ROWS, ROW, SMALL, TargetListing, names};
use crate::chart::{
    BLACK, BLUE, Canvas, ChartError, Colour, ColumnReader, Figure, GREY, Legend, LegendHandle,
    MARGIN, PALE, Position, Rect, Stroke, VERMILLION, WHITE, Width,
};
use crate::table::Table;

/// Width of a mechanism's column, at most (mm).
const WIDEST: f64 = 5.0;
/// Share of the picture's width that columns take at most.
const SHARE: f64 = 0.5;
/// Between names and columns, and between columns and their heads (mm).
const GAP: f64 = 1.2;
/// Standard errors by which a number that moved has done so.
const CLEAR: f64 = 3.0;
/// Half a diagonal of a diamond, and radius of a disc (mm).
const DIAMOND: f64 = 1.2;
const DOT: f64 = 0.95;
const GRID: Stroke = Stroke::solid(PALE, 0.25);
const IDLE: Colour = Colour::hex(0xEDEDED);

/// What becomes of a number without a mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AblationEffect {
    /// It was reproduced, and is not any more.
    Lost,
    /// It was reproduced, and cannot be computed any more.
    LostAndGone,
    /// It was not, and is.
    Gained,
    /// It cannot be computed any more.
    Gone,
    /// It became larger, or nothing of the kind.
    Larger,
    /// It became smaller.
    Smaller,
    /// No change beyond the error.
    None,
}

impl AblationEffect {
    fn draw(self, canvas: &mut Canvas, at: Position) {
        let sign = SMALL.centred();
        match self {
            AblationEffect::Lost => canvas.diamond(at, DIAMOND, VERMILLION),
            AblationEffect::LostAndGone => {
                canvas.diamond(at, DIAMOND, VERMILLION);
                canvas.diamond(at, 0.55 * DIAMOND, WHITE);
            }
            AblationEffect::Gained => canvas.disc(at, DOT, BLUE),
            AblationEffect::Gone => canvas.text(at, "×", sign.tinted(GREY)),
            AblationEffect::Larger => canvas.text(at, "+", sign.tinted(BLACK)),
            AblationEffect::Smaller => canvas.text(at, "−", sign.tinted(BLACK)),
            AblationEffect::None => {}
        }
    }
}

/// A column of the matrix.
struct MechanismColumn {
    name: String,
    /// What becomes of each number, by the row of its name.
    changes: Vec<AblationEffect>,
}

impl MechanismColumn {
    fn lost(&self) -> usize {
        let lost = [AblationEffect::Lost, AblationEffect::LostAndGone];
        let changes = self.changes.iter();
        changes.filter(|change| lost.contains(change)).count()
    }
}

/// Draws the numbers that each mechanism is needed for, from the table `ablation`; always as wide as a page.
///
/// Reads `mechanism`, `target`, `part`, `tier`, `area`, `statistic`, `with`, `without`, `verdict_with`,
/// `verdict_without` and `shift`. A column is a mechanism, a row a number: lost (reproduced with the
/// mechanism and not without it), gained, moved by more than three standard errors, or unchanged; a number
/// that is lost since it cannot be computed any more is hollow. A mechanism without which no number is lost is shaded. At most 160 numbers are drawn.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`].
pub(crate) fn ablation(table: &Table) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let (rows, mechanisms, known) = read(&reader)?;
    let names = names(&reader, &rows)?;
    let order: Vec<usize> = names
        .iter()
        .filter_map(|name| rows.iter().position(|row| *row == name.row))
        .collect();

    let width = Width::Page.millimetres();
    let inner = width - 2.0 * MARGIN;
    let column = (SHARE * inner / mechanisms.len() as f64).min(WIDEST);
    let left = width - MARGIN - column * mechanisms.len() as f64;
    let heads = mechanisms.iter().map(|one| SMALL.width(&one.name));
    let top = MARGIN + heads.fold(0.0, f64::max);
    let listing = TargetListing::new(names, (MARGIN, top, left - GAP));
    let legend = legend_of(&mechanisms, known);
    let legend = legend.below(width, listing.bottom + 2.0 * ROW);
    let mut canvas = legend.canvas();
    let matrix = AblationMatrix {
        left,
        column,
        mechanisms: &mechanisms,
        listing: &listing,
    };
    matrix.backgrounds(&mut canvas);
    listing.draw(&mut canvas, left - GAP, &|_| String::new());
    for (index, row) in order.iter().enumerate() {
        for (number, mechanism) in mechanisms.iter().enumerate() {
            let at = (matrix.middle(number), listing.middle(index));
            mechanism.changes[*row].draw(&mut canvas, at);
        }
    }
    matrix.heads(&mut canvas);
    legend.finish(
        canvas,
        "What becomes of published numbers without each mechanism of the model",
    )
}

/// The columns next to the names.
struct AblationMatrix<'a> {
    left: f64,
    column: f64,
    mechanisms: &'a [MechanismColumn],
    listing: &'a TargetListing,
}

impl AblationMatrix<'_> {
    fn edge(&self, number: usize) -> f64 {
        self.left + number as f64 * self.column
    }
    fn middle(&self, number: usize) -> f64 {
        self.edge(number) + 0.5 * self.column
    }
    /// Draws the cells' backgrounds and the lines between them.
    fn backgrounds(&self, canvas: &mut Canvas) {
        let right = self.edge(self.mechanisms.len());
        for rows in self.listing.tiers() {
            for (number, mechanism) in self.mechanisms.iter().enumerate() {
                if mechanism.lost() == 0 {
                    let (from, to) = (self.edge(number), self.edge(number + 1));
                    let frame = self.listing.strip(rows.clone(), from, to);
                    canvas.rectangle(frame, IDLE);
                }
            }
            for row in rows.clone() {
                let Rect { top, .. } = self.listing.strip(row..row + 1, self.left, right);
                canvas.line((self.left, top), (right, top), GRID);
            }
            let frame = self.listing.strip(rows, self.left, right);
            for number in 0..=self.mechanisms.len() {
                let x = self.edge(number);
                canvas.line((x, frame.top), (x, frame.bottom()), GRID);
            }
            canvas.line((self.left, frame.bottom()), (right, frame.bottom()), GRID);
        }
    }
    /// Writes the mechanisms' names over the columns, and under them how many numbers are lost without each.
    fn heads(&self, canvas: &mut Canvas) {
        let first = self.listing.tiers().next().unwrap_or(0..1);
        let bottom = self.listing.strip(first, 0.0, 0.0).top - GAP;
        let under = self.listing.bottom + 0.6 * ROW;
        for (number, mechanism) in self.mechanisms.iter().enumerate() {
            let lost = mechanism.lost();
            let tint = if lost == 0 { GREY } else { BLACK };
            let at = (self.middle(number), bottom);
            canvas.text(at, &mechanism.name, SMALL.upwards().tinted(tint));
            let text = lost.to_string();
            let at = (self.middle(number), under);
            canvas.text(at, &text, SMALL.centred().tinted(tint));
        }
        let at = (self.left - GAP, under);
        canvas.text(at, "numbers lost", SMALL.ending().tinted(GREY));
    }
}

/// The first rows of the numbers, the mechanisms with what becomes of each, and how many numbers there are.
fn read(
    reader: &ColumnReader<'_>,
) -> Result<(Vec<usize>, Vec<MechanismColumn>, usize), ChartError> {
    let mechanism = reader.categories("mechanism")?;
    let (target, part) = (reader.categories("target")?, reader.categories("part")?);
    let verdicts = [
        reader.categories("verdict_with")?,
        reader.categories("verdict_without")?,
    ];
    let values = [reader.drawable("with")?, reader.drawable("without")?];
    let shift = reader.drawable("shift")?;
    let change = |row: usize| match [verdicts[0][row], verdicts[1][row]] {
        ["reproduced", "not_reproduced"] if values[1][row].is_nan() => AblationEffect::LostAndGone,
        ["reproduced", "not_reproduced"] => AblationEffect::Lost,
        ["not_reproduced", "reproduced"] => AblationEffect::Gained,
        _ if values[0][row].is_finite() && values[1][row].is_nan() => AblationEffect::Gone,
        _ if shift[row] > CLEAR => AblationEffect::Larger,
        _ if shift[row] < -CLEAR => AblationEffect::Smaller,
        _ => AblationEffect::None,
    };
    let mut rows: Vec<usize> = Vec::new();
    let mut mechanisms: Vec<MechanismColumn> = Vec::new();
    for row in 0..reader.rows() {
        let same = |other: &usize| target[*other] == target[row] && part[*other] == part[row];
        let number = rows.iter().position(same).unwrap_or_else(|| {
            rows.push(row);
            rows.len() - 1
        });
        let name = mechanism[row].replace('_', " ");
        let index = mechanisms.iter().position(|one| one.name == name);
        let index = index.unwrap_or_else(|| {
            let changes = Vec::new();
            mechanisms.push(MechanismColumn { name, changes });
            mechanisms.len() - 1
        });
        let changes = &mut mechanisms[index].changes;
        changes.resize(changes.len().max(number + 1), AblationEffect::None);
        changes[number] = change(row);
    }
    for mechanism in &mut mechanisms {
        mechanism.changes.resize(rows.len(), AblationEffect::None);
    }
    let known = rows.len();
    rows.truncate(MOST_ROWS);
    Ok((rows, mechanisms, known))
}

fn legend_of(mechanisms: &[MechanismColumn], known: usize) -> Legend {
    let mut legend = Legend::new();
    let has = |wanted: AblationEffect| mechanisms.iter().any(|one| one.changes.contains(&wanted));
    if has(AblationEffect::Lost) || has(AblationEffect::LostAndGone) {
        let text = "lost: reproduced with the mechanism, not without it";
        legend.add(LegendHandle::Diamond(VERMILLION), text);
    }
    if has(AblationEffect::Gained) {
        let text = "gained: reproduced without it, not with it";
        legend.add(LegendHandle::Disc(BLUE, DOT), text);
    }
    if has(AblationEffect::Larger) || has(AblationEffect::Smaller) {
        let text = "+ or −: larger or smaller without it, by more than 3 standard errors";
        legend.note(text);
    }
    if has(AblationEffect::Gone) || has(AblationEffect::LostAndGone) {
        legend.note("× or hollow: cannot be computed without it");
    }
    if mechanisms.iter().any(|one| one.lost() == 0) {
        legend.add(
            LegendHandle::Swatch(IDLE),
            "mechanism without which no number is lost",
        );
    }
    legend.note_first(MOST_ROWS, known, "numbers");
    legend
}
