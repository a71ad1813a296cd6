//! Bodies seen so far → which of them a body is a copy of. What the index takes in memory is bounded.
//!
//! Bodies of one text are found by its hash. Near copies meet in one of the bands of their sketches (locality-sensitive hashing),
//! and the whole sketches are compared then. Bodies that are copies are not entered, so a copy is one of the body that is named,
//! and no chain of small changes leads from one text to another.

use super::fingerprint::{BAND, BANDS, Fingerprint, PLACES, Sketch, agreeing, is_near, share};
use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Bodies of one band that are entered and compared: so many share four places with others by a sentence that stands on all of
/// them, and say nothing any more.
const CROWD: usize = 64;
/// Bytes that a slot of a table takes at most: the number, its control byte, and the room of a table that has just grown.
const SLOT: usize = 12;
/// Bytes that a body takes at most without its sketch: hash, place of its id, a slot.
const BODY: usize = (16 + 8) * 9 / 8 + SLOT;
/// Bytes that a sketch takes at most: its places, its number with each body, a slot in each band.
const SKETCH: usize = (PLACES + 4) * 9 / 8 + BANDS * SLOT;

/// Bodies by what they are compared by, in the order in which they were entered.
#[derive(Debug, Default)]
pub(crate) struct Index {
    texts: Vec<u128>,
    by_text: HashTable<u32>,
    /// Sketches, and of which body each is.
    sketches: Vec<(u32, Sketch)>,
    by_band: [HashTable<u32>; BANDS],
    /// Ids one after another, where each ends, and whether the body is a kept page's.
    ids: String,
    ends: Vec<u64>,
    kept: Vec<bool>,
    /// Bytes that may be taken, and that are.
    most: usize,
    taken: usize,
    /// Whether no body is entered any more.
    is_full: bool,
}

/// The body of which another is a copy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Copied<'i> {
    /// The page's id.
    pub(crate) of: &'i str,
    /// 1 for the same text, else the share of common runs of words.
    pub(crate) alike: f32,
    /// Whether the text is the same.
    pub(crate) is_exact: bool,
}

impl Index {
    /// An index without bodies that takes so many bytes of memory at most.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    /// The body that this one is a copy of: the first of the same text, else the one that is most alike. `among_kept` looks at
    /// kept pages only.
    pub(crate) fn find(&self, body: &Fingerprint, among_kept: bool) -> Option<Copied<'_>> {
        let counts = |at: u32| !among_kept || self.kept.get(at as usize) == Some(&true);
        let same = self.by_text.iter_hash(text_hash(body.text)).copied();
        let same = same.filter(|at| self.texts.get(*at as usize) == Some(&body.text) && counts(*at)).min();
        if let Some(at) = same {
            return Some(Copied { of: self.id(at)?, alike: 1.0, is_exact: true });
        }
        let (places, at) = self.nearest(body.sketch.as_ref()?, counts)?;
        let alike = share(places);
        is_near(alike).then_some(Copied { of: self.id(at)?, alike, is_exact: false })
    }

    /// The body that agrees in most places, the first of several, and in how many.
    fn nearest(&self, sketch: &Sketch, counts: impl Fn(u32) -> bool) -> Option<(u8, u32)> {
        let mut nearest: Option<(u8, u32)> = None;
        for (number, table) in self.by_band.iter().enumerate() {
            let key = band(sketch, number);
            for at in table.iter_hash(band_hash(number, key)) {
                let Some((body, other)) = self.sketches.get(*at as usize) else { continue };
                if band(other, number) != key || !counts(*body) {
                    continue;
                }
                let places = agreeing(sketch, other);
                if nearest.is_none_or(|(most, first)| places > most || places == most && *body < first) {
                    nearest = Some((places, *body));
                }
            }
        }
        nearest
    }

    /// Bodies that are entered.
    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether no body is entered any more.
    pub(crate) fn is_full(&self) -> bool {
        self.is_full
    }

    /// Enters no body any more.
    pub(crate) fn close(&mut self) {
        self.is_full = true;
    }

    /// Enters a body; whether there was room for it. Where there was none for one, no other is entered either.
    pub(crate) fn add(&mut self, id: &str, kept: bool, body: &Fingerprint) -> bool {
        let bytes = BODY + id.len() * 9 / 8 + body.sketch.map_or(0, |_| SKETCH);
        let Ok(number) = u32::try_from(self.texts.len()) else { return false };
        self.is_full |= self.taken.saturating_add(bytes) > self.most;
        if self.is_full {
            return false;
        }
        self.taken += bytes;
        push(&mut self.texts, body.text);
        push(&mut self.kept, kept);
        reserve_string(&mut self.ids, id.len());
        self.ids.push_str(id);
        push(&mut self.ends, self.ids.len() as u64);
        let texts = &self.texts;
        let rehash = |at: &u32| text_hash(texts.get(*at as usize).copied().unwrap_or_default());
        self.by_text.insert_unique(text_hash(body.text), number, rehash);
        if let Some(sketch) = body.sketch {
            self.add_sketch(number, sketch);
        }
        true
    }

    fn add_sketch(&mut self, body: u32, sketch: Sketch) {
        let at = self.sketches.len() as u32;
        push(&mut self.sketches, (body, sketch));
        let sketches = &self.sketches;
        let band_of = |at: u32, number: usize| {
            sketches.get(at as usize).map(|(_, sketch)| band(sketch, number)).unwrap_or_default()
        };
        for (number, table) in self.by_band.iter_mut().enumerate() {
            let key = band(&sketch, number);
            let hash = band_hash(number, key);
            let crowd = table.iter_hash(hash).filter(|other| band_of(**other, number) == key);
            if crowd.count() < CROWD {
                table.insert_unique(hash, at, |other| band_hash(number, band_of(*other, number)));
            }
        }
    }

    fn id(&self, body: u32) -> Option<&str> {
        let at = body as usize;
        let start = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.ids.get(start as usize..*self.ends.get(at)? as usize)
    }
}

/// The four places of a band.
fn band(sketch: &Sketch, number: usize) -> [u8; BAND] {
    sketch.as_chunks().0.get(number).copied().unwrap_or_default()
}

fn band_hash(number: usize, key: [u8; BAND]) -> u64 {
    xxh3_64_with_seed(&key, number as u64)
}

/// The hash of a text is spread already.
fn text_hash(text: u128) -> u64 {
    text as u64
}

/// Adds to a list that grows by an eighth: to double it would take twice what is in it.
fn push<T>(list: &mut Vec<T>, item: T) {
    if list.len() == list.capacity() {
        list.reserve_exact(list.len() / 8 + 1);
    }
    list.push(item);
}

fn reserve_string(text: &mut String, more: usize) {
    if text.capacity() - text.len() < more {
        text.reserve_exact(more.max(text.len() / 8));
    }
}

#[cfg(test)]
mod tests;
