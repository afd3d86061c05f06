//! How a report writes numbers: decimals that fit their size, true minus signs, intervals and shares.

use crate::stats::interval::Interval;

/// What a report shows for a number that is not there.
pub(crate) const NONE: &str = "–";

/// A number with as many decimals as its size needs.
pub(crate) fn number(value: f64) -> String {
    with_decimals(value, decimals_of(value))
}

fn decimals_of(value: f64) -> usize {
    match value.abs() {
        size if size >= 1000.0 => 0,
        size if size >= 100.0 => 1,
        size if size >= 10.0 => 2,
        _ => 3,
    }
}

/// Decimals of a number and its interval: more where the interval excludes 0 and an end would be written as 0.
pub(crate) fn decimals_with(value: f64, around: Interval) -> usize {
    let nearest = match (around.low > 0.0, around.high < 0.0) {
        (true, _) => around.low,
        (_, true) => -around.high,
        _ => f64::INFINITY,
    };
    let least = decimals_of(value);
    let is_seen = |decimals: &usize| {
        let written = format!("{nearest:.0$}", *decimals);
        written.contains(|digit: char| ('1'..='9').contains(&digit)) || nearest.is_infinite()
    };
    (least..least.max(6)).find(is_seen).unwrap_or(least.max(6))
}

fn with_decimals(value: f64, decimals: usize) -> String {
    let size = value.abs();
    if value.is_nan() {
        return NONE.to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "−∞" }.to_owned();
    }
    let digits = format!("{size:.decimals$}");
    let is_zero = !digits.contains(|digit: char| ('1'..='9').contains(&digit));
    let sign = if value < 0.0 && !is_zero { "−" } else { "" };
    let (integer, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let integer = integer.parse().map_or(integer.to_owned(), count);
    format!("{sign}{integer}{rest}")
}

/// A difference with its interval, and the signs of all three.
pub(crate) fn difference(value: f64, around: Interval) -> String {
    let decimals = decimals_with(value, around);
    let signed = |value: f64| {
        let text = with_decimals(value, decimals);
        let is_zero = !text.contains(|digit: char| ('1'..='9').contains(&digit));
        let sign = if value > 0.0 && !is_zero { "+" } else { "" };
        format!("{sign}{text}")
    };
    format!("{} {}", signed(value), interval_of(around, signed))
}

/// An interval in brackets.
pub(crate) fn interval(interval: Interval) -> String {
    interval_with(
        interval,
        decimals_of(interval.low.abs().max(interval.high.abs())),
    )
}

fn interval_with(interval: Interval, decimals: usize) -> String {
    interval_of(interval, |end| with_decimals(end, decimals))
}

fn interval_of(interval: Interval, written: impl Fn(f64) -> String) -> String {
    if interval.low.is_nan() || interval.high.is_nan() {
        return "[no interval]".to_owned();
    }
    format!("[{}, {}]", written(interval.low), written(interval.high))
}

/// Two ends between which a number lies.
pub(crate) fn between(ends: Interval) -> String {
    format!("{} to {}", plain(ends.low), plain(ends.high))
}

/// A number with its interval.
pub(crate) fn estimate(value: f64, around: Interval) -> String {
    let decimals = decimals_with(value, around);
    format!(
        "{} {}",
        with_decimals(value, decimals),
        interval_with(around, decimals)
    )
}

/// A number of any unit, to three significant digits, with its interval where it has one.
pub(crate) fn significant(value: f64, around: Interval) -> String {
    with_digits(value, around, false)
}

/// The same with the signs of all three.
pub(crate) fn signed(value: f64, around: Interval) -> String {
    with_digits(value, around, true)
}

fn with_digits(value: f64, around: Interval, signed: bool) -> String {
    if value.is_nan() {
        return NONE.to_owned();
    }
    let scientific = format!("{value:e}");
    let exponent = scientific
        .split_once('e')
        .and_then(|(_, it)| it.parse().ok());
    let decimals = (2 - exponent.unwrap_or(0_i32)).clamp(0, 6) as usize;
    let write = |number: f64| {
        let text = format!("{number:.decimals$}");
        let is_zero = !text.contains(|digit: char| ('1'..='9').contains(&digit));
        let text = text.trim_start_matches('-');
        match (number < 0.0 && !is_zero, signed && number > 0.0) {
            (true, _) => format!("−{text}"),
            (_, true) => format!("+{text}"),
            _ => text.to_owned(),
        }
    };
    if around.low.is_nan() || around.high.is_nan() {
        return write(value);
    }
    format!(
        "{} [{}, {}]",
        write(value),
        write(around.low),
        write(around.high)
    )
}

