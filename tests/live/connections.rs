//! Real kernels open, fill and break connections, and `connections` says what became of each.

use std::thread;
use std::time::Duration;

use crate::capture::{Capture, binary};
use crate::lab::{Lab, find, skipped};

/// Watches near's card; every connection becomes a JSON object when it ends, or when the watch does.
fn watch(lab: &Lab) -> (Capture, std::process::ChildStdout) {
    watch_only(lab, "tcp")
}

/// The same of what a filter lets through.
fn watch_only(lab: &Lab, filter: &str) -> (Capture, std::process::ChildStdout) {
    let mut command = lab.near.command(binary());
    // To see whose sockets they are.
    command.args([
        "connections",
        "-i",
        "eth0",
        "-T",
        "json",
        "-f",
        filter,
        "--no-sandbox",
    ]);
    Capture::spawn(command)
}

/// Ends the watch; what it told.
fn told((capture, mut output): (Capture, std::process::ChildStdout)) -> Vec<serde_json::Value> {
    use std::io::Read;
    // What is under way arrives before the watch ends.
    thread::sleep(Duration::from_millis(300));
    let ended = capture.stop();
    assert_eq!(ended.code, Some(0), "{}", ended.notes);
    let mut text = String::new();
    output.read_to_string(&mut text).expect("text");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("an object"))
        .collect()
}

/// The only one there was.
fn one(mut told: Vec<serde_json::Value>) -> serde_json::Value {
    assert_eq!(told.len(), 1, "{told:?}");
    told.remove(0)
}

fn has_nft() -> bool {
    let found = find("nft").is_some();
    if !found {
        skipped("there is no 'nft' here");
    }
    found
}

#[test]
fn a_connection_that_is_opened_and_closed() {
    let Some(lab) = Lab::up() else { return };
    let watch = watch(&lab);
    let mut server = lab.far.wire(&["serve", "10.9.0.2", "8080"]);
    server.expect_line("ready");
    lab.near.wire(&["ask", "10.9.0.2", "8080"]).succeed();
    server.succeed();
    let seen = one(told(watch));
    assert_eq!(seen["ended"], "closed", "{seen}");
    assert_eq!(seen["ended_by"], "client");
    assert_eq!(seen["handshake"]["seen"], "whole");
    assert_eq!(seen["client"]["data"], 8);
    assert_eq!(seen["server"]["data"], 7);
    assert_eq!(seen["client"]["state"], "TIME_WAIT");
    let program = seen["program"].as_str().unwrap_or_default();
    assert!(program.starts_with("python3"), "{seen}");
}

/// The programs of the conversations that were told, in order.
fn programs(told: &[serde_json::Value]) -> Vec<&str> {
    let names = told.iter().map(|one| one["program"].as_str());
    names.map(Option::unwrap_or_default).collect()
}

#[test]
fn each_of_a_programs_sockets_is_named_however_close_they_are() {
    let Some(lab) = Lab::up() else { return };
    let watch = watch_only(&lab, "udp");
    let ports = ["datagrams", "10.9.0.2", "9001", "9002", "9003", "9004"];
    let mut client = lab.near.wire(&ports);
    client.expect_line("done");
    let told = told(watch);
    let programs = programs(&told);
    assert_eq!(programs.len(), 4, "{told:?}");
    assert!(
        programs.iter().all(|name| name.starts_with("python3")),
        "{programs:?}"
    );
}

#[test]
fn a_server_for_both_versions_of_ip_is_named_by_what_it_hears_over_ipv4() {
    let Some(lab) = Lab::up() else { return };
    let watch = watch_only(&lab, "udp");
    let mut server = lab.near.wire(&["hear", "9100"]);
    server.expect_line("ready");
    let mut client = lab.far.wire(&["datagrams", "10.9.0.1", "9100"]);
    client.expect_line("done");
    server.expect_line("x");
    let told = told(watch);
    let programs = programs(&told);
    assert!(
        matches!(programs[..], [name] if name.starts_with("python3")),
        "{told:?}"
    );
}

#[test]
fn what_the_kernel_cuts_up_counts_as_a_whole() {
    let Some(lab) = Lab::up() else { return };
    // Not neighbor discovery, which comes when it likes.
    let watch = watch_only(&lab, "ip");
    // 4,008 bytes of ICMP in three fragments, each with 34 bytes of headers in front.
    lab.near.sh("ping -c 2 -i 0.2 -s 4000 -W 5 10.9.0.2");
    let seen = one(told(watch));
    assert_eq!(seen["protocol"], "icmp", "{seen}");
    for end in ["client", "server"] {
        assert_eq!(seen[end]["frames"], 6, "{seen}");
        assert_eq!(seen[end]["bytes"], 2 * (4_008 + 3 * 34), "{seen}");
    }
}

/// A figure that `ss -i` gives as `name:figure`.
fn figure<'a>(told: &'a str, name: &str) -> &'a str {
    let start = format!("{name}:");
    let word = told
        .split_whitespace()
        .find_map(|word| word.strip_prefix(&start));
    word.unwrap_or_else(|| panic!("no {name} in {told}"))
}

