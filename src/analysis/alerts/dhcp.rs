//! DHCP: servers that should not answer, and clients that are too many to be machines.
//!
//! Only what goes between neighbors is judged: a relay's link sees the servers and clients of many networks.

use std::net::{IpAddr, Ipv4Addr};

use super::kind::{Kind, Severity};
use super::report::{Report, Words};
use super::settings;
use super::sight::{Mac, Moment, Segment, Sight};
use super::window::{Distinct, SECOND};
use super::{mac_text, span, station};
use crate::analysis::memory::Bounded;
use crate::bytes::chunk;
use crate::decode::dhcp::{Message, option};
use crate::decode::{self};

const SEGMENTS: usize = 1024;
const MOST_SERVERS: usize = 16;
const CLIENTS_WITHIN: i64 = 10 * SECOND;

const OFFER: u8 = 2;
const ACK: u8 = 5;
/// The address that a client has already.
const CLIENT_AT: usize = 12;
const BOOT_REPLY: u8 = 2;
/// Options: the routers and the name servers that a client is to use (RFC 2132, 3.5 and 3.8).
const ROUTER: u8 = 3;
const NAME_SERVER: u8 = 6;

#[derive(Debug, Clone, Copy)]
struct Server {
    identifier: Ipv4Addr,
    mac: Option<Mac>,
    router: Option<[u8; 4]>,
    name_server: Option<[u8; 4]>,
    at: Moment,
}

#[derive(Default)]
struct Link {
    servers: Vec<Server>,
    /// By MAC address and the address they have, if any.
    clients: Distinct<(Mac, Option<IpAddr>)>,
}

pub(super) struct Dhcp {
    settings: settings::Dhcp,
    links: Bounded<Segment, Link>,
}

impl Dhcp {
    pub(super) fn new(settings: settings::Dhcp) -> Self {
        Self {
            settings,
            links: Bounded::new(SEGMENTS),
        }
    }

    pub(super) fn look(&mut self, sight: &Sight<'_>, report: &mut Report) {
        const RELAY_AT: usize = 24;
        let Some(layer) = sight.packet.layers.last() else {
            return;
        };
        if layer.kind != decode::Kind::Dhcp {
            return;
        }
        let bytes = sight.packet.header(layer);
        let message = Message(bytes);
        if chunk(bytes, RELAY_AT) != Some([0u8; 4]) {
            return;
        }
        if bytes.first() == Some(&BOOT_REPLY) {
            self.server(sight, message, report);
        } else if let Some(mac) = message.client_mac() {
            let client = (mac, sight.ip.map(|ip| ip.source));
            self.client(sight, client, report);
        }
    }

    fn client(&mut self, sight: &Sight<'_>, client: (Mac, Option<IpAddr>), report: &mut Report) {
        let link = self.links.get_or_insert_with(sight.segment, Link::default);
        let enough = self.settings.clients;
        let Some((age, clients)) = link
            .clients
            .add(client, sight.at.time, CLIENTS_WITHIN, enough)
        else {
            return;
        };
        report.raise(sight.at, Kind::DhcpStarvation, Severity::Warning, &sight.segment, || Words {
            subject: "DHCP".to_owned(),
            summary: format!(
                "{} DHCP clients ask within {}{}",
                clients.len(),
                span(age),
                sight.segment
            ),
            evidence: vec![
                format!("the last in frame {}: {}", sight.at.frame, mac_text(client.0)),
                "made-up clients use up a server's addresses, so that a false server can answer".to_owned(),
            ],
            filter: "udp.dstport == 67".to_owned(),
        });
    }

    fn server(&mut self, sight: &Sight<'_>, message: Message<'_>, report: &mut Report) {
        let Some(IpAddr::V4(source)) = sight.ip.map(|ip| ip.source) else {
            return;
        };
        if !matches!(message.message_type(), Some(OFFER | ACK)) {
            return;
        }
        let new = Server {
            identifier: message
                .address(option::SERVER)
                .map_or(source, Ipv4Addr::from),
            mac: sight.ends.map(|ends| ends.source),
            router: message.address(ROUTER),
            name_server: message.address(NAME_SERVER),
            at: sight.at,
        };
        let link = self.links.get_or_insert_with(sight.segment, Link::default);
        let subject = (sight.segment, new.identifier);
        let listed = &self.settings.servers;
        if !listed.is_empty() && !listed.contains(&new.identifier.into()) {
            report.raise(
                sight.at,
                Kind::RogueDhcpServer,
                Severity::Critical,
                &subject,
                || words(sight, &new, None),
            );
            return;
        }
        // A lease is renewed with the server wherever that is (RFC 2131, 4.3.2 and 4.4.5): its answer may come from a router,
        // and be for another network.
        let renews = chunk(message.0, CLIENT_AT).is_some_and(|client| client != [0u8; 4]);
        if renews {
            return;
        }
        let known = link
            .servers
            .iter()
            .find(|server| server.identifier == new.identifier)
            .copied();
        let first = link.servers.first().copied();
        if known.is_none() && link.servers.len() < MOST_SERVERS {
            link.servers.push(new);
        }
        // The same server at another station may be its standby, which tells the same.
        let is_other = |known: &Server| {
            let config =
                differs(known.router, new.router) || differs(known.name_server, new.name_server);
            known.mac != new.mac && config
        };
        let is_second = |first: &Server| listed.is_empty() && first.identifier != new.identifier;
        let before = known.filter(is_other).or(first.filter(is_second));
        let Some(before) = before else { return };
        // A pair of servers that share the work tell the same.
        let severity = if differs(before.router, new.router) {
            Severity::Critical
        } else if differs(before.name_server, new.name_server) {
            Severity::Warning
        } else {
            Severity::Info
        };
        report.raise(sight.at, Kind::RogueDhcpServer, severity, &subject, || {
            words(sight, &new, Some(&before))
        });
    }
}

fn differs(one: Option<[u8; 4]>, other: Option<[u8; 4]>) -> bool {
    one.is_some() && other.is_some() && one != other
}

fn words(sight: &Sight<'_>, new: &Server, first: Option<&Server>) -> Words {
    let summary = match first {
        Some(first) if first.identifier == new.identifier => format!(
            "another station answers as the DHCP server {}, and tells other things{}",
            new.identifier, sight.segment
        ),
        Some(first) => format!(
            "a second DHCP server, {}, answers beside {}{}",
            new.identifier, first.identifier, sight.segment
        ),
        None => format!(
            "the DHCP server {} answers, which is not in the list{}",
            new.identifier, sight.segment
        ),
    };
    Words {
        subject: new.identifier.to_string(),
        summary,
        evidence: first.into_iter().chain([new]).map(offer).collect(),
        filter: "dhcp and udp.srcport == 67".to_owned(),
    }
}

/// What a server has clients use.
fn offer(server: &Server) -> String {
    let named = |address: Option<[u8; 4]>| {
        address.map_or("none".to_owned(), |address| {
            Ipv4Addr::from(address).to_string()
        })
    };
    format!(
        "frame {}: {}{}, gateway {}, name server {}",
        server.at.frame,
        server.identifier,
        server
            .mac
            .map_or(String::new(), |mac| format!(" at {}", station(mac))),
        named(server.router),
        named(server.name_server)
    )
}
