//! What a backend runs.

use crate::rng::VectorRng;

/// A computation that is generic over the vector.
pub trait Kernel {
    /// The result.
    type Output;
    /// Runs the computation with one type of vector.
    ///
    /// Mark it, and all functions that it calls with vectors, `#[inline(always)]`: a function that
    /// is not inlined cannot use the vector registers and is slow.
    fn run<L: VectorRng>(self) -> Self::Output;
}
