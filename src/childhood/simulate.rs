//! The simulation of childhoods, from the first day to the last, and of families, in which adults of
//! the model are the caregivers.
//!
//! Children are simulated together in vectors, as couples are. Each has separate random words,
//! of the stream kind of childhood, so that a childhood depends neither on the other children nor
//! on the processor.

use super::formation::{FormationParams, initialize, update, vector_of};
use super::upbringing::{DAYS_IN_YEAR, Upbringing};
use crate::model::purposes::{CHILDHOOD_WORDS, Draws};
use crate::model::{Couple, Rules, Traits, childhood_day};
use crate::rng::{Key, VectorRng, normal_score};
use crate::simd::vector::Vector;
use crate::simd::{Backend, Kernel};

/// Trust [0–1] before the first need.
const FIRST_TRUST: f64 = 0.5;
/// Days whose words are read together.
const DAYS_READ: usize = 8;
/// Blocks of a couple's keystream that are reserved for each partner's childhood.
const PERSON_BLOCKS: u64 = 1 << 40;
/// Where the blocks of the years begin among them.
const YEAR_BLOCKS: u64 = 1 << 39;

/// A child to be simulated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Child {
    /// Number of the couple that the child will belong to.
    pub(crate) couple: u64,
    /// Its upbringing.
    pub(crate) upbringing: Upbringing,
}

/// The state of a child at an age.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Age {
    /// Age (years) at the end of a day; 0 before the first.
    pub years: f64,
    /// Responsiveness expected of the caregiver T [0–1].
    pub trust: f64,
    /// Uncertainty of that Q [0–1].
    pub uncertainty: f64,
    /// Autonomy g [0–1]: the child's model of itself.
    pub autonomy: f64,
    /// Anxiety a [0–1].
    pub anxiety: f64,
    /// Avoidance v [0–1].
    pub avoidance: f64,
}

/// A simulated childhood.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Childhood {
    /// The child's upbringing.
    pub upbringing: Upbringing,
    /// The recorded ages, with the last day at the end.
    pub ages: Vec<Age>,
    /// The state at the end: its anxiety and avoidance are the adult's prototypes (Eq. 52).
    pub end: Age,
}

/// Simulates the childhoods of partner `person` (0 or 1) of some couples.
///
/// `rules` are those of [`Rules::in_childhood`]. `every` is the number of days between the
/// recorded ages, in addition to the first and the last; at 0 only the end is recorded.
#[inline(always)]
pub(crate) fn grow_up<L: VectorRng>(
    key: &Key,
    person: usize,
    children: &[Child],
    rules: &Rules,
    every: u32,
) -> Vec<Childhood> {
    let mut finished = Vec::with_capacity(children.len());
    for children in children.chunks(L::LANES) {
        simulate_vector::<L>(key, person, children, rules, every, &mut finished);
    }
    finished
}

/// Simulates the childhoods of one vector of children.
#[inline(always)]
fn simulate_vector<L: VectorRng>(
    key: &Key,
    person: usize,
    children: &[Child],
    rules: &Rules,
    every: u32,
    finished: &mut Vec<Childhood>,
) {
    let first = person as u64 * PERSON_BLOCKS;
    let (couples, upbringings): (Vec<u64>, Vec<Upbringing>) = children
        .iter()
        .map(|child| (child.couple, child.upbringing))
        .unzip();
    let params = FormationParams::<L>::of(&upbringings);
    let stakes: L = vector_of(&upbringings, |upbringing| upbringing.need_stakes);
    let mut dyad = dyad::<L>(&upbringings);
    initialize(&mut dyad.partners[0].state, &params);
    let mut ages = AgeRecorder::new(&upbringings, every);
    ages.record(0, &dyad);
    let mut streams = L::streams(key, &couples);
    let mut words = vec![L::ZERO; DAYS_READ * CHILDHOOD_WORDS];
    let mut yearly_shock = [L::splat(0.0); 2];
    for day in 0..ages.longest {
        let read = day as usize % DAYS_READ;
        if read == 0 {
            L::fill(&mut streams, (first + u64::from(day)) / 2, &mut words);
        }
        if day % DAYS_IN_YEAR as u32 == 0 {
            let year = u64::from(day / DAYS_IN_YEAR as u32);
            yearly_shock = yearly_shocks(key, first + YEAR_BLOCKS + year, children);
        }
        let draws = Draws::<L>::new(&words[read * CHILDHOOD_WORDS..(read + 1) * CHILDHOOD_WORDS]);
        childhood_day(&mut dyad, stakes, &draws, rules);
        update(&mut dyad.partners[0].state, &yearly_shock, &params);
        ages.record(day + 1, &dyad);
    }
    finished.extend(ages.close(&upbringings));
}

/// The children of a vector before their first need, with their caregivers.
fn dyad<L: Vector>(upbringings: &[Upbringing]) -> Couple<L> {
    let mut dyad = Couple::<L>::default();
    let [child, caregiver] = &mut dyad.partners;
    child.state.trust = L::splat(FIRST_TRUST);
    child.state.intimacy = L::splat(0.0);
    child.traits.patience = L::splat(0.0);
    caregiver.traits.responsiveness = vector_of(upbringings, |given| given.sensitivity);
    caregiver.traits.consistency = vector_of(upbringings, |given| given.consistency);
    caregiver.traits.availability = vector_of(upbringings, |given| given.availability);
    caregiver.traits.understanding = L::splat(1.0);
    caregiver.state.stress = vector_of(upbringings, |given| given.stress);
    caregiver.state.mood = L::splat(0.0);
    dyad.contact = vector_of(upbringings, |given| given.need_rate);
    dyad
}

