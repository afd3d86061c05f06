//! A second implementation of a step and of childhood, from docs/model.md, one couple or child at a
//! time and without regard to speed. It shares the names of parameters and states with the code, and
//! no equation.

use crate::childhood::{UPBRINGING, Upbringing, families};
use crate::math::functions::normal_quantile;
use crate::model::parameters::{MECHANISMS, PARAMETERS};
use crate::model::purposes::{Draws, LifeDraws, pairs_per_step};
use crate::model::strain::week;
use crate::model::{
    Clock, Couple, IntimacyTarget, Mechanisms, Parameters, Rules, State, Traits, step,
};
use crate::rng::{Key, PAIR_WORDS, StreamKind};
use crate::simd::backend::Backend;
use rand::Rng;
use std::array::from_fn;

/// Eq. 1, of some bits of a word.
fn uniform(n: u64, from: u32, bits: u32) -> f64 {
    let cells = 2_u64.pow(bits);
    ((n / 2_u64.pow(from) % cells) as f64 + 0.5) / cells as f64
}
/// Eq. 2.
fn noise(n: u64, from: u32) -> f64 {
    6.0_f64.sqrt() * (uniform(n, from, 8) + uniform(n, from + 8, 8) - 1.0)
}
fn clip(x: f64) -> f64 {
    x.clamp(0.0, 1.0)
}
fn given(condition: bool) -> f64 {
    if condition { 1.0 } else { 0.0 }
}

/// The partners at the start of a phase.
struct Phase<'a> {
    p: &'a Parameters,
    on: &'a Mechanisms,
    /// Habits at the start of the step.
    habit: [f64; 2],
    traits: [Traits<f64>; 2],
    state: [State<f64>; 2],
}

/// One episode, by its discloser.
struct SpecifiedEpisode {
    happens: bool,
    q: f64,
    d: f64,
    rho: f64,
    seen: f64,
}

