//! Which interfaces of the files of a capture are one: captures go on in another file, whose interfaces have new numbers,
//! and what was said on a link before still holds.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::about::Interface;
use crate::frame::LinkType;

/// So many are kept apart by their names; an input that names more of them is meant to fill our memory.
const MOST: usize = 65_536;

/// What an interface is called and how often the same section called another one so; one without a name is known by its
/// place among those.
type Key = (Option<String>, LinkType, u32);

#[derive(Default)]
pub(super) struct Links {
    /// By the number that frames have, the number of the first interface that is the same.
    numbers: Vec<u32>,
    known: HashMap<Key, u32, RandomState>,
    /// How many of a name there were in the section that is being read.
    section: HashMap<Option<String>, u32, RandomState>,
}

impl Links {
    pub(super) fn add(&mut self, new: &[Interface]) {
        for interface in new {
            if self.numbers.len() == MOST {
                return;
            }
            if interface.position == 0 {
                self.section.clear();
            }
            let namesakes = self.section.entry(interface.name.clone()).or_default();
            let key = (interface.name.clone(), interface.link, *namesakes);
            *namesakes += 1;
            let number = self.numbers.len() as u32;
            self.numbers.push(*self.known.entry(key).or_insert(number));
        }
    }

    /// The number that stands for the link of a frame's interface.
    pub(super) fn of(&self, interface: u32) -> u32 {
        let known = self.numbers.get(interface as usize);
        known.copied().unwrap_or(interface)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_interface_of_another_file_is_the_same_link() {
        let named = |name: Option<&str>, position| Interface {
            name: name.map(str::to_owned),
            position,
            ..Interface::new(LinkType::ETHERNET, 0)
        };
        let of = |all: &[(Option<&str>, u32)]| -> Vec<u32> {
            let mut links = Links::default();
            for (name, position) in all {
                links.add(&[named(*name, *position)]);
            }
            (0..all.len() as u32)
                .map(|number| links.of(number))
                .collect()
        };
        let (eth0, eth1) = (Some("eth0"), Some("eth1"));
        assert_eq!(of(&[(None, 0), (None, 0)]), [0, 0]);
        assert_eq!(
            of(&[(None, 0), (None, 1), (None, 0), (None, 1)]),
            [0, 1, 0, 1]
        );
        assert_eq!(of(&[(eth0, 0), (eth1, 1), (eth1, 0)]), [0, 1, 1]);
        assert_eq!(
            of(&[(eth0, 0), (eth0, 1), (eth0, 0)]),
            [0, 1, 0],
            "two machines' in one"
        );
        // Live ones have names, and no places.
        assert_eq!(of(&[(eth0, 0), (eth1, 0)]), [0, 1]);
        assert_eq!(Links::default().of(7), 7);
    }
}
