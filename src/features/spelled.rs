//! The hashed tokens as people read them: a name for each, in the order in which [`super::sparse`] has the hashes.
//!
//! Names fold what the hashes fold: case, and runs of digits, which are `0`.

use super::names::for_words;
use super::sparse::{FIRST_TOKENS, LAST_TOKENS, MOST_NAMES, WHOLE_TOKENS, is_token_source, longest_run};
use super::tokens::is_cjk;
use crate::page::{AttrName, ElementId, Page};

/// Characters of a name of which the rest is left out.
const LONGEST: usize = 40;

/// Names of an element's tokens: `tag=div`, `class=side-bar`, `word=side`.
pub(crate) fn of_element(page: &Page, id: ElementId) -> Vec<String> {
    let tag = page.element(id).map_or("", |element| element.tag.as_str());
    let mut names = vec![format!("tag={tag}")];
    for (name, value) in page.attributes(id).filter(|(name, _)| is_token_source(*name)) {
        for part in value.split_ascii_whitespace().take(MOST_NAMES) {
            names.push(format!("{}={}", attribute(name), folded(part)));
            for_words(part, |word| names.push(format!("word={}", cut(word))));
        }
    }
    names
}

/// Names of the tokens of a block's text: `first=read more`, `last=now`, `whole=read more now`, `length=2`,
/// `starts=letter`, `ends=。`.
pub(crate) fn of_text(text: &str) -> Vec<String> {
    let tokens = tokens(text);
    let mut names = Vec::new();
    let first = tokens.len().min(FIRST_TOKENS);
    let last = tokens.len().saturating_sub(LAST_TOKENS).max(first);
    runs("first", tokens.get(..first).unwrap_or_default(), &mut names);
    runs("last", tokens.get(last..).unwrap_or_default(), &mut names);
    if tokens.len() <= WHOLE_TOKENS {
        names.push(format!("whole={}", spoken(&tokens)));
    }
    names.push(format!("length={}", 1u32 << (tokens.len() as u32 + 1).ilog2()));
    for (place, end) in [("starts", text.chars().next()), ("ends", text.chars().next_back())] {
        let end = end.map_or("nothing".to_owned(), |c| {
            if c.is_alphanumeric() { "letter".to_owned() } else { c.to_string() }
        });
        names.push(format!("{place}={end}"));
    }
    names
}

/// A token and whether it is a Chinese or Japanese character.
type Token = (String, bool);

fn runs(place: &str, tokens: &[Token], names: &mut Vec<String>) {
    let mut rest = tokens;
    while let [(_, cjk), behind @ ..] = rest {
        for run in 1..=longest_run(*cjk).min(rest.len()) {
            if run > 2 && rest.get(run - 1).is_some_and(|(_, cjk)| !cjk) {
                break;
            }
            names.push(format!("{place}={}", spoken(rest.get(..run).unwrap_or_default())));
        }
        rest = behind;
    }
}

/// Tokens as they are written: blanks stand beside words only.
fn spoken(tokens: &[Token]) -> String {
    let mut text = String::new();
    let mut joined = true;
    for (token, cjk) in tokens {
        if !(text.is_empty() || joined && *cjk) {
            text.push(' ');
        }
        text.push_str(token);
        joined = *cjk;
    }
    cut(&text)
}

/// The tokens of a text, in lower case and with all digits `0`, as [`super::tokens::Tokens`] hashes them.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        let of_word = if c.is_ascii() { c.is_ascii_alphanumeric() || c == '_' } else { c.is_alphanumeric() };
        if of_word && !is_cjk(c) {
            word.push(if c.is_ascii_digit() { '0' } else { c.to_lowercase().next().unwrap_or(c) });
            continue;
        }
        end(&mut word, &mut tokens);
        if is_cjk(c) {
            tokens.push((c.to_string(), true));
        }
    }
    end(&mut word, &mut tokens);
    tokens
}

fn end(word: &mut String, tokens: &mut Vec<Token>) {
    if !word.is_empty() {
        tokens.push((std::mem::take(word), false));
    }
}

fn attribute(name: AttrName) -> &'static str {
    match name {
        AttrName::Id => "id",
        AttrName::Role => "role",
        AttrName::ItemProp => "itemprop",
        AttrName::ItemType => "itemtype",
        AttrName::TestId => "testid",
        AttrName::AriaLabel => "aria-label",
        AttrName::Rel => "rel",
        _ => "class",
    }
}

fn folded(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        match c {
            '0'..='9' if text.ends_with('0') => {}
            '0'..='9' => text.push('0'),
            _ => text.push(c.to_ascii_lowercase()),
        }
    }
    cut(&text)
}

fn cut(text: &str) -> String {
    let mut chars = text.chars();
    let start: String = chars.by_ref().take(LONGEST).collect();
    if chars.next().is_some() { start + "…" } else { start }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::measure;
    use crate::page::{Document, Limits};
    use std::collections::HashMap;

    #[test]
    fn every_hash_of_a_page_has_one_name() {
        let source = "<html><body><div class='post-12 sideBar' id=a1 role=main><p>Read more 2024 Ünï now, 中文测试 again \
                      and then some words more until it is longer than all that is looked at at both ends.</p><p>…</p>\
                      <p class='post-7'>赞</p></div></body></html>";
        let page = Page::read(&Document::html(source), &Limits::default());
        let measured = measure(&page);
        let mut names: HashMap<u32, String> = HashMap::new();
        let mut is_same = |hashes: &[u32], spelled: Vec<String>| {
            assert_eq!(hashes.len(), spelled.len(), "{spelled:?}");
            for (hash, name) in hashes.iter().zip(spelled) {
                assert_eq!(*names.entry(*hash).or_insert_with(|| name.clone()), name);
            }
        };
        for block in page.blocks() {
            is_same(measured.sparse().block_text(block.index()), of_text(block.text()));
            is_same(measured.sparse().element(block.element_id()), of_element(&page, block.element_id()));
        }
        assert!(names.values().any(|name| name == "first=中文测"), "{names:?}");
        assert!(names.values().any(|name| name == "class=post-0"), "{names:?}");
    }
}
