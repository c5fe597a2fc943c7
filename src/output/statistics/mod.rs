//! Statistics as people and programs want them: each section becomes rows and columns, and these a page, JSON or CSV.

mod csv;
mod human;
mod json;
mod lists;
mod overview;
mod page;
mod plot;
mod protocols;
mod sheet;
mod svg;
mod top;
mod traffic;

pub use csv::csv;
pub use json::json;
pub use page::{Style, page};
pub use sheet::{Cell, Column, Shape, Sheet};
pub use svg::svg;

use crate::analysis::Statistics;
use crate::analysis::statistics::{Section, Sections};

/// These sections, which must have been counted, in the order of [`Section::ALL`]. Of lists that traffic makes long, the
/// `top` rows with most bytes; none for all of them.
pub fn sheets(statistics: &Statistics, sections: Sections, top: Option<usize>) -> Vec<Sheet> {
    let wanted = Section::ALL
        .iter()
        .filter(|section| sections.has(**section));
    wanted
        .map(|section| match section {
            Section::Overview => overview::overview(&statistics.totals),
            Section::Rates => traffic::rates(&statistics.rates),
            Section::Protocols => protocols::protocols(statistics, top),
            Section::Endpoints => lists::endpoints(statistics, top),
            Section::Macs => lists::macs(statistics, top),
            Section::Conversations => lists::conversations(statistics, top),
            Section::Flows => lists::flows(statistics, top),
            Section::Ports => lists::ports(statistics, top),
            Section::Tcp => overview::tcp(&statistics.tcp),
            Section::Sizes => traffic::sizes(statistics),
            Section::Delivery => traffic::delivery(statistics),
            Section::Scopes => traffic::scopes(statistics),
        })
        .collect()
}
