//! Facts about DNS (RFC 1035, RFC 6762), DHCP (RFC 2131), HTTP (RFC 9110) and TLS (RFC 8446).

use super::{Facts, ends, number};
use crate::decode::dns::Message;
use crate::decode::{Kind, Layer, Packet, http};

pub(super) fn dns(facts: &mut Facts<'_>, packet: &Packet<'_>, layer: &Layer) {
    let Some((from, to)) = ends(packet, layer) else {
        return;
    };
    let answers = Message(packet.header(layer)).is_response();
    match (layer.kind, answers) {
        (Kind::Mdns | Kind::Llmnr, Some(false)) => facts.say(format_args!(
            "Asks all hosts on the link, not a server. Next: whoever has the name answers; nobody proves that it is \
             theirs."
        )),
        (Kind::Mdns | Kind::Llmnr, _) => {}
        (_, Some(false)) => facts.say(format_args!(
            "{from} asks the name server {to}. Next: an answer with the same identifier, from port 53. If none \
             comes, {from} asks again or asks another server."
        )),
        (_, Some(true)) => answer(facts, packet, layer),
        _ => {}
    }
}

fn answer(facts: &mut Facts<'_>, packet: &Packet<'_>, layer: &Layer) {
    match number(packet, layer, "dns.flags.rcode") {
        Some(0) if number(packet, layer, "dns.count.answers") == Some(0) => facts.say(format_args!(
            "No error and no answer: the name exists or leads elsewhere, but has nothing of the kind that was asked."
        )),
        Some(0) => facts.say(format_args!(
            "The asker keeps the answers as long as each one's time to live says, and asks no more until then."
        )),
        Some(3) => facts.say(format_args!(
            "There is no such name, of any kind. That is an answer too, and kept for a while."
        )),
        Some(2 | 5) => facts.say(format_args!(
            "This says nothing about the name: another server may know it. Next: the asker tries one, if it has one."
        )),
        _ => {}
    }
}

pub(super) fn dhcp(facts: &mut Facts<'_>, packet: &Packet<'_>, layer: &Layer) {
    let client_has = packet.chunk::<4>(layer, 12).unwrap_or_default() != [0; 4];
    match number(packet, layer, "dhcp.option.dhcp") {
        Some(1) => {
            facts.say(format_args!(
                "Step 1 of 4: a host without an address looks for a server. It has nothing to send from but 0.0.0.0, \
                 and sends to everybody."
            ));
            facts.say(format_args!("Next: each server that hears it offers an address."));
        }
        Some(2) => facts.say(format_args!(
            "Step 2 of 4: a server offers an address. Next: the client requests the offer it likes best."
        )),
        Some(3) if client_has => facts.say(format_args!(
            "The client has its address already, and asks to keep it longer. It does so after half the lease time."
        )),
        Some(3) => facts.say(format_args!(
            "Step 3 of 4: the client requests one address, telling all servers at once which offer it takes. Next: \
             that server acknowledges (ACK) or refuses (NAK)."
        )),
        Some(5) => facts.say(format_args!(
            "Step 4 of 4: the client may use the address for the lease time. Next: it checks by ARP that nobody else \
             has it, and asks to keep it after half the time."
        )),
        Some(6) => facts.say(format_args!(
            "Refused: the client must not use that address. Next: it starts again with step 1, DISCOVER."
        )),
        Some(4) => facts.say(format_args!(
            "The client found that somebody has the address already, and gives it back. Next: it starts again."
        )),
        Some(7) => facts.say(format_args!(
            "The client gives its address back before the lease ends. It gets no answer."
        )),
        _ => {}
    }
}

pub(super) fn http(facts: &mut Facts<'_>, packet: &Packet<'_>, layer: &Layer) {
    let message = packet.header(layer);
    if http::request(message).is_some() {
        facts.say(format_args!(
            "The client asks for something. Next: a status line (such as 200 OK), headers, and the content; then the \
             connection may serve the next request."
        ));
    } else if http::status(message).is_some() {
        facts.say(format_args!(
            "The server answers the request before it. The content follows the headers, over as many segments as it \
             takes."
        ));
    } else {
        return;
    }
    facts.say(format_args!(
        "Nothing here is encrypted: whoever is on the way can read and change it. HTTPS puts TLS in between."
    ));
}

pub(super) fn tls(facts: &mut Facts<'_>, packet: &Packet<'_>, layer: &Layer) {
    match number(packet, layer, "tls.handshake.type") {
        Some(1) => {
            facts.say(format_args!(
                "Client hello, the first message: which versions and ciphers the client can do. The server's name, if \
                 it is there, can still be read by anybody."
            ));
            return facts.say(format_args!(
                "Next: the server chooses from them (server hello), and proves by its certificate that it is the one."
            ));
        }
        Some(2) => {
            return facts.say(format_args!(
                "Server hello: what the server has chosen. With TLS 1.3 all that follows is encrypted, the certificate \
                 too."
            ));
        }
        _ => {}
    }
    match number(packet, layer, "tls.record.content_type") {
        Some(23) => facts.say(format_args!(
            "Encrypted. What can still be seen is who talks to whom, when, and how much."
        )),
        Some(21) => facts.say(format_args!(
            "An alert: the connection is being closed, or something went wrong. It may be encrypted."
        )),
        _ => {}
    }
}
