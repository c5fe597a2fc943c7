//! Who asked for what, and replies that nobody asked for.

use super::{ANSWER_WITHIN, Claim, MINUTE};
use crate::analysis::alerts::kind::{Kind, Severity};
use crate::analysis::alerts::report::{Report, Words};
use crate::analysis::alerts::settings;
use crate::analysis::alerts::sight::{Mac, Moment, Segment};
use crate::analysis::alerts::window::{SECOND, Window};
use crate::analysis::alerts::{mac_text, span, station};
use crate::analysis::memory::Bounded;
use crate::decode::arp::Addresses;

const LIMIT: usize = 16_384;
/// Several replies at once may answer requests that the capture did not see; several over this time don't.
const AT_LEAST: i64 = 3 * SECOND;

/// Who replies about which address to whom.
type Reply = (Segment, Mac, [u8; 4], Mac);

pub(super) struct Requests {
    /// When this station last asked for this address.
    asked: Bounded<(Segment, Mac, [u8; 4]), Moment>,
    unrequested: Bounded<Reply, Window>,
}

impl Default for Requests {
    fn default() -> Self {
        Self {
            asked: Bounded::new(LIMIT),
            unrequested: Bounded::new(LIMIT),
        }
    }
}

impl Requests {
    pub(super) fn note(&mut self, claim: &Claim) {
        let key = (claim.segment, claim.mac(), claim.packet.target_ip);
        *self.asked.get_or_insert_with(key, || claim.at) = claim.at;
    }

    /// Whether the target of this reply asked for it lately. Two stations may answer one request.
    pub(super) fn was_asked(&mut self, segment: Segment, reply: &Addresses, at: Moment) -> bool {
        let key = (segment, reply.target_mac, reply.sender_ip);
        self.asked
            .get_mut(&key)
            .is_some_and(|asked| at.is_within(ANSWER_WITHIN, *asked))
    }

    /// Counts unrequested replies to one station; many of them hold something false in its cache.
    pub(super) fn look_at_reply(
        &mut self,
        claim: &Claim,
        settings: &settings::Arp,
        report: &mut Report,
    ) {
        if !claim.unrequested || !claim.to_one {
            return;
        }
        let (from, to) = (claim.mac(), claim.packet.target_mac);
        let key = (claim.segment, from, claim.packet.sender_ip, to);
        let window = self.unrequested.get_or_insert_with(key, Window::default);
        window.add(claim.at.time, MINUTE);
        let (count, age) = (window.count, window.age(claim.at.time));
        if count < u64::from(settings.unrequested_replies) || age < AT_LEAST {
            return;
        }
        report.raise(
            claim.at,
            Kind::ArpUnrequestedReply,
            Severity::Warning,
            &key,
            || {
                let ip = std::net::Ipv4Addr::from(claim.packet.sender_ip);
                Words {
                    subject: ip.to_string(),
                    summary: format!(
                        "{} keeps telling {} that {ip} is its own, and was not asked{}",
                        station(from),
                        station(to),
                        claim.segment
                    ),
                    evidence: vec![
                        format!(
                            "{count} replies in {}, the last in frame {}",
                            span(age),
                            claim.at.frame
                        ),
                        "no request for it from that station in the 5 s before any of them"
                            .to_owned(),
                    ],
                    filter: format!("arp.opcode == 2 and arp.src.hw_mac == {}", mac_text(from)),
                }
            },
        );
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.asked.forgotten() + self.unrequested.forgotten()
    }
}
