//! Comma-separated values that are safe to open in a spreadsheet (RFC 4180).

use super::{Details, imported, way};
use crate::analysis::neighbors::Ways;
use crate::commands::interfaces::mac_text;
use crate::frame::Timestamp;
use crate::output::columns::make_cell;
use crate::output::time::rfc3339;
use crate::store::Binding;
use crate::text::escape::push_escaped;
use crate::text::{Buffer, push};
use crate::vendor;

pub(super) const HEADER: &str =
    "address,mac,vendor,interface,vlan,how,first_seen,last_seen,sightings\r\n";

pub(super) fn line(binding: &Binding) -> Vec<u8> {
    let cells = [
        binding.address.to_string(),
        mac_text(binding.mac),
        vendor::identify(binding.mac).to_string(),
        binding.interface.clone(),
        binding.vlan.to_string(),
        binding.ways.to_string(),
        rfc3339(binding.first_seen),
        rfc3339(binding.last_seen),
        binding.sightings.to_string(),
    ];
    let mut out = Buffer::new();
    for (column, cell) in cells.iter().enumerate() {
        if column > 0 {
            out.push(b',');
        }
        let start = out.len();
        push_escaped(&mut out, cell.as_bytes());
        make_cell(&mut out, start);
    }
    push(&mut out, "\r\n");
    out
}

/// Where in a line each value stands, by the line of names.
pub(super) struct Columns(Vec<String>);

impl Columns {
    pub(super) fn of(header: &str) -> Result<Self, String> {
        let names = cells(header)?;
        let needed = HEADER
            .trim_end()
            .split(',')
            .filter(|name| *name != "vendor");
        let missing: Vec<_> = needed
            .filter(|name| !names.iter().any(|known| known == name))
            .collect();
        match missing.is_empty() {
            true => Ok(Self(names)),
            false => Err(format!(
                "the first line does not name {}",
                missing.join(", ")
            )),
        }
    }

    pub(super) fn read(&self, line: &str) -> Result<Binding, String> {
        let cells = cells(line)?;
        let cell = |name: &str| {
            let at = self.0.iter().position(|known| known == name);
            let cell = at.and_then(|at| cells.get(at));
            cell.map(|cell| unguarded(cell))
                .ok_or_else(|| format!("it has no {name}"))
        };
        let mut ways = Ways::default();
        for name in cell("how")?.split(", ").filter(|name| !name.is_empty()) {
            ways = ways.with(way(name)?);
        }
        let binding = imported(
            cell("address")?,
            cell("mac")?,
            cell("interface")?,
            Timestamp::default(),
        )?;
        let details = Details {
            vlan: cell("vlan")?,
            ways,
            first_seen: cell("first_seen")?,
            last_seen: cell("last_seen")?,
            sightings: cell("sightings")?.parse().ok(),
        };
        details.add_to(binding)
    }
}

/// Without the sign that keeps a spreadsheet from taking it for a formula.
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => cell,
    }
}

/// The cells of a line; a quoted one may hold commas, and quotes that are doubled.
fn cells(line: &str) -> Result<Vec<String>, String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let last = cells.len() - 1;
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cells[last].push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cells[last].push(other),
        }
    }
    match quoted {
        true => Err("a quotation does not end on this line".to_owned()),
        false => Ok(cells),
    }
}
