//! `[mechanisms]` and `[parameters]`, and `[traits]`, `[initial]`, `[childhood]` and `[couple]`, whose
//! numbers may vary over couples. The keys are those of the model's own tables.

use crate::childhood::UPBRINGING;
use crate::math::distribution::{Distribution, DistributionError};
use crate::model::IntimacyTarget;
use crate::model::parameters::ParameterSpec;
use crate::model::parameters::{MECHANISMS, PARAMETERS};
use crate::model::types::{CONTACT, STATES, TRAITS};
use crate::scenario::diagnostic::{Code, Diagnostic, Span};
use crate::scenario::distribution::{
    DistributionSpec, FAMILIES, FamilyNumber, FamilySpec, HEAVY, NumberRange, STEEP,
};
use crate::scenario::docs::distributions_page;
use crate::scenario::nearest::nearest;
use crate::scenario::reader::{ListWords, OpenTable, ScenarioReader, listed, no_such_key};
use crate::scenario::schema::{Access, KeySpec, TableForm, TableSpec, TemplateForm, ValueKind};
use crate::scenario::spec::{
    CHILDHOOD, PARTNERS, ScenarioSpec, Variable, every_place, key_of, slope_keys,
};
use crate::scenario::tree::{TomlEntry, TomlNode, TomlTable, toml_line};
use crate::scenario::value::{self, Setting};
use crate::simulation::InitialVariable;
use crate::simulation::defaults::{
    from_childhood, has_initial_value, upbringing_variables, variables as initial_variables,
};

/// `[mechanisms]`.
pub(crate) fn mechanisms() -> TableSpec {
    let switches = MECHANISMS.iter().map(|switch| {
        let doc = format!("Whether {}; without it, {}", switch.meaning, switch.absence);
        KeySpec::switch(switch.key, doc)
            .kept(Access::SwitchOf(|spec, key| spec.mechanisms.get_mut(key)))
    });
    let target = KeySpec::word(
        "intimacy_target",
        IntimacyTarget::WORDS,
        "What a disclosure that is met moves intimacy toward: the mean of depth and response, the \
         lesser of them, or the response alone",
    );
    let target = target.kept(Access::Setting(
        |spec| Setting::from(spec.intimacy_target.word()),
        |spec, word| {
            let target = IntimacyTarget::from_word(&word.to_string());
            spec.intimacy_target = target.unwrap_or_default();
        },
    ));
    let keys = switches.chain([target]).collect();
    TableSpec::new("mechanisms", "Which mechanisms of the model are on", keys)
}

/// `[parameters]`.
pub(crate) fn parameters() -> TableSpec {
    let own = Access::FloatOf(|spec, key| spec.parameters.get_mut(key));
    let keys = PARAMETERS
        .iter()
        .map(|line| KeySpec::parameter(line).kept(own));
    TableSpec::new("parameters", "Parameters of the model", keys.collect())
}

/// `[traits]`, `[traits.a]` and `[traits.b]`.
pub(crate) fn traits() -> TableSpec {
    let keys = TRAITS.iter().map(KeySpec::variable).collect();
    TableSpec {
        form: TableForm::PerPartner,
        examples: "\
# The same keys under [traits.a] or [traits.b] say it of one partner alone. Examples, one for each
# family of distributions:
#[traits.a]
#anxiety = { dist = \"beta\", mean = 0.6, sd = 0.15 }
#avoidance = { dist = \"uniform\", low = 0.1, high = 0.5 }
#responsiveness = { dist = \"logit_normal\", median = 0.9, logit_sd = 1.5, slopes = { anxiety = -0.3, avoidance = -0.8 } }
#openness = { dist = \"log_normal\", median = 1.0, log_sd = 0.25 }
#consistency = { dist = \"truncated_normal\", mean = 0.5, sd = 0.1, low = 0.2, high = 0.8 }
#understanding = { dist = \"choice\", values = [0.7, 1.0], weights = [1.0, 3.0] }
#effort = { dist = \"normal\", mean = 0.5, sd = 0.1 }
#[traits.b]
#patience = 0.3
",
        write: Some(per_partner_to_toml),
        ..TableSpec::new("traits", "What partners are: a number, or a distribution over couples", keys)
    }
}

