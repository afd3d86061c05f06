//! One couple, day by day: `cargo run --release --example one_couple`.
//!
//! Partner B turns away on day 100: B's responses are much less responsive from then on. Trust of A
//! follows what B does.

use pairbond::{Error, Scenario};

const TEXT: &str = r#"
title = "B turns away"
[run]
seed = 2026
days = 200
[mechanisms]
dissolution = false
[[event]]
kind = "trait"
trait = "responsiveness"
partner = "b"
from = 100
factor = 0.2
"#;

fn main() -> Result<(), Error> {
    println!("day  trust of A  intimacy of A  satisfaction of A  bids of A  felt responsive");
    let mut trust = Vec::new();
    for day in Scenario::parse(TEXT)?.couple(1)? {
        let a = &day.partners[0];
        trust.push(a.state.trust);
        if day.day % 20 == 0 {
            println!(
                "{:3}  {:10.3}  {:13.3}  {:17.3}  {:9}  {:15}",
                day.day, a.state.trust, a.state.intimacy, a.satisfaction, a.bids, a.responsive,
            );
        }
    }
    let (before, after) = (trust[99], trust[199]);
    println!("trust of A went from {before:.3} to {after:.3} after B turned away");
    assert!(after < 0.8 * before, "trust follows what the partner does");
    Ok(())
}
