//! The ladder as a picture (SVG 1.1), to be opened in a browser or put into a document.

use std::fmt::Write;

use super::{heading, sentence, since};
use crate::analysis::connections::{Conversation, Part, Rung};
use crate::decode::tcp::flag;
use crate::frame::Timestamp;
use crate::output::connections::words;

/// In pixels: the whole width, where the two ends stand, and how much room a step and a remark take.
const WIDTH: usize = 860;
const LEFT: usize = 130;
const RIGHT: usize = 820;
const STEP: usize = 44;
const REMARK: usize = 22;
const TOP: usize = 110;

/// The whole picture; `parts` are those of `conversation`.
pub fn svg(conversation: &Conversation, parts: &[Part]) -> String {
    let (body, height) = steps(parts);
    let [title, facts] = heading(conversation);
    let [client, server] = conversation
        .ends()
        .map(|end| words::end(end, conversation.protocol));
    let (title, facts) = (xml(&title), xml(&facts));
    let (client, server) = (xml(&client), xml(&server));
    let (line_top, line_end) = (TOP - 16, height - 16);
    format!(
        r##"<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="13">
<title>{title}</title>
<defs><marker id="head" markerWidth="10" markerHeight="8" refX="9" refY="4" orient="auto"><path d="M0,0 L10,4 L0,8 z" fill="context-stroke"/></marker></defs>
<rect width="100%" height="100%" fill="white"/>
<text x="20" y="26" font-size="16" font-weight="bold">{title}</text>
<text x="20" y="48" fill="#555">{facts}</text>
<text x="{LEFT}" y="82" text-anchor="middle">{client}</text>
<text x="{RIGHT}" y="82" text-anchor="end">{server}</text>
<line x1="{LEFT}" y1="{line_top}" x2="{LEFT}" y2="{line_end}" stroke="#333"/>
<line x1="{RIGHT}" y1="{line_top}" x2="{RIGHT}" y2="{line_end}" stroke="#333"/>
{body}</svg>
"##
    )
}

fn steps(parts: &[Part]) -> (String, usize) {
    let mut body = String::new();
    let mut y = TOP;
    let mut previous: Option<Timestamp> = None;
    // Writing to memory can't fail.
    for part in parts {
        match part {
            Part::Rung(rung) => {
                let time = since(previous, rung.time);
                push_arrow(&mut body, rung, &time, y);
                y += STEP;
                if let Some(remark) = sentence::remark(rung) {
                    push_remark(&mut body, &remark, y - STEP / 2 + 2);
                    y += REMARK;
                }
                previous = Some(rung.time);
            }
            Part::Fold(fold) => {
                push_remark(&mut body, &sentence::folded(fold), y);
                y += REMARK + 10;
                previous = Some(fold.end);
            }
        }
    }
    (body, y + 20)
}

fn push_arrow(body: &mut String, rung: &Rung, time: &str, y: usize) {
    let colour = colour(rung);
    let (from, to, anchor, at) = match rung.from {
        0 => (LEFT, RIGHT, "start", LEFT + 10),
        _ => (RIGHT, LEFT, "end", RIGHT - 10),
    };
    let dashes = match rung.is_again() {
        true => r#" stroke-dasharray="7 5""#,
        false => "",
    };
    let (time, said) = (xml(time), xml(&sentence::of(rung)));
    let (time_end, words_at, arrow_end) = (LEFT - 10, y, y + 12);
    let (arrow_y, _) = (y + 6, arrow_end);
    let _ = writeln!(
        body,
        r##"<text x="{time_end}" y="{arrow_end}" text-anchor="end" fill="#777">{time}</text>
<text x="{at}" y="{words_at}" text-anchor="{anchor}" fill="{colour}">{said}</text>
<line x1="{from}" y1="{arrow_y}" x2="{to}" y2="{arrow_end}" stroke="{colour}"{dashes} marker-end="url(#head)"/>"##
    );
}

fn push_remark(body: &mut String, remark: &str, y: usize) {
    let middle = (LEFT + RIGHT) / 2;
    let remark = xml(remark);
    let _ = writeln!(
        body,
        r##"<text x="{middle}" y="{y}" text-anchor="middle" fill="#555" font-style="italic">{remark}</text>"##
    );
}

fn colour(rung: &Rung) -> &'static str {
    if rung.has(flag::RST) || rung.is_again() {
        "#b00020"
    } else if rung.has(flag::SYN) {
        "#1b7f3b"
    } else if rung.has(flag::FIN) {
        "#9a6700"
    } else {
        "#1f4e8c"
    }
}

/// Text that stands for itself in XML. Control characters were escaped before.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Not allowed in XML 1.0, escaped or not.
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text() {
        assert_eq!(xml("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
    }
}
