//! pairbond
pub mod analysis;
pub mod chart;
pub mod cli;
pub mod design;
pub mod experiment;
pub mod foundation;
pub mod model;
pub mod output;
pub mod plan;
pub mod scenario;
pub mod simulation;
pub mod study;

/// The library example of README.md, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