/// What a year adds to each child's anxiety and avoidance, apart from care (Eq. 50).
fn yearly_shocks<L: Vector>(key: &Key, block: u64, children: &[Child]) -> [L; 2] {
    let mut yearly_shock = [L::splat(0.0); 2];
    for (place, child) in children.iter().enumerate() {
        let words = key.block(child.couple, block);
        for (which, shock) in yearly_shock.iter_mut().enumerate() {
            let [low, high] = [words[2 * which], words[2 * which + 1]].map(u64::from);
            shock.replace(
                place,
                child.upbringing.yearly_shock_sd * normal_score(high << 32 | low),
            );
        }
    }
    yearly_shock
}

/// The recorded ages of the children of a vector.
struct AgeRecorder {
    every: u32,
    /// Days of each child's childhood.
    days: Vec<u32>,
    longest: u32,
    ages: Vec<Vec<Age>>,
    ends: Vec<Option<Age>>,
}

impl AgeRecorder {
    fn new(upbringings: &[Upbringing], every: u32) -> AgeRecorder {
        let days: Vec<u32> = upbringings.iter().map(Upbringing::days).collect();
        AgeRecorder {
            every,
            longest: days.iter().copied().max().unwrap_or(0),
            ages: vec![Vec::new(); days.len()],
            ends: vec![None; days.len()],
            days,
        }
    }

    /// Records the children whose age is recorded at the end of this day.
    #[inline(always)]
    fn record<L: Vector>(&mut self, day: u32, dyad: &Couple<L>) {
        for place in 0..self.days.len() {
            let ends = day == self.days[place];
            let recorded =
                self.every > 0 && day < self.days[place] && day.is_multiple_of(self.every);
            if ends || recorded {
                self.record_one(place, day, dyad);
            }
        }
    }

    fn record_one<L: Vector>(&mut self, place: usize, day: u32, dyad: &Couple<L>) {
        let state = &dyad.partners[0].state;
        let age = Age {
            years: f64::from(day) / DAYS_IN_YEAR,
            trust: state.trust.extract(place),
            uncertainty: state.uncertainty.extract(place),
            autonomy: state.autonomy.extract(place),
            anxiety: state.anxiety.extract(place),
            avoidance: state.avoidance.extract(place),
        };
        self.ages[place].push(age);
        self.ends[place] = Some(age);
    }

    fn close(self, upbringings: &[Upbringing]) -> impl Iterator<Item = Childhood> {
        let children = self.ages.into_iter().zip(self.ends).zip(upbringings);
        children.filter_map(|((ages, end), upbringing)| {
            Some(Childhood {
                upbringing: *upbringing,
                ages,
                end: end?,
            })
        })
    }
}

/// A caregiver and their child.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SimulatedFamily {
    /// The caregiver's traits as an adult, with their own anxiety and avoidance.
    pub caregiver: Traits<f64>,
    /// The child's childhood.
    pub childhood: Childhood,
}

/// Simulates a childhood for each caregiver, whose responsiveness, consistency and availability
/// are those of the upbringing.
///
/// This is the only way from one generation to the next: a caregiver's own attachment is
/// transmitted only through these. `children` gives the rest of each upbringing, one for each
/// caregiver. `every` is the number of days between the recorded ages; at 0 only the end is
/// recorded.
pub(crate) fn families(
    key: &Key,
    caregivers: &[Traits<f64>],
    children: &[Upbringing],
    rules: &Rules,
    every: u32,
    backend: Backend,
) -> Vec<SimulatedFamily> {
    let child_of = |(number, (caregiver, child)): (usize, (&Traits<f64>, &Upbringing))| Child {
        couple: number as u64,
        upbringing: Upbringing {
            sensitivity: caregiver.responsiveness,
            consistency: caregiver.consistency,
            availability: caregiver.availability,
            ..*child
        },
    };
    let pairs = caregivers.iter().zip(children).enumerate();
    let children: Vec<Child> = pairs.map(child_of).collect();
    let childhoods = backend.run(Childhoods {
        key,
        children: &children,
        rules: &rules.in_childhood(),
        every,
    });
    let family = |(caregiver, childhood): (&Traits<f64>, Childhood)| SimulatedFamily {
        caregiver: *caregiver,
        childhood,
    };
    caregivers.iter().zip(childhoods).map(family).collect()
}

struct Childhoods<'a> {
    key: &'a Key,
    children: &'a [Child],
    rules: &'a Rules,
    every: u32,
}

impl Kernel for Childhoods<'_> {
    type Output = Vec<Childhood>;
    #[inline(always)]
    fn run<L: VectorRng>(self) -> Vec<Childhood> {
        grow_up::<L>(self.key, 0, self.children, self.rules, self.every)
    }
}
