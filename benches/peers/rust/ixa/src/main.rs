//! ixa: a person entity for each partner, its state and traits as properties, and one plan a day that
//! goes through all couples. A plan for each couple and day is dearer still.

use ixa::prelude::*;
use workload::{Means, Partner, System};

define_entity!(Person);
define_property!(struct Trust(f64), Person, impl_eq_hash = both);
define_property!(struct Intimacy(f64), Person, impl_eq_hash = both);
define_property!(struct Responsiveness(f64), Person, impl_eq_hash = both);
define_property!(struct Openness(f64), Person, impl_eq_hash = both);
define_property!(struct Anxiety(f64), Person, impl_eq_hash = both);
define_property!(struct Avoidance(f64), Person, impl_eq_hash = both);
define_rng!(DisclosureRng);

/// Who lives with whom, and the means of each day that has passed.
#[derive(Default)]
struct Diary {
    couples: Vec<[PersonId; 2]>,
    daily: Vec<(f64, f64)>,
}
define_data_plugin!(DiaryPlugin, Diary, Diary::default());

fn uniform(context: &Context) -> f64 {
    context.sample_range(DisclosureRng, 0.0..1.0)
}

fn partner(context: &Context, id: PersonId) -> Partner {
    let Trust(trust) = context.get_property(id);
    let Intimacy(intimacy) = context.get_property(id);
    let Responsiveness(responsiveness) = context.get_property(id);
    let Openness(openness) = context.get_property(id);
    let Anxiety(anxiety) = context.get_property(id);
    let Avoidance(avoidance) = context.get_property(id);
    Partner {
        trust,
        intimacy,
        responsiveness,
        openness,
        anxiety,
        avoidance,
    }
}

fn live_a_day(context: &mut Context) {
    let couples = std::mem::take(&mut context.get_data_mut(DiaryPlugin).couples);
    let (mut trust, mut intimacy) = (0.0, 0.0);
    for couple in &couples {
        let [one, other] = couple.map(|id| partner(context, id));
        let after = [(one, other), (other, one)]
            .map(|(one, other)| one.after_disclosing(&other, uniform(context), uniform(context)));
        for (id, (t, m)) in couple.iter().zip(after) {
            context.set_property(*id, Trust(t));
            context.set_property(*id, Intimacy(m));
            trust += t;
            intimacy += m;
        }
    }
    let n = 2.0 * couples.len() as f64;
    let diary = context.get_data_mut(DiaryPlugin);
    diary.couples = couples;
    diary.daily.push((trust / n, intimacy / n));
}

fn plan(context: &mut Context, days: usize) {
    if days > 0 {
        context.add_plan(context.get_current_time() + 1.0, move |context| {
            live_a_day(context);
            plan(context, days - 1);
        });
    }
}

impl System for Model {
    fn new(couples: usize, days: usize, seed: u64, means: Option<Means>) -> Model {
        let mut context = Context::new();
        context.init_random(seed);
        let couples = (0..couples)
            .map(|_| [(); 2].map(|()| person(&mut context, means)))
            .collect();
        context.get_data_mut(DiaryPlugin).couples = couples;
        plan(&mut context, days);
        Model { context }
    }

    fn live(&mut self) -> Vec<(f64, f64)> {
        self.context.execute();
        self.context.get_data(DiaryPlugin).daily.clone()
    }

    fn couples(&self) -> impl Iterator<Item = [Partner; 2]> {
        let couples = &self.context.get_data(DiaryPlugin).couples;
        couples
            .iter()
            .map(|couple| couple.map(|id| partner(&self.context, id)))
    }
}

struct Model {
    context: Context,
}

fn person(context: &mut Context, means: Option<Means>) -> PersonId {
    let drawn = Partner::drawn(|| uniform(context), means);
    let properties = with!(
        Person,
        Trust(drawn.trust),
        Intimacy(drawn.intimacy),
        Responsiveness(drawn.responsiveness),
        Openness(drawn.openness),
        Anxiety(drawn.anxiety),
        Avoidance(drawn.avoidance)
    );
    context
        .add_entity(properties)
        .expect("a person has each property once")
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    workload::run::<Model>()
}
