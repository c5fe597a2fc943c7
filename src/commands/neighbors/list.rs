//! The table, or the part of it that is asked for.

use std::io::{self, BufWriter, Write};

use super::{Exchange, Form};
use crate::commands::interfaces::mac_text;
use crate::commands::{print, tell};
use crate::error::{Error, Result, exit};
use crate::output::table::table;
use crate::output::time::TimeWriter;
use crate::store::{Binding, Query, Store};
use crate::text::escape::escaped;
use crate::vendor;

pub(super) fn list(store: &Store, query: &Query, form: Form) -> Result<u8> {
    if let Form::Exchange(form) = form {
        return export(store, query, form);
    }
    let found = store.list(query)?;
    if !found.is_empty() {
        print(format!("{}\n", as_table(&found)).as_bytes())?;
    }
    let (count, forgotten) = store.counts()?;
    let mut summary = format!(
        "{} of {count} bindings in {}",
        found.len(),
        store.path().display()
    );
    if forgotten > 0 {
        summary +=
            &format!("; {forgotten} were forgotten to bound it, those seen for the shortest time");
    }
    tell(&summary);
    Ok(code(found.len() as u64))
}

fn code(found: u64) -> u8 {
    if found == 0 { exit::NO } else { exit::DONE }
}

pub(super) fn as_table(bindings: &[Binding]) -> String {
    let header = [
        "Address",
        "MAC address",
        "Vendor",
        "On",
        "First seen",
        "Last seen",
        "How",
    ];
    let rows = bindings.iter().map(|binding| {
        [
            binding.address.to_string(),
            mac_text(binding.mac),
            vendor::identify(binding.mac).short().to_owned(),
            place(&binding.interface, &binding.vlan.to_string()),
            TimeWriter::minute(binding.first_seen),
            TimeWriter::minute(binding.last_seen),
            binding.ways.to_string(),
        ]
    });
    table(&header, rows)
}

/// `eth0`, `eth0.7` with a VLAN, as Linux names such an interface.
pub(in crate::commands) fn place(interface: &str, vlan: &str) -> String {
    match (interface, vlan) {
        (interface, "") => escaped(interface),
        ("", vlan) => format!("VLAN {vlan}"),
        (interface, vlan) => format!("{}.{vlan}", escaped(interface)),
    }
}

/// The bindings one by one, so that a large table needs no memory.
pub(super) fn export(store: &Store, query: &Query, form: Exchange) -> Result<u8> {
    let mut output = BufWriter::new(io::stdout().lock());
    let mut written = 0;
    let mut skipped = 0;
    output.write_all(form.header()).map_err(Error::Output)?;
    store.each(query, |binding| {
        match form.line(&binding) {
            Some(line) => {
                output.write_all(&line).map_err(Error::Output)?;
                written += 1;
            }
            None => skipped += 1,
        }
        Ok(())
    })?;
    output.flush().map_err(Error::Output)?;
    if skipped > 0 {
        tell(&format!(
            "{skipped} left out: {} has no place for IPv6 addresses",
            form.name()
        ));
    }
    Ok(code(written + skipped))
}
