//! Ensembles of couples lived day by day: what the tests of this file's neighbours are made of.

use pairbond::foundation::chance::{BLOCK_WORDS, Key, Realm};
use pairbond::foundation::distribution::Distribution;
use pairbond::foundation::lane::Lane;
use pairbond::foundation::pack::{Pack, PackWord, WIDTH};
use pairbond::model::purposes::{Draws, blocks_per_step};
use pairbond::model::witness::Witness;
use pairbond::model::{Clock, Couple, Departure, Rules, step};
use pairbond::simulation::usual::{places, usual};
use pairbond::simulation::{Draw, Origin, Scratch};

/// Couples that are lived together, in packs, and who of them has parted.
pub(crate) struct Ensemble {
    pub(crate) packs: Vec<Couple<Pack>>,
    pub(crate) parted: Vec<[bool; WIDTH]>,
}

/// The usual population, drawn from a seed.
pub(crate) fn population(seed: u64, couples: usize) -> Ensemble {
    let draws = places().into_iter().map(|place| {
        let (family, slopes) = usual(place);
        let distribution = Distribution::new(family).expect("a usual distribution");
        (
            place,
            Draw {
                distribution,
                slopes,
            },
        )
    });
    let origin = Origin::new(draws.collect(), None);
    let key = Key::new(seed, 0, 0, Realm::Origin);
    let mut scratch = Scratch::default();
    let born: Vec<_> = (0..couples as u64)
        .map(|couple| origin.couple(&key, couple, &mut scratch))
        .collect();
    Ensemble::of(&born)
}

impl Ensemble {
    /// The given couples; their number is a multiple of a pack's width.
    pub(crate) fn of(couples: &[Couple<f64>]) -> Ensemble {
        assert_eq!(couples.len() % WIDTH, 0);
        let packs: Vec<_> = couples.chunks_exact(WIDTH).map(packed).collect();
        let parted = vec![[false; WIDTH]; packs.len()];
        Ensemble { packs, parted }
    }

    /// Lives so many days; partings are noted and life goes on.
    pub(crate) fn live<W: Witness<Pack>>(
        &mut self,
        seed: u64,
        days: std::ops::Range<u64>,
        rules: &Rules,
        witnesses: &mut [W],
    ) {
        let steps_per_day = (1.0 / rules.clock.step_days) as u64;
        let key = Key::new(seed, 0, 0, Realm::Life);
        let rows = self.packs.iter_mut().zip(&mut self.parted).zip(witnesses);
        for (index, ((couple, parted), witness)) in rows.enumerate() {
            let first = (index * WIDTH) as u64;
            for at in days.start * steps_per_day..days.end * steps_per_day {
                let words = words(&key, first, at, &rules.clock);
                let departure = step(couple, &Draws::new(&words), rules, witness);
                note(&departure, parted);
            }
        }
    }

    /// Lives so many days unwatched.
    pub(crate) fn age(&mut self, seed: u64, days: u64, rules: &Rules) {
        let mut nobody = vec![(); self.packs.len()];
        self.live(seed, 0..days, rules, &mut nobody);
    }

    /// One number of every couple.
    pub(crate) fn column(&self, read: impl Fn(&Couple<Pack>) -> Pack) -> Vec<f64> {
        self.packs
            .iter()
            .flat_map(|couple| read(couple).0)
            .collect()
    }

    /// Share of couples that have parted.
    pub(crate) fn parted(&self) -> Vec<f64> {
        self.parted
            .iter()
            .flatten()
            .map(|gone| f64::from(u8::from(*gone)))
            .collect()
    }
}

/// The words of one step of neighbouring couples.
pub(crate) fn words(key: &Key, first: u64, at: u64, clock: &Clock) -> Vec<PackWord> {
    let blocks = blocks_per_step(clock.moments);
    let mut words = Vec::with_capacity(blocks * BLOCK_WORDS);
    for block in 0..blocks as u64 {
        words.extend(key.blocks(first, at * blocks as u64 + block));
    }
    words
}

fn note(departure: &Departure<Pack>, parted: &mut [bool; WIDTH]) {
    let one = Pack::splat(1.0);
    for leaves in departure.leaves {
        for (gone, left) in parted.iter_mut().zip(one.only(leaves).0) {
            *gone |= left > 0.0;
        }
    }
}

/// Eight couples as one.
pub(crate) fn packed(couples: &[Couple<f64>]) -> Couple<Pack> {
    let mut pack = Couple::<Pack>::usual();
    for (k, couple) in couples.iter().enumerate() {
        for (place, number) in numbers_mut(&mut pack).into_iter().zip(numbers(couple)) {
            place.put(k, *number);
        }
    }
    pack
}

/// Every number of a couple: traits and states of both, contact and investment.
pub(crate) fn numbers<L: Lane>(couple: &Couple<L>) -> Vec<&L> {
    let mut all = Vec::new();
    for partner in &couple.partners {
        all.extend(partner.traits.fields());
        all.extend(partner.state.fields());
    }
    all.extend([&couple.contact, &couple.investment]);
    all
}

/// The places of [`numbers`].
pub(crate) fn numbers_mut<L: Lane>(couple: &mut Couple<L>) -> Vec<&mut L> {
    let mut all = Vec::new();
    for partner in &mut couple.partners {
        all.extend(partner.traits.fields_mut());
        all.extend(partner.state.fields_mut());
    }
    all.extend([&mut couple.contact, &mut couple.investment]);
    all
}
