//! The machines on a simulated link.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use super::simulated::{Host, ME, MY_IP, Network, last, mac, me, said};
use super::{
    Announce, Ask, BROADCAST, Confirm, Event, Finding, Ignored, Plan, Probe, Standing, Targets,
    Verdict, probe,
};

fn targets(first: u8, end: u8) -> Targets {
    Targets::new([(last(first).into(), last(end).into())]).expect("few")
}

fn scan(first: u8, end: u8) -> Ask {
    Ask::new(me(), targets(first, end), Plan::scan(5_000, 3), Vec::new())
}

fn resolve(address: u8, hints: Vec<(IpAddr, [u8; 6])>) -> Ask {
    let plan = Plan::resolve(Duration::from_secs(1));
    Ask::new(me(), targets(address, address), plan, hints)
}

fn single(range: std::ops::RangeInclusive<u8>) -> Vec<Host> {
    range.map(|n| Host::new(mac(n), &[last(n)])).collect()
}

fn findings(ask: &mut Ask) -> Vec<(IpAddr, Finding)> {
    let events = ask.events().into_iter();
    events
        .filter_map(|event| match event {
            Event::Found(address, finding) => Some((address, finding)),
            _ => None,
        })
        .collect()
}

fn ip(n: u8) -> IpAddr {
    last(n).into()
}

#[test]
fn everybody_alive_is_found_at_once() {
    let mut network = Network::new(single(2..=251));
    let mut ask = scan(2, 251);
    let took = network.run(&mut ask);
    assert_eq!(ask.silent(), 0);
    assert_eq!(ask.sent(), 250);
    // 250 requests at 5,000 a second, and a moment for others who have the same address.
    assert!(took < Duration::from_millis(80), "{took:?}");
    let answers = ask.events();
    assert_eq!(answers.len(), 250);
    for (index, event) in answers.iter().enumerate() {
        let Event::Answer(address, voice) = event else {
            panic!("{event:?}");
        };
        assert_eq!(*address, ip(index as u8 + 2));
        assert_eq!(voice.mac, mac(index as u8 + 2));
        assert!(!voice.is_late && voice.attempts == 1, "{voice:?}");
        let rtt = voice.rtt.as_micros();
        assert!((50..60).contains(&rtt), "{rtt}");
    }
}

#[test]
fn the_pace_is_kept() {
    let mut network = Network::new(Vec::new());
    let mut ask = scan(1, 200);
    network.run(&mut ask);
    assert_eq!(network.sent.len(), 600);
    // What 20 ms allow may come at once, and no more ever.
    const AT_ONCE: u32 = 100;
    for (early, (since, _)) in network.sent.iter().enumerate() {
        for (late, (until, _)) in network.sent.iter().enumerate().skip(early) {
            let frames = (late - early) as u32;
            let least = Duration::from_micros(200) * frames.saturating_sub(AT_ONCE);
            assert!(*until - *since >= least, "{early} to {late}");
        }
    }
}

#[test]
fn the_silent_are_asked_three_times_apart_and_waited_for() {
    let mut network = Network::new(single(2..=5));
    let mut ask = scan(2, 6);
    let took = network.run(&mut ask);
    assert_eq!(ask.silent(), 1);
    assert_eq!((ask.attempts(ip(5)), ask.attempts(ip(6))), (1, 3));
    let to_silent: Vec<_> = network
        .sent
        .iter()
        .filter(|(_, frame)| frame[38..42] == last(6).octets())
        .map(|(at, _)| *at)
        .collect();
    for pair in to_silent.windows(2) {
        assert!(pair[1] - pair[0] >= Duration::from_millis(130), "{pair:?}");
    }
    let tail = took - to_silent[2];
    assert!(tail >= Duration::from_millis(800), "{tail:?}");
    assert!(took < Duration::from_millis(1_300), "{took:?}");
}

#[test]
fn losses_and_slow_answers_are_made_up_for() {
    let mut hosts = single(2..=133);
    for (index, host) in hosts.iter_mut().enumerate() {
        host.loss = 20;
        host.delay = Duration::from_millis(if index % 3 == 0 { 600 } else { 12 });
    }
    let mut network = Network::new(hosts);
    let mut ask = scan(2, 254);
    let took = network.run(&mut ask);
    let found = 253 - ask.silent();
    assert!(found >= 129, "{found}");
    assert!(took < Duration::from_millis(1_300), "{took:?}");
}