/// A share in percent.
pub(crate) fn percent(share: f64) -> String {
    if share.is_nan() {
        return NONE.to_owned();
    }
    format!("{:.1}\u{a0}%", 100.0 * share)
}

/// A share in percent with its interval.
pub(crate) fn share(share: f64, around: Interval) -> String {
    if around.low.is_nan() || around.high.is_nan() {
        return percent(share);
    }
    let (low, high) = (100.0 * around.low, 100.0 * around.high);
    format!("{} [{low:.1}, {high:.1}]", percent(share))
}

/// A count with commas between thousands.
pub(crate) fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with its noun.
pub(crate) fn counted(value: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(value), if value == 1 { one } else { many })
}

/// A value that a scenario sets, without digits that say nothing.
pub(crate) fn plain(value: f64) -> String {
    if value == 0.0 || (1e-6..1e9).contains(&value.abs()) {
        format!("{value}").replace('-', "−")
    } else {
        format!("{value:e}").replace('-', "−")
    }
}

/// A sentence with true minus signs in its numbers.
pub(crate) fn with_minus_signs(sentence: &str) -> String {
    let mut text = String::with_capacity(sentence.len());
    let mut before = ' ';
    let mut letters = sentence.chars().peekable();
    while let Some(letter) = letters.next() {
        let starts = before == ' ' || before == '[';
        let is_sign = letter == '-' && starts && letters.peek().is_some_and(char::is_ascii_digit);
        text.push(if is_sign { '−' } else { letter });
        before = letter;
    }
    text
}

/// Texts as a list in a sentence.
pub(crate) fn listed(texts: &[String]) -> String {
    match texts {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_decimals_of_their_size_and_a_true_minus() {
        let cases = [
            (0.0, "0.000"),
            (-0.0, "0.000"),
            (0.12345, "0.123"),
            (-0.5, "−0.500"),
            (12.345, "12.35"),
            (123.45, "123.5"),
            (12345.6, "12,346"),
            (0.00012, "0.000"),
            (-0.00012, "0.000"),
            (f64::NAN, "–"),
            (f64::NEG_INFINITY, "−∞"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text, "{value}");
        }
        assert_eq!(
            difference(0.25, Interval::UNDEFINED),
            "+0.250 [no interval]"
        );
        let small = Interval {
            low: 0.0001,
            high: 0.0007,
        };
        assert_eq!(difference(0.0004, small), "+0.0004 [+0.0001, +0.0007]");
        let none = Interval {
            low: -0.0001,
            ..small
        };
        assert_eq!(difference(0.0004, none), "0.000 [0.000, +0.001]");
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(count),
            ["0", "999", "1,000", "1,234,567"]
        );
    }

    #[test]
    fn an_interval_that_is_not_defined_is_said() {
        assert_eq!(estimate(0.5, Interval::UNDEFINED), "0.500 [no interval]");
        let around = Interval {
            low: 0.4,
            high: 0.6,
        };
        assert_eq!(share(0.5, around), "50.0\u{a0}% [40.0, 60.0]");
    }

    #[test]
    fn numbers_of_any_unit_have_three_digits_and_their_intervals_the_same() {
        let around = Interval {
            low: -0.00012,
            high: 0.0009,
        };
        assert_eq!(
            significant(0.000_345_6, around),
            "0.000346 [−0.000120, 0.000900]"
        );
        assert_eq!(
            signed(0.000_345_6, around),
            "+0.000346 [−0.000120, +0.000900]"
        );
        assert_eq!(significant(1234.5, Interval::UNDEFINED), "1234");
        assert_eq!(significant(f64::NAN, around), NONE);
    }

    #[test]
    fn lists_end_with_and() {
        let texts = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(listed(&texts), "a, b and c");
        assert_eq!(listed(&texts[..1]), "a");
    }
}
