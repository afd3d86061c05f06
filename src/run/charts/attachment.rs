//! Attachment of all persons at the start and at the end: where they lie in the plane of anxiety and avoidance,
//! and how they move in it.

use crate::chart::{
    Axes, BLACK, BLUE, Canvas, ChartError, Colour, ColumnReader, Figure, Legend, LegendHandle,
    MARGIN, Position, Rect, Stroke, SubplotSpacing, Subplots, WHITE, Width, count, distance,
    draw_unit_plane,
};
use crate::table::Table;

/// Cells along each axis of the plane of density.
const CELLS: usize = 25;
/// Cells along each axis from which arrows start.
const ARROW_CELLS: usize = 5;
/// Fewest persons behind an arrow.
const FEWEST: usize = 10;
/// Length on paper from which a movement has an arrow (mm).
const LEAST_ARROW: f64 = 0.8;
/// Largest side of a panel (mm).
const LARGEST: f64 = 70.0;
const ARROW: Stroke = Stroke::solid(BLACK, 0.7);
const DENSITY: Colour = BLUE;
const MEAN: f64 = 1.2;
const SPACING: SubplotSpacing = SubplotSpacing {
    left: 12.5,
    right: 2.0,
    above: 6.0,
    height: 0.0,
    below: 0.0,
};

/// Anxiety and avoidance of one person at the start and at the end.
type PersonChange = [(f64, f64); 2];

/// Draws anxiety and avoidance of both partners of the table `couples`, at the start and at the end.
///
/// Columns: `anxiety_start_a`, `avoidance_start_a`, `anxiety_end_a`, `avoidance_end_a` and those of B; the end
/// is the last day or the separation. Each panel tints cells by the number of persons in them, and a diamond
/// marks their mean. Arrows in the second panel lead from the mean start of the persons of a cell to their
/// mean end, of cells with at least ten persons. `couples` is the number of couples of the run, of which the
/// table may hold the first ones only.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no person has
/// finite numbers.
pub(crate) fn attachment(table: &Table, couples: u64, width: Width) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let persons = persons(&reader)?;
    if persons.is_empty() {
        return Err(reader.nothing("person with anxiety and avoidance"));
    }
    let width = width.millimetres();
    let pitch = (width / 2.0).min(LARGEST + SPACING.left + SPACING.right);
    let left = (width - 2.0 * pitch) / 2.0;
    let spacing = SubplotSpacing {
        height: pitch - SPACING.left - SPACING.right,
        ..SPACING
    };
    let places = (left, left + 2.0 * pitch);
    let subplots = Subplots::new(2, 2, places, MARGIN / 2.0, spacing);
    let panels = subplots.panels.iter().map(|subplot| Axes {
        frame: subplot.frame,
        x: (0.0, 1.0),
        y: (0.0, 1.0),
    });
    let panels: Vec<Axes> = panels.collect();
    let arrows = arrows(&persons, &panels[1]);
    let legend = legend_of(reader.rows(), couples as usize, !arrows.is_empty());
    let legend = legend.below(width, subplots.bottom + 1.0);
    let mut canvas = legend.canvas();
    for (side, (panel, heading)) in panels.iter().zip(["Start", "End"]).enumerate() {
        let places: Vec<(f64, f64)> = persons.iter().map(|person| person[side]).collect();
        draw_density(&mut canvas, panel, &places);
        if side == 1 {
            for (from, to) in &arrows {
                canvas.arrow(*from, *to, ARROW);
            }
        }
        let (anxiety, avoidance) = mean(places.iter().copied());
        let at = panel.position(anxiety, avoidance);
        canvas.diamond(at, MEAN + 0.4, WHITE);
        canvas.diamond(at, MEAN, BLACK);
        panel.heading(&mut canvas, heading, 0.0);
        draw_unit_plane(
            &mut canvas,
            panel,
            "Attachment anxiety (0–1)",
            "Attachment avoidance (0–1)",
        );
    }
    legend.finish(
        canvas,
        "Attachment anxiety and avoidance of all persons at the start and at the end",
    )
}

fn persons(reader: &ColumnReader<'_>) -> Result<Vec<PersonChange>, ChartError> {
    let within = |(x, y): (f64, f64)| (0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y);
    let mut persons = Vec::new();
    for role in ["a", "b"] {
        let column = |what: &str, when: &str| reader.numbers(&format!("{what}_{when}_{role}"));
        let start = (column("anxiety", "start")?, column("avoidance", "start")?);
        let end = (column("anxiety", "end")?, column("avoidance", "end")?);
        let person = |row: usize| [(start.0[row], start.1[row]), (end.0[row], end.1[row])];
        let known = (0..reader.rows()).map(person);
        persons.extend(known.filter(|sides| sides.iter().all(|side| within(*side))));
    }
    Ok(persons)
}

fn mean(places: impl Iterator<Item = (f64, f64)>) -> (f64, f64) {
    let (mut sums, mut n) = ((0.0, 0.0), 0.0);
    for (x, y) in places {
        sums = (sums.0 + x, sums.1 + y);
        n += 1.0;
    }
    (sums.0 / n, sums.1 / n)
}

