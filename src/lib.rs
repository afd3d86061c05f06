//! Simulates close relationships: partners whose trust and intimacy grow or wither through
//! responsive and unresponsive interactions.
//!
//! A [`scenario`] is a researcher's question as a text. Read, it is a valid
//! [`SimulationConfig`](simulation::SimulationConfig); a [`plan`] numbers its work, an [`experiment`] does it in parallel,
//! and [`study`] lays the results down as tables and charts. The equations stand in [`model`], once,
//! and are described with their sources in `docs/model.md`.
//!
//! ```
//! use pairbond::experiment::{Control, Course, Collector, run};
//! use pairbond::plan::Plan;
//! use pairbond::scenario::Scenario;
//! use pairbond::simulation::{BlockOutcome, Backend};
//!
//! struct Partings(usize);
//! impl Collector for Partings {
//!     type Error = std::convert::Infallible;
//!     fn take(&mut self, outcome: BlockOutcome) -> Result<(), Self::Error> {
//!         self.0 += outcome.ends.iter().flatten().count();
//!         Ok(())
//!     }
//! }
//!
//! let text = "title = 'A month'\n[run]\nseed = 1\ncouples = 100\ndays = 30";
//! let scenario = Scenario::read_text("month.toml", text, &[])?;
//! let mut partings = Partings(0);
//! let plan = Plan::new(scenario.config().clone());
//! let course = run(&plan, Backend::best(), false, &Control::default(), &mut partings);
//! assert!(matches!(course, Course::Whole(_)));
//! assert!(partings.0 < 100);
//! # Ok::<(), pairbond::scenario::Diagnostics>(())
//! ```
//!
//! # Floors
//!
//! Imports only go downhill: [`foundation`]; [`model`] and [`design`]; [`population`] and [`analysis`];
//! [`simulation`]; [`scenario`]; [`plan`]; [`experiment`]; [`output`] and [`chart`]; [`study`]; [`cli`].
//! ARCHITECTURE.md has the table, and a test keeps it.
//!
//! # Determinism
//!
//! A result is a function of crate version, scenario and seed. It does not depend on threads, on the
//! processor's vector registers, on shards or on an interruption, nor on what else is recorded. Every
//! random draw has an address ([`foundation::chance`]), and transcendental functions come from one
//! portable place ([`foundation::maths`]).
//!
//! # Features
//!
//! `parquet` (tables as Apache Parquet) and `png` (pictures beside the SVG ones) are on by default.

pub mod bench;
pub mod calibrate;
pub mod chart;
pub mod childhood;
pub mod claims;
pub mod cli;
pub mod design;
pub mod error;
pub mod math;
pub mod model;
pub mod plot;
pub mod results;
pub mod rng;
pub mod run;
pub mod runner;
pub mod scenario;
pub mod simd;
pub mod simulation;
pub mod stats;
pub mod sweep;
pub mod table;
pub mod validate;
pub mod verify;

/// The library example of README.md, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
