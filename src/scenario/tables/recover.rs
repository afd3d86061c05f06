//! `[recover]` and `[[rival]]`: which numbers a study could recover, and which explanations it could tell apart.

use crate::scenario::claims::read::{ConditionKey, leaves};
use crate::scenario::diagnostic::{Code, Diagnostic, SourceText, Span};
use crate::scenario::docs::{inner_page, keys_table};
use crate::scenario::document::Attachments;
use crate::scenario::dotted_keys::{KeyPath, SettableKey, set_value, settable_keys};
use crate::scenario::json_schema::{closed, refine};
use crate::scenario::nearest::nearest;
use crate::scenario::parsed::Scenario;
use crate::scenario::power_spec::AnalysisKind;
use crate::scenario::prior::{Prior, plain_name, prior_keys, read_prior};
use crate::scenario::reader::{OpenTable, ScenarioReader, listed, wrong_type};
use crate::scenario::recover::{
    ALONE, ComparedDesign, DerivedEffect, Explanation, PriorQuantity, RecoverSpec,
};
use crate::scenario::schema::{KeySpec, TableForm, TableSpec, TemplateForm};
use crate::scenario::spec::ScenarioSpec;
use crate::scenario::tables;
use crate::scenario::tables::power::{effect_keys, read_effect};
use crate::scenario::tree::{
    TomlEntry, TomlNode, TomlTable, toml_key, toml_line, toml_list, toml_text, toml_value,
};
use crate::scenario::value::{Accepts, is_snake_case};
use crate::simulation::survey::design::{STUDY_SCALES, StudyDesign};
use serde_json::{Value, json};

/// Fewest data sets of a reference table: with fewer, an interval has no ends.
pub(crate) const FEWEST_SIMULATIONS: i64 = 100;
const MOST_SIMULATIONS: i64 = 1_000_000;
const MOST_DESIGNS: usize = 24;
const MOST_QUANTITIES: usize = 12;
const MOST_RIVALS: usize = 8;
/// Quantities of which all corners of the priors are tried.
const MOST_CROSSED: usize = 6;
/// The tables that a rival can change: those that the life of couples depends on.
const OF_COUPLES: [&str; 8] = [
    "traits",
    "initial",
    "childhood",
    "couple",
    "correlations",
    "mechanisms",
    "parameters",
    "event",
];

pub(crate) fn table() -> TableSpec {
    let keys = vec![
        KeySpec::integer(
            "simulations",
            FEWEST_SIMULATIONS,
            MOST_SIMULATIONS,
            "Simulated data sets of the reference table, of each rival as many",
        )
        .default("2000"),
        KeySpec::integer(
            "tests",
            30,
            MOST_SIMULATIONS,
            "Data sets of the reference table that are inferred back from the others, at most",
        )
        .default("400"),
        KeySpec::special(
            "quantity",
            "tables `[[recover.quantity]]`",
            "The numbers that are to be recovered",
        ),
        KeySpec::special(
            "effect",
            "tables `[[recover.effect]]`",
            "Effects that a study estimates, which follow from the quantities and are recovered as these are",
        ),
        KeySpec::special(
            "vary",
            "a table of lists",
            "Values of keys of [study], all combinations of which are compared",
        ),
    ];
    let doc = "Which numbers behind a study's couples its data can tell: `pairbond recover` simulates, looks through \
               the [study] and infers back";
    TableSpec {
        shown: TemplateForm::Described,
        settable: false,
        inner: vec![
            quantity_table("recover.quantity"),
            effect_table(),
            vary_table(),
        ],
        prose: PROSE,
        examples: EXAMPLES,
        json: Some(json),
        page: Some(page),
        ..TableSpec::new("recover", doc, keys)
    }
}

fn quantity_table(name: &'static str) -> TableSpec {
    let mut keys = vec![
        KeySpec::text("key", "The key of the number, dotted as for --set"),
        KeySpec::text("name", "What tables and charts call it; by default the key"),
    ];
    keys.extend(prior_keys());
    TableSpec {
        form: TableForm::List("a quantity"),
        settable: false,
        shown: TemplateForm::Described,
        ..TableSpec::new(name, "A number with its prior", keys)
    }
}

