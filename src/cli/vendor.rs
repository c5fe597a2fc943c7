//! `netinspect vendor`.

use clap::Args;

use super::interfaces::FormName;
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

fn parse_mac(text: &str) -> Result<[u8; 6]> {
    let wrong = || {
        Error::Usage(format!(
            "'{text}' is no MAC address: twelve hexadecimal digits, such as 00:1b:21:3c:4d:5e"
        ))
    };
    let digits: Vec<u8> = text
        .chars()
        .filter(|c| !matches!(c, ':' | '-' | '.'))
        .map(|c| c.to_digit(16).map(|digit| digit as u8).ok_or_else(wrong))
        .collect::<Result<_>>()?;
    let mut mac = [0; 6];
    if digits.len() != 12 {
        return Err(wrong());
    }
    for (octet, pair) in mac.iter_mut().zip(digits.chunks_exact(2)) {
        *octet = pair[0] << 4 | pair[1];
    }
    Ok(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macs_in_every_spelling() {
        let expected = [0, 0x1b, 0x21, 0x3c, 0x4d, 0x5e];
        for text in [
            "00:1b:21:3c:4d:5e",
            "00-1B-21-3C-4D-5E",
            "001b.213c.4d5e",
            "001B213C4D5E",
        ] {
            assert_eq!(parse_mac(text).ok(), Some(expected), "{text}");
        }
        for text in [
            "",
            "00:1b:21:3c:4d",
            "00:1b:21:3c:4d:5e:6f",
            "00:1b:21:3c:4d:5g",
        ] {
            assert!(parse_mac(text).is_err(), "{text}");
        }
    }
}
