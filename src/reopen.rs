//! Results that were written before: the work that led to them, by their manifest.

use crate::calibrate::{Calibration, Stage};
use crate::error::Error;
use crate::results::manifest::ShardedWork;
use crate::results::provenance::scenario_of;
use crate::results::{MANIFEST_NAME, Manifest, ManifestError, OutputError, ResultsKind};
use crate::sweep::shard::Shard;
use crate::use_case::UseCase;
use crate::validate;
use std::path::Path;

/// Returns the work that led to the results of a folder.
///
/// # Errors
/// [`Error::Stale`] if this version does not accept its scenario; [`Error::OnlyCharts`].
pub(crate) fn reopen(results: &Path, manifest: &Manifest) -> Result<Box<dyn UseCase>, Error> {
    let scenario = || scenario_of(results, manifest);
    Ok(match &manifest.kind {
        ResultsKind::Run => Box::new(scenario()?.runner()),
        ResultsKind::Sweep => Box::new(scenario()?.sweep()?),
        ResultsKind::Shard { shard, shards, of } => {
            let path = results.join(MANIFEST_NAME);
            let shard = Shard::new(*shard, *shards)
                .ok_or_else(|| OutputError::manifest(&path, ManifestError::NotOurs))?;
            match of {
                ShardedWork::Sweep => Box::new(scenario()?.sweep()?.shard(shard)),
                ShardedWork::Power => Box::new(scenario()?.power()?.shard(shard)),
                ShardedWork::Recover => Box::new(scenario()?.recover()?.shard(shard)),
            }
        }
        ResultsKind::Plan { .. } => {
            let folder = results.to_owned();
            return Err(Error::OnlyAPlan { folder });
        }
        ResultsKind::Claims {
            max_runs,
            ablate,
            audit,
        } => {
            let mut claims = scenario()?.claims()?.max_runs(*max_runs);
            for mechanism in ablate {
                claims = claims.ablate(mechanism)?;
            }
            if *audit {
                claims = claims.audit();
            }
            Box::new(claims)
        }
        ResultsKind::Study { replicates } => Box::new(scenario()?.study(*replicates)?),
        ResultsKind::Validation { .. } => Box::new(validate::Validation::of(results, manifest)?),
        ResultsKind::Calibration => Box::new(Calibration::of(results, manifest, Stage::Posterior)?),
        ResultsKind::Search => Box::new(Calibration::of(results, manifest, Stage::Search)?),
        ResultsKind::Power => Box::new(scenario()?.power()?),
        ResultsKind::Recover => Box::new(scenario()?.recover()?),
        ResultsKind::Plot => {
            return Err(Error::OnlyCharts {
                folder: results.to_owned(),
            });
        }
    })
}
