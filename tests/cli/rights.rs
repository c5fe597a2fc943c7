//! Capturing without the right to: what is missing is named, and every way to grant it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// Effective capabilities of this process; bit 13 is CAP_NET_RAW.
fn may_capture() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let effective = line.and_then(|hex| u64::from_str_radix(hex.trim(), 16).ok());
    effective.is_some_and(|bits| bits >> 13 & 1 == 1)
}

/// A copy of the program where another user can run it: the build folder may be closed to them.
fn copy_for_others() -> (TempDir, PathBuf) {
    let place = || -> std::io::Result<(TempDir, PathBuf)> {
        let folder = tempfile::tempdir()?;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        let copy = folder.path().join("netinspect");
        fs::copy(assert_cmd::cargo::cargo_bin!("netinspect"), &copy)?;
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o755))?;
        let real = fs::canonicalize(copy)?;
        Ok((folder, real))
    };
    match place() {
        Ok(placed) => placed,
        Err(error) => panic!("no copy of the program: {error}"),
    }
}

/// A command that runs `program` without any capability, or none where this machine can't.
fn without_rights(program: &Path) -> Option<Command> {
    if !may_capture() {
        return Some(Command::new(program));
    }
    let drop = [
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
        "--inh-caps=-all",
    ];
    let tried = Command::new("setpriv").args(drop).arg("true").output();
    if !tried.is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED: this process may capture, and there is no setpriv to take that away");
        return None;
    }
    let mut command = Command::new("setpriv");
    command.args(drop).arg(program);
    Some(command)
}

fn stderr_of(command: &mut Command, expected: i32) -> String {
    match command.env("TZ", "UTC").current_dir("/").output() {
        Ok(output) => {
            let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(
                output.status.code(),
                Some(expected),
                "{command:?}: {stderr}"
            );
            assert_eq!(output.stdout, b"", "{command:?}");
            stderr
        }
        Err(error) => panic!("{command:?}: {error}"),
    }
}

#[test]
fn what_is_missing_and_how_to_grant_it() {
    let (_folder, program) = copy_for_others();
    let Some(mut command) = without_rights(&program) else {
        return;
    };
    let stderr = stderr_of(command.args(["capture", "lo", "-c", "1"]), 3);
    let path = program.display().to_string();
    for part in [
        "no permission to capture on lo".to_owned(),
        "CAP_NET_RAW".to_owned(),
        format!("sudo {path} capture lo"),
        format!("sudo setcap cap_net_raw=eip {path}"),
    ] {
        assert!(stderr.contains(&part), "lacks {part:?}: {stderr}");
    }
}

/// `setcap` does not follow links, so that the path must be the real one.
#[test]
fn the_path_is_real_behind_a_link() {
    let (folder, program) = copy_for_others();
    let link = folder.path().join("link");
    if let Err(error) = std::os::unix::fs::symlink(&program, &link) {
        panic!("{error}");
    }
    let Some(mut command) = without_rights(&link) else {
        return;
    };
    let stderr = stderr_of(command.args(["capture", "any"]), 3);
    assert!(
        stderr.contains(&format!("=eip {}", program.display())),
        "{stderr}"
    );
}

/// A typing error is told as one, not as a missing right: names can be listed by anybody.
#[test]
fn a_wrong_name_is_told_as_such_without_rights() {
    let (_folder, program) = copy_for_others();
    let Some(mut command) = without_rights(&program) else {
        return;
    };
    let stderr = stderr_of(command.args(["capture", "nosuch0"]), 5);
    assert!(stderr.contains("there are: "), "{stderr}");
    assert!(!stderr.contains("setcap"), "{stderr}");
}

#[test]
fn reading_files_needs_no_rights() {
    let (_folder, program) = copy_for_others();
    let Some(mut command) = without_rights(&program) else {
        return;
    };
    // On standard input, since another user may not enter the folder that the fixtures are in.
    let input = match fs::File::open(crate::support::fixture_path("link-ipv4.pcap")) {
        Ok(input) => input,
        Err(error) => panic!("{error}"),
    };
    command
        .args(["replay", "-e", "ip.src", "-"])
        .stdin(input)
        .current_dir("/");
    match command.output() {
        Ok(output) => assert_eq!(String::from_utf8_lossy(&output.stdout), "10.9.0.1\n"),
        Err(error) => panic!("{command:?}: {error}"),
    }
}
