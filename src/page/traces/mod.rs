//! Elements, scripts and the title of a page → [`Traces`]: what its markup shows of ads, links that a program set,
//! hidden links and noise.
//!
//! In: the page as the front end builds it, and what [`Notes`] saw of elements that are not kept. Out: lists of
//! elements and blocks. The module says what stands in the markup; it never says what a block is, or whether
//! somebody meant harm.
//!
//! Start reading at [`Traces::of`].

mod hiding;
mod names;
mod notes;
mod sheets;
#[cfg(test)]
mod tests;

use super::element::{AttrName, ElementId, Tag, TagSet, tag_set};
use super::{Page, SpanKind};
use names::Sign;
use rustc_hash::FxHashMap;

pub use hiding::Hiding;
pub(super) use notes::Notes;
pub use notes::{Scripts, TitleReferences};

/// What a page's markup shows of things that are not its author's.
#[derive(Debug, Clone, Default)]
pub struct Traces {
    slots: Vec<Slot>,
    keyword_links: Vec<ElementId>,
    hidden: Vec<Hidden>,
    hiders: Vec<(ElementId, Hiding)>,
    parted: Vec<ElementId>,
    noise: usize,
    scripts: Scripts,
    title: TitleReferences,
}

/// An element that holds an ad, or the place of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The outermost element of the slot.
    pub element: ElementId,
    /// Whether an ad vendor's own name or a standard ad size in an id says so, not only a word such as `ad`.
    pub vendor: bool,
    /// Indexes of the blocks inside; none in an empty slot.
    pub blocks: Vec<usize>,
}

/// Links to other sites that a reader of the page does not see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// How they are hidden.
    pub by: Hiding,
    /// The `a` elements with an absolute URL, in order.
    pub links: Vec<ElementId>,
    /// How many others there are: links of the site itself.
    pub own: usize,
    /// Indexes of the blocks that hold them.
    pub blocks: Vec<usize>,
}

impl Traces {
    /// Reads the traces off a page whose blocks are complete.
    pub(super) fn of(page: &Page, mut notes: Notes) -> Self {
        // what a script opens and none closes ends nobody knows where
        notes.written.retain(|(_, to)| *to != usize::MAX);
        let seen = Seen::of(page, &mut notes);
        let slots = slots(page, &seen.slots);
        let mut hiders = seen.hidden.clone();
        hiders.extend(notes.coloured.iter().map(|id| (*id, Hiding::Colour)));
        hiders.sort_unstable_by_key(|(id, _)| *id);
        let mut parted = notes.parted;
        parted.sort_unstable();
        let hidden = hidden(page, &hiders, &notes.written);
        let keyword_links = keyword_links(page, &seen.keywords);
        let noise = noise(page, &seen);
        Self {
            slots,
            keyword_links,
            hidden,
            hiders,
            parted,
            noise,
            scripts: notes.scripts,
            title: notes.title,
        }
    }

    /// Ad slots, in order; a slot inside a slot does not count.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Links that a program has set on words: keyword links and affiliate links, `a` elements in order.
    pub fn keyword_links(&self) -> &[ElementId] {
        &self.keyword_links
    }

    /// Groups of hidden links to other sites.
    pub fn hidden(&self) -> &[Hidden] {
        &self.hidden
    }

    /// How an element by itself is hidden from readers.
    pub fn hiding(&self, id: ElementId) -> Option<Hiding> {
        let found = self.hiders.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        self.hiders.get(found).map(|(_, by)| *by)
    }

    /// How an inline element is hidden whose words were taken out of a shown block, into one of their own.
    pub fn parted(&self, id: ElementId) -> Option<Hiding> {
        self.parted.binary_search(&id).ok().and_then(|_| self.hiding(id))
    }

    /// Elements without text that stand there for nothing: of one id under several names, or of made-up names.
    pub fn noise(&self) -> usize {
        self.noise
    }

    /// What scripts load and write.
    pub fn scripts(&self) -> Scripts {
        self.scripts
    }

    /// How the title is written.
    pub fn title(&self) -> TitleReferences {
        self.title
    }
}

/// Elements with traces, before it is known what stands in them.
#[derive(Debug, Default)]
struct Seen {
    slots: Vec<(ElementId, bool)>,
    keywords: Vec<ElementId>,
    hidden: Vec<(ElementId, Hiding)>,
    /// Elements with an id that may be a noise tag's.
    ids: Vec<ElementId>,
    /// Elements of names that nobody knows, with an id or a class.
    unknown: Vec<ElementId>,
}

/// Elements that are never an ad slot: classes of whole pages say whether they have ads.
const NO_SLOTS: TagSet =
    tag_set!(Html Body Main Article A Img H1 H2 H3 H4 H5 H6 Button Label Input Form Nav Header);

