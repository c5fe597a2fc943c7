//! Pings that are not what they should be, and packets whose fragments make up more than a packet can hold.
//!
//! An echo reply returns the data of its request (RFC 792; RFC 1122, 3.2.2.6); some servers return only its beginning.
//! What comes back changed carries something else: a tunnel, mostly.

use std::net::IpAddr;

use super::ip_field;
use super::kind::{Kind, Severity};
use super::report::{Report, Words};
use super::settings;
use super::sight::{Ip, Moment, Sight};
use super::window::{SECOND, Window};
use crate::analysis::memory::Bounded;
use crate::decode::{self, icmp};

const LIMIT: usize = 8192;
const WITHIN: i64 = 60 * SECOND;
/// As much of a request's data is compared.
const COMPARED: usize = 32;
const LARGEST_PACKET: u32 = 65_535;

/// From whom to whom, identifier and sequence number.
type Echo = (IpAddr, IpAddr, u32);

#[derive(Clone, Copy)]
struct Request {
    data: [u8; COMPARED],
    compared: usize,
    len: u32,
    at: Moment,
}

pub(super) struct Ping {
    settings: settings::Ping,
    requests: Bounded<Echo, Request>,
    altered: Bounded<(IpAddr, IpAddr), Window>,
}

impl Ping {
    pub(super) fn new(settings: settings::Ping) -> Self {
        Self {
            settings,
            requests: Bounded::new(LIMIT),
            altered: Bounded::new(LIMIT),
        }
    }

    pub(super) fn look(&mut self, sight: &Sight<'_>, report: &mut Report) {
        let Some(ip) = sight.ip else {
            return;
        };
        if ip.layer.kind == decode::Kind::Ipv4 {
            self.fragment(sight, &ip, report);
        }
        let Some(layer) = sight.upper else {
            return;
        };
        let Some(message) = sight.packet.u8(layer, 0) else {
            return;
        };
        let Some(identity) = sight.packet.u32(layer, 4) else {
            return;
        };
        let data = sight.packet.payload(layer);
        let len = layer.payload_len();
        match (layer.kind, message) {
            (decode::Kind::Icmp, icmp::ECHO_REQUEST)
            | (decode::Kind::Icmpv6, icmp::ECHO_REQUEST_V6) => {
                if len > self.settings.large {
                    tell_large(sight, &ip, len, report);
                }
                let mut request = Request {
                    data: [0; COMPARED],
                    compared: data.len().min(COMPARED),
                    len,
                    at: sight.at,
                };
                request.data[..request.compared].copy_from_slice(&data[..request.compared]);
                let key = (ip.source, ip.destination, identity);
                *self.requests.get_or_insert_with(key, || request) = request;
            }
            (decode::Kind::Icmp, icmp::ECHO_REPLY)
            | (decode::Kind::Icmpv6, icmp::ECHO_REPLY_V6) => {
                let key = (ip.destination, ip.source, identity);
                if let Some(request) = self.requests.get_mut(&key).copied()
                    && request.is_altered(data, len)
                {
                    self.altered(sight, &ip, &request, len, report);
                }
            }
            _ => {}
        }
    }

    fn fragment(&mut self, sight: &Sight<'_>, ip: &Ip<'_>, report: &mut Report) {
        const OFFSET: u16 = 0x1fff;
        const ICMP: u8 = 1;
        let offset = sight.packet.u16(ip.layer, 6).unwrap_or(0) & OFFSET;
        if offset == 0 {
            return;
        }
        let end = u32::from(offset) * 8 + ip.layer.payload_len();
        let subject = (ip.source, ip.destination);
        if end + ip.layer.header_len > LARGEST_PACKET {
            report.raise(sight.at, Kind::OversizedPacket, Severity::Critical, &subject, || Words {
                subject: format!("{} → {}", ip.source, ip.destination),
                summary: format!(
                    "fragments from {} to {} make up more than an IP packet can hold",
                    ip.source, ip.destination
                ),
                evidence: vec![format!(
                    "frame {}: with this fragment it has {} bytes; a packet has {LARGEST_PACKET} at most",
                    sight.at.frame,
                    end + ip.layer.header_len
                )],
                filter: format!("ip.frag_offset > 0 and {}", ip_field(ip.source, "src")),
            });
        } else if sight.packet.u8(ip.layer, 9) == Some(ICMP) && end > self.settings.large {
            tell_large(sight, ip, end, report);
        }
    }

    fn altered(
        &mut self,
        sight: &Sight<'_>,
        ip: &Ip<'_>,
        request: &Request,
        len: u32,
        report: &mut Report,
    ) {
        let pair = (ip.destination, ip.source);
        let window = self.altered.get_or_insert_with(pair, Window::default);
        window.add(sight.at.time, WITHIN);
        let count = window.count;
        if count < u64::from(self.settings.altered) {
            return;
        }
        report.raise(sight.at, Kind::OddPing, Severity::Warning, &(pair, "altered"), || Words {
            subject: format!("{} → {}", pair.0, pair.1),
            summary: format!(
                "{} answers pings of {} with other data than they had",
                pair.1, pair.0
            ),
            evidence: vec![
                format!(
                    "{count} answers within 60 s; frame {} asks with {} bytes, frame {} answers with {len}",
                    request.at.frame, request.len, sight.at.frame
                ),
                "an answer returns what it was sent (RFC 792); something may be tunnelled in them".to_owned(),
            ],
            filter: format!(
                "(icmp or icmpv6) and {} and {}",
                ip_field(pair.0, "addr"),
                ip_field(pair.1, "addr")
            ),
        });
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.requests.forgotten() + self.altered.forgotten()
    }
}

impl Request {
    /// Whether a reply is anything but the beginning of what was sent.
    fn is_altered(&self, data: &[u8], len: u32) -> bool {
        let common = self.compared.min(data.len());
        len > self.len || self.data[..common] != data[..common]
    }
}

fn tell_large(sight: &Sight<'_>, ip: &Ip<'_>, len: u32, report: &mut Report) {
    let subject = (ip.source, ip.destination, "large");
    report.raise(sight.at, Kind::OddPing, Severity::Info, &subject, || {
        Words {
            subject: format!("{} → {}", ip.source, ip.destination),
            summary: format!("{} sends {} a large ping", ip.source, ip.destination),
            evidence: vec![format!("frame {}: at least {len} bytes", sight.at.frame)],
            filter: format!(
                "{} and {}",
                ip_field(ip.source, "addr"),
                ip_field(ip.destination, "addr")
            ),
        }
    });
}
