//! Statistics of couples give what R gives: `tests/oracles/dyads.R` makes the numbers.

mod diary;
mod kept;
mod lives;
mod mixed;
mod pairs;
mod surfaces;

use kept::{Findings, cases, differences};

/// What finds the cases whose names begin so, by the rest of their names.
type Topic = (&'static str, fn(&str) -> Findings);

const TOPICS: &[Topic] = &[
    ("whole.", |case| pairs::found("whole", case)),
    ("gaps.", |case| pairs::found("gaps", case)),
    ("surface.whole.", |case| surfaces::found("whole", case)),
    ("surface.gaps.", |case| surfaces::found("gaps", case)),
    ("diary.", diary::found),
    ("mixed.", mixed::found),
    ("cox.", lives::hazards),
    ("curve.", lives::survival),
    ("year.", lives::year),
    ("chi_squared.", lives::chi_squared),
    ("poisson.", lives::poisson),
];

#[test]
fn every_statistic_is_what_r_gives() {
    let mut found = Vec::new();
    for case in cases() {
        let topic = TOPICS.iter().find(|topic| case.starts_with(topic.0));
        let (beginning, find) = topic.unwrap_or_else(|| panic!("no topic for {case}"));
        found.extend(differences(case, &find(&case[beginning.len()..])));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_topic_has_cases() {
    for (beginning, _) in TOPICS {
        assert!(
            cases().iter().any(|case| case.starts_with(beginning)),
            "{beginning}"
        );
    }
}
