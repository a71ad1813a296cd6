//! Elements of a page: an arena with parent links, kept attributes and tag names.

#![expect(clippy::indexing_slicing, reason = "only in functions that the compiler evaluates")]

use super::Page;
use super::select::chain;

macro_rules! tags {
    ($($variant:ident $name:literal),* $(,)?) => {
        /// The name of an HTML element.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "the variants are HTML's own element names")]
        pub enum Tag {
            /// An element that HTML does not know; a name with a hyphen is [`Tag::Custom`].
            #[default]
            Unknown,
            /// A custom element: a name with a hyphen.
            Custom,
            $($variant),*
        }

        impl Tag {
            /// Every tag, in the order of their discriminants.
            pub const ALL: &[Tag] = &[Tag::Unknown, Tag::Custom, $(Tag::$variant),*];

            const NAMES: &[&[u8]] = &[b"unknown", b"custom", $($name),*];

            /// The element's name in lower case; `unknown` and `custom` for those.
            pub fn as_str(self) -> &'static str {
                match self {
                    Self::Unknown => "unknown",
                    Self::Custom => "custom",
                    $(Self::$variant => {
                        const NAME: &str = ascii($name);
                        NAME
                    })*
                }
            }
        }
    };
}

tags! {
    A b"a", Abbr b"abbr", Acronym b"acronym", Address b"address", Applet b"applet", Area b"area",
    Article b"article", Aside b"aside", Audio b"audio", B b"b", Base b"base", Basefont b"basefont",
    Bgsound b"bgsound", Big b"big", Blink b"blink", Blockquote b"blockquote", Body b"body", Br b"br",
    Button b"button", Canvas b"canvas", Caption b"caption", Center b"center", Cite b"cite", Code b"code",
    Col b"col", Colgroup b"colgroup", Data b"data", Dd b"dd", Del b"del", Details b"details", Dfn b"dfn",
    Dialog b"dialog", Dir b"dir", Div b"div", Dl b"dl", Dt b"dt", Em b"em", Embed b"embed",
    Fieldset b"fieldset", Figcaption b"figcaption", Figure b"figure", Font b"font", Footer b"footer",
    Form b"form", Frame b"frame", Frameset b"frameset", H1 b"h1", H2 b"h2", H3 b"h3", H4 b"h4", H5 b"h5",
    H6 b"h6", Head b"head", Header b"header", Hgroup b"hgroup", Hr b"hr", Html b"html", I b"i",
    Iframe b"iframe", Image b"image", Img b"img", Input b"input", Ins b"ins", Kbd b"kbd", Label b"label", Legend b"legend",
    Li b"li", Link b"link", Listing b"listing", Main b"main", Map b"map", Mark b"mark", Marquee b"marquee",
    Math b"math", Menu b"menu", Meta b"meta", Meter b"meter", Nav b"nav", Nobr b"nobr", Noembed b"noembed",
    Noframes b"noframes", Noscript b"noscript", Object b"object", Ol b"ol", Optgroup b"optgroup",
    Option b"option", Output b"output", P b"p", Param b"param", Picture b"picture", Plaintext b"plaintext",
    Pre b"pre", Progress b"progress", Q b"q", Rb b"rb", Rp b"rp", Rt b"rt", Rtc b"rtc", Ruby b"ruby",
    S b"s", Samp b"samp", Script b"script", Search b"search", Section b"section", Select b"select",
    Slot b"slot", Small b"small", Source b"source", Span b"span", Strike b"strike", Strong b"strong",
    Style b"style", Sub b"sub", Summary b"summary", Sup b"sup", Svg b"svg", Table b"table", Tbody b"tbody",
    Td b"td", Template b"template", Textarea b"textarea", Tfoot b"tfoot", Th b"th", Thead b"thead",
    Time b"time", Title b"title", Tr b"tr", Track b"track", Tt b"tt", U b"u", Ul b"ul", Var b"var",
    Video b"video", Wbr b"wbr", Xmp b"xmp",
}

const SLOTS: usize = 1024;

/// Open addressing over the names, filled at compile time.
const SLOT_TABLE: [u8; SLOTS] = slot_table();

