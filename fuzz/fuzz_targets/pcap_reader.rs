//! Any bytes, read as a capture file: pcap, pcapng, gzipped or neither. In one piece and in crumbs: the same frames,
//! the same complaints.
#![no_main]

use std::io::Cursor;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use netinspect_fuzz::{Dribble, Shower, read};

static SHOWER: LazyLock<Shower> = LazyLock::new(Shower::default);

fuzz_target!(|bytes: &[u8]| {
    let whole = read(&SHOWER, Cursor::new(bytes.to_vec()));
    let crumbs = Dribble {
        bytes: bytes.to_vec(),
        at: 0,
        step: 1 + bytes.len() % 61,
    };
    assert_eq!(whole, read(&SHOWER, crumbs));
});
