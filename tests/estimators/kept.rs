//! The data, and the numbers that R gives of them.

use std::collections::{BTreeMap, BTreeSet};

const EXPECTED: &str = include_str!("../oracles/dyads_expected.csv");
/// How near a number must be: relative to the larger of it and 1.
const NEAR: f64 = 1e-4;

/// What was found of one case: quantities by name.
pub struct Findings(BTreeMap<String, f64>);

impl Findings {
    pub fn none() -> Findings {
        Findings(BTreeMap::new())
    }

    pub fn push(&mut self, quantity: &str, value: f64) {
        let before = self.0.insert(quantity.to_owned(), value);
        assert!(before.is_none(), "{quantity} was found twice");
    }

    /// A value with its standard error.
    pub fn push_with_error(&mut self, quantity: &str, value: f64, error: f64) {
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

/// The cases whose names begin so.
fn cases(beginning: &str) -> BTreeSet<&'static str> {
    let names = lines().map(|line| line.0);
    names.filter(|name| name.starts_with(beginning)).collect()
}

/// Holds what was found of every case whose name begins so against all that R gives of it.
pub fn agree(beginning: &str, found: impl Fn(&str) -> Findings) {
    let cases = cases(beginning);
    assert!(!cases.is_empty(), "no case begins with {beginning}");
    let mut faults = Vec::new();
    for case in cases {
        let found = found(case).0;
        let expected: BTreeMap<&str, f64> = lines()
            .filter(|line| line.0 == case)
            .map(|line| (line.1, line.2))
            .collect();
        let names: Vec<&str> = found.keys().map(String::as_str).collect();
        let due: Vec<&str> = expected.keys().copied().collect();
        assert_eq!(names, due, "{case}");
        for (quantity, value) in expected {
            let ours = found[quantity];
            let near = (ours - value).abs() <= NEAR * value.abs().max(1.0);
            if !near {
                faults.push(format!("{case} {quantity}: {ours}, R {value}"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The rows of a table, each a map from column to word.
pub fn rows(text: &'static str) -> Vec<BTreeMap<&'static str, &'static str>> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let row = |line: &'static str| header.iter().copied().zip(line.split(',')).collect();
    lines.map(row).collect()
}

/// A number of a table; NaN where it is missing.
pub fn number(word: &str) -> f64 {
    match word {
        "NA" => f64::NAN,
        _ => word.parse().expect("a number"),
    }
}
