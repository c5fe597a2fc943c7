//! The kernel's neighbor table, ours, and who answers on the wire, side by side.

mod row;
mod text;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;

use super::Table;
use crate::analysis::neighbors::{How, Sighting, Vlan};
use crate::commands::arp::poll::{Poll, Polled, Said};
use crate::commands::arp::wire::Interrupt;
use crate::commands::rights::Rights;
use crate::commands::summary::counted;
use crate::commands::{print, report, tell};
use crate::error::{Error, Result, exit};
use crate::frame::Timestamp;
use crate::net::{self, Link};
use crate::store::{Query, Select, Store};
use row::Row;

/// What the user wants of it.
pub struct Options {
    /// Only on this interface.
    pub interface: Option<String>,
    /// Ask the wire too, where that is possible.
    pub wire: bool,
    /// Put what the kernel knows and what was answered into the table.
    pub learn: bool,
    pub json: bool,
    pub rights: Rights,
}

/// By interface and address.
type Rows = BTreeMap<(String, IpAddr), Row>;

/// Exit code 1 where they differ.
pub(super) fn reconcile(table: Table, options: &Options, now: Timestamp) -> Result<u8> {
    let Table { path, mut store } = table;
    let links: Vec<Link> = net::interfaces()
        .into_iter()
        .filter(|link| !link.is_loopback)
        .collect();
    let on = options.interface.as_deref();
    if let Some(name) = on.filter(|name| links.iter().all(|link| link.name != **name)) {
        let names: Vec<_> = links.iter().map(|link| link.name.as_str()).collect();
        return Err(Error::NoInterface {
            name: name.to_owned(),
            known: format!("there are: {}", names.join(", ")),
        });
    }
    let mut rows = Rows::new();
    add_kernel(&links, on, &mut rows)?;
    match &store {
        Some(store) => add_ours(&links, store, on, &mut rows)?,
        None => tell(&format!(
            "there is no neighbor table at {}: compared with an empty one",
            path.display()
        )),
    }
    if rows.is_empty() {
        tell(&format!(
            "nothing to compare: neither the kernel nor {} knows a neighbor{}",
            path.display(),
            on.map(|name| format!(" on {name}")).unwrap_or_default()
        ));
        return Ok(exit::DONE);
    }
    let polled = match options.wire {
        true => ask(&links, &path, options, &mut rows)?,
        false => None,
    };
    let text = match options.json {
        true => rows.iter().map(text::as_json).collect(),
        false => text::as_table(&rows, polled.is_some()),
    };
    print(text.as_bytes())?;
    if let Some(store) = store.as_mut().filter(|_| options.learn) {
        let learned = store.learn(&sightings(&rows, now))?;
        tell(&format!(
            "{} learned, {} known already",
            learned.new, learned.known
        ));
    }
    let differ = rows.values().filter(|row| row.verdict().is_difference());
    let code = match differ.count() {
        0 => exit::DONE,
        count => {
            tell(&format!("{count} of {} differ", rows.len()));
            exit::NO
        }
    };
    let Some(Polled {
        given_up, failed, ..
    }) = polled
    else {
        return Ok(code);
    };
    if !given_up.is_empty() {
        tell(given_up.trim_start());
    }
    Ok(match failed {
        Some(error) => {
            report(&error);
            error.exit_code()
        }
        None => code,
    })
}

fn add_kernel(links: &[Link], interface: Option<&str>, rows: &mut Rows) -> Result<()> {
    for entry in net::neighbors()? {
        let Some(link) = links.iter().find(|link| link.index == entry.interface) else {
            continue;
        };
        // Groups are in the kernel's table too, with addresses that are worked out, not asked for.
        if entry.address.is_multicast() || interface.is_some_and(|wanted| wanted != link.name) {
            continue;
        }
        let key = (link.name.clone(), entry.address);
        rows.entry(key).or_default().kernel = Some(entry);
    }
    Ok(())
}

fn add_ours(links: &[Link], store: &Store, interface: Option<&str>, rows: &mut Rows) -> Result<()> {
    let query = Query {
        select: Select {
            interface: interface.map(str::to_owned),
            // On a VLAN of an interface the kernel knows nobody: that is another interface to it.
            vlan: Some(Vlan::NONE),
            ..Select::default()
        },
        ..Query::default()
    };
    store.each(&query, |binding| {
        if links.iter().any(|link| link.name == binding.interface) {
            let key = (binding.interface.clone(), binding.address);
            let ours = &mut rows.entry(key).or_default().ours;
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

/// Asks for every address on the interface it is known on; none where nobody can be asked, which is told.
fn ask(links: &[Link], table: &Path, options: &Options, rows: &mut Rows) -> Result<Option<Polled>> {
    let mut wanted: BTreeMap<&str, Vec<IpAddr>> = BTreeMap::new();
    for (interface, address) in rows.keys() {
        wanted.entry(interface).or_default().push(*address);
    }
    let wanted: Vec<(Link, Vec<IpAddr>)> = links
        .iter()
        .filter_map(|link| Some((link.clone(), wanted.remove(link.name.as_str())?)))
        .collect();
    let interrupt = Interrupt::listen()?;
    let poll = Poll::open(&wanted, &interrupt);
    // On each interface the same right is missing.
    let unprivileged = poll.refused.iter().find_map(|error| match error {
        Error::NotPermitted { missing, .. } => Some(missing),
        _ => None,
    });
    if let Some(missing) = unprivileged {
        tell(&format!(
            "the wire is not asked, since {missing}: with sudo it is; --no-wire compares the tables alone without saying so"
        ));
        return Ok(None);
    }
    for error in &poll.refused {
        tell(&format!("the wire is not asked everywhere: {error}"));
    }
    if poll.elsewhere > 0 {
        tell(&format!(
            "{} not asked for: off the subnets of the interface they were seen on",
            counted(poll.elsewhere as u64, "address")
        ));
    }
    if poll.is_empty() {
        return Ok(None);
    }
    let rights = Rights {
        table: Some(table.to_owned()),
        ..options.rights.clone()
    };
    let mut polled = poll.ask(&rights)?;
    for (key, said) in std::mem::take(&mut polled.answers) {
        if let Some(row) = rows.get_mut(&key) {
            row.wire = said;
        }
    }
    Ok(Some(polled))
}

/// What the kernel knows, and what was answered.
fn sightings(rows: &Rows, now: Timestamp) -> Vec<Sighting> {
    let mut found = Vec::new();
    for ((interface, address), row) in rows {
        let mut add = |mac, how, time| {
            found.push(Sighting {
                address: *address,
                mac,
                interface: interface.as_str().into(),
                vlan: Vlan::NONE,
                how,
                time,
            });
        };
        if let Some(mac) = row.kernel_mac() {
            add(mac, How::Kernel, now);
        }
        if let Said::At { macs, .. } = &row.wire {
            for (mac, time) in macs {
                add(*mac, How::Reply, *time);
            }
        }
    }
    found
}
