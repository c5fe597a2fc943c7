//! `netinspect arp resolve`, `probe` and `announce`, with real kernels answering.

use std::thread;
use std::time::{Duration, Instant};

use crate::capture::{binary, run};
use crate::lab::{FAR_MAC, Host, Lab, NEAR_MAC};

/// Runs `netinspect arp` on a host; exit code, standard output, standard error. The neighbor table is left alone.
pub fn arp(host: &Host, arguments: &[&str]) -> (Option<i32>, String, String) {
    let learns = matches!(arguments[0], "resolve" | "scan")
        && !arguments.contains(&"--no-learn")
        && !arguments.contains(&"--db");
    let mut all = vec!["arp"];
    all.extend(arguments);
    if learns {
        all.push("--no-learn");
    }
    run(&mut host.command(binary()), &all)
}

/// Room for IPv6, which the lab switches off.
pub fn with_ipv6(lab: &Lab) {
    for (host, address) in [(&lab.near, "fd09::1/64"), (&lab.far, "fd09::2/64")] {
        host.sh(&format!(
            "sysctl -qw net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.eth0.disable_ipv6=0 \
             net.ipv6.conf.eth0.accept_dad=0; \
             ip link set eth0 down; ip link set eth0 up; ip addr add {address} dev eth0 nodad"
        ));
    }
    // Link-local addresses come with the carrier, a moment later.
    for host in [&lab.near, &lab.far] {
        let until = Instant::now() + Duration::from_secs(5);
        while !host
            .sh("ip -6 addr show dev eth0 scope link")
            .contains("fe80")
        {
            assert!(Instant::now() < until, "no link-local address");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn a_neighbor_is_resolved_in_a_moment() {
    let Some(lab) = Lab::up() else { return };
    let since = Instant::now();
    let (code, shown, notes) = arp(&lab.near, &["resolve", "10.9.0.2"]);
    assert_eq!((code, notes.as_str()), (Some(0), ""), "{shown}");
    assert!(
        since.elapsed() < Duration::from_secs(1),
        "{:?}",
        since.elapsed()
    );
    let expected = format!("10.9.0.2 is at {FAR_MAC} (Intel Corporate), ");
    assert!(shown.starts_with(&expected), "{shown}");
    assert_eq!(shown.lines().count(), 1, "{shown}");
    let rtt = shown
        .trim_end()
        .strip_suffix(" ms")
        .and_then(|text| text.rsplit(' ').next());
    let rtt: f64 = rtt.and_then(|rtt| rtt.parse().ok()).expect("a number");
    assert!(rtt > 0.0 && rtt < 500.0, "{rtt}");
    // The kernel's own table is as it was.
    assert_eq!(lab.near.sh("ip neigh show 10.9.0.2"), "");
}

#[test]
fn several_at_once_and_one_is_silent() {
    let Some(lab) = Lab::up() else { return };
    lab.far.sh("ip addr add 10.9.0.3/24 dev eth0");
    let targets = [
        "resolve",
        "10.9.0.3",
        "10.9.0.2",
        "10.9.0.77",
        "--timeout",
        "300ms",
    ];
    let (code, shown, notes) = arp(&lab.near, &targets);
    assert_eq!(code, Some(1), "{notes}");
    assert!(
        shown.contains(&format!("10.9.0.2 is at {FAR_MAC}")),
        "{shown}"
    );
    assert!(
        shown.contains(&format!("10.9.0.3 is at {FAR_MAC}")),
        "{shown}"
    );
    let silent = "10.9.0.77 does not answer: asked 3 times on eth0 as 10.9.0.1, and waited 300 ms after the last";
    assert!(shown.contains(silent), "{shown}");
}

#[test]
fn counted_requests_have_statistics() {
    let Some(lab) = Lab::up() else { return };
    let (code, shown, notes) = arp(&lab.near, &["resolve", "10.9.0.2", "-c", "3"]);
    assert_eq!(code, Some(0), "{notes}");
    assert_eq!(shown.lines().count(), 3, "{shown}");
    assert!(
        notes.contains("10.9.0.2: 3 requests, 3 answers, 0 % not answered"),
        "{notes}"
    );
    assert!(notes.contains("RTT min/mean/median/max"), "{notes}");
}

#[test]
fn json_and_csv_tell_the_same() {
    let Some(lab) = Lab::up() else { return };
    let targets = ["resolve", "10.9.0.2", "10.9.0.1", "-T", "json"];
    let (code, shown, notes) = arp(&lab.near, &targets);
    assert_eq!((code, notes.as_str()), (Some(0), ""));
    let objects: Vec<serde_json::Value> = shown
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(objects.len(), 2);
    assert_eq!(objects[0]["mac"], FAR_MAC);
    assert_eq!(objects[0]["interface"], "eth0");
    assert_eq!(objects[0]["source"], "10.9.0.1");
    assert_eq!(objects[0]["requests"], 1);
    assert_eq!(objects[1]["mac"], NEAR_MAC);
    assert_eq!(objects[1]["notes"], serde_json::json!(["this host"]));
    let (_, shown, _) = arp(&lab.near, &["resolve", "10.9.0.2", "-T", "csv"]);
    let record = shown.lines().nth(1).unwrap_or_default();
    let expected = format!("10.9.0.2,10.9.0.2,{FAR_MAC},Intel Corporate,eth0,10.9.0.1,,");
    assert!(record.starts_with(&expected), "{shown}");
}

#[test]
fn own_broadcast_and_group_addresses_need_no_asking() {
    let Some(lab) = Lab::up() else { return };
    let targets = ["resolve", "10.9.0.1", "10.9.0.255", "224.0.0.251"];
    let (code, shown, notes) = arp(&lab.near, &targets);
    assert_eq!((code, notes.as_str()), (Some(0), ""));
    assert!(
        shown.contains("10.9.0.1 is this host's own (eth0"),
        "{shown}"
    );
    assert!(
        shown.contains("10.9.0.255 is reached at ff:ff:ff:ff:ff:ff"),
        "{shown}"
    );
    assert!(
        shown.contains("224.0.0.251 is reached at 01:00:5e:00:00:fb"),
        "{shown}"
    );
}

#[test]
fn off_the_subnet_the_gateway_is_resolved_and_the_masks_are_shown() {
    let Some(lab) = Lab::up() else { return };
    lab.near.sh("ip route add default via 10.9.0.2");
    let (code, shown, notes) = arp(&lab.near, &["resolve", "192.0.2.7"]);
    assert_eq!((code, notes.as_str()), (Some(0), ""));
    for part in [
        "192.0.2.7 is not on eth0's subnet, so asking for it is pointless",
        "10.9.0.1         00001010.00001001.00000000.00000001",
        "192.0.2.7        11000000.00000000.00000010.00000111",
        "255.255.255.0    11111111.11111111.11111111.00000000",
        "another network",
        "Frames for it go to the gateway 10.9.0.2",
        &format!("the gateway 10.9.0.2 (to 192.0.2.7) is at {FAR_MAC}"),
    ] {
        assert!(shown.contains(part), "no '{part}': {shown}");
    }
}

#[test]
fn the_whole_story_can_be_told() {
    let Some(lab) = Lab::up() else { return };
    let (code, shown, _) = arp(&lab.near, &["resolve", "10.9.0.2", "--explain"]);
    assert_eq!(code, Some(0), "{shown}");
    let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "leaves by eth0",
        "255.255.255.0",
        "who has 10.9.0.2? Tell 10.9.0.1",
        "The answer is an ARP reply",
    ] {
        assert!(words.contains(part), "no '{part}': {shown}");
    }
    assert!(
        shown.lines().all(|line| line.chars().count() <= 80),
        "{shown}"
    );
}

#[test]
fn two_hosts_with_one_address_are_told() {
    let Some(lab) = Lab::up() else { return };
    lab.bridge();
    let _one = lab.join("p1", "00:1b:21:00:00:11", &["10.9.0.20/24"]);
    let _two = lab.join("p2", "00:1b:21:00:00:12", &["10.9.0.20/24"]);
    let (code, shown, notes) = arp(&lab.near, &["resolve", "10.9.0.20"]);
    assert_eq!(code, Some(0), "{notes}");
    assert!(shown.contains("10.9.0.20 is also at"), "{shown}");
    assert!(shown.contains("10.9.0.20 is in use twice"), "{shown}");
    for mac in ["00:1b:21:00:00:11", "00:1b:21:00:00:12"] {
        assert!(shown.contains(mac), "{shown}");
    }
}

#[test]
fn ipv6_neighbors_are_solicited() {
    let Some(lab) = Lab::up() else { return };
    with_ipv6(&lab);
    let (code, shown, notes) = arp(&lab.near, &["resolve", "fd09::2"]);
    assert_eq!((code, notes.as_str()), (Some(0), ""), "{shown}");
    assert!(
        shown.starts_with(&format!("fd09::2 is at {FAR_MAC}")),
        "{shown}"
    );
    // 00:1b:21 with the U/L bit turned and ff:fe in the middle (RFC 4291, appendix A).
    let (code, shown, notes) = arp(&lab.near, &["resolve", "fe80::21b:21ff:fe00:2%eth0"]);
    assert_eq!((code, notes.as_str()), (Some(0), ""), "{shown}");
    assert!(shown.contains(FAR_MAC), "{shown}");
    let (code, _, notes) = arp(&lab.near, &["resolve", "fe80::21b:21ff:fe00:2"]);
    assert_eq!(code, Some(2), "{notes}");
    assert!(notes.contains("say with -i"), "{notes}");
    lab.near.sh("ip -6 route add default via fd09::2");
    let (code, shown, notes) = arp(&lab.near, &["resolve", "2001:db8::7"]);
    assert_eq!((code, notes.as_str()), (Some(0), ""), "{shown}");
    assert!(
        shown.contains("the gateway fd09::2 (to 2001:db8::7) is at"),
        "{shown}"
    );
}

#[test]
fn everybody_answers_to_all_nodes() {
    let Some(lab) = Lab::up() else { return };
    with_ipv6(&lab);
    let (code, shown, notes) = arp(&lab.near, &["scan", "-6", "-T", "line"]);
    assert_eq!(code, Some(0), "{notes}");
    for address in ["fd09::2\t", "fe80::21b:21ff:fe00:2\t"] {
        let line = shown.lines().find(|line| line.starts_with(address));
        assert!(
            line.is_some_and(|line| line.contains(FAR_MAC)),
            "{shown}{notes}"
        );
    }
}

#[test]
fn the_gateway_is_asked_for_by_name_and_told_where_it_was_before() {
    let Some(lab) = Lab::up() else { return };
    let directory = tempfile::tempdir().expect("a directory");
    let db = directory.path().join("n.db");
    let db = db.to_str().expect("text");
    let resolve = ["resolve", "gateway", "--db", db];
    let (code, _, notes) = arp(&lab.near, &resolve);
    assert_eq!(code, Some(5), "{notes}");
    assert!(notes.contains("there is no default gateway"), "{notes}");
    lab.near.sh("ip route add default via 10.9.0.2");
    let (code, shown, notes) = arp(&lab.near, &resolve);
    assert_eq!((code, notes.as_str()), (Some(0), ""), "{shown}");
    let expected = format!("gateway (10.9.0.2) is at {FAR_MAC}");
    assert!(shown.starts_with(&expected), "{shown}");
    assert!(!shown.contains("moved"), "{shown}");
    lab.far.sh("ip link set eth0 address 00:1b:21:00:00:99");
    let (code, shown, notes) = arp(&lab.near, &resolve);
    assert_eq!((code, notes.as_str()), (Some(0), ""), "{shown}");
    let expected = format!("gateway (10.9.0.2) has moved: it was at {FAR_MAC} (Intel Corporate)");
    assert!(shown.contains(&expected), "{shown}");
    // Learned by now.
    let (_, shown, _) = arp(&lab.near, &resolve);
    assert!(!shown.contains("moved"), "{shown}");
    lab.far.sh(&format!("ip link set eth0 address {FAR_MAC}"));
    let (_, shown, _) = arp(&lab.near, &["resolve", "gateway", "--db", db, "-T", "json"]);
    let object: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
    let notes = serde_json::json!(["gateway", "was at 00:1b:21:00:00:99"]);
    assert_eq!(object["notes"], notes, "{shown}");
}

#[test]
fn a_free_address_is_free_and_one_in_use_is_taken() {
    let Some(lab) = Lab::up() else { return };
    let since = Instant::now();
    let (code, shown, notes) = arp(&lab.near, &["probe", "10.9.0.2", "-q"]);
    assert_eq!((code, notes.as_str()), (Some(1), ""), "{shown}");
    assert!(
        shown.contains(&format!("10.9.0.2 is taken, by {FAR_MAC}")),
        "{shown}"
    );
    assert!(
        since.elapsed() < Duration::from_secs(2),
        "{:?}",
        since.elapsed()
    );
    let (code, shown, _) = arp(&lab.near, &["probe", "10.9.0.1"]);
    assert_eq!(code, Some(1));
    assert!(shown.contains("by this host (eth0)"), "{shown}");
    // On an interface without an address, too.
    lab.near.sh("ip addr flush dev eth0");
    let (code, shown, notes) = arp(&lab.near, &["probe", "10.9.0.2", "-i", "eth0"]);
    assert_eq!(code, Some(1), "{shown}{notes}");
    let since = Instant::now();
    let (code, shown, notes) = arp(&lab.near, &["probe", "10.9.0.9", "-i", "eth0"]);
    assert_eq!(code, Some(0), "{notes}");
    assert!(shown.contains("10.9.0.9 is free on eth0"), "{shown}");
    let took = since.elapsed().as_secs_f64();
    assert!(
        (4.0..7.5).contains(&took),
        "RFC 5227 has 4 to 7 seconds: {took}"
    );
}

#[test]
fn a_rival_s_probe_is_heard() {
    let Some(lab) = Lab::up() else { return };
    // 10.9.0.9 is asked for by nobody: that is another host's probe.
    let probe = "ffffffffffff 001b21000042 0806 0001080006040001 001b21000042 00000000 000000000000 0a090009";
    let frame: Vec<u8> = {
        let digits = probe.replace(' ', "");
        (0..digits.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal"))
            .collect()
    };
    let mut sender = lab.far.sender();
    let near = thread::scope(|scope| {
        let asked = scope.spawn(|| arp(&lab.near, &["probe", "10.9.0.9"]));
        for _ in 0..20 {
            thread::sleep(Duration::from_millis(150));
            sender.send("eth0", std::slice::from_ref(&frame));
        }
        asked.join().expect("it ends")
    });
    let (code, shown, notes) = near;
    assert_eq!(code, Some(1), "{notes}");
    assert!(
        shown.contains("is about to be taken: 00:1b:21:00:00:42"),
        "{shown}"
    );
}

#[test]
fn a_router_s_answer_for_others_is_told_from_a_host_s() {
    let Some(lab) = Lab::up() else { return };
    lab.far.sh(
        "sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.eth0.proxy_arp=1; \
         ip link add stub type veth peer name end; ip link set stub up; ip link set end up; \
         ip route add 10.9.0.100/32 dev stub",
    );
    let (code, shown, notes) = arp(&lab.near, &["probe", "10.9.0.100"]);
    assert_eq!(code, Some(1), "{notes}");
    assert!(
        shown.contains(&format!(
            "10.9.0.100 is proxied: nobody on this link has it, but {FAR_MAC}"
        )),
        "{shown}"
    );
}

#[test]
fn an_announcement_is_heard_and_one_of_others_addresses_refused() {
    let Some(lab) = Lab::up() else { return };
    // The kernel on the other side knows us, by another MAC address: it must learn the new one.
    lab.far
        .sh("ip neigh add 10.9.0.1 lladdr 00:00:5e:00:53:01 dev eth0 nud stale");
    let (code, shown, notes) = arp(&lab.near, &["announce", "10.9.0.1", "-c", "1"]);
    assert_eq!((code, notes.as_str()), (Some(0), ""));
    let expected = format!("announced once on eth0: 10.9.0.1 is at {NEAR_MAC}");
    assert!(shown.starts_with(&expected), "{shown}");
    let known = lab.far.sh("ip neigh show 10.9.0.1");
    assert!(known.contains(NEAR_MAC), "{known}");

    let (code, _, notes) = arp(&lab.near, &["announce", "10.9.0.2"]);
    assert_eq!(code, Some(2), "{notes}");
    assert!(
        notes.contains("10.9.0.2 is not an address of eth0"),
        "{notes}"
    );
}

#[test]
fn answers_go_into_the_neighbor_table() {
    let Some(lab) = Lab::up() else { return };
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("table.db");
    let path = path.to_str().expect("text");
    let (code, _, notes) = arp(&lab.near, &["resolve", "10.9.0.2", "--db", path]);
    assert_eq!((code, notes.as_str()), (Some(0), ""));
    let store = netinspect::store::Store::read(path.as_ref()).expect("a table");
    let store = store.expect("it is there");
    let all = store
        .list(&netinspect::store::Query::default())
        .expect("it can be read");
    assert_eq!(all.len(), 1);
}
