//! Community ID: a name for a conversation that other tools give it too
//! (<https://github.com/corelight/community-id-spec>, version 1, seed 0).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};

use super::conversation::Conversation;
use crate::decode::flow::Protocol;
use std::net::IpAddr;

/// None for what has no IP protocol number (ARP).
pub fn community_id(conversation: &Conversation) -> Option<String> {
    let protocol = conversation.ip_protocol()?;
    let (source, destination) = conversation.as_sent();
    let ordered = conversation.protocol != Protocol::IcmpMessage
        && (destination.address, destination.port) < (source.address, source.port);
    let (first, second) = match ordered {
        true => (destination, source),
        false => (source, destination),
    };
    const SEED: [u8; 2] = [0, 0];
    let mut hash = Sha1::new();
    hash.update(SEED);
    for end in [first, second] {
        match end.address {
            IpAddr::V4(address) => hash.update(address.octets()),
            IpAddr::V6(address) => hash.update(address.octets()),
        }
    }
    hash.update([protocol, 0]);
    // What stands for ports has no part in it where there are none.
    if conversation.protocol != Protocol::Ip {
        hash.update(first.port.to_be_bytes());
        hash.update(second.port.to_be_bytes());
    }
    Some(format!("1:{}", STANDARD.encode(hash.finalize())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Flow;
    use crate::decode::flow::{End, Key};
    use std::net::IpAddr;

    /// The specification's baseline: protocol, source, destination, ports.
    #[rustfmt::skip]
    const VECTORS: &[(u8, &str, &str, u16, u16, &str)] = &[
        (58, "fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 135, 136, "1:dGHyGvjMfljg6Bppwm3bg0LO8TY="),
        (58, "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 136, 135, "1:dGHyGvjMfljg6Bppwm3bg0LO8TY="),
        (58, "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 135, 136, "1:zavyT/cezQr1fmImYCwYnMXbgck="),
        (58, "fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 136, 135, "1:zavyT/cezQr1fmImYCwYnMXbgck="),
        (58, "3ffe:501:1800:2345::2", "3ffe:507:0:1:200:86ff:fe05:80da", 3, 0, "1:2ObVBgIn28oZvibYZhZMBgh7WdQ="),
        (58, "3ffe:501:410:0:2c0:dfff:fe47:33e", "3ffe:507:0:1:200:86ff:fe05:80da", 1, 4, "1:hLZd0XGWojozrvxqE0dWB1iM6R0="),
        (58, "3ffe:507:0:1:200:86ff:fe05:80da", "3ffe:501:0:1001::2", 128, 129, "1:+TW+HtLHvV1xnGhV1lv7XoJrqQg="),
        (58, "3ffe:501:0:1001::2", "3ffe:507:0:1:200:86ff:fe05:80da", 129, 128, "1:+TW+HtLHvV1xnGhV1lv7XoJrqQg="),
        (58, "fe80::200:86ff:fe05:80da", "ff02::2", 133, 134, "1:hO+sN4H+MG5MY/8hIrXPqc4ZQz0="),
        (58, "fe80::260:97ff:fe07:69ea", "ff02::1", 134, 133, "1:pkvHqCL88/tg1k4cPigmZXUtL00="),
        (1, "192.168.0.89", "192.168.0.1", 8, 0, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="),
        (1, "192.168.0.1", "192.168.0.89", 0, 8, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="),
        (1, "10.0.0.1", "10.0.0.2", 11, 0, "1:YHxtAirCG//0OzkcVAukqKQN9xM="),
        (6, "2001:470:e5bf:dead:4957:2174:e82c:4887", "2607:f8b0:400c:c03::1a", 63943, 25, "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4="),
        (6, "2607:f8b0:400c:c03::1a", "2001:470:e5bf:dead:4957:2174:e82c:4887", 25, 63943, "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4="),
        (6, "128.232.110.120", "66.35.250.204", 34855, 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
        (6, "66.35.250.204", "128.232.110.120", 80, 34855, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
        (17, "192.168.1.52", "8.8.8.8", 54585, 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="),
        (17, "8.8.8.8", "192.168.1.52", 53, 54585, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="),
    ];

    #[test]
    fn the_specifications_vectors() {
        for (protocol, source, destination, source_port, destination_port, expected) in VECTORS {
            let end = |address: &str, port| {
                let address: IpAddr = address.parse().expect("an address");
                End::new(address, port)
            };
            let one_way = matches!(protocol, 1 | 58)
                && *destination_port < 5
                && *source_port != 8
                && *source_port != 0;
            let protocol = match protocol {
                6 => Protocol::Tcp,
                17 => Protocol::Udp,
                _ if one_way => Protocol::IcmpMessage,
                _ => Protocol::Icmp,
            };
            let is_v4 = source.contains('.');
            let source = end(source, *source_port);
            let destination = end(destination, *destination_port);
            let (key, from) = Key::between(protocol, is_v4, source, destination);
            let conversation = Conversation::new(0, &Flow::new(protocol, key, from), None);
            assert_eq!(community_id(&conversation).as_deref(), Some(*expected));
        }
    }
}
