//! The other programs, and how they are asked.

use std::path::Path;
use std::process::Command;

/// As in the project's comparison tool: no names looked up, no reassembly, so that each frame speaks for itself.
pub const TSHARK: [&str; 9] = [
    "-n",
    "-o",
    "ip.defragment:FALSE",
    "-o",
    "ipv6.defragment:FALSE",
    "-o",
    "tcp.desegment_tcp_streams:FALSE",
    "-o",
    "tcp.try_heuristic_first:FALSE",
];

/// Whether `program` is there; says so where it is not.
pub fn installed(program: &str) -> bool {
    let there = Command::new(program).arg("--version").output().is_ok();
    if !there {
        eprintln!("SKIPPED: {program} is not installed, so nothing was compared with it");
    }
    there
}

/// Known differences are those of 4.0: another version may have fewer or others.
pub fn tshark_is_4_0() -> bool {
    let output = Command::new("tshark").arg("--version").output();
    output.is_ok_and(|output| {
        String::from_utf8_lossy(&output.stdout).contains("TShark (Wireshark) 4.0.")
    })
}

/// Standard output, whatever the exit code: a damaged file has one, and frames all the same.
pub fn output_of(command: &mut Command) -> String {
    match command.env("TZ", "UTC").env("LC_ALL", "C.UTF-8").output() {
        Ok(output) => String::from_utf8_lossy(&output.stdout).into_owned(),
        Err(error) => panic!("{command:?}: {error}"),
    }
}

/// One row a frame, one cell a field, as `tshark -T fields` prints them.
pub fn tshark_rows(path: &Path, fields: &[&str]) -> Vec<Vec<String>> {
    tshark_rows_with(&TSHARK, path, fields)
}

/// The same, with fragments of packets put together.
pub fn tshark_rows_reassembled(path: &Path, fields: &[&str]) -> Vec<Vec<String>> {
    tshark_rows_with(&["-n"], path, fields)
}

fn tshark_rows_with(options: &[&str], path: &Path, fields: &[&str]) -> Vec<Vec<String>> {
    let mut command = Command::new("tshark");
    command
        .args(options)
        .arg("-r")
        .arg(path)
        .args(["-T", "fields"]);
    fields.iter().for_each(|field| {
        command.args(["-e", field]);
    });
    rows(&output_of(&mut command))
}

pub fn rows(text: &str) -> Vec<Vec<String>> {
    text.lines()
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect()
}

/// How many packets capinfos counts; none where it refuses the file.
pub fn capinfos_count(path: &Path) -> Option<usize> {
    // -M: the number itself, not "12 k".
    let text = output_of(
        Command::new("capinfos")
            .args(["-c", "-M", "-T", "-r"])
            .arg(path),
    );
    text.trim().rsplit('\t').next()?.parse().ok()
}
