//! The measurement on the reference page.

use super::keys::{TABLES, default};
use crate::scenario::catalogue::TableSpec;
use crate::simulation::{Occasion, SCALES};

const HEAD: &str = "\
Where this table stands, even empty, `pairbond run` also writes what a study would have in its files:
`diary` and `diary_pairwise` (a row a person and day), `waves` (a row a person and wave of the
questionnaire) and `instruments` (a row a scale). Couples answer while they are together. What they live
is the same with and without; sweeps leave the measurement out.

";

const SCALES_HEAD: &str = "\
`items`, `reliability` and `sd` take a number for all scales, or a table of scales such as
`[measurement.reliability]`, in which scales that are not named keep their defaults. A state from 0 to 1
is felt with the person's style; each item adds an error of its own and is answered in `points` steps, no
lower than the lowest and no higher than the highest; the score is the items' mean, from 1 to `points`.

The error of an item is what gives the scale its `reliability` where states have the standard deviation
`sd`. It belongs to the instrument: whoever is asked besides, on whatever days and in whatever scenario,
changes no error and no answer. Where couples differ less than `sd` the reliability in the sample is
lower, where they differ more it is higher, as with a real scale; steps and ends of the scale take a
little away. `instruments` says what it came to.

";

/// The tables and the prose of the reference page; `table` draws a section's keys.
pub(crate) fn reference(
    text: &mut String,
    section: &TableSpec,
    table: &dyn Fn(&mut String, &TableSpec),
) {
    text.push_str(HEAD);
    table(text, section);
    text.push_str(SCALES_HEAD);
    text.push_str("| scale | asked in | `items` | `reliability` | `sd` | meaning |\n");
    text.push_str("| --- | --- | --- | --- | --- | --- |\n");
    for scale in &SCALES {
        let occasion = match scale.occasion {
            Occasion::Wave => "waves",
            Occasion::Diary => "diary",
        };
        let defaults = TABLES.map(|(table, _)| format!("`{}`", default(table, scale)));
        text.push_str(&format!(
            "| `{}` | {occasion} | {} | {} |\n",
            scale.key,
            defaults.join(" | "),
            scale.meaning
        ));
    }
    text.push('\n');
}