fn effect_table() -> TableSpec {
    let mut keys = effect_keys();
    keys.push(KeySpec::text(
        "name",
        "What tables and charts call it; by default effect, predictor and outcome",
    ));
    TableSpec {
        form: TableForm::List("an effect"),
        settable: false,
        shown: TemplateForm::Described,
        prose: "An effect is no number of the model: couples have it by the quantities that are drawn. What it is in a \
                simulation is estimated by the same analysis from complete answers without error of \
                `reference_couples` couples of their own to the `[study]` of the scenario, whatever designs are compared.\n\n",
        ..TableSpec::new(
            "recover.effect",
            "An effect of one scale on another, as [power] analyses them, that is to be recovered",
            keys,
        )
    }
}

fn vary_table() -> TableSpec {
    TableSpec {
        settable: false,
        shown: TemplateForm::Described,
        prose: "Its keys are those of `[study]`, each with a list of values, such as `couples = [50, 100]` or \
                `diary = [[\"daily_conflict\"], [\"daily_conflict\", \"daily_stress\"]]`. All combinations are \
                compared, on the same couples.\n\n",
        ..TableSpec::new(
            "recover.vary",
            "Values of keys of [study] that are compared",
            Vec::new(),
        )
    }
}

pub(crate) fn rivals() -> TableSpec {
    let keys = vec![
        KeySpec::text("name", "Its name, in snake_case"),
        KeySpec::special(
            "set",
            "a table of keys with values",
            "What is different from the scenario, such as `{ mechanisms.buffering = false }`",
        ),
        KeySpec::text(
            "scenario",
            "Another scenario file, whose couples stand in the place of this one's",
        ),
        KeySpec::special(
            "quantity",
            "tables `[[rival.quantity]]`",
            "Numbers that are drawn for this rival: in place of those of [recover] with the same key, and besides them",
        ),
    ];
    TableSpec {
        form: TableForm::List("a rival"),
        settable: false,
        shown: TemplateForm::Described,
        inner: vec![quantity_table("rival.quantity")],
        prose: RIVAL_PROSE,
        examples: RIVAL_EXAMPLES,
        json: Some(rivals_json),
        page: Some(page),
        ..TableSpec::new(
            "rival",
            "An explanation that `pairbond recover` tells apart from the others where it can",
            keys,
        )
    }
}

const PROSE: &str = "\
`pairbond recover` draws each quantity from its prior, simulates couples, looks at them through the `[study]` and infers
the quantities back ([will my study tell?](recover.md)). A quantity is any number of the couples that `--set` reaches: a
parameter, a trait's median, a correlation, the size of an event. The priors are independent. An effect that a study
estimates, such as that of a partner's conflict on satisfaction, follows from them: `[[recover.effect]]`.

";

const RIVAL_PROSE: &str = "\
Two or more rivals are simulated equally often, and each data set is assigned to one of them from what the study sees. A
rival has either `set`, or `scenario`, or only quantities of its own; study, days and couples are those of this file.

";

const EXAMPLES: &str = "\
# Example: can a diary tell how fast trust grows and how much it loses?
#[recover]
#simulations = 2000
#[[recover.quantity]]
#key = \"parameters.trust_rate\"
#prior = \"uniform\"
#low = 0.005
#high = 0.05
#[recover.vary]
#burst_days = [7, 28]
";

const RIVAL_EXAMPLES: &str = "\
# Example: does a study show whether responsiveness buffers stress?
#[[rival]]
#name = \"buffering\"
#set = { mechanisms.buffering = true }
#[[rival]]
#name = \"none\"
#set = { mechanisms.buffering = false }
";

/// A quantity with the place of its key.
type PlacedQuantity = (PriorQuantity, Span);

