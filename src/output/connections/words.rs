//! How sizes, times and ends of conversations are written for people.

use crate::analysis::connections::{Conversation, Ending, Endpoint, Protocol};
use crate::service;
use crate::text::escape::escaped;

/// A length of time with three digits that count: `1.23 ms`.
pub(super) fn time(nanos: i64) -> String {
    const UNITS: [(f64, &str); 3] = [(1e9, "s"), (1e6, "ms"), (1e3, "µs")];
    let sign = if nanos < 0 { "-" } else { "" };
    let nanos = nanos.unsigned_abs() as f64;
    let unit = UNITS.iter().find(|(size, _)| nanos >= *size);
    let (size, name) = unit.copied().unwrap_or((1e3, "µs"));
    let value = nanos / size;
    let decimals = if value < 9.995 {
        2
    } else if value < 99.95 {
        1
    } else {
        0
    };
    match nanos {
        0.0 => "0".to_owned(),
        _ => format!("{sign}{value:.decimals$} {name}"),
    }
}

/// A number of bytes with three digits that count: `1.23 MB`. Powers of 1000, as disks and links have them.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [(f64, &str); 4] = [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    let unit = UNITS
        .iter()
        .find(|(size, _)| bytes as f64 >= *size * 0.9995);
    let Some((size, name)) = unit else {
        return format!("{bytes} B");
    };
    let value = bytes as f64 / size;
    let decimals = if value < 9.995 {
        2
    } else if value < 99.95 {
        1
    } else {
        0
    };
    format!("{value:.decimals$} {name}")
}

/// Bits a second, from bytes in nanoseconds.
pub(super) fn rate(bytes: u64, nanos: i64) -> String {
    if nanos <= 0 {
        return String::new();
    }
    let bits = bytes as f64 * 8.0 * 1e9 / nanos as f64;
    const UNITS: [(f64, &str); 3] = [(1e9, "Gb/s"), (1e6, "Mb/s"), (1e3, "kb/s")];
    let unit = UNITS.iter().find(|(size, _)| bits >= *size);
    let (size, name) = unit.copied().unwrap_or((1.0, "b/s"));
    format!("{:.1} {name}", bits / size)
}

/// Address and port, the IPv6 address in brackets; protocols without ports have the address alone.
pub(super) fn end(end: Endpoint, protocol: Protocol) -> String {
    let Endpoint { address, port } = end;
    match protocol {
        Protocol::Tcp | Protocol::Udp if address.is_ipv6() => format!("[{address}]:{port}"),
        Protocol::Tcp | Protocol::Udp => format!("{address}:{port}"),
        _ => address.to_string(),
    }
}

/// What is spoken: the protocol that was recognised, or the one that usually is on the port that was asked.
pub(super) fn service(conversation: &Conversation) -> String {
    let has_ports = matches!(conversation.protocol, Protocol::Tcp | Protocol::Udp);
    match conversation.application {
        Some(kind) => kind.short().to_ascii_lowercase(),
        None if has_ports => service::name(conversation.ends[1].port)
            .unwrap_or_default()
            .to_owned(),
        None => String::new(),
    }
}

pub(super) fn server_name(conversation: &Conversation) -> String {
    let name = conversation.server_name.as_deref().unwrap_or_default();
    escaped(&String::from_utf8_lossy(name))
}

/// How it went, and who ended it: `reset by server`.
pub(super) fn ending(conversation: &Conversation) -> String {
    let Some(tcp) = &conversation.tcp else {
        return match (conversation.unreachable, conversation.sent[1].frames) {
            (true, _) => "unreachable".to_owned(),
            (_, 0) => "one way".to_owned(),
            _ => "both ways".to_owned(),
        };
    };
    let ending = tcp.ending();
    let by = match (ending, tcp.ended_by()) {
        (Ending::Reset | Ending::HalfClosed, Some(0)) => " by client",
        (Ending::Reset | Ending::HalfClosed, Some(_)) => " by server",
        _ => "",
    };
    let unreachable = conversation.unreachable && ending == Ending::Unanswered;
    match unreachable {
        true => "unreachable".to_owned(),
        false => format!("{}{by}", ending.words()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_count() {
        assert_eq!(time(0), "0");
        assert_eq!(time(41_000), "41.0 µs");
        assert_eq!(time(1_234_000), "1.23 ms");
        assert_eq!(time(120_000_000_000), "120 s");
        assert_eq!(time(-5_000_000), "-5.00 ms");
        assert_eq!(size(999), "999 B");
        assert_eq!(size(1_234), "1.23 kB");
        assert_eq!(size(999_999), "1.00 MB");
        assert_eq!(rate(1_250_000, 1_000_000_000), "10.0 Mb/s");
        assert_eq!(rate(1, 0), "");
    }
}
