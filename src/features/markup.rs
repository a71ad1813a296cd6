//! Elements → levels up to the elements that say what a block is: tags, roles and names above it.

#![expect(clippy::indexing_slicing, reason = "tables are as long as the page's elements, ids come from it")]

use super::names;
use super::schema::BlockFeature;
use crate::page::{AttrName, ElementId, Page, Tag};
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

/// Level when no element above is of the kind.
pub(super) const NONE: u8 = 32;
/// The first and last of the columns that hold levels.
const FIRST: usize = BlockFeature::InNav as usize;
const LAST: usize = BlockFeature::ItemName as usize;
/// The first of the columns of names, in the order of [`super::words::NAMES`].
const FIRST_NAME: usize = BlockFeature::ContentName as usize;
const LEVELS: usize = LAST - FIRST + 1;

/// Levels up from one element, in the order of the columns.
pub(super) type Levels = [u8; LEVELS];

/// The levels of every element that stands above a block.
#[derive(Debug)]
pub(super) struct Markup {
    levels: Vec<Levels>,
}

impl Markup {
    pub(super) fn of(page: &Page, signatures: &Signatures) -> Self {
        let mut seen: FxHashMap<u64, u64> = FxHashMap::default();
        let mut levels: Vec<Levels> = vec![[NONE; LEVELS]; page.elements.len()];
        for (at, signature) in signatures.wanted() {
            // an element hung elsewhere by misnesting may stand before its parent
            let mut own = levels[page.elements[at].parent.0 as usize];
            for level in &mut own {
                *level = (*level + 1).min(NONE);
            }
            let mut bits = *seen.entry(signature).or_insert_with(|| {
                let id = ElementId(at as u32);
                let tag = tag_bits(page.elements[at].tag);
                page.attributes(id).fold(tag, |bits, (name, value)| bits | value_bits(name, value))
            });
            while bits != 0 {
                own[bits.trailing_zeros() as usize] = 0;
                bits &= bits - 1;
            }
            levels[at] = own;
        }
        Self { levels }
    }

    pub(super) fn levels(&self, id: ElementId) -> &Levels {
        &self.levels[id.0 as usize]
    }

    pub(super) fn level(&self, id: ElementId, feature: BlockFeature) -> u8 {
        self.levels[id.0 as usize][feature as usize - FIRST]
    }

    /// Writes the levels into a block's row.
    pub(super) fn write(&self, id: ElementId, row: &mut [f32]) {
        for (value, level) in row[FIRST..=LAST].iter_mut().zip(self.levels(id)) {
            *value = f32::from(*level);
        }
    }
}

fn bit(feature: BlockFeature) -> u64 {
    1 << (feature as usize - FIRST)
}

fn tag_bits(tag: Tag) -> u64 {
    use BlockFeature as F;
    match tag {
        Tag::Nav => bit(F::InNav),
        Tag::Header => bit(F::InHeader),
        Tag::Footer => bit(F::InFooter),
        Tag::Aside => bit(F::InAside),
        Tag::Main => bit(F::InMain),
        Tag::Article => bit(F::InArticle),
        Tag::Section => bit(F::InSection),
        Tag::Form => bit(F::InForm),
        Tag::Table => bit(F::InTable),
        Tag::Ul | Tag::Ol | Tag::Dl | Tag::Menu => bit(F::InList),
        Tag::Li | Tag::Dd | Tag::Dt => bit(F::InItem),
        Tag::P => bit(F::InParagraph),
        Tag::Figure => bit(F::InFigure),
        Tag::Blockquote => bit(F::InQuote),
        Tag::Pre | Tag::Listing => bit(F::InCode),
        Tag::Button | Tag::Label | Tag::Option | Tag::Select | Tag::Summary => bit(F::InControl),
        Tag::Noscript | Tag::Template => bit(F::InNoscript),
        Tag::Dialog => bit(F::InDialog),
        Tag::A => bit(F::InLink),
        _ => 0,
    }
}

/// A hash of the tag and the telling attributes of every element above a block; 0 for other elements.
#[derive(Debug)]
pub(super) struct Signatures(Vec<u64>);

impl Signatures {
    pub(super) fn of(page: &Page) -> Self {
        let mut signatures = vec![0; page.elements.len()];
        for block in &page.blocks {
            for from in [block.inner, block.element] {
                let mut at = from.0 as usize;
                while signatures[at] == 0 {
                    signatures[at] = signature(page, ElementId(at as u32));
                    at = page.elements[at].parent.0 as usize;
                }
            }
        }
        Self(signatures)
    }

    /// Elements above a block, in document order, with their signatures.
    pub(super) fn wanted(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
        self.0.iter().copied().enumerate().filter(|(_, signature)| *signature != 0)
    }
}

fn signature(page: &Page, id: ElementId) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u8(page.elements[id.0 as usize].tag as u8);
    for (name, value) in page.attributes(id).filter(|(name, _)| is_telling(*name)) {
        hasher.write_u8(name as u8);
        hasher.write(value.as_bytes());
    }
    hasher.finish() | 1
}

