//! Formulas of derived axes, such as `low + width`, and constraints between axes, such as `low < high`.
//!
//! ```text
//! constraint = formula comparison formula { comparison formula }
//! comparison = "<" | "<=" | ">" | ">="
//! formula    = term { ("+" | "-") term }
//! term       = factor { ("*" | "/") factor }
//! factor     = number | axis | "-" factor | "(" formula ")"
//! ```
//!
//! An axis is written by its name or its key. Values are compared and kept without the rounding errors of their
//! last digits, so that 0.1 + 0.2 is 0.3.

use super::without_noise;
use std::fmt;
use std::ops::Range;
use thiserror::Error;

/// What is wrong in the text of a formula or constraint, and where in it.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("{message}")]
pub(crate) struct FormulaError {
    /// The bytes of the text.
    pub(crate) at: Range<usize>,
    pub(crate) message: String,
    pub(crate) label: String,
    pub(crate) hint: Option<String>,
}

impl FormulaError {
    pub(crate) fn new(
        at: Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> FormulaError {
        FormulaError {
            at,
            message: message.into(),
            label: label.into(),
            hint: None,
        }
    }
    pub(crate) fn hint(self, hint: impl Into<String>) -> FormulaError {
        FormulaError {
            hint: Some(hint.into()),
            ..self
        }
    }
}

/// An arithmetic expression over the values of axes, which it names by their positions.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Formula {
    Number(f64),
    Axis(usize),
    Negative(Box<Formula>),
    Binary(Operator, Box<[Formula; 2]>),
}

/// An operator between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Plus,
    Minus,
    Times,
    Over,
}

/// A comparison of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Below,
    AtMost,
    Above,
    AtLeast,
}

/// The position of the axis with a name that stands at some bytes of a text.
pub(crate) type FindAxis<'a> = &'a dyn Fn(&str, Range<usize>) -> Result<usize, FormulaError>;

impl Formula {
    /// Reads the text of a formula.
    ///
    /// # Errors
    /// What is wrong first.
    pub(crate) fn parse(text: &str, axis: FindAxis<'_>) -> Result<Formula, FormulaError> {
        let mut parser = Parser::new(text, axis)?;
        let formula = parser.formula()?;
        match parser.next() {
            None => Ok(formula),
            Some((Token::Relation(_), at)) => Err(FormulaError::new(
                at,
                "a formula gives a number and compares nothing",
                "a comparison",
            )
            .hint("comparisons are for [sweep] `constraints`")),
            Some((_, at)) => Err(parser.unexpected(at)),
        }
    }

    /// The value, from the values of all axes; NaN or infinite where it has none.
    pub(crate) fn value(&self, values: &[f64]) -> f64 {
        // Minus zero becomes zero, as where values are read.
        without_noise(self.raw_value(values)) + 0.0
    }

    fn raw_value(&self, values: &[f64]) -> f64 {
        match self {
            Formula::Number(number) => *number,
            Formula::Axis(axis) => values.get(*axis).copied().unwrap_or(f64::NAN),
            Formula::Negative(of) => -of.raw_value(values),
            Formula::Binary(operator, sides) => {
                let [left, right] = [&sides[0], &sides[1]].map(|side| side.raw_value(values));
                match operator {
                    Operator::Plus => left + right,
                    Operator::Minus => left - right,
                    Operator::Times => left * right,
                    Operator::Over => left / right,
                }
            }
        }
    }

    /// Calls `visit` with each axis that is named.
    pub(crate) fn visit_axes(&self, visit: &mut impl FnMut(usize)) {
        match self {
            Formula::Number(_) => {}
            Formula::Axis(axis) => visit(*axis),
            Formula::Negative(of) => of.visit_axes(visit),
            Formula::Binary(_, sides) => sides.iter().for_each(|side| side.visit_axes(visit)),
        }
    }

    /// The formula with other positions of its axes.
    pub(crate) fn with_positions(self, position: &impl Fn(usize) -> usize) -> Formula {
        match self {
            Formula::Axis(axis) => Formula::Axis(position(axis)),
            Formula::Negative(of) => Formula::Negative(Box::new(of.with_positions(position))),
            Formula::Binary(operator, sides) => {
                let sides = sides.map(|side| side.with_positions(position));
                Formula::Binary(operator, Box::new(sides))
            }
            number @ Formula::Number(_) => number,
        }
    }

    /// The axes that are named, each once, in the order of the text.
    pub(crate) fn axes(&self) -> Vec<usize> {
        let mut axes = Vec::new();
        self.visit_axes(&mut |axis| {
            if !axes.contains(&axis) {
                axes.push(axis);
            }
        });
        axes
    }
}

