//! The tables that README.md and docs/performance.md cite: paired, interleaved repetitions.
//!
//! `cargo bench --bench summary [-- SECTION…]`, with sections `backends`, `random_words`, `recording`,
//! `mechanisms`, `ensembles`, `threads`, `sweeps`, `points`, `results`.

mod couples;
mod pairs;
mod sections;

fn main() {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    for (name, section) in sections::SECTIONS {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            section();
        }
    }
}
