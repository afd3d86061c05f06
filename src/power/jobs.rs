//! A power analysis as numbered jobs: the data sets that references are estimated from, those of the designs, and
//! the searches.

use super::measure::{
    DataSetResult, DataSets, DesignResult, EffectReference, EstimatedEffect, PlannedDesign,
    PowerTask, TrueEffect, empty_results, size_of_design,
};
use super::search::{MOST_POINTS, SearchPoint, SearchResult, judged, largest_design, search};
use super::study_data::SampleCounts;
use super::{PowerRunner, PowerSize, charts, tables};
use crate::chart::figure_list::DrawnCharts;
use crate::chart::options::ChartOptions;
use crate::error::Error;
use crate::report::power::{PowerTables, sentences};
use crate::results::manifest::ShardedWork;
use crate::runner::{Cancelled, Control};
use crate::scenario::Scenario;
use crate::scenario::power_spec::{DesignValues, PowerSpec};
use crate::study::jobs::{JobAnalysis, JobOutcomes, JobPart};
use crate::table::Table;

/// The jobs of a power analysis.
pub(crate) struct PowerJobs<'p> {
    runner: &'p PowerRunner,
    power: &'p PowerSpec,
    task: PowerTask<'p>,
    designs: Vec<DesignValues>,
    /// None where effects are given.
    references: Option<DataSets<'p>>,
    compared: DataSets<'p>,
    /// The designs of the searches, in which one quantity is open.
    searches: Vec<DesignValues>,
}

impl<'p> PowerJobs<'p> {
    /// The jobs of an analysis that has not started.
    ///
    /// # Errors
    /// [`Error::NoPower`].
    pub(crate) fn new(runner: &'p PowerRunner) -> Result<PowerJobs<'p>, Error> {
        let power = runner.spec()?;
        let task = runner.task(power);
        let designs = power.designs();
        let references = power
            .study()
            .map(|measures| DataSets::of_references(task, measures, &designs));
        let compared = designs.iter().map(|design| (*design, 0));
        let searches = match &power.search {
            Some(wanted) => power.designs_without(wanted.quantity),
            None => Vec::new(),
        };
        Ok(PowerJobs {
            runner,
            power,
            task,
            references,
            compared: DataSets::of_designs(task, compared.collect()),
            designs,
            searches,
        })
    }

    /// Jobs of references, and those and the ones of the compared designs.
    fn counts(&self) -> [u64; 2] {
        let references = self.references.as_ref().map_or(0, DataSets::jobs);
        [references, references + self.compared.jobs()]
    }

    /// Numbers of one data set of one design.
    fn width(&self) -> usize {
        1 + 2 * self.power.effect_names().len() + COUNTS
    }

    /// The largest design that each search can measure.
    fn largest_searched(&self) -> impl Iterator<Item = DesignValues> {
        let wanted = self.power.search.iter();
        wanted.flat_map(|wanted| {
            self.searches
                .iter()
                .map(|design| largest_design(wanted, design))
        })
    }

    /// The truths of a design, of its reference or as they are given.
    fn truths(&self, references: &[EffectReference], design: &DesignValues) -> Vec<TrueEffect> {
        match references.iter().find(|own| own.is_of(design)) {
            Some(reference) => reference.truths(),
            None => {
                let given = self.power.truths().unwrap_or_default();
                given.into_iter().map(TrueEffect::given).collect()
            }
        }
    }
}

/// Numbers that say who was in a data set.
const COUNTS: usize = 6;
/// Numbers of a value that was measured in a search.
const POINT: usize = 5;

/// The results of data sets as numbers: whether the model could be fitted, estimate and reach of each effect, and who was
/// in the data set.
fn numbers_of(results: &[DataSetResult], width: usize) -> Vec<f64> {
    let mut numbers = Vec::with_capacity(results.len() * width);
    for (effects, counts) in results {
        let end = numbers.len() + width - COUNTS;
        numbers.push(f64::from(u8::from(effects.is_some())));
        for effect in effects.iter().flatten() {
            numbers.extend([effect.estimate, effect.reach]);
        }
        numbers.resize(end, f64::NAN);
        let counts = [
            counts.wanted,
            counts.recruited,
            counts.occasions,
            counts.answered,
            counts.analysed,
            counts.ended,
        ];
        numbers.extend(counts.map(|count| count as f64));
    }
    numbers
}

/// The inverse of [`numbers_of`].
fn results_of(numbers: &[f64], width: usize) -> impl Iterator<Item = DataSetResult> {
    numbers.chunks_exact(width).map(move |own| {
        let (effects, counts) = own.split_at(width - COUNTS);
        let pairs = effects[1..].chunks_exact(2);
        let effects = (effects[0] > 0.0).then(|| {
            pairs
                .map(|pair| EstimatedEffect {
                    estimate: pair[0],
                    reach: pair[1],
                })
                .collect()
        });
        let count = |place: usize| counts[place] as u64;
        let counts = SampleCounts {
            wanted: count(0),
            recruited: count(1),
            occasions: count(2),
            answered: count(3),
            analysed: count(4),
            ended: count(5),
        };
        (effects, counts)
    })
}

/// A value that was measured in a search, as numbers.
fn numbers_of_point(point: &SearchPoint) -> [f64; POINT] {
    let counts = [point.significant, point.count, point.failed, point.short];
    let [significant, count, failed, short] = counts.map(|count| count as f64);
    [point.value, significant, count, failed, short]
}

fn point_of(numbers: &[f64]) -> SearchPoint {
    let count = |place: usize| numbers[place] as u64;
    SearchPoint::new(numbers[0], [count(1), count(2), count(3), count(4)])
}

impl JobAnalysis for PowerJobs<'_> {
    type Size = PowerSize;

