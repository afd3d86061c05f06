//! The laboratory: what all simulated studies have in common, the populations that they sample, and the
//! keys by which a calibration sets what no scenario has.
//!
//! Each population is a scenario (`validation/NAME.toml`) that differs from the defaults only in what
//! the sample of the study was.

use crate::childhood::SimulatedFamily;
use crate::runner::Control;
use crate::scenario::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::scenario::nearest::nearest;
use crate::scenario::{Override, Scenario, value};
use crate::simulation::config::{DayRows, Record};
use crate::simulation::survey::ScaleId;
use crate::validate::cohort_days::CohortDays;
use crate::validate::cohort_waves::CohortWaves;
use crate::validate::panel_study::{self, PanelStudy};
use crate::validate::samples::Instruments;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

/// A population of a study, by its scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Population {
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
        pub(crate) const POPULATIONS: &[Population] = &[$($name),*];
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
    COHABITING "cohabiting";
}

/// Parts of a cohort whose spread gives the error.
pub(crate) const REPLICATES: u64 = 10;

/// Seeds of the populations of a laboratory.
const POPULATION_SEEDS: u64 = 10_000;
/// Seeds of laboratories are taken below this, so that those of their populations are exact in TOML.
pub(crate) const SEEDS: u64 = i64::MAX as u64 / POPULATION_SEEDS;

/// Factor by which a wedding multiplies the rate of reasons outside the bond to think about leaving: a result
/// of the calibration.
const WEDDING_FACTOR: f64 = 0.173;

/// Factor by which every three years of marriage or of living together multiply it again, as barriers to leaving
/// grow.
const BARRIERS_FACTOR: f64 = 0.69;

/// Factor by which moving in together multiplies the rate of reasons outside the bond.
const MOVING_IN_FACTOR: f64 = 0.327;

/// The least deliberation of one who thinks about leaving.
const THINKS_ABOUT_LEAVING: f64 = 0.1;

/// What all simulated studies have in common.
#[derive(Clone, Debug)]
pub(crate) struct Laboratory {
    /// Couples of each cohort at its start.
    pub(crate) couples: u64,
    /// Studies at the least into which a named population is divided: their spread gives the error.
    pub(crate) least_studies: u64,
    /// Seed of all populations; each has its own random numbers.
    pub(crate) seed: u64,
    /// Overrides of all scenarios, such as a calibrated parameter or a mechanism that is off.
    pub(crate) overrides: Vec<Override>,
    /// How instruments measure states.
    pub(crate) instruments: Instruments,
    /// Factor by which a wedding multiplies the rate of reasons outside the bond to think about leaving.
    pub(crate) wedding_factor: f64,
    /// Factor by which every three years of marriage or of living together multiply it again.
    pub(crate) barriers_factor: f64,
    /// Factor by which moving in together multiplies the rate of reasons outside the bond.
    pub(crate) moving_in_factor: f64,
    /// Cancels the studies, and counts the couple-days.
    pub(crate) control: Arc<Control>,
}

impl Population {
    /// The dotted keys of `field` in the events of the population's scenario in which `key` is `value`.
    pub(crate) fn event_fields(self, (key, value): (&str, &str), field: &str) -> Vec<String> {
        let scenario: toml::Table = self.text.parse().expect("the scenario is valid TOML");
        let events = scenario.get("event").and_then(toml::Value::as_array);
        let events = events.expect("the scenario has events");
        let is_meant =
            |event: &toml::Value| event.get(key).and_then(toml::Value::as_str) == Some(value);
        let numbers = (1..).zip(events).filter(|(_, event)| is_meant(event));
        numbers
            .map(|(number, _)| format!("event.{number}.{field}"))
            .collect()
    }

    /// The dotted key of `field` in the first of these events.
    pub(crate) fn event_field(self, which: (&str, &str), field: &str) -> String {
        let keys = self.event_fields(which, field);
        keys.into_iter().next().expect("the scenario has the event")
    }

