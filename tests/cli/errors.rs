//! What is said when something was typed wrong or is not there: one sentence, what to do, an exit code.

use crate::support::{fixture, run};

#[test]
fn wrong_command_lines() {
    let demo = fixture("demo.pcap");
    let lines: [&[&str]; 17] = [
        &["frobnicate"],
        &["replay"],
        &["alerts"],
        &["replay", &demo, "--nosuch"],
        &["replay", &demo, "-e", "ip.scr"],
        &["replay", &demo, "-e", "zzzzzzzz"],
        &["replay", &demo, "-f", "tcp prt 80"],
        &["replay", &demo, "-f", "tcp and and udp"],
        &["replay", &demo, "-c", "many"],
        &["replay", &demo, "-T", "line", "-e", "ip.src"],
        &["replay", &demo, "-T", "json", "-x"],
        &["replay", &demo, "-w", "-", "-T", "json"],
        &["replay", &demo, "--threads", "0"],
        &["capture", "lo", "-s", "5 apples"],
        &["vendor", "no-mac"],
        &["subnet", "192.168.1.50"],
        &["subnet", "192.168.1.50/24", "fe80::1%eth0"],
    ];
    let mut text = String::new();
    for line in lines {
        let run = run(line);
        assert_eq!(
            (run.code, run.stdout.as_slice()),
            (Some(2), &b""[..]),
            "{line:?}: {}",
            run.stderr
        );
        text.push_str(&format!(
            "$ netinspect {}\n{}\n",
            line.join(" "),
            run.stderr
        ));
    }
    insta::assert_snapshot!("wrong_command_lines", text);
}

#[test]
fn what_could_not_be_read_gets_no_verdict() {
    for command in ["alerts", "stats", "connections"] {
        let run = run(&[command, "nowhere.pcap"]);
        assert_eq!((run.code, run.lines()), (Some(5), 0), "{}", run.stderr);
        assert!(!run.stderr.contains("no alerts"), "{}", run.stderr);
    }
}

#[test]
fn an_unknown_field_suggests_near_ones() {
    let run = run(&["replay", &fixture("demo.pcap"), "-e", "tcp.srcprot"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("did you mean tcp.srcport"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_bad_filter_points_at_the_mistake() {
    for command in [["replay", "fixtures/demo.pcap"], ["capture", "lo"]] {
        let run = run(&[&command[..], &["-f", "tcp prt 80"]].concat());
        assert_eq!(run.code, Some(2), "{command:?}: {}", run.stderr);
        let lines: Vec<&str> = run.stderr.lines().collect();
        let shown = lines.iter().position(|line| line.trim() == "tcp prt 80");
        let Some(shown) = shown else {
            panic!("{command:?} does not show the filter: {}", run.stderr);
        };
        assert_eq!(
            lines[shown].find("prt"),
            lines[shown + 1].find('^'),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn an_unknown_interface_lists_those_that_exist() {
    let run = run(&["capture", "nosuch0"]);
    assert_eq!(run.code, Some(5), "{}", run.stderr);
    assert!(run.stderr.contains("nosuch0"), "{}", run.stderr);
    let there = run
        .stderr
        .split_once("there are: ")
        .map(|(_, names)| names.to_owned());
    let there = there.unwrap_or_else(|| panic!("no list: {}", run.stderr));
    assert!(there.contains("any"), "{there}");
    // Every machine has a loopback interface, though not always under this name.
    if std::path::Path::new("/sys/class/net/lo").exists() {
        assert!(there.split([',', ' ']).any(|name| name == "lo"), "{there}");
    }
}

#[test]
fn tcpdumps_habit_is_explained() {
    let run = run(&["capture", "lo", "tcp", "port", "80"]);
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert!(
        run.stderr
            .contains("netinspect capture lo -f 'tcp port 80'"),
        "{}",
        run.stderr
    );
}

#[test]
fn tcpdumps_habit_without_an_interface_is_explained() {
    let run = run(&["capture", "tcp", "port", "80"]);
    assert!(run.stderr.contains("-f 'tcp port 80'"), "{}", run.stderr);
}

#[test]
fn files_that_can_not_be_opened() {
    for (path, cause) in [
        ("no-such-file.pcap", "No such file"),
        ("fixtures", "directory"),
    ] {
        let run = run(&["replay", path]);
        assert_eq!(run.code, Some(5), "{path}: {}", run.stderr);
        assert!(
            run.stderr
                .starts_with(&format!("netinspect: cannot open {path}: ")),
            "{}",
            run.stderr
        );
        assert!(run.stderr.contains(cause), "{}", run.stderr);
    }
}

#[test]
fn a_name_that_is_no_utf8_is_no_trouble() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let mut command = crate::support::netinspect();
    command
        .arg("replay")
        .arg(OsStr::from_bytes(b"no-such-\xff\x1b[31m.pcap"));
    let run = crate::support::finish(&mut command);
    assert_eq!(run.code, Some(5), "{}", run.stderr);
    assert!(!run.stderr.contains('\u{1b}'), "{:?}", run.stderr);
}

#[test]
fn results_are_alone_on_standard_output() {
    let quiet = run(&["replay", "-q", &fixture("demo.pcap")]);
    assert_eq!((quiet.code, quiet.stdout.as_slice()), (Some(0), &b""[..]));
    assert_eq!(
        quiet.stderr,
        "netinspect: 29 frames passed, 2398 bytes on the wire\n"
    );
    let counted = run(&[
        "replay",
        "-v",
        "-c1",
        "-e",
        "frame.number",
        &fixture("demo.pcap"),
    ]);
    assert_eq!(counted.text(), "1\n");
    // What follows tells which rights were given up, and depends on who runs this.
    assert_eq!(
        counted.stderr.lines().next(),
        Some("netinspect: 1 frame passed, 42 bytes on the wire")
    );
}
