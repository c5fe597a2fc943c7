//! Where we and tshark 4.0 differ, and why. A difference not listed here fails; so does an entry that no longer applies.

/// Cells of `field` in `file` (empty: any file, any field), in these frames (empty: any).
pub struct Known {
    pub file: &'static str,
    pub field: &'static str,
    pub frames: &'static [usize],
    pub reason: &'static str,
}

impl Known {
    pub fn covers(&self, file: &str, field: &str, frame: usize) -> bool {
        (self.file.is_empty() || self.file == file)
            && (self.field.is_empty() || self.field == field)
            && (self.frames.is_empty() || self.frames.contains(&frame))
    }
}

const fn known(
    file: &'static str,
    field: &'static str,
    frames: &'static [usize],
    reason: &'static str,
) -> Known {
    Known {
        file,
        field,
        frames,
        reason,
    }
}

const WHAT_IS_THERE: &str = "captured whole, though its header is not: we show what is there";
const ESCAPED: &str = "control characters: tshark prints them as they are, we never do";
const LIES: &str =
    "the data offset is impossible; relative to what, the programs guess differently";

pub const CELLS: &[Known] = &[
    known(
        "pcapng-odd-resolutions.pcapng",
        "frame.time_epoch",
        &[3],
        "a clock that counts picoseconds: tshark 4.0 gets the fraction wrong",
    ),
    known("escapes.pcap", "cdp.deviceid", &[9], ESCAPED),
    known("services.pcap", "snmp.community", &[2], ESCAPED),
    known("malformed.pcap", "ip.hdr_len", &[15], WHAT_IS_THERE),
    known(
        "link-raw.pcap",
        "ip.version",
        &[3],
        "a version nobody knows, read from the byte where it stands",
    ),
    known(
        "malformed.pcap",
        "",
        &[2],
        "IHL past the end: tshark reads nothing behind it, we show the fields that are there",
    ),
    known("malformed.pcap", "tcp.ack_raw", &[7], WHAT_IS_THERE),
    known(
        "malformed.pcap",
        "tcp.len",
        &[7],
        "the data offset is impossible: nobody knows where data begins",
    ),
    known("malformed.pcap", "tcp.seq", &[7, 8], LIES),
    known("malformed.pcap", "arp.src.proto_ipv4", &[11], WHAT_IS_THERE),
    known(
        "pcap-time-overflow.pcap",
        "frame.time_epoch",
        &[1],
        "tshark prints more than 999999999 nanoseconds; we carry them",
    ),
    known("truncated.pcap", "eth.dst", &[2], WHAT_IS_THERE),
    known("truncated.pcap", "tcp.seq_raw", &[6], WHAT_IS_THERE),
    known("truncated.pcap", "arp.src.hw_mac", &[18], WHAT_IS_THERE),
];

/// Files whose number of frames differs.
pub const COUNTS: &[(&str, &str)] = &[
    (
        "pcapng-le.pcapng",
        "tshark 4.0 counts a custom block as a frame",
    ),
    (
        "pcapng-be.pcapng",
        "tshark 4.0 counts a custom block as a frame",
    ),
    (
        "pcapng-le.pcapng.gz",
        "tshark 4.0 counts a custom block as a frame",
    ),
];
