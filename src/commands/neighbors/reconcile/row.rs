//! What is known of one address on one interface: by the kernel, by our table, by the wire; and whether they agree.

use crate::arp::Mac;
use crate::commands::arp::poll::Said;
use crate::net::Neighbor;
use crate::store::Binding;

#[derive(Default)]
pub(super) struct Row {
    pub kernel: Option<Neighbor>,
    /// The binding seen last.
    pub ours: Option<Binding>,
    pub wire: Said,
}

/// What comparing them gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Same,
    /// The wire was not asked, or is silent: nobody knows which is right.
    Differs,
    /// By what the wire says, the kernel's entry is wrong.
    KernelDiffers,
    /// By what the wire says, our table is wrong.
    TableDiffers,
    /// By what the wire says, both are wrong.
    Moved,
    /// Several hosts say that they have it.
    InUseTwice,
    OnlyKernel,
    OnlyTable,
    /// Who has it is known from the wire alone.
    OnlyWire,
    /// Asked just now.
    Silent,
    /// The kernel asked, and nobody answered.
    Unanswered,
}

impl Verdict {
    pub fn words(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Differs => "differs",
            Self::KernelDiffers => "kernel differs",
            Self::TableDiffers => "table differs",
            Self::Moved => "moved",
            Self::InUseTwice => "in use twice",
            Self::OnlyKernel => "not in our table",
            Self::OnlyTable => "not in the kernel's",
            Self::OnlyWire => "answers, known to neither",
            Self::Silent => "nobody answers",
            Self::Unanswered => "kernel asked in vain",
        }
    }

    /// Whether somebody is wrong.
    pub fn is_difference(self) -> bool {
        matches!(
            self,
            Self::Differs
                | Self::KernelDiffers
                | Self::TableDiffers
                | Self::Moved
                | Self::InUseTwice
        )
    }
}

impl Row {
    /// Where the kernel sends frames for it.
    pub fn kernel_mac(&self) -> Option<Mac> {
        let kernel = self.kernel.as_ref();
        kernel.filter(|entry| entry.state.is_known())?.mac
    }

    pub fn verdict(&self) -> Verdict {
        let (kernel, ours) = (self.kernel_mac(), self.ours.as_ref().map(|ours| ours.mac));
        let own;
        let macs: &[Mac] = match &self.wire {
            Said::At {
                conflict: Some(_), ..
            } => return Verdict::InUseTwice,
            Said::At { macs, .. } => {
                own = macs.iter().map(|(mac, _)| *mac).collect::<Vec<_>>();
                &own
            }
            Said::ThisHost(mac) => mac.as_slice(),
            Said::NotAsked | Said::Silent => {
                return match (kernel, ours) {
                    (Some(kernel), Some(ours)) if kernel != ours => Verdict::Differs,
                    _ if self.wire == Said::Silent => Verdict::Silent,
                    (Some(_), Some(_)) => Verdict::Same,
                    (Some(_), None) => Verdict::OnlyKernel,
                    (None, _) if self.kernel.is_some() => Verdict::Unanswered,
                    (None, _) => Verdict::OnlyTable,
                };
            }
        };
        let wrong = |known: Option<Mac>| known.is_some_and(|mac| !macs.contains(&mac));
        match (wrong(kernel), wrong(ours)) {
            (true, true) => Verdict::Moved,
            (true, false) => Verdict::KernelDiffers,
            (false, true) => Verdict::TableDiffers,
            (false, false) => match (kernel, ours) {
                (Some(_), Some(_)) => Verdict::Same,
                (Some(_), None) => Verdict::OnlyKernel,
                (None, Some(_)) => Verdict::OnlyTable,
                (None, None) => Verdict::OnlyWire,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::neighbors::{Vlan, Ways};
    use crate::frame::Timestamp;
    use crate::net::NeighborState;

    fn row(kernel: Option<u8>, ours: Option<u8>, wire: &[u8]) -> Row {
        let address = [10, 9, 0, 2].into();
        let time = Timestamp::default();
        Row {
            kernel: kernel.map(|n| Neighbor {
                address,
                mac: (n > 0).then_some([n; 6]),
                interface: 1,
                state: match n {
                    0 => NeighborState::Failed,
                    _ => NeighborState::Stale,
                },
                is_router: false,
            }),
            ours: ours.map(|n| Binding {
                address,
                mac: [n; 6],
                interface: "eth0".to_owned(),
                vlan: Vlan::NONE,
                ways: Ways::default(),
                first_seen: time,
                last_seen: time,
                sightings: 1,
            }),
            wire: match wire {
                [] => Said::Silent,
                macs => Said::At {
                    macs: macs.iter().map(|n| ([*n; 6], time)).collect(),
                    conflict: None,
                },
            },
        }
    }

    #[test]
    fn the_wire_says_who_is_wrong() {
        for (kernel, ours, wire, expected) in [
            (Some(2), Some(2), &[2][..], Verdict::Same),
            (Some(3), Some(2), &[2], Verdict::KernelDiffers),
            (Some(2), Some(3), &[2], Verdict::TableDiffers),
            (Some(3), Some(3), &[2], Verdict::Moved),
            (Some(3), Some(4), &[2], Verdict::Moved),
            (Some(3), None, &[2], Verdict::KernelDiffers),
            (None, Some(3), &[2], Verdict::TableDiffers),
            (Some(2), None, &[2], Verdict::OnlyKernel),
            (None, Some(2), &[2], Verdict::OnlyTable),
            (Some(0), None, &[2], Verdict::OnlyWire),
            // One host with two cards.
            (Some(3), Some(2), &[2, 3], Verdict::Same),
            (Some(2), Some(2), &[], Verdict::Silent),
            (Some(2), Some(3), &[], Verdict::Differs),
            (Some(0), Some(3), &[], Verdict::Silent),
        ] {
            let row = row(kernel, ours, wire);
            assert_eq!(row.verdict(), expected, "{kernel:?} {ours:?} {wire:?}");
        }
    }

    #[test]
    fn without_the_wire_nobody_knows_who_is_wrong() {
        for (kernel, ours, expected) in [
            (Some(2), Some(2), Verdict::Same),
            (Some(2), Some(3), Verdict::Differs),
            (Some(2), None, Verdict::OnlyKernel),
            (None, Some(2), Verdict::OnlyTable),
            (Some(0), Some(2), Verdict::Unanswered),
        ] {
            let mut row = row(kernel, ours, &[]);
            row.wire = Said::NotAsked;
            assert_eq!(row.verdict(), expected, "{kernel:?} {ours:?}");
        }
    }
}
