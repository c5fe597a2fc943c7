//! A page for people: sections one below the other, on 80 columns.

use std::fmt::Write;

use super::Style;
use super::human;
use super::sheet::{Cell, Sheet};
use crate::analysis::statistics::Section;
use crate::output::table;
use crate::output::time::{Reference, TimeForm, TimeWriter};
use crate::text::Buffer;

pub fn page(sheets: &[Sheet], style: Style) -> String {
    let sections: Vec<String> = sheets.iter().map(|sheet| section(sheet, style)).collect();
    sections.join("\n")
}

fn section(sheet: &Sheet, style: Style) -> String {
    let mut text = format!("{}\n", sheet.title);
    match sheet.section {
        Section::Overview => push_facts(&mut text, sheet, style),
        _ => push_table(&mut text, sheet, style),
    }
    for note in &sheet.notes {
        let _ = writeln!(text, "  … {note}");
    }
    text
}

/// One row, from top to bottom.
fn push_facts(text: &mut String, sheet: &Sheet, style: Style) {
    let facts = sheet.columns.iter().zip(sheet.rows.iter().flatten());
    for (column, cell) in facts.filter(|(_, cell)| **cell != Cell::Nothing) {
        let _ = writeln!(text, "  {:34}{}", column.heading, shown(cell, style));
    }
}

fn push_table(text: &mut String, sheet: &Sheet, style: Style) {
    let visible = |cells: Vec<String>| -> Vec<String> {
        let columns = sheet.columns.iter();
        let pairs = columns
            .zip(cells)
            .filter(|(column, _)| !column.heading.is_empty());
        pairs.map(|(_, cell)| cell).collect()
    };
    let headings = sheet.columns.iter().map(|column| column.heading.to_owned());
    let rows = sheet
        .rows
        .iter()
        .map(|row| visible(row.iter().map(|cell| shown(cell, style)).collect()));
    let numeric = |index: &usize| {
        !matches!(
            sheet.rows.first().map(|row| &row[*index]),
            Some(Cell::Text(_))
        )
    };
    let right: Vec<bool> = (0..sheet.columns.len())
        .filter(|index| !sheet.columns[*index].heading.is_empty())
        .map(|index| numeric(&index))
        .collect();
    let headings = visible(headings.collect());
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    text.push_str(&table::figures(&headings, &right, rows));
    text.push('\n');
}

fn shown(cell: &Cell, _style: Style) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Count(n) => human::count(*n),
        Cell::Bytes(n) => human::bytes(*n),
        Cell::Share(share) => human::share(*share),
        Cell::Number(number) => human::scaled(*number, ""),
        Cell::Span(nanos) => human::span(*nanos),
        Cell::Time(time) => {
            let mut out = Buffer::new();
            TimeWriter::new(TimeForm::AbsoluteDate).push(
                &mut out,
                Some(*time),
                Reference::default(),
            );
            String::from_utf8_lossy(&out).into_owned()
        }
        Cell::Nothing => String::new(),
    }
}
