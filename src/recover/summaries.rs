//! What a data set of a study is summarised by: means, spread, change, carry-over and correlations of every scale, who
//! separated, stopped and missed occasions. They follow from the design, in a fixed order.
//!
//! Without roles the members of a couple are interchangeable, so that what is the same after they are exchanged is
//! averaged. A number that a data set does not have, such as a correlation with a scale that nobody varies on, is NaN.

use crate::simulation::survey::design::STUDY_SCALES;
use crate::stats::summary::correlation;
use crate::study::sample::{AnswerState, OccasionSet, PreparedStudy, StudyCouple, StudyReplicate};
use std::collections::BTreeMap;

/// One scale of one member, in the questionnaire or in the diary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct SummaryVariable {
    is_diary: bool,
    /// Position among the scales of the design.
    scale: usize,
    member: usize,
}

/// The summaries of the data sets of one design.
#[derive(Clone, Debug)]
pub(crate) struct SummaryLayout {
    variables: Vec<SummaryVariable>,
    /// Names of the summaries, in their order.
    pub(crate) names: Vec<String>,
    /// Which summary each computed number belongs to.
    places: Vec<usize>,
}

/// Sums of products of two columns, where both are known.
#[derive(Clone, Copy, Debug, Default)]
struct ColumnProducts {
    first: f64,
    second: f64,
    both: f64,
}

impl ColumnProducts {
    fn add(&mut self, x: f64, y: f64) {
        if x.is_finite() && y.is_finite() {
            self.first += x * x;
            self.second += y * y;
            self.both += x * y;
        }
    }

    fn correlation(self) -> f64 {
        self.both / (self.first * self.second).sqrt()
    }
}

/// The answers of the couples on the occasions of one kind.
struct OccasionData {
    /// Of each couple and variable the mean over occasions, by couple and then by variable.
    means: Vec<f64>,
    /// Deviations from it, by couple, occasion and variable.
    deviations: Vec<f64>,
    occasions: usize,
    variables: usize,
}

impl OccasionData {
    fn deviation(&self, couple: usize, occasion: usize, variable: usize) -> f64 {
        self.deviations[(couple * self.occasions + occasion) * self.variables + variable]
    }

    fn couples(&self) -> usize {
        self.means.len() / self.variables.max(1)
    }
}

impl SummaryLayout {
    pub(crate) fn new(study: &PreparedStudy) -> SummaryLayout {
        let mut variables = Vec::new();
        for (is_diary, scales) in scales_of(study) {
            for scale in 0..scales.len() {
                variables.extend([0, 1].map(|member| SummaryVariable {
                    is_diary,
                    scale,
                    member,
                }));
            }
        }
        let mut layout = SummaryLayout {
            variables,
            names: Vec::new(),
            places: Vec::new(),
        };
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        for name in layout.raw_names(study) {
            let next = known.len();
            let place = *known.entry(name.clone()).or_insert(next);
            if place == next {
                layout.names.push(name);
            }
            layout.places.push(place);
        }
        layout
    }

    /// The summaries of a data set.
    pub(crate) fn summaries(&self, study: &PreparedStudy, data: &StudyReplicate) -> Vec<f64> {
        let raw = self.raw(study, data);
        debug_assert_eq!(raw.len(), self.places.len());
        let mut sums = vec![0.0; self.names.len()];
        let mut counts = vec![0_u32; self.names.len()];
        for (value, place) in raw.iter().zip(&self.places) {
            if value.is_finite() {
                sums[*place] += value;
                counts[*place] += 1;
            }
        }
        let mean = |(sum, count): (f64, u32)| match count {
            0 => f64::NAN,
            _ => sum / f64::from(count),
        };
        sums.into_iter().zip(counts).map(mean).collect()
    }

    fn of_kind(&self, is_diary: bool) -> impl Iterator<Item = &SummaryVariable> {
        self.variables
            .iter()
            .filter(move |own| own.is_diary == is_diary)
    }

