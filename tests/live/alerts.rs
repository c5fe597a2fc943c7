//! `netinspect alerts` and `check` while it happens: real stacks that are attacked, flooded and scanned, and ones that only talk.

use std::fs;

use serde_json::{Value, json};

use crate::capture::{Capture, Ended, binary};
use crate::lab::{FAR_MAC, Host, Lab, NEAR_MAC, find, skipped};

const EVIL: &str = "02:00:00:00:00:66";

/// Starts to watch a host's interface.
fn watch(host: &Host, interface: &str, more: &[&str]) -> Capture {
    let mut command = host.command(binary());
    command
        .args(["alerts", "-T", "json", "-i", interface])
        .args(more);
    Capture::reading(command)
}

/// Names of what was raised, each once.
fn raised(ended: &Ended) -> Vec<String> {
    let mut names: Vec<String> = ended
        .lines
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .map(|alert| alert["alert"].as_str().expect("a name").to_owned())
        .collect();
    names.sort();
    names.dedup();
    names
}

fn mac(text: &str) -> Vec<u8> {
    let octets = text.split(':');
    octets
        .map(|octet| u8::from_str_radix(octet, 16).expect("hexadecimal"))
        .collect()
}

/// An ARP reply that says that `ip` is at `from`, to one station.
fn reply(from: &str, ip: [u8; 4], to: &str, target: [u8; 4]) -> Vec<u8> {
    let (from, to) = (mac(from), mac(to));
    let head = [8, 6, 0, 1, 8, 0, 6, 4, 0, 2];
    [&to[..], &from, &head, &from, &ip, &to, &target].concat()
}

fn checksum(bytes: &[u8]) -> [u8; 2] {
    let words = bytes.chunks(2);
    let mut sum: u32 = words
        .map(|pair| u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0)))
        .sum();
    while sum >> 16 > 0 {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    (!(sum as u16)).to_be_bytes()
}

/// A SYN from near's card in the name of 10.9.0.`host`, to the far host.
fn syn(host: u8, port: u16, to: u16) -> Vec<u8> {
    let (source, destination) = ([10, 9, 0, host], [10, 9, 0, 2]);
    let mut ip = vec![0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0];
    ip.extend(source);
    ip.extend(destination);
    let sum = checksum(&ip);
    ip[10..12].copy_from_slice(&sum);
    let mut tcp = port.to_be_bytes().to_vec();
    tcp.extend(to.to_be_bytes());
    tcp.extend([0, 0, 0, 9, 0, 0, 0, 0, 0x50, 2, 0xff, 0xff, 0, 0, 0, 0]);
    let pseudo = [&source[..], &destination, &[0, 6, 0, 20], &tcp].concat();
    let sum = checksum(&pseudo);
    tcp[16..18].copy_from_slice(&sum);
    [&mac(FAR_MAC)[..], &mac(NEAR_MAC), &[8, 0], &ip, &tcp].concat()
}

#[test]
fn hosts_that_only_talk_raise_nothing() {
    let Some(lab) = Lab::up() else { return };
    let watch = watch(&lab.far, "eth0", &[]);
    lab.near
        .sh("ip neigh flush dev eth0; ping -c 3 -i 0.2 -W 5 10.9.0.2");
    let mut server = lab.far.wire(&["serve", "10.9.0.2", "8080"]);
    server.expect_line("ready");
    lab.near.wire(&["ask", "10.9.0.2", "8080"]).succeed();
    let ended = watch.stop();
    assert_eq!(raised(&ended), Vec::<String>::new());
    assert!(ended.notes.contains("no alerts"), "{}", ended.notes);
}

#[test]
fn a_spoofer_between_two_hosts_is_told() {
    let Some(lab) = Lab::up() else { return };
    let watch = watch(&lab.near, "eth0", &[]);
    lab.near.sh("ping -c 1 -W 5 10.9.0.2");
    let (near, far) = ([10, 9, 0, 1], [10, 9, 0, 2]);
    let lies = [
        reply(EVIL, far, NEAR_MAC, near),
        reply(EVIL, near, FAR_MAC, far),
    ];
    lab.far.sender().send("eth0", &lies);
    let alert = watch.line();
    let ended = watch.stop();
    let mut names = raised(&ended);
    names.extend(
        alert
            .contains("arp-spoofing")
            .then(|| "arp-spoofing".to_owned()),
    );
    assert!(
        names.iter().any(|name| name == "arp-spoofing"),
        "{alert} {names:?}"
    );
}