impl Phase<'_> {
    /// Eq. 3.
    fn felt_security(&self, i: usize) -> f64 {
        felt_security(&self.state[i], self.p)
    }
    /// Eq. 4.
    fn care(&self, i: usize) -> f64 {
        let s = &self.state[i];
        0.5 * (s.trust + s.intimacy) * (1.0 - s.hurt)
    }
    /// Eq. 5.
    fn complacency(&self, i: usize) -> f64 {
        given(self.on.complacency) * (1.0 - self.state[i].intimacy) * self.felt_security(i)
    }
    /// Eq. 14.
    fn base(&self, i: usize) -> f64 {
        let own = if self.on.habit {
            clip(self.traits[i].responsiveness + self.habit[i])
        } else {
            self.traits[i].responsiveness
        };
        let given_freely = (1.0 - self.p.care_weight) * own + self.p.care_weight * self.care(i);
        given_freely * self.engaged(i)
    }
    /// The share that deliberation leaves of willingness and of disclosure.
    fn engaged(&self, i: usize) -> f64 {
        1.0 - given(self.on.deliberation) * self.p.withdrawal * self.state[i].deliberation
    }
    /// Eq. 15.
    fn exposure(&self, i: usize) -> f64 {
        1.0 - given(self.on.buffering) * self.p.buffering * self.felt_security(i)
    }

    /// Eqs 8 and 10.
    fn bid(
        &self,
        i: usize,
        contact: f64,
        moment_days: f64,
        waited: Option<u32>,
        word: u64,
    ) -> (bool, f64) {
        let (p, s, safe) = (self.p, &self.state[i], self.felt_security(i));
        let rate = p.bid_rate
            * contact
            * (p.bid_floor + (1.0 - p.bid_floor) * (1.0 - self.complacency(i)))
            * (1.0 - p.bid_avoidance * s.avoidance)
            * (1.0 + p.bid_anxiety * s.anxiety * (1.0 - safe));
        // One chance for a slot of half a day, spread evenly over its moments.
        let moments = (0.5 / moment_days + 1e-9).floor().max(1.0);
        let slot = (rate.min(p.bid_limit) * moments * moment_days).min(1.0);
        let probability = match waited {
            Some(waited) => slot / moments / (1.0 - slot / moments * f64::from(waited)),
            None => 0.0,
        };
        let rng = uniform(word, 32, 8) * uniform(word, 40, 8);
        let q = p.bid_stakes + p.bid_stakes_spread * rng + p.bid_stakes_stress * s.stress;
        (
            self.on.contact && uniform(word, 48, 16) < probability,
            q.min(1.0),
        )
    }

    /// Eqs 9 and 11.
    fn conflict(&self, contact: f64, moment_days: f64, word: u64) -> (bool, f64) {
        let p = self.p;
        let stress = self.state[0].stress + self.state[1].stress;
        let anxious = 0.5
            * (self.state[0].anxiety * (1.0 - self.felt_security(0))
                + self.state[1].anxiety * (1.0 - self.felt_security(1)));
        let [a, b] = self.traits;
        let probability = p.conflict_rate
            * contact
            * 0.5
            * (a.irritability + b.irritability)
            * moment_days
            * (1.0 + p.conflict_stress * stress)
            * (1.0 + p.conflict_anxiety * anxious);
        let probability = probability.min(p.conflict_limit * moment_days);
        let q = p.conflict_stakes + p.conflict_stakes_spread * uniform(word, 0, 10);
        (
            self.on.conflict && uniform(word, 10, 22) < probability,
            q.min(1.0),
        )
    }

    /// Eq. 17: the acts of both partners, from the noise of their answers.
    fn hurtful(&self, tones: [f64; 2]) -> [f64; 2] {
        let (p, on) = (self.p, self.on);
        let patient = |j: usize| 1.0 - self.traits[j].patience;
        let first: [f64; 2] = from_fn(|j| {
            let s = &self.state[j];
            let stirred = p.hostility * self.exposure(j) * (1.0 + p.hostility_stress * s.stress);
            let tone = given(on.noise) * p.hostility_tone * tones[j];
            patient(j) * clip(stirred - p.hostility_mood * s.mood - tone)
        });
        from_fn(|j| {
            let in_kind = p.answer_in_kind * patient(j) * first[1 - j] * (1.0 - first[j]);
            given(on.hostility) * (first[j] + given(on.reciprocation) * in_kind)
        })
    }

    /// Eqs 12–21; the draws are noise of depth and of response, availability and repair.
    fn episode(
        &self,
        i: usize,
        occasion: (bool, f64),
        conflict: Option<f64>,
        drawn: [f64; 4],
    ) -> SpecifiedEpisode {
        let hurtful = conflict.unwrap_or(0.0);
        let conflict = conflict.is_some();
        let (j, p, on, (happens, q)) = (1 - i, self.p, self.on, occasion);
        let (own, other) = (&self.state[i], &self.state[j]);
        let (mine, theirs) = (&self.traits[i], &self.traits[j]);
        let unsafe_anxiety = own.anxiety * (1.0 - self.felt_security(i));

        let invited = (1.0 - p.disclosure_safety) * own.intimacy
            + p.disclosure_safety * (self.felt_security(i) + p.hyperactivation * unsafe_anxiety);
        let d = given(on.disclosure)
            * clip(
                mine.openness
                    * (1.0 - p.disclosure_avoidance * own.avoidance)
                    * self.engaged(i)
                    * invited
                    * (1.0 + p.disclosure_noise * drawn[0]),
            );

        let m = self.base(j)
            * (1.0 - p.response_stress * other.stress * self.exposure(j))
            * (1.0 - 2.0 * p.complacency_effort * (1.0 - theirs.effort) * self.complacency(j));
        let missed = given(on.understanding) * (1.0 - theirs.understanding) * q;
        let varied = 2.0 * p.response_noise * (1.0 - theirs.consistency) * drawn[1];
        let there = conflict || !on.availability || drawn[2] < theirs.availability;
        let rho = given(there)
            * clip(m + p.response_mood * other.mood - missed + given(on.noise) * varied);

        let b = given(on.projection) * p.expectation * (1.0 - p.expectation_anxiety * own.anxiety);
        let x = p.expectation_trust * own.trust + (1.0 - p.expectation_trust) * self.base(i);
        let bias = given(on.bias)
            * (p.insecure_bias * own.anxiety + p.avoidant_bias * own.avoidance)
            * (1.0 - self.felt_security(i))
            * q;
        let felt = p.hostility_felt * hurtful;
        let mut seen = clip((1.0 - b) * rho + b * x - bias - own.scar * q - felt);

        let tried = p.repair_probability
            * (1.0 - self.complacency(j))
            * (1.0 - p.repair_avoidance * other.avoidance)
            * (1.0 - own.hurt);
        if on.repair && seen < p.repair_threshold && drawn[3] < tried {
            seen += p.repair_strength * (p.repair_target - seen);
        }
        SpecifiedEpisode {
            happens,
            q,
            d,
            rho,
            seen,
        }
    }

    /// Eqs 22–30: both partners after a phase.
    fn after(&self, episodes: &[SpecifiedEpisode; 2], target: IntimacyTarget) -> [State<f64>; 2] {
        let g = |d: f64, x: f64| match target {
            IntimacyTarget::Mean => 0.5 * (d + x),
            IntimacyTarget::Least => d.min(x),
            IntimacyTarget::Response => x,
        };
        from_fn(|i| {
            let (p, on, s, own, other) = (
                self.p,
                self.on,
                self.state[i],
                &episodes[i],
                &episodes[1 - i],
            );
            let mut new = s;
            if on.intimacy {
                let rate = p.intimacy_rate * (1.0 - p.intimacy_avoidance * s.avoidance);
                let disclosing = (rate * own.q * own.d).min(0.5) * given(own.happens);
                let heard =
                    (rate * p.listener_share * other.q * other.d).min(0.5) * given(other.happens);
                let moved = s.intimacy
                    + disclosing * (g(own.d, own.seen) - s.intimacy)
                    + heard * (g(other.d, other.rho) - s.intimacy);
                new.intimacy = moved.min(1.0);
            }
            if !own.happens {
                return new;
            }
            let delta = own.seen - s.trust;
            let heavier =
                (p.loss_weight - 1.0) * (1.0 - self.traits[i].patience) * self.exposure(i);
            let weight = 1.0 + given(on.asymmetry && delta < 0.0) * heavier;
            if on.trust {
                let rate = (p.trust_rate + p.trust_rate_uncertain * s.uncertainty) * own.q * weight;
                new.trust += rate.min(1.0) * delta;
            }
            if on.uncertainty {
                new.uncertainty += p.uncertainty_rate * own.q * (delta.abs() - s.uncertainty);
            }
            if on.mood {
                let push = p.mood_gain * own.q * weight * delta * (1.0 - s.mood.abs());
                new.mood = (s.mood + push).clamp(-1.0, 1.0);
            }
            if on.relief {
                new.stress *= 1.0 - p.relief * own.q * own.seen;
            }
            if on.habit {
                let own_responsiveness = self.traits[i].responsiveness + s.habit;
                let returned = (own.seen + p.grace).min(1.0);
                new.habit += p.habit_rate * own.q * (returned - own_responsiveness);
                new.habit = new.habit.clamp(-1.0, 1.0);
            }
            if on.investment {
                let put_in = p.investment_rate * own.q * own.d;
                new.investment += put_in * (1.0 - s.investment);
            }
            new
        })
    }
}

