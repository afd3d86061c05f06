//! Charts of parameter sweeps: the list of them, each in a file of its own, and how those that suit a design are
//! drawn.

mod axis;
mod contrasts;
mod design_pairs;
mod grid_map;
mod heat_map;
mod lines;
mod morris;
mod notes;
mod phase_diagram;
mod sobol;
#[cfg(test)]
mod tests;
mod tornado;

use crate::chart::figure_list::{Drawing, DrawnCharts, FigureSpec, TableSet, render, shows};
use crate::chart::options::ChartOptions;
use crate::chart::{ChartError, Figure, FigureHeading, Width, count};
use crate::design::Design;
use crate::error::Error;
use crate::label::{capitalised, settings};
use crate::model::parameters;
use crate::results::Manifest;
use crate::run::{changes, find_table};
use crate::runner::CancelToken;
use crate::scenario::SweepMeasure;
use crate::scenario::{AxisValues, SweepPoints};
use crate::simulation::{CoupleObservable, Observable};
use crate::sweep::plan::SweepPlan;
use crate::sweep::summary::{titled, with_titles};
use crate::sweep::tables::{findings_schemas, points_schema, summaries_schema};
use crate::table::{Schema, Table, Values};
use crate::use_case::read_unaltered;
use rayon::prelude::*;
use std::borrow::Cow;
use std::path::Path;

use axis::AxisInfo;
use contrasts::{contrasts, interactions};
use design_pairs::design_pairs;
use heat_map::heat_map;
use lines::lines;
use morris::{morris_plane, morris_ranks};
use phase_diagram::phase_diagram;
use sobol::sobol_bars;
use tornado::tornado;

/// Most measures whose indices one picture shows.
const MOST_SOBOL_MEASURES: usize = 8;
/// Lines that one panel shows at most.
const MOST_LINES: u32 = 6;
/// Panels of a picture at most.
const MOST_PANELS: u32 = 9;
/// Panels of a picture of lines at most, over all measures.
const MOST_LINE_PANELS: u32 = 12;
/// Contrasts of a measure that fit a picture.
const MOST_CONTRASTS: usize = 24;
/// Levels of an axis up to which a picture may show them.
const MOST_LEVELS: u32 = 1000;

/// What figures need to know of a sweep.
#[derive(Clone)]
pub(crate) struct SweepContext {
    axes: Vec<AxisInfo>,
    /// Whether the values of each axis are numbers.
    numeric: Vec<bool>,
    /// Levels of each axis of a grid; 1 elsewhere.
    levels: Vec<u32>,
    /// Measures that have pictures.
    measures: Vec<String>,
    /// Measures without pictures of their own, because they are the same at all points, or regimes that the
    /// phase diagram shows.
    left_out: Vec<String>,
    /// The settings of the reference point, as a label of the table `contrasts`.
    reference: String,
    /// The first levels of the axes of a grid, for readers.
    first_levels: String,
    /// Number of points.
    points: u64,
    /// Whether every level of each axis meets those of the others.
    is_crossed: bool,
    shows_summaries: bool,
    is_one_at_a_time: bool,
    measures_regimes: bool,
}

