//! Values of IP.

use super::{Known, name, numbers, say};

pub(super) fn number(words: &mut String, known: &Known<'_>, n: u64) {
    match known.field {
        "ip.version" | "ipv6.version" => say(words, format_args!("IPv{n}")),
        "ip.hdr_len" => header_len(words, n),
        "ip.dsfield.dscp" | "ipv6.tclass.dscp" => name(words, numbers::dscp(n)),
        "ip.dsfield.ecn" | "ipv6.tclass.ecn" => name(words, numbers::ecn(n)),
        "ip.len" => total_len(words, known, n),
        "ip.flags" => flags(words, n),
        "ip.frag_offset" => fragment_offset(words, known),
        "ip.ttl" | "ipv6.hlim" => lifetime(words, n),
        "ip.proto" | "ipv6.nxt" | "ipv6.hopopts.nxt" | "ipv6.routing.nxt" | "ipv6.fraghdr.nxt"
        | "ipv6.dstopts.nxt" | "ah.next_header" => name(words, numbers::ip_protocol(n)),
        "ipv6.flow" if n == 0 => words.push_str("not given to a flow"),
        _ => {}
    }
}

fn header_len(words: &mut String, n: u64) {
    match n {
        20 => words.push_str("bytes (5 \u{d7} 4): no options"),
        21.. => say(
            words,
            format_args!("bytes ({} \u{d7} 4): {} of options", n / 4, n - 20),
        ),
        _ => words.push_str("bytes: too few, the least is 20"),
    }
}

fn total_len(words: &mut String, known: &Known<'_>, n: u64) {
    let header = u64::from(known.layer.header_len);
    match n.checked_sub(header) {
        Some(data) if !known.layer.is_cut() => {
            say(
                words,
                format_args!("bytes: {header} of header, {data} of data"),
            );
        }
        _ => {}
    }
}

/// RFC 791, 3.1.
fn flags(words: &mut String, n: u64) {
    const NAMES: [(u64, &str); 3] = [
        (4, "reserved bit"),
        (2, "don't fragment"),
        (1, "more fragments"),
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
        words.push_str("none set");
    }
}

/// Read from the header, whatever unit the register shows it in.
fn fragment_offset(words: &mut String, known: &Known<'_>) {
    const MORE: u16 = 0x2000;
    const OFFSET: u16 = 0x1fff;
    let Some(word) = known.packet.u16(known.layer, 6) else {
        return;
    };
    match (word & OFFSET, word & MORE != 0) {
        (0, false) => words.push_str("not a fragment"),
        (0, true) => words.push_str("the first fragment"),
        (units, more) => say(
            words,
            format_args!(
                "{} fragment: starts at byte {} of the whole",
                if more { "a middle" } else { "the last" },
                u32::from(units) * 8
            ),
        ),
    }
}

/// Senders start at one of three values, by their system's habit: what is missing was taken off on the way.
fn lifetime(words: &mut String, n: u64) {
    let start = match n {
        33..=64 => 64,
        97..=128 => 128,
        225..=255 => 255,
        0 => return words.push_str("used up: no router may pass it on"),
        1 => return words.push_str("no router may pass it on"),
        _ => return,
    };
    match start - n {
        0 => words.push_str("a usual start: passed no router yet"),
        1 => say(
            words,
            format_args!("probably {start} at first: passed 1 router"),
        ),
        routers => say(
            words,
            format_args!("probably {start} at first: passed {routers} routers"),
        ),
    }
}
