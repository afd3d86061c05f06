//! The step: one day of a couple, or a part of a day, from its first moment to its end.

use super::bids::Occurrence;
use super::derived::{Derived, StepConstants};
use super::dissolution::Departure;
use super::observer::Observer;
use super::purposes::{Draws, EndDraws, EpisodeDraws, SharedStressDraws};
use super::rules::Rules;
use super::types::{Couple, Episode, EpisodeKind, Partner, State};
use super::{
    accustoming, attachment, autonomy, betrayal, bids, commitment, conflict, deliberation,
    disclosure, dissolution, habit, intimacy, mood, perception, repair, response, stress, trust,
    wellbeing,
};
use crate::simd::vector::{Mask, Vector};

/// Simulates one step of every couple of a vector and returns who left at its end.
///
/// The equations and their numbers are those of docs/model.md.
#[inline(always)]
pub fn step<L: Vector, W: Observer<L>>(
    couple: &mut Couple<L>,
    draws: &Draws<'_, L>,
    rules: &Rules,
    observer: &mut W,
) -> Departure<L> {
    let mut departure = [Departure::none()];
    let (couple, observer) = (std::slice::from_mut(couple), std::slice::from_mut(observer));
    step_interleaved(
        couple,
        std::slice::from_ref(draws),
        rules,
        observer,
        &mut departure,
    );
    departure[0]
}

