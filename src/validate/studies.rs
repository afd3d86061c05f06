//! The studies of one laboratory: cohorts that several of them look at are lived once.

use super::cohorts::{Lab, Population, REPLICATES};
use super::panel::Panel;
use crate::childhood::Family;
use crate::scenario::Diagnostics;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::ops::Deref;
use std::rc::Rc;

/// A laboratory with what was lived in it so far.
pub(crate) struct Studies<'a> {
    lab: &'a Lab,
    /// Cohorts in parts, by population and what of its scenario was another.
    replicated: RefCell<BTreeMap<String, Rc<Panel>>>,
    /// Caregivers and children.
    pub(crate) families: OnceCell<Vec<Family>>,
}

impl Deref for Studies<'_> {
    type Target = Lab;
    fn deref(&self) -> &Lab {
        self.lab
    }
}

impl<'a> Studies<'a> {
    pub(crate) fn of(lab: &'a Lab) -> Studies<'a> {
        Studies {
            lab,
            replicated: RefCell::default(),
            families: OnceCell::new(),
        }
    }

    /// A cohort in [`REPLICATES`] parts; days of persons, which take room, are not what it is for.
    ///
    /// # Errors
    /// [`Diagnostics`] of the overrides.
    pub(crate) fn replicated(
        &self,
        population: Population,
        own: &[(&str, String)],
    ) -> Result<Rc<Panel>, Diagnostics> {
        let name = format!("{} {own:?}", population.name);
        if let Some(panel) = self.replicated.borrow().get(&name) {
            return Ok(Rc::clone(panel));
        }
        let couples = self.lab.couples.div_ceil(REPLICATES);
        let mut own = own.to_vec();
        own.push(("run.couples", couples.to_string()));
        own.push(("run.replicates", REPLICATES.to_string()));
        let panel = Rc::new(self.lab.live(population, &own)?);
        self.replicated.borrow_mut().insert(name, Rc::clone(&panel));
        Ok(panel)
    }
}
