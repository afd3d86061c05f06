//! The smallest value of one quantity of a design that reaches the target power.
//!
//! The range is halved, on the scale of the square root, until neighbouring values cannot be told apart. Each
//! value is measured with its own random numbers, so that the values inform one curve: the probit of power
//! is a line in the square root of the sample size where an estimate is normal, and close to one for other
//! quantities. The curve gives the smallest value with its Monte Carlo interval.

use super::measure::{PlannedDesign, PowerTask, TrueEffect, measure};
use crate::math::functions::{exp, normal_cdf, normal_quantile};
use crate::runner::{Cancelled, Control};
use crate::scenario::power_spec::{DesignSearch, DesignValues, PowerSpec};
use crate::stats::interval::{CONFIDENCE, Interval, normal_reach};
use crate::stats::summary::ValueWithInterval;

/// Values that are measured in one search at most.
pub(crate) const MOST_POINTS: usize = 12;
/// A range whose ends differ by so little is not halved.
const FINE: f64 = 1.02;
/// Distance from the target, on the probit scale, of the powers that the curve is fitted to.
const NEAR: f64 = 1.3;
/// Share of data sets that cannot be analysed from which on nothing is said.
const MANY_FAILED: f64 = 0.05;

/// How a search came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SearchStatus {
    /// Values below and above the smallest one are known to be so.
    Found,
    /// Already the lowest value of the range reaches the target.
    AtMost,
    /// Not even the highest value does.
    NotReached,
    /// The intervals do not say.
    Unresolved,
}

impl SearchStatus {
    pub(crate) const WORDS: &'static [&'static str] =
        &["found", "at_most", "not_reached", "unresolved"];
}

/// A value that was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SearchPoint {
    pub(crate) value: f64,
    pub(crate) significant: u64,
    /// Data sets that could be analysed.
    pub(crate) count: u64,
    pub(crate) failed: u64,
    /// Data sets of simulated couples that have fewer than the design.
    pub(crate) short: u64,
    pub(crate) power: ValueWithInterval,
}

/// The result of one search.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SearchResult {
    /// The design, in which the searched quantity is NaN.
    pub(crate) design: DesignValues,
    pub(crate) status: SearchStatus,
    /// The smallest sufficient value; the lowest of the range where that suffices; NaN where none is known.
    pub(crate) smallest: f64,
    /// Monte Carlo interval of where the power is the target.
    pub(crate) interval: Interval,
    /// The largest measured value whose power is known to be below the target, and the smallest whose power is
    /// known to reach it; NaN where there is none.
    pub(crate) bracket: [f64; 2],
    /// In the order of their values.
    pub(crate) points: Vec<SearchPoint>,
}

impl SearchPoint {
    /// A value with the numbers of data sets with a significant effect, of all that could be analysed, of those that
    /// could not, and of those with fewer couples than the design.
    pub(crate) fn new(value: f64, [significant, count, failed, short]: [u64; 4]) -> SearchPoint {
        SearchPoint {
            value,
            significant,
            count,
            failed,
            short,
            power: ValueWithInterval::share(significant, count),
        }
    }
}

/// Measures values in search for the smallest sufficient one with the other quantities of a design; returns them in
/// their order.
pub(crate) fn search(
    task: PowerTask<'_>,
    wanted: &DesignSearch,
    design: &DesignValues,
    control: &Control,
) -> Result<Vec<SearchPoint>, Cancelled> {
    let power = task.power;
    let effects = power.effect_names();
    let effect = effects.iter().position(|name| *name == wanted.effect);
    let effect = effect.unwrap_or_default();
    let step = wanted.quantity.step();
    let measured = |position: i64| {
        let mut design = *design;
        let value = position as f64 * step;
        design[wanted.quantity as usize] = value;
        // Streams of other numbers than 0, which the compared designs share.
        let planned = PlannedDesign {
            design,
            stream: position as u64 + 1,
            // Power is what is searched for.
            truths: vec![TrueEffect::UNKNOWN; effects.len()],
        };
        let found = measure(task, &[planned], control)?;
        let tally = &found[0].effects[effect];
        let (failed, short) = (found[0].failed, found[0].sample.short);
        let counts = [tally.significant(), tally.count(), failed, short];
        Ok::<SearchPoint, Cancelled>(SearchPoint::new(value, counts))
    };
    let position = |value: f64| (value / step).round() as i64;
    let (mut low, mut high) = (position(wanted.from), position(wanted.to));
    let mut points = vec![measured(low)?, measured(high)?];
    let reaches = |point: &SearchPoint| point.power.value >= power.target;
    if !reaches(&points[0]) && reaches(&points[1]) {
        while high - low > 1 && high as f64 > FINE * low as f64 && points.len() < MOST_POINTS {
            let root = 0.5 * ((low as f64).sqrt() + (high as f64).sqrt());
            let middle = ((root * root).round() as i64).clamp(low + 1, high - 1);
            let point = measured(middle)?;
            match reaches(&point) {
                true => high = middle,
                false => low = middle,
            }
            points.push(point);
        }
    }
    points.sort_by(|one, other| one.value.total_cmp(&other.value));
    Ok(points)
}

/// The largest design that a search can measure.
pub(crate) fn largest_design(wanted: &DesignSearch, design: &DesignValues) -> DesignValues {
    let mut design = *design;
    design[wanted.quantity as usize] = wanted.to;
    design
}

