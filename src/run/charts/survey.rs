//! The answers of a survey: means of the diary by day and of the questionnaire by wave with who answered, and how
//! the diary varies between and within persons.

use super::events::EventMarker;
use super::panels::{
    CURVE, IntervalLine, IntervalPanel, PARTNERS, PanelFigure, PanelStyle, style_of,
};
use crate::chart::{
    AXIS, Axes, BLUE, ChartError, ColumnReader, Dash, Figure, LABEL, Legend, LegendHandle, MARGIN,
    Rect, SPACE_BELOW, Stroke, Ticks, Width, count, couples_from_to, range_of, round_range,
};
use crate::label::capitalised;
use crate::run::survey_tables::ANSWERED;
use crate::table::Table;

/// Panels next to each other on a page.
const COLUMNS: usize = 3;
/// The diary's variable with answers of 0 and 1.
const CONFLICT: &str = "daily_conflict";

fn heading(variable: &str) -> String {
    match variable {
        CONFLICT => "Conflict reported".to_owned(),
        other => capitalised(other.strip_prefix("daily_").unwrap_or(other)),
    }
}

/// The lines of both partners in each variable, in the order of a table.
struct SurveyLines<'a> {
    variables: Vec<(&'a str, Vec<IntervalLine>)>,
    /// Persons of each partner on the first and the last day.
    persons: [Option<[f64; 2]>; 2],
}

impl SurveyLines<'_> {
    /// Days with a mean.
    fn days(&self) -> usize {
        let lines = self.variables.iter().flat_map(|(_, lines)| lines);
        lines.map(|line| line.day.len()).max().unwrap_or(0)
    }
}

/// Reads the rows for which `wanted` holds.
fn read<'a>(
    reader: &ColumnReader<'a>,
    wanted: impl Fn(usize) -> bool,
    is_counted: impl Fn(&str) -> bool,
) -> Result<SurveyLines<'a>, ChartError> {
    let (role, variable) = (reader.categories("role")?, reader.categories("variable")?);
    let (day, n, mean) = (
        reader.numbers("day")?,
        reader.numbers("n")?,
        reader.numbers("mean")?,
    );
    let (low, high) = (reader.numbers("ci_low")?, reader.numbers("ci_high")?);
    let mut lines = SurveyLines {
        variables: Vec::new(),
        persons: [None; 2],
    };
    for row in (0..reader.rows()).filter(|row| wanted(*row) && mean[*row].is_finite()) {
        let Some(partner) = PARTNERS.iter().position(|(key, ..)| *key == role[row]) else {
            continue;
        };
        if is_counted(variable[row]) {
            let [first, _] = lines.persons[partner].unwrap_or([n[row]; 2]);
            lines.persons[partner] = Some([first, n[row]]);
        }
        let known = lines
            .variables
            .iter()
            .position(|(name, _)| *name == variable[row]);
        let place = known.unwrap_or(lines.variables.len());
        if known.is_none() {
            let empty = PARTNERS.map(|(.., stroke)| IntervalLine::empty(stroke));
            lines.variables.push((variable[row], empty.to_vec()));
        }
        lines.variables[place].1[partner].push(day[row], mean[row], [low[row], high[row]]);
    }
    Ok(lines)
}

/// The legend of both partners with their numbers of persons.
fn legend(lines: &SurveyLines<'_>, style: PanelStyle) -> Legend {
    let mut legend = Legend::new();
    for ((_, name, stroke), persons) in PARTNERS.into_iter().zip(lines.persons) {
        let n = persons.map_or(String::new(), |ends| {
            let [first, last] = ends.map(|n| n as i64);
            format!(" ({})", couples_from_to(first, last))
        });
        let text = format!("{name}, mean and its 95% interval{n}");
        legend.add(style.handle(stroke), text);
    }
    legend
}

/// Draws the table `diary_means`: the share of days that are filled in, and the mean of each scale and of reports of
/// conflict by day of the diary, of both partners with 95 % intervals.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no mean is finite.
pub(crate) fn diary(
    table: &Table,
    events: &[EventMarker],
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let lines = read(&reader, |_| true, |variable| variable == ANSWERED)?;
    let style = style_of(lines.days());
    let legend = legend(&lines, style);
    let panel = |(variable, lines): (&str, Vec<IntervalLine>)| IntervalPanel {
        observable: variable.to_owned(),
        heading: match variable {
            ANSWERED => "Days filled in (share)".to_owned(),
            CONFLICT => format!("{} (share)", heading(variable)),
            _ => heading(variable),
        },
        is_share: matches!(variable, ANSWERED | CONFLICT),
        lines,
        context: Vec::new(),
    };
    let figure = PanelFigure {
        panels: lines.variables.into_iter().map(panel).collect(),
        legend,
        notes: vec![
            "n: persons asked on the first and the last day, those whose couples are together; means are over days \
             that are filled in, in points of the scales; responsiveness only of days with an episode"
                .to_owned(),
        ],
        events,
        style,
        columns: COLUMNS,
        description: "Means of the diary by day of both partners, and the share of days filled in",
        table: "diary_means",
    };
    figure.draw(width)
}

