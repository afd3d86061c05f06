//! Axes, what `[sweep]` becomes, the configurations of its points, and the way back to text.

use super::schema::RESERVED_NAMES;
use super::{AxisValues, ScenarioAxis, Sweep, SweepMeasure, SweepPoints};
use crate::design::{Design, Grid};
use crate::scenario::diagnostic::Code;
use crate::scenario::{Override, Scenario, Setting};
use crate::simulation::{Measure, PointEventKind};
use std::io::ErrorKind;

/// A scenario with something to sweep.
const BASE: &str = "title = \"t\"\n[run]\nseed = 7\nreplicates = 5\n[[event]]\nkind = \"stress\"\n\
                    day = 20\nsize = 0.5\n";

/// Two axes with ranges.
const TWO: &str = "[[sweep.axis]]\nkey = \"traits.responsiveness.median\"\nrange = [0.3, 0.95]\n\
                   [[sweep.axis]]\nkey = \"parameters.trust_rate\"\nrange = [0.01, 0.1]\n\
                   scale = \"log\"\n";

/// A derived axis before those that it follows from, one of which sets nothing itself.
const EVENTS: &str = "[[sweep.axis]]\nkey = \"event.1.day\"\nname = \"end\"\nformula = \"start + width\"\n\
                      [[sweep.axis]]\nkey = \"run.couples\"\nname = \"start\"\nvalues = [10, 20, 30]\n\
                      [[sweep.axis]]\nname = \"width\"\nvalues = [5, 20, 40.4]\n";

fn read(sweep: &str) -> Scenario {
    let text = format!("{BASE}[sweep]\n{sweep}");
    Scenario::read_text("sweep", &text, &[]).unwrap_or_else(|errors| panic!("{errors}"))
}

/// Reads a scenario whose table of points is this text.
fn read_table(sweep: &str, table: &str) -> Scenario {
    let text = format!("{BASE}[sweep]\ndesign = \"table\"\ntable = \"in/points.csv\"\n{sweep}");
    let load = |name: &str| match name {
        "in/points.csv" => Ok(table.into()),
        _ => Err(ErrorKind::NotFound.into()),
    };
    let read = Scenario::read_with("sweep", text.as_bytes(), &[], &load);
    read.unwrap_or_else(|errors| panic!("{errors}"))
}

fn requested(scenario: &Scenario) -> &Sweep {
    scenario.sweep_spec().expect("a sweep")
}

/// The values of every point, in the order of points.
fn shown(scenario: &Scenario) -> Vec<String> {
    let sweep = requested(scenario);
    let row = |point| {
        let settings = sweep.settings(point);
        settings
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" ")
    };
    (0..sweep.count()).map(row).collect()
}

fn design(scenario: &Scenario) -> &Design {
    match &requested(scenario).points {
        SweepPoints::Designed(design) => design,
        SweepPoints::Table(_) => panic!("a table"),
    }
}

#[test]
fn a_scenario_without_a_sweep_has_none_and_is_its_own_only_configuration() {
    let scenario = Scenario::read_text("plain", BASE, &[]).expect("a valid scenario");
    assert!(scenario.sweep_spec().is_none());
    assert_eq!(scenario.config_at(0).as_ref(), Ok(scenario.config()));
}

#[test]
fn a_grid_sets_every_kind_of_key() {
    let scenario = read(
        "design = \"grid\"\n\
         [[sweep.axis]]\nkey = \"run.couples\"\nrange = [10, 30]\nsteps = 3\n\
         [[sweep.axis]]\nkey = \"mechanisms.repair\"\nvalues = [true, false]\n\
         [[sweep.axis]]\nkey = \"mechanisms.intimacy_target\"\nvalues = [\"mean\", \"least\"]\n\
         [[sweep.axis]]\nkey = \"event.1.day\"\nvalues = [5, 50]\n\
         [[sweep.axis]]\nkey = \"run.step_days\"\nvalues = [1.0, 0.5]\n\
         [[sweep.axis]]\nkey = \"correlations.partners.openness\"\nrange = [0, 0.5]\nsteps = 2\n",
    );
    let sweep = requested(&scenario);
    let names: Vec<&str> = sweep.axes.iter().map(|axis| axis.name.as_str()).collect();
    let expected = [
        "run_couples",
        "repair",
        "intimacy_target",
        "event_1_day",
        "step_days",
        "partners_openness",
    ];
    assert_eq!(names, expected);
    assert_eq!(sweep.count(), 96);
    for point in 0..sweep.count() {
        let settings = sweep.settings(point);
        let config = scenario.config_at(point).expect("a valid point");
        assert_eq!(settings[0], Setting::Integer(config.size.couples as i64));
        assert_eq!(settings[1], Setting::Switch(config.mechanisms.repair));
        assert_eq!(
            settings[2],
            Setting::Word(config.intimacy_target.word().to_owned())
        );
        assert_eq!(
            settings[3],
            Setting::Integer(i64::from(config.schedule.point_events[0].day))
        );
        assert_eq!(
            config.schedule.point_events[0].kind,
            PointEventKind::Stress { size: 0.5 }
        );
        assert_eq!(settings[4], Setting::Number(config.size.clock().step_days));
    }
}

#[test]
fn a_configuration_of_a_point_is_that_of_the_same_values_set_from_outside() {
    let scenario = read(&format!("design = \"sobol\"\npoints = 16\n{TWO}"));
    for point in 0..16 {
        let values = requested(&scenario).settings(point);
        let sets: Vec<Override> = requested(&scenario)
            .axes
            .iter()
            .zip(values)
            .map(|(axis, value)| Override::parse(&format!("{}={value}", axis.key)).expect("a set"))
            .collect();
        let set = Scenario::read_text("set", BASE, &sets).expect("a valid scenario");
        assert_eq!(scenario.config_at(point).as_ref(), Ok(set.config()));
    }
    assert_ne!(scenario.config_at(0), scenario.config_at(1));
}

