//! Numbers as text, written straight into a buffer.

use super::schema::MISSING;
use std::io::Write;

/// The text of a missing value.
pub(crate) const NA: &str = "NA";
/// Below this, an integral f64 is an exact `i64`, and shorter without an exponent.
const PLAIN_LIMIT: f64 = 1e15;
/// From this on, other numbers are written without an exponent.
const PLAIN_START: f64 = 1e-4;

/// Writes the shortest text that reads back to the same number, integral numbers without `.0`.
///
/// NaN is `NA`; the infinities are `Inf` and `-Inf`, which R, pandas and Rust all read.
pub(crate) fn push_float(buffer: &mut Vec<u8>, value: f64) {
    if value.is_nan() {
        buffer.extend_from_slice(NA.as_bytes());
    } else if value.is_infinite() {
        buffer.extend_from_slice(if value > 0.0 { b"Inf" } else { b"-Inf" });
    } else if value.abs() < PLAIN_LIMIT && value == value as i64 as f64 {
        if value == 0.0 && value.is_sign_negative() {
            buffer.push(b'-');
        }
        push_digits(buffer, value as i64);
    } else if (PLAIN_START..PLAIN_LIMIT).contains(&value.abs()) {
        buffer.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes());
    } else {
        write!(buffer, "{value:?}").expect("a buffer in memory takes everything");
        if buffer.ends_with(b".0") {
            buffer.truncate(buffer.len() - 2);
        }
    }
}

/// Writes an integer, `NA` for [`MISSING`].
pub(crate) fn push_int(buffer: &mut Vec<u8>, value: i64) {
    if value == MISSING {
        buffer.extend_from_slice(NA.as_bytes());
    } else {
        push_digits(buffer, value);
    }
}

fn push_digits(buffer: &mut Vec<u8>, value: i64) {
    let mut digits = [0_u8; 20];
    let mut start = digits.len();
    let mut rest = value.unsigned_abs();
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        start -= 1;
        digits[start] = b'-';
    }
    buffer.extend_from_slice(&digits[start..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text_of(value: f64) -> String {
        let mut buffer = Vec::new();
        push_float(&mut buffer, value);
        String::from_utf8(buffer).expect("ASCII")
    }

    #[test]
    fn floats_have_a_short_decimal_text() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (0.1, "0.1"),
            (-12.0, "-12"),
            (1e-7, "1e-7"),
            (0.000_123, "0.000123"),
            (999_999_999_999_999.0, "999999999999999"),
            (1e15, "1000000000000000"),
            (1e16, "1e16"),
            (1e308, "1e308"),
            (5e-324, "5e-324"),
            (1.0 / 3.0, "0.3333333333333333"),
            (f64::NAN, "NA"),
            (f64::INFINITY, "Inf"),
            (f64::NEG_INFINITY, "-Inf"),
        ] {
            assert_eq!(text_of(value), text);
        }
    }

    proptest! {
        #[test]
        fn every_float_reads_back_to_its_bits(value: f64) {
            let expected = if value.is_nan() { f64::NAN } else { value };
            let text = text_of(expected);
            let back: f64 = if text == NA { f64::NAN } else { text.parse().expect("a number") };
            prop_assert_eq!(back.to_bits(), expected.to_bits(), "{}", text);
        }

        #[test]
        fn floats_print_like_the_standard_library(value in -10.0..10.0_f64, scale in -30..30_i32) {
            let value = value * 10_f64.powi(scale);
            let expected = format!("{value:?}");
            let (text, expected) = (text_of(value), expected.strip_suffix(".0").unwrap_or(&expected));
            // Of two shortest texts that are equally near, either may be taken.
            let tie = text.len() == expected.len() && text.parse() == Ok(value);
            prop_assert!(text == expected || tie, "{} for {}", text, expected);
        }

        #[test]
        fn an_integral_float_reads_back_to_its_bits(value in any::<i64>(), shift in 0..63_u32) {
            let value = (value >> shift) as f64;
            prop_assert_eq!(text_of(value).parse::<f64>().expect("a number").to_bits(), value.to_bits());
        }

        #[test]
        fn integers_print_like_the_standard_library(value: i64, shift in 0..63_u32) {
            let value = value >> shift;
            let mut buffer = Vec::new();
            push_int(&mut buffer, value);
            let expected = if value == MISSING { NA.to_owned() } else { value.to_string() };
            prop_assert_eq!(String::from_utf8(buffer).expect("ASCII"), expected);
        }
    }

    #[test]
    fn extreme_integers_have_all_their_digits() {
        for (value, text) in [
            (i64::MAX, "9223372036854775807"),
            (MISSING + 1, "-9223372036854775807"),
            (MISSING, NA),
        ] {
            let mut buffer = Vec::new();
            push_int(&mut buffer, value);
            assert_eq!(buffer, text.as_bytes());
        }
    }
}