impl Seen {
    fn of(page: &Page, notes: &mut Notes) -> Self {
        let mut seen = Self::default();
        // an element that is opened again shares its attributes with the first one
        let mut known = 0;
        for (id, element) in (0..).map(ElementId).zip(&page.elements) {
            let (first, end) = element.attrs;
            if first < end && first >= known {
                known = end;
                seen.element(page, id, notes);
            }
        }
        seen
    }

    fn element(&mut self, page: &Page, id: ElementId, notes: &mut Notes) {
        let Some(tag) = page.element(id).map(|element| element.tag) else { return };
        let mut signs = Sign::NONE;
        for (name, value) in page.attributes(id) {
            match name {
                AttrName::Class => signs = signs | notes.memo.signs(value),
                AttrName::Id => {
                    signs = signs | notes.memo.signs(value);
                    if may_be_noise(value) {
                        self.ids.push(id);
                    }
                }
                AttrName::Rel if tag == Tag::A && names::is_sponsored(value) => signs = signs | Sign::KEYWORD,
                AttrName::Href if tag == Tag::A && names::is_affiliate(value) => {
                    signs = signs | Sign::KEYWORD;
                }
                _ => {}
            }
        }
        self.note(id, tag, signs, notes.hiding(page, id));
    }

    fn note(&mut self, id: ElementId, tag: Tag, signs: Sign, hidden: Option<Hiding>) {
        if signs.has(Sign::AD) && !NO_SLOTS.has(tag) {
            self.slots.push((id, signs.has(Sign::VENDOR)));
        }
        if signs.has(Sign::KEYWORD) {
            self.keywords.push(id);
        }
        if let Some(by) = hidden {
            self.hidden.push((id, by));
        }
        if tag == Tag::Unknown {
            self.unknown.push(id);
        }
    }
}

/// For each element the number, from 1, of the outermost of the given ones that holds it; 0 where none does.
fn owners(page: &Page, roots: impl Iterator<Item = ElementId>) -> Vec<u32> {
    let mut owners = vec![0u32; page.elements.len()];
    for (number, root) in (1..).zip(roots) {
        if let Some(owner) = owners.get_mut(root.0 as usize) {
            *owner = number;
        }
    }
    for (at, element) in page.elements.iter().enumerate() {
        let above =
            if element.parent.0 as usize == at { None } else { owners.get(element.parent.0 as usize) };
        let above = above.copied().unwrap_or(0);
        if let Some(owner) = owners.get_mut(at).filter(|_| above > 0) {
            *owner = above;
        }
    }
    owners
}

/// The entry of a list that an element belongs to.
fn owned<'l, T>(list: &'l mut [T], owners: &[u32], element: ElementId) -> Option<&'l mut T> {
    let number = owners.get(element.0 as usize).copied().unwrap_or(0) as usize;
    list.get_mut(number.checked_sub(1)?)
}

fn slots(page: &Page, seen: &[(ElementId, bool)]) -> Vec<Slot> {
    if seen.is_empty() {
        return Vec::new();
    }
    let owners = owners(page, seen.iter().map(|(id, _)| *id));
    let slot = |(id, vendor): &(ElementId, bool)| Slot { element: *id, vendor: *vendor, blocks: Vec::new() };
    let mut slots: Vec<Slot> = seen.iter().map(slot).collect();
    for (index, block) in page.blocks.iter().enumerate().filter(|(_, block)| !block.kind.is_pseudo()) {
        if let Some(slot) = owned(&mut slots, &owners, block.element) {
            slot.blocks.push(index);
        }
    }
    // a wrapper of a vendor's element is the vendor's slot
    for (id, _) in seen.iter().filter(|(_, vendor)| *vendor) {
        if let Some(slot) = owned(&mut slots, &owners, *id) {
            slot.vendor = true;
        }
    }
    let outermost = |number: u32, slot: &Slot| owners.get(slot.element.0 as usize) == Some(&number);
    (1..).zip(slots).filter(|(number, slot)| outermost(*number, slot)).map(|(_, slot)| slot).collect()
}

/// The `a` elements that are marked themselves or that a marked inline element holds.
fn keyword_links(page: &Page, seen: &[ElementId]) -> Vec<ElementId> {
    if seen.is_empty() {
        return Vec::new();
    }
    let owners = owners(page, seen.iter().copied());
    let is_owned = |id: ElementId| owners.get(id.0 as usize).is_some_and(|owner| *owner > 0);
    let links = page.spans.iter().filter(|span| span.kind == SpanKind::Link && is_owned(span.element));
    let mut links: Vec<ElementId> = links.map(|span| span.element).collect();
    links.dedup();
    links
}

