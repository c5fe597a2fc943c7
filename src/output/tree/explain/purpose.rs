//! What protocols are for that say little more than that in one frame: a sentence or two each.

use super::Facts;
use crate::decode::{Kind, Layer, Packet};

pub(super) fn purpose(facts: &mut Facts<'_>, packet: &Packet<'_>, layer: &Layer) {
    for sentence in sentences(layer.kind) {
        facts.say(format_args!("{sentence}"));
    }
    let next = match (layer.kind, packet.payload(layer).first()) {
        (Kind::Sctp, Some(1)) => "First of four steps. Next: INIT ACK from the other side.",
        (Kind::Sctp, Some(2)) => {
            "Second of four steps. Next: COOKIE ECHO, which proves that the client is there."
        }
        (Kind::Sctp, Some(10)) => "Third of four steps. Next: COOKIE ACK, and data.",
        (Kind::Sctp, Some(6)) => "Broken off at once: what was on its way is lost.",
        _ => return,
    };
    facts.say(format_args!("{next}"));
}

fn sentences(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Stp => &[
            "Switches agree on a tree without loops: the one with the lowest priority and address is its root, and \
             links that are not on a shortest way to it stay silent.",
            "Next: the same every two seconds. If it stops, a silent link takes over.",
        ],
        Kind::Lldp => &[
            "A device tells its neighbor on this cable who it is and which port this is. It goes no further than the \
             next device, and gets no answer.",
        ],
        Kind::Cdp => &[
            "Cisco's devices tell the neighbor on this cable who they are. It goes no further, and gets no answer; it \
             also tells an attacker which software to look up.",
        ],
        Kind::Eapol => &[
            "Before a port (or a Wi-Fi network) lets a device in, both sides prove here who they are. Keys for \
             encryption come out of it.",
        ],
        Kind::Macsec => &[
            "Everything on this link is protected from one device to the next; each device on the way reads it and \
             protects it anew. The packet number keeps old frames from being sent again.",
        ],
        Kind::Wlan => &[
            "On the air a frame names up to four stations: who sends and who receives it now, and who it is from and \
             for in the end. Whatever is not encrypted can be read by everybody near.",
        ],
        Kind::Igmp => &[
            "Hosts tell the routers of their link which multicast groups they want, and switches listen, so that the \
             groups go only where they are wanted. Routers ask again every two minutes or so.",
        ],
        Kind::Sctp => &[
            "SCTP carries messages in several streams of one association, which may use several addresses of each \
             side. A packet is made of chunks.",
        ],
        Kind::Ospf => &[
            "Routers of one organisation find each other by hellos, and tell each other every link there is. Each \
             works out the shortest ways by itself.",
        ],
        Kind::Vrrp => &[
            "Several routers share one address; the one with the highest priority serves it and says so every second. \
             If it falls silent for about three, the next one takes over.",
        ],
        Kind::Esp => &[
            "Encrypted by IPsec: the number of the agreement (SPI) tells the receiver which key to use. What it is, \
             and for which port, can't be seen.",
        ],
        Kind::Ah => &[
            "Protected by IPsec against change, addresses included, but not encrypted. That is why it does not pass \
             network address translation.",
        ],
        Kind::Pim => &[
            "Multicast routers tell each other where groups are wanted, and so build a tree for each.",
        ],
        Kind::Eigrp => &[
            "Cisco's routers tell each other routes and how good they are; only changes are sent.",
        ],
        Kind::Rip => &[
            "Each router tells its neighbors all its routes every 30 seconds; 16 hops count as out of reach.",
        ],
        Kind::Snmp => &[
            "A manager reads or sets variables of a device, each named by numbers. In versions 1 and 2c the password \
             (community) can be read by anybody on the way.",
        ],
        Kind::Mqtt => &[
            "Clients talk to a broker, not to each other: one publishes under a topic, the broker passes it on to all \
             that subscribed to it.",
        ],
        Kind::Ntp => &[
            "A client works out how wrong its clock is from the times that both sides sent and received at.",
        ],
        Kind::Ssdp => &[
            "Devices on the link are looked for, or announce themselves, by multicast; nobody proves what it is.",
        ],
        Kind::Ssh => &[
            "Only the first lines can be read: versions, then which ciphers. What follows is encrypted.",
        ],
        Kind::Telnet | Kind::Ftp | Kind::Pop3 => {
            &["Nothing here is encrypted, passwords included: whoever is on the way can read them."]
        }
        Kind::Mysql | Kind::Postgres | Kind::Redis => &[
            "A database and its client. Unless they agreed on TLS before, queries and answers can be read on the way.",
        ],
        _ => &[],
    }
}
