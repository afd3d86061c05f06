//! Statistics: summaries with intervals, survival, contrasts, sequential tests, sensitivity analysis
//! and models of couples.
//!
//! Every function is deterministic: sums run in the order of the data, merging is in the caller's
//! order, and resampling uses addressed random streams.

pub(crate) mod contrast;
pub(crate) mod cox;
#[cfg(test)]
mod cox_oracle;
#[cfg_attr(
    not(test),
    expect(
        dead_code,
        reason = "mixed models and surfaces have no use case yet; they are checked against R"
    )
)]
pub(crate) mod dyads;
pub(crate) mod interval;
pub(crate) mod sensitivity;
pub(crate) mod sequential_test;
pub(crate) mod stopping;
pub(crate) mod summary;
pub(crate) mod survival;
#[cfg(test)]
pub(crate) mod test_support;
#[cfg(test)]
mod tests;
pub(crate) mod variation;
