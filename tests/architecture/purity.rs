//! What decides about bytes does no input or output and reads no clock: the same file gives the same answer every time.

use crate::{Source, none, planted, scan, sources};

const PURE: [&str; 5] = ["decode", "fields", "analysis", "arp", "check"];

/// What reaches outside, with what may be named below it all the same.
const OUTSIDE: [(&[&str], &[&str]); 9] = [
    (&["std", "env"], &[]),
    (&["std", "fs"], &[]),
    (&["std", "io"], &[]),
    // Addresses are values; sockets are not.
    (
        &["std", "net"],
        &["IpAddr", "Ipv4Addr", "Ipv6Addr", "SocketAddr"],
    ),
    (&["std", "os"], &[]),
    (&["std", "process"], &[]),
    (&["std", "thread"], &[]),
    // A length of time is a value; the clock is not.
    (&["std", "time"], &["Duration"]),
    (&["jiff"], &[]),
];

const PRINTING: [&str; 5] = ["print!", "println!", "eprint!", "eprintln!", "dbg!"];

fn broken(sources: &[Source]) -> Vec<String> {
    let pure = sources.iter().filter(|source| PURE.contains(&source.top()));
    pure.flat_map(|source| {
        let named = scan::paths(source).into_iter();
        named
            .filter(reaches_out)
            .map(|named| format!("{}:{}: {}", source.path, named.line, named.text()))
    })
    .collect()
}

fn reaches_out(named: &scan::Named) -> bool {
    if PRINTING.contains(&named.parts[0].as_str()) {
        return true;
    }
    OUTSIDE.iter().any(|(prefix, allowed)| {
        named.starts_with(prefix)
            && !named
                .parts
                .get(prefix.len())
                .is_some_and(|next| allowed.contains(&next.as_str()))
    })
}

#[test]
fn decoding_fields_and_analysis_stay_pure() {
    none(
        &broken(&sources()),
        "no input, no output, no clock here (architecture.md, rule 2):",
    );
}

#[test]
fn a_planted_look_outside_is_caught() {
    for text in [
        "use std::fs::File;",
        "use std::{fmt, io::Read};",
        "use std::time::{Duration, Instant};",
        "fn f() -> u64 { std::time::SystemTime::now() }",
        "use std::net::UdpSocket;",
        "use std::time;",
        "fn f() { println!(\"seen\") }",
    ] {
        assert_eq!(
            broken(&[planted("analysis/streams.rs", text)]).len(),
            1,
            "{text}"
        );
        // The same is fine where things happen.
        assert_eq!(
            broken(&[planted("source/file.rs", text)]).len(),
            0,
            "{text}"
        );
    }
    let fine =
        "use std::net::Ipv4Addr; use std::time::Duration; #[cfg(test)] mod t { use std::fs; }";
    assert_eq!(
        broken(&[planted("arp/scan.rs", fine)]),
        Vec::<String>::new()
    );
}
