//! The handle that a user keeps: one document in, one report out.

use super::corrected::Corrected;
use super::decide::{self, Decision, Rank};
use super::mirror::Mirror;
use super::naming::{Naming, stands_alone};
use super::rules::Ruling;
use super::{
    BlockReport, Label, Reason, Report, Rules, Script, Settings, cut, empty, facts, headline, hidden,
    injected, kind, mirror, score_blocks, settings, spam, verdict,
};
use crate::features::{COLUMNS, Measured, measure};
use crate::model::{Adapter, KindModel, Model, calibration_inputs, label_calibration_inputs, sigmoid};
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
    pub(super) model: Arc<Model>,
    profile: Profile,
    pub(super) limits: Limits,
    rules: Arc<Rules>,
    pub(super) kinds: Option<Arc<KindModel>>,
    pub(super) adapter: Option<Arc<Adapter>>,
    pub(super) settings: Arc<Settings>,
    script: Script,
    #[cfg(feature = "ad-rules")]
    ad_rules: Option<Arc<super::AdRules>>,
}

impl Filter {
    /// The filter with the built-in model.
    pub fn builtin() -> Self {
        Self::new(Model::builtin()).with_kinds(KindModel::builtin())
    }

    /// A filter with a model of one's own, and without one of kinds: what is not main content is named by
    /// rules alone, and pages have no scores of spam.
    pub fn new(model: impl Into<Arc<Model>>) -> Self {
        let (profile, limits, rules) = (Profile::default(), Limits::default(), Arc::default());
        let settings = Arc::default();
        Self {
            model: model.into(),
            profile,
            limits,
            rules,
            kinds: None,
            adapter: None,
            settings,
            script: Script::default(),
            #[cfg(feature = "ad-rules")]
            ad_rules: None,
        }
    }

    /// Sets the model of kinds.
    pub fn with_kinds(mut self, kinds: impl Into<Arc<KindModel>>) -> Self {
        self.kinds = Some(kinds.into());
        self
    }

    /// Sets corrections that were fitted on top of the filter's models.
    ///
    /// # Errors
    /// [`Error::Model`](crate::Error::Model) when they were fitted on other models.
    pub fn with_adapter(mut self, adapter: impl Into<Arc<Adapter>>) -> crate::error::Result<Self> {
        let adapter = adapter.into();
        let without = || crate::Error::Model {
            name: "adapter".to_owned(),
            problem: "expected a filter with a model of kinds, found one without: set it first".to_owned(),
        };
        adapter.check_base("adapter", &self.model, self.kinds.as_deref().ok_or_else(without)?)?;
        self.adapter = Some(adapter);
        Ok(self)
    }

    /// The same filter with its models alone.
    pub fn without_adapter(mut self) -> Self {
        self.adapter = None;
        self
    }

    /// Sets which kinds are junk, and from where on.
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = Arc::new(settings);
        self
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

    /// Sets the characters in which Chinese bodies and titles are given. The blocks of a report stay as they are on
    /// the page.
    pub fn with_script(mut self, script: Script) -> Self {
        self.script = script;
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
        self.judge_with(document, page, &rulings)
    }

    /// Judges a page that was read already. The [`Rules`] and ad rules need its source and are not applied.
    pub fn judge(&self, id: &str, page: Page) -> Report {
        self.judge_with(&Document::html("").with_id(id), page, &[])
    }

    /// Judges a page for some of whose blocks the user has ruled.
    fn judge_with(&self, document: &Document, mut page: Page, rulings: &[Option<Ruling>]) -> Report {
        let mut measured = measure(&page);
        let (probabilities, corrected) = self.probabilities(&page, &mut measured);
        let (mut chosen, confidence) = cut(
            &settled(&probabilities, rulings),
            measured.tokens(),
            self.profile.knobs(measured.page_cjk()),
        );
        let hidden = hidden::take_out(&page, measured.tokens(), &mut chosen);
        let kinds = kind::Kinds::of(&page, &measured);
        let naming = self.naming(&page, &measured, (&probabilities, corrected.as_ref()), &kinds);
        let injected = self.injected(&page, document, naming.as_ref());
        let calibrate = |label: Label, p: f32| self.label_probability(&page, &measured, label, p);
        let decision = Decision {
            kinds: &kinds,
            injected: &injected,
            naming: naming.as_ref(),
            corrected: corrected.as_ref(),
            calibrate: &calibrate,
            settings: &self.settings,
            lines: &decide::lines(&page, &probabilities),
            rulings,
            body: &probabilities,
            chosen: &chosen,
            hidden: &hidden,
        };
        let mut blocks: Vec<BlockReport> =
            (0..probabilities.len()).map(|index| decision.block(index)).collect();
        let selves = self.selves(&page, naming.as_ref());
        let mirror = mirror(&page, &blocks, measured.page_cjk(), &selves);
        decision.claim(&mut blocks, Rank::Page, &mirror.claims());
        let headline = headline::of(&page, &blocks, mirror.title(&page));
        decision.claim(
            &mut blocks,
            Rank::Page,
            &headline.map_or_else(Vec::new, |index| vec![headline::claim(index)]),
        );
        let mut signs = empty::Signs::of(&page, &measured, &probabilities, confidence);
        let empty = self.empty(&page, &blocks, &mut signs);
        if empty >= self.settings.empty {
            let claims = empty::claims(&blocks);
            decision.claim(&mut blocks, Rank::NoContent, &claims);
        }
        let facts = facts::Facts::of(&page, &blocks, &mirror);
        let spam =
            naming.as_ref().map(|naming| self.spam(&page, &measured, naming, &selves)).unwrap_or_default();
        let mirrored = mirror.is_mirrored();
        let repairs = injected.repair(&mut page, &blocks);
        let evidence = verdict::Evidence { confidence, empty, signs, facts, spam, mirror, injected, repairs };
        let mut report = verdict::report(document.id(), page, blocks, evidence, &self.settings);
        mirror::repair::apply(&mut report, mirrored, self.script);
        report
    }

