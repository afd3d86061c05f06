//! What every chart of a run has to keep, on tables of a real run and on odd versions of them.

use super::{
    EventMarker, PhasePlaneOptions, attachment, attachment_persons, partners, phase_plane,
};
use super::{diary, diary_variation, group_survival, group_trajectories, waves};
use super::{regime_shares, sample_couples, survival, trajectories};
use crate::chart::test_support::{
    SHIFTS, WIDTHS, assert_finite, assert_sound, empty, extreme, first, fixture, has_text, numbers,
    rows, with_numbers, without_numbers,
};
use crate::chart::{ChartError, Figure, Width};
use crate::table::Table;

const OPTIONS: PhasePlaneOptions = PhasePlaneOptions {
    trust: 0.6,
    intimacy: 0.55,
    phase_flow_days: 15.0,
    couples: 0,
};

/// The tables of a run.
#[derive(Clone)]
struct RunTables {
    trajectory: Table,
    couples: Table,
    flow: Table,
    survival: Table,
    days: Table,
    childhood: Table,
    diary: Table,
    variation: Table,
    waves: Table,
    groups: Table,
    group_survival: Table,
}

fn tables() -> RunTables {
    RunTables {
        trajectory: fixture("run", "trajectory"),
        couples: fixture("run", "couples"),
        flow: fixture("run", "phase_flow"),
        survival: fixture("run", "survival"),
        days: fixture("run", "sample_couples"),
        childhood: fixture("run", "childhood"),
        diary: fixture("run", "diary_means"),
        variation: fixture("run", "diary_variation"),
        waves: fixture("run", "wave_means"),
        groups: fixture("run", "group_trajectory"),
        group_survival: fixture("run", "group_survival"),
    }
}

impl RunTables {
    /// The same tables with some of them changed.
    fn with(mut self, change: impl FnOnce(&mut RunTables)) -> RunTables {
        change(&mut self);
        self
    }
    /// The first couples with the days of their separation.
    fn ends(&self) -> Vec<(i64, Option<f64>)> {
        let days = numbers(&self.couples, "end_day");
        let ends = self
            .couples
            .ints("couple_id")
            .expect("a column")
            .iter()
            .zip(days);
        ends.map(|(id, day)| (*id, (!day.is_nan()).then_some(day)))
            .take(4)
            .collect()
    }
    fn figures(&self, width: Width) -> Vec<(&'static str, Result<Figure, ChartError>)> {
        let flow = Some(&self.flow);
        vec![
            (
                "trajectories",
                trajectories(&self.trajectory, &events(), &[], width),
            ),
            (
                "phase_plane",
                phase_plane(&self.couples, flow, OPTIONS, width),
            ),
            (
                "regime_shares",
                regime_shares(&self.trajectory, &events(), width),
            ),
            ("survival", survival(&self.survival, &events(), width)),
            (
                "sample_couples",
                sample_couples(&self.days, &self.ends(), &events(), width),
            ),
            (
                "attachment_persons",
                attachment_persons(&self.childhood, Some(&self.days), width),
            ),
            ("partners", partners(&self.couples, 0, width)),
            ("attachment", attachment(&self.couples, 0, width)),
            ("diary", diary(&self.diary, &events(), width)),
            ("diary_variation", diary_variation(&self.variation, width)),
            ("waves", waves(&self.waves, &events(), width)),
            (
                "group_trajectories",
                group_trajectories(&self.groups, "style, partner A", &events(), width),
            ),
            (
                "group_survival",
                group_survival(&self.group_survival, "style, partner A", &events(), width),
            ),
        ]
    }
}

fn events() -> Vec<EventMarker> {
    [
        (20.0, None, "job lost"),
        (21.0, Some(40.0), "support begins"),
        (48.0, Some(f64::INFINITY), "child born"),
        (9e9, None, "never"),
    ]
    .into_iter()
    .enumerate()
    .map(|(i, (day, until, label))| EventMarker {
        number: i + 1,
        day,
        until,
        label: label.to_owned(),
    })
    .collect()
}

/// Rows of a table whose number in a column fulfils a condition.
fn where_number(table: &Table, column: &str, wanted: impl Fn(f64) -> bool) -> Table {
    let number = numbers(table, column);
    rows(
        table,
        (0..table.rows.rows()).filter(|row| wanted(number[*row])),
    )
}

