//! Saltelli's design for variance-based indices: two independent samples A and B, and hybrids of
//! them in which one group of axes comes from the other sample (Saltelli 2002; Saltelli et al. 2010).
//!
//! A and B are the two halves of Sobol' points in twice the dimensions. Base row after base row
//! holds, in this order, A, A with each group from B in turn, for second-order indices also B with
//! each group from A in turn, and B. A row is thus g + 2 or 2g + 2 points long for g groups, and
//! every prefix of 2^k whole rows is a complete Saltelli design.
//!
//! Scramble the points: in the plain sequence all members of the first row are the same point. Rows may
//! be dealt in turn to several sets of points with independent scrambles, whose spread gives the error of
//! an index (Owen 1997); fewer scrambles with more points each give more precise indices.

use super::{DesignError, Groups, MOST_DIMENSIONS, Scramble, Sobol, power_of_two, random};

/// Fewest scrambles whose spread gives an interval.
pub(crate) const LEAST_SCRAMBLES: u64 = 4;

/// Which indices a design is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SobolOrder {
    /// First-order and total indices.
    First,
    /// Those, and second-order ones.
    Second,
}

/// A point's part in its base row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Member {
    /// All axes from the first sample.
    A,
    /// From the first sample, but for the axes of one group.
    AWithB(usize),
    /// From the second sample, but for the axes of one group.
    BWithA(usize),
    /// All axes from the second sample.
    B,
}

/// Crossed pairs of Sobol' points.
#[derive(Clone, Debug)]
pub(crate) struct Saltelli {
    /// One set of points for each scramble, all of the same number.
    bases: Vec<Sobol>,
    groups: Groups,
    order: SobolOrder,
}

impl Saltelli {
    /// Makes `rows` base rows, a power of two, from one scramble.
    ///
    /// # Errors
    ///
    /// As [`Saltelli::with_scrambles`].
    #[cfg(test)]
    pub(crate) fn new(
        rows: u64,
        groups: Groups,
        order: SobolOrder,
        scramble: Scramble,
    ) -> Result<Saltelli, DesignError> {
        Saltelli::with_scrambles(rows, 1, groups, order, scramble)
    }

    /// Makes `rows` base rows from `scrambles` independent scrambles in turn, both powers of two.
    ///
    /// # Errors
    ///
    /// As [`Sobol::new`] in twice as many dimensions as the groups have axes, for more scrambles than
    /// rows, for several of plain points, and where the points of all rows do not fit in 64 bits.
    pub(crate) fn with_scrambles(
        rows: u64,
        scrambles: u64,
        groups: Groups,
        order: SobolOrder,
        scramble: Scramble,
    ) -> Result<Saltelli, DesignError> {
        let axes = groups.axes();
        if 2 * axes > MOST_DIMENSIONS {
            let (requested, most) = (2 * axes, MOST_DIMENSIONS);
            return Err(DesignError::TooManyDimensions { requested, most });
        }
        power_of_two(scrambles)?;
        power_of_two(rows)?;
        let each = rows / scrambles;
        let base = |number: u64| Sobol::new(each, 2 * axes, nth(scramble, number)?);
        let design = Saltelli {
            bases: (0..scrambles).map(base).collect::<Result<_, _>>()?,
            groups,
            order,
        };
        let most = u64::MAX / design.row_length();
        if rows > most {
            return Err(DesignError::TooManyPoints { most: u64::MAX });
        }
        Ok(design)
    }

    /// Number of points: rows times their length.
    pub(crate) fn points(&self) -> u64 {
        self.rows() * self.row_length()
    }

    /// Number of axes.
    pub(crate) fn dimensions(&self) -> usize {
        self.groups.axes()
    }

    /// Number of base rows.
    pub(crate) fn rows(&self) -> u64 {
        self.scrambles() * self.bases[0].points()
    }

    /// Number of independent scrambles: row r is of scramble r modulo this number.
    pub(crate) fn scrambles(&self) -> u64 {
        self.bases.len() as u64
    }

    /// Number of points in a base row.
    pub(crate) fn row_length(&self) -> u64 {
        let groups = self.groups.count() as u64;
        match self.order {
            SobolOrder::First => groups + 2,
            SobolOrder::Second => 2 * groups + 2,
        }
    }

    /// The groups of axes.
    pub(crate) fn groups(&self) -> &Groups {
        &self.groups
    }

    /// Which indices the design is for.
    pub(crate) fn order(&self) -> SobolOrder {
        self.order
    }

    /// The part of a point in its base row.
    pub(crate) fn member(&self, index: u64) -> Member {
        let place = index % self.row_length();
        let groups = self.groups.count();
        if place + 1 == self.row_length() {
            return Member::B;
        }
        match place as usize {
            0 => Member::A,
            place if place <= groups => Member::AWithB(place - 1),
            place => Member::BWithA(place - 1 - groups),
        }
    }

    /// Writes the coordinates of one point.
    pub(crate) fn point(&self, index: u64, out: &mut [f64]) {
        let mut pair = [0.0; MOST_DIMENSIONS];
        let axes = self.dimensions();
        let (row, scrambles) = (index / self.row_length(), self.scrambles());
        self.bases[(row % scrambles) as usize].point(row / scrambles, &mut pair[..2 * axes]);
        let member = self.member(index);
        for (axis, out) in out.iter_mut().enumerate() {
            let group = self.groups.of(axis);
            let from_b = match member {
                Member::A => false,
                Member::AWithB(moved) => group == moved,
                Member::BWithA(moved) => group != moved,
                Member::B => true,
            };
            *out = pair[if from_b { axis + axes } else { axis }];
        }
    }

