//! `netinspect subnet`.

use clap::Args;

use super::interfaces::FormName;
use crate::address::{NotASubnet, Subnet, parse_address};
use crate::commands::subnet::{Options, Other};
use crate::error::{Error, Result};

/// Explain a subnet, and whether another address is on it or behind the gateway
///
/// Only arithmetic: nothing is sent, and this machine's own interfaces play no part.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// A host's address with its prefix length or mask
    #[arg(value_name = "ADDRESS/PREFIX")]
    subnet: String,

    /// Where it wants to send: an address; with a prefix length, the way back is shown too
    #[arg(value_name = "OTHER")]
    other: Option<String>,

    /// Text for people, or one JSON object
    #[arg(short = 'T', long, value_enum, value_name = "FORM", default_value_t = FormName::Table)]
    format: FormName,
}

const EXAMPLES: &str = "\
Examples:
  netinspect subnet 192.168.1.50/24                 network, range, mask, what it is for
  netinspect subnet 192.168.1.50/24 192.168.2.9     ARP for it, or for the gateway?
  netinspect subnet 10.1.2.3/255.255.252.0 10.1.9.9/22
  netinspect subnet 2001:db8::50/64 2001:db8::9
  netinspect subnet 192.168.1.50/24 192.168.2.9 -T json

Exit codes: 0 done, OTHER is reached without a gateway; 1 only through the gateway, or not at all;
2 no such subnet or address.";

impl Arguments {
    pub(super) fn plan(self) -> Result<Options> {
        let subnet: Subnet = self.subnet.parse().map_err(wrong)?;
        let other = self.other.as_deref().map(parse_other).transpose()?;
        if let Some(other) = &other
            && subnet.masked(other.address).is_none()
        {
            let family = |v4| if v4 { "IPv4" } else { "IPv6" };
            let [this, that] = [subnet.address(), other.address];
            return Err(Error::Usage(format!(
                "{this} is {} and {that} is {}: neither can send to the other; give two of the same family",
                family(this.is_ipv4()),
                family(that.is_ipv4()),
            )));
        }
        Ok(Options {
            subnet,
            other,
            json: self.format == FormName::Json,
        })
    }
}

fn parse_other(text: &str) -> Result<Other> {
    if text.contains('/') {
        let subnet: Subnet = text.parse().map_err(wrong)?;
        return Ok(Other {
            address: subnet.address(),
            subnet: Some(subnet),
        });
    }
    Ok(Other {
        address: parse_address(text).map_err(wrong)?,
        subnet: None,
    })
}

fn wrong(error: NotASubnet) -> Error {
    Error::Usage(error.to_string())
}
