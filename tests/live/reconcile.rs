//! `netinspect neighbors reconcile`: the kernel's table, ours, and the wire.

use std::io::Write;
use std::path::Path;

use crate::capture::{binary, run};
use crate::lab::{FAR_MAC, Host, Lab};
use crate::rights::{copy, powerless};

const OTHER_MAC: &str = "00:1b:21:00:00:66";

fn reconcile(host: &Host, db: &Path, more: &[&str]) -> (Option<i32>, String, String) {
    let mut arguments = vec!["neighbors", "reconcile", "--db", db.to_str().expect("text")];
    arguments.extend(more);
    run(&mut host.command(binary()), &arguments)
}

/// A table with these.
fn table(db: &Path, bindings: &[(&str, &str)]) {
    let mut text = String::new();
    for (address, mac) in bindings {
        text += &format!("{address} dev eth0 lladdr {mac} REACHABLE\n");
    }
    let mut import = std::process::Command::new(binary())
        .args(["neighbors", "import", "-", "--form", "ip-neigh", "--db"])
        .arg(db)
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it runs");
    let mut input = import.stdin.take().expect("a pipe");
    input.write_all(text.as_bytes()).expect("it reads");
    drop(input);
    assert!(import.wait().expect("an end").success());
}

fn row<'a>(shown: &'a str, address: &str) -> &'a str {
    let start = format!("{address} ");
    let found = shown
        .lines()
        .find(|line| line.trim_start().starts_with(&start));
    found.unwrap_or_else(|| panic!("no row for {address}: {shown}"))
}

#[test]
fn the_wire_says_which_table_is_wrong() {
    let Some(lab) = Lab::up() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("n.db");
    lab.far
        .sh("for n in 3 4 5; do ip addr add 10.9.0.$n/24 dev eth0; done");
    lab.near.sh(&format!(
        "ip neigh replace 10.9.0.2 lladdr {FAR_MAC} dev eth0 nud stale; \
         ip neigh replace 10.9.0.3 lladdr {OTHER_MAC} dev eth0 nud permanent; \
         ip neigh replace 10.9.0.5 lladdr {OTHER_MAC} dev eth0 nud stale"
    ));
    table(
        &db,
        &[
            ("10.9.0.2", FAR_MAC),
            ("10.9.0.3", FAR_MAC),
            ("10.9.0.4", OTHER_MAC),
            ("10.9.0.5", OTHER_MAC),
            ("10.9.0.77", OTHER_MAC),
            // Not on the link's subnet: from another network that this card was in.
            ("192.0.2.7", OTHER_MAC),
        ],
    );
    let (code, shown, notes) = reconcile(&lab.near, &db, &[]);
    assert_eq!(code, Some(1), "{shown}{notes}");
    for (address, wire, verdict) in [
        ("10.9.0.2", FAR_MAC, "same"),
        ("10.9.0.3", FAR_MAC, "kernel differs"),
        ("10.9.0.4", FAR_MAC, "table differs"),
        ("10.9.0.5", FAR_MAC, "moved"),
        ("10.9.0.77", "nobody answers", "nobody answers"),
        ("192.0.2.7", "not asked", "not in the kernel's"),
    ] {
        let row = row(&shown, address);
        let cells: Vec<_> = row.split("  ").filter(|cell| !cell.is_empty()).collect();
        let [.., on_wire, said] = cells.as_slice() else {
            panic!("{row}");
        };
        assert_eq!((on_wire.trim(), said.trim()), (wire, verdict), "{row}");
    }
    for part in [
        &format!("10.9.0.3: {FAR_MAC} (Intel) answers for it, but the kernel sends to {OTHER_MAC}"),
        "ip neigh del 10.9.0.3 dev eth0",
        "netinspect neighbors history 10.9.0.4",
        &format!("10.9.0.5 has moved: it was at {OTHER_MAC} (Intel), and {FAR_MAC}"),
    ] {
        assert!(shown.contains(part), "no '{part}': {shown}");
    }
    assert!(notes.contains("3 of 6 differ"), "{notes}");
    assert!(notes.contains("1 address not asked for"), "{notes}");
    // What was answered is learned where that is wanted, and then it agrees.
    let (_, _, notes) = reconcile(&lab.near, &db, &["--learn", "-v"]);
    assert!(notes.contains("learned"), "{notes}");
    assert!(notes.contains("gave up: all capabilities"), "{notes}");
    let (_, shown, _) = reconcile(&lab.near, &db, &["-T", "json"]);
    let objects = shown.lines().map(|line| {
        let object: serde_json::Value = serde_json::from_str(line).expect("JSON");
        object
    });
    let four = objects
        .into_iter()
        .find(|object| object["address"] == "10.9.0.4");
    let four = four.expect("a row");
    assert_eq!(four["table_mac"], FAR_MAC, "{four}");
    assert_eq!(four["wire_macs"], serde_json::json!([FAR_MAC]), "{four}");
    assert_eq!(four["differs"], false, "{four}");
}

