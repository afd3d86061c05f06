//! Published numbers one under the other, in their tiers and areas: the left side of a validation's
//! charts.

use crate::chart::{
    Canvas, ChartError, ColumnReader, GREY, HEADING, NOTE, PALE, Rect, Stroke, TextStyle,
};

/// Text of rows: small enough that all published numbers fit on a page.
pub(crate) const SMALL: TextStyle = TextStyle { size: 6.2, ..NOTE };
/// Numbers that one figure holds at most.
pub(crate) const MOST_ROWS: usize = 160;
/// Height of a row (mm).
pub(crate) const ROW: f64 = 2.65;
/// Between two areas of a tier (mm).
const BETWEEN_AREAS: f64 = 0.8;
/// Space of a tier's heading (mm).
const HEADING_SPACE: f64 = 4.4;
/// Above the heading of a further tier (mm).
const BETWEEN_TIERS: f64 = 1.2;
/// Between the columns of text (mm).
const GAP: f64 = 1.4;

/// A published number's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TargetName {
    /// Row of the table.
    pub(crate) row: usize,
    /// Identifier of the target.
    pub(crate) id: String,
    tier: String,
    area: String,
    statistic: String,
}

/// Reads the names of published numbers in rows of a table, ordered by tier and area.
///
/// Areas are in the order in which a tier first names them, and numbers in the order of the table.
pub(crate) fn names(
    reader: &ColumnReader<'_>,
    rows: &[usize],
) -> Result<Vec<TargetName>, ChartError> {
    let (id, tier) = (reader.categories("target")?, reader.categories("tier")?);
    let (area, statistic) = (reader.categories("area")?, reader.categories("statistic")?);
    let name = |row: &usize| TargetName {
        row: *row,
        id: id[*row].to_owned(),
        tier: tier[*row].to_owned(),
        area: area[*row].to_owned(),
        statistic: statistic[*row].to_owned(),
    };
    let mut names: Vec<TargetName> = rows.iter().map(name).collect();
    let first = |wanted: &dyn Fn(&TargetName) -> bool| names.iter().position(wanted);
    let order: Vec<_> = names
        .iter()
        .map(|one| {
            (
                first(&|other| other.tier == one.tier),
                first(&|other| other.tier == one.tier && other.area == one.area),
            )
        })
        .collect();
    let mut indices: Vec<usize> = (0..names.len()).collect();
    indices.sort_by_key(|index| order[*index]);
    names = indices.iter().map(|index| names[*index].clone()).collect();
    Ok(names)
}

/// The names of published numbers laid out on a canvas.
pub(crate) struct TargetListing {
    names: Vec<TargetName>,
    left: f64,
    /// Where the statistics' names end (mm).
    pub(crate) right: f64,
    columns: [f64; 2],
    tops: Vec<f64>,
    /// Each tier with the height of its heading and its rows.
    tiers: Vec<(String, f64, std::ops::Range<usize>)>,
    /// Lower end of the last row (mm).
    pub(crate) bottom: f64,
}

