//! `[power]`: a study of partners' effects on each other whose power is measured, with the effects given as numbers
//! or with those that the simulated couples of `[study]` have.

use crate::scenario::diagnostic::{Code, Diagnostic};
use crate::scenario::docs::{inner_page, keys_table};
use crate::scenario::json_schema::{closed, refine};
use crate::scenario::power_spec::{
    AnalysisKind, DesignQuantity, DesignSearch, DesignValues, EffectSource, GROWTH_EFFECTS,
    GivenEffects, LEAST_SHARE, OWN_KEYS, PowerSpec, QUANTITY_COUNT, SCORE_EFFECTS, StudyMeasures,
};
use crate::scenario::reader::{ListWords, OpenTable, ScenarioReader, listed};
use crate::scenario::schema::{KeySpec, TableSpec, TemplateForm};
use crate::scenario::spec::ScenarioSpec;
use crate::scenario::tree::{TomlNode, TomlTable, toml_line, toml_list, toml_number, toml_text};
use crate::scenario::value::{self, Accepts};
use crate::simulation::Size;
use crate::simulation::survey::design::{
    CONFLICT_SCALE, ParticipatingPartners, STUDY_SCALES, StudyDesign, study_scale,
};
use serde_json::{Value, json};

const MOST_REPLICATES: i64 = 1_000_000;
/// Most values of a quantity.
const MOST_VALUES: usize = 100;
/// Most designs.
const MOST_DESIGNS: usize = 10_000;
/// Fewest and most couples of the data sets that a reference is estimated from.
const REFERENCE_COUPLES: (i64, i64) = (100, 10_000_000);
/// Most couples from whose answers the true effect of one simulation is estimated.
const MOST_COUPLES_OF_EFFECT: i64 = 100_000;
/// Fewest waves of an analysis of growth.
const LEAST_WAVES: usize = 3;
/// Prompts a day.
const PROMPTS: &[f64] = &[1.0, 2.0, 4.0];
/// Largest effect, mean and standard deviation.
const LARGEST: f64 = 1e6;
/// Smallest standard deviation of what must vary.
const LEAST_SD: f64 = 1e-6;
/// Largest correlation.
const MOST_CORRELATION: f64 = 0.99;

const PARTNER_WORDS: [&str; 2] = ["distinguishable", "exchangeable"];
const RESIDUAL_WORDS: [&str; 2] = ["same_occasion", "autoregressive"];
const METHOD_WORDS: [&str; 2] = ["reml", "ml"];
const ERROR_WORDS: [&str; 3] = ["both", "outcome", "predictor"];
/// What couples have.
const SHARED_KEYS: [&str; 4] = [
    "intercept_correlation",
    "residual_correlation",
    "autocorrelation",
    "predictor_correlation",
];

/// The scales that a study can have.
fn study_scales() -> impl Iterator<Item = &'static str> {
    STUDY_SCALES.iter().map(|scale| scale.key)
}

/// The key of a quantity.
fn key_of_quantity(quantity: DesignQuantity) -> KeySpec {
    let (low, high) = quantity.bounds();
    let key = quantity.key();
    if quantity.is_count() {
        KeySpec::integer(key, low as i64, high as i64, quantity.doc()).unit(key)
    } else {
        KeySpec::number(key, low, high, quantity.doc()).unit("1")
    }
}

pub(crate) fn table() -> TableSpec {
    let mut keys = vec![
        KeySpec::integer(
            "replicates",
            10,
            MOST_REPLICATES,
            "Data sets of each design that are simulated and analysed",
        )
        .default("1000"),
        KeySpec::number(
            "alpha",
            1e-6,
            0.5,
            "Level of significance of two-sided tests; intervals have the confidence that it leaves",
        )
        .default("0.05")
        .unit("1"),
        KeySpec::number("target", 0.06, 0.999, "Power that the study is to have")
            .default("0.8")
            .unit("1"),
        KeySpec::word(
            "analysis",
            AnalysisKind::WORDS,
            "Which model is fitted to a study of simulated couples: of the diary, or by the scores of the first wave \
             of the hazard of a break-up, or of growth over the waves",
        )
        .default("\"diary\""),
        KeySpec::word(
            "partners",
            PARTNER_WORDS,
            "Whether partners A and B have effects and variances of their own, or share them",
        )
        .default("\"distinguishable\""),
        KeySpec::word(
            "residuals",
            RESIDUAL_WORDS,
            "Whether residuals of the two partners on one occasion are correlated, or those of one person on \
             occasions that follow each other",
        )
        .default("\"same_occasion\""),
        KeySpec::switch(
            "lagged_outcome",
            "Whether the own outcome one occasion before is a predictor, too",
        )
        .default("false"),
        KeySpec::switch(
            "centre",
            "Whether a predictor acts, and is analysed, as the distance from the person's own mean",
        )
        .default("true"),
        KeySpec::word(
            "method",
            METHOD_WORDS,
            "Which likelihood is maximised: the restricted one, or the full one",
        )
        .default("\"reml\""),
        KeySpec::word(
            "error_in",
            ERROR_WORDS,
            "What the reliability is of: both measures, the outcome or the predictor",
        )
        .default("\"both\""),
        KeySpec::word(
            "predictor",
            study_scales(),
            "Scale of the diary that is the predictor, or of the waves for an analysis of these, where simulated couples \
             have the effects",
        ),
        KeySpec::word(
            "outcome",
            study_scales(),
            "Scale of the diary, or for growth of the waves, that is the outcome, where simulated couples have the effects; \
             none for an analysis of break-ups",
        ),
        KeySpec::integer(
            "reference_couples",
            REFERENCE_COUPLES.0,
            REFERENCE_COUPLES.1,
            "Couples of all data sets from which the reference of an effect is estimated, where simulated couples have \
             the effects",
        )
        .default("20000")
        .unit("couples"),
    ];
    let defaults = ["100", "14", "1.0", "1.0"];
    for (quantity, default) in DesignQuantity::OF_GIVEN.into_iter().zip(defaults) {
        keys.push(key_of_quantity(quantity).default(default));
    }
    keys.push(KeySpec::special(
        "vary",
        "a table of lists",
        "Values of the design, all combinations of which are studied",
    ));
    keys.push(KeySpec::special(
        "effects",
        "a table of numbers",
        "The effects and variances that data sets are simulated from; without it the couples of `[study]` are \
         simulated, and have the effects that the model gives them",
    ));
    keys.push(KeySpec::special(
        "search",
        "a table",
        "The smallest design that reaches the target",
    ));
    let doc = "A study of partners' effects on each other, on growth or on break-ups, whose power `pairbond power` measures: with \
               the effects given as numbers, or with those of the simulated couples of `[study]`";
    TableSpec {
        shown: TemplateForm::Described,
        settable: false,
        inner: vec![vary_table(), effects_table(), search_table()],
        prose: PROSE,
        examples: EXAMPLES,
        write: Some(write),
        json: Some(json),
        page: Some(page),
        ..TableSpec::new("power", doc, keys)
    }
}

