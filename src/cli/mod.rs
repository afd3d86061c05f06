//! The command line: words typed, a use case of `study`, an exit code.

mod benches;
mod calibrations;
mod claims;
mod commands;
mod progress;
mod sweeps;
mod validations;
mod words;

use clap::Parser;
use std::process::ExitCode;
use words::{Command, Words};

/// Exit codes.
const DONE: u8 = 0;
const FAILED: u8 = 1;
const FAULTY: u8 = 2;
const STOPPED: u8 = 130;

/// Does what the words of the command line ask for.
pub fn main() -> ExitCode {
    let words = match Words::try_parse() {
        Ok(words) => words,
        Err(refusal) => {
            // A closed pipe is no reason to complain about help text.
            let _ = refusal.print();
            return ExitCode::from(if refusal.use_stderr() { FAULTY } else { DONE });
        }
    };
    let mut command = words.command;
    if let Some(set) = command.set()
        && let Err(code) = commands::from_files(set)
    {
        return ExitCode::from(code);
    }
    ExitCode::from(match command {
        Command::New(words) => commands::new(&words),
        Command::Run(words) => commands::run(&words),
        Command::Sweep(words) => sweeps::sweep(&words),
        Command::Merge(words) => sweeps::merge(&words),
        Command::Validate(words) => validations::validate(&words),
        Command::Claims(words) => claims::claims(&words),
        Command::Bench(words) => benches::bench(&words),
        Command::Calibrate(words) => calibrations::calibrate(&words),
        Command::Check(words) => commands::check(&words),
        Command::Plot(words) => commands::plot(&words),
        Command::Verify(words) => commands::verify(&words),
        Command::Schema => commands::schema(),
    })
}
