//! The symbols of the tables stand in the equations of docs/model.md.

use super::specification;
use crate::childhood::UPBRINGING;
use crate::model::parameters::PARAMETERS;
use crate::model::types::{CONTACT, INVESTMENT, STATES, TRAITS};

const GREEK: &[(char, &str)] = &[
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "varepsilon"),
    ('ζ', "zeta"),
    ('η', "eta"),
    ('ι', "iota"),
    ('θ', "theta"),
    ('κ', "kappa"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('ν', "nu"),
    ('ξ', "xi"),
    ('π', "pi"),
    ('ρ', "rho"),
    ('ϱ', "varrho"),
    ('σ', "sigma"),
    ('τ', "tau"),
    ('υ', "upsilon"),
    ('φ', "varphi"),
    ('χ', "chi"),
    ('ψ', "psi"),
    ('ω', "omega"),
];

/// A symbol of the tables, such as `λ_b`, as the equations print it, such as `\lambda_b`.
pub(super) fn latex(symbol: &str) -> String {
    let (letter, index) = symbol.split_once('_').unwrap_or((symbol, ""));
    let mut text = String::new();
    for c in letter.chars() {
        match GREEK.iter().find(|(greek, _)| *greek == c) {
            Some((_, name)) => text.extend(["\\", name]),
            None => text.push(c),
        }
    }
    match index.chars().count() {
        0 => {}
        1 => text.extend(["_", index]),
        _ => text.extend(["_{", index, "}"]),
    }
    text
}

/// The text of the displayed equations.
fn equations() -> String {
    let text = specification();
    let blocks = text.split("```math\n").skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap_or(""))
        .collect()
}

/// Whether a symbol stands in a formula as a whole, not as a part of another one.
fn stands(formula: &str, symbol: &str, may_have_index: bool) -> bool {
    formula.match_indices(symbol).any(|(at, _)| {
        let before = formula[..at].chars().next_back().unwrap_or(' ');
        let after = formula[at + symbol.len()..].chars().next().unwrap_or(' ');
        let starts = !(before.is_ascii_alphanumeric() || before == '_' || before == '\\');
        starts && !after.is_ascii_alphanumeric() && (may_have_index || after != '_')
    })
}

#[test]
fn symbols_are_found_only_where_they_stand_for_themselves() {
    assert_eq!(latex("λ_b"), r"\lambda_b");
    assert_eq!(latex("q_cu"), "q_{cu}");
    assert!(stands(r"b_T\, T_i", "T", true) && !stands(r"b_T\, x", "T", true));
    assert!(stands(r"k_0 + h\, q", "h", false) && !stands(r"h_I", "h", false));
    assert!(!stands(r"\eta", "eta", false));
}

#[test]
fn every_parameter_stands_in_an_equation() {
    let formulas = equations();
    let parameters = PARAMETERS
        .iter()
        .filter(|line| line.key != "responsive_from");
    for line in parameters.chain(UPBRINGING) {
        let symbol = latex(line.symbol);
        assert!(stands(&formulas, &symbol, false), "{}: {symbol}", line.key);
    }
    assert!(specification().contains(r"when $`p \ge p_+`$"));
}

#[test]
fn every_trait_and_state_stands_in_an_equation() {
    let formulas = equations();
    let couple = [CONTACT, INVESTMENT];
    for line in TRAITS.iter().chain(STATES).chain(&couple) {
        let symbol = latex(line.symbol);
        let of_person = match symbol.split_once('_') {
            Some((letter, index)) => format!("{letter}_{{{index},i}}"),
            None => symbol.clone(),
        };
        let found = stands(&formulas, &symbol, true) || formulas.contains(&of_person);
        assert!(found, "{}: {symbol}", line.key);
    }
}

#[test]
fn no_two_numbers_of_the_model_share_a_symbol() {
    let couple = [CONTACT, INVESTMENT];
    let mut symbols: Vec<&str> = PARAMETERS
        .iter()
        .chain(TRAITS)
        .chain(STATES)
        .chain(&couple)
        .chain(UPBRINGING)
        .map(|line| line.symbol)
        .collect();
    symbols.sort_unstable();
    let twice: Vec<_> = symbols
        .windows(2)
        .filter(|pair| pair[0] == pair[1])
        .collect();
    assert!(twice.is_empty(), "{twice:?}");
}
