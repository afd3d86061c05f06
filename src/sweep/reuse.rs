//! Finished sweeps whose runs a larger sweep takes over: their folders are opened and checked, and their
//! runs are made known by what they depend on.

use super::SweepOutput;
use super::error::ReuseError;
use super::finish;
use super::jobs::{JobOutcome, JobResult, run_again};
use super::known_runs::{ConfigHash, KnownRuns, RunRecord, RunSource};
use super::plan::SweepPlan;
use super::shard::Shard;
use crate::error::Error;
use crate::options::thread_pool;
use crate::results::manifest::ShardedWork;
use crate::results::provenance::{save_options, scenario_of};
use crate::results::resume::unfinished_folder;
use crate::results::{
    FileState, JOURNAL_NAME, Journal, JournalReader, MANIFEST_NAME, Manifest, ManifestError,
    OutputError, ResultsKind, check_files,
};
use crate::scenario::Scenario;
use crate::simd::backend::Backend;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Most points of a sweep whose runs are looked up: some minutes, and 64 MB.
const MOST_POINTS: u64 = 1 << 24;
/// Most differences that are listed, and letters of each value.
const MOST_DIFFERENCES: usize = 10;
const MOST_LETTERS: usize = 60;

/// A folder of results, checked, with the jobs of its journal.
struct EarlierSweep {
    plan: SweepPlan,
    source: RunSource,
    /// Each with the number of its point.
    records: Vec<(u64, RunRecord)>,
}

/// The runs of a plan that folders of finished sweeps, or of shards, have the outcomes of.
///
/// # Errors
/// [`Error::Reuse`], [`Error::Output`], [`Error::Stale`] and [`Error::Threads`].
pub(crate) fn known_runs(
    plan: &SweepPlan,
    folders: &[PathBuf],
    threads: Option<usize>,
) -> Result<KnownRuns, Error> {
    let Some(first) = folders.first() else {
        return Ok(KnownRuns::default());
    };
    if plan.sweep().count() > MOST_POINTS {
        let source = ReuseError::TooManyPoints { most: MOST_POINTS };
        return Err(refusal(first, source));
    }
    let (mut plans, mut sources, mut records) = (Vec::new(), Vec::new(), Vec::new());
    for (number, folder) in folders.iter().enumerate() {
        let earlier = open(plan, folder, number)?;
        records.push(earlier.records);
        sources.push(earlier.source);
        plans.push(earlier.plan);
    }
    thread_pool(threads)?.install(|| {
        let hashed = plans.iter().zip(&records);
        let hashed = hashed.flat_map(|(plan, records)| with_hashes(plan, records));
        let known = KnownRuns::new(plan, sources, hashed.collect());
        for ((source, own), records) in known.sources().iter().zip(&plans).zip(&records) {
            if source.matched() == 0 {
                let runs = records.iter().map(|(_, it)| it.replicates.len() as u64);
                let nothing = ReuseError::NothingInCommon {
                    runs: runs.sum(),
                    differences: differences(own.scenario(), plan.scenario()),
                };
                return Err(refusal(&source.folder, nothing));
            }
        }
        compare_examples(plan, &known)?;
        Ok(known)
    })
}

fn refusal(folder: &Path, source: ReuseError) -> Error {
    Error::Reuse {
        folder: folder.to_owned(),
        source,
    }
}

