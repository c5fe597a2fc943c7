//! The table on a real disk.

use std::net::IpAddr;
use std::path::PathBuf;

use super::*;
use crate::analysis::neighbors::{How, Sighting, Vlan};
use crate::frame::Timestamp;

fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("state/neighbors.db");
    (folder, path)
}

fn at(second: i64) -> Timestamp {
    Timestamp::new(second, 0)
}

fn sighting(address: &str, last_octet: u8, second: i64) -> Sighting {
    Sighting {
        address: address.parse().expect("an address"),
        mac: [0, 0x1b, 0x21, 0, 0, last_octet],
        interface: "eth0".into(),
        vlan: Vlan::NONE,
        how: How::Passive,
        time: at(second),
    }
}

fn all(store: &Store) -> Vec<String> {
    let describe = |binding: Binding| {
        format!(
            "{} {:02x} {} {} {} {} {}-{} x{}",
            binding.address,
            binding.mac[5],
            binding.interface,
            binding.vlan,
            binding.ways,
            if binding.vlan.is_none() {
                "untagged"
            } else {
                "tagged"
            },
            binding.first_seen.seconds(),
            binding.last_seen.seconds(),
            binding.sightings
        )
    };
    let found = store.list(&Query::default()).expect("readable");
    found.into_iter().map(describe).collect()
}

#[test]
fn what_is_seen_again_is_one_binding_with_its_first_and_last_time() {
    let (_folder, path) = place();
    let mut store = Store::open(&path).expect("a new table");
    let tagged = Sighting {
        vlan: Some(7).into(),
        how: How::Scan,
        ..sighting("10.0.0.1", 1, 50)
    };
    let learned = store.learn(&[
        sighting("10.0.0.10", 1, 30),
        sighting("10.0.0.9", 1, 20),
        sighting("10.0.0.9", 1, 10),
        Sighting {
            how: How::Scan,
            ..sighting("10.0.0.9", 1, 15)
        },
        sighting("10.0.0.9", 2, 40),
        tagged,
        sighting("fe80::9", 1, 9),
    ]);
    let expected = Learned {
        new: 5,
        known: 0,
        forgotten: 0,
    };
    assert_eq!(learned.ok(), Some(expected));
    let expected = [
        "10.0.0.1 01 eth0 7 scan tagged 50-50 x1",
        "10.0.0.9 02 eth0  passive untagged 40-40 x1",
        "10.0.0.9 01 eth0  passive, scan untagged 10-20 x3",
        "10.0.0.10 01 eth0  passive untagged 30-30 x1",
        "fe80::9 01 eth0  passive untagged 9-9 x1",
    ];
    assert_eq!(all(&store), expected);
    drop(store);
    let mut again = Store::open(&path).expect("the same table");
    assert_eq!(all(&again), expected);
    let learned = again.learn(&[sighting("10.0.0.9", 1, 60), sighting("10.0.0.9", 1, 5)]);
    let expected = Learned {
        new: 0,
        known: 1,
        forgotten: 0,
    };
    assert_eq!(learned.ok(), Some(expected));
    let newest = "10.0.0.9 01 eth0  passive, scan untagged 5-60 x5";
    assert_eq!(all(&again)[1], newest);
}

#[test]
fn selections_narrow() {
    let (_folder, path) = place();
    let mut store = Store::open(&path).expect("a new table");
    store
        .learn(&[
            sighting("10.0.0.1", 1, 10),
            sighting("10.0.1.1", 2, 20),
            sighting("10.0.1.2", 1, 30),
            sighting("a00:101::", 3, 40),
        ])
        .expect("written");
    let count = |select: Select| {
        let query = Query {
            select,
            ..Query::default()
        };
        store.list(&query).expect("readable").len()
    };
    let subnet = |text: &str| Some(text.parse().expect("a subnet"));
    assert_eq!(
        count(Select {
            subnet: subnet("10.0.1.0/24"),
            ..Select::default()
        }),
        2
    );
    // The same first bytes as 10.0.1.1, but another family.
    assert_eq!(
        count(Select {
            subnet: subnet("10.0.0.0/8"),
            ..Select::default()
        }),
        3
    );
    assert_eq!(
        count(Select {
            subnet: subnet("::/0"),
            ..Select::default()
        }),
        1
    );
    assert_eq!(
        count(Select {
            mac: Some([0, 0x1b, 0x21, 0, 0, 1]),
            ..Select::default()
        }),
        2
    );
    assert_eq!(
        count(Select {
            before: Some(at(20)),
            ..Select::default()
        }),
        1
    );
    assert_eq!(
        count(Select {
            after: Some(at(20)),
            ..Select::default()
        }),
        3
    );
    assert_eq!(
        count(Select {
            interface: Some("eth1".into()),
            ..Select::default()
        }),
        0
    );
    let newest = Query {
        limit: 1,
        newest_first: true,
        ..Query::default()
    };
    let newest = store.list(&newest).expect("readable");
    assert_eq!(newest[0].last_seen, at(40));
    let address: IpAddr = "10.0.0.1".parse().expect("an address");
    assert_eq!(store.forget(&Select::address(address)).ok(), Some(1));
    assert_eq!(store.counts().ok(), Some((3, 0)));
}

