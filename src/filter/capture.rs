//! libpcap's filter language: compiled by libpcap, for each link type that comes, and run by [`super::bpf`].

use std::sync::{Arc, RwLock};

use std::os::fd::AsRawFd;

use pcap::{Capture, Linktype};

use super::bpf::{self, Instruction};
use super::loopback::{self, Order};
use crate::error::{Error, Result};
use crate::frame::{Frame, LinkType};

type Program = Vec<Instruction>;

/// A filter in libpcap's language, as given with `-f`.
pub struct CaptureFilter {
    text: String,
    /// Compiled for what came so far; none where the filter makes no sense there.
    programs: RwLock<Vec<(Target, Option<Arc<Program>>)>>,
    /// Compiled beforehand, since it takes a file, and there may be no right to open one later.
    of_files: Vec<(Target, Option<Arc<Program>>)>,
}

/// What a filter is compiled for: a link type, and the order of numbers on the machine that captured, where that matters.
type Target = (LinkType, Option<Order>);

/// Links to try before a filter is called wrong: `wlan type mgt` makes no sense on Ethernet.
const COMMON_LINKS: [LinkType; 4] = [
    LinkType::ETHERNET,
    LinkType::IEEE802_11_RADIOTAP,
    LinkType::LINUX_SLL,
    LinkType::PPP,
];

