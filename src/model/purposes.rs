//! The layout of the random words of a step: which bits each draw uses. It is part of the model's
//! definition.
//!
//! A step has 6 words of 64 bits for its end and 5 for each moment; two moments fill two blocks of
//! keystream. The life events of a week have 4 words in separate blocks. A draw keeps its bits
//! whether or not its mechanism is on, so that switching a
//! mechanism changes no other draw. A new draw takes spare bits. Probabilities that may be small
//! have 32 or 22 bits, others 16, and each part of a noise or of a bid's stakes has 8. Bits are
//! read as a uniform number (Eq. 1) or as noise (Eq. 2).

use crate::rng::PAIR_WORDS;
use crate::simd::vector::Vector;

/// Words of a step that belong to its end.
const END_WORDS: usize = 6;
/// Words of the end that belong to one partner.
const OWN_END_WORDS: usize = END_WORDS / 2;
/// Words of a step that belong to each moment.
const MOMENT_WORDS: usize = 5;
/// First pair of blocks of a couple's keystream that belongs to life events: one for each week, far
/// behind those of all steps.
pub(crate) const LIFE_PAIRS: u64 = 1 << 40;
/// Words of a week's life events.
const LIFE_WORDS: usize = 4;
/// Moments of a day of childhood, in each of which the child may need the caregiver once.
pub(crate) const NEED_MOMENTS: usize = 3;
/// Words of each of these moments; those of the end of the day follow.
const NEED_WORDS: usize = 2;
/// Words of a day of childhood: half of a pair of blocks.
pub(crate) const CHILDHOOD_WORDS: usize = PAIR_WORDS / 2;
#[cfg(test)]
/// The most moments that a step may have.
pub(crate) const MOST_MOMENTS: u32 = 24;

/// Pairs of blocks of keystream that one step takes.
pub const fn pairs_per_step(moments: u32) -> usize {
    (END_WORDS + MOMENT_WORDS * moments as usize).div_ceil(PAIR_WORDS)
}

/// The random words of one step.
#[derive(Clone, Copy)]
pub struct Draws<'a, L: Vector> {
    words: &'a [L::Word],
}

/// Draws of one partner at the end of a step.
pub(crate) struct EndDraws<L: Vector> {
    /// Low half: whether a stressful event happens. High half: whether this partner is betrayed.
    pub(crate) stress_and_betrayal: L::Word,
    /// Low half: whether this partner leaves. High half: whether they meet a possible alternative.
    pub(crate) leaving_and_meeting: L::Word,
    /// From the lowest, 16 bits each: size of a stressful event, quality of a possible
    /// alternative, whether a betrayal comes with deception, and a part of whether the stressful
    /// event of the step is one for both.
    pub(crate) sizes: L::Word,
}

/// Draws of the stressful event that both partners may have in a step: the exclusive or of their own
/// words, so that an exchange of the partners changes nothing.
pub(crate) struct SharedStressDraws<L: Vector> {
    stress: L::Word,
    sizes: L::Word,
}

impl<L: Vector> SharedStressDraws<L> {
    #[cfg(test)]
    pub(crate) fn of_words(stress: L::Word, sizes: L::Word) -> Self {
        SharedStressDraws { stress, sizes }
    }
    /// Whether what happens in this step happens to both.
    #[inline(always)]
    pub(crate) fn shared(&self) -> L {
        L::uniform::<48, 16>(self.sizes)
    }
    #[inline(always)]
    pub(crate) fn stress(&self) -> L {
        L::uniform::<0, 32>(self.stress)
    }
    #[inline(always)]
    pub(crate) fn size(&self) -> L {
        L::uniform::<0, 16>(self.sizes)
    }
}

/// The random words of a week's life events.
#[derive(Clone, Copy)]
pub(crate) struct LifeDraws<'a, L: Vector> {
    /// First: whether partner A (low half) and partner B (high half) have their own event.
    /// Second: low half, whether both have one; 16 bits of its size; spare. Third and fourth: of
    /// each partner, 16 bits of the size of the own event, then two bytes each of what anxiety and
    /// avoidance are moved by; spare.
    words: &'a [L::Word],
}

