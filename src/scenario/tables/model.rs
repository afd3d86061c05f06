//! `[mechanisms]`, `[parameters]` and the tables of numbers that vary over couples, as the model's own
//! tables describe them.

use crate::childhood::UPBRINGING;
use crate::model::IntimacyTarget;
use crate::model::parameters::{MECHANISMS, PARAMETERS};
use crate::model::types::{CONTACT, INVESTMENT, STATES, TRAITS};
use crate::scenario::reference::distributions_page;
use crate::scenario::schema::{Access, KeySpec, TableForm, TableSpec, TemplateForm};
use crate::scenario::spec::{CHILDHOOD, PARTNERS, ScenarioSpec, Variable, key_of};
use crate::scenario::to_toml::line;
use crate::scenario::value::Setting;
use crate::simulation::defaults::has_initial_value;

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
        write: Some(per_partner),
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
        write: Some(per_partner),
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
        write: Some(per_partner),
        ..TableSpec::new(
            CHILDHOOD,
            doc,
            UPBRINGING.iter().map(KeySpec::variable).collect(),
        )
    }
}

/// `[couple]`.
pub(crate) fn couple() -> TableSpec {
    let keys = [&CONTACT, &INVESTMENT].map(KeySpec::variable).to_vec();
    TableSpec {
        write: Some(of_couple),
        page: Some(distributions_page),
        ..TableSpec::new("couple", "What belongs to the couple as a whole", keys)
    }
}

fn of_couple(spec: &ScenarioSpec, table: &TableSpec) -> String {
    let mut text = format!("\n[{}]\n", table.name);
    let own = |variable: &&Variable| key_of(variable.place).0 == table.name;
    for variable in spec.variables.iter().filter(own) {
        line(
            &mut text,
            variable.place.description().key,
            &variable.to_toml(),
        );
    }
    text
}

/// What both partners share, then what each has alone.
fn per_partner(spec: &ScenarioSpec, table: &TableSpec) -> String {
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
        line(
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
            line(
                &mut text,
                variable.place.description().key,
                &variable.to_toml(),
            );
        }
    }
    text
}
