//! The pictures of a calibration, drawn from its tables alone.

use crate::calibrate::charts::marginals::posterior_marginals;
use crate::calibrate::charts::pairs::posterior_pairs;
use crate::calibrate::charts::predictive::posterior_predictive;
use crate::chart::Width;
use crate::error::Error;
use crate::run::pictures::{Drawing, files};
use crate::table::Table;
use rayon::prelude::*;

/// Draws every picture and gives the files' names and bytes, in a fixed order.
pub(crate) fn draw(
    posterior: &Table,
    parameters: &Table,
    predictive: &Table,
) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let drawings: Vec<(&str, Drawing<'_>)> = vec![
        (
            "posterior",
            Box::new(|| posterior_marginals(posterior, parameters, Width::Page)),
        ),
        (
            "pairs",
            Box::new(|| posterior_pairs(posterior, parameters, Width::Page)),
        ),
        (
            "predictive",
            Box::new(|| posterior_predictive(predictive, Width::Page)),
        ),
    ];
    let drawn: Vec<Vec<(String, Vec<u8>)>> = drawings
        .par_iter()
        .map(|(name, drawing)| files(name, drawing))
        .collect::<Result<_, _>>()?;
    Ok(drawn.into_iter().flatten().collect())
}