    /// The day on which couples of the population marry.
    fn wedding_day(self) -> Option<u32> {
        let scenario: toml::Table = self.text.parse().expect("the scenario is valid TOML");
        let events = scenario.get("event").and_then(toml::Value::as_array)?;
        let weds = |event: &&toml::Value| {
            event.get("label").and_then(toml::Value::as_str) == Some("wedding")
        };
        let day = events.iter().find(weds)?.get("from")?.as_integer();
        day.and_then(|day| u32::try_from(day).ok())
    }
}

impl Laboratory {
    /// A laboratory with the instruments of the calibration and nothing overridden.
    pub(crate) fn new(couples: u64, seed: u64) -> Laboratory {
        Laboratory {
            couples,
            least_studies: REPLICATES,
            seed,
            overrides: Vec::new(),
            instruments: Instruments::default(),
            wedding_factor: WEDDING_FACTOR,
            barriers_factor: BARRIERS_FACTOR,
            moving_in_factor: MOVING_IN_FACTOR,
            control: Arc::default(),
        }
    }

    /// The overrides that give the wedding in a population's scenario, and the years after it, the factors of
    /// this laboratory.
    pub(crate) fn wedding(&self, population: Population) -> Vec<(String, String)> {
        self.settled(population, "wedding", self.wedding_factor)
    }

    /// The same of moving in together.
    pub(crate) fn moving_in(&self) -> Vec<(String, String)> {
        self.settled(COHABITING, "moving in", self.moving_in_factor)
    }

    fn settled(&self, population: Population, by: &str, factor: f64) -> Vec<(String, String)> {
        let factors = [(by, factor), ("barriers", self.barriers_factor)];
        let overrides = factors.into_iter().flat_map(|(label, factor)| {
            let keys = population.event_fields(("label", label), "factor");
            keys.into_iter().map(move |key| (key, factor.to_string()))
        });
        overrides.collect()
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
        let seed = self.seed % SEEDS * POPULATION_SEEDS + number.unwrap_or(0) as u64 * 100;
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

    /// Simulates a cohort of a population: of couples who marry, those who do.
    ///
    /// # Errors
    /// [`Diagnostics`] of the overrides.
    pub(crate) fn simulate(
        &self,
        population: Population,
        own: &[(String, String)],
    ) -> Result<CohortDays, Diagnostics> {
        let scenario = self.scenario(population, own)?;
        let mut cohort = CohortDays::simulate(scenario.config().clone(), &self.control);
        if let Some(day) = population.wedding_day() {
            cohort.retain(&self.marrying(&scenario, day));
        }
        Ok(cohort)
    }

    /// Which couples marry on a day: those of whom neither thinks about leaving on the day before. (Couples move
    /// in together without deciding it: Stanley, Rhoades & Markman 2006.)
    fn marrying(&self, scenario: &Scenario, day: u32) -> Vec<bool> {
        let mut config = scenario.config().clone();
        config.size.days = day - 1;
        config.record = Record {
            days: DayRows::All,
            days_from: day - 1,
            ..Record::nothing(day - 1)
        };
        let cohort = CohortDays::simulate(config, &self.control);
        let mut marrying = vec![false; cohort.ends.len()];
        let deliberation = cohort.column("deliberation").chunks_exact(2);
        for (couple, partners) in cohort.ids.iter().zip(deliberation) {
            marrying[*couple as usize] = partners.iter().all(|x| *x < THINKS_ABOUT_LEAVING);
        }
        marrying
    }
}

/// A laboratory with the cohorts that were simulated in it so far.
pub(crate) struct CohortCache<'a> {
    pub(crate) laboratory: &'a Laboratory,
    /// Last days of cohorts, by population and overrides.
    days: RefCell<BTreeMap<String, Rc<CohortDays>>>,
    /// Cohorts in waves, by population, overrides, days and scale.
    waves: RefCell<BTreeMap<String, Rc<CohortWaves>>>,
    unmarried: OnceCell<PanelStudy>,
    married: OnceCell<PanelStudy>,
    /// Caregivers and children.
    pub(crate) families: OnceCell<Vec<SimulatedFamily>>,
}

