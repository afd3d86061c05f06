//! Compares docs/model.md, the specification, with the tables, symbols and citations of the code.
//!
//! `PAIRBOND_BLESS=1 cargo test --lib model::tests::specification` renews the tables of docs/model.md.

use crate::childhood::UPBRINGING;
use crate::model::parameters::{MECHANISMS, PARAMETERS, ParameterSpec};
use crate::model::types::{CONTACT, STATES, TRAITS};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The project's directory, from the environment so that a built test can run on another tree.
fn root() -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn specification() -> String {
    read(&root().join("docs/model.md"))
}

/// Every Rust file under a directory, in the order of names.
fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable entry").path())
        .collect();
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The numbers that a text cites, as in "Eq. 7", "Eqs 8 and 10" or "Eqs 17–19, 21".
fn cited(text: &str) -> BTreeSet<u32> {
    let mut numbers = BTreeSet::new();
    for (at, opening) in text.match_indices("Eq") {
        let mut rest = &text[at + opening.len()..];
        rest = rest.strip_prefix('s').unwrap_or(rest);
        rest = rest.strip_prefix('.').unwrap_or(rest);
        let Some(mut rest) = rest.strip_prefix(' ') else {
            continue;
        };
        let mut range_from: Option<u32> = None;
        loop {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let Ok(number) = rest[..digits].parse::<u32>() else {
                break;
            };
            numbers.extend(range_from.unwrap_or(number)..=number);
            rest = &rest[digits..];
            let joint = [" and ", ", ", "–"]
                .into_iter()
                .find(|joint| rest.starts_with(joint));
            let Some(joint) = joint else { break };
            range_from = (joint == "–").then_some(number);
            rest = &rest[joint.len()..];
        }
    }
    numbers
}

/// A source text with its comments joined to one line, so that no citation is broken.
fn unwrapped(text: &str) -> String {
    let lines = text.lines().map(str::trim_start);
    let lines = lines.map(|line| line.trim_start_matches(['/', '!']).trim_start());
    lines.collect::<Vec<_>>().join(" ")
}

/// The numbers of the equations, in the order in which they are defined.
fn defined(text: &str) -> Vec<u32> {
    text.match_indices(r"\tag{")
        .map(|(at, tag)| {
            let rest = &text[at + tag.len()..];
            let end = rest.find('}').expect("a closed tag");
            rest[..end].parse().expect("a tag is a number")
        })
        .collect()
}

#[test]
fn citations_are_found_in_all_their_forms() {
    let text = "(Eq. 7; X 1990) (Eqs 8 and 10) (Eqs 17–19, 21) Equal 5";
    assert_eq!(cited(text), BTreeSet::from([7, 8, 10, 17, 18, 19, 21]));
    let broken = "    /// As in (Eq.\n    /// 12; X 1990).\n";
    assert_eq!(cited(&unwrapped(broken)), BTreeSet::from([12]));
}

#[test]
fn equations_are_numbered_from_1_without_gap_each_once() {
    let numbers = defined(&specification());
    assert_eq!(numbers, (1..=numbers.len() as u32).collect::<Vec<_>>());
}

#[test]
fn the_model_cites_exactly_the_equations_that_are_defined() {
    let mut all = BTreeSet::new();
    for folder in ["src/model", "src/childhood"] {
        for file in rust_files(&root().join(folder)) {
            if !file.components().any(|part| part.as_os_str() == "tests") {
                all.extend(cited(&unwrapped(&read(&file))));
            }
        }
    }
    assert_eq!(all, BTreeSet::from_iter(defined(&specification())));
}

#[test]
fn every_equation_cited_anywhere_is_defined() {
    let numbers = BTreeSet::from_iter(defined(&specification()));
    for file in rust_files(&root().join("src")) {
        if file.ends_with("tests/specification.rs") {
            continue;
        }
        let unknown: Vec<u32> = cited(&unwrapped(&read(&file)))
            .difference(&numbers)
            .copied()
            .collect();
        assert!(
            unknown.is_empty(),
            "{} cites equations {unknown:?}",
            file.display()
        );
    }
}

#[test]
fn every_source_of_a_number_is_in_the_list_of_references() {
    let text = specification();
    let couple = [CONTACT];
    let model = PARAMETERS.iter().chain(TRAITS).chain(STATES).chain(&couple);
    for line in model.chain(UPBRINGING) {
        let found = match line.source {
            "model convention" | "seed essay" => text.contains(&format!("\"{}\"", line.source)),
            source => text.contains(&format!("\n- **{source}.** ")),
        };
        assert!(found, "{}: {}", line.key, line.source);
    }
}

