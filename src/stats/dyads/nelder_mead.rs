//! The maximise point of a smooth function of one to three numbers.
//!
//! The simplex of Nelder & Mead (1965), begun at the best of given points and again where it ended,
//! until beginning again gains nothing. It needs no derivatives and no random numbers, and stands minus
//! infinity where the function is not defined.

/// Edge of a first simplex.
const EDGE: f64 = 0.25;
/// Edge at which a simplex has come to rest.
const SMALL: f64 = 1e-9;
/// A gain in height that is not worth another beginning.
const NO_GAIN: f64 = 1e-10;
const MOST_BEGINNINGS: u32 = 20;
const MOST_MOVES: u32 = 2_000;

type Corner = (f64, Vec<f64>);

/// The place at which a function is maximise; none where it is defined at no given point.
pub(crate) fn maximise(starts: &[Vec<f64>], height: impl Fn(&[f64]) -> f64) -> Option<Vec<f64>> {
    let height = |at: &[f64]| {
        let found = height(at);
        if found.is_nan() {
            f64::NEG_INFINITY
        } else {
            found
        }
    };
    let mut best: Option<Corner> = None;
    for start in starts {
        let found = height(start);
        let better = best.as_ref().is_none_or(|(most, _)| found > *most);
        if better && found > f64::NEG_INFINITY {
            best = Some((found, start.clone()));
        }
    }
    let mut best = best?;
    for _ in 0..MOST_BEGINNINGS {
        let found = climb(&best.1, &height);
        let gain = found.0 - best.0;
        if gain > 0.0 {
            best = found;
        }
        if gain <= NO_GAIN {
            break;
        }
    }
    Some(best.1)
}

/// Moves one simplex until it is small.
fn climb(start: &[f64], height: &impl Fn(&[f64]) -> f64) -> Corner {
    let mut corners: Vec<Corner> = vec![(height(start), start.to_vec())];
    for axis in 0..start.len() {
        let mut at = start.to_vec();
        at[axis] += EDGE;
        corners.push((height(&at), at));
    }
    let worst = start.len();
    for _ in 0..MOST_MOVES {
        corners.sort_by(|a, b| b.0.total_cmp(&a.0));
        if edge(&corners) < SMALL {
            break;
        }
        let along = |share: f64| -> Corner {
            let at = beyond(&corners[..worst], &corners[worst].1, share);
            (height(&at), at)
        };
        let reflected = along(1.0);
        let moved = if reflected.0 > corners[0].0 {
            let expanded = along(2.0);
            if expanded.0 > reflected.0 {
                expanded
            } else {
                reflected
            }
        } else if worst > 1 && reflected.0 > corners[worst - 1].0 {
            reflected
        } else if reflected.0 > corners[worst].0 {
            along(0.5)
        } else {
            along(-0.5)
        };
        if moved.0 > corners[worst].0 {
            corners[worst] = moved;
        } else {
            shrink(&mut corners, height);
        }
    }
    corners.swap_remove(0)
}

/// The point that lies as far beyond the middle of some corners as another lies before it, times a
/// share.
fn beyond(corners: &[Corner], other: &[f64], share: f64) -> Vec<f64> {
    let count = corners.len() as f64;
    let along = |axis: usize| {
        let middle = corners.iter().map(|(_, at)| at[axis]).sum::<f64>() / count;
        middle + share * (middle - other[axis])
    };
    (0..other.len()).map(along).collect()
}

fn shrink(corners: &mut [Corner], height: &impl Fn(&[f64]) -> f64) {
    let (best, others) = match corners.split_first_mut() {
        Some(split) => split,
        None => return,
    };
    for other in others {
        for (x, centre) in other.1.iter_mut().zip(&best.1) {
            *x = 0.5 * (*x + centre);
        }
        other.0 = height(&other.1);
    }
}

/// The longest way from the best corner along one axis.
fn edge(corners: &[Corner]) -> f64 {
    let mut longest = 0.0_f64;
    for (_, at) in &corners[1..] {
        for (x, best) in at.iter().zip(&corners[0].1) {
            longest = longest.max((x - best).abs());
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ridge_in_three_dimensions_is_climbed_to_its_top() {
        let height = |at: &[f64]| {
            let (x, y, z) = (at[0] - 1.0, at[1] + 2.0, at[2] - 0.5);
            -(x * x + 10.0 * (y - x) * (y - x) + 100.0 * (z + y) * (z + y))
        };
        let found = maximise(&[vec![0.0; 3]], height).expect("a defined function");
        for (x, top) in found.iter().zip([1.0, -2.0, 0.5]) {
            assert!((x - top).abs() < 1e-6, "{found:?}");
        }
    }

    #[test]
    fn of_two_hills_the_higher_start_is_climbed() {
        let height = |at: &[f64]| {
            let x = at[0];
            -(x * x - 4.0) * (x * x - 4.0) + x
        };
        let found = maximise(&[vec![-2.0], vec![0.5], vec![2.1]], height).expect("defined");
        assert!((found[0] - 2.030_834).abs() < 1e-3, "{found:?}");
    }

    #[test]
    fn a_function_defined_nowhere_has_no_top_and_an_edge_is_kept() {
        assert_eq!(maximise(&[vec![1.0]], |_| f64::NAN), None);
        let half = |at: &[f64]| if at[0] > 1.0 { f64::NAN } else { at[0] };
        let found = maximise(&[vec![0.0]], half).expect("defined at the start");
        assert!(found[0] <= 1.0 && found[0] > 1.0 - 1e-6, "{found:?}");
    }
}
