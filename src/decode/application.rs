//! Which application a payload belongs to: by the port it usually has, checked against how its messages start.

use super::walk::{Next, Span, Walk};
use super::{Kind, dns, http, link, tls};

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
        Some(Kind::Dns) => dns_over_tcp(walk, span, data),
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
fn dns_over_tcp(walk: &mut Walk<'_>, span: Span, data: &[u8]) -> Next {
    const LENGTH: usize = 2;
    /// Who has more to send than this fills the segment: every host takes so much (RFC 9293, 3.7.1).
    const LEAST_SEGMENT: usize = 500;
    // Data from the middle of a message may look like anything.
    let Some((claimed, message)) = data.split_first_chunk() else {
        return Next::data(span);
    };
    let (claimed, there) = (
        usize::from(u16::from_be_bytes(*claimed)),
        span.len() - LENGTH,
    );
    let is_beginning = claimed <= there || there >= LEAST_SEGMENT;
    let is_cut = message.len() < there.min(dns::HEADER);
    match is_beginning && (is_cut || dns::starts_message(message)) {
        true => link::whole(walk, Kind::Dns, span.after(LENGTH)),
        false => Next::data(span),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Batch;
    use crate::decode::Decoded;
    use crate::frame::LinkType;

    /// What is found in a segment to port 53.
    fn found(data: &[u8]) -> Kind {
        let mut packet = vec![0x45, 0, 0, 0, 0, 1, 0, 0, 64, 6, 0, 0];
        packet.extend([10, 9, 0, 1, 10, 9, 0, 2]); // IPv4
        packet.extend([0x30, 0x39, 0, 53, 0, 0, 0, 7, 0, 0, 0, 9, 0x50, 0x18]);
        packet.extend([1, 0, 0, 0, 0, 0]); // TCP
        packet.extend(data);
        let len = packet.len() as u16;
        packet[2..4].copy_from_slice(&len.to_be_bytes());
        let mut batch = Batch::default();
        batch.push(&packet, len.into(), None, LinkType::RAW, 0);
        let mut decoded = Decoded::default();
        decoded.push(&batch, 0);
        let packet = decoded.packet(&batch, 0);
        packet.layers.last().map_or(Kind::Frame, |last| last.kind)
    }

    #[test]
    fn only_what_begins_a_message_of_dns_is_one() {
        // A question: length, number, flags, counts, the root's name servers.
        let question = [
            0, 17, 0xab, 0xcd, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1,
        ];
        assert_eq!(found(&question), Kind::Dns);
        // Its length came in the segment before: what follows is no length.
        assert_eq!(found(&question[2..]), Kind::Data);
        assert_eq!(found(&question[..2]), Kind::Data);
        assert_eq!(found(b"POST / HTTP/1.0\r\n\r\n"), Kind::Data);
        // The beginning of a message that goes on fills its segment.
        let mut long = question.to_vec();
        long[0] = 0x80;
        assert_eq!(found(&long), Kind::Data);
        long.resize(600, 0);
        assert_eq!(found(&long), Kind::Dns);
        // No such kind of message, a reserved bit, many questions, an error in what asks.
        for (at, value) in [(4, 0x39), (5, 0x40), (7, 2), (5, 3)] {
            let mut wrong = question;
            wrong[at] = value;
            assert_eq!(found(&wrong), Kind::Data, "{at}: {value:#x}");
        }
    }
}
