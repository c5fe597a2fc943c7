//! The neighbor table survives what kills its writer: SIGKILL at any moment, a full disk.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use netinspect::store::Store;

const NETINSPECT: &str = env!("CARGO_BIN_EXE_netinspect");

/// A capture of ARP replies, each for another address in 10.0.0.0/8.
fn replies(count: u32) -> Vec<u8> {
    const LENGTH: u32 = 42;
    let mut file = Vec::new();
    for word in [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 1] {
        file.extend(word.to_le_bytes());
    }
    for host in 0..count {
        for word in [1_700_000_000 + host / 1000, host % 1000, LENGTH, LENGTH] {
            file.extend(word.to_le_bytes());
        }
        let mac = [&[0x00, 0x1b][..], &host.to_be_bytes()].concat();
        let address = (0x0a00_0000 + host).to_be_bytes();
        file.extend([&[0xff; 6][..], &mac, &[0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 2]].concat());
        file.extend([&mac[..], &address, &[0xff; 6], &address].concat());
    }
    file
}

fn learning(db: &Path, file: &Path) -> Child {
    Command::new(NETINSPECT)
        .args(["replay", "-q", "--learn", "--db"])
        .arg(db)
        .arg(file)
        .stderr(Stdio::null())
        .spawn()
        .expect("the program")
}

fn count(db: &Path) -> u64 {
    let store = Store::read(db).expect("readable");
    store.map_or(0, |store| store.counts().expect("readable").0)
}

fn is_whole(db: &Path) -> bool {
    let connection = rusqlite::Connection::open(db).expect("a database");
    let answer =
        connection.pragma_query_value(None, "integrity_check", |row| row.get::<_, String>(0));
    answer.expect("an answer") == "ok"
}

#[test]
fn a_killed_writer_loses_nothing_that_was_written() {
    const HOSTS: u32 = 60_000;
    let folder = tempfile::tempdir().expect("a folder");
    let (db, file) = (folder.path().join("n.db"), folder.path().join("arp.pcap"));
    std::fs::write(&file, replies(HOSTS)).expect("written");
    let mut killed = 0;
    let mut known = 0;
    for round in 0..25u64 {
        let mut child = learning(&db, &file);
        // Sooner and later, in no order: 3 to 183 ms.
        sleep(Duration::from_millis(3 + round * 67 % 181));
        let committed = if db.exists() {
            Store::read(&db)
                .ok()
                .flatten()
                .and_then(|store| store.counts().ok())
                .map_or(0, |(count, _)| count)
        } else {
            0
        };
        if child.try_wait().expect("a child").is_none() {
            child.kill().expect("SIGKILL");
            killed += 1;
        }
        child.wait().expect("an end");
        if db.exists() {
            assert!(is_whole(&db), "round {round}");
            let after = count(&db);
            assert!(
                after >= committed.max(known),
                "round {round}: {after}, had {committed} and {known}"
            );
            known = after;
        }
    }
    assert!(killed > 10, "only {killed} were killed in the middle");
    let mut last = learning(&db, &file);
    assert!(last.wait().expect("an end").success());
    assert_eq!(count(&db), u64::from(HOSTS));
}

/// In a mount namespace of its own, on a file system of 9 MiB.
#[test]
fn a_full_disk_keeps_what_was_written_and_is_told() {
    const SCRIPT: &str = "
        mount -t tmpfs -o size=9m none \"$1\" || exit 77
        $2 replay -q --no-sandbox --learn --db \"$1/n.db\" \"$3\" 2>\"$4\"; echo \"code $?\"
        $2 neighbors export --db \"$1/n.db\" | wc -l
        head -c 10000000 /dev/zero >\"$1/rest\" 2>/dev/null
        $2 neighbors list 10.0.0.1 --db \"$1/n.db\" >/dev/null 2>>\"$4\"; echo \"code $?\"
        $2 neighbors forget 10.0.0.1 --db \"$1/n.db\" 2>>\"$4\"; echo \"code $?\"
        rm \"$1/rest\"
        $2 neighbors export --db \"$1/n.db\" >/dev/null; echo \"code $?\"
    ";
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("disk")).expect("a folder");
    std::fs::write(at("arp.pcap"), replies(120_000)).expect("written");
    let done = Command::new("unshare")
        .args([
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            SCRIPT,
            "sh",
        ])
        .args([at("disk"), NETINSPECT.into(), at("arp.pcap"), at("said")])
        .output();
    let Some(done) = done
        .ok()
        .filter(|done| !matches!(done.status.code(), Some(1 | 77)))
    else {
        // Not with eprintln!, which nobody sees where a test passes.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED, NOT TESTED: no file system of its own can be mounted here"
        );
        return;
    };
    let (told, said) = (
        String::from_utf8_lossy(&done.stdout),
        std::fs::read_to_string(at("said")).unwrap_or_default(),
    );
    let lines: Vec<_> = told.lines().map(str::trim).collect();
    assert_eq!(lines[0], "code 5", "{told}{said}");
    assert!(said.contains("the disk is full"), "{said}");
    // What it says it learned is there.
    let learned: u64 = lines[1].parse().expect("a number");
    assert!(
        said.contains(&format!(": {learned} learned")),
        "{told}{said}"
    );
    assert!(said.contains("not written: "), "{said}");
    // It can be read where nothing can be written, and why that fails is told in the same words.
    assert_eq!(lines[2], "code 0", "readable while full: {told}{said}");
    assert_eq!(lines[3], "code 5", "{told}{said}");
    assert!(said.matches("disk is full").count() >= 2, "{said}");
    assert_eq!(lines[4], "code 0", "readable: {told}{said}");
}
