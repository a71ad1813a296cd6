//! A buffered reader with look-ahead, a position and a scan for the next place where a format starts.

use std::io::{self, BufRead, Read};

/// Any source of bytes.
pub(super) type Reader = Box<dyn BufRead + Send>;

/// A reader that can look ahead over the edges of its buffer.
pub(super) struct Stream {
    inner: Reader,
    /// Bytes that were looked at and not yet consumed.
    ahead: Vec<u8>,
    at: usize,
    position: u64,
    /// What was consumed since [`Stream::record`].
    recorded: Option<Vec<u8>>,
    /// See [`Stream::in_pages`].
    page: Option<u64>,
}

/// What a scan came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scan {
    /// Bytes that were passed over.
    pub(super) skipped: u64,
    /// Whether the stream now stands at what was looked for; else it is at its end.
    pub(super) found: bool,
}

impl Stream {
    pub(super) fn new(inner: Reader) -> Self {
        Self { inner, ahead: Vec::new(), at: 0, position: 0, recorded: None, page: None }
    }

    /// Has [`BufRead::fill_buf`] give all bytes up to the next multiple of `page` in the stream, and none behind it. How much a
    /// decoder makes of damaged bytes depends on how many it is given at once; so that does not depend on what was given back.
    pub(super) fn in_pages(self, page: u64) -> Self {
        Self { page: Some(page), ..self }
    }

    /// Keeps what is consumed from here on, in this memory; nothing without one.
    pub(super) fn record(&mut self, memory: Option<Vec<u8>>) {
        self.recorded = memory;
        if let Some(recorded) = &mut self.recorded {
            recorded.clear();
        }
    }

    /// What was consumed since it was to be kept; nothing is kept any more.
    pub(super) fn recorded(&mut self) -> Option<Vec<u8>> {
        self.recorded.take()
    }

    /// Bytes consumed so far.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// The next `count` bytes, fewer at the end. After an error nothing that was looked at is left.
    pub(super) fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.ahead.len() - self.at < count {
            match self.inner.fill_buf() {
                Ok([]) => break,
                Ok(chunk) => {
                    let take = chunk.len().min(count - (self.ahead.len() - self.at));
                    self.ahead.extend_from_slice(chunk.get(..take).unwrap_or_default());
                    self.inner.consume(take);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.forget();
                    return Err(error);
                }
            }
        }
        let end = self.ahead.len().min(self.at + count);
        Ok(self.ahead.get(self.at..end).unwrap_or_default())
    }

    /// Gives bytes back that were consumed; they come once more.
    pub(super) fn unread(&mut self, mut bytes: Vec<u8>) {
        self.position = self.position.saturating_sub(bytes.len() as u64);
        bytes.extend_from_slice(self.ahead.get(self.at..).unwrap_or_default());
        (self.ahead, self.at) = (bytes, 0);
    }

    fn forget(&mut self) {
        self.ahead.clear();
        self.at = 0;
    }

    /// Moves on to the next place that `accept` takes. `candidate` finds the first place of a chunk that is
    /// worth a look; `accept` is given the byte before it and up to `window` bytes from it on.
    pub(super) fn scan(
        &mut self,
        window: usize,
        candidate: impl Fn(&[u8]) -> Option<usize>,
        accept: impl Fn(Option<u8>, &[u8]) -> bool,
    ) -> io::Result<Scan> {
        let start = self.position;
        let mut before = None;
        loop {
            let chunk = self.fill_buf()?;
            if chunk.is_empty() {
                return Ok(Scan { skipped: self.position - start, found: false });
            }
            let at = candidate(chunk).unwrap_or(chunk.len());
            before = at.checked_sub(1).and_then(|last| chunk.get(last).copied()).or(before);
            self.consume(at);
            let seen = self.peek(window)?;
            if accept(before, seen) {
                return Ok(Scan { skipped: self.position - start, found: true });
            }
            if let Some(&first) = seen.first() {
                before = Some(first);
                self.consume(1);
            }
        }
    }
}

impl Read for Stream {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read =
            if self.at < self.ahead.len() { self.fill_buf()?.read(out)? } else { self.inner.read(out)? };
        if self.at < self.ahead.len() {
            self.consume(read);
        } else {
            self.position += read as u64;
            if let Some(recorded) = &mut self.recorded {
                recorded.extend_from_slice(out.get(..read).unwrap_or_default());
            }
        }
        Ok(read)
    }
}