/// Reads `[recover]` and `[[rival]]`, if the scenario has them.
pub(crate) fn read(
    reader: &mut ScenarioReader,
    root: &TomlTable,
    spec: &ScenarioSpec,
    attached: &mut Attachments<'_>,
) -> Option<RecoverSpec> {
    let (own, rivals) = (root.node("recover"), root.node("rival"));
    if own.is_none() && rivals.is_none() {
        return None;
    }
    let is_sound = reader.errors.is_empty() && !reader.broken;
    let before = reader.errors.len();
    let table = reader.open(root, "recover");
    let simulations = reader.integer_or_default(&table, "simulations");
    let tests = reader.integer_or_default(&table, "tests").min(simulations);
    if root.node("study").is_none() && is_sound {
        let at = own.or(rivals).map_or(table.at, |node| node.at);
        let message = "a recovery analysis needs a [study] that looks at the couples";
        let error = Diagnostic::new(Code::MissingKey, at, message).label("without a study");
        reader.report(error.hint("add `[study]`, which may be empty"));
    }
    let known = settable_keys(reader.tables, spec);
    let quantities = read_quantities(reader, table.node("quantity"), "recover.quantity", &known);
    let effects = read_effects(reader, &table, spec, &quantities);
    let vary = read_vary(reader, &table);
    let read = read_rivals(reader, spec, rivals, &known, attached);
    let is_empty = quantities.is_empty() && effects.is_empty() && read.is_empty();
    if own.is_some() && is_empty && reader.errors.len() == before {
        let message = "[recover] has nothing to recover";
        let error = Diagnostic::new(Code::MissingKey, table.at, message).label("no quantity");
        reader.report(
            error.hint(
                "add `[[recover.quantity]]` with a `key` and a `prior`, or `[[rival]]` twice",
            ),
        );
    }
    if !is_sound || reader.errors.len() > before {
        return None;
    }
    let plain = without_analyses(root);
    let designs = read_designs(reader, &plain, spec, &vary)?;
    let sources = attached.sources.clone();
    let has_rivals = !read.is_empty();
    let mut explanations = Vec::new();
    if !has_rivals {
        let own = Explanation {
            name: ALONE.to_owned(),
            quantities: Vec::new(),
            root: plain.clone(),
            spec: spec.clone(),
            sources,
        };
        explanations.push(with_quantities(reader, own, &quantities, &[]));
    } else {
        for rival in &read {
            let own = rival.explanation(reader, &plain, spec, &sources);
            let Some(own) = own else { continue };
            explanations.push(with_quantities(reader, own, &quantities, &rival.quantities));
        }
    }
    if !effects.is_empty() && explanations.iter().any(|own| own.quantities.is_empty()) {
        let at = table.at("effect");
        let message = "effects follow from the quantities that are drawn, and there are none";
        let error = Diagnostic::new(Code::MissingKey, at, message).label("always the same");
        reader.report(error.hint("add a `[[recover.quantity]]` that moves them"));
    }
    if reader.errors.len() > before {
        return None;
    }
    let mut toml = String::new();
    let numbers = [("simulations", simulations), ("tests", tests)];
    toml.push_str("\n[recover]\n");
    for (key, value) in numbers {
        toml_line(&mut toml, key, &value.to_string());
    }
    quantities_to_toml(&mut toml, "recover.quantity", &quantities);
    for effect in &effects {
        effect_to_toml(&mut toml, effect);
    }
    if !vary.is_empty() {
        toml.push_str("\n[recover.vary]\n");
        for (entry, values) in &vary {
            let values = values.iter().map(|node| toml_value(&node.value));
            toml_line(&mut toml, &toml_key(&entry.key), &toml_list(values));
        }
    }
    for rival in &read {
        rival.to_toml(&mut toml);
    }
    Some(RecoverSpec {
        simulations: simulations as u32,
        tests: tests as u32,
        designs,
        explanations,
        has_rivals,
        effects,
        toml,
    })
}

/// A document without what is not of the couples.
fn without_analyses(root: &TomlTable) -> TomlTable {
    let mut plain = root.clone();
    let others = ["condition", "claim", "sweep", "recover", "rival"];
    plain
        .entries
        .retain(|entry| !others.contains(&entry.key.as_str()));
    plain
}

fn read_quantities(
    reader: &mut ScenarioReader,
    node: Option<&TomlNode>,
    name: &str,
    known: &[SettableKey],
) -> Vec<PlacedQuantity> {
    let mut all: Vec<PlacedQuantity> = Vec::new();
    for table in reader.open_list(node, name) {
        let Some((quantity, at)) = read_quantity(reader, &table, known) else {
            continue;
        };
        let twin = all
            .iter()
            .find(|(other, _)| other.key == quantity.key || other.name == quantity.name);
        if let Some((_, first)) = twin {
            let message = format!("`{}` is a quantity twice", quantity.name);
            let error = Diagnostic::new(Code::Repeated, at, message).label("again here");
            let error = error.other(*first, "first here");
            reader.report(error.hint("keep one of the two, or give one another `name`"));
        }
        all.push((quantity, at));
    }
    if let (true, Some(node)) = (all.len() > MOST_QUANTITIES, node) {
        let message = format!("{} quantities are more than {MOST_QUANTITIES}", all.len());
        reader.report(Diagnostic::new(Code::OutOfRange, node.at, message).label("too many"));
    }
    all
}

