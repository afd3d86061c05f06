//! How charts are drawn, apart from what they show.

use serde::{Deserialize, Serialize};

/// How the charts of a folder of results are drawn.
///
/// ```
/// let options = pairbond::ChartOptions::default().titles(false);
/// # let _ = options;
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChartOptions {
    pub(crate) titles: bool,
}

impl Default for ChartOptions {
    /// Charts with their titles.
    fn default() -> ChartOptions {
        ChartOptions { titles: true }
    }
}

impl ChartOptions {
    /// Sets whether each chart is headed with the title of its scenario and the number of couples.
    pub fn titles(self, titles: bool) -> ChartOptions {
        ChartOptions { titles }
    }

    /// Whether all is as by default.
    pub(crate) fn is_default(&self) -> bool {
        *self == ChartOptions::default()
    }
}
