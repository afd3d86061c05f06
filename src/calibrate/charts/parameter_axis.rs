//! One calibrated parameter: its prior, its particles, and the scale on which both are drawn.

use crate::chart::{ChartError, ColumnReader, Ticks, exp10, log10, number, range_of};
use crate::math::functions::{exp, normal_cdf};
use crate::table::Table;

/// Standard deviations of a normal prior that are shown to either side.
const REACH: f64 = 3.0;

/// A parameter with its particles, in the coordinate that is drawn: the decimal logarithm where the
/// prior is log-uniform.
pub(crate) struct ParameterAxis {
    /// Its name for readers.
    pub(crate) name: String,
    /// How well the targets identify it.
    pub(crate) verdict: String,
    /// Width of the posterior over that of the prior.
    pub(crate) contraction: f64,
    /// Lower end of the posterior's interval, median, upper end.
    pub(crate) summary: [f64; 3],
    /// Default value; NaN where there is none.
    pub(crate) default: f64,
    /// Each particle's position.
    pub(crate) positions: Vec<f64>,
    /// Ends of what is drawn.
    pub(crate) ends: (f64, f64),
    log: bool,
    /// Bounds of the prior.
    bounds: (f64, f64),
    /// Mean and standard deviation of a normal prior before it is cut.
    normal: Option<(f64, f64)>,
}

impl ParameterAxis {
    /// Reads every parameter of the table `parameters` with its particles of the table `posterior`, and
    /// the particles' weights.
    pub(crate) fn read(
        posterior: &Table,
        parameters: &Table,
    ) -> Result<(Vec<ParameterAxis>, Vec<f64>), ChartError> {
        let (particles, about) = (
            ColumnReader::new(posterior)?,
            ColumnReader::new(parameters)?,
        );
        let weights = particles.drawable("weight")?;
        if !weights.iter().any(|weight| *weight > 0.0) {
            return Err(particles.nothing("particle with a weight"));
        }
        let names = about.categories("parameter")?;
        let (priors, verdicts) = (about.categories("prior")?, about.categories("verdict")?);
        let column = |name: &str| about.drawable(name);
        let (from, to) = (column("prior_from")?, column("prior_to")?);
        let (mean, sd) = (column("prior_mean")?, column("prior_sd")?);
        let (low, median, high) = (column("low")?, column("median")?, column("high")?);
        let (default, contraction) = (column("default")?, column("contraction")?);
        let mut axes = Vec::new();
        for (row, name) in names.iter().enumerate() {
            let log = priors[row] == "log-uniform";
            let scaled = |value: f64| if log { log10(value) } else { value };
            let positions: Vec<f64> = particles.drawable(name)?.into_iter().map(scaled).collect();
            let bounds = (scaled(from[row]), scaled(to[row]));
            let normal = (sd[row] > 0.0).then_some((mean[row], sd[row]));
            let own = positions.iter().copied();
            let ends = match normal {
                None => range_of(own.chain([bounds.0, bounds.1])),
                Some((mean, sd)) => {
                    let reach = [mean - REACH * sd, mean + REACH * sd];
                    let shown = reach.map(|end| end.max(bounds.0).min(bounds.1));
                    range_of(own.chain(shown))
                }
            };
            let Some(ends) = ends.filter(|(low, high)| low < high) else {
                return Err(about.nothing(format!("range of the parameter `{name}`")));
            };
            axes.push(ParameterAxis {
                name: name.replace('_', " "),
                verdict: verdicts[row].to_owned(),
                contraction: contraction[row],
                summary: [low[row], median[row], high[row]].map(scaled),
                default: scaled(default[row]),
                positions,
                ends,
                log,
                bounds,
                normal,
            });
        }
        Ok((axes, weights))
    }

    /// The prior's density at a position.
    pub(crate) fn prior(&self, position: f64) -> f64 {
        let (low, high) = self.bounds;
        if !(low..=high).contains(&position) {
            return 0.0;
        }
        match self.normal {
            None => 1.0 / (high - low),
            Some((mean, sd)) => {
                let z = |x: f64| (x - mean) / sd;
                let mass = normal_cdf(z(high)) - normal_cdf(z(low));
                let root = (2.0 * std::f64::consts::PI).sqrt();
                exp(-0.5 * z(position) * z(position)) / (root * sd * mass)
            }
        }
    }

    /// The weighted density of the particles in each of some bars over the ends.
    pub(crate) fn bars(&self, weights: &[f64], bars: usize) -> Vec<f64> {
        let (low, high) = self.ends;
        let mut sums = vec![0.0; bars];
        for (position, weight) in self.positions.iter().zip(weights) {
            let share = (position - low) / (high - low) * bars as f64;
            if weight.is_finite() && share >= 0.0 {
                sums[(share as usize).min(bars - 1)] += weight;
            }
        }
        let total: f64 = sums.iter().sum();
        let width = (high - low) / bars as f64;
        sums.iter().map(|sum| sum / (total * width)).collect()
    }

    /// The ends of a bar.
    pub(crate) fn bar(&self, bar: usize, bars: usize) -> (f64, f64) {
        let (low, high) = self.ends;
        let edge = |k: usize| low + (high - low) * k as f64 / bars as f64;
        (edge(bar), edge(bar + 1))
    }

    /// Round numbers along the ends.
    pub(crate) fn ticks(&self, target: usize) -> Ticks {
        let (low, high) = self.ends;
        if self.log {
            Ticks::log(low, high, target)
        } else {
            Ticks::round(low, high, target)
        }
    }

    /// Name and range.
    pub(crate) fn name_and_range(&self) -> String {
        let (low, high) = self.ends;
        let back = |position: f64| {
            if self.log { exp10(position) } else { position }
        };
        let [low, high] = [back(low), back(high)].map(|end| {
            let step = if self.log { end } else { 0.1 * (high - low) };
            number(end, step)
        });
        let log = if self.log { ", logarithmic" } else { "" };
        format!("{} ({low} to {high}{log})", self.name)
    }
}
