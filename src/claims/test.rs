//! Tests claims: replicates are simulated in stages, and each undecided claim is judged after each.

use super::observed::{recording, value};
use crate::model::parameters::MECHANISMS;
use crate::runner::{Cancelled, Control, Ensemble, ensembles};
use crate::scenario::{Claim, ClaimRule, Claims, Contrast};
use crate::simd::backend::Backend;
use crate::simulation::{Change, PreparedRun, SimulationConfig};
use crate::stats::sequential_test::{Looks, Rule, Verdict};
use crate::stats::summary::RunningMoments;
use std::ops::Range;

use super::report::{EffectEstimate, TestedClaim};

/// Tests all claims.
pub(crate) fn run(
    claims: &Claims,
    most: u32,
    without: &[String],
    control: &Control,
) -> Result<Vec<TestedClaim>, Cancelled> {
    let configs: Vec<SimulationConfig> = claims
        .conditions
        .iter()
        .map(|condition| without_mechanisms(&condition.config, without))
        .collect();
    let looks = Looks::new(u64::from(most));
    let mut tests: Vec<ClaimTest<'_>> = claims
        .claims
        .iter()
        .map(|claim| ClaimTest::new(claim, claims.claims.len()))
        .collect();
    let mut done = 0;
    for (look, count) in looks.counts().iter().enumerate() {
        if tests.iter().all(ClaimTest::is_decided) {
            break;
        }
        let stage = done..*count as u32;
        done = stage.end;
        stage_of(&mut tests, &configs, stage, control)?;
        for test in tests.iter_mut().filter(|test| !test.is_decided()) {
            test.look(&looks, look);
        }
    }
    Ok(tests.into_iter().map(ClaimTest::found).collect())
}

/// A configuration without some mechanisms, from the first day to the last.
fn without_mechanisms(config: &SimulationConfig, without: &[String]) -> SimulationConfig {
    let mut config = config.clone();
    for key in without {
        if let Some(on) = config.mechanisms.get_mut(key) {
            *on = false;
        }
        config
            .schedule
            .interval_changes
            .retain(|season| match season.change {
                Change::Mechanism { index, on } => !(on && MECHANISMS[index].key == key),
                _ => true,
            });
    }
    config
}

/// Lives the next replicates of each condition that an open claim looks at.
fn stage_of(
    tests: &mut [ClaimTest<'_>],
    configs: &[SimulationConfig],
    replicates: Range<u32>,
    control: &Control,
) -> Result<(), Cancelled> {
    let looked_at = |condition: usize| -> Vec<usize> {
        let open = tests.iter().enumerate();
        open.filter(|(_, test)| !test.is_decided() && test.looks_at(condition))
            .map(|(place, _)| place)
            .collect()
    };
    let wanted: Vec<(usize, Vec<usize>)> = (0..configs.len())
        .map(|condition| (condition, looked_at(condition)))
        .filter(|(_, by)| !by.is_empty())
        .collect();
    let courses: Vec<PreparedRun> = wanted
        .iter()
        .map(|(condition, by)| {
            let claims: Vec<&Claim> = by.iter().map(|place| tests[*place].claim).collect();
            PreparedRun::new(recording(&configs[*condition], &claims))
        })
        .collect();
    let sum_up = |course: usize, ensemble: Ensemble| -> Vec<f64> {
        let of = |place: &usize| {
            let observed = &tests[*place].claim.observed;
            value(observed, &courses[course], &ensemble)
        };
        wanted[course].1.iter().map(of).collect()
    };
    let results = ensembles(&courses, replicates, Backend::best(), control, sum_up)?;
    for ((condition, by), replicates) in wanted.iter().zip(&results) {
        for (position, place) in by.iter().enumerate() {
            let values = replicates.iter().map(|values| values[position]);
            tests[*place].take(*condition, values);
        }
    }
    for test in tests.iter_mut().filter(|test| !test.is_decided()) {
        test.close_stage();
    }
    Ok(())
}

/// A claim under test.
struct ClaimTest<'c> {
    claim: &'c Claim,
    /// Each effect's part of the probability of error.
    share: f64,
    /// Of each condition that the claim looks at, the values of the stage's replicates.
    stage: Vec<(usize, Vec<f64>)>,
    /// Of each effect its value in each replicate so far, and their moments.
    effects: Vec<(Vec<f64>, RunningMoments)>,
    judged: Vec<EffectEstimate>,
    verdict: Verdict,
}

impl<'c> ClaimTest<'c> {
    fn new(claim: &'c Claim, claims: usize) -> ClaimTest<'c> {
        ClaimTest {
            claim,
            share: 1.0 / (claims * claim.effects.len()) as f64,
            stage: Vec::new(),
            effects: vec![(Vec::new(), RunningMoments::default()); claim.effects.len()],
            judged: Vec::new(),
            verdict: Verdict::Undecided,
        }
    }

    fn is_decided(&self) -> bool {
        self.verdict != Verdict::Undecided
    }

    fn looks_at(&self, condition: usize) -> bool {
        let has = |effect: &Contrast| effect.weights.iter().any(|(own, _)| *own == condition);
        self.claim.effects.iter().any(has)
    }

    fn take(&mut self, condition: usize, values: impl Iterator<Item = f64>) {
        self.stage.push((condition, values.collect()));
    }

    /// Turns the stage's values of conditions into values of effects.
    fn close_stage(&mut self) {
        let count = self.stage.first().map_or(0, |(_, values)| values.len());
        for (effect, (all, moments)) in self.claim.effects.iter().zip(&mut self.effects) {
            for replicate in 0..count {
                let mut sum = -self.claim.null;
                for (condition, weight) in &effect.weights {
                    let own = self.stage.iter().find(|(own, _)| own == condition);
                    sum += weight * own.map_or(f64::NAN, |(_, values)| values[replicate]);
                }
                all.push(sum);
                moments.push(sum);
            }
        }
        self.stage.clear();
    }

    fn look(&mut self, looks: &Looks, look: usize) {
        let smallest = self.claim.sesoi;
        let rule = match self.claim.rule {
            ClaimRule::Greater | ClaimRule::Order => Rule::Greater,
            ClaimRule::Less => Rule::Less,
            ClaimRule::Equivalent => Rule::Equivalent,
        };
        let judge = |(_, moments): &(Vec<f64>, RunningMoments)| {
            let interval = looks.interval(look, moments, self.share, smallest);
            EffectEstimate {
                effect: moments.mean(),
                standard_error: moments.standard_error(),
                interval,
                verdict: rule.judge(interval, smallest),
            }
        };
        self.judged = self.effects.iter().map(judge).collect();
        let verdicts: Vec<Verdict> = self.judged.iter().map(|judged| judged.verdict).collect();
        self.verdict = Verdict::of_all(&verdicts);
    }

    fn found(self) -> TestedClaim {
        TestedClaim {
            verdict: self.verdict,
            runs: self.effects.first().map_or(0, |(all, _)| all.len()) as u32,
            judged: self.judged,
            values: self.effects.into_iter().map(|(all, _)| all).collect(),
        }
    }
}
