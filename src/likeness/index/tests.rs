//! How many copies are found among generated bodies, and what the index takes.

use super::super::{Likeness, simhash};
use super::*;

/// A generator of numbers (`SplitMix64`), so that bodies are the same in each run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most as u64) as usize
    }

    /// A word of a language: the frequent ones are much more frequent, by Zipf's law.
    fn word(&mut self, chinese: bool) -> String {
        let rank = (4000_f64.powf(self.below(1 << 20) as f64 / f64::from(1 << 20)) - 1.0) as u32;
        if chinese {
            return char::from_u32(0x4e00 + rank).unwrap().to_string();
        }
        let mut word = String::new();
        let mut rest = rank + 20;
        while rest > 0 {
            word.push(char::from(b'a' + (rest % 20) as u8));
            rest /= 20;
        }
        word
    }

    fn words(&mut self, count: usize, chinese: bool) -> Vec<String> {
        (0..count).map(|_| self.word(chinese)).collect()
    }

    /// The same words with one in so many replaced, left out or doubled.
    fn edited(&mut self, words: &[String], one_in: usize, chinese: bool) -> Vec<String> {
        let mut edited = words.to_vec();
        for _ in 0..words.len().div_ceil(one_in) {
            let at = self.below(edited.len());
            match self.below(3) {
                0 => drop(edited.remove(at)),
                1 => edited.insert(at, self.word(chinese)),
                _ => edited[at] = self.word(chinese),
            }
        }
        edited
    }
}

fn text(words: &[String], chinese: bool) -> String {
    words.join(if chinese { "" } else { " " })
}

fn of(text: &str) -> Fingerprint {
    Fingerprint::of([text], Likeness::Near).unwrap()
}

/// A thousand bodies of so many words and 200 of them edited, in a random order; of which one each is a copy.
fn bodies(lengths: std::ops::Range<usize>, chinese: bool, seed: u64) -> Vec<(String, usize)> {
    let mut random = Random(seed);
    let length = |random: &mut Random| lengths.start + random.below(lengths.len());
    let originals: Vec<Vec<String>> = (0..1000)
        .map(|_| {
            let length = length(&mut random);
            random.words(length, chinese)
        })
        .collect();
    let mut all: Vec<(String, usize)> =
        originals.iter().enumerate().map(|(at, words)| (text(words, chinese), at)).collect();
    for (at, words) in originals.iter().enumerate().take(200) {
        all.push((text(&random.edited(words, 20, chinese), chinese), at));
    }
    (1..all.len()).rev().for_each(|at| all.swap(at, random.below(at + 1)));
    all
}

/// Recall and precision of the copies that the index finds.
fn found(all: &[(String, usize)]) -> (f64, f64) {
    let mut index = Index::new(64 << 20);
    let (mut right, mut wrong) = (0, 0);
    for (text, original) in all {
        let body = of(text);
        match index.find(&body, true).map(|copied| copied.of == original.to_string()) {
            Some(true) => right += 1,
            Some(false) => wrong += 1,
            None => assert!(index.add(&original.to_string(), true, &body)),
        }
    }
    (f64::from(right) / 200.0, f64::from(right) / f64::from(right + wrong).max(1.0))
}

#[test]
fn edited_copies_are_found_among_a_thousand_bodies_of_any_length() {
    for (lengths, chinese) in [
        (40..60, false),
        (60..120, false),
        (200..800, false),
        (1000..3000, false),
        (60..120, true),
        (300..1500, true),
    ] {
        let (recall, precision) = found(&bodies(lengths.clone(), chinese, 1));
        assert!(recall >= 0.95 && precision >= 0.99, "{lengths:?}: recall {recall}, precision {precision}");
    }
}

