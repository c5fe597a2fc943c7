//! Readers that go away, disks that are full.

use std::fs::OpenOptions;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::fixture;

/// The plain command, for what needs real pipes in between.
fn plain(arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("netinspect"));
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments);
    command
}

/// Reads one byte of what `arguments` print, closes the pipe, and tells how the program ended and what it said.
fn close_early(arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = plain(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => panic!("{command:?}: {error}"),
    };
    if let Some(mut out) = child.stdout.take() {
        let mut byte = [0];
        if let Err(error) = out.read_exact(&mut byte) {
            panic!("{arguments:?} printed nothing: {error}");
        }
    }
    match child.wait_with_output() {
        Ok(output) => (
            output.status.code(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        ),
        Err(error) => panic!("{arguments:?}: {error}"),
    }
}

/// Far more than a pipe holds (64 KiB), so that it must meet the closed end.
fn many_times(name: &str) -> Vec<String> {
    vec![fixture(name); 400]
}

#[test]
fn a_closed_pipe_is_done() {
    let files = many_times("demo.pcap");
    for form in [
        &[][..],
        &["-T", "json"],
        &["-T", "csv"],
        &["--threads", "1"],
        &["--threads", "4"],
        &["-w", "-"],
    ] {
        let mut arguments = vec!["replay"];
        arguments.extend(form);
        arguments.extend(files.iter().map(String::as_str));
        let (code, stderr) = close_early(&arguments);
        assert_eq!(code, Some(0), "{form:?}: {stderr}");
        assert!(
            !stderr.contains("roken pipe") && !stderr.contains("panicked"),
            "{form:?}: {stderr}"
        );
    }
}

#[test]
fn a_closed_pipe_is_done_for_other_commands() {
    for arguments in [&["fields"][..], &["man"], &["completions", "bash"]] {
        let (code, stderr) = close_early(arguments);
        assert_eq!((code, stderr.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

/// The pipe is closed before anything was printed, as `| true` does.
#[test]
fn a_pipe_closed_from_the_start_is_done() {
    for form in [&[][..], &["-T", "csv"]] {
        // From standard input, which is given only after the pipe was closed.
        let mut child = match plain(&[&["replay", "-"], form].concat())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
        {
            Ok(child) => child,
            Err(error) => panic!("{error}"),
        };
        drop(child.stdout.take());
        if let Some(mut input) = child.stdin.take() {
            let bytes = std::fs::read(crate::support::fixture_path("demo.pcap"));
            let sent = bytes.and_then(|bytes| std::io::Write::write_all(&mut input, &bytes));
            // It may have ended before reading all.
            drop(sent);
        }
        match child.wait_with_output() {
            Ok(output) => {
                let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
                assert_eq!(
                    (output.status.code(), stderr.as_str()),
                    (Some(0), ""),
                    "{form:?}"
                );
            }
            Err(error) => panic!("{form:?}: {error}"),
        }
    }
}

#[test]
fn a_full_disk_is_told() {
    let Ok(full) = OpenOptions::new().write(true).open("/dev/full") else {
        eprintln!("SKIPPED: this machine has no /dev/full");
        return;
    };
    let path = fixture("demo.pcap");
    let printed = plain(&["replay", &path])
        .stdout(full)
        .stderr(Stdio::piped())
        .output();
    let saved = plain(&["replay", &path, "-w", "/dev/full"]).output();
    for (what, output) in [("standard output", printed), ("/dev/full", saved)] {
        match output {
            Ok(output) => {
                let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
                assert_eq!(output.status.code(), Some(5), "{what}: {stderr}");
                assert!(
                    stderr.contains(what) && stderr.contains("No space left"),
                    "{what}: {stderr}"
                );
            }
            Err(error) => panic!("{what}: {error}"),
        }
    }
}

/// What is left to be written at the end of the capture fails no second time.
#[test]
fn a_full_disk_is_told_once() {
    let demo = fixture("demo.pcap");
    let scan = fixture("port-scan.pcap");
    let as_they_end = ["connections", "-T", "json", "--max-connections", "1", &demo];
    for arguments in [&as_they_end[..], &["alerts", &scan]] {
        let Ok(full) = OpenOptions::new().write(true).open("/dev/full") else {
            eprintln!("SKIPPED: this machine has no /dev/full");
            return;
        };
        let mut command = plain(arguments);
        let output = command.stdout(full).stderr(Stdio::piped()).output();
        let output = output.unwrap_or_else(|error| panic!("{arguments:?}: {error}"));
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(5), "{arguments:?}: {stderr}");
        let told = stderr.matches("No space left").count();
        assert_eq!(told, 1, "{arguments:?}: {stderr}");
    }
}

/// Whoever writes to us may have nothing to say for hours; that nobody reads our results any more is noticed without.
#[test]
fn a_reader_that_goes_away_is_noticed_without_more_input() {
    let mut child = plain(&["replay", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut input = child.stdin.take().expect("a pipe");
    let capture = std::fs::read(crate::support::fixture_path("demo.pcap")).expect("a fixture");
    std::io::Write::write_all(&mut input, &capture).expect("it reads");
    let mut output = child.stdout.take().expect("a pipe");
    output.read_exact(&mut [0; 100]).expect("lines");
    drop(output);
    let since = Instant::now();
    let status = loop {
        match child.try_wait().expect("a child") {
            Some(status) => break status,
            None if since.elapsed() > Duration::from_secs(10) => {
                child.kill().expect("a child");
                panic!("it waits for input that nobody wants");
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    assert_eq!(status.code(), Some(0));
    drop(input);
}

/// Standard error is a pipe here: progress is told only where it is asked for, a line each second.
#[test]
fn progress_tells_how_much_was_read() {
    for (arguments, expected) in [
        (&["replay", "-q", "-", "--progress"][..], true),
        (&["replay", "-q", "-"], false),
    ] {
        let mut child = plain(arguments)
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut input = child.stdin.take().expect("a pipe");
        let capture = std::fs::read(crate::support::fixture_path("demo.pcap")).expect("a fixture");
        std::io::Write::write_all(&mut input, &capture).expect("it reads");
        std::thread::sleep(Duration::from_millis(1500));
        drop(input);
        let output = child.wait_with_output().expect("a child");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let frames = capture.len() as f64 / 1024.0;
        let told = stderr.contains(&format!("netinspect: {frames:.2} KiB, "))
            && stderr.contains("; 29 frames");
        assert_eq!(told, expected, "{stderr}");
    }
}

/// What a shell passes as a path (`<(zcat …)`, `/dev/stdin`), and named pipes, each written only when the one before was.
#[test]
fn pipes_are_read_by_their_paths_in_their_turn() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = "mkfifo one two && { cat \"$1\" >one && cat \"$1\" >two & } && \
         \"$0\" replay -e frame.number one two && cat \"$1\" | \"$0\" replay -e frame.number /dev/stdin";
    let output = Command::new("timeout")
        .args(["20", "sh", "-c", script])
        .arg(assert_cmd::cargo::cargo_bin!("netinspect"))
        .arg(crate::support::fixture_path("demo.pcap"))
        .current_dir(folder.path())
        .output()
        .expect("a shell");
    let stderr = String::from_utf8_lossy(&output.stderr);
    let shown = String::from_utf8_lossy(&output.stdout);
    let expected: String = (1..=58)
        .chain(1..=29)
        .map(|number| format!("{number}\n"))
        .collect();
    assert_eq!(
        (output.status.code(), &*shown),
        (Some(0), &*expected),
        "{stderr}"
    );
}

/// More files than a process may have open.
#[test]
fn any_number_of_files_is_read() {
    let fixture = fixture("link-ipv4.pcap");
    let output = Command::new("sh")
        .args(["-c", "ulimit -n 100; exec \"$0\" \"$@\""])
        .arg(assert_cmd::cargo::cargo_bin!("netinspect"))
        .args(["replay", "-e", "frame.number"])
        .args(vec![fixture; 300])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("a shell");
    let lines = output.stdout.iter().filter(|byte| **byte == b'\n').count();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), lines), (Some(0), 300), "{stderr}");
}
