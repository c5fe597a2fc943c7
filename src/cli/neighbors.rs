//! `netinspect neighbors`.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use clap::{Args, Subcommand, ValueEnum};

use super::arp::rights::AskingRights;
use super::table::TableArguments;
use super::units;
use super::vendor::parse_mac;
use crate::address::{Subnet, parse_address, parse_mac as is_mac};
use crate::analysis::neighbors::Vlan;
use crate::commands::neighbors::{Action, Exchange, Form, Options, reconcile};
use crate::error::{Error, Result};
use crate::frame::Timestamp;
use crate::store::{Query, Select};

/// Show the neighbor table: every address ever learned, at which MAC address, since when
///
/// 'arp scan', 'arp resolve', 'arp watch' and 'capture --learn' fill it.
#[derive(Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true, subcommand_value_name = "ACTION")]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Option<Actions>,

    #[command(flatten)]
    list: ListArguments,
}

const EXAMPLES: &str = "\
Examples:
  netinspect neighbors                              all of it
  netinspect neighbors list 192.168.1.0/24 --since 1h
  netinspect neighbors history 192.168.1.1          who has been the gateway?
  netinspect neighbors history 00:1b:21:3c:4d:5e    where has this card been?
  netinspect neighbors export --form csv > neighbors.csv
  netinspect neighbors import /var/lib/arpwatch/eth0.dat
  ip neigh | netinspect neighbors import -
  netinspect neighbors forget --older-than 365d
  netinspect neighbors reconcile                    the kernel's table, ours and the wire, side by side

Exit codes: 0 done, 1 nothing matches, or the tables differ, 2 wrong command line, 4 lines of an imported file make no sense,
5 the table can't be read or written.";

#[derive(Subcommand)]
enum Actions {
    /// Show bindings, in the order of addresses
    List(ListArguments),
    /// What became of an address, or of a MAC address
    History(HistoryArguments),
    /// Write bindings to standard output, for other programs
    Export(ExportArguments),
    /// Take in bindings of another program: JSON, CSV, arpwatch's arp.dat, or what 'ip neigh' prints
    Import(ImportArguments),
    /// Remove bindings, and what happened to them
    Forget(ForgetArguments),
    /// Compare the kernel's table, this one, and who answers on the wire: exit code 1 where they differ
    ///
    /// Every address that one of the tables has is asked for, by ARP or neighbor discovery, as 'arp scan' asks, on the interface
    /// it is known on. Without the right to ask, the two tables are compared alone.
    Reconcile(ReconcileArguments),
}

#[derive(Args)]
struct ListArguments {
    /// Only this address, or those of this subnet
    #[arg(value_name = "ADDRESS|SUBNET")]
    addresses: Option<String>,

    /// Only at this MAC address
    #[arg(long, value_name = "MAC")]
    mac: Option<String>,

    /// Only on this interface
    #[arg(short, long, value_name = "INTERFACE")]
    interface: Option<String>,

    /// Only on this VLAN: 1 to 4094, or 100.7 for 7 inside 100
    #[arg(long, value_name = "ID")]
    vlan: Option<String>,

    /// Only those seen within this time, such as 1h or 30d
    #[arg(long, value_name = "TIME", value_parser = units::duration)]
    since: Option<Duration>,

    /// Only so many, those seen last
    #[arg(short = 'n', long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    last: Option<u64>,

    /// A table for people; json is one object a line
    #[arg(short = 'T', long, value_enum, value_name = "FORM", default_value_t = ListForm::Table)]
    format: ListForm,

    #[command(flatten)]
    table: TableArguments,
}

#[derive(Args)]
struct HistoryArguments {
    /// An IP address, or a MAC address
    #[arg(value_name = "ADDRESS|MAC")]
    of: String,

    /// Text for people, or one JSON object
    #[arg(short = 'T', long, value_enum, value_name = "FORM", default_value_t = super::interfaces::FormName::Table)]
    format: super::interfaces::FormName,

    #[command(flatten)]
    table: TableArguments,
}

#[derive(Args)]
struct ExportArguments {
    /// Only this address, or those of this subnet
    #[arg(value_name = "ADDRESS|SUBNET")]
    addresses: Option<String>,

    /// In which form; JSON and CSV hold all, the others what their programs know
    #[arg(long, value_enum, value_name = "FORM", default_value_t = ExchangeName::Json)]
    form: ExchangeName,

    #[command(flatten)]
    table: TableArguments,
}

#[derive(Args)]
struct ImportArguments {
    /// The file; '-' is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Which form it is in [default: what its first line looks like]
    #[arg(long, value_enum, value_name = "FORM")]
    form: Option<ExchangeName>,

    #[command(flatten)]
    table: TableArguments,
}

#[derive(Args)]
struct ForgetArguments {
    /// IP addresses, subnets and MAC addresses
    #[arg(value_name = "ADDRESS|SUBNET|MAC", required_unless_present_any = ["older_than", "all"])]
    which: Vec<String>,

    /// Only what was not seen for this time, such as 365d
    #[arg(long, value_name = "TIME", value_parser = units::duration)]
    older_than: Option<Duration>,

    /// The whole table
    #[arg(long, conflicts_with_all = ["which", "older_than"])]
    all: bool,

    #[command(flatten)]
    table: TableArguments,
}

#[derive(Args)]
struct ReconcileArguments {
    /// Only on this interface
    #[arg(short, long, value_name = "INTERFACE")]
    interface: Option<String>,

