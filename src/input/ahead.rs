//! Members of gzip files, inflated ahead of who reads them, by whoever has time.
//!
//! A crawl's files are members of a page each, but inflating one tells where the next begins. Here the compressed bytes are cut
//! where a member seems to start, [`Helpers`] inflate these stretches, and the reader gives what they made in the file's order.
//! A stretch whose members do not end where it ends was cut wrongly, or is damaged: then its bytes go back, and [`Members`]
//! reads them as if nobody had looked ahead. So what comes out is the same, whatever stands in the file.

use super::compression::{BUFFER, Bounded, Members, member_starts, read_bounded};
use super::stream::Stream;
use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Compressed bytes that are searched for the end of a stretch: a few pages of a crawl, and about as much as is judged at once
/// when it is inflated. A longer member is inflated by its reader. Chosen by hand.
const WINDOW: usize = 128 << 10;
/// Inflated bytes of a stretch; what grows to more is left to the reader, who takes it in pieces.
const INFLATED: usize = 8 << 20;

/// Stretches that wait for somebody to inflate them.
#[derive(Debug)]
pub(super) struct Helpers {
    waiting: Mutex<VecDeque<Arc<Stretch>>>,
    /// How many stretches a reader may have in memory.
    most: usize,
}

/// Some members of a file.
#[derive(Debug)]
struct Stretch {
    packed: Vec<u8>,
    is_begun: AtomicBool,
    /// None where its members do not end where it does.
    inflated: OnceLock<Option<Vec<u8>>>,
}

impl Helpers {
    pub(super) fn new(most: usize) -> Self {
        Self { waiting: Mutex::default(), most }
    }

    /// Inflates a stretch that nobody has begun; false where there is none.
    pub(super) fn help(&self) -> bool {
        loop {
            let Some(stretch) = self.waiting().pop_front() else { return false };
            if !stretch.is_begun.swap(true, Ordering::Relaxed) {
                stretch.inflated();
                return true;
            }
        }
    }

    fn add(&self, stretch: &Arc<Stretch>) {
        self.waiting().push_back(Arc::clone(stretch));
    }

    /// Nobody needs to inflate it any more.
    fn forget(&self, stretch: &Arc<Stretch>) {
        self.waiting().retain(|waiting| !Arc::ptr_eq(waiting, stretch));
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Arc<Stretch>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stretch {
    fn new(packed: Vec<u8>) -> Self {
        Self { packed, is_begun: AtomicBool::new(false), inflated: OnceLock::new() }
    }

    /// What is in it; waits for who is at it.
    fn inflated(&self) -> Option<&[u8]> {
        let inflate = || {
            self.is_begun.store(true, Ordering::Relaxed);
            inflate(&self.packed)
        };
        self.inflated.get_or_init(inflate).as_deref()
    }
}

fn inflate(packed: &[u8]) -> Option<Vec<u8>> {
    let mut members = Members::new(Stream::new(Box::new(io::Cursor::new(packed.to_vec()))));
    match read_bounded(&mut members, INFLATED) {
        Bounded::Whole(inflated) if members.is_between() => Some(inflated),
        _ => None,
    }
}

/// A reader of a gzip file.
pub(super) struct Ahead {
    /// What no stretch is cut of yet.
    packed: Stream,
    stretches: VecDeque<Arc<Stretch>>,
    /// How far the first of them is read.
    at: usize,
    /// Reads the members that were not found ahead.
    by_itself: Option<BufReader<Members>>,
    helpers: Arc<Helpers>,
}

impl Ahead {
    pub(super) fn new(packed: Stream, helpers: Arc<Helpers>) -> Self {
        let packed = packed.in_pages(BUFFER as u64);
        Self { packed, stretches: VecDeque::new(), at: 0, by_itself: None, helpers }
    }

    /// Cuts as many stretches as there may be.
    fn look_ahead(&mut self) {
        while self.stretches.len() < self.helpers.most
            && let Some(packed) = self.cut()
        {
            let stretch = Arc::new(Stretch::new(packed));
            self.helpers.add(&stretch);
            self.stretches.push_back(stretch);
        }
    }

    /// The bytes up to the last place of the window where a member may start; none where that is the first, or where the file
    /// cannot be read: who comes to the place will see.
    fn cut(&mut self) -> Option<Vec<u8>> {
        let mut packed = Vec::with_capacity(WINDOW);
        let read = (&mut self.packed).take(WINDOW as u64).read_to_end(&mut packed);
        let is_rest = read.is_ok() && packed.len() < WINDOW;
        let end = if is_rest { packed.len() } else { member_starts(&packed).last().unwrap_or(0) };
        self.packed.unread(packed.split_off(end));
        (end > 0 && read.is_ok()).then_some(packed)
    }

    /// Puts all stretches back.
    fn go_back(&mut self) {
        for stretch in self.stretches.drain(..).rev() {
            self.helpers.forget(&stretch);
            self.packed.unread(stretch.packed.clone());
        }
    }

    /// Goes to the next bytes; false at the end.
    fn advance(&mut self) -> io::Result<bool> {
        loop {
            if let Some(members) = &mut self.by_itself {
                if !members.fill_buf()?.is_empty() {
                    return Ok(true);
                }
                let Some(packed) = self.by_itself.take().and_then(|members| members.into_inner().rest())
                else {
                    return Ok(false);
                };
                self.packed = packed;
            }
            if self.stretches.is_empty() {
                self.look_ahead();
            }
            match self.stretches.front().map(|stretch| stretch.inflated().map(<[u8]>::len)) {
                Some(Some(length)) if self.at < length => return Ok(true),
                Some(Some(_)) => self.leave(),
                Some(None) => {
                    self.go_back();
                    self.read_by_itself();
                }
                None => self.read_by_itself(),
            }
        }
    }

    /// Leaves the first stretch, which is read.
    fn leave(&mut self) {
        self.at = 0;
        if let Some(read) = self.stretches.pop_front() {
            self.helpers.forget(&read);
        }
        self.look_ahead();
    }

    fn read_by_itself(&mut self) {
        let packed = std::mem::replace(&mut self.packed, Stream::new(Box::new(io::empty())));
        self.by_itself = Some(BufReader::with_capacity(BUFFER, Members::single(packed)));
    }
}

impl Read for Ahead {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(out)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Ahead {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if !self.advance()? {
            return Ok(&[]);
        }
        match (&mut self.by_itself, self.stretches.front()) {
            (Some(members), _) => members.fill_buf(),
            (None, stretch) => {
                let inflated = stretch.and_then(|stretch| stretch.inflated());
                Ok(inflated.and_then(|inflated| inflated.get(self.at..)).unwrap_or_default())
            }
        }
    }

    fn consume(&mut self, count: usize) {
        match &mut self.by_itself {
            Some(members) => members.consume(count),
            None => self.at += count,
        }
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.stretches.iter().for_each(|stretch| self.helpers.forget(stretch));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    /// A member of so many bytes that do not compress.
    fn member(seed: u32, length: usize) -> Vec<u8> {
        let mut state = seed;
        let noise = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        });
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&noise.take(length).collect::<Vec<_>>()).unwrap();
        encoder.finish().unwrap()
    }