impl<'a, L: Vector> LifeDraws<'a, L> {
    /// Reads the words of a week.
    #[inline(always)]
    pub(crate) fn new(words: &'a [L::Word]) -> Self {
        LifeDraws {
            words: &words[..LIFE_WORDS],
        }
    }
    #[inline(always)]
    pub(crate) fn own(&self, person: usize) -> L {
        if person == 0 {
            L::uniform::<0, 32>(self.words[0])
        } else {
            L::uniform::<32, 32>(self.words[0])
        }
    }
    #[inline(always)]
    pub(crate) fn shared(&self) -> L {
        L::uniform::<0, 32>(self.words[1])
    }
    #[inline(always)]
    pub(crate) fn shared_size(&self) -> L {
        L::uniform::<32, 16>(self.words[1])
    }
    #[inline(always)]
    pub(crate) fn size(&self, person: usize) -> L {
        L::uniform::<0, 16>(self.words[2 + person])
    }
    /// What moves anxiety and avoidance, to be multiplied by [`TRIANGULAR`].
    #[inline(always)]
    pub(crate) fn shocks(&self, person: usize) -> [L; 2] {
        let word = self.words[2 + person];
        [
            L::triangular_noise::<16>(word),
            L::triangular_noise::<32>(word),
        ]
    }
}

impl<L: Vector> EndDraws<L> {
    #[inline(always)]
    pub(crate) fn stress(&self) -> L {
        L::uniform::<0, 32>(self.stress_and_betrayal)
    }
    #[inline(always)]
    pub(crate) fn betrayal(&self) -> L {
        L::uniform::<32, 32>(self.stress_and_betrayal)
    }
    #[inline(always)]
    pub(crate) fn leaving(&self) -> L {
        L::uniform::<0, 32>(self.leaving_and_meeting)
    }
    #[inline(always)]
    pub(crate) fn meeting(&self) -> L {
        L::uniform::<32, 32>(self.leaving_and_meeting)
    }
    #[inline(always)]
    pub(crate) fn size(&self) -> L {
        L::uniform::<0, 16>(self.sizes)
    }
    #[inline(always)]
    pub(crate) fn quality(&self) -> L {
        L::uniform::<16, 16>(self.sizes)
    }
    #[inline(always)]
    pub(crate) fn deception(&self) -> L {
        L::uniform::<32, 16>(self.sizes)
    }
}

/// Draws of one bid.
pub(crate) struct BidDraws<L: Vector> {
    /// Low half: noise, as in [`EpisodeDraws`]. Then 8 bits for each of the two uniform numbers of
    /// the stakes, and 16 bits: whether there is a bid.
    pub(crate) bid: L::Word,
    /// Low half: outcome, as in [`EpisodeDraws`]. The high half belongs to another bid.
    pub(crate) outcome: L::Word,
}

impl<L: Vector> BidDraws<L> {
    #[inline(always)]
    pub(crate) fn occurrence(&self) -> L {
        L::uniform::<48, 16>(self.bid)
    }
    /// The product of two uniform numbers.
    #[inline(always)]
    pub(crate) fn stakes(&self) -> L {
        L::uniform::<32, 8>(self.bid) * L::uniform::<40, 8>(self.bid)
    }
    #[inline(always)]
    pub(crate) fn episode(&self) -> EpisodeDraws<L> {
        EpisodeDraws {
            noise: self.bid,
            outcome: self.outcome,
        }
    }
}

/// Draws of one episode.
pub(crate) struct EpisodeDraws<L: Vector> {
    /// From the lowest, two bytes each: noise of the depth of disclosure, and of the response. The
    /// high half belongs to another episode.
    pub(crate) noise: L::Word,
    /// From the lowest, 16 bits each: availability (bids only) and repair. The high half belongs
    /// to another episode.
    pub(crate) outcome: L::Word,
}

impl<L: Vector> EpisodeDraws<L> {
    /// Noise of the depth of disclosure, to be multiplied by [`TRIANGULAR`].
    #[inline(always)]
    pub(crate) fn depth(&self) -> L {
        L::triangular_noise::<0>(self.noise)
    }
    /// Noise of the response, to be multiplied by [`TRIANGULAR`].
    #[inline(always)]
    pub(crate) fn response(&self) -> L {
        L::triangular_noise::<16>(self.noise)
    }
    #[inline(always)]
    pub(crate) fn availability(&self) -> L {
        L::uniform::<0, 16>(self.outcome)
    }
    #[inline(always)]
    pub(crate) fn repair(&self) -> L {
        L::uniform::<16, 16>(self.outcome)
    }
}

/// Draws of a conflict phase.
pub(crate) struct ConflictDraws<L: Vector> {
    /// From the lowest: 10 bits for the stakes, 22 for whether there is a conflict, and 16 for each
    /// partner's repair.
    pub(crate) conflict: L::Word,
    /// The noise of each partner's episode, partner A's in the low half.
    pub(crate) noise: L::Word,
}

impl<L: Vector> ConflictDraws<L> {
    #[inline(always)]
    pub(crate) fn occurrence(&self) -> L {
        L::uniform::<10, 22>(self.conflict)
    }
    #[inline(always)]
    pub(crate) fn stakes(&self) -> L {
        L::uniform::<0, 10>(self.conflict)
    }
    /// The draws of each partner's episode.
    #[inline(always)]
    pub(crate) fn episodes(&self) -> [EpisodeDraws<L>; 2] {
        [
            EpisodeDraws {
                noise: self.noise,
                outcome: L::shr::<16>(self.conflict),
            },
            EpisodeDraws {
                noise: L::shr::<32>(self.noise),
                outcome: L::shr::<32>(self.conflict),
            },
        ]
    }
}

