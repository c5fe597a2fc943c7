//! What there is to be counted. Only what was asked for is.

macro_rules! sections {
    ($($section:ident $name:literal $meaning:literal;)*) => {
        /// One kind of statistics, in the order they are shown.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Section { $($section,)* }

        impl Section {
            pub const ALL: &'static [Section] = &[$(Section::$section,)*];

            /// As the command line and JSON call it.
            pub const fn name(self) -> &'static str {
                match self { $(Section::$section => $name,)* }
            }

            /// What it shows, for people.
            pub const fn meaning(self) -> &'static str {
                match self { $(Section::$section => $meaning,)* }
            }
        }
    };
}

sections! {
    Overview      "overview"      "The capture as a whole";
    Rates         "rates"         "Rates over time";
    Protocols     "protocols"     "Protocols, and which lie in which";
    Endpoints     "endpoints"     "IP addresses";
    Macs          "macs"          "MAC addresses";
    Conversations "conversations" "Conversations between IP addresses";
    Flows         "flows"         "Flows between ports";
    Ports         "ports"         "Ports and services";
    Tcp           "tcp"           "TCP's health";
    Sizes         "sizes"         "Frame sizes";
    Delivery      "delivery"      "Unicast, multicast, broadcast";
    Scopes        "scopes"        "Private, public and other addresses";
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