/// Eq. 3.
fn felt_security(s: &State<f64>, p: &Parameters) -> f64 {
    (s.trust * (1.0 - p.felt_security_discount * s.uncertainty) * (1.0 - s.hurt)).max(0.0)
}

/// Eq. 6.
fn satisfaction(s: &State<f64>, p: &Parameters, on: &Mechanisms) -> f64 {
    let gain = given(on.accustoming) * p.satisfaction_gain * (s.intimacy - s.accustomed);
    let trusting = p.satisfaction_trust * s.trust * (1.0 - s.hurt);
    let strained = 1.0 - given(on.strain) * p.satisfaction_strain * s.strain;
    let leaving = 1.0 - given(on.deliberation) * p.satisfaction_deliberation * s.deliberation;
    clip(p.satisfaction_intimacy * s.intimacy + trusting + gain) * strained * leaving
}

/// Moments of the current slot without a bid, of each partner; none after a bid.
type Waited = [Option<u32>; 2];

/// Section 3 of the specification: a step of one couple, and who left at its end, for the bond or
/// for reasons outside. `at` counts the moments of a slot.
fn simulated(
    couple: &Couple<f64>,
    waited: &mut Waited,
    at: &mut u32,
    words: &[u64],
    rules: &Rules,
) -> (Couple<f64>, [[bool; 2]; 2]) {
    let (p, on) = (&rules.parameters, &rules.mechanisms);
    let moment_days = rules.clock.step_days / f64::from(rules.clock.moments);
    let mut now = *couple;
    let habit = couple.partners.map(|partner| partner.state.habit);
    let phase = |now: &Couple<f64>| Phase {
        p,
        on,
        habit,
        traits: now.partners.map(|partner| partner.traits),
        state: now.partners.map(|partner| partner.state),
    };
    let apply = |now: &mut Couple<f64>, states: [State<f64>; 2]| {
        for (partner, state) in now.partners.iter_mut().zip(states) {
            partner.state = state;
        }
    };
    for partner in &mut now.partners {
        partner.state.mood *= given(on.mood);
        partner.state.hurt *= given(on.hurt);
        partner.state.scar *= given(on.scar);
    }
    let fade = |now: &mut Couple<f64>, quarters: f64| {
        for partner in &mut now.partners {
            partner.state.mood *= 2.0_f64.powf(-0.25 * quarters * moment_days / p.mood_half_life);
        }
    };
    for moment in 0..rules.clock.moments as usize {
        fade(&mut now, 1.0);
        let words = &words[6 + 5 * moment..][..5];
        let bids = phase(&now);
        let episodes = from_fn(|i| {
            let (bid, fate, from) = (words[i], words[2], 32 * i as u32);
            let drawn = [
                noise(bid, 0),
                noise(bid, 16),
                uniform(fate, from, 16),
                uniform(fate, from + 16, 16),
            ];
            let occasion = bids.bid(i, now.contact, moment_days, waited[i], bid);
            bids.episode(i, occasion, None, drawn)
        });
        for (waited, episode) in waited.iter_mut().zip(&episodes) {
            *waited = waited
                .filter(|_| !episode.happens)
                .map(|moments| moments + 1);
        }
        *at += 1;
        if f64::from(*at) >= (0.5 / moment_days + 1e-9).floor() {
            (*at, *waited) = (0, [Some(0); 2]);
        }
        apply(&mut now, bids.after(&episodes, rules.intimacy_target));
        fade(&mut now, 2.0);
        let conflict_phase = phase(&now);
        let occasion = conflict_phase.conflict(now.contact, moment_days, words[3]);
        let acts = conflict_phase.hurtful([noise(words[4], 48), noise(words[4], 16)]);
        let episodes = from_fn(|i| {
            let who = i as u32;
            let drawn = [
                noise(words[4], 32 * who),
                noise(words[4], 32 * who + 16),
                0.0,
                uniform(words[3], 32 + 16 * who, 16),
            ];
            conflict_phase.episode(i, occasion, Some(acts[1 - i]), drawn)
        });
        apply(
            &mut now,
            conflict_phase.after(&episodes, rules.intimacy_target),
        );
        fade(&mut now, 1.0);
    }
    let betrayers = now.partners.map(|partner| partner.state.commitment);
    let (events, sizes) = (words[0] ^ words[3], words[2] ^ words[5]);
    let shared = on.sharing && uniform(sizes, 48, 16) < p.stress_shared;
    for i in 0..2 {
        let words = [words[3 * i], words[3 * i + 1], words[3 * i + 2]];
        let traits = now.partners[i].traits;
        let stress = if shared {
            [uniform(events, 0, 32), uniform(sizes, 0, 16)]
        } else {
            [uniform(words[0], 0, 32), uniform(words[2], 0, 16)]
        };
        let state = &mut now.partners[i].state;
        ended(state, &traits, stress, betrayers[1 - i], &words, rules);
    }
    let dt = rules.clock.step_days;
    let leaves = from_fn(|i| {
        let s = &mut now.partners[i].state;
        let ends = given(on.deliberation) * p.leaving_rate * dt * s.deliberation.powi(2);
        let outside = given(on.outside) * p.outside_rate * dt * (1.0 - s.investment);
        let rng = uniform(words[3 * i + 1], 0, 32);
        let leaves = on.dissolution && rng < ends;
        let reason = on.dissolution && rng >= ends && rng < ends + outside;
        if !on.deliberation {
            return [false, reason];
        }
        let explained = clip((p.deliberation_commitment - s.commitment) / p.deliberation_width);
        let for_outside = on.outside && explained < 0.5 * s.deliberation;
        if reason {
            s.deliberation = 1.0;
        }
        [leaves && !for_outside, leaves && for_outside]
    });
    (now, leaves)
}

