//! Lines come at once, into a pipe too.

use std::thread;
use std::time::{Duration, Instant};

use crate::capture::Capture;
use crate::frames::plain;
use crate::lab::Lab;

/// What people don't notice is a tenth of this; a machine that runs all tests at once may be slow.
const AT_ONCE: Duration = Duration::from_millis(1500);

fn a_lone_frame_is_shown_at_once(arguments: &[&str]) {
    let Some(lab) = Lab::up() else { return };
    let mut sender = lab.far.sender();
    let capture = Capture::start(&lab.near, arguments);
    let mut slowest = Duration::ZERO;
    for number in 0..5 {
        // Alone on a quiet link: nothing comes behind that would push it out.
        thread::sleep(Duration::from_millis(100));
        let sent = Instant::now();
        sender.send("eth0", &[plain(number)]);
        let (seen, _) = capture.line_within(AT_ONCE).unwrap_or_else(|| {
            panic!("{arguments:?}: frame {number} is not there after {AT_ONCE:?}")
        });
        slowest = slowest.max(seen - sent);
    }
    println!("{arguments:?}: the slowest line came {slowest:?} after its frame was sent");
    capture.stop().assert_well(5);
}

#[test]
fn lines_come_at_once() {
    a_lone_frame_is_shown_at_once(&["eth0"]);
}

#[test]
fn json_comes_at_once() {
    a_lone_frame_is_shown_at_once(&["eth0", "-T", "json"]);
}

#[test]
fn fields_come_at_once() {
    a_lone_frame_is_shown_at_once(&["eth0", "-e", "frame.len"]);
}
