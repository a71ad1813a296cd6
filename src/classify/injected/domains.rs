//! Registrable domains → whether they look like one of the thousands that hidden links go to.

use crate::lexicon;

/// Whether a registrable domain looks like one of thousands: a cheap top-level domain, or a name that nobody says.
pub(super) fn is_throwaway(domain: &str) -> bool {
    let Some((name, suffix)) = domain.split_once('.') else { return false };
    lexicon::is_cheap(suffix) || is_unsayable(name)
}

/// Letters in a row without a vowel from which on a name is not said.
const CONSONANTS: usize = 5;
/// Changes between digits and letters from which on a name is not said.
const CHANGES: usize = 2;

fn is_unsayable(name: &str) -> bool {
    let bytes = name.as_bytes();
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    let changes = pairs.filter(|(a, b)| a.is_ascii_digit() != b.is_ascii_digit()).count();
    let vowel = |b: &u8| matches!(b.to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    let longest = bytes.split(|b| !b.is_ascii_alphabetic() || vowel(b)).map(<[u8]>::len).max();
    changes >= CHANGES || longest.unwrap_or(0) >= CONSONANTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_nobody_says_are_thrown_away() {
        for host in ["i06v9.cn", "760x7ks.net", "anything.top", "xzqnwkt.com"] {
            assert!(is_throwaway(host), "{host}");
        }
        for host in
            ["people.com.cn", "hao123.com", "360doc.com", "theverge.com", "xinhuanet.com", "rhythm.org"]
        {
            assert!(!is_throwaway(host), "{host}");
        }
    }
}
