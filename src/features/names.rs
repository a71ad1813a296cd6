//! Classes, ids and URLs → the words in them, and the parts of a page that these words name.

use super::tokens::mix;
use super::words::NAMES;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// The words of [`NAMES`] with their groups.
struct Words {
    /// Groups by word: one bit for each line of [`NAMES`].
    groups: FxHashMap<&'static str, u16>,
    /// Bytes of the longest word.
    longest: usize,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words = Words { groups: FxHashMap::default(), longest: 0 };
    for (group, line) in NAMES.iter().enumerate() {
        for word in line.split_whitespace() {
            *words.groups.entry(word).or_default() |= 1 << group;
            words.longest = words.longest.max(word.len());
        }
    }
    words
});

/// A run-together name is looked at from both ends for words of at least so many letters.
const SHORTEST_AFFIX: usize = 4;

/// The groups that the words of a class or id name, as bits.
pub(super) fn groups(name: &str) -> u16 {
    let mut found = 0;
    for_words(name, |word| found |= groups_of(word));
    found
}

fn groups_of(word: &str) -> u16 {
    let Words { groups, longest } = &*WORDS;
    let of = |word: &str| groups.get(word).copied();
    of(word).unwrap_or_else(|| affixes(word, *longest).filter_map(of).fold(0, |found, groups| found | groups))
}

/// The starts and ends of a word that may stand in a table whose longest word has so many bytes. A page may name an element
/// with one word of megabytes, so nothing longer is made of it.
fn affixes(word: &str, longest: usize) -> impl Iterator<Item = &str> {
    let lengths = SHORTEST_AFFIX..word.len().min(longest + 1);
    lengths.flat_map(move |at| [word.get(..at), word.get(word.len() - at..)]).flatten()
}

/// Calls `with` for each lower-case word: runs of letters, parted at changes from lower to upper case.
pub(super) fn for_words(name: &str, mut with: impl FnMut(&str)) {
    let mut word = String::new();
    let mut lower = false;
    for c in name.chars() {
        if !c.is_alphabetic() || c.is_uppercase() && lower {
            if word.len() > 1 {
                with(&word);
            }
            word.clear();
        }
        match c {
            _ if c.is_ascii_alphabetic() => word.push(c.to_ascii_lowercase()),
            _ if c.is_alphabetic() => word.extend(c.to_lowercase()),
            _ => {}
        }
        lower = c.is_lowercase();
    }
    if word.len() > 1 {
        with(&word);
    }
}

/// The hash of a name with its digits alike, in lower case.
pub(super) fn name_hash(name: &str, seed: u32) -> u32 {
    let mut hash = seed;
    let mut digit = false;
    for c in name.bytes() {
        let c = if c.is_ascii_digit() { b'0' } else { c.to_ascii_lowercase() };
        if c == b'0' && digit {
            continue;
        }
        digit = c == b'0';
        hash = (hash ^ u32::from(c)).wrapping_mul(0x0100_0193);
    }
    mix(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_at_case_and_signs() {
        let mut words = Vec::new();
        for_words("post-Body2 relatedPosts_x", |word| words.push(word.to_owned()));
        assert_eq!(words, ["post", "body", "related", "posts"]);
    }

    #[test]
    fn run_together_names_are_seen_from_both_ends() {
        let content = 1;
        assert_ne!(groups("articlecontent") & content, 0);
        assert_ne!(groups("mysidebarbox") & content, content);
        assert_eq!(name_hash("item-12", 1), name_hash("ITEM-7", 1));
    }

    /// What [`groups_of`] gave when it made all starts and ends of a word.
    fn groups_of_all_affixes(word: &str) -> u16 {
        let of = |word: &str| WORDS.groups.get(word).copied();
        of(word).unwrap_or_else(|| {
            affixes(word, word.len()).filter_map(of).fold(0, |found, groups| found | groups)
        })
    }

    #[test]
    fn the_bound_on_affixes_changes_no_groups() {
        let middles = ["", "x", "中", "recommendationsx", "abcdefghijklmnopqrstuvwxyz"];
        for word in NAMES.iter().flat_map(|line| line.split_whitespace()) {
            for middle in middles {
                for name in
                    [format!("{word}{middle}"), format!("{middle}{word}"), format!("{word}{middle}nav")]
                {
                    assert_eq!(groups_of(&name), groups_of_all_affixes(&name), "{name}");
                }
            }
        }
    }

    #[test]
    fn no_affix_of_a_long_word_is_longer_than_the_longest_name() {
        for letter in ["z", "中", "ı"] {
            let word = letter.repeat(1 << 20);
            let (count, bytes) = affixes(&word, WORDS.longest)
                .fold((0, 0), |(count, bytes), affix| (count + 1, bytes + affix.len()));
            assert!(
                count <= 2 * WORDS.longest && bytes <= 2 * WORDS.longest * WORDS.longest,
                "{count} {bytes}"
            );
        }
    }
}
