//! Engines: instances of one text that is written over a lane, chosen when the program runs.
//!
//! A [`Program`] says what is to be done, generic over the [`Lane`](super::lane::Lane). Each engine
//! does it with another lane, and all of them give the same bits. An own model written so runs on the
//! processor's vector registers without a line of `unsafe` (see `examples/own_model.rs`).

#![cfg_attr(
    target_arch = "x86_64",
    allow(
        unsafe_code,
        reason = "a function for a processor's own instructions is entered here alone"
    )
)]

use super::chance::Drawn;
#[cfg(target_arch = "x86_64")]
use super::vector::{Avx2, Avx512};

/// Work that is written once, for any lane.
pub trait Program {
    /// What comes out.
    type Output;
    /// Does the work with one kind of lane.
    ///
    /// Mark it and all that it calls with numbers of the lane `#[inline(always)]`: what is not
    /// inlined does not see the registers of the engine, and is slow.
    fn run<L: Drawn>(self) -> Self::Output;
}

/// How the work is done.
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
            Engine::Avx2 => is_x86_feature_detected!("avx2") && fuses(),
            Engine::Avx512 => {
                fuses()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
            }
        }
    }

    /// Does the work; an engine that the processor lacks is replaced by the scalar one.
    pub fn run<P: Program>(self, program: P) -> P::Output {
        match self {
            #[cfg(target_arch = "x86_64")]
            Engine::Avx2 if self.runs_here() => {
                // SAFETY: the processor was asked in the guard.
                unsafe { run_avx2(program) }
            }
            #[cfg(target_arch = "x86_64")]
            Engine::Avx512 if self.runs_here() => {
                // SAFETY: the processor was asked in the guard.
                unsafe { run_avx512(program) }
            }
            #[cfg(target_arch = "x86_64")]
            _ if fuses() => {
                // SAFETY: the processor was asked in the guard.
                unsafe { run_fused(program) }
            }
            _ => program.run::<f64>(),
        }
    }
}

/// Whether the processor multiplies and adds in one instruction; without it that is a call of a
/// function, and gives the same.
#[cfg(target_arch = "x86_64")]
fn fuses() -> bool {
    is_x86_feature_detected!("fma")
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "fma")]
fn run_fused<P: Program>(program: P) -> P::Output {
    program.run::<f64>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn run_avx2<P: Program>(program: P) -> P::Output {
    program.run::<Avx2>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,fma")]
fn run_avx512<P: Program>(program: P) -> P::Output {
    program.run::<Avx512>()
}