#[test]
fn points_are_set_after_the_overrides() {
    let text = format!(
        "{BASE}[sweep]\ndesign = \"grid\"\n[[sweep.axis]]\nkey = \"run.days\"\nvalues = [40, 50]\n"
    );
    let sets = ["run.days=90", "run.couples=11", "sweep.axis.1.values=[60]"];
    let sets = sets.map(|set| Override::parse(set).expect("an override"));
    let scenario = Scenario::read_text("sweep", &text, &sets).expect("a valid scenario");
    assert_eq!(
        (scenario.config().size.days, requested(&scenario).count()),
        (90, 1)
    );
    let config = scenario.config_at(0).expect("a valid point");
    assert_eq!((config.size.days, config.size.couples), (60, 11));
}

#[test]
fn values_that_make_no_configuration_together_give_errors_in_their_own_words() {
    let scenario = Scenario::read_text(
        "range.toml",
        "title = \"t\"\n[traits]\nopenness = { dist = \"uniform\", low = 0.2, high = 0.4 }\n[sweep]\n\
         design = \"grid\"\n[[sweep.axis]]\nkey = \"traits.openness.low\"\nvalues = [0.1, 0.5]\n\
         [[sweep.axis]]\nkey = \"traits.openness.high\"\nvalues = [0.3, 0.8]\n",
        &[Override::parse("run.days=10").expect("an override")],
    );
    let scenario = scenario.expect("a valid scenario");
    let reported: Vec<String> = (0..4)
        .filter_map(|point| scenario.config_at(point).err())
        .map(|errors| errors.to_string())
        .collect();
    assert_eq!(reported.len(), 1, "only a lower end above the upper one");
    assert!(reported[0].contains("of the sweep:1:"), "{}", reported[0]);
    assert!(
        reported[0].contains("traits.openness.low=0.5"),
        "{}",
        reported[0]
    );
}

#[test]
fn a_list_takes_values_in_parallel_and_may_repeat_them() {
    let scenario = read(
        "design = \"list\"\n[[sweep.axis]]\nkey = \"run.days\"\nvalues = [10, 10, 30]\n\
         [[sweep.axis]]\nkey = \"traits.effort\"\nrange = [0.25, 0.75]\nsteps = 3\n",
    );
    assert_eq!(shown(&scenario), ["10 0.25", "10 0.5", "30 0.75"]);
}

#[test]
fn one_at_a_time_departs_from_the_baseline_and_never_repeats_it() {
    let scenario = read(
        "design = \"one-at-a-time\"\n\
         [[sweep.axis]]\nkey = \"traits.effort\"\nrange = [0.2, 0.8]\nsteps = 2\nbaseline = 0.6\n\
         [[sweep.axis]]\nkey = \"mechanisms.repair\"\nvalues = [false, true]\nbaseline = true\n\
         [[sweep.axis]]\nkey = \"mechanisms.intimacy_target\"\nvalues = [\"least\"]\nbaseline = \"mean\"\n",
    );
    let expected = [
        "0.6 true mean",
        "0.2 true mean",
        "0.6 false mean",
        "0.6 true least",
        "0.8 true mean",
    ];
    assert_eq!(shown(&scenario), expected);
    assert_eq!(requested(&scenario).reference, 0);
    let levels = [0.2, 0.6, 0.8].map(Setting::Number).to_vec();
    assert_eq!(
        requested(&scenario).axes[0].values,
        AxisValues::Levels(levels)
    );
}

#[test]
fn a_baseline_that_is_not_given_is_the_value_of_the_scenario() {
    let with = |baseline: [&str; 4]| {
        let [effort, repair, target, day] = baseline;
        let scenario = format!(
            "{BASE}[traits.a.openness]\ndist = \"log_normal\"\nmedian = 0.7\nlog_sd = 0.2\n[traits]\neffort = 0.6\n\
             [sweep]\ndesign = \"one-at-a-time\"\n\
             [[sweep.axis]]\nkey = \"traits.a.effort\"\nvalues = [0.2, 0.8]\n{effort}\
             [[sweep.axis]]\nkey = \"mechanisms.repair\"\nvalues = [false]\n{repair}\
             [[sweep.axis]]\nkey = \"mechanisms.intimacy_target\"\nvalues = [\"least\"]\n{target}\
             [[sweep.axis]]\nkey = \"event.1.day\"\nvalues = [40]\n{day}\
             [[sweep.axis]]\nkey = \"traits.a.openness.median\"\nvalues = [0.5]\n"
        );
        let read = Scenario::read_text("sweep", &scenario, &[]);
        shown(&read.unwrap_or_else(|errors| panic!("{errors}")))
    };
    let given = [
        "baseline = 0.6\n",
        "baseline = true\n",
        "baseline = \"mean\"\n",
        "baseline = 20\n",
    ];
    let points = with([""; 4]);
    assert_eq!(points, with(given));
    assert!(points[0].ends_with(" 0.7"), "{points:?}");
}

const LABELLED: &str = "title = \"t\"\n[run]\ncouples = 10\n[[event]]\nkind = \"stress\"\nday = 20\nsize = 0.5\n\
     [[event]]\nkind = \"stress\"\nlabel = \"B turns away\"\nday = 30\nsize = 0.5\n";

#[test]
fn events_are_set_by_their_number_from_1_or_their_label() {
    let days = |set: &str| {
        let set = Override::parse(set).expect("an override");
        let scenario = Scenario::read_text("set", LABELLED, &[set]).expect("a valid scenario");
        let events = &scenario.config().schedule.point_events;
        [events[0].day, events[1].day]
    };
    assert_eq!(days("event.1.day=7"), [7, 30]);
    for key in [
        "event.2.day",
        "event.b_turns_away.day",
        "event.\"B turns away\".day",
        "event.'b TURNS away'.day",
    ] {
        assert_eq!(days(&format!("{key}=40")), [20, 40], "{key}");
    }
}

