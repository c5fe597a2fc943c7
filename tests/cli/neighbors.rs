//! `netinspect neighbors`: the table filled, shown, carried over, and bad input.

use std::path::PathBuf;

use crate::support::{Run, fixture, netinspect, run};

struct Table {
    folder: tempfile::TempDir,
}

impl Table {
    /// Filled with what two fixtures say.
    fn filled() -> Self {
        let table = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        let db = table.file("n.db");
        let files = [fixture("arp-exchange.pcap"), fixture("ipv6-nd.pcap")];
        let done = run(&["replay", "-q", "--learn", "--db", &db, &files[0], &files[1]]);
        assert_eq!(done.code, Some(0), "{}", done.stderr);
        assert!(
            done.stderr.contains("6 learned, 0 seen again"),
            "{}",
            done.stderr
        );
        table
    }

    fn file(&self, name: &str) -> String {
        let path: PathBuf = self.folder.path().join(name);
        path.to_str().expect("UTF-8").to_owned()
    }

    fn ask(&self, arguments: &[&str]) -> Run {
        run(&[&["neighbors"], arguments, &["--db", &self.file("n.db")]].concat())
    }
}

#[test]
fn a_list() {
    let table = Table::filled();
    insta::assert_snapshot!("neighbors_list", table.ask(&["list"]).text());
    assert_eq!(table.ask(&[]).text(), table.ask(&["list"]).text());
    assert_eq!(table.ask(&["list", "10.9.0.0/24", "-T", "json"]).lines(), 2);
    assert_eq!(
        table
            .ask(&["list", "--mac", "00:1b:21:00:00:02", "-T", "json"])
            .lines(),
        3
    );
    assert_eq!(table.ask(&["list", "-n", "1", "-T", "json"]).lines(), 1);
    let none = table.ask(&["list", "10.10.0.0/16"]);
    assert_eq!((none.code, none.text().as_str()), (Some(1), ""));
}

#[test]
fn json_and_csv_carry_everything_over() {
    let table = Table::filled();
    let all = table.ask(&["export"]).text();
    assert_eq!(all.lines().count(), 6);
    for form in ["json", "csv"] {
        let (file, other) = (table.file(form), table.file(&format!("{form}.db")));
        std::fs::write(&file, table.ask(&["export", "--form", form]).stdout).expect("written");
        for learned in [6, 0] {
            let done = run(&["neighbors", "import", &file, "--db", &other]);
            assert_eq!(done.code, Some(0), "{}", done.stderr);
            assert!(
                done.stderr.contains(&format!("{learned} learned")),
                "{}",
                done.stderr
            );
        }
        assert_eq!(
            run(&["neighbors", "export", "--db", &other]).text(),
            all,
            "{form}"
        );
    }
}

#[test]
fn wrong_lines_are_told_and_the_others_taken() {
    let table = Table::filled();
    let other = table.file("other.db");
    let mut command = netinspect();
    command.args(["neighbors", "import", "-", "--db", &other]);
    command.write_stdin("0:1b:21:0:0:9\t10.9.0.9\t1700000000\thost\teth0\nrubbish\n\n");
    let done = crate::support::finish(&mut command);
    assert_eq!(done.code, Some(4), "{}", done.stderr);
    assert!(done.stderr.contains("line 2"), "{}", done.stderr);
    assert_eq!(run(&["neighbors", "export", "--db", &other]).lines(), 1);
}

#[test]
fn forgetting() {
    let table = Table::filled();
    assert_eq!(table.ask(&["forget", "10.9.0.1"]).code, Some(0));
    assert_eq!(
        table.ask(&["forget", "10.9.0.1"]).code,
        Some(1),
        "gone already"
    );
    assert_eq!(
        table
            .ask(&["forget", "fd09::/64", "00:1b:21:00:00:02"])
            .code,
        Some(0)
    );
    assert_eq!(table.ask(&["export"]).lines(), 1);
    assert_eq!(table.ask(&["forget", "--all"]).code, Some(0));
    assert_eq!(table.ask(&["list"]).code, Some(1));
}

#[test]
fn no_table_is_made_for_a_mistyped_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mistyped.db");
    let db = path.to_str().expect("UTF-8");
    let done = run(&["neighbors", "forget", "--all", "--db", db]);
    assert_eq!(done.code, Some(5), "{}", done.stderr);
    assert!(done.stderr.contains("no such file"), "{}", done.stderr);
    assert!(!path.exists());
}

#[test]
fn wrong_questions() {
    let table = Table::filled();
    for arguments in [
        &["history", "gateway"][..],
        &["list", "10.9.0.0/40"],
        &["list", "--mac", "00:1b"],
        &["list", "--vlan", "5000"],
        &["list", "--since", "yesterday"],
        &["forget"],
        &["forget", "--all", "10.9.0.1"],
        &["export", "--form", "xml"],
    ] {
        let asked = table.ask(arguments);
        assert_eq!(
            (asked.code, asked.stdout.len()),
            (Some(2), 0),
            "{arguments:?}: {}",
            asked.stderr
        );
    }
    assert_eq!(table.ask(&["export"]).lines(), 6, "nothing was forgotten");
    let missing = run(&["neighbors", "--db", "/no/such/table"]);
    assert_eq!(missing.code, Some(5));
    assert!(
        missing.stderr.contains("cannot open /no/such/table"),
        "{}",
        missing.stderr
    );
}

/// Names of interfaces come from files that others made.
#[test]
fn an_interface_with_a_hostile_name_stays_harmless() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("n.db");
    let db = db.to_str().expect("UTF-8");
    run(&[
        "replay",
        "-q",
        "--learn",
        "--db",
        db,
        &fixture("pcapng-escape-in-comment.pcapng"),
    ]);
    for arguments in [
        &["list"][..],
        &["list", "-T", "json"],
        &["list", "-T", "csv"],
        &["export", "--form", "arp.dat"],
        &["export", "--form", "ip-neigh"],
    ] {
        let shown = run(&[&["neighbors"], arguments, &["--db", db]].concat());
        assert!(shown.lines() > 0, "{arguments:?}: {}", shown.stderr);
        let wild = |c: char| c.is_control() && !"\n\r\t".contains(c);
        assert!(!shown.text().contains(wild), "{:?}", shown.text());
    }
}
