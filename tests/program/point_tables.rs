//! Tables of points as other programs write them: R, pandas, SALib, spreadsheets, and this program.

use crate::test_support::Sandbox;

/// A sweep over a table of points.
const SWEEP: &str = "title = 'A table'
[run]
couples = 4
days = 3
[sweep]
design = 'table'
table = 'points.csv'
measures = ['share intact']
";

/// The rows of `points` of a sweep over a table, without the columns of its own.
fn points(table: &str) -> Vec<String> {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", SWEEP);
    sandbox.write("points.csv", table);
    let arguments = ["sweep", "s.toml", "-o", "out", "--no-charts", "--quiet"];
    let outcome = sandbox.pairbond(&arguments);
    assert_eq!(outcome.stderr, "");
    let points = sandbox.read("out/points.csv");
    let own = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        cells[3..cells.len() - 1].join(",")
    };
    points.lines().map(own).collect()
}

#[test]
fn a_table_is_read_as_r_pandas_and_spreadsheets_write_it() {
    let expected = ["run_couples,effort,repair", "10,0.2,true", "4,0.8,false"];
    let header = "run.couples,traits.effort,mechanisms.repair";
    for table in [
        format!("{header}\n1e+01,0.2,TRUE\n4,.8,FALSE\n"),
        format!("{header}\n10.0,0.2,True\n4.0,0.8,False\n"),
        format!("{header}\n10,0.2,1\n4,0.8,0\n"),
        format!("\"\",{header}\n\"1\",1e+01,0.2,TRUE\n\"2\",4,0.8,FALSE\n"),
        format!("Unnamed: 0,{header}\n0,10.0,0.2,True\n1,4.0,0.8,False\n"),
        format!(
            "{}\n10\t0.2\ttrue\n4\t0.8\tfalse\n",
            header.replace(',', "\t")
        ),
        format!("{}\n10 0.2 TRUE\n4 0.8 FALSE\n", header.replace(',', " ")),
        // `write.table`, `write.csv2` and `numpy.savetxt` as they write by default.
        format!(
            "{}\n\"1\" 10 0.2 TRUE\n\"2\" 4 0.8 FALSE\n",
            header.replace(',', " ")
        ),
        format!(
            "\"\";{}\n\"1\";10;0,2;TRUE\n\"2\";4;0,8;FALSE\n",
            header.replace(',', ";")
        ),
        format!("{header}\n1.0e+01,2.0e-01,1.000e+00\n4.0e+00,8.0e-01,0.000e+00\n"),
        format!(
            "{}\r\n10;0,2;TRUE\r\n4;0,8;FALSE\r\n",
            header.replace(',', ";")
        ),
    ] {
        assert_eq!(points(&table), expected, "{table}");
    }
}

#[test]
fn lines_that_are_longer_than_the_header_are_numbered_from_the_first_or_refused() {
    let refused = |table: &str, reason: &str| {
        let sandbox = Sandbox::new();
        sandbox.write("s.toml", SWEEP);
        sandbox.write("points.csv", table);
        let outcome = sandbox.pairbond(&["sweep", "s.toml", "-o", "out"]).code(2);
        assert!(outcome.stderr.contains(reason), "{}", outcome.stderr);
        assert!(!sandbox.path("out").exists());
    };
    let longer = "has 3 fields, the header has 2";
    // Values that are no numbers of rows, numbers that begin late, and a number that is missing.
    refused("run.couples,traits.effort\n10,0.2,0.3\n", longer);
    refused("run.couples,traits.effort\n10,0.2\n2,4,0.8\n", longer);
    refused("run.couples,traits.effort\n1,10,0.2\n3,4,0.8\n", longer);
    // A place is that of the value in its line.
    refused(
        "run.couples,traits.effort\n1,10,0.2\n2,4,x\n",
        "points.csv:3:5",
    );
    refused(
        "run.couples\n\"1,000\"\n",
        "thousands are not separated: write 1000",
    );
}

#[test]
fn a_name_that_is_neither_a_key_nor_a_label_and_a_label_that_cannot_be_shown_are_refused() {
    for (table, place, reason) in [
        (
            "Scenario,traits.effort\na,0.5\n",
            "points.csv:1:1",
            "`Scenario` is neither a key nor the name of a label",
        ),
        (
            "# traits.effort run.couples\n0.5 4\n",
            "points.csv:1:1",
            "the line of names begins with `#`",
        ),
        (
            "traits.effort,who\n0.5,\u{1b}[31mred\n",
            "points.csv:2:5",
            "error[E046]: the label `who` holds a character",
        ),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write("s.toml", SWEEP);
        sandbox.write("points.csv", table);
        let outcome = sandbox.pairbond(&["sweep", "s.toml", "-o", "out"]).code(2);
        for part in [place, reason] {
            assert!(outcome.stderr.contains(part), "{}", outcome.stderr);
        }
        assert!(!outcome.stderr.contains('\u{1b}') && !sandbox.path("out").exists());
    }
}

