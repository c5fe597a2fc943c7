//! One segment of a connection: what it turned out to be.

use super::course::Course;
use super::{Conversation, Flow, Parts, Segment};
use crate::analysis::tcp::{Reset, State};
use crate::decode::Findings;

/// What a segment turned out to be.
pub struct Step<'a> {
    pub segment: &'a Segment,
    pub findings: Findings,
    /// What becomes of it, where it is a reset and no copy.
    pub reset: Option<Reset>,
    /// The same frame as the one before, captured twice.
    pub is_copy: bool,
    pub states_before: [State; 2],
    /// The window that its sender offers, in bytes, where the scale is known.
    pub window: Option<u32>,
}

/// Lets the connection judge a segment; says whether it is over. The frame is given where it is to be accounted for as Zeek
/// does. What was captured twice is added to `copies`.
pub(super) fn judge(
    conversation: &mut Conversation,
    course: &mut Course,
    from: usize,
    flow: &Flow,
    as_zeek: Option<&Parts<'_>>,
    copies: &mut u64,
    seen: &mut impl FnMut(&Conversation, usize, Option<Step<'_>>),
) -> bool {
    let (Some(tcp), Some(segment)) = (&mut conversation.tcp, &flow.segment) else {
        return false;
    };
    let states_before = tcp.states();
    let waited = course.waited(from, segment);
    let is_copy = course.is_copy(from, flow.print);
    // To Zeek, data of which not all was captured was not captured.
    let is_held = as_zeek.is_none_or(|parts| is_whole(parts, flow, segment));
    let (findings, reset) = match is_copy {
        true => {
            tcp.add_copy(from);
            *copies += 1;
            // And what was captured twice was sent twice.
            if as_zeek.is_some() {
                tcp.account_for(from, segment, course.next(from), is_held);
            }
            Default::default()
        }
        false => tcp.look(from, segment, course, is_held),
    };
    let is_over = tcp.is_over();
    if let Some(waited) = waited {
        conversation.note_wait(waited);
    }
    let step = Step {
        segment,
        findings,
        reset,
        is_copy,
        states_before,
        window: course.window(from),
    };
    seen(conversation, from, Some(step));
    is_over
}

/// Whether all data of a segment was captured.
fn is_whole(parts: &Parts<'_>, flow: &Flow, segment: &Segment) -> bool {
    if !parts.is_cut() {
        return true;
    }
    let packet = parts.packet();
    packet.payload(flow.layer_of(&packet)).len() >= segment.len as usize
}
