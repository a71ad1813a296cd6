//! The numbers that a page's kind is told from.

use super::super::evidence::{SPAM, Scored};
use super::super::naming::{Naming, Reader};
use super::super::{Label, spam};
use super::WordsSaid;
use super::zones::host_words;
use crate::features::schema::PageFeature;
use crate::features::unwritten;
use crate::features::vectors::{EmptySign, PageKindSign};
use crate::model::KindModel;
use crate::page::{Media, Page, words::is_cjk};

/// What is known of a page before its kind is told.
pub(crate) struct Found<'a> {
    pub(crate) scored: Scored<'a>,
    pub(crate) naming: &'a Naming,
    /// The numbers for the models of spam.
    pub(crate) spam: &'a spam::Inputs,
    /// The signs of a page without content.
    pub(crate) empty: [f32; EmptySign::COUNT],
    pub(crate) model: &'a KindModel,
    /// The page's host, without `www.`; empty where it is not known.
    pub(crate) host: &'a str,
}

/// The numbers, in the order of [`crate::features::vectors::page_kind_columns`].
pub(crate) fn inputs(found: &Found<'_>, said: &WordsSaid) -> Vec<f32> {
    let Scored { page, measured, body, .. } = found.scored;
    let log = |p: &f32| p.max(LEAST).ln() / SCALE;
    let mut inputs: Vec<f32> = said.iter().flatten().map(log).collect();
    inputs.extend(label_shares(found));
    inputs.extend(found.spam.iter().flatten());
    inputs.extend(found.empty);
    // a page without blocks has no measurements
    let of_page = measured.of_page();
    inputs.extend((0..PageFeature::COUNT).map(|at| of_page.get(at).copied().unwrap_or(0.0)));
    inputs.extend(unwritten::signs(page, |block| body.get(block).copied().unwrap_or(0.0)));
    inputs.extend(signs(found));
    inputs
}

/// A kind is never less likely than this, and the logarithm of it is brought to some -1.
const LEAST: f32 = 1e-3;
const SCALE: f32 = 6.0;

/// The share of the page's tokens that each label has.
fn label_shares(found: &Found<'_>) -> [f32; Label::ALL.len()] {
    let tokens = found.scored.measured.tokens();
    let all = tokens.iter().map(|tokens| *tokens as f32).sum::<f32>().max(1.0);
    let mut shares = [0.0; Label::ALL.len()];
    for (of, tokens) in found.naming.probabilities.iter().zip(tokens) {
        shares.iter_mut().zip(of).for_each(|(share, p)| *share += p * *tokens as f32 / all);
    }
    shares
}

fn signs(found: &Found<'_>) -> [f32; PageKindSign::COUNT] {
    let Scored { page, measured, body, .. } = found.scored;
    let flag = |sign: bool| if sign { 1.0 } else { 0.0 };
    let host = found.host;
    let digits = host.chars().filter(char::is_ascii_digit).count() as f32;
    let length = host.chars().count() as f32;
    let spam = |of: &[f32]| SPAM.iter().filter_map(|label| of.get(*label as usize)).sum::<f32>();
    let host_words = host_words(host);
    let host_spam = if host.is_empty() { 0.0 } else { spam(&Reader::new(found.model).read(&host_words)) };
    let weighed = || body.iter().zip(measured.tokens()).map(|(p, tokens)| p * *tokens as f32);
    let all = measured.tokens().iter().map(|tokens| *tokens as f32).sum::<f32>().max(1.0);
    let expected: f32 = weighed().sum();
    let body_spam: f32 = weighed().zip(&found.naming.by_words).map(|(weight, of)| weight * spam(of)).sum();
    PageKindSign::row([
        (PageKindSign::Text, flag(page.source().media == Media::Text)),
        (PageKindSign::Chinese, flag(measured.is_chinese())),
        (PageKindSign::Host, flag(!host.is_empty())),
        (PageKindSign::HostDigits, digits / length.max(1.0)),
        (PageKindSign::HostLength, length.ln_1p() / 4.0),
        (PageKindSign::HostParts, host.split(['.', '-']).count() as f32 / 4.0),
        (PageKindSign::HostSpam, host_spam),
        (PageKindSign::TitleScript, title_script(page)),
        (PageKindSign::Body, expected / all),
        (PageKindSign::BodySpam, body_spam / expected.max(1.0)),
    ])
}

/// The share of the title's letters that are in a script which makes up less than a twentieth of the page's text.
fn title_script(page: &Page) -> f32 {
    let title = page.metadata().title_tag.as_deref().unwrap_or_default();
    let (mut of_page, mut of_title) = ([0.0f32; SCRIPTS], [0.0f32; SCRIPTS]);
    let count = |counts: &mut [f32; SCRIPTS], text: &str| {
        for script in text.chars().filter_map(script) {
            if let Some(count) = counts.get_mut(script) {
                *count += 1.0;
            }
        }
    };
    count(&mut of_title, title);
    page.blocks().take(SEARCHED).for_each(|block| count(&mut of_page, block.text()));
    let all = of_page.iter().sum::<f32>();
    let strange = of_title.iter().zip(of_page).filter(|(_, of_page)| *of_page < all / 20.0);
    let strange: f32 = strange.map(|(of_title, _)| of_title).sum();
    strange / of_title.iter().sum::<f32>().max(1.0)
}

/// Blocks from the start that are read for their script.
const SEARCHED: usize = 60;
const SCRIPTS: usize = 7;

/// The script of a letter: Latin, Han, kana, Hangul, Cyrillic, Thai, other.
fn script(c: char) -> Option<usize> {
    match c {
        _ if !c.is_alphabetic() => None,
        '\u{3040}'..='\u{30ff}' => Some(2),
        '\u{ac00}'..='\u{d7a3}' => Some(3),
        _ if is_cjk(c) => Some(1),
        '\u{0400}'..='\u{04ff}' => Some(4),
        '\u{0e00}'..='\u{0e7f}' => Some(5),
        _ if c < '\u{0250}' => Some(0),
        _ => Some(6),
    }
}
