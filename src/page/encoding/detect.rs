//! The encoding of bytes that nothing speaks of, by their statistics.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

/// Non-ASCII runs that are looked at, bytes: sixteen thousand Chinese characters decide every case, and more
/// would take milliseconds.
const SAMPLE: usize = 32 << 10;

/// Votes are asked for from this many parts of a page.
const PARTS: usize = 8;

/// Bytes of one part that votes: eighty Chinese characters are enough for the detector.
const PART: usize = 160;

/// Guesses the encoding of bytes that are not UTF-8.
///
/// The detector strikes out a two-byte encoding at the first malformed sequence, and pages have those: texts
/// cut at a byte, text of two sources. So parts of the text vote. A third of the votes is enough for a two-byte
/// encoding, since a text in another encoding hardly ever passes for it; else the whole decides. Markup is left
/// out, so that a page with a long ASCII head is judged by its text.
pub(super) fn detect(bytes: &[u8]) -> &'static Encoding {
    let sample = sample(bytes);
    let total: usize = sample.iter().map(|run| run.len()).sum();
    let parts = parts(&sample, (total / PARTS).max(PART));
    let votes = parts.into_iter().map(|part| (guess(part), part.iter().map(|run| run.len()).sum()));
    let winner = two_byte_winner(votes).filter(|(_, votes)| votes * 3 >= total);
    winner.map_or_else(|| guess(&sample), |(encoding, _)| encoding)
}

/// Runs of text with a non-ASCII byte.
fn sample(bytes: &[u8]) -> Vec<&[u8]> {
    let mut total = 0;
    let within = |run: &&[u8]| {
        let before = total;
        total += run.len();
        before < SAMPLE
    };
    runs(bytes).take_while(within).map(|run| run.get(..SAMPLE).unwrap_or(run)).collect()
}

/// The runs in parts of at least `size` bytes, but for the last one.
fn parts<'r, 'a>(runs: &'r [&'a [u8]], size: usize) -> Vec<&'r [&'a [u8]]> {
    let (mut in_part, mut full) = (0, false);
    let parts = runs.chunk_by(move |run, _| {
        in_part = if full { run.len() } else { in_part + run.len() };
        full = in_part >= size;
        !full
    });
    parts.collect()
}

/// Runs with a non-ASCII byte between `<`, `>` and line ends. No encoding of the Web but the UTF-16 and
/// ISO-2022 families has these bytes inside a character.
fn runs(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let runs = bytes.split(|byte| matches!(byte, b'<' | b'>' | b'\n' | b'\r'));
    runs.filter(|run| !run.is_ascii())
}

fn guess(runs: &[&[u8]]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    for run in runs {
        detector.feed(run, false);
        detector.feed(b"\n", false);
    }
    detector.feed(b"", true);
    detector.guess(None, Utf8Detection::Deny)
}

/// The two-byte encoding with the most votes, and their number; of equals the first.
fn two_byte_winner(
    votes: impl Iterator<Item = (&'static Encoding, usize)>,
) -> Option<(&'static Encoding, usize)> {
    let mut sums: Vec<(&'static Encoding, usize)> = Vec::new();
    for (encoding, weight) in votes.filter(|(encoding, _)| !encoding.is_single_byte()) {
        match sums.iter_mut().find(|(known, _)| *known == encoding) {
            Some((_, sum)) => *sum += weight,
            None => sums.push((encoding, weight)),
        }
    }
    sums.into_iter().rev().max_by_key(|(_, sum)| *sum)
}