fn read_quantity(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    known: &[SettableKey],
) -> Option<PlacedQuantity> {
    reader.need(table, &["key", "prior"]);
    let key = reader.text(table, "key");
    let at = table.at("key");
    let range = key
        .as_ref()
        .and_then(|key| range_of_key(reader, key, at, known));
    let prior = read_prior(reader, table, range);
    let name = match table.node("name") {
        Some(_) => reader.text(table, "name")?,
        None => plain_name(key.as_ref()?),
    };
    let (key, prior) = (key?, prior?);
    range?;
    let path = KeyPath::new(&key, key.len());
    let quantity = PriorQuantity {
        name,
        key,
        path,
        prior,
    };
    Some((quantity, at))
}

fn read_effects(
    reader: &mut ScenarioReader,
    recover: &OpenTable<'_>,
    spec: &ScenarioSpec,
    quantities: &[PlacedQuantity],
) -> Vec<DerivedEffect> {
    let mut all: Vec<DerivedEffect> = Vec::new();
    let node = recover.node("effect");
    for table in reader.open_list(node, "recover.effect") {
        let Some((power, effect)) = read_effect(reader, &table, spec) else {
            continue;
        };
        let mut own = DerivedEffect {
            name: String::new(),
            power,
            effect,
        };
        own.name = match table.node("name") {
            Some(_) => reader.text(&table, "name").unwrap_or_default(),
            None => own.meaning(),
        };
        let is_taken = all.iter().any(|other| other.name == own.name)
            || quantities.iter().any(|(other, _)| other.name == own.name);
        if is_taken {
            let message = format!("`{}` is recovered twice", own.name);
            let error = Diagnostic::new(Code::Repeated, table.at("name"), message).label("again");
            reader.report(error.hint("keep one of the two, or give one another `name`"));
        }
        all.push(own);
    }
    let count = all.len() + quantities.len();
    if let (true, Some(node)) = (count > MOST_QUANTITIES, node) {
        let message = format!("{count} quantities and effects are more than {MOST_QUANTITIES}");
        reader.report(Diagnostic::new(Code::OutOfRange, node.at, message).label("too many"));
    }
    all
}

fn effect_to_toml(text: &mut String, effect: &DerivedEffect) {
    let power = &effect.power;
    text.push_str("\n[[recover.effect]]\n");
    let word = |text: &mut String, key: &str, value: &str| toml_line(text, key, &toml_text(value));
    word(text, "effect", power.effect_names()[effect.effect]);
    word(
        text,
        "analysis",
        AnalysisKind::WORDS[power.analysis as usize],
    );
    if let Some(measures) = power.study() {
        word(text, "predictor", STUDY_SCALES[measures.predictor].key);
        if let Some(outcome) = measures.outcome {
            word(text, "outcome", STUDY_SCALES[outcome].key);
        }
        let couples = measures.reference_couples;
        toml_line(text, "reference_couples", &couples.to_string());
    }
    if !power.analysis.is_of_panel() {
        toml_line(
            text,
            "lagged_outcome",
            &power.has_lagged_outcome.to_string(),
        );
    }
    word(text, "name", &effect.name);
}

/// Whether a key is of the couples.
fn is_of_couples(key: &str) -> bool {
    OF_COUPLES.contains(&key.split('.').next().unwrap_or(key))
}

