//! The handle that a user keeps: one document in, one report out.

use super::corrected::Corrected;
use super::evidence::{Evidence, Scored};
use super::facts::Facts;
use super::ledger::Ledger;
use super::rules::Ruling;
use super::spam::brands;
use super::title::Title;
use super::verdict::{self, Findings};
use super::{
    Report, Rules, Script, Settings, SourceEvidence, empty, foreign, headline, mirror, page_kind, ruined,
    score_blocks, spam, templates,
};
use crate::features::{Measured, measure};
use crate::likeness::Templates;
use crate::model::{Adapter, KindModel, Model, calibration_inputs, sigmoid};
use crate::page::{Document, Limits, Media, Page};
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
    pub(super) profile: Profile,
    pub(super) limits: Limits,
    rules: Arc<Rules>,
    pub(super) kinds: Option<Arc<KindModel>>,
    pub(super) adapter: Option<Arc<Adapter>>,
    pub(super) settings: Arc<Settings>,
    script: Script,
    pub(super) templates: Option<Arc<Templates>>,
    #[cfg(feature = "ad-rules")]
    pub(super) ad_rules: Option<Arc<super::AdRules>>,
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
            templates: None,
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

    /// Sets what was counted of the sites' pages: blocks that repeat on a site, and are not the page's own content, are no body.
    pub fn with_templates(mut self, templates: impl Into<Arc<Templates>>) -> Self {
        self.templates = Some(templates.into());
        self
    }

    /// The blocks of a document within the filter's limits, without a judgement.
    pub fn read(&self, document: &Document) -> Page {
        Page::read(document, &self.limits)
    }

    /// Sets filter lists of ad blockers. What they hide or block on an HTML page is labelled `ad`.
    #[cfg(feature = "ad-rules")]
    pub fn with_ad_rules(mut self, rules: super::AdRules) -> Self {
        self.ad_rules = Some(Arc::new(rules));
        self
    }

    /// Judges a document. Whether it works never depends on the document's bytes.
    pub fn check(&self, document: &Document) -> Report {
        self.check_from(document, SourceEvidence::default())
    }

    /// Judges a document of whose source something is known. What speaks against the source counts in the verdict with a
    /// bounded weight ([`MOST_AGAINST`](super::MOST_AGAINST)); labels, body and scores are the page's own.
    pub fn check_from(&self, document: &Document, known: SourceEvidence) -> Report {
        self.read_and_judge(document, false, known)
    }

    /// Judges a document as [`Filter::check`] does, and adds why each block has its label ([`Report::signs`]): the
    /// models' sums are taken apart for it.
    ///
    /// ```
    /// use pagesieve::{Document, Filter};
    /// let report = Filter::builtin().explain(&Document::html("<nav><p>Home</p></nav><p>Bees dance in spring.</p>"));
    /// assert_eq!(report.signs().len(), 2);
    /// assert!(report.signs()[0].signs.len() <= 8);
    /// ```
    pub fn explain(&self, document: &Document) -> Report {
        self.explain_from(document, SourceEvidence::default())
    }

    /// [`Filter::explain`] of a document of whose source something is known.
    pub fn explain_from(&self, document: &Document, known: SourceEvidence) -> Report {
        self.read_and_judge(document, true, known)
    }

    fn read_and_judge(&self, document: &Document, explained: bool, known: SourceEvidence) -> Report {
        let page = self.read(document);
        let rulings = self.rules.rulings(&page, document);
        self.judge_with(document, page, &rulings, (explained, known))
    }

    /// Judges a page that was read already. The [`Rules`] and ad rules need its source and are not applied.
    pub fn judge(&self, id: &str, page: Page) -> Report {
        self.judge_with(&Document::html("").with_id(id), page, &[], (false, SourceEvidence::default()))
    }

    /// The way of a page: measurements, evidence, claims, labels, report.
    fn judge_with(
        &self,
        document: &Document,
        mut page: Page,
        rulings: &[Option<Ruling>],
        (explained, known): (bool, SourceEvidence),
    ) -> Report {
        let mut measured = measure(&page);
        let (body, corrected) = self.probabilities(&page, &mut measured);
        let scored = Scored { page: &page, measured: &measured, body: &body, corrected: corrected.as_ref() };
        let evidence = self.evidence(scored, document, rulings);
        let mut ledger = evidence.ledger();
        let findings = self.findings(&evidence, &mut ledger);
        let blocks = evidence.reports(&ledger);
        let signs = if explained { self.signs(&evidence, &ledger, &blocks) } else { Vec::new() };
        let facts = Facts::of(&page, &blocks, &findings);
        let cut_out = templates::finding(&evidence, &blocks);
        let repeated = evidence.repeated.map(|repeated| repeated.blocks).unwrap_or_default();
        let injected = evidence.injected;
        let repairs = injected.repair(&mut page, &blocks);
        let foreign = injected.foreign_parts(&blocks);
        let mirrored = findings.mirror.is_mirrored();
        let mut report = verdict::report(page, blocks, &findings, &injected, (&self.settings, known));
        (report.id, report.signs, report.repeated) = (document.id().to_owned(), signs, repeated);
        report.reasons.extend(cut_out);
        report.repairs.extend(ruined::repair(report.page()));
        report.repairs.extend(repairs);
        report.set_facts(facts);
        mirror::repair::apply(&mut report, mirrored, self.script, &foreign);
        report
    }

    /// What is only seen when the labels of the whole page are known; it claims the blocks that it speaks of.
    pub(super) fn findings(&self, evidence: &Evidence<'_>, ledger: &mut Ledger) -> Findings {
        let Scored { page, body, .. } = evidence.scored;
        let selves = evidence.selves();
        let mirror = mirror::of(evidence.scored, &ledger.labels(), &selves);
        mirror.claims().for_each(|(block, claim)| ledger.add(block, claim));
        let title = Title::of(evidence, &ledger.labels(), &mirror);
        let headline = headline::of(page, &ledger.labels(), body, title.own.as_deref());
        if let Some(block) = headline.filter(|block| !evidence.is_template(*block)) {
            ledger.add(block, headline::CLAIM);
        }
        let labels = ledger.labels();
        let signs = empty::Signs::of(evidence.scored, evidence.confidence);
        let spam_inputs = evidence.spam_inputs(&selves);
        let kind = page_kind::Told::of(evidence, spam_inputs.as_ref(), &signs);
        let mut signs = signs.without(evidence.scored, &evidence.dumps);
        let empty = signs.probability(&self.model.part.empty, kind.as_ref(), page, &labels);
        if empty.probability.min(empty.bare) >= self.settings.empty {
            empty::claims(&labels).for_each(|(block, claim)| ledger.add(block, claim));
        }
        let spam = spam_inputs.map(|inputs| spam::scores(evidence, &inputs)).unwrap_or_default();
        let put_over = [title.finding(), brands::finding(page), foreign::shop(page)];
        let put_over = put_over.into_iter().flatten().filter(|found| self.settings.names(found.of)).collect();
        Findings {
            confidence: evidence.confidence,
            empty: empty.probability,
            signs,
            spam,
            mirror,
            kind,
            title: title.own,
            put_over,
        }
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
        let scores = score_blocks(page, measured, &self.model.part.sparse);
        measured.add_scores(page, &scores);
        let text = page.source().media == Media::Text;
        let (_, calibration) = self.model.part.of_blocks(text);
        let cjk = measured.page_cjk();
        let odds = self.model.part.log_odds_of_rows(text, measured.rows());
        odds.into_iter().map(|odds| calibration.log_odds(&calibration_inputs(odds, cjk))).collect()
    }

    /// The models, for what is fitted on top of them and for the journal of a run.
    #[cfg(any(feature = "train", feature = "cli"))]
    pub(crate) fn models(&self) -> (&Model, Option<&KindModel>, Option<&Adapter>) {
        (&self.model, self.kinds.as_deref(), self.adapter.as_deref())
    }
}