fn vary_table() -> TableSpec {
    let key = |quantity: DesignQuantity| {
        let takes = if quantity.is_count() {
            "a list of whole numbers"
        } else {
            "a list of numbers"
        };
        KeySpec::special(quantity.key(), takes, quantity.doc())
    };
    TableSpec {
        settable: false,
        shown: TemplateForm::Described,
        prose: "All combinations of the listed values are studied. With given effects these are `couples`, `occasions`, \
                `compliance` and `reliability`, and one that is not listed has the value of `[power]`. Without them the \
                others can be listed, have the meaning that they have under `[study]`, and stand in the place of its \
                values; `reliability` is that of the analysed scales, as `error_in` says. An analysis of break-ups has \
                `couples`, `reliability`, `waves`, `wave_interval`, `follow_up`, `wave_compliance` and `drop_out`, one of \
                growth the same but `follow_up`, and one of the diary the others, `couples` and `reliability`.\n\n",
        ..TableSpec::new(
            "power.vary",
            "Values of the design that are compared",
            DesignQuantity::ALL.into_iter().map(key).collect(),
        )
    }
}

/// Lowest and highest value, default and meaning of what partners have, by [`OWN_KEYS`]; no default where a
/// value must be given.
const OWN: [(f64, f64, &str, &str); 8] = [
    (-LARGEST, LARGEST, "0.0", "Intercept of the outcome"),
    (
        -LARGEST,
        LARGEST,
        "",
        "Actor effect: of the own predictor on the outcome",
    ),
    (
        -LARGEST,
        LARGEST,
        "",
        "Partner effect: of the partner's predictor on the outcome",
    ),
    (
        -0.95,
        0.95,
        "0.0",
        "Effect of the own outcome one occasion before",
    ),
    (
        0.0,
        LARGEST,
        "",
        "Standard deviation of intercepts over persons",
    ),
    (
        LEAST_SD,
        LARGEST,
        "",
        "Standard deviation of residuals over occasions",
    ),
    (-LARGEST, LARGEST, "0.0", "Mean of the predictor"),
    (
        LEAST_SD,
        LARGEST,
        "1.0",
        "Standard deviation of the predictor over occasions",
    ),
];
const OF_PARTNER: [&str; 2] = [
    "The same of partner A, in place of that of both",
    "The same of partner B, in place of that of both",
];
const SHARED: [&str; 4] = [
    "Correlation of the partners' intercepts",
    "Correlation of the partners' residuals on one occasion",
    "Correlation of a person's residuals on neighbouring occasions",
    "Correlation of the partners' predictors on one occasion",
];

fn effects_table() -> TableSpec {
    let mut keys = Vec::new();
    for (names, (low, high, default, doc)) in OWN_KEYS.iter().zip(OWN) {
        keys.push(KeySpec::number(names[0], low, high, doc).default(default));
        for (name, doc) in names[1..].iter().zip(OF_PARTNER) {
            keys.push(KeySpec::number(name, low, high, doc));
        }
    }
    for (key, doc) in SHARED_KEYS.iter().zip(SHARED) {
        let key = KeySpec::number(key, -MOST_CORRELATION, MOST_CORRELATION, doc);
        keys.push(key.default("0.0").unit("1"));
    }
    TableSpec {
        settable: false,
        shown: TemplateForm::Described,
        prose: EFFECTS_PROSE,
        ..TableSpec::new(
            "power.effects",
            "The effects and variances that data sets are simulated from",
            keys,
        )
    }
}

/// The effects that are looked for in any analysis: all but intercepts.
fn effect_words() -> impl Iterator<Item = &'static str> {
    let effects = OWN_KEYS[1..4].iter().flatten().chain(&SCORE_EFFECTS);
    let effects = effects.chain(GROWTH_EFFECTS[1..].iter().flatten());
    effects.copied()
}

/// The keys of an effect that simulated couples have, and that a study can recover.
pub(crate) fn effect_keys() -> Vec<KeySpec> {
    vec![
        KeySpec::word("effect", effect_words(), "Which effect of the analysis"),
        KeySpec::word(
            "analysis",
            AnalysisKind::WORDS,
            "Which model has it, as under [power]",
        )
        .default("\"diary\""),
        KeySpec::word(
            "predictor",
            study_scales(),
            "Scale of the diary, or of the waves for an analysis of these, that is the predictor",
        ),
        KeySpec::word(
            "outcome",
            study_scales(),
            "Scale that is the outcome; none for an analysis of break-ups",
        ),
        KeySpec::switch(
            "lagged_outcome",
            "Whether the own outcome one occasion before is a predictor, too",
        )
        .default("false"),
        KeySpec::integer(
            "reference_couples",
            REFERENCE_COUPLES.0,
            MOST_COUPLES_OF_EFFECT,
            "Couples from whose complete answers the true effect of a simulation is estimated",
        )
        .default("1000")
        .unit("couples"),
    ]
}

/// Reads an effect that a study could recover: its analysis, and its position among the estimates.
pub(crate) fn read_effect(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    spec: &ScenarioSpec,
) -> Option<(PowerSpec, usize)> {
    let study = spec.record.study.as_ref()?;
    let before = reader.errors.len();
    let analysis = read_analysis(reader, table);
    let are_exchangeable = !study.distinguishable;
    let has_lagged_outcome = reader.switch(table, "lagged_outcome").unwrap_or(false);
    reader.need(table, &["effect"]);
    let effect = reader.word(table, "effect");
    let measures = read_study_measures(reader, table, (spec, study, analysis), are_exchangeable)?;
    let power = PowerSpec {
        replicates: 1,
        alpha: 0.05,
        target: 0.8,
        analysis,
        are_exchangeable,
        are_autoregressive: false,
        has_lagged_outcome,
        is_centred: true,
        is_restricted: true,
        error_in: [true, true],
        design: DesignQuantity::ALL.map(|own| own.of_study(study)),
        vary: [const { Vec::new() }; QUANTITY_COUNT],
        source: EffectSource::Study(measures),
        search: None,
    };
    let effect = known_effect(reader, table, &power, effect?)?;
    // What is wrong with the study itself is said where it stands.
    if reader.errors.is_empty() {
        check_designs(reader, table, &power, study, &spec.size, "[study]");
    }
    (reader.errors.len() == before).then_some((power, effect))
}