/// The range of a number that can be drawn; says why a key has none.
fn range_of_key(
    reader: &mut ScenarioReader,
    key: &str,
    at: Span,
    known: &[SettableKey],
) -> Option<(f64, f64)> {
    let found = known.iter().find(|own| own.key == key);
    let message = match found.map(|own| &own.accepts) {
        Some(Accepts::Number { low, high }) if is_of_couples(key) => return Some((*low, *high)),
        Some(_) if !is_of_couples(key) => format!("`{key}` is no number of the couples"),
        Some(_) => format!("`{key}` is not a number that can be moved by small steps"),
        None => format!("there is nothing to set at `{}`", key.escape_debug()),
    };
    let numbers = known
        .iter()
        .filter(|own| is_of_couples(&own.key) && matches!(own.accepts, Accepts::Number { .. }));
    let near = nearest(key, numbers.map(|own| own.key.as_str()));
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "keys are dotted, as for --set, such as `parameters.trust_rate`".to_owned(),
    };
    let error = Diagnostic::new(Code::NothingToSet, at, message).label("cannot be recovered");
    reader.report(error.hint(hint));
    None
}

/// The varied keys with their values.
type VariedKeys<'t> = Vec<(&'t TomlEntry, &'t [TomlNode])>;

fn read_vary<'t>(reader: &mut ScenarioReader, recover: &OpenTable<'t>) -> VariedKeys<'t> {
    let mut vary = Vec::new();
    let Some(node) = recover.node("vary") else {
        return vary;
    };
    let Some(table) = reader.as_table(node, "recover.vary") else {
        return vary;
    };
    let study = reader.spec("study");
    let own = study.keys.iter().map(|key| key.key);
    let inner = study.inner.iter();
    let known: Vec<&'static str> = own
        .chain(inner.filter_map(|inner| inner.name.strip_prefix("study.")))
        .collect();
    reader.check_keys(table, "recover.vary", &known);
    for entry in &table.entries {
        let key = &entry.key;
        match entry.node.list() {
            Some([]) => {
                let message = format!("`{key}` must not be empty");
                let error = Diagnostic::new(Code::EmptyList, entry.node.at, message).label("empty");
                reader.report(error.hint("list a value, or take the line out"));
            }
            Some(values) => {
                let shown = values.iter().map(|node| (toml_value(&node.value), node.at));
                reader.distinct(shown.collect(), Clone::clone);
                vary.push((entry, values));
            }
            None => {
                let message = format!("`{key}` takes a list of values of `study.{key}`");
                let hint = format!("write for example `{key} = [50, 100]`");
                reader.report(wrong_type(&entry.node, message).hint(hint));
            }
        }
    }
    let count = vary
        .iter()
        .map(|(_, values)| values.len())
        .fold(1, usize::saturating_mul);
    if count > MOST_DESIGNS {
        let message = format!("{count} designs are more than {MOST_DESIGNS}");
        let error = Diagnostic::new(Code::OutOfRange, node.at, message).label("too many");
        reader.report(error.hint("list fewer values"));
        vary.clear();
    }
    vary
}

/// Reads the study of each combination; the last key varies fastest.
fn read_designs(
    reader: &mut ScenarioReader,
    plain: &TomlTable,
    spec: &ScenarioSpec,
    vary: &VariedKeys<'_>,
) -> Option<Vec<ComparedDesign>> {
    let mut combinations: Vec<Vec<(&TomlEntry, &TomlNode)>> = vec![Vec::new()];
    for (entry, values) in vary {
        let mut longer = Vec::new();
        for before in &combinations {
            let with = |value| [&before[..], &[(*entry, value)]].concat();
            longer.extend(values.iter().map(with));
        }
        combinations = longer;
    }
    let before = reader.errors.len();
    let mut designs = Vec::new();
    for combination in combinations {
        let mut root = plain.clone();
        for (entry, value) in &combination {
            let parts = [("study", entry.key_at), (entry.key.as_str(), entry.key_at)];
            if let Err(error) = set_value(&mut root, &parts, (*value).clone()) {
                reader.report(*error);
            }
        }
        let setting =
            |(entry, node): &(&TomlEntry, &TomlNode)| (entry.key.clone(), toml_value(&node.value));
        let mut design = ComparedDesign {
            settings: combination.iter().map(setting).collect(),
            study: StudyDesign::default(),
        };
        if let Some(study) = read_study(reader, &root, spec, &design.name()) {
            design.study = study;
            designs.push(design);
        }
    }
    (reader.errors.len() == before).then_some(designs)
}

