//! The claims of `scenarios/claims`, as they are read.

use crate::scenario::{Claims, Scenario};
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/claims")
}

fn files() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).expect("the folder of claims");
    let files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|own| own == "toml"))
        .collect();
    assert!(files.len() >= 12, "only {} files of claims", files.len());
    files
}

fn read(file: &Path, values: &[&str]) -> Scenario {
    Scenario::from_file_with(file, values)
        .unwrap_or_else(|error| panic!("{}: {error:?}", file.display()))
}

#[test]
fn a_written_out_scenario_claims_the_same() {
    for file in files() {
        let scenario = read(&file, &[]);
        let again = Scenario::read_text("again", &scenario.effective_toml(), &[]);
        let again = again.expect("a valid scenario");
        assert_eq!(
            scenario.claims_spec(),
            again.claims_spec(),
            "{}",
            file.display()
        );
    }
}

#[test]
fn conditions_and_claims_can_be_set_from_outside() {
    let file = folder().join("trust_is_built.toml");
    let sets = [
        "claim.0.sesoi=0.5",
        "condition.responsive.traits.responsiveness=0.4",
        "condition.responsive.mechanisms.repair=false",
        "run.couples=30",
    ];
    let (plain, set) = (read(&file, &[]), read(&file, &sets));
    let both = [&plain, &set].map(|scenario| scenario.claims_spec().expect("claims"));
    let [before, after] = both;
    assert_eq!((before.claims[0].sesoi, after.claims[0].sesoi), (0.05, 0.5));
    let config = |claims: &Claims| claims.conditions[0].config.clone();
    assert!(config(before).mechanisms.repair && !config(after).mechanisms.repair);
    assert!(config(before).origin != config(after).origin);
    assert_eq!(
        before.conditions[1].config.origin,
        after.conditions[1].config.origin
    );
    assert!(
        after
            .conditions
            .iter()
            .all(|one| one.config.size.couples == 30)
    );
}