/// The far host really has 10.9.0.2; somebody else, whose frames are crafted, says so too, and no kernel answers for it.
#[test]
fn who_has_a_contested_address_is_asked_and_told() {
    let Some(lab) = Lab::up() else { return };
    let watch = watch(&lab.near, "eth0", &["--confirm"]);
    lab.near.sh("ping -c 1 -W 5 10.9.0.2");
    let (near, far) = ([10, 9, 0, 1], [10, 9, 0, 2]);
    lab.far
        .sender()
        .send("eth0", &[reply(EVIL, far, NEAR_MAC, near)]);
    let alert: Value = serde_json::from_str(&watch.line()).expect("JSON");
    let ended = watch.stop();
    assert_eq!(
        alert["asked"],
        json!([{ "mac": FAR_MAC, "answer": "yes" }, { "mac": EVIL, "answer": "no" }]),
        "{alert}\n{}",
        ended.notes
    );
    let evidence = alert["evidence"].to_string();
    assert!(
        evidence.contains("asked by unicast for 10.9.0.2"),
        "{evidence}"
    );
    assert!(evidence.contains("so that one has it"), "{evidence}");
}

/// A neighbor advertisement to near alone that says that fd09::2 is at `from`, overriding what is known.
fn advertisement(from: &str) -> Vec<u8> {
    let address = |last: u8| [&[0xfd, 9][..], &[0; 13], &[last]].concat();
    let (source, destination) = (address(2), address(1));
    let mut message = [
        &[136, 0, 0, 0, 0x60, 0, 0, 0][..],
        &source,
        &[2, 1],
        &mac(from),
    ]
    .concat();
    let len = message.len() as u8;
    let pseudo = [
        &source[..],
        &destination,
        &[0, 0, 0, len, 0, 0, 0, 58],
        &message,
    ]
    .concat();
    let sum = checksum(&pseudo);
    message[2..4].copy_from_slice(&sum);
    let header = [0x60, 0, 0, 0, 0, len, 58, 255];
    let ends = [mac(NEAR_MAC), mac(from)].concat();
    [
        &ends[..],
        &[0x86, 0xdd],
        &header,
        &source,
        &destination,
        &message,
    ]
    .concat()
}

#[test]
fn the_same_of_ipv6_by_neighbor_discovery() {
    let Some(lab) = Lab::up() else { return };
    lab.near.sh(
        "sysctl -qw net.ipv6.conf.eth0.disable_ipv6=0; ip -6 addr add fd09::1/64 dev eth0 nodad",
    );
    lab.far.sh(
        "sysctl -qw net.ipv6.conf.eth0.disable_ipv6=0; ip -6 addr add fd09::2/64 dev eth0 nodad",
    );
    let watch = watch(&lab.near, "eth0", &["--confirm"]);
    lab.near.sh("ping -6 -c 1 -W 5 fd09::2");
    // Nobody asks any more by then.
    std::thread::sleep(std::time::Duration::from_millis(5500));
    lab.far.sender().send("eth0", &[advertisement(EVIL)]);
    let alert: Value = serde_json::from_str(&watch.line()).expect("JSON");
    let ended = watch.stop();
    assert_eq!(alert["alert"], "nd-spoofing", "{alert}\n{}", ended.notes);
    assert_eq!(
        alert["asked"],
        json!([{ "mac": FAR_MAC, "answer": "yes" }, { "mac": EVIL, "answer": "no" }]),
        "{alert}\n{}",
        ended.notes
    );
}

/// Two kernels that both have the address.
#[test]
fn two_that_have_one_address_both_answer() {
    let Some(lab) = Lab::up() else { return };
    lab.bridge();
    let macs = ["02:00:00:00:00:76", "02:00:00:00:00:77"];
    let twins =
        [("p0", macs[0]), ("p1", macs[1])].map(|(port, mac)| lab.join(port, mac, &["10.9.0.2/24"]));
    let watch = watch(&lab.near, "eth0", &["--confirm"]);
    // Asking for somebody else, either says that the address is its own.
    for twin in twins.iter().chain(&twins) {
        twin.sh("ping -c 1 -W 5 10.9.0.1 || true; ip neigh flush dev eth0");
    }
    let alert: Value = serde_json::from_str(&watch.line()).expect("JSON");
    let ended = watch.stop();
    let asked = alert["asked"].as_array().expect("who was asked");
    let answers = |mac: &str| {
        let mut all = asked.iter();
        all.any(|one| one["mac"] == mac && one["answer"] == "yes")
    };
    assert!(
        macs.iter().all(|mac| answers(mac)),
        "{alert}\n{}",
        ended.notes
    );
}

