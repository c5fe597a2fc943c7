//! `-Y` from outside: against `tshark -Y` where that is installed, and what it does to everything else.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;

/// The language, over traffic whose decoding is not in question: that has tests of its own.
#[rustfmt::skip]
const EXPRESSIONS: &[&str] = &[
    // Being there, and logic.
    "tcp", "arp or icmp", "not tcp and not udp", "!(tcp || udp) && ip", "tcp or udp and icmp", "not not icmp",
    "tcp.options.mss_val", "tcp.flags.syn", "vlan", "ipv6.fraghdr", "icmp and tcp", "frame", "eth and not ip",
    // Numbers.
    "tcp.flags.syn == 1", "tcp.flags.syn==1&&tcp.flags.ack==0", "tcp.flags.syn != 1", "tcp.flags.syn == True",
    "tcp.port == 80", "tcp.port eq 0x50", "tcp.port == 0120", "tcp.port == 0b1010000", "tcp.port == '\\x50'",
    "udp.port > 1024", "ip.ttl < 64", "ip.ttl le 64 and ip.ttl ge 2", "frame.len > 100", "eth.type == 0x0806",
    "ip.version == 6", "arp.opcode == 1", "tcp.srcport < tcp.dstport", "tcp.srcport < tcp.dstport < 50000",
    "frame.number == 5 or frame.number==7", "tcp.stream == 1", "tcp.seq == 1 and tcp.ack == 1",
    // Several occurrences.
    "tcp.port != 80", "tcp.port !== 80", "tcp.port === 80", "tcp.port all_ne 80", "tcp.port ~= 80",
    "any tcp.port != 80", "all tcp.port > 1024", "not all tcp.port == 80", "ip.addr == 10.9.0.2", "ip.addr != 10.9.0.2",
    "ip.src == ip.dst", "ip.src != ip.dst", "tcp.port == tcp.srcport", "eth.src == arp.src.hw_mac",
    // Sets.
    "tcp.port in {80, 443, 8000..8099}", "tcp.port not in {80}", "all ip.len not in {53..80}", "tcp.port in {90..1000}", "tcp.port in {100..1}",
    "all tcp.port in {80, 1024..65535}", "ip.addr in {10.9.0.1 .. 10.9.0.2}", "tcp.srcport in {tcp.dstport, 80}",
    // Addresses.
    "ip.src == 10.0.0.0/8", "ip.src != 10.0.0.0/8", "ip.src > 10.9.0.0/24", "ip.src <= 10.9.0.0/31",
    "ipv6.src == fe80::/10", "ipv6.addr == fd09::1", "eth.dst == ff:ff:ff:ff:ff:ff", "eth.src == 02-00-00-00-00-01",
    "eth.src == 0200.0000.0001", "eth.src < 02:00:00:00:00:02", "eth.dst.ig == 1",
    // Slices and bits.
    "eth.src[0:3] == 00:1b:21", "eth.src[0-2] == 02:00:00", "eth.src[-1] == 01", "eth.src[:3] == 020000",
    "eth.src[3:] == 00.00.01", "eth.src[0,4-5] == 02:00:01", "eth.src[0:3] > 02:00", "eth.src[0] & 2", "eth.src[10]",
    "frame[-3:3] == 00:00:00", "ip.src[0:2] == 0a:09", "tcp[13] & 2", "tcp[20:3]", "ip[8] == 40", "tcp[30:2] != 01:02", "eth.src[0,10] == 02",
    "eth.src[4:10] != 00", "eth.src[10] < 01", "eth.src[10] & 01 != 01", "tcp.payload[0:3] != \"GET\"", "icmp[0] == 08",
    "tcp.flags & 0x12 == 0x12", "tcp.flags & 1 + 1", "eth.addr[0] & 0x0f == 2", "ip.src & 255.0.0.0 == 10.0.0.0",
    // Searching.
    "frame contains \"GET\"", "tcp contains 47:45:54", "ip contains \"HTTP\"", "tcp.payload contains 0x47",
    "tcp.payload matches \"^get /\"", "tcp.payload ~ \"(?-i)get\"", "frame matches \"\\xff\"", "frame matches r\"\\r\\n\"",
    "eth.src contains 1b:21", "frame contains \"\\107ET\"",
    // Calculating, functions, layers.
    "udp.dstport == udp.srcport + 1", "tcp.dstport >= 4 * {tcp.srcport + 3}", "tcp.srcport - 81 < 0",
    "tcp.srcport%2 == 0", "tcp.srcport / 0 == 1", "tcp.port == 40 + 40", "len(tcp.payload) > 100", "len(tcp) == 20",
    "count(ip.addr) > 2", "count(tcp.port) == 0", "string(ip.src) matches \"\\\\.1$\"", "string(tcp.port) == \"80\"",
    "max(tcp.srcport, tcp.dstport) > 50000", "min(tcp.port, udp.port) < 100", "ip.src#2", "ip.src#[1-2] == 10.9.0.1",
    // Times and text.
    "frame.time_epoch > 1700000000.5", "frame.protocols contains \"tcp\"", "lower(frame.protocols) matches \"IP:udp\"",
];

