//! The statistics that figures are: `[percent] [FUNCTION] TERM…`.
//!
//! A term is `[SOURCE:]TABLE.COLUMN[FILTERS]`. A column may be a sum or difference of columns (`a+b`, `a-b`)
//! or a comparison (`end_day<=60`), which is 1 or 0. A `*` in it stands for `a` and `b`: the mean of both
//! partners, or both as persons in a correlation. Filters are conditions on columns with commas between
//! them; what is no column of the table is looked up for the row's point (an axis) or couple. Of a TOML file
//! a term is a key.
//!
//! | function | value |
//! | --- | --- |
//! | none | the cell of the only row, with its interval; or sums and differences of such cells |
//! | `mean` | of a sum or difference of terms, joined by replicate, couple, role and day; with Student's interval |
//! | `spread` | mean absolute value of the same |
//! | `sum`, `min`, `max` | of a term's values |
//! | `correlation` | of two terms, over persons |
//! | `rate FROM TO` | of separations: per couple and year in these years, of a term `couples` |
//! | `intraclass`, `next`, `same`, `means` | of a daily variable: intraclass correlation of persons; of a day with the day before; of partners on a day; of partners' means. Days are distances from the person's mean. |
//! | `within`, `slope` | of one daily variable with another, as distances from the person's mean: correlation; regression of the first on the second |
//! | `actor`, `partner` | effects of the second variable of a questionnaire on the first |
//! | `leading`, `clear` | points of a sweep in which the observable is the most frequent regime of balance; in which the interval of the most frequent lies above the next |
//! | `lowest`, `highest` | of an axis, at the points in which the observable leads |
//! | `requested` | the largest number that a verdict asks for |
//! | `logistic` | of log-odds |
//! | `targets`, `reproduced` | targets of a page's table; those of which every part is reproduced |

use crate::table::{Source, Table};
use statrs::distribution::{ContinuousCDF, StudentsT};
use std::collections::BTreeMap;

/// A figure before it is rounded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value {
    pub(crate) value: f64,
    pub(crate) interval: Option<[f64; 2]>,
}

impl Value {
    fn alone(value: f64) -> Value {
        Value {
            value,
            interval: None,
        }
    }
}

const DAYS_OF_A_YEAR: f64 = 365.25;
/// Columns that identify a row of a table of couples, persons, days or replicates.
const IDENTITY: [&str; 4] = ["replicate", "couple", "role", "day"];
const REGIMES: [&str; 4] = [
    "mean secure_balance",
    "mean complacency",
    "mean codependency",
    "mean disengagement",
];
const COMPARISONS: [&str; 7] = ["<=", ">=", "!=", "^=", "<", ">", "="];

/// A term of a statistic.
pub(crate) struct Term {
    /// Name of the command, empty for the page's own.
    pub(crate) source: String,
    path: String,
    filters: Vec<String>,
    factor: f64,
}

/// A statistic.
pub(crate) struct Statistic {
    percent: bool,
    function: String,
    numbers: Vec<f64>,
    pub(crate) terms: Vec<Term>,
}

impl Statistic {
    pub(crate) fn parse(text: &str) -> Statistic {
        let mut statistic = Statistic {
            percent: false,
            function: String::new(),
            numbers: Vec::new(),
            terms: Vec::new(),
        };
        let mut factor = 1.0;
        for word in words(text) {
            match word.as_str() {
                "percent" => statistic.percent = true,
                "-" => factor = -1.0,
                "+" => factor = 1.0,
                _ => {
                    if let Ok(number) = word.parse() {
                        statistic.numbers.push(number);
                    } else if word.contains('.') || word.contains(':') {
                        statistic.terms.push(term(&word, factor));
                        factor = 1.0;
                    } else {
                        statistic.function = word;
                    }
                }
            }
        }
        assert!(!statistic.terms.is_empty(), "no term in `{text}`");
        statistic
    }