fn read_study(
    reader: &mut ScenarioReader,
    root: &TomlTable,
    spec: &ScenarioSpec,
    name: &str,
) -> Option<StudyDesign> {
    let mut own = ScenarioReader::new(reader.tables, false);
    let mut spec = spec.clone();
    tables::read_again(&mut own, root, &["study"], &mut spec);
    let is_sound = own.errors.is_empty();
    for mut error in own.errors {
        // Several designs may have the same one.
        let is_same = |other: &Diagnostic| {
            other.place == error.place && other.message.starts_with(&error.message)
        };
        if !reader.errors.iter().any(is_same) {
            error
                .message
                .push_str(&format!(" (in the design with {name})"));
            reader.report(error);
        }
    }
    spec.record.study.filter(|_| is_sound)
}

/// A rival as it was written.
struct RivalSpec<'t> {
    name: String,
    at: Span,
    set: Vec<ConditionKey<'t>>,
    other: Option<OtherScenario>,
    quantities: Vec<PlacedQuantity>,
}

/// A scenario that a rival names.
struct OtherScenario {
    name: String,
    scenario: Box<Scenario>,
}

fn read_rivals<'t>(
    reader: &mut ScenarioReader,
    spec: &ScenarioSpec,
    node: Option<&'t TomlNode>,
    known: &[SettableKey],
    attached: &mut Attachments<'_>,
) -> Vec<RivalSpec<'t>> {
    let mut all: Vec<RivalSpec<'t>> = Vec::new();
    for table in reader.open_list(node, "rival") {
        reader.need(&table, &["name"]);
        let name = reader.text(&table, "name").unwrap_or_default();
        let at = table.at("name");
        if (!is_snake_case(&name) || name == ALONE) && table.node("name").is_some() {
            let message = format!("\"{}\" is no name of a rival", name.escape_debug());
            let error = Diagnostic::new(Code::BadClaimName, at, message)
                .label("taken, or not in snake_case");
            reader
                .report(error.hint("write it with small letters, digits and `_`, a letter first"));
        }
        if let Some(twin) = all.iter().find(|other| other.name == name) {
            let message = format!("two rivals have the name `{name}`");
            let error = Diagnostic::new(Code::BadClaimName, at, message).label("again here");
            let error = error.other(twin.at, "first here");
            reader.report(error.hint("give each rival a name of its own"));
        }
        let set = read_set(reader, &table);
        let other = read_other(reader, &table, spec, attached);
        let own = other.as_ref().map(|other| &other.scenario.spec);
        let keys = own.map(|spec| settable_keys(reader.tables, spec));
        let keys = keys.as_deref().unwrap_or(known);
        let quantities = read_quantities(reader, table.node("quantity"), "rival.quantity", keys);
        all.push(RivalSpec {
            name,
            at,
            set,
            other,
            quantities,
        });
    }
    if let Some(node) = node.filter(|_| all.len() == 1 || all.len() > MOST_RIVALS) {
        let message = match all.len() {
            1 => "one rival alone has nothing to be told apart from".to_owned(),
            count => format!("{count} rivals are more than {MOST_RIVALS}"),
        };
        let error = Diagnostic::new(Code::MissingKey, node.at, message).label("these");
        reader.report(error.hint("write `[[rival]]` for each of two or more explanations"));
    }
    all
}

fn read_set<'t>(reader: &mut ScenarioReader, table: &OpenTable<'t>) -> Vec<ConditionKey<'t>> {
    let mut found = Vec::new();
    let Some(node) = table.node("set") else {
        return found;
    };
    let Some(keys) = node.table() else {
        let error = wrong_type(node, "`set` takes a table of keys with values");
        reader.report(error.hint("write for example `set = { mechanisms.buffering = false }`"));
        return found;
    };
    leaves(keys, &[], &mut found);
    for key in &found {
        let (first, at) = key.parts[0];
        if !OF_COUPLES.contains(&first) {
            let message = format!("a rival cannot set `{}`", first.escape_debug());
            let error = Diagnostic::new(Code::NoConditionKey, at, message).label("not here");
            let hint = format!(
                "a rival is another explanation: set keys of {}",
                listed(&OF_COUPLES)
            );
            reader.report(error.hint(hint));
        }
    }
    found
}

