//! What there is to be counted. Only what was asked for is.

/// One kind of statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Overview,
    Protocols,
    Endpoints,
}

impl Section {
    pub const ALL: &'static [Section] = &[Self::Overview, Self::Protocols, Self::Endpoints];

    /// As the command line and JSON call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Protocols => "protocols",
            Self::Endpoints => "endpoints",
        }
    }
}

/// A choice of sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sections(u32);

impl Sections {
    pub fn with(self, section: Section) -> Self {
        Self(self.0 | 1 << section as u32)
    }

    pub fn has(self, section: Section) -> bool {
        self.0 & 1 << section as u32 != 0
    }

    pub fn has_any(self, sections: &[Section]) -> bool {
        sections.iter().any(|section| self.has(*section))
    }
}

impl FromIterator<Section> for Sections {
    fn from_iter<I: IntoIterator<Item = Section>>(sections: I) -> Self {
        sections.into_iter().fold(Self::default(), Self::with)
    }
}