/// Opens and checks a folder, whose source will have this number.
fn open(plan: &SweepPlan, folder: &Path, number: usize) -> Result<EarlierSweep, Error> {
    let refuse = |source| Err(refusal(folder, source));
    let manifest = match Manifest::read(folder) {
        Err(OutputError::Manifest {
            error:
                ManifestError::Missing | ManifestError::NoFolder | ManifestError::Unfinished { .. },
            ..
        }) if is_unfinished(folder) => return refuse(ReuseError::Unfinished),
        manifest => manifest?,
    };
    let shard = match manifest.kind {
        ResultsKind::Sweep => Some(Shard::ALL),
        ResultsKind::Shard {
            shard,
            shards,
            of: ShardedWork::Sweep,
        } => Shard::new(shard, shards),
        _ => None,
    };
    let Some(shard) = shard else {
        let kind = manifest.kind.name();
        return refuse(ReuseError::NotASweep { kind });
    };
    if manifest.version != env!("CARGO_PKG_VERSION") {
        let version = manifest.version;
        return refuse(ReuseError::OtherVersion { version });
    }
    if manifest.file(JOURNAL_NAME).is_none() {
        return refuse(ReuseError::NoJournal);
    }
    let damaged = |file: String| refuse(ReuseError::Damaged { file });
    let changed = check_files(folder, &manifest)?
        .into_iter()
        .find(|file| file.state != FileState::Sound);
    if let Some(file) = changed {
        return damaged(format!("{} is {}", file.name, file.state));
    }
    let scenario = scenario_of(folder, &manifest)?;
    let earlier = SweepPlan::new(scenario).ok_or(Error::NoSweep)?;
    let options = save_options(&manifest);
    let output = SweepOutput {
        folder,
        shard,
        options: &options,
    };
    if !finish::is_done(&earlier, &output) {
        let file = format!("{MANIFEST_NAME} is not that of its scenario");
        return damaged(file);
    }
    let measures = match measures(plan, &earlier) {
        Ok(measures) => measures,
        Err(missing) => return refuse(ReuseError::OtherMeasures { missing }),
    };
    if plan.sweep().couples && !earlier.sweep().couples {
        return refuse(ReuseError::NoCouples);
    }
    let jobs = shard.range(earlier.jobs());
    let path = folder.join(JOURNAL_NAME);
    let mut journal = JournalReader::open(&path, jobs.start)?;
    let (mut records, mut next) = (Vec::new(), jobs.start);
    loop {
        let at = journal.position();
        let Some(result) = journal.next()? else { break };
        next += 1;
        if next > jobs.end {
            break;
        }
        records.extend(record(&earlier, result, number, at));
    }
    if next != jobs.end {
        let (jobs, found) = (jobs.end - jobs.start, next - jobs.start);
        let found = if found > jobs { "more" } else { "fewer" };
        return damaged(format!("{JOURNAL_NAME} holds {found} than {jobs} jobs"));
    }
    Ok(EarlierSweep {
        plan: earlier,
        source: RunSource::new(folder, measures, journal),
        records,
    })
}

/// Whether a folder without a manifest has or is the place of unfinished work.
fn is_unfinished(folder: &Path) -> bool {
    [folder, &unfinished_folder(folder)]
        .iter()
        .any(|place| Journal::job_spec(place).is_ok())
}

/// Positions of a sweep's measures among those of an earlier one.
///
/// # Errors
/// The measures that the earlier one does not have.
fn measures(plan: &SweepPlan, earlier: &SweepPlan) -> Result<Vec<usize>, Vec<String>> {
    let there = &earlier.sweep().measures;
    let (mut places, mut missing) = (Vec::new(), Vec::new());
    for measure in &plan.sweep().measures {
        match there.iter().position(|other| other == measure) {
            Some(place) => places.push(place),
            None => missing.push(measure.to_string()),
        }
    }
    if missing.is_empty() {
        Ok(places)
    } else {
        Err(missing)
    }
}

/// The point and record of a job of an earlier sweep, if it has runs.
fn record(
    earlier: &SweepPlan,
    result: JobResult,
    source: usize,
    at: u64,
) -> Option<(u64, RunRecord)> {
    let job = earlier.job(result.job);
    let JobOutcome::Runs { runs, .. } = result.outcome else {
        return None;
    };
    let first = runs.first()?.replicate;
    let replicates = first..first.checked_add(u32::try_from(runs.len()).ok()?)?;
    let numbers = runs.iter().map(|run| run.replicate);
    let in_order = numbers.eq(replicates.clone()) && replicates.end <= job.replicates.end;
    let record = RunRecord {
        source,
        at,
        job: result.job,
        replicates,
    };
    in_order.then_some((job.point, record))
}