fn odd_tables() -> Vec<(&'static str, RunTables)> {
    let one_day = tables().with(|t| {
        t.trajectory = where_number(&t.trajectory, "day", |day| day == 0.0);
        t.survival = first(&t.survival, 1);
        t.days = where_number(&t.days, "day", |day| day == 1.0);
    });
    let one_couple = tables().with(|t| {
        for column in ["ci_low", "ci_high"] {
            t.trajectory = with_numbers(t.trajectory.clone(), column, |_, _| f64::NAN);
        }
        t.trajectory = with_numbers(t.trajectory.clone(), "n", |_, _| 1.0);
        t.couples = first(&t.couples, 1);
        t.survival = with_numbers(t.survival.clone(), "at_risk", |_, _| 1.0);
    });
    let no_separation = tables().with(|t| {
        t.couples = with_numbers(t.couples.clone(), "end_day", |_, _| f64::NAN);
        t.survival = with_numbers(t.survival.clone(), "ended", |_, _| 0.0);
        for column in ["survival", "ci_low", "ci_high"] {
            t.survival = with_numbers(t.survival.clone(), column, |_, _| 1.0);
        }
    });
    let rare = |share: f64| 1.0 - 0.1 * (1.0 - share);
    let rare_separations = tables().with(|t| {
        for column in ["survival", "ci_low", "ci_high"] {
            t.survival = with_numbers(t.survival.clone(), column, |_, share| rare(share));
        }
    });
    let all_separated = tables().with(|t| {
        t.couples = with_numbers(t.couples.clone(), "end_day", |row, _| row as f64);
        t.survival = with_numbers(t.survival.clone(), "survival", |row, share| {
            if row > 3 { 0.0 } else { share }
        });
    });
    let twenty_years = tables().with(|t| {
        for table in [
            &mut t.trajectory,
            &mut t.survival,
            &mut t.days,
            &mut t.diary,
            &mut t.waves,
            &mut t.groups,
            &mut t.group_survival,
        ] {
            *table = with_numbers(table.clone(), "day", |_, day| 121.75 * day);
        }
    });
    let many_couples = tables().with(|t| {
        let count = t.couples.rows.rows();
        t.couples = rows(&t.couples, (0..2500).map(|row| row % count));
        t.couples = with_numbers(t.couples.clone(), "trust_end_a", |row, trust| {
            (trust + 1e-4 * row as f64).min(1.0)
        });
        t.survival = with_numbers(t.survival.clone(), "at_risk", |_, n| 125_000.0 * n);
    });
    vec![
        ("real", tables()),
        ("one day", one_day),
        ("one couple", one_couple),
        ("no separation", no_separation),
        ("rare separations", rare_separations),
        ("all separated", all_separated),
        ("twenty years", twenty_years),
        ("many couples", many_couples),
    ]
}

/// Figures whose arguments leave little space for text.
fn odd_arguments() -> Vec<(String, Figure)> {
    let tables = tables();
    let mut figures = Vec::new();
    for (trust, intimacy) in [(0.0, 0.5), (0.04, 0.96), (0.8, 0.3), (1.0, 1.0)] {
        let options = PhasePlaneOptions {
            trust,
            intimacy,
            phase_flow_days: 1.0,
            couples: 9000,
        };
        let figure = phase_plane(&tables.couples, Some(&tables.flow), options, Width::Column);
        figures.push((
            format!("phase_plane, cuts {trust} {intimacy}"),
            figure.expect("a plane"),
        ));
    }
    let label =
        "an event with a label of such a length that it does not fit into a line of a column";
    let events: Vec<EventMarker> = (0..30)
        .map(|i| EventMarker {
            number: (7 * i as usize) % 30 + 1,
            until: (i % 2 == 0).then_some(f64::from(i * i) * 0.068 + 10.0),
            day: f64::from(i * i) * 0.068,
            label: label.to_owned(),
        })
        .collect();
    for width in WIDTHS {
        let figure = trajectories(&tables.trajectory, &events, &[], width);
        figures.push((
            format!("trajectories, many events, {width:?}"),
            figure.expect("a figure"),
        ));
    }
    figures
}

