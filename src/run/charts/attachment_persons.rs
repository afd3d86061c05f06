//! Attachment of single persons: how anxiety and avoidance formed in childhood and changed in the relationship.

use crate::chart::{
    Axes, Canvas, ChartError, ColumnReader, Figure, GREY, Legend, LegendHandle, NOTE, Position,
    Rect, SERIES, Stroke, Width, count, draw_unit_plane, simplify, unit_plane,
};
use crate::table::Table;
use std::collections::BTreeMap;

/// Most persons drawn, each in another colour: yellow is too pale for lines.
const MOST: usize = SERIES.len() - 1;
const CHILDHOOD: f64 = 0.5;
const ADULTHOOD: f64 = 1.5;
/// Radii of the marks at a path's beginning and at childhood's end (mm).
const START: f64 = 0.6;
const CHILDHOOD_END: f64 = 0.85;
const LAST_DAY: f64 = 1.1;
/// From a mark to its name (mm).
const APART: f64 = 1.5;

/// One person's path through the plane.
struct AttachmentPath {
    /// Couple and role, such as `1a`.
    name: String,
    childhood: Vec<Position>,
    adulthood: Vec<Position>,
}

/// Draws the paths of single persons through the plane of anxiety and avoidance.
///
/// The table `childhood` (`couple_id`, `role`, `age`, `anxiety`, `avoidance`) gives the thin part of a
/// path, from a ring to a disc: there the prototype is formed. The table `sample_couples` (the same with `day`
/// for `age`) gives the thick part, which leads from the disc to a diamond on the last day. Persons
/// without a childhood are left out; of more than six persons the first six are drawn, and the legend
/// says so. The plane has no quadrants: attachment has two dimensions, not types.
///
/// # Errors
/// [`ChartError::NoRows`] where `childhood` is empty, [`ChartError::NoColumn`], or
/// [`ChartError::NothingToDraw`] where no age has finite numbers.
pub(crate) fn attachment_persons(
    childhood: &Table,
    sample_couples: Option<&Table>,
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(childhood)?;
    let width = width.millimetres();
    let panel = unit_plane(width);
    let frame = panel.frame;
    let (paths, known) = paths(&reader, sample_couples, &panel)?;
    if paths.is_empty() {
        return Err(reader.nothing("ages with anxiety and avoidance"));
    }
    let legend = legend_of(&paths, known);
    let legend = legend.below_within(width, (frame.left, frame.right()), panel.legend_top());
    let mut canvas = legend.canvas();
    draw_unit_plane(
        &mut canvas,
        &panel,
        "Attachment anxiety (0–1)",
        "Attachment avoidance (0–1)",
    );
    draw(&mut canvas, &paths);
    write_names(&mut canvas, frame, &paths);
    legend.finish(
        canvas,
        "Anxiety and avoidance of single persons in childhood and adulthood",
    )
}

/// The paths of the first persons, and how many persons there are.
fn paths(
    reader: &ColumnReader<'_>,
    sample_couples: Option<&Table>,
    panel: &Axes,
) -> Result<(Vec<AttachmentPath>, usize), ChartError> {
    let mut childhoods = positions(reader, "age", panel)?;
    let known = childhoods.len();
    let mut adults = match sample_couples.filter(|table| table.rows.rows() > 0) {
        Some(table) => positions(&ColumnReader::new(table)?, "day", panel)?,
        None => BTreeMap::new(),
    };
    while childhoods.len() > MOST {
        childhoods.pop_last();
    }
    let path = |(person, childhood): (PersonId, Vec<Position>)| {
        let mut adulthood = adults.remove(&person).unwrap_or_default();
        if !adulthood.is_empty() {
            adulthood.splice(0..0, childhood.last().copied());
        }
        AttachmentPath {
            name: format!("{}{}", person.0, person.1),
            childhood,
            adulthood,
        }
    };
    Ok((childhoods.into_iter().map(path).collect(), known))
}

/// A person's couple and role.
type PersonId = (i64, String);