    /// The value, where `sources` has what the terms name.
    ///
    /// # Errors
    ///
    /// If a term selects no row, or a cell is asked of several.
    pub(crate) fn value<'a>(&self, sources: impl Fn(&str) -> &'a Source) -> Result<Value, String> {
        let found = self.terms.iter().map(|it| it.found(sources(&it.source)));
        let found: Vec<Found<'_>> = found.collect::<Result<_, String>>()?;
        let first = &found[0];
        let value = match self.function.as_str() {
            "" => cells(&found)?,
            "mean" => mean(&joined(&found)),
            "spread" => {
                let values = joined(&found).into_iter().map(f64::abs);
                mean(&values.collect::<Vec<_>>())
            }
            "sum" => Value::alone(first.numbers().iter().sum()),
            "min" => Value::alone(least(first.numbers())),
            "max" => Value::alone(greatest(first.numbers())),
            "correlation" => {
                Value::alone(correlation(&pairs(&first.persons(), &found[1].persons())))
            }
            "rate" => Value::alone(rate(first, self.numbers[0], self.numbers[1])),
            "intraclass" | "next" | "same" | "means" | "within" | "slope" => {
                let days: Vec<Diary> = found.iter().map(Found::diary).collect();
                Value::alone(daily(&self.function, &days))
            }
            "actor" | "partner" => Value::alone(dyadic(&self.function, &found)),
            "lowest" => Value::alone(least(first.led_axis())),
            "highest" => Value::alone(greatest(first.led_axis())),
            "requested" => Value::alone(first.requested()),
            "logistic" => Value::alone(1.0 / (1.0 + (-cells(&found)?.value).exp())),
            "leading" => Value::alone(first.led().len() as f64),
            "clear" => Value::alone(first.clear()),
            "targets" => Value::alone(first.targets(|_| true)),
            "reproduced" => Value::alone(first.targets(|verdict| verdict == "reproduced")),
            other => panic!("no function `{other}`"),
        };
        let scale = if self.percent { 100.0 } else { 1.0 };
        Ok(Value {
            value: scale * value.value,
            interval: value.interval.map(|ends| ends.map(|end| scale * end)),
        })
    }
}

/// Words with blanks between them, but for those in brackets.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut depth = 0;
    for letter in text.chars() {
        match letter {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        if letter == ' ' && depth == 0 {
            words.push(String::new());
        } else {
            words.last_mut().expect("a word").push(letter);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn term(word: &str, sign: f64) -> Term {
    let (factor, word) = match word.split_once('*') {
        Some((factor, rest)) if factor.parse::<f64>().is_ok() => (factor, rest),
        _ => ("1", word),
    };
    let (head, filters) = match word.split_once('[') {
        Some((head, filters)) => (head, filters.trim_end_matches(']')),
        None => (word, ""),
    };
    let (source, path) = head.split_once(':').unwrap_or(("", head));
    let filters = filters.split(',').filter(|it| !it.is_empty());
    Term {
        source: source.to_owned(),
        path: path.to_owned(),
        filters: filters.map(str::to_owned).collect(),
        factor: sign * factor.parse::<f64>().expect("a number"),
    }
}

/// Rows of a table that a term's filters select.
struct Found<'a> {
    term: &'a Term,
    /// The value of a key in the place of a table.
    key: Option<f64>,
    tables: Option<&'a BTreeMap<String, Table>>,
    table: Option<&'a Table>,
    column: &'a str,
    rows: Vec<&'a [String]>,
}

impl Term {
    fn found<'a>(&'a self, source: &'a Source) -> Result<Found<'a>, String> {
        let mut found = Found {
            term: self,
            key: None,
            tables: None,
            table: None,
            column: "",
            rows: Vec::new(),
        };
        let tables = match source {
            Source::Values(values) => {
                found.key = Some(key(values, &self.path));
                return Ok(found);
            }
            Source::Tables(tables) => tables,
        };
        let (name, column) = self.path.split_once('.').unwrap_or((&self.path, ""));
        let table = tables
            .get(name)
            .unwrap_or_else(|| panic!("no table `{name}`"));
        let passes = |row: &&Vec<String>| {
            self.filters.iter().all(|filter| {
                let (left, ..) = compared(filter);
                if table.column(left).is_some() {
                    return holds(table, row, filter);
                }
                let (other, row) = owner(tables, table, row);
                holds(other, row, filter)
            })
        };
        found.rows = table
            .rows
            .iter()
            .filter(passes)
            .map(Vec::as_slice)
            .collect();
        found.tables = Some(tables);
        found.table = Some(table);
        found.column = column;
        if found.rows.is_empty() {
            return Err(format!("no row of {} with {:?}", self.path, self.filters));
        }
        Ok(found)
    }
}

/// What a row belongs to: its point, or its couple.
fn owner<'a>(
    tables: &'a BTreeMap<String, Table>,
    table: &Table,
    row: &[String],
) -> (&'a Table, &'a [String]) {
    let (name, keys): (&str, &[&str]) = match table.column("point") {
        Some(_) => ("points", &["point"]),
        None => ("couples", &["replicate", "couple"]),
    };
    let owners = &tables[name];
    let same = |it: &&Vec<String>| {
        keys.iter()
            .all(|key| cell(owners, it, key) == cell(table, row, key))
    };
    (owners, owners.rows.iter().find(same).expect("an owner"))
}

/// A number of a TOML file: `event.0.factor`.
fn key(values: &toml::Table, path: &str) -> f64 {
    let mut value = &toml::Value::Table(values.clone());
    for part in path.split('.') {
        let inner = match part.parse::<usize>() {
            Ok(index) => value.get(index),
            Err(_) => value.get(part),
        };
        value = inner.unwrap_or_else(|| panic!("no key `{path}`"));
    }
    let whole = value.as_integer().map(|it| it as f64);
    value
        .as_float()
        .or(whole)
        .unwrap_or_else(|| panic!("`{path}` is no number"))
}

/// The sides of a comparison and its sign, or a column alone.
fn compared(text: &str) -> (&str, &str, &str) {
    for sign in COMPARISONS {
        if let Some((left, right)) = text.split_once(sign) {
            return (left, sign, right);
        }
    }
    (text, "", "")
}

fn cell<'a>(table: &Table, row: &'a [String], name: &str) -> &'a str {
    let column = table
        .column(name)
        .unwrap_or_else(|| panic!("no column `{name}`"));
    &row[column]
}

