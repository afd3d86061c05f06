//! A matrix of mechanisms and published numbers: what is lost, gained or moved without each mechanism.

use super::listing::{Listing, MOST_ROWS, ROW, SMALL, names};
use crate::chart::canvas::{Canvas, Frame, Place};
use crate::chart::error::ChartError;
use crate::chart::figure::{Figure, Width};
use crate::chart::legend::{Key, Sample};
use crate::chart::read::Reader;
use crate::chart::style::{BLACK, BLUE, Colour, GREY, PALE, Stroke, VERMILLION, WHITE};
use crate::chart::ticks::count;
use crate::table::Table;

const MARGIN: f64 = 2.0;
/// Width of a mechanism's column, at most (mm).
const WIDEST: f64 = 5.0;
/// Share of the sheet's width that columns take at most.
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
enum Change {
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
    /// Nothing that stands out of the error.
    None,
}

impl Change {
    fn draw(self, canvas: &mut Canvas, place: Place) {
        let sign = SMALL.centred();
        match self {
            Change::Lost => canvas.diamond(place, DIAMOND, VERMILLION),
            Change::LostAndGone => {
                canvas.diamond(place, DIAMOND, VERMILLION);
                canvas.diamond(place, 0.55 * DIAMOND, WHITE);
            }
            Change::Gained => canvas.disc(place, DOT, BLUE),
            Change::Gone => canvas.text(place, "×", sign.tinted(GREY)),
            Change::Larger => canvas.text(place, "+", sign.tinted(BLACK)),
            Change::Smaller => canvas.text(place, "−", sign.tinted(BLACK)),
            Change::None => {}
        }
    }
}

/// A column of the matrix.
struct Mechanism {
    name: String,
    /// What becomes of each number, by the row of its name.
    changes: Vec<Change>,
}

impl Mechanism {
    fn lost(&self) -> usize {
        let lost = [Change::Lost, Change::LostAndGone];
        let changes = self.changes.iter();
        changes.filter(|change| lost.contains(change)).count()
    }
}

/// Draws what each mechanism carries, from the table `ablation`; always as wide as a page.
///
/// Reads `mechanism`, `target`, `part`, `tier`, `area`, `statistic`, `with`, `without`, `verdict_with`,
/// `verdict_without` and `shift`. A column is a mechanism, a row a number: lost (reproduced with the
/// mechanism and not without it), gained, moved by more than three standard errors, or unchanged; a number
/// that is lost since it cannot be computed any more is hollow. A mechanism without which no number is lost is shaded. At most ninety-six numbers are drawn.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`].
pub fn ablation(table: &Table) -> Result<Figure, ChartError> {
    let reader = Reader::new(table)?;
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
    let listing = Listing::new(names, (MARGIN, top, left - GAP));
    let below = listing.bottom + 2.0 * ROW;
    let key = key_to(&mechanisms, known);
    let mut canvas = Canvas::new(width, below + key.height(inner) + 1.0);
    let matrix = Matrix {
        left,
        column,
        mechanisms: &mechanisms,
        listing: &listing,
    };
    matrix.grounds(&mut canvas);
    listing.draw(&mut canvas, left - GAP, &|_| String::new());
    for (place, row) in order.iter().enumerate() {
        for (number, mechanism) in mechanisms.iter().enumerate() {
            let at = (matrix.middle(number), listing.middle(place));
            mechanism.changes[*row].draw(&mut canvas, at);
        }
    }
    matrix.heads(&mut canvas);
    key.draw(&mut canvas, (MARGIN, below), inner);
    canvas.finish("What becomes of published numbers without each mechanism of the model")
}

/// The columns beside the names.
struct Matrix<'a> {
    left: f64,
    column: f64,
    mechanisms: &'a [Mechanism],
    listing: &'a Listing,
}

