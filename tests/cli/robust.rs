//! No input panics, none hangs, and what is whole is read: files cut at every byte, files with bytes changed.

use std::fs;

use netinspect::error::Error;

use crate::library::{Reader, read};
use crate::support::{finish, fixture, fixture_path, fixtures, netinspect};

/// Larger ones are cut at every so many bytes only, to stay within seconds.
const SMALL: usize = 400;
const CUTS: usize = 120;
const CHANGES: u64 = 24;

fn bytes_of(name: &str) -> Vec<u8> {
    let path = fixture_path(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Says which input it was when the library panics: the panic tells only where in the code.
struct Told(String);

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("this happened with {}", self.0);
        }
    }
}

/// splitmix64, seeded by name and round, so that a failure comes again.
struct Random(u64);

impl Random {
    fn new(name: &str, round: u64) -> Self {
        let seed = name.bytes().fold(round, |seed, byte| {
            seed.wrapping_mul(31).wrapping_add(byte.into())
        });
        Self(seed)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) as usize % limit
    }
}

#[test]
fn a_file_cut_anywhere_gives_its_first_frames() {
    for name in fixtures() {
        let bytes = bytes_of(&name);
        let mut reader = Reader::default();
        let whole = reader.read(bytes.clone()).frames;
        let step = if bytes.len() <= SMALL {
            1
        } else {
            bytes.len().div_ceil(CUTS)
        };
        let mut last = 0;
        for length in (0..bytes.len()).step_by(step) {
            let _told = Told(format!("{name} cut to {length}"));
            let cut = reader.read(bytes[..length].to_vec());
            let frames = cut.frames.len();
            assert!(
                whole.starts_with(&cut.frames),
                "{name} cut to {length}: other frames"
            );
            assert!(
                frames >= last,
                "{name} cut to {length}: {frames} frames, {last} before"
            );
            last = frames;
            match cut.error {
                None => {}
                Some(Error::Damaged(damage)) => {
                    assert_eq!(
                        damage.frames as usize, frames,
                        "{name} cut to {length}: {damage}"
                    );
                    let zipped = name.ends_with(".gz");
                    assert!(
                        zipped || damage.offset as usize <= length,
                        "{name} cut to {length}: {damage}"
                    );
                }
                Some(other) => panic!("{name} cut to {length}: {other}"),
            }
        }
    }
}

/// A snapshot length ends frames wherever it likes: in the middle of any header and field.
#[test]
fn a_frame_cut_anywhere_is_shown() {
    const MOST: usize = 160;
    let mut reader = Reader::default();
    for name in fixtures() {
        for frame in reader.read(bytes_of(&name)).frames {
            let _told = Told(format!("{name}, frame {}, cut", frame.number));
            let mut file = b"\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\0\0\x04\0".to_vec();
            file.extend(u32::from(frame.link.0).to_le_bytes());
            let lengths = 0..=frame.bytes.len().min(MOST);
            let count = lengths.clone().count();
            for length in lengths {
                let sizes = [0, 0, length as u32, frame.wire_len];
                file.extend(sizes.iter().flat_map(|n| n.to_le_bytes()));
                file.extend(&frame.bytes[..length]);
            }
            assert_eq!(reader.read(file).frames.len(), count);
        }
    }
}

/// A cut inside a record is damage; between records nobody can tell.
#[test]
fn a_cut_inside_a_record_is_always_told() {
    let bytes = bytes_of("pcap-le-micro.pcap");
    // The file's header, then 16 bytes in front of each frame.
    let ends = [42, 42, 50, 47].iter().scan(24, |at, frame| {
        *at += 16 + frame;
        Some(*at)
    });
    let ends: Vec<usize> = std::iter::once(24).chain(ends).collect();
    assert_eq!(ends.last(), Some(&bytes.len()));
    for length in 0..=bytes.len() {
        let error = read(bytes[..length].to_vec()).error;
        assert_eq!(
            error.is_none(),
            ends.contains(&length),
            "cut to {length}: {error:?}"
        );
    }
}

#[test]
fn changed_bytes_never_panic_and_always_end() {
    for name in fixtures() {
        let bytes = bytes_of(&name);
        if bytes.is_empty() {
            continue;
        }
        let mut reader = Reader::default();
        for round in 0..CHANGES {
            let mut random = Random::new(&name, round);
            let mut changed = bytes.clone();
            for _ in 0..=random.below(8) {
                let at = random.below(changed.len());
                changed[at] = match random.below(4) {
                    0 => 0,
                    1 => 0xff,
                    2 => changed[at] ^ 1 << (random.below(8)),
                    _ => random.below(256) as u8,
                };
            }
            let _told = Told(format!("{name}, round {round}"));
            reader.read(changed);
        }
    }
}

/// A stack that no machine has room for stands for a limit on threads or memory.
#[test]
fn without_room_for_threads_one_does_the_work() {
    let file = fixture("tcp-trouble.pcap");
    for form in [&["replay", "-T", "json"][..], &["connections"]] {
        let with = |threads, stack: &str| {
            let mut command = netinspect();
            command.env("RUST_MIN_STACK", stack).args(form);
            finish(command.args(["--threads", threads, &file]))
        };
        let (one, many) = (with("1", "4194304"), with("8", "70368744177664"));
        assert_eq!((one.code, one.text()), (Some(0), many.text()));
        assert_eq!(many.code, Some(0), "{}", many.stderr);
        assert!(one.lines() > 3);
    }
}

mod properties {
    use proptest::prelude::*;

    use crate::library::read;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        /// Any bytes as one frame of any link type that is decoded.
        #[test]
        fn any_frame_is_shown(
            link in prop::sample::select(vec![0u32, 1, 9, 12, 50, 101, 104, 107, 108, 113, 228, 229, 276]),
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            more in 0u32..3000,
        ) {
            let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0];
            file.extend(link.to_le_bytes());
            file.extend([0; 8]);
            let captured = bytes.len() as u32;
            file.extend(captured.to_le_bytes());
            file.extend((captured + more).to_le_bytes());
            file.extend(&bytes);
            let reading = read(file);
            prop_assert!(reading.error.is_none());
            prop_assert_eq!(reading.frames.len(), 1);
            prop_assert_eq!(&reading.frames[0].bytes, &bytes);
        }

        /// Any bytes behind a pcapng section header.
        #[test]
        fn any_blocks_end(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut file = vec![0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0];
            file.extend([0xff; 8]);
            file.extend([28, 0, 0, 0]);
            file.extend(&bytes);
            read(file);
        }
    }
}
