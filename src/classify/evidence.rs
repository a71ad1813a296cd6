//! What models and rules say of a page's blocks, before anything is decided.

use super::corrected::Corrected;
use super::injected::Injected;
use super::kind::Kinds;
use super::naming::Naming;
use super::rules::Ruling;
use super::{Filter, Label, Settings, copies, cut, cut::Knobs, hidden, templates, wrapped};
use crate::features::Measured;
use crate::likeness::Repeated;
use crate::model::KindModel;
use crate::page::{Document, Page};

/// Labels of spam about an unrelated matter, which takes a block out of the body on its words alone.
pub(crate) const SPAM: [Label; 3] = [Label::Adult, Label::Gambling, Label::Scam];

/// A page with its measurements and the probabilities of main content.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scored<'a> {
    pub(crate) page: &'a Page,
    pub(crate) measured: &'a Measured,
    /// Probabilities of main content, block by block.
    pub(crate) body: &'a [f32],
    /// What an adapter has added to them; none without one.
    pub(crate) corrected: Option<&'a Corrected>,
}

/// All that is known of a page's blocks.
pub(crate) struct Evidence<'a> {
    pub(super) scored: Scored<'a>,
    pub(super) model: Option<&'a KindModel>,
    pub(super) settings: &'a Settings,
    pub(super) kinds: Kinds<'a>,
    /// None: the rules alone name what is not main content.
    pub(super) naming: Option<Naming>,
    pub(super) injected: Injected,
    pub(super) rulings: &'a [Option<Ruling>],
    /// The cut.
    pub(super) chosen: Vec<bool>,
    /// Expected word F1 of the cut, 0 to 1.
    pub(super) confidence: f32,
    /// Blocks of the body that a reader does not see, in order.
    pub(super) hidden: Vec<usize>,
    /// Dumps of search words, in order: no part of the page, however long they are.
    pub(super) dumps: Vec<usize>,
    /// Blocks of the body that repeat others of it, in order.
    pub(super) copies: Vec<usize>,
    /// Blocks of the body that are the site's template, in order.
    pub(super) templates: Vec<usize>,
    /// What repeats on the site; none where nobody has counted that.
    pub(super) repeated: Option<Repeated>,
}

impl Filter {
    /// Asks every source about a page's blocks.
    pub(super) fn evidence<'a>(
        &'a self,
        scored: Scored<'a>,
        document: &Document,
        rulings: &'a [Option<Ruling>],
    ) -> Evidence<'a> {
        let kinds = Kinds::of(scored.page, scored.measured);
        let naming = self.kinds.as_deref().map(|model| {
            let mut naming = Naming::of(scored, &kinds, model);
            if let Some(corrected) = scored.corrected {
                naming.correct(corrected.kinds());
            }
            naming
        });
        self.gather(scored, (kinds, naming), document, rulings)
    }

    /// The same with what other models of kinds say, for a page without source.
    #[cfg(feature = "train")]
    pub(super) fn evidence_with<'a>(&'a self, scored: Scored<'a>, naming: Naming) -> Evidence<'a> {
        let kinds = Kinds::of(scored.page, scored.measured);
        self.gather(scored, (kinds, Some(naming)), &Document::html(""), &[])
    }

    /// Expected word F1 of the cut, 0 to 1.
    #[cfg(feature = "train")]
    pub(crate) fn confidence(&self, scored: Scored<'_>) -> f32 {
        let knobs = Knobs::of(self.profile, scored.measured);
        cut(scored.body, scored.measured.tokens(), knobs).1
    }

    fn gather<'a>(
        &'a self,
        scored: Scored<'a>,
        (kinds, naming): (Kinds<'a>, Option<Naming>),
        document: &Document,
        rulings: &'a [Option<Ruling>],
    ) -> Evidence<'a> {
        let Scored { page, measured, body, .. } = scored;
        let knobs = Knobs::of(self.profile, measured);
        let dumps: Vec<usize> = (0..body.len()).filter(|index| kinds.is_dump(*index)).collect();
        let (mut chosen, confidence) = cut(&with_rulings(body, rulings, &dumps), measured.tokens(), knobs);
        wrapped::add(scored, &kinds, &mut chosen);
        let hidden = hidden::take_out(scored, &kinds, &mut chosen);
        let copies = copies::take_out(page, &mut chosen);
        let repeated = self.templates.as_deref().and_then(|templates| templates.of_page(page));
        let templates = repeated.as_ref().map(|repeated| templates::take_out(page, repeated, &mut chosen));
        let injected = self.injected(page, document, naming.as_ref());
        let injected = injected.with_offers(page, measured.tokens(), &chosen);
        let (model, settings) = (self.kinds.as_deref(), &*self.settings);
        Evidence {
            scored,
            model,
            settings,
            kinds,
            naming,
            injected,
            rulings,
            chosen,
            confidence,
            hidden,
            dumps,
            copies,
            templates: templates.unwrap_or_default(),
            repeated,
        }
    }

    /// What was put into the page; what the user's ad rules hit only where the document has a source.
    #[cfg_attr(
        not(feature = "ad-rules"),
        expect(unused_variables, clippy::unused_self, reason = "there are no ad rules without the feature")
    )]
    fn injected(&self, page: &Page, document: &Document, naming: Option<&Naming>) -> Injected {
        let spam = |naming: &Naming| (0..page.blocks().len()).map(|index| naming.spam(index)).collect();
        let spam: Vec<f32> = naming.map(spam).unwrap_or_default();
        let injected = Injected::of(page, &spam);
        #[cfg(feature = "ad-rules")]
        if let Some(rules) = self.ad_rules.as_ref().filter(|_| !document.bytes().is_empty()) {
            return injected.with_hits(page, &rules.hits(page, document));
        }
        injected
    }
}

impl Evidence<'_> {
    /// Whether a block of the body is the site's template.
    pub(super) fn is_template(&self, index: usize) -> bool {
        self.templates.binary_search(&index).is_ok()
    }
}

/// Probabilities of main content with what the user has ruled, and dumps of search words, taken for certain.
fn with_rulings<'p>(
    probabilities: &'p [f32],
    rulings: &[Option<Ruling>],
    dumps: &[usize],
) -> std::borrow::Cow<'p, [f32]> {
    if dumps.is_empty() && rulings.iter().all(Option::is_none) {
        return probabilities.into();
    }
    let mut certain = probabilities.to_vec();
    for index in dumps {
        certain.get_mut(*index).into_iter().for_each(|p| *p = 0.0);
    }
    for (p, ruling) in certain.iter_mut().zip(rulings) {
        *p = ruling.map_or(*p, |ruling| if ruling == Ruling::Keep { 1.0 } else { 0.0 });
    }
    certain.into()
}
