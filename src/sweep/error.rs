//! Why the runs of an earlier sweep cannot be reused.

/// Why the runs of a folder of results cannot be reused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReuseError {
    /// The folder holds other results.
    #[error("it holds results of `{kind}`, not of a sweep")]
    NotASweep {
        /// The kind of its results.
        kind: &'static str,
    },
    /// The sweep is not finished.
    #[error("it is not finished: the command that began it finishes it with `--resume`")]
    Unfinished,
    /// Another version made the results.
    #[error("version {version} made it, and this is version {}: the same run may have another outcome", env!("CARGO_PKG_VERSION"))]
    OtherVersion {
        /// That version.
        version: String,
    },
    /// The folder does not have the outcomes of its runs.
    #[error(
        "it has no `jobs.journal` with the outcomes of its runs, as sweeps did not keep it formerly: run it again"
    )]
    NoJournal,
    /// A file is not what was written.
    #[error("{file}")]
    Damaged {
        /// The file and what is wrong.
        file: String,
    },
    /// Something that this sweep measures was not measured.
    #[error("it does not measure {}, which this sweep measures", quoted(.missing))]
    OtherMeasures {
        /// The measures.
        missing: Vec<String>,
    },
    /// The rows of couples were not kept.
    #[error("it does not have the rows of its couples, which this sweep keeps (`couples = true`)")]
    NoCouples,
    /// No run is one of the sweep's.
    #[error("none of its {runs} runs is one of this sweep{}", listed(.differences))]
    NothingInCommon {
        /// Its runs.
        runs: u64,
        /// What differs, a line each.
        differences: Vec<String>,
    },
    /// A run that was simulated again has another outcome.
    #[error(
        "replicate {replicate} of point {point} of this sweep, simulated again for comparison, has another outcome than there: `pairbond verify` says what else differs"
    )]
    OtherOutcome {
        /// Number of the point, from 1.
        point: u64,
        /// Number of the replicate, from 1.
        replicate: u64,
    },
    /// The sweep has more points than can be compared.
    #[error("this sweep has more than {most} points, and the runs of so many are not looked up")]
    TooManyPoints {
        /// The most points.
        most: u64,
    },
}

fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

fn listed(differences: &[String]) -> String {
    let lines = differences.iter().map(|line| format!("\n  {line}"));
    lines.collect()
}
