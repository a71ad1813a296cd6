//! What the builder sees of elements that a page does not keep: scripts, style sheets, the title as it is written.

use super::hiding::{self, Ground, Hiding, Look};
use super::names::Memo;
use super::sheets::Sheets;
use crate::lexicon::{ScriptSign, ads};
use crate::page::element::{AttrName, ElementId};
use crate::page::{Page, select};
use aho_corasick::{AhoCorasick, MatchKind};
use std::sync::LazyLock;

/// What a page's scripts load and write.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scripts {
    /// Scripts of ad vendors.
    pub ads: u32,
    /// Scripts of Chinese ad unions.
    pub unions: u32,
    /// Scripts that write other scripts into the page.
    pub writers: u32,
    /// Scripts that push the page to a search engine.
    pub pushes: u32,
    /// Frames of ad vendors.
    pub frames: u32,
}

/// How a title is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TitleReferences {
    /// Numeric character references.
    pub numeric: u32,
    /// Characters, once references are decoded.
    pub chars: u32,
}

/// What was seen while the page was built.
#[derive(Debug, Default)]
pub(in crate::page) struct Notes {
    pub(super) scripts: Scripts,
    pub(super) title: TitleReferences,
    /// Ranges of blocks around which scripts write a hiding element.
    pub(super) written: Vec<(usize, usize)>,
    hidden_ids: Vec<String>,
    sheets: Sheets,
    pub(super) memo: Memo,
    /// Inline elements with letters of the colour of their ground, whose texts are blocks of their own.
    pub(super) coloured: Vec<ElementId>,
    /// Hidden inline elements whose words are blocks of their own.
    pub(in crate::page) parted: Vec<ElementId>,
}

/// Elements above letters that may colour their ground.
const LEVELS: usize = 64;

/// The class of the words with which a widespread forum program (Discuz!) spoils copies of its posts. Most pages hide it in
/// a sheet that is a file of its own.
const JAMMER: &str = "jammer";

/// Bytes at the start of a script that are looked at: what loads ads or writes links is short, and what is longer
/// is the site's own code.
const SCRIPT_BYTES: usize = 1024;
/// The same of a style sheet: what hides words is short and stands by itself or in front.
const STYLE_BYTES: usize = 16_384;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ads,
    Union,
    Push,
    Write,
    Script,
    Placed,
}

/// Parts of code, and what they are signs of; parts that name ads stand in the lexicon.
const PARTS: [(Kind, &[&str]); 3] = [
    (Kind::Write, &["document.write"]),
    (Kind::Script, &["<script", "<scr\"", "<scr'", "%3Cscript", "<\\/script", "</scr"]),
    (Kind::Placed, &["position:", "text-indent:"]),
];

impl From<ScriptSign> for Kind {
    fn from(sign: ScriptSign) -> Self {
        match sign {
            ScriptSign::Vendor => Self::Ads,
            ScriptSign::Union => Self::Union,
            ScriptSign::Push => Self::Push,
        }
    }
}

/// All parts, compiled, and the kind of each; none if they could not be compiled.
static SCANNER: LazyLock<Option<(AhoCorasick, Vec<Kind>)>> = LazyLock::new(|| {
    let named = || ads().scripts.iter().map(|(sign, part)| (Kind::from(*sign), *part));
    let code = || PARTS.iter().flat_map(|(kind, parts)| parts.iter().map(move |part| (*kind, *part)));
    let pairs = || named().chain(code());
    let builder = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(pairs().map(|(_, p)| p));
    Some((builder.ok()?, pairs().map(|(kind, _)| kind).collect()))
});

impl Notes {
    /// A script, before the block with the index `at` is complete.
    pub(in crate::page) fn script(&mut self, src: Option<&str>, code: &str, at: usize) {
        let code = start(code, SCRIPT_BYTES);
        let kinds = kinds(src.unwrap_or_default()) | kinds(code);
        let has = |kind: Kind| kinds & (1 << kind as u8) != 0;
        let scripts = &mut self.scripts;
        scripts.unions += u32::from(has(Kind::Union));
        scripts.ads += u32::from(has(Kind::Ads) && !has(Kind::Union));
        scripts.pushes += u32::from(has(Kind::Push));
        scripts.writers += u32::from(has(Kind::Write) && has(Kind::Script));
        if has(Kind::Write) {
            self.writes(code, at);
        }
        if has(Kind::Placed) {
            self.hidden_ids.extend(hiding::hidden_ids(code));
        }
    }