#[test]
fn an_axis_of_a_labelled_event_is_that_of_its_number() {
    let of = |keys: &[&str]| {
        let axes = keys.iter();
        let axes = axes.map(|key| format!("[[sweep.axis]]\nkey = '{key}'\nvalues = [3, 4]\n"));
        let text = format!(
            "{LABELLED}[sweep]\ndesign = \"grid\"\n{}",
            axes.collect::<String>()
        );
        Scenario::read_text("sweep", &text, &[])
    };
    let [label, number] = ["event.b_turns_away.day", "event.2.day"]
        .map(|key| of(&[key]).unwrap_or_else(|errors| panic!("{errors}")));
    assert_eq!(label.config_at(1), number.config_at(1));
    assert_ne!(label.config_at(1).as_ref(), Ok(label.config()));
    let name = |scenario: &Scenario| requested(scenario).axes[0].name.clone();
    assert_eq!(
        [name(&label), name(&number)],
        ["event_b_turns_away_day", "event_2_day"]
    );
    let quoted = of(&["event.\"B turns away\".day"]).expect("a valid scenario");
    assert_eq!(name(&quoted), "event_b_turns_away_day");
    let twice = of(&["event.b_turns_away.day", "event.2.day"]).expect_err("one key twice");
    assert!(twice.to_string().contains("two axes set"), "{twice}");
}

#[test]
fn designs_come_with_their_settings() {
    let of = |keys: &str| read(&format!("{keys}\n{TWO}"));
    let latin = of("design = \"latin-hypercube\"\npoints = 10\nplacement = \"centred\"");
    let Design::LatinHypercube(own) = design(&latin) else {
        panic!("another design")
    };
    let mut point = [0.0; 2];
    own.point(3, &mut point);
    assert!(
        point.iter().all(|x| ((x * 10.0) % 1.0 - 0.5).abs() < 1e-9),
        "{point:?}"
    );
    let plain = of("design = \"sobol\"\npoints = 8\nscramble = false");
    assert_eq!(requested(&plain).settings(0)[0], Setting::Number(0.3));
    let saltelli = of("design = \"saltelli\"\npoints = 8\nsecond_order = true");
    assert_eq!(requested(&saltelli).count(), 8 * 6);
    let scrambles = |keys: &str| match design(&of(&format!("design = \"saltelli\"\n{keys}"))) {
        Design::Saltelli(own) => own.scrambles(),
        _ => panic!("another design"),
    };
    assert_eq!(scrambles("points = 512"), 1);
    assert_eq!(scrambles("points = 1024"), 8);
    assert_eq!(scrambles("points = 1024\nscramble = false"), 1);
    assert_eq!(scrambles("points = 1024\nscrambles = 1"), 1);
    assert_eq!(scrambles("points = 64\nscrambles = 32"), 32);
    let morris = of("design = \"morris\"\npoints = 5\nlevels = 6\nselection = \"plain\"");
    assert_eq!(requested(&morris).count(), 15);
    let Design::Morris(own) = design(&morris) else {
        panic!("another design")
    };
    assert!((own.distance(0, 0).abs() - 0.6).abs() < 1e-12);
    assert!(!own.is_optimized());
    let optimized = of("design = \"morris\"\npoints = 5\nselection = \"optimized\"");
    assert!(matches!(design(&optimized), Design::Morris(own) if own.is_optimized()));
    let default = of("design = \"morris\"\npoints = 5");
    assert!(matches!(design(&default), Design::Morris(own) if !own.is_optimized()));
    assert_eq!(requested(&of("design = \"halton\"\npoints = 7")).count(), 7);
}

#[test]
fn the_designs_seed_is_that_of_the_run_unless_it_has_its_own() {
    let of = |seed: &str| {
        shown(&read(&format!(
            "design = \"sobol\"\npoints = 4\n{seed}{TWO}"
        )))
    };
    assert_eq!(of(""), of("seed = 7\n"));
    assert_ne!(of(""), of("seed = 8\n"));
}

#[test]
fn axes_of_a_group_move_together() {
    let text = format!(
        "design = \"saltelli\"\npoints = 4\n{TWO}group = \"care\"\n\
         [[sweep.axis]]\nkey = \"traits.effort\"\nrange = [0, 1]\ngroup = \"care\"\n"
    );
    let scenario = read(&text);
    assert_eq!(requested(&scenario).count(), 4 * 4, "two groups");
    let groups: Vec<_> = requested(&scenario)
        .axes
        .iter()
        .map(|axis| axis.group.as_deref())
        .collect();
    assert_eq!(groups, [None, Some("care"), Some("care")]);
}

#[test]
fn names_come_from_keys_and_are_unique() {
    let scenario = read(
        "design = \"grid\"\n[[sweep.axis]]\nkey = \"traits.a.anxiety\"\nvalues = [0.2]\n\
         [[sweep.axis]]\nkey = \"traits.b.anxiety\"\nvalues = [0.2]\n\
         [[sweep.axis]]\nkey = \"traits.effort\"\nvalues = [0.2]\n\
         [[sweep.axis]]\nkey = \"run.couples\"\nname = \"size\"\nvalues = [20]\n",
    );
    let names: Vec<&str> = requested(&scenario)
        .axes
        .iter()
        .map(|axis| axis.name.as_str())
        .collect();
    assert_eq!(names, ["a_anxiety", "b_anxiety", "effort", "size"]);
}

/// The codes of the errors of a sweep over one axis with a name, or without.
fn errors_of_name(name: Option<&str>, key: &str, values: &str) -> Vec<Code> {
    let name = name.map_or(String::new(), |name| format!("name = \"{name}\"\n"));
    let axis = format!("[[sweep.axis]]\nkey = \"{key}\"\n{name}values = {values}\n");
    let text = format!("{BASE}[sweep]\ndesign = \"grid\"\n{axis}");
    match Scenario::read_text("sweep", &text, &[]) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.list().iter().map(|error| error.code).collect(),
    }
}

#[test]
fn names_of_other_columns_are_refused_and_default_names_keep_clear_of_them() {
    let fixed = RESERVED_NAMES.iter().map(|(name, _)| (*name).to_owned());
    for name in fixed.chain(Measure::all().iter().map(Measure::column)) {
        let found = errors_of_name(Some(&name), "traits.effort", "[0.2, 0.4]");
        assert_eq!(found, [Code::BadAxisName], "{name}");
    }
    let axis =
        "[[sweep.axis]]\nkey = \"traits.effort\"\nname = \"mean_trust_at_6\"\nvalues = [0.2]\n";
    let text = format!("{BASE}[sweep]\ndesign = \"grid\"\nmeasures = [\"mean trust @ 6\"]\n{axis}");
    let errors = Scenario::read_text("sweep", &text, &[]).expect_err("two columns of a name");
    assert_eq!(errors.list()[0].code, Code::BadAxisName);
    assert!(errors_of_name(Some("run_couples"), "run.couples", "[9, 40]").is_empty());
    let text = "design = \"grid\"\n[[sweep.axis]]\nkey = \"run.couples\"\nvalues = [40, 50]\n";
    assert_eq!(requested(&read(text)).axes[0].name, "run_couples");
}