impl CaptureFilter {
    /// # Errors
    /// [`Error::Usage`] with the mistake pointed at, where the text can't be compiled for any link.
    pub fn new(text: &str) -> Result<Self> {
        if text.contains('\0') {
            return Err(Error::Usage(
                "a capture filter can't hold a zero byte".to_owned(),
            ));
        }
        if !COMMON_LINKS.iter().any(|link| compile(text, *link).is_ok()) {
            return Err(Error::Usage(explain(text)));
        }
        let orders = [Order::Own, Order::Other];
        let targets = loopback::LINKS.map(|link| orders.map(|order| (link, order)));
        let of_files = targets.into_iter().flatten().map(|(link, order)| {
            let program = compile_for_file(text, link, order);
            ((link, Some(order)), program.ok().map(Arc::new))
        });
        Ok(Self {
            text: text.to_owned(),
            programs: RwLock::default(),
            of_files: of_files.collect(),
        })
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn accepts(&self, frame: &Frame<'_>) -> bool {
        self.program((frame.link, loopback::order(frame)))
            .is_some_and(|program| bpf::accepts(&program, frame.bytes, frame.wire_len))
    }

    /// The links that came on which the filter makes no sense, so that none of their frames passed.
    pub fn unusable_on(&self) -> Vec<LinkType> {
        let programs = self.programs.read().unwrap_or_else(|e| e.into_inner());
        let unusable = programs.iter().filter(|(_, program)| program.is_none());
        let mut links = Vec::new();
        for ((link, _), _) in unusable {
            if !links.contains(link) {
                links.push(*link);
            }
        }
        links
    }

    fn program(&self, target: Target) -> Option<Arc<Program>> {
        let known = |programs: &Vec<(Target, Option<Arc<Program>>)>| {
            let found = programs.iter().find(|(other, _)| *other == target);
            found.map(|(_, program)| program.clone())
        };
        if let Some(program) = known(&self.programs.read().unwrap_or_else(|e| e.into_inner())) {
            return program;
        }
        let mut programs = self.programs.write().unwrap_or_else(|e| e.into_inner());
        let program = known(&self.of_files)
            .unwrap_or_else(|| compile(&self.text, target.0).ok().map(Arc::new));
        programs.push((target, program.clone()));
        program
    }
}

/// libpcap's own numbers, where they differ from those in files (tcpdump.org/linktypes).
fn dlt(link: LinkType) -> Linktype {
    Linktype(match link {
        LinkType::RAW => 12,
        LinkType::ATM_RFC1483 => 11,
        LinkType::ATM_CLIP => 19,
        LinkType(number) => number.into(),
    })
}

fn compile(text: &str, link: LinkType) -> std::result::Result<Program, String> {
    let handle = Capture::dead(dlt(link)).map_err(|error| error.to_string())?;
    let program = handle.compile(text, true);
    read(&program.map_err(|error| error.to_string())?)
}

/// As libpcap compiles it for a file.
fn compile_for_file(
    text: &str,
    link: LinkType,
    order: Order,
) -> std::result::Result<Program, String> {
    let file = loopback::empty_file(link, order).map_err(|error| error.to_string())?;
    let path = format!("/proc/self/fd/{}", file.as_raw_fd());
    let handle = Capture::from_file(path).map_err(|error| error.to_string())?;
    let program = handle.compile(text, true);
    read(&program.map_err(|error| error.to_string())?)
}

fn read(program: &pcap::BpfProgram) -> std::result::Result<Program, String> {
    // The crate shows an instruction's parts only as text.
    let instructions = program.get_instructions().iter();
    let program: Option<Program> = instructions
        .map(|instruction| parse(&instruction.to_string()))
        .collect();
    let program = program.ok_or_else(|| "libpcap's program can't be read".to_owned())?;
    match program.iter().any(Instruction::asks_the_kernel) {
        true => Err("only the kernel knows that, while it captures".to_owned()),
        false => Ok(program),
    }
}

fn parse(text: &str) -> Option<Instruction> {
    let mut parts = text.split(' ');
    Some(Instruction {
        code: parts.next()?.parse().ok()?,
        jump_true: parts.next()?.parse().ok()?,
        jump_false: parts.next()?.parse().ok()?,
        k: parts.next()?.parse().ok()?,
    })
}

/// Says what is wrong with a filter, and points at the word where it goes wrong.
fn explain(text: &str) -> String {
    let reason = compile(text, LinkType::ETHERNET).err().unwrap_or_default();
    let reason = reason
        .trim_start_matches("libpcap error: ")
        .trim_start_matches("can't parse filter expression: ");
    let (at, hint) = match first_bad_word(text) {
        Some((at, word)) => (at, format!("here, at '{word}'")),
        None => (text.chars().count(), "something is missing here".to_owned()),
    };
    format!(
        "the capture filter can't be used: {reason}\n    {text}\n    {:at$}^ {hint}\n\
         The language is libpcap's (man pcap-filter), such as: tcp port 80, host 10.0.0.1 and not arp",
        ""
    )
}

/// The first word that no ending could make right, and its column: libpcap does not say where it stumbled.
fn first_bad_word(text: &str) -> Option<(usize, &str)> {
    let mut end = 0;
    for word in text.split_whitespace() {
        let start = end + text[end..].find(word)?;
        end = start + word.len();
        if !could_be_completed(&text[..end]) {
            return Some((text[..start].chars().count(), word));
        }
    }
    None
}

fn could_be_completed(prefix: &str) -> bool {
    const ENDINGS: [&str; 8] = [
        "",
        " tcp",
        " 1",
        " 10.0.0.1",
        " 1-2",
        " 02:00:00:00:00:01",
        " host 10.0.0.1",
        " = 1",
    ];
    let open = prefix.matches('(').count();
    let closing = ")".repeat(open.saturating_sub(prefix.matches(')').count()));
    ENDINGS.iter().any(|ending| {
        COMMON_LINKS
            .iter()
            .any(|link| compile(&format!("{prefix}{ending}{closing}"), *link).is_ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(bytes: &[u8], wire_len: u32) -> Frame<'_> {
        Frame {
            number: 1,
            time: None,
            bytes,
            wire_len,
            link: LinkType::ETHERNET,
            interface: 0,
            interfaces: const { &crate::frame::InterfaceNames::new() },
        }
    }

    /// An Ethernet frame with an ARP EtherType and nothing that ARP would need.
    const ARP: [u8; 14] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x06];

    #[test]
    fn lengths_are_those_on_the_wire() {
        let filter = CaptureFilter::new("greater 1000").expect("a filter");
        assert!(filter.accepts(&frame(&ARP, 1500)));
        assert!(!filter.accepts(&frame(&ARP, 999)));
    }

    #[test]
    fn what_was_not_captured_does_not_match() {
        let filter = CaptureFilter::new("arp").expect("a filter");
        assert!(filter.accepts(&frame(&ARP, 60)));
        assert!(!filter.accepts(&frame(&ARP[..12], 60)));
    }

    #[test]
    fn a_mistake_is_pointed_at() {
        let message = CaptureFilter::new("tcp and prot 80")
            .err()
            .expect("an error")
            .to_string();
        let lines: Vec<_> = message.lines().collect();
        assert_eq!(lines[1].find("prot"), lines[2].find('^'), "{message}");
        assert!(lines[2].contains("'prot'"), "{message}");
    }

    #[test]
    fn an_unfinished_filter_is_pointed_at_behind_its_end() {
        let message = CaptureFilter::new("tcp and")
            .err()
            .expect("an error")
            .to_string();
        assert!(message.contains("something is missing here"), "{message}");
    }

    /// IPv6's address family, where it is that of a Mac, of FreeBSD, of NetBSD, and of Linux; or written the other way round.
    #[test]
    fn other_systems_have_other_numbers_for_ipv6() {
        let filter = |text| CaptureFilter::new(text).expect("a filter");
        let (ip6, not_ip6) = (filter("ip6"), filter("not ip6"));
        let families = [30u32, 28, 24, 10].map(u32::to_ne_bytes);
        let swapped = 30u32.swap_bytes().to_ne_bytes();
        for family in families.into_iter().chain([swapped]) {
            let bytes = [&family[..], &[0x60; 40]].concat();
            let frame = Frame {
                link: LinkType::NULL,
                ..frame(&bytes, 44)
            };
            assert!(
                ip6.accepts(&frame) && !not_ip6.accepts(&frame),
                "{family:?}"
            );
        }
        let bytes = [&2u32.to_ne_bytes()[..], &[0x45; 40]].concat();
        let ip4 = Frame {
            link: LinkType::NULL,
            ..frame(&bytes, 44)
        };
        assert!(!ip6.accepts(&ip4) && not_ip6.accepts(&ip4));
        assert!(filter("ip").accepts(&ip4));
        assert_eq!(not_ip6.unusable_on(), []);
    }

    #[test]
    fn which_way_a_frame_went_is_not_in_a_file() {
        let filter = CaptureFilter::new("inbound").expect("a filter, for an interface");
        assert!(!filter.accepts(&frame(&ARP, 60)));
        assert_eq!(filter.unusable_on(), [LinkType::ETHERNET]);
    }

    #[test]
    fn a_filter_for_another_link_is_no_mistake() {
        let filter = CaptureFilter::new("wlan type mgt").expect("a filter");
        assert!(!filter.accepts(&frame(&ARP, 60)));
    }
}