    /// A script that writes: the start of a hiding element, or the end of an element.
    fn writes(&mut self, code: &str, at: usize) {
        let code: String = code.chars().filter(|c| !matches!(c, '"' | '\'' | '+' | '\\')).collect();
        let written = code.split_once("document.write(").map_or("", |(_, written)| written);
        let style = written.split_once("style=").map(|(_, rest)| rest.split('>').next().unwrap_or(rest));
        let ends = written.contains("</");
        if style.is_some_and(|style| hiding::of_style(style).is_some()) && !ends {
            self.written.push((at, usize::MAX));
        } else if let Some(open) = self.written.last_mut().filter(|(_, to)| ends && *to == usize::MAX) {
            open.1 = at + 1;
        }
    }

    /// A style sheet in the page.
    pub(in crate::page) fn style_sheet(&mut self, css: &str) {
        self.sheets.read(start(css, STYLE_BYTES));
    }

    /// An `iframe`.
    pub(in crate::page) fn frame(&mut self, src: &str) {
        let ads = (1 << Kind::Ads as u8) | (1 << Kind::Union as u8);
        self.scripts.frames += u32::from(kinds(src) & ads != 0);
    }

    /// A title as it is written, and decoded. The first one counts.
    pub(in crate::page) fn title(&mut self, raw: &str, decoded: &str) {
        if self.title.chars == 0 {
            let numeric = raw.matches("&#").count() as u32;
            self.title = TitleReferences { numeric, chars: decoded.trim().chars().count() as u32 };
        }
    }

    /// Whether a script hides the element with that id.
    fn hides(&self, id: &str) -> bool {
        !self.hidden_ids.is_empty() && self.hidden_ids.iter().any(|hidden| hidden == id)
    }

    /// What sheets, scripts and its own attributes say of whether an element by itself is seen.
    fn look(&mut self, page: &Page, id: ElementId) -> Look {
        let mut look = self.sheets.look(page, id);
        for (name, value) in page.attributes(id) {
            match name {
                AttrName::Style => look = look.then(self.memo.look(value)),
                AttrName::Class if value == JAMMER => look.hiding = Some(Hiding::Jammer),
                AttrName::Id if self.hides(value) => look.hiding = Some(Hiding::Script),
                AttrName::Hidden => look.hiding = look.hiding.or(Some(Hiding::Attribute)),
                AttrName::Height | AttrName::Width if is_dot(value) => look.hiding = Some(Hiding::NoSize),
                AttrName::Color => look.colour = look.colour.or(hiding::colour(value)),
                AttrName::Ground => look.ground = look.ground.or(Some(Ground::of(value))),
                _ => {}
            }
        }
        look
    }

    /// How an element by itself is hidden, whatever stands around it.
    pub(in crate::page) fn hiding(&mut self, page: &Page, id: ElementId) -> Option<Hiding> {
        self.look(page, id).hiding
    }

    /// How an inline element is hidden from those who read the text around it.
    pub(in crate::page) fn inline_hiding(&mut self, page: &Page, id: ElementId) -> Option<Hiding> {
        let look = self.look(page, id);
        let light = look.colour.filter(|colour| look.hiding.is_none() && hiding::is_light(*colour));
        let lost = light.is_some_and(|colour| {
            let ground = select::chain(page, id).take(LEVELS).find_map(|at| self.look(page, at).ground);
            matches!(ground.unwrap_or(Ground::PAPER), Ground::Plain(ground) if hiding::is_near(colour, ground))
        });
        look.hiding.or(lost.then_some(Hiding::Colour))
    }

    /// Notes inline elements whose letters have the colour of their ground.
    pub(in crate::page) fn coloured(&mut self, elements: impl Iterator<Item = ElementId>) {
        self.coloured.extend(elements);
    }
}

/// Whether a `height` or `width` leaves nothing to see.
fn is_dot(value: &str) -> bool {
    matches!(value.trim().trim_end_matches("px"), "0" | "1")
}

/// The first bytes of a text, at most so many.
fn start(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or_default()
}

/// Bits of the kinds whose parts stand in a text.
fn kinds(text: &str) -> u32 {
    let Some((scanner, kinds)) = SCANNER.as_ref().filter(|_| !text.is_empty()) else { return 0 };
    let kind =
        |found: aho_corasick::Match| kinds.get(found.pattern().as_usize()).map_or(0, |k| 1 << *k as u8);
    scanner.find_iter(text).map(kind).fold(0, |all, kind: u32| all | kind)
}