/// Which model is fitted.
fn read_analysis(reader: &mut ScenarioReader, table: &OpenTable<'_>) -> AnalysisKind {
    let word = reader.word(table, "analysis");
    let is_meant = |own: &AnalysisKind| word == Some(AnalysisKind::WORDS[*own as usize]);
    let analysis = AnalysisKind::ALL.into_iter().find(is_meant);
    analysis.unwrap_or(AnalysisKind::Diary)
}

/// Reads what of the study of simulated couples is analysed.
fn read_study_measures(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    (spec, study, analysis): (&ScenarioSpec, &StudyDesign, AnalysisKind),
    are_exchangeable: bool,
) -> Option<StudyMeasures> {
    let kinds = [are_exchangeable, !study.distinguishable];
    refuse_of_analysis(reader, table, analysis);
    if analysis == AnalysisKind::BreakUp && !spec.mechanisms.dissolution {
        let message = "no couple breaks up, since the mechanism `dissolution` is off";
        let at = table.at("analysis");
        let hint = "write `dissolution = true` under [mechanisms], or another `analysis`";
        let error = Diagnostic::new(Code::Conflict, at, message);
        reader.report(error.label("nothing to analyse").hint(hint));
    }
    match analysis.is_of_panel() {
        true => read_panel_measures(reader, table, (study, analysis), kinds),
        false => read_measures(reader, table, study, kinds),
    }
}

/// The position of an effect among the estimates of an analysis; says which there are.
fn known_effect(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    spec: &PowerSpec,
    effect: &str,
) -> Option<usize> {
    let mut names: Vec<&str> = spec.effect_names();
    let found = names.iter().position(|name| *name == effect);
    if found.is_none() {
        let kind = match spec.are_exchangeable {
            true => "exchangeable",
            false => "distinguishable",
        };
        let whose = match spec.analysis {
            AnalysisKind::Diary => "",
            AnalysisKind::BreakUp => " on break-ups",
            AnalysisKind::Growth => " on growth",
        };
        let message = format!("no effect of {kind} partners{whose} is called `{effect}`");
        let error = Diagnostic::new(Code::Conflict, table.at("effect"), message);
        names.retain(|name| !name.starts_with("intercept"));
        reader.report(
            error
                .label("not estimated")
                .hint(format!("write {}", listed(&names))),
        );
    }
    found
}

fn search_table() -> TableSpec {
    let searchable = DesignQuantity::ALL
        .into_iter()
        .filter(|own| own.is_searchable());
    let quantities = || searchable.clone().map(DesignQuantity::key);
    let keys = vec![
        KeySpec::word(
            "effect",
            effect_words(),
            "Effect whose power is to reach the target",
        ),
        KeySpec::word(
            "quantity",
            quantities(),
            "Of what the smallest sufficient value is searched for",
        )
        .default("\"couples\""),
        KeySpec::number("from", LEAST_SHARE, LARGEST, "Lowest value of the search"),
        KeySpec::number("to", LEAST_SHARE, LARGEST, "Highest value of the search"),
    ];
    TableSpec {
        settable: false,
        shown: TemplateForm::Described,
        prose: "The search is made for each combination of the values that `[power.vary]` lists of the other \
                quantities.\n\n",
        ..TableSpec::new(
            "power.search",
            "The smallest number of couples, occasions, or the like that reaches the target",
            keys,
        )
    }
}

const PROSE: &str = "\
`pairbond power` makes many data sets of each design, fits the longitudinal actor–partner interdependence model to each,
and writes power, bias, coverage and errors of sign and size for each effect and design ([power](power.md)).

**With `[power.effects]`** data sets are simulated from these numbers. Nothing of the model of couples enters: of the other
tables only `seed` of `[run]` counts.

**Without it** the scenario has a `[study]`. Its couples are simulated and asked, and `predictor` and `outcome` name the
scales of its diary that are analysed. `couples`, `occasions`, `compliance` and `reliability` are then not given here, but
by the study and `[power.vary]`.

**With `analysis = \"break_up\"`** the model is Cox's of the time from entry to a break-up, and `predictor` names the scale of
the questionnaire whose scores at the first wave explain it: those of both partners (`score_a`, `score_b`), or of
exchangeable partners the mean of the couple (`score`). There is no `outcome`.

**With `analysis = \"growth\"`** the outcome of each person is a line over the waves, in years since entry. `predictor` and
`outcome` name scales of the questionnaire; the own and the partner's predictor at the first wave move the level
(`actor_level`, `partner_level`) and the slope (`actor_slope`, `partner_slope`).

";

const EFFECTS_PROSE: &str = "\
Numbers without the name of a partner hold for both partners; those of partner A and partner B stand in their place.
`partner_a` is the effect of B's predictor on A. Exchangeable partners have only numbers of both.

";

const EXAMPLES: &str = "\
# Example: does one partner's conflict of a day move the other's satisfaction by 0.12?
#[power]
#couples = 100
#[power.vary]
#occasions = [7, 14]
#[power.effects]
#actor = 0.25
#partner = 0.12
#intercept_sd = 0.8
#residual_sd = 1.0
#[power.search]
#effect = \"partner_a\"
#from = 20
#to = 400
";

