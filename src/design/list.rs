//! Points given one by one, as from a table in a file; every prefix of a list is a list.

use super::DesignError;

/// Given points, in the given order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct List {
    dimensions: usize,
    coordinates: Vec<f64>,
}

impl List {
    /// Takes points, each with one coordinate [0–1] for each axis.
    ///
    /// # Errors
    ///
    /// Without points or axes, for points of different lengths, and for coordinates outside [0, 1].
    pub(crate) fn new(points: &[Vec<f64>]) -> Result<List, DesignError> {
        let dimensions = points.first().map_or(0, Vec::len);
        if dimensions == 0 {
            return Err(DesignError::Empty);
        }
        for (point, values) in points.iter().enumerate() {
            if values.len() != dimensions {
                let found = values.len();
                return Err(DesignError::UnevenPoint {
                    point,
                    found,
                    expected: dimensions,
                });
            }
            within(point, values)?;
        }
        Ok(List {
            dimensions,
            coordinates: points.concat(),
        })
    }

    /// Number of points.
    pub(crate) fn points(&self) -> u64 {
        (self.coordinates.len() / self.dimensions) as u64
    }

    /// Number of axes.
    pub(crate) fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// Writes the coordinates of one point.
    pub(crate) fn point(&self, index: u64, out: &mut [f64]) {
        let from = index as usize * self.dimensions;
        out.copy_from_slice(&self.coordinates[from..from + self.dimensions]);
    }
}

/// Checks that all coordinates of a point are in [0, 1].
pub(crate) fn within(point: usize, values: &[f64]) -> Result<(), DesignError> {
    match values.iter().position(|value| !(0.0..=1.0).contains(value)) {
        Some(axis) => Err(DesignError::OutsideTheCube {
            point,
            axis,
            value: values[axis],
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_come_back_as_they_were_given() {
        let list = List::new(&[vec![0.0, 1.0], vec![0.25, 0.5]]).expect("within the cube");
        let mut out = [0.0; 2];
        list.point(1, &mut out);
        assert_eq!((list.points(), out), (2, [0.25, 0.5]));
    }

    #[test]
    fn uneven_points_and_coordinates_outside_the_cube_are_named() {
        let uneven = List::new(&[vec![0.0, 1.0], vec![0.25]]);
        assert_eq!(
            uneven,
            Err(DesignError::UnevenPoint {
                point: 1,
                found: 1,
                expected: 2
            })
        );
        let outside = List::new(&[vec![0.0, 1.5]]);
        assert_eq!(
            outside,
            Err(DesignError::OutsideTheCube {
                point: 0,
                axis: 1,
                value: 1.5
            })
        );
        assert!(List::new(&[vec![f64::NAN]]).is_err());
        assert_eq!(List::new(&[]), Err(DesignError::Empty));
    }
}