#[test]
fn axes_of_integers_are_distinguished_from_those_of_numbers() {
    let is_integer = |axis: &str| {
        let text = format!("design = \"grid\"\n[[sweep.axis]]\n{axis}\n");
        requested(&read(&text)).axes[0].is_integer()
    };
    assert!(is_integer("key = \"run.couples\"\nvalues = [40, 50]"));
    assert!(is_integer(
        "key = \"run.days\"\nrange = [40, 50]\nsteps = 3"
    ));
    assert!(!is_integer("key = \"traits.effort\"\nvalues = [0.0, 1.0]"));
    assert!(!is_integer(
        "key = \"mechanisms.repair\"\nvalues = [true, false]"
    ));
}

/// The messages of the warnings of a sweep over a uniform distribution's ends.
fn refused_points(sweep: &str) -> Vec<String> {
    let text = format!(
        "title = \"t\"\n[run]\ncouples = 40\ndays = 10\n[traits]\n\
         openness = {{ dist = \"uniform\", low = 0.2, high = 0.4 }}\n[sweep]\n{sweep}"
    );
    let scenario = Scenario::read_text("t.toml", &text, &[]);
    let scenario = scenario.unwrap_or_else(|errors| panic!("{errors}"));
    let mut warnings = scenario.warnings().list().iter();
    let own = warnings
        .by_ref()
        .filter(|one| one.code == Code::RefusedPoints);
    own.map(|warning| warning.message.clone()).collect()
}

#[test]
fn corners_and_points_that_are_refused_are_warned_of_when_the_sweep_is_read() {
    let axis = |end: &str, values: &str| {
        format!("[[sweep.axis]]\nkey = \"traits.openness.{end}\"\n{values}\n")
    };
    let (low, high) = (
        axis("low", "range = [0.0, 0.9]"),
        axis("high", "range = [0.1, 1]"),
    );
    let other = "[[sweep.axis]]\nkey = \"traits.effort\"\nrange = [0, 1]\n";
    let found = refused_points(&format!(
        "design = \"sobol\"\npoints = 4\n{low}{other}{high}"
    ));
    let reported = "2 of 8 corners of the design are refused, such as traits.openness.low = 0.9 with \
                traits.openness.high = 0.1: ";
    assert!(
        found.len() == 1 && found[0].starts_with(reported),
        "{found:?}"
    );
    let apart = axis("low", "range = [0.0, 0.3]") + &axis("high", "range = [0.4, 1]");
    let sobol = format!("design = \"sobol\"\npoints = 4\n{apart}");
    assert_eq!(refused_points(&sobol), [""; 0]);
    // A list does not visit the corners: its points count.
    let pairs = |low: &str| axis("low", low) + &axis("high", "values = [0.4, 0.8]");
    let list = format!("design = \"list\"\n{}", pairs("values = [0.1, 0.6]"));
    assert_eq!(refused_points(&list), [""; 0]);
    let list = format!("design = \"list\"\n{}", pairs("values = [0.6, 0.1]"));
    let found = refused_points(&list);
    assert!(
        found.len() == 1 && found[0].starts_with("1 of 2 points"),
        "{found:?}"
    );
    // Of many axes, those of one distribution are crossed.
    let more: String = [
        "consistency",
        "responsiveness",
        "effort",
        "a.anxiety",
        "b.anxiety",
    ]
    .iter()
    .chain(&["a.avoidance", "b.avoidance"])
    .map(|key| format!("[[sweep.axis]]\nkey = \"traits.{key}\"\nrange = [0.1, 0.5]\n"))
    .collect();
    let found = refused_points(&format!(
        "design = \"halton\"\npoints = 4\n{more}{low}{high}"
    ));
    assert!(
        found.len() == 1 && found[0].contains("pairs of axes"),
        "{found:?}"
    );
}

#[test]
fn what_is_measured_and_when_it_is_enough_is_read() {
    let scenario = read(&format!(
        "design = \"sobol\"\npoints = 4\ncouples = true\ncommon_random_numbers = false\nreference = 3\n\
         measures = [\"sd intimacy a\", \"share intact\"]\n\
         until = {{ half_width = 0.01, of = \"share intact\", max = 100 }}\n{TWO}"
    ));
    let sweep = requested(&scenario);
    let named = |name| SweepMeasure::named(name).expect("a measure");
    assert_eq!(
        sweep.measures,
        [named("sd intimacy a"), named("share intact")]
    );
    assert_eq!(
        (sweep.couples, sweep.common_random_numbers, sweep.reference),
        (true, false, 2)
    );
    let until = sweep.until.expect("a rule");
    assert_eq!(
        (until.half_width, until.confidence, until.max),
        (0.01, 0.95, 100)
    );
    assert_eq!(until.of, named("share intact"));
}

#[test]
fn a_table_of_points_is_read_with_its_columns_as_axes() {
    let table = "\u{feff}run.days, mechanisms.intimacy_target ,traits.effort\r\n\
                 30,least,0.5\r\n\r\n10,\"mean\",1e-1\r\n30,mean,0\r\n";
    let scenario = read_table(
        "[[sweep.axis]]\nkey = \"traits.effort\"\nname = \"toil\"\n",
        table,
    );
    assert_eq!(
        shown(&scenario),
        ["30 least 0.5", "10 mean 0.1", "30 mean 0"]
    );
    let sweep = requested(&scenario);
    let names: Vec<&str> = sweep.axes.iter().map(|axis| axis.name.as_str()).collect();
    assert_eq!(names, ["days", "intimacy_target", "toil"]);
    assert_eq!(
        sweep.axes[0].values,
        AxisValues::Levels([10, 30].map(Setting::Integer).to_vec())
    );
    assert_eq!(scenario.config_at(1).expect("a valid point").size.days, 10);
    assert_eq!(scenario.attachments().len(), 1);
    assert_eq!(scenario.attachments()[0].0, "in/points.csv");
    let again = Scenario::read_with("again", scenario.effective_toml().as_bytes(), &[], &|_| {
        Ok(scenario.attachments()[0].1.clone().into())
    });
    let again = again.unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(
        format!("{:?}", again.sweep_spec()),
        format!("{:?}", scenario.sweep_spec())
    );
}

