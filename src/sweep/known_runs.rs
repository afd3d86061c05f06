//! Runs whose outcomes are known from finished sweeps, by what these depend on: the configuration of a
//! point and the number of the replicate.
//!
//! A point of a larger design may have another number, and its axes other names: only the configuration
//! that its values give counts. So runs are found again in any design that has their points.

use crate::results::{JobOutcome, JobResult, JournalReader, OutputError, RunResult};
use crate::simulation::{SimulationConfig, Size, Sums, couples_schema};
use crate::sweep::plan::SweepPlan;
use crate::table::Batch;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Hash of all that the outcomes of a point's runs depend on, but for the numbers of replicates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ConfigHash([u8; 16]);

impl ConfigHash {
    /// The hash of a configuration: all of it but what is recorded and the number of replicates.
    ///
    /// Its text tells any two numbers apart. It is compared within one process only.
    pub(crate) fn of(config: &SimulationConfig) -> ConfigHash {
        // A new field is a compile error here.
        let SimulationConfig {
            seed,
            point,
            size,
            origin,
            parameters,
            mechanisms,
            intimacy_target,
            schedule,
            cuts,
            record: _,
        } = config;
        let Size {
            couples,
            days,
            steps_per_day,
            moments,
            replicates: _,
        } = size;
        let sizes = (couples, days, steps_per_day, moments);
        let drawn = (seed, point, origin);
        let rules = (parameters, mechanisms, intimacy_target, schedule, cuts);
        let mut text = HashedText(blake3::Hasher::new());
        write!(text, "{sizes:?}{drawn:?}{rules:?}").expect("a hash takes all text");
        let mut hash = [0; 16];
        hash.copy_from_slice(&text.0.finalize().as_bytes()[..16]);
        ConfigHash(hash)
    }
}

/// A text of which only the hash is kept.
struct HashedText(blake3::Hasher);

impl Write for HashedText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

/// A journal of a finished sweep, and what of its runs a new sweep needs.
#[derive(Debug)]
pub(crate) struct RunSource {
    /// Folder of the results.
    pub(crate) folder: PathBuf,
    /// Positions of the new sweep's measures among the measures there.
    pub(crate) measures: Vec<usize>,
    /// Its journal.
    pub(crate) journal: Mutex<JournalReader>,
    /// Runs that are runs of the new sweep too.
    matched: AtomicU64,
    /// Runs that were taken from it.
    taken: AtomicU64,
}

impl RunSource {
    pub(crate) fn new(folder: &Path, measures: Vec<usize>, journal: JournalReader) -> RunSource {
        RunSource {
            folder: folder.to_owned(),
            measures,
            journal: Mutex::new(journal),
            matched: AtomicU64::new(0),
            taken: AtomicU64::new(0),
        }
    }

    /// Runs that are runs of the new sweep too.
    pub(crate) fn matched(&self) -> u64 {
        self.matched.load(Ordering::Relaxed)
    }

    /// Reads a record.
    fn read(&self, record: &RunRecord) -> Result<Option<JobResult>, OutputError> {
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        journal.seek(record.at, record.job)?;
        journal.next()
    }
}

/// A record of a journal, with runs of one point.
#[derive(Clone, Debug)]
pub(crate) struct RunRecord {
    /// Position of its source.
    pub(crate) source: usize,
    /// Its first byte in the journal.
    pub(crate) at: u64,
    /// Its job there.
    pub(crate) job: u64,
    /// Its replicates, from 0.
    pub(crate) replicates: Range<u32>,
}

/// A run that need not be simulated.
#[derive(Clone, Debug)]
pub(crate) struct KnownRun {
    source: usize,
    /// Its outcome, with the measures of the new sweep.
    pub(crate) run: RunResult,
    /// The rows of its couples, if the new sweep keeps them.
    pub(crate) couples: Batch,
}