/// The records with the hashes of their points' configurations.
fn with_hashes(plan: &SweepPlan, records: &[(u64, RunRecord)]) -> Vec<(ConfigHash, RunRecord)> {
    let hashed = records.par_iter().filter_map(|(point, record)| {
        let config = plan.config(*point).ok()?;
        Some((ConfigHash::of(&config), record.clone()))
    });
    hashed.collect()
}

/// Simulates one run of each folder again and compares it, for another build of the same version may give
/// other outcomes, and a folder may have been changed with its manifest.
fn compare_examples(plan: &SweepPlan, known: &KnownRuns) -> Result<(), Error> {
    for (number, example) in known.examples(plan) {
        let point = plan.job(number).point;
        let Ok(config) = plan.config(point) else {
            continue;
        };
        let replicate = example.run.replicate;
        let (run, couples) = run_again(plan, config, replicate, Backend::best())?;
        // As texts, for NaN is not equal to itself.
        let same = format!("{run:?}") == format!("{:?}", example.run)
            && format!("{couples:?}") == format!("{:?}", example.couples);
        if !same {
            let source = ReuseError::OtherOutcome {
                point: point + 1,
                replicate: u64::from(replicate) + 1,
            };
            return Err(refusal(known.folder_of(&example), source));
        }
    }
    Ok(())
}

/// What keeps two scenarios' sweeps from having runs in common, a line for each key.
fn differences(earlier: &Scenario, scenario: &Scenario) -> Vec<String> {
    let [there, here] = [earlier, scenario].map(|it| keys(&it.effective_toml()));
    let mut all: Vec<&String> = there.keys().chain(here.keys()).collect();
    all.sort_unstable();
    all.dedup();
    let shown = |value: Option<&String>| {
        let value = value.map_or("nothing", String::as_str);
        match value.char_indices().nth(MOST_LETTERS) {
            Some((end, _)) => format!("{} …", &value[..end]),
            None => value.to_owned(),
        }
    };
    let mut lines = Vec::new();
    for key in all {
        let (one, other) = (there.get(key), here.get(key));
        if one != other && matters(key) {
            lines.push(format!(
                "{key}: {} there, {} here",
                shown(one),
                shown(other)
            ));
        }
    }
    if lines.is_empty() {
        lines.push("no key differs, but the points have other values".to_owned());
    }
    if lines.len() > MOST_DIFFERENCES {
        let more = lines.len() - MOST_DIFFERENCES;
        lines.truncate(MOST_DIFFERENCES);
        lines.push(format!("and {more} more"));
    }
    lines
}

/// Whether runs depend on a key, or the points that a sweep has.
fn matters(key: &str) -> bool {
    let tables = [
        "title",
        "description",
        "about",
        "record",
        "measurement",
        "study",
        "condition",
        "claim",
    ];
    let outputs = [
        "run.replicates",
        "sweep.measures",
        "sweep.couples",
        "sweep.reference",
    ];
    let is_name = key.starts_with("sweep.axis.") && key.ends_with(".name");
    let table = key.split('.').next().unwrap_or(key);
    !tables.contains(&table)
        && !outputs.contains(&key)
        && !key.starts_with("sweep.until")
        && !is_name
}

/// Every key of a document with its value, tables in lists by their numbers, as for `--set`.
fn keys(toml: &str) -> BTreeMap<String, String> {
    let mut keys = BTreeMap::new();
    if let Ok(document) = toml::from_str(toml) {
        flatten("", &document, &mut keys);
    }
    keys
}

fn flatten(path: &str, value: &serde_json::Value, keys: &mut BTreeMap<String, String>) {
    use serde_json::Value;
    let below = |name: &str| match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    };
    match value {
        Value::Object(table) => {
            for (name, value) in table {
                flatten(&below(name), value, keys);
            }
        }
        Value::Array(list) if list.iter().any(Value::is_object) => {
            for (index, value) in list.iter().enumerate() {
                // Items are numbered from 1, as for `--set`.
                flatten(&below(&(index + 1).to_string()), value, keys);
            }
        }
        value => {
            keys.insert(path.to_owned(), value.to_string());
        }
    }
}
