//! The pictures of a sweep, as its design allows.

use crate::chart::{ChartError, Width};
use crate::design::Design;
use crate::error::Error;
use crate::model::parameters;
use crate::run::pictures::{Drawing, files};
use crate::scenario::{AxisValues, SweepPoints};
use crate::simulation::{CoupleObservable, Measure, Observable};
use crate::sweep::charts::axis::AxisInfo;
use crate::sweep::charts::morris::morris_plane;
use crate::sweep::charts::phase::phase_diagram;
use crate::sweep::charts::sobol::sobol_bars;
use crate::sweep::charts::{contrasts, design_pairs, heat_map, lines, tornado};
use crate::sweep::plan::SweepPlan;
use crate::table::{Table, Values};
use rayon::prelude::*;

/// Measures that get a picture of their own at most.
pub(crate) const MOST_MEASURES: usize = 4;
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

/// Rows of contrasts, over all measures, that pictures show at most.
pub(crate) fn most_contrasts(plan: &SweepPlan) -> usize {
    MOST_CONTRASTS * plan.sweep().measures.len()
}

/// Draws what the design has pictures for; gives the files' names and bytes, in a fixed order.
pub(crate) fn draw(
    plan: &SweepPlan,
    points: &Table,
    summaries: &Table,
    findings: &[Table],
) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let axes: Vec<AxisInfo> = plan.sweep().axes.iter().map(info).collect();
    let names: Vec<String> = plan
        .sweep()
        .measures
        .iter()
        .filter(|measure| !is_regime(measure))
        .map(ToString::to_string)
        .collect();
    let mut names = varying(names, summaries);
    names.truncate(MOST_MEASURES);
    let shown: Vec<&str> = names.iter().map(String::as_str).collect();
    let shown = shown.as_slice();
    let table = |name: &str| findings.iter().find(|table| table.schema.table == name);
    let mut drawings: Vec<(String, Drawing<'_>)> = Vec::new();
    if is_crossed(plan) {
        match axes.as_slice() {
            _ if !shows_summaries(plan) => {}
            [x] => drawings.push((
                "lines".into(),
                Box::new(move || lines(points, summaries, x, None, None, shown, Width::Page)),
            )),
            [x, y, more @ ..] => {
                for name in shown {
                    drawings.push((
                        format!("map_{}", name.replace(' ', "_")),
                        Box::new(move || {
                            let width = if more.is_empty() {
                                Width::Column
                            } else {
                                Width::Page
                            };
                            heat_map(points, summaries, x, y, more.first(), name, width)
                        }),
                    ));
                }
                if more.is_empty() && has_regimes(plan) {
                    drawings.push((
                        "phase".into(),
                        Box::new(move || phase_diagram(points, summaries, x, y, Width::Column)),
                    ));
                }
                if levels(plan, 1) <= MOST_LINES && levels(plan, 2) <= MOST_PANELS {
                    drawings.push((
                        "lines".into(),
                        Box::new(move || {
                            let fit = (MOST_LINE_PANELS / levels(plan, 2)) as usize;
                            let shown = &shown[..shown.len().min(fit)];
                            let by = Some(y);
                            let page = Width::Page;
                            lines(points, summaries, x, by, more.first(), shown, page)
                        }),
                    ));
                }
            }
            [] => {}
        }
    } else if axes
        .iter()
        .zip(&plan.sweep().axes)
        .any(|(_, axis)| axis.is_numeric())
    {
        let numeric: Vec<AxisInfo> = axes
            .iter()
            .zip(&plan.sweep().axes)
            .filter(|(_, axis)| axis.is_numeric())
            .map(|(info, _)| info.clone())
            .collect();
        drawings.push((
            "design".into(),
            Box::new(move || design_pairs(points, &numeric, Width::Page)),
        ));
    }
    if let Some(sobol) = table("sobol") {
        drawings.push((
            "sobol".into(),
            Box::new(move || sobol_bars(sobol, shown, Width::Page)),
        ));
    }
    let effects = match table("effects") {
        Some(effects) => Some(effects),
        None => table("regression"),
    };
    // One picture a measure of what moves it: lines and maps show a grid; departures one at a time have
    // a tornado where they are numbers, and contrasts where they are not.
    let one_at_a_time = matches!(
        &plan.sweep().points,
        SweepPoints::Designed(Design::OneAtATime(_))
    );
    let numeric = plan.sweep().axes.iter().all(|axis| axis.is_numeric());
    let shown_whole = is_crossed(plan) && shows_summaries(plan);
    for name in shown {
        let file = name.replace(' ', "_");
        if let Some(morris) = table("morris") {
            drawings.push((
                format!("morris_{file}"),
                Box::new(move || morris_plane(morris, name, Width::Column)),
            ));
        } else if let Some(effects) = effects
            && table("sobol").is_none()
            && !shown_whole
            && (numeric || !one_at_a_time)
        {
            drawings.push((
                format!("tornado_{file}"),
                Box::new(move || tornado(effects, name, Width::Column)),
            ));
        }
    }
    if let Some(differences) = table("contrasts")
        && plan.sweep().count() <= MOST_CONTRASTS as u64 + 1
        && !(numeric && one_at_a_time)
    {
        for name in shown {
            drawings.push((
                format!("contrasts_{}", name.replace(' ', "_")),
                Box::new(move || contrasts(differences, name, Width::Page)),
            ));
        }
    }
    let drawn: Vec<Vec<(String, Vec<u8>)>> = drawings
        .par_iter()
        .map(|(name, drawing)| match files(name, drawing) {
            // What does not fit a picture, such as a map of thousands of levels, is in the tables.
            Err(Error::Chart {
                source: ChartError::BadArgument { .. },
                ..
            }) => Ok(Vec::new()),
            files => files,
        })
        .collect::<Result<_, _>>()?;
    Ok(drawn.into_iter().flatten().collect())
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

fn info(axis: &crate::scenario::SweepAxis) -> AxisInfo {
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
    AxisInfo {
        log,
        order,
        ..AxisInfo::named(&axis.name, unit)
    }
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

fn is_regime(measure: &Measure) -> bool {
    measure
        .observable()
        .is_some_and(|observable| REGIMES.contains(&observable))
}

fn has_regimes(plan: &SweepPlan) -> bool {
    let measured: Vec<Observable> = plan
        .sweep()
        .measures
        .iter()
        .filter_map(Measure::observable)
        .collect();
    REGIMES.iter().all(|regime| measured.contains(regime))
}
