//! `10.0.0.1 is-at 00:1b:21:00:00:02`: somebody says so, by ARP or neighbor discovery, and nobody says otherwise.

use super::syntax::Binding;
use super::{Finding, Frames, Judge, Verdict, verdict};
use crate::analysis::neighbors::claim;
use crate::decode::Packet;
use crate::filter::Scratch;
use crate::text;

pub(super) struct Bindings {
    sentence: Binding,
    said_so: Frames,
    otherwise: Frames,
    /// Who else claims it.
    other: Option<[u8; 6]>,
    ended: bool,
}

impl Bindings {
    pub(super) fn new(sentence: Binding) -> Self {
        Self {
            sentence,
            said_so: Frames::default(),
            otherwise: Frames::default(),
            other: None,
            ended: false,
        }
    }
}

impl Judge for Bindings {
    fn look(&mut self, packet: &Packet<'_>, _: &Scratch) {
        let Some(claim) = claim(packet).filter(|claim| claim.address == self.sentence.address)
        else {
            return;
        };
        if claim.mac == self.sentence.mac {
            self.said_so.push(packet.frame.number);
        } else {
            self.otherwise.push(packet.frame.number);
            self.other.get_or_insert(claim.mac);
        }
    }

    fn finish(&mut self) {
        self.ended = true;
    }

    fn finding(&self) -> Finding {
        let address = self.sentence.address;
        let (said, frames) = match (self.other, self.said_so.0.is_empty()) {
            (Some(other), _) => (format!("{address} is at {}", mac(other)), &self.otherwise),
            (None, true) => (format!("nobody says where {address} is"), &self.otherwise),
            (None, false) => ("they all say so".to_owned(), &self.said_so),
        };
        Finding {
            verdict: match (self.other, self.ended) {
                (Some(_), _) => Verdict::Fails,
                (None, true) => verdict(!self.said_so.0.is_empty()),
                (None, false) => Verdict::Open,
            },
            said,
            frames: frames.0.clone(),
            filter: Some(match address {
                std::net::IpAddr::V4(_) => format!("arp.src.proto_ipv4 == {address}"),
                std::net::IpAddr::V6(_) => format!(
                    "icmpv6 and (ipv6.src == {address} or icmpv6.nd.na.target_address == {address})"
                ),
            }),
        }
    }
}

fn mac(mac: [u8; 6]) -> String {
    let mut out = text::Buffer::new();
    text::push_mac(&mut out, mac);
    String::from_utf8_lossy(&out).into_owned()
}