impl<'a, L: Vector> Draws<'a, L> {
    /// Reads the words of a step, of which there are [`pairs_per_step`] × 16.
    pub fn new(words: &'a [L::Word]) -> Self {
        Draws { words }
    }

    #[inline(always)]
    pub(crate) fn end(&self, person: usize) -> EndDraws<L> {
        let at = OWN_END_WORDS * person;
        EndDraws {
            stress_and_betrayal: self.words[at],
            leaving_and_meeting: self.words[at + 1],
            sizes: self.words[at + 2],
        }
    }

    #[inline(always)]
    pub(crate) fn shared_stress(&self) -> SharedStressDraws<L> {
        SharedStressDraws {
            stress: L::xor(self.words[0], self.words[OWN_END_WORDS]),
            sizes: L::xor(self.words[2], self.words[OWN_END_WORDS + 2]),
        }
    }

    #[inline(always)]
    pub(crate) fn bid(&self, moment: usize, person: usize) -> BidDraws<L> {
        let at = END_WORDS + moment * MOMENT_WORDS;
        let outcomes = self.words[at + 2];
        BidDraws {
            bid: self.words[at + person],
            outcome: if person == 0 {
                outcomes
            } else {
                L::shr::<32>(outcomes)
            },
        }
    }

    #[inline(always)]
    pub(crate) fn conflict(&self, moment: usize) -> ConflictDraws<L> {
        let at = END_WORDS + moment * MOMENT_WORDS + 3;
        ConflictDraws {
            conflict: self.words[at],
            noise: self.words[at + 1],
        }
    }

    /// Draws of a moment of childhood. A need has no depth: the bits of its noise are spare.
    #[inline(always)]
    pub(crate) fn need(&self, moment: usize) -> BidDraws<L> {
        let at = NEED_WORDS * moment;
        BidDraws {
            bid: self.words[at],
            outcome: self.words[at + 1],
        }
    }

    /// Draws of the end of a day of childhood: only the child's stress.
    #[inline(always)]
    pub(crate) fn childhood_end(&self) -> EndDraws<L> {
        let at = NEED_WORDS * NEED_MOMENTS;
        EndDraws {
            stress_and_betrayal: self.words[at],
            leaving_and_meeting: self.words[at + 1],
            sizes: self.words[at + 1],
        }
    }
}

#[cfg(test)]
/// Exchanges the two partners' bits of a step's words, as an exchange of the partners would.
pub(crate) fn swap_partners(words: &mut [u64], moments: u32) {
    let (ends, days) = words.split_at_mut(END_WORDS);
    let (a, b) = ends.split_at_mut(OWN_END_WORDS);
    a.swap_with_slice(b);
    for moment in days.chunks_exact_mut(MOMENT_WORDS).take(moments as usize) {
        moment.swap(0, 1);
        moment[2] = moment[2].rotate_left(32);
        let [couples, repairs] = [moment[3] as u32, (moment[3] >> 32) as u32];
        moment[3] = u64::from(repairs.rotate_left(16)) << 32 | u64::from(couples);
        moment[4] = moment[4].rotate_left(32);
    }
}