impl TargetListing {
    /// Lays names out from `left`, `top`, in the space up to `right` (mm).
    pub(crate) fn new(
        names: Vec<TargetName>,
        (left, top, right): (f64, f64, f64),
    ) -> TargetListing {
        let widest = |text: &dyn Fn(&TargetName) -> &str| {
            let widths = names.iter().map(|name| SMALL.width(text(name)));
            widths.fold(0.0, f64::max) + GAP
        };
        let id = left + widest(&|name| &name.area);
        let columns = [id, id + widest(&|name| &name.id)];
        let mut listing = TargetListing {
            columns,
            left,
            right,
            tops: Vec::with_capacity(names.len()),
            tiers: Vec::new(),
            bottom: top,
            names,
        };
        listing.lay();
        listing
    }
    fn lay(&mut self) {
        for row in 0..self.names.len() {
            let before = row.checked_sub(1).map(|before| &self.names[before]);
            let name = &self.names[row];
            if before.is_none_or(|before| before.tier != name.tier) {
                if before.is_some() {
                    self.bottom += BETWEEN_TIERS;
                }
                let heading = (name.tier.clone(), self.bottom, row..row);
                self.tiers.push(heading);
                self.bottom += HEADING_SPACE;
            } else if before.is_some_and(|before| before.area != name.area) {
                self.bottom += BETWEEN_AREAS;
            }
            self.tops.push(self.bottom);
            self.bottom += ROW;
            if let Some((_, _, rows)) = self.tiers.last_mut() {
                rows.end = row + 1;
            }
        }
    }
    /// The names in the order of their rows.
    pub(crate) fn names(&self) -> &[TargetName] {
        &self.names
    }
    /// The numbers of rows of each tier.
    pub(crate) fn tiers(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        self.tiers.iter().map(|(_, _, rows)| rows.clone())
    }
    /// The middle of a row (mm from the top).
    pub(crate) fn middle(&self, row: usize) -> f64 {
        self.tops[row] + 0.5 * ROW
    }
    /// The rectangle of some rows between two positions from the left.
    pub(crate) fn strip(&self, rows: std::ops::Range<usize>, left: f64, right: f64) -> Rect {
        let (top, last) = (self.tops[rows.start], self.tops[rows.end - 1]);
        Rect {
            left,
            top,
            width: right - left,
            height: last + ROW - top,
        }
    }
    /// Writes headings, areas and names; `more` is what follows a tier's heading, and rules
    /// extend to `end` (mm).
    pub(crate) fn draw(&self, canvas: &mut Canvas, end: f64, more: &dyn Fn(&str) -> String) {
        for (tier, top, rows) in &self.tiers {
            let (word, y) = (heading(tier), top + 0.5 * HEADING_SPACE - 0.3);
            canvas.text((self.left, y), word, HEADING);
            let after = self.left + HEADING.width(word) + 2.0;
            canvas.text((after, y), &more(tier), SMALL.tinted(GREY));
            let line = top + HEADING_SPACE - 0.5;
            canvas.line((self.left, line), (end, line), Stroke::solid(GREY, 0.5));
            for row in rows.clone() {
                self.name(canvas, row, rows.start, end);
            }
        }
    }
    fn name(&self, canvas: &mut Canvas, row: usize, first: usize, end: f64) {
        let (name, y) = (&self.names[row], self.middle(row));
        let starts = row == first || self.names[row - 1].area != name.area;
        if starts {
            canvas.text((self.left, y), &name.area, SMALL.tinted(GREY));
        }
        if starts && row > first {
            let line = self.tops[row] - 0.5 * BETWEEN_AREAS;
            canvas.line((self.left, line), (end, line), Stroke::solid(PALE, 0.3));
        }
        canvas.text((self.columns[0], y), &name.id, SMALL.tinted(GREY));
        let text = fitted(&name.statistic, self.right - self.columns[1]);
        canvas.text((self.columns[1], y), &text, SMALL);
    }
}

/// A tier's heading.
fn heading(tier: &str) -> &str {
    match tier {
        "calibration" => "Calibration",
        "validation" => "Validation",
        "pattern" => "Patterns",
        other => other,
    }
}

/// A statistic's name within a width (mm): parts in brackets and after commas are left out first.
fn fitted(statistic: &str, width: f64) -> String {
    let mut text = statistic.to_owned();
    while SMALL.width(&text) > width {
        let cut = text.rfind(" (").filter(|_| text.ends_with(')'));
        let Some(cut) = cut.or_else(|| text.rfind(", ")) else {
            return SMALL.shorten(&text, width);
        };
        text.truncate(cut);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asides_are_cut_before_the_end() {
        let full = "effect of trust (with intimacy), same model";
        assert_eq!(fitted(full, 200.0), full);
        let most = SMALL.width("effect of trust (with intimacy)") + 0.1;
        assert_eq!(fitted(full, most), "effect of trust (with intimacy)");
        let most = SMALL.width("effect of trust") + 0.1;
        assert_eq!(fitted(full, most), "effect of trust");
        assert!(fitted(full, 10.0).ends_with('…'));
    }
}
