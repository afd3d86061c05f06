//! How numbers and names are written in pictures: round steps, true minus signs, thin spaces between
//! thousands; names of columns and axes as readers see them.
//!
//! All is done by the standard library's formatting, which gives the same text on every platform.

use crate::math::functions;

/// Writes a number as precisely as ticks that are `step` apart need it.
///
/// Negative numbers have a true minus sign, thin spaces separate thousands from 10 000 on, and numbers too
/// large or too close for that are written with a power of ten.
pub(crate) fn number(value: f64, step: f64) -> String {
    let decimals = (-magnitude(step.abs().max(f64::MIN_POSITIVE))).max(0);
    if decimals > 5 || value.abs() >= 1e7 {
        return scientific(value, step);
    }
    let digits = format!("{:.*}", decimals as usize, value.abs());
    let is_zero = digits.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let sign = if value < 0.0 && !is_zero { "−" } else { "" };
    format!("{sign}{}", separate_thousands(&digits))
}

/// Writes a count, its thousands separated by thin spaces from 10 000 on.
pub(crate) fn count(value: i64) -> String {
    let sign = if value < 0 { "−" } else { "" };
    format!(
        "{sign}{}",
        separate_thousands(&value.unsigned_abs().to_string())
    )
}

fn separate_thousands(digits: &str) -> String {
    let (integer, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    if integer.len() < 5 {
        return digits.to_owned();
    }
    let mut separated = String::new();
    for (i, digit) in integer.chars().enumerate() {
        if i > 0 && (integer.len() - i) % 3 == 0 {
            separated.push('\u{2009}');
        }
        separated.push(digit);
    }
    separated + rest
}

fn scientific(value: f64, step: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let digits = (magnitude(value.abs())
        .saturating_sub(magnitude(step.abs().max(f64::MIN_POSITIVE))))
    .clamp(0, 6);
    let text = format!("{:.*e}", digits as usize, value.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let sign = if value < 0.0 { "−" } else { "" };
    // The bundled font has no superscript minus.
    if let Some(exponent) = exponent.strip_prefix('-') {
        return format!("{sign}{mantissa}e−{exponent}");
    }
    let raised: String = exponent.chars().map(superscript).collect();
    format!("{sign}{mantissa}×10{raised}")
}

fn superscript(character: char) -> char {
    match character {
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit => digit
            .to_digit(10)
            .and_then(|d| char::from_u32(0x2070 + d))
            .unwrap_or(digit),
    }
}

/// Most decimals of a number.
const DECIMALS: usize = 5;
/// Numbers from which on a power of ten is used.
const LARGE: f64 = 1e7;
/// Ratio of the widest to the narrowest gap up to which levels all have the same decimals.
const EVEN: f64 = 20.0;

/// Writes rising numbers with as many digits as distinguish each from its neighbours.
pub(crate) fn levels_as_text(values: &[f64], log: bool) -> Vec<String> {
    let gaps: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let narrowest = gaps.iter().copied().fold(f64::INFINITY, f64::min);
    let widest = gaps.iter().copied().fold(0.0, f64::max);
    if !log && widest <= EVEN * narrowest {
        let decimals = values.iter().map(|value| decimals(*value, narrowest));
        if let Some(most) = decimals.max_by_key(|d| d.unwrap_or(usize::MAX)).flatten() {
            return values
                .iter()
                .map(|value| number(*value, power_of_ten(-(most as i32))))
                .collect();
        }
    }
    let gap = |i: usize| {
        let below = i.checked_sub(1).map_or(f64::INFINITY, |k| gaps[k]);
        below.min(gaps.get(i).copied().unwrap_or(f64::INFINITY))
    };
    let each = values.iter().enumerate();
    each.map(|(i, value)| shortest(*value, gap(i))).collect()
}

/// How far a written number may lie from the true one, where its neighbours are `gap` away.
fn slack(value: f64, gap: f64) -> f64 {
    if gap.is_finite() && gap > 0.0 {
        0.025 * gap
    } else {
        0.001 * value.abs()
    }
}

/// The fewest decimals that write a number closely enough; `None` where a power of ten is shorter.
fn decimals(value: f64, gap: f64) -> Option<usize> {
    let near = |decimals: &usize| {
        let read: f64 = format!("{value:.decimals$}").parse().unwrap_or(f64::NAN);
        (read - value).abs() <= slack(value, gap)
    };
    (0..=DECIMALS).find(near).filter(|_| value.abs() < LARGE)
}

/// Writes a number with the fewest digits that distinguish it from a neighbour at the given distance.
pub(crate) fn shortest(value: f64, gap: f64) -> String {
    if let Some(decimals) = decimals(value, gap) {
        return number(value, power_of_ten(-(decimals as i32)));
    }
    let near = |digits: &usize| {
        let read: f64 = format!("{value:.digits$e}").parse().unwrap_or(f64::NAN);
        (read - value).abs() <= slack(value, gap)
    };
    let digits = (0..6).find(near).unwrap_or(6);
    number(value, value.abs() * power_of_ten(-(digits as i32)))
}

/// Exponent of the power of ten at or below a positive number.
pub(super) fn magnitude(value: f64) -> i32 {
    (functions::ln(value) / std::f64::consts::LN_10 + 1e-9).floor() as i32
}

/// A power of ten, rounded to the nearest double.
pub(super) fn power_of_ten(exponent: i32) -> f64 {
    format!("1e{exponent}").parse().unwrap_or(1.0)
}

/// How many couples there are on the first and on the last day: one number where they are equal.
pub(crate) fn couples_from_to(first: i64, last: i64) -> String {
    if first == last {
        format!("n = {}", count(first))
    } else {
        format!("n = {} to {}", count(first), count(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_true_minus_signs_and_thin_spaces() {
        assert_eq!(number(-0.5, 0.5), "−0.5");
        assert_eq!(number(-1e-12, 0.5), "0.0");
        assert_eq!(number(25_000.0, 5_000.0), "25\u{2009}000");
        assert_eq!(number(2e7, 1e7), "2×10⁷");
        assert_eq!(number(1.5e-7, 5e-8), "1.5e−7");
        assert_eq!(count(9_999), "9999");
        assert_eq!(count(1_234_567), "1\u{2009}234\u{2009}567");
    }

    #[test]
    fn shortest_keeps_the_digits_that_distinguish_neighbours() {
        assert_eq!(shortest(0.1 + 0.2, 0.1), "0.3");
        assert_eq!(shortest(1.0 / 3.0, 1.0 / 3.0), "0.33");
        assert_eq!(shortest(0.25, f64::INFINITY), "0.25");
        assert_eq!(shortest(0.0, f64::INFINITY), "0");
        assert_eq!(shortest(40.0, 20.0), "40");
        assert_eq!(shortest(-2.5, 0.5), "−2.5");
        assert_eq!(shortest(2e-7, 1e-7), "2e−7");
    }

    #[test]
    fn evenly_spaced_levels_have_the_same_decimals() {
        assert_eq!(
            levels_as_text(&[0.0, 0.25, 0.5], false),
            ["0.00", "0.25", "0.50"]
        );
        let uneven = [0.01, 0.1, 2.0, 1e9];
        assert_eq!(
            levels_as_text(&uneven, false),
            ["0.01", "0.1", "2", "1×10⁹"]
        );
    }
}
