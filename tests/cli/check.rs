//! `check`: the examples of docs/check.md, the forms of its reports, exit codes.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{finish, fixture, netinspect, run};

/// The words of a command line, quoted as in a shell.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    words.push(word);
    words
}

#[test]
fn every_example_of_the_page_is_true() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/check.md");
    let page = fs::read_to_string(&path).expect("docs/check.md");
    let mut examples = 0;
    for block in page.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        let (command, expected) = block.split_once('\n').expect("a command and its output");
        let command = command.strip_prefix("$ netinspect ").expect("a command");
        let run = finish(netinspect().args(words(command)));
        let said = format!("{}{}", run.text(), run.stderr);
        assert_eq!(said, expected, "{command}");
        let code = if expected.starts_with("netinspect: ") {
            2
        } else {
            i32::from(expected.contains("FAIL") || expected.contains("not ok"))
        };
        assert_eq!(run.code, Some(code), "{command}");
        examples += 1;
    }
    assert_eq!(examples, 11, "ten examples and a mistake");
}

fn check(sentence: &str, file: &str) -> (Option<i32>, String) {
    let run = run(&["check", "-q", "-E", sentence, &fixture(file)]);
    (run.code, run.text())
}

#[test]
fn every_sentence_can_fail() {
    for sentence in [
        "any(ftp)",
        "none(arp)",
        "count(icmp.type == 8) == 3",
        "count(icmp.type == 8) < 2",
        "every(ip, ip.ttl == 63)",
        "every(ftp, ip)",
        "min(frame.len) > 42",
        "max(frame.len) < 251",
        "max(frame.len, ftp) < 251",
        "sum(frame.len, arp) != 84",
        "sequence(tcp.flags == 0x12, within 1s, tcp.flags == 0x02, by tcp.stream)",
        "sequence(arp.opcode == 1, within 1ns, arp.opcode == 2)",
        "answered(icmp.type == 8, within 1ns, icmp.type == 0)",
        "answered(tcp.flags == 0x02, within 1s, tcp.flags == 0x12, by tcp.stream)",
        "answered(ftp, within 1s, ip)",
        "10.9.0.2 is-at 00:1b:21:00:00:03",
        "10.9.0.3 is-at 00:1b:21:00:00:02",
        "every connection completes its handshake",
        "every connection to port 4 completes its handshake",
        "no connection to 10.9.0.2 port 80 is closed",
        "max(handshake_rtt) < 1ns",
        "sum(bytes) < 1KB",
        "max(duration) < 1ms",
        "sum(retransmissions) > 0",
        "alert syn-flood",
    ] {
        let (code, text) = check(sentence, "demo.pcap");
        assert_eq!(code, Some(1), "{sentence}: {text}");
        assert!(text.contains("FAIL"), "{text}");
    }
    let (code, text) = check("no alert syn-flood", "syn-flood.pcap");
    assert_eq!(code, Some(1), "{text}");
}

#[test]
fn rules_of_a_file_have_names_and_their_mistakes_a_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("rules.toml");
    let path = path.to_string_lossy();
    fs::write(
        &*path,
        "[[rule]]\nname = \"a & <b>\"\nexpect = \"none(arp)\"\n\n[[rule]]\nexpect = \"any(tcp)\"\n",
    )
    .expect("rules");
    let demo = fixture("demo.pcap");
    let checked = run(&["check", "-q", &path, &demo]);
    assert_eq!(checked.code, Some(1), "{}", checked.stderr);
    let text = checked.text();
    assert!(
        text.starts_with("FAIL  a & <b>\n      expected: none(arp)\n"),
        "{text}"
    );
    fs::write(
        &*path,
        "[[rule]]\nexpect = \"any(tcp)\"\n[[rule]]\nexpect = \"any(tpc)\"\n",
    )
    .expect("rules");
    let wrong = run(&["check", &path, &demo]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.stderr.contains("line 4: "), "{}", wrong.stderr);
    for nonsense in ["", "rule = 5", "[[rule]]\nexpct = \"any(tcp)\""] {
        fs::write(&*path, nonsense).expect("rules");
        let wrong = run(&["check", &path, &demo]);
        assert_eq!(wrong.code, Some(2), "{nonsense}: {}", wrong.stderr);
    }
}

#[test]
fn damaged_input_is_judged_as_far_as_it_goes() {
    let damaged = fixture("pcap-cut-in-record.pcap");
    let run = run(&["check", "-q", "-E", "any(frame)", &damaged]);
    assert_eq!(run.code, Some(4), "{}", run.stderr);
    assert!(run.text().starts_with("ok    any(frame)"), "{}", run.text());
}

#[test]
fn within_ends_a_file_by_its_own_times() {
    let demo = fixture("demo.pcap");
    let late = ["check", "-q", "-E", "any(tcp)", "--within", "10ms", &demo];
    assert_eq!(run(&late).code, Some(1));
    let soon = ["check", "-E", "any(arp)", "--within", "10s", &demo];
    let run = run(&soon);
    assert_eq!(run.code, Some(0));
    assert!(
        run.stderr.contains("1 frame passed"),
        "decided by the first: {}",
        run.stderr
    );
}

