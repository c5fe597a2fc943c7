//! The addresses to be asked, each once, in order.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// No link has more hosts than this, and each costs memory: 2²⁰, an IPv4 /12.
pub const MOST_TARGETS: usize = 1 << 20;

/// A set of addresses of one family, made of ranges.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Targets {
    /// In order, without overlap.
    ranges: Vec<Range>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    first: u128,
    last: u128,
    is_v4: bool,
    /// How many addresses stand before it.
    before: usize,
}

impl Targets {
    /// From ranges, first and last included. A range whose ends are of different families or in the wrong order is empty.
    ///
    /// None where they are more than [`MOST_TARGETS`].
    pub fn new(ranges: impl IntoIterator<Item = (IpAddr, IpAddr)>) -> Option<Self> {
        let mut sorted: Vec<_> = ranges
            .into_iter()
            .filter(|(first, last)| first.is_ipv4() == last.is_ipv4() && first <= last)
            .map(|(first, last)| (first.is_ipv6(), number(first), number(last)))
            .collect();
        sorted.sort_unstable();
        let mut ranges: Vec<Range> = Vec::new();
        for (is_v6, first, last) in sorted {
            match ranges.last_mut() {
                Some(before) if before.is_v4 != is_v6 && first <= before.last.saturating_add(1) => {
                    before.last = before.last.max(last);
                }
                _ => ranges.push(Range {
                    first,
                    last,
                    is_v4: !is_v6,
                    before: 0,
                }),
            }
        }
        let mut count: u128 = 0;
        for range in &mut ranges {
            range.before = count as usize;
            count = count.checked_add((range.last - range.first).checked_add(1)?)?;
            if count > MOST_TARGETS as u128 {
                return None;
            }
        }
        Some(Self { ranges })
    }

    /// Single addresses.
    pub fn of(addresses: impl IntoIterator<Item = IpAddr>) -> Option<Self> {
        Self::new(addresses.into_iter().map(|address| (address, address)))
    }

    pub fn len(&self) -> usize {
        let last = self.ranges.last();
        last.map_or(0, |last| {
            last.before + (last.last - last.first) as usize + 1
        })
    }

    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// # Panics
    /// Where `index` is not below [`Self::len`].
    pub fn get(&self, index: usize) -> IpAddr {
        let after = self.ranges.partition_point(|range| range.before <= index);
        let range = &self.ranges[after - 1];
        address(range.first + (index - range.before) as u128, range.is_v4)
    }

    pub fn position(&self, address: IpAddr) -> Option<usize> {
        let is_v4 = address.is_ipv4();
        let number = number(address);
        let after = self
            .ranges
            .partition_point(|range| (!range.is_v4, range.first) <= (!is_v4, number));
        let range = self.ranges.get(after.checked_sub(1)?)?;
        (range.is_v4 == is_v4 && number <= range.last)
            .then(|| range.before + (number - range.first) as usize)
    }

    pub fn contains(&self, address: IpAddr) -> bool {
        self.position(address).is_some()
    }

    pub fn iter(&self) -> impl Iterator<Item = IpAddr> {
        (0..self.len()).map(|index| self.get(index))
    }

    /// The same without some of them.
    pub fn without(&self, others: &[IpAddr]) -> Self {
        let mut kept = Vec::new();
        for range in &self.ranges {
            let mut first = range.first;
            let mut cuts: Vec<u128> = others
                .iter()
                .filter(|other| other.is_ipv4() == range.is_v4)
                .map(|other| number(*other))
                .filter(|number| (range.first..=range.last).contains(number))
                .collect();
            cuts.sort_unstable();
            let ends = |first, last| (address(first, range.is_v4), address(last, range.is_v4));
            for cut in cuts {
                if cut > first {
                    kept.push(ends(first, cut - 1));
                }
                first = cut.saturating_add(1).max(first);
            }
            if first <= range.last {
                kept.push(ends(first, range.last));
            }
        }
        // Never more than before.
        Self::new(kept).unwrap_or_default()
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

fn address(number: u128, is_v4: bool) -> IpAddr {
    if is_v4 {
        Ipv4Addr::from_bits(number as u32).into()
    } else {
        Ipv6Addr::from_bits(number).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn ranges_that_touch_or_overlap_count_once() {
        let targets = Targets::new([
            (ip("10.0.0.5"), ip("10.0.0.9")),
            (ip("fd00::1"), ip("fd00::2")),
            (ip("10.0.0.1"), ip("10.0.0.6")),
            (ip("0.0.0.0"), ip("0.0.0.0")),
        ])
        .expect("few");
        assert_eq!(targets.len(), 12);
        assert_eq!(targets.get(0), ip("0.0.0.0"));
        assert_eq!(targets.get(11), ip("fd00::2"));
        assert_eq!(targets.position(ip("10.0.0.9")), Some(9));
        assert_eq!(targets.position(ip("10.0.0.10")), None);
        assert_eq!(targets.position(ip("fd00::3")), None);
    }

    #[test]
    fn too_many_are_refused_and_none_are_fine() {
        assert_eq!(Targets::new([(ip("10.0.0.0"), ip("10.255.255.255"))]), None);
        assert_eq!(Targets::new([(ip("::"), ip("ffff:ffff::"))]), None);
        let all = ip("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
        assert_eq!(Targets::new([(ip("::"), all)]), None);
        let none = Targets::new([]).expect("none");
        assert!(none.is_empty() && none.iter().next().is_none());
        let wrong = Targets::new([(ip("10.0.0.9"), ip("10.0.0.1")), (ip("::"), ip("1.1.1.1"))]);
        assert_eq!(wrong.map(|targets| targets.len()), Some(0));
    }

    proptest! {
        #[test]
        fn it_is_a_set(ranges in proptest::collection::vec((any::<u8>(), any::<u8>()), 0..6), out in proptest::collection::vec(any::<u8>(), 0..6)) {
            let v4 = |last: u8| IpAddr::from([10, 0, 0, last]);
            let mut expected = BTreeSet::new();
            for (first, last) in &ranges {
                expected.extend((*first..=*last).map(v4));
            }
            let targets = Targets::new(ranges.iter().map(|(a, b)| (v4(*a), v4(*b)))).expect("few");
            prop_assert_eq!(targets.iter().collect::<Vec<_>>(), expected.iter().copied().collect::<Vec<_>>());
            for last in 0..=255 {
                let place = expected.iter().position(|other| *other == v4(last));
                prop_assert_eq!(targets.position(v4(last)), place);
            }
            let out: Vec<_> = out.into_iter().map(v4).collect();
            let rest = targets.without(&out);
            expected.retain(|address| !out.contains(address));
            prop_assert_eq!(rest.iter().collect::<Vec<_>>(), expected.into_iter().collect::<Vec<_>>());
        }
    }
}
