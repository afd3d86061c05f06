//! A mechanism of one's own, without a change to the crate:
//! `cargo run --release --example own_mechanism`.
//!
//! A weekly evening for two, which a couple keeps with some probability and which brings them a
//! little closer. It acts between steps: on the couple's states, with rules and random words of its
//! own.
//!
//! What can be done this way is all that a day's beginning or end can hold: whatever reads and moves
//! states, traits, and (with one `Rules` a day) parameters and switches. What cannot be done is a
//! change inside a day. The step is one function whose episodes follow each other without a way in:
//! an episode's equations are compiled together for eight couples at once, and a hook for foreign
//! code there would cost every user speed, and would let a mechanism see one partner updated and the
//! other not yet. A new kind of response, perception or learning from an episode is therefore a
//! change of the crate: one file in `src/model`, as CONTRIBUTING.md describes. Nor do the program's
//! scenario keys, tables and columns of eight know a mechanism that lives here.

use pairbond::model::purposes::{Draws, pairs_per_step};
use pairbond::model::{Couple, Rules, step};
use pairbond::rng::{Key, PAIR_WORDS, StreamKind, VectorRng};
use pairbond::simd::vector::Vector;
use pairbond::stats::interval::CONFIDENCE;
use pairbond::stats::summary::RunningMoments;

const SEED: u64 = 2026;
const COUPLES: u64 = 500;
const DAYS: u64 = 365;

/// An evening for two on every seventh day.
struct Evening {
    /// Probability of keeping it [0–1].
    kept: f64,
    /// Share of the way to full intimacy that an evening leads a wholly trusting partner [0–1].
    closeness: f64,
    /// Own random words: the realm of studies, at a design point of its own, so that they meet
    /// neither the words of the couples' life nor those of anything else.
    key: Key,
}

impl Evening {
    fn new(kept: f64, closeness: f64) -> Evening {
        let point = u64::from_le_bytes(*b"evenings");
        Evening {
            kept,
            closeness,
            key: Key::new(SEED, point, 0, StreamKind::Study),
        }
    }

    /// Ends a day. The draw has an address (couple, day), so that it depends on no other draw.
    fn end_day(&self, couple: &mut Couple<f64>, number: u64, day: u64) {
        if !day.is_multiple_of(7) {
            return;
        }
        let word = self.key.pair(number, day)[0];
        if f64::uniform::<0, 32>(word) >= self.kept {
            return;
        }
        for partner in &mut couple.partners {
            let state = &mut partner.state;
            // A convex combination keeps the state in its range for any share in [0, 1].
            state.intimacy += self.closeness * state.trust * (1.0 - state.intimacy);
        }
    }
}

/// Lives one couple to its last day together; gives the partners' mean intimacy then.
fn live(number: u64, rules: &Rules, evening: Option<&Evening>) -> f64 {
    let mut couple = Couple::<f64>::default();
    let mut source = f64::streams(&Key::new(SEED, 0, 0, StreamKind::Life), &[number]);
    let pairs = pairs_per_step(rules.clock.moments) as u64;
    let mut words = vec![0_u64; PAIR_WORDS * pairs as usize];
    for day in 1..=DAYS {
        f64::fill(&mut source, (day - 1) * pairs, &mut words);
        let departure = step(&mut couple, &Draws::new(&words), rules, &mut ());
        if departure.leaves[0] || departure.leaves[1] {
            break;
        }
        if let Some(evening) = evening {
            evening.end_day(&mut couple, number, day);
        }
    }
    let [a, b] = &couple.partners;
    0.5 * (a.state.intimacy + b.state.intimacy)
}

fn main() {
    let rules = Rules::default();
    let evening = Evening::new(0.8, 0.05);
    let mut change = RunningMoments::default();
    for number in 0..COUPLES {
        let (with, without) = (
            live(number, &rules, Some(&evening)),
            live(number, &rules, None),
        );
        assert!((0.0..=1.0).contains(&with));
        change.push(with - without);
    }
    let interval = change.interval(CONFIDENCE);
    println!(
        "a weekly evening changes intimacy by {:.4} (95 % from {:.4} to {:.4}, {COUPLES} couples)",
        change.mean(),
        interval.low,
        interval.high,
    );
    assert!(interval.low > 0.0, "evenings bring couples closer");

    // Evenings that are never kept change nothing: the couples' own random words stay in place.
    let never = Evening::new(0.0, 0.05);
    for number in 0..20 {
        assert_eq!(
            live(number, &rules, Some(&never)),
            live(number, &rules, None)
        );
    }
}