fn read_other(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    spec: &ScenarioSpec,
    attached: &mut Attachments<'_>,
) -> Option<OtherScenario> {
    let entry = table.entry("scenario")?;
    let name = reader.text(table, "scenario")?;
    let at = entry.node.at;
    if let Some(set) = table.entry("set") {
        let message = "a rival has either `set` or `scenario`";
        let error = Diagnostic::new(Code::Conflict, set.key_at, message).label("and here");
        let error = error.other(entry.key_at, "here");
        reader.report(error.hint("set the keys in the other scenario"));
        return None;
    }
    let text = match attached.load_as("scenario", &name, at) {
        Ok(number) => attached.text(number).to_owned(),
        Err(error) => {
            reader.report(*error);
            return None;
        }
    };
    match Scenario::read_text(&name, &text, &[]) {
        Ok(scenario) => {
            check_steps(reader, spec, &scenario, at);
            let scenario = Box::new(scenario);
            Some(OtherScenario { name, scenario })
        }
        Err(errors) => {
            let first = errors.list().first();
            let first = first.map_or("", |error| error.message.as_str());
            let message = format!("\"{}\" has errors: {first}", name.escape_debug());
            let error = Diagnostic::new(Code::BadTable, at, message).label("this scenario");
            reader.report(error.hint("`pairbond check` shows all of them"));
            None
        }
    }
}

/// A rival of another file has the days and couples of this one; its steps must be the same, too, which its equations
/// depend on.
fn check_steps(reader: &mut ScenarioReader, spec: &ScenarioSpec, other: &Scenario, at: Span) {
    let steps = |spec: &ScenarioSpec| (spec.size.steps_per_day, spec.size.moments);
    if steps(spec) != steps(&other.spec) {
        let message = "the other scenario has other steps or moments, so that its equations are not comparable";
        let error = Diagnostic::new(Code::Conflict, at, message).label("this scenario");
        reader.report(error.hint("write the same `step_days` and `moments` under [run] of both"));
    }
}

impl RivalSpec<'_> {
    /// The scenario with what the rival sets; says what is wrong with it.
    fn explanation(
        &self,
        reader: &mut ScenarioReader,
        plain: &TomlTable,
        spec: &ScenarioSpec,
        sources: &[SourceText],
    ) -> Option<Explanation> {
        if let Some(OtherScenario { name, scenario }) = &self.other {
            let mut other = scenario.spec.clone();
            other.size = spec.size;
            return Some(Explanation {
                name: self.name.clone(),
                quantities: Vec::new(),
                root: scenario.tree.clone(),
                spec: other,
                sources: vec![SourceText::new(name, scenario.text())],
            });
        }
        let mut root = plain.clone();
        for ConditionKey { parts, node } in &self.set {
            if let Err(error) = set_value(&mut root, parts, (*node).clone()) {
                reader.report(*error);
            }
        }
        let mut own = ScenarioReader::new(reader.tables, false);
        let spec = tables::read(&mut own, &root);
        let is_sound = own.errors.is_empty();
        reader.errors.append(&mut own.errors);
        is_sound.then(|| Explanation {
            name: self.name.clone(),
            quantities: Vec::new(),
            root,
            spec,
            sources: sources.to_vec(),
        })
    }

    fn to_toml(&self, text: &mut String) {
        text.push_str("\n[[rival]]\n");
        toml_line(text, "name", &toml_text(&self.name));
        for ConditionKey { parts, node } in &self.set {
            let key: Vec<String> = parts.iter().map(|(part, _)| toml_key(part)).collect();
            let key = format!("set.{}", key.join("."));
            toml_line(text, &key, &toml_value(&node.value));
        }
        if let Some(other) = &self.other {
            toml_line(text, "scenario", &toml_text(&other.name));
        }
        quantities_to_toml(text, "rival.quantity", &self.quantities);
    }
}

fn quantities_to_toml(text: &mut String, table: &str, quantities: &[PlacedQuantity]) {
    for (quantity, _) in quantities {
        text.push_str(&format!("\n[[{table}]]\n"));
        toml_line(text, "key", &toml_text(&quantity.key));
        toml_line(text, "name", &toml_text(&quantity.name));
        for (key, value) in quantity.prior.to_toml() {
            toml_line(text, key, &value);
        }
    }
}