pub(crate) fn read(reader: &mut ScenarioReader, root: &TomlTable, spec: &mut ScenarioSpec) {
    spec.power = None;
    if root.node("power").is_none() {
        return;
    }
    let before = reader.errors.len();
    let table = reader.open(root, "power");
    if table.table.is_none() {
        return;
    }
    let second = |reader: &mut ScenarioReader, key: &str, words: &[&str; 2]| {
        reader.word(&table, key) == Some(words[1])
    };
    let analysis = read_analysis(reader, &table);
    let are_exchangeable = second(reader, "partners", &PARTNER_WORDS);
    let are_autoregressive = second(reader, "residuals", &RESIDUAL_WORDS);
    let is_full = second(reader, "method", &METHOD_WORDS);
    let has_lagged_outcome = reader.switch(&table, "lagged_outcome").unwrap_or(false);
    let is_centred = reader.switch(&table, "centre").unwrap_or(true);
    let error_in = match reader.word(&table, "error_in") {
        Some("outcome") => [true, false],
        Some("predictor") => [false, true],
        _ => [true, true],
    };
    let replicates = reader.integer_or_default(&table, "replicates");
    let alpha = reader.number_or_default(&table, "alpha");
    let target = reader.number_or_default(&table, "target");
    if has_lagged_outcome && are_autoregressive {
        let message = "`lagged_outcome` and autoregressive residuals say the same thing twice";
        let error = Diagnostic::new(Code::Conflict, table.at("lagged_outcome"), message);
        reader.report(error.label("one of them").hint("take one of the two out"));
    }
    if target <= alpha {
        let message = "`target` must be above `alpha`, which any design reaches";
        let error = Diagnostic::new(Code::OutOfRange, table.at("target"), message);
        reader.report(
            error
                .label("not above it")
                .hint("write for example `target = 0.8`"),
        );
    }
    let kinds = EffectKinds {
        are_exchangeable,
        are_autoregressive,
        has_lagged_outcome,
    };
    let study = spec.record.study.clone();
    let study = study.filter(|_| table.node("effects").is_none());
    if study.is_none() && analysis != AnalysisKind::Diary {
        let why = "is of the couples of a [study], and given effects are those of a diary";
        let hint = "take it out, or write a [study] and take [power.effects] out";
        refuse(reader, &table, "analysis", why, hint);
    }
    let of = DesignSource {
        study: study.as_ref(),
        analysis,
    };
    let vary = read_vary(reader, &table, of);
    let mut design: DesignValues = [0.0; QUANTITY_COUNT];
    let source = match &study {
        Some(study) => {
            design = DesignQuantity::ALL.map(|own| own.of_study(study));
            let of = (&*spec, study, analysis);
            let found = read_study_measures(reader, &table, of, are_exchangeable);
            found.map(EffectSource::Study)
        }
        None => {
            for own in DesignQuantity::OF_GIVEN {
                design[own as usize] = reader.number_or_default(&table, own.key());
            }
            read_effects(reader, &table, kinds).map(EffectSource::Given)
        }
    };
    let Some(source) = source else { return };
    let mut power = PowerSpec {
        replicates: replicates as u32,
        alpha,
        target,
        analysis,
        are_exchangeable,
        are_autoregressive,
        has_lagged_outcome,
        is_centred,
        is_restricted: !is_full,
        error_in,
        design,
        vary,
        source,
        search: None,
    };
    if power.designs().len() > MOST_DESIGNS {
        let message = format!(
            "{} designs are more than {MOST_DESIGNS}",
            power.designs().len()
        );
        let error = Diagnostic::new(Code::OutOfRange, table.at("vary"), message);
        reader.report(error.label("too many").hint("list fewer values"));
    }
    power.search = read_search(reader, &table, &power, of);
    if let Some(study) = &study {
        let own: Vec<f64> = power
            .reliable_scales()
            .iter()
            .map(|scale| study.scales.reliability[*scale])
            .collect();
        if let [one] | [one, _] = own[..]
            && own.iter().all(|other| *other == one)
        {
            power.design[DesignQuantity::Reliability as usize] = one;
        }
        if analysis != AnalysisKind::BreakUp {
            check_reliability(reader, &table, &power);
        }
        if reader.errors.len() == before {
            check_designs(
                reader,
                &table,
                &power,
                study,
                &spec.size,
                "[study] or [power.vary]",
            );
        }
    }
    if reader.errors.len() == before {
        spec.power = Some(power);
    }
}

/// Opens a table inside `[power]`.
fn open_inner<'t>(
    reader: &mut ScenarioReader,
    table: &OpenTable<'t>,
    key: &str,
) -> Option<OpenTable<'t>> {
    let name = format!("power.{key}");
    let inner = reader.as_table(table.node(key)?, &name)?;
    let spec = reader.spec(&name);
    Some(reader.open_as(Some(inner), &name, spec, &[]))
}

/// What designs are of.
#[derive(Clone, Copy)]
struct DesignSource<'s> {
    /// None with given effects.
    study: Option<&'s StudyDesign>,
    analysis: AnalysisKind,
}

fn read_vary(
    reader: &mut ScenarioReader,
    power: &OpenTable<'_>,
    of: DesignSource<'_>,
) -> [Vec<f64>; QUANTITY_COUNT] {
    let mut vary = [const { Vec::new() }; QUANTITY_COUNT];
    let Some(table) = open_inner(reader, power, "vary") else {
        return vary;
    };
    for quantity in DesignQuantity::ALL {
        let key = quantity.key();
        let Some(node) = table.node(key) else {
            continue;
        };
        if let Some((message, hint)) = not_of_source(quantity, of) {
            let at = table.entry(key).map_or(node.at, |entry| entry.key_at);
            let error = Diagnostic::new(Code::Conflict, at, message);
            reader.report(error.label("does nothing").hint(hint));
            continue;
        }
        if let Some(entry) = power.entry(key).filter(|_| of.study.is_none()) {
            let message = format!("`{key}` has a value here and a list in [power.vary]");
            let error = Diagnostic::new(Code::Conflict, entry.key_at, message);
            reader.report(error.label("does nothing").hint("take one of the two out"));
        }
        let words = ListWords {
            takes: if quantity.is_count() {
                "a list of whole numbers"
            } else {
                "a list of numbers"
            },
            example: "write for example `couples = [50, 100, 200]`",
            if_empty: Some("list a value, or take the line out"),
        };
        let found = reader.list(node, key, &words, |reader, item| {
            value_of(reader, item, quantity)
        });
        let mut values = reader.distinct(found.unwrap_or_default(), |value| toml_number(*value));
        values.sort_by(f64::total_cmp);
        if values.len() > MOST_VALUES {
            let message = format!(
                "`{key}` lists {} values, and may list {MOST_VALUES}",
                values.len()
            );
            let error = Diagnostic::new(Code::OutOfRange, node.at, message);
            reader.report(error.label("too many"));
        }
        vary[quantity as usize] = values;
    }
    vary
}