/// Where persons were, in the order of time.
fn positions(
    reader: &ColumnReader<'_>,
    time: &str,
    panel: &Axes,
) -> Result<BTreeMap<PersonId, Vec<Position>>, ChartError> {
    let (couple, role) = (reader.ints("couple_id")?, reader.categories("role")?);
    let time = reader.numbers(time)?;
    let (anxiety, avoidance) = (reader.numbers("anxiety")?, reader.numbers("avoidance")?);
    let within = |value: f64| (0.0..=1.0).contains(&value);
    let mut rows: Vec<usize> = (0..reader.rows())
        .filter(|row| time[*row].is_finite() && within(anxiety[*row]) && within(avoidance[*row]))
        .collect();
    rows.sort_by(|a, b| time[*a].total_cmp(&time[*b]));
    let mut all: BTreeMap<PersonId, Vec<Position>> = BTreeMap::new();
    for row in rows {
        let place = panel.position(anxiety[row], avoidance[row]);
        let person = (couple[row], role[row].to_owned());
        all.entry(person).or_default().push(place);
    }
    Ok(all)
}

fn draw(canvas: &mut Canvas, paths: &[AttachmentPath]) {
    for (number, path) in paths.iter().enumerate() {
        let colour = SERIES[number];
        canvas.path(&simplify(&path.childhood), Stroke::solid(colour, CHILDHOOD));
        if path.adulthood.len() > 1 {
            canvas.path(&simplify(&path.adulthood), Stroke::solid(colour, ADULTHOOD));
        }
    }
    for (number, path) in paths.iter().enumerate() {
        let colour = SERIES[number];
        if let Some(start) = path.childhood.first() {
            canvas.hollow_disc(*start, START, Stroke::solid(colour, 0.7));
        }
        if let Some(end) = path.childhood.last() {
            canvas.disc(*end, CHILDHOOD_END, colour);
        }
        if let Some(last) = path.adulthood.last() {
            canvas.diamond(*last, LAST_DAY, colour);
        }
    }
}

/// Writes each person's name next to the end of their childhood, where it hides the least.
fn write_names(canvas: &mut Canvas, frame: Rect, paths: &[AttachmentPath]) {
    let mut taken: Vec<Rect> = Vec::new();
    for (number, path) in paths.iter().enumerate() {
        let Some(end) = path.childhood.last() else {
            continue;
        };
        let boxes = around(*end, NOTE.width(&path.name), NOTE.line());
        let hidden = |label: &Rect| {
            let outside = !frame.contains_rect(*label);
            let marks = paths
                .iter()
                .flat_map(|path| path.childhood.iter().chain(&path.adulthood));
            let marks = marks.filter(|mark| label.contains(**mark)).count();
            let names = taken.iter().filter(|other| label.overlaps(**other)).count();
            1_000_000 * usize::from(outside) + 10_000 * names + marks
        };
        let Some(label) = boxes.into_iter().min_by_key(hidden) else {
            continue;
        };
        let middle = (label.left, label.top + label.height / 2.0);
        canvas.text(middle, &path.name, NOTE.tinted(SERIES[number]));
        taken.push(label);
    }
}

/// Boxes of a size on eight sides of a mark.
fn around((x, y): Position, width: f64, height: f64) -> Vec<Rect> {
    let columns = [x + APART, x - width / 2.0, x - APART - width];
    let rows = [y - height / 2.0, y - APART - height, y + APART];
    let sides = [
        (0, 0),
        (2, 0),
        (1, 1),
        (1, 2),
        (0, 1),
        (0, 2),
        (2, 1),
        (2, 2),
    ];
    let frame = |(column, row): (usize, usize)| Rect {
        left: columns[column],
        top: rows[row],
        width,
        height,
    };
    sides.map(frame).to_vec()
}