#[test]
fn effective_sweeps_come_back_to_the_same_sweep() {
    let whole = "[[sweep.axis]]\nkey = \"run.couples\"\nrange = [2, 9]\n";
    let words =
        "[[sweep.axis]]\nkey = \"mechanisms.intimacy_target\"\nvalues = [\"least\", \"mean\"]\n";
    let until = "until = { half_width = 0.1, of = \"mean trust\", confidence = 0.8, max = 70 }\n";
    let sweeps = [
        format!("design = \"grid\"\nreference = 5\n{until}{whole}steps = 4\n{words}"),
        format!("design = \"list\"\n{whole}steps = 2\n{words}"),
        format!(
            "design = \"one-at-a-time\"\n{whole}steps = 4\nbaseline = 3\n{words}baseline = \"response\"\n"
        ),
        format!("design = \"latin-hypercube\"\npoints = 6\nplacement = \"maximin\"\n{TWO}{words}"),
        format!("design = \"sobol\"\npoints = 8\nscramble = false\n{whole}{TWO}"),
        format!("design = \"halton\"\npoints = 5\nseed = 99\ncouples = true\n{whole}{words}"),
        format!(
            "design = \"saltelli\"\npoints = 8\nscrambles = 4\nsecond_order = true\n{whole}group = \"g\"\n{TWO}group = \"g\"\n"
        ),
        format!(
            "design = \"morris\"\npoints = 3\nlevels = 8\ncommon_random_numbers = false\n{TWO}"
        ),
        format!(
            "design = \"grid\"\nconstraints = [\"start < 30\", \"end / 2 <= 25\"]\nreference = 2\n{EVENTS}"
        ),
    ];
    for sweep in sweeps {
        let scenario = read(&sweep);
        let text = scenario.effective_toml();
        let again =
            Scenario::read_text("again", &text, &[]).unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(
            format!("{:?}", again.sweep_spec()),
            format!("{:?}", scenario.sweep_spec())
        );
        assert_eq!(again.effective_toml(), text);
        assert_eq!(shown(&again), shown(&scenario));
        let config = scenario.config_at(1).expect("a valid point");
        assert_eq!(again.config_at(1).as_ref(), Ok(&config));
        assert_ne!(config, *scenario.config(), "{sweep}");
    }
}

#[test]
fn a_error_elsewhere_makes_no_key_unknown() {
    let text = format!(
        "{BASE}partner = \"c\"\n[sweep]\ndesign = \"grid\"\n[[sweep.axis]]\nkey = \"event.1.day\"\nvalues = [3, 4]\n"
    );
    let errors = Scenario::read_text("sweep", &text, &[]).expect_err("a wrong partner");
    let codes: Vec<Code> = errors.list().iter().map(|error| error.code).collect();
    assert_eq!(codes, [Code::UnknownWord]);
}

#[test]
fn scenarios_are_equal_when_their_texts_are() {
    let table = "run.days\n10\n20\n";
    assert_eq!(read_table("", table), read_table("", table));
    assert_ne!(read_table("", table), read_table("", "run.days\n10\n30\n"));
}

fn range(low: f64, high: f64, log: bool, integer: bool) -> ScenarioAxis {
    let values = AxisValues::Range {
        low,
        high,
        log,
        integer,
    };
    ScenarioAxis {
        name: "x".into(),
        key: "parameters.x".into(),
        values,
        group: None,
    }
}

#[test]
fn a_log_axis_has_equal_ratios_and_exact_ends() {
    let axis = range(0.1, 10.0, true, false);
    let at = |x| axis.at(x).number().expect("a number");
    assert_eq!((at(0.0), at(1.0)), (0.1, 10.0));
    assert_eq!(at(0.5), 1.0);
    let decades = range(1.0, 1000.0, true, false);
    let found = [0.0, 1.0, 2.0, 3.0].map(|k| decades.at(k / 3.0).number());
    assert_eq!(found, [1.0, 10.0, 100.0, 1000.0].map(Some));
}

#[test]
fn levels_are_short_numbers_and_other_values_keep_all_their_digits() {
    let axis = range(0.1, 0.5, false, false);
    let shown = |steps: u32| -> Vec<String> {
        let at = |k| axis.at(f64::from(k) / f64::from(steps - 1)).to_string();
        (0..steps).map(at).collect()
    };
    assert_eq!(shown(5), ["0.1", "0.2", "0.3", "0.4", "0.5"]);
    assert_eq!(
        axis.at(0.123_456_789_012_345),
        Setting::Number(0.1 + 0.123_456_789_012_345 * 0.4)
    );
}

#[test]
fn an_integer_axis_gives_each_number_an_equal_part() {
    let axis = range(3.0, 5.0, false, true);
    let found: Vec<Setting> = [0.0, 0.3, 0.34, 0.6, 0.7, 1.0].map(|x| axis.at(x)).to_vec();
    assert_eq!(found, [3, 3, 4, 4, 5, 5].map(Setting::Integer));
}