    fn scenario(&self) -> &Scenario {
        &self.runner.scenario
    }

    fn work(&self) -> ShardedWork {
        ShardedWork::Power
    }

    fn size(&self) -> PowerSize {
        let replicates = u64::from(self.power.replicates);
        let occasions = |designs: &mut dyn Iterator<Item = DesignValues>, sets: u64| {
            let sizes = designs.map(|design| size_of_design(self.power, &design));
            sizes.fold(0, u64::saturating_add).saturating_mul(sets)
        };
        let searched = replicates.saturating_mul(MOST_POINTS as u64);
        let costs = self.parts().into_iter();
        let costs = costs.map(|part| part.jobs.saturating_mul(part.cost));
        PowerSize {
            designs: self.designs.len() as u64,
            replicates,
            searches: self.searches.len() as u64,
            couple_occasions: [
                occasions(&mut self.designs.iter().copied(), replicates),
                occasions(&mut self.largest_searched(), searched),
            ],
            couple_days: match self.power.study() {
                Some(_) => costs.fold(0, u64::saturating_add),
                None => 0,
            },
        }
    }

    fn parts(&self) -> Vec<JobPart> {
        let sets = self.references.iter().chain([&self.compared]);
        let part = |(jobs, cost)| JobPart {
            jobs,
            cost,
            uses_all_threads: false,
        };
        let mut parts: Vec<JobPart> = sets.flat_map(DataSets::parts).map(part).collect();
        parts.extend(self.largest_searched().map(|design| {
            let sets = DataSets::of_designs(self.task, vec![(design, 0)]);
            let costs = sets.parts().map(|(jobs, cost)| jobs.saturating_mul(cost));
            let of_value = costs.fold(0, u64::saturating_add);
            JobPart {
                jobs: 1,
                cost: of_value.saturating_mul(MOST_POINTS as u64),
                uses_all_threads: true,
            }
        }));
        parts
    }

    fn outcome(&self, job: u64, control: &Control) -> Result<Vec<f64>, Error> {
        let [references, compared] = self.counts();
        let numbers = |results: Result<Vec<DataSetResult>, Cancelled>| -> Result<Vec<f64>, Error> {
            Ok(numbers_of(&results?, self.width()))
        };
        match &self.references {
            Some(sets) if job < references => return numbers(sets.job(job, control)),
            _ if job < compared => return numbers(self.compared.job(job - references, control)),
            _ => {}
        }
        let Some(wanted) = &self.power.search else {
            return Ok(Vec::new());
        };
        let design = &self.searches[(job - compared) as usize];
        let points = search(self.task, wanted, design, control)?;
        Ok(points.iter().flat_map(numbers_of_point).collect())
    }

    fn finish(
        &self,
        outcomes: &mut JobOutcomes,
        control: &Control,
    ) -> Result<(Vec<Table>, Vec<String>), Error> {
        let (power, width) = (self.power, self.width());
        let mut references: Vec<EffectReference> = Vec::new();
        if let (Some(sets), Some(measures)) = (&self.references, power.study()) {
            references = EffectReference::empty(power, measures, &self.designs);
            for job in 0..sets.jobs() {
                control.cancel.check()?;
                let numbers = outcomes.next_of(width * sets.members(job).len())?;
                for (member, own) in sets.members(job).iter().zip(results_of(&numbers, width)) {
                    references[*member].push(own);
                }
            }
        }
        let plan = |design: &DesignValues| PlannedDesign {
            design: *design,
            stream: 0,
            truths: self.truths(&references, design),
        };
        let planned: Vec<PlannedDesign> = self.designs.iter().map(plan).collect();
        let mut results: Vec<DesignResult> = empty_results(&planned);
        for job in 0..self.compared.jobs() {
            control.cancel.check()?;
            let numbers = outcomes.next_of(width * self.compared.members(job).len())?;
            let found = results_of(&numbers, width);
            for (member, own) in self.compared.members(job).iter().zip(found) {
                results[*member].push(own);
            }
        }
        let mut all = vec![tables::power_table(power, &results, &references)];
        if let Some(wanted) = &power.search {
            let mut searches: Vec<SearchResult> = Vec::new();
            for design in &self.searches {
                let numbers = outcomes.next()?;
                let points = numbers.chunks_exact(POINT).map(point_of).collect();
                searches.push(judged(power, wanted, design, points));
            }
            all.push(tables::frontier_table(power, wanted, &searches));
            all.push(tables::searched_table(power, wanted, &searches));
        }
        let found = sentences(
            power,
            &PowerTables {
                power: &all[0],
                frontier: all.get(1),
            },
        );
        Ok((all, found.unwrap_or_default()))
    }

    fn draw(&self, tables: &[Table], options: &ChartOptions, control: &Control) -> DrawnCharts {
        let heading = self.runner.heading();
        charts::draw(self.power, tables, &heading, options, &control.cancel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_data_sets_are_numbers_and_back() {
        let counts = SampleCounts {
            wanted: 9,
            recruited: 8,
            occasions: 70,
            answered: 65,
            analysed: 7,
            ended: 2,
        };
        let effect = |estimate: f64| EstimatedEffect {
            estimate,
            reach: 0.5 * estimate,
        };
        let results = vec![
            (Some(vec![effect(0.3), effect(-2.0)]), counts),
            (None, SampleCounts::default()),
        ];
        let numbers = numbers_of(&results, 11);
        assert_eq!(numbers.len(), 22);
        let again: Vec<DataSetResult> = results_of(&numbers, 11).collect();
        assert_eq!(again, results);
    }
}