impl<'a> CohortCache<'a> {
    pub(crate) fn new(laboratory: &'a Laboratory) -> CohortCache<'a> {
        CohortCache {
            laboratory,
            days: RefCell::default(),
            waves: RefCell::default(),
            unmarried: OnceCell::new(),
            married: OnceCell::new(),
            families: OnceCell::new(),
        }
    }

    /// The cohort that does not marry, in waves.
    ///
    /// # Errors
    /// [`Diagnostics`] of the overrides.
    pub(crate) fn unmarried(&self) -> Result<&PanelStudy, Diagnostics> {
        self.followed(&self.unmarried, UNMARRIED, &[])
    }

    /// The cohort that marries, in waves.
    ///
    /// # Errors
    /// [`Diagnostics`] of the overrides.
    pub(crate) fn married(&self) -> Result<&PanelStudy, Diagnostics> {
        self.followed(&self.married, MARRIED, &self.laboratory.wedding(MARRIED))
    }

    fn followed<'s>(
        &'s self,
        known: &'s OnceCell<PanelStudy>,
        population: Population,
        own: &[(String, String)],
    ) -> Result<&'s PanelStudy, Diagnostics> {
        if let Some(panel) = known.get() {
            return Ok(panel);
        }
        let laboratory = self.laboratory;
        let scenario = laboratory.scenario(population, own)?;
        let (waves, fight_waves) = (panel_study::waves(), panel_study::fight_waves());
        let mut cohort = CohortWaves::simulate(
            &scenario,
            &laboratory.control,
            &waves,
            &fight_waves,
            &panel_study::SCALES,
        );
        if let Some(day) = population.wedding_day() {
            cohort.leave(f64::from(day), &laboratory.marrying(&scenario, day));
        }
        Ok(known.get_or_init(|| PanelStudy::new(cohort, laboratory.instruments)))
    }

    /// The last days of a population under a condition.
    ///
    /// # Errors
    /// [`Diagnostics`] of the overrides.
    pub(crate) fn days(
        &self,
        population: Population,
        own: &[(String, String)],
    ) -> Result<Rc<CohortDays>, Diagnostics> {
        let name = format!("{} {own:?}", population.name);
        if let Some(cohort) = self.days.borrow().get(&name) {
            return Ok(Rc::clone(cohort));
        }
        let cohort = Rc::new(self.laboratory.simulate(population, own)?);
        self.days.borrow_mut().insert(name, Rc::clone(&cohort));
        Ok(cohort)
    }

    /// A population under a condition on some days, of which a scale's states are kept.
    ///
    /// # Errors
    /// [`Diagnostics`] of the overrides.
    pub(crate) fn waves(
        &self,
        population: Population,
        own: &[(String, String)],
        days: &[u32],
        scale: ScaleId,
    ) -> Result<Rc<CohortWaves>, Diagnostics> {
        let name = format!("{} {own:?} {days:?} {scale:?}", population.name);
        if let Some(cohort) = self.waves.borrow().get(&name) {
            return Ok(Rc::clone(cohort));
        }
        let scenario = self.laboratory.scenario(population, own)?;
        let control = &self.laboratory.control;
        let cohort = CohortWaves::simulate(&scenario, control, days, &[], &[scale]);
        let cohort = Rc::new(cohort);
        self.waves.borrow_mut().insert(name, Rc::clone(&cohort));
        Ok(cohort)
    }
}

/// The table of the keys.
const TABLE: &str = "laboratory";

/// A parameter of the simulated studies that takes a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LaboratoryKey {
    /// The dotted key.
    pub(crate) key: &'static str,
    /// Lowest value.
    pub(crate) low: f64,
    /// Highest value.
    pub(crate) high: f64,
    /// Default value.
    pub(crate) default: f64,
}

