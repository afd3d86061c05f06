//! Engines: instances of the model's one text, chosen when the program runs. The bits are the same.

#![cfg_attr(
    target_arch = "x86_64",
    allow(
        unsafe_code,
        reason = "a function for a processor's own instructions is entered here alone"
    )
)]

use super::bins::OpenBins;
use super::block::{Block, BlockOutcome, draw, live};
use super::course::Course;
#[cfg(target_arch = "x86_64")]
use crate::foundation::vector::{Avx2, Avx512};

/// How couples are lived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Couple by couple: the definition.
    Scalar,
    /// In columns of eight couples in two registers of 256 bits.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// In columns of eight couples in one register of 512 bits.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Engine {
    /// Every engine that this processor can run, the fastest last.
    pub fn available() -> Vec<Engine> {
        let mut engines = vec![Engine::Scalar];
        #[cfg(target_arch = "x86_64")]
        {
            engines.extend(
                [Engine::Avx2, Engine::Avx512]
                    .into_iter()
                    .filter(|e| e.runs_here()),
            );
        }
        engines
    }

    /// The fastest engine of this processor.
    pub fn best() -> Engine {
        let engines = Engine::available();
        engines[engines.len() - 1]
    }

    /// A name for tables of measurements.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Scalar => "scalar",
            #[cfg(target_arch = "x86_64")]
            Engine::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Engine::Avx512 => "avx512",
        }
    }

    #[cfg(target_arch = "x86_64")]
    fn runs_here(self) -> bool {
        match self {
            Engine::Scalar => true,
            Engine::Avx2 => is_x86_feature_detected!("avx2"),
            Engine::Avx512 => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
            }
        }
    }

    /// Lives a block; an engine that the processor lacks is replaced by the scalar one.
    pub(super) fn live(
        self,
        course: &Course,
        block: Block,
        bins: Option<&mut OpenBins>,
    ) -> BlockOutcome {
        match self {
            #[cfg(target_arch = "x86_64")]
            Engine::Avx2 if self.runs_here() => {
                // SAFETY: the processor was asked in the guard.
                unsafe { live_avx2(course, block, bins) }
            }
            #[cfg(target_arch = "x86_64")]
            Engine::Avx512 if self.runs_here() => {
                // SAFETY: the processor was asked in the guard.
                unsafe { live_avx512(course, block, bins) }
            }
            _ => live::<f64>(course, block, bins),
        }
    }

    /// Reads the random words of a block's days and lives none of them: what chance alone costs.
    pub fn draw(self, course: &Course, block: Block) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Engine::Avx2 if self.runs_here() => {
                // SAFETY: the processor was asked in the guard.
                unsafe { draw_avx2(course, block) }
            }
            #[cfg(target_arch = "x86_64")]
            Engine::Avx512 if self.runs_here() => {
                // SAFETY: the processor was asked in the guard.
                unsafe { draw_avx512(course, block) }
            }
            _ => draw::<f64>(course, block),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn live_avx2(course: &Course, block: Block, bins: Option<&mut OpenBins>) -> BlockOutcome {
    live::<Avx2>(course, block, bins)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl")]
fn live_avx512(course: &Course, block: Block, bins: Option<&mut OpenBins>) -> BlockOutcome {
    live::<Avx512>(course, block, bins)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn draw_avx2(course: &Course, block: Block) {
    draw::<Avx2>(course, block);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl")]
fn draw_avx512(course: &Course, block: Block) {
    draw::<Avx512>(course, block);
}
