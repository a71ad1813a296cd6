//! The stack of open elements, with the scopes of the WHATWG tree construction rules.

use super::element::{ElementId, Tag, TagSet, tag_set};

/// What an element belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    Html,
    Svg,
    MathMl,
}

/// An open element.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    pub(super) id: ElementId,
    pub(super) tag: Tag,
    /// Hash of the name in lower case: tells unknown elements apart.
    pub(super) name: u32,
    pub(super) space: Space,
    /// Text inside is not shown.
    pub(super) unseen: bool,
    /// An SVG or MathML element whose content is HTML.
    pub(super) holds_html: bool,
    /// Elements of a formula that were opened in it.
    pub(super) parts: u8,
    /// A parenthesis was written before it.
    pub(super) grouped: bool,
}

impl Open {
    pub(super) fn new(id: ElementId, tag: Tag, name: u32, space: Space) -> Self {
        Self { id, tag, name, space, unseen: false, holds_html: false, parts: 0, grouped: false }
    }
}

/// How far up an end tag looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Default,
    ListItem,
    Button,
    Table,
}

#[derive(Debug, Default)]
pub(super) struct Stack {
    pub(super) open: Vec<Open>,
}

impl Stack {
    pub(super) fn top(&self) -> Option<&Open> {
        self.open.last()
    }

    pub(super) fn top_tag(&self) -> Tag {
        self.top().map_or(Tag::Html, |open| open.tag)
    }

    pub(super) fn get(&self, at: usize) -> Option<&Open> {
        self.open.get(at)
    }

    /// The place of the nearest open element for which `is` holds, if no element that ends the scope stands
    /// above it.
    pub(super) fn in_scope(&self, scope: Scope, is: impl Fn(&Open) -> bool) -> Option<usize> {
        for (at, open) in self.open.iter().enumerate().rev() {
            if is(open) {
                return Some(at);
            }
            if ends_scope(open, scope) {
                return None;
            }
        }
        None
    }

    pub(super) fn has(&self, scope: Scope, tag: Tag) -> Option<usize> {
        self.in_scope(scope, |open| open.tag == tag && open.space == Space::Html)
    }
}

fn ends_scope(open: &Open, scope: Scope) -> bool {
    if open.space != Space::Html {
        return scope != Scope::Table && is_integration_point(open);
    }
    match open.tag {
        Tag::Html | Tag::Table | Tag::Template => true,
        _ if scope == Scope::Table => false,
        Tag::Applet | Tag::Caption | Tag::Td | Tag::Th | Tag::Marquee | Tag::Object | Tag::Select => true,
        Tag::Ol | Tag::Ul => scope == Scope::ListItem,
        Tag::Button => scope == Scope::Button,
        _ => false,
    }
}

/// SVG and MathML elements whose content is HTML or text.
pub(super) fn is_integration_point(open: &Open) -> bool {
    match open.space {
        Space::Html => false,
        Space::Svg => open.tag == Tag::Title || open.name == FOREIGN_OBJECT || open.name == DESC,
        Space::MathMl => [MI, MO, MN, MS, MTEXT, ANNOTATION_XML].contains(&open.name),
    }
}

pub(super) const FOREIGN_OBJECT: u32 = name_hash(b"foreignobject");
const DESC: u32 = name_hash(b"desc");
const MI: u32 = name_hash(b"mi");
const MO: u32 = name_hash(b"mo");
const MN: u32 = name_hash(b"mn");
const MS: u32 = name_hash(b"ms");
const MTEXT: u32 = name_hash(b"mtext");
pub(super) const ANNOTATION: u32 = name_hash(b"annotation");
pub(super) const ANNOTATION_XML: u32 = name_hash(b"annotation-xml");

/// FNV-1a of the name in lower case.
#[expect(clippy::indexing_slicing, reason = "the loop bounds the index")]
pub(super) const fn name_hash(name: &[u8]) -> u32 {
    let mut hash: u32 = 0x811c_9dc5;
    let mut at = 0;
    while at < name.len() {
        hash = (hash ^ name[at].to_ascii_lowercase() as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash
}

/// The standard's *special* elements: an end tag of an ordinary element does not reach past them.
pub(super) fn is_special(open: &Open) -> bool {
    if open.space != Space::Html {
        return is_integration_point(open);
    }
    {
        const SET: TagSet = tag_set!(
            Address Applet Area Article Aside Base Basefont Bgsound Blockquote Body Br Button
            Caption Center Col Colgroup Dd Details Dir Div Dl Dt Embed Fieldset Figcaption
            Figure Footer Form Frame Frameset H1 H2 H3 H4 H5 H6 Head Header Hgroup Hr Html
            Iframe Img Input Li Link Listing Main Marquee Menu Meta Nav Noembed Noframes
            Noscript Object Ol P Param Plaintext Pre Script Search Section Select Source Style
            Summary Table Tbody Td Template Textarea Tfoot Th Thead Title Tr Track Ul Wbr Xmp
        );
        SET.has(open.tag)
    }
}

/// Elements whose end tag may be left out.
pub(super) fn is_implied_end(tag: Tag) -> bool {
    {
        const SET: TagSet = tag_set!(
            Dd Dt Li Optgroup Option P Rb Rp Rt Rtc
        );
        SET.has(tag)
    }
}

/// Elements of the list of active formatting elements.
pub(super) fn is_formatting(tag: Tag) -> bool {
    {
        const SET: TagSet = tag_set!(
            A B Big Code Em Font I Nobr S Small Strike Strong Tt U
        );
        SET.has(tag)
    }
}

pub(super) fn is_heading(tag: Tag) -> bool {
    matches!(tag, Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6)
}

/// Block elements whose start tag closes an open `p` and whose end tag closes what is open inside.
pub(super) fn is_plain_block(tag: Tag) -> bool {
    {
        const SET: TagSet = tag_set!(
            Address Article Aside Blockquote Center Details Dialog Dir Div Dl Fieldset
            Figcaption Figure Footer Header Hgroup Main Menu Nav Ol Search Section Summary Ul
            Pre Listing
        );
        SET.has(tag)
    }
}

/// Start tags that end an SVG or MathML island.
pub(super) fn breaks_out(tag: Tag) -> bool {
    {
        const SET: TagSet = tag_set!(
            B Big Blockquote Body Br Center Code Dd Div Dl Dt Em Embed H1 H2 H3 H4 H5 H6 Head Hr
            I Img Li Listing Menu Meta Nobr Ol P Pre Ruby S Small Span Strong Strike Sub Sup
            Table Tt U Ul Var
        );
        SET.has(tag)
    }
}
