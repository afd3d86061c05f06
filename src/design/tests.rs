//! What holds for all designs alike.

use super::*;

fn designs() -> Vec<Design> {
    let groups = || Groups::new(vec![0, 1, 0]).expect("no gap");
    let list = [vec![0.1, 0.2, 0.3], vec![1.0, 0.0, 0.5]];
    let made = || -> Result<Vec<Design>, DesignError> {
        Ok(vec![
            Design::Grid(Grid::new(vec![4, 1, 6])?),
            Design::List(List::new(&list)?),
            Design::OneAtATime(OneAtATime::new(vec![0.5; 3], vec![vec![0.0, 1.0]; 3])?),
            Design::LatinHypercube(LatinHypercube::new(30, 3, Placement::Jittered, 1)?),
            Design::LatinHypercube(LatinHypercube::maximin(30, 3, Placement::Centred, 1, 5)?),
            Design::Sobol(Sobol::new(32, 3, Scramble::Plain)?),
            Design::Sobol(Sobol::new(32, 3, Scramble::Owen(1))?),
            Design::Halton(Halton::new(30, 3, Digits::Plain)?),
            Design::Halton(Halton::new(30, 3, Digits::Permuted(1))?),
            Design::Saltelli(Saltelli::new(
                8,
                groups(),
                SobolOrder::Second,
                Scramble::Owen(1),
            )?),
            Design::Morris(Morris::new(
                6,
                4,
                groups(),
                Selection::Optimized { candidates: 20 },
                1,
            )?),
        ])
    };
    made().expect("all requests are possible")
}

fn point(design: &Design, index: u64) -> Vec<f64> {
    let mut out = vec![f64::NAN; design.dimensions()];
    design.point(index, &mut out);
    out
}

#[test]
fn all_points_of_all_designs_lie_in_the_cube() {
    for design in designs() {
        assert_eq!(design.dimensions(), 3);
        for index in 0..design.points() {
            let point = point(&design, index);
            assert!(
                point.iter().all(|x| (0.0..=1.0).contains(x)),
                "{design:?} {index}"
            );
        }
    }
}

#[test]
fn a_point_does_not_depend_on_earlier_calls() {
    for design in designs() {
        let forwards: Vec<_> = (0..design.points())
            .map(|index| point(&design, index))
            .collect();
        let backwards: Vec<_> = (0..design.points())
            .rev()
            .map(|index| point(&design, index))
            .collect();
        assert!(forwards.iter().eq(backwards.iter().rev()), "{design:?}");
    }
}

#[test]
fn another_seed_is_another_design() {
    let latin =
        |seed| LatinHypercube::new(50, 2, Placement::Centred, seed).map(Design::LatinHypercube);
    let sobol = |seed| Sobol::new(64, 2, Scramble::Owen(seed)).map(Design::Sobol);
    let morris =
        |seed| Morris::new(9, 4, Groups::single(2), Selection::Plain, seed).map(Design::Morris);
    let halton = |seed| Halton::new(50, 2, Digits::Permuted(seed)).map(Design::Halton);
    for make in [
        &latin as &dyn Fn(u64) -> Result<Design, DesignError>,
        &sobol,
        &morris,
        &halton,
    ] {
        let (one, two) = (make(1).expect("possible"), make(2).expect("possible"));
        assert!((0..one.points()).any(|index| point(&one, index) != point(&two, index)));
    }
}

#[test]
fn each_level_of_a_categorical_axis_is_its_category() {
    for count in 1..200 {
        for level in 0..count {
            assert_eq!(
                category(level_coordinate(level, count), count as usize),
                level as usize
            );
        }
    }
    assert_eq!(category(1.0, 3), 2);
    assert_eq!(category(0.0, 0), 0);
}
