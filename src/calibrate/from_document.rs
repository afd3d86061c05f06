//! From a document to the problem that is calibrated, and to the job that its journal belongs to.

use super::{CalibrateRequest, Published};
use crate::calibrate::document::CalibrationDocument;
use crate::calibrate::problem::Problem;
use crate::results::JobSpec;
use crate::results::provenance::plain_name;
use std::fmt::Write;

/// The published statistics that the document names.
pub(crate) fn targets(document: &CalibrationDocument, published: &[Published]) -> Vec<Published> {
    let named = |target: &&Published| document.targets.contains(&target.id);
    published.iter().filter(named).cloned().collect()
}

/// The problem that the document poses with these targets.
pub(crate) fn problem(document: &CalibrationDocument, targets: &[Published]) -> Problem {
    Problem {
        priors: document.parameters.iter().map(|it| it.prior).collect(),
        targets: targets.iter().map(|target| target.target).collect(),
    }
}

/// The document's overrides.
pub(crate) fn overrides(document: &CalibrationDocument) -> Vec<String> {
    let texts = document.overrides().iter();
    texts.map(|text| text.text().to_owned()).collect()
}

/// Everything that the journal depends on: the document and the published values.
pub(crate) fn question(
    document: &CalibrationDocument,
    targets: &[Published],
    request: &CalibrateRequest,
) -> JobSpec {
    let mut text = document.text().to_owned();
    for Published { id, target, .. } in targets {
        let _ = write!(text, "\n{id}: {}", target.value);
        if let Some(error) = target.error {
            let _ = write!(text, ", standard error {error}");
        }
        if let Some(interval) = target.interval {
            let _ = write!(text, ", from {} to {}", interval.low, interval.high);
        }
        let _ = write!(text, ", weight {}", target.weight);
    }
    JobSpec {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        scenario_file: plain_name(document.file_name()),
        scenario_text: text,
        overrides: overrides(document),
        first: 0,
        end: document.sampler.simulations,
        replaces: request.save.replace,
    }
}
