//! A plan: a folder with a scenario, the number of its shards, the shards that are done, and their merged
//! results.
//!
//! | entry | contents |
//! | --- | --- |
//! | `manifest.json`, `scenario.toml` | what is to be done |
//! | `shards.sh`, `merge.sh`, `logs/`, `submitted.json` | what Slurm runs and ran |
//! | `shards/N/` | shard N, complete or absent |
//! | `attempts/` | shards that are being written |
//! | `results/` | the merged results, complete or absent |
//!
//! Which shards are done is decided by their manifests and hashes alone. Each attempt at a shard writes to a
//! folder of its name, and its last step is a rename: attempts on several nodes do not disturb each other
//! even where locks are not shared, and a node that stops leaves nothing that is taken for a shard.

use super::error::ClusterError;
use crate::error::Error;
use crate::options::SaveOptions;
use crate::results::error::Action;
use crate::results::provenance::{origin, save_options, scenario_of};
use crate::results::shards::damage;
use crate::results::staging::sync_folder;
use crate::results::{Folder, Manifest, OutputError, ResultsKind, check_folder};
use crate::run::write_scenario;
use crate::runner::CancelToken;
use crate::scenario::Scenario;
use crate::sweep::merge::merge_until;
use crate::sweep::plan::SweepPlan;
use crate::sweep::shard::{MergeError, Shard};
use crate::sweep::{SweepOutput, SweepReport, SweepRunner, finish};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// Folder of the finished shards.
const SHARDS: &str = "shards";
/// Folder of the shards that are being written.
const ATTEMPTS: &str = "attempts";
/// Folder of the merged results.
const RESULTS: &str = "results";
/// Time between two looks at shards that are not there yet.
const LOOK_INTERVAL: Duration = Duration::from_secs(2);

/// A sweep that is split into shards, with the folder in which they are collected.
#[derive(Clone, Debug)]
pub struct ShardPlan {
    folder: PathBuf,
    scenario: Scenario,
    sweep: SweepPlan,
    shards: u64,
    options: SaveOptions,
}

/// Whether a folder holds a plan.
pub(crate) fn is_plan(folder: &Path) -> bool {
    Manifest::read(folder).is_ok_and(|found| matches!(found.kind, ResultsKind::Plan { .. }))
}

/// Whether a shard is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ShardState {
    /// Its files are those that were written.
    Done,
    /// It is not there.
    Missing,
    /// It is there and cannot be used, for this reason.
    Damaged(String),
}

impl ShardPlan {
    /// Writes the plan of a scenario's sweep to a folder, which appears complete or not at all.
    ///
    /// # Errors
    /// [`Error::NoSweep`]; [`Error::Cluster`] if there are more shards than jobs, or a plan is there;
    /// [`Error::Output`].
    pub fn create(
        folder: impl AsRef<Path>,
        scenario: &Scenario,
        shards: u64,
        options: &SaveOptions,
    ) -> Result<ShardPlan, Error> {
        let plan = ShardPlan::outline(folder, scenario, shards, options)?;
        plan.write(&[])?;
        Ok(plan)
    }

    /// The plan of a sweep, not yet written: a submission writes it with its scripts.
    ///
    /// # Errors
    /// Those of [`create`](ShardPlan::create), but for writing.
    pub(crate) fn outline(
        folder: impl AsRef<Path>,
        scenario: &Scenario,
        shards: u64,
        options: &SaveOptions,
    ) -> Result<ShardPlan, Error> {
        let sweep = SweepPlan::new(scenario.clone()).ok_or(Error::NoSweep)?;
        let plan = ShardPlan {
            folder: folder.as_ref().to_owned(),
            scenario: scenario.clone(),
            sweep,
            shards,
            options: options.clone().replace(false),
        };
        let jobs = plan.sweep.jobs();
        if !(1..=jobs).contains(&shards) {
            return Err(plan.error(ClusterError::TooManyShards { shards, jobs }));
        }
        let kind = plan.kind();
        if Manifest::read(&plan.folder).is_ok_and(|found| found.kind.name() == kind.name()) {
            return Err(plan.error(ClusterError::PlanExists));
        }
        check_folder(&plan.folder, &kind, false)?;
        Ok(plan)
    }

    /// Writes the plan with further files.
    ///
    /// # Errors
    /// [`Error::Output`].
    pub(crate) fn write(&self, files: &[(&str, Vec<u8>)]) -> Result<(), Error> {
        let mut origin = origin(&self.scenario, self.kind(), "sweep", &self.options);
        origin.command.insert(2, "submit".to_owned());
        let more = ["--engine", "manual", "--shards", &self.shards.to_string()];
        origin.command.extend(more.map(str::to_owned));
        let mut folder = Folder::create(&self.folder, &self.kind(), false)?;
        write_scenario(&mut folder, &self.scenario)?;
        for (name, bytes) in files {
            folder.write(name, bytes)?;
        }
        folder.commit(Manifest::new(origin))?;
        Ok(())
    }

