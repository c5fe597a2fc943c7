//! Every form reads back what it wrote, and says what is wrong with what it can't read.

use super::*;

const NOW: Timestamp = Timestamp::new(1_800_000_000, 0);
const FORMS: [Exchange; 4] = [
    Exchange::Json,
    Exchange::Csv,
    Exchange::ArpDat,
    Exchange::IpNeigh,
];

fn binding(address: &str) -> Binding {
    Binding {
        address: address.parse().expect("an address"),
        mac: [0, 0x1b, 0x21, 0, 0x0a, 2],
        interface: "eth0".to_owned(),
        vlan: "100.7".parse().expect("a VLAN"),
        ways: Ways::default().with(How::Scan).with(How::Passive),
        first_seen: Timestamp::from_nanos(1_700_000_000_123_456_789),
        last_seen: Timestamp::new(1_700_000_100, 0),
        sightings: 17,
    }
}

fn read(form: Option<Exchange>, text: &str) -> Vec<Result<Option<Binding>, String>> {
    let mut reader = Reader::new(form, NOW);
    text.lines().map(|line| reader.line(line)).collect()
}

fn written(form: Exchange, bindings: &[Binding]) -> String {
    let lines = bindings
        .iter()
        .flat_map(|binding| form.line(binding).unwrap_or_default());
    let bytes: Vec<u8> = form.header().iter().copied().chain(lines).collect();
    String::from_utf8(bytes).expect("text")
}

#[test]
fn json_and_csv_lose_nothing_and_are_recognised() {
    let mut odd = binding("fe80::1");
    odd.interface = "-=a,\"b\"".to_owned();
    let bindings = [binding("10.9.0.2"), odd];
    for form in [Exchange::Json, Exchange::Csv] {
        let text = written(form, &bindings);
        let back: Vec<_> = read(None, &text)
            .into_iter()
            .flat_map(|line| line.expect("sense"))
            .collect();
        assert_eq!(back, bindings, "{text}");
    }
}

#[test]
fn other_programs_forms_keep_what_they_can() {
    let text = written(Exchange::ArpDat, &[binding("10.9.0.2"), binding("fe80::1")]);
    assert_eq!(text, "00:1b:21:00:0a:02\t10.9.0.2\t1700000100\t\teth0\n");
    let back = read(None, &text)
        .remove(0)
        .expect("sense")
        .expect("a binding");
    assert_eq!(
        (back.mac, back.last_seen),
        (binding("::1").mac, Timestamp::new(1_700_000_100, 0))
    );
    assert_eq!(
        (back.interface.as_str(), back.ways.to_string().as_str()),
        ("eth0", "import")
    );

    let text = written(Exchange::IpNeigh, &[binding("fe80::1")]);
    assert_eq!(text, "fe80::1 dev eth0 lladdr 00:1b:21:00:0a:02 STALE\n");
    let back = read(None, &text)
        .remove(0)
        .expect("sense")
        .expect("a binding");
    assert_eq!(
        (back.last_seen, back.ways.to_string().as_str()),
        (NOW, "kernel, import")
    );
    let failed = read(None, "10.9.0.7 dev eth0 FAILED").remove(0);
    assert_eq!(failed, Ok(None));
}

#[test]
fn what_makes_no_sense_is_said() {
    for (form, line, said) in [
        (Exchange::ArpDat, "hello world", "tab"),
        (
            Exchange::ArpDat,
            "0:1b:21:0:a\t10.9.0.2\t1",
            "no MAC address",
        ),
        (Exchange::ArpDat, "0:1b:21:0:a:2\t10.9.0.2\tnoon", "seconds"),
        (Exchange::IpNeigh, "10.9.0 dev eth0 FAILED", "no IP address"),
        (Exchange::Json, "{", "no JSON"),
        (Exchange::Json, "{\"address\":\"10.9.0.2\"}", "\"mac\""),
        (
            Exchange::Csv,
            "mac,address",
            "does not name interface, vlan",
        ),
    ] {
        let error = read(Some(form), line).remove(0).expect_err(line);
        assert!(error.contains(said), "{line}: {error}");
    }
    let text = written(Exchange::Csv, &[binding("10.9.0.2")]).replace("passive, scan", "magic");
    assert!(
        read(None, &text)
            .remove(1)
            .expect_err("no way")
            .contains("'magic'")
    );
}

proptest::proptest! {
    #[test]
    fn no_line_is_a_panic(line in ".*", form in 0usize..4) {
        let mut reader = Reader::new(Some(FORMS[form]), NOW);
        let _ = reader.line(&line);
        let _ = reader.line(&line);
    }
}