#[test]
fn a_late_answer_is_marked() {
    let mut slow = Host::new(mac(2), &[last(2)]);
    slow.delay = Duration::from_millis(200);
    let mut network = Network::new(vec![slow, Host::new(mac(3), &[last(3)])]);
    let mut ask = scan(2, 3);
    network.run(&mut ask);
    let [late] = ask.voices(ip(2)) else {
        panic!("{:?}", ask.voices(ip(2)))
    };
    assert!(late.is_late && late.attempts == 2, "{late:?}");
    assert!(!ask.voices(ip(3))[0].is_late);
}

#[test]
fn the_same_mac_address_twice_is_no_conflict() {
    let mut host = Host::new(mac(2), &[last(2)]);
    host.copies = 3;
    let mut network = Network::new(vec![host]);
    let mut ask = resolve(2, Vec::new());
    network.run(&mut ask);
    assert_eq!(ask.voices(ip(2)).len(), 1);
    assert_eq!(ask.voices(ip(2))[0].answers, 3);
    assert_eq!(findings(&mut ask), []);
}

#[test]
fn two_hosts_with_one_address_are_a_conflict() {
    let hosts = vec![
        Host::new(mac(2), &[last(2), last(4)]),
        Host::new(mac(3), &[last(2)]),
    ];
    let conflict = Finding::Conflict(vec![mac(2), mac(3)]);
    let mut ask = scan(2, 4);
    Network::new(hosts.clone()).run(&mut ask);
    assert_eq!(findings(&mut ask), [(ip(2), conflict.clone())]);
    for hints in [Vec::new(), vec![(ip(4), mac(2)), (ip(2), mac(3))]] {
        let mut ask = resolve(2, hints);
        Network::new(hosts.clone()).run(&mut ask);
        assert_eq!(findings(&mut ask), [(ip(2), conflict.clone())]);
    }
}

#[test]
fn one_host_with_two_cards_is_none() {
    let hosts = vec![
        Host::new(mac(2), &[last(2), last(3)]),
        Host::new(mac(3), &[last(2), last(3)]),
    ];
    let cards = Finding::SeveralCards(vec![mac(2), mac(3)]);
    let mut ask = scan(2, 4);
    Network::new(hosts.clone()).run(&mut ask);
    let expected = [(ip(2), cards.clone()), (ip(3), cards.clone())];
    assert_eq!(findings(&mut ask), expected);
    // Asked for one address only, what the kernel knows of the other helps.
    let mut ask = resolve(2, vec![(ip(3), mac(3))]);
    Network::new(hosts).run(&mut ask);
    assert_eq!(findings(&mut ask), [(ip(2), cards)]);
}

#[test]
fn a_redundant_router_s_second_mac_address_is_none() {
    let vrrp = [0, 0, 0x5e, 0, 1, 7];
    let hosts = vec![Host::new(vrrp, &[last(2)]), Host::new(mac(3), &[last(2)])];
    let mut ask = scan(2, 2);
    Network::new(hosts).run(&mut ask);
    assert_eq!(ask.voices(ip(2)).len(), 2);
    assert_eq!(findings(&mut ask), []);
}

#[test]
fn a_router_that_answers_for_others_is_told_from_a_host_with_many_addresses() {
    let mut router = Host::new(mac(1), &[last(2), last(3)]);
    router.proxies = (100..=120).map(last).collect();
    let rich = Host::new(mac(9), &(200..=240).map(last).collect::<Vec<_>>());
    let mut ask = scan(2, 254);
    let mut network = Network::new(vec![router, rich]);
    network.run(&mut ask);
    let expected: Vec<_> = (100..=120)
        .map(|n| (ip(n), Finding::Proxied(mac(1))))
        .collect();
    assert_eq!(findings(&mut ask), expected);
    // The host with many addresses was only asked a few times more.
    let to_rich = |frame: &[u8]| frame[..6] == mac(9);
    let checks = network.sent.iter().filter(|(_, frame)| to_rich(frame));
    assert!((2..12).contains(&checks.count()));
}

#[test]
fn an_owner_beside_a_proxy_is_no_conflict() {
    let mut router = Host::new(mac(1), &[last(1)]);
    router.proxies = vec![last(5)];
    router.delay = Duration::from_millis(10);
    let mut ask = resolve(5, Vec::new());
    Network::new(vec![router, Host::new(mac(5), &[last(5)])]).run(&mut ask);
    assert_eq!(findings(&mut ask), [(ip(5), Finding::Proxied(mac(1)))]);
}

