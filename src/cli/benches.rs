//! The command that measures.

use super::DONE;
use super::commands::{
    complain, explain, say, scenario, scratch, show_warnings, stoppable, stopped,
};
use super::words::BenchWords;
use crate::study::Outcome;
use crate::study::bench::{BenchRequest, bench as measure};
use std::io::IsTerminal;

/// `pairbond bench FILE`
pub(super) fn bench(words: &BenchWords) -> u8 {
    let mut values = words.set.clone();
    values.extend(words.seed.map(|seed| format!("run.seed={seed}")));
    let scenario = match scenario(&words.file, &values) {
        Ok(scenario) => scenario,
        Err(code) => return code,
    };
    if !words.quiet {
        show_warnings(&scenario);
    }
    let control = stoppable();
    let scratch = match scratch() {
        Ok(scratch) => scratch,
        Err(code) => return code,
    };
    let request = BenchRequest {
        seconds: words.seconds,
        rounds: words.rounds,
        threads: words.threads.map(usize::from),
        json: words.json.clone(),
        force: words.force,
        compare: words.compare.clone(),
        scratch: scratch.path().to_owned(),
    };
    if !words.quiet && std::io::stderr().is_terminal() {
        complain(&format!("measuring for about {} seconds …", words.seconds));
    }
    match measure(&scenario, &request, &control) {
        Ok(Outcome::Stopped) => stopped(),
        Ok(Outcome::Done(report)) => {
            if !words.quiet {
                say(&report.measurement.to_string());
                if let Some(comparison) = &report.comparison {
                    say(&format!("\n{comparison}"));
                }
            }
            DONE
        }
        Err(error) => explain(&error),
    }
}