#[test]
fn columns_without_a_key_label_the_points() {
    let found = points("scenario_id,traits.effort,note\nA7,0.7,the first\nB2,0.6,\n");
    assert_eq!(
        found,
        ["effort,scenario_id,note", "0.7,A7,the first", "0.6,B2,NA"]
    );
}

#[test]
fn no_two_columns_of_results_have_the_name_of_a_label() {
    let found = points("traits.a.effort,a_effort\n0.7,x\n0.6,y\n");
    assert_eq!(found, ["traits_a_effort,a_effort", "0.7,x", "0.6,y"]);
    let refused = |scenario: &str, table: &str, reason: &str| {
        let sandbox = Sandbox::new();
        sandbox.write("s.toml", scenario);
        sandbox.write("points.csv", table);
        let outcome = sandbox.pairbond(&["sweep", "s.toml", "-o", "out"]).code(2);
        assert!(outcome.stderr.contains(reason), "{}", outcome.stderr);
    };
    let named = format!("{SWEEP}[[sweep.axis]]\nkey = 'traits.effort'\nname = 'dose'\n");
    let reason = "cannot have the name `dose`: it is a column of labels in the table of points";
    refused(&named, "traits.effort,dose\n0.7,x\n", reason);
    for name in ["replicate", "mean_trust"] {
        let reason = format!("a label cannot be called `{name}`");
        refused(SWEEP, &format!("traits.effort,{name}\n0.7,1\n"), &reason);
        let earlier = format!("point,status,runs,effort,{name},reason\n1,done,1,0.7,1,NA\n");
        refused(SWEEP, &earlier, &reason);
    }
}

#[test]
fn the_table_of_points_of_an_earlier_sweep_is_a_table_of_points() {
    let sandbox = Sandbox::new();
    let table = "traits.openness,run.couples,wave\n1,4,first\n0.5,5,second\n";
    sandbox.write("s.toml", SWEEP);
    sandbox.write("points.csv", table);
    let sweep = |out| ["sweep", "s.toml", "-o", out, "--no-charts", "--quiet"];
    sandbox.pairbond(&sweep("one")).code(0);
    sandbox.write("points.csv", sandbox.read("one/points.csv"));
    sandbox.pairbond(&sweep("two")).code(0);
    for table in ["points.csv", "runs.csv", "summaries.csv"] {
        let [one, two] = ["one", "two"].map(|out| sandbox.read(&format!("{out}/{table}")));
        assert_eq!(one, two, "{table}");
    }
}

#[test]
fn a_name_that_is_a_column_now_leaves_an_earlier_table_its_key() {
    let found = points("point,status,runs,openness,couples,reason\n1,done,1,1,4,NA\n");
    assert_eq!(found, ["openness,run_couples", "1,4"]);
}

#[test]
fn a_name_that_may_be_a_key_or_a_label_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", SWEEP);
    sandbox.write("points.csv", "traits.effort,openness\n0.5,0.5\n");
    let outcome = sandbox.pairbond(&["check", "s.toml"]).code(2);
    assert!(
        outcome.stderr.contains("points.csv:1:15") && outcome.stderr.contains("traits.openness"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn errors_that_are_not_shown_are_counted() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", SWEEP);
    let table = format!("traits.effort\n{}", "x\n".repeat(500));
    sandbox.write("points.csv", &table);
    let outcome = sandbox.pairbond(&["check", "s.toml"]).code(2);
    assert!(
        outcome.stderr.contains("480 more errors"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn overrides_take_the_values_that_tables_take() {
    let sandbox = Sandbox::new();
    for (out, sets) in [
        ("one", ["run.couples=10", "mechanisms.repair=false"]),
        ("two", ["run.couples=1e+01", "mechanisms.repair=FALSE"]),
        ("three", ["run.couples=10.0", "mechanisms.repair=0"]),
    ] {
        sandbox
            .run(out, &sets.map(|set| ["--set", set]).concat())
            .code(0);
        assert_eq!(
            sandbox.read("one/couples.csv"),
            sandbox.read(&format!("{out}/couples.csv"))
        );
    }
}
