//! Simulates published studies with given values of the calibrated keys.

use super::{Published, Stage, Studies};
use crate::calibrate::document::CalibrationDocument;
use crate::calibrate::problem::FitTarget;
use crate::error::Error;
use crate::runner::{CancelToken, Control};
use crate::scenario::{Diagnostics, Override};
use crate::stats::interval::{CONFIDENCE, normal_reach};
use crate::validate;
use crate::validate::{Laboratory, POPULATIONS, TargetTable, compare};
use std::sync::Arc;

/// The program's published statistics that a document may name: those with a value and an interval.
pub(crate) fn published() -> Vec<Published> {
    published_of(TargetTable::shipped().targets)
}

/// The statistics that the document's table has, or the program's.
pub(crate) fn published_for(document: &CalibrationDocument) -> Vec<Published> {
    match &document.table {
        Some(table) => published_of(table.targets.clone()),
        None => published(),
    }
}

/// The 95 % intervals give the standard errors.
fn published_of(targets: Vec<validate::Target>) -> Vec<Published> {
    let line = |target: validate::Target| Published {
        id: target.name(),
        tier: target.tier.letter().to_owned(),
        target: FitTarget {
            value: target.value,
            error: Some(target.interval.half_width() / normal_reach(CONFIDENCE)),
            interval: Some(target.interval),
            weight: 1.0,
        },
        statistic: target.statistic,
    };
    let known = targets.into_iter().filter(validate::Target::can_be_fitted);
    known.map(line).collect()
}

/// Simulates the studies of a document's targets.
#[derive(Clone)]
pub(crate) struct Simulated {
    laboratory: Laboratory,
    keys: Vec<String>,
    targets: Vec<validate::Target>,
}

impl Simulated {
    /// Prepares the studies of a stage, and checks that every population has the document's keys.
    ///
    /// `cancel` cancels the studies.
    ///
    /// # Errors
    /// [`Error::Scenario`] for a key that a population does not have.
    pub(crate) fn new(
        document: &CalibrationDocument,
        stage: Stage,
        cancel: &CancelToken,
    ) -> Result<Simulated, Error> {
        let named = |target: &validate::Target| document.targets.contains(&target.name());
        let couples = match stage {
            Stage::Posterior => document.couples,
            Stage::Search => document.search_couples,
        };
        let table = document.table.as_ref();
        let all = table.map_or_else(|| TargetTable::shipped().targets, |it| it.targets.clone());
        // Each simulation has its own seed.
        let laboratory = Laboratory::new(couples, 0);
        let studies = Simulated {
            laboratory: Laboratory {
                control: Arc::new(Control {
                    cancel: cancel.clone(),
                    ..Control::default()
                }),
                // The value is fitted to, and not its spread.
                least_studies: 1,
                ..laboratory
            },
            keys: document
                .parameters
                .iter()
                .map(|it| it.key.clone())
                .collect(),
            targets: all.into_iter().filter(named).collect(),
        };
        let middle: Vec<f64> = document
            .parameters
            .iter()
            .map(|it| it.prior.quantile(0.5))
            .collect();
        let faulty = |diagnostics| Error::Scenario(Box::new(diagnostics));
        let laboratory = studies.laboratory(&middle, 0).map_err(faulty)?;
        for population in POPULATIONS {
            laboratory.scenario(*population, &[]).map_err(faulty)?;
        }
        for population in table.map_or(&[][..], |table| &table.populations) {
            population.scenario(&laboratory, 1, 1).map_err(faulty)?;
        }
        Ok(studies)
    }

    /// The laboratory with values of the keys.
    fn laboratory(&self, values: &[f64], seed: u64) -> Result<Laboratory, Diagnostics> {
        let pairs = self.keys.iter().zip(values);
        let overrides = pairs
            .map(|(key, value)| Override::parse(&format!("{key}={value:?}")))
            .collect::<Result<Vec<_>, _>>()?;
        let laboratory = Laboratory {
            seed,
            ..self.laboratory.clone()
        };
        laboratory.with(overrides)
    }
}

