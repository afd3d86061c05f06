//! A forest plot of differences between points of a sweep, with their intervals about zero.

use super::contrast_forest::{ContrastForest, ContrastRow};
use crate::chart::{ChartError, ColumnReader, Figure, MOST_FOREST_ROWS, Width};
use crate::label::settings;
use crate::table::Table;

/// Draws the differences of an observable between points of a sweep, from the table `contrasts`.
///
/// Reads `observable`, `label`, `difference`, `ci_low`, `ci_high` and, where there is one, `verdict`. The largest
/// increase is on top, about a line at zero; `reference` says what the differences are from. A difference whose verdict
/// is not `resolved`, or without a verdict one whose interval contains zero, is hollow. At most twenty-four rows are
/// drawn.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where the observable has no
/// finite difference.
pub(crate) fn contrasts(
    table: &Table,
    observable: &str,
    reference: &str,
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let (mut rows, known) = read(&reader, observable)?;
    rows.sort_by(|a, b| b.difference.mean.total_cmp(&a.difference.mean));
    let reference = match reference {
        "" => String::new(),
        reference => format!("reference: {}", settings(reference)),
    };
    let forest = ContrastForest {
        rows,
        known,
        nouns: ("difference", "contrasts"),
        reference,
        counted: ("pairs", "pairs of runs"),
        axis_title: "Difference from the reference point",
    };
    let description = format!("Differences of {observable} between points");
    forest.draw(&reader, observable, &description, width)
}

/// The first differences of an observable, and how many are known.
fn read<'a>(
    reader: &ColumnReader<'a>,
    wanted: &str,
) -> Result<(Vec<ContrastRow<'a>>, usize), ChartError> {
    let (observable, label) = (
        reader.categories("observable")?,
        reader.categories("label")?,
    );
    let verdict = reader.categories_if_any("verdict");
    let difference = reader.estimates(["difference", "ci_low", "ci_high"])?;
    let mine = (0..reader.rows()).filter(|row| observable[*row] == wanted);
    let known: Vec<usize> = mine
        .filter(|row| difference[*row].mean.is_finite())
        .collect();
    if known.is_empty() {
        return Err(reader.nothing(format!("finite difference of `{wanted}`")));
    }
    let shown = known.iter().take(MOST_FOREST_ROWS);
    let shown = shown.map(|row| ContrastRow {
        name: settings(label[*row]),
        difference: difference[*row],
        verdict: verdict[*row],
    });
    Ok((shown.collect(), known.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_of_a_label_has_its_own_partner() {
        let label = "a_anxiety 0.7, b_avoidance 0.5, mechanisms.repair false";
        let text = "A's anxiety 0.7, B's avoidance 0.5, mechanisms.repair false";
        assert_eq!(settings(label), text);
        assert_eq!(
            settings("sensitivity_of_care 0.6"),
            "sensitivity of care 0.6"
        );
    }
}
