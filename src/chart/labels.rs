//! Direct labels: words at the ends of lines, moved apart where they would touch.

use super::canvas::Canvas;
use super::style::{Dash, Stroke};
use super::text_style::LABEL;

/// Moves places apart to at least `gap`, each as little as it can, between `low` and `high`.
///
/// The order stays; of equal places the first given lies lower. Where there is not room for all, the gap
/// shrinks.
pub fn spread(wanted: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
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
    let mut floor = low;
    let mut above: usize = wanted.len();
    for (count, sum) in blocks {
        let ceiling = high - gap * (above - 1) as f64;
        let start = (sum / count as f64).max(floor).min(ceiling);
        for (k, i) in next.by_ref().take(count).enumerate() {
            placed[*i] = start + gap * k as f64;
        }
        floor = start + gap * count as f64;
        above -= count;
    }
    placed
}

/// A word for a line, and where on the sheet the line ends.
#[derive(Clone, Debug, PartialEq)]
pub struct EndLabel {
    /// The word.
    pub word: String,
    /// Height of the line's end on the sheet [mm from the top].
    pub y: f64,
    /// The line's look.
    pub stroke: Stroke,
}

/// From the line's end to the sample that continues it (mm).
const LEADER: f64 = 2.2;
const SAMPLE: f64 = 4.5;

/// Width that end labels take beside a panel (mm).
pub fn end_label_room(words: &[&str]) -> f64 {
    let widest = words
        .iter()
        .map(|word| LABEL.width(word))
        .fold(0.0, f64::max);
    LEADER + SAMPLE + 1.0 + widest
}

/// Writes words beside the ends of lines, each with a leader and a sample of its line.
pub fn end_labels(canvas: &mut Canvas, labels: &[EndLabel], right: f64, top: f64, bottom: f64) {
    let wanted: Vec<f64> = labels.iter().map(|label| label.y).collect();
    for (label, y) in labels
        .iter()
        .zip(spread(&wanted, LABEL.line(), top, bottom))
    {
        let thread = Stroke {
            width: 0.4,
            dash: Dash::Solid,
            ..label.stroke
        };
        canvas.line((right + 0.3, label.y), (right + LEADER, y), thread);
        canvas.line(
            (right + LEADER, y),
            (right + LEADER + SAMPLE, y),
            label.stroke,
        );
        canvas.text((right + LEADER + SAMPLE + 0.8, y), &label.word, LABEL);
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
