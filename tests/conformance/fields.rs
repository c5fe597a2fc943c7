//! Every header field of every frame of every fixture, against tshark.

use std::collections::BTreeSet;

use crate::known::{CELLS, COUNTS};
use crate::oracle::{installed, rows, tshark_is_4_0, tshark_rows, tshark_rows_reassembled};
use crate::support::{fixture, fixture_path, fixtures, run};

const FIELDS: &str = "frame.number frame.time_epoch frame.len frame.cap_len
    eth.dst eth.src eth.type eth.len vlan.id vlan.priority
    arp.hw.type arp.proto.type arp.opcode arp.src.hw_mac arp.src.proto_ipv4 arp.dst.hw_mac arp.dst.proto_ipv4
    arp.isgratuitous
    ip.version ip.hdr_len ip.dsfield.dscp ip.dsfield.ecn ip.len ip.id ip.flags.df ip.flags.mf ip.frag_offset ip.ttl
    ip.proto ip.checksum ip.src ip.dst
    ipv6.src ipv6.dst ipv6.plen ipv6.nxt ipv6.hlim ipv6.flow
    tcp.srcport tcp.dstport tcp.seq_raw tcp.ack_raw tcp.hdr_len tcp.flags tcp.flags.syn tcp.flags.ack tcp.flags.fin
    tcp.flags.reset tcp.window_size_value tcp.checksum tcp.urgent_pointer tcp.len tcp.options.mss_val
    tcp.options.wscale.shift tcp.options.timestamp.tsval tcp.options.timestamp.tsecr
    udp.srcport udp.dstport udp.length udp.checksum icmp.type icmp.code icmpv6.type icmpv6.code
    tcp.stream udp.stream tcp.seq tcp.ack
    stp.flags stp.root.prio stp.bridge.prio stp.port lldp.chassis.id.mac lldp.port.id lldp.time_to_live lldp.tlv.system.name
    cdp.version cdp.ttl cdp.deviceid eapol.version eapol.type eapol.len macsec.TCI.E macsec.AN macsec.SL macsec.PN
    wlan.fc.type wlan.fc.subtype wlan.ra wlan.ta wlan.da wlan.sa wlan.bssid wlan.ssid
    ospf.version ospf.msg ospf.srcrouter ospf.area_id vrrp.version vrrp.virt_rtr_id vrrp.prio pim.version pim.type
    sctp.chunk_type igmp.maddr icmpv6.mldr.mar.multicast_address icmpv6.nd.rd.target_address
    icmpv6.rd.na.destination_address snmp.version snmp.community snmp.data mqtt.msgtype mqtt.topic mqtt.clientid
    mysql.version mysql.command mysql.query mysql.error_code pgsql.query ntp.flags.vn ntp.flags.mode ntp.stratum
    ssh.protocol";

/// What only differs in spelling: truth values, case, the width of hexadecimal numbers, zeros behind a decimal point.
fn folded(cell: &str) -> Vec<String> {
    cell.split(',').map(fold).collect()
}

fn fold(value: &str) -> String {
    let value = value.trim();
    if let Some(digits) = value.strip_prefix("0x") {
        return format!("0x{}", digits.trim_start_matches('0').to_lowercase());
    }
    let number = value.split_once('.').is_some_and(|(whole, decimals)| {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        digits(whole) && digits(decimals)
    });
    match value {
        "True" => "1".to_owned(),
        "False" => "0".to_owned(),
        _ if number => value.trim_end_matches('0').trim_end_matches('.').to_owned(),
        _ => value.to_lowercase(),
    }
}

#[test]
fn folding_hides_spelling_only() {
    assert_eq!(folded("True,0x0010"), folded("1,0x10"));
    assert_eq!(folded("1.500"), folded("1.5"));
    assert_ne!(folded("10"), folded("1"));
    assert_ne!(folded("0x10"), folded("0x1"));
    assert_ne!(folded("10.0.0.10"), folded("10.0.0.1"));
}