/// Simulates one step of the couples of several vectors, each as [`step`] does.
///
/// Two vectors at a time go through each phase one after the other: a processor then works on one
/// while it waits for results of the other.
///
/// # Panics
/// If `draws`, `observers` or `departures` are fewer than the vectors.
#[inline(always)]
pub(crate) fn step_interleaved<L: Vector, W: Observer<L>>(
    couples: &mut [Couple<L>],
    draws: &[Draws<'_, L>],
    rules: &Rules,
    observers: &mut [W],
    departures: &mut [Departure<L>],
) {
    let mut first = 0;
    while first < couples.len() {
        let pair = first..(first + 2).min(couples.len());
        first = pair.end;
        step_pair(
            &mut couples[pair.clone()],
            &draws[pair.clone()],
            rules,
            &mut observers[pair.clone()],
            &mut departures[pair],
        );
    }
}

/// Simulates one step of the couples of one or two vectors.
#[inline(always)]
fn step_pair<L: Vector, W: Observer<L>>(
    couples: &mut [Couple<L>],
    draws: &[Draws<'_, L>],
    rules: &Rules,
    observers: &mut [W],
    departures: &mut [Departure<L>],
) {
    let vectors = couples.len();
    for couple in &mut *couples {
        for partner in &mut couple.partners {
            mood::reset_if_disabled(&mut partner.state, rules);
            betrayal::reset_if_disabled(&mut partner.state, rules);
        }
    }
    let constants = constants(couples, rules);
    for moment in 0..rules.clock.moments as usize {
        for k in 0..vectors {
            let (couple, constants) = (&mut couples[k], &constants[k]);
            let observer = &mut observers[k];
            decay_moods(couple, 1, rules);
            bid_phase(couple, constants, &draws[k], moment, rules, observer);
            decay_moods(couple, 2, rules);
        }
        for k in 0..vectors {
            let (couple, constants) = (&mut couples[k], &constants[k]);
            let observer = &mut observers[k];
            if rules.mechanisms.conflict {
                conflict_phase(couple, constants, &draws[k], moment, rules, observer);
            }
            decay_moods(couple, 1, rules);
        }
    }
    for k in 0..vectors {
        departures[k] = end_of_step(&mut couples[k], &draws[k], rules, &mut observers[k]);
    }
}

/// The constants of the step for both partners, of one or two vectors.
#[inline(always)]
fn constants<L: Vector>(couples: &[Couple<L>], rules: &Rules) -> [[StepConstants<L>; 2]; 2] {
    let [a, b] = &couples[0].partners;
    let first = [StepConstants::of(a, rules), StepConstants::of(b, rules)];
    let mut both = [first; 2];
    if let Some(couple) = couples.get(1) {
        let [a, b] = &couple.partners;
        both[1] = [StepConstants::of(a, rules), StepConstants::of(b, rules)];
    }
    both
}

impl<L: Vector> StepConstants<L> {
    /// Computes the constants at the start of a step; each mechanism gives its own.
    #[inline(always)]
    pub(crate) fn of(partner: &Partner<L>, rules: &Rules) -> StepConstants<L> {
        let expectation_weight = perception::expectation_weight(&partner.state, rules);
        StepConstants {
            unhurt: partner.state.hurt.one_minus(),
            bid_rate: bids::bid_rate(&partner.state, rules),
            bid_anxiety_gain: bids::bid_anxiety_gain(&partner.state, rules),
            disclosure_gain: disclosure::disclosure_gain(partner, rules),
            hyperactivation: disclosure::hyperactivation(&partner.state, rules),
            own_responsiveness: response::own_responsiveness(partner, rules),
            care_weight: response::care_weight(&partner.state, rules),
            complacency_slope: response::complacency_slope(&partner.traits, rules),
            impatience: partner.traits.patience.one_minus(),
            misunderstanding_gain: response::misunderstanding_gain(&partner.traits),
            response_sd: response::response_sd(&partner.traits, rules),
            always_available: response::always_available(&partner.traits, rules),
            expectation_weight,
            response_weight: expectation_weight.one_minus(),
            bias_gain: perception::bias_gain(&partner.state, rules),
            repair_prob0: repair::repair_prob0(&partner.state, rules),
            loss_gain: trust::loss_gain(&partner.traits, rules),
            intimacy_rate: intimacy::intimacy_rate(&partner.state, rules),
        }
    }
}

#[inline(always)]
fn decay_moods<L: Vector>(couple: &mut Couple<L>, quarters: u32, rules: &Rules) {
    for partner in &mut couple.partners {
        mood::decay(&mut partner.state, quarters, rules);
    }
}

#[inline(always)]
fn derive<'s, L: Vector>(
    couple: &Couple<L>,
    constants: &'s [StepConstants<L>; 2],
    rules: &Rules,
) -> [Derived<'s, L>; 2] {
    let [a, b] = &couple.partners;
    [
        Derived::of(&a.state, &constants[0], rules),
        Derived::of(&b.state, &constants[1], rules),
    ]
}

#[inline(always)]
fn bid_phase<L: Vector, W: Observer<L>>(
    couple: &mut Couple<L>,
    constants: &[StepConstants<L>; 2],
    draws: &Draws<'_, L>,
    moment: usize,
    rules: &Rules,
    observer: &mut W,
) {
    let derived = derive(couple, constants, rules);
    let (a, b) = (draws.bid(moment, 0), draws.bid(moment, 1));
    let occurrences: [Occurrence<L>; 2] = [
        bids::draw(couple.contact, &couple.partners[0], &derived[0], &a, rules),
        bids::draw(couple.contact, &couple.partners[1], &derived[1], &b, rules),
    ];
    for (partner, occurrence) in couple.partners.iter_mut().zip(&occurrences) {
        bids::pass_moment(&mut partner.slot, occurrence.happens, rules);
    }
    if (occurrences[0].happens | occurrences[1].happens).none() {
        return;
    }
    phase(
        couple,
        &derived,
        &occurrences,
        EpisodeKind::Bid,
        [&a.episode(), &b.episode()],
        None,
        rules,
        observer,
    );
}

#[inline(always)]
fn conflict_phase<L: Vector, W: Observer<L>>(
    couple: &mut Couple<L>,
    constants: &[StepConstants<L>; 2],
    draws: &Draws<'_, L>,
    moment: usize,
    rules: &Rules,
    observer: &mut W,
) {
    let derived = derive(couple, constants, rules);
    let drawn = draws.conflict(moment);
    let occurrence = conflict::draw(couple, &derived, &drawn, rules);
    if occurrence.happens.none() {
        return;
    }
    let [a, b] = &drawn.episodes();
    let hurtful = conflict::hurtful_acts(couple, &derived, [a, b], rules);
    phase(
        couple,
        &derived,
        &[occurrence; 2],
        EpisodeKind::Conflict,
        [a, b],
        Some(hurtful),
        rules,
        observer,
    );
}

#[inline(always)]
fn end_of_step<L: Vector, W: Observer<L>>(
    couple: &mut Couple<L>,
    draws: &Draws<'_, L>,
    rules: &Rules,
    observer: &mut W,
) -> Departure<L> {
    let ends = [draws.end(0), draws.end(1)];
    let [a, b] = &mut couple.partners;
    let acts = [
        betrayal::draw(&b.state, &ends[0], rules),
        betrayal::draw(&a.state, &ends[1], rules),
    ];
    let shared = draws.shared_stress();
    observer.on_stress(0, end_of_step_alone(a, acts[0], &ends[0], &shared, rules));
    observer.on_stress(1, end_of_step_alone(b, acts[1], &ends[1], &shared, rules));
    observer.on_betrayal(0, acts[0].0);
    observer.on_betrayal(1, acts[1].0);
    let [a, b] = [
        dissolution::draw(&mut a.state, &ends[0], rules),
        dissolution::draw(&mut b.state, &ends[1], rules),
    ];
    Departure {
        leaves: [a.leaves, b.leaves],
        outside: [a.outside, b.outside],
    }
}

/// Ends a step for one partner, who was betrayed or not; returns where a stressful event happened.
#[inline(always)]
fn end_of_step_alone<L: Vector>(
    partner: &mut Partner<L>,
    (betrayed, deceived): (L::Mask, L::Mask),
    draws: &EndDraws<L>,
    shared: &SharedStressDraws<L>,
    rules: &Rules,
) -> L::Mask {
    let state = &mut partner.state;
    let stressed = stress::update(state, draws, Some(shared), rules);
    if !betrayed.none() {
        betrayal::apply(state, betrayed, deceived, rules);
    }
    intimacy::decay(state, rules);
    betrayal::decay_hurt(state, rules);
    trust::fade(state, rules);
    accustoming::update(state, rules);
    habit::decay(partner, rules);
    autonomy::update(&mut partner.state, rules);
    attachment::update(partner, rules);
    commitment::update_alternatives(partner, draws, rules);
    commitment::decay_investment(&mut partner.state, rules);
    commitment::update(partner, rules);
    deliberation::update(&mut partner.state, rules);
    wellbeing::update(partner, rules);
    flush_small(&mut partner.state);
    stressed
}

/// Sets states below 10⁻⁶ to 0 (Eq. 46).
///
/// States that fall by a factor each step would otherwise reach subnormal numbers, with which
/// every processor is slow.
#[inline(always)]
pub(crate) fn flush_small<L: Vector>(state: &mut State<L>) {
    let floor = L::splat(1e-6);
    // Only the mood and the habit have a sign.
    let (mood, habit) = (state.mood, state.habit);
    let lasting = [
        state.uncertainty,
        state.intimacy,
        state.autonomy,
        state.anxiety,
        state.avoidance,
        state.commitment,
        state.wellbeing,
        state.investment,
        state.strain,
        state.accustomed,
    ];
    let mut lowest = state.trust;
    for number in lasting {
        lowest = lowest.min(number);
    }
    if lowest.lt(floor).none() {
        // Nearly always only these are near 0.
        for number in [
            &mut state.hurt,
            &mut state.scar,
            &mut state.stress,
            &mut state.alternatives,
            &mut state.deliberation,
        ] {
            *number = number.masked(number.ge(floor));
        }
    } else {
        for number in state.fields_mut() {
            *number = number.masked(number.ge(floor));
        }
    }
    state.mood = mood.masked(mood.abs().ge(floor));
    state.habit = habit.masked(habit.abs().ge(floor));
}

/// Computes one partner's episode without applying it.
#[expect(
    clippy::too_many_arguments,
    reason = "what an episode depends on besides the couple"
)]
#[inline(always)]
fn play<L: Vector>(
    couple: &Couple<L>,
    derived: &[Derived<'_, L>; 2],
    discloser: usize,
    occurrence: &Occurrence<L>,
    kind: EpisodeKind,
    draws: &EpisodeDraws<L>,
    hurtful: Option<L>,
    rules: &Rules,
) -> Episode<L> {
    let responder = 1 - discloser;
    let (i, j) = (&couple.partners[discloser], &couple.partners[responder]);
    let stakes = occurrence.stakes;
    let depth = disclosure::depth(i, &derived[discloser], draws, rules);
    let response = response::response(j, &derived[responder], stakes, kind, draws, rules);
    let seen = perception::perceived(i, &derived[discloser], stakes, response, hurtful, rules);
    let (perceived, repaired) =
        repair::repaired(seen, &derived[discloser], &derived[responder], draws, rules);
    Episode {
        happens: occurrence.happens,
        stakes,
        depth,
        response,
        perceived,
        shortfall: (i.state.trust - perceived).max_zero(),
        hurtful: match hurtful {
            Some(act) => act,
            None => L::splat(0.0),
        },
        repaired,
    }
}

/// Computes both partners' episodes of a phase and applies them together; `hurtful` are the acts of
/// partners A and B in a conflict.
#[expect(
    clippy::too_many_arguments,
    reason = "everything that both kinds of phase share"
)]
#[inline(always)]
fn phase<L: Vector, W: Observer<L>>(
    couple: &mut Couple<L>,
    derived: &[Derived<'_, L>; 2],
    occurrences: &[Occurrence<L>; 2],
    kind: EpisodeKind,
    draws: [&EpisodeDraws<L>; 2],
    hurtful: Option<[L; 2]>,
    rules: &Rules,
    observer: &mut W,
) {
    // No closures: they would not be compiled for the vector's instructions.
    let by = match hurtful {
        Some([by_a, by_b]) => [Some(by_b), Some(by_a)],
        None => [None, None],
    };
    let [of_a, of_b] = occurrences;
    let episodes = [
        play(couple, derived, 0, of_a, kind, draws[0], by[0], rules),
        play(couple, derived, 1, of_b, kind, draws[1], by[1], rules),
    ];
    for (who, episode) in episodes.iter().enumerate() {
        observer.on_episode(kind, who, episode);
    }
    intimacy::update(couple, derived, &episodes, rules);
    let [a, b] = &mut couple.partners;
    take_in(a, &derived[0], &episodes[0], rules);
    take_in(b, &derived[1], &episodes[1], rules);
}

/// Applies an episode to its discloser, except for intimacy.
#[inline(always)]
fn take_in<L: Vector>(
    discloser: &mut Partner<L>,
    derived: &Derived<'_, L>,
    episode: &Episode<L>,
    rules: &Rules,
) {
    let surprise = trust::surprise(discloser, derived, episode, rules);
    mood::update(&mut discloser.state, &surprise, episode, rules);
    trust::learn(&mut discloser.state, &surprise, episode, rules);
    stress::relieve(&mut discloser.state, episode, rules);
    habit::learn(discloser, episode, rules);
    commitment::invest(&mut discloser.state, episode, rules);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::exp2;
    use crate::model::purposes::pairs_per_step;
    use crate::model::test_support::{ALWAYS, NEVER, assert_close, assert_within, rules, rules_at};
    use crate::model::{Clock, Mechanisms, Tally};
    use crate::rng::PAIR_WORDS;

    /// The default couple, in whom both partners have met an alternative.
    fn tempted() -> Couple<f64> {
        let mut couple = Couple::default();
        for partner in &mut couple.partners {
            partner.state.alternatives = 0.3;
        }
        couple
    }

    /// One step of that couple with the same word for every draw.
    fn simulated(word: u64, rules: &Rules) -> (Couple<f64>, Tally<f64>, [bool; 2]) {
        let (mut couple, mut tally) = (tempted(), Tally::new(rules));
        let words = vec![word; PAIR_WORDS * pairs_per_step(rules.clock.moments)];
        let departure = step(&mut couple, &Draws::new(&words), rules, &mut tally);
        (couple, tally, departure.leaves)
    }

    #[test]
    fn every_moment_has_a_bid_phase_and_a_conflict_phase() {
        let rules = rules_at(
            Clock {
                step_days: 1.0,
                moments: 3,
            },
            |_, _| {},
        );
        let (_, tally, _) = simulated(ALWAYS, &rules);
        assert_eq!(tally.persons.map(|person| person.bids), [3.0, 3.0]);
        assert_eq!(tally.conflicts, 3.0);
        assert_eq!(
            tally.persons[0].responsive + tally.persons[0].unresponsive,
            6.0
        );
        assert_eq!(tally.persons.map(|person| person.betrayals), [1.0, 1.0]);
        assert_eq!(tally.persons.map(|person| person.stress_events), [1.0, 1.0]);
    }

    #[test]
    fn without_conflict_there_are_only_bids() {
        let (_, tally, _) = simulated(ALWAYS, &rules(|_, m| m.conflict = false));
        assert_eq!((tally.conflicts, tally.persons[0].bids), (0.0, 2.0));
    }

    #[test]
    fn both_partners_can_leave_in_the_same_step() {
        let eager = rules(|p, _| p.outside_rate = 0.9);
        assert_eq!(simulated(ALWAYS, &eager).2, [true, true]);
        assert_eq!(simulated(NEVER, &eager).2, [false, false]);
    }

    #[test]
    fn a_day_without_events_only_decays_states() {
        let (after, tally, _) = simulated(
            NEVER,
            &rules(|_, m| (m.contact, m.sharing) = (false, false)),
        );
        let state = after.partners[0].state;
        assert_eq!((tally.conflicts, tally.persons[0].bids), (0.0, 0.0));
        assert_close(state.trust, 0.78);
        assert_within(state.uncertainty, 1.0 - 0.65 * exp2(-1e-3), 1e-15);
        assert_within(state.intimacy, 0.3 * exp2(-1.0 / 200.0), 1e-15);
        let level = 0.4 * 0.66;
        assert_within(
            state.stress,
            level + (0.2 - level) * exp2(-1.0 / 3.0),
            1e-15,
        );
        assert_within(state.alternatives, 0.3 * exp2(-1.0 / 120.0), 1e-15);
        assert_close(state.investment, 0.0);
        assert_close(state.strain, 0.66);
    }

    #[test]
    fn a_mood_fades_by_its_half_life_over_a_day_of_any_moments() {
        for moments in [1, 2, 5] {
            let clock = Clock {
                step_days: 1.0,
                moments,
            };
            let rules = rules_at(clock, |_, m| (m.contact, m.conflict) = (false, false));
            let mut couple = Couple::<f64>::default();
            couple.partners[0].state.mood = 0.8;
            let words = vec![NEVER; PAIR_WORDS * pairs_per_step(moments)];
            let _ = step(&mut couple, &Draws::new(&words), &rules, &mut ());
            assert_within(couple.partners[0].state.mood, 0.2, 1e-12);
        }
    }

    #[test]
    fn states_near_0_are_set_to_0() {
        let mut state = Couple::<f64>::default().partners[0].state;
        (state.hurt, state.mood, state.stress, state.trust) = (9e-7, -9e-7, 1e-6, 5e-324);
        state.habit = -0.25;
        flush_small(&mut state);
        assert_close(state.habit, -0.25);
        assert_eq!((state.hurt, state.mood, state.trust), (0.0, 0.0, 0.0));
        assert_close(state.stress, 1e-6);
        assert!(state.mood.is_sign_positive());
    }

    #[test]
    fn every_state_near_0_is_set_to_0_whatever_the_others_are() {
        let mut initial = Couple::<f64>::default().partners[0].state;
        (initial.investment, initial.accustomed) = (0.5, 0.5);
        for index in 0..initial.fields().len() {
            for (number, left) in [(9e-7, 0.0), (1e-6, 1e-6)] {
                let mut state = initial;
                *state.fields_mut()[index] = number;
                let mut expected = state.fields().map(|number| *number);
                expected[index] = left;
                flush_small(&mut state);
                assert_eq!(state.fields().map(|number| *number), expected, "{index}");
            }
        }
    }

    #[test]
    fn with_everything_off_a_step_moves_nothing() {
        let rules = rules(|_, m| *m = Mechanisms::none());
        assert_eq!(simulated(ALWAYS, &rules).0, tempted());
    }
}
