//! Whose title the page bears: its own, or that of somebody who has taken over its head.
//!
//! Hijackers write into `<title>` what they sell, for search engines, and leave the article to its readers. What the title
//! says is then no word of the page. The title that a report gives is the page's own, or none.

use super::evidence::Evidence;
use super::foreign;
use super::mirror::Mirror;
use super::naming::Reader;
use super::{Finding, Label, Reason, settings, spam};
use crate::lexicon;
use crate::page::words::{is_cjk, words};
use crate::page::{Block, BlockKind, Page, bounded};

/// A page's own title, and what somebody has put in its place.
#[derive(Debug, Clone, Default)]
pub(super) struct Title {
    /// What the page itself names its title; none where nothing of it is left.
    pub(super) own: Option<String>,
    taken: Option<Taken>,
}

/// What a title is that is not the page's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// Spam of a kind, over a page that says nothing of it.
    For(Label),
    /// Words in a script that the page does not have.
    InScript,
}

/// A title is the page's if this share of its words stands in the body; headlines share a half and more.
const SHARED: f32 = 0.25;
/// Words of fewer bytes stand in every text.
const WORD: usize = 4;
/// Log-odds that a title of another matter adds: it is enough by itself. (Chosen by hand.)
const WEIGHT: f32 = 2.0;

impl Title {
    /// What the mirror kit has put over a page is known to the kit's own signs.
    pub(super) fn of(evidence: &Evidence<'_>, labels: &[Label], mirror: &Mirror) -> Self {
        let page = evidence.scored.page;
        let Some(named) = mirror.title(page) else { return Self::default() };
        let body = body(page, labels);
        let taken = |title: &str| spam::whole_and_parts(title).find_map(|text| taken(evidence, &body, text));
        let head = page.metadata().title_tag.as_deref().and_then(taken);
        // the page's title may be a part of one that is taken
        let in_named = taken(named).or(head.filter(|_| shared(named, &body) < SHARED));
        let own = if in_named.is_none() { Some(named.to_owned()) } else { heading(page, labels) };
        let rest = || own_part(evidence, &body, named);
        Self { own: own.or_else(rest), taken: head.or(in_named) }
    }

    /// What somebody has put over the page.
    pub(super) fn finding(&self) -> Option<Finding> {
        let (kind, text) = match self.taken? {
            Taken::InScript => {
                (Label::Seo, "the title is in a script that the page does not have".to_owned())
            }
            Taken::For(kind) => {
                (kind, format!("the title says {kind}, and nothing of it stands in the body"))
            }
        };
        let (of, blocks) = (kind.as_str(), Vec::new());
        Some(Finding { reason: Reason::HeadAgainstBody, of, weight: WEIGHT, text, blocks })
    }
}

/// What a title, or a part of one, is if it is not the page's.
fn taken(evidence: &Evidence<'_>, body: &str, text: &str) -> Option<Taken> {
    if body.is_empty() || shared(text, body) >= SHARED {
        return None;
    }
    if foreign::is_in_foreign_script(text, evidence.scored.page) {
        return Some(Taken::InScript);
    }
    let said = || evidence.model.and_then(|model| spam::kind(&Reader::new(model).read(text)));
    lexicon::trade(text).or_else(said).filter(|kind| evidence.may_be(*kind)).map(Taken::For)
}

/// The words of a page's main content, in lower case, and the headings of the page.
fn body(page: &Page, labels: &[Label]) -> String {
    let has_body = labels.iter().any(|label| label.is_body());
    let told = page.blocks().zip(labels).filter(|(block, label)| label.is_body() || level(block).is_some());
    let shown = told.filter(|(block, _)| has_body && !block.kind().is_pseudo());
    shown.map(|(block, _)| block.text().to_lowercase() + "\n").collect()
}

/// The share of a text's words, or of its pairs of Chinese characters, that stand in a body.
fn shared(text: &str, body: &str) -> f32 {
    let text = text.to_lowercase();
    let chars: Vec<char> = text.chars().collect();
    let pairs = chars.windows(2).filter(|pair| pair.iter().all(|c| is_cjk(*c)));
    let pairs = pairs.map(|pair| pair.iter().collect::<String>());
    let long = words(&text).filter(|word| word.len() >= WORD && !word.chars().any(is_cjk));
    let units: Vec<String> = pairs.chain(long.map(str::to_owned)).collect();
    let found = units.iter().filter(|unit| body.contains(unit.as_str())).count();
    found as f32 / units.len().max(1) as f32
}

fn level(block: &Block<'_>) -> Option<u8> {
    block.kind().level()
}

/// The heading of the article: the last of the first level over the body, else the first one on the page.
fn heading(page: &Page, labels: &[Label]) -> Option<String> {
    let first = labels.iter().position(|label| label.is_body())?;
    let may_be = |block: &Block<'_>| {
        block.kind() == BlockKind::Heading(1)
            && labels.get(block.index()).is_some_and(|label| !settings::KINDS.contains(label))
    };
    let headings: Vec<Block<'_>> = page.blocks().filter(may_be).collect();
    let over = headings.iter().rev().find(|block| block.index() <= first + 1);
    over.or(headings.first()).map(|block| bounded(block.text()).to_owned())
}

/// The longest part of a title that is the page's.
fn own_part(evidence: &Evidence<'_>, body: &str, title: &str) -> Option<String> {
    let parts = spam::whole_and_parts(title).skip(1);
    let own = parts.filter(|part| taken(evidence, body, part).is_none() && shared(part, body) >= SHARED);
    own.max_by_key(|part| part.len()).map(str::to_owned)
}
