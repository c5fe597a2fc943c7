//! What a pcapng file says beside its frames is in the file written too: remarks, names, secrets, what was lost.

use std::fs;
use std::process::Command;

use crate::support::{fixture, run};
use crate::write::folder;

/// Writes numbers in one byte order.
#[derive(Clone, Copy)]
struct Writer {
    big: bool,
}

impl Writer {
    fn number<const N: usize>(self, little: [u8; N]) -> Vec<u8> {
        let mut bytes = little.to_vec();
        if self.big {
            bytes.reverse();
        }
        bytes
    }

    fn u16(self, n: u16) -> Vec<u8> {
        self.number(n.to_le_bytes())
    }

    fn u32(self, n: u32) -> Vec<u8> {
        self.number(n.to_le_bytes())
    }

    fn u64(self, n: u64) -> Vec<u8> {
        self.number(n.to_le_bytes())
    }

    fn option(self, code: u16, value: &[u8]) -> Vec<u8> {
        let length = value.len() as u16;
        [self.u16(code), self.u16(length), padded(value)].concat()
    }

    fn block(self, kind: u32, body: &[u8]) -> Vec<u8> {
        let length = self.u32(body.len() as u32 + 12);
        [&self.u32(kind), &length, body, &length].concat()
    }

    /// A file with one of everything.
    fn file(self) -> Vec<u8> {
        let end = self.option(0, &[]);
        let section = [
            self.u32(0x1a2b_3c4d),
            self.u16(1),
            self.u16(0),
            self.u64(u64::MAX),
            self.option(1, b"about the capture"),
            self.option(2, b"a machine"),
            self.option(3, b"its system"),
            end.clone(),
        ];
        let interface = [
            self.u16(1),
            self.u16(0),
            self.u32(0),
            self.option(2, b"eth7"),
            self.option(11, b"\0tcp"),
            end.clone(),
        ];
        let name = [&[192, 0, 2, 1][..], b"host.example\0"].concat();
        let names = [
            self.option(1, &name),
            end.clone(),
            self.option(1, b"about names"),
            end.clone(),
        ];
        let key = b"CLIENT_RANDOM 00 11\n";
        let secrets = [
            self.u32(0x544c_534b),
            self.u32(key.len() as u32),
            padded(key),
        ];
        let frame = [7; 61];
        let packet = [
            self.u32(0),
            self.u32(1),
            self.u32(2),
            self.u32(61),
            self.u32(61),
            padded(&frame),
            self.option(1, b"about this frame"),
            // Inbound.
            self.option(2, &self.u32(1)),
            self.option(4, &self.u64(99)),
            end.clone(),
        ];
        let statistics = [
            self.u32(0),
            self.u32(1),
            self.u32(3),
            self.option(2, &[self.u32(1), self.u32(1)].concat()),
            self.option(4, &self.u64(1234)),
            self.option(7, &self.u64(77)),
            end,
        ];
        [
            self.block(0x0a0d_0d0a, &section.concat()),
            self.block(1, &interface.concat()),
            self.block(4, &names.concat()),
            self.block(10, &secrets.concat()),
            self.block(6, &packet.concat()),
            self.block(5, &statistics.concat()),
        ]
        .concat()
    }
}

