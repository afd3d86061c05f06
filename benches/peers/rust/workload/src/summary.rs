//! What is reported of a population: means, and standard deviations over couples.

use crate::Partner;

/// Mean over partners, and standard deviation over couples of the couple's mean, of trust and intimacy.
pub(crate) struct Summary {
    pub(crate) trust: (f64, f64),
    pub(crate) intimacy: (f64, f64),
}

impl Summary {
    pub(crate) fn of(couples: impl Iterator<Item = [Partner; 2]>) -> Summary {
        let (mut n, mut trust, mut intimacy) = (0.0, [0.0; 2], [0.0; 2]);
        for [one, other] in couples {
            n += 1.0;
            for (sums, x) in [
                (&mut trust, 0.5 * (one.trust + other.trust)),
                (&mut intimacy, 0.5 * (one.intimacy + other.intimacy)),
            ] {
                sums[0] += x;
                sums[1] += x * x;
            }
        }
        let moments = |[sum, squares]: [f64; 2]| {
            let mean = sum / n;
            (mean, (squares / n - mean * mean).max(0.0).sqrt())
        };
        Summary {
            trust: moments(trust),
            intimacy: moments(intimacy),
        }
    }
}
