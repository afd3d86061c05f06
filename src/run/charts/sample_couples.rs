//! Single couples' sample_couples: trust and intimacy of both partners day by day, with what befell them.

use crate::chart::axes::Panel;
use crate::chart::canvas::{Canvas, Frame};
use crate::chart::error::ChartError;
use crate::chart::figure::{Figure, Width};
use crate::chart::grid;
use crate::chart::grid::{Cell, Slot};
use crate::chart::legend::{Key, Sample};
use crate::chart::read::Reader;
use crate::chart::style::{BLACK, BLUE, Colour, Dash, GREY, Stroke, VERMILLION};
use crate::chart::text_style::NOTE;
use crate::chart::ticks::Ticks;
use crate::chart::time::TimeAxis;
use crate::table::Table;
use std::collections::BTreeMap;

/// Couples that one figure holds at most.
pub const MOST_SAMPLE_COUPLES: usize = 12;

const TRUST: Colour = BLUE;
const INTIMACY: Colour = VERMILLION;
const LINE: f64 = 0.9;
const ROLES: [(&str, Dash); 2] = [("a", Dash::Solid), ("b", Dash::Short)];
const LANE: f64 = 2.4;
/// From the axis to the first lane, so that its word clears the number at the axis's foot (mm).
const LANES_BELOW: f64 = 1.2;
const LANES: f64 = LANES_BELOW + 2.0 * LANE + 0.2;
const CONFLICT: Stroke = Stroke::solid(BLACK, 0.5);
const STRESS: Stroke = Stroke::solid(GREY, 0.5);
const PARTING: Stroke = Stroke::solid(BLACK, 1.0);
const MARGIN: f64 = 2.0;

/// One partner's days.
#[derive(Default)]
struct Person {
    day: Vec<f64>,
    trust: Vec<f64>,
    intimacy: Vec<f64>,
    betrayals: Vec<(f64, f64)>,
    conflicts: Vec<f64>,
    stress: Vec<f64>,
}

/// Draws single couples from the table `sample_couples`, one panel a couple.
///
/// `ends` names the couples in the order of their panels, each with the day on which it parted, if it did;
/// couples without rows are passed over, and at most twelve are drawn. Lines: `trust` and `intimacy` of
/// the roles `a` (solid) and `b` (dashed). Lanes under each panel: days of `conflict`, and days with a
/// `stress_event` of either partner. A diamond on a partner's trust marks a row with `betrayal`; an
/// upright line marks the parting.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where none of the
/// couples named has a row with a finite day.
pub fn sample_couples(
    table: &Table,
    ends: &[(i64, Option<f64>)],
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = Reader::new(table)?;
    let mut persons = read(&reader)?;
    let couples: Vec<(i64, Option<f64>, [Person; 2])> = ends
        .iter()
        .filter_map(|(id, end)| Some((*id, *end, persons.remove(id)?)))
        .take(MOST_SAMPLE_COUPLES)
        .collect();
    let days = couples.iter().flat_map(|(_, end, pair)| {
        pair.iter()
            .flat_map(|person| person.day.iter().copied())
            .chain(*end)
    });
    let time = TimeAxis::covering(days).ok_or(reader.nothing("days of the couples asked for"))?;
    let columns = if width == Width::Page { 2 } else { 1 };
    let cell = Cell {
        left: 16.5,
        right: 3.0,
        above: 5.0,
        height: 24.0,
        below: 2.0 + LANES,
    };
    let width = width.millimetres();
    let inner = width - 2.0 * MARGIN;
    let key = key_to(&couples);
    let top = MARGIN / 2.0 + key.height(inner) + 0.8;
    let height = top + grid::height(couples.len(), columns, cell) + LANES + MARGIN / 2.0;
    let mut canvas = Canvas::new(width, height);
    key.draw(&mut canvas, (MARGIN, MARGIN / 2.0), inner);
    let slots = grid::slots(couples.len(), columns, width, top, cell);
    for ((id, end, pair), slot) in couples.iter().zip(slots) {
        let panel = Panel {
            frame: slot.frame,
            x: (time.first, time.last),
            y: (0.0, 1.0),
        };
        draw(&mut canvas, &panel, pair, *end);
        finish(&mut canvas, &panel, &heading(*id, *end, time), time, slot);
    }
    canvas.finish(
        "Trust and intimacy of single couples over time, with conflicts, stress and betrayals",
    )
}