impl SweepContext {
    fn new(plan: &SweepPlan, summaries: &Table, wanted: &[String]) -> SweepContext {
        let sweep = plan.sweep();
        // The phase diagram shows the regimes of a plane.
        let in_diagram = has_regimes(plan) && is_crossed(plan) && sweep.axes.len() == 2;
        let all: Vec<String> = sweep.measures.iter().map(ToString::to_string).collect();
        let measures: Vec<String> = match wanted {
            [] => {
                let own = sweep.measures.iter();
                let own = own.filter(|measure| !(in_diagram && is_regime(measure)));
                varying(own.map(ToString::to_string).collect(), summaries)
            }
            some => all
                .iter()
                .filter(|measure| some.contains(measure))
                .cloned()
                .collect(),
        };
        let left_out = match wanted {
            [] => all
                .into_iter()
                .filter(|measure| !measures.contains(measure))
                .collect(),
            _ => Vec::new(),
        };
        SweepContext {
            left_out,
            reference: match sweep.reference < sweep.count() {
                true => titled_settings(plan, sweep.reference),
                false => String::new(),
            },
            first_levels: match sweep.is_full_grid() {
                true => settings(&titled_settings(plan, 0)),
                false => String::new(),
            },
            axes: {
                let titles = plan.scenario().axis_titles();
                sweep.axes.iter().map(|axis| info(axis, &titles)).collect()
            },
            numeric: sweep.axes.iter().map(|axis| axis.is_numeric()).collect(),
            levels: (0..sweep.axes.len())
                .map(|axis| levels(plan, axis))
                .collect(),
            measures,
            points: sweep.count(),
            is_crossed: is_crossed(plan),
            shows_summaries: shows_summaries(plan),
            is_one_at_a_time: matches!(&sweep.points, SweepPoints::Designed(Design::OneAtATime(_))),
            measures_regimes: has_regimes(plan),
        }
    }
    fn is_numeric(&self) -> bool {
        self.numeric.iter().all(|numeric| *numeric)
    }
    fn measures(&self) -> Vec<&str> {
        self.measures.iter().map(String::as_str).collect()
    }
    /// What the figures that were drawn leave out.
    fn notes(&self, drawn: &DrawnCharts) -> Vec<String> {
        let mut notes = Vec::new();
        if !self.left_out.is_empty() {
            let names = self.left_out.join(", ");
            notes.push(format!(
                "no chart of their own, as they do not differ between points or are in the phase diagram: {names}"
            ));
        }
        let has = |stem: &str| {
            let begins = |name: &str| name.starts_with(&format!("{stem}."));
            drawn.files.iter().any(|(name, _)| begins(name))
        };
        if let Some(rest) = self.measures.get(MOST_SOBOL_MEASURES..)
            && has("sobol")
            && !rest.is_empty()
        {
            notes.push(format!(
                "not in the chart `sobol` for lack of space: {} (`pairbond plot --measures`)",
                rest.join(", ")
            ));
        }
        if let Some(rest) = self.measures.get(self.line_measures()..)
            && has("lines")
            && !rest.is_empty()
        {
            notes.push(format!(
                "not in the chart `lines` for lack of space: {} (`pairbond plot --measures`)",
                rest.join(", ")
            ));
        }
        notes
    }
    /// Measures that the picture of lines has space for.
    fn line_measures(&self) -> usize {
        match self.axes.len() {
            0 | 1 => MOST_LINE_PANELS as usize,
            _ => (MOST_LINE_PANELS / self.levels(2)) as usize,
        }
    }
    fn levels(&self, axis: usize) -> u32 {
        self.levels.get(axis).copied().unwrap_or(1)
    }
    /// The axes of a grid whose summaries a picture shows.
    fn grid(&self) -> &[AxisInfo] {
        if self.is_crossed && self.shows_summaries {
            &self.axes
        } else {
            &[]
        }
    }
}

/// A sweep and one of its measures.
pub(crate) struct MeasureContext {
    sweep: SweepContext,
    measure: String,
}

/// Figures of all measures together.
pub(crate) const FIGURES: &[FigureSpec<SweepContext>] = &[
    FigureSpec {
        name: "phase",
        tables: &["points", "summaries"],
        width: Width::Column,
        draw: |tables, sweep, width| match sweep.grid() {
            [x, y] if sweep.measures_regimes => {
                phase_diagram(tables.get("points")?, tables.get("summaries")?, x, y, width)
            }
            _ => unsuited("summaries"),
        },
    },
    FigureSpec {
        name: "lines",
        tables: &["points", "summaries"],
        width: Width::Page,
        draw: draw_lines,
    },
    FigureSpec {
        name: "design",
        tables: &["points"],
        width: Width::Page,
        draw: |tables, sweep, width| {
            let axes = sweep.axes.iter().zip(&sweep.numeric);
            let numeric: Vec<AxisInfo> = axes
                .filter(|(_, numeric)| **numeric)
                .map(|(axis, _)| axis.clone())
                .collect();
            // A few points are a list, which the contrasts show.
            let is_list = sweep.points <= MOST_CONTRASTS as u64 / 2;
            if sweep.is_crossed || numeric.is_empty() || is_list {
                return unsuited("points");
            }
            design_pairs(tables.get("points")?, &numeric, width)
        },
    },
    FigureSpec {
        name: "sobol",
        tables: &["sobol"],
        width: Width::Page,
        draw: |tables, sweep, width| {
            let measures = sweep.measures();
            let shown = &measures[..measures.len().min(MOST_SOBOL_MEASURES)];
            sobol_bars(tables.get("sobol")?, shown, width)
        },
    },
];