/// Where we mean to differ. Each has to differ still, so that the list stays true.
#[rustfmt::skip]
const DIFFERENT: &[(&str, &str)] = &[
    ("tcp xor udp", "Wireshark has xor and ^^ since 4.2"),
    ("tcp.flags.syn == true", "and lower-case booleans later still"),
    ("eth.src[0:3] in {00:1b:21, 02:00:00}", "4.0 takes only fields before 'in'; a slice is as good"),
    ("len(string(ip.src)) == 8", "4.0 nests no functions"),
    ("string(tcp.flags.syn) == \"1\"", "4.0 makes no text of booleans"),
    ("frame contains eth.src", "4.0 takes a MAC address for no bytes here, though it does in =="),
    ("eth.src contains \"a\"", "the same"),
    ("frame contains \"\\u0047ET\"", "4.0 refuses a code point that has a shorter name, as C does"),
    ("frame.time_epoch > \"2023-11-14T22:13:20Z\"", "in Wireshark only frame.time is a date; we have no frame.time"),
    ("tcp.port == 65536", "we know no widths: true of no frame, while tshark calls it an error"),
    ("eth.type == IPv4", "Wireshark knows values by name; here numbers are numbers"),
    ("tcp.srcport / 0 != 1", "4.0 finds that nothing differs from 1; here nothing is true of what is not there"),
    ("len(tcp.port) == 2", "numbers have no length here"),
    ("ip.src#[-1]", "nothing says what a layer counted from the end is"),
    ("ipv6.src & ffff:: == fe80::", "4.0 masks IPv6 addresses wrongly: true of others too"),
];

/// Ethernet captures of the public corpus with many protocols.
const CORPUS: &[&str] = &[
    "arkime_arkime__tests-pcap-arkime_synthetic.pcap",
    "nfstream_nfstream__tests-pcaps-viber.pcap",
    "LibtraceTeam_libtrace__test-traces-vlan.pcap",
    "ntop_nDPI__tests-cfgs-default-pcap-anyconnect-vpn.pcap",
];

#[rustfmt::skip]
const FIXTURES: &[&str] = &[
    "arp-exchange.pcap", "arp-gratuitous-probe.pcap", "dhcp.pcap", "http.pcap", "icmp-errors.pcap", "icmp-ping.pcap",
    "icmpv6-errors.pcap", "ip-fragments-v6.pcap", "ip-fragments.pcap", "ipv6-nd.pcap", "multicast.pcap",
    "tcp-checksum-offload.pcap", "tcp-half-close.pcap", "tcp-ipv6.pcap", "tcp-options.pcap",
    "tcp-refused-and-reset.pcap", "udp-dns.pcap", "vlan-single.pcap",
];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name)
}