#[test]
fn a_grid_reaches_each_level_of_each_axis() {
    let levels = ["mean", "least"]
        .map(|word| Setting::Word(word.into()))
        .to_vec();
    let values = AxisValues::Levels(levels);
    let axes = vec![
        ScenarioAxis {
            name: "target".into(),
            key: "mechanisms.intimacy_target".into(),
            values,
            group: None,
        },
        range(0.0, 1.0, false, false),
    ];
    let sweep = Sweep {
        derived: Vec::new(),
        constraints: Vec::new(),
        kept: None,
        axes,
        points: SweepPoints::Designed(Design::Grid(Grid::new(vec![2, 3]).expect("a grid"))),
        labels: Vec::new(),
        common_random_numbers: true,
        measures: Vec::new(),
        until: None,
        couples: false,
        reference: 0,
    };
    let mut seen: Vec<String> = (0..sweep.count())
        .map(|point| {
            sweep
                .settings(point)
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    seen.sort();
    assert_eq!(
        seen,
        [
            "least 0",
            "least 0.5",
            "least 1",
            "mean 0",
            "mean 0.5",
            "mean 1"
        ]
    );
}

/// The texts of the warnings of a scenario with a grid.
fn warnings(base: &str, axes: &[(&str, &str)]) -> Vec<String> {
    let mut text = format!("title = \"t\"\n{base}\n[sweep]\ndesign = \"grid\"\n");
    for (key, values) in axes {
        text.push_str(&format!(
            "[[sweep.axis]]\nkey = \"{key}\"\nvalues = [{values}]\n"
        ));
    }
    let read = Scenario::read_text("sweep", &text, &[]);
    let scenario = read.unwrap_or_else(|errors| panic!("{errors}"));
    let all = scenario.warnings().list().iter();
    all.map(|warning| warning.message.clone()).collect()
}

#[test]
fn warnings_say_at_which_points_they_hold() {
    let one = |base: &str, axes: &[(&str, &str)], message: &str| {
        let found = warnings(base, axes);
        assert!(
            found.len() == 1 && found[0].starts_with(message),
            "{base} {axes:?}: {found:#?}"
        );
    };
    let rate = "[run]\ndays = 5\n[parameters]\nstress_event_rate = 2\n";
    let message = "stressful events are asked for 2 times a day, but a day of this run has";
    // The coarsest step alone, and steps of which the scenario's own is none.
    one(
        rate,
        &[("run.step_days", "1.0, 0.25")],
        &format!(
            "with the scenario's own values, and at 1 of 2 points (`run.step_days` = 1): {message} 1"
        ),
    );
    one(
        rate,
        &[("run.step_days", "0.5, 0.25")],
        &format!(
            "{message} 1 at most; this holds for the scenario's own values, and at none of the 2 points"
        ),
    );
    one(
        rate,
        &[("traits.consistency", "0.4, 0.5")],
        &format!("{message} 1 at most"),
    );
    one(
        "[run]\ndays = 5\nmoments = 4\n[parameters]\nconflict_rate = 3\nconflict_limit = 9\n",
        &[("run.moments", "2, 3, 4")],
        "at 1 of 3 points (`run.moments` = 2): conflicts are asked for 3 times a day, but a day of this \
         run has 2 at most",
    );
    // Days, couples, mechanisms and distributions.
    let event = "[run]\ndays = 50\n[[event]]\nkind = \"stress\"\nday = 40\nsize = 0.5\n";
    one(
        event,
        &[("run.days", "20, 60")],
        "at 1 of 2 points (`run.days` = 20): this event lies after the last day, 20",
    );
    one(
        "[run]\ndays = 5\ncouples = 10\n",
        &[("run.days", "5, 6")],
        "10 couples are too few",
    );
    one(
        "[run]\ndays = 5\n",
        &[("run.couples", "10, 200"), ("run.days", "5, 6")],
        "at 2 of 4 points (`run.couples` = 10): 10 couples are too few",
    );
    one(
        "[run]\ndays = 5\n[traits]\nanxiety = { dist = \"normal\", mean = 0.5, sd = 0.1 }\n",
        &[("traits.anxiety.sd", "0.1, 9.0")],
        "at 1 of 2 points (`traits.anxiety.sd` = 9): 9",
    );
    one(
        "[run]\ndays = 5\ncouples = 10\n",
        &[("run.couples", "10, 20, 200")],
        "with the scenario's own values, and at 2 of 3 points (`run.couples` = 10 or 20), such as with \
         `run.couples` = 10: 10 couples are too few",
    );
    one(
        "[run]\ndays = 5\ncouples = 10\n",
        &[("run.couples", "100, 200")],
        "10 couples are too few for quantiles and intervals to be trusted; this holds for the scenario's \
         own values, and at none of the 2 points",
    );
    let idle =
        "[run]\ndays = 5\n[mechanisms]\nstress = false\n[parameters]\nstress_event_rate = 0.2\n";
    assert!(warnings(idle, &[("mechanisms.stress", "true, false")]).is_empty());
    one(
        idle,
        &[("run.days", "5, 6")],
        "the parameter `stress_event_rate` has no effect",
    );
}

/// The codes and messages of the errors of a sweep.
fn errors(sweep: &str) -> Vec<(Code, String)> {
    let text = format!("{BASE}[sweep]\n{sweep}");
    let errors = Scenario::read_text("sweep", &text, &[]).expect_err("an error");
    let list = errors.list().iter();
    list.map(|error| (error.code, error.message.clone()))
        .collect()
}

#[test]
fn derived_axes_follow_from_the_axes_of_every_design() {
    let axes = "[[sweep.axis]]\nkey = \"traits.consistency\"\nname = \"low\"\nrange = [0.1, 0.4]\nSTEPS\
                [[sweep.axis]]\nname = \"width\"\nrange = [0.05, 0.4]\nSTEPS\
                [[sweep.axis]]\nkey = \"parameters.trust_rate\"\nname = \"half\"\nformula = \"high / 2\"\n\
                [[sweep.axis]]\nkey = \"traits.effort\"\nname = \"high\"\nformula = \"low + width\"\n";
    let levels = axes.replace("STEPS", "steps = 3\n");
    let space = axes.replace("STEPS", "");
    for sweep in [
        format!("design = \"grid\"\n{levels}"),
        format!("design = \"list\"\n{levels}"),
        format!(
            "design = \"one-at-a-time\"\n{}",
            axes.replace("STEPS", "steps = 3\nbaseline = 0.2\n")
        ),
        format!("design = \"latin-hypercube\"\npoints = 6\n{space}"),
        format!("design = \"sobol\"\npoints = 8\n{space}"),
        format!("design = \"halton\"\npoints = 5\n{space}"),
        format!("design = \"saltelli\"\npoints = 4\n{space}"),
        format!("design = \"morris\"\npoints = 3\n{space}"),
    ] {
        let scenario = read(&sweep);
        let sweep = requested(&scenario);
        assert_eq!(sweep.axes.len(), 2);
        let names: Vec<&str> = sweep
            .derived
            .iter()
            .map(|axis| axis.name.as_str())
            .collect();
        assert_eq!(names, ["high", "half"], "each after those that it names");
        for point in 0..sweep.count() {
            let numbers: Vec<f64> = (sweep.settings(point).iter())
                .map(|setting| setting.number().expect("a number"))
                .collect();
            let [low, width, high, half] = numbers[..] else {
                panic!("{numbers:?}")
            };
            assert!((high - low - width).abs() < 1e-9 && (half - high / 2.0).abs() < 1e-9);
            let config = scenario.config_at(point).expect("a valid point");
            assert_eq!(config.parameters.trust_rate, half);
        }
    }
}

#[test]
fn derived_values_of_integer_keys_are_rounded_and_have_no_float_noise() {
    let scenario = read(&format!("design = \"grid\"\n{EVENTS}"));
    let sweep = requested(&scenario);
    assert_eq!(sweep.settings(2)[2], Setting::Integer(50), "10 + 40.4");
    let sums = "[[sweep.axis]]\nkey = \"traits.effort\"\nname = \"x\"\nvalues = [0.1, 0.3]\n\
                [[sweep.axis]]\nkey = \"traits.consistency\"\nformula = \"x + 0.2\"\n";
    let scenario = read(&format!("design = \"grid\"\n{sums}"));
    assert_eq!(shown(&scenario), ["0.1 0.3", "0.3 0.5"]);
}

#[test]
fn constraints_leave_out_points_of_every_design_that_can_do_without() {
    let axes = "[[sweep.axis]]\nkey = \"traits.consistency\"\nname = \"low\"\nrange = [0.1, 0.9]\nSTEPS\
                [[sweep.axis]]\nkey = \"traits.effort\"\nname = \"high\"\nrange = [0.1, 0.9]\nSTEPS";
    let levels = axes.replace("STEPS", "steps = 5\n");
    let space = axes.replace("STEPS", "");
    let based = "[[sweep.axis]]\nkey = \"traits.consistency\"\nname = \"low\"\nrange = [0.1, 0.9]\nsteps = 5\n\
                 baseline = 0.3\n[[sweep.axis]]\nkey = \"traits.effort\"\nname = \"high\"\nrange = [0.1, 0.9]\n\
                 steps = 5\nbaseline = 0.7\n";
    let down = "[[sweep.axis]]\nkey = \"traits.consistency\"\nname = \"low\"\nvalues = [0.1, 0.5]\n\
                [[sweep.axis]]\nkey = \"traits.effort\"\nname = \"high\"\nvalues = [0.3, 0.2]\n";
    for (design, expected) in [
        (format!("design = \"grid\"\nNO{levels}"), 10),
        (format!("design = \"list\"\nNO{down}"), 1),
        (format!("design = \"one-at-a-time\"\nNO{based}"), 5),
        (
            format!("design = \"latin-hypercube\"\npoints = 40\nNO{space}"),
            0,
        ),
        (format!("design = \"sobol\"\npoints = 64\nNO{space}"), 0),
        (format!("design = \"halton\"\npoints = 50\nNO{space}"), 0),
    ] {
        let all = read(&design.replace("NO", ""));
        let scenario = read(&design.replace("NO", "constraints = [\"low < high\"]\n"));
        let [all, sweep] = [&all, &scenario].map(requested);
        let rises = |settings: &[Setting]| settings[0].number() < settings[1].number();
        let kept: Vec<_> = (0..all.count())
            .map(|point| all.settings(point))
            .filter(|settings| rises(settings))
            .collect();
        let found: Vec<_> = (0..sweep.count())
            .map(|point| sweep.settings(point))
            .collect();
        assert_eq!(found, kept, "{design}");
        assert!(
            expected == 0 || sweep.count() == expected,
            "{design}: {}",
            sweep.count()
        );
        assert_eq!(sweep.candidates(), all.count());
        // Each is worked on once.
        let mut order: Vec<u64> = (0..sweep.count()).map(|it| sweep.spread(it)).collect();
        order.sort_unstable();
        assert!(order.into_iter().eq(0..sweep.count()), "{design}");
    }
    let same = read(&format!(
        "design = \"grid\"\nconstraints = \"low < 2 * high\"\n{levels}"
    ));
    assert!(requested(&same).kept.is_some());
    let none = read(&format!(
        "design = \"grid\"\nconstraints = [\"low < 2\"]\n{levels}"
    ));
    assert!(requested(&none).kept.is_none(), "nothing is left out");
}

#[test]
fn the_work_of_a_constrained_grid_stays_spread() {
    let levels = "[[sweep.axis]]\nkey = \"traits.consistency\"\nname = \"low\"\nrange = [0, 1]\nsteps = 8\n\
                  [[sweep.axis]]\nkey = \"traits.effort\"\nname = \"high\"\nrange = [0, 1]\nsteps = 8\n";
    let all = read(&format!("design = \"grid\"\n{levels}"));
    let some = read(&format!(
        "design = \"grid\"\nconstraints = [\"low <= high\"]\n{levels}"
    ));
    let [all, some] = [&all, &some].map(requested);
    let order = |sweep: &Sweep| -> Vec<Vec<Setting>> {
        let point = |position| sweep.settings(sweep.spread(position));
        (0..sweep.count()).map(point).collect()
    };
    let kept = order(all)
        .into_iter()
        .filter(|it| it[0].number() <= it[1].number());
    assert!(kept.eq(order(some)));
}

#[test]
fn constraints_of_a_table_keep_rows_and_labels_together() {
    let table = "traits.consistency,traits.effort,site\n0.1,0.2,a\n0.5,0.2,b\n0.3,0.9,c\n";
    let scenario = read_table(
        "constraints = [\"consistency < effort\"]\nreference = { effort = 0.9 }\n\
         [[sweep.axis]]\nkey = \"parameters.trust_rate\"\nname = \"tenth\"\nformula = \"consistency / 10\"\n",
        table,
    );
    assert_eq!(shown(&scenario), ["0.1 0.2 0.01", "0.3 0.9 0.03"]);
    let sweep = requested(&scenario);
    assert_eq!((sweep.reference, sweep.design_point(1)), (1, 2));
    assert_eq!(sweep.labels[0].texts[sweep.design_point(1) as usize], "c");
    let at = scenario.config_at(1).expect("a valid point");
    assert_eq!(at.parameters.trust_rate, 0.03);
}

#[test]
fn formulas_and_constraints_are_set_from_outside() {
    let text = format!("{BASE}[sweep]\ndesign = \"grid\"\n{EVENTS}");
    let sets = [
        "sweep.axis.1.formula=2 * start",
        "sweep.axis.end.name=last",
        "sweep.constraints=['last < 60']",
    ];
    let read = |sets: &[&str]| {
        let sets: Vec<Override> = sets
            .iter()
            .map(|set| Override::parse(set).expect("an override"))
            .collect();
        Scenario::read_text("sweep", &text, &sets)
    };
    // The axis `width` is left without a use.
    let error = read(&sets).expect_err("an axis without a use");
    let error = &error.list()[0];
    assert_eq!(error.code, Code::MissingKey);
    assert!(
        error.message.contains("`width` sets nothing"),
        "{}",
        error.message
    );
    let sets = [
        "sweep.axis.1.formula=start + width / 5",
        "sweep.constraints=['end < 30']",
    ];
    let scenario = read(&sets).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(
        shown(&scenario),
        [
            "10 5 11",
            "10 20 14",
            "10 40.4 18",
            "20 5 21",
            "20 20 24",
            "20 40.4 28"
        ]
    );
    let wrong = ["sweep.axis.1.formula=start + widht"];
    let error = read(&wrong)
        .expect_err("a name that is not there")
        .to_string();
    assert!(
        error.contains("--set sweep.axis.1.formula=start + widht:1:30"),
        "{error}"
    );
    assert!(error.contains("did you mean `width`?"), "{error}");
}

#[test]
fn designs_that_need_all_points_refuse_constraints_and_say_what_to_do() {
    for design in [
        "design = \"saltelli\"\npoints = 4",
        "design = \"morris\"\npoints = 4",
    ] {
        let found = errors(&format!(
            "{design}\nconstraints = [\"trust_rate < 1\"]\n{TWO}"
        ));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, Code::ImpossibleDesign);
        assert!(
            found[0].1.contains("cannot have constraints: "),
            "{found:?}"
        );
    }
}

#[test]
fn constraints_that_leave_no_point_or_no_baseline_are_errors() {
    let grid = "design = \"grid\"\n";
    let found = errors(&format!("{grid}constraints = [\"start > 30\"]\n{EVENTS}"));
    assert_eq!(
        found,
        [(
            Code::NoPointLeft,
            "no point of the sweep satisfies `start > 30`".to_owned()
        )]
    );
    let both = "constraints = [\"start > 20\", \"end < 30\"]\n";
    let found = errors(&format!("{grid}{both}{EVENTS}"));
    assert_eq!(
        found[0].1,
        "no point of the sweep satisfies all constraints"
    );
    let zero = "constraints = [\"start / (width - 5) < 1\"]\n";
    let found = errors(&format!("{grid}{zero}{EVENTS}"));
    let expected = "the constraint has no finite value where start = 10 and width = 5";
    assert_eq!(found, [(Code::BadFormula, expected.to_owned())]);
    // An earlier constraint may leave out what a later one cannot compute.
    let earlier = "constraints = [\"width > 5\", \"start / (width - 5) < 1\"]\n";
    assert_eq!(
        requested(&read(&format!("{grid}{earlier}{EVENTS}"))).count(),
        4
    );
    let based = "design = \"one-at-a-time\"\nconstraints = [\"x < 0.5\"]\n[[sweep.axis]]\nname = \"x\"\n\
                 key = \"traits.effort\"\nvalues = [0.1, 0.7]\nbaseline = 0.7\n";
    let expected = "the baseline does not satisfy the constraints";
    assert_eq!(errors(based), [(Code::NoPointLeft, expected.to_owned())]);
    let many = "design = \"sobol\"\npoints = 8388608\nconstraints = [\"trust_rate < 1\"]\n";
    assert_eq!(errors(&format!("{many}{TWO}"))[0].0, Code::TooManyPoints);
}

#[test]
fn a_formula_without_a_finite_value_makes_its_point_fail_and_is_warned_of() {
    let axes = "[[sweep.axis]]\nkey = \"traits.consistency\"\nname = \"x\"\nvalues = [0, 0.5]\n\
                [[sweep.axis]]\nkey = \"traits.effort\"\nname = \"y\"\nformula = \"0.2 / x\"\n";
    let scenario = read(&format!("design = \"grid\"\n{axes}"));
    let error = scenario.config_at(0).expect_err("a division by zero");
    assert_eq!(error.list()[0].message, "`y` = 0.2 / x has no finite value");
    assert!(scenario.config_at(1).is_ok());
    let warnings = scenario.warnings().list().iter();
    let codes: Vec<Code> = warnings.map(|warning| warning.code).collect();
    assert!(codes.contains(&Code::RefusedPoints), "{codes:?}");
    // Points that are left out are not warned of.
    let scenario = read(&format!(
        "design = \"grid\"\nconstraints = [\"x > 0\"]\n{axes}"
    ));
    let warnings = scenario.warnings().list().iter();
    let mut codes = warnings.map(|warning| warning.code);
    assert!(codes.all(|code| code != Code::RefusedPoints));
}

#[test]
fn points_with_the_same_values_of_keys_have_the_same_random_numbers_in_any_design() {
    let other = "[[sweep.axis]]\nkey = \"traits.effort\"\nvalues = [0.5]\n[[sweep.axis]]\n\
                 key = \"traits.consistency\"\nvalues = [0.25]\n";
    let derived = "[[sweep.axis]]\nname = \"x\"\nvalues = [1, 2]\n[[sweep.axis]]\nkey = \"traits.effort\"\n\
                   formula = \"x / 4\"\n[[sweep.axis]]\nkey = \"traits.consistency\"\nformula = \"x / 8\"\n";
    let [plain, derived] = [other, derived].map(|axes| {
        let text = format!("design = \"grid\"\ncommon_random_numbers = false\n{axes}");
        crate::sweep::plan::SweepPlan::new(read(&text)).expect("a sweep")
    });
    assert_eq!(plain.config(0), derived.config(1));
}
