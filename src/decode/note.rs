//! What seeing frames in order tells about a TCP segment or UDP datagram; its own bytes don't.

/// Which conversation it belongs to, and where that one's numbers start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Note {
    /// Number of the conversation among those of its protocol, from 0 in order of appearance.
    pub stream: u32,
    /// TCP: what to take off raw sequence and acknowledgment numbers to count from the start of each side.
    pub seq_base: u32,
    pub ack_base: u32,
}

/// A note, and where the layer's [`Analysis`] is among the batch's, if it has one.
#[derive(Debug, Clone, Copy)]
struct Noted {
    note: Note,
    analysis: u32,
}

const NO_ANALYSIS: u32 = u32::MAX;

/// What was noted of the layers of a batch.
#[derive(Debug, Default)]
pub(super) struct Remarks {
    notes: Vec<Noted>,
    analyses: Vec<Analysis>,
}

impl Remarks {
    pub(super) fn clear(&mut self) {
        self.notes.clear();
        self.analyses.clear();
    }

    /// Returns under which index the note is found again.
    pub(super) fn add(&mut self, note: Note, analysis: Option<Analysis>) -> usize {
        let index = self.analyses.len() as u32;
        self.notes.push(Noted {
            note,
            analysis: analysis.map_or(NO_ANALYSIS, |_| index),
        });
        self.analyses.extend(analysis);
        self.notes.len() - 1
    }

    pub(super) fn note(&self, index: usize) -> Option<Note> {
        self.notes.get(index).map(|noted| noted.note)
    }

    pub(super) fn analysis(&self, index: usize) -> Option<&Analysis> {
        let noted = self.notes.get(index)?;
        self.analyses.get(noted.analysis as usize)
    }
}

/// What is out of the ordinary about a segment, as a set. The names and the rules are Wireshark's
/// (`tcp.analysis.*`); what each one means is told in [`Finding::meaning`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Findings(u16);

macro_rules! findings {
    ($($finding:ident $bit:literal $words:literal $meaning:literal;)*) => {
        /// One thing that can be out of the ordinary.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Finding { $($finding = 1 << $bit,)* }

        impl Finding {
            pub const ALL: &'static [Self] = &[$(Self::$finding,)*];

            /// In a word or two, as a line shows it.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$finding => $words,)* }
            }

            /// In a sentence.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$finding => $meaning,)* }
            }
        }
    };
}

findings! {
    ReusedPorts 0 "reused ports" "Starts a connection between ports that had one before";
    Retransmission 1 "retransmission" "Sent again: these numbers passed before";
    FastRetransmission 2 "fast retransmission" "Sent again at once, since duplicate acknowledgments asked for it";
    SpuriousRetransmission 3 "spurious retransmission" "Sent again for nothing: it was acknowledged already";
    OutOfOrder 4 "out of order" "Arrived behind a later segment";
    LostSegment 5 "lost segment before" "A segment before it is missing from the capture";
    AckLostSegment 6 "acknowledges a lost segment" "Acknowledges data that is missing from the capture";
    WindowUpdate 7 "window update" "Says only that the sender can take more or less than before";
    WindowFull 8 "window full" "Fills all the room that the receiver offered";
    KeepAlive 9 "keep-alive" "Asks whether the other end is still there";
    KeepAliveAck 10 "keep-alive answer" "Answers a keep-alive: still there";
    DuplicateAck 11 "duplicate ACK" "Repeats an acknowledgment: something behind it is missing";
    ZeroWindowProbe 12 "zero window probe" "Asks whether there is room again, with one byte";
    ZeroWindow 13 "zero window" "The sender can take nothing more for now";
    ZeroWindowProbeAck 14 "zero window probe answer" "Answers a probe: still no room";
}

impl Findings {
    pub const NONE: Self = Self(0);

    pub fn has(self, finding: Finding) -> bool {
        self.0 & finding as u16 != 0
    }

    /// Whether any of `wanted` is there.
    pub fn has_any(self, wanted: &[Finding]) -> bool {
        wanted.iter().any(|finding| self.has(*finding))
    }

    pub fn add(&mut self, finding: Finding) {
        self.0 |= finding as u16;
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = Finding> {
        Finding::ALL
            .iter()
            .copied()
            .filter(move |finding| self.has(*finding))
    }
}

/// What the order of segments tells about one of them. Zero stands for "not known"; frames count from 1.
/// Times are in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Analysis {
    pub findings: Findings,
    /// Which duplicate of an acknowledgment it is, from 1, and the frame with the original.
    pub duplicate_number: u32,
    pub duplicate_of: u64,
    /// The frame whose end it acknowledges, and how long ago that was.
    pub acks_frame: u64,
    pub ack_rtt: i64,
    /// From the connection's SYN to the ACK that ended the handshake, as far as it was seen.
    pub initial_rtt: i64,
    /// Data sent and not acknowledged yet, this segment included, in bytes.
    pub bytes_in_flight: u32,
    /// Data sent since the last segment that asked to be pushed, this one included, in bytes.
    pub push_bytes: u32,
    /// Of a retransmission: the frame that was lost, as far as can be told, and how long ago that was.
    pub rto_frame: u64,
    pub rto: i64,
}
