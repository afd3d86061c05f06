//! The tables of docs/model.md equal the descriptions in src/model.

use super::symbols::latex;
use super::{root, specification};
use crate::childhood::UPBRINGING;
use crate::model::parameter_spec::ParameterSpec;
use crate::model::parameters::MECHANISMS;
use crate::model::parameters::PARAMETERS;
use crate::model::types::{CONTACT, INVESTMENT, STATES, TRAITS};
use std::{env, fs};

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
        ("couple", numbers(&[CONTACT, INVESTMENT])),
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
