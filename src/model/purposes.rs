//! Where each random draw of a step stands in its words: part of the model's definition.
//!
//! A step's words are 12 for its end and 18 for each moment; two moments fill three blocks of
//! keystream. A purpose keeps its place whether or not its mechanism is on, so that a switch moves
//! no other draw. A new purpose takes a spare word and moves nothing. A word, or each of its halves,
//! is read as a uniform number (Eq. 1).

use crate::foundation::chance::BLOCK_WORDS;
use crate::foundation::lane::Lane;

/// Words of a step that belong to its end.
const END_WORDS: usize = 12;
/// Words of a step that belong to each moment.
const MOMENT_WORDS: usize = 18;
/// Moments of a day of childhood, in each of which the child may need the caregiver once.
pub(super) const NEED_MOMENTS: usize = 3;
/// Words of each of them; those of the day's end follow.
const NEED_WORDS: usize = 4;
/// Words of a day of childhood: one block.
pub const CHILDHOOD_WORDS: usize = BLOCK_WORDS;
/// The most moments that a step may have.
pub const MOST_MOMENTS: u32 = 24;

/// Blocks of keystream that one step takes.
pub const fn blocks_per_step(moments: u32) -> usize {
    (END_WORDS + MOMENT_WORDS * moments as usize).div_ceil(BLOCK_WORDS)
}

/// The random words of one step.
#[derive(Clone, Copy)]
pub struct Draws<'a, L: Lane> {
    words: &'a [L::Word],
}

/// What may happen to one partner at the end of a step.
pub(super) struct EndDraws<L: Lane> {
    pub(super) stress: L::Word,
    pub(super) betrayal: L::Word,
    pub(super) leaving: L::Word,
    pub(super) meeting: L::Word,
    /// Low half: size of a stressful event. High half: quality of a possible other partner.
    pub(super) sizes: L::Word,
    /// High half: whether a betrayal comes with deception.
    pub(super) deception: L::Word,
}

/// What may happen in one bid.
pub(super) struct BidDraws<L: Lane> {
    pub(super) occurrence: L::Word,
    /// Both halves: the two uniform numbers of the stakes.
    pub(super) stakes: L::Word,
    pub(super) episode: EpisodeDraws<L>,
}

/// What varies within an episode.
pub(super) struct EpisodeDraws<L: Lane> {
    pub(super) depth: L::Word,
    pub(super) response: L::Word,
    /// Low half: availability (bids only). High half: repair.
    pub(super) fate: L::Word,
}

/// What may happen in a conflict phase.
pub(super) struct ConflictDraws<L: Lane> {
    pub(super) occurrence: L::Word,
    /// Low half: stakes. High half: spare.
    pub(super) stakes: L::Word,
    pub(super) episodes: [EpisodeDraws<L>; 2],
}

impl<'a, L: Lane> Draws<'a, L> {
    /// Lays the purposes over a step's words, of which there are
    /// [`blocks_per_step`] × 16.
    pub fn new(words: &'a [L::Word]) -> Self {
        Draws { words }
    }

    #[inline(always)]
    pub(super) fn end(&self, person: usize) -> EndDraws<L> {
        EndDraws {
            stress: self.words[person],
            betrayal: self.words[2 + person],
            leaving: self.words[4 + person],
            meeting: self.words[6 + person],
            sizes: self.words[8 + person],
            deception: self.words[10 + person],
        }
    }

    #[inline(always)]
    pub(super) fn bid(&self, moment: usize, person: usize) -> BidDraws<L> {
        let at = END_WORDS + moment * MOMENT_WORDS + 5 * person;
        BidDraws {
            occurrence: self.words[at],
            stakes: self.words[at + 1],
            episode: self.episode(at + 2),
        }
    }

    #[inline(always)]
    pub(super) fn conflict(&self, moment: usize) -> ConflictDraws<L> {
        let at = END_WORDS + moment * MOMENT_WORDS + 10;
        ConflictDraws {
            occurrence: self.words[at],
            stakes: self.words[at + 1],
            episodes: [self.episode(at + 2), self.episode(at + 5)],
        }
    }

    /// What may happen in a moment of childhood. A need has no depth: its place is a spare word.
    #[inline(always)]
    pub(super) fn need(&self, moment: usize) -> BidDraws<L> {
        let at = NEED_WORDS * moment;
        BidDraws {
            occurrence: self.words[at],
            stakes: self.words[at + 1],
            episode: EpisodeDraws {
                depth: self.words[CHILDHOOD_WORDS - 1],
                response: self.words[at + 2],
                fate: self.words[at + 3],
            },
        }
    }

    /// What may happen at the end of a day of childhood: the child's stress alone.
    #[inline(always)]
    pub(super) fn childhood_end(&self) -> EndDraws<L> {
        let at = NEED_WORDS * NEED_MOMENTS;
        let spare = self.words[CHILDHOOD_WORDS - 1];
        EndDraws {
            stress: self.words[at],
            sizes: self.words[at + 1],
            betrayal: spare,
            leaving: spare,
            meeting: spare,
            deception: spare,
        }
    }

