//! One couple by hand, day by day: `cargo run --release --example one_couple`.
//!
//! A step of the model is a plain function of a couple, a day's random words and the rules. This is
//! all that the program does, for one couple and without the program around it.

use pairbond::model::derived::satisfaction;
use pairbond::model::observer::Tally;
use pairbond::model::purposes::{Draws, pairs_per_step};
use pairbond::model::rules::Clock;
use pairbond::model::{Couple, IntimacyTarget, Mechanisms, Parameters, Rules, step};
use pairbond::rng::{Key, PAIR_WORDS, StreamKind, VectorRng};

const DAYS: u64 = 200;
/// On the evening of this day partner B begins to answer badly.
const TURN: u64 = 100;

fn main() {
    // Whatever happens, these two stay, so that there is something to see.
    let mechanisms = Mechanisms {
        dissolution: false,
        ..Mechanisms::default()
    };
    let rules = Rules::new(
        Parameters::default(),
        mechanisms,
        IntimacyTarget::default(),
        Clock::default(),
    );
    let mut couple = Couple::<f64>::default();

    // Where a day's random words stand is an address: seed, design point, replicate and realm name
    // the keystream, the couple its stream, the day the blocks, which are read in pairs.
    let key = Key::new(2026, 0, 0, StreamKind::Life);
    let mut source = f64::streams(&key, &[0]);
    let pairs = pairs_per_step(rules.clock.moments) as u64;
    let mut words = vec![0_u64; PAIR_WORDS * pairs as usize];

    let mut trust = Vec::new();
    println!("day  trust of A  intimacy of A  satisfaction of A  bids of A  felt responsive");
    for day in 1..=DAYS {
        f64::fill(&mut source, (day - 1) * pairs, &mut words);
        let mut today = Tally::new(&rules);
        let departure = step(&mut couple, &Draws::new(&words), &rules, &mut today);

        let a = &couple.partners[0].state;
        trust.push(a.trust);
        if day % 20 == 0 {
            let happened = &today.persons[0];
            println!(
                "{day:3}  {:10.3}  {:13.3}  {:17.3}  {:9}  {:15}",
                a.trust,
                a.intimacy,
                satisfaction(a, &rules),
                happened.bids,
                happened.responsive,
            );
        }
        if day == TURN {
            couple.partners[1].traits.responsiveness = 0.2;
        }
        assert!(!departure.leaves[0] && !departure.leaves[1]);
    }

    let before = trust[TURN as usize - 1];
    let after = trust[DAYS as usize - 1];
    println!("trust of A went from {before:.3} to {after:.3} after B turned away");
    assert!(after < before - 0.1, "trust follows what the partner does");

    // The same address gives the same words: a day can be lived again on its own.
    let mut again = vec![0_u64; words.len()];
    f64::fill(
        &mut f64::streams(&key, &[0]),
        (DAYS - 1) * pairs,
        &mut again,
    );
    assert_eq!(words, again);
}
