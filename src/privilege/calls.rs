//! System calls that no reader of frames needs, and somebody who took it over would (seccomp(2)).
//!
//! A list of what is forbidden, not of what is allowed: the latter changes with every C library. There can't be new
//! sockets, nor other programs, nor a look into other processes; and the packet sockets that are open, by which any frame
//! could be sent, are for reading only.

use std::io;
use std::os::fd::RawFd;

#[cfg(target_endian = "little")]
pub(super) use forbidding::forbid;

use super::Dropped;

const NOT_OFFERED: &str = "system calls (no seccomp here)";

#[cfg(target_endian = "little")]
mod forbidding {
    use super::{Dropped, NOT_OFFERED, RawFd, io};

    use nix::libc;
    use seccompiler::{
        BackendError, BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp,
        SeccompCondition, SeccompFilter, SeccompRule, TargetArch,
    };

    #[rustfmt::skip]
    const FORBIDDEN: [libc::c_long; 43] = [
        // Programs and other processes.
        libc::SYS_execve, libc::SYS_execveat, libc::SYS_ptrace, libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev, libc::SYS_pidfd_getfd, libc::SYS_kcmp,
        // The network.
        libc::SYS_socket, libc::SYS_bind, libc::SYS_connect, libc::SYS_listen, libc::SYS_accept, libc::SYS_accept4,
        // Messages that carry open files, a packet socket under another number among them.
        libc::SYS_sendmsg, libc::SYS_sendmmsg,
        // What would do the same without being asked for by name.
        libc::SYS_io_uring_setup, libc::SYS_io_uring_enter, libc::SYS_io_uring_register,
        libc::SYS_io_setup, libc::SYS_io_submit,
        // Other rights, and other views of the system.
        libc::SYS_setns, libc::SYS_unshare, libc::SYS_mount, libc::SYS_umount2, libc::SYS_move_mount,
        libc::SYS_open_tree, libc::SYS_fsopen, libc::SYS_pivot_root, libc::SYS_chroot,
        libc::SYS_open_by_handle_at,
        // The kernel itself, where most of its holes were.
        libc::SYS_bpf, libc::SYS_perf_event_open, libc::SYS_userfaultfd, libc::SYS_add_key, libc::SYS_request_key,
        libc::SYS_keyctl, libc::SYS_init_module, libc::SYS_finit_module, libc::SYS_delete_module,
        libc::SYS_kexec_load, libc::SYS_reboot, libc::SYS_clock_settime, libc::SYS_settimeofday,
    ];

    /// What writes to an open file, or gives it another number; with the argument that names the file.
    #[rustfmt::skip]
    const SENDING: [(libc::c_long, u8); 12] = [
        (libc::SYS_write, 0), (libc::SYS_writev, 0), (libc::SYS_pwrite64, 0), (libc::SYS_pwritev, 0),
        (libc::SYS_pwritev2, 0), (libc::SYS_sendto, 0), (libc::SYS_sendfile, 0), (libc::SYS_splice, 2),
        (libc::SYS_dup, 0), (libc::SYS_dup3, 0),
        // Then no other file gets the number, for which all of this would be forbidden as well.
        (libc::SYS_close, 0),
        #[cfg(target_arch = "x86_64")]
        (libc::SYS_dup2, 0),
        #[cfg(not(target_arch = "x86_64"))]
        (libc::SYS_dup3, 0),
    ];
    /// Among them where it is one of these (fcntl(2)).
    const DUPLICATING: [libc::c_int; 2] = [libc::F_DUPFD, libc::F_DUPFD_CLOEXEC];

    /// The same calls by the numbers of the x32 interface, which a filter sees as the same machine (seccomp(2), caveats).
    #[cfg(target_arch = "x86_64")]
    const ALIASES: &[libc::c_long] = &[0, 0x4000_0000];
    #[cfg(not(target_arch = "x86_64"))]
    const ALIASES: &[libc::c_long] = &[0];

    type Rules = std::collections::BTreeMap<libc::c_long, Vec<SeccompRule>>;

    fn rules(receivers: &[RawFd]) -> Result<Rules, BackendError> {
        let equals = |argument, value: libc::c_int| {
            let value = u64::from(value.cast_unsigned());
            SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value)
        };
        let mut rules = Rules::new();
        for alias in ALIASES {
            for call in FORBIDDEN {
                rules.insert(call | alias, Vec::new());
            }
            for receiver in receivers {
                for (call, argument) in SENDING {
                    let rule = SeccompRule::new(vec![equals(argument, *receiver)?])?;
                    rules.entry(call | alias).or_default().push(rule);
                }
                for command in DUPLICATING {
                    let rule = SeccompRule::new(vec![equals(0, *receiver)?, equals(1, command)?])?;
                    let of_call = rules.entry(libc::SYS_fcntl | alias).or_default();
                    of_call.push(rule);
                }
            }
        }
        Ok(rules)
    }

    /// Lets them fail from now on, as what one may not do fails (EPERM). Nothing is sent by `receivers`, nor are they
    /// ever closed.
    pub(in super::super) fn forbid(receivers: &[RawFd], dropped: &mut Dropped) -> io::Result<()> {
        let Ok(machine) = TargetArch::try_from(std::env::consts::ARCH) else {
            dropped.kept.push(NOT_OFFERED.to_owned());
            return Ok(());
        };
        let filter = rules(receivers).and_then(|rules| {
            SeccompFilter::new(
                rules,
                SeccompAction::Allow,
                SeccompAction::Errno(libc::EPERM.cast_unsigned()),
                machine,
            )
        });
        let program = filter.and_then(BpfProgram::try_from);
        let program = program.map_err(io::Error::other)?;
        match seccompiler::apply_filter(&program) {
            Ok(()) => {
                let gone = match receivers {
                    [] => "starting programs and opening sockets (seccomp)",
                    _ => "starting programs, opening sockets and sending frames (seccomp)",
                };
                dropped.gone.push(gone.to_owned());
            }
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
pub(super) fn forbid(_: &[RawFd], dropped: &mut Dropped) -> io::Result<()> {
    dropped.kept.push(NOT_OFFERED.to_owned());
    Ok(())
}