/// The cell of a plane with so many cells along each axis.
fn cell((x, y): (f64, f64), cells: usize) -> (usize, usize) {
    let along = |value: f64| ((value * cells as f64) as usize).min(cells - 1);
    (along(x), along(y))
}

/// Tints each cell by the share of the fullest cell's persons.
fn draw_density(canvas: &mut Canvas, panel: &Axes, places: &[(f64, f64)]) {
    let mut counts = [[0_usize; CELLS]; CELLS];
    for place in places {
        let (column, row) = cell(*place, CELLS);
        counts[row][column] += 1;
    }
    let most = counts.iter().flatten().copied().max().unwrap_or(1).max(1) as f64;
    let side = panel.frame.width / CELLS as f64;
    for (row, counts) in counts.iter().enumerate() {
        for (column, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let frame = Rect {
                left: panel.frame.left + column as f64 * side,
                top: panel.frame.bottom() - (row + 1) as f64 * side,
                width: side,
                height: side,
            };
            // A square root, so that cells of a single person are seen.
            let share = (*count as f64 / most).sqrt();
            canvas.rectangle(frame, DENSITY.faint(0.08 + 0.82 * share));
        }
    }
}

/// From mean start to mean end of the persons of each cell, as positions in a panel.
fn arrows(persons: &[PersonChange], panel: &Axes) -> Vec<(Position, Position)> {
    let mut cells: Vec<Vec<&PersonChange>> = vec![Vec::new(); ARROW_CELLS * ARROW_CELLS];
    for person in persons {
        let (column, row) = cell(person[0], ARROW_CELLS);
        cells[row * ARROW_CELLS + column].push(person);
    }
    let arrow = |persons: &Vec<&PersonChange>| {
        let [start, end] = [0, 1].map(|side| mean(persons.iter().map(|person| person[side])));
        (
            panel.position(start.0, start.1),
            panel.position(end.0, end.1),
        )
    };
    let full = cells.iter().filter(|persons| persons.len() >= FEWEST);
    full.map(arrow)
        .filter(|(from, to)| distance(*from, *to) >= LEAST_ARROW)
        .collect()
}

fn legend_of(shown: usize, couples: usize, has_arrows: bool) -> Legend {
    let mut legend = Legend::new();
    legend.add(
        LegendHandle::Swatch(DENSITY.faint(0.6)),
        "persons: the darker, the more",
    );
    legend.add(LegendHandle::Diamond(BLACK), "mean");
    if has_arrows {
        legend.add(
            LegendHandle::Arrow(ARROW, 5.0),
            format!("mean change of persons who started near each other (n ≥ {FEWEST})"),
        );
    }
    legend.note("end: last day, or separation");
    legend.note(
        "corners: secure (both low), preoccupied (anxiety high), dismissing (avoidance high), fearful (both high)",
    );
    legend.note_first(shown, couples, "couples");
    if couples <= shown {
        legend.note(format!("n = {} persons", count(2 * shown as i64)));
    }
    legend
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::test_support::{fixture, has_text, with_numbers};

    #[test]
    fn an_arrow_leads_from_the_mean_start_to_the_mean_end() {
        let panel = Axes {
            frame: Rect {
                left: 0.0,
                top: 0.0,
                width: 100.0,
                height: 100.0,
            },
            x: (0.0, 1.0),
            y: (0.0, 1.0),
        };
        let mut persons = vec![[(0.1, 0.1), (0.3, 0.1)]; 5];
        persons.extend(vec![[(0.12, 0.1), (0.32, 0.3)]; 5]);
        // Too few, and too short a way.
        persons.extend(vec![[(0.9, 0.9), (0.1, 0.1)]; 9]);
        persons.extend(vec![[(0.5, 0.5), (0.505, 0.5)]; 20]);
        let found = arrows(&persons, &panel);
        let [(from, to)] = found[..] else {
            panic!("{found:?}");
        };
        for ((x, y), (wanted_x, wanted_y)) in [(from, (11.0, 90.0)), (to, (31.0, 80.0))] {
            assert!((x - wanted_x).abs() < 1e-9 && (y - wanted_y).abs() < 1e-9);
        }
    }

    #[test]
    fn thinned_couples_are_said() {
        let couples = fixture("run", "couples");
        let rows = couples.rows.rows();
        let all = attachment(&couples, rows as u64, Width::Page).expect("a figure");
        assert!(has_text(&all, &format!("n = {} persons", 2 * rows)));
        let some = attachment(&couples, 9000, Width::Page).expect("a figure");
        assert!(has_text(
            &some,
            &format!("first {rows} of 9000 couples shown")
        ));
        let none = with_numbers(couples, "anxiety_end_a", |_, _| f64::NAN);
        let none = with_numbers(none, "anxiety_start_b", |_, _| 2.0);
        assert!(matches!(
            attachment(&none, 1, Width::Page),
            Err(ChartError::NothingToDraw { .. })
        ));
    }
}
