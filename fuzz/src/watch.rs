//! What watches frames in the program watches them here, and shows what came of it in every form it has.

use netinspect::analysis::Statistics;
use netinspect::analysis::alerts::{Alerts, Settings};
use netinspect::analysis::connections::{Connections, Conversation, Ladder, Leaving};
use netinspect::analysis::statistics::{Section, Sections};
use netinspect::batch::Batch;
use netinspect::decode::Decoded;
use netinspect::output::colour::Paint;
use netinspect::output::connections::table::{Tables, name};
use netinspect::output::connections::{Nobody, Room, Stream, ladder};
use netinspect::output::statistics::{Style, csv, json, page, sheets, svg};
use netinspect::text::Buffer;

use crate::{check_harmless, check_json};

/// Has everything that watches frames see those of a batch.
pub(crate) fn watch(batch: &Batch, decoded: &Decoded) {
    follow(batch, decoded);
    count(batch, decoded);
    raise(batch, decoded);
}

/// The TCP connection whose steps are drawn.
const DRAWN: u32 = 0;

/// What is kept of conversations that are over, in all forms.
struct Kept {
    tables: Vec<Tables>,
    streams: Vec<(Stream, Buffer)>,
    /// The one whose steps are drawn.
    drawn: Option<Conversation>,
}

/// Follows the conversations, with room for two at a time, and shows them in every form.
///
/// # Panics
/// Where the program does, and where what came of it depends on how the frames were handed over.
pub fn follow(batch: &Batch, decoded: &Decoded) {
    let mut connections = Connections::new(2).with_accounts();
    let mut steps = Ladder::new(DRAWN);
    let rooms = [Room::Usual, Room::Wide, Room::Terminal(40)];
    let streams = [Stream::Json, Stream::Csv, Stream::Zeek];
    let mut kept = Kept {
        tables: rooms.map(|room| Tables::new(room, name::WAIT)).into(),
        streams: streams.map(|stream| (stream, stream.header())).into(),
        drawn: None,
    };
    let mut order = Vec::new();
    let mut take = |done: Leaving<'_>| {
        assert!(done.frames() > 0);
        for (stream, out) in &mut kept.streams {
            stream.push(out, &done, &Nobody);
        }
        // Each table numbers its rows alike.
        let places = kept
            .tables
            .iter_mut()
            .map(|table| table.add(&done, &Nobody));
        order.push(places.last().expect("there are tables"));
        if done.tcp.is_some() && done.number == DRAWN {
            kept.drawn = Some(done.keep());
        }
    };
    for index in 0..decoded.len() {
        let parts = decoded.parts(batch, index);
        connections.follow(&parts, &mut take, |conversation, from, step| {
            if let Some(step) = step {
                steps.take(conversation, from, &step);
            }
        });
    }
    connections.finish(&mut take);
    let mut at_once = Buffer::new();
    let mut take = |done: Leaving<'_>| Stream::Json.push(&mut at_once, &done, &Nobody);
    let mut connections = Connections::new(2).with_accounts();
    connections.observe_all(decoded.several(batch, 0..decoded.len()), &mut take);
    connections.finish(&mut take);
    let mut as_zeek = Stream::Zeek.header();
    let mut take = |done: Leaving<'_>| Stream::Zeek.push(&mut as_zeek, &done, &Nobody);
    let mut connections = Connections::new(2).with_lifetimes();
    connections.observe_all(decoded.several(batch, 0..decoded.len()), &mut take);
    connections.finish(&mut take);
    check_harmless("as Zeek", &as_zeek, '\t');
    for table in &kept.tables {
        let mut out = Vec::new();
        let printed = table.print(&order, &[], &mut |lines| {
            out.extend_from_slice(lines);
            Ok(())
        });
        printed.expect("memory takes it");
        check_harmless("table", &out, '\n');
    }
    for (stream, out) in &kept.streams {
        let separator = match stream {
            Stream::Json => '\n',
            Stream::Csv => '\r',
            Stream::Zeek => '\t',
        };
        check_harmless("stream", out, separator);
        if *stream == Stream::Json {
            check_json(out);
            assert_eq!(*out, at_once);
        }
    }
    if let Some(conversation) = &kept.drawn {
        let text = ladder::text(conversation, &steps.parts, Paint(false));
        check_harmless("ladder", &text, '\n');
        check_harmless(
            "picture",
            ladder::svg(conversation, &steps.parts).as_bytes(),
            '\n',
        );
    }
}

/// Counts the frames at once, and each for itself: added up, it is the same.
fn count(batch: &Batch, decoded: &Decoded) {
    let every: Sections = Section::ALL.iter().copied().collect();
    let (mut at_once, mut added_up) = (Statistics::new(every), Statistics::new(every));
    let mut one = Statistics::new(every);
    for index in 0..decoded.len() {
        let packet = decoded.packet(batch, index);
        at_once.count(&packet);
        one.count(&packet);
        one.settle();
        added_up.absorb(&mut one);
    }
    at_once.settle();
    let [at_once, added_up] = [at_once, added_up].map(|counted| sheets(&counted, every, Some(10)));
    let text = json(&at_once);
    assert_eq!(text, json(&added_up));
    check_json(text.as_bytes());
    let style = Style {
        paint: Paint(false),
        unicode: true,
    };
    check_harmless("page", page(&at_once, style).as_bytes(), '\n');
    for sheet in &at_once {
        check_harmless("sheet", &csv(sheet), '\r');
        if sheet.section == Section::Rates {
            check_harmless("plot", svg(sheet).as_bytes(), '\n');
        }
    }
}

fn raise(batch: &Batch, decoded: &Decoded) {
    let mut alerts = Alerts::new(&Settings::default());
    let mut told = 0;
    for index in 0..decoded.len() {
        told += alerts.observe(&decoded.packet(batch, index)).count();
    }
    told += alerts.finish().count();
    assert!(told == 0 || alerts.worst().is_some());
}
