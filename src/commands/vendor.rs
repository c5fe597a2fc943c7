//! `netinspect vendor`: who made a card, and what kind of address it has.

use super::interfaces::mac_text;
use super::print;
use crate::error::{Result, exit};
use crate::output::table::table;
use crate::vendor::{self, Identity};

pub struct Options {
    pub addresses: Vec<[u8; 6]>,
    pub json: bool,
}

/// Exit code 1 where nobody is known for one of them, so that a script can ask.
pub fn run(options: Options) -> Result<u8> {
    let text = if options.json {
        options.addresses.iter().map(|mac| as_json(*mac)).collect()
    } else {
        as_table(&options.addresses)
    };
    print(text.as_bytes())?;
    let unknown = |mac: &[u8; 6]| vendor::identify(*mac) == Identity::Unknown;
    Ok(if options.addresses.iter().any(unknown) {
        exit::NO
    } else {
        exit::DONE
    })
}

fn as_table(addresses: &[[u8; 6]]) -> String {
    let header = [
        "MAC address",
        "Vendor",
        "Kind",
        "Vendor's part",
        "Serial part",
    ];
    let rows = addresses.iter().map(|mac| {
        let (prefix, serial) = parts(*mac);
        [
            mac_text(*mac),
            vendor::identify(*mac).to_string(),
            vendor::first_octet_bits(*mac).to_owned(),
            prefix,
            serial,
        ]
    });
    format!("{}\n", table(&header, rows))
}

fn as_json(mac: [u8; 6]) -> String {
    let (prefix, serial) = parts(mac);
    let object = serde_json::json!({
        "mac": mac_text(mac),
        "vendor": vendor::identify(mac).to_string(),
        "kind": vendor::first_octet_bits(mac),
        "vendor_part": prefix,
        "serial_part": serial,
        "prefix_bits": vendor::prefix_bits(mac),
        "data": vendor::data_date(),
    });
    format!("{object}\n")
}

/// The hexadecimal digits that IEEE gave to the vendor, and those the vendor counts its cards with.
fn parts(mac: [u8; 6]) -> (String, String) {
    let Some(bits) = vendor::prefix_bits(mac) else {
        return (String::new(), String::new());
    };
    let digits: String = mac.iter().map(|octet| format!("{octet:02x}")).collect();
    let (prefix, serial) = digits.split_at(usize::from(bits) / 4);
    (prefix.to_owned(), serial.to_owned())
}
