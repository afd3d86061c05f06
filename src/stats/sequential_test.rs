//! Group-sequential tests of claims: is an effect beyond the smallest effect size of interest, is it
//! not, or is that undecided?
//!
//! Replicates are added until a claim is decided or the maximum is reached. The counts at which the
//! data are looked at are fixed beforehand. Each look spends its own share of the probability of error,
//! and each claim of a family its own share of that (Bonferroni), so that all intervals of all looks
//! hold together with the family's confidence, whatever ended the study. Skewed values mislead
//! Student's interval, most of all in the far tails of small samples: its variance is inflated as in
//! [`stopping`](super::stopping), and each end lies at least as far out as Hall's (1992) transformation
//! puts it.
//!
//! Where most values are equal, neither their spread nor their skewness tells of the rare others: 16
//! equal values have a standard error of 0. Then the interval is widened by what the range of the
//! quantity allows ([`Rarity`]): the highest probability of another value that the counts of both
//! leave (Clopper & Pearson 1934), times the distance that such a value can have. The error rates
//! measured by simulation are in the tests.

use super::interval::{CONFIDENCE, Interval, student_quantile};
use super::summary::RunningMoments;
use crate::math::beta::beta_quantile;

/// Fewest replicates before the first look.
pub(crate) const FIRST_LOOK: u64 = 16;
/// Pseudo-observations by which each unit of 1 + skewness² inflates the variance.
const DOUBT: f64 = 6.0;

/// What a study says of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The interval lies beyond the smallest effect of interest, as the claim says.
    Supported,
    /// The interval lies wholly on the other side of it: too small an effect, or of the other sign.
    Refuted,
    /// Neither, when the replicates were spent.
    Undecided,
}

impl Verdict {
    /// The words of all verdicts, in their order.
    pub(crate) const WORDS: &'static [&'static str] = &["supported", "refuted", "undecided"];

    /// The verdict's word.
    pub fn word(self) -> &'static str {
        Verdict::WORDS[self as usize]
    }

    /// The verdict on what is claimed of several effects at once: supported where each is, refuted
    /// where one is.
    pub(crate) fn of_all(parts: &[Verdict]) -> Verdict {
        if parts.contains(&Verdict::Refuted) {
            Verdict::Refuted
        } else if parts.contains(&Verdict::Undecided) || parts.is_empty() {
            Verdict::Undecided
        } else {
            Verdict::Supported
        }
    }
}

/// What is claimed of an effect, against the smallest effect of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// The effect is above it.
    Greater,
    /// The effect is below its negative.
    Less,
    /// The effect is nearer to zero than it.
    Equivalent,
}

impl Rule {
    /// Judges an interval; `smallest` is above 0. One that touches the smallest effect, or is not
    /// defined, decides nothing.
    pub(crate) fn judge(self, interval: Interval, smallest: f64) -> Verdict {
        let Interval { low, high } = interval;
        let (beyond, short) = match self {
            Rule::Greater => (low > smallest, high < smallest),
            Rule::Less => (high < -smallest, low > -smallest),
            Rule::Equivalent => (
                low > -smallest && high < smallest,
                low > smallest || high < -smallest,
            ),
        };
        if beyond {
            Verdict::Supported
        } else if short {
            Verdict::Refuted
        } else {
            Verdict::Undecided
        }
    }
}

/// A part of an effect of which most values so far are equal, although nothing holds them there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rarity {
    /// Independent values.
    pub values: u64,
    /// Those that differ from the commonest one.
    pub others: u64,
    /// How far the effect falls at the most if the part takes another value than the commonest one.
    pub below: f64,
    /// How far it rises at the most.
    pub above: f64,
}

impl Rarity {
    /// The upper confidence limit of the probability of another value (Clopper & Pearson 1934) with a
    /// probability of error; one value is spent on finding out which one is the commonest.
    fn probability(&self, error: f64) -> f64 {
        let equal = self.values.saturating_sub(1 + self.others) as f64;
        if equal > 0.0 {
            beta_quantile(1.0 - error, self.others as f64 + 1.0, equal)
        } else {
            1.0
        }
    }
}

