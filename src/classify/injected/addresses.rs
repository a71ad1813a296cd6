//! Addresses that sites of serials glue to the sentences that they copy: `…门外。www.novel.example`, `他（wｗw.novel.c○m）说`.

use crate::page::{Block, words::is_han};
use std::ops::Range;

/// Bytes of the longest address.
const LONGEST: usize = 80;
/// Without a notice on the page, addresses at the ends of so many blocks are one.
const SEVERAL: usize = 2;

/// Addresses without anything of their own around them, in Chinese text. One alone may be the author's, unless a notice stands
/// on the page.
pub(super) fn glued<'p>(blocks: &[Block<'p>], has_notice: bool) -> Vec<(Block<'p>, Range<usize>)> {
    let with = |find: fn(&str) -> Option<Range<usize>>| {
        blocks.iter().filter_map(move |block| Some((*block, find(block.text())?)))
    };
    let mut found: Vec<_> = with(at_end).collect();
    if !has_notice && found.len() < SEVERAL {
        return Vec::new();
    }
    found.extend(with(in_brackets));
    found
}

/// An address at a text's end, right behind the end of a sentence.
fn at_end(text: &str) -> Option<Range<usize>> {
    let (before, address) = text.char_indices().rev().find_map(|(at, c)| {
        let end = at + c.len_utf8();
        matches!(c, '。' | '！' | '？' | '”' | '…').then(|| text.split_at_checked(end)).flatten()
    })?;
    (before.contains(is_han) && is_address(address)).then_some(before.len()..text.len())
}

/// An address in brackets that stand in a sentence.
fn in_brackets(text: &str) -> Option<Range<usize>> {
    let starts = text.char_indices().filter(|(_, c)| matches!(c, '(' | '（' | '[' | '【'));
    starts.into_iter().find_map(|(start, open)| {
        let rest = text.get(start + open.len_utf8()..)?;
        let (end, close) = rest.char_indices().find(|(_, c)| matches!(c, ')' | '）' | ']' | '】'))?;
        let address = rest.get(..end)?;
        let before = text.get(..start)?.chars().next_back()?;
        let end = start + open.len_utf8() + end + close.len_utf8();
        (is_han(before) && is_address(address)).then_some(start..end)
    })
}

/// Whether a text is the address of a host, also one that is written so that programs do not see it.
fn is_address(text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    let plain = |c: char| match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '○' | '〇' => 'o',
        _ => c,
    };
    let text: String = text.trim().chars().map(plain).collect();
    let text = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(&text);
    let host = text.trim_end_matches('/');
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let mut parts = host.rsplit('.');
    let top = parts.next().unwrap_or_default();
    top.len() > 1
        && top.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.clone().next().is_some()
        && parts.all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_that_is_glued_to_a_sentence() {
        for (text, address) in [
            ("门环却是新的。www.novel.example", "www.novel.example"),
            ("“走罢！”ｗww．n0vel.c○m", "ｗww．n0vel.c○m"),
        ] {
            assert_eq!(at_end(text).and_then(|range| text.get(range)), Some(address));
        }
        for text in ["详情见官网 www.city.example", "他走了。", "The end.www.a.example", "票价是。3.5"]
        {
            assert_eq!(at_end(text), None, "{text}");
        }
        let text = "庙里没有香火味（wｗw.novel.c○m）只有一股稻草气";
        assert_eq!(in_brackets(text).and_then(|range| text.get(range)), Some("（wｗw.novel.c○m）"));
        assert_eq!(in_brackets("他（张三）说"), None);
    }
}