/// What tshark puts together, `--reassemble` does, frame by frame: the same ports, lengths and text.
#[test]
fn packets_put_together_from_fragments() {
    const FIELDS: [&str; 11] = [
        "frame.protocols",
        "ip.frag_offset",
        "ip.fragment.count",
        "ip.reassembled.length",
        "ipv6.fragment.count",
        "ipv6.reassembled.length",
        "udp.srcport",
        "udp.length",
        "icmp.type",
        "icmpv6.type",
        "dns.qry.name",
    ];
    if !installed("tshark") {
        return;
    }
    for name in [
        "ip-fragments.pcap",
        "ip-fragments-v6.pcap",
        "fragments.pcap",
    ] {
        let theirs = tshark_rows_reassembled(&fixture_path(name), &FIELDS);
        let path = fixture(name);
        let mut arguments = vec!["replay", path.as_str(), "--reassemble"];
        arguments.extend(FIELDS.iter().flat_map(|field| ["-e", field]));
        let ours = rows(&run(&arguments).text());
        assert_eq!(ours.len(), theirs.len(), "{name}");
        let whole = ours
            .iter()
            .filter(|row| row[2..6].iter().any(|cell| !cell.is_empty()));
        assert!(whole.count() > 2, "{name}");
        for (frame, (our, their)) in (1..).zip(ours.iter().zip(&theirs)) {
            for (field, (our, their)) in FIELDS.iter().zip(our.iter().zip(their)) {
                assert_eq!(folded(our), folded(their), "{name} frame {frame} {field}");
            }
        }
    }
}

#[test]
fn every_field_of_every_fixture() {
    if !installed("tshark") {
        return;
    }
    let fields: Vec<&str> = FIELDS.split_whitespace().collect();
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    let mut compared = 0;
    for name in fixtures() {
        let theirs = tshark_rows(&fixture_path(&name), &fields);
        let path = fixture(&name);
        let mut arguments = vec!["replay", path.as_str()];
        arguments.extend(fields.iter().flat_map(|field| ["-e", field]));
        let ours = rows(&run(&arguments).text());
        let counted_apart = COUNTS.iter().any(|(file, ..)| *file == name);
        if ours.len() != theirs.len() && !counted_apart {
            wrong.push(format!(
                "{name}: {} frames, tshark has {}",
                ours.len(),
                theirs.len()
            ));
        }
        if ours.len() == theirs.len() && counted_apart && tshark_is_4_0() {
            wrong.push(format!(
                "{name}: the same number of frames now: take it off the list"
            ));
        }
        for (frame, (our, their)) in (1..).zip(ours.iter().zip(&theirs)) {
            assert_eq!(our.len(), fields.len(), "{name} frame {frame}: {our:?}");
            for (field, (our, their)) in fields.iter().zip(our.iter().zip(their)) {
                compared += usize::from(!their.is_empty());
                if folded(our) == folded(their) {
                    continue;
                }
                match CELLS
                    .iter()
                    .position(|known| known.covers(&name, field, frame))
                {
                    Some(entry) => {
                        used.insert(entry);
                    }
                    None => wrong.push(format!(
                        "{name} frame {frame} {field}: ours {our:?}, tshark {their:?}"
                    )),
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} unexplained:\n  {}",
        wrong.len(),
        wrong.join("\n  ")
    );
    assert!(compared > 10_000, "only {compared} cells were compared");
    if tshark_is_4_0() {
        let stale = (0..CELLS.len()).filter(|entry| !used.contains(entry));
        let stale: Vec<String> = stale
            .map(|entry| {
                format!(
                    "{} {} {:?}: {}",
                    CELLS[entry].file, CELLS[entry].field, CELLS[entry].frames, CELLS[entry].reason
                )
            })
            .collect();
        assert!(
            stale.is_empty(),
            "no longer differ, take them off the list:\n  {}",
            stale.join("\n  ")
        );
    }
}
