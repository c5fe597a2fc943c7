//! `netinspect arp watch -r`: what is told of bindings, where it is kept, and how it ends.

use std::os::unix::fs::PermissionsExt;

use crate::support::{fixture, run};

const BINDINGS: &str = "arp-bindings.pcap";

#[test]
fn every_event() {
    let file = fixture(BINDINGS);
    let told = run(&["arp", "watch", "-v", "-r", &file, "--net", "10.9.0.0/24"]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    insta::assert_snapshot!("watch_events", told.text());
    // Replaying gives the same every time.
    let again = run(&["arp", "watch", "-v", "-r", &file, "--net", "10.9.0.0/24"]);
    assert_eq!(told.text(), again.text());
}

#[test]
fn quiet_events_are_counted_unless_asked_for() {
    let told = run(&["arp", "watch", "-r", &fixture(BINDINGS)]);
    assert!(!told.text().contains(" quiet "), "{}", told.text());
    assert!(
        told.stderr.contains("3 quiet (-v shows them)"),
        "{}",
        told.stderr
    );
}

#[test]
fn json_has_the_same_events() {
    let json = run(&["arp", "watch", "-T", "json", "-r", &fixture(BINDINGS)]).text();
    let lines = run(&["arp", "watch", "-r", &fixture(BINDINGS)]).text();
    assert_eq!(json.lines().count(), lines.lines().count());
    for (json, line) in json.lines().zip(lines.lines()) {
        let object: serde_json::Value = serde_json::from_str(json).expect("JSON");
        for name in ["event", "level", "address", "mac"] {
            let value = object[name].as_str().unwrap_or_default();
            assert!(
                !value.is_empty() && line.contains(value),
                "{name}: {json} {line}"
            );
        }
    }
}

#[test]
fn the_exit_code_says_whether_there_was_a_warning() {
    let calm = fixture("arp-exchange.pcap");
    assert_eq!(run(&["arp", "watch", "--fail", "-r", &calm]).code, Some(0));
    let spoofed = fixture(BINDINGS);
    assert_eq!(run(&["arp", "watch", "-r", &spoofed]).code, Some(0));
    assert_eq!(
        run(&["arp", "watch", "--fail", "-r", &spoofed]).code,
        Some(1)
    );
    let damaged = fixture("pcap-cut-in-record.pcap");
    assert_eq!(
        run(&["arp", "watch", "--fail", "-r", &damaged]).code,
        Some(4)
    );
}

#[test]
fn only_what_is_expected_is_no_warning() {
    let folder = tempfile::tempdir().expect("a folder");
    let list = folder.path().join("expected");
    let path = list.to_str().expect("UTF-8");
    let ends = |text: &str| {
        std::fs::write(&list, text).expect("written");
        run(&[
            "arp",
            "watch",
            "--fail",
            "--expect",
            path,
            "-r",
            &fixture("arp-exchange.pcap"),
        ])
    };
    let both = "# the lab\n10.9.0.1 02:00:00:00:00:01\n\n0:1b:21:0:0:2\t10.9.0.2  # either order\n";
    assert_eq!(ends(both).code, Some(0));
    let one = ends("10.9.0.1 02:00:00:00:00:01");
    assert_eq!(one.code, Some(1));
    assert!(
        one.text()
            .contains("unexpected binding           10.9.0.2 at 00:1b:21:00:00:02"),
        "{}",
        one.text()
    );
    let wrong = ends("10.9.0.1 02:00:00:00:00:01\n10.9.0.2 is at home\n");
    assert_eq!((wrong.code, wrong.stdout.len()), (Some(2), 0));
    assert!(
        wrong.stderr.contains("expected, line 2: "),
        "{}",
        wrong.stderr
    );
}

#[test]
fn a_table_makes_the_next_run_go_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("n.db");
    let db = db.to_str().expect("UTF-8");
    let file = fixture("arp-exchange.pcap");
    let first = run(&["arp", "watch", "-v", "-r", &file, "--db", db]);
    assert_eq!(first.lines(), 2, "{}", first.text());
    let second = run(&["arp", "watch", "-v", "-r", &file, "--db", db]);
    assert_eq!(second.text(), "", "known by now");
    let history = run(&["neighbors", "history", "10.9.0.2", "--db", db]).text();
    assert!(
        history.contains("new station: 10.9.0.2 at 00:1b:21:00:00:02 (Intel)"),
        "{history}"
    );
    // Within a minute much may happen: events have their second.
    let event = history.lines().find(|line| line.contains("new station"));
    let (time, _) = event
        .and_then(|line| line.split_once(": "))
        .expect("a time");
    let time = time.trim().trim_end_matches(" new station");
    assert_eq!(time.len(), "2026-11-22 05:43:07".len(), "{history}");
    assert_eq!(history.matches("new station").count(), 1);
}