/// Eqs 31–46 except 40 and 44: one partner at the end of a step. The draws of stress are whether
/// there is an event and its size; the words are those of stress and betrayal, of leaving and
/// meeting, and of sizes.
fn ended(
    s: &mut State<f64>,
    traits: &Traits<f64>,
    stress: [f64; 2],
    betrayer: f64,
    words: &[u64; 3],
    rules: &Rules,
) {
    let (p, on, dt) = (&rules.parameters, &rules.mechanisms, rules.clock.step_days);
    let kept = |half_life: f64| 2.0_f64.powf(-dt / half_life);
    let moved = |time: f64| 1.0 - (-dt / time).exp();
    if on.stress {
        let half = kept(2.0 * p.stress_half_life);
        let level = given(on.strain) * p.strain_stress * s.strain;
        s.stress = level + (s.stress - level) * half;
        if stress[0] < p.stress_event_rate * dt {
            s.stress += p.stress_event_size * stress[1] * (1.0 - s.stress);
        }
        s.stress = level + (s.stress - level) * half;
    }
    let missing = (p.betrayal_commitment - betrayer).max(0.0);
    let probability = p.betrayal_rate * dt * (1.0 + p.betrayal_uncommitted * missing);
    if on.betrayal && uniform(words[0], 32, 32) < probability {
        s.trust *= 1.0 - p.betrayal_trust;
        s.uncertainty += p.betrayal_uncertainty * (1.0 - s.uncertainty);
        s.hurt += given(on.hurt) * p.betrayal_hurt * (1.0 - s.hurt);
        s.mood = if on.mood { -p.betrayal_mood } else { s.mood };
        s.scar +=
            given(on.scar && uniform(words[2], 32, 16) < p.deception) * p.scar * (1.0 - s.scar);
    }
    s.intimacy *= if on.intimacy {
        kept(p.intimacy_half_life)
    } else {
        1.0
    };
    s.hurt *= if on.hurt { kept(p.hurt_half_life) } else { 1.0 };
    if on.uncertainty {
        s.uncertainty = 1.0 - (1.0 - s.uncertainty) * kept(p.uncertainty_half_life);
    }
    if on.accustoming {
        s.accustomed += moved(p.accustoming_time) * (s.intimacy - s.accustomed);
    }
    s.habit *= if on.habit {
        kept(p.habit_half_life)
    } else {
        1.0
    };
    let safe = felt_security(s, p);
    if on.autonomy {
        let cost = p.closeness_cost + p.closeness_anxiety * s.anxiety;
        let freed = p.autonomy_base + (1.0 - p.autonomy_base) * safe;
        let target = clip(freed * (1.0 - s.intimacy * (1.0 - safe) * cost));
        s.autonomy += moved(p.autonomy_time) * (target - s.autonomy);
    }
    let back = given(on.prototype) * p.prototype_weight * p.prototype_rate;
    let pull = p.revision_rate + back;
    if on.attachment && pull > 0.0 {
        let pulled = 1.0 - (-pull * dt).exp();
        let revised = |x: f64, experience: f64, prototype: f64| {
            let toward = p.revision_rate * (experience - x) + back * (prototype - x);
            x + pulled / pull * toward
        };
        s.avoidance = revised(s.avoidance, 1.0 - safe, traits.avoidance);
        s.anxiety = revised(s.anxiety, 1.0 - s.autonomy, traits.anxiety);
    }
    if on.alternatives {
        let best = p.alternative_base + (1.0 - p.alternative_base) * traits.mate_value;
        let meets = given(uniform(words[1], 32, 32) < dt / p.alternative_interval);
        let quality = meets * uniform(words[2], 16, 16) * best;
        s.alternatives = s.alternatives.max(quality) * kept(p.alternative_half_life);
    }
    s.investment *= if on.investment {
        kept(p.investment_half_life)
    } else {
        1.0
    };
    if on.commitment {
        let poor = 1.0 - s.alternatives * (1.0 - p.derogation * s.commitment);
        let target = p.commitment_satisfaction * satisfaction(s, p, on)
            + p.commitment_investment * s.investment
            + p.commitment_alternatives * poor;
        s.commitment += moved(p.commitment_time) * (clip(target) - s.commitment);
    }
    if on.deliberation {
        let target = clip((p.deliberation_commitment - s.commitment) / p.deliberation_width);
        s.deliberation += moved(p.deliberation_time) * (target - s.deliberation);
    }
    if on.wellbeing {
        let target = p.wellbeing_base
            + traits.set_point
            + p.wellbeing_satisfaction * satisfaction(s, p, on)
            + p.wellbeing_autonomy * s.autonomy
            + p.wellbeing_ease * (1.0 - s.stress)
            - given(on.strain) * p.wellbeing_strain * s.strain;
        s.wellbeing += moved(p.wellbeing_time) * (clip(target) - s.wellbeing);
    }
    for x in s.fields_mut() {
        *x *= given(x.abs() >= 1e-6);
    }
}

