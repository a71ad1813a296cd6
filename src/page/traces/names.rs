//! Classes, ids and URLs → whether they name an ad slot or a link that a program has set.

use super::hiding::Look;
use crate::lexicon::{Forms, NameAt as At, NameSign, ads};
use aho_corasick::AhoCorasick;
use rustc_hash::FxHasher;
use std::hash::Hasher;
use std::ops::BitOr;
use std::sync::LazyLock;

/// What a name is a sign of: a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sign(u8);

impl Sign {
    pub(super) const NONE: Self = Self(0);
    /// An ad slot.
    pub(super) const AD: Self = Self(1);
    /// An ad slot of a vendor or of a standard size.
    pub(super) const VENDOR: Self = Self(2);
    /// A link on a word.
    pub(super) const KEYWORD: Self = Self(4);

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Sign {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl From<NameSign> for Sign {
    fn from(sign: NameSign) -> Self {
        match sign {
            NameSign::Vendor => Self::AD | Self::VENDOR,
            NameSign::Slot => Self::AD,
            NameSign::Keyword => Self::KEYWORD,
            NameSign::NoAd => Self::NONE,
        }
    }
}

struct Scanner {
    parts: Forms,
    of: Vec<(Sign, At)>,
}

/// All parts.
static SCANNER: LazyLock<Scanner> = LazyLock::new(|| {
    let names = || ads().names.iter();
    let parts = Forms::of_any_case(names().map(|(_, _, part)| part));
    Scanner { parts, of: names().map(|(sign, at, _)| (Sign::from(*sign), *at)).collect() }
});

/// What a class or id is a sign of.
fn signs(value: &str) -> Sign {
    let mut signs = if has_ad_size(value) { Sign::AD | Sign::VENDOR } else { Sign::NONE };
    for found in SCANNER.parts.longest(value) {
        let Some((sign, at)) = SCANNER.of.get(found.form) else { continue };
        if *sign == Sign::NONE {
            return Sign(signs.0 & Sign::KEYWORD.0);
        }
        if stands(value.as_bytes(), found.start, found.end, *at) {
            signs = signs | *sign;
        }
    }
    signs
}

/// Whether a part stands in a name as it has to.
fn stands(name: &[u8], start: usize, end: usize, at: At) -> bool {
    let before = start.checked_sub(1).and_then(|at| name.get(at)).copied().unwrap_or(b' ');
    let first = name.get(start).copied().unwrap_or(b' ');
    let last = name.get(end.wrapping_sub(1)).copied().unwrap_or(b' ');
    let behind = name.get(end).copied().unwrap_or(b' ');
    let opens = !before.is_ascii_alphabetic() || before.is_ascii_lowercase() && first.is_ascii_uppercase();
    let closes = !behind.is_ascii_alphabetic() || last.is_ascii_lowercase() && behind.is_ascii_uppercase();
    match at {
        At::Anywhere => true,
        At::Start => opens,
        At::Word => opens && closes,
        At::Whole => before.is_ascii_whitespace() && behind.is_ascii_whitespace(),
    }
}

/// Sizes of display ads: the Interactive Advertising Bureau's fixed sizes, and those that Chinese unions add.
const SIZES: [(u32, u32); 24] = [
    (728, 90),
    (300, 250),
    (336, 280),
    (160, 600),
    (300, 600),
    (970, 250),
    (970, 90),
    (320, 50),
    (320, 100),
    (468, 60),
    (120, 600),
    (250, 250),
    (234, 60),
    (180, 150),
    (120, 240),
    (300, 50),
    (300, 100),
    (300, 1050),
    (980, 120),
    (950, 90),
    (960, 90),
    (640, 60),
    (580, 90),
    (760, 90),
];

/// Words of names whose sizes are those of pictures.
const PICTURES: [&str; 6] = ["size-", "attachment", "thumb", "img", "image", "photo"];

/// Whether a name holds a size of display ads, such as `728x90`, and is no picture's.
fn has_ad_size(name: &str) -> bool {
    let bytes = name.as_bytes();
    let is_size = |at: usize| {
        let width = digits(bytes.get(..at).unwrap_or_default().iter().rev());
        let height = digits(bytes.get(at + 1..).unwrap_or_default().iter());
        let reversed = |(value, count): (u32, usize)| {
            (0..count).fold((0, value), |(out, rest), _| (out * 10 + rest % 10, rest / 10)).0
        };
        SIZES.contains(&(reversed(width), height.0))
    };
    memchr::memchr2_iter(b'x', b'X', bytes).any(is_size)
        && PICTURES.iter().all(|word| !name.to_ascii_lowercase().contains(word))
}

/// The number that digits in a row give, and how many they are; at most four are read.
fn digits<'b>(bytes: impl Iterator<Item = &'b u8>) -> (u32, usize) {
    let digits = bytes.take_while(|b| b.is_ascii_digit()).take(5);
    digits.fold((0, 0), |(value, count), digit| (value * 10 + u32::from(digit - b'0'), count + 1))
}

/// Places of the memory for names.
const PLACES: usize = 256;

/// Names and styles that were looked at on this page, as most come many times.
#[derive(Debug)]
pub(super) struct Memo {
    names: Vec<(u64, Sign)>,
    styles: Vec<(u64, Look)>,
}

impl Default for Memo {
    fn default() -> Self {
        // no name has the hash 0
        Self { names: vec![(0, Sign::NONE); PLACES], styles: vec![(0, Look::default()); PLACES / 4] }
    }
}

impl Memo {
    /// What a class or id is a sign of.
    pub(super) fn signs(&mut self, name: &str) -> Sign {
        remembered(&mut self.names, name, signs)
    }