/// Adds the quantities of all explanations and those of one of them, and tries the ends of their priors.
fn with_quantities(
    reader: &mut ScenarioReader,
    mut own: Explanation,
    shared: &[PlacedQuantity],
    special: &[PlacedQuantity],
) -> Explanation {
    let stays = |(quantity, _): &&PlacedQuantity| {
        !special.iter().any(|(other, _)| other.key == quantity.key)
    };
    let all: Vec<&PlacedQuantity> = shared.iter().filter(stays).chain(special).collect();
    let known = settable_keys(reader.tables, &own.spec);
    for (quantity, at) in &all {
        let is_known = known.iter().any(|known| known.key == quantity.key);
        if !is_known {
            let message = format!("the rival `{}` has no `{}`", own.name, quantity.key);
            let error = Diagnostic::new(Code::NothingToSet, *at, message);
            reader.report(error.label("cannot be drawn for it"));
        }
    }
    own.quantities = all.iter().map(|(quantity, _)| quantity.clone()).collect();
    let ends: Vec<[f64; 2]> = own
        .quantities
        .iter()
        .map(|quantity| tried_ends(&quantity.prior))
        .collect();
    let count = ends.len();
    let corners: Vec<usize> = match count <= MOST_CROSSED {
        true => (0..1 << count).collect(),
        false => {
            let all = (1 << count) - 1;
            let single = (0..count).flat_map(|place| [1 << place, all ^ (1 << place)]);
            [0, all].into_iter().chain(single).collect()
        }
    };
    for corner in corners {
        let value = |(place, ends): (usize, &[f64; 2])| ends[corner >> place & 1];
        let values: Vec<f64> = ends.iter().enumerate().map(value).collect();
        let Err(errors) = own.config(&values) else {
            continue;
        };
        let first = errors.list().first();
        let why = first.map_or("", |error| error.message.as_str());
        let pairs = own.quantities.iter().zip(&values);
        let shown: Vec<String> = pairs
            .map(|(quantity, value)| format!("{} = {value}", quantity.key))
            .collect();
        let message = format!(
            "values of the priors are refused: {}: {why}",
            shown.join(", ")
        );
        let at = all.first().map_or(Span::new(0, 0, 0), |(_, at)| *at);
        let error = Diagnostic::new(Code::BadRange, at, message).label("drawn together");
        reader.report(error.hint("narrow the priors"));
        break;
    }
    own
}

/// The ends of a prior.
fn tried_ends(prior: &Prior) -> [f64; 2] {
    let (low, high) = prior.bounds();
    [low, high]
}

fn quantities_json(table: &TableSpec) -> Value {
    let mut items = closed(table, &["key", "prior"]);
    items["type"] = json!("object");
    json!({ "type": "array", "minItems": 1, "items": items })
}

fn json(table: &TableSpec) -> Value {
    let mut schema = closed(table, &[]);
    let vary = json!({
        "type": "object",
        "additionalProperties": { "type": "array", "minItems": 1, "uniqueItems": true },
    });
    refine(&mut schema["properties"]["vary"], vary);
    let quantities = quantities_json(table.inner("quantity"));
    refine(&mut schema["properties"]["quantity"], quantities);
    let mut items = closed(table.inner("effect"), &["effect", "predictor"]);
    items["type"] = json!("object");
    let effects = json!({ "type": "array", "minItems": 1, "items": items });
    refine(&mut schema["properties"]["effect"], effects);
    schema
}

fn rivals_json(table: &TableSpec) -> Value {
    let mut items = closed(table, &["name"]);
    refine(&mut items["properties"]["set"], json!({ "type": "object" }));
    let quantities = quantities_json(table.inner("quantity"));
    refine(&mut items["properties"]["quantity"], quantities);
    items["not"] = json!({ "required": ["set", "scenario"] });
    json!({ "type": "array", "minItems": 2, "items": items })
}

fn page(table: &TableSpec) -> String {
    let inner = |inner: &TableSpec| match inner.keys.is_empty() {
        true => format!(
            "### `[{}]`\n\n{}.\n\n{}\n",
            inner.name,
            inner.doc,
            inner.prose.trim_end()
        ),
        false => inner_page(inner),
    };
    let inner: String = table.inner.iter().map(inner).collect();
    table.prose.to_owned() + &keys_table(table) + &inner
}