#[test]
fn an_open_connection_is_as_the_kernel_counts_it() {
    let Some(lab) = Lab::up() else { return };
    let watch = watch(&lab);
    let mut server = lab.far.wire(&["listen", "10.9.0.2", "8080", "4"]);
    server.expect_line("ready");
    let orders = [
        "talk",
        "10.9.0.2",
        "8080",
        "send=1000",
        "wait=0.2",
        "send=500",
    ];
    let mut client = lab.near.wire(&orders);
    client.expect_line("done");
    thread::sleep(Duration::from_millis(300));
    let [near, far] = [&lab.near, &lab.far].map(|host| host.sh("ss -Htin state established"));
    let seen = one(told(watch));
    assert_eq!(seen["ended"], "open");
    for (end, other, kernel) in [("client", "server", &near), ("server", "client", &far)] {
        assert_eq!(seen[end]["state"], "ESTABLISHED", "{kernel}");
        let frames = |end: &str| seen[end]["frames"].as_u64().unwrap_or(0);
        // The SYN-ACK is sent before there is a socket to count it.
        let uncounted = u64::from(end == "server");
        let sent = (frames(end) - uncounted).to_string();
        assert_eq!(sent, figure(kernel, "segs_out"), "{end}: {kernel}");
        let received = frames(other).to_string();
        assert_eq!(received, figure(kernel, "segs_in"), "{end}: {kernel}");
    }
    assert_eq!(
        seen["client"]["new_data"].to_string(),
        figure(&near, "bytes_sent")
    );
    assert_eq!(
        seen["client"]["new_data"].to_string(),
        figure(&far, "bytes_received")
    );
    assert_eq!(seen["client"]["retransmissions"], 0);
    assert!(!near.contains("retrans:"), "{near}");
    // Measured at the card, so it is no longer than what the kernel measures above it, in milliseconds.
    let ours = seen["handshake"]["syn_to_syn_ack"]
        .as_f64()
        .expect("seconds")
        * 1000.0;
    let rtt: f64 = figure(&near, "minrtt").parse().expect("milliseconds");
    assert!(
        ours > 0.0 && ours < rtt + 1.0 && rtt < ours + 50.0,
        "{ours}: {near}"
    );
}

#[test]
fn a_peer_that_is_gone() {
    if !has_nft() {
        return;
    }
    let Some(lab) = Lab::up() else { return };
    let watch = watch(&lab);
    let mut server = lab.far.wire(&["listen", "10.9.0.2", "8080", "4"]);
    server.expect_line("ready");
    lab.far.sh("nft 'add table ip t; add chain ip t in { type filter hook input priority 0; }; add rule ip t in tcp flags & psh == psh drop'");
    let orders = ["talk", "10.9.0.2", "8080", "send=1000", "wait=3"];
    lab.near.wire(&orders).expect_line("done");
    let kernel = lab.near.sh("ss -Htino dst 10.9.0.2");
    let seen = one(told(watch));
    assert_eq!(seen["ended"], "gone silent", "{kernel}");
    assert_eq!(seen["client"]["state"], "ESTABLISHED");
    assert!(kernel.contains("timer:(on,"), "{kernel}");
    // retrans:1/5 is one on its way, and five in all; one more may come before the watch ends.
    let total: u64 = figure(&kernel, "retrans")
        .split('/')
        .nth(1)
        .and_then(|n| n.parse().ok())
        .expect("a number");
    let ours = seen["client"]["retransmissions"].as_u64().unwrap_or(0);
    assert!(
        total >= 3 && (total..=total + 1).contains(&ours),
        "{ours}: {kernel}"
    );
}

#[test]
fn refused_and_unanswered() {
    if !has_nft() {
        return;
    }
    let Some(lab) = Lab::up() else { return };
    lab.far.sh("nft 'add table ip t; add chain ip t in { type filter hook input priority 0; }; add rule ip t in tcp dport 81 drop'");
    let watch = watch(&lab);
    let mut refused = lab.near.wire(&["talk", "10.9.0.2", "80"]);
    refused.expect_line("ConnectionRefusedError");
    let mut silent = lab.near.wire(&["talk", "10.9.0.2", "81"]);
    thread::sleep(Duration::from_millis(1500));
    let waiting = lab.near.sh("ss -Htan state syn-sent");
    assert!(waiting.contains("10.9.0.2:81"), "{waiting}");
    silent.expect_line("TimeoutError");
    let seen = told(watch);
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert_eq!(seen[0]["ended"], "refused");
    assert_eq!(seen[1]["ended"], "unanswered");
    assert_eq!(seen[1]["client"]["state"], "SYN_SENT");
    let again = seen[1]["client"]["retransmissions"].as_u64();
    assert!(again >= Some(1), "a SYN is tried again: {}", seen[1]);
}

