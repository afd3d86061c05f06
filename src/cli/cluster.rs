//! `pairbond sweep submit`, `status`, `resubmit` and `task`

use super::args::{ContentArgs, OverrideArgs, QuietArgs, ThreadArgs};
use super::signals::cancel_on_interrupt;
use super::terminal::{
    ProgressDisplay, ProgressTexts, eprint, print, results_folder, show_warnings,
};
use super::{DONE, FAILED};
use crate::cluster::{
    ClusterError, PlanStatus, ShardPlan, SlurmOptions, Submission, SubmissionOutline,
};
use crate::error::Error;
use crate::printable::shell_path;
use crate::results::refuse_inputs;
use crate::table::Format;
use clap::ValueEnum;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// What a sweep is done by on many machines.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum SweepCommand {
    /// Write a plan of a sweep's shards, and submit them to Slurm
    Submit(SubmitArgs),
    /// Say which shards of a plan are done, and what is in the queue
    Status(StatusArgs),
    /// Submit the shards of a plan that are neither done nor in the queue, and the merge
    Resubmit(ResubmitArgs),
    /// Do shards of a plan, as its tasks do
    Task(TaskArgs),
}

/// What starts the shards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// Slurm: an array of jobs, and a job that merges
    Slurm,
    /// You, by `pairbond sweep task` and `pairbond merge`, by hand or by any other tool
    Manual,
}

#[derive(Debug, clap::Args)]
pub(crate) struct SubmitArgs {
    /// The scenario file, with a [sweep]
    file: PathBuf,
    /// What starts the shards
    #[arg(long, value_enum)]
    engine: Option<Engine>,
    /// Number of shards: the parts that are done apart, one for each task
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    shards: u64,
    /// Folder of the plan; results appear in its folder `results` [default: results/NAME-plan]
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    overrides: OverrideArgs,
    #[command(flatten)]
    slurm: SlurmArgs,
    /// Line of the scripts before the program starts, such as "module load gcc"; may be repeated
    #[arg(long, value_name = "LINE", allow_hyphen_values = true)]
    setup: Vec<String>,
    /// Format of the tables
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    #[command(flatten)]
    content: ContentArgs,
    /// Only show the scripts and the commands that would submit them; nothing is written
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    quiet: QuietArgs,
}

/// What Slurm is asked for.
#[derive(Debug, clap::Args)]
pub(crate) struct SlurmArgs {
    /// Limit of a shard's time, such as 02:30:00 [default: estimated by a probe]
    #[arg(long, value_name = "TIME")]
    time: Option<String>,
    /// Memory of a shard, such as 500M or 2G [default: estimated]
    #[arg(long, value_name = "SIZE")]
    mem: Option<String>,
    /// Cores of a shard [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    cpus: Option<u16>,
    /// Limit of the merge's time [default: estimated]
    #[arg(long, value_name = "TIME")]
    merge_time: Option<String>,
    /// Memory of the merge [default: estimated]
    #[arg(long, value_name = "SIZE")]
    merge_mem: Option<String>,
    /// Partition of all jobs
    #[arg(long, value_name = "NAME")]
    partition: Option<String>,
    /// Account that all jobs are charged to
    #[arg(long, value_name = "NAME")]
    account: Option<String>,
    /// Argument of `sbatch` for all jobs, such as --sbatch-arg=--qos=low; may be repeated
    #[arg(long, value_name = "ARG", allow_hyphen_values = true)]
    sbatch_arg: Vec<String>,
}