/// The program runs though the process that reads frames may start none.
#[test]
fn each_event_is_handed_to_a_program() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("it's a program");
    let told = folder.path().join("told");
    let script = format!(
        "#!/bin/sh\nprintf '%s|%s|%s|%s\\n' \"$NETINSPECT_EVENT\" \"$NETINSPECT_ADDRESS\" \"$NETINSPECT_OTHER_MAC\" \"$(cat)\" >>'{}'\n",
        told.display()
    );
    std::fs::write(&program, script).expect("written");
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).expect("executable");
    let program = program.to_str().expect("UTF-8");
    let done = run(&["arp", "watch", "-r", &fixture(BINDINGS), "--exec", program]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let mut handed: Vec<String> = std::fs::read_to_string(&told)
        .expect("it ran")
        .lines()
        .map(str::to_owned)
        .collect();
    // Several run at once, so they may end in another order.
    handed.sort();
    let mut expected: Vec<String> = run(&["arp", "watch", "-T", "json", "-r", &fixture(BINDINGS)])
        .text()
        .lines()
        .map(|line| {
            let event: serde_json::Value = serde_json::from_str(line).expect("JSON");
            let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
            format!(
                "{}|{}|{}|{line}",
                text("event"),
                text("address"),
                text("other_mac")
            )
        })
        .collect();
    expected.sort();
    assert_eq!(handed, expected);
    let missing = run(&[
        "arp",
        "watch",
        "-r",
        &fixture(BINDINGS),
        "--exec",
        "/no/such/program",
    ]);
    assert_eq!(missing.code, Some(2), "{}", missing.stderr);
    assert!(
        missing
            .stderr
            .contains("--exec /no/such/program: there is no program"),
        "{}",
        missing.stderr
    );
}

#[test]
fn a_file_waits_for_its_programs() {
    let folder = tempfile::tempdir().expect("a folder");
    // More events than may wait live, and a tenth of a second and two for all of them.
    let events = 3_000;
    let capture = folder.path().join("many.pcap");
    std::fs::write(&capture, announcements(events)).expect("written");
    let (program, told) = (folder.path().join("program"), folder.path().join("told"));
    let script = format!("#!/bin/sh\necho >>'{}'\n", told.display());
    std::fs::write(&program, script).expect("written");
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).expect("executable");
    let [capture, program] = [&capture, &program].map(|path| path.to_str().expect("UTF-8"));
    let done = run(&["arp", "watch", "-r", capture, "--exec", program]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert!(!done.stderr.contains("not handed"), "{}", done.stderr);
    let told = std::fs::read_to_string(told).expect("it ran");
    assert_eq!(told.lines().count(), events as usize);
}

/// A capture in which so many new stations announce themselves.
fn announcements(count: u16) -> Vec<u8> {
    let mut capture = vec![
        0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0,
    ];
    for station in 0..count {
        let [high, low] = station.to_be_bytes();
        let (mac, ip) = ([0, 0x1b, 0x21, 1, high, low], [10, 9, high, low]);
        let mut frame = [&[0xff; 6][..], &mac, &[8, 6, 0, 1, 8, 0, 6, 4, 0, 1]].concat();
        frame.extend([&mac[..], &ip, &[0; 6], &ip].concat());
        let length = (frame.len() as u32).to_le_bytes();
        capture.extend([u32::from(station).to_le_bytes(), [0; 4], length, length].concat());
        capture.extend(frame);
    }
    capture
}

#[test]
fn a_program_that_never_ends_does_not_hold_up_the_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let (program, pids) = (folder.path().join("slow"), folder.path().join("pids"));
    let script = format!(
        "#!/bin/sh\nsleep 120 &\necho $! >>'{}'\nwait\n",
        pids.display()
    );
    std::fs::write(&program, script).expect("written");
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).expect("executable");
    let program = program.to_str().expect("UTF-8");
    // As many as may run at once: those beyond would wait a minute for them.
    let capture = folder.path().join("few.pcap");
    std::fs::write(&capture, announcements(8)).expect("written");
    let capture = capture.to_str().expect("UTF-8");
    let begun = std::time::Instant::now();
    let done = run(&["arp", "watch", "-r", capture, "--exec", program]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
    for said in [
        "waiting for the programs that --exec runs",
        "8 programs ended: too slow",
    ] {
        assert!(done.stderr.contains(said), "{}", done.stderr);
    }
    // Nor does what it started go on.
    let pids = std::fs::read_to_string(pids).expect("it ran");
    assert!(!pids.is_empty());
    for pid in pids.lines() {
        let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // Whoever takes care of orphans may not have looked yet.
        assert!(state.is_empty() || state.contains(") Z "), "{state}");
    }
}
