//! A line of progress on standard error, where that is a terminal.

use super::tally::Tally;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::{Duration, Instant};

/// The line of progress.
pub(super) struct Progress {
    bar: ProgressBar,
    started: Instant,
    before: (u64, u64),
}

impl Progress {
    /// Starts the line; `before` was counted by the run that is resumed.
    pub(super) fn new(quiet: bool, before: &Tally) -> Self {
        // Standard error's draw target hides itself where it is no terminal.
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed_precise}  {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, started: Instant::now(), before: (before.pages, before.bytes) }
    }

    /// Shows what was counted.
    pub(super) fn show(&self, tally: &Tally) {
        if self.bar.is_hidden() {
            return;
        }
        let seconds = self.started.elapsed().as_secs_f64().max(1e-3);
        let rate = (tally.pages - self.before.0) as f64 / seconds;
        let megabytes = (tally.bytes - self.before.1) as f64 / 1e6 / seconds;
        let Tally { pages, kept, rejected, .. } = tally;
        let text =
            format!("{pages} pages, {rate:.0}/s, {megabytes:.1} MB/s; {kept} kept, {rejected} rejected");
        self.bar.set_message(text);
    }

    /// Does something that writes to standard error beside the line.
    pub(super) fn suspend(&self, write: impl FnOnce()) {
        self.bar.suspend(write);
    }

    /// Takes the line away.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