#[test]
fn half_closed_and_reset() {
    let Some(lab) = Lab::up() else { return };
    let watch = watch(&lab);
    let mut server = lab.far.wire(&["listen", "10.9.0.2", "8080", "4"]);
    server.expect_line("ready");
    let mut half = lab
        .near
        .wire(&["talk", "10.9.0.2", "8080", "send=10", "half"]);
    half.expect_line("done");
    let mut reset = lab
        .near
        .wire(&["talk", "10.9.0.2", "8080", "send=10", "reset"]);
    reset.expect_line("done");
    let seen = told(watch);
    assert_eq!(seen.len(), 2, "{seen:?}");
    // The one that is over comes first.
    assert_eq!(seen[0]["ended"], "reset");
    assert_eq!(seen[0]["ended_by"], "client");
    assert_eq!(seen[1]["ended"], "half-closed");
    assert_eq!(seen[1]["client"]["state"], "FIN_WAIT_2");
    assert_eq!(seen[1]["server"]["state"], "CLOSE_WAIT");
    // Both kernels see it as we do.
    let near = lab.near.sh("ss -Htan state fin-wait-2");
    assert!(near.contains("10.9.0.2:8080"), "{near}");
    // Of the one that was reset nothing is left.
    assert_eq!(lab.near.sh("ss -Htan dst 10.9.0.2").lines().count(), 1);
    let far = lab.far.sh("ss -Htan state close-wait");
    assert!(far.contains("10.9.0.2:8080"), "{far}");
}

#[test]
fn a_full_backlog_looks_like_silence() {
    let Some(lab) = Lab::up() else { return };
    let watch = watch(&lab);
    let mut server = lab.far.wire(&["listen", "10.9.0.2", "8080", "0"]);
    server.expect_line("ready");
    // A backlog of 0 has room for one.
    let mut first = lab.near.wire(&["talk", "10.9.0.2", "8080"]);
    first.expect_line("done");
    let mut second = lab.near.wire(&["talk", "10.9.0.2", "8080"]);
    second.expect_line("TimeoutError");
    let seen = told(watch);
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert_eq!(seen[0]["ended"], "open");
    assert_eq!(seen[1]["ended"], "unanswered");
    // The queue of those to be accepted is longer than it may be.
    let queue = lab.far.sh("ss -Hltn sport 8080");
    let queue: Vec<&str> = queue.split_whitespace().collect();
    assert_eq!(queue[1..3], ["1", "0"], "{queue:?}");
    let overflows = lab.far.sh("nstat -asz TcpExtListenOverflows | tail -1");
    let count: Option<&str> = overflows.split_whitespace().nth(1);
    assert_ne!(count, Some("0"), "the kernel says why: {overflows}");
}

#[test]
fn what_is_lost_is_sent_again() {
    if !has_nft() {
        return;
    }
    let Some(lab) = Lab::up() else { return };
    let watch = watch(&lab);
    let mut server = lab.far.wire(&["listen", "10.9.0.2", "8080", "4"]);
    server.expect_line("ready");
    lab.far.sh("nft 'add table ip t; add chain ip t in { type filter hook input priority 0; }; add rule ip t in tcp dport 8080 tcp flags & psh == psh drop'");
    let mut client = lab
        .near
        .wire(&["talk", "10.9.0.2", "8080", "send=1000", "wait=1"]);
    client.expect_line("done");
    lab.far.sh("nft flush chain ip t in");
    thread::sleep(Duration::from_secs(2));
    let kernel = lab.near.sh("ss -Htin dst 10.9.0.2");
    let seen = one(told(watch));
    assert_eq!(seen["ended"], "open");
    // retrans:0/3 is what waits now, and all there was.
    let total = kernel
        .split_whitespace()
        .find_map(|word| word.strip_prefix("retrans:0/"));
    let total: u64 = total
        .and_then(|total| total.parse().ok())
        .unwrap_or_else(|| panic!("{kernel}"));
    assert!(total >= 1);
    assert_eq!(
        seen["client"]["retransmissions"].as_u64(),
        Some(total),
        "{seen}"
    );
    assert_eq!(seen["client"]["new_data"], 1000);
}

#[test]
fn a_reader_that_sleeps_closes_the_window() {
    let Some(lab) = Lab::up() else { return };
    let watch = watch(&lab);
    let mut server = lab.far.wire(&["listen", "10.9.0.2", "8080", "4"]);
    server.expect_line("ready");
    let mut client = lab.near.wire(&["talk", "10.9.0.2", "8080", "flood=1"]);
    client.expect_line("done");
    let kernel = lab.near.sh("ss -Hton dst 10.9.0.2");
    let seen = one(told(watch));
    assert!(kernel.contains("timer:(persist,"), "{kernel}");
    assert!(seen["server"]["zero_windows"].as_u64() >= Some(1), "{seen}");
    // The kernel has data that it may not send.
    let waiting: u64 = kernel
        .split_whitespace()
        .nth(2)
        .and_then(|n| n.parse().ok())
        .expect("a number");
    assert!(waiting > 0, "{kernel}");
}
