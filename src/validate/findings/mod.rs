//! What simulated studies find, with its error, and the verdict on the published number.

#[cfg(test)]
pub(crate) mod tests;

use super::cohorts::{DATING, Lab, MARRIED, UNMARRIED};
use super::dissolution::Cohort;
use super::experiments::cross_section;
use super::measures::Measure;
use super::panel::Panel;
use super::samples::{Diaries, Part, SurveySample};
use super::studies::Studies;
use super::targets::{Standing, Target, Tier};
use crate::scenario::Diagnostics;
use crate::stats::interval::{CONFIDENCE, Interval};
use crate::stats::summary::Moments;

/// Parts into which a sample is cut where its size is of no moment, or too small for more studies.
const PARTS: usize = 10;

/// What became of a published number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The simulated interval lies within the published one.
    Reproduced,
    /// It overlaps an end: the simulation does not decide.
    Undecided,
    /// It lies outside.
    NotReproduced,
}

impl Verdict {
    /// Words of tables, in the order of the verdicts.
    pub const WORDS: &'static [&'static str] = &["reproduced", "undecided", "not_reproduced"];

    /// Its word.
    pub fn word(self) -> &'static str {
        Verdict::WORDS[self as usize]
    }

    /// Holds a simulated interval against a published one.
    pub fn of(simulated: Interval, published: Interval) -> Verdict {
        let within = simulated.low >= published.low && simulated.high <= published.high;
        let outside = simulated.high < published.low || simulated.low > published.high;
        if within {
            Verdict::Reproduced
        } else if outside || simulated.low.is_nan() {
            Verdict::NotReproduced
        } else {
            Verdict::Undecided
        }
    }
}

/// What simulated studies found of a target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding {
    /// Mean over studies.
    pub value: f64,
    /// Its 95 % interval.
    pub interval: Interval,
    /// Standard deviation over studies of the published size.
    pub spread: f64,
    /// Studies, or parts of one.
    pub studies: usize,
}

impl Finding {
    fn of(values: &[f64]) -> Finding {
        let moments: Moments = values.iter().copied().filter(|x| x.is_finite()).collect();
        let missing = values.len() as u64 != moments.count();
        Finding {
            value: if missing { f64::NAN } else { moments.mean() },
            interval: if missing {
                Interval::UNDEFINED
            } else {
                moments.interval(CONFIDENCE)
            },
            spread: moments.sd(),
            studies: values.len(),
        }
    }
}

impl Finding {
    /// The distance to another finding in standard errors of the difference, as if they were
    /// independent; NaN where neither has an error.
    pub fn distance(&self, other: &Finding) -> f64 {
        let error = |finding: &Finding| finding.spread / (finding.studies as f64).sqrt();
        let (one, two) = (error(self), error(other));
        (other.value - self.value) / (one * one + two * two).sqrt()
    }
}

/// A target and what was found of it.
#[derive(Clone)]
pub struct Held {
    /// The target.
    pub target: Target,
    /// What was found.
    pub finding: Finding,
    /// The verdict.
    pub verdict: Verdict,
}

/// The studies of a sample: as many as fit of the published size.
fn studies(couples: usize, each: u64) -> Vec<Part> {
    let size = (each as usize).min(couples / PARTS).max(1);
    let step = couples / size;
    let part = |first| Part {
        first,
        step,
        count: size,
    };
    (0..step).map(part).collect()
}

/// The populations that several targets share, each lived when it is first asked for.
struct Shared<'a> {
    lab: Studies<'a>,
    survey: Option<SurveySample>,
    diaries: Option<Diaries>,
    unmarried: Option<Panel>,
    married: Option<Panel>,
}

