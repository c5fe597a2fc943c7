//! Which application a payload belongs to: by the port it usually has, checked against how its messages start.

use super::walk::{Next, Span, Walk};
use super::{Kind, http, link, tls};

/// What a TCP segment's data is, named by a port or by its own first bytes.
#[inline]
pub(super) fn over_tcp(walk: &mut Walk<'_>, ports: (u16, u16), span: Span) -> Next {
    match walk.rest(span) {
        // Most often there is nothing but an acknowledgment.
        [] => Next::data(span),
        data => in_tcp(walk, ports, span, data),
    }
}

#[inline(never)]
fn in_tcp(walk: &mut Walk<'_>, ports: (u16, u16), span: Span, data: &[u8]) -> Next {
    let named = tcp_port(ports.1).or_else(|| tcp_port(ports.0));
    match named {
        Some(Kind::Dns) => dns_over_tcp(walk, span),
        Some(Kind::Http) if http::starts_message(data) => link::whole(walk, Kind::Http, span),
        Some(Kind::Tls) if tls::starts_record(data) => link::whole(walk, Kind::Tls, span),
        // Data in the middle of a message: the connection is known by its port, the segment says nothing.
        Some(Kind::Http | Kind::Tls) => Next::data(span),
        Some(kind) => link::whole(walk, kind, span),
        None if http::starts_message(data) => guess(walk, Kind::Http, span),
        None if tls::starts_handshake(data) => guess(walk, Kind::Tls, span),
        None if data.starts_with(b"SSH-") => guess(walk, Kind::Ssh, span),
        None => Next::data(span),
    }
}

pub(super) fn over_udp(walk: &mut Walk<'_>, ports: (u16, u16), span: Span) -> Next {
    if walk.rest(span).is_empty() {
        return Next::data(span);
    }
    match udp_port(ports.1).or_else(|| udp_port(ports.0)) {
        // Every QUIC packet has this bit set (RFC 9000, 17); other things use the port too.
        Some(Kind::Quic) if walk.rest(span)[0] & 0x40 == 0 => Next::data(span),
        Some(kind) => link::whole(walk, kind, span),
        None => Next::data(span),
    }
}

/// Nothing but the bytes themselves tell: said, so that nobody takes it for certain.
fn guess(walk: &mut Walk<'_>, kind: Kind, span: Span) -> Next {
    let next = link::whole(walk, kind, span);
    if let Some(layer) = walk.layers.last_mut() {
        layer.set_guessed();
    }
    next
}

/// Over TCP a length stands before each message (RFC 1035, 4.2.2).
fn dns_over_tcp(walk: &mut Walk<'_>, span: Span) -> Next {
    const LENGTH: usize = 2;
    link::whole(walk, Kind::Dns, span.after(LENGTH))
}

fn tcp_port(port: u16) -> Option<Kind> {
    Some(match port {
        53 => Kind::Dns,
        80 | 3128 | 8000 | 8008 | 8080 | 8081 | 8088 | 8888 => Kind::Http,
        443 | 465 | 563 | 636 | 853 | 989 | 990 | 992 | 993 | 995 | 5061 | 5223 | 5671 | 6514
        | 6697 | 8443 | 8883 => Kind::Tls,
        22 => Kind::Ssh,
        21 => Kind::Ftp,
        23 => Kind::Telnet,
        25 | 587 => Kind::Smtp,
        110 => Kind::Pop3,
        143 => Kind::Imap,
        179 => Kind::Bgp,
        389 => Kind::Ldap,
        445 => Kind::Smb,
        554 => Kind::Rtsp,
        1883 => Kind::Mqtt,
        3306 => Kind::Mysql,
        5060 => Kind::Sip,
        5432 => Kind::Postgres,
        6379 => Kind::Redis,
        _ => return None,
    })
}

fn udp_port(port: u16) -> Option<Kind> {
    Some(match port {
        53 => Kind::Dns,
        5353 => Kind::Mdns,
        5355 => Kind::Llmnr,
        67 | 68 => Kind::Dhcp,
        546 | 547 => Kind::Dhcpv6,
        123 => Kind::Ntp,
        161 | 162 => Kind::Snmp,
        443 => Kind::Quic,
        500 => Kind::Isakmp,
        514 => Kind::Syslog,
        520 => Kind::Rip,
        1812 | 1813 => Kind::Radius,
        1900 => Kind::Ssdp,
        3478 => Kind::Stun,
        5060 => Kind::Sip,
        _ => return None,
    })
}
