//! The command that calibrates.

use super::commands::{
    complain, explain, format, make_parent, overrides, say, show_faults, stoppable,
};
use super::progress::Course;
use super::words::CalibrateWords;
use super::{DONE, STOPPED};
use crate::study::calibrate::{
    self, CalibrateOutcome, CalibrateReport, CalibrateRequest, Simulated, calibrate as find,
    published, read_document,
};
use crate::study::{self, StudyError};
use std::sync::Arc;

/// `pairbond calibrate FILE`
pub(super) fn calibrate(words: &CalibrateWords) -> u8 {
    let overrides = match overrides(&set(words)) {
        Ok(overrides) => overrides,
        Err(code) => return code,
    };
    let published = match published() {
        Ok(published) => published,
        Err(error) => return explain(&error),
    };
    let document = match read_document(&words.file, &overrides, &published) {
        Ok(document) => document,
        Err(StudyError::Scenario(faults)) => return show_faults(&faults),
        Err(error) => return explain(&error),
    };
    let out = words
        .out
        .clone()
        .unwrap_or_else(|| study::run::usual_folder(&words.file));
    if words.out.is_none()
        && let Err(code) = make_parent(&out)
    {
        return code;
    }
    let control = stoppable();
    let studies = match Simulated::new(&document, Arc::clone(&control)) {
        Ok(studies) => studies,
        Err(error) => return explain(&error),
    };
    let request = CalibrateRequest {
        out,
        force: words.force,
        resume: words.resume,
        format: format(words.format),
        threads: words.threads.map(usize::from),
        charts: !words.no_charts,
    };
    let course = Course::new(words.quiet);
    let outcome = find(&document, &published, &studies, &request, &control, &course);
    course.end();
    match outcome {
        Ok(CalibrateOutcome::Done(report)) => {
            if !words.quiet {
                say(&told(&report));
            }
            DONE
        }
        Ok(CalibrateOutcome::Stopped {
            folder,
            simulations,
        }) => {
            complain(&format!(
                "stopped after {simulations} simulations, kept in {}: the same command with --resume goes on",
                folder.display(),
            ));
            STOPPED
        }
        Ok(CalibrateOutcome::Already(folder)) => {
            if !words.quiet {
                let folder = folder.display();
                say(&format!("finished before; the results are in {folder}\n"));
            }
            DONE
        }
        Err(error) => {
            let code = explain(&error);
            if let Some(left) = calibrate::kept(&request.out, &error) {
                complain(&format!(
                    "what was done is kept in {}: the same command with --resume goes on",
                    left.display()
                ));
            }
            code
        }
    }
}

/// The values that are put in place of the document's.
fn set(words: &CalibrateWords) -> Vec<String> {
    let short = [
        ("sampler.particles", words.particles),
        ("sampler.generations", words.generations),
        ("sampler.simulations", words.simulations),
        ("studies.couples", words.couples),
        ("sampler.seed", words.seed),
    ];
    let mut set = words.set.clone();
    for (key, value) in short {
        set.extend(value.map(|value| format!("{key}={value}")));
    }
    set
}

fn told(report: &CalibrateReport) -> String {
    let widest = report.verdicts.iter().map(|(name, _)| name.chars().count());
    let widest = widest.max().unwrap_or(0);
    let mut text = String::new();
    for (name, verdict) in &report.verdicts {
        text.push_str(&format!("{name:widest$}  {verdict}\n"));
    }
    let (met, targets) = report.met;
    text.push_str(&format!(
        "{}: {} generations, {} simulations, {:.0} effective particles; {met} of {targets} published values within the simulated intervals; {} files in {}\n",
        report.ending,
        report.generations,
        report.simulations,
        report.effective_size,
        report.files,
        report.folder.display(),
    ));
    text
}
