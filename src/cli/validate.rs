//! The command that holds published numbers against the model.

use super::args::ValidateWords;
use super::commands::{complain, explain, overrides, say, show_faults, stoppable, stopped};
use super::{DONE, FAILED};
use crate::run::Outcome;
use crate::validate::{Laboratory, ValidateRequest, validate as hold};

/// `pairbond validate [TARGET…]`
pub(crate) fn validate(words: &ValidateWords) -> u8 {
    let overrides = match overrides(&words.set) {
        Ok(overrides) => overrides,
        Err(code) => return code,
    };
    let lab = Laboratory {
        control: stoppable(),
        ..Laboratory::new(words.couples, words.seed)
    };
    let lab = match lab.with(overrides) {
        Ok(lab) => lab,
        Err(faults) => return show_faults(&faults),
    };
    let request = ValidateRequest {
        targets: words.targets.clone(),
        lab,
        overrides: words.set.clone(),
        ablation: words.ablation,
        threads: words.threads.map(usize::from),
        out: words.out.clone(),
        force: words.force,
        charts: !words.no_charts,
        against: words.against.clone(),
    };
    match hold(&request) {
        Ok(Outcome::Stopped) => stopped(),
        Ok(Outcome::Done(report)) => {
            if !words.quiet {
                say(&report.to_string());
            }
            for difference in &report.differences {
                complain(difference);
            }
            if report.differences.is_empty() {
                DONE
            } else {
                FAILED
            }
        }
        Err(error) => explain(&error),
    }
}