    /// What was put into the page; what the user's ad rules hit only where the document has a source.
    #[cfg_attr(
        not(feature = "ad-rules"),
        expect(unused_variables, clippy::unused_self, reason = "there are no ad rules without the feature")
    )]
    fn injected(&self, page: &Page, document: &Document, naming: Option<&Naming>) -> injected::Injected {
        let spam = |naming: &Naming| (0..page.blocks().len()).map(|index| naming.spam(index)).collect();
        let spam: Vec<f32> = naming.map(spam).unwrap_or_default();
        let injected = injected::Injected::of(page, &spam);
        #[cfg(feature = "ad-rules")]
        if let Some(rules) = self.ad_rules.as_ref().filter(|_| !document.bytes().is_empty()) {
            return injected.with_hits(page, &rules.hits(page, document));
        }
        injected
    }

    /// What each block is, with the corrections of an adapter; none without a model of kinds.
    pub(super) fn naming(
        &self,
        page: &Page,
        measured: &Measured,
        (body, corrected): (&[f32], Option<&Corrected>),
        rules: &kind::Kinds<'_>,
    ) -> Option<Naming> {
        let mut naming = Naming::of(page, measured, body, rules, self.kinds.as_deref()?);
        if let Some(corrected) = corrected {
            naming.correct(corrected.kinds());
        }
        Some(naming)
    }

    /// The calibrated probability of a label.
    pub(super) fn label_probability(&self, page: &Page, measured: &Measured, label: Label, p: f32) -> f32 {
        let Some(kinds) = self.kinds.as_deref() else { return p };
        let (chinese, text) = (measured.is_chinese(), page.source().media == Media::Text);
        let inputs = label_calibration_inputs(p, label.is_body(), chinese, text);
        kinds.header.label_calibration.probability(&inputs)
    }

    /// The probability that the page has no main content.
    fn empty(&self, page: &Page, blocks: &[BlockReport], signs: &mut empty::Signs) -> f32 {
        if blocks.is_empty() {
            return 1.0;
        }
        let found = self.model.header.empty.probability(&signs.inputs());
        if empty::is_hollow(page, blocks) {
            signs.script = true;
            return found.max(empty::HOLLOW);
        }
        if is_line(page, blocks) && !signs.is_told() { found.min(IN_DOUBT) } else { found }
    }

    /// What the page says of itself.
    fn selves(&self, page: &Page, naming: Option<&Naming>) -> spam::Selves {
        let known = naming.zip(self.kinds.as_deref());
        known.map(|(naming, kinds)| spam::Selves::of(page, naming, kinds)).unwrap_or_default()
    }

    /// The page's score for each kind of spam, and what it rests on.
    fn spam(
        &self,
        page: &Page,
        measured: &Measured,
        naming: &Naming,
        selves: &spam::Selves,
    ) -> Vec<(Label, f32, Vec<Reason>)> {
        let Some(kinds) = self.kinds.as_deref() else { return Vec::new() };
        let score = |label: Label| {
            let model = kinds.header.pages.get(label.as_str()).filter(|_| self.settings.is_junk(label))?;
            let inputs = spam::inputs(page, measured, naming, selves, label);
            let found = (0..measured.blocks()).filter(|index| naming.p(*index, label) >= self.settings.spam);
            let (score, reasons) = spam::score(label, model, &inputs, &found.collect::<Vec<_>>());
            Some((label, score, reasons))
        };
        settings::KINDS.into_iter().filter_map(score).collect()
    }

    /// Calibrated probabilities of main content, and what an adapter has added to them.
    pub(crate) fn probabilities(
        &self,
        page: &Page,
        measured: &mut Measured,
    ) -> (Vec<f32>, Option<Corrected>) {
        let mut odds = self.log_odds(page, measured);
        let adapter = self.adapter.as_deref();
        let corrected = adapter.map(|adapter| Corrected::of(page, measured, &mut odds, adapter));
        (odds.into_iter().map(sigmoid).collect(), corrected)
    }

    /// Calibrated log-odds of main content.
    pub(super) fn log_odds(&self, page: &Page, measured: &mut Measured) -> Vec<f32> {
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
        odds.into_iter().map(|odds| calibration.log_odds(&calibration_inputs(odds, cjk))).collect()
    }

    /// The models, for what is fitted on top of them.
    #[cfg(feature = "train")]
    pub(crate) fn models(&self) -> (&Model, Option<&KindModel>) {
        (&self.model, self.kinds.as_deref())
    }
}

/// Whether a page is a line or three of plain text with main content in it. The model of empty pages knows no such pages.
fn is_line(page: &Page, blocks: &[BlockReport]) -> bool {
    stands_alone(page) && blocks.iter().any(|block| block.label.is_body())
}

/// The probability of no main content that leaves open whether there is any.
const IN_DOUBT: f32 = 0.4;

/// Looks for the mirror kit, which works on Chinese pages alone.
fn mirror(page: &Page, blocks: &[BlockReport], cjk: f32, selves: &spam::Selves) -> Mirror {
    if cjk > 0.0 { Mirror::of(page, blocks, spam::head_kind(selves)) } else { Mirror::default() }
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
