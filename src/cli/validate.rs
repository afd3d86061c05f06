//! `pairbond validate`

use super::args::{FolderArgs, QuietArgs, SetArgs, ThreadArgs};
use super::hints::whole_number;
use super::signals::cancel_on_interrupt;
use super::terminal::{
    ProgressDisplay, ProgressTexts, eprint, print, report_charts, show_leftover,
};
use super::{DONE, FAILED};
use crate::error::Error;
use crate::options::Execution;
use crate::validate::{DEFAULT_COUPLES, DEFAULT_SEED, Laboratory, ValidateRequest, measures};
use std::path::{Path, PathBuf};

const TEXTS: ProgressTexts = ProgressTexts {
    parts: "targets compared",
    even: false,
    finishing: "drawing charts",
};

#[derive(Debug, clap::Args)]
pub(crate) struct ValidateArgs {
    /// Table of targets of your own, in place of the program's (docs/validation.md)
    #[arg(long = "targets", value_name = "FILE")]
    table: Option<PathBuf>,
    /// List the measures that a table of targets may name
    #[arg(long, exclusive = true)]
    list_measures: bool,
    /// Targets, such as C01, or tiers: C (calibration), V (validation), P (patterns) [default: all]
    targets: Vec<String>,
    /// Folder of the results; without it, only a table is printed
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Couples of each simulated cohort
    #[arg(long, value_name = "N", default_value_t = DEFAULT_COUPLES, value_parser = clap::value_parser!(u64).range(200..=10_000_000))]
    couples: u64,
    /// Seed of all simulated studies
    #[arg(long, value_name = "N", default_value_t = DEFAULT_SEED, value_parser = whole_number)]
    seed: u64,
    #[command(flatten)]
    set: SetArgs,
    /// Repeat all studies without each mechanism, to see what it contributes
    #[arg(long)]
    ablation: bool,
    /// Fail if a verdict differs from that of an earlier table `targets.csv`
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    #[command(flatten)]
    threads: ThreadArgs,
    #[command(flatten)]
    folder: FolderArgs,
    #[command(flatten)]
    quiet: QuietArgs,
}

/// Compares published numbers with simulated studies.
pub(crate) fn validate(args: &ValidateArgs) -> Result<u8, Error> {
    if args.list_measures {
        print(&measures())?;
        return Ok(DONE);
    }
    let overrides = args.set.overrides()?;
    if let Some(out) = &args.out {
        args.set.refuse_output(out)?;
    }
    let texts = overrides.iter().map(|it| it.text().to_owned()).collect();
    let lab = Laboratory::new(args.couples, args.seed).with(overrides)?;
    let request = ValidateRequest {
        table: args.table.clone(),
        targets: args.targets.clone(),
        lab,
        overrides: texts,
        ablation: args.ablation,
        out: args.out.clone(),
        save: args.folder.options(),
        against: args.against.clone(),
    };
    let execution = Execution {
        threads: args.threads.count(),
        cancel: cancel_on_interrupt(),
        on_progress: ProgressDisplay::work(args.quiet.quiet, TEXTS),
    };
    let report = crate::validate::validate(&request, execution)?;
    show_leftover(report.leftover.as_ref());
    let charts = report_charts(
        &report.failed_charts,
        args.out.as_deref().unwrap_or(Path::new("")),
    );
    for difference in &report.differences {
        eprint(difference);
    }
    if !args.quiet.quiet {
        print(&report.to_string())?;
    }
    Ok(if report.differences.is_empty() {
        charts
    } else {
        FAILED
    })
}
