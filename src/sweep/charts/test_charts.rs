//! All charts of all specimens of sweeps, by name: what every test goes through.

use super::test_support;
use super::test_support::{Fate, NAMES, Sweep, Values};
use super::{AxisInfo, contrasts, design_pairs, heat_map, lines};
use super::{morris_plane, phase_diagram, sobol_bars, tornado};
use crate::chart::{ChartError, Figure, Width};

pub(crate) const WIDTHS: [Width; 2] = [Width::Column, Width::Page];

pub(crate) fn x() -> AxisInfo {
    AxisInfo::new("x", "Responsiveness (0–1)")
}

pub(crate) fn y() -> AxisInfo {
    AxisInfo::new(
        "y",
        "Consistency of the partner's responses over the days (0–1)",
    )
}

pub(crate) fn z() -> AxisInfo {
    AxisInfo::new("z", "Stress rate")
}

pub(crate) fn done(_: usize) -> Fate {
    Fate::Done
}

pub(crate) fn over(x: Values, y: Values, fate: impl Fn(usize) -> Fate) -> Sweep {
    test_support::grid(&[("x", x), ("y", y)], fate)
}

pub(crate) fn mixed(place: usize) -> Fate {
    match place % 9 {
        2 => Fate::Failed,
        5 => Fate::NoNumber,
        7 => Fate::NoInterval,
        _ => Fate::Done,
    }
}

/// Sweeps over two axes, which have a result somewhere.
pub(crate) fn sweeps() -> Vec<(&'static str, Sweep)> {
    let even = Values::even;
    let log = || Values::Reals(vec![0.001, 0.01, 0.02, 0.1, 1.0, 10.0, 40.0]);
    let uneven = || Values::Reals(vec![0.0, 0.05, 0.1, 0.4, 1.0]);
    let far = || Values::Reals(vec![0.0, 1e-9, 3.0, 1e9, 1e300]);
    let words = || {
        Values::Words(vec![
            "warm",
            "a category of a quite remarkable length",
            "cold",
            "both in turn",
        ])
    };
    vec![
        ("usual", over(even(20), even(20), done)),
        ("one point", over(even(1), even(1), done)),
        ("one column", over(even(1), even(9), done)),
        ("one row", over(even(9), even(1), done)),
        ("small", over(even(3), even(2), done)),
        ("logarithmic", over(log(), even(6), done)),
        ("uneven", over(uneven(), uneven(), done)),
        ("far apart", over(far(), far(), done)),
        ("categories", over(words(), even(5), done)),
        ("only categories", over(words(), words(), done)),
        ("holes", over(even(12), even(11), mixed)),
        ("fine", over(even(90), even(70), done)),
        (
            "one done",
            over(even(5), even(5), |place| {
                if place == 7 { Fate::Done } else { Fate::Failed }
            }),
        ),
        ("no intervals", over(even(5), even(5), |_| Fate::NoInterval)),
    ]
}

pub(crate) fn facets() -> Sweep {
    let axes = [
        ("x", Values::even(7)),
        ("y", Values::even(6)),
        ("z", Values::Reals(vec![0.01, 0.1, 0.5, 2.0, 8.0])),
    ];
    test_support::grid(&axes, |place| {
        if place % 31 == 4 {
            Fate::Failed
        } else {
            Fate::Done
        }
    })
}

pub(crate) type Charts = Vec<(String, Result<Figure, ChartError>)>;

/// The charts of one sweep over two axes.
pub(crate) fn of_sweep(name: &str, sweep: &Sweep, width: Width) -> Charts {
    let (points, found) = (&sweep.points, &sweep.summaries);
    let log = x().logarithmic();
    let few = ["mean trust", "share intact", "mean days_to_break_up"];
    let charts = vec![
        (
            "heat map",
            heat_map(points, found, &log, &y(), None, "mean trust", width),
        ),
        ("phase", phase_diagram(points, found, &log, &y(), width)),
        ("lines", lines(points, found, &log, None, None, &few, width)),
        (
            "line",
            lines(points, found, &y(), None, None, &few[..1], width),
        ),
        ("pairs", design_pairs(points, &[log.clone(), y()], width)),
    ];
    let named = charts.into_iter();
    named
        .map(|(chart, figure)| (format!("{chart}, {name}, {width:?}"), figure))
        .collect()
}