    /// The name of each computed number: equal where numbers are averaged.
    fn raw_names(&self, study: &PreparedStudy) -> Vec<String> {
        let is_distinguishable = study.design().distinguishable;
        let scale = |own: &SummaryVariable| {
            let of_kind = scales_of(study)
                .into_iter()
                .find(|(is, _)| *is == own.is_diary);
            let index = of_kind.map_or(0, |(_, scales)| scales[own.scale]);
            STUDY_SCALES[index].key
        };
        let role = |member: usize| match (is_distinguishable, member) {
            (false, _) => "",
            (true, 0) => ".a",
            (true, _) => ".b",
        };
        let single = |own: &SummaryVariable| format!("{}{}", scale(own), role(own.member));
        let pair = |one: &SummaryVariable, other: &SummaryVariable, is_ordered: bool| {
            if is_distinguishable {
                return format!("{} {}", single(one), single(other));
            }
            let partner = if one.member == other.member {
                ""
            } else {
                " of partner"
            };
            let (first, second) = match is_ordered || scale(one) <= scale(other) {
                true => (scale(one), scale(other)),
                false => (scale(other), scale(one)),
            };
            format!("{first} {second}{partner}")
        };
        let mut names = Vec::new();
        for (is_diary, moments) in moments_of(study) {
            let kind = if is_diary { "diary" } else { "waves" };
            let own: Vec<&SummaryVariable> = self.of_kind(is_diary).collect();
            let repeated = moments > 1;
            for variable in &own {
                let name = single(variable);
                names.push(format!("{kind} mean {name}"));
                names.push(format!("{kind} sd between {name}"));
                if repeated {
                    names.push(format!("{kind} sd within {name}"));
                    names.push(format!("{kind} change {name}"));
                    names.push(format!("{kind} carry-over {name}"));
                }
            }
            if !repeated {
                continue;
            }
            for (place, one) in own.iter().enumerate() {
                for (other_place, other) in own.iter().enumerate() {
                    if other_place > place {
                        names.push(format!("{kind} same time {}", pair(one, other, false)));
                    }
                    if other_place != place {
                        names.push(format!("{kind} next time {}", pair(one, other, true)));
                    }
                }
            }
        }
        for (place, one) in self.variables.iter().enumerate() {
            for other in &self.variables[place + 1..] {
                names.push(format!("persons {}", pair(one, other, false)));
            }
        }
        names.push("share separated".to_owned());
        names.push("days followed".to_owned());
        for member in [0, 1] {
            names.push(format!("share stopped{}", role(member)));
            names.push(format!("share of waves missed{}", role(member)));
            names.push(format!("share of prompts missed{}", role(member)));
        }
        names.push("share recruited".to_owned());
        names.push("share screened out".to_owned());
        names
    }

    /// Every number, in the order of [`SummaryLayout::raw_names`].
    fn raw(&self, study: &PreparedStudy, data: &StudyReplicate) -> Vec<f64> {
        let mut found = Vec::with_capacity(self.places.len());
        let mut person_means: Vec<Vec<f64>> = Vec::new();
        for (is_diary, moments) in moments_of(study) {
            let own: Vec<&SummaryVariable> = self.of_kind(is_diary).collect();
            let table = self.occasions(study, data, is_diary);
            let bursts: Vec<u32> = match is_diary {
                true => study.prompts().iter().map(|moment| moment.burst).collect(),
                false => vec![0; moments],
            };
            for variable in 0..own.len() {
                let means: Vec<f64> = (0..table.couples())
                    .map(|couple| table.means[couple * table.variables + variable])
                    .collect();
                let (mean, sd) = mean_and_sd(&means);
                found.extend([mean, sd]);
                if moments > 1 {
                    found.push(sd_within(&table, variable));
                    found.push(change(&table, variable));
                    found.push(carry_over(&table, &bursts, variable, variable));
                }
                person_means.push(means);
            }
            if moments <= 1 {
                continue;
            }
            for one in 0..own.len() {
                for other in 0..own.len() {
                    if other > one {
                        found.push(same_time(&table, one, other));
                    }
                    if other != one {
                        found.push(carry_over(&table, &bursts, one, other));
                    }
                }
            }
        }
        for (place, one) in person_means.iter().enumerate() {
            for other in &person_means[place + 1..] {
                found.push(correlation(one, other));
            }
        }
        found.extend(attrition(study, data));
        found
    }

    fn occasions(
        &self,
        study: &PreparedStudy,
        data: &StudyReplicate,
        is_diary: bool,
    ) -> OccasionData {
        let own: Vec<&SummaryVariable> = self.of_kind(is_diary).collect();
        let scales = own.len() / 2;
        let occasions = match is_diary {
            true => study.prompts().len(),
            false => study.waves().len(),
        };
        let variables = own.len();
        let mut table = OccasionData {
            means: Vec::with_capacity(data.couples.len() * variables),
            deviations: vec![f64::NAN; data.couples.len() * occasions * variables],
            occasions,
            variables,
        };
        for (number, couple) in data.couples.iter().enumerate() {
            let set = set_of(couple, is_diary);
            for (place, variable) in own.iter().enumerate() {
                let answer = |occasion: usize| {
                    set.answers[variable.member][occasion * scales + variable.scale]
                };
                let answered = (0..occasions).map(answer).filter(|value| value.is_finite());
                let (sum, count) =
                    answered.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
                let mean = sum / count;
                table.means.push(mean);
                for occasion in 0..occasions {
                    let at = (number * occasions + occasion) * variables + place;
                    table.deviations[at] = answer(occasion) - mean;
                }
            }
        }
        table
    }
}

