//! A cache of simulated cohorts, so that studies of the same cohort share it.

use super::cohorts::{Laboratory, Population, REPLICATES};
use super::panel::Panel;
use crate::childhood::SimulatedFamily;
use crate::scenario::Diagnostics;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

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