/// A condition on the values of a point, such as `low < high` or `0 <= low < high`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Constraint {
    /// As it is written.
    pub(crate) text: String,
    first: Formula,
    rest: Vec<(Relation, Formula)>,
}

impl Constraint {
    /// Reads the text of a constraint.
    ///
    /// # Errors
    /// What is wrong first.
    pub(crate) fn parse(text: &str, axis: FindAxis<'_>) -> Result<Constraint, FormulaError> {
        let mut parser = Parser::new(text, axis)?;
        let first = parser.formula()?;
        let mut rest = Vec::new();
        while let Some((Token::Relation(comparison), _)) = parser.peek() {
            let comparison = *comparison;
            parser.next();
            rest.push((comparison, parser.formula()?));
        }
        if let Some((_, at)) = parser.next() {
            return Err(parser.unexpected(at));
        }
        if rest.is_empty() {
            let all = 0..text.len();
            let error = FormulaError::new(all, "the constraint compares nothing", "no comparison");
            return Err(error.hint("write for example \"low < high\", with <, <=, > or >="));
        }
        let constraint = Constraint {
            text: text.trim().to_owned(),
            first,
            rest,
        };
        if constraint.axes().is_empty() {
            let error = FormulaError::new(0..text.len(), "the constraint names no axis", "numbers");
            return Err(error.hint("compare an axis with a number or with another axis"));
        }
        Ok(constraint)
    }

    /// Whether the values satisfy it; `None` where a side of it has no finite value.
    pub(crate) fn holds(&self, values: &[f64]) -> Option<bool> {
        let finite = |side: &Formula| Some(side.value(values)).filter(|value| value.is_finite());
        let mut left = finite(&self.first)?;
        let mut holds = true;
        for (comparison, side) in &self.rest {
            let right = finite(side)?;
            holds &= match comparison {
                Relation::Below => left < right,
                Relation::AtMost => left <= right,
                Relation::Above => left > right,
                Relation::AtLeast => left >= right,
            };
            left = right;
        }
        Some(holds)
    }

    /// The constraint with other positions of its axes.
    pub(crate) fn with_positions(self, position: &impl Fn(usize) -> usize) -> Constraint {
        let rest = self.rest.into_iter();
        Constraint {
            text: self.text,
            first: self.first.with_positions(position),
            rest: rest
                .map(|(comparison, side)| (comparison, side.with_positions(position)))
                .collect(),
        }
    }

    /// The axes that are named, each once, in the order of the text.
    pub(crate) fn axes(&self) -> Vec<usize> {
        let mut axes = self.first.axes();
        for axis in self.rest.iter().flat_map(|(_, side)| side.axes()) {
            if !axes.contains(&axis) {
                axes.push(axis);
            }
        }
        axes
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(f64),
    Name(String),
    Operator(Operator),
    Relation(Relation),
    Open,
    Close,
}

struct Parser<'a> {
    text: &'a str,
    /// The tokens with their bytes, the last one first.
    tokens: Vec<(Token, Range<usize>)>,
    axis: FindAxis<'a>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, axis: FindAxis<'a>) -> Result<Parser<'a>, FormulaError> {
        let mut tokens = tokens(text)?;
        tokens.reverse();
        Ok(Parser { text, tokens, axis })
    }

    fn peek(&self) -> Option<&(Token, Range<usize>)> {
        self.tokens.last()
    }

    fn next(&mut self) -> Option<(Token, Range<usize>)> {
        self.tokens.pop()
    }

    fn unexpected(&self, at: Range<usize>) -> FormulaError {
        let shown = self.text[at.clone()].escape_debug().to_string();
        let message = format!("`{shown}` does not follow from what is before it");
        FormulaError::new(at, message, "not expected here").hint(EXPECTED)
    }

    /// Reads what operators of equal rank join, from the left.
    fn joined(
        &mut self,
        ranked: [Operator; 2],
        part: fn(&mut Self) -> Result<Formula, FormulaError>,
    ) -> Result<Formula, FormulaError> {
        let mut left = part(self)?;
        while let Some((Token::Operator(operator), at)) = self.peek()
            && ranked.contains(operator)
        {
            let (operator, at) = (*operator, at.clone());
            self.next();
            let right = part(self)?;
            if operator == Operator::Over && right.axes().is_empty() && right.value(&[]) == 0.0 {
                let error = FormulaError::new(at, "a division by zero", "divides by zero");
                return Err(error.hint("divide by another number or by an axis"));
            }
            left = Formula::Binary(operator, Box::new([left, right]));
        }
        Ok(left)
    }

    fn formula(&mut self) -> Result<Formula, FormulaError> {
        self.joined([Operator::Plus, Operator::Minus], Self::term)
    }

    fn term(&mut self) -> Result<Formula, FormulaError> {
        self.joined([Operator::Times, Operator::Over], Self::factor)
    }

    fn factor(&mut self) -> Result<Formula, FormulaError> {
        let end = self.text.trim_end().len();
        let Some((token, at)) = self.next() else {
            let message = "a number or an axis is missing at the end";
            let at = end.saturating_sub(1)..end;
            return Err(FormulaError::new(at, message, "ends here").hint(EXPECTED));
        };
        match token {
            Token::Number(number) => Ok(Formula::Number(number)),
            Token::Name(name) => (self.axis)(&name, at).map(Formula::Axis),
            Token::Operator(Operator::Minus) => Ok(Formula::Negative(Box::new(self.factor()?))),
            Token::Open => {
                let inner = self.formula()?;
                match self.next() {
                    Some((Token::Close, _)) => Ok(inner),
                    Some((_, at)) => Err(self.unexpected(at)),
                    None => {
                        Err(
                            FormulaError::new(at, "the parenthesis is not closed", "opened here")
                                .hint("write `)` where it ends"),
                        )
                    }
                }
            }
            _ => Err(self.unexpected(at)),
        }
    }
}

