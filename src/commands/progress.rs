//! How far a run is: one line on standard error, drawn anew each second, that disappears when the run ends.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{
    FormattedDuration, HumanBytes, HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle,
};

use super::tell;

/// How often it is told.
pub(super) const INTERVAL: Duration = Duration::from_secs(1);

/// Where progress goes.
pub(super) enum StatusLine {
    /// A line on a terminal, drawn over itself.
    Drawn(ProgressBar),
    /// A new line each time: for a log, or a terminal that shows frames as well.
    Written,
    Off,
}

impl StatusLine {
    /// On a terminal where no frames are shown; elsewhere only if `asked` for. Frames that go into a pipe may well be
    /// shown on the same terminal, by whoever reads them. `results` says whether there are any on standard output.
    pub(super) fn new(asked: bool, results: bool) -> Self {
        let shown_here = results && io::stdout().is_terminal();
        let maybe_shown_here = results && !is_file(io::stdout().as_fd());
        let can_draw = io::stderr().is_terminal()
            && std::env::var_os("TERM").is_some_and(|term| term != "dumb");
        match (can_draw, asked) {
            (true, true) if !shown_here => Self::drawn(),
            (true, false) if !maybe_shown_here => Self::drawn(),
            (_, true) => Self::Written,
            (_, false) => Self::Off,
        }
    }

    fn drawn() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        // Cut at the terminal's edge, whatever its width.
        bar.set_style(
            ProgressStyle::with_template("{wide_msg}").unwrap_or(ProgressStyle::default_bar()),
        );
        Self::Drawn(bar)
    }

    pub(super) fn is_off(&self) -> bool {
        matches!(self, Self::Off)
    }

    pub(super) fn show(&self, text: String) {
        match self {
            Self::Drawn(bar) => {
                bar.set_message(text);
                bar.tick();
            }
            Self::Written => tell(&text),
            Self::Off => {}
        }
    }

    /// Says something that stays, beside the line.
    pub(super) fn tell(&self, message: &str) {
        match self {
            Self::Drawn(bar) => bar.suspend(|| tell(message)),
            _ => tell(message),
        }
    }

    pub(super) fn end(&self) {
        if let Self::Drawn(bar) = self {
            bar.finish_and_clear();
        }
    }
}

/// A file, or nowhere: what is written there is seen by nobody now.
fn is_file(output: BorrowedFd<'_>) -> bool {
    use std::os::unix::fs::FileTypeExt;
    let Ok(file) = output.try_clone_to_owned().map(File::from) else {
        return false;
    };
    file.metadata().is_ok_and(|found| {
        found.is_file() || found.file_type().is_char_device() && !file.is_terminal()
    })
}

/// Shows what `text` says, each second that `run` takes; it is told how long that has been.
pub(super) fn during<T>(
    line: StatusLine,
    mut text: impl FnMut(Duration) -> String + Send,
    run: impl FnOnce() -> T,
) -> T {
    if line.is_off() {
        return run();
    }
    let since = Instant::now();
    thread::scope(|scope| {
        let (running, ended) = channel::<()>();
        scope.spawn(move || {
            while ended.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
                line.show(text(since.elapsed()));
            }
            line.end();
        });
        let done = run();
        drop(running);
        done
    })
}

/// Of so many bytes, where that is known, so many were read in that time.
pub(super) fn bytes(read: u64, in_all: Option<u64>, elapsed: Duration) -> String {
    let rate = (read as f64 / elapsed.as_secs_f64()) as u64;
    let Some(in_all) = in_all.filter(|in_all| *in_all >= read && *in_all > 0) else {
        return format!("{} read, {}/s", HumanBytes(read), HumanBytes(rate));
    };
    let left = match rate {
        0 => String::new(),
        rate => {
            let seconds = (in_all - read).div_ceil(rate);
            let left = FormattedDuration(Duration::from_secs(seconds));
            format!(", {left} left")
        }
    };
    format!(
        "{} of {} read ({} %), {}/s{left}",
        HumanBytes(read),
        HumanBytes(in_all),
        read * 100 / in_all,
        HumanBytes(rate)
    )
}

/// 1234567 as people read it.
pub(super) fn count(n: u64) -> String {
    HumanCount(n).to_string()
}

/// Hours, minutes and seconds.
pub(super) fn clock(span: Duration) -> String {
    FormattedDuration(span).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_follows_from_the_rate() {
        let second = Duration::from_secs(1);
        let text = bytes(256 << 20, Some(1 << 30), second);
        assert_eq!(
            text,
            "256.00 MiB of 1.00 GiB read (25 %), 256.00 MiB/s, 00:00:03 left"
        );
        assert_eq!(bytes(1 << 20, None, second), "1.00 MiB read, 1.00 MiB/s");
        assert_eq!(bytes(0, Some(10), second), "0 B of 10 B read (0 %), 0 B/s");
        // A file that grows while it is read.
        assert_eq!(bytes(11, Some(10), second), "11 B read, 11 B/s");
    }

    #[test]
    fn a_run_is_not_kept_waiting_for_its_line() {
        let since = Instant::now();
        let done = during(StatusLine::Written, |_| unreachable!("too early"), || 7);
        assert_eq!(done, 7);
        assert!(since.elapsed() < INTERVAL);
    }
}
