//! The pictures of a run, drawn from its tables alone.

use crate::chart::{ChartError, Figure, Width};
use crate::error::Error;
use crate::run::charts::{
    Cuts, Event, attachment, plane, regimes, sample_couples, survival, trajectories,
};
use crate::scenario::Scenario;
use crate::table::Table;
use rayon::prelude::*;

/// Resolution of PNG pictures [dots per inch].
const DPI: f64 = 300.0;

/// The tables that the pictures of a run show.
pub(crate) struct Shown<'a> {
    pub(crate) trajectory: &'a Table,
    pub(crate) survival: &'a Table,
    pub(crate) flow: &'a Table,
    /// The first couples, as many as are drawn.
    pub(crate) couples: &'a Table,
    pub(crate) sample_couples: &'a Table,
    pub(crate) childhoods: &'a Table,
}

/// How many couples the plane shows at most: the first ones.
pub(crate) const COUPLES_SHOWN: usize = 2000;

/// How a picture is made when its turn comes.
pub(crate) type Drawing<'a> = Box<dyn Fn() -> Result<Figure, ChartError> + Sync + 'a>;

/// Draws every picture of a run and gives the files' names and bytes, in a fixed order.
///
/// A picture of which the tables hold nothing (single couples where none is recorded) is left out.
pub(crate) fn draw(
    scenario: &Scenario,
    shown: &Shown<'_>,
) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let config = scenario.config();
    let events: Vec<Event> = scenario
        .marks()
        .iter()
        .map(|mark| Event {
            day: f64::from(mark.day),
            label: mark.label.clone(),
        })
        .collect();
    let cuts = Cuts {
        trust: config.cuts.trust,
        intimacy: config.cuts.intimacy,
        phase_flow_days: f64::from(config.record.phase_flow_days),
    };
    let mut drawings: Vec<(&'static str, Drawing<'_>)> = vec![
        (
            "trajectories",
            Box::new(|| trajectories(shown.trajectory, &events, Width::Page)),
        ),
        (
            "plane",
            Box::new(|| plane(shown.couples, Some(shown.flow), cuts, Width::Column)),
        ),
        (
            "survival",
            Box::new(|| survival(shown.survival, Width::Column)),
        ),
    ];
    if shown.trajectory.rows.rows() > 0 && has_regimes(scenario) {
        drawings.push((
            "regimes",
            Box::new(|| regimes(shown.trajectory, Width::Column)),
        ));
    }
    let ends = ends(shown.couples, config.record.sample_couples as usize);
    if shown.sample_couples.rows.rows() > 0 {
        drawings.push((
            "sample_couples",
            Box::new(move || sample_couples(shown.sample_couples, &ends, Width::Page)),
        ));
    }
    if shown.childhoods.rows.rows() > 0 {
        drawings.push((
            "attachment",
            Box::new(|| attachment(shown.childhoods, shown.sample_couples, Width::Column)),
        ));
    }
    let files: Vec<Vec<(String, Vec<u8>)>> = drawings
        .par_iter()
        .map(|(name, drawing)| files(name, drawing))
        .collect::<Result<_, _>>()?;
    Ok(files.into_iter().flatten().collect())
}

/// Draws one picture and gives its files; none where its tables hold nothing to show.
pub(crate) fn files(name: &str, drawing: &Drawing<'_>) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let failed = |source| Error::Chart {
        name: name.to_owned(),
        source,
    };
    let figure = match drawing() {
        // Nothing to show is no failure of the run: its tables say so themselves.
        Err(ChartError::NoRows { .. } | ChartError::NothingToDraw { .. }) => return Ok(Vec::new()),
        figure => figure.map_err(failed)?,
    };
    let mut files = vec![(format!("{name}.svg"), figure.svg().as_bytes().to_vec())];
    if cfg!(feature = "png") {
        files.push((format!("{name}.png"), figure.png(DPI).map_err(failed)?));
    }
    Ok(files)
}

fn has_regimes(scenario: &Scenario) -> bool {
    use crate::simulation::CoupleObservable;
    scenario
        .config()
        .record
        .observables
        .contains(&CoupleObservable::SecureBalance.into())
}

/// The first couples' numbers and break-up days, as far as the table goes.
fn ends(couples: &Table, count: usize) -> Vec<(i64, Option<f64>)> {
    match (couples.ints("couple_id"), couples.floats("end_day")) {
        (Some(ids), Some(days)) => ids
            .iter()
            .zip(days)
            .take(count)
            .map(|(id, day)| (*id, (!day.is_nan()).then_some(*day)))
            .collect(),
        _ => Vec::new(),
    }
}
