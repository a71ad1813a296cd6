//! Pages that warn of cheats, in the cheats' own words: what sounds like a scam on them is none.

use super::Probabilities;
use crate::classify::Label;
use crate::lexicon;
use crate::page::{Block, BlockKind, Page};

/// A page warns if so many blocks do, its title counted.
const BLOCKS: usize = 2;
/// Words of a scam on such a page have this share of their probability. By hand.
const LEFT: f32 = 0.05;

/// Whether a page warns of cheats.
pub(super) fn is_advice(page: &Page) -> bool {
    let shown = page.blocks().filter(|block| !block.kind().is_pseudo());
    let title = page.metadata().title_tag.as_deref().into_iter();
    let texts = title.chain(shown.filter(is_content).map(|block| block.text()));
    texts.filter(|text| lexicon::warns(text) && !sells(text)).take(BLOCKS).count() == BLOCKS
}

/// Whether a text has what an offer has: those who promise to get lost money back speak of cheats as well.
fn sells(text: &str) -> bool {
    let said = lexicon::said(text);
    said.ware.is_some() && said.calls
}

fn is_content(block: &Block<'_>) -> bool {
    let inline = block.inline();
    inline.links == 0 || matches!(block.kind(), BlockKind::Paragraph | BlockKind::Heading(_))
}

/// What a text of such a page is, given what its words are elsewhere. An offer stays one.
pub(super) fn soften(text: &str, of: &mut Probabilities) {
    if sells(text) && !lexicon::said(text).reports && !text.contains(['“', '"', '「']) {
        return;
    }
    let mut freed = 0.0;
    if let Some(scam) = of.get_mut(Label::Scam as usize) {
        freed = *scam * (1.0 - LEFT);
        *scam -= freed;
    }
    if let Some(body) = of.get_mut(Label::Body as usize) {
        *body += freed;
    }
}