/// `[initial]`, `[initial.a]` and `[initial.b]`.
pub(crate) fn initial() -> TableSpec {
    let own = STATES.iter().filter(|line| has_initial_value(line.key));
    let doc = "How partners begin; anxiety and avoidance begin at the traits of these names";
    TableSpec {
        form: TableForm::PerPartner,
        examples: "\
# Examples for one partner:
#[initial.a]
#trust = 0.6
#[initial.b]
#trust = { dist = \"uniform\", low = 0.4, high = 0.9 }
",
        write: Some(per_partner_to_toml),
        ..TableSpec::new("initial", doc, own.map(KeySpec::variable).collect())
    }
}

/// `[childhood]`, `[childhood.a]` and `[childhood.b]`.
pub(crate) fn childhood() -> TableSpec {
    let doc = "What partners were brought up with, in the place of the traits `anxiety` and \
               `avoidance`: with keys of its own, or without any key, the table is for both \
               partners; with tables of partners alone, for these";
    TableSpec {
        form: TableForm::PerPartner,
        shown: TemplateForm::Optional,
        examples: "\
# Examples: B alone was brought up so, by a caregiver who was not always there.
#[childhood.b]
#sensitivity = { dist = \"beta\", mean = 0.6, sd = 0.15 }
#availability = 0.7
",
        write: Some(per_partner_to_toml),
        ..TableSpec::new(
            CHILDHOOD,
            doc,
            UPBRINGING.iter().map(KeySpec::variable).collect(),
        )
    }
}

/// `[couple]`.
pub(crate) fn couple() -> TableSpec {
    let keys = vec![KeySpec::variable(&CONTACT)];
    TableSpec {
        write: Some(couple_to_toml),
        page: Some(distributions_page),
        ..TableSpec::new("couple", "What belongs to the couple as a whole", keys)
    }
}

fn couple_to_toml(spec: &ScenarioSpec, table: &TableSpec) -> String {
    let mut text = format!("\n[{}]\n", table.name);
    let own = |variable: &&Variable| key_of(variable.place).0 == table.name;
    for variable in spec.variables.iter().filter(own) {
        toml_line(
            &mut text,
            variable.place.description().key,
            &variable.to_toml(),
        );
    }
    text
}

/// What both partners share, then what each has alone.
fn per_partner_to_toml(spec: &ScenarioSpec, table: &TableSpec) -> String {
    let mut text = String::new();
    let of = |key: &str, person: usize| {
        let own = |it: &&Variable| key_of(it.place) == (table.name, Some(person), key);
        spec.variables.iter().find(own)
    };
    let shared = |key: &str| {
        of(key, 0)
            .zip(of(key, 1))
            .is_some_and(|(a, b)| a.is_like(b))
    };
    let keys = || table.keys.iter().map(|key| key.key);
    // A table of childhoods says by itself that both have one.
    if table.shown == TemplateForm::Active || keys().any(shared) {
        text.push_str(&format!("\n[{}]\n", table.name));
    }
    for key in keys().filter(|key| shared(key)) {
        toml_line(
            &mut text,
            key,
            &of(key, 0).map_or_else(String::new, Variable::to_toml),
        );
    }
    for (person, partner) in PARTNERS.iter().enumerate() {
        let own: Vec<&Variable> = keys()
            .filter(|key| !shared(key))
            .filter_map(|key| of(key, person))
            .collect();
        if !own.is_empty() {
            text.push_str(&format!("\n[{}.{partner}]\n", table.name));
        }
        for variable in own {
            toml_line(
                &mut text,
                variable.place.description().key,
                &variable.to_toml(),
            );
        }
    }
    text
}

