//! A forest plot of interactions: by how much the effect of one axis is larger at a level of another.

use super::contrast_forest::{ContrastForest, ContrastRow};
use crate::chart::{ChartError, ColumnReader, Figure, MOST_FOREST_ROWS, Width, shortest};
use crate::label::possessive;
use crate::sweep::summary::switch_word;
use crate::table::Table;

/// Draws the interactions of the axes of a grid for an observable, from the table `interactions`.
///
/// Reads `axis`, `level`, `axis_2`, `level_2`, `difference`, `ci_low`, `ci_high` and `verdict`. Each row is a level of
/// an axis and one of another, against their first levels, which `reference` names. What is resolved stands first,
/// the largest on top; what is not is pale and hollow. At most twenty-four rows are drawn.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where the observable has no
/// finite interaction.
pub(crate) fn interactions(
    table: &Table,
    observable: &str,
    reference: &str,
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let (rows, known) = read(&reader, observable)?;
    let reference = match reference {
        "" => String::new(),
        reference => format!("first levels: {reference}"),
    };
    let forest = ContrastForest {
        rows,
        known,
        nouns: ("interaction", "interactions"),
        reference,
        counted: ("used", "runs"),
        axis_title: "Change of one axis's effect by the other's level",
    };
    let description = format!("Interactions of axes on {observable}");
    forest.draw(&reader, observable, &description, width)
}

/// The largest interactions of an observable, resolved ones first, and how many are known.
fn read<'a>(
    reader: &ColumnReader<'a>,
    wanted: &str,
) -> Result<(Vec<ContrastRow<'a>>, usize), ChartError> {
    let observable = reader.categories("observable")?;
    let axes = [reader.categories("axis")?, reader.categories("axis_2")?];
    let levels = [levels(reader, "level")?, levels(reader, "level_2")?];
    let verdict = reader.categories_if_any("verdict");
    let difference = reader.estimates(["difference", "ci_low", "ci_high"])?;
    let is_mine = |row: &usize| observable[*row] == wanted && difference[*row].mean.is_finite();
    let mut rows: Vec<ContrastRow<'a>> = (0..reader.rows())
        .filter(is_mine)
        .map(|row| {
            let [one, other] =
                [0, 1].map(|side| format!("{} {}", possessive(axes[side][row]), levels[side][row]));
            ContrastRow {
                name: format!("{one} × {other}"),
                difference: difference[row],
                verdict: verdict[row],
            }
        })
        .collect();
    if rows.is_empty() {
        return Err(reader.nothing(format!("finite interaction for `{wanted}`")));
    }
    let known = rows.len();
    let rank = |row: &ContrastRow<'_>| (row.is_clear(), row.difference.mean.abs());
    rows.sort_by(|one, other| {
        let ((clear, size), (its, other_size)) = (rank(one), rank(other));
        its.cmp(&clear).then(other_size.total_cmp(&size))
    });
    rows.truncate(MOST_FOREST_ROWS);
    Ok((rows, known))
}

/// The levels of an axis as texts.
fn levels(reader: &ColumnReader<'_>, column: &str) -> Result<Vec<String>, ChartError> {
    match reader.categories(column) {
        Ok(texts) => Ok(texts
            .into_iter()
            .map(|it| switch_word(it).to_owned())
            .collect()),
        // A column of numbers, where a table is read without its description.
        Err(absent) => {
            let numbers = reader.drawable(column).map_err(|_| absent)?;
            Ok(numbers
                .iter()
                .map(|level| shortest(*level, f64::NAN))
                .collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::test_support::fixture;

    #[test]
    fn resolved_interactions_stand_first_and_the_largest_on_top() {
        let table = fixture("grid", "interactions");
        let reader = ColumnReader::new(&table).expect("rows");
        let (rows, known) = read(&reader, "mean trust").expect("interactions");
        assert_eq!((rows.len(), known), (20, 20));
        let clear = rows.iter().take_while(|row| row.is_clear()).count();
        assert!(0 < clear && clear < rows.len());
        assert!(rows[clear..].iter().all(|row| !row.is_clear()));
        for part in [&rows[..clear], &rows[clear..]] {
            let sizes: Vec<f64> = part.iter().map(|row| row.difference.mean.abs()).collect();
            assert!(sizes.is_sorted_by(|one, next| one >= next), "{sizes:?}");
        }
        let name = &rows[0].name;
        assert!(name.starts_with("responsiveness ") && name.contains(" × stress rate "));
        assert!(read(&reader, "mean anger").is_err());
    }
}
