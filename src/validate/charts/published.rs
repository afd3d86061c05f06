//! Published numbers on a common scale: distances in half-widths of their intervals.

use crate::chart::number;

/// Half-widths of a 95% interval in a standard deviation.
const HALF_WIDTHS: f64 = 1.959_963_984_540_054;
/// Decimals that a published number is written with at most.
const MOST_DECIMALS: usize = 4;

/// A published number as it was printed; unknown ends are NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PublishedValue {
    pub(crate) value: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// What is known of a published number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PublishedKind {
    /// Both ends of its interval.
    Interval,
    /// One end, which is not 0.
    Bound,
    /// That it is above or below 0: a sign or an order.
    Side,
    /// Nothing.
    Nothing,
}

impl PublishedValue {
    /// What is known of it.
    pub(crate) fn known(self) -> PublishedKind {
        match (self.low.is_nan(), self.high.is_nan()) {
            (false, false) => PublishedKind::Interval,
            (true, true) => PublishedKind::Nothing,
            _ if self.bound() == 0.0 => PublishedKind::Side,
            _ => PublishedKind::Bound,
        }
    }
    /// The only end, where there is one.
    pub(crate) fn bound(self) -> f64 {
        // Of a number and what is not one, the number is the larger.
        self.low.max(self.high)
    }
    /// The axis on which this number's interval is 2 wide; `spread` is the standard deviation of what is
    /// simulated over studies, which is used where there is no interval.
    pub(crate) fn axis(self, simulated: f64, spread: f64) -> StandardAxis {
        if self.known() == PublishedKind::Interval {
            return StandardAxis {
                middle: 0.5 * self.low + 0.5 * self.high,
                unit: 0.5 * (self.high - self.low),
            };
        }
        let distance = (simulated - self.bound()).abs();
        let usable = |unit: &f64| unit.is_finite() && *unit > 0.0;
        let units = [HALF_WIDTHS * spread, distance, 1.0];
        StandardAxis {
            middle: self.bound(),
            unit: units.into_iter().find(usable).unwrap_or(1.0),
        }
    }
    /// The number and its interval as text.
    pub(crate) fn as_text(self) -> String {
        let write = |value| number(value, self.step());
        match self.known() {
            PublishedKind::Nothing => "–".to_owned(),
            PublishedKind::Interval if self.value.is_nan() => {
                format!("[{}, {}]", write(self.low), write(self.high))
            }
            PublishedKind::Interval => format!(
                "{} [{}, {}]",
                write(self.value),
                write(self.low),
                write(self.high)
            ),
            _ if self.high.is_nan() => format!("> {}", write(self.low)),
            _ => format!("< {}", write(self.high)),
        }
    }
    /// A simulated value as text: with a decimal more than published where it is below 10, or with two
    /// digits next to a bound.
    pub(crate) fn simulated_as_text(self, simulated: f64) -> String {
        if !simulated.is_finite() {
            return "–".to_owned();
        }
        let step = match self.known() {
            PublishedKind::Interval if simulated.abs() < 10.0 => 0.1 * self.step(),
            PublishedKind::Interval => self.step(),
            _ => 0.1 * simulated.abs(),
        };
        number(simulated, step)
    }
    /// The last decimal with which it was printed.
    fn step(self) -> f64 {
        let printed = [self.value, self.low, self.high].map(decimals);
        let most = printed.into_iter().fold(0, usize::max);
        (0..most).fold(1.0, |step, _| step / 10.0)
    }
}

/// Decimals of a number as it is shortest written.
fn decimals(value: f64) -> usize {
    if !value.is_finite() {
        return 0;
    }
    let text = value.to_string();
    let behind = text.split_once('.').map_or(0, |(_, behind)| behind.len());
    behind.min(MOST_DECIMALS)
}

/// The scale on which the values of one number are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct StandardAxis {
    middle: f64,
    unit: f64,
}

impl StandardAxis {
    /// A value's distance from the middle in units of the axis.
    pub(crate) fn at(self, value: f64) -> f64 {
        (value - self.middle) / self.unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GONE: f64 = f64::NAN;

    fn published(value: f64, low: f64, high: f64) -> PublishedValue {
        PublishedValue { value, low, high }
    }

    #[test]
    fn a_published_interval_is_two_wide_in_any_unit() {
        for (low, high) in [(0.1, 0.4), (75.0, 82.0), (-3.0, -1.0)] {
            let axis = published(low, low, high).axis(9.0, 0.3);
            assert!((axis.at(low) + 1.0).abs() < 1e-12);
            assert!((axis.at(high) - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn without_an_interval_the_unit_is_that_of_one_study() {
        let side = published(GONE, 0.0, GONE);
        assert_eq!(side.known(), PublishedKind::Side);
        assert!((side.axis(0.5, 0.1).at(0.196) - 1.0).abs() < 1e-3);
        assert_eq!(side.axis(0.5, GONE).at(0.5), 1.0);
        assert_eq!(side.axis(GONE, 0.0).at(0.5), 0.5);
        assert_eq!(published(GONE, GONE, 0.03).known(), PublishedKind::Bound);
        assert_eq!(published(GONE, GONE, GONE).known(), PublishedKind::Nothing);
    }

    #[test]
    fn numbers_are_written_as_they_were_printed() {
        assert_eq!(published(0.62, 0.5, 0.72).as_text(), "0.62 [0.50, 0.72]");
        assert_eq!(published(GONE, 3.0, 8.0).as_text(), "[3, 8]");
        assert_eq!(published(GONE, GONE, 0.0).as_text(), "< 0");
        assert_eq!(published(GONE, 0.03, GONE).as_text(), "> 0.03");
        assert_eq!(
            published(0.62, 0.5, 0.72).simulated_as_text(-0.6789),
            "−0.679"
        );
        assert_eq!(
            published(78.4, 75.0, 81.8).simulated_as_text(77.654),
            "77.7"
        );
        assert_eq!(
            published(GONE, GONE, 0.0).simulated_as_text(0.012_34),
            "0.012"
        );
        assert_eq!(published(GONE, GONE, 0.0).simulated_as_text(GONE), "–");
    }
}
