//! The handle that a user keeps: one document in, one report out.

use super::rules::Ruling;
use super::{
    BlockReport, Label, Report, Rules, cut, empty, facts, headline, hidden, injected, kind, score_blocks,
    verdict,
};
use crate::features::{COLUMNS, Measured, measure};
use crate::model::{Model, calibration_inputs, sigmoid};
use crate::page::{Document, Limits, Media, Page};
use std::borrow::Cow;
use std::sync::Arc;

/// Where the cut between body and junk stands; the model is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Profile {
    /// Less junk in the body, at the price of lost text.
    Precision,
    /// The highest expected F1.
    #[default]
    Balanced,
    /// Less lost text, at the price of junk in the body.
    Recall,
}

/// Models, profile and limits: what judges pages. `Send + Sync`; one serves all threads.
#[derive(Debug, Clone)]
pub struct Filter {
    model: Arc<Model>,
    profile: Profile,
    limits: Limits,
    rules: Arc<Rules>,
    #[cfg(feature = "ad-rules")]
    ad_rules: Option<Arc<super::AdRules>>,
}

impl Filter {
    /// The filter with the built-in model.
    pub fn builtin() -> Self {
        Self::new(Model::builtin())
    }

    /// A filter with a model of one's own.
    pub fn new(model: impl Into<Arc<Model>>) -> Self {
        let (profile, limits, rules) = (Profile::default(), Limits::default(), Arc::default());
        Self {
            model: model.into(),
            profile,
            limits,
            rules,
            #[cfg(feature = "ad-rules")]
            ad_rules: None,
        }
    }

    /// Sets the profile.
    pub fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Sets the limits on one page.
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the user's own rules of what is body and what is not. HTML pages that a rule is meant for are
    /// parsed a second time, into a tree.
    pub fn with_rules(mut self, rules: Rules) -> Self {
        self.rules = Arc::new(rules);
        self
    }

    /// Sets filter lists of ad blockers. What they hide or block on an HTML page is labelled `ad`.
    #[cfg(feature = "ad-rules")]
    pub fn with_ad_rules(mut self, rules: super::AdRules) -> Self {
        self.ad_rules = Some(Arc::new(rules));
        self
    }

    /// Judges a document. Whether it works never depends on the document's bytes.
    pub fn check(&self, document: &Document) -> Report {
        let page = Page::read(document, &self.limits);
        let rulings = self.rules.rulings(&page, document);
        let injected = injected::Injected::of(&page, &[]);
        #[cfg(feature = "ad-rules")]
        let injected = match &self.ad_rules {
            Some(rules) => injected.with_hits(&page, &rules.hits(&page, document)),
            None => injected,
        };
        self.judge_with(document.id(), page, &rulings, injected)
    }

    /// Judges a page that was read already. The [`Rules`] and ad rules need its source and are not applied.
    pub fn judge(&self, id: &str, page: Page) -> Report {
        let injected = injected::Injected::of(&page, &[]);
        self.judge_with(id, page, &[], injected)
    }

    /// Judges a page for some of whose blocks the user has ruled.
    fn judge_with(
        &self,
        id: &str,
        mut page: Page,
        rulings: &[Option<Ruling>],
        injected: injected::Injected,
    ) -> Report {
        let mut measured = measure(&page);
        let probabilities = self.probabilities(&page, &mut measured);
        let (mut chosen, confidence) = cut(
            &settled(&probabilities, rulings),
            measured.tokens(),
            self.profile.knobs(measured.page_cjk()),
        );
        let hidden = hidden::take_out(&page, measured.tokens(), &mut chosen);
        let kinds = kind::Kinds::of(&page, &measured);
        let overruled = |index| injected.overruled(index).or_else(|| kinds.overruled(index));
        let label = |(index, (p, chosen)): (usize, (&f32, &bool))| {
            let (label, reason) = match rulings.get(index).copied().flatten() {
                Some(Ruling::Keep) => (Label::Body, Ruling::Keep.reason()),
                Some(Ruling::Drop) => (kinds.of_junk(index).0, Ruling::Drop.reason()),
                None => overruled(index).unwrap_or_else(|| match chosen {
                    true => (Label::Body, "model"),
                    false if hidden.contains(&index) => (kinds.of_junk(index).0, "hidden"),
                    false => kinds.of_junk(index),
                }),
            };
            let probability = if label.is_body() { *p } else { 1.0 - *p };
            BlockReport { label, probability, body_probability: *p, reason }
        };
        let mut blocks: Vec<BlockReport> = probabilities.iter().zip(&chosen).enumerate().map(label).collect();
        let headline = headline::of(&page, &blocks).and_then(|index| blocks.get_mut(index));
        if let Some(block) = headline {
            (block.label, block.reason) = (Label::Body, "headline");
        }
        let signs = empty::Signs::of(&page, &measured, &probabilities, confidence);
        let empty =
            if blocks.is_empty() { 1.0 } else { self.model.header.empty.probability(&signs.inputs()) };
        let facts = facts::Facts::of(&page, &blocks);
        let repairs = injected.repair(&mut page, &blocks);
        verdict::report(
            id,
            page,
            blocks,
            verdict::Evidence { confidence, empty, signs, facts, injected, repairs },
        )
    }

    /// Calibrated probabilities of main content.
    fn probabilities(&self, page: &Page, measured: &mut Measured) -> Vec<f32> {
        let scores = score_blocks(page, measured, &self.model.sparse);
        measured.add_scores(page, &scores);
        let text = page.source().media == Media::Text;
        let header = &self.model.header;
        let (forest, calibration) = if text {
            (&self.model.text, &header.text_calibration)
        } else {
            (&self.model.html, &header.html_calibration)
        };
        let cjk = measured.page_cjk();
        let odds = forest.log_odds_of_rows(measured.rows(), COLUMNS);
        odds.into_iter().map(|odds| sigmoid(calibration.log_odds(&calibration_inputs(odds, cjk)))).collect()
    }
}

/// The probabilities, with those of the blocks that the user has ruled for taken for certain.
fn settled<'p>(probabilities: &'p [f32], rulings: &[Option<Ruling>]) -> Cow<'p, [f32]> {
    if rulings.is_empty() {
        return Cow::Borrowed(probabilities);
    }
    let settle = |(p, ruling): (&f32, &Option<Ruling>)| match ruling {
        Some(Ruling::Keep) => 1.0,
        Some(Ruling::Drop) => 0.0,
        None => *p,
    };
    probabilities.iter().zip(rulings).map(settle).collect()
}
