//! A page for people: sections one below the other, on 80 columns.

use super::sheet::{Cell, Shape, Sheet};
use super::{human, plot};
use crate::output::colour::{Paint, Role};
use crate::output::table;
use crate::output::time::{Reference, TimeForm, TimeWriter};
use crate::text::Buffer;
use crate::text::amount::scaled;

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

/// What goes first where a terminal has no room, by heading.
const LEAST: [&str; 7] = [
    "Scope", "Range", "Share", "Service", "Duration", "Sent", "A → B",
];

fn push_table(text: &mut String, sheet: &Sheet) {
    let visible = 0..sheet.columns.len();
    let visible = visible.filter(|index| !sheet.columns[*index].heading.is_empty());
    let mut columns: Vec<Shown> = visible.map(|index| Shown::of(sheet, index)).collect();
    let left_out = match table::terminal_width() {
        Some(room) => fit(&mut columns, room.into()),
        None => Vec::new(),
    };
    let headings: Vec<&str> = columns.iter().map(|column| column.heading).collect();
    let right: Vec<bool> = columns.iter().map(|column| column.right).collect();
    let rows = (0..sheet.rows.len())
        .map(|row| columns.iter().map(move |column| column.cells[row].clone()));
    text.push_str(&table::figures(&headings, &right, rows));
    text.push('\n');
    if !left_out.is_empty() {
        let names = left_out.join(", ");
        text.push_str(&format!(
            " … no room for {names} (-T csv has every column)\n"
        ));
    }
}

struct Shown {
    heading: &'static str,
    cells: Vec<String>,
    right: bool,
}

impl Shown {
    fn of(sheet: &Sheet, index: usize) -> Self {
        let cells = || sheet.rows.iter().map(|row| &row[index]);
        Self {
            heading: sheet.columns[index].heading,
            cells: cells().map(shown).collect(),
            right: !cells().any(|cell| matches!(cell, Cell::Text(_))),
        }
    }

    /// With the space around it.
    fn width(&self) -> usize {
        let lines = self.cells.iter().flat_map(|cell| cell.split('\n'));
        let widest = lines.chain([self.heading]).map(|line| line.chars().count());
        widest.max().unwrap_or(0) + 2
    }
}

/// Makes columns fit: two ends go below each other, then what is least important goes, which is returned.
fn fit(columns: &mut Vec<Shown>, room: usize) -> Vec<&'static str> {
    let is_wide = |columns: &[Shown]| columns.iter().map(Shown::width).sum::<usize>() > room;
    // Both ends would take so much that little else fits.
    let ends = |column: &&Shown| matches!(column.heading, "A" | "B");
    let of_ends: usize = columns.iter().filter(ends).map(Shown::width).sum();
    if is_wide(columns)
        && of_ends * 2 > room
        && let [a, b, ..] = columns.as_mut_slice()
        && (a.heading, b.heading) == ("A", "B")
    {
        for (a, b) in a.cells.iter_mut().zip(&b.cells) {
            *a = format!("{a}\n{b}");
        }
        a.heading = "A, below it B";
        columns.remove(1);
    }
    let mut left_out = Vec::new();
    for heading in LEAST {
        let place = columns.iter().position(|column| column.heading == heading);
        if let Some(place) = place
            && is_wide(columns)
        {
            left_out.push(columns.remove(place).heading);
        }
    }
    left_out
}

pub(super) fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Count(n) | Cell::Exception(n) => human::count(*n),
        Cell::Id(n) => n.to_string(),
        Cell::Bytes(n) => human::bytes(*n),
        Cell::Share(share) => human::share(*share),
        Cell::Measure(value, unit) => scaled(*value, unit),
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
    fn what_is_least_important_goes() {
        let column = |heading, cell: &str| Shown {
            heading,
            cells: vec![cell.to_owned()],
            right: false,
        };
        let ends = ["2001:db8::1:1", "2001:db8::2:2"];
        let columns = || {
            let [a, b] = ends;
            let named = [("A", a), ("B", b), ("Frames", "7"), ("Share", "50.0 %")];
            named.map(|(heading, cell)| column(heading, cell)).into()
        };
        let headings = |columns: &Vec<Shown>| {
            columns
                .iter()
                .map(|column| column.heading)
                .collect::<Vec<_>>()
        };
        let mut all: Vec<Shown> = columns();
        assert!(fit(&mut all, 46).is_empty());
        assert_eq!(headings(&all), ["A", "B", "Frames", "Share"]);
        let mut fewer: Vec<Shown> = columns();
        assert!(fit(&mut fewer, 45).is_empty());
        assert_eq!(headings(&fewer), ["A, below it B", "Frames", "Share"]);
        assert_eq!(fewer[0].cells, ["2001:db8::1:1\n2001:db8::2:2"]);
        let mut few: Vec<Shown> = columns();
        assert_eq!(fit(&mut few, 30), ["Share"]);
    }

    #[test]
    fn ascii_is_ascii() {
        let text = ascii("─│┤└→…µ▁▂▃▄▅▆▇█ plain");
        assert_eq!(text, "-||+->...u...:::## plain");
    }
}