/// How many of the 1,000 × 200 pairs a `SimHash` gets wrong at its best threshold: why copies are not told by it.
#[test]
fn a_similarity_hash_alone_is_too_coarse() {
    let mut random = Random(2);
    let pairs: Vec<(u64, u64)> = (0..1000)
        .map(|_| {
            let words = random.words(80, false);
            let edited = random.edited(&words, 20, false);
            [words, edited].map(|words| simhash([text(&words, false).as_str()]).unwrap()).into()
        })
        .collect();
    let mut own: Vec<u32> = pairs.iter().map(|(one, two)| (one ^ two).count_ones()).collect();
    own.sort_unstable();
    let others: Vec<u32> = pairs
        .iter()
        .flat_map(|(one, _)| pairs.iter().map(move |(two, _)| (one ^ two).count_ones()))
        .collect();
    let threshold = own[949];
    let wrong = others.iter().filter(|bits| **bits <= threshold).count() - 950;
    assert!(wrong > 20, "{wrong}");
}

#[test]
fn bodies_of_few_words_are_copies_only_where_they_are_the_same() {
    let mut index = Index::new(1 << 20);
    let page = |number: usize| {
        of(&format!("Photo {number} of the harbour fair, taken by the parish office on Sunday"))
    };
    assert!(index.add("1", true, &page(1)) && index.find(&page(2), true).is_none());
    assert_eq!(index.find(&page(1), true), Some(Copied { of: "1", alike: 1.0, is_exact: true }));
}

#[test]
fn articles_that_share_a_quarter_are_no_copies() {
    let mut random = Random(3);
    let mut index = Index::new(1 << 20);
    let shared = random.words(60, false);
    for number in 0..200 {
        let own = random.words(180, false);
        let body = of(&text(&[own, shared.clone()].concat(), false));
        assert_eq!(index.find(&body, true), None);
        assert!(index.add(&number.to_string(), true, &body));
    }
}

#[test]
fn a_kept_page_is_a_copy_of_kept_pages_only() {
    let mut random = Random(4);
    let words = random.words(100, false);
    let (one, two) = (of(&text(&words, false)), of(&text(&random.edited(&words, 50, false), false)));
    let mut index = Index::new(1 << 20);
    assert!(index.add("in doubt", false, &one));
    assert_eq!((index.find(&one, true), index.find(&two, true)), (None, None));
    assert!(index.add("kept", true, &one));
    assert_eq!(index.find(&one, false).unwrap().of, "in doubt");
    assert_eq!(index.find(&two, true).unwrap().of, "kept");
}

#[test]
fn the_index_takes_no_more_than_it_may_and_goes_on_comparing() {
    let mut random = Random(5);
    let most = 4 << 20;
    let mut index = Index::new(most);
    let id = |number: usize| format!("https://www.site.example/section/{number}");
    let bodies: Vec<Fingerprint> = (0..12_000).map(|_| of(&text(&random.words(40, false), false))).collect();
    let entered = bodies.iter().enumerate().filter(|(at, body)| index.add(&id(*at), true, body)).count();
    assert!(index.is_full() && index.len() == entered);
    let tables = index.by_band.iter().chain([&index.by_text]).map(HashTable::allocation_size).sum::<usize>();
    let lists = index.texts.capacity() * 16
        + index.ends.capacity() * 8
        + index.kept.capacity()
        + index.ids.capacity()
        + index.sketches.capacity() * size_of::<(u32, Sketch)>();
    assert!(tables + lists <= most && entered > 8_000, "{entered} in {tables} + {lists}");
    assert!(index.find(&bodies[entered - 1], true).is_some() && index.find(&bodies[entered], true).is_none());
}

#[test]
fn a_crowd_in_a_band_is_bounded() {
    let mut index = Index::new(1 << 30);
    let mut sketch = [7; PLACES];
    for number in 0..1000_u32 {
        sketch[BAND..]
            .iter_mut()
            .enumerate()
            .for_each(|(at, place)| *place = ((number as usize * (at + 3)) >> (at % 5)) as u8);
        assert!(index.add("x", true, &Fingerprint { text: u128::from(number), sketch: Some(sketch) }));
    }
    assert_eq!(index.by_band[0].len(), CROWD);
}
