//! Bindings over time, with time as it pleases the test.

use std::sync::Arc;

use super::*;
use crate::frame::Timestamp;

/// A real maker's prefix, so that nothing is quiet.
fn card(number: u8) -> [u8; 6] {
    [0, 0x1b, 0x21, 0, 0, number]
}

fn random(number: u8) -> [u8; 6] {
    [0x02, 0x11, 0x22, 0, 0, number]
}

fn claim_of(address: &str, mac: [u8; 6]) -> Claim {
    Claim {
        address: address.parse().expect("an address"),
        mac,
        sender: Some(mac),
        vlan: Vlan::NONE,
        form: Form::ArpReply,
    }
}

struct Link0(Watch, Arc<str>);

impl Link0 {
    fn new(link: Link) -> Self {
        Self(Watch::new(link), "eth0".into())
    }

    /// What is told of a claim at a second, and whether it is learned.
    fn see_claim(&mut self, claim: &Claim, second: i64) -> (Vec<Event>, bool) {
        let mut events = Vec::new();
        let learned = self
            .0
            .observe(claim, &self.1, Timestamp::new(second, 0), &mut events);
        (events, learned.is_some())
    }

    fn see(&mut self, address: &str, mac: [u8; 6], second: i64) -> String {
        let (events, _) = self.see_claim(&claim_of(address, mac), second);
        let told = events
            .iter()
            .map(|event| format!("{} ({})", event.kind, event.level));
        told.collect::<Vec<_>>().join(" + ")
    }
}

#[test]
fn the_list_of_mac_addresses_decides_newest_first() {
    let mut link = Link0::new(Link::default());
    let ip = "10.0.0.1";
    for (mac, second, expected) in [
        (1, 0, "new station (notice)"),
        (1, 100, ""),
        (2, 200, "changed ethernet address (warning)"),
        (1, 300, "flip flop (warning)"),
        (2, 400, "flip flop (warning)"),
        (3, 500, "changed ethernet address (warning)"),
        (1, 600, "reused old ethernet address (warning)"),
        (3, 700, "flip flop (warning)"),
        (2, 800, "reused old ethernet address (warning)"),
        (2, 900, ""),
    ] {
        assert_eq!(
            link.see(ip, card(mac), second),
            expected,
            "{mac} at {second}"
        );
    }
}

#[test]
fn half_a_year_of_silence_is_told_and_not_a_second_less() {
    const SIX_MONTHS: i64 = 6 * 30 * 24 * 3600;
    let mut link = Link0::new(Link::default());
    link.see("10.0.0.1", card(1), 0);
    assert_eq!(link.see("10.0.0.1", card(1), SIX_MONTHS), "");
    let later = 2 * SIX_MONTHS + 1;
    assert_eq!(
        link.see("10.0.0.1", card(1), later),
        "new activity (notice)"
    );
}

/// An attacker answers for the gateway as often as the gateway does: told at once, then folded, never lost.
#[test]
fn repeats_are_folded_but_there_and_back_is_always_told() {
    let mut link = Link0::new(Link::default());
    link.see("10.0.0.1", card(1), 0);
    let mut told = Vec::new();
    for second in 1..=1800 {
        let mac = card(1 + (second % 2) as u8);
        let (events, _) = link.see_claim(&claim_of("10.0.0.1", mac), second);
        told.extend(
            events
                .into_iter()
                .map(|event| (second, event.kind, event.repeats)),
        );
    }
    assert_eq!(told[0], (1, Kind::Changed, 0));
    assert_eq!(told[1], (2, Kind::FlipFlop, 0));
    assert_eq!(told[2], (3, Kind::FlipFlop, 0), "to the attacker again");
    // Every ten minutes a reminder for each way, with the count.
    assert_eq!(
        told[3..]
            .iter()
            .map(|(second, ..)| *second)
            .collect::<Vec<_>>(),
        [602, 603, 1202, 1203]
    );
    let counted: u64 = told.iter().map(|(.., repeats)| repeats).sum();
    assert_eq!(told.len() as u64 + link.0.folded(), 1800);
    assert!(counted <= link.0.folded());
    // Another attack later is told both ways, however short.
    assert_eq!(link.see("10.0.0.1", card(2), 1900), "flip flop (warning)");
    assert_eq!(link.see("10.0.0.1", card(1), 1901), "flip flop (warning)");
}

#[test]
fn random_addresses_are_quiet_until_one_comes_back() {
    let mut link = Link0::new(Link::default());
    assert_eq!(link.see("10.0.0.7", random(1), 0), "new station (quiet)");
    assert_eq!(
        link.see("10.0.0.7", random(2), 100),
        "changed ethernet address (quiet)"
    );
    assert_eq!(link.see("10.0.0.7", random(1), 200), "flip flop (warning)");
    // A made-up address in the place of a real one is how spoofing looks.
    link.see("10.0.0.1", card(1), 300);
    assert_eq!(
        link.see("10.0.0.1", random(9), 400),
        "changed ethernet address (warning)"
    );
}

