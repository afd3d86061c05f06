//! How charts are drawn, and what of the tables they show.

use super::figure::Width;
use serde::{Deserialize, Serialize};

/// How wide a chart is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum ChartWidth {
    /// One column of a journal's page, 85 mm.
    Column,
    /// The whole page, 174 mm.
    Page,
}

impl From<ChartWidth> for Width {
    fn from(width: ChartWidth) -> Width {
        match width {
            ChartWidth::Column => Width::Column,
            ChartWidth::Page => Width::Page,
        }
    }
}

/// Format of a chart's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum ChartFormat {
    /// Scalable Vector Graphics; texts are texts.
    Svg,
    /// Pixels at 300 dots per inch.
    Png,
    /// Portable Document Format; texts are texts. Only where it is asked for, and with the cargo feature `pdf`.
    Pdf,
}

impl ChartFormat {
    /// The cargo feature that this build lacks for the format.
    pub(crate) fn lacks(self) -> Option<&'static str> {
        match self {
            ChartFormat::Png if !cfg!(feature = "png") => Some("png"),
            ChartFormat::Pdf if !cfg!(feature = "pdf") => Some("pdf"),
            _ => None,
        }
    }
}

/// How the charts of a folder of results are drawn.
///
/// ```
/// let options = pairbond::ChartOptions::default()
///     .titles(false)
///     .observables(["conflict", "bids"])
///     .days(0, 90);
/// # let _ = options;
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChartOptions {
    pub(crate) titles: bool,
    /// The width of all charts; each has its own where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) width: Option<ChartWidth>,
    /// Formats of the files; SVG and PNG where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) formats: Vec<ChartFormat>,
    /// Observables of the trajectories; all that are recorded where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) observables: Vec<String>,
    /// First and last day of the charts over time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) days: Option<(u32, u32)>,
    /// Measures of a sweep with charts; all where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) measures: Vec<String>,
    /// Whether the attachment of single persons is drawn.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) persons: bool,
}

impl Default for ChartOptions {
    /// Charts of all that there is, with their titles.
    fn default() -> ChartOptions {
        ChartOptions {
            titles: true,
            width: None,
            formats: Vec::new(),
            observables: Vec::new(),
            days: None,
            measures: Vec::new(),
            persons: false,
        }
    }
}

impl ChartOptions {
    /// Sets whether each chart is headed with the title of its scenario and the number of couples.
    pub fn titles(self, titles: bool) -> ChartOptions {
        ChartOptions { titles, ..self }
    }

    /// Sets the width of all charts. Charts whose content has no space in a column stay as wide as a page.
    pub fn width(self, width: ChartWidth) -> ChartOptions {
        let width = Some(width);
        ChartOptions { width, ..self }
    }

    /// Sets the formats of the files; by default each chart is an SVG and a PNG file.
    pub fn formats(self, formats: impl IntoIterator<Item = ChartFormat>) -> ChartOptions {
        let formats = formats.into_iter().collect();
        ChartOptions { formats, ..self }
    }

    /// Sets the observables whose trajectories are drawn, in their order.
    pub fn observables<S: Into<String>>(
        self,
        observables: impl IntoIterator<Item = S>,
    ) -> ChartOptions {
        let observables = observables.into_iter().map(Into::into).collect();
        ChartOptions {
            observables,
            ..self
        }
    }

    /// Sets the first and the last day of the charts over time.
    pub fn days(self, first: u32, last: u32) -> ChartOptions {
        let days = Some((first, last));
        ChartOptions { days, ..self }
    }

    /// Sets the measures of a sweep that have charts, as the column `observable` of its table `summaries`
    /// has them.
    pub fn measures<S: Into<String>>(self, measures: impl IntoIterator<Item = S>) -> ChartOptions {
        let measures = measures.into_iter().map(Into::into).collect();
        ChartOptions { measures, ..self }
    }

    /// Sets whether the attachment of single persons is drawn, from childhood on.
    pub fn persons(self, persons: bool) -> ChartOptions {
        ChartOptions { persons, ..self }
    }

    /// Whether all is as by default.
    pub(crate) fn is_default(&self) -> bool {
        *self == ChartOptions::default()
    }

    /// Whether charts have files of a format.
    pub(crate) fn has(&self, format: ChartFormat) -> bool {
        match self.formats.is_empty() {
            true => format != ChartFormat::Pdf,
            false => self.formats.contains(&format),
        }
    }
}