/// Reads every number of a couple, in the order in which they are drawn.
pub(crate) fn read_variables(
    reader: &mut ScenarioReader,
    root: &TomlTable,
    spec: &mut ScenarioSpec,
) {
    let childhood = childhood_given(root);
    let mut given = Vec::new();
    for table in reader
        .tables
        .iter()
        .filter(|table| table.form == TableForm::PerPartner)
    {
        given.extend(read_per_partner(reader, root, table.name));
    }
    check_childhood(reader, root, childhood);
    let couple = reader.open(root, "couple");
    given.extend(variables_of(reader, &couple, "couple", None));
    let of = |place: InitialVariable| {
        given
            .iter()
            .find(|variable| variable.place == place)
            .cloned()
    };
    let comes_from_childhood = |place: &InitialVariable| {
        from_childhood(*place) && key_of(*place).1.is_some_and(|person| childhood[person])
    };
    let places = initial_variables()
        .into_iter()
        .filter(|place| !comes_from_childhood(place));
    let upbringings = (0..PARTNERS.len()).filter(|person| childhood[*person]);
    spec.variables = places
        .chain(upbringings.flat_map(upbringing_variables))
        .map(|place| of(place).unwrap_or_else(|| Variable::default_of(place)))
        .collect();
}

/// What a table for both partners and its two tables for one say of each; one partner's own goes first.
fn read_per_partner(
    reader: &mut ScenarioReader,
    root: &TomlTable,
    name: &'static str,
) -> Vec<Variable> {
    let spec = reader.spec(name);
    let table = root.node(name).and_then(|node| reader.as_table(node, name));
    let both = reader.open_as(table, name, spec, &PARTNERS);
    let own = PARTNERS.map(|partner| {
        let full = format!("{name}.{partner}");
        let node = table.and_then(|table| table.node(partner));
        let table = node.and_then(|node| reader.as_table(node, &full));
        reader.open_as(table, &full, spec, &[])
    });
    let shared = variables_of(reader, &both, name, Some(0));
    let mut all = Vec::new();
    for (person, table) in own.iter().enumerate() {
        all.extend(variables_of(reader, table, name, Some(person)));
        let of_person = |variable: &Variable| {
            let key = key_of(variable.place).2;
            let place = every_place().find(|place| key_of(*place) == (name, Some(person), key))?;
            Some(Variable {
                place,
                ..variable.clone()
            })
        };
        all.extend(shared.iter().filter_map(of_person));
    }
    all
}

fn variables_of(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    name: &str,
    person: Option<usize>,
) -> Vec<Variable> {
    let mut all = Vec::new();
    for key in &table.spec.keys {
        let ValueKind::Variable(line) = key.kind else {
            continue;
        };
        let place = every_place().find(|place| key_of(*place) == (name, person, key.key));
        if let (Some(node), Some(place)) = (table.node(key.key), place) {
            let name = format!("{}.{}", table.name, key.key);
            all.extend(VariableReader { place, line, name }.read(reader, node));
        }
    }
    all
}

/// Whether each partner has a childhood: both where the table has keys of its own or none at all,
/// else those whose tables stand inside it.
fn childhood_given(root: &TomlTable) -> [bool; 2] {
    let Some(table) = root.table(CHILDHOOD) else {
        return [false; 2];
    };
    let of_one = |entry: &TomlEntry| PARTNERS.contains(&entry.key.as_str());
    let both = table.entries.is_empty() || !table.entries.iter().all(of_one);
    PARTNERS.map(|partner| both || table.entry(partner).is_some())
}

/// Reports traits that are given to partners in whom they come from childhood.
fn check_childhood(reader: &mut ScenarioReader, root: &TomlTable, childhood: [bool; 2]) {
    let (Some(table), Some(traits)) = (root.entry(CHILDHOOD), root.table("traits")) else {
        return;
    };
    for place in initial_variables()
        .into_iter()
        .filter(|place| from_childhood(*place))
    {
        let (_, Some(person), key) = key_of(place) else {
            continue;
        };
        // What is said of both is one error, though it is said of each.
        let shared = Some(traits).filter(|_| person == 0 && childhood != [false; 2]);
        let own = traits.table(PARTNERS[person]).filter(|_| childhood[person]);
        for entry in shared
            .into_iter()
            .chain(own)
            .filter_map(|table| table.entry(key))
        {
            let message = format!("`{key}` is given, and comes from childhood as well");
            let error = Diagnostic::new(Code::Conflict, entry.key_at, message).label("and here");
            let error = error.other(table.key_at, "comes from here");
            reader.report(error.hint(childhood_hint(key, childhood)));
        }
    }
}

