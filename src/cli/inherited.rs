//! What the program inherits from the one that started it: a standard output that cannot be written to,
//! signals that are ignored, and a limit of the size of files.
//!
//! The standard library hides the first two. It opens `/dev/null` in place of a closed standard stream before
//! `main`, and takes a write to a stream that is open for reading only for a success, so that output
//! would be lost without an error. Of the dispositions of signals it says nothing.

#![allow(
    unsafe_code,
    reason = "asks the system by functions of libc, one of them before `main`, and sets one signal"
)]

/// Whether the program was started with a standard output that is closed or cannot be written to.
pub(crate) fn has_no_stdout() -> bool {
    #[cfg(target_os = "linux")]
    return before_main::NO_STDOUT.load(std::sync::atomic::Ordering::Relaxed);
    #[cfg(not(target_os = "linux"))]
    return false;
}

#[cfg(target_os = "linux")]
mod before_main {
    use std::sync::atomic::{AtomicBool, Ordering};

    pub(super) static NO_STDOUT: AtomicBool = AtomicBool::new(false);

    /// Called by the system's loader before the standard library opens anything.
    #[used]
    #[unsafe(link_section = ".init_array")]
    static LOOK: extern "C" fn() = look;

    extern "C" fn look() {
        // SAFETY: the call reads flags of a descriptor, which need not be open, and uses no memory.
        let flags = unsafe { libc::fcntl(libc::STDOUT_FILENO, libc::F_GETFL) };
        let unusable = flags == -1 || flags & libc::O_ACCMODE == libc::O_RDONLY;
        NO_STDOUT.store(unusable, Ordering::Relaxed);
    }
}

/// Has a write beyond the limit of a file's size (`ulimit -f`) fail like one to a full disk, where by
/// default it ends the program without a message.
pub(crate) fn report_limited_files() {
    #[cfg(unix)]
    // SAFETY: no handler is set, and the signal is ignored by no other part of the program.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
    }
}

/// Whether a signal is ignored, as `nohup` and shells' `trap ''` have it.
#[cfg(unix)]
pub(crate) fn is_ignored(signal: i32) -> bool {
    let mut action = std::mem::MaybeUninit::<libc::sigaction>::uninit();
    // SAFETY: without a new action the call changes nothing. Where it returns 0 it has filled `action`.
    unsafe {
        libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr()) == 0
            && action.assume_init().sa_sigaction == libc::SIG_IGN
    }
}