/// A flood of forged addresses must not push out who has been there all along.
#[test]
fn a_full_table_forgets_what_was_seen_briefly() {
    let (_folder, path) = place();
    let mut store = Store::open(&path).expect("a new table");
    store.limit = 100;
    store
        .learn(&[sighting("10.0.0.1", 1, 0), sighting("10.0.0.1", 1, 3600)])
        .expect("written");
    let mut forgotten = 0;
    for block in 0..10u8 {
        let flood: Vec<_> = (0..50)
            .map(|host| sighting(&format!("10.1.{block}.{host}"), 9, 4000 + i64::from(block)))
            .collect();
        forgotten += store.learn(&flood).expect("written").forgotten;
    }
    let (count, counted) = store.counts().expect("readable");
    assert!(count <= 100, "{count}");
    assert_eq!((count + forgotten, counted), (501, forgotten));
    assert!(
        all(&store)[0].starts_with("10.0.0.1 "),
        "{:?}",
        all(&store)[0]
    );
}

#[test]
fn a_table_that_can_not_be_used_says_why() {
    let (folder, path) = place();
    let said = |path: &std::path::Path| {
        let errors = [Store::open(path).err(), Store::read(path).err()];
        errors.map(|error| error.map_or_else(|| "fine".to_owned(), |error| error.to_string()))
    };
    assert!(Store::read(&path).expect("no trouble").is_none());

    let text = folder.path().join("text");
    std::fs::write(
        &text,
        "A text that is long enough to be looked at as a database header.".repeat(20),
    )
    .expect("written");
    for said in said(&text) {
        assert!(said.contains("it is no database"), "{said}");
    }

    let other = folder.path().join("other.db");
    let connection = Connection::open(&other).expect("a database");
    connection
        .execute_batch("CREATE TABLE theirs (x)")
        .expect("a table");
    for said in said(&other) {
        assert!(said.contains("another program"), "{said}");
    }

    drop(Store::open(&path).expect("a new table"));
    let connection = Connection::open(&path).expect("a database");
    connection
        .pragma_update(None, "user_version", 99)
        .expect("written");
    drop(connection);
    for said in said(&path) {
        assert!(
            said.contains("newer netinspect wrote it (version 99"),
            "{said}"
        );
    }

    let folder_itself = said(folder.path());
    for said in folder_itself {
        assert!(said.starts_with("cannot open the neighbor table"), "{said}");
    }
}

#[test]
fn a_damaged_table_is_told_from_an_empty_one() {
    use std::os::unix::fs::FileExt;
    let (_folder, path) = place();
    let mut store = Store::open(&path).expect("a new table");
    let many: Vec<_> = (0..2000u32)
        .map(|host| {
            sighting(
                &std::net::Ipv4Addr::from_bits(0x0a00_0000 + host).to_string(),
                1,
                1,
            )
        })
        .collect();
    store.learn(&many).expect("written");
    drop(store);
    let file = std::fs::File::options()
        .write(true)
        .open(&path)
        .expect("the file");
    let len = file.metadata().expect("a length").len();
    for page in (4096..len).step_by(4096) {
        file.write_at(&[0x5a; 512], page).expect("overwritten");
    }
    let store = Store::read(&path)
        .expect("the header is whole")
        .expect("there");
    let said = store
        .list(&Query::default())
        .expect_err("damaged")
        .to_string();
    assert!(said.contains("is damaged"), "{said}");
    let said = Store::open(&path)
        .and_then(|mut store| store.learn(&many))
        .expect_err("damaged")
        .to_string();
    assert!(said.contains("is damaged"), "{said}");
}

/// SQLite refuses at once whoever turns the log on while another does.
#[test]
fn several_may_make_it_at_once() {
    for _ in 0..20 {
        let (_folder, path) = place();
        let together = std::sync::Barrier::new(8);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    together.wait();
                    Store::open(&path).expect("opened");
                });
            }
        });
    }
}

/// Writers take turns; a reader sees whole transactions.
#[test]
fn several_at_once() {
    let (_folder, path) = place();
    std::thread::scope(|scope| {
        for writer in 0..4u8 {
            let path = &path;
            scope.spawn(move || {
                let mut store = Store::open(path).expect("opened");
                for round in 0..10 {
                    let both = [1, 2]
                        .map(|host| sighting(&format!("10.{writer}.{round}.{host}"), host, 1));
                    store.learn(&both).expect("written");
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..20 {
                if let Some(store) = Store::read(&path).ok().flatten() {
                    assert_eq!(store.counts().map_or(0, |(count, _)| count % 2), 0);
                }
            }
        });
    });
    let store = Store::read(&path).expect("readable").expect("there");
    assert_eq!(store.counts().ok(), Some((80, 0)));
}

#[test]
fn an_older_table_is_brought_up_to_date_and_keeps_what_it_has() {
    let (_folder, path) = place();
    let mut store = Store::open(&path).expect("a new table");
    store
        .learn(&[sighting("10.0.0.1", 1, 10)])
        .expect("written");
    drop(store);
    let connection = Connection::open(&path).expect("a database");
    // As version 1 left it.
    connection
        .execute_batch("DROP INDEX bindings_by_time; PRAGMA user_version = 1")
        .expect("written");
    drop(connection);
    // Also by whoever only reads, if they may write.
    let store = Store::read(&path)
        .expect("brought up to date")
        .expect("there");
    assert_eq!(all(&store).len(), 1);
    let indices = "SELECT count(*) FROM sqlite_schema WHERE name = 'bindings_by_time'";
    let found: i64 = store
        .connection
        .query_row(indices, [], |row| row.get(0))
        .expect("readable");
    assert_eq!(found, 1);
}
