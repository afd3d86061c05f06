//! Sample couples: trust and intimacy of both partners day by day, or week by week in long runs, with
//! conflicts, stress and betrayals.

use super::events::{EventMarker, EventMarks};
use crate::chart::{
    Axes, BLACK, BLUE, Canvas, ChartError, Colour, ColumnReader, Dash, Figure, GREY, Legend,
    LegendHandle, MARGIN, NOTE, Rect, Stroke, Subplot, SubplotSpacing, Subplots, Ticks, TimeAxis,
    VERMILLION, Width,
};
use crate::simulation::SHOWN_COUPLES;
use crate::table::Table;
use std::collections::BTreeMap;

/// Couples that one figure holds at most.
const MOST_SAMPLE_COUPLES: usize = SHOWN_COUPLES as usize;

const TRUST: Colour = BLUE;
const INTIMACY: Colour = VERMILLION;
const LINE: f64 = 0.9;
const ROLES: [(&str, Dash); 2] = [("a", Dash::Solid), ("b", Dash::Short)];
const LANE: f64 = 2.4;
/// From the axis to the first lane, so that its name is clear of the lowest number of the axis (mm).
const LANES_BELOW: f64 = 1.2;
const LANES: f64 = LANES_BELOW + 3.0 * LANE + 0.2;
const CONFLICT: Colour = BLACK;
const STRESS: [Colour; 2] = [GREY, GREY];
/// Days in a period of a long run.
const WEEK: f64 = 7.0;
/// Narrowest period of a lane that can be seen (mm).
const NARROWEST: f64 = 0.3;
const SEPARATION: Stroke = Stroke::solid(BLACK, 1.0);

/// One partner's days.
#[derive(Default)]
struct PartnerDays {
    day: Vec<f64>,
    trust: Vec<f64>,
    intimacy: Vec<f64>,
    betrayals: Vec<(f64, f64)>,
    conflicts: Vec<f64>,
    stress: Vec<f64>,
}

/// Draws single couples from the table `sample_couples`, one panel a couple.
///
/// `ends` names the couples in the order of their panels, each with the day of its separation, if any;
/// couples without rows are left out, and at most twelve are drawn. Lines: `trust` and `intimacy` of
/// the roles `a` (solid) and `b` (dashed); of runs whose axis is in years they are means of weeks. Lanes under
/// each panel: days of `conflict`, and days with a `stress_event` of A and of B; in long runs the darkness of
/// a lane is the share of such days. A diamond on a partner's trust marks a row with `betrayal`; a vertical
/// line marks the separation. Events are numbered as in the scenario and shaded for as long as they last.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where none of the
/// couples named has a row with a finite day.
pub(crate) fn sample_couples(
    table: &Table,
    ends: &[(i64, Option<f64>)],
    events: &[EventMarker],
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let mut partners = read(&reader)?;
    let mut couples: Vec<(i64, Option<f64>, [PartnerDays; 2])> = ends
        .iter()
        .filter_map(|(id, end)| Some((*id, *end, partners.remove(id)?)))
        .take(MOST_SAMPLE_COUPLES)
        .collect();
    let days = couples.iter().flat_map(|(_, end, pair)| {
        pair.iter()
            .flat_map(|partner| partner.day.iter().copied())
            .chain(*end)
    });
    let time = TimeAxis::covering(days).ok_or(reader.nothing("day of the couples to show"))?;
    // The first day has the number 1; the axis starts with the start.
    let time = match time.first <= 1.0 {
        true => time.starting_at_zero(),
        false => time,
    };
    if time.in_years() {
        let partners = couples.iter_mut().flat_map(|(_, _, pair)| pair);
        partners.for_each(PartnerDays::average_weeks);
    }
    let events = EventMarks::new(events, time);
    let columns = if width == Width::Page { 2 } else { 1 };
    let spacing = SubplotSpacing {
        left: 16.5,
        right: 3.0,
        above: 5.0 + events.space(),
        height: 24.0,
        below: 2.0 + LANES,
    };
    let inner = width.inner();
    let width = width.millimetres();
    let legend = legend_of(&couples, time);
    let top = MARGIN / 2.0 + legend.height(inner) + 0.8;
    let subplots = Subplots::new(couples.len(), columns, (0.0, width), top, spacing);
    let mut notes = Legend::new();
    events.add_to_legend(&mut notes);
    let notes = notes.below(width, subplots.bottom + LANES);
    let mut canvas = notes.canvas();
    legend.draw(&mut canvas, (MARGIN, MARGIN / 2.0), inner);
    for ((id, end, pair), subplot) in couples.iter().zip(subplots.panels) {
        let panel = Axes {
            frame: subplot.frame,
            x: (time.first, time.last),
            y: (0.0, 1.0),
        };
        events.shade(&mut canvas, &panel);
        draw(&mut canvas, &panel, pair, *end, time);
        events.number(&mut canvas, &panel);
        panel.heading(&mut canvas, &heading(*id, *end, time), events.space());
        finish(&mut canvas, &panel, time, subplot);
    }
    notes.finish(
        canvas,
        "Trust and intimacy of single couples over time, with conflicts, stress and betrayals",
    )
}

