use super::*;

fn mac(text: &str) -> [u8; 6] {
    let octets: Vec<u8> = text
        .split(':')
        .map(|octet| u8::from_str_radix(octet, 16).expect("two hexadecimal digits"))
        .collect();
    octets.try_into().expect("six octets")
}

fn to_mac(address: u64) -> [u8; 6] {
    let [_, _, a, b, c, d, e, f] = address.to_be_bytes();
    [a, b, c, d, e, f]
}

fn describe(text: &str) -> String {
    identify(mac(text)).to_string()
}

fn short(text: &str) -> &'static str {
    identify(mac(text)).short()
}

#[track_caller]
fn assert_registered(text: &str, full: &str, bits: u8) {
    match identify(mac(text)) {
        Identity::Registered(name) => assert_eq!(name.full, full),
        other => panic!("{text} is {other:?}"),
    }
    assert_eq!(prefix_bits(mac(text)), Some(bits));
}

#[test]
fn each_registry_has_its_rows() {
    assert_registered("28:6f:b9:12:34:56", "Nokia Shanghai Bell Co., Ltd.", 24); // MA-L
    assert_registered("ea:27:01:12:34:56", "ACCE Technology Corp.", 24); // CID
    assert_registered("c8:5c:e2:71:23:45", "SYNERGY SYSTEMS AND SOLUTIONS", 28); // MA-M
    assert_registered("8c:1f:64:af:a1:23", "DATA ELECTRONIC DEVICES, INC", 36); // MA-S
    assert_registered("40:d8:55:0d:71:23", "Avant Technologies", 36); // IAB
    assert_registered("00:50:c2:f7:11:23", "RF Code", 36); // IAB
}

#[test]
fn first_and_last_rows_are_found_and_their_neighbours_are_not() {
    assert_registered("00:00:00:00:00:01", "XEROX CORPORATION", 24);
    assert_registered("00:00:00:ff:ff:ff", "XEROX CORPORATION", 24);
    // The highest 24-bit prefix with an owner; after it comes only fc:ff:aa, a parent of nobody.
    assert_registered("fc:fe:c2:ff:ff:ff", "Invensys Controls UK Limited", 24);
    assert_eq!(identify(mac("fc:fe:c3:00:00:00")), Identity::Unknown);
    assert_eq!(identify(mac("fc:ff:ab:00:00:00")), Identity::Unknown);

    assert_registered("00:55:da:00:00:00", "Shinko Technos co.,ltd.", 28);
    assert_registered(
        "fc:e4:98:ef:ff:ff",
        "TIH Microelectronics Technology Co. Ltd.",
        28,
    );
    assert_eq!(identify(mac("fc:e4:98:f0:00:00")), Identity::Unassigned);

    assert_registered("00:1b:c5:00:00:00", "Converging Systems Inc.", 36);
    assert_registered(
        "8c:1f:64:ff:cf:ff",
        "Invendis Technologies India Pvt Ltd",
        36,
    );
    assert_eq!(identify(mac("8c:1f:64:ff:d0:00")), Identity::Unassigned);
}

#[test]
fn every_prefix_is_found_again() {
    let mut count = 0;
    for (first, row) in table::all() {
        let last = first | ((1 << (48 - row.prefix_bits)) - 1);
        for address in [first, last] {
            let found = table::find(address).expect("it is in the table");
            if row.is_parent() {
                assert!(found == row || found.prefix_bits > 24, "{address:012x}");
            } else {
                assert_eq!(found, row, "{address:012x}");
            }
        }
        count += 1;
    }
    assert!(count > 59_000, "only {count} rows");
}