/// The known runs of a sweep.
#[derive(Debug, Default)]
pub(crate) struct KnownRuns {
    sources: Vec<RunSource>,
    /// Each with the hash of its point's configuration, in the order of hashes.
    records: Vec<(ConfigHash, RunRecord)>,
    /// How many runs of each job are known; empty if none are.
    of_jobs: Vec<u32>,
}

impl KnownRuns {
    /// Looks up every run of a plan in these records.
    pub(crate) fn new(
        plan: &SweepPlan,
        sources: Vec<RunSource>,
        mut records: Vec<(ConfigHash, RunRecord)>,
    ) -> KnownRuns {
        records.sort_by_key(|(hash, record)| (*hash, record.source, record.at));
        let mut known = KnownRuns {
            sources,
            records,
            of_jobs: Vec::new(),
        };
        let jobs = (0..plan.jobs()).into_par_iter();
        known.of_jobs = jobs.map(|number| known.count(plan, number)).collect();
        known
    }

    /// Where runs are known from.
    pub(crate) fn sources(&self) -> &[RunSource] {
        &self.sources
    }

    /// How many runs of a job are known.
    fn count(&self, plan: &SweepPlan, number: u64) -> u32 {
        let job = plan.job(number);
        let Ok(config) = plan.config(job.point) else {
            return 0;
        };
        let records = self.with_hash(ConfigHash::of(&config));
        for (_, record) in records {
            let common = overlap(&record.replicates, &job.replicates).len() as u64;
            let matched = &self.sources[record.source].matched;
            matched.fetch_add(common, Ordering::Relaxed);
        }
        let replicates = records
            .iter()
            .flat_map(|(_, record)| overlap(&record.replicates, &job.replicates));
        replicates.collect::<BTreeSet<u32>>().len() as u32
    }

    /// The records of a configuration.
    fn with_hash(&self, hash: ConfigHash) -> &[(ConfigHash, RunRecord)] {
        let start = self.records.partition_point(|(other, _)| *other < hash);
        let rest = &self.records[start..];
        &rest[..rest.partition_point(|(other, _)| *other == hash)]
    }

    /// How many runs of a range of jobs are known.
    pub(crate) fn runs_of(&self, jobs: Range<u64>) -> u64 {
        self.jobs_with_runs(jobs).map(|(_, runs)| runs).sum()
    }

    /// Couple-days of the known runs of a range of jobs, were no couple to part.
    pub(crate) fn couple_days(&self, plan: &SweepPlan, jobs: Range<u64>) -> u64 {
        let of_job = |(job, runs): (u64, u64)| {
            let point = plan.job(job).point;
            let of_run = plan.couples_at(point).saturating_mul(plan.days_at(point));
            runs.saturating_mul(of_run)
        };
        let days = self.jobs_with_runs(jobs).map(of_job);
        days.fold(0, u64::saturating_add)
    }