impl PartnerDays {
    /// Replaces the days' levels by the means of weeks.
    fn average_weeks(&mut self) {
        let week = |day: f64| ((day - 1.0) / WEEK).floor();
        let mut means = PartnerDays::default();
        let mut start = 0;
        while start < self.day.len() {
            let this = week(self.day[start]);
            let rest = self.day[start..].iter();
            let end = start + rest.take_while(|day| week(**day) == this).count();
            let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
            means.day.push(mean(&self.day[start..end]));
            means.trust.push(mean(&self.trust[start..end]));
            means.intimacy.push(mean(&self.intimacy[start..end]));
            start = end;
        }
        (self.day, self.trust, self.intimacy) = (means.day, means.trust, means.intimacy);
    }
}

fn read(reader: &ColumnReader<'_>) -> Result<BTreeMap<i64, [PartnerDays; 2]>, ChartError> {
    let (couple, role) = (reader.ints("couple_id")?, reader.categories("role")?);
    let (day, trust) = (reader.numbers("day")?, reader.numbers("trust")?);
    let intimacy = reader.numbers("intimacy")?;
    let (conflict, betrayal) = (reader.ints("conflict")?, reader.ints("betrayal")?);
    let stress = reader.ints("stress_event")?;
    let mut rows: Vec<usize> = (0..reader.rows())
        .filter(|row| day[*row].is_finite())
        .collect();
    rows.sort_by(|a, b| day[*a].total_cmp(&day[*b]));
    let mut partners: BTreeMap<i64, [PartnerDays; 2]> = BTreeMap::new();
    for row in rows {
        let Some(who) = ROLES.iter().position(|(name, _)| *name == role[row]) else {
            continue;
        };
        let partner = &mut partners.entry(couple[row]).or_default()[who];
        partner.day.push(day[row]);
        partner.trust.push(trust[row]);
        partner.intimacy.push(intimacy[row]);
        if betrayal[row] > 0 {
            partner.betrayals.push((day[row], trust[row]));
        }
        if conflict[row] > 0 {
            partner.conflicts.push(day[row]);
        }
        if stress[row] > 0 {
            partner.stress.push(day[row]);
        }
    }
    Ok(partners)
}

fn draw(
    canvas: &mut Canvas,
    panel: &Axes,
    pair: &[PartnerDays; 2],
    end: Option<f64>,
    time: TimeAxis,
) {
    for (partner, (_, dash)) in pair.iter().zip(ROLES) {
        let stroke = |colour| Stroke::solid(colour, LINE).dashed(dash);
        panel.curve(canvas, &partner.day, &partner.intimacy, stroke(INTIMACY));
        panel.curve(canvas, &partner.day, &partner.trust, stroke(TRUST));
    }
    for (day, trust) in pair.iter().flat_map(|partner| &partner.betrayals) {
        if (0.0..=1.0).contains(trust) {
            canvas.diamond(panel.position(*day, *trust), 1.0, BLACK);
        }
    }
    if let Some(end) = end.filter(|end| panel.covers(*end)) {
        panel.vline(canvas, end, SEPARATION);
    }
    let conflicts = pair.iter().flat_map(|partner| &partner.conflicts);
    lane(canvas, panel, time, (0, "conflict", CONFLICT), conflicts);
    for (who, name) in ["stress, A", "stress, B"].into_iter().enumerate() {
        lane(
            canvas,
            panel,
            time,
            (who + 1, name, STRESS[who]),
            &pair[who].stress,
        );
    }
}

