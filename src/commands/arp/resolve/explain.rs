//! The whole story, for learners.

use std::net::IpAddr;

use super::super::place::Place;
use super::want::{Fate, Want};
use crate::address::{multicast_mac, solicited_node};
use crate::arp::Voice;
use crate::commands::interfaces::mac_text;
use crate::commands::subnet::bits;
use crate::text::Buffer;
use crate::text::wrap::push_wrapped;

/// How it is decided whom to ask, and what the question looks like.
pub(super) fn before(want: &Want) -> String {
    let Fate::Ask {
        place,
        address,
        detour,
    } = &want.fate
    else {
        return String::new();
    };
    let target = want.target;
    let link = &place.link.name;
    let mut out = said(&format!(
        "A packet for {target} leaves by {link}, says this machine's routing table, and is sent from {}.",
        place.asker.ip
    ));
    let subnet = place.subnet();
    if let (None, Some(subnet)) = (detour, &subnet)
        && subnet.contains(target)
    {
        out.push_str(&said(
            "Is the target on the same subnet? Both addresses AND the mask, and compare:",
        ));
        bits(&mut out, subnet, Some(target));
        out.push_str(&said(
            "It is, so the frame can go straight to the target. Its MAC address is not known yet.",
        ));
    }
    out.push_str(&question(place, *address));
    out
}

fn question(place: &Place, address: IpAddr) -> String {
    let mac = mac_text(place.asker.mac);
    let own = place.asker.ip;
    match address {
        IpAddr::V4(_) => said(&format!(
            "The question is an ARP request, in a frame from {mac} to ff:ff:ff:ff:ff:ff, which every card on the link takes in: who has {address}? Tell {own} at {mac}. The target's MAC address in it is all zeros, since that is what is asked for."
        )),
        IpAddr::V6(target) => {
            let group = solicited_node(target);
            let to = multicast_mac(group.into()).map_or_else(String::new, mac_text);
            said(&format!(
                "The question is a neighbor solicitation (ICMPv6) to {group}, a group that only hosts with the same last 24 bits listen to, in a frame to {to}: who has {address}? The hop limit is 255, which proves that no router has passed it on."
            ))
        }
    }
}

/// What the answer means.
pub(super) fn answer(place: &Place, address: IpAddr, voice: &Voice) -> String {
    let mac = mac_text(voice.mac);
    let own = mac_text(place.asker.mac);
    let form = if address.is_ipv4() {
        "an ARP reply"
    } else {
        "a neighbor advertisement"
    };
    said(&format!(
        "The answer is {form} in a frame to {own} alone. It names {mac} as the sender's MAC address: frames for {address} go there. {address} now knows our addresses as well, since they were in the question. The kernel's own table is as before: this program asked, not the kernel."
    )) + &said(
        "Nothing proves the answer: any host on the link could have given it (ARP spoofing).",
    )
}

/// What it may mean that nobody answers.
pub(super) fn silence(address: IpAddr) -> String {
    said(&format!(
        "No answer means that no host on this link has {address} now: it is switched off, elsewhere, or never was. A firewall is no reason, as hosts that drop pings still have to answer this to be reached at all; a switch that keeps its ports apart (client isolation) is."
    ))
}

/// A sentence or two, marked as what is there for learners.
fn said(text: &str) -> String {
    let mut out = Buffer::new();
    out.extend_from_slice("  » ".as_bytes());
    push_wrapped(&mut out, 4, 4, text);
    out.push(b'\n');
    String::from_utf8_lossy(&out).into_owned()
}