#[test]
fn what_is_not_an_answer_to_us_is_not_believed() {
    let claim = (mac(66), last(7));
    let mut in_vlan = said(2, claim, (ME, MY_IP));
    in_vlan.splice(12..12, [0x81, 0, 0, 7]);
    let frames = [
        // Gratuitous, as a reply and as a request, and a question by the address itself.
        said(2, claim, (BROADCAST, last(7))),
        said(1, claim, (BROADCAST, last(7))),
        said(1, claim, (BROADCAST, MY_IP)),
        // To somebody else; to us, about another asker; in another VLAN; about what was not asked.
        said(2, claim, (mac(8), last(8))),
        said(2, claim, (ME, last(8))),
        in_vlan,
        said(2, (mac(66), last(99)), (ME, MY_IP)),
        // From nobody, from everybody, from ourselves.
        said(2, ([0; 6], last(7)), (ME, MY_IP)),
        said(2, (BROADCAST, last(7)), (ME, MY_IP)),
        said(2, (ME, last(7)), (ME, MY_IP)),
    ];
    let mut network = Network::new(Vec::new());
    for frame in frames {
        network.comes(Duration::from_millis(5), frame);
    }
    let mut ask = resolve(7, Vec::new());
    network.run(&mut ask);
    assert_eq!(ask.voices(ip(7)), []);
    let ignored = Ignored {
        for_others: 3,
        unasked: 1,
        other_vlan: 1,
        impossible: 3,
        crowd: 0,
    };
    assert_eq!(ask.ignored(), ignored);
}

#[test]
fn a_crowd_for_one_address_is_bounded_and_counted() {
    let hosts: Vec<_> = (2..=30).map(|n| Host::new(mac(n), &[last(2)])).collect();
    let mut ask = resolve(2, Vec::new());
    Network::new(hosts).run(&mut ask);
    assert_eq!(ask.voices(ip(2)).len(), 8);
    assert!(ask.ignored().crowd >= 21);
}

#[test]
fn counted_requests_are_a_second_apart_and_each_is_answered() {
    let mut network = Network::new(single(2..=2));
    let plan = Plan::count(4, Duration::from_secs(1));
    let mut ask = Ask::new(me(), targets(2, 2), plan, Vec::new());
    let took = network.run(&mut ask);
    let events = ask.events();
    assert!(matches!(events[0], Event::Answer(..)), "{events:?}");
    assert!(
        events[1..]
            .iter()
            .all(|event| matches!(event, Event::Again(_, voice) if !voice.is_late)),
        "{events:?}"
    );
    assert_eq!((events.len(), ask.sent()), (4, 4));
    assert!(
        (Duration::from_secs(3)..Duration::from_millis(3_200)).contains(&took),
        "{took:?}"
    );
}

#[test]
fn nothing_to_ask_is_soon_over() {
    let mut ask = Ask::new(me(), Targets::default(), Plan::scan(5_000, 3), Vec::new());
    assert!(Network::new(Vec::new()).run(&mut ask) < Duration::from_millis(100));
    assert_eq!(ask.sent(), 0);
}

fn probe_for(address: Ipv4Addr) -> Probe {
    // The middle of each span.
    let jitter = Box::new(|least: Duration, most: Duration| (least + most) / 2);
    Probe::new(ME, Some(MY_IP), address, jitter)
}

#[test]
fn a_free_address_takes_as_long_as_the_rfc_says() {
    let mut network = Network::new(single(2..=5));
    let mut probe = probe_for(last(9));
    let took = network.run(&mut probe);
    assert_eq!(probe.verdict(), Some(Verdict::Free));
    let is_probe = |frame: &[u8]| frame[28..32] == [0; 4];
    let probes: Vec<_> = network
        .sent
        .iter()
        .filter(|(_, frame)| is_probe(frame))
        .map(|(at, frame)| {
            assert_eq!(frame[32..38], [0; 6], "the target's MAC address is zeros");
            at.as_secs_f64()
        })
        .collect();
    let expected = [0.5, 2.0, 3.5];
    assert_eq!(probes.len(), probe::PROBE_NUM as usize);
    for (at, expected) in probes.iter().zip(expected) {
        assert!((at - expected).abs() < 0.01, "{probes:?}");
    }
    assert!((took.as_secs_f64() - 5.5).abs() < 0.01, "{took:?}");
}