    fn jobs_with_runs(&self, jobs: Range<u64>) -> impl Iterator<Item = (u64, u64)> + '_ {
        let runs_of = |job| self.of_jobs.get(job as usize).copied().unwrap_or(0);
        let end = jobs.end.min(self.of_jobs.len() as u64);
        let with_runs = (jobs.start..end).map(move |job| (job, u64::from(runs_of(job))));
        with_runs.filter(|(_, runs)| *runs > 0)
    }

    /// The known runs of a job whose point has this configuration, by their replicates.
    ///
    /// A run that can no longer be read is not known.
    pub(crate) fn of_job(
        &self,
        plan: &SweepPlan,
        number: u64,
        config: &SimulationConfig,
    ) -> BTreeMap<u32, KnownRun> {
        let mut known = BTreeMap::new();
        if self
            .of_jobs
            .get(number as usize)
            .is_none_or(|runs| *runs == 0)
        {
            return known;
        }
        let replicates = plan.job(number).replicates;
        for (_, record) in self.with_hash(ConfigHash::of(config)) {
            if overlap(&record.replicates, &replicates).is_empty() {
                continue;
            }
            for run in self.runs_in(plan, record, config) {
                if replicates.contains(&run.run.replicate) {
                    known.entry(run.run.replicate).or_insert(run);
                }
            }
        }
        known
    }

    /// The runs of a record; none if it cannot be read, or lacks what the sweep needs.
    fn runs_in(
        &self,
        plan: &SweepPlan,
        record: &RunRecord,
        config: &SimulationConfig,
    ) -> Vec<KnownRun> {
        let source = &self.sources[record.source];
        let Ok(Some(JobResult {
            outcome: JobOutcome::Runs { runs, mut couples },
            ..
        })) = source.read(record)
        else {
            return Vec::new();
        };
        let keeps_couples = plan.sweep().couples;
        let size = config.size.couples as usize;
        let schema = couples_schema(config.origin.has_childhood());
        let complete = couples.fits(&schema) && couples.rows() == size * runs.len();
        if runs.iter().any(|run| run.couples as usize != size) || keeps_couples && !complete {
            return Vec::new();
        }
        // From the last to the first, so that each row is moved once.
        let known = runs.into_iter().rev().map(|mut run| {
            let mut own = Batch::default();
            if keeps_couples {
                own = couples.split_off(couples.rows() - size);
            }
            let sums = source.measures.iter().map(|place| run.sums.get(*place));
            run.sums = sums.map(Option::<&Sums>::copied).collect::<Option<_>>()?;
            Some(KnownRun {
                source: record.source,
                run,
                couples: own,
            })
        });
        let mut known = known.collect::<Option<Vec<_>>>().unwrap_or_default();
        known.reverse();
        known
    }

    /// For each source, the first job of which it knows a run, and that run's replicate.
    pub(crate) fn examples(&self, plan: &SweepPlan) -> Vec<(u64, KnownRun)> {
        let mut examples: Vec<(u64, KnownRun)> = Vec::new();
        for (job, _) in self.jobs_with_runs(0..plan.jobs()) {
            if examples.len() == self.sources.len() {
                break;
            }
            let Ok(config) = plan.config(plan.job(job).point) else {
                continue;
            };
            for (_, record) in self.with_hash(ConfigHash::of(&config)) {
                if examples.iter().any(|(_, run)| run.source == record.source) {
                    continue;
                }
                let mut runs = self.runs_in(plan, record, &config).into_iter();
                let wanted = plan.job(job).replicates;
                let first = runs.find(|run| wanted.contains(&run.run.replicate));
                examples.extend(first.map(|run| (job, run)));
            }
        }
        examples
    }

    /// The folder that a run is known from.
    pub(crate) fn folder_of(&self, run: &KnownRun) -> &Path {
        &self.sources[run.source].folder
    }

    /// Counts a run as taken.
    pub(crate) fn count_taken(&self, run: &KnownRun) {
        self.sources[run.source]
            .taken
            .fetch_add(1, Ordering::Relaxed);
    }

    /// How many runs were taken from each folder.
    pub(crate) fn taken(&self) -> Vec<ReusedRuns> {
        let of_source = |source: &RunSource| ReusedRuns {
            folder: source.folder.clone(),
            runs: source.taken.load(Ordering::Relaxed),
        };
        self.sources.iter().map(of_source).collect()
    }
}

/// Runs of a sweep that were taken from earlier results.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReusedRuns {
    /// Folder of these results.
    pub folder: PathBuf,
    /// How many runs.
    pub runs: u64,
}