fn childhood_hint(key: &str, childhood: [bool; 2]) -> String {
    match childhood.iter().position(|own| !own) {
        None => format!("take out `{key}`, or the table [childhood]"),
        Some(other) => {
            let (without, with) = (PARTNERS[other], PARTNERS[1 - other]);
            format!(
                "partner {with} has a childhood and partner {without} has none: give `{key}` under \
                 [traits.{without}] alone"
            )
        }
    }
}

/// So many quantiles tell how much of a distribution lies outside.
const POINTS: u32 = 200;
/// From this share on it is most of it.
const MOST: f64 = 0.5;

/// One number, being read.
struct VariableReader {
    place: InitialVariable,
    line: &'static ParameterSpec,
    /// Table and key, as messages name it.
    name: String,
}

impl VariableReader {
    /// Reads what stands at `node`; `None` where nothing can be made of it.
    fn read(&self, reader: &mut ScenarioReader, node: &TomlNode) -> Option<Variable> {
        let Some(table) = node.table() else {
            let value = reader.number_in(node, self.line.key, self.line.low, self.line.high)?;
            return Some(self.variable(DistributionSpec::constant(value), Vec::new()));
        };
        let before = reader.errors.len();
        let family = self.family(reader, table)?;
        let mut known = vec!["dist", "slopes"];
        known.extend(family.keys.iter().map(|key| key.key));
        if family.keys.is_empty() {
            known.extend(["values", "weights"]);
        }
        let excused = reader.check_keys(table, &self.name, &known);
        let form = FamilyReader {
            variable: self,
            table,
            family,
            excused,
        };
        let distribution = form.read(reader);
        let slopes = self.slopes(reader, table);
        if reader.errors.len() == before && self.check(reader, table, &distribution) {
            self.warn_if_clipped(reader, node, &distribution);
        }
        Some(self.variable(distribution, slopes))
    }

    fn variable(&self, distribution: DistributionSpec, slopes: Vec<(usize, f64)>) -> Variable {
        Variable {
            place: self.place,
            distribution,
            slopes,
            given: true,
        }
    }