/// Figures of single measures; the measure follows their names.
const MEASURE_FIGURES: &[FigureSpec<MeasureContext>] = &[
    FigureSpec {
        name: "map",
        tables: &["points", "summaries"],
        width: Width::Column,
        draw: |tables, one, width| match one.sweep.grid() {
            [x, y, more @ ..] => {
                // A map for each level of a third axis has no space in a column.
                let width = if more.is_empty() { width } else { Width::Page };
                let (points, summaries) = (tables.get("points")?, tables.get("summaries")?);
                heat_map(points, summaries, x, y, more.first(), &one.measure, width)
            }
            _ => unsuited("summaries"),
        },
    },
    FigureSpec {
        name: "morris",
        tables: &["morris"],
        width: Width::Column,
        draw: |tables, one, width| morris_ranks(tables.get("morris")?, &one.measure, width),
    },
    FigureSpec {
        name: "morris_plane",
        tables: &["morris"],
        width: Width::Column,
        draw: |tables, one, width| morris_plane(tables.get("morris")?, &one.measure, width),
    },
    FigureSpec {
        name: "tornado",
        tables: &["effects", "regression"],
        width: Width::Column,
        draw: draw_tornado,
    },
    FigureSpec {
        name: "interactions",
        tables: &["interactions"],
        width: Width::Page,
        draw: |tables, one, width| {
            let table = tables.get("interactions")?;
            interactions(table, &one.measure, &one.sweep.first_levels, width)
        },
    },
    FigureSpec {
        name: "contrasts",
        tables: &["contrasts"],
        width: Width::Page,
        draw: |tables, one, width| {
            let sweep = &one.sweep;
            let has_tornado = sweep.is_numeric() && sweep.is_one_at_a_time;
            if has_tornado || sweep.points > MOST_CONTRASTS as u64 + 1 {
                return unsuited("contrasts");
            }
            contrasts(
                tables.get("contrasts")?,
                &one.measure,
                &sweep.reference,
                width,
            )
        },
    },
];

/// The names of all charts of sweeps; a measure may follow them.
#[cfg(test)]
pub(crate) fn chart_names() -> impl Iterator<Item = &'static str> {
    let of_sweep = FIGURES.iter().map(|figure| figure.name);
    of_sweep.chain(MEASURE_FIGURES.iter().map(|figure| figure.name))
}

/// The error of a figure that does not suit the sweep's design, which is then left out.
fn unsuited(table: &'static str) -> Result<Figure, ChartError> {
    Err(ChartError::NothingToDraw {
        table,
        wanted: "design of this kind".to_owned(),
    })
}

fn draw_lines(
    tables: &TableSet<'_>,
    sweep: &SweepContext,
    width: Width,
) -> Result<Figure, ChartError> {
    let (points, summaries) = (tables.get("points")?, tables.get("summaries")?);
    let measures = sweep.measures();
    let measures = &measures[..measures.len().min(sweep.line_measures())];
    match sweep.grid() {
        [x] => lines(points, summaries, x, None, None, measures, width),
        [x, y, more @ ..] if sweep.levels(1) <= MOST_LINES && sweep.levels(2) <= MOST_PANELS => {
            let facet = more.first();
            lines(points, summaries, x, Some(y), facet, measures, width)
        }
        _ => unsuited("summaries"),
    }
}

/// What moves a measure, where neither lines nor indices show it; departures one at a time have a tornado
/// where they are numbers.
fn draw_tornado(
    tables: &TableSet<'_>,
    one: &MeasureContext,
    width: Width,
) -> Result<Figure, ChartError> {
    let sweep = &one.sweep;
    let has_indices = tables.find("sobol").or(tables.find("morris")).is_some();
    let is_suited = sweep.is_numeric() || !sweep.is_one_at_a_time;
    if has_indices || !sweep.grid().is_empty() || !is_suited {
        return unsuited("effects");
    }
    let effects = tables
        .get("effects")
        .or_else(|_| tables.get("regression"))?;
    tornado(effects, &one.measure, width)
}

/// Rows of contrasts, over all measures, that pictures show at most.
pub(crate) fn most_contrasts(plan: &SweepPlan) -> usize {
    MOST_CONTRASTS * plan.sweep().measures.len()
}