#[test]
fn figures_of_odd_tables_are_sound() {
    for (tables_name, tables) in odd_tables() {
        for width in WIDTHS {
            for (name, figure) in tables.figures(width) {
                let name = format!("{name}, {tables_name}, {width:?}");
                let figure = figure.unwrap_or_else(|error| panic!("{name}: {error}"));
                assert_eq!(figure.width(), width.millimetres(), "{name}");
                assert!(assert_sound(&name, &figure) > 5, "{name}");
            }
        }
    }
    for (name, figure) in odd_arguments() {
        assert_sound(&name, &figure);
    }
}

#[test]
fn the_same_tables_give_the_same_bytes() {
    let drawn = || tables().figures(Width::Page);
    for ((name, one), (_, other)) in drawn().into_iter().zip(drawn()) {
        let (one, other) = (one.expect(name), other.expect(name));
        assert_eq!(one.svg(), other.svg(), "{name}");
        #[cfg(feature = "png")]
        assert_eq!(
            one.png(100.0).expect(name),
            other.png(100.0).expect(name),
            "{name}"
        );
    }
}

#[test]
fn extreme_numbers_are_drawn_or_refused() {
    for shift in 0..SHIFTS {
        let wild = tables().with(|t| {
            for table in [
                &mut t.trajectory,
                &mut t.couples,
                &mut t.flow,
                &mut t.survival,
                &mut t.days,
                &mut t.childhood,
                &mut t.diary,
                &mut t.variation,
                &mut t.waves,
                &mut t.groups,
                &mut t.group_survival,
            ] {
                *table = extreme(table.clone(), shift);
            }
        });
        for (name, figure) in wild.figures(Width::Column) {
            if let Ok(figure) = figure {
                assert_finite(name, &figure);
            }
        }
    }
}

#[test]
fn empty_tables_are_refused_by_name() {
    let none = tables().with(|t| {
        for table in [
            &mut t.trajectory,
            &mut t.couples,
            &mut t.survival,
            &mut t.days,
            &mut t.childhood,
            &mut t.diary,
            &mut t.variation,
            &mut t.waves,
            &mut t.groups,
            &mut t.group_survival,
        ] {
            *table = empty(table);
        }
    });
    let names = [
        "trajectory",
        "couples",
        "trajectory",
        "survival",
        "sample_couples",
        "childhood",
        "couples",
        "couples",
        "diary_means",
        "diary_variation",
        "wave_means",
        "group_trajectory",
        "group_survival",
    ];
    let ends = [(0, None)];
    let mut figures = none.figures(Width::Column);
    figures[4].1 = sample_couples(&none.days, &ends, &[], Width::Column);
    for ((chart, figure), name) in figures.into_iter().zip(names) {
        let error = figure.expect_err(chart);
        assert!(
            matches!(error, ChartError::NoRows { table } if table == name),
            "{chart}: {error}"
        );
    }
}

#[test]
fn tables_without_a_number_are_refused() {
    let gone = tables().with(|t| {
        for table in [
            &mut t.trajectory,
            &mut t.couples,
            &mut t.flow,
            &mut t.survival,
        ] {
            *table = without_numbers(table.clone());
        }
    });
    let mut figures = gone.figures(Width::Page);
    figures.truncate(4);
    figures.push(("partners", partners(&gone.couples, 0, Width::Page)));
    figures.push((
        "sample_couples",
        sample_couples(&gone.days, &[(77, None)], &[], Width::Page),
    ));
    for (name, figure) in figures {
        let error = figure.expect_err(name);
        assert!(
            matches!(error, ChartError::NothingToDraw { .. }),
            "{name}: {error}"
        );
    }
}

#[test]
fn a_missing_column_is_named() {
    let error =
        survival(&tables().couples, &[], Width::Column).expect_err("couples are not survival");
    assert_eq!(
        error.to_string(),
        "table `couples` has no column `day` of numbers"
    );
}

#[test]
fn options_out_of_range_are_refused() {
    let couples = tables().couples;
    for options in [
        PhasePlaneOptions {
            trust: 1.2,
            ..OPTIONS
        },
        PhasePlaneOptions {
            intimacy: f64::NAN,
            ..OPTIONS
        },
        PhasePlaneOptions {
            phase_flow_days: 0.0,
            ..OPTIONS
        },
    ] {
        let refused = phase_plane(&couples, None, options, Width::Column);
        assert!(
            matches!(refused, Err(ChartError::BadArgument { .. })),
            "{options:?}"
        );
    }
}