/// The number at the start of a cell.
fn number(cell: &str) -> f64 {
    let first = cell.split(' ').next().unwrap_or(cell);
    match first {
        "true" | "yes" => 1.0,
        "false" | "no" => 0.0,
        _ => first.parse().unwrap_or(f64::NAN),
    }
}

fn holds(table: &Table, row: &[String], condition: &str) -> bool {
    let (left, sign, right) = compared(condition);
    let cell = cell(table, row, left);
    let (x, y) = (number(cell), number(right));
    match sign {
        "<=" => x <= y,
        ">=" => x >= y,
        "<" => x < y,
        ">" => x > y,
        "!=" => cell != right,
        "^=" => cell.starts_with(right),
        _ => cell == right || (x - y).abs() <= 1e-9 * y.abs().max(1.0),
    }
}

/// A number, sum, difference or comparison of columns.
fn amount(table: &Table, row: &[String], column: &str) -> f64 {
    if !compared(column).1.is_empty() {
        return f64::from(u8::from(holds(table, row, column)));
    }
    let Some(at) = column.rfind(['+', '-']) else {
        let constant = column.parse().ok();
        return constant.unwrap_or_else(|| number(cell(table, row, column)));
    };
    let (left, right) = column.split_at(at);
    let other = amount(table, row, &right[1..]);
    let sign = if right.starts_with('-') { -1.0 } else { 1.0 };
    amount(table, row, left) + sign * other
}