#[test]
fn an_address_in_use_twice_is_told() {
    let Some(lab) = Lab::up() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("n.db");
    lab.bridge();
    let _one = lab.join("p1", "00:1b:21:00:00:11", &["10.9.0.20/24"]);
    let _two = lab.join("p2", "00:1b:21:00:00:12", &["10.9.0.20/24"]);
    table(&db, &[("10.9.0.20", "00:1b:21:00:00:11")]);
    let (code, shown, notes) = reconcile(&lab.near, &db, &[]);
    assert_eq!(code, Some(1), "{notes}");
    assert!(
        row(&shown, "10.9.0.20").ends_with("in use twice"),
        "{shown}"
    );
    assert!(shown.contains("10.9.0.20 is in use twice: "), "{shown}");
}

/// Without rights, and where nobody wants it, two columns.
#[test]
fn without_the_wire_the_tables_are_compared_alone() {
    let Some(lab) = Lab::up() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let binary = copy(folder.path());
    let all = std::os::unix::fs::PermissionsExt::from_mode(0o777);
    std::fs::set_permissions(folder.path(), all).expect("ours");
    lab.near.sh("ip neigh flush dev eth0");
    let none = folder.path().join("none.db");
    let (code, shown, notes) = reconcile(&lab.near, &none, &["--no-wire"]);
    assert_eq!((code, shown.as_str()), (Some(0), ""), "{notes}");
    assert!(notes.contains("nothing to compare"), "{notes}");
    assert!(notes.contains("there is no neighbor table at"), "{notes}");
    lab.near
        .sh("ip neigh replace 10.9.0.2 lladdr 00:1b:21:00:00:66 dev eth0 nud stale");
    let db = folder.path().join("n.db");
    let db = db.to_str().expect("text");
    let arguments = ["neighbors", "reconcile", "--db", db];
    let (code, shown, notes) = run(&mut powerless(&lab.near, &binary), &arguments);
    assert_eq!(code, Some(0), "{notes}");
    assert!(notes.contains("the wire is not asked, since"), "{notes}");
    assert!(notes.contains("CAP_NET_RAW"), "{notes}");
    assert!(!shown.contains("Wire"), "{shown}");
    assert!(
        row(&shown, "10.9.0.2").ends_with("not in our table"),
        "{shown}"
    );
    let arguments = ["neighbors", "reconcile", "--no-wire", "--db", db];
    let (code, again, notes) = run(&mut powerless(&lab.near, &binary), &arguments);
    assert_eq!(code, Some(0), "{notes}");
    assert!(
        notes.ends_with("n.db: compared with an empty one\n") && notes.lines().count() == 1,
        "{notes}"
    );
    assert_eq!(again, shown);
    assert!(!Path::new(db).exists(), "none is made to compare with");
    // A link that is down can't be asked on, which is said.
    lab.near
        .sh("ip neigh replace 10.9.0.9 lladdr 00:1b:21:00:00:66 dev eth0 nud permanent");
    table(Path::new(db), &[("10.9.0.8", "00:1b:21:00:00:66")]);
    lab.near.sh("ip link set eth0 down");
    let (code, shown, notes) = reconcile(&lab.near, Path::new(db), &[]);
    assert_eq!(code, Some(0), "{notes}");
    assert!(notes.contains("it is down"), "{notes}");
    assert!(
        shown.contains("10.9.0.8") && !shown.contains("Wire"),
        "{shown}"
    );
}
