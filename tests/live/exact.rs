//! What is captured at one end is what was sent at the other: bytes, order, lengths, times.

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::capture::Capture;
use crate::frames::{frame, hex, plain, read_pcapng};
use crate::lab::Lab;

const CUSTOMER: u16 = 0x8100;
const SERVICE: u16 = 0x88a8;

/// Two hundred of all sizes that the link carries, untagged, tagged and tagged twice.
fn assorted() -> Vec<Vec<u8>> {
    (0..200)
        .map(|number: u32| {
            let id = number as u16;
            let tags: &[_] = match number % 4 {
                0 | 1 => &[],
                2 => &[(CUSTOMER, 0x2000 | id)],
                _ => &[(SERVICE, 0x6000 | id), (CUSTOMER, 0x1000 | id)],
            };
            // From 4 bytes of data to the most that 1500 allow behind two tags.
            frame(number, tags, 4 + number as usize * 1488 / 199)
        })
        .collect()
}

#[test]
fn frames_are_those_sent_byte_for_byte() {
    let Some(lab) = Lab::up() else { return };
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("written.pcapng");
    let saving = Capture::start(&lab.near, &["eth0", "-w", path.to_str().expect("text")]);
    let fields = [
        "eth0",
        "-e",
        "frame.number",
        "-e",
        "frame.len",
        "-e",
        "frame.cap_len",
        "-e",
        "data.data",
    ];
    let showing = Capture::start(&lab.near, &fields);
    let telling = Capture::start(&lab.near, &["eth0", "-T", "json"]);

    let sent = assorted();
    lab.far.sender().send("eth0", &sent);

    let shown = showing.lines(sent.len());
    let told = telling.lines(sent.len());
    for capture in [showing, telling, saving] {
        let ended = capture.stop();
        ended.assert_well(sent.len());
        assert_eq!(ended.count("received by the filter,"), 200);
        assert_eq!(ended.count("dropped by the kernel,"), 0);
    }
    let saved = read_pcapng(&fs::read(path).expect("a file"));
    assert_eq!(saved.len(), sent.len());
    for (index, frame) in sent.iter().enumerate() {
        assert_eq!(hex(&saved[index].bytes), hex(frame), "frame {index}");
        assert_eq!(saved[index].wire_len as usize, frame.len());

        let tags = match index % 4 {
            0 | 1 => 0,
            2 => 1,
            _ => 2,
        };
        let (number, length) = (index + 1, frame.len());
        let data = hex(&frame[14 + 4 * tags..]);
        assert_eq!(
            shown[index],
            format!("{number}\t{length}\t{length}\t{data}")
        );

        let json: serde_json::Value = serde_json::from_str(&told[index]).expect("an object");
        let layers = json["layers"].as_array().expect("layers");
        assert_eq!(layers[0]["frame.len"], length);
        assert_eq!(layers.last().expect("a layer")["data.data"], data);
        let ids: Vec<_> = ["ieee8021ad.id", "vlan.id"]
            .iter()
            .filter_map(|name| layers.iter().find_map(|layer| layer.get(name)?.as_u64()))
            .collect();
        assert_eq!(ids, vec![index as u64; tags], "{}", told[index]);
    }
}

#[test]
fn tags_of_virtual_lan_0_and_of_the_highest_survive() {
    let Some(lab) = Lab::up() else { return };
    let capture = Capture::start(
        &lab.near,
        &[
            "eth0",
            "-e",
            "vlan.priority",
            "-e",
            "vlan.dei",
            "-e",
            "vlan.id",
            "-e",
            "frame.len",
        ],
    );
    // A TCI of zero is where "no tag" and "tag 0" are confused.
    let sent = [0, 0xe000, 0x1fff, 0x0ffe].map(|tci| frame(1, &[(CUSTOMER, tci)], 40));
    lab.far.sender().send("eth0", &sent);
    assert_eq!(
        capture.lines(4).map_lines(),
        ["0 0 0 58", "7 0 0 58", "0 1 4095 58", "0 0 4094 58"]
    );
    capture.stop().assert_well(4);
}

trait Lines {
    fn map_lines(self) -> Vec<String>;
}

impl Lines for Vec<String> {
    /// With blanks for tabs, which read better here.
    fn map_lines(self) -> Vec<String> {
        self.iter().map(|line| line.replace('\t', " ")).collect()
    }
}

#[test]
fn times_have_nanoseconds_and_lie_within_the_run() {
    let Some(lab) = Lab::up() else { return };
    let mut sender = lab.far.sender();
    let capture = Capture::start(&lab.near, &["eth0", "-e", "frame.time_epoch"]);
    let frames: Vec<_> = (0..100).map(plain).collect();
    let clock = || {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("after 1970")
            .as_nanos()
    };
    let before = clock();
    sender.send("eth0", &frames);
    let after = clock();
    let times: Vec<u128> = capture
        .lines(100)
        .iter()
        .map(|line| {
            let (seconds, fraction) = line.split_once('.').expect("a fraction");
            assert_eq!(fraction.len(), 9, "{line}");
            format!("{seconds}{fraction}").parse().expect("digits")
        })
        .collect();
    assert!(times.is_sorted(), "{times:?}");
    assert!(
        before <= times[0] && times[99] <= after,
        "{before} {times:?} {after}"
    );
    let fine = times.iter().filter(|time| *time % 1000 != 0).count();
    // By chance one in a thousand ends in three zeros.
    assert!(fine > 90, "{fine} of 100 are finer than microseconds");
    capture.stop().assert_well(100);
}