#[test]
fn every_row_is_registered_unless_something_more_exact_is_known() {
    for (first, row) in table::all() {
        // Not the first address: 00:00:00:00:00:00 is not Xerox.
        let mac = to_mac(first | 1);
        match identify(mac) {
            Identity::Registered(name) => {
                assert!(row.is_parent() || name == row.name(), "{mac:02x?}")
            }
            Identity::Unassigned => assert!(row.is_parent(), "{mac:02x?}"),
            Identity::Multicast(_) => assert!(is_group(mac), "{mac:02x?}"),
            Identity::Virtual(_) => {
                assert!(special::software_made(first | 1).is_some(), "{mac:02x?}")
            }
            other => panic!("{mac:02x?} is {other:?}"),
        }
    }
}

#[test]
fn names_fit_a_line_and_hold_nothing_unprintable() {
    let registered = table::all().map(|(_, row)| row.name());
    let special = special::GROUPS
        .iter()
        .chain(special::REDUNDANT_ROUTERS)
        .chain(special::SOFTWARE_MADE)
        .map(|block| block.name);
    for name in registered.chain(special) {
        assert!((1..=12).contains(&name.short.len()), "{name:?}");
        assert!(
            name.short
                .bytes()
                .all(|octet| (b' '..=b'~').contains(&octet)),
            "{name:?}"
        );
        assert_eq!(name.short, name.short.trim(), "{name:?}");
        assert_ne!(name.short, "?", "not UTF-8");
        assert!(!name.full.is_empty() && name.full != "?", "{name:?}");
        assert!(!name.full.contains(char::is_control), "{name:?}");
        assert_eq!(
            name.full,
            name.full.split_whitespace().collect::<Vec<_>>().join(" ")
        );
    }
}

#[test]
fn no_special_block_hides_another() {
    for block in special::GROUPS {
        let last = block.first | (BROADCAST & !block.mask);
        assert_eq!(special::group(last), Some(block.name));
        assert!(is_group(to_mac(block.first)), "{block:?} is not a group");
    }
    for block in special::REDUNDANT_ROUTERS
        .iter()
        .chain(special::SOFTWARE_MADE)
    {
        let last = block.first | (BROADCAST & !block.mask);
        assert_eq!(special::software_made(last), Some(block.name));
        assert!(!is_group(to_mac(block.first)), "{block:?} is a group");
    }
}

#[test]
fn all_zeros_and_all_ones() {
    assert_eq!(identify([0; 6]), Identity::Zero);
    assert_eq!(prefix_bits([0; 6]), None);
    assert_eq!(identify([0xff; 6]), Identity::Broadcast);
    assert_eq!(describe("ff:ff:ff:ff:ff:ff"), "broadcast");
}

#[test]
fn groups() {
    assert_eq!(short("01:00:5e:00:00:fb"), "IPv4mcast");
    assert_eq!(short("01:00:5e:7f:ff:ff"), "IPv4mcast");
    assert_eq!(short("01:00:5e:80:00:00"), "MPLSmcast");
    assert_eq!(describe("33:33:ff:00:00:01"), "IPv6 multicast (RFC 2464)");
    assert_eq!(short("01:80:c2:00:00:00"), "STP");
    assert_eq!(short("01:80:c2:00:00:0e"), "LLDP");
    assert_eq!(short("01:80:c2:00:00:0f"), "802.1");
    assert_eq!(short("01:00:0c:cc:cc:cc"), "CDP/VTP");
    assert_eq!(
        identify(mac("01:80:c2:00:00:99")),
        Identity::Multicast(None)
    );
    assert_eq!(
        identify(mac("ff:ff:ff:ff:ff:fe")),
        Identity::Multicast(None)
    );
    // Registered to somebody who asked not to be named, but a group address all the same.
    assert_eq!(
        identify(mac("11:11:11:00:00:01")),
        Identity::Multicast(None)
    );
    assert_eq!(prefix_bits(mac("11:11:11:00:00:01")), None);
}