impl SlurmArgs {
    fn options(&self, setup: &[String]) -> SlurmOptions {
        SlurmOptions {
            time: self.time.clone(),
            memory: self.mem.clone(),
            cpus: self.cpus.unwrap_or(0),
            merge_time: self.merge_time.clone(),
            merge_memory: self.merge_mem.clone(),
            partition: self.partition.clone(),
            account: self.account.clone(),
            setup: setup.to_vec(),
            sbatch_args: self.sbatch_arg.clone(),
        }
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct StatusArgs {
    /// Folder of the plan
    plan: PathBuf,
    #[command(flatten)]
    quiet: QuietArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ResubmitArgs {
    /// Folder of the plan
    plan: PathBuf,
    /// Submit the shards that are missing or damaged
    #[arg(long, required = true)]
    missing: bool,
    #[command(flatten)]
    slurm: SlurmArgs,
    #[command(flatten)]
    quiet: QuietArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct TaskArgs {
    /// Folder of the plan
    plan: PathBuf,
    /// The shards: a number from 1, or a range such as 1-10
    shards: String,
    #[command(flatten)]
    threads: ThreadArgs,
    #[command(flatten)]
    quiet: QuietArgs,
}

/// Does what a subcommand of `sweep` asks for.
pub(crate) fn sweep_command(command: &SweepCommand) -> Result<u8, Error> {
    match command {
        SweepCommand::Submit(args) => submit(args),
        SweepCommand::Status(args) => status(args),
        SweepCommand::Resubmit(args) => resubmit(args),
        SweepCommand::Task(args) => task(args),
    }
}

/// The folder of a plan of a scenario file's sweep if none is named.
fn default_plan(file: &Path) -> PathBuf {
    let folder = crate::run::default_folder(file);
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push("-plan");
    folder.with_file_name(name)
}

/// Writes a plan, and submits it.
fn submit(args: &SubmitArgs) -> Result<u8, Error> {
    let out = results_folder(args.out.as_deref(), || default_plan(&args.file));
    let Some(engine) = args.engine else {
        let (folder, source) = (args.file.clone(), ClusterError::NoEngine);
        return Err(Error::Cluster { folder, source });
    };
    let scenario = args.overrides.read_scenario(&args.file)?;
    args.overrides.set.refuse_output(&out)?;
    refuse_inputs(&out, scenario.files())?;
    let options = args.content.options().format(args.format);
    let quiet = args.quiet.quiet;
    if !quiet {
        show_warnings(scenario.warnings());
    }
    if engine == Engine::Manual {
        let plan = ShardPlan::outline(&out, &scenario, args.shards, &options)?;
        let shards = plan.shards();
        if !args.dry_run {
            plan.write(&[])?;
        }
        if !quiet {
            let (title, place, shown) = (plan.title(), out.display(), shell_path(&out));
            print(&format!(
                "{title}\n{shards} shards in {place}. These commands do them, on any machines that share the folder, and \
                 merge them:\n  pairbond sweep task {shown} N    (N from 1 to {shards})\n  pairbond merge {shown}\n"
            ))?;
        }
        return Ok(DONE);
    }
    let plan = ShardPlan::outline(&out, &scenario, args.shards, &options)?;
    let slurm = args.slurm.options(&args.setup);
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("pairbond"));
    let outline = SubmissionOutline::new(&plan, &slurm, &program)?;
    if args.dry_run {
        print(&shown(&outline))?;
        return Ok(DONE);
    }
    let shards = plan.shards();
    let submission = outline.submit(&plan)?;
    if !quiet {
        let folder = out.display();
        print(&format!("{}\n{shards} shards in {folder}\n", plan.title()))?;
        report_submission(&submission)?;
        print(&format!(
            "`pairbond sweep status {}` says which are done; results appear in {}\n",
            shell_path(&out),
            plan.results().display()
        ))?;
    }
    Ok(DONE)
}

/// What would be written and submitted.
fn shown(outline: &SubmissionOutline) -> String {
    let folder = outline.folder.display();
    let mut text = format!(
        "{}\n{} shards, to be planned in {folder}; nothing is written\n",
        outline.title, outline.shards
    );
    for note in &outline.notes {
        text.push_str(&format!("  {note}\n"));
    }
    for (name, script) in &outline.scripts {
        text.push_str(&format!("\n==> {name} <==\n{script}"));
    }
    text.push_str("\n==> submitted by <==\n");
    for command in &outline.commands {
        text.push_str(command);
        text.push('\n');
    }
    text
}

fn report_submission(submission: &Submission) -> Result<(), Error> {
    for note in &submission.notes {
        eprint(&format!("note: {note}"));
    }
    if submission.queued > 0 {
        print(&format!(
            "{} shards are in the queue already\n",
            submission.queued
        ))?;
    }
    print(&format!("submitted: {submission}\n"))
}

/// Prints which shards are done.
fn status(args: &StatusArgs) -> Result<u8, Error> {
    let plan = ShardPlan::open(&args.plan)?;
    let status = PlanStatus::of(&plan)?;
    if !args.quiet.quiet {
        print(&status.to_string())?;
    }
    Ok(if status.merged { DONE } else { FAILED })
}

/// Submits what is missing.
fn resubmit(args: &ResubmitArgs) -> Result<u8, Error> {
    let plan = ShardPlan::open(&args.plan)?;
    let submission = crate::cluster::resubmit(&plan, &args.slurm.options(&[]))?;
    if !args.quiet.quiet {
        report_submission(&submission)?;
    }
    Ok(DONE)
}

/// The shards that a text names.
fn shards(text: &str, plan: &ShardPlan) -> Result<RangeInclusive<u64>, Error> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let numbers = first
        .trim()
        .parse::<u64>()
        .ok()
        .zip(last.trim().parse().ok());
    match numbers {
        Some((first, last)) if 1 <= first && first <= last && last <= plan.shards() => {
            Ok(first..=last)
        }
        _ => Err(plan.error(ClusterError::NoSuchShard {
            text: text.to_owned(),
            shards: plan.shards(),
        })),
    }
}

/// Does shards of a plan.
fn task(args: &TaskArgs) -> Result<u8, Error> {
    let plan = ShardPlan::open(&args.plan)?;
    let (quiet, threads) = (args.quiet.quiet, args.threads.count());
    let cancel = cancel_on_interrupt();
    for number in shards(&args.shards, &plan)? {
        let outcome = plan.run_shard(number, |sweep| {
            let mut sweep = sweep.cancel(cancel.clone());
            if let Some(threads) = threads {
                sweep = sweep.threads(threads);
            }
            if let Some(display) = ProgressDisplay::work(quiet, ProgressTexts::SWEEP) {
                sweep = sweep.on_progress(display);
            }
            sweep
        })?;
        let (of, folder) = (plan.shards(), plan.shard_folder(number));
        let folder = folder.display();
        let line = match outcome {
            None => format!("shard {number}/{of} was done before: {folder}\n"),
            Some(report) => {
                let failed = match report.failed {
                    0 => String::new(),
                    count => format!(" ({count} failed; the merge writes the reasons to `points`)"),
                };
                format!(
                    "shard {number}/{of}: {} jobs{failed}, in {folder}\n",
                    report.runs
                )
            }
        };
        if !quiet {
            print(&line)?;
        }
    }
    Ok(DONE)
}