    /// What a style says of whether its element is seen.
    pub(super) fn look(&mut self, style: &str) -> Look {
        remembered(&mut self.styles, style, Look::of)
    }
}

fn remembered<T: Copy>(memory: &mut [(u64, T)], text: &str, find: impl Fn(&str) -> T) -> T {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    let hash = hasher.finish() | 1;
    let place = (hash >> 32) as usize % memory.len().max(1);
    match memory.get_mut(place) {
        Some((known, value)) if *known == hash => *value,
        Some(entry) => {
            *entry = (hash, find(text));
            entry.1
        }
        None => find(text),
    }
}

/// Whether a link's `rel` says that somebody paid for it.
pub(super) fn is_sponsored(rel: &str) -> bool {
    rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("sponsored"))
}

static NETWORK_SCANNER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(&ads().networks).ok());

/// Whether a link earns its setter money: an affiliate network's host, or a shop's affiliate tag.
pub(super) fn is_affiliate(href: &str) -> bool {
    if !href.contains("//") {
        return false;
    }
    let host = href.get(..href.floor_char_boundary(64)).unwrap_or_default();
    NETWORK_SCANNER.as_ref().is_some_and(|networks| networks.is_match(host))
        || host.contains("amazon.") && (href.contains("?tag=") || href.contains("&tag="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_named_by_vendors_sizes_and_words() {
        for name in [
            "27602x728x90x621x_ADSLOT1",
            "adsbygoogle",
            "div-gpt-ad-6289775957053-0",
            "taboola-mid-1",
            "trc_related_container",
            "OUTBRAIN",
            "M123ScriptRootC456",
            "box_300x250",
            "_BAIDU_UNION_DIV",
        ] {
            assert!(signs(name).has(Sign::VENDOR), "{name}");
        }
        for name in ["banner-ads", "ad", "topAd", "side AdSlot", "ad_728", "advertisement", "ad-label"] {
            assert_eq!(signs(name), Sign::AD, "{name}");
        }
    }

    #[test]
    fn other_names_are_no_slots() {
        for name in [
            "header",
            "loading",
            "download",
            "shadow add",
            "adapter",
            "no-ads",
            "ad-free-layout",
            "has-ads",
            "attachment-300x250 size-300x250",
            "matrix300x25",
            "1300x250",
            "breadcrumb",
            "",
            "x",
            "radio-ADmin",
        ] {
            assert_eq!(signs(name), Sign::NONE, "{name}");
        }
    }

    #[test]
    fn links_of_programs_are_named_by_plug_ins_networks_and_tags() {
        for name in ["st_tag internal_tag", "wp_keywordlink_affiliate", "a innerlink"] {
            assert_eq!(signs(name), Sign::KEYWORD, "{name}");
        }
        assert_eq!(signs("test_tag"), Sign::NONE);
        assert!(is_affiliate("https://www.amazon.com/dp/B00?x=1&tag=site-20"));
        assert!(is_affiliate("https://go.skimresources.com/?id=1"));
        assert!(!is_affiliate("https://example.com/?tag=news"));
        assert!(!is_affiliate("/amazon.com?tag=x"));
        assert!(is_sponsored("nofollow Sponsored") && !is_sponsored("nofollow"));
    }
}