fn replay(file: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_netinspect"))
        .arg("replay")
        .arg(file)
        .args(arguments)
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

type Frames = BTreeSet<u64>;

fn frames(output: &Output) -> Option<Frames> {
    let numbers = || {
        text(output)
            .lines()
            .map(|line| line.parse().unwrap())
            .collect()
    };
    output.status.success().then(numbers)
}

/// The frames that netinspect shows; none where it refuses the filter.
fn ours(file: &Path, expression: &str) -> Option<Frames> {
    frames(&replay(file, &["-Y", expression, "-e", "frame.number"]))
}

fn tsharks(file: &Path, expression: &str) -> Option<Frames> {
    frames(&tshark(
        file,
        &["-Y", expression, "-T", "fields", "-e", "frame.number"],
    ))
}

fn tshark(file: &Path, arguments: &[&str]) -> Output {
    Command::new("tshark")
        .args([
            "-n",
            "-o",
            "ip.defragment:FALSE",
            "-o",
            "ipv6.defragment:FALSE",
        ])
        .args(["-o", "tcp.desegment_tcp_streams:FALSE", "-r"])
        .arg(file)
        .args(arguments)
        .output()
        .unwrap()
}

/// Frames that the two decode differently: no filter can be blamed for those.
fn decoded_differently(file: &Path) -> Frames {
    let fields = [
        "-e",
        "ip.src",
        "-e",
        "ipv6.src",
        "-e",
        "tcp.srcport",
        "-e",
        "udp.srcport",
        "-e",
        "icmp.type",
        "-e",
        "arp.opcode",
        "-e",
        "vlan.id",
    ];
    let ours = text(&replay(file, &fields));
    let tsharks = text(&tshark(file, &[&["-T", "fields"], &fields[..]].concat()));
    let pairs = ours.lines().zip(tsharks.lines()).zip(1..);
    pairs
        .filter(|((ours, tsharks), _)| ours != tsharks)
        .map(|(_, number)| number)
        .collect()
}

/// Other versions answer some of the questions differently.
fn has_tshark() -> bool {
    let output = Command::new("tshark").arg("--version").output();
    let found = output.is_ok_and(|output| text(&output).contains(") 4.0."));
    if !found {
        eprintln!("skipped: no tshark 4.0");
    }
    found
}

/// Captures of the same link type and byte order in one, so that tshark starts once for each expression.
fn joined(files: &[PathBuf], directory: &Path) -> PathBuf {
    const HEADER: usize = 24;
    let mut all = Vec::new();
    for file in files {
        let bytes = std::fs::read(file).unwrap();
        assert_eq!(bytes[..4], [0xd4, 0xc3, 0xb2, 0xa1], "{}", file.display());
        all.extend_from_slice(if all.is_empty() {
            &bytes
        } else {
            &bytes[HEADER..]
        });
    }
    let path = directory.join("joined.pcap");
    std::fs::write(&path, all).unwrap();
    path
}

/// Asks both about every expression, two at a time, and returns those that they answer differently.
fn compared(file: &Path, expressions: &[&str], except: &Frames) -> Vec<String> {
    let waiting = Mutex::new(expressions.iter());
    let different = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().unwrap().next();
                    let Some(expression) = next else { return };
                    let both = (ours(file, expression), tsharks(file, expression));
                    let difference = match &both {
                        (Some(ours), Some(tsharks)) => (ours ^ tsharks)
                            .difference(except)
                            .map(|frame| format!(" {frame}"))
                            .collect(),
                        (None, None) => String::new(),
                        (None, _) => " we refuse it".to_owned(),
                        (_, None) => " tshark refuses it".to_owned(),
                    };
                    if !difference.is_empty() {
                        different
                            .lock()
                            .unwrap()
                            .push(format!("{expression}:{difference}"));
                    }
                }
            });
        }
    });
    different.into_inner().unwrap()
}

