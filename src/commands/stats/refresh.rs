//! Showing what is known so far, again and again while frames come in.

use std::io::{self, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::output::terminal;

/// Does `work`, and meanwhile writes what `shown` gives to standard output each time that `every` has passed: on a
/// terminal in place, elsewhere one below the other.
pub(super) fn beside(
    every: Option<Duration>,
    shown: &(dyn Fn() -> Vec<u8> + Sync),
    work: &mut dyn FnMut(),
) {
    let Some(every) = every else {
        return work();
    };
    let (done, wait) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut screen = Screen::default();
            while wait.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                // Nobody reads it any more: whoever captures notices that by itself.
                if screen.show(&shown()).is_err() {
                    return;
                }
            }
        });
        work();
        drop(done);
    });
}

/// Standard output, as far as it is a terminal on a screen of its own, which is left again however this ends.
#[derive(Default)]
struct Screen {
    entered: bool,
}

impl Screen {
    fn show(&mut self, page: &[u8]) -> io::Result<()> {
        let mut output = io::stdout().lock();
        let Some((columns, lines)) = terminal::size() else {
            output.write_all(page)?;
            return output.flush();
        };
        // The other screen of the terminal (xterm's private mode 1049), so that what was there comes back.
        let enter: &[u8] = if self.entered { b"" } else { b"\x1b[?1049h" };
        self.entered = true;
        let mut frame = [enter, b"\x1b[H"].concat();
        let text = String::from_utf8_lossy(page);
        // The last line stays empty, or the terminal would scroll.
        for line in text.lines().take(lines.saturating_sub(1)) {
            frame.extend_from_slice(cut(line, columns).as_bytes());
            frame.extend_from_slice(b"\x1b[K\r\n");
        }
        frame.extend_from_slice(b"\x1b[J");
        let hidden = text.lines().count().saturating_sub(lines.saturating_sub(1));
        if hidden > 0 {
            let hint = format!("… {hidden} lines more: --section NAME shows one section");
            frame.extend_from_slice(cut(&hint, columns).as_bytes());
        }
        output.write_all(&frame)?;
        output.flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if self.entered {
            let mut output = io::stdout().lock();
            // With the terminal gone there is nothing to leave.
            let _ = output
                .write_all(b"\x1b[?1049l")
                .and_then(|()| output.flush());
        }
    }
}

/// As much of a line as fits, if it holds no colours; a heading does, and is short.
fn cut(line: &str, columns: usize) -> &str {
    if line.contains('\x1b') {
        return line;
    }
    match line.char_indices().nth(columns) {
        Some((end, _)) => &line[..end],
        None => line,
    }
}
