//! `netinspect vendor`.

use clap::Args;

use super::interfaces::FormName;
use crate::address;
use crate::commands::vendor::Options;
use crate::error::{Error, Result};

/// Say who made a card by its MAC address, and what kind of address it is
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// MAC addresses, with colons, dashes, dots or nothing between the digits
    #[arg(required = true, value_name = "MAC")]
    addresses: Vec<String>,

    /// A table for people, or one JSON object a line
    #[arg(short = 'T', long, value_enum, value_name = "FORM", default_value_t = FormName::Table)]
    format: FormName,
}

const EXAMPLES: &str = "\
Examples:
  netinspect vendor 00:1b:21:3c:4d:5e
  netinspect vendor 001b.213c.4d5e 33-33-00-00-00-01 -T json

Exit codes: 0 each is known, 1 one of them is not.";

impl Arguments {
    pub(super) fn plan(self) -> Result<Options> {
        Ok(Options {
            addresses: self
                .addresses
                .iter()
                .map(|text| parse_mac(text))
                .collect::<Result<_>>()?,
            json: self.format == FormName::Json,
        })
    }
}

/// A MAC address that was typed.
pub(super) fn parse_mac(text: &str) -> Result<[u8; 6]> {
    address::parse_mac(text).ok_or_else(|| {
        Error::Usage(format!(
            "'{text}' is no MAC address: twelve hexadecimal digits, such as 00:1b:21:3c:4d:5e"
        ))
    })
}
