//! Beginning: a new scenario, and the schema that editors check scenarios by.

use crate::test_support::Sandbox;

#[test]
fn a_new_scenario_is_accepted_and_runs() {
    let sandbox = Sandbox::new();
    sandbox.pairbond(&["new", "mine.toml"]).code(0);
    let outcome = sandbox.pairbond(&["check", "mine.toml"]).code(0);
    assert_eq!(outcome.stderr, "");
    let small = [
        "--set",
        "run.couples=40",
        "--set",
        "run.days=20",
        "--no-charts",
    ];
    sandbox
        .pairbond(&[&["run", "mine.toml"][..], &small].concat())
        .code(0);
    assert_eq!(
        sandbox.pairbond(&["new"]).code(0).stdout,
        sandbox.read("mine.toml")
    );
}

#[test]
fn a_scenario_that_exists_is_not_written_over() {
    let sandbox = Sandbox::new();
    let before = sandbox.read("small.toml");
    let outcome = sandbox.pairbond(&["new", "small.toml"]).code(1);
    assert!(
        outcome
            .stderr
            .contains("could not write the scenario small.toml"),
        "{}",
        outcome.stderr
    );
    assert_eq!(sandbox.read("small.toml"), before);
    sandbox.pairbond(&["new", "nowhere/mine.toml"]).code(1);
}

#[test]
fn the_schema_accepts_the_small_scenario_and_refuses_a_faulty_one() {
    let sandbox = Sandbox::new();
    let schema = serde_json::from_str(&sandbox.pairbond(&["schema"]).code(0).stdout).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let json = |text: &str| {
        let table: toml::Table = toml::from_str(text).expect("TOML");
        serde_json::to_value(table).expect("JSON")
    };
    let small = sandbox.read("small.toml");
    assert!(schema.is_valid(&json(&small)));
    assert!(!schema.is_valid(&json(&small.replace("couples", "couplez"))));
    assert!(!schema.is_valid(&json(&small.replace("150", "-150"))));
}
