//! Reading `[sweep]`: axes, a design over them, what is measured, and when a point has been run often
//! enough; and writing it back as TOML.

use super::axis_reader::{self, AxisSpec, SweepableKeys, name_all, not_for};
use super::constraints::{self, NamedAxes};
use super::formula::{Constraint, Formula};
use super::measure::MeasureDays;
use super::points::{DesignSpec, table_points};
use super::schema::{DesignKind, MOST_POINTS, reserved};
use super::{AxisValues, ScenarioAxis, Sweep, SweepMeasure, SweepPoints, Until};
use crate::scenario::diagnostic::{Code, Diagnostic, Span};
use crate::scenario::document::Attachments;
use crate::scenario::dotted_keys::{KeyPath, settable_keys};
use crate::scenario::lints::large_seed;
use crate::scenario::nearest::nearest;
use crate::scenario::reader::{ListWords, OpenTable, ScenarioReader, listed, wrong_type};
use crate::scenario::spec::ScenarioSpec;
use crate::scenario::tree::{
    TomlNode, TomlTable, TomlValue, toml_inline, toml_line, toml_list, toml_number, toml_text,
};
use crate::scenario::value::{self, Setting};
use crate::simulation::{Measure, Observable, couples_schema};

/// A sweep that was read, with what its configurations are made from.
#[derive(Clone, Debug)]
pub(crate) struct ParsedSweep {
    pub(crate) sweep: Sweep,
    /// The keys of axes and derived axes, in the order of a point's settings; none of an axis that sets nothing.
    pub(crate) paths: Vec<Option<KeyPath>>,
    /// Where the keys stand.
    pub(crate) places: Vec<Span>,
    /// Where the values or formulas stand.
    pub(crate) value_places: Vec<Span>,
    /// The sweep as effective TOML.
    pub(crate) toml: String,
}

