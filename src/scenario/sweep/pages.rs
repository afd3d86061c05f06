//! The sweep on the reference page and in the template.

use super::keys;
use super::keys::{DESIGNS, DesignKind};
use crate::scenario::catalogue::TableSpec;
use crate::simulation::OBSERVABLES;

/// What the reference page says before the tables of keys.
const SWEEP: &str = "\
`pairbond sweep` runs the scenario at many points, each with its own values of the axes' keys. A key is
set at a point just as `--set` would set it, after the file and all overrides; what a point's values
make impossible together is a failed row of that point and ends nothing.

Points are run in the order of their numbers, and the first of them are spread over the axes as well as
so many points can be: shards and what was done before a stop see all of the space. Complete designs of
their own are, of a grid, the first points with one in each cell of a coarser grid (of 16 × 16 levels the
first 4, 16 and 64; where the numbers of levels are prime, only the whole); of Sobol' points the first
powers of two; of Halton points any number; of Saltelli's the first powers of two of whole base rows; of
Morris' any number of whole trajectories; of a list any number; of a Latin hypercube only the whole.

";

const AXES: &str = "\
Each axis has a `range` or lists its `values`. In a grid, a list and one-at-a-time a range is cut into
`steps` levels, its ends among them; the other designs reach every value of it. Listed values divide an
axis into equal parts, which are levels of a grid, and are as likely as one another elsewhere. Axes of
one `group` (saltelli, morris) move together and have one index together. Without a `name` an axis is
called by the last parts of its key: `couples` for `run.couples`, `responsiveness_median` for
`traits.responsiveness.median`.

A table of points is a CSV file with commas between its columns. Its first line names the columns' keys,
every other line is a point: numbers as in this file, `true` or `false`, words without quotes. Every
column is an axis; `[[sweep.axis]]` with `key` and `name` gives a column another name.

";

const UNTIL: &str = "\
With `until` a point is first run `replicates` times, and then until the confidence interval of the
measure's mean over runs is narrow enough, at most `max` times. The first look is never before the 50th
run, and every look is a tenth further on than the one before. The interval is the mean over runs ± the
half-width. `points` says of each point how many runs it had, and whether they gave that precision. For
rare shares, such as a regime that one couple in three hundred is in, it takes more runs than it need.

Measured on the model by `cargo test --test program intervals_of_until -- --nocapture`, in studies of four
couples a run, at a confidence of 95 %: of 2000 intervals each, 95.8 % held the mean for trust within 0.0045 (291
runs on average), 96.2 % within 0.006 (166 runs), and 95.5 % for stress within 0.005 (166 runs); of the
intervals over couples in `summaries` 94.4 to 95.2 %. As many studies are made where `PAIRBOND_STUDIES`
says 2000, and else 400.

";

/// The tables and the prose of the reference page; `table` draws a section's keys.
pub(crate) fn reference(text: &mut String, table: &dyn Fn(&mut String, &TableSpec)) {
    text.push_str(SWEEP);
    text.push_str("| `design` | must be given | may be given | of an axis | points |\n");
    text.push_str("| --- | --- | --- | --- | --- |\n");
    for kind in DESIGNS {
        let row = [list(kind.needs), list(kind.takes), of_axis(kind)].join(" | ");
        text.push_str(&format!("| `{}` | {row} | {} |\n", kind.word, kind.meaning));
    }
    text.push('\n');
    table(text, &keys::section());
    text.push_str(&measures());
    for (title, prose, section) in [
        ("`[[sweep.axis]]`", AXES, keys::axis()),
        ("`until`", UNTIL, keys::until()),
    ] {
        text.push_str(&format!("### {title}\n\n{}.\n\n{prose}", section.meaning));
        table(text, &section);
    }
}

fn list(keys: &[&str]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    keys.join(", ")
}

fn of_axis(kind: &DesignKind) -> String {
    list(&[kind.axis_needs, kind.axis_takes].concat())
}

fn measures() -> String {
    let keys: Vec<&str> = OBSERVABLES.iter().map(|(_, info)| info.key).collect();
    let own = OBSERVABLES
        .iter()
        .filter(|(_, info)| info.of_couple)
        .map(|(_, info)| info.key);
    format!(
        "A measure is `\"share together\"`, the share of couples still together, or `\"mean KEY\"` \
         or `\"sd KEY\"` over these couples, each on the last day. KEY is one of {}. A further ` a` \
         or ` b` takes one partner alone, but for what belongs to the couple: {}.\n\n",
        list(&keys),
        list(&own.collect::<Vec<_>>())
    )
}

/// The template's example.
pub(crate) const EXAMPLE: &str = "\
# Examples: five rates of stress, with and without buffering.
#[sweep]
#design = \"grid\"
#common_random_numbers = true
#measures = [\"mean stress\", \"share together\"]
#couples = false
#reference = 1
#until = { half_width = 0.01, of = \"mean stress\", confidence = 0.95, max = 10000 }

#[[sweep.axis]]
#key = \"parameters.stress_event_rate\"
#name = \"stress_rate\"
#range = [0.02, 0.32]
#scale = \"log\"
#whole = false
#steps = 5

#[[sweep.axis]]
#key = \"mechanisms.buffering\"
#values = [true, false]
";