/// Groups of hidden links, one for each outermost hidden element and each stretch that a script hides.
fn hidden(page: &Page, seen: &[(ElementId, Hiding)], written: &[(usize, usize)]) -> Vec<Hidden> {
    if seen.is_empty() && written.is_empty() {
        return Vec::new();
    }
    let owners = owners(page, seen.iter().map(|(id, _)| *id));
    let group = |by| Hidden { by, links: Vec::new(), own: 0, blocks: Vec::new() };
    let mut groups: Vec<Hidden> = seen.iter().map(|(_, by)| group(*by)).collect();
    let mut stretches: Vec<Hidden> = written.iter().map(|_| group(Hiding::Script)).collect();
    for block in page.blocks() {
        let stretch = written.iter().position(|(from, to)| (*from..*to).contains(&block.index()));
        for span in block.spans().iter().filter(|span| span.kind == SpanKind::Link) {
            let group = match stretch.and_then(|at| stretches.get_mut(at)) {
                Some(stretch) => Some(stretch),
                None => owned(&mut groups, &owners, span.element),
            };
            let Some(group) = group else { continue };
            if block.href(span).is_some_and(is_absolute) {
                group.links.push(span.element);
                group.blocks.push(block.index());
            } else {
                group.own += 1;
            }
        }
    }
    groups.append(&mut stretches);
    groups.retain(|group| !group.links.is_empty());
    for group in &mut groups {
        group.blocks.dedup();
    }
    groups
}

/// Whether a link names its host.
fn is_absolute(href: &str) -> bool {
    let href = href.trim_start();
    let start = href.get(..8).unwrap_or(href).to_ascii_lowercase();
    start.starts_with("http://") || start.starts_with("https://") || start.starts_with("//")
}

/// The ids of noise tags are five or six letters and digits: those of the kit of mirrored pages have five, those
/// of the program that makes whole lists of such tags six.
fn may_be_noise(id: &str) -> bool {
    (5..=6).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
}

/// One id on so many elements of at least [`NOISE_TAGS`] names, all without text, is noise: a page that repeats
/// an id by mistake repeats the element with it.
const NOISE_REPEATS: usize = 3;
/// Different element names under one id.
const NOISE_TAGS: usize = 3;
/// Elements of made-up names, without text and each with another id or class, from which on they are noise.
const MADE_UP: usize = 4;

fn noise(page: &Page, seen: &Seen) -> usize {
    if seen.ids.len() < NOISE_REPEATS && seen.unknown.len() < MADE_UP {
        return 0;
    }
    let mut by_id: FxHashMap<&str, Vec<Tag>> = FxHashMap::default();
    let holds_text = holding_text(page);
    let is_empty = |id: &ElementId| !holds_text.get(id.0 as usize).copied().unwrap_or(false);
    for id in seen.ids.iter().filter(|id| is_empty(id)) {
        let (Some(name), Some(element)) = (page.attr(*id, AttrName::Id), page.element(*id)) else { continue };
        by_id.entry(name).or_default().push(element.tag);
    }
    let is_noise = |tags: &Vec<Tag>| {
        let mut names = tags.iter().map(|tag| *tag as u8).collect::<Vec<_>>();
        names.sort_unstable();
        names.dedup();
        tags.len() >= NOISE_REPEATS && names.len() >= NOISE_TAGS
    };
    let repeated: usize = by_id.values().filter(|tags| is_noise(tags)).map(Vec::len).sum();
    repeated + made_up(page, seen, is_empty)
}

fn made_up(page: &Page, seen: &Seen, is_empty: impl Fn(&ElementId) -> bool) -> usize {
    let name = |id: &ElementId| page.attr(*id, AttrName::Id).or_else(|| page.attr(*id, AttrName::Class));
    let is_word = |name: &&str| name.len() <= 8 && name.bytes().all(|b| b.is_ascii_lowercase());
    let empty = seen.unknown.iter().filter(|id| is_empty(id));
    let mut names: Vec<&str> = empty.filter_map(name).filter(is_word).collect();
    names.sort_unstable();
    names.dedup();
    if names.len() >= MADE_UP { names.len() } else { 0 }
}

/// Which elements hold the start of a block or of an inline span.
fn holding_text(page: &Page) -> Vec<bool> {
    let mut holding = vec![false; page.elements.len()];
    let starts = page.blocks.iter().flat_map(|block| [block.element, block.inner]);
    for mut at in starts.chain(page.spans.iter().map(|span| span.element)) {
        while let Some(known) = holding.get_mut(at.0 as usize).filter(|known| !**known) {
            *known = true;
            at = page.element(at).map_or(at, |element| element.parent);
        }
    }
    holding
}