impl Found<'_> {
    fn table(&self) -> &Table {
        self.table.expect("a table")
    }

    /// What identifies a row: its replicate, couple, role and day, or its point, or its place.
    fn identity(&self, number: usize) -> String {
        let cells = |names: &[&str]| {
            let columns = names.iter().filter_map(|name| self.table().column(name));
            let cells: Vec<&str> = columns.map(|it| self.rows[number][it].as_str()).collect();
            cells.join("/")
        };
        let found = cells(&IDENTITY);
        let found = if found.is_empty() {
            cells(&["point"])
        } else {
            found
        };
        if found.is_empty() {
            number.to_string()
        } else {
            found
        }
    }

    fn partners(&self) -> Vec<String> {
        if self.column.contains('*') {
            ["a", "b"].map(|it| self.column.replace('*', it)).to_vec()
        } else {
            vec![self.column.to_owned()]
        }
    }

    /// Values by what identifies them, means of both partners where the column has a `*`.
    fn values(&self) -> BTreeMap<String, f64> {
        let columns = self.partners();
        let mut values = BTreeMap::new();
        for (number, row) in self.rows.iter().enumerate() {
            let of = |column: &String| amount(self.table(), row, column);
            let value = columns.iter().map(of).sum::<f64>() / columns.len() as f64;
            if value.is_finite() {
                let before = values.insert(self.identity(number), value);
                assert!(
                    before.is_none(),
                    "{}: two rows of {}",
                    self.term.path,
                    self.identity(number)
                );
            }
        }
        values
    }

    /// Values by persons.
    fn persons(&self) -> BTreeMap<String, f64> {
        let mut values = BTreeMap::new();
        for (number, row) in self.rows.iter().enumerate() {
            for (person, column) in self.partners().iter().enumerate() {
                let value = amount(self.table(), row, column);
                if value.is_finite() {
                    values.insert(format!("{}/{person}", self.identity(number)), value);
                }
            }
        }
        values
    }

    fn numbers(&self) -> Vec<f64> {
        let of = |row: &&[String]| amount(self.table(), row, self.column);
        self.rows
            .iter()
            .map(of)
            .filter(|it| it.is_finite())
            .collect()
    }

    /// The only row's cell with its interval.
    fn cell(&self) -> Result<Value, String> {
        if let Some(value) = self.key {
            return Ok(Value::alone(self.term.factor * value));
        }
        let rows = self.rows.len();
        if rows != 1 {
            return Err(format!(
                "{rows} rows of {} with {:?}",
                self.term.path, self.term.filters
            ));
        }
        let (table, row) = (self.table(), self.rows[0]);
        let value = amount(table, row, self.column);
        let ends = |low: &str, high: &str| {
            let ends = [low, high].map(|end| table.column(end).map(|at| number(&row[at])));
            Some([ends[0]?, ends[1]?])
        };
        let own = ends(
            &format!("{}_low", self.column),
            &format!("{}_high", self.column),
        );
        let factor = self.term.factor;
        let interval = own.or_else(|| ends("ci_low", "ci_high"));
        Ok(Value {
            value: factor * value,
            interval: interval.map(|[low, high]| {
                let (low, high) = (factor * low, factor * high);
                [low.min(high), low.max(high)]
            }),
        })
    }

    /// Days of persons as rows of one table: couple, role, day, value.
    fn diary(&self) -> Diary {
        let mut diary = Diary::new();
        for row in &self.rows {
            let of = |name| cell(self.table(), row, name);
            let person = [of("replicate"), of("couple"), of("role")].map(str::to_owned);
            let day = number(of("day")) as i64;
            let value = amount(self.table(), row, self.column);
            if value.is_finite() {
                diary.entry(person).or_default().insert(day, value);
            }
        }
        diary
    }

    /// Of each point of a sweep, the shares of regimes with their intervals, largest first.
    fn regimes(&self) -> BTreeMap<&str, Vec<(f64, [f64; 2], &str)>> {
        let table = self.table();
        let mut points: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for row in &table.rows {
            let observable = cell(table, row, "observable");
            if REGIMES.contains(&observable) {
                let of = |name| number(cell(table, row, name));
                let share = (of("mean"), [of("ci_low"), of("ci_high")], observable);
                points
                    .entry(cell(table, row, "point"))
                    .or_default()
                    .push(share);
            }
        }
        for shares in points.values_mut() {
            shares.sort_by(|one, other| other.0.total_cmp(&one.0));
        }
        points
    }

    /// The rows of points in which the observable leads.
    fn led(&self) -> Vec<&[String]> {
        let own = cell(self.table(), self.rows[0], "observable");
        let regimes = self.regimes();
        let leads = |row: &&[String]| regimes[cell(self.table(), row, "point")][0].2 == own;
        self.rows.iter().copied().filter(leads).collect()
    }

    /// The axis that the column names, at the points in which the observable leads.
    fn led_axis(&self) -> Vec<f64> {
        let tables = self.tables.expect("tables");
        let axis = |row: &[String]| {
            let (points, point) = owner(tables, self.table(), row);
            amount(points, point, self.column)
        };
        self.led().into_iter().map(axis).collect()
    }

    /// The largest number of runs, rows or walks that a verdict asks for.
    fn requested(&self) -> f64 {
        let words = self
            .rows
            .iter()
            .map(|row| cell(self.table(), row, self.column));
        let last = words.filter_map(|words| words.rsplit(' ').next()?.parse().ok());
        last.fold(f64::NAN, f64::max)
    }

    fn clear(&self) -> f64 {
        let clear = |shares: &&Vec<(f64, [f64; 2], &str)>| shares[0].1[0] > shares[1].1[1];
        self.regimes().values().filter(clear).count() as f64
    }

    /// Targets whose parts all have such a verdict.
    fn targets(&self, verdict: impl Fn(&str) -> bool) -> f64 {
        let mut targets: BTreeMap<&str, bool> = BTreeMap::new();
        for row in &self.rows {
            let of = |name| cell(self.table(), row, name);
            let name = of("target").split(' ').next().expect("a name");
            *targets.entry(name).or_insert(true) &= verdict(of("verdict"));
        }
        targets.values().filter(|all| **all).count() as f64
    }
}