/// The result of a search that measured some values, in their order.
pub(crate) fn judged(
    power: &PowerSpec,
    wanted: &DesignSearch,
    design: &DesignValues,
    points: Vec<SearchPoint>,
) -> SearchResult {
    let (target, step) = (power.target, wanted.quantity.step());
    let mut design = *design;
    design[wanted.quantity as usize] = f64::NAN;
    let is_below = |point: &&SearchPoint| point.power.interval.high < target;
    let is_above = |point: &&SearchPoint| point.power.interval.low >= target;
    let below = points
        .iter()
        .rfind(is_below)
        .map_or(f64::NAN, |point| point.value);
    let above = points
        .iter()
        .find(is_above)
        .map_or(f64::NAN, |point| point.value);
    let (first, last) = (&points[0], &points[points.len() - 1]);
    let failed = points.iter().map(|point| point.failed).sum::<u64>() as f64;
    let all = points
        .iter()
        .map(|point| point.failed + point.count)
        .sum::<u64>() as f64;
    let curve = crossing(&points, target);
    let (status, smallest, interval) = if failed > MANY_FAILED * all {
        (SearchStatus::Unresolved, f64::NAN, Interval::UNDEFINED)
    } else if is_above(&first) {
        (SearchStatus::AtMost, first.value, Interval::UNDEFINED)
    } else if is_below(&last) {
        (SearchStatus::NotReached, f64::NAN, Interval::UNDEFINED)
    } else {
        match curve {
            Some((at, interval)) if at >= first.value && at <= last.value => {
                let value = ((at / step - 1e-9).ceil() * step).clamp(first.value, last.value);
                let is_known = below < above;
                match is_known {
                    true => (SearchStatus::Found, value, interval),
                    false => (SearchStatus::Unresolved, value, interval),
                }
            }
            _ => (SearchStatus::Unresolved, f64::NAN, Interval::UNDEFINED),
        }
    };
    SearchResult {
        design,
        status,
        smallest,
        interval,
        bracket: [below, above],
        points,
    }
}

/// Where the curve of power crosses the target, with its interval by the delta method: a probit regression on the
/// square root of the value, of the measured values near the target (McCullagh & Nelder 1989, section 4.4).
fn crossing(points: &[SearchPoint], target: f64) -> Option<(f64, Interval)> {
    let goal = normal_quantile(target);
    let share = |point: &SearchPoint| {
        // A share of 0 or 1 has no probit.
        (point.significant as f64 + 0.5) / (point.count as f64 + 1.0)
    };
    let near = |point: &&SearchPoint| {
        point.count > 0 && (normal_quantile(share(point)) - goal).abs() < NEAR
    };
    let mut used: Vec<&SearchPoint> = points.iter().filter(near).collect();
    if used.len() < 2 {
        used = points.iter().filter(|point| point.count > 0).collect();
    }
    let roots: Vec<f64> = used.iter().map(|point| point.value.sqrt()).collect();
    let centre = roots.iter().sum::<f64>() / roots.len() as f64;
    // Started at the weighted line through the probits.
    let mut line = [f64::NAN; 2];
    let mut information = [0.0; 3];
    for round in 0..25 {
        let mut right = [0.0; 2];
        information = [0.0; 3];
        for (point, root) in used.iter().zip(&roots) {
            let x = root - centre;
            let (n, found) = (point.count as f64, share(point));
            let eta = match round {
                0 => normal_quantile(found),
                _ => line[0] + line[1] * x,
            };
            let expected = normal_cdf(eta).clamp(1e-12, 1.0 - 1e-12);
            let density = exp(-0.5 * eta * eta) * 0.398_942_280_401_432_7;
            if density <= 0.0 {
                continue;
            }
            let weight = n * density * density / (expected * (1.0 - expected));
            let observed = point.significant as f64 / n;
            let working = match round {
                0 => eta,
                _ => eta + (observed - expected) / density,
            };
            information[0] += weight;
            information[1] += weight * x;
            information[2] += weight * x * x;
            right[0] += weight * working;
            right[1] += weight * x * working;
        }
        let determinant = information[0] * information[2] - information[1] * information[1];
        if determinant.is_nan() || determinant <= 0.0 {
            return None;
        }
        let next = [
            (information[2] * right[0] - information[1] * right[1]) / determinant,
            (information[0] * right[1] - information[1] * right[0]) / determinant,
        ];
        let moved = (next[0] - line[0]).abs() + (next[1] - line[1]).abs();
        line = next;
        if moved < 1e-10 {
            break;
        }
    }
    let [level, slope] = line;
    if slope.is_nan() || slope <= 0.0 {
        return None;
    }
    let x = (goal - level) / slope;
    let determinant = information[0] * information[2] - information[1] * information[1];
    // Variances of level and slope, and their covariance.
    let (level_variance, slope_variance) =
        (information[2] / determinant, information[0] / determinant);
    let covariance = -information[1] / determinant;
    let variance =
        (level_variance + 2.0 * x * covariance + x * x * slope_variance) / (slope * slope);
    let reach = normal_reach(CONFIDENCE) * variance.sqrt();
    let square = |root: f64| root.max(0.0) * root.max(0.0);
    let interval = Interval {
        low: square(centre + x - reach),
        high: square(centre + x + reach),
    };
    let found = square(centre + x);
    (found.is_finite() && interval.low.is_finite()).then_some((found, interval))
}
