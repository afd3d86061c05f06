//! The data, and the numbers that R gives of them.

use std::collections::{BTreeMap, BTreeSet};

const EXPECTED: &str = include_str!("../oracles/dyads_expected.csv");
/// How near a number must be, in units of itself or of `SMALL`, whichever is larger. Optima of
/// likelihoods are flat: R's are sure to no more digits.
const NEAR: f64 = 1e-5;
const SMALL: f64 = 1e-2;

/// What was found of one case: quantities by name.
pub(crate) struct Findings(BTreeMap<String, f64>);

impl Findings {
    pub(crate) fn none() -> Findings {
        Findings(BTreeMap::new())
    }

    pub(crate) fn push(&mut self, quantity: &str, value: f64) {
        let before = self.0.insert(quantity.to_owned(), value);
        assert!(before.is_none(), "{quantity} was found twice");
    }

    /// A value with its standard error.
    pub(crate) fn push_with_error(&mut self, quantity: &str, value: f64, error: f64) {
        self.push(quantity, value);
        self.push(&format!("{quantity}.se"), error);
    }
}

fn lines() -> impl Iterator<Item = (&'static str, &'static str, f64)> {
    EXPECTED.lines().skip(1).map(|line| {
        let mut fields = line.split(',');
        let mut field = || fields.next().expect("three fields a line");
        let (case, quantity) = (field(), field());
        (case, quantity, field().parse().expect("a number"))
    })
}

/// The names of all cases.
pub(crate) fn cases() -> BTreeSet<&'static str> {
    lines().map(|line| line.0).collect()
}

/// Says where what was found of a case is not what R gives: the same quantities, and no other.
pub(crate) fn differences(case: &str, found: &Findings) -> Vec<String> {
    let expected: BTreeMap<&str, f64> = lines()
        .filter(|line| line.0 == case)
        .map(|line| (line.1, line.2))
        .collect();
    let names: Vec<&str> = found.0.keys().map(String::as_str).collect();
    let due: Vec<&str> = expected.keys().copied().collect();
    assert_eq!(names, due, "{case}");
    let mut differences = Vec::new();
    for (quantity, value) in expected {
        let ours = found.0[quantity];
        let near = (ours - value).abs() <= NEAR * value.abs().max(SMALL);
        if !near {
            differences.push(format!("{case} {quantity}: {ours}, R {value}"));
        }
    }
    differences
}

/// The rows of a table, each a map from column to word.
pub(crate) fn rows(text: &'static str) -> Vec<BTreeMap<&'static str, &'static str>> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let row = |line: &'static str| header.iter().copied().zip(line.split(',')).collect();
    lines.map(row).collect()
}

/// A number of a table; NaN where it is missing.
pub(crate) fn number(word: &str) -> f64 {
    match word {
        "NA" => f64::NAN,
        _ => word.parse().expect("a number"),
    }
}
