//! How to read each kind of chart: the captions of a report, in the order in which it shows the charts.

/// The caption of a kind of chart.
pub(crate) struct Caption {
    /// Name of the chart's files; a chart of one measure has the measure after it.
    pub(crate) chart: &'static str,
    /// What it shows.
    pub(crate) heading: &'static str,
    /// How to read it.
    pub(crate) reading: &'static str,
}

/// Every kind of chart, in the order of the page.
pub(crate) const CAPTIONS: &[Caption] = &[
    Caption {
        chart: "survival",
        heading: "How long couples stay together",
        reading: "The line is the share of couples that are still together on each day (Kaplan–Meier), one for each \
                  condition if there are several; the band is its 95% interval. It falls where couples separate: a \
                  steep part is a time of many separations. The numbers below the axis are the couples still together.",
    },
    Caption {
        chart: "trajectories",
        heading: "Mean levels over time",
        reading: "One panel for each recorded quantity. A line is the mean of one partner, or of one condition if there \
                  are several, with its 95% interval. Tints (A) and outlines (B), where drawn, show where the middle \
                  50% and 90% of couples are. An axis goes from 0 to 1 unless all that is drawn takes less than three \
                  tenths of it: then it is shorter, so look at its numbers. Events have their numbers of the scenario \
                  and are shaded for as long as they last. Means are over the couples still \
                  together on that day: where many separate, a line may rise because those with low values have left.",
    },
    Caption {
        chart: "group_survival",
        heading: "How long couples of each group stay together",
        reading: "One line for each group: the share of its couples that are still together on each day (Kaplan–Meier), \
                  with its 95% interval. The legend says how many of its couples separated, and below the axis are the \
                  couples still together. Groups differ in more than \
                  what they are grouped by, so that a difference is no effect.",
    },
    Caption {
        chart: "group_trajectories",
        heading: "Mean levels of groups over time",
        reading: "A panel for each recorded quantity and partner, and in it a line for each group: its mean over the \
                  couples still together, with its 95% interval. The legend says how many couples each group has at the \
                  start and at the end; bands of few couples are wide.",
    },
    Caption {
        chart: "regime_shares",
        heading: "Balance of trust and intimacy over time",
        reading: "Each line is the share of couples in one regime, of the couples still together. A couple is in secure \
                  balance if its mean trust and its mean intimacy both reach the scenario's cuts, in complacency if \
                  only trust does, in co-dependency if only intimacy does, and in disengagement if neither does. The \
                  regimes only classify; nothing in the model depends on them.",
    },
    Caption {
        chart: "diary",
        heading: "The diary, day by day",
        reading: "The first panel is the share of persons asked who filled in the day. Each of the others is a scale: its \
                  mean on each day of the diary, of each partner, with its 95% interval, in points of the scale; reports \
                  of conflict are a share of days. Those asked are the persons whose couples are together on that day. \
                  A trend over the days of a diary is a change of the couples; instruments have no drift.",
    },
    Caption {
        chart: "diary_variation",
        heading: "How the diary varies between and within persons",
        reading: "One row for each scale, a dot for each partner with its 95% interval. The share between persons is the \
                  intraclass correlation: near 1, persons differ and their days do not; near 0, days differ and persons \
                  do not. The day-to-day correlation says how much of a deviation from a person's own mean is left on the \
                  next day; own means of few days make it too low. The last panel has the standard deviations between \
                  (filled) and within (hollow) persons. Measurement error counts as variation within persons.",
    },
    Caption {
        chart: "waves",
        heading: "The questionnaire, wave by wave",
        reading: "The first panel is the share of couples that answer each wave; couples that separated do not. Each of the \
                  others is a scale: its mean in each wave, of each partner, with its 95% interval, in points of the \
                  scale. Dotted lines are the means of the couples that answer every wave: where they lie apart from the \
                  others, couples that leave differ from couples that stay, and a change of the means is in part a change \
                  of who answers.",
    },
    Caption {
        chart: "phase_plane",
        heading: "Where couples end, and where the average couple moves",
        reading: "Each point is a couple at its end: trust across, intimacy up. Lines at the cuts divide the plane into \
                  the regimes of balance. An arrow leads from the middle of a cell to where the couples of that cell are on \
                  average some days later, in the units of the axes; a cell without an arrow has few couples or moves \
                  too little to be seen.",
    },
    Caption {
        chart: "partners",
        heading: "How alike partners are at the end",
        reading: "Each point is a couple: partner A across, partner B up. On the diagonal both partners have the same \
                  value. A cloud along the diagonal means that partners resemble each other.",
    },
    Caption {
        chart: "sample_couples",
        heading: "Single couples, day by day",
        reading: "The first couples of the run as examples, not as a summary: trust and intimacy of both partners on \
                  each day, or as means of weeks in runs of years, with marks for conflicts, stress and betrayals. \
                  They show how much single couples vary \
                  around the means.",
    },
    Caption {
        chart: "attachment",
        heading: "Attachment at the start and at the end",
        reading: "Anxiety across, avoidance up; the corner of low values is secure attachment. The darker a cell, the \
                  more persons are in it, and the diamond is their mean. An arrow leads from where persons started to \
                  where they ended, on average.",
    },
    Caption {
        chart: "attachment_persons",
        heading: "Attachment of single persons",
        reading: "Anxiety across, avoidance up. The thin part of a path is childhood, the thick part the adult \
                  relationship.",
    },
    Caption {
        chart: "differences",
        heading: "Differences between conditions",
        reading: "Each panel shows a recorded quantity: the difference of a condition from the first one, of the same \
                  couples with the same random numbers, with its 95% interval. Where the band includes the line at \
                  zero, the difference is not resolved and its line pale. The share of couples intact comes first; the \
                  others follow by their largest resolved difference, in standard deviations of couples under the first \
                  condition, and a note names those without a panel. Events are marked, with their conditions where not \
                  all have them.",
    },
    Caption {
        chart: "lines",
        heading: "Results over the values of an axis",
        reading: "One panel for each measure. A point is the mean at one value of the axis with its 95% interval; lines \
                  of different colours are values of a second axis. Parallel lines mean that the axes add; lines that \
                  cross or spread mean that the effect of one depends on the other.",
    },
    Caption {
        chart: "phase",
        heading: "Which regime of balance prevails",
        reading: "Each cell is a pair of values of the two axes, coloured by the regime that most couples end up in. The \
                  stronger the colour, the larger the share of couples in that regime.",
    },
    Caption {
        chart: "map",
        heading: "A measure over two axes",
        reading: "Each cell is a pair of values of the two axes; its colour is the mean of the measure, by the scale at \
                  the side. Contours join equal means. A marked cell has an interval that is wide for this map.",
    },
    Caption {
        chart: "contrasts",
        heading: "Differences from the reference point",
        reading: "Each row compares one point of the sweep with the reference point. The dot is the difference, the line \
                  its 95% interval. Where the line crosses zero the difference is not resolved.",
    },
    Caption {
        chart: "interactions",
        heading: "Where the effect of one axis depends on another",
        reading: "Each row is a level of one axis and a level of another. The dot says by how much the difference that \
                  the first axis makes, from its first level to this one, is larger at that level of the other axis \
                  than at the other's first level; the line is its 95% interval. The legend names the first levels. At \
                  zero the axes act independently, on the measure's own scale. What is not resolved is pale and hollow \
                  and stands below. At most 24 rows are shown; the table has all.",
    },
    Caption {
        chart: "tornado",
        heading: "How strongly each axis moves a measure",
        reading: "Each row is an axis, the strongest on top; the bar reaches as far as the measure moves over the values \
                  of that axis, or as its coefficient. Two coefficients of one axis \
                  with opposite signs mean that its effect is not monotone or depends on other axes: the regression \
                  coefficient follows the values, the rank correlation the order with the other axes held constant.",
    },
    Caption {
        chart: "morris",
        heading: "The axes by their effects (Morris)",
        reading: "The axis that moves the measure most is on top and darkest. A hollow dot is not precise enough yet. An \
                  axis with a small mu* may be left at its default; its effect is not zero, only small next to the \
                  others.",
    },
    Caption {
        chart: "morris_plane",
        heading: "Screening of the axes (Morris)",
        reading: "mu* is how strongly an axis moves the measure on average over the whole space, sigma how much its \
                  effect depends on the other axes. An axis with a small mu* may be left at its default; its effect is \
                  not zero, only small next to the others.",
    },
    Caption {
        chart: "sobol",
        heading: "Shares of variance (Sobol')",
        reading: "The first-order index of an axis is the share of a measure's variance over the space that the axis \
                  explains alone, the total index the share in which it takes part. The difference is due to \
                  interactions. Lines are 95% intervals. A hollow bar is not as precise as it should be: the legend says what \
                  to try. Where its interval does not reach zero, the axis has a part all the same.",
    },
    Caption {
        chart: "design",
        heading: "Where the points of the design are",
        reading: "Each panel shows the points over two axes, whose scales are to the left and below. They should fill the panels evenly; a visible line or gap \
                  means that two axes were not varied independently.",
    },
    Caption {
        chart: "claims",
        heading: "Claims with effects and verdicts",
        reading: "Each row is a claim. The dot is the effect that was found, the line its interval, and the short \
                  upright mark the smallest effect of interest. A claim of a greater effect is supported where the \
                  whole interval lies beyond the mark, refuted where none of it does, and undecided otherwise.",
    },
    Caption {
        chart: "frontier",
        heading: "The smallest design that reaches the target power",
        reading: "A dot is the smallest value that gives the effect the target power, for each value of the quantity below \
                  the axis, with its 95% Monte Carlo interval. Designs above the line have more power, designs below it \
                  less. A search without a dot ends outside its range.",
    },
    Caption {
        chart: "participation",
        heading: "Who answers on each occasion",
        reading: "Of all persons that the study recruited, the share who are still in it on each wave and each prompt of the \
                  diary, and the share who answer, with 95% intervals over the couples of all data sets. The upper line \
                  falls where couples separate or persons stop; the distance between the lines is missed answers.",
    },
    Caption {
        chart: "power",
        heading: "Power of each effect",
        reading: "Each panel is an effect; a dot is the share of simulated data sets of a design in which it is \
                  significant, with its 95% Monte Carlo interval. The dashed line is the target. Where an effect of 0 was \
                  given, the share is the rate of false positives.",
    },
    Caption {
        chart: "contraction",
        heading: "How much a study tells of each quantity",
        reading: "A dot is the contraction of a quantity in a design, with its 95% interval: 0 where the study tells nothing \
                  that the prior does not say, 1 where it tells all. The upper dashed line is where a quantity is \
                  identified, the lower one where it is not. The table of designs says what each number stands for.",
    },
    Caption {
        chart: "recovered",
        heading: "Inferred values against the true ones",
        reading: "Each dot is a simulated data set of the design with the most occasions: the value that couples were \
                  simulated with, and the one that is inferred from what the study saw, with its 90% interval. On the dashed \
                  line the two are equal. A flat cloud says that the study does not tell this number.",
    },
    Caption {
        chart: "confusion",
        heading: "Which rival explanations are taken for which",
        reading: "Each panel is a design, each row the rival that couples are simulated by, each column the rival that data \
                  sets are assigned to; the numbers are percentages of the row with their 95% intervals. A study that tells the rivals apart has \
                  high numbers in the diagonal only.",
    },
    Caption {
        chart: "targets",
        heading: "Published and simulated numbers",
        reading: "Each row is a published number. All rows have one scale: the distance from the published value in \
                  half-widths of its 95% interval, so that the shaded part is the published interval. A dot in that \
                  part agrees with the published study within its error.",
    },
    Caption {
        chart: "ablation",
        heading: "What each mechanism contributes",
        reading: "Columns are mechanisms, rows published numbers. A marked cell means that the number is lost, gained or \
                  moved when the mechanism is switched off; an empty one, that this number does not need it.",
    },
    Caption {
        chart: "posterior",
        heading: "What the published numbers say of each parameter",
        reading: "Each panel is a parameter: its distribution before the calibration (prior) and after it (posterior). A \
                  posterior as wide as the prior means that the published numbers do not identify the parameter.",
    },
    Caption {
        chart: "pairs",
        heading: "Which parameters depend on each other",
        reading: "Each panel shows the posterior over two parameters. A narrow diagonal cloud means that only a \
                  combination of the two is identified.",
    },
    Caption {
        chart: "predictive",
        heading: "Simulated and published numbers after the calibration",
        reading: "Each row is a published number with its interval, next to what simulated studies with the calibrated \
                  parameters give. Where they do not meet, the model misses the number even after the calibration.",
    },
    Caption {
        chart: "search",
        heading: "The course of the search",
        reading: "How far the simulated numbers are from the published ones, step by step of the search, and for each \
                  number at its start and at its end. A flat end means that the search has nothing left to gain.",
    },
];

