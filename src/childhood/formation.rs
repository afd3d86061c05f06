//! Formation of attachment: anxiety and avoidance follow from what a child expects.
//!
//! A child whose needs are hardly ever met gives up on closeness: it deactivates and becomes
//! avoidant. A child whose needs are met now and then hyperactivates and becomes anxious, the more
//! so the less it values itself (Ainsworth et al. 1978; Mikulincer & Shaver 2007).

use super::upbringing::Upbringing;
use crate::math::functions::exp;
use crate::model::State;
use crate::simd::vector::Vector;

/// The parameters of formation of the children of a vector.
#[derive(Clone, Copy)]
pub(crate) struct FormationParams<L> {
    /// Temperament: anxiety and avoidance without any experience.
    pub(crate) temperament: [L; 2],
    deactivation: L,
    hope: L,
    vigilance: L,
    self_doubt: L,
    /// Share of the distance to the target that a day covers.
    moved: L,
}

impl<L: Vector> FormationParams<L> {
    /// The parameters of some children, at most [`Vector::LANES`].
    pub(crate) fn of(children: &[Upbringing]) -> FormationParams<L> {
        FormationParams {
            temperament: [
                vector_of(children, |child| child.temperament_anxiety),
                vector_of(children, |child| child.temperament_avoidance),
            ],
            deactivation: vector_of(children, |child| child.deactivation),
            hope: vector_of(children, |child| child.hope),
            vigilance: vector_of(children, |child| child.vigilance),
            self_doubt: vector_of(children, |child| child.self_doubt),
            moved: vector_of(children, |child| 1.0 - exp(-1.0 / child.formation)),
        }
    }
}

/// One number of each child of a vector; 0 where there is no child.
pub(crate) fn vector_of<T, L: Vector>(children: &[T], number: impl Fn(&T) -> f64) -> L {
    let mut vector = L::splat(0.0);
    for (place, child) in children.iter().enumerate() {
        vector.replace(place, number(child));
    }
    vector
}

/// The anxiety and avoidance [0–1] toward which a child's state moves them (Eq. 49);
/// `yearly_shock` is what the year adds to each (Eq. 50).
#[inline(always)]
fn targets<L: Vector>(
    state: &State<L>,
    yearly_shock: &[L; 2],
    params: &FormationParams<L>,
) -> [L; 2] {
    let given_up = (state.uncertainty * params.hope).one_minus().max_zero();
    let unmet = state.trust.one_minus() * given_up;
    let strained =
        state.uncertainty * params.vigilance + state.autonomy.one_minus() * params.self_doubt;
    [
        (params.temperament[0] + yearly_shock[0] + strained).clamp01(),
        (params.temperament[1] + yearly_shock[1] + unmet * params.deactivation).clamp01(),
    ]
}

/// Sets anxiety and avoidance to the targets of the first expectations (Eq. 49).
#[inline(always)]
pub(crate) fn initialize<L: Vector>(state: &mut State<L>, params: &FormationParams<L>) {
    let [anxiety, avoidance] = targets(state, &[L::splat(0.0); 2], params);
    (state.anxiety, state.avoidance) = (anxiety, avoidance);
}

/// Moves anxiety and avoidance over a day of childhood (Eq. 51).
#[inline(always)]
pub(crate) fn update<L: Vector>(
    state: &mut State<L>,
    yearly_shock: &[L; 2],
    params: &FormationParams<L>,
) {
    let [anxiety, avoidance] = targets(state, yearly_shock, params);
    state.anxiety += (anxiety - state.anxiety) * params.moved;
    state.avoidance += (avoidance - state.avoidance) * params.moved;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn child(trust: f64, uncertainty: f64, autonomy: f64) -> State<f64> {
        State {
            trust,
            uncertainty,
            autonomy,
            ..State::default()
        }
    }

    fn params(change: impl FnOnce(&mut Upbringing)) -> FormationParams<f64> {
        let mut upbringing = Upbringing::default();
        (
            upbringing.temperament_anxiety,
            upbringing.temperament_avoidance,
        ) = (0.2, 0.1);
        (upbringing.deactivation, upbringing.hope) = (0.5, 2.0);
        (upbringing.vigilance, upbringing.self_doubt) = (0.6, 0.3);
        change(&mut upbringing);
        FormationParams::of(&[upbringing])
    }

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} for {expected}");
    }

    #[test]
    fn anxiety_comes_of_uncertainty_and_self_doubt() {
        let found = targets(&child(0.4, 0.3, 0.5), &[0.05, 0.0], &params(|_| {}))[0];
        close(found, 0.2 + 0.05 + 0.6 * 0.3 + 0.3 * 0.5);
    }

    #[test]
    fn avoidance_comes_of_unmet_needs_as_far_as_hope_is_given_up() {
        let found =
            |uncertainty| targets(&child(0.4, uncertainty, 0.5), &[0.0; 2], &params(|_| {}))[1];
        close(found(0.0), 0.1 + 0.5 * 0.6);
        close(found(0.3), 0.1 + 0.5 * 0.6 * 0.4);
        close(found(0.8), 0.1);
    }

    #[test]
    fn each_term_of_the_targets_can_be_absent() {
        let state = child(0.2, 0.3, 0.4);
        let aim = |change: fn(&mut Upbringing)| targets(&state, &[0.0; 2], &params(change));
        let all = aim(|_| {});
        assert_eq!(aim(|u| u.deactivation = 0.0), [all[0], 0.1]);
        close(aim(|u| u.hope = 0.0)[1], 0.1 + 0.5 * 0.8);
        close(aim(|u| u.vigilance = 0.0)[0], 0.2 + 0.3 * 0.6);
        close(aim(|u| u.self_doubt = 0.0)[0], 0.2 + 0.6 * 0.3);
    }

    #[test]
    fn targets_stay_within_0_and_1() {
        let state = child(0.0, 0.4, 0.0);
        assert_eq!(targets(&state, &[2.0, 2.0], &params(|_| {})), [1.0, 1.0]);
        assert_eq!(targets(&state, &[-2.0, -2.0], &params(|_| {})), [0.0, 0.0]);
    }

    #[test]
    fn attachment_forms_with_its_time_constant() {
        let params = params(|upbringing| upbringing.formation = 200.0);
        let mut state = child(0.4, 0.0, 0.5);
        (state.anxiety, state.avoidance) = (0.9, 0.9);
        for _ in 0..200 {
            update(&mut state, &[0.0; 2], &params);
        }
        close(state.anxiety, 0.35 + (0.9 - 0.35) * exp(-1.0));
        close(state.avoidance, 0.4 + (0.9 - 0.4) * exp(-1.0));
    }

    #[test]
    fn a_child_starts_at_the_targets_of_its_first_expectations() {
        let mut state = child(0.5, 0.35, 0.7);
        initialize(&mut state, &params(|_| {}));
        close(state.anxiety, 0.2 + 0.6 * 0.35 + 0.3 * 0.3);
        close(state.avoidance, 0.1 + 0.5 * 0.5 * 0.3);
    }
}
