//! Values of TCP, UDP and SCTP.

use super::{Known, name, numbers, say};
use crate::decode::Kind;
use crate::service::{self, PortRange};

pub(super) fn number(words: &mut String, known: &Known<'_>, n: u64) {
    match known.field {
        "tcp.srcport" | "tcp.dstport" | "udp.srcport" | "udp.dstport" | "sctp.srcport"
        | "sctp.dstport" => port(words, n),
        "tcp.flags" => flags(words, n),
        "tcp.flags.res" if n == 0 => words.push_str("none set"),
        "tcp.hdr_len" => match n {
            20 => words.push_str("bytes (5 \u{d7} 4): no options"),
            21.. => say(
                words,
                format_args!("bytes ({} \u{d7} 4): {} of options", n / 4, n - 20),
            ),
            _ => words.push_str("bytes: too few, the least is 20"),
        },
        "tcp.len" if n == 0 => words.push_str("no data"),
        "tcp.window_size_value" if n == 0 => words.push_str("full: the other side has to wait"),
        "tcp.option_kind" => name(words, numbers::tcp_option(n)),
        "tcp.options.mss_val" => segment_size(words, known, n),
        "tcp.options.wscale.shift" if n <= 14 => {
            say(words, format_args!("windows count {} times", 1u32 << n));
        }
        "tcp.options.wscale.shift" => {
            words.push_str("more than 14, so taken as 14 (RFC 7323, 2.3)")
        }
        "tcp.urgent_pointer" if n == 0 => words.push_str("no urgent data"),
        "udp.length" => match n.checked_sub(8) {
            Some(data) => say(words, format_args!("bytes: 8 of header, {data} of data")),
            None if n == 0 => words.push_str("left to the network card, or over 65535"),
            None => words.push_str("bytes: too few, the least is 8"),
        },
        "udp.checksum" if n == 0 => words.push_str("none sent"),
        _ => {}
    }
}

fn port(words: &mut String, n: u64) {
    let Ok(port) = u16::try_from(n) else {
        return;
    };
    let range = PortRange::of(port).name();
    match service::name(port) {
        Some(service) => say(words, format_args!("{service} ({range} port)")),
        None => say(words, format_args!("{range} port")),
    }
}

/// Every set flag by name; also those above the octet that most headers name (RFC 9293, 3.1; RFC 9768).
fn flags(words: &mut String, n: u64) {
    const NAMES: [(u64, &str); 9] = [
        (0x002, "SYN"),
        (0x001, "FIN"),
        (0x004, "RST"),
        (0x008, "PSH"),
        (0x010, "ACK"),
        (0x020, "URG"),
        (0x040, "ECE"),
        (0x080, "CWR"),
        (0x100, "AE"),
    ];
    let mut separator = "";
    for (bit, name) in NAMES {
        if n & bit != 0 {
            words.push_str(separator);
            words.push_str(name);
            separator = ", ";
        }
    }
    if n == 0 {
        words.push_str("none");
    }
}

/// The largest packet that such a segment makes.
fn segment_size(words: &mut String, known: &Known<'_>, n: u64) {
    let headers = match known.packet.below(known.layer).map(|below| below.kind) {
        Some(Kind::Ipv4) => 40,
        Some(Kind::Ipv6) => 60,
        _ => return,
    };
    say(
        words,
        format_args!("bytes: packets of up to {}", n + headers),
    );
}
