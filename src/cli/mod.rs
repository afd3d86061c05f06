//! The command line: words typed, a use case of `study`, an exit code.

pub mod args;
pub mod bench;
pub mod calibrate;
pub mod claims;
pub mod commands;
pub mod progress;
pub mod sweep;
pub mod validate;

use crate::cli::args::{Command, Words};
use clap::Parser;
use std::process::ExitCode;

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
        Command::Sweep(words) => sweep::sweep(&words),
        Command::Merge(words) => sweep::merge(&words),
        Command::Validate(words) => validate::validate(&words),
        Command::Claims(words) => claims::claims(&words),
        Command::Bench(words) => bench::bench(&words),
        Command::Calibrate(words) => calibrate::calibrate(&words),
        Command::Check(words) => commands::check(&words),
        Command::Plot(words) => commands::plot(&words),
        Command::Verify(words) => commands::verify(&words),
        Command::Schema => commands::schema(),
    })
}