    /// All that comes out, piece by piece, with the errors; ends as a reader of records would.
    fn read(mut from: impl BufRead) -> (Vec<u8>, Vec<String>) {
        let (mut bytes, mut errors) = (Vec::new(), Vec::new());
        loop {
            match from.fill_buf() {
                Ok([]) => return (bytes, errors),
                Ok(piece) => {
                    let length = piece.len().min(1000);
                    bytes.extend_from_slice(&piece[..length]);
                    from.consume(length);
                }
                Err(error) => errors.push(error.to_string()),
            }
        }
    }

    fn stream(file: &[u8]) -> Stream {
        Stream::new(Box::new(io::Cursor::new(file.to_vec())))
    }

    /// Whether the file gives the same when it is read ahead, with help and without.
    fn is_alike(file: &[u8]) -> bool {
        let pages = BufReader::with_capacity(BUFFER, io::Cursor::new(file.to_vec()));
        let plain = Members::new(Stream::new(Box::new(pages)));
        let plain = read(BufReader::with_capacity(BUFFER, plain));
        let read_ahead = |helpers: Arc<Helpers>| read(Ahead::new(stream(file), helpers)) == plain;
        let helpers = Arc::new(Helpers::new(3));
        let (alike, is_over) = (read_ahead(Arc::new(Helpers::new(1))), AtomicBool::new(false));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    helpers.help();
                }
            });
            let alike = alike && read_ahead(Arc::clone(&helpers));
            is_over.store(true, Ordering::Relaxed);
            alike && helpers.waiting.lock().unwrap().is_empty()
        })
    }

    fn crawl() -> Vec<Vec<u8>> {
        // One is longer than a stretch can be.
        (1..60).map(|n| member(n, if n == 40 { 3 * WINDOW } else { 9000 + 37 * n as usize })).collect()
    }

    #[test]
    fn what_is_inflated_ahead_is_what_one_reader_would_give() {
        let crawl = crawl().concat();
        assert!(is_alike(&crawl));
        assert!(is_alike(&member(1, 5 * WINDOW)));
        assert!(is_alike(&[crawl.clone(), vec![0; 700], crawl.clone()].concat()));
        assert!(is_alike(&[]));
        for length in [1, 9, 100_000, WINDOW, WINDOW + 5, crawl.len() - 3] {
            assert!(is_alike(&crawl[..length]), "{length} bytes");
        }
    }

    #[test]
    fn damage_gives_the_same_errors_and_the_same_bytes_behind_them() {
        let members = crawl();
        let starts: Vec<usize> =
            members.iter().scan(0, |at, member| Some(std::mem::replace(at, *at + member.len()))).collect();
        let whole = members.concat();
        for at in 0..members.len() {
            for distance in [0, 1, 2, 9, 30, 5000, members[at].len() - 3] {
                let mut file = whole.clone();
                file[starts[at] + distance] ^= 0x55;
                assert!(is_alike(&file), "byte {distance} of member {at}");
            }
        }
    }

    #[test]
    fn what_looks_like_a_member_inside_another_one_costs_nothing() {
        let inner = member(7, 50);
        // Stored as it is, so that the start of a member stands in the middle of one.
        let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
        encoder.write_all(&inner.repeat(3000)).unwrap();
        let file = [member(1, 100), encoder.finish().unwrap(), member(2, 100)].concat();
        assert!(is_alike(&file));
    }

    #[test]
    fn zstandard_frames_between_members_are_read() {
        let frame = zstd::encode_all([b'z'; 500].as_slice(), 0).unwrap();
        let file = [crawl().concat(), frame.clone(), member(3, 900), frame, crawl().concat()].concat();
        assert!(is_alike(&file));
    }
}
