//! Engines: instances of one text that is written over a lane, chosen when the program runs.
//!
//! A [`Kernel`] says what is to be done, generic over the [`Vector`](super::vector::Vector). Each engine
//! does it with another lane, and all of them give the same bits. An own model written so runs on the
//! processor's vector registers without a line of `unsafe` (see `examples/own_model.rs`).

#![cfg_attr(
    target_arch = "x86_64",
    allow(
        unsafe_code,
        reason = "a function for a processor's own instructions is entered here alone"
    )
)]

#[cfg(target_arch = "x86_64")]
use super::x86::{Avx2, Avx512};
use crate::rng::VectorRng;

/// Work that is written once, for any lane.
pub trait Kernel {
    /// What comes out.
    type Output;
    /// Does the work with one kind of lane.
    ///
    /// Mark it and all that it calls with numbers of the lane `#[inline(always)]`: what is not
    /// inlined does not see the registers of the engine, and is slow.
    fn run<L: VectorRng>(self) -> Self::Output;
}

/// How the work is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// Couple by couple: the definition.
    Scalar,
    /// In columns of eight couples in two registers of 256 bits.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// In columns of eight couples in one register of 512 bits.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Backend {
    /// Every engine that this processor can run, the fastest last.
    pub fn available() -> Vec<Backend> {
        let mut engines = vec![Backend::Scalar];
        #[cfg(target_arch = "x86_64")]
        {
            engines.extend(
                [Backend::Avx2, Backend::Avx512]
                    .into_iter()
                    .filter(|e| e.runs_here()),
            );
        }
        engines
    }

    /// The fastest engine of this processor.
    pub fn best() -> Backend {
        let engines = Backend::available();
        engines[engines.len() - 1]
    }

    /// A name for tables of measurements.
    pub fn name(self) -> &'static str {
        match self {
            Backend::Scalar => "scalar",
            #[cfg(target_arch = "x86_64")]
            Backend::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Backend::Avx512 => "avx512",
        }
    }

    #[cfg(target_arch = "x86_64")]
    fn runs_here(self) -> bool {
        match self {
            Backend::Scalar => true,
            Backend::Avx2 => is_x86_feature_detected!("avx2") && fuses(),
            Backend::Avx512 => {
                fuses()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
            }
        }
    }

    /// Does the work; an engine that the processor lacks is replaced by the scalar one.
    pub fn run<P: Kernel>(self, program: P) -> P::Output {
        match self {
            #[cfg(target_arch = "x86_64")]
            Backend::Avx2 if self.runs_here() => {
                // SAFETY: the processor was asked in the guard.
                unsafe { run_avx2(program) }
            }
            #[cfg(target_arch = "x86_64")]
            Backend::Avx512 if self.runs_here() => {
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
fn run_fused<P: Kernel>(program: P) -> P::Output {
    program.run::<f64>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn run_avx2<P: Kernel>(program: P) -> P::Output {
    program.run::<Avx2>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,fma")]
fn run_avx512<P: Kernel>(program: P) -> P::Output {
    program.run::<Avx512>()
}
