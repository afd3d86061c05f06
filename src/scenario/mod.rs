//! Scenarios: a researcher's question as a text, read into a valid world with every fault told.
//!
//! A [`Scenario`] is the proof that its text was valid: whoever holds one needs to check nothing
//! again. Reading never stops at the first fault; [`Faults`] come with code, place, label and hint,
//! and [`Warnings`] travel with the scenario.

mod address;
mod calibration;
mod catalogue;
mod childhood;
mod claims;
mod code;
mod distribution;
mod distribution_check;
mod draws;
mod effective;
mod effects;
mod event;
mod event_keys;
mod measurement;
mod notice;
mod oddities;
mod overrides;
mod pair_names;
mod pairs;
mod path;
mod reader;
mod reference;
mod render;
mod schema;
mod shape;
mod sheet;
mod slips;
mod source;
mod stray;
mod suggest;
mod sweep;
mod syntax;
mod template;
mod text;
mod tree;
mod value;

pub use address::{Address, Takes};
pub use calibration::{
    CalibratedKey, CalibrationDocument, Known, KnownKey, KnownTarget, Sampler, Search, WrittenPrior,
};
pub use claims::{Claim, ClaimRule, Claims, Condition, Days, EXPECTED, Effect, Observed};
pub use code::{Code, FaultCode, WarningCode};
pub use notice::{Fault, Faults, Notice, Notices, Style, Warning, Warnings};
pub use overrides::Override;
pub use reference::reference;
pub use schema::schema;
pub use source::{Source, Span, line_and_column};
pub use sweep::{Axis, AxisValues, Points, Setting, Sweep, Until};
pub use template::template;
pub use text::{Mark, Scenario, largest};
