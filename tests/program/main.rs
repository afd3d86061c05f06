//! The program as its user meets it: words typed, files left behind, what is said, exit codes.

mod again;
mod begin;
mod bench;
mod calibrations;
mod childhood;
mod claims;
mod desk;
mod faults;
mod folder;
#[cfg(unix)]
mod kills;
mod measurement;
mod readme;
mod results;
#[cfg(unix)]
mod room;
#[cfg(unix)]
mod stops;
mod sweep_damage;
#[cfg(unix)]
mod sweep_stops;
mod sweep_tables;
mod sweeps;
mod until;
mod validate;
mod voice;