fn overlap(one: &Range<u32>, other: &Range<u32>) -> Range<u32> {
    let start = one.start.max(other.start);
    start..one.end.min(other.end).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Override, Scenario};
    use crate::simulation::Record;
    use proptest::prelude::*;

    const TEXT: &str = "title = \"t\"\n[childhood]\nsensitivity = 0.6\n[[event]]\nkind = \"stress\"\n\
                        day = 3\nsize = 0.5\n[[event]]\nkind = \"parameter\"\n\
                        parameter = \"trust_rate\"\nset = 0.02\nfrom = 2\nfor = 5\n";

    /// The configuration of a text with overrides, if they are valid.
    fn config(text: &str, sets: &[String]) -> Option<SimulationConfig> {
        let sets = sets.iter().map(|set| Override::parse(set));
        let sets = sets.collect::<Result<Vec<_>, _>>().ok()?;
        let scenario = Scenario::read_text("s.toml", text, &sets).ok()?;
        Some(scenario.config().clone())
    }

    /// A configuration without what no outcome depends on.
    fn simulated(config: &SimulationConfig, record: &Record) -> SimulationConfig {
        let size = Size {
            replicates: 1,
            ..config.size
        };
        SimulationConfig {
            size,
            record: record.clone(),
            ..config.clone()
        }
    }

    #[test]
    fn what_is_recorded_and_the_number_of_replicates_are_no_part_of_a_hash() {
        let [base, other] = [
            "",
            "[run]\nreplicates = 7\n[record]\nevery = 9\nsample_couples = 2\n\
                                   observables = [\"hurt\"]\ndays = \"all\"\n",
        ]
        .map(|more| format!("title = \"one {}\"\n{more}", more.len()))
        .map(|text| config(&text, &[]).expect("a valid scenario"));
        assert!(base != other);
        assert_eq!(ConfigHash::of(&base), ConfigHash::of(&other));
    }

    #[test]
    fn every_number_of_a_scenario_changes_the_hash() {
        let scenario = Scenario::read_text("s.toml", TEXT, &[]).expect("a valid scenario");
        let base = ConfigHash::of(scenario.config());
        let mut changed = 0;
        for key in scenario.settable_keys() {
            let Some(set) = [0.3, 0.7].into_iter().find_map(|share| {
                let set = format!("{}={}", key.key, value(&key.accepts, share));
                let other = config(TEXT, &[set])?;
                let record = &other.record;
                let same = simulated(scenario.config(), record) == simulated(&other, record);
                (!same).then_some(other)
            }) else {
                continue;
            };
            assert!(ConfigHash::of(&set) != base, "{}", key.key);
            changed += 1;
        }
        assert!(changed > 250, "{changed}");
    }

    fn value(accepts: &crate::scenario::value::Accepts, share: f64) -> String {
        use crate::scenario::value::Accepts;
        match accepts {
            Accepts::Number { low, high } => format!("{:?}", low + share * (high - low)),
            Accepts::Integer { low, high } => {
                format!("{}", low + 1 + (share * 9.0) as i64 % (high - low))
            }
            Accepts::OneOf(values) => {
                format!("{:?}", values[(share * values.len() as f64) as usize])
            }
            Accepts::Switch => (share > 0.5).to_string(),
            Accepts::Choice(words) => words[(share * words.len() as f64) as usize].to_owned(),
        }
    }

    proptest! {
        #[test]
        fn hashes_are_equal_where_configurations_are_and_only_there(
            one in prop::collection::vec((any::<prop::sample::Index>(), 0..3_u32), 0..4),
            other in prop::collection::vec((any::<prop::sample::Index>(), 0..3_u32), 0..4),
        ) {
            let scenario = Scenario::read_text("s.toml", TEXT, &[]).expect("a valid scenario");
            let keys = scenario.settable_keys();
            let sets = |picks: &[(prop::sample::Index, u32)]| -> Vec<String> {
                let set = |(at, third): &(prop::sample::Index, u32)| {
                    let key = &keys[at.index(keys.len())];
                    format!("{}={}", key.key, value(&key.accepts, 0.2 + 0.3 * f64::from(*third)))
                };
                picks.iter().map(set).collect()
            };
            let (Some(one), Some(other)) = (config(TEXT, &sets(&one)), config(TEXT, &sets(&other))) else {
                return Ok(());
            };
            let same = simulated(&one, &one.record) == simulated(&other, &one.record);
            prop_assert_eq!(ConfigHash::of(&one) == ConfigHash::of(&other), same);
        }
    }
}