/// The command to look with shows, in a shell, the frames that were told.
#[test]
fn what_the_user_wrote_is_told_as_written_and_can_be_pasted() {
    let folder = tempfile::tempdir().expect("a folder");
    let odd = folder.path().join(r"it's a\b.pcap");
    fs::copy(fixture("demo.pcap"), &odd).expect("a copy");
    for condition in [
        r#"http.host matches "www\\.lab""#,
        r#"http.host != "it's""#,
        "arp",
    ] {
        let sentence = format!("none({condition})");
        let run = run(&["check", "-q", "-E", &sentence, &odd.display().to_string()]);
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        let text = run.text();
        assert!(text.starts_with(&format!("FAIL  {sentence}\n")), "{text}");
        let look = text
            .lines()
            .find_map(|line| line.trim().strip_prefix("look: netinspect "));
        let binary = env!("CARGO_BIN_EXE_netinspect");
        let command = format!("{binary} {} -e frame.number", look.expect("a command"));
        let shown = Command::new("sh")
            .args(["-c", &command])
            .output()
            .expect("a shell");
        let numbers = String::from_utf8_lossy(&shown.stdout);
        let numbers: Vec<_> = numbers.lines().collect();
        let list = numbers.join(", ");
        let said = format!(
            "frame{} {list}\n",
            if numbers.len() == 1 { "" } else { "s" }
        );
        assert!(
            !list.is_empty() && text.contains(&said),
            "{command}: {list}\n{text}"
        );
    }
    // And a mistake is shown as it was made.
    let run = run(&[
        "check",
        "-E",
        r#"none(http.host matches "www\.lab")"#,
        &fixture("demo.pcap"),
    ]);
    assert!(run.stderr.contains(r"'\.' is no escape"), "{}", run.stderr);
    assert!(run.stderr.contains(r#""www\.lab""#), "{}", run.stderr);
}

#[test]
fn github_gets_an_annotation_for_each_failure() {
    let demo = fixture("demo.pcap");
    let run = run(&[
        "check",
        "-q",
        "-T",
        "github",
        "-E",
        "none(arp)",
        "-E",
        "any(tcp)",
        &demo,
    ]);
    assert_eq!(
        run.text(),
        "::error title=none(arp)::2 frames match; expected 0; frames 1, 2 (fixtures/demo.pcap; expected: none(arp))\n\
         ::notice title=netinspect check::fixtures/demo.pcap: 1 of 2 hold\n"
    );
}

#[test]
fn json_is_an_object_a_rule() {
    let demo = fixture("demo.pcap");
    let run = run(&[
        "check",
        "-q",
        "-T",
        "json",
        "-E",
        "none(arp)",
        "-E",
        "any(tcp)",
        &demo,
    ]);
    let lines: Vec<serde_json::Value> = run
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(
        (&lines[0]["holds"], &lines[1]["holds"]),
        (&false.into(), &true.into())
    );
    assert_eq!(lines[0]["frames"], serde_json::json!([1, 2]));
}

#[test]
fn what_there_is_to_check_has_to_be_said() {
    let demo = fixture("demo.pcap");
    for line in [
        &["check", &demo] as &[&str],
        &["check", "-E", "any(tcp)"],
        &["check", "-E", "any(tcp)", &demo, "-i", "lo"],
        &["check", "nosuch.toml", &demo],
    ] {
        let run = run(line);
        assert!(matches!(run.code, Some(2 | 5)), "{line:?}: {run:?}");
        assert_eq!(run.lines(), 0);
    }
}

/// Each of these follows connections for itself. A container or a batch system may limit how much memory a process asks
/// for, not only how much it uses.
#[test]
fn many_rules_ask_for_little_memory() {
    let limited = "ulimit -v 1500000; exec \"$0\" check -q \"$@\"";
    let mut shell = assert_cmd::Command::new("sh");
    shell.args(["-c", limited, env!("CARGO_BIN_EXE_netinspect")]);
    for port in 1000..1060 {
        shell.args(["-E", &format!("no connection to port {port} is reset")]);
    }
    let run = finish(shell.arg(fixture("demo.pcap")));
    assert_eq!(run.code, Some(0), "{}", run.stderr);
}

#[test]
fn no_report_is_clean_where_not_all_was_read() {
    let cut = fixture("pcap-cut-in-record.pcap");
    for (path, code) in [("nowhere.pcap", 5), (cut.as_str(), 4)] {
        let told = |form: &str| {
            let done = run(&["check", "-q", "-T", form, "-E", "none(dns)", path]);
            assert_eq!(done.code, Some(code), "{form}: {}", done.stderr);
            done.text()
        };
        for (form, expected) in [
            (
                "text",
                "1 of 1 hold in what could be read, which is not all",
            ),
            (
                "tap",
                "1..2\nok 1 - none(dns)\nnot ok 2 - all of the input was read\n",
            ),
            ("junit", "tests=\"2\" failures=\"0\" errors=\"1\""),
            ("junit", "type=\"input\">"),
            ("json", "\"holds\":false"),
            ("github", "::error title=netinspect check::"),
        ] {
            let text = told(form);
            assert!(text.contains(expected), "{form} of {path}: {text}");
        }
    }
    let whole = fixture("demo.pcap");
    let report = run(&["check", "-q", "-T", "json", "-E", "any(tcp)", &whole]).text();
    assert!(
        report.contains("\"errors\":[]") && report.contains("\"holds\":true"),
        "{report}"
    );
}

#[test]
fn what_holds_of_no_frame_is_said_to() {
    let file = fixture("demo.pcap");
    let check = |filter| run(&["check", "-E", "no alert arp-spoofing", "-f", filter, &file]);
    let (none, some) = (check("udp port 7"), check("ip"));
    assert!(
        none.text().ends_with("1 of 1 hold, of no frame at all\n"),
        "{}",
        none.text()
    );
    assert!(some.text().ends_with("1 of 1 hold\n"), "{}", some.text());
    assert_eq!((none.code, some.code), (Some(0), Some(0)));
}