/// Rules and a couple with numbers from all of their ranges.
fn some(rng: &mut impl Rng) -> (Rules, Couple<f64>) {
    let mut between = |low: f64, high: f64| low + uniform(rng.next_u64(), 0, 32) * (high - low);
    let mut parameters = Parameters::default();
    for line in PARAMETERS {
        let high = line.high.min(line.default.mul_add(3.0, 0.5).max(line.low));
        *parameters.get_mut(line.key).expect("a key of the table") = between(line.low, high);
    }
    let mut mechanisms = Mechanisms::default();
    for switch in MECHANISMS {
        *mechanisms.get_mut(switch.key).expect("a key of the table") = between(0.0, 1.0) < 0.85;
    }
    let targets = [
        IntimacyTarget::Mean,
        IntimacyTarget::Least,
        IntimacyTarget::Response,
    ];
    let target = targets[between(0.0, 3.0) as usize];
    let step_days = [1.0, 0.5, 0.25][between(0.0, 3.0) as usize];
    let clock = Clock {
        step_days,
        moments: between(1.0, 5.0) as u32,
    };
    let mut couple = Couple::<f64> {
        contact: between(0.0, 3.0),
        ..Couple::default()
    };
    for partner in &mut couple.partners {
        for x in partner
            .traits
            .fields_mut()
            .into_iter()
            .chain(partner.state.fields_mut())
        {
            *x = between(0.0, 1.0);
        }
        partner.state.mood = between(-1.0, 1.0);
        partner.state.habit = between(-1.0, 1.0);
        partner.traits.set_point = between(-0.5, 0.5);
        partner.state.scar *= between(0.0, 0.3);
    }
    (Rules::new(parameters, mechanisms, target, clock), couple)
}

