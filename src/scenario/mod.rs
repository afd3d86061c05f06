//! Scenarios: a researcher's question as a text, read into a valid world with every fault told.
//!
//! A [`Scenario`] is the proof that its text was valid: whoever holds one needs to check nothing
//! again. Reading never stops at the first fault; [`Faults`] come with code, place, label and hint,
//! and [`Warnings`] travel with the scenario.

pub mod address;
pub mod catalogue;
pub mod childhood;
pub mod claims;
pub mod code;
pub mod distribution;
pub mod distribution_check;
pub mod draws;
pub mod effective;
pub mod event;
pub mod event_keys;
pub mod file;
pub mod measurement;
pub mod notice;
pub mod oddities;
pub mod overrides;
pub mod pair_names;
pub mod pairs;
pub mod path;
pub mod reader;
pub mod reference;
pub mod render;
pub mod schema;
pub mod shape;
pub mod sheet;
pub mod slips;
pub mod source;
pub mod stray;
pub mod suggest;
pub mod sweep;
pub mod syntax;
pub mod template;
pub mod text;
pub mod tree;
pub mod value;

pub use address::{Address, Takes};
pub use claims::{Claim, ClaimRule, Claims, Condition, Days, EXPECTED, Effect, Observed};
pub use code::{Code, FaultCode, WarningCode};
pub use notice::{Fault, Faults, Notice, Notices, Style, Warning, Warnings};
pub use overrides::{Override, SettingValue};
pub use reference::reference;
pub use schema::schema;
pub use source::{Source, Span, line_and_column};
pub use sweep::{Axis, AxisValues, Points, Setting, Sweep, Until};
pub use template::template;
pub use text::{Mark, Scenario, largest};