/// Draws the figures of a sweep whose tables are all in memory.
pub(crate) fn draw_all(
    plan: &SweepPlan,
    tables: &[Table],
    options: &ChartOptions,
) -> Result<DrawnCharts, Error> {
    let named = |name| find_table(tables, name);
    let none = Table::new(summaries_schema(plan));
    let summaries = if keeps_summaries(plan) {
        named("summaries")?
    } else {
        &none
    };
    let is_drawn = |table: &&Table| match table.schema.table {
        "contrasts" => table.rows.rows() <= most_contrasts(plan),
        "points" | "runs" | "summaries" | "couples" => false,
        _ => true,
    };
    let findings: Vec<Table> = tables.iter().filter(is_drawn).cloned().collect();
    let cancel = CancelToken::default();
    let tables = (named("points")?, summaries, &findings[..]);
    Ok(draw(plan, tables, options, &cancel))
}

/// Draws the figures that the design has, from its points, their summaries and the findings.
pub(crate) fn draw(
    plan: &SweepPlan,
    (points, summaries, findings): (&Table, &Table, &[Table]),
    options: &ChartOptions,
    cancel: &CancelToken,
) -> DrawnCharts {
    let sweep = SweepContext::new(plan, summaries, &options.measures);
    let titles = plan.scenario().axis_titles();
    let titled: Vec<Cow<'_, Table>> = findings.iter().map(|it| with_titles(it, &titles)).collect();
    let findings = titled.iter().map(|table| &**table);
    let drawing = Drawing {
        tables: &TableSet::new([points, summaries].into_iter().chain(findings)),
        heading: &heading(plan),
        options,
        cancelled: &|| cancel.is_cancelled(),
    };
    let mut drawn = render(FIGURES, "", &sweep, &drawing);
    let of_measures: Vec<DrawnCharts> = sweep
        .measures
        .par_iter()
        .map(|measure| {
            let suffix = format!("_{}", measure.replace(' ', "_"));
            let context = MeasureContext {
                sweep: sweep.clone(),
                measure: measure.clone(),
            };
            render(MEASURE_FIGURES, &suffix, &context, &drawing)
        })
        .collect();
    of_measures.into_iter().for_each(|one| drawn.append(one));
    drawn.notes = sweep.notes(&drawn);
    drawn
}

/// Draws the figures from a folder of a sweep's results.
pub(crate) fn replot(
    results: &Path,
    manifest: &Manifest,
    plan: &SweepPlan,
    options: &ChartOptions,
) -> Result<DrawnCharts, Error> {
    let read = |schema: Schema| read_unaltered(results, manifest, &schema, usize::MAX);
    let is_shown = |schema: &Schema| {
        let most = match schema.table {
            "contrasts" => most_contrasts(plan) as u64,
            _ => u64::MAX,
        };
        let file = manifest.file(&manifest.file_of(schema));
        let shown = shows(FIGURES, schema.table) || shows(MEASURE_FIGURES, schema.table);
        shown && file.is_some_and(|file| file.rows.is_none_or(|rows| rows <= most))
    };
    let findings: Vec<Table> = findings_schemas()
        .into_iter()
        .filter(is_shown)
        .map(read)
        .collect::<Result<_, _>>()?;
    let summaries = if shows_summaries(plan) {
        read(summaries_schema(plan))?
    } else {
        Table::new(summaries_schema(plan))
    };
    let points = read(points_schema(plan))?;
    let cancel = CancelToken::default();
    let tables = (&points, &summaries, &findings[..]);
    Ok(draw(plan, tables, options, &cancel))
}

/// What stands over the figures.
fn heading(plan: &SweepPlan) -> FigureHeading {
    let (scenario, sweep) = (plan.scenario(), plan.sweep());
    let points = sweep.count();
    let noun = if points == 1 { "point" } else { "points" };
    let couples = match plan.varies_in_size() {
        true => format!("at most {}", count(plan.max_couples() as i64)),
        false => count(plan.max_couples() as i64),
    };
    let runs = match &sweep.until {
        Some(_) => "replicates of each until it is precise".to_owned(),
        None => match scenario.config().size.replicates {
            1 => "one run of each".to_owned(),
            runs => format!("{} runs of each", count(runs.into())),
        },
    };
    FigureHeading {
        title: scenario.title().to_owned(),
        size: format!(
            "{} {noun}{}, {runs}: {couples} couples for up to {} days{}",
            count(points as i64),
            match sweep.candidates() {
                all if all == points => String::new(),
                all => format!(
                    " of {} (constraints leave out the others)",
                    count(all as i64)
                ),
            },
            count(scenario.config().size.days.into()),
            changes(scenario)
        ),
    }
}

