use super::*;
use crate::chart::options::{ChartFormat, ChartOptions};
use crate::results::Manifest;
#[cfg(feature = "parquet")]
use crate::table::Format;
#[cfg(feature = "parquet")]
use crate::table::Schema;
#[cfg(feature = "parquet")]
use crate::table::read_table;
use std::fs;

fn scenario(text: &str) -> Scenario {
    Scenario::read_text("s.toml", text, &[]).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

fn saved(scenario: &Scenario, shard: Shard, out: &Path, options: SaveOptions) -> SweepReport {
    let sweep = scenario.sweep().expect("a sweep").shard(shard);
    sweep.save_with(out, &options).expect("results")
}

const HEAD: &str = "title = \"t\"\n[run]\ncouples = 30\ndays = 10\nreplicates = 3\n[sweep]\n";
const AXIS: &str = "[[sweep.axis]]\nkey = \"traits.consistency\"\nrange = [0.1, 0.9]\n";
const SWITCH: &str = "[[sweep.axis]]\nkey = \"mechanisms.repair\"\nvalues = [true, false]\n";

/// An axis without a key, and one that follows from it and from [`AXIS`].
const WIDTH: &str = "[[sweep.axis]]\nname = \"width\"\nvalues = [-0.1, 0.1, 0.05]\n\
                     [[sweep.axis]]\nkey = \"traits.effort\"\nname = \"high\"\nformula = \"consistency + width\"\n";

#[cfg(feature = "parquet")]
#[test]
fn either_format_holds_the_same_rows_of_every_table() {
    let designs = [
        format!("design = \"grid\"\ncouples = true\n{SWITCH}{AXIS}steps = 2\n"),
        format!("design = \"saltelli\"\npoints = 4\n{AXIS}{SWITCH}"),
        format!("design = \"morris\"\npoints = 3\n{AXIS}{SWITCH}"),
    ];
    let mut seen = Vec::new();
    for design in designs {
        let scenario = scenario(&format!("{HEAD}{design}"));
        let plan = SweepPlan::new(scenario.clone()).expect("a sweep");
        let home = tempfile::tempdir().expect("a folder");
        let formats = [Format::Csv, Format::Parquet].map(|format| {
            let out = home.path().join(format.extension());
            let options = SaveOptions::default().charts(false).format(format);
            let report = saved(&scenario, Shard::ALL, &out, options);
            (out, format, report.files)
        });
        assert_eq!(formats[0].2, formats[1].2);
        for schema in schemas(&plan) {
            let read = |(out, format, _): &(PathBuf, Format, usize)| {
                let path = out.join(format!("{}.{}", schema.table, format.extension()));
                path.exists()
                    .then(|| read_table(&path, &schema).expect("a table"))
            };
            let [text, parquet] = [read(&formats[0]), read(&formats[1])];
            // NaN is not equal to itself; its text is.
            assert!(
                format!("{text:?}") == format!("{parquet:?}"),
                "{}",
                schema.table
            );
            seen.extend(text.map(|table| table.schema.table));
        }
    }
    for table in ["points", "runs", "summaries", "couples", "contrasts"] {
        assert!(seen.contains(&table), "{seen:?}");
    }
    for table in ["noise", "sobol", "morris", "effects", "regression"] {
        assert!(seen.contains(&table), "{seen:?}");
    }
}

fn couple_days(scenario: &Scenario, shard: Shard) -> u64 {
    let plan = SweepPlan::new(scenario.clone()).expect("a sweep");
    forecast::couple_days(&plan, shard.range(plan.jobs())).0
}

/// Couple-days of all shards of a sweep.
fn shards(scenario: &Scenario, of: u64) -> Vec<u64> {
    (1..=of)
        .map(|number| couple_days(scenario, Shard { number, of }))
        .collect()
}

#[test]
fn couple_days_are_counted_over_axes_of_couples_and_days_and_add_up_over_shards() {
    let axes = "[[sweep.axis]]\nkey = \"run.couples\"\nvalues = [30, 40, 100]\n\
                [[sweep.axis]]\nkey = \"run.days\"\nvalues = [5, 7]\n";
    let scenario = scenario(&format!("{HEAD}design = \"grid\"\n{axes}"));
    let all = (30 + 40 + 100) * (5 + 7) * 3;
    assert_eq!(couple_days(&scenario, Shard::ALL), all);
    for of in [2, 3, 5, 7] {
        assert_eq!(shards(&scenario, of).iter().sum::<u64>(), all, "{of}");
    }
    let plan = SweepPlan::new(scenario).expect("a sweep");
    assert_eq!(plan.max_couples(), 100);
}

#[test]
fn shards_that_cut_through_a_points_replicates_count_the_runs_that_they_do() {
    let text = HEAD.replace("replicates = 3", "replicates = 100");
    let scenario = scenario(&format!("{text}design = \"grid\"\n{SWITCH}"));
    let plan = SweepPlan::new(scenario.clone()).expect("a sweep");
    assert_eq!(plan.jobs(), 4);
    let runs: Vec<u64> = (0..4).map(|job| plan.runs_of(job..job + 1)).collect();
    assert_eq!(runs, [64, 36, 64, 36]);
    assert_eq!(shards(&scenario, 4), [64, 36, 64, 36].map(|n| n * 300));
}

#[test]
fn very_many_points_of_different_sizes_are_estimated_and_said_to_be() {
    let axes = "[[sweep.axis]]\nkey = \"run.couples\"\nrange = [1, 1000]\n";
    let text = format!("{HEAD}design = \"sobol\"\npoints = 1048576\n{axes}{AXIS}");
    let plan = SweepPlan::new(scenario(&text)).expect("a sweep");
    let (found, counted) = forecast::couple_days(&plan, 0..plan.jobs());
    let expected = 500.5 * 10.0 * 3.0 * (1_u64 << 20) as f64;
    assert!(!counted);
    assert!(
        (found as f64 / expected - 1.0).abs() < 0.01,
        "{found} {expected}"
    );
    let few = text.replace("1048576", "1024");
    let plan = SweepPlan::new(scenario(&few)).expect("a sweep");
    let (found, counted) = forecast::couple_days(&plan, 0..plan.jobs());
    let exact: u64 = (0..1024).map(|point| plan.couples_at(point) * 30).sum();
    assert_eq!((found, counted), (exact, true));
}

#[test]
fn the_forecast_of_space_on_the_disk_is_within_a_factor_of_two() {
    let designs = [
        format!("design = \"latin-hypercube\"\npoints = 2000\n{AXIS}{SWITCH}"),
        format!("design = \"grid\"\n{AXIS}steps = 400\n{SWITCH}"),
        format!("design = \"grid\"\ncouples = true\n{AXIS}steps = 40\n{SWITCH}"),
        format!("design = \"grid\"\nmeasures = [\"mean trust\"]\n{AXIS}steps = 400\n{SWITCH}"),
    ];
    for (number, design) in designs.iter().enumerate() {
        let scenario = scenario(&format!("{HEAD}{design}").replace("days = 10", "days = 2"));
        let plan = SweepPlan::new(scenario.clone()).expect("a sweep");
        let home = tempfile::tempdir().expect("a folder");
        let out = home.path().join("out");
        let charts = number == 0 || number == 3;
        let options = SaveOptions::default().charts(charts);
        saved(&scenario, Shard::ALL, &out, options);
        let folder = Manifest::read(&out).expect("a manifest");
        let real: u64 = folder.files.iter().map(|file| file.bytes).sum();
        let halves = [1, 2].map(|number| {
            let out = home.path().join(number.to_string());
            let shard = Shard { number, of: 2 };
            saved(&scenario, shard, &out, SaveOptions::default());
            fs::metadata(out.join(crate::results::JOURNAL_NAME)).map_or(0, |file| file.len())
        });
        let said = forecast::bytes(&plan, 0..plan.jobs(), Some(1));
        let pictures = if charts {
            0
        } else {
            forecast::picture_bytes(&plan)
        };
        let ratios = [
            (said.results - pictures) as f64 / real as f64,
            said.journal as f64 / (halves[0] + halves[1]) as f64,
        ];
        assert!(
            ratios.iter().all(|ratio| (0.5..=2.0).contains(ratio)),
            "{design}: {ratios:?}"
        );
    }
}

#[test]
fn columns_of_points_and_runs_are_reserved_and_axes_of_integers_are_integers() {
    let text = "design = \"grid\"\nuntil = { half_width = 0.1, of = \"mean trust\", max = 90 }\n\
                [[sweep.axis]]\nkey = \"run.couples\"\nvalues = [30, 40]\n";
    let plan = SweepPlan::new(scenario(&format!("{HEAD}{text}"))).expect("a sweep");
    let measures: Vec<String> = plan.sweep().measures.iter().map(|m| m.column()).collect();
    for schema in [tables::points_schema(&plan), tables::runs_schema(&plan)] {
        let mut names: Vec<&str> = Vec::new();
        for column in &schema.columns {
            assert!(
                !names.contains(&column.name.as_str()),
                "{} twice",
                column.name
            );
            names.push(&column.name);
            let is_axis = column.name == "run_couples";
            assert!(!is_axis || column.kind == crate::table::Kind::Int);
            let known = crate::scenario::RESERVED_NAMES.iter();
            let known = known.clone().any(|(name, _)| *name == column.name);
            assert!(
                known || is_axis || measures.contains(&column.name),
                "{}",
                column.name
            );
        }
    }
}

/// The tables of a sweep in which all couples separate at some points, and of one whose low end of a
/// distribution is above the high one at others.
fn incomplete(sweep: &str) -> SweepRun {
    let head = "title = \"t\"\n[run]\nseed = 3\ncouples = 10\ndays = 40\nreplicates = 2\n\
                [traits]\nopenness = { dist = \"uniform\", low = 0.2, high = 1.5 }\n[sweep]\n\
                measures = [\"share intact\", \"mean trust\"]\n";
    let run = scenario(&format!("{head}{sweep}"))
        .sweep()
        .expect("a sweep")
        .run();
    run.expect("tables")
}

/// Rows of a table of findings with the rows that were requested for, those used, and the verdict.
fn rows_and_verdicts(run: &SweepRun, table: &str, used: &str) -> Vec<(i64, i64, String)> {
    let table = run.table(table).expect("a table");
    let [requested, used] = ["requested", used].map(|name| table.ints(name).expect("a column"));
    let verdict = |row| table.category("verdict", row).expect("a column").to_owned();
    (0..table.rows.rows())
        .map(|row| (requested[row], used[row], verdict(row)))
        .collect()
}

const GONE: &str =
    "[[sweep.axis]]\nkey = \"parameters.outside_rate\"\nrange = [0.001, 1.0]\nscale = \"log\"\n";
const LOW: &str = "[[sweep.axis]]\nkey = \"traits.openness.low\"\nrange = [0.2, 0.9]\n";
const HIGH: &str = "[[sweep.axis]]\nkey = \"traits.openness.high\"\nrange = [0.5, 1.5]\n";

#[test]
fn nothing_is_resolved_where_rows_are_missing_and_every_table_counts_them() {
    let reference = "reference = 1\n";
    let designs = [
        (
            "sobol",
            format!("design = \"saltelli\"\npoints = 16\n{reference}{LOW}{HIGH}{GONE}"),
        ),
        (
            "morris",
            format!("design = \"morris\"\npoints = 16\nselection = \"plain\"\n{LOW}{HIGH}"),
        ),
        (
            "effects",
            format!("design = \"grid\"\n{LOW}steps = 3\n{HIGH}steps = 3\n"),
        ),
        (
            "effects",
            format!(
                "design = \"one-at-a-time\"\n{LOW}steps = 3\nbaseline = 0.2\n{HIGH}steps = 3\n\
                 baseline = 0.6\n"
            ),
        ),
    ];
    for (own, design) in designs {
        let run = incomplete(&design);
        let mut incomplete_rows = 0;
        for (table, used) in [
            (own, "used"),
            ("noise", "used"),
            ("regression", "used"),
            ("contrasts", "pairs"),
        ] {
            // Without a value at the reference point there are no contrasts, and `omitted` says so.
            if table == "contrasts" && run.table(table).is_err() {
                assert!(run.table("omitted").is_ok(), "{design}");
                continue;
            }
            for (requested, used, verdict) in rows_and_verdicts(&run, table, used) {
                assert!(used <= requested, "{table}");
                if used < requested && verdict != "reference level" && !verdict.is_empty() {
                    let reported = format!("not resolved: {used} of {requested} ");
                    let compared = table == "effects" && verdict.starts_with("not resolved: ");
                    assert!(
                        compared || verdict.starts_with(&reported),
                        "{table} {verdict}"
                    );
                    incomplete_rows += 1;
                }
            }
        }
        assert!(incomplete_rows > 4, "{design}");
        assert!(!run.tables.notes.is_empty());
    }
}

#[test]
fn findings_that_are_left_out_have_a_reason() {
    let one = format!("{HEAD}design = \"grid\"\n{SWITCH}").replace("replicates = 3\n", "");
    let run = scenario(&one)
        .sweep()
        .expect("a sweep")
        .run()
        .expect("tables");
    let omitted = run.table("omitted").expect("a table");
    let tables: Vec<&str> = (0..omitted.rows.rows())
        .map(|row| omitted.category("table", row).expect("a text"))
        .collect();
    assert_eq!(tables, ["contrasts", "noise", "regression"]);
    let notes = &run.tables.notes;
    assert_eq!(notes[2], "`regression` left out: no axis has numbers");
    let all = incomplete(
        "design = \"grid\"\n[[sweep.axis]]\nkey = \"traits.openness.low\"\nvalues = [1.6, 1.8]\n",
    );
    assert_eq!((all.tables.done, all.tables.failed), (0, 2));
    assert!(all.table("effects").is_err() && all.table("noise").is_err());
    // All measures that lack a table for the same reason stand in one sentence.
    let reported = "`effects` of share intact, mean trust left out: 0 of 2 points can be used, and 2 are needed";
    assert!(
        all.tables.notes.iter().any(|note| note == reported),
        "{:?}",
        all.tables.notes
    );
}

#[test]
fn an_axis_that_varies_over_failed_points_alone_is_said_to() {
    // The low end is above the high one at the last two points.
    let list = |low: &str| {
        format!(
            "design = \"list\"\n[[sweep.axis]]\nkey = \"traits.openness.low\"\nvalues = [{low}]\n\
             [[sweep.axis]]\nkey = \"traits.patience\"\nvalues = [0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9]\n"
        )
    };
    let reason = |low: &str| {
        let run = incomplete(&list(low));
        let omitted = run.table("omitted").expect("a table");
        let mut rows = 0..omitted.rows.rows();
        let row = rows.find(|row| omitted.category("table", *row) == Some("regression"));
        let reason = omitted.category("reason", row.expect("no regression"));
        reason.expect("a text").to_owned()
    };
    assert_eq!(
        reason("0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 1.8, 1.9"),
        "the axis openness_low does not vary over the 6 of 8 points that can be used"
    );
    assert_eq!(
        reason("0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4"),
        "the axis openness_low does not vary"
    );
}

#[test]
fn intervals_hold_no_impossible_value() {
    // Two runs of ten couples: Student's interval of a share reaches far.
    let head = "title = \"t\"\n[run]\nseed = 3\ncouples = 10\ndays = 60\nreplicates = 2\n\
                [parameters]\noutside_rate = 0.001\n[sweep]\ncommon_random_numbers = false\n\
                measures = [\"share intact\", \"mean trust\", \"sd trust\", \"mean mood over all\"]\n";
    let axes = "[[sweep.axis]]\nkey = \"traits.responsiveness\"\n";
    let designs = [
        (
            "effects",
            format!("design = \"grid\"\n{axes}values = [0.1, 0.5, 0.9]\n"),
        ),
        (
            "effects",
            format!("design = \"one-at-a-time\"\n{axes}values = [0.1, 0.9]\nbaseline = 0.5\n"),
        ),
        (
            "sobol",
            format!(
                "design = \"saltelli\"\npoints = 4\n{axes}range = [0.1, 0.9]\n[[sweep.axis]]\nkey = \"traits.patience\"\nrange = [0.1, 0.9]\n"
            ),
        ),
    ];
    let mut cut = 0;
    for (own, design) in designs {
        let run = scenario(&format!("{head}{design}"));
        let run = run.sweep().expect("a sweep").run().expect("tables");
        let mut within = |table: &str, columns: [&str; 2], difference: bool| {
            let table = run.table(table).expect("a table");
            let [lows, highs] = columns.map(|name| table.floats(name).expect("a column"));
            for row in 0..table.rows.rows() {
                let measure = table.category("observable", row).expect("a column");
                let (low, high): (f64, f64) = match measure {
                    _ if own == "sobol" && columns[0] == "ci_low" && !difference => (0.0, 1.0),
                    "sd trust" => (0.0, 0.5_f64.sqrt()),
                    "mean mood over all" => (-1.0, 1.0),
                    _ => (0.0, 1.0),
                };
                let (low, high) = match difference {
                    true => (low - high, high - low),
                    false => (low, high),
                };
                for end in [lows[row], highs[row]] {
                    assert!(
                        end.is_nan() || (low..=high).contains(&end),
                        "{} {measure} {columns:?}: {end}",
                        table.schema.table
                    );
                    cut += u32::from(end == low || end == high);
                }
            }
        };
        within(own, ["ci_low", "ci_high"], false);
        within("contrasts", ["ci_low", "ci_high"], true);
        if own == "effects" {
            within("summaries", ["ci_low", "ci_high"], false);
            within(own, ["difference_low", "difference_high"], true);
        }
    }
    assert!(cut > 10, "{cut}");
}

#[test]
fn effects_of_a_grid_are_judged_by_the_runs_and_not_by_the_other_axes() {
    // Responsiveness moves trust far more than repair does, and draws are shared.
    let axes = "[[sweep.axis]]\nkey = \"traits.responsiveness\"\nvalues = [0.2, 0.9]\n";
    let text = format!("{HEAD}design = \"grid\"\nmeasures = [\"mean trust\"]\n{SWITCH}{axes}");
    let text = text
        .replace("replicates = 3", "replicates = 6")
        .replace("days = 10", "days = 60");
    let run = scenario(&text)
        .sweep()
        .expect("a sweep")
        .run()
        .expect("tables");
    let table = run.table("effects").expect("a table");
    let of = |name| table.floats(name).expect("a column");
    let arm = |row: usize| 0.5 * (of("ci_high")[row] - of("ci_low")[row]);
    let spread = (of("mean")[4] - of("mean")[3]).abs();
    assert!((1..3).all(|row| arm(row) < 0.2 * spread), "{table:?}");
    let verdicts: Vec<&str> = (0..5)
        .map(|row| table.category("verdict", row).expect("a text"))
        .collect();
    assert_eq!(verdicts[4], "resolved");
    let [low, change, high] =
        ["difference_low", "difference", "difference_high"].map(|name| of(name)[4]);
    assert!(low < change && change < high && low * high > 0.0);
    assert!(((of("mean")[4] - of("mean")[3]) - change).abs() < 1e-12);
}

#[test]
fn an_axis_by_which_no_run_differs_has_no_interval_in_any_table_and_is_never_resolved() {
    // A betrayal lowers trust, and in so few couple-days there is none.
    let rare = "[[sweep.axis]]\nkey = \"parameters.betrayal_rate\"\nrange = [0.0, 0.0002]\n";
    let text = HEAD.replace("couples = 30", "couples = 10");
    let text = text.replace("[sweep]", "[mechanisms]\ndissolution = false\n[sweep]");
    let measures = "measures = [\"mean trust\", \"share intact\"]\n";
    let tables = [
        ("saltelli", "sobol", "axis", ["value", "ci_low", "ci_high"]),
        (
            "morris",
            "morris",
            "axis",
            ["mu_star", "mu_star_low", "mu_star_high"],
        ),
    ];
    for (design, table, axis, columns) in tables {
        let run = scenario(&format!(
            "{text}design = \"{design}\"\npoints = 16\n{measures}{AXIS}{rare}"
        ))
        .sweep()
        .and_then(SweepRunner::run)
        .expect("tables");
        let found = run.table(table).expect("a table");
        let [value, low, high] = columns.map(|name| found.floats(name).expect("a column"));
        let mut still = 0;
        for row in 0..found.rows.rows() {
            let cell = |name| found.category(name, row).expect("a text");
            let verdict = cell("verdict");
            if cell("observable") == "share intact" {
                assert_eq!(verdict, "the output is constant");
            } else if cell(axis) == "betrayal_rate" {
                assert_eq!(verdict, "not resolved: no run differs");
            } else {
                assert!(low[row] <= high[row] && value[row] > 0.0);
                continue;
            }
            assert!(
                value[row] == 0.0 && low[row].is_nan() && high[row].is_nan(),
                "{verdict}"
            );
            still += 1;
        }
        assert!(still >= 3, "{design} {still}");
        let noise = run.table("noise").expect("a table");
        let constant = noise.category("verdict", 1).expect("a text");
        assert_eq!(constant, "the output is constant");
        assert!(noise.floats("ci_low").expect("a column")[1].is_nan());
        let regression = run.table("regression").expect("a table");
        for name in ["src_low", "src_high", "prcc_low", "prcc_high"] {
            let column = regression.floats(name).expect("a column");
            assert!(
                column[0] < 1.1 && column[2].is_nan() && column[3].is_nan(),
                "{name}"
            );
        }
        // The charts are drawn all the same.
        let home = tempfile::tempdir().expect("a folder");
        let report = run.save(home.path().join("out")).expect("results");
        assert!(
            report.failed_charts.is_empty(),
            "{:?}",
            report.failed_charts
        );
    }
}

/// Every header names its table once: files of a folder do not collide.
#[test]
fn tables_have_different_names() {
    let plan = SweepPlan::new(scenario(&format!("{HEAD}design = \"grid\"\n{SWITCH}")));
    let mut names: Vec<&str> = schemas(&plan.expect("a sweep"))
        .iter()
        .map(|schema: &Schema| schema.table)
        .collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn results_from_memory_have_the_bytes_of_those_that_were_streamed() {
    let designs = [
        format!("design = \"grid\"\ncouples = true\n{SWITCH}{AXIS}steps = 2\n"),
        format!(
            "design = \"one-at-a-time\"\n{AXIS}baseline = 0.1\nsteps = 2\n{SWITCH}baseline = true\n"
        ),
        format!("design = \"morris\"\npoints = 3\n{AXIS}{SWITCH}"),
        format!(
            "design = \"grid\"\nconstraints = [\"consistency < high\"]\n{AXIS}steps = 3\n{WIDTH}"
        ),
    ];
    for (number, design) in designs.iter().enumerate() {
        let scenario = scenario(&format!("{HEAD}{design}"));
        let home = tempfile::tempdir().expect("a folder");
        let [streamed, memory] = ["streamed", "memory"].map(|name| home.path().join(name));
        let sweep = || scenario.sweep().expect("a sweep");
        // Pictures of one design are enough.
        let mut options = SaveOptions::default();
        if number > 0 {
            options = options.chart_options(ChartOptions::default().formats([ChartFormat::Svg]));
        }
        let report = sweep().save_with(&streamed, &options).expect("results");
        let other = sweep()
            .run()
            .and_then(|run| run.save_with(&memory, &options))
            .expect("results");
        assert_eq!((report.runs, report.files), (other.runs, other.files));
        let manifests = [&streamed, &memory].map(|folder| Manifest::read(folder).expect("one"));
        assert!(manifests[0] == manifests[1], "{design}");
    }
}

#[test]
fn an_enlarged_sweep_in_memory_reuses_runs_and_has_the_bytes_of_one_that_does_not() {
    let text = |points| format!("{HEAD}design = \"sobol\"\npoints = {points}\n{AXIS}");
    let home = tempfile::tempdir().expect("a folder");
    let [old, enlarged, at_once] =
        ["old", "enlarged", "at_once"].map(|name| home.path().join(name));
    let sweep = |points| scenario(&text(points)).sweep().expect("a sweep");
    let before = sweep(4).save(&old).expect("results");
    assert_eq!(
        (before.runs, before.simulated, before.reused),
        (12, 12, vec![])
    );
    let run = sweep(8).reuse([&old]).and_then(SweepRunner::run);
    let run = run.expect("tables");
    let report = run.save(&enlarged).expect("results");
    assert_eq!((report.runs, report.simulated), (24, 12));
    let reused: Vec<u64> = report.reused.iter().map(|it| it.runs).collect();
    assert_eq!((reused, &report.reused[0].folder), (vec![12], &old));
    sweep(8).save(&at_once).expect("results");
    let manifests = [&enlarged, &at_once].map(|folder| Manifest::read(folder).expect("one"));
    assert!(manifests[0] == manifests[1]);
    assert!(manifests[0].file(crate::results::JOURNAL_NAME).is_some());
    // Results do not replace those that they are made from.
    let replacing = SaveOptions::default().replace(true);
    assert!(run.save_with(&old, &replacing).is_err());
}

#[test]
fn a_chart_that_cannot_be_drawn_does_not_cost_the_tables_of_a_sweep() {
    let scenario = scenario(&format!(
        "{HEAD}design = \"morris\"\npoints = 3\n{AXIS}{SWITCH}"
    ));
    let mut run = scenario.sweep().and_then(SweepRunner::run).expect("a run");
    let morris = run.tables.all.iter_mut();
    let morris = morris.into_iter().find(|it| it.schema.table == "morris");
    for column in &mut morris.expect("a table").schema.columns {
        column.name = format!("other_{}", column.name);
    }
    let home = tempfile::tempdir().expect("a folder");
    let out = home.path().join("out");
    let report = run.save(&out).expect("results without charts");
    assert!(!report.failed_charts.is_empty());
    let names = report.failed_charts.iter().map(|it| it.name.as_str());
    // The report says which axis matters most by these numbers.
    assert!(
        names
            .into_iter()
            .all(|name| name.starts_with("morris") || name == "report")
    );
    let manifest = Manifest::read(&out).expect("a manifest");
    assert!(manifest.file("morris.csv").is_some());
    assert!(manifest.file("runs.csv").is_some());
}

#[test]
fn mutated_outcomes_are_taken_or_refused() {
    use crate::results::OutputError;
    use crate::results::job::{decode, encode};
    use crate::simulation::Sums;
    use crate::sweep::aggregate::SweepAggregate;
    use crate::sweep::jobs::{JobOutcome, JobResult, RunResult};
    use crate::table::Batch;
    let text = format!("{HEAD}design = \"grid\"\ncouples = true\n{AXIS}steps = 2\n");
    let plan = SweepPlan::new(scenario(&text)).expect("a sweep");
    let sums = Sums {
        n: 30,
        sum: 12.0,
        squares: 7.0,
    };
    let run = |replicate| RunResult {
        replicate,
        couples: 30,
        ended: 2,
        sums: vec![sums; plan.sweep().measures.len()],
    };
    let mut couples = Batch::empty(&crate::sweep::tables::couples_schema(&plan));
    // The number of the point is not kept.
    couples.columns.remove(0);
    let runs = (0..3).map(run).collect();
    let sound = encode(&JobResult {
        job: 0,
        outcome: JobOutcome::Runs { runs, couples },
    });
    let take = |bytes: &[u8]| -> Option<Result<(), OutputError>> {
        let outcome = decode(bytes)?;
        let tables = finish::schemas(&plan).into_iter().map(Table::new);
        let mut sink = crate::run::MemoryTables(tables.collect());
        let mut aggregate = SweepAggregate::new(&plan, &mut sink);
        let taken = aggregate.take(JobResult { job: 0, outcome });
        Some(taken.and_then(|()| aggregate.finish().map(drop)))
    };
    assert!(matches!(take(&sound), Some(Ok(()))));
    crate::table::test_support::mutations(&sound, |bytes| {
        let _ = take(bytes);
    });
}

#[test]
fn mutated_outcomes_are_known_completely_or_not_at_all() {
    use crate::results::job::{decode, encode};
    use crate::results::{JOURNAL_NAME, JournalReader, record};
    use crate::sweep::jobs::JobResult;
    use crate::sweep::known_runs::{ConfigHash, KnownRuns, RunRecord, RunSource};
    let text = format!("{HEAD}design = \"grid\"\ncouples = true\n{SWITCH}")
        .replace("couples = 30", "couples = 2");
    let plan = SweepPlan::new(scenario(&text)).expect("a sweep");
    let home = tempfile::tempdir().expect("a folder");
    let out = home.path().join("out");
    let options = SaveOptions::default().charts(false);
    saved(plan.scenario(), Shard::ALL, &out, options);
    let path = out.join(JOURNAL_NAME);
    let first = JournalReader::open(&path, 0).and_then(|mut it| it.next());
    let sound = encode(&first.expect("sound").expect("a job"));
    let config = plan.config(0).expect("a valid point");
    let known = |bytes: &[u8]| -> usize {
        let Some(outcome) = decode(bytes) else {
            return 0;
        };
        let journal = record(&JobResult { job: 0, outcome });
        fs::write(&path, journal).expect("writable");
        let measures = (0..plan.sweep().measures.len()).collect();
        let journal = JournalReader::open(&path, 0).expect("readable");
        let source = RunSource::new(&out, measures, journal);
        let record = RunRecord {
            source: 0,
            at: 0,
            job: 0,
            replicates: 0..3,
        };
        let records = vec![(ConfigHash::of(&config), record)];
        let known = KnownRuns::new(&plan, vec![source], records).of_job(&plan, 0, &config);
        for (replicate, run) in &known {
            assert!(*replicate < 3 && *replicate == run.run.replicate);
            assert_eq!((run.run.couples, run.couples.rows()), (2, 2));
            assert_eq!(run.run.sums.len(), plan.sweep().measures.len());
        }
        known.len()
    };
    assert_eq!(known(&sound), 3);
    crate::table::test_support::mutations(&sound, |bytes| {
        known(bytes);
    });
}

#[test]
fn measures_say_how_many_couples_they_are_over() {
    let measured = |measures: &str| {
        let text = format!(
            "title = \"t\"\n[run]\ncouples = 30\ndays = 60\nreplicates = 3\n[parameters]\ndeliberation_commitment = 0\n\
             [sweep]\ndesign = \"grid\"\nmeasures = [{measures}]\n[[sweep.axis]]\nkey = \"parameters.outside_rate\"\nvalues = [0.0, 0.05]\n"
        );
        let sweep = scenario(&text).sweep().expect("a sweep");
        sweep.run().expect("results")
    };
    let all = measured("\"mean trust\", \"mean trust over all\", \"share intact\"");
    assert_eq!(all.tables.many_separated, 1);
    let (runs, summaries) = (all.runs(), all.summaries());
    let (n, ended) = (
        runs.ints("n").expect("n"),
        runs.ints("ended").expect("ended"),
    );
    let couples = summaries.ints("couples").expect("couples");
    assert_eq!(couples[..3], [90; 3], "no couple separates");
    let together: i64 = n[3..].iter().sum();
    assert_eq!(couples[3..], [together, 90, 90]);
    for run in 0..6 {
        assert!(30 - ended[run] <= n[run] && n[run] <= 30);
    }
    assert!(ended[3..].iter().all(|own| *own > 6), "{ended:?}");
    let mean = |name: &str| runs.floats(name).expect("a measure").to_vec();
    let (stayed, everyone) = (mean("mean_trust"), mean("mean_trust_over_all"));
    assert_eq!(stayed[..3], everyone[..3]);
    for (stayed, all) in stayed[3..].iter().zip(&everyone[3..]) {
        assert!((stayed - all).abs() > 1e-3, "{stayed} and {all}");
    }

    let shares = measured("\"mean trust over all\", \"share intact\"");
    assert_eq!(shares.tables.many_separated, 0);
    assert!(
        shares.runs().ints("n").is_err(),
        "no measure is over couples still together"
    );
}

#[test]
fn points_of_a_grid_are_numbered_as_one_reads_and_done_in_a_spread_order() {
    let text = format!("{HEAD}design = \"grid\"\n{AXIS}steps = 4\n{SWITCH}");
    let scenario = scenario(&text);
    let plan = SweepPlan::new(scenario.clone()).expect("a sweep");
    let order: Vec<u64> = (0..plan.jobs()).map(|job| plan.job(job).point).collect();
    assert_eq!(order[0], 0);
    assert_ne!(order, (0..8).collect::<Vec<_>>());
    let run = scenario.sweep().and_then(SweepRunner::run).expect("tables");
    let [first, second] = [&plan.sweep().axes[0].name, &plan.sweep().axes[1].name];
    for table in [run.points(), run.runs(), run.summaries()] {
        let points = table.ints("point").expect("a column");
        assert!(points.is_sorted(), "{}", table.schema.table);
        for (row, point) in points.iter().enumerate() {
            let settings = plan.sweep().settings(*point as u64 - 1);
            let own = table.floats(first).expect("a column")[row];
            assert_eq!(Some(own), settings[0].number());
            assert_eq!(
                table.category(second, row),
                Some(settings[1].to_string().as_str())
            );
        }
    }
    let levels = run.points().floats(first).expect("a column");
    assert!(
        levels.is_sorted(),
        "the first axis is the slowest: {levels:?}"
    );
}

#[test]
fn a_reference_is_found_by_values_of_axes() {
    let reference = |design: &str, reference: &str| {
        let text =
            format!("{HEAD}design = {design}\nreference = {reference}\n{AXIS}steps = 3\n{SWITCH}");
        Scenario::read_text("s.toml", &text, &[])
            .map(|scenario| scenario.sweep_spec().expect("a sweep").reference + 1)
            .map_err(|errors| errors.to_string())
    };
    let plan = SweepPlan::new(scenario(&format!(
        "{HEAD}design = \"grid\"\n{AXIS}steps = 3\n{SWITCH}"
    )));
    let plan = plan.expect("a sweep");
    let [axis, switch] = [0, 1].map(|axis| plan.sweep().axes[axis].name.clone());
    let values = plan.sweep().values_of(0);
    let at = |value: &str| format!("{{ {axis} = {value} }}");
    assert_eq!(reference("\"grid\"", "4"), Ok(4));
    for (level, value) in values.iter().enumerate() {
        assert_eq!(
            reference("\"grid\"", &at(&value.to_string())),
            Ok(2 * level as u64 + 1)
        );
    }
    let both = format!(
        "{{ {axis} = {}, {switch} = {} }}",
        values[2],
        plan.sweep().settings(5)[1]
    );
    assert_eq!(reference("\"grid\"", &both), Ok(6));
    let said = reference("\"grid\"", &at("0.123")).expect_err("no such level");
    assert!(
        said.contains("no point has this value") && said.contains("its values are"),
        "{said}"
    );
    let said = reference("\"grid\"", "{ nothing = 1 }").expect_err("no such axis");
    assert!(said.contains("the sweep has no axis `nothing`"), "{said}");
}

#[test]
fn measures_of_other_days_are_those_of_runs_that_end_on_them() {
    let text = |days: u32, measures: &str| {
        format!(
            "title = \"t\"\n[run]\nseed = 3\ncouples = 60\ndays = {days}\nreplicates = 2\n[parameters]\n\
             outside_rate = 0.02\n[sweep]\ndesign = \"grid\"\nmeasures = [{measures}]\n{SWITCH}"
        )
    };
    let means = |days: u32, measures: &str| {
        let run = scenario(&text(days, measures))
            .sweep()
            .and_then(SweepRunner::run);
        let run = run.expect("tables");
        let columns = ["couples", "mean", "sd"].map(|name| {
            let column = run.summaries().schema.position(name).expect(name);
            format!("{:?}", run.summaries().rows.columns[column])
        });
        (
            columns,
            run.summaries().floats("mean").expect("a column").to_vec(),
        )
    };
    let last = "\"share intact\", \"mean trust\", \"mean trust a over all\", \"mean conflict\", \"sd hurt b\"";
    let of_day = |day: &str| {
        last.replace("\",", &format!(" @ {day}\","))
            .replace("hurt b\"", &format!("hurt b @ {day}\""))
    };
    for day in [7, 12] {
        assert_eq!(means(30, &of_day(&day.to_string())).0, means(day, last).0);
    }
    assert_eq!(means(12, &of_day("12")).0, means(12, last).0);
    // The mean over days is the mean of the days, of each run.
    let measure = "\"mean trust over all @ 5:7\"";
    let (_, span) = means(30, measure);
    let days: Vec<Vec<f64>> = (5..=7)
        .map(|day| means(day, "\"mean trust over all\"").1)
        .collect();
    for (point, found) in span.iter().enumerate() {
        let mean = days.iter().map(|day| day[point]).sum::<f64>() / 3.0;
        assert!((found - mean).abs() < 1e-12, "{found} {mean}");
    }
}

#[test]
fn correlations_and_slopes_are_those_of_the_rows_of_couples() {
    let text = format!(
        "title = \"t\"\n[run]\nseed = 3\ncouples = 40\ndays = 5\nreplicates = 2\n[sweep]\ndesign = \"grid\"\n\
         couples = true\nmeasures = [\"correlation of trust_end_a with anxiety_a\", \"slope of trust_end_a on anxiety_a\"]\n{SWITCH}"
    );
    let run = scenario(&text)
        .sweep()
        .and_then(SweepRunner::run)
        .expect("tables");
    let couples = run.table("couples").expect("a table");
    let column = |name: &str| couples.floats(name).expect("a column");
    let [trust, anxiety] = ["trust_end_a", "anxiety_a"].map(column);
    let runs = run.runs();
    for row in 0..4 {
        let own = row * 40..(row + 1) * 40;
        let (one, other) = (&trust[own.clone()], &anxiety[own]);
        let found = |name: &str| runs.floats(name).expect("a column")[row];
        let expected = crate::stats::summary::correlation(one, other);
        assert_eq!(found("correlation_of_trust_end_a_with_anxiety_a"), expected);
        assert_eq!(
            found("slope_of_trust_end_a_on_anxiety_a"),
            crate::stats::summary::slope(one, other)
        );
    }
    assert!(
        run.summaries()
            .floats("ci_low")
            .expect("a column")
            .iter()
            .all(|low| low.is_finite())
    );
}

#[test]
fn tables_have_the_points_that_satisfy_the_constraints_with_their_derived_values() {
    let text = format!(
        "{HEAD}design = \"grid\"\nmeasures = [\"mean trust\"]\nconstraints = [\"high <= 0.9\"]\n\
         {AXIS}steps = 3\n{WIDTH}"
    );
    let scenario = scenario(&text);
    let home = tempfile::tempdir().expect("a folder");
    let report = scenario
        .sweep()
        .and_then(|it| it.save(home.path().join("out")));
    let report = report.expect("results");
    assert_eq!((report.points, report.runs), (7, 21));
    let note = "constraints leave out 2 of 9 points of the design";
    assert_eq!(report.notes[0], note, "{:?}", report.notes);
    let forecast = scenario.sweep().expect("a sweep").forecast();
    assert_eq!(
        (forecast.points, forecast.excluded, forecast.runs),
        (7, 2, 21)
    );
    let lines = "points       7 of 9; constraints leave out 2\nruns         21\n";
    assert!(forecast.to_string().starts_with(lines), "{forecast}");
    let run = scenario.sweep().and_then(|it| it.run()).expect("tables");
    for table in ["points", "runs", "summaries"] {
        let table = run.table(table).expect("a table");
        let column = |name: &str| table.floats(name).expect("a column").to_vec();
        let sums = column("consistency").into_iter().zip(column("width"));
        let sums: Vec<f64> = sums.map(|(low, width)| low + width).collect();
        let high = column("high");
        assert!(
            high.iter()
                .zip(&sums)
                .all(|(one, other)| (one - other).abs() < 1e-12)
        );
        assert!(
            high.iter().all(|high| *high <= 0.9),
            "{}",
            table.schema.table
        );
    }
    assert_eq!(
        run.points().ints("point").expect("numbers"),
        [1, 2, 3, 4, 5, 6, 7]
    );
    let omitted = run.table("omitted").expect("what is left out");
    let tables: Vec<_> = (0..omitted.rows.rows())
        .filter_map(|row| omitted.category("table", row))
        .collect();
    assert_eq!(tables, ["effects", "interactions"]);
    assert!(run.table("regression").is_ok() && run.table("contrasts").is_ok());
    // A map has its empty cells, and its heading says how many points there are.
    let map = fs::read_to_string(home.path().join("out/map_mean_trust.svg")).expect("a map");
    assert!(map.contains("7 points of 9"), "the heading");
    assert!(map.contains("no result"), "the legend");
}

#[test]
fn departures_that_are_left_out_are_compared_with_the_same_baseline() {
    let text = |constraints: &str| {
        format!(
            "{HEAD}design = \"one-at-a-time\"\nmeasures = [\"mean trust\"]\n{constraints}{AXIS}steps = 4\n\
             baseline = 0.9\n{SWITCH}baseline = true\n"
        )
    };
    let run = |constraints: &str| {
        let scenario = scenario(&text(constraints));
        scenario.sweep().and_then(|it| it.run()).expect("tables")
    };
    let effects = |run: &SweepRun| -> Vec<(String, String, String)> {
        let table = run.table("effects").expect("effects");
        let differences = table.floats("difference").expect("a column");
        let cell = |column, row| table.category(column, row).unwrap_or_default().to_owned();
        (0..differences.len())
            .map(|row| {
                (
                    cell("axis", row),
                    cell("level", row),
                    differences[row].to_string(),
                )
            })
            .collect()
    };
    let all = effects(&run(""));
    let some = effects(&run("constraints = [\"consistency > 0.5\"]\n"));
    let kept: Vec<_> = all
        .into_iter()
        .filter(|(axis, level, _)| {
            axis != "consistency" || level.parse::<f64>().is_ok_and(|it| it > 0.5)
        })
        .collect();
    assert_eq!(kept, some);
    assert_eq!(some.len(), 3, "the baseline, one level and the switch");
}

#[test]
fn the_largest_size_is_that_of_a_derived_axis() {
    let axes = "[[sweep.axis]]\nname = \"tens\"\nvalues = [1, 3, 2]\n\
                [[sweep.axis]]\nkey = \"run.couples\"\nformula = \"10 * tens\"\n";
    let plan =
        SweepPlan::new(scenario(&format!("{HEAD}design = \"grid\"\n{axes}"))).expect("a sweep");
    assert_eq!(
        (
            plan.max_couples(),
            plan.couples_at(1),
            plan.varies_in_size()
        ),
        (30, 30, true)
    );
    assert_eq!(plan.config(2).map(|config| config.size.couples), Ok(20));
}

#[test]
fn sentences_and_charts_name_events_by_their_labels_and_switches_by_on_and_off() {
    let text = "title = 't'\n[run]\ncouples = 60\ndays = 40\nreplicates = 4\n[[event]]\nkind = 'trait'\n\
                label = 'training'\ntrait = 'responsiveness'\nfrom = 5\nfactor = 0.5\n[sweep]\ndesign = 'grid'\n\
                measures = ['mean trust']\n[[sweep.axis]]\nkey = 'event.training.factor'\nvalues = [0.2, 1.5]\n\
                [[sweep.axis]]\nkey = 'mechanisms.trust'\nvalues = [true, false]\n";
    let scenario = scenario(text);
    let home = tempfile::tempdir().expect("a folder");
    let out = home.path().join("out");
    let report = scenario
        .sweep()
        .and_then(|it| it.save(&out))
        .expect("results");
    let findings = report.findings.join("\n");
    let title = "event 1 (training): factor";
    assert!(!findings.contains("event_training_factor"), "{findings}");
    let reference = format!("with point 1 ({title} 0.2, trust on) at point ");
    assert!(findings.contains(&reference), "{findings}");
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .map(str::to_owned)
            .collect()
    };
    let has = |text: &str, word: &str| words(text).iter().any(|own| own == word);
    assert!(
        !has(&findings, "true") && !has(&findings, "false"),
        "{findings}"
    );
    let charts = fs::read_dir(&out).expect("a folder");
    let names = charts.map(|entry| {
        entry
            .expect("an entry")
            .file_name()
            .into_string()
            .expect("a name")
    });
    let charts: Vec<String> = names.filter(|name| name.ends_with(".svg")).collect();
    assert!(
        charts.contains(&"interactions_mean_trust.svg".to_owned()),
        "{charts:?}"
    );
    for name in [
        "lines.svg",
        "interactions_mean_trust.svg",
        "contrasts_mean_trust.svg",
    ] {
        let chart = fs::read_to_string(out.join(name)).expect("a chart");
        let texts: Vec<&str> = chart.split("<text").skip(1).collect();
        let shown = texts.join(" ");
        assert!(has(&shown, "on") && has(&shown, "off"), "{name}");
        assert!(!has(&shown, "true") && !has(&shown, "false"), "{name}");
        assert!(has(&shown, "training"), "{name}");
    }
    // A name of one's own stays, and tables keep their words.
    let effects = fs::read_to_string(out.join("effects.csv")).expect("a table");
    assert!(effects.contains("event_training_factor") && effects.contains("false"));
    let named = text.replace("factor'\nvalues", "factor'\nname = 'dose'\nvalues");
    let named = Scenario::read_text("s.toml", &named, &[]).expect("a scenario");
    assert!(named.axis_titles().is_empty());
}
