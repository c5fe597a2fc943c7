//! The kernel's neighbor table and ours, side by side.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde_json::json;

use crate::analysis::neighbors::{How, Sighting, Vlan};
use crate::commands::interfaces::mac_text;
use crate::commands::{print, tell};
use crate::error::{Result, exit};
use crate::frame::Timestamp;
use crate::net::{self, Neighbor};
use crate::output::table::table;
use crate::output::time::TimeWriter;
use crate::store::{Binding, Query, Select, Store};
use crate::vendor;

/// What both know of one address on one interface.
#[derive(Default)]
struct Pair {
    kernel: Option<Neighbor>,
    /// The binding seen last.
    ours: Option<Binding>,
}

/// What comparing them gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Same,
    Differs,
    OnlyKernel,
    OnlyOurs,
    /// The kernel asked, and nobody answered.
    Unanswered,
}

impl Verdict {
    fn words(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Differs => "differs",
            Self::OnlyKernel => "not in our table",
            Self::OnlyOurs => "not in the kernel's",
            Self::Unanswered => "kernel asked in vain",
        }
    }
}

impl Pair {
    fn verdict(&self) -> Verdict {
        let kernel = self.kernel.as_ref();
        let known = kernel.filter(|entry| entry.state.is_known());
        match (known.and_then(|entry| entry.mac), &self.ours) {
            (Some(mac), Some(ours)) if mac == ours.mac => Verdict::Same,
            (Some(_), Some(_)) => Verdict::Differs,
            (Some(_), None) => Verdict::OnlyKernel,
            (None, _) if kernel.is_some() => Verdict::Unanswered,
            (None, _) => Verdict::OnlyOurs,
        }
    }
}

type Pairs = BTreeMap<(String, IpAddr), Pair>;

/// Exit code 1 where they differ. With `learn`, what the kernel knows goes into our table afterwards.
pub(super) fn reconcile(
    store: &mut Store,
    interface: Option<&str>,
    learn: Option<Timestamp>,
    is_json: bool,
) -> Result<u8> {
    let mut pairs = kernel(interface)?;
    add_ours(store, interface, &mut pairs)?;
    let text = match is_json {
        true => pairs.iter().map(as_json).collect(),
        false => as_table(&pairs),
    };
    print(text.as_bytes())?;
    let differing: Vec<_> = pairs
        .iter()
        .filter(|(_, pair)| pair.verdict() == Verdict::Differs)
        .map(|((_, address), _)| address.to_string())
        .collect();
    if let Some(now) = learn {
        let learned = store.learn(&sightings(&pairs, now))?;
        tell(&format!(
            "{} learned from the kernel, {} known already",
            learned.new, learned.known
        ));
    }
    if differing.is_empty() {
        return Ok(exit::DONE);
    }
    tell(&format!(
        "{} differ; who answers on the wire: netinspect arp resolve {}",
        differing.len(),
        differing.join(" ")
    ));
    Ok(exit::NO)
}

fn kernel(interface: Option<&str>) -> Result<Pairs> {
    let names: BTreeMap<u32, String> = net::interfaces()
        .into_iter()
        .filter(|link| !link.is_loopback)
        .map(|link| (link.index, link.name))
        .collect();
    let mut pairs = Pairs::new();
    for entry in net::neighbors()? {
        let Some(name) = names.get(&entry.interface) else {
            continue;
        };
        // Groups are in the kernel's table too, with addresses that are worked out, not asked for.
        if entry.address.is_multicast() || interface.is_some_and(|wanted| wanted != name) {
            continue;
        }
        let pair = pairs.entry((name.clone(), entry.address)).or_default();
        pair.kernel = Some(entry);
    }
    Ok(pairs)
}

fn add_ours(store: &Store, interface: Option<&str>, pairs: &mut Pairs) -> Result<()> {
    let query = Query {
        select: Select {
            interface: interface.map(str::to_owned),
            // On a VLAN of an interface the kernel knows nobody: that is another interface to it.
            vlan: Some(Vlan::NONE),
            ..Select::default()
        },
        ..Query::default()
    };
    let here: Vec<String> = net::interfaces()
        .into_iter()
        .map(|link| link.name)
        .collect();
    store.each(&query, |binding| {
        if here.contains(&binding.interface) {
            let key = (binding.interface.clone(), binding.address);
            let ours = &mut pairs.entry(key).or_default().ours;
            let is_newer = ours
                .as_ref()
                .is_none_or(|known| known.last_seen < binding.last_seen);
            if is_newer {
                *ours = Some(binding);
            }
        }
        Ok(())
    })
}

fn sightings(pairs: &Pairs, now: Timestamp) -> Vec<Sighting> {
    let known = pairs.iter().filter_map(|((interface, address), pair)| {
        let entry = pair
            .kernel
            .as_ref()
            .filter(|entry| entry.state.is_known())?;
        Some(Sighting {
            address: *address,
            mac: entry.mac?,
            interface: interface.as_str().into(),
            vlan: Vlan::NONE,
            how: How::Kernel,
            time: now,
        })
    });
    known.collect()
}

fn as_table(pairs: &Pairs) -> String {
    let header = [
        "Address",
        "On",
        "Kernel",
        "State",
        "Our table",
        "Last seen",
        "Verdict",
    ];
    let mac = |mac: Option<[u8; 6]>| mac.map(mac_text).unwrap_or_default();
    let rows = pairs.iter().map(|((interface, address), pair)| {
        let (kernel, ours) = (pair.kernel.as_ref(), pair.ours.as_ref());
        [
            address.to_string(),
            interface.clone(),
            mac(kernel.and_then(|entry| entry.mac)),
            kernel
                .map(|entry| entry.state.name().to_owned())
                .unwrap_or_default(),
            mac(ours.map(|binding| binding.mac)),
            ours.map(|binding| TimeWriter::minute(binding.last_seen))
                .unwrap_or_default(),
            pair.verdict().words().to_owned(),
        ]
    });
    format!("{}\n", table(&header, rows))
}

fn as_json(((interface, address), pair): (&(String, IpAddr), &Pair)) -> String {
    let object = json!({
        "address": address,
        "interface": interface,
        "kernel_mac": pair.kernel.as_ref().and_then(|entry| entry.mac).map(mac_text),
        "kernel_state": pair.kernel.as_ref().map(|entry| entry.state.name()),
        "table_mac": pair.ours.as_ref().map(|binding| mac_text(binding.mac)),
        "table_vendor": pair.ours.as_ref().map(|binding| vendor::identify(binding.mac).to_string()),
        "last_seen": pair.ours.as_ref().map(|binding| crate::output::time::rfc3339(binding.last_seen)),
        "verdict": pair.verdict().words(),
    });
    format!("{object}\n")
}