/// Reads the sweep, if the scenario asks for one.
pub(crate) fn read(
    reader: &mut ScenarioReader,
    root: &TomlTable,
    spec: &ScenarioSpec,
    attached: &mut Attachments<'_>,
) -> Option<ParsedSweep> {
    let sure = reader.errors.is_empty() && !reader.broken;
    let node = root.node("sweep")?;
    node.table().or_else(|| reader.as_table(node, "sweep"))?;
    let before = reader.errors.len();
    let table = reader.open(root, "sweep");
    let kind = design_kind(reader, &table);
    let keys = SweepableKeys {
        keys: settable_keys(reader.tables, spec),
        labels: spec
            .events
            .iter()
            .map(|event| event.label.clone())
            .collect(),
        variables: &spec.variables,
        spec,
        sure,
    };
    let mut axes = axis_reader::read(reader, &table, kind, &keys);
    let design = design_spec(reader, &table, kind, spec.seed);
    let mut rows = None;
    let file = reader.text(&table, "table");
    if let (Some(name), Some(true)) = (&file, kind.map(|kind| kind.word == "table")) {
        let at = table.at("table");
        if let Some(table) = table_points(
            reader,
            (name, at),
            std::mem::take(&mut axes),
            &keys,
            attached,
        ) {
            axes = table.axes;
            rows = Some((table.rows, table.labels));
        }
    }
    let sound = sure && reader.errors.len() == before;
    let labels = rows.as_ref().map_or(&[][..], |(_, labels)| labels);
    let names = name_all(reader, &axes, labels);
    let mut sweep = outputs(reader, &table, spec);
    let tables = table.node("axis").and_then(TomlNode::list);
    let is_complete = rows.is_some() || tables.is_some_and(|tables| tables.len() == axes.len());
    let named = NamedAxes {
        axes: &axes,
        names: &names,
    };
    // An axis that could not be read may be what a formula names.
    let formulas = match is_complete {
        true => constraints::formulas(reader, &named),
        false => None,
    };
    let constraints = match kind.filter(|_| is_complete) {
        Some(kind) => constraints::constraints(reader, &table, kind, &named),
        None => Vec::new(),
    };
    let design = design?;
    if !sound {
        design.check_alone(reader);
        return None;
    }
    let formulas = formulas?;
    let mut toml = design_to_toml(&design, file.as_deref());
    let axes_toml = axes_to_toml(&axes, &names, &design);
    let constraint_places: Vec<Span> = constraints.iter().map(|(_, at)| *at).collect();
    let (mut axes, names, derived) = by_position(axes, names, formulas, constraints, &mut sweep);
    sweep.points = match rows {
        Some((rows, labels)) => {
            sweep.labels = labels;
            SweepPoints::Table(rows)
        }
        None => SweepPoints::Designed(design.design(reader, &mut axes)?),
    };
    let axis = |(axis, name): (&AxisSpec, String)| ScenarioAxis {
        name,
        key: axis.path.as_ref().map_or_else(String::new, KeyPath::key),
        values: axis
            .values
            .as_ref()
            .map_or(AxisValues::Levels(Vec::new()), |(values, _)| values.clone()),
        group: axis.group.clone(),
    };
    sweep.axes = axes.iter().zip(names).map(axis).collect();
    let own_names = sweep.axes.iter().map(|axis| &axis.name);
    let all_names = own_names.chain(sweep.derived.iter().map(|axis| &axis.name));
    axes.extend(derived);
    for (name, spec) in all_names.zip(&axes) {
        let is_own = |measure: &SweepMeasure| measure.column() == *name;
        if reserved(name).is_none() && sweep.measures.iter().any(is_own) {
            let message =
                format!("an axis cannot have the name `{name}`: it is the column of a measure");
            let error = Diagnostic::new(Code::BadAxisName, spec.name_at, message).label("taken");
            reader.report(error.hint("take another `name`"));
        }
    }
    if reader.errors.len() == before {
        constraints::keep_points(reader, &mut sweep, &constraint_places);
    }
    sweep.reference = reference(reader, &table, &sweep, design.kind);
    toml.push_str(&outputs_to_toml(&sweep));
    toml.push_str(&axes_toml);
    let value_place = |axis: &AxisSpec| match (&axis.values, &axis.formula) {
        (Some((_, at)), _) | (None, Some((_, at))) => *at,
        (None, None) => axis.at,
    };
    let value_places: Vec<Span> = axes.iter().map(value_place).collect();
    let (paths, places) = axes.into_iter().map(|axis| (axis.path, axis.at)).unzip();
    (reader.errors.len() == before).then_some(ParsedSweep {
        sweep,
        paths,
        places,
        value_places,
        toml,
    })
}

/// Axes and derived axes apart, each with positions among the settings of a point in formulas and constraints,
/// which name them by their places in the file. Derived axes and constraints become those of the sweep.
fn by_position(
    axes: Vec<AxisSpec>,
    names: Vec<String>,
    formulas: Vec<(usize, Formula)>,
    constraints: Vec<(Constraint, Span)>,
    sweep: &mut Sweep,
) -> (Vec<AxisSpec>, Vec<String>, Vec<AxisSpec>) {
    let is_free = |place: &usize| axes[*place].formula.is_none();
    let mut order: Vec<usize> = (0..axes.len()).filter(is_free).collect();
    let free = order.len();
    order.extend(formulas.iter().map(|(place, _)| *place));
    let position = |place: usize| {
        order
            .iter()
            .position(|other| *other == place)
            .unwrap_or(place)
    };
    let derived = formulas.into_iter().map(|(place, formula)| {
        let formula = formula.with_positions(&position);
        constraints::derived_axis(&axes[place], &names[place], formula)
    });
    sweep.derived = derived.collect();
    let constraints = constraints.into_iter();
    sweep.constraints = constraints
        .map(|(constraint, _)| constraint.with_positions(&position))
        .collect();
    let mut specs: Vec<Option<AxisSpec>> = axes.into_iter().map(Some).collect();
    let mut taken: Vec<AxisSpec> = order
        .iter()
        .filter_map(|place| specs[*place].take())
        .collect();
    let derived = taken.split_off(free);
    let names = order[..free].iter().map(|place| names[*place].clone());
    (taken, names.collect(), derived)
}

