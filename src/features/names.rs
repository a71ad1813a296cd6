//! Classes, ids and URLs → the words in them, and the parts of a page that these words name.

use super::tokens::mix;
use super::words::NAMES;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Groups of names by word: one bit for each line of [`NAMES`].
static GROUPS: LazyLock<FxHashMap<&'static str, u16>> = LazyLock::new(|| {
    let mut groups = FxHashMap::default();
    for (group, words) in NAMES.iter().enumerate() {
        for word in words.split_whitespace() {
            *groups.entry(word).or_default() |= 1 << group;
        }
    }
    groups
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
    if let Some(groups) = GROUPS.get(word) {
        return *groups;
    }
    let mut found = 0;
    for at in SHORTEST_AFFIX..word.len() {
        let prefix = word.get(..at).and_then(|prefix| GROUPS.get(prefix));
        let suffix = word.get(word.len() - at..).and_then(|suffix| GROUPS.get(suffix));
        found |= prefix.copied().unwrap_or(0) | suffix.copied().unwrap_or(0);
    }
    found
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
        if c.is_alphabetic() {
            word.extend(c.to_lowercase());
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
}