#[test]
fn software_made_addresses_before_the_registries_and_the_local_bit() {
    assert_eq!(short("00:00:5e:00:01:0a"), "VRRP");
    assert_eq!(short("00:00:5e:00:02:0a"), "VRRPv6");
    assert_eq!(describe("00:00:5e:00:53:01"), "ICANN, IANA Department");
    assert_eq!(short("00:00:0c:07:ac:01"), "HSRP");
    assert_eq!(short("00:00:0c:9f:f0:01"), "HSRPv2");
    assert_eq!(short("00:00:0c:9f:e0:01"), "Cisco");
    assert_eq!(short("00:07:b4:03:ff:ff"), "GLBP");
    assert_eq!(short("00:07:b4:04:00:00"), "Cisco");
    assert_eq!(short("52:54:00:12:34:56"), "QEMU/KVM");
    assert_eq!(short("02:42:ac:11:00:02"), "Docker");
    assert_eq!(short("08:00:27:00:00:01"), "VirtualBox");
    assert_eq!(prefix_bits(mac("08:00:27:00:00:01")), Some(24));
    assert_eq!(prefix_bits(mac("52:54:00:12:34:56")), None);
}

#[test]
fn local_unless_a_registry_says_otherwise() {
    // Android once drew its random addresses from this Company ID.
    assert_registered("da:a1:19:12:34:56", "Google, Inc.", 24);
    assert_eq!(identify(mac("f2:7b:33:12:34:56")), Identity::Local);
    assert_eq!(
        describe("f2:7b:33:12:34:56"),
        "locally administered (random?)"
    );
    assert_eq!(prefix_bits(mac("f2:7b:33:12:34:56")), None);
    // From before the bit had a meaning: MA-L rows with U/L set.
    assert_registered("02:60:8c:12:34:56", "3COM", 24);
}

#[test]
fn sub_blocks_without_an_owner() {
    assert_eq!(identify(mac("fc:ff:aa:12:34:56")), Identity::Unassigned);
    assert_eq!(prefix_bits(mac("fc:ff:aa:12:34:56")), Some(24));
    // Sub-blocks of a parent that IEEE does not list itself.
    assert_registered("1c:88:79:21:23:45", "Airsmart System Co.,Ltd", 28);
    assert_eq!(identify(mac("1c:88:79:f1:23:45")), Identity::Unassigned);
    // A sub-block that the Authority keeps for itself has an owner.
    assert_registered("70:b3:d5:9f:31:23", "IEEE Registration Authority", 36);
}

#[test]
fn short_names_are_what_people_say() {
    let cases = [
        ("00:00:0c:12:34:56", "Cisco"),
        ("28:6f:b9:12:34:56", "Nokia"),
        ("f0:18:98:12:34:56", "Apple"),
        ("00:1b:21:12:34:56", "Intel"),
        ("3c:d9:2b:12:34:56", "HP"),
        ("b8:27:eb:12:34:56", "Raspberry Pi"),
        ("00:25:90:12:34:56", "Supermicro"),
        ("50:c7:bf:12:34:56", "TP-Link"),
        ("8c:1f:64:ff:31:23", "Tucsen"),
        ("c8:5c:e2:71:23:45", "Synergy"),
    ];
    for (address, name) in cases {
        assert_eq!(short(address), name);
    }
}

#[test]
fn the_first_octet_in_words() {
    assert_eq!(
        first_octet_bits(mac("00:00:0c:00:00:01")),
        "individual, universally administered"
    );
    assert_eq!(
        first_octet_bits(mac("02:00:00:00:00:01")),
        "individual, locally administered"
    );
    assert_eq!(
        first_octet_bits(mac("01:00:5e:00:00:01")),
        "group, universally administered"
    );
    assert_eq!(
        first_octet_bits(mac("33:33:00:00:00:01")),
        "group, locally administered"
    );
}

#[test]
fn the_date_is_a_date() {
    let parts: Vec<u16> = data_date()
        .split('-')
        .map(|part| part.parse().expect("a number"))
        .collect();
    assert!(
        matches!(parts[..], [2026..=2100, 1..=12, 1..=31]),
        "{}",
        data_date()
    );
}
