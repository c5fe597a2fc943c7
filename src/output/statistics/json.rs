//! One JSON object: a member for each section, named as the section is. Written by hand, so that members keep their
//! order and times all their digits.

use serde_json::Value;

use super::csv::plain;
use super::sheet::{Cell, Shape, Sheet};

/// The object, and a line end. Bytes and frames are whole numbers, times and spans are seconds, shares 0 to 1; `null`
/// where there is no answer. `notes` says what people should know, such as entries that had to be forgotten.
pub fn json(sheets: &[Sheet]) -> String {
    let mut members: Vec<String> = sheets
        .iter()
        .map(|sheet| format!("{}:{}", quoted(sheet.section.name()), section(sheet)))
        .collect();
    let notes = sheets.iter().flat_map(|sheet| {
        let name = sheet.section.name();
        sheet
            .notes
            .iter()
            .map(move |note| quoted(&format!("{name}: {note}")))
    });
    members.push(format!(
        "\"notes\":[{}]",
        notes.collect::<Vec<_>>().join(",")
    ));
    format!("{{{}}}\n", members.join(","))
}

fn section(sheet: &Sheet) -> String {
    let rows: Vec<String> = sheet.rows.iter().map(|row| object(sheet, row)).collect();
    match sheet.shape {
        Shape::Facts => rows.concat(),
        Shape::Table | Shape::Plot => format!("[{}]", rows.join(",")),
    }
}

fn object(sheet: &Sheet, row: &[Cell]) -> String {
    let members = sheet.columns.iter().zip(row);
    let members: Vec<String> = members
        .map(|(column, cell)| format!("{}:{}", quoted(column.key), value(cell)))
        .collect();
    format!("{{{}}}", members.join(","))
}

fn value(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => quoted(text.trim_start()),
        Cell::Nothing => "null".to_owned(),
        number => plain(number),
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
