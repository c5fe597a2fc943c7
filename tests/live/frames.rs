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