impl Studies for Simulated {
    fn statistics(&self, values: &[f64], seed: u64) -> Vec<f64> {
        let simulate = || {
            let comparisons = compare(&self.laboratory(values, seed)?, &self.targets)?;
            Ok(comparisons.iter().map(|one| one.finding.value).collect())
        };
        // Simulations run in parallel, and each uses one thread of its own. Rayon's worker that waits for
        // another pool takes further simulations meanwhile, and all of them would be in memory at once:
        // so it waits for a plain thread, which it does without taking any.
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build();
        let found: Result<Vec<f64>, Diagnostics> = match alone {
            Ok(pool) => {
                let join =
                    std::thread::scope(|scope| scope.spawn(|| pool.install(simulate)).join());
                join.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            }
            Err(_) => simulate(),
        };
        // Contradictory values give no couples.
        found.unwrap_or_else(|_| vec![f64::NAN; self.targets.len()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::test_support;

    const DOCUMENT: &str = r#"
title = "Trust and conflict"
targets = ["C06", "C14"]

[studies]
couples = 200

[[parameter]]
key = "parameters.conflict_rate"
prior = "uniform"
low = 0.05
high = 0.4
"#;

    fn document(text: &str) -> CalibrationDocument {
        let published = published();
        test_support::document(text, &[], &published)
    }

    #[test]
    fn the_shipped_documents_can_be_simulated() {
        let published = published();
        for (name, stage) in [("calibration", Stage::Posterior), ("search", Stage::Search)] {
            let file = format!("{}/validation/{name}.toml", env!("CARGO_MANIFEST_DIR"));
            let document = crate::calibrate::read_document(file.as_ref(), &[], &published);
            let document = document.expect("a valid document");
            let studies =
                Simulated::new(&document, stage, &CancelToken::default()).expect("a laboratory");
            let couples = studies.laboratory.couples;
            assert_eq!(couples == document.search_couples, stage == Stage::Search);
        }
    }

    #[test]
    fn no_more_simulations_run_at_once_than_there_are_threads() {
        use rayon::prelude::*;
        use std::sync::atomic::{AtomicUsize, Ordering};
        let studies = Simulated::new(&document(DOCUMENT), Stage::Search, &CancelToken::default());
        let studies = studies.expect("a laboratory");
        let (running, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let one = |seed: u64| {
            let now = running.fetch_add(1, Ordering::SeqCst) + 1;
            most.fetch_max(now, Ordering::SeqCst);
            let found = studies.statistics(&[0.1], seed);
            running.fetch_sub(1, Ordering::SeqCst);
            found.len()
        };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build();
        let found: Vec<usize> = pool
            .expect("threads")
            .install(|| (0..12).into_par_iter().map(one).collect());
        assert_eq!(found, [3; 12]);
        assert!(most.into_inner() <= 2);
    }

    #[test]
    fn targets_of_panels_can_be_fitted() {
        let targets = r#"["N05 decay", "N19 under 6 months", "N69 over 12 years", "N72 good"]"#;
        let text = DOCUMENT.replace(r#"["C06", "C14"]"#, targets);
        let studies = Simulated::new(&document(&text), Stage::Posterior, &CancelToken::default());
        let studies = studies.expect("a laboratory");
        let found = Simulated {
            laboratory: Laboratory {
                couples: 2000,
                ..studies.laboratory.clone()
            },
            ..studies
        };
        let found = found.statistics(&[0.1], 4);
        assert_eq!(found.len(), 4);
        assert!(found.iter().all(|value| value.is_finite()), "{found:?}");
    }

    #[test]
    fn keys_of_the_laboratory_change_measurements() {
        let text = DOCUMENT.replace("parameters.conflict_rate", "laboratory.conflict_reported");
        let studies = Simulated::new(&document(&text), Stage::Search, &CancelToken::default());
        let studies = studies.expect("a laboratory");
        let [seldom, often] = [0.05, 0.4].map(|value| studies.statistics(&[value], 3)[2]);
        assert!(often > seldom, "{seldom} {often}");
    }

    #[test]
    fn published_intervals_give_standard_errors() {
        let published = published();
        assert!(published.len() > 20);
        let tiers = ["C", "V"];
        assert!(
            tiers
                .iter()
                .all(|tier| published.iter().any(|it| it.tier == *tier))
        );
        for Published { id, target, .. } in &published {
            let (interval, error) = (target.interval.expect("an interval"), target.error);
            let reach = 1.96 * error.expect("an error");
            assert!((reach - interval.half_width()).abs() < 1e-4, "{id}");
        }
    }

    #[test]
    fn statistics_are_a_function_of_values_and_seed_and_change_with_the_key() {
        let document = document(DOCUMENT);
        assert_eq!(document.targets, ["C06 mean", "C06 sd", "C14"]);
        let studies = Simulated::new(&document, Stage::Posterior, &CancelToken::default())
            .expect("a laboratory");
        let found = studies.statistics(&[0.1], u64::MAX);
        assert!(
            found.len() == 3 && found.iter().all(|value| value.is_finite()),
            "{found:?}"
        );
        assert_eq!(found, studies.statistics(&[0.1], u64::MAX));
        assert_ne!(found, studies.statistics(&[0.1], 5));
        // More conflicts, more days with conflict.
        let often = studies.statistics(&[0.4], u64::MAX);
        assert!(often[2] > 1.5 * found[2], "{found:?} {often:?}");
    }
}