    fn family(
        &self,
        reader: &mut ScenarioReader,
        table: &TomlTable,
    ) -> Option<&'static FamilySpec> {
        let words: Vec<&'static str> = FAMILIES.iter().map(|family| family.word).collect();
        match table.node("dist") {
            Some(node) => {
                let word = reader.accept(node, "dist", value::word(node, &words))?;
                FamilySpec::named(word)
            }
            None => {
                let error = self.no_family(table, &words);
                reader.report(error);
                None
            }
        }
    }

    fn no_family(&self, table: &TomlTable, words: &[&str]) -> Diagnostic {
        let mut entries = table.entries.iter();
        if let Some(typo) = entries.find(|entry| nearest(&entry.key, ["dist"]).is_some()) {
            return no_such_key(typo, "in a distribution").hint("did you mean `dist`?");
        }
        let (key, low, high) = (self.line.key, self.line.low, self.line.high);
        let message = format!("the distribution of `{key}` has no `dist`");
        let example = format!("{key} = {{ dist = \"uniform\", low = {low}, high = {high} }}");
        Diagnostic::new(Code::MissingKey, table.at, message)
            .label("which family?")
            .hint(format!(
                "write for example `{example}`; the families are {}",
                listed(words)
            ))
    }

    fn slopes(&self, reader: &mut ScenarioReader, table: &TomlTable) -> Vec<(usize, f64)> {
        let keys = slope_keys();
        let node = table.node("slopes");
        let slopes = node.and_then(|node| reader.as_table(node, "slopes"));
        let Some(slopes) = slopes else {
            return Vec::new();
        };
        reader.check_keys(slopes, &format!("{}.slopes", self.name), &keys);
        let mut all = Vec::new();
        for (on, key) in keys.iter().enumerate() {
            let Some(entry) = slopes.entry(key) else {
                continue;
            };
            if !self.may_depend_on(on) {
                reader.report(self.bad_slope(key, entry.key_at));
            } else if let Some(by) = reader.number_in(&entry.node, key, -STEEP, STEEP) {
                all.push((on, by));
            }
        }
        all
    }

    /// Whether the number is drawn after the trait at this position.
    fn may_depend_on(&self, on: usize) -> bool {
        match self.place {
            InitialVariable::Trait(_, index) => on < index,
            InitialVariable::Start(..) => true,
            InitialVariable::Upbringing(..) | InitialVariable::Contact => false,
        }
    }

    fn bad_slope(&self, key: &str, at: Span) -> Diagnostic {
        let message = format!("`{}` cannot lean on {key}", self.line.key);
        let hint = match self.place {
            InitialVariable::Trait(..) => {
                "a trait can lean on those that are drawn before it: first anxiety, then \
                 avoidance, then all others; use [correlations] instead"
            }
            InitialVariable::Upbringing(..) => {
                "childhood comes before the person's own attachment; use [correlations] instead"
            }
            _ => {
                "what belongs to the couple has no attachment of its own; use [correlations] \
                 instead"
            }
        };
        Diagnostic::new(Code::BadSlope, at, message)
            .label("not drawn before it")
            .hint(hint)
    }

    /// Reports why the numbers are no distribution; says whether they are one.
    fn check(
        &self,
        reader: &mut ScenarioReader,
        table: &TomlTable,
        distribution: &DistributionSpec,
    ) -> bool {
        let Err(error) = Distribution::new(distribution.family()) else {
            return true;
        };
        let (key, hint) = blame(&error);
        let at = table.node(key).map_or(table.at, |node| node.at);
        let word = distribution.family.map_or("", |family| family.word);
        let message = format!("this is no {word} distribution: {error}");
        reader.report(
            Diagnostic::new(Code::NotADistribution, at, message)
                .label("here")
                .maybe_hint(hint),
        );
        false
    }

    /// Warns where most of a distribution would be moved to the ends of the range.
    fn warn_if_clipped(
        &self,
        reader: &mut ScenarioReader,
        node: &TomlNode,
        distribution: &DistributionSpec,
    ) {
        let Ok(distribution) = Distribution::new(distribution.family()) else {
            return;
        };
        let outside = (0..POINTS).filter(|point| {
            let p = (f64::from(*point) + 0.5) / f64::from(POINTS);
            !self.line.allows(distribution.quantile(p))
        });
        let share = outside.count() as f64 / f64::from(POINTS);
        if share > MOST {
            let (key, percent) = (self.line.key, 100.0 * share);
            let message =
                format!("{percent:.0} % of this distribution lies outside the range of `{key}`");
            let ends = format!(
                "values are moved to {} and {}",
                self.line.low, self.line.high
            );
            let warning = Diagnostic::new(Code::MostlyClipped, node.at, message).label(ends);
            reader
                .warnings
                .push(warning.hint("use a truncated normal, or another mean"));
        }
    }
}

/// The table of a distribution, being read.
struct FamilyReader<'f> {
    variable: &'f VariableReader,
    table: &'f TomlTable,
    family: &'static FamilySpec,
    /// Keys that were probably meant by unknown ones.
    excused: Vec<&'static str>,
}