    /// Compare the two tables only, and ask nobody: needs no rights
    #[arg(long)]
    no_wire: bool,

    /// Put what the kernel knows, and what was answered, into the table
    #[arg(long)]
    learn: bool,

    /// A table for people, or one JSON object a line
    #[arg(short = 'T', long, value_enum, value_name = "FORM", default_value_t = super::interfaces::FormName::Table)]
    format: super::interfaces::FormName,

    #[command(flatten)]
    table: TableArguments,

    #[command(flatten)]
    rights: AskingRights,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListForm {
    Table,
    Json,
    Csv,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ExchangeName {
    Json,
    Csv,
    #[value(name = "arp.dat")]
    ArpDat,
    IpNeigh,
}

impl Arguments {
    pub(super) fn plan(self) -> Result<Options> {
        let (db, action) = match self.action {
            None => self.list.plan()?,
            Some(Actions::List(list)) => list.plan()?,
            Some(Actions::History(history)) => (
                history.table.db,
                Action::History {
                    of: one(&history.of)?,
                    json: history.format == super::interfaces::FormName::Json,
                },
            ),
            Some(Actions::Export(export)) => {
                let select = Select {
                    subnet: export.addresses.as_deref().map(addresses).transpose()?,
                    ..Select::default()
                };
                let query = Query {
                    select,
                    ..Query::default()
                };
                let form = export.form.into();
                (export.table.db, Action::Export { query, form })
            }
            Some(Actions::Import(import)) => {
                let form = import.form.map(Exchange::from);
                let file = import.file;
                (import.table.db, Action::Import { file, form })
            }
            Some(Actions::Forget(forget)) => forget.plan()?,
            Some(Actions::Reconcile(reconcile)) => (
                reconcile.table.db,
                Action::Reconcile(reconcile::Options {
                    interface: reconcile.interface,
                    wire: !reconcile.no_wire,
                    learn: reconcile.learn,
                    json: reconcile.format == super::interfaces::FormName::Json,
                    rights: reconcile.rights.plan(),
                }),
            ),
        };
        Ok(Options { db, action })
    }
}

impl ListArguments {
    fn plan(self) -> Result<(Option<PathBuf>, Action)> {
        let vlan = |text: &str| {
            text.parse::<Vlan>().map_err(|_| {
                Error::Usage(format!(
                    "'{text}' is no VLAN: 1 to 4094, or 100.7 for 7 inside 100"
                ))
            })
        };
        let query = Query {
            select: Select {
                subnet: self.addresses.as_deref().map(addresses).transpose()?,
                mac: self.mac.as_deref().map(parse_mac).transpose()?,
                interface: self.interface,
                vlan: self.vlan.as_deref().map(vlan).transpose()?,
                after: self.since.map(ago),
                before: None,
            },
            limit: self.last.unwrap_or(0),
            newest_first: self.last.is_some(),
        };
        let form = match self.format {
            ListForm::Table => Form::Table,
            ListForm::Json => Form::Exchange(Exchange::Json),
            ListForm::Csv => Form::Exchange(Exchange::Csv),
        };
        Ok((self.table.db, Action::List { query, form }))
    }
}

impl ForgetArguments {
    fn plan(self) -> Result<(Option<PathBuf>, Action)> {
        let before = self.older_than.map(ago);
        let named = self.which.iter().map(|text| one(text));
        let mut select = named.collect::<Result<Vec<_>>>()?;
        if select.is_empty() {
            select.push(Select::default());
        }
        for select in &mut select {
            select.before = before;
        }
        Ok((self.table.db, Action::Forget { select }))
    }
}

/// An address, a subnet or a MAC address.
fn one(text: &str) -> Result<Select> {
    if let Some(mac) = is_mac(text) {
        return Ok(Select {
            mac: Some(mac),
            ..Select::default()
        });
    }
    if text.contains('/') || text.parse::<IpAddr>().is_ok() {
        return Ok(Select {
            subnet: Some(addresses(text)?),
            ..Select::default()
        });
    }
    Err(Error::Usage(format!(
        "'{text}' is neither an IP address or subnet nor a MAC address"
    )))
}

/// A subnet; an address alone is one of its own.
fn addresses(text: &str) -> Result<Subnet> {
    let wrong = |error: crate::address::NotASubnet| Error::Usage(error.to_string());
    if text.contains('/') {
        return text.parse().map_err(wrong);
    }
    let address = parse_address(text).map_err(wrong)?;
    let whole = if address.is_ipv4() { 32 } else { 128 };
    Subnet::new(address, whole).ok_or_else(|| Error::Usage(format!("'{text}' is no address")))
}

fn ago(time: Duration) -> Timestamp {
    let moment = SystemTime::now().checked_sub(time);
    let since = moment.and_then(|moment| moment.duration_since(SystemTime::UNIX_EPOCH).ok());
    let since = since.unwrap_or_default();
    Timestamp::new(since.as_secs() as i64, since.subsec_nanos())
}

impl From<ExchangeName> for Exchange {
    fn from(name: ExchangeName) -> Self {
        match name {
            ExchangeName::Json => Self::Json,
            ExchangeName::Csv => Self::Csv,
            ExchangeName::ArpDat => Self::ArpDat,
            ExchangeName::IpNeigh => Self::IpNeigh,
        }
    }
}
