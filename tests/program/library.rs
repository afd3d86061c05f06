//! The library writes what the program writes.

use crate::claims::CLAIMS;
use crate::test_support::{Sandbox, names, same_files};
use pairbond::{Error, Scenario};

#[test]
fn a_run_saved_by_the_library_has_the_bytes_of_the_program() -> Result<(), Error> {
    let sandbox = Sandbox::new();
    let set = [
        "--set",
        "run.couples=60",
        "--set",
        "traits.consistency=0.25",
    ];
    let run = [&["run", "small.toml", "-o", "program"][..], &set].concat();
    sandbox.pairbond(&run).code(0);
    let run = Scenario::from_file(sandbox.path("small.toml"))?
        .set("run.couples", 60)?
        .set("traits.consistency", 0.25)?
        .run()?;
    let trust: &[f64] = run.couples().floats("trust_end_a")?;
    assert_eq!(trust.len(), 60);
    run.save(sandbox.path("library"))?;
    same_files(&sandbox.files("program"), &sandbox.files("library"));
    assert!(names(&sandbox.path("library")).contains(&"survival.svg".to_owned()));
    Ok(())
}

#[test]
fn a_sweep_and_claims_saved_by_the_library_have_the_bytes_of_the_program() -> Result<(), Error> {
    let sandbox = Sandbox::new();
    let small = sandbox.read("small.toml");
    let sweep = "[sweep]\ndesign = \"grid\"\n[[sweep.axis]]\nkey = \"traits.consistency\"\n\
                 values = [0.1, 0.9]\n";
    sandbox.write("sweep.toml", format!("{small}{sweep}"));
    sandbox
        .pairbond(&["sweep", "sweep.toml", "-o", "program"])
        .code(0);
    let sweep = Scenario::from_file(sandbox.path("sweep.toml"))?
        .sweep()?
        .run()?;
    assert!(sweep.summaries().floats("mean")?.len() > 2);
    sweep.save(sandbox.path("library"))?;
    same_files(&sandbox.files("program"), &sandbox.files("library"));

    sandbox.write("claims.toml", CLAIMS);
    sandbox
        .pairbond(&["claims", "claims.toml", "-o", "program_claims"])
        .code(0);
    let claims = Scenario::from_file(sandbox.path("claims.toml"))?
        .claims()?
        .run()?;
    assert!(claims.report().as_expected());
    claims.save(sandbox.path("library_claims"))?;
    let program = sandbox.files("program_claims/claims");
    same_files(&program, &sandbox.files("library_claims"));
    Ok(())
}