#[test]
fn sample_couples_without_levels_still_show_their_events() {
    let t = tables();
    let figure = sample_couples(
        &without_numbers(t.days.clone()),
        &t.ends(),
        &[],
        Width::Page,
    );
    assert!(figure.expect("events remain").svg().contains("conflict"));
}

#[test]
fn long_runs_become_small_files() {
    let real = tables().trajectory;
    let days = numbers(&real, "day");
    let count = real.rows.rows();
    let last = days.iter().copied().fold(0.0, f64::max) + 1.0;
    // The recorded days over and over, for 20 years.
    let long = rows(&real, (0..120 * count).map(|row| row % count));
    let long = with_numbers(long, "day", |row, day| day + (row / count) as f64 * last);
    let figure = trajectories(&long, &[], &[], Width::Page).expect("a figure");
    assert!(
        figure.svg().len() < 1_500_000,
        "{} bytes",
        figure.svg().len()
    );
    assert!(figure.svg().contains("Time (years)"));
}

#[test]
fn events_are_named_with_their_days_and_those_outside_by_their_numbers() {
    let figure = trajectories(&tables().trajectory, &events(), &[], Width::Page);
    let figure = figure.expect("a figure");
    for text in [
        "1: job lost (day 20)",
        "2: support begins (days 21–39)",
        "3: child born (from day 48 on)",
        "event 4 outside of these days",
    ] {
        assert!(has_text(&figure, text), "{text}");
    }
    assert!(!figure.svg().contains("never"));
}

#[test]
fn text_is_escaped() {
    let event = EventMarker {
        number: 1,
        day: 5.0,
        until: None,
        label: "<b> & \"c\"".to_owned(),
    };
    let figure = trajectories(&tables().trajectory, &[event], &[], Width::Page).expect("a figure");
    assert!(figure.svg().contains("&lt;b&gt; &amp; &quot;c&quot;"));
}

#[test]
fn a_survival_axis_that_does_not_start_at_zero_says_so() {
    let figure = |name: &str| {
        let found = odd_tables().into_iter().find(|(other, _)| *other == name);
        survival(&found.expect("odd tables").1.survival, &[], Width::Column).expect("a figure")
    };
    let rare = figure("rare separations");
    assert!(
        rare.svg().contains("Couples intact (%, from "),
        "{}",
        rare.svg()
    );
    assert!(figure("real").svg().contains("Couples intact (%)"));
    assert!(
        figure("no separation")
            .svg()
            .contains("No couple separated")
    );
}

#[test]
fn numbers_at_risk_and_separations_are_under_the_axis() {
    let table = tables().survival;
    let (at_risk, ended) = (table.ints("at_risk"), table.ints("ended"));
    let (at_risk, ended) = (at_risk.expect("a column"), ended.expect("a column"));
    let figure = survival(&table, &[], Width::Column).expect("a figure");
    let separated: i64 = ended.iter().sum();
    for number in [at_risk[0], separated] {
        assert!(has_text(&figure, &number.to_string()), "{number}");
    }
}

#[test]
fn flow_cells_with_few_observations_have_no_arrow() {
    let t = tables();
    let couples = first(&t.couples, 1);
    let drawn = phase_plane(&couples, Some(&t.flow), OPTIONS, Width::Column).expect("a figure");
    let bare = phase_plane(&couples, None, OPTIONS, Width::Column).expect("a figure");
    let n = t.flow.ints("n").expect("a column");
    let moves = |row: &usize| {
        let along = |column: &str| numbers(&t.flow, column)[*row];
        let side = Width::Column.millimetres() - 12.5 - 3.0;
        // No cell of this table moves its couples out of the plane.
        along("d_trust").hypot(along("d_intimacy")) * side >= 0.6
    };
    let enough = (0..n.len())
        .filter(|row| n[*row] >= 5 && moves(row))
        .count();
    assert!(enough > 0 && enough < n.len());
    let heads = |figure: &Figure| figure.svg().matches("<polygon").count();
    // One head for each cell and one in the legend.
    assert_eq!(heads(&drawn), heads(&bare) + enough + 1);
}

