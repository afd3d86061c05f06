//! Groups of axes that move together, as one factor of the analysis.

use super::DesignError;

/// The group of each axis; groups are numbered from 0 without gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groups {
    of_axis: Vec<usize>,
    count: usize,
}

impl Groups {
    /// Every axis on its own.
    pub fn single(axes: usize) -> Groups {
        Groups {
            of_axis: (0..axes).collect(),
            count: axes,
        }
    }

    /// Groups by their numbers, axis by axis.
    ///
    /// # Errors
    ///
    /// Without any axis, and where no axis has a number below the highest one.
    pub fn new(of_axis: Vec<usize>) -> Result<Groups, DesignError> {
        let count = of_axis
            .iter()
            .max()
            .ok_or(DesignError::Empty)?
            .saturating_add(1);
        match (0..count).find(|group| !of_axis.contains(group)) {
            Some(group) => Err(DesignError::EmptyGroup { group }),
            None => Ok(Groups { of_axis, count }),
        }
    }

    /// Number of groups.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Number of axes.
    pub fn axes(&self) -> usize {
        self.of_axis.len()
    }

    /// The group of an axis.
    pub fn of(&self, axis: usize) -> usize {
        self.of_axis[axis]
    }

    /// The axes of a group, ascending.
    pub fn members(&self, group: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.of_axis.len()).filter(move |axis| self.of_axis[*axis] == group)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_in_the_numbers_is_named() {
        assert_eq!(
            Groups::new(vec![0, 2]),
            Err(DesignError::EmptyGroup { group: 1 })
        );
        assert_eq!(Groups::new(vec![]), Err(DesignError::Empty));
    }

    #[test]
    fn members_are_the_axes_of_a_group() {
        let groups = Groups::new(vec![1, 0, 1]).expect("no gap");
        assert_eq!((groups.count(), groups.axes()), (2, 3));
        assert!(groups.members(1).eq([0, 2]));
    }
}
