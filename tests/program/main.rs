//! The program as its user meets it: command lines, files, what is printed, exit codes.

mod bench;
mod calibrations;
mod charts;
mod childhood;
mod claims;
#[cfg(unix)]
mod clusters;
mod conditions;
#[cfg(target_os = "linux")]
mod exit_codes;
#[cfg(feature = "explore")]
mod explore;
mod first_steps;
mod hostile_text;
#[cfg(unix)]
mod interrupt;
#[cfg(target_os = "linux")]
mod memory;
mod messages;
mod own_targets;
mod point_tables;
mod power;
mod readme;
mod recover;
mod results;
mod reuse;
mod scenario_files;
mod sequential_stopping;
mod studies;
mod study_jobs;
mod summaries;
mod survey;
mod sweeps;
mod terminal;
mod test_support;
mod validate;