/// Charts of small multiples and of findings.
pub(crate) fn others(width: Width) -> Charts {
    let sweep = facets();
    let (points, found) = (&sweep.points, &sweep.summaries);
    let (x, y, z) = (x(), y(), z().logarithmic());
    let both = ["mean trust", "mean days_to_break_up"];
    let eight: Vec<AxisInfo> = NAMES[..8]
        .iter()
        .map(|name| AxisInfo::new(*name, *name))
        .collect();
    let ranges: Vec<(&str, f64, f64)> = NAMES[..8].iter().map(|name| (*name, 0.25, 4.0)).collect();
    let trust = "mean trust";
    let together = ["share intact"];
    let mut charts = vec![
        (
            "heat maps",
            heat_map(points, found, &x, &y, Some(&z), trust, width),
        ),
        (
            "heat map pooled",
            heat_map(points, found, &x, &z, None, both[1], width),
        ),
        ("phase pooled", phase_diagram(points, found, &x, &z, width)),
        (
            "lines by",
            lines(points, found, &x, Some(&z), None, &both[..1], width),
        ),
        (
            "lines by, two",
            lines(points, found, &x, Some(&y), None, &both, width),
        ),
        (
            "lines by, facets",
            lines(points, found, &x, Some(&y), Some(&z), &both, width),
        ),
        (
            "lines log",
            lines(points, found, &z, Some(&y), None, &both[..1], width),
        ),
        (
            "pairs 8",
            design_pairs(&test_support::filling(5000, &ranges), &eight, width),
        ),
        (
            "pairs 3",
            design_pairs(&test_support::filling(64, &ranges), &eight[..3], width),
        ),
        (
            "pairs 1",
            design_pairs(&test_support::filling(1, &ranges), &eight[..1], width),
        ),
        (
            "contrasts",
            contrasts(&test_support::contrasts(11), trust, width),
        ),
        (
            "contrast",
            contrasts(&test_support::contrasts(1), trust, width),
        ),
        (
            "contrasts many",
            contrasts(&test_support::contrasts(200), trust, width),
        ),
    ];
    let kinds = test_support::grid(
        &[
            (
                "x",
                Values::Words(vec!["none", "some", "a great deal of it", "all"]),
            ),
            ("y", Values::even(4)),
        ],
        mixed,
    );
    let (points, found) = (&kinds.points, &kinds.summaries);
    charts.push((
        "lines kinds",
        lines(points, found, &x, Some(&y), None, &both, width),
    ));
    for axes in [1, 5, 12] {
        let (sobol, morris) = (
            test_support::sobol(axes, true, 1.0),
            test_support::morris(axes, 1.0),
        );
        let plain = test_support::sobol(axes, false, 1.0);
        charts.push(("sobol", sobol_bars(&plain, &together, width)));
        charts.push(("sobol second", sobol_bars(&sobol, &together, width)));
        charts.push(("sobol twice", sobol_bars(&sobol, &[together[0]; 2], width)));
        charts.push(("morris", morris_plane(&morris, trust, width)));
        charts.push((
            "tornado",
            tornado(&test_support::effects(axes, true), trust, width),
        ));
        charts.push((
            "tornado mean",
            tornado(&test_support::effects(axes, false), trust, width),
        ));
        charts.push((
            "regression",
            tornado(&test_support::regression(axes), trust, width),
        ));
    }
    for worth in [0.0, 1e-9, 1e12] {
        let (sobol, morris) = (
            test_support::sobol(3, true, worth),
            test_support::morris(5, worth),
        );
        charts.push(("sobol scale", sobol_bars(&sobol, &together, width)));
        charts.push(("morris scale", morris_plane(&morris, trust, width)));
    }
    let named = charts.into_iter().enumerate();
    named
        .map(|(k, (chart, figure))| (format!("{chart}, {k}, {width:?}"), figure))
        .collect()
}

pub(crate) fn all() -> impl Iterator<Item = (String, Figure)> {
    let sweeps = sweeps().into_iter().flat_map(|(name, sweep)| {
        let charts = WIDTHS.map(|width| of_sweep(name, &sweep, width));
        charts.into_iter().flatten()
    });
    sweeps
        .chain(WIDTHS.into_iter().flat_map(others))
        .map(|(name, figure)| {
            let figure = figure.unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, figure)
        })
}
