//! Beginning: a new scenario, and the schema that editors check scenarios by.

use crate::desk::Desk;

#[test]
fn a_new_scenario_is_accepted_and_runs() {
    let desk = Desk::new();
    desk.pairbond(&["new", "mine.toml"]).code(0);
    let said = desk.pairbond(&["check", "mine.toml"]).code(0);
    assert_eq!(said.err, "");
    let small = [
        "--set",
        "run.couples=40",
        "--set",
        "run.days=20",
        "--no-charts",
    ];
    desk.pairbond(&[&["run", "mine.toml"][..], &small].concat())
        .code(0);
    assert_eq!(desk.pairbond(&["new"]).code(0).out, desk.read("mine.toml"));
}

#[test]
fn a_scenario_that_exists_is_not_written_over() {
    let desk = Desk::new();
    let before = desk.read("small.toml");
    let said = desk.pairbond(&["new", "small.toml"]).code(1);
    assert!(
        said.err.contains("could not write the scenario small.toml"),
        "{}",
        said.err
    );
    assert_eq!(desk.read("small.toml"), before);
    desk.pairbond(&["new", "nowhere/mine.toml"]).code(1);
}

#[test]
fn the_schema_accepts_the_small_scenario_and_refuses_a_faulty_one() {
    let desk = Desk::new();
    let schema = serde_json::from_str(&desk.pairbond(&["schema"]).code(0).out).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let json = |text: &str| {
        let table: toml::Table = toml::from_str(text).expect("TOML");
        serde_json::to_value(table).expect("JSON")
    };
    let small = desk.read("small.toml");
    assert!(schema.is_valid(&json(&small)));
    assert!(!schema.is_valid(&json(&small.replace("couples", "couplez"))));
    assert!(!schema.is_valid(&json(&small.replace("150", "-150"))));
}