fn legend_of(paths: &[AttachmentPath], known: usize) -> Legend {
    let mut legend = Legend::new();
    legend.add(
        LegendHandle::Ring(Stroke::solid(GREY, 0.7), START),
        "start of childhood",
    );
    legend.add(
        LegendHandle::Line(Stroke::solid(GREY, CHILDHOOD)),
        "childhood",
    );
    legend.add(LegendHandle::Disc(GREY, CHILDHOOD_END), "end of childhood");
    if paths.iter().any(|path| path.adulthood.len() > 1) {
        legend.add(
            LegendHandle::Line(Stroke::solid(GREY, ADULTHOOD)),
            "adult relationship",
        );
        legend.add(LegendHandle::Diamond(GREY), "last day");
    }
    let names = if known > paths.len() {
        format!(
            "couple and partner: first {MOST} of {} shown",
            count(known as i64)
        )
    } else {
        "names: couple and partner".to_owned()
    };
    legend.note(names);
    legend
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Field, Schema, Value};

    fn table(name: &'static str, time: &str, rows: &[(i64, u8, [f64; 3])]) -> Table {
        let mut columns = vec![
            Field::int("couple_id", "", "couple"),
            Field::categorical("role", &["a", "b"], "partner"),
        ];
        columns.extend([time, "anxiety", "avoidance"].map(|name| Field::float(name, "1", name)));
        let mut table = Table::new(Schema {
            table: name,
            row: "an age",
            columns,
        });
        for (couple, role, numbers) in rows {
            let first = [Value::Int(*couple), Value::Categorical(*role)];
            table
                .rows
                .push(first.into_iter().chain(numbers.map(Value::Float)));
        }
        table
    }

    fn childhood(couples: i64) -> Table {
        let mut rows = Vec::new();
        for couple in 1..=couples {
            for role in 0..2 {
                for age in 0..=20 {
                    let t = f64::from(age) / 20.0;
                    let toward = 0.1 + 0.09 * couple as f64 + 0.05 * f64::from(role);
                    let turn = 0.02 * f64::from(age % 3);
                    rows.push((
                        couple,
                        role,
                        [t, 0.4 + (toward - 0.4) * t, 0.3 + 0.4 * t * t + turn],
                    ));
                }
            }
        }
        table("childhood", "age", &rows)
    }

    fn adult_days() -> Table {
        let day = |couple, role, day: f64| {
            let moved = day / 1000.0;
            (couple, role, [day, 0.3 - 0.2 * moved, 0.7 - 0.1 * moved])
        };
        let days = (1..=400).flat_map(|t| [day(1, 0, f64::from(t)), day(1, 1, f64::from(t))]);
        table("sample_couples", "day", &days.collect::<Vec<_>>())
    }

    #[test]
    fn paths_are_drawn_at_both_widths_the_same_each_time() {
        for width in [Width::Column, Width::Page] {
            let drawn =
                || attachment_persons(&childhood(3), Some(&adult_days()), width).expect("a figure");
            assert_eq!(drawn().svg(), drawn().svg());
            assert_eq!(drawn().width(), width.millimetres());
            assert!(!drawn().svg().contains("NaN"));
        }
    }

    #[test]
    fn without_days_only_childhood_is_drawn() {
        let none = table("sample_couples", "day", &[]);
        let figure =
            attachment_persons(&childhood(1), Some(&none), Width::Column).expect("a figure");
        assert!(figure.svg().contains("childhood"));
        assert!(!figure.svg().contains("adult relationship"));
    }

    #[test]
    fn of_many_persons_the_first_are_drawn_and_the_legend_says_so() {
        let figure = attachment_persons(&childhood(9), Some(&adult_days()), Width::Column)
            .expect("a figure");
        assert!(figure.svg().contains("first 6 of 18 shown"));
        assert!(figure.svg().contains("\n3b\n") && !figure.svg().contains("\n4a\n"));
    }

    #[test]
    fn adult_paths_start_where_childhood_ended() {
        let frame = Rect {
            left: 0.0,
            top: 0.0,
            width: 1.0,
            height: 1.0,
        };
        let panel = Axes {
            frame,
            x: (0.0, 1.0),
            y: (0.0, 1.0),
        };
        let young = childhood(1);
        let reader = ColumnReader::new(&young).expect("rows");
        let (paths, known) = paths(&reader, Some(&adult_days()), &panel).expect("paths");
        assert_eq!((paths.len(), known), (2, 2));
        assert_eq!(paths[0].adulthood[0], paths[0].childhood[20]);
        assert_eq!(paths[0].adulthood.len(), 401);
    }

    #[test]
    fn ages_without_numbers_leave_nothing_to_draw() {
        let empty = table("childhood", "age", &[]);
        let refused = attachment_persons(&empty, Some(&adult_days()), Width::Column);
        assert!(matches!(
            refused,
            Err(ChartError::NoRows { table: "childhood" })
        ));
        let lost = table("childhood", "age", &[(1, 0, [0.0, f64::NAN, 2.0])]);
        let refused = attachment_persons(&lost, Some(&adult_days()), Width::Column);
        assert!(matches!(refused, Err(ChartError::NothingToDraw { .. })));
    }

    #[test]
    fn label_boxes_do_not_overlap_their_mark() {
        let at = (10.0, 10.0);
        let boxes = around(at, 4.0, 2.0);
        assert!(boxes.iter().all(|label| !label.contains(at)));
        assert!(boxes[0].overlaps(boxes[0]) && !boxes[0].overlaps(boxes[1]));
    }
}