#[test]
fn references_stand_in_the_order_of_the_alphabet_and_say_how_they_are_known() {
    let text = specification();
    let (_, list) = text
        .split_once("## References")
        .expect("a list of references");
    let entries: Vec<&str> = list.split("\n- **").skip(1).collect();
    let letters = |entry: &&str| -> Vec<String> {
        entry
            .split_whitespace()
            .map(|word| word.to_lowercase().replace([',', '&'], ""))
            .filter(|word| !word.is_empty())
            .collect()
    };
    assert!(entries.len() > 30 && entries.is_sorted_by_key(letters));
    for entry in entries {
        let known = ["seen", "Seen", "Memory", "memory", "computed", "Read"];
        assert!(known.iter().any(|word| entry.contains(word)), "{entry}");
    }
}

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
    ('Λ', "Lambda"),
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
    ('ϑ', "vartheta"),
    ('ϖ', "varpi"),
    ('ς', "varsigma"),
    ('Θ', "Theta"),
];

/// A symbol of the tables, such as `λ_b`, as the equations print it, such as `\lambda_b`.
fn latex(symbol: &str) -> String {
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
        .filter(|line| !["responsive_from", "fight_from"].contains(&line.key));
    for line in parameters.chain(UPBRINGING) {
        let symbol = latex(line.symbol);
        assert!(stands(&formulas, &symbol, false), "{}: {symbol}", line.key);
    }
    let text = specification();
    assert!(text.contains(r"when $`p \ge p_+`$") && text.contains(r"$`\Theta_j \ge \Theta_f`$"));
}

#[test]
fn every_trait_and_state_stands_in_an_equation() {
    let formulas = equations();
    let couple = [CONTACT];
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
    let couple = [CONTACT];
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

/// A number in short form: three digits if it is not a short decimal.
fn short(value: f64) -> String {
    let exact = if value != 0.0 && value.abs() < 1e-3 {
        format!("{value:e}")
    } else {
        format!("{value}")
    };
    if exact.len() <= 8 {
        exact
    } else {
        format!("≈ {value:.2e}")
    }
}

fn numbers(lines: &[ParameterSpec]) -> String {
    let mut text = String::from(
        "| symbol | key | range | default | meaning | source | known |\n| --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for line in lines {
        let unit = if line.unit == "1" {
            String::new()
        } else {
            format!(" {}", line.unit)
        };
        let (low, high, default) = (short(line.low), short(line.high), short(line.default));
        text += &format!(
            "| $`{}`$ | `{}` | {low} to {high} | {default}{unit} | {} | {} | {} |\n",
            latex(line.symbol),
            line.key,
            line.meaning,
            line.source,
            line.provenance.label(),
        );
    }
    text
}

fn switches() -> String {
    let mut text = String::from("| switch | with it | without it |\n| --- | --- | --- |\n");
    for switch in MECHANISMS {
        text += &format!(
            "| `{}` | {} | {} |\n",
            switch.key, switch.meaning, switch.absence
        );
    }
    text
}

/// The document with the tables of the model between its marks.
fn with_tables(text: &str) -> String {
    let tables = [
        ("traits", numbers(TRAITS)),
        ("states", numbers(STATES)),
        ("upbringing", numbers(UPBRINGING)),
        ("couple", numbers(&[CONTACT])),
        ("switches", switches()),
        ("parameters", numbers(PARAMETERS)),
    ];
    let mut text = text.to_owned();
    for (name, table) in tables {
        let mark = format!("<!-- table {name} -->\n");
        let (before, rest) = text
            .split_once(&mark)
            .unwrap_or_else(|| panic!("no table {name}"));
        let (_, after) = rest.split_once("<!-- end -->").expect("a table ends");
        text = format!("{before}{mark}\n{table}\n<!-- end -->{after}");
    }
    text
}

#[test]
fn tables_say_what_the_model_says() {
    let text = specification();
    let expected = with_tables(&text);
    if env::var_os("PAIRBOND_BLESS").is_some() {
        fs::write(root().join("docs/model.md"), &expected).expect("docs/model.md can be written");
        return;
    }
    for (number, (found, expected)) in text.lines().zip(expected.lines()).enumerate() {
        assert_eq!(
            found,
            expected,
            "docs/model.md:{}: PAIRBOND_BLESS=1 writes it anew",
            number + 1
        );
    }
    assert_eq!(text.len(), expected.len());
}

#[test]
fn numbers_are_written_short() {
    let written = [0.0, 1.6, 5.5e-5, 1.0 / 1500.0, 1e6, 0.0025].map(short);
    assert_eq!(
        written,
        ["0", "1.6", "5.5e-5", "≈ 6.67e-4", "1000000", "0.0025"]
    );
}
