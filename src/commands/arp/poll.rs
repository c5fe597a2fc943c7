//! Asking for addresses that another command has heard of: who has them now?

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::notes::sentence;
use super::place::{Place, pace, subnets};
use super::text::{before_long, no_room};
use super::wire::{Interrupt, LinkWire, give_up};
use crate::arp::{Ask, Ended, Event, Finding, Mac, Plan, Targets, drive};
use crate::commands::rights::Rights;
use crate::commands::tell;
use crate::error::{Error, Result};
use crate::frame::Timestamp;
use crate::net::Link;

/// As `arp scan` does it.
const PASSES: u32 = 3;

/// What the wire says of one address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::commands) enum Said {
    #[default]
    NotAsked,
    Silent,
    /// Who answered, and when; the first one first.
    At {
        macs: Vec<(Mac, Timestamp)>,
        /// Several hosts say that they have it; in a sentence.
        conflict: Option<String>,
    },
    /// It is this machine's own, at this MAC address.
    ThisHost(Option<Mac>),
}

/// By interface and address.
pub(in crate::commands) type Answers = BTreeMap<(String, IpAddr), Said>;

/// What is asked on one interface, from one address.
struct Round<'a> {
    place: Place,
    targets: Targets,
    wire: LinkWire<'a>,
    plan: Plan,
    is_slowed: bool,
}

/// Interfaces that are open to be asked on.
pub(in crate::commands) struct Poll<'a> {
    rounds: Vec<Round<'a>>,
    answers: Answers,
    /// What keeps it from asking on some of them.
    pub refused: Vec<Error>,
    /// Addresses off the subnets of their interface, which are not asked for.
    pub elsewhere: usize,
}

impl<'a> Poll<'a> {
    /// Opens what is needed to ask for addresses on each of some interfaces.
    pub fn open(wanted: &[(Link, Vec<IpAddr>)], interrupt: &'a Interrupt) -> Self {
        let mut poll = Self {
            rounds: Vec::new(),
            answers: Answers::new(),
            refused: Vec::new(),
            elsewhere: 0,
        };
        for (link, addresses) in wanted {
            if let Err(error) = poll.open_link(link, addresses, interrupt) {
                poll.refused.push(error);
            }
        }
        poll
    }

    fn open_link(
        &mut self,
        link: &Link,
        addresses: &[IpAddr],
        interrupt: &'a Interrupt,
    ) -> Result<()> {
        let mut groups: Vec<(Place, Vec<IpAddr>)> = Vec::new();
        for address in addresses {
            if link.addresses.iter().any(|(own, _)| own == address) {
                let key = (link.name.clone(), *address);
                self.answers.insert(key, Said::ThisHost(link.mac));
                continue;
            }
            if !subnets(link).any(|subnet| subnet.contains(*address)) {
                self.elsewhere += 1;
                continue;
            }
            let place = Place::new(link, *address, None)?;
            let same = |(other, _): &&mut (Place, _)| other.asker == place.asker;
            match groups.iter_mut().find(same) {
                Some((_, addresses)) => addresses.push(*address),
                None => groups.push((place, vec![*address])),
            }
        }
        for (place, addresses) in groups {
            let targets = Targets::of(addresses).ok_or_else(|| {
                Error::Usage(format!(
                    "more than {} addresses are known on {}: too many to ask for",
                    crate::arp::MOST_TARGETS,
                    link.name
                ))
            })?;
            let wire = LinkWire::open(&place, interrupt)?;
            let (rate, is_slowed) = pace(link, None);
            self.rounds.push(Round {
                place,
                targets,
                wire,
                plan: Plan::scan(rate, PASSES),
                is_slowed,
            });
        }
        Ok(())
    }

    /// Whether there is anybody to ask.
    pub fn is_empty(&self) -> bool {
        self.rounds.is_empty()
    }

    /// Gives up the rights that were needed to open it, and asks. What was found until something went wrong is there too,
    /// with what it was.
    ///
    /// # Errors
    /// Where rights can't be given up.
    pub fn ask(self, rights: &Rights) -> Result<Polled> {
        let wires = self.rounds.iter().map(|round| &round.wire);
        let given_up = give_up(rights, wires, rights.table.as_deref())?;
        let mut polled = Polled {
            answers: self.answers,
            given_up,
            failed: None,
        };
        for round in self.rounds {
            match round.ask(&mut polled.answers) {
                Ok(Ended::Done) => {}
                Ok(Ended::Stopped) => break,
                Err(error) => {
                    polled.failed = Some(error);
                    break;
                }
            }
        }
        Ok(polled)
    }
}

impl Round<'_> {
    fn ask(mut self, answers: &mut Answers) -> Result<Ended> {
        let link = &self.place.link;
        let count = self.targets.len();
        if let Some(warning) = before_long(link, &self.plan, self.is_slowed, count) {
            tell(&warning);
        }
        self.wire.begin()?;
        let (asker, hints) = (self.place.asker, self.wire.hints());
        let mut ask = Ask::new(asker, self.targets, self.plan, hints);
        let mut conflicts = BTreeMap::new();
        let ended = drive(&mut self.wire, &mut ask, |ask| {
            for event in ask.events() {
                if let Event::Found(address, finding @ Finding::Conflict(_)) = event {
                    conflicts.insert(address, sentence(address, &finding));
                }
            }
            Ok(())
        });
        let ended = ended.and_then(|ended| self.wire.check().map(|()| ended));
        let is_complete = matches!(ended, Ok(Ended::Done));
        for address in ask.targets().iter() {
            let voices = ask.voices(address).iter();
            let macs: Vec<_> = voices.map(|voice| (voice.mac, voice.at)).collect();
            let said = match macs.is_empty() {
                true if is_complete => Said::Silent,
                true => Said::NotAsked,
                false => Said::At {
                    macs,
                    conflict: conflicts.remove(&address),
                },
            };
            answers.insert((link.name.clone(), address), said);
        }
        let dropped = self.wire.dropped();
        if dropped > 0 {
            tell(&no_room(dropped));
        }
        ended
    }
}

/// What came of it.
pub(in crate::commands) struct Polled {
    pub answers: Answers,
    /// Of rights, for the summary; empty where nobody wants to know.
    pub given_up: String,
    pub failed: Option<Error>,
}