/// Why a quantity has no place in a study with effects of this source, and what to write instead.
fn not_of_source(quantity: DesignQuantity, of: DesignSource<'_>) -> Option<(String, &'static str)> {
    let key = quantity.key();
    let Some(study) = of.study else {
        let message = format!("`{key}` is of a [study] whose couples are simulated");
        let hint = "write `couples`, `occasions`, `compliance` or `reliability`; or add a [study] and take \
                    [power.effects] out";
        return (!quantity.is_of_given()).then_some((message, hint));
    };
    let of_waves = [DesignQuantity::Waves, DesignQuantity::WaveInterval];
    if quantity.is_of(of.analysis) {
        let message =
            format!("`{key}` does nothing where `wave_days` under [study] lists the waves");
        let hint = "take `wave_days` out, or compare scenarios with other `wave_days`";
        let is_listed = !study.wave_days.is_empty() && of_waves.contains(&quantity);
        return is_listed.then_some((message, hint));
    }
    if quantity == DesignQuantity::Occasions {
        let message =
            format!("`{key}` is of given effects, and the couples of [study] are simulated");
        let hint = match of.analysis.is_of_panel() {
            true => "write `waves` or `wave_interval`",
            false => "write `burst_days`, `bursts` or `prompts`",
        };
        return Some((message, hint));
    }
    Some(match of.analysis {
        AnalysisKind::Diary => (
            format!("`{key}` is of the waves, and the diary is analysed"),
            "write `analysis = \"growth\"` or `\"break_up\"` under [power], or take it out",
        ),
        AnalysisKind::BreakUp => (
            format!("`{key}` is of the diary, and break-ups are explained by the first wave"),
            "write `couples`, `reliability`, `waves`, `wave_interval`, `follow_up`, `wave_compliance` or `drop_out`",
        ),
        AnalysisKind::Growth if quantity == DesignQuantity::FollowUp => (
            format!("`{key}` does nothing for growth, which is estimated from the waves"),
            "write `waves` or `wave_interval`",
        ),
        AnalysisKind::Growth => (
            format!("`{key}` is of the diary, and growth over the waves is analysed"),
            "write `couples`, `reliability`, `waves`, `wave_interval`, `wave_compliance` or `drop_out`",
        ),
    })
}

/// A value of a quantity.
fn value_of(reader: &mut ScenarioReader, node: &TomlNode, quantity: DesignQuantity) -> Option<f64> {
    let (low, high) = quantity.bounds();
    let accepts = if quantity == DesignQuantity::Prompts {
        Accepts::OneOf(PROMPTS)
    } else if quantity.is_count() {
        let (low, high) = (low as i64, high as i64);
        Accepts::Integer { low, high }
    } else {
        Accepts::Number { low, high }
    };
    reader
        .accept(node, quantity.key(), accepts.read(node))?
        .number()
}

#[derive(Clone, Copy)]
struct EffectKinds {
    are_exchangeable: bool,
    are_autoregressive: bool,
    has_lagged_outcome: bool,
}

fn read_effects(
    reader: &mut ScenarioReader,
    power: &OpenTable<'_>,
    kinds: EffectKinds,
) -> Option<GivenEffects> {
    for key in STUDY_KEYS {
        let why = "is of the couples of a [study], and the effects are given";
        refuse(
            reader,
            power,
            key,
            why,
            "take it out, or take [power.effects] out",
        );
    }
    if power.node("effects").is_none() {
        let message = "`effects` is missing under [power], and there is no [study] whose couples have effects";
        let error = Diagnostic::new(Code::MissingKey, power.at, message);
        let hint = "write a table [power.effects], or a [study] and under [power] a `predictor` and an `outcome`";
        reader.report(error.label("here").hint(hint));
        return None;
    }
    let table = open_inner(reader, power, "effects")?;
    if !kinds.has_lagged_outcome {
        let why = "does nothing without `lagged_outcome`";
        let hint = "write `lagged_outcome = true` under [power], or take it out";
        OWN_KEYS[3]
            .iter()
            .for_each(|key| refuse(reader, &table, key, why, hint));
    }
    if kinds.are_autoregressive {
        let why = "does nothing where residuals are autoregressive";
        let hint = "partners' residuals are then independent: take it out";
        refuse(reader, &table, "residual_correlation", why, hint);
    } else {
        let why = "does nothing where residuals are those of one occasion";
        let hint = "write `residuals = \"autoregressive\"` under [power], or take it out";
        refuse(reader, &table, "autocorrelation", why, hint);
    }
    let mut pairs = [[0.0; 2]; 8];
    let mut is_complete = true;
    for (place, keys) in OWN_KEYS.iter().enumerate() {
        let (_, _, default, _) = OWN[place];
        if kinds.are_exchangeable {
            for key in &keys[1..] {
                let why = "is of one partner, and the partners are exchangeable";
                let hint = format!(
                    "write `{}`, or `partners = \"distinguishable\"` under [power]",
                    keys[0]
                );
                refuse(reader, &table, key, why, &hint);
            }
        }
        let both = reader.number(&table, keys[0]);
        for (person, key) in keys[1..].iter().enumerate() {
            let own = reader.number(&table, key);
            match own.or(both).or(default.parse().ok()) {
                Some(value) => pairs[place][person] = value,
                None => is_complete = false,
            }
        }
        let given = keys.map(|key| table.node(key).is_some());
        if default.is_empty() && !given[0] {
            match given[1..] {
                [true, true] => {}
                [true, false] => reader.missing(&table, keys[2]),
                [false, true] => reader.missing(&table, keys[1]),
                _ => reader.missing(&table, keys[0]),
            }
        }
    }
    let [
        intercept_correlation,
        residual_correlation,
        autocorrelation,
        predictor_correlation,
    ] = SHARED_KEYS.map(|key| reader.number_or_default(&table, key));
    let [
        intercept,
        actor,
        partner,
        lag,
        intercept_sd,
        residual_sd,
        predictor_mean,
        predictor_sd,
    ] = pairs;
    is_complete.then_some(GivenEffects {
        intercept,
        actor,
        partner,
        lag,
        intercept_sd,
        intercept_correlation,
        residual_sd,
        residual_correlation,
        autocorrelation,
        predictor_mean,
        predictor_sd,
        predictor_correlation,
    })
}

/// Reports the keys of other analyses than that of the study.
fn refuse_of_analysis(reader: &mut ScenarioReader, power: &OpenTable<'_>, analysis: AnalysisKind) {
    if !analysis.is_of_panel() {
        return;
    }
    for key in ["residuals", "lagged_outcome", "centre"] {
        let why = "is of the model of a diary, and waves are analysed";
        let hint = "take it out, or write `analysis = \"diary\"`";
        refuse(reader, power, key, why, hint);
    }
    if analysis == AnalysisKind::BreakUp {
        let why = "does nothing in a Cox regression, whose partial likelihood is the only one";
        refuse(reader, power, "method", why, "take it out");
        let why = "does nothing where break-ups are analysed: only the predictor has a reliability";
        refuse(reader, power, "error_in", why, "take it out");
        let why = "has no place where the break-up is the outcome";
        let hint = "take it out, or write `analysis = \"diary\"`";
        refuse(reader, power, "outcome", why, hint);
    }
}

/// The keys of a study of simulated couples.
const STUDY_KEYS: [&str; 3] = ["predictor", "outcome", "reference_couples"];