/// Draws the table `wave_means`: the share of couples that answer, and the mean of each scale by wave, of both
/// partners with 95 % intervals.
///
/// Where couples separate, dotted lines without intervals are the means of those that answer every wave.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where there is no mean of at
/// least two waves.
pub(crate) fn waves(
    table: &Table,
    events: &[EventMarker],
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let over = reader.categories("over")?;
    let is_score = |variable: &str| variable != ANSWERED;
    let lines = read(&reader, |row| over[row] == "all", is_score)?;
    let completers = read(&reader, |row| over[row] == "completers", is_score)?;
    if lines.days() < 2 {
        return Err(reader.nothing("mean of two waves"));
    }
    let style = style_of(lines.days());
    let leaves = |persons: &Option<[f64; 2]>| persons.is_some_and(|[first, last]| last < first);
    let separated = lines.persons.iter().any(leaves);
    let mut legend = legend(&lines, style);
    let mut panels = Vec::new();
    for (variable, mut own) in lines.variables {
        let mut context = Vec::new();
        if variable == ANSWERED {
            // Partners answer together: one line is both.
            own.truncate(1);
            own[0].stroke = COUPLES;
        } else if separated {
            let stayed = completers.variables.iter().find(|(it, _)| *it == variable);
            let stayed = stayed.iter().flat_map(|(_, lines)| lines);
            context.extend(stayed.map(dotted));
        }
        panels.push(IntervalPanel {
            observable: variable.to_owned(),
            heading: match variable {
                ANSWERED => "Couples answering (share)".to_owned(),
                _ => heading(variable),
            },
            is_share: variable == ANSWERED,
            lines: own,
            context,
        });
    }
    let mut notes = vec![
        "n: persons who answer the first and the last wave, those whose couples are together; means are in points \
         of the scales"
            .to_owned(),
    ];
    if separated {
        let every = Stroke::solid(COUPLES.colour, THIN).dashed(Dash::Dotted);
        legend.add(LegendHandle::Line(every), "dotted: couples in every wave");
        notes.push(
            "Where dotted lines lie apart from the others, couples that leave differ from those that stay".to_owned(),
        );
    }
    let figure = PanelFigure {
        panels,
        legend,
        notes,
        events,
        style,
        columns: COLUMNS,
        description: "Means of the questionnaire by wave of both partners, and the share of couples answering",
        table: "wave_means",
    };
    figure.draw(width)
}

/// The line of both partners.
const COUPLES: Stroke = Stroke::solid(crate::chart::BLACK, CURVE);
/// Width of the lines of those who answer every wave (pt).
const THIN: f64 = 0.7;

fn dotted(line: &IntervalLine) -> IntervalLine {
    IntervalLine {
        stroke: Stroke::solid(line.stroke.colour, THIN).dashed(Dash::Dotted),
        ..line.clone()
    }
}

/// Height of a variable's row (mm).
const ROW: f64 = 6.0;
const RADIUS: f64 = 0.75;
/// From the middle of a row to the dots of a partner (mm).
const APART: f64 = 1.1;
/// From a legend to the headings of the panels below it (mm).
const ABOVE: f64 = 5.5;
const BETWEEN: f64 = 6.0;

/// Estimates of a partner in each variable: value and ends of the interval.
type VariableEstimates = Vec<[f64; 3]>;