impl LaboratoryKey {
    /// The index of the key that an override sets and its value; `None` for an override of another
    /// table than the laboratory's.
    ///
    /// # Errors
    /// [`Code::NothingToSet`](Code::NothingToSet) for an unknown key of the table; an error of the
    /// value.
    fn read(change: &Override) -> Result<Option<(usize, f64)>, Diagnostics> {
        let (keys, key) = (laboratory_keys(), change.key());
        if key.split('.').next() != Some(TABLE) {
            return Ok(None);
        }
        let refuse = |error: Diagnostic| Diagnostics::new(vec![change.source()], vec![error]);
        let Some(index) = keys.iter().position(|known| known.key == key) else {
            let message = format!("there is nothing to set at `{}`", key.escape_debug());
            let at = Span::new(0, 0, key.len());
            let error = Diagnostic::new(Code::NothingToSet, at, message).label("unknown");
            let near = nearest(&key, keys.iter().map(|known| known.key));
            return Err(refuse(match near {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error,
            }));
        };
        let node = change.value(0).map_err(|error| refuse(*error))?;
        let (low, high) = (keys[index].low, keys[index].high);
        let number = value::number(&node, low, high);
        let number = number.map_err(|wrong| refuse(wrong.at(node.at, &key)))?;
        Ok(Some((index, number)))
    }
}

/// Where a parameter is stored, and its range.
struct Setter {
    key: &'static str,
    low: f64,
    high: f64,
    field: fn(&mut Laboratory) -> &mut f64,
}

/// Every parameter. All are shares and probabilities but what a shortfall adds to one.
const SETTERS: &[Setter] = &[
    Setter {
        key: "laboratory.style",
        low: 0.0,
        high: 1.0,
        field: |laboratory| &mut laboratory.instruments.style,
    },
    Setter {
        key: "laboratory.conflict_reported",
        low: 0.0,
        high: 1.0,
        field: |laboratory| &mut laboratory.instruments.conflict_reported,
    },
    Setter {
        key: "laboratory.conflict_reported_hurt",
        low: 0.0,
        high: 10.0,
        field: |laboratory| &mut laboratory.instruments.conflict_reported_hurt,
    },
    Setter {
        key: "laboratory.unresponsive_as_conflict",
        low: 0.0,
        high: 1.0,
        field: |laboratory| &mut laboratory.instruments.unresponsive_as_conflict,
    },
    Setter {
        key: "laboratory.conflict_false_alarm",
        low: 0.0,
        high: 1.0,
        field: |laboratory| &mut laboratory.instruments.conflict_false_alarm,
    },
    Setter {
        key: "laboratory.wedding",
        low: 0.0,
        high: 1.0,
        field: |laboratory| &mut laboratory.wedding_factor,
    },
    Setter {
        key: "laboratory.barriers",
        low: 0.0,
        high: 1.0,
        field: |laboratory| &mut laboratory.barriers_factor,
    },
    Setter {
        key: "laboratory.moving_in",
        low: 0.0,
        high: 1.0,
        field: |laboratory| &mut laboratory.moving_in_factor,
    },
    Setter {
        key: "laboratory.quality_reliability",
        low: 0.1,
        high: 1.0,
        field: |laboratory| &mut laboratory.instruments.quality_reliability,
    },
];

/// The keys, with ranges and defaults.
pub(crate) fn laboratory_keys() -> &'static [LaboratoryKey] {
    static KNOWN: LazyLock<Vec<LaboratoryKey>> = LazyLock::new(|| {
        let mut defaults = Laboratory::new(1, 0);
        let known = SETTERS.iter().map(|setter| LaboratoryKey {
            key: setter.key,
            low: setter.low,
            high: setter.high,
            default: *(setter.field)(&mut defaults),
        });
        known.collect()
    });
    &KNOWN
}

