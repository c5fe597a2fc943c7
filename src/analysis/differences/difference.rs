//! One thing that differs.

use std::fmt;

use super::Seen;
use crate::analysis::alerts::Severity;

macro_rules! kinds {
    ($($kind:ident $name:literal $plural:literal;)*) => {
        /// In which way. Of the same severity those that stand first are told first.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($kind,)* }

        impl Kind {
            pub const ALL: &'static [Self] = &[$(Self::$kind,)*];

            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            /// What several are called.
            pub const fn plural(self) -> &'static str {
                match self { $(Self::$kind => $plural,)* }
            }
        }
    };
}

kinds! {
    ConnectionFails "connection-fails" "connections that fail now";
    Unanswered "unanswered" "requests that are not answered any more";
    AlertNew "alert-new" "new alerts";
    BindingChanged "binding-changed" "addresses at another MAC address";
    Slower "slower" "answers that take longer";
    HostGone "host-gone" "hosts that are gone";
    PortGone "port-gone" "ports that nobody answers at any more";
    ProtocolGone "protocol-gone" "protocols that are gone";
    HostNew "host-new" "new hosts";
    PortNew "port-new" "new ports";
    ProtocolNew "protocol-new" "new protocols";
    FailsOtherwise "fails-otherwise" "connections that fail in another way";
    ConnectionWorks "connection-works" "connections that work now";
    Answered "answered" "requests that are answered now";
    Faster "faster" "answers that come sooner";
    AlertGone "alert-gone" "alerts that are gone";
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What one of the captures shows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// In a few words; names off the wire may be in it.
    pub said: String,
    pub frames: Seen,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub kind: Kind,
    /// Critical: it worked and does not. Warning: it is worse, or leads elsewhere. Info: it is new, gone or better.
    pub severity: Severity,
    /// Who or what it is about; names off the wire may be in it.
    pub subject: String,
    pub summary: String,
    pub good: Shown,
    pub bad: Shown,
    /// A display filter that shows it in either capture, where one does.
    pub filter: Option<String>,
}

impl Shown {
    pub(super) fn new(said: impl Into<String>, frames: Seen) -> Self {
        Self {
            said: said.into(),
            frames,
        }
    }

    /// There is nothing of it.
    pub(super) fn nothing() -> Self {
        Self::new("not there", Seen::default())
    }
}
