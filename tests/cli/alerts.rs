//! `alerts`: what is told, in which form, with which exit code.

use std::fs;

use crate::support::{fixture, run};

fn objects(text: &str) -> Vec<serde_json::Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

#[test]
fn a_spoofed_gateway_as_people_see_it() {
    let spoof = fixture("arp-spoof.pcap");
    let run = run(&["alerts", &spoof]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        run.stderr.contains("alerts: 2 critical, 1 warning"),
        "{}",
        run.stderr
    );
    insta::assert_snapshot!("arp_spoof", run.text());
}

#[test]
fn json_has_the_keys_that_the_page_lists() {
    let spoof = fixture("arp-spoof.pcap");
    let alerts = objects(&run(&["alerts", "-q", "-T", "json", &spoof]).text());
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/alerts.md"))
        .expect("docs/alerts.md");
    assert!(alerts.len() >= 3);
    for (key, _) in alerts
        .iter()
        .flat_map(|alert| alert.as_object().expect("an object"))
    {
        assert!(
            page.contains(&format!("`{key}`")),
            "docs/alerts.md lacks {key}"
        );
    }
    let critical: Vec<_> = alerts
        .iter()
        .filter(|alert| alert["severity"] == "critical")
        .collect();
    assert_eq!(critical[0]["alert"], "arp-spoofing");
    assert_eq!(critical[0]["first"]["frame"], 9);
    assert_eq!(critical[0]["first"]["time"], "1700000000.624456000");
}

/// What an alert gives as a filter is one, and shows the frames it is about.
#[test]
fn filters_show_frames() {
    for name in [
        "arp-spoof.pcap",
        "syn-flood.pcap",
        "port-scan.pcap",
        "arp-gratuitous-probe.pcap",
    ] {
        let file = fixture(name);
        let alerts = objects(&run(&["alerts", "-q", "-T", "json", &file]).text());
        assert!(!alerts.is_empty(), "{name}");
        for alert in alerts {
            let filter = alert["filter"].as_str().expect("a filter");
            let shown = run(&["replay", &file, "-Y", filter, "-e", "frame.number"]);
            assert_eq!(shown.code, Some(0), "{filter}: {}", shown.stderr);
            let frame = alert["last"]["frame"].to_string();
            let found = shown.text().lines().any(|line| line == frame);
            assert!(
                found || alert["alert"] == "syn-flood",
                "{name}: {filter} lacks frame {frame}"
            );
        }
    }
}

#[test]
fn every_kind_is_on_the_page() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/alerts.md"))
        .expect("docs/alerts.md");
    for kind in netinspect::analysis::alerts::Kind::ALL {
        assert!(
            page.contains(&format!("| `{kind}` |")),
            "docs/alerts.md lacks {kind}"
        );
    }
}

#[test]
fn fail_makes_an_exit_code_of_a_severity() {
    let (spoof, scan, busy) = (
        fixture("arp-spoof.pcap"),
        fixture("port-scan.pcap"),
        fixture("busy-server.pcap"),
    );
    for (flag, file, code) in [
        ("--fail", &spoof, 1),
        ("--fail=critical", &spoof, 1),
        ("--fail", &scan, 1),
        ("--fail=critical", &scan, 0),
        ("--fail=info", &busy, 0),
    ] {
        assert_eq!(
            run(&["alerts", "-q", flag, file]).code,
            Some(code),
            "{flag} {file}"
        );
    }
    let quiet = run(&["alerts", "-q", "--severity", "critical", &scan]);
    assert_eq!((quiet.code, quiet.lines()), (Some(0), 0));
}

#[test]
fn thresholds_come_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("alerts.toml");
    let (path, scan) = (
        path.to_string_lossy().into_owned(),
        fixture("port-scan.pcap"),
    );
    let printed = run(&["alerts", "--print-config"]);
    assert_eq!(printed.code, Some(0), "{}", printed.stderr);
    let given = |text: &str| {
        fs::write(&path, text).expect("a file");
        run(&["alerts", "-q", "--config", &path, &scan])
    };
    let defaults = given(&printed.text());
    assert_eq!(
        (defaults.code, defaults.lines() > 0),
        (Some(0), true),
        "{}",
        defaults.stderr
    );
    assert_eq!(given("[scan]\ntcp_ports = 50\n").lines(), 0);
    assert_eq!(given("[general]\noff = [\"port-scan\"]\n").lines(), 0);
    // What nobody looks for is not known not to be there.
    for (sentence, code) in [
        ("no alert port-scan", 2),
        ("alert port-scan", 2),
        ("no alert syn-flood", 0),
        ("no alert above info", 0),
    ] {
        let done = run(&[
            "check", "-q", "--config", &path, "--expect", sentence, &scan,
        ]);
        assert_eq!(done.code, Some(code), "{sentence}: {}", done.stderr);
        assert_eq!(
            done.stderr.contains("general.off"),
            code == 2,
            "{sentence}: {}",
            done.stderr
        );
    }
    let wrong = given("[scan]\ntcp_prots = 50\n");
    assert_eq!(wrong.code, Some(2));
    assert!(
        wrong.stderr.contains("tcp_prots") && wrong.stderr.contains("tcp_ports"),
        "{}",
        wrong.stderr
    );
}

#[test]
fn several_files_are_one_capture_and_threads_change_nothing() {
    let (spoof, flood) = (fixture("arp-spoof.pcap"), fixture("syn-flood.pcap"));
    let one = run(&["alerts", "-q", "--threads", "1", &spoof, &flood]);
    let four = run(&["alerts", "-q", "--threads", "4", &spoof, &flood]);
    assert_eq!(one.text(), four.text());
    assert!(one.text().contains("syn-flood") && one.text().contains("arp-spoofing"));
}
