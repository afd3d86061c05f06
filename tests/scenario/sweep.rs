//! Sweeps: what `[sweep]` becomes, the worlds of its points, and the way back to text.

use pairbond::design::Design;
use pairbond::scenario::{AxisValues, FaultCode, Faults, Override, Points, Scenario, Setting, Sweep};
use pairbond::simulation::{BlowKind, Measure};
use std::io;

/// A scenario with something to sweep, and these lines of `[sweep]`.
pub(crate) fn text(sweep: &str) -> String {
    format!(
        "title = \"t\"\n[run]\nseed = 7\nreplicates = 5\n[[event]]\nkind = \"stress\"\nday = 20\n\
         size = 0.5\n[sweep]\n{sweep}"
    )
}

/// Two axes with ranges.
const TWO: &str = "[[sweep.axis]]\nkey = \"traits.responsiveness.median\"\nrange = [0.3, 0.95]\n\
                   [[sweep.axis]]\nkey = \"parameters.trust_rate\"\nrange = [0.01, 0.1]\nscale = \"log\"\n";

fn read(sweep: &str) -> Scenario {
    Scenario::parse("sweep", &text(sweep), &[]).unwrap_or_else(|faults| panic!("{faults}"))
}

fn asked(scenario: &Scenario) -> &Sweep {
    scenario.sweep().expect("a sweep")
}

fn shown(scenario: &Scenario) -> Vec<String> {
    let sweep = asked(scenario);
    let row = |point| {
        let settings = sweep.settings(point);
        settings.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    (0..sweep.count()).map(row).collect()
}

fn design(scenario: &Scenario) -> &Design {
    match &asked(scenario).points {
        Points::Designed(design) => design,
        Points::Table(_) => panic!("a table"),
    }
}

#[test]
fn a_grid_sets_every_kind_of_key() {
    let scenario = read(
        "design = \"grid\"\n\
         [[sweep.axis]]\nkey = \"run.couples\"\nrange = [10, 30]\nsteps = 3\n\
         [[sweep.axis]]\nkey = \"mechanisms.repair\"\nvalues = [true, false]\n\
         [[sweep.axis]]\nkey = \"mechanisms.intimacy_target\"\nvalues = [\"mean\", \"least\"]\n\
         [[sweep.axis]]\nkey = \"event.0.day\"\nvalues = [5, 50]\n\
         [[sweep.axis]]\nkey = \"run.step_days\"\nvalues = [1.0, 0.5]\n\
         [[sweep.axis]]\nkey = \"correlations.partners.openness\"\nrange = [0, 0.5]\nsteps = 2\n",
    );
    let sweep = asked(&scenario);
    let names: Vec<&str> = sweep.axes.iter().map(|axis| axis.name.as_str()).collect();
    let expected =
        ["couples", "repair", "intimacy_target", "event_0_day", "step_days", "partners_openness"];
    assert_eq!(names, expected);
    assert_eq!(sweep.count(), 96);
    for point in 0..sweep.count() {
        let settings = sweep.settings(point);
        let world = scenario.world_at(point).expect("a valid point");
        assert_eq!(settings[0], Setting::Whole(world.size.couples as i64));
        assert_eq!(settings[1], Setting::Switch(world.mechanisms.repair));
        assert_eq!(settings[2], Setting::Word(world.intimacy_target.word().to_owned()));
        assert_eq!(settings[3], Setting::Whole(i64::from(world.schedule.blows[0].day)));
        assert_eq!(world.schedule.blows[0].kind, BlowKind::Stress { size: 0.5 });
        assert_eq!(settings[4], Setting::Number(world.size.clock().step_days));
    }
}

#[test]
fn a_world_of_a_point_is_that_of_the_same_values_set_from_outside() {
    let scenario = read(&format!("design = \"sobol\"\npoints = 16\n{TWO}"));
    for point in 0..16 {
        let sets: Vec<Override> = asked(&scenario)
            .axes
            .iter()
            .zip(asked(&scenario).settings(point))
            .map(|(axis, value)| Override::parse(&format!("{}={value}", axis.key)).expect("a set"))
            .collect();
        let set = Scenario::parse("sweep", &text("design = \"table\"").replace("[sweep]\ndesign = \"table\"", ""), &sets);
        assert_eq!(scenario.world_at(point).expect("a valid point"), *set.expect("valid").world());
    }
    assert_ne!(scenario.world_at(0), scenario.world_at(1));
}

#[test]
fn making_a_world_takes_little_time() {
    let scenario = read(&format!("design = \"sobol\"\npoints = 1024\n{TWO}"));
    let start = std::time::Instant::now();
    for point in 0..1024 {
        scenario.world_at(point).expect("a valid point");
    }
    eprintln!("{:?} a point", start.elapsed() / 1024);
}

#[allow(unused)]
fn unused(_: (AxisValues, FaultCode, Faults, Measure, io::Error)) {}