#[test]
fn an_address_in_use_is_taken_at_the_first_probe() {
    let mut network = Network::new(single(2..=5));
    let mut probe = probe_for(last(3));
    let took = network.run(&mut probe);
    assert_eq!(probe.verdict(), Some(Verdict::Taken(mac(3))));
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[test]
fn whatever_the_address_says_makes_it_taken() {
    for frame in [
        said(1, (mac(3), last(9)), (BROADCAST, last(40))),
        said(2, (mac(3), last(9)), (mac(4), last(4))),
        said(1, (mac(3), last(9)), (BROADCAST, last(9))),
    ] {
        let mut network = Network::new(Vec::new());
        network.comes(Duration::from_millis(2_500), frame);
        let mut probe = probe_for(last(9));
        network.run(&mut probe);
        assert_eq!(probe.verdict(), Some(Verdict::Taken(mac(3))));
    }
}

#[test]
fn another_s_probe_is_a_rival_and_our_own_is_not() {
    let nobody = Ipv4Addr::UNSPECIFIED;
    let mut network = Network::new(Vec::new());
    network.comes(
        Duration::from_millis(600),
        said(1, (ME, nobody), (BROADCAST, last(9))),
    );
    network.comes(
        Duration::from_millis(700),
        said(1, (mac(3), nobody), (BROADCAST, last(10))),
    );
    let mut other = network;
    let mut probe = probe_for(last(9));
    other.comes(
        Duration::from_millis(2_500),
        said(1, (mac(4), nobody), (BROADCAST, last(9))),
    );
    let took = other.run(&mut probe);
    assert_eq!(probe.verdict(), Some(Verdict::Rival(mac(4))));
    assert_eq!(took, Duration::from_millis(2_500));
}

#[test]
fn an_address_that_a_router_answers_for_is_told_from_one_in_use() {
    let mut router = Host::new(mac(1), &[last(1)]);
    router.proxies = vec![last(9)];
    router.delay = Duration::from_millis(700);
    let mut probe = probe_for(last(9));
    Network::new(vec![router]).run(&mut probe);
    assert_eq!(probe.verdict(), Some(Verdict::Proxied(mac(1))));
}

#[test]
fn announcements_are_two_seconds_apart_and_hear_others() {
    let mut network = Network::new(Vec::new());
    let mut announce = Announce::new(ME, last(9), Announce::COUNT);
    let took = network.run(&mut announce);
    assert_eq!((announce.sent(), announce.claimed_by()), (2, None));
    assert!((took.as_secs_f64() - 2.2).abs() < 0.01, "{took:?}");
    let frame = &network.sent[0].1;
    assert_eq!(frame[28..32], frame[38..42]);
    assert_eq!(frame[20..22], [0, 1]);

    let mut network = Network::new(Vec::new());
    network.comes(
        Duration::from_millis(50),
        said(2, (mac(3), last(9)), (ME, last(9))),
    );
    let mut announce = Announce::new(ME, last(9), Announce::COUNT);
    network.run(&mut announce);
    assert_eq!(announce.claimed_by(), Some(mac(3)));
}

#[test]
fn who_claims_an_address_is_asked_alone_and_says_whether_it_has_it() {
    let (owner, liar, router) = (mac(2), mac(66), mac(254));
    let mut proxy = Host::new(router, &[last(254)]);
    proxy.proxies = vec![last(2)];
    let mut network = Network::new(vec![
        Host::new(owner, &[last(2)]),
        Host::new(liar, &[last(66)]),
        proxy,
    ]);
    let mut confirm = Confirm::new(me(), ip(2), vec![liar, owner, router, ME]);
    let took = network.run(&mut confirm);
    assert_eq!(
        confirm.standings(),
        [
            (liar, Standing::Silent),
            (owner, Standing::Has),
            (router, Standing::Proxies),
            (ME, Standing::Own)
        ]
    );
    assert!(took < Duration::from_secs(1), "{took:?}");
    let to: Vec<_> = network.sent.iter().map(|(_, frame)| &frame[..6]).collect();
    assert!(
        to.iter()
            .all(|to| [owner, liar, router].iter().any(|mac| mac == to)),
        "{to:?}"
    );
}

/// Whose own address is claimed does not announce it by asking.
#[test]
fn for_its_own_address_nobody_is_asked_in_its_name() {
    let mut network = Network::new(vec![Host::new(mac(66), &[MY_IP])]);
    let mut confirm = Confirm::new(me(), MY_IP.into(), vec![ME, mac(66)]);
    network.run(&mut confirm);
    assert_eq!(confirm.standings()[1], (mac(66), Standing::Has));
    for (_, frame) in &network.sent {
        assert_eq!(frame[28..32], [0; 4], "a probe names no sender");
    }
}