/// Checks what all analyses of a study have in common. The kinds are whether partners are analysed as exchangeable, and
/// whether they are.
fn check_participants(
    reader: &mut ScenarioReader,
    power: &OpenTable<'_>,
    study: &StudyDesign,
    [are_exchangeable, have_no_roles]: [bool; 2],
    analysis: AnalysisKind,
) {
    for quantity in DesignQuantity::OF_GIVEN {
        let key = quantity.key();
        let why = "is that of the [study], whose couples are simulated";
        let hint = match quantity {
            DesignQuantity::Occasions => {
                let own = if analysis.is_of_panel() {
                    "waves"
                } else {
                    "burst_days"
                };
                format!("write `{own}` under [study] or [power.vary]")
            }
            DesignQuantity::Reliability => {
                "write a [study.reliability], or a list under [power.vary]".to_owned()
            }
            DesignQuantity::Compliance if analysis.is_of_panel() => {
                "write `wave_compliance` under [study] or [power.vary]".to_owned()
            }
            _ => format!("write `{key}` under [study] or [power.vary]"),
        };
        refuse(reader, power, key, why, &hint);
    }
    if study.participants != ParticipatingPartners::Both {
        let message = match analysis {
            AnalysisKind::BreakUp => {
                "the scores of both partners are analysed, and one is not asked"
            }
            AnalysisKind::Diary | AnalysisKind::Growth => {
                "partner effects need the answers of both partners, and one is not asked"
            }
        };
        let error = Diagnostic::new(Code::Conflict, power.at, message);
        reader.report(
            error
                .label("here")
                .hint("write `participants = \"both\"` under [study]"),
        );
    }
    if have_no_roles && !are_exchangeable {
        let message = "partners without roles cannot be told apart";
        let error = Diagnostic::new(Code::Conflict, power.at("partners"), message);
        let hint =
            "write `partners = \"exchangeable\"` here, or `distinguishable = true` under [study]";
        reader.report(error.label("not distinguishable").hint(hint));
    }
}

/// Reads what of the waves of a study is analysed.
fn read_panel_measures(
    reader: &mut ScenarioReader,
    power: &OpenTable<'_>,
    (study, analysis): (&StudyDesign, AnalysisKind),
    kinds: [bool; 2],
) -> Option<StudyMeasures> {
    check_participants(reader, power, study, kinds, analysis);
    if study.wave_count() == 0 {
        let message = "what partners say at the first wave is analysed, and the study has no waves";
        let error = Diagnostic::new(Code::Conflict, power.at("analysis"), message);
        let hint = "set `waves` under [study] to 1 or more, or write `analysis = \"diary\"`";
        reader.report(error.label("no waves").hint(hint));
        return None;
    }
    let is_of_growth = analysis == AnalysisKind::Growth;
    let keys: &[&str] = match is_of_growth {
        true => &["predictor", "outcome"],
        false => &["predictor"],
    };
    reader.need(power, keys);
    let scales = (
        study.questionnaire.as_slice(),
        ["questionnaire", "questionnaire"],
    );
    let predictor = measured_scale(reader, power, "predictor", scales);
    let reference_couples = reader.integer_or_default(power, "reference_couples") as u64;
    let outcome = match is_of_growth {
        true => Some(measured_scale(reader, power, "outcome", scales)?),
        false => None,
    };
    let predictor = predictor?;
    if outcome == Some(predictor) {
        let message = "the outcome cannot be its own predictor";
        let error = Diagnostic::new(Code::Conflict, power.at("outcome"), message);
        let hint = "name two scales of the questionnaire";
        reader.report(error.label("the same scale").hint(hint));
    }
    Some(StudyMeasures {
        predictor,
        outcome,
        reference_couples,
    })
}

/// A scale that is to be analysed, which a study must ask. `requested` has the scales, with where they are asked and the
/// key that lists them.
fn measured_scale(
    reader: &mut ScenarioReader,
    power: &OpenTable<'_>,
    key: &str,
    (requested, [place, listed_by]): (&[usize], [&str; 2]),
) -> Option<usize> {
    let word = reader.word(power, key)?;
    let scale = study_scale(word)?;
    if !requested.contains(&scale) {
        let names: Vec<&str> = requested.iter().map(|own| STUDY_SCALES[*own].key).collect();
        let message = format!("the {place} of the [study] does not have `{word}`");
        let error = Diagnostic::new(Code::Conflict, power.at(key), message);
        let hint = format!(
            "add it to `{listed_by}` under [study], or write one of {}",
            listed(&names)
        );
        reader.report(error.label("not asked").hint(hint));
    }
    Some(scale)
}

/// Reads what of a study is analysed. `kinds` are whether partners are analysed as exchangeable, and whether they are.
fn read_measures(
    reader: &mut ScenarioReader,
    power: &OpenTable<'_>,
    study: &StudyDesign,
    [are_exchangeable, have_no_roles]: [bool; 2],
) -> Option<StudyMeasures> {
    check_participants(
        reader,
        power,
        study,
        [are_exchangeable, have_no_roles],
        AnalysisKind::Diary,
    );
    if !study.has_diary() {
        let message = "effects are those of a diary, and the study has none";
        let error = Diagnostic::new(Code::Conflict, power.at, message);
        reader.report(
            error
                .label("here")
                .hint("set `burst_days` under [study] to 2 or more"),
        );
        return None;
    }
    reader.need(power, &["predictor", "outcome"]);
    let scales = (study.diary.as_slice(), ["diary", "diary"]);
    let scale = |reader: &mut ScenarioReader, key: &str| measured_scale(reader, power, key, scales);
    let (predictor, outcome) = (scale(reader, "predictor"), scale(reader, "outcome"));
    let reference_couples = reader.integer_or_default(power, "reference_couples") as u64;
    let (predictor, outcome) = (predictor?, outcome?);
    if predictor == outcome {
        let message = "the outcome cannot be its own predictor";
        let error = Diagnostic::new(Code::Conflict, power.at("outcome"), message);
        reader.report(
            error
                .label("the same scale")
                .hint("name two scales of the diary"),
        );
    }
    Some(StudyMeasures {
        predictor,
        outcome: Some(outcome),
        reference_couples,
    })
}

