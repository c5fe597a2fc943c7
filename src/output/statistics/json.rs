//! One JSON object: a member for each section, named as the section is.

use serde_json::{Map, Value, json};

use super::sheet::{Cell, Sheet};
use crate::analysis::statistics::Section;

/// The object, and a line end. Bytes and frames are whole numbers, times and spans seconds, shares 0 to 1.
pub fn json(sheets: &[Sheet]) -> String {
    let members = sheets.iter().map(|sheet| {
        let mut rows = sheet.rows.iter().map(|row| object(sheet, row));
        let value = match sheet.section {
            Section::Overview => rows.next().unwrap_or_default(),
            _ => rows.collect(),
        };
        (sheet.section.name().to_owned(), value)
    });
    format!("{}\n", Value::Object(members.collect()))
}

fn object(sheet: &Sheet, row: &[Cell]) -> Value {
    let members = sheet.columns.iter().zip(row);
    let members: Map<_, _> = members
        .map(|(column, cell)| (column.key.to_owned(), value(cell)))
        .collect();
    Value::Object(members)
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Text(text) => json!(text.trim_start()),
        Cell::Count(n) | Cell::Bytes(n) => json!(n),
        Cell::Share(number) | Cell::Number(number) => json!(number),
        Cell::Time(time) => json!(time.nanos() as f64 / 1e9),
        Cell::Span(nanos) => json!(*nanos as f64 / 1e9),
        Cell::Nothing => Value::Null,
    }
}