const fn slot_of(name: &[u8]) -> usize {
    let mut hash: u32 = 0x811c_9dc5 ^ name.len() as u32;
    let mut at = 0;
    while at < name.len() {
        hash = (hash ^ (name[at] | 0x20) as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    (hash ^ (hash >> 15)) as usize % SLOTS
}

const fn slot_table() -> [u8; SLOTS] {
    let mut table = [0u8; SLOTS];
    let mut tag = 2;
    while tag < Tag::NAMES.len() {
        let mut slot = slot_of(Tag::NAMES[tag]);
        while table[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        table[slot] = tag as u8;
        tag += 1;
    }
    table
}

impl Tag {
    /// The longest name, `figcaption` or `blockquote`, has 10 bytes.
    const LONGEST: usize = 10;

    /// The tag of an element's name in any case.
    pub fn from_any_case(name: &[u8]) -> Self {
        if name.len() <= Self::LONGEST {
            let mut slot = slot_of(name);
            while let Some(&tag) = SLOT_TABLE.get(slot).filter(|tag| **tag != 0) {
                let known = Self::NAMES.get(tag as usize).copied().unwrap_or_default();
                if known.eq_ignore_ascii_case(name) {
                    return Self::ALL.get(tag as usize).copied().unwrap_or_default();
                }
                slot = (slot + 1) % SLOTS;
            }
        }
        if name.contains(&b'-') { Self::Custom } else { Self::Unknown }
    }
}

/// A set of tags, made at compile time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TagSet([u64; 4]);

impl TagSet {
    pub(crate) const fn of(tags: &[Tag]) -> Self {
        let mut bits = [0u64; 4];
        let mut at = 0;
        while at < tags.len() {
            bits[tags[at] as usize / 64] |= 1 << (tags[at] as usize % 64);
            at += 1;
        }
        Self(bits)
    }

    pub(crate) fn has(&self, tag: Tag) -> bool {
        self.0.get(tag as usize / 64).is_some_and(|bits| bits & (1 << (tag as usize % 64)) != 0)
    }
}

/// `tag_set!(A B)`: the set of the named tags.
macro_rules! tag_set {
    ($($tag:ident)*) => { TagSet::of(&[$(Tag::$tag),*]) };
}
pub(crate) use tag_set;

macro_rules! attributes {
    ($($(#[$doc:meta])* $variant:ident $name:literal $(| $other:literal)*),* $(,)?) => {
        /// Attributes that are kept.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the variants are the attributes' own names")]
        pub enum AttrName {
            $($(#[$doc])* $variant),*
        }

        impl AttrName {
            /// The attribute of a name in lower case, if it is kept.
            pub(super) fn of(name: &[u8]) -> Option<Self> {
                match name {
                    $($name $(| $other)* => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// The attribute's name in lower case.
            pub(super) fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => {
                        const NAME: &str = ascii($name);
                        NAME
                    })*
                }
            }
        }
    };
}

attributes! {
    Class b"class", Id b"id", Role b"role", Href b"href", Rel b"rel", Style b"style", Hidden b"hidden",
    AriaHidden b"aria-hidden", AriaLabel b"aria-label", ItemProp b"itemprop", ItemType b"itemtype",
    TestId b"data-testid", DateTime b"datetime", Name b"name", Property b"property", Content b"content",
    Lang b"lang", Type b"type", Start b"start", Src b"src", Alt b"alt", Title b"title",
    /// `colspan` or `rowspan`.
    Span b"colspan" | b"rowspan",
    /// `bgcolor` or `background`.
    Ground b"bgcolor" | b"background",
    Color b"color",
    /// Kept of a `marquee` only.
    Height b"height",
    /// Kept of a `marquee` only.
    Width b"width",
}

/// The text of a name in the tables above.
const fn ascii(name: &[u8]) -> &str {
    match std::str::from_utf8(name) {
        Ok(name) => name,
        Err(_) => "",
    }
}

/// A kept attribute: a name and a range in the page's attribute text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attr {
    pub(crate) name: AttrName,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// The index of an element in its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, PartialOrd, Ord)]
pub struct ElementId(pub(crate) u32);

/// An element.
#[derive(Debug, Clone, Copy)]
pub struct Element {
    pub(crate) parent: ElementId,
    pub(crate) tag: Tag,
    pub(crate) depth: u16,
    /// Range in the page's attribute list.
    pub(crate) attrs: (u32, u32),
}

impl Element {
    /// The element's name.
    pub fn tag(&self) -> Tag {
        self.tag
    }

    /// Elements above it.
    pub fn depth(&self) -> u16 {
        self.depth
    }

    /// The element above it; the root is its own parent.
    pub fn parent(&self) -> ElementId {
        self.parent
    }
}

impl Page {
    /// The element with that id.
    pub fn element(&self, id: ElementId) -> Option<&Element> {
        self.elements.get(id.0 as usize)
    }

    /// The kept attributes of an element, in the order of the source.
    pub fn attributes(&self, id: ElementId) -> impl Iterator<Item = (AttrName, &str)> {
        let (start, end) = self.element(id).map_or((0, 0), |element| element.attrs);
        let list = self.attr_list.get(start as usize..end as usize).unwrap_or_default();
        list.iter().map(|attr| {
            (attr.name, self.attrs.get(attr.start as usize..attr.end as usize).unwrap_or_default())
        })
    }

    /// The value of a kept attribute.
    pub fn attr(&self, id: ElementId, name: AttrName) -> Option<&str> {
        self.attributes(id).find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    /// The chain of elements from the root down, as `html/body/div#main/p.lead`.
    pub fn path(&self, id: ElementId) -> String {
        let chain: Vec<_> = chain(self, id).filter_map(|at| Some((at, self.element(at)?))).collect();
        let mut path = String::with_capacity(16 * chain.len());
        for (at, element) in chain.into_iter().rev() {
            if !path.is_empty() {
                path.push('/');
            }
            self.add_step(at, element, &mut path);
        }
        path
    }

    fn add_step(&self, id: ElementId, element: &Element, path: &mut String) {
        path.push_str(element.tag.as_str());
        if let Some((sign, name)) = self.step_name(id) {
            path.push(sign);
            path.push_str(name);
        }
    }

    /// What a step of a path says beside the element's tag: its id behind `#`, else its first class behind a dot.
    pub(crate) fn step_name(&self, id: ElementId) -> Option<(char, &str)> {
        let (mut class, mut name) = (None, None);
        for (attr, value) in self.attributes(id) {
            match attr {
                AttrName::Class if class.is_none() => class = value.split_ascii_whitespace().next(),
                AttrName::Id if name.is_none() && !value.is_empty() => name = Some(value),
                _ => {}
            }
        }
        name.map(|name| ('#', name)).or_else(|| class.map(|class| ('.', class)))
    }
}