/// The caption of a chart, by the name of its files.
pub(crate) fn caption_of(name: &str) -> Option<&'static Caption> {
    let matches = |caption: &&Caption| {
        name.strip_prefix(caption.chart)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    };
    CAPTIONS
        .iter()
        .filter(matches)
        .max_by_key(|caption| caption.chart.len())
}

#[cfg(test)]
mod tests {
    use super::CAPTIONS;
    use std::path::Path;
    use std::{env, fs};

    /// The part of docs/charts.md that has the captions.
    fn section() -> String {
        let readings = CAPTIONS.iter().map(|caption| {
            let (first, rest) = caption.heading.split_at(1);
            let heading = first.to_lowercase() + rest;
            format!(
                "\n## `{}`: {heading}\n\n{}\n",
                caption.chart, caption.reading
            )
        });
        format!("<!-- captions -->\n{}\n", readings.collect::<String>())
    }

    #[test]
    fn the_page_of_charts_has_every_caption() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/charts.md");
        let page = fs::read_to_string(&path).expect("docs/charts.md");
        let begin = page.find("<!-- captions -->").expect("captions");
        let end = page.find("<!-- end -->").expect("an end");
        let wanted = format!("{}{}{}", &page[..begin], section(), &page[end..]);
        if env::var_os("PAIRBOND_BLESS").is_some() {
            fs::write(&path, &wanted).expect("a page");
        } else {
            assert_eq!(
                page, wanted,
                "`PAIRBOND_BLESS=1 cargo test --lib captions` renews it"
            );
        }
    }

    #[test]
    fn the_page_of_charts_names_every_chart_in_its_table() {
        let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/charts.md"));
        let page = page.expect("docs/charts.md");
        let table: String = page.lines().filter(|line| line.starts_with('|')).collect();
        for caption in CAPTIONS {
            assert!(
                table.contains(&format!("`{}`", caption.chart)),
                "{}",
                caption.chart
            );
        }
    }
}