impl FamilyReader<'_> {
    fn read(&self, reader: &mut ScenarioReader) -> DistributionSpec {
        let mut distribution = DistributionSpec::of(self.family.word, &[]);
        for key in self.family.keys {
            distribution
                .numbers
                .extend(self.number(reader, key).map(|value| (key.key, value)));
        }
        if self.family.keys.is_empty() {
            self.choice(reader, &mut distribution);
        }
        if !self.family.either.is_empty() {
            self.check_either(reader);
        }
        distribution
    }

    fn number(&self, reader: &mut ScenarioReader, key: &FamilyNumber) -> Option<f64> {
        let line = self.variable.line;
        let (low, high) = match key.range {
            NumberRange::Fixed(low, high) => (low, high),
            _ => (line.low, line.high),
        };
        if let Some(node) = self.table.node(key.key) {
            return reader.number_in(node, key.key, low, high);
        }
        match key.range {
            NumberRange::LowOfNumber => return Some(low),
            NumberRange::HighOfNumber => return Some(high),
            _ if self.family.either.contains(&key.key) => {}
            _ => self.missing(
                reader,
                key.key,
                &format!("`{}` is the {}", key.key, key.meaning),
            ),
        }
        None
    }

    fn missing(&self, reader: &mut ScenarioReader, key: &str, hint: &str) {
        if self.excused.contains(&key) || reader.broken {
            return;
        }
        let (word, name) = (self.family.word, self.variable.line.key);
        let message = format!("the {word} distribution of `{name}` has no `{key}`");
        reader.report(
            Diagnostic::new(Code::MissingKey, self.table.at, message)
                .label("here")
                .hint(hint),
        );
    }

    fn check_either(&self, reader: &mut ScenarioReader) {
        let keys = self.family.either;
        let given: Vec<_> = keys
            .iter()
            .filter_map(|key| self.table.entry(key))
            .collect();
        match given[..] {
            [first, second] => {
                let message = format!("`{}` and `{}` say the same thing", first.key, second.key);
                let error = Diagnostic::new(Code::Conflict, second.key_at, message)
                    .label("and here")
                    .other(first.key_at, "said here")
                    .hint("keep one of the two");
                reader.report(error);
            }
            [] if !self.excused.iter().any(|key| keys.contains(key)) => {
                self.missing(reader, keys[0], &format!("give `{}`", keys.join("` or `")));
            }
            _ => {}
        }
    }

    fn choice(&self, reader: &mut ScenarioReader, distribution: &mut DistributionSpec) {
        let (low, high) = (self.variable.line.low, self.variable.line.high);
        match self.table.node("values") {
            Some(node) => distribution.values = numbers(reader, node, "values", low, high),
            None => {
                let hint = "`values` lists what is chosen from, such as `values = [0.2, 0.8]`";
                self.missing(reader, "values", hint);
            }
        }
        if let Some(node) = self.table.node("weights") {
            distribution.weights = numbers(reader, node, "weights", 0.0, HEAVY);
        }
    }
}

fn numbers(
    reader: &mut ScenarioReader,
    node: &TomlNode,
    key: &str,
    low: f64,
    high: f64,
) -> Vec<f64> {
    let words = ListWords {
        takes: "a list of numbers",
        example: &format!("write `{key} = [0.2, 0.8]`"),
        if_empty: Some(""),
    };
    let found = reader.list(node, key, &words, |reader, item| {
        reader.number_in(item, key, low, high)
    });
    found
        .unwrap_or_default()
        .into_iter()
        .map(|(number, _)| number)
        .collect()
}

/// The key to blame and what to do.
fn blame(error: &DistributionError) -> (&'static str, Option<String>) {
    let say = |hint: &str| Some(hint.to_owned());
    match error {
        DistributionError::NotFinite { .. } => ("median", None),
        DistributionError::NegativeSpread { .. } => ("sd", None),
        DistributionError::MeanOutside { .. } => ("mean", None),
        DistributionError::SpreadTooLarge { limit, .. } if *limit > 0.0 => {
            let hint = format!("a beta variable with this mean varies less than {limit:.4}");
            ("sd", Some(hint))
        }
        DistributionError::SpreadTooLarge { .. } => (
            "mean",
            say("a beta variable with a mean of 0 or 1 cannot vary: write the number alone"),
        ),
        DistributionError::EmptyRange { .. } => (
            "low",
            say("write the lower number as `low`; for a single value write the number alone"),
        ),
        DistributionError::WeightCount { .. } => ("weights", say("give one weight for each value")),
        DistributionError::NegativeWeight { .. } => ("weights", None),
        DistributionError::NoWeight => ("weights", say("at least one weight must be above 0")),
    }
}