    /// Opens a plan.
    ///
    /// # Errors
    /// [`Error::Cluster`] if the folder holds something else, or the plan of another version;
    /// [`Error::Output`], [`Error::Stale`].
    pub fn open(folder: impl AsRef<Path>) -> Result<ShardPlan, Error> {
        let folder = folder.as_ref().to_owned();
        let manifest = Manifest::read(&folder)?;
        let refuse = |source| Error::Cluster {
            folder: folder.clone(),
            source,
        };
        let ResultsKind::Plan { shards } = manifest.kind else {
            let kind = manifest.kind.name();
            return Err(refuse(ClusterError::NotAPlan { kind }));
        };
        if manifest.version != env!("CARGO_PKG_VERSION") {
            let version = manifest.version;
            return Err(refuse(ClusterError::OtherPlanVersion { version }));
        }
        let scenario = scenario_of(&folder, &manifest)?;
        let sweep = SweepPlan::new(scenario.clone()).ok_or(Error::NoSweep)?;
        Ok(ShardPlan {
            folder,
            scenario,
            sweep,
            shards,
            options: save_options(&manifest),
        })
    }

    /// Its folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of the merged results.
    pub(crate) fn results(&self) -> PathBuf {
        self.folder.join(RESULTS)
    }

    /// Title of the scenario.
    pub(crate) fn title(&self) -> &str {
        self.scenario.title()
    }

    /// Number of shards.
    pub(crate) fn shards(&self) -> u64 {
        self.shards
    }

    pub(crate) fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    pub(crate) fn sweep(&self) -> &SweepPlan {
        &self.sweep
    }

    /// How the results are saved.
    pub(crate) fn options(&self) -> &SaveOptions {
        &self.options
    }

    fn kind(&self) -> ResultsKind {
        ResultsKind::Plan {
            shards: self.shards,
        }
    }

    /// An error about this plan.
    pub(crate) fn error(&self, source: ClusterError) -> Error {
        Error::Cluster {
            folder: self.folder.clone(),
            source,
        }
    }

    fn shard(&self, number: u64) -> Result<Shard, Error> {
        Shard::new(number, self.shards).ok_or_else(|| {
            self.error(ClusterError::NoSuchShard {
                text: number.to_string(),
                shards: self.shards,
            })
        })
    }

    /// The folder of a shard.
    pub(crate) fn shard_folder(&self, number: u64) -> PathBuf {
        self.folder.join(SHARDS).join(number.to_string())
    }

    /// Whether a shard is done: its manifest is that of this plan, and its files have the hashes in it.
    ///
    /// # Errors
    /// [`Error::Cluster`] if there is no such shard; [`Error::Output`] if a file is there and cannot be read.
    pub(crate) fn state(&self, number: u64) -> Result<ShardState, Error> {
        let shard = self.shard(number)?;
        self.state_of(&self.shard_folder(number), shard)
    }

    fn state_of(&self, folder: &Path, shard: Shard) -> Result<ShardState, Error> {
        let manifest = match Manifest::read(folder) {
            Ok(manifest) => manifest,
            Err(OutputError::Manifest { .. }) if fs::symlink_metadata(folder).is_err() => {
                return Ok(ShardState::Missing);
            }
            Err(OutputError::Manifest { error, .. }) => {
                return Ok(ShardState::Damaged(error.to_string()));
            }
            Err(error) => return Err(error.into()),
        };
        let output = SweepOutput {
            folder,
            shard,
            options: &self.options,
        };
        if !finish::is_done(&self.sweep, &output) {
            let reason = "it is of another scenario, version, number or kind".to_owned();
            return Ok(ShardState::Damaged(reason));
        }
        Ok(match damage(folder, &manifest)? {
            Some(reason) => ShardState::Damaged(reason),
            None => ShardState::Done,
        })
    }

    /// Does a shard, and returns what it came to; `None` if it is done already. What is there and cannot be used is replaced.
    ///
    /// `configure` sets threads, progress and cancellation. Several processes may do the same shard at a time,
    /// on any nodes: all write the same bytes, and the first one is kept.
    ///
    /// # Errors
    /// [`Error::Cancelled`], [`Error::Threads`], [`Error::Output`], [`Error::Cluster`]. After an error the
    /// shard is as it was.
    pub fn run_shard<'a>(
        &self,
        number: u64,
        configure: impl FnOnce(SweepRunner<'a>) -> SweepRunner<'a>,
    ) -> Result<Option<SweepReport>, Error> {
        let shard = self.shard(number)?;
        if self.state(number)? == ShardState::Done {
            return Ok(None);
        }
        for name in [SHARDS, ATTEMPTS] {
            let folder = self.folder.join(name);
            fs::create_dir_all(&folder).map_err(OutputError::io(Action::Create, &folder))?;
        }
        let attempts = self.folder.join(ATTEMPTS);
        let attempt = tempfile::Builder::new()
            .prefix(&format!("{number}-"))
            .tempdir_in(&attempts)
            .map_err(OutputError::io(Action::Create, &attempts))?;
        let made = attempt.path().join("shard");
        let runner = configure(self.scenario.sweep()?).shard(shard);
        let report = match runner.save_with(&made, &self.options) {
            Ok(report) => report,
            // The attempt is removed, so that there is nothing to resume.
            Err(Error::Interrupted { .. }) => return Err(Error::Cancelled),
            Err(Error::Resumable { source, .. }) => return Err(*source),
            Err(error) => return Err(error),
        };
        self.place(&made, number, attempt.path())?;
        match self.state(number)? {
            ShardState::Done => {}
            ShardState::Missing => {
                let reason = "it is missing".to_owned();
                return Err(self.error(ClusterError::NotInPlace { number, reason }));
            }
            ShardState::Damaged(reason) => {
                return Err(self.error(ClusterError::NotInPlace { number, reason }));
            }
        }
        Ok(Some(SweepReport {
            folder: self.shard_folder(number),
            ..report
        }))
    }

