//! What every chart keeps, on usual and on odd tables.

use super::test_support;
use super::test_support::{USUAL, World};
use super::{
    EventMarker, PhasePlaneOptions, phase_plane, regime_shares, sample_couples, survival,
    trajectories,
};
use crate::chart::{ChartError, Figure, Width};
use crate::table::Table;

const CUTS: PhasePlaneOptions = PhasePlaneOptions {
    trust: 0.6,
    intimacy: 0.55,
    phase_flow_days: 30.0,
};

fn events() -> Vec<EventMarker> {
    [
        (120.0, "job lost"),
        (124.0, "support begins"),
        (300.0, "child born"),
        (9e9, "never"),
    ]
    .map(|(day, label)| EventMarker {
        day,
        label: label.to_owned(),
    })
    .to_vec()
}

type Charts = Vec<(&'static str, Result<Figure, ChartError>)>;

/// All charts of one world, at one width.
fn charts(world: World, width: Width) -> Charts {
    let trajectory = test_support::trajectory(world);
    let few = World {
        couples: world.couples.min(4),
        ..world
    };
    let (days, ends) = test_support::sample_couples(few);
    vec![
        ("trajectories", trajectories(&trajectory, &events(), width)),
        (
            "plane",
            phase_plane(
                &test_support::couples(world),
                Some(&test_support::flow()),
                CUTS,
                width,
            ),
        ),
        ("regimes", regime_shares(&trajectory, width)),
        ("survival", survival(&test_support::survival(world), width)),
        ("sample_couples", sample_couples(&days, &ends, width)),
    ]
}

fn odd_worlds() -> Vec<(&'static str, World)> {
    let world = |couples, days, every, hazard| World {
        couples,
        days,
        every,
        hazard,
    };
    vec![
        ("one day", world(300, 0, 1, 0.0008)),
        ("one couple", world(1, 400, 4, 0.0008)),
        ("one couple on one day", world(1, 0, 1, 0.0)),
        ("no parting", world(300, 400, 4, 0.0)),
        ("rare partings", world(300, 400, 4, 0.00005)),
        ("all parted", world(300, 400, 4, 0.2)),
        ("twenty years", world(20, 7305, 1, 0.0003)),
        ("many couples", world(2500, 30, 3, 0.002)),
    ]
}

#[test]
fn the_same_tables_give_the_same_bytes() {
    let (first, second) = (charts(USUAL, Width::Page), charts(USUAL, Width::Page));
    for ((name, first), (_, second)) in first.into_iter().zip(second) {
        let (first, second) = (first.expect(name), second.expect(name));
        assert_eq!(first.svg(), second.svg(), "{name}");
        #[cfg(feature = "png")]
        assert_eq!(
            first.png(100.0).expect(name),
            second.png(100.0).expect(name),
            "{name}"
        );
    }
}

#[test]
fn odd_worlds_are_drawn() {
    for (world_name, world) in odd_worlds() {
        for width in [Width::Column, Width::Page] {
            for (name, figure) in charts(world, width) {
                let figure = figure.unwrap_or_else(|error| panic!("{name}, {world_name}: {error}"));
                assert_eq!(figure.width(), width.millimetres());
                assert!(!figure.svg().contains("NaN"), "{name}, {world_name}");
            }
        }
    }
}

#[test]
fn empty_tables_are_named() {
    let trajectory = Table::new(test_support::trajectory_schema());
    let couples = test_support::couples(World {
        couples: 0,
        ..USUAL
    });
    let failures = [
        ("trajectory", trajectories(&trajectory, &[], Width::Page)),
        ("trajectory", regime_shares(&trajectory, Width::Page)),
        ("couples", phase_plane(&couples, None, CUTS, Width::Column)),
        (
            "survival",
            survival(&test_support::survival_table(), Width::Column),
        ),
        (
            "sample_couples",
            sample_couples(
                &test_support::sample_couples_table(),
                &[(0, None)],
                Width::Column,
            ),
        ),
    ];
    for (name, failure) in failures {
        let error = failure.expect_err(name);
        assert!(
            matches!(error, ChartError::NoRows { table } if table == name),
            "{name}: {error}"
        );
    }
}

#[test]
fn tables_without_a_number_are_named() {
    let gone = test_support::without_numbers;
    let trajectory = gone(test_support::trajectory(USUAL));
    let survival_rows = gone(test_support::survival(USUAL));
    let failures = [
        trajectories(&trajectory, &[], Width::Page),
        regime_shares(&trajectory, Width::Page),
        phase_plane(
            &gone(test_support::couples(USUAL)),
            Some(&gone(test_support::flow())),
            CUTS,
            Width::Page,
        ),
        survival(&survival_rows, Width::Page),
        sample_couples(
            &test_support::sample_couples(World {
                couples: 1,
                ..USUAL
            })
            .0,
            &[(77, None)],
            Width::Page,
        ),
    ];
    for failure in failures {
        let error = failure.expect_err("nothing to draw");
        assert!(matches!(error, ChartError::NothingToDraw { .. }), "{error}");
    }
}

#[test]
fn a_missing_column_is_named() {
    let wrong = test_support::couples(USUAL);
    let error = survival(&wrong, Width::Column).expect_err("couples are not survival");
    assert_eq!(
        error.to_string(),
        "table `couples` has no column `day` of numbers"
    );
}

#[test]
fn cuts_out_of_range_are_refused() {
    let couples = test_support::couples(USUAL);
    for cuts in [
        PhasePlaneOptions { trust: 1.2, ..CUTS },
        PhasePlaneOptions {
            intimacy: f64::NAN,
            ..CUTS
        },
        PhasePlaneOptions {
            phase_flow_days: 0.0,
            ..CUTS
        },
    ] {
        let refused = phase_plane(&couples, None, cuts, Width::Column);
        assert!(
            matches!(refused, Err(ChartError::BadArgument { .. })),
            "{cuts:?}"
        );
    }
}

#[test]
fn sample_couples_without_levels_still_show_their_events() {
    let (table, ends) = test_support::sample_couples(World {
        couples: 2,
        ..USUAL
    });
    let figure = sample_couples(&test_support::without_numbers(table), &ends, Width::Page);
    assert!(figure.expect("events remain").svg().contains("conflict"));
}

#[test]
fn long_runs_stay_small_files() {
    let twenty_years = World {
        couples: 20,
        days: 7305,
        every: 1,
        hazard: 0.0003,
    };
    let table = test_support::trajectory(twenty_years);
    let figure = trajectories(&table, &[], Width::Page).expect("a figure");
    assert!(
        figure.svg().len() < 3_000_000,
        "{} bytes",
        figure.svg().len()
    );
    assert!(figure.svg().contains("Time (years)"));
}

#[test]
fn events_out_of_the_days_are_not_named() {
    let figure =
        trajectories(&test_support::trajectory(USUAL), &events(), Width::Page).expect("a figure");
    assert!(figure.svg().contains("1: job lost (day 120)"));
    assert!(!figure.svg().contains("never"));
}

#[test]
fn a_zoomed_survival_axis_says_so() {
    let rare = World {
        hazard: 0.00005,
        ..USUAL
    };
    let figure = survival(&test_support::survival(rare), Width::Column).expect("a figure");
    assert!(
        figure.svg().contains("Share still together (from 0."),
        "{}",
        figure.svg()
    );
    let usual = survival(
        &test_support::survival(World {
            hazard: 0.002,
            ..USUAL
        }),
        Width::Column,
    );
    assert!(
        usual
            .expect("a figure")
            .svg()
            .contains("Share of couples still together")
    );
}

#[test]
fn numbers_at_risk_and_partings_stand_under_the_axis() {
    let table = test_support::survival(USUAL);
    let (at_risk, ended) = (table.ints("at_risk"), table.ints("ended"));
    let (at_risk, ended) = (at_risk.expect("a column"), ended.expect("a column"));
    let figure = survival(&table, Width::Column).expect("a figure");
    let texts: Vec<&str> = figure.svg().lines().collect();
    for day in [0, 100, 200, 300, 400] {
        assert!(
            texts.contains(&at_risk[day].to_string().as_str()),
            "at risk on day {day}"
        );
        let parted: i64 = ended[..=day].iter().sum();
        assert!(
            texts.contains(&parted.to_string().as_str()),
            "parted by day {day}"
        );
    }
}

#[test]
fn flow_cells_with_few_observations_have_no_arrow() {
    let couples = test_support::couples(World {
        couples: 1,
        ..USUAL
    });
    let drawn =
        phase_plane(&couples, Some(&test_support::flow()), CUTS, Width::Column).expect("a figure");
    let bare = phase_plane(&couples, None, CUTS, Width::Column).expect("a figure");
    let flow = test_support::flow();
    let enough = flow
        .ints("n")
        .expect("a column")
        .iter()
        .filter(|n| **n >= 5)
        .count();
    let outlines = |figure: &Figure| figure.svg().matches("<polygon").count();
    // One head for each cell and one in the key.
    assert_eq!(outlines(&drawn), outlines(&bare) + enough + 1);
}

#[test]
fn text_is_escaped() {
    let event = EventMarker {
        day: 5.0,
        label: "<b> & \"c\"".to_owned(),
    };
    let figure =
        trajectories(&test_support::trajectory(USUAL), &[event], Width::Page).expect("a figure");
    assert!(figure.svg().contains("&lt;b&gt; &amp; &quot;c&quot;"));
}

#[cfg(feature = "png")]
pub mod set {
    use super::*;
    use crate::chart::raster::parse;
    use resvg::usvg::{Group, Node, Rect, roxmltree};

    fn texts(group: &Group, boxes: &mut Vec<(String, Rect)>) {
        for node in group.children() {
            match node {
                Node::Group(inner) => texts(inner, boxes),
                Node::Text(text) => {
                    let words = text.chunks().iter().map(|chunk| chunk.text()).collect();
                    let area = text
                        .flattened()
                        .bounding_box()
                        .transform(text.abs_transform());
                    boxes.push((words, area.expect("a finite box")));
                }
                _ => {}
            }
        }
    }

    /// Charts of the usual world whose arguments leave little room for words.
    fn odd_arguments() -> Vec<(String, Figure)> {
        let mut charts = Vec::new();
        let couples = test_support::couples(USUAL);
        for (trust, intimacy) in [(0.0, 0.5), (0.04, 0.96), (0.8, 0.3), (1.0, 1.0)] {
            let cuts = PhasePlaneOptions {
                trust,
                intimacy,
                phase_flow_days: 1.0,
            };
            let figure = phase_plane(&couples, Some(&test_support::flow()), cuts, Width::Column);
            charts.push((
                format!("plane, cuts {trust} {intimacy}"),
                figure.expect("a plane"),
            ));
        }
        let label =
            "an event that is told at such length that it cannot stand in a line of a column";
        let events: Vec<EventMarker> = (0..30)
            .map(|i| EventMarker {
                day: f64::from(i * i) * 0.45,
                label: label.to_owned(),
            })
            .collect();
        for width in [Width::Column, Width::Page] {
            let figure = trajectories(&test_support::trajectory(USUAL), &events, width);
            charts.push((
                format!("trajectories, many events, {width:?}"),
                figure.expect("a figure"),
            ));
        }
        charts
    }

    fn all_charts() -> impl Iterator<Item = (String, Figure)> {
        let worlds = odd_worlds().into_iter().chain([("usual", USUAL)]);
        let of_worlds = worlds.flat_map(|(world_name, world)| {
            [Width::Column, Width::Page]
                .into_iter()
                .flat_map(move |width| {
                    charts(world, width).into_iter().map(move |(name, figure)| {
                        let name = format!("{name}, {world_name}, {width:?}");
                        (name, figure.expect("charts of all worlds are drawn"))
                    })
                })
        });
        of_worlds.chain(odd_arguments())
    }

    #[test]
    fn every_picture_is_sound_xml_with_real_text() {
        for (name, figure) in all_charts() {
            let document = roxmltree::Document::parse(figure.svg()).expect(&name);
            let count = document
                .descendants()
                .filter(|node| node.has_tag_name("text"))
                .count();
            assert!(count > 5, "{name}");
        }
    }

    /// Fails where two texts of a picture touch, or where one leaves the paper; counts them.
    pub(crate) fn assert_words_stand_clear(name: &str, figure: &Figure) -> usize {
        let tree = parse(figure.svg()).expect(name);
        let mut boxes = Vec::new();
        texts(tree.root(), &mut boxes);
        for (i, (text, area)) in boxes.iter().enumerate() {
            assert!(
                area.left() >= 0.0
                    && area.top() >= 0.0
                    && area.right() <= tree.size().width()
                    && area.bottom() <= tree.size().height(),
                "{name}: `{text}` leaves the paper: {area:?}"
            );
            for (other, other_area) in &boxes[..i] {
                let apart = area.right() <= other_area.left()
                    || other_area.right() <= area.left()
                    || area.bottom() <= other_area.top()
                    || other_area.bottom() <= area.top();
                assert!(apart, "{name}: `{text}` touches `{other}`");
            }
        }
        boxes.len()
    }

    #[test]
    fn no_text_touches_another_or_leaves_the_paper() {
        for (name, figure) in all_charts() {
            assert!(assert_words_stand_clear(&name, &figure) > 5, "{name}");
        }
    }

    #[test]
    fn measured_widths_agree_with_set_ones() {
        use crate::chart::canvas::Canvas;
        use crate::chart::text_style::{HEADING, LABEL, NOTE};
        for lettering in [NOTE, LABEL, HEADING] {
            let words = "Share still together (0.25–0.75)";
            let mut canvas = Canvas::new(100.0, 20.0);
            canvas.text((10.0, 10.0), words, lettering);
            let figure = canvas.finish("a text").expect("a figure");
            let mut boxes = Vec::new();
            texts(parse(figure.svg()).expect("sound").root(), &mut boxes);
            let set = f64::from(boxes[0].1.width()) / 96.0 * 25.4;
            let measured = lettering.width(words);
            assert!(
                (measured / set - 1.0).abs() < 0.03,
                "{measured} mm, set {set} mm"
            );
        }
    }

    #[test]
    fn pixels_follow_size_and_resolution() {
        let figure = survival(&test_support::survival(USUAL), Width::Column).expect("a figure");
        let png = figure.png(300.0).expect("pixels");
        let number =
            |at: usize| u32::from_be_bytes([png[at], png[at + 1], png[at + 2], png[at + 3]]);
        assert_eq!(number(16), 1004, "85 mm at 300 dpi");
        assert_eq!(&png[37..41], b"pHYs");
        assert_eq!(number(41), 11_811, "dots per metre");
        assert!(matches!(
            figure.png(f64::NAN),
            Err(ChartError::BadArgument { .. })
        ));
    }

    /// Writes all charts of all worlds for the eye, into the folder `charts` for temporary files.
    #[test]
    #[ignore = "for looking at: writes pictures"]
    fn gallery() {
        let folder = std::env::temp_dir().join("charts");
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        for (name, figure) in all_charts() {
            let stem = name.replace(", ", "-").replace(' ', "_");
            let png = figure.png(200.0).expect(&name);
            std::fs::write(folder.join(format!("{stem}.png")), png).expect("a written picture");
            std::fs::write(folder.join(format!("{stem}.svg")), figure.svg())
                .expect("a written picture");
        }
    }
}