fn padded(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// What is written of the file that `writer` makes.
fn rewritten(writer: Writer, more: &[&str]) -> (Vec<u8>, String) {
    let folder = folder();
    let (from, to) = (
        folder.path().join("from.pcapng"),
        folder.path().join("to.pcapng"),
    );
    if let Err(error) = fs::write(&from, writer.file()) {
        panic!("{error}");
    }
    let (from, to) = (from.display().to_string(), to.display().to_string());
    let done = run(&[&["replay", &from, "-w", &to], more].concat());
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let bytes = fs::read(&to).unwrap_or_else(|error| panic!("{error}"));
    (bytes, done.stderr)
}

/// The bodies of a little-endian file's blocks of a kind.
fn bodies(file: &[u8], kind: u32) -> Vec<&[u8]> {
    let mut found = Vec::new();
    let mut rest = file;
    while rest.len() >= 12 {
        let word =
            |at: usize| u32::from_le_bytes([rest[at], rest[at + 1], rest[at + 2], rest[at + 3]]);
        let length = word(4) as usize;
        if word(0) == kind {
            found.push(&rest[8..length - 4]);
        }
        rest = &rest[length..];
    }
    found
}

#[test]
fn everything_known_is_passed_on_from_either_byte_order() {
    let little = Writer { big: false };
    let original = little.file();
    for big in [false, true] {
        let (written, _) = rewritten(Writer { big }, &[]);
        for (what, kind) in [("names", 4), ("secrets", 10)] {
            assert_eq!(
                bodies(&written, kind),
                bodies(&original, kind),
                "{what}, {big}"
            );
        }
        let (packet, expected) = (bodies(&written, 6)[0], bodies(&original, 6)[0]);
        // Behind the interface and the time, which is in other units.
        assert_eq!(packet[12..], expected[12..], "{big}");
        let interface = bodies(&written, 1)[0];
        for option in [little.option(2, b"eth7"), little.option(11, b"\0tcp")] {
            assert!(
                interface.windows(option.len()).any(|part| part == option),
                "{big}"
            );
        }
        let section = bodies(&written, 0x0a0d_0d0a)[0];
        for option in [
            little.option(1, b"about the capture"),
            little.option(2, b"a machine"),
            little.option(3, b"its system"),
        ] {
            assert!(
                section.windows(option.len()).any(|part| part == option),
                "{big}"
            );
        }
        let counts = bodies(&written, 5)[0];
        for option in [
            little.option(4, &little.u64(1234)),
            little.option(7, &little.u64(77)),
        ] {
            assert!(
                counts.windows(option.len()).any(|part| part == option),
                "{big}"
            );
        }
        // Microseconds have become nanoseconds.
        let nanos = ((1u64 << 32) + 3) * 1000;
        let time = [little.u32((nanos >> 32) as u32), little.u32(nanos as u32)].concat();
        assert_eq!(counts[4..12], time, "{big}");
    }
}

#[test]
fn remarks_are_in_every_file_of_a_row() {
    let folder = folder();
    let from = folder.path().join("from.pcapng");
    // The one frame many times: sections behind the first bring interfaces of their own.
    let file = Writer { big: false }.file().repeat(3);
    if let Err(error) = fs::write(&from, file) {
        panic!("{error}");
    }
    let (from, to) = (
        from.display().to_string(),
        folder.path().join("to.pcapng").display().to_string(),
    );
    let arguments = [
        "replay",
        &from,
        "-w",
        &to,
        "--rotate-count",
        "1",
        "--comment",
        "mine",
    ];
    let done = run(&arguments);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let entries = fs::read_dir(folder.path()).unwrap_or_else(|error| panic!("{error}"));
    let names = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let row: Vec<_> = names
        .filter(|path| !path.ends_with("from.pcapng"))
        .collect();
    assert_eq!(row.len(), 3, "{row:?}");
    for path in row {
        let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(bodies(&bytes, 6).len(), 1);
        assert!(!bodies(&bytes, 4).is_empty() && !bodies(&bytes, 10).is_empty());
        let section = bodies(&bytes, 0x0a0d_0d0a)[0];
        assert!(section.windows(4).any(|part| part == b"mine"));
    }
}

#[test]
fn what_a_pcap_file_can_not_hold_is_said() {
    let folder = folder();
    let from = folder.path().join("from.pcapng");
    if let Err(error) = fs::write(&from, Writer { big: false }.file()) {
        panic!("{error}");
    }
    let to = folder.path().join("to.pcap").display().to_string();
    let done = run(&["replay", &from.display().to_string(), "-w", &to]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    // Names, secrets, and the remarks on the frame and on the capture.
    assert!(
        done.stderr
            .contains("4 remarks beside the frames not in the file"),
        "{}",
        done.stderr
    );
}

/// A file that is written is one section, with the remarks of the first input.
#[test]
fn remarks_on_a_second_input_are_said_to_be_missing() {
    let folder = folder();
    let paths = ["one.pcapng", "two.pcapng", "both.pcapng"];
    let paths = paths.map(|name| folder.path().join(name).display().to_string());
    for path in &paths[..2] {
        if let Err(error) = fs::write(path, Writer { big: false }.file()) {
            panic!("{error}");
        }
    }
    let done = run(&["replay", &paths[0], &paths[1], "-w", &paths[2]]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let said = "1 remark beside the frames not in the file";
    assert!(done.stderr.contains(said), "{}", done.stderr);
    let alone = run(&["replay", &paths[0], "-w", &paths[2]]);
    assert!(!alone.stderr.contains("remark"), "{}", alone.stderr);
}

#[test]
fn tshark_reads_the_remarks() {
    let has_tshark = Command::new("tshark").arg("--version").output().is_ok();
    if !has_tshark {
        eprintln!("SKIPPED: there is no tshark here");
        return;
    }
    let folder = folder();
    let path = folder.path().join("big.pcapng");
    let (written, _) = rewritten(Writer { big: true }, &[]);
    if let Err(error) = fs::write(&path, written) {
        panic!("{error}");
    }
    let told = Command::new("tshark")
        .args(["-r", &path.display().to_string(), "-T", "fields"])
        .args([
            "-e",
            "frame.comment",
            "-e",
            "frame.interface_name",
            "-e",
            "frame.packet_flags_direction",
        ])
        .output();
    match told {
        Ok(told) => {
            let text = String::from_utf8_lossy(&told.stdout);
            let values: Vec<_> = text.trim_end().split('\t').collect();
            assert_eq!(values[..2], ["about this frame", "eth7"], "{text}");
            assert!(values[2].ends_with('1'), "{text}");
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn times_that_a_file_can_not_say_are_counted() {
    let folder = folder();
    let name = fixture("pcapng-time-offset.pcapng");
    let to = folder.path().join("to.pcap").display().to_string();
    let exact = run(&["replay", &name, "-w", &to]);
    assert!(
        !exact.stderr.contains("a time that the file can't say"),
        "{}",
        exact.stderr
    );
    // Seconds since 1970 that take more than 32 bits, as pcapng's offset can say.
    let writer = Writer { big: false };
    let offset = writer.option(14, &writer.u64(1 << 33));
    let mut interface = [writer.u16(1), writer.u16(0), writer.u32(0)].concat();
    interface.extend([offset, writer.option(0, &[])].concat());
    let section = [
        writer.u32(0x1a2b_3c4d),
        writer.u16(1),
        writer.u16(0),
        writer.u64(u64::MAX),
    ];
    let packet = [
        writer.u32(0),
        writer.u32(0),
        writer.u32(0),
        writer.u32(60),
        writer.u32(60),
        vec![0; 60],
    ];
    let file = [
        writer.block(0x0a0d_0d0a, &section.concat()),
        writer.block(1, &interface),
        writer.block(6, &packet.concat()),
    ];
    let from = folder.path().join("late.pcapng");
    if let Err(error) = fs::write(&from, file.concat()) {
        panic!("{error}");
    }
    let from = from.display().to_string();
    let late = run(&["replay", &from, "-w", &to]);
    assert_eq!(late.code, Some(0), "{}", late.stderr);
    assert!(
        late.stderr
            .contains("1 frame had a time that the file can't say"),
        "{}",
        late.stderr
    );
    let again = run(&["replay", &to, "-e", "frame.time_epoch"]);
    assert_eq!(again.text(), "4294967295.999999999\n");
    // pcapng can.
    let to = folder.path().join("to.pcapng").display().to_string();
    let fine = run(&["replay", &from, "-w", &to]);
    assert!(!fine.stderr.contains("can't say"), "{}", fine.stderr);
}
