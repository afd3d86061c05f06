//! The laboratory: the simulated populations that published studies are repeated on.
//!
//! Each population is a scenario of its own (`validation/NAME.toml`), and all of them differ from the
//! defaults in nothing but what their sample was.

use super::panel::Panel;
use super::samples::Instruments;
use crate::runner::Control;
use crate::scenario::{Diagnostics, Override, Scenario};
use std::sync::Arc;

/// A population of a study, by its scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Population {
    /// Name of its file.
    pub name: &'static str,
    text: &'static str,
}

macro_rules! populations {
    ($($name:ident $file:literal;)*) => {
        $(
            #[doc = concat!("The scenario `validation/", $file, ".toml`.")]
            pub(crate) const $name: Population = Population {
                name: $file,
                text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/validation/", $file, ".toml")),
            };
        )*
        /// Every population.
        pub const POPULATIONS: &[Population] = &[$($name),*];
    };
}

populations! {
    SURVEY "survey";
    DATING "dating";
    UNMARRIED "unmarried";
    MARRIED "married";
    STRAIN_TEST "strain_test";
    BETRAYAL "betrayal";
    NEW_COUPLES "new_couples";
    RESPONSIVE_PARTNER "responsive_partner";
    HARD_YEAR "hard_year";
    DISCUSSION "discussion";
}

/// Replicates of a cohort whose course is compared: their spread gives the error.
pub(crate) const REPLICATES: u64 = 10;

/// What is left of the rate of break-ups after a wedding: a result of the calibration.
const WEDDING: f64 = 0.12;

/// What all simulated studies have in common.
#[derive(Clone, Debug)]
pub struct Lab {
    /// Couples of each cohort at its start.
    pub couples: u64,
    /// Seed of all populations; each has its own random numbers.
    pub seed: u64,
    /// What is put in place of the scenarios' values, such as a parameter to be calibrated or a
    /// mechanism to be switched off.
    pub overrides: Vec<Override>,
    /// How instruments see states.
    pub instruments: Instruments,
    /// What is left of the rate of break-ups after a wedding.
    pub wedding: f64,
    /// Stops the studies on request, and counts what they live.
    pub control: Arc<Control>,
}

impl Lab {
    /// A laboratory with the instruments of the calibration and nothing overridden.
    pub fn new(couples: u64, seed: u64) -> Lab {
        Lab {
            couples,
            seed,
            overrides: Vec::new(),
            instruments: Instruments::default(),
            wedding: WEDDING,
            control: Arc::default(),
        }
    }

    /// What makes the wedding of a population's scenario, its first event, leave what it leaves here.
    pub(crate) fn wed(&self) -> [(&'static str, String); 1] {
        [("event.0.factor", self.wedding.to_string())]
    }

    /// Reads a population's scenario with the laboratory's overrides and some of the study's own.
    ///
    /// # Errors
    /// [`Diagnostics`] of the overrides.
    pub fn scenario(
        &self,
        population: Population,
        own: &[(&str, String)],
    ) -> Result<Scenario, Diagnostics> {
        let number = POPULATIONS.iter().position(|p| *p == population);
        let seed = self
            .seed
            .wrapping_mul(1_000)
            .wrapping_add(number.unwrap_or(0) as u64 * 100);
        let mut overrides = Vec::new();
        let usual = [
            ("run.seed", seed.to_string()),
            ("run.couples", self.couples.max(1).to_string()),
        ];
        for (key, value) in usual
            .iter()
            .map(|(k, v)| (*k, v))
            .chain(own.iter().map(|(k, v)| (*k, v)))
        {
            overrides.push(Override::parse(&format!("{key}={value}"))?);
        }
        overrides.extend(self.overrides.iter().cloned());
        let name = format!("validation/{}.toml", population.name);
        Scenario::read_text(&name, population.text, &overrides)
    }

    /// Lives a population's cohort.
    ///
    /// # Errors
    /// [`Diagnostics`] of the overrides.
    pub(crate) fn live(
        &self,
        population: Population,
        own: &[(&str, String)],
    ) -> Result<Panel, Diagnostics> {
        let scenario = self.scenario(population, own)?;
        Ok(Panel::live(&scenario, &self.control))
    }
}
