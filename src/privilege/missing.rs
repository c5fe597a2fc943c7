//! What this process lacks to capture, and how to grant it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::text::shell;

const CAP_NET_RAW: u32 = 13;
const EFFECTIVE: &str = "CapEff:";
const BOUNDING: &str = "CapBnd:";

/// Says what is missing to capture on `interface`, and every way to grant it.
///
/// CAP_NET_RAW is all it takes, promiscuous mode included. Asking for more would keep the binary from starting at all
/// where the rest can't be had, as in most containers (capabilities(7): a file capability outside the bounding set).
pub fn not_permitted(interface: &str) -> Error {
    let missing = if !has_raw(EFFECTIVE).unwrap_or(false) {
        "this process lacks CAP_NET_RAW"
    } else {
        "the system refused although the process has CAP_NET_RAW (a container or a security module?)"
    };
    let binary = binary_path();
    let arguments: Vec<_> = std::env::args_os()
        .skip(1)
        .map(|argument| shell::word(&argument.to_string_lossy()))
        .collect();
    let command = arguments.join(" ");
    let mut how = Vec::new();
    // A program that is started here never gets what the bounding set lacks, whoever starts it.
    let can_be_had = has_raw(BOUNDING).unwrap_or(true);
    if can_be_had {
        let binary = shell::word(&binary.to_string_lossy());
        how.push(format!("once:      sudo {binary} {command}"));
        how.push(format!("for good:  sudo setcap cap_net_raw=eip {binary}"));
    }
    if !can_be_had || in_container() {
        how.push(
            "container: start it with --cap-add NET_RAW (and --network host to see the host's links)".to_owned(),
        );
    }
    if std::env::var_os("KUBERNETES_SERVICE_HOST").is_some() {
        how.push(
            "pod:       securityContext: {capabilities: {add: [NET_RAW]}} (and hostNetwork: true)"
                .to_owned(),
        );
    }
    Error::NotPermitted {
        interface: interface.to_owned(),
        missing: missing.to_owned(),
        how: how.join("\n"),
    }
}

/// Whether this is root, also by way of sudo or in a user namespace.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The real path: `setcap` does not follow links.
fn binary_path() -> PathBuf {
    std::env::current_exe()
        .and_then(fs::canonicalize)
        .unwrap_or_else(|_| PathBuf::from("netinspect"))
}

/// Whether a set has CAP_NET_RAW, as `/proc/self/status` shows it (proc(5)).
fn has_raw(set: &str) -> Option<bool> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(set))?;
    let set = u64::from_str_radix(line.trim(), 16).ok()?;
    Some(set >> CAP_NET_RAW & 1 == 1)
}

fn in_container() -> bool {
    const MARKS: [&str; 2] = ["/.dockerenv", "/run/.containerenv"];
    MARKS.iter().any(|path| Path::new(path).exists())
        || fs::read_to_string("/proc/1/environ").is_ok_and(|text| text.contains("container="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_a_capability_set() {
        assert!(has_raw(EFFECTIVE).is_some() && has_raw(BOUNDING).is_some());
    }
}
