//! Reading the numbers that vary over couples: traits, initial states, childhoods, and what belongs to
//! the couple.

use super::code::Code;
use super::diagnostic::Diagnostic;
use super::distribution::read::VariableReader;
use super::reader::{OpenTable, ScenarioReader};
use super::schema::{TableForm, ValueKind};
use super::spec::{CHILDHOOD, PARTNERS, ScenarioSpec, Variable, every_place, key_of};
use super::tree::{TomlEntry, TomlTable};
use crate::simulation::InitialVariable;
use crate::simulation::defaults::{
    from_childhood, upbringing_variables, variables as initial_variables,
};

/// Reads every number of a couple, in the order in which they are drawn.
pub(crate) fn read(reader: &mut ScenarioReader, root: &TomlTable, spec: &mut ScenarioSpec) {
    let childhood = childhood_given(root);
    let mut given = Vec::new();
    for table in reader
        .tables
        .iter()
        .filter(|table| table.form == TableForm::PerPartner)
    {
        given.extend(per_partner(reader, root, table.name));
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
fn per_partner(reader: &mut ScenarioReader, root: &TomlTable, name: &'static str) -> Vec<Variable> {
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