impl Laboratory {
    /// Applies overrides: those of the laboratory's keys at once, all others when a population's
    /// scenario is read, which also checks their keys.
    ///
    /// # Errors
    /// [`Diagnostics`] for an unknown key of the laboratory, and for a value out of its range.
    pub(crate) fn with(mut self, overrides: Vec<Override>) -> Result<Laboratory, Diagnostics> {
        for change in overrides {
            match LaboratoryKey::read(&change)? {
                Some((index, number)) => *(SETTERS[index].field)(&mut self) = number,
                None => self.overrides.push(change),
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Style;

    #[test]
    fn events_are_found_by_what_they_are() {
        assert_eq!(
            DISCUSSION.event_field(("label", "wedding"), "factor"),
            "event.1.factor"
        );
        assert_eq!(
            STRAIN_TEST.event_field(("parameter", "conflict_stakes"), "add"),
            "event.2.add"
        );
    }

    #[test]
    fn populations_say_the_factor_that_the_studies_use() {
        for population in [MARRIED, DISCUSSION] {
            let scenario = Laboratory::new(100, 1).scenario(population, &[]);
            let text = scenario.expect("a scenario").effective_toml();
            for factor in [WEDDING_FACTOR, BARRIERS_FACTOR] {
                assert!(text.contains(&format!("factor = {factor}\n")), "{text}");
            }
        }
    }

    #[test]
    fn moving_in_has_the_factor_of_the_laboratory() {
        let text = |laboratory: &Laboratory| {
            let own = laboratory.moving_in();
            let scenario = laboratory.scenario(COHABITING, &own).expect("a scenario");
            scenario.effective_toml()
        };
        let default = Laboratory::new(100, 1);
        let scenario = default.scenario(COHABITING, &[]).expect("a scenario");
        assert_eq!(text(&default), scenario.effective_toml());
        let other = Laboratory {
            moving_in_factor: 0.37,
            barriers_factor: 0.29,
            ..default
        };
        let times = |factor: &str| {
            let line = format!("factor = {factor}\n");
            text(&other).matches(&line).count()
        };
        assert_eq!((times("0.37"), times("0.29")), (1, 6));
    }

    #[test]
    fn a_wedding_has_the_factor_of_the_laboratory() {
        let laboratory = Laboratory {
            wedding_factor: 0.37,
            barriers_factor: 0.29,
            ..Laboratory::new(100, 1)
        };
        for population in [MARRIED, DISCUSSION] {
            let own = laboratory.wedding(population);
            let scenario = laboratory.scenario(population, &own).expect("a scenario");
            let text = scenario.effective_toml();
            let times = |factor: &str| text.matches(&format!("factor = {factor}\n")).count();
            let barriers = if population == MARRIED { 6 } else { 1 };
            assert_eq!((times("0.37"), times("0.29")), (1, barriers));
        }
    }

    #[test]
    fn couples_of_whom_one_thinks_about_leaving_do_not_marry() {
        let length = |days: &str| {
            let keys = ["run.days", "record.every", "record.days_from"];
            let mut own: Vec<(String, String)> =
                keys.map(|key| (key.to_owned(), days.to_owned())).into();
            own.push(("record.days".to_owned(), "\"all\"".to_owned()));
            // A parameter event that changes nothing, since the run ends before the wedding.
            own.push(("event.1.from".to_owned(), "1".to_owned()));
            own.push(("event.1.factor".to_owned(), "1".to_owned()));
            own
        };
        let laboratory = Laboratory::new(500, 3);
        let scenario = laboratory.scenario(MARRIED, &length("1095"));
        let scenario = scenario.expect("a scenario").config().clone();
        let before = CohortDays::simulate(scenario, &laboratory.control);
        let deliberation = before.column("deliberation").chunks_exact(2);
        let marry: Vec<u64> = before
            .ids
            .iter()
            .zip(deliberation)
            .filter(|(_, both)| both[0] < 0.1 && both[1] < 0.1)
            .map(|(id, _)| *id)
            .collect();
        assert!(marry.len() > 50 && marry.len() + 5 < before.ids.len());

        let days = |population: Population, own: &[(String, String)]| {
            let whole = laboratory.simulate(population, own);
            whole.expect("no overrides")
        };
        let own = laboratory.wedding(MARRIED);
        let scenario = laboratory.scenario(MARRIED, &own).expect("a scenario");
        let all = CohortDays::simulate(scenario.config().clone(), &laboratory.control);
        let of_these: Vec<f64> = marry.iter().map(|id| all.ends[*id as usize]).collect();
        let same = |ends: &[f64]| {
            ends.len() == of_these.len()
                && ends
                    .iter()
                    .zip(&of_these)
                    .all(|(one, other)| one.to_bits() == other.to_bits())
        };
        assert!(same(&days(MARRIED, &own).ends));
        let cache = CohortCache::new(&laboratory);
        let panel = cache.married().expect("no overrides");
        let couples = panel.cohort.ends.iter().zip(&panel.cohort.left);
        let married = couples.filter(|(end, left)| !**left && (end.is_nan() || **end >= 1096.0));
        assert!(same(&married.map(|(end, _)| *end).collect::<Vec<f64>>()));
        let discussed = days(DISCUSSION, &laboratory.wedding(DISCUSSION));
        assert!(discussed.couples > 30);
        // All who are together then live together.
        let cohabiting = days(COHABITING, &laboratory.moving_in());
        assert_eq!(cohabiting.ends.len(), 500);
        let unmarried = cache.unmarried().expect("no overrides");
        assert_eq!(unmarried.cohort.couples(), 500);
    }

    #[test]
    fn without_deliberation_all_couples_who_are_together_marry() {
        let laboratory = with(&["mechanisms.deliberation=false"]).expect("a key");
        let scenario = laboratory.scenario(MARRIED, &[]).expect("a scenario");
        let all = CohortDays::simulate(scenario.config().clone(), &laboratory.control);
        let together = all
            .ends
            .iter()
            .filter(|end| end.is_nan() || **end > 1095.0)
            .count();
        let marrying = laboratory.marrying(&scenario, 1096);
        assert_eq!(marrying.iter().filter(|own| **own).count(), together);
    }

    fn read(text: &str) -> Result<Option<(usize, f64)>, String> {
        let change = Override::parse(text).expect("an override");
        LaboratoryKey::read(&change).map_err(|diagnostics| diagnostics.render(Style::Plain))
    }

    #[test]
    fn only_keys_of_the_table_are_read() {
        assert_eq!(read("laboratory.style=0.2"), Ok(Some((0, 0.2))));
        assert_eq!(read("laboratory.style = 1"), Ok(Some((0, 1.0))));
        assert_eq!(read("parameters.style=0.2"), Ok(None));
    }

    #[test]
    fn errors_have_positions() {
        let message = read("laboratory.stile=0.2").expect_err("an unknown key");
        assert!(
            message.contains("did you mean `laboratory.style`?"),
            "{message}"
        );
        let message = read("laboratory.style=2").expect_err("out of range");
        assert!(message.contains("must lie between 0 and 1"), "{message}");
        assert!(
            message.contains("--set laboratory.style=2:1:18"),
            "{message}"
        );
        assert!(read("laboratory.style=much").is_err());
    }

    fn with(texts: &[&str]) -> Result<Laboratory, Diagnostics> {
        let read = |text: &&str| Override::parse(text).expect("an override");
        Laboratory::new(200, 1).with(texts.iter().map(read).collect())
    }

    #[test]
    fn keys_of_the_laboratory_are_applied_and_others_are_left_to_scenarios() {
        let laboratory = with(&[
            "laboratory.wedding=0.3",
            "parameters.conflict_rate=0.2",
            "laboratory.conflict_false_alarm=0.01",
        ]);
        let laboratory = laboratory.expect("keys");
        assert_eq!(
            (
                laboratory.wedding_factor,
                laboratory.instruments.conflict_false_alarm
            ),
            (0.3, 0.01)
        );
        assert_eq!(
            laboratory.instruments.style,
            Laboratory::new(200, 1).instruments.style
        );
        let left: Vec<&str> = laboratory.overrides.iter().map(Override::text).collect();
        assert_eq!(left, ["parameters.conflict_rate=0.2"]);
        assert!(with(&["laboratory.weding=0.3"]).is_err());
        assert!(with(&["laboratory.style=1.5"]).is_err());
    }

    #[test]
    fn every_key_has_its_own_field_and_a_default_in_range() {
        let mut laboratory = Laboratory::new(200, 1);
        for (number, (setter, known)) in SETTERS.iter().zip(laboratory_keys()).enumerate() {
            assert!(
                (known.low..=known.high).contains(&known.default),
                "{}",
                known.key
            );
            *(setter.field)(&mut laboratory) = 0.01 * number as f64;
        }
        for (number, setter) in SETTERS.iter().enumerate() {
            assert_eq!(
                *(setter.field)(&mut laboratory),
                0.01 * number as f64,
                "{}",
                setter.key
            );
        }
    }
}
