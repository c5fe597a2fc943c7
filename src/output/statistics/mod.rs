//! Statistics as people and programs want them: each section becomes rows and columns, and these a page, JSON or CSV.

mod csv;
mod endpoints;
mod human;
mod json;
mod overview;
mod page;
mod protocols;
mod sheet;
mod top;

pub use csv::csv;
pub use json::json;
pub use page::page;
pub use sheet::{Cell, Column, Sheet};

use crate::analysis::Statistics;
use crate::analysis::statistics::Section;

/// How much of a section, and with which characters.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Rows of lists that traffic makes long; none for all of them.
    pub top: Option<usize>,
    /// Whether the terminal shows more than ASCII.
    pub unicode: bool,
}

/// The sections that were counted, in the order of [`Section::ALL`], with the longest rows first and only `top` of them.
pub fn sheets(statistics: &Statistics, top: Option<usize>) -> Vec<Sheet> {
    let counted = Section::ALL
        .iter()
        .filter(|section| statistics.sections.has(**section));
    counted
        .map(|section| match section {
            Section::Overview => overview::sheet(&statistics.totals),
            Section::Protocols => protocols::sheet(&statistics.protocols, &statistics.totals),
            Section::Endpoints => endpoints::sheet(statistics, top),
        })
        .collect()
}