/// The looks of a study: after 16 replicates, then after twice as many each time, and at the most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Looks {
    counts: Vec<u64>,
}

impl Looks {
    /// Looks up to `most` replicates, and never before [`FIRST_LOOK`].
    pub(crate) fn new(most: u64) -> Looks {
        let most = most.max(FIRST_LOOK);
        let doubled = std::iter::successors(Some(FIRST_LOOK), |count| count.checked_mul(2));
        let mut counts: Vec<u64> = doubled.take_while(|count| *count < most).collect();
        counts.push(most);
        Looks { counts }
    }

    /// Replicates at each look.
    pub(crate) fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// The interval of a mean effect at a look, by its number from 0.
    ///
    /// `share` is the effect's part of the family's probability of error (0–1], `smallest` the smallest
    /// effect of interest, by which every value may still differ, and `rarities` are the effect's parts
    /// that have hardly varied: the error is shared out over them too. Undefined of fewer than two
    /// values, where one is missing, and where such a part is unbounded.
    pub(crate) fn interval(
        &self,
        look: usize,
        moments: &RunningMoments,
        share: f64,
        smallest: f64,
        rarities: &[Rarity],
    ) -> Interval {
        let n = moments.count() as f64;
        let error = (1.0 - CONFIDENCE) * share * self.part(look) / (1 + rarities.len()) as f64;
        let spread = moments.variance();
        let skewness = if spread > 0.0 {
            moments.skewness()
        } else {
            0.0
        };
        let inflation = 1.0 + DOUBT * (1.0 + skewness * skewness) / n;
        let deviation = ((spread * inflation + smallest * smallest / n) / n).sqrt();
        let reach = student_quantile(1.0 - 0.5 * error, n - 1.0);
        let lean = skewness / n.sqrt();
        let mut interval = Interval {
            low: moments.mean() - deviation * reach.max(unskewed(reach, lean)),
            high: moments.mean() + deviation * reach.max(-unskewed(-reach, lean)),
        };
        for part in rarities {
            let probability = part.probability(error);
            interval.low -= probability * part.below;
            interval.high += probability * part.above;
        }
        if !(interval.low.is_finite() && interval.high.is_finite()) {
            return Interval::UNDEFINED;
        }
        interval
    }

    /// A look's part of the probability of error: as its replicates among those of all looks, since
    /// early looks see most of what is due to chance.
    fn part(&self, look: usize) -> f64 {
        let all: u64 = self.counts.iter().sum();
        self.counts[look] as f64 / all as f64
    }
}