impl BufRead for Stream {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if let Some(page) = self.page {
            return self.peek((page - self.position % page) as usize);
        }
        if self.at < self.ahead.len() {
            return Ok(self.ahead.get(self.at..).unwrap_or_default());
        }
        loop {
            match self.inner.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // The borrow of the buffer cannot leave the loop; the second call gives the same bytes.
                Ok(_) => return self.inner.fill_buf(),
                Err(error) => return Err(error),
            }
        }
    }

    fn consume(&mut self, count: usize) {
        if let Some(mut recorded) = self.recorded.take() {
            // What is consumed was given by `fill_buf`, which gives the same bytes again.
            recorded.extend_from_slice(
                self.fill_buf().ok().and_then(|chunk| chunk.get(..count)).unwrap_or_default(),
            );
            self.recorded = Some(recorded);
        }
        self.position += count as u64;
        if self.at >= self.ahead.len() {
            return self.inner.consume(count);
        }
        self.at += count;
        if self.at >= self.ahead.len() {
            self.forget();
        }
    }
}

/// Bytes of a row of results, at most: it holds a page's text twice, and a page is bounded.
pub(crate) const LONGEST_ROW: usize = 256 << 20;

/// Reads the next line without its end into `line`, and gives the bytes that it takes with its end; 0 where there is no
/// line. A line that takes more than `most` is passed over: `line` is empty then.
pub(crate) fn read_line(from: &mut impl BufRead, line: &mut Vec<u8>, most: usize) -> io::Result<usize> {
    line.clear();
    let (mut length, mut ended) = (0, false);
    while !ended {
        let chunk = from.fill_buf()?;
        if chunk.is_empty() {
            break;
        }
        let end = memchr::memchr(b'\n', chunk);
        let part = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
        let used = part.len() + usize::from(end.is_some());
        length += used;
        if length <= most {
            line.extend_from_slice(part);
        } else {
            *line = Vec::new();
        }
        ended = end.is_some();
        from.consume(used);
    }
    Ok(length)
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream").field("position", &self.position).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    /// A stream whose buffer holds `size` bytes, so that everything crosses its edges.
    fn stream(text: &'static str, size: usize) -> Stream {
        Stream::new(Box::new(BufReader::with_capacity(size, text.as_bytes())))
    }

    #[test]
    fn peek_crosses_the_edge_of_the_buffer_and_consumes_nothing() {
        let mut stream = stream("abcdefgh", 3);
        assert_eq!(stream.peek(5).unwrap(), b"abcde");
        assert_eq!(stream.position(), 0);
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), stream.position()), ("abcdefgh", 8));
    }

    #[test]
    fn peek_past_the_end_gives_what_is_there() {
        assert_eq!(stream("ab", 3).peek(5).unwrap(), b"ab");
    }

    #[test]
    fn what_was_given_back_comes_once_more() {
        let mut stream = stream("abcdefgh", 3);
        let mut start = [0; 4];
        stream.read_exact(&mut start).unwrap();
        stream.peek(2).unwrap();
        stream.unread(start.to_vec());
        assert_eq!((stream.position(), stream.peek(5).unwrap()), (0, b"abcde".as_slice()));
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), stream.position()), ("abcdefgh", 8));
    }

    #[test]
    fn lines_over_the_limit_are_passed_over_whole() {
        for size in 1..9 {
            let (mut stream, mut line) = (stream("ab\n\nabcdef\ncd", size), Vec::new());
            let mut found = Vec::new();
            loop {
                match read_line(&mut stream, &mut line, 3).unwrap() {
                    0 => break,
                    length => found.push((length, String::from_utf8(line.clone()).unwrap())),
                }
            }
            let expected = [(3, "ab"), (1, ""), (7, ""), (2, "cd")];
            assert_eq!(found, expected.map(|(length, text)| (length, text.to_owned())));
        }
    }

    #[test]
    fn scan_stands_at_the_place_it_found() {
        for size in 1..9 {
            let mut stream = stream("xxWxW!rest", size);
            let scan = stream
                .scan(
                    2,
                    |chunk| chunk.iter().position(|&b| b == b'W'),
                    |before, seen| before == Some(b'x') && seen == b"W!",
                )
                .unwrap();
            assert_eq!(scan, Scan { skipped: 4, found: true });
            let mut rest = String::new();
            stream.read_to_string(&mut rest).unwrap();
            assert_eq!(rest, "W!rest");
        }
    }
}