/// The scales of the questionnaire and of the diary, where there are occasions.
fn scales_of(study: &PreparedStudy) -> Vec<(bool, &[usize])> {
    let mut all: Vec<(bool, &[usize])> = Vec::new();
    if !study.waves().is_empty() {
        all.push((false, &study.design().questionnaire));
    }
    if !study.prompts().is_empty() {
        all.push((true, &study.design().diary));
    }
    all
}

fn moments_of(study: &PreparedStudy) -> Vec<(bool, usize)> {
    let all = [(false, study.waves().len()), (true, study.prompts().len())];
    all.into_iter().filter(|(_, count)| *count > 0).collect()
}

fn set_of(couple: &StudyCouple, is_diary: bool) -> &OccasionSet {
    match is_diary {
        true => &couple.prompts,
        false => &couple.waves,
    }
}

fn mean_and_sd(values: &[f64]) -> (f64, f64) {
    let known = || values.iter().copied().filter(|value| value.is_finite());
    let count = known().count() as f64;
    let mean = known().sum::<f64>() / count;
    let squares: f64 = known().map(|value| (value - mean) * (value - mean)).sum();
    (mean, (squares / (count - 1.0)).sqrt())
}

fn sd_within(table: &OccasionData, variable: usize) -> f64 {
    let (mut squares, mut free) = (0.0, 0.0);
    for couple in 0..table.couples() {
        let own = (0..table.occasions).map(|at| table.deviation(couple, at, variable));
        let mut count = 0.0;
        for value in own.filter(|value| value.is_finite()) {
            squares += value * value;
            count += 1.0;
        }
        free += f64::max(count - 1.0, 0.0);
    }
    (squares / free).sqrt()
}

/// The slope of deviations on the number of the occasion, within persons.
fn change(table: &OccasionData, variable: usize) -> f64 {
    let (mut products, mut squares) = (0.0, 0.0);
    for couple in 0..table.couples() {
        let known = || {
            (0..table.occasions)
                .map(|at| (at as f64, table.deviation(couple, at, variable)))
                .filter(|(_, value)| value.is_finite())
        };
        let count = known().count() as f64;
        let middle = known().map(|(at, _)| at).sum::<f64>() / count;
        for (at, value) in known() {
            products += (at - middle) * value;
            squares += (at - middle) * (at - middle);
        }
    }
    products / squares
}

fn same_time(table: &OccasionData, one: usize, other: usize) -> f64 {
    let mut products = ColumnProducts::default();
    for couple in 0..table.couples() {
        for at in 0..table.occasions {
            products.add(
                table.deviation(couple, at, one),
                table.deviation(couple, at, other),
            );
        }
    }
    products.correlation()
}

/// The correlation within persons of one variable with another on the next occasion of the same burst.
fn carry_over(table: &OccasionData, bursts: &[u32], one: usize, other: usize) -> f64 {
    let mut products = ColumnProducts::default();
    for couple in 0..table.couples() {
        for at in 1..table.occasions {
            if bursts[at - 1] == bursts[at] {
                products.add(
                    table.deviation(couple, at - 1, one),
                    table.deviation(couple, at, other),
                );
            }
        }
    }
    products.correlation()
}

/// Who separated, stopped, missed occasions, and was recruited.
fn attrition(study: &PreparedStudy, data: &StudyReplicate) -> Vec<f64> {
    let couples = data.couples.len() as f64;
    let share = |count: usize| count as f64 / couples;
    let separated = |couple: &&StudyCouple| couple.separated.is_finite();
    let mut found = vec![
        share(data.couples.iter().filter(separated).count()),
        data.couples.iter().map(|couple| couple.time).sum::<f64>() / couples,
    ];
    for member in [0, 1] {
        let stopped = |couple: &&StudyCouple| couple.dropped_out[member].is_finite();
        found.push(share(data.couples.iter().filter(stopped).count()));
        for is_diary in [false, true] {
            let mut counts = [0.0; 2];
            for couple in &data.couples {
                for state in &set_of(couple, is_diary).states[member] {
                    match state {
                        AnswerState::Missed => counts[0] += 1.0,
                        AnswerState::Answered => counts[1] += 1.0,
                        _ => {}
                    }
                }
            }
            found.push(counts[0] / (counts[0] + counts[1]));
        }
    }
    let recruitment = &data.recruitment;
    let approached = recruitment.approached as f64;
    found.push(recruitment.recruited as f64 / approached);
    found.push(match study.design().screen {
        Some(_) => recruitment.screened_out as f64 / approached,
        None => f64::NAN,
    });
    found
}
