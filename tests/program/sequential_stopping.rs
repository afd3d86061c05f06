//! Sequential stopping on the model itself: intervals hold the true mean as often as they say, and
//! take no more runs than that needs.

use crate::test_support::Sandbox;

/// Points that are all alike, since nothing depends on the axis, each with random numbers of its own:
/// as many studies of one question.
fn studies(count: u64, seed: u64, couples: u64, more: &str) -> String {
    format!(
        "title = \"t\"\n[run]\nseed = {seed}\ncouples = {couples}\ndays = 2\n\
         [mechanisms]\nbuffering = false\n[sweep]\ndesign = \"list\"\n\
         common_random_numbers = false\nmeasures = [\"mean trust\", \"mean stress\"]\n{more}\
         [[sweep.axis]]\nkey = \"parameters.buffering\"\nrange = [0.1, 0.9]\nsteps = {count}\n"
    )
}

/// The values of some columns in every row of a table.
fn columns<const N: usize>(sandbox: &Sandbox, table: &str, names: [&str; N]) -> Vec<[String; N]> {
    let text = sandbox.read(table);
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let places = names.map(|name| {
        let place = header.iter().position(|column| *column == name);
        place.unwrap_or_else(|| panic!("{table} has no {name}"))
    });
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            places.map(|place| cells[place].to_owned())
        })
        .collect()
}

fn number(text: &str) -> f64 {
    text.parse().expect("a number")
}

/// What many studies of one question came to.
#[derive(Debug)]
struct Tried {
    /// Share of the intervals that were asked for, mean over runs ± half-width, that hold the mean.
    requested: f64,
    /// Share of the intervals in `summaries`, over couples, that hold it.
    summed: f64,
    /// Mean number of runs.
    runs: f64,
    /// Fewest and most runs.
    ends: (u64, u64),
    /// Studies that gave the precision asked for.
    precise: u64,
}

fn tried(count: u64, of: &str, half_width: f64, max: u32, truth: f64) -> Tried {
    let sandbox = Sandbox::new();
    let until = format!("until = {{ half_width = {half_width}, of = \"{of}\", max = {max} }}\n");
    sandbox.write("s.toml", studies(count, 1, 4, &until));
    sandbox
        .pairbond(&["sweep", "s.toml", "-q", "--no-charts", "-o", "out"])
        .code(0);
    let points = columns(&sandbox, "out/points.csv", ["runs", "precise"]);
    let runs: Vec<u64> = points.iter().map(|row| number(&row[0]) as u64).collect();
    let column = of.replace(' ', "_");
    let mut values = columns(&sandbox, "out/runs.csv", [&column]).into_iter();
    let requested = runs.iter().filter(|own| {
        let sum: f64 = values
            .by_ref()
            .take(**own as usize)
            .map(|[value]| number(&value))
            .sum();
        (sum / **own as f64 - truth).abs() <= half_width
    });
    let requested = requested.count() as f64 / count as f64;
    let intervals = columns(
        &sandbox,
        "out/summaries.csv",
        ["observable", "ci_low", "ci_high"],
    );
    let summed = intervals
        .iter()
        .filter(|[measure, low, high]| {
            measure == of && number(low) <= truth && truth <= number(high)
        })
        .count() as f64
        / count as f64;
    Tried {
        requested,
        summed,
        runs: runs.iter().sum::<u64>() as f64 / count as f64,
        ends: (
            runs.iter().copied().min().unwrap_or(0),
            runs.iter().copied().max().unwrap_or(0),
        ),
        precise: points.iter().filter(|row| row[1] == "yes").count() as u64,
    }
}

/// The means of trust and stress over eight hundred thousand couples.
fn truth() -> [f64; 2] {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", studies(2, 2, 400_000, ""));
    sandbox
        .pairbond(&["sweep", "s.toml", "-q", "--no-charts", "-o", "out"])
        .code(0);
    let means = columns(&sandbox, "out/summaries.csv", ["observable", "mean"]);
    ["mean trust", "mean stress"].map(|name| {
        let own = means.iter().filter(|row| row[0] == name);
        own.map(|row| 0.5 * number(&row[1])).sum()
    })
}

#[test]
fn intervals_of_until_hold_the_models_mean_as_often_as_they_say_and_cost_what_they_must() {
    let count: u64 = std::env::var("PAIRBOND_STUDIES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(400);
    let [trust, stress] = truth();
    let plans = [
        ("mean trust", 0.0045, trust),
        ("mean trust", 0.006, trust),
        ("mean stress", 0.005, stress),
    ];
    let found = plans.map(|(of, half_width, truth)| {
        let tried = tried(count, of, half_width, 10_000, truth);
        println!("{of} within {half_width}: {tried:?}");
        tried
    });
    // Beyond 93 and 97 of 100 by two binomial standard errors of so many studies.
    let doubt = 2.0 * (0.05 * 0.95 / count as f64).sqrt();
    let honest = 0.93 - doubt..=0.97 + doubt;
    for tried in &found {
        assert_eq!(tried.precise, count);
        assert!(honest.contains(&tried.requested), "{tried:?}");
        assert!(honest.contains(&tried.summed), "{tried:?}");
    }
    assert!(1.5 * found[1].runs < found[0].runs);
    let cut = tried(50, "mean trust", 0.003, 60, trust);
    assert_eq!((cut.ends, cut.precise), ((60, 60), 0));
    let wide = tried(50, "mean trust", 0.1, 60, trust);
    assert_eq!((wide.ends, wide.precise), ((50, 50), 50));
}