#[test]
fn a_step_is_what_the_specification_says() {
    let mut departures = [0; 2];
    for case in 0..2_000 {
        let mut rng = Key::new(1, 0, 0, StreamKind::Study).stream(case, 0);
        let (rules, mut couple) = some(&mut rng);
        let mut other = couple;
        let (mut waited, mut at) = ([Some(0); 2], 0);
        for day in 0..20 {
            let count = pairs_per_step(rules.clock.moments) * PAIR_WORDS;
            let words: Vec<u64> = (0..count).map(|_| rng.next_u64()).collect();
            let found = step(&mut couple, &Draws::new(&words), &rules, &mut ());
            let (expected, leaves) = simulated(&other, &mut waited, &mut at, &words, &rules);
            other = expected;
            assert_eq!(found.leaves, leaves.map(|[bond, outside]| bond || outside));
            assert_eq!(found.outside, leaves.map(|[_, outside]| outside));
            for (count, reason) in departures.iter_mut().zip([0, 1]) {
                *count += leaves.iter().filter(|leaves| leaves[reason]).count();
            }
            let pairs = couple.partners.iter().zip(&other.partners);
            for (x, y) in
                pairs.flat_map(|(x, y)| x.state.fields().into_iter().zip(y.state.fields()))
            {
                assert!(
                    (x - y).abs() < 1e-9,
                    "case {case}, step {day}: {couple:?} {other:?}"
                );
            }
        }
    }
    assert!(
        departures.iter().all(|count| *count > 100),
        "{departures:?} departures are too few to be a test"
    );
}

/// Eq. 40: a couple after a week's life events.
fn after_a_week(couple: &Couple<f64>, words: &[u64], rules: &Rules) -> Couple<f64> {
    let (p, on) = (&rules.parameters, &rules.mechanisms);
    let mut now = *couple;
    if !on.strain {
        return now;
    }
    let part = given(on.sharing) * p.life_events_shared;
    let weekly = p.life_event_rate * 7.0 / 365.25;
    let both = uniform(words[1], 0, 32) < weekly * part;
    for (i, partner) in now.partners.iter_mut().enumerate() {
        let (s, drawn) = (&mut partner.state, words[2 + i]);
        s.strain *= 2.0_f64.powf(-7.0 / p.strain_half_life);
        let own = uniform(words[0], 32 * i as u32, 32) < weekly * (1.0 - part);
        for (happens, size) in [
            (own, uniform(drawn, 0, 16)),
            (both, uniform(words[1], 32, 16)),
        ] {
            s.strain += given(happens) * p.life_event_size * size * (1.0 - s.strain);
        }
        if (own || both) && on.attachment {
            let moved =
                |x: f64, tau: f64| clip(x + 4.0 * x * (1.0 - x) * p.life_event_attachment * tau);
            s.anxiety = moved(s.anxiety, noise(drawn, 16));
            s.avoidance = moved(s.avoidance, noise(drawn, 32));
        }
    }
    now
}