/// Checks that a reliability that varies has a scale, and that `error_in` does something.
fn check_reliability(reader: &mut ScenarioReader, table: &OpenTable<'_>, power: &PowerSpec) {
    if !power.changes(DesignQuantity::Reliability) {
        let why = "does nothing where no `reliability` varies";
        let hint = "list values under [power.vary], or take it out";
        refuse(reader, table, "error_in", why, hint);
    } else if power.reliable_scales().is_empty() {
        let conflict = STUDY_SCALES[CONFLICT_SCALE].key;
        let message =
            format!("`{conflict}` has no reliability, and that of the other scale is not varied");
        let error = Diagnostic::new(Code::Conflict, table.at("error_in"), message);
        let hint = "write `error_in = \"both\"`, or vary `conflict_reported`";
        reader.report(error.label("no scale").hint(hint));
    }
}

/// Occasions of a person that the model of a diary takes.
fn rows_of_a_person(power: &PowerSpec, study: &StudyDesign) -> u64 {
    let of_burst = u64::from(study.burst_days) * u64::from(study.prompts);
    let first = u64::from(power.has_lagged_outcome);
    u64::from(study.bursts) * of_burst.saturating_sub(first)
}

/// Checks that the run holds each design, and the ends of the search. `tables` are those that can be changed.
fn check_designs(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    power: &PowerSpec,
    base: &StudyDesign,
    size: &Size,
    tables: &str,
) {
    let place = |quantities: &[DesignQuantity]| {
        let inner = |name: &str| table.node(name).and_then(TomlNode::table);
        let listed = quantities
            .iter()
            .find_map(|own| inner("vary")?.node(own.key()));
        let searched = power
            .search
            .as_ref()
            .is_some_and(|own| quantities.contains(&own.quantity));
        let to = inner("search")
            .and_then(|own| own.node("to"))
            .filter(|_| searched);
        listed.or(to).map_or(table.at, |node| node.at)
    };
    let mut designs = power.designs();
    if let Some(search) = &power.search {
        for mut design in power.designs_without(search.quantity) {
            design[search.quantity as usize] = search.to;
            designs.push(design);
        }
    }
    for design in designs {
        let study = power.study_of(base, &design);
        let last = study.last_day();
        let (code, of, message, hint): (_, &[DesignQuantity], _, _) = if u64::from(study.couples)
            > size.couples
        {
            let (wanted, pool) = (study.couples, size.couples);
            (
                Code::TooManyCouples,
                &[DesignQuantity::Couples],
                format!("a design recruits {wanted} couples, but [run] has only {pool} `couples`"),
                format!(
                    "set [run] `couples` to more than {wanted}, since not every couple can be recruited"
                ),
            )
        } else if !size.steps_per_day.is_multiple_of(study.prompts) {
            let (prompts, step) = (study.prompts, 1.0 / f64::from(study.prompts));
            (
                Code::Conflict,
                &[DesignQuantity::Prompts],
                format!("a day of [run] has too few steps for {prompts} `prompts`"),
                format!("set [run] `step_days` to {step}, or ask less often"),
            )
        } else if study.bursts > 1 && study.burst_interval < study.burst_days {
            (
                Code::Conflict,
                &[DesignQuantity::BurstDays, DesignQuantity::Bursts],
                format!(
                    "a burst of {} days begins every {} days, so that bursts overlap",
                    study.burst_days, study.burst_interval
                ),
                format!(
                    "set `burst_interval` under [study] to {} or more",
                    study.burst_days
                ),
            )
        } else if power.analysis == AnalysisKind::Growth && study.wave_count() < LEAST_WAVES {
            (
                Code::Conflict,
                &[DesignQuantity::Waves],
                format!("a line over time is told from error with {LEAST_WAVES} waves or more"),
                format!("set `waves` under {tables} to {LEAST_WAVES} or more"),
            )
        } else if power.analysis == AnalysisKind::Diary && rows_of_a_person(power, &study) < 2 {
            (
                Code::Conflict,
                &[DesignQuantity::BurstDays, DesignQuantity::Bursts],
                "an effect within persons needs two analysed occasions of a person or more"
                    .to_owned(),
                match power.has_lagged_outcome {
                    true => format!(
                        "ask on more `burst_days` under {tables}: the first of a burst has none before it"
                    ),
                    false => format!("ask on more `burst_days` under {tables}"),
                },
            )
        } else if power.analysis == AnalysisKind::BreakUp
            && study.last_occasion().saturating_add(study.follow_up) == 0
        {
            (
                Code::Conflict,
                &[DesignQuantity::FollowUp, DesignQuantity::Waves],
                "a design follows no couple beyond its day of entry, so that no break-up is learnt of"
                    .to_owned(),
                format!("write more `waves`, or a `follow_up`, under {tables}"),
            )
        } else if last > size.days {
            (
                Code::BeyondTheRun,
                &[
                    DesignQuantity::BurstDays,
                    DesignQuantity::Bursts,
                    DesignQuantity::Waves,
                    DesignQuantity::WaveInterval,
                    DesignQuantity::FollowUp,
                ],
                format!(
                    "a design ends on day {last} of the relationship of who enters last, but the run has only {} days",
                    size.days
                ),
                format!("set [run] `days` to {last} or more"),
            )
        } else {
            continue;
        };
        let error = Diagnostic::new(code, place(of), message);
        reader.report(error.label("in this design").hint(hint));
        return;
    }
}

/// Reports a key that does nothing, where it is given.
fn refuse(reader: &mut ScenarioReader, table: &OpenTable<'_>, key: &str, why: &str, hint: &str) {
    if let Some(entry) = table.entry(key) {
        let error = Diagnostic::new(Code::Conflict, entry.key_at, format!("`{key}` {why}"));
        reader.report(error.label("does nothing").hint(hint.to_owned()));
    }
}

fn read_search(
    reader: &mut ScenarioReader,
    power: &OpenTable<'_>,
    spec: &PowerSpec,
    of: DesignSource<'_>,
) -> Option<DesignSearch> {
    let table = open_inner(reader, power, "search")?;
    reader.need(&table, &["effect", "from", "to"]);
    let effect = reader.word(&table, "effect");
    let named = |key| DesignQuantity::named(key);
    let quantity = reader.word(&table, "quantity").and_then(named);
    let quantity = quantity.unwrap_or(DesignQuantity::Couples);
    if let Some((message, hint)) = not_of_source(quantity, of) {
        let error = Diagnostic::new(Code::Conflict, table.at("quantity"), message);
        reader.report(error.label("not searched").hint(hint));
    }
    let bound = |reader: &mut ScenarioReader, key: &str| {
        reader.number(&table, key)?;
        let node = table.node(key)?;
        let (low, high) = quantity.bounds();
        let read = if quantity.is_count() {
            value::integer(node, low as i64, high as i64).map(|value| value as f64)
        } else {
            value::number(node, low, high)
        };
        reader.accept(node, key, read)
    };
    let (from, to) = (bound(reader, "from"), bound(reader, "to"));
    let effect = effect?;
    known_effect(reader, &table, spec, effect);
    let (from, to) = (from?, to?);
    if from >= to {
        let message = "`from` must be below `to`";
        let error = Diagnostic::new(Code::OutOfRange, table.at("from"), message);
        reader.report(
            error
                .label("not below")
                .hint("exchange the two, or write a wider range"),
        );
    }
    Some(DesignSearch {
        effect,
        quantity,
        from,
        to,
    })
}

