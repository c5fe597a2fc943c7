//! Values of DNS, DHCP, HTTP and TLS.

use super::{Known, name, say};
use crate::decode::{dhcp, dns, tls};

pub(super) fn number(words: &mut String, known: &Known<'_>, n: u64) {
    let small = u16::try_from(n).unwrap_or(u16::MAX);
    match known.field {
        "dns.flags.opcode" => name(words, operation(n)),
        "dns.flags.rcode" => words.push_str(dns::code_name(n as u8)),
        "dns.qry.type" => name(words, record(small)),
        "dhcp.type" => name(words, direction(n)),
        "dhcp.option.dhcp" => words.push_str(dhcp::type_name(n as u8)),
        "dhcp.option.ip_address_lease_time" => duration(words, n),
        "http.response.code" => name(words, status(n)),
        "tls.record.content_type" => name(words, content(n)),
        "tls.record.version" => {
            if let Some(version) = tls::version_name(small) {
                // For the sake of old devices in between: TLS 1.3 says 1.2, a client hello often 1.0.
                say(words, format_args!("{version} or later"));
            }
        }
        "tls.handshake.type" => name(words, handshake(n)),
        _ => {}
    }
}

/// iana.org, dns-parameters.
fn operation(n: u64) -> Option<&'static str> {
    Some(match n {
        0 => "standard query",
        2 => "server status",
        4 => "notify: a zone has changed",
        5 => "dynamic update",
        _ => return None,
    })
}

fn record(n: u16) -> Option<&'static str> {
    Some(match n {
        1 => "A: IPv4 address",
        2 => "NS: name server",
        5 => "CNAME: the name it stands for",
        6 => "SOA: who runs the zone",
        12 => "PTR: name of an address",
        15 => "MX: mail server",
        16 => "TXT: any text",
        28 => "AAAA: IPv6 address",
        33 => "SRV: host and port of a service",
        65 => "HTTPS: how to reach a web server",
        255 => "ANY: whatever there is",
        _ => return dns::type_name(n),
    })
}

fn direction(n: u64) -> Option<&'static str> {
    match n {
        1 => Some("from a client"),
        2 => Some("from a server"),
        _ => None,
    }
}

/// Seconds in the largest unit that leaves no rest.
fn duration(words: &mut String, seconds: u64) {
    const FOR_EVER: u64 = u32::MAX as u64;
    const UNITS: [(u64, &str); 3] = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
    if seconds == FOR_EVER {
        return words.push_str("for ever");
    }
    let unit = UNITS
        .iter()
        .find(|(length, _)| seconds >= *length && seconds.is_multiple_of(*length));
    let (length, unit) = unit.copied().unwrap_or((1, "second"));
    let count = seconds / length;
    let plural = if count == 1 { "" } else { "s" };
    say(words, format_args!("{count} {unit}{plural}"));
}

/// RFC 9110, 15.
fn status(n: u64) -> Option<&'static str> {
    Some(match n {
        200 => "OK",
        204 => "no content",
        206 => "a part of the content",
        301 => "moved for good",
        302 | 307 => "found elsewhere for now",
        304 => "not changed since the client's copy",
        400 => "the server can't read the request",
        401 => "the client has to log in",
        403 => "forbidden",
        404 => "not found",
        405 => "this method is not allowed",
        429 => "too many requests",
        500 => "the server failed",
        502 => "the server behind this one failed",
        503 => "not available now",
        504 => "the server behind this one is silent",
        _ => return status_class(n),
    })
}

fn status_class(n: u64) -> Option<&'static str> {
    Some(match n {
        100..=199 => "not done yet",
        200..=299 => "done",
        300..=399 => "to be found elsewhere",
        400..=499 => "the client's mistake",
        500..=599 => "the server's mistake",
        _ => return None,
    })
}

/// RFC 8446, 5.1.
fn content(n: u64) -> Option<&'static str> {
    Some(match n {
        20 => "change of cipher",
        21 => "alert",
        22 => "handshake",
        23 => "application data, encrypted",
        24 => "heartbeat",
        _ => return None,
    })
}

/// RFC 8446, 4; RFC 5246, 7.4.
fn handshake(n: u64) -> Option<&'static str> {
    Some(match n {
        0 => "hello request",
        1 => "client hello",
        2 => "server hello",
        4 => "new session ticket",
        8 => "encrypted extensions",
        11 => "certificate",
        12 => "server key exchange",
        13 => "certificate request",
        14 => "server hello done",
        15 => "certificate verify",
        16 => "client key exchange",
        20 => "finished",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_take_the_largest_whole_unit() {
        let of = |seconds| {
            let mut words = String::new();
            duration(&mut words, seconds);
            words
        };
        assert_eq!(of(3600), "1 hour");
        assert_eq!(of(5400), "90 minutes");
        assert_eq!(of(172_800), "2 days");
        assert_eq!(of(0), "0 seconds");
        assert_eq!(of(u32::MAX.into()), "for ever");
    }
}