#[test]
fn a_week_is_what_the_specification_says() {
    let mut events = 0;
    for case in 0..5_000 {
        let mut rng = Key::new(3, 0, 0, StreamKind::Study).stream(case, 0);
        let (rules, couple) = some(&mut rng);
        let words: [u64; 4] = from_fn(|_| rng.next_u64());
        let mut found = couple;
        week(&mut found, &LifeDraws::new(&words), &rules);
        let expected = after_a_week(&couple, &words, &rules);
        events +=
            usize::from(expected.partners[0].state.anxiety != couple.partners[0].state.anxiety);
        for (x, y) in found.numbers().zip(expected.numbers()) {
            assert!((x - y).abs() < 1e-12, "case {case}: {found:?} {expected:?}");
        }
    }
    assert!(events > 100, "{events} events are too few to be a test");
}

/// The score of two words (section 8).
fn score(low: u32, high: u32) -> f64 {
    let bits = (u64::from(high) * 4_294_967_296 + u64::from(low)) / 4_096;
    normal_quantile((bits as f64 + 0.5) / 4_503_599_627_370_496.0)
}

/// A child.
#[derive(Clone, Copy, Debug)]
struct Grown {
    trust: f64,
    uncertainty: f64,
    stress: f64,
    autonomy: f64,
    anxiety: f64,
    avoidance: f64,
}

impl Grown {
    /// Eq. 3, of one who is not hurt.
    fn felt_security(&self, rules: &Rules) -> f64 {
        let discount = rules.parameters.felt_security_discount;
        (self.trust * (1.0 - discount * self.uncertainty)).max(0.0)
    }

    /// Eq. 49.
    fn targets(&self, u: &Upbringing, year: [f64; 2]) -> [f64; 2] {
        let hope = (1.0 - u.hope * self.uncertainty).max(0.0);
        [
            clip(
                u.temperament_anxiety
                    + year[0]
                    + u.vigilance * self.uncertainty
                    + u.self_doubt * (1.0 - self.autonomy),
            ),
            clip(u.temperament_avoidance + year[1] + u.deactivation * (1.0 - self.trust) * hope),
        ]
    }

    /// Eqs 47, 48, 13, 16, 19, 22–25 and 29.
    fn need(&mut self, u: &Upbringing, rules: &Rules, words: &[u64]) {
        let (p, on, safe) = (
            &rules.parameters,
            &rules.mechanisms,
            self.felt_security(rules),
        );
        let probability = u.need_rate / 3.0
            * (1.0 - p.bid_avoidance * self.avoidance)
            * (1.0 + p.bid_anxiety * self.anxiety * (1.0 - safe));
        if uniform(words[0], 48, 16) >= probability.min(1.0) {
            return;
        }
        let rng = p.bid_stakes_spread * uniform(words[0], 32, 8) * uniform(words[0], 40, 8);
        let q = (u.need_stakes + rng + p.bid_stakes_stress * self.stress).min(1.0);
        let m = u.sensitivity * (1.0 - (p.response_stress * u.stress).min(1.0));
        let varied = 2.0 * p.response_noise * (1.0 - u.consistency) * noise(words[0], 16);
        let there = !on.availability || uniform(words[1], 0, 16) < u.availability;
        let rho = given(there) * clip(m + given(on.noise) * varied);
        let insecure = p.insecure_bias * self.anxiety + p.avoidant_bias * self.avoidance;
        let bias = given(on.bias) * insecure * (1.0 - safe) * q;
        let seen = clip(rho - bias);
        let delta = seen - self.trust;
        let exposed = 1.0 - given(on.buffering) * p.buffering * safe;
        let weight = 1.0 + given(on.asymmetry && delta < 0.0) * (p.loss_weight - 1.0) * exposed;
        let rate = (p.trust_rate + p.trust_rate_uncertain * self.uncertainty) * q * weight;
        self.trust += given(on.trust) * rate.min(1.0) * delta;
        self.uncertainty +=
            given(on.uncertainty) * p.uncertainty_rate * q * (delta.abs() - self.uncertainty);
        self.stress *= 1.0 - given(on.relief) * p.relief * q * seen;
    }

