//! System calls that no reader of frames needs, and somebody who took it over would (seccomp(2)).
//!
//! A list of what is forbidden, not of what is allowed: the latter changes with every C library. Sockets that are open
//! stay usable; there just can't be new ones, nor other programs, nor a look into other processes.

use std::io;

#[cfg(target_endian = "little")]
pub(super) use forbidding::forbid;

use super::Dropped;

const NOT_OFFERED: &str = "system calls (no seccomp here)";

#[cfg(target_endian = "little")]
mod forbidding {
    use super::{Dropped, NOT_OFFERED, io};

    use nix::libc;
    use seccompiler::{BpfProgram, Error, SeccompAction, SeccompFilter, TargetArch};

    #[rustfmt::skip]
    const FORBIDDEN: [libc::c_long; 39] = [
        // Programs and other processes.
        libc::SYS_execve, libc::SYS_execveat, libc::SYS_ptrace, libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev, libc::SYS_pidfd_getfd, libc::SYS_kcmp,
        // The network.
        libc::SYS_socket, libc::SYS_bind, libc::SYS_connect, libc::SYS_listen, libc::SYS_accept, libc::SYS_accept4,
        // What would do the same without being asked for by name.
        libc::SYS_io_uring_setup, libc::SYS_io_uring_enter, libc::SYS_io_uring_register,
        // Other rights, and other views of the system.
        libc::SYS_setns, libc::SYS_unshare, libc::SYS_mount, libc::SYS_umount2, libc::SYS_move_mount,
        libc::SYS_open_tree, libc::SYS_fsopen, libc::SYS_pivot_root, libc::SYS_chroot,
        libc::SYS_open_by_handle_at,
        // The kernel itself, where most of its holes were.
        libc::SYS_bpf, libc::SYS_perf_event_open, libc::SYS_userfaultfd, libc::SYS_add_key, libc::SYS_request_key,
        libc::SYS_keyctl, libc::SYS_init_module, libc::SYS_finit_module, libc::SYS_delete_module,
        libc::SYS_kexec_load, libc::SYS_reboot, libc::SYS_clock_settime, libc::SYS_settimeofday,
    ];

    /// Lets them fail from now on, as what one may not do fails (EPERM).
    pub(in super::super) fn forbid(dropped: &mut Dropped) -> io::Result<()> {
        let Ok(machine) = TargetArch::try_from(std::env::consts::ARCH) else {
            dropped.kept.push(NOT_OFFERED.to_owned());
            return Ok(());
        };
        let rules = FORBIDDEN.map(|call| (call, Vec::new()));
        let filter = SeccompFilter::new(
            rules.into_iter().collect(),
            SeccompAction::Allow,
            SeccompAction::Errno(libc::EPERM.cast_unsigned()),
            machine,
        );
        let program = filter.and_then(BpfProgram::try_from);
        let program = program.map_err(io::Error::other)?;
        match seccompiler::apply_filter(&program) {
            Ok(()) => dropped
                .gone
                .push("starting programs and opening sockets (seccomp)".to_owned()),
            // The kernel was built without it, or another filter forbids more of them (old containers).
            Err(Error::Prctl(_) | Error::Seccomp(_)) => {
                dropped.kept.push(NOT_OFFERED.to_owned());
            }
            Err(error) => return Err(io::Error::other(error)),
        }
        Ok(())
    }
}

#[cfg(not(target_endian = "little"))]
pub(super) fn forbid(dropped: &mut Dropped) -> io::Result<()> {
    dropped.kept.push(NOT_OFFERED.to_owned());
    Ok(())
}
