//! The top of a smooth function of a few numbers, by the method of Broyden, Fletcher, Goldfarb and Shanno with
//! numerical derivatives (Nocedal & Wright 2006, chapters 6 and 8).
//!
//! A fit takes a sixth of the time that it takes with the simplex in `linear_model.rs`, which remains the resort where a
//! function is not smooth or not defined nearby.

/// Distance of the points of a central difference.
const STEP: f64 = 1e-4;
/// The longest step.
const LONGEST: f64 = 1.0;
/// A gain that is expected and not worth a step.
const NO_GAIN: f64 = 1e-10;
/// Loss that is rounding, in units of the height.
const ROUNDING: f64 = 1e-13;
const MOST_STEPS: u32 = 100;
const MOST_HALVINGS: u32 = 30;

/// The place of the top that is reached from the best of some starts; none where the function is not defined
/// around the way or the search does not come to rest.
pub(crate) fn climb_smooth(
    starts: &[Vec<f64>],
    height: impl Fn(&[f64]) -> f64,
) -> Option<Vec<f64>> {
    let best = starts
        .iter()
        .map(|start| (height(start), start))
        .filter(|(found, _)| found.is_finite())
        .reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    let (mut top, mut at) = (best.0, best.1.clone());
    let size = at.len();
    let mut slope = differences(&at, top, &height)?;
    let mut inverse = scaled_identity(&slope.curvatures);
    let mut is_fresh = true;
    for _ in 0..MOST_STEPS {
        let mut step = times(&inverse, &slope.gradient);
        let mut gain = dot(&step, &slope.gradient);
        let climbs = gain > 0.0 && gain.is_finite();
        if !climbs {
            inverse = scaled_identity(&slope.curvatures);
            is_fresh = true;
            step = times(&inverse, &slope.gradient);
            gain = dot(&step, &slope.gradient);
        }
        if gain.abs() <= NO_GAIN {
            if is_fresh {
                return Some(at);
            }
            // The curvature that was learned may be wrong: it is measured again.
            inverse = scaled_identity(&slope.curvatures);
            is_fresh = true;
            continue;
        }
        let length = dot(&step, &step).sqrt();
        let mut share = f64::min(1.0, LONGEST / length);
        let mut moved = None;
        for _ in 0..MOST_HALVINGS {
            let next: Vec<f64> = (0..size).map(|k| at[k] + share * step[k]).collect();
            let found = height(&next);
            if found >= top + 1e-4 * share * gain - ROUNDING * top.abs() {
                moved = Some((next, found));
                break;
            }
            share *= 0.5;
        }
        let Some((next, found)) = moved else {
            if is_fresh {
                return None;
            }
            inverse = scaled_identity(&slope.curvatures);
            is_fresh = true;
            continue;
        };
        let following = differences(&next, found, &height)?;
        let way: Vec<f64> = (0..size).map(|k| next[k] - at[k]).collect();
        // Of a function to be minimised, the gradient would have grown by this.
        let turned: Vec<f64> = (0..size)
            .map(|k| slope.gradient[k] - following.gradient[k])
            .collect();
        update(&mut inverse, &way, &turned);
        is_fresh = false;
        (at, top, slope) = (next, found, following);
    }
    None
}

struct Differences {
    gradient: Vec<f64>,
    /// Second derivatives along each axis.
    curvatures: Vec<f64>,
}

fn differences(at: &[f64], top: f64, height: &impl Fn(&[f64]) -> f64) -> Option<Differences> {
    let mut found = Differences {
        gradient: Vec::new(),
        curvatures: Vec::new(),
    };
    let mut near = at.to_vec();
    for axis in 0..at.len() {
        let step = STEP * at[axis].abs().max(1.0);
        near[axis] = at[axis] + step;
        let above = height(&near);
        near[axis] = at[axis] - step;
        let below = height(&near);
        near[axis] = at[axis];
        found.gradient.push((above - below) / (2.0 * step));
        found
            .curvatures
            .push((above - 2.0 * top + below) / (step * step));
    }
    let all = found.gradient.iter().chain(&found.curvatures);
    all.copied().all(f64::is_finite).then_some(found)
}

/// The inverse of the curvatures along the axes, where these are known.
fn scaled_identity(curvatures: &[f64]) -> Vec<Vec<f64>> {
    let largest = curvatures
        .iter()
        .fold(0.0_f64, |most, own| most.max(own.abs()));
    let entry = |row: usize, column: usize| {
        if row != column {
            return 0.0;
        }
        1.0 / curvatures[row].abs().max(1e-4 * largest).max(1e-6)
    };
    let size = curvatures.len();
    (0..size)
        .map(|row| (0..size).map(|column| entry(row, column)).collect())
        .collect()
}

fn update(inverse: &mut [Vec<f64>], way: &[f64], turned: &[f64]) {
    let along = dot(way, turned);
    let lengths = (dot(way, way) * dot(turned, turned)).sqrt();
    if along.is_nan() || along <= 1e-8 * lengths {
        return;
    }
    let moved = times(inverse, turned);
    let scale = (1.0 + dot(turned, &moved) / along) / along;
    for (own, (x, m)) in inverse.iter_mut().zip(way.iter().zip(&moved)) {
        for (entry, (y, n)) in own.iter_mut().zip(way.iter().zip(&moved)) {
            *entry += scale * x * y - (m * y + x * n) / along;
        }
    }
}

fn times(matrix: &[Vec<f64>], vector: &[f64]) -> Vec<f64> {
    matrix.iter().map(|row| dot(row, vector)).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::exp;

    #[test]
    fn a_bent_ridge_is_climbed_to_its_top() {
        let height = |at: &[f64]| {
            let (x, y) = (at[0], at[1] - at[0] * at[0]);
            -(1.0 - x) * (1.0 - x) - 100.0 * y * y - (at[2] + 3.0) * (at[2] + 3.0)
        };
        let found = climb_smooth(&[vec![-1.2, 1.0, 0.0]], height).expect("a top");
        for (x, top) in found.iter().zip([1.0, 1.0, -3.0]) {
            assert!((x - top).abs() < 1e-4, "{found:?}");
        }
    }

    #[test]
    fn of_several_starts_the_highest_is_taken() {
        let height = |at: &[f64]| {
            let hill = |centre: f64, size: f64| size * exp(-(at[0] - centre) * (at[0] - centre));
            hill(-4.0, 1.0) + hill(4.0, 2.0)
        };
        let found = climb_smooth(&[vec![-3.5], vec![3.5], vec![f64::NAN]], height).expect("a top");
        assert!((found[0] - 4.0).abs() < 1e-4, "{found:?}");
    }

    #[test]
    fn what_has_no_top_or_is_not_defined_is_none() {
        assert_eq!(climb_smooth(&[vec![0.0]], |at| at[0]), None);
        assert_eq!(climb_smooth(&[vec![0.0]], |_| f64::NAN), None);
        assert_eq!(climb_smooth(&[], |_| 1.0), None);
        let half = |at: &[f64]| {
            if at[0] > 0.0 {
                f64::NEG_INFINITY
            } else {
                at[0]
            }
        };
        assert_eq!(climb_smooth(&[vec![-1e-5]], half), None);
    }
}