    /// Points of the largest power of two of complete base rows within the first `done` points.
    pub(crate) fn complete_prefix(&self, done: u64) -> u64 {
        let length = self.row_length();
        match done / length {
            0 => 0,
            rows => (1 << rows.ilog2()) * length,
        }
    }
}

/// One of several independent scrambles; the first one is the scramble itself.
fn nth(scramble: Scramble, number: u64) -> Result<Scramble, DesignError> {
    match (scramble, number) {
        (scramble, 0) => Ok(scramble),
        (Scramble::Owen(seed), _) => {
            let key = random::key(seed, b"scramble");
            Ok(Scramble::Owen(random::words(&key, number, 0)[0]))
        }
        (Scramble::Plain, _) => Err(DesignError::PlainScrambles),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(design: &Saltelli) -> Vec<Vec<f64>> {
        let mut out = vec![0.0; design.dimensions()];
        (0..design.points())
            .map(|index| {
                design.point(index, &mut out);
                out.clone()
            })
            .collect()
    }

    fn numbers(text: &str) -> Vec<Vec<f64>> {
        let row = |line: &str| {
            line.split(',')
                .map(|word| word.parse().expect("a number"))
                .collect()
        };
        text.lines().map(row).collect()
    }

    #[test]
    fn plain_points_equal_those_of_salib() {
        let design =
            Saltelli::new(8, Groups::single(3), SobolOrder::Second, Scramble::Plain).expect("rows");
        let oracle = numbers(include_str!("../../tests/oracles/design_saltelli.csv"));
        assert_eq!(points(&design), oracle);
    }

    #[test]
    fn grouped_points_equal_those_of_salib() {
        let groups = Groups::new(vec![0, 1, 0]).expect("no gap");
        let design = Saltelli::new(8, groups, SobolOrder::First, Scramble::Plain).expect("rows");
        let oracle = numbers(include_str!(
            "../../tests/oracles/design_saltelli_groups.csv"
        ));
        assert_eq!(points(&design), oracle);
    }

    #[test]
    fn hybrids_take_one_group_from_the_other_sample() {
        let groups = Groups::new(vec![0, 1, 0]).expect("no gap");
        let design = Saltelli::new(4, groups, SobolOrder::Second, Scramble::Owen(3)).expect("rows");
        let points = points(&design);
        for row in points.chunks(design.row_length() as usize) {
            let (a, b) = (&row[0], &row[5]);
            assert_eq!(row[1], [b[0], a[1], b[2]]);
            assert_eq!(row[2], [a[0], b[1], a[2]]);
            assert_eq!(row[3], [a[0], b[1], a[2]]);
            assert_eq!(row[4], [b[0], a[1], b[2]]);
            assert!(a.iter().zip(b).all(|(a, b)| a != b));
        }
    }

    #[test]
    fn a_prefix_of_a_power_of_two_of_rows_is_the_smaller_design() {
        let make = |rows| {
            Saltelli::new(
                rows,
                Groups::single(4),
                SobolOrder::First,
                Scramble::Owen(8),
            )
        };
        let (small, large) = (make(8).expect("rows"), make(32).expect("rows"));
        assert_eq!(points(&small), points(&large)[..48]);
        let complete = [5, 6, 47, 48, 100, 191, 192].map(|done| large.complete_prefix(done));
        assert_eq!(complete, [0, 6, 24, 48, 96, 96, 192]);
    }

    #[test]
    fn scrambles_take_rows_in_turn_and_the_first_one_is_that_of_a_single_scramble() {
        let make = |rows, scrambles| {
            let groups = Groups::single(3);
            let owen = Scramble::Owen(8);
            Saltelli::with_scrambles(rows, scrambles, groups, SobolOrder::First, owen)
        };
        let (one, four) = (make(8, 1).expect("rows"), make(32, 4).expect("rows"));
        let rows = |design: &Saltelli| -> Vec<Vec<Vec<f64>>> {
            points(design).chunks(5).map(<[_]>::to_vec).collect()
        };
        let (one, four) = (rows(&one), rows(&four));
        let of_scramble = |number: usize| -> Vec<Vec<Vec<f64>>> {
            four.iter().skip(number).step_by(4).cloned().collect()
        };
        assert_eq!(of_scramble(0), one);
        // Each scramble is balanced: of 8 rows one lies in each eighth of each axis.
        for number in 0..4 {
            for axis in 0..3 {
                let own = of_scramble(number);
                let mut eighths: Vec<usize> = own
                    .iter()
                    .map(|row| (8.0 * row[0][axis]) as usize)
                    .collect();
                eighths.sort_unstable();
                assert_eq!(eighths, [0, 1, 2, 3, 4, 5, 6, 7]);
            }
            assert_eq!(of_scramble(number) == one, number == 0);
        }
        assert_eq!(
            points(&make(16, 4).expect("rows")),
            points(&make(32, 4).expect("rows"))[..80]
        );
        assert!(make(4, 8).is_err() && make(24, 3).is_err());
        let plain =
            Saltelli::with_scrambles(8, 4, Groups::single(2), SobolOrder::First, Scramble::Plain);
        assert_eq!(plain.map(|_| ()), Err(DesignError::PlainScrambles));
    }

    #[test]
    fn both_samples_need_dimensions() {
        let make =
            |axes| Saltelli::new(8, Groups::single(axes), SobolOrder::First, Scramble::Plain);
        assert!(make(MOST_DIMENSIONS / 2).is_ok());
        let requested = MOST_DIMENSIONS + 2;
        let error = make(MOST_DIMENSIONS / 2 + 1).map(|_| ());
        assert_eq!(
            error,
            Err(DesignError::TooManyDimensions {
                requested,
                most: MOST_DIMENSIONS
            })
        );
    }
}