fn is_telling(name: AttrName) -> bool {
    !matches!(
        name,
        AttrName::Href
            | AttrName::Src
            | AttrName::Alt
            | AttrName::Title
            | AttrName::Content
            | AttrName::DateTime
            | AttrName::Color
            | AttrName::Ground
    )
}

fn value_bits(name: AttrName, value: &str) -> u64 {
    match name {
        AttrName::Class | AttrName::Id => u64::from(names::groups(value)) << (FIRST_NAME - FIRST),
        AttrName::Role => role_bits(value),
        AttrName::Style if is_hiding(value) => bit(BlockFeature::InHidden),
        AttrName::Hidden => bit(BlockFeature::InHidden),
        AttrName::AriaHidden if value.eq_ignore_ascii_case("true") => bit(BlockFeature::InHidden),
        AttrName::ItemProp if BODY_PROPERTIES.iter().any(|p| value.eq_ignore_ascii_case(p)) => {
            bit(BlockFeature::InBodyProp)
        }
        _ => 0,
    }
}

/// schema.org properties that hold main content.
const BODY_PROPERTIES: [&str; 6] =
    ["articleBody", "text", "description", "reviewBody", "recipeInstructions", "mainContentOfPage"];

fn role_bits(role: &str) -> u64 {
    use BlockFeature as F;
    match role.trim().to_ascii_lowercase().as_str() {
        "navigation" | "menu" | "menubar" | "tablist" => bit(F::InNav),
        "banner" => bit(F::InHeader),
        "contentinfo" => bit(F::InFooter),
        "complementary" => bit(F::InAside),
        "main" => bit(F::InMain),
        "article" => bit(F::InArticle),
        "dialog" | "alertdialog" | "alert" | "tooltip" => bit(F::InDialog),
        "button" => bit(F::InControl),
        _ => 0,
    }
}

/// Whether a style hides its element and what stands in it.
fn is_hiding(style: &str) -> bool {
    let plain: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    plain.contains("display:none") || plain.contains("visibility:hidden")
}

/// A class of elements that a tree can cut by: the more a number, the more the element holds text.
pub(super) fn tag_class(tag: Tag) -> f32 {
    match tag {
        Tag::Button | Tag::Option | Tag::Select | Tag::Label | Tag::Summary | Tag::Input => 0.0,
        Tag::Nav | Tag::Menu => 1.0,
        Tag::Li | Tag::Dt => 2.0,
        Tag::Td | Tag::Th | Tag::Tr => 3.0,
        Tag::Html | Tag::Body => 4.0,
        Tag::Div | Tag::Center | Tag::Custom => 5.0,
        Tag::Section | Tag::Article | Tag::Main | Tag::Aside | Tag::Header | Tag::Footer => 6.0,
        Tag::Figcaption | Tag::Caption | Tag::Figure => 7.0,
        Tag::H1 => 8.0,
        Tag::H2 => 9.0,
        Tag::H3 => 10.0,
        Tag::H4 | Tag::H5 | Tag::H6 => 11.0,
        Tag::Dd => 12.0,
        Tag::Blockquote => 13.0,
        Tag::Pre | Tag::Listing => 14.0,
        Tag::P => 15.0,
        _ => 4.5,
    }
}

/// For each element: levels up from `from` to the first element that holds both, and from the element.
#[derive(Debug)]
pub(super) struct Kinship {
    up: Vec<(u16, u16)>,
}

impl Kinship {
    pub(super) fn of(page: &Page, from: ElementId) -> Self {
        let mut up = vec![(u16::MAX, 0u16); page.elements.len()];
        let mut at = from;
        let mut level = 0;
        while let Some(element) = page.element(at).filter(|_| level < u16::MAX) {
            up[at.0 as usize] = (level, 0);
            if element.parent == at {
                break;
            }
            at = element.parent;
            level += 1;
        }
        for index in 0..page.elements.len() {
            if up[index].0 == u16::MAX {
                let (level, own) = up[page.elements[index].parent.0 as usize];
                up[index] = (if level == u16::MAX { 0 } else { level }, own.saturating_add(1));
            }
        }
        Self { up }
    }

    /// Levels up from the reference, and from the element, to the first element that holds both.
    pub(super) fn levels(&self, id: ElementId) -> (u16, u16) {
        self.up[id.0 as usize]
    }
}

/// For each block but the last: the depth of the deepest element that holds it and the next one. As blocks
/// stand in document order, the element that holds two blocks further apart is the shallowest of those between.
pub(super) fn shared_depths(page: &Page) -> Vec<u16> {
    let pairs = page.blocks.iter().zip(page.blocks.iter().skip(1));
    pairs.map(|(a, b)| shared_depth(page, a.element, b.element)).collect()
}

fn shared_depth(page: &Page, mut a: ElementId, mut b: ElementId) -> u16 {
    let element = |id: ElementId| &page.elements[id.0 as usize];
    while a != b {
        let deeper = if element(a).depth >= element(b).depth { &mut a } else { &mut b };
        let parent = element(*deeper).parent;
        if parent == *deeper {
            return 0;
        }
        *deeper = parent;
    }
    element(a).depth
}