/// The Studentised mean whose skewness Hall's (1992) cubic transformation takes away to give `score`;
/// `lean` is the skewness over the root of the count.
fn unskewed(score: f64, lean: f64) -> f64 {
    if lean.abs() < 1e-6 {
        return score;
    }
    3.0 / lean * (libm::cbrt(1.0 + lean * (score - lean / 6.0)) - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::{exp, ln};
    use crate::stats::test_support::{normals, oracle, uniforms};

    const SMALLEST: f64 = 0.2;

    /// Judges one effect as a study does, look after look.
    fn study(
        rule: Rule,
        most: u64,
        share: f64,
        mut values: impl Iterator<Item = f64>,
    ) -> (Verdict, u64) {
        let looks = Looks::new(most);
        let mut moments = RunningMoments::default();
        for (look, count) in looks.counts().iter().enumerate() {
            moments.extend(values.by_ref().take((count - moments.count()) as usize));
            let interval = looks.interval(look, &moments, share, SMALLEST, &[]);
            let verdict = rule.judge(interval, SMALLEST);
            if verdict != Verdict::Undecided {
                return (verdict, *count);
            }
        }
        (Verdict::Undecided, most)
    }

    /// Shares of families of claims with a verdict of each kind among them.
    fn rates(
        rule: Rule,
        claims: u64,
        most: u64,
        values: &dyn Fn(u64) -> Box<dyn Iterator<Item = f64>>,
    ) -> [f64; 2] {
        const FAMILIES: u64 = 2_000;
        let mut counts = [0_u64; 2];
        for family in 0..FAMILIES {
            let of = |claim| {
                let values = values(family * claims + claim);
                study(rule, most, 1.0 / claims as f64, values).0
            };
            let verdicts: Vec<Verdict> = (0..claims).map(of).collect();
            for (count, verdict) in counts
                .iter_mut()
                .zip([Verdict::Supported, Verdict::Refuted])
            {
                *count += u64::from(verdicts.contains(&verdict));
            }
        }
        counts.map(|count| count as f64 / FAMILIES as f64)
    }

    /// Holds both false verdicts to 5 % of families where each effect is the smallest of interest.
    fn assert_honest(what: &str, values: &dyn Fn(u64) -> Box<dyn Iterator<Item = f64>>) {
        for (claims, most) in [(1, 16), (1, 256), (5, 64), (20, 32)] {
            for (rule, sign) in [
                (Rule::Greater, 1.0),
                (Rule::Less, -1.0),
                (Rule::Equivalent, 1.0),
                (Rule::Equivalent, -1.0),
            ] {
                let shifted = |number| {
                    Box::new(values(number).map(move |value| value + sign * SMALLEST))
                        as Box<dyn Iterator<Item = f64>>
                };
                let [supported, refuted] = rates(rule, claims, most, &shifted);
                assert!(
                    supported <= 0.05 && refuted <= 0.05,
                    "{what}, {claims} claims, {most} runs, {rule:?}: {supported} {refuted}"
                );
            }
        }
    }

    #[test]
    fn at_the_smallest_effect_false_verdicts_on_normal_values_are_rare() {
        assert_honest("normal", &|number| Box::new(normals(number)));
        assert_honest("wide normal", &|number| {
            Box::new(normals(number).map(|z| 5.0 * z))
        });
    }

    #[test]
    fn at_the_smallest_effect_false_verdicts_on_skewed_values_are_rare() {
        assert_honest("exponential", &|number| {
            Box::new(uniforms(number).map(|u| -ln(u) - 1.0))
        });
        assert_honest("minus exponential", &|number| {
            Box::new(uniforms(number).map(|u| ln(u) + 1.0))
        });
        assert_honest("log-normal", &|number| {
            Box::new(normals(number).map(|z| exp(0.5 * z) - exp(0.125)))
        });
    }

    #[test]
    fn at_the_smallest_effect_false_verdicts_on_shares_of_few_are_rare() {
        // A replicate is a share of thirty couples to whom it happens once in ten.
        assert_honest("share of thirty", &|number| {
            let mut draws = uniforms(number);
            let share = move || {
                let few = draws.by_ref().take(30);
                Some(0.2 * (few.filter(|u| *u < 0.1).count() as f64 - 3.0))
            };
            Box::new(std::iter::from_fn(share))
        });
    }

    #[test]
    fn clear_effects_are_decided_early_and_others_need_more() {
        let of = |effect: f64| {
            let values = |number| normals(number).map(move |z| 0.1 * z + effect);
            let studies: Vec<(Verdict, u64)> = (0..200)
                .map(|number| study(Rule::Greater, 256, 0.2, values(number)))
                .collect();
            let runs: u64 = studies.iter().map(|(_, runs)| runs).sum();
            (studies[0].0, runs as f64 / 200.0)
        };
        for (effect, verdict) in [(0.5, Verdict::Supported), (-0.1, Verdict::Refuted)] {
            let (found, runs) = of(effect);
            assert!(
                found == verdict && runs < 24.0,
                "{effect}: {found:?} {runs}"
            );
        }
        let (verdict, runs) = of(0.24);
        assert_eq!(verdict, Verdict::Supported);
        assert!((30.0..200.0).contains(&runs), "{runs}");
        assert_eq!(of(SMALLEST).0, Verdict::Undecided);
    }

    #[test]
    fn an_interval_leans_to_where_the_long_tail_may_be() {
        let looks = Looks::new(16);
        let skewed: RunningMoments = (0..16).map(|i| f64::from(u8::from(i == 0))).collect();
        let interval = looks.interval(0, &skewed, 1.0, SMALLEST, &[]);
        let (below, above) = (skewed.mean() - interval.low, interval.high - skewed.mean());
        assert!(above > 1.5 * below, "{interval:?}");
        for (score, lean) in [(2.5, 0.3), (-2.5, 0.3), (1.0, -0.2), (0.0, 0.1)] {
            let t = unskewed(score, lean);
            let hall = t + lean * t * t / 3.0 + lean * lean * t * t * t / 27.0 + lean / 6.0;
            assert!((hall - score).abs() < 1e-12, "{score} {lean}: {hall}");
        }
        assert_eq!(unskewed(2.0, 0.0), 2.0);
    }

    #[test]
    fn values_that_have_not_varied_decide_only_what_is_far() {
        let looks = Looks::new(64);
        let still: RunningMoments = std::iter::repeat_n(0.19, 16).collect();
        let interval = looks.interval(0, &still, 1.0, SMALLEST, &[]);
        assert_eq!(Rule::Greater.judge(interval, SMALLEST), Verdict::Undecided);
        let none: RunningMoments = std::iter::repeat_n(0.0, 64).collect();
        let verdict = |values| {
            let part = Rarity {
                values,
                others: 0,
                below: 0.0,
                above: 1.0,
            };
            let interval = looks.interval(2, &none, 1.0, 0.02, &[part]);
            Rule::Greater.judge(interval, 0.02)
        };
        // 64 ensembles without an event say little, and the thousand couples in them more.
        assert_eq!(verdict(64), Verdict::Undecided);
        assert_eq!(verdict(1_000), Verdict::Refuted);
    }

    #[test]
    fn what_is_not_seen_has_the_probability_of_the_rule_of_three() {
        let part = |values| Rarity {
            values,
            others: 0,
            below: 0.0,
            above: 1.0,
        };
        assert!((part(301).probability(0.05) - 0.009_936).abs() < 1e-6);
        // One value is spent on finding out which one is the commonest.
        for (others, trials, expected) in oracle("clopper_pearson_high") {
            let some = Rarity {
                others: others as u64,
                ..part(trials as u64 + 1)
            };
            let found = some.probability(0.05);
            assert!(
                (found - expected).abs() < 1e-9,
                "{others} {trials}: {found}"
            );
        }
        assert_eq!(part(1).probability(0.05), 1.0);
        assert_eq!(part(0).probability(0.05), 1.0);
        let endless = Rarity {
            above: f64::INFINITY,
            ..part(64)
        };
        let none: RunningMoments = std::iter::repeat_n(0.0, 16).collect();
        let interval = Looks::new(16).interval(0, &none, 1.0, SMALLEST, &[endless]);
        assert!(interval.low.is_nan() && interval.high.is_nan());
    }

    /// Values of replicates of `couples` couples, to each of whom something happens with a probability
    /// and then moves the couple's value in [0, 1] from 0 to what `size` makes of a uniform number.
    fn rare(
        number: u64,
        couples: usize,
        probability: f64,
        size: fn(f64) -> f64,
    ) -> impl Iterator<Item = f64> {
        let mut draws = uniforms(number);
        std::iter::repeat_with(move || {
            let mut of_couple = || {
                let (happens, size_of) = (draws.next(), draws.next());
                let (happens, size_of) = (happens.expect("draws"), size_of.expect("draws"));
                if happens < probability {
                    size(size_of)
                } else {
                    0.0
                }
            };
            (0..couples).map(|_| of_couple()).sum::<f64>() / couples as f64
        })
    }

    #[test]
    fn at_the_smallest_effect_false_verdicts_on_rare_events_are_rare() {
        const STUDIES: u64 = 200;
        let sizes: [(f64, fn(f64) -> f64); 3] =
            [(1.0, |_| 1.0), (0.5, |u| u), (0.25, |u| u * u * u)];
        let rules = [
            (Rule::Greater, 1.0),
            (Rule::Less, -1.0),
            (Rule::Equivalent, 1.0),
            (Rule::Equivalent, -1.0),
        ];
        for (mean_size, size) in sizes {
            for probability in [1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1] {
                let truth = probability * mean_size;
                for ((rule, sign), (most, share)) in rules
                    .into_iter()
                    .flat_map(|rule| [(16, 1.0), (128, 1.0), (128, 0.2)].map(|study| (rule, study)))
                {
                    let smallest = 0.2 * truth;
                    let null = truth - sign * smallest;
                    let verdict = |number| {
                        let values = rare(number, COUPLES, probability, size);
                        rare_study(rule, most, share, smallest, null, values)
                    };
                    let verdicts: Vec<Verdict> = (0..STUDIES).map(verdict).collect();
                    for wrong in [Verdict::Supported, Verdict::Refuted] {
                        let count = verdicts.iter().filter(|verdict| **verdict == wrong).count();
                        let error = count as f64 / STUDIES as f64;
                        assert!(
                            error <= 0.05,
                            "{mean_size} {probability} {most} {share} {rule:?} {wrong:?}: {error}"
                        );
                    }
                }
            }
        }
    }

    const COUPLES: usize = 10;

    /// Judges the mean of values in [0, 1] less a null value, look after look.
    fn rare_study(
        rule: Rule,
        most: u64,
        share: f64,
        smallest: f64,
        null: f64,
        mut values: impl Iterator<Item = f64>,
    ) -> Verdict {
        let looks = Looks::new(most);
        let mut moments = RunningMoments::default();
        let mut others = 0;
        for (look, count) in looks.counts().iter().enumerate() {
            for value in values.by_ref().take((count - moments.count()) as usize) {
                others += u64::from(value > 0.0);
                moments.push(value - null);
            }
            let rarity = Rarity {
                values: if others == 0 {
                    count * COUPLES as u64
                } else {
                    *count
                },
                others,
                below: 0.0,
                above: 1.0,
            };
            let rare = others < FIRST_LOOK && 2 * others < *count;
            let rarities: &[Rarity] = if rare { &[rarity] } else { &[] };
            let interval = looks.interval(look, &moments, share, smallest, rarities);
            let verdict = rule.judge(interval, smallest);
            if verdict != Verdict::Undecided {
                return verdict;
            }
        }
        Verdict::Undecided
    }

    #[test]
    fn what_is_not_known_is_undecided() {
        let looks = Looks::new(16);
        let mut missing: RunningMoments = normals(1).take(15).collect();
        missing.push(f64::NAN);
        for moments in [
            missing,
            RunningMoments::default(),
            [1.0].into_iter().collect(),
        ] {
            let interval = looks.interval(0, &moments, 1.0, SMALLEST, &[]);
            for rule in [Rule::Greater, Rule::Less, Rule::Equivalent] {
                assert_eq!(rule.judge(interval, SMALLEST), Verdict::Undecided);
            }
        }
    }

    #[test]
    fn looks_double_up_to_the_most_and_share_the_error_out() {
        assert_eq!(Looks::new(0).counts(), [16]);
        assert_eq!(Looks::new(64).counts(), [16, 32, 64]);
        let looks = Looks::new(100);
        assert_eq!(looks.counts(), [16, 32, 64, 100]);
        let parts: f64 = (0..4).map(|look| looks.part(look)).sum();
        assert!((parts - 1.0).abs() < 1e-15);
    }

    #[test]
    fn several_effects_are_supported_together_and_refuted_by_one() {
        use Verdict::{Refuted, Supported, Undecided};
        assert_eq!(Verdict::of_all(&[Supported, Supported]), Supported);
        assert_eq!(Verdict::of_all(&[Supported, Undecided]), Undecided);
        assert_eq!(Verdict::of_all(&[Undecided, Refuted]), Refuted);
        assert_eq!(Verdict::of_all(&[]), Undecided);
    }
}