fn least(values: Vec<f64>) -> f64 {
    values.into_iter().fold(f64::INFINITY, f64::min)
}

fn greatest(values: Vec<f64>) -> f64 {
    values.into_iter().fold(f64::NEG_INFINITY, f64::max)
}

/// The sum of cells, with the interval of one that is alone.
fn cells(found: &[Found]) -> Result<Value, String> {
    match found {
        [one] => one.cell(),
        _ => {
            let values = found.iter().map(|it| Ok(it.cell()?.value));
            Ok(Value::alone(values.sum::<Result<f64, String>>()?))
        }
    }
}

/// Sums of the terms where all have a value.
fn joined(found: &[Found]) -> Vec<f64> {
    let values: Vec<BTreeMap<String, f64>> = found.iter().map(Found::values).collect();
    let sum = |key: &String| -> Option<f64> {
        let parts = values.iter().zip(found);
        let scaled = parts.map(|(values, found)| Some(found.term.factor * values.get(key)?));
        scaled.sum()
    };
    values[0].keys().filter_map(sum).collect()
}

/// The mean with Student's interval.
fn mean(values: &[f64]) -> Value {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    if values.len() < 2 {
        return Value::alone(mean);
    }
    let squares: f64 = values.iter().map(|it| (it - mean).powi(2)).sum();
    let student = StudentsT::new(0.0, 1.0, n - 1.0).expect("a distribution");
    let half = student.inverse_cdf(0.975) * (squares / (n - 1.0) / n).sqrt();
    Value {
        value: mean,
        interval: Some([mean - half, mean + half]),
    }
}

fn pairs<K: Ord>(x: &BTreeMap<K, f64>, y: &BTreeMap<K, f64>) -> Vec<(f64, f64)> {
    let pair = |(key, x): (&K, &f64)| Some((*x, *y.get(key)?));
    x.iter().filter_map(pair).collect()
}

/// Sums of squares and of products of distances from the means.
fn products(pairs: &[(f64, f64)]) -> (f64, f64, f64) {
    let n = pairs.len() as f64;
    let (x, y) = pairs
        .iter()
        .fold((0.0, 0.0), |(x, y), pair| (x + pair.0, y + pair.1));
    pairs.iter().fold((0.0, 0.0, 0.0), |(xx, yy, xy), pair| {
        let (a, b) = (pair.0 - x / n, pair.1 - y / n);
        (xx + a * a, yy + b * b, xy + a * b)
    })
}

fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let (xx, yy, xy) = products(pairs);
    xy / (xx * yy).sqrt()
}

/// Separations per couple and year between two years.
fn rate(couples: &Found, from: f64, to: f64) -> f64 {
    let (mut ended, mut years) = (0.0, 0.0);
    for row in &couples.rows {
        let of = |name| number(cell(couples.table(), row, name));
        let end = of("time") / DAYS_OF_A_YEAR;
        years += (end.min(to) - from).max(0.0);
        if of("status") == 1.0 && end > from && end <= to {
            ended += 1.0;
        }
    }
    ended / years
}

