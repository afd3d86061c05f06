//! The program as its user meets it: command lines, files, what is printed, exit codes.

mod bench;
mod calibrations;
mod childhood;
mod claims;
#[cfg(unix)]
mod interrupt;
mod invalid;
#[cfg(unix)]
mod kills;
mod library;
mod new;
#[cfg(unix)]
mod no_space;
mod readme;
mod results;
mod results_folder;
mod sequential_stopping;
mod survey;
mod sweep_damage;
#[cfg(unix)]
mod sweep_interrupt;
mod sweep_tables;
mod sweeps;
mod terminal;
mod test_support;
mod validate;
mod verify;