#[test]
fn a_flooded_server_is_told() {
    let Some(lab) = Lab::up() else { return };
    let mut server = lab.far.wire(&["swallow", "10.9.0.2", "8080"]);
    server.expect_line("ready");
    let watch = watch(&lab.far, "eth0", &[]);
    let flood: Vec<_> = (0..400u16)
        .map(|n| syn(20 + (n % 200) as u8, 2000 + n, 8080))
        .collect();
    lab.near.sender().send("eth0", &flood);
    let names = raised(&watch.stop());
    assert!(names.iter().any(|name| name == "syn-flood"), "{names:?}");
}

#[test]
fn a_frame_in_a_bridge_loop_is_a_storm() {
    let Some(lab) = Lab::up() else { return };
    lab.near.sh(
        "ip link add br0 type bridge stp_state 0 forward_delay 0; ip link add l0 type veth peer name l1; \
         ip link set l0 master br0; ip link set l1 master br0; \
         ip link set br0 up; ip link set l0 up; ip link set l1 up",
    );
    let watch = watch(&lab.near, "l0", &["-c", "3000"]);
    let broadcast = [&[0xff; 6][..], &mac(EVIL), &[0x88, 0xb5], &[7; 46]].concat();
    lab.near.sender().send("br0", &[broadcast]);
    // It goes round until somebody pulls the cable.
    let ended = watch.end();
    lab.near.sh("ip link del l0");
    assert_eq!(raised(&ended), ["broadcast-storm"], "{}", ended.notes);
}

#[test]
fn scans_by_nmap_and_of_our_own_are_told() {
    let Some(lab) = Lab::up() else { return };
    let ours = watch(&lab.far, "eth0", &[]);
    let binary = binary().display();
    lab.near.sh(&format!(
        "{binary} arp scan -i eth0 10.9.0.0/24 >/dev/null 2>&1 || true"
    ));
    let names = raised(&ours.stop());
    assert!(names.iter().any(|name| name == "arp-scan"), "{names:?}");
    if find("nmap").is_none() {
        return skipped("there is no 'nmap' here");
    }
    let theirs = watch(&lab.far, "eth0", &[]);
    lab.near
        .sh("nmap -sS -Pn -n -p 1-100 10.9.0.2 >/dev/null; nmap -sT -Pn -n -p 1-100 10.9.0.2 >/dev/null");
    let names = raised(&theirs.stop());
    assert!(names.iter().any(|name| name == "port-scan"), "{names:?}");
}

#[test]
fn a_dhcp_server_that_is_not_in_the_list_is_told() {
    let Some(lab) = Lab::up() else { return };
    for tool in ["dnsmasq", "busybox"] {
        if find(tool).is_none() {
            return skipped(&format!("there is no '{tool}' here"));
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("alerts.toml");
    fs::write(&config, "[dhcp]\nservers = [\"10.9.0.250\"]\n").expect("a file");
    let config = config.to_string_lossy().into_owned();
    let watch = watch(&lab.near, "eth0", &["--config", &config]);
    let lease = folder.path().join("leases");
    let mut server = lab.far.command("dnsmasq");
    server.args([
        "--no-daemon",
        "--conf-file=/dev/null",
        "--port=0",
        "--interface=eth0",
        "--bind-interfaces",
        "--dhcp-range=10.9.0.100,10.9.0.110,2m",
        "--dhcp-authoritative",
        "--no-ping",
        "--user=root",
    ]);
    server.arg(format!("--dhcp-leasefile={}", lease.display()));
    let server = crate::process::Process::spawn(&mut server);
    lab.near
        .sh("busybox udhcpc -i eth0 -n -q -f -t 10 -T 1 -s /bin/true >/dev/null 2>&1 || true");
    drop(server);
    assert_eq!(raised(&watch.stop()), ["rogue-dhcp-server"]);
}

#[test]
fn check_ends_as_soon_as_it_is_decided_or_the_time_is_over() {
    let Some(lab) = Lab::up() else { return };
    let check = |sentence: &str, within: &str| {
        let mut command = lab.far.command(binary());
        command.args(["check", "-E", sentence, "-i", "eth0", "--within", within]);
        Capture::reading(command)
    };
    let decided = check("any(icmp.type == 8)", "60s");
    lab.near.sh("ping -c 1 -W 5 10.9.0.2");
    let ended = decided.end();
    assert_eq!(ended.code, Some(0), "{}", ended.notes);
    assert_eq!(ended.lines[0], "ok    any(icmp.type == 8)");
    let silent = check("any(icmp.type == 8)", "300ms").end();
    assert_eq!(silent.code, Some(1), "{}", silent.notes);
    assert!(silent.lines[0].starts_with("FAIL"), "{:?}", silent.lines);
}