impl Matrix<'_> {
    fn edge(&self, number: usize) -> f64 {
        self.left + number as f64 * self.column
    }
    fn middle(&self, number: usize) -> f64 {
        self.edge(number) + 0.5 * self.column
    }
    /// Draws the cells' grounds and the lines between them.
    fn grounds(&self, canvas: &mut Canvas) {
        let right = self.edge(self.mechanisms.len());
        for rows in self.listing.tiers() {
            for (number, mechanism) in self.mechanisms.iter().enumerate() {
                if mechanism.lost() == 0 {
                    let (from, to) = (self.edge(number), self.edge(number + 1));
                    let frame = self.listing.beside(rows.clone(), from, to);
                    canvas.rectangle(frame, IDLE);
                }
            }
            for row in rows.clone() {
                let Frame { top, .. } = self.listing.beside(row..row + 1, self.left, right);
                canvas.line((self.left, top), (right, top), GRID);
            }
            let frame = self.listing.beside(rows, self.left, right);
            for number in 0..=self.mechanisms.len() {
                let x = self.edge(number);
                canvas.line((x, frame.top), (x, frame.bottom()), GRID);
            }
            canvas.line((self.left, frame.bottom()), (right, frame.bottom()), GRID);
        }
    }
    /// Writes the mechanisms' names over the columns, and under them how many numbers each carries.
    fn heads(&self, canvas: &mut Canvas) {
        let first = self.listing.tiers().next().unwrap_or(0..1);
        let bottom = self.listing.beside(first, 0.0, 0.0).top - GAP;
        let under = self.listing.bottom + 0.6 * ROW;
        for (number, mechanism) in self.mechanisms.iter().enumerate() {
            let lost = mechanism.lost();
            let tint = if lost == 0 { GREY } else { BLACK };
            let at = (self.middle(number), bottom);
            canvas.text(at, &mechanism.name, SMALL.upwards().tinted(tint));
            let words = lost.to_string();
            let at = (self.middle(number), under);
            canvas.text(at, &words, SMALL.centred().tinted(tint));
        }
        let at = (self.left - GAP, under);
        canvas.text(at, "numbers lost", SMALL.ending().tinted(GREY));
    }
}

/// The first rows of the numbers, the mechanisms with what becomes of each, and how many numbers there are.
fn read(reader: &Reader<'_>) -> Result<(Vec<usize>, Vec<Mechanism>, usize), ChartError> {
    let mechanism = reader.categories("mechanism")?;
    let (target, part) = (reader.categories("target")?, reader.categories("part")?);
    let verdicts = [
        reader.categories("verdict_with")?,
        reader.categories("verdict_without")?,
    ];
    let values = [reader.drawable("with")?, reader.drawable("without")?];
    let shift = reader.drawable("shift")?;
    let change = |row: usize| match [verdicts[0][row], verdicts[1][row]] {
        ["reproduced", "not_reproduced"] if values[1][row].is_nan() => Change::LostAndGone,
        ["reproduced", "not_reproduced"] => Change::Lost,
        ["not_reproduced", "reproduced"] => Change::Gained,
        _ if values[0][row].is_finite() && values[1][row].is_nan() => Change::Gone,
        _ if shift[row] > CLEAR => Change::Larger,
        _ if shift[row] < -CLEAR => Change::Smaller,
        _ => Change::None,
    };
    let mut rows: Vec<usize> = Vec::new();
    let mut mechanisms: Vec<Mechanism> = Vec::new();
    for row in 0..reader.rows() {
        let same = |other: &usize| target[*other] == target[row] && part[*other] == part[row];
        let number = rows.iter().position(same).unwrap_or_else(|| {
            rows.push(row);
            rows.len() - 1
        });
        let name = mechanism[row].replace('_', " ");
        let place = mechanisms.iter().position(|one| one.name == name);
        let place = place.unwrap_or_else(|| {
            let changes = Vec::new();
            mechanisms.push(Mechanism { name, changes });
            mechanisms.len() - 1
        });
        let changes = &mut mechanisms[place].changes;
        changes.resize(changes.len().max(number + 1), Change::None);
        changes[number] = change(row);
    }
    for mechanism in &mut mechanisms {
        mechanism.changes.resize(rows.len(), Change::None);
    }
    let known = rows.len();
    rows.truncate(MOST_ROWS);
    Ok((rows, mechanisms, known))
}

fn key_to(mechanisms: &[Mechanism], known: usize) -> Key {
    let mut key = Key::new();
    let has = |wanted: Change| mechanisms.iter().any(|one| one.changes.contains(&wanted));
    if has(Change::Lost) || has(Change::LostAndGone) {
        let words = "lost: reproduced with the mechanism, not without it";
        key.add(Sample::Diamond(VERMILLION), words);
    }
    if has(Change::Gained) {
        let words = "gained: reproduced without it, not with it";
        key.add(Sample::Disc(BLUE, DOT), words);
    }
    if has(Change::Larger) || has(Change::Smaller) {
        let words = "+ or −: larger or smaller without it, by more than 3 standard errors";
        key.add(Sample::Words, words);
    }
    if has(Change::Gone) || has(Change::LostAndGone) {
        key.add(Sample::Words, "× or hollow: cannot be computed without it");
    }
    if mechanisms.iter().any(|one| one.lost() == 0) {
        key.add(
            Sample::Swatch(IDLE),
            "mechanism that carries none of the numbers",
        );
    }
    if known > MOST_ROWS {
        let words = format!("first {MOST_ROWS} of {} numbers shown", count(known as i64));
        key.add(Sample::Words, words);
    }
    key
}