fn read(reader: &Reader<'_>) -> Result<BTreeMap<i64, [Person; 2]>, ChartError> {
    let (couple, role) = (reader.ints("couple_id")?, reader.categories("role")?);
    let (day, trust) = (reader.numbers("day")?, reader.numbers("trust")?);
    let intimacy = reader.numbers("intimacy")?;
    let (conflict, betrayal) = (reader.ints("conflict")?, reader.ints("betrayal")?);
    let stress = reader.ints("stress_event")?;
    let mut rows: Vec<usize> = (0..reader.rows())
        .filter(|row| day[*row].is_finite())
        .collect();
    rows.sort_by(|a, b| day[*a].total_cmp(&day[*b]));
    let mut persons: BTreeMap<i64, [Person; 2]> = BTreeMap::new();
    for row in rows {
        let Some(who) = ROLES.iter().position(|(name, _)| *name == role[row]) else {
            continue;
        };
        let person = &mut persons.entry(couple[row]).or_default()[who];
        person.day.push(day[row]);
        person.trust.push(trust[row]);
        person.intimacy.push(intimacy[row]);
        if betrayal[row] > 0 {
            person.betrayals.push((day[row], trust[row]));
        }
        if conflict[row] > 0 {
            person.conflicts.push(day[row]);
        }
        if stress[row] > 0 {
            person.stress.push(day[row]);
        }
    }
    Ok(persons)
}

fn draw(canvas: &mut Canvas, panel: &Panel, pair: &[Person; 2], end: Option<f64>) {
    for (person, (_, dash)) in pair.iter().zip(ROLES) {
        let stroke = |colour| Stroke::solid(colour, LINE).dashed(dash);
        panel.curve(canvas, &person.day, &person.intimacy, stroke(INTIMACY));
        panel.curve(canvas, &person.day, &person.trust, stroke(TRUST));
    }
    for (day, trust) in pair.iter().flat_map(|person| &person.betrayals) {
        if (0.0..=1.0).contains(trust) {
            canvas.diamond(panel.place(*day, *trust), 1.0, BLACK);
        }
    }
    if let Some(end) = end.filter(|end| panel.covers(*end)) {
        panel.upright(canvas, end, PARTING);
    }
    lane(
        canvas,
        panel,
        0,
        "conflict",
        CONFLICT,
        pair.iter().flat_map(|p| &p.conflicts).copied(),
    );
    lane(
        canvas,
        panel,
        1,
        "stress",
        STRESS,
        pair.iter().flat_map(|p| &p.stress).copied(),
    );
}

/// Draws one tick for each of some days in a lane under the panel; each day once.
fn lane(
    canvas: &mut Canvas,
    panel: &Panel,
    place: usize,
    word: &str,
    stroke: Stroke,
    days: impl Iterator<Item = f64>,
) {
    let middle = panel.frame.bottom() + (place as f64 + 0.5) * LANE + LANES_BELOW;
    canvas.text((panel.frame.left - 1.2, middle), word, NOTE.ending());
    let mut days: Vec<f64> = days.collect();
    days.sort_by(f64::total_cmp);
    days.dedup();
    for day in days {
        let (x, _) = panel.place(day, panel.y.0);
        canvas.line((x, middle - 0.8), (x, middle + 0.8), stroke);
    }
}

fn finish(canvas: &mut Canvas, panel: &Panel, heading: &str, time: TimeAxis, slot: Slot) {
    let Frame {
        left,
        top,
        width,
        height,
    } = panel.frame;
    panel.axes(canvas);
    panel.heading(canvas, heading, 0.0);
    panel.y_ticks(canvas, &Ticks::round(0.0, 1.0, 2));
    panel.y_title(canvas, "Level (0–1)", 8.4);
    let under = Panel {
        frame: Frame {
            left,
            top,
            width,
            height: height + LANES,
        },
        ..*panel
    };
    let ticks = time.ticks((width / 12.0) as usize);
    if slot.lowest {
        under.axes(canvas);
        under.x_ticks(canvas, &ticks, true);
        under.x_title(canvas, time.title());
    }
}

fn heading(id: i64, end: Option<f64>, time: TimeAxis) -> String {
    match end {
        Some(end) if end.is_finite() => format!("Couple {id}, parted {}", time.when(end)),
        _ => format!("Couple {id}"),
    }
}

fn key_to(couples: &[(i64, Option<f64>, [Person; 2])]) -> Key {
    let mut key = Key::new();
    for (colour, quantity) in [(TRUST, "trust"), (INTIMACY, "intimacy")] {
        for (role, dash) in ROLES {
            let stroke = Stroke::solid(colour, LINE).dashed(dash);
            key.add(Sample::Line(stroke), format!("{quantity}, {role}"));
        }
    }
    let persons = || couples.iter().flat_map(|(_, _, pair)| pair);
    if persons().any(|person| !person.betrayals.is_empty()) {
        key.add(Sample::Diamond(BLACK), "betrayal");
    }
    if couples.iter().any(|(_, end, _)| end.is_some()) {
        key.add(Sample::Tick(PARTING), "parting");
    }
    key
}
