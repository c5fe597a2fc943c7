//! A page for people: sections one below the other, on 80 columns.

use super::sheet::{Cell, Shape, Sheet};
use super::{human, plot};
use crate::output::colour::{Paint, Role};
use crate::output::table;
use crate::output::time::{Reference, TimeForm, TimeWriter};
use crate::text::Buffer;

/// How the page looks.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    pub paint: Paint,
    /// Whether the terminal shows more than ASCII.
    pub unicode: bool,
}

/// The sheets as one text, with a line end behind it.
pub fn page(sheets: &[Sheet], style: Style) -> String {
    let sections: Vec<String> = sheets
        .iter()
        .map(|sheet| section(sheet, style.paint))
        .collect();
    let text = sections.join("\n");
    match style.unicode {
        true => text,
        false => ascii(&text),
    }
}

fn section(sheet: &Sheet, paint: Paint) -> String {
    let mut heading = Buffer::new();
    paint.on(&mut heading, Role::Heading);
    heading.extend_from_slice(sheet.section.meaning().as_bytes());
    paint.off(&mut heading);
    let mut text = format!("{}\n", String::from_utf8_lossy(&heading));
    match (sheet.shape, sheet.rows.is_empty()) {
        (_, true) => text.push_str(" none\n"),
        (Shape::Facts, _) => push_facts(&mut text, sheet),
        (Shape::Table, _) => push_table(&mut text, sheet),
        (Shape::Plot, _) => plot::push(&mut text, sheet),
    }
    for note in &sheet.notes {
        text.push_str(&format!(" … {note}\n"));
    }
    text
}

/// One row, from top to bottom.
fn push_facts(text: &mut String, sheet: &Sheet) {
    const WIDTH: usize = 30;
    let facts = sheet.columns.iter().zip(sheet.rows.iter().flatten());
    for (column, cell) in facts {
        if !matches!(cell, Cell::Nothing | Cell::Exception(0)) {
            text.push_str(&format!(" {:WIDTH$}{}\n", column.heading, shown(cell)));
        }
    }
}

fn push_table(text: &mut String, sheet: &Sheet) {
    let visible: Vec<usize> = (0..sheet.columns.len())
        .filter(|index| !sheet.columns[*index].heading.is_empty())
        .collect();
    let headings: Vec<&str> = visible
        .iter()
        .map(|index| sheet.columns[*index].heading)
        .collect();
    let is_text = |index: &usize| {
        let mut cells = sheet.rows.iter().map(|row| &row[*index]);
        cells.any(|cell| matches!(cell, Cell::Text(_)))
    };
    let right: Vec<bool> = visible.iter().map(|index| !is_text(index)).collect();
    let rows = sheet.rows.iter().map(|row| {
        visible
            .iter()
            .map(|index| shown(&row[*index]))
            .collect::<Vec<_>>()
    });
    text.push_str(&table::figures(&headings, &right, rows));
    text.push('\n');
}

pub(super) fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Count(n) | Cell::Exception(n) => human::count(*n),
        Cell::Id(n) => n.to_string(),
        Cell::Bytes(n) => human::bytes(*n),
        Cell::Share(share) => human::share(*share),
        Cell::Measure(value, unit) => human::scaled(*value, unit),
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

/// The nearest that ASCII has.
fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '─' => out.push('-'),
            '│' | '┤' => out.push('|'),
            '└' => out.push('+'),
            '→' => out.push_str("->"),
            '…' => out.push_str("..."),
            'µ' => out.push('u'),
            '▁'..='▃' => out.push('.'),
            '▄'..='▆' => out.push(':'),
            '▇' | '█' => out.push('#'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_is_ascii() {
        let text = ascii("─│┤└→…µ▁▂▃▄▅▆▇█ plain");
        assert_eq!(text, "-||+->...u...:::## plain");
    }
}
