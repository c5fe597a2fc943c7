//! Where we and tshark 4.0 differ, and why. A difference not listed here fails; so does an entry that no longer applies.

use Verdict::{Meant, OurBug};

/// Whose fault a difference is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// We mean it: the reason says why ours is right, or why both are.
    Meant,
    /// We are wrong, and it is to be repaired.
    OurBug,
}

/// Cells of `field` in `file` (empty: any file, any field), in these frames (empty: any).
pub struct Known {
    pub file: &'static str,
    pub field: &'static str,
    pub frames: &'static [usize],
    pub verdict: Verdict,
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
    verdict: Verdict,
    reason: &'static str,
) -> Known {
    Known {
        file,
        field,
        frames,
        verdict,
        reason,
    }
}

/// A frame whose transport header is cut or malformed gets no stream from tshark; ours counts it, so that the
/// numbers of later streams of the file are off by one.
const STREAM: &str =
    "cut or malformed before its stream is looked up; later streams are numbered differently";
const WHAT_IS_THERE: &str = "captured whole, though its header is not: we show what is there";
const LIES: &str =
    "the data offset is impossible; relative to what, the programs guess differently";

pub const CELLS: &[Known] = &[
    known("malformed.pcap", "ip.hdr_len", &[15], Meant, WHAT_IS_THERE),
    known(
        "link-raw.pcap",
        "ip.version",
        &[3],
        Meant,
        "a version nobody knows, read from the byte where it stands",
    ),
    known(
        "",
        "ip.frag_offset",
        &[],
        OurBug,
        "tshark 4.0 prints the header's number, in units of 8 bytes; we print bytes",
    ),
    known(
        "malformed.pcap",
        "",
        &[2],
        Meant,
        "IHL past the end: tshark reads nothing behind it, we show the fields that are there",
    ),
    known("malformed.pcap", "tcp.ack_raw", &[7], Meant, WHAT_IS_THERE),
    known(
        "malformed.pcap",
        "tcp.len",
        &[7],
        Meant,
        "the data offset is impossible: nobody knows where data begins",
    ),
    known("malformed.pcap", "tcp.seq", &[7, 8], Meant, LIES),
    known("malformed.pcap", "udp.stream", &[9], OurBug, STREAM),
    known(
        "malformed.pcap",
        "arp.src.proto_ipv4",
        &[11],
        Meant,
        WHAT_IS_THERE,
    ),
    known(
        "pcap-time-overflow.pcap",
        "frame.time_epoch",
        &[1],
        Meant,
        "tshark prints more than 999999999 nanoseconds; we carry them",
    ),
    known("pcapng-be.pcapng", "udp.stream", &[4], OurBug, STREAM),
    known("pcapng-le.pcapng", "udp.stream", &[4], OurBug, STREAM),
    known("pcapng-le.pcapng.gz", "udp.stream", &[4], OurBug, STREAM),
    known(
        "pcapng-simple-snaplen.pcapng",
        "udp.stream",
        &[1],
        OurBug,
        STREAM,
    ),
    known("truncated.pcap", "eth.dst", &[2], Meant, WHAT_IS_THERE),
    known("truncated.pcap", "tcp.seq_raw", &[6], Meant, WHAT_IS_THERE),
    known("truncated.pcap", "udp.stream", &[12, 25], OurBug, STREAM),
    known(
        "truncated.pcap",
        "arp.src.hw_mac",
        &[18],
        Meant,
        WHAT_IS_THERE,
    ),
];

/// Files whose number of frames differs.
pub const COUNTS: &[(&str, Verdict, &str)] = &[
    (
        "pcapng-le.pcapng",
        Meant,
        "tshark 4.0 counts a custom block as a frame",
    ),
    (
        "pcapng-be.pcapng",
        Meant,
        "tshark 4.0 counts a custom block as a frame",
    ),
    (
        "pcapng-le.pcapng.gz",
        Meant,
        "tshark 4.0 counts a custom block as a frame",
    ),
    (
        "pcapng-odd-resolutions.pcapng",
        OurBug,
        "we give up at a resolution we can't hold",
    ),
];
