//! A body → what it is compared by: a hash that only the same text has, and a sketch of its runs of words.
//!
//! The sketch is `MinHash` by one permutation (Li, Owen & Zhang 2012): each run falls by its hash into one of [`PLACES`] places,
//! and of each place the smallest hash counts. A place without a run takes that of another (Shrivastava 2017), so that short
//! bodies have whole sketches. Two bodies agree in as many places as they share of all their runs (Jaccard), on average; of each
//! place one byte is kept (Li & König 2010), which two different hashes share once in 256.
//!
//! A `SimHash` alone is too coarse for this: a test of the index shows how many pairs it would get wrong.

use super::shingles::shingles;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// Places of a sketch that make a band: bodies that agree in all of one are looked at.
pub(super) const BAND: usize = 4;
/// Bands of a sketch. Of two bodies that share three quarters of their runs 99.9 % meet in one of twenty bands, of those that
/// share a tenth 0.2 %.
pub(super) const BANDS: usize = 20;
/// Places of a sketch; one more than 255 would not fit what counts them.
pub(super) const PLACES: usize = BAND * BANDS;
/// A sketch with fewer places that a run fell into says too little: a body of about 30 words. Shorter ones are copies only
/// where they are the same.
const LEAST: usize = 24;
/// From this share of common runs on a body is a near copy: one word in nine is another. Chosen by hand between copies of which
/// one in twenty was changed, which share 0.75, and articles that have a quarter of their text in common, which share 0.14.
#[cfg(feature = "cli")]
const NEAR: f32 = 0.55;

/// What makes a body a copy of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// The same text, but for white space.
    Exact,
    /// The same, or most runs of three words are.
    Near,
}

/// A sketch of a body's runs of words.
pub(super) type Sketch = [u8; PLACES];

/// What a body is compared by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// Hash of the text.
    pub(super) text: u128,
    /// None where bodies are compared by their text alone, or have too few words.
    pub(super) sketch: Option<Sketch>,
}

impl Fingerprint {
    /// Of a body that is given block by block; none where it has no text.
    ///
    /// ```
    /// use pagesieve::likeness::{Fingerprint, Likeness};
    /// let of = |text| Fingerprint::of([text], Likeness::Exact).unwrap();
    /// assert_eq!(of("The ferry\n sails").alike(&of("The ferry sails")), 1.0);
    /// assert!(Fingerprint::of([" "], Likeness::Exact).is_none());
    /// ```
    pub fn of<'t>(texts: impl IntoIterator<Item = &'t str> + Clone, likeness: Likeness) -> Option<Self> {
        let mut hash = Xxh3::new();
        let mut is_empty = true;
        for word in texts.clone().into_iter().flat_map(str::split_whitespace) {
            hash.update(word.as_bytes());
            hash.update(b" ");
            is_empty = false;
        }
        let sketch = if likeness == Likeness::Near { sketch(texts) } else { None };
        (!is_empty).then(|| Self { text: hash.digest128(), sketch })
    }

    /// Appends the fingerprint as bytes: the text's hash, how many places there are, and these.
    #[cfg(feature = "cli")]
    pub(crate) fn append_to(&self, out: &mut Vec<u8>) {
        out.extend(self.text.to_le_bytes());
        let sketch = self.sketch.as_ref().map(<[u8; PLACES]>::as_slice).unwrap_or_default();
        out.push(sketch.len() as u8);
        out.extend(sketch);
    }

    /// Reads what [`Fingerprint::append_to`] has written.
    #[cfg(feature = "cli")]
    pub(crate) fn read(from: &mut impl std::io::Read) -> std::io::Result<Self> {
        let (mut text, mut places, mut sketch) = ([0; 16], [0], [0; PLACES]);
        from.read_exact(&mut text)?;
        from.read_exact(&mut places)?;
        let has_sketch = usize::from(places[0]) == PLACES;
        if has_sketch {
            from.read_exact(&mut sketch)?;
        } else if places != [0] {
            return Err(std::io::ErrorKind::InvalidData.into());
        }
        Ok(Self { text: u128::from_le_bytes(text), sketch: has_sketch.then_some(sketch) })
    }

    /// How alike two bodies are, 0 to 1: 1 for the same text, else about the share of all runs of three words of the two that
    /// both have. 0 where one of them is too short to tell.
    pub fn alike(&self, other: &Self) -> f32 {
        if self.text == other.text {
            return 1.0;
        }
        match (&self.sketch, &other.sketch) {
            (Some(one), Some(two)) => share(agreeing(one, two)),
            _ => 0.0,
        }
    }
}

/// Whether that share of common runs makes a near copy.
#[cfg(feature = "cli")]
pub(super) fn is_near(share: f32) -> bool {
    share >= NEAR
}

/// Places in which two sketches agree.
pub(super) fn agreeing(one: &Sketch, two: &Sketch) -> u8 {
    one.iter().zip(two).map(|(one, two)| u8::from(one == two)).sum()
}

/// The share of common runs that so many places speak for, without those that agree by chance.
pub(super) fn share(agreeing: u8) -> f32 {
    const CHANCE: f32 = 1.0 / 256.0;
    ((f32::from(agreeing) / PLACES as f32 - CHANCE) / (1.0 - CHANCE)).max(0.0)
}

fn sketch<'t>(texts: impl IntoIterator<Item = &'t str>) -> Option<Sketch> {
    let mut least = [u32::MAX; PLACES];
    shingles(texts, |run| {
        let place = ((run >> 32) * PLACES as u64) >> 32;
        if let Some(least) = least.get_mut(place as usize) {
            *least = (*least).min(run as u32);
        }
    });
    let is_filled = |place: usize| least.get(place).is_some_and(|least| *least != u32::MAX);
    if (0..PLACES).filter(|place| is_filled(*place)).count() < LEAST {
        return None;
    }
    let mut sketch = [0; PLACES];
    for (place, byte) in sketch.iter_mut().enumerate() {
        // A third of the places is filled: so many turns find one as surely as anything is.
        let from = (0..1000).map(|turn| lender(place, turn)).find(|place| is_filled(*place)).unwrap_or(place);
        *byte = least.get(from).copied().unwrap_or_default() as u8;
    }
    Some(sketch)
}

/// The place that lends its hash to an empty one, at the first turn itself.
fn lender(place: usize, turn: u64) -> usize {
    if turn == 0 {
        return place;
    }
    let hash = xxh3_64(&[(place as u64).to_le_bytes(), turn.to_le_bytes()].concat());
    (((hash >> 32) * PLACES as u64) >> 32) as usize
}
