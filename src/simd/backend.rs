//! Backends: the instruction sets for which a kernel is compiled, chosen when the kernel runs.
//!
//! A [`Kernel`] is generic over the [`Vector`](super::vector::Vector). Each backend runs it with
//! another vector, and all of them give the same bits. A model of your own that is written this
//! way uses the vector registers of the processor without `unsafe` (see `examples/own_model.rs`).

#![cfg_attr(
    target_arch = "x86_64",
    allow(
        unsafe_code,
        reason = "functions that need instructions of a processor are called only here, after the check"
    )
)]

use super::kernel::Kernel;
#[cfg(target_arch = "aarch64")]
use super::neon::Neon;
#[cfg(target_arch = "x86_64")]
use super::{avx2::run_avx2, avx512::run_avx512};

/// An instruction set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// One couple at a time: the definition.
    Scalar,
    /// Eight couples in two registers of 256 bits.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Eight couples in one register of 512 bits.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// Eight couples in four registers of 128 bits.
    #[cfg(target_arch = "aarch64")]
    Neon,
}

impl Backend {
    /// Every backend that this processor supports, the fastest last.
    pub fn available() -> Vec<Backend> {
        let mut backends = vec![Backend::Scalar];
        #[cfg(target_arch = "x86_64")]
        {
            backends.extend(
                [Backend::Avx2, Backend::Avx512]
                    .into_iter()
                    .filter(|backend| backend.is_supported()),
            );
        }
        // Every processor of this architecture has it.
        #[cfg(target_arch = "aarch64")]
        backends.push(Backend::Neon);
        backends
    }

    /// The fastest backend that this processor supports.
    pub fn best() -> Backend {
        let backends = Backend::available();
        backends[backends.len() - 1]
    }

    /// The name in tables of measurements.
    pub fn name(self) -> &'static str {
        match self {
            Backend::Scalar => "scalar",
            #[cfg(target_arch = "x86_64")]
            Backend::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Backend::Avx512 => "avx512",
            #[cfg(target_arch = "aarch64")]
            Backend::Neon => "neon",
        }
    }

    #[cfg(target_arch = "x86_64")]
    fn is_supported(self) -> bool {
        match self {
            Backend::Scalar => true,
            Backend::Avx2 => is_x86_feature_detected!("avx2") && has_fma(),
            Backend::Avx512 => {
                has_fma()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
            }
        }
    }

    /// Runs a kernel; a backend that the processor does not support is replaced by the scalar one.
    pub fn run<K: Kernel>(self, kernel: K) -> K::Output {
        match self {
            #[cfg(target_arch = "x86_64")]
            Backend::Avx2 if self.is_supported() => {
                // SAFETY: the guard checked that the processor has the instructions.
                unsafe { run_avx2(kernel) }
            }
            #[cfg(target_arch = "x86_64")]
            Backend::Avx512 if self.is_supported() => {
                // SAFETY: the guard checked that the processor has the instructions.
                unsafe { run_avx512(kernel) }
            }
            #[cfg(target_arch = "x86_64")]
            _ if has_fma() => {
                // SAFETY: the guard checked that the processor has the instructions.
                unsafe { run_fused(kernel) }
            }
            #[cfg(target_arch = "aarch64")]
            Backend::Neon => kernel.run::<Neon>(),
            _ => kernel.run::<f64>(),
        }
    }
}

/// Whether the processor has fused multiply-add; without it, that is a function call with the same
/// result.
#[cfg(target_arch = "x86_64")]
fn has_fma() -> bool {
    is_x86_feature_detected!("fma")
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "fma")]
fn run_fused<K: Kernel>(kernel: K) -> K::Output {
    kernel.run::<f64>()
}