    /// Eqs 31, 32, 37, 38 and 46.
    fn night(&mut self, rules: &Rules, words: &[u64]) {
        let (p, on) = (&rules.parameters, &rules.mechanisms);
        if on.stress {
            let half = 2.0_f64.powf(-0.5 / p.stress_half_life);
            self.stress *= half;
            if uniform(words[6], 0, 32) < p.stress_event_rate {
                self.stress += p.stress_event_size * uniform(words[7], 0, 16) * (1.0 - self.stress);
            }
            self.stress *= half;
        }
        if on.autonomy {
            let target =
                clip(p.autonomy_base + (1.0 - p.autonomy_base) * self.felt_security(rules));
            self.autonomy += (1.0 - (-1.0 / p.autonomy_time).exp()) * (target - self.autonomy);
        }
        for x in [
            &mut self.trust,
            &mut self.uncertainty,
            &mut self.stress,
            &mut self.autonomy,
            &mut self.anxiety,
            &mut self.avoidance,
        ] {
            *x *= given(*x >= 1e-6);
        }
    }
}

/// Section 7.7, from the first day to the last.
fn grown(key: &Key, couple: u64, u: &Upbringing, rules: &Rules) -> Grown {
    let initial = State::<f64>::default();
    let mut child = Grown {
        trust: 0.5,
        uncertainty: initial.uncertainty,
        stress: initial.stress,
        autonomy: initial.autonomy,
        anxiety: 0.0,
        avoidance: 0.0,
    };
    [child.anxiety, child.avoidance] = child.targets(u, [0.0; 2]);
    let moved = 1.0 - (-1.0 / u.formation).exp();
    let mut year = [0.0; 2];
    for day in 0..(365.0 * u.duration_years).round() as u64 {
        if day % 365 == 0 {
            let words = key.block(couple, 549_755_813_888 + day / 365);
            year = [score(words[0], words[1]), score(words[2], words[3])]
                .map(|z| u.yearly_shock_sd * z);
        }
        let pair = key.pair(couple, day / 2);
        let words = &pair[8 * (day as usize % 2)..][..8];
        for moment in 0..3 {
            child.need(u, rules, &words[2 * moment..]);
        }
        child.night(rules, words);
        let [anxiety, avoidance] = child.targets(u, year);
        child.anxiety += moved * (anxiety - child.anxiety);
        child.avoidance += moved * (avoidance - child.avoidance);
    }
    child
}

#[test]
fn a_childhood_is_what_the_specification_says() {
    let key = Key::new(4, 0, 0, StreamKind::Childhood);
    let mut met = 0;
    for case in 0..60 {
        let mut rng = Key::new(2, 0, 0, StreamKind::Study).stream(case, 0);
        let (rules, _) = some(&mut rng);
        let mut upbringing = Upbringing::default();
        for (line, place) in UPBRINGING.iter().zip(upbringing.fields_mut()) {
            *place = line.low + uniform(rng.next_u64(), 0, 32) * (line.high - line.low);
        }
        upbringing.duration_years = 0.25 + 1.5 * uniform(rng.next_u64(), 0, 32);
        let caregiver = Traits::<f64> {
            responsiveness: upbringing.sensitivity,
            consistency: upbringing.consistency,
            availability: upbringing.availability,
            ..Traits::default()
        };
        let simulated = families(
            &key,
            &[caregiver],
            &[upbringing],
            &rules,
            0,
            Backend::best(),
        );
        let (found, expected) = (
            simulated[0].childhood.end,
            grown(&key, 0, &upbringing, &rules),
        );
        let pairs = [
            (found.trust, expected.trust),
            (found.uncertainty, expected.uncertainty),
            (found.autonomy, expected.autonomy),
            (found.anxiety, expected.anxiety),
            (found.avoidance, expected.avoidance),
        ];
        for (x, y) in pairs {
            assert!((x - y).abs() < 1e-9, "case {case}: {found:?} {expected:?}");
        }
        met += usize::from(found.trust > 0.3);
    }
    assert!(
        met > 3,
        "{met} children that were met are too few to be a test"
    );
}