/// A daily variable: by replicate, couple and role, its days.
type Diary = BTreeMap<[String; 3], BTreeMap<i64, f64>>;

fn means(diary: &Diary) -> BTreeMap<[String; 3], f64> {
    let mean = |days: &BTreeMap<i64, f64>| days.values().sum::<f64>() / days.len() as f64;
    diary
        .iter()
        .map(|(person, days)| (person.clone(), mean(days)))
        .collect()
}

/// By person and day, the distance from the person's mean.
fn centred(diary: &Diary) -> BTreeMap<([String; 3], i64), f64> {
    let means = means(diary);
    let mut centred = BTreeMap::new();
    for (person, days) in diary {
        for (day, value) in days {
            centred.insert((person.clone(), *day), value - means[person]);
        }
    }
    centred
}

fn partner([replicate, couple, role]: &[String; 3]) -> [String; 3] {
    let other = if role == "a" { "b" } else { "a" };
    [replicate.clone(), couple.clone(), other.to_owned()]
}

fn daily(function: &str, diaries: &[Diary]) -> f64 {
    let days = centred(&diaries[0]);
    match function {
        "intraclass" => intraclass(&diaries[0]),
        "next" => {
            let later = days
                .iter()
                .map(|((person, day), x)| ((person.clone(), day + 1), *x));
            correlation(&pairs(&later.collect(), &days))
        }
        "same" => {
            let other = days
                .iter()
                .map(|((person, day), x)| ((partner(person), *day), *x));
            correlation(&pairs(&other.collect(), &days))
        }
        "means" => {
            let means = means(&diaries[0]);
            let other = means.iter().map(|(person, mean)| (partner(person), *mean));
            correlation(&pairs(&other.collect(), &means))
        }
        _ => {
            let pairs = pairs(&centred(&diaries[1]), &days);
            let (xx, _, xy) = products(&pairs);
            if function == "slope" {
                xy / xx
            } else {
                correlation(&pairs)
            }
        }
    }
}

/// The share of the variance that lies between persons, by analysis of variance.
fn intraclass(diary: &Diary) -> f64 {
    let persons = diary.len() as f64;
    let all: Vec<f64> = diary
        .values()
        .flat_map(|days| days.values().copied())
        .collect();
    let n = all.len() as f64;
    let grand = all.iter().sum::<f64>() / n;
    let (mut between, mut within, mut squares) = (0.0, 0.0, 0.0);
    for (person, mean) in means(diary) {
        let days = &diary[&person];
        let count = days.len() as f64;
        between += count * (mean - grand).powi(2);
        within += days.values().map(|x| (x - mean).powi(2)).sum::<f64>();
        squares += count * count;
    }
    let (between, within) = (between / (persons - 1.0), within / (n - persons));
    let size = (n - squares / n) / (persons - 1.0);
    (between - within) / (between + (size - 1.0) * within)
}

/// Actor or partner effect of the second variable on the first. With exchangeable partners and equal
/// correlation of their errors, generalised least squares separates into a regression of couples' means and
/// one of partners' differences: the effects' sum and their difference.
fn dyadic(function: &str, found: &[Found]) -> f64 {
    let [y, x] = [&found[0], &found[1]].map(Found::diary);
    let (y, x) = (means(&y), means(&x));
    let (mut sums, mut differences) = (Vec::new(), (0.0, 0.0));
    for (person, own) in x.iter().filter(|(person, _)| person[2] == "a") {
        let other = partner(person);
        let four = (y.get(person), y.get(&other), x.get(&other));
        if let (Some(y), Some(z), Some(w)) = four {
            sums.push((own + w, y + z));
            differences.0 += (own - w) * (own - w);
            differences.1 += (own - w) * (y - z);
        }
    }
    let (xx, _, xy) = products(&sums);
    let (sum, difference) = (xy / xx, differences.1 / differences.0);
    if function == "actor" {
        (sum + difference) / 2.0
    } else {
        (sum - difference) / 2.0
    }
}