#[cfg(feature = "png")]
#[test]
fn measured_widths_agree_with_rendered_ones() {
    use crate::chart::raster::parse;
    use crate::chart::test_support::text_boxes;
    use crate::chart::{Canvas, HEADING, LABEL, NOTE};
    for style in [NOTE, LABEL, HEADING] {
        let text = "Share still intact (0.25–0.75)";
        let mut canvas = Canvas::new(100.0, 20.0);
        canvas.text((10.0, 10.0), text, style);
        let figure = canvas.finish("a text").expect("a figure");
        let boxes = text_boxes(&parse(figure.svg()).expect("sound"));
        let rendered = f64::from(boxes[0].1.width()) / 96.0 * 25.4;
        let measured = style.width(text);
        assert!(
            (measured / rendered - 1.0).abs() < 0.03,
            "{measured} mm, rendered {rendered} mm"
        );
    }
}

#[cfg(feature = "png")]
#[test]
fn pixels_follow_size_and_resolution() {
    let figure = survival(&tables().survival, &[], Width::Column).expect("a figure");
    let png = figure.png(300.0).expect("pixels");
    let number = |at: usize| u32::from_be_bytes([png[at], png[at + 1], png[at + 2], png[at + 3]]);
    assert_eq!(number(16), 1004, "85 mm at 300 dpi");
    assert_eq!(&png[37..41], b"pHYs");
    assert_eq!(number(41), 11_811, "dots per metre");
    assert!(matches!(
        figure.png(f64::NAN),
        Err(ChartError::BadArgument { .. })
    ));
}

#[test]
fn partners_are_correlated_without_those_who_separated() {
    let r = |couples: &Table| {
        let figure = partners(couples, 0, Width::Page).expect("a figure");
        let texts: Vec<&str> = figure.svg().split("r = ").skip(1).collect();
        let texts = texts.iter().map(|text| text[..4].to_owned());
        texts.collect::<Vec<String>>()
    };
    let couples = tables().couples;
    let ended: Vec<bool> = numbers(&couples, "end_day")
        .iter()
        .map(|day| !day.is_nan())
        .collect();
    assert!(ended.contains(&true) && ended.contains(&false));
    let found = r(&couples);
    assert_eq!(found.len(), 3);
    let changed = |of_ended: bool| {
        with_numbers(couples.clone(), "trust_end_a", |row, trust| {
            if ended[row] == of_ended {
                1.0 - trust
            } else {
                trust
            }
        })
    };
    assert_eq!(r(&changed(true)), found);
    assert_ne!(r(&changed(false)), found);
}

#[test]
fn trajectories_and_shares_warn_where_more_than_a_fifth_have_separated() {
    let warns = |last: f64| {
        let table = tables().trajectory;
        let end = numbers(&table, "day").into_iter().fold(0.0, f64::max);
        let day = numbers(&table, "day");
        let table = with_numbers(
            table,
            "n",
            |row, _| if day[row] == end { last } else { 100.0 },
        );
        let figures = [
            trajectories(&table, &[], &[], Width::Page),
            regime_shares(&table, &[], Width::Page),
        ];
        let [means, shares] = figures.map(|figure| {
            let svg = figure.expect("a figure").svg().to_owned();
            assert!(svg.contains("n = 100"));
            (
                svg.contains("those still together") || svg.contains("n: couples still together"),
                svg.contains("have separated"),
            )
        });
        assert_eq!(means, shares);
        means
    };
    assert_eq!(
        [100.0, 80.0, 79.0].map(warns),
        [(false, false), (true, false), (true, true)]
    );
}

