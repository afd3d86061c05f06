//! Conditions and claims on the reference page and in the template.

/// What the reference page says of `[condition.NAME]`.
pub(crate) const CONDITIONS: &str = "\
`pairbond claims` lives the scenario once for each condition, with the same random numbers: replicate by
replicate the same couples meet the same chances, and conditions differ by what they set alone. A condition
holds keys as the file does, such as `traits.a.responsiveness.median = 0.9` or `mechanisms.repair = false`;
`event.0.size = 0.0` reaches the first event of the file, and `[[condition.NAME.event]]` puts events in the
place of all of the file's. `[condition.usual]` without a key is the scenario as it is. Conditions cannot set
the title, the seed, couples, days, replicates, nor what is recorded.

";

/// What the reference page says of `[[claim]]`.
pub(crate) const CLAIMS: &str = "\
A claim observes one number of each replicate and condition (an observable, a correlation or a slope; each
replicate is an ensemble of `couples`), adds them up with the weights of its `contrast`, takes `against` away,
and so has an effect in each replicate. `{ trusting = 1, wary = -1 }` is a difference,
`{ wary_calm = 1, wary_stressed = -1, trusting_calm = -1, trusting_stressed = 1 }` a difference of
differences, `{ usual = 1 }` one condition against a number. In an `order` each effect is compared with the
next, and all of these differences are judged.

There are looks after 16, 32, 64 … replicates and after the last, as many as `--max-runs` allows. At each
look the effect has an interval about its mean over replicates. All intervals of all looks and claims of a file
hold together with 95 %: the 5 % are shared out evenly over the claims, within an order over its differences,
and over the looks in proportion to their replicates (Bonferroni). Intervals are Student's, widened for
skewness. A claim is

- supported, once the interval lies beyond the smallest effect of interest on the side that `rule` says;
- refuted, once it lies wholly on the other side: the effect is too small, or of the other sign;
- undecided, where neither is so after the last replicate.

An order is supported once each difference is, and refuted once one is. A claim that is decided keeps its
interval, and is run no further. Where no couple is together on a day that a claim observes, it has no
effect, and stays undecided. Means are of couples still together: where conditions differ in who leaves, say
`dissolution = false` under [mechanisms] to compare all couples.

`--without MECHANISM` takes a mechanism out of all conditions. Claims that name it in `requires` must
then have another verdict than the one expected; of the others nothing is expected.

";

/// The template's example of conditions.
pub(crate) const CONDITION_EXAMPLE: &str = "\
# Examples: the scenario as it is, and with harder times.
#[condition.usual]
#[condition.stressed]
#parameters.stress_event_rate = 0.3
#traits.a.patience = 0.1
";

/// The template's example of a claim.
pub(crate) const CLAIM_EXAMPLE: &str = "\
# Examples: a difference between two conditions, and a correlation within one.
#[[claim]]
#name = \"stress_costs_satisfaction\"
#statement = \"Stress costs satisfaction\"
#observable = \"satisfaction\"
#role = \"couple\"
#day = 365
#contrast = { stressed = 1.0, usual = -1.0 }
#against = 0.0
#rule = \"less\"
#smallest = 0.01
#expect = \"supported\"
#requires = [\"stress\"]

#[[claim]]
#name = \"the_anxious_trust_less\"
#statement = \"The more anxious a partner, the less trust there is in the end\"
#correlation = [\"trust_end_a\", \"anxiety_a\"]
#contrast = { usual = 1.0 }
#rule = \"less\"
#smallest = 0.1
#expect = \"supported\"
";