fn cohorts(panel: &Panel, value: fn(&Cohort<'_>) -> f64) -> Vec<f64> {
    let size = (panel.ends.len() / PARTS).max(1);
    let parts = panel
        .ends
        .chunks_exact(size)
        .zip(panel.insecurity.chunks_exact(size));
    let part = |(ends, insecurity)| {
        value(&Cohort {
            ends,
            insecurity,
            length: panel.length,
        })
    };
    parts.map(part).collect()
}

impl Shared<'_> {
    fn values(&mut self, target: &Target) -> Result<Vec<f64>, Diagnostics> {
        let lab = &self.lab;
        Ok(match target.how {
            Measure::SurveySample(value) => {
                if self.survey.is_none() {
                    self.survey = Some(cross_section(lab)?);
                }
                let Some(survey) = &self.survey else {
                    return Ok(Vec::new());
                };
                let parts = studies(survey.trust.len(), target.couples);
                parts
                    .into_iter()
                    .map(|part| value(&survey.part(part)))
                    .collect()
            }
            Measure::Diary(value) => {
                if self.diaries.is_none() {
                    let panel = lab.live(DATING, &[])?;
                    self.diaries = Some(Diaries::of(&panel, &lab.instruments, lab.seed));
                }
                let Some(diaries) = &self.diaries else {
                    return Ok(Vec::new());
                };
                let parts = studies(diaries.trust.len(), target.couples);
                parts
                    .into_iter()
                    .map(|part| value(&diaries.part(part)))
                    .collect()
            }
            Measure::Unmarried(value) => {
                if self.unmarried.is_none() {
                    self.unmarried = Some(lab.live(UNMARRIED, &[])?);
                }
                self.unmarried
                    .as_ref()
                    .map_or(Vec::new(), |panel| cohorts(panel, value))
            }
            Measure::Married(value) => {
                if self.married.is_none() {
                    self.married = Some(lab.live(MARRIED, &lab.wed())?);
                }
                self.married
                    .as_ref()
                    .map_or(Vec::new(), |panel| cohorts(panel, value))
            }
            Measure::Experiment(values) => values(lab)?,
        })
    }
}

/// Repeats the studies of targets in a laboratory and holds the published numbers against them; of
/// some targets alone where it is stopped.
///
/// # Errors
/// [`Diagnostics`] of the laboratory's overrides.
pub fn hold(lab: &Lab, targets: &[Target]) -> Result<Vec<Held>, Diagnostics> {
    let mut shared = Shared {
        lab: Studies::of(lab),
        survey: None,
        diaries: None,
        unmarried: None,
        married: None,
    };
    let mut held = Vec::with_capacity(targets.len());
    for target in targets {
        if lab.control.cancel.is_cancelled() {
            break;
        }
        let finding = Finding::of(&shared.values(target)?);
        let verdict = Verdict::of(finding.interval, target.interval);
        held.push(Held {
            target: target.clone(),
            finding,
            verdict,
        });
    }
    Ok(held)
}

/// How many targets of a tier are reproduced, undecided, or not; a target of several parts is as good as
/// its worst.
pub fn tally(held: &[Held], tier: Tier) -> [usize; 3] {
    count(held.iter().filter(|one| one.target.tier == tier))
}

/// The same of those of a tier by which nothing was chosen.
pub fn blind_tally(held: &[Held], tier: Tier) -> [usize; 3] {
    let blind = |one: &&Held| one.target.tier == tier && one.target.standing == Standing::Blind;
    count(held.iter().filter(blind))
}

fn count<'a>(held: impl Iterator<Item = &'a Held>) -> [usize; 3] {
    let mut worst: Vec<(&str, Verdict)> = Vec::new();
    for one in held {
        match worst.iter_mut().find(|(id, _)| *id == one.target.id) {
            Some((_, verdict)) => *verdict = (*verdict).max(one.verdict),
            None => worst.push((&one.target.id, one.verdict)),
        }
    }
    let count = |wanted| worst.iter().filter(|(_, v)| *v == wanted).count();
    [
        Verdict::Reproduced,
        Verdict::Undecided,
        Verdict::NotReproduced,
    ]
    .map(count)
}