/// Draws some days in a lane under the panel: one tick for each day, or in long runs the share of such days
/// in each period as a shade.
fn lane<'a>(
    canvas: &mut Canvas,
    panel: &Axes,
    time: TimeAxis,
    (index, name, colour): (usize, &str, Colour),
    days: impl IntoIterator<Item = &'a f64>,
) {
    let middle = panel.frame.bottom() + (index as f64 + 0.5) * LANE + LANES_BELOW;
    canvas.text((panel.frame.left - 1.2, middle), name, NOTE.ending());
    let mut days: Vec<f64> = days.into_iter().copied().collect();
    days.sort_by(f64::total_cmp);
    days.dedup();
    let x = |day: f64| panel.position(day, panel.y.0).0;
    if !time.in_years() {
        for day in days {
            let x = x(day);
            canvas.line(
                (x, middle - 0.8),
                (x, middle + 0.8),
                Stroke::solid(colour, 0.5),
            );
        }
        return;
    }
    let week_width = WEEK / (panel.x.1 - panel.x.0) * panel.frame.width;
    let period = WEEK * (NARROWEST / week_width).ceil().max(1.0);
    for days in
        days.chunk_by(|one, next| ((one - 1.0) / period).floor() == ((next - 1.0) / period).floor())
    {
        let start = ((days[0] - 1.0) / period).floor() * period;
        let frame = Rect {
            left: x(start),
            top: middle - 0.8,
            width: x(start + period) - x(start),
            height: 1.6,
        };
        canvas.rectangle(frame, colour.faint(days.len() as f64 / period));
    }
}

fn finish(canvas: &mut Canvas, panel: &Axes, time: TimeAxis, subplot: Subplot) {
    let Rect {
        left,
        top,
        width,
        height,
    } = panel.frame;
    panel.draw_spines(canvas);
    panel.y_ticks(canvas, &Ticks::round(0.0, 1.0, 2));
    panel.y_title(canvas, "Level (0–1)", 8.4);
    let under = Axes {
        frame: Rect {
            left,
            top,
            width,
            height: height + LANES,
        },
        ..*panel
    };
    let ticks = time.ticks((width / 12.0) as usize);
    if subplot.lowest {
        under.draw_spines(canvas);
        under.x_ticks(canvas, &ticks, true);
        under.x_title(canvas, time.title());
    }
}

fn heading(id: i64, end: Option<f64>, time: TimeAxis) -> String {
    match end {
        Some(end) if end.is_finite() => format!("Couple {id}, separated {}", time.when(end)),
        _ => format!("Couple {id}"),
    }
}

fn legend_of(couples: &[(i64, Option<f64>, [PartnerDays; 2])], time: TimeAxis) -> Legend {
    let mut legend = Legend::new();
    for (colour, quantity) in [(TRUST, "trust"), (INTIMACY, "intimacy")] {
        for (role, dash) in ROLES {
            let stroke = Stroke::solid(colour, LINE).dashed(dash);
            legend.add(
                LegendHandle::Line(stroke),
                format!("{quantity}, {}", role.to_uppercase()),
            );
        }
    }
    let partners = || couples.iter().flat_map(|(_, _, pair)| pair);
    if partners().any(|partner| !partner.betrayals.is_empty()) {
        legend.add(LegendHandle::Diamond(BLACK), "betrayal");
    }
    if couples.iter().any(|(_, end, _)| end.is_some()) {
        legend.add(LegendHandle::Tick(SEPARATION), "separation");
    }
    if time.in_years() {
        legend.note("levels: means of weeks; lanes: the darker, the more days with it");
    }
    legend
}