    #[inline(always)]
    fn episode(&self, at: usize) -> EpisodeDraws<L> {
        EpisodeDraws {
            depth: self.words[at],
            response: self.words[at + 1],
            fate: self.words[at + 2],
        }
    }
}

/// Exchanges the two partners' words of a step: what a swap of the partners does to chance.
pub fn swap_partners<W: Copy>(words: &mut [W], moments: u32) {
    for pair in words[..END_WORDS].chunks_exact_mut(2) {
        pair.swap(0, 1);
    }
    for moment in words[END_WORDS..]
        .chunks_exact_mut(MOMENT_WORDS)
        .take(moments as usize)
    {
        let (bids, conflict) = moment.split_at_mut(10);
        let (a, b) = bids.split_at_mut(5);
        a.swap_with_slice(b);
        let (a, b) = conflict[2..].split_at_mut(3);
        a.swap_with_slice(b);
    }
}

/// Triangular noise of mean 0, SD 1 and support ±√6 (Eq. 2) is [`Lane::triangle`] of one word times
/// this: the sum of two uniform numbers less 1 is exact in whole cells of 2⁻¹⁶. It is put into what noise
/// is multiplied by.
pub(super) const TRIANGULAR: f64 = 2.449_489_742_783_178 / 65_536.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_moments_fill_three_blocks() {
        assert_eq!(blocks_per_step(2), 3);
        assert_eq!(blocks_per_step(1), 2);
    }

    #[test]
    fn every_word_has_at_most_one_purpose() {
        let words: Vec<u32> = (0..48).collect();
        let draws = Draws::<f64>::new(&words);
        let mut seen = Vec::new();
        for person in 0..2 {
            let end = draws.end(person);
            seen.extend([
                end.stress,
                end.betrayal,
                end.leaving,
                end.meeting,
                end.sizes,
            ]);
            seen.push(end.deception);
            for moment in 0..2 {
                let bid = draws.bid(moment, person);
                seen.extend([bid.occurrence, bid.stakes]);
                for episode in [
                    bid.episode,
                    draws
                        .conflict(moment)
                        .episodes
                        .into_iter()
                        .nth(person)
                        .expect("two episodes"),
                ] {
                    seen.extend([episode.depth, episode.response, episode.fate]);
                }
            }
        }
        for moment in 0..2 {
            let conflict = draws.conflict(moment);
            seen.extend([conflict.occurrence, conflict.stakes]);
        }
        seen.sort_unstable();
        assert_eq!(seen, words);
    }

    #[test]
    fn every_word_of_a_day_of_childhood_has_at_most_one_purpose() {
        let words: Vec<u32> = (0..CHILDHOOD_WORDS as u32).collect();
        let draws = Draws::<f64>::new(&words);
        let end = draws.childhood_end();
        let mut seen = vec![end.stress, end.sizes];
        for moment in 0..NEED_MOMENTS {
            let need = draws.need(moment);
            seen.extend([need.occurrence, need.stakes]);
            seen.extend([need.episode.response, need.episode.fate]);
        }
        seen.sort_unstable();
        assert_eq!(seen, words[..14]);
    }

    #[test]
    fn triangular_noise_has_mean_0_and_sd_1() {
        let noise = (0..=u16::MAX).map(|low| {
            let high = low.wrapping_mul(40_503);
            f64::triangle(u32::from(low) | u32::from(high) << 16) * TRIANGULAR
        });
        let (sum, squares) = noise.fold((0.0, 0.0), |(s, q), x| (s + x, q + x * x));
        assert!((sum / 65_536.0_f64).abs() < 1e-3);
        assert!((squares / 65_536.0_f64 - 1.0).abs() < 0.01);
    }

    #[test]
    fn swapping_the_partners_swaps_each_of_their_draws() {
        let words: Vec<u32> = (0..48).collect();
        let mut swapped = words.clone();
        swap_partners(&mut swapped, 2);
        let (before, after) = (Draws::<f64>::new(&words), Draws::<f64>::new(&swapped));
        for (one, other) in [(0, 1), (1, 0)] {
            let (own, its) = (before.end(one), after.end(other));
            assert_eq!(
                [own.stress, own.betrayal, own.leaving],
                [its.stress, its.betrayal, its.leaving]
            );
            assert_eq!(
                [own.meeting, own.sizes, own.deception],
                [its.meeting, its.sizes, its.deception]
            );
            for moment in 0..2 {
                let (own, its) = (before.bid(moment, one), after.bid(moment, other));
                assert_eq!([own.occurrence, own.stakes], [its.occurrence, its.stakes]);
                let (quarrel, seen) = (before.conflict(moment), after.conflict(moment));
                assert_eq!(
                    [quarrel.occurrence, quarrel.stakes],
                    [seen.occurrence, seen.stakes]
                );
                let pairs = [
                    (&own.episode, &its.episode),
                    (&quarrel.episodes[one], &seen.episodes[other]),
                ];
                for (own, its) in pairs {
                    assert_eq!(
                        [own.depth, own.response, own.fate],
                        [its.depth, its.response, its.fate]
                    );
                }
            }
        }
        swap_partners(&mut swapped, 2);
        assert_eq!(swapped, words);
    }
}
