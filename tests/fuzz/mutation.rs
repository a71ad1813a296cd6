//! A generator of random numbers, and changes of bytes.

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// `SplitMix64` (Steele, Lea and Flood 2014): the same seed gives the same numbers everywhere.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64, target: &str, case: u64) -> Self {
        Self(
            xxh3_64_with_seed(target.as_bytes(), seed).wrapping_add(case.wrapping_mul(0xd6e8_feb8_6659_fd93)),
        )
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, 0 where that is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn one_of<'t, T: ?Sized>(&mut self, things: &[&'t T]) -> &'t T {
        things[self.below(things.len())]
    }
}

/// Changes bytes in a few places; `pieces` are what stands in inputs of this kind.
pub(crate) fn mutated(mut bytes: Vec<u8>, pieces: &[&[u8]], random: &mut Random) -> Vec<u8> {
    let changes = match random.below(4) {
        0 => 1,
        1 => 1 + random.below(4),
        _ => 1 + random.below(40),
    };
    for _ in 0..changes {
        change(&mut bytes, pieces, random);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, pieces: &[&[u8]], random: &mut Random) {
    let at = random.below(bytes.len() + 1);
    let end = (at + 1 + random.below(64)).min(bytes.len());
    match random.below(9) {
        0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
        1 if at < bytes.len() => bytes[at] = random.next() as u8,
        2 => drop(bytes.drain(at..end)),
        3 => {
            let from = random.below(bytes.len() + 1);
            let part = bytes[from..(from + random.below(200)).min(bytes.len())].to_vec();
            bytes.splice(at..at, part);
        }
        4 => {
            let piece = random.one_of(pieces).to_vec();
            bytes.splice(at..at, piece);
        }
        5 => {
            let piece = random.one_of(pieces).repeat(1 + random.below(300));
            bytes.splice(at..at, piece);
        }
        6 if random.once_in(8) => bytes.truncate(at),
        7 => {
            let noise: Vec<u8> = (0..random.below(20)).map(|_| random.next() as u8).collect();
            bytes.splice(at..end, noise);
        }
        _ => {
            let piece = random.one_of(pieces).to_vec();
            bytes.splice(at..end, piece);
        }
    }
}

/// A stretch of the bytes of about a few thousand, so that a case is short.
pub(crate) fn stretch(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let length = 500 + random.below(8000);
    let start = random.below(bytes.len().saturating_sub(length) + 1);
    bytes[start..(start + length).min(bytes.len())].to_vec()
}