fn number_to_toml(quantity: DesignQuantity, value: f64) -> String {
    if quantity.is_count() {
        (value as u64).to_string()
    } else {
        toml_number(value)
    }
}

fn write(spec: &ScenarioSpec, _: &TableSpec) -> String {
    let mut text = String::new();
    let Some(power) = &spec.power else {
        return text;
    };
    let word = |words: &[&str; 2], second: bool| toml_text(words[usize::from(second)]);
    let error_in = match power.error_in {
        [true, false] => ERROR_WORDS[1],
        [false, true] => ERROR_WORDS[2],
        _ => ERROR_WORDS[0],
    };
    text.push_str("\n[power]\n");
    for (key, value) in [
        ("replicates", power.replicates.to_string()),
        ("alpha", toml_number(power.alpha)),
        ("target", toml_number(power.target)),
    ] {
        toml_line(&mut text, key, &value);
    }
    if power.analysis.is_of_panel() {
        let word = AnalysisKind::WORDS[power.analysis as usize];
        toml_line(&mut text, "analysis", &toml_text(word));
    }
    let partners = word(&PARTNER_WORDS, power.are_exchangeable);
    toml_line(&mut text, "partners", &partners);
    if !power.analysis.is_of_panel() {
        for (key, value) in [
            ("residuals", word(&RESIDUAL_WORDS, power.are_autoregressive)),
            ("lagged_outcome", power.has_lagged_outcome.to_string()),
            ("centre", power.is_centred.to_string()),
        ] {
            toml_line(&mut text, key, &value);
        }
    }
    if power.analysis != AnalysisKind::BreakUp {
        let method = word(&METHOD_WORDS, !power.is_restricted);
        toml_line(&mut text, "method", &method);
        if power.given().is_some() || power.changes(DesignQuantity::Reliability) {
            toml_line(&mut text, "error_in", &toml_text(error_in));
        }
    }
    let fixed = |quantity: &DesignQuantity| power.vary[*quantity as usize].is_empty();
    match &power.source {
        EffectSource::Given(_) => {
            for quantity in DesignQuantity::OF_GIVEN.into_iter().filter(fixed) {
                let value = number_to_toml(quantity, power.design[quantity as usize]);
                toml_line(&mut text, quantity.key(), &value);
            }
        }
        EffectSource::Study(own) => {
            let name = |scale: usize| toml_text(STUDY_SCALES[scale].key);
            toml_line(&mut text, "predictor", &name(own.predictor));
            if let Some(outcome) = own.outcome {
                toml_line(&mut text, "outcome", &name(outcome));
            }
            let couples = own.reference_couples.to_string();
            toml_line(&mut text, "reference_couples", &couples);
        }
    }
    if !DesignQuantity::ALL.iter().all(fixed) {
        text.push_str("\n[power.vary]\n");
        for quantity in DesignQuantity::ALL.into_iter().filter(|own| !fixed(own)) {
            let values = power.vary[quantity as usize].iter();
            let values = toml_list(values.map(|value| number_to_toml(quantity, *value)));
            toml_line(&mut text, quantity.key(), &values);
        }
    }
    if let EffectSource::Given(effects) = &power.source {
        text.push_str("\n[power.effects]\n");
        effects_to_toml(&mut text, power, effects);
    }
    if let Some(search) = &power.search {
        text.push_str("\n[power.search]\n");
        toml_line(&mut text, "effect", &toml_text(search.effect));
        toml_line(&mut text, "quantity", &toml_text(search.quantity.key()));
        toml_line(
            &mut text,
            "from",
            &number_to_toml(search.quantity, search.from),
        );
        toml_line(&mut text, "to", &number_to_toml(search.quantity, search.to));
    }
    text
}

fn effects_to_toml(text: &mut String, power: &PowerSpec, effects: &GivenEffects) {
    let own = [
        effects.intercept,
        effects.actor,
        effects.partner,
        effects.lag,
        effects.intercept_sd,
        effects.residual_sd,
        effects.predictor_mean,
        effects.predictor_sd,
    ];
    for (place, (keys, [a, b])) in OWN_KEYS.iter().zip(own).enumerate() {
        if place == 3 && !power.has_lagged_outcome {
            continue;
        }
        if power.are_exchangeable {
            toml_line(text, keys[0], &toml_number(a));
        } else {
            toml_line(text, keys[1], &toml_number(a));
            toml_line(text, keys[2], &toml_number(b));
        }
    }
    let shared = [
        Some(effects.intercept_correlation),
        Some(effects.residual_correlation).filter(|_| !power.are_autoregressive),
        Some(effects.autocorrelation).filter(|_| power.are_autoregressive),
        Some(effects.predictor_correlation),
    ];
    for (key, value) in SHARED_KEYS.iter().zip(shared) {
        if let Some(value) = value {
            toml_line(text, key, &toml_number(value));
        }
    }
}

fn json(table: &TableSpec) -> Value {
    let mut schema = closed(table, &[]);
    let mut vary = closed(table.inner("vary"), &[]);
    for quantity in DesignQuantity::ALL {
        let (low, high) = quantity.bounds();
        let item = match quantity.is_count() {
            _ if quantity == DesignQuantity::Prompts => json!({ "enum": [1, 2, 4] }),
            true => json!({ "type": "integer", "minimum": low as i64, "maximum": high as i64 }),
            false => json!({ "type": "number", "minimum": low, "maximum": high }),
        };
        let list = json!({
            "type": "array", "minItems": 1, "maxItems": MOST_VALUES, "uniqueItems": true, "items": item
        });
        refine(&mut vary["properties"][quantity.key()], list);
    }
    let search = closed(table.inner("search"), &["effect", "from", "to"]);
    for (key, inner) in [
        ("vary", vary),
        ("effects", closed(table.inner("effects"), &[])),
        ("search", search),
    ] {
        refine(&mut schema["properties"][key], inner);
    }
    schema
}

fn page(table: &TableSpec) -> String {
    let inner: String = table.inner.iter().map(inner_page).collect();
    table.prose.to_owned() + &keys_table(table) + &inner
}
