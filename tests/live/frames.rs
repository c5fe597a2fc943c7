//! Frames to send, and a reader of pcapng that shares nothing with the one under test.

/// EtherType for local experiments (IEEE 802): no kernel answers it, and what follows is only data.
const EXPERIMENT: [u8; 2] = [0x88, 0xb5];
/// Destination and source; neither host's own, so that the kernels look away.
const ADDRESSES: [u8; 12] = [2, 0, 0, 0, 9, 1, 2, 0, 0, 0, 9, 2];

/// A frame with these tags (TPID, TCI) whose data begins with a number and is `size` bytes long.
pub fn frame(number: u32, tags: &[(u16, u16)], size: usize) -> Vec<u8> {
    let mut bytes = ADDRESSES.to_vec();
    for (tpid, tci) in tags {
        bytes.extend(tpid.to_be_bytes());
        bytes.extend(tci.to_be_bytes());
    }
    bytes.extend(EXPERIMENT);
    bytes.extend(number.to_be_bytes());
    bytes.extend((4..size).map(|at| (at as u32 * 31 + number * 7) as u8));
    bytes
}

/// An untagged frame of 60 bytes.
pub fn plain(number: u32) -> Vec<u8> {
    frame(number, &[], 46)
}

/// What `-e data.data` shows of [`plain`] and [`frame`]: the number that they begin with.
pub fn number_of(data: &str) -> u32 {
    let digits = data
        .get(..8)
        .unwrap_or_else(|| panic!("no number: {data:?}"));
    u32::from_str_radix(digits, 16).expect("hexadecimal")
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a pcapng file says of a frame.
#[derive(Debug, PartialEq, Eq)]
pub struct Saved {
    pub interface: u32,
    pub wire_len: u32,
    pub bytes: Vec<u8>,
}

/// The enhanced packet blocks of a little-endian file, which has to end where a block does.
pub fn read_pcapng(file: &[u8]) -> Vec<Saved> {
    let word = |at: usize| {
        let bytes = file[at..at + 4].try_into().expect("four bytes");
        u32::from_le_bytes(bytes)
    };
    let mut saved = Vec::new();
    let mut at = 0;
    while at < file.len() {
        let length = word(at + 4) as usize;
        assert_eq!(
            word(at + length - 4) as usize,
            length,
            "the block at byte {at}"
        );
        if word(at) == 6 {
            let captured = word(at + 20) as usize;
            saved.push(Saved {
                interface: word(at + 8),
                wire_len: word(at + 24),
                bytes: file[at + 28..at + 28 + captured].to_vec(),
            });
        }
        at += length;
    }
    saved
}

/// What an Interface Statistics Block says: numbers by the format's option codes.
pub struct Counted {
    pub interface: u32,
    options: Vec<(u16, [u8; 8])>,
}

impl Counted {
    pub fn number(&self, code: u16) -> Option<u64> {
        self.value(code).map(u64::from_le_bytes)
    }

    /// Seconds since 1970, from two words of nanoseconds, the high one first.
    pub fn time(&self, code: u16) -> f64 {
        let [a, b, c, d, e, f, g, h] = self.value(code).expect("a time");
        u64::from_le_bytes([e, f, g, h, a, b, c, d]) as f64 / 1e9
    }

    fn value(&self, code: u16) -> Option<[u8; 8]> {
        let found = self.options.iter().find(|(found, _)| *found == code);
        found.map(|(_, value)| *value)
    }
}

/// The Interface Statistics Blocks of a little-endian file.
pub fn statistics(file: &[u8]) -> Vec<Counted> {
    let mut found = Vec::new();
    let mut rest = file;
    while let Some(header) = rest.first_chunk::<8>() {
        let word = |at: usize| u32::from_le_bytes(rest[at..at + 4].try_into().expect("four"));
        let length = u32::from_le_bytes(header[4..].try_into().expect("four")) as usize;
        if word(0) == 5 {
            // Behind the interface and the time: options of eight bytes each, and the end.
            let options = rest[20..length - 8].chunks_exact(12).map(|option| {
                let code = u16::from_le_bytes([option[0], option[1]]);
                (code, option[4..].try_into().expect("eight"))
            });
            found.push(Counted {
                interface: word(8),
                options: options.collect(),
            });
        }
        rest = &rest[length..];
    }
    found
}
