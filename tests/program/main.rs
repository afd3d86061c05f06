//! The program as its user meets it: words typed, files left behind, what is said, exit codes.

mod again;
mod begin;
mod bench;
mod desk;
mod faults;
mod folder;
mod readme;
mod results;
#[cfg(unix)]
mod room;
#[cfg(unix)]
mod stops;
mod sweeps;
mod voice;