/// The measures that are not the same at all points, or all of them where none differs.
fn varying(names: Vec<String>, summaries: &Table) -> Vec<String> {
    let column = |name: &str| {
        let mut columns = summaries.schema.columns.iter();
        let place = columns.position(|column| column.name == name)?;
        Some(&summaries.rows.columns[place])
    };
    let (Some(Values::Str(measures)), Some(Values::Float(means))) =
        (column("observable"), column("mean"))
    else {
        return names;
    };
    let differs = |name: &String| {
        let mine = measures.iter().zip(means).filter(|(of, _)| *of == name);
        let mut means = mine.map(|(_, mean)| *mean).filter(|mean| mean.is_finite());
        let first = means.next();
        means.any(|mean| Some(mean) != first)
    };
    let some: Vec<String> = names.iter().filter(|name| differs(name)).cloned().collect();
    if some.is_empty() { names } else { some }
}

/// Whether `summaries` is kept until the end: for the figures, or for findings that depart from a
/// baseline.
pub(crate) fn keeps_summaries(plan: &SweepPlan) -> bool {
    shows_summaries(plan)
        || matches!(
            plan.sweep().points,
            SweepPoints::Designed(Design::OneAtATime(_))
        )
}

/// Whether the pictures show what `summaries` says, which may be long.
pub(crate) fn shows_summaries(plan: &SweepPlan) -> bool {
    match &plan.sweep().points {
        SweepPoints::Designed(Design::Grid(grid)) => {
            let counts = grid.levels();
            counts.iter().all(|count| *count <= MOST_LEVELS)
                && counts
                    .iter()
                    .skip(2)
                    .all(|count| *count <= MOST_LINE_PANELS)
        }
        _ => is_crossed(plan) && plan.sweep().count() <= u64::from(MOST_LEVELS),
    }
}

/// The values of a point, each after its axis for readers.
pub(crate) fn titled_settings(plan: &SweepPlan, point: u64) -> String {
    let text = plan.settings_text(point, |_| true);
    titled(&text, &plan.scenario().axis_titles())
}

fn info(axis: &crate::scenario::ScenarioAxis, titles: &[(String, String)]) -> AxisInfo {
    let parameter = axis.key.strip_prefix("parameters.");
    let mut known = parameters::PARAMETERS.iter();
    let unit = parameter
        .and_then(|key| known.find(|parameter| parameter.key == key))
        .map_or("", |parameter| parameter.unit);
    let log = matches!(axis.values, AxisValues::Range { log: true, .. });
    let order = match &axis.values {
        AxisValues::Levels(levels) => levels.iter().map(ToString::to_string).collect(),
        AxisValues::Range { .. } => Vec::new(),
    };
    let title = titles.iter().find(|(name, _)| *name == axis.name);
    let own = match title {
        Some((name, title)) => AxisInfo::new(name, capitalised(title)),
        None => AxisInfo::named(&axis.name, unit),
    };
    AxisInfo { log, order, ..own }
}

/// Levels of an axis of a grid; 1 where there is no such axis.
fn levels(plan: &SweepPlan, axis: usize) -> u32 {
    match &plan.sweep().points {
        SweepPoints::Designed(Design::Grid(grid)) => grid.levels().get(axis).copied().unwrap_or(1),
        _ => 1,
    }
}

/// Whether every level of each axis meets those of the others.
fn is_crossed(plan: &SweepPlan) -> bool {
    match &plan.sweep().points {
        SweepPoints::Designed(Design::Grid(_)) => true,
        SweepPoints::Designed(Design::List(_)) | SweepPoints::Table(_) => {
            plan.sweep().axes.len() == 1
        }
        _ => false,
    }
}

const REGIMES: [Observable; 4] = [
    Observable::Couple(CoupleObservable::SecureBalance),
    Observable::Couple(CoupleObservable::Complacency),
    Observable::Couple(CoupleObservable::Codependency),
    Observable::Couple(CoupleObservable::Disengagement),
];

fn is_regime(measure: &SweepMeasure) -> bool {
    measure
        .observable()
        .is_some_and(|observable| REGIMES.contains(&observable))
}

fn has_regimes(plan: &SweepPlan) -> bool {
    let measured: Vec<Observable> = plan
        .sweep()
        .measures
        .iter()
        .filter(|measure| measure.is_over_last_day())
        .filter_map(SweepMeasure::observable)
        .collect();
    REGIMES.iter().all(|regime| measured.contains(regime))
}
