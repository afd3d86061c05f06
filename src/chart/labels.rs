//! Direct labels: texts at the ends of lines, moved apart where they would touch.

use super::canvas::Canvas;
use super::style::{Dash, Stroke};
use super::text_style::LABEL;

/// Moves positions apart to at least `gap`, each as little as it can, between `low` and `high`.
///
/// The order stays; of equal positions the first given lies lower. Where there is not room for all, the gap
/// shrinks.
pub(crate) fn spread(wanted: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    let room = (high - low) / wanted.len().saturating_sub(1).max(1) as f64;
    let gap = gap.min(room);
    // Blocks of touching labels: how many, and the sum of where their first one would best lie.
    let mut blocks: Vec<(usize, f64)> = Vec::new();
    for i in &order {
        blocks.push((1, wanted[*i]));
        while let [.., (before, sum), (count, other)] = blocks[..] {
            let reach = sum / before as f64 + gap * before as f64;
            if reach <= other / count as f64 {
                break;
            }
            let moved = other - gap * before as f64 * count as f64;
            blocks.truncate(blocks.len() - 2);
            blocks.push((before + count, sum + moved));
        }
    }
    let mut placed = vec![0.0; wanted.len()];
    let mut next = order.iter();
    let mut lower_limit = low;
    let mut above: usize = wanted.len();
    for (count, sum) in blocks {
        let upper_limit = high - gap * (above - 1) as f64;
        let start = (sum / count as f64).max(lower_limit).min(upper_limit);
        for (k, i) in next.by_ref().take(count).enumerate() {
            placed[*i] = start + gap * k as f64;
        }
        lower_limit = start + gap * count as f64;
        above -= count;
    }
    placed
}

/// A text for a line, and where on the canvas the line ends.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EndLabel {
    /// The text.
    pub(crate) text: String,
    /// Height of the line's end on the canvas [mm from the top].
    pub(crate) y: f64,
    /// The line's style.
    pub(crate) stroke: Stroke,
}

/// From the line's end to the handle that continues it, and the handle's length (mm).
const LEADER: f64 = 2.2;
const HANDLE: f64 = 4.5;

/// Width that end labels take next to axes (mm).
pub(crate) fn end_label_room(texts: &[&str]) -> f64 {
    let widest = texts
        .iter()
        .map(|text| LABEL.width(text))
        .fold(0.0, f64::max);
    LEADER + HANDLE + 1.0 + widest
}

/// Writes texts next to the ends of lines, each with a leader and a piece of its line.
pub(crate) fn end_labels(
    canvas: &mut Canvas,
    labels: &[EndLabel],
    right: f64,
    top: f64,
    bottom: f64,
) {
    let wanted: Vec<f64> = labels.iter().map(|label| label.y).collect();
    for (label, y) in labels
        .iter()
        .zip(spread(&wanted, LABEL.line(), top, bottom))
    {
        let leader = Stroke {
            width: 0.4,
            dash: Dash::Solid,
            ..label.stroke
        };
        canvas.line((right + 0.3, label.y), (right + LEADER, y), leader);
        canvas.line(
            (right + LEADER, y),
            (right + LEADER + HANDLE, y),
            label.stroke,
        );
        canvas.text((right + LEADER + HANDLE + 0.8, y), &label.text, LABEL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_with_room_stay_where_they_are() {
        assert_eq!(spread(&[9.0, 1.0, 5.0], 2.0, 0.0, 10.0), [9.0, 1.0, 5.0]);
    }

    #[test]
    fn crowded_labels_move_apart_evenly() {
        assert_eq!(spread(&[5.0, 5.0, 5.0], 2.0, 0.0, 10.0), [3.0, 5.0, 7.0]);
        assert_eq!(spread(&[0.0, 0.0], 2.0, 0.0, 10.0), [0.0, 2.0]);
        assert_eq!(spread(&[10.0, 9.9], 2.0, 0.0, 10.0), [10.0, 8.0]);
    }

    #[test]
    fn no_two_labels_are_closer_than_the_gap() {
        for seed in 0..200_u64 {
            let wanted: Vec<f64> = (0..6)
                .map(|i| ((seed * 31 + i * i * 17) * 7919 % 1000) as f64 / 100.0)
                .collect();
            let mut placed = spread(&wanted, 1.5, 0.0, 10.0);
            assert!(
                placed.iter().all(|y| (-1e-9..=10.0 + 1e-9).contains(y)),
                "{wanted:?} {placed:?}"
            );
            placed.sort_by(f64::total_cmp);
            assert!(
                placed.windows(2).all(|w| w[1] - w[0] >= 1.5 - 1e-9),
                "{wanted:?} {placed:?}"
            );
        }
    }

    #[test]
    fn without_room_the_gap_shrinks() {
        assert_eq!(spread(&[0.0, 0.0, 0.0], 9.0, 0.0, 4.0), [0.0, 2.0, 4.0]);
        assert!(spread(&[], 1.0, 0.0, 1.0).is_empty());
    }
}
