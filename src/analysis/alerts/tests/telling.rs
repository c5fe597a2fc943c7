//! What is told, and what is only counted.

use super::*;

#[test]
fn repeats_are_counted_and_crowds_summed_up() {
    let mut capture = Capture::default();
    for n in 0..2000u32 {
        let [_, _, high, low] = n.to_be_bytes();
        let liar = [2, 0, 0, 0, high, low];
        let frame = arp_in((liar, B), 2, (A, GATEWAY), (B, HOST));
        capture.add(i64::from(n), &frame);
    }
    let mismatches: Vec<_> = capture
        .alerts()
        .into_iter()
        .filter(|alert| alert.kind == Kind::ArpSenderMismatch)
        .collect();
    assert_eq!(mismatches.len(), 21, "20 and the rest");
    let rest = mismatches.last().expect("the rest");
    assert_eq!((rest.count, rest.subject.as_str()), (1980, "others"));
}

#[test]
fn what_is_off_is_not_raised() {
    let mut capture = Capture::default();
    capture.add(0, &arp_in((EVIL, B), 2, (A, GATEWAY), (B, HOST)));
    let mut settings = Settings::default();
    settings.general.off = vec![Kind::ArpSenderMismatch];
    assert_eq!(capture.alerts_with(&settings), []);
}

#[test]
fn the_same_frames_give_the_same_alerts() {
    let mut capture = Capture::default();
    for n in 0..100u8 {
        capture.add(i64::from(n), &request(A, HOST, [10, 0, 0, n]));
        capture.add(
            i64::from(n),
            &tcp((GATEWAY, 4000), ([10, 9, 0, n], 445), SYN, &[]),
        );
        capture.add(i64::from(n), &reply([2, 0, 0, 0, 0, n], GATEWAY, (B, HOST)));
    }
    assert!(capture.alerts().len() > 3);
    assert_eq!(capture.alerts(), capture.alerts());
}

#[test]
fn what_is_told_at_the_end_is_of_the_end() {
    let mut capture = Capture::default();
    capture.add(0, &reply(A, GATEWAY, (B, HOST)));
    for n in 1..=10 {
        capture.add(n * 1_500, &reply(EVIL, GATEWAY, (B, HOST)));
    }
    let alerts = capture.alerts();
    let mut spoofing = alerts
        .iter()
        .filter(|alert| alert.kind == Kind::ArpSpoofing);
    let last = spoofing.next_back().expect("told again");
    assert_eq!((last.count, last.repeated, last.last.frame), (10, true, 11));
    assert!(
        last.evidence[1].ends_with("last in frame 11"),
        "{:?}",
        last.evidence
    );
}

#[test]
fn what_is_found_at_the_end_comes_in_the_order_of_time() {
    let mut capture = Capture::default();
    // Not answered yet when the capture ends, and not in the order of addresses.
    for (at, client) in [(0, 3), (20, 1), (40, 2)] {
        for n in 0..20 {
            let frame = tcp(([10, 0, 0, client], 4000), ([10, 9, 0, n], 445), 0x02, &[]);
            capture.add(at, &frame);
        }
    }
    let alerts = capture.alerts();
    let last: Vec<u64> = alerts.iter().map(|alert| alert.last.frame).collect();
    assert_eq!(last, [20, 40, 60]);
}
