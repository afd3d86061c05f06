//! The command that calibrates.

use super::args::CalibrateWords;
use super::commands::{
    complain, explain, format, make_parent, overrides, say, show_faults, stoppable, stopped,
};
use super::progress::Course;
use super::{DONE, STOPPED};
use crate::calibrate;
use crate::calibrate::document::CalibrationDocument;
use crate::calibrate::search::{SearchReport, search};
use crate::calibrate::{
    CalibrateOutcome, CalibrateReport, CalibrateRequest, Published, Simulated, Stage,
    calibrate as find, published, read_document,
};
use crate::error::Error;
use crate::run::Outcome;
use crate::runner::Control;
use std::sync::Arc;

/// `pairbond calibrate FILE`
pub(crate) fn calibrate(words: &CalibrateWords) -> u8 {
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
        Err(Error::Scenario(faults)) => return show_faults(&faults),
        Err(error) => return explain(&error),
    };
    let out = words
        .out
        .clone()
        .unwrap_or_else(|| crate::run::usual_folder(&words.file));
    if words.out.is_none()
        && let Err(code) = make_parent(&out)
    {
        return code;
    }
    let asked = Asked {
        document,
        published,
        request: CalibrateRequest {
            out,
            force: words.force,
            resume: words.resume,
            format: format(words.format),
            threads: words.threads.map(usize::from),
            charts: !words.no_charts,
        },
        control: stoppable(),
        quiet: words.quiet,
    };
    let stage = if words.search {
        Stage::Search
    } else {
        Stage::Posterior
    };
    let studies = match Simulated::new(&asked.document, stage, Arc::clone(&asked.control)) {
        Ok(studies) => studies,
        Err(error) => return explain(&error),
    };
    match stage {
        Stage::Search => asked.search(&studies),
        Stage::Posterior => asked.calibrate(&studies),
    }
}

/// What was asked for, read and checked.
struct Asked {
    document: CalibrationDocument,
    published: Vec<Published>,
    request: CalibrateRequest,
    control: Arc<Control>,
    quiet: bool,
}

impl Asked {
    fn search(&self, studies: &Simulated) -> u8 {
        let course = Course::of_search(self.quiet);
        let outcome = search(
            &self.document,
            &self.published,
            studies,
            &self.request,
            &self.control,
            &course,
        );
        course.end();
        match outcome {
            Ok(Outcome::Done(report)) => {
                if !self.quiet {
                    say(&told_of_search(&report));
                }
                DONE
            }
            Ok(Outcome::Stopped) => stopped(),
            Err(error) => explain(&error),
        }
    }

    fn calibrate(&self, studies: &Simulated) -> u8 {
        let course = Course::of_calibration(self.quiet);
        let outcome = find(
            &self.document,
            &self.published,
            studies,
            &self.request,
            &self.control,
            &course,
        );
        course.end();
        match outcome {
            Ok(CalibrateOutcome::Done(report)) => {
                if !self.quiet {
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
                if !self.quiet {
                    let folder = folder.display();
                    say(&format!("finished before; the results are in {folder}\n"));
                }
                DONE
            }
            Err(error) => {
                let code = explain(&error);
                if let Some(left) = calibrate::kept(&self.request.out, &error) {
                    complain(&format!(
                        "what was done is kept in {}: the same command with --resume goes on",
                        left.display()
                    ));
                }
                code
            }
        }
    }
}

/// The values that are put in place of the document's.
fn set(words: &CalibrateWords) -> Vec<String> {
    let (studies, sampler) = if words.search {
        ("search", "search")
    } else {
        ("studies", "sampler")
    };
    let short = [
        (sampler, "particles", words.particles),
        (sampler, "generations", words.generations),
        (sampler, "iterations", words.iterations),
        (sampler, "simulations", words.simulations),
        (studies, "couples", words.couples),
        (sampler, "seed", words.seed),
    ];
    let mut set = words.set.clone();
    for (table, key, value) in short {
        set.extend(value.map(|value| format!("{table}.{key}={value}")));
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

fn told_of_search(report: &SearchReport) -> String {
    let widest = report.parameters.iter().map(|it| it.name.chars().count());
    let widest = widest.max().unwrap_or(0);
    let mut text = String::new();
    for parameter in &report.parameters {
        let (name, error) = (&parameter.name, parameter.error);
        let digits = digits(error);
        text.push_str(&format!(
            "{name:widest$}  {:.digits$} became {:.digits$} (error {error:.digits$}), {}{}\n",
            parameter.start,
            parameter.found,
            parameter.verdict,
            if parameter.at_bound {
                ", at a bound"
            } else {
                ""
            },
        ));
    }
    let ((before, after), (met_before, met, targets)) = (report.losses, report.met);
    text.push_str(&format!(
        "{}: {} iterations, {} simulations; {}; loss {before:.2} became {after:.2} with seeds that chose nothing; {met} of {targets} targets within their intervals, {met_before} before; {} files in {}\n",
        report.ending,
        report.iterations,
        report.simulations,
        report.choice,
        report.files,
        report.folder.display(),
    ));
    text
}

/// Decimal places by which a standard error has two digits.
fn digits(error: f64) -> usize {
    let scaled = std::iter::successors(Some(error), |it| Some(10.0 * it));
    let places = scaled.take(9).position(|it| it >= 10.0);
    places.unwrap_or(9)
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn errors_are_told_to_two_digits() {
        assert_eq!([149.5, 0.61, 0.0123, 0.0005].map(digits), [0, 2, 3, 5]);
        assert_eq!(digits(f64::NAN), 9);
    }
}
