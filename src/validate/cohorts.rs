//! The populations of published studies, and how they are simulated.
//!
//! Each population is a scenario (`validation/NAME.toml`) that differs from the defaults only in what
//! the sample of the study was. A [`Laboratory`] holds what all simulated studies have in common.

use super::panel::Panel;
use super::samples::Instruments;
use crate::childhood::SimulatedFamily;
use crate::runner::Control;
use crate::scenario::{Diagnostics, Override, Scenario};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
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

/// Replicates of a cohort in an experiment: their spread gives the error.
pub(crate) const REPLICATES: u64 = 10;

/// Factor by which a wedding multiplies the rate of break-ups: a result of the calibration.
const WEDDING_FACTOR: f64 = 0.12;

/// What all simulated studies have in common.
#[derive(Clone, Debug)]
pub(crate) struct Laboratory {
    /// Couples of each cohort at its start.
    pub(crate) couples: u64,
    /// Seed of all populations; each has its own random numbers.
    pub(crate) seed: u64,
    /// Overrides of all scenarios, such as a calibrated parameter or a mechanism that is off.
    pub(crate) overrides: Vec<Override>,
    /// How instruments measure states.
    pub(crate) instruments: Instruments,
    /// Factor by which a wedding multiplies the rate of break-ups.
    pub(crate) wedding_factor: f64,
    /// Cancels the studies, and counts the couple-days.
    pub(crate) control: Arc<Control>,
}

impl Population {
    /// The dotted key of `field` in the event of the population's scenario in which `key` is `value`.
    pub(crate) fn event_field(self, (key, value): (&str, &str), field: &str) -> String {
        let scenario: toml::Table = self.text.parse().expect("the scenario is valid TOML");
        let events = scenario.get("event").and_then(toml::Value::as_array);
        let events = events.expect("the scenario has events");
        let is_meant =
            |event: &toml::Value| event.get(key).and_then(toml::Value::as_str) == Some(value);
        let number = events.iter().position(is_meant);
        let number = number.expect("the scenario has the event");
        format!("event.{number}.{field}")
    }
}

impl Laboratory {
    /// A laboratory with the instruments of the calibration and nothing overridden.
    pub(crate) fn new(couples: u64, seed: u64) -> Laboratory {
        Laboratory {
            couples,
            seed,
            overrides: Vec::new(),
            instruments: Instruments::default(),
            wedding_factor: WEDDING_FACTOR,
            control: Arc::default(),
        }
    }

    /// The override that gives the wedding in a population's scenario the factor of this laboratory.
    pub(crate) fn wedding(&self, population: Population) -> (String, String) {
        let key = population.event_field(("label", "wedding"), "factor");
        (key, self.wedding_factor.to_string())
    }

    /// Reads a population's scenario with overrides of the study and of the laboratory.
    ///
    /// # Errors
    /// [`Diagnostics`] of the overrides.
    pub(crate) fn scenario(
        &self,
        population: Population,
        own: &[(String, String)],
    ) -> Result<Scenario, Diagnostics> {
        let number = POPULATIONS.iter().position(|p| *p == population);
        let seed = self
            .seed
            .wrapping_mul(1_000)
            .wrapping_add(number.unwrap_or(0) as u64 * 100);
        let mut overrides = Vec::new();
        let size = [
            ("run.seed".to_owned(), seed.to_string()),
            ("run.couples".to_owned(), self.couples.max(1).to_string()),
        ];
        for (key, value) in size.iter().chain(own) {
            overrides.push(Override::parse(&format!("{key}={value}"))?);
        }
        overrides.extend(self.overrides.iter().cloned());
        let name = format!("validation/{}.toml", population.name);
        Scenario::read_text(&name, population.text, &overrides)
    }

    /// Simulates a cohort of a population.
    ///
    /// # Errors
    /// [`Diagnostics`] of the overrides.
    pub(crate) fn simulate(
        &self,
        population: Population,
        own: &[(String, String)],
    ) -> Result<Panel, Diagnostics> {
        let scenario = self.scenario(population, own)?;
        Ok(Panel::simulate(&scenario, &self.control))
    }
}

/// A laboratory with the cohorts that were simulated in it so far.
pub(crate) struct CohortCache<'a> {
    pub(crate) laboratory: &'a Laboratory,
    /// Cohorts in replicates, by population and overrides.
    replicated: RefCell<BTreeMap<String, Rc<Panel>>>,
    /// Caregivers and children.
    pub(crate) families: OnceCell<Vec<SimulatedFamily>>,
}

impl<'a> CohortCache<'a> {
    pub(crate) fn new(laboratory: &'a Laboratory) -> CohortCache<'a> {
        CohortCache {
            laboratory,
            replicated: RefCell::default(),
            families: OnceCell::new(),
        }
    }

    /// A cohort in [`REPLICATES`] replicates.
    ///
    /// # Errors
    /// [`Diagnostics`] of the overrides.
    pub(crate) fn replicated(
        &self,
        population: Population,
        own: &[(String, String)],
    ) -> Result<Rc<Panel>, Diagnostics> {
        let name = format!("{} {own:?}", population.name);
        if let Some(panel) = self.replicated.borrow().get(&name) {
            return Ok(Rc::clone(panel));
        }
        let couples = self.laboratory.couples.div_ceil(REPLICATES);
        let mut own = own.to_vec();
        own.push(("run.couples".to_owned(), couples.to_string()));
        own.push(("run.replicates".to_owned(), REPLICATES.to_string()));
        let panel = Rc::new(self.laboratory.simulate(population, &own)?);
        self.replicated.borrow_mut().insert(name, Rc::clone(&panel));
        Ok(panel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_found_by_what_they_are() {
        assert_eq!(
            DISCUSSION.event_field(("label", "wedding"), "factor"),
            "event.0.factor"
        );
        assert_eq!(
            STRAIN_TEST.event_field(("parameter", "conflict_stakes"), "add"),
            "event.1.add"
        );
    }

    #[test]
    fn a_wedding_has_the_factor_of_the_laboratory() {
        let laboratory = Laboratory {
            wedding_factor: 0.37,
            ..Laboratory::new(100, 1)
        };
        for population in [MARRIED, DISCUSSION] {
            let own = [laboratory.wedding(population)];
            let scenario = laboratory.scenario(population, &own).expect("a scenario");
            assert!(scenario.effective_toml().contains("factor = 0.37"));
        }
    }
}