/// The factor from [`Vector::triangular_noise`] to noise of mean 0 and standard deviation 1 with
/// support ±√6 (Eq. 2).
///
/// The sum of two uniform numbers minus 1 is exact in cells of 2⁻⁸; the factor is multiplied into
/// what the noise is multiplied by.
pub(crate) const TRIANGULAR: f64 = 2.449_489_742_783_178 / 256.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Key, StreamKind};

    #[test]
    fn two_moments_fill_two_blocks() {
        assert_eq!([1, 2, 3, 4, 5].map(pairs_per_step), [1, 1, 2, 2, 2]);
    }

    /// All numbers that are read from the words of a step of two moments, by partner.
    fn read(words: &[u64]) -> [Vec<f64>; 2] {
        let draws = Draws::<f64>::new(words);
        [0, 1].map(|person| {
            let end = draws.end(person);
            let mut seen = vec![end.stress(), end.betrayal(), end.leaving(), end.meeting()];
            seen.extend([end.size(), end.quality(), end.deception()]);
            let shared = draws.shared_stress();
            seen.extend([shared.shared(), shared.stress(), shared.size()]);
            for moment in 0..2 {
                let bid = draws.bid(moment, person);
                seen.extend([bid.occurrence(), bid.stakes()]);
                let conflict = draws.conflict(moment);
                seen.extend([conflict.occurrence(), conflict.stakes()]);
                let own_conflict = conflict.episodes().into_iter().nth(person);
                let own_conflict = own_conflict.expect("two episodes");
                let own = bid.episode();
                seen.extend([
                    own.depth(),
                    own.response(),
                    own.availability(),
                    own.repair(),
                ]);
                seen.extend([
                    own_conflict.depth(),
                    own_conflict.response(),
                    own_conflict.repair(),
                ]);
            }
            seen
        })
    }

    fn some_words() -> Vec<u64> {
        Key::new(1, 0, 0, StreamKind::Study).pair(0, 0).to_vec()
    }

    /// The words with one bit flipped.
    fn turned(words: &[u64], bit: usize) -> Vec<u64> {
        let mut other = words.to_vec();
        other[bit / 64] ^= 1 << (bit % 64);
        other
    }

    /// How many of the numbers a bit changes; those of the couple count once.
    fn moved_by(words: &[u64], bit: usize) -> usize {
        let (before, after) = (read(words), read(&turned(words, bit)));
        let moved = |person: usize, place: usize| before[person][place] != after[person][place];
        (0..before[0].len())
            .filter(|place| moved(0, *place) || moved(1, *place))
            .count()
    }

    #[test]
    fn every_bit_has_one_purpose() {
        let words = some_words();
        // An own stressful event and its size are read for a shared one too, which takes their place.
        let read_twice = |bit: usize| {
            let (word, bit) = (bit / 64, bit % 64);
            let own = word < END_WORDS;
            own && (word % OWN_END_WORDS == 0 && bit < 32 || word % OWN_END_WORDS == 2 && bit < 16)
        };
        for bit in 0..64 * words.len() {
            let expected = 1 + usize::from(read_twice(bit));
            assert_eq!(
                moved_by(&words, bit),
                expected,
                "bit {} of word {}",
                bit % 64,
                bit / 64
            );
        }
    }

    /// How many bits of the words change a number, none of them more than one.
    fn moving_bits(words: &[u64], read: impl Fn(&[u64]) -> Vec<f64>) -> usize {
        let mut moving = 0;
        for bit in 0..64 * words.len() {
            let (before, after) = (read(words), read(&turned(words, bit)));
            let moved = before.iter().zip(&after).filter(|(a, b)| a != b).count();
            assert!(moved <= 1);
            moving += moved;
        }
        moving
    }

    #[test]
    fn every_bit_of_a_week_has_one_purpose_or_is_spare() {
        let read = |words: &[u64]| {
            let draws = LifeDraws::<f64>::new(words);
            let mut seen = vec![draws.shared(), draws.shared_size()];
            for person in 0..2 {
                seen.extend([draws.own(person), draws.size(person)]);
                seen.extend(draws.shocks(person));
            }
            seen
        };
        let words = &some_words()[..LIFE_WORDS];
        assert_eq!(
            moving_bits(words, read),
            2 * 32 + 32 + 16 + 2 * (16 + 16 + 16)
        );
    }

    #[test]
    fn every_bit_of_a_day_of_childhood_has_one_purpose_or_is_spare() {
        let read = |words: &[u64]| {
            let draws = Draws::<f64>::new(words);
            let end = draws.childhood_end();
            let mut seen = vec![end.stress(), end.size()];
            for moment in 0..NEED_MOMENTS {
                let need = draws.need(moment);
                let episode = need.episode();
                seen.extend([need.occurrence(), need.stakes(), episode.response()]);
                seen.push(episode.availability());
            }
            seen
        };
        let words = &some_words()[..CHILDHOOD_WORDS];
        assert_eq!(
            moving_bits(words, read),
            32 + 16 + NEED_MOMENTS * (16 + 16 + 16 + 16)
        );
    }

    #[test]
    fn triangular_noise_has_mean_0_and_sd_1() {
        let noise =
            (0..=u16::MAX).map(|bytes| f64::triangular_noise::<0>(bytes.into()) * TRIANGULAR);
        let (sum, squares) = noise.fold((0.0, 0.0), |(s, q), x| (s + x, q + x * x));
        assert!((sum / 65_536.0_f64).abs() < 1e-12);
        assert!((squares / 65_536.0_f64 - 1.0).abs() < 2e-5);
    }

    #[test]
    fn swapping_the_partners_swaps_each_of_their_draws() {
        let words = some_words();
        let mut swapped = words.clone();
        swap_partners(&mut swapped, 2);
        let ([a, b], [one, other]) = (read(&words), read(&swapped));
        assert_eq!((&a, &b), (&other, &one));
        assert_ne!(a, b);
        swap_partners(&mut swapped, 2);
        assert_eq!(swapped, words);
    }
}
