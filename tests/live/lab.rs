//! Two hosts joined by a cable, each a network namespace.
//!
//! ```text
//! near 10.9.0.1 02:00:00:00:00:01 ── eth0 ── far 10.9.0.2 00:1b:21:00:00:02
//! ```
//!
//! A namespace has no name and lives as long as a process does that sits in it and reads from a pipe of ours. So tests
//! run side by side, and nothing is left behind however a test ends, a killed one too.

use std::env;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use crate::process::{Process, Sender};

pub const NEAR_MAC: &str = "02:00:00:00:00:01";
/// With the prefix of a real maker (Intel), so that vendor names show.
pub const FAR_MAC: &str = "00:1b:21:00:00:02";

pub struct Lab {
    pub near: Host,
    pub far: Host,
}

/// One namespace; ends with this value.
pub struct Host {
    holder: Process,
}

impl Lab {
    /// Makes the two hosts; None, with the reason on standard error, where this machine can't.
    ///
    /// # Panics
    /// Where it can't but `NETINSPECT_LIVE=require` says it must.
    pub fn up() -> Option<Self> {
        if let Err(missing) = Self::possible() {
            skipped(&missing);
            return None;
        }
        let mut first = Command::new("unshare");
        if !is_root() {
            first.args(["--user", "--map-root-user"]);
        }
        first.arg("--net");
        let near = Host::hold(first);
        let mut second = near.command("unshare");
        second.arg("--net");
        let far = Host::hold(second);
        let lab = Self { near, far };
        // Only what a test starts is on the wire: no IPv6 (-e: if there is any), no asking after known neighbours.
        const QUIET: &str = "sysctl -eqw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; \
             ip link set lo up";
        lab.near.sh(QUIET);
        lab.far.sh(QUIET);
        lab.cable("eth0", NEAR_MAC, FAR_MAC);
        for host in [&lab.near, &lab.far] {
            host.sh("sysctl -qw net.ipv4.neigh.eth0.delay_first_probe_time=600");
        }
        lab.near.sh("ip addr add 10.9.0.1/24 dev eth0");
        lab.far.sh("ip addr add 10.9.0.2/24 dev eth0");
        Some(lab)
    }

    /// Another cable between the hosts, up at both ends.
    pub fn cable(&self, name: &str, near_mac: &str, far_mac: &str) {
        let far = self.far.pid();
        self.near.sh(&format!(
            "ip link add {name} address {near_mac} type veth peer name {name} address {far_mac} netns {far}; \
             ip link set {name} up"
        ));
        self.far.sh(&format!("ip link set {name} up"));
    }

    /// Makes `far` the switch of a network, with no address of its own: a host each joins it by [`Self::join`].
    pub fn bridge(&self) {
        self.far.sh(
            "ip addr flush dev eth0; ip link add br0 type bridge; ip link set eth0 master br0; ip link set br0 up",
        );
    }

    /// One more host on the switch, with an eth0.
    pub fn join(&self, port: &str, mac: &str, addresses: &[&str]) -> Host {
        let mut unshare = self.near.command("unshare");
        unshare.arg("--net");
        let host = Host::hold(unshare);
        self.far.sh(&format!(
            "ip link add {port} type veth peer name eth0 address {mac} netns {}; \
             ip link set {port} master br0; ip link set {port} up",
            host.pid()
        ));
        host.sh("ip link set lo up; ip link set eth0 up");
        for address in addresses {
            host.sh(&format!("ip addr add {address} dev eth0"));
        }
        host
    }

    /// Moves an end of a cable from `far` to a host.
    pub fn adopt(&self, host: &Host, end: &str, name: &str, mac: &str) {
        let pid = host.pid();
        self.far
            .sh(&format!("ip link set {end} netns {pid} name {name}"));
        host.sh(&format!("ip link set {name} address {mac} up"));
    }

    fn possible() -> Result<(), String> {
        for tool in ["unshare", "nsenter", "ip", "sysctl", "python3"] {
            if find(tool).is_none() {
                return Err(format!("there is no '{tool}' here"));
            }
        }
        let user = if is_root() {
            ""
        } else {
            "--user --map-root-user "
        };
        let attempt = format!("unshare {user}--net ip link add name try type veth peer name other");
        let said = Command::new("sh")
            .args(["-c", &attempt])
            .env("PATH", path())
            .output()
            .expect("a shell");
        if said.status.success() {
            return Ok(());
        }
        let who = if is_root() {
            "root"
        } else {
            "a user who is not root"
        };
        let said = String::from_utf8_lossy(&said.stderr);
        Err(format!(
            "{who} can't make network namespaces with veth here: {}",
            said.trim()
        ))
    }
}

impl Host {
    fn hold(mut unshare: Command) -> Self {
        // It tells us once unshare has done its work. When our end of the pipe closes though this value was not dropped,
        // the test was killed: then what it left running in the namespace ends too.
        const HOLD: &str = "echo ready; cat >/dev/null; here=$(readlink /proc/self/ns/net); \
             for process in /proc/[0-9]*; do \
                 if [ \"$(readlink $process/ns/net)\" = \"$here\" ] && [ $process != /proc/$$ ]; \
                 then kill -9 ${process#/proc/}; fi; \
             done 2>/dev/null";
        unshare.args(["sh", "-c", HOLD]);
        let mut holder = Process::spawn(unshare.env("PATH", path()));
        holder.expect_line("ready");
        Self { holder }
    }

    fn pid(&self) -> u32 {
        self.holder.id()
    }

    /// A command that will run here. Its process is the program itself, so that it can be signalled.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new("nsenter");
        if !is_root() {
            command.args(["--user", "--preserve-credentials"]);
        }
        let target = self.pid().to_string();
        command
            .args(["--net", "--target", &target, "--"])
            .arg(program);
        command.env("PATH", path()).env_remove("NO_COLOR");
        command
    }

    /// Runs shell commands here to their end; what they print is returned.
    pub fn sh(&self, script: &str) -> String {
        let done = self
            .command("sh")
            .args(["-ec", script])
            .output()
            .expect("a shell in the namespace");
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{script}: {said}");
        String::from_utf8(done.stdout).expect("text")
    }

    /// Starts `wire.py` here.
    pub fn wire(&self, arguments: &[&str]) -> Process {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/live/wire.py");
        Process::spawn(self.command("python3").arg(script).args(arguments))
    }

    /// Starts `scripts/arp_responder` here; returns when it answers.
    pub fn responder(&self, arguments: &[&str]) -> Process {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/arp_responder");
        let mut process = Process::spawn(self.command("python3").arg(script).args(arguments));
        process.expect_line("ready");
        process
    }

    /// Something that sends frames from here.
    pub fn sender(&self) -> Sender {
        Sender::new(self.wire(&["send"]))
    }
}

pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Says that a test was left out, and why.
///
/// # Panics
/// With `NETINSPECT_LIVE=require`.
pub fn skipped(missing: &str) {
    assert!(
        env::var("NETINSPECT_LIVE").as_deref() != Ok("require"),
        "this live test is not possible: {missing}"
    );
    // Not with eprintln!, which nobody sees where a test passes.
    let _ = writeln!(
        io::stderr(),
        "SKIPPED, NOT TESTED: {missing} (NETINSPECT_LIVE=require makes this a failure)"
    );
}

/// `ip` and its like live in sbin, which users often lack.
pub fn path() -> String {
    format!("{}:/usr/sbin:/sbin", env::var("PATH").unwrap_or_default())
}

/// Whether a program is installed.
pub fn find(program: &str) -> Option<()> {
    env::split_paths(&path())
        .any(|directory| directory.join(program).is_file())
        .then_some(())
}
