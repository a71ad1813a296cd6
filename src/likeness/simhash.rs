//! Hashes → one hash that is near where most of them are the same (Charikar 2002; of web pages Manku, Jain & Das Sarma 2007).

use super::shingles::shingles;

/// The similarity hash of a text that is given block by block; none where it has no word.
///
/// Each bit is that of most of the text's runs of three words. Bodies of which one word in twenty was changed differ in 10 of the
/// 64 bits at the median, unrelated ones in 32. As a hash it is a first look; [`Fingerprint`](super::Fingerprint)s tell copies.
///
/// ```
/// use pagesieve::likeness::simhash;
/// assert_eq!(simhash(["The ferry sails", "at noon."]), simhash(["the FERRY sails at noon"]));
/// assert_eq!(simhash(["…"]), None);
/// ```
pub fn simhash<'t>(texts: impl IntoIterator<Item = &'t str>) -> Option<u64> {
    let mut votes = Votes::default();
    shingles(texts, |run| votes.add(run));
    votes.hash()
}

/// How many hashes have each bit.
#[derive(Default)]
pub(super) struct Votes {
    /// The counts of all bits side by side: the lowest binary digit of each, then the next one. All are added to at once, with
    /// what is carried, and that seldom goes far.
    digits: [u64; 32],
    count: u32,
}

impl Votes {
    pub(super) fn add(&mut self, hash: u64) {
        let mut carried = hash;
        for digits in &mut self.digits {
            (*digits, carried) = (*digits ^ carried, *digits & carried);
            if carried == 0 {
                break;
            }
        }
        self.count += 1;
    }

    /// The bits that more than half of the hashes have; none without a hash.
    pub(super) fn hash(&self) -> Option<u64> {
        let digit = |(at, digits): (usize, &u64), bit: u32| (digits >> bit & 1) << at;
        let count = |bit| self.digits.iter().enumerate().map(|digits| digit(digits, bit)).sum::<u64>();
        let set = |bit| u64::from(2 * count(bit) > u64::from(self.count)) << bit;
        (self.count > 0).then(|| (0..64).map(set).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bit_is_that_of_most_hashes() {
        let mut votes = Votes::default();
        assert_eq!(votes.hash(), None);
        for hash in [0b011, 0b110, 0b010 | 1 << 63] {
            votes.add(hash);
        }
        assert_eq!(votes.hash(), Some(0b010));
        let mut votes = Votes::default();
        (0..1000).for_each(|number: u64| votes.add(u64::from(number > 499) << 7 | u64::from(number > 500)));
        assert_eq!(votes.hash(), Some(0));
        votes.add(1 << 7);
        assert_eq!(votes.hash(), Some(1 << 7));
    }
}