/// The design's name, and whether all keys do something in it.
fn design_kind(reader: &mut ScenarioReader, table: &OpenTable<'_>) -> Option<&'static DesignKind> {
    reader.need(table, &["design"]);
    let kind = DesignKind::named(reader.word(table, "design")?)?;
    for key in &table.spec.keys {
        let key = key.key;
        if let Some(entry) = table.entry(key).filter(|_| !kind.uses(key)) {
            reader.report(not_for(kind, key, entry.key_at, |other| other.uses(key)));
        }
    }
    reader.need(table, kind.needs);
    Some(kind)
}

fn design_spec(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    kind: Option<&'static DesignKind>,
    seed: u64,
) -> Option<DesignSpec> {
    let at = table.node("design").map(|node| node.at);
    let place = |key: &str| table.node(key).map(|node| node.at).or(at);
    let (points_at, levels_at) = (place("points"), place("levels"));
    let points = reader.integer(table, "points").unwrap_or(1) as u64;
    let seed = reader
        .integer(table, "seed")
        .map_or(seed, |seed| seed as u64);
    if table.node("seed").is_some() {
        large_seed(&mut reader.warnings, table.at("seed"), seed);
    }
    let scramble = reader.switch(table, "scramble").unwrap_or(true);
    let scrambles = reader.integer(table, "scrambles").map(|count| count as u64);
    let placement = reader.word(table, "placement").unwrap_or("jittered");
    let second_order = reader.switch(table, "second_order").unwrap_or(false);
    let levels = reader.integer_or_default(table, "levels") as u32;
    let optimized = reader.word(table, "selection") == Some("optimized");
    Some(DesignSpec {
        kind: kind?,
        at: at?,
        points,
        points_at: points_at?,
        seed,
        scramble,
        scrambles,
        scrambles_at: place("scrambles")?,
        placement,
        second_order,
        levels,
        levels_at: levels_at?,
        optimized,
    })
}

/// Reads the point that contrasts are taken against: its number, or values that it has.
fn reference(
    reader: &mut ScenarioReader,
    part: &OpenTable<'_>,
    sweep: &Sweep,
    kind: &DesignKind,
) -> u64 {
    let Some(node) = part.node("reference") else {
        return 0;
    };
    let count = sweep.count();
    let Some(table) = node.table() else {
        let read = value::integer(node, 1, MOST_POINTS as i64);
        let Some(number) = reader.accept(node, "reference", read) else {
            return 0;
        };
        let reference = number as u64 - 1;
        if reference >= count {
            let message = format!("the sweep has {count} points, and no point {number}");
            let error =
                Diagnostic::new(Code::OutOfRange, node.at, message).label("beyond the last point");
            reader.report(error.hint(format!("write a number from 1 to {count}")));
        }
        return reference;
    };
    if !kind.has_levels() {
        let message = format!(
            "points of a {} design have no levels to name one by",
            kind.word
        );
        let error = Diagnostic::new(Code::Conflict, node.at, message).label("values of axes");
        reader.report(error.hint("write the number of a point, or leave it out for the first one"));
        return 0;
    }
    let mut wanted: Vec<(usize, Setting)> = Vec::new();
    for entry in &table.entries {
        let own = sweep
            .axes
            .iter()
            .map(|axis| (axis.name.as_str(), &axis.key));
        let derived = sweep.derived.iter();
        let derived = derived.map(|axis| (axis.name.as_str(), &axis.key));
        let all: Vec<(&str, &String)> = own.chain(derived).collect();
        let is_named = |(name, key): &(&str, &String)| *name == entry.key || **key == entry.key;
        let Some(axis) = all.iter().position(is_named) else {
            let message = format!("the sweep has no axis `{}`", entry.key.escape_debug());
            let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
            let hint = match nearest(&entry.key, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its axes are {}", listed(&names)),
            };
            let error = Diagnostic::new(Code::UnknownWord, entry.key_at, message);
            reader.report(error.label("no axis").hint(hint));
            return 0;
        };
        let Some(setting) = sweep
            .values_of(axis)
            .into_iter()
            .find(|own| is_value(own, &entry.node))
        else {
            let values = sweep.values_of(axis);
            let shown: Vec<String> = values.iter().take(8).map(Setting::to_string).collect();
            let more = if values.len() > 8 { " and others" } else { "" };
            let message = format!("no point has this value of `{}`", all[axis].0);
            let error = Diagnostic::new(Code::OutOfRange, entry.node.at, message);
            let hint = format!("its values are {}{more}", shown.join(", "));
            reader.report(error.label("no such level").hint(hint));
            return 0;
        };
        wanted.push((axis, setting));
    }
    sweep.first_point_with(&wanted).unwrap_or_else(|| {
        let message = "no point has these values together";
        let error = Diagnostic::new(Code::OutOfRange, node.at, message).label("no such point");
        reader.report(error.hint("name fewer axes, or write the number of a point"));
        0
    })
}

/// Whether a value of an axis is what is written, but for the rounding of numbers.
fn is_value(setting: &Setting, node: &TomlNode) -> bool {
    let close = |number: f64| {
        let near = |own: f64| (own - number).abs() <= 1e-9 * own.abs().max(number.abs());
        setting.number().is_some_and(near)
    };
    match (&node.value, setting) {
        (TomlValue::Integer(number), _) => close(*number as f64),
        (TomlValue::Float(number), _) => close(*number),
        (TomlValue::Bool(on), Setting::Switch(own)) => on == own,
        (TomlValue::Text(text), Setting::Word(own)) => text == own,
        _ => false,
    }
}

/// Reads all that needs neither axes nor points.
fn outputs(reader: &mut ScenarioReader, table: &OpenTable<'_>, spec: &ScenarioSpec) -> Sweep {
    let measures = measures(reader, table, spec);
    Sweep {
        axes: Vec::new(),
        derived: Vec::new(),
        constraints: Vec::new(),
        kept: None,
        points: SweepPoints::Table(Vec::new()),
        labels: Vec::new(),
        common_random_numbers: reader
            .switch(table, "common_random_numbers")
            .unwrap_or(true),
        until: until(reader, table, &measures, spec),
        measures,
        couples: reader.switch(table, "couples").unwrap_or(false),
        reference: 0,
    }
}

fn measures(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    spec: &ScenarioSpec,
) -> Vec<SweepMeasure> {
    let words = ListWords {
        takes: "a list of names in quotes",
        example: "write for example `measures = [\"mean trust\", \"share intact\"]`",
        if_empty: Some("take the line out to measure the default ones"),
    };
    let read =
        |reader: &mut ScenarioReader, item: &TomlNode| measure(reader, item, "measures", spec);
    let found = table
        .node("measures")
        .and_then(|node| reader.list(node, "measures", &words, read));
    match found {
        Some(found) => reader.distinct(found, |measure| format!("\"{measure}\"")),
        None => SweepMeasure::defaults(),
    }
}

fn measure(
    reader: &mut ScenarioReader,
    node: &TomlNode,
    key: &str,
    spec: &ScenarioSpec,
) -> Option<SweepMeasure> {
    let TomlValue::Text(text) = &node.value else {
        let error = Diagnostic::new(
            Code::WrongType,
            node.at,
            format!("`{key}` takes names of measures in quotes"),
        );
        reader.report(error.label(format!("this is {}", node.value.kind())));
        return None;
    };
    let found = SweepMeasure::named(text);
    if let Some(measure) = &found {
        check_measure(reader, node, measure, spec);
    } else {
        let all = Measure::all();
        let columns: Vec<String> = all.iter().map(Measure::column).collect();
        let (name, days) = text.split_once('@').unwrap_or((text, ""));
        let near = nearest(name.trim(), columns.iter().map(String::as_str));
        let near = near.and_then(|near| columns.iter().position(|column| column == near));
        let hint = match near {
            Some(near) if days.is_empty() => format!("did you mean \"{}\"?", all[near]),
            Some(near) => format!(
                "a day is written as in \"{0} @ 60\", and days from one to a later one as in \"{0} @ 30:60\"",
                all[near]
            ),
            None if text.starts_with("correlation") || text.starts_with("slope") => {
                "write \"correlation of ONE with OTHER\" or \"slope of ONE on OTHER\", with columns of numbers of \
                 `couples`, such as \"correlation of trust_end_a with anxiety_a\""
                    .to_owned()
            }
            None => "measures are \"share intact\", and \"mean\" or \"sd\" with an observable, such as \"mean trust\", \"mean trust a\" or \"mean trust over all\"".to_owned(),
        };
        let message = format!("there is no measure \"{}\"", text.escape_debug());
        reader.report(
            Diagnostic::new(Code::UnknownWord, node.at, message)
                .label("unknown measure")
                .hint(hint),
        );
    }
    found
}

/// Reports a measure of a day that the run does not have, or of a column that the couples do not have.
fn check_measure(
    reader: &mut ScenarioReader,
    node: &TomlNode,
    measure: &SweepMeasure,
    spec: &ScenarioSpec,
) {
    let days = spec.size.days;
    if let Some(day) = measure.last_day().filter(|day| *day > days) {
        let message = format!("\"{measure}\" is of day {day}, but the run has only {days} days");
        let error = Diagnostic::new(Code::BeyondTheRun, node.at, message).label("beyond the run");
        reader.report(error.hint(format!("write {days} or less, or set [run] `days` higher")));
    }
    if let SweepMeasure::On(of, MeasureDays::Day(0)) = measure
        && of.observable().is_some_and(Observable::is_of_events)
    {
        let message = "day 0 is the start, before which there are no events";
        let error = Diagnostic::new(Code::OutOfRange, node.at, message).label("has no value");
        reader.report(error.hint(format!("write \"{of} @ 1\" for the first day")));
    }
    let schema = couples_schema(spec.with_childhood());
    for column in measure.couple_columns().into_iter().flatten() {
        if schema.position(column).is_none() {
            let message = format!("couples have no `{column}` without a [childhood]");
            let error = Diagnostic::new(Code::UnknownWord, node.at, message);
            reader.report(
                error
                    .label("no such column")
                    .hint("add the table [childhood]"),
            );
        }
    }
}

fn until(
    reader: &mut ScenarioReader,
    sweep: &OpenTable<'_>,
    measures: &[SweepMeasure],
    spec: &ScenarioSpec,
) -> Option<Until> {
    let replicates = spec.size.replicates;
    let node = sweep.node("until")?;
    let Some(table) = node.table() else {
        let error = wrong_type(node, "`until` must be a table");
        reader.report(error.hint(
            "write for example `until = { half_width = 0.01, of = \"mean trust\", max = 10000 }`",
        ));
        return None;
    };
    let part = reader.open_as(Some(table), "sweep.until", sweep.spec.inner("until"), &[]);
    reader.need(&part, &["half_width", "of", "max"]);
    let half_width = reader.number(&part, "half_width");
    let confidence = reader.number(&part, "confidence").unwrap_or(0.95);
    let max = reader.integer(&part, "max").map(|max| max as u32);
    let of = part
        .node("of")
        .and_then(|node| measure(reader, node, "of", spec));
    let mut refuse = |key: &str, message: String, label: &str, hint: String| {
        let at = part.node(key).map_or(node.at, |node| node.at);
        reader.report(
            Diagnostic::new(Code::BadStopping, at, message)
                .label(label)
                .hint(hint),
        );
    };
    if half_width == Some(0.0) {
        let message = "no number of runs makes an interval of half-width 0".to_owned();
        refuse(
            "half_width",
            message,
            "never reached",
            "write a number above 0".to_owned(),
        );
    }
    if let Some(max) = max.filter(|max| *max < replicates) {
        let message = format!(
            "a point is run {replicates} times before anything stops it, but at most {max} times"
        );
        refuse(
            "max",
            message,
            "below [run] `replicates`",
            format!("write {replicates} or more, or take fewer `replicates`"),
        );
    }
    if let Some(of) = of.filter(|of| !measures.contains(of)) {
        let message = format!("\"{of}\" is not among the sweep's measures");
        refuse(
            "of",
            message,
            "not measured",
            "add it to `measures`".to_owned(),
        );
    }
    Some(Until {
        half_width: half_width?,
        of: of?,
        confidence,
        max: max?,
    })
}

/// The design's own keys.
fn design_to_toml(design: &DesignSpec, table: Option<&str>) -> String {
    let mut text = "\n[sweep]\n".to_owned();
    toml_line(&mut text, "design", &toml_text(design.kind.word));
    let selection = if design.optimized {
        "optimized"
    } else {
        "plain"
    };
    let all = [
        ("table", toml_text(table.unwrap_or_default())),
        ("points", design.points.to_string()),
        ("seed", design.seed.to_string()),
        ("scramble", design.scramble.to_string()),
        ("scrambles", design.scrambles().to_string()),
        ("placement", toml_text(design.placement)),
        ("second_order", design.second_order.to_string()),
        ("levels", design.levels.to_string()),
        ("selection", toml_text(selection)),
    ];
    for (key, value) in all.iter().filter(|(key, _)| design.kind.uses(key)) {
        toml_line(&mut text, key, value);
    }
    text
}

/// The keys that every design takes.
fn outputs_to_toml(sweep: &Sweep) -> String {
    let mut text = String::new();
    toml_line(
        &mut text,
        "common_random_numbers",
        &sweep.common_random_numbers.to_string(),
    );
    let measures = sweep
        .measures
        .iter()
        .map(|measure| toml_text(&measure.to_string()));
    toml_line(&mut text, "measures", &toml_list(measures));
    toml_line(&mut text, "couples", &sweep.couples.to_string());
    toml_line(&mut text, "reference", &(sweep.reference + 1).to_string());
    if !sweep.constraints.is_empty() {
        let all = sweep
            .constraints
            .iter()
            .map(|own| toml_text(&own.to_string()));
        toml_line(&mut text, "constraints", &toml_list(all));
    }
    if let Some(until) = sweep.until {
        let entries = [
            ("half_width", toml_number(until.half_width)),
            ("of", toml_text(&until.of.to_string())),
            ("confidence", toml_number(until.confidence)),
            ("max", until.max.to_string()),
        ];
        let entries = entries.map(|(key, value)| (key.to_owned(), value));
        toml_line(&mut text, "until", &toml_inline(entries));
    }
    text
}

/// The axes as they were given.
fn axes_to_toml(axes: &[AxisSpec], names: &[String], design: &DesignSpec) -> String {
    let mut text = String::new();
    for (axis, name) in axes.iter().zip(names) {
        text.push_str("\n[[sweep.axis]]\n");
        if let Some(path) = &axis.path {
            toml_line(&mut text, "key", &toml_text(&path.key()));
        }
        toml_line(&mut text, "name", &toml_text(name));
        if let Some((formula, _)) = &axis.formula {
            toml_line(&mut text, "formula", &toml_text(formula));
        }
        match axis
            .values
            .as_ref()
            .filter(|_| design.kind.uses_of_axis("values"))
        {
            Some((
                AxisValues::Range {
                    low,
                    high,
                    log,
                    integer,
                },
                _,
            )) => {
                let number = |value: f64| {
                    if *integer {
                        format!("{value}")
                    } else {
                        toml_number(value)
                    }
                };
                toml_line(
                    &mut text,
                    "range",
                    &format!("[{}, {}]", number(*low), number(*high)),
                );
                toml_line(
                    &mut text,
                    "scale",
                    if *log { "\"log\"" } else { "\"linear\"" },
                );
                toml_line(&mut text, "integer", &integer.to_string());
                if axis.levels > 0 {
                    toml_line(&mut text, "steps", &axis.levels.to_string());
                }
            }
            Some((AxisValues::Levels(levels), _)) => {
                toml_line(
                    &mut text,
                    "values",
                    &toml_list(levels.iter().map(Setting::to_toml)),
                );
            }
            None => {}
        }
        if let Some(group) = &axis.group {
            toml_line(&mut text, "group", &toml_text(group));
        }
        if let Some(baseline) = &axis.baseline {
            toml_line(&mut text, "baseline", &baseline.to_toml());
        }
    }
    text
}