#[test]
fn bogons_are_off_the_subnet_and_are_not_learned() {
    let subnets = ["10.0.0.1/24", "fe80::1/64"]
        .map(|text| (Some("eth0".into()), text.parse().expect("a subnet")));
    let mut link = Link0::new(Link {
        subnets: subnets.into(),
        ..Link::default()
    });
    let mut told = |address: &str| {
        let (events, learned) = link.see_claim(&claim_of(address, card(1)), 0);
        (events.first().map(|event| event.kind), learned)
    };
    assert_eq!(told("10.0.0.9"), (Some(Kind::NewStation), true));
    assert_eq!(told("10.0.1.9"), (Some(Kind::Bogon), false));
    assert_eq!(
        told("169.254.1.1"),
        (Some(Kind::NewStation), true),
        "gives itself an address"
    );
    assert_eq!(
        told("2001:db8::1"),
        (Some(Kind::NewStation), true),
        "no IPv6 subnet is known"
    );
    assert_eq!(told("255.255.255.255"), (Some(Kind::Bogon), false));
    assert_eq!(told("127.0.0.1"), (Some(Kind::Bogon), false));
    let mut anywhere = Link0::new(Link::default());
    assert_eq!(anywhere.see("10.0.1.9", card(1), 0), "new station (notice)");
    assert_eq!(anywhere.see("224.0.0.1", card(1), 0), "bogon (notice)");
}

#[test]
fn the_frames_sender_must_fit_except_with_virtual_routers() {
    let mut link = Link0::new(Link::default());
    let mut told = |mac, sender| {
        let claim = Claim {
            sender: Some(sender),
            ..claim_of("10.0.0.1", mac)
        };
        let (events, learned) = link.see_claim(&claim, 0);
        (events.first().map(|event| event.kind), learned)
    };
    let vrrp = [0, 0, 0x5e, 0, 1, 7];
    assert_eq!(
        told(vrrp, card(1)),
        (Some(Kind::NewStation), true),
        "by design"
    );
    assert_eq!(told(vrrp, vrrp), (None, true));
    assert_eq!(
        told(card(2), card(3)),
        (Some(Kind::EthernetMismatch), true),
        "caches believe it"
    );
    assert_eq!(
        told([0xff; 6], card(1)),
        (Some(Kind::EthernetBroadcast), false)
    );
    assert_eq!(
        told([0; 6], card(1)),
        (Some(Kind::EthernetBroadcast), false)
    );
    assert_eq!(
        told(card(1), [1, 0, 0x5e, 0, 0, 1]),
        (Some(Kind::EthernetBroadcast), false)
    );
}

#[test]
fn another_interface_or_vlan_is_another_host() {
    let mut link = Link0::new(Link::default());
    link.see("10.0.0.1", card(1), 0);
    let tagged = Claim {
        vlan: Some(7).into(),
        ..claim_of("10.0.0.1", card(2))
    };
    assert_eq!(link.see_claim(&tagged, 1).0[0].kind, Kind::NewStation);
    link.1 = "eth1".into();
    assert_eq!(link.see("10.0.0.1", card(3), 2), "new station (notice)");
    link.1 = "eth0".into();
    assert_eq!(link.see("10.0.0.1", card(1), 3), "");
}

#[test]
fn what_is_not_expected_is_a_warning_and_what_is_may_change() {
    let mut expected = Expected::default();
    for mac in [card(1), card(2)] {
        expected.allow("10.0.0.1".parse().expect("an address"), mac);
    }
    let mut link = Link0::new(Link {
        expected: Some(expected),
        ..Link::default()
    });
    assert_eq!(link.see("10.0.0.1", card(1), 0), "new station (notice)");
    assert_eq!(
        link.see("10.0.0.1", card(2), 1),
        "changed ethernet address (notice)"
    );
    let told = link.see("10.0.0.1", card(3), 2);
    assert_eq!(
        told,
        "unexpected binding (warning) + changed ethernet address (warning)"
    );
    let told = link.see("10.0.0.9", random(1), 3);
    assert_eq!(told, "unexpected binding (warning) + new station (quiet)");
}

#[test]
fn a_restart_goes_on_where_it_ended() {
    let mut link = Link0::new(Link::default());
    for (mac, second) in [(1, 10), (2, 20)] {
        link.0.resume(&Sighting {
            address: "10.0.0.1".parse().expect("an address"),
            mac: card(mac),
            interface: "eth0".into(),
            vlan: Vlan::NONE,
            how: How::Passive,
            time: Timestamp::new(second, 0),
        });
    }
    assert_eq!(link.see("10.0.0.1", card(2), 30), "");
    assert_eq!(link.see("10.0.0.1", card(1), 40), "flip flop (warning)");
}

/// Five years of a network: a thousand hosts that come back under the same address, a phone with random ones, and a
/// flood of forged addresses. Who has been there is not pushed out, and nothing grows without bound.
#[test]
fn years_and_floods_leave_what_matters() {
    const MONTH: i64 = 30 * 24 * 3600;
    let mut link = Link0::new(Link::default());
    let address = |number: u32| std::net::Ipv4Addr::from_bits(0x0a00_0000 + number).to_string();
    for month in 0..60 {
        for host in 0..1000u32 {
            let mac = [0, 0x1b, 0x21, 0, (host >> 8) as u8, host as u8];
            let told = link.see(&address(host), mac, month * MONTH);
            assert_eq!(told.is_empty(), month > 0, "{told}");
            link.see(&address(host), mac, month * MONTH + 3600);
        }
        let phone = [0x02, 0x11, 0x22, 0x33, month as u8, 0];
        link.see("10.1.0.1", phone, month * MONTH);
    }
    for forged in 0..200_000u32 {
        let mac = [
            0x02,
            0,
            (forged >> 24) as u8,
            (forged >> 16) as u8,
            (forged >> 8) as u8,
            forged as u8,
        ];
        link.see(&address(0x0010_0000 + forged), mac, 60 * MONTH);
    }
    assert!(link.0.forgotten() > 100_000);
    assert_eq!(
        link.see("10.0.0.5", card(0xee), 60 * MONTH),
        "changed ethernet address (warning)"
    );
}