#[test]
fn bands_of_quantiles_go_on_between_the_days_that_have_some() {
    let bands = |table: &Table| -> Vec<usize> {
        let figure = trajectories(table, &[], &[], Width::Page).expect("a figure");
        [r#"opacity="0.09""#, r#"opacity="0.14""#]
            .map(|band| figure.svg().matches(band).count())
            .to_vec()
    };
    let daily = tables().trajectory;
    let day = numbers(&daily, "day");
    let end = day.iter().copied().fold(0.0, f64::max);
    let mut some = daily.clone();
    for column in ["q05", "q25", "q50", "q75", "q95"] {
        some = with_numbers(some, column, |row, own| {
            let known = day[row] % 28.0 == 0.0 || day[row] == end;
            if known { own } else { f64::NAN }
        });
    }
    assert_ne!(some, daily);
    assert_eq!(bands(&some), bands(&daily));
}

#[test]
fn a_survey_shows_who_answered_and_those_who_answered_every_wave() {
    let tables = tables();
    let diary = diary(&tables.diary, &[], Width::Page).expect("a figure");
    for text in [
        "Days filled in (share)",
        "Conflict reported (share)",
        "Responsiveness",
    ] {
        assert!(has_text(&diary, text), "{text}");
    }
    let of_waves = |table: &Table| waves(table, &[], Width::Page).expect("a figure");
    let left = of_waves(&tables.waves);
    assert!(has_text(&left, "Couples answering (share)"));
    assert!(has_text(&left, "dotted: couples in every wave"));
    let all = with_numbers(tables.waves.clone(), "n", |_, _| 20.0);
    assert!(!of_waves(&all).svg().contains("dotted: couples"));
    let one = where_number(&tables.waves, "wave", |wave| wave == 1.0);
    let error = waves(&one, &[], Width::Page).expect_err("one wave has nothing over time");
    assert!(matches!(error, ChartError::NothingToDraw { .. }));
}

#[test]
fn curves_of_groups_have_their_couples_at_risk_below() {
    let table = fixture("run", "group_survival");
    let figure = group_survival(&table, "style, partner A", &[], Width::Column).expect("a figure");
    assert!(has_text(&figure, "Couples at risk"));
    let secure = where_number(&table, "group", |group| group == 1.0);
    let start = secure.ints("at_risk").expect("a column")[0];
    assert!(has_text(&figure, &start.to_string()));
    assert!(has_text(&figure, "secure"));
}

/// The list of charts.
mod lists {
    use super::super::*;
    use crate::chart::test_support::{assert_golden, assert_sound, fixture};

    /// The tables that a run keeps in memory for its figures.
    const KEPT: [&str; 11] = [
        "trajectory",
        "survival",
        "phase_flow",
        "couples",
        "sample_couples",
        "childhood",
        "group_trajectory",
        "group_survival",
        "diary_means",
        "diary_variation",
        "wave_means",
    ];

    fn scenario() -> Scenario {
        let text = include_str!("../../../tests/charts/run.toml");
        Scenario::read_text("run.toml", text, &[]).unwrap_or_else(|errors| panic!("{errors}"))
    }

    #[test]
    fn figures_of_a_run_are_as_in_the_golden_files() {
        let tables = KEPT.map(|table| fixture("run", table));
        let tables = TableSet::new(&tables);
        let run = RunContext {
            scenario: scenario(),
            options: ChartOptions::default().persons(true),
        };
        for figure in FIGURES {
            let drawn = (figure.draw)(&tables, &run, figure.width).expect(figure.name);
            let drawn = heading(&scenario(), None).over(drawn).expect(figure.name);
            assert_sound(figure.name, &drawn);
            assert_golden(&format!("run-{}", figure.name), &drawn);
        }
    }

    #[test]
    fn figures_of_conditions_are_as_in_the_golden_files() {
        let text = "title = 'Conditions'
            [run]
            couples = 200
            days = 120
            [record]
            observables = ['trust', 'satisfaction', 'conflict']
            [parameters]
            outside_rate = 0.004
            [condition.as_usual]
            [condition.one_taught]
            traits.a.responsiveness.median = 0.9
            [condition.both_taught]
            traits.responsiveness.median = 0.9";
        let scenario = Scenario::parse(text).unwrap_or_else(|error| panic!("{error}"));
        let run = scenario.run().expect("a run");
        let shown = ShownTables::of(&RunConditions::of(&scenario), run.tables());
        let compared = ComparisonContext {
            shown,
            events: events_of_conditions(&RunConditions::of(&scenario)),
            observables: Vec::new(),
        };
        for figure in COMPARISONS {
            let drawn = (figure.draw)(&TableSet::new([]), &compared, figure.width);
            let drawn = drawn.expect(figure.name);
            assert_sound(figure.name, &drawn);
            assert_golden(&format!("conditions-{}", figure.name), &drawn);
        }
    }

    #[test]
    fn figures_show_tables_that_a_run_keeps_in_memory() {
        for figure in FIGURES {
            assert!(!figure.tables.is_empty(), "{}", figure.name);
            for table in figure.tables {
                assert!(KEPT.contains(table), "{}: {table}", figure.name);
            }
        }
    }

    #[test]
    fn figures_are_headed_with_title_number_of_couples_and_changes() {
        let text = "title = 'Two of <us>'\n[run]\ncouples = 12000\ndays = 30\nreplicates = 2";
        let overrides = ["run.days=400", "mechanisms.repair=false"];
        let overrides = overrides.map(|text| Override::parse(text).expect("an override"));
        let scenario = Scenario::read_text("two.toml", text, &overrides).expect("a scenario");
        let survival = fixture("run", "survival");
        let svg = |options: &ChartOptions| -> String {
            let shown = ShownTables {
                names: Vec::new(),
                conditions: vec![vec![survival.clone()]],
                differences: None,
            };
            let conditions = RunConditions::of(&scenario);
            let drawn = draw(&conditions, &shown, options, &CancelToken::default());
            String::from_utf8(drawn.files[0].1.clone()).expect("text")
        };
        let with = svg(&ChartOptions::default());
        let size = "n = 2 × 12\u{2009}000 couples for up to 400 days; mechanisms.repair=false";
        assert!(
            with.contains("Two of &lt;us&gt;") && with.contains(size),
            "{with}"
        );
        let without = svg(&ChartOptions::default().titles(false));
        assert!(!without.contains("Two of") && !without.contains("n = 2"));
    }

    #[test]
    fn an_event_of_some_conditions_says_of_which() {
        let text = "title = 'x'
            [[event]]
            kind = 'stress'
            day = 5
            size = 0.4
            label = 'exam'
            [condition.plain]
            [condition.as_taught]
            event.exam.day = 9
            [condition.later]
            event.exam.day = 9";
        let scenario = Scenario::parse(text).unwrap_or_else(|error| panic!("{error}"));
        let found = events_of_conditions(&RunConditions::of(&scenario));
        let labels: Vec<(f64, &str)> = found.iter().map(|it| (it.day, it.label.as_str())).collect();
        assert_eq!(
            labels,
            [(5.0, "plain: exam"), (9.0, "as taught, later: exam")]
        );
        let both = text.replace("event.exam.day = 9", "");
        let scenario = Scenario::parse(&both).unwrap_or_else(|error| panic!("{error}"));
        let found = events_of_conditions(&RunConditions::of(&scenario));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].label, "exam");
    }

    #[test]
    fn tables_over_time_are_restricted_to_days_and_observables() {
        let days = |table: &Table| -> (f64, f64) {
            let days = ColumnReader::new(table).and_then(|reader| reader.numbers("day"));
            let days = days.expect("days").into_owned();
            let low = days.iter().copied().fold(f64::INFINITY, f64::min);
            (low, days.iter().copied().fold(f64::NEG_INFINITY, f64::max))
        };
        let range = Some((10, 20));
        let trajectory = fixture("run", "trajectory");
        let trust = ["trust".to_owned()];
        let some = selected(&trajectory, range, &trust);
        let (first, last) = days(&some);
        assert!(first >= 10.0 && last <= 20.0 && some.rows.rows() > 0);
        let rows = 0..some.rows.rows();
        assert!(
            rows.into_iter()
                .all(|row| some.category("observable", row) == Some("trust"))
        );
        let survival = fixture("run", "survival");
        let (first, last) = days(&selected(&survival, range, &trust));
        assert!(first == days(&survival).0 && last <= 20.0);
        let couples = fixture("run", "couples");
        assert_eq!(selected(&couples, range, &trust), couples);
    }

    #[test]
    fn a_figure_without_its_tables_is_left_out() {
        let survival = fixture("run", "survival");
        let shown = ShownTables {
            names: Vec::new(),
            conditions: vec![vec![survival]],
            differences: None,
        };
        let conditions = RunConditions::of(&scenario());
        let (options, cancel) = (ChartOptions::default(), CancelToken::default());
        let DrawnCharts { files, failed, .. } = draw(&conditions, &shown, &options, &cancel);
        assert_eq!(failed, []);
        assert_eq!(files[0].0, "survival.svg");
        assert!(files.iter().all(|(name, _)| name.starts_with("survival.")));
    }
}