#[test]
fn statistics_of_a_table() {
    let couples = |trust: [f64; 3]| {
        let [a, b, c] = trust;
        let text = format!(
            "replicate,couple,trust_end_a,trust_end_b,time,status,ended\n\
             1,1,{a},.4,730.5,0,false\n1,2,{b},.6,100,1,true\n2,1,{c},.5,365.25,1,true\n"
        );
        Source::Tables(BTreeMap::from([(
            "couples".to_owned(),
            Table::from_text(&text),
        )]))
    };
    let (base, other) = (couples([0.1, 0.2, 0.3]), couples([0.2, 0.4, 0.6]));
    let value = |text: &str| {
        let source = |name: &str| if name == "other" { &other } else { &base };
        Statistic::parse(text).value(source)
    };
    let is = |text: &str, expected: f64| {
        let found = value(text).expect("a value").value;
        assert!((found - expected).abs() < 1e-12, "{text}: {found}");
    };
    is("mean couples.trust_end_*", (0.25 + 0.4 + 0.4) / 3.0);
    is("percent mean couples.time<=365", 100.0 / 3.0);
    is("sum couples.ended=true", 2.0);
    is("couples.trust_end_a[replicate=2]", 0.3);
    is("- couples.trust_end_b-trust_end_a[couple=2]", -0.4);
    is(
        "mean other:couples.trust_end_a[time>200] - 0.5*couples.trust_end_a[time>200]",
        0.3,
    );
    is(
        "correlation couples.trust_end_a other:couples.trust_end_a",
        1.0,
    );
    is("rate 0 1 couples.time", 2.0 / (2.0 + 100.0 / 365.25));
    // Differences .1, .2, .3: mean .2 ± 4.3027 · .1 / √3.
    let found = value("mean other:couples.trust_end_a - couples.trust_end_a").expect("a value");
    let [low, high] = found.interval.expect("an interval");
    assert!(
        (found.value - low - 0.2484).abs() < 1e-4 && (high - found.value - 0.2484).abs() < 1e-4
    );
    assert!(value("couples.trust_end_a").is_err(), "several rows");
    assert!(
        value("mean couples.trust_end_a[couple=7]").is_err(),
        "no row"
    );
}

#[test]
fn statistics_of_days() {
    // Two couples of four days. Partners' distances from their means are the same in couple 1 and opposite
    // in couple 2; y is twice x but for the person's mean.
    let mut text = "replicate,couple,role,day,x,y\n".to_owned();
    for (couple, role, level, sign) in [
        (1, "a", 1.0, 1.0),
        (1, "b", 2.0, 1.0),
        (2, "a", 5.0, 1.0),
        (2, "b", 6.0, -1.0),
    ] {
        for (day, step) in [(1, -3.0), (2, 1.0), (3, -1.0), (4, 3.0)] {
            let x = level + sign * step;
            text += &format!("1,{couple},{role},{day},{x},{}\n", 2.0 * x - 10.0 * level);
        }
    }
    let days = Source::Tables(BTreeMap::from([(
        "days".to_owned(),
        Table::from_text(&text),
    )]));
    let is = |text: &str, expected: f64| {
        let found = Statistic::parse(text)
            .value(|_| &days)
            .expect("a value")
            .value;
        assert!((found - expected).abs() < 1e-12, "{text}: {found}");
    };
    is("slope days.y days.x", 2.0);
    is("within days.y days.x", 1.0);
    is("same days.x[couple=1]", 1.0);
    is("same days.x[couple=2]", -1.0);
    is("same days.x", 0.0);
    is(
        "means days.x",
        correlation(&[(1.0, 2.0), (2.0, 1.0), (5.0, 6.0), (6.0, 5.0)]),
    );
    is(
        "next days.x[role=a]",
        correlation(&[(-3.0, 1.0), (1.0, -1.0), (-1.0, 3.0)]),
    );
    // Means 1, 2, 5, 6: between 4 · 17 / 3, within 4 · 20 / 12.
    let (between, within) = (68.0 / 3.0, 80.0 / 12.0);
    is(
        "intraclass days.x",
        (between - within) / (between + 3.0 * within),
    );
    // y of the mean is -8 times x, of both partners.
    is("actor days.y days.x", -8.0);
    is("partner days.y days.x", 0.0);
}