/// Draws the table `diary_variation`: for each variable of the diary and both partners the share of variance between
/// persons and the correlation of a day with the day before, with 95 % intervals, and the standard deviations between
/// and within persons.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where nothing varies.
pub(crate) fn diary_variation(table: &Table, width: Width) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let (role, variable) = (reader.categories("role")?, reader.categories("variable")?);
    let column = |name: &str| reader.numbers(name);
    let correlation = |name: &str| -> Result<[VariableEstimates; 2], ChartError> {
        let [value, low, high] = [
            column(name)?,
            column(&format!("{name}_low"))?,
            column(&format!("{name}_high"))?,
        ];
        Ok(PARTNERS.map(|(key, ..)| {
            let rows = (0..reader.rows()).filter(|row| role[*row] == key);
            rows.map(|row| [value[row], low[row], high[row]]).collect()
        }))
    };
    let deviation = |name: &str| -> Result<[VariableEstimates; 2], ChartError> {
        let value = column(name)?;
        Ok(PARTNERS.map(|(key, ..)| {
            let rows = (0..reader.rows()).filter(|row| role[*row] == key);
            rows.map(|row| [value[row], f64::NAN, f64::NAN]).collect()
        }))
    };
    let names = (0..reader.rows()).filter(|row| role[*row] == PARTNERS[0].0);
    let names: Vec<String> = names.map(|row| heading(variable[row])).collect();
    let shares = correlation("intraclass")?;
    let lags = correlation("autocorrelation")?;
    let deviations = [deviation("sd_between")?, deviation("sd_within")?];
    let known = deviations.iter().flatten().flatten();
    if !known.clone().any(|[value, ..]| *value > 0.0) {
        return Err(reader.nothing("variable that varies"));
    }
    let most = |name: &str, partner: usize| -> Result<i64, ChartError> {
        let numbers = column(name)?;
        let rows = (0..reader.rows()).filter(|row| role[*row] == PARTNERS[partner].0);
        Ok(rows.map(|row| numbers[row]).fold(0.0, f64::max) as i64)
    };
    let mut legend = Legend::new();
    for (partner, (_, name, stroke)) in PARTNERS.into_iter().enumerate() {
        let [persons, values] = ["persons", "values"].map(|column| most(column, partner));
        let text = format!(
            "{name} (n = {} persons, {} days)",
            count(persons?),
            count(values?)
        );
        legend.add(LegendHandle::Disc(stroke.colour, RADIUS), text);
    }
    legend.add(
        LegendHandle::Ring(Stroke::solid(BLUE, 0.8), RADIUS),
        "hollow: within persons",
    );
    let panels: [(&str, Vec<(&[VariableEstimates; 2], bool)>); 3] = [
        ("Share between persons", vec![(&shares, false)]),
        ("Day-to-day correlation", vec![(&lags, false)]),
        (
            "Standard deviation (points)",
            vec![(&deviations[0], false), (&deviations[1], true)],
        ),
    ];
    let inner = width.inner();
    let millimetres = width.millimetres();
    let top = MARGIN / 2.0 + legend.height(inner) + ABOVE;
    let left = MARGIN
        + names
            .iter()
            .map(|name| LABEL.width(name))
            .fold(0.0, f64::max)
        + 2.5;
    let rise = names.len() as f64 * ROW + SPACE_BELOW + ABOVE;
    // In a column there is space for one panel only.
    let across = if width == Width::Page {
        panels.len()
    } else {
        1
    };
    let length =
        (millimetres - left - MARGIN - 1.0 - (across - 1) as f64 * BETWEEN) / across as f64;
    let frame = |place: usize| Rect {
        left: left + (place % across) as f64 * (length + BETWEEN),
        top: top + (place / across) as f64 * rise,
        width: length,
        height: names.len() as f64 * ROW,
    };
    let bottom = frame(panels.len() - 1).bottom() + SPACE_BELOW - 2.0;
    let mut below = Legend::new();
    below.note(
        "Share between persons: of all variance (intraclass correlation). Day-to-day correlation: with the day before, \
         about persons' own means, which lower it by about (1 + r) / days. Lines: 95% intervals, with couples as units. The standard deviation between persons is without what their days add to it; that \
         of conflict is of answers of 0 and 1",
    );
    let below = below.below(millimetres, bottom);
    let mut canvas = below.canvas();
    legend.draw(&mut canvas, (MARGIN, MARGIN / 2.0), inner);
    for (place, (title, marks)) in panels.into_iter().enumerate() {
        let frame = frame(place);
        let all = marks.iter().flat_map(|(estimates, _)| estimates.iter());
        let values = all.flatten().flatten().copied();
        let (low, high) = range_of(values.chain([0.0])).unwrap_or((0.0, 1.0));
        let axes = Axes {
            frame,
            x: round_range(low, high, 5),
            y: (0.0, 1.0),
        };
        if place % across == 0 {
            for (row, name) in names.iter().enumerate() {
                let y = frame.top + (row as f64 + 0.5) * ROW;
                canvas.text((frame.left - 1.5, y), name, LABEL.ending());
            }
        }
        axes.heading(&mut canvas, title, 0.0);
        if axes.x.0 < 0.0 {
            axes.vline(&mut canvas, 0.0, AXIS);
        }
        for (estimates, hollow) in marks {
            for (partner, own) in estimates.iter().enumerate() {
                let colour = PARTNERS[partner].2.colour;
                let shift = APART * (2.0 * partner as f64 - 1.0);
                for (row, estimate) in own.iter().enumerate() {
                    let y = frame.top + (row as f64 + 0.5) * ROW + shift;
                    let [value, low, high] = estimate.map(|value| axes.position(value, 0.0).0);
                    if low.is_finite() && high.is_finite() {
                        canvas.line((low, y), (high, y), Stroke::solid(colour, 0.7));
                    }
                    if !value.is_finite() {
                        continue;
                    }
                    match hollow {
                        true => canvas.hollow_disc((value, y), RADIUS, Stroke::solid(colour, 0.8)),
                        false => canvas.disc((value, y), RADIUS, colour),
                    }
                }
            }
        }
        axes.draw_lower_spine(&mut canvas);
        let ticks = Ticks::round(axes.x.0, axes.x.1, (frame.width / 9.0) as usize);
        axes.x_ticks(&mut canvas, &ticks, true);
    }
    below.finish(
        canvas,
        "Variation of the diary between and within persons, and from day to day",
    )
}
