//! Simulations of a finished calibration that a larger one takes over: its journal is read, and a simulation is
//! known where both calibrations propose the same values and seed.

use super::sampler::AbcSampler;
use super::statistics_of;
use crate::calibrate::document::CalibrationDocument;
use crate::calibrate::error::SimulationReuseError;
use crate::calibrate::{Published, Studies, document_of, named_targets, problem_of, published_for};
use crate::error::Error;
use crate::results::resume::unfinished_folder;
use crate::results::{
    FileState, JOURNAL_NAME, Journal, JournalReader, Manifest, ManifestError, OutputError,
    ResultsKind, check_files,
};
use std::path::Path;

/// The statistics of the first simulations of a calibration, as a folder of results has them; `calibration` has not
/// begun. One of them is simulated again and compared.
///
/// # Errors
/// [`Error::ReuseSimulations`], [`Error::Output`] and [`Error::Stale`].
pub(crate) fn known_statistics(
    document: &CalibrationDocument,
    targets: &[Published],
    studies: &dyn Studies,
    mut calibration: AbcSampler,
    folder: &Path,
) -> Result<Vec<Vec<f64>>, Error> {
    let refusal = |source| Error::ReuseSimulations {
        folder: folder.to_owned(),
        source,
    };
    let manifest = sound_manifest(folder)?;
    let earlier = document_of(folder, &manifest)?;
    let own = named_targets(&earlier, &published_for(&earlier));
    let studies_differ = differences_of_studies((&earlier, &own), (document, targets));
    let mut before = AbcSampler::new(problem_of(&earlier, &own), earlier.sampler)?;
    let first = calibration.proposer().proposal(0);
    let (mut known, mut jobs) = (Vec::new(), 0);
    let mut reader = JournalReader::open(&folder.join(JOURNAL_NAME), 0)?;
    while let Some(result) = reader.next()? {
        jobs += 1;
        let [next, other] = [&calibration, &before].map(|sampler| {
            let number = sampler.state().proposals;
            (
                sampler.generation_number(),
                sampler.proposer().proposal(number),
            )
        });
        let has_ended = calibration.state().ending.is_some();
        if has_ended || next != other || !studies_differ.is_empty() {
            // The rest are simulations of other values.
            break;
        }
        let statistics = statistics_of(result).unwrap_or_default();
        before.take(&statistics)?;
        calibration.take(&statistics)?;
        known.push(statistics);
    }
    let Some(example) = known.first() else {
        let mut differences = studies_differ;
        differences.extend(differences_of_sampling(&earlier, document));
        return Err(refusal(SimulationReuseError::NothingInCommon {
            jobs,
            differences,
        }));
    };
    let again = studies.statistics(&first.values, first.seed);
    // As texts, for NaN is not equal to itself.
    if format!("{again:?}") != format!("{example:?}") {
        return Err(refusal(SimulationReuseError::OtherOutcome));
    }
    Ok(known)
}

/// The manifest of a finished calibration by this version whose files are those that were written.
fn sound_manifest(folder: &Path) -> Result<Manifest, Error> {
    let refuse = |source| {
        Err(Error::ReuseSimulations {
            folder: folder.to_owned(),
            source,
        })
    };
    let is_unfinished = || {
        let mut places =
            [folder, &unfinished_folder(folder)].map(|it| Journal::job_spec(it).is_ok());
        places.iter_mut().any(|found| *found)
    };
    let manifest = match Manifest::read(folder) {
        Err(OutputError::Manifest {
            error:
                ManifestError::Missing | ManifestError::NoFolder | ManifestError::Unfinished { .. },
            ..
        }) if is_unfinished() => return refuse(SimulationReuseError::Unfinished),
        manifest => manifest?,
    };
    if manifest.kind != ResultsKind::Calibration {
        let kind = manifest.kind.name();
        return refuse(SimulationReuseError::NotACalibration { kind });
    }
    if manifest.version != env!("CARGO_PKG_VERSION") {
        let version = manifest.version;
        return refuse(SimulationReuseError::OtherVersion { version });
    }
    if manifest.file(JOURNAL_NAME).is_none() {
        return refuse(SimulationReuseError::NoJournal);
    }
    let changed = check_files(folder, &manifest)?
        .into_iter()
        .find(|file| file.state != FileState::Sound);
    match changed {
        Some(file) => refuse(SimulationReuseError::Damaged {
            file: format!("{} is {}", file.name, file.state),
        }),
        None => Ok(manifest),
    }
}

/// A document with the published statistics that it names.
type WithTargets<'a> = (&'a CalibrationDocument, &'a [Published]);

/// Why the same values give other statistics, a line each.
fn differences_of_studies(
    (earlier, before): WithTargets<'_>,
    (document, targets): WithTargets<'_>,
) -> Vec<String> {
    let mut differences = Vec::new();
    let names = |targets: &[Published]| -> Vec<String> {
        targets.iter().map(|target| target.id.clone()).collect()
    };
    if names(before) != names(targets) {
        differences.push(differs(
            "targets",
            &names(before).join(" "),
            &names(targets).join(" "),
        ));
    }
    if earlier.couples != document.couples {
        let [there, here] = [earlier, document].map(|it| it.couples.to_string());
        differences.push(differs("studies.couples", &there, &here));
    }
    let keys = |document: &CalibrationDocument| -> Vec<String> {
        document
            .parameters
            .iter()
            .map(|it| it.key.clone())
            .collect()
    };
    if keys(earlier) != keys(document) {
        differences.push(differs(
            "parameter",
            &keys(earlier).join(" "),
            &keys(document).join(" "),
        ));
    }
    let texts = |document: &CalibrationDocument| -> Vec<String> {
        document
            .attachments()
            .iter()
            .map(|(_, text)| text.clone())
            .collect()
    };
    if texts(earlier) != texts(document) {
        differences.push(
            "the table of targets, or a population that it names, has another text".to_owned(),
        );
    }
    differences
}

/// Why other values are proposed, a line each.
fn differences_of_sampling(
    earlier: &CalibrationDocument,
    document: &CalibrationDocument,
) -> Vec<String> {
    let [there, here] = [&earlier.sampler, &document.sampler];
    let mut differences: Vec<String> = [
        (
            "sampler.seed",
            there.seed.to_string(),
            here.seed.to_string(),
        ),
        (
            "sampler.particles",
            there.particles.to_string(),
            here.particles.to_string(),
        ),
        (
            "sampler.quantile",
            there.quantile.to_string(),
            here.quantile.to_string(),
        ),
        (
            "sampler.kernel",
            format!("{:?}", there.kernel),
            format!("{:?}", here.kernel),
        ),
        (
            "sampler.scaling",
            format!("{:?}", there.scaling),
            format!("{:?}", here.scaling),
        ),
    ]
    .into_iter()
    .filter(|(_, there, here)| there != here)
    .map(|(key, there, here)| differs(key, &there.to_lowercase(), &here.to_lowercase()))
    .collect();
    let priors = earlier.parameters.iter().zip(&document.parameters);
    for (one, other) in priors.filter(|(one, other)| one.key == other.key) {
        if one.prior != other.prior {
            differences.push(format!("the prior of {}", one.key));
        }
    }
    differences
}

fn differs(key: &str, there: &str, here: &str) -> String {
    format!("{key}: {there} there, {here} here")
}
