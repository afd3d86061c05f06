//! The command that measures.

use super::DONE;
use super::args::BenchWords;
use super::commands::{asked, complain, explain, say, scratch, stoppable, stopped};
use crate::bench::{BenchRequest, bench as measure};
use crate::run::Outcome;
use std::io::IsTerminal;

/// `pairbond bench FILE`
pub(crate) fn bench(words: &BenchWords) -> u8 {
    let (scenario, _) = match asked(&words.file, &words.set, words.seed, words.quiet) {
        Ok(asked) => asked,
        Err(code) => return code,
    };
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
