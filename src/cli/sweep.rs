//! The commands of sweeps.

use super::args::{MergeWords, SweepWords};
use super::commands::{asked, complain, explain, format, make_parent, say, stoppable};
use super::progress::watched;
use super::{DONE, FAULTY, STOPPED};
use crate::runner::Control;
use crate::sweep;
use crate::sweep::shard::Shard;
use crate::sweep::{SweepOutcome, SweepReport, SweepRequest};

/// `pairbond sweep FILE`
pub(crate) fn sweep(words: &SweepWords) -> u8 {
    let shard = match words.shard.as_deref().map_or(Ok(Shard::ALL), str::parse) {
        Ok(shard) => shard,
        Err(fault) => {
            complain(&format!("error: {fault}"));
            return FAULTY;
        }
    };
    let (scenario, values) = match asked(&words.file, &words.set, words.seed, words.quiet) {
        Ok(asked) => asked,
        Err(code) => return code,
    };
    if words.dry_run {
        return match sweep::forecast(&scenario, shard) {
            Ok(forecast) => {
                say(&forecast.to_string());
                DONE
            }
            Err(error) => explain(&error),
        };
    }
    let out = words
        .out
        .clone()
        .unwrap_or_else(|| sweep::usual_folder(&words.file, shard));
    if words.out.is_none()
        && let Err(code) = make_parent(&out)
    {
        return code;
    }
    let request = SweepRequest {
        out,
        force: words.force,
        resume: words.resume,
        shard,
        format: format(words.format),
        threads: words.threads.map(usize::from),
        charts: !words.no_charts,
        overrides: values,
    };
    let control = stoppable();
    let couple_days = sweep::couple_days(&scenario, shard);
    let outcome = watched(couple_days, words.quiet, &control, || {
        sweep::sweep(&scenario, &request, &control)
    });
    match outcome {
        Ok(SweepOutcome::Done(report)) => {
            if !words.quiet {
                say(&told(&report));
            }
            DONE
        }
        Ok(SweepOutcome::Stopped(left)) => {
            complain(&format!(
                "stopped after {} of {} jobs, kept in {}: the same command with --resume goes on",
                left.done,
                left.jobs,
                left.folder.display(),
            ));
            STOPPED
        }
        Ok(SweepOutcome::Already(folder)) => {
            if !words.quiet {
                let folder = folder.display();
                say(&format!("finished before; the results are in {folder}\n"));
            }
            DONE
        }
        Err(error) => {
            let code = explain(&error);
            if let Some(left) = sweep::kept(&request.out, &error) {
                complain(&format!(
                    "what was done is kept in {}: the same command with --resume goes on",
                    left.display()
                ));
            }
            code
        }
    }
}

/// `pairbond merge DIR…`
pub(crate) fn merge(words: &MergeWords) -> u8 {
    let request = SweepRequest {
        out: words.out.clone(),
        force: words.force,
        resume: false,
        shard: Shard::ALL,
        format: format(words.format),
        threads: None,
        charts: !words.no_charts,
        overrides: Vec::new(),
    };
    let merged = watched(0, true, &Control::default(), || {
        sweep::merge(&words.shards, &request)
    });
    match merged {
        Ok(report) => {
            if !words.quiet {
                say(&told(&report));
            }
            DONE
        }
        Err(error) => explain(&error),
    }
}

fn told(report: &SweepReport) -> String {
    let failed = match report.failed {
        0 => String::new(),
        count => format!(" ({count} points failed; `points` says why)"),
    };
    let done = if report.is_shard {
        format!("{} jobs", report.runs)
    } else {
        format!("{} points, {} runs{failed}", report.points, report.runs)
    };
    format!(
        "{done}; {} files in {}\n",
        report.files,
        report.folder.display()
    )
}
