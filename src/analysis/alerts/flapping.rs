//! MAC addresses that go to and fro between the interfaces of a capture: a loop, or two machines with one address.
//!
//! A bridge's ports show each frame twice, coming in and going out, and only the first tells where its sender is. So
//! copies are left out, and of frames to one station only those count that leave the interface they came in on:
//! whose receiver is elsewhere.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use super::kind::{Kind, Severity};
use super::report::{Report, Words};
use super::settings;
use super::sight::{Mac, Moment, Segment, Sight, To};
use super::window::{SECOND, Window};
use super::{mac_text, span, station};
use crate::analysis::memory::Bounded;
use crate::frame::LinkType;

const LIMIT: usize = 16_384;
const MOVES_WITHIN: i64 = 10 * SECOND;
const COPY_WITHIN: i64 = SECOND;

struct Place {
    interface: u32,
    since: Moment,
    moves: Window,
}

pub(super) struct Flapping {
    settings: settings::Flapping,
    /// The only interface so far; with one there is nothing to compare.
    only: Option<u32>,
    several: bool,
    places: Bounded<(Segment, Mac), Place>,
    copies: Bounded<u64, Moment>,
    hasher: RandomState,
}

impl Flapping {
    pub(super) fn new(settings: settings::Flapping) -> Self {
        Self {
            settings,
            only: None,
            several: false,
            places: Bounded::new(LIMIT),
            copies: Bounded::new(LIMIT),
            hasher: RandomState::default(),
        }
    }

    pub(super) fn look(&mut self, sight: &Sight<'_>, report: &mut Report) {
        let interface = sight.link;
        self.several |= *self.only.get_or_insert(interface) != interface;
        // A cooked capture's copies differ, and nothing says where their receiver is.
        let is_cooked = matches!(
            sight.packet.frame.link,
            LinkType::LINUX_SLL | LinkType::LINUX_SLL2
        );
        let Some(ends) = sight.ends.filter(|_| self.several && !is_cooked) else {
            return;
        };
        let hash = self.hasher.hash_one(sight.packet.frame.bytes);
        let mut is_copy = true;
        let seen = self.copies.get_or_insert_with(hash, || {
            is_copy = false;
            sight.at
        });
        let before = std::mem::replace(seen, sight.at);
        if is_copy && sight.at.is_within(COPY_WITHIN, before) {
            return;
        }
        let network = sight.segment.anywhere();
        if let To::Station(receiver) = ends.to {
            let receiver = self.places.get_mut(&(network, receiver));
            if receiver.is_none_or(|receiver| receiver.interface == interface) {
                return;
            }
        }
        let place = self
            .places
            .get_or_insert_with((network, ends.source), || Place {
                interface,
                since: sight.at,
                moves: Window::default(),
            });
        if place.interface == interface {
            return;
        }
        let from = std::mem::replace(&mut place.interface, interface);
        let since = std::mem::replace(&mut place.since, sight.at);
        place.moves.add(sight.at.time, MOVES_WITHIN);
        let (moves, age) = (place.moves.count, place.moves.age(sight.at.time));
        if moves < u64::from(self.settings.moves) {
            return;
        }
        let subject = (network, ends.source);
        report.raise(sight.at, Kind::MacFlapping, Severity::Warning, &subject, || Words {
            subject: mac_text(ends.source),
            summary: format!(
                "{} goes to and fro between interfaces {from} and {interface}",
                station(ends.source)
            ),
            evidence: vec![
                format!("{moves} moves within {}", span(age)),
                format!(
                    "on interface {from} since frame {}, on interface {interface} in frame {} (counted from 0)",
                    since.frame, sight.at.frame
                ),
            ],
            filter: format!("eth.src == {}", mac_text(ends.source)),
        });
    }

    pub(super) fn forgotten(&self) -> u64 {
        // What is forgotten of copies is only ever a second old when it matters.
        self.places.forgotten()
    }
}
