//! The complete rows of a regression.

/// An intercept, predictors and the output of each row that misses none of them.
///
/// Predictors and output are centred at their means over the rows, which keeps the digits of their
/// cross products; [`Rows::centres`] says where.
pub(crate) struct Rows {
    width: usize,
    values: Vec<f64>,
    centres: Vec<f64>,
}

impl Rows {
    /// Rows of an intercept, so many predictors, and an output; none yet.
    pub(crate) fn with_predictors(count: usize) -> Rows {
        Rows {
            width: count + 2,
            values: Vec::new(),
            centres: Vec::new(),
        }
    }

    /// Takes a row, and says whether it was complete; others are left out.
    pub(crate) fn push(&mut self, predictors: impl Iterator<Item = f64>, output: f64) -> bool {
        let before = self.values.len();
        self.values.push(1.0);
        self.values.extend(predictors);
        self.values.push(output);
        let complete = self.values.len() == before + self.width
            && self.values[before..].iter().all(|x| x.is_finite());
        if !complete {
            self.values.truncate(before);
        }
        complete
    }

    /// Number of complete rows.
    pub(crate) fn len(&self) -> usize {
        self.values.len() / self.width
    }

    /// Intercept and predictors.
    pub(crate) fn columns(&self) -> usize {
        self.width - 1
    }

    /// One row: the intercept, the predictors, and the output last.
    pub(crate) fn row(&self, number: usize) -> &[f64] {
        &self.values[number * self.width..(number + 1) * self.width]
    }

    /// The centres of columns and output: 0 of the intercept.
    pub(crate) fn centres(&self) -> &[f64] {
        &self.centres
    }

    /// Centres predictors and output.
    pub(crate) fn centre(&mut self) {
        let (rows, width) = (self.len(), self.width);
        self.centres = vec![0.0; width];
        for column in 1..width {
            let values = self.values.iter().skip(column).step_by(width);
            let mean = values.sum::<f64>() / rows as f64;
            for value in self.values.iter_mut().skip(column).step_by(width) {
                *value -= mean;
            }
            self.centres[column] = mean;
        }
    }

    /// Sum of squares of the centred output.
    pub(crate) fn output_squares(&self) -> f64 {
        let outputs = self.values.iter().skip(self.width - 1).step_by(self.width);
        outputs.map(|y| y * y).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_miss_something_are_left_out_and_the_rest_is_centred() {
        let mut rows = Rows::with_predictors(1);
        assert!(rows.push([1.0].into_iter(), 10.0));
        assert!(!rows.push([f64::NAN].into_iter(), 10.0));
        assert!(!rows.push([2.0].into_iter(), f64::NAN));
        assert!(!rows.push([].into_iter(), 3.0) && !rows.push([2.0, 2.0].into_iter(), 3.0));
        assert!(rows.push([3.0].into_iter(), 14.0));
        rows.centre();
        assert_eq!((rows.len(), rows.columns()), (2, 2));
        assert_eq!(
            (rows.row(0), rows.row(1)),
            (&[1.0, -1.0, -2.0][..], &[1.0, 1.0, 2.0][..])
        );
        assert_eq!(
            (rows.centres(), rows.output_squares()),
            (&[0.0, 2.0, 12.0][..], 8.0)
        );
    }
}
