//! Notes of the charts of a sweep: what measures are over, what is not resolved, and on how many rows it rests.

use crate::chart::ColumnReader;
use crate::scenario::SweepMeasure;

/// What measures are over unless they say something else.
pub(crate) const STILL_TOGETHER: &str = "over couples still together on the last day";

/// A note of the couples that measures are over; `None` where there are only shares of all couples.
pub(crate) fn couples_note(measures: &[&str]) -> Option<String> {
    let measures = || measures.iter().filter_map(|name| SweepMeasure::named(name));
    let over_all = "over all couples, last value";
    match (
        measures().any(|measure| !measure.is_over_all()),
        measures().any(|measure| measure.needs_last_values()),
    ) {
        (false, false) => None,
        (true, false) => Some(STILL_TOGETHER.to_owned()),
        (false, true) => Some(over_all.to_owned()),
        (true, true) => Some(format!("{STILL_TOGETHER}; \"over all\": {over_all}")),
    }
}

/// Verdicts that a note repeats at most.
const MOST_VERDICTS: usize = 3;

/// Whether a verdict is that a finding is resolved; without a verdict it is taken to be.
pub(crate) fn is_resolved(verdict: &str) -> bool {
    matches!(verdict, "" | "resolved")
}

/// The verdicts on what is not resolved as a note; `None` where all is resolved. Verdicts that differ only in the
/// number that is to be tried are one, with the largest of them, which is one of `unit`.
pub(crate) fn unresolved<'a>(
    verdicts: impl Iterator<Item = &'a str>,
    unit: &str,
) -> Option<String> {
    let mut open: Vec<OpenVerdict<'_>> = Vec::new();
    for verdict in verdicts.filter(|verdict| !is_resolved(verdict)) {
        let new = OpenVerdict::of(verdict);
        match open.iter_mut().find(|known| known.advice == new.advice) {
            Some(known) => known.join(new),
            None => open.push(new),
        }
    }
    let more = if open.len() > MOST_VERDICTS {
        "; …"
    } else {
        ""
    };
    open.truncate(MOST_VERDICTS);
    let open: Vec<String> = open.iter().map(|verdict| verdict.text(unit)).collect();
    (!open.is_empty()).then(|| format!("hollow: {}{more}", open.join("; ")))
}

/// A verdict that something is not resolved: advice, and how much to try.
struct OpenVerdict<'a> {
    advice: &'a str,
    /// The largest number with its text, where the verdict ends in one.
    size: Option<(f64, &'a str)>,
    /// Whether there are other numbers.
    is_largest_of_several: bool,
}

impl<'a> OpenVerdict<'a> {
    fn of(verdict: &'a str) -> OpenVerdict<'a> {
        let found = verdict.rsplit_once(' ');
        let sized = found.and_then(|(advice, text)| Some((advice, size_of(text)?, text)));
        match sized {
            Some((advice, size, text)) => OpenVerdict {
                advice,
                size: Some((size, text)),
                is_largest_of_several: false,
            },
            None => OpenVerdict {
                advice: verdict,
                size: None,
                is_largest_of_several: false,
            },
        }
    }

    fn join(&mut self, other: OpenVerdict<'a>) {
        if let (Some(known), Some(new)) = (self.size, other.size)
            && known.1 != new.1
        {
            self.is_largest_of_several = true;
            if new.0 > known.0 {
                self.size = Some(new);
            }
        }
    }

    fn text(&self, unit: &str) -> String {
        let up_to = if self.is_largest_of_several {
            "up to "
        } else {
            ""
        };
        match self.size {
            Some((_, text)) => format!("{} {up_to}{text} {unit}", self.advice),
            None => self.advice.to_owned(),
        }
    }
}

/// A note of the rows that findings on observables rest on, of those requested for; `None` where the table has
/// no columns of them. The column `used` may have another name.
pub(crate) fn rows_note(
    reader: &ColumnReader<'_>,
    observables: &[&str],
    (used, unit): (&str, &str),
) -> Option<String> {
    let of_row = reader.categories_if_any("observable");
    let (requested, used) = (reader.ints("requested").ok()?, reader.ints(used).ok()?);
    let span = |values: &[i64], wanted: &str| {
        let own = of_row.iter().zip(values).filter(|(of, _)| **of == wanted);
        let own = || own.clone().map(|(_, value)| *value);
        let (low, high) = (own().min()?, own().max()?);
        Some(if low == high {
            low.to_string()
        } else {
            format!("{low} to {high}")
        })
    };
    let parts: Vec<(&str, String)> = observables
        .iter()
        .filter_map(|wanted| {
            let (requested, used) = (span(requested, wanted)?, span(used, wanted)?);
            let text = if requested == used {
                requested
            } else {
                format!("{used} of {requested}")
            };
            Some((*wanted, text))
        })
        .collect();
    let (_, first) = parts.first()?;
    Some(if parts.iter().all(|(_, rows)| rows == first) {
        format!("n = {first} {unit}")
    } else {
        let parts: Vec<String> = parts
            .iter()
            .map(|(observable, rows)| format!("{observable} {rows}"))
            .collect();
        format!("n of {unit}: {}", parts.join(", "))
    })
}

/// For each row of findings, whether it rests on all rows that were requested for; without columns of them it
/// is taken to.
pub(crate) fn are_complete(reader: &ColumnReader<'_>) -> Vec<bool> {
    match (reader.ints("requested"), reader.ints("used")) {
        (Ok(requested), Ok(used)) => requested.iter().zip(used).map(|(a, u)| u >= a).collect(),
        _ => vec![true; reader.rows()],
    }
}

/// A number as verdicts have it.
fn size_of(text: &str) -> Option<f64> {
    text.parse().ok()
}
