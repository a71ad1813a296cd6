//! Messages on standard error, one line each with the program's name first, and results on standard output.

use crate::output::printable;
use std::io::{self, Write};

/// Writes a result to standard output as it is; what pages or files say has been made printable before.
pub(super) fn print(text: impl AsRef<[u8]>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_ref())?;
    out.flush()
}

/// Writes the error with its causes in one line.
pub(super) fn error(error: &anyhow::Error) {
    line("error", &one_line(error));
}

/// Writes something that the user should know and that stops nothing.
pub(super) fn note(text: &str) {
    line("note", text);
}

fn line(kind: &str, text: &str) {
    let text = text.replace('\n', " ");
    // Where standard error is closed, there is nobody to tell.
    let _ = writeln!(io::stderr().lock(), "pagesieve: {kind}: {}", printable(&text));
}

/// The error and its causes; a cause that the message before it has told already is left out.
pub(super) fn one_line(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.contains(&cause) {
            continue;
        }
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&cause);
    }
    text
}

/// Whether the reader of our output has gone away, as `head` does.
pub(super) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let causes = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
    causes.into_iter().any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    #[test]
    fn a_cause_is_told_once() {
        let error = Error::io("write", "kept.jsonl")(io::Error::other("the disk is full"));
        let error = anyhow::Error::new(error).context("the run stopped");
        assert_eq!(one_line(&error), "the run stopped: cannot write `kept.jsonl`: the disk is full");
    }

    #[test]
    fn a_broken_pipe_is_found_below_its_context() {
        let pipe = anyhow::Error::new(io::Error::from(io::ErrorKind::BrokenPipe)).context("standard output");
        assert!(is_broken_pipe(&pipe));
        assert!(!is_broken_pipe(&anyhow::anyhow!("broken pipe")));
    }
}