    /// Renames a finished shard to its final name. What is there and cannot be used is moved to the attempt,
    /// with which it is removed.
    fn place(&self, made: &Path, number: u64, attempt: &Path) -> Result<(), Error> {
        let target = self.shard_folder(number);
        let moved = |error| OutputError::io(Action::Place, &target)(error);
        // Another attempt may put its shard there at the same time.
        for round in 0..10 {
            match fs::rename(made, &target) {
                Ok(()) => {
                    let folder = self.folder.join(SHARDS);
                    sync_folder(&folder).map_err(OutputError::io(Action::Write, &folder))?;
                    return Ok(());
                }
                Err(error) if fs::symlink_metadata(&target).is_err() => {
                    return Err(moved(error).into());
                }
                Err(_) if self.state(number)? == ShardState::Done => return Ok(()),
                Err(_) => match fs::rename(&target, attempt.join(format!("replaced-{round}"))) {
                    Err(error) if error.kind() != ErrorKind::NotFound => {
                        return Err(moved(error).into());
                    }
                    _ => {}
                },
            }
        }
        let reason = "another process keeps writing it".to_owned();
        Err(self.error(ClusterError::NotInPlace { number, reason }))
    }

    /// Whether the results are merged, and their files are those that were written.
    pub(crate) fn is_merged(&self) -> bool {
        let folder = &self.results();
        let output = SweepOutput {
            folder,
            shard: Shard::ALL,
            options: &self.options,
        };
        let sound = |manifest: Manifest| matches!(damage(folder, &manifest), Ok(None));
        finish::is_done(&self.sweep, &output) && Manifest::read(folder).is_ok_and(sound)
    }

    /// Merges the shards into results, and removes what attempts left.
    ///
    /// Shards that are missing or not as they were written are looked at again until `wait` has passed: a
    /// node may see only later what another one wrote.
    ///
    /// # Errors
    /// Those of [`merge`](crate::merge()), and [`Error::Cancelled`].
    pub fn merge(
        &self,
        out: &Path,
        options: &SaveOptions,
        wait: Duration,
        cancel: &CancelToken,
    ) -> Result<SweepReport, Error> {
        let end = Instant::now() + wait;
        loop {
            let there = |folder: &PathBuf| fs::symlink_metadata(folder).is_ok();
            let folders = (1..=self.shards).map(|number| self.shard_folder(number));
            let folders: Vec<PathBuf> = folders.filter(there).collect();
            let merged = self
                .belongs(&folders)
                .and_then(|()| merge_until(&folders, out, options, cancel));
            match merged {
                Err(error) if is_incomplete(&error) && Instant::now() < end => {
                    let next = (Instant::now() + LOOK_INTERVAL).min(end);
                    while Instant::now() < next {
                        cancel.check()?;
                        thread::sleep(Duration::from_millis(100));
                    }
                }
                Err(error) => return Err(error),
                Ok(report) => {
                    // A process that still writes there writes a shard that is done.
                    let _ = fs::remove_dir_all(self.folder.join(ATTEMPTS));
                    return Ok(report);
                }
            }
        }
    }

    /// Fails unless the first of the shards that are there is one of this plan: merging compares the others
    /// with it.
    fn belongs(&self, folders: &[PathBuf]) -> Result<(), Error> {
        let Some(folder) = folders.first() else {
            let numbers = (1..=self.shards).collect();
            let of = self.shards;
            return Err(self.unmerged(&self.folder, MergeError::Missing { numbers, of }));
        };
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let shard = self.shard(name.parse().unwrap_or(0))?;
        match self.state_of(folder, shard)? {
            ShardState::Damaged(file) => Err(self.unmerged(folder, MergeError::Damaged { file })),
            ShardState::Done | ShardState::Missing => Ok(()),
        }
    }

    fn unmerged(&self, folder: &Path, source: MergeError) -> Error {
        let folder = folder.to_owned();
        Error::Merge { folder, source }
    }
}

/// Whether shards could not be merged because of what may be seen otherwise a little later.
fn is_incomplete(error: &Error) -> bool {
    match error {
        Error::Merge { source, .. } => matches!(
            source,
            MergeError::Missing { .. } | MergeError::Damaged { .. } | MergeError::Incomplete { .. }
        ),
        Error::Output(OutputError::Io { action, .. }) => *action == Action::Read,
        Error::Output(OutputError::Manifest { .. } | OutputError::Journal { .. }) => true,
        _ => false,
    }
}
