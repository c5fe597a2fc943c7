use super::*;
use crate::analysis::connections::MOST;
use crate::batch::Batch;
use crate::decode::Decoded;
use crate::frame::{LinkType, Timestamp};

/// What is found of these sentences after so many SYNs, each from another port or address, that nobody answers.
fn after_syns(count: usize, sentences: &[&str]) -> Vec<Finding> {
    let parsed = sentences.iter().map(|text| Expectation::parse(text));
    let parsed: Vec<_> = parsed.map(|parsed| parsed.expect("understood")).collect();
    let mut check = Check::new(parsed, &Settings::default(), false);
    let mut batch = Batch::default();
    for number in 0..count as u32 {
        let mut packet = vec![0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0];
        packet.extend([
            10,
            9,
            (number >> 24) as u8,
            (number >> 16) as u8,
            10,
            9,
            255,
            1,
        ]);
        packet.extend((number as u16).to_be_bytes());
        packet.extend([0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 1, 0, 0, 0, 0, 0]);
        let time = Some(Timestamp::new(i64::from(number), 0));
        batch.push(&packet, 40, time, LinkType::RAW, 0);
    }
    let mut decoded = Decoded::default();
    decoded.push_all(&batch);
    let (frames, mut out) = (decoded.several(&batch, 0..decoded.len()), Buffer::new());
    frames.for_each(|parts| check.observe(&parts, &mut out));
    check.finish()
}

#[test]
fn sentences_share_what_is_followed() {
    let findings = after_syns(
        3,
        &[
            "no connection is refused",
            "every connection is unanswered",
            "sum(bytes) == 120B",
            "count(tcp) == 3",
            "every connection is closed",
        ],
    );
    let verdicts: Vec<_> = findings.iter().map(|finding| &finding.verdict).collect();
    let (holds, fails) = (&Verdict::Holds, &Verdict::Fails);
    assert_eq!(verdicts, [holds, holds, holds, holds, fails]);
    assert_eq!(findings[1].said, "all of 3 connections");
    assert!(findings[4].said.starts_with("3 of 3 connections: "));
}

#[test]
fn what_is_not_known_any_more_is_said() {
    let sentences = ["every connection is unanswered", "count(tcp) > 5"];
    let findings = after_syns(MOST, &sentences);
    assert_eq!(findings[0].said, format!("all of {MOST} connections"));
    let findings = after_syns(MOST + 7, &sentences);
    let expected = format!(
        "all of {} connections (7 forgotten to bound memory)",
        MOST + 7
    );
    assert_eq!(findings[0].said, expected);
    assert!(
        !findings[1].said.contains("forgotten"),
        "frames are counted"
    );
}

#[test]
fn what_can_never_fail_is_no_sentence() {
    let understood = |text: &str| Expectation::parse(text).is_ok();
    assert!(understood("no alert above info") && understood("no alert above warning"));
    assert!(!understood("no alert above critical"));
    for mac in [
        "00:1b:21:00:00:02",
        "00-1B-21-00-00-02",
        "001b.2100.0002",
        "001b21000002",
    ] {
        assert!(understood(&format!("10.9.0.2 is-at {mac}")), "{mac}");
    }
    assert!(!understood("10.9.0.2 is-at 00:1b:21:00:00"));
}