/// What formulas and constraints are made of.
const EXPECTED: &str = "numbers and names of axes are joined by + - * / and parentheses";

/// Signs that others write, and what is written here.
const OTHER_SIGNS: [(&str, &str); 11] = [
    (
        "==",
        "an axis that is equal to a formula is a derived axis: give it that `formula`",
    ),
    ("!=", "constraints are <, <=, > and >="),
    ("=<", "write <="),
    ("=>", "write >="),
    (
        "=",
        "an axis that is equal to a formula is a derived axis: give it that `formula`",
    ),
    (
        "**",
        "a power is written as a product, such as width * width",
    ),
    (
        "^",
        "a power is written as a product, such as width * width",
    ),
    ("≤", "write <="),
    ("≥", "write >="),
    ("−", "write -"),
    ("×", "write *"),
];

fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, FormulaError> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        let rest = &text[start..];
        if first.is_whitespace() {
            start += first.len_utf8();
            continue;
        }
        if let Some((sign, hint)) = OTHER_SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)) {
            let at = start..start + sign.len();
            let message = format!("`{sign}` is no sign of formulas and constraints");
            return Err(FormulaError::new(at, message, "not known").hint(*hint));
        }
        let (token, length) = match first {
            '+' => (Token::Operator(Operator::Plus), 1),
            '-' => (Token::Operator(Operator::Minus), 1),
            '*' => (Token::Operator(Operator::Times), 1),
            '/' => (Token::Operator(Operator::Over), 1),
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '<' if rest.starts_with("<=") => (Token::Relation(Relation::AtMost), 2),
            '<' => (Token::Relation(Relation::Below), 1),
            '>' if rest.starts_with(">=") => (Token::Relation(Relation::AtLeast), 2),
            '>' => (Token::Relation(Relation::Above), 1),
            '0'..='9' | '.' => number(rest, start)?,
            letter if letter.is_alphabetic() || letter == '_' => {
                let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
                let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
                (Token::Name(rest[..length].to_owned()), length)
            }
            other => {
                let at = start..start + other.len_utf8();
                let shown = other.escape_debug();
                let message = format!("`{shown}` is no sign of formulas and constraints");
                return Err(FormulaError::new(at, message, "not known").hint(EXPECTED));
            }
        };
        tokens.push((token, start..start + length));
        start += length;
    }
    if tokens.is_empty() {
        let error = FormulaError::new(0..text.len(), "nothing is written here", "empty");
        return Err(error.hint("write for example \"low + width\" or \"low < high\""));
    }
    Ok(tokens)
}