#[test]
fn fixtures_are_filtered_as_tshark_does() {
    if !has_tshark() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let files: Vec<_> = FIXTURES.iter().map(|name| fixture(name)).collect();
    let file = joined(&files, directory.path());
    let different = compared(&file, EXPRESSIONS, &Frames::new());
    assert!(different.is_empty(), "{}", different.join("\n"));

    let explained: Vec<_> = DIFFERENT
        .iter()
        .map(|(expression, _)| *expression)
        .collect();
    let found = compared(&file, &explained, &Frames::new());
    assert_eq!(found.len(), explained.len(), "{}", found.join("\n"));
}

#[test]
fn captures_of_others_are_filtered_as_tshark_does() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/public");
    let corpus = std::env::var_os("NETINSPECT_CORPUS").map_or(beside, PathBuf::from);
    let files: Vec<_> = CORPUS.iter().map(|name| corpus.join(name)).collect();
    if !has_tshark() || !files.iter().all(|file| file.exists()) {
        eprintln!("skipped: no corpus");
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let file = joined(&files, directory.path());
    let except = decoded_differently(&file);
    assert!(
        except.len() < 25,
        "{} frames are not decoded alike",
        except.len()
    );
    let different = compared(&file, EXPRESSIONS, &except);
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn a_filter_changes_which_frames_are_shown_and_nothing_about_them() {
    let file = fixture("http.pcap");
    for form in [&["-t", "d"][..], &["-t", "r"], &["-T", "json"]] {
        let all = text(&replay(&file, form));
        let arguments = [form, &["-Y", "tcp.stream == 1 and tcp.len > 0"]].concat();
        let some = text(&replay(&file, &arguments));
        let lines: Vec<_> = all.lines().collect();
        assert!(some.lines().count() > 1 && some.lines().count() < lines.len());
        assert!(some.lines().all(|line| lines.contains(&line)), "{some}");
    }
}

#[test]
fn counting_writing_and_the_summary_go_by_what_is_left() {
    let file = fixture("http.pcap");
    let some = text(&replay(
        &file,
        &["-Y", "tcp.flags.fin == 1", "-c", "2", "-e", "frame.number"],
    ));
    assert_eq!(some, "10\n12\n");

    let quiet = replay(&file, &["-Y", "tcp.flags.fin == 1", "-q"]);
    let summary = String::from_utf8_lossy(&quiet.stderr).into_owned();
    assert!(
        summary.contains("4 frames passed") && summary.contains("26 frames read"),
        "{summary}"
    );

    let directory = tempfile::tempdir().unwrap();
    let written = directory.path().join("some.pcap");
    let path = written.to_str().unwrap();
    assert!(
        replay(&file, &["-Y", "tcp.flags.fin == 1", "-w", path])
            .status
            .success()
    );
    assert_eq!(
        text(&replay(&written, &["-e", "tcp.flags.fin"])),
        "1\n1\n1\n1\n"
    );
}

#[test]
fn threads_make_no_difference() {
    let directory = tempfile::tempdir().unwrap();
    let files: Vec<_> = (0..200).map(|_| fixture("http.pcap")).collect();
    let file = joined(&files, directory.path());
    for expression in ["tcp.stream == 1 and tcp.len > 0", "frame contains \"GET\""] {
        let of = |threads| {
            text(&replay(
                &file,
                &["-Y", expression, "--threads", threads, "-t", "d"],
            ))
        };
        let one = of("1");
        assert!(!one.is_empty());
        assert_eq!(one, of("4"), "{expression}");
    }
}

#[test]
fn a_mistake_is_shown_where_it_is_and_ends_with_code_2() {
    let output = replay(&fixture("http.pcap"), &["-Y", "ip and tcp.srcprot == 80"]);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    let lines: Vec<_> = message.lines().collect();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        lines[1].find("tcp.srcprot"),
        lines[2].find('^'),
        "{message}"
    );
    assert!(lines[2].contains("did you mean tcp.srcport"), "{message}");
}