/// The number that a text begins with, and its bytes.
fn number(rest: &str, start: usize) -> Result<(Token, usize), FormulaError> {
    let mut length = 0;
    let mut before = ' ';
    for c in rest.chars() {
        let is_sign_of_exponent = matches!(c, '+' | '-') && matches!(before, 'e' | 'E');
        if !(c.is_alphanumeric() || c == '.' || c == '_' || is_sign_of_exponent) {
            break;
        }
        length += c.len_utf8();
        before = c;
    }
    let written = &rest[..length];
    let value: Option<f64> = written.replace('_', "").parse().ok();
    match value.filter(|value| value.is_finite()) {
        Some(value) => Ok((Token::Number(value), length)),
        None => {
            let message = format!("`{}` is no number", written.escape_debug());
            let error = FormulaError::new(start..start + length, message, "no number");
            Err(error.hint("write a number such as 0.5 or 1e-3, and * between factors"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(name: &str, at: Range<usize>) -> Result<usize, FormulaError> {
        let names = ["low", "width", "events.1.day"];
        let place = names.iter().position(|own| *own == name);
        place.ok_or_else(|| FormulaError::new(at, "unknown", name))
    }

    fn value(text: &str, values: &[f64]) -> f64 {
        let formula = Formula::parse(text, &find);
        formula
            .unwrap_or_else(|error| panic!("{text}: {error}"))
            .value(values)
    }

    #[test]
    fn formulas_have_the_ranks_of_arithmetic() {
        let values = [0.5, 0.25, 12.0];
        for (text, expected) in [
            ("low + width", 0.75),
            ("low - width - width", 0.0),
            ("8 / 4 / 2", 1.0),
            ("1 + 2 * 3 - 4 / 2", 5.0),
            ("(1 + 2) * -(3 - 5)", 6.0),
            ("- -low", 0.5),
            ("-low * 2", -1.0),
            ("events.1.day+30", 42.0),
            ("1e-3 * 1_000", 1.0),
            ("low/(width)", 2.0),
        ] {
            assert_eq!(value(text, &values), expected, "{text}");
        }
    }

    #[test]
    fn rounding_errors_of_the_last_digits_are_left_out() {
        assert_eq!(value("low + width", &[0.1, 0.2]), 0.3);
        let at_most = Constraint::parse("low + width <= 0.3", &find).expect("sound");
        assert_eq!(at_most.holds(&[0.1, 0.2]), Some(true));
        assert_eq!(at_most.holds(&[0.1, 0.200_001]), Some(false));
        let below = Constraint::parse("low + width < 0.3", &find).expect("sound");
        assert_eq!(below.holds(&[0.1, 0.2]), Some(false));
    }

    #[test]
    fn comparisons_hold_in_a_row() {
        let constraint = Constraint::parse(" 0 < low <= width ", &find).expect("sound");
        let holds = |low, width| constraint.holds(&[low, width]);
        assert_eq!(holds(0.0, 1.0), Some(false));
        assert_eq!(holds(1.0, 1.0), Some(true));
        assert_eq!(holds(1.5, 1.0), Some(false));
        assert_eq!(holds(f64::NAN, 1.0), None);
        assert_eq!(constraint.to_string(), "0 < low <= width");
        let turned = Constraint::parse("width >= low > 0", &find).expect("sound");
        assert_eq!(turned.holds(&[0.0, 1.0]), Some(false));
        assert_eq!(turned.holds(&[1.0, 1.0]), Some(true));
    }

    #[test]
    fn a_side_without_a_finite_value_neither_holds_nor_fails() {
        let constraint = Constraint::parse("low / width < 2", &find).expect("sound");
        assert_eq!(constraint.holds(&[1.0, 0.0]), None);
        assert_eq!(constraint.holds(&[1.0, 1.0]), Some(true));
    }

    #[test]
    fn errors_point_at_what_is_wrong() {
        let error = |text: &str| {
            let error = match text.contains(['<', '>']) {
                true => Constraint::parse(text, &find).expect_err(text),
                false => Formula::parse(text, &find).expect_err(text),
            };
            (error.at, error.message)
        };
        for (text, at, message) in [
            ("low +", 4..5, "missing at the end"),
            ("low + high", 6..10, "unknown"),
            ("low width", 4..9, "`width` does not follow"),
            ("low + * 2", 6..7, "`*` does not follow"),
            ("(low + 2", 0..1, "not closed"),
            ("low + 2)", 7..8, "`)` does not follow"),
            ("2low", 0..4, "`2low` is no number"),
            ("low / (1 - 1)", 4..5, "division by zero"),
            ("low ^ 2", 4..5, "`^` is no sign"),
            ("low % 2", 4..5, "`%` is no sign"),
            ("low < ≤ 2", 6..9, "`≤` is no sign"),
            ("low <", 4..5, "missing at the end"),
            ("1 < 2", 0..5, "names no axis"),
            ("1e999", 0..5, "is no number"),
            ("", 0..0, "nothing is written"),
        ] {
            let (place, said) = error(text);
            assert_eq!(place, at, "{text}: {said}");
            assert!(said.contains(message), "{text}: {said}");
        }
        let compares = Formula::parse("low < 2", &find).expect_err("a comparison");
        assert_eq!(compares.at, 4..5);
        let compares = Constraint::parse("low + 2", &find).expect_err("no comparison");
        assert!(compares.message.contains("compares nothing"));
        let equals = Constraint::parse("low == 2", &find).expect_err("an equation");
        assert!(
            equals
                .hint
                .is_some_and(|hint| hint.contains("derived axis"))
        );
    }
}
